"""LimeSurvey: headings as codes, as texts or as both, answers as codes or as texts: four mixes and more, told by the columns that it adds itself.

Multi-select is a column an option (`Q2[SQ001]` = Y or nothing, `Q2[other]` what was written), a matrix a column a row, a ranking a column a
place (`Q5[1]`). An empty `submitdate` marks an incomplete answer; whether a blank question was shown, the file does not say. Codes alone
carry no texts: give them as `labels: {Q1: {A1: …}, Q2: {SQ001: …}}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Warning, Where, Words, joined, say
from stageway.readers import Reader, Reading, options, survey, survey_choices, survey_rows
from stageway.readers.survey import Answer, Gap, Part, Settings, cells_of, named, plain

#: Our name → the headings that LimeSurvey gives its own columns (code, English, Chinese).
META = {
    "id": ("id", "response id", "答复id", "响应id", "回复id"),
    "submitdate": ("submitdate", "date submitted", "提交日期", "提交时间"),
    "lastpage": ("lastpage", "last page", "最后一页", "最后页"),
    "startlanguage": ("startlanguage", "start language", "起始语言", "开始语言", "初始语言"),
    "seed": ("seed", "种子"),
    "startdate": ("startdate", "date started", "开始日期", "起始日期"),
    "datestamp": ("datestamp", "date last action", "最后操作日期", "上次操作日期"),
    "ipaddr": ("ipaddr", "ip address", "ip地址"),
    "refurl": ("refurl", "referrer url", "引用网址", "来源网址"),
    "token": ("token", "access code", "操作代码", "令牌"),
}
KNOWN = {heading: name for name, headings in META.items() for heading in headings}
CODE = re.compile(r"(?P<code>[A-Za-z]\w*)(?:\[(?P<sub>[^\[\]]+)\](?:\[(?P<scale>[^\[\]]+)\])?)?")
BOTH = re.compile(r"(?P<code>[A-Za-z]\w*(?:\[[^\[\]]+\]){0,2})\. (?P<text>.+)", re.DOTALL)
TEXT = re.compile(r"(?P<text>.+?)\s*\[(?P<sub>[^\[\]]+)\](?:\s*\[(?P<scale>[^\[\]]+)\])?\s*", re.DOTALL)
TIMING = re.compile(r"(interviewtime|grouptime\d*|\w+time|total time|group time.*|question time.*)", re.IGNORECASE)
ORDERED = re.compile(r"(?P<letters>[A-Za-z]{1,3})0*(?P<number>\d{1,2})")
NOT_SHOWN = frozenset({"N/A"})


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given` may name `incomplete` (keep or drop), and what every survey reader takes. Raises DataError for another layout."""
    options.only(given, (*survey.OPTIONS, *survey_rows.OPTIONS, "incomplete"))
    settings, drop = Settings.of(given), survey.choice(given, "incomplete", "keep", "drop") == "drop"
    rows = survey_rows.rows_of(path, given)
    header = [cell.strip() for cell in rows.header[0]]
    ours = [_own(name) for name in header]
    if "submitdate" not in ours or len([each for each in ours if each]) < 3:
        what = say(zh="这不是 LimeSurvey 导出的答卷", en="this is not an export of responses from LimeSurvey")
        expected = say(zh="列 id、submitdate、lastpage 等", en="columns id, submitdate, lastpage or alike")
        raise DataError("limesurvey_wrong", what, where=Where(file=str(path), line=1, value=", ".join(header)[:60]), expected=expected)
    done = [bool(cell.strip()) and cell.strip() not in NOT_SHOWN for cell in rows.column(ours.index("submitdate"))]
    if drop:
        rows = rows.keep(done)
    facts = {**rows.facts, "headings": _style(header, ours), "complete": sum(done), "incomplete": len(done) - sum(done)}
    parts = _separate([_part(name, own, rows.column(i), settings) for i, (name, own) in enumerate(zip(header, ours, strict=True))])
    made, warnings = survey_choices.answers(parts, settings)
    made, numbered = _numbered(made, settings)
    if numbered:
        facts["codes_as_numbers"] = numbered
        warnings.append(_direction(numbered))
    return survey.reading(path, made, rows.numbers, settings, facts, warnings)


def recognises(path: Path) -> Words | None:
    rows = survey_rows.head(path)
    ours = {own for cell in rows[0] if (own := _own(cell.strip()))} if rows else set()
    if "submitdate" not in ours or len(ours & {"lastpage", "startlanguage", "seed", "startdate", "datestamp"}) < 1 or "id" not in ours:
        return None
    found = "、".join(name for name in META if name in ours)
    return say(zh="LimeSurvey 自带的列：{names}", en="the columns that LimeSurvey adds: {names}", names=Words(found, found.replace("、", ", ")))


READER = Reader("limesurvey", (".csv", ".tsv", ".txt", ".xlsx", ".xls"), Words("LimeSurvey 导出", "LimeSurvey export"), read, recognises)


def _own(heading: str) -> str | None:
    """LimeSurvey's own column that a heading names: by code, by text, or as `submitdate. Date submitted`."""
    text = heading.lower().lstrip("\ufeff")
    return KNOWN.get(text) or (KNOWN.get(text.partition(". ")[0]) if ". " in text else None)


def _style(header: Sequence[str], ours: Sequence[str | None]) -> str:
    asked = [name for name, own in zip(header, ours, strict=True) if own is None]
    if asked and all(CODE.fullmatch(name) for name in asked):
        return "code"
    return "code and text" if asked and all(BOTH.fullmatch(name) for name in asked) else "text"


def _part(name: str, own: str | None, texts: Sequence[str], settings: Settings) -> Part:
    cells = cells_of(texts, skipped=NOT_SHOWN)
    if own is not None or TIMING.fullmatch(name):
        return Part(name, own or name, name, cells, type="meta")
    both = BOTH.fullmatch(name)
    code = CODE.fullmatch(both["code"] if both else name)
    if code is not None:
        question, sub, scale, text = code["code"], code["sub"] or "", code["scale"], ""
        if both:
            shown = TEXT.fullmatch(both["text"])
            text = shown["text"] if shown and sub else both["text"]
            sub = shown["sub"] if shown and sub and not sub.isdigit() else sub
    else:
        shown = TEXT.fullmatch(name)
        question, sub, scale = (shown["text"], shown["sub"], shown["scale"]) if shown else (name, "", None)
        text = question
    sub = settings.labels.get(question, {}).get(sub, sub)
    if scale:
        sub = f"{sub}: {scale}"
    if sub.lower().endswith("comment") and code is not None:
        return Part(name, f"{named(plain(question), sub)}", text or question, cells, type="text", facts={"question": question})
    return Part(name, plain(question) or name, text or question, cells, sub=sub)


def _separate(parts: Sequence[Part]) -> list[Part]:
    """A single choice with "other" has a column of its own without brackets: what was written beside it is a text."""
    alone = {part.question for part in parts if not part.sub and part.type != "meta"}
    return [replace(part, question=named(part.question, part.sub), sub="", type="text", facts={"question": part.question}) if part.sub and part.question in alone else part
            for part in parts]


def _numbered(made: Sequence[Answer], settings: Settings) -> tuple[list[Answer], list[str]]:
    """A1–A5 of a matrix as 1–5: one prefix throughout the question. The entry keeps the codes."""
    prefixes: dict[str, set[str]] = {}
    for answer in made:
        if answer.entry["type"] == "matrix":
            for value in survey.answered(answer.values):
                found = ORDERED.fullmatch(value)
                prefixes.setdefault(answer.entry["question"], set()).add(found["letters"] if found else "")
    turned = {question for question, letters in prefixes.items() if len(letters) == 1 and letters != {""}}
    out, names = [], []
    for answer in made:
        if answer.entry["type"] != "matrix" or answer.entry["question"] not in turned:
            out.append(answer)
            continue
        values = [value if isinstance(value, Gap) else _number(value) for value in answer.values]
        codes = {str(_number(value)): value for value in sorted({*survey.answered(answer.values)}, key=_number)}
        given = settings.labels.get(answer.entry["question"], {})
        labels = {number: given[code] for number, code in codes.items() if code in given}
        out.append(Answer(answer.column, values, {**answer.entry, "codes": codes, **({"labels": labels} if labels else {})}))
        names.append(answer.column)
    return out, names


def _number(code: str) -> int:
    found = ORDERED.fullmatch(code)
    return int(found["number"]) if found else 0


def _direction(columns: Sequence[str]) -> Warning:
    names = joined([Words.of(f"“{name}”") for name in columns[:4]])
    return Warning("codes_as_numbers", say(zh="{names}的代码（A1、A2…）按序号读成了数；高分是好是坏，文件里没有写，请对照问卷",
                                           en="the codes of {names} (A1, A2, …) were read as their numbers; the file does not say which end is good: check the questionnaire",
                                           names=names))
