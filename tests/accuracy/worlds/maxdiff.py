"""Seventy people, five items, six random tasks of three; best, then worst of the rest, by one set of utilities."""

from itertools import combinations

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

WORTHS = np.array([0.8, 0.3, 0.0, -0.3, -0.8])


def scores() -> np.ndarray:
    """(best − worst) / shown of each item, over all tasks of three."""
    net, shown = np.zeros(5), np.zeros(5)
    for task in combinations(range(5), 3):
        best = np.exp(WORTHS[list(task)]) / np.exp(WORTHS[list(task)]).sum()
        for b, p in zip(task, best, strict=True):
            rest = [i for i in task if i != b]
            worst = np.exp(-WORTHS[rest]) / np.exp(-WORTHS[rest]).sum()
            net[b] += p
            net[rest] -= p * worst
        shown[list(task)] += 1
    return net / shown


def world(rng: np.random.Generator) -> World:
    rows: dict[str, list[object]] = {name: [] for name in ("respondent", "task", "item", "best", "worst")}
    for person in range(70):
        for task in range(6):
            seen = rng.permutation(5)[:3]
            best = seen[(WORTHS[seen] + rng.gumbel(size=3)).argmax()]
            rest = seen[seen != best]
            worst = rest[(-WORTHS[rest] + rng.gumbel(size=2)).argmax()]
            for column, values in zip(rows, ([person] * 3, [task] * 3, [f"i{i}" for i in seen], (seen == best).tolist(), (seen == worst).tolist()), strict=True):
                rows[column] += values
    share = np.exp(WORTHS) / np.exp(WORTHS).sum()
    truth = {f"{name}[i{k}]": float(values[k]) for name, values in (("utility", WORTHS), ("share", share), ("best_worst", scores())) for k in range(5)}
    return World({"answers": Frame(rows, "world")}, truth, {"draws": 1000})
