"""Arrow arrays as columns of a frame, without pandas: numbers as numpy arrays, repeated texts as one object each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from stageway.evidence import DataError, Frame, Where, say
from stageway.evidence.frame import Column
from stageway.readers.columns import EXACT, column_of, unique_names


def frame_of_table(table: Any, source: str = "") -> tuple[Frame, dict[str, Any]]:
    """A pyarrow Table as a frame; its columns are let go one by one. DataError for a column that Python cannot hold."""
    import pyarrow as pa

    kept = [i for i, name in enumerate(table.column_names) if not name.startswith("__index_level_")]
    names, facts = unique_names([table.column_names[i] for i in kept])
    made: dict[str, Column] = {}
    for name, i in zip(names, kept, strict=True):
        try:
            made[name] = column_of_array(table.column(i))
        except (pa.ArrowException, ValueError, OverflowError, UnicodeDecodeError) as error:
            what = say(zh="这一列读不出来（{error}）", en="this column cannot be read ({error})", error=str(error)[:120])
            raise DataError("column_unreadable", what, where=Where(file=source or None, column=name)) from None
    return Frame(made, source), facts


def column_of_array(array: Any) -> Column:
    """A ChunkedArray as a column: float64, int64, or objects with None for null."""
    import pyarrow as pa
    import pyarrow.types as types

    kind = array.type
    if types.is_dictionary(kind):
        array = array.cast(kind.value_type)
        kind = array.type
    if types.is_string(kind) or types.is_large_string(kind):
        return text_column(array)
    if types.is_integer(kind) and array.null_count == 0 and _exact(array):
        return np.asarray(array.to_numpy()).astype(np.int64)
    if (types.is_floating(kind) or (types.is_integer(kind) and _exact(array))) and array.null_count < len(array):
        numbers = np.asarray(array.cast(pa.float64()).to_numpy())
        return numbers if np.isfinite(numbers[~np.isnan(numbers)]).all() else column_of(numbers.tolist())
    if types.is_timestamp(kind):
        array = array.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    if types.is_duration(kind):
        array = array.cast(pa.duration("us"), safe=False)
    if types.is_time64(kind):
        array = array.cast(pa.time64("us"), safe=False)
    return column_of(array.to_pylist())


def _exact(array: Any) -> bool:
    import pyarrow.compute as pc

    ends = pc.min_max(array).as_py()
    return ends["min"] is None or (abs(ends["min"]) <= EXACT and abs(ends["max"]) <= EXACT)


def text_column(array: Any, change: Callable[[Any], Any] = lambda text: text) -> Column:
    """Texts as objects, blank ones as None, `change` applied once per distinct text; equal texts of a chunk share one object."""
    out = np.empty(len(array), dtype=object)
    at = 0
    for chunk in array.chunks:
        coded = chunk.dictionary_encode()
        words = np.empty(len(coded.dictionary) + 1, dtype=object)
        words[:-1] = [change(text) if text.strip() else None for text in coded.dictionary.to_pylist()]
        codes = coded.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)
        out[at : at + len(chunk)] = words[codes]
        at += len(chunk)
    return out
