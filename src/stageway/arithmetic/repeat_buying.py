"""Customers who buy when they like and leave without a word: BG/NBD for how often, Gamma-Gamma for how much.

Arrays of one length, one entry a customer: x repeat purchases, t_x time of the last one, T time observed (from the first purchase), all in
one unit of time; m mean amount of the repeat purchases. Fader, Hardie & Lee (2005), Marketing Science 24, 275-284, equations (6), (10);
P(alive): Fader & Hardie (2008), note 021. Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value", note 025.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.fitting import Fit, fitted

Array = NDArray[np.float64]

#: Entries over which the starts are tried.
PART = 3000


@dataclass(frozen=True)
class Histories:
    """`times` how many customers share the entry (equal histories are kept once); `counts[at]` is x, each count once."""

    x: Array
    t_x: Array
    T: Array
    times: Array
    counts: Array
    at: NDArray[np.intp]

    @classmethod
    def of(cls, x: Array, t_x: Array, T: Array) -> Histories:
        unique, times = np.unique(np.column_stack((x, t_x, T)), axis=0, return_counts=True)
        counts, at = np.unique(unique[:, 0], return_inverse=True)
        return cls(unique[:, 0], unique[:, 1], unique[:, 2], times.astype(np.float64), counts, at.reshape(-1))

    def thinned(self, most: int) -> Histories:
        """At most `most` of the entries, evenly through their order."""
        kept = np.unique(np.linspace(0, self.x.size - 1, most).astype(int))
        counts, at = np.unique(self.x[kept], return_inverse=True)
        return Histories(self.x[kept], self.t_x[kept], self.T[kept], self.times[kept], counts, at.reshape(-1))


def likelihood(p: Array, h: Histories) -> float:
    """The BG/NBD log-likelihood at p = (r, alpha, a, b)."""
    from scipy.special import gammaln

    r, alpha, a, b = p
    k = h.counts
    first = gammaln(r + k) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) + gammaln(b + k) - gammaln(b) - gammaln(a + b + k)
    leaving = np.where(k > 0, np.log(a) - np.log(np.maximum(b + k - 1, 1e-300)), -np.inf)
    stayed = -(r + h.x) * np.log(alpha + h.T)
    left = leaving[h.at] - (r + h.x) * np.log(alpha + h.t_x)
    return float((h.times * (first[h.at] + np.logaddexp(stayed, left))).sum())


def fit_buying(h: Histories) -> Fit:
    """r, alpha, a, b. The likelihood has long flat ridges: several starts over a part of the entries, the best of them over all."""
    gap = max(float((h.T * h.times).sum() / max((h.x * h.times).sum(), 1.0)), 0.03)
    part = h.thinned(PART) if h.x.size > PART else h
    starts = [(0.3, gap * 0.3, 0.8, 2.5), (1.0, gap, 0.3, 3.0), (0.5, 1.0, 1.0, 1.0)]
    best = fitted(lambda p: likelihood(p, part), starts)
    return best if part is h else fitted(lambda p: likelihood(p, h), [tuple(best.values)])


def alive(p: Array, x: Array, t_x: Array, T: Array) -> Array:
    """The probability that each customer still buys."""
    r, alpha, a, b = p
    odds = np.where(x > 0, a / np.maximum(b + x - 1, 1e-300) * np.exp((r + x) * (np.log(alpha + T) - np.log(alpha + t_x))), 0.0)
    return np.asarray(1 / (1 + odds))


def expected(p: Array, x: Array, t_x: Array, T: Array, horizon: float) -> Array:
    """Expected purchases of each customer in the time `horizon` after T (equation 10; Euler's transformation keeps 2F1 finite)."""
    from scipy.special import hyp2f1

    r, alpha, a, b = p
    if abs(a - 1) < 1e-6:
        a = 1 + 1e-6
    z = horizon / (alpha + T + horizon)
    # 2F1(r+x, b+x; a+b+x-1; z) = (1-z)^(a-1-r-x) 2F1(a+b-1-r, a-1; a+b+x-1; z)
    base = np.exp((a - 1 - r - x) * np.log1p(-z)) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
    bought = (a + b + x - 1) / (a - 1) * (1 - np.exp((r + x) * np.log1p(-z)) * base)
    return np.asarray(bought * alive(p, x, t_x, T))


def spend_likelihood(p: Array, x: Array, m: Array) -> float:
    """The Gamma-Gamma log-likelihood at p = (p, q, v), over customers with x > 0."""
    from scipy.special import gammaln

    shape, q, v = p
    k = shape * x
    return float((gammaln(k + q) - gammaln(k) - gammaln(q) + q * np.log(v) + (k - 1) * np.log(m) + k * np.log(x) - (k + q) * np.log(v + m * x)).sum())


def fit_spend(x: Array, m: Array) -> Fit:
    """p, q, v."""
    mean = float(m.mean())
    return fitted(lambda p: spend_likelihood(p, x, m), [(4.0, 4.0, mean), (1.0, 3.0, mean), (10.0, 2.0, mean / 5)])


def expected_spend(p: Array, x: Array, m: Array) -> Array:
    """What each customer is expected to spend on a purchase; the mean of all where they have no repeat purchase. Needs q > 1."""
    shape, q, v = p
    return np.asarray(shape * (v + np.where(x > 0, m, 0.0) * x) / (shape * x + q - 1))


def mean_spend(p: Array) -> float:
    """The mean spend of a purchase over all customers: p v / (q − 1)."""
    return float(p[0] * p[2] / (p[1] - 1)) if p[1] > 1 else float("nan")
