"""Small processes, findings and items for the tests of this room."""

from __future__ import annotations

from datetime import date
from typing import Any

from stageway.evidence import Estimate, Finding, Meaning, Provenance, Source, Warning, Where, Words
from stageway.process.grammar import parse
from stageway.process.items import Item, Items
from stageway.process.model import Ask, Criterion, Requirement, Stage
from stageway.process.record import Result, Verdict
from stageway.process.template import builtin_kinds

NONE = Words("", "")
AT = date(2026, 11, 24)


def finding(*estimates: Estimate, warnings: tuple[Warning, ...] = (), observed: tuple[date, date] | None = None, sources: tuple[Source, ...] = ()) -> Finding:
    provenance = Provenance("method", "1", {}, sources, "", 0)
    return Finding(NONE, Meaning(NONE, NONE, NONE, NONE), estimates, warnings=warnings, observed=observed, provenance=provenance)


def criterion(text: str, ask: str = "must", **asked: Any) -> Criterion:
    return Criterion(Ask(ask), text, Words("指标", "Metric"), parse(text, Where(file="t.yaml", line=7)), **asked)


def requirement(*criteria: Criterion, id: str = "R1.1", stage: str = "design") -> Requirement:
    return Requirement(id, stage, NONE, "design", NONE, NONE, criteria)


def stage(*requirements: Requirement, id: str = "design") -> Stage:
    return Stage(id, 1, NONE, NONE, "design", "management", {}, 20, NONE, NONE, NONE, (), (), (), requirements, ())


def item(id: str, kind: str, links: dict[str, tuple[str, ...]] | None = None, **values: Any) -> Item:
    return Item(id, kind, Words.of(id), values, links or {}, Where(file=f"items/{kind}.yaml", line=1))


def items(*given: Item) -> Items:
    return Items(builtin_kinds(), given)


def verdict(ask: str = "must", result: str = "pass", **more: Any) -> Verdict:
    return Verdict(requirement="R1.1", stage="design", ask=Ask(ask), criterion="a.b >= 1", words=NONE, threshold=NONE, result=Result(result), **more)
