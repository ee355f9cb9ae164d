"""Templates: the process of a kind of product, read from YAML; and how one requirement, evidence or criterion is read, wherever it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from stageway import catalogue
from stageway.evidence import DefinitionError, ParamError, Where, Words, did_you_mean, say
from stageway.process.grammar import check, parse
from stageway.process.marked import Map, load_map
from stageway.process.model import (
    Ask,
    Criterion,
    Department,
    EvidenceEntry,
    FieldSpec,
    Handoff,
    Input,
    ItemKind,
    KindBook,
    MethodNote,
    Metric,
    Requirement,
    Stage,
    Step,
    Template,
)

_RACI = {"R", "A", "A/R", "C", "I"}


def template_ids() -> tuple[str, ...]:
    folder = resources.files("stageway.process") / "templates"
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


@cache
def load_template(id: str) -> Template:
    """A template of the package by its id."""
    known = template_ids()
    if id not in known:
        raise DefinitionError("template_unknown", say(zh="没有模板“{id}”", en='there is no template "{id}"', id=id), todo=did_you_mean(id, known))
    return read_template((resources.files("stageway.process") / "templates" / f"{id}.yaml").read_text(encoding="utf-8"), f"{id}.yaml")


@cache
def builtin_kinds() -> KindBook:
    data = load_map((resources.files("stageway.process") / "kinds.yaml").read_text(encoding="utf-8"), "kinds.yaml")
    groups = {name: tuple(kinds) for name, kinds in data.map("groups").items()}
    return KindBook(read_kinds(data.map("kinds")), groups, tuple(tuple(place) for place in data.list("thread")))


def read_kinds(data: Map) -> dict[str, ItemKind]:
    return {id: _kind(id, data.map(id)) for id in data}


def _kind(id: str, data: Map) -> ItemKind:
    data.only({"plural", "name", "stage", "fields", "links", "asks", "unless"})
    fields = []
    specs = data.map("fields")
    for name in specs:
        spec = specs.map(name)
        spec.only({"type", "label", "required", "choices"})
        fields.append(FieldSpec(name, spec.need("type"), spec.words("label"), bool(spec.get("required")), tuple(str(c) for c in spec.list("choices"))))
    asks = tuple((target, direction) for direction in ("up", "down") for target in data.map("asks").list(direction))
    unless = tuple((field, str(value)) for field in data.map("unless") for value in data.map("unless").list(field))
    return ItemKind(id, data.need("plural"), data.words("name"), tuple(fields), tuple(data.list("links")), asks, unless, data.get("stage"))


def read_template(text: str, file: str) -> Template:
    """A template from its text; every name in it is checked: departments, kinds, methods, estimates, stages."""
    data = load_map(text, file)
    data.only({"id", "version", "name", "description", "departments", "kinds", "groups", "stages", "metrics", "glossary", "example_goal", "raci_extra"})
    departments = tuple(Department(d.need("id"), d.words("name"), d.words("short")) for d in data.maps("departments"))
    builtin = builtin_kinds()
    groups = {**builtin.groups, **{name: tuple(kinds) for name, kinds in data.map("groups").items()}}
    kinds = KindBook({**builtin.kinds, **read_kinds(data.map("kinds"))}, groups, builtin.thread)
    stages = tuple(read_stage(each, i + 1) for i, each in enumerate(data.maps("stages")))
    template = Template(
        id=data.need("id"),
        version=str(data.need("version")),
        name=data.words("name"),
        description=data.words("description"),
        departments=departments,
        stages=stages,
        kinds=kinds,
        metrics=tuple(_metric(each) for each in data.maps("metrics")),
        glossary=tuple((each.words("term"), each.words("means")) for each in data.maps("glossary")),
        example_goal=data.get("example_goal"),
        raci_extra=tuple((each.words("work"), dict(each.map("raci"))) for each in data.maps("raci_extra")),
    )
    check_process(template, {e.name: e for s in stages for r in s.requirements for e in r.evidence}, Where(file=file))
    return template


def _metric(data: Map) -> Metric:
    data.only({"id", "name", "numerator", "denominator", "source", "frequency", "department"})
    return Metric(
        id=data.need("id"),
        name=data.words("name"),
        numerator=data.words("numerator"),
        denominator=data.words("denominator"),
        source=data.words("source"),
        frequency=data.words("frequency"),
        department=data.need("department"),
    )


def read_stage(data: Map, number: int) -> Stage:
    data.only(
        {
            "id",
            "name",
            "short",
            "owner",
            "approver",
            "working_days",
            "raci",
            "purpose",
            "clause",
            "prompt",
            "inputs",
            "steps",
            "methods",
            "requirements",
            "handoffs",
            "needs",
        }
    )
    id = data.need("id")
    return Stage(
        id=id,
        number=number,
        name=data.words("name"),
        short=data.words("short"),
        owner=data.need("owner"),
        approver=data.get("approver", "management"),
        raci=dict(data.map("raci")),
        working_days=int(data.get("working_days", 20)),
        purpose=data.words("purpose"),
        clause=data.words("clause"),
        prompt=data.words("prompt"),
        inputs=tuple(read_input(each) for each in data.maps("inputs")),
        steps=tuple(read_step(each) for each in data.maps("steps")),
        methods=tuple(MethodNote(m.words("name"), m.words("reads"), m.words("limit"), m.get("method")) for m in data.maps("methods")),
        requirements=tuple(read_requirement(each, id) for each in data.maps("requirements")),
        handoffs=tuple(Handoff(h.need("id"), id, h.need("from"), h.need("to"), h.words("what"), h.words("standard")) for h in data.maps("handoffs")),
        needs=tuple(data.list("needs")),
    )


def read_input(data: Map) -> Input:
    data.only({"what", "from", "requirement"})
    requirement = data.get("requirement")
    what = data.words("what") if "what" in data or requirement is None else Words.of(requirement)
    return Input(what, data.words("from") if "from" in data else None, requirement)


def read_step(data: Map) -> Step:
    data.only({"id", "text", "department", "slots"})
    return Step(data.need("id"), data.words("text"), data.need("department"), dict(data.map("slots")))


def read_requirement(data: Map, stage: str, added_by: str | None = None) -> Requirement:
    """A requirement with its evidence and criteria, from a template or from an adaptation that adds one."""
    data.only({"id", "title", "department", "doer", "how", "due", "covers", "evidence", "criteria"})
    entries = data.map("evidence")
    return Requirement(
        id=data.need("id"),
        stage=stage,
        title=data.words("title"),
        department=data.need("department"),
        doer=data.words("doer"),
        how=data.words("how"),
        criteria=tuple(read_criterion(each) for each in data.maps("criteria")),
        evidence=tuple(read_evidence(name, entries.map(name), stage) for name in entries),
        covers=tuple(data.list("covers")),
        due=float(data.get("due", 1.0)),
        where=data.where("id"),
        added_by=added_by,
    )


def read_evidence(name: str, data: Map, stage: str, base: EvidenceEntry | None = None) -> EvidenceEntry:
    """A named evidence; `base` is the template's entry that a product fills or overrides."""
    data.only({"method", "title", "data", "params", "plain", "gives", "source", "by", "collected", "observed"})
    where = Where(file=data.file or None, line=data.line)
    method = data.get("method", base.method if base else None)
    title = data.words("title") if "title" in data else (base.title if base else Words.of(name))
    plain = data.get("plain", base is not None and base.is_plain and "method" not in data)
    if method is None and not plain and "data" not in data:
        raise data.refuse(
            None, say(zh="结论“{name}”须写 method 或 plain", en='the evidence "{name}" needs a method or plain', name=name), code="evidence_wrong"
        )
    if plain and "method" not in data:
        entered = data if isinstance(plain, Mapping) else None
        gives = tuple(data.list("gives")) or (base.gives if base else ()) or (tuple(plain) if isinstance(plain, Mapping) else ())
        return EvidenceEntry(name, stage, title, None, {}, {}, gives, entered, where)
    chosen = _method(method, data)
    roles = [reads.role for reads in chosen.reads]
    given = data.get("data")
    tables: dict[str, str] = dict(base.data) if base and base.method == method else {}
    if isinstance(given, Mapping):
        tables |= {str(role): str(dataset) for role, dataset in given.items()}
    elif isinstance(given, list):
        tables |= dict(zip(roles, (str(each) for each in given), strict=False))
    elif given is not None:
        tables[roles[0]] = str(given)
    for role in tables:
        if role not in roles:
            raise data.refuse(
                "data",
                say(zh="方法 {method} 不读名为“{role}”的表", en='method {method} reads no table "{role}"', method=method, role=role),
                todo=did_you_mean(role, roles),
            )
    params = {**(base.params if base and base.method == method else {}), **data.map("params")}
    try:
        chosen.params.parse(params)
    except ParamError as error:
        raise error.at(data.where("params")) from None
    return EvidenceEntry(name, stage, title, method, tables, params, chosen.gives, None, where)


def _method(id: Any, data: Map) -> Any:
    try:
        return catalogue.get(str(id))
    except DefinitionError as error:
        raise error.at(data.where("method")) from None


def days(text: Any, data: Map, key: str) -> float:
    """A length of time in days: `7d`, `12h`, `2w`, or a plain number of days."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(d|h|w)?\s*", str(text))
    if not found:
        raise data.refuse(
            key,
            say(zh="“{text}”不是一段时间", en='"{text}" is not a length of time', text=str(text)),
            expected=say(zh="如 7d、12h、2w", en="such as 7d, 12h, 2w"),
        )
    return float(found[1]) * {"d": 1.0, "h": 1 / 24, "w": 7.0, None: 1.0}[found[2]]


def read_criterion(data: Map) -> Criterion:
    data.only({"must", "should", "stop", "words", "least_n", "least_days", "greatest_age", "on_fail"})
    asked = [ask for ask in Ask if ask.value in data]
    if len(asked) != 1:
        raise data.refuse(
            None, say(zh="一条准则须恰好写 must、should、stop 之一", en="a criterion is exactly one of must, should, stop"), code="criterion_wrong"
        )
    text = str(data[asked[0].value])
    where = data.where(asked[0].value)
    return Criterion(
        ask=asked[0],
        text=text,
        words=data.words("words") if "words" in data else Words.of(text),
        expression=parse(text, where),
        least_n=int(data["least_n"]) if data.get("least_n") is not None else None,
        least_days=int(data["least_days"]) if data.get("least_days") is not None else None,
        greatest_age_days=days(data["greatest_age"], data, "greatest_age") if data.get("greatest_age") is not None else None,
        on_fail=data.get("on_fail"),
        where=where,
    )


def check_process(process: Template, evidence: Mapping[str, EvidenceEntry], where: Where) -> None:
    """Refuse what names something that does not exist or is written twice: departments, stages, ids, evidence, estimates, kinds."""
    departments = {d.id for d in process.departments}
    stages = {s.id for s in process.stages}
    ids: dict[str, Where] = {}
    for stage in process.stages:
        _check_raci(stage, departments, where)
        for requirement in stage.requirements:
            if requirement.id in ids:
                raise DefinitionError(
                    "id_twice", say(zh="要求 {id} 写了两次", en="the requirement {id} is written twice", id=requirement.id), where=requirement.where
                )
            ids[requirement.id] = requirement.where
            _known(requirement.department, departments, requirement.where, Words("部门", "department"))
            for criterion in requirement.criteria:
                if criterion.on_fail is not None:
                    _known(criterion.on_fail, stages, criterion.where, Words("阶段", "stage"))
                gives = {name: entry.gives or None for name, entry in evidence.items()}
                check(criterion.expression, gives=gives, kinds=process.kinds, departments=departments, where=criterion.where)
        for step in stage.steps:
            _known(step.department, departments, where, Words("部门", "department"))
        for handoff in stage.handoffs:
            _known(handoff.giver, departments, where, Words("部门", "department"))
            _known(handoff.receiver, departments, where, Words("部门", "department"))


def _known(name: str, known: Iterable[str], where: Where, noun: Words) -> None:
    pool = set(known)
    if name not in pool:
        raise DefinitionError(
            "name_unknown", say(zh="没有{noun}“{name}”", en='there is no {noun} "{name}"', noun=noun, name=name), where=where, todo=did_you_mean(name, pool)
        )


def _check_raci(stage: Stage, departments: set[str], where: Where) -> None:
    for department, letter in stage.raci.items():
        _known(department, departments, where, Words("部门", "department"))
        if str(letter) not in _RACI:
            raise DefinitionError(
                "raci_wrong",
                say(zh="RACI 字母“{letter}”不对（阶段 {stage}）", en='RACI letter "{letter}" is wrong (stage {stage})', letter=letter, stage=stage.id),
                where=where,
                expected=say(zh="R、A、A/R、C、I", en="R, A, A/R, C or I"),
            )
    accountable = [d for d, letter in stage.raci.items() if "A" in letter]
    if len(accountable) != 1:
        raise DefinitionError(
            "raci_wrong",
            say(
                zh="阶段 {stage} 的 RACI 恰好要有一个 A，现有{count}个",
                en="the RACI of stage {stage} needs exactly one A, it has {count}",
                stage=stage.id,
                count=len(accountable),
            ),
            where=where,
        )
