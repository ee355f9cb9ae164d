"""In which encoding a text file is written: marks first, then what the bytes allow, then what a reader of Chinese or of French would believe."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from stageway.evidence import DataError, Where, say
from stageway.readers.files import opened

CHUNK = 1 << 20

#: Byte order marks, the longer first: UTF-32 LE begins like UTF-16 LE. `utf-16` and `utf-32` read their mark themselves.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: Encodings that a file may declare or a person may name. GB2312 and GBK are read as GB18030, which holds both.
KNOWN = {
    **{name: name for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")},
    **dict.fromkeys(("gb18030", "gbk", "gb2312"), "gb18030"),
    **{name: name for name in ("big5", "big5hkscs", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949", "koi8-r")},
    **{f"iso8859-{i}": f"iso8859-{i}" for i in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{f"cp125{i}": f"cp125{i}" for i in range(9)},
    "ascii": "utf-8",
}


def known_encoding(name: str) -> str | None:
    """Python's name of an encoding that we read, or None."""
    try:
        return KNOWN.get(codecs.lookup(name.strip()).name)
    except (LookupError, ValueError):
        return None


def marked(head: bytes) -> str | None:
    """The encoding that the first bytes give away: a byte order mark, or the zero bytes that ASCII text has in UTF-16."""
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    even, odd = head[0:256:2], head[1:256:2]
    if len(odd) >= 2 and even.count(0) == 0 and odd.count(0) >= 0.7 * len(odd):
        return "utf-16-le"
    if len(odd) >= 2 and odd.count(0) == 0 and even.count(0) >= 0.7 * len(even):
        return "utf-16-be"
    return None


def encoding_of(path: Path, named: str | None = None) -> str:
    """The encoding of a whole file, read once in pieces. `named` is what a person says it is, and is only proved.

    Without a mark: UTF-8 if the file is valid UTF-8, else GB18030 if it is valid and reads like Chinese, else Windows-1252.
    DataError where none fits, where `named` is not known, and for a binary file.
    """
    with opened(path) as stream:
        head = stream.read(4096)
    if named is not None:
        encoding = known_encoding(named)
        if encoding is None:
            what = say(zh="不认识的编码“{name}”", en='unknown encoding "{name}"', name=named)
            expected = say(zh="utf-8、gb18030、utf-16 等", en="utf-8, gb18030, utf-16 or alike")
            raise DataError("encoding_unknown", what, where=Where(file=str(path)), expected=expected)
        if encoding == "utf-8" and head.startswith(codecs.BOM_UTF8):
            encoding = "utf-8-sig"
        candidates: tuple[str, ...] = (encoding,)
    else:
        mark = marked(head)
        candidates = (mark,) if mark else ("utf-8", "gb18030", "cp1252")
    for encoding in candidates:
        if _fits(path, encoding, sure=len(candidates) == 1):
            return encoding
    names = ", ".join(candidates)
    what = say(zh="文件不能按 {names} 解码", en="the file cannot be decoded as {names}", names=names)
    todo = say(zh="另存为 UTF-8，或在 options 的 encoding 中写明编码", en="save it as UTF-8, or name its encoding under options: encoding")
    raise DataError("encoding_wrong", what, where=Where(file=str(path)), todo=todo)


def pieces(path: Path, encoding: str, errors: str = "strict") -> Iterator[str]:
    """The text of a file in pieces; memory stays at one piece."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    with opened(path) as stream:
        while chunk := stream.read(CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)


def _fits(path: Path, encoding: str, *, sure: bool) -> bool:
    chinese, other, line = 0, 0, 1
    try:
        for piece in pieces(path, encoding):
            if (at := piece.find("\0")) >= 0:
                raise _binary(path, line + piece.count("\n", 0, at))
            line += piece.count("\n")
            if encoding == "gb18030" and not sure:
                more = _likely_chinese(piece)
                chinese, other = chinese + more[0], other + more[1]
    except (UnicodeDecodeError, UnicodeError):
        return False
    return chinese >= other


def _likely_chinese(text: str) -> tuple[int, int]:
    """How many characters beyond ASCII are everyday Chinese (GB2312 level 1 and its punctuation), and how many are not: accented Latin
    letters are often valid GB18030 too, but give rare characters."""
    beyond = [c for c in text if c > "\x7f"]
    common = sum(map(_everyday, beyond))
    return common, len(beyond) - common


def _everyday(character: str) -> bool:
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return lead in (0xA1, 0xA3) or 0xB0 <= lead <= 0xD7


def _binary(path: Path, line: int) -> DataError:
    what = say(zh="文件里有空字节，不是文本文件", en="the file holds NUL bytes: it is not a text file")
    todo = say(zh="请重新导出为 CSV 或 JSON 文本", en="export it again as text")
    return DataError("file_binary", what, where=Where(file=str(path), line=line), todo=todo)
