"""The gate: what follows from a stage's verdicts, what was decided on them, and whether that decision still rests on the same evidence.

The rule, first line that holds: a stop fails → kill · a must fails → recycle to its `on_fail` stage (of several the earliest), without one
hold · a must, or a stop, is undecided or not evaluable → hold, and what to collect · only a should falls short → conditional go · else go.
A stage that has nothing to judge is held: no evidence is no approval.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from stageway.evidence import Words, joined
from stageway.process.judge import compare
from stageway.process.model import Ask, Stage
from stageway.process.planning import StagePlan
from stageway.process.record import Choice, Decision, Gate, Recommendation, Result, StageState, Verdict, at_day
from stageway.process.rows import verdict_from_json, verdict_to_json

__all__ = ["evidence_hash", "exit_code", "gate", "recommend", "verdict_from_json", "verdict_to_json"]

_STATES = {
    Choice.GO: StageState.PASSED, Choice.CONDITIONAL: StageState.CONDITIONAL, Choice.HOLD: StageState.HELD,
    Choice.RECYCLE: StageState.RECYCLED, Choice.KILL: StageState.KILLED,
}
_APPROVED = (StageState.PASSED, StageState.CONDITIONAL)


# ── what follows from the verdicts ────────────────────────────────────────────────────────────────────────────────────


def recommend(verdicts: Iterable[Verdict], stage_order: Sequence[str] = ()) -> Recommendation:
    """The one recommendation that the rule gives. `stage_order` decides which of several `on_fail` stages is the earliest."""
    given = tuple(verdicts)
    if not given:
        return Recommendation(Choice.HOLD, Words("没有可判的准则", "there is no criterion to judge"))
    stops, musts, shoulds = (tuple(v for v in given if v.ask == ask) for ask in (Ask.STOP, Ask.MUST, Ask.SHOULD))
    killing = tuple(v for v in stops if v.result == Result.FAIL)
    if killing:
        return Recommendation(Choice.KILL, _tally(stops), missing=killing)
    missing = tuple(v for v in (*musts, *stops) if v.result != Result.PASS)
    short = tuple(v for v in shoulds if v.result != Result.PASS)
    told = _rule(musts, stops, missing)
    if missing:
        then = Choice.CONDITIONAL if short else Choice.GO
        to = _earliest([v.on_fail for v in missing if v.result == Result.FAIL and v.on_fail is not None], stage_order)
        return Recommendation(Choice.RECYCLE if to else Choice.HOLD, told, to, missing, then)
    tallies = [_tally(part) for part in (musts, shoulds) if part] or [_tally(stops)]
    rule = joined(tallies, zh="；", en="; ")
    if short:
        return Recommendation(Choice.CONDITIONAL, rule, missing=short, then=Choice.GO)
    return Recommendation(Choice.GO, rule)


def exit_code(recommendation: Recommendation) -> int:
    """0: go or conditional · 1: something fails · 3: only what is undecided or cannot be judged holds it."""
    if recommendation.choice in (Choice.GO, Choice.CONDITIONAL):
        return 0
    return 1 if any(v.result == Result.FAIL for v in recommendation.missing) else 3


def _earliest(stages: Sequence[str], order: Sequence[str]) -> str | None:
    return min(stages, key=lambda stage: order.index(stage) if stage in order else len(order), default=None)


def _rule(musts: Sequence[Verdict], stops: Sequence[Verdict], missing: Sequence[Verdict]) -> Words:
    """The counts, and the line of the rule that holds."""
    failed = [v for v in missing if v.result == Result.FAIL]
    parts = [_tally(part) for part in (musts, stops) if any(v in missing for v in part)]
    if any(v.on_fail for v in failed):
        line = Words("不通过的指定了退回阶段", "what fails names the stage to go back to")
    elif failed:
        line = Words("不通过的没有指定退回阶段", "what fails names no stage to go back to")
    else:
        line = Words("没有不通过，但有判不出来的", "nothing fails, but not everything can be judged")
    return joined([*parts, line], zh="；", en="; ")


_NOUNS = {
    Ask.MUST: Words("必须准则", "must criteri"), Ask.SHOULD: Words("应当准则", "should criteri"), Ask.STOP: Words("终止条件", "stop criteri"),
}
_SAID = {
    Result.PASS: (Words("通过", "passes"), "pass"), Result.FAIL: (Words("不通过", "fails"), "fail"),
    Result.UNDECIDED: (Words("未定", "is undecided"), "are undecided"), Result.NOT_EVALUABLE: (Words("不可评定", "is not evaluable"), "are not evaluable"),
}


def _tally(verdicts: Sequence[Verdict]) -> Words:
    """`7项必须准则5项通过、1项不通过、1项不可评定` / `of 7 must criteria 5 pass, 1 fails and 1 is not evaluable`."""
    noun, count = _NOUNS[verdicts[0].ask], len(verdicts)
    numbers = {result: sum(v.result == result for v in verdicts) for result in Result}
    there = [result for result in Result if numbers[result]]
    if len(there) == 1:
        one, many = _SAID[there[0]]
        if count == 1:
            return Words(f"1项{noun.zh}{one.zh}", f"the only {noun.en}on {one.en}")
        return Words(f"{count}项{noun.zh}全部{one.zh}", f"all {count} {noun.en}a {many}")
    parts = []
    for result in there:
        one, many = _SAID[result]
        number = numbers[result]
        parts.append(Words(f"{number}项{one.zh}", f"{number} {one.en if number == 1 else many}"))
    told = joined(parts, last_en=" and ")
    return Words(f"{count}项{noun.zh}{told.zh}", f"of {count} {noun.en}a {told.en}")


# ── what was decided ──────────────────────────────────────────────────────────────────────────────────────────────────


def gate(
    stage: Stage, verdicts: Sequence[Verdict], decisions: Sequence[Decision], plan: StagePlan | None, at: datetime | date, stage_order: Sequence[str]
) -> Gate:
    """The stage's gate as of `at`. `decisions` are those of the whole product, as appended; later ones than `at` are not known yet.

    A recycle from this or a later stage to this or an earlier one opens a new round here; decisions of earlier rounds stay.
    """
    known = sorted((d for d in decisions if d.kind is not None and d.at <= at_day(at)), key=lambda d: d.at)
    own = tuple(d for d in known if d.stage == stage.id)
    reopening = [d for d in known if _reopens(d, stage.id, stage_order)]
    last = next((d for d in reversed(known) if d in own or d in reopening), None)
    state = _state(last, stage.id, known, plan, at_day(at), stage_order)
    current = evidence_hash(verdicts)
    expired = last is not None and state in _APPROVED and last.evidence_hash != current
    return Gate(stage.id, tuple(verdicts), recommend(verdicts, stage_order), own, state, 1 + len(reopening), current, expired)


def _reopens(decision: Decision, stage: str, order: Sequence[str]) -> bool:
    if decision.kind != Choice.RECYCLE or not {stage, decision.stage, decision.to} <= set(order):
        return False
    return order.index(str(decision.to)) <= order.index(stage) <= order.index(str(decision.stage))


def _state(last: Decision | None, stage: str, known: Sequence[Decision], plan: StagePlan | None, day: date, order: Sequence[str]) -> StageState:
    """By the last decision that concerns it. Before any: active from its actual start, or from the planned one once the stages before have passed."""
    if last is not None and last.kind is not None:
        return _STATES[last.kind]
    if plan is None:
        return StageState.NOT_STARTED
    actual, planned = plan.actual[0], plan.planned[0]
    if actual is not None:
        return StageState.ACTIVE if actual <= day else StageState.NOT_STARTED
    before = order[: order.index(stage)] if stage in order else ()
    ready = all(_approved(each, known, order) for each in before)
    return StageState.ACTIVE if planned is not None and planned <= day and ready else StageState.NOT_STARTED


def _approved(stage: str, known: Sequence[Decision], order: Sequence[str]) -> bool:
    last = next((d for d in reversed(known) if d.stage == stage or _reopens(d, stage, order)), None)
    return last is not None and last.kind in (Choice.GO, Choice.CONDITIONAL)


def evidence_hash(verdicts: Iterable[Verdict]) -> str:
    """sha256 over what was seen, independent of the order of the requirements: the same evidence gives the same hash, any other number another.

    Days pass without changing the evidence: a verdict that has only grown too old counts with what its numbers say. A count over items
    enters with its result and the items that fall short, so that one more need, with its finding, undoes no approval.
    """
    rows = []
    for v in verdicts:
        seen = v.seen
        counted = seen is not None and seen.of is not None
        numbers: list[Any] | None = None
        if seen is not None:
            numbers = [list(seen.which)] if counted else [seen.value, seen.low, seen.high, seen.n, seen.key, seen.signed_by]
        rows.append(json.dumps([v.requirement, v.criterion, v.evidence, str(_by_numbers(v)), numbers], ensure_ascii=False))
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def _by_numbers(verdict: Verdict) -> Result:
    """The result without regard to age."""
    seen = verdict.seen
    if verdict.why_code not in ("too_old", "age_unknown") or seen is None:
        return verdict.result
    if verdict.op is None or verdict.limit is None:
        return Result.PASS if seen.value else Result.FAIL
    low, high = (seen.value, seen.value) if seen.low is None or seen.high is None else (seen.low, seen.high)
    return compare(verdict.op, verdict.limit, low, high)
