"""A stage's chapter, always in the same order: head line, purpose, inputs, work, methods, requirements, findings, gate, risks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from stageway.document import dates
from stageway.document.compose import phrases, stage_findings, stage_gate
from stageway.document.compose.criteria import asked, if_not_met, limits
from stageway.document.compose.pen import Pen, line, mute, stacked, strong
from stageway.document.compose.strips import GATE_STATE, stage_strip
from stageway.document.drawings.canvas import width_of
from stageway.document.outline import Block, ColumnSpec, Items, Line, Para, State, Text
from stageway.evidence import Words, joined, say
from stageway.process.dossier import RequirementState
from stageway.process.items import Item
from stageway.process.model import Input, Requirement, Stage, Step
from stageway.process.record import Result, StageState


def chapter(pen: Pen, stage: Stage, number: int) -> list[Block]:
    title = pen.say("{stage}　{name}", "{stage}: {name}", stage=pen.stage_words(stage), name=stage.name)
    blocks: list[Block] = [pen.heading(1, title, stage.id, number, new_page=True), stage_strip(pen, stage), *_head(pen, stage), _people(pen, stage)]
    sections: tuple[tuple[str, Words, Sequence[Block]], ...] = (
        ("purpose", Words("目的与为什么重要", "Purpose, and why it matters"), [Para(line(pen.of(stage.purpose)))]),
        ("inputs", Words("输入", "Inputs"), [_inputs(pen, stage)]),
        ("work", Words("工作内容", "Work"), _work(pen, stage)),
        ("methods", Words("方法与工具", "Methods, and how to read them"), [_methods(pen, stage)]),
        ("requirements", Words("要求", "Requirements"), [_requirements(pen, stage)]),
        ("findings", Words("结论", "Findings"), stage_findings.section(pen, stage)),
        ("gate", _gate_title(pen, stage), stage_gate.section(pen, stage)),
        ("risks", Words("风险", "Risks"), _risks(pen, stage)),
    )
    for i, (anchor, words, made) in enumerate(sections, start=1):
        blocks += [pen.heading(2, pen.of(words), f"{stage.id}-{anchor}", (number, i)), *made]
    return blocks


def _gate_title(pen: Pen, stage: Stage) -> Words:
    if pen.dossier.plan(stage.id).continuous:
        return Words("定期评审与决策", "Periodic review and decision")
    gate = pen.gate_words(stage)
    return Words(f"{gate.zh}与决策", f"{gate.en} and decision")


# ── head ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _head(pen: Pen, stage: Stage) -> list[Para]:
    """Owner, dates and gate on one line; the gate on a line of its own where they are too long, so that no state wraps."""
    owner, when, marks = _with_department(pen, stage), stage_dates(pen, stage), gate_marks(pen, stage)
    told = "".join(each.word + "    " if isinstance(each, State) else each.text if isinstance(each, Text) else "" for each in marks)
    gap = "　" if pen.lang == "zh" else " · "
    facts = line(strong(pen.say("负责", "Owner")), " ", owner, gap, strong(pen.say("起止", "Dates")), " ", when)
    gate = line(strong(pen.capital(pen.of(pen.gate_words(stage)).removeprefix("the "))), " ", marks)
    if width_of(f"{owner}{when}{told}", 3.8) > (104 if pen.lang == "zh" else 124):
        return [Para(facts, lead=True), Para(gate, lead=True)]
    return [Para(line(facts, gap, gate), lead=True)]


def _with_department(pen: Pen, stage: Stage) -> str:
    person = pen.dossier.product.person(pen.dossier.plan(stage.id).owner)
    department = pen.dossier.department(stage.owner)
    if person is None:
        return pen.of(pen.dossier.head_of(stage.owner))
    return pen.say("{department} {person}", "{person}, {department}", department=department, person=person.name)


def stage_dates(pen: Pen, stage: Stage) -> str:
    """2026-05-21～07-22（计划06-24，晚20个工作日）."""
    plan = pen.dossier.plan(stage.id)
    start, end = plan.actual[0] or plan.planned[0], plan.actual[1] or plan.planned[1]
    if start is None or end is None:
        if start is not None and plan.continuous:
            return pen.say("{start}起，持续", "from {start}, continuous", start=dates.full(start))
        return pen.say("待定，工期{n}个工作日", "to be set; {n} working days", n=stage.working_days)
    whole = dates.span(start, end, None)
    if plan.continuous:
        return pen.say("{start}起，持续", "from {start}, continuous", start=dates.full(start))
    return pen.say("{span}（{how}）", "{span} ({how})", span=whole, how=lateness(pen, stage))


def lateness(pen: Pen, stage: Stage) -> Words:
    plan, today = pen.dossier.plan(stage.id), pen.dossier.today
    planned, actual = plan.planned[1], plan.actual[1]
    begun = plan.actual[0] is not None or pen.dossier.gates[stage.id].state == StageState.ACTIVE
    if planned is None:
        return say(zh="没有计划日期", en="no planned date")
    late = pen.dossier.workdays.between(planned, actual or today)
    if actual is not None and late <= 0:
        return say(zh="按期", en="on time")
    if actual is not None:
        return say(zh="计划{planned}，晚{n}个工作日", en="planned {planned}; {n} working days late", planned=dates.short(planned, actual.year), n=late)
    if late > 0:
        return say(
            zh="计划{planned}，已晚{n}个工作日", en="planned {planned}; {n} working days late so far", planned=dates.short(planned, planned.year), n=late
        )
    return say(zh="进行中", en="in progress") if begun else say(zh="计划", en="planned")


def gate_marks(pen: Pen, stage: Stage) -> Line:
    """The decisions of the gate in their order, ↺ 退回 → ◆ 通过, or that it is open, with its date."""
    gate = pen.dossier.gates[stage.id]
    made: list[Any] = []
    for decision in [d for d in gate.decisions if d.kind is not None][-3:]:
        made += [*([Text(" → ")] if made else []), pen.state(str(decision.kind))]
    if gate.state in (StageState.ACTIVE, StageState.NOT_STARTED):
        end = pen.gate_day(stage)
        word = pen.say("进行中", "in progress") if gate.state == StageState.ACTIVE else None
        made += [*([Text(" → ")] if made else []), pen.state(GATE_STATE[gate.state], word)]
        if end is not None and end >= pen.dossier.today:
            made.append(Text(pen.say("，{date}评审", ", reviewed {date}", date=pen.gate_due(stage))))
    if gate.expired:
        made.append(Text(pen.say("（证据已变，批准失效）", " (evidence changed: approval expired)")))
    return tuple(made)


def _people(pen: Pen, stage: Stage) -> Para:
    gap = "　" if pen.lang == "zh" else " · "
    by_letter: dict[str, list[str]] = {}
    for department, letter in stage.raci.items():
        for each in letter.split("/"):
            by_letter.setdefault(each, []).append(pen.of(pen.dossier.department_short(department)))
    parts = [f"{letter} {pen.listed(by_letter[letter])}" for letter in ("A", "R", "C", "I") if letter in by_letter]
    made: list[Any] = [strong(pen.say("分工", "Roles")), " ", pen.clauses(parts)]
    given = [f"{h.id} {pen.of(h.what)} → {pen.of(pen.dossier.department(h.receiver))}" for h in stage.handoffs]
    if given:
        made += [gap, strong(pen.say("交出", "Hands over")), " ", pen.clauses(given)]
    return Para(line(*made), lead=True)


# ── inputs, work, methods ─────────────────────────────────────────────────────────────────────────────────────────────


def _inputs(pen: Pen, stage: Stage) -> Para:
    inputs = pen.dossier.plan(stage.id).inputs or stage.inputs
    return Para(line(pen.ended(pen.clauses(pen.capital(_input(pen, each)) if i == 0 else pen.inner(_input(pen, each)) for i, each in enumerate(inputs)))))


def _input(pen: Pen, given: Input) -> str:
    requirement = next((r for s in pen.dossier.process.stages for r in s.requirements if r.id == given.requirement), None)
    if requirement is None:
        source = pen.of(given.source, "") if given.source else (given.requirement or "")
        return pen.of(given.what) + (pen.bracketed(source) if source else "")
    what = pen.of(requirement.title) if given.what.zh == given.requirement else pen.of(given.what)
    done = pen.dossier.done(requirement)
    if done is not None:
        return what + pen.bracketed(pen.say("{id}，{date}完成", "{id}, done {date}", id=requirement.id, date=dates.short(done, pen.year)))
    slots = {"what": what, "who": pen.owner(requirement), "by": pen.due_words(requirement), "id": requirement.id}
    if pen.dossier.state(requirement) == RequirementState.OVERDUE:
        return pen.say("{what}：逾期未交（{who}，{id}，期限{by}）", "{what}: overdue ({who}, {id}, due {by})", **slots)
    return pen.say("{what}：尚无，{who}于{by}前提交{id}", "{what}: none yet, {who} delivers {id} by {by}", **slots)


def _work(pen: Pen, stage: Stage) -> list[Block]:
    return [Items(tuple(line(_step(pen, stage, step, i)) for i, step in enumerate(stage.steps)), ordered=True)]


class _Slots(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _step(pen: Pen, stage: Stage, step: Step, index: int) -> str:
    work: Mapping[str, Any] = pen.dossier.plan(stage.id).work.get(step.id, {})
    slots = _Slots({name: _slot(pen, value) for name, value in {**step.slots, **work}.items() if name not in ("from", "to", "who", "dates")})
    slots["who"] = _who(pen, work.get("who"), step)
    slots["dates"] = _step_dates(pen, stage, work, index)
    text = pen.of(step.text)
    made = text.format_map(slots)
    if "{dates}" not in text and slots["dates"]:
        made = made.rstrip("。.") + pen.bracketed(slots["dates"])
    return pen.ended(pen.capital(made))


def _slot(pen: Pen, value: Any) -> str:
    if isinstance(value, Mapping):
        return pen.of(Words.of(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,g}"


def _who(pen: Pen, who: Any, step: Step) -> str:
    if who is None:
        member = pen.dossier.product.member(step.department)
        return pen.of(member.name if member else pen.dossier.department(step.department))
    names = who if isinstance(who, list | tuple) else [who]
    known = [pen.dossier.product.person(str(name)) for name in names]
    words = [person.name if person else pen.dossier.department(str(name)) for person, name in zip(known, names, strict=True)]
    return pen.of(joined(words, last_en=" and "))


def _step_dates(pen: Pen, stage: Stage, work: Mapping[str, Any], index: int) -> str:
    """The product's dates; else the step's even share of the planned time; else its working days, counted from the stage's first."""
    start, end = _as_date(work.get("from")), _as_date(work.get("to"))
    if start is not None:
        return pen.span(start, end or start)
    count = len(stage.steps)
    planned = pen.dossier.plan(stage.id).planned
    if planned[0] is not None and planned[1] is not None and not pen.dossier.plan(stage.id).continuous:
        days = pen.dossier.workdays.between(planned[0], planned[1]) + 1
        first, last = _share(days, index, count)
        return pen.span(pen.dossier.workdays.add(planned[0], first - 1), pen.dossier.workdays.add(planned[0], last - 1))
    if pen.dossier.plan(stage.id).continuous:
        return ""
    first, last = _share(stage.working_days, index, count)
    if first == last:
        return pen.of(pen.working_day(first))
    return pen.say("第{first}～{last}个工作日", "working days {first}–{last}", first=first, last=last)


def _share(days: int, index: int, count: int) -> tuple[int, int]:
    first = 1 + days * index // count
    return first, max(first, days * (index + 1) // count)


def _as_date(value: Any) -> date | None:
    return value if isinstance(value, date) else (dates.day_of(str(value)) if value is not None else None)


def _methods(pen: Pen, stage: Stage) -> Items:
    colon = "：" if pen.lang == "zh" else ": "
    return Items(tuple(line(strong(pen.of(note.name)), colon, pen.sentences([pen.of(note.reads), pen.of(note.limit)])) for note in stage.methods))


# ── requirements ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _requirements(pen: Pen, stage: Stage) -> Block:
    heads = (
        ColumnSpec(pen.say("编号", "No."), 13, keep=True),
        ColumnSpec(pen.say("交付物；做法", "Deliverable; how"), None),
        ColumnSpec(pen.say("责任人；期限", "Owner; due"), 16, keep=True),
        ColumnSpec(pen.say("准则；不通过怎么办", "Criterion; if it fails"), 46),
        ColumnSpec(pen.say("状态", "State"), 20),
    )
    rows = [_requirement(pen, stage, requirement) for requirement in stage.requirements]
    caption = pen.say("{stage}要求", "Requirements of {stage}", stage=pen.stage_words(stage))
    return pen.table(f"requirements-{stage.id}", caption, heads, rows)


def _requirement(pen: Pen, stage: Stage, requirement: Requirement) -> list[Any]:
    how = pen.clauses([pen.of(requirement.doer), pen.inner(pen.of(requirement.how))])
    title = pen.of(requirement.title)
    if requirement.added_by:
        title += pen.bracketed(pen.say("裁剪{id}", "adaptation {id}", id=requirement.added_by))
    criteria = []
    for criterion in requirement.criteria:
        more = pen.clauses([part for part in (limits(pen, criterion), if_not_met(pen, criterion, stage)) if part])
        criteria += [line(asked(pen, criterion)), line(mute(more))]
    due = _due(pen, requirement)
    return [
        requirement.id,
        stacked([line(title), line(mute(how))]),
        stacked([line(pen.capital(pen.of(pen.owner(requirement)))), due]),
        stacked(criteria),
        requirement_state(pen, requirement),
    ]


def _due(pen: Pen, requirement: Requirement) -> Line:
    """The due date of each round, or the one date."""
    rounds = pen.dossier.requirement_plan(requirement).due
    if len(rounds) > 1:
        return stacked([line(pen.day(rounds[0])), line(mute(pen.of(pen.round_words(len(rounds))))), line(pen.day(rounds[-1]))])
    return line(pen.due(requirement))


def requirement_state(pen: Pen, requirement: Requirement) -> Line:
    dossier = pen.dossier
    state, days = dossier.state(requirement), dossier.days_late(requirement)
    done = dossier.done(requirement)
    lines: list[Line] = []
    if state == RequirementState.DONE and done is not None:
        lines.append(line(pen.state("done"), "\u00a0" + pen.day(done).replace(" ", "\u00a0")))
    else:
        lines.append(line(pen.state(str(state))))
    if days and state in (RequirementState.DONE, RequirementState.OVERDUE):
        lines.append(line(mute(pen.say("逾期{n}个工作日", "{n} working days late", n=days))))
    stage = dossier.process.stage(requirement.stage)
    worst = dossier.worst(requirement) if stage and stage_gate.judged(pen, stage) else None
    if worst in (Result.FAIL, Result.UNDECIDED) or (worst == Result.NOT_EVALUABLE and state == RequirementState.DONE):
        lines.append(line(pen.state(str(worst))))
    plan = dossier.requirement_plan(requirement)
    if plan.note is not None:
        lines.append(line(mute(pen.of(plan.note))))
    return stacked(lines)


# ── risks ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _risks(pen: Pen, stage: Stage) -> list[Block]:
    risks = [item for item in pen.dossier.items.of("risk") if item.text("stage") == stage.id]
    if not risks:
        text = pen.say(
            "{stage}没有登记风险；{who}于{gate}前登记，每项写明触发和应对。",
            "No risk is registered for {stage}: {who} registers what threatens it before {gate}, each with trigger and response.",
            stage=pen.stage_words(stage),
            who=pen.stage_owner(stage),
            gate=pen.gate_words(stage),
        )
        return [Para(line(text))]
    return [Items(tuple(risk_line(pen, risk) for risk in risks))]


def risk_line(pen: Pen, risk: Item) -> Line:
    owner = pen.person(str(risk.values.get("owner", "")))
    response = pen.of(risk.values.get("response"))
    made: list[Any] = [strong(risk.id), " ", pen.ended(pen.of(risk.title)), "" if pen.lang == "zh" else " "]
    made.append(pen.fill(phrases.RISK, trigger=pen.of(risk.values.get("trigger")).rstrip("。."), response=response.rstrip("。."), owner=owner))
    tail = []
    if risk.values.get("due"):
        tail.append(pen.say("{date}前", "by {date}", date=dates.short(risk.values["due"], pen.year)))
    if risk.text("state") == "closed":
        tail.append(pen.say("风险关闭", "risk closed"))
    if risk.text("ref"):
        tail.append(risk.text("ref"))
    made.append((pen.bracketed(pen.listed(tail)) if tail else "") + ("。" if pen.lang == "zh" else "."))
    return line(*made)
