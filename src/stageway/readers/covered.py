"""What every coverage format comes down to: which lines of which file can run, which did, and how many of their branches were taken.

Columns: module (empty where the format has none), file (with `/`), line, covered, hits (missing where the format does not count runs),
branches, branches_covered (both missing on a line without a measured branch).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from stageway.evidence import DataError, Frame, Warning, Where, say

Key = tuple[str, str, int]


@dataclass(slots=True)
class Line:
    covered: bool
    hits: float = float("nan")
    branches: int = 0
    branches_covered: int = 0


@dataclass
class Lines:
    """The lines of all files read so far; a line that is told twice is joined by `join` (old hits, new hits → hits)."""

    join: Callable[[float, float], float]
    known: dict[Key, Line] = field(default_factory=dict)

    def add(self, key: Key, line: Line) -> None:
        old = self.known.get(key)
        if old is None:
            self.known[key] = line
            return
        old.covered |= line.covered
        old.hits = self.join(old.hits, line.hits)
        old.branches = max(old.branches, line.branches)
        old.branches_covered = max(old.branches_covered, line.branches_covered)

    def facts(self) -> dict[str, Any]:
        """Counts; the branches are None where no line has a measured one: unknown, not 0%."""
        lines = self.known.values()
        branches = sum(line.branches for line in lines)
        return {
            "files": len({key[:2] for key in self.known}),
            "lines": len(self.known),
            "lines_covered": sum(line.covered for line in lines),
            "branches": branches or None,
            "branches_covered": sum(line.branches_covered for line in lines) if branches else None,
        }

    def frame(self, source: str) -> Frame:
        rows = [self.known[key] for key in self.known]
        measured = np.array([line.branches > 0 for line in rows], dtype=bool)

        def texts(values: list[str]) -> Any:
            made = np.empty(len(values), dtype=object)
            made[:] = values
            return made

        return Frame(
            {
                "module": texts([key[0] for key in self.known]),
                "file": texts([key[1] for key in self.known]),
                "line": np.array([key[2] for key in self.known], dtype=np.int64),
                "covered": np.array([line.covered for line in rows], dtype=bool),
                "hits": np.array([line.hits for line in rows], dtype=np.float64),
                "branches": np.where(measured, np.array([line.branches for line in rows], dtype=np.float64), np.nan),
                "branches_covered": np.where(measured, np.array([line.branches_covered for line in rows], dtype=np.float64), np.nan),
            },
            source,
        )


def path_in_report(text: str) -> str:
    """A file's path with `/`, without `./` before it."""
    return text.strip().replace("\\", "/").removeprefix("./")


def count(text: str | None, path: Path, name: str, *, line: int | None = None, low: int = 0) -> int:
    """A whole number as written. DataError names the file and the value."""
    plain = (text or "").strip()
    if plain.isascii() and plain.isdigit() and len(plain) < 19 and int(plain) >= low:
        return int(plain)
    what = say(zh="报告里“{name}”的值不是数", en='the report holds no number as "{name}"', name=name)
    expected = say(zh="不小于{low}的整数", en="a whole number of at least {low}", low=low)
    raise DataError("count_wrong", what, where=Where(file=str(path), line=line, value=plain[:40]), expected=expected)


def claims(claimed: tuple[int, int] | None, facts: dict[str, Any]) -> tuple[Warning, ...]:
    """A warning where a report's own totals (lines, covered) are not those of its lines."""
    if claimed is None or claimed == (facts["lines"], facts["lines_covered"]):
        return ()
    text = say(
        zh="报告自称{their}行、覆盖{their_covered}行，逐行只数到{lines}行、{covered}行；以逐行为准，请核对报告是否完整",
        en="the report claims {their} lines with {their_covered} covered, its lines show {lines} with {covered}; the lines count, but check that it is complete",
        their=f"{claimed[0]:,}",
        their_covered=f"{claimed[1]:,}",
        lines=f"{facts['lines']:,}",
        covered=f"{facts['lines_covered']:,}",
    )
    return (Warning("claims_differ", text),)


def wrong_root(path: Path, format: str, tag: str, expected: str) -> DataError:
    what = say(zh="这不是 {format} 报告：根元素是 <{tag}>", en="this is not a {format} report: its root element is <{tag}>", format=format, tag=tag[:60])
    return DataError("coverage_wrong", what, where=Where(file=str(path), line=1), expected=say(zh="{root}", en="{root}", root=expected))
