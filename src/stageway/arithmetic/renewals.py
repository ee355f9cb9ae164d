"""Subscriptions that are renewed or not, period by period: the shifted beta-geometric model.

S(t) = S(t − 1) (beta + t − 1) / (alpha + beta + t − 1): those who stay longest are the least likely to leave next.
Fader & Hardie (2007), "How to Project Customer Retention", Journal of Interactive Marketing 21(1), 76-90.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.fitting import Fit, fitted
from stageway.evidence import Frame, Words, say

Array = NDArray[np.float64]
#: The key of all customers, where the table has no segments.
WHOLE = "all"


def survival(p: Array, periods: int) -> Array:
    """S(0) = 1, S(1), …, S(periods) at p = (alpha, beta)."""
    alpha, beta = p
    t = np.arange(1, periods + 1)
    return np.concatenate(([1.0], np.cumprod((beta + t - 1) / (alpha + beta + t - 1))))


def likelihood(p: Array, active: Array) -> float:
    """`active`: how many were still there after 0, 1, 2 … periods."""
    alive = survival(p, active.size - 1)
    lost, left = -np.diff(active), -np.diff(alive)
    return float((lost * np.log(np.maximum(left, 1e-300))).sum() + active[-1] * np.log(alive[-1]))


def fit_renewals(active: Array) -> Fit:
    """alpha, beta."""
    return fitted(lambda p: likelihood(p, active), [(1.0, 1.0), (0.7, 3.0), (3.0, 10.0)])


def lifetime(p: Array, periods: int, discount: float) -> float:
    """Expected periods paid for within `periods`, the first one included, each discounted by `discount` a period."""
    alive = survival(p, periods)[:-1]
    return float((alive / (1 + discount) ** np.arange(alive.size)).sum())


def cohorts_of(frame: Frame) -> dict[str, Array]:
    """Segment → how many were active after 0, 1, 2 … periods. A gap, a rise or a start of nobody is an error that names the row."""
    names = frame.texts("segment") if "segment" in frame else np.array([WHOLE] * len(frame), dtype=object)
    periods, active = frame.numbers("period"), frame.numbers("active")
    made: dict[str, list[float]] = {}
    for i in sorted(range(len(frame)), key=lambda i: (str(names[i]), periods[i])):
        told = made.setdefault(str(names[i] or WHOLE), [])
        if periods[i] != len(told):
            raise frame.wrong("period", i, say(zh="第{k}期（0起，逐期各一行）", en="period {k} (from 0, one row a period)", k=len(told)))
        if np.isnan(active[i]) or (told and active[i] > told[-1]) or (not told and active[i] < 1):
            raise frame.wrong("active", i, Words("不多于上一期的人数，第0期至少1人", "no more than the period before, at least 1 in period 0"))
        told.append(float(active[i]))
    return {name: np.array(told) for name, told in made.items()}
