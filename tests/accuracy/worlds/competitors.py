"""A matrix that is known, weights that were estimated from a sample, and a second checker who is wrong now and then."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World


def world(rng: np.random.Generator) -> World:
    features, rivals, right = 12, 3, 0.85
    cells = rng.choice([0, 1, 0.5], p=[0.45, 0.4, 0.15], size=(features, 1 + rivals))
    cells[0], cells[1] = 0, 1
    names = ["us", *(f"c{k}" for k in range(1, rivals + 1))]
    truth_weight = rng.uniform(2, 10, features)
    error = 0.12 * truth_weight
    seen = np.maximum(0.01, truth_weight + error * rng.standard_normal(features))
    half = 1.959964 * error
    rows = [{"feature": f"f{f}", "competitor": names[c], "has": float(cells[f, c]), "checked_at": "2026-04-02", "source": "trial"}
            for f in range(features) for c in range(1 + rivals)]
    weights = [{"feature": f"f{f}", "weight": float(seen[f]), "low": float(seen[f] - half[f]), "high": float(seen[f] + half[f])} for f in range(features)]
    covered = truth_weight @ cells / truth_weight.sum()
    guessed = seen @ cells / seen.sum()
    truth = {f"coverage[{name}]": float(value) for name, value in zip(names, covered, strict=True)}
    truth["lead"] = float(covered[0] - covered[1 + int(guessed[1:].argmax())])
    for c in range(1, 1 + rivals):  # forty more features, seen by two people, that do not count
        for k in range(20):
            both = rng.random() < right
            rows += [{"feature": f"x{k}", "competitor": names[c], "has": has, "checked_at": "2026-04-02", "source": "trial", "checker": who}
                     for who, has in (("a", 1), ("b", 1 if both else 0))]
    truth["agreement"] = right
    return World({"features": Frame.of(rows, "world"), "weights": Frame.of(weights, "world"), "competitors": None, "functions": None}, truth, {"draws": 800})
