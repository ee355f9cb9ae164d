"""The document as a Word file: real styles, lists, fields, captions and references; the same document gives the same bytes."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
from docx.oxml import parse_xml

from stageway.document import charts
from stageway.document.numbering import numbered
from stageway.document.outline import Block, Callout, Document, Heading, Items, Para, Quote, StageStrip, Table
from stageway.document.writers import word_front, word_styles, word_tables
from stageway.document.writers.word_body import Writer
from stageway.document.writers.word_sections import Sections
from stageway.document.writers.word_styles import TEXT_WIDTH
from stageway.document.writers.word_xml import NAMESPACES

LANDSCAPE_WIDTH = 247.0


def write(document: Document, *, cache: charts.Cache = None) -> bytes:
    """The file's bytes. `cache` as for `charts.svg`. Page numbers of the contents are estimates until Word updates its fields (it asks on opening)."""
    document = numbered(document)
    package = docx.Document()
    word_styles.apply(package, document.lang)
    writer = Writer(document, package, cache)
    sections = Sections(document)
    body = [word_front.cover(writer), sections.after_cover(), word_front.contents(writer)]
    before: Block | None = None
    for block, after, wide in zip(document.blocks, (*document.blocks[1:], None), _landscape(document.blocks), strict=True):
        turn, top = sections.chapter(block, wide) if isinstance(block, Heading) and block.level == 1 else (sections.turn(wide), False)
        air = word_tables.gap() if isinstance(block, Callout | StageStrip) and isinstance(before, Para | Items | Quote) else ""
        written = writer.block(block, LANDSCAPE_WIDTH if wide else TEXT_WIDTH, top=top)
        body += [turn, air, written.removesuffix(word_tables.gap()) if _ends_page(after) else written]
        before = block
    body.append(sections.last())
    root = package.element.body
    for old in list(root):
        root.remove(old)
    for each in parse_xml(f"<w:body {NAMESPACES}>{''.join(body)}</w:body>"):
        root.append(each)
    sections.heads_and_feet(package)
    _properties(package, document)
    stream = BytesIO()
    package.save(stream)
    return _fixed(stream.getvalue())


def _ends_page(after: Block | None) -> bool:
    """Whether a new page follows: air below a table could only make an empty page there."""
    return isinstance(after, Heading) and after.level == 1 and after.new_page


def _landscape(blocks: tuple[Block, ...]) -> list[bool]:
    """For each block whether it stands on a landscape page: wide tables, and headings directly before one."""
    made = [isinstance(block, Table) and not block.matrix and word_tables.needed(block) > TEXT_WIDTH for block in blocks]
    for index in range(len(blocks) - 2, -1, -1):
        made[index] = made[index] or (isinstance(blocks[index], Heading) and made[index + 1])
    return made


def _properties(package: Any, document: Document) -> None:
    """Facts of the file: the as-of instead of now."""
    facts = package.core_properties
    when = datetime.fromisoformat(document.created)
    when = when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
    facts.title, facts.author, facts.last_modified_by = document.title, document.author, document.author
    facts.created = facts.modified = when
    facts.comments, facts.revision, facts.language = "", 1, "zh-CN" if document.lang == "zh" else "en-GB"


def _fixed(raw: bytes) -> bytes:
    """The same archive with fixed times, so that equal documents are equal files."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, old.read(entry.filename))
    return made.getvalue()
