"""Van Westendorp's four prices: which answers are consistent, the four curves, where they cross; Newton, Miller & Smith's trial curve.

Curves are counts of people (or of resampling weights), never shares, so that two that meet are equal and not off by a rounding error.
Columns are too cheap, cheap, expensive, too expensive, in this order.

Sources: van Westendorp (1976), Proc. 29th ESOMAR Congress, 139-167; Newton, Miller & Smith (1993), AMA Advanced Research Techniques Forum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import bootstrap

Array = NDArray[np.float64]
POINTS = ("acceptable_low", "acceptable_high", "indifference", "optimal")
#: Prices at which trial and revenue are computed.
STEPS = 500


@dataclass(frozen=True)
class Convention:
    """`narrower`: the range is bounded by cheap and expensive themselves. `inclusive`: falling curves count prices ≥ p. `step`: no interpolation."""

    narrower: bool
    inclusive: bool
    step: bool


def consistent(prices: Array, *, strict: bool) -> NDArray[np.bool_]:
    """Which people name rising prices: too cheap < cheap < expensive < too expensive (≤ where not `strict`)."""
    steps = np.diff(prices, axis=1)
    return np.asarray(np.all(steps > 0 if strict else steps >= 0, axis=1))


def better_order(prices: Array, *, strict: bool) -> tuple[int, ...] | None:
    """An order of the columns that makes most people consistent where the present one contradicts most of them; None where there is none."""
    now = consistent(prices, strict=strict).mean()
    best = max(permutations(range(4)), key=lambda order: float(consistent(prices[:, order], strict=strict).mean()))
    return best if now < 0.5 and consistent(prices[:, best], strict=strict).mean() > max(0.5, 2 * now) else None


def counts(weights: Array, prices: Array, grid: Array, *, inclusive: bool) -> tuple[Array, Array, Array, Array]:
    """The four curves at each price of `grid` (all prices that were named): weights (draws, n) → 4 × (draws, prices).

    Falling: people for whom the price is (too) cheap, their own price being > p (or ≥ p). Rising: (too) expensive, own price ≤ p.
    """
    made = []
    for column in range(4):
        order = np.argsort(prices[:, column], kind="stable")
        sums = np.concatenate([np.zeros((len(weights), 1)), np.cumsum(weights[:, order], axis=1)], axis=1)
        falling = column < 2
        reached = sums[:, np.searchsorted(prices[order, column], grid, side="left" if falling and inclusive else "right")]
        made.append(sums[:, -1:] - reached if falling else reached)
    return made[0], made[1], made[2], made[3]


def crossing(rising: Array, falling: Array, grid: Array, *, step: bool) -> Array:
    """The first price at which the rising curve reaches the falling one, in each row; between two prices unless `step`."""
    gap = rising - falling
    at = np.where((gap >= 0).any(axis=1), np.argmax(gap >= 0, axis=1), grid.size - 1)
    if step:
        return grid[at]
    row, before = np.arange(len(gap)), np.maximum(at - 1, 0)
    low, high = gap[row, before], gap[row, at]
    part = np.where(high > low, -low / np.where(high > low, high - low, 1.0), 1.0)
    made: Array = np.where(at == 0, grid[0], grid[before] + (grid[at] - grid[before]) * np.clip(part, 0.0, 1.0))
    return made


def points(weights: Array, prices: Array, grid: Array, how: Convention) -> Array:
    """The four price points in the order of POINTS: weights (draws, n) → (draws, 4)."""
    too_cheap, cheap, expensive, too_expensive = counts(weights, prices, grid, inclusive=how.inclusive)
    n = weights.sum(axis=1, keepdims=True)
    ends = ((expensive, too_cheap), (too_expensive, cheap)) if how.narrower else ((n - cheap, too_cheap), (too_expensive, n - expensive))
    return np.column_stack([crossing(up, down, grid, step=how.step) for up, down in (*ends, (expensive, cheap), (too_expensive, too_cheap))])


def optimal_until(prices: Array, how: Convention) -> float:
    """The last named price at which as many find it too cheap as too expensive; the optimal point itself where the curves only cross."""
    grid = np.unique(prices)
    too_cheap, _, _, too_expensive = (line[0] for line in counts(np.ones((1, len(prices))), prices, grid, inclusive=how.inclusive))
    equal = np.flatnonzero(too_expensive == too_cheap)
    return float(grid[equal[-1]]) if equal.size else float(grid[np.argmax(too_expensive >= too_cheap)])


def resampled(prices: Array, grid: Array, how: Convention, draws: int, rng: np.random.Generator) -> Array:
    """The four points in resamples of people: (draws, 4)."""
    return np.concatenate([points(part, prices, grid, how) for part in _parts(len(prices), grid.size, draws, rng)])


def _parts(n: int, width: int, draws: int, rng: np.random.Generator) -> Iterator[Array]:
    size = max(1, bootstrap.CELLS // max(n, width))
    for block in bootstrap.blocks(n, draws, rng):
        yield from (block[start : start + size] for start in range(0, len(block), size))


def trial(prices: Array, chance_cheap: Array, chance_expensive: Array, grid: Array) -> Array:
    """Each person's chance to buy at each price: 0 at too cheap and too expensive, the two stated chances between, straight lines: (n, prices)."""
    zero = np.zeros(len(prices))
    chances = np.column_stack([zero, chance_cheap, chance_expensive, zero])
    return np.stack([np.interp(grid, p, c, left=0.0, right=0.0) for p, c in zip(prices, chances, strict=True)])


def steps_of(grid: Array) -> Array:
    """At most STEPS of the prices, spread over all of them."""
    return grid if grid.size <= STEPS else grid[np.unique(np.linspace(0, grid.size - 1, STEPS).round().astype(int))]
