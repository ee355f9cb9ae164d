"""Shares of several groups, drawn towards their common mean as far as chance alone can explain their differences.

    τ² by moments; B_i = τ² / (τ² + v_i), v_i = p (1 − p) / n_i; shrunk_i = p + B_i (p_i − p), sd_i = √(B_i v_i)
Sources: DerSimonian & Laird (1986), Control. Clin. Trials 7, 177–188 (τ²); Efron & Morris (1975), JASA 70, 311–319.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def towards_mean(x: Array, n: Array) -> tuple[Array, Array]:
    """(shrunk shares, their sd) of x of n in each group; all are the mean, sd 0, where nothing but chance is seen or all or none succeeded."""
    p = float(x.sum() / n.sum())
    if not 0 < p < 1 or x.size < 2:
        return np.full(x.size, p), np.zeros(x.size)
    v = p * (1 - p) / n
    w = 1 / v
    spread = float(np.sum(w * (x / n - p) ** 2)) - (x.size - 1)
    tau2 = max(0.0, spread / float(w.sum() - np.sum(w**2) / w.sum()))
    pull = tau2 / (tau2 + v)
    return p + pull * (x / n - p), np.sqrt(pull * v)


def chance_of_first(values: Array, sds: Array, draws: int, rng: np.random.Generator) -> Array:
    """Probability of each group being the highest, ties shared."""
    drawn = values + sds * rng.standard_normal((draws, values.size))
    top = drawn == drawn.max(axis=1, keepdims=True)
    return np.asarray((top / top.sum(axis=1, keepdims=True)).mean(axis=0))
