"""Criteria in words, and what is owed where one is not met: by whom, by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from stageway.document import dates
from stageway.document.compose import phrases
from stageway.document.compose.pen import Pen
from stageway.evidence import Words, say
from stageway.process.grammar import threshold_words
from stageway.process.model import Criterion, Requirement, Stage
from stageway.process.record import Result, Seen, Verdict

_WORST = (Result.FAIL, Result.UNDECIDED, Result.NOT_EVALUABLE, Result.PASS)


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that stands in the way: its id, what it is, why it is short, who settles it, by when."""

    id: str
    what: Words
    why: Words
    who: Words
    by: Words
    due: date | None
    verdict: Verdict
    late: bool = False


def is_signoff(text: str) -> bool:
    return text.strip().startswith("signoff.")


def asked(pen: Pen, criterion: Criterion) -> str:
    """The criterion with its threshold: SUS≥68 / SUS ≥ 68; a sign-off: 隐私设计，已签 / privacy by design, signed."""
    return with_threshold(pen, criterion.words, threshold_words(criterion.expression), criterion.text)


def with_threshold(pen: Pen, words: Words, threshold: Words, text: str) -> str:
    if is_signoff(text):
        return pen.say("{words}：{threshold}", "{words}: {threshold}", words=words, threshold=threshold)
    return pen.say("{words}{threshold}", "{words} {threshold}", words=words, threshold=threshold)


def limits(pen: Pen, criterion: Criterion) -> str:
    """What the criterion asks of its evidence beside the threshold: least n, least days, greatest age."""
    parts = []
    if criterion.least_n is not None:
        parts.append(pen.say("n≥{n}", "n ≥ {n}", n=f"{criterion.least_n:,}"))
    if criterion.least_days is not None:
        parts.append(pen.say("满{n}天", "{n} full days", n=criterion.least_days))
    if criterion.greatest_age_days is not None:
        parts.append(pen.say("证据不超过{n}天", "evidence ≤ {n} days old", n=f"{criterion.greatest_age_days:g}"))
    return pen.listed(parts)


def if_not_met(pen: Pen, criterion: Criterion, stage: Stage) -> str:
    """What a criterion that fails means for the gate."""
    if criterion.ask == "stop":
        return pen.say("不通过：终止", "if it fails: kill")
    if criterion.ask == "should":
        return pen.say("应当；不通过：附条件", "should; if it fails: a condition")
    back = pen.dossier.process.stage(criterion.on_fail) if criterion.on_fail else None
    if back is None:
        return pen.say("不通过：暂缓", "if it fails: hold")
    if back.id == stage.id:
        return pen.say("不通过：本阶段重做", "if it fails: this stage again")
    return pen.say("不通过：退回{stage}", "if it fails: back to {stage}", stage=back.short)


def find(pen: Pen, verdict: Verdict) -> Requirement | None:
    stage = pen.dossier.process.stage(verdict.stage)
    return stage.requirement(verdict.requirement) if stage else None


def why(pen: Pen, verdict: Verdict) -> Words:
    """The verdict in a few words: 不通过; 未定，约需110人; 不可评定：未签."""
    if verdict.result == Result.FAIL:
        return say(zh="不通过", en="fails")
    if verdict.result == Result.UNDECIDED:
        if verdict.needs_n is None:
            return say(zh="未定，补样判不出来", en="undecided, no sensible n would decide")
        return say(zh="未定，约需{n}{counts}", en="undecided, needs about {n}{counts}", n=f"{verdict.needs_n:,}", counts=pen.counts(verdict.seen))
    if verdict.result == Result.NOT_EVALUABLE:
        return say(zh="不可评定：{why}", en="not evaluable: {why}", why=bare(verdict.why)) if verdict.why else say(zh="不可评定", en="not evaluable")
    return say(zh="通过", en="passes")


def needed(pen: Pen, needs_n: int | None, seen: Seen | None) -> str:
    """The needed n as a cell prints it: 约需2,000份 / needs about 2,000."""
    if needs_n is None:
        return pen.say("补样判不出来", "no sensible n would decide")
    counts = pen.counts(seen).zh if pen.lang == "zh" else ""
    return pen.fill(phrases.NEEDS, n=f"{needs_n:,}", counts=counts) if pen.lang == "zh" else f"needs about {needs_n:,}"


def bare(words: Words) -> Words:
    """Without its full stop, and in English without its capital where a word of lower case follows."""
    en = words.en.rstrip(". ")
    return Words(words.zh.rstrip("。 "), en[:1].lower() + en[1:] if en[1:2].islower() else en)


def next_date(pen: Pen, requirement: Requirement, verdict: Verdict | None = None) -> tuple[Words, date | None]:
    """By when a shortfall is settled: the requirement's due date, else the gate's, where it lies ahead; else the gate's next review."""
    dossier = pen.dossier
    stage = dossier.process.stage(requirement.stage)
    assert stage is not None
    ahead = [day for day in (verdict.until if verdict else None, dossier.due(requirement), pen.gate_day(stage)) if day and day >= dossier.today]
    if ahead:
        return dates.short(ahead[0], pen.year), ahead[0]
    if dossier.due(requirement) is None:
        return pen.due_words(requirement), None
    gate = pen.gate_words(stage)
    return say(zh="{gate}再次评审", en="the next review of {gate}", gate=gate), None


def owed(pen: Pen, verdicts: Iterable[Verdict]) -> tuple[Owed, ...]:
    """What is owed for these verdicts, one entry a requirement; where single items are open (L-17), one an item with its own owner and date."""
    grouped: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.result != Result.PASS:
            grouped.setdefault(verdict.requirement, []).append(verdict)
    made: list[Owed] = []
    for id, short in grouped.items():
        requirement = find(pen, short[0])
        if requirement is None:
            continue
        rest = list(short)
        for verdict in short:
            if items := _open_items(pen, verdict):
                made += items
                rest.remove(verdict)
        if rest:
            worst = min(rest, key=lambda v: _WORST.index(v.result))
            by, due = next_date(pen, requirement, worst)
            late = pen.dossier.state(requirement) == "overdue"
            made.append(Owed(id, requirement.title, why(pen, worst), pen.owner(requirement), by, due, worst, late))
    return tuple(made)


def _open_items(pen: Pen, verdict: Verdict) -> list[Owed]:
    """The open items behind a failed count, where their kind says who owns each."""
    which = verdict.seen.which if verdict.seen and verdict.result == Result.FAIL else ()
    found = [item for id in which if (item := pen.dossier.items.get(id)) is not None]
    if not found or len(found) > 6 or any(not item.values.get("owner") for item in found):
        return []
    made = []
    for item in found:
        due = item.values.get("due")
        late = due is not None and due < pen.dossier.today
        by = dates.short(due, pen.year) if due else say(zh="关口前", en="the gate")
        made.append(Owed(item.id, item.title, say(zh="未完成", en="open"), pen.dossier.person_name(str(item.values["owner"])), by, due, verdict, late))
    return made


def owed_short(pen: Pen, each: Owed, *, why: bool = False, dated: bool = True) -> str:
    """L-17 值班表（郑佳，11-26） / L-17 roster (Zheng Jia, 26 Nov)."""
    inner = ("，" if pen.lang == "zh" else ", ").join([pen.of(each.who), *([pen.of(each.by)] if dated else [])])
    return f"{each.id} {pen.of(each.what)}{pen.bracketed(pen.clauses([pen.of(each.why), inner]) if why else inner)}"


def undecided(pen: Pen, verdict: Verdict, *, with_person: bool = True) -> str:
    """Pattern 15a, or 29 where no sensible n would decide."""
    seen = verdict.seen
    assert seen is not None
    value = pen.value_alone(seen)
    threshold = bare_threshold(verdict)
    if verdict.needs_n is None:
        return pen.fill(phrases.TOO_CLOSE, value=value, threshold=threshold)
    slots = {"threshold": threshold, "value": value, "n": f"{verdict.needs_n:,}", "counts": pen.counts(seen)}
    requirement = find(pen, verdict)
    if not with_person or requirement is None or seen.n is None or verdict.needs_n <= seen.n:
        return pen.fill(phrases.UNDECIDED_HERE, **slots)
    more = verdict.needs_n - seen.n
    step = 10 ** max(0, len(str(more)) - 2)
    by, _ = next_date(pen, requirement, verdict)
    return pen.fill(phrases.UNDECIDED, **slots, more=f"{-(-more // step) * step:,}", who=pen.owner(requirement), by=by)


def bare_threshold(verdict: Verdict) -> Words:
    """The threshold without its comparison: 68, 40%, 30元."""
    return Words(*(text.lstrip("≥≤><= ").strip() for text in (verdict.threshold.zh, verdict.threshold.en)))
