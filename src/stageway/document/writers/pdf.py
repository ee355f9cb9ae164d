"""The document as a PDF, set by typst: PDF/A-2a and PDF/UA-1, tagged, with bookmarks, in the package's own fonts; the same document gives the same bytes.

All text goes to typst as data, never as markup. What the fonts do not have is replaced by a visible mark and named on the last page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from stageway.document import charts, glyphs
from stageway.document.drawings.canvas import TOKENS
from stageway.document.drawings.shapes import state_svg
from stageway.document.drawings.strip import strip
from stageway.document.numbering import label, numbered, separator
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
from stageway.document.writers.callouts import title_parts
from stageway.document.writers.word_pictures import natural
from stageway.document.writers.word_tables import widths
from stageway.evidence import DefinitionError, Words

STANDARDS = ["a-2a", "ua-1"]
TEXT_WIDTH, WIDE_WIDTH, TALLEST = 160.0, 247.0, 200.0
WIDE_COLUMNS = 9
CALLOUT_INSET = 6.4
CONTENTS = Words("目录", "Contents")
PAGE = Words("第{x}页　共{y}页", "Page {x} of {y}")
UNSET = Words("字体中没有的字符以〓代替：{names}。", "Characters that the fonts do not have are replaced by 〓: {names}.")


def write(document: Document, *, cache: charts.Cache = None) -> bytes:
    """The file's bytes. `cache` as for `charts.svg`."""
    replaced = glyphs.in_document(numbered(document))
    return _compiled(_Data(replaced.made, cache).whole(replaced.missing), document.created)


# ── typst ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _fonts(folder: Path) -> typst.Fonts:
    """The package's fonts and the Latin ones inside typst; none of the machine's, so that every machine gives the same file."""
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _compiled(data: dict[str, Any], created: str) -> bytes:
    source = (files("stageway.document.writers") / "stageway.typ").read_bytes()
    when = datetime.fromisoformat(created)
    when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    try:
        pdf, warnings = typst.compile_with_warnings(
            source,
            sys_inputs={"doc": json.dumps(data, ensure_ascii=False)},
            font_paths=_fonts(charts.font_folder()),
            pdf_standards=STANDARDS,
            timestamp=when,
        )
    except typst.TypstError as error:
        raise DefinitionError("pdf_refused", Words(f"无法排成PDF：{error}", f"the PDF could not be set: {error}")) from error
    for warning in warnings:
        if family := re.search(r"unknown font family: (.+)", str(warning)):
            raise DefinitionError(
                "font_missing",
                Words(f"缺少字体“{family[1]}”", f'the font "{family[1]}" is missing'),
                todo=Words("重新安装Stageway：字体随包提供", "install Stageway again: the fonts come with the package"),
            )
    return bytes(pdf)


# ── the outline as data ───────────────────────────────────────────────────────────────────────────────────────────────


class _Data:
    def __init__(self, document: Document, cache: charts.Cache) -> None:
        self.document, self.lang, self.cache = document, document.lang, cache

    def whole(self, missing: tuple[tuple[str, str], ...]) -> dict[str, Any]:
        document = self.document
        sections = [{"wide": wide, "blocks": [self.block(block, WIDE_WIDTH if wide else TEXT_WIDTH) for block in part]} for wide, part in _sections(document)]
        if missing:
            names = ("；" if self.lang == "zh" else "; ").join(name for _, name in missing)
            note = Para((Text(UNSET[self.lang].format(names=names), mute=True),), lead=True)
            sections.append({"wide": False, "blocks": [self.block(note, TEXT_WIDTH)]})
        return {
            "lang": document.lang,
            "title": document.title,
            "author": document.author,
            "short": _set(document.short),
            "foot": _set(document.foot),
            "separator": separator(document.lang),
            "words": {"page": PAGE[document.lang]},
            "tokens": TOKENS,
            "families": FAMILIES,
            "states": {name: {"family": look.family, "svg": state_svg(name)} for name, look in STATES.items()},
            "cover": self._cover(),
            "contents": self._contents(),
            "sections": sections,
        }

    def _cover(self) -> dict[str, Any]:
        cover = self.document.cover
        facts = [{"name": name, "value": _set(value), "code": bool(re.fullmatch(r"[0-9a-f]{8,}", value))} for name, value in cover.facts]
        return {
            "title": cover.title,
            "kind": cover.kind,
            "company": cover.company,
            "notice": cover.notice,
            "strip": self._stages(cover.strip),
            "facts": facts,
        }

    def _contents(self) -> dict[str, Any]:
        """Two columns where one page would not hold the entries; their height so that the columns are about equal."""
        heights = [5.7 if heading.level == 1 else 5.0 for heading in self.document.headings() if heading.level <= 2]
        most = 186.0
        approval = [{"role": role, "name": name, "date": when} for role, name, when in self.document.cover.approval]
        two = sum(heights) > most
        return {
            "title": CONTENTS[self.lang],
            "columns": 2 if two else 1,
            "height": min(most + 8, max(sum(heights) / 2 + 12, 60.0)) if sum(heights) < 2 * most else 220.0,
            "approval": approval,
        }

    # ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def block(self, block: Block, room: float) -> dict[str, Any]:
        match block:
            case Heading():
                return {"kind": "heading", "level": block.level, "text": _numbered(block, self.lang), "anchor": block.anchor, "new-page": block.new_page}
            case Para():
                return {"kind": "para", "spans": self.line(block.spans), "lead": block.lead}
            case Items():
                return {"kind": "items", "items": [self.line(item) for item in block.items], "ordered": block.ordered}
            case Table():
                return self._table(block, room)
            case Figure():
                return self._figure(block, room)
            case Callout():
                before, after = title_parts(block, self.lang)
                state = None if block.kind == "brand" else block.kind
                inside = [self.block(each, room - CALLOUT_INSET) for each in block.blocks]
                return {"kind": "callout", "state": state, "before": _set(before), "after": _set(after), "blocks": inside}
            case Quote():
                return {"kind": "quote", "text": _set(block.text), "by": _set(block.by)}
            case StageStrip():
                return {"kind": "stages", **self._stages(block)}

    def _stages(self, given: StageStrip) -> dict[str, Any]:
        cells = [{"name": name, "state": state, "word": word} for name, state, word in given.cells]
        return {"cells": cells, "now": given.now, "height": 33}

    def _table(self, table: Table, room: float) -> dict[str, Any]:
        sizes = widths(table.columns, table.rows, room)
        columns = [
            {"head": _set(column.head), "align": column.align, "keep": column.keep, "width": size} for column, size in zip(table.columns, sizes, strict=True)
        ]
        rows = [[[self.line(part, size) for part in _lines(cell)] for cell, size in zip(row, sizes, strict=True)] for row in table.rows]
        return {"kind": "table", **self._labelled(table), "columns": columns, "rows": rows, "matrix": table.matrix, "room": room}

    def _figure(self, figure: Figure, room: float) -> dict[str, Any]:
        picture = figure.svg if figure.svg is not None else charts.svg(figure.chart or {}, cache=self.cache)
        width, height = natural(picture)
        most = room * min(figure.width, 1.0 if figure.svg is not None else 0.88)
        scale = min(most / width, TALLEST / height, 1.1)
        return {"kind": "figure", **self._labelled(figure), "svg": picture, "alt": figure.alt, "width": width * scale}

    def _labelled(self, block: Table | Figure) -> dict[str, Any]:
        return {"id": block.id, "label": self.document.labels[block.id], "caption": _set(block.caption), "note": _set(block.note)}

    # ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def line(self, spans: Line, room: float = 34.0) -> list[dict[str, Any]]:
        return [self._span(span, room) for span in spans]

    def _span(self, span: Span, room: float) -> dict[str, Any]:
        match span:
            case Text():
                return {"kind": "text", "text": _set(span.text), "strong": span.strong, "mute": span.mute, "code": span.code}
            case State():
                return {"kind": "state", "state": span.state, "word": span.word}
            case Strip():
                width = min(max(room - 3.0, 12.0), 34.0)
                return {"kind": "strip", "svg": strip(span, width), "width": width, "alt": span.alt or span.state}
            case Ref():
                return {"kind": "ref", "target": span.target, "label": label(self.document, span.target)}
            case Break():
                return {"kind": "break"}


def _sections(document: Document) -> Iterator[tuple[bool, list[Block]]]:
    """The blocks by page direction: a table too wide for the portrait text block stands on landscape pages, with the headings directly before it."""
    wide = [isinstance(block, Table) and _is_wide(block) for block in document.blocks]
    for index in range(len(wide) - 2, -1, -1):
        wide[index] = wide[index] or (isinstance(document.blocks[index], Heading) and wide[index + 1])
    part: list[Block] = []
    now = False
    for block, turned in zip(document.blocks, wide, strict=True):
        if turned != now and part:
            yield now, part
            part = []
        now = turned
        part.append(block)
    if part:
        yield now, part


def _is_wide(table: Table) -> bool:
    fixed = sum(column.width or 0.0 for column in table.columns)
    return not table.matrix and (len(table.columns) > WIDE_COLUMNS or fixed > TEXT_WIDTH)


def _lines(cell: Line) -> list[Line]:
    """The cell at its breaks."""
    made: list[list[Span]] = [[]]
    for span in cell:
        if isinstance(span, Break):
            made.append([])
        else:
            made[-1].append(span)
    return [tuple(line) for line in made]


def _numbered(heading: Heading, lang: str) -> str:
    if not heading.number:
        return _set(heading.text)
    gap = "" if lang == "zh" and heading.number[-1] in "、）" else " " if lang == "zh" else "\u2002"
    return heading.number + gap + _set(heading.text)


_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_GLUED = re.compile(
    r"(?<=\d) (?=(?:ms|s|min|h|d|CNY|points|pp|people)\b)"  # 500 ms
    rf"|(?<=\d) (?=(?:{_MONTH})\b)"  # 8 Dec
    r"|(?<=CNY) (?=\d)|(?<=[=<>≤≥±×~≈]) (?=[\d−-])|(?<=\b[np]) (?=[=<>≤≥])"  # CNY 30, ≥ 20%, n = 30
)
_INTERVAL = re.compile(r"\[[^\[\]]{1,40}\]")


def _set(text: str) -> str:
    """Text as it is set: one line, and what belongs together joined by spaces that do not break: `n = 30`, `8 Dec`, `[72.6, 80.2]`."""
    text = re.sub(r"[\t\r\n]+", " ", text)
    text = _GLUED.sub("\u00a0", text)
    return _INTERVAL.sub(lambda found: found[0].replace(" ", "\u00a0") if re.search(r"\d", found[0]) else found[0], text)
