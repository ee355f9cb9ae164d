"""Answers of two segments, and a subscription of which fewer and fewer are lost."""

import numpy as np

from stageway.arithmetic.intervals import wilson
from stageway.arithmetic.renewals import survival
from stageway.evidence import Frame
from tests.accuracy.world import World

SHARES = {"commuters": (0.55, 0.25, 0.2), "students": (0.3, 0.4, 0.3)}
PEOPLE, MEMBERS, PERIODS = 90, 1500, 8
ALPHA, BETA = 0.7, 2.5


def world(rng: np.random.Generator) -> World:
    kinds = np.array(["very", "somewhat", "not"], dtype=object)
    rows = [{"answer": kind, "segment": name, "active": True} for name, p in SHARES.items() for kind in rng.choice(kinds, PEOPLE, p=p)]
    left = survival(np.array([ALPHA, BETA]), 2 * PERIODS + 1)
    lost = -np.diff(left[: PERIODS + 1])
    counts = rng.multinomial(MEMBERS, [*lost, left[PERIODS]])
    alive = MEMBERS - np.concatenate([[0], np.cumsum(counts[:-1])])
    curve = [{"day": 30 * t, "retained": k / MEMBERS, "n": MEMBERS, **dict(zip(("low", "high"), wilson(k, MEMBERS), strict=True))} for t, k in enumerate(alive.tolist())]
    truth = {"share": float(np.mean([p[0] for p in SHARES.values()])), "share[commuters]": 0.55, "share[students]": 0.3, "somewhat": 0.325,
             "plateau": float(left[PERIODS]), "change": float(left[PERIODS] - left[PERIODS - 2]), "projected": float(left[2 * PERIODS + 1])}
    return World({"answers": Frame.of(rows, "world"), "retention": Frame.of(curve, "curve")}, truth, {"curve": "survival"})
