"""LCOV tracefiles (geninfo, coverage.py, c8, istanbul, coverlet): one row a line of a file, from the DA and BRDA records.

One SF may stand in several records (tests): hits are summed, as `lcov -a` does. Negative hits (a gcov overflow) are 0. LF and LH are
claims that are compared, not believed. The name of a branch is text and may hold commas. Columns: see `covered`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, IncompleteError, Warning, Where, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.covered import Line, Lines, count, path_in_report
from stageway.readers.files import empty, files_of
from stageway.readers.head import first_line
from stageway.readers.lines import MAX_BYTES, lines_of, sized
from stageway.readers.text import encoding_of

TAGS = frozenset(
    ("TN", "SF", "VER", "FN", "FNDA", "FNF", "FNH", "FNL", "FNA", "DA", "LF", "LH", "BRDA", "BRF", "BRH", "MCDC", "MCF", "MRF", "MRH", "MCH")
)
Branch = tuple[str, int, str]


@dataclass
class _Trace:
    lines: Lines
    branches: dict[Branch, bool] = field(default_factory=dict)
    unknown: int = 0
    records: int = 0
    negative: int = 0
    differing: int = 0


@dataclass
class _Record:
    """The record that is being read: its file, the lines told in it, and what LF claims."""

    file: str
    told: set[int] = field(default_factory=set)
    elements: int = 0
    claimed: int | None = None


def _read_one(path: Path, encoding: str, trace: _Trace) -> None:
    record: _Record | None = None
    number, seen = 0, 0
    for number, text in lines_of(path, encoding):
        line = text.strip("\ufeff \t")
        if not line or line.startswith("#"):
            continue
        tag, _, rest = line.partition(":")
        if line == "end_of_record":
            if record is None:
                raise _misplaced(path, number, line)
            trace.differing += record.claimed is not None and record.claimed not in (len(record.told), record.elements)
            record, trace.records, seen = None, trace.records + 1, seen + 1
        elif tag == "SF":
            if record is not None:
                raise _cut(path, number)
            record = _Record(path_in_report(rest))
        elif tag in ("DA", "BRDA", "LF"):
            if record is None:
                raise _misplaced(path, number, line)
            _entry(tag, rest, record, trace, path, number)
        elif tag not in TAGS:
            trace.unknown += 1
    if record is not None:
        raise _cut(path, number)
    if not seen:
        what = say(zh="文件里没有一条 LCOV 记录", en="the file holds no LCOV record")
        expected = say(zh="以 {first} 开头、以 {last} 结尾的记录", en="records from {first} to {last}", first="SF:", last="end_of_record")
        raise DataError("coverage_wrong", what, where=Where(file=str(path), line=1), expected=expected)


def _entry(tag: str, rest: str, record: _Record, trace: _Trace, path: Path, number: int) -> None:
    if tag == "LF":
        record.claimed = count(rest, path, "LF", line=number)
        return
    parts = rest.split(",")
    at = count(parts[0], path, tag, line=number)
    if tag == "DA":
        told = parts[1].strip() if len(parts) > 1 else ""
        negative = told.startswith("-")
        hits = 0 if negative and told[1:].isdecimal() else count(told, path, tag, line=number)
        trace.negative += negative
        record.told.add(at)
        record.elements += 1
        trace.lines.add(("", record.file, at), Line(hits > 0, float(hits)))
        return
    if len(parts) < 4:
        raise _misplaced(path, number, f"BRDA:{rest}")
    taken = parts[-1].strip()
    ran = taken != "-" and not taken.startswith("-") and count(taken, path, tag, line=number) > 0
    key = (record.file, at, ",".join(parts[1:-1]))
    trace.branches[key] = trace.branches.get(key, False) or ran


def _cut(path: Path, number: int) -> IncompleteError:
    what = say(zh="一条记录没有写完：缺少 {end}", en="a record breaks off: its {end} is missing", end="end_of_record")
    todo = say(zh="测试可能没有跑完；请重跑并重新导出", en="the test run may not have finished; run it again and export again")
    return IncompleteError("coverage_truncated", what, where=Where(file=str(path), line=number), todo=todo)


def _misplaced(path: Path, number: int, line: str) -> DataError:
    what = say(zh="这一行不是它该在的地方，或没有写全", en="this line does not stand where it should, or is not whole")
    expected = say(zh="{form} 之类，在 {first} 与 {last} 之间", en="something like {form}, between {first} and {last}", form="DA:12,3", first="SF:", last="end_of_record")
    return DataError("coverage_wrong", what, where=Where(file=str(path), line=number, value=line[:60]), expected=expected)


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """One tracefile, or all of a folder or pattern. `given` may name `pattern`, `encoding`, `max_bytes`.

    Raises IncompleteError where the last record is not closed, DataError with its line for a record that cannot be read.
    """
    options.only(given, ("pattern", "encoding", "max_bytes"))
    most = options.whole(given, "max_bytes", MAX_BYTES)
    trace = _Trace(Lines(_sum))
    files = files_of(path, str(given.get("pattern", "**/*.info")))
    for file in files:
        if not sized(file, most):
            raise empty(file)
        _read_one(file, encoding_of(file, given.get("encoding")), trace)
    for (file_name, at, _), ran in trace.branches.items():
        line = trace.lines.known.setdefault(("", file_name, at), Line(ran, math.nan))
        line.branches += 1
        line.branches_covered += ran
    facts = {"reports": len(files), "records": trace.records, "unknown": trace.unknown, "negative": trace.negative, **trace.lines.facts()}
    return Reading(trace.lines.frame(str(path)), facts, _warnings(trace))


def _sum(old: float, new: float) -> float:
    return old + new


def _warnings(trace: _Trace) -> tuple[Warning, ...]:
    made = []
    if trace.differing:
        zh = "有{count}个文件自称的行数与逐行数出的不同；以逐行为准，请核对报告是否完整"
        en = "files whose claimed number of lines is not that of their lines: {count}; the lines count, but check that the report is complete"
        made.append(Warning("claims_differ", say(zh=zh, en=en, count=trace.differing)))
    if trace.negative:
        zh = "有{count}行的次数为负（gcov溢出），按未执行计"
        en = "lines with negative hits ({count}, an overflow of gcov) count as not run"
        made.append(Warning("hits_negative", say(zh=zh, en=en, count=trace.negative)))
    return tuple(made)


def recognises(path: Path) -> Words | None:
    tag = first_line(path).strip().partition(":")[0]
    return say(zh="以记录 {tag} 开头", en="it begins with a record {tag}", tag=tag) if tag in ("TN", "SF") else None


READER = Reader("lcov", (".info", ".lcov"), Words("LCOV 覆盖率报告", "LCOV coverage report"), read, recognises)
