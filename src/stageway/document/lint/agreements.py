"""What was agreed: goals with five fields, scope, risks with a trigger, conditions and decisions with their reasons (L-04, L-18, L-19, L-22, L-28, L-38, L-44, L-50)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stageway.document import dates
from stageway.document.lint.note import ERROR, WARNING, Note, gravity, in_product
from stageway.document.lint.passages import language
from stageway.document.lint.vocabulary import vocabulary
from stageway.evidence import LANGS, Where, Words, say
from stageway.process.dossier import Dossier
from stageway.process.items import Item
from stageway.process.planning import Goal
from stageway.process.record import Choice, Condition, Decision, StageState

#: Words by which a reason shows that it knows the recommendation.
_DEPARTS = re.compile(r"建议|系统|尽管|虽然|不同于|depart|recommend|although|despite|differs?\b|nevertheless", re.IGNORECASE)


def agreements(dossier: Dossier) -> Iterator[Note]:
    for goal in dossier.product.goals:
        yield from _goal(dossier, goal)
    yield from _goals_and_scope(dossier)
    for risk in dossier.items.of("risk"):
        yield from _risk(dossier, risk)
    for decision in dossier.decisions:
        yield from _decision(dossier, decision)
    yield from _meanings(dossier)
    yield from _past(dossier)


def _goal(dossier: Dossier, goal: Goal) -> Iterator[Note]:
    """Metric, baseline (or why there is none), target with a number, date, source (L-04)."""
    base = goal.baseline
    named = (
        ("metric", Words("指标", "metric"), goal.metric),
        ("baseline", Words("基线", "baseline"), base),
        ("target", Words("带数的目标值", "target with a number"), goal.target and re.search(r"\d", goal.target)),
        ("by", Words("期限", "date"), goal.by),
        ("baseline.source", Words("基线的来源", "source of the baseline"), base is None or base.value is None or base.source),
    )
    missing = [words for _, words, value in named if not value]
    if not missing:
        return
    names = Words("、".join(w.zh for w in missing), ", ".join(w.en for w in missing))
    text = say(zh="目标{id}“{name}”缺少{names}", en='the goal {id} "{name}" lacks: {names}', id=goal.id, name=goal.name, names=names)
    mend = Words(
        '五项写全，如 baseline 11.8%、target ">= 20%"、by 2027-03-31；没有基线就写 baseline: {none: 原因}',
        'write all five, such as baseline 11.8%, target ">= 20%", by 2027-03-31; without a baseline, baseline: {none: why}',
    )
    yield Note("L-04", ERROR, text, Where(file=goal.where.file or dossier.product.file, line=goal.where.line, part=goal.id), mend)


def _goals_and_scope(dossier: Dossier) -> Iterator[Note]:
    """There are goals, and something is out of scope, with a reason or a date of reconsideration (L-04, L-44)."""
    positioning = dossier.process.stages[min(1, len(dossier.process.stages) - 1)].id if dossier.process.stages else None
    level = gravity(dossier, positioning)
    if not dossier.product.goals:
        yield Note("L-04", level, Words("还没有目标", "there is no goal yet"), in_product(dossier, "goals"), Words("写指标、基线、目标值、期限", "write metric, baseline, target and date"))
    if not dossier.product.scope_out and not dossier.items.of("out"):
        mend = Words("至少写一项，带理由或再议日期", "name at least one thing, with a reason or a date of reconsideration")
        yield Note("L-44", level, Words("没有写不做什么", "nothing is named that will not be done"), in_product(dossier, "scope.out"), mend)
    for i, out in enumerate(dossier.product.scope_out):
        if out.reason is None and out.reconsider is None:
            text = say(zh="不做“{item}”没有理由，也没有再议日期", en='"{item}" is out without a reason or a date of reconsideration', item=out.item)
            yield Note("L-44", ERROR, text, in_product(dossier, f"scope.out[{i}]"), Words("写 reason 或 reconsider", "write reason or reconsider"))


def _risk(dossier: Dossier, risk: Item) -> Iterator[Note]:
    """A trigger that one can see, and a person who responds (L-22)."""
    if risk.text("state") == "closed":
        return
    where = Where(file=risk.where.file, line=risk.where.line, part=risk.id)
    stage = risk.text("stage") if dossier.process.stage(risk.text("stage")) else None
    trigger = risk.values.get("trigger")
    for lang in LANGS:
        text = trigger[lang] if isinstance(trigger, Words) else str(trigger or "")
        if not vocabulary().find("observable", language(text) if isinstance(trigger, str) else lang, text):
            what = say(zh="风险{id}的触发条件看不见：没有数、日期或状态", en="the trigger of risk {id} cannot be observed: no number, date or state", id=risk.id)
            mend = Words("写看得见的条件，如“11-26 18:00仍有未过审”", 'write what one can see, such as "not approved by 26 Nov, 18:00"')
            yield Note("L-22", ERROR, what, where, mend, stage)
            break
    owner = risk.text("owner")
    if dossier.product.person(owner) is None:
        what = say(zh="风险{id}的责任人“{owner}”不是 people 里的人", en='the owner of risk {id}, "{owner}", is not one of people', id=risk.id, owner=owner)
        yield Note("L-22", ERROR, what, where, Words("写一个人", "name a person"), stage)


# ── decisions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _decision(dossier: Dossier, decision: Decision) -> Iterator[Note]:
    """A reason for all but a plain go, a word where it departs from the recommendation, conditions with four fields (L-18, L-19, L-50).

    A decision is never edited, so what is missing is mended by a new one that supersedes it.
    """
    stage = decision.stage if decision.stage and dossier.process.stage(decision.stage) else None
    where = Where(file="decisions.yaml", part=decision.id)
    again = Words("另写一条决策，带理由（--because）", "decide anew, with a reason (--because)")
    reason = decision.because.zh.strip()
    if decision.kind not in (None, Choice.GO) and not reason:
        yield Note("L-19", ERROR, say(zh="决策{id}没有理由", en="the decision {id} gives no reason", id=decision.id), where, again, stage)
    if decision.kind is not None and decision.recommended is not None and decision.kind != decision.recommended:
        slots = {"id": decision.id, "kind": decision.kind.value, "recommended": decision.recommended.value}
        if not reason:
            text = say(zh="决策{id}（{kind}）与系统建议（{recommended}）不同，没有说为什么", en="{id} ({kind}) departs from the recommendation ({recommended}) without a word", **slots)
            yield Note("L-50", ERROR, text, where, again, stage)
        elif not _DEPARTS.search(reason):
            text = say(zh="决策{id}（{kind}）的理由没有提到系统建议（{recommended}）", en="the reason of {id} ({kind}) does not mention the recommendation ({recommended})", **slots)
            yield Note("L-50", WARNING, text, where, Words("写明“与系统建议不同，因为……”", 'say "departs from the recommendation because …"'), stage)
    for condition in decision.conditions:
        yield from _condition(dossier, condition, stage)


def _condition(dossier: Dossier, condition: Condition, stage: str | None) -> Iterator[Note]:
    where = Where(file="decisions.yaml", part=condition.id)
    named = (("ACTION", condition.action.zh), ("OWNER", condition.owner), ("OTHERWISE", condition.otherwise.zh))
    missing = [name for name, value in named if not str(value or "").strip(" 。.")]
    if condition.date is None:
        missing.append("DATE")
    if condition.owner and dossier.product.person(condition.owner) is None:
        missing.append("OWNER")
    if missing:
        text = say(zh="条件{id}缺少{names}", en="the condition {id} lacks {names}", id=condition.id, names=", ".join(dict.fromkeys(missing)))
        mend = Words("四项写全：动作; 责任人（一个人）; 日期; 否则怎样", "write all four: ACTION; OWNER (a person); DATE; OTHERWISE")
        yield Note("L-18", ERROR, text, where, mend, stage)


def _meanings(dossier: Dossier) -> Iterator[Note]:
    """What the stage means for the next one is written once its gate is decided (L-38)."""
    for stage in dossier.process.stages:
        gate = dossier.gates.get(stage.id)
        if gate is None or gate.state not in (StageState.PASSED, StageState.CONDITIONAL):
            continue
        if not any(w.section == f"{stage.id}.meaning" and w.text.strip() for w in dossier.words):
            text = Words("关口已决定，没有写“对下一阶段意味着”", "the gate is decided, and nothing is written on what it means for the next stage")
            mend = say(zh="写 words/{id}.meaning.zh.md：{prompt}", en="write words/{id}.meaning.en.md: {prompt}", id=stage.id, prompt=stage.prompt)
            yield Note("L-38", ERROR, text, Where(file=f"words/{stage.id}.meaning.zh.md"), mend, stage.id)


# ── dates that have gone by ───────────────────────────────────────────────────────────────────────────────────────────


def _past(dossier: Dossier) -> Iterator[Note]:
    """Conditions, questions and risks whose date is past are closed, answered or dated anew (L-28)."""
    today, product = dossier.today, dossier.product
    closed = {d.closes for d in dossier.decisions if d.closes}
    for decision in dossier.decisions:
        for each in decision.conditions:
            if each.id not in closed and each.closed is None and each.date is not None and each.date < today:
                text = say(zh="条件{id}的期限{date}已过，没有结果", en="the condition {id} was due on {date} and has no outcome", id=each.id, date=dates.iso(each.date))
                mend = Words("记下关闭，或写未满足、后果生效", "record that it is closed, or that it is not met and what follows")
                yield Note("L-28", ERROR, text, Where(file="decisions.yaml", part=each.id), mend, decision.stage if dossier.process.stage(decision.stage or "") else None)
    for question in product.questions:
        if question.due is None or question.due < today:
            text = say(zh="问题{id}没有将来的期限", en="the question {id} has no date ahead", id=question.id)
            yield Note("L-28", ERROR, text, in_product(dossier, f"questions.{question.id}"), Words("答复后删去，或写新的期限", "take it out once answered, or set a new date"))
    for risk in dossier.items.of("risk"):
        due = risk.values.get("due")
        if due is not None and due < today and risk.text("state") != "closed":
            text = say(zh="风险{id}的应对期限{date}已过，还没有关闭", en="the response to risk {id} was due on {date} and it is not closed", id=risk.id, date=dates.iso(due))
            stage = risk.text("stage") if dossier.process.stage(risk.text("stage")) else None
            yield Note("L-28", ERROR, text, Where(file=risk.where.file, line=risk.where.line, part=risk.id), Words("关闭，或写新的期限", "close it, or set a new date"), stage)
    last = dossier.process.stages[-1] if dossier.process.stages else None
    milestone = product.milestone
    if milestone is not None and milestone.at < today and last is not None and dossier.gates[last.id].state == StageState.NOT_STARTED and dossier.plan(last.id).actual[0] is None:
        text = say(zh="里程碑“{what}”的日期{date}已过，还没有到", en='the milestone "{what}" was set for {date}, which is past, and is not reached', what=milestone.what, date=dates.iso(milestone.at))
        yield Note("L-28", ERROR, text, in_product(dossier, "product.milestone"), Words("写新的日期，原日期留在 first", "set a new date and keep the old one under first"))
