"""Failures of a system: at a rate that falls or rises as a power of time, at a constant rate up to a failure, or of some sixty faults that are removed."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

REPAIR_H, FAULTS = 2.0, 60.0


def world(rng: np.random.Generator) -> World:
    kind = int(rng.integers(3))
    if kind == 0:
        total, expected, beta = 500.0, rng.uniform(15, 60), rng.uniform(0.5, 1.2)
        times = total * rng.random(max(5, rng.poisson(expected))) ** (1 / beta)
        truth = {"beta": beta, "mtbf_now": total / (expected * beta), "mtbf": total / expected, "availability": total / (total + expected * REPAIR_H)}
    elif kind == 1:
        mean = rng.uniform(5, 30)
        times, total = np.cumsum(rng.exponential(mean, int(rng.integers(12, 50)))), None
        truth = {"beta": 1.0, "mtbf_now": mean, "mtbf": mean, "availability": mean / (mean + REPAIR_H)}
    else:
        total, steep = 400.0, rng.uniform(1.5, 3)
        found = rng.poisson(FAULTS * -np.expm1(-steep))
        times = -total / steep * np.log1p(rng.random(found) * np.expm1(-steep))
        truth = {"remaining": FAULTS * float(np.exp(-steep)), "mtbf": total / (FAULTS * -float(np.expm1(-steep)))}
    table = Frame({"time_h": np.maximum(times, 1e-9), "repair_h": rng.exponential(REPAIR_H, times.size)}, "world")
    return World({"failures": table}, truth, {} if total is None else {"total_h": total})
