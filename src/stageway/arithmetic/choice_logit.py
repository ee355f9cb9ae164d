"""The conditional logit: which of the alternatives of a set is taken, by a sum of worths.

    P(i | set) = exp(x_i β) / Σ_j exp(x_j β)        log-likelihood concave, maximised by Newton's method

Sets may differ in size. People answer several sets, so variances add the scores of a person first (sandwich, m/(m − 1) for m people).
Sources: McFadden (1974), in Frontiers in Econometrics, 105–142; Liang & Zeger (1986), Biometrika 73, 13–22; Albert & Anderson (1984),
Biometrika 71, 1–10 (separation); Hausman & McFadden (1984), Econometrica 52, 1219–1240; Krinsky & Robb (1986), Rev. Econ. Stat. 68, 715–719.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
STEPS, SMALL = 40, 1e-9
#: a spread of worths within a set beyond which a fit is suspected to run off to infinity
SUSPECT = 12.0


@dataclass(frozen=True)
class Sets:
    """Choice sets, one after the other: `x` (rows, k); `starts` first row of each set; `chosen` the row taken; `person` 0 … people − 1."""

    x: Array
    starts: Ints
    chosen: Ints
    person: Ints
    people: int

    @property
    def sizes(self) -> Ints:
        return np.diff(np.append(self.starts, len(self.x)))

    def of(self, keep: NDArray[np.bool_]) -> Sets:
        """The sets of a mask; people keep their numbers."""
        sizes = self.sizes
        rows = np.repeat(keep, sizes)
        left = np.cumsum(rows) - 1
        starts = np.concatenate([[0], np.cumsum(sizes[keep])[:-1]]).astype(np.int64) if keep.any() else np.empty(0, dtype=np.int64)
        return Sets(self.x[rows], starts, left[self.chosen[keep]], self.person[keep], self.people)


@dataclass(frozen=True)
class Fit:
    """`beta` (k) with its information (k, k) and the log-likelihood; `influence` (people, k) of each person on beta."""

    beta: Array
    information: Array
    log_likelihood: float
    null: float
    influence: Array
    converged: bool

    @property
    def covariance(self) -> Array:
        """Clustered by person, over the people who answered a set."""
        return clustered(self.influence)

    @property
    def people(self) -> int:
        return int(np.any(self.influence != 0, axis=1).sum())

    @property
    def r_squared(self) -> float:
        """McFadden's, against equal chances."""
        return 1 - self.log_likelihood / self.null if self.null < 0 else 0.0


def clustered(influence: Array) -> Array:
    """The covariance of estimates from the influence (people, k) of each person; rows of zeros are people without data."""
    m = int(np.any(influence != 0, axis=1).sum())
    made: Array = influence.T @ influence * (m / (m - 1) if m > 1 else math.inf)
    return made


def probabilities(worths: Array, starts: Ints, sizes: Ints) -> tuple[Array, Array]:
    """(chance of each row within its set, log of the sum of exponentials of each set) from the worths of the rows."""
    top = np.maximum.reduceat(worths, starts)
    raised = np.exp(worths - np.repeat(top, sizes))
    total = np.add.reduceat(raised, starts)
    return raised / np.repeat(total, sizes), top + np.log(total)


def fit(sets: Sets, start: Array | None = None) -> Fit:
    """The maximum of the likelihood. `converged` is False where it was not reached: look for separation then.

    Raises ValueError where attributes cannot be told apart (the information is singular at equal chances).
    """
    k, sizes = sets.x.shape[1], sets.sizes
    beta = np.zeros(k) if start is None else start.astype(np.float64)
    value, p = _likelihood(sets, beta, sizes)
    done = False
    for _ in range(STEPS):
        mean = np.add.reduceat(sets.x * p[:, None], sets.starts, axis=0)
        gradient = (sets.x[sets.chosen] - mean).sum(axis=0)
        information = (sets.x * p[:, None]).T @ sets.x - mean.T @ mean
        try:
            step = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:
            break
        gain = float(gradient @ step)
        if not np.isfinite(gain) or gain < SMALL:
            done = bool(np.isfinite(gain))
            break
        scale = 1.0
        better, moved = _likelihood(sets, beta + step, sizes)
        while better < value and scale > 1e-6:
            scale /= 2
            better, moved = _likelihood(sets, beta + scale * step, sizes)
        if better < value:
            break
        beta, value, p = beta + scale * step, better, moved
    mean = np.add.reduceat(sets.x * p[:, None], sets.starts, axis=0)
    information = (sets.x * p[:, None]).T @ sets.x - mean.T @ mean
    scores = np.zeros((sets.people, k))
    np.add.at(scores, sets.person, sets.x[sets.chosen] - mean)
    influence = scores @ np.linalg.pinv(information)
    return Fit(beta, information, value, -float(np.log(sizes).sum()), influence, done)


def _likelihood(sets: Sets, beta: Array, sizes: Ints) -> tuple[float, Array]:
    worths = sets.x @ beta
    p, log_sum = probabilities(worths, sets.starts, sizes)
    return float(worths[sets.chosen].sum() - log_sum.sum()), p


def aliased(x: Array, starts: Ints) -> list[int]:
    """Columns that the columns before them fix within every set (pivots of the differences to the set's first row): not estimable."""
    sizes = np.diff(np.append(starts, len(x)))
    differences = x - np.repeat(x[starts], sizes, axis=0)
    scale = np.sqrt((differences**2).sum(axis=0))
    square = (differences / np.where(scale > 0, scale, 1.0)).T @ (differences / np.where(scale > 0, scale, 1.0))
    kept: list[int] = []
    lost: list[int] = []
    for j in range(x.shape[1]):
        rest = square[j, j]
        if kept and rest > 0:
            part = square[np.ix_(kept, kept)]
            rest -= float(square[j, kept] @ np.linalg.solve(part, square[kept, j]))
        (kept if rest > 1e-8 else lost).append(j)
    return lost


def separating(sets: Sets, found: Fit) -> Array | None:
    """A direction (k) along which the likelihood never falls, so that no finite maximum exists; None where there is one.

    Looked for (by linear programming) only where the fit gives reason to: not converged, or worths of a set far apart.
    """
    worths = sets.x @ found.beta
    spread = np.maximum.reduceat(worths, sets.starts) - np.minimum.reduceat(worths, sets.starts)
    if found.converged and float(spread.max()) < SUSPECT:
        return None
    from scipy.optimize import linprog

    differences = np.repeat(sets.x[sets.chosen], sets.sizes, axis=0) - sets.x
    differences = np.unique(np.round(differences, 9), axis=0)
    scale = np.abs(differences).max(axis=0)
    scale[scale == 0] = 1.0
    differences = differences[np.any(differences != 0, axis=1)] / scale
    solved = linprog(-differences.sum(axis=0), A_ub=-differences, b_ub=np.zeros(len(differences)), bounds=(-1, 1), method="highs")
    if solved.status != 0 or -solved.fun < 1e-7:
        return None
    direction: Array = solved.x / scale
    return direction


def draws(beta: Array, covariance: Array, df: float, count: int, rng: np.random.Generator) -> Array:
    """(count, k) draws from what is known of beta: normal for many people, t with `df` for few. Takes a covariance of any rank."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    spread = rng.standard_normal((count, len(beta))) @ root.T
    made: Array = beta + spread * np.sqrt(df / rng.chisquare(df, size=count))[:, None]
    return made


def wald(difference: Array, covariance: Array, people: int) -> tuple[float, int]:
    """(p, rank) of the test that a vector is 0, by F with the rank and people − rank; p is NaN where people do not suffice."""
    from scipy.special import fdtrc

    values, vectors = np.linalg.eigh(covariance)
    keep = values > max(float(values.max(initial=0.0)), 0.0) * 1e-9
    rank = int(keep.sum())
    if rank == 0 or people - rank < 1:
        return math.nan, rank
    turned = vectors[:, keep].T @ difference
    statistic = float(np.sum(turned**2 / values[keep]))
    return float(fdtrc(rank, people - rank, statistic * (people - rank) / (rank * max(people - 1, 1)))), rank


def independence_of(sets: Sets, found: Fit, without: NDArray[np.bool_]) -> float:
    """p of Hausman & McFadden's test: whether worths stay where the rows of `without` are left out, as the logit has it.

    The variance of the change comes from the people's influence on both fits, so it holds for repeated answers. NaN where the
    smaller choice cannot be fitted.
    """
    rows = ~without
    sizes = np.add.reduceat(rows.astype(np.int64), sets.starts)
    keep = rows[sets.chosen] & (sizes > 1)
    kept_rows = rows & np.repeat(keep, sets.sizes)
    if keep.sum() < 30:
        return math.nan
    starts = np.concatenate([[0], np.cumsum(sizes[keep])[:-1]]).astype(np.int64)
    chosen = (np.cumsum(kept_rows) - 1)[sets.chosen[keep]]
    x = sets.x[kept_rows]
    lost = aliased(x, starts)
    stay = [j for j in range(x.shape[1]) if j not in lost]
    if not stay:
        return math.nan
    smaller = Sets(x[:, stay], starts, chosen, sets.person[keep], sets.people)
    again = fit(smaller, found.beta[stay])
    if not again.converged or separating(smaller, again) is not None:
        return math.nan
    covariance = clustered(again.influence - found.influence[:, stay])
    return wald(again.beta - found.beta[stay], covariance, found.people)[0]


def alike(betas: list[Array], covariances: list[Array]) -> float:
    """p of the chi-square test that independent groups share one vector (Cochran's Q); NaN where a covariance cannot be inverted."""
    from scipy.special import chdtrc

    if any(np.linalg.matrix_rank(c) < len(c) for c in covariances):
        return math.nan
    weights = [np.linalg.inv(c) for c in covariances]
    middle = np.linalg.solve(np.sum(weights, axis=0), np.sum([w @ b for w, b in zip(weights, betas, strict=True)], axis=0))
    q = sum(float((b - middle) @ w @ (b - middle)) for w, b in zip(weights, betas, strict=True))
    return float(chdtrc((len(betas) - 1) * len(middle), q))
