"""The map of brands: points with their regions and names, attributes as arrows from the centre, one scale on both axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.charts import draw
from stageway.arithmetic.labels import placed
from stageway.evidence import Chart, Lang, Words

Array = NDArray[np.float64]
WIDE, HIGH = 520.0, 400.0


@dataclass(frozen=True)
class Drawn:
    """`brands` (B, 2), `outlines` one closed line a brand or none, `arrows` (J, 2) as unit directions, `own` the place of our brand."""

    names: Sequence[str]
    brands: Array
    outlines: Sequence[Array]
    attributes: Sequence[str]
    arrows: Array
    own: int | None
    axes: tuple[Words, Words]

    def limits(self) -> list[tuple[float, float]]:
        """Of both axes: everything inside, a unit equally long on both, the centre inside."""
        corners = np.concatenate([self.brands, *self.outlines, self.tips(), np.zeros((1, 2))])
        low, high = corners.min(axis=0), corners.max(axis=0)
        unit = max((high[0] - low[0]) / (WIDE * 0.84), (high[1] - low[1]) / (HIGH * 0.86), 1e-9)
        middle = (low + high) / 2
        return [(float(m - unit * size / 2), float(m + unit * size / 2)) for m, size in zip(middle, (WIDE, HIGH), strict=True)]

    def tips(self) -> Array:
        """Arrows as long as the brands reach."""
        if not len(self.arrows):
            return np.empty((0, 2))
        reach = float(np.abs(self.brands).max()) / max(float(np.abs(self.arrows).max()), 1e-12)
        return np.asarray(self.arrows * reach * 0.95)


def brand_map(name: str, title: Words, alt: Words, what: Drawn) -> Chart:
    (left, right), (bottom, top) = what.limits()
    tips = what.tips()
    points = np.concatenate([what.brands, tips])
    pixels = [((x - left) / (right - left) * WIDE, (top - y) / (top - bottom) * HIGH) for x, y in points.tolist()]
    labels = placed(pixels, [*what.names, *what.attributes], WIDE, HIGH)
    rows = [{"name": text, "x": x, "y": y, "tx": x + at.dx * (right - left) / WIDE, "ty": y - at.dy * (top - bottom) / HIGH, "align": "left" if at.left else "right",
             "kind": "brand" if i < len(what.names) else "attribute", "own": "own" if i == what.own else "other"}
            for i, ((x, y), at, text) in enumerate(zip(points.tolist(), labels, [*what.names, *what.attributes], strict=True))]
    lines = [{"name": text, "step": k, "x": x, "y": y, "own": "own" if b == what.own else "other"}
             for b, (text, outline) in enumerate(zip(what.names, what.outlines, strict=False)) for k, (x, y) in enumerate(outline.tolist())]

    def build(lang: Lang) -> Any:
        import altair as alt_

        x = alt_.X("x:Q", title=what.axes[0][lang], scale=alt_.Scale(domain=[left, right], nice=False), axis=alt_.Axis(grid=False))
        y = alt_.Y("y:Q", title=what.axes[1][lang], scale=alt_.Scale(domain=[bottom, top], nice=False), axis=alt_.Axis(grid=False))
        colour = alt_.Color("own:N", legend=None, scale=alt_.Scale(domain=["own", "other"]))
        shape = alt_.Shape("own:N", legend=None, scale=alt_.Scale(domain=["own", "other"]))
        brands = alt_.Chart(alt_.InlineData(values=[r for r in rows if r["kind"] == "brand"]))
        arrows = alt_.Chart(alt_.InlineData(values=[{**r, "zero": 0} for r in rows if r["kind"] == "attribute"]))
        centre = alt_.Chart(alt_.InlineData(values=[{"x": 0, "y": 0}]))
        layers = [centre.mark_rule(opacity=0.3).encode(x=x), centre.mark_rule(opacity=0.3).encode(y=y)]
        if lines:
            layers.append(alt_.Chart(alt_.InlineData(values=lines)).mark_line(strokeWidth=1.5, opacity=0.8).encode(
                x=x, y=y, order=alt_.Order("step:Q"), detail=alt_.Detail("name:N"), color=colour))
        layers.append(arrows.mark_rule(style="other", strokeDash=[3, 2], opacity=0.7).encode(x=x, y=y, x2=alt_.X2("zero:Q"), y2=alt_.Y2("zero:Q")))
        layers.append(brands.mark_point(style="estimate", filled=True, size=90, opacity=1).encode(x=x, y=y, color=colour, shape=shape))
        for source, weight in ((brands, 600), (arrows, 400)):
            for side in ("left", "right"):
                named: Any = source.transform_filter(f"datum.align === '{side}'")
                layers.append(named.mark_text(align=side, fontWeight=weight).encode(x=alt_.X("tx:Q"), y=alt_.Y("ty:Q"), text=alt_.Text("name:N")))
        return alt_.layer(*layers).properties(width=int(WIDE), height=int(HIGH))

    return draw(name, title, alt, build)
