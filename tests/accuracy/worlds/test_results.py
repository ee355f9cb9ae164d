"""60 to 400 cases that pass with a known chance, some of them on a rerun only; those that fail were tried twice."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World


def world(rng: np.random.Generator) -> World:
    n, fails, flaky, skipped = int(rng.integers(60, 401)), rng.uniform(0.02, 0.2), rng.uniform(0.01, 0.1), 0.05
    outcome = rng.choice(["skipped", "failed", "flaky", "passed"], n, p=[skipped, fails, flaky, 1 - skipped - fails - flaky])
    table = Frame({"name": np.array([f"test_{i:03d}" for i in range(n)], dtype=object), "status": np.where(outcome == "flaky", "passed", outcome).astype(object),
                   "flaky": (outcome == "flaky").astype(np.float64), "attempts": np.where(np.isin(outcome, ("failed", "flaky")), 2.0, 1.0)}, "world")
    of = str(rng.choice(["cases", "executed"]))
    truth = {"pass_rate": 1 - fails / (1 - skipped), "flaky": flaky / (1 if of == "cases" else 1 - skipped)}
    return World({"tests": table, "previous": None}, truth, {"flaky_of": of})
