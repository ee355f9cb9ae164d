"""What more spend brings: customers (or revenue) of a period as a power of its spend, E y = c · x^e · (trend).

    e is the elasticity: 1 % more spend brings e % more; below 1 returns diminish. At the mean spend x̄ one unit more brings m = e c x̄^(e − 1).
    Poisson quasi-likelihood with dispersion φ; where residuals follow each other, the error of Newey & West if it is larger; Student's t.
Sources: McCullagh & Nelder (1989), ch. 9 (quasi-likelihood); Newey & West (1987), Econometrica 55, 703–708; Santos Silva & Tenreyro (2006),
Rev. Econ. Stat. 88, 641–658 (power laws fitted without logs of the outcome).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.backlog import dispersion
from stageway.arithmetic.intervals import t_of

Array = NDArray[np.float64]
#: Periods with spend that a curve needs, and how far the logs of spend must spread (standard deviation).
LEAST, SPREAD = 12, 0.15
TREND_FROM = 24


@dataclass(frozen=True)
class Response:
    """(value, low, high) of the elasticity and of what one unit of spend more brings at the mean spend.

    `phi` is the dispersion of counts around the curve, 1 where it is no more than chance; `scale` the plain one, of outcomes of any unit.
    """

    elasticity: tuple[float, float, float]
    marginal: tuple[float, float, float]
    periods: int
    phi: float
    scale: float


def fit(spent: Array, outcome: Array, level: float = 0.95) -> Response:
    """Of periods in their order; those without spend are left out. ValueError where spend hardly varies, periods are few, or nothing was gained."""
    paid = spent > 0
    x, y = spent[paid], outcome[paid]
    if x.size < LEAST or float(np.std(np.log(x), ddof=1)) < SPREAD or not y.sum() > 0 or np.count_nonzero(y) < 3:
        raise ValueError("too few periods, or spend that hardly varies: what more would bring cannot be told")
    logs = np.log(x / x.mean())
    time = np.linspace(-1, 1, spent.size)[paid]
    design = np.column_stack([np.ones(x.size), logs, *([time] if x.size >= TREND_FROM else [])])
    b, mean = quasi_poisson(design, y)
    covariance = covariance_of(design, y, mean)
    t = t_of(level, x.size - design.shape[1])
    half = t * math.sqrt(covariance[1, 1])
    rate = math.exp(b[0]) / float(x.mean())
    slope = rate * np.array([b[1], 1.0, *([0.0] * (design.shape[1] - 2))])
    reach = t * math.sqrt(float(slope @ covariance @ slope))
    value = float(b[1]) * rate
    return Response((float(b[1]), float(b[1]) - half, float(b[1]) + half), (value, value - reach, value + reach), int(x.size),
                    dispersion(y, mean, x.size - design.shape[1]), scale_of(y, mean, design.shape[1]))


def quasi_poisson(design: Array, y: Array) -> tuple[Array, Array]:
    """(coefficients, fitted means) of a log link by reweighted least squares. ValueError where it does not settle."""
    b = np.zeros(design.shape[1])
    b[0] = math.log(float(y.mean()))
    for _ in range(100):
        mean = np.exp(np.clip(design @ b, -50, 50))
        step = np.linalg.solve(design.T @ (mean[:, None] * design), design.T @ (y - mean))
        b = b + np.clip(step, -3, 3)
        if np.abs(step).max() < 1e-10:
            return b, np.exp(design @ b)
    raise ValueError("the curve could not be fitted")


def scale_of(y: Array, mean: Array, k: int) -> float:
    """Pearson's χ² over its degrees of freedom, k coefficients fitted."""
    return float(np.sum((y - mean) ** 2 / mean)) / (y.size - k)


def covariance_of(design: Array, y: Array, mean: Array) -> Array:
    """With dispersion (of counts: only where they scatter more than chance); where residuals follow each other, Newey-West's if it is larger."""
    k = design.shape[1]
    bread: Array = np.asarray(np.linalg.inv(design.T @ (mean[:, None] * design)), dtype=np.float64)
    counts = bool(np.all(y == np.round(y)))
    plain = bread * (dispersion(y, mean, y.size - k) if counts else scale_of(y, mean, k))
    if not follows(y - mean, mean):
        return plain
    robust = newey_west(design, y - mean, bread)
    return plain if plain[1, 1] >= robust[1, 1] else robust


def follows(residuals: Array, mean: Array) -> bool:
    """Whether Pearson residuals resemble the one before them more than chance shows (one-sided, 5%)."""
    r = residuals / np.sqrt(mean)
    r = r - r.mean()
    return float(r[1:] @ r[:-1]) > 1.645 / math.sqrt(r.size) * float(r @ r)


def newey_west(design: Array, residuals: Array, bread: Array) -> Array:
    """With Bartlett weights over ⌊4 (T / 100)^(2/9)⌋ lags, times T / (T − k)."""
    t, k = design.shape
    score = design * residuals[:, None]
    meat = score.T @ score
    lags = math.floor(4 * (t / 100) ** (2 / 9))
    for lag in range(1, lags + 1):
        cross = score[lag:].T @ score[:-lag]
        meat = meat + (1 - lag / (lags + 1)) * (cross + cross.T)
    return np.asarray(bread @ meat @ bread * t / (t - k))
