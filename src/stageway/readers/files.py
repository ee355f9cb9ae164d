"""Which files a path stands for: one file, a folder, or a pattern such as `reports/*.xml`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from stageway.evidence import DataError, Where, Words, did_you_mean, say

WILD = frozenset("*?[")


def is_pattern(path: Path) -> bool:
    """Whether the path names many files by wildcards (a file whose own name holds one of them is a file)."""
    return bool(WILD & set(str(path))) and not _exists(path)


def files_of(path: Path, pattern: str = "*") -> list[Path]:
    """The files in a stable order. In a folder those that match `pattern`; DataError where there is none."""
    if not path.is_dir() and not is_pattern(path):
        if not _exists(path):
            raise missing(path)
        return [path]
    start, wanted = (path, pattern) if path.is_dir() else _split(path)
    try:
        found = sorted(each for each in start.glob(wanted) if each.is_file() and not each.name.startswith("."))
    except (ValueError, NotImplementedError, OSError):
        found = []
    if not found:
        what = say(zh="没有与“{pattern}”相符的文件", en='no file matches "{pattern}"', pattern=wanted)
        raise DataError("files_none", what, where=Where(file=str(path)), todo=_near(start, wanted))
    return found


def missing(path: Path) -> DataError:
    """The error for a file that is not there, with the files beside it that look like it."""
    return DataError("file_missing", say(zh="文件不存在", en="the file does not exist"), where=Where(file=str(path)), todo=_near(path.parent, path.name))


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file for reading; a folder, or a file that may not be read, is a DataError."""
    if path.is_dir():
        what = say(zh="这是一个文件夹，不是文件", en="this is a folder, not a file")
        raise DataError("file_is_folder", what, where=Where(file=str(path)), todo=say(zh="请写明其中的哪个文件", en="name the file in it"))
    try:
        stream = path.open("rb")
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise missing(path) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        what = say(zh="文件打不开（{reason}）", en="the file cannot be opened ({reason})", reason=reason)
        raise DataError("file_unreadable", what, where=Where(file=str(path))) from None
    with stream:
        yield stream


def empty(path: Path) -> DataError:
    what = say(zh="文件是空的", en="the file is empty")
    return DataError("file_empty", what, where=Where(file=str(path)), todo=say(zh="请重新导出这个文件", en="export the file again"))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _split(path: Path) -> tuple[Path, str]:
    """The part before the first wildcard, and the pattern behind it."""
    parts = path.parts
    first = next(i for i, part in enumerate(parts) if WILD & set(part))
    return Path(*parts[:first]), str(Path(*parts[first:]))


def _near(folder: Path, name: str) -> Words:
    try:
        beside = sorted(each.name for each in folder.iterdir() if each.is_file() and not each.name.startswith("."))
    except (OSError, ValueError):
        return say(zh="文件夹“{folder}”也不存在", en='there is no folder "{folder}" either', folder=str(folder).replace("\0", ""))
    return did_you_mean(name, beside)
