"""SurveyMonkey: two header rows, the question and below it the option, the row or "Response"; a question's text stands once, over its first column.

Multi-select has a column for each option, with the option's text or nothing: who ticked nothing may not have been asked, so that all of
their flags are missing. The files are Windows-1252 or UTF-8, questions may hold HTML. A published table with one header of codes
(`q0004_0001`) is none of these: it is read as CSV, and `survey_summary` groups its columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Where, Words, say
from stageway.readers import Reader, Reading, options, survey, survey_choices, survey_rows
from stageway.readers.columns import unique_names
from stageway.readers.survey import Part, Settings, cells_of, plain

RESPONDENT = frozenset({"respondentid", "受访者id", "答卷者id", "回复者id"})
META = frozenset({
    "respondentid", "collectorid", "startdate", "enddate", "datecreated", "datemodified", "ipaddress", "emailaddress", "email", "firstname", "lastname",
    "customdata", "customdata1", "customdata2", "受访者id", "答卷者id", "回复者id", "收集器id", "开始日期", "结束日期", "ip地址", "电子邮件地址", "名", "姓", "名字", "姓氏", "自定义数据1",
})
ONE = frozenset({"response", "open-ended response", "回复", "回答", "开放式回答", "开放式回复", "答案"})
OPEN_ENDED = frozenset({"open-ended response", "开放式回答", "开放式回复"})


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given`: what every survey reader takes. Raises DataError where the second header row is missing."""
    options.only(given, (*survey.OPTIONS, *survey_rows.OPTIONS))
    settings = Settings.of(given)
    rows = survey_rows.rows_of(path, given, headers=2)
    first, second = ([plain(cell) for cell in row] for row in rows.header)
    if not _is_header(first, second):
        what = say(zh="这不是 SurveyMonkey 的答卷导出", en="this is not an export of answers from SurveyMonkey")
        expected = say(zh="两行表头：问题，下一行是选项或“Response”；第一列 RespondentID", en='two header rows, the question and below it the option or "Response"; first column RespondentID')
        raise DataError("surveymonkey_header", what, where=Where(file=str(path), line=2, value=" | ".join(second)[:60]), expected=expected,
                        todo=say(zh="请重新导出；若只有一行表头，用 reader: csv", en="export again; with one header row only, use reader: csv"))
    parts: list[Part] = []
    asked = _questions(first)
    names, _ = unique_names([first[start] or f"column_{start + 1}" for start, _ in asked])
    for name, (start, end) in zip(names, asked, strict=True):
        parts += _parts(rows, name, first[start], second, start, end)
    made, warnings = survey_choices.answers(parts, settings)
    return survey.reading(path, made, rows.numbers, settings, rows.facts, warnings)


def recognises(path: Path) -> Words | None:
    rows = survey_rows.head(path)
    if len(rows) < 2 or not _is_header([plain(cell) for cell in rows[0]], [plain(cell) for cell in rows[1]]):
        return None
    return say(zh="两行表头，第一列 RespondentID，第二行是选项或“Response”：SurveyMonkey", en='two header rows, RespondentID first, options or "Response" in the second: SurveyMonkey')


READER = Reader("surveymonkey", (".csv", ".tsv", ".xlsx", ".xls"), Words("SurveyMonkey 导出", "SurveyMonkey export"), read, recognises)


def _key(name: str) -> str:
    return "".join(name.lower().split())


def _is_header(first: Sequence[str], second: Sequence[str]) -> bool:
    ids = [i for i, name in enumerate(first[:3]) if _key(name) in RESPONDENT]
    return bool(ids) and not any(second[i] for i in ids if i < len(second)) and any(cell.lower() in ONE for cell in second)


def _questions(first: Sequence[str]) -> list[tuple[int, int]]:
    """[start, end) of the columns of each question: its text stands over the first of them."""
    starts = [i for i, name in enumerate(first) if name or i == 0] + [len(first)]
    return list(pairwise(starts))


def _parts(rows: survey_rows.Rows, name: str, text: str, second: Sequence[str], start: int, end: int) -> list[Part]:
    """The columns of one question; `name` is its text, or that with a number where two questions have one text."""
    if _key(text) in META and not second[start]:
        return [Part(text, name, text, cells_of(rows.column(start)), type="meta")]
    if end - start == 1 and second[start].lower() in {*ONE, ""}:
        kind = "text" if second[start].lower() in OPEN_ENDED else None
        return [Part(text, name, text, cells_of(rows.column(start)), type=kind)]
    made = []
    for i in range(start, end):
        label = second[i]
        kind = "text" if label.lower() in OPEN_ENDED else None
        made.append(Part(f"{text} | {label}", name, text, cells_of(rows.column(i)), sub=label or f"column_{i + 1}", type=kind))
    return _split_comment(made)


def _split_comment(parts: list[Part]) -> list[Part]:
    """A single choice with "Other (please specify)" has two columns: the choice under "Response", and what was written."""
    if len(parts) != 2 or parts[0].sub.lower() not in ONE:
        return parts
    choice, said = parts
    name = f"{choice.question}.text"
    return [Part(choice.header, choice.question, choice.text, choice.cells), Part(said.header, name, said.text, said.cells, type="text", facts={"question": choice.question})]

