"""Excel workbooks: one sheet, its first filled row as the header."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Frame, Where, Words, did_you_mean, say
from stageway.readers import Reader, Reading, options
from stageway.readers.columns import column_of, unique_names
from stageway.readers.files import empty
from stageway.readers.workbook import broken, check

GREATEST_SIZE = 1 << 29
MOST_CELLS = 20_000_000


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given` may name `sheet` (its name, or its number from 1), `max_bytes` (of the unpacked file) and `max_cells` (that a sheet spans)."""
    options.only(given, ("sheet", "max_bytes", "max_cells"))
    check(path, max_bytes=options.whole(given, "max_bytes", GREATEST_SIZE), max_cells=options.whole(given, "max_cells", MOST_CELLS))
    sheet, rows = rows_of_sheet(path, given.get("sheet"))
    while rows and all(cell == "" for cell in rows[0]):
        rows.pop(0)
    if not rows:
        raise empty(path)
    names, facts = unique_names(rows[0])
    body = [row for row in rows[1:] if any(cell != "" for cell in row)]
    frame = Frame({name: column_of([row[i] for row in body]) for i, name in enumerate(names)}, str(path))
    return Reading(frame, {"sheet": sheet, **facts})


READER = Reader("xlsx", (".xlsx", ".xlsm", ".xls"), Words("电子表格", "spreadsheet"), read)


def rows_of_sheet(path: Path, wanted: Any) -> tuple[str, list[list[Any]]]:
    """(its name, its rows) of the sheet that is wanted by name or number, else the first. Raises DataError."""
    import python_calamine

    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            name = _sheet(path, wanted, book.sheet_names)
            return name, book.get_sheet_by_name(name).to_python(skip_empty_area=True)
    except python_calamine.PasswordError:
        what = say(zh="文件有密码", en="the file is protected by a password")
        raise DataError("file_locked", what, where=Where(file=str(path)), todo=say(zh="请另存一份不带密码的", en="save a copy without the password")) from None
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError):
        raise broken(path) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a fault inside the Rust library looks like from here
            raise
        raise broken(path) from None


def _sheet(path: Path, wanted: Any, names: list[str]) -> str:
    if not names:
        raise empty(path)
    if wanted is None:
        return names[0]
    if isinstance(wanted, str) and wanted in names:
        return wanted
    if isinstance(wanted, int) and not isinstance(wanted, bool) and 1 <= wanted <= len(names):
        return names[wanted - 1]
    what = say(zh="没有工作表“{sheet}”", en='there is no sheet "{sheet}"', sheet=wanted)
    raise DataError("sheet_unknown", what, where=Where(file=str(path)), todo=did_you_mean(str(wanted), names))
