"""The dossier: all that is known of a product at one moment. The document, the lint, the pages and the command line read it; nobody computes behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from stageway.evidence import Finding, Method, Words, say
from stageway.process.items import Gap, Items
from stageway.process.judge import GoalVerdict
from stageway.process.model import EvidenceEntry, Requirement, Stage, Template
from stageway.process.planning import Person, Product, RequirementPlan, StagePlan
from stageway.process.record import Absent, Choice, DataNote, Decision, Gate, OwnWords, Result, Signoff, StageState, Verdict
from stageway.process.workdays import WorkingDays


class RequirementState(StrEnum):
    DONE = "done"
    OVERDUE = "overdue"
    IN_PROGRESS = "in_progress"
    NOT_BEGUN = "not_begun"


@dataclass(frozen=True)
class Dossier:
    """`template` is as shipped, `process` after the product's adaptations. `codes` gives each evidence the code that a reader sees (F3-2).

    `at` is the as-of moment in the product's zone; `fingerprint` a hash over product, findings and decisions.
    """

    product: Product
    template: Template
    process: Template
    items: Items
    findings: Mapping[str, Finding]
    absent: Mapping[str, Absent]
    evidence: Mapping[str, EvidenceEntry]
    codes: Mapping[str, str]
    gates: Mapping[str, Gate]
    goals: Mapping[str, GoalVerdict]
    decisions: tuple[Decision, ...]
    signoffs: tuple[Signoff, ...]
    words: tuple[OwnWords, ...]
    data: tuple[DataNote, ...]
    methods: Mapping[str, Method]
    at: datetime
    fingerprint: str
    workdays: WorkingDays = field(default_factory=WorkingDays)

    @property
    def today(self) -> date:
        return self.at.date()

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return self.items.gaps()

    @property
    def data_up_to(self) -> date | None:
        days = [note.collected for note in self.data]
        days += [source.collected for finding in self.findings.values() if finding.provenance for source in finding.provenance.sources]
        return max((day for day in days if day and day <= self.today), default=None)

    def department(self, id: str) -> Words:
        return next((d.name for d in self.process.departments if d.id == id), Words(id, id))

    def department_short(self, id: str) -> Words:
        return next((d.short for d in self.process.departments if d.id == id), Words(id, id))

    def plan(self, stage: str) -> StagePlan:
        return self.product.stages.get(stage, StagePlan())

    def requirement_plan(self, requirement: Requirement) -> RequirementPlan:
        return self.plan(requirement.stage).requirements.get(requirement.id, RequirementPlan())

    def owner(self, requirement: Requirement) -> Person | None:
        """The one person who owes the requirement, where the product names one."""
        return self.product.person(self.requirement_plan(requirement).owner)

    def owner_name(self, requirement: Requirement) -> Words:
        """The person; where nobody is named, the first of the department, and its head where it has nobody yet."""
        person = self.owner(requirement) or self.product.member(requirement.department)
        return person.name if person else self.head_of(requirement.department)

    def head_of(self, department: str) -> Words:
        name = self.department(department)
        return say(zh="{name}负责人", en="the head of {name}", name=name)

    def stage_owner(self, stage: Stage) -> Words:
        person = self.product.person(self.plan(stage.id).owner)
        return person.name if person else self.head_of(stage.owner)

    def approver(self, stage: Stage) -> Words:
        person = self.product.person(self.product.approver) if stage.approver == "management" else self.product.member(stage.approver)
        return person.name if person else self.head_of(stage.approver)

    def person_name(self, id: str | None) -> Words:
        person = self.product.person(id)
        return person.name if person else Words.of(id or "—")

    def due(self, requirement: Requirement) -> date | None:
        """The date in the product, or the requirement's share of the stage's planned time; None where neither is there."""
        plan = self.requirement_plan(requirement)
        if plan.due:
            return plan.due[-1]
        start, end = self.plan(requirement.stage).planned
        if start is None or end is None:
            return None
        return self.workdays.add(start, max(0, round(self.workdays.between(start, end) * requirement.due)))

    def done(self, requirement: Requirement) -> date | None:
        """When the current round's deliverable was done: the product's date, or the sign-off where a sign-off is all that is asked."""
        plan = self.requirement_plan(requirement)
        if plan.done and len(plan.done) >= len(plan.due):
            return plan.done[-1]
        return None

    def state(self, requirement: Requirement) -> RequirementState:
        if self.done(requirement):
            return RequirementState.DONE
        due = self.due(requirement)
        if due is not None and due < self.today:
            return RequirementState.OVERDUE
        gate = self.gates.get(requirement.stage)
        if gate is None or gate.state in (StageState.NOT_STARTED,):
            return RequirementState.NOT_BEGUN
        return RequirementState.IN_PROGRESS

    def days_late(self, requirement: Requirement) -> int:
        """Working days by which it was done late, or is overdue; 0 when in time."""
        due = self.due(requirement)
        if due is None:
            return 0
        return max(0, self.workdays.between(due, self.done(requirement) or self.today))

    def verdicts(self, stage: str) -> tuple[Verdict, ...]:
        return self.gates[stage].verdicts if stage in self.gates else ()

    def verdicts_of(self, requirement: Requirement) -> tuple[Verdict, ...]:
        return tuple(v for v in self.verdicts(requirement.stage) if v.requirement == requirement.id)

    def worst(self, requirement: Requirement) -> Result | None:
        """The verdict that stands in the way most: fail, then undecided, then not evaluable, then pass; None without criteria."""
        order = (Result.FAIL, Result.UNDECIDED, Result.NOT_EVALUABLE, Result.PASS)
        results = [v.result for v in self.verdicts_of(requirement)]
        return min(results, key=order.index, default=None)

    def finding_names(self, stage: str) -> tuple[str, ...]:
        """The stage's evidence that has a finding, in the order of the codes."""
        return tuple(name for name in self.codes if self.evidence[name].stage == stage and name in self.findings) if self.codes else ()

    def own(self, section: str, lang: str) -> OwnWords | None:
        """People's own paragraph in that language; the other language's where only that exists (marked by its `lang`)."""
        mine = [w for w in self.words if w.section == section]
        return next((w for w in mine if w.lang == lang), mine[0] if mine else None)

    def current_stage(self) -> Stage | None:
        """The first stage whose gate is still open and that has begun, else the first not started; None when all have passed."""
        live = (StageState.ACTIVE, StageState.HELD, StageState.RECYCLED)
        open_ = [s for s in self.process.stages if s.id in self.gates and self.gates[s.id].state in live]
        waiting = [s for s in self.process.stages if s.id in self.gates and self.gates[s.id].state == StageState.NOT_STARTED]
        return open_[0] if open_ else (waiting[0] if waiting else None)

    def missing_musts(self, stage: str) -> tuple[Verdict, ...]:
        return tuple(v for v in self.verdicts(stage) if v.ask == "must" and v.result != Result.PASS)

    def passed(self, stage: str) -> bool:
        last = self.gates[stage].last if stage in self.gates else None
        return last is not None and last.kind in (Choice.GO, Choice.CONDITIONAL) and self.gates[stage].state in (StageState.PASSED, StageState.CONDITIONAL)
