"""How many units an experiment needs, and how small a difference a given number can show.

Two-sided tests of two independent groups, as R's power.prop.test and power.t.test (strict = FALSE: the other tail is left out).
`ratio` is the size of the second group over the first; n is always that of the first group. Shares are fractions of 1.

Sources: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, ch. 4; Cohen (1988), Statistical Power
Analysis, ch. 2; R Core Team, stats::power.prop.test, stats::power.t.test.
"""

from __future__ import annotations

import math


def _quantile(p: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(p))


def n_for_shares(p1: float, p2: float, *, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0) -> float:
    """Units in the first group so that shares p1 and p2 are told apart with `power`. ValueError where there is nothing to tell apart."""
    if not (0 <= p1 <= 1 and 0 <= p2 <= 1) or p1 == p2:
        raise ValueError(f"shares {p1} and {p2} cannot be told apart")
    pooled = (p1 + ratio * p2) / (1 + ratio)
    under_null = _quantile(1 - alpha / 2) * math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    under_effect = _quantile(power) * math.sqrt(p1 * (1 - p1) + p2 * (1 - p2) / ratio)
    return ((under_null + under_effect) / (p1 - p2)) ** 2


def power_of_means(n: float, delta: float, sd: float, *, alpha: float = 0.05, ratio: float = 1.0) -> float:
    """Chance that a t test with n units in the first group sees a difference `delta` of two means with common `sd`."""
    from scipy.special import nctdtr, stdtrit

    df = n * (1 + ratio) - 2
    shift = abs(delta) / (sd * math.sqrt(1 / n + 1 / (n * ratio)))
    return float(1 - nctdtr(df, shift, stdtrit(df, 1 - alpha / 2)))


def n_for_means(delta: float, sd: float, *, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0) -> float:
    """Units in the first group so that a difference `delta` of means is seen with `power`; at least as many as leave one degree of freedom."""
    from scipy.optimize import brentq

    if delta == 0 or not sd > 0:
        raise ValueError(f"a difference of {delta} at a standard deviation of {sd} needs no n")
    least = 3.0001 / (1 + ratio)
    if power_of_means(least, delta, sd, alpha=alpha, ratio=ratio) >= power:
        return least
    normal = (1 + 1 / ratio) * ((_quantile(1 - alpha / 2) + _quantile(power)) * sd / delta) ** 2
    return float(brentq(lambda n: power_of_means(n, delta, sd, alpha=alpha, ratio=ratio) - power, least, 2 * normal + 1000, xtol=1e-6))


def detectable_share(p1: float, n: float, *, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0, upward: bool = True) -> float | None:
    """The smallest difference from p1 that n units in the first group show with `power`; None where even 0 or 1 would not be told apart."""
    from scipy.optimize import brentq

    end, start = (1.0, p1 + 1e-9) if upward else (0.0, p1 - 1e-9)
    if not 0 < p1 < 1 or n_for_shares(p1, end, alpha=alpha, power=power, ratio=ratio) > n:
        return None
    found = brentq(lambda p2: n_for_shares(p1, p2, alpha=alpha, power=power, ratio=ratio) - n, start, end)
    return abs(float(found) - p1)


def detectable_mean(error: float, df: float, *, alpha: float = 0.05, power: float = 0.8) -> float:
    """The smallest difference that a test with standard error `error` and `df` degrees of freedom shows with `power`."""
    from scipy.special import stdtrit

    return float(error * (stdtrit(df, 1 - alpha / 2) + stdtrit(df, power)))
