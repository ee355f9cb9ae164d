"""80 to 300 people, of whom too many are women, with a single choice, a multi-select and a rating; weighted to the population in half of the worlds."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

WOMEN, ASKED = 0.5, 0.62
SEGMENTS, PLACES = ("commuters", "others"), ("friends", "store", "video")


def association(joint: np.ndarray) -> float:
    """Cramér's V of a table of chances."""
    expected = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    return float((((joint - expected) ** 2 / expected).sum() / (min(joint.shape) - 1)) ** 0.5)


def world(rng: np.random.Generator) -> World:
    n, weighted = int(rng.integers(80, 301)), rng.random() < 0.5
    present = ASKED if weighted else WOMEN
    woman, segment = (rng.random(n) < present).astype(int), rng.integers(2, size=n)
    plan, tick, level = rng.dirichlet([4, 3, 2], (2, 2)), rng.uniform(0.15, 0.7, (2, 2, 3)), rng.uniform(0.3, 0.8, (2, 2))
    one = [str(rng.choice(["a", "b", "c"], p=plan[w, s])) for w, s in zip(woman, segment, strict=True)]
    ticked = rng.random((n, 3)) < tick[woman, segment]
    rating = 1 + rng.binomial(4, level[woman, segment])
    table = Frame({"respondent": [f"p{i}" for i in range(n)], "segment": [SEGMENTS[s] for s in segment], "sex": ["mf"[w] for w in woman], "plan": one,
                   "heard": [[name for name, yes in zip(PLACES, row, strict=True) if yes] for row in ticked.tolist()], "rating": rating.astype(np.float64)}, "world")
    cells = np.array([[1 - WOMEN], [WOMEN]]) * np.full((2, 2), 0.5)
    mean = lambda each: np.tensordot(cells, each, axes=([0, 1], [0, 1]))  # noqa: E731
    truth = {f"share[plan:{a}]": float(v) for a, v in zip("abc", mean(plan), strict=True)} | {"mean[rating]": 1 + 4 * float(mean(level))}
    truth |= {f"share[heard:{a}]": float(v) for a, v in zip(PLACES, mean(tick), strict=True)}
    joint = np.einsum("ws,wsk->sk", cells, plan)
    chosen = np.einsum("ws,wsk->sk", cells, tick)
    truth["cramers_v[plan]"] = association(joint)
    truth |= {f"cramers_v[heard:{a}]": association(np.column_stack([chosen[:, k], 0.5 - chosen[:, k]])) for k, a in enumerate(PLACES)}
    margins = Frame.of([{"variable": "sex", "category": "f", "share": WOMEN}, {"variable": "sex", "category": "m", "share": 1 - WOMEN}], "world")
    return World({"answers": table, "margins": margins if weighted else None}, truth, {"draws": 400, "base": "asked", "questions": "plan, heard, rating"})
