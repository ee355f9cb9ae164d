"""How a number that people enter by hand comes about: drawn from the world with its interval, n and what n counts; or the truth in its place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from stageway.arithmetic import intervals

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """How hand-entered numbers are drawn: a share of n cases with a true chance, a number with its own interval, or an exact count."""

    rng: np.random.Generator

    def share(self, n: int, chance: float, zh: str = "人", en: str = "people", unit: str = "%") -> Entry:
        x = int(self.rng.binomial(n, chance))
        low, high = intervals.wilson(x, n)
        return {"value": x / n, "low": low, "high": high, "n": n, "unit": unit, "kind": "share", "counts": {"zh": zh, "en": en}}

    def other(self, value: float, half: float, n: int | None = None, unit: str = "", zh: str = "人", en: str = "people") -> Entry:
        """A value that scatters normally around the truth, with ± half around it at 95%."""
        return _other(float(self.rng.normal(value, half / 1.96)), half, n, unit, zh, en)


class Truth(Sample):
    """The same entries with what is true in the place of what was seen: chance and value as they are written here."""

    def share(self, n: int, chance: float, zh: str = "人", en: str = "people", unit: str = "%") -> Entry:
        return _true(chance, unit)

    def other(self, value: float, half: float, n: int | None = None, unit: str = "", zh: str = "人", en: str = "people") -> Entry:
        return _true(value, unit)


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
