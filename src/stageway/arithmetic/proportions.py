"""Tests on counts: two shares, several shares, the cells of a table; and corrections where many are looked at.

Sources: Campbell (2007), Stat. Med. 26, 3661–3675 (N − 1 chi-square); Haberman (1973), Biometrics 29, 205–220 (adjusted residuals);
Holm (1979), Scand. J. Stat. 6, 65–70; Benjamini & Hochberg (1995), JRSS B 57, 289–300.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def p_of_z(z: float) -> float:
    """Two-sided p of a standard normal value."""
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(z)))


def pooled_z(x1: float, n1: float, x2: float, n2: float) -> float:
    """z of x1/n1 − x2/n2 with the pooled standard error; z² is Pearson's chi-square. ValueError where all or none succeeded."""
    pooled = (x1 + x2) / (n1 + n2)
    if not 0 < pooled < 1:
        raise ValueError("two shares that are both 0 or both 1 cannot be tested")
    return (x1 / n1 - x2 / n2) / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))


def n_minus_1(x1: float, n1: float, x2: float, n2: float) -> float:
    """Two-sided p of the N − 1 chi-square test of two independent shares (for small samples with expected counts ≥ 1)."""
    total = n1 + n2
    return p_of_z(pooled_z(x1, n1, x2, n2) * math.sqrt((total - 1) / total))


def chi_square(observed: Array, expected_shares: Array) -> tuple[float, int, float]:
    """(chi-square, df, p) of counts against the shares they should have (goodness of fit; sample ratio)."""
    from scipy.special import chdtrc

    counts, shares = np.asarray(observed, dtype=np.float64), np.asarray(expected_shares, dtype=np.float64)
    expected = counts.sum() * shares / shares.sum()
    if not np.all(expected > 0):
        raise ValueError("a group that should be empty, or no observation at all")
    value, df = float(np.sum((counts - expected) ** 2 / expected)), counts.size - 1
    return value, df, float(chdtrc(df, value))


def independence(table: Array) -> float:
    """p of Pearson's chi-square test that rows and columns of a table of counts are independent; empty rows and columns do not count.

    NaN where fewer than two rows or columns are left.
    """
    from scipy.special import chdtrc

    counts = np.asarray(table, dtype=np.float64)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return math.nan
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0, keepdims=True) / counts.sum()
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return float(chdtrc(df, float(np.sum((counts - expected) ** 2 / expected))))


def adjusted_residuals(table: Array) -> Array:
    """How far each cell of a table of counts lies from what its row and column predict, in standard errors (about N(0, 1)).

    Rows or columns without any count, and a table of one row or column, give NaN there: nothing can be said of them.
    """
    counts = np.asarray(table, dtype=np.float64)
    total = counts.sum()
    if not total > 0:
        return np.full(counts.shape, np.nan)
    rows, columns = counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True)
    expected = rows * columns / total
    variance = expected * (1 - rows / total) * (1 - columns / total)
    residuals: Array = np.divide(counts - expected, np.sqrt(np.maximum(variance, 0)), out=np.full(counts.shape, np.nan), where=variance > 0)
    return residuals


def benjamini_hochberg(p: Array) -> Array:
    """Adjusted p values that hold the share of false discoveries; NaN stays NaN and does not count."""
    return _stepped(p, lambda ordered: np.minimum.accumulate((ordered * ordered.size / np.arange(1, ordered.size + 1))[::-1])[::-1])


def holm(p: Array) -> Array:
    """Adjusted p values that hold the chance of any false finding; NaN stays NaN and does not count."""
    return _stepped(p, lambda ordered: np.maximum.accumulate(ordered * np.arange(ordered.size, 0, -1)))


def _stepped(p: Array, steps: Callable[[Array], Array]) -> Array:
    values = np.asarray(p, dtype=np.float64)
    out = np.full(values.shape, np.nan)
    known = np.flatnonzero(~np.isnan(values.ravel()))
    if known.size:
        order = known[np.argsort(values.ravel()[known], kind="stable")]
        out.ravel()[order] = np.minimum(1.0, steps(values.ravel()[order]))
    return out
