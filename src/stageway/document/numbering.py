"""Numbers of tables and figures by chapter, and the labels that references print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from stageway.document.outline import Block, Callout, Document, Figure, Heading, Table
from stageway.evidence import DefinitionError, Lang, Words

WORDS: Mapping[str, Words] = {"table": Words("表", "Table"), "figure": Words("图", "Figure")}


def numbered(document: Document) -> Document:
    """The document with every table and figure numbered `7-1` within its chapter, and with a label for each id. Already numbered: unchanged.

    Chapters of the same `chapter` share one count: version history and summary are both 0. An id used twice is a DefinitionError.
    """
    count = _Count(document.lang)
    blocks = count.through(document.blocks)
    return replace(document, blocks=blocks, labels=count.labels)


def label(document: Document, target: str) -> str:
    """What a reference prints, `表 5-1` or `Figure 7-1`. A reference to nothing is a DefinitionError."""
    found = document.labels.get(target)
    if found is None:
        raise DefinitionError(
            "reference_to_nothing",
            Words(f"正文引用了“{target}”，文中没有这个表或图", f'the text refers to "{target}", which is no table or figure of this document'),
            todo=Words("改正引用，或补上这个表或图", "correct the reference, or add that table or figure"),
        )
    return found


def separator(lang: Lang) -> str:
    """Between the number and the words of a caption: one em."""
    return "\u3000" if lang == "zh" else "\u2003"


class _Count:
    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self.chapter = "0"
        self.used: dict[tuple[str, str], int] = {}
        self.labels: dict[str, str] = {}

    def through(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(self._one(block) for block in blocks)

    def _one(self, block: Block) -> Block:
        if isinstance(block, Heading) and block.level == 1:
            self.chapter = block.chapter
        if isinstance(block, Table):
            return replace(block, number=self._number("table", block.id, block.number))
        if isinstance(block, Figure):
            return replace(block, number=self._number("figure", block.id, block.number))
        if isinstance(block, Callout):
            return replace(block, blocks=self.through(block.blocks))
        return block

    def _number(self, kind: str, id: str, given: str) -> str:
        if id in self.labels:
            raise DefinitionError(
                "id_used_twice",
                Words(f"表或图的编号名“{id}”用了两次", f'the id "{id}" is used by two tables or figures'),
                todo=Words("给其中一个换一个名字", "give one of them another id"),
            )
        key = (kind, self.chapter)
        self.used[key] = self.used.get(key, 0) + 1
        number = given or f"{self.chapter}-{self.used[key]}"
        self.labels[id] = f"{WORDS[kind][self.lang]} {number}"
        return number


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """All blocks, those inside callouts too."""
    for block in blocks:
        yield block
        if isinstance(block, Callout):
            yield from walk(block.blocks)
