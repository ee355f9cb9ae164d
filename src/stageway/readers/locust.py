"""Locust's `*_stats.csv`: one row an endpoint, and apart from them the row of all requests (`Aggregated`).

The total stays out of every sum over endpoints; it is kept with scope `all`, because the percentiles of all requests are not those of the
endpoints averaged. Locust rounds percentiles to two digits, and the file may lag behind the run. Columns: see `load_tables`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Warning, Where, Words, say
from stageway.readers import Reader, Reading, options
from stageway.readers.csv_rows import rows_of, text_of
from stageway.readers.head import first_line
from stageway.readers.json_document import number
from stageway.readers.lines import MAX_BYTES
from stageway.readers.load_tables import PERCENTILES, bad_rows, summary

TOTALS = ("Aggregated", "Total")
NEEDED = ("Type", "Name", "Request Count", "Failure Count")
NUMBERS = {
    "Request Count": "requests",
    "Failure Count": "failures",
    "Average Response Time": "mean_ms",
    "Min Response Time": "min_ms",
    "Max Response Time": "max_ms",
    "Requests/s": "per_s",
    **{f"{q:g}%": f"p{q:g}_ms" for q in PERCENTILES},
}


def read(path: Path, given: Mapping[str, Any]) -> Reading:
    """`given` may name `max_bytes`. Raises DataError for another file, also for Locust's history and failures."""
    options.only(given, ("max_bytes",))
    text = text_of(path, options.whole(given, "max_bytes", MAX_BYTES))
    found = rows_of(text, path, ",")
    header = [name.strip() for name in next(found, (1, []))[1]]
    if any(name not in header for name in NEEDED) or "Timestamp" in header:
        what = say(zh="这不是 Locust 的统计表（_stats.csv）", en="this is not the table of statistics of Locust (_stats.csv)")
        expected = say(zh="列 {names}，没有 Timestamp", en="columns {names}, and no Timestamp", names=", ".join(NEEDED))
        raise DataError("locust_wrong", what, where=Where(file=str(path), line=1, value=", ".join(header)[:60]), expected=expected)
    rows, totals, bad = [], [], 0
    for _, cells in found:
        told = dict(zip(header, cells, strict=False))
        row: dict[str, Any] = {ours: _positive(told.get(theirs, "")) for theirs, ours in NUMBERS.items() if theirs in header}
        kind, name = told.get("Type", "").strip(), told.get("Name", "").strip()
        if row["requests"] is None or row["failures"] is None or row["failures"] > row["requests"]:
            bad += 1
        elif name in TOTALS and not kind:
            totals.append({"scope": "all", "label": name, **row})
        else:
            rows.append({"scope": "label", "label": f"{kind} {name}".strip(), **row})
    facts = {
        "shape": "summary",
        "endpoints": len(rows),
        "requests": sum(int(row["requests"]) for row in rows),
        "failures": sum(int(row["failures"]) for row in rows),
        "bad_rows": bad,
        "aggregated": {theirs: totals[-1].get(ours) for theirs, ours in NUMBERS.items()} if totals else None,
    }
    return Reading(summary([*rows, *totals[-1:]], str(path)), facts, (*bad_rows(bad), *_differs(facts)))


def recognises(path: Path) -> Words | None:
    header = [name.strip().strip('"') for name in first_line(path).split(",")]
    if any(name not in header for name in NEEDED) or "Timestamp" in header:
        return None
    return say(zh="表头有 {names}", en="its header has {names}", names=", ".join(NEEDED))


READER = Reader("locust", (".csv",), Words("Locust 统计表", "Locust statistics"), read, recognises)


def _positive(text: str) -> float | None:
    value = number(text.strip())
    return value if value is not None and value >= 0 else None


def _differs(facts: Mapping[str, Any]) -> tuple[Warning, ...]:
    total = facts["aggregated"]
    if total is None or (total["Request Count"], total["Failure Count"]) == (facts["requests"], facts["failures"]):
        return ()
    text = say(
        zh="合计行写{all}次请求、{all_failed}次失败，逐个接口加起来是{requests}次、{failed}次；以接口为准，合计行的百分位不一定可信",
        en="the total row has {all} requests with {all_failed} failed, the endpoints add up to {requests} with {failed}; these count, and the total's percentiles may be wrong",
        all=f"{total['Request Count']:,.0f}",
        all_failed=f"{total['Failure Count']:,.0f}",
        requests=f"{facts['requests']:,}",
        failed=f"{facts['failures']:,}",
    )
    return (Warning("claims_differ", text),)
