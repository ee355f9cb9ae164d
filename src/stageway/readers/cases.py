"""Test cases as one table, whatever tool reported them: one row a case, and one for each error of a suite outside its cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from stageway.evidence import Frame
from stageway.evidence.frame import Column

#: The readers whose tables hold test cases.
TOOLS = ("junit", "gotest", "allure")
#: How bad an outcome is: a case has one status, the worst that is told of it.
SEVERITY = {"passed": 0, "skipped": 1, "failed": 2, "error": 3}
LONGEST_MESSAGE = 2000


class CaseRow(NamedTuple):
    """`scope` is `case`, or `suite` for an error that is no case but must not be lost; `time_s` is NaN where the report has none."""

    suite: str
    classname: str
    name: str
    status: str
    time_s: float
    flaky: bool
    attempts: int
    message: str | None
    file: str
    scope: str = "case"


def cases_frame(rows: Iterable[CaseRow], source: str) -> Frame:
    listed = list(rows)
    kinds: dict[str, Any] = {"time_s": np.float64, "attempts": np.int64}
    columns: dict[str, Column] = {}
    for i, name in enumerate(CaseRow._fields):
        columns[name] = np.empty(len(listed), dtype=kinds.get(name, object))
        columns[name][:] = [row[i] for row in listed]
    return Frame(columns, source)
