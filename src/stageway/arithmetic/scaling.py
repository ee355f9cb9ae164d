"""Multidimensional scaling: points in a plane whose distances are those that people state.

Classical: B = −½ J D² J, its eigenvectors times the roots of its eigenvalues (Torgerson 1952; Gower 1966). Negative eigenvalues are what
no Euclidean space can show, and count against the share that is shown (Mardia 1978). SMACOF: least squares on the distances themselves
by majorisation from the classical start (De Leeuw 1977); stress-1 = √(Σ(δ − d)² / Σδ²) at its optimum, share shown = 1 − stress²
(dispersion accounted for; Borg & Groenen 2005, ch. 11). Dissimilarities are symmetric (B, B) with a diagonal of 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.brand_maps import Axes, between

Array = NDArray[np.float64]
TURNS = 2000


def classical(dissimilar: Array) -> Axes:
    """All axes with a positive eigenvalue, each turned so that its farthest brand is on the positive side. ValueError where there is none."""
    n = len(dissimilar)
    centring = np.eye(n) - 1 / n
    sizes, directions = np.linalg.eigh(-0.5 * centring @ dissimilar**2 @ centring)
    least = 1e-9 * float(np.abs(sizes).max())
    order = np.argsort(-sizes)
    kept = order[sizes[order] > least]
    if not kept.size:
        raise ValueError("no dissimilarity, no axis")
    points = directions[:, kept] * np.sqrt(sizes[kept])
    return Axes(sizes[kept], _turned(points), np.empty((0, len(kept))), dissimilar, float(-sizes[sizes < -least].sum()))


def _turned(points: Array) -> Array:
    far = np.abs(np.round(points, 6)).argmax(axis=0)
    return np.asarray(points * np.sign(points[far, np.arange(points.shape[1])]))


def smacof(dissimilar: Array) -> tuple[Array, float]:
    """(points (B, 2), stress-1) of the least-squares plane; turned to its principal axes."""
    n = len(dissimilar)
    start = classical(dissimilar).brands[:, :2]
    points = np.pad(start, ((0, 0), (0, 2 - start.shape[1])))
    last = np.inf
    for _ in range(TURNS):
        far = between(points)
        raw = float(((dissimilar - far) ** 2).sum())
        if last - raw <= 1e-12 * float((dissimilar**2).sum()):
            break
        last = raw
        ratio = -np.divide(dissimilar, far, out=np.zeros_like(far), where=far > 0)
        np.fill_diagonal(ratio, 0.0)
        np.fill_diagonal(ratio, -ratio.sum(axis=1))
        points = ratio @ points / n
    _, _, v = np.linalg.svd(points, full_matrices=False)
    return _turned(points @ v.T), stress(dissimilar, points)


def smacof_axes(dissimilar: Array) -> tuple[Axes, float]:
    """The least-squares plane and its stress-1. Shares are of the dispersion; a brand is shown as well as its own dissimilarities are."""
    points, stressed = smacof(dissimilar)
    inertias = (points**2).sum(axis=0)
    shown = 1 - stressed**2
    fits = 1 - ((dissimilar - between(points)) ** 2).sum(axis=1) / (dissimilar**2).sum(axis=1)
    return Axes(inertias, points, np.empty((0, 2)), dissimilar, float(inertias.sum()) * (1 - shown) / shown, np.clip(fits, 0, 1)), stressed


def stress(dissimilar: Array, points: Array) -> float:
    """Stress-1 at the best common factor of the distances."""
    far = between(points)
    squared = float((far**2).sum() * (dissimilar**2).sum())
    return float(np.sqrt(max(0.0, 1 - float((far * dissimilar).sum()) ** 2 / squared))) if squared > 0 else 1.0


def two_axes(dissimilar: Array, *, metric: bool) -> float:
    """The share that two axes show: of |eigenvalues|, or with `metric` the dispersion that SMACOF accounts for."""
    if metric:
        return 1 - smacof(dissimilar)[1] ** 2
    return float(classical(dissimilar).shares[:2].sum())


def shuffled_p(dissimilar: Array, draws: int, rng: np.random.Generator, *, metric: bool) -> float:
    """p that dissimilarities shuffled over the pairs fit a plane as well (Mair, Borg & Rusch 2016)."""
    i, j = np.triu_indices(len(dissimilar), k=1)
    values, seen, as_far = dissimilar[i, j], two_axes(dissimilar, metric=metric), 0
    for _ in range(draws):
        other = np.zeros_like(dissimilar)
        other[i, j] = rng.permutation(values)
        as_far += two_axes(other + other.T, metric=metric) >= seen * (1 - 1e-9)
    return (as_far + 1) / (draws + 1)


def pairs_p(people: Array, draws: int, rng: np.random.Generator) -> float:
    """p that pairs differ no more than when each person's values change pairs at random: people (n, pairs), NaN where not asked."""
    filled, known = np.nan_to_num(people), (~np.isnan(people)).astype(np.float64)

    def statistic(values: Array, asked: Array) -> float:
        return float(np.var(values.sum(axis=0) / np.maximum(asked.sum(axis=0), 1)))

    seen, as_far = statistic(filled, known), 0
    for _ in range(draws):
        order = np.argsort(np.where(known > 0, rng.random(people.shape), 2.0), axis=1)
        places = np.argsort(np.argsort(~(known > 0), axis=1, kind="stable"), axis=1)
        as_far += statistic(np.take_along_axis(np.take_along_axis(filled, order, axis=1), places, axis=1), known) >= seen * (1 - 1e-9)
    return (as_far + 1) / (draws + 1)
