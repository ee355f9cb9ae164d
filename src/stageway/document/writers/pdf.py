"""The document as a PDF, set by typst: PDF/A-2a and PDF/UA-1, tagged, with bookmarks, in the package's own fonts; the same document gives the same bytes.

All text goes to typst as data, never as markup. What the fonts do not have is replaced by a visible mark and named on the last page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
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
from stageway.document.writers.word_tables import SMALL, least_widths, needed, widths
from stageway.evidence import DefinitionError, Words

TEXT_WIDTH, WIDE_WIDTH, TALLEST = 160.0, 247.0, 200.0
BODY = 8.6  # pt, the text of tables
CALLOUT_INSET = 6.4
CONTENTS_HEIGHT = 190.0
ROOM = 1.04  # the widths of texts are estimates
SHORT_LINE = 24.0  # mm: a column whose longest line is shorter does not wrap if others have room
FAMILIES_OF_TYPE = ("Noto Sans SC", "Noto Serif SC", "Libertinus Serif", "DejaVu Sans Mono")
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
    found = typst.Fonts(include_system_fonts=False, font_paths=[folder])
    if missing := [family for family in FAMILIES_OF_TYPE if family not in found.families()]:
        names = ", ".join(missing)
        raise DefinitionError(
            "font_missing",
            Words(f"缺少字体：{names}", f"fonts are missing: {names}"),
            todo=Words("重新安装Stageway：字体随包提供", "install Stageway again: the fonts come with the package"),
        )
    return found


def _compiled(data: dict[str, Any], created: str) -> bytes:
    source = (files("stageway.document.writers") / "stageway.typ").read_bytes()
    when = datetime.fromisoformat(created)
    when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    inputs = {"doc": json.dumps(data, ensure_ascii=False)}
    try:
        made = typst.compile(source, sys_inputs=inputs, font_paths=_fonts(charts.font_folder()), pdf_standards=["a-2a", "ua-1"], timestamp=when)
    except typst.TypstError as error:
        raise DefinitionError("pdf_refused", Words(f"无法排成PDF：{error}", f"the PDF could not be set: {error}")) from error
    _forget()
    return bytes(made)


def _forget() -> None:
    """typst keeps what it laid out for the next ten compilations, some 100 MB a document: empty ones (20 ms each) let a long-running process stay small."""
    for _ in range(11):
        typst.compile(b"", font_paths=_fonts(charts.font_folder()))


# ── the outline as data ───────────────────────────────────────────────────────────────────────────────────────────────


class _Data:
    def __init__(self, document: Document, cache: charts.Cache) -> None:
        self.document, self.lang, self.cache = document, document.lang, cache
        self.alone = False

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
        approval = [{"role": role, "name": name, "date": when} for role, name, when in self.document.cover.approval]
        return {"title": CONTENTS[self.lang], "approval": approval, "second": self._second_column()}

    def _second_column(self) -> str | None:
        """The chapter before which the contents part into two columns of about equal height; None where one column fits on the page."""
        entries = [heading for heading in self.document.headings() if heading.level <= 2]
        heights = [6.0 if heading.level == 1 else 4.1 for heading in entries]
        parts = [index for index, heading in enumerate(entries) if heading.level == 1 and index]
        if sum(heights) <= CONTENTS_HEIGHT or not parts:
            return None
        return entries[min(parts, key=lambda index: max(sum(heights[:index]), sum(heights[index:])))].anchor

    # ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def block(self, block: Block, room: float) -> dict[str, Any]:
        match block:
            case Heading():
                return self._heading(block)
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

    def _heading(self, heading: Heading) -> dict[str, Any]:
        """A chapter begins a page where the outline says so, and after an unnumbered one that does: the summary has its page for itself."""
        gap = "" if not heading.number or heading.number[-1] in "、）" else " " if self.lang == "zh" else "\u2002"
        new = heading.new_page
        if heading.level == 1:
            new, self.alone = new or self.alone, heading.new_page and not heading.number
        return {
            "kind": "heading",
            "level": heading.level,
            "number": heading.number,
            "gap": gap,
            "text": _set(heading.text),
            "anchor": heading.anchor,
            "new-page": new,
        }

    def _stages(self, given: StageStrip) -> dict[str, Any]:
        cells = [{"name": name, "state": state, "word": word} for name, state, word in given.cells]
        return {"cells": cells, "now": given.now, "height": 33}

    def _table(self, table: Table, room: float) -> dict[str, Any]:
        sizes = _eased(table, widths(table.columns, table.rows, room))
        columns = [
            {"head": _set(column.head), "align": column.align, "keep": column.keep, "width": width} for column, width in zip(table.columns, sizes, strict=True)
        ]
        rows = [[[self.line(part, width) for part in _lines(cell)] for cell, width in zip(row, sizes, strict=True)] for row in table.rows]
        size = SMALL if needed(table) * BODY / SMALL > room else BODY
        return {"kind": "table", **self._labelled(table), "columns": columns, "rows": rows, "matrix": table.matrix, "room": room, "size": size}

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
        made: list[dict[str, Any]] = []
        before = ""
        for span in spans:
            made += self._text(span, before) if isinstance(span, Text) else [self._span(span, room)]
            before = span.text[-1:] if isinstance(span, Text) else ""
        return made

    def _text(self, span: Text, before: str) -> list[dict[str, Any]]:
        """The text in pieces: in Chinese a number and its measure are one that never parts, behind a gap where Han stands before it."""
        text = _set(span.text)
        look = {"kind": "text", "strong": span.strong, "mute": span.mute, "code": span.code}
        made: list[dict[str, Any]] = []
        for index, piece in enumerate(_COUNTED.split(text) if self.lang == "zh" else [text]):
            if piece:
                whole = index % 2 == 1
                made.append({**look, "text": piece, "whole": whole, "gap": whole and piece[0].isdigit() and "\u4e00" <= before <= "\u9fff"})
                before = piece[-1]
        return made

    def _span(self, span: State | Strip | Ref | Break, room: float) -> dict[str, Any]:
        match span:
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
    return not table.matrix and needed(table) > TEXT_WIDTH


def _eased(table: Table, sizes: list[float]) -> list[float]:
    """The widths, where wide columns have given a little to those that would break a word, or a short line such as a date or a person."""
    whole = least_widths(tuple(replace(column, keep=True) for column in table.columns), table.rows)
    pieces = least_widths(table.columns, table.rows)
    least = [ROOM * (line if line <= SHORT_LINE else piece) for line, piece in zip(whole, pieces, strict=True)]
    short = [max(0.0, need - size) for need, size in zip(least, sizes, strict=True)]
    spare = [max(0.0, size - need) for need, size in zip(least, sizes, strict=True)]
    if not any(short) or sum(short) > sum(spare):
        return sizes
    return [size + lack - room * sum(short) / sum(spare) for size, lack, room in zip(sizes, short, spare, strict=True)]


def _lines(cell: Line) -> list[Line]:
    """The cell at its breaks."""
    made: list[list[Span]] = [[]]
    for span in cell:
        if isinstance(span, Break):
            made.append([])
        else:
            made[-1].append(span)
    return [tuple(line) for line in made]


_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_GLUED = re.compile(
    r"(?<=\d) (?=(?:ms|s|min|h|d|CNY|points|pp|people)\b)"  # 500 ms
    rf"|(?<=\d) (?=(?:{_MONTH})\b)|(?<=\b(?:{_MONTH})) (?=\d)"  # 8 Dec 2026
    r"|(?<=CNY) (?=\d)|(?<=[=<>≤≥±×~≈]) (?=[\d−-])|(?<=\b[np]) (?=[=<>≤≥])"  # CNY 30, ≥ 20%, n = 30
)
_COUNTED = re.compile(r"((?<![A-Za-z0-9.,-])[≤≥<>=＝−+]?\d[\d,.]*(?:个百分点|小时|毫秒|分钟|[个元人项条天份次分年月日万种家轮周名]))")
_INTERVAL = re.compile(r"\[[^\[\]]{1,40}\]")


def _set(text: str) -> str:
    """Text as it is set: one line, and what belongs together joined by spaces that do not break: `n = 30`, `8 Dec`, `[72.6, 80.2]`."""
    text = re.sub(r"[\t\r\n]+", " ", text)
    text = _GLUED.sub("\u00a0", text)
    return _INTERVAL.sub(lambda found: found[0].replace(" ", "\u00a0") if re.search(r"\d", found[0]) else found[0], text)
