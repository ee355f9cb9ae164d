"""Who comes back: the plain definition of retention over one user's events after another.

A user enters a cohort by a start event. Period 0 is the one in which that happens, period k the k-th after it. A column asks for returning
events in the periods `low` to `high` (on or after `low` where `high` is None). A cell (cohort, column) is complete when its last period has
ended for everyone of the cohort; a column of the curve adds up the complete cells.

    retained = Σ returned / Σ size       over the complete cells of a column

Source: the definitions of recurring, first-time and first-ever retention by calendar interval or 24 hours that PostHog, Mixpanel and
Amplitude document; Kish (1965), Survey Sampling (the effective n where one user stands in several cohorts); Armitage (1955), Biometrics 11, 375-386.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import intervals
from stageway.arithmetic.proportions import p_of_z
from stageway.behaviour import periods
from stageway.behaviour.event_filters import Filter
from stageway.behaviour.event_log import Event, Log
from stageway.behaviour.periods import FirstDay, Period

Mode = Literal["first_time", "first_ever", "first_in_range", "recurring"]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """Periods `low` to `high` after the start; `high` None: low or later."""

    low: int
    high: int | None

    @property
    def key(self) -> str:
        return str(self.low) if self.high in (None, self.low) else f"{self.low}-{self.high}"

    @property
    def last(self) -> int:
        """The period that must have ended."""
        return self.low if self.high is None else self.high

    def count(self, happened: Mapping[int, int], start: int) -> int:
        """Returning events in the column, from their counts by period."""
        if self.high is not None and self.high - self.low < len(happened):
            return sum(happened.get(start + k, 0) for k in range(self.low, self.high + 1))
        return sum(count for period, count in happened.items() if period >= start + self.low and (self.high is None or period <= start + self.high))


@dataclass(frozen=True)
class Rule:
    """`days` calendar: local periods; elapsed: multiples of 24 hours (7 × 24 for a week) from the user's own start event.

    `first` and `last` bound the local day of the start event. `least`: returning events that a column asks for.
    """

    start: Filter
    returning: Filter
    columns: tuple[Column, ...]
    mode: Mode = "first_time"
    period: Period = "day"
    days: Literal["calendar", "elapsed"] = "calendar"
    least: int = 1
    week: FirstDay = "monday"
    first: date | None = None
    last: date | None = None

    @property
    def length(self) -> timedelta:
        return timedelta(days=7 if self.period == "week" else 1)


@dataclass(frozen=True)
class Cohorts:
    """`numbers` of the cohorts' periods ascending; `sizes` (cohorts), `returned`, `complete`, `begun` (cohorts × columns).

    `users`, `cohort_of`, `came` hold one row per user and cohort: the user's position, the cohort's, and whether each column is met.
    """

    rule: Rule
    numbers: tuple[int, ...]
    sizes: Counts
    returned: Counts
    complete: Flags
    begun: Flags
    users: Counts
    cohort_of: Counts
    came: Flags

    def day(self, i: int) -> date:
        return periods.first_day(self.numbers[i], self.rule.period, self.rule.week)


def starts(events: tuple[Event, ...], rule: Rule, log: Log) -> Iterator[tuple[int, datetime]]:
    """(number of the cohort's period, start time) of one user: one for the first-… modes, one a period for recurring."""
    seen: set[int] = set()
    for event in events:
        fits = rule.start.fits(event)
        if not fits and not (rule.mode == "first_ever" and rule.start.named(event)):
            continue
        day = periods.local_day(event.time, log.zone)
        inside = (rule.first is None or day >= rule.first) and (rule.last is None or day <= rule.last)
        number = periods.number(day, rule.period, rule.week)
        if fits and inside and number not in seen:
            seen.add(number)
            yield number, event.time
        if rule.mode in ("first_time", "first_ever") or (rule.mode == "first_in_range" and inside):
            return


@dataclass(frozen=True)
class Row:
    """One user in one cohort: which columns are met, which have ended, which have begun."""

    user: int
    number: int
    met: list[bool]
    ended: list[bool]
    begun: list[bool]


def came_back(user: int, events: tuple[Event, ...], rule: Rule, log: Log) -> Iterator[Row]:
    returning = [event.time for event in events if rule.returning.fits(event)]
    if rule.days == "calendar":
        now = periods.number(periods.local_day(log.end, log.zone), rule.period, rule.week)
        happened = Counter(periods.number(periods.local_day(time, log.zone), rule.period, rule.week) for time in returning)
        for number, _ in starts(events, rule, log):
            met = [column.count(happened, number) >= rule.least for column in rule.columns]
            yield Row(user, number, met, [number + c.last < now for c in rule.columns], [number + c.low <= now for c in rule.columns])
    else:
        for number, start in starts(events, rule, log):
            after = Counter((time - start) // rule.length for time in returning)
            met = [column.count(after, 0) >= rule.least for column in rule.columns]
            ended = [start + (column.last + 1) * rule.length <= log.end for column in rule.columns]
            yield Row(user, number, met, ended, [start + column.low * rule.length <= log.end for column in rule.columns])


def cohorts(log: Log, rule: Rule) -> Cohorts:
    rows = [row for user, events in enumerate(log.users.values()) for row in came_back(user, events, rule, log)]
    numbers = tuple(sorted({row.number for row in rows}))
    at = {number: i for i, number in enumerate(numbers)}
    cohort_of = np.array([at[row.number] for row in rows], dtype=np.int64)
    came, ended, begun = (np.array(cells, dtype=bool).reshape(len(rows), len(rule.columns)) for cells in (
        [row.met for row in rows], [row.ended for row in rows], [row.begun for row in rows]))
    returned = np.zeros((len(numbers), len(rule.columns)), dtype=np.int64)
    complete, started = np.ones(returned.shape, dtype=bool), np.ones(returned.shape, dtype=bool)
    np.add.at(returned, cohort_of, came)
    np.logical_and.at(complete, cohort_of, ended)
    np.logical_and.at(started, cohort_of, begun)
    sizes = np.bincount(cohort_of, minlength=len(numbers)).astype(np.int64)
    return Cohorts(rule, numbers, sizes, returned, complete, started, np.array([row.user for row in rows], dtype=np.int64), cohort_of, came)


@dataclass(frozen=True)
class Point:
    """A column of the curve: `returned` of `n` (user × cohort), which are `people` users; the share with its interval."""

    column: Column
    returned: int
    n: int
    people: int
    share: float
    low: float
    high: float


def curve(found: Cohorts, level: float) -> list[Point]:
    """The columns of which a cell is complete. Wilson's interval; with a user in several cohorts, at the effective n of clusters."""
    made = []
    for k, column in enumerate(found.rule.columns):
        counted = found.complete[found.cohort_of, k]
        n, returned = int(counted.sum()), int(found.came[counted, k].sum())
        if not n:
            continue
        people = np.unique(found.users[counted])
        size = n if people.size == n else effective(found.came[counted, k], found.users[counted])
        share = returned / n
        low, high = intervals.wilson(share * size, size, level)
        made.append(Point(column, returned, n, int(people.size), share, min(low, share), max(high, share)))
    return made


def effective(came: Flags, users: Counts) -> float:
    """n_eff = p (1 − p) / var(p), var the ratio estimator's over users, between the number of users and of rows where p is 0 or 1."""
    p, clusters = float(came.mean()), np.unique(users, return_inverse=True)[1]
    left = np.bincount(clusters, weights=came - p)
    variance = float((left**2).sum()) / came.size**2
    return min(float(came.size), p * (1 - p) / variance) if variance > 0 else float(clusters.max() + 1)


@dataclass(frozen=True)
class Levelling:
    """Shares of periods with a return: `early` and `late` are the middle and the last third of the curve, both over the same `n` users."""

    early: tuple[int, int]
    late: tuple[int, int]
    n: int
    level: tuple[float, float, float]
    fall: tuple[float, float, float]

    @property
    def verdict(self) -> Literal["flat", "falling", "rising", "open"]:
        """falling, rising: the fall is surely above, below 0; flat: it lies surely within a fifth of the level."""
        if self.fall[1] > 0 or self.fall[2] < 0:
            return "falling" if self.fall[1] > 0 else "rising"
        return "flat" if max(-self.fall[1], self.fall[2]) < self.level[0] / 5 else "open"


def trend_p(found: Cohorts, k: int) -> float | None:
    """Two-sided p of Cochran and Armitage's trend of column k over its complete cohorts; None below four cohorts, or where all or none came."""
    kept = np.flatnonzero(found.complete[:, k])
    n, x, at = found.sizes[kept].astype(float), found.returned[kept, k].astype(float), np.array(found.numbers)[kept].astype(float)
    if kept.size < 4 or not 0 < x.sum() < n.sum():
        return None
    p, centred = x.sum() / n.sum(), at - float((at * n).sum() / n.sum())
    return p_of_z(float((centred * x).sum()) / float(np.sqrt(p * (1 - p) * (centred**2 * n).sum())))


def levelling(found: Cohorts, level: float, least: int) -> Levelling | None:
    """Whether the curve still falls. None below nine single periods that at least `least` users have completed, or where nobody varies."""
    single = all(column.high == column.low for column in found.rule.columns)
    reached = [k for k in range(len(found.rule.columns)) if int(found.complete[found.cohort_of, k].sum()) >= least]
    if not single or found.rule.mode == "recurring" or len(reached) < 9:
        return None
    size = len(reached) // 3
    late, early = reached[-size:], reached[-2 * size : -size]
    rows = found.complete[found.cohort_of, late[-1]]
    here, before = found.came[rows][:, late].mean(axis=1), found.came[rows][:, early].mean(axis=1)
    if np.ptp(here) == 0 or np.ptp(before - here) == 0:
        return None
    at, low, high, _, n = intervals.mean_t(np.sort(here), level)
    fall, least_fall, most_fall, _, _ = intervals.mean_t(np.sort(before - here), level)
    columns = found.rule.columns
    bounds = [(columns[part[0]].low, columns[part[-1]].low) for part in (early, late)]
    return Levelling(bounds[0], bounds[1], n, (at, max(0.0, low), min(1.0, high)), (fall, least_fall, most_fall))


def length_days(period: Period) -> float:
    """Days of a period on average, to put periods on an axis of days."""
    return {"day": 1.0, "week": 7.0, "month": 30.4375}[period]


