"""What was changed, from what to what and why; and every decision, of which none is ever edited."""

from __future__ import annotations

from stageway.document import dates
from stageway.document.compose.cover import brief
from stageway.document.compose.pen import Pen, line
from stageway.document.compose.stage_gate import effect_parts
from stageway.document.outline import Block, ColumnSpec, Para
from stageway.process.record import Choice, Decision


def chapter(pen: Pen, number: int) -> list[Block]:
    blocks: list[Block] = [pen.heading(1, pen.say("变更与决策", "Changes and decisions"), "changes-chapter", number)]
    changes = _changes(pen)
    if changes:
        heads = (
            ColumnSpec(pen.say("日期", "Date"), 22, keep=True),
            ColumnSpec(pen.say("变更", "What"), 40),
            ColumnSpec(pen.say("原值 → 新值", "Old → new"), None),
            ColumnSpec(pen.say("原因", "Why"), None),
            ColumnSpec(pen.say("决策", "Decision"), 16, keep=True),
        )
        blocks.append(pen.table("changes", pen.say("计划与要求的变更", "Changes of plan and requirements"), heads, sorted(changes)))
    decisions = pen.dossier.decisions
    if not decisions:
        stage = pen.dossier.process.stages[0]
        text = pen.say(
            "尚无决策；第一项是{gate}，{who}于{by}前作出。",
            "No decision yet; the first is {gate}, by {who}, due {by}.",
            gate=pen.gate_words(stage),
            who=pen.dossier.approver(stage),
            by=pen.gate_due(stage),
        )
        return [*blocks, Para(line(text))]
    columns = (
        ColumnSpec(pen.say("编号", "No."), 15, keep=True),
        ColumnSpec(pen.say("日期", "Date"), 22, keep=True),
        ColumnSpec(pen.say("决策", "Decision"), None),
        ColumnSpec(pen.say("批准人", "By"), 32),
    )
    caption = pen.say("决策清单（只增不改；后面的决策可取代前面的）", "Decisions (added to, never edited; a later one may supersede an earlier one)")
    rows = [[d.id, dates.iso(d.at), brief(pen, d) + _superseded(pen, d), pen.person(d.by)] for d in decisions]
    return [*blocks, pen.table("decisions", caption, columns, rows)]


def _superseded(pen: Pen, decision: Decision) -> str:
    """A hold or recycle is superseded by the next decision of the same gate."""
    if decision.kind not in (Choice.HOLD, Choice.RECYCLE) or decision.stage is None:
        return ""
    later = [d for d in pen.dossier.decisions if d.stage == decision.stage and d.kind is not None]
    place = next((i for i, d in enumerate(later) if d.id == decision.id), len(later))
    return pen.say("（被{id}取代）", " (superseded by {id})", id=later[place + 1].id) if place + 1 < len(later) else ""


def _changes(pen: Pen) -> list[list[str]]:
    dossier = pen.dossier
    made = []
    for decision in dossier.decisions:
        for effect in decision.effects:
            what, old, new = effect_parts(pen, effect)
            made.append([dates.iso(decision.at), what, f"{old} → {new}", brief(pen, decision), decision.id])
        if decision.closes:
            made.append(
                [
                    dates.iso(decision.at),
                    pen.say("条件{id}", "Condition {id}", id=decision.closes),
                    pen.say("未结 → 关闭", "open → closed"),
                    pen.written(decision.because),
                    decision.id,
                ]
            )
    milestone = dossier.product.milestone
    if (
        milestone
        and milestone.first
        and milestone.first != milestone.at
        and not any(dates.iso(milestone.at) in str(e.get("to", "")) for d in dossier.decisions for e in d.effects)
    ):
        cause = cause_of_delay(pen)
        made.append(
            [
                dates.iso(cause.at) if cause else dates.iso(dossier.today),
                pen.capital(pen.of(milestone.what)),
                f"{dates.iso(milestone.first)} → {dates.iso(milestone.at)}",
                brief(pen, cause) if cause else "—",
                cause.id if cause else "—",
            ]
        )
    for each in dossier.product.adaptations:
        if each.act == "change" and each.at is not None:
            made.append([dates.iso(each.at), each.target, pen.of(each.what), pen.of(each.reason), each.id])
    return made


def cause_of_delay(pen: Pen) -> Decision | None:
    """The decision that moved the milestone: the last recycle, else the last hold."""
    for kind in (Choice.RECYCLE, Choice.HOLD):
        found = [d for d in pen.dossier.decisions if d.kind == kind]
        if found:
            return found[-1]
    return None
