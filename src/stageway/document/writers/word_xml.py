"""Small pieces of WordprocessingML as text: runs, paragraphs, fields, bookmarks. The writer joins them and parses the body once."""

from __future__ import annotations

import re
import zlib
from html import escape

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


#: the hyphen of a date or a code, after which no line ends: 2026-11-24, F3-1, RK-2
_HYPHEN = re.compile(r"(?<=\d)-(?=\d\d(?!\d))|(?<=(?<![A-Za-z0-9])[A-Z])-(?=\d)|(?<=(?<![A-Za-z0-9])[A-Z][A-Z0-9])-(?=\d)|(?<=(?<![A-Za-z0-9])[A-Z]{3})-(?=\d)")


def safe(text: str) -> str:
    return escape(_CONTROL.sub("", text), quote=True)


def run(text: str, *, style: str = "", bold: bool = False, colour: str = "", size: float = 0.0) -> str:
    """A run of text; `size` in points, 0 leaves the style's."""
    if not text:
        return ""
    parts = (f'<w:t xml:space="preserve">{safe(part)}</w:t>' if part else "" for part in _HYPHEN.split(text))
    return f"<w:r>{properties(style=style, bold=bold, colour=colour, size=size)}{'<w:noBreakHyphen/>'.join(parts)}</w:r>"


def properties(*, style: str = "", bold: bool = False, colour: str = "", size: float = 0.0) -> str:
    parts = [
        f'<w:rStyle w:val="{style}"/>' if style else "",
        "<w:b/>" if bold else "",
        f'<w:color w:val="{colour.lstrip("#").upper()}"/>' if colour else "",
        f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>' if size else "",
    ]
    inside = "".join(parts)
    return f"<w:rPr>{inside}</w:rPr>" if inside else ""


def paragraph(runs: str, style: str = "", extra: str = "") -> str:
    """`extra` is further paragraph properties, in the order of the schema after pStyle."""
    inside = (f'<w:pStyle w:val="{style}"/>' if style else "") + extra
    return f"<w:p>{f'<w:pPr>{inside}</w:pPr>' if inside else ''}{runs}</w:p>"


def field(instruction: str, shown: str, *, look: str = "") -> str:
    """A field with its result already there; `look` is the run properties of the result."""

    def char(kind: str) -> str:
        return f'<w:r>{look}<w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = f'<w:r>{look}<w:instrText xml:space="preserve"> {safe(instruction)} </w:instrText></w:r>'
    return f'{char("begin")}{code}{char("separate")}<w:r>{look}<w:t xml:space="preserve">{safe(shown)}</w:t></w:r>{char("end")}'


def bookmark(name: str, inside: str) -> str:
    number = number_of(name)
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inside}<w:bookmarkEnd w:id="{number}"/>'


def number_of(name: str) -> int:
    """A bookmark's number: the same for the same name."""
    return zlib.crc32(name.encode()) & 0x3FFFFFFF


def mark_name(prefix: str, anchor: str) -> str:
    """A name that Word takes: letters, digits, underscores, at most 40."""
    plain = re.sub(r"[^A-Za-z0-9]", "_", anchor)[:24]
    return f"_{prefix}_{plain}_{zlib.crc32(anchor.encode()):08x}"[:40]


def twips(mm: float) -> int:
    return round(mm * 56.6929)


def emu(mm: float) -> int:
    return round(mm * 36000)
