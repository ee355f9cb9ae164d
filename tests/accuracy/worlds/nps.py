"""40 to 200 people of two segments rate from 0 to 10 by known chances, and as many others did the wave before."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

USUAL = np.array([1, 1, 1, 2, 2, 5, 6, 12, 18, 22, 30]) / 100
SEGMENTS = ("commuters", "students")


def world(rng: np.random.Generator) -> World:
    tables, truth, net = {}, {}, {}
    for role in ("against", "answers"):
        n, chances = int(rng.integers(40, 201)), rng.dirichlet(12 * USUAL, 2)
        kind = rng.integers(2, size=n)
        score = np.where(kind == 0, rng.choice(11, n, p=chances[0]), rng.choice(11, n, p=chances[1]))
        tables[role] = Frame({"score": score.astype(np.float64), "segment": np.array(SEGMENTS, dtype=object)[kind]}, "world")
        p = chances.mean(axis=0)
        net[role] = 100 * float(p[9:].sum() - p[:7].sum())
        truth |= {"promoters": float(p[9:].sum()), "passives": float(p[7:9].sum()), "detractors": float(p[:7].sum()), "nps": net[role]}
        truth |= {f"nps[{name}]": 100 * float(c[9:].sum() - c[:7].sum()) for name, c in zip(SEGMENTS, chances, strict=True)}
    return World(tables, truth | {"difference": net["answers"] - net["against"]})
