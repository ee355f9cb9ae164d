"""Criteria held against findings, items and sign-offs: four verdicts, and for an undecided one how many more observations would decide.

The whole interval is judged, its ends unrounded. `>=` passes where low >= limit and fails where high < limit, so an end that touches the
threshold still satisfies it; `>` passes where low > limit and fails where high <= limit: touching is not enough. `<=` and `<` mirror them.
min() and max() look at every key: `min(x) >= t` passes when each key passes, fails when one fails wholly; `max(x) >= t` passes when one
passes, fails when all fail; a key that cannot be judged leaves open what the others do not settle. Intervals of several keys are not
widened for being several.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from stageway.evidence import Estimate, Finding, Kind, Words
from stageway.process import reasons
from stageway.process.expression import FRACTIONS, Count, Expression, Measure, threshold_words
from stageway.process.expression import Signoff as SignoffOf
from stageway.process.items import FINDING, Item, Items
from stageway.process.model import Ask, Criterion, Requirement, Stage
from stageway.process.needed import needed_n
from stageway.process.planning import Goal
from stageway.process.record import Absent, Result, Seen, Signoff, Verdict, at_day

Findings = Mapping[str, Finding | Absent]


class GoalState(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNDECIDED = "undecided"
    NOT_STARTED = "not_started"


@dataclass(frozen=True, slots=True)
class GoalVerdict:
    """A goal judged as a criterion is. `why` says why an undecided one cannot be decided by more data, or why there is nothing to judge yet."""

    state: GoalState
    seen: Seen | None = None
    needs_n: int | None = None
    why: Words | None = None


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: Result
    seen: Seen | None = None
    needs_n: int | None = None
    code: str | None = None
    why: Words | None = None
    until: date | None = None


def judge(stage: Stage, *, findings: Findings, items: Items, signoffs: Sequence[Signoff], at: datetime | date) -> tuple[Verdict, ...]:
    """All criteria of a stage: must before should before stop, each in the order of the requirements."""
    made = [judge_criterion(r, c, findings=findings, items=items, signoffs=signoffs, at=at) for r in stage.requirements for c in r.criteria]
    return tuple(sorted(made, key=lambda verdict: list(Ask).index(verdict.ask)))


def judge_criterion(
    requirement: Requirement, criterion: Criterion, *, findings: Findings, items: Items, signoffs: Sequence[Signoff], at: datetime | date
) -> Verdict:
    expression = criterion.expression
    subject = expression.subject
    day = at_day(at)
    match subject:
        case Measure():
            found = _measured(subject, criterion, findings, day)
        case Count():
            found = _counted(subject, criterion, items, findings, day)
        case SignoffOf():
            found = _signed(requirement, subject, criterion, signoffs, day)
    return Verdict(
        requirement=requirement.id, stage=requirement.stage, ask=criterion.ask, criterion=criterion.text, words=criterion.words,
        threshold=threshold_words(expression), result=found.result, op=expression.op, limit=expression.limit, seen=found.seen,
        evidence=subject.name if isinstance(subject, Measure) else None, needs_n=found.needs_n, why_code=found.code, why=found.why,
        until=found.until, on_fail=criterion.on_fail,
    )


def judge_goal(goal: Goal, findings: Findings, items: Items, at: datetime | date) -> GoalVerdict:
    """Met: the whole interval satisfies the target. Not met: none of it. What cannot be judged has not started."""
    if goal.expression is None:
        return GoalVerdict(GoalState.NOT_STARTED, why=reasons.no_target())
    asked = Criterion(Ask.SHOULD, goal.expression.text, goal.name, goal.expression)
    none = Words("", "")
    requirement = Requirement(goal.id, "", goal.name, "", none, none, (asked,))
    verdict = judge_criterion(requirement, asked, findings=findings, items=items, signoffs=(), at=at)
    states = {Result.PASS: GoalState.MET, Result.FAIL: GoalState.NOT_MET, Result.UNDECIDED: GoalState.UNDECIDED, Result.NOT_EVALUABLE: GoalState.NOT_STARTED}
    return GoalVerdict(states[verdict.result], verdict.seen, verdict.needs_n, verdict.why)


def compare(op: str, limit: float, low: float, high: float) -> Result:
    """The whole of [low, high] against the limit; an exact number is low = high."""
    holds = {">=": low >= limit, ">": low > limit, "<=": high <= limit, "<": high < limit, "==": low == limit == high}
    fails = {">=": high < limit, ">": high <= limit, "<=": low > limit, "<": low >= limit, "==": high < limit or low > limit}
    return Result.PASS if holds[op] else Result.FAIL if fails[op] else Result.UNDECIDED


def _void(reason: reasons.Reason, seen: Seen | None = None, until: date | None = None) -> _Outcome:
    return _Outcome(Result.NOT_EVALUABLE, seen, code=reason.code, why=reason.why, until=until)


# ── estimates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _measured(subject: Measure, criterion: Criterion, findings: Findings, day: date) -> _Outcome:
    finding = findings.get(subject.name)
    if finding is None:
        return _void(reasons.no_data())
    if isinstance(finding, Absent):
        return _void(reasons.Reason(finding.code, finding.why))
    if (open_ := _period_open(criterion, finding)) is not None:
        return open_
    if subject.fold is not None:
        found = finding.keyed(subject.estimate)
    else:
        found = tuple(e for e in (finding.get(subject.estimate, subject.key),) if e is not None)
    if not found:
        return _void(reasons.no_estimate(subject, finding))
    judged = [(estimate, _one(estimate, criterion)) for estimate in found]
    decided = _decide(subject, criterion.expression, judged)
    return _aged(decided, criterion, day, _collected(finding))


def _period_open(criterion: Criterion, finding: Finding) -> _Outcome | None:
    """Before the period is over nobody looks at the number: nothing is seen."""
    if criterion.least_days is None:
        return None
    if finding.observed is None:
        return _void(reasons.days_unknown(criterion.least_days))
    first, last = finding.observed
    days = (last - first).days + 1
    if days >= criterion.least_days:
        return None
    return _void(reasons.least_days(days, criterion.least_days), until=first + timedelta(days=criterion.least_days))


def _one(estimate: Estimate, criterion: Criterion) -> _Outcome:
    seen = Seen(
        value=estimate.value, low=estimate.low, high=estimate.high, n=estimate.n, unit=estimate.unit, kind=str(estimate.kind),
        key=estimate.key, counts=estimate.counts,
    )
    expression = criterion.expression
    op, limit = expression.comparison
    if not _same_unit(expression, estimate.unit):
        return _void(reasons.unit_differs(expression.unit, estimate.unit), seen)
    if op == "==" and estimate.kind != Kind.EXACT:
        return _void(reasons.not_exact(), seen)
    if (few := _too_few(criterion, estimate.n)) is not None:
        return _void(few, seen)
    if estimate.low is None or estimate.high is None:
        low = high = _exact(estimate.value, limit)
    else:
        low, high = estimate.low, estimate.high
    result = compare(op, limit, low, high)
    if result == Result.FAIL:
        return _failed(seen, reasons.outside(expression, exact=estimate.low is None))
    return _undecided(estimate, limit, seen) if result == Result.UNDECIDED else _Outcome(result, seen)


def _undecided(estimate: Estimate, limit: float, seen: Seen) -> _Outcome:
    needs = needed_n(estimate, limit)
    if needs is not None:
        return _Outcome(Result.UNDECIDED, seen, needs)
    reason = reasons.n_unknown() if estimate.n is None else reasons.too_close(estimate, limit)
    return _Outcome(Result.UNDECIDED, seen, code=reason.code, why=reason.why)


def _failed(seen: Seen, reason: reasons.Reason) -> _Outcome:
    return _Outcome(Result.FAIL, seen, code=reason.code, why=reason.why)


def _exact(value: float, limit: float) -> float:
    """An exact number that differs from the threshold only by the last bits of arithmetic is the threshold."""
    return limit if math.isclose(value, limit, rel_tol=1e-12, abs_tol=1e-15) else value


def _same_unit(expression: Expression, unit: str) -> bool:
    """Shares are fractions of 1 and so need `%` or `pp` on both sides, or a bare threshold up to 1; elsewhere a missing unit is the other's."""
    asked = expression.unit
    if asked in FRACTIONS:
        return unit in FRACTIONS
    if unit in FRACTIONS:
        return asked == "" and expression.limit is not None and abs(expression.limit) <= 1
    return asked == unit or "" in (asked, unit)


def _too_few(criterion: Criterion, n: int | None) -> reasons.Reason | None:
    if criterion.least_n is None or (n is not None and n >= criterion.least_n):
        return None
    return reasons.n_missing(criterion.least_n) if n is None else reasons.least_n(n, criterion.least_n)


def _decide(subject: Measure, expression: Expression, judged: list[tuple[Estimate, _Outcome]]) -> _Outcome:
    """The outcome of the key that settles it: the first result of the order that any key has, and of those keys the extreme one."""
    if subject.fold is None:
        return judged[0][1]
    extreme = min if subject.fold == "min" else max
    if expression.op == "==":
        voided = [outcome for _, outcome in judged if outcome.result == Result.NOT_EVALUABLE]
        return voided[0] if voided else extreme(judged, key=lambda each: each[0].value)[1]
    every = (subject.fold == "min") == (expression.op in (">=", ">"))
    order = (Result.FAIL, Result.NOT_EVALUABLE, Result.UNDECIDED, Result.PASS)
    if not every:
        order = (Result.PASS, Result.NOT_EVALUABLE, Result.UNDECIDED, Result.FAIL)
    settled = next(result for result in order if any(outcome.result == result for _, outcome in judged))
    among = [each for each in judged if each[1].result == settled]
    return extreme(among, key=lambda each: each[0].value)[1]


def _collected(finding: Finding) -> date | None:
    """When the oldest of the data behind a finding was collected; None where one of them does not say."""
    sources = finding.provenance.sources if finding.provenance else ()
    return _oldest(source.collected for source in sources if not source.baseline)


def _oldest(days: Iterable[date | None]) -> date | None:
    listed = list(days)
    known = [day for day in listed if day is not None]
    return min(known) if known and len(known) == len(listed) else None


def _aged(found: _Outcome, criterion: Criterion, day: date, collected: date | None) -> _Outcome:
    """The same outcome, or not evaluable because the evidence is older than asked; what was seen stays."""
    greatest = criterion.greatest_age_days
    if greatest is None or found.result == Result.NOT_EVALUABLE:
        return found
    if collected is None:
        return _void(reasons.age_unknown(greatest), found.seen)
    age = (day - collected).days
    return _void(reasons.too_old(age, greatest), found.seen) if age > greatest else found


# ── items ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _counted(subject: Count, criterion: Criterion, items: Items, findings: Findings, day: date) -> _Outcome:
    kind = items.kinds.by_plural(subject.plural)
    if kind is None:
        return _void(reasons.no_data())
    expression = criterion.expression
    op, limit = expression.comparison
    chosen = items.select(kind.id, dict(subject.filters))
    if not chosen and (subject.call != "count" or (op in (">=", ">") and not items.of(kind.id))):
        return _void(reasons.nothing_to_count(kind.name))
    lacking: tuple[Item, ...] = ()
    if subject.target is None:
        having = chosen
        value, total = float(len(chosen)), len(items.of(kind.id)) if subject.filters else len(chosen)
    else:
        has = {item.id: _has(items, item, subject.target, findings) for item in chosen}
        having, lacking = (tuple(item for item in chosen if has[item.id] == wanted) for wanted in (True, False))
        counted = lacking if subject.call == "without" else having
        value, total = (len(having) / len(chosen) if subject.call == "share_with" else float(len(counted))), len(chosen)
    offending = _offending(subject, expression, having, lacking)
    seen = Seen(
        value=value, unit="%" if subject.call == "share_with" else "", counts=kind.name, of=total, which=tuple(item.id for item in offending),
    )
    if (few := _too_few(criterion, len(chosen))) is not None:
        return _void(few, seen)
    result = compare(op, limit, value, value)
    found = _Outcome(result, seen) if result == Result.PASS else _failed(seen, reasons.items_fall_short(subject, expression, offending, items.kinds))
    return _aged(found, criterion, day, _oldest(_dated(item) for item in chosen)) if chosen else found


def _has(items: Items, item: Item, target: str, findings: Findings) -> bool:
    """A link to evidence that has no finding yet rests on nothing, and is none."""
    if target == FINDING:
        return any(isinstance(findings.get(name), Finding) for name in item.links.get(FINDING, ()))
    return items.has(item, target)


def _offending(subject: Count, expression: Expression, having: tuple[Item, ...], lacking: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items to look at: those that are too many, or those that lack what is asked."""
    wants_more = expression.op in (">=", ">") or (subject.call == "share_with" and expression.op == "==" and expression.limit == 1)
    match subject.call:
        case "count":
            return () if wants_more else having
        case "without":
            return having if wants_more else lacking
        case _:
            return lacking if wants_more else having


def _dated(item: Item) -> date | None:
    """The item's own date (a competitor's `checked`): the first of its fields that holds one, in the kind's order."""
    return next((value for value in item.values.values() if isinstance(value, date)), None)


# ── sign-offs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _signed(requirement: Requirement, subject: SignoffOf, criterion: Criterion, signoffs: Sequence[Signoff], day: date) -> _Outcome:
    """The latest entry up to the day counts; of two on one day the one written later."""
    given = [s for s in signoffs if (s.requirement, s.role, s.subject) == (requirement.id, subject.role, subject.subject) and s.at <= day]
    if not given:
        return _void(reasons.not_signed())
    last = sorted(given, key=lambda signoff: signoff.at)[-1]
    seen = Seen(value=0.0 if last.refused else 1.0, signed_by=last.by, signed_on=last.at)
    found = _failed(seen, reasons.refused(last)) if last.refused else _Outcome(Result.PASS, seen)
    return _aged(found, criterion, day, last.at)
