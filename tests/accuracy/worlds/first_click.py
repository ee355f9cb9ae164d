"""20 to 60 people try three tasks; some people are better at all of them, both in finding the first click and in finishing."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

TASKS, ABLE = ("T1", "T2", "T3"), 0.25


def world(rng: np.random.Generator) -> World:
    from scipy.special import ndtri
    from scipy.stats import multivariate_normal

    n = int(rng.integers(20, 61))
    right, good, bad = rng.uniform(0.45, 0.95, 3), rng.uniform(0.75, 0.92), rng.uniform(0.3, 0.6)
    cut, ends = ndtri(right), ndtri(np.array([bad, good]))
    able = ABLE**0.5 * rng.normal(size=(n, 1))
    hit, done = (able + (1 - ABLE) ** 0.5 * rng.normal(size=(n, 3)) for _ in range(2))
    correct = hit < cut
    success = done < ends[correct.astype(int)]
    middle = rng.uniform(2, 8, 3)
    seconds = middle * np.exp(0.5 * rng.normal(size=(n, 3)))
    table = Frame({"respondent": np.repeat([f"p{i}" for i in range(n)], 3).astype(object), "task": np.tile(np.array(TASKS, dtype=object), n),
                   "correct": correct.ravel().astype(np.float64), "time_s": seconds.ravel(), "success": success.ravel().astype(np.float64)}, "world")
    both = multivariate_normal(cov=[[1, ABLE], [ABLE, 1]])
    after_right = float(sum(both.cdf([c, ends[1]]) for c in cut) / right.sum())
    after_wrong = float(sum(bad - both.cdf([c, ends[0]]) for c in cut) / (3 - right.sum()))
    truth = {f"right[{task}]": float(right[j]) for j, task in enumerate(TASKS)} | {f"time_s[{task}]": float(middle[j]) for j, task in enumerate(TASKS)}
    truth |= {"success_after_right": after_right, "success_after_wrong": after_wrong, "difference": after_right - after_wrong}
    return World({"clicks": table}, truth, {"draws": 200})
