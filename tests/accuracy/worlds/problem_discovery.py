"""8 to 20 people meet 30 problems of unequal chance; two or three raters who err grade their severity."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

PROBLEMS = 30
SEVERITY = np.array([0.1, 0.2, 0.3, 0.25, 0.15])


def confusion(blur: float) -> np.ndarray:
    """Chances of each grade for each true severity."""
    steps = np.abs(np.arange(5)[:, None] - np.arange(5))
    made = blur**steps
    return made / made.sum(axis=1, keepdims=True)


def agreement(joint: np.ndarray, *, alpha: bool) -> float:
    """Krippendorff's ordinal alpha, or linearly weighted kappa, of the chances of two grades."""
    margin = joint.sum(axis=1)
    reach = np.cumsum(margin) - margin / 2 if alpha else np.arange(5.0)
    far = np.abs(reach[:, None] - reach) ** (2 if alpha else 1)
    return float(1 - (joint * far).sum() / (np.outer(margin, margin) * far).sum())


def world(rng: np.random.Generator) -> World:
    n, raters = int(rng.integers(8, 21)), int(rng.integers(2, 4))
    chance = np.concatenate([rng.uniform(0.45, 0.9, 8), rng.beta(1.2, 5, PROBLEMS - 8)])
    met = rng.random((n, PROBLEMS)) < chance
    rows = [{"respondent": f"p{i}", "problem": f"U{j}", "found": int(met[i, j])} for i in range(n) for j in range(PROBLEMS)]
    grades = confusion(rng.uniform(0.1, 0.5))
    severity = rng.choice(5, PROBLEMS, p=SEVERITY)
    given = [{"rater": f"r{k}", "problem": f"U{j}", "severity": int(rng.choice(5, p=grades[severity[j]]))} for k in range(raters) for j in range(PROBLEMS)]
    truth = {f"found[U{j}]": float(chance[j]) for j in range(8) if met[:, j].any()}
    truth |= {"unfound": float((~met.any(axis=0)).sum()), "added": float((chance * (1 - chance) ** (n - 1)).sum()),
              "agreement": agreement(np.einsum("s,sa,sb->ab", SEVERITY, grades, grades), alpha=raters > 2)}
    return World({"found": Frame.of(rows, "world"), "ratings": Frame.of(given, "world")}, truth, {"draws": 300})
