"""The end of a retention curve: how high it lies, whether it still falls, and where the shifted beta-geometric takes it.

Two kinds of curve. Activity: the share that was active on that day; points may rise, and belong to the same people, so the mean of the last
points is given the error of one of them and their difference that of independent ones (both too wide rather than too narrow). Survival: once
lost stays lost; the loss between two points is then a share of its own, with Wilson's interval.
Source: Fader & Hardie (2007), J. Interactive Marketing 21(1), 76–90 (shifted beta-geometric: r_t = (β + t − 1) / (α + β + t − 1)).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import intervals
from stageway.arithmetic.fitting import delta_error
from stageway.arithmetic.renewals import fit_renewals, survival

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """By day, ascending; `low` and `high` are the ends of each point's interval, `n` the people at risk."""

    day: Array
    retained: Array
    low: Array
    high: Array
    n: Array

    @property
    def size(self) -> int:
        return int(self.day.size)


Ends = tuple[float, float, float]


def level(curve: Curve, last: int, *, lasting: bool) -> Ends:
    """(value, low, high): the last point of a survival curve, the mean of the `last` points of an activity curve."""
    use = slice(-1, None) if lasting else slice(-last, None)
    return tuple(float(part[use].mean()) for part in (curve.retained, curve.low, curve.high))  # type: ignore[return-value]


def change(curve: Curve, last: int, *, lasting: bool, confidence: float = 0.95) -> Ends:
    """(value, low, high) of the change over the `last` points; below 0 people are being lost."""
    a, b = -last, -1
    value = float(curve.retained[b] - curve.retained[a])
    if lasting:
        n = float(curve.n[a])
        lost = min(max(-value, 0.0), 1.0) * n
        low, high = intervals.wilson(lost, n, confidence)
        return value, min(-high, value), max(-low, value)
    down = math.hypot(curve.retained[b] - curve.low[b], curve.high[a] - curve.retained[a])
    up = math.hypot(curve.high[b] - curve.retained[b], curve.retained[a] - curve.low[a])
    return value, value - down, value + up


def projected(curve: Curve, periods: int, confidence: float = 0.95) -> tuple[float, Ends] | None:
    """(day, share left by then with interval): the shifted beta-geometric carried on for `periods` more steps, by the delta method on the logit.

    None where the steps are unequal, the people at risk change, the curve rises, or the likelihood holds no maximum.
    """
    step = float(curve.day[-1] - curve.day[-2]) if curve.size > 3 else 0.0
    start = curve.day[0] == 0
    days, shares = (curve.day, curve.retained) if start else (np.r_[0.0, curve.day], np.r_[1.0, curve.retained])
    if not step > 0 or np.any(np.diff(days) != step) or np.ptp(curve.n) > 0.01 * curve.n.max() or np.any(np.diff(shares) > 0) or not 0 < shares[-1] < shares[0]:
        return None
    fit, at = fit_renewals(shares / shares[0] * curve.n[0]), days.size - 1 + periods

    def logit(p: Array) -> float:
        s = float(survival(p, at)[-1])
        return math.log(s) - math.log1p(-s)

    error = delta_error(logit, fit)
    if error is None:
        return None
    middle, half = logit(fit.values), intervals.z_of(confidence) * error
    low, value, high = (1 / (1 + math.exp(-x)) for x in (middle - half, middle, middle + half))
    return float(days[-1] + step * periods), (value, low, high)
