"""How many problems of a design are still unfound, from who found which.

A matrix of people × problems (1 = this person met it). With p the chance that one person meets a problem, n people find the
share 1 − (1 − p)^n of the problems that such people can meet. Estimated from few people p is far too high; Lewis's correction
is the mean of a normalised and a Turing-Good estimate:

    normalised = (p − 1/n)(1 − 1/n)        Turing-Good = p / (1 + problems found by one person only / problems)

Sources: Nielsen & Landauer (1993), INTERCHI ’93, 206–213; Lewis (2001), IJHCI 13(4), 445–479; Sauro & Lewis (2016), Quantifying
the User Experience, 2nd ed., ch. 7. Problems that are harder to meet than the rest make all of these too hopeful; what holds for any mixture is a lower bound:
Chao (1987), Biometrics 43, 783–791, with her logarithmic interval; Good (1953), Biometrika 40, 237–264 (what one more person adds).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import intervals

Array = NDArray[np.float64]


def observed(matrix: Array) -> float:
    """The mean share of the found problems that one person met; problems met by nobody do not count."""
    return float(matrix[:, matrix.any(axis=0)].mean())


def normalised(matrix: Array) -> float:
    n = len(matrix)
    return (observed(matrix) - 1 / n) * (1 - 1 / n)


def turing_good(matrix: Array) -> float:
    times = matrix.sum(axis=0)
    return observed(matrix) / (1 + np.count_nonzero(times == 1) / np.count_nonzero(times))


def lewis(matrix: Array) -> float:
    return (normalised(matrix) + turing_good(matrix)) / 2


ESTIMATORS: dict[str, Callable[[Array], float]] = {"lewis": lewis, "normalised": normalised, "turing_good": turing_good, "observed": observed}


def share_found(p: float, n: int) -> float:
    """The share of the problems that n people find."""
    return 1 - (1 - p) ** n


def unfound(problems: int, p: float, n: int) -> float:
    """Problems expected beyond those found."""
    return problems / share_found(p, n) - problems


def people_for(goal: float, p: float) -> int:
    """People needed to find the share `goal` of the problems."""
    return math.ceil(math.log(1 - goal) / math.log(1 - p) - 1e-9)


def once_and_twice(matrix: Array) -> tuple[int, int]:
    """Problems met by exactly one and by exactly two people."""
    times = matrix.sum(axis=0)
    return int(np.count_nonzero(times == 1)), int(np.count_nonzero(times == 2))


def least_unfound(matrix: Array, level: float = 0.95) -> int:
    """Whole problems that are still unfound at least: the lower end of Chao's interval, whatever mixture of problems it is."""
    n, (once, twice) = len(matrix), once_and_twice(matrix)
    part = (n - 1) / n
    if twice:
        ratio = once / twice
        missing, variance = part * once**2 / (2 * twice), twice * (part * ratio**2 / 2 + part**2 * ratio**3 + part**2 * ratio**4 / 4)
    else:
        missing = part * once * (once - 1) / 2
        total = np.count_nonzero(matrix.any(axis=0)) + missing
        variance = missing + part**2 * once * (2 * once - 1) ** 2 / 4 - part**2 * once**4 / (4 * total) if total else 0.0
    if missing <= 0 or variance <= 0:
        return 0
    return math.floor(missing / math.exp(intervals.z_of(level) * math.sqrt(math.log(1 + variance / missing**2))))


def added_by_one(matrix: Array, level: float = 0.95) -> tuple[float, float, float]:
    """(mean, low, high) of the problems that one of n people adds to what the others found; the next one adds no more on average."""
    n, once = len(matrix), once_and_twice(matrix)[0]
    low, high = intervals.poisson(once, level)
    return once / n, low / n, high / n
