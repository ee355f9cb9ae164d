"""The two shapes in which load tools report: single requests, or a summary with one row a label and one for all.

Requests: scope (request; transaction, which sums up others; part, fetched by a request), label, elapsed_ms, success, code, time_ms (since 1970).
Summary: scope (label, or all: the tool's own total), label, requests, failures, mean_ms, min_ms, max_ms, a column a percentile (`p95_ms`),
per_s, thresholds_failed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stageway.evidence import Frame, Warning, say

PERCENTILES = (50.0, 66.0, 75.0, 80.0, 90.0, 95.0, 98.0, 99.0, 99.9)
SUMMARY = ("requests", "failures", "mean_ms", "min_ms", "max_ms", *(f"p{q:g}_ms" for q in PERCENTILES), "per_s", "thresholds_failed")


@dataclass
class Requests:
    """Single requests, column by column."""

    scope: list[str] = field(default_factory=list)
    label: list[str | None] = field(default_factory=list)
    elapsed_ms: list[float] = field(default_factory=list)
    success: list[bool | None] = field(default_factory=list)
    code: list[str | None] = field(default_factory=list)
    time_ms: list[float] = field(default_factory=list)

    def add(self, scope: str, label: str, elapsed_ms: float, success: bool | None, code: str, time_ms: float) -> None:
        self.scope.append(scope)
        self.label.append(label or None)
        self.elapsed_ms.append(elapsed_ms)
        self.success.append(success)
        self.code.append(code or None)
        self.time_ms.append(time_ms)

    def frame(self, source: str) -> Frame:
        columns: dict[str, Any] = {name: _objects(getattr(self, name)) for name in ("scope", "label", "success", "code")}
        for name in ("elapsed_ms", "time_ms"):
            columns[name] = np.array(getattr(self, name), dtype=np.float64)
        return Frame(columns, source)

    def facts(self) -> dict[str, Any]:
        told = [(label, success) for scope, label, success in zip(self.scope, self.label, self.success, strict=True) if scope == "request"]
        return {
            "shape": "requests",
            "requests": len(told),
            "failures": sum(success is False for _, success in told),
            "transactions": self.scope.count("transaction"),
            "parts": self.scope.count("part"),
            "labels": len({label for label, _ in told}),
        }


def summary(rows: Sequence[Mapping[str, Any]], source: str) -> Frame:
    """Rows with `scope`, `label` and whatever of SUMMARY is known."""
    columns: dict[str, Any] = {name: _objects([row[name] for row in rows]) for name in ("scope", "label")}
    for name in SUMMARY:
        columns[name] = np.array([np.nan if (value := row.get(name)) is None else value for row in rows], dtype=np.float64)
    return Frame(columns, source)


def bad_rows(count: int) -> tuple[Warning, ...]:
    if not count:
        return ()
    zh, en = "有{count}行读不出，已略过：写到一半就断了，或不是这种格式", "rows that cannot be read ({count}) were left out: broken off, or not of this format"
    return (Warning("rows_bad", say(zh=zh, en=en, count=f"{count:,}")),)


def _objects(values: Sequence[Any]) -> Any:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made
