"""A funnel in figures: users at each step, the share that passes, the time it takes, and the same by group.

Sources: Wilson (1927), JASA 22, 209-212; David & Nagaraja (2003), Order Statistics, 7.1; Jeffreys's Beta(1/2, 1/2) for the draws of shares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import intervals, order_statistics
from stageway.behaviour.funnel_attempts import Passage, Steps
from stageway.evidence import Words, say

Share = tuple[float, float, float]
OTHER, BLANK = Words("其余", "others"), Words("（未填）", "(blank)")


@dataclass(frozen=True)
class Group:
    key: str
    name: Words
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Flow:
    """`counts`: users who reach each step. `between`: seconds from each step to the next of those who take it; `whole`: from first to last."""

    steps: Steps
    keys: tuple[str, ...]
    labels: tuple[Words, ...]
    counts: tuple[int, ...]
    between: tuple[tuple[float, ...], ...]
    whole: tuple[float, ...]
    open: int
    groups: tuple[Group, ...] = ()

    @property
    def n(self) -> int:
        return self.counts[0]

    @property
    def passing(self) -> list[int]:
        """Positions of the steps that somebody could reach from the one before."""
        return [k for k in range(1, len(self.counts)) if self.counts[k - 1] > 0]

    @property
    def lowest(self) -> int:
        """Position of the step with the lowest share, the earliest among equals."""
        return min(self.passing, key=lambda k: self.counts[k] / self.counts[k - 1])


def share(x: int, n: int, level: float) -> Share:
    low, high = intervals.wilson(x, n, level)
    return x / n, low, high


def median_time(times: Sequence[float], most: float, level: float) -> Share:
    """(median, low, high) of times between 0 and `most`; an end for which the sample is too small is put there."""
    ordered = np.sort(np.array(times))
    low, high = order_statistics.interval(ordered, 0.5, level)
    return order_statistics.quantile(ordered, 0.5), max(0.0, low), min(most, high)


def weakest(counts: Sequence[int], draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Probability of each step after the first of having the lowest share of all."""
    drawn = np.array([rng.beta(x + 0.5, n - x + 0.5, draws) for n, x in pairwise(counts)])
    made: NDArray[np.float64] = np.bincount(drawn.argmin(axis=0), minlength=len(counts) - 1) / draws
    return made


def _reached(passages: Sequence[Passage], steps: int) -> tuple[int, ...]:
    return tuple(sum(p.best.depth > k for p in passages) for k in range(steps))


def named(steps: Steps) -> tuple[tuple[str, ...], tuple[Words, ...]]:
    """Keys (event names; the second of a name has a 2 behind it) and labels of the steps."""
    if steps.order == "any":
        numbers = range(1, len(steps.filters) + 1)
        return tuple(map(str, numbers)), tuple(say(zh="任意{k}步", en="any {k} of them", k=k) for k in numbers)
    names = [" | ".join(choice.name or "*" for choice in step.choices) for step in steps.filters]
    keys = tuple(name if names.index(name) == i else f"{name} {names[: i + 1].count(name)}" for i, name in enumerate(names))
    return keys, tuple(Words(f"“{step.text}”", f"“{step.text}”") for step in steps.filters)


def flow(passages: Sequence[Passage], steps: Steps, *, by: str | None = None, top: int = 5) -> Flow:
    count = len(steps.filters)
    attempts = [p.best.times for p in passages]
    between = tuple(tuple((times[k] - times[k - 1]).total_seconds() for times in attempts if len(times) > k) for k in range(1, count))
    whole = tuple((times[-1] - times[0]).total_seconds() for times in attempts if len(times) == count)
    keys, labels = named(steps)
    groups = _groups(passages, count, by, top) if by is not None else ()
    return Flow(steps, keys, labels, _reached(passages, count), between, whole, sum(p.open for p in passages), groups)


def _groups(passages: Sequence[Passage], count: int, by: str, top: int) -> tuple[Group, ...]:
    """The `top` largest by users who begin (ties by name), then all others in one."""
    sizes = Counter(p.best.properties[by] for p in passages)
    order = sorted(sizes, key=lambda value: (-sizes[value], value or ""))
    made = [Group(value or "blank", BLANK if value is None else Words.of(value), _reached([p for p in passages if p.best.properties[by] == value], count)) for value in order[:top]]
    rest = [p for p in passages if p.best.properties[by] in set(order[top:])]
    return (*made, Group("others", OTHER, _reached(rest, count))) if rest else tuple(made)
