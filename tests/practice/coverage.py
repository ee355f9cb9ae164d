"""How often the truth of the practice product lies in the 95% intervals that its methods and people give, over seeds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import numpy as np

from stageway import catalogue
from stageway.evidence import Estimate, Frame, Where
from stageway.folder.shape import long
from stageway.practice import PARAMS, reports, scans, spans, tables, usage
from stageway.practice.days import Days
from stageway.practice.entered import entered
from stageway.practice.sample import Sample
from stageway.practice.truth import Key, truths

DAYS = Days(date(2026, 11, 24))
SPANS = spans(DAYS)
Hits = Mapping[str, tuple[int, int]]

#: evidence → method, role → dataset, parameters; draws are cut where they touch no interval
RUNS = {
    "kano": ("kano", {"answers": "kano"}, {"draws": 200}),
    "positioning": ("positioning_fit", {"perceptions": "perception"}, PARAMS["positioning_params"]),
    "sus_before": ("sus", {"answers": "usability_v1"}, {}),
    "sus": ("sus", {"answers": "usability_v2", "against": "usability_v1"}, {}),
    "attribution": ("attribution", {"paths": "paths", "spend": "spend"}, PARAMS["attribution_params"]),
    "experiment": ("experiment", {"rows": "experiment"}, PARAMS["experiment_params"]),
    "survey": ("survey_summary", {"answers": "survey", "margins": "population"}, PARAMS["survey_params"] | {"draws": 200}),
    "opportunity": ("opportunity", {"answers": "opportunity"}, {"draws": 1000}),
    "price": ("price_sensitivity", {"prices": "prices"}, {"draws": 1000}),
    "message": ("experiment", {"rows": "message"}, PARAMS["message_params"]),
    "awareness": ("survey_summary", {"answers": "awareness"}, {}),
    "tasks_before": ("usability_tasks", {"tasks": "tasks_v1"}, {"draws": 200}),
    "tasks": ("usability_tasks", {"tasks": "tasks_v2", "against": "tasks_v1"}, {"draws": 200}),
    "ease": ("questionnaire_scores", {"answers": "ease_v2"}, {}),
    "first_use": ("usability_tasks", {"tasks": "first_use"}, {"draws": 200}),
    "first_click": ("first_click", {"clicks": "first_clicks"}, {"draws": 200}),
    "reliability": ("reliability", {"failures": "failures"}, PARAMS["reliability_params"]),
    "problems": ("maxdiff", {"answers": "pains", "design": "screens"}, {"draws": 200}),
    "map": ("perceptual_map", {"perceptions": "perception"}, PARAMS["map_params"]),
    "market_fit": ("market_fit", {"answers": "fit"}, {}),
    "stability": ("stability", {"records": "soak"}, {}),
    "stability_live": ("stability", {"records": "sessions"}, {}),
    "retention": ("retention", {"events": "events"}, SPANS["retention_params"]),
    "funnel": ("funnel", {"events": "events"}, SPANS["funnel_params"]),
    "prototype": ("retention", {"events": "prototype"}, SPANS["prototype_params"]),
    "rollout": ("experiment", {"rows": "rollout"}, PARAMS["rollout_params"]),
    "campaign": ("experiment", {"rows": "campaign"}, PARAMS["campaign_params"]),
}
#: evidence → method, role → reader and the report as its tool would write it
REPORTS = {
    "tests": ("test_results", "tests", "junit", lambda seed: reports.junit(np.random.default_rng([seed, 90]))),
    "load": ("load_results", "requests", "k6", lambda seed: scans.load(3000, DAYS, -63, np.random.default_rng([seed, 93]))),
}


def intervals(seed: int, folder) -> Iterator[tuple[Key, float, float]]:  # type: ignore[no-untyped-def]
    """Every interval of one product: (evidence, estimate), low, high. `folder` holds the test report while it is read."""
    observed = tables(seed, DAYS)
    frames = {name: Frame.of(rows, name) for name, rows in observed.items()}
    for version in ("v1", "v2"):
        frames[f"tasks_{version}"] = _long(frames[f"usability_{version}"], success="{}_done", time_s="{}_s")
        frames[f"ease_{version}"] = _long(frames[f"usability_{version}"], seq="{}_seq")
    for evidence, (method, roles, params) in RUNS.items():
        yield from _of(evidence, catalogue.get(method).run({role: frames[name] for role, name in roles.items()}, params).estimates)
    for evidence, (method, role, reader, written) in REPORTS.items():
        report = folder / f"{evidence}-{seed}.txt"
        report.write_text(written(seed), encoding="utf-8")
        yield from _of(evidence, catalogue.get(method).run({role: catalogue.reader_for(report, reader).read(report, {}).frame}).estimates)
    for name, text in entered(Sample(np.random.default_rng([seed, 50])), 4, usage.lifted(observed["campaign"])).items():
        for estimate, entry in json.loads(text.removeprefix(f"{name}: "))["plain"].items() if text else ():
            if entry["kind"] != "exact":
                yield (name, estimate), entry["low"], entry["high"]


def _long(frame: Frame, **columns: str) -> Frame:
    return long(frame, {"id": "respondent", "row": "task", "columns": columns}, {}, Where())[0]


def _of(evidence: str, estimates: Iterable[Estimate]) -> Iterator[tuple[Key, float, float]]:
    for e in estimates:
        if e.low is not None and e.high is not None:
            yield (evidence, e.full_name), e.low, e.high


def covered(seeds: Iterable[int], folder) -> Hits:  # type: ignore[no-untyped-def]
    """Family (evidence.estimate, or "entered" for numbers by hand) → intervals that hold the truth, of all of them."""
    known, hits = truths(), defaultdict(lambda: [0, 0])
    for seed in seeds:
        for key, low, high in intervals(seed, folder):
            if key in known:
                evidence, name = key[0], key[1].partition("[")[0]
                family = f"{evidence}.{name}" if evidence in RUNS or evidence in REPORTS else "entered"
                hits[family][0] += low <= known[key] <= high
                hits[family][1] += 1
    return {family: (inside, of) for family, (inside, of) in sorted(hits.items())}


def said(hits: Hits) -> str:
    return "; ".join(f"{family} {inside}/{of} = {inside / of:.1%}" for family, (inside, of) in hits.items())
