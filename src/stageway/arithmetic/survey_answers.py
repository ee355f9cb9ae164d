"""A survey as people × questions, from one row an answer (long) or one row a person (wide); multi-select in lists or a column an option.

An answer is None (not asked, or left blank), or the texts that were chosen (none of them, where a list is empty). Codes that stand for
"not asked" are missing, and kept apart from answers such as "No answer".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import scales
from stageway.evidence import DataError, Frame, ParamError, Where, Words, did_you_mean, is_missing, say

Array = NDArray[np.float64]
Cell = tuple[str, ...] | None
PERSON = ("respondent", "weight", "segment")
#: More different answers than this, and more than a fifth of those given, make a question an open one.
MOST_OPTIONS = 30
#: One column an option: q0004_0001, Q2[SQ001], Q2.3, 第2题(抖音).
OPTION = re.compile(r"(?P<question>.+?)\s*(?:[_.:]0*\d+|\[(?P<option>[^\[\]]+)\]|[(（][^()（）]+[)）])")


@dataclass(frozen=True)
class Question:
    """`ticked` (people, options); `asked` who could answer, `answered` who did. `numbers` where every answer is a number."""

    name: str
    options: tuple[str, ...]
    ticked: NDArray[np.bool_]
    asked: NDArray[np.bool_]
    answered: NDArray[np.bool_]
    multi: bool
    numbers: Array | None


@dataclass(frozen=True)
class Survey:
    """People sorted; `weights` 1 each where there are none. `texts` holds what margins are made of: per name, a text for each person."""

    questions: tuple[Question, ...]
    weights: Array
    weighted: bool
    segments: tuple[str, ...]
    segment: NDArray[np.int64]
    texts: Mapping[str, tuple[str | None, ...]]
    open: tuple[str, ...]
    nameless: int
    repeated: int

    @property
    def n(self) -> int:
        return len(self.weights)


@dataclass(frozen=True)
class Reading:
    """How cells are read: what separates options, and the folded words for "not asked" and "option not chosen"."""

    separator: str
    missing: frozenset[str]
    unselected: frozenset[str]

    def cell(self, value: object) -> Cell:
        if isinstance(value, list | tuple | set | frozenset):
            return tuple(sorted({text for each in value if (text := self._text(each)) is not None}, key=scales.natural))
        text = self._text(value)
        if text is not None and self.separator and self.separator in text:
            parts = (self._text(part) for part in text.split(self.separator))
            return tuple(sorted({part for part in parts if part is not None}, key=scales.natural))
        return None if text is None else (text,)

    def _text(self, value: object) -> str | None:
        if is_missing(value):
            return None
        whole = int(value) if isinstance(value, float | np.floating) and float(value).is_integer() else value
        text = " ".join(str(whole).split())
        return None if scales.plain(text) in self.missing else text

    def multi(self, value: object) -> bool:
        return isinstance(value, list | tuple | set | frozenset) or (bool(self.separator) and isinstance(value, str) and self.separator in value)


def words(text: str) -> frozenset[str]:
    """A parameter that lists words, in the form in which cells are compared."""
    return frozenset(scales.plain(part) for part in re.split("[,，]", text) if part.strip())


def read(frame: Frame, how: Reading) -> Survey:
    """Raises DataError where there is no answer, or one person has two weights, segments or (in the wide form) two rows that differ."""
    return _long(frame, how) if "question" in frame and "value" in frame else _wide(frame, how)


# ── one row an answer ─────────────────────────────────────────────────────────────────────────────────────────────────


def _long(frame: Frame, how: Reading) -> Survey:
    whole = np.flatnonzero(~(frame.missing("respondent") | frame.missing("question"))).tolist()
    people = {name: i for i, name in enumerate(sorted({frame["respondent"][i] for i in whole}))}
    cells: dict[str, list[Cell]] = {}
    listed: set[str] = set()
    repeated = 0
    for i in whole:
        question, at = str(frame["question"][i]), people[frame["respondent"][i]]
        column = cells.setdefault(question, [None] * len(people))
        value, before = how.cell(frame["value"][i]), column[at]
        if how.multi(frame["value"][i]) or (value and before and value != before):
            listed.add(question)
        repeated += bool(value and before and set(value) <= set(before))
        if value is not None:
            column[at] = tuple(sorted({*(before or ()), *value}, key=scales.natural))
    others = {name: _of_people(frame, name, whole, people) for name in frame.names if name not in ("respondent", "question", "value")}
    return _survey(frame, people, cells, listed, others, len(frame) - len(whole), repeated)


def _of_people(frame: Frame, name: str, rows: list[int], people: Mapping[str, int]) -> list[object]:
    """A column that describes people, once each. Weights and segments that differ between rows of a person are refused."""
    out: list[object] = [None] * len(people)
    for i in rows:
        value, at = frame[name][i], people[frame["respondent"][i]]
        if is_missing(value):
            continue
        if out[at] is not None and out[at] != value and name in PERSON:
            what = say(zh="受访者{who}有两个不同的{name}", en='respondent {who} has two different values of "{name}"', who=frame["respondent"][i], name=name)
            raise DataError("person_differs", what, where=Where(file=frame.source or None, row=int(frame.rows[i]), column=name))
        out[at] = value if out[at] is None or str(value) < str(out[at]) else out[at]
    return out


# ── one row a person ──────────────────────────────────────────────────────────────────────────────────────────────────


def _wide(frame: Frame, how: Reading) -> Survey:
    names = [name for name in frame.names if name not in PERSON and name not in frame.aside]
    contents = [repr([(name, str(frame[name][i])) for name in sorted(names)]) for i in range(len(frame))]
    who: list[Any] = frame["respondent"].tolist() if "respondent" in frame else [None] * len(frame)
    order: list[int] = []
    seen: dict[str, int] = {}
    repeated = 0
    for i in sorted(range(len(frame)), key=lambda i: (who[i] or "", contents[i])):
        if who[i] is not None and who[i] in seen:
            if contents[seen[who[i]]] != contents[i]:
                what = say(zh="受访者{who}有两份不同的答卷", en="respondent {who} has two different rows", who=who[i])
                raise DataError("answered_twice", what, where=Where(file=frame.source or None, row=int(frame.rows[i])),
                                todo=Words("请只保留其中一份", "keep one of the two"))
            repeated += 1
            continue
        seen[who[i]] = i
        order.append(i)
    used, people = frame.take(np.array(order, dtype=np.int64)), {str(i): i for i in range(len(order))}
    grouped = _option_columns(used, names, how)
    inside = {name for columns in grouped.values() for name in columns}
    cells: dict[str, list[Cell]] = {name: [how.cell(v) for v in used[name].tolist()] for name in names if name not in inside}
    listed = {name for name in cells if any(how.multi(v) for v in used[name].tolist())}
    for question, columns in grouped.items():
        cells[question] = _joined(used, columns, how)
        listed.add(question)
    others: dict[str, list[object]] = {name: used[name].tolist() for name in (*names, *PERSON[1:]) if name in used and name not in inside}
    return _survey(frame, people, cells, listed, others, 0, repeated)


def _option_columns(frame: Frame, names: Iterable[str], how: Reading) -> dict[str, list[str]]:
    """Columns that are the options of one question: same stem, each holding one text (or yes) where it was chosen."""
    stems: dict[str, list[str]] = {}
    for name in names:
        if found := OPTION.fullmatch(name):
            stems.setdefault(found["question"], []).append(name)
    return {stem: sorted(columns, key=scales.natural) for stem, columns in stems.items() if len(columns) > 1 and all(
        len(_chosen(frame, name, how)) <= 1 for name in columns) and any(_chosen(frame, name, how) for name in columns)}


def _chosen(frame: Frame, name: str, how: Reading) -> set[str]:
    return {text for value in frame[name].tolist() for text in (how.cell(value) or ()) if scales.plain(text) not in how.unselected}


def _joined(frame: Frame, columns: list[str], how: Reading) -> list[Cell]:
    """The options that each person chose; None where every cell is empty and other people's cells say "not chosen"."""
    marks = ("1", "yes", "y", "true", "是", "选中", "x", "✓")
    label = {name: next((t for t in _chosen(frame, name, how) if scales.plain(t) not in marks), _option(name)) for name in columns}
    cells = {name: [how.cell(v) for v in frame[name].tolist()] for name in columns}
    marked = any(cell is not None and scales.plain(cell[0]) in how.unselected for column in cells.values() for cell in column if cell)
    made: list[Cell] = []
    for i in range(len(frame)):
        mine = {name: cells[name][i] for name in columns}
        chosen = tuple(label[name] for name, cell in mine.items() if cell and scales.plain(cell[0]) not in how.unselected)
        made.append(None if marked and all(cell is None for cell in mine.values()) else chosen)
    return made


def _option(name: str) -> str:
    """What a column of marks stands for: the words in its brackets, else its name."""
    found = OPTION.fullmatch(name)
    return (found["option"] if found else None) or name


# ── both ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _survey(frame: Frame, people: Mapping[str, int], cells: Mapping[str, list[Cell]], listed: set[str], others: Mapping[str, list[object]], nameless: int,
            repeated: int) -> Survey:
    given = {name: column for name, column in cells.items() if any(column)}
    if not given:
        what = Words("没有一个问题有人作答", "no question has an answer")
        raise DataError("no_answers", what, where=Where(file=frame.source or None))
    made = [question(name, given[name], name in listed) for name in sorted(given, key=scales.natural)]
    weights = np.array([np.nan if is_missing(w) else float(str(w)) for w in others["weight"]]) if "weight" in others else np.ones(len(people))
    who = [None if is_missing(s) else str(s) for s in others.get("segment", [None] * len(people))]
    segments = tuple(sorted({s for s in who if s is not None}, key=scales.natural))
    texts = {name: tuple(None if is_missing(v) else _plain_text(v) for v in column) for name, column in others.items()}
    texts |= {name: tuple(cell[0] if cell else None for cell in column) for name, column in given.items() if name not in listed}
    return Survey(tuple(q for q in made if q is not None), weights, "weight" in others, segments,
                  np.array([segments.index(s) if s is not None else -1 for s in who], dtype=np.int64), texts,
                  tuple(name for name, q in zip(sorted(given, key=scales.natural), made, strict=True) if q is None), nameless, repeated)


def of(survey: Survey, keep: NDArray[np.bool_]) -> Survey:
    """The people of a mask."""
    made = tuple(replace(q, ticked=q.ticked[keep], asked=q.asked[keep], answered=q.answered[keep], numbers=None if q.numbers is None else q.numbers[keep])
                 for q in survey.questions)
    texts = {name: tuple(t for t, kept in zip(column, keep.tolist(), strict=True) if kept) for name, column in survey.texts.items()}
    return replace(survey, questions=made, weights=survey.weights[keep], segment=survey.segment[keep], texts=texts)


def chosen(survey: Survey, only: str, file: str) -> NDArray[np.bool_]:
    """Who gave the answer that `only` names as "question=answer"; everyone where it is empty. Raises ParamError where there is no such answer."""
    if not only.strip():
        return np.ones(survey.n, dtype=bool)
    name, _, answer = (part.strip() for part in only.rpartition("="))
    for q in survey.questions:
        if q.name == name and answer in q.options:
            return np.asarray(q.ticked[:, q.options.index(answer)])
    column = survey.texts.get(name, ())
    if answer not in column:
        known = [f"{q.name}={option}" for q in survey.questions for option in q.options if not name or q.name == name] or [q.name for q in survey.questions]
        what = say(zh="没有人的回答是“{only}”", en="nobody answered “{only}”", only=only)
        raise ParamError("answer_unknown", what, where=Where(file=file or None), todo=did_you_mean(only, known))
    return np.array([text == answer for text in column])


def _plain_text(value: object) -> str:
    return str(int(value)) if isinstance(value, float | np.floating) and float(value).is_integer() else " ".join(str(value).split())


def question(name: str, column: list[Cell], multi: bool) -> Question | None:
    """None for an open question: too many different answers to count them."""
    options = sorted({text for cell in column for text in (cell or ())}, key=scales.natural)
    asked = np.array([cell is not None for cell in column])
    answered = np.array([bool(cell) for cell in column])
    numbers = None if multi else _numbers(column)
    if len(options) > MOST_OPTIONS and len(options) > answered.sum() / 5:
        if numbers is None:
            return None
        options = []
    at = {option: i for i, option in enumerate(options)}
    ticked = np.zeros((len(column), len(options)), dtype=bool)
    for i, cell in enumerate(column if options else []):
        for text in cell or ():
            ticked[i, at[text]] = True
    return Question(name, tuple(options), ticked, asked, answered, multi, numbers)


def _numbers(column: list[Cell]) -> Array | None:
    try:
        made = np.array([float(cell[0]) if cell else np.nan for cell in column])
    except ValueError:
        return None
    return made if np.isfinite(made[~np.isnan(made)]).all() else None
