"""The lines of a text file, numbered, in memory for one piece; and the limit on its size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stageway.evidence import DataError, Where, say
from stageway.readers.files import opened
from stageway.readers.text import pieces

MAX_BYTES = 256 << 20


def sized(path: Path, most: int) -> int:
    """The size of a file in bytes; DataError (`file_too_large`) above `most`."""
    with opened(path) as stream:
        size = stream.seek(0, 2)
    if size > most:
        what = say(zh="文件有{size}字节，超过上限{most}", en="the file has {size} bytes, more than the limit of {most}", size=f"{size:,}", most=f"{most:,}")
        todo = say(zh="若文件可信，用选项 max_bytes 放宽", en="if the file can be trusted, raise the option max_bytes")
        raise DataError("file_too_large", what, where=Where(file=str(path)), todo=todo)
    return size


def lines_of(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    """(number, text) of each line, from 1, without its line end."""
    rest, number = "", 0
    for piece in pieces(path, encoding):
        *whole, rest = (rest + piece).split("\n")
        for text in whole:
            number += 1
            yield number, text.removesuffix("\r")
    if rest:
        yield number + 1, rest.removesuffix("\r")
