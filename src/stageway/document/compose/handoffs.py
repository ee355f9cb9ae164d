"""Hand-offs between departments: what, by which standard, due when, accepted or returned."""

from __future__ import annotations

from datetime import date

from stageway.document import dates
from stageway.document.compose import phrases
from stageway.document.compose.pen import Pen, line
from stageway.document.outline import Block, ColumnSpec, Line, Para
from stageway.evidence import Words
from stageway.process.model import Handoff, Stage
from stageway.process.planning import HandoffPlan


def chapter(pen: Pen, number: int) -> list[Block]:
    rule = pen.say(
        "交接须由接收方签收；不合格在2个工作日内退回并写明缺项，逾期未退回视为签收。",
        "The receiver signs. What does not meet the standard is returned within 2 working days with the reason; after that it counts as accepted.",
    )
    heads = (
        ColumnSpec(pen.say("编号", "No."), 12, keep=True),
        ColumnSpec(pen.say("交出 → 接收", "From → to"), 36),
        ColumnSpec(pen.say("内容", "What"), None),
        ColumnSpec(pen.say("合格标准", "Standard"), None),
        ColumnSpec(pen.say("期限", "Due"), 20),
        ColumnSpec(pen.say("状态", "State"), 32),
    )
    rows = [_row(pen, stage, each) for stage in pen.dossier.process.stages for each in stage.handoffs]
    blocks: list[Block] = [pen.heading(1, pen.say("跨部门交接", "Hand-offs between departments"), "handoffs-chapter", number), Para(line(rule))]
    if rows:
        blocks.append(pen.table("handoffs", pen.say("交接", "Hand-offs"), heads, rows))
    return blocks


def _row(pen: Pen, stage: Stage, each: Handoff) -> list[str | Line]:
    plan = pen.dossier.product.handoffs.get(each.id)
    way = f"{pen.of(pen.dossier.department(each.giver))} → {pen.of(pen.dossier.department(each.receiver))}"
    what = plan.what if plan and plan.what else each.what
    return [each.id, way, pen.of(what), pen.of(each.standard), due(pen, stage, plan), line(state(pen, plan))]


def due(pen: Pen, stage: Stage, plan: HandoffPlan | None) -> str:
    if plan is not None and plan.due is not None:
        return pen.day(plan.due)
    return pen.say("每次评审后", "after each review") if pen.dossier.plan(stage.id).continuous else pen.of(pen.gate_due(stage))


def state(pen: Pen, plan: HandoffPlan | None) -> str:
    """退回1次（缺改动单），签收09-21; 待签收; 签收04-13; 未交出."""
    events = plan.events if plan else ()
    parts = []
    returned = [e for e in events if e.kind == "returned"]
    if returned:
        because = pen.clauses(pen.of(e.because) for e in returned if e.because)
        parts.append(
            pen.fill(phrases.RETURNED, n=len(returned), because=Words(because, because)) if because else pen.say("退回{n}次", "returned {n}×", n=len(returned))
        )
    accepted = [e for e in events if e.kind == "accepted"]
    given = [e for e in events if e.kind == "given"]
    if accepted:
        parts.append(pen.say("签收{date}", "accepted {date}", date=dates.short(accepted[-1].at, pen.year)))
    elif given and (not returned or returned[-1].at < given[-1].at):
        if _silent(pen, given[-1].at) and not returned:
            parts.append(pen.say("逾期未退回，视为签收", "not returned in time: counts as accepted"))
        else:
            parts.append(pen.say("待签收", "awaiting acceptance"))
    elif plan is not None and plan.due is not None and plan.due < pen.dossier.today:
        parts.append(pen.say("逾期未交出", "overdue"))
    elif not returned:
        parts.append(pen.say("未交出", "not handed over"))
    return pen.capital(("，" if pen.lang == "zh" else ", ").join(parts))


def _silent(pen: Pen, given: date) -> bool:
    """Not returned within two working days: it counts as accepted."""
    return pen.dossier.workdays.between(given, pen.dossier.today) > 2
