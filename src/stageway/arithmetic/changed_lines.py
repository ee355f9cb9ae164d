"""Covered lines by file, and which of them are lines that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from stageway.evidence import Frame, Words

FileKey = tuple[str, str]


@dataclass(frozen=True)
class Tally:
    """Lines that can run and those that did; branches and those taken."""

    lines: int = 0
    covered: int = 0
    branches: int = 0
    taken: int = 0

    @property
    def uncovered(self) -> int:
        return self.lines - self.covered

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.lines + other.lines, self.covered + other.covered, self.branches + other.branches, self.taken + other.taken)


@dataclass(frozen=True)
class Covered:
    """`files`: (module, file) → line → its tally; `repeated`: how many rows told a line again."""

    files: Mapping[FileKey, Mapping[int, Tally]]
    repeated: int

    def of(self, key: FileKey) -> Tally:
        return sum(self.files[key].values(), Tally())

    def all(self) -> Tally:
        return sum((self.of(key) for key in self.files), Tally())


@dataclass(frozen=True)
class Changed:
    """The changed lines that can run, by file; the changed files that the report does not know, and those that fit several of its files."""

    files: Mapping[FileKey, Tally]
    unknown: tuple[str, ...]
    ambiguous: tuple[str, ...]

    def all(self) -> Tally:
        return sum(self.files.values(), Tally())


def covered_of(table: Frame) -> Covered:
    """From rows (file, line, covered, branches, branches_covered, module). DataError for a cell that is missing or impossible."""
    files, lines, covered = table["file"].tolist(), table["line"].tolist(), table["covered"].tolist()
    modules = table["module"].tolist() if "module" in table else [None] * len(table)
    empty = np.full(len(table), np.nan)
    branches, taken = (table[name].tolist() if name in table else empty.tolist() for name in ("branches", "branches_covered"))
    made: dict[FileKey, dict[int, Tally]] = {}
    repeated = 0
    for i, (file, line) in enumerate(zip(files, lines, strict=True)):
        if file is None:
            raise table.wrong("file", i, Words("文件的路径", "the path of a file"))
        if line != line or line != int(line):
            raise table.wrong("line", i, Words("行号", "the number of a line"))
        if covered[i] != covered[i]:
            raise table.wrong("covered", i, Words("是或否：这一行有没有被执行", "yes or no: whether the line ran"))
        if taken[i] > branches[i]:
            raise table.wrong("branches_covered", i, Words("不超过该行的分支数", "no more than the line has branches"))
        measured = branches[i] == branches[i] and taken[i] == taken[i]
        one = Tally(1, int(covered[i]), int(branches[i]) if measured else 0, int(taken[i]) if measured else 0)
        known = made.setdefault((modules[i] or "", normal(file)), {})
        if (old := known.get(int(line))) is not None:
            repeated += 1
            one = Tally(1, max(old.covered, one.covered), max(old.branches, one.branches), max(old.taken, one.taken))
        known[int(line)] = one
    return Covered({key: made[key] for key in sorted(made)}, repeated)


def normal(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./")


def changed_of(covered: Covered, changed: Iterable[tuple[str, int]]) -> Changed:
    """Files are the same where one path is the end of the other; of several, the one that shares most folders. A line counts once."""
    wanted: dict[str, set[int]] = {}
    for file, line in changed:
        wanted.setdefault(normal(file), set()).add(line)
    by_name: dict[str, list[FileKey]] = {}
    for key in covered.files:
        by_name.setdefault(key[1].rpartition("/")[2], []).append(key)
    found: dict[FileKey, Tally] = {}
    unknown: list[str] = []
    ambiguous: list[str] = []
    for file in sorted(wanted):
        fitting = [(_shared(file, key[1]), key) for key in by_name.get(file.rpartition("/")[2], ())]
        most = max((shared for shared, _ in fitting), default=0)
        best = [key for shared, key in fitting if shared == most and most]
        if len(best) != 1:
            (ambiguous if best else unknown).append(file)
            continue
        lines = covered.files[best[0]]
        found[best[0]] = found.get(best[0], Tally()) + sum((lines[line] for line in sorted(wanted[file]) if line in lines), Tally())
    return Changed({key: tally for key, tally in sorted(found.items()) if tally.lines}, tuple(unknown), tuple(ambiguous))


def _shared(one: str, other: str) -> int:
    """How many parts the shorter path has where it is the end of the longer; 0 where it is not."""
    a, b = one.split("/"), other.split("/")
    least = min(len(a), len(b))
    return least if a[-least:] == b[-least:] else 0
