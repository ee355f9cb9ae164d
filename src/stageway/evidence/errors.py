"""One family of errors, one sentence: what is wrong · where · what was expected · what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches

from stageway.evidence.words import Lang, Words


@dataclass(frozen=True, slots=True)
class Where:
    """A place in somebody's file. `line` counts lines of a text file, `row` counts records of a table (the header is not one).

    `part` names what stands there where that says more than a line: a requirement (`IA4.1`), a section (`design.findings`), a path of keys.
    """

    file: str | None = None
    line: int | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    part: str | None = None

    def words(self, lang: Lang) -> str:
        names = {"zh": ("第{}行", "第{}条", "列“{}”", "值“{}”"), "en": ("line {}", "row {}", 'column "{}"', 'value "{}"')}[lang]
        parts = [self.file] if self.file else []
        for form, part in zip(names, (self.line, self.row, self.column, self.value), strict=True):
            if part is not None:
                parts.append(form.format(part))
        if self.part:
            parts.append(self.part)
        return ("，" if lang == "zh" else ", ").join(parts)


class StagewayError(Exception):
    """Something the user can mend. `code` is stable; the sentence comes in both languages."""

    def __init__(self, code: str, what: Words, *, where: Where | None = None, expected: Words | None = None, todo: Words | None = None) -> None:
        self.code, self.what, self.where, self.expected, self.todo = code, what, where, expected, todo
        super().__init__(self.sentence("en"))

    def sentence(self, lang: Lang) -> str:
        """The whole message, ready to be printed."""
        zh = lang == "zh"
        parts = [self.what[lang].rstrip("。.")]
        if self.where is not None and (place := self.where.words(lang)):
            parts.append(("位置：" if zh else "at ") + place)
        if self.expected is not None:
            parts.append(("应为：" if zh else "expected ") + self.expected[lang].rstrip("。."))
        if self.todo is not None:
            parts.append(self.todo[lang].rstrip("。."))
        if zh:
            return "。".join(parts) + "。"
        return " ".join((p[0].upper() + p[1:] if i else p) + ("" if p.endswith("?") else ".") for i, p in enumerate(parts))

    def at(self, where: Where) -> StagewayError:
        """The same error, placed: the fields of `where` fill those that are still open."""
        old = self.where or Where()
        filled = replace(where, **{f.name: mine for f in fields(Where) if (mine := getattr(old, f.name)) is not None})
        return type(self)(self.code, self.what, where=filled, expected=self.expected, todo=self.todo)


class DataError(StagewayError):
    """A file or a table that cannot be read as what it was said to be."""


class IncompleteError(DataError):
    """A report that breaks off: what it would have said is unknown, so evidence from it is not evaluable rather than wrong."""


class ParamError(StagewayError):
    """A parameter that a method cannot take."""


class DefinitionError(StagewayError):
    """A product, template, item or criterion that is written wrongly."""


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names that look most like `name`, best first; empty if none is near."""
    pool = sorted(set(known))
    lowered = {each.lower(): each for each in pool}
    return [lowered[hit] for hit in get_close_matches(name.lower(), lowered, n=count, cutoff=0.5)]


def did_you_mean(name: str, known: Iterable[str]) -> Words:
    """What to do about a misspelt name: the nearest right ones, or the list where none is near."""
    pool = sorted(set(known))
    near = nearest(name, pool)
    shown = near or pool[:12]
    if not shown:
        return Words("此处没有可用的名称", "nothing of this kind is declared here")
    zh = "、".join(shown) + ("" if near or len(pool) <= 12 else " 等")
    en = ", ".join(shown) + ("" if near or len(pool) <= 12 else ", …")
    return Words(f"您是否要写：{zh}", f"did you mean {en}?") if near else Words(f"可用的名称：{zh}", f"known here are {en}")
