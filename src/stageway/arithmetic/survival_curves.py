"""What the product-limit curve gives at a time and up to one, how often the event comes, and whether groups differ.

Durations ≥ 0 in one unit; `ended` False where the event had not come when observation stopped. The curve itself is in `durations`.
Sources: Kalbfleisch & Prentice (2002), 1.4 (interval on the scale log(−log S)); Klein & Moeschberger (2003), 4.5 (restricted mean and its
variance); Mantel (1966), Cancer Chemother. Rep. 50, 163–170 (log-rank); Garwood (1936), Biometrika 28, 437–442 (events per time).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import intervals
from stageway.arithmetic.durations import Lasting, lasting
from stageway.arithmetic.intervals import z_of

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def share_after(times: Array, ended: Flags, t: float, level: float = 0.95) -> tuple[float, float, float] | None:
    """(S(t), low, high). None behind the longest time where somebody had not ended: the curve says nothing there.

    Before the first event the value is 1, its lower end that of 0 events among those at risk at t. Where all have ended it is 0, its
    upper end that of the curve just before.
    """
    if t > times.max() and not ended[times == times.max()].all():
        return None
    curve = lasting(times, ended)
    passed = int(np.searchsorted(curve.times, t, side="right"))
    if passed == 0:
        at_risk = int((times >= t).sum())
        return 1.0, ((1 - level) / 2) ** (1 / at_risk), 1.0
    still = float(curve.still[passed - 1])
    if still <= 1e-12:
        before = curve.still[:passed] > 1e-12
        return 0.0, 0.0, _ends(curve, int(before.sum()) - 1, level)[1] if before.any() else 1 - ((1 - level) / 2) ** (1 / times.size)
    return still, *_ends(curve, passed - 1, level)


def _ends(curve: Lasting, i: int, level: float) -> tuple[float, float]:
    s = float(curve.still[i])
    half = z_of(level) * math.sqrt(float(curve.greenwood[i])) / abs(math.log(s))
    return s ** math.exp(half), s ** math.exp(-half)


def bands(curve: Lasting, level: float = 0.95) -> tuple[Array, Array]:
    """Both ends at each of the curve's times; at 0 those of the time before."""
    ends = [_ends(curve, i, level) if curve.still[i] > 1e-12 else None for i in range(curve.times.size)]
    low = [0.0 if pair is None else pair[0] for pair in ends]
    high: list[float] = []
    for pair in ends:
        high.append(pair[1] if pair is not None else high[-1] if high else 1.0)
    return np.array(low), np.array(high)


def restricted_mean(times: Array, ended: Flags, horizon: float) -> tuple[float, float]:
    """(area under the curve up to the horizon, its standard error); the horizon may not pass the longest time unless all have ended."""
    curve = lasting(times, ended)
    inside = curve.times < horizon
    edges = np.concatenate([[0.0], curve.times[inside], [horizon]])
    levels = np.concatenate([[1.0], curve.still[inside]])
    areas = np.diff(edges) * levels
    left = areas[::-1].cumsum()[::-1][1:]
    steps = np.diff(np.concatenate([[0.0], curve.greenwood[inside]]))
    variance = float(np.sum(np.where(left > 0, left**2 * np.where(np.isfinite(steps), steps, 0.0), 0.0)))
    return float(areas.sum()), math.sqrt(variance)


def rate(times: Array, ended: Flags, level: float = 0.95) -> tuple[float, float, float]:
    """(events per unit of time at risk, low, high), the rate taken as constant. ValueError where nobody was at risk for any time."""
    exposed = float(np.sort(times).sum())
    if not exposed > 0:
        raise ValueError("no time at risk")
    events = int(ended.sum())
    low, high = intervals.poisson(events, level)
    return events / exposed, low / exposed, high / exposed


def log_rank(groups: Sequence[tuple[Array, Flags]]) -> tuple[float, int, float]:
    """(chi-square, df, p) that all groups have one curve. ValueError where no event can tell groups apart."""
    from scipy.special import chdtrc

    steps = np.unique(np.concatenate([times[ended] for times, ended in groups]))
    at_risk = np.array([times.size - np.searchsorted(np.sort(times), steps, side="left") for times, _ in groups], dtype=np.float64)
    events = np.array([np.searchsorted(np.sort(t[e]), steps, "right") - np.searchsorted(np.sort(t[e]), steps, "left") for t, e in groups], dtype=np.float64)
    n, d = at_risk.sum(axis=0), events.sum(axis=0)
    shares = at_risk / n
    away = (events - d * shares).sum(axis=1)[:-1]
    factor = np.where(n > 1, d * (n - d) / np.maximum(n - 1, 1), 0.0)
    covariance = (np.einsum("ik,jk,k->ij", -shares, shares, factor) + np.diag((shares * factor).sum(axis=1)))[:-1, :-1]
    if np.linalg.matrix_rank(covariance) < len(groups) - 1:
        raise ValueError("the events do not tell the groups apart")
    value = float(away @ np.linalg.solve(covariance, away))
    return value, len(groups) - 1, float(chdtrc(len(groups) - 1, value))
