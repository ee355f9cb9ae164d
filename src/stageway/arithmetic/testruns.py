"""One run of a test suite as data: its cases, what failed, what passed on a rerun only, and how it differs from another run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stageway.evidence import Frame, say

Key = tuple[str, str]

#: Outcomes from the best to the worst.
STATUSES = ("passed", "skipped", "failed", "error")
BAD = ("failed", "error")
ANSI = re.compile(r"(\x1b|#x1B)\[[0-9;]*m")
LONGEST_LINE = 160


@dataclass(frozen=True)
class Case:
    suite: str
    classname: str
    name: str
    status: str
    time_s: float
    flaky: bool
    attempts: int
    message: str

    @property
    def key(self) -> Key:
        """What a case is called in another run: the class (the suite where there is none) and the name."""
        return self.classname or self.suite, self.name

    @property
    def title(self) -> str:
        """The whole name, for a table."""
        return f"{self.classname}::{self.name}" if self.classname else self.short

    @property
    def short(self) -> str:
        """The name with its class or innermost suite, for a sentence."""
        if self.classname:
            return f"{re.split(r'[./]', self.classname.strip('./'))[-1]}::{self.name}"
        inner = self.suite.rpartition(" > ")[2]
        return f"{inner} > {self.name}" if inner and inner != self.name else self.name or inner or "(?)"

    @property
    def first_line(self) -> str:
        """The first line of the message, without colours."""
        lines = [line.strip() for line in ANSI.sub("", self.message).splitlines() if line.strip()]
        line = lines[0] if lines else ""
        return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


@dataclass(frozen=True)
class Run:
    """One run of the tests: its cases, and the errors of suites outside any case. `retries` says whether attempts are recorded at all."""

    cases: tuple[Case, ...]
    suite_errors: tuple[Case, ...]
    retries: bool

    def count(self, *statuses: str) -> int:
        return sum(case.status in statuses for case in self.cases)

    @property
    def executed(self) -> int:
        return self.count("passed", *BAD)

    @property
    def failures(self) -> list[Case]:
        return [case for case in (*self.cases, *self.suite_errors) if case.status in BAD]

    @property
    def flaky(self) -> list[Case]:
        return [case for case in self.cases if case.flaky and case.status == "passed"]

    def outcomes(self) -> dict[Key, str]:
        """The worst status of each name."""
        worst: dict[Key, str] = {}
        for case in self.cases:
            worst[case.key] = max(worst.get(case.key, "passed"), case.status, key=STATUSES.index)
        return worst


@dataclass(frozen=True)
class Change:
    """Two runs side by side, by name."""

    new: tuple[Key, ...]  # fail now, did not fail before
    mended: tuple[Key, ...]  # failed before, pass now
    vanished: tuple[Key, ...]  # there before, not now
    before: Mapping[Key, str]
    cases: int


def compared(now: Mapping[Key, str], before: Mapping[Key, str], cases_before: int) -> Change:
    new = sorted(key for key, status in now.items() if status in BAD and before.get(key) not in BAD)
    mended = sorted(key for key, status in now.items() if status == "passed" and before.get(key) in BAD)
    return Change(tuple(new), tuple(mended), tuple(sorted(set(before) - set(now))), before, cases_before)


def slowest(cases: Sequence[Case], count: int) -> list[Case]:
    timed = [case for case in cases if case.time_s > 0]
    return sorted(timed, key=lambda case: (-case.time_s, case.key, case.suite))[:count]


def run_of(table: Frame) -> Run:
    """A run from its table; the order of the rows does not matter. DataError for a status that is none of the four."""
    count = len(table)

    def texts(name: str) -> Sequence[str]:
        return [str(cell or "") for cell in table[name].tolist()] if name in table else [""] * count

    def numbers(name: str, default: float) -> Sequence[float]:
        return table[name].tolist() if name in table else [default] * count

    status = texts("status")
    for i, each in enumerate(status):
        if each not in STATUSES:
            raise table.wrong("status", i, say(zh="passed、failed、error、skipped 之一", en="one of passed, failed, error, skipped"))
    told = (texts("suite"), texts("classname"), texts("name"), status, numbers("time_s", np.nan), numbers("flaky", 0.0), numbers("attempts", 1.0))
    cases = [
        Case(suite, classname, name, outcome, time, flaky == 1.0, int(attempts) if attempts == attempts else 1, message)
        for suite, classname, name, outcome, time, flaky, attempts, message in zip(*told, texts("message"), strict=True)
    ]
    ordered = sorted(zip(cases, texts("scope"), strict=True), key=lambda pair: _order(pair[0]))
    own = tuple(case for case, scope in ordered if scope != "suite")
    retries = any(case.attempts > 1 or case.flaky for case in own)
    return Run(own, tuple(case for case, scope in ordered if scope == "suite"), retries)


def _order(case: Case) -> tuple[object, ...]:
    return (*case.key, case.suite, case.status, case.message, case.attempts, case.flaky, -1.0 if case.time_s != case.time_s else case.time_s)
