"""Spend, customers, revenue and margins by channel, from their tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.unit_economics import value_so_far
from stageway.evidence import DataError, Frame, ParamError, Warning, Where, Words, did_you_mean, say

Array = NDArray[np.float64]
TOTALS = {"total", "合计", "总计"}


@dataclass(frozen=True)
class Channel:
    """Sums of a channel, and the same by period (empty where the table has no periods). `revenue` None where none was given."""

    name: str
    spent: float
    customers: float
    revenue: float | None
    by_period: Array

    @property
    def paid(self) -> bool:
        return self.spent > 0


@dataclass(frozen=True)
class Margins:
    """Margin of each customer (row) in each month, and whether that month was seen; `people` False where rows are sums of cohorts."""

    margins: Array
    seen: Array
    people: bool
    customers: int

    @property
    def months(self) -> int:
        return int(self.margins.shape[1])

    def value(self) -> Array:
        """Cumulative margin of a customer at the end of each month."""
        return np.asarray(value_so_far(self.margins, self.seen, np.ones((1, len(self.margins))))[0])


@dataclass(frozen=True)
class Books:
    channels: tuple[Channel, ...]
    observed: tuple[date, date] | None
    periods: int
    attributed: bool


def _moment(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=None)


def _added(values: Sequence[float]) -> float:
    """The order of rows does not change a sum."""
    return float(np.sum(np.sort(np.array(values)))) if values else 0.0


def read(spend: Frame, attributed: Frame | None, model: str, notes: list[Warning]) -> Books:
    """Customers from the spend table where it has any, else as credited by attribution. DataError for a row without channel or cost, or no customers at all."""
    cells = {name: spend[name] if name in spend else np.full(len(spend), np.nan) for name in ("customers", "revenue")}
    periods: list[datetime | None] = [_moment(t) for t in spend["period"].tolist()] if "period" in spend else [None] * len(spend)
    rows: dict[str, list[int]] = {}
    for i, (name, cost) in enumerate(zip(spend["channel"].tolist(), spend["cost"].tolist(), strict=True)):
        if name is None or cost != cost:
            raise spend.wrong("channel" if name is None else "cost", i, Words("渠道名", "a channel") if name is None else Words("不小于0的数", "a number of at least 0"))
        rows.setdefault(name, []).append(i)
    own = bool(np.any(~np.isnan(cells["customers"])))
    credited = _credited(attributed, model) if attributed is not None and not own else {}
    if not own and not credited:
        raise DataError("no_customers", Words("没有客户数：花费表没有customers列，也没有归因结果", "no customers: the spend table has no column customers, and there is no attribution"),
                        where=Where(file=spend.source or None))
    times = sorted({t for t in periods if t is not None})
    made = []
    for name in sorted({*rows, *credited}):
        mine = rows.get(name, [])
        customers = _added([v for i in mine if (v := float(cells["customers"][i])) == v]) if own else credited.get(name, 0.0)
        revenue = [v for i in mine if (v := float(cells["revenue"][i])) == v]
        series = _series(spend, mine, periods, times, cells) if times and (own or revenue) else np.empty((0, 3))
        made.append(Channel(name, _added([float(spend["cost"][i]) for i in mine]), customers, _added(revenue) if revenue else None, series))
    _blanks(spend, cells["customers"], periods, own, bool(times), notes)
    return Books(tuple(made), (times[0].date(), times[-1].date()) if times else None, len(times), not own)


def _series(spend: Frame, mine: list[int], periods: list[datetime | None], times: list[datetime], cells: dict[str, Array]) -> Array:
    """(periods, [cost, customers, revenue]); NaN in revenue where none was given at all."""
    at: dict[Any, int] = {t: k for k, t in enumerate(times)}
    parts: list[list[list[float]]] = [[[], [], []] for _ in times]
    for i in mine:
        if periods[i] is not None:
            for into, values in zip(parts[at[periods[i]]], (spend["cost"], cells["customers"], cells["revenue"]), strict=True):
                if values[i] == values[i]:
                    into.append(float(values[i]))
    return np.array([[_added(p) for p in part] for part in parts])


def _blanks(spend: Frame, customers: Array, periods: list[datetime | None], own: bool, dated: bool, notes: list[Warning]) -> None:
    if own and (k := int(np.isnan(customers).sum())):
        notes.append(Warning("customers_missing", say(zh="{k}行没有客户数，按0算，成本会偏高", en="rows without customers count as 0 ({k}), which makes the cost too high", k=k)))
    if dated and (k := sum(t is None for t in periods)):
        notes.append(Warning("period_missing", say(zh="{k}行没有日期，只计入合计", en="rows without a period count in the totals only: {k}", k=k)))


def _credited(table: Frame, model: str) -> dict[str, float]:
    """Customers by channel as the model credits them; ParamError for a model that the table does not have."""
    if model not in table:
        what = say(zh="归因结果里没有模型“{name}”", en='the attribution has no model "{name}"', name=model)
        raise ParamError("model_unknown", what, todo=did_you_mean(model, [n for n in table.names if n != "channel"]))
    values = table.numbers(model)
    return {name: float(v) for name, v in zip(table["channel"].tolist(), values.tolist(), strict=True)
            if name is not None and v == v and v >= 0 and name.casefold() not in TOTALS}


def margins_of(table: Frame) -> dict[str, Margins]:
    """By channel, "" for rows without one. Rows of a customer and month, or of a cohort with `customers` at risk; months from 0, without a gap."""
    names = table["channel"].tolist() if "channel" in table else [None] * len(table)
    people = "customer" in table and any(c is not None for c in table["customer"].tolist())
    made = {}
    for i, (month, margin) in enumerate(zip(table["month"].tolist(), table["margin"].tolist(), strict=True)):
        if month != month or month != int(month) or margin != margin:
            raise table.wrong("month" if month != month or month != int(month) else "margin", i, Words("整数的月份和数字的毛利", "a whole month and a number"))
    for name in sorted({n or "" for n in names}):
        rows = [i for i, n in enumerate(names) if (n or "") == name]
        made[name] = _of_people(table, rows) if people else _of_cohort(table, rows)
    return made


def _of_people(table: Frame, rows: list[int]) -> Margins:
    ids = sorted({str(table["customer"][i]) for i in rows})
    months = int(max(table["month"][i] for i in rows)) + 1
    at = {who: k for k, who in enumerate(ids)}
    cells: dict[tuple[int, int], list[float]] = {}
    until = np.full(len(ids), months)
    for i in rows:
        who = at[str(table["customer"][i])]
        cells.setdefault((who, int(table["month"][i])), []).append(float(table["margin"][i]))
        if "observed" in table and (shown := float(table["observed"][i])) == shown:
            until[who] = min(months, int(shown))
    margins = np.zeros((len(ids), months))
    for key, values in cells.items():
        margins[key] = _added(values)
    observed = (np.arange(months)[None, :] < until[:, None]).astype(np.float64)
    return Margins(margins, observed, True, len(ids))


def _of_cohort(table: Frame, rows: list[int]) -> Margins:
    months = int(max(table["month"][i] for i in rows)) + 1
    total, at_risk = np.zeros(months), np.zeros(months)
    for i in sorted(rows, key=lambda i: (table["month"][i], table["margin"][i])):
        count = float(table["customers"][i]) if "customers" in table else np.nan
        if not count > 0:
            raise table.wrong("customers" if "customers" in table else "month", i, Words("那个月可观察的客户数，大于0", "customers at risk in that month, above 0"))
        total[int(table["month"][i])] += float(table["margin"][i])
        at_risk[int(table["month"][i])] += count
    months = int(np.argmin(at_risk > 0)) if np.any(at_risk == 0) else months
    return Margins((total[:months] / at_risk[:months])[None, :], np.ones((1, months)), False, round(float(at_risk[:1].sum())))
