"""60 to 200 people, two of three in the target segment, tick five attributes for us and three alternatives; some people tick more than others."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

BRANDS, ATTRIBUTES, ALIKE, TARGET = 4, 5, 0.2, 2 / 3
CLAIMS = {"a0": 0.8, "a1": 0.6, "a2": 0.4}
WEIGHTS = np.array([5, 4, 3, 2, 1]) / 15


def world(rng: np.random.Generator) -> World:
    from scipy.special import ndtr
    from scipy.stats import kendalltau

    n = int(rng.integers(60, 201))
    height = rng.normal(-0.2, 0.6, (BRANDS, ATTRIBUTES))
    lift = np.zeros((2, BRANDS, ATTRIBUTES))
    lift[1, 0] = 0.4
    target = (rng.random(n) < TARGET).astype(int)
    seen = ALIKE**0.5 * rng.normal(size=(n, 1, 1)) + (1 - ALIKE) ** 0.5 * rng.normal(size=(n, BRANDS, ATTRIBUTES))
    ticked = seen < (height + lift)[target]
    person, brand, attribute = (a.ravel() for a in np.indices(ticked.shape))
    names = np.array(["us", "b1", "b2", "b3"], dtype=object)
    table = Frame({"respondent": np.array([f"p{i:03d}" for i in range(n)], dtype=object)[person], "brand": names[brand],
                   "attribute": np.array([f"a{j}" for j in range(ATTRIBUTES)], dtype=object)[attribute], "value": ticked.ravel().astype(np.float64),
                   "target": target[person].astype(np.float64)}, "world")
    own = ndtr(height[0] + lift[1, 0])
    p = (1 - TARGET) * ndtr(height) + TARGET * ndtr(height + lift[1])
    middle = p.mean(axis=0)
    aims = np.array([CLAIMS.get(f"a{j}", 0.0) for j in range(ATTRIBUTES)])
    claimed = aims > 0
    truth = {f"hit[{name}]": float(own[j]) for j, name in enumerate(CLAIMS)}
    truth |= {"gap": float(np.sqrt(np.mean((own - aims)[claimed] ** 2))), "rank_agreement": float(kendalltau(aims, own)[0]),
              "distance": float(np.sqrt(((p[0] - p[1:]) ** 2 / (middle * (1 - middle))).sum(axis=1)).min()), "advantage": float(WEIGHTS @ (p[0] - p[1:].max(axis=0)))}
    intended = Frame.of([{"attribute": name, "share": share} for name, share in CLAIMS.items()], "world")
    weights = Frame.of([{"attribute": f"a{j}", "weight": float(w)} for j, w in enumerate(WEIGHTS)], "world")
    return World({"perceptions": table, "intended": intended, "weights": weights}, truth, {"draws": 500})
