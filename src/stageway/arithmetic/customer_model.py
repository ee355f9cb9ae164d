"""A model of customers who buy without a contract: what each is worth, and how it does against weeks that were kept back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import repeat_buying as buying
from stageway.arithmetic.fitting import Fit
from stageway.arithmetic.purchases import WEEK, Customers, Purchases, before
from stageway.evidence import Frame, say

Array = NDArray[np.float64]
#: Customers over whom the slope of a mean by the parameters is taken; the mean itself is over all.
PART = 4000
QUARTER, YEAR = 13.0, 52.18
FEWEST_REPEATERS = 10


@dataclass(frozen=True)
class Model:
    """The fitted models over the customers as last seen; `spend` None where no amount, or too few, are known."""

    customers: Customers
    buying: Fit
    spend: Fit | None
    horizon: float
    discount: float
    margin: float

    def discounted(self, p: Array, x: Array, t_x: Array, T: Array) -> Array:
        """Expected purchases within the horizon, each worth its day."""
        edges = np.append(np.arange(0.0, self.horizon, QUARTER), float(self.horizon))
        upto = [np.zeros(x.size)] + [buying.expected(p, x, t_x, T, edge) for edge in edges[1:]]
        worth = (1 + self.discount) ** (-(edges[:-1] + edges[1:]) / 2 / YEAR)
        return np.asarray(sum(w * (later - earlier) for w, earlier, later in zip(worth, upto, upto[1:], strict=False)))

    def value(self, p: Array, q: Array, c: Customers) -> Array:
        """What each customer is worth within the horizon."""
        return self.margin * self.discounted(p, c.x, c.t_x, c.T) * buying.expected_spend(q, c.x, np.nan_to_num(c.m))


def part_of(c: Customers) -> Customers:
    order = np.lexsort((c.T, c.t_x, c.x))
    kept = order[np.unique(np.linspace(0, c.n - 1, min(c.n, PART)).astype(int))]
    return Customers((), c.x[kept], c.t_x[kept], c.T[kept], c.m[kept])


def model_of(c: Customers, horizon: float, discount: float, margin: float) -> Model:
    paid = (c.x > 0) & (np.nan_to_num(c.m) > 0)
    varied = paid.sum() >= FEWEST_REPEATERS and np.ptp(c.m[paid]) > 1e-9 * c.m[paid].mean()
    spend = buying.fit_spend(c.x[paid], c.m[paid]) if varied else None
    if spend is not None and (spend.values[1] <= 1 or spend.covariance is None):
        spend = None
    return Model(c, buying.fit_buying(buying.Histories.of(c.x, c.t_x, c.T)), spend, horizon, discount, margin)


@dataclass(frozen=True)
class Check:
    """The weeks kept back: customers known before them by their repeat purchases, what they bought then and what was expected."""

    weeks: float
    rows: tuple[tuple[str, int, float, float], ...]
    actual: float
    expected: float


def checked(purchases: Purchases, until: date, holdout: int | None) -> Check | None:
    """The weeks kept back, a third of the time where `holdout` is None; None where too little is left to fit a model."""
    weeks = (until - purchases.span[0]).days / WEEK
    kept = holdout if holdout is not None else int(weeks / 3)
    if kept < 1 or kept >= weeks - 1:
        return None
    known = purchases.seen(before(until, kept))
    if known.n < 30 or (known.x > 0).sum() < FEWEST_REPEATERS:
        return None
    fit = buying.fit_buying(buying.Histories.of(known.x, known.t_x, known.T))
    actual = purchases.later(known.ids, before(until, kept), until)
    told = buying.expected(fit.values, known.x, known.t_x, known.T, kept)
    rows = []
    for k in range(8):
        of = known.x == k if k < 7 else known.x >= 7
        if of.any():
            rows.append((str(k) if k < 7 else "7+", int(of.sum()), float(actual[of].mean()), float(told[of].mean())))
    return Check(kept, tuple(rows), float(actual.sum()), float(told.sum()))


def customers_of(frame: Frame) -> Customers:
    """From a summary: customer, frequency, recency, T and monetary_value (may be absent), in weeks."""
    ids = frame.texts("customer") if "customer" in frame else np.array([str(row) for row in frame.rows], dtype=object)
    order = np.argsort(np.array([str(id) for id in ids]), kind="stable")
    x, t_x, T = (frame.numbers(name)[order] for name in ("frequency", "recency", "T"))
    for i in np.flatnonzero(np.isnan(x) | np.isnan(t_x) | np.isnan(T) | (t_x > T + 1e-9) | (x != np.floor(x)) | ((x == 0) & (t_x > 0))):
        expected = say(zh="frequency是整数，0 ≤ recency ≤ T，没有重复购买时recency为0", en="a whole frequency, 0 ≤ recency ≤ T, recency 0 without repeat purchases")
        raise frame.wrong("recency", int(order[i]), expected)
    m = frame.numbers("monetary_value")[order] if "monetary_value" in frame else np.full(x.size, np.nan)
    return Customers(tuple(str(ids[i]) for i in order), x, t_x, T, np.where(x > 0, m, np.nan))
