"""Retention as pictures and tables: the curve with its band, the cohorts as a heat map whose unfinished cells are open, and every cell in figures."""

from __future__ import annotations

from typing import Any

from stageway import evidence as ev
from stageway.arithmetic.charts import draw
from stageway.behaviour import cohort_words as words
from stageway.behaviour.returns import Cohorts, Point, length_days
from stageway.evidence import Chart, ColumnHead, Lang, ResultTable, Words, say

#: the latest cohorts that a picture and its table show, and the columns beside each other
COHORTS, WIDE = 20, 12


def _day(column_low: int, found: Cohorts) -> int:
    return round(column_low * length_days(found.rule.period))


def curve_table(found: Cohorts, points: list[Point]) -> ResultTable:
    """`day` is the first day of the column (weeks × 7, months × 30.4)."""
    heads = (ColumnHead("day", Words("第几天起", "From day"), decimals=0), ColumnHead("retained", Words("留存", "Retained"), "%", 1),
             ColumnHead("low", Words("下限", "Low"), "%", 1), ColumnHead("high", Words("上限", "High"), "%", 1), ColumnHead("n", Words("已观察满的人数", "Users at risk"), decimals=0),
             ColumnHead("returned", Words("回来的人数", "Returned"), decimals=0))
    rows = tuple((_day(p.column.low, found), p.share, p.low, p.high, p.n, p.returned) for p in points)
    note = Words("各批已满期的格子相加；区间为Wilson", "completed cells of all cohorts added up; Wilson intervals")
    return ResultTable("curve", Words("留存曲线", "Retention curve"), heads, rows, note)


def shown_columns(found: Cohorts) -> list[int]:
    """Positions of the columns that stand beside each other: all where they are few, else 1, 2, 3, 5, 7, 14, 21, 30 … and the last."""
    count = len(found.rule.columns)
    if count <= WIDE:
        return list(range(count))
    wanted = {1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 180, 365, found.rule.columns[-1].low}
    return [k for k, column in enumerate(found.rule.columns) if column.low in wanted]


def cohort_table(found: Cohorts) -> ResultTable:
    """The latest cohorts: size, and how many returned; a cell that has not ended is None."""
    kept = shown_columns(found)
    heads = [ColumnHead("cohort", Words("批次", "Cohort")), ColumnHead("size", Words("人数", "Size"), decimals=0)]
    heads += [ColumnHead(found.rule.columns[k].key, words.when(found.rule.columns[k], found.rule), decimals=0) for k in kept]
    rows = tuple((found.day(i).isoformat(), int(found.sizes[i]), *(int(found.returned[i, k]) if found.complete[i, k] else None for k in kept))
                 for i in range(max(0, len(found.sizes) - COHORTS), len(found.sizes)))
    note = say(zh="格中为回来的人数，“—”为还没有结束；共{all}批，列出最近{shown}批", en="cells count those who returned, — has not ended; the latest {shown} of {all} cohorts",
               all=f"{len(found.sizes):,}", shown=len(rows))
    return ResultTable("cohorts", Words("各批回来的人数", "Returned by cohort"), tuple(heads), rows, note)


def cell_table(found: Cohorts) -> ResultTable:
    """Every cell that has begun, one a row."""
    heads = (ColumnHead("cohort", Words("批次", "Cohort")), ColumnHead("column", Words("周期", "Period")), ColumnHead("size", Words("人数", "Size"), decimals=0),
             ColumnHead("returned", Words("回来的人数", "Returned"), decimals=0), ColumnHead("retained", Words("留存", "Retained"), "%", 1), ColumnHead("complete", Words("已满期", "Complete")))
    rows = tuple((found.day(i).isoformat(), column.key, int(size), int(found.returned[i, k]), float(found.returned[i, k] / size), bool(found.complete[i, k]))
                 for i, size in enumerate(found.sizes) for k, column in enumerate(found.rule.columns) if found.begun[i, k])
    return ResultTable("cells", Words("每一格的人数", "Every cell"), heads, rows, Words("未满期的格子只作参考，不计入均值", "cells that are not complete are for information and not in the mean"))


def curve_chart(found: Cohorts, points: list[Point], main: Point) -> Chart:
    rule = found.rule
    rows: list[dict[str, Any]] = [{"k": p.column.low, "share": round(p.share, 6), "low": round(p.low, 6), "high": round(p.high, 6)} for p in points]
    written = {p.column.low: ev.amount(p.share, "%").en for p in points if p is main or p is points[0] or p.column.low in words.STANDARD or len(points) <= WIDE}

    def build(lang: Lang) -> Any:
        import altair as alt

        title = say(zh="第几{unit}", en="{unit}", unit=words.UNITS[rule.period])[lang]
        ticks = [rule.columns[k].low for k in shown_columns(found)]
        x = alt.X("k:Q", title=title, scale=alt.Scale(nice=False, padding=14), axis=alt.Axis(values=ticks, format="d"))
        base = alt.Chart(alt.InlineData(values=rows)).encode(x=x)
        top = max(p.high for p in points)
        y = alt.Y("share:Q", title=Words("留存", "retained")[lang], axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, min(1.0, top * 1.12)], nice=False))
        told = alt.Chart(alt.InlineData(values=[{**row, "text": written[row["k"]]} for row in rows if row["k"] in written]))
        return alt.layer(
            base.mark_area(style="interval-band").encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q")), base.mark_line().encode(y=y),
            told.mark_point(style="estimate", filled=True, size=50, opacity=1).encode(x=x, y=y),
            told.mark_text(style="direct-label", dy=-14, align="left", dx=-4).encode(x=x, y=y, text=alt.Text("text:N")))

    alt_text = say(zh="{first}，{main}", en="{first}, {main}", first=_told(points[0], found), main=_told(main, found)) if main is not points[0] else _told(main, found)
    return draw("curve", Words("留存曲线，带为区间", "Retention curve with its interval"), alt_text, build)


def _told(point: Point, found: Cohorts) -> Words:
    return say(zh="{name}{share}", en="{name} {share}", name=words.label(point.column, found.rule), share=ev.amount(point.share, "%"))


def heat_chart(found: Cohorts) -> Chart:
    """A cell that is not complete has a frame instead of a colour, with what has been seen so far."""
    rule, kept = found.rule, shown_columns(found)
    rows = range(max(0, len(found.sizes) - COHORTS), len(found.sizes))
    cells: list[dict[str, Any]] = [{"cohort": f"{found.day(i).isoformat()}  n={int(found.sizes[i]):,}", "column": rule.columns[k].key, "share": round(float(found.returned[i, k] / found.sizes[i]), 6),
              "text": f"{100 * found.returned[i, k] / found.sizes[i]:.0f}", "done": bool(found.complete[i, k])} for i in rows for k in kept if found.begun[i, k]]
    top = max((cell["share"] for cell in cells if cell["done"]), default=0.0)
    order = [rule.columns[k].key for k in kept]

    def build(lang: Lang) -> Any:
        import altair as alt

        axis = say(zh="第几{unit}；格中为%，虚框还没有结束", en="{unit}; cells in %, a dashed one has not ended", unit=words.UNITS[rule.period])[lang]
        x = alt.X("column:N", title=axis, sort=order, axis=alt.Axis(labelAngle=0, orient="top", domain=False, ticks=False))
        y = alt.Y("cohort:N", title=None, sort=None, axis=alt.Axis(domain=False, ticks=False))
        done, open_ = ([cell for cell in cells if cell["done"] is wanted] for wanted in (True, False))
        full = alt.Chart(alt.InlineData(values=done)).mark_rect(cornerRadius=2).encode(
            x=x, y=y, color=alt.Color("share:Q", legend=None, scale=alt.Scale(scheme="blues", domain=[0, max(top, 0.01) * 1.4])))
        frames = alt.Chart(alt.InlineData(values=open_)).mark_rect(filled=False, stroke="#9aa3a7", strokeDash=[2, 3], cornerRadius=2).encode(x=x, y=y)
        text = alt.Chart(alt.InlineData(values=cells)).mark_text(fontSize=11).encode(
            x=x, y=y, text=alt.Text("text:N"), color=alt.condition("datum.done", alt.value("#16191b"), alt.value("#5f686d")))
        return alt.layer(full, frames, text).properties(width=alt.Step(42), height=22 * len(rows) + 20)

    alt_text = say(zh="最近{n}批的留存，最高的一格{top}", en="retention of the latest {n} cohorts, {top} in the highest cell", n=len(rows), top=ev.amount(top, "%"))
    return draw("cohorts", Words("各批留存", "Retention by cohort"), alt_text, build)
