"""Exact tests of the shares of small groups, and the interval of the difference of two shares of the same people.

Sources: Newcombe (1998), Stat. Med. 17, 2635–2650 (method 10, with the correlation corrected for continuity); McNemar (1947),
Psychometrika 12, 153–157 (exact form: a sign test on the discordant pairs); Fisher (1935), JRSS 98, 39–82 (unpaired, exact).
"""

from __future__ import annotations

import math

from stageway.arithmetic.intervals import wilson


def newcombe_paired(both: int, first: int, second: int, neither: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of (both + first)/n − (both + second)/n, where `first` and `second` count the pairs that succeeded on one side only."""
    n = both + first + second + neither
    p1, p2 = (both + first) / n, (both + second) / n
    (low1, high1), (low2, high2) = wilson(both + first, n, level), wilson(both + second, n, level)
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    cross = both * neither - first * second
    phi = 0.0 if margins == 0 else (max(cross - n / 2, 0.0) if cross > 0 else float(cross)) / math.sqrt(margins)

    def reach(a: float, b: float) -> float:
        return math.sqrt(max(0.0, a * a - 2 * phi * a * b + b * b))

    return p1 - p2 - reach(p1 - low1, high2 - p2), p1 - p2 + reach(high1 - p1, p2 - low2)


def mcnemar(first: int, second: int) -> float:
    """Two-sided exact p that as many changed one way as the other. ValueError where nobody changed."""
    from scipy.special import bdtr

    if first + second == 0:
        raise ValueError("no pair differs: there is nothing to test")
    return min(1.0, 2 * float(bdtr(min(first, second), first + second, 0.5)))


def fisher(x1: int, n1: int, x2: int, n2: int) -> float:
    """Two-sided exact p of two independent shares: the tables no more probable than this one. ValueError where all or none succeeded."""
    from scipy.stats import fisher_exact

    if x1 + x2 in (0, n1 + n2):
        raise ValueError("two shares that are both 0 or both 1 cannot be tested")
    return float(fisher_exact([[x1, n1 - x1], [x2, n2 - x2]])[1])


def at_least(x: int, n: int, share: float) -> float:
    """One-sided exact p: the chance of x or more of n successes where the true share is `share`."""
    from scipy.special import bdtrc

    return 1.0 if x <= 0 else float(bdtrc(x - 1, n, share))
