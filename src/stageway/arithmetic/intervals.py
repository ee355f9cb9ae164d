"""Intervals of a share, a difference of shares, a mean, a difference of means, and a count.

Every function takes plain numbers, returns the two ends (low, high) in the unit of what went in, and raises ValueError where
nothing can be computed: callers say so in words, they do not put a neutral number in its place. Shares are fractions of 1.
`x` and `n` may be fractional (weighted data: n = n_eff, x = share × n_eff).

Sources: Wilson (1927), JASA 22, 209–212; Agresti & Coull (1998), Am. Stat. 52, 119–126; Newcombe (1998), Stat. Med. 17, 873–890
(method 10); Garwood (1936), Biometrika 28, 437–442; Welch (1947), Biometrika 34, 28–35; score interval of a mean count: Barker (2002), Am.
Stat. 56, 85–89, at the dispersion of the data: McCullagh & Nelder (1989), Generalized Linear Models, s. 6.2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64] | Sequence[float]


def z_of(level: float) -> float:
    """The two-sided normal quantile: 1.96 at level 0.95."""
    from scipy.special import ndtri

    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    return float(ndtri((1 + level) / 2))


def t_of(level: float, df: float) -> float:
    """The two-sided quantile of Student's t with `df` degrees of freedom."""
    from scipy.special import stdtrit

    if not 0 < level < 1 or not df > 0:
        raise ValueError(f"no t quantile at level {level} with {df} degrees of freedom")
    return float(stdtrit(df, (1 + level) / 2))


def t_tail(t: float, df: float) -> float:
    """Two-sided p of a value of Student's t."""
    from scipy.special import stdtr

    return float(2 * stdtr(df, -abs(t)))


def _share(x: float, n: float) -> float:
    if not n > 0 or not 0 <= x <= n:
        raise ValueError(f"{x} of {n} is not a share")
    return x / n


def wilson(x: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Score interval of the share x of n; its ends lie in [0, 1], at 0 and 1 exactly where x is 0 or n."""
    p, z = _share(x, n), z_of(level)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return 0.0 if x == 0 else max(0.0, centre - half), 1.0 if x == n else min(1.0, centre + half)


def adjusted_wald(x: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Agresti & Coull's interval of the share x of n: z²/2 successes and failures are added; clipped to [0, 1]."""
    _share(x, n)
    z = z_of(level)
    size = n + z * z
    p = (x + z * z / 2) / size
    half = z * math.sqrt(p * (1 - p) / size)
    return max(0.0, p - half), min(1.0, p + half)


def newcombe(x1: float, n1: float, x2: float, n2: float, level: float = 0.95) -> tuple[float, float]:
    """Interval of the difference x1/n1 − x2/n2 of two independent shares, from their Wilson intervals."""
    p1, p2 = _share(x1, n1), _share(x2, n2)
    (low1, high1), (low2, high2) = wilson(x1, n1, level), wilson(x2, n2, level)
    return p1 - p2 - math.hypot(p1 - low1, high2 - p2), p1 - p2 + math.hypot(high1 - p1, p2 - low2)


def poisson(x: float, level: float = 0.95) -> tuple[float, float]:
    """Garwood's exact interval of the expected count where x was counted."""
    from scipy.special import gammaincinv

    if x < 0 or not 0 < level < 1:
        raise ValueError(f"{x} is not a count, or {level} not a level")
    tail = (1 - level) / 2
    return 0.0 if x == 0 else float(gammaincinv(x, tail)), float(gammaincinv(x + 1, 1 - tail))


def mean_t(values: Values, level: float = 0.95) -> tuple[float, float, float, float, int]:
    """(mean, low, high, sd, n) of a mean with its t interval. Needs two values; equal values give an interval of no width."""
    data = np.asarray(values, dtype=np.float64)
    if data.size < 2:
        raise ValueError(f"{data.size} values have no t interval")
    mean, sd = float(data.mean()), float(data.std(ddof=1))
    return mean, *mean_t_of(mean, sd, data.size, level), sd, int(data.size)


def mean_t_of(mean: float, sd: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """The t interval of a mean from its summary: mean, sample standard deviation, n."""
    half = t_of(level, n - 1) * sd / math.sqrt(n)
    return mean - half, mean + half


def mean_count(values: Values, level: float = 0.95) -> tuple[float, float, float]:
    """(mean, low, high) of a mean of counts at least one of which differs from another: those μ with |mean − μ| ≤ t √(φ μ / n), φ = variance / mean.

    The t interval of the mean itself ends too low: counts are skewed, and samples that miss the large ones look as if they varied little.
    """
    data = np.asarray(values, dtype=np.float64)
    mean, _, _, sd, n = mean_t(data, level)
    if not sd > 0 or np.min(data) < 0:
        raise ValueError("counts that do not vary, or are below 0, have no dispersion")
    reach = t_of(level, n - 1) ** 2 * sd**2 / (mean * n)
    half = math.sqrt(reach * mean + (reach / 2) ** 2)
    return mean, max(0.0, mean + reach / 2 - half), mean + reach / 2 + half


def welch(a: Values, b: Values, level: float = 0.95) -> tuple[float, float, float, float, float]:
    """(difference, low, high, p, df) of mean(a) − mean(b), unequal variances, two-sided p. Needs two values a side."""
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.size < 2 or second.size < 2:
        raise ValueError(f"a difference of means needs two values on each side, not {first.size} and {second.size}")
    return welch_of(float(first.mean()), float(first.std(ddof=1)), first.size, float(second.mean()), float(second.std(ddof=1)), second.size, level)


def welch_of(mean_a: float, sd_a: float, n_a: float, mean_b: float, sd_b: float, n_b: float, level: float = 0.95) -> tuple[float, float, float, float, float]:
    """As `welch`, from the two summaries. Raises ValueError where neither side varies: there is no error to compare with."""
    part_a, part_b = sd_a**2 / n_a, sd_b**2 / n_b
    error = math.sqrt(part_a + part_b)
    if not error > 0 or n_a < 2 or n_b < 2:
        raise ValueError("a difference of two means that do not vary has no standard error")
    df = (part_a + part_b) ** 2 / (part_a**2 / (n_a - 1) + part_b**2 / (n_b - 1))
    difference = mean_a - mean_b
    half = t_of(level, df) * error
    return difference, difference - half, difference + half, t_tail(difference / error, df), df


def correlation(r: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """Fisher's interval of a correlation from n pairs (n ≥ 4, |r| < 1)."""
    if n < 4 or not abs(r) < 1:
        raise ValueError(f"a correlation of {r} from {n} pairs has no interval")
    half = z_of(level) / math.sqrt(n - 3)
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)
