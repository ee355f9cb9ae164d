"""Adaptations: a template fitted to one product, as data, each with its reason. The template itself never changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from stageway.evidence import DefinitionError, Words, did_you_mean, joined, say
from stageway.process.expression import Measure
from stageway.process.grammar import parse, threshold_words
from stageway.process.marked import Map
from stageway.process.model import Criterion, Requirement, Stage, Step, Template
from stageway.process.planning import Adaptation
from stageway.process.template import read_requirement, read_stage, read_step

ACTS = ("skip", "add", "change", "reorder")
_Part = TypeVar("_Part", Requirement, Step, Stage)


def adapt(template: Template, entries: Iterable[Map]) -> tuple[Template, tuple[Adaptation, ...]]:
    """Apply the entries in their order. Raises DefinitionError (file, line) for an unknown target, a missing reason, a change that does not fit."""
    made: list[Adaptation] = []
    process = template
    for entry in entries:
        entry.only({"id", "act", "stage", "target", "requirement", "step", "new_stage", "after", "from", "to", "words", "raci", "order", "reason", "by", "at"})
        act = entry.need("act")
        if act not in ACTS:
            raise entry.refuse(
                "act",
                say(zh="裁剪方式“{act}”不对", en='the adaptation "{act}" is none', act=act),
                expected=say(zh="skip、add、change、reorder 之一", en="one of skip, add, change, reorder"),
            )
        if entry.get("reason") is None:
            raise entry.refuse(None, say(zh="裁剪 {id} 没有写理由", en="the adaptation {id} has no reason", id=str(entry.get("id"))), code="reason_missing")
        process, target, what, before, after = _ACT[act](process, entry)
        made.append(
            Adaptation(
                id=str(entry.need("id")),
                act=act,
                stage=str(entry.get("stage") or target),
                target=target,
                reason=entry.words("reason"),
                by=entry.get("by"),
                at=as_date(entry, "at"),
                what=what,
                before=before,
                after=after,
                where=entry.where(),
            )
        )
    process = _settled(process, template)
    numbered = tuple(replace(stage, number=i + 1) for i, stage in enumerate(process.stages))
    return replace(process, stages=numbered), tuple(made)


def _settled(process: Template, template: Template) -> Template:
    """After what was skipped: evidence that others still ask for moves to the first requirement that does, and a stage to go back to that
    is gone becomes the nearest one before it that is left (none: a failure then holds)."""
    order = [stage.id for stage in template.stages]
    left = {stage.id for stage in process.stages}
    declared = {e.name for stage in process.stages for r in stage.requirements for e in r.evidence}
    homeless = {e.name: e for stage in template.stages for r in stage.requirements for e in r.evidence if e.name not in declared}

    def on_fail(criterion: Criterion) -> str | None:
        if criterion.on_fail not in order or criterion.on_fail in left:
            return criterion.on_fail
        return next((id for id in reversed(order[: order.index(criterion.on_fail)]) if id in left), None)

    def requirement(each: Requirement) -> Requirement:
        criteria = tuple(replace(c, on_fail=on_fail(c)) for c in each.criteria)
        asked = dict.fromkeys(c.expression.subject.name for c in criteria if isinstance(c.expression.subject, Measure))
        moved = tuple(replace(homeless.pop(name), stage=each.stage) for name in asked if name in homeless)
        return replace(each, criteria=criteria, evidence=(*each.evidence, *moved))

    return replace(process, stages=tuple(replace(stage, requirements=tuple(requirement(r) for r in stage.requirements)) for stage in process.stages))


Applied = tuple[Template, str, Words, str | None, str | None]


def as_date(data: Map, key: str) -> date | None:
    value = data.get(key)
    if value is None:
        return None
    try:
        return value if type(value) is date else date.fromisoformat(str(value)[:10])
    except ValueError:
        raise data.refuse(
            key, say(zh="“{value}”不是日期", en='"{value}" is not a date', value=str(value)), expected=say(zh="如 2026-05-20", en="such as 2026-05-20")
        ) from None


def _stage(process: Template, entry: Map) -> Stage:
    stage = process.stage(str(entry.need("stage")))
    if stage is None:
        raise entry.refuse(
            "stage",
            say(zh="没有阶段“{id}”", en='there is no stage "{id}"', id=entry["stage"]),
            todo=did_you_mean(entry["stage"], [s.id for s in process.stages]),
        )
    return stage


def _with(process: Template, stage: Stage) -> Template:
    return replace(process, stages=tuple(stage if s.id == stage.id else s for s in process.stages))


def _place(parts: tuple[_Part, ...], new: _Part, entry: Map) -> tuple[_Part, ...]:
    after = entry.get("after")
    if after is None:
        return parts + (new,)  # noqa: RUF005
    at = next((i for i, part in enumerate(parts) if part.id == after), None)
    if at is None:
        raise entry.refuse("after", say(zh="“{after}”不存在", en='"{after}" does not exist', after=after), todo=did_you_mean(str(after), [p.id for p in parts]))
    return parts[: at + 1] + (new,) + parts[at + 1 :]  # noqa: RUF005  mypy loses the type of a starred tuple


def _skip(process: Template, entry: Map) -> Applied:
    target = str(entry.get("target") or entry.need("stage"))
    if process.stage(target) is not None and "target" not in entry:
        stage = process.stage(target)
        assert stage is not None
        kept = replace(process, stages=tuple(s for s in process.stages if s.id != target))
        return kept, target, say(zh="跳过阶段“{name}”", en='skip the stage "{name}"', name=stage.name), None, None
    stage = _stage(process, entry)
    if (requirement := stage.requirement(target)) is not None:
        left = replace(stage, requirements=tuple(r for r in stage.requirements if r.id != target))
        return _with(process, left), target, say(zh="跳过“{title}”", en='skip "{title}"', title=requirement.title), None, None
    if any(step.id == target for step in stage.steps):
        left = replace(stage, steps=tuple(s for s in stage.steps if s.id != target))
        return _with(process, left), target, say(zh="跳过步骤 {target}", en="skip the step {target}", target=target), None, None
    raise _unknown(stage, entry, target)


def _unknown(stage: Stage, entry: Map, target: str) -> DefinitionError:
    known = [r.id for r in stage.requirements] + [s.id for s in stage.steps]
    return entry.refuse(
        "target",
        say(zh="阶段 {stage} 里没有“{target}”", en='the stage {stage} has no "{target}"', stage=stage.id, target=target),
        todo=did_you_mean(target, known),
    )


def _add(process: Template, entry: Map) -> Applied:
    if "new_stage" in entry:
        new_stage = read_stage(entry.map("new_stage"), 0)
        placed = _place(process.stages, new_stage, entry)
        return replace(process, stages=placed), new_stage.id, say(zh="增加阶段“{name}”", en='add the stage "{name}"', name=new_stage.name), None, None
    stage = _stage(process, entry)
    if "step" in entry:
        step = read_step(entry.map("step"))
        return (
            _with(process, replace(stage, steps=_place(stage.steps, step, entry))),
            step.id,
            say(zh="增加步骤 {id}", en="add the step {id}", id=step.id),
            None,
            None,
        )
    entry.need("requirement")
    requirement = read_requirement(entry.map("requirement"), stage.id, added_by=str(entry.get("id")))
    what = say(zh="增加“{title}”（{id}）", en='add "{title}" ({id})', title=requirement.title, id=requirement.id)
    return _with(process, replace(stage, requirements=_place(stage.requirements, requirement, entry))), requirement.id, what, None, None


def _change(process: Template, entry: Map) -> Applied:
    stage = _stage(process, entry)
    if "raci" in entry:
        return _change_raci(process, stage, entry.map("raci"))
    target = str(entry.need("target"))
    requirement = stage.requirement(target)
    if requirement is None:
        raise _unknown(stage, entry, target)
    before, after = str(entry.need("from")), str(entry.need("to"))
    criterion = next((c for c in requirement.criteria if c.text.replace(" ", "") == before.replace(" ", "")), None)
    if criterion is None:
        what = say(zh="{target} 没有准则“{before}”", en='{target} has no criterion "{before}"', target=target, before=before)
        raise entry.refuse("from", what, todo=did_you_mean(before, [c.text for c in requirement.criteria]))
    words = entry.words("words") if "words" in entry else criterion.words
    new = replace(criterion, text=after, words=words, expression=parse(after, entry.where("to")), where=entry.where("to"))
    changed = replace(requirement, criteria=tuple(new if c is criterion else c for c in requirement.criteria))
    placed = _with(process, replace(stage, requirements=tuple(changed if r.id == target else r for r in stage.requirements)))
    return placed, target, _changed(criterion, new), before, after


def _change_raci(process: Template, stage: Stage, letters: Map) -> Applied:
    names = {d.id: d.name for d in process.departments}
    for department in letters:
        if department not in stage.raci:
            what = say(zh="RACI 里没有部门“{name}”", en='the RACI has no department "{name}"', name=department)
            raise letters.refuse(department, what, todo=did_you_mean(department, stage.raci))
    told = [
        say(zh="{name}由{was}改为{now}", en="{name} from {was} to {now}", name=names[d], was=stage.raci[d], now=str(letter)) for d, letter in letters.items()
    ]
    before, after = ({d: raci[d] for d in letters} for raci in (stage.raci, letters))
    changed = replace(stage, raci={**stage.raci, **{d: str(letter) for d, letter in letters.items()}})
    what = say(zh="RACI：{told}", en="RACI: {told}", told=joined(told, zh="；", en="; "))
    return _with(process, changed), stage.id, what, str(before), str(after)


def _changed(old: Criterion, new: Criterion) -> Words:
    before, after = threshold_words(old.expression), threshold_words(new.expression)
    if old.words != new.words:
        return say(zh="“{was}{before}”改为“{now}{after}”", en="“{was} {before}” becomes “{now} {after}”", was=old.words, before=before, now=new.words, after=after)
    if before == after:
        return say(zh="“{words}”由 {was} 改为 {now}", en="“{words}”: {was} becomes {now}", words=old.words, was=old.text, now=new.text)
    return say(zh="“{words}”由{before}改为{after}", en="{words}: {before} becomes {after}", words=old.words, before=before, after=after)


def _reorder(process: Template, entry: Map) -> Applied:
    order = [str(each) for each in entry.list("order")]
    if entry.get("stage") is None:
        placed = replace(process, stages=_ordered(process.stages, order, entry))
        names = joined([s.short for s in placed.stages], zh=" → ", en=" → ")
        return placed, "process", say(zh="阶段顺序改为{names}", en="the stages run {names}", names=names), None, None
    stage = _stage(process, entry)
    if order and any(step.id == order[0] for step in stage.steps):
        changed = replace(stage, steps=_ordered(stage.steps, order, entry))
    else:
        changed = replace(stage, requirements=_ordered(stage.requirements, order, entry))
    return (
        _with(process, changed),
        stage.id,
        say(zh="顺序改为{order}", en="the order becomes {order}", order=joined([Words.of(o) for o in order], zh=" → ", en=" → ")),
        None,
        None,
    )


def _ordered(parts: tuple[_Part, ...], order: list[str], entry: Map) -> tuple[_Part, ...]:
    by_id = {part.id: part for part in parts}
    for id in order:
        if id not in by_id:
            raise entry.refuse("order", say(zh="“{id}”不存在", en='"{id}" does not exist', id=id), todo=did_you_mean(id, by_id))
    return tuple(by_id[id] for id in order) + tuple(part for part in parts if part.id not in order)


_ACT: dict[str, Callable[[Template, Map], Any]] = {"skip": _skip, "add": _add, "change": _change, "reorder": _reorder}
