"""The process at a glance: the swim-lane, one sentence on how the stages follow from one another, the thread, the adaptations."""

from __future__ import annotations

from stageway.document import dates
from stageway.document.compose.pen import Pen, line, mute, stacked
from stageway.document.compose.strips import GATE_STATE
from stageway.document.drawings.swimlane import Box, Feedback, Handoff, Lane, Recycle, StageColumn, swimlane
from stageway.document.outline import Block, ColumnSpec, Figure, Line, Para
from stageway.evidence import Words
from stageway.process.items import Item
from stageway.process.model import Stage
from stageway.process.planning import Adaptation
from stageway.process.record import Choice


def chapter(pen: Pen, number: int, plan: tuple[Block, ...] = ()) -> list[Block]:
    """`plan`: plan and actual, where the summary has no room for it."""
    blocks: list[Block] = [
        pen.heading(1, pen.say("流程总览", "The process at a glance"), "glance", number),
        _swimlane(pen),
        Para(line(_narrative(pen))),
        Para(line(_defaults(pen))),
    ]
    sections: list[tuple[str, str, list[Block]]] = []
    if plan:
        sections.append((pen.say("计划与实际", "Plan and actual"), "plan-section", list(plan)))
    if (thread := thread_table(pen)) is not None:
        sections.append((pen.say("从用户原话到目标的主线", "The thread from a user's words to a goal"), "thread-section", thread))
    sections.append((pen.say("裁剪", "Adaptations"), "adaptations-section", _adaptations(pen)))
    for i, (title, anchor, made) in enumerate(sections, start=1):
        blocks += [pen.heading(2, title, anchor, (number, i)), *made]
    return blocks


# ── swim-lane ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _swimlane(pen: Pen) -> Block:
    dossier = pen.dossier
    stages, departments = dossier.process.stages, dossier.process.departments
    deciding = stages[0].approver
    lanes = tuple(Lane(d.id, pen.of(d.name)) for d in sorted(departments, key=lambda d: d.id != deciding))
    now = dossier.current_stage()
    columns = tuple(
        StageColumn(
            pen.numbered(s, s.short),
            _gate_label(pen, s),
            GATE_STATE[dossier.gates[s.id].state],
            s is now,
        )
        for s in stages
    )
    boxes = _boxes(pen, deciding)
    places = {(box.lane, box.column) for box in boxes}
    handoffs, recycle = _handoffs(pen, places), _recycle(pen, places)
    first, last = (stages[0].owner, 0), (stages[-1].owner, len(stages) - 1)
    feedback = (
        Feedback(last, first, pen.say("运营中的发现写成新需求", "what operation finds becomes a need")) if {first, last} <= places and len(stages) > 1 else None
    )
    caption = pen.say("流程泳道图：部门为泳道，阶段与关口从左到右", "Swim-lanes: departments as lanes, stages and gates from left to right")
    note = pen.say(
        "深色为阶段负责部门；实线为交接，虚线为退回与需求回流。",
        "Dark: the department that owns the stage. Solid lines are hand-offs; dashed lines are recycling and needs fed back.",
    )
    alt = pen.listed(f"{pen.of(s.name)}{pen.bracketed(pen.of(dossier.department(s.owner)))}" for s in stages)
    svg = swimlane(lanes, columns, boxes, handoffs, recycle, feedback, title=alt)
    return Figure("swimlane", caption, alt, svg=svg, note=note)


def _gate_label(pen: Pen, stage: Stage) -> str:
    return pen.say("评审", "Review") if pen.dossier.plan(stage.id).continuous else pen.gate_name(stage)


def _boxes(pen: Pen, deciding: str) -> tuple[Box, ...]:
    """One box a department and stage where it delivers something: the owner dark; what it delivers first, in its title."""
    made = []
    for column, stage in enumerate(pen.dossier.process.stages):
        for department in pen.dossier.process.departments:
            mine = [r for r in stage.requirements if r.department == department.id]
            owner = stage.owner == department.id
            if department.id == deciding and not owner:
                continue
            if owner or mine:
                made.append(Box(department.id, column, pen.of(mine[0].title if mine else stage.short), owner))
    return tuple(made)


def _handoffs(pen: Pen, places: set[tuple[str, int]]) -> tuple[Handoff, ...]:
    """Hand-offs between boxes that are drawn: within the stage where both stand there, else to the next stage."""
    made: dict[tuple[tuple[str, int], tuple[str, int]], Handoff] = {}
    stages = pen.dossier.process.stages
    for column, stage in enumerate(stages):
        for each in stage.handoffs:
            start = (each.giver, column)
            end = next((p for p in ((each.receiver, column + 1), (each.receiver, column)) if p in places and p != start), None)
            if start in places and end is not None:
                made[(start, end)] = Handoff(start, end)
    return tuple(made.values())


def _recycle(pen: Pen, places: set[tuple[str, int]]) -> tuple[Recycle, ...]:
    made: dict[tuple[int, tuple[str, int]], Recycle] = {}
    index = {s.id: i for i, s in enumerate(pen.dossier.process.stages)}
    for stage in pen.dossier.process.stages:
        for decision in pen.dossier.gates[stage.id].decisions:
            back = decision.to or stage.id
            if decision.kind != Choice.RECYCLE or back not in index:
                continue
            end = (pen.dossier.process.stages[index[back]].owner, index[back])
            if end in places:
                text = pen.say("{id} 退回", "{id} recycle", id=decision.id)
                made[(index[stage.id], end)] = Recycle(index[stage.id], end, text)
    return tuple(made.values())


def _narrative(pen: Pen) -> str:
    clauses = [pen.of(s.clause).rstrip("。.") for s in pen.dossier.process.stages]
    told = ("，" if pen.lang == "zh" else "; ").join(clauses)
    first = pen.dossier.process.stages[0]
    back = pen.say("新需求回到{first}，再走一遍", "new needs return to {first}, and the way begins again", first=pen.stage_words(first))
    rule = pen.say("前一关口未放行，后一阶段不得占用正式预算", "no stage draws on its budget before the gate in front of it has passed")
    return pen.sentences([told + ("；" if pen.lang == "zh" else "; ") + back, rule])


def _defaults(pen: Pen) -> str:
    """How dates and names come about where the product has not written them."""
    return pen.say(
        "产品没有写明日期的步骤按阶段的工作日等分，没有写明期限的要求按模板的比例排出；没有指定个人的，由该部门负责人承担。",
        "A step without dates takes an even share of its stage's working days, a requirement without a due date the template's share; "
        "where no person is named, the head of the department answers.",
    )


# ── thread ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def thread_table(pen: Pen, most: int = 40) -> list[Block] | None:
    """A row for each function (or for each need, where there are no functions yet), a column for each place of the thread that is in use."""
    items = pen.dossier.items
    used = [place for place in items.kinds.thread if any(items.of(kind) for kind in place)]
    spine = next((kind for kind in ("function", "need") if items.of(kind)), None)
    if spine is None or len(used) < 2:
        return None
    gaps = {(gap.item.id, gap.lacks) for gap in items.gaps()}
    rows = []
    covered: set[str] = set()
    for item in items.of(spine):
        linked = [*items.reach(item, True), item, *items.reach(item, False)]
        covered |= {each.id for each in linked}
        rows.append([_place(pen, item, [each for each in linked if each.kind in place], place, gaps) for place in used])
    for other in items.all:
        if other.kind == "need" and other.id not in covered:
            linked = [*items.reach(other, True), other, *items.reach(other, False)]
            rows.append([_place(pen, other, [each for each in linked if each.kind in place], place, gaps) for place in used])
    heads = [ColumnSpec(_place_name(pen, place), None) for place in used]
    note = [pen.say("共{n}行，印出前{shown}行", "{shown} of {n} rows", n=len(rows), shown=most)] if len(rows) > most else []
    caption = pen.say("主线：每项功能从哪里来，由什么证明", "The thread: where each function comes from, and what proves it")
    return [pen.table("thread", caption, heads, rows[:most], note=pen.sentences(note)), *_gap_para(pen)]


def _place_name(pen: Pen, place: tuple[str, ...]) -> str:
    kinds = pen.dossier.items.kinds.kinds
    return (
        "／".join(pen.of(kinds[k].name) for k in place if pen.dossier.items.of(k))
        if pen.lang == "zh"
        else " / ".join(pen.of(kinds[k].name) for k in place if pen.dossier.items.of(k))
    )


def _place(pen: Pen, item: Item, found: list[Item], place: tuple[str, ...], gaps: set[tuple[str, str]]) -> Line:
    if not found:
        lacking = any((item.id, kind) in gaps for kind in place)
        return line(pen.state("overdue", pen.say("缺", "missing"))) if lacking else line(mute("—"))
    if place == ("test",):
        return line(pen.say("{n}项用例", "{n} tests", n=f"{len(found):,}"))
    if len(found) == 1 or item in found:
        first = found[0] if item not in found else item
        return stacked([line(first.id), line(mute(pen.of(first.title)))])
    if len(found) <= 3:
        return stacked(line(pen.listed(each.id for each in pair)) for pair in _pairs(found))
    more = pen.say("等{n}项", "+ {n} more", n=len(found) if pen.lang == "zh" else len(found) - 3)
    return stacked([*(line(pen.listed(each.id for each in pair)) for pair in _pairs(found[:3])), line(more)])


def _pairs(found: list[Item]) -> list[list[Item]]:
    """Two short ids a line, long ones alone, so that none wraps."""
    step = 2 if all(len(each.id) <= 4 for each in found) else 1
    return [found[i : i + step] for i in range(0, len(found), step)]


def _gap_para(pen: Pen) -> list[Block]:
    gaps = pen.dossier.gaps
    if not gaps:
        return [Para(line(pen.say("主线没有缺口。", "The thread has no gap.")))]
    told: dict[str, list[str]] = {}
    kinds = pen.dossier.items.kinds.kinds
    for gap in gaps:
        what = pen.say("{kind}没有{lacks}", "{kind} without {lacks}", kind=kinds[gap.item.kind].name, lacks=lacks_name(pen, gap.lacks))
        told.setdefault(what, []).append(gap.item.id)
    parts = [f"{what}{'：' if pen.lang == 'zh' else ': '}{pen.listed(ids[:12])}" for what, ids in told.items()]
    return [Para(line(pen.ended(pen.say("缺口{n}处。{parts}", "Gaps: {n}. {parts}", n=len(gaps), parts=Words(pen.clauses(parts), pen.clauses(parts))))))]


def lacks_name(pen: Pen, target: str) -> Words:
    kind = pen.dossier.items.kinds.kinds.get(target)
    named = kind.name if kind else {"finding": Words("结论", "finding"), "design": Words("设计", "design")}.get(target, Words.of(target))
    return Words(named.zh, named.en[:1].lower() + named.en[1:])


# ── adaptations ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _adaptations(pen: Pen) -> list[Block]:
    template = pen.dossier.template
    adaptations = pen.dossier.product.adaptations
    if not adaptations:
        text = pen.say(
            "按模板{id} {version}执行，无裁剪。", "The template {id} {version} applies without adaptations.", id=template.id, version=template.version
        )
        return [Para(line(text))]
    heads = (
        ColumnSpec(pen.say("编号", "No."), 13, keep=True),
        ColumnSpec(pen.say("阶段", "Stage"), 14, keep=True),
        ColumnSpec(pen.say("裁剪", "Adaptation"), None),
        ColumnSpec(pen.say("理由", "Reason"), None),
        ColumnSpec(pen.say("批准", "Approved"), 32),
    )
    caption = pen.say("裁剪（相对模板{id} {version}）", "Adaptations of template {id} {version}", id=template.id, version=template.version)
    return [pen.table("adaptations", caption, heads, [_adaptation(pen, each) for each in adaptations])]


def _adaptation(pen: Pen, each: Adaptation) -> list[str]:
    stage = pen.dossier.process.stage(each.stage) or pen.dossier.template.stage(each.stage)
    name = str(stage.number) if stage and pen.lang == "en" else (pen.stage_words(stage).zh[1:-2] if stage else "—")
    who = pen.person(each.by) if each.by else pen.say("未批准", "not approved")
    when = (f"，{dates.iso(each.at)}" if pen.lang == "zh" else f", {dates.iso(each.at)}") if each.at else ""
    what = pen.of(each.what) if each.act == "reorder" or not each.target or each.target in pen.of(each.what) else pen.of(each.what) + pen.bracketed(each.target)
    return [each.id, name, pen.capital(what), pen.of(each.reason), who + when]
