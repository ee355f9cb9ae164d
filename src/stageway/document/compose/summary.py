"""The management summary on one page: one sentence, the stages, what is to be decided, what is known and what is not, three risks, plan and actual."""

from __future__ import annotations

from typing import Any

from stageway.document import dates
from stageway.document.compose import phrases
from stageway.document.compose.changes import cause_of_delay
from stageway.document.compose.cover import brief
from stageway.document.compose.criteria import Owed, owed, owed_short, undecided
from stageway.document.compose.goals import now_words
from stageway.document.compose.open_points import live_stages, money
from stageway.document.compose.pen import Pen, han, line, mute, stacked, strong
from stageway.document.compose.plan import plan_figure
from stageway.document.compose.stage_gate import closer, is_open, recommended
from stageway.document.compose.strips import GATE_STATE, gate_word
from stageway.document.outline import Block, Callout, ColumnSpec, Items, Line, Para
from stageway.evidence import Words, shown
from stageway.process.grammar import threshold_words
from stageway.process.model import Ask, Stage
from stageway.process.planning import BudgetLine
from stageway.process.record import Choice, Result, StageState, Verdict


def chapter(pen: Pen) -> list[Block]:
    blocks: list[Block] = [
        pen.heading(1, pen.say("管理摘要", "Management summary"), "summary", new_page=True),
        Callout("brand", pen.say("一句话", "In one sentence"), (Para(line(one_sentence(pen))),)),
        _stages(pen),
        *_asked(pen),
        *_known(pen),
        _risks(pen),
    ]
    figure = plan_figure(pen) if plan_stands_here(pen) else None
    return [*blocks, figure] if figure else blocks


def plan_stands_here(pen: Pen) -> bool:
    """The summary keeps to one page: once it says what is known, the plan moves to the process at a glance."""
    return not _known(pen)


# ── one sentence ──────────────────────────────────────────────────────────────────────────────────────────────────────


def one_sentence(pen: Pen) -> str:
    dossier = pen.dossier
    product, milestone = Words(dossier.product.name.zh, dossier.product.name.en), dossier.product.milestone
    killed = next((d for d in dossier.decisions if d.kind == Choice.KILL), None)
    if killed is not None:
        return pen.ended(pen.fill(phrases.STOPPED, product=product, id=killed.id, because=_both(pen, pen.written(killed.because))))
    stage = dossier.current_stage() or dossier.process.stages[-1]
    missing = owed(pen, dossier.missing_musts(stage.id))
    short = _both(pen, _missing(pen, stage, missing))
    if milestone is None:
        lacking = _both(pen, _missing(pen, None, missing))
        return pen.fill(phrases.UNDATED, product=product, stage=pen.stage_words(stage), missing=lacking, who=pen.keeper())
    what, at = milestone.what, dates.full(milestone.at)
    if milestone.at < dossier.today:
        if not missing:
            return pen.fill(phrases.RUNNING_CLEAR, product=product, at=at, what=what, stage=pen.stage_words(stage))
        lacking = _both(pen, _missing(pen, None, missing))
        return pen.fill(phrases.RUNNING, product=product, at=at, what=what, stage=pen.stage_words(stage), missing=lacking)
    blocked = [each for each in missing if each.late and each.verdict.result == Result.FAIL]
    if blocked:
        told = pen.clauses(owed_short(pen, each, why=True) for each in blocked[:2])
        return pen.fill(phrases.BLOCKED, product=product, what=what, missing=Words(told, told))
    if milestone.first is not None and milestone.first < milestone.at:
        days = dossier.workdays.between(milestone.first, milestone.at)
        cause = cause_of_delay(pen)
        because = f"{cause.id}{pen.bracketed(brief(pen, cause))}" if cause else pen.say("改期未记决策", "a change without a decision")
        return pen.fill(
            phrases.LATE,
            product=product,
            at=at,
            what=what,
            days=days,
            because=Words(because, because),
            missing=short if missing else Words("决策", "the decision"),
        )
    if not missing:
        return pen.fill(phrases.CLEAR, product=product, at=at, what=what, stage=pen.stage_words(stage))
    return pen.fill(phrases.ON_TRACK, product=product, at=at, what=what, missing=short, by=_last(pen, stage, missing))


def _both(pen: Pen, text: str) -> Words:
    return Words(text, text)


def _missing(pen: Pen, stage: Stage | None, missing: tuple[Owed, ...]) -> str:
    """Up to three by name, more by their number."""
    if not missing:
        return pen.say("没有缺项", "nothing")
    if len(missing) > 3:
        told = pen.say("{n}项要求（{first}等）", "{n} requirements ({first} and others)", n=len(missing), first=missing[0].id)
        if stage is None:
            return told
        return pen.say("{stage}的{told}", "{told} of {stage}", stage=pen.stage_words(stage), told=_both(pen, told))
    return pen.listed(f"{each.id} {pen.of(each.what)}" for each in missing)


def _last(pen: Pen, stage: Stage, missing: tuple[Owed, ...]) -> Words:
    days = [each.due for each in missing if each.due is not None]
    return dates.full(max(days)) if days else pen.gate_words(stage)


# ── the stages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _stages(pen: Pen) -> Block:
    heads = (
        ColumnSpec(pen.say("阶段", "Stage"), 37 if pen.lang == "zh" else 31),
        ColumnSpec(pen.say("负责部门", "Owner"), 20),
        ColumnSpec(pen.say("计划完成", "Planned"), 18),
        ColumnSpec(pen.say("实际完成", "Actual"), 19),
        ColumnSpec(pen.say("关口结果", "Gate"), 32),
        ColumnSpec(pen.say("现在缺什么，谁欠", "Still owed by"), None),
    )
    rows = [_stage(pen, stage) for stage in pen.dossier.process.stages]
    caption = pen.say("{n}个阶段的状态（{date}）", "The {n} stages on {date}", n=_count(pen), date=dates.full(pen.dossier.today))
    return pen.table("stages", caption, heads, rows)


def _count(pen: Pen) -> Words:
    number = len(pen.dossier.process.stages)
    english = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return Words(han(number), english[number] if number <= 10 else str(number))


def _stage(pen: Pen, stage: Stage) -> list[Any]:
    dossier = pen.dossier
    plan, gate = dossier.plan(stage.id), dossier.gates[stage.id]
    name = pen.numbered(stage, stage.name)
    planned = pen.say("持续", "continuous") if plan.continuous else pen.day(plan.planned[1]) if plan.planned[1] else pen.say("待定", "to be set")
    if plan.actual[1] is not None:
        actual = pen.day(plan.actual[1])
    else:
        actual = pen.say("未开始", "not started") if gate.state == StageState.NOT_STARTED else pen.say("进行中", "in progress")
    return [name, pen.of(dossier.department(stage.owner)), planned, actual, _gate(pen, stage), _owes(pen, stage)]


def _gate(pen: Pen, stage: Stage) -> Line:
    gate = pen.dossier.gates[stage.id]
    kinds = [d for d in gate.decisions if d.kind is not None]
    last = kinds[-1] if kinds and gate.state not in (StageState.ACTIVE, StageState.NOT_STARTED) else None
    lines: list[Line] = [line(pen.state(GATE_STATE[gate.state], gate_word(pen, stage)))]
    small: list[str] = []
    for decision in (kinds[:-1] if last else kinds)[-1:]:
        small.append(pen.say("{date}{kind}", "{kind} {date}", date=dates.short(decision.at, pen.year), kind=phrases.CHOICE[decision.kind or Choice.GO]))
    for condition in last.conditions if last else ():
        done = closer(pen, condition)
        small.append(
            pen.say("{id}于{date}关闭", "{id} closed {date}", id=condition.id, date=dates.short(done.at, pen.year))
            if done
            else pen.say("{id}未结", "{id} open", id=condition.id)
        )
    if gate.expired and not pen.dossier.plan(stage.id).continuous:
        small.append(pen.say("证据已变，批准失效", "evidence changed: expired"))
    end = pen.gate_day(stage)
    if gate.state in (StageState.ACTIVE, StageState.NOT_STARTED) and end is not None and end >= pen.dossier.today and not pen.dossier.plan(stage.id).continuous:
        small.append(pen.say("{date}评审", "reviewed {date}", date=pen.gate_due(stage)))
    return stacked([*lines, *(line(mute(text)) for text in small)])


def _entry(pen: Pen, id: str, who: str, by: str) -> str:
    """L-17 郑佳，11-26."""
    return f"{id} {who}{'，' if pen.lang == 'zh' else ', '}{by}"


def _owes(pen: Pen, stage: Stage) -> Line:
    """What is missing and who owes it: three at most, the rest by number."""
    if stage not in live_stages(pen):
        return line("—")
    gate = pen.dossier.gates[stage.id]
    made: list[str] = []
    if is_open(pen, stage) or pen.dossier.plan(stage.id).continuous:
        missing = owed(pen, pen.dossier.missing_musts(stage.id))
        shown = 3 if len(missing) <= 3 else 2
        made += [_entry(pen, each.id, pen.of(each.who), pen.of(each.by)) for each in missing[:shown]]
        if len(missing) > shown:
            made.append(pen.say("另{n}项", "{n} more", n=len(missing) - shown))
    for decision in gate.decisions:
        made += [_entry(pen, c.id, pen.person(c.owner), pen.day(c.date)) for c in decision.conditions if closer(pen, c) is None and c.closed is None]
    return stacked([line(text) for text in made]) if made else line("—")


# ── what is to be decided ─────────────────────────────────────────────────────────────────────────────────────────────


def _asked(pen: Pen) -> list[Block]:
    asks = _decisions(pen)
    stage = pen.dossier.current_stage()
    if not asks:
        parts = [pen.say("本版没有需要决定的事项", "Nothing to decide in this version")]
        if stage is not None:
            parts.append(
                pen.say(
                    "下一项是{gate}（{by}，{who}）",
                    "the next decision is {gate} ({by}, {who})",
                    gate=pen.gate_words(stage),
                    by=pen.gate_due(stage),
                    who=pen.dossier.approver(stage),
                )
            )
        return [pen.heading(2, pen.say("请管理层决定", "For decision"), "asked"), Para(line(pen.ended(pen.clauses(parts))))]
    title = pen.say("请管理层决定{n}件事", "For decision: {n}", n=Words("一二三"[len(asks) - 1], str(len(asks))))
    return [pen.heading(2, title, "asked"), Items(tuple(asks), ordered=True)]


def _decisions(pen: Pen, most: int = 3) -> list[Line]:
    """One of each first: the gate, a should that falls short there, a budget line without decision; then what else is open."""
    now = pen.dossier.current_stage()
    open_ = [s for s in live_stages(pen) if is_open(pen, s) and _due_or_seen(pen, s) and not pen.dossier.plan(s.id).continuous]
    open_.sort(key=lambda s: s is not now)
    gates = [_gate_question(pen, stage) for stage in open_]
    shoulds = [
        _should(pen, v)
        for stage in open_
        for v in pen.dossier.gates[stage.id].verdicts
        if v.ask == Ask.SHOULD and v.seen is not None and v.result in (Result.UNDECIDED, Result.FAIL) and v.evidence
    ]
    budgets = [_budget(pen, each) for each in pen.dossier.product.budget if each.decision is None]
    groups = (gates, shoulds, budgets)
    return [*(group[0] for group in groups if group), *(each for group in groups for each in group[1:])][:most]


def _gate_question(pen: Pen, stage: Stage) -> Line:
    gate = pen.dossier.gates[stage.id]
    if gate.expired:
        question = pen.say(
            "{gate}的批准已失效，是否重新放行“{name}”？",
            "The approval of {gate} has expired: does {name} pass again?",
            gate=pen.gate_words(stage),
            name=stage.name,
        )
    else:
        question = pen.say("{gate}是否放行“{name}”？", "Does {gate} let {name} pass?", gate=pen.gate_words(stage), name=stage.name)
    found = gate.recommendation
    rule = _counts(found.rule) if found.choice in (Choice.HOLD, Choice.RECYCLE) else found.rule
    told = pen.say("今天系统建议{choice}：{rule}", "Today the system recommends {choice}: {rule}", choice=_both(pen, recommended(pen, stage)), rule=rule)
    return line(strong(question), "" if pen.lang == "zh" else " ", pen.ended(told))


def _counts(rule: Words) -> Words:
    """How the criteria stand, without the line of the rule, which the gate's own section names."""
    return Words(rule.zh.rpartition("；")[0] or rule.zh, rule.en.rpartition("; ")[0] or rule.en)


def _budget(pen: Pen, each: BudgetLine) -> Line:
    question = pen.say(
        "是否批准{line}{amount}？",
        "Do we release {amount} for {line}?",
        line=_both(pen, pen.inner(pen.of(each.line))),
        amount=_both(pen, money(pen, each.amount, each.unit)),
    )
    return line(strong(question), "" if pen.lang == "zh" else " ", pen.ended(pen.of(each.derived_from)))


def _due_or_seen(pen: Pen, stage: Stage, near: int = 10) -> bool:
    """Whether the gate has findings to decide on, or is held within the next ten working days."""
    end = pen.gate_day(stage)
    if end is not None and pen.dossier.workdays.between(pen.dossier.today, end) <= near:
        return True
    return any(v.evidence is not None and v.seen is not None for v in pen.dossier.gates[stage.id].verdicts)


def _should(pen: Pen, verdict: Verdict) -> Line:
    gap = "" if pen.lang == "zh" else " "
    state = pen.say("未定", "undecided") if verdict.result == Result.UNDECIDED else pen.say("不通过", "short of its threshold")
    question = pen.say("{words}{state}，是否带条件放行？", "{words}: {state}. Pass on a condition?", words=verdict.words, state=_both(pen, state))
    parts = [pen.seen(verdict)]
    parts.append(
        undecided(pen, verdict, with_person=False)
        if verdict.result == Result.UNDECIDED
        else pen.say("门槛{threshold}", "the threshold is {threshold}", threshold=verdict.threshold)
    )
    return line(strong(question), gap, pen.sentences(parts))


# ── known, not known, risks ───────────────────────────────────────────────────────────────────────────────────────────


def _known(pen: Pen) -> list[Block]:
    known, unknown = [], []
    for goal in pen.dossier.product.goals:
        verdict = pen.dossier.goals.get(goal.id)
        if verdict is None or verdict.seen is None or goal.expression is None:
            continue
        state, target = str(verdict.state), threshold_words(goal.expression)
        code = pen.cited([goal.metric.partition(".")[0]] if goal.metric else [])
        value = _both(pen, now_words(pen, goal) + code)
        if state == "met":
            known.append(pen.say("{name}{value}，达到{target}", "{name} {value} meets {target}", name=goal.name, value=value, target=target))
        elif state == "not_met":
            known.append(pen.say("{name}{value}，未达到{target}", "{name} {value} falls short of {target}", name=goal.name, value=value, target=target))
        elif state == "undecided":
            needs = (
                pen.say("约需{n}{counts}", "about {n}{counts} would decide", n=f"{verdict.needs_n:,}", counts=pen.counts(verdict.seen))
                if verdict.needs_n
                else pen.say("补样判不出来", "no sensible n would decide")
            )
            unknown.append(
                pen.say(
                    "{name}{value}，目标{target}，未定：{needs}",
                    "{name} {value} against {target}: undecided, {needs}",
                    name=goal.name,
                    value=value,
                    target=target,
                    needs=_both(pen, needs),
                )
            )
    known += _differences(pen)
    made: list[Block] = []
    if known:
        made.append(Callout("pass", pen.say("已经能确认的", "What we know"), (Para(line(pen.ended(pen.run(known[: max(2, 4 - len(unknown))])))),)))
    if unknown:
        made.append(Callout("undecided", pen.say("还不能确认的", "What we do not know yet"), (Para(line(pen.ended(pen.run(unknown[:2])))),)))
    return made


def _differences(pen: Pen) -> list[str]:
    """Differences whose whole interval lies on one side of 0."""
    made = []
    for name, finding in pen.dossier.findings.items():
        for each in finding.estimates:
            if (
                each.name == "difference"
                and each.low is not None
                and each.high is not None
                and (each.low > 0 or each.high < 0)
                and name in pen.dossier.evidence
            ):
                title = pen.of(pen.dossier.evidence[name].title)
                made.append(pen.say("{title}：差{value}{code}", "{title}: difference {value}{code}", title=title, value=shown(each), code=pen.cited([name])))
    return made[:2]


def _risks(pen: Pen) -> Block:
    risks = [item for item in pen.dossier.items.of("risk") if item.text("state") != "closed"]
    risks.sort(key=lambda item: -(int(item.values.get("likelihood") or 0) * int(item.values.get("impact") or 0)))
    label = pen.say("最大的三项风险", "Largest risks") if len(risks) >= 3 else pen.say("风险", "Risks")
    if not risks:
        stage = pen.dossier.current_stage() or pen.dossier.process.stages[0]
        return pen.labelled(
            label,
            pen.say(
                "尚无登记风险，{who}于{by}前登记。",
                "None registered yet: {who} registers them by {by}.",
                who=pen.stage_owner(stage),
                by=pen.gate_due(stage),
            ),
        )
    told = [pen.of(r.title).rstrip("。.") + pen.bracketed(r.id) for r in risks[:3]]
    return pen.labelled(label, pen.ended(pen.run(told)))
