"""From a table of paths, or of touches, to journeys: the channels that somebody met, in order, up to a conversion or to nothing.

Paths: path ("a > b > c"), total_conversions, and total_conversion_value, total_null where there are. Touches: person, time, channel,
converted (the touch at which the conversion came; a row without channel is a conversion alone), value. A journey ends with its
conversion; touches older than the lookback before its end do not count; the same channel again within the session is one touch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from stageway.evidence import DataError, Frame, Warning, Where, Words, joined, say

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Journeys:
    """Touches stand path after path. `ages`: days before the conversion. Counts and values are those of each path."""

    channels: list[str]
    codes: Codes
    lengths: Codes
    conversions: Array
    nulls: Array
    values: Array | None
    ages: Array | None
    notes: list[Warning]
    observed: tuple[date, date] | None = None


def _refused(code: str, what: Words, frame: Frame) -> DataError:
    return DataError(code, what, where=Where(file=frame.source or None))


def read(frame: Frame, *, unknown: str, lookback_d: float, session_min: float) -> Journeys:
    """`unknown` is the channel of a conversion without any touch. Raises DataError for a table that is neither, and for none converted."""
    if "path" in frame and "total_conversions" in frame:
        found = _from_paths(frame, unknown)
    elif all(name in frame for name in ("person", "time", "channel", "converted")):
        found = _from_touches(frame, unknown, lookback_d, session_min)
    else:
        what = Words(
            "路径表须有path和total_conversions，接触表须有person、time、channel和converted",
            "a table of paths needs path and total_conversions, one of touches person, time, channel and converted")
        raise _refused("columns_do_not_fit", what, frame)
    if not found.conversions.sum() > 0:
        raise _refused("no_conversions", Words("没有一次转化，无从归因", "there is no conversion: nothing to attribute"), frame)
    folded: dict[str, list[str]] = {}
    for name in found.channels:
        folded.setdefault(name.casefold(), []).append(name)
    for names in folded.values():
        if len(names) > 1:
            listed = joined([Words(name, name) for name in names])
            found.notes.append(Warning("channel_case", say(
                zh="渠道名只差大小写，按不同渠道计：{names}", en="channel names that differ in case only are counted apart: {names}", names=listed)))
    return found


def _counts(frame: Frame, name: str) -> Array:
    values: Array = frame[name]
    if (bad := np.flatnonzero(np.isnan(values))).size:
        raise frame.wrong(name, int(bad[0]), Words("不小于0的数", "a number of at least 0"))
    return values


def _from_paths(frame: Frame, unknown: str) -> Journeys:
    conversions = _counts(frame, "total_conversions")
    values = _counts(frame, "total_conversion_value") if "total_conversion_value" in frame else None
    nulls = _counts(frame, "total_null") if "total_null" in frame else np.zeros(len(frame))
    split = [tuple(part for piece in path.split(">") if (part := piece.strip())) if path else () for path in frame["path"].tolist()]
    notes: list[Warning] = []
    empty = np.array([not path for path in split], dtype=bool)
    if empty.any():
        notes.append(Warning("path_missing", say(
            zh="{n}行没有路径，其{x}次转化记为“{unknown}”", en='{n} rows have no path: their {x} conversions are counted as "{unknown}"',
            n=f"{int(empty.sum()):,}", x=f"{conversions[empty].sum():,.0f}", unknown=unknown)))
    channels = sorted({part for path in split for part in path} | ({unknown} if empty.any() else set()))
    place = {name: i for i, name in enumerate(channels)}
    coded = [tuple(place[part] for part in path) or (place[unknown],) for path in split]
    distinct = sorted(set(coded))
    row = {path: i for i, path in enumerate(distinct)}
    rows = np.array([row[path] for path in coded], dtype=np.int64)
    order = np.lexsort((nulls, conversions, np.zeros(len(rows)) if values is None else values, rows))

    def summed(column: Array) -> Array:
        return np.bincount(rows[order], weights=column[order], minlength=len(distinct)).astype(np.float64)

    codes = np.array([code for path in distinct for code in path], dtype=np.int64)
    lengths = np.array([len(path) for path in distinct], dtype=np.int64)
    return Journeys(channels, codes, lengths, summed(conversions), summed(nulls), None if values is None else summed(values), None, notes)


def _seconds(frame: Frame) -> Array:
    times: list[datetime | None] = frame["time"].tolist()
    if (lacking := [i for i, time in enumerate(times) if time is None]):
        raise frame.wrong("time", lacking[0], Words("时间", "a time"))
    known = [time for time in times if time is not None]
    if len({time.tzinfo is None for time in known}) > 1:
        raise _refused("time_zone_mixed", Words("time列有的带时区、有的不带", "some times have a zone and some have none"), frame)
    return np.array([(time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() for time in known])


def _from_touches(frame: Frame, unknown: str, lookback_d: float, session_min: float) -> Journeys:
    if (lacking := np.flatnonzero(frame.missing("person"))).size:
        raise frame.wrong("person", int(lacking[0]), Words("用户编号", "the id of a person"))
    seconds, converted = _seconds(frame), np.nan_to_num(frame["converted"]) > 0
    worth = np.nan_to_num(frame["value"]) if "value" in frame else np.zeros(len(frame))
    names = frame["channel"].tolist()
    channels = sorted({name for name in names if name is not None} | {unknown})
    place = {name: i for i, name in enumerate(channels)}
    code = np.array([-1 if name is None else place[name] for name in names], dtype=np.int64)
    person = np.unique(frame["person"].astype(str), return_inverse=True)[1]
    order = np.lexsort((worth, code, converted, seconds, person))
    person, seconds, converted, code, worth = person[order], seconds[order], converted[order], code[order], worth[order]
    same = np.zeros(len(order), dtype=bool)
    same[1:] = (np.diff(person) == 0) & (np.diff(seconds) == 0) & (np.diff(code) == 0) & (converted[1:] == converted[:-1]) & (np.diff(worth) == 0)
    notes: list[Warning] = []
    if same.any():
        notes.append(Warning("duplicate_touches", say(
            zh="{n}行与另一行完全相同，只计一次", en="{n} rows repeat another row exactly and are counted once", n=f"{int(same.sum()):,}")))
        person, seconds, converted, code, worth = person[~same], seconds[~same], converted[~same], code[~same], worth[~same]
    begins = np.r_[True, (person[1:] != person[:-1]) | converted[:-1]]
    journey = np.cumsum(begins) - 1
    lasts = np.r_[np.flatnonzero(begins)[1:] - 1, len(journey) - 1]
    ages = (seconds[lasts][journey] - seconds) / 86_400
    again = np.zeros(len(code), dtype=bool)
    again[1:] = ~begins[1:] & (code[1:] == code[:-1]) & (np.diff(seconds) <= session_min * 60) & (session_min > 0)
    touch = (code >= 0) & ~again & (ages <= lookback_d)
    count = np.bincount(journey, weights=touch, minlength=len(lasts)).astype(np.int64)
    alone = (count == 0) & converted[lasts]
    touch[lasts[alone]], code[lasts[alone]], count[alone] = True, place[unknown], 1
    kept, won = count > 0, converted[lasts]
    used = sorted(set(code[touch].tolist()))
    earned = np.bincount(journey, weights=np.where(converted, worth, 0.0), minlength=len(lasts)).astype(np.float64)
    days = [time.date() for time in frame["time"].tolist()]
    return Journeys(
        [channels[i] for i in used], np.searchsorted(used, code[touch]), count[kept], won[kept].astype(np.float64), (~won[kept]).astype(np.float64),
        earned[kept] if "value" in frame else None, ages[touch], notes, (min(days), max(days)) if days else None)
