"""300 to 1,500 independent requests with lognormal times, few of which fail, and as many of the run before."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

Z = {"p50": 0.0, "p95": 1.6448536, "p99": 2.3263479}


def world(rng: np.random.Generator) -> World:
    tables, truth = {}, {}
    for role in ("previous", "requests"):
        n, middle, spread, fails = int(rng.integers(300, 1501)), rng.uniform(100, 300), rng.uniform(0.3, 0.8), rng.uniform(0.005, 0.05)
        times = middle * np.exp(spread * rng.normal(size=n))
        tables[role] = Frame({"label": np.array(["GET /books"] * n, dtype=object), "elapsed_ms": times, "success": (rng.random(n) >= fails).astype(np.float64)}, "world")
        at = {name: float(middle * np.exp(spread * z)) for name, z in Z.items()}
        truth["p95_to_previous"] = at["p95"] / truth.get("p95", 1.0)
        truth |= at | {"failure": float(fails)}
    return World(tables, truth, {"draws": 1000})
