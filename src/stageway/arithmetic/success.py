"""Success at tasks as counts: who did which task, the difference of two versions, and which task is the hardest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stageway.arithmetic import attempts, exact, intervals, proportions
from stageway.evidence import Frame, Words

Array = attempts.Array


@dataclass(frozen=True)
class Done:
    """One task of one version: x of n people completed it. `by` says who did, `times` holds seconds of those, `errors` counts a person."""

    name: str
    x: int
    n: int
    by: dict[str | None, bool]
    times: Array
    errors: Array


@dataclass(frozen=True)
class Gap:
    """One share less another: value and ends in fractions of 1; `p` is None where nothing varies. `n` counts people, or pairs."""

    value: float
    low: float
    high: float
    n: int
    p: float | None


def read(frame: Frame) -> tuple[attempts.Kept, tuple[Done, ...], int]:
    """The usable rows, the tasks in natural order, and how many completions have no time."""
    kept = attempts.kept(frame, ("success", "time_s", "errors"), Words("没有一行同时有任务和是否完成", "no row has both a task and whether it was completed"))
    table, done = kept.table, kept.table["success"] == 1.0
    times, errors = attempts.seconds(table, done), attempts.counts(table, "errors")
    made = []
    for name in kept.tasks:
        mine = table["task"] == name
        own, slips = times[mine & done], errors[mine]
        by = dict(zip(table["respondent"][mine].tolist(), done[mine].tolist(), strict=True))
        made.append(Done(name, int((mine & done).sum()), int(mine.sum()), by, np.sort(own[~np.isnan(own)]), np.sort(slips[~np.isnan(slips)])))
    return kept, tuple(made), int(np.isnan(times[done]).sum()) if "time_s" in table else 0


def apart(now: Done, before: Done, test: str, level: float) -> Gap:
    """Different people. `test`: n_minus_1, fisher, or auto (Fisher where an expected count is below 1)."""
    counts, total, good = (now.x, now.n, before.x, before.n), now.n + before.n, now.x + before.x
    p = None
    if 0 < good < total:
        least = min(now.n, before.n) * min(good, total - good) / total
        p = exact.fisher(*counts) if test == "fisher" or (test == "auto" and least < 1) else proportions.n_minus_1(*counts)
    return Gap(now.x / now.n - before.x / before.n, *intervals.newcombe(*counts, level), total, p)


def paired(now: Done, before: Done, level: float) -> Gap | None:
    """The same people, by id; None where nobody did both."""
    pairs = [(good, before.by[who]) for who, good in now.by.items() if who is not None and who in before.by]
    if not pairs:
        return None
    both, first, second, neither = (pairs.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False)))
    ends = exact.newcombe_paired(both, first, second, neither, level)
    return Gap((first - second) / len(pairs), *ends, len(pairs), exact.mcnemar(first, second) if first + second else None)


def hardest(x: Array, n: Array, draws: int, rng: np.random.Generator) -> Array:
    """The probability of each task that its true completion is the lowest (Jeffreys' posterior, tasks independent)."""
    drawn = rng.beta(x + 0.5, n - x + 0.5, size=(draws, len(x)))
    chances: Array = np.bincount(drawn.argmin(axis=1), minlength=len(x)) / draws
    return chances
