"""Days of the practice product, told from today: what lay on a weekend was done on the Friday, what will lie on a free day is due on the next working day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

COUNTRY = "CN"


@dataclass(frozen=True)
class Days:
    """Every mapping keeps the order of days, and none moves a day from the past into the future."""

    today: date

    def exactly(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def on(self, offset: int) -> date:
        """`offset` calendar days from today: up to today back to a weekday, after it on to a working day."""
        day = self.exactly(offset)
        if offset <= 0:
            return day - timedelta(days=max(0, day.weekday() - 4))
        while not self._open(day):
            day += timedelta(days=1)
        return day

    def working(self, count: int) -> date:
        """The `count`-th working day after today."""
        day = self.today
        for _ in range(count):
            day += timedelta(days=1)
            while not self._open(day):
                day += timedelta(days=1)
        return day

    def _open(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self._holidays

    @cached_property
    def _holidays(self) -> frozenset[date]:
        import holidays

        return frozenset(holidays.country_holidays(COUNTRY, years=range(self.today.year, self.today.year + 2)))
