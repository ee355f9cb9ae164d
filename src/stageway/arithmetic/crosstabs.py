"""Answers by segment: a test that is right for small and for weighted counts, and how strong the relation is.

Weighted counts are scaled to the effective sample size before chi-square (Rao & Scott's first-order correction with Kish's design effect).
Cramér's V is corrected for its bias; its interval comes from the noncentral chi-square.

Sources: Rao & Scott (1981), JASA 76, 221-230; Fisher (1935), JRSS 98, 39-54; Cramér (1946), Mathematical Methods of Statistics, s. 21.9;
Bergsma (2013), J. Korean Stat. Soc. 42, 323-328 (correction of V); Smithson (2003), Confidence Intervals, ch. 4 (interval of V).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import proportions

Array = NDArray[np.float64]
#: Expected count below which chi-square is not trusted.
SPARSE = 5.0
TESTS = ("chi_square", "fisher", "monte_carlo", "rao_scott")


@dataclass(frozen=True)
class Association:
    """`test` is one of TESTS; `v` is corrected for bias. `residuals` of the rows and columns that are not empty."""

    p: float
    test: str
    v: float
    low: float
    high: float
    residuals: Array


def filled(table: Array) -> Array:
    """Without empty rows and columns."""
    kept = table[table.sum(axis=1) > 0]
    return np.asarray(kept[:, table.sum(axis=0) > 0])


def least_expected(table: Array) -> float:
    return float((table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / table.sum()).min())


def chi_square(tables: Array) -> Array:
    """Pearson's chi-square of each table of counts: (…, rows, columns); cells that expect nothing add nothing."""
    rows, columns = tables.sum(axis=-1, keepdims=True), tables.sum(axis=-2, keepdims=True)
    expected = rows * columns / tables.sum(axis=(-2, -1), keepdims=True)
    parts: Array = np.divide((tables - expected) ** 2, expected, out=np.zeros_like(expected), where=expected > 0)
    return np.asarray(parts.sum(axis=(-2, -1)), dtype=np.float64)


def corrected_v(chi2: float, n: float, shape: tuple[int, int]) -> float:
    """Cramér's V with its bias taken off (Bergsma 2013)."""
    r, c = shape
    phi = max(0.0, chi2 / n - (r - 1) * (c - 1) / (n - 1))
    least = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    return min(1.0, (phi / least) ** 0.5) if least > 0 else 0.0


def v_interval(chi2: float, n: float, shape: tuple[int, int], level: float) -> tuple[float, float]:
    """Ends of V whose noncentral chi-square would give a value as large, or as small, in (1 − level)/2 of the samples.

    The lower end exceeds 0 just where chi-square is significant at 1 − level; a table that fits independence better than chance does has the
    upper end of one that fits as chance does. (Resampled V's are biased twice, and their middle is no interval.)
    """
    from scipy.special import chndtr, chndtrinc

    df, least = (shape[0] - 1) * (shape[1] - 1), min(shape) - 1
    ends = [float(chndtrinc(at, df, p)) if chndtr(at, df, 0) > p else 0.0 for at, p in ((chi2, (1 + level) / 2), (max(chi2, df), (1 - level) / 2))]
    low, high = (min(1.0, (nc / (n * least)) ** 0.5) for nc in ends)
    return low, high


def associate(table: Array, n_eff: float, *, weighted: bool, draws: int, rng: np.random.Generator, level: float) -> Association | None:
    """`table` (segments, answers) of counts, or of weights that sum to what they like. None below two rows or columns, or three people."""
    counts = filled(np.asarray(table, dtype=np.float64))
    if min(counts.shape) < 2 or n_eff < 3:
        return None
    scaled = counts * n_eff / counts.sum()
    n, shape = float(n_eff), (counts.shape[0], counts.shape[1])
    p, test = _tested(scaled, weighted=weighted, draws=draws, rng=rng)
    chi2 = float(chi_square(scaled))
    v, (low, high) = corrected_v(chi2, n, shape), v_interval(chi2, n, shape, level)
    return Association(p, test, v, min(low, v), max(high, v), proportions.adjusted_residuals(scaled))


def _tested(table: Array, *, weighted: bool, draws: int, rng: np.random.Generator) -> tuple[float, str]:
    if weighted:
        return proportions.independence(table), "rao_scott"
    if least_expected(table) >= SPARSE:
        return proportions.independence(table), "chi_square"
    from scipy import stats

    whole = np.round(table).astype(np.int64)
    if whole.shape == (2, 2):
        return float(stats.fisher_exact(whole).pvalue), "fisher"
    drawn = stats.random_table(whole.sum(axis=1), whole.sum(axis=0), seed=rng).rvs(draws, random_state=rng).astype(np.float64)
    as_far = np.count_nonzero(chi_square(drawn) >= chi_square(whole.astype(np.float64)) - 1e-9)
    return (as_far + 1) / (draws + 1), "monte_carlo"
