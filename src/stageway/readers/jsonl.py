"""JSON lines: one object a line; a file that is one list of objects is read too. Nested objects become columns `outer.inner`."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Frame, Where, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.columns import column_of
from stageway.readers.files import empty
from stageway.readers.text import encoding_of, pieces

DEEPEST = 32


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given` may name `encoding`."""
    options.only(given, ("encoding",))
    encoding = encoding_of(path, given.get("encoding"))
    columns: dict[str, list[Any]] = {}
    count = 0
    for line, record in _records(path, encoding):
        for name, value in _flat(record, path, line):
            cells = columns.setdefault(name, [])
            cells.extend([None] * (count - len(cells)))
            cells[count:] = [value]
        count += 1
    if not count:
        raise empty(path)
    for cells in columns.values():
        cells.extend([None] * (count - len(cells)))
    frame = Frame({name: column_of(columns[name]) for name in columns}, str(path))
    return Reading(frame, {"encoding": encoding, "records": count})


READER = Reader("jsonl", (".jsonl", ".ndjson", ".json"), Words("JSON 行", "JSON lines"), read)


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    rest, number = "", 0
    for piece in pieces(path, encoding):
        *whole, rest = (rest + piece).split("\n")
        for text in whole:
            number += 1
            yield number, text
    yield number + 1, rest


def _records(path: Path, encoding: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    begun = False
    for line, text in _lines(path, encoding):
        stripped = text.strip("\ufeff \t\r")
        if not stripped:
            continue
        if not begun and stripped.startswith("["):
            yield from _listed(path, encoding)
            return
        begun = True
        yield line, _object(_parsed(stripped, path, line), path, line)


def _listed(path: Path, encoding: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """A file that is one list; errors name the record, which has no line of its own."""
    text = io.StringIO()
    for piece in pieces(path, encoding):
        text.write(piece)
    for number, each in enumerate(_parsed(text.getvalue().strip("\ufeff \t\r\n"), path, 1), start=1):
        yield number, _object(each, path, None, row=number)


def _parsed(text: str, path: Path, line: int) -> Any:
    try:
        made = json.loads(text, parse_constant=lambda word: None)
        return _mended(made) if "\\u" in text else made
    except json.JSONDecodeError as error:
        what = say(zh="这一行不是合格的 JSON（{reason}）", en="this line is not valid JSON ({reason})", reason=error.msg)
        raise DataError("json_wrong", what, where=Where(file=str(path), line=line + error.lineno - 1, value=text[:60])) from None
    except (RecursionError, ValueError):
        what = say(zh="这一行的 JSON 嵌套太深，或有太长的数", en="the JSON of this line is nested too deeply, or holds too long a number")
        raise DataError("json_wrong", what, where=Where(file=str(path), line=line)) from None


def _object(value: Any, path: Path, line: int | None, row: int | None = None) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    what = say(zh="这条记录不是一个对象", en="this record is not an object")
    expected = say(zh='形如 {sample}', en="something like {sample}", sample='{"respondent": "p1", "score": 4}')
    raise DataError("record_wrong", what, where=Where(file=str(path), line=line, row=row), expected=expected)


def _flat(record: Mapping[str, Any], path: Path, line: int, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    if depth > DEEPEST:
        what = say(zh="对象嵌套超过{most}层", en="objects are nested more than {most} deep", most=DEEPEST)
        raise DataError("json_wrong", what, where=Where(file=str(path), line=line))
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from _flat(value, path, line, f"{prefix}{name}.", depth + 1)
        else:
            yield f"{prefix}{name}", value


def _mended(value: Any) -> Any:
    """Half of a surrogate pair is no character and could not be written out again."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_mended(each) for each in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(each) for name, each in value.items()}
    return value
