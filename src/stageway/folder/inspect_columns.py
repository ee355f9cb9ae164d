"""What a column of somebody's file holds: its type, what is missing, examples, and the facts that doubts are drawn from. Nothing is changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np

from stageway.evidence import Frame, Words, is_missing
from stageway.evidence.frame import Column

#: 12,000 · 1.234,50 · ¥ 12 · 45% · 3万: a number to a reader of the text, but not to a method.
DECORATED = re.compile(r"[¥￥$€£]?\s*[+-]?(\d{1,3}([,.' ]\d{3})+([.,]\d+)?|\d+([.,]\d+)?)\s*(%|％|元|万|万元|k|K)?", re.ASCII)
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})([/.-])(\d{1,2})\2(\d{1,2})( \d{1,2}:\d{2}(:\d{2})?)?", re.ASCII)
ISO = re.compile(r"\d{4}[-/](\d{1,2})[-/](\d{1,2})([T ]\d{1,2}:\d{2}.*)?", re.ASCII)
DAYS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})( \d{1,2}:\d{2}(:\d{2})?)?( ?[AaPp][Mm])?", re.ASCII)
OTHER_DATES = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日.*|\d{1,2}[ -][A-Za-z]{3,9}[ -,]+\d{2,4}.*|[A-Za-z]{3,9} \d{1,2},? \d{4}.*|\d{4}/\d{1,2}/\d{1,2} [上下]午.*", re.ASCII)
YES_NO = ({"true", "false"}, {"yes", "no"}, {"y", "n"}, {"t", "f"}, {"是", "否"}, {"对", "错"}, {"1", "0"})
ID_NAME = re.compile(r"(.*[ _.-])?(id|ids|uuid|guid|key|no|编号|序号)|[a-z]+Id|[a-z_ ]*(user|customer|respondent|participant|case|subject)[ _]?(id|no|number)?|.*(编号|序号|流水号)")
LONG_TEXT = 40
SAMPLE = 200_000

TYPES = {
    "empty": Words("空", "empty"),
    "id": Words("编号", "id"),
    "number": Words("数", "number"),
    "flag": Words("是否", "yes/no"),
    "time": Words("时间", "time"),
    "category": Words("类别", "category"),
    "text": Words("文字", "text"),
}


@dataclass(frozen=True)
class Profile:
    """A column. `type` is one of TYPES; `counts` the different cells as texts with how often (of the first 200,000), most frequent first.

    `low` and `high` bound a number; `first` and `last` a time; `dates` counts the forms in which texts of dates are written.
    """

    name: str
    type: str
    missing: int
    rows: int
    counts: Mapping[str, int]
    low: float | None = None
    high: float | None = None
    first: date | None = None
    last: date | None = None
    dates: Mapping[str, int] | None = None

    @property
    def distinct(self) -> int:
        return len(self.counts)

    @property
    def share_missing(self) -> float:
        return self.missing / self.rows if self.rows else 1.0

    @property
    def examples(self) -> list[str]:
        return list(self.counts)[:3]


def profile(frame: Frame, name: str) -> Profile:
    cells = frame[name]
    missing = int(frame.missing(name).sum())
    sample = cells[:SAMPLE]
    counts = Counter(text_of(cell) for cell in sample.tolist() if not is_missing(cell))
    ordered = dict(counts.most_common())
    made = Profile(name, "empty", missing, len(cells), ordered)
    if not ordered:
        return made
    known = len(sample) - int(frame.take(np.arange(len(sample))).missing(name).sum())
    if cells.dtype.kind in "iuf":
        finite = cells[~np.isnan(cells)] if cells.dtype.kind == "f" else cells
        low, high = float(finite.min()), float(finite.max())
        unique = len(ordered) == known and low == int(low) and known > 20
        kind = "id" if ID_NAME.fullmatch(name.strip().lower()) or (unique and _counts_up(finite)) else ("flag" if set(ordered) == {"0", "1"} else "number")
        return Profile(name, kind, missing, len(cells), ordered, low, high)
    return _texts(made, cells, known)


def _counts_up(values: Column) -> bool:
    return bool((np.diff(values) == 1).all())


def _texts(made: Profile, cells: Column, known: int) -> Profile:
    name, missing, rows, ordered = made.name, made.missing, made.rows, made.counts
    days = [cell.date() if isinstance(cell, datetime) else cell for cell in cells.tolist() if isinstance(cell, date)]
    if days and len(days) >= 0.9 * (rows - missing):
        return Profile(name, "time", missing, rows, ordered, first=min(days), last=max(days), dates={"iso": len(days)})
    forms = date_forms(ordered)
    dated = sum(forms.values())
    if dated >= 0.9 * known:
        timed = Profile(name, "time", missing, rows, ordered, dates=forms)
        form = form_of(timed)
        read = [day for text in ordered if (day := day_of(text, form)) is not None]
        return replace(timed, first=min(read), last=max(read)) if read else timed
    words = {text.casefold() for text in ordered}
    if any(words <= pair for pair in YES_NO):
        return Profile(name, "flag", missing, rows, ordered)
    kind = "category"
    longest = max(len(text) for text in list(ordered)[:2000])
    if ID_NAME.fullmatch(name.strip().lower()) or (len(ordered) > 0.95 * known and known > 20 and longest < LONG_TEXT and not any(" " in t for t in ordered)):
        kind = "id"
    elif len(ordered) > max(30, 0.3 * known) or (longest >= LONG_TEXT and len(ordered) > 12):
        kind = "text"
    return Profile(name, kind, missing, rows, ordered, dates=forms if dated else None)


def text_of(cell: Any) -> str:
    """A cell as a person would write it: whole numbers without their `.0`."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return f"{cell:g}" if isinstance(cell, float) else str(cell).strip()


def date_forms(counts: Mapping[str, int]) -> dict[str, int]:
    """How dates are written: `iso`, `y/m/d` (the year first, but not as ISO has it), `d/m` (a first part above 12), `m/d` (a second above 12),
    `either` (both could be), `other`."""
    made: Counter[str] = Counter()
    for text, times in counts.items():
        if len(text) > 40 or not any(c.isdigit() for c in text):
            continue
        if (day := DAYS.fullmatch(text)) is not None:
            first, second = int(day[1]), int(day[3])
            if first <= 31 and second <= 31 and min(first, second) <= 12 and first and second:
                made["d/m" if first > 12 else ("m/d" if second > 12 else "either")] += times
        elif iso_day(text) is not None:
            made["iso"] += times
        elif YEAR_FIRST.fullmatch(text):
            made["y/m/d"] += times
        elif OTHER_DATES.fullmatch(text):
            made["other"] += times
    return dict(made)


def iso_day(text: str) -> date | None:
    """The day of a time that methods can read as it stands."""
    if not ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.replace("/", "-")).date()
    except ValueError:
        return None


def day_of(text: str, form: str | None) -> date | None:
    """The day of a time in that form; without one, of a time whose year stands first."""
    try:
        if form is not None:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  only the day is taken
        found = re.match(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", text)
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def form_of(profile: Profile) -> str | None:
    """How to read the dates of a column whose order is known: a form for `times`; None where it is not known or not needed."""
    forms = profile.dates or {}
    orders = [order for order in ("d/m", "m/d", "y/m/d") if forms.get(order)]
    if orders == ["y/m/d"] and set(forms) <= {"y/m/d", "iso"}:
        return _year_first(profile)
    if len(orders) != 1 or set(forms) - {orders[0], "either"}:
        return None
    text = next(text for text in profile.counts if DAYS.fullmatch(text))
    found = DAYS.fullmatch(text)
    assert found is not None
    mark = found[2]
    days = mark.join(("%d", "%m") if orders[0] == "d/m" else ("%m", "%d")) + mark + ("%Y" if len(found[4]) == 4 else "%y")
    if not found[5]:
        return days
    clock = "%I" if found[7] else "%H"
    return f"{days} {clock}:%M{':%S' if found[6] else ''}{' %p' if found[7] else ''}"


def _year_first(profile: Profile) -> str | None:
    """One form for all, also for those that ISO would have; None where marks or clocks differ."""
    shapes = {(found[2], bool(found[5]), bool(found[6])) for text in profile.counts if (found := YEAR_FIRST.fullmatch(text)) is not None}
    if len(shapes) != 1 or any(YEAR_FIRST.fullmatch(text) is None for text in profile.counts):
        return None
    mark, clock, seconds = shapes.pop()
    return mark.join(("%Y", "%m", "%d")) + (" %H:%M" if clock else "") + (":%S" if seconds else "")
