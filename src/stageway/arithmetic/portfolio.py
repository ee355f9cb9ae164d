"""Items that compete for a capacity, their scores known as ranges: how often is each first, how often does each fall within the line?

Ranges are low / base / high, drawn as a triangular distribution or as PERT (beta with mean (low + 4·base + high)/6); a factor without
range is a constant. Arrays of draws are (draws, items).

Sources: Malcolm, Roseboom, Clark & Fazar (1959), Operations Research 7, 646–669 (PERT); Johnson (1997), The Statistician 46, 387–398.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def drawn(low: Array, base: Array, high: Array, draws: int, rng: np.random.Generator, *, pert: bool) -> Array:
    """Draws of one factor for every item: low ≤ base ≤ high, all equal where the factor is known."""
    width = np.where(high > low, high - low, 1.0)
    mode = np.where(high > low, (base - low) / width, 0.5)
    uniform: Array = rng.random((draws, len(base)))
    if pert:
        from scipy.special import betaincinv

        part = betaincinv(1 + 4 * mode, 1 + 4 * (1 - mode), uniform)
    else:
        part = np.where(uniform < mode, np.sqrt(uniform * mode), 1 - np.sqrt((1 - uniform) * (1 - mode)))
    return np.where(high > low, low + width * part, base)


def first_chance(scores: Array) -> Array:
    """How often each item is first; equals share. Sums to 1."""
    top = scores == scores.max(axis=1, keepdims=True)
    chances: Array = np.mean(top / top.sum(axis=1, keepdims=True), axis=0)
    return chances


def within(scores: Array, efforts: Array, capacity: float, rng: np.random.Generator, *, fill: bool) -> NDArray[np.bool_]:
    """Which items the capacity holds in each draw, best score first; equals in random order.

    Without `fill` the first item that does not fit closes the line; with it, later ones that still fit are taken.
    """
    order = np.lexsort((rng.random(scores.shape), -scores), axis=1)
    rows, used = np.arange(len(scores)), np.zeros(len(scores))
    open_, inside = np.ones(len(scores), dtype=bool), np.zeros(scores.shape, dtype=bool)
    for place in range(scores.shape[1]):
        item = order[:, place]
        effort = efforts[rows, item]
        taken = open_ & (used + effort <= capacity * (1 + 1e-12))
        inside[rows, item] = taken
        used += np.where(taken, effort, 0.0)
        if not fill:
            open_ &= taken
    return inside


def ahead(scores: Array) -> Array:
    """(items, items): how often the row's item scores above the column's; equals count half."""
    items = scores.shape[1]
    out = np.full((items, items), 0.5)
    for i in range(items):
        out[i] = np.mean((scores[:, [i]] > scores) + 0.5 * (scores[:, [i]] == scores), axis=0)
    return out


def tied_groups(order: list[int], chances: Array, sure: float) -> list[list[int]]:
    """Items from the best on, cut into groups: a new one begins where the leader of the group is ahead with at least `sure`."""
    groups: list[list[int]] = []
    for item in order:
        if groups and chances[groups[-1][0], item] < sure:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def contributions(factors: dict[str, Array], scores: Array) -> dict[str, float]:
    """For one item: the part of each factor (draws) in the variance of its score, by squared correlation, scaled to sum to 1.

    Empty where the score does not vary.
    """
    if not scores.std() > 0:
        return {}
    squared = {name: float(np.corrcoef(values, scores)[0, 1] ** 2) for name, values in factors.items() if values.std() > 0}
    total = sum(squared.values())
    return {name: value / total for name, value in squared.items()} if total > 0 else {}


@dataclass(frozen=True)
class Ranking:
    """What the draws say of each item. `order`: best median first. `first` and `release` are None where nothing was drawn or no capacity given."""

    scores: Array
    medians: Array
    lows: Array
    highs: Array
    order: list[int]
    groups: list[list[int]]
    first: Array | None
    release: Array | None
    causes: list[dict[str, float]]

    def place(self, item: int) -> tuple[int, int]:
        """First and last place of the item's tied group."""
        start = 1
        for group in self.groups:
            if item in group:
                return start, start + len(group) - 1
            start += len(group)
        raise ValueError(f"item {item} has no group")


def rank(
    factors: Mapping[str, Array], score: Callable[[Mapping[str, Array]], Array], *, effort: str, draws: int, pert: bool, capacity: float | None,
    fill: bool, level: float, sure: float, rng: np.random.Generator
) -> Ranking:
    """Draw every factor (3, items: low, base, high), score, and count. `effort` names the factor that uses the capacity.

    Where no factor has a range there is nothing to draw: scores are as they are, equals are tied, chances are None.
    """
    ranged = any(bool(np.any(ends[2] > ends[0])) for ends in factors.values())
    made = {name: drawn(ends[0], ends[1], ends[2], draws, rng, pert=pert) for name, ends in factors.items()}
    scores = score(made)
    tail = (1 - level) / 2
    lows, medians, highs = np.quantile(scores, [tail, 0.5, 1 - tail], axis=0)
    items = range(scores.shape[1])
    order = sorted(items, key=lambda i: (-medians[i], i))
    groups = tied_groups(order, ahead(scores), sure if ranged else 0.75)
    release = within(scores, made[effort], capacity, rng, fill=fill).mean(axis=0) if ranged and capacity else None
    causes = [contributions({name: values[:, i] for name, values in made.items()}, scores[:, i]) for i in items]
    return Ranking(scores, medians, lows, highs, order, groups, first_chance(scores) if ranged and len(order) > 1 else None, release, causes)
