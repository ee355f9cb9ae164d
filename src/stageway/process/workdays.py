"""Working days: a calendar of holidays and of weekend days that are worked (调休), handed in as dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """`closed` are holidays on weekdays, `opened` weekend days that are worked; `provisional` years whose holidays are not announced yet."""

    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()
    provisional: frozenset[int] = frozenset()

    def open(self, day: date) -> bool:
        return day in self.opened or (day.weekday() < 5 and day not in self.closed)

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative where `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        return sum(self.open(start + timedelta(days=i)) for i in range(1, (end - start).days + 1))

    def add(self, start: date, days: int) -> date:
        """The day that lies `days` working days after `start` (0: the first open day on or after it)."""
        day = start
        while not self.open(day):
            day += timedelta(days=1)
        for _ in range(days):
            day += timedelta(days=1)
            while not self.open(day):
                day += timedelta(days=1)
        return day
