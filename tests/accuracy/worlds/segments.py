"""Three kinds of people in known shares, by four numbers; or two latent classes of known size behind six yes/no answers."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

SHARES = (0.5, 0.3, 0.2)
CENTRES = np.array([[4.0, 0, 0, 2], [0, 4.0, 2, 0], [0, 0, 4.0, -4.0]])


def world(rng: np.random.Generator) -> World:
    if rng.random() < 0.5:
        kinds = rng.choice(3, size=160, p=SHARES)
        points = CENTRES[kinds] + rng.normal(size=(160, 4))
        rows = [{"respondent": f"p{i}", **{f"x{j}": float(v) for j, v in enumerate(row)}} for i, row in enumerate(points)]
        return World({"people": Frame.of(rows)}, {f"share[{key}]": share for key, share in zip("ABC", SHARES, strict=True)}, {"segments": 3, "draws": 60, "least": 20})
    yes = np.where(rng.random(300)[:, None] < 0.65, [0.9, 0.85, 0.8, 0.9, 0.15, 0.8], [0.2, 0.15, 0.2, 0.1, 0.8, 0.25])
    answers = rng.random((300, 6)) < yes
    rows = [{"respondent": f"p{i}", **{f"q{j}": "yes" if v else "no" for j, v in enumerate(row)}} for i, row in enumerate(answers)]
    return World({"people": Frame.of(rows)}, {"share[A]": 0.65, "share[B]": 0.35}, {"segments": 2, "draws": 60})
