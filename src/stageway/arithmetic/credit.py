"""How one conversion is divided among the touches of its path, by rule; and the interval of a sum of such parts.

A rule gives every touch a weight; the weights of a path sum to 1. Touches stand path after path: `codes` (channel of each touch),
`lengths` (touches of each path, at least 1). Multiplied by the conversions of the paths and summed by channel they are the credits.

Sources: Zhao, Mahboobi & Bagheri (2018), Shapley value methods for attribution modeling, arXiv 1804.05327 (the identity used here:
with v(S) = conversions of the paths whose channels lie in S, Shapley's value divides each path equally among its distinct channels);
Fay & Feuer (1997), Stat. Med. 16, 791–801 (gamma interval of a weighted sum of Poisson counts; Garwood's where all weights are 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


def starts_of(lengths: Codes) -> Codes:
    return np.asarray(np.cumsum(lengths) - lengths, dtype=np.int64)


def path_of(lengths: Codes) -> Codes:
    """The path of each touch."""
    return np.repeat(np.arange(len(lengths)), lengths)


def _at(places: Codes, size: int) -> Array:
    out = np.zeros(size)
    out[places] = 1.0
    return out


def first(lengths: Codes) -> Array:
    return _at(starts_of(lengths), int(lengths.sum()))


def last(lengths: Codes) -> Array:
    return _at(starts_of(lengths) + lengths - 1, int(lengths.sum()))


def last_of(wanted: NDArray[np.bool_], lengths: Codes) -> Array:
    """All to the last touch that is wanted (not direct); where a path has none, to its last touch."""
    places = np.where(wanted, np.arange(len(wanted)), -1)
    found = np.maximum.reduceat(places, starts_of(lengths))
    return _at(np.where(found >= 0, found, starts_of(lengths) + lengths - 1), len(wanted))


def linear(lengths: Codes) -> Array:
    """Equally over touches, repeats counted."""
    return np.repeat(1 / lengths, lengths)


def position(lengths: Codes, ends: float = 0.4) -> Array:
    """`ends` to the first and to the last touch, the rest equally between; two touches half each, one touch all."""
    k = np.repeat(lengths, lengths)
    inner = np.where(k > 2, (1 - 2 * ends) / np.maximum(k - 2, 1), 0.0)
    outer = np.where(k > 2, ends, 1 / np.minimum(k, 2))
    at_end = (first(lengths) > 0) | (last(lengths) > 0)
    return np.where(at_end, outer, inner)


def decay(ages: Array, half_life: float, lengths: Codes) -> Array:
    """2^(−age / half_life), scaled to 1 in each path; the youngest touch is taken as the origin, so that nothing underflows."""
    starts = starts_of(lengths)
    youngest = np.minimum.reduceat(ages, starts)
    raw = 2.0 ** (-(ages - np.repeat(youngest, lengths)) / half_life)
    return np.asarray(raw / np.repeat(np.add.reduceat(raw, starts), lengths))


def steps_back(lengths: Codes) -> Array:
    """How many touches lie between each touch and the conversion: the age where there are no times."""
    return (np.repeat(starts_of(lengths) + lengths - 1, lengths) - np.arange(int(lengths.sum()))).astype(np.float64)


def shapley(codes: Codes, lengths: Codes) -> Array:
    """Equally over the distinct channels of the path, each at its first touch."""
    keys = path_of(lengths) * (int(codes.max()) + 1) + codes
    new = np.zeros(len(codes))
    new[np.unique(keys, return_index=True)[1]] = 1.0
    return np.asarray(new / np.repeat(np.add.reduceat(new, starts_of(lengths)), lengths))


def by_path(weights: Array, codes: Codes, lengths: Codes, channels: int) -> Any:
    """Sparse (paths, channels): the part of each channel in a conversion of each path."""
    from scipy.sparse import csr_matrix

    return csr_matrix((weights, (path_of(lengths), codes)), shape=(len(lengths), channels))


def all_rules(
    codes: Codes, lengths: Codes, ages: Array | None, direct: NDArray[np.bool_], *, ends: float, half_life_d: float, half_life_touches: float
) -> Mapping[str, Array]:
    """Every rule's touch weights. `direct` by channel; `ages` in days before the conversion, None where the paths have no times."""
    old, half = (steps_back(lengths), half_life_touches) if ages is None else (ages, half_life_d)
    return {
        "first": first(lengths), "last": last(lengths), "last_non_direct": last_of(~direct[codes], lengths), "linear": linear(lengths),
        "position": position(lengths, ends), "time_decay": decay(old, half, lengths), "shapley": shapley(codes, lengths)}


def weighted_poisson(total: float, squares: float, level: float = 0.95, heaviest: float = 1.0) -> tuple[float, float]:
    """Interval of Σ w·x where the x are Poisson counts: `total` = Σ w·x, `squares` = Σ w²·x, no weight above `heaviest`."""
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    low = 0.0 if total <= 0 else squares / total * float(gammaincinv(total**2 / squares, tail))
    most, spread = total + heaviest, squares + heaviest**2
    return low, spread / most * float(gammaincinv(most**2 / spread, 1 - tail))
