"""What people do in a product folder: sign a requirement off, decide at a gate. Each act is checked, then appended; nothing is edited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from stageway.evidence import DefinitionError, ParamError, Where, Words, did_you_mean, say
from stageway.folder.load import load
from stageway.folder.register import append_decision, append_signoff, next_id, next_version
from stageway.folder.survey import moment, survey
from stageway.process.dossier import Dossier
from stageway.process.expression import Signoff as SignoffAsked
from stageway.process.model import Requirement, Template
from stageway.process.planning import Person, Product
from stageway.process.record import Choice, Condition, Decision, Signoff


def _person(product: Product, name: str) -> Person:
    person = product.person(name)
    if person is None:
        what = say(zh="product.yaml 的 people 里没有“{name}”", en='nobody named "{name}" is among the people of product.yaml', name=name)
        raise ParamError(
            "person_unknown",
            what,
            todo=did_you_mean(name, [p.id for p in product.people] + [p.name.zh for p in product.people] + [p.name.en for p in product.people]),
        )
    return person


def sign(root: Path, *, requirement: str, by: str, refuse: bool = False, because: str | None = None, at: str | None = None) -> tuple[Signoff, ...]:
    """Record the sign-offs that a requirement asks for. Raises where it asks for none, or the person is not of the department asked."""
    folder = load(root)
    found = _requirement(folder.process, requirement)
    asked = [c.expression.subject for c in found.criteria if isinstance(c.expression.subject, SignoffAsked)]
    if not asked:
        what = say(zh="要求 {id} 没有签核准则", en="the requirement {id} asks for no sign-off", id=requirement)
        known = [r.id for s in folder.process.stages for r in s.requirements if any(isinstance(c.expression.subject, SignoffAsked) for c in r.criteria)]
        raise ParamError("signoff_none", what, expected=say(zh="{known} 之一", en="one of {known}", known=", ".join(known)))
    if refuse and not (because or "").strip():
        raise ParamError(
            "reason_missing", say(zh="拒签须写理由", en="a refusal needs its reason"), todo=say(zh='加上 --because "理由"', en='add --because "TEXT"')
        )
    person = _person(folder.product, by)
    day = moment(folder.product, at).date()
    made = []
    for subject in asked:
        if person.department != subject.role:
            department = next((d.name for d in folder.process.departments if d.id == subject.role), Words.of(subject.role))
            members = [p for p in folder.product.people if p.department == subject.role]
            what = say(
                zh="{id} 须由{department}签核，{name}不属于该部门",
                en="{id} is signed off by {department}, and {name} does not belong to it",
                id=requirement,
                department=department,
                name=person.name,
            )
            who = say(zh="可由 {names} 签核", en="it can be signed by {names}", names=", ".join(p.id for p in members) or "—")
            raise ParamError("signoff_role", what, todo=who)
        made.append(Signoff(requirement, subject.role, subject.subject, person.id, day, refuse, because))
    for signoff in made:
        append_signoff(root, signoff)
    return tuple(made)


def _requirement(process: Template, id: str) -> Requirement:
    known = {r.id: r for s in process.stages for r in s.requirements}
    if id not in known:
        raise ParamError("requirement_unknown", say(zh="没有要求“{id}”", en='there is no requirement "{id}"', id=id), todo=did_you_mean(id, known))
    return known[id]


def parse_condition(text: str, index: int, taken: int) -> Condition:
    """`ACTION; OWNER; DATE; OTHERWISE`: all four, or an error that says which is missing."""
    parts = [part.strip() for part in re.split(r"[;；]", text)]
    if len(parts) != 4 or not all(parts):
        what = say(zh="条件须有四段：动作; 责任人; 日期; 否则", en="a condition has four parts: ACTION; OWNER; DATE; OTHERWISE")
        example = Words("如“复测，n≥930; 林悦; 2026-09-30; 重开关口二”", 'such as "measure again with n ≥ 930; Lin Yue; 2026-09-30; reopen Gate 2"')
        raise ParamError("condition_wrong", what, where=Where(value=text), expected=example)
    try:
        day = date.fromisoformat(parts[2])
    except ValueError:
        raise ParamError(
            "condition_wrong",
            say(zh="条件里的“{day}”不是日期", en='"{day}" in the condition is not a date', day=parts[2]),
            expected=say(zh="如 2026-09-30", en="such as 2026-09-30"),
        ) from None
    return Condition(f"C-{taken + index + 1:02d}", Words.of(parts[0]), parts[1], day, Words.of(parts[3]))


def decide(
    root: Path, *, stage: str, kind: str, by: str, because: str | Words, to: str | None = None, conditions: Sequence[str | Condition] = (), at: str | None = None
) -> tuple[Decision, Dossier]:
    """Append a decision with the verdict rows that it saw, and issue one version of the document.

    Raises ParamError where something that the kind asks is missing: a reason (all but a plain go, and whenever it departs from
    the recommendation), conditions (conditional), the stage to go back to (recycle). Returns the decision and the dossier that it saw.
    """
    dossier, _ = survey(root, at=at)
    choice, target = _checked_kind(dossier, stage, kind, to)
    person = _person(dossier.product, by)
    gate = dossier.gates[stage]
    departs = choice != gate.recommendation.choice
    reason = Words.of(because)
    if not reason.zh.strip() and (choice != Choice.GO or departs):
        what = say(zh="除与建议一致的“通过”外，决定须写理由", en="every decision but a go that follows the recommendation needs its reason")
        raise ParamError("reason_missing", what, todo=say(zh='加上 --because "理由"', en='add --because "TEXT"'))
    taken = sum(len(d.conditions) for d in dossier.decisions)
    made = tuple(each if isinstance(each, Condition) else parse_condition(each, i, taken) for i, each in enumerate(conditions))
    if (choice == Choice.CONDITIONAL) != bool(made):
        what = say(zh="有条件通过须带条件，其余决定不带条件", en="a conditional go carries conditions, and no other decision does")
        raise ParamError(
            "condition_wrong", what, todo=say(zh='加上 --condition "动作; 责任人; 日期; 否则"', en='add --condition "ACTION; OWNER; DATE; OTHERWISE"')
        )
    for condition in made:
        _person(dossier.product, condition.owner)
    names = [name for name in dossier.codes if dossier.evidence[name].stage == stage and name in dossier.findings]
    decision = Decision(
        id=next_id(dossier.decisions),
        at=dossier.today,
        stage=stage,
        round=gate.round,
        kind=choice,
        by=person.id,
        because=Words(reason.zh.strip(), reason.en.strip()),
        to=target,
        conditions=made,
        recommended=gate.recommendation.choice,
        verdicts=gate.verdicts,
        evidence_hash=gate.evidence_hash,
        version=next_version(dossier.decisions),
        findings=tuple(dossier.codes[name] for name in names),
    )
    append_decision(root, decision, {name: dossier.codes[name] for name in names})
    return decision, dossier


def _checked_kind(dossier: Dossier, stage: str, kind: str, to: str | None) -> tuple[Choice, str | None]:
    order = [s.id for s in dossier.process.stages]
    if stage not in order:
        raise ParamError("stage_unknown", say(zh="没有阶段“{id}”", en='there is no stage "{id}"', id=stage), todo=did_you_mean(stage, order))
    if kind not in set(Choice):
        raise ParamError("kind_unknown", say(zh="没有决定“{kind}”", en='there is no decision "{kind}"', kind=kind), todo=did_you_mean(kind, set(Choice)))
    choice = Choice(kind)
    if (choice == Choice.RECYCLE) != (to is not None):
        what = say(zh="退回须用 --to 写明退回到哪个阶段，其余决定不写", en="recycle names the stage to go back to with --to, and no other decision does")
        raise ParamError("to_wrong", what)
    if to is not None and (to not in order or order.index(to) > order.index(stage)):
        known = order[: order.index(stage) + 1]
        raise ParamError(
            "to_wrong",
            say(zh="不能退回到“{to}”", en='it cannot go back to "{to}"', to=to),
            expected=say(zh="{known} 之一", en="one of {known}", known=", ".join(known)),
        )
    return choice, to


def require_stage(dossier: Dossier, stage: str) -> None:
    order = [s.id for s in dossier.process.stages]
    if stage not in order:
        raise DefinitionError("stage_unknown", say(zh="没有阶段“{id}”", en='there is no stage "{id}"', id=stage), todo=did_you_mean(stage, order))
