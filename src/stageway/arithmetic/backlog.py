"""What comes in and what is done week by week: rates, the balance, when the pile is gone, and which stage finds what was put in.

Counts of weeks that scatter more than Poisson's law get an interval that is wider by their dispersion φ = χ² / (weeks − 1), never narrower.
Sources: Garwood (1936), Biometrika 28, 437–442; McCullagh & Nelder (1989), 4.5 (dispersion); Zou & Donner (2008), Stat. Med. 27, 1693–1702
(interval of a difference from the two intervals); Kan (2002), Metrics and Models in Software Quality Engineering, 2nd ed., ch. 6 (removal).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import intervals

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
#: Weeks that are looked ahead at most; a pile that lasts longer has no end in sight.
AHEAD = 260


def dispersion(counts: Array, expected: Array | None = None, df: int | None = None) -> float:
    """φ of counts around their mean, or around what is `expected`; 1 where they scatter no more than chance shows (χ² at 5%).

    1 too where fewer than three are free, or less than one is expected on average: χ² then shows nothing.
    """
    from scipy.special import chdtrc

    around = np.full(counts.size, counts.mean()) if expected is None else expected
    free = counts.size - 1 if df is None else df
    if free < 3 or not np.all(around > 0) or around.mean() < 1:
        return 1.0
    chi2 = float(np.sum((counts - around) ** 2 / around))
    return max(1.0, chi2 / free) if chdtrc(free, chi2) < 0.05 else 1.0


def total(count: float, phi: float = 1.0, level: float = 0.95) -> tuple[float, float]:
    """Interval of the expected total where `count` was counted with dispersion φ (Garwood's where φ = 1)."""
    low, high = intervals.poisson(count / phi, level)
    return low * phi, high * phi


def difference(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float]:
    """(a − b, low, high) of two independent figures from (value, low, high) of each."""
    value = a[0] - b[0]
    return value, value - math.hypot(a[0] - a[1], b[2] - b[0]), value + math.hypot(a[2] - a[0], b[0] - b[1])


def weeks_to_zero(pile: int, came: Array, done: Array, draws: int, rng: np.random.Generator) -> Array:
    """Week in which a pile of `pile` is gone, once a draw; inf where it outlasts `AHEAD` weeks.

    Each draw takes one pair of rates from what the weeks allow (gamma, Jeffreys) and lets each week come and go by chance around them.
    """
    left = np.full(draws, float(pile))
    when = np.where(left > 0, np.inf, 0.0)
    rates = []
    for counts in (came, done):
        phi = dispersion(counts)
        rates.append((rng.gamma(counts.sum() / phi + 0.5, phi / counts.size, draws), phi))
    for week in range(1, AHEAD + 1):
        going = np.isinf(when)
        if not going.any():
            break
        steps = [phi * rng.poisson(rate[going] / phi) for rate, phi in rates]
        left[going] = left[going] + steps[0] - steps[1]
        when[going & (left <= 0)] = week
    return when


def ends(when: Array, level: float = 0.95) -> tuple[float, float, float]:
    """Median and the middle `level` of draws of which some may be inf; ends are weeks that were drawn."""
    ordered = np.sort(when)
    tail = (1 - level) / 2
    low, middle, high = (float(ordered[min(ordered.size - 1, math.floor(q * ordered.size))]) for q in (tail, 0.5, 1 - tail))
    return middle, low, high


@dataclass(frozen=True)
class Removal:
    """Of what was in the product when a stage worked on it, how much that stage found."""

    stage: int
    found: int
    present: int


def removal(introduced: Codes, found: Codes, stages: int) -> list[Removal]:
    """By stage that found anything: `found` there of those introduced up to it and not found before it. Positions 0 … stages − 1."""
    out = []
    for s in range(stages):
        present = int(((introduced <= s) & (found >= s)).sum())
        here = int(((introduced <= s) & (found == s)).sum())
        if here:
            out.append(Removal(s, here, present))
    return out
