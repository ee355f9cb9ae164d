"""Which reader takes a file: the one that recognises it, else the general one of its suffix."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stageway.evidence import DataError, Where, Words, say
from stageway.readers import Reader
from stageway.readers.files import files_of, is_pattern

PACKED = (".gz", ".zip", ".7z", ".rar", ".bz2", ".xz", ".zst", ".tar", ".tgz")


def chosen(path: Path, known: Mapping[str, Reader]) -> tuple[Reader, Words]:
    """The reader of a file, and why. Of a folder or pattern the first file decides.

    Raises DataError where two recognise the file (it names both), and where nobody reads its suffix (`reader_unknown`).
    """
    if path.is_dir() or is_pattern(path):
        path = files_of(path)[0]
    suffix = path.suffix.lower()
    carrying = [reader for reader in known.values() if suffix in reader.suffixes]
    asked = carrying or [reader for reader in known.values() if suffix not in PACKED]
    found = [(reader, why) for reader in asked if (why := _recognised(reader, path)) is not None]
    if len(found) > 1:
        raise _twice(path, found)
    if found:
        return found[0]
    if not carrying:
        raise _unknown(path, known)
    reader = next((reader for reader in carrying if reader.recognises is None), carrying[0])
    if len(carrying) == 1:
        return reader, say(zh="后缀是 {suffix}", en="its suffix is {suffix}", suffix=suffix)
    return reader, say(zh="后缀是 {suffix}，没有其他格式的特征", en="its suffix is {suffix}, and it shows no sign of another format", suffix=suffix)


def _recognised(reader: Reader, path: Path) -> Words | None:
    """A file that is not there, or may not be opened, is nobody's: its general reader says so when it reads."""
    try:
        return reader.recognises(path) if reader.recognises is not None else None
    except OSError:
        return None


def _twice(path: Path, found: list[tuple[Reader, Words]]) -> DataError:
    (one, because), (two, too) = found[:2]
    what = say(
        zh="文件既像 {one}（{because}），又像 {two}（{too}）",
        en="the file looks like {one} ({because}) and like {two} ({too})",
        one=one.id,
        because=because,
        two=two.id,
        too=too,
    )
    todo = say(zh="写明是哪一种：reader: {one} 或 reader: {two}", en="say which one it is: reader: {one} or reader: {two}", one=one.id, two=two.id)
    return DataError("format_ambiguous", what, where=Where(file=str(path)), todo=todo)


def _unknown(path: Path, known: Mapping[str, Reader]) -> DataError:
    suffix = path.suffix.lower()
    what = say(zh="不知道怎样读“{suffix}”文件", en='no reader for a "{suffix}" file', suffix=suffix)
    suffixes = ", ".join(sorted({each for reader in known.values() for each in reader.suffixes}))
    todo = say(zh="这是压缩文件，请先解压", en="the file is packed; unpack it first") if suffix in PACKED else None
    return DataError("reader_unknown", what, where=Where(file=str(path)), expected=say(zh="{known} 之一", en="one of {known}", known=suffixes), todo=todo)
