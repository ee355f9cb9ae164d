"""The rows of a survey export, a text table or a workbook: every cell as the text that it shows, and the first rows alone to tell formats apart."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, StagewayError, Where, is_missing, say
from stageway.readers import options, xlsx
from stageway.readers.csv_rows import text_of
from stageway.readers.files import empty, opened
from stageway.readers.lines import MAX_BYTES
from stageway.readers.text import encoding_of, marked
from stageway.readers.workbook import check

DELIMITERS = (",", ";", "\t")
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls")
OPTIONS = ("encoding", "delimiter", "sheet", "max_bytes")
BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
HEAD_BYTES = 1 << 16
HEAD_ROWS = 8
#: A workbook cannot be read in part: a larger one is opened only where its reader is named.
HEAD_BOOK = 16 << 20


@dataclass(frozen=True)
class Rows:
    """`header` rows and `body` rows of one width; `numbers` count the records in the file, from 1 after the header."""

    header: list[list[str]]
    body: list[list[str]]
    numbers: list[int]
    facts: Mapping[str, Any]

    def column(self, i: int) -> list[str]:
        return [row[i] for row in self.body]

    def keep(self, mask: list[bool]) -> Rows:
        kept = [i for i, stays in enumerate(mask) if stays]
        return Rows(self.header, [self.body[i] for i in kept], [self.numbers[i] for i in kept], self.facts)


def rows_of(path: Path, given: Mapping[str, Any], headers: int = 1) -> Rows:
    """All rows. Raises DataError for a file without data, and for a row that has more or fewer cells than the header."""
    most = options.whole(given, "max_bytes", MAX_BYTES)
    facts: dict[str, Any]
    if _is_book(path):
        check(path, max_bytes=most, max_cells=xlsx.MOST_CELLS)
        sheet, cells = xlsx.rows_of_sheet(path, given.get("sheet"))
        facts, found = {"sheet": sheet}, [[_shown(cell) for cell in row] for row in cells]
    else:
        encoding = encoding_of(path, given.get("encoding"))
        text = text_of(path, most, encoding)
        delimiter = _delimiter(text[:HEAD_BYTES], given.get("delimiter"))
        facts, found = {"encoding": encoding, "delimiter": delimiter}, list(_split(text, path, delimiter))
    while found and not any(found[0]):
        found.pop(0)
    if len(found) < headers:
        raise empty(path)
    header = found[:headers]
    width = max(len(row) for row in header)
    header = [[*row, *[""] * (width - len(row))] for row in header]
    body = [(number, _of_width(row, width, path, number, last=number == len(found) - headers))
            for number, row in enumerate(found[headers:], start=1) if any(cell.strip() for cell in row)]
    return Rows(header, [row for _, row in body], [number for number, _ in body], facts)


def _of_width(row: list[str], width: int, path: Path, number: int, *, last: bool) -> list[str]:
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    if len(row) == width:
        return row
    what = say(zh="这一行有{actual}格，表头有{expected}格", en="this row has {actual} cells, the header has {expected}", actual=len(row), expected=width)
    todo = (say(zh="文件可能没有下载完整，请重新导出", en="the file may have been cut off: export it again") if last
            else say(zh="请检查该行的分隔符和引号，或重新导出", en="check the delimiters and quotes of that row, or export again"))
    raise DataError("row_ragged", what, where=Where(file=str(path), row=number, value=" | ".join(row)[:60]), todo=todo)


def _split(text: str, path: Path, delimiter: str) -> Iterator[list[str]]:
    """Rows that have cells. A quote that is never closed is an error: what follows it would be one long cell."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            cut = "unexpected end" in str(error)
            what = (say(zh="文件在引号里断了，没有写完", en="the file breaks off inside a quoted cell") if cut
                    else say(zh="表格读不下去（{reason}）", en="the table cannot be read on ({reason})", reason=str(error)))
            todo = say(zh="请重新导出这个文件", en="export the file again")
            raise DataError("table_cut" if cut else "table_wrong", what, where=Where(file=str(path), line=rows.line_num), todo=todo) from None
        if row:
            yield row


def _is_book(path: Path) -> bool:
    with opened(path) as stream:
        return stream.read(4) in BOOKS


def _delimiter(sample: str, named: Any = None) -> str:
    if named is not None:
        if named not in DELIMITERS:
            raise options.wrong("delimiter", named, "逗号、分号或制表符", "a comma, a semicolon or a tab")
        return str(named)
    return max(DELIMITERS, key=lambda each: len(_first(sample, each)))


def _first(sample: str, delimiter: str) -> list[str]:
    try:
        return next((row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row), [])
    except csv.Error:
        return []


def _shown(cell: Any) -> str:
    if is_missing(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


# ── the head alone ────────────────────────────────────────────────────────────────────────────────────────────────────


def head(path: Path) -> tuple[tuple[str, ...], ...]:
    """The first rows, at most eight, from a bounded part of the file; none where they cannot be told. Raises OSError only."""
    told = path.stat()
    return _head(str(path), told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=16)
def _head(name: str, changed: int, size: int) -> tuple[tuple[str, ...], ...]:
    path = Path(name)
    with path.open("rb") as stream:
        raw = stream.read(HEAD_BYTES)
    try:
        if raw[:4] in BOOKS:
            return _head_of_book(path) if size <= HEAD_BOOK else ()
        return _head_of_text(raw, whole=size <= len(raw))
    except (StagewayError, csv.Error):
        return ()


def _head_of_book(path: Path) -> tuple[tuple[str, ...], ...]:
    check(path, max_bytes=HEAD_BOOK * 8, max_cells=xlsx.MOST_CELLS)
    cells = xlsx.rows_of_sheet(path, None)[1]
    return tuple(tuple(map(_shown, row)) for row in [row for row in cells[: 4 * HEAD_ROWS] if any(cell != "" for cell in row)][:HEAD_ROWS])


def _head_of_text(raw: bytes, *, whole: bool) -> tuple[tuple[str, ...], ...]:
    text = _decoded(raw).removeprefix("\ufeff")
    if "\0" in text or not text.strip():
        return ()
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    found = [tuple(row) for row, _ in zip((row for row in rows if row), range(HEAD_ROWS + 1), strict=False)]
    return tuple(found[:HEAD_ROWS] if whole or len(found) > HEAD_ROWS else found[:-1] or found)


def _decoded(raw: bytes) -> str:
    mark = marked(raw[:4096])
    for encoding in (mark,) if mark else ("utf-8", "gb18030"):
        try:
            return codecs.getincrementaldecoder(encoding)().decode(raw)
        except UnicodeError:
            continue
    return raw.decode("cp1252", "replace")
