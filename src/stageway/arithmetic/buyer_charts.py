"""Pictures of classes of buyers: what each holds of the customers and of the money, and how the money lies over all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.charts import draw
from stageway.arithmetic.concentration import lorenz
from stageway.evidence import Chart, Estimate, Lang, Words, amount, joined, say, shown

Array = NDArray[np.float64]
Names = Sequence[tuple[str, Words]]


def classes_chart(names: Names, kind: NDArray[np.int64], found: Mapping[str, Estimate]) -> Chart:
    """Share of customers and of money by class, with their intervals."""
    kinds = {"share": Words("占客户", "of customers"), "revenue_share": Words("占收入", "of revenue")}
    there = [name for name in kinds if any(f"{name}[{id}]" in found for id, _ in names)]

    def build(lang: Lang) -> Any:
        import altair as alt

        rows = [{"class": label[lang], "kind": kinds[name][lang], "value": e.value, "low": e.low, "high": e.high, "text": amount(e.value, "%", 0)[lang]}
                for id, label in names for name in there if (e := found.get(f"{name}[{id}]"))]
        colour = alt.Color("kind:N", title=None, sort=None, legend=alt.Legend(orient="top"))
        base = alt.Chart(alt.InlineData(values=rows)).encode(
            y=alt.Y("class:N", title=None, sort=None, scale=alt.Scale(paddingInner=0.3, paddingOuter=0.15)), yOffset=alt.YOffset("kind:N", sort=None), color=colour)
        x = alt.X("low:Q", title=Words("占比", "Share")[lang], axis=alt.Axis(format="%"), scale=alt.Scale(domainMin=0))
        return alt.layer(
            base.mark_rule(style="interval-rule").encode(x=x, x2=alt.X2("high:Q")),
            base.mark_point(filled=True, size=60, opacity=1).encode(x=alt.X("value:Q"), shape=alt.Shape("kind:N", sort=None, legend=None)),
            base.mark_text(style="direct-label", align="left", dx=6).encode(x=alt.X("high:Q"), text=alt.Text("text:N")),
        ).properties(height=44 * len(names) + 30)

    told = [(label, found[f"share[{id}]"]) for id, label in names if f"share[{id}]" in found]
    text = joined([say(zh="{name}占客户{share}", en="{name}: {share} of customers", name=label, share=shown(e)) for label, e in told], zh="；", en="; ")
    return draw("classes", Words("各类占客户与收入", "What each class holds of customers and revenue"), text, build)


def lorenz_chart(money: Array, found: Mapping[str, Estimate]) -> Chart:
    """Customers from the best to the least, and what they hold of the money."""
    curve = lorenz(money)

    def build(lang: Lang) -> Any:
        import altair as alt

        rows = [{"x": x, "y": y} for x, y in curve]
        axes = (Words("客户，金额从高到低", "Customers, most money first"), Words("占收入", "Share of revenue"))
        line = alt.Chart(alt.InlineData(values=rows)).mark_line().encode(x=alt.X("x:Q", title=axes[0][lang], axis=alt.Axis(format="%")),
                                                                         y=alt.Y("y:Q", title=axes[1][lang], axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])))
        even = alt.Chart(alt.InlineData(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}])).mark_line(style="threshold", strokeDash=[4, 3]).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"))
        top = [{"x": 0.2, "y": found["top_share"].value, "text": amount(found["top_share"].value, "%", 0)[lang]}]
        mark = alt.Chart(alt.InlineData(values=top)).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"))
        named = mark.mark_text(style="direct-label", align="left", dx=8, dy=8).encode(text=alt.Text("text:N"))
        return (even + line + mark.mark_point(style="estimate", filled=True, size=70) + named).properties(height=260)

    text = say(zh="前两成客户占收入的{top}；虚线为人人相同", en="the best fifth of the customers brings {top} of the revenue; dashed: all alike", top=shown(found["top_share"]))
    return draw("lorenz", Words("收入集中在多少客户身上", "How concentrated revenue is"), text, build)
