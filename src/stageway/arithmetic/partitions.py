"""k-means, and how far a partition of people or texts is found again: Jaccard and Rand indices, matching by overlap, silhouette.

Points are n × d, groups numbered from 0 by falling size, so that a result does not depend on the start that found it. `known` marks
the cells that were answered: distances and centres go over these only (k-POD). Callers hold `one_thread`, under which the same points give
the same groups to the last bit (scikit-learn's do not on several threads), and small products are faster.

Sources: Lloyd (1982), IEEE Trans. Inf. Theory 28, 129–137; Arthur & Vassilvitskii (2007), k-means++; Chi, Chi & Baraniuk (2016), Am. Stat.
70, 91–99 (k-POD); Hennig (2007), Comput. Stat. Data Anal. 52, 258–271 (Jaccard under resampling); Hubert & Arabie (1985), J. Classif. 2,
193–218 (adjusted Rand index); Rousseeuw (1987), J. Comput. Appl. Math. 20, 53–65 (silhouette).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


@contextmanager
def one_thread() -> Iterator[None]:
    """Matrix products on one thread: of small matrices, threads cost more than they bring, and change the order of sums."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield


@dataclass(frozen=True)
class Groups:
    """`labels` (n,), `centres` (k, d), `inertia`: squared distances within groups, over known cells."""

    labels: Codes
    centres: Array
    inertia: float

    @property
    def k(self) -> int:
        return len(self.centres)

    @property
    def sizes(self) -> Codes:
        return np.bincount(self.labels, minlength=self.k)


def _distances(points: Array, centres: Array, known: Array | None) -> Array:
    """Squared distances (n, centres) of points (0 where unknown), less what does not depend on the centre."""
    across: Array = points @ (-2 * centres.T)
    across += (centres**2).sum(axis=1) if known is None else known @ (centres**2).T
    return across


def _seeded(points: Array, k: int, starts: int, known: Array | None, rng: np.random.Generator) -> Array:
    """k-means++ centres of every start: (starts, k, d)."""
    n = len(points)
    own = (points**2).sum(axis=1)
    chosen = np.empty((starts, k), dtype=np.int64)
    chosen[:, 0] = rng.integers(0, n, size=starts)
    near = np.full((n, starts), np.inf)
    for j in range(1, k):
        near = np.minimum(near, np.maximum(own[:, None] + _distances(points, points[chosen[:, j - 1]], known), 0.0))
        reach = np.cumsum(near, axis=0)
        drawn = rng.random(starts) * reach[-1]
        chosen[:, j] = np.minimum((reach <= drawn).sum(axis=0), n - 1)
    return points[chosen]


def kmeans(points: Array, k: int, rng: np.random.Generator, *, starts: int = 10, known: Mask | None = None, rounds: int = 100) -> Groups:
    """The best of `starts` runs. ValueError for fewer points than groups."""
    if len(points) < k:
        raise ValueError(f"{len(points)} points cannot make {k} groups")
    weight = None if known is None else known.astype(np.float64)
    filled = points if known is None else np.where(known, points, 0.0)
    return _settled(filled, _seeded(filled, k, starts, weight, rng), weight, rounds)


def settled(points: Array, centres: Array, rounds: int = 100) -> Groups:
    """One run from given centres (k, d)."""
    return _settled(points, centres[None].copy(), None, rounds)


def _settled(filled: Array, centres: Array, weight: Array | None, rounds: int) -> Groups:
    starts = len(centres)
    labels = np.full((starts, len(filled)), -1, dtype=np.int64)
    active = np.arange(starts)
    for _ in range(rounds):
        found = np.stack([_distances(filled, centres[s], weight).argmin(axis=1) for s in active])
        changed = (found != labels[active]).any(axis=1)
        labels[active] = found
        active = active[changed]
        for s in active:
            centres[s] = _centres(filled, labels[s], centres[s], weight)
        if not active.size:
            break
    best, inertia = _best(filled, labels, centres, weight)
    return _ordered(labels[best], centres[best], inertia)


def _centres(points: Array, labels: Codes, before: Array, known: Array | None) -> Array:
    """Means of the groups; a group without points keeps its centre."""
    member = np.zeros((len(before), len(points)))
    member[labels, np.arange(len(points))] = 1.0
    sums = member @ points
    counts = member.sum(axis=1, keepdims=True) if known is None else member @ known
    made: Array = np.divide(sums, counts, out=before.copy(), where=np.broadcast_to(counts, sums.shape) > 0)
    return made


def _best(points: Array, labels: Codes, centres: Array, known: Array | None) -> tuple[int, float]:
    """The start with the least inertia, the first one among equals."""
    least = [_inertia(points, each, centres[s], known) for s, each in enumerate(labels)]
    floor = min(least)
    best = next(s for s, value in enumerate(least) if value <= floor * (1 + 1e-9) + 1e-12)
    return best, least[best]


def _inertia(points: Array, labels: Codes, centres: Array, known: Array | None) -> float:
    away = (points - centres[labels]) ** 2
    return float(away.sum() if known is None else (away * known).sum())


def _ordered(labels: Codes, centres: Array, inertia: float) -> Groups:
    order, numbered = by_size(labels, len(centres))
    return Groups(numbered, centres[order], inertia)


def by_size(labels: Codes, k: int) -> tuple[Codes, Codes]:
    """(old numbers by falling size, ties by the first member; labels in the new numbering)."""
    first = np.full(k, len(labels))
    np.minimum.at(first, labels, np.arange(len(labels)))
    order = np.lexsort((first, -np.bincount(labels, minlength=k)))
    new = np.empty(k, dtype=np.int64)
    new[order] = np.arange(k)
    return order, new[labels]


def nearest(points: Array, centres: Array, known: Mask | None = None) -> Codes:
    """The group whose centre is nearest to each point."""
    weight = None if known is None else known.astype(np.float64)
    filled = points if known is None else np.where(known, points, 0.0)
    found: Codes = _distances(filled, centres, weight).argmin(axis=1)
    return found


# ── how far two partitions agree ──────────────────────────────────────────────────────────────────────────────────────


def overlap(a: Codes, b: Codes, k: int) -> Array:
    """How many points each group of a shares with each group of b (k × k)."""
    return np.bincount(a * k + b, minlength=k * k).reshape(k, k).astype(np.float64)


def jaccard(shared: Array) -> Array:
    """For each group (row) its likeness to the group that holds it best: shared / either, 0 to 1."""
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    best: Array = np.divide(shared, either, out=np.zeros_like(shared), where=either > 0).max(axis=1)
    return best


def matched(shared: Array) -> Codes:
    """For each group of the other partition (column) the group of the first that it stands for: the one-to-one match of greatest overlap."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-shared)
    stands = np.empty(len(shared), dtype=np.int64)
    stands[columns] = rows
    return stands


def adjusted_rand(shared: Array) -> float:
    """Agreement of two partitions beyond chance, 1 for equal, about 0 for unrelated ones."""
    both, rows, columns, n = _pairs(shared), _pairs(shared.sum(axis=1)), _pairs(shared.sum(axis=0)), float(shared.sum())
    by_chance = rows * columns / (n * (n - 1) / 2) if n > 1 else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == by_chance else (both - by_chance) / (most - by_chance)


def _pairs(counts: Array) -> float:
    return float((counts * (counts - 1) / 2).sum())


def silhouette(points: Array, labels: Codes, known: Mask | None = None, most: int = 1500) -> float:
    """Mean silhouette width over at most `most` points, evenly taken; Euclidean over known cells, scaled up for those that lack."""
    take = np.unique(np.linspace(0, len(points) - 1, min(most, len(points))).astype(np.int64))
    part, own = points[take], labels[take]
    seen = np.ones(part.shape) if known is None else known[take].astype(np.float64)
    filled = np.where(seen > 0, part, 0.0)
    both = np.maximum(seen @ seen.T, 1.0)
    squares = (filled**2) @ seen.T + seen @ (filled**2).T - 2 * filled @ filled.T
    apart = np.sqrt(np.maximum(squares, 0.0) * part.shape[1] / both)
    np.fill_diagonal(apart, 0.0)
    groups = np.unique(own)
    if groups.size < 2:
        return 0.0
    member = (own[:, None] == groups).astype(np.float64)
    sums, counts = apart @ member, member.sum(axis=0)
    at, rows = np.searchsorted(groups, own), np.arange(len(own))
    inside = sums[rows, at] / np.maximum(counts[at] - 1, 1)
    means = sums / counts
    means[rows, at] = np.inf
    outside = means.min(axis=1)
    width = np.where(counts[at] > 1, (outside - inside) / np.maximum(np.maximum(outside, inside), 1e-12), 0.0)
    return float(width.mean())
