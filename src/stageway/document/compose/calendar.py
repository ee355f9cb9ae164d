"""The calendar: what lies ahead, with who and when it counts as done; before it the last gate that was held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stageway.document import dates
from stageway.document.compose import phrases
from stageway.document.compose.criteria import asked
from stageway.document.compose.pen import Pen, line
from stageway.document.outline import Block, ColumnSpec, Para
from stageway.evidence import Words
from stageway.process.model import Ask
from stageway.process.record import Choice


@dataclass(frozen=True, slots=True)
class Row:
    at: date
    when: str
    what: str
    who: str
    done_when: str


def chapter(pen: Pen, number: int) -> list[Block]:
    heading = pen.heading(1, pen.say("上线与活动日历", "Launch and activity calendar"), "calendar-chapter", number)
    rows = sorted([*_written(pen), *_gates(pen), *_conditions(pen), *_milestone(pen), *_expiring(pen)], key=lambda row: (row.at, row.when))
    if not rows:
        first = pen.dossier.process.stages[0]
        what = Words("各阶段的计划日期", "the planned dates of the stages")
        who = pen.dossier.person_name(pen.dossier.product.author) if pen.dossier.product.author else pen.stage_owner(first)
        return [heading, Para(line(pen.fill(phrases.NONE_YET, who=who, by=pen.working_day(1), what=what)))]
    heads = (
        ColumnSpec(pen.say("日期", "Date"), 32, keep=True),
        ColumnSpec(pen.say("事项", "What"), None),
        ColumnSpec(pen.say("负责", "Owner"), 34),
        ColumnSpec(pen.say("通过标志", "Done when"), 52),
    )
    caption = pen.say("日历（{zone}）", "Calendar ({zone})", zone=_zone(pen))
    return [heading, pen.table("calendar", caption, heads, [[r.when, r.what, r.who, r.done_when] for r in rows])]


def _zone(pen: Pen) -> Words:
    zone = pen.dossier.product.zone
    return Words("北京时间", "Beijing time") if zone == "Asia/Shanghai" else Words.of(zone)


def _written(pen: Pen) -> list[Row]:
    made = []
    for entry in pen.dossier.product.calendar:
        day = dates.day_of(entry.at)
        if day is not None and day >= pen.dossier.today:
            made.append(Row(day, pen.moment(entry.at), pen.of(entry.what), pen.person(entry.who), pen.of(entry.done_when)))
    return made


def _gates(pen: Pen) -> list[Row]:
    """Gates ahead by the plan, and the last one that was decided; a gate that the calendar names on that day is not named twice."""
    dossier = pen.dossier
    made = []
    for stage in dossier.process.stages:
        end = dossier.plan(stage.id).planned[1]
        decided = dossier.gates[stage.id].state in ("passed", "conditional", "killed")
        named = pen.gate_entry(stage) is not None
        if end is None or end < dossier.today or decided or named or dossier.plan(stage.id).continuous:
            continue
        musts = sum(c.ask == Ask.MUST for r in stage.requirements for c in r.criteria)
        what = pen.say("{gate}：{name}", "{gate}: {name}", gate=Words(pen.gate_words(stage).zh, pen.gate_name(stage)), name=stage.name)
        done = pen.say("{n}项必须准则通过，决定入库", "{n} must criteria pass, decision recorded", n=musts)
        made.append(Row(end, pen.day(end), what, pen.of(dossier.approver(stage)), done))
    past = [d for d in dossier.decisions if d.kind is not None and d.stage and d.at <= dossier.today]
    if past:
        last = past[-1]
        stage_ = dossier.process.stage(last.stage or "")
        if stage_ is not None:
            what = pen.say(
                "{gate}已开，{kind}",
                "{gate} held: {kind}",
                gate=Words(pen.gate_words(stage_).zh, pen.gate_name(stage_)),
                kind=phrases.CHOICE[last.kind or Choice.GO],
            )
            made.append(Row(last.at, pen.day(last.at), what, pen.person(last.by), last.id))
    return made


def _conditions(pen: Pen) -> list[Row]:
    made = []
    closed = {d.closes for d in pen.dossier.decisions if d.closes}
    for decision in pen.dossier.decisions:
        for condition in decision.conditions:
            if condition.id in closed or condition.closed is not None or condition.date < pen.dossier.today:
                continue
            what = pen.say("{id} 到期：{action}", "{id} due: {action}", id=condition.id, action=pen.written(condition.action))
            made.append(Row(condition.date, pen.day(condition.date), what, pen.person(condition.owner), pen.say("{id}关闭", "{id} closed", id=condition.id)))
    return made


def _milestone(pen: Pen) -> list[Row]:
    milestone = pen.dossier.product.milestone
    if milestone is None or milestone.at < pen.dossier.today or any(dates.day_of(e.at) == milestone.at for e in pen.dossier.product.calendar):
        return []
    approver = pen.person(pen.dossier.product.approver) if pen.dossier.product.approver else pen.of(pen.dossier.approver(pen.dossier.process.stages[-1]))
    return [
        Row(
            milestone.at, pen.day(milestone.at), pen.capital(pen.of(milestone.what)), approver, pen.say("此前各关口均已放行", "every gate before it has passed")
        )
    ]


def _expiring(pen: Pen) -> list[Row]:
    """Evidence of the open gate that will be too old on the day of the gate: it is collected again before."""
    dossier = pen.dossier
    stage = dossier.current_stage()
    end = pen.gate_day(stage) if stage else None
    if stage is None or end is None or end < dossier.today:
        return []
    made: list[Row] = []
    for requirement in stage.requirements:
        for criterion in requirement.criteria:
            name = next((v.evidence for v in dossier.verdicts_of(requirement) if v.criterion == criterion.text), None)
            finding = dossier.findings.get(name or "")
            days = [s.collected for s in finding.provenance.sources if s.collected and not s.baseline] if finding and finding.provenance else []
            if criterion.greatest_age_days is None or not days:
                continue
            age = (end - max(days)).days
            if age > criterion.greatest_age_days:
                what = pen.say(
                    "重采{code}：到关口时{age}天，超过{most}天",
                    "collect {code} again: {age} days old at the gate, over {most}",
                    code=pen.code(name) or requirement.id,
                    age=age,
                    most=f"{criterion.greatest_age_days:g}",
                )
                made.append(Row(end, pen.day(end), pen.capital(what), pen.of(pen.owner(requirement)), asked(pen, criterion)))
    return made
