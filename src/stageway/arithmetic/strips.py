"""One interval a row: the chart that several methods share. A rule from low to high, a point, the value written beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stageway.arithmetic.charts import draw
from stageway.evidence import Chart, Lang, Words

ROW, FOOT = 28, 40


@dataclass(frozen=True)
class Strip:
    """A row: `text` is written over the point; `inner` and `outer` ends of a thin rule behind it (the range over models), if any."""

    label: Words
    low: float
    value: float
    high: float
    text: str
    range: tuple[float, float] | None = None


def strips(
    name: str, title: Words, alt: Words, rows: Sequence[Strip], axis: Words, *, line: float | None = None, cut: int | None = None, cut_text: Words | None = None
) -> Chart:
    """`line`: a dashed vertical line at that value. `cut`: a dashed horizontal line below so many rows, with `cut_text` at its right end."""

    def build(lang: Lang) -> Any:
        import altair as alt_

        data = [{"row": r.label[lang], "low": r.low, "value": r.value, "high": r.high, "text": r.text} for r in rows]
        base = alt_.Chart(alt_.InlineData(values=data)).encode(y=alt_.Y("row:N", title=None, sort=None, scale=alt_.Scale(type="band", paddingOuter=0.25)))
        layers = []
        if any(r.range for r in rows):
            behind = [{"row": r.label[lang], "from": r.range[0], "to": r.range[1]} for r in rows if r.range]
            layers.append(alt_.Chart(alt_.InlineData(values=behind)).mark_bar(style="interval-band", height=14, opacity=0.25).encode(
                y=alt_.Y("row:N", title=None, sort=None, scale=alt_.Scale(type="band", paddingOuter=0.25)), x=alt_.X("from:Q"), x2=alt_.X2("to:Q")))
        layers += [
            base.mark_rule(style="interval-rule").encode(x=alt_.X("low:Q", title=axis[lang], scale=alt_.Scale(zero=False, padding=12)), x2=alt_.X2("high:Q")),
            base.mark_point(style="estimate", filled=True, size=70, opacity=1).encode(x=alt_.X("value:Q")),
            base.mark_text(style="direct-label", dy=-11).encode(x=alt_.X("value:Q"), text=alt_.Text("text:N")),
        ]
        if line is not None:
            layers.insert(0, alt_.Chart(alt_.InlineData(values=[{"x": line}])).mark_rule(style="threshold", strokeDash=[4, 3]).encode(x=alt_.X("x:Q")))
        if cut is not None and 0 < cut <= len(rows):
            at = alt_.Chart(alt_.InlineData(values=[{"row": rows[cut - 1].label[lang], "text": cut_text[lang] if cut_text else ""}])).encode(
                y=alt_.Y("row:N", title=None, sort=None, bandPosition=1, scale=alt_.Scale(type="band", paddingOuter=0.25)))
            layers.append(at.mark_rule(style="threshold", strokeDash=[4, 3]))
            layers.append(at.mark_text(style="direct-label", align="right", baseline="bottom", dy=-2).encode(x=alt_.value("width"), text=alt_.Text("text:N")))
        return alt_.layer(*layers).properties(height=ROW * len(rows) + FOOT)

    return draw(name, title, alt, build)
