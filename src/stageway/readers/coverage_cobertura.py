"""Cobertura XML (Cobertura, coverage.py, coverlet, gcovr, simplecov): one row a line of a file, counted from the lines and not from the attributes.

The lines of a class count; those of its methods repeat them and are taken only where a class has none of its own. Classes of one file
(inner classes, generics) share lines: a line counts once, with the most hits. A branch rate of 0 or 1 that no line explains is unknown.
Columns: see `covered`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Warning, Where, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.covered import Line, Lines, claims, count, path_in_report, wrong_root
from stageway.readers.files import files_of
from stageway.readers.head import xml_root
from stageway.readers.xml import LIMITS, Limits, parse

CONDITIONS = re.compile(r"\((\d{1,9})\s*/\s*(\d{1,9})\)")


class _Listener:
    """Adds the lines of one file to `lines` from the parser's events."""

    def __init__(self, path: Path, lines: Lines) -> None:
        self.path, self.lines = path, lines
        self.stack: list[str] = []
        self.root: Mapping[str, str] = {}
        self.file = ""
        self.own: dict[int, list[Line]] = {}
        self.of_methods: dict[int, list[Line]] = {}
        self.classes = self.unmeasured = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self.stack:
            if tag != "coverage" or "clover" in attributes:
                raise wrong_root(self.path, "Cobertura", tag + (" clover" if tag == "coverage" else ""), "<coverage>, <packages>")
            self.root = attributes
        self.stack.append(tag)
        if tag == "class":
            self.file = path_in_report(attributes.get("filename", ""))
            if not self.file:
                what = say(zh="有一个类没有写文件名", en="a class does not name its file")
                raise DataError("file_unnamed", what, where=Where(file=str(self.path), value=attributes.get("name", "")[:60]))
            self.classes += 1
            self.own, self.of_methods = {}, {}
        elif tag == "line" and "class" in self.stack:
            self._line(attributes, self.of_methods if "method" in self.stack else self.own)

    def _line(self, attributes: Mapping[str, str], into: dict[int, list[Line]]) -> None:
        number = count(attributes.get("number"), self.path, "number", low=0)
        hits = _hits(attributes.get("hits"), self.path)
        line = Line(hits > 0, float(hits))
        if attributes.get("branch", "").strip().lower() == "true":
            found = CONDITIONS.search(attributes.get("condition-coverage", ""))
            if found is None or int(found[1]) > int(found[2]):
                self.unmeasured += 1
            else:
                line.branches_covered, line.branches = int(found[1]), int(found[2])
        into.setdefault(number, []).append(line)

    def text(self, text: str) -> None:
        return None

    def end(self, tag: str) -> None:
        self.stack.pop()
        if tag == "class":
            for number, lines in (self.own or self.of_methods).items():
                for line in lines:
                    self.lines.add(("", self.file, number), line)


def _hits(text: str | None, path: Path) -> int:
    """Whole hits; gcov writes negative ones for an overflow, which ran all the same only where it says a number above 0."""
    plain = (text or "").strip()
    if plain.startswith("-") and plain[1:].isdecimal():
        return 0
    return count(plain.removesuffix(".0"), path, "hits")


def _claimed(root: Mapping[str, str]) -> tuple[int, int] | None:
    told = [root.get(name, "").strip() for name in ("lines-valid", "lines-covered")]
    return (int(told[0]), int(told[1])) if all(t.isascii() and t.isdigit() and len(t) < 12 for t in told) else None


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """One report, or all of a folder or pattern. `given` may name `pattern` and the limits `max_bytes`, `max_depth`, `max_elements`.

    Raises DataError for XML that is unsafe, not well-formed or of another format; IncompleteError where it breaks off.
    """
    options.only(given, ("pattern", *LIMITS))
    limits = Limits.of(given)
    lines = Lines(_most)
    files = files_of(path, str(given.get("pattern", "**/*.xml")))
    classes = unmeasured = removed = 0
    roots = []
    for file in files:
        listener = _Listener(file, lines)
        removed += parse(file, listener, limits).removed
        classes, unmeasured = classes + listener.classes, unmeasured + listener.unmeasured
        roots.append(listener.root)
    facts = {"reports": len(files), "classes": classes, "controls_removed": removed, "branches_unmeasured": unmeasured, **lines.facts()}
    facts["claimed_lines"] = _claimed(roots[0]) if len(roots) == 1 else None
    return Reading(lines.frame(str(path)), facts, (*claims(facts["claimed_lines"], facts), *_unmeasured(unmeasured)))


def _most(old: float, new: float) -> float:
    return new if math.isnan(old) else max(old, new)


def _unmeasured(lines: int) -> tuple[Warning, ...]:
    if not lines:
        return ()
    text = say(
        zh="有{lines}行标了分支却没有写条件数，分支覆盖率不含它们",
        en="lines marked as branches without a count of conditions ({lines}) are left out of the branch coverage",
        lines=f"{lines:,}",
    )
    return (Warning("branches_unmeasured", text),)


def recognises(path: Path) -> Words | None:
    """Clover's root is `<coverage>` too, and names its own version."""
    tag, attributes = xml_root(path)
    if tag != "coverage" or "clover=" in attributes:
        return None
    return say(zh="根元素是 {root}", en="its root element is {root}", root="<coverage>")


READER = Reader("coverage_cobertura", (".xml",), Words("Cobertura 覆盖率报告", "Cobertura coverage report"), read, recognises)
