"""The document as a Word file: real styles, lists, fields, captions and references; the same document gives the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import MutableMapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml

from stageway.document import charts
from stageway.document.numbering import WORDS, label, numbered, separator
from stageway.document.outline import (
    Block,
    Break,
    Callout,
    Document,
    Figure,
    Heading,
    Items,
    Line,
    Para,
    Quote,
    Ref,
    Span,
    StageStrip,
    State,
    Strip,
    Table,
    Text,
)
from stageway.document.states import FAMILIES, STATES
from stageway.document.writers import word_front, word_styles, word_tables
from stageway.document.writers.callouts import title_parts
from stageway.document.writers.word_numbers import HeadingNumbers
from stageway.document.writers.word_pictures import Pictures
from stageway.document.writers.word_sections import Sections
from stageway.document.writers.word_styles import BULLETS, TEXT_WIDTH
from stageway.document.writers.word_xml import NAMESPACES, bookmark, field, mark_name, paragraph, properties, run, safe

LANDSCAPE_COLUMNS, LANDSCAPE_WIDTH = 9, 247.0
Cache = MutableMapping[str, str] | Path | None


def write(document: Document, *, cache: Cache = None) -> bytes:
    """The file's bytes. `cache` as for `charts.svg`. Page numbers of the contents are estimates until Word updates its fields (it asks on opening)."""
    document = numbered(document)
    package = docx.Document()
    word_styles.apply(package, document.lang)
    writer = Writer(document, package, cache)
    sections = Sections(document)
    body = [word_front.cover(writer), sections.after_cover(), word_front.contents(writer)]
    before: Block | None = None
    for block, wide in zip(document.blocks, _landscape(document.blocks), strict=True):
        turn, top = sections.chapter(block, wide) if isinstance(block, Heading) and block.level == 1 else (sections.turn(wide), False)
        air = word_tables.gap() if isinstance(block, Callout | StageStrip) and isinstance(before, Para | Items | Quote) else ""
        body += [turn, air, writer.block(block, LANDSCAPE_WIDTH if wide else TEXT_WIDTH, top=top)]
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


def _landscape(blocks: tuple[Block, ...]) -> list[bool]:
    """For each block whether it stands on a landscape page: wide tables, and headings directly before one."""
    made = [isinstance(block, Table) and len(block.columns) > LANDSCAPE_COLUMNS and not block.matrix for block in blocks]
    for index in range(len(blocks) - 2, -1, -1):
        made[index] = made[index] or (isinstance(blocks[index], Heading) and made[index + 1])
    return made


class Writer:
    """Turns blocks and lines into XML; knows the pictures, lists and bookmarks of one file."""

    def __init__(self, document: Document, package: Any, cache: Cache) -> None:
        self.document, self.lang, self.cache = document, document.lang, cache
        self.pictures = Pictures(package)
        self.numbers = HeadingNumbers(document.lang, package.part.numbering_part.element)

    # ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def block(self, block: Block, width: float = TEXT_WIDTH, top: bool = False) -> str:
        """`top`: the block begins a page, so a heading needs no room above."""
        match block:
            case Heading():
                return self._heading(block, top)
            case Para():
                return paragraph(self.line(block.spans), "Lead" if block.lead else "BodyText")
            case Items():
                return self._items(block, "ListItem")
            case Table():
                return self._table(block, width)
            case Figure():
                return self._figure(block, width)
            case Callout():
                return self._callout(block, width) + word_tables.gap()
            case Quote():
                return paragraph(run(block.text), "QuoteText") + paragraph(run(block.by), "QuoteBy")
            case StageStrip():
                return self.stages(block, width) + word_tables.gap()

    def _heading(self, heading: Heading, top: bool) -> str:
        numbering, written = self.numbers.xml(heading)
        if top:  # spacing stands between the list and the indent
            listed, _, indent = numbering.partition("</w:numPr>")
            numbering = (f"{listed}</w:numPr>" if listed else "") + '<w:spacing w:before="0"/>' + indent
        inside = bookmark(mark_name("Toc", heading.anchor), run(written + heading.text))
        return paragraph(inside, f"Heading{heading.level}", numbering)

    def _items(self, items: Items, style: str, keep: str = "") -> str:
        number = self.numbers.ordered() if items.ordered else BULLETS
        listed = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        return "".join(paragraph(self.line(item), style, keep + listed) for item in items.items)

    def _caption(self, kind: str, id: str, number: str, words: str, style: str) -> str:
        """`图 7-1` as text and a SEQ field inside a bookmark that references point to; the chapter is text, since annexes are letters."""
        word = WORDS[kind][self.lang]
        chapter, _, order = number.rpartition("-")
        bold = "<w:rPr><w:b/></w:rPr>"
        reset = f" \\r {order}" if order == "1" else ""
        counted = run(f"{word} {chapter}-", bold=True) + field(f"SEQ {word} \\* ARABIC{reset}", order, look=bold)
        return paragraph(bookmark(mark_name("Ref", id), counted) + run(separator(self.lang) + words), style)

    def _table(self, table: Table, width: float) -> str:
        caption = self._caption("table", table.id, table.number, table.caption, "Caption")
        grid = word_tables.table(table, self.cell, width)
        return caption + grid + (paragraph(run(table.note), "Note") if table.note else word_tables.gap())

    def _figure(self, figure: Figure, width: float) -> str:
        if figure.svg is not None:
            picture = self.pictures.figure(figure.svg, figure.alt, width * min(figure.width, 1.0), 3.0, keep_svg=True)
        else:
            svg = charts.svg(figure.chart or {}, cache=self.cache)
            picture = self.pictures.figure(svg, figure.alt, width * min(figure.width, 0.88), 2.0, keep_svg=True)
        style = "FigureCaption"
        caption = self._caption("figure", figure.id, figure.number, figure.caption, style)
        if figure.note:
            caption = caption.replace(f'<w:pStyle w:val="{style}"/>', f'<w:pStyle w:val="{style}"/><w:keepNext/><w:spacing w:after="0"/>', 1)
        return paragraph(picture, "Picture") + caption + (paragraph(run(figure.note), "FigureNote") if figure.note else "")

    def _callout(self, callout: Callout, width: float) -> str:
        colour = FAMILIES["accent" if callout.kind == "brand" else STATES[callout.kind].family][0]
        before, after = title_parts(callout, self.lang)
        mark = self.pictures.state(callout.kind, 8.4, after) + run(" ") if after else ""
        title = run(before, bold=True, colour=colour) + mark + run(after, bold=True, colour=colour)
        parts = [paragraph(title, "Callout", "<w:keepNext/>")]
        for index, block in enumerate(callout.blocks):
            keep = "<w:keepNext/>" if index < len(callout.blocks) - 1 else ""
            if isinstance(block, Para):
                parts.append(paragraph(self.line(block.spans, sans=True), "Callout", keep))
            elif isinstance(block, Items):
                parts.append(self._items(block, "Callout", keep))
            else:
                parts.append(self.block(block, width - 8))
        ends_with_table = parts[-1].endswith("</w:tbl>")
        return word_tables.boxed("".join(parts) + (word_tables.gap() if ends_with_table else ""), callout.kind, width)

    def stages(self, strip: StageStrip, width: float = TEXT_WIDTH) -> str:
        cells = []
        for index, (name, state, word) in enumerate(strip.cells):
            white = "#ffffff" if index == strip.now else ""
            below = run(word, colour=white, size=7.2) if white else self._state(State(state, word), size=7.2)
            cells.append(paragraph(run(name, bold=True, colour=white, size=7.6), "TableText") + paragraph(below, "TableText"))
        return word_tables.stages(cells, strip.now, width)

    # ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def cell(self, spans: Line, width: float) -> str:
        return self.line(spans, sans=True, strip_width=min(max(width - 2 * word_tables.PADDING, 12.0), 34.0))

    def line(self, spans: Line, *, sans: bool = False, strip_width: float = 24.0) -> str:
        return "".join(self._span(span, sans, strip_width) for span in spans)

    def _span(self, span: Span, sans: bool, strip_width: float) -> str:
        match span:
            case Text():
                style = "Code" if span.code else "Small" if span.mute else "StrongSans" if span.strong and not sans else ""
                return run(span.text, style=style, bold=span.strong and (sans or span.mute or span.code))
            case State():
                return self._state(span)
            case Strip():
                return self.pictures.strip(span, strip_width)
            case Ref():
                return field(f"REF {mark_name('Ref', span.target)} \\h", label(self.document, span.target))
            case Break():
                return "<w:r><w:br/></w:r>"

    def _state(self, span: State, size: float = 0.0) -> str:
        """The mark, a no-break space and the word, which never part."""
        colour = FAMILIES[STATES[span.state].family][0]
        word = span.word.replace(" ", "\u00a0") if len(span.word) < 18 else span.word
        look = properties(style="StateWord", colour=colour, size=size)
        picture = self.pictures.state(span.state, size or 8.4, span.word)
        if not word:
            return picture
        return picture + f'<w:r>{look}<w:t xml:space="preserve">\u00a0{safe(word)}</w:t></w:r>'


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
