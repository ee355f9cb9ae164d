"""Open points: everything that is not a pass, not decided, overdue or unanswered, each with who, by when, and what happens otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from stageway.document import dates
from stageway.document.compose.criteria import owed
from stageway.document.compose.glance import lacks_name
from stageway.document.compose.pen import Pen, line
from stageway.document.outline import Block, ColumnSpec, Para
from stageway.evidence import Words, joined, number, say
from stageway.process.dossier import RequirementState
from stageway.process.model import Ask, Stage
from stageway.process.record import StageState


@dataclass(frozen=True, slots=True)
class Point:
    what: str
    who: str
    by: str
    otherwise: str
    id: str = ""


def chapter(pen: Pen, number: int) -> list[Block]:
    heading = pen.heading(1, pen.say("未决事项", "Open points"), "open-chapter", number)
    points = open_points(pen)
    if not points:
        return [heading, Para(line(pen.say("没有未决事项（截至{date}）。", "No open points (as of {date}).", date=dates.full(pen.dossier.today))))]
    heads = (
        ColumnSpec(pen.say("编号", "No."), 12, keep=True),
        ColumnSpec(pen.say("事项", "What"), None),
        ColumnSpec(pen.say("责任人", "Owner"), 30),
        ColumnSpec(pen.say("期限", "Due"), 32),
        ColumnSpec(pen.say("到期不决怎么办", "If it is not settled by then"), 52),
    )
    taken = {point.id for point in points if point.id}
    rows, count = [], 0
    for point in points:
        if not point.id:
            count += 1
            while f"P-{count}" in taken:
                count += 1
        rows.append([point.id or f"P-{count}", point.what, point.who, point.by, point.otherwise])
    return [heading, pen.table("open", pen.say("未决事项", "Open points"), heads, rows)]


def live_stages(pen: Pen) -> list[Stage]:
    """Stages that are being worked on; the first one where nothing has begun."""
    begun = [s for s in pen.dossier.process.stages if pen.dossier.gates[s.id].state not in (StageState.NOT_STARTED, StageState.KILLED)]
    now = pen.dossier.current_stage()
    return begun or ([now] if now else [])


def open_points(pen: Pen) -> list[Point]:
    made: list[Point] = []
    for stage in live_stages(pen):
        made += _of_stage(pen, stage)
    return [*made, *_conditions(pen), *_gaps(pen), *_budget(pen), *_questions(pen)]


def _of_stage(pen: Pen, stage: Stage) -> list[Point]:
    gate = pen.dossier.gates[stage.id]
    decided = gate.state in (StageState.PASSED, StageState.CONDITIONAL) and not gate.expired
    blocked = pen.say("{gate}不放行", "{gate} does not pass", gate=Words(pen.gate_words(stage).zh, pen.gate_name(stage)))
    made: list[Point] = []
    seen: set[str] = set()
    musts = [v for v in gate.verdicts if v.ask != Ask.SHOULD]
    shoulds = [v for v in gate.verdicts if v.ask == Ask.SHOULD]
    for verdicts, otherwise in (
        (musts, blocked),
        (shoulds, pen.say("{gate}只能附条件放行", "{gate} passes on a condition only", gate=Words(pen.gate_words(stage).zh, pen.gate_name(stage)))),
    ):
        for each in owed(pen, verdicts) if not decided or pen.dossier.plan(stage.id).continuous else ():
            if each.id in seen:
                continue
            seen.add(each.id)
            why = pen.bracketed(pen.of(each.why))
            made.append(Point(f"{each.id} {pen.of(each.what)}{why}", pen.of(each.who), _by(pen, each.by, each.late), otherwise))
    late = [r for r in stage.requirements if r.id not in seen and pen.dossier.state(r) == RequirementState.OVERDUE]
    if late and decided:
        ids = pen.listed(r.id for r in late)
        what = pen.say(
            "{stage}已放行，仍有{n}项未交：{ids}",
            "{stage} has passed, {n} deliverables are still owed: {ids}",
            stage=pen.stage_words(stage),
            n=len(late),
            ids=ids,
        )
        made.append(
            Point(what, pen.of(pen.stage_owner(stage)), pen.of(_next(pen)), pen.say("升级至{who}", "escalated to {who}", who=pen.dossier.approver(stage)))
        )
    for requirement in () if decided else late:
        days = pen.dossier.days_late(requirement)
        told = pen.say("{id} {title}，逾期{n}个工作日未交", "{id} {title}, {n} working days overdue", id=requirement.id, title=requirement.title, n=days)
        made.append(Point(told, pen.of(pen.owner(requirement)), pen.due(requirement), pen.say("升级至{who}", "escalated to {who}", who=pen.stage_owner(stage))))
    return made


def _by(pen: Pen, by: Words, late: bool) -> str:
    return pen.of(by) + (pen.say("（原期限已过）", " (first date missed)") if late else "")


def _conditions(pen: Pen) -> list[Point]:
    closed = {d.closes for d in pen.dossier.decisions if d.closes}
    made = []
    for decision in pen.dossier.decisions:
        for condition in decision.conditions:
            if condition.id in closed or condition.closed is not None:
                continue
            made.append(
                Point(
                    f"{condition.id} {pen.written(condition.action)}", pen.person(condition.owner), pen.full(condition.date), pen.written(condition.otherwise)
                )
            )
    return made


def _gaps(pen: Pen) -> list[Point]:
    """Items that the thread does not tie in: a function without a need, a need without a test, one row a kind of gap."""
    told: dict[tuple[str, str], list[str]] = {}
    for gap in pen.dossier.gaps:
        told.setdefault((gap.item.kind, gap.lacks), []).append(gap.item.id)
    merged: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (kind, lacks), ids in told.items():
        merged.setdefault((kind, tuple(ids)), []).append(lacks)
    made = []
    kinds = pen.dossier.items.kinds.kinds
    for (kind, listed), lacking in merged.items():
        stage = pen.dossier.process.stage(kinds[kind].stage or "") or pen.dossier.process.stages[0]
        more = len(listed) - 8
        shown = pen.listed(listed[:8]) + (pen.say("等{n}项", " and {n} more", n=len(listed) if pen.lang == "zh" else more) if more > 0 else "")
        what = pen.say(
            "{ids}：{kind}没有{lacks}",
            "{ids}: {kind} without {lacks}",
            ids=shown,
            kind=kinds[kind].name,
            lacks=joined([lacks_name(pen, each) for each in lacking]),
        )
        made.append(Point(what, pen.of(pen.stage_owner(stage)), pen.of(_next(pen)), pen.say("补链接，或从首版移出", "link it, or take it out of the release")))
    return made


def _next(pen: Pen) -> Words:
    now = pen.dossier.current_stage()
    if now is None:
        return Words("下次评审", "the next review")
    end = pen.gate_day(now)
    return dates.short(end, pen.year) if end and end >= pen.dossier.today else say(zh="{gate}", en="{gate}", gate=pen.gate_words(now))


def _budget(pen: Pen) -> list[Point]:
    made = []
    for each in pen.dossier.product.budget:
        if each.decision is None:
            approver = (
                pen.person(pen.dossier.product.approver) if pen.dossier.product.approver else pen.of(pen.dossier.approver(pen.dossier.process.stages[-1]))
            )
            made.append(Point(f"{pen.of(each.line)} {money(pen, each.amount, each.unit)}", approver, pen.of(_next(pen)), pen.say("不得动用", "is not spent")))
    return made


def money(pen: Pen, amount: float, unit: str) -> str:
    if unit == "CNY" and pen.lang == "zh" and abs(amount) >= 10_000:
        return f"{amount / 10_000:,.4g}万元"
    return number(amount, unit, pen.lang, 0)


def _questions(pen: Pen) -> list[Point]:
    return [Point(pen.of(q.what), pen.person(q.owner), pen.day(q.due), pen.of(q.otherwise), q.id) for q in pen.dossier.product.questions]
