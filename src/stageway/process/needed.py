"""How many observations would decide an undecided verdict, if the value seen is the truth.

The n at which the interval, with the same point estimate x, would just leave the threshold t. It is an even chance and no promise:
a plan that wants 80% power asks for about twice as many. By kind of interval:
share (Wilson 1927): z²·t(1−t) ÷ (x−t)²; mean (t interval): the least n with t₍ₙ₋₁₎·s ÷ √n < |x−t|, s from the interval's half width;
anything else (bootstrap and alike, width shrinking with √n): n·((x−end) ÷ (x−t))², end = the one beyond t.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from stageway.evidence import Estimate, Kind, rounded_up

#: Beyond this many times the present n nobody collects: the threshold or the measurement has to change.
SENSIBLE = 100


def needed_n(estimate: Estimate, limit: float) -> int | None:
    """Rounded up to two figures; None where n is unknown, x equals the threshold, or it would take more than a hundred times the present n.

    `limit` is in the estimate's unit. Meant for an estimate whose interval holds the threshold.
    """
    n = estimate.n
    if n is None or n < 1 or estimate.value == limit or estimate.low is None or estimate.high is None:
        return None
    by_width = n * ((estimate.value - (estimate.low if estimate.value > limit else estimate.high)) / (estimate.value - limit)) ** 2
    match estimate.kind:
        case Kind.SHARE:
            needed = _by_wilson(estimate.value, limit, estimate.level)
        case Kind.MEAN if n > 1:
            needed = _by_t((estimate.high - estimate.low) / 2, n, abs(estimate.value - limit), estimate.level)
        case _:
            needed = by_width
    if needed <= n:  # the interval is wider than its kind's formula says (weights, a design effect): go by its width
        needed = by_width
    return rounded_up(needed) if needed <= SENSIBLE * n else None


def _by_wilson(value: float, limit: float, level: float) -> float:
    z = NormalDist().inv_cdf((1 + level) / 2)
    return z * z * limit * (1 - limit) / (value - limit) ** 2


def _by_t(half_width: float, n: int, distance: float, level: float) -> float:
    """The least n whose t interval, at the deviation that `half_width` at `n` implies, is narrower than `distance`; infinite beyond the sensible."""
    from scipy.special import stdtrit

    quantile = (1 + level) / 2
    deviation = half_width * math.sqrt(n) / float(stdtrit(n - 1, quantile))

    def leaves(n: int) -> bool:
        return float(stdtrit(n - 1, quantile)) * deviation / math.sqrt(n) < distance

    few, many = 1, SENSIBLE * n + 1
    if not leaves(many):
        return math.inf
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if leaves(middle) else (middle, many)
    return many
