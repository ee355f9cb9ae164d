"""From a loaded folder to its dossier: compute, judge every gate and goal, give codes, take the fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stageway import catalogue
from stageway.evidence import DefinitionError, Finding, Words, did_you_mean, relabelled, say
from stageway.folder.calculate import Calculated, Calculation, Progress
from stageway.folder.load import Folder, load
from stageway.process.dossier import Dossier
from stageway.process.gate import gate
from stageway.process.items import Items
from stageway.process.judge import judge, judge_goal
from stageway.process.model import EvidenceEntry, Stage
from stageway.process.planning import Product
from stageway.process.record import Absent, Gate, StageState
from stageway.process.workdays import WorkingDays


def moment(product: Product, at: str | None = None) -> datetime:
    """The as-of moment in the product's zone: a given date (its last second) or time, else now to the minute."""
    try:
        zone = ZoneInfo(product.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise DefinitionError("zone_unknown", say(zh="没有时区“{zone}”", en='there is no time zone "{zone}"', zone=product.zone)) from None
    if at is None:
        return datetime.now(zone).replace(second=0, microsecond=0)
    try:
        given = datetime.fromisoformat(at)
    except ValueError:
        raise DefinitionError(
            "at_wrong", say(zh="--at 的“{at}”不是日期", en='--at "{at}" is not a date', at=at), expected=say(zh="如 2026-05-20", en="such as 2026-05-20")
        ) from None
    if len(at) <= 10:
        given = given.replace(hour=23, minute=59)
    return given.astimezone(zone) if given.tzinfo else given.replace(tzinfo=zone)


def working_days(product: Product, around: date) -> WorkingDays:
    """The product's calendar: a country's holidays with worked weekend days, or the dates that it lists."""
    years = range(around.year - 3, around.year + 4)
    closed: set[date] = set()
    opened: set[date] = set()
    provisional: set[int] = set()
    for entry in product.holidays:
        if len(entry) == 2 and entry.isalpha():
            named, worked, open_years = _country(entry.upper(), years)
            closed |= named
            opened |= worked
            provisional |= open_years
        else:
            start, _, end = entry.partition("..")
            first, last = date.fromisoformat(start), date.fromisoformat(end or start)
            closed |= {first + timedelta(days=i) for i in range((last - first).days + 1)}
    return WorkingDays(frozenset(closed), frozenset(opened), frozenset(provisional))


def _country(code: str, years: range) -> tuple[set[date], set[date], set[int]]:
    import holidays

    try:
        calendar = holidays.country_holidays(code, years=years)
    except NotImplementedError:
        raise DefinitionError("holidays_unknown", say(zh="没有地区“{code}”的节假日", en='there are no holidays for "{code}"', code=code)) from None
    worked = set(getattr(calendar, "weekend_workdays", ()))
    announced = {day.year for day in worked}
    return set(calendar), worked, {year for year in years if code == "CN" and year not in announced}


def survey(
    root: Path, *, at: str | None = None, stages: set[str] | None = None, force: bool = False, progress: Progress | None = None
) -> tuple[Dossier, Calculated]:
    """Load, compute what changed, judge. Raises StagewayError on bad input."""
    folder = load(root)
    order = [stage.id for stage in folder.process.stages]
    for id in sorted((stages or set()) - set(order)):
        raise DefinitionError("stage_unknown", say(zh="没有阶段“{id}”", en='there is no stage "{id}"', id=id), todo=did_you_mean(id, order))
    when = moment(folder.product, at)
    return assembled(folder, Calculation(folder, at=when, force=force, progress=progress).run(stages), when)


def assembled(folder: Folder, out: Calculated, when: datetime) -> tuple[Dossier, Calculated]:
    """The dossier of what was loaded and computed."""
    product, process = folder.product, folder.process
    items = folder.items.with_tests(out.cases)
    evidence: dict[str, Finding | Absent] = {**out.absent, **out.findings}
    gates = {stage.id: _gate(folder, stage, evidence, items, when) for stage in process.stages}
    goals = {goal.id: judge_goal(goal, findings=evidence, items=items, at=when) for goal in product.goals}
    names = labels(folder, items)
    shown = {name: relabelled(finding, names | spoken(product.evidence[name], items)) for name, finding in out.findings.items()}
    dossier = Dossier(
        product=product,
        template=folder.template,
        process=process,
        items=items,
        findings=shown,
        absent=out.absent,
        evidence=product.evidence,
        codes=codes(folder, out),
        gates=gates,
        goals=goals,
        decisions=folder.decisions,
        signoffs=folder.signoffs,
        words=folder.words,
        data=tuple(out.notes),
        methods={id: catalogue.get(id) for id in sorted({str(e.method) for e in product.evidence.values() if e.method})},
        at=when,
        fingerprint=fingerprint(folder, out),
        workdays=working_days(product, when.date()),
    )
    return dossier, out


def _gate(folder: Folder, stage: Stage, evidence: Mapping[str, Finding | Absent], items: Items, when: datetime) -> Gate:
    """The gate as of now. Where it was passed, how old evidence is counts at the day of the decision: what is asked later is whether the numbers still hold."""
    plan = folder.product.stages.get(stage.id)
    order = [s.id for s in folder.process.stages]

    def judged(at: datetime) -> Gate:
        verdicts = judge(stage, findings=evidence, items=items, signoffs=folder.signoffs, at=at)
        return gate(stage, verdicts, folder.decisions, plan=plan, at=when, stage_order=order)

    now = judged(when)
    passed = now.state in (StageState.PASSED, StageState.CONDITIONAL) and now.last is not None and not (plan and plan.continuous)
    return judged(datetime.combine(now.last.at, time(23, 59), when.tzinfo)) if passed and now.last else now


def labels(folder: Folder, items: Items) -> dict[str, Words]:
    """What keys in the data are called: the product's labels, and the titles of items whose ids stand in the data."""
    return {item.id: item.title for item in items.all if item.kind != "test"} | dict(folder.product.labels)


def spoken(entry: EvidenceEntry, items: Items) -> dict[str, Words]:
    """The two-language texts of the items that a finding reads: methods see the English one, and readers their own."""
    kinds = {source.removeprefix("items:") for source in entry.data.values() if source.startswith("items:")}
    texts = [text for item in items.all if item.kind in kinds for text in (item.title, *item.values.values()) if isinstance(text, Words)]
    return {text.en: text for text in texts if text.zh != text.en}


def codes(folder: Folder, out: Calculated) -> dict[str, str]:
    """F⟨stage⟩-⟨n⟩ for each evidence with a finding: those given in decisions stay, new ones follow in the order of the process."""
    kept = {name: code for name, code in folder.codes.items() if name in folder.product.evidence}
    taken = set(folder.codes.values())
    numbers = {stage.id: stage.number for stage in folder.process.stages}
    made = dict(kept)
    for name, entry in folder.product.evidence.items():
        if name in made or name not in out.findings:
            continue
        n = 1
        while f"F{numbers.get(entry.stage, 0)}-{n}" in taken:
            n += 1
        made[name] = f"F{numbers.get(entry.stage, 0)}-{n}"
        taken.add(made[name])
    return dict(sorted(made.items(), key=lambda pair: tuple(int(part) for part in pair[1][1:].split("-"))))


def fingerprint(folder: Folder, out: Calculated) -> str:
    """A hash over the product folder's own files, the findings and the decisions: equal evidence, equal fingerprint."""
    made = hashlib.sha256()
    files = [p for pattern in ("product.yaml", "decisions.yaml", "signoffs.yaml", "items/*", "words/*") for p in sorted(folder.root.glob(pattern))]
    for path in files:
        if path.is_file():
            made.update(path.relative_to(folder.root).as_posix().encode() + b"\0" + path.read_bytes())
    for name, finding in sorted(out.findings.items()):
        made.update(name.encode() + json.dumps(finding.to_json(), sort_keys=True, ensure_ascii=False).encode())
    return made.hexdigest()
