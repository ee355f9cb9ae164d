"""A share whose observations hang together: sessions of one user, counts of one day. The user is drawn, not the session.

    p = Σ y / Σ m,  influence of cluster g: u_g = (y_g − p m_g) / Σ m,  var p = G / (G − 1) Σ u_g²,  n_eff = p (1 − p) / var p

y_g of m_g observations of cluster g succeeded. The interval is Wilson's at n_eff, which is shrunk by (z / t)² for the few clusters that
it rests on and never exceeds Σ m. Where every observation succeeded nothing tells how they hang together: n_eff is then G.
Sources: Cochran (1977), Sampling Techniques, 3rd ed., 2.9 and 9A.3 (ratio of cluster totals); Korn & Graubard (1998), Surv. Methodol. 24,
193–201 (effective n with t); Wilson (1927); Zou (2007), Psychol. Methods 12, 399–413 (difference of two correlated figures).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import intervals

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Clustered:
    """Successes `y` of `m` observations by cluster; clusters with m = 0 stay, so that two shares of the same clusters line up."""

    y: Array
    m: Array

    @property
    def total(self) -> float:
        return float(self.m.sum())

    @property
    def share(self) -> float:
        return float(self.y.sum()) / self.total

    @property
    def clusters(self) -> int:
        return int(np.count_nonzero(self.m))

    @property
    def influence(self) -> Array:
        return np.asarray((self.y - self.share * self.m) / self.total)

    @property
    def variance(self) -> float:
        g = self.clusters
        return float(np.sum(self.influence**2)) * g / (g - 1) if g > 1 else math.nan

    def effective(self, level: float = 0.95) -> float:
        """How many independent observations the share is worth."""
        p, g = self.share, self.clusters
        if g < 2 or not 0 < p < 1:
            return float(g)
        n_eff = min(p * (1 - p) / self.variance, self.total) if self.variance > 0 else self.total
        return max(1.0, n_eff * (intervals.z_of(level) / intervals.t_of(level, g - 1)) ** 2)

    def design_effect(self) -> float:
        """How many times wider in variance than if each observation stood alone; 1 at least."""
        p = self.share
        return max(1.0, self.variance * self.total / (p * (1 - p))) if self.clusters > 1 and 0 < p < 1 else 1.0

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        n = self.effective(level)
        return intervals.wilson(self.share * n, n, level)


def correlation(a: Clustered, b: Clustered) -> float:
    """Of the two shares, by the clusters that stand in both."""
    u, v = a.influence, b.influence
    size = math.sqrt(float(np.sum(u**2)) * float(np.sum(v**2)))
    return float(np.sum(u * v)) / size if size > 0 else 0.0


def difference(a: Clustered, b: Clustered, level: float = 0.95) -> tuple[float, float, float]:
    """(share a − share b, low, high) from the two intervals and the correlation of the shares."""
    rho, value = correlation(a, b), a.share - b.share
    (low_a, high_a), (low_b, high_b) = a.interval(level), b.interval(level)

    def reach(x: float, y: float) -> float:
        return math.sqrt(max(0.0, x * x + y * y - 2 * rho * x * y))

    return value, value - reach(a.share - low_a, high_b - b.share), value + reach(high_a - a.share, b.share - low_b)
