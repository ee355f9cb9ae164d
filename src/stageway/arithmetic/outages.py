"""Incidents of a service: when each began and was over, how long the service was down within a period, which causes came back."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from stageway.evidence import DataError, Frame, Where, Words, say

Array = NDArray[np.float64]
HOUR_S = 3600.0
DATA_LOSS = {"data_loss", "data loss", "data_mixed_up", "data corruption", "数据丢失", "数据错乱"}
TAKEDOWN = {"takedown", "take-down", "take_down", "removal", "下架", "下架通知"}


@dataclass(frozen=True)
class Incident:
    """`end` None where it is still going on."""

    start: datetime
    end: datetime | None
    severity: str | None
    cause: str | None
    kind: str | None
    name: str


@dataclass(frozen=True)
class Incidents:
    """By start, the earliest first. `kinds_kept` says whether the table has a column that tells data losses and take-downs."""

    all: tuple[Incident, ...]
    undated: int
    kinds_kept: bool
    latest: datetime

    def repairs(self, until: datetime) -> tuple[Array, NDArray[np.bool_]]:
        """Hours to restore and whether it was restored, still going on at `until` otherwise."""
        hours = [((i.end or max(until, i.start)) - i.start).total_seconds() / HOUR_S for i in self.all]
        return np.array(hours), np.array([i.end is not None for i in self.all], dtype=bool)

    def of(self, names: set[str]) -> int:
        return sum((i.kind or "").casefold() in names for i in self.all)

    def causes(self) -> list[tuple[str, int, float]]:
        """(cause, incidents, hours down) of known causes, the most frequent first; spelling by the first that had it."""
        first: dict[str, str] = {}
        times: Counter[str] = Counter()
        hours: dict[str, float] = defaultdict(float)
        for i in self.all:
            if i.cause is not None:
                key = "".join(i.cause.casefold().split())
                first.setdefault(key, i.cause)
                times[key] += 1
                hours[key] += ((i.end or self.latest) - i.start).total_seconds() / HOUR_S
        return sorted(((first[k], n, hours[k]) for k, n in times.items()), key=lambda c: (-c[1], -c[2], c[0]))

    def repeats(self) -> int:
        """Incidents whose cause had been seen before."""
        return sum(n - 1 for _, n, _ in self.causes())


def read(frame: Frame) -> Incidents:
    """DataError for an incident that was over before it began."""
    begun, over = _clock(frame["detected"].tolist()), _clock(frame["restored"].tolist()) if "restored" in frame else [None] * len(frame)
    cells = {name: frame[name].tolist() if name in frame else [None] * len(frame) for name in ("severity", "cause", "kind", "id", "title")}
    made = []
    for i, (start, end) in enumerate(zip(begun, over, strict=True)):
        if start is None:
            continue
        if end is not None and end < start:
            raise frame.wrong("restored", i, say(zh="不早于开始的{start}", en="no earlier than its start, {start}", start=start.isoformat(sep=" ")))
        made.append(Incident(start, end, cells["severity"][i], cells["cause"][i], cells["kind"][i], cells["id"][i] or cells["title"][i] or ""))
    if not made:
        raise DataError("no_incidents", Words("没有一起故障写了发现时间", "no incident says when it was detected"), where=Where(file=frame.source or None))
    kept = any(kind is not None for kind in cells["kind"])
    latest = max(t for i in made for t in (i.start, i.end) if t is not None)
    made.sort(key=lambda i: (i.start, i.end is None, i.end or i.start, i.name, i.cause or "", i.severity or "", i.kind or ""))
    return Incidents(tuple(made), len(frame) - len(made), kept, latest)


def _clock(times: list[datetime | None]) -> list[datetime | None]:
    """One clock for all: UTC where every time has a zone, else as written."""
    if all(t is None or t.tzinfo is not None for t in times):
        return [None if t is None else t.astimezone(UTC).replace(tzinfo=None) for t in times]
    return [None if t is None else t.replace(tzinfo=None) for t in times]


def down(incidents: Incidents, severities: set[str], since: datetime, until: datetime) -> Array:
    """Hours of each stretch in which the service was down within the period; overlapping incidents are one stretch."""
    spans = sorted((max(i.start, since), min(i.end or until, until)) for i in incidents.all
                   if i.start < until and (i.end or until) > since and (not severities or (i.severity or "").casefold() in severities))
    merged: list[tuple[datetime, datetime]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return np.array([(end - start).total_seconds() / HOUR_S for start, end in merged if end > start])


def period(since: date | None, until: date | None, observed: tuple[date, date] | None) -> tuple[datetime, datetime] | None:
    """The whole days from `since` to `until`, those of the sessions where a day is not named; None where one end is unknown."""
    first, last = since or (observed[0] if observed else None), until or (observed[1] if observed else None)
    if first is None or last is None or last < first:
        return None
    midnight = datetime.min.time()
    return datetime.combine(first, midnight), datetime.combine(last, midnight) + timedelta(days=1)
