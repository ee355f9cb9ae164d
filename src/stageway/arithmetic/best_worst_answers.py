"""Best-worst answers from a table: one row an item shown, or one row a task with the design beside it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import scales
from stageway.arithmetic.best_worst import Tasks
from stageway.arithmetic.choice_logit import Ints
from stageway.evidence import DataError, Frame, Where, Words, is_missing, say

ONCE = Words("每题最多选一个最好、一个最差", "a task has at most one best and one worst")


@dataclass(frozen=True)
class Answers:
    """`items`, `people`, `segments` are names in natural order; `segment` (people) is −1 where unknown.

    `contradictory` tasks named one item both best and worst and are left out; `incomplete` rows lack person, task or item.
    """

    items: tuple[str, ...]
    people: tuple[str, ...]
    segments: tuple[str, ...]
    segment: Ints
    tasks: Tasks
    contradictory: int
    incomplete: int
    unanswered: int


def read(answers: Frame, design: Frame | None, chosen_by: str) -> Answers:
    """From either form. DataError for a table that is neither, and for a task that cannot be."""
    if design is None and "item" not in answers:
        what = Words("没有列“item”，也没有表“design”：看不出每题出示了哪些条目", 'there is neither a column "item" nor a table "design": what a task showed is unknown')
        todo = Words("一行一个出示的条目，或另给设计表（task、position、item）", "give one row an item shown, or the design (task, position, item) as well")
        raise DataError("column_missing", what, where=Where(file=answers.source or None), todo=todo)
    return _arranged(answers, *(_shown(answers) if design is None else _by_design(answers, design, chosen_by)))


@dataclass(frozen=True)
class _Rows:
    """One entry an item shown: names, place in the task, and the row of the table it came from."""

    person: list[str]
    task: list[str]
    item: list[str]
    place: list[int]
    best: list[bool]
    worst: list[bool]
    row: list[int]


def _flags(frame: Frame, column: str) -> NDArray[np.float64]:
    return frame.flags(column) if column in frame else np.full(len(frame), np.nan)


def _shown(frame: Frame) -> tuple[_Rows, int]:
    best, worst = _flags(frame, "best") == 1, _flags(frame, "worst") == 1
    people, tasks, items = (frame[c].tolist() for c in ("respondent", "task", "item"))
    places = _whole(frame, "position") if "position" in frame else [-1] * len(frame)
    use = [i for i, cells in enumerate(zip(people, tasks, items, strict=True)) if None not in cells]
    rows = _Rows([people[i] for i in use], [tasks[i] for i in use], [items[i] for i in use], [places[i] for i in use],
                 best[use].tolist(), worst[use].tolist(), use)
    return rows, len(frame) - len(use)


def _whole(frame: Frame, column: str) -> list[int]:
    values = frame.numbers(column)
    for i in np.flatnonzero(~np.isnan(values) & (values != np.round(values))).tolist():
        raise frame.wrong(column, i, Words("位置的序号，如 1", "a position, such as 1"))
    return [-1 if np.isnan(v) else int(v) for v in values.tolist()]


def _designed(design: Frame) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """(version, task) → items with their places."""
    tasks, items = design["task"].tolist(), design["item"].tolist()
    versions = design["version"].tolist() if "version" in design else [""] * len(design)
    places = _whole(design, "position") if "position" in design else [-1] * len(design)
    made: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for version, task, item, place in zip(versions, tasks, items, places, strict=True):
        if task is not None and item is not None:
            made.setdefault((version or "", task), []).append((item, place))
    if not made:
        what = Words("设计表里没有一行有题号和条目", "no row of the design has a task and an item")
        raise DataError("design_empty", what, where=Where(file=design.source or None))
    return {key: sorted(shown, key=lambda one: scales.natural(one[0])) for key, shown in made.items()}


def _by_design(frame: Frame, design: Frame, chosen_by: str) -> tuple[_Rows, int]:
    shown = _designed(design)
    people, tasks = frame["respondent"].tolist(), frame["task"].tolist()
    versions = frame["version"].tolist() if "version" in frame else [""] * len(frame)
    rows = _Rows([], [], [], [], [], [], [])
    incomplete = 0
    for i, (person, task, version) in enumerate(zip(people, tasks, versions, strict=True)):
        if person is None or task is None:
            incomplete += 1
            continue
        if (version or "", task) not in shown:
            raise frame.wrong("task", i, Words("设计表里有的题号（和版本）", "a task (and version) of the design"))
        here = shown[version or "", task]
        best, worst = (_named(frame, column, i, here, chosen_by) for column in ("best", "worst"))
        for item, place in here:
            for into, value in zip((rows.person, rows.task, rows.item, rows.place, rows.best, rows.worst, rows.row),
                                   (person, task, item, place, item == best, item == worst, i), strict=True):
                into.append(value)  # type: ignore[attr-defined]
    return rows, incomplete


def _named(frame: Frame, column: str, i: int, here: Sequence[tuple[str, int]], chosen_by: str) -> str | None:
    """The item that a cell names, by its name or its position; None for an empty cell."""
    cell = frame[column][i] if column in frame else None
    if is_missing(cell):
        return None
    text = str(int(cell)) if isinstance(cell, float | np.floating) and float(cell).is_integer() else str(cell).strip()
    by_name = chosen_by == "item"
    for item, place in here:
        if text == (item if by_name else str(place)):
            return item
    expected = say(zh="{what}：{known} 之一", en="{what}: one of {known}", known=", ".join(str(one[0] if by_name else one[1]) for one in here),
                   what=Words("本题出示的条目", "an item that the task showed") if by_name else Words("本题的位置", "a position of the task"))
    raise frame.wrong(column, i, expected)


def _codes(names: Sequence[Hashable]) -> tuple[list[str], Ints]:
    """The different names in natural order, and the place of each entry among them."""
    ordered = sorted({str(name) for name in names}, key=scales.natural)
    at = {name: i for i, name in enumerate(ordered)}
    return ordered, np.array([at[str(name)] for name in names], dtype=np.int64)


def _arranged(frame: Frame, rows: _Rows, incomplete: int) -> Answers:
    people, person = _codes(rows.person)
    items, item = _codes(rows.item)
    tasks, task = _codes(rows.task)
    if not people:
        what = Words("没有一行同时有受访者、题号和条目", "no row has a person, a task and an item")
        raise DataError("no_answers", what, where=Where(file=frame.source or None))
    order = np.lexsort((item, task, person))
    person, item, task = person[order], item[order], task[order]
    place, best, worst, row = (np.array(each)[order] for each in (rows.place, rows.best, rows.worst, rows.row))
    whole = person * len(tasks) + task
    starts = np.flatnonzero(np.append(True, whole[1:] != whole[:-1]))
    _refuse(frame, row, np.append(False, (whole[1:] == whole[:-1]) & (item[1:] == item[:-1])),
            "item_twice", Words("同一人的同一题里同一条目出现两次", "an item stands twice in one task of one person"),
            Words("一题一个条目只留一行；题号在每人之内不能重复", "keep one row an item and task; task numbers may not repeat within a person"))
    owner = np.cumsum(np.append(True, whole[1:] != whole[:-1])) - 1
    named = []
    for flags in (best, worst):
        hits = np.flatnonzero(flags)
        again = np.zeros(len(row), dtype=bool)
        again[hits[1:]] = owner[hits[1:]] == owner[hits[:-1]]
        _refuse(frame, row, again, "chosen_twice", Words("同一题里选了两次最好或最差", "a task names two items best, or two worst"), ONCE)
        at = np.full(len(starts), -1, dtype=np.int64)
        at[owner[hits]] = item[hits]
        named.append(at)
    both = (named[0] >= 0) & (named[0] == named[1])
    none = (named[0] < 0) & (named[1] < 0)
    made = Tasks(item, place, starts, np.where(both, -1, named[0]), np.where(both, -1, named[1]), person[starts], len(people), len(items))
    kept = _answered(frame, made, ~(both | none))
    stay = np.unique(kept.person)
    renumbered = np.searchsorted(stay, kept.person)
    segments, segment = _segments(frame, [people[i] for i in stay.tolist()])
    tasks_made = Tasks(kept.item, kept.place, kept.starts, kept.best, kept.worst, renumbered, len(stay), len(items))
    return Answers(tuple(items), tuple(people[i] for i in stay.tolist()), segments, segment, tasks_made, int(both.sum()), incomplete, int(none.sum()))


def _answered(frame: Frame, tasks: Tasks, keep: NDArray[np.bool_]) -> Tasks:
    if not keep.any():
        what = Words("没有一道题选出了最好或最差", "no task names a best or a worst item")
        raise DataError("no_choices", what, where=Where(file=frame.source or None, column="best"), todo=ONCE)
    rows = np.repeat(keep, tasks.sizes)
    starts = np.concatenate([[0], np.cumsum(tasks.sizes[keep])[:-1]]).astype(np.int64)
    return Tasks(tasks.item[rows], tasks.place[rows], starts, tasks.best[keep], tasks.worst[keep], tasks.person[keep], tasks.people, tasks.items)


def _refuse(frame: Frame, row: NDArray[np.int64], bad: NDArray[np.bool_], code: str, what: Words, todo: Words) -> None:
    if bad.any():
        raise DataError(code, what, where=Where(file=frame.source or None, row=int(frame.rows[int(row[bad].min())])), todo=todo)


def _segments(frame: Frame, people: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    """A person's segment is the one of their rows; two different ones are an error."""
    if "segment" not in frame:
        return (), np.full(len(people), -1)
    found: dict[str, str] = {}
    for i, (person, segment) in enumerate(zip(frame["respondent"].tolist(), frame["segment"].tolist(), strict=True)):
        if person is not None and segment is not None and found.setdefault(person, segment) != segment:
            raise frame.wrong("segment", i, say(zh="{person} 的另一行写的“{s}”", en="“{s}”, as in another row of {person}", person=person, s=found[person]))
    names = sorted({found[p] for p in people if p in found}, key=scales.natural)
    return tuple(names), np.array([names.index(found[p]) if p in found else -1 for p in people], dtype=np.int64)
