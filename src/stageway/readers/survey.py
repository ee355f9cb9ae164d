"""What surveys have in common, whatever tool wrote them: parts of questions become columns with a codebook, missing stays apart from zero.

A tool's reader says which columns ask what (`Part`); here they become the columns of the frame: one for a question with one answer, one
flag (1, 0) for an option of multi-select, one rank for an item of a ranking, one for a row of a matrix. Columns of a question with several
are named `question[option]`. A missing cell is None, and counted as skipped (it was not asked) or empty (it was left blank).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Frame, Warning, Where, Words, did_you_mean, joined, say
from stageway.readers import Reading, options
from stageway.readers.columns import column_of, unique_names
from stageway.readers.personal import personal, personal_cells

OPTIONS = ("personal", "options_of", "multiple", "single", "labels", "values")
#: Types of columns that may hold who a person is: the others hold codes and choices of the questionnaire.
OPEN = ("meta", "text", "single", "number", "time")
BREAK = re.compile(r"</?(br|p|div|li|ul|ol|tr|td|h\d)\b[^<>]{0,80}>", re.IGNORECASE)
TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")


class Gap(Enum):
    """A cell without an answer: the question was not put to this person, or it was left blank."""

    SKIPPED = "skipped"
    EMPTY = "empty"


Cell = str | Gap


@dataclass(frozen=True)
class Part:
    """A column of the file: `question` groups parts, `sub` is its option or row (empty where the question has one column).

    `type` is what the tool says it is (else it is found from the answers); `separators` may stand between options in
    one cell, `ranked` between options in their order; `options` are all that could be chosen, where another file tells.
    """

    header: str
    question: str
    text: str
    cells: Sequence[Cell]
    sub: str = ""
    type: str | None = None
    separators: tuple[str, ...] = ()
    ranked: str = ""
    options: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A column to be: values (texts, numbers or gaps) and its entry in the codebook."""

    column: str
    values: Sequence[Any]
    entry: Mapping[str, Any]


@dataclass(frozen=True)
class Settings:
    """What a person says about the survey. `options_of`: question → its options; `labels`: question → {code: label}."""

    keep_personal: bool = False
    options_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    multiple: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    as_labels: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Settings:
        return cls(
            _one_of(given, "personal", ("leave_out", "keep")) == "keep",
            {str(q): tuple(map(str, _several("options_of", listed))) for q, listed in _mapping(given, "options_of").items()},
            tuple(map(str, _several("multiple", given.get("multiple") or ()))),
            tuple(map(str, _several("single", given.get("single") or ()))),
            {str(q): {str(code): str(label) for code, label in _mapping(_mapping(given, "labels"), q).items()} for q in _mapping(given, "labels")},
            _one_of(given, "values", ("codes", "labels")) == "labels",
        )

    def named(self) -> set[str]:
        return {*self.options_of, *self.multiple, *self.single, *self.labels}


def _one_of(given: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> str:
    value = given.get(name, choices[0])
    if value not in choices:
        raise options.wrong(name, value, "、".join(choices), " or ".join(choices))
    return str(value)


def choice(given: Mapping[str, Any], name: str, *choices: str) -> str:
    """An option that takes one of some words; the first where it is not given."""
    return _one_of(given, name, choices)


def _several(name: str, value: Any) -> Iterable[Any]:
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, str):
        return [value]
    raise options.wrong(name, value, "列表", "a list")


def _mapping(given: Mapping[str, Any], name: str) -> Mapping[Any, Any]:
    value = given.get(name) or {}
    if not isinstance(value, Mapping):
        raise options.wrong(name, value, "“问题: 值”", "a mapping with a question to each key")
    return value


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def plain(text: str) -> str:
    """Without markup and line ends, spaces made one."""
    return " ".join(TAG.sub("", BREAK.sub(" ", text)).replace("&nbsp;", " ").replace("&amp;", "&").split())


def named(question: str, sub: str) -> str:
    """The name of one of several columns of a question; brackets inside the option become round."""
    return f"{question}[{sub.replace('[', '(').replace(']', ')')}]"


def cells_of(texts: Sequence[str], skipped: frozenset[str] = frozenset(), blank: frozenset[str] = frozenset()) -> list[Cell]:
    """Stripped texts; those in `skipped` were not asked, those in `blank`, and nothing, left blank."""
    made: list[Cell] = []
    for text in texts:
        short = text.strip()
        made.append(Gap.SKIPPED if short in skipped else Gap.EMPTY if not short or short in blank else short)
    return made


def answered(cells: Iterable[Any]) -> list[Any]:
    return [cell for cell in cells if not isinstance(cell, Gap)]


def numeric(cells: Iterable[Any]) -> bool:
    """Whether every answer is a number (007 is none), and there is one."""
    given = set(answered(cells))
    return bool(given) and all(not isinstance(cell, str) or NUMBER.fullmatch(cell) for cell in given)


def value_of(cell: Any) -> Any:
    """A text that is a number as one, another as it is, a gap as None."""
    if isinstance(cell, Gap):
        return None
    if isinstance(cell, str) and NUMBER.fullmatch(cell):
        return float(cell) if "." in cell else int(cell)
    return cell


# ── the reading ───────────────────────────────────────────────────────────────────────────────────────────────────────


def reading(path: Path, answers: Sequence[Answer], numbers: Sequence[int], settings: Settings, facts: Mapping[str, Any],
            warnings: Sequence[Warning] = ()) -> Reading:
    """The frame, without personal columns unless they are to be kept, its codebook and the counts of missing cells."""
    import numpy as np

    _known(answers, settings, path)
    if not answers or not numbers:
        raise DataError("no_answers", say(zh="文件里没有答卷", en="the file holds no answers"), where=Where(file=str(path)),
                        todo=say(zh="请重新导出，或核对筛选条件", en="export again, or check the filter"))
    names, told = unique_names([answer.column for answer in answers])
    columns: dict[str, Any] = {}
    codebook: list[dict[str, Any]] = []
    who: dict[str, Words] = {}
    gaps: dict[str, dict[str, int]] = {gap.value: {} for gap in Gap}
    inside: dict[str, int] = {}
    for name, answer in zip(names, answers, strict=True):
        values, entry = _labelled(answer, settings)
        column = _column(values)
        why = _personal(name, column, entry)
        if why is not None:
            who[name] = why
            if not settings.keep_personal:
                continue
            entry["personal"] = True
        columns[name] = column
        codebook.append({"column": name, **entry})
        for gap in Gap:
            if count := sum(1 for value in values if value is gap):
                gaps[gap.value][name] = count
        if why is None and entry["type"] == "text" and (count := personal_cells(column)):
            inside[name] = count
    left = [] if settings.keep_personal else list(who)
    made = {**facts, **told, "codebook": codebook, "left_out": left, "personal": {name: why.to_json() for name, why in who.items()}, **gaps}
    aside = frozenset(str(entry["column"]) for entry in codebook if entry["type"] == "meta")
    frame = Frame(columns, str(path), np.array(numbers, dtype=np.int64), aside)
    return Reading(frame, made, (*warnings, *_about_personal(left, inside)))


def _personal(name: str, column: Any, entry: Mapping[str, Any]) -> Words | None:
    """Judged by the file's header and by the question's text, which may say what the header (Q7) does not."""
    if entry["type"] not in OPEN:
        return None
    told = dict.fromkeys([str(entry.get("header") or name), str(entry["text"])])
    return next((why for header in told if (why := personal(header, column)) is not None), None)


def _column(values: Sequence[Any]) -> Any:
    if not numeric(values):
        return column_of([None if isinstance(v, Gap) else v for v in values])
    known = {value: value_of(value) for value in set(values)}
    return column_of([known[value] for value in values])


def _labelled(answer: Answer, settings: Settings) -> tuple[list[Any], dict[str, Any]]:
    """Labels that a person gave are added to those of the file; with `values: labels` they stand for the codes."""
    entry = dict(answer.entry)
    own = next((settings.labels[key] for key in (answer.column, entry["question"], entry["text"]) if key in settings.labels), {})
    labels = {**entry.get("labels", {}), **own}
    seen = {str(value_of(value)) for value in set(answered(answer.values))}
    if "option" in entry or (own and not seen & set(own)):
        labels = dict(entry.get("labels", {}))
    if labels:
        entry["labels"] = labels
    if settings.as_labels and labels and seen <= set(labels):
        return [v if isinstance(v, Gap) else labels[str(value_of(v))] for v in answer.values], entry
    return list(answer.values), entry


def _known(answers: Sequence[Answer], settings: Settings, path: Path) -> None:
    known = {str(key) for answer in answers for key in (answer.column, answer.entry["question"], answer.entry["text"], answer.entry.get("header", ""))}
    for name in sorted(settings.named() - known):
        what = say(zh="选项里写的问题“{name}”不在文件里", en='the question "{name}" of an option is not in the file', name=name)
        raise DataError("question_unknown", what, where=Where(file=str(path)), todo=did_you_mean(name, known))


def _about_personal(left: list[str], inside: Mapping[str, int]) -> list[Warning]:
    made = []
    if left:
        names = joined([Words.of(f"“{name}”") for name in left[:6]])
        made.append(Warning("personal_left_out", say(zh="{n}列个人信息没有读入：{names}；要保留，写 personal: keep",
                                                     en="personal columns left out ({n}): {names}; to keep them, write personal: keep", n=len(left), names=names)))
    for name, count in inside.items():
        made.append(Warning("personal_in_text", say(zh="“{name}”有{n}条回答里写了电话、邮箱或证件号，引用原话前请遮去",
                                                    en="{n} answers to “{name}” hold a phone number, an e-mail address or an identity number: cover them before quoting",
                                                    name=name, n=count)))
    return made
