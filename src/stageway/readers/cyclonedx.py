"""CycloneDX 1.2 to 1.7 in JSON: the vulnerabilities of a bill of materials as a scan's findings, or its components with their licences.

Vulnerabilities come in the columns of `sarif`, one row a vulnerability and component it affects: severity by the highest CVSS score of its
ratings (the CVSS v3.1 bands), else by the worst severity word. Set aside (suppressed) where its analysis says resolved, not_affected or
false_positive, with the words of the analysis as justification. Identity: the vulnerability and the component without its version.
A bill without the list `vulnerabilities` was never matched against any: IncompleteError, since nothing found is not nothing there.

Components (`table: components`): name, version, type, group, purl, scope, licence, licences (how many it names), report.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from stageway.evidence import DataError, Frame, IncompleteError, Where, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.files import files_of, opened
from stageway.readers.json_document import document, listed, mapping, number, words
from stageway.readers.lines import MAX_BYTES
from stageway.readers.sarif import COLUMNS, severity

WORDS = {"critical": "critical", "high": "high", "medium": "medium", "low": "low", "info": "none", "none": "none"}
ORDER = ("critical", "high", "medium", "low", "none")
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "none": "none"}
SET_ASIDE = ("resolved", "resolved_with_pedigree", "not_affected", "false_positive")
DEEPEST = 100
HEAD = 1 << 12
PARTS = ("name", "version", "type", "group", "purl", "scope", "licence", "licences", "report")


def _bill(path: Path, most: int) -> Mapping[str, Any]:
    with opened(path) as stream:
        if stream.read(HEAD).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            what = say(zh="这是 XML，读取器只读 CycloneDX 的 JSON", en="this is XML; the reader takes CycloneDX in JSON")
            todo = say(zh="让工具输出 JSON，例如 --output-format json", en="let the tool write JSON, for example with --output-format json")
            raise DataError("cyclonedx_xml", what, where=Where(file=str(path)), todo=todo)
    made = document(path, most)
    if not isinstance(made, dict) or made.get("bomFormat") != "CycloneDX":
        what = say(zh="这不是 CycloneDX 物料清单", en="this is no CycloneDX bill of materials")
        expected = say(zh='有 "bomFormat": "CycloneDX" 的对象', en='an object with "bomFormat": "CycloneDX"')
        raise DataError("cyclonedx_wrong", what, where=Where(file=str(path)), expected=expected)
    return made


def _components(bill: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All components, the main one first, those inside others too."""
    waiting = deque([(mapping(mapping(bill.get("metadata")).get("component")), 0)])
    waiting += [(mapping(each), 0) for each in listed(bill.get("components"))]
    while waiting:
        component, depth = waiting.popleft()
        if component:
            yield component
        if depth < DEEPEST:
            waiting += [(mapping(each), depth + 1) for each in listed(component.get("components"))]


def _without_version(purl: str, reference: str) -> str:
    """What a component is called whatever its version: `pkg:npm/lodash@4.17.20?x#y` → `pkg:npm/lodash`."""
    base = (purl or reference).partition("?")[0].partition("#")[0]
    head, at, _ = base.rpartition("@")
    return head if at and head and not head.endswith("/") else base


def _rated(vulnerability: Mapping[str, Any]) -> tuple[float | None, str | None]:
    ratings = [mapping(each) for each in listed(vulnerability.get("ratings"))]
    by_cvss = [r for r in ratings if words(r.get("method") or "CVSS").upper().startswith("CVSS")]
    cvss = [s for r in by_cvss if (s := number(r.get("score"))) is not None and 0 <= s <= 10]
    told = [WORDS[word] for r in ratings if (word := words(r.get("severity")).lower()) in WORDS]
    score = max(cvss, default=None)
    if score is not None:
        return score, severity(score)
    return None, min(told, key=ORDER.index) if told else None


def _tool(bill: Mapping[str, Any]) -> str:
    told = mapping(bill.get("metadata")).get("tools")
    tools = listed(told) or [*listed(mapping(told).get("components")), *listed(mapping(told).get("services"))]
    return ", ".join(filter(None, (words(mapping(each).get("name"), 100) for each in tools[:5])))


def _found(bill: Mapping[str, Any], path: Path, report: str) -> Iterator[tuple[Any, ...]]:
    if not isinstance(bill.get("vulnerabilities"), list):
        what = say(zh="清单里没有 vulnerabilities：它没有与漏洞库比对过", en="the bill has no vulnerabilities: it was never matched against known ones")
        todo = say(
            zh="没有证据不等于没有漏洞；用扫描工具输出带漏洞的 CycloneDX，只看组件则写 options: {table}",
            en="no evidence is not the same as no vulnerability; let a scanner write CycloneDX with vulnerabilities, or read the parts with options: {table}",
            table="{table: components}",
        )
        raise IncompleteError("scan_incomplete", what, where=Where(file=str(path)), todo=todo)
    known = {words(each.get("bom-ref")): each for each in _components(bill)}
    tool, scanned = _tool(bill), words(mapping(bill.get("metadata")).get("timestamp")) or None
    for vulnerability in map(mapping, bill["vulnerabilities"]):
        id = words(vulnerability.get("id")) or words(vulnerability.get("bom-ref"))
        score, grade = _rated(vulnerability)
        analysis = mapping(vulnerability.get("analysis"))
        aside = words(analysis.get("state")) in SET_ASIDE
        reason = " · ".join(filter(None, (words(analysis.get(name)) for name in ("state", "justification", "detail")))) if aside else ""
        text = words(vulnerability.get("description")) or words(vulnerability.get("detail"))
        title = text.partition("\n")[0][:200] or None
        for reference in [words(mapping(each).get("ref")) for each in listed(vulnerability.get("affects"))] or [""]:
            part = known.get(reference, {})
            place = " ".join(filter(None, (words(part.get("name")), words(part.get("version"))))) or reference or None
            identity = hashlib.sha256(f"{id}\0{_without_version(words(part.get('purl')), reference)}".encode()).hexdigest()[:20]
            yield (
                *(tool, id or None, title, "fail", LEVELS[grade or "medium"], np.nan if score is None else score, grade, None, aside),
                *(reason or None, place, np.nan, text or None, identity, scanned, report),
            )


def _licence(component: Mapping[str, Any]) -> list[str]:
    made = []
    for choice in map(mapping, listed(component.get("licenses"))):
        licence = mapping(choice.get("license"))
        made.append(words(choice.get("expression")) or words(licence.get("id")) or words(licence.get("name")))
    return [each for each in made if each]


def _parts(bill: Mapping[str, Any], report: str) -> Iterator[tuple[Any, ...]]:
    for part in _components(bill):
        licences = _licence(part)
        told = [words(part.get(name)) or None for name in PARTS[:6]]
        yield (*told, "; ".join(licences) or None, len(licences), report)


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """One bill, or all of a folder or pattern. `given` may name `table` (vulnerabilities, components), `pattern` and `max_bytes`.

    Raises IncompleteError for a bill that was never matched against vulnerabilities, DataError for a file that is no CycloneDX JSON.
    """
    options.only(given, ("table", "pattern", "max_bytes"))
    table = given.get("table", "vulnerabilities")
    if table not in ("vulnerabilities", "components"):
        raise options.wrong("table", table, "vulnerabilities 或 components", "vulnerabilities or components")
    most = options.whole(given, "max_bytes", MAX_BYTES)
    files = files_of(path, str(given.get("pattern", "**/*.json")))
    rows: list[tuple[Any, ...]] = []
    facts: dict[str, Any] = {"files": len(files), "components": 0, "without_licence": 0}
    licences: Counter[str] = Counter()
    for file in files:
        bill, report = _bill(file, most), file.relative_to(path).as_posix() if path.is_dir() else file.name
        for part in _components(bill):
            told = _licence(part)
            facts["components"] += 1
            facts["without_licence"] += not told
            licences.update(told)
        rows += _parts(bill, report) if table == "components" else _found(bill, file, report)
    facts |= {"licences": dict(sorted(licences.items())), "rows": len(rows)}
    names = PARTS if table == "components" else COLUMNS
    columns: dict[str, Any] = {}
    for i, name in enumerate(names):
        columns[name] = np.empty(len(rows), dtype=np.float64 if name in ("score", "line", "licences") else object)
        columns[name][:] = [row[i] for row in rows]
    return Reading(Frame(columns, str(path)), facts)


def recognises(path: Path) -> Words | None:
    """Tools sort their keys in any order: the mark stands near one of the ends."""
    with path.open("rb") as stream:
        ends = stream.read(HEAD)
        stream.seek(max(0, stream.seek(0, 2) - HEAD))
        ends += stream.read(HEAD)
    if re.search(rb'"bomFormat"\s*:\s*"CycloneDX"', ends):
        return say(zh="bomFormat 是 CycloneDX", en="its bomFormat is CycloneDX")
    return None


READER = Reader("cyclonedx", (".json", ".cdx"), Words("CycloneDX 物料清单", "CycloneDX bill of materials"), read, recognises)
