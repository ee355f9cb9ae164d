"""How far raters agree beyond chance, on ordered categories.

Ratings are raters × units, NaN where a rater gave none. 1 is full agreement, 0 what chance gives.
Sources: Krippendorff (2011), Computing Krippendorff’s Alpha-Reliability (ordinal and interval distances); Cohen (1968), Psychol. Bull.
70, 213–220 (weighted kappa); Fleiss & Cohen (1973), Educ. Psychol. Meas. 33, 613–619 (quadratic weights).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def _coincidences(ratings: Array, values: Array) -> Array:
    """Pairs of ratings of one unit, each unit weighing as much as it has ratings (values × values)."""
    found = np.zeros((len(values), len(values)))
    for unit in ratings.T:
        given = unit[~np.isnan(unit)]
        if given.size > 1:
            counts = np.array([np.count_nonzero(given == v) for v in values], dtype=np.float64)
            found += (np.outer(counts, counts) - np.diag(counts)) / (given.size - 1)
    return found


def krippendorff(ratings: Array, distance: str = "ordinal") -> float:
    """Alpha with ordinal or interval distances. ValueError where fewer than two values occur among the units rated twice."""
    values = np.unique(ratings[~np.isnan(ratings)])
    pairs = _coincidences(ratings, values)
    totals = pairs.sum(axis=1)
    n = totals.sum()
    if np.count_nonzero(totals) < 2:
        raise ValueError("ratings that do not vary, or that no two raters share, have no alpha")
    if distance == "ordinal":
        reach = np.cumsum(totals) - totals / 2
        squares = (reach[:, None] - reach[None, :]) ** 2
    else:
        squares = (values[:, None] - values[None, :]) ** 2
    return float(1 - (n - 1) * np.sum(pairs * squares) / np.sum(np.outer(totals, totals) * squares))


def weighted_kappa(ratings: Array, power: int = 1) -> float:
    """Kappa of two raters with weights |difference|^power (1 linear, 2 quadratic), over the units that both rated. ValueError without variation."""
    first, second = ratings[:, ~np.isnan(ratings).any(axis=0)]
    observed = np.abs(first - second) ** power
    expected = np.abs(first[:, None] - second[None, :]) ** power
    if first.size == 0 or not expected.any():
        raise ValueError("ratings that do not vary have no kappa")
    return float(1 - observed.mean() / expected.mean())
