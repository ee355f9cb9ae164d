"""How a number that people enter by hand comes about: drawn from the world with its interval, n and what n counts; or the truth in its place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from stageway.arithmetic import intervals

Entry = dict[str, Any]
#: task → how many did it, of how many
Done = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Sample:
    """How hand-entered numbers are drawn: a share of n cases with a true chance, a mean of n values, a number with its own interval, or an exact count."""

    rng: np.random.Generator

    def share(self, n: int, chance: float, zh: str = "人", en: str = "people", unit: str = "%") -> Entry:
        x = int(self.rng.binomial(n, chance))
        low, high = intervals.wilson(x, n)
        return {"value": x / n, "low": low, "high": high, "n": n, "unit": unit, "kind": "share", "counts": {"zh": zh, "en": en}}

    def mean(self, n: int, mean: float, sd: float, unit: str = "", zh: str = "人", en: str = "people") -> Entry:
        value, low, high, _, _ = intervals.mean_t(self.rng.normal(mean, sd, n))
        return {"value": round(value, 4), "low": round(low, 4), "high": round(high, 4), "n": n, "unit": unit, "kind": "mean", "counts": {"zh": zh, "en": en}}

    def other(self, value: float, half: float, n: int | None = None, unit: str = "", zh: str = "人", en: str = "people") -> Entry:
        """A value that scatters normally around the truth, with ± half around it at 95%."""
        return _other(float(self.rng.normal(value, half / 1.96)), half, n, unit, zh, en)

    def difference(self, n1: int, p1: float, n2: int, p2: float) -> Entry:
        x1, x2 = int(self.rng.binomial(n1, p1)), int(self.rng.binomial(n2, p2))
        low, high = intervals.newcombe(x1, n1, x2, n2)
        return {"value": x1 / n1 - x2 / n2, "low": low, "high": high, "n": n1 + n2, "unit": "pp", "kind": "other", "counts": {"zh": "人", "en": "people"}}

    def completion(self, done: Done, task: str) -> Entry:
        """How many of the usability test did the task: counted from its table, not drawn again."""
        x, n = done[task]
        low, high = intervals.adjusted_wald(x, n)
        return {"value": x / n, "low": low, "high": high, "n": n, "unit": "%", "kind": "share", "counts": {"zh": "人", "en": "people"}}


class Truth(Sample):
    """The same entries with what is true in the place of what was seen: chance and mean as they are written here."""

    def share(self, n: int, chance: float, zh: str = "人", en: str = "people", unit: str = "%") -> Entry:
        return _true(chance, unit)

    def mean(self, n: int, mean: float, sd: float, unit: str = "", zh: str = "人", en: str = "people") -> Entry:
        return _true(mean, unit)

    def other(self, value: float, half: float, n: int | None = None, unit: str = "", zh: str = "人", en: str = "people") -> Entry:
        return _true(value, unit)

    def difference(self, n1: int, p1: float, n2: int, p2: float) -> Entry:
        return _true(p1 - p2, "pp")

    def completion(self, done: Done, task: str) -> Entry:
        x, n = done[task]
        return _true(x / n, "%")


def _true(value: float, unit: str) -> Entry:
    return {"value": value, "low": value, "high": value, "unit": unit, "kind": "other"}


def _other(value: float, half: float, n: int | None, unit: str, zh: str, en: str) -> Entry:
    """Rounded to two figures of the half width, as a person would enter it."""
    digits = 1 - math.floor(math.log10(half))
    ends = {name: round(end, digits) for name, end in (("value", value), ("low", value - half), ("high", value + half))}
    return {**ends, "unit": unit, "kind": "other", "counts": {"zh": zh, "en": en}} | ({"n": n} if n else {})


def exact(value: float, unit: str = "", n: int | None = None, label: tuple[str, str] | None = None) -> Entry:
    made: Entry = {"value": value, "unit": unit, "kind": "exact"}
    if n is not None:
        made["n"] = n
    if label is not None:
        made["label"] = {"zh": label[0], "en": label[1]}
    return made


def named(entry: Entry, zh: str, en: str) -> Entry:
    return {**entry, "label": {"zh": zh, "en": en}}
