"""The nouns of a template as data: who, what is asked of a stage, and by which criteria. No behaviour beyond look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from stageway.evidence import Where, Words

if TYPE_CHECKING:
    from stageway.process.expression import Expression


class Ask(StrEnum):
    """What a criterion that is not met means for the gate."""

    MUST = "must"
    SHOULD = "should"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Department:
    id: str
    name: Words
    short: Words


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """A named evidence: a method over data by role (`data` names datasets, `finding:NAME.table`, `items:KIND`), or `plain` numbers that people enter.

    `gives` are the names that criteria may use; for a method they come from its declaration.
    """

    name: str
    stage: str
    title: Words
    method: str | None
    data: Mapping[str, str]
    params: Mapping[str, Any]
    gives: tuple[str, ...] = ()
    plain: Mapping[str, Any] | None = None
    where: Where = Where()

    @property
    def is_plain(self) -> bool:
        return self.method is None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of a requirement. `text` is the grammar as written, `words` what a person reads (metric, without the threshold)."""

    ask: Ask
    text: str
    words: Words
    expression: Expression
    least_n: int | None = None
    least_days: int | None = None
    greatest_age_days: float | None = None
    on_fail: str | None = None
    where: Where = Where()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What the stage must deliver. `department` owns it by role; the person stands in the product. `due` is a share of the stage's time (1 = at its end)."""

    id: str
    stage: str
    title: Words
    department: str
    doer: Words
    how: Words
    criteria: tuple[Criterion, ...]
    evidence: tuple[EvidenceEntry, ...] = ()
    covers: tuple[str, ...] = ()
    due: float = 1.0
    where: Where = Where()
    added_by: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A numbered step: `text` has slots (`{who}`, `{people}`, `{dates}`); `slots` are the template's quantities, which a product may change."""

    id: str
    text: Words
    department: str
    slots: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Input:
    what: Words
    source: Words | None = None
    requirement: str | None = None


@dataclass(frozen=True, slots=True)
class MethodNote:
    """A method or tool of the stage: how its result is read, and what it cannot say."""

    name: Words
    reads: Words
    limit: Words
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """What a stage's owner gives to the next department, and when it is accepted."""

    id: str
    stage: str
    giver: str
    receiver: str
    what: Words
    standard: Words


@dataclass(frozen=True, slots=True)
class Stage:
    id: str
    number: int
    name: Words
    short: Words
    owner: str
    approver: str
    raci: Mapping[str, str]
    working_days: int
    purpose: Words
    clause: Words
    prompt: Words
    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]
    methods: tuple[MethodNote, ...]
    requirements: tuple[Requirement, ...]
    handoffs: tuple[Handoff, ...]
    needs: tuple[str, ...] = ()

    def requirement(self, id: str) -> Requirement | None:
        return next((r for r in self.requirements if r.id == id), None)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A typed field of an item kind: text, words (both languages), number, integer, flag, date, choice, list."""

    name: str
    type: str
    label: Words
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemKind:
    """A kind of item: `plural` is its name in criteria, `links` the kinds (or `finding`) that its items may point to."""

    id: str
    plural: str
    name: Words
    fields: tuple[FieldSpec, ...]
    links: tuple[str, ...]
    asks: tuple[tuple[str, str], ...] = ()  # (kind or `finding`, up | down): what it should have on the thread
    unless: tuple[tuple[str, str], ...] = ()  # (field, value): an item so marked asks for nothing
    stage: str | None = None

    def field(self, name: str) -> FieldSpec | None:
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True, slots=True)
class KindBook:
    """All kinds, the groups of kinds (`design` = screen, decision, scenario), and the order of the thread (each place one or more kinds)."""

    kinds: Mapping[str, ItemKind]
    groups: Mapping[str, tuple[str, ...]]
    thread: tuple[tuple[str, ...], ...]

    def by_plural(self, plural: str) -> ItemKind | None:
        return next((k for k in self.kinds.values() if k.plural == plural), None)


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric's definition with numerator and denominator, for the table of metrics."""

    id: str
    name: Words
    numerator: Words
    denominator: Words
    source: Words
    frequency: Words
    department: str


@dataclass(frozen=True, slots=True)
class Template:
    id: str
    version: str
    name: Words
    description: Words
    departments: tuple[Department, ...]
    stages: tuple[Stage, ...]
    kinds: KindBook
    metrics: tuple[Metric, ...]
    glossary: tuple[tuple[Words, Words], ...]
    example_goal: Map_ | None = None
    raci_extra: tuple[tuple[Words, Mapping[str, str]], ...] = ()

    def stage(self, id: str) -> Stage | None:
        return next((s for s in self.stages if s.id == id), None)


Map_ = Mapping[str, Any]
