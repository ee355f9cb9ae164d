"""An event log: what each user did and when, in the order in which it happened.

Times that carry an offset are instants; a time without one is read on the clock of the zone. Rows of one event id are one event (the
earliest is kept). A row without user, event or time is left out and counted. Events of one user stand by (time, event, properties), so
that the order of rows in a file decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from stageway.behaviour import periods
from stageway.evidence import Column, DataError, Frame, Reads, Warning, Where, Words, say

#: A year outside of these is a fault of the clock, and outside of what a zone can convert.
YEARS = (1971, 2200)

EVENTS = Reads(
    "events",
    Words("事件日志，每行一个事件", "the event log, one row an event"),
    (
        Column("user", "id", Words("用户", "the user")),
        Column("event", "text", Words("事件名", "name of the event")),
        Column("time", "time", Words("发生时间；没有时差的按参数zone理解", "when it happened; without an offset it is read in the zone")),
        Column("event_id", "id", Words("事件编号，相同的只计一次", "id of the event; rows with the same id count once"), required=False),
    ),
    others=Words("其余各列是事件的属性", "all further columns are properties of the event"),
)


class Event(NamedTuple):
    time: datetime
    name: str
    properties: Mapping[str, str | None]


@dataclass(frozen=True)
class Log:
    """Users by id, each with its events in order; `names` of all events, later ones too.

    `end`: up to when the log is complete; nothing is known of what came later.
    """

    users: Mapping[str, tuple[Event, ...]]
    names: tuple[str, ...]
    zone: ZoneInfo
    end: datetime
    duplicates: int = 0
    conflicting: int = 0
    left_out: int = 0
    after_end: int = 0

    @property
    def observed(self) -> tuple[date, date]:
        times = [event.time for events in self.users.values() for event in (events[0], events[-1])]
        return periods.local_day(min(times), self.zone), periods.local_day(max(times), self.zone)

    def warnings(self) -> list[Warning]:
        made: list[Warning] = []

        def warn(count: int, code: str, zh: str, en: str) -> None:
            if count:
                made.append(Warning(code, say(zh=zh, en=en, count=f"{count:,}")))

        warn(self.duplicates, "duplicates", "{count}行与另一行的事件编号相同，已去重", "{count} rows repeat the event id of another row and were dropped")
        warn(self.conflicting, "duplicates_differ", "其中{count}个编号下的用户、事件或时间并不相同，取最早的一行；请核对上报",
             "{count} of those ids stand for rows that differ in user, event or time; the earliest was kept: check the collection")
        warn(self.left_out, "rows_incomplete", "{count}行缺用户、事件或时间，没有计入", "{count} rows lack user, event or time and are not counted")
        warn(self.after_end, "after_end", "{count}个事件晚于参数until，没有计入", "{count} events are later than until and are not counted")
        warn(self._stray(), "time_stray", "有{count}个事件的时间与其余相隔异常远，可能是时钟错误：它会把没观察满的格子变成“已满”，请先剔除或设until",
             "times far away from all others: {count}. A wrong clock makes unfinished periods look finished: remove them, or set until")
        return made

    def _stray(self) -> int:
        """Latest events behind a gap that is longer than all the time before it (and than 30 days), at most a hundredth of the log."""
        times = sorted(event.time for events in self.users.values() for event in events)
        most = len(times) // 100 + 1
        for back, (before, after) in enumerate(pairwise(reversed(times)), 1):
            gap = before - after
            if back > most or len(times) < 10:
                return 0
            if gap.days > 30 and gap > after - times[0]:
                return back
        return 0


def read(table: Frame, *, zone: str, until: str = "", properties: Iterable[str] = ()) -> Log:
    """`until`: the last day (YYYY-MM-DD, included) for which the log is complete; without it, the moment of the last event.

    Raises DataError where no event is left, ParamError for a zone or day that does not exist.
    """
    where = periods.zone_of(zone)
    wanted = {name: table.texts(name) for name in dict.fromkeys(properties)}
    users, names, times = table["user"].tolist(), table["event"].tolist(), table["time"].tolist()
    ids = table["event_id"].tolist() if "event_id" in table else [None] * len(table)
    nothing: Mapping[str, str | None] = {}
    kept: list[tuple[str, Event, str | None]] = []
    for i, (user, name, time) in enumerate(zip(users, names, times, strict=True)):
        if user is None or name is None or time is None:
            continue
        if not YEARS[0] <= time.year < YEARS[1]:
            raise table.wrong("time", i, say(zh="{low}年至{high}年之间的时间", en="a time between the years {low} and {high}", low=YEARS[0], high=YEARS[1]))
        instant = (time if time.tzinfo is not None else time.replace(tzinfo=where)).astimezone(UTC)
        kept.append((user, Event(instant, name, {each: values[i] for each, values in wanted.items()} if wanted else nothing), ids[i]))
    left_out = len(table) - len(kept)
    once, duplicates, conflicting = _without_duplicates(kept)
    end = periods.starts(periods.day_of(until, "until"), where, 1) if until else max((event.time for _, event in once), default=datetime.max.replace(tzinfo=UTC))
    by_user: dict[str, list[Event]] = {}
    for user, event in once:
        if event.time < end or not until:
            by_user.setdefault(user, []).append(event)
    if not by_user:
        what = Words("没有一个可用的事件：每行都要有用户、事件和时间", "there is no event to use: a row needs user, event and time")
        raise DataError("no_events", what, where=Where(file=table.source or None))
    ordered = {user: tuple(sorted(by_user[user], key=place)) for user in sorted(by_user)}
    known = tuple(sorted({event.name for _, event in once}))
    return Log(ordered, known, where, end, duplicates, conflicting, left_out, len(once) - sum(map(len, ordered.values())))


def place(event: Event) -> tuple[datetime, str, tuple[str, ...]]:
    """The total order of a user's events; equal times by event, then by the properties that are looked at."""
    return event.time, event.name, tuple(value or "" for value in event.properties.values())


def _without_duplicates(rows: list[tuple[str, Event, str | None]]) -> tuple[list[tuple[str, Event]], int, int]:
    """(rows with one row an event id, how many were dropped, ids whose rows differ)."""
    same: dict[str, list[tuple[str, Event]]] = {}
    made: list[tuple[str, Event]] = []
    for user, event, id in rows:
        if id is None:
            made.append((user, event))
        else:
            same.setdefault(id, []).append((user, event))
    for group in same.values():
        made.append(min(group, key=lambda row: (*place(row[1])[:2], row[0], place(row[1])[2])) if len(group) > 1 else group[0])
    differing = sum(len({(user, event.name, event.time) for user, event in group}) > 1 for group in same.values() if len(group) > 1)
    return made, len(rows) - len(made), differing
