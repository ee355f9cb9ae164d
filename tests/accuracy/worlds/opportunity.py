"""40 to 160 people rate five outcomes for importance and satisfaction; who finds one outcome important tends to find the others important too."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

OUTCOMES, ALIKE = 5, 0.3


def world(rng: np.random.Generator) -> World:
    from scipy.special import ndtri

    n = int(rng.integers(40, 161))
    shares = np.array([rng.uniform(0.3, 0.95, OUTCOMES), rng.uniform(0.2, 0.9, OUTCOMES)])
    seen = ALIKE**0.5 * rng.normal(size=(2, n, 1)) + (1 - ALIKE) ** 0.5 * rng.normal(size=(2, n, OUTCOMES))
    high = seen < ndtri(shares)[:, None]
    ratings = np.where(high, rng.integers(4, 6, high.shape), rng.integers(1, 4, high.shape)).astype(np.float64)
    table = Frame({"respondent": np.repeat(np.arange(n), OUTCOMES).astype(str).astype(object), "outcome": np.tile([f"o{k}" for k in range(OUTCOMES)], n).astype(object),
                   "importance": ratings[0].ravel(), "satisfaction": ratings[1].ravel()}, "world")
    importance, satisfaction = 10 * shares
    each = {"importance": importance, "satisfaction": satisfaction, "score": importance + np.maximum(importance - satisfaction, 0)}
    return World({"answers": table}, {f"{name}[o{k}]": float(values[k]) for name, values in each.items() for k in range(OUTCOMES)}, {"draws": 1000})
