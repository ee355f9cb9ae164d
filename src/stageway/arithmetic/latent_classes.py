"""Latent class analysis: people fall into classes, within which their categorical answers are independent.

    P(y) = Σ_c π_c Π_j θ_cj(y_j)        log-likelihood maximised by EM from many starts        a missing answer drops out of its product
    BIC = −2 log L + p ln n, p = (k − 1) + k Σ_j (levels_j − 1)        entropy R² = 1 − Σ −q ln q / (n ln k)

Codes are people × items, levels from 0, −1 where missing. Classes are numbered by falling size.
Sources: Lazarsfeld & Henry (1968), Latent Structure Analysis; Goodman (1974), Biometrika 61, 215–231; McCutcheon (1987), Latent Class
Analysis; Dempster, Laird & Rubin (1977), JRSS B 39, 1–38; Schwarz (1978), Ann. Stat. 6, 461–464.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

#: Rounds of every start before only the best go on, how many go on, and the gain in log-likelihood that ends them.
FIRST_ROUNDS, KEPT, GAIN = 40, 4, 1e-7
#: Least probability of an answer, so that no class forbids what a new person may say.
FLOOR = 1e-10


@dataclass(frozen=True)
class Patterns:
    """The different rows of answers: `marks` (patterns × all levels) with 1 where chosen, `of` (people,) the pattern of each person."""

    marks: Array
    of: Codes
    levels: tuple[int, ...]

    @classmethod
    def read(cls, codes: Codes, levels: Sequence[int]) -> Patterns:
        rows, of = np.unique(codes, axis=0, return_inverse=True)
        marks = np.concatenate([(rows[:, j : j + 1] == np.arange(size)).astype(np.float64) for j, size in enumerate(levels)], axis=1)
        return cls(marks, of.ravel(), tuple(levels))

    def counted(self, people: Codes | None = None) -> Array:
        """How often each pattern occurs, among all or among the people drawn."""
        return np.bincount(self.of if people is None else self.of[people], minlength=len(self.marks)).astype(np.float64)

    def parameters(self, k: int) -> int:
        return (k - 1) + k * sum(size - 1 for size in self.levels)

    def identifiable(self, k: int) -> bool:
        """Whether there are at least as many cells as parameters: necessary, not sufficient."""
        return math.prod(self.levels) - 1 >= self.parameters(k)


@dataclass(frozen=True)
class Classes:
    """`shares` (k,), `answers` (k × all levels), `posterior` (patterns × k). `reached`: starts, of those pursued, that found this maximum."""

    shares: Array
    answers: Array
    posterior: Array
    log_likelihood: float
    reached: int
    pursued: int

    @property
    def k(self) -> int:
        return len(self.shares)


def bic(patterns: Patterns, classes: Classes, n: int) -> float:
    return -2 * classes.log_likelihood + patterns.parameters(classes.k) * math.log(n)


def entropy(posterior: Array) -> float:
    """How sharply people fall into classes, 0 to 1; `posterior` people × k, k ≥ 2."""
    q = np.clip(posterior, 1e-300, 1.0)
    return float(1 + (q * np.log(q)).sum() / (len(q) * math.log(q.shape[1])))


def fit(
    patterns: Patterns, counts: Array, k: int, rng: np.random.Generator, *, starts: int = 20, begin: Classes | None = None, kept: int = KEPT, gain: float = GAIN
) -> Classes:
    """Maximum likelihood with pattern counts; `begin` is one more start. The best of the starts after `FIRST_ROUNDS` go on to the end."""
    made = [_Run.random(patterns, counts, k, rng) for _ in range(starts if k > 1 else 1)]
    if begin is not None:
        made.append(_Run(begin.shares, begin.answers))
    for run in made:
        run.climb(patterns, counts, FIRST_ROUNDS, gain)
    ranked = sorted(range(len(made)), key=lambda i: (-round(made[i].value, 6), i))[:kept]
    for i in ranked:
        made[i].climb(patterns, counts, 3000, gain)
    best = max(made[i].value for i in ranked)
    run = next(made[i] for i in ranked if made[i].value >= best - 1e-7)
    order = np.lexsort((np.arange(k), -run.shares.round(9)))
    posterior, _ = _expected(patterns, run.shares[order], run.answers[order])
    return Classes(run.shares[order], run.answers[order], posterior, best, sum(made[i].value > best - 1e-3 for i in ranked), len(ranked))


class _Run:
    def __init__(self, shares: Array, answers: Array) -> None:
        self.shares, self.answers, self.value = shares, answers, -math.inf

    @classmethod
    def random(cls, patterns: Patterns, counts: Array, k: int, rng: np.random.Generator) -> _Run:
        """Each pattern leans to one class at random."""
        lean = rng.dirichlet(np.ones(k), size=len(counts))
        return cls(*_maximised(patterns, counts, lean))

    def climb(self, patterns: Patterns, counts: Array, rounds: int, gain: float) -> None:
        for _ in range(rounds):
            posterior, each = _expected(patterns, self.shares, self.answers)
            value = float(counts @ each)
            done = value - self.value < gain
            self.value = value
            if done:
                return
            self.shares, self.answers = _maximised(patterns, counts, posterior)


def _expected(patterns: Patterns, shares: Array, answers: Array) -> tuple[Array, Array]:
    """(posterior (patterns × k), log-likelihood of each pattern)."""
    joint = np.log(np.maximum(shares, FLOOR)) + patterns.marks @ np.log(np.maximum(answers, FLOOR)).T
    top = joint.max(axis=1, keepdims=True)
    weight = np.exp(joint - top)
    total = weight.sum(axis=1, keepdims=True)
    return weight / total, (top + np.log(total)).ravel()


def _maximised(patterns: Patterns, counts: Array, posterior: Array) -> tuple[Array, Array]:
    weight = posterior * counts[:, None]
    sums = weight.T @ patterns.marks
    answers, at = np.empty_like(sums), 0
    for size in patterns.levels:
        block = sums[:, at : at + size] + 1e-12
        answers[:, at : at + size] = block / block.sum(axis=1, keepdims=True)
        at += size
    return weight.sum(axis=0) / counts.sum(), answers
