"""How often the truth of the practice product lies in the 95% intervals that its methods and people give, over seeds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from stageway import catalogue
from stageway.evidence import Estimate, Frame
from stageway.practice import PARAMS, reports, tables, world
from stageway.practice.entered import entered
from stageway.practice.sample import Sample
from stageway.practice.truth import Key, truths
from stageway.readers.junit import READER

Hits = Mapping[str, tuple[int, int]]

#: evidence → method, role → dataset, parameters; draws are cut where they touch no interval
RUNS = {
    "kano": ("kano", {"answers": "kano"}, {"draws": 200}),
    "positioning": ("positioning_fit", {"perceptions": "perception"}, PARAMS["positioning_params"]),
    "sus_before": ("sus", {"answers": "usability_v1"}, {}),
    "sus": ("sus", {"answers": "usability_v2", "against": "usability_v1"}, {}),
    "attribution": ("attribution", {"paths": "paths", "spend": "spend"}, PARAMS["attribution_params"]),
    "experiment": ("experiment", {"rows": "experiment"}, PARAMS["experiment_params"]),
}


def intervals(seed: int, folder) -> Iterator[tuple[Key, float, float]]:  # type: ignore[no-untyped-def]
    """Every interval of one product: (evidence, estimate), low, high. `folder` holds the test report while it is read."""
    observed = tables(seed)
    for evidence, (method, roles, params) in RUNS.items():
        yield from _of(evidence, catalogue.get(method).run({role: Frame.of(observed[name]) for role, name in roles.items()}, params).estimates)
    report = folder / f"junit-{seed}.xml"
    report.write_text(reports.junit(np.random.default_rng([seed, 90])), encoding="utf-8")
    yield from _of("tests", catalogue.get("test_results").run({"tests": READER.read(report, {}).frame}).estimates)
    rows = observed["usability_v2"]
    done = {task: (sum(row[task] == 1 for row in rows), len(rows)) for task in world.TASKS}
    for name, text in entered(Sample(np.random.default_rng([seed, 50])), 4, done).items():
        for estimate, entry in json.loads(text.removeprefix(f"{name}: "))["plain"].items():
            if entry["kind"] != "exact":
                yield (name, estimate), entry["low"], entry["high"]


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
                family = f"{evidence}.{name}" if evidence in RUNS or evidence == "tests" else f"entered.{'tasks' if evidence == 'tasks' else 'other'}"
                hits[family][0] += low <= known[key] <= high
                hits[family][1] += 1
    return {family: (inside, of) for family, (inside, of) in sorted(hits.items())}


def said(hits: Hits) -> str:
    return "; ".join(f"{family} {inside}/{of} = {inside / of:.1%}" for family, (inside, of) in hits.items())
