"""12 to 40 people do three tasks, and the same or others did them on the version before; times are lognormal, errors differ from person to person."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

TASKS = ("T1", "T2", "T3")


def world(rng: np.random.Generator) -> World:
    from scipy.special import ndtri

    same = bool(rng.random() < 0.5)
    sizes = [int(rng.integers(12, 41)), int(rng.integers(12, 41))]
    sizes[1] = sizes[0] if same else sizes[1]
    chances, middle, errors = rng.uniform(0.4, 0.97, (2, 3)), rng.uniform(20, 90, 3), rng.uniform(0.2, 1.5, 3)
    skill = rng.normal(size=max(sizes))
    tables = {}
    for k, role in enumerate(("tasks", "against")):
        n = sizes[k]
        own = skill[:n] if same else rng.normal(size=n)
        done = 0.5**0.5 * own[:, None] + 0.5**0.5 * rng.normal(size=(n, 3)) < ndtri(chances[k])
        seconds = middle * np.exp(0.5 * rng.normal(size=(n, 3)))
        slips = rng.poisson(errors * rng.gamma(2, 0.5, (n, 1)))
        who = np.array([f"{'p' if same else role}{i}" for i in range(n)], dtype=object)
        tables[role] = Frame({"respondent": np.repeat(who, 3), "task": np.tile(np.array(TASKS, dtype=object), n), "success": done.ravel().astype(np.float64),
                              "time_s": seconds.ravel(), "errors": slips.ravel().astype(np.float64)}, "world")
    truth = {f"{name}[{task}]": float(values[j]) for name, values in (("completion", chances[0]), ("difference", chances[0] - chances[1]), ("time_s", middle), ("errors", errors))
             for j, task in enumerate(TASKS)}
    return World(tables, truth, {"same_people": same, "draws": 200})
