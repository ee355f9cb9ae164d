"""Weights of people: raking to margins, trimming, what they cost; weighted shares and means with their intervals.

A share of weighted people gets Wilson's interval at the effective sample size n_eff = (Σw)²/Σw² of its base; a mean gets a t interval
with the linearised standard error. Both ignore what raking gains on answers related to the margins: they are not too narrow for it.

Sources: Deming & Stephan (1940), Ann. Math. Stat. 11, 427-444 (raking); Kish (1965), Survey Sampling, s. 11.7 (design effect, n_eff).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import intervals

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Shares within which margins count as reached.
CLOSE = 1e-6


@dataclass(frozen=True)
class Margin:
    """A variable whose shares in the population are known: `place` of each person among `categories` (−1 unknown), `target` shares sum to 1."""

    name: str
    categories: tuple[str, ...]
    target: Array
    place: Ints

    def shares(self, weights: Array) -> Array:
        """Weighted shares of the categories among people whose category is known."""
        known = self.place >= 0
        sums = np.bincount(self.place[known], weights=weights[known], minlength=self.target.size).astype(np.float64)
        return sums / sums.sum() if sums.sum() > 0 else np.full(self.target.size, np.nan)

    def gap(self, weights: Array) -> float:
        return float(np.max(np.abs(self.shares(weights) - self.target)))


@dataclass(frozen=True)
class Raked:
    """Weights with mean 1; `trimmed` people were held at the cap; `reached` where every margin is met within CLOSE."""

    weights: Array
    rounds: int
    trimmed: int
    reached: bool


def n_eff(weights: Array) -> float:
    """(Σw)²/Σw²: so many people without weights are as precise."""
    total = float(np.sum(weights))
    return total**2 / float(np.sum(weights**2)) if total > 0 else 0.0


def design_effect(weights: Array) -> float:
    """Kish's n Σw²/(Σw)² over people with a weight above 0."""
    return float((weights > 0).sum()) / n_eff(weights)


def rake(base: Array, margins: Sequence[Margin], *, cap: float, rounds: int) -> Raked:
    """Multiply `base` in turn until the margins are met; weights above cap × their mean are cut and raked again (0: no cap).

    Categories without people keep nobody: the others of that margin share their part. Raises ValueError where all weights are 0.
    """
    weights = base / base.mean() if base.mean() > 0 else base
    if not weights.sum() > 0:
        raise ValueError("all weights are 0")
    made = 0
    for _ in range(20 if cap > 0 else 1):
        weights, used = _fitted(weights, margins, rounds)
        made += used
        if not (cap > 0 and weights.max() > cap * (1 + 1e-9)):
            break
        weights = np.minimum(weights, cap)
        weights = weights / weights.mean()
    if cap > 0:
        for _ in range(50):
            weights = np.minimum(weights, cap)
            weights = weights / weights.mean()
    held = int((weights > cap * (1 - 1e-6)).sum()) if cap > 0 else 0
    return Raked(weights, made, held, all(margin.gap(weights) <= CLOSE for margin in margins))


def _fitted(weights: Array, margins: Sequence[Margin], rounds: int) -> tuple[Array, int]:
    for made in range(rounds):
        if all(margin.gap(weights) <= CLOSE / 10 for margin in margins):
            return weights, made
        for margin in margins:
            weights = _onto(weights, margin)
        weights = weights / weights.mean()
    return weights, rounds


def _onto(weights: Array, margin: Margin) -> Array:
    """One turn: the people of each category times the same factor, so that its share is the target's."""
    known = margin.place >= 0
    have = np.bincount(margin.place[known], weights=weights[known], minlength=margin.target.size)
    want = np.where(have > 0, margin.target, 0.0)
    if not want.sum() > 0:
        return weights
    factor = np.divide(want / want.sum() * have.sum(), have, out=np.ones_like(want), where=have > 0)
    return np.where(known, weights * factor[np.maximum(margin.place, 0)], weights)


def share(ticked: NDArray[np.bool_], weights: Array, level: float) -> tuple[float, float, float]:
    """(weighted share, low, high) of people with a weight; Wilson at n_eff."""
    n = n_eff(weights)
    p = float(np.sum(weights[ticked]) / np.sum(weights)) if ticked.any() else 0.0
    p = 1.0 if ticked.all() else min(1.0, p)
    return p, *intervals.wilson(min(n, p * n), n, level)


def mean(values: Array, weights: Array, level: float) -> tuple[float, float, float] | None:
    """(weighted mean, low, high); None below two people, or where the values do not vary."""
    n = int(values.size)
    if n < 2 or np.ptp(values) == 0:
        return None
    total = float(np.sum(weights))
    middle = float(np.sum(weights * values) / total)
    error = math.sqrt(n / (n - 1) * float(np.sum((weights * (values - middle)) ** 2))) / total
    half = intervals.t_of(level, max(1.0, n_eff(weights) - 1)) * error
    return middle, middle - half, middle + half
