"""Pictures of customer value: the model against weeks kept back, value by tenths of the customers, renewal curves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.charts import draw
from stageway.arithmetic.customer_model import Check
from stageway.arithmetic.renewals import WHOLE
from stageway.evidence import Chart, Lang, Words, amount, joined, say

Array = NDArray[np.float64]
NAMES = {WHOLE: Words("全部客户", "all customers")}
#: Segment, period, share seen, share modelled; one of the two is None.
Line = tuple[str, int, float | None, float | None]


def value_charts(check: Check | None, each: Array) -> tuple[Chart, ...]:
    ordered = np.sort(each)[::-1]
    tenths = [float(part.sum() / ordered.sum()) for part in np.array_split(ordered, 10)] if ordered.size >= 10 and ordered.sum() > 0 else []

    def by_tenth(lang: Lang) -> object:
        import altair as alt

        title = Words("客户按价值从高到低，每组一成", "Customers by value, a tenth each, the best first")
        rows = [{"tenth": i + 1, "share": share, "text": f"{share:.0%}"} for i, share in enumerate(tenths)]
        base = alt.Chart(alt.InlineData(values=rows)).encode(x=alt.X("tenth:O", title=title[lang], axis=alt.Axis(labelAngle=0)), y=alt.Y(
            "share:Q", title=Words("占全部价值", "Share of all value")[lang], axis=alt.Axis(format="%")))
        return (base.mark_bar() + base.mark_text(style="direct-label", dy=-8).encode(text=alt.Text("text:N"))).properties(height=220)

    def kept_back(lang: Lang) -> object:
        import altair as alt

        kinds = {"actual": Words("实际", "actual"), "expected": Words("预计", "expected")}
        rows = [{"repeats": k, "kind": kinds[name][lang], "mean": mean} for k, _, a, e in (check.rows if check else ()) for name, mean in (("actual", a), ("expected", e))]
        base = alt.Chart(alt.InlineData(values=rows)).encode(
            x=alt.X("repeats:O", sort=None, title=Words("此前复购次数", "Repeat purchases before")[lang], axis=alt.Axis(labelAngle=0)),
            y=alt.Y("mean:Q", title=Words("留出时段人均购买次数", "Mean purchases in the weeks kept back")[lang]),
            color=alt.Color("kind:N", title=None, sort=None),
            shape=alt.Shape("kind:N", title=None, sort=None), strokeDash=alt.StrokeDash("kind:N", title=None, sort=None))
        return (base.mark_line() + base.mark_point(filled=True, size=60)).properties(height=240)

    made = []
    if check is not None:
        alt_text = joined([say(zh="复购{k}次：实际{a}，预计{e}", en="{k} repeats: actual {a}, expected {e}", k=k, a=f"{a:.2f}", e=f"{e:.2f}") for k, _, a, e in check.rows], zh="；", en="; ")
        made.append(draw("holdout", Words("模型与留出时段的实际购买", "The model against what was bought in the weeks kept back"), alt_text, kept_back))
    if tenths:
        text = say(zh="价值最高的一成客户占{first}，最低的一成占{last}", en="The best tenth holds {first}, the last {last}", first=amount(tenths[0], "%"), last=amount(tenths[-1], "%"))
        made.append(draw("tenths", Words("价值集中在多少客户身上", "How concentrated value is"), text, by_tenth))
    return tuple(made)


def renewal_chart(lines: list[Line], told: Words) -> Chart:
    def curves(lang: Lang) -> object:
        import altair as alt

        seen = [{"segment": NAMES.get(s, Words.of(s))[lang], "t": t, "y": y} for s, t, y, _ in lines if y is not None]
        told = [{"segment": NAMES.get(s, Words.of(s))[lang], "t": t, "y": y} for s, t, _, y in lines if y is not None]
        x, y = alt.X("t:Q", title=Words("期", "Period")[lang]), alt.Y("y:Q", title=Words("仍在的占比", "Share still there")[lang], axis=alt.Axis(format="%"))
        colour, shape = alt.Color("segment:N", title=None), alt.Shape("segment:N", title=None)
        line = alt.Chart(alt.InlineData(values=told)).mark_line().encode(x=x, y=y, color=colour)
        return (line + alt.Chart(alt.InlineData(values=seen)).mark_point(filled=True, size=60).encode(x=x, y=y, color=colour, shape=shape)).properties(height=260)

    return draw("renewals", Words("续约曲线：点为实际，线为模型", "Renewal: points seen, line modelled"), told, curves)
