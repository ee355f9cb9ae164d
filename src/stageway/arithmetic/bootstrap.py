"""Resampling of people: how often each one is drawn, and what that makes of a statistic.

A resample is a row of weights that sum to n (Efron 1979): a statistic that takes weights is computed for all resamples at once.
The same Generator state gives the same weights, whatever the size of the blocks. People must come in an order that does not depend
on the order of the file (sort them first).

Percentiles of few people are too narrow, as z in place of t would be: given n, the tails are expanded (Hesterberg 2015).

Sources: Efron (1979), Ann. Stat. 7, 1–26; Efron (1987), JASA 82, 171–185 (BCa); Hesterberg (2015), Am. Stat. 69, 371–386, s. 4.3 (expansion).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import intervals

Array = NDArray[np.float64]
#: cells of weights held at once by `blocks` and `sums` (32 MB).
CELLS = 4_000_000


def weights(n: int, draws: int, rng: np.random.Generator) -> Array:
    """How often each of n people is drawn in each of `draws` resamples: (draws, n), rows sum to n. Holds draws × n floats."""
    if n < 1 or draws < 1:
        raise ValueError(f"nothing to draw: {n} people, {draws} draws")
    drawn = rng.integers(0, n, size=(draws, n)) + np.arange(draws)[:, None] * n
    return np.bincount(drawn.ravel(), minlength=draws * n).reshape(draws, n).astype(np.float64)


def blocks(n: int, draws: int, rng: np.random.Generator) -> Iterator[Array]:
    """The rows of `weights`, in blocks that fit into memory: each (≤ draws, n)."""
    size = max(1, CELLS // max(1, n))
    for start in range(0, draws, size):
        yield weights(n, min(size, draws - start), rng)


def sums(values: Array, draws: int, rng: np.random.Generator) -> Array:
    """Weighted sums of columns over resampled rows: values (n, k) → (draws, k)."""
    return np.concatenate([block @ values for block in blocks(len(values), draws, rng)])


def _reach(level: float, n: int | None) -> float:
    """How many standard deviations of the resamples an interval reaches to each side; given n, as far as t does with the divisor n − 1."""
    return intervals.z_of(level) if n is None else (n / (n - 1)) ** 0.5 * intervals.t_of(level, n - 1)


def percentile(samples: Array, level: float = 0.95, n: int | None = None) -> tuple[float, float]:
    """The middle `level` of the resampled values (1-D, no NaN); of n > 1 people, expanded."""
    from scipy.special import ndtr

    tail = (1 - level) / 2 if n is None else float(ndtr(-_reach(level, n)))
    low, high = np.quantile(samples, [tail, 1 - tail])
    return float(low), float(high)


def percentiles(samples: Array, level: float = 0.95) -> tuple[Array, Array]:
    """As `percentile`, for each column of (draws, k)."""
    tail = (1 - level) / 2
    low, high = np.quantile(samples, [tail, 1 - tail], axis=0)
    return low, high


def basic(value: float, samples: Array, level: float = 0.95) -> tuple[float, float]:
    """The reflected interval 2 × value − percentiles: right where resampling shifts a statistic by as much as sampling does."""
    low, high = percentile(samples, level)
    return 2 * value - high, 2 * value - low


def bca(
    statistic: Callable[[Array], Array], n: int, draws: int, rng: np.random.Generator, level: float = 0.95, *, expanded: bool = False
) -> tuple[float, float]:
    """Bias-corrected and accelerated interval. `statistic` takes weights (rows, n) and gives one value a row. `expanded` for few people.

    Raises ValueError where the statistic does not vary over the resamples: an interval of no width would promise too much.
    """
    from scipy.special import ndtr, ndtri

    samples = np.sort(statistic(weights(n, draws, rng)))
    value = float(statistic(np.ones((1, n)))[0])
    if n < 2 or samples[0] == samples[-1]:
        raise ValueError("the statistic is the same in every resample")
    below = (np.count_nonzero(samples < value) + np.count_nonzero(samples == value) / 2) / draws
    shift = float(ndtri(np.clip(below, 1 / (draws + 1), draws / (draws + 1))))
    left_out = statistic((np.ones((n, n)) - np.eye(n)) * n / (n - 1))
    away = left_out.mean() - left_out
    spread = float(np.sum(away**2)) ** 1.5
    bend = float(np.sum(away**3)) / (6 * spread) if spread > 0 else 0.0
    ends, reach = [], _reach(level, n if expanded else None)
    for side in (-reach, reach):
        z = shift + side
        bent = 1 - bend * z
        ends.append(float(np.quantile(samples, float(ndtr(shift + z / bent)) if bent > 0 else float(z > 0))))
    return ends[0], ends[1]
