"""SPSS .sav: variable labels are the questions, value labels the codes; user-missing codes are missing, and counted by code.

Multiple-response sets become flags grouped by their question; where none is declared, 0/1 variables of one stem whose labels begin alike
are taken for one. Other variables keep their names. Source: SPSS system file as ReadStat reads it,
in a process of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Where, Words, is_missing, say
from stageway.readers import Reader, Reading, options, sav_apart, survey, survey_choices
from stageway.readers.files import empty, opened
from stageway.readers.lines import MAX_BYTES, sized
from stageway.readers.survey import Answer, Gap, Settings, named, plain

MAGIC = (b"$FL2", b"$FL3")
STEM = re.compile(r"(?P<stem>.*?[A-Za-z\d一-鿿])[_.$]?0*(?P<number>\d{1,3})")
SHOWN = re.compile(r"(?P<lead>.*?)\s*[:：—–|-]\s*$")
NOT_ASKED = re.compile(r"不适用|未问|跳过|跳答|inapplicable|not asked|not applicable|skipped|\biap\b", re.IGNORECASE)


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given` may name `encoding`, `max_bytes` and what every survey reader takes. Raises DataError for a file that is no SPSS file."""
    options.only(given, (*survey.OPTIONS, "encoding", "max_bytes"))
    settings = Settings.of(given)
    sized(path, options.whole(given, "max_bytes", MAX_BYTES))
    told = _loaded(path, given.get("encoding"))
    facts: dict[str, Any] = {"encoding": told.encoding, "user_missing": {}, "sets": {}}
    labels = {name: {_code(code): plain(str(label)) for code, label in pairs} for name, pairs in told.labels.items()}
    texts = {name: plain(told.texts.get(name, "")) or name for name in told.columns}
    cells = {name: _cells(name, values, told.missing.get(name, []), labels.get(name, {}), facts) for name, values in told.columns.items()}
    made = _answers(told, cells, texts, labels, settings, facts)
    count = len(next(iter(cells.values()), []))
    return survey.reading(path, made, list(range(1, count + 1)), settings, facts)


READER = Reader("sav", (".sav", ".zsav"), Words("SPSS 数据", "SPSS data"), read)


def _loaded(path: Path, encoding: Any) -> sav_apart.Told:
    with opened(path) as stream:
        head = stream.read(4)
    if not head:
        raise empty(path)
    if head not in MAGIC:
        raise _broken(path, say(zh="开头没有 SPSS 的标记", en="it does not begin with the mark of SPSS"))
    if encoding is not None and not isinstance(encoding, str):
        raise options.wrong("encoding", encoding, "编码的名称", "the name of an encoding")
    try:
        return sav_apart.load(path, encoding)
    except sav_apart.Unreadable as error:
        raise _broken(path, Words.of(str(error)) if str(error) else Words("内部结构已损坏", "it is damaged inside")) from None


def _broken(path: Path, why: Words) -> DataError:
    what = say(zh="文件不是能读的 SPSS 数据（{why}）", en="the file is not SPSS data that can be read ({why})", why=why)
    return DataError("sav_wrong", what, where=Where(file=str(path)), todo=say(zh="请在 SPSS 中重新另存为 .sav，或导出 CSV", en="save it again as .sav in SPSS, or export it as CSV"))


def _code(code: Any) -> str:
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code).strip()


def _cells(name: str, values: Sequence[Any], missing: Sequence[Any], labels: Mapping[str, str], facts: dict[str, Any]) -> list[Any]:
    """Values as they are, gaps for system-missing and user-missing ones; the latter are counted by code."""
    known: dict[Any, Any] = {}
    codes: dict[str, int] = {}
    for value, times in Counter(values).items():
        if is_missing(value):
            known[value] = Gap.EMPTY
        elif _declared(value, missing):
            code = _code(value)
            codes[f"{code} {labels[code]}" if code in labels else code] = times
            known[value] = Gap.SKIPPED if NOT_ASKED.search(labels.get(code, "")) else Gap.EMPTY
        else:
            known[value] = int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value.strip() if isinstance(value, str) else value
    if codes:
        facts["user_missing"][name] = codes
    return [known[value] for value in values]


def _declared(value: Any, ranges: Sequence[Any]) -> bool:
    for each in ranges:
        low, high = each["lo"], each["hi"]
        if isinstance(value, str) or isinstance(low, str):
            if str(value).strip() == str(low).strip():
                return True
        elif isinstance(value, int | float) and low <= value <= high:
            return True
    return False


# ── questions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _answers(told: sav_apart.Told, cells: Mapping[str, list[Any]], texts: Mapping[str, str], labels: Mapping[str, Mapping[str, str]], settings: Settings,
             facts: dict[str, Any]) -> list[Answer]:
    of: dict[str, tuple[str, list[str], str]] = {}
    for name, each in told.sets.items():
        members = [member for member in each["variables"] if member in cells]
        for member in members:
            of[member] = (name.lstrip("$"), members, plain(each["label"]))
    for stem, members, text in _guessed([name for name in told.columns if name not in of], cells, texts, labels):
        of |= dict.fromkeys(members, (stem, members, text))
    made: list[Answer] = []
    for name in told.columns:
        if name not in of:
            made.append(_single(name, cells[name], texts[name], labels.get(name, {})))
            continue
        question, members, text = of[name]
        if name == members[0]:
            facts["sets"][question] = members
            made += _set(question, text or _lead([texts[m] for m in members]) or question, members, cells, texts, labels)
    return made


def _single(name: str, cells: list[Any], text: str, labels: Mapping[str, str]) -> Answer:
    kind = survey_choices.type_of([cell if isinstance(cell, Gap) else str(cell) for cell in cells], text)
    if labels and kind in ("rating", "number") and not survey_choices.SCALE.search(text):
        kind = "single" if {str(cell) for cell in survey.answered(cells)} <= set(labels) else kind
    if any(hasattr(cell, "isoformat") for cell in cells):
        kind = "time"
    more = {"labels": dict(labels)} if labels else {}
    return Answer(name, cells, {"question": name, "text": text, "type": kind, "header": name, **more})


def _guessed(names: Sequence[str], cells: Mapping[str, list[Any]], texts: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]
             ) -> list[tuple[str, list[str], str]]:
    """(stem, variables, question) of 0/1 variables that follow each other, share a stem, and whose labels begin alike."""
    found = []
    for stem, grouped in groupby(names, key=lambda name: m["stem"] if (m := STEM.fullmatch(name)) else ""):
        members = list(grouped)
        lead = _lead([texts[name] for name in members])
        if stem and len(members) > 1 and lead and all(_is_flag(cells[name], labels.get(name, {})) for name in members):
            found.append((stem, members, lead))
    return found


def _lead(texts: Sequence[str]) -> str:
    """What all labels begin with, up to a mark that parts a question from its option."""
    first, last = min(texts), max(texts)
    size = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    found = SHOWN.match(re.sub(r"[^:：—–|-]*$", "", first[:size]))
    return found["lead"] if found else ""


def _is_flag(cells: Sequence[Any], labels: Mapping[str, str]) -> bool:
    return {str(cell) for cell in survey.answered(cells)} <= {"0", "1"} and bool(survey.answered(cells)) and set(labels) <= {"0", "1"}


def _set(question: str, text: str, members: Sequence[str], cells: Mapping[str, list[Any]], texts: Mapping[str, str],
         labels: Mapping[str, Mapping[str, str]]) -> list[Answer]:
    """Flags of a set: of dichotomies a variable an option, of categories (each variable holds one option) an option a flag."""
    entry = {"question": question, "text": text, "type": "multiple"}
    if all(_chosen_code(cells[name], labels.get(name, {})) is not None for name in members):
        made = []
        blank_is_no = not any(code != _chosen_code(cells[name], labels.get(name, {})) for name in members for code in map(str, survey.answered(cells[name])))
        touched = [any(not isinstance(cells[name][i], Gap) for name in members) for i in range(len(cells[members[0]]))]
        for name in members:
            yes, option = _chosen_code(cells[name], labels.get(name, {})), _option(texts[name], text)
            values = [(0 if blank_is_no and touched[i] else cell) if isinstance(cell, Gap) else int(str(cell) == yes) for i, cell in enumerate(cells[name])]
            made.append(Answer(named(question, option), values, {**entry, "header": name, "option": option}))
        return made
    told = {code: label for name in members for code, label in labels.get(name, {}).items()}
    rows = list(zip(*(cells[name] for name in members), strict=True))
    seen = {str(cell) for row in rows for cell in row if not isinstance(cell, Gap)}
    return [Answer(named(question, told.get(code, code)), [row[0] if all(isinstance(c, Gap) for c in row) else int(code in map(str, row)) for row in rows],
                   {**entry, "header": ", ".join(members), "option": told.get(code, code)}) for code in dict.fromkeys([*told, *sorted(seen)])]


def _chosen_code(cells: Sequence[Any], labels: Mapping[str, str]) -> str | None:
    """The code that means ticked: the one labelled yes, else 1 of 0 and 1, else the only one; None where the variable holds more."""
    seen = {str(cell) for cell in survey.answered(cells)}
    yes = [code for code, label in labels.items() if label.lower() in survey_choices.YES]
    if len(yes) == 1 and len(seen | set(labels)) <= 2:
        return yes[0]
    return "1" if seen <= {"0", "1"} and set(labels) <= {"0", "1"} else next(iter(seen)) if len(seen) == 1 and len(labels) < 2 else None


def _option(label: str, question: str) -> str:
    rest = label.removeprefix(question).lstrip(" :：—–|-") if label.startswith(question) else label
    return rest or label
