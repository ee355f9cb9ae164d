"""Qualtrics: three header rows (id, question text, ImportId in JSON), answers by text or by recoded number.

Previews and tests are dropped and counted. Options stand joined by commas in one cell, or in a column each (`Q2_1`). `Q2_9_TEXT` is what was
written beside option 9; `Q3_NPS_GROUP`, `Q2_DO_1` (display order) and scores are derived. -99 means seen but not answered: where a file
has it, a blank cell was not asked. Conjoint and MaxDiff are not in this export.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Warning, Where, Words, say
from stageway.readers import Reader, Reading, options, survey, survey_choices, survey_rows
from stageway.readers.survey import Cell, Part, Settings, cells_of
from stageway.readers.survey_rows import Rows

META = frozenset({
    "startDate", "endDate", "status", "ipAddress", "progress", "duration", "finished", "recordedDate", "_recordId", "recipientLastName", "recipientFirstName",
    "recipientEmail", "externalDataReference", "locationLatitude", "locationLongitude", "distributionChannel", "userLanguage",
})
PREVIEWS = frozenset({"survey preview", "survey test", "preview", "1", "2", "17", "调查预览", "问卷预览", "测试预览", "预览"})
SPAM = frozenset({"spam", "8", "垃圾"})
UNFINISHED = frozenset({"false", "0", "否", "假"})
DERIVED = re.compile(r".*(_NPS_GROUP|_DO(_.+)?|_(First|Last) Click|_Page Submit|_Click Count)|SC\d+|Q_\w+")
QUESTION = re.compile(r"(?P<id>QID\d+)(?P<tail>.*)")
SEEN = "-99"


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given` may name `incomplete` (keep or drop), and what every survey reader takes. Raises DataError where a header row is missing."""
    options.only(given, (*survey.OPTIONS, *survey_rows.OPTIONS, "incomplete"))
    settings, drop = Settings.of(given), survey.choice(given, "incomplete", "keep", "drop") == "drop"
    rows = survey_rows.rows_of(path, given, headers=3)
    ids = _import_ids(rows, path)
    kept, facts, warnings = _kept(rows, ids, drop)
    seen = any(cell.strip() == SEEN for row in kept.body for cell in row)
    columns = [cells_of(kept.column(i)) for i in range(len(ids))]
    if seen:
        columns = [cells_of(kept.column(i), skipped=frozenset({""}), blank=frozenset({SEEN})) for i in range(len(ids))]
    made, more = survey_choices.answers(_parts(kept, ids, columns), settings)
    return survey.reading(path, made, kept.numbers, settings, facts, [*warnings, *more])


def recognises(path: Path) -> Words | None:
    rows = survey_rows.head(path)
    if len(rows) < 3 or not any('"ImportId"' in cell for cell in rows[2][:40]):
        return None
    return say(zh="三行表头，第三行是 ImportId：Qualtrics", en="three header rows, the third with ImportId: Qualtrics")


READER = Reader("qualtrics", (".csv", ".tsv", ".xlsx"), Words("Qualtrics 导出", "Qualtrics export"), read, recognises)


def _import_ids(rows: Rows, path: Path) -> list[str]:
    found = []
    for cell in rows.header[2]:
        try:
            told = json.loads(cell)
        except (ValueError, RecursionError):
            told = None
        found.append(str(told.get("ImportId", "")) if isinstance(told, dict) else "")
    if sum(map(bool, found)) < max(1, len(found) / 2):
        what = say(zh="缺少 Qualtrics 的表头行", en="a header row of Qualtrics is missing")
        expected = say(zh="三行表头：编号、问题、{form}", en="three header rows: ids, questions, {form}", form='{"ImportId": …}')
        todo = say(zh="请重新导出，不要删去前三行；若只剩一行表头，用 reader: csv", en="export again and keep the first three rows; with one header row left, use reader: csv")
        raise DataError("qualtrics_header", what, where=Where(file=str(path), line=3, value=" | ".join(rows.header[2])[:60]), expected=expected, todo=todo)
    return found


def _kept(rows: Rows, ids: Sequence[str], drop: bool) -> tuple[Rows, dict[str, Any], list[Warning]]:
    """Without previews and tests, and without unfinished answers where those are to be dropped."""
    status = [cell.strip().lower() for cell in rows.column(ids.index("status"))] if "status" in ids else [""] * len(rows.body)
    kept = rows.keep([cell not in PREVIEWS for cell in status])
    facts: dict[str, Any] = {**rows.facts, "previews": len(rows.body) - len(kept.body)}
    warnings = []
    if facts["previews"]:
        warnings.append(Warning("previews_dropped", say(zh="去掉了{n}份预览或测试答卷", en="previews or tests dropped: {n}", n=facts["previews"])))
    if spam := sum(cell in SPAM for cell in status):
        facts["spam"] = spam
        warnings.append(Warning("spam_kept", say(zh="有{n}份答卷被 Qualtrics 标为垃圾，仍算在内，请核对", en="{n} answers that Qualtrics marked as spam are still in: check them", n=spam)))
    if "finished" in ids:
        unfinished = [cell.strip().lower() in UNFINISHED for cell in kept.column(ids.index("finished"))]
        facts["incomplete"] = sum(unfinished)
        kept = kept.keep([not each for each in unfinished]) if drop else kept
    return kept, facts, warnings


def _parts(rows: Rows, ids: Sequence[str], columns: Sequence[Sequence[Cell]]) -> list[Part]:
    names, texts = ([cell.strip() for cell in row] for row in rows.header[:2])
    groups = Counter(_base(name, tail) for name, tail in zip(names, map(_tail, ids), strict=True))
    shared = {base: _shared([text for name, text, id in zip(names, texts, ids, strict=True) if _base(name, _tail(id)) == base]) for base in groups}
    parts = []
    for name, text, id, cells in zip(names, texts, ids, columns, strict=True):
        base = _base(name, _tail(id))
        if id in META or not QUESTION.fullmatch(id):
            parts.append(Part(name, name, text, cells, type="meta", facts={"derived": True} if DERIVED.fullmatch(name) else {}))
        elif DERIVED.fullmatch(name) or DERIVED.fullmatch(id):
            parts.append(Part(name, name, text, cells, type="meta", facts={"derived": True, "question": re.sub(r"_(NPS_GROUP|DO(_.+)?)$", "", name)}))
        elif id.endswith("_TEXT"):
            parts.append(Part(name, name, text.removesuffix(" - Text"), cells, type="text", facts={"question": re.sub(r"(_\d+)?_TEXT$", "", name)}))
        elif groups[base] > 1:
            parts.append(Part(name, base, shared[base][0], cells, sub=_without(shared[base][1], text) or name))
        else:
            parts.append(Part(name, name, text.removesuffix(" - Selected Choice"), cells, separators=(",",)))
    return parts


def _tail(id: str) -> str:
    """What follows the question's number in its ImportId: `_3` of QID4_3, `#1_3` of a side by side; nothing for a question of one column."""
    found = QUESTION.fullmatch(id)
    tail = found["tail"] if found else ""
    return "" if tail.endswith("_TEXT") or "NPS_GROUP" in tail else tail


def _base(name: str, tail: str) -> str:
    return re.sub(r"_\d+$", "", name) if tail else name


def _shared(texts: Sequence[str]) -> tuple[str, str]:
    """The question's own text, and what all columns of it begin with."""
    if len(texts) < 2:
        return (texts[0] if texts else ""), ""
    first, last = min(texts), max(texts)
    size = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    end = first.rfind(" - ", 0, size)
    lead = first[: end + 3] if end >= 0 else ""
    return lead.removesuffix(" - ").removesuffix(" - Selected Choice"), lead


def _without(lead: str, text: str) -> str:
    return text.removeprefix(lead).strip() if lead else text
