"""Local days, weeks and months of a zone, and how many of them lie between two times.

A day is the local calendar day of the zone: 23 or 25 hours long where the clocks change. Periods are counted by number, so that the
period k after another is the sum of numbers. Weeks begin on Monday or on Sunday.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from stageway.evidence import ParamError, Where, Words, did_you_mean, say

Period = Literal["day", "week", "month"]
FirstDay = Literal["monday", "sunday"]
#: date.toordinal of a Monday and of a Sunday
FIRST = {"monday": date(2001, 1, 1).toordinal(), "sunday": date(2000, 12, 31).toordinal()}


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone by its IANA name; ParamError with the nearest names for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        what = say(zh="没有时区“{name}”", en='there is no time zone "{name}"', name=name)
        raise ParamError("zone_unknown", what, todo=did_you_mean(name, available_timezones())) from None


def day_of(text: str, param: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        what = say(zh="参数“{name}”的值不对", en='parameter "{name}" cannot take this value', name=param)
        expected = Words("日期，如 2026-05-20", "a day such as 2026-05-20")
        raise ParamError("param_wrong", what, where=Where(value=text), expected=expected) from None


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def starts(day: date, zone: ZoneInfo, later: int = 0) -> datetime:
    """The instant at which a local day begins (`later` days on); where the clocks skip midnight, the moment at which they do."""
    return datetime.combine(day + timedelta(days=later), time.min, tzinfo=zone).astimezone(UTC)


def number(day: date, period: Period, first: FirstDay = "monday") -> int:
    """The number of the period that holds the day; consecutive periods have consecutive numbers."""
    if period == "month":
        return day.year * 12 + day.month - 1
    return (day.toordinal() - FIRST[first]) // 7 if period == "week" else day.toordinal()


def first_day(number: int, period: Period, first: FirstDay = "monday") -> date:
    """The first day of the period with that number."""
    if period == "month":
        return date(number // 12, number % 12 + 1, 1)
    return date.fromordinal(number * 7 + FIRST[first]) if period == "week" else date.fromordinal(number)
