"""Seventy people answer the pair of questions on four features by known chances; one in ten answers at random, and so several times."""

import numpy as np

from stageway.arithmetic.kano_votes import PRESENT, TABLES
from stageway.evidence import Frame
from tests.accuracy.world import World

PEOPLE, FEATURES, CARELESS = 70, 4, 0.1
LETTERS = np.array([list(row) for row in TABLES["berger"]]).ravel()
USUAL = np.outer([0.35, 0.25, 0.25, 0.1, 0.05], [0.05, 0.1, 0.25, 0.25, 0.35]).ravel()


def world(rng: np.random.Generator) -> World:
    own = rng.dirichlet(10 * USUAL, FEATURES)
    careless = rng.random(PEOPLE) < CARELESS
    rows: dict[str, list[object]] = {name: [] for name in ("respondent", "feature", "functional", "dysfunctional", "importance")}
    truth: dict[str, float] = {}
    for f in range(FEATURES):
        cells = np.where(careless, rng.integers(25, size=PEOPLE), rng.choice(25, PEOPLE, p=own[f]))
        weight = rng.uniform(0.3, 0.9)
        for column, values in zip(rows, (range(PEOPLE), [f"f{f}"] * PEOPLE, cells // 5 + 1, cells % 5 + 1, 1 + rng.binomial(8, weight, PEOPLE)), strict=True):
            rows[column] += list(values)
        p = (1 - CARELESS) * own[f] + CARELESS / 25
        share = {letter: float(p[letter == LETTERS].sum()) for letter in "MOAIRQ"}
        base = sum(share[letter] for letter in "MOAI")
        truth |= {f"better[f{f}]": (share["A"] + share["O"]) / base, f"worse[f{f}]": -(share["M"] + share["O"]) / base, f"importance[f{f}]": 1 + 8 * weight,
                  f"satisfaction[f{f}]": float(p.reshape(5, 5).sum(axis=1) @ PRESENT)}
        for name, letter in (("questionable", "Q"), ("reverse", "R")):
            truth[name] = truth.get(name, 0.0) + share[letter] / FEATURES
    return World({"answers": Frame(rows, "world")}, truth, {"draws": 200})
