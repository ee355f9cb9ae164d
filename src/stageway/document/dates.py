"""Dates in text: in full in tables of record and at first mention, short within a stage whose year is plain, ranges without repetition."""

from __future__ import annotations

import re
from datetime import date, datetime

from stageway.evidence import Words

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def iso(day: date) -> str:
    """For tables of record, in both languages: 2026-12-08."""
    return f"{day:%Y-%m-%d}"


def full(day: date) -> Words:
    """In running text where the year is not plain: 2026-12-08 / 8 Dec 2026."""
    return Words(iso(day), f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def short(day: date, year: int | None) -> Words:
    """Within a text whose year is plain: 12-08 / 8 Dec; in full where the year is another one."""
    if day.year != year:
        return full(day)
    return Words(f"{day:%m-%d}", f"{day.day} {_MONTHS[day.month - 1]}")


def span(start: date, end: date, year: int | None) -> Words:
    """A range: 03-02～03-06 / 2–6 Mar; the year once, where it is not plain."""
    if start == end:
        return short(start, year)
    zh = f"{short(start, year).zh}～{short(end, start.year if start.year == end.year else year).zh}"
    tail = f" {end.year}" if end.year != year else ""
    if start.year != end.year:
        return Words(zh, f"{full(start).en} – {full(end).en}")
    month = _MONTHS[end.month - 1]
    if start.month == end.month:
        return Words(zh, f"{start.day}–{end.day} {month}{tail}")
    return Words(zh, f"{start.day} {_MONTHS[start.month - 1]} – {end.day} {month}{tail}")


def moment(text: str, year: int | None) -> Words:
    """A date as somebody wrote it, with or without a time of day (`2026-11-27 14:00`), or only a month (`2026-02`); other text as it is."""
    found = re.fullmatch(r"\s*(\d{4})-(\d{2})(?:-(\d{2})(?:[T ]+(\d{2}:\d{2})(?::\d{2})?)?)?\s*", text)
    if found is None:
        return Words.of(text)
    if found[3] is None:
        return Words(f"{found[1]}-{found[2]}", f"{_MONTHS[int(found[2]) - 1]} {found[1]}")
    day = short(date(int(found[1]), int(found[2]), int(found[3])), year)
    return Words(f"{day.zh} {found[4]}", f"{day.en} {found[4]}") if found[4] else day


def day_of(text: str) -> date | None:
    """The day of a written moment; None where it names none."""
    found = re.match(r"\s*(\d{4})-(\d{2})-(\d{2})", text)
    return date(int(found[1]), int(found[2]), int(found[3])) if found else None


def clock(at: datetime) -> Words:
    return Words(f"{at:%Y-%m-%d %H:%M}", f"{full(at.date()).en}, {at:%H:%M}")
