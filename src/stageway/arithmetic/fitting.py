"""Maximum likelihood in logs of positive parameters: the best of several starts, its covariance, and the delta method on top of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
#: A parameter beyond e^±LIMIT has run away: the data do not hold it.
LIMIT = 12.0
STEP = 1e-3


@dataclass(frozen=True)
class Fit:
    """`logs`: logarithms of the parameters at the optimum; `covariance` of the logs, None where the likelihood is flat or ran away."""

    logs: Array
    likelihood: float
    covariance: Array | None

    @property
    def values(self) -> Array:
        return np.exp(self.logs)


def fitted(likelihood: Callable[[Array], float], starts: Sequence[Sequence[float]]) -> Fit:
    """The maximum over positive parameters. `likelihood` takes them (not their logs) and returns the log-likelihood."""
    from scipy.optimize import minimize

    def loss(logs: Array) -> float:
        if np.abs(logs).max() > LIMIT:
            return 1e12 + float(np.abs(logs).max())
        value = likelihood(np.exp(logs))
        return -value if np.isfinite(value) else 1e12

    runs = [minimize(loss, np.log(start), method="L-BFGS-B", bounds=[(-LIMIT, LIMIT)] * len(start)) for start in starts]
    best = min(runs, key=lambda run: float(run.fun))
    best = minimize(loss, best.x, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-8, "maxiter": 4000, "adaptive": True})
    logs = np.asarray(best.x, dtype=np.float64)
    return Fit(logs, -float(best.fun), _covariance(loss, logs))


def _covariance(loss: Callable[[Array], float], at: Array) -> Array | None:
    k = at.size
    if np.abs(at).max() > LIMIT - 1:
        return None
    hessian = np.empty((k, k))
    steps: Array = np.eye(k) * STEP
    for i in range(k):
        for j in range(i + 1):
            corners = [loss(at + s * steps[i] + t * steps[j]) * s * t for s in (1, -1) for t in (1, -1)]
            hessian[i, j] = hessian[j, i] = sum(corners) / (4 * STEP * STEP)
    if not np.isfinite(hessian).all() or np.linalg.eigvalsh(hessian).min() <= 1e-6:
        return None
    return np.asarray(np.linalg.inv(hessian))


def gradient(of: Callable[[Array], float], logs: Array) -> Array:
    """The derivative of a quantity by the logs of its parameters; `of` takes the parameters themselves."""
    steps: Array = np.eye(logs.size) * STEP
    return np.array([(of(np.exp(logs + step)) - of(np.exp(logs - step))) / (2 * STEP) for step in steps])


def delta_error(of: Callable[[Array], float], fit: Fit) -> float | None:
    """Standard error of a quantity of the parameters; None where the fit has no covariance."""
    if fit.covariance is None:
        return None
    slope = gradient(of, fit.logs)
    return float(np.sqrt(np.maximum(np.float64(slope @ fit.covariance @ slope), 0.0)))
