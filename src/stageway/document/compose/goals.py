"""Goals and scope: each goal with baseline, target, date, where it stands now and its verdict; what is in, what is out and why."""

from __future__ import annotations

from typing import Any

from stageway.document import dates
from stageway.document.compose import phrases
from stageway.document.compose.criteria import needed
from stageway.document.compose.pen import Pen, line, mute, stacked
from stageway.document.compose.strips import has_interval, round_up
from stageway.document.outline import Block, ColumnSpec, Line, Para, Strip
from stageway.evidence import Words, number
from stageway.evidence.numerals import decimals_for
from stageway.process.grammar import threshold_words
from stageway.process.planning import Baseline, Goal, OutOfScope

STATE = {"met": "met", "not_met": "not_met", "undecided": "goal_undecided", "not_started": "goal_not_started"}


def chapter(pen: Pen, number_: int) -> list[Block]:
    return [
        pen.heading(1, pen.say("目标与范围", "Goals and scope"), "goals", number_),
        pen.heading(2, pen.say("目标", "Goals"), "goals-table", (number_, 1)),
        *_goals(pen),
        pen.heading(2, pen.say("范围", "Scope"), "scope", (number_, 2)),
        *_scope(pen),
    ]


def _goals(pen: Pen) -> list[Block]:
    lead = Para(
        line(
            pen.say(
                "每个目标都有指标、基线、目标值、期限和数据来源，缺一项不得立项。",
                "Every goal has a metric, a baseline, a target, a date and a data source. A goal that lacks one is not accepted.",
            )
        )
    )
    heads = (
        ColumnSpec(pen.say("编号", "No."), 9, keep=True),
        ColumnSpec(pen.say("指标", "Metric"), None),
        ColumnSpec(pen.say("基线", "Baseline"), 28),
        ColumnSpec(pen.say("目标", "Target"), 16),
        ColumnSpec(pen.say("期限", "By"), 20, keep=True),
        ColumnSpec(pen.say("当前", "Now"), 37),
        ColumnSpec(pen.say("状态", "State"), 24),
    )
    goals = pen.dossier.product.goals
    if not goals:
        return [lead, *_example(pen, heads)]
    return [lead, pen.table("goals", pen.say("目标", "Goals"), heads, [_row(pen, goal) for goal in goals])]


def _example(pen: Pen, heads: tuple[ColumnSpec, ...]) -> list[Block]:
    """No goals yet: who writes them, and a good example of the template to write them by."""
    stage = pen.dossier.process.stages[0]
    who = pen.keeper()
    by = pen.gate_due(stage)
    owed = Para(line(pen.fill(phrases.NONE_YET, who=who, by=by, what=Words("产品目标", "the goals of the product"))))
    given = pen.dossier.process.example_goal
    if not given:
        return [owed]
    text = {name: pen.of(Words.of(value)) for name, value in given.items()}
    row = [
        pen.say("示例", "e.g."),
        text.get("name", "—"),
        text.get("baseline", "—"),
        text.get("target", "—"),
        text.get("by", "—"),
        "—",
        line(pen.state("goal_not_started", pen.say("示例，不判定", "example, not judged"))),
    ]
    return [owed, pen.table("goals", pen.say("目标（待填；示例取自模板）", "Goals (to be filled; the example is the template's)"), heads, [row])]


def _row(pen: Pen, goal: Goal) -> list[Any]:
    verdict = pen.dossier.goals.get(goal.id)
    return [
        goal.id,
        pen.of(goal.name),
        _baseline(pen, goal),
        _target(pen, goal),
        dates.iso(goal.by) if goal.by else "—",
        _now(pen, goal),
        _state(pen, goal) if verdict else "—",
    ]


def _unit(goal: Goal) -> str:
    return goal.expression.unit if goal.expression else ""


def _target(pen: Pen, goal: Goal) -> str:
    return pen.of(threshold_words(goal.expression)) if goal.expression else (goal.target or "—")


def _baseline(pen: Pen, goal: Goal) -> Line:
    base = goal.baseline
    if base is None:
        return line("—")
    if base.value is None:
        because = base.none_because or Words("未写原因", "no reason given")
        return line(pen.fill(phrases.NO_BASELINE, because=because))
    unit = _unit(goal)
    return stacked([line(number(base.value, unit, pen.lang, decimals_for(base.value, unit))), line(mute(_source(pen, base)))])


def _source(pen: Pen, base: Baseline) -> str:
    parts = [pen.of(base.source)] if base.source else []
    if base.n is not None:
        parts.append(pen.say("n={n}", "n = {n}", n=f"{base.n:,}"))
    if base.at:
        parts.append(dates.moment(base.at, None)[pen.lang])
    return ("，" if pen.lang == "zh" else ", ").join(parts)


def _now(pen: Pen, goal: Goal) -> Line:
    verdict = pen.dossier.goals.get(goal.id)
    seen = verdict.seen if verdict else None
    if seen is None:
        return line(pen.say("尚无", "none yet"))
    small = [pen.say("n={n}", "n = {n}", n=f"{seen.n:,}")] if seen.n else []
    name = goal.metric.partition(".")[0] if goal.metric else ""
    small += [code for code in (pen.code(name),) if code]
    return stacked([line(pen.value(seen)), line(mute(("，" if pen.lang == "zh" else ", ").join(small))), line(drawn) if (drawn := strip(pen, goal)) else ()])


def strip(pen: Pen, goal: Goal) -> Strip | None:
    """The goal's interval around its target, the baseline dotted."""
    verdict, expression = pen.dossier.goals.get(goal.id), goal.expression
    seen = verdict.seen if verdict else None
    if seen is None or not has_interval(seen) or expression is None or expression.limit is None or expression.op not in (">=", ">", "<=", "<"):
        return None
    assert seen.low is not None
    assert seen.high is not None
    state = STATE[str(verdict.state)] if verdict else "goal_not_started"
    span = round_up(1.25 * max(abs(seen.low - expression.limit), abs(seen.high - expression.limit)))
    base = goal.baseline.value if goal.baseline else None
    good = "high" if expression.op in (">=", ">") else "low"
    alt = pen.say(
        "{name}：{seen}，目标{target}，{word}",
        "{name}: {seen}, target {target}, {word}",
        name=goal.name,
        seen=pen.value(seen),
        target=threshold_words(expression),
        word=pen.state(state).word,
    )
    ends = (0.0, 1.0) if seen.unit == "%" else (None, None)
    return Strip(seen.value, seen.low, seen.high, expression.limit, good, state, span, ends, base, alt)  # type: ignore[arg-type]


def _state(pen: Pen, goal: Goal) -> Line:
    verdict = pen.dossier.goals[goal.id]
    needs = ""
    if str(verdict.state) == "undecided":
        needs = needed(pen, verdict.needs_n, verdict.seen)
    return stacked([line(pen.state(STATE[str(verdict.state)])), line(mute(needs))])


# ── scope ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _scope(pen: Pen) -> list[Block]:
    product = pen.dossier.product
    stage = next((s for s in pen.dossier.process.stages if s.id == "positioning"), pen.dossier.process.stages[0])
    who, by = pen.stage_owner(stage), pen.gate_due(stage)
    inside = (
        pen.ended(pen.capital(pen.clauses(pen.of(each) for each in product.scope_in)))
        if product.scope_in
        else pen.say(
            "尚无，{who}于{by}前写明面向的地区、人群和首版功能。",
            "None yet: by {by}, {who} names the markets, the users and the functions of the first release.",
            who=who,
            by=by,
        )
    )
    outside = (
        pen.ended(pen.capital(pen.clauses(_out(pen, each) for each in product.scope_out)))
        if product.scope_out
        else pen.say(
            "尚无，{who}于{by}前列出不做的事项，每项写理由或何时再议。",
            "None yet: by {by}, {who} lists what is left out, each with its reason or a date to reconsider.",
            who=who,
            by=by,
        )
    )
    return [pen.labelled(pen.say("包括", "In"), inside), pen.labelled(pen.say("不包括", "Out"), outside)]


def _out(pen: Pen, each: OutOfScope) -> str:
    why = pen.listed(
        ([pen.of(each.reason)] if each.reason else [])
        + ([pen.say("{date}再议", "to be reconsidered {date}", date=dates.moment(each.reconsider, None))] if each.reconsider else [])
    )
    return pen.of(each.item) + (pen.bracketed(why) if why else "")


def now_words(pen: Pen, goal: Goal) -> str:
    """21.9% [19.6%, 24.4%]，n=1,122 for the summary."""
    verdict = pen.dossier.goals.get(goal.id)
    if verdict is None or verdict.seen is None:
        return ""
    seen = verdict.seen
    return pen.value(seen) + (pen.say("，n={n}", ", n = {n}", n=f"{seen.n:,}") if seen.n and seen.low is not None else "")
