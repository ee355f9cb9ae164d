"""JMeter's results (JTL), CSV or XML: one row a sample, transactions kept apart.

A transaction sums up the samples in it (`Number of samples in transaction`, or a `sample` that holds others): its time is not one more
request. What a request fetched by itself (samples inside an `httpSample`) is a part of it. CSV without header has the columns of the default
`jmeter.properties`; times stand as milliseconds since 1970 or as dates. Columns: see `load_tables`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, IncompleteError, Where, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.csv_rows import rows_of, text_of
from stageway.readers.files import opened
from stageway.readers.head import first_line, xml_root
from stageway.readers.json_document import number
from stageway.readers.load_tables import Requests, bad_rows
from stageway.readers.xml import LIMITS, Limits, parse

DEFAULT = ("timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName", "dataType", "success")
TRANSACTION = "Number of samples in transaction"
SAMPLES = ("sample", "httpSample")
TRUTH = {"true": True, "false": False}
EPOCH = re.compile(r"\d{9,15}", re.ASCII)
HEADLESS = re.compile(r"\d{13},\d{1,9},[^,]*,[^,]*,[^,]*,[^,]*,(text|bin)?,(true|false)(,|$)", re.ASCII)
NAN = float("nan")


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given` may name `max_bytes`, `max_depth`, `max_elements`. Raises DataError for a file that is no JTL, IncompleteError for XML cut off."""
    options.only(given, LIMITS)
    limits = Limits.of(given)
    with opened(path) as stream:
        head = stream.read(4096).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return _xml(path, limits) if head.startswith(b"<") else _csv(path, limits)


def recognises(path: Path) -> Words | None:
    """The root of its XML, the names of its columns, or a first row as the default properties write it."""
    if xml_root(path)[0] == "testResults":
        return say(zh="根元素是 {root}", en="its root element is {root}", root="<testResults>")
    first = first_line(path)
    if first.startswith("timeStamp") and "elapsed" in first and "label" in first:
        return say(zh="表头有 {names}", en="its header has {names}", names="timeStamp, elapsed, label")
    if HEADLESS.match(first):
        return say(zh="没有表头，各列是 JMeter 的默认列", en="it has no header, and its columns are JMeter's default ones")
    return None


READER = Reader("jmeter", (".jtl", ".csv", ".xml"), Words("JMeter 结果", "JMeter results"), read, recognises)


def _truth(text: str | None) -> bool | None:
    return TRUTH.get((text or "").strip().lower())


def _elapsed(text: str | None) -> float | None:
    value = number((text or "").strip())
    return value if value is not None and value >= 0 else None


def _time(text: str | None) -> float:
    """Milliseconds since 1970; a date without zone is taken as UTC: only differences are used."""
    plain = (text or "").strip()
    if EPOCH.fullmatch(plain):
        return float(plain)
    try:
        made = datetime.fromisoformat(plain.replace("/", "-"))
        return made.replace(tzinfo=made.tzinfo or UTC).timestamp() * 1000
    except (ValueError, OverflowError):
        return NAN


# ── CSV ──


def _csv(path: Path, limits: Limits) -> Reading:
    text = text_of(path, limits.max_bytes)
    first = text.lstrip().partition("\n")[0]
    named = re.match(r"timeStamp([^A-Za-z0-9\"])", first)
    delimiter = named[1] if named else next((each for each in ",\t;|" if len(first.split(each)) >= len(DEFAULT)), ",")
    rows = rows_of(text, path, delimiter)
    requests, bad = Requests(), 0
    header, seen = list(DEFAULT), False
    place = {name: i for i, name in enumerate(header)}
    for i, (_, cells) in enumerate(rows):
        seen = True
        if i == 0 and "elapsed" in cells and "label" in cells:
            header = [name.strip() for name in cells]
            place = {name: i for i, name in enumerate(header)}
            continue
        if i == 0 and (len(cells) < len(DEFAULT) or _elapsed(cells[1]) is None):
            raise _wrong(path, first)
        elapsed, success = _elapsed(_cell(cells, place, "elapsed")), _truth(_cell(cells, place, "success"))
        if elapsed is None or (success is None and "success" in place) or len(cells) < len(header) - 1:
            bad += 1
            continue
        scope = "transaction" if _cell(cells, place, "responseMessage").startswith(TRANSACTION) else "request"
        code, time = _cell(cells, place, "responseCode").strip()[:40], _time(_cell(cells, place, "timeStamp"))
        requests.add(scope, _cell(cells, place, "label").strip(), elapsed, success, code, time)
    if not seen or (not requests.scope and bad):
        raise _wrong(path, first)
    return Reading(requests.frame(str(path)), {**requests.facts(), "format": "csv", "bad_rows": bad}, bad_rows(bad))


def _cell(cells: list[str], place: Mapping[str, int], name: str) -> str:
    at = place.get(name, -1)
    return cells[at] if 0 <= at < len(cells) else ""


def _wrong(path: Path, first: str) -> DataError:
    what = say(zh="这不是 JMeter 的结果", en="this is no result of JMeter")
    expected = say(zh="列 {names}，或根元素 {root}", en="the columns {names}, or the root element {root}", names=", ".join(DEFAULT), root="<testResults>")
    return DataError("jmeter_wrong", what, where=Where(file=str(path), line=1, value=first[:60]), expected=expected)


# ── XML ──


class _Listener:
    def __init__(self, path: Path, requests: Requests) -> None:
        self.path, self.requests = path, requests
        self.stack: list[tuple[str, Mapping[str, str]]] = []
        self.with_children: list[bool] = []
        self.begun = False
        self.bad = self.top_level = self.leaves = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self.begun and tag != "testResults":
            raise _wrong(self.path, f"<{tag}>")
        self.begun = True
        if tag in SAMPLES:
            self.top_level += not self.stack
            if self.with_children:
                self.with_children[-1] = True
            self.stack.append((tag, attributes))
            self.with_children.append(False)

    def text(self, text: str) -> None:
        return None

    def end(self, tag: str) -> None:
        if tag not in SAMPLES:
            return
        _, told = self.stack.pop()
        holds = self.with_children.pop()
        self.leaves += not holds
        elapsed, success = _elapsed(told.get("t")), _truth(told.get("s"))
        if elapsed is None or (success is None and "s" in told):
            self.bad += 1
            return
        self.requests.add(self._scope(tag, told, holds), told.get("lb", "").strip(), elapsed, success, told.get("rc", "")[:40], _time(told.get("ts")))

    def _scope(self, tag: str, told: Mapping[str, str], holds: bool) -> str:
        if self.stack:
            tag_above, above = self.stack[-1]
            if tag_above == "httpSample" and not above.get("rm", "").startswith(TRANSACTION):
                return "part"
        return "transaction" if told.get("rm", "").startswith(TRANSACTION) or (holds and tag == "sample") else "request"


def _xml(path: Path, limits: Limits) -> Reading:
    requests = Requests()
    listener = _Listener(path, requests)
    parse(path, listener, limits)
    if listener.bad and not requests.scope:
        what = say(zh="没有一个样本读得出用时", en="not one sample has a time that can be read")
        raise IncompleteError("samples_unreadable", what, where=Where(file=str(path)))
    facts = {**requests.facts(), "format": "xml", "bad_rows": listener.bad, "top_level": listener.top_level, "leaf": listener.leaves}
    return Reading(requests.frame(str(path)), facts, bad_rows(listener.bad))
