"""Numbers over time as they come from a metric store: sorted, one a cell of the clock, with the step found from the data and the gaps named.

A cell is one step long: the clock is shifted so that the usual second of arrival stands in its middle, and a point that comes a little early or
late stays in its cell. Points of one cell are averaged (a ratio adds its counts). Phases follow the local clock, gaps the time that passed, so a
change to summer time makes no gap where the zone is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from stageway.evidence import DataError, Frame, ParamError, Where, Words, say

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
DAY = 86_400.0
#: a step longer than this many days has no weekday of its own
LONGEST_DAY = 1.5


@dataclass(frozen=True)
class Gap:
    """`missing` points between the last time before and the first time after."""

    after: datetime
    before: datetime
    missing: int


@dataclass(frozen=True)
class Series:
    """In order of time. `days` are ordinals and `slots` the cell within the day on the shifted local clock; `base` the denominators of a ratio."""

    name: str
    at: tuple[datetime, ...]
    values: Array
    base: Array | None
    days: Whole
    slots: Whole
    step: float
    gaps: tuple[Gap, ...] = ()
    uneven: float = 0.0
    twice: int = 0
    blank: int = 0

    @property
    def n(self) -> int:
        return self.values.size

    @property
    def weeks(self) -> float:
        return (self.n + self.missing) * self.step / (7 * DAY)

    @property
    def missing(self) -> int:
        return sum(gap.missing for gap in self.gaps)

    @property
    def weekdays(self) -> Whole:
        return (self.days - 1) % 7  # ordinal 1 is a Monday


@dataclass
class _Rows:
    times: list[datetime] = field(default_factory=list)
    values: list[tuple[float, float]] = field(default_factory=list)
    blank: int = 0


def series_of(frame: Frame, zone: str = "") -> tuple[Series, ...]:
    """Sorted by name. DataError where no cell holds a number, or a numerator is larger than its denominator; ParamError for an unknown zone."""
    own = _zone(zone)
    value = frame.numbers("value") if "value" in frame else np.full(len(frame), np.nan)
    ratio = "numerator" in frame and "denominator" in frame
    top, base = (frame.numbers(n) if ratio else np.full(len(frame), np.nan) for n in ("numerator", "denominator"))
    _check(frame, top, base)
    names = frame["series"].tolist() if "series" in frame else [None] * len(frame)
    rows: dict[str, _Rows] = {}
    for name, time, v, x, n in zip(names, frame["time"].tolist(), value.tolist(), top.tolist(), base.tolist(), strict=True):
        each = rows.setdefault(name or "", _Rows())
        if time is None or (v != v and not n > 0) or (v != v and x != x):
            each.blank += 1
            continue
        each.times.append(time)
        each.values.append((v, np.nan) if v == v else (x, n))
    made = [_made(name, rows[name], own) for name in sorted(rows) if rows[name].times]
    if not made:
        what = Words("没有一行同时有时间和数值（或分子与大于0的分母）", "no row has a time and a value (or a numerator with a denominator above 0)")
        raise DataError("no_values", what, where=Where(file=frame.source or None))
    return tuple(made)


def stopped(every: Sequence[Series], last: datetime) -> tuple[Series, ...]:
    """With the points that a series lacks at its end, where others go on; nothing for series that count time differently."""
    out = []
    for s in every:
        quiet = (last - s.at[-1]).total_seconds() if (last.tzinfo is None) == (s.at[-1].tzinfo is None) else 0.0
        end = (Gap(s.at[-1], last, round(quiet / s.step)),) if s.step > 0 and quiet > 1.5 * s.step else ()
        out.append(Series(s.name, s.at, s.values, s.base, s.days, s.slots, s.step, s.gaps + end, s.uneven, s.twice, s.blank))
    return tuple(out)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ParamError("param_wrong", Words("参数“zone”的值不对", 'parameter "zone" cannot take this value'), where=Where(value=name[:40]),
                         expected=Words("时区名，如 Asia/Shanghai", "the name of a zone such as Asia/Shanghai")) from None


def _check(frame: Frame, top: Array, base: Array) -> None:
    with np.errstate(invalid="ignore"):
        bad = np.flatnonzero((top > base) | (top < 0) | (base < 0))
    if bad.size:
        raise frame.wrong("numerator", int(bad[0]), Words("不小于0且不大于分母的数", "a number from 0 to the denominator"))
    aware = {time.tzinfo is not None for time in frame["time"].tolist() if time is not None}
    if len(aware) > 1:
        what = Words("有的时间带时区，有的不带，无法排出先后", "some times carry a zone and some do not: they cannot be put in order")
        raise DataError("zones_mixed", what, where=Where(file=frame.source or None, column="time"))


def _made(name: str, rows: _Rows, zone: ZoneInfo | None) -> Series:
    order = sorted(range(len(rows.times)), key=lambda i: (rows.times[i], rows.values[i]))
    local, passed = _clocks([rows.times[i] for i in order], zone)
    values = np.array([rows.values[i] for i in order], dtype=np.float64)
    order2 = np.argsort(passed, kind="stable")
    passed, values, local = passed[order2], values[order2], [local[i] for i in order2]
    apart = np.diff(passed)
    step = float(np.median(apart[apart > 0])) if (apart > 0).any() else 0.0
    twice = int((apart == 0).sum())
    days, slots = _cells(local, step)
    first = np.flatnonzero(np.r_[True, (np.diff(days) != 0) | (np.diff(slots) != 0)])
    if step > LONGEST_DAY * DAY:
        first = np.flatnonzero(np.r_[True, apart > 0])
    last = np.r_[first[1:], passed.size] - 1
    ratio = not np.isnan(values[:, 1]).all()
    if ratio and np.isnan(values[:, 1]).any():
        what = say(zh="序列“{name}”有的行给数值，有的行给分子与分母", en='series "{name}" gives a value in some rows and numerator and denominator in others', name=name)
        raise DataError("series_mixed", what, todo=Words("同一条序列只用一种写法", "write one series in one way"))
    sums, counts = np.add.reduceat(values, first, axis=0), np.diff(np.r_[first, passed.size])
    merged = sums[:, 0] / (sums[:, 1] if ratio else counts)
    at = tuple(local[i] for i in first)
    gaps, uneven = _gaps(at, passed[first], passed[last], step)
    return Series(name, at, merged, sums[:, 1] if ratio else None, days[first], slots[first], step, gaps, uneven, twice, rows.blank)


def _clocks(times: list[datetime], zone: ZoneInfo | None) -> tuple[list[datetime], Array]:
    """Times on the local clock, and the seconds that passed; the second of two equal local times is the later one where clocks go back."""
    if times[0].tzinfo is not None:
        seconds = np.array([t.timestamp() for t in times])
        return [(t.astimezone(zone) if zone else t) for t in times], seconds
    seen: dict[datetime, int] = {}
    out = []
    for time in times:
        fold = min(seen.get(time, 0), 1)
        seen[time] = fold + 1
        out.append(time.replace(tzinfo=zone or UTC, fold=fold).timestamp())
    return times, np.array(out)


def _cells(local: list[datetime], step: float) -> tuple[Whole, Whole]:
    if step <= 0 or step > DAY / 2:
        return np.array([t.toordinal() for t in local], dtype=np.int64), np.zeros(len(local), dtype=np.int64)
    clock = np.array([t.hour * 3600 + t.minute * 60 + t.second + t.microsecond / 1e6 for t in local])
    turn = clock / step * 2 * np.pi
    usual = float(np.arctan2(np.sin(turn).mean(), np.cos(turn).mean())) / (2 * np.pi) * step
    shifted = clock - (usual if abs(usual) > 1e-6 * step else 0.0) + step / 2
    days = np.array([t.toordinal() for t in local], dtype=np.int64) + np.floor(shifted / DAY).astype(np.int64)
    return days, np.floor((shifted % DAY) / step + 1e-9).astype(np.int64)


def _gaps(at: Sequence[datetime], start: Array, end: Array, step: float) -> tuple[tuple[Gap, ...], float]:
    """The gaps, and the share of distances that are more than a tenth off a whole number of steps."""
    if step <= 0 or len(at) < 2:
        return (), 0.0
    apart = start[1:] - end[:-1]
    gaps = tuple(Gap(at[i], at[i + 1], max(1, round(apart[i] / step) - 1)) for i in np.flatnonzero(apart > 1.5 * step).tolist())
    off = np.abs(apart / step - np.maximum(1, np.round(apart / step)))
    return gaps, float((off > 0.1).mean())
