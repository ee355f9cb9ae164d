"""The terms that this document uses, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stageway.document.compose.pen import Pen, line, strong
from stageway.document.outline import Block, Callout, Figure, Heading, Items, Line, Para, Quote, State, Table, Text
from stageway.evidence import Words


def chapter(pen: Pen, number: int, before: Iterable[Block]) -> list[Block]:
    text = "\n".join(texts(before)).casefold()
    colon = "：" if pen.lang == "zh" else ": "
    listed = [*pen.dossier.process.glossary, *_own(pen)]
    found = [(at, term, means) for term, means in listed if (at := text.find(pen.of(term).casefold())) >= 0]
    found.sort(key=(lambda each: each[0]) if pen.lang == "zh" else (lambda each: pen.of(each[1]).casefold()))
    parts = [(strong(pen.of(term)), Text(colon + pen.ended(pen.of(means)))) for _, term, means in found]
    gap = "" if pen.lang == "zh" else " "
    spans = [span for i, part in enumerate(parts) for span in line(gap if i else "", *part)]
    return [pen.heading(1, pen.say("术语", "Glossary"), "glossary", number), Para(tuple(spans))] if spans else []


def _own(pen: Pen) -> list[tuple[Words, Words]]:
    """The company's own words for the nouns of the process."""
    return [
        (words, Words(f"本公司对“{name}”的叫法", f'this company\'s word for "{name}"'))
        for name, words in pen.dossier.product.terms.items()
        if words.en.casefold() != name.casefold()
    ]


def texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Everything a reader reads, block by block."""
    for block in blocks:
        if isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Para):
            yield said(block.spans)
        elif isinstance(block, Items):
            yield from (said(item) for item in block.items)
        elif isinstance(block, Table):
            yield block.caption
            yield from (column.head for column in block.columns)
            yield from (said(cell) for row in block.rows for cell in row)
        elif isinstance(block, Callout):
            yield block.title
            yield from texts(block.blocks)
        elif isinstance(block, Quote | Figure):
            yield block.text if isinstance(block, Quote) else block.caption


def said(spans: Line) -> str:
    return "".join(span.text if isinstance(span, Text) else span.word if isinstance(span, State) else "\n" for span in spans)
