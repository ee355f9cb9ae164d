"""Characters that the shipped fonts do not have: found, named, and replaced by a visible mark, so that no document ever shows a box."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from stageway.document.outline import Document, State, Text
from stageway.document.states import STATES

#: 〓, the sign that typesetters put where a character is missing
MARK = "\u3013"


@dataclass(frozen=True, slots=True)
class Replaced:
    """A text (or document) that can be set, and what was replaced in it, each once, in order: (character, its name)."""

    made: Any
    missing: tuple[tuple[str, str], ...]


@cache
def _ranges() -> tuple[tuple[int, ...], tuple[int, ...]]:
    lines = (files("stageway.document") / "fonts" / "covered.txt").read_text(encoding="ascii").split()
    pairs = [tuple(int(end, 16) for end in line.split("-")) for line in lines]
    return tuple(first for first, _ in pairs), tuple(last for _, last in pairs)


def covered(char: str) -> bool:
    """Whether all three shipped fonts have the character; line ends and tabs need none."""
    if char in "\n\t\r":
        return True
    firsts, lasts = _ranges()
    index = bisect_right(firsts, ord(char)) - 1
    return index >= 0 and ord(char) <= lasts[index]


def name_of(char: str) -> str:
    """`U+1F600 GRINNING FACE`."""
    return f"U+{ord(char):04X} {unicodedata.name(char, 'no name')}"


def in_text(text: str) -> Replaced:
    """Each uncovered character becomes the mark; what only joins or varies another (ZWJ, variation selectors) goes without one."""
    if text.isascii():
        return Replaced(text, ())
    missing = list(dict.fromkeys(char for char in text if not covered(char)))
    if not missing:
        return Replaced(text, ())
    table = {ord(char): "" if unicodedata.category(char) in ("Mn", "Me", "Cf") else MARK for char in missing}
    return Replaced(text.translate(table), tuple((char, name_of(char)) for char in missing))


def in_document(document: Document) -> Replaced:
    """The whole document with every text that can be set; drawings and charts hold texts of the same sources and are gone through too."""
    found: dict[str, str] = {}
    return Replaced(_walk(document, found), tuple(found.items()))


def _walk(value: Any, found: dict[str, str]) -> Any:
    if isinstance(value, str):
        done = in_text(value)
        found.update(done.missing)
        return done.made
    if is_dataclass(value) and not isinstance(value, type):
        parts = {part.name: getattr(value, part.name) for part in fields(value)}
        made = {name: _walk(part, found) for name, part in parts.items()}
        changed = {name: part for name, part in made.items() if part is not parts[name]}
        return replace(value, **changed) if changed else value
    if isinstance(value, tuple) and any(isinstance(part, Text) and any(char in _marks() for char in part.text) for part in value):
        value = tuple(piece for part in value for piece in (_drawn(part) if isinstance(part, Text) else (part,)))
    if isinstance(value, tuple | list):
        items = [_walk(part, found) for part in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else type(value)(items)
    if isinstance(value, dict):
        return {_walk(key, found): _walk(part, found) for key, part in value.items()}
    return value


def _drawn(span: Text) -> tuple[Text | State, ...]:
    """A typed mark that no font has (☒, ⊝, ↺ …) becomes the drawn shape of its state."""
    marks = _marks()
    pieces: list[Text | State] = []
    for part in re.split(f"([{re.escape(''.join(marks))}])", span.text):
        if part in marks:
            pieces.append(State(marks[part], ""))
        elif part:
            pieces.append(replace(span, text=part))
    return tuple(pieces)


@cache
def _marks() -> dict[str, str]:
    known = ((look.plain, state) for state, look in reversed(STATES.items()))
    return {plain: state for plain, state in known if not covered(plain)}
