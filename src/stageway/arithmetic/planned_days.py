"""What was known beforehand: planned events with a span of time, and days that are worked or not against the week's habit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.clocked_series import Series
from stageway.evidence import DataError, Frame, Where, Words

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Event:
    """From `start` to before `end`; of all series where `series` is empty; `mute` leaves its points out of judgement altogether."""

    start: datetime
    end: datetime
    what: str
    series: str = ""
    mute: bool = False


@dataclass(frozen=True)
class Calendar:
    """Listed days by ordinal: whether they are worked, and their name."""

    works: dict[int, bool]
    names: dict[int, str]

    def of(self, days: Whole) -> tuple[Mask, Mask]:
        """(whether each day is worked, whether that differs from Monday to Friday)."""
        usual = (days - 1) % 7 < 5
        each, at = np.unique(days, return_inverse=True)
        listed = np.array([self.works.get(int(d), (d - 1) % 7 < 5) for d in each], dtype=bool)
        works: Mask = listed[at] if each.size else usual
        return works, works != usual


def events_of(frame: Frame | None) -> tuple[Event, ...]:
    """Sorted by start. An event without an end lasts an hour, or its day where it has no time of day; an end that is a day ends with that day."""
    if frame is None:
        return ()
    made = []
    texts = [frame[n].tolist() if n in frame else [None] * len(frame) for n in ("end", "what", "series", "act")]
    for i, (start, end, what, series, act) in enumerate(zip(frame["start"].tolist(), *texts, strict=True)):
        if start is None:
            continue
        until = _end(start, end)
        if until <= start:
            raise frame.wrong("end", i, Words("晚于开始的时间", "a time after the start"))
        if act not in (None, "explain", "mute"):
            raise frame.wrong("act", i, Words("explain 或 mute", "explain or mute"))
        made.append(Event(start, until, what or "", series or "", act == "mute"))
    return tuple(sorted(made, key=lambda e: (e.start, e.end, e.series, e.what)))


def _end(start: datetime, end: datetime | None) -> datetime:
    if end is not None:
        return end + timedelta(days=1) if _whole_day(end) else end
    return start + (timedelta(days=1) if _whole_day(start) else timedelta(hours=1))


def _whole_day(time: datetime) -> bool:
    return (time.hour, time.minute, time.second) == (0, 0, 0)


def calendar_of(frame: Frame | None) -> Calendar:
    works: dict[int, bool] = {}
    names: dict[int, str] = {}
    if frame is None:
        return Calendar(works, names)
    titles = frame["name"].tolist() if "name" in frame else [None] * len(frame)
    for day, flag, name in sorted(zip(frame["day"].tolist(), frame["works"].tolist(), titles, strict=True), key=lambda row: (str(row[0]), row[1], str(row[2]))):
        if day is None or flag != flag:
            continue
        key = day.toordinal()
        if works.get(key, bool(flag)) != bool(flag):
            what = Words("同一天既写上班又写休息", "a day is listed both as worked and as free")
            raise DataError("calendar_contradicts", what, where=Where(file=frame.source or None, column="works", value=str(day)[:10]))
        works[key] = bool(flag)
        names[key] = name or names.get(key, "")
    return Calendar(works, names)


def covered(series: Series, events: Sequence[Event], *, muted_only: bool) -> Mask:
    """Which points lie within an event of their series."""
    out = np.zeros(series.n, dtype=bool)
    for event in events:
        if event.series in ("", series.name) and (event.mute or not muted_only):
            out |= np.fromiter((starts_before(event.start, t) and not starts_before(event.end, t) for t in series.at), dtype=bool, count=series.n)
    return out


def starts_before(one: datetime, other: datetime) -> bool:
    """Whether `one` is not after `other`; a time without a zone is taken on the clock of the other."""
    if (one.tzinfo is None) != (other.tzinfo is None):
        return one.replace(tzinfo=None) <= other.replace(tzinfo=None)
    return one <= other


def reasons(start: datetime, end: datetime, name: str, events: Sequence[Event], calendar: Calendar, linger: timedelta) -> tuple[str, ...]:
    """What was planned within a span: events of the series (and for a while after them), and the names of free days."""
    found = [e.what for e in events if e.series in ("", name) and starts_before(e.start, end) and starts_before(start, e.end + linger)]
    found += [calendar.names[d] for d in range(start.toordinal(), end.toordinal() + 1) if d in calendar.works and not calendar.works[d]]
    return tuple(dict.fromkeys(text or "—" for text in found))
