"""The load at which a system begins to slow: a broken line through the windows of a run whose load was raised.

The run is cut into windows of equal length; x is the requests started a second, y the logarithm of the median time. Where a line with one
break, y = a + b x + c max(x − k, 0), fits better than a straight one (F test with 2 more parameters, at 1%, since the break is searched
for) and the slope behind the break is positive and at least twice that before it, k is the knee. Interval: windows drawn with replacement.
Hinkley (1971), "Inference in two-phase regression", JASA 66, 736-743; Feder (1975), Annals of Statistics 3, 49-83.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.charts import draw
from stageway.evidence import Chart, Lang, Words, amount, say

Array = NDArray[np.float64]
MOST, FEWEST, LEAST_REQUESTS = 60, 15, 5
#: How many times the low end of the load its high end must be: a constant load has no knee to show.
RANGE = 2.0
DRAWS = 400


@dataclass(frozen=True)
class Windows:
    """`rate` requests started a second, `time` median time in ms, one entry a window."""

    rate: Array
    time: Array

    @property
    def varied(self) -> bool:
        if self.rate.size < FEWEST:
            return False
        low, high = np.quantile(self.rate, [0.1, 0.9])
        return bool(low > 0) and bool(high >= RANGE * low)


@dataclass(frozen=True)
class Knee:
    """Requests a second at the break, with its interval; `windows` behind it."""

    rate: float
    low: float
    high: float
    windows: Windows


def windows_of(start_ms: Array, elapsed_ms: Array) -> Windows:
    """The windows that hold enough requests, in the order of time; the last, which is cut off, is left out."""
    order = np.lexsort((elapsed_ms, start_ms))
    start, elapsed = start_ms[order] - start_ms[order][0], elapsed_ms[order]
    length = max(1000.0, float(start[-1]) / MOST)
    at = (start // length).astype(int)
    rows = [(part.size / length * 1000, float(np.median(part))) for i in range(int(at[-1])) if (part := elapsed[at == i]).size >= LEAST_REQUESTS]
    return Windows(np.array([r for r, _ in rows]), np.array([max(t, 1e-3) for _, t in rows]))


def _broken(x: Array, y: Array, breaks: Array) -> tuple[float, float, float, float]:
    """(break, slope before, change of slope, sum of squares) of the best broken line."""
    best = (np.nan, 0.0, 0.0, np.inf)
    for k in breaks:
        design = np.column_stack((np.ones(x.size), x, np.maximum(x - k, 0.0)))
        fit, *_ = np.linalg.lstsq(design, y, rcond=None)
        left = float(((y - design @ fit) ** 2).sum())
        if left < best[3]:
            best = (float(k), float(fit[1]), float(fit[2]), left)
    return best


def knee_of(windows: Windows, level: float, rng: np.random.Generator) -> Knee | None:
    """None where the load was not varied, or no break shows."""
    from scipy.special import fdtrc

    if not windows.varied:
        return None
    x, y = windows.rate, np.log(windows.time)
    first, last = (float(q) for q in np.quantile(x, [0.1, 0.9]))
    breaks: Array = np.linspace(first, last, 41)
    k, before, change, broken = _broken(x, y, breaks)
    straight = float(((y - np.polyval(np.polyfit(x, y, 1), x)) ** 2).sum())
    ratio = (straight - broken) / 2 / max(broken / (x.size - 4), 1e-12)
    if change <= 0 or before + change < 2 * max(before, 0.0) or fdtrc(2, x.size - 4, ratio) > 0.01:
        return None
    drawn = [_broken(x[pick], y[pick], breaks)[0] for pick in rng.integers(0, x.size, (DRAWS, x.size))]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Knee(k, min(float(low), k), max(float(high), k), windows)


def knee_chart(knee: Knee) -> Chart:
    def build(lang: Lang) -> Any:
        import altair as alt

        rows = [{"rate": round(float(x), 3), "time": round(float(t), 3)} for x, t in zip(knee.windows.rate, knee.windows.time, strict=True)]
        x = alt.X("rate:Q", title=Words("每秒请求数", "Requests a second")[lang], scale=alt.Scale(zero=False))
        y = alt.Y("time:Q", title=Words("用时中位数（ms，对数轴）", "Median time (ms, log axis)")[lang], scale=alt.Scale(type="log"))
        points = alt.Chart(alt.InlineData(values=rows)).mark_point(style="estimate", filled=True, size=40).encode(x=x, y=y)
        line = alt.Chart(alt.InlineData(values=[{"rate": knee.rate}])).mark_rule(style="threshold", strokeDash=[4, 3]).encode(x=alt.X("rate:Q"))
        return (line + points).properties(height=240)

    text = say(zh="每秒{k}次以上，响应时间开始明显变长", en="above {k} requests a second, times begin to grow", k=amount(knee.rate))
    return draw("capacity", Words("负载与响应时间，虚线为容量拐点", "Load and response time; dashed at the knee"), text, build)
