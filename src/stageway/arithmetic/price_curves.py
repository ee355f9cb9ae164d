"""The chart of van Westendorp's four curves with the prices at which they cross."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from stageway.arithmetic import pricing
from stageway.arithmetic.charts import draw
from stageway.arithmetic.pricing import Array
from stageway.evidence import Chart, Lang, Words

#: Where on its curve a name is written.
AT_SHARE = 0.75


def chart(title: Words, said: Words, prices: Array, names: Sequence[Words], marks: Sequence[tuple[float, Words]], axis: Words, *, inclusive: bool) -> Chart:
    """`prices` (people, 4); `marks` are prices with their names. Prices beyond those that 95 % find too expensive are left out."""
    grid = pricing.steps_of(np.unique(prices))
    grid = grid[grid <= max(float(np.quantile(prices[:, 3], 0.95)), *(price for price, _ in marks))]
    lines = [line[0] / len(prices) for line in pricing.counts(np.ones((1, len(prices))), prices, grid, inclusive=inclusive)]

    def build(lang: Lang) -> Any:
        import altair as alt

        order = [name[lang] for name in names]
        rows = [{"price": float(p), "share": float(v), "curve": name} for name, line in zip(order, lines, strict=True) for p, v in zip(grid, line, strict=True)]
        named = [{"price": float(grid[i]), "share": float(line[i]), "curve": name} for name, line in zip(order, lines, strict=True)
                 if (i := int(np.argmin(np.abs(line - AT_SHARE)))) >= 0]
        crossed = [{"price": price, "text": text[lang], "at": 1.04 - 0.06 * i} for i, (price, text) in enumerate(marks)]
        x = alt.X("price:Q", title=axis[lang])
        y = alt.Y("share:Q", title=Words("占比", "Share")[lang], axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]), scale=alt.Scale(domain=[0, 1.05]))
        colour, dash = alt.Color("curve:N", sort=order, legend=None), alt.StrokeDash("curve:N", sort=order, legend=None)
        rules = alt.Chart(alt.InlineData(values=crossed))
        return alt.layer(
            alt.Chart(alt.InlineData(values=rows)).mark_line(interpolate="step-after").encode(x=x, y=y, color=colour, strokeDash=dash),
            alt.Chart(alt.InlineData(values=named)).mark_text(align="left", dx=4, dy=-8).encode(x=x, y=y, text=alt.Text("curve:N"), color=colour),
            rules.mark_rule(strokeDash=[3, 3], opacity=0.6).encode(x=alt.X("price:Q")),
            rules.mark_text(align="left", dx=3).encode(x=alt.X("price:Q"), y=alt.Y("at:Q"), text=alt.Text("text:N")),
        )

    return draw("curves", title, said, build)
