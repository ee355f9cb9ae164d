"""The nouns of the process as data: who, what is asked, how it is judged, what was decided. No behaviour beyond look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
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


class Result(StrEnum):
    """The four verdicts."""

    PASS = "pass"
    FAIL = "fail"
    UNDECIDED = "undecided"
    NOT_EVALUABLE = "not_evaluable"


class Choice(StrEnum):
    """What may be decided, or recommended, at a gate."""

    GO = "go"
    CONDITIONAL = "conditional"
    HOLD = "hold"
    RECYCLE = "recycle"
    KILL = "kill"


class StageState(StrEnum):
    NOT_STARTED = "not_started"
    ACTIVE = "active"
    PASSED = "passed"
    CONDITIONAL = "conditional"
    HELD = "held"
    RECYCLED = "recycled"  # sent back: this stage is gone through again
    KILLED = "killed"


# ── what the template says ────────────────────────────────────────────────────────────────────────────────────────────


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
Day = date


# ── what the product says ─────────────────────────────────────────────────────────────────────────────────────────────


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
    """A dataset entry of `product.yaml`. `path` is inside the folder; `columns` ours → theirs, `values` text → value, `wide` how columns become rows."""

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


# ── what was judged and decided ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Seen:
    """What a criterion saw: an estimate (with its interval), or an exact number with what it was counted from (`of`)."""

    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None
    unit: str = ""
    kind: str = "exact"
    key: str | None = None
    counts: Words = Words("", "")
    of: int | None = None
    which: tuple[str, ...] = ()
    signed_by: str | None = None
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One criterion judged. `needs_n` for undecided: at about which n the interval would leave the threshold (None: no sensible n would).

    `why` is the reason of a fail or a not evaluable (code and sentence); `until` when it can be judged, where that is known.
    """

    requirement: str
    stage: str
    ask: Ask
    criterion: str
    words: Words
    threshold: Words
    result: Result
    op: str | None = None
    limit: float | None = None
    seen: Seen | None = None
    evidence: str | None = None
    needs_n: int | None = None
    why_code: str | None = None
    why: Words | None = None
    until: date | None = None
    on_fail: str | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`rule` names the line of the rule that held; `missing` the verdicts that stand in the way."""

    choice: Choice
    rule: Words
    to: str | None = None
    missing: tuple[Verdict, ...] = ()
    then: Choice | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    id: str
    action: Words
    owner: str
    date: Day
    otherwise: Words
    closed: Day | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """As written into `decisions.yaml`: never edited, only superseded. `stage` is None for a decision about the process itself (adaptations)."""

    id: str
    at: date
    stage: str | None
    round: int
    kind: Choice | None
    by: str
    because: Words
    to: str | None
    conditions: tuple[Condition, ...]
    recommended: Choice | None
    verdicts: tuple[Verdict, ...]
    evidence_hash: str
    version: str
    closes: str | None = None
    what: Words | None = None
    effects: tuple[Mapping[str, Any], ...] = ()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signoff:
    requirement: str
    role: str
    subject: str
    by: str
    at: date
    refused: bool = False
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """A stage's gate now: its verdicts, what follows from them, the decisions taken so far (oldest first), and whether the last one still holds."""

    stage: str
    verdicts: tuple[Verdict, ...]
    recommendation: Recommendation
    decisions: tuple[Decision, ...]
    state: StageState
    round: int
    evidence_hash: str
    expired: bool = False

    @property
    def last(self) -> Decision | None:
        return self.decisions[-1] if self.decisions else None


@dataclass(frozen=True, slots=True)
class OwnWords:
    """People's own paragraphs: `words/<section>.<lang>.md` with front matter; `line` is where `text` begins in the file."""

    section: str
    lang: str
    author: str | None
    at: str | None
    text: str
    file: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Absent:
    """Why an evidence has no finding: `no_data`, `no_entry`, `scan_incomplete`, `not_computable` …"""

    code: str
    why: Words


@dataclass(frozen=True, slots=True)
class DataNote:
    """A dataset as it was read: for the data appendix."""

    name: str
    title: Words
    path: str
    rows: int
    sha256: str
    collected: date | None
    used_in: tuple[str, ...]


def at_day(at: datetime | date) -> date:
    return at.date() if isinstance(at, datetime) else at
