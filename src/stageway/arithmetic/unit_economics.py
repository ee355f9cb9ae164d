"""What a customer costs and brings in: cost per customer, months until it is paid back, value over the months that were seen.

Sources: Garwood (1936), Biometrika 28, 437–442 (count of customers; with dispersion φ, see `backlog`); Cochran (1977), 6.4 (ratio of two sums over
periods); Efron (1979), Ann. Stat. 7, 1–26 (customers are drawn anew).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import backlog, bootstrap
from stageway.arithmetic.clusters import Clustered
from stageway.arithmetic.intervals import t_of

Array = NDArray[np.float64]
#: Periods from which their scatter is used for an interval.
PERIODS = 8


def cost_per_customer(spent: float, customers: float, phi: float = 1.0, level: float = 0.95) -> tuple[float, float, float]:
    """(spent ÷ customers, low, high); high is inf where the count's lower end is 0. ValueError without a customer."""
    if not customers > 0:
        raise ValueError("no customer: there is no cost of one")
    low, high = backlog.total(customers, phi, level)
    return spent / customers, spent / high, spent / low if low > 0 else math.inf


def scatter(customers: Array, spent: Array) -> float:
    """φ of the customers of each period around what its spend would give at one cost per customer."""
    paid = spent > 0
    if np.count_nonzero(paid) < PERIODS or not customers[paid].sum() > 0:
        return 1.0
    return backlog.dispersion(customers[paid], spent[paid] * customers[paid].sum() / spent[paid].sum())


def drawn_costs(spent: float, customers: float, phi: float, draws: int, rng: np.random.Generator) -> Array:
    """Cost per customer over what the count allows (gamma, Jeffreys)."""
    return np.asarray(spent / (phi * rng.gamma(customers / phi + 0.5, 1.0, draws)))


def return_on_spend(revenue: Array, spent: Array, level: float = 0.95, scale: float | None = None) -> tuple[float, float | None, float | None]:
    """(revenue ÷ spent, low, high) by the scatter of periods, which are taken as independent; no interval below `PERIODS` periods.

    With `scale` (variance over mean of revenue around the curve of its response to spend) the spend is taken as it was, not as drawn.
    """
    ratio = Clustered(revenue, spent)
    if ratio.clusters < PERIODS:
        return ratio.share, None, None
    error = math.sqrt(ratio.variance) if scale is None else math.sqrt(scale * float(revenue.sum())) / ratio.total
    half = t_of(level, ratio.clusters - 1) * error
    return ratio.share, ratio.share - half, ratio.share + half


def value_so_far(margins: Array, seen: Array, weights: Array) -> Array:
    """Cumulative margin of a customer at the end of each month: (draws, months).

    `margins` and `seen` are (customers, months), `seen` 1 where that month of the customer could be observed; `weights` (draws, customers).
    A month that a resample does not see adds nothing.
    """
    total, at_risk = weights @ (margins * seen), weights @ seen
    return np.asarray(np.cumsum(np.divide(total, at_risk, out=np.zeros_like(total), where=at_risk > 0), axis=1))


def resampled_value(margins: Array, seen: Array, draws: int, rng: np.random.Generator) -> Array:
    return np.concatenate([value_so_far(margins, seen, block) for block in bootstrap.blocks(len(margins), draws, rng)])


def months_to_pay(value: Array, cost: Array) -> Array:
    """Month in which the cumulative margin first reaches the cost, linear within the month; inf where it does not. value (draws, months), cost (draws,)."""
    reached = value >= cost[:, None]
    first = np.argmax(reached, axis=1)
    rows = np.arange(value.shape[0])
    before = np.where(first > 0, value[rows, np.maximum(first - 1, 0)], 0.0)
    gain = value[rows, first] - before
    part = np.divide(cost - before, gain, out=np.ones_like(gain), where=gain > 0)
    return np.where(reached.any(axis=1), first + part, np.inf)
