"""k6: the end-of-test summary in its three shapes, and the points of `--out json`.

Shapes: `--summary-export` (flat metrics; there a threshold that is `true` has FAILED, grafana/k6#1498), `handleSummary` (values below each
metric, thresholds with `ok`), and the machine-readable summary of k6 1.5 (a list of metrics). In `http_req_failed` the passes are the failed
requests (grafana/k6#2306). Points: a request succeeded where its tag `expected_response` says so, else where its status is below 400.
Columns: see `load_tables`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Where, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.head import first_line, head
from stageway.readers.json_document import document, mapping, number, words
from stageway.readers.lines import MAX_BYTES, lines_of, sized
from stageway.readers.load_tables import PERCENTILES, Requests, bad_rows, summary
from stageway.readers.text import encoding_of

DURATIONS = ("http_req_duration", "grpc_req_duration", "iteration_duration")
#: The metric that counts what a duration is measured of, and the one that tells its failures.
COUNTERS = {"http_req_duration": ("http_reqs", "http_req_failed"), "iteration_duration": ("iterations", "")}
PERCENTILE = re.compile(r"p\(?(\d{1,2}(?:\.\d+)?)\)?")
HEAD = 65536
#: Metrics that k6 writes in every run, as keys or as the name of a metric in a list.
BUILT_IN = re.compile(r'"(http_reqs|http_req_duration|http_req_failed|iterations|iteration_duration|vus|vus_max|data_received|data_sent|grpc_req_duration)"')
POINT = re.compile(r'"type"\s*:\s*"(Metric|Point)"')


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given` may name `metric` (the duration to read; `http_req_duration`, else what the run has) and `max_bytes`.

    Raises DataError for a file that is none of the shapes, IncompleteError where a summary breaks off.
    """
    options.only(given, ("metric", "max_bytes"))
    most, metric = options.whole(given, "max_bytes", 4 * MAX_BYTES), given.get("metric")
    if metric is not None and not isinstance(metric, str):
        raise options.wrong("metric", metric, "指标的名称，如 http_req_duration", "the name of a metric such as http_req_duration")
    if sized(path, most) and _is_points(path):
        return _points(path, metric or DURATIONS[0])
    return _summary(path, document(path, most), metric)


def recognises(path: Path) -> Words | None:
    """A summary has `metrics` with at least one that k6 always writes; points say on the first line that they are."""
    first = first_line(path).strip()
    if first.startswith("{") and POINT.search(first) and '"metric"' in first and '"data"' in first:
        return say(zh="每行是一个 {kind}", en="each line is a {kind}", kind="Metric / Point")
    text = head(path, 8 * HEAD)
    found = BUILT_IN.search(text) if text.lstrip().startswith("{") and '"metrics"' in text else None
    return say(zh="metrics 里有 {name}", en="its metrics hold {name}", name=found[1]) if found else None


READER = Reader("k6", (".json", ".ndjson", ".jsonl"), Words("k6 压测结果", "k6 load test result"), read, recognises)


# ── points ──


def _is_points(path: Path) -> bool:
    for _, text in lines_of(path, encoding_of(path)):
        if text.strip("\ufeff \t"):
            return len(text) < HEAD and words(mapping(_json(text)).get("type")) in ("Metric", "Point")
    return False


def _json(text: str) -> Any:
    try:
        return json.loads(text.strip("\ufeff \t"))
    except (ValueError, RecursionError):
        return None


def _points(path: Path, metric: str) -> Reading:
    requests, bad, other = Requests(), 0, set()
    for _, text in lines_of(path, encoding_of(path)):
        if not text.strip():
            continue
        line = _json(text)
        if not isinstance(line, dict):
            bad += 1
            continue
        name = words(line.get("metric"), 200)
        if line.get("type") != "Point" or name != metric:
            other |= {name} if line.get("type") == "Point" else set()
            continue
        data = mapping(line.get("data"))
        value, tags = number(data.get("value")), mapping(data.get("tags"))
        if value is None or value < 0:
            bad += 1
            continue
        requests.add("request", words(tags.get("name")) or words(tags.get("url")), value, _succeeded(tags), words(tags.get("status"), 40), _time(data.get("time")))
    if not requests.scope:
        raise _no_metric(path, metric, other)
    return Reading(requests.frame(str(path)), {**requests.facts(), "metric": metric, "bad_rows": bad}, bad_rows(bad))


def _succeeded(tags: Mapping[str, Any]) -> bool | None:
    expected = words(tags.get("expected_response"))
    if expected in ("true", "false"):
        return expected == "true"
    status = number(tags.get("status"))
    return None if status is None else 0 < status < 400


def _time(value: Any) -> float:
    """Milliseconds since 1970; nanoseconds are cut."""
    try:
        made = datetime.fromisoformat(words(value))
        return made.timestamp() * 1000 if made.tzinfo is not None else float("nan")
    except (ValueError, OverflowError):
        return float("nan")


# ── summaries ──


def _summary(path: Path, log: Any, wanted: str | None) -> Reading:
    shape, metrics, thresholds = _metrics(path, log)
    name = wanted or next((each for each in DURATIONS if each in metrics), DURATIONS[0])
    if name not in metrics:
        raise _no_metric(path, name, {each for each in metrics if "{" not in each})
    values = metrics[name]
    counter, failed = COUNTERS.get(name, ("", ""))
    counts = metrics.get(counter, {})
    requests = next((n for n in (number(counts.get("count")), number(values.get("count"))) if n is not None), None)
    failures = _failures(metrics.get(failed, {}), requests)
    row: dict[str, Any] = {"scope": "all", "label": name, "requests": requests, "failures": failures, "per_s": number(counts.get("rate"))}
    for key, value in values.items():
        told = number(value)
        found = PERCENTILE.fullmatch(key)
        if key in ("min", "max", "avg"):
            row[{"avg": "mean_ms"}.get(key, f"{key}_ms")] = told
        elif key == "med" or (found and float(found[1]) in PERCENTILES):
            row[f"p{50 if found is None else float(found[1]):g}_ms"] = told
    row["thresholds_failed"] = sum(not ok for each in thresholds.values() for ok in each.values())
    facts = {"shape": shape, "metric": name, "requests": requests, "failures": failures, "per_s": row["per_s"], "thresholds": thresholds}
    return Reading(summary([row], str(path)), facts)


def _metrics(path: Path, log: Any) -> tuple[str, dict[str, Mapping[str, Any]], dict[str, dict[str, bool]]]:
    """(shape, values by metric, whether each threshold was kept, by metric)."""
    log = mapping(log)
    made = log.get("metrics", mapping(log.get("results")).get("metrics"))
    if isinstance(made, list):
        named = {words(mapping(each).get("name"), 400): mapping(each) for each in made}
        kept = {name: _thresholds(each.get("thresholds"), legacy=False) for name, each in named.items()}
        return "machine_readable", {name: mapping(each.get("values")) for name, each in named.items()}, {name: each for name, each in kept.items() if each}
    if not isinstance(made, dict):
        what = say(zh="这不是 k6 的结果：没有 metrics", en="this is no result of k6: it has no metrics")
        expected = say(zh="handleSummary、{export} 或 {out} 写出的文件", en="a file of handleSummary, {export} or {out}", export="--summary-export", out="--out json")
        raise DataError("k6_wrong", what, where=Where(file=str(path)), expected=expected)
    named = {words(name, 400): mapping(each) for name, each in made.items()}
    legacy = not any("values" in each for each in named.values())
    kept = {name: _thresholds(each.get("thresholds"), legacy=legacy) for name, each in named.items()}
    values = {name: each if legacy else mapping(each.get("values")) for name, each in named.items()}
    return "summary_export" if legacy else "handle_summary", values, {name: each for name, each in kept.items() if each}


def _thresholds(told: Any, *, legacy: bool) -> dict[str, bool]:
    """Whether each threshold was kept. In the legacy shape a bare `true` says that it was broken; one that says nothing was not kept."""
    if isinstance(told, list):
        each = [mapping(one) for one in told]
        return {words(one.get("source")) or words(one.get("name")) or str(i): one.get("ok") is True for i, one in enumerate(each)}
    return {words(name): value is False if legacy and isinstance(value, bool) else mapping(value).get("ok") is True for name, value in mapping(told).items()}


def _failures(values: Mapping[str, Any], requests: float | None) -> float | None:
    for name in ("passes", "matches"):
        if (count := number(values.get(name))) is not None:
            return count
    rate = next((n for n in (number(values.get("rate")), number(values.get("value"))) if n is not None), None)
    return None if rate is None or requests is None else float(round(rate * requests))


def _no_metric(path: Path, metric: str, known: set[str]) -> DataError:
    what = say(zh="k6 的结果里没有指标“{metric}”", en='the result of k6 has no metric "{metric}"', metric=metric)
    names = ", ".join(sorted(filter(None, known))[:20]) or "-"
    todo = say(zh="文件里有：{names}；用选项 metric 写明读哪个", en="it has {names}; name one with the option metric", names=names)
    return DataError("metric_missing", what, where=Where(file=str(path)), todo=todo)


