"""Departments, who leads them, and the RACI matrix."""

from __future__ import annotations

from stageway.document.compose.pen import Pen, line
from stageway.document.outline import Block, ColumnSpec, Para
from stageway.evidence import joined
from stageway.process.model import Department


def chapter(pen: Pen, number: int) -> list[Block]:
    return [
        pen.heading(1, pen.say("部门与职责", "Departments and responsibilities"), "people", number),
        _owners(pen),
        _raci(pen),
        Para(line(_rule(pen))),
    ]


def _owners(pen: Pen) -> Block:
    heads = ((pen.say("部门", "Department"), 32.0), (pen.say("负责人", "Owner"), 52.0), (pen.say("在本流程中负责", "Responsible for"), None))
    rows = [[pen.of(d.name), _people(pen, d), _duties(pen, d)] for d in pen.dossier.process.departments]
    return pen.table("owners", pen.say("负责人", "Owners"), heads, rows)


def _people(pen: Pen, department: Department) -> str:
    people = [p for p in pen.dossier.product.people if p.department == department.id]
    if not people and department.id == pen.dossier.process.stages[0].approver:
        return pen.say("未指定", "not named")
    if not people:
        approver = (
            pen.dossier.person_name(pen.dossier.product.approver)
            if pen.dossier.product.approver
            else pen.dossier.head_of(pen.dossier.process.departments[0].id)
        )
        return pen.say("未指定，由{who}指定", "not named; {who} names one", who=approver)
    told = []
    for i, person in enumerate(people):
        small = [pen.of(person.role)] if person.role and i else []
        if person.deputy and i == 0:
            small.append(pen.say("代批：{name}", "deputy: {name}", name=pen.dossier.person_name(person.deputy)))
        told.append(pen.of(person.name) + (pen.bracketed(pen.listed(small)) if small else ""))
    return pen.listed(told)


def _duties(pen: Pen, department: Department) -> str:
    """What the process asks of the department: the stages it owns and decides, its requirements."""
    stages = pen.dossier.process.stages
    owned = [pen.stage_words(s) for s in stages if s.owner == department.id]
    parts = [pen.of(joined(owned))] if owned else []
    decided = [s for s in stages if s.approver == department.id]
    if len(decided) == len(stages):
        parts.append(pen.say("批准目标、关口和预算", "approves goals, gates and budget"))
    mine = [r.id for s in stages for r in s.requirements if r.department == department.id]
    if mine:
        shown = mine[:6]
        text = pen.listed(shown) + (pen.say("等{n}项", " and {n} more", n=len(mine) if pen.lang == "zh" else len(mine) - 6) if len(mine) > 6 else "")
        parts.append(pen.say("交付{what}", "delivers {what}", what=text))
    consulted = [s.number for s in stages if s.raci.get(department.id) == "C"]
    if not parts and consulted:
        names = joined([pen.stage_words(s) for s in stages if s.number in consulted])
        parts.append(pen.say("{stages}事前征求意见", "consulted in {stages}", stages=names))
    return pen.capital(pen.clauses(parts)) or "—"


def _raci(pen: Pen) -> Block:
    departments = pen.dossier.process.departments
    heads = [
        ColumnSpec(pen.say("工作", "Work"), None),
        *(ColumnSpec(pen.of(d.short), min(11.5, round(112 / len(departments), 1)), "center", keep=True) for d in departments),
    ]
    extra = pen.dossier.process.raci_extra
    before, after = extra[:1], extra[1:]
    rows = [[pen.of(work), *(raci.get(d.id, "") for d in departments)] for work, raci in before]
    rows += [[pen.numbered(s, s.name), *(s.raci.get(d.id, "") for d in departments)] for s in pen.dossier.process.stages]
    rows += [[pen.of(work), *(raci.get(d.id, "") for d in departments)] for work, raci in after]
    caption = pen.say(
        "RACI（R执行，A最终负责且每行只有一个，C事前征求意见，I事后告知）",
        "RACI (R does the work; A is accountable, exactly one per row; C is consulted before; I is informed after)",
    )
    return pen.table("raci", caption, heads, rows, matrix=True)


def _rule(pen: Pen) -> str:
    product = pen.dossier.product
    approver = product.person(product.approver)
    deputy = product.person(approver.deputy) if approver else None
    rule = pen.say("批准人不得批准自己交付的内容", "Nobody approves his or her own deliverable")
    if approver is None:
        return pen.ended(rule)
    if deputy is None:
        return pen.ended(pen.clauses([rule, pen.say("{who}缺席时关口顺延", "a gate waits while {who} is absent", who=approver.name)]))
    told = pen.say(
        "{who}缺席时由{deputy}代批，并在3个工作日内由{who}确认",
        "{deputy} decides when {who} is absent, and {who} confirms within three working days",
        who=approver.name,
        deputy=deputy.name,
    )
    return pen.ended(pen.clauses([rule, told]))
