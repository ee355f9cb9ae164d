"""Blocks and lines as WordprocessingML: what stands between the cover and the last page of the Word document."""

from __future__ import annotations

from typing import Any

from stageway.document import charts
from stageway.document.binding import bound
from stageway.document.numbering import WORDS, label, separator
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
from stageway.document.writers import word_tables
from stageway.document.writers.callouts import title_parts
from stageway.document.writers.word_numbers import HeadingNumbers
from stageway.document.writers.word_pictures import Pictures
from stageway.document.writers.word_styles import BULLETS, TEXT_WIDTH
from stageway.document.writers.word_xml import bookmark, field, mark_name, paragraph, properties, run, safe


def _parted(item: Line) -> tuple[Line, Line]:
    """An item and the small text that closes it on a line of its own."""
    last = max((index for index, span in enumerate(item) if isinstance(span, Break)), default=-1)
    note = item[last + 1 :]
    small = last > 0 and bool(note) and all(isinstance(span, Text) and span.mute for span in note)
    return (item[:last], note) if small else (item, ())


class Writer:
    """Turns blocks and lines into XML; knows the pictures, lists and bookmarks of one file."""

    def __init__(self, document: Document, package: Any, cache: charts.Cache) -> None:
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
        made = []
        for item in items.items:
            main, note = _parted(item)
            made.append(paragraph(self.line(main), style, ("<w:keepNext/>" if note and not keep else keep) + listed))
            if note:
                made.append(paragraph(self.line(note), "ListNote", keep))
        return "".join(made)

    def _caption(self, kind: str, id: str, number: str, words: str, style: str) -> str:
        """`图 7-1` as text and a SEQ field inside a bookmark that references point to; the chapter is text, since annexes are letters."""
        word = WORDS[kind][self.lang]
        chapter, _, order = number.rpartition("-")
        bold = "<w:rPr><w:b/></w:rPr>"
        reset = f" \\r {order}" if order == "1" else ""
        counted = run(f"{word} {chapter}-", bold=True) + field(f"SEQ {word} \\* ARABIC{reset}", order, look=bold)
        return paragraph(bookmark(mark_name("Ref", id), counted) + run(separator(self.lang) + bound(words)), style)

    def _table(self, table: Table, width: float) -> str:
        caption = self._caption("table", table.id, table.number, table.caption, "Caption")
        grid = word_tables.table(table, self.cell, width)
        return caption + grid + (paragraph(run(bound(table.note)), "Note") if table.note else word_tables.gap())

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
                return run(bound(span.text), style=style, bold=span.strong and (sans or span.mute or span.code))
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
