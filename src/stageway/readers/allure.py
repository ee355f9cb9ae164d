"""Allure results (versions 2 and 3): one JSON file an attempt of a test, `*-result.json`; containers and attachments are no tests.

Attempts of a test share its `historyId` (without one: its full name and parameters); the latest `stop` decides, earlier ones are its
retries. Flaky: marked so by the tool, or passed at last after a failed attempt. broken is an error, a result without a status one too:
the test never said how it ended. suite = parentSuite > suite > subSuite, classname = testClass or class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stageway.evidence import DataError, Warning, Where, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.cases import LONGEST_MESSAGE, CaseRow, cases_frame
from stageway.readers.files import files_of
from stageway.readers.json_document import document, listed, mapping, number, words
from stageway.readers.lines import MAX_BYTES

STATUSES = {"passed": "passed", "failed": "failed", "broken": "error", "skipped": "skipped"}
HEAD = 1 << 16


@dataclass(frozen=True)
class _Attempt:
    key: tuple[str, ...]
    stop: float
    status: str
    told: bool
    flaky: bool
    row: CaseRow


def _attempt(path: Path, file: str, most: int) -> _Attempt | None:
    """None for a container of fixtures."""
    result = document(path, most)
    if isinstance(result, dict) and "children" in result and "status" not in result:
        return None
    if not isinstance(result, dict) or "uuid" not in result or not ("name" in result or "fullName" in result):
        what = say(zh="这不是 Allure 的结果文件", en="this is no result file of Allure")
        expected = say(zh="有 uuid、name 和 status 的对象", en="an object with uuid, name and status")
        raise DataError("allure_wrong", what, where=Where(file=str(path)), expected=expected)
    labels: dict[str, str] = {}
    for label in map(mapping, listed(result.get("labels"))):
        labels.setdefault(words(label.get("name")), words(label.get("value")))
    suite = " > ".join(filter(None, (labels.get(name, "") for name in ("parentSuite", "suite", "subSuite"))))
    classname = labels.get("testClass") or labels.get("class") or labels.get("package") or ""
    name = words(result.get("name")) or words(result.get("fullName"))
    told = STATUSES.get(words(result.get("status")).lower())
    details = mapping(result.get("statusDetails"))
    start, stop = number(result.get("start")), number(result.get("stop"))
    time = (stop - start) / 1000 if start is not None and stop is not None and stop >= start else np.nan
    message = words(details.get("message"), LONGEST_MESSAGE) or words(details.get("trace"), LONGEST_MESSAGE) or None
    row = CaseRow(suite, classname, name, told or "error", time, False, 1, message, file)
    return _Attempt(_key(result, classname, name), stop if stop is not None else -1.0, row.status, told is not None, details.get("flaky") is True, row)


def _key(result: Mapping[str, Any], classname: str, name: str) -> tuple[str, ...]:
    history = words(result.get("historyId")) or words(result.get("testCaseId"))
    if history:
        return ("history", history)
    parameters = sorted(f"{words(p.get('name'))}={words(p.get('value'))}" for p in map(mapping, listed(result.get("parameters"))))
    return ("name", words(result.get("fullName")) or f"{classname}::{name}", *parameters)


def _case(attempts: list[_Attempt]) -> CaseRow:
    ordered = sorted(attempts, key=lambda a: (a.stop, a.row.file))
    last = ordered[-1]
    failed = next((a for a in reversed(ordered[:-1]) if a.status in ("failed", "error")), None)
    flaky = last.status == "passed" and (last.flaky or failed is not None)
    return last.row._replace(flaky=flaky, attempts=len(ordered), message=last.row.message or (failed.row.message if failed else None))


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """A folder of results (`pattern`, `**/*-result.json` without it), or one of them. `given` may name `pattern` and `max_bytes` (of a file).

    Raises IncompleteError for a result that breaks off, DataError for a file that is none.
    """
    options.only(given, ("pattern", "max_bytes"))
    most = options.whole(given, "max_bytes", MAX_BYTES)
    groups: dict[tuple[str, ...], list[_Attempt]] = {}
    containers = 0
    for file in files_of(path, str(given.get("pattern", "**/*-result.json"))):
        attempt = _attempt(file, file.relative_to(path).as_posix() if path.is_dir() else file.name, most)
        if attempt is None:
            containers += 1
        else:
            groups.setdefault(attempt.key, []).append(attempt)
    rows = [_case(attempts) for attempts in groups.values()]
    results = sum(map(len, groups.values()))
    untold = sum(not a.told for attempts in groups.values() for a in attempts)
    facts: dict[str, Any] = {"results": results, "cases": len(rows), "containers": containers}
    facts |= {status: sum(row.status == status for row in rows) for status in STATUSES.values()}
    return Reading(cases_frame(rows, str(path)), facts, _warnings(untold))


def _warnings(untold: int) -> tuple[Warning, ...]:
    if not untold:
        return ()
    text = say(
        zh="有{count}个结果没有写明状态，按出错计：测试没有说明它怎样结束", en="{count} results tell no status and count as errors: the test never said how it ended", count=untold
    )
    return (Warning("status_untold", text),)


def recognises(path: Path) -> Words | None:
    if path.name.endswith(("-result.json", "-container.json")):
        with path.open("rb") as stream:
            head = stream.read(HEAD)
        if b'"uuid"' in head:
            return say(zh="文件名和 uuid：Allure 的结果", en="its name and its uuid: an Allure result")
    return None


READER = Reader("allure", (".json",), Words("Allure 测试结果", "Allure test results"), read, recognises)
