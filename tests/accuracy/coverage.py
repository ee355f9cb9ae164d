"""How often the truth lies in the 95% intervals of a method, over simulated studies whose truth is known (tests/accuracy/worlds)."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import sqrt
from types import ModuleType

import numpy as np

from stageway import catalogue
from stageway.arithmetic import charts
from stageway.evidence import Chart, Estimate, Kind
from tests.accuracy import worlds
from tests.accuracy.world import World

LOW, HIGH = 0.93, 0.97
#: Intervals that are wide by their nature, and why; they may hold the truth more often, never less.
CONSERVATIVE: Mapping[tuple[str, str], str] = {
    **dict.fromkeys((("price_sensitivity", name) for name in ("acceptable_low", "acceptable_high", "indifference", "optimal", "trial_price", "revenue_price")),
                    "prices are named in whole steps: an end lies on a step, never between two"),
    ("price_sensitivity", "best_price"): "it is one of the few prices that were asked: an end lies on one of them, never between two",
    ("survey_summary", "cramers_v"): "the lower end is 0 wherever independence fits, so that a weak relation is never missed from above",
    ("positioning_fit", "rank_agreement"): "ranks of a few attributes take few values of tau",
    ("positioning_fit", "distance"): "wider where the nearest alternative is in doubt, so that it holds for whichever it is",
    ("problem_discovery", "unfound"): "only a lower bound, which holds for any mixture of problems and is a whole number",
    ("problem_discovery", "added"): "Poisson bounds of a sum of chances that varies less than a Poisson count",
    ("load_results", "p99"): "ends lie on whole ranks, on the far side of the exact ones",
    ("experiment", "difference_arm"): "intervals that hold for all arms at once (Bonferroni)",
}


@dataclass(frozen=True)
class Hits:
    """Of `of` intervals of one estimate (all its keys together), how many hold the truth."""

    inside: int
    of: int

    @property
    def share(self) -> float:
        return self.inside / self.of

    def reaches(self, low: float, high: float, z: float = 2.576) -> bool:
        """Whether the 99% Wilson interval of the share meets [low, high]."""
        n, p = self.of, self.share
        centre, half = (p + z * z / (2 * n)) / (1 + z * z / n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return centre - half <= high and centre + half >= low


def simulated() -> dict[str, ModuleType]:
    """The simulated studies by the id of their method."""
    return {found.name: importlib.import_module(f"{worlds.__name__}.{found.name}") for found in pkgutil.iter_modules(worlds.__path__)}


@contextmanager
def undrawn(draw: Callable[..., Chart]) -> Iterator[None]:
    """Methods without their pictures, which cost most of the time of a small study."""
    blank = lambda name, title, alt, build: Chart(name, title, alt, {}, {})  # noqa: E731
    drawing = [(module, name) for module in list(sys.modules.values()) if module.__name__.startswith("stageway.") for name, value in vars(module).items() if value is draw]
    try:
        for module, name in drawing:
            setattr(module, name, blank)
        yield
    finally:
        for module, name in drawing:
            setattr(module, name, draw)


def covered(id: str, seeds: Iterable[int]) -> dict[str, Hits]:
    """Estimate → how often its interval held the truth. A truth that the finding does not estimate with an interval counts as missed."""
    make: Callable[[np.random.Generator], World] = simulated()[id].world
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    method, original = catalogue.get(id), charts.draw
    for seed in seeds:
        made = make(np.random.default_rng([20260101, seed]))
        with undrawn(original):
            finding = method.run(made.tables, made.params, seed=seed)
        told = {e.full_name: e for e in finding.estimates}
        for name, truth in made.truth.items():
            e = told.get(name)
            counts[name.partition("[")[0]][0] += _holds(e, truth)
            counts[name.partition("[")[0]][1] += 1
    return {name: Hits(*both) for name, both in sorted(counts.items())}


def _holds(estimate: Estimate | None, truth: float) -> bool:
    if estimate is None or estimate.kind is Kind.EXACT:
        return False
    low = -np.inf if estimate.low is None else estimate.low
    high = np.inf if estimate.high is None else estimate.high
    return bool(np.isfinite(low) or np.isfinite(high)) and low - 1e-12 <= truth <= high + 1e-12


def wrong(id: str, hits: Mapping[str, Hits]) -> list[str]:
    """What lies outside the band by more than chance."""
    said = []
    for name, each in hits.items():
        high = 1.0 if (id, name) in CONSERVATIVE else HIGH
        if not (LOW <= each.share <= high or each.reaches(LOW, high)):
            said.append(f"{id}.{name}: {each.inside}/{each.of} = {each.share:.1%}")
    return said
