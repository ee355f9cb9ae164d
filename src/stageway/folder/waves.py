"""The next wave of the same survey: an old dataset's mapping on a new file. What no longer fits is said, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from stageway import catalogue
from stageway.evidence import DataError, DefinitionError, Frame, StagewayError, Words, joined, nearest, say
from stageway.folder.datasets import shaped
from stageway.folder.inspect import latest_day
from stageway.folder.inspect_columns import PLAIN, TYPES, Profile, profile, text_of
from stageway.folder.inspect_match import likeness
from stageway.folder.inspect_values import LED
from stageway.folder.shape import ROW_NUMBER
from stageway.process.planning import Dataset
from stageway.readers import Reading

MOST_OPTIONS = 60


@dataclass(frozen=True)
class Note:
    """What is different. `stops`: the mapping cannot be used as it is."""

    code: str
    column: str
    text: Words
    stops: bool = False


@dataclass(frozen=True)
class Wave:
    """The old mapping for the new file, what no longer fits, and how many rows it gives where it can be used."""

    dataset: Dataset
    notes: tuple[Note, ...]
    rows: int
    shaped_rows: int | None
    collected: date | None
    against: bool

    @property
    def fits(self) -> bool:
        return not any(note.stops for note in self.notes)


def wave(path: Path, old: Dataset, root: Path, *, name: str, place: str) -> Wave:
    """`old` is a dataset of the folder `root`; where its file is still there, options, scales and questions are compared with it too."""
    new = _read(path, old)
    before = _old(root, old)
    collected, _ = latest_day([profile(new.frame, column) for column in new.frame.names])
    dataset = replace(old, name=name, path=place, title=Words.of(name), collected=collected)
    notes = [*_columns(old, new.frame, before), *_answers(old, new, before), *_scales(old, new.frame, before), *_questions(new, before)]
    rows = None
    if not any(note.stops for note in notes):
        try:
            rows = len(shaped(new.frame, dataset)[0])
        except StagewayError as error:
            notes.append(Note("mapping", "", Words(error.sentence("zh"), error.sentence("en")), stops=True))
    return Wave(dataset, tuple(notes), len(new.frame), rows, collected, before is not None)


def _read(path: Path, old: Dataset) -> Reading:
    reading: Reading = catalogue.reader_for(path, old.reader).read(path, old.options)
    return reading


def _old(root: Path, old: Dataset) -> Reading | None:
    try:
        return _read(root / old.path, old)
    except (DataError, DefinitionError):
        return None


def used(dataset: Dataset, frame: Frame) -> dict[str, str]:
    """The file's columns that the mapping reads, each with our name for it; those of `wide` with its pattern filled."""
    made = {theirs: ours for ours, theirs in dataset.columns.items() if theirs != ROW_NUMBER}
    told = (dataset.wide or {}).get("columns")
    if isinstance(told, Mapping):
        for ours, pattern in told.items():
            before, _, after = str(pattern).partition("{}")
            keys = [str(key) for key in (dataset.wide or {}).get("keys") or ()]
            names = [before + key + after for key in keys] or [n for n in frame.names if len(n) > len(before + after) and n.startswith(before) and n.endswith(after)]
            made |= dict.fromkeys(names, str(ours))
    elif isinstance(told, list):
        made |= dict.fromkeys(map(str, told), str((dataset.wide or {}).get("value") or "value"))
    if (dataset.wide or {}).get("id") and str((dataset.wide or {})["id"]) not in dataset.columns:
        made.setdefault(str((dataset.wide or {})["id"]), "respondent")
    return made


def _columns(old: Dataset, frame: Frame, before: Reading | None) -> Iterator[Note]:
    """Columns that are gone, with what may be their new names; columns that are new."""
    reads = used(old, before.frame if before is not None else frame)
    fresh = [name for name in frame.names if before is not None and name not in before.frame]
    for theirs, ours in reads.items():
        if theirs in frame:
            continue
        named = [name for name in frame.names if name not in reads and likeness(ours, name)]
        near = list(dict.fromkeys([*(name for name in nearest(theirs, frame.names) if name not in reads), *named, *_alike(theirs, frame, before, fresh)]))
        hint = say(zh="；可能是：{names}", en="; it may be {names}", names=", ".join(near[:3])) if near else Words("", "")
        text = say(zh="列“{theirs}”（我们的 {ours}）没有了{hint}", en='the column "{theirs}" (our {ours}) is gone{hint}', theirs=theirs, ours=ours, hint=hint)
        yield Note("column_gone", theirs, text, stops=True)
    if fresh:
        text = say(zh="多了{n}列：{names}", en="new columns ({n}): {names}", n=len(fresh), names=", ".join(fresh[:12]))
        yield Note("columns_new", "", text)
    gone = [name for name in before.frame.names if name not in frame and name not in reads] if before is not None else []
    if gone:
        text = say(zh="少了{n}列，映射里没有用到：{names}", en="columns that the mapping does not read are gone ({n}): {names}", n=len(gone), names=", ".join(gone[:12]))
        yield Note("columns_gone", "", text)


def _alike(theirs: str, frame: Frame, before: Reading | None, fresh: list[str]) -> list[str]:
    """New columns whose answers are those of the lost one."""
    if before is None or theirs not in before.frame:
        return []
    lost = set(profile(before.frame, theirs).counts)
    found = {name: set(profile(frame, name).counts) for name in fresh}
    return [name for name, answers in found.items() if answers and lost and len(lost & answers) >= 0.6 * min(len(lost), len(answers))]


def _answers(old: Dataset, new: Reading, before: Reading | None) -> Iterator[Note]:
    """Option texts that `values` does not know, or that the old wave did not have."""
    reads = {theirs: (ours, profile(new.frame, theirs)) for theirs, ours in used(old, new.frame).items() if theirs in new.frame}
    earlier = {theirs: set(profile(before.frame, theirs).counts) for theirs in reads if before is not None and theirs in before.frame}
    mapped = {ours for theirs, (ours, now) in reads.items() if any(_fold(text) in _plan(old.values, ours) for text in (*now.counts, *earlier.get(theirs, ())))}
    for theirs, (ours, answers) in reads.items():
        was = earlier.get(theirs, set())
        if ours in mapped:
            plan = _plan(old.values, ours)
            unknown = [text for text in answers.counts if _fold(text) not in plan and not PLAIN.fullmatch(text) and text not in was]
            if unknown:
                text = say(zh="values 里没有的选项：{listed}", en="options that values does not know: {listed}", listed=_listed(answers, unknown))
                yield Note("options_unknown", theirs, text, stops=True)
        elif was and answers.type in ("category", "flag") and len(answers.counts) <= MOST_OPTIONS and (more := [t for t in answers.counts if t not in was]):
            text = say(zh="上一波没有的选项：{listed}", en="options that the earlier wave did not have: {listed}", listed=_listed(answers, more))
            yield Note("options_new", theirs, text)


def _listed(answers: Profile, texts: list[str]) -> Words:
    return joined([say(zh="“{text}”×{n}", en='"{text}" × {n}', text=text[:40], n=f"{answers.counts[text]:,}") for text in texts[:6]])


def _plan(values: Mapping[str, Any], ours: str) -> set[str]:
    own = values.get(ours)
    told = own if isinstance(own, Mapping) else {text: value for text, value in values.items() if not isinstance(value, Mapping)}
    return {_fold(str(text)) for text in told}


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _scales(old: Dataset, frame: Frame, before: Reading | None) -> Iterator[Note]:
    """A scale that now reaches further, or not as far; numbers that are texts now."""
    if before is None:
        return
    for theirs in used(old, frame):
        if theirs not in frame or theirs not in before.frame:
            continue
        was, now = profile(before.frame, theirs), profile(frame, theirs)
        if was.type != now.type and "empty" not in (was.type, now.type) and {was.type, now.type} & {"number", "time"}:
            one = next((text for text in now.counts if not PLAIN.fullmatch(text)), now.examples[0])
            text = say(zh="原来是{was}，现在是{now}（如 {one}）", en="it was {was} and is {now} now (such as {one})", was=_type(was), now=_type(now), one=one[:40])
            yield Note("type_changed", theirs, text, stops=now.type not in ("number", "time"))
            continue
        a, b = _scale(was), _scale(now)
        if a is not None and b is not None and a != b and (b[1] > a[1] or b[0] < a[0] or (b[1] - b[0]) < 0.7 * (a[1] - a[0])):
            text = say(zh="量表可能变了：原来 {a}，现在 {b}", en="the scale may have changed: {a} before, {b} now", a=f"{a[0]:g}–{a[1]:g}", b=f"{b[0]:g}–{b[1]:g}")
            yield Note("scale_changed", theirs, text)


def _type(each: Profile) -> Words:
    return TYPES[each.type]


def _scale(each: Profile) -> tuple[float, float] | None:
    """The ends of a scale of a few whole numbers, bare or with labels."""
    codes = [float(found[1]) if (found := LED.fullmatch(text)) else (float(text) if PLAIN.fullmatch(text) else None) for text in each.counts]
    known = [code for code in codes if code is not None]
    if len(codes) > 12 or len(known) < len(codes) or not known or any(code != int(code) or not -10 <= code <= 10 for code in known):
        return None
    return min(known), max(known)


def _questions(new: Reading, before: Reading | None) -> Iterator[Note]:
    """Questions whose words changed under the same column, where a survey tool gives them."""
    if before is None:
        return
    was = {str(each["column"]): text_of(each["text"]) for each in before.facts.get("codebook", ())}
    for each in new.facts.get("codebook", ()):
        column, now = str(each["column"]), text_of(each["text"])
        if column in was and was[column] != now:
            text = say(zh="题目改了：原来“{was}”，现在“{now}”", en='the question was "{was}" and is "{now}" now', was=was[column][:60], now=now[:60])
            yield Note("question_changed", column, text)
