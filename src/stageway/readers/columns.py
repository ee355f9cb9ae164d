"""From cells of any source to the columns of a frame: numbers as numpy arrays, everything else as objects, missing cells as None."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from stageway.evidence import is_missing
from stageway.evidence.frame import Column

#: Whole numbers beyond this lose digits as floats: such a column is one of ids, and stays as it is.
EXACT = 2**53


def column_of(values: Sequence[Any]) -> Column:
    """One column from Python values: int64 or float64 (missing as NaN) where every cell is a number, else objects with None."""
    cells = [_plain(value) for value in values]
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds and kinds <= {int, float} and all(abs(cell) <= EXACT for cell in cells if type(cell) is int):
        if kinds == {int} and None not in cells:
            return np.array(cells, dtype=np.int64)
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    made = np.empty(len(cells), dtype=object)
    for i, cell in enumerate(cells):
        made[i] = cell
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item()
    if isinstance(value, np.generic):
        value = value.item()
    if type(value).__name__ in ("NaTType", "NAType"):  # what pandas calls missing
        return None
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else None
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return None if is_missing(value) else value


def unique_names(header: Sequence[Any]) -> tuple[list[str], dict[str, Any]]:
    """Header cells as names: stripped, an empty one as `column_3`, a repeated one with `_2`; what was changed stands in the facts."""
    wanted = [" ".join(str(cell).lstrip("\ufeff").split()) if not is_missing(cell) else "" for cell in header]
    taken = {name for name in wanted if name}
    names: list[str] = []
    repeated: list[str] = []
    unnamed: list[str] = []
    for i, name in enumerate(wanted, start=1):
        if not name:
            made = _free(f"column_{i}", taken | set(names))
            unnamed.append(made)
        elif name in names:
            made = _free(f"{name}_2", taken | set(names))
            repeated.append(made)
        else:
            made = name
        names.append(made)
    facts: dict[str, Any] = {}
    if repeated:
        facts["repeated_names"] = repeated
    if unnamed:
        facts["unnamed_columns"] = unnamed
    return names, facts


def _free(name: str, taken: set[str]) -> str:
    stem, _, number = name.rpartition("_")
    count = int(number)
    while f"{stem}_{count}" in taken:
        count += 1
    return f"{stem}_{count}"
