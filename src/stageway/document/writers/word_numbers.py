"""Heading numbers as Word counts them: automatic where the list arrives at the same number, restarted or written out where it does not."""

from __future__ import annotations

from typing import Any

from docx.oxml import parse_xml

from stageway.document.outline import Heading
from stageway.document.writers.word_styles import HEADING_NUMBERS, ORDERED
from stageway.document.writers.word_xml import NAMESPACES
from stageway.evidence import Lang

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """1 to 99 as Chinese counts them: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones or not tens else "")


class HeadingNumbers:
    """Follows the list from heading to heading; `xml` gives the paragraph's numbering properties and the number to write out, if any."""

    def __init__(self, lang: Lang, lists: Any) -> None:
        self.lang: Lang = lang
        self.lists = lists
        self.now = [0, 0, 0]
        self.list_id = HEADING_NUMBERS
        self.next_id = 10

    def xml(self, heading: Heading) -> tuple[str, str]:
        level = heading.level - 1
        if not heading.number:
            return _none(), ""
        counted = [*self.now[:level], self.now[level] + 1, *([0] * (2 - level))]
        if self._printed(counted, level) == heading.number.strip():
            self.now = counted
            return self._here(level), ""
        for start in range(1, 60):
            other = [*self.now[:level], start, *([0] * (2 - level))]
            if self._printed(other, level) == heading.number.strip():
                self.now = other
                self.list_id = self.fresh(HEADING_NUMBERS, level, other[: level + 1])
                return self._here(level), ""
        gap = "" if heading.number[-1:].isspace() or heading.number[-1:] in "、）" else "\u2002"
        return _none(), heading.number + gap

    def ordered(self) -> int:
        """A fresh list for ordered items, so that each begins at 1."""
        return self.fresh(ORDERED, 0, [1])

    def fresh(self, kind: int, level: int, starts: list[int]) -> int:
        number, self.next_id = self.next_id, self.next_id + 1
        over = "".join(
            f'<w:lvlOverride w:ilvl="{index}"><w:startOverride w:val="{max(start, 1)}"/></w:lvlOverride>'
            for index, start in enumerate(starts)
            if index <= level
        )
        self.lists.append(parse_xml(f'<w:num {NAMESPACES} w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{over}</w:num>'))
        return number

    def _here(self, level: int) -> str:
        if self.list_id == HEADING_NUMBERS:
            return ""
        return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{self.list_id}"/></w:numPr>'

    def _printed(self, numbers: list[int], level: int) -> str:
        if self.lang == "en":
            return ".".join(str(number) for number in numbers[: level + 1])
        number = numbers[level]
        return (f"{chinese(number)}、", f"（{chinese(number)}）", f"{number}.")[level]


def _none() -> str:
    return '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr><w:ind w:left="0" w:firstLine="0"/>'
