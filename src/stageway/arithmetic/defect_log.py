"""The defects of a product as one list on one day: what was found when, what is open, how old it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.evidence import DataError, Frame, Where, Words, say

Array = NDArray[np.float64]
DAY_S = 86_400.0
#: The worst first; what is not listed comes after, in order of the alphabet, and defects without a severity last.
SEVERITIES = ("blocker", "critical", "致命", "严重", "major", "high", "高", "主要", "一般", "medium", "中", "minor", "low", "低", "次要", "轻微", "trivial", "建议")
NO, YES = {"no", "false", "0", "n", "否", "无", "closed", "已关闭", "关闭"}, {"yes", "true", "y", "是"}


@dataclass(frozen=True)
class Defect:
    """`found` and `closed` in the clock of the data; `is_open` on the day that is looked at; `reopened` None where nobody kept it."""

    id: str
    title: str
    severity: str | None
    found: datetime
    closed: datetime | None
    is_open: bool
    component: str | None
    found_in: str | None
    introduced_in: str | None
    reopened: bool | None

    def age_d(self, at: datetime) -> float:
        return (at - self.found).total_seconds() / DAY_S

    @property
    def fix_d(self) -> float | None:
        return None if self.closed is None else (self.closed - self.found).total_seconds() / DAY_S


@dataclass(frozen=True)
class Log:
    """Defects found by the end of the day `at`, the oldest first; and how many rows could not be used, by reason."""

    at: date
    defects: tuple[Defect, ...]
    undated: int = 0
    later: int = 0
    closed_undated: int = 0
    contradicting: int = 0
    repeated: int = 0
    states_known: bool = True

    @property
    def end(self) -> datetime:
        """The last second counted: the end of the day, or midnight at its start where all times are whole days."""
        whole = all(t.time() == datetime.min.time() for d in self.defects for t in (d.found, d.closed) if t is not None)
        start = datetime(self.at.year, self.at.month, self.at.day)  # noqa: DTZ001  the clock of the data
        return start if whole else start + timedelta(days=1)

    @property
    def open(self) -> tuple[Defect, ...]:
        return tuple(d for d in self.defects if d.is_open)

    def severities(self) -> list[str | None]:
        return sorted({d.severity for d in self.defects}, key=rank)

    def durations(self, defects: Sequence[Defect]) -> tuple[Array, NDArray[np.bool_]]:
        """Days to close, and whether it was closed (False: still open on the day); defects closed on an unknown day are left out."""
        picked = [d for d in defects if d.is_open or d.closed is not None]
        days = [d.age_d(self.end) if d.is_open else d.fix_d or 0.0 for d in picked]
        return np.maximum(np.array(days), 0.0), np.array([not d.is_open for d in picked], dtype=bool)

    def weeks(self, most: int | None = None) -> tuple[list[date], Array, Array]:
        """(first day, found, closed) of each whole week that ends on the day looked at; the earliest first, at most `most`."""
        first = min(d.found.date() for d in self.defects)
        count = ((self.at - first).days + 1) // 7
        count = count if most is None else min(count, most)
        came, done = np.zeros(count), np.zeros(count)
        for d in self.defects:
            for day, into in ((d.found, came), (d.closed if not d.is_open else None, done)):
                if day is not None and (back := (self.at - day.date()).days // 7) < count:
                    into[count - 1 - back] += 1
        return [self.at - timedelta(days=7 * (count - i) - 1) for i in range(count)], came, done


def rank(severity: str | None) -> tuple[int, int, str]:
    low = (severity or "").casefold()
    return (severity is None, SEVERITIES.index(low) if low in SEVERITIES else len(SEVERITIES), low)


def _column(frame: Frame, name: str) -> list[Any]:
    return frame[name].tolist() if name in frame else [None] * len(frame)


def _reopened(frame: Frame, text: str | None, i: int) -> bool | None:
    if text is None:
        return None
    if text.casefold() in YES | {"reopened", "重新打开"}:
        return True
    if text.casefold() in NO:
        return False
    try:
        return float(text) > 0
    except ValueError:
        raise frame.wrong("reopened", i, Words("次数，或是、否", "a count, or yes or no")) from None


def _plain(time: datetime | None) -> datetime | None:
    return None if time is None else time.replace(tzinfo=None)


def read(frame: Frame, at: date | None) -> Log:
    """From typed columns. DataError for a defect closed before it was found, and where no row says when it was found."""
    found, closed = ([_plain(t) for t in _column(frame, name)] for name in ("found", "closed"))
    listed = _column(frame, "open")
    kept = any(text is not None for text in listed)
    if not any(found):
        raise DataError("no_dates", Words("没有一个缺陷写了发现日期", "no defect says when it was found"), where=Where(file=frame.source or None))
    names = ("id", "title", "severity", "component", "found_in", "introduced_in", "reopened")
    cells = {name: _column(frame, name) for name in names}
    made: dict[str, Defect] = {}
    counts = {"undated": 0, "later": 0, "closed_undated": 0, "contradicting": 0, "repeated": 0}
    last = at or max(t.date() for t in (*found, *closed) if t is not None)
    for i, (start, end) in enumerate(zip(found, closed, strict=True)):
        if start is None or start.date() > last:
            counts["undated" if start is None else "later"] += 1
            continue
        if end is not None and end < start:
            raise frame.wrong("closed", i, say(zh="不早于发现日期{day}", en="no earlier than {day}, when it was found", day=start.date().isoformat()))
        still = listed[i] is not None and listed[i].casefold() not in NO
        is_open = still if kept else end is None
        over = end is not None and end.date() <= last
        if kept and still and over:
            counts["contradicting"] += 1
        if kept and not still and end is None:
            counts["closed_undated"] += 1
        if end is not None and not over:
            is_open, end = True, None
        text = {name: cells[name][i] for name in names[:-1]}
        if text["severity"] is None and still and listed[i].casefold() not in YES:
            text["severity"] = listed[i]
        key = text["id"] or f"#{frame.rows[i]}"
        one = Defect(key, text["title"] or "", text["severity"], start, None if is_open else end, is_open, text["component"], text["found_in"],
                     text["introduced_in"], _reopened(frame, cells["reopened"][i], i))
        if key in made and made[key] != one:
            what = say(zh="缺陷“{key}”出现两次，内容不同", en='defect "{key}" stands there twice, with different contents', key=key)
            raise DataError("repeated_id", what, where=Where(file=frame.source or None, row=int(frame.rows[i])))
        counts["repeated"] += key in made
        made[key] = one
    if not made:
        what = say(zh="到{day}为止没有发现任何缺陷", en="no defect had been found by {day}", day=last.isoformat())
        raise DataError("nothing_yet", what, where=Where(file=frame.source or None))
    return Log(last, ordered(list(made.values())), **counts, states_known=kept or any(closed))


def ordered(defects: Sequence[Defect]) -> tuple[Defect, ...]:
    """The oldest first, whatever the order of the file; names made of row numbers are made anew."""
    def key(d: Defect) -> tuple[Any, ...]:
        name = "" if d.id.startswith("#") else d.id
        return (d.found, name, d.title, rank(d.severity), str(d.closed), d.is_open, str(d.component), str(d.found_in), str(d.introduced_in), str(d.reopened))

    return tuple(replace(d, id=f"#{i + 1}") if d.id.startswith("#") else d for i, d in enumerate(sorted(defects, key=key)))


def stages_of(defects: Sequence[Defect], order: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """Positions in `order` where each defect was put in and found, of those that have both; and the names that `order` lacks."""
    place = {name.casefold(): i for i, name in enumerate(order)}
    both = [(d.introduced_in, d.found_in) for d in defects if d.introduced_in is not None and d.found_in is not None]
    unknown = sorted({name for pair in both for name in pair if name is not None and name.casefold() not in place})
    pairs = [(place[a.casefold()], place[b.casefold()]) for a, b in both if a and b and a.casefold() in place and b.casefold() in place]
    codes = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return codes[:, 0], codes[:, 1], unknown
