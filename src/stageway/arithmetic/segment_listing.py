"""Segments as tables and pictures: size and stability, profile, who belongs where, which numbers of segments were tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import scales
from stageway.arithmetic.charts import draw
from stageway.arithmetic.segment_models import Choice
from stageway.arithmetic.segment_profile import Row
from stageway.arithmetic.segment_variables import People
from stageway.arithmetic.strips import Strip, strips
from stageway.evidence import Chart, ColumnHead, Estimate, Lang, ResultTable, Words, amount, joined, say

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

#: Rows of the profile that are drawn.
DRAWN = 8


@dataclass(frozen=True)
class Segment:
    """`called`: what stands out in it; `first`: share of draws in which it is the largest."""

    key: str
    called: Words
    n: int
    share: Estimate
    stability: Estimate
    first: float

    @property
    def name(self) -> Words:
        return say(zh="{k}（{c}）", en="{k} ({c})", k=self.key, c=self.called)


@dataclass(frozen=True)
class Segmented:
    """`labels` (n,) into `segments`, `belongs` (n × k): probability of belonging; `without_top`: Rand index with the partition made without the first variable."""

    people: People
    segments: tuple[Segment, ...]
    labels: Codes
    belongs: Array
    rows: tuple[Row, ...]
    without_top: float | None


def tables(made: Segmented | None, choice: Choice, latent: bool) -> tuple[ResultTable, ...]:
    listed = [_sizes(made), _profile(made), _tried(choice, latent), _assignment(made)] if made else [_tried(choice, latent)]
    return tuple(table for table in listed if table.rows)


def _sizes(made: Segmented) -> ResultTable:
    heads = (ColumnHead("segment", Words("人群", "segment")), ColumnHead("called", Words("特征", "what stands out")), ColumnHead("n", Words("人数", "people"), decimals=0),
             ColumnHead("share", Words("占比", "share"), "%", 1), ColumnHead("low", Words("下限", "low"), "%", 1), ColumnHead("high", Words("上限", "high"), "%", 1),
             ColumnHead("stability", Words("稳定性", "stability"), decimals=2), ColumnHead("first", Words("最大的概率", "P(largest)"), decimals=2))
    rows = tuple((s.key, s.called, s.n, s.share.value, s.share.low, s.share.high, s.stability.value, s.first) for s in made.segments)
    return ResultTable("segments", Words("各人群的大小与稳定性", "Size and stability of the segments"), heads, rows)


def _profile(made: Segmented) -> ResultTable:
    heads = (ColumnHead("variable", Words("变量", "variable")), ColumnHead("all", Words("全体", "all")),
             *(ColumnHead(s.key, Words(s.key, s.key)) for s in made.segments), ColumnHead("effect", Words("效应量", "effect size"), decimals=2),
             ColumnHead("p", Words("p（只描述的变量）", "p (variables that only describe)"), decimals=3))
    rows = tuple((row.name, _cell(row, row.whole), *(_cell(row, v) for v in row.values.tolist()), row.effect, row.p) for row in made.rows)
    note = Words("数值变量为均值和η²，类别为占比和Cramér V；用来分群的变量不给p", "Numbers: mean and eta squared; categories: share and Cramér's V; no p for variables that made the segments")
    return ResultTable("profile", Words("各人群的画像", "Profile of the segments"), heads, rows, note)


def _cell(row: Row, value: float) -> Words | None:
    return None if np.isnan(value) else amount(value) if row.numeric else amount(value, "%", 0)


def _tried(choice: Choice, latent: bool) -> ResultTable:
    heads = (ColumnHead("k", Words("群数", "segments"), decimals=0),
             ColumnHead("criterion", Words("BIC", "BIC") if latent else Words("gap", "gap"), decimals=1 if latent else 3),
             ColumnHead("clarity", Words("熵R²", "entropy R²") if latent else Words("轮廓系数", "silhouette"), decimals=2),
             ColumnHead("least_stable", Words("最低稳定性", "lowest stability"), decimals=2), ColumnHead("smallest", Words("最小一群", "smallest"), "%", 1))
    rows = tuple((t.k, t.criterion, t.clarity, t.least_stable, t.smallest) for t in choice.trials)
    return ResultTable("numbers_tried", Words("试过的群数", "Numbers of segments that were tried"), heads, rows)


def _assignment(made: Segmented) -> ResultTable:
    heads = (ColumnHead("respondent", Words("受访者", "respondent")), ColumnHead("segment", Words("人群", "segment")), ColumnHead("probability", Words("归属概率", "probability"), decimals=2))
    order = sorted(range(made.people.n), key=lambda i: scales.natural(made.people.refs[i]))
    rows = tuple((made.people.refs[i], made.segments[made.labels[i]].key, float(made.belongs[i, made.labels[i]])) for i in order)
    return ResultTable("assignment", Words("每个人归入哪一群", "Who belongs to which segment"), heads, rows)


def charts(made: Segmented) -> tuple[Chart, ...]:
    axis = say(zh="占全体的比例（%，n={n}）；点上为占比与稳定性", en="Share of all people (%, n = {n}); above the points: share and stability", n=f"{made.people.n:,}")
    listed = [Strip(s.name, 100 * (s.share.low or 0), 100 * s.share.value, 100 * (s.share.high or 0), f"{amount(s.share.value, '%').en} · {s.stability.value:.2f}")
              for s in made.segments]
    said = joined([say(zh="{s}占{x}", en="{s}: {x}", s=s.name, x=amount(s.share.value, "%")) for s in made.segments], zh="；", en="; ")
    return _profile_chart(made), strips("shares", Words("各人群的占比", "Share of each segment"), said, listed, axis)


def _profile_chart(made: Segmented) -> Chart:
    """How far each segment lies from the average of all, in standard deviations."""
    rows = [row for row in made.rows if not np.isnan(row.away).any()][:DRAWN]
    keys = [s.key for s in made.segments]

    def build(lang: Lang) -> Any:
        import altair as alt

        data = [{"row": row.name, "segment": key, "away": round(float(away), 6)} for row in rows for key, away in zip(keys, row.away.tolist(), strict=True)]
        order = [row.name for row in rows]
        base = alt.Chart(alt.InlineData(values=data)).encode(
            y=alt.Y("row:N", sort=order, title=None, scale=alt.Scale(type="band", paddingOuter=0.25)),
            x=alt.X("away:Q", title=Words("与全体均值之差（标准差）", "Difference from the average of all (standard deviations)")[lang], scale=alt.Scale(padding=14)))
        zero = alt.Chart(alt.InlineData(values=[{"x": 0}])).mark_rule(style="threshold", strokeDash=[4, 3]).encode(x=alt.X("x:Q"))
        points = base.mark_point(filled=True, size=80, opacity=1).encode(
            color=alt.Color("segment:N", sort=keys, legend=None), shape=alt.Shape("segment:N", sort=keys, legend=None))
        return alt.layer(zero, points, base.mark_text(style="direct-label", dy=-11).encode(text=alt.Text("segment:N"))).properties(height=32 * len(rows) + 40)

    said = [say(zh="{v}：{list}", en="{v}: {list}", v=row.name, list=", ".join(f"{k} {a:+.1f}" for k, a in zip(keys, row.away.tolist(), strict=True))) for row in rows]
    return draw("profile", Words("各人群与全体的差别", "How the segments differ from all people"), joined(said, zh="；", en="; "), build)


def leading(rows: Sequence[Row], used: bool, count: int) -> list[Row]:
    """The strongest rows, one a variable."""
    first: dict[str, Row] = {}
    for row in rows:
        if row.used == used:
            first.setdefault(row.variable, row)
    return list(first.values())[:count]
