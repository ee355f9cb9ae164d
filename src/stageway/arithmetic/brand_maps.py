"""Brands as points: correspondence analysis, principal components, multidimensional scaling, and what chance does to each.

A table of brands × attributes becomes deviations S (brands, attributes) and a scale w (brands): S = U Σ Vᵀ, brands stand at w·UΣ = w·S·V,
attributes at V. For counts S holds standardised residuals and w = 1/√(row mass), so that distances are chi-square distances; for ratings S
holds centred means and w = 1. Leading axes (…) of an array are resamples.

Error of measurement adds its variance to every squared singular value, and so draws the share of two axes towards that of noise; here the
noise is taken off: SᵀS − E, where E is its covariance over the resamples, and 2E from each resample, which holds it twice.

Sources: Greenacre (2017), Correspondence Analysis in Practice, 3rd ed., ch. 4, 13, 29; Gower (1966), Biometrika 53, 325–338 (classical
scaling); De Leeuw (1977) and Borg & Groenen (2005), Modern Multidimensional Scaling, ch. 8 (SMACOF); Schönemann (1966), Psychometrika
31, 1–10 (Procrustes); Efron (1979).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import bootstrap

Array = NDArray[np.float64]
#: An axis below this part of the longest one is rounding.
ROUNDING = 1e-12


def residuals(tables: Array) -> tuple[Array, Array]:
    """Tables of counts or shares (…, B, J) → (S, w) of correspondence analysis. A brand or attribute without counts gives NaN."""
    with np.errstate(invalid="ignore", divide="ignore"):
        p = tables / tables.sum(axis=(-2, -1), keepdims=True)
        rows, columns = p.sum(axis=-1, keepdims=True), p.sum(axis=-2, keepdims=True)
        return (p - rows * columns) / np.sqrt(rows * columns), 1 / np.sqrt(rows[..., 0])


def centred(means: Array, *, standard: bool) -> tuple[Array, Array]:
    """Means (…, B, J) → (S, w) of principal components; `standard`: each attribute in standard deviations of the brands."""
    away = means - means.mean(axis=-2, keepdims=True)
    if standard:
        with np.errstate(invalid="ignore", divide="ignore"):
            away = away / means.std(axis=-2, ddof=1, keepdims=True)
    return away / (means.shape[-2] - 1) ** 0.5, np.full(means.shape[:-1], (means.shape[-2] - 1) ** 0.5)


@dataclass(frozen=True)
class Axes:
    """`inertias` (K) from the longest axis on, `brands` (B, K) at principal coordinates, `attributes` (J, K) as unit directions (their squares
    are contributions to the axis), `full` (B, B) the distances that the picture should show, `negative` what no axis can show, `fits` (B) how
    well each brand is shown where that is not cos²."""

    inertias: Array
    brands: Array
    attributes: Array
    full: Array
    negative: float = 0.0
    fits: Array | None = None

    @property
    def shares(self) -> Array:
        return np.asarray(self.inertias / (self.inertias.sum() + self.negative))

    @property
    def quality(self) -> Array:
        """cos² of each brand with the plane of the first two axes; 1 for a brand at the centre."""
        if self.fits is not None:
            return self.fits
        squares = self.brands**2
        total = squares.sum(axis=1)
        return np.asarray(np.divide(squares[:, :2].sum(axis=1), total, out=np.ones(len(total)), where=total > ROUNDING * max(1.0, float(total.max()))))

    @property
    def pictured(self) -> Array:
        """Distances (B, B) on the map."""
        return between(self.brands[:, :2])


def between(points: Array) -> Array:
    """Euclidean distances of all pairs of rows."""
    return np.asarray(np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2)))


def decompose(deviations: Array, scale: Array) -> Axes:
    """Axes of one table, each turned so that the attribute that makes it most is on its positive side. ValueError where nothing deviates."""
    _, sizes, v = np.linalg.svd(deviations, full_matrices=False)
    kept = sizes**2 > ROUNDING
    if not kept.any() or not np.isfinite(sizes).all():
        raise ValueError("all brands are alike: there is no axis")
    v = v[kept]
    v = v * np.sign(np.take_along_axis(v, np.abs(np.round(v, 9)).argmax(axis=1)[:, None], axis=1))
    rows = scale[:, None] * deviations
    return Axes(sizes[kept] ** 2, rows @ v.T, v.T, between(rows))


# ── sampling ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def share_of_two(point: Array, drawn: Array, level: float) -> tuple[float, float, float] | None:
    """Share of the first two axes with the noise taken off, and its reflected interval: S (B, J), resampled (draws, B, J).

    None where noise is about all there is. In simulated surveys (50 to 300 people, 4 to 10 brands, 6 to 10 attributes) the 95 % interval
    held the truth in 93 to 100 % of cases, the percentile interval of the plain share in 0 to 69 %.
    """
    noise = np.einsum("dbj,dbk->jk", drawn - drawn.mean(axis=0), drawn - drawn.mean(axis=0)) / len(drawn)
    value, samples = (_two(s, k * noise) for s, k in ((point[None], 1), (drawn, 2)))
    if not np.isfinite(value[0]) or np.isfinite(samples).mean() < (1 + level) / 2:
        return None
    samples = np.where(np.isfinite(samples), samples, 1.0)
    low, high = bootstrap.basic(float(value[0]), samples, level)
    middle = float(np.clip(2 * value[0] - np.median(samples), 0, 1))
    return middle, float(np.clip(min(low, middle), 0, 1)), float(np.clip(max(high, middle), 0, 1))


def _two(deviations: Array, noise: Array) -> Array:
    gram = np.swapaxes(deviations, -1, -2) @ deviations - noise
    total = np.trace(gram, axis1=-2, axis2=-1)
    first = np.linalg.eigvalsh(gram)[..., -2:].sum(axis=-1)
    return np.asarray(np.divide(first, total, out=np.full(total.shape, np.nan), where=total > 1e-9))


def aligned(drawn: Array, target: Array) -> Array:
    """Resampled configurations (draws, B, K) turned and mirrored onto `target` (B, K) so that they fit it best; nothing is stretched."""
    u, _, v = np.linalg.svd(np.swapaxes(drawn, -1, -2) @ target)
    return np.asarray(drawn @ (u @ v))


def regions(deviations: Array, scale: Array, axes: Axes) -> Array:
    """Resampled (S, w) → brands on the plane of the map (draws, B, 2), Procrustes-aligned in the space of all axes."""
    k = axes.brands.shape[1]
    _, _, v = np.linalg.svd(deviations, full_matrices=False)
    places = scale[..., None] * (deviations @ np.swapaxes(v[:, :k], -1, -2))
    return aligned(places, axes.brands)[:, :, :2]


def ellipse(centre: Array, drawn: Array, level: float, corners: int = 48) -> Array:
    """Closed outline (corners + 1, 2) of the region that holds `level` of a normal distribution with the covariance of `drawn` (draws, 2)."""
    sizes, directions = np.linalg.eigh(np.cov(drawn.T))
    reach = np.sqrt(-2 * np.log(1 - level))
    turn = np.linspace(0, 2 * np.pi, corners + 1)
    circle = np.column_stack([np.cos(turn), np.sin(turn)]) * np.sqrt(np.maximum(sizes, 0)) * reach
    return np.asarray(centre + circle @ directions.T)


# ── a test before a map ───────────────────────────────────────────────────────────────────────────────────────────────


def total_inertia(shares: Array) -> float:
    """Chi-square of a table over its total, the sum over all axes; brand and attribute sizes are taken off."""
    return float(np.nansum(residuals(shares[None])[0] ** 2))


def between_brands(means: Array, spread: Array) -> float:
    """Sum over attributes of squared deviations of brand means, in units of `spread` (variance of all values of the attribute)."""
    return float(np.nansum((means - np.nanmean(means, axis=0)) ** 2 / spread))


def permuted(values: Array, counts: bool, draws: int, rng: np.random.Generator) -> float:
    """p that brands differ no more than when each person's answers change brands at random: values (people, B, J), NaN where not asked.

    Where nobody rates two brands, answers change brands between people. Statistic: `total_inertia` for counts, else `between_brands`.
    """
    spread = np.nanvar(values, axis=(0, 1))

    def statistic(means: Array) -> float:
        return total_inertia(np.nan_to_num(means)) if counts else between_brands(means, spread)

    seen, draw = _whole(values, rng) if not np.isnan(values).any() else _gaps(values, rng)
    least = statistic(seen) * (1 - 1e-9)
    return (sum(statistic(draw()) >= least for _ in range(draws)) + 1) / (draws + 1)


def _whole(values: Array, rng: np.random.Generator) -> tuple[Array, Callable[[], Array]]:
    """Brand means as seen, and with each person's brands shuffled, where everyone rated everything."""
    shape = values.shape[:2]

    def draw() -> Array:
        order = rng.random(shape).argsort(axis=1)
        return np.asarray(np.take_along_axis(values, order[:, :, None], axis=1).mean(axis=0))

    return values.mean(axis=0), draw


def _gaps(values: Array, rng: np.random.Generator) -> tuple[Array, Callable[[], Array]]:
    """The same where cells are missing: a person's answers change places among the brands that he rated."""
    person, brand = np.nonzero((~np.isnan(values)).any(axis=2))
    answers = values[person, brand]
    known = (~np.isnan(answers)).astype(np.float64)
    filled = np.nan_to_num(answers) * known
    group = person if np.bincount(person).max() > 1 else np.zeros_like(person)
    member = (brand[None] == np.arange(values.shape[1])[:, None]).astype(np.float64)

    def means(order: NDArray[np.int64]) -> Array:
        asked = member @ known[order]
        return np.asarray(np.divide(member @ filled[order], asked, out=np.full(asked.shape, np.nan), where=asked > 0))

    return means(np.arange(len(person))), lambda: means(np.lexsort((rng.random(len(person)), group)))


def first_axis_p(deviations: Array, draws: int, rng: np.random.Generator) -> float:
    """Parallel analysis by permutation (Horn 1965; Buja & Eyuboglu 1992): p of the first axis where each attribute is shuffled over the brands."""
    drawn = rng.permuted(np.broadcast_to(deviations, (draws, *deviations.shape)), axis=1)
    sizes = np.linalg.svd(drawn, compute_uv=False)[:, 0]
    return float((np.count_nonzero(sizes >= np.linalg.svd(deviations, compute_uv=False)[0] * (1 - 1e-9)) + 1) / (draws + 1))
