"""Parquet files, read with Arrow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Where, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.arrow import frame_of_table
from stageway.readers.files import empty, opened


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given` may name `columns`: those to be read, all without it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    options.only(given, ("columns",))
    with opened(path) as stream:
        if not stream.read(1):
            raise empty(path)
    try:
        table = pq.ParquetFile(path).read(columns=list(given["columns"]) if "columns" in given else None)
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        what = say(zh="文件不是能读的 Parquet 文件，或在传输中被截断", en="the file is not a Parquet file that can be read, or was cut off on its way")
        raise DataError("parquet_wrong", what, where=Where(file=str(path)), todo=say(zh="请重新导出这个文件", en="export the file again")) from None
    frame, facts = frame_of_table(table, str(path))
    return Reading(frame, facts)


READER = Reader("parquet", (".parquet", ".pq"), Words("Parquet 文件", "Parquet file"), read)
