"""SARIF 2.1.0 as scanners write it: one row a result, with its level by the whole rule of the standard, and an identity that lasts.

Level (§3.27.10): the result's own; else none where its kind is not fail; else an override of the invocation; else the rule's default; else
warning. Severity: `security-severity` of the result or its rule (0 to 10: from 9 critical, 7 high, 4 medium, above 0 low); missing where no
score is given. Suppressed (§3.27.23): at least one suppression, and none under review or rejected.
A scan that did not complete (no runs, results null or absent, executionSuccessful false) is an IncompleteError: nothing found is not the
same as nothing there. `results: []` is clean.

Columns: tool, rule, title, kind, level, score, severity, baseline (new, unchanged, updated, absent), suppressed, justification, file, line,
message, identity, scanned (end of the scan), report. Identity: the partial fingerprints, else the fingerprints, else rule, file, snippet
and its number among alike; never the line.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np

from stageway.evidence import DataError, Frame, IncompleteError, Where, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.files import files_of
from stageway.readers.head import head
from stageway.readers.json_document import document, listed, mapping, number, words
from stageway.readers.lines import MAX_BYTES

LEVELS = ("none", "note", "warning", "error")
STATES = ("new", "unchanged", "updated", "absent")
SCORES = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"))
COLUMNS = (
    *("tool", "rule", "title", "kind", "level", "score", "severity", "baseline", "suppressed", "justification", "file", "line", "message"),
    *("identity", "scanned", "report"),
)
#: What a SARIF log says of itself; the order of its keys is free.
SCHEMA = re.compile(r'"\$schema"\s*:\s*"[^"]{0,300}sarif', re.IGNORECASE)
VERSION = re.compile(r'\{\s*("version"\s*:\s*"2\.1\.0[^"]*"|"runs"\s*:\s*\[.*"version"\s*:\s*"2\.1\.0[^"]*"\s*\}\s*$)', re.DOTALL)
RUNS = re.compile(r'"runs"\s*:\s*\[')
Result = Mapping[str, Any]


def severity(score: float) -> str:
    """The word for a score from 0 to 10, as GitHub code scanning has it."""
    return next((word for least, word in SCORES if score >= least), "low" if score > 0 else "none")


class _Rules:
    """The rules of a run: of its driver and of its extensions."""

    def __init__(self, run: Mapping[str, Any]) -> None:
        tool = mapping(run.get("tool"))
        self.components = [mapping(tool.get("driver")), *map(mapping, listed(tool.get("extensions")))]
        self.by_id = [{words(mapping(rule).get("id")): mapping(rule) for rule in reversed(listed(c.get("rules")))} for c in self.components]

    def of(self, result: Result) -> Mapping[str, Any]:
        """The rule by index, else by id, else by the part of its id before a `/`; empty where none is described."""
        reference = mapping(result.get("rule"))
        at = self._component(mapping(reference.get("toolComponent")))
        index = reference.get("index", result.get("ruleIndex"))
        rules = listed(self.components[at].get("rules"))
        if isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(rules):
            return mapping(rules[index])
        id = rule_id(result)
        while id:
            for known in (self.by_id[at], *self.by_id):
                if id in known:
                    return known[id]
            id = id.rpartition("/")[0]
        return {}

    def _component(self, reference: Mapping[str, Any]) -> int:
        index = reference.get("index")
        if isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(self.components) - 1:
            return index + 1
        for name in ("guid", "name"):
            for i, component in enumerate(self.components):
                if reference.get(name) and component.get(name) == reference.get(name):
                    return i
        return 0


def rule_id(result: Result) -> str:
    return words(result.get("ruleId")) or words(mapping(result.get("rule")).get("id"))


@dataclass(frozen=True)
class _Run:
    path: Path
    report: str
    run: Mapping[str, Any]
    rules: _Rules
    tool: str
    invocations: tuple[Mapping[str, Any], ...]

    def level(self, result: Result, rule: Mapping[str, Any]) -> str:
        if result.get("level") is not None:
            return self._known(result["level"])
        if result.get("kind", "fail") != "fail":
            return "none"
        for override in listed(self._invocation(result).get("ruleConfigurationOverrides")):
            level = mapping(mapping(override).get("configuration")).get("level")
            if level is not None and self._describes(mapping(mapping(override).get("descriptor")), rule, result):
                return self._known(level)
        return self._known(mapping(rule.get("defaultConfiguration")).get("level") or "warning")

    def _known(self, level: Any) -> str:
        word = words(level).lower()
        if word not in LEVELS:
            what = say(zh="结果的级别不是标准里的", en="a result has a level that the standard does not know")
            expected = say(zh="{known} 之一", en="one of {known}", known=", ".join(LEVELS))
            raise DataError("level_unknown", what, where=Where(file=str(self.path), value=str(words(level) or type(level).__name__)[:40]), expected=expected)
        return word

    def _invocation(self, result: Result) -> Mapping[str, Any]:
        """The invocation that the result names; the only one where it names none."""
        index = mapping(result.get("provenance")).get("invocationIndex", -1)
        if isinstance(index, int) and 0 <= index < len(self.invocations):
            return self.invocations[index]
        return self.invocations[0] if len(self.invocations) == 1 else {}

    def _describes(self, descriptor: Mapping[str, Any], rule: Mapping[str, Any], result: Result) -> bool:
        if descriptor.get("guid") and descriptor.get("guid") == rule.get("guid"):
            return True
        if descriptor.get("id"):
            id = rule_id(result) or words(rule.get("id"))
            return words(descriptor["id"]) in (id, words(rule.get("id")))
        index = descriptor.get("index")
        named = self.rules.of({"rule": {"index": index, "toolComponent": descriptor.get("toolComponent")}})
        return isinstance(index, int) and bool(rule) and named is rule

    def place(self, result: Result) -> tuple[str, int | None, str]:
        """(file, line, snippet) of the first location."""
        physical = mapping(mapping(next(iter(listed(result.get("locations"))), None)).get("physicalLocation"))
        artifact, region = mapping(physical.get("artifactLocation")), mapping(physical.get("region"))
        uri, index = words(artifact.get("uri")), artifact.get("index")
        artifacts = listed(self.run.get("artifacts"))
        if not uri and isinstance(index, int) and 0 <= index < len(artifacts):
            uri = words(mapping(mapping(artifacts[index]).get("location")).get("uri"))
        line = region.get("startLine")
        file = words(unquote(uri.removeprefix("file://")).replace("\\", "/"))
        return file, line if isinstance(line, int) and 0 < line < 1 << 53 else None, words(mapping(region.get("snippet")).get("text"))


def _row(run: _Run, result: Result, alike: Counter[str]) -> tuple[Any, ...]:
    rule = run.rules.of(result)
    id = rule_id(result) or words(rule.get("id"))
    file, line, snippet = run.place(result)
    message = _message(result, rule)
    score = next((s for holder in (result, rule) if (s := number(mapping(holder.get("properties")).get("security-severity"))) is not None), None)
    score = score if score is not None and 0 <= score <= 10 else None
    suppressions = [mapping(each) for each in listed(result.get("suppressions"))]
    suppressed = bool(suppressions) and all(each.get("status", "accepted") == "accepted" for each in suppressions)
    state = result.get("baselineState")
    title = words(mapping(rule.get("shortDescription")).get("text"), 200) or words(rule.get("name"), 200)
    scanned = max((_moment(each.get("endTimeUtc")) for each in run.invocations), default="")
    return (
        *(run.tool, id or None, title or None, words(result.get("kind")) or "fail", run.level(result, rule), np.nan if score is None else score),
        *(None if score is None else severity(score), state if state in STATES else None, suppressed),
        *(next(filter(None, (words(each.get("justification")) for each in suppressions)), None), file or None, np.nan if line is None else line, message or None),
        *(_identity(run.tool, id, file, snippet or message, result, alike), scanned or None, run.report),
    )


def _moment(value: Any) -> str:
    """A time as written; empty for a text that is none."""
    try:
        datetime.fromisoformat(words(value))
    except ValueError:
        return ""
    return words(value)


def _message(result: Result, rule: Mapping[str, Any]) -> str:
    message = mapping(result.get("message"))
    told = words(message.get("text")) or words(message.get("markdown"))
    return told or words(mapping(mapping(rule.get("messageStrings")).get(words(message.get("id")))).get("text"))


def _identity(tool: str, id: str, file: str, text: str, result: Result, alike: Counter[str]) -> str:
    for name in ("partialFingerprints", "fingerprints"):
        prints = {words(key): words(value) for key, value in mapping(result.get(name)).items() if words(value)}
        if prints:
            return _hash([tool, id, sorted(prints.items())])
    base = _hash([tool, id, file, " ".join(text.split())])
    alike[base] += 1
    return base if alike[base] == 1 else _hash([base, alike[base]])


def _hash(parts: list[Any]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()[:20]


# ── a whole file ──


def _incomplete(path: Path, zh: str, en: str) -> IncompleteError:
    todo = say(
        zh="扫描没有跑完，没有证据不等于没有漏洞；请重新扫描并导出",
        en="the scan did not complete, and no evidence is not the same as no vulnerability; scan again and export again",
    )
    return IncompleteError("scan_incomplete", say(zh=zh, en=en), where=Where(file=str(path)), todo=todo)


def _wrong(path: Path, zh: str, en: str) -> DataError:
    return DataError("sarif_wrong", say(zh=zh, en=en), where=Where(file=str(path)), expected=say(zh="SARIF 2.1.0 文件", en="a file of SARIF 2.1.0"))


def _runs(path: Path, report: str, most: int) -> list[_Run]:
    log = document(path, most)
    if not isinstance(log, dict) or "runs" not in log:
        raise _wrong(path, "文件里没有 runs，不是 SARIF", "the file has no runs: it is not SARIF")
    version = words(log.get("version"))
    if not version.startswith("2.1."):
        raise _wrong(path, "这不是 2.1.0 版的 SARIF", "this is not version 2.1.0 of SARIF")
    if not listed(log["runs"]):
        raise _incomplete(path, "文件里一次扫描都没有（runs 为空）", "the file holds no scan at all (its runs are empty)")
    made = []
    for run in log["runs"]:
        if not isinstance(run, dict):
            raise _wrong(path, "runs 里有一项不是对象", "one of the runs is no object")
        invocations = tuple(mapping(each) for each in listed(run.get("invocations")))
        if any(each.get("executionSuccessful") is False for each in invocations):
            raise _incomplete(path, "扫描自称没有成功执行（executionSuccessful 为 false）", "the scan says that it did not succeed (executionSuccessful is false)")
        if run.get("results") is None:
            raise _incomplete(path, "扫描没有写出结果（results 为空值或缺失）", "the scan wrote no results (they are null or missing)")
        if not isinstance(run["results"], list) or not all(isinstance(each, dict) for each in run["results"]):
            raise _wrong(path, "results 不是由对象组成的列表", "the results are no list of objects")
        tool = words(mapping(mapping(run.get("tool")).get("driver")).get("name"), 200)
        made.append(_Run(path, report, run, _Rules(run), tool, invocations))
    return made


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """One file, or all of a folder or pattern. `given` may name `pattern` and `max_bytes`.

    Raises IncompleteError for a scan that did not complete, DataError for a file that is no SARIF 2.1.0.
    """
    options.only(given, ("pattern", "max_bytes"))
    most = options.whole(given, "max_bytes", MAX_BYTES)
    files = files_of(path, str(given.get("pattern", "**/*.sarif")))
    rows: list[tuple[Any, ...]] = []
    runs: list[dict[str, Any]] = []
    for file in files:
        report = file.relative_to(path).as_posix() if path.is_dir() else file.name
        for run in _runs(file, report, most):
            alike: Counter[str] = Counter()
            made = [_row(run, result, alike) for result in run.run["results"]]
            runs.append(_facts(run, made))
            rows += made
    columns: dict[str, Any] = {}
    for i, name in enumerate(COLUMNS):
        columns[name] = np.empty(len(rows), dtype=np.float64 if name in ("score", "line") else object)
        columns[name][:] = [row[i] for row in rows]
    return Reading(Frame(columns, str(path)), {"files": len(files), "runs": tuple(runs), "results": len(rows)})


def _facts(run: _Run, rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    place = {name: i for i, name in enumerate(COLUMNS)}
    open_ones = [row for row in rows if not row[place["suppressed"]] and row[place["baseline"]] != "absent"]
    return {
        "tool": run.tool,
        "results_raw": len(rows),
        "suppressed": sum(bool(row[place["suppressed"]]) for row in rows),
        "absent": sum(row[place["baseline"]] == "absent" for row in rows),
        "active_by_level": dict(Counter(row[place["level"]] for row in open_ones)),
        "execution_successful": [each.get("executionSuccessful") for each in run.invocations],
    }


def recognises(path: Path) -> Words | None:
    """By its schema; without one by its version and runs."""
    text = head(path)
    if not text.lstrip().startswith("{"):
        return None
    if SCHEMA.search(text):
        return say(zh="{key} 指向 SARIF", en="its {key} is that of SARIF", key="$schema")
    return say(zh="有 version 2.1.0 与 runs", en="it has version 2.1.0 and runs") if VERSION.match(text.lstrip()) and RUNS.search(text) else None


READER = Reader("sarif", (".sarif", ".json"), Words("SARIF 扫描报告", "SARIF scan report"), read, recognises)
