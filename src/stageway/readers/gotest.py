"""`go test -json`: a stream of events, one JSON object a line, as `cmd/test2json` describes them (go doc test2json).

One row a test as Go counts them, subtests beside the tests that hold them; suite = package, name = test. A test that began and never
ended (a panic, a time-out) is an error where its package ended; a package that failed with no failed test (it did not build, TestMain
left) is an error of the suite, and so is one that older tools only name in a plain line (`FAIL pkg [build failed]`). The same test run
again in one package (`-count`, a rerun tool) is an attempt: the last decides.
A stream in which a package never ends has broken off: IncompleteError.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from stageway.evidence import DataError, IncompleteError, Warning, Where, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.cases import LONGEST_MESSAGE, CaseRow, cases_frame
from stageway.readers.files import empty, files_of
from stageway.readers.json_document import number, words
from stageway.readers.lines import MAX_BYTES, lines_of, sized
from stageway.readers.text import encoding_of

ENDS = {"pass": "passed", "fail": "failed", "skip": "skipped", "bench": "passed"}
ACTIONS = {"start", "run", "pause", "cont", "output", "build-output", "build-fail", "attr", "artifacts", *ENDS}
UNBUILT = re.compile(r"FAIL\s+(\S+)\s+(\[(?:build|setup) failed\])\s*")
HEAD = 1 << 16


@dataclass
class _Test:
    status: str | None = None
    time_s: float | None = None
    attempts: int = 0
    failed_before: bool = False
    output: str = ""

    def begin(self) -> None:
        self.failed_before |= self.status == "failed"
        self.attempts += 1
        self.status = None

    def end(self, status: str, elapsed: float | None) -> None:
        self.status, self.time_s = status, elapsed
        self.attempts = max(self.attempts, 1)

    def message(self) -> str | None:
        lines = [line for line in self.output.splitlines() if line.strip() and not line.lstrip().startswith(("=== ", "--- "))]
        return "\n".join(lines).strip()[:LONGEST_MESSAGE] or None


@dataclass
class _Package:
    status: str | None = None
    output: str = ""
    tests: dict[str, _Test] = field(default_factory=dict)


@dataclass
class _Stream:
    packages: dict[str, _Package] = field(default_factory=dict)
    builds: dict[str, str] = field(default_factory=dict)
    events: int = 0
    other_lines: int = 0

    def take(self, event: Mapping[str, Any]) -> None:
        action, output = words(event.get("Action")), words(event.get("Output"))
        if action.startswith("build-"):
            place = words(event.get("ImportPath"))
            self.builds[place] = (self.builds.get(place, "") + output)[:LONGEST_MESSAGE]
            return
        package = self.packages.setdefault(words(event.get("Package")), _Package())
        name = words(event.get("Test"))
        if not name:
            package.output = (package.output + output)[:LONGEST_MESSAGE]
            if action in ENDS and action != "bench":
                package.status = ENDS[action]
                package.output = (self.builds.get(words(event.get("FailedBuild")), "") + package.output)[:LONGEST_MESSAGE]
            return
        test = package.tests.setdefault(name, _Test())
        if action == "run":
            test.begin()
        elif action in ENDS:
            test.end(ENDS[action], number(event.get("Elapsed")))
        elif action == "output" and len(test.output) < LONGEST_MESSAGE:
            test.output += output

    def plain(self, text: str) -> None:
        """A line between the events: older tools tell of a package that did not build only there."""
        if (unbuilt := UNBUILT.fullmatch(text)) is not None:
            self.packages.setdefault(unbuilt[1], _Package(status="failed", output=unbuilt[2]))
            self.events += 1
        elif text:
            self.other_lines += 1


def _events(path: Path, most: int) -> _Stream:
    if not sized(path, most):
        raise empty(path)
    stream = _Stream()
    for line, text in lines_of(path, encoding_of(path)):
        event = _event(text)
        if event is None:
            stream.plain(text.strip("\ufeff \t\r"))
            if stream.other_lines > 1000 and not stream.events:
                break
            continue
        if event.get("Action") not in ACTIONS:
            expected = say(zh="{known} 之一", en="one of {known}", known=", ".join(sorted(ACTIONS)))
            what = say(zh="这一行的 Action 不是 go test 的", en="the Action of this line is none of go test's")
            raise DataError("gotest_wrong", what, where=Where(file=str(path), line=line, value=words(event.get("Action"), 40)), expected=expected)
        stream.events += 1
        stream.take(event)
    if not stream.events:
        what = say(zh="文件里没有 go test -json 的事件", en="the file holds no event of go test -json")
        todo = say(zh="用 go test -json ./... > 文件 重新导出", en="export it again with go test -json ./... > FILE")
        raise DataError("gotest_wrong", what, where=Where(file=str(path)), todo=todo)
    return stream


def _event(text: str) -> Mapping[str, Any] | None:
    """The event of a line; None for what builds and tests print between the events."""
    stripped = text.strip("\ufeff \t\r")
    if not stripped.startswith("{"):
        return None
    try:
        made = json.loads(stripped, parse_constant=lambda word: None)
    except (ValueError, RecursionError):
        return None
    return made if isinstance(made, dict) and isinstance(made.get("Action"), str) and ("Package" in made or "ImportPath" in made) else None


def _rows(stream: _Stream, path: Path, file: str) -> Iterator[CaseRow]:
    for name, package in stream.packages.items():
        if package.status is None:
            what = say(zh="测试流断了：包 {name} 没有结束", en="the stream breaks off: the package {name} never ends", name=name or "(?)")
            todo = say(zh="测试没有跑完；请重跑并重新导出", en="the test run did not finish; run it again and export again")
            raise IncompleteError("gotest_truncated", what, where=Where(file=str(path)), todo=todo)
        for title, test in package.tests.items():
            status = test.status or ("error" if package.status == "failed" else "skipped")
            message = test.message() if status in ("failed", "error", "skipped") or test.failed_before else None
            time = np.nan if test.time_s is None else test.time_s
            flaky = status == "passed" and test.failed_before
            yield CaseRow(name, name, title, status, time, flaky, max(test.attempts, 1), message, file)
        if package.status == "failed" and not any(t.status in ("failed", None) or t.failed_before for t in package.tests.values()):
            yield CaseRow(name, "", name, "error", np.nan, False, 1, package.output.strip() or None, file, "suite")


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """One file, or all of a folder or pattern. `given` may name `pattern` and `max_bytes`.

    Raises IncompleteError for a stream that breaks off, DataError with file and line for one that is none.
    """
    options.only(given, ("pattern", "max_bytes"))
    most = options.whole(given, "max_bytes", MAX_BYTES)
    rows: list[CaseRow] = []
    facts = dict.fromkeys(("files", "events", "other_lines", "packages"), 0)
    for file in files_of(path, str(given.get("pattern", "**/*.json"))):
        stream = _events(file, most)
        rows += _rows(stream, file, file.relative_to(path).as_posix() if path.is_dir() else file.name)
        for name, count in (("files", 1), ("events", stream.events), ("other_lines", stream.other_lines), ("packages", len(stream.packages))):
            facts[name] += count
    return Reading(cases_frame(rows, str(path)), facts, _warnings(facts["other_lines"]))


def _warnings(other: int) -> tuple[Warning, ...]:
    if not other:
        return ()
    text = say(zh="有{count}行不是测试事件，已略过", en="{count} lines are no test events and were passed over", count=other)
    return (Warning("lines_passed_over", text),)


def recognises(path: Path) -> Words | None:
    with path.open("rb") as stream:
        head = stream.read(HEAD).decode("utf-8", "replace")
    whole = head.splitlines()[: None if len(head) < HEAD else -1]
    if any((event := _event(line)) is not None and event["Action"] in ACTIONS for line in whole[:50]):
        return say(zh="每行一个事件，有 Action 和 Package：go test -json", en="each line is an event with Action and Package: go test -json")
    return None


READER = Reader("gotest", (".json", ".ndjson", ".jsonl"), Words("go test -json 测试流", "go test -json stream"), read, recognises)
