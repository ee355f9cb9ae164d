"""Two arms of 80 to 400 people measured as a share (also a small one), a skewed mean, a mean with values from before, or a ratio; or three arms with a share."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World


def world(rng: np.random.Generator) -> World:
    n, kind = int(rng.integers(80, 401)), str(rng.choice(["share", "small", "mean", "before", "ratio", "three"]))
    arms = "ABC" if kind == "three" else "AB"
    arm = np.repeat(np.arange(len(arms)), n)
    names = np.array(list(arms), dtype=object)[arm]
    columns: dict[str, np.ndarray] = {"unit": np.array([f"u{i:04d}" for i in range(arm.size)], dtype=object), "arm": names}
    if kind in ("share", "small", "three"):
        true = rng.uniform(0.02, 0.08, 2) if kind == "small" else rng.uniform(0.2, 0.45, len(arms))
        columns["value"] = (rng.random(arm.size) < true[arm]).astype(np.float64)
    elif kind == "ratio":
        true, visits = rng.uniform(1.0, 2.0, 2), 1.0 + rng.poisson(3, arm.size)
        columns |= {"denominator": visits, "value": rng.poisson(visits * rng.gamma(4, 0.25, arm.size) * true[arm]).astype(np.float64)}
    else:
        true, habit = rng.uniform(8, 12, 2), rng.gamma(2, 0.5, arm.size)
        columns["value"] = true[arm] * habit * rng.gamma(4, 0.25, arm.size)
        columns |= {"pre": 10 * habit * rng.gamma(4, 0.25, arm.size)} if kind == "before" else {}
    truth = {f"mean[{name}]": float(true[k]) for k, name in enumerate(arms)}
    seen = [float(columns["value"][arm == k].mean()) for k in range(len(arms))]
    best = 1 + max(range(len(arms) - 1), key=lambda k: (seen[k + 1], k))
    truth["difference"] = float(true[best] - true[0])
    truth |= {"relative": float(true[best] / true[0] - 1)} if kind != "small" else {}
    truth |= {f"difference_arm[{name}]": float(true[k] - true[0]) for k, name in enumerate(arms) if k} if kind == "three" else {}
    return World({"rows": Frame(columns, "world")}, truth)
