"""JUnit XML as test tools really write it: one row a test case, counted from the elements and not from the attributes.

Facts of the format: `knowledge` of Surefire, pytest, jest, Go, node, PHPUnit and GoogleTest reports; there is no authoritative schema.
Columns: suite, classname, name, status (passed, failed, error, skipped), time_s, flaky, attempts, message, file, scope
(`case`, or `suite` for an error of a suite outside its cases, which is no case but must not be lost).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from stageway.evidence import DataError, Frame, Warning, Where, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.cases import LONGEST_MESSAGE, SEVERITY, CaseRow, cases_frame
from stageway.readers.files import files_of
from stageway.readers.xml import LIMITS, Limits, parse

ROOTS = ("testsuites", "testsuite", "testrun")
#: Whose root it is, where it is not ours: the reader that takes the file.
OTHERS = {"coverage": "coverage_cobertura", "report": "jacoco", "testResults": "jmeter"}
OUTCOMES = {"error": "error", "failure": "failed", "skipped": "skipped", "disabled": "skipped", "ignored": "skipped"}
RETRIES = ("flakyFailure", "flakyError", "rerunFailure", "rerunError")
#: What `status` or `result` of a test case say where no child element does (GoogleTest, CTest).
SPOKEN = {
    **dict.fromkeys(("notrun", "disabled", "skipped", "ignored", "suppressed"), "skipped"),
    **dict.fromkeys(("fail", "failed", "failure"), "failed"),
    **dict.fromkeys(("error", "errored", "broken"), "error"),
}


@dataclass
class _Case:
    classname: str
    name: str
    time_s: float | None
    status: str
    message: str = ""
    retries: int = 0
    passed_on_retry: bool = False
    attempts: int = 1

    @property
    def flaky(self) -> bool:
        return self.status == "passed" and (self.passed_on_retry or self.attempts > 1)


@dataclass
class _Suite:
    name: str
    path: str
    is_suite: bool
    attributes: Mapping[str, str]
    cases: list[_Case] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    marked: bool = False
    children: int = 0


def _other(root: str, attributes: Mapping[str, str]) -> Words | None:
    reader = OTHERS.get(root) if "clover" not in attributes else None
    return say(zh="这个根元素属于读取器 {reader}：写 reader: {reader}", en="this root belongs to the reader {reader}: write reader: {reader}", reader=reader) if reader else None


@dataclass
class _Outcome:
    """A failure, error or skip that is being read: its text counts where it has no message."""

    tag: str
    message: str
    text: str = ""


class _Listener:
    """Builds the suites of one file from the parser's events."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stack: list[str] = []
        self.open: list[_Suite] = []
        self.done: list[_Suite] = []
        self.case: _Case | None = None
        self.outcome: _Outcome | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        parent = self.stack[-1] if self.stack else None
        self.stack.append(tag)
        if parent is None and tag not in ROOTS:
            what = say(zh="这不是 JUnit 报告：根元素是 <{tag}>", en="this is not a JUnit report: its root element is <{tag}>", tag=tag[:60])
            expected = say(zh="<testsuites> 或 <testsuite>", en="<testsuites> or <testsuite>")
            raise DataError("junit_wrong", what, where=Where(file=str(self.path), line=1), expected=expected, todo=_other(tag, attributes))
        if parent is None or (tag == "testsuite" and self.case is None):
            self._open(tag, attributes)
        elif tag == "testcase" and self.case is None:
            self.case = _Case(attributes.get("classname", ""), attributes.get("name", ""), seconds(attributes.get("time")), _spoken(attributes))
            if any(name in attributes for name in ("rerun", "retry", "attempt")):
                self.open[-1].marked = True
        elif parent == "testcase" and self.case is not None:
            self._told(self.case, tag, attributes)
        elif parent in ("testsuite", "testsuites") and tag in ("error", "failure"):
            self.outcome = _Outcome(tag, attributes.get("message", ""))

    def _open(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = attributes.get("name", "").strip()
        above = self.open[-1] if self.open else None
        if above is not None:
            above.children += 1
        path = " > ".join(part for part in (above.path if above and len(self.open) > 1 else "", name) if part)
        self.open.append(_Suite(name, path, tag == "testsuite", attributes if tag == "testsuite" else {}))

    def _told(self, case: _Case, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in OUTCOMES:
            self.outcome = _Outcome(tag, attributes.get("message", ""))
        elif tag in RETRIES:
            case.retries += 1
            case.passed_on_retry |= tag.startswith("flaky")
            self.outcome = _Outcome(tag, attributes.get("message", ""))
        elif tag == "rerun":
            self.open[-1].marked = True

    def text(self, text: str) -> None:
        if self.outcome is not None and len(self.outcome.text) < LONGEST_MESSAGE:
            self.outcome.text += text[:LONGEST_MESSAGE]

    def end(self, tag: str) -> None:
        self.stack.pop()
        parent = self.stack[-1] if self.stack else None
        if self.outcome is not None and tag == self.outcome.tag and parent in ("testcase", *ROOTS):
            self._closed(self.outcome)
            self.outcome = None
        elif tag == "testcase" and self.case is not None and "testcase" not in self.stack:
            self.open[-1].cases.append(_settled(self.case))
            self.case = None
        elif self.case is None and (tag == "testsuite" or parent is None):
            self.done.append(self.open.pop())

    def _closed(self, outcome: _Outcome) -> None:
        message = (outcome.message or outcome.text).strip()[:LONGEST_MESSAGE]
        if self.case is None:
            self.open[-1].errors.append(("error" if outcome.tag == "error" else "failed", message))
            return
        status = OUTCOMES.get(outcome.tag)
        if status is None:
            self.case.message = self.case.message or message
        elif SEVERITY[status] > SEVERITY[self.case.status]:
            self.case.status, self.case.message = status, message


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """One report, or all of a folder (`pattern`, `**/*.xml` without it) or of a pattern such as `reports/*.xml`, in the order of their names.

    `given` may name `pattern`, `reruns` (auto, yes, no: whether cases of one name in one suite are attempts of one test; auto believes
    the suite's own count) and the limits `max_bytes`, `max_depth`, `max_elements` of a file.
    Raises DataError with file and line for XML that is cut off, not well-formed, unsafe, or no JUnit report.
    """
    options.only(given, ("pattern", "reruns", *LIMITS))
    reruns = given.get("reruns", "auto")
    reruns = {True: "yes", False: "no"}.get(reruns, reruns) if isinstance(reruns, bool) else reruns
    if reruns not in ("auto", "yes", "no"):
        raise options.wrong("reruns", reruns, "auto、yes 或 no", "auto, yes or no")
    limits = Limits.of(given)
    suites: list[tuple[str, _Suite]] = []
    removed = 0
    files = files_of(path, str(given.get("pattern", "**/*.xml")))
    for file in files:
        listener = _Listener(file)
        removed += parse(file, listener, limits).removed
        suites += [(_shown(file, path), suite) for suite in listener.done]
    count = Counter(len(suite.cases) for _, suite in suites)
    elements = sum(size * times for size, times in count.items())
    kept = _joined(suites, reruns)
    _name_silent_crashes([suite for _, suite in suites])
    facts = _facts([suite for _, suite in suites], elements, removed, len(files))
    facts["cases_of_one_name"] = kept
    return Reading(_frame(suites, str(path)), facts, _warnings(facts, kept))


READER = Reader("junit", (".xml",), Words("JUnit 测试报告", "JUnit test report"), read)


def seconds(text: str | None) -> float | None:
    """A duration as written: `2,503.1`, `0,25`, `1.5e3`; None for an empty, negative or unreadable one.

    One comma and no point is a decimal comma: tools print durations with decimals, and a test of 2,503 whole seconds is rare.
    """
    if text is None:
        return None
    plain = text.strip().removesuffix("s").strip()
    if "." in plain or plain.count(",") > 1:
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".")
    if not re.fullmatch(r"\+?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", plain, re.ASCII):
        return None
    value = float(plain)
    return value if np.isfinite(value) else None


def _spoken(attributes: Mapping[str, str]) -> str:
    said = [SPOKEN.get(attributes.get(name, "").strip().lower(), "passed") for name in ("status", "result")]
    return max(said, key=SEVERITY.__getitem__)


def _settled(case: _Case) -> _Case:
    """A retry that did not end well without saying so in an element of its own has failed all the same."""
    if case.retries and not case.passed_on_retry and case.status == "passed":
        case.status = "failed"
    case.attempts = 1 + case.retries
    return case


def _shown(file: Path, path: Path) -> str:
    return file.relative_to(path).as_posix() if path.is_dir() else file.name


def _joined(suites: list[tuple[str, _Suite]], reruns: str) -> int:
    """Join the attempts of a test within a suite; returns how many repeated cases were kept as cases of their own."""
    kept = 0
    for _, suite in suites:
        distinct = len({(case.classname, case.name) for case in suite.cases})
        repeated = len(suite.cases) - distinct
        if not repeated:
            continue
        told = suite.marked or (_count(suite.attributes.get("tests")) == distinct and not suite.children)
        if reruns == "yes" or (reruns == "auto" and told):
            suite.cases = _attempts(suite.cases)
        else:
            kept += repeated
    return kept


def _attempts(cases: list[_Case]) -> list[_Case]:
    """The last attempt of a test decides; the earlier ones give its message where it passed at last."""
    last: dict[tuple[str, str], _Case] = {}
    for case in cases:
        before = last.get((case.classname, case.name))
        if before is not None:
            case.attempts += before.attempts
            case.message = case.message or before.message
        last[case.classname, case.name] = case
    return list(last.values())


def _count(text: str | None) -> int | None:
    digits = (text or "").strip().replace(",", "")
    return int(digits) if digits.isdecimal() and len(digits) < 12 else None


def _claimed(suites: list[_Suite], name: str) -> int | None:
    """The sum of an attribute over the suites that hold no others; None where one of them does not tell."""
    told = [_count(suite.attributes.get(name)) for suite in suites if not suite.children and suite.attributes]
    known = [number for number in told if number is not None]
    return sum(known) if told and len(known) == len(told) else None


def _facts(suites: list[_Suite], elements: int, removed: int, files: int) -> dict[str, Any]:
    cases = [case for suite in suites for case in suite.cases]
    statuses = Counter(case.status for case in cases)
    facts: dict[str, Any] = {
        "files": files,
        "suites": sum(suite.is_suite for suite in suites),
        "testcases": elements,
        "cases": len(cases),
        **{status: statuses.get(status, 0) for status in SEVERITY},
        "flaky": sum(case.flaky for case in cases),
        "rerun": sum(case.attempts > 1 and not case.flaky for case in cases),
        "suite_level_errors": sum(len(suite.errors) for suite in suites),
        "controls_removed": removed,
    }
    claimed = {name: _claimed(suites, attribute) for name, attribute in (("failed", "failures"), ("error", "errors"))}
    facts["claimed_failed"] = None if None in claimed.values() else sum(number or 0 for number in claimed.values())
    return facts


def _name_silent_crashes(suites: list[_Suite]) -> None:
    """A suite that crashed before its first case tells so in its attributes only (jest)."""
    for suite in suites:
        claimed = max(_count(suite.attributes.get("errors")) or 0, _count(suite.attributes.get("failures")) or 0)
        if claimed and not suite.cases and not suite.children and not suite.errors:
            suite.errors.append(("error", ""))


def _warnings(facts: Mapping[str, Any], kept: int) -> tuple[Warning, ...]:
    made = []
    if facts["controls_removed"]:
        text = say(
            zh="报告里有{count}个XML不允许的控制字符，已去掉后读取",
            en="the report held {count} control characters that XML does not allow; they were taken out before reading",
            count=facts["controls_removed"],
        )
        made.append(Warning("controls_removed", text))
    if kept:
        text = say(
            zh="有{count}个用例与同一测试集里的另一个同名，报告没有说明是重跑，因此各按一个用例计",
            en="{count} cases share their name with another of the same suite; the report does not call them reruns, so each counts as a case",
            count=kept,
        )
        made.append(Warning("names_repeated", text))
    bad = facts["failed"] + facts["error"] + facts["suite_level_errors"]
    if facts["claimed_failed"] is not None and facts["claimed_failed"] > bad and not facts["flaky"] and not facts["rerun"]:
        text = say(
            zh="报告的属性自称有{claimed}个失败，逐个用例只数到{bad}个；以用例为准，请核对报告是否完整",
            en="the report's attributes claim {claimed} failures, its cases show {bad}; the cases count, but check that the report is complete",
            claimed=facts["claimed_failed"],
            bad=bad,
        )
        made.append(Warning("claims_differ", text))
    return tuple(made)


def _frame(suites: list[tuple[str, _Suite]], source: str) -> Frame:
    rows: list[CaseRow] = []
    for file, suite in suites:
        for c in suite.cases:
            time = np.nan if c.time_s is None else c.time_s
            rows.append(CaseRow(suite.path, c.classname, c.name, c.status, time, c.flaky, c.attempts, c.message or None, file))
        rows += [CaseRow(suite.path, "", suite.name, status, np.nan, False, 1, message or None, file, "suite") for status, message in suite.errors]
    return cases_frame(rows, source)
