"""Verdicts as plain data, for `decisions.yaml` and `findings.json`: what is empty is left out, and what comes back is equal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import StrEnum
from typing import Any

from stageway.evidence import Words
from stageway.process.model import Ask
from stageway.process.record import Result, Seen, Verdict

_INFINITE = {"inf": math.inf, "-inf": -math.inf}


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    return _record(verdict)


def verdict_from_json(data: Mapping[str, Any]) -> Verdict:
    seen = data.get("seen")
    made = {
        **data, "ask": Ask(data["ask"]), "result": Result(data["result"]), "words": Words.of(data["words"]), "threshold": Words.of(data["threshold"]),
        "limit": _number(data.get("limit")), "why": Words.of(data["why"]) if data.get("why") else None, "until": _day(data.get("until")),
        "seen": None if seen is None else _seen(seen),
    }
    return Verdict(**made)


def _seen(data: Mapping[str, Any]) -> Seen:
    numbers = {name: _number(data[name]) for name in ("value", "low", "high") if name in data}
    return Seen(**{
        **data, **numbers, "counts": Words.of(data["counts"]) if "counts" in data else Words("", ""), "which": tuple(data.get("which", ())),
        "signed_on": _day(data.get("signed_on")),
    })


def _record(value: Any) -> dict[str, Any]:
    """Fields that differ from their default, in their order."""
    kept = {f.name: getattr(value, f.name) for f in fields(value)}
    defaults = {f.name: f.default for f in fields(value) if f.default is not MISSING}
    return {name: _plain(part) for name, part in kept.items() if name not in defaults or part != defaults[name]}


def _plain(value: Any) -> Any:
    if isinstance(value, Words):
        return value.to_json()
    if isinstance(value, Seen):
        return _record(value)
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def _number(value: Any) -> float | None:
    return None if value is None else _INFINITE[value] if value in _INFINITE else float(value)


def _day(value: Any) -> date | None:
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))
