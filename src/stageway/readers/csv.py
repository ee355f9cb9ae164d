"""CSV and its kin: encoding, delimiter and decimal comma are found; a column is numeric only if the whole of it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from stageway.evidence import DataError, Frame, Where, Words, say
from stageway.evidence.frame import Column
from stageway.readers import Reader, Reading, options
from stageway.readers.arrow import text_column
from stageway.readers.columns import EXACT, unique_names
from stageway.readers.files import empty
from stageway.readers.text import encoding_of, pieces

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 1 << 16
BLOCK = 1 << 22
LONGEST_ROW = 1 << 27

#: A number without leading zeros: `007` is an id, and so is a whole number of more than 15 digits.
POINT = r"^[+-]?((0|[1-9]\d{0,14})|(0|[1-9]\d*)\.\d*|\.\d+|(0|[1-9]\d*)(\.\d*)?[eE][+-]?\d{1,3})$"
COMMA = r"^[+-]?((0|[1-9]\d{0,14})|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?$"
NO_VALUE = ["", "NA", "N/A", "n/a", "na", "NaN", "nan", "NULL", "null", "#N/A"]


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given` may name `encoding`, `delimiter`, `decimal` ("." or ",") and `missing` (further texts that stand for a missing cell)."""
    options.only(given, ("encoding", "delimiter", "decimal", "missing"))
    encoding = encoding_of(path, given.get("encoding"))
    sample = _sample(path, encoding)
    if not sample.strip():
        raise empty(path)
    delimiter = _delimiter(sample, path, given.get("delimiter"))
    header = next(row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row)
    table = _table(path, encoding, delimiter, len(header))
    names, facts = unique_names(table.slice(0, 1).to_pylist()[0].values())
    facts = {"encoding": encoding, "delimiter": delimiter, **facts}
    columns = [table.column(i).slice(1) for i in range(table.num_columns)]
    del table
    decimal = _decimal(columns, delimiter, given.get("decimal"))
    if decimal == ",":
        facts["decimal"] = ","
    blank = frozenset(map(str, given.get("missing") or ()))
    made: dict[str, Column] = {}
    for name in names:
        made[name] = _column(columns.pop(0), decimal, blank)
    return Reading(Frame(_without_empty_tail(made, facts), str(path)), facts)


READER = Reader("csv", (".csv", ".tsv", ".txt"), Words("CSV 文本表格", "CSV text table"), read)


def _sample(path: Path, encoding: str) -> str:
    """The beginning of the file, cut at a line's end where there is more."""
    text = ""
    for piece in pieces(path, encoding):
        text += piece
        if len(text) > SAMPLE:
            end = text.rfind("\n", 0, SAMPLE)
            return text[: end + 1] if end >= 0 else text[:SAMPLE]
    return text


def _delimiter(sample: str, path: Path, named: str | None) -> str:
    if named is not None:
        if not isinstance(named, str) or len(named) != 1 or named in '"\r\n' or ord(named) > 127:
            raise options.wrong("delimiter", named, "一个 ASCII 字符", "one ASCII character")
        return named
    scored = [(_agreement(sample, each), each) for each in DELIMITERS]
    best = max(scored, key=lambda pair: pair[0])
    return best[1] if best[0][1] > 1 else ("\t" if path.suffix.lower() == ".tsv" else ",")


def _agreement(sample: str, delimiter: str) -> tuple[float, int]:
    """The share of the rows that have as many cells as the header, and that number; a header of one cell agrees with nothing."""
    try:
        counts = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        return 0.0, 0
    if not counts or counts[0] < 2:
        return 0.0, 0
    return counts.count(counts[0]) / len(counts), counts[0]


def _table(path: Path, encoding: str, delimiter: str, width: int) -> Any:
    """All rows as texts, the header as the first of them. A row of another width is a DataError that names it."""
    import pyarrow as pa
    import pyarrow.csv as arrow

    ragged: list[Any] = []

    def odd(row: Any) -> str:
        ragged.append(row)
        return "error"

    parse = arrow.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=odd)
    codec = "utf8" if encoding in ("utf-8", "utf-8-sig") else encoding
    block = BLOCK
    while True:
        types = {f"f{i}": pa.string() for i in range(width)}
        convert = arrow.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True)
        how = arrow.ReadOptions(autogenerate_column_names=True, use_threads=False, encoding=codec, block_size=block)
        try:
            with path.open("rb") as stream:
                table = arrow.read_csv(stream, read_options=how, parse_options=parse, convert_options=convert)
        except (pa.ArrowException, UnicodeError, ValueError) as error:
            if ragged:
                raise _ragged(path, ragged[0]) from None
            if "straddl" in str(error) and block < LONGEST_ROW:
                block *= 8
                continue
            raise _broken(path, str(error)) from None
        if table.num_columns == width:
            return table
        width = table.num_columns


def _ragged(path: Path, row: Any) -> DataError:
    actual, expected = row.actual_columns, row.expected_columns
    what = say(zh="这一行有{actual}格，表头有{expected}格", en="this row has {actual} cells, the header has {expected}", actual=actual, expected=expected)
    todo = say(zh="请检查该行的分隔符和引号", en="check the delimiters and quotes of that row")
    text = str(row.text)
    return DataError("row_ragged", what, where=Where(file=str(path), row=(row.number or 1) - 1, value=text[:60] + ("…" if len(text) > 60 else "")), todo=todo)


def _broken(path: Path, error: str) -> DataError:
    what = say(zh="文件不是合格的 CSV（{error}）", en="the file is not valid CSV ({error})", error=error[:160])
    return DataError("csv_wrong", what, where=Where(file=str(path)), todo=say(zh="请检查引号是否成对", en="check that every quote is closed"))


def _decimal(columns: list[Any], delimiter: str, named: Any) -> str:
    """A comma only where the delimiter is none, and only if a whole column is written so."""
    if named is not None:
        if named not in (".", ","):
            raise options.wrong("decimal", named, "“.”或“,”", '"." or ","')
        return str(named)
    if delimiter != ";":
        return "."
    import pyarrow.compute as pc

    return "," if any(_all_match(c, COMMA) and pc.any(pc.match_substring(c, ",")).as_py() for c in columns) else "."


def _all_match(array: Any, pattern: str) -> bool:
    import pyarrow.compute as pc

    known = array.filter(pc.invert(pc.is_in(pc.utf8_trim_whitespace(array), value_set=_texts(NO_VALUE), skip_nulls=False))) if len(array) else array
    known = known.drop_null()
    if len(known) == 0:
        return False
    # The first cells first: most columns of texts are told by them.
    return all(pc.all(pc.match_substring_regex(pc.utf8_trim_whitespace(part), pattern)).as_py() for part in (known.slice(0, 64), known))


def _texts(values: list[str]) -> Any:
    import pyarrow as pa

    return pa.array(values, pa.string())


def _column(array: Any, decimal: str, blank: frozenset[str]) -> Column:
    if blank:
        import pyarrow.compute as pc

        array = pc.replace_with_mask(array.combine_chunks(), pc.is_in(array.combine_chunks(), value_set=_texts(sorted(blank))), _texts([""])[0])
        array = _chunked(array)
    for mark, pattern in ((decimal, COMMA if decimal == "," else POINT), (".", POINT)):
        if _all_match(array, pattern):
            numbers = _numbers(array, mark)
            if numbers is not None:
                return numbers
    return text_column(array)


def _chunked(array: Any) -> Any:
    import pyarrow as pa

    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _numbers(array: Any, decimal: str) -> Column | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.utf8_trim_whitespace(array)
    texts = pc.if_else(pc.is_in(texts, value_set=_texts(NO_VALUE)), pa.scalar(None, pa.string()), texts)
    texts = pc.replace_substring_regex(texts, r"^\+", "")
    if decimal == ",":
        texts = pc.replace_substring(pc.replace_substring(texts, ".", ""), ",", ".")
    try:
        if texts.null_count == 0 and pc.all(pc.match_substring_regex(texts, r"^-?\d+$")).as_py():
            whole = np.asarray(texts.cast(pa.int64()).to_numpy())
            return whole if (np.abs(whole) <= EXACT).all() else None
        made = np.asarray(texts.cast(pa.float64()).to_numpy())
    except pa.ArrowInvalid:
        return None
    return made if np.isfinite(made[~np.isnan(made)]).all() else None


def _without_empty_tail(made: dict[str, Column], facts: dict[str, Any]) -> dict[str, Column]:
    """A delimiter at the end of each line makes a last column without name and cells: it is none."""
    unnamed = facts.get("unnamed_columns", [])
    last = next(reversed(made))
    if unnamed and last == unnamed[-1] and len(made) > 1 and all(cell is None for cell in made[last].tolist()):
        made = {name: values for name, values in made.items() if name != last}
        facts["unnamed_columns"] = unnamed[:-1]
    return made
