"""Quantiles of a sample with intervals that assume no distribution, from the sample or from its known quantiles; the ratio of two.

Sources: David & Nagaraja (2003), Order Statistics, 3rd ed., 7.1 (interval by ranks); Hyndman & Fan (1996), Am. Stat. 50, 361–365 (type 7);
Efron (1979), Ann. Stat. 7, 1–26 (bootstrap, drawn here by the Beta law of uniform order statistics: exact and without resampling rows).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def quantile(ordered: Array, q: float) -> float:
    """Type 7: linear between the ordered values at position (n − 1) q."""
    at = (ordered.size - 1) * q
    k = math.floor(at)
    upper = ordered[min(k + 1, ordered.size - 1)]
    return float(ordered[k] + (at - k) * (upper - ordered[k]))


def ranks(n: int, q: float, level: float = 0.95) -> tuple[int, int]:
    """(r, s), 1-based, so that the true quantile lies in [x_(r), x_(s)] at `level`, each tail apart; r = 0 and s = n + 1 mean an open end."""
    tail = (1 - level) / 2
    return _smallest(n, q, tail), _smallest(n, q, 1 - tail) + 1


def _smallest(n: int, q: float, p: float) -> int:
    """The smallest k with P(B ≤ k) ≥ p for B binomial (n, q)."""
    from scipy.special import bdtr

    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if bdtr(middle, n, q) >= p:
            high = middle
        else:
            low = middle + 1
    return low


def interval(ordered: Array, q: float, level: float = 0.95) -> tuple[float, float]:
    """Ends of the interval of a quantile; −inf or inf where the sample is too small for that end."""
    r, s = ranks(ordered.size, q, level)
    return float(ordered[r - 1]) if r >= 1 else -math.inf, float(ordered[s - 1]) if s <= ordered.size else math.inf


def needed(q: float, level: float = 0.95) -> int:
    """The smallest n whose interval of quantile q ≥ 0.5 has an upper end."""
    return math.ceil(math.log((1 - level) / 2) / math.log(q))


def bracketed(known: Mapping[float, float], n: int, q: float, level: float = 0.95) -> tuple[float, float]:
    """An interval that holds the one by ranks, from known quantiles of the sample (0 and 1 are its ends): wider, never narrower.

    A known quantile at or below rank r bounds x_(r) from below, one at or above rank s bounds x_(s) from above.
    """
    r, s = ranks(n, q, level)
    below = [value for p, value in known.items() if math.ceil(p * (n - 1)) + 1 <= r]
    above = [value for p, value in known.items() if s <= n and math.floor(p * (n - 1)) + 1 >= s]
    return max(below, default=-math.inf), min(above, default=math.inf)


def resampled(ordered: Array, q: float, draws: int, rng: np.random.Generator) -> Array:
    """The quantile of `draws` resamples of n rows with replacement."""
    n = ordered.size
    at = (n - 1) * q
    k = math.floor(at)
    first = rng.beta(k + 1, n - k, size=draws)
    second = first + (1 - first) * rng.beta(1, n - k - 1, size=draws) if k + 1 < n else first
    lower, upper = (ordered[np.minimum((n * u).astype(np.int64), n - 1)] for u in (first, second))
    return np.asarray(lower + (at - k) * (upper - lower))


def ratio(new: Array, old: Array, q: float, draws: int, rng: np.random.Generator, level: float = 0.95) -> tuple[float, float, float]:
    """(new / old, low, high) of a quantile of two independent samples, by the bootstrap. ValueError where the old one can be 0."""
    above, below = resampled(new, q, draws, rng), resampled(old, q, draws, rng)
    if not below.min() > 0:
        raise ValueError("a ratio to a time of 0 cannot be computed")
    tail = (1 - level) / 2
    low, high = np.quantile(above / below, [tail, 1 - tail])
    value = quantile(new, q) / quantile(old, q)
    return value, min(float(low), value), max(float(high), value)
