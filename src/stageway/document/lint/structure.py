"""Whether the process is complete: who owes what by when, what can come out false, who decides (L-01 to L-03, L-21, L-28, L-39, L-47, L-52, L-53).

What is missing is an error once the stage has begun, or should have by its plan. Before that it is one warning a stage and rule, which names the
requirements: a new folder is not drowned in notes on work that nobody has to do yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from stageway.document.lint.note import ERROR, WARNING, Note, begun, gravity, in_product, killed, under_way
from stageway.evidence import Where, Words, say
from stageway.process.dossier import Dossier
from stageway.process.expression import FRACTIONS, Count, Expression, Signoff
from stageway.process.model import Requirement, Stage
from stageway.process.record import Result, StageState


def structure(dossier: Dossier) -> Iterator[Note]:
    yield from _document(dossier)
    yield from _adaptations(dossier)
    for stage in dossier.process.stages:
        if killed(dossier, stage):
            continue
        for rule, what, mend, faulty in _ASKED:
            yield from _gaps(dossier, stage, rule, what, mend, faulty)
        yield from _owners(dossier, stage)
        yield from _doers(dossier, stage)
        yield from _raci(dossier, stage)
        yield from _dates(dossier, stage)
        yield from _handoffs(dossier, stage)
        yield from _open_musts(dossier, stage)
    for work, letters in dossier.process.raci_extra:
        yield from _one_accountable(letters, Where(file=f"{dossier.process.id}.yaml", part=f"raci_extra.{work.en}"), None, work)


# ── requirements ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _no_owner(dossier: Dossier, requirement: Requirement) -> bool:
    return not dossier.requirement_plan(requirement).owner


def _no_due(dossier: Dossier, requirement: Requirement) -> bool:
    return dossier.due(requirement) is None


def _no_criterion(dossier: Dossier, requirement: Requirement) -> bool:
    return not any(can_fail(criterion.expression) for criterion in requirement.criteria)


def _nobody_signs(dossier: Dossier, requirement: Requirement) -> bool:
    roles = {c.expression.subject.role for c in requirement.criteria if isinstance(c.expression.subject, Signoff)}
    return any(dossier.product.member(role) is None for role in roles)


#: (rule, what is missing, how to mend, whether a requirement lacks it)
_ASKED: tuple[tuple[str, Words, Words, Callable[[Dossier, Requirement], bool]], ...] = (
    ("L-01", Words("没有责任人", "has no owner"), Words("写一个人：{path} 的 owner", "name one person: owner under {path}"), _no_owner),
    ("L-02", Words("没有期限", "has no due date"), Words("写日期：{path} 的 due，或阶段的 planned", "write a date: due under {path}, or the stage's planned"), _no_due),
    (
        "L-03", Words("没有能判为不通过的准则", "has no criterion that can come out false"),
        Words("在 {path} 的 criteria 里写一条比较或签核，如 scan.high == 0", "write a comparison or a sign-off into criteria of {path}, such as scan.high == 0"),
        _no_criterion,
    ),
    (
        "L-03", Words("要的签核没有人能签", "asks for a sign-off that nobody can give"),
        Words("在 people 里写该部门的一个人（{path}）", "enter somebody of that department into people ({path})"), _nobody_signs,
    ),
)


def _gaps(
    dossier: Dossier, stage: Stage, rule: str, what: Words, mend: Words, lacks: Callable[[Dossier, Requirement], bool]
) -> Iterator[Note]:
    lacking = [r for r in stage.requirements if lacks(dossier, r)]
    if lacking and not begun(dossier, stage):
        ids = [r.id for r in lacking]
        shown = ("、".join(ids[:6]) + (f"等{len(ids)}项" if len(ids) > 6 else ""), ", ".join(ids[:6]) + (f" and {len(ids) - 6} more" if len(ids) > 6 else ""))
        path = f"stages.{stage.id}.requirements"
        text = say(zh="{ids}{what}", en="{ids}: each {what}", ids=Words(*shown), what=what)
        yield Note(rule, WARNING, text, in_product(dossier, path), _filled(mend, path), stage.id)
        return
    for requirement in lacking:
        path = f"stages.{stage.id}.requirements.{requirement.id}"
        text = say(zh="{id}“{title}”{what}", en='{id} "{title}" {what}', id=requirement.id, title=requirement.title, what=what)
        yield Note(rule, ERROR, text, in_product(dossier, path), _filled(mend, path), stage.id)


def _filled(mend: Words, path: str) -> Words:
    return say(zh=mend.zh, en=mend.en, path=path)


def can_fail(expression: Expression) -> bool:
    """Whether some value lets the comparison come out false: a count or a share at least 0, a share at most 100%, cannot."""
    if isinstance(expression.subject, Signoff):
        return True
    op, limit = expression.comparison
    share = expression.unit == "%" or (isinstance(expression.subject, Count) and expression.subject.call == "share_with")
    counted = isinstance(expression.subject, Count) or expression.unit in ("%", "people", "ms", "s", "min", "h")
    if counted and ((op == ">=" and limit <= 0) or (op == ">" and limit < 0)):
        return False
    return not (share and expression.unit in (*FRACTIONS, "") and op == "<=" and limit >= 1)


def _owners(dossier: Dossier, stage: Stage) -> Iterator[Note]:
    """An owner is one person, of a department that does or answers for the work of the stage (L-01, L-47)."""
    level = gravity(dossier, stage.id)
    for requirement in stage.requirements:
        named = dossier.requirement_plan(requirement).owner
        where = in_product(dossier, f"stages.{stage.id}.requirements.{requirement.id}.owner")
        person = dossier.owner(requirement)
        if named and person is None:
            text = say(zh="{id}的责任人“{name}”不是一个人", en='the owner of {id}, "{name}", is not a person', id=requirement.id, name=named)
            yield Note("L-01", level, text, where, Words("写 people 里的一个人；部门和两个人都不行", "write one of people; a department will not do, nor will two"), stage.id)
        elif person is not None and not _works_on(stage, person.department):
            yield _outside(dossier, stage, requirement.id, person.name, person.department, where)
        elif not _works_on(stage, requirement.department):
            at = Where(file=requirement.where.file, line=requirement.where.line, part=requirement.id)
            yield _outside(dossier, stage, requirement.id, dossier.department(requirement.department), requirement.department, at)


def _doers(dossier: Dossier, stage: Stage) -> Iterator[Note]:
    for step in stage.steps:
        who = dossier.plan(stage.id).work.get(step.id, {}).get("who")
        person = dossier.product.person(str(who)) if who else None
        if person is not None and not _works_on(stage, person.department):
            yield _outside(dossier, stage, step.id, person.name, person.department, in_product(dossier, f"stages.{stage.id}.work.{step.id}.who"))
        elif not _works_on(stage, step.department):
            where = Where(file=f"{dossier.process.id}.yaml", part=f"stages.{stage.id}.steps.{step.id}")
            yield _outside(dossier, stage, step.id, dossier.department(step.department), step.department, where)


def _works_on(stage: Stage, department: str) -> bool:
    letters = stage.raci.get(department, "")
    return "R" in letters or "A" in letters


def _outside(dossier: Dossier, stage: Stage, id: str, name: Words, department: str, where: Where) -> Note:
    letter = stage.raci.get(department, "—")
    text = say(
        zh="{id}由{name}负责，而{department}在本阶段的RACI里是{letter}", en="{id} is owned by {name}, but {department} is {letter} in this stage's RACI",
        id=id, name=name, department=dossier.department(department), letter=letter,
    )
    mend = say(zh="换成R或A部门的人，或把{department}改为R", en="choose somebody of a department with R or A, or make {department} R", department=dossier.department(department))
    return Note("L-47", ERROR, text, where, mend, stage.id)


def _raci(dossier: Dossier, stage: Stage) -> Iterator[Note]:
    where = Where(file=f"{dossier.process.id}.yaml", part=f"stages.{stage.id}.raci")
    yield from _one_accountable(stage.raci, where, stage.id, stage.name)
    owner = dossier.product.person(dossier.plan(stage.id).owner)
    if owner is not None and stage.approver == "management" and owner.id == dossier.product.approver:
        text = say(zh="{name}既负责本阶段又批准它的关口", en="{name} owns this stage and approves its gate", name=owner.name)
        yield Note("L-21", ERROR, text, in_product(dossier, f"stages.{stage.id}.owner"), Words("换一个负责人或批准人", "choose another owner or approver"), stage.id)


def _one_accountable(letters: Mapping[str, str], where: Where, stage: str | None, work: Words) -> Iterator[Note]:
    count = sum("A" in str(letter) for letter in letters.values())
    if count != 1:
        text = say(zh="“{work}”的RACI有{count}个A", en='the RACI of "{work}" has {count} departments with A', work=work, count=count)
        yield Note("L-21", ERROR, text, where, Words("恰好留一个A", "leave exactly one A"), stage)


# ── dates ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _dates(dossier: Dossier, stage: Stage) -> Iterator[Note]:
    """Nothing that lies behind is planned, nothing that lies ahead is done (L-28)."""
    plan, path = dossier.plan(stage.id), f"stages.{stage.id}"
    mend = Words("改日期，或写 actual", "correct the date, or write actual")
    for name, (start, end) in (("planned", plan.planned), ("actual", plan.actual)):
        if start and end and end < start:
            yield _dated(dossier, stage, say(zh="{name}的结束早于开始", en="{name} ends before it starts", name=name), f"{path}.{name}", mend)
    gate = dossier.gates.get(stage.id)
    start = plan.planned[0]
    if gate is not None and gate.state == StageState.NOT_STARTED and start is not None and start < dossier.today and plan.actual[0] is None:
        text = say(zh="计划{date}开始，已过，还没有开始", en="planned to start on {date}, which is past, and not begun", date=start.isoformat())
        yield _dated(dossier, stage, text, f"{path}.planned", Words("写实际开始日 actual.from，或改计划", "write actual.from, or plan anew"))
    for id, planned in plan.requirements.items():
        for day in planned.done:
            if day > dossier.today:
                text = say(zh="{id}的完成日{date}在今天之后", en="{id} is done on {date}, which lies ahead", id=id, date=day.isoformat())
                yield _dated(dossier, stage, text, f"{path}.requirements.{id}.done", Words("完成后再写 done", "write done once it is done"))


def _dated(dossier: Dossier, stage: Stage, text: Words, part: str, mend: Words) -> Note:
    return Note("L-28", ERROR, text, in_product(dossier, part), mend, stage.id)


def _open_musts(dossier: Dossier, stage: Stage) -> Iterator[Note]:
    """An open must criterion of a stage under way has a date that lies ahead; undecided ones are L-49 (L-27)."""
    if not under_way(dossier, stage):
        return
    late: dict[str, date] = {}
    for verdict in dossier.missing_musts(stage.id):
        requirement = stage.requirement(verdict.requirement)
        due = dossier.due(requirement) if requirement else None
        ahead = [day for day in (due, verdict.until, dossier.plan(stage.id).planned[1]) if day and day >= dossier.today]
        if verdict.result != Result.UNDECIDED and due is not None and not ahead:
            late[verdict.requirement] = due
    for id, due in late.items():
        text = say(zh="{id}的必须准则没有通过，期限{date}已过，没有新的期限", en="a must criterion of {id} is open, its date {date} is past and no new one is set", id=id, date=due.isoformat())
        mend = Words("在 due 里补写这一轮的日期：due: [旧, 新]", "add this round's date: due: [old, new]")
        yield Note("L-27", WARNING, text, in_product(dossier, f"stages.{stage.id}.requirements.{id}.due"), mend, stage.id)


def _handoffs(dossier: Dossier, stage: Stage) -> Iterator[Note]:
    """A hand-off has a date; one that was returned says what was missing (L-52)."""
    for handoff in stage.handoffs:
        plan = dossier.product.handoffs.get(handoff.id)
        part = f"handoffs.{handoff.id}"
        if (plan is None or plan.due is None) and begun(dossier, stage):
            text = say(zh="交接{id}“{what}”没有期限", en='the hand-off {id} "{what}" has no due date', id=handoff.id, what=handoff.what)
            yield Note("L-52", ERROR, text, in_product(dossier, part), Words("写 due", "write due"), stage.id)
        for event in plan.events if plan else ():
            if event.kind == "returned" and event.because is None:
                text = say(zh="交接{id}于{date}退回，没有写缺什么", en="the hand-off {id} was returned on {date} without a word on what was missing", id=handoff.id, date=event.at.isoformat())
                yield Note("L-52", ERROR, text, in_product(dossier, part), Words("写 because：缺了哪一项", "write because: what was missing"), stage.id)


# ── the product as a whole ────────────────────────────────────────────────────────────────────────────────────────────


def _document(dossier: Dossier) -> Iterator[Note]:
    """The document has a number, an author, a reviewer and an approver, who are different people (L-53, L-21)."""
    product, level = dossier.product, gravity(dossier, None)
    named = (("id", product.document_id), ("author", product.author), ("reviewer", product.reviewer), ("approver", product.approver))
    missing = [name for name, value in named if not value]
    if missing:
        text = say(zh="文件缺少：{names}", en="the document lacks: {names}", names=", ".join(missing))
        yield Note("L-53", level, text, in_product(dossier, "product.document"), Words("在 product.document 里补写", "enter it under product.document"))
    if product.author and product.author in (product.reviewer, product.approver):
        text = Words("编制人审核或批准自己的文件", "the author reviews or approves his or her own document")
        yield Note("L-21", ERROR, text, in_product(dossier, "product.document"), Words("换一个审核人或批准人", "choose another reviewer or approver"))


def _adaptations(dossier: Dossier) -> Iterator[Note]:
    """What the template asks and the process does not has an adaptation, with its reason and who approved it (L-39)."""
    kept = {r.id for s in dossier.process.stages for r in s.requirements}
    adapted = {a.target for a in dossier.product.adaptations} | {a.stage for a in dossier.product.adaptations if a.act == "skip"}
    for stage in dossier.template.stages:
        for requirement in stage.requirements:
            if requirement.id not in kept and not {requirement.id, stage.id} & adapted:
                text = say(zh="模板的要求{id}“{title}”不见了，没有裁剪记录", en='the template\'s requirement {id} "{title}" is gone without an adaptation', id=requirement.id, title=requirement.title)
                mend = Words("在 adaptations 里写 act: skip，带理由和批准人", "write act: skip under adaptations, with reason and approver")
                yield Note("L-39", WARNING, text, in_product(dossier, "adaptations"), mend, stage.id)
    for each in dossier.product.adaptations:
        lacks = [name for name, value in (("reason", each.reason.zh.strip() and each.reason.en.strip()), ("by", each.by)) if not value]
        if lacks:
            text = say(zh="裁剪{id}缺少：{names}", en="the adaptation {id} lacks: {names}", id=each.id, names=", ".join(lacks))
            where = Where(file=each.where.file or dossier.product.file, line=each.where.line, part=each.id)
            yield Note("L-39", WARNING, text, where, Words("写理由和批准人", "write its reason and who approved it"), each.stage if dossier.process.stage(each.stage) else None)
