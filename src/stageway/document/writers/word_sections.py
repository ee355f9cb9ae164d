"""Sections of the Word document: cover, contents, a section for each chapter that begins a page, landscape for wide tables; heads and feet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.oxml import parse_xml

from stageway.document.outline import Document, Heading
from stageway.document.writers import word_front
from stageway.document.writers.word_styles import BOTTOM, LEFT, RIGHT, TEXT_WIDTH, TOP
from stageway.document.writers.word_xml import NAMESPACES, field, paragraph, run, twips


@dataclass
class _Section:
    """`chapters` are the printed titles of the chapters in it: with exactly one, programs that do not know STYLEREF show that."""

    cover: bool = False
    landscape: bool = False
    chapters: tuple[str, ...] = ()


class Sections:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.done: list[_Section] = []
        self.now = _Section(cover=True)
        self.started = False

    def after_cover(self) -> str:
        return self._close(_Section())

    def chapter(self, heading: Heading, landscape: bool) -> tuple[str, bool]:
        """What stands before a chapter, and whether it begins a page in a section of its own. The first one always leaves the contents page."""
        gap = " " if heading.number and heading.number[-1] not in "、）\u3000" else ""
        title = heading.number + gap + heading.text
        first, self.started = not self.started, True
        if first or heading.new_page:
            return self._close(_Section(landscape=landscape, chapters=(title,))), True
        before = self.turn(landscape)
        self.now.chapters = (title,) if before else (*self.now.chapters, title)
        return before, bool(before)

    def turn(self, landscape: bool) -> str:
        """To landscape before a wide table and back after it; nothing where the page lies right already."""
        return "" if self.now.landscape == landscape else self._close(_Section(landscape=landscape, chapters=self.now.chapters[-1:]))

    def last(self) -> str:
        self.done.append(self.now)
        return _properties(self.now)

    def _close(self, new: _Section) -> str:
        self.done.append(self.now)
        text = paragraph("", "Gap", '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>' + _properties(self.now))
        self.now = new
        return text

    def heads_and_feet(self, package: Any) -> None:
        for given, section in zip(self.done, package.sections, strict=True):
            if given.cover:
                section.footer.is_linked_to_previous = False
                _fill(section.footer, paragraph(f"<w:r>{word_front.notice(self.document)}</w:r>", "Footer"))
                continue
            width = 247.0 if given.landscape else TEXT_WIDTH
            section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
            tabs = word_front.tab_stop(width) if given.landscape else ""
            _fill(section.header, paragraph(run(self.document.short) + "<w:r><w:tab/></w:r>" + self._chapter(given), "Header", tabs))
            _fill(section.footer, paragraph(run(self.document.foot) + "<w:r><w:tab/></w:r>" + self._page(), "Footer", tabs))

    def _chapter(self, given: _Section) -> str:
        """Number and title of the chapter; an unnumbered one has the number 0, which is not printed."""
        shown = given.chapters[0] if len(given.chapters) == 1 else ""
        begin, middle, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))

        def code(text: str) -> str:
            return f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>'

        number = begin + code(" STYLEREF 1 \\n ") + middle + end
        choice = begin + code(" IF ") + number + code(" = 0 &quot;&quot; &quot;") + number + code("&quot; ") + middle + end
        return choice + field("STYLEREF 1", shown)

    def _page(self) -> str:
        if self.document.lang == "zh":
            return run("第") + field("PAGE", "1") + run("页　共") + field("NUMPAGES", "1") + run("页")
        return run("Page ") + field("PAGE", "1") + run(" of ") + field("NUMPAGES", "1")


def _properties(given: _Section) -> str:
    across, down = (297.0, 210.0) if given.landscape else (210.0, 297.0)
    turned = ' w:orient="landscape"' if given.landscape else ""
    top, head = (0.0, 0.0) if given.cover else (TOP, 16.0)
    bottom, foot = (BOTTOM, 14.0)
    return (
        f'<w:sectPr><w:type w:val="nextPage"/><w:pgSz w:w="{twips(across)}" w:h="{twips(down)}"{turned}/>'
        f'<w:pgMar w:top="{twips(top)}" w:right="{twips(RIGHT)}" w:bottom="{twips(bottom)}" w:left="{twips(LEFT)}" '
        f'w:header="{twips(head)}" w:footer="{twips(foot)}" w:gutter="0"/></w:sectPr>'
    )


def _fill(part: Any, text: str) -> None:
    root = part._element
    for old in list(root):
        root.remove(old)
    root.append(parse_xml(text.replace("<w:p>", f"<w:p {NAMESPACES}>", 1)))
