"""Plan and actual: for each stage an outline (planned) above a bar (actual) over months, gates as their marks, today as a line."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stageway.document.drawings.canvas import TOKENS, label, path, rect, svg, wrapped
from stageway.document.drawings.shapes import placed
from stageway.evidence import Lang

#: over and running work, the round after a recycle, what is still to come, what is late
COLOURS = {"over": TOKENS["ink-2"], "now": TOKENS["accent"], "again": TOKENS["cond-mark"], "rest": TOKENS["accent-line"], "late": TOKENS["fail-mark"]}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class PlanBar:
    """Actual work from one day to another, both included. `kind`: over, now, again (second round), rest (still to come), late."""

    first: date
    last: date
    kind: Literal["over", "now", "again", "rest", "late"]


@dataclass(frozen=True, slots=True)
class PlanGate:
    at: date
    state: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A stage: `name` with its number, planned days (both included) or None, bars and gates in order of time."""

    name: str
    planned: tuple[date, date] | None
    bars: tuple[PlanBar, ...] = ()
    gates: tuple[PlanGate, ...] = ()


def plan(rows: tuple[PlanRow, ...], *, today: date | None, lang: Lang, width_mm: float = 160.0, label_mm: float = 31.0, title: str = "") -> str:
    """Months from the earliest to the latest day of the rows; row height 8.2 mm."""
    days = [day for row in rows for day in _days(row)] + ([today] if today else [])
    if not days:
        raise ValueError("a plan without a single date cannot be drawn")
    months = _months(min(days), max(days))
    scale = _Scale(months, label_mm, width_mm)
    top, row_height = 6.0, 8.2
    bottom = top + row_height * len(rows)
    parts = [rect(0, top + row_height * index, width_mm, row_height, fill=TOKENS["paper-2"]) for index in range(0, len(rows), 2)]
    parts += _frame(months, scale, top, bottom, width_mm, lang)
    for index, row in enumerate(rows):
        parts += _row(row, scale, top + row_height * index, row_height, label_mm)
    if today is not None:
        parts += _today(scale.x(today), top, bottom, today, lang, width_mm)
    return svg(parts, width_mm, bottom + 5, title=title)


class _Scale:
    """Each month is equally wide, as on the wall; days are placed within their month."""

    def __init__(self, months: list[tuple[int, int]], left: float, right: float) -> None:
        self.months, self.left, self.right, self.step = months, left, right, (right - left) / len(months)

    def x(self, day: date, after: bool = False) -> float:
        index = self.months.index((day.year, day.month))
        part = (day.day - (0 if after else 1)) / monthrange(day.year, day.month)[1]
        return self.left + (index + part) * self.step


def _days(row: PlanRow) -> list[date]:
    return [*(row.planned or ()), *(day for bar in row.bars for day in (bar.first, bar.last)), *(gate.at for gate in row.gates)]


def _months(first: date, last: date) -> list[tuple[int, int]]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [(first.year + (first.month - 1 + k) // 12, (first.month - 1 + k) % 12 + 1) for k in range(count)]


def _frame(months: list[tuple[int, int]], scale: _Scale, top: float, bottom: float, width: float, lang: Lang) -> list[str]:
    parts: list[str] = []
    every = max(1, round(0.49 + 7.0 / scale.step))
    for index, (year, month) in enumerate(months):
        x = scale.left + index * scale.step
        parts.append(path([(x, top), (x, bottom)], TOKENS["line-2"], 0.14))
        if index % every == 0:
            words = f"{month}月" if lang == "zh" else _MONTHS[month - 1]
            if month == 1 and index:
                words = f"{year}"
            parts.append(label(x + scale.step / 2, top - 1.8, words, 2.6, fill=TOKENS["ink-3"], anchor="middle"))
    parts.append(path([(width, top), (width, bottom)], TOKENS["line-2"], 0.14))
    parts += [path([(0, y), (width, y)], TOKENS["accent"], 0.21) for y in (top, bottom)]
    return parts


def _row(row: PlanRow, scale: _Scale, y: float, height: float, label_mm: float) -> list[str]:
    lines = wrapped(row.name, 2.6, label_mm - 2, 2)
    start = y + height / 2 + 0.95 - (len(lines) - 1) * 1.6
    parts = [label(0.7, start + index * 3.2, text, 2.6) for index, text in enumerate(lines)]
    if row.planned is not None:
        x1, x2 = scale.x(row.planned[0]), scale.x(row.planned[1], after=True)
        parts.append(rect(x1, y + height * 0.14, x2 - x1, height * 0.27, fill=TOKENS["paper"], stroke=TOKENS["ink-2"], width=0.25))
    for bar in row.bars:
        x1, x2 = scale.x(bar.first), scale.x(bar.last, after=True)
        parts.append(rect(x1, y + height * 0.52, x2 - x1, height * 0.3, fill=COLOURS[bar.kind]))
    parts += [placed(gate.state, min(scale.x(gate.at, after=True), scale.right - 2.1), y + height * 0.67, 4.2) for gate in row.gates]
    return parts


def _today(x: float, top: float, bottom: float, today: date, lang: Lang, width: float) -> list[str]:
    words = f"今天 {today:%m-%d}" if lang == "zh" else f"Today, {today.day} {_MONTHS[today.month - 1]}"
    at = min(max(x, 9), width - 9)
    return [
        path([(x, top - 1), (x, bottom + 1.5)], TOKENS["accent"], 0.35),
        label(at, bottom + 4.2, words, 2.5, fill=TOKENS["accent"], bold=True, anchor="middle"),
    ]
