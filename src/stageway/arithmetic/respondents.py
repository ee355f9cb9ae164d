"""One person, one answer: rows of the same person and the same thing asked are counted once, and refused where they differ."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import scales
from stageway.evidence import DataError, Frame, Where, Words, say


def once(frame: Frame, counted: NDArray[np.bool_], keys: Sequence[tuple[str | None, ...]], answers: Sequence[Hashable]) -> NDArray[np.bool_]:
    """`counted` without the rows that repeat an earlier one. A key is (person, thing asked …); rows without a person are all kept.

    Raises DataError for two different answers to one key, and names the row of the second in the order of the file.
    """
    keep = counted.copy()
    seen: dict[tuple[str | None, ...], Hashable] = {}
    for i in np.flatnonzero(counted).tolist():
        if keys[i][0] is None:
            continue
        keep[i] = keys[i] not in seen
        if seen.setdefault(keys[i], answers[i]) != answers[i]:
            key = " · ".join(part for part in keys[i] if part is not None)
            what = say(zh="同一受访者有两条不同的回答：“{key}”", en="one respondent has two different answers: “{key}”", key=key)
            where = Where(file=frame.source or None, row=int(frame.rows[i]))
            raise DataError("answered_twice", what, where=where, todo=Words("请只保留其中一条", "keep one of the two"))
    return keep


def names_of(frame: Frame, column: str) -> list[str]:
    """The different values of a column of texts, F9 before F10; missing cells do not count."""
    return sorted({name for name in frame[column].tolist() if name is not None}, key=scales.natural)


def places(frame: Frame, column: str, names: Sequence[str]) -> NDArray[np.int64]:
    """Position of each row's value among `names`; −1 where the cell is missing."""
    at: dict[str | None, int] = {name: i for i, name in enumerate(names)} | {None: -1}
    return np.array([at[name] for name in frame[column].tolist()], dtype=np.int64)
