"""One arm of an experiment in three numbers, and how far two arms lie apart.

A mean is the mean of y over units; a ratio metric is Σy/Σd with the unit as the unit of analysis. Both become (n, mean, sd) where
sd is that of the unit's score (y − R·d)/mean(d), so that sd/√n is the standard error (delta method: (v_y − 2R·c + R²·v_d)/(n·d̄²)).
CUPED takes θ·(x − x̄) off each unit, θ = cov/var over all arms together.

Sources: Deng, Knoblich & Lu (2018), Applying the delta method in metric analytics, KDD, s. 3; Deng, Xu, Kohavi & Walker (2013),
Improving the sensitivity of online controlled experiments by utilizing pre-experiment data, WSDM, s. 3; Casella & Berger (2002),
Statistical Inference, s. 5.5.4 (delta and log intervals of a quotient).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
#: A quotient of means is not given where the control mean lies fewer standard errors than this from 0.
LEAST_DISTANCE_FROM_ZERO = 3.0


@dataclass(frozen=True, slots=True)
class Arm:
    """`n` units, their mean (or ratio), the standard deviation of a unit's score (ddof = 1)."""

    n: int
    mean: float
    sd: float

    @property
    def error(self) -> float:
        return self.sd / math.sqrt(self.n)


def scores(y: Array, d: Array | None = None) -> tuple[float, Array]:
    """(mean or ratio, the units' scores around it: they average 0). ValueError where the denominators sum to 0."""
    if d is None:
        mean = float(y.mean())
        return mean, y - mean
    if not d.sum() > 0:
        raise ValueError("denominators that sum to 0 have no ratio")
    ratio = float(y.sum() / d.sum())
    return ratio, (y - ratio * d) / d.mean()


def summary(y: Array, d: Array | None = None) -> Arm:
    """An arm from its units (at least two)."""
    mean, around = scores(y, d)
    return Arm(len(y), mean, float(np.sqrt(np.sum(around**2) / (len(y) - 1))))


def summary_of_sums(n: int, total: float, total_squares: float) -> Arm:
    """An arm from n, Σy and Σy². ValueError where Σy² is smaller than these n and Σy allow."""
    spread = total_squares - total**2 / n
    if spread < -1e-9 * max(1.0, abs(total_squares)):
        raise ValueError("the sum of squares is smaller than the square of the sum allows")
    return Arm(n, total / n, math.sqrt(max(0.0, spread) / (n - 1)))


def share(x: int, n: int) -> Arm:
    """An arm of successes: sd = √(p(1 − p)), the maximum-likelihood one that the unpooled interval takes."""
    p = x / n
    return Arm(n, p, math.sqrt(p * (1 - p)))


def cuped(y: Sequence[Array], d: Sequence[Array] | None, x: Sequence[Array], e: Sequence[Array] | None) -> tuple[list[Arm], float, float]:
    """(arms after adjustment, θ, share of the variance that it takes away). x, e: the same metric before the experiment, by unit."""
    denominators = [None] * len(y) if d is None else d
    before = [None] * len(x) if e is None else e
    _, all_y = scores(np.concatenate(y), None if d is None else np.concatenate(d))
    centre, all_x = scores(np.concatenate(x), None if e is None else np.concatenate(e))
    spread = float(np.sum(all_x**2))
    theta = float(np.sum(all_y * all_x)) / spread if spread > 0 else 0.0
    arms, left, had = [], 0.0, 0.0
    for yi, di, xi, ei in zip(y, denominators, x, before, strict=True):
        (mean, around), (mean_before, around_before) = scores(yi, di), scores(xi, ei)
        adjusted = around - theta * around_before
        left, had = left + float(np.sum(adjusted**2)), had + float(np.sum(around**2))
        arms.append(Arm(len(yi), mean - theta * (mean_before - centre), float(np.sqrt(np.sum(adjusted**2) / (len(yi) - 1)))))
    return arms, theta, 1 - left / had if had > 0 else 0.0


def error_of_difference(control: Arm, treatment: Arm) -> float:
    return math.hypot(control.error, treatment.error)


def welch_df(control: Arm, treatment: Arm) -> float:
    """Welch–Satterthwaite degrees of freedom. ValueError where neither arm varies."""
    parts = control.error**2, treatment.error**2
    if not sum(parts) > 0:
        raise ValueError("two arms that do not vary have no degrees of freedom")
    return sum(parts) ** 2 / (parts[0] ** 2 / (control.n - 1) + parts[1] ** 2 / (treatment.n - 1))


def relative(control: Arm, treatment: Arm, factor: float, *, logarithmic: bool) -> tuple[float, float, float]:
    """(treatment/control − 1, low, high); `factor` standard errors to each side.

    ValueError where the control mean is not at least three standard errors above 0, or (logarithmic) the treatment mean is not above 0:
    a quotient with such a denominator has no interval worth the name.
    """
    if not control.mean > LEAST_DISTANCE_FROM_ZERO * control.error:
        raise ValueError("the control mean is too close to 0")
    value = treatment.mean / control.mean - 1
    if not logarithmic:
        half = factor * math.sqrt(treatment.error**2 / control.mean**2 + treatment.mean**2 * control.error**2 / control.mean**4)
        return value, value - half, value + half
    if not treatment.mean > 0:
        raise ValueError("a mean that is not positive has no logarithm")
    half = factor * math.hypot(treatment.error / treatment.mean, control.error / control.mean)
    return value, (1 + value) * math.exp(-half) - 1, (1 + value) * math.exp(half) - 1
