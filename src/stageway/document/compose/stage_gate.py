"""The gate of a stage: its criteria as they were seen, round by round, the recommendation while none is decided, the decisions, and own words on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from stageway.document import dates
from stageway.document.compose import phrases
from stageway.document.compose.criteria import bare, needed, owed, owed_short
from stageway.document.compose.pen import Pen, line, mute, stacked
from stageway.document.compose.stage_findings import quoted_by
from stageway.document.compose.strips import span_of, strip
from stageway.document.live import own_blocks, plain
from stageway.document.outline import Block, Callout, ColumnSpec, Line, Para, Quote, Table, Text
from stageway.evidence import Words, joined
from stageway.process.model import Ask, Stage
from stageway.process.record import Choice, Condition, Decision, Recommendation, Result, StageState, Verdict

_NOT_JUDGED = Words("未判定", "not judged yet")


@dataclass(frozen=True, slots=True)
class Column:
    """One look at the gate: what it is called, its day, and the verdict rows of then."""

    title: str
    day: date
    verdicts: tuple[Verdict, ...]


def section(pen: Pen, stage: Stage) -> list[Block]:
    gate = pen.dossier.gates[stage.id]
    blocks: list[Block] = [gate_table(pen, stage)] if gate.verdicts else []
    decisions = [d for d in gate.decisions if d.kind is not None]
    blocks += [decision_box(pen, stage, decision) for decision in decisions]
    if gate.expired and gate.last is not None:
        blocks.append(_expired(pen, stage, gate.last))
    if is_open(pen, stage):
        blocks += [recommendation_box(pen, stage)] if judged(pen, stage) else []
        blocks.append(_open_decision(pen, stage))
    return [*blocks, *quotes(pen, stage)]


def is_open(pen: Pen, stage: Stage) -> bool:
    """Whether a decision is still to be taken: none yet, the last one sent it back or held it, or the approval has expired."""
    gate = pen.dossier.gates[stage.id]
    return gate.expired or gate.state not in (StageState.PASSED, StageState.CONDITIONAL, StageState.KILLED)


def judged(pen: Pen, stage: Stage) -> bool:
    """Whether there is anything to judge: the stage has begun, or evidence, signatures or items are there already."""
    gate = pen.dossier.gates[stage.id]
    if gate.state != StageState.NOT_STARTED:
        return True
    return any(v.seen is not None and (v.evidence or v.seen.signed_by or v.seen.value or v.seen.of) for v in gate.verdicts)


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def columns(pen: Pen, stage: Stage) -> list[Column]:
    """The looks to print, oldest first, two at most: the snapshot of an earlier decision beside the last one, or beside today."""
    gate = pen.dossier.gates[stage.id]
    shots = [d for d in gate.decisions if d.kind is not None and d.verdicts]
    today = Column(_title(pen, None, pen.dossier.today, gate.round), pen.dossier.today, gate.verdicts)
    if not shots:
        return [today]
    looks = [Column(_title(pen, d, d.at, d.round), d.at, d.verdicts) for d in shots]
    if is_open(pen, stage) or pen.dossier.plan(stage.id).continuous:
        return [looks[-1], today] if _differ(pen, looks[-1].verdicts, gate.verdicts) else [looks[-1]]
    earlier = [look for look, d in zip(looks[:-1], shots[:-1], strict=True) if _results(d.verdicts) != _results(shots[-1].verdicts)]
    return [*earlier[-1:], looks[-1]]


def _title(pen: Pen, decision: Decision | None, day: date, round: int) -> str:
    when = dates.short(day, pen.year)
    if decision is None:
        return pen.say("今天{date}", "today, {date}", date=when)
    return (
        pen.say("{round}{date}", "{round}, {date}", round=pen.round_words(round), date=when) if round > 1 or decision.kind == Choice.RECYCLE else pen.of(when)
    )


def _results(verdicts: Iterable[Verdict]) -> list[tuple[str, str]]:
    return sorted((v.requirement + v.words.zh, str(v.result)) for v in verdicts)


def _differ(pen: Pen, old: Iterable[Verdict], new: Iterable[Verdict]) -> bool:
    """Whether two looks at a gate show another result or another number anywhere."""

    def shown(verdicts: Iterable[Verdict]) -> list[tuple[str, str, str]]:
        return sorted((v.requirement + v.words.zh, str(v.result), pen.seen(v)) for v in verdicts)

    return shown(old) != shown(new)


def gate_table(pen: Pen, stage: Stage) -> Table:
    looks = columns(pen, stage)
    rows = _rows(looks)
    name = pen.capital(pen.of(pen.gate_words(stage)).removeprefix("the "))
    first = (
        ColumnSpec(pen.say("准则", "Criterion"), None),
        ColumnSpec(pen.say("类别", "Kind"), 13, keep=True),
        ColumnSpec(pen.say("门槛", "Threshold"), 22 if len(looks) == 1 else 20),
    )
    if len(looks) == 1:
        there = judged(pen, stage)
        caption = pen.say("{gate}准则（判定{date}）", "Criteria of {gate} (judged {date})", gate=name, date=dates.full(looks[0].day))
        if not there:
            caption = pen.say("{gate}准则（未判定）", "Criteria of {gate} (not judged yet)", gate=name)
        return pen.table(f"gate-{stage.id}", caption, *_one_look(pen, first, [v for (v,) in rows if v is not None], there=there))
    caption = pen.say("{gate}准则（{a}与{b}）", "Criteria of {gate} ({a}; {b})", gate=name, a=looks[0].title, b=looks[1].title)
    now = not any(d.verdicts == looks[1].verdicts for d in pen.dossier.gates[stage.id].decisions)
    heads = (*first, ColumnSpec(pen.capital(looks[0].title), 46), ColumnSpec(pen.capital(looks[1].title), 38 if now else 46))
    cells = []
    for row in rows:
        known = [v for v in row if v is not None]
        told = [_both(pen, v, known) for v in row]
        if now and len(known) == 2 and not _differ(pen, known[:1], known[1:]):
            told[1] = line(mute(pen.say("未变", "unchanged")))
        cells.append([_criterion(pen, known[-1]), _ask(pen, known[-1]), pen.of(known[-1].threshold), *told])
    return pen.table(f"gate-{stage.id}", caption, heads, cells)


def _one_look(pen: Pen, first: tuple[ColumnSpec, ...], verdicts: list[Verdict], *, there: bool) -> tuple[tuple[ColumnSpec, ...], list[list[Any]]]:
    """Columns and rows of a gate looked at once: strips in a column of their own, so that their thresholds form one upright line."""
    strips = [strip(pen, v, span_of([v])) if there else None for v in verdicts]
    drawn = any(strips)
    heads = (
        *first,
        ColumnSpec(pen.say("所见", "Seen"), 44 if drawn else 62),
        *((ColumnSpec(pen.say("区间与门槛", "Interval"), 25),) if drawn else ()),
        ColumnSpec(pen.say("结果", "Result"), 25),
    )
    cells: list[list[Any]] = []
    for verdict, picture in zip(verdicts, strips, strict=True):
        seen, result = (line(pen.seen(verdict)), _result(pen, verdict)) if there else (line(mute("—")), line(pen.state("not_begun", _NOT_JUDGED[pen.lang])))
        cells.append(
            [_criterion(pen, verdict), _ask(pen, verdict), pen.of(verdict.threshold), seen, *([line(picture) if picture else ""] if drawn else []), result]
        )
    return heads, cells


def _rows(looks: list[Column]) -> list[tuple[Verdict | None, ...]]:
    """One row a criterion, must first, in the order of the newest look; a criterion that only an earlier look knew comes last."""
    made: list[list[Verdict | None]] = []
    for verdict in sorted(looks[-1].verdicts, key=lambda v: (v.ask != Ask.STOP, v.ask != Ask.MUST)):
        made.append([*(_same(verdict, look.verdicts) for look in looks[:-1]), verdict])
    for i, look in enumerate(looks[:-1]):
        for verdict in look.verdicts:
            if not any(row[i] is verdict for row in made):
                made.append([verdict if j == i else None for j in range(len(looks))])
    return [tuple(row) for row in made]


def _same(verdict: Verdict, earlier: tuple[Verdict, ...]) -> Verdict | None:
    """The same criterion in an earlier look: the same requirement and text, or the same words where the evidence has another name now."""
    mine = [v for v in earlier if v.requirement == verdict.requirement]
    by_text = next((v for v in mine if v.criterion == verdict.criterion), None)
    return by_text or next((v for v in mine if v.words == verdict.words), None)


def _criterion(pen: Pen, verdict: Verdict) -> Line:
    return line(pen.capital(pen.of(verdict.words)), " ", mute(verdict.requirement))


def _ask(pen: Pen, verdict: Verdict) -> str:
    return pen.of(phrases.ASK[verdict.ask])


def _result(pen: Pen, verdict: Verdict) -> Line:
    return stacked([line(pen.state(str(verdict.result))), line(mute(_detail(pen, verdict)))])


def _detail(pen: Pen, verdict: Verdict) -> str:
    """Under the verdict: the needed n, why it cannot be judged and from when it can, when it was signed."""
    if verdict.result == Result.UNDECIDED:
        return needed(pen, verdict.needs_n, verdict.seen)
    if verdict.result == Result.PASS:
        return ""
    parts = [pen.of(bare(verdict.why))] if (verdict.why and verdict.result != Result.FAIL) or (verdict.why and verdict.seen is None) else []
    if verdict.until is not None and verdict.until >= pen.dossier.today:
        parts.append(pen.fill(phrases.CAN_JUDGE, date=dates.short(verdict.until, pen.year)))
    return pen.clauses(parts)


def _both(pen: Pen, verdict: Verdict | None, known: list[Verdict]) -> Line:
    if verdict is None:
        return line(mute("—"))
    drawn = strip(pen, verdict, span_of(known))
    detail, seen = _detail(pen, verdict), pen.seen(verdict)
    state = line(pen.state(str(verdict.result)), mute(f" {detail}") if detail else "", (Text(" "), drawn) if drawn else "")
    if drawn or detail or len(seen) > (10 if pen.lang == "zh" else 20):
        return stacked([line(seen), state])
    return line(seen, pen.say("　", "  "), state)


# ── recommendation and decisions ──────────────────────────────────────────────────────────────────────────────────────


def recommendation_box(pen: Pen, stage: Stage) -> Callout:
    """Pattern 23: what follows from the verdicts, by which rule, what is missing from whom, and what it becomes then."""
    found = pen.dossier.gates[stage.id].recommendation
    gap = "　" if pen.lang == "zh" else ": "
    title = pen.say("系统建议（{date}）", "System recommendation, {date}", date=dates.short(pen.dossier.today, pen.year)) + gap + recommended(pen, stage)
    parts = [pen.of(found.rule)]
    if told := _missing(pen, found):
        parts.append(told)
    return Callout(str(found.choice), title, (Para(line(pen.sentences(parts))),))


def _missing(pen: Pen, found: Recommendation) -> str:
    """What is missing from whom by when, and what the recommendation becomes then; one date for all is said once."""
    missing = owed(pen, found.missing)
    if not missing:
        return ""
    same = len(missing) > 2 and len({each.by for each in missing}) == 1
    items = pen.clauses(owed_short(pen, each, why=True, dated=not same) for each in missing)
    told = pen.fill(phrases.RECOMMEND_MISSING_BY, items=items, by=missing[0].by) if same else pen.fill(phrases.RECOMMEND_MISSING, items=items)
    if found.then is None or found.then == found.choice:
        return told
    return pen.clauses([told, pen.fill(phrases.RECOMMEND_THEN, choice=phrases.CHOICE[found.then])])


def recommended(pen: Pen, stage: Stage) -> str:
    found = pen.dossier.gates[stage.id].recommendation
    word = pen.of(phrases.CHOICE[found.choice])
    if found.choice == Choice.RECYCLE and found.to:
        return word + pen.say("至{stage}", " to {stage}", stage=Words(pen.stage_name(found.to), pen.stage_name(found.to)))
    return word


def _open_decision(pen: Pen, stage: Stage) -> Callout:
    end = pen.dossier.plan(stage.id).planned[1]
    if end is not None and end < pen.dossier.today and pen.gate_entry(stage) is None:
        text = pen.say(
            "尚无；计划{date}，已过期，{who}定新的日期。",
            "None yet; planned for {date}, now past: {who} sets a new date.",
            date=dates.short(end, pen.year),
            who=pen.dossier.approver(stage),
        )
    else:
        text = pen.fill(phrases.NOT_DECIDED, who=pen.dossier.approver(stage), by=pen.gate_due(stage), gate=pen.gate_words(stage))
    return Callout("brand", pen.say("决策", "Decision"), (Para(line(text)),))


def _expired(pen: Pen, stage: Stage, last: Decision) -> Callout:
    changed = []
    for verdict in pen.dossier.gates[stage.id].verdicts:
        before = _same(verdict, last.verdicts)
        if before is None or before.result != verdict.result or before.seen != verdict.seen:
            old = pen.seen(before) if before else "—"
            changed.append(f"{pen.of(verdict.words)} {old} → {pen.seen(verdict)}" if old != pen.seen(verdict) else pen.of(verdict.words))
    shown = changed[:4] + ([pen.say("另{n}项", "{n} more", n=len(changed) - 4)] if len(changed) > 4 else [])
    text = pen.clauses(shown) or pen.say("证据指纹不同", "the evidence has another fingerprint")
    told = pen.fill(phrases.EXPIRED, id=last.id, changed=text, who=pen.dossier.approver(stage))
    return Callout("hold", pen.say("{id}的批准已失效", "The approval of {id} has expired", id=last.id), (Para(line(told)),))


def decision_box(pen: Pen, stage: Stage, decision: Decision) -> Callout:
    """Patterns 17–21: id, date, kind, who; then reason, effect, conditions, what it rests on."""
    assert decision.kind is not None
    word = pen.of(phrases.CHOICE[decision.kind])
    title = pen.say(
        "{id}　{date}　{who}决定{kind}",
        "{id}, {date}: {who} decided {kind}",
        id=decision.id,
        date=dates.full(decision.at),
        who=pen.dossier.person_name(decision.by),
        kind=Words(word, word),
    )
    blocks: list[Block] = []
    if reason := _reason(pen, decision):
        blocks.append(pen.labelled(pen.say("理由", "Reason"), reason))
    if effect := _effect(pen, stage, decision):
        blocks.append(pen.labelled(pen.say("影响", "Effect"), effect))
    for condition in decision.conditions:
        blocks.append(pen.labelled(pen.say("条件{id}", "Condition {id}", id=condition.id), condition_text(pen, condition)))
    basis = basis_text(pen, decision)
    if basis:
        blocks.append(pen.labelled(pen.say("依据", "Basis"), basis))
    return Callout(str(decision.kind), title, tuple(blocks) or (Para(line(pen.ended(word))),))


def _reason(pen: Pen, decision: Decision) -> str:
    parts = [pen.written(decision.because)] if decision.because.zh else []
    if decision.recommended is not None and decision.recommended != decision.kind:
        parts.append(pen.fill(phrases.DIFFERS, choice=phrases.CHOICE[decision.recommended]))
    return pen.sentences(parts)


def _effect(pen: Pen, stage: Stage, decision: Decision) -> str:
    parts = [pen.of(decision.what)] if decision.what else []
    if decision.kind == Choice.RECYCLE:
        back = pen.dossier.process.stage(decision.to or stage.id) or stage
        parts.append(pen.fill(phrases.RECYCLED, stage=pen.stage_words(back), round=pen.round_words(decision.round + 1), before=pen.round_words(decision.round)))
    parts += [effect_text(pen, effect) for effect in decision.effects]
    return pen.sentences(parts)


def effect_text(pen: Pen, effect: Any) -> str:
    """上线日由2026-11-03改为2026-12-08."""
    what, old, new = effect_parts(pen, effect)
    return pen.say("{what}由{old}改为{new}", "{what} moves from {old} to {new}", what=what, old=old, new=new)


def effect_parts(pen: Pen, effect: Any) -> tuple[str, str, str]:
    def text(value: Any) -> str:
        if isinstance(value, date):
            return pen.full(value)
        return pen.of(Words.of(value)) if isinstance(value, Words | dict) else pen.moment(str(value))

    return text(effect.get("what", "—")), text(effect.get("from", "—")), text(effect.get("to", "—"))


def condition_text(pen: Pen, condition: Condition) -> str:
    told = pen.fill(
        phrases.CONDITION,
        owner=pen.dossier.person_name(condition.owner),
        by=dates.full(condition.date),
        action=pen.written(condition.action),
        otherwise=pen.written(condition.otherwise),
    )
    closing = closer(pen, condition)
    if closing is not None:
        return pen.sentences(
            [
                told,
                pen.say("{date}以{id}关闭", "Closed by {id} on {date}", date=dates.full(closing.at), id=closing.id)
                + ((f"：{pen.written(closing.because)}" if pen.lang == "zh" else f": {pen.written(closing.because)}") if closing.because.zh else ""),
            ]
        )
    if condition.closed is not None:
        return pen.sentences([told, pen.say("{date}关闭", "closed on {date}", date=dates.full(condition.closed))])
    if condition.date < pen.dossier.today:
        return pen.sentences([told, pen.say("未按期关闭", "not closed in time")])
    return pen.ended(told)


def closer(pen: Pen, condition: Condition) -> Decision | None:
    return next((d for d in pen.dossier.decisions if d.closes == condition.id), None)


def basis_text(pen: Pen, decision: Decision) -> str:
    """The findings that the decision named, or those its verdict rows read; and how the musts and shoulds stood."""
    names = decision.findings or tuple(dict.fromkeys(v.evidence for v in decision.verdicts if v.evidence))
    known = set(pen.dossier.codes.values())
    codes = [code for name in names if (code := pen.code(name) or (name if name in known else ""))]
    parts = [pen.listed(codes)] if codes else []
    for ask in (Ask.MUST, Ask.SHOULD):
        mine = [v for v in decision.verdicts if v.ask == ask]
        if mine:
            parts.append(tally(pen, ask, mine))
    return pen.ended(pen.clauses(parts)) if parts else ""


def tally(pen: Pen, ask: Ask, verdicts: Iterable[Verdict]) -> str:
    """必须准则7项：5项通过、1项不通过、1项不可评定."""
    listed = list(verdicts)
    words = {
        Result.PASS: Words("通过", "pass"),
        Result.FAIL: Words("不通过", "fail"),
        Result.UNDECIDED: Words("未定", "undecided"),
        Result.NOT_EVALUABLE: Words("不可评定", "not evaluable"),
    }
    parts = [Words(f"{n}项{word.zh}", f"{n} {word.en}") for result, word in words.items() if (n := sum(v.result == result for v in listed))]
    return pen.say("{ask}准则{n}项：{parts}", "{n} {ask} criteria: {parts}", ask=phrases.ASK[ask], n=len(listed), parts=joined(parts))


# ── own words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def quotes(pen: Pen, stage: Stage, section: str = "quote", most: int = 2) -> list[Block]:
    own = pen.dossier.own(f"{stage.id}.{section}", pen.lang)
    return [] if own is None else own_quotes(pen, own, most)


def own_quotes(pen: Pen, own: Any, most: int = 2) -> list[Block]:
    texts = [block.text if isinstance(block, Quote) else plain(block.spans) for block in own_blocks(own, pen.dossier) if isinstance(block, Quote | Para)]
    return [Quote(text.strip('“”"「」'), quoted_by(pen, own)) for text in texts[:most]]
