"""The head of a file, for telling formats apart: its first text, the root element of XML, the first line. Bounded, and never an error."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from stageway.readers.text import marked

MOST = 1 << 16
#: What may stand before the root element: a declaration, comments, a document type with or without its own declarations.
PROLOGUE = re.compile(r"\s*(<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(\[.*?\])?\s*>)", re.DOTALL)
ROOT = re.compile(r"\s*<([A-Za-z_][^\s/>]{0,80})([^>]*)")


def head(path: Path, most: int = MOST) -> str:
    """The text of at most `most` bytes, without a mark; empty for what is no file or cannot be opened.

    Decoded by its mark, else as UTF-8, else as GB18030, else byte by byte (a character cut at the end is left out).
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(most)
    except (OSError, ValueError):
        return ""
    mark = marked(data)
    for encoding in (mark,) if mark else ("utf-8", "gb18030"):
        try:
            return codecs.getincrementaldecoder(encoding)("strict").decode(data).removeprefix("\ufeff")
        except UnicodeError:
            continue
    return data.decode("cp1252", "replace")


def first_line(path: Path) -> str:
    """The first line that is not blank, without its end; cut at the length of the head."""
    return next((line for line in head(path).splitlines() if line.strip()), "")


def xml_root(path: Path) -> tuple[str, str]:
    """The local name of the root element and its attributes as they are written; two empty texts for what is no XML."""
    text = head(path)
    at = 0
    while prologue := PROLOGUE.match(text, at):
        at = prologue.end()
    root = ROOT.match(text, at)
    return (root[1].rpartition(":")[2], root[2]) if root else ("", "")
