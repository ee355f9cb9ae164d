"""What the stage found: one paragraph a finding, its tables and charts, and what follows for the next stage."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from stageway.document import dates
from stageway.document.compose.criteria import bare, bare_threshold, undecided
from stageway.document.compose.pen import Pen, line, mute, strong
from stageway.document.compose.strips import has_interval
from stageway.document.live import own_blocks
from stageway.document.outline import Block, Break, Callout, ColumnSpec, Figure, Items, Line, Para, Table
from stageway.evidence import Finding, ResultTable, Words, number
from stageway.evidence.numerals import decimals_for
from stageway.process.dossier import RequirementState
from stageway.process.model import Ask, Requirement, Stage
from stageway.process.record import OwnWords, Result, Verdict

MOST = 6
WIDEST = 9
_WORST = (Result.FAIL, Result.UNDECIDED, Result.NOT_EVALUABLE, Result.PASS)


def section(pen: Pen, stage: Stage) -> list[Block]:
    blocks: list[Block] = []
    if (own := pen.dossier.own(f"{stage.id}.findings", pen.lang)) is not None:
        blocks += own_blocks(own, pen.dossier)
    names = ordered(pen, stage)
    main = names[:MOST]
    if main:
        blocks.append(Items(tuple(paragraph(pen, name) for name in main)))
        blocks += exhibits(pen, stage, main)
    if (owing := _owing(pen, stage)) is not None:
        blocks.append(owing)
    return [*blocks, meaning(pen, stage)]


def ordered(pen: Pen, stage: Stage) -> list[str]:
    """The stage's findings: those a criterion uses (must first), then a goal, an item, a decision, then the rest."""
    dossier = pen.dossier
    verdicts = sorted(dossier.verdicts(stage.id), key=lambda v: v.ask != Ask.MUST)
    used = [v.evidence for v in verdicts if v.evidence]
    used += [goal.metric.partition(".")[0] for goal in dossier.product.goals if goal.metric]
    used += [name for item in dossier.items.all for name in item.links.get("finding", ())]
    used += [name for decision in dossier.decisions for name in decision.findings]
    known = dossier.finding_names(stage.id)
    return [name for name in dict.fromkeys([*used, *known]) if name in known]


def further(pen: Pen) -> list[str]:
    """Findings that the main text leaves to the annex."""
    return [name for stage in pen.dossier.process.stages for name in ordered(pen, stage)[MOST:]]


# ── one finding ───────────────────────────────────────────────────────────────────────────────────────────────────────


def paragraph(pen: Pen, name: str) -> Line:
    finding = pen.dossier.findings[name]
    verdicts = verdicts_on(pen, name)
    short = [v for v in verdicts if v.result == Result.UNDECIDED]
    gap = "" if pen.lang == "zh" else " "
    if verdicts and all(v.why_code == "least_days" for v in verdicts):
        return line(strong(claim(pen, name, verdicts)), gap, _unread(pen, name, verdicts[0]))
    headline = pen.with_code(pen.capital(pen.of(finding.headline)), marks(pen, name))
    points = [pen.of(point) for point in _points(finding, 1 if short else 2)]
    bold = claim(pen, name, verdicts)
    if not pen.dossier.evidence[name].is_plain and all(v.result == Result.PASS for v in verdicts):
        made: list[Any] = [strong(pen.ended(headline)), gap, pen.sentences([*points, *([bold] if verdicts else [])])]
    else:
        made = [strong(bold), gap, pen.sentences([headline, *points, *(undecided(pen, v) for v in short[:1])])]
    for warning in finding.warnings:
        made += [Break(), strong(pen.say("注意：", "Note:")), "" if pen.lang == "zh" else " ", pen.ended(pen.of(warning.text))]
    return line(*made, Break(), mute(judgement(pen, finding, entered=pen.dossier.evidence[name].is_plain)))


def _points(finding: Finding, most: int, room: int = 170) -> list[Words]:
    """Further sentences as long as the paragraph stays short (measured in Chinese, so that both languages keep the same)."""
    chosen: list[Words] = []
    for point in finding.points[:most]:
        room -= len(point.zh)
        if room < len(finding.headline.zh):
            break
        chosen.append(point)
    return chosen


def _unread(pen: Pen, name: str, verdict: Verdict) -> str:
    """Before its period is over a number is not read."""
    code = pen.bracketed(("，" if pen.lang == "zh" else ", ").join(marks(pen, name)))
    if verdict.until is None:
        return pen.ended(pen.say("到期之前不看数{code}", "The figure is not read before the period is over{code}", code=code))
    return pen.ended(
        pen.say(
            "到期之前不看数，{date}判定{code}",
            "The figure is not read before it is judged on {date}{code}",
            date=dates.short(verdict.until, pen.year),
            code=code,
        )
    )


def judgement(pen: Pen, finding: Finding, *, entered: bool = False) -> str:
    """How sure, what follows, what would change it, in one small paragraph; what was entered by hand has its code's mark for that, here only its source."""
    said = finding.meaning
    if entered:
        return pen.capital(pen.ended(re.sub("^(人工填报，|Entered by hand; )", "", pen.of(said.sure))))
    labels = (Words("把握：", "How sure: "), Words("下一步：", "Next: "), Words("改判：", "Would change it: "))
    parts = [
        pen.of(label) + pen.ended(pen.inner(pen.of(text))) for label, text in zip(labels, (said.sure, said.next, said.change), strict=True) if pen.of(text)
    ]
    return ("" if pen.lang == "zh" else " ").join(parts)


def marks(pen: Pen, name: str) -> list[str]:
    """What stands behind a claim: its code, and that it was entered by hand where no method gives it."""
    return [code for code in (pen.code(name), pen.say("人工填报", "entered by hand") if pen.dossier.evidence[name].is_plain else "") if code]


def verdicts_on(pen: Pen, name: str) -> list[Verdict]:
    """Every verdict that reads this evidence, the worst first."""
    found = [v for gate in pen.dossier.gates.values() for v in gate.verdicts if v.evidence == name]
    return sorted(found, key=lambda v: _WORST.index(v.result))


def claim(pen: Pen, name: str, verdicts: list[Verdict]) -> str:
    """The bold claim, worded by the verdict so that it never contradicts the gate; the title where no criterion asks."""
    if not verdicts:
        return pen.ended(pen.of(pen.dossier.evidence[name].title))
    worst = verdicts[0].result
    claims = list(dict.fromkeys(_claim(pen, v) for v in verdicts if v.result == worst))
    return pen.ended(pen.run(claims[:2]))


def _claim(pen: Pen, verdict: Verdict) -> str:
    words, threshold = verdict.words, bare_threshold(verdict)
    high = verdict.op in (">=", ">")
    if verdict.result == Result.UNDECIDED:
        return pen.say("{words}未定", "{words}: undecided", words=words)
    if verdict.result == Result.NOT_EVALUABLE:
        return pen.say(
            "{words}不可评定：{why}", "{words}: not evaluable, {why}", words=words, why=bare(verdict.why) if verdict.why else Words("没有数据", "no data")
        )
    passed = verdict.result == Result.PASS
    if verdict.seen is None or not has_interval(verdict.seen):
        if passed:
            return pen.say("{words}{threshold}", "{words} {threshold}", words=words, threshold=verdict.threshold)
        value = pen.value_alone(verdict.seen) if verdict.seen else "—"
        return pen.say("{words}为{value}，不符合{threshold}", "{words}: {value}, not {threshold}", words=words, value=value, threshold=verdict.threshold)
    good = {">=": ("不低于{t}", "{t} or above"), ">": ("高于{t}", "above {t}"), "<=": ("不高于{t}", "{t} or below"), "<": ("低于{t}", "below {t}")}
    bad = ("低于{t}", "below {t}") if high else ("高于{t}", "above {t}")
    zh, en = good[verdict.op or ">="] if passed else bad
    return pen.say("{words}" + zh.replace("{t}", "{threshold}"), "{words}: " + en.replace("{t}", "{threshold}"), words=words, threshold=threshold)


# ── tables and charts ─────────────────────────────────────────────────────────────────────────────────────────────────


def exhibits(pen: Pen, stage: Stage, names: Iterable[str], most: int = 2) -> list[Block]:
    """At most two tables and two charts of the stage's findings, in the order of the paragraphs."""
    tables: list[Block] = []
    figures: list[Block] = []
    for name in names:
        finding = pen.dossier.findings[name]
        if finding.charts and len(figures) < most:
            chart = finding.charts[0]
            caption = pen.of(chart.title) + _from(pen, name)
            figures.append(
                Figure(f"{stage.id}-{name}-{chart.name}-chart", caption, pen.of(chart.alt), chart=dict(chart.zh if pen.lang == "zh" else chart.en), width=0.84)
            )
        if finding.tables and len(tables) < most:
            chosen = next((t for t in finding.tables if len(_merged(t)) <= WIDEST), finding.tables[0])
            tables.append(result_table(pen, name, chosen, f"{stage.id}-{name}-{chosen.name}"))
    return [*tables, *figures]


def _from(pen: Pen, name: str) -> str:
    code = pen.code(name)
    return pen.say("。来源{code}", ". Source {code}", code=code) if code else ""


def result_table(pen: Pen, name: str, table: ResultTable, id: str, most: int = 10) -> Table:
    """A finding's table; a value with the two ends of its interval stands in one cell."""
    groups = _merged(table)
    heads = [ColumnSpec(pen.of(table.columns[g[0]].label), None, "right" if _numeric(table, g[0]) else "left") for g in groups]
    rows = [[_interval_cell(pen, row, table, group) for group in groups] for row in table.rows[:most]]
    notes = [pen.of(table.note)] if table.note else []
    if len(table.rows) > most:
        notes.append(pen.say("前{shown}行，共{all}行", "first {shown} of {all} rows", shown=most, all=len(table.rows)))
    return pen.table(id, pen.of(table.title) + _from(pen, name), heads, rows, note=pen.sentences(notes))


def _merged(table: ResultTable) -> list[tuple[int, ...]]:
    """Columns that print as one: a value and, right behind it, its `low` and `high`."""
    names = [head.name for head in table.columns]
    groups: list[tuple[int, ...]] = []
    i = 0
    while i < len(names):
        ends = names[i + 1 : i + 3]
        whole = len(ends) == 2 and ends[0].endswith("low") and ends[1].endswith("high")
        groups.append((i, i + 1, i + 2) if whole else (i,))
        i += 3 if whole else 1
    return groups


def _interval_cell(pen: Pen, row: tuple[Any, ...], table: ResultTable, group: tuple[int, ...]) -> str:
    head = table.columns[group[0]]
    value = _cell(pen, row[group[0]], head.unit, head.decimals)
    ends = [row[i] for i in group[1:]]
    if not ends or row[group[0]] is None or any(not isinstance(end, int | float) for end in ends):
        return value
    places = head.decimals if head.decimals is not None else decimals_for(float(row[group[0]]), head.unit)
    value = number(float(row[group[0]]), head.unit, pen.lang, places)
    return f"{value} [{', '.join(number(float(end), head.unit, pen.lang, places, bare=True) for end in ends)}]"


def _numeric(table: ResultTable, column: int) -> bool:
    return any(isinstance(row[column], int | float) and not isinstance(row[column], bool) for row in table.rows)


def _cell(pen: Pen, cell: Any, unit: str, decimals: int | None) -> str:
    if cell is None:
        return "—"
    if isinstance(cell, Words):
        return pen.of(cell)
    if isinstance(cell, bool):
        return pen.say("是", "yes") if cell else pen.say("否", "no")
    if isinstance(cell, int) and not unit:
        return f"{cell:,}".replace("-", "\u2212")
    if isinstance(cell, int | float):
        return number(float(cell), unit, pen.lang, decimals)
    return str(cell)


# ── what is not there yet, and what follows ───────────────────────────────────────────────────────────────────────────


def _owing(pen: Pen, stage: Stage) -> Block | None:
    """Who owes which findings by when, where the stage's evidence has none yet; what is past its date is said to be overdue."""
    owing = [r for r in stage.requirements if r.evidence and not any(e.name in pen.dossier.findings for e in r.evidence)]
    if not owing and not pen.dossier.finding_names(stage.id):
        owing = list(stage.requirements[:1])
    if not owing:
        return None
    late = [r for r in owing if pen.dossier.state(r) == RequirementState.OVERDUE]
    told = []
    for opening, group in ((Words("尚无，", "None yet: "), [r for r in owing if r not in late]), (Words("逾期未交的有", "Overdue are "), late)):
        if group:
            told.append(pen.of(opening) + pen.clauses(_by_person(pen, group, late=group is late)))
    return Para(line(pen.sentences(told)))


def _by_person(pen: Pen, requirements: Iterable[Requirement], *, late: bool) -> list[str]:
    """何思于06-18前提交IA3.3、IA3.4，07-16前提交IA3.11: one clause a person, in the order of the requirements."""
    groups: dict[str, dict[str, list[str]]] = {}
    for each in requirements:
        by = groups.setdefault(pen.of(pen.owner(each)), {})
        by.setdefault(pen.due(each), []).append(f"{each.id} {pen.of(each.title)}")
    comma = "，" if pen.lang == "zh" else ", "
    told = []
    for who, dues in groups.items():
        parts = []
        for i, (by_when, what) in enumerate(dues.items()):
            if late:
                parts.append(pen.listed(what) + pen.bracketed(pen.say("期限{by}", "due {by}", by=by_when)))
            else:
                zh, en = ("于{by}前提交{what}", "delivers {what} by {by}") if i == 0 else ("{by}前提交{what}", "{what} by {by}")
                parts.append(pen.say(zh, en, by=by_when, what=pen.listed(what)))
        told.append(
            pen.say("{who}的{what}", "{what} from {who}", who=who, what=comma.join(parts))
            if late
            else who + ("" if pen.lang == "zh" else " ") + comma.join(parts)
        )
    return told


def meaning(pen: Pen, stage: Stage) -> Callout:
    stages = pen.dossier.process.stages
    after = next((s for s in stages if s.number == stage.number + 1), None)
    title = _meaning_title(pen, after)
    own = pen.dossier.own(f"{stage.id}.meaning", pen.lang)
    if own is not None:
        return Callout("brand", title, own_blocks(own, pen.dossier))
    text = pen.say(
        "尚无，{who}于{by}前{what}",
        "None yet: {who} writes this by {by}. {what}",
        who=pen.stage_owner(stage),
        by=_when(pen, stage),
        what=_task(stage.prompt),
    )
    return Callout("brand", title, (Para(line(pen.ended(text))),))


def _task(prompt: Words) -> Words:
    """The prompt as what somebody does: 写给设计：…; in English it stands as a sentence of its own."""
    asked = bare(prompt)
    zh = asked.zh if asked.zh.startswith("写") else f"写明：{asked.zh}"
    return Words(zh, prompt.en)


def _when(pen: Pen, stage: Stage) -> Words:
    """Before the stage's gate, with its date where that lies ahead."""
    end = pen.gate_day(stage)
    gate, due = pen.gate_words(stage), pen.gate_due(stage)
    if end is not None and end < pen.dossier.today:
        return gate
    return Words(f"{gate.zh}（{due.zh}）", f"{gate.en} ({due.en})")


def _meaning_title(pen: Pen, after: Stage | None) -> str:
    if after is None:
        return pen.say("对下一轮意味着", "What this means for the next round")
    return pen.say("对{next}意味着", "What this means for {next}", next=pen.stage_words(after))


def quoted_by(pen: Pen, own: OwnWords) -> str:
    """Who said it: ——陈立（产品部），2026-05-18."""
    person = pen.dossier.product.person(own.author)
    name = pen.of(person.name) if person else (own.author or "")
    department = pen.of(pen.dossier.department(person.department)) if person else ""
    at = own.at or ""
    if pen.lang == "zh":
        return "——" + name + (f"（{department}）" if department else "") + (f"，{at}" if at else "")
    return "— " + ", ".join(part for part in (name, department, pen.moment(at) if at else "") if part) + (" (translated)" if own.lang != pen.lang else "")
