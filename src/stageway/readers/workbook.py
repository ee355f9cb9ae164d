"""What a workbook would unpack to, before it is unpacked: its bytes, and the rectangle that the cells of each sheet span.

The spreadsheet library allocates that whole rectangle, so one stray cell in the last corner of a sheet would end the process.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from stageway.evidence import DataError, Where, say
from stageway.readers.files import empty, opened

CHUNK = 1 << 20
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def check(path: Path, *, max_bytes: int, max_cells: int) -> None:
    """Refuse an archive that unpacks to too much, a sheet that spans too many cells, and an archive that is no workbook. Other files pass."""
    with opened(path) as stream:
        if not stream.read(1):
            raise empty(path)
        if not zipfile.is_zipfile(stream):
            return
        try:
            with zipfile.ZipFile(stream) as archive:
                _check_archive(path, archive, max_bytes, max_cells)
        except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError, zlib.error, expat.ExpatError):
            raise broken(path) from None


def broken(path: Path) -> DataError:
    what = say(zh="文件不是能读的电子表格", en="the file is not a spreadsheet that can be read")
    todo = say(zh="请用电子表格软件打开并重新保存，或改存为 CSV", en="open it in a spreadsheet program and save it again, or save it as CSV")
    return DataError("xlsx_wrong", what, where=Where(file=str(path)), todo=todo)


def _check_archive(path: Path, archive: zipfile.ZipFile, max_bytes: int, max_cells: int) -> None:
    parts = archive.infolist()
    if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
        raise broken(path)
    size = sum(part.file_size for part in parts)
    if size > max_bytes:
        shown = {"size": f"{size:,}", "most": f"{max_bytes:,}"}
        what = say(zh="文件解开后有{size}字节，超过上限{most}", en="the file unpacks to {size} bytes, more than the limit of {most}", **shown)
        raise DataError("file_too_large", what, where=Where(file=str(path)), todo=say(zh="请改存为 CSV", en="save it as CSV"))
    for part in parts:
        with archive.open(part) as stream:
            span = _Span()
            span.read(stream)
        if span.cells > max_cells:
            what = say(
                zh="工作表从A1铺到{corner}，共{cells}格，超过上限{most}",
                en="a sheet spans A1 to {corner}, {cells} cells, more than the limit of {most}",
                corner=span.corner,
                cells=f"{span.cells:,}",
                most=f"{max_cells:,}",
            )
            todo = say(zh="请删去远处多余的单元格，或改存为 CSV", en="clear the stray cells far out, or save the sheet as CSV")
            raise DataError("sheet_too_large", what, where=Where(file=str(path)), todo=todo)


class _Span:
    """The last row and column of a sheet part that hold something; nothing for a part that is no sheet."""

    def __init__(self) -> None:
        self.row = self.column = self.rows = self.columns = 0

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    @property
    def corner(self) -> str:
        letters, rest = "", self.columns
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(65 + digit) + letters
        return f"{letters}{self.rows}"

    def read(self, stream: IO[bytes]) -> None:
        """Raises ExpatError where a part that holds sheet data is not well-formed; whatever else is not XML is passed over."""
        parser: Any = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EntityDeclHandler = _refuse_entity
        failed: Exception | None = None
        is_sheet, tail = False, b""
        while chunk := stream.read(CHUNK):
            is_sheet = is_sheet or b"sheetData" in tail + chunk
            tail = chunk[-16:]
            if failed is None:
                try:
                    parser.Parse(chunk, False)
                except expat.ExpatError as error:
                    failed = error
            if failed is not None and is_sheet:
                raise failed

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            place = PLACE.fullmatch(attributes.get("r", ""))
            self.column += 1
            if place is not None:
                self.column, self.row = _column_number(place.group(1)), int(place.group(2))
        elif name == "row":
            told = attributes.get("r", "")
            self.row, self.column = int(told) if told.isdecimal() and len(told) < 9 else self.row + 1, 0
        elif name in ("v", "is"):
            self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _refuse_entity(*told: object) -> None:
    raise ValueError("a workbook declares no entities")
