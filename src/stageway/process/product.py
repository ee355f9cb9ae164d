"""A product's file: goals, scope, people, datasets, plans, adaptations. Read and checked against its template; errors name file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from stageway.evidence import DefinitionError, Where, Words, did_you_mean, say
from stageway.process.adaptation import adapt, as_date
from stageway.process.grammar import check, parse_target
from stageway.process.marked import Map, load_map
from stageway.process.model import EvidenceEntry, Template
from stageway.process.planning import (
    Baseline,
    BudgetLine,
    CalendarEntry,
    Dataset,
    Goal,
    HandoffEvent,
    HandoffPlan,
    Milestone,
    OpenQuestion,
    OutOfScope,
    Person,
    Product,
    RequirementPlan,
    StagePlan,
)
from stageway.process.template import check_process, load_template, read_evidence, read_input

SCHEMA = 1
#: The keys of a dataset that bring a file into our columns and rows; the first of BAD_ROWS is the default.
MAPPING = ("columns", "values", "wide", "options", "times", "bad_rows")
BAD_ROWS = ("refuse", "keep")


def read_product(text: str, file: str) -> tuple[Product, Template, Template]:
    """The product, its template as shipped, and the process after the product's adaptations; every name in the file is checked."""
    data = load_map(text, file)
    data.only(
        {"schema", "product", "people", "goals", "scope", "datasets", "stages", "adaptations", "handoffs", "calendar", "budget", "questions", "terms", "labels"}
    )
    if data.get("schema", SCHEMA) != SCHEMA:
        raise data.refuse("schema", say(zh="不认识的版本 {schema}", en="unknown schema {schema}", schema=str(data["schema"])), expected=Words.of(str(SCHEMA)))
    data.need("product")
    head = data.map("product")
    try:
        template = load_template(str(head.need("template")))
    except DefinitionError as error:
        raise error.at(head.where("template")) from None
    process, adaptations = adapt(template, data.maps("adaptations"))
    people = tuple(_person(each, process) for each in data.maps("people"))
    datasets = {name: _dataset(name, data.map("datasets").map(name)) for name in data.map("datasets")}
    plans = data.map("stages")
    for id in plans:
        if process.stage(id) is None:
            raise plans.refuse(id, say(zh="没有阶段“{id}”", en='there is no stage "{id}"', id=id), todo=did_you_mean(id, [s.id for s in process.stages]))
    evidence = _evidence(process, plans, datasets)
    check_process(process, evidence, Where(file=file))
    product = Product(
        **_head(head),
        people=people,
        goals=tuple(_goal(each, process, evidence) for each in data.maps("goals")),
        scope_in=_texts(data.map("scope"), "in"),
        scope_out=tuple(_out(each) for each in data.map("scope").maps("out")),
        datasets=datasets,
        evidence=evidence,
        stages={id: _plan(plans.map(id), id, process, people) for id in plans},
        adaptations=adaptations,
        handoffs={id: _handoff(id, data.map("handoffs").map(id)) for id in data.map("handoffs")},
        calendar=tuple(CalendarEntry(str(c.need("at")), c.words("what"), str(c.need("who")), c.words("done_when")) for c in data.maps("calendar")),
        budget=tuple(
            BudgetLine(b.words("line"), float(b.need("amount")), str(b.get("unit", "CNY")), b.words("derived_from"), b.get("decision"))
            for b in data.maps("budget")
        ),
        questions=tuple(
            OpenQuestion(str(q.need("id")), q.words("what"), str(q.need("owner")), as_date(q, "due"), q.words("otherwise")) for q in data.maps("questions")
        ),
        terms={name: data.map("terms").words(name) for name in data.map("terms")},
        labels={name: data.map("labels").words(name) for name in data.map("labels")},
        file=file,
    )
    _check_people(product, data)
    return product, template, process


def _head(head: Map) -> dict[str, Any]:
    head.only({"id", "name", "company", "summary", "simulated", "template", "zone", "holidays", "document", "milestone"})
    document = head.map("document")
    document.only({"id", "class", "author", "reviewer", "approver"})
    milestone = head.map("milestone")
    at = as_date(milestone, "at")
    return {
        "id": str(head.need("id")),
        "name": head.words("name"),
        "company": head.words("company") if "company" in head else Words("", ""),
        "summary": head.words("summary") if "summary" in head else None,
        "simulated": bool(head.get("simulated", False)),
        "template": str(head.need("template")),
        "zone": str(head.get("zone", "Asia/Shanghai")),
        "holidays": tuple(str(each) for each in head.list("holidays")),
        "document_id": str(document["id"]) if document.get("id") is not None else None,
        "classification": document.words("class") if "class" in document else Words("内部", "Internal"),
        "author": document.get("author"),
        "reviewer": document.get("reviewer"),
        "approver": document.get("approver"),
        "milestone": Milestone(milestone.words("what"), at, as_date(milestone, "first")) if at else None,
    }


def _person(data: Map, process: Template) -> Person:
    data.only({"id", "name", "department", "role", "deputy"})
    department = str(data.need("department"))
    known = [d.id for d in process.departments]
    if department not in known:
        what = say(zh="没有部门“{name}”", en='there is no department "{name}"', name=department)
        raise data.refuse("department", what, todo=did_you_mean(department, known))
    return Person(str(data.need("id")), data.words("name"), department, data.words("role") if data.get("role") else None, data.get("deputy"))


def _goal(data: Map, process: Template, evidence: Mapping[str, EvidenceEntry]) -> Goal:
    data.only({"id", "name", "metric", "baseline", "target", "by"})
    metric, target = data.get("metric"), data.get("target")
    expression = None
    if metric and target:
        expression = parse_target(str(metric), str(target), data.where("target"))
        gives = {name: entry.gives or None for name, entry in evidence.items()}
        check(expression, gives=gives, kinds=process.kinds, departments=[d.id for d in process.departments], where=data.where("metric"))
    return Goal(
        str(data.need("id")),
        data.words("name"),
        str(metric) if metric else None,
        _baseline(data),
        str(target) if target is not None else None,
        as_date(data, "by"),
        expression,
        data.where("id"),
    )


def _baseline(data: Map) -> Baseline | None:
    if data.get("baseline") is None:
        return None
    base = data.map("baseline")
    base.only({"value", "n", "source", "at", "none"})
    if "none" in base:
        return Baseline(None, none_because=base.words("none"))
    try:
        value = float(base.need("value"))
    except (TypeError, ValueError):
        raise base.refuse("value", say(zh="基线“{value}”不是数", en='the baseline "{value}" is no number', value=str(base["value"]))) from None
    return Baseline(value, base.get("n"), base.words("source") if "source" in base else None, str(base["at"]) if "at" in base else None)


def _texts(data: Map, key: str) -> tuple[Words, ...]:
    made = []
    for value in data.list(key):
        single = Map(data.file, data.line)
        single[key], single.lines[key] = value, (value.line if isinstance(value, Map) else None) or data.lines.get(key, 0)
        made.append(single.words(key))
    return tuple(made)


def _out(data: Map) -> OutOfScope:
    data.only({"item", "reason", "reconsider"})
    return OutOfScope(data.words("item"), data.words("reason") if "reason" in data else None, str(data["reconsider"]) if "reconsider" in data else None)


def _dataset(name: str, data: Map) -> Dataset:
    data.only({"path", "reader", "title", "collected", *MAPPING})
    return Dataset(
        name=name,
        path=str(data.need("path")),
        reader=str(data.need("reader")),
        title=data.words("title") if "title" in data else Words.of(name),
        collected=as_date(data, "collected"),
        where=data.where("path"),
        **_mapping(data),
    )


def read_mapping(text: str, file: str, path: str) -> Dataset:
    """A mapping of its own (`--map FILE`): the keys of a dataset entry, of which `reader` may be left out, for the file at `path`."""
    data = load_map(text, file)
    data.only({"reader", *MAPPING})
    name = PurePath(path).stem
    return Dataset(name=name, path=path, reader=str(data.get("reader") or ""), title=Words.of(name), collected=None, where=data.where(), **_mapping(data))


def _mapping(data: Map) -> dict[str, Any]:
    bad_rows = str(data.get("bad_rows", BAD_ROWS[0]))
    if bad_rows not in BAD_ROWS:
        what = say(zh="bad_rows 没有“{value}”这种写法", en='bad_rows cannot be "{value}"', value=bad_rows)
        expected = Words("refuse（停下）或 keep（只用其余的行）", "refuse (stop) or keep (compute with the other rows)")
        raise data.refuse("bad_rows", what, expected=expected)
    return {
        "columns": {str(ours): str(theirs) for ours, theirs in data.map("columns").items()},
        "values": dict(data.map("values")),
        "wide": dict(data.map("wide")) if data.get("wide") else None,
        "options": dict(data.map("options")),
        "times": {str(ours): str(form) for ours, form in data.map("times").items()},
        "bad_rows": bad_rows,
    }


def _evidence(process: Template, plans: Map, datasets: Mapping[str, Dataset]) -> dict[str, EvidenceEntry]:
    """Every evidence by name, in the order of the process: the template's entries, filled by the product's, and the product's own."""
    made: dict[str, EvidenceEntry] = {}
    for stage in process.stages:
        given = plans.map(stage.id).map("evidence")
        for requirement in stage.requirements:
            for entry in requirement.evidence:
                if entry.name in made:
                    raise DefinitionError(
                        "evidence_twice", say(zh="结论“{name}”声明了两次", en='the evidence "{name}" is declared twice', name=entry.name), where=entry.where
                    )
                made[entry.name] = read_evidence(entry.name, given.map(entry.name), stage.id, entry) if entry.name in given else entry
        for name in given:
            if name not in made:
                made[name] = read_evidence(name, given.map(name), stage.id)
            elif made[name].stage != stage.id:
                raise given.refuse(
                    name, say(zh="结论“{name}”属于阶段 {stage}", en='the evidence "{name}" belongs to the stage {stage}', name=name, stage=made[name].stage)
                )
    for stage in process.stages:
        given = plans.map(stage.id).map("evidence")
        for name in given:
            _check_sources(given.map(name), made, datasets)
    return made


def _check_sources(entry: Map, made: Mapping[str, EvidenceEntry], datasets: Mapping[str, Dataset]) -> None:
    """What a product says under `data:` must exist; a dataset that only the template names may come later."""
    named = entry.get("data")
    sources = list(named.values()) if isinstance(named, Mapping) else entry.list("data")
    for source in (str(each) for each in sources):
        prefix, _, rest = source.partition(":")
        if prefix in ("items", "question") and rest:
            continue
        finding = prefix == "finding" and bool(rest)
        name, known = (rest.partition(".")[0], set(made)) if finding else (source, set(datasets))
        if name not in known:
            raise entry.refuse(
                "data", say(zh="没有数据“{source}”", en='there are no data "{source}"', source=source), todo=did_you_mean(name, known), code="data_unknown"
            )


def _plan(data: Map, stage: str, process: Template, people: Iterable[Person]) -> StagePlan:
    data.only({"owner", "planned", "actual", "continuous", "work", "inputs", "evidence", "requirements"})
    found = process.stage(stage)
    assert found is not None
    requirements = data.map("requirements")
    steps = {step.id for step in found.steps}
    for id in requirements:
        if found.requirement(id) is None:
            raise requirements.refuse(
                id,
                say(zh="阶段 {stage} 没有要求“{id}”", en='the stage {stage} has no requirement "{id}"', stage=stage, id=id),
                todo=did_you_mean(id, [r.id for r in found.requirements]),
            )
    for id in data.map("work"):
        if id not in steps:
            raise data.map("work").refuse(
                id, say(zh="阶段 {stage} 没有步骤“{id}”", en='the stage {stage} has no step "{id}"', stage=stage, id=id), todo=did_you_mean(id, steps)
            )
    return StagePlan(
        owner=data.get("owner"),
        planned=_span(data.map("planned")),
        actual=_span(data.map("actual")),
        continuous=bool(data.get("continuous", False)),
        work={id: dict(data.map("work").map(id)) for id in data.map("work")},
        inputs=tuple(read_input(each) for each in data.maps("inputs")),
        requirements={id: _requirement_plan(requirements.map(id)) for id in requirements},
    )


def _span(data: Map) -> tuple[date | None, date | None]:
    data.only({"from", "to"})
    return as_date(data, "from"), as_date(data, "to")


def _dates(data: Map, key: str) -> tuple[date, ...]:
    made = []
    for value in data.list(key):
        single = Map(data.file, data.line)
        single[key], single.lines[key] = value, data.lines.get(key, 0)
        day = as_date(single, key)
        if day is not None:
            made.append(day)
    return tuple(made)


def _requirement_plan(data: Map) -> RequirementPlan:
    data.only({"owner", "due", "done", "note"})
    return RequirementPlan(data.get("owner"), _dates(data, "due"), _dates(data, "done"), data.words("note") if "note" in data else None)


def _handoff(id: str, data: Map) -> HandoffPlan:
    data.only({"due", "events", "what"})
    events = []
    for event in data.maps("events"):
        event.only({"given", "accepted", "returned", "because"})
        kind = next((k for k in ("given", "accepted", "returned") if k in event), None)
        at = as_date(event, kind) if kind else None
        if kind is None or at is None:
            raise event.refuse(
                None, say(zh="交接记录须写 given、accepted 或 returned 和日期", en="a hand-off event is given, accepted or returned, with its date")
            )
        events.append(HandoffEvent(kind, at, event.words("because") if "because" in event else None))
    return HandoffPlan(id, as_date(data, "due"), tuple(events), data.words("what") if "what" in data else None)


def _check_people(product: Product, data: Map) -> None:
    """A person named anywhere must be in `people`, so that a misspelt name does not owe anything."""
    known = [p.id for p in product.people]

    def known_or_refuse(name: str | None, where: Where) -> None:
        if name is not None and product.person(name) is None:
            raise DefinitionError(
                "person_unknown", say(zh="没有名为“{name}”的人", en='there is nobody named "{name}"', name=name), where=where, todo=did_you_mean(name, known)
            )

    head = data.map("product").map("document")
    for role in ("author", "reviewer", "approver"):
        known_or_refuse(head.get(role), head.where(role))
    plans = data.map("stages")
    for id in plans:
        plan = plans.map(id)
        known_or_refuse(plan.get("owner"), plan.where("owner"))
        for part, role in (("requirements", "owner"), ("work", "who")):
            for each in plan.map(part):
                entry = plan.map(part).map(each)
                known_or_refuse(entry.get(role), entry.where(role))
    for part, role in (("people", "deputy"), ("adaptations", "by"), ("calendar", "who"), ("questions", "owner")):
        for entry in data.maps(part):
            known_or_refuse(entry.get(role), entry.where(role))
