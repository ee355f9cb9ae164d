"""Cover and contents of the Word document."""

from __future__ import annotations

import math

from stageway.document.drawings.canvas import TOKENS, width_of
from stageway.document.outline import Block, Callout, Document, Figure, Heading, Items, Line, Para, State, Table, Text
from stageway.document.writers import word_tables
from stageway.document.writers.word_body import Writer
from stageway.document.writers.word_pictures import natural
from stageway.document.writers.word_styles import TEXT_WIDTH
from stageway.document.writers.word_xml import field, mark_name, paragraph, run, safe, twips
from stageway.evidence import Words

CONTENTS = Words("目录", "Contents")
APPROVAL = Words("审批栏", "Approval")
HEADS = (Words("角色", "Role"), Words("姓名", "Name"), Words("日期", "Date"), Words("签字", "Signature"))


def cover(writer: Writer) -> str:
    """The brand block from edge to edge, the stages, the facts in two columns."""
    given = writer.document.cover
    white, pale = TOKENS["paper"], TOKENS["accent-soft"]

    def line(text: str, size: float, colour: str, bold: bool = False, before: float = 0.0) -> str:
        space = f'<w:spacing w:before="{round(before * 56.7)}" w:after="60" w:line="{round(size * 26)}" w:lineRule="atLeast"/>'
        return paragraph(run(text, bold=bold, colour=colour, size=size), "TableText", space)

    company = line(given.company, 10.5, white, before=22)
    title = line(given.title, 31, white, bold=True, before=4) + line(given.kind, 22, white) + line("", 10.5, pale)
    block = word_tables.block_of_colour([(64.0, company), (58.0, title)], 212.0, 25.0, TOKENS["accent"])
    facts = [(f"{name}", value) for name, value in given.facts]
    rows = []
    for start in range(0, len(facts), 2):
        pair = [*facts[start : start + 2], ("", "")][:2]
        rows.append([cell for name, value in pair for cell in (_fact(name, TOKENS["ink-3"]), _fact(value, TOKENS["ink"]))])
    strip = writer.stages(given.strip) + paragraph("", "Gap", '<w:spacing w:before="200"/>')
    return block + paragraph("", "TableText", '<w:spacing w:before="280"/>') + strip + word_tables.plain_table(rows, [22.0, 66.0, 26.0, 46.0])


def _fact(text: str, colour: str) -> str:
    return paragraph(run(text, colour=colour, size=9.5), "TableText")


def contents(writer: Writer) -> str:
    """Heading, the field with its entries already in it, and the approval box."""
    document = writer.document
    pages = estimated_pages(document)
    heads = [heading for heading in document.headings() if heading.level <= 2]
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    entries = [
        _entry(heading, pages.get(heading.anchor, 1), document.lang, begin if index == 0 else "", end if index == len(heads) - 1 else "")
        for index, heading in enumerate(heads)
    ]
    return paragraph(run(CONTENTS[document.lang]), "TOCHeading") + "".join(entries) + _approval(writer)


def _entry(heading: Heading, page: int, lang: str, begin: str, end: str) -> str:
    name = mark_name("Toc", heading.anchor)
    gap = "" if not heading.number or heading.number[-1] in "、）\u3000" else "\u2002"
    words = run(f"{heading.number}{gap}{heading.text}") + "<w:r><w:tab/></w:r>" + field(f"PAGEREF {name} \\h", str(page))
    return paragraph(f'{begin}<w:hyperlink w:anchor="{name}" w:history="1">{words}</w:hyperlink>{end}', f"TOC{heading.level}")


def _approval(writer: Writer) -> str:
    given = writer.document.cover.approval
    if not given:
        return ""
    heads = [paragraph(run(word[writer.lang], bold=True, colour=TOKENS["accent"]), "TableText") for word in HEADS]
    rows = [[paragraph(run(text), "TableText") for text in (*row, "")] for row in given]
    title = paragraph(run(APPROVAL[writer.lang], bold=True), "Caption", '<w:keepNext/><w:spacing w:before="260" w:after="80"/>')
    return title + word_tables.plain_table([heads, *rows], [36.0, 44.0, 36.0, 44.0], ruled=True) + word_tables.gap()


def notice(document: Document) -> str:
    """The foot of the cover."""
    return f'<w:t xml:space="preserve">{safe(document.cover.notice)}</w:t>'


# ── about where each chapter will stand ───────────────────────────────────────────────────────────────────────────────


def estimated_pages(document: Document) -> dict[str, int]:
    """anchor → page, by adding up heights: near enough until the fields are updated."""
    entries = sum(heading.level <= 2 for heading in document.headings())
    page, used = 3 + math.floor((entries * 4.1 + 55) / 246), 0.0
    found: dict[str, int] = {}
    first = True
    for block in document.blocks:
        need = _height(block)
        if isinstance(block, Heading):
            if (block.level == 1 and block.new_page and not first) or used + need + 14 > 246:
                page, used = page + 1, 0.0
            found[block.anchor] = page
            first = False
        elif used + need > 246 and not isinstance(block, Para | Items):
            page, used = (page + 1, 0.0) if need <= 246 else (page, used)
        used += need
        while used > 246:
            page, used = page + 1, used - 246
    return found


def _height(block: Block) -> float:
    if isinstance(block, Heading):
        return {1: 21.0, 2: 15.0}.get(block.level, 11.0)
    if isinstance(block, Para):
        return _lines(block.spans, 10.5, TEXT_WIDTH) * 6.0 + 1
    if isinstance(block, Items):
        return sum(_lines(item, 10.5, 152) * 5.9 + 1 for item in block.items)
    if isinstance(block, Table):
        return word_tables.height(block, TEXT_WIDTH)
    if isinstance(block, Figure):
        wide, high = natural(block.svg) if block.svg is not None else (136.0, 72.0)
        return min(high, high * TEXT_WIDTH / wide) + (18 if block.note else 13)
    if isinstance(block, Callout):
        return 11.0 + sum(_height(inner) * 0.84 for inner in block.blocks)
    return 15.0


def _lines(spans: Line, size: float, width: float) -> int:
    text = "".join(span.text if isinstance(span, Text) else span.word + "    " if isinstance(span, State) else "表 0-0" for span in spans)
    return max(1, math.ceil(width_of(text, size * 25.4 / 72) / width))


def tab_stop(width: float) -> str:
    return f'<w:tabs><w:tab w:val="clear" w:pos="{twips(TEXT_WIDTH)}"/><w:tab w:val="right" w:pos="{twips(width)}"/></w:tabs>'
