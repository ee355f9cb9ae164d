"""Cox's proportional hazards: coefficients, their covariance (model-based or robust), and whether a hazard ratio stays the same over time.

`x` (n, p) covariates, `times` (n,) durations, `ended` (n,) whether the event came. Ties by Efron.
Sources: Cox (1972), JRSS B 34, 187–220; Efron (1977), JASA 72, 557–565; Lin & Wei (1989), JASA 84, 1074–1078 (robust);
Grambsch & Therneau (1994), Biometrika 81, 515–526 (test of the scaled Schoenfeld residuals against ranked event times).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: a log hazard ratio over the whole range of a covariate beyond which the likelihood has no maximum (e^15 is three million)
FAR = 15.0


class Separable(ValueError):
    """The covariate at `column` orders the events perfectly: its coefficient is not finite."""

    def __init__(self, column: int) -> None:
        self.column = column
        super().__init__(f"covariate {column} has no finite coefficient")


class Collinear(ValueError):
    """Covariates that add up to one another, or do not vary."""


@dataclass(frozen=True)
class Fit:
    """`log_likelihood` partial, at the coefficients and at 0; `covariance` model-based, `robust` of Lin and Wei."""

    coefficients: Array
    covariance: Array
    robust: Array
    log_likelihood: float
    null: float
    ratio_of_time: Array
    ratio_of_all: float

    @property
    def chi_square(self) -> float:
        """Likelihood ratio against no covariate, df = number of covariates."""
        return 2 * (self.log_likelihood - self.null)


@dataclass(frozen=True)
class _Risk:
    """Rows in descending time. For each event (one a row): its position, and the end of its risk set; `step` = l/d of Efron's ties."""

    x: Array
    event: NDArray[np.int64]
    last: NDArray[np.int64]
    first_of_tie: NDArray[np.int64]
    ties: NDArray[np.int64]
    step: Array
    last_of_row: NDArray[np.int64]


def _risk(x: Array, times: Array, ended: Flags) -> tuple[_Risk, NDArray[np.int64]]:
    order = np.lexsort((~ended, -times))
    x, times, ended = x[order], times[order], ended[order]
    ends = np.searchsorted(-times, -times, side="right") - 1
    event = np.flatnonzero(ended)
    _, start, tie = np.unique(-times[event], return_index=True, return_inverse=True)
    size = np.bincount(tie)
    step = (np.arange(event.size) - start[tie]) / size[tie]
    return _Risk(x, event, ends[event], start[tie], size[tie], step, ends), order


@dataclass(frozen=True)
class _Moments:
    """Of the risk set at each event, less Efron's part of the tied ones: Σ w, mean of x, and the pieces that the score needs."""

    weight: Array
    total: Array
    mean: Array
    second: Array


def _moments(risk: _Risk, beta: Array) -> tuple[_Moments, float]:
    eta = risk.x @ beta
    shift = float(eta.max())
    w = np.exp(eta - shift)
    wx = w[:, None] * risk.x
    wxx = wx[:, :, None] * risk.x[:, None, :]
    tied = [_over_ties(part[risk.event], risk) for part in (w, wx, wxx)]
    sums = [np.cumsum(part, axis=0)[risk.last] for part in (w, wx, wxx)]
    total = sums[0] - risk.step * tied[0]
    mean = (sums[1] - risk.step[:, None] * tied[1]) / total[:, None]
    second = (sums[2] - risk.step[:, None, None] * tied[2]) / total[:, None, None]
    log_likelihood = float(np.sum(eta[risk.event]) - np.sum(np.log(total)) - shift * risk.event.size)
    return _Moments(w, total, mean, second), log_likelihood


def _over_ties(values: Array, risk: _Risk) -> Array:
    """For each event the sum over those tied with it."""
    starts = np.unique(risk.first_of_tie)
    return np.repeat(np.add.reduceat(values, starts, axis=0), risk.ties[starts], axis=0)


def _slope(risk: _Risk, m: _Moments) -> tuple[Array, Array]:
    score = (risk.x[risk.event] - m.mean).sum(axis=0)
    information = (m.second - m.mean[:, :, None] * m.mean[:, None, :]).sum(axis=0)
    return score, information


def fit(x: Array, times: Array, ended: Flags, clusters: NDArray[np.int64] | None = None) -> Fit:
    """Newton's maximum of the partial likelihood. `clusters` (n,): rows of one person, summed in the robust covariance.

    Raises ValueError without an event, Collinear, or Separable.
    """
    if not ended.any():
        raise ValueError("no event")
    middle, spread = x.mean(axis=0), x.std(axis=0)
    if not np.all(spread > 1e-12 * (1 + np.abs(middle))):
        raise Collinear("a covariate does not vary")
    scaled = (x - middle) / spread
    risk, order = _risk(scaled, times, ended)
    beta, found, log_likelihood, null = _maximum(risk, np.ptp(scaled, axis=0))
    inverse = np.linalg.inv(_slope(risk, found)[1])
    residuals = _score_residuals(risk, found)
    if clusters is not None:
        summed = np.zeros((int(clusters.max()) + 1, x.shape[1]))
        np.add.at(summed, clusters[order], residuals)
        residuals = summed
    robust = inverse @ (residuals.T @ residuals) @ inverse
    back = np.outer(spread, spread)
    single, whole = _constancy(risk, found, inverse, times[order])
    return Fit(beta / spread, inverse / back, robust / back, log_likelihood, null, single, whole)


def _maximum(risk: _Risk, width: Array) -> tuple[Array, _Moments, float, float]:
    beta = np.zeros(risk.x.shape[1])
    found, value = _moments(risk, beta)
    null = value
    for _ in range(60):
        score, information = _slope(risk, found)
        if np.linalg.cond(information) > 1e12:
            if np.abs(beta * width).max() > 5:
                raise Separable(int(np.argmax(np.abs(beta) * width)))
            raise Collinear("the covariates add up to one another")
        move = np.linalg.solve(information, score)
        for _ in range(30):
            tried, risen = _moments(risk, beta + move)
            if risen >= value - 1e-12 * abs(value):
                break
            move = move / 2
        beta, found, gain, value = beta + move, tried, risen - value, risen
        far = np.abs(beta) * width
        if far.max() > FAR:
            raise Separable(int(np.argmax(far)))
        if abs(gain) < 1e-11 * (1 + abs(value)) and np.abs(move).max() < 1e-8:
            break
    return beta, found, value, null


def _score_residuals(risk: _Risk, m: _Moments) -> Array:
    """One row a person, (n, p), their sum is the score: what each adds to it (Therneau & Grambsch 2000, 4.4, Efron)."""
    n, p = risk.x.shape
    made = np.zeros((n, p))
    starts = np.unique(risk.first_of_tie)
    mean_of_tie = _over_ties(m.mean, risk) / risk.ties[:, None]
    made[risk.event] += risk.x[risk.event] - mean_of_tie
    hazard = np.add.reduceat(1 / m.total, starts)
    pulled = np.add.reduceat(m.mean / m.total[:, None], starts, axis=0)
    ends = risk.last[starts]
    gained, drawn = np.zeros(n), np.zeros((n, p))
    gained[ends], drawn[ends] = hazard, pulled
    gained, drawn = gained[::-1].cumsum()[::-1], drawn[::-1].cumsum(axis=0)[::-1]
    mine = risk.last_of_row
    made -= m.weight[:, None] * (risk.x * gained[mine][:, None] - drawn[mine])
    own = _over_ties(risk.step / m.total, risk)
    own_drawn = _over_ties(risk.step[:, None] * m.mean / m.total[:, None], risk)
    made[risk.event] += m.weight[risk.event][:, None] * (risk.x[risk.event] * own[:, None] - own_drawn)
    return made


def _constancy(risk: _Risk, m: _Moments, inverse: NDArray[Any], ordered: Array) -> tuple[Array, float]:
    """Chi-squares of each covariate (df 1) and of all (df p): the scaled Schoenfeld residuals against the ranks of the event times."""
    times = ordered[risk.event]
    inline = np.sort(times)
    ranks = (np.searchsorted(inline, times, side="left") + np.searchsorted(inline, times, side="right")) / 2.0
    centred = ranks - ranks.mean()
    width = float(np.sum(centred**2))
    if width == 0:
        return np.full(inverse.shape[0], math.nan), math.nan
    moved = centred @ (risk.x[risk.event] - _over_ties(m.mean, risk) / risk.ties[:, None])
    along = inverse @ moved
    events = risk.event.size
    return events * along**2 / (np.diag(inverse) * width), float(events * moved @ along / width)
