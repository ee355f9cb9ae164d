"""The typical time of a task. Times are skewed to the right: their logarithms are nearly normal, a mean of seconds is pulled up by the slow.

Sources: Sauro & Lewis (2010), CHI ’10, 2347–2350 (geometric mean below 25 people, else the median); Hettmansperger & Sheather (1986),
Stat. Probab. Lett. 4, 75–79 (interval of a median between two order statistics).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import intervals

Array = NDArray[np.float64]
#: From so many people on the median is the better centre (Sauro & Lewis 2010).
MEDIAN_FROM = 25


def geometric(times: Array, level: float = 0.95) -> tuple[float, float, float]:
    """(geometric mean, low, high) by the t interval of the logarithms; times in one unit, all > 0. ValueError below two times."""
    mean, low, high, _, _ = intervals.mean_t(np.log(np.sort(times)), level)
    return math.exp(mean), math.exp(low), math.exp(high)


def median(times: Array, level: float = 0.95) -> tuple[float, float, float]:
    """(median, low, high), distribution-free, interpolated between order statistics. ValueError where n is too small for the level."""
    from scipy.special import bdtr

    ordered, n = np.sort(times), len(times)

    def covered(k: int) -> float:
        return 1 - 2 * float(bdtr(k - 1, n, 0.5))

    k = max((k for k in range(1, n // 2 + 1) if covered(k) >= level), default=0)
    if k == 0:
        raise ValueError(f"{n} times are too few for an interval of the median at level {level}")
    wide, narrow = covered(k), covered(k + 1)
    part = (wide - level) / (wide - narrow) if wide > narrow else 0.0
    part = (n - k) * part / (k + (n - 2 * k) * part)
    low = (1 - part) * ordered[k - 1] + part * ordered[k]
    high = (1 - part) * ordered[n - k] + part * ordered[n - k - 1]
    return float(np.median(ordered)), float(low), float(high)


def typical(times: Array, centre: str = "auto", level: float = 0.95) -> tuple[str, float, float, float] | None:
    """(which, value, low, high) by `centre`: geometric, median, or auto (median from 25 times on). None where there is no interval."""
    which = centre if centre != "auto" else ("median" if len(times) >= MEDIAN_FROM else "geometric")
    if len(times) < 2 or np.ptp(times) == 0:
        return None
    try:
        value, low, high = (median if which == "median" else geometric)(times, level)
    except ValueError:
        return None
    return which, value, low, high
