"""From perceptions to a plane: which analysis, a test before it, the axes, and what resampled people do to places, shares and distances.

The test is against no difference between brands (people known, counts, dissimilarities) or, where only means are known, against
attributes that do not agree on the brands. People are resampled whole; counts without people as independent counts (multinomial).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import bootstrap, brand_maps, crosstabs, perception, scaling
from stageway.arithmetic.brand_maps import Axes
from stageway.arithmetic.brand_tables import Brands
from stageway.arithmetic.perception import Nearest

Array = NDArray[np.float64]
Way = Literal["ca", "pca", "classical", "smacof"]
#: People below whom nothing is resampled.
LEAST = 10
SHUFFLES_OF_SMACOF = 199


@dataclass(frozen=True)
class Chance:
    """What resampling says: `places` (draws, B, 2) on the plane, the share of two axes (None where noise is all there is, or exact)."""

    places: Array
    share: tuple[float, float, float] | None
    near: Nearest | None


@dataclass(frozen=True)
class Plane:
    """`test`: permutation, chi_square, fisher, monte_carlo, parallel, shuffle, or "" where nothing could be tested (p is then None)."""

    way: Way
    axes: Axes
    p: float | None
    test: str
    n: int
    stress: float | None = None
    chance: Chance | None = None

    @property
    def flat(self) -> bool:
        """Whether two axes show everything by arithmetic alone (three brands or three attributes)."""
        return self.axes.inertias.size <= 2 and self.way in ("ca", "pca")


def way_for(data: Brands) -> Way:
    return "classical" if data.kind == "dissimilarities" else "pca" if data.kind in ("ratings", "means") else "ca"


def plane(data: Brands, way: Way, scale: str, draws: int, level: float, own: int | None, rng: np.random.Generator) -> Plane:
    """ValueError where the brands do not differ at all."""
    if way in ("classical", "smacof"):
        return _scaled(data, way, draws, level, own, rng)
    deviations, weights = deviate(data.table()[None], way, scale, data)
    axes = brand_maps.decompose(deviations[0], weights[0])
    p, test = _tested(data, way, deviations[0], draws, rng)
    n = data.people or (int(np.nansum(data.values)) if data.kind == "counts" else 0)
    if data.kind != "counts" and data.people < LEAST:
        return Plane(way, axes, p, test, n)
    drawn = _resampled(data, way, scale, draws, rng)
    finite = np.asarray(np.isfinite(drawn[0]).all(axis=(1, 2)) & np.isfinite(drawn[1]).all(axis=1))
    drawn = np.where(finite[:, None, None], drawn[0], deviations), np.where(finite[:, None], drawn[1], weights)
    share = None if axes.inertias.size <= 2 else brand_maps.share_of_two(deviations[0], drawn[0], level)
    near = None
    if own is not None:
        point, samples = (w[..., None] * s for s, w in ((deviations[0], weights[0]), drawn))
        others = [b for b in range(len(data.brands)) if b != own]
        near = perception.nearest(point[own] - point[others], samples[:, [own]] - samples[:, others], level)
    return Plane(way, axes, p, test, n, None, Chance(brand_maps.regions(*drawn, axes), share, near))


def deviate(tables: Array, way: Way, scale: str, data: Brands) -> tuple[Array, Array]:
    """(S, w) of tables of means (…, B, J). For ratings of people the scale is the spread of people within brands, unless told otherwise."""
    if way == "ca":
        return brand_maps.residuals(tables)
    if _by_people(scale, data):
        tables = tables / _within(data.values)
    return brand_maps.centred(tables, standard=not _by_people(scale, data) and scale != "none")


def _by_people(scale: str, data: Brands) -> bool:
    return scale in ("auto", "people") and data.people > 1


def _within(values: Array) -> Array:
    """Standard deviation of people about the mean of their brand, by attribute; that of all answers where people do not differ."""
    known = ~np.isnan(values)
    away = values - np.nansum(values, axis=0) / np.maximum(known.sum(axis=0), 1)
    pooled = np.nansum(away**2, axis=(0, 1)) / np.maximum(known.sum(axis=(0, 1)) - values.shape[1], 1)
    return np.asarray(np.sqrt(np.where(pooled > 0, pooled, np.nanvar(values, axis=(0, 1)))))


def _resampled(data: Brands, way: Way, scale: str, draws: int, rng: np.random.Generator) -> tuple[Array, Array]:
    shape = (len(data.brands), len(data.attributes))
    if data.kind == "counts":
        counts = np.nan_to_num(data.values[0]).ravel()
        drawn = rng.multinomial(int(counts.sum()), counts / counts.sum(), size=draws).astype(np.float64).reshape(-1, *shape)
        return deviate(drawn, way, scale, data)
    sums = bootstrap.sums(perception.columns(data.values), draws, rng)
    if way == "pca" and _by_people(scale, data):
        return brand_maps.centred(perception.profiles(sums, shape, "within"), standard=False)
    total, asked, _ = (part.reshape(-1, *shape) for part in np.split(sums, 3, axis=1))
    return deviate(np.divide(total, asked, out=np.full(total.shape, np.nan), where=asked > 0), way, scale, data)


def _tested(data: Brands, way: Way, deviations: Array, draws: int, rng: np.random.Generator) -> tuple[float | None, str]:
    if data.people > 1:
        return brand_maps.permuted(data.values, way == "ca", draws, rng), "permutation"
    if data.kind == "counts":
        table = np.nan_to_num(data.values[0])
        found = crosstabs.associate(table, float(table.sum()), weighted=False, draws=draws, rng=rng, level=0.95)
        return (found.p, found.test) if found else (None, "")
    if data.kind == "means" and len(data.brands) > 3:
        return brand_maps.first_axis_p(deviations, draws, rng), "parallel"
    return None, ""


def _scaled(data: Brands, way: Way, draws: int, level: float, own: int | None, rng: np.random.Generator) -> Plane:
    metric = way == "smacof"
    table = data.table()
    axes = scaling.classical(table)
    axes, stressed = scaling.smacof_axes(table) if metric else (axes, scaling.stress(table, axes.brands[:, :2]))
    i, j = np.triu_indices(len(table), k=1)
    people = data.values[:, i, j]
    if data.people > 1:
        p, test = scaling.pairs_p(people, draws, rng), "permutation"
    else:
        p, test = scaling.shuffled_p(table, min(draws, SHUFFLES_OF_SMACOF) if metric else draws, rng, metric=metric), "shuffle"
    if data.people < LEAST:
        return Plane(way, axes, p, test, data.people, stressed)
    drawn = _tables(data.values, SHUFFLES_OF_SMACOF if metric else draws, table, rng)
    fitted = [scaling.smacof(each)[0] if metric else _padded(scaling.classical(each).brands, axes.brands.shape[1]) for each in drawn]
    samples = np.array([scaling.two_axes(each, metric=metric) for each in drawn])
    value = scaling.two_axes(table, metric=metric)
    low, high = (float(np.clip(end, 0, 1)) for end in bootstrap.basic(value, samples, level))
    near = None if own is None else _nearest(table, drawn, own, level)
    places = brand_maps.aligned(np.stack(fitted), axes.brands)[:, :, :2]
    return Plane(way, axes, p, test, data.people, stressed, Chance(places, (value, min(low, value), max(high, value)), near))


def _padded(points: Array, axes: int) -> Array:
    kept = points[:, :axes]
    return np.pad(kept, ((0, 0), (0, axes - kept.shape[1])))


def _tables(values: Array, draws: int, table: Array, rng: np.random.Generator) -> Array:
    """Mean dissimilarities of resampled people (draws, B, B)."""
    flat = values.reshape(len(values), -1)
    cells = np.concatenate([np.nan_to_num(flat), (~np.isnan(flat)).astype(np.float64)], axis=1)
    total, asked = np.split(bootstrap.sums(cells, draws, rng), 2, axis=1)
    return np.divide(total, asked, out=np.tile(table.ravel(), (draws, 1)), where=asked > 0).reshape(-1, *table.shape)


def _nearest(table: Array, drawn: Array, own: int, level: float) -> Nearest:
    """Stated dissimilarities need no noise taken off: a mean is right on average."""
    others = [b for b in range(len(table)) if b != own]
    value, samples = table[own, others], drawn[:, own, others]
    low, high = bootstrap.percentiles(samples, level)
    p = np.bincount(samples.argmin(axis=1), minlength=len(others)) / len(samples)
    first = int(value.argmin())
    return Nearest(value, np.minimum(low, value), np.maximum(high, value), p, (float(value[first]), float(low[first]), float(high[first])))
