"""Google Forms: one header row, a timestamp and the questions' texts; a grid is `Question [row]`, checkboxes are joined in one cell.

The CSV download joins options by `;`, the sheet by `, `. An option may hold a comma: list the question's options under `options_of`. A
blank cell says nothing about whether the question was shown, and counts as empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Where, Words, say
from stageway.readers import Reader, Reading, options, survey, survey_choices, survey_rows
from stageway.readers.survey import Cell, Gap, Part, Settings, cells_of

TIMESTAMPS = ("Timestamp", "时间戳记", "时间戳", "時間戳記", "Zeitstempel", "Horodateur", "Marca temporal", "タイムスタンプ", "타임스탬프")
ADDED = ("Email Address", "Email address", "Username", "Score", "Total score", "电子邮件地址", "用户名", "分数", "总分")
GRID = re.compile(r"(?P<question>.+?)\s*\[(?P<row>[^\[\]]+)\]", re.DOTALL)
STAMP = re.compile(
    r"(?P<date>\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}),?\s*(?P<before>上午|下午)?\s*(?P<h>\d{1,2}):(?P<m>\d{2})(:(?P<s>\d{2}))?\s*(?P<after>AM|PM|am|pm|上午|下午)?(\s*(GMT|UTC)\S*)?"
)


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given`: what every survey reader takes. Raises DataError for a file whose first column is no timestamp."""
    options.only(given, (*survey.OPTIONS, *survey_rows.OPTIONS))
    settings = Settings.of(given)
    rows = survey_rows.rows_of(path, given)
    header = [cell.strip() for cell in rows.header[0]]
    if header[0] not in TIMESTAMPS:
        what = say(zh="这不是 Google 表单的回复", en="these are no responses of Google Forms")
        expected = say(zh="第一列是“时间戳记”", en='a first column named "Timestamp"')
        raise DataError("google_forms_wrong", what, where=Where(file=str(path), line=1, column=header[0][:60]), expected=expected)
    facts = dict(rows.facts)
    parts = [Part(header[0], header[0], header[0], _times(rows.column(0), facts), type="meta")]
    for i, name in enumerate(header[1:], start=1):
        cells = cells_of(rows.column(i))
        grid = GRID.fullmatch(name)
        question = name or f"column_{i + 1}"
        if name in ADDED or (grid and grid["row"] in ("Score", "Feedback", "分数", "反馈")):
            parts.append(Part(question, question, question, cells, type="meta"))
        elif grid:
            parts.append(Part(name, grid["question"], grid["question"], cells, sub=grid["row"]))
        else:
            parts.append(Part(question, question, question, cells, separators=(";", ", ")))
    made, warnings = survey_choices.answers(parts, settings)
    return survey.reading(path, made, rows.numbers, settings, facts, warnings)


def recognises(path: Path) -> Words | None:
    rows = survey_rows.head(path)
    if len(rows) < 2 or rows[0][0].strip() not in TIMESTAMPS or len(rows[0]) < 2:
        return None
    if not STAMP.fullmatch(rows[1][0].strip()) and not re.match(r"\d{4}-\d\d-\d\d[ T]", rows[1][0]):
        return None
    if not any(" " in cell.strip() or any("一" <= c <= "鿿" for c in cell) for cell in rows[0][1:]):
        return None
    return say(zh="第一列是“{name}”，其余列名是问题：Google 表单", en='the first column is "{name}" and the others are questions: Google Forms', name=rows[0][0].strip())


READER = Reader("google_forms", (".csv", ".tsv", ".xlsx"), Words("Google 表单回复", "Google Forms responses"), read, recognises)


def _times(texts: Sequence[str], facts: dict[str, Any]) -> list[Cell]:
    """ISO times where every stamp can be read one way only (a day above 12 tells 5/13 from 13/5); else as they stand."""
    cells = cells_of(texts)
    found = [STAMP.fullmatch(cell) for cell in survey.answered(cells)]
    dates = [[int(part) for part in re.split(r"[/.-]", each["date"])] for each in found if each]
    if len(dates) < len(found) or not dates:
        return cells
    order = _order(dates)
    if order is None:
        facts["timestamps"] = "ambiguous"
        return cells
    try:
        return [cell if isinstance(cell, Gap) else _iso(cell, order) for cell in cells]
    except ValueError:
        return cells


def _order(dates: Sequence[Sequence[int]]) -> tuple[int, int, int] | None:
    """Where year, month and day stand, or None."""
    if all(date[0] > 31 for date in dates):
        return 0, 1, 2
    day_first, month_first = any(date[0] > 12 for date in dates), any(date[1] > 12 for date in dates)
    if day_first == month_first:
        return None
    return (2, 1, 0) if day_first else (2, 0, 1)


def _iso(text: str, order: tuple[int, int, int]) -> str:
    found = STAMP.fullmatch(text)
    if found is None:
        raise ValueError(text)
    parts = [int(part) for part in re.split(r"[/.-]", found["date"])]
    year, month, day = (parts[i] for i in order)
    hour, half = int(found["h"]), (found["before"] or found["after"] or "").lower()
    if half in ("下午", "pm") and hour < 12:
        hour += 12
    elif half in ("上午", "am") and hour == 12:
        hour = 0
    return datetime(year, month, day, hour, int(found["m"]), int(found["s"] or 0)).isoformat(" ")  # noqa: DTZ001  the file gives no zone
