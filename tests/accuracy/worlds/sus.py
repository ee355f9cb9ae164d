"""10 to 60 people fill in the ten items on this version, as many others on the version before; each likes it to a degree of their own."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World


def world(rng: np.random.Generator) -> World:
    from scipy.stats import betabinom

    tables, truth = {}, {}
    for role in ("against", "answers"):
        n, middle, strength = int(rng.integers(10, 61)), rng.uniform(0.5, 0.85), rng.uniform(5, 15)
        points = rng.binomial(4, rng.beta(middle * strength, (1 - middle) * strength, (n, 1)), (n, 10))
        answers = np.where(np.arange(10) % 2 == 0, points + 1, 5 - points).astype(np.float64)
        tables[role] = Frame({f"q{i + 1}": answers[:, i] for i in range(10)}, "world")
        truth["difference"] = 100 * middle - truth.get("score", 0.0)
        truth |= {"score": 100 * middle, "share_above_68": float(betabinom.sf(27, 40, middle * strength, (1 - middle) * strength))}
    return World(tables, truth, {"draws": 1000})
