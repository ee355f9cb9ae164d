"""An arm of a trial against its control: difference, interval, p; the split; the n that a registered effect needs."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import arms as of
from stageway.arithmetic import intervals, power, proportions, sequential
from stageway.arithmetic.arms import Arm
from stageway.arithmetic.trial import Trial

#: Below this many successes or failures in an arm the unpooled interval is too narrow: Newcombe's is taken.
SPARSE = 5
#: Least expected units an arm for the chi-square of the split.
LEAST_EXPECTED = 5.0


@dataclass(frozen=True)
class Comparison:
    """`factor` standard errors `error` reach to each side of the difference `value`."""

    arm: str
    value: float
    low: float
    high: float
    error: float
    factor: float
    p: float | None


def successes(arm: Arm) -> int:
    return round(arm.mean * arm.n)


def sparse(arm: Arm) -> bool:
    return min(successes(arm), arm.n - successes(arm)) < SPARSE


def of_shares(trial: Trial) -> bool:
    """Whether shares are compared as counts (after CUPED they are means)."""
    return trial.metric == "proportion" and trial.theta is None


def compare(trial: Trial, i: int, level: float, planned_n: int | None = None) -> Comparison | None:
    """Arm i against the control; None where neither varies. `planned_n` asks for the confidence sequence."""
    control, treatment = trial.compared[0], trial.compared[i]
    error, name, difference = of.error_of_difference(control, treatment), trial.names[i], treatment.mean - control.mean
    if not error > 0 and (planned_n is not None or not of_shares(trial)):
        return None
    if planned_n is not None:
        n = control.n + treatment.n
        half = sequential.half_width(error, n, alpha=1 - level, planned_n=planned_n)
        p = sequential.p_value(difference, error, n, alpha=1 - level, planned_n=planned_n)
        return Comparison(name, difference, difference - half, difference + half, error, half / error, p)
    if of_shares(trial):
        return _shares(name, control, treatment, error, level)
    _, low, high, p, df = intervals.welch_of(treatment.mean, treatment.sd, treatment.n, control.mean, control.sd, control.n, level)
    return Comparison(name, difference, low, high, error, intervals.t_of(level, df), p)


def _shares(name: str, control: Arm, treatment: Arm, error: float, level: float) -> Comparison:
    x1, x0, z = successes(treatment), successes(control), intervals.z_of(level)
    difference = treatment.mean - control.mean
    low, high = difference - z * error, difference + z * error
    if sparse(control) or sparse(treatment):
        low, high = intervals.newcombe(x1, treatment.n, x0, control.n, level)
    tested = 0 < x1 + x0 < treatment.n + control.n
    p = proportions.p_of_z(proportions.pooled_z(x1, treatment.n, x0, control.n)) if tested else None
    return Comparison(name, difference, low, high, error, z, p)


def split_p(assigned: NDArray[np.float64], weights: NDArray[np.float64]) -> float | None:
    """p of the planned split; None where an arm should have fewer than 5 units."""
    if np.min(assigned.sum() * weights / weights.sum()) < LEAST_EXPECTED:
        return None
    return proportions.chi_square(assigned, weights)[2]


def needed(trial: Trial, weights: NDArray[np.float64], effect: float, *, alpha: float, chance: float, upward: bool) -> int | None:
    """Units in the smallest arm so that a difference `effect` > 0 from the control is seen with power `chance`; None where it cannot occur."""
    control = trial.compared[0]
    ratio = float(np.min(weights[1:]) / weights[0])
    if not effect > 0 or not control.sd > 0:
        return None
    if of_shares(trial):
        target = control.mean + (effect if upward else -effect)
        if not 0 <= target <= 1:
            return None
        n = power.n_for_shares(control.mean, target, alpha=alpha, power=chance, ratio=ratio)
    else:
        n = power.n_for_means(effect, control.sd, alpha=alpha, power=chance, ratio=ratio)
    return math.ceil(n * min(1.0, ratio) - 1e-9)


def detectable(trial: Trial, i: int, *, alpha: float, chance: float, upward: bool) -> float | None:
    """The smallest difference that the present n shows with power `chance`; None where it shows none."""
    control, treatment = trial.compared[0], trial.compared[i]
    if of_shares(trial):
        return power.detectable_share(control.mean, control.n, alpha=alpha, power=chance, ratio=treatment.n / control.n, upward=upward)
    error = of.error_of_difference(control, treatment)
    return power.detectable_mean(error, of.welch_df(control, treatment), alpha=alpha, power=chance) if error > 0 else None


@dataclass(frozen=True)
class Outcome:
    """A trial judged: every treatment against the control at `level` = 1 − α/m, p by Holm; `main` is the best one, None where nothing varies.

    `needed`: units in the smallest arm for the registered `effect`; `smallest`: the least difference that the present n shows.
    """

    trial: Trial
    level: float
    weights: NDArray[np.float64]
    split_p: float | None
    all: tuple[Comparison, ...]
    main: Comparison | None
    effect: float
    needed: int | None
    smallest: float | None
    upward: bool

    def good(self, one: Comparison) -> bool | None:
        """True where the whole interval is an improvement, False where all of it is a loss, None where it holds 0."""
        return None if one.low <= 0 <= one.high else (one.low > 0) == self.upward

    def arm(self, name: str) -> Arm:
        return self.trial.arms[self.trial.names.index(name)]

    def compared(self, name: str) -> Arm:
        return self.trial.compared[self.trial.names.index(name)]

    def relative(self, one: Comparison, *, logarithmic: bool) -> tuple[float, float, float] | None:
        """(treatment/control − 1, low, high); None where the control is too close to 0."""
        try:
            return of.relative(self.trial.compared[0], self.compared(one.arm), one.factor, logarithmic=logarithmic)
        except ValueError:
            return None


def judge(
    trial: Trial, weights: NDArray[np.float64], *, alpha: float, chance: float, mde: float, mde_relative: bool, planned_n: int | None, upward: bool
) -> Outcome:
    """`planned_n` asks for the confidence sequence; `mde` is the registered effect, 0 for none; `chance` the power."""
    several = len(trial.names) - 1
    each = alpha / several
    made = [one for i in range(1, several + 1) if (one := compare(trial, i, 1 - each, planned_n)) is not None]
    if several > 1:
        corrected = proportions.holm(np.array([np.nan if one.p is None else one.p for one in made]))
        made = [replace(one, p=None if np.isnan(p) else float(p)) for one, p in zip(made, corrected, strict=True)]
    main = max(made, key=lambda one: (one.value if upward else -one.value, one.arm), default=None)
    effect = mde * (abs(trial.compared[0].mean) if mde_relative else 1.0)
    wanted = needed(trial, weights, effect, alpha=each, chance=chance, upward=upward)
    least = detectable(trial, trial.names.index(main.arm), alpha=each, chance=chance, upward=upward) if main else None
    return Outcome(trial, 1 - each, weights, split_p(trial.assigned, weights), tuple(made), main, effect, wanted, least, upward)
