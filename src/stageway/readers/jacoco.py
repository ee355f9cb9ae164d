"""JaCoCo XML: one row a line of a source file, from the `line` elements (mi, ci: missed and covered instructions; mb, cb: branches).

A line counts as covered if at least one of its instructions ran, as JaCoCo's own LINE counter has it. JaCoCo does not count runs, so `hits`
is missing. `module` is the way of groups in an aggregated report. Classes compiled without line numbers have no lines at all, and a warning
says so. Columns: see `covered`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stageway.evidence import Warning, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.covered import Line, Lines, claims, count, path_in_report, wrong_root
from stageway.readers.files import files_of
from stageway.readers.head import xml_root
from stageway.readers.xml import LIMITS, Limits, parse


class _Listener:
    def __init__(self, path: Path, lines: Lines) -> None:
        self.path, self.lines = path, lines
        self.stack: list[str] = []
        self.groups: list[str] = []
        self.package = self.source = ""
        self.claimed: tuple[int, int] | None = None
        self.classes = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self.stack and tag != "report":
            raise wrong_root(self.path, "JaCoCo", tag, "<report>")
        parent = self.stack[-1] if self.stack else None
        self.stack.append(tag)
        name = attributes.get("name", "")
        if tag == "group":
            self.groups.append(name)
        elif tag == "package":
            self.package = name
        elif tag == "class":
            self.classes += 1
        elif tag == "sourcefile":
            self.source = name
        elif tag == "line" and parent == "sourcefile":
            self._line(attributes)
        elif tag == "counter" and parent == "report" and attributes.get("type") == "LINE":
            missed, covered = (count(attributes.get(side), self.path, side) for side in ("missed", "covered"))
            self.claimed = (missed + covered, covered)

    def _line(self, attributes: Mapping[str, str]) -> None:
        number = count(attributes.get("nr"), self.path, "nr")
        missed, covered, missed_branches, covered_branches = (count(attributes.get(name, "0"), self.path, name) for name in ("mi", "ci", "mb", "cb"))
        if missed + covered:
            key = ("/".join(self.groups), path_in_report(f"{self.package}/{self.source}").strip("/"), number)
            self.lines.add(key, Line(covered > 0, branches=missed_branches + covered_branches, branches_covered=covered_branches))

    def text(self, text: str) -> None:
        return None

    def end(self, tag: str) -> None:
        self.stack.pop()
        if tag == "group":
            self.groups.pop()


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """One report, or all of a folder or pattern. `given` may name `pattern` and the limits `max_bytes`, `max_depth`, `max_elements`.

    Raises DataError for XML that is unsafe, not well-formed or of another format; IncompleteError where it breaks off.
    """
    options.only(given, ("pattern", *LIMITS))
    limits = Limits.of(given)
    lines = Lines(lambda old, new: old)
    files = files_of(path, str(given.get("pattern", "**/*.xml")))
    classes = removed = 0
    claimed: list[tuple[int, int] | None] = []
    for file in files:
        listener = _Listener(file, lines)
        removed += parse(file, listener, limits).removed
        classes += listener.classes
        claimed.append(listener.claimed)
    facts = {"reports": len(files), "classes": classes, "controls_removed": removed, **lines.facts()}
    facts["claimed_lines"] = claimed[0] if len(claimed) == 1 else None
    return Reading(lines.frame(str(path)), facts, (*claims(facts["claimed_lines"], facts), *_lineless(classes, facts["lines"])))


def _lineless(classes: int, lines: int) -> tuple[Warning, ...]:
    if lines or not classes:
        return ()
    zh = "报告里有{count}个类，却没有一行：编译时没有带行号，覆盖了哪些行看不出来"
    en = "the report names classes ({count}) but no line: they were compiled without line numbers, and which lines ran cannot be seen"
    return (Warning("no_line_numbers", say(zh=zh, en=en, count=classes)),)


def recognises(path: Path) -> Words | None:
    return say(zh="根元素是 {root}", en="its root element is {root}", root="<report>") if xml_root(path)[0] == "report" else None


READER = Reader("jacoco", (".xml",), Words("JaCoCo 覆盖率报告", "JaCoCo coverage report"), read, recognises)
