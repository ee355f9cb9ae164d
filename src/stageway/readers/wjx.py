"""问卷星 (wjx.cn): answers by option text, by option number, or a pair of both that belong together.

Text: options between ┋, rankings by →, `其他〖…〗` with what was written, `(跳过)` not asked, `(空)` blank. Codes: the option's number, a 0/1
column for each option named `2、(抖音)` or `第2题(抖音)`, a rank for each item; -3 not asked, -2 blank. Codes alone say nothing about texts:
name the other file (`text: other.csv`, or `codes: other.csv` beside the text), and numbers, texts and options never chosen come together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Where, Words, say
from stageway.readers import Reader, Reading, options, survey, survey_choices, survey_rows
from stageway.readers.survey import Answer, Cell, Part, Settings, cells_of
from stageway.readers.survey_rows import Rows

META = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")
MORE_META = ("答卷编号", "总分", "答题时长", "用户ID", "开始答卷时间", "IP")
NUMBERED = re.compile(r"\s*第?\s*[QqＱ]?(?P<number>\d{1,3})\s*题?\s*(?:[、.．:：_]\s*|(?=[(（]))(?P<rest>.*)", re.DOTALL)
TYPE = re.compile(r"\s*[(（\[【](单选题?|多选题?|量表题?|评分题?|填空题?|排序题?|下拉题?|矩阵[^()（）\]】]*题?|NPS[^()（）\]】]*|必[填答]题?)[)）\]】]\s*")
WHOLE = re.compile(r"[(（](?P<sub>.*)[)）]", re.DOTALL)
SUBS = (re.compile(r"(?P<text>.*?)\s*[—–]+\s*(?P<sub>.+)", re.DOTALL), re.compile(r"(?P<text>.*?)\s*[(（\[](?P<sub>[^()（）\[\]]*)[)）\]]", re.DOTALL),
        re.compile(r"(?P<text>.*?)\s*[:：-]\s*(?P<sub>.+)", re.DOTALL))
TEXT_MARKS = ("┋", "┇", "→", "〖")
SKIPPED = frozenset({"(跳过)", "（跳过）", "跳过"})
BLANK = frozenset({"(空)", "（空）", "N/A"})
DURATION = re.compile(r"(?:(\d+)\s*小?时)?\s*(?:(\d+)\s*分钟?)?\s*(?:(\d+)\s*秒)?")


@dataclass(frozen=True)
class _Export:
    """One of the two forms: `parts` by the file's columns, `numbers` of the question of each (None for a meta column)."""

    codes: bool
    parts: list[Part]
    numbers: list[str | None]
    rows: Rows

    def of(self, number: str | None) -> list[Part]:
        return [part for part, mine in zip(self.parts, self.numbers, strict=True) if mine == number and mine is not None]

    def ids(self) -> list[str]:
        return self.rows.column(0)


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given` may name `codes` or `text` (the other file of the pair), and what every survey reader takes.

    Raises DataError for a file of another layout, and for a pair whose answers are not of the same people or contradict each other.
    """
    options.only(given, (*survey.OPTIONS, *survey_rows.OPTIONS, "codes", "text"))
    settings = Settings.of(given)
    main = _export(path, given)
    facts: dict[str, Any] = {**main.rows.facts, "export": "codes" if main.codes else "text"}
    extra: list[Answer] = []
    other_name = given.get("codes", given.get("text"))
    if other_name is not None:
        other_path = path.parent / str(other_name)
        other = _export(other_path, given)
        _belongs(main, other, path, other_path, "codes" if "codes" in given else "text")
        facts["paired_with"] = str(other_name)
        main, extra = _paired(main, other, settings, path)
    made, warnings = survey_choices.answers(main.parts, settings)
    return survey.reading(path, [*made, *extra], main.rows.numbers, settings, facts, warnings)


def recognises(path: Path) -> Words | None:
    rows = survey_rows.head(path)
    header = [cell.strip() for cell in rows[0]] if rows else []
    found = [name for name in META if name in header]
    if len(found) < 3 or not any(NUMBERED.fullmatch(cell) for cell in header):
        return None
    names = "、".join(found[:4])
    return say(zh="问卷星的表头：有“{names}”，问题带编号", en="the header of 问卷星 (wjx.cn): {names}, and numbered questions", names=names)


READER = Reader("wjx", survey_rows.SUFFIXES, Words("问卷星导出", "问卷星 (wjx.cn) export"), read, recognises)


# ── one file ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _export(path: Path, given: Mapping[str, Any]) -> _Export:
    rows = survey_rows.rows_of(path, given)
    header = [cell.strip().lstrip("\ufeff") for cell in rows.header[0]]
    found = [NUMBERED.fullmatch(cell) if cell not in (*META, *MORE_META) else None for cell in header]
    if not any(found) or not any(name in header for name in (*META, *MORE_META)):
        what = say(zh="这不是问卷星导出的答卷", en="this is not an export of answers from 问卷星 (wjx.cn)")
        expected = say(zh="表头有 {names} 和“1、题目”", en="a header with {names} and numbered questions (1、…)", names="、".join(META[:3]))
        raise DataError("wjx_wrong", what, where=Where(file=str(path), line=1, value=", ".join(header)[:60]), expected=expected)
    numbers = [each["number"] if each else None for each in found]
    codes = _is_codes(rows, numbers)
    rests = [TYPE.sub("", each["rest"]).strip() if each else "" for each in found]
    counts = Counter(numbers)
    cut = [("", rest) if counts[n] == 1 and not WHOLE.fullmatch(rest) else _sub(rest) for n, rest in zip(numbers, rests, strict=True)]
    texts = {n: _common([text if sub or counts[n] > 1 else rest for (sub, text), rest, mine in zip(cut, rests, numbers, strict=True) if mine == n]) for n in counts}
    parts = []
    for i, (name, number, (sub, _)) in enumerate(zip(header, numbers, cut, strict=True)):
        if number is None:
            parts.append(Part(name or f"column_{i + 1}", name or f"column_{i + 1}", name, _meta(name, rows.column(i)), type="meta"))
        else:
            text = texts[number]
            cells = _codes(rows.column(i)) if codes else cells_of(rows.column(i), SKIPPED, BLANK)
            kind = ("multiple" if "多选" in name else None) if counts[number] == 1 else None
            if codes and counts[number] == 1 and not sub:
                kind = _coded(cells, text)
            parts.append(Part(name, f"{number}、{text}" if text else number, text, cells, sub=sub, type=kind, separators=() if codes else ("┋", "┇"), ranked="" if codes else "→"))
    return _Export(codes, parts, numbers, rows)


def _sub(rest: str) -> tuple[str, str]:
    """(option or row, text of the question) of a header that shares its number with others."""
    if whole := WHOLE.fullmatch(rest):
        return whole["sub"].strip(), ""
    for pattern in SUBS:
        if (found := pattern.fullmatch(rest)) and found["sub"].strip():
            return found["sub"].strip(), found["text"].strip()
    return rest, ""


def _common(texts: Sequence[str]) -> str:
    counted = Counter(text for text in texts if text)
    return counted.most_common(1)[0][0] if counted else ""


def _is_codes(rows: Rows, numbers: Sequence[str | None]) -> bool:
    asked = [[cell.strip() for cell in rows.column(i)] for i, number in enumerate(numbers) if number is not None]
    if any(mark in cell or cell in SKIPPED or cell == "(空)" for column in asked for cell in column for mark in TEXT_MARKS):
        return False
    if any(cell == "-3" for column in asked for cell in column):
        return True
    counts = Counter(numbers)
    several = [column for column, number in zip(asked, [n for n in numbers if n is not None], strict=True) if counts[number] > 1]
    if any(set(column) <= {"0", "1", "-2", ""} and set(column) & {"0", "1"} for column in several):
        return True
    return bool(asked) and all(cell.lstrip("-").isdigit() for column in asked for cell in column if cell and len(cell) < 3)


def _codes(texts: Sequence[str]) -> list[Cell]:
    return cells_of(texts, frozenset({"-3", *SKIPPED}), frozenset({"-2", *BLANK}))


def _coded(cells: Sequence[Cell], text: str) -> str:
    """The type of a question with one number a person: an option's number, unless the text asks for a rating."""
    kind = survey_choices.type_of(cells, text)
    values = {float(cell) for cell in survey.answered(cells)} if survey.numeric(cells) else set()
    return "single" if kind == "rating" and min(values) >= 1 and not survey_choices.SCALE.search(text) else kind


def _meta(name: str, texts: Sequence[str]) -> list[Cell]:
    """所用时间 in seconds, whether it stands as 125秒 or as 2分5秒."""
    cells = cells_of(texts, SKIPPED, BLANK)
    if name not in ("所用时间", "答题时长"):
        return cells
    made: list[Cell] = []
    for cell in cells:
        found = DURATION.fullmatch(cell) if isinstance(cell, str) else None
        told = [int(part or 0) for part in found.groups()] if found and any(found.groups()) else None
        made.append(str(told[0] * 3600 + told[1] * 60 + told[2]) if told else cell)
    return made


# ── a pair ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _belongs(main: _Export, other: _Export, path: Path, other_path: Path, said: str) -> None:
    if other.codes != (said == "codes") or main.codes == other.codes:
        what = say(zh="选项 {said} 指的文件不是另一种导出", en="the file of the option {said} is not the other kind of export", said=said)
        expected = say(zh="一份按选项序号导出，一份按选项文本导出", en="one export by option number, and one by option text")
        raise DataError("pair_same", what, where=Where(file=str(other_path)), expected=expected)
    mine, theirs = main.ids(), other.ids()
    todo = say(zh="请在同一时间、同样的筛选下导出两份", en="export both at the same time and with the same filter")
    lone = [each for each in mine if each not in set(theirs)] + [each for each in theirs if each not in set(mine)]
    if lone or len(set(mine)) < len(mine):
        what = say(zh="两份导出的答卷对不上：{count}份只在其中一份里（如序号{id}）", en="the two exports are not of the same answers: {count} stand in one only (such as number {id})",
                   count=len(lone), id=(lone or mine)[0])
        raise DataError("pair_differs", what, where=Where(file=str(other_path), column=main.parts[0].header), todo=todo)
    missing = sorted({n for n in main.numbers if n} ^ {n for n in other.numbers if n}, key=int)
    if missing:
        what = say(zh="两份导出的题目对不上：第{n}题只在其中一份里", en="the two exports do not hold the same questions: number {n} stands in one only", n=missing[0])
        raise DataError("pair_differs", what, where=Where(file=str(other_path)), todo=todo)


def _paired(main: _Export, other: _Export, settings: Settings, path: Path) -> tuple[_Export, list[Answer]]:
    """The main export with the labels, texts and options of the other; what was written beside an option, where the main one has codes."""
    at = {each: i for i, each in enumerate(other.ids())}
    order = [at[each] for each in main.ids()]
    parts: list[Part] = []
    for part, number in zip(main.parts, main.numbers, strict=True):
        fellows = [replace(each, cells=[each.cells[i] for i in order]) for each in other.of(number)]
        parts.append(_joined(part, fellows, main, path) if number is not None else part)
    if not main.codes:
        return replace(main, parts=parts), []
    texts, _ = survey_choices.answers([replace(each, cells=[each.cells[i] for i in order]) for each in other.parts], settings)
    return replace(main, parts=parts), [answer for answer in texts if answer.column.endswith(".text")]


def _joined(part: Part, fellows: Sequence[Part], main: _Export, path: Path) -> Part:
    coded, texted = ([part], fellows) if main.codes else (fellows, [part])
    text = texted[0].text or part.text
    question = texted[0].question
    if len(fellows) > 1 and not part.sub:
        return replace(part, options=tuple(each.sub for each in fellows))
    if part.sub or len(coded) != 1 or len(texted) != 1:
        return replace(part, question=question, text=text)
    labels = _labels(coded[0], texted[0], main, path)
    if not labels:
        return replace(part, question=question, text=text, type=survey_choices.type_of(texted[0].cells, text))
    return replace(part, question=question, text=text, type="single", facts={**part.facts, "labels": labels})


def _labels(coded: Part, texted: Part, main: _Export, path: Path) -> dict[str, str]:
    """Code → label as the people of both exports have them; none where the text is the number itself, or written freely."""
    if not survey.numeric(coded.cells) or survey.numeric(texted.cells):
        return {}
    labels: dict[str, str] = {}
    for row, (code, label) in enumerate(zip(coded.cells, texted.cells, strict=True)):
        if not isinstance(code, str) or not isinstance(label, str):
            continue
        found = survey_choices.WRITTEN.fullmatch(label)
        label = (found["option"] or found["other"]).strip() if found else label
        if labels.setdefault(code, label) != label:
            what = say(zh="同一个序号{code}在另一份里既是“{a}”又是“{b}”", en='number {code} is both "{a}" and "{b}" in the other file', code=code, a=labels[code], b=label)
            raise DataError("pair_differs", what, where=Where(file=str(path), row=main.rows.numbers[row], column=coded.header, value=code),
                            todo=say(zh="请核对两份导出是否属于同一问卷", en="check that both exports are of the same survey"))
    return dict(sorted(labels.items(), key=lambda pair: float(pair[0])))
