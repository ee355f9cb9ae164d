"""Any table that a caller holds, as a frame: a path, a pandas, Polars or Arrow table, records, or columns by name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from stageway import readers
from stageway.evidence import DataError, Frame, Where, say
from stageway.readers.arrow import frame_of_table
from stageway.readers.choose import chosen
from stageway.readers.columns import column_of


def frame_of(data: Any, source: str = "") -> Frame:
    """A frame of whatever holds a table. Neither pandas nor Polars is imported: a table says itself what it is.

    Raises DataError for something that is no table, for columns of different lengths, and for a file that cannot be read.
    """
    if isinstance(data, Frame):
        return data
    if isinstance(data, str | Path):
        return _of_path(Path(data))
    if isinstance(data, Mapping):
        return _of_columns(data, source)
    if hasattr(data, "__arrow_c_stream__") or type(data).__module__.startswith("pyarrow"):
        made = _of_arrow(data, source)
        if made is not None:
            return made
    if hasattr(data, "to_dict") and hasattr(data, "columns"):
        return _of_columns(data.to_dict("list"), source)
    if isinstance(data, Iterable):
        return _of_records(list(data), source)
    raise _no_table(data)


def _of_path(path: Path) -> Frame:
    modules = [importlib.import_module(f"{readers.__name__}.{found.name}") for found in pkgutil.iter_modules(readers.__path__)]
    known = {module.READER.id: module.READER for module in modules if hasattr(module, "READER")}
    return chosen(path, known)[0].read(path, {}).frame


def _of_arrow(data: Any, source: str) -> Frame | None:
    """None where Arrow cannot hold the table (a pandas column of texts and numbers mixed)."""
    import pyarrow as pa

    try:
        table = data if isinstance(data, pa.Table) else pa.table(data)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return None
    return frame_of_table(table, source)[0]


def _of_columns(data: Mapping[Any, Any], source: str) -> Frame:
    made: dict[str, Sequence[Any]] = {}
    for name, values in data.items():
        if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
            what = say(zh="“{name}”不是一列值", en='"{name}" is not a column of values', name=name)
            raise DataError("column_unreadable", what, where=Where(file=source or None, column=str(name)))
        made[str(name)] = list(values)
    lengths = {name: len(values) for name, values in made.items()}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"{name}: {count}" for name, count in list(lengths.items())[:8])
        raise DataError("columns_uneven", say(zh="各列长短不一（{listed}）", en="the columns are of different lengths ({listed})", listed=listed))
    return Frame({name: column_of(values) for name, values in made.items()}, source)


def _of_records(records: list[Any], source: str) -> Frame:
    for row, record in enumerate(records, start=1):
        if not isinstance(record, Mapping):
            what = say(zh="这条记录不是“列名: 值”", en="this record is not a mapping of column names to values")
            raise DataError("record_wrong", what, where=Where(file=source or None, row=row, value=str(record)[:60]))
    names = list(dict.fromkeys(str(name) for record in records for name in record))
    texts = [{str(name): value for name, value in record.items()} for record in records]
    return Frame({name: column_of([record.get(name) for record in texts]) for name in names}, source)


def _no_table(data: Any) -> DataError:
    what = say(zh="“{kind}”不是表", en='"{kind}" is not a table', kind=type(data).__name__)
    expected = say(
        zh="文件路径、pandas、Polars 或 Arrow 表、记录的列表，或按列名给出的各列",
        en="a path, a pandas, Polars or Arrow table, a list of records, or columns by name",
    )
    return DataError("table_unknown", what, expected=expected)
