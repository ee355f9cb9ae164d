"""The document as one self-contained HTML page: both themes, phone to desk, print; nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import Any

from stageway.document import charts
from stageway.document.binding import bound
from stageway.document.drawings.canvas import themed
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
from stageway.document.states import STATES
from stageway.document.writers.callouts import title_parts
from stageway.evidence import Words

CONTENTS = Words("目录", "Contents")
#: pixels of the plot of a chart on a phone, where it is drawn anew instead of scaled down
PHONE = 240
APPROVAL = (Words("角色", "Role"), Words("姓名", "Name"), Words("日期", "Date"))


def write(document: Document, *, cache: charts.Cache = None) -> str:
    """The page as text. `cache` as for `charts.svg`."""
    document = numbered(document)
    page = _Page(document, cache)
    lang = "zh-Hans" if document.lang == "zh" else "en"
    css = (files("stageway.document.writers") / "document.css").read_text(encoding="utf-8")
    body = "".join(page.block(block) for block in document.blocks)
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<meta name="author" content="{escape(document.author)}">\n'
        f'<meta name="date" content="{escape(document.created)}">\n<title>{escape(document.title, quote=False)}</title>\n<style>\n'
        f"{css}</style>\n</head>\n<body>\n"
        f'{page.cover()}\n<div class="page">\n{page.contents()}\n<main>\n{body}\n<p class="note">'
        f"{escape(document.foot, quote=False)}</p>\n</main>\n</div>\n</body>\n</html>\n"
    )


class _Page:
    def __init__(self, document: Document, cache: charts.Cache) -> None:
        self.document, self.cache = document, cache

    # ── front ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def cover(self) -> str:
        cover, lang = self.document.cover, self.document.lang
        facts = "".join(f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>" for name, value in cover.facts)
        heads = "".join(f'<th scope="col">{word[lang]}</th>' for word in APPROVAL)
        rows = "".join(f"<tr>{''.join(f'<td>{_text(part) or chr(0x2014)}</td>' for part in row)}</tr>" for row in cover.approval)
        approval = f'<table class="approval"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>' if cover.approval else ""
        notice = f'<p class="notice">{_text(cover.notice)}</p>' if cover.notice else ""
        return (
            f'<header class="cover"><p>{_text(cover.company)}</p><h1>{_text(cover.title)}</h1><p class="kind">{_text(cover.kind)}</p></header>\n'
            f'<section class="facts">{self._stages(cover.strip)}<dl>{facts}</dl>{approval}{notice}</section>'
        )

    def contents(self) -> str:
        lang = self.document.lang
        entries = "".join(
            f'<li class="level-{heading.level}"><a href="#{escape(heading.anchor)}">{_numbered(heading, lang)}</a></li>'
            for heading in self.document.headings()
            if heading.level <= 2
        )
        side = f'<aside class="toc"><nav class="wide" aria-label="{CONTENTS[lang]}"><ol>{entries}</ol></nav></aside>'
        return side + f'<details class="toc"><summary>{CONTENTS[lang]}</summary><ol>{entries}</ol></details>'

    # ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                new = ' class="new-page"' if block.new_page else ""
                return f'\n<h{block.level} id="{escape(block.anchor)}"{new}>{_numbered(block, self.document.lang)}</h{block.level}>\n'
            case Para():
                return f"<p{_classes('lead' if block.lead else '')}>{self.line(block.spans)}</p>\n"
            case Items():
                tag = "ol" if block.ordered else "ul"
                return f"<{tag}>{''.join(f'<li>{self.line(item)}</li>' for item in block.items)}</{tag}>\n"
            case Table():
                return self._table(block)
            case Figure():
                return self._figure(block)
            case Callout():
                family = "accent" if block.kind == "brand" else STATES[block.kind].family
                before, after = title_parts(block, self.document.lang)
                title = _text(before) + (f'<span class="state">{_mark(block.kind)}</span>' if after else "") + _text(after)
                inside = "".join(self.block(each) for each in block.blocks)
                return f'<aside class="callout k-{family}"><p class="title">{title}</p>{inside}</aside>\n'
            case Quote():
                return f"<blockquote><p>{_text(block.text)}</p><footer>{_text(block.by)}</footer></blockquote>\n"
            case StageStrip():
                return self._stages(block)

    def _stages(self, given: StageStrip) -> str:
        cells = []
        for index, (name, state, word) in enumerate(given.cells):
            here = index == given.now
            below = _text(word) if here else _state(State(state, word))
            current = ' aria-current="step"' if here else ""
            cells.append(f"<li{current}><b>{_text(name)}</b>{below}</li>")
        return f'<ol class="stages">{"".join(cells)}</ol>\n'

    def _table(self, table: Table) -> str:
        kind = "matrix" if table.matrix else "cards" if len(table.columns) > 3 else ""
        cols = "".join(f'<col width="{column.width * 4.4:.0f}">' if column.width else "<col>" for column in table.columns)
        heads = "".join(f'<th scope="col"{_classes(column.align, "keep" if column.keep else "")}>{_text(column.head)}</th>' for column in table.columns)
        rows = "".join(self._row(table, row) for row in table.rows)
        note = f'<p class="note">{_text(table.note)}</p>' if table.note else ""
        caption = f"<b>{_text(self.document.labels[table.id])}</b>{separator(self.document.lang)}{_text(table.caption)}"
        grid = f'<table class="{kind}"><colgroup>{cols}</colgroup><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        return f'<figure class="table" id="at-{escape(table.id)}"><figcaption>{caption}</figcaption><div class="scroll">{grid}</div>{note}</figure>\n'

    def _row(self, table: Table, row: tuple[Line, ...]) -> str:
        cells = []
        for index, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            if table.matrix:
                letters = plain(cell).strip()
                cells.append(f"<td{_classes(f'is-{letters[0]}' if index and letters[:1] in ('A', 'R', 'I') and letters else '')}>{self.line(cell)}</td>")
                continue
            size = len(plain(cell))
            wide = "full" if index == 0 or size > 24 else ""
            name = f' data-name="{escape(column.head)}"' if index and column.head else ""
            cells.append(f"<td{_classes(column.align, 'keep' if column.keep else '', wide, '' if index else 'head')}{name}>{self.line(cell)}</td>")
        return f"<tr>{''.join(cells)}</tr>"

    def for_a_phone(self, chart: Mapping[str, Any]) -> str:
        """Drawn anew at the width of a phone; half as wide again, and scaled down, where its labels leave no room for the plot."""
        drawn = charts.svg(chart, width=PHONE, cache=self.cache)
        return drawn if "NaN" not in drawn else charts.svg(chart, width=PHONE * 3 // 2, cache=self.cache)

    def _figure(self, figure: Figure) -> str:
        picture = figure.svg if figure.svg is not None else charts.svg(figure.chart or {}, cache=self.cache)
        drawn = inline(picture, figure.alt, figure.id)
        if figure.chart is not None and (narrow := self.for_a_phone(figure.chart)) != picture:
            drawn = f'<div class="desk">{drawn}</div><div class="phone">{inline(narrow, figure.alt, f"{figure.id}-phone")}</div>'
        wide = " wide-picture" if figure.svg is not None and figure.width >= 0.95 else ""
        note = f'<span class="note">{_text(figure.note)}</span>' if figure.note else ""
        caption = f"<b>{_text(self.document.labels[figure.id])}</b>{separator(self.document.lang)}{_text(figure.caption)}{note}"
        return f'<figure class="picture{wide}" id="at-{escape(figure.id)}"><div class="frame">{drawn}</div><figcaption>{caption}</figcaption></figure>\n'

    # ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def line(self, spans: Line) -> str:
        return "".join(self._span(span) for span in spans)

    def _span(self, span: Span) -> str:
        match span:
            case Text():
                made = _text(bound(span.text))
                made = f"<code>{made}</code>" if span.code else made
                made = f"<b>{made}</b>" if span.strong else made
                return f'<span class="mute">{made}</span>' if span.mute else made
            case State():
                return _state(span)
            case Strip():
                return themed(strip(span, 26.0)).replace("<svg ", '<svg class="strip" ', 1)
            case Ref():
                return f'<a class="keep" href="#at-{escape(span.target)}">{_text(label(self.document, span.target))}</a>'
            case Break():
                return "<br>"


def plain(line: Line) -> str:
    """The text of a line without its marks and drawings."""
    words = (span.text if isinstance(span, Text) else span.word if isinstance(span, State) else " " if isinstance(span, Break) else "" for span in line)
    return "".join(words)


_SIZE = re.compile(r"<svg([^>]*)>")
_ID = re.compile(r'\bid="([^"]+)"')


def inline(picture: str, alt: str, name: str) -> str:
    """An SVG made fit for a page: tokens for colours, a title, ids that no other drawing has, no script, nothing from elsewhere."""
    picture = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<script.*?</script>|<title>.*?</title>", "", picture, flags=re.DOTALL).strip()
    picture = re.sub(r'\s(?:on\w+|aria-label|role)="[^"]*"', "", picture)
    for old in set(_ID.findall(picture)):
        new = re.sub(r"[^\w-]", "-", f"{name}-{old}")
        picture = picture.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})").replace(f'href="#{old}"', f'href="#{new}"')
    return _SIZE.sub(lambda found: f'<svg{found[1]} role="img"><title>{escape(alt, quote=False)}</title>', themed(picture), count=1)


def _mark(state: str) -> str:
    return themed(state_svg(state)).replace("<svg ", '<svg aria-hidden="true" ', 1)


def _state(span: State) -> str:
    return f'<span class="state s-{STATES[span.state].family}">{_mark(span.state)}{_text(span.word)}</span>'


def _numbered(heading: Heading, lang: str) -> str:
    if not heading.number:
        return _text(heading.text)
    gap = "" if lang == "zh" and heading.number[-1] in "、）" else " " if lang == "zh" else "\u2002"
    return _text(heading.number) + gap + _text(heading.text)


def _classes(*names: str) -> str:
    kept = [name for name in names if name and name != "left"]
    return f' class="{" ".join(kept)}"' if kept else ""


def _text(text: str) -> str:
    return escape(text, quote=False)
