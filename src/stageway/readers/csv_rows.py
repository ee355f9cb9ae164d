"""The rows of a CSV file that a tool wrote, with quoted line ends, one dictionary a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from stageway.evidence import DataError, Where, say
from stageway.readers.files import empty
from stageway.readers.lines import sized
from stageway.readers.text import encoding_of, pieces


def text_of(path: Path, most: int, encoding: str | None = None) -> str:
    """The whole text; DataError for an empty file and for one above `most` bytes."""
    sized(path, most)
    whole = io.StringIO(newline="")
    for piece in pieces(path, encoding or encoding_of(path)):
        whole.write(piece)
    text = whole.getvalue().removeprefix("\ufeff")
    if not text.strip():
        raise empty(path)
    return text


def rows_of(text: str, path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row that is not blank."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            what = say(zh="表格读不下去（{reason}）", en="the table cannot be read on ({reason})", reason=str(error))
            raise DataError("table_wrong", what, where=Where(file=str(path), line=rows.line_num)) from None
        if any(cell.strip() for cell in row):
            yield rows.line_num, row
