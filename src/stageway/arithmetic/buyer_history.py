"""Each buyer as seen on one day: days since the last purchase, purchase days, money; and how these divide the buyers.

Purchases of one day count once, their amounts add up; a negative amount is a refund, which lowers the money and is no purchase.
Scores 1 to 5 by mid-rank: 1 + floor(5 × (buyers below + half of those alike) / all), so that buyers alike always score alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stageway.evidence import Frame

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
SCORES = 5
#: gaps between purchases without which no life cycle is cut
FEWEST_GAPS = 20


@dataclass(frozen=True)
class Ledger:
    """By customer: purchase days in order, and each day's money (refunds on days of their own); what of the file was not used; whether all amounts are alike."""

    bought: dict[str, list[date]]
    paid: dict[str, list[tuple[date, float]]]
    merged: int
    incomplete: int
    refunds: int
    unpriced: int
    priced: int
    alike: bool

    @property
    def span(self) -> tuple[date, date]:
        every = [day for days in self.bought.values() for day in (days[0], days[-1])]
        return min(every), max(every)


@dataclass(frozen=True)
class Buyers:
    """Sorted by id. `since` days from the last purchase, `times` purchase days, `money` NaN where no amount is known, `first` days from the first one."""

    ids: tuple[str, ...]
    since: Array
    times: Array
    money: Array
    first: Array

    @property
    def n(self) -> int:
        return self.since.size


def ledger_of(frame: Frame, *, net: bool) -> Ledger:
    """`net` lets refunds lower the money; without, they are counted and left out."""
    amounts = frame["amount"].tolist() if "amount" in frame else [np.nan] * len(frame)
    bought: dict[str, set[date]] = defaultdict(set)
    paid: dict[str, dict[date, float]] = defaultdict(dict)
    different: set[float] = set()
    rows = incomplete = refunds = unpriced = priced = 0
    for id, time, amount in sorted(zip(frame["customer"].tolist(), frame["time"].tolist(), amounts, strict=True), key=lambda row: (str(row[0]), str(row[1]), row[2])):
        if id is None or time is None:
            incomplete += 1
            continue
        day = time.date()
        known = amount == amount
        refunds += known and amount < 0
        priced += known and amount >= 0
        if known and len(different) < 2:
            different.add(amount)
        if known and (amount >= 0 or net):
            paid[id][day] = paid[id].get(day, 0.0) + amount
        if known and amount < 0:
            continue
        unpriced += not known
        rows += 1
        bought[id].add(day)
    days = {id: sorted(each) for id, each in bought.items()}
    return Ledger(days, {id: sorted(paid[id].items()) for id in days if id in paid}, rows - sum(map(len, days.values())), incomplete, refunds, unpriced, priced, len(different) < 2)


def seen(ledger: Ledger, until: date, window: int) -> Buyers:
    """The buyers of the `window` days that end with `until` (of all days before it where window is 0)."""
    begin = until.toordinal() - window if window else 0
    rows = []
    for id in sorted(ledger.bought):
        days = [d.toordinal() for d in ledger.bought[id] if begin < d.toordinal() <= until.toordinal()]
        if not days:
            continue
        money = [m for d, m in ledger.paid.get(id, ()) if begin < d.toordinal() <= until.toordinal()]
        rows.append((id, until.toordinal() - days[-1], len(days), float(np.sum(money)) if money else np.nan, until.toordinal() - days[0]))
    columns = list(zip(*rows, strict=True)) or [()] * 5
    return Buyers(tuple(columns[0]), *(np.array(c, dtype=np.float64) for c in columns[1:]))


def gaps(ledger: Ledger, until: date) -> Array:
    """Days between successive purchase days of the same customer, up to `until`."""
    found = [(b - a).days for days in ledger.bought.values() for a, b in pairwise(days) if b <= until]
    return np.sort(np.array(found, dtype=np.float64))


def scores(values: Array, among: Array) -> Whole:
    """1 to 5 by mid-rank among the known values of `among`; 0 for a missing value."""
    ordered = np.sort(among[~np.isnan(among)])
    below, upto = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    rank = (below + (upto - below) / 2) / max(1, ordered.size)
    made = np.minimum(SCORES, 1 + np.floor(SCORES * rank + 1e-12)).astype(np.int64)
    return np.where(np.isnan(values), 0, made)


def steps(values: Array, edges: Sequence[float]) -> Whole:
    """1 + how many of the ascending edges a value reaches; 0 for a missing value."""
    return np.where(np.isnan(values), 0, 1 + np.searchsorted(np.array(edges), values, "right")).astype(np.int64)


def eight(recent: Mask, often: Mask, much: Mask | None) -> Whole:
    """0 value, 1 develop, 2 keep, 3 win back; four more where the money is low. Without money (None) the first four only."""
    kind = np.where(recent, np.where(often, 0, 1), np.where(often, 2, 3))
    return (kind if much is None else kind + np.where(much, 0, 4)).astype(np.int64)


#: rows: recency score 5 to 1; columns: frequency-and-money score 1 to 5
GRID = ("new potential potential champions champions", "promising potential potential loyal champions", "sleepy sleepy attention loyal loyal",
        "hibernating hibernating risk risk lose", "lost hibernating risk risk lose")
ELEVEN = ("champions", "loyal", "potential", "new", "promising", "attention", "sleepy", "risk", "lose", "hibernating", "lost")


def eleven(r: Whole, fm: Whole) -> Whole:
    """Index into ELEVEN by the grid; scores are 1 to 5."""
    table = np.array([[ELEVEN.index(name) for name in row.split()] for row in GRID], dtype=np.int64)
    made: Whole = table[SCORES - r, fm - 1]
    return made


def life(b: Buyers, silent: float, lost: float) -> Whole:
    """0 new (one purchase day, within `silent` days), 1 active, 2 silent, 3 lost (longer than `lost`)."""
    late = np.where(b.since > lost, 3, np.where(b.since > silent, 2, np.where(b.times > 1, 1, 0)))
    return late.astype(np.int64)


def moves(before: Sequence[str], was: Whole, after: Sequence[str], now: Whole, kinds: int) -> Whole:
    """Counts (kinds + 1) × (kinds + 1) from the class on the earlier day to that on the later; the last row and column hold those in neither class then or now."""
    index = {id: int(k) for id, k in zip(after, now, strict=True)}
    table = np.zeros((kinds + 1, kinds + 1), dtype=np.int64)
    known = set()
    for id, k in zip(before, was.tolist(), strict=True):
        table[k if k >= 0 else kinds, _class(index.get(id, -1), kinds)] += 1
        known.add(id)
    for id in after:
        if id not in known:
            table[kinds, _class(index[id], kinds)] += 1
    return table


def _class(index: int, kinds: int) -> int:
    return index if index >= 0 else kinds
