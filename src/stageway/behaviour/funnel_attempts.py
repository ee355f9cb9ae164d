"""How far each user comes through a list of steps: the plain definition of a funnel over one user's events.

A user's events stand in one total order: by time, equal times by the first step that the event fits (an event that fits none comes last),
then by name and properties. So equal times count as being in the order of the funnel, and one event fills at most one step.

ordered  An attempt begins at an event of step 1. Each following step is filled by the first later event that fits it; others may lie between.
strict   The same, but the very next event has to fit the next step.
any      An attempt begins at an event of any step; the next event that fits a step still open fills the first such step.

An event counts while its time is at most `window` after the first event of the attempt (elapsed time, the end included). An excluded event
behind the first one, which does not fill a step, ends the attempt; what was reached before it stays. `hold`: the events of each value of that
property stand for themselves, and those without a value do not count. Every possible first event opens an attempt; the best of a user is
the one with most steps, among equals the earliest (by its times). Only first events in the range open an attempt; the window may reach beyond it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from stageway.behaviour import periods
from stageway.behaviour.event_filters import Filter
from stageway.behaviour.event_log import Event, Log, place

Order = Literal["ordered", "strict", "any"]


@dataclass(frozen=True)
class Steps:
    """`whole`: only first events count whose window has ended at the log's end."""

    filters: tuple[Filter, ...]
    window: timedelta
    order: Order = "ordered"
    exclude: Filter | None = None
    hold: str | None = None
    first: date | None = None
    last: date | None = None
    whole: bool = False


@dataclass(frozen=True)
class Attempt:
    """Times at which the steps were reached, first to last, and the properties of the first event."""

    times: tuple[datetime, ...]
    properties: Mapping[str, str | None]

    @property
    def depth(self) -> int:
        return len(self.times)


@dataclass(frozen=True)
class Passage:
    """A user's best attempt; `open`: an attempt that did not get through had not run out when the log ended."""

    user: str
    best: Attempt
    open: bool


@dataclass(frozen=True)
class Course:
    """One user's events in the total order of the module's head: when, which steps each fits, and where the events of a step lie."""

    times: list[datetime]
    properties: list[Mapping[str, str | None]]
    fits: list[tuple[int, ...]]
    places: list[list[int]]
    excluded: list[int]

    def after(self, here: int, step: int) -> int:
        """Position of the first event behind `here` that fits the step; the number of events where there is none."""
        return _after(self.places[step], here, len(self.times))

    def excluded_after(self, here: int) -> int:
        return _after(self.excluded, here, len(self.times))


def _after(places: list[int], here: int, none: int) -> int:
    at = bisect_right(places, here)
    return places[at] if at < len(places) else none


def course(events: Sequence[Event], steps: Steps) -> Course:
    fits = [(tuple(i for i, step in enumerate(steps.filters) if step.fits(event)), event) for event in events]
    last = (len(steps.filters),)
    fits.sort(key=lambda pair: (pair[1].time, (pair[0] or last)[0], place(pair[1])))
    places = [[i for i, (mine, _) in enumerate(fits) if step in mine] for step in range(len(steps.filters))]
    excluded = [i for i, (_, event) in enumerate(fits) if steps.exclude is not None and steps.exclude.fits(event)]
    return Course([event.time for _, event in fits], [event.properties for _, event in fits], [mine for mine, _ in fits], places, excluded)


def attempt(course: Course, begin: int, steps: Steps) -> Attempt:
    """The attempt that begins at position `begin`, whose event must fit the first step (any order: one of them)."""
    left = list(range(len(steps.filters)))
    left.remove(course.fits[begin][0] if steps.order == "any" else 0)
    times, here = [course.times[begin]], begin
    while left:
        following = min(course.after(here, step) for step in (left if steps.order == "any" else left[:1]))
        if following == len(course.times) or course.times[following] - times[0] > steps.window:
            break
        if course.excluded_after(here) < following or (steps.order == "strict" and following > here + 1):
            break
        left.remove(next(step for step in left if step in course.fits[following]))
        times.append(course.times[following])
        here = following
    return Attempt(tuple(times), course.properties[begin])


def beginnings(course: Course, steps: Steps, log: Log) -> Iterator[int]:
    """Positions of the events that open an attempt."""
    for i, (time, fits) in enumerate(zip(course.times, course.fits, strict=True)):
        if not (fits if steps.order == "any" else 0 in fits):
            continue
        day = periods.local_day(time, log.zone)
        inside = (steps.first is None or day >= steps.first) and (steps.last is None or day <= steps.last)
        if inside and (not steps.whole or time + steps.window <= log.end):
            yield i


def passage(user: str, events: tuple[Event, ...], steps: Steps, log: Log) -> Passage | None:
    """None for a user who never begins."""
    made = [(attempt(each, begin, steps)) for each in _courses(events, steps) for begin in beginnings(each, steps, log)]
    if not made:
        return None
    best = min(made, key=lambda one: (-one.depth, one.times, tuple(value or "" for value in one.properties.values())))
    through = best.depth == len(steps.filters)
    return Passage(user, best, not through and any(one.times[0] + steps.window > log.end for one in made))


def _courses(events: tuple[Event, ...], steps: Steps) -> list[Course]:
    """One course, or with `hold` one for each value of the property: events of different values do not see each other."""
    if steps.hold is None:
        return [course(events, steps)]
    by_value: dict[str, list[Event]] = {}
    for event in events:
        if (value := event.properties[steps.hold]) is not None:
            by_value.setdefault(value, []).append(event)
    return [course(part, steps) for part in by_value.values()]


def passages(log: Log, steps: Steps) -> list[Passage]:
    """In the order of users."""
    return [made for user, events in log.users.items() if (made := passage(user, events, steps, log)) is not None]
