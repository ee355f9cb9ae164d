"""From a list of purchases to one history a customer: how often, when last, how long observed, how much."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from stageway.evidence import Frame

Array = NDArray[np.float64]
WEEK = 7.0


@dataclass(frozen=True)
class Customers:
    """Sorted by id. x repeat purchases (purchase days less one), t_x and T in weeks, m mean amount of the repeat purchases (NaN without)."""

    ids: tuple[str, ...]
    x: Array
    t_x: Array
    T: Array
    m: Array

    @property
    def n(self) -> int:
        return self.x.size


@dataclass(frozen=True)
class Purchases:
    """Each customer's purchase days in order, the amounts of a day added up (NaN where the file has none)."""

    days: dict[str, list[tuple[date, float]]]
    merged: int
    undated: int
    unpaid: int

    @property
    def span(self) -> tuple[date, date]:
        all_days = [day for each in self.days.values() for day, _ in each]
        return min(all_days), max(all_days)

    def seen(self, until: date) -> Customers:
        """The customers whose first purchase lies on or before `until`, as one saw them then."""
        rows = []
        for id in sorted(self.days):
            kept = [each for each in self.days[id] if each[0] <= until]
            if not kept:
                continue
            first, last = kept[0][0], kept[-1][0]
            paid = [amount for _, amount in kept[1:]]
            rows.append((id, len(kept) - 1, (last - first).days / WEEK, (until - first).days / WEEK, float(np.mean(paid)) if paid else np.nan))
        columns = list(zip(*rows, strict=True)) or [(), (), (), (), ()]
        return Customers(tuple(columns[0]), *(np.array(c, dtype=np.float64) for c in columns[1:]))

    def later(self, ids: tuple[str, ...], after: date, until: date) -> Array:
        """How many purchase days each customer has after one day, up to another."""
        return np.array([sum(after < day <= until for day, _ in self.days[id]) for id in ids], dtype=np.float64)


def purchases_of(frame: Frame) -> Purchases:
    """From columns customer, time and amount (may be absent); rows without a customer or a time are counted and left out."""
    amounts = frame["amount"].tolist() if "amount" in frame else [np.nan] * len(frame)
    by_day: dict[str, dict[date, float]] = defaultdict(dict)
    rows = undated = unpaid = 0
    for id, time, amount in sorted(zip(frame["customer"].tolist(), frame["time"].tolist(), amounts, strict=True), key=lambda row: (str(row[0]), str(row[1]), row[2])):
        if id is None or time is None:
            undated += 1
            continue
        if amount < 0:
            unpaid += 1
            continue
        rows += 1
        by_day[id][time.date()] = by_day[id].get(time.date(), 0.0) + amount
    days = {id: sorted(each.items()) for id, each in by_day.items()}
    return Purchases(days, rows - sum(map(len, days.values())), undated, unpaid)


def before(day: date, weeks: float) -> date:
    return day - timedelta(days=round(weeks * WEEK))
