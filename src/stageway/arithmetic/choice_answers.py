"""Conjoint answers from a table: alternatives with their attributes, chosen or rated, coded for a regression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import scales
from stageway.arithmetic.choice_logit import Array, Ints, Sets, aliased
from stageway.arithmetic.part_worths import Attribute, Design
from stageway.evidence import DataError, Frame, ParamError, Where, Words, did_you_mean, joined, say

OWN = ("respondent", "task", "alternative", "chosen", "rating", "none", "holdout", "scenario")
Mask = NDArray[np.bool_]
Cells = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class Wanted:
    """What the parameters say of attributes: names to be taken (empty: all), to be levels, or all numbers as levels."""

    attributes: tuple[str, ...]
    levels: tuple[str, ...]
    numbers: str
    marks: str = "flag"


@dataclass(frozen=True)
class Answers:
    """`x` (rows, k) in the order person, task, alternative. `starts`, `chosen` of tasks where choices; `ratings` (rows) where ratings."""

    design: Design
    people: tuple[str, ...]
    x: Array
    person: Ints
    label: tuple[str, ...]
    none: Mask
    starts: Ints
    chosen: Ints
    holdout: Mask
    ratings: Array | None
    left_out: Mapping[str, int] = field(default_factory=dict)
    unvarying: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    def sets(self) -> Sets:
        return Sets(self.x, self.starts, self.chosen, self.person[self.starts], len(self.people))


def read(answers: Frame, profiles: Frame | None, wanted: Wanted) -> Answers:
    """DataError for a table that is neither choices nor ratings, for a task that cannot be, and for attributes that cannot be told apart."""
    rated = "rating" in answers and "chosen" not in answers
    if not rated and not ("chosen" in answers and "task" in answers):
        what = Words("既没有列“chosen”和“task”（选择），也没有列“rating”（评分）", 'there are neither columns "chosen" and "task" (choices) nor a column "rating" (ratings)')
        raise DataError("column_missing", what, where=Where(file=answers.source or None),
                        todo=Words("用 columns（或 --map）指明选中标记或评分", "name the mark of the chosen one, or the rating, under columns (or with --map)"))
    table = answers if profiles is None else _joined(answers, profiles)
    cells = attributes_of(table, wanted.attributes)
    none = _none(table, cells)
    left_out: dict[str, int] = {}
    keep = np.array([p is not None for p in table["respondent"].tolist()], dtype=bool)
    if rated:
        keep &= ~np.isnan(table["rating"])
    else:
        keep &= np.array([t is not None for t in table["task"].tolist()], dtype=bool)
    left_out["incomplete"] = int((~keep).sum())
    lacking = ~none & np.any([[v is None for v in column] for column in cells.values()], axis=0)
    order, starts = _ordered(table, keep, cells, None if rated else "task")
    owner = np.cumsum(_firsts(order, starts)) - 1
    bad = np.zeros(len(starts), dtype=bool)
    bad[owner[lacking[order]]] = True
    left_out["without_attribute"] = int(bad.sum()) if not rated else int(lacking[order].sum())
    chosen = np.empty(0, dtype=np.int64)
    if rated:
        stay = ~lacking[order]
    else:
        chosen = _chosen(table, order, starts, owner, wanted.marks)
        small = np.diff(np.append(starts, len(order))) < 2
        left_out["unanswered"], left_out["alone"] = int((~bad & (chosen < 0)).sum()), int((~bad & small & (chosen >= 0)).sum())
        bad |= (chosen < 0) | small
        stay = ~bad[owner]
        moved = np.cumsum(stay) - 1
        chosen = moved[chosen[~bad]]
    order, whole = order[stay], owner[stay]
    if not len(order):
        what = Words("没有一道完整的题（有属性、有两个以上选项、选了一个）或一条完整的评分", "no task is complete (attributes, two alternatives or more, one chosen), nor is any rating")
        raise DataError("no_answers", what, where=Where(file=answers.source or None))
    return _coded(table, cells, none, order, whole, chosen, left_out, wanted, rated)


def attributes_of(table: Frame, wanted: Sequence[str]) -> Cells:
    """The columns that are attributes, in natural order: those wanted, or all that have no other meaning."""
    free = sorted((name for name in table.names if name not in OWN), key=scales.natural)
    for name in wanted:
        if name not in free:
            raise ParamError("attribute_unknown", say(zh="表里没有属性“{a}”", en="the table has no attribute “{a}”", a=name), todo=did_you_mean(name, free))
    names = sorted(set(wanted), key=scales.natural) or free
    if not names:
        what = Words("除编号和选择外没有别的列，没有属性可分析", "beside ids and choices there is no column: nothing to analyse")
        raise DataError("no_attributes", what, where=Where(file=table.source or None))
    return {name: table.texts(name).tolist() for name in names}


def _joined(answers: Frame, profiles: Frame) -> Frame:
    """The attributes of each row's alternative, from the table of profiles (numbered by their rows where they have no name)."""
    if "alternative" not in profiles:
        profiles = profiles.with_columns(alternative=[str(i + 1) for i in range(len(profiles))])
    if "alternative" not in answers:
        what = Words("另给了产品组合表，但回答里没有列“alternative”，对不上", 'profiles are given, but the answers have no column "alternative" to find them by')
        raise DataError("column_missing", what, where=Where(file=answers.source or None))
    at = {name: i for i, name in enumerate(profiles["alternative"].tolist()) if name is not None}
    places = []
    for i, name in enumerate(answers["alternative"].tolist()):
        if name is not None and name not in at:
            raise answers.wrong("alternative", i, Words("产品组合表里有的名称", "an alternative of the table of profiles"))
        places.append(at.get(name, -1))
    more = {name: [profiles[name][k] if k >= 0 else None for k in places] for name in profiles.names if name != "alternative"}
    return answers.with_columns(**more)


def _none(table: Frame, cells: Cells) -> Mask:
    """Rows of the alternative "none of these": marked, or without any attribute."""
    blank = np.all([[v is None for v in column] for column in cells.values()], axis=0)
    return (table["none"] == 1) if "none" in table else np.asarray(blank & ("chosen" in table), dtype=bool)


def _firsts(order: Ints, starts: Ints) -> Mask:
    made = np.zeros(len(order), dtype=bool)
    made[starts] = True
    return made


def _ordered(table: Frame, keep: Mask, cells: Cells, task_column: str | None) -> tuple[Ints, Ints]:
    """Rows in the order of person, task, alternative, attributes, whatever the order of the file; and the first of each task (without one: of each person)."""
    rows = np.flatnonzero(keep)
    tasks, labels = (table[c].tolist() if c is not None and c in table else [None] * len(table) for c in (task_column, "alternative"))
    people = table["respondent"].tolist()
    ranks = [_ranked([column[i] for i in rows.tolist()]) for column in (people, tasks, labels, *cells.values())]
    sort = np.lexsort(tuple(reversed(ranks)))
    person, task = ranks[0][sort], ranks[1][sort]
    starts = np.flatnonzero(np.append(True, (person[1:] != person[:-1]) | (task[1:] != task[:-1]))) if len(rows) else np.empty(0, dtype=np.int64)
    return rows[sort], starts


def _ranked(values: Sequence[str | None]) -> Ints:
    at = {name: i for i, name in enumerate(sorted(set(values), key=lambda v: (v is not None, scales.natural(v or ""))))}
    return np.array([at[v] for v in values], dtype=np.int64)


def _chosen(table: Frame, order: Ints, starts: Ints, owner: Ints, marks: str) -> Ints:
    """The row (within `order`) chosen in each task, −1 where none is."""
    if marks == "alternative":
        if "alternative" not in table:
            raise DataError("column_missing", Words("按名称认选中项，需要列“alternative”", 'to find the chosen one by its name, the column "alternative" is needed'),
                            where=Where(file=table.source or None))
        named, labels = table.texts("chosen").tolist(), table["alternative"].tolist()
        marked = np.array([labels[i] is not None and named[i] == labels[i] for i in order.tolist()], dtype=bool)
    else:
        marked = table.flags("chosen")[order] == 1
    made = np.full(len(starts), -1, dtype=np.int64)
    hits = np.flatnonzero(marked)
    again = np.flatnonzero(owner[hits[1:]] == owner[hits[:-1]])
    if again.size:
        row = min(int(table.rows[order[hits[k + 1]]]) for k in again.tolist())
        raise DataError("chosen_twice", Words("同一题里选了两个选项", "two alternatives of one task are marked as chosen"), where=Where(file=table.source or None, row=row),
                        todo=Words("一题只标一个选中项；题号在每人之内不能重复", "mark one alternative a task; task numbers may not repeat within a person"))
    made[owner[hits]] = hits
    return made


def _number(cell: str | None) -> float | None:
    try:
        value = float(cell) if cell is not None else None
    except ValueError:
        return None
    return value if value is not None and np.isfinite(value) else None


def _attribute(name: str, column: Sequence[str | None], wanted: Wanted) -> Attribute:
    present = [v for v in column if v is not None]
    numbers = [_number(v) for v in present]
    known = [v for v in numbers if v is not None]
    if present and len(known) == len(present) and name not in wanted.levels and wanted.numbers == "line":
        return Attribute(name, (), min(known), max(known), float(np.mean(np.sort(known))))
    levels = tuple(sorted(set(present), key=scales.natural))
    values = tuple(v for each in levels if (v := _number(each)) is not None)
    if len(values) == len(levels):
        levels = tuple(sorted(levels, key=lambda each: (float(each), each)))
    return Attribute(name, levels, values=tuple(sorted(values)) if len(values) == len(levels) else ())


def matrix(design: Design, cells: Cells, rows: Sequence[int], none: Mask) -> Array:
    """x of the given rows; a row of `none` has 0 everywhere and 1 in the last column."""
    x = np.zeros((len(rows), design.width))
    for attribute in design.attributes:
        column, place = cells[attribute.name], design.columns(attribute)
        if attribute.line:
            x[:, place.start] = [0.0 if none[k] else float(column[i] or 0.0) - attribute.centre for k, i in enumerate(rows)]
        else:
            at = {level: k for k, level in enumerate(attribute.levels)}
            coded = np.vstack([attribute.coded(), np.zeros(attribute.width)])
            x[:, place] = coded[[len(attribute.levels) if none[k] else at[str(column[i])] for k, i in enumerate(rows)]]
    if design.none:
        x[:, -1] = none
    return x


def _coded(table: Frame, cells: Cells, none: Mask, order: Ints, owner: Ints, chosen: Ints, left_out: dict[str, int], wanted: Wanted, rated: bool) -> Answers:
    rows = order.tolist()
    starts = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    real = [i for i in rows if not none[i]]
    found = [_attribute(name, [column[i] for i in real], wanted) for name, column in cells.items()]
    varies = {a.name: _varies([cells[a.name][i] for i in rows], none[order], starts) for a in found}
    kept = tuple(a for a in found if varies[a.name])
    unvarying = tuple(a.name for a in found if not varies[a.name])
    if not kept:
        what = say(zh="同一题里没有一项属性有变化（{a}），算不出效用", en="no attribute differs within a task ({a}): there is nothing to estimate", a=", ".join(unvarying))
        raise DataError("no_variation", what, where=Where(file=table.source or None))
    design = Design(kept, bool(none[order].any()))
    x = matrix(design, cells, rows, none[order])
    lost = aliased(x, np.zeros(1, dtype=np.int64) if rated else starts)
    if lost:
        columns = [a.name for a in design.attributes for _ in range(a.width)] + [say(zh="都不选", en="none").en] * design.none
        names = joined([say(zh="“{a}”", en="“{a}”", a=name) for name in sorted({columns[j] for j in lost})])
        what = say(zh="属性{a}与其他属性总是一同变化，效用分不开", en="the attribute {a} always changes together with others: their worths cannot be told apart", a=names)
        raise DataError("confounded", what, where=Where(file=table.source or None),
                        todo=Words("用参数attributes只留互不重复的属性", "name the attributes to keep, without doubles, in the parameter attributes"))
    people = [str(table["respondent"][i]) for i in rows]
    names_of = sorted(set(people), key=scales.natural)
    at = {name: k for k, name in enumerate(names_of)}
    label = [str(table["alternative"][i]) if "alternative" in table and table["alternative"][i] is not None else "" for i in rows]
    held = (table.flags("holdout")[order] == 1) if "holdout" in table else np.zeros(len(rows), dtype=bool)
    codes = tuple(a.name for a in kept if a.line and _like_codes([cells[a.name][i] for i in real]))
    return Answers(design, tuple(names_of), x, np.array([at[p] for p in people], dtype=np.int64), tuple(label), none[order], starts, chosen,
                   np.logical_or.reduceat(held, starts), table["rating"][order] if rated else None, left_out, unvarying, codes)


def _varies(column: Sequence[str | None], none: Mask, starts: Ints) -> bool:
    """Whether the attribute differs within some task (of ratings: within some person)."""
    ranks = _ranked(column)
    low, high = np.where(none, 10**9, ranks), np.where(none, -1, ranks)
    return bool(np.any(np.maximum.reduceat(high, starts) > np.minimum.reduceat(low, starts)))


def _like_codes(column: Sequence[str | None]) -> bool:
    """Whether numbers look like codes of levels: exactly 1, 2, 3 and perhaps 4, 5."""
    values = {_number(v) for v in column}
    return 3 <= len(values) <= 5 and values == {float(k) for k in range(1, len(values) + 1)}
