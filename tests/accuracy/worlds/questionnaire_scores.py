"""10 to 40 people answer UMUX-Lite, SEQ and NASA-TLX with weights after two tasks; a person who finds one easy tends to find the other easy."""

import numpy as np

from stageway.arithmetic.short_scales import LOADS, UMUX, WEIGHTS
from stageway.evidence import Frame
from tests.accuracy.world import World

TASKS = ("T1", "T2")


def world(rng: np.random.Generator) -> World:
    from scipy.special import betaincinv

    n = int(rng.integers(10, 41))
    liking = rng.random((n, 1))
    columns: dict[str, list[object]] = {name: [] for name in ("respondent", "task", *UMUX, "seq", *LOADS, *WEIGHTS)}
    weights = np.array([rng.permutation(6) for _ in range(n)])
    ease, load = rng.uniform(0.4, 0.85, 2), rng.uniform(0.2, 0.7, (2, 6))
    for k, task in enumerate(TASKS):
        steps = 1 + rng.binomial(6, betaincinv(6 * ease[k], 6 * (1 - ease[k]), liking), (n, 3))
        ratings = 5 * rng.binomial(20, betaincinv(6 * load[k], 6 * (1 - load[k]), 1 - liking))
        for column, values in zip(columns, ([f"p{i}" for i in range(n)], [task] * n, *steps.T.astype(float), *ratings.T.astype(float), *weights.T.astype(float)), strict=True):
            columns[column] += list(values)
    truth = {f"load[{name}]": 100 * float(load[:, j].mean()) for j, name in enumerate(LOADS)} | {"sus_equivalent": 65 * float(ease.mean()) + 22.9}
    for keys, e, heavy in (("", ease.mean(), load.mean()), *((f"[{task}]", ease[k], load[k].mean()) for k, task in enumerate(TASKS))):
        truth |= {f"umux_lite{keys}": 100 * float(e), f"seq{keys}": 1 + 6 * float(e), f"tlx{keys}": 100 * float(heavy), f"tlx_weighted{keys}": 100 * float(heavy)}
    return World({"answers": Frame(columns, "world")}, truth, {"draws": 500})
