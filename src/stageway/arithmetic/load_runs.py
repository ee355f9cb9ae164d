"""A load test as data: single requests, or only a summary of them, by label and as a whole."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import order_statistics
from stageway.arithmetic.capacity import Windows, windows_of
from stageway.evidence import DataError, Frame, Where, Words, say

Array = NDArray[np.float64]
PERCENTILES = (50.0, 66.0, 75.0, 80.0, 90.0, 95.0, 98.0, 99.0, 99.9)
EMPTY: Array = np.empty(0)


@dataclass(frozen=True)
class Part:
    """Requests of one label, or all: `ordered` times in ms (empty where only a summary is known), `known` quantiles (share → ms).

    `judged` of `n` requests say whether they failed. `codes` counts the codes of those that did.
    """

    label: str
    n: int
    judged: int
    failures: int
    ordered: Array = field(default_factory=lambda: EMPTY)
    known: Mapping[float, float] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)

    def quantile(self, q: float) -> float | None:
        return order_statistics.quantile(self.ordered, q) if self.ordered.size else self.known.get(q)

    def interval(self, q: float) -> tuple[float, float]:
        """Times are not below 0, which closes the lower end."""
        low, high = order_statistics.interval(self.ordered, q) if self.ordered.size else order_statistics.bracketed(self.known, self.n, q)
        return max(low, 0.0), high

    @property
    def ordered_known(self) -> bool:
        values = [self.known[q] for q in sorted(self.known)]
        return all(a <= b for a, b in pairwise(values))


@dataclass(frozen=True)
class Load:
    """One run. `whole` has times only where they are those of all requests; `apart` counts transactions and parts of requests."""

    whole: Part
    labels: tuple[Part, ...]
    per_s: float | None
    single: bool
    apart: int
    untimed: int
    thresholds_failed: int
    windows: Windows | None = None


def load_of(table: Frame) -> Load:
    """From either shape. DataError where the table has neither single times nor numbers of requests."""
    if "elapsed_ms" in table:
        return _single(table)
    if "requests" in table:
        return _summary(table)
    what = say(zh="既没有列“{times}”，也没有列“{counts}”", en='there is neither a column "{times}" nor a column "{counts}"', times="elapsed_ms", counts="requests")
    todo = Words("单次请求的表要有用时，汇总表要有次数", "single requests have a time each, a summary has numbers of requests")
    raise DataError("column_missing", what, where=Where(file=table.source or None), todo=todo)


def _texts(table: Frame, name: str) -> Sequence[str]:
    return [str(cell or "") for cell in table[name].tolist()] if name in table else [""] * len(table)


def _single(table: Frame) -> Load:
    times, labels = table["elapsed_ms"], np.array(_texts(table, "label"), dtype=object)
    scope = np.array([each or "request" for each in _texts(table, "scope")], dtype=object)
    success = table["success"] if "success" in table else np.full(len(table), np.nan)
    codes = np.array(_texts(table, "code"), dtype=object)
    own = scope == "request"
    kept = own & ~np.isnan(times)

    def part(label: str, mask: NDArray[np.bool_]) -> Part:
        failed = mask & (success == 0)
        counted = Counter(codes[failed].tolist())
        return Part(label, int(mask.sum()), int((mask & ~np.isnan(success)).sum()), int(failed.sum()), np.sort(times[mask]), codes=dict(sorted(counted.items())))

    parts = tuple(part(label, kept & (labels == label)) for label in sorted(set(labels[kept].tolist())))
    return Load(part("", kept), parts, _rate(table, kept), True, int((~own).sum()), int((own & np.isnan(times)).sum()), 0, _windows(table, kept))


def _windows(table: Frame, kept: NDArray[np.bool_]) -> Windows | None:
    """The run in windows of time, where single requests tell when they began."""
    timed = kept & ~np.isnan(table["time_ms"]) if "time_ms" in table else np.zeros(len(table), dtype=bool)
    return windows_of(table["time_ms"][timed], table["elapsed_ms"][timed]) if timed.sum() > 1 else None


def _rate(table: Frame, kept: NDArray[np.bool_]) -> float | None:
    """Requests a second between the first start and the last end."""
    if "time_ms" not in table or not kept.any():
        return None
    start = table["time_ms"][kept]
    seconds = (np.max(start + table["elapsed_ms"][kept]) - np.min(start)) / 1000
    return float(kept.sum() / seconds) if seconds > 0 else None


def _summary(table: Frame) -> Load:
    labels, scope = _texts(table, "label"), [each or "label" for each in _texts(table, "scope")]

    def cell(name: str, i: int) -> float | None:
        value = float(table[name][i]) if name in table else math.nan
        return None if math.isnan(value) else value

    parts: list[Part] = []
    totals: list[Part] = []
    rates = []
    failed_thresholds = 0
    for i, label in enumerate(labels):
        n, failures = cell("requests", i), cell("failures", i)
        if n is None or n != int(n):
            raise table.wrong("requests", i, Words("请求次数", "a number of requests"))
        if failures is not None and failures > n:
            raise table.wrong("failures", i, Words("不超过请求次数的数", "no more than there are requests"))
        known = {q / 100: v for q in PERCENTILES if (v := cell(f"p{q:g}_ms", i)) is not None}
        known |= {q: v for q, name in ((0.0, "min_ms"), (1.0, "max_ms")) if (v := cell(name, i)) is not None}
        made = Part(label, int(n), 0 if failures is None else int(n), int(failures or 0), known=known)
        failed_thresholds += int(cell("thresholds_failed", i) or 0)
        (totals if scope[i] == "all" else parts).append(made)
        rates.append((scope[i] == "all", cell("per_s", i)))
    parts.sort(key=lambda one: (one.label, one.n, one.failures))
    whole = _whole(parts, totals)
    rate = [r for is_total, r in rates if is_total == bool(totals) and r is not None]
    return Load(whole, tuple(parts), sum(rate) if rate else None, False, 0, 0, failed_thresholds)


def _whole(parts: Sequence[Part], totals: Sequence[Part]) -> Part:
    """Counts are summed over the labels where there are any; quantiles are only those of the tool's total, or of the only label."""
    known: Mapping[float, float] = totals[0].known if len(totals) == 1 else parts[0].known if len(parts) == 1 and not totals else {}
    counted = parts or totals
    return Part("", sum(p.n for p in counted), sum(p.judged for p in counted), sum(p.failures for p in counted), known=known)
