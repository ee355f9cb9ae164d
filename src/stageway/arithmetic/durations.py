"""How long things last when some are still going on: the product-limit curve, its quantiles and their intervals.

Sources: Kaplan & Meier (1958), JASA 53, 457–481; Greenwood (1926), Rep. Publ. Health Med. Subj. 33; Brookmeyer & Crowley (1982),
Biometrics 38, 29–41 (interval of a quantile), on the scale log(−log S): Kalbfleisch & Prentice (2002), 1.4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import order_statistics
from stageway.arithmetic.intervals import z_of

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Lasting:
    """Share `still` going on after each of `times` (ascending, the times at which something ended) and its Greenwood sum."""

    times: Array
    still: Array
    greenwood: Array


def lasting(times: Array, ended: NDArray[np.bool_]) -> Lasting:
    """From durations ≥ 0, `ended` False where one was still going on at the end of observation."""
    steps = np.unique(times[ended])
    at_risk = times.size - np.searchsorted(np.sort(times), steps, side="left")
    ends = np.searchsorted(np.sort(times[ended]), steps, side="right") - np.searchsorted(np.sort(times[ended]), steps, side="left")
    left = at_risk - ends
    parts = np.divide(ends, at_risk * left, out=np.full(steps.size, np.inf), where=left > 0)
    return Lasting(steps, np.cumprod(1 - ends / at_risk, dtype=np.float64), np.cumsum(parts, dtype=np.float64))


def quantile(times: Array, ended: NDArray[np.bool_], q: float, level: float = 0.95) -> tuple[float, float, float] | None:
    """(time by which the share q has ended, low, high); high is inf where the curve's upper end never falls so far. None where the curve does not."""
    curve = lasting(times, ended)
    reached = curve.still <= 1 - q + 1e-12
    if not reached.any():
        return None
    value = float(curve.times[int(np.argmax(reached))])
    inner = (curve.still > 0) & (curve.still < 1)
    s, t = curve.still[inner], curve.times[inner]
    half = z_of(level) * np.sqrt(curve.greenwood[inner]) / np.abs(np.log(s))
    low_curve, high_curve = s ** np.exp(half), s ** np.exp(-half)
    below = np.flatnonzero(low_curve <= 1 - q + 1e-12)
    above = np.flatnonzero(high_curve <= 1 - q + 1e-12)
    low = float(t[below[0]]) if below.size else value
    high = float(t[above[0]]) if above.size else math.inf
    return value, min(low, value), max(high, value)


def usual(times: Array, ended: NDArray[np.bool_], q: float, level: float = 0.95) -> tuple[float, float, float] | None:
    """As `quantile`; where everything has ended, the ordinary quantile with its interval by ranks, which is exact."""
    if not ended.all():
        return quantile(times, ended, q, level)
    known = np.sort(times)
    low, high = order_statistics.interval(known, q, level)
    return order_statistics.quantile(known, q), max(0.0, low), high
