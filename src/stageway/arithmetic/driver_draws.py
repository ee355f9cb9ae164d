"""Factors known as ranges, turned into draws: triangular, PERT, uniform, lognormal, a share counted in a survey, or a constant; correlated by ranks.

    triangular, PERT, uniform: low and high are the ends; triangular and PERT have their mode at likely
    lognormal: low and high are the ends of the middle 95 %, the median is √(low · high)
    survey: x of n people, the share is Beta(x + ½, n − x + ½)
    rank correlations r become those of normal scores, 2 sin(π r / 6)

Sources: Malcolm, Roseboom, Clark & Fazar (1959), Operations Research 7, 646–669 (PERT); Jeffreys (1961), Theory of Probability (the ½);
Iman & Conover (1982), Communications in Statistics B 11, 311–334 (rank correlation); Pearson (1907) for the sine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Shape = Literal["triangular", "pert", "uniform", "lognormal", "survey", "fixed"]


@dataclass(frozen=True)
class Range:
    """What is known of a factor. For `survey` low is x and high is n."""

    shape: Shape
    low: float
    likely: float
    high: float


def quantiles(known: Range, u: Array) -> Array:
    """Values of the factor at the probabilities `u` (0 to 1)."""
    if known.shape == "survey":
        from scipy.special import betaincinv

        return np.asarray(betaincinv(known.low + 0.5, known.high - known.low + 0.5, u))
    if known.shape == "lognormal":
        from scipy.special import ndtri

        return np.asarray(np.sqrt(known.low * known.high) * np.exp(np.log(known.high / known.low) / (2 * 1.959963984540054) * ndtri(u)))
    width = known.high - known.low
    if known.shape == "fixed" or not width > 0:
        return np.full(np.shape(u), known.likely)
    if known.shape == "uniform":
        return np.asarray(known.low + width * u)
    mode = (known.likely - known.low) / width
    if known.shape == "pert":
        from scipy.special import betaincinv

        return np.asarray(known.low + width * betaincinv(1 + 4 * mode, 1 + 4 * (1 - mode), u))
    below = np.sqrt(u * mode) if mode > 0 else np.zeros(np.shape(u))
    return np.asarray(known.low + width * np.where(u < mode, below, 1 - np.sqrt((1 - u) * (1 - mode))))


def middle(known: Range) -> float:
    """The median."""
    return float(quantiles(known, np.array([0.5]))[0])


def probabilities(factors: int, draws: int, ranks: Array | None, rng: np.random.Generator) -> Array:
    """(draws, factors) uniform, independent or with the rank correlations `ranks`. ValueError where these contradict each other."""
    if ranks is None:
        return rng.random((draws, factors))
    from scipy.special import ndtr

    normal = 2 * np.sin(np.pi * ranks / 6)
    np.fill_diagonal(normal, 1.0)
    sizes, directions = np.linalg.eigh(normal)
    if sizes.min() < -1e-9:
        raise ValueError("these correlations cannot all hold at once")
    return np.asarray(ndtr(rng.standard_normal((draws, factors)) @ (directions * np.sqrt(np.maximum(sizes, 0))).T))


def drawn(known: Sequence[Range], draws: int, ranks: Array | None, rng: np.random.Generator) -> Array:
    """(draws, factors)."""
    u = probabilities(len(known), draws, ranks, rng)
    return np.column_stack([quantiles(each, u[:, k]) for k, each in enumerate(known)]) if known else np.empty((draws, 0))


def product(values: Array, powers: Array, parts: NDArray[np.bool_]) -> Array:
    """Sum over segments of products: values (…, factors), powers ±1 (factors), parts (segments, factors) → (…)."""
    raised = values**powers
    total: Array = sum((np.where(part, raised, 1.0).prod(axis=-1) for part in parts), start=np.zeros(values.shape[:-1]))
    return total


def one_at_a_time(known: Sequence[Range], powers: Array, parts: NDArray[np.bool_], tail: float) -> Array:
    """(factors, 2): the result with one factor at its low and its high quantile, all others at their medians (Clemen & Reilly's tornado)."""
    middles = np.array([middle(each) for each in known])
    out = np.empty((len(known), 2))
    for k, each in enumerate(known):
        ends = quantiles(each, np.array([tail, 1 - tail]))
        for side, end in enumerate(ends.tolist()):
            moved = middles.copy()
            moved[k] = end
            out[k, side] = float(product(moved[None], powers, parts)[0])
    return out


def variance_parts(values: Array, results: Array) -> Array:
    """Part of each factor in the variance of the logarithm of the result, by squared correlation of logarithms; sums to 1, 0 for constants."""
    logs, target = np.log(np.maximum(values, 1e-300)), np.log(np.maximum(results, 1e-300))
    if not target.std() > 0:
        return np.zeros(values.shape[1])
    squared = np.array([np.corrcoef(column, target)[0, 1] ** 2 if column.std() > 1e-12 else 0.0 for column in logs.T])
    return np.asarray(squared / squared.sum()) if squared.sum() > 0 else squared
