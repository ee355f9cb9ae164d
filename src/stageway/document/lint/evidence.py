"""Whether what is claimed rests on evidence that still holds (L-12, L-13, L-42, L-45, L-49, L-51).

Stale evidence of a gate that has passed is no fault: the gate saw it when it was fresh, and the document prints that moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from stageway.document import dates
from stageway.document.lint.note import ERROR, WARNING, Note, begun, gravity, in_product, under_way
from stageway.evidence import Where, Words, say
from stageway.process.dossier import Dossier
from stageway.process.expression import Measure
from stageway.process.items import FINDING, Gap, Item
from stageway.process.model import Criterion, Requirement, Stage
from stageway.process.record import Result, Verdict


def evidence(dossier: Dossier) -> Iterator[Note]:
    for stage in dossier.process.stages:
        yield from _stale(dossier, stage)
        yield from _expiring(dossier, stage)
        yield from _undecided(dossier, stage)
        yield from _expired(dossier, stage)
    yield from _recomputed(dossier)
    for claim in dossier.items.of("claim"):
        if not _rests(dossier, claim):
            yield _unfounded(dossier, claim)
    yield from _gaps(dossier)
    yield from _unused(dossier)


def code(dossier: Dossier, name: str) -> str:
    return dossier.codes.get(name, name)


# ── age ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _stale(dossier: Dossier, stage: Stage) -> Iterator[Note]:
    """Evidence of a stage under way that is older than its criterion allows."""
    if not under_way(dossier, stage):
        return
    for verdict in dossier.verdicts(stage.id):
        if verdict.why_code == "too_old" and verdict.why is not None:
            name = code(dossier, verdict.evidence) if verdict.evidence else verdict.requirement
            text = say(zh="{name}的证据过期：{why}", en="the evidence {name} is stale: {why}", name=name, why=verdict.why)
            mend = say(zh="为{id}重新采集并重算", en="collect it again for {id} and run anew", id=verdict.requirement)
            yield Note("L-13", ERROR, text, _of_requirement(dossier, stage, verdict.requirement), mend, stage.id)


def _expiring(dossier: Dossier, stage: Stage) -> Iterator[Note]:
    """Evidence that passes today and will be too old on the day of the gate, or of the milestone where the gate has no date (L-45). A continuous stage collects anew all the time."""
    milestone = dossier.product.milestone
    day = dossier.plan(stage.id).planned[1] or (milestone.at if milestone else None)
    if day is None or day < dossier.today or dossier.plan(stage.id).continuous or not under_way(dossier, stage):
        return
    for requirement in stage.requirements:
        for verdict in dossier.verdicts_of(requirement):
            criterion = next((c for c in requirement.criteria if c.text == verdict.criterion), None)
            until = _valid_until(dossier, requirement, criterion, verdict)
            if until is None or until >= day or _announced(dossier, requirement, verdict, day):
                continue
            name = code(dossier, verdict.evidence) if verdict.evidence else requirement.id
            text = say(
                zh="{name}只到{until}有效，而要用到{day}", en="{name} is valid until {until} only and is needed on {day}",
                name=name, until=dates.iso(until), day=dates.iso(day),
            )
            mend = say(zh="在 calendar 里排一次重采（{id}），早于{day}", en="enter a fresh collection for {id} into calendar, before {day}", id=requirement.id, day=dates.iso(day))
            yield Note("L-45", WARNING, text, _of_requirement(dossier, stage, requirement.id), mend, stage.id)


def _valid_until(dossier: Dossier, requirement: Requirement, criterion: Criterion | None, verdict: Verdict) -> date | None:
    if criterion is None or criterion.greatest_age_days is None or verdict.result != Result.PASS:
        return None
    finding = dossier.findings.get(verdict.evidence or "")
    days = [s.collected for s in finding.provenance.sources if s.collected and not s.baseline] if finding and finding.provenance else []
    if verdict.seen is not None and verdict.seen.signed_on is not None:
        days = [verdict.seen.signed_on]
    return min(days) + timedelta(days=int(criterion.greatest_age_days)) if days else None


def _announced(dossier: Dossier, requirement: Requirement, verdict: Verdict, day: date) -> bool:
    """A row of the calendar before that day names the requirement, its code or its title."""
    names = {requirement.id, code(dossier, verdict.evidence or requirement.id), requirement.title.zh, requirement.title.en}
    for entry in dossier.product.calendar:
        at = dates.day_of(entry.at)
        told = f"{entry.what.zh} {entry.what.en} {entry.done_when.zh} {entry.done_when.en}"
        if at is not None and dossier.today <= at <= day and any(name in told for name in names):
            return True
    return False


def _recomputed(dossier: Dossier) -> Iterator[Note]:
    """A finding computed on data that have changed since (L-13)."""
    latest = {note.name: note.sha256 for note in dossier.data if note.sha256}
    for name, finding in dossier.findings.items():
        for source in finding.provenance.sources if finding.provenance else ():
            now = latest.get(source.name)
            if now and source.sha256 and not (now.startswith(source.sha256) or source.sha256.startswith(now)):
                text = say(zh="{name}是用旧的{data}算的，数据已变", en="{name} was computed on an older {data}; the data have changed", name=code(dossier, name), data=source.name)
                yield Note("L-13", ERROR, text, in_product(dossier, f"datasets.{source.name}"), Words("重新运行 stageway run", "run stageway run again"), dossier.evidence[name].stage)


def _expired(dossier: Dossier, stage: Stage) -> Iterator[Note]:
    """An approval whose evidence has changed (L-13); in a continuous stage, where it changes every day, the next review is soon enough."""
    gate = dossier.gates.get(stage.id)
    if gate is not None and gate.expired and gate.last is not None:
        text = say(zh="{id}之后证据有变，批准失效", en="the evidence has changed since {id}: the approval has expired", id=gate.last.id)
        mend = say(zh="由{who}重新决定：stageway decide", en="{who} decides again: stageway decide", who=dossier.approver(stage))
        level = WARNING if dossier.plan(stage.id).continuous else ERROR
        yield Note("L-13", level, text, Where(file="decisions.yaml", part=gate.last.id), mend, stage.id)


# ── undecided ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _undecided(dossier: Dossier, stage: Stage) -> Iterator[Note]:
    """An undecided verdict says the needed n (or why none would do), who collects, and by when (L-49)."""
    if not under_way(dossier, stage):
        return
    for verdict in dossier.verdicts(stage.id):
        requirement = stage.requirement(verdict.requirement)
        if verdict.result != Result.UNDECIDED or requirement is None:
            continue
        due = dossier.due(requirement)
        condition = _conditioned(dossier, stage)
        ahead = [day for day in (due, dossier.plan(stage.id).planned[1], condition) if day is not None and day >= dossier.today]
        lacks = []
        if verdict.needs_n is None and verdict.why is None:
            lacks.append(Words("所需样本量", "the needed n"))
        if dossier.owner(requirement) is None:
            lacks.append(Words("谁来补", "who collects it"))
        if not ahead:
            lacks.append(Words("补到哪天", "by when"))
        if lacks:
            names = Words("、".join(w.zh for w in lacks), ", ".join(w.en for w in lacks))
            text = say(zh="{id}“{words}”未定，没有写{names}", en='{id} "{words}" is undecided and does not say {names}', id=requirement.id, words=verdict.words, names=names)
            mend = Words("写 owner 和将来的 due；样本量由系统给出", "write owner and a due date ahead; the system gives the n")
            yield Note("L-49", ERROR, text, _of_requirement(dossier, stage, requirement.id), mend, stage.id)


def _conditioned(dossier: Dossier, stage: Stage) -> date | None:
    """The date of an open condition of the stage: what is undecided is then owed by its owner."""
    gate = dossier.gates[stage.id]
    closed = {d.closes for d in dossier.decisions if d.closes}
    open_ = [c.date for d in gate.decisions for c in d.conditions if c.id not in closed and c.closed is None]
    return max(open_, default=None)


def _of_requirement(dossier: Dossier, stage: Stage, id: str) -> Where:
    return in_product(dossier, f"stages.{stage.id}.requirements.{id}")


# ── claims and the thread ─────────────────────────────────────────────────────────────────────────────────────────────


def _rests(dossier: Dossier, item: Item) -> bool:
    """A link to evidence that has no finding yet is no support."""
    return any(name in dossier.findings for name in item.links.get(FINDING, ()))


def _unfounded(dossier: Dossier, item: Item) -> Note:
    kind = dossier.items.kinds.kinds[item.kind]
    stage = kind.stage if dossier.process.stage(kind.stage or "") else None
    text = say(zh="{kind}{id}“{title}”没有结论支撑", en='the {kind} {id} "{title}" rests on no finding', kind=Words(kind.name.zh, kind.name.en.lower()), id=item.id, title=item.title)
    mend = Words("在 finding 里写结论名，或删去这条主张", "name its evidence under finding, or take it out")
    return Note("L-12", gravity(dossier, stage), text, Where(file=item.where.file, line=item.where.line, part=item.id), mend, stage)


def _gaps(dossier: Dossier) -> Iterator[Note]:
    """The nearest gap of each item in each direction: a need without a function has no test either. What nobody has accepted yet owes nothing below."""
    told: set[tuple[str, str]] = set()
    for gap in dossier.gaps:
        waiting = gap.direction == "down" and gap.item.text("state") in ("unanswered", "rejected")
        if waiting or (gap.item.kind == "claim" and gap.lacks == FINDING):
            continue
        if gap.lacks == FINDING or (gap.item.id, gap.direction) not in told:
            yield from _gap(dossier, gap)
        if gap.lacks != FINDING:
            told.add((gap.item.id, gap.direction))


def _gap(dossier: Dossier, gap: Gap) -> Iterator[Note]:
    """An item that lacks its neighbour on the thread: without its finding (L-12), or an orphan (L-51); not before the stage that owes it has begun."""
    item = gap.item
    if gap.lacks == FINDING:
        yield _unfounded(dossier, item)
        return
    kinds = dossier.items.kinds.kinds
    lacking = dossier.items.kinds.groups.get(gap.lacks, (gap.lacks,))
    owed = next((kinds[kind].stage for kind in lacking if kind in kinds), None) if gap.direction == "down" else kinds[item.kind].stage
    stage = dossier.process.stage(owed or "")
    if stage is None or not begun(dossier, stage):
        return
    name = kinds[lacking[0]].name if lacking[0] in kinds else Words.of(gap.lacks)
    if gap.direction == "up":
        what = say(zh="{id}“{title}”没有{lacks}，不知从哪里来", en='{id} "{title}" has no {lacks} that it comes from', id=item.id, title=item.title, lacks=Words(name.zh, name.en.lower()))
    else:
        what = say(zh="{id}“{title}”没有{lacks}，后面断了", en='{id} "{title}" has no {lacks} that follows from it', id=item.id, title=item.title, lacks=Words(name.zh, name.en.lower()))
    where = Where(file=item.where.file, line=item.where.line, part=item.id)
    yield Note("L-51", WARNING, what, where, Words("补链接，或移出首版", "link it, or take it out of the release"), stage.id)


def _unused(dossier: Dossier) -> Iterator[Note]:
    """A finding that no criterion, goal, item, decision, text or other finding uses (L-42)."""
    used: set[str] = set()
    for stage in dossier.process.stages:
        for requirement in stage.requirements:
            used |= {c.expression.subject.name for c in requirement.criteria if isinstance(c.expression.subject, Measure)}
    used |= {g.expression.subject.name for g in dossier.product.goals if g.expression and isinstance(g.expression.subject, Measure)}
    used |= {name for item in dossier.items.all for name in item.links.get(FINDING, ())}
    used |= {name for decision in dossier.decisions for name in decision.findings}
    used |= {source.removeprefix("finding:").partition(".")[0] for e in dossier.evidence.values() for source in e.data.values() if source.startswith("finding:")}
    written = " ".join(own.text for own in dossier.words)
    for name in dossier.findings:
        if name not in used and f"{name}." not in written and code(dossier, name) not in used:
            stage_id = dossier.evidence[name].stage
            text = say(zh="结论{name}没有准则、目标、条目或决策用到", en="no criterion, goal, item or decision uses the finding {name}", name=code(dossier, name))
            mend = Words("链接到用它的条目，或删去；正文不列，只进附录", "link it to what uses it, or take it out; it goes to the annex")
            yield Note("L-42", WARNING, text, in_product(dossier, f"stages.{stage_id}.evidence.{name}"), mend, stage_id)
