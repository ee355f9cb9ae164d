"""Who tried what: the rows of a test, each person once a task, and its yes-or-no columns and times checked cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import respondents, scales
from stageway.evidence import DataError, Frame, Where, Words

Array = NDArray[np.float64]
TIME = Words("大于0的秒数", "seconds above 0")


@dataclass(frozen=True)
class Kept:
    """The usable rows in a fixed order, what was left out, and how many people they come from (rows without a person count one each)."""

    table: Frame
    tasks: tuple[str, ...]
    incomplete: int
    repeated: int
    people: int


def kept(frame: Frame, values: tuple[str, ...], nothing: Words, task: str = "task") -> Kept:
    """Rows that have a task and the first of `values`; the same row of a person twice counts once.

    Raises DataError `answered_twice` for two different rows of one person on one task, `no_answers` (`nothing` in words) where none is left.
    """
    whole = ~(frame.missing(task) | frame.missing(values[0]))
    rows = [tuple(map(str, row)) for row in zip(*(frame[name].tolist() for name in values if name in frame), strict=True)]
    people, tasks = frame["respondent"].tolist(), frame[task].tolist()
    keep = np.flatnonzero(respondents.once(frame, whole, list(zip(people, tasks, strict=True)), rows)).tolist()
    if not keep:
        raise DataError("no_answers", nothing, where=Where(file=frame.source or None))
    keep.sort(key=lambda i: (scales.natural(tasks[i]), str(people[i] or ""), rows[i]))
    table = frame.take(np.array(keep))
    persons = len(respondents.names_of(table, "respondent")) + int(table.missing("respondent").sum())
    return Kept(table, tuple(respondents.names_of(table, task)), int((~whole).sum()), int(whole.sum()) - len(keep), persons)


def seconds(table: Frame, needed: NDArray[np.bool_], column: str = "time_s") -> Array:
    """The times, NaN where missing or not `needed`; DataError with row and value where a needed one is not above 0."""
    if column not in table:
        return np.full(len(table), np.nan)
    times: Array = table[column].astype(np.float64)
    wrong = np.flatnonzero(needed & (times <= 0))
    if wrong.size:
        raise table.wrong(column, int(wrong[0]), TIME)
    return np.where(needed, times, np.nan)


def counts(table: Frame, column: str) -> Array:
    """Whole numbers, NaN where missing or where there is no such column; DataError with row and value for a broken one."""
    if column not in table:
        return np.full(len(table), np.nan)
    numbers: Array = table[column].astype(np.float64)
    wrong = np.flatnonzero(numbers % 1 > 0)
    if wrong.size:
        raise table.wrong(column, int(wrong[0]), Words("0、1、2等整数", "a whole number"))
    return numbers
