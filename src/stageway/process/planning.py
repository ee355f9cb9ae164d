"""The nouns of a product as data: people, goals, scope, datasets, plans, adaptations. No behaviour beyond look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from stageway.evidence import Where, Words
from stageway.process.model import EvidenceEntry, Input

if TYPE_CHECKING:
    from stageway.process.expression import Expression


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: Words
    department: str
    role: Words | None = None
    deputy: str | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    value: float | None
    n: int | None = None
    source: Words | None = None
    at: str | None = None
    none_because: Words | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """`metric` is a path into the evidence (`retention.d30`, `tasks.completion[T2]`); `target` a comparison (`>= 20%`), parsed into `expression`."""

    id: str
    name: Words
    metric: str | None
    baseline: Baseline | None
    target: str | None
    by: date | None
    expression: Expression | None = None
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class OutOfScope:
    item: Words
    reason: Words | None = None
    reconsider: str | None = None


@dataclass(frozen=True, slots=True)
class Adaptation:
    """One change of the template: `act` is skip, add, change or reorder; `target` a stage, requirement or step; `before` → `after` for a change."""

    id: str
    act: str
    stage: str
    target: str
    reason: Words
    by: str | None
    at: date | None
    what: Words
    before: str | None = None
    after: str | None = None
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class RequirementPlan:
    """What the product says of a requirement: one person, due dates (the last one counts; earlier ones are earlier rounds), when done."""

    owner: str | None = None
    due: tuple[date, ...] = ()
    done: tuple[date, ...] = ()
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class StagePlan:
    owner: str | None = None
    planned: tuple[date | None, date | None] = (None, None)
    actual: tuple[date | None, date | None] = (None, None)
    continuous: bool = False
    work: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    inputs: tuple[Input, ...] = ()
    requirements: Mapping[str, RequirementPlan] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HandoffEvent:
    kind: str  # given, returned, accepted
    at: date
    because: Words | None = None


@dataclass(frozen=True, slots=True)
class HandoffPlan:
    id: str
    due: date | None
    events: tuple[HandoffEvent, ...] = ()
    what: Words | None = None


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    at: str
    what: Words
    who: str
    done_when: Words


@dataclass(frozen=True, slots=True)
class BudgetLine:
    line: Words
    amount: float
    unit: str
    derived_from: Words
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset entry of `product.yaml`, or the same keys of a mapping file.

    `path` is inside the folder; `columns` ours → theirs, `values` text → value, `wide` how columns become rows, `times` our column → how its
    times are written (`%d-%m-%Y`). `bad_rows` says what happens where a cell is not what its column asks: `refuse` stops, `keep` computes
    with the other rows; both list the wrong ones.
    """

    name: str
    path: str
    reader: str
    title: Words
    collected: date | None
    columns: Mapping[str, str]
    values: Mapping[str, Any]
    wide: Mapping[str, Any] | None
    options: Mapping[str, Any]
    where: Where = Where()
    times: Mapping[str, str] = field(default_factory=dict)
    bad_rows: str = "refuse"


@dataclass(frozen=True, slots=True)
class Milestone:
    what: Words
    at: date
    first: date | None = None


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    id: str
    what: Words
    owner: str
    due: date | None
    otherwise: Words


@dataclass(frozen=True, slots=True)
class Product:
    id: str
    name: Words
    company: Words
    summary: Words | None
    simulated: bool
    template: str
    zone: str
    holidays: tuple[str, ...]
    document_id: str | None
    classification: Words
    author: str | None
    reviewer: str | None
    approver: str | None
    milestone: Milestone | None
    people: tuple[Person, ...]
    goals: tuple[Goal, ...]
    scope_in: tuple[Words, ...]
    scope_out: tuple[OutOfScope, ...]
    datasets: Mapping[str, Dataset]
    evidence: Mapping[str, EvidenceEntry]
    stages: Mapping[str, StagePlan]
    adaptations: tuple[Adaptation, ...]
    handoffs: Mapping[str, HandoffPlan]
    calendar: tuple[CalendarEntry, ...]
    budget: tuple[BudgetLine, ...]
    questions: tuple[OpenQuestion, ...]
    terms: Mapping[str, Words]
    labels: Mapping[str, Words]
    file: str = "product.yaml"

    def person(self, id: str | None) -> Person | None:
        """By id, or by name in either language."""
        return next((p for p in self.people if id and id in (p.id, p.name.zh, p.name.en)), None)

    def member(self, department: str) -> Person | None:
        return next((p for p in self.people if p.department == department), None)
