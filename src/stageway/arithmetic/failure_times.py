"""Failures of one system over its operating time: how often, whether they thin out, and how many are left.

Times in the unit that goes in. `total` is the time observed; `at_failure` says that the last failure ended it (then its time is the total).
Sources: Crow (1974), in Reliability and Biometry (SIAM), 379–410, and MIL-HDBK-189 (1981), App. C (power law, chi-square interval of β);
Epstein & Sobel (1953), JASA 48, 486–502 (chi-square bounds of a mean time); Laplace trend test: Cox & Lewis (1966), ch. 3; Goel & Okumoto
(1979), IEEE Trans. Reliab. R-28, 206–211; a finite maximum exists only where mean(t) < T/2: Knafl & Morgan (1996), IEEE Trans. Reliab. 45.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
#: 95% quantile of chi-square with one degree of freedom, halved: how far a profile likelihood may fall.
DROP = 1.9207294103470494
CELLS = 4_000_000


@dataclass(frozen=True)
class Failures:
    """`times` ascending, above 0, none above `total`."""

    times: Array
    total: float
    at_failure: bool

    @property
    def n(self) -> int:
        return int(self.times.size)

    @property
    def inner(self) -> Array:
        """The times that are free to vary: without the last one where it ended the observation."""
        return self.times[:-1] if self.at_failure else self.times


def chi_square_quantile(p: float, df: float) -> float:
    from scipy.special import gammaincinv

    return float(2 * gammaincinv(df / 2, p))


def mean_time(failures: Failures, level: float = 0.95) -> tuple[float, float, float]:
    """(mean time between failures, low, high) at a constant rate. ValueError without a failure."""
    if not failures.n:
        raise ValueError("no failure: there is a lower bound only")
    tail, twice = (1 - level) / 2, 2 * failures.total
    low = twice / chi_square_quantile(1 - tail, 2 * failures.n + (0 if failures.at_failure else 2))
    return failures.total / failures.n, low, twice / chi_square_quantile(tail, 2 * failures.n)


def least_mean_time(total: float, n: int, level: float = 0.95) -> float:
    """One-sided lower bound of the mean time between failures after `total` without end at a failure; also for n = 0."""
    return 2 * total / chi_square_quantile(level, 2 * n + 2)


def growth(failures: Failures, level: float = 0.95, *, unbiased: bool = False) -> tuple[float, float, float]:
    """(β, low, high) of E N(t) = λ t^β: the maximum likelihood, or made unbiased; the interval is exact and the same for both.

    ValueError where fewer than two times are free or all of them are the end.
    """
    logs = float(np.sum(np.log(failures.total / failures.inner)))
    free = failures.inner.size
    if free < 2 or not logs > 0:
        raise ValueError("too few failures, or all at the end: no growth can be estimated")
    tail = (1 - level) / 2
    low, high = (chi_square_quantile(p, 2 * free) / (2 * logs) for p in (tail, 1 - tail))
    return (free - 1 if unbiased else failures.n) / logs, low, high


def mean_time_now(failures: Failures, beta: float, level: float = 0.95) -> tuple[float, float, float]:
    """(1 / (λ β T^(β−1)), low, high): the mean time between failures at the end, with the interval of Fisher's information on the log scale."""
    from stageway.arithmetic.intervals import z_of

    value = failures.total / (failures.n * beta)
    factor = math.exp(z_of(level) * math.sqrt(2 / failures.n))
    return value, value / factor, value * factor


def laplace(failures: Failures) -> float:
    """U = (mean(t) − T/2) / (T √(1/(12 n))), standard normal at a constant rate; below 0 failures thin out. ValueError without a free time."""
    if not failures.inner.size:
        raise ValueError("no time is free to vary")
    mean = float(failures.inner.mean())
    return (mean - failures.total / 2) / (failures.total * math.sqrt(1 / (12 * failures.inner.size)))


def misfit(failures: Failures, draws: int, rng: np.random.Generator) -> float:
    """p of Cramér–von Mises that the power law holds; the law of the statistic is drawn, for it depends on nothing but n."""
    shares = failures.inner / failures.total
    seen = float(_cramer_von_mises(np.sort(shares)[None, :])[0])
    count = max(200, min(draws, CELLS // max(1, shares.size)))
    drawn = _cramer_von_mises(np.sort(rng.random((count, shares.size)), axis=1))
    return float((np.count_nonzero(drawn >= seen) + 1) / (count + 1))


def _cramer_von_mises(shares: Array) -> Array:
    m = shares.shape[1]
    logs = -np.log(np.clip(shares, 1e-300, 1.0)).sum(axis=1)
    beta = (m - 1) / np.maximum(logs, 1e-300)
    expected = (2 * np.arange(1, m + 1) - 1) / (2 * m)
    return np.asarray(1 / (12 * m) + ((shares ** beta[:, None] - expected) ** 2).sum(axis=1))


# ── Goel and Okumoto ──


@dataclass(frozen=True)
class Exponential:
    """m(t) = a (1 − e^(−b t)); `remaining` = a e^(−b T), with its profile likelihood interval (high may be inf)."""

    a: float
    b: float
    remaining: float
    low: float
    high: float


def goel_okumoto(failures: Failures) -> Exponential:
    """Maximum likelihood. ValueError where mean(t) ≥ T/2: the likelihood then grows without end, and there is no number.

    So too where mean(t) < T/300: all failures came at the very start, and the curve ends there.
    """
    times, total, n = failures.times, failures.total, failures.n
    if n < 2 or not times.mean() < total / 2:
        raise ValueError("the failures do not thin out: no finite number of faults fits")
    x = _root(lambda x: 1 / x - 1 / math.expm1(x) - float(times.mean()) / total, 1e-6, 300.0)
    b = x / total
    a = n / -math.expm1(-x)
    remaining = a * math.exp(-x)
    best = _likelihood(failures, remaining, b)
    flat = n * math.log(n / total) - n

    def above(log_r: float) -> float:
        return _profile(failures, math.exp(log_r)) - best + DROP

    middle = math.log(remaining)
    low = middle
    while above(low) > 0 and low > middle - 200:
        low -= 1
    lowest = math.exp(_root(above, low, middle)) if above(low) < 0 else 0.0
    if best - flat < DROP:
        return Exponential(a, b, remaining, lowest, math.inf)
    high = middle
    while above(high) > 0 and high < middle + 60:
        high += 1
    return Exponential(a, b, remaining, lowest, math.exp(_root(above, middle, high)) if above(high) < 0 else math.inf)


def _likelihood(failures: Failures, remaining: float, b: float) -> float:
    """ln L with a = r e^(bT), which keeps the remaining faults r as a parameter."""
    n, total = failures.n, failures.total
    return n * (math.log(remaining) + b * total + math.log(b)) - b * float(failures.times.sum()) - remaining * math.expm1(b * total)


def _profile(failures: Failures, remaining: float) -> float:
    n, total = failures.n, failures.total
    free = n * total - float(failures.times.sum())

    def slope(x: float) -> float:
        return free / total + n / x - remaining * math.exp(x)

    x = _root(slope, 1e-12, 600.0)
    return _likelihood(failures, remaining, x / total)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(function, low, high, xtol=1e-13, rtol=1e-13, maxiter=500))


def availability(up: float, repairs: Array, level: float = 0.95) -> tuple[float, float, float]:
    """(up / (up + down), low, high); the interval takes times to failure and to repair as exponential: their ratio follows F(2n, 2n)."""
    from scipy.special import fdtri

    n, ratio = repairs.size, float(repairs.sum()) / up
    tail = (1 - level) / 2
    worst, best = ratio * float(fdtri(2 * n, 2 * n, 1 - tail)), ratio * float(fdtri(2 * n, 2 * n, tail))
    return 1 / (1 + ratio), 1 / (1 + worst), 1 / (1 + best)
