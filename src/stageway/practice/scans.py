"""Scans, coverage, load and failures as tools would write them for the practice product: SARIF, Cobertura, points of k6, a log of failures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta, timezone
from xml.sax.saxutils import quoteattr

import numpy as np

from stageway.practice.days import Days
from stageway.practice.world import Array, Codes, Row

ZONE = timezone(timedelta(hours=8))

# ── load ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

#: path → (share of the requests, middle of its time in ms)
PATHS = {"/segments": (0.7, 186.0), "/cards": (0.2, 158.0), "/plan": (0.1, 120.0)}
SPREAD, FAILING = 0.5, 0.0021
MINUTES = 30


def times(n: int, rng: np.random.Generator) -> tuple[Codes, Array]:
    """Of n requests in order: which path, and the milliseconds it took."""
    paths = rng.choice(len(PATHS), n, p=[share for share, _ in PATHS.values()])
    return paths, np.asarray(np.array([middle for _, middle in PATHS.values()])[paths] * np.exp(SPREAD * rng.standard_normal(n)))


def load(n: int, days: Days, day: int, rng: np.random.Generator) -> str:
    """k6 with `--out json`: a line a request; 300 readers who ask for something every three minutes, independent of one another."""
    start = datetime.combine(days.on(day), time(20, 0), ZONE)
    moments = np.sort(rng.random(n)) * 60 * MINUTES
    paths, took = times(n, rng)
    failed = rng.random(n) < FAILING
    metric: Row = {"name": "http_req_duration", "type": "trend", "contains": "time", "thresholds": [], "submetrics": None}
    lines = [json.dumps({"type": "Metric", "data": metric, "metric": "http_req_duration"}, separators=(",", ":"))]
    for i, at in enumerate(moments.tolist()):
        tags = {
            "expected_response": "false" if failed[i] else "true",
            "method": "GET",
            "name": list(PATHS)[int(paths[i])],
            "scenario": "evening_peak",
            "status": "503" if failed[i] else "200",
        }
        data = {"time": (start + timedelta(seconds=at)).isoformat(timespec="milliseconds"), "value": round(float(took[i]), 3), "tags": tags}
        lines.append(json.dumps({"metric": "http_req_duration", "type": "Point", "data": data}, separators=(",", ":")))
    return "\n".join(lines) + "\n"


# ── failures ──────────────────────────────────────────────────────────────────────────────────────────────────────────

#: hours of test, failures expected in them, and the power with which they add up (below 1 they thin out)
HOURS, EXPECTED, GROWTH = 640.0, 58.0, 0.61


def failures(rng: np.random.Generator) -> list[Row]:
    """One row a failure, at the hours of test so far: a Poisson process whose expected count grows as a power of time."""
    at = np.sort(HOURS * rng.random(int(rng.poisson(EXPECTED))) ** (1 / GROWTH))
    return [{"failure": f"FL-{i + 1:02d}", "time_h": max(0.01, round(float(hours), 2))} for i, hours in enumerate(at)]


# ── coverage ──────────────────────────────────────────────────────────────────────────────────────────────────────────

#: file → lines that can run, the first and last that this version changed, the chance that a line is run by the tests
FILES: dict[str, tuple[int, tuple[int, int], float]] = {
    "app/segments/cut.py": (190, (21, 140), 0.90),
    "app/recap/cards.py": (160, (11, 120), 0.88),
    "app/importer/epub.py": (240, (41, 210), 0.80),
    "app/importer/pdf.py": (170, (31, 130), 0.78),
    "app/notes/export.py": (120, (1, 70), 0.86),
    "app/layout/night.py": (90, (11, 60), 0.87),
    "app/plan/progress.py": (130, (51, 110), 0.88),
    "app/privacy/consent.py": (100, (1, 50), 0.93),
}
#: every so many lines there is a branch
BRANCH = 6


def cobertura(rng: np.random.Generator) -> str:
    """A Cobertura report, and with it the counts that it claims of itself."""
    classes, valid, ran = [], 0, 0
    for file, (count, _, chance) in FILES.items():
        lines = []
        for number in range(1, count + 1):
            hits = int(rng.integers(1, 30)) if rng.random() < chance else 0
            branch = ""
            if number % BRANCH == 0:
                taken = int(rng.binomial(2, 0.8)) if hits else 0
                branch = f' branch="true" condition-coverage="{50 * taken}% ({taken}/2)"'
            lines.append(f'            <line number="{number}" hits="{hits}"{branch}/>')
            valid, ran = valid + 1, ran + (hits > 0)
        body = "\n".join(lines)
        classes.append(
            f'        <class name={quoteattr(file.rpartition("/")[2])} filename={quoteattr(file)} complexity="0">\n'
            f"          <methods/>\n          <lines>\n{body}\n          </lines>\n        </class>"
        )
    root = f'<coverage version="7.6" lines-valid="{valid}" lines-covered="{ran}" line-rate="{ran / valid:.4f}" branch-rate="0" timestamp="0">'
    head = '<?xml version="1.0" encoding="UTF-8"?>\n' + root + '\n  <packages>\n    <package name="app">\n      <classes>\n'
    return head + "\n".join(classes) + "\n      </classes>\n    </package>\n  </packages>\n</coverage>\n"


def changed() -> list[Row]:
    """The changed lines, as `git diff --unified=0` of the candidate against the last release gives them."""
    return [{"file": file, "line": line} for file, (_, (first, last), _) in FILES.items() for line in range(first, last + 1)]


# ── security ──────────────────────────────────────────────────────────────────────────────────────────────────────────

#: tool → rule → (what it says, score, files in which it is found)
RULES: dict[str, dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "codescan": {
        "weak-hash": ("MD5 used for a file name", "3.1", ("app/importer/epub.py", "app/notes/export.py")),
        "log-path": ("A path of the user's file is logged", "4.3", ("app/importer/pdf.py",)),
        "temp-file": ("Temporary file with a predictable name", "5.0", ("app/notes/export.py",)),
        "assert-used": ("assert is left out in optimised code", "2.0", ("app/plan/progress.py", "app/segments/cut.py", "app/recap/cards.py")),
    },
    "depscan": {
        "DEP-2117": ("XML library: slow on crafted input", "5.9", ("requirements.lock",)),
        "DEP-2290": ("PDF library: reads past a short stream, returns empty pages", "3.7", ("requirements.lock",)),
    },
}
#: rules whose findings were there before the release and are accepted until a day
ACCEPTED = {
    "DEP-2117": "the importer cuts input at 50 MB; an update is out in the next sprint",
    "temp-file": "the folder is private to the app on both systems",
}


def sarif(tool: str, days: Days, day: int, *, complete: bool = True, without: Sequence[str] = ()) -> str:
    """One scan. A scan that broke off says so: `executionSuccessful` is false, and what it had found until then stands in it."""
    rules = {id: each for id, each in RULES[tool].items() if id not in without}
    described = [{"id": id, "shortDescription": {"text": text}, "properties": {"security-severity": score}} for id, (text, score, _) in rules.items()]
    results = [_result(id, text, file) for id, (text, _, files) in rules.items() for file in files]
    ended = datetime.combine(days.on(day), time(18, 30), ZONE).isoformat()
    run = {
        "tool": {"driver": {"name": tool, "version": "4.2.0", "rules": described}},
        "invocations": [{"executionSuccessful": complete, "endTimeUtc": ended}],
        "results": results if complete else results[:1],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _result(id: str, text: str, file: str) -> dict[str, object]:
    made: dict[str, object] = {
        "ruleId": id,
        "message": {"text": text},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": file}, "region": {"startLine": 10}}}],
    }
    if id == "assert-used" and file.endswith("cards.py"):
        made["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": "only in a debugging tool"}]
    return made


def accepted(days: Days, until: int) -> list[Row]:
    """The risks that the engineering lead signed, each until a day."""
    return [{"rule": rule, "reason": reason, "expires": days.on(until).isoformat()} for rule, reason in ACCEPTED.items()]
