"""Six items whose reach, impact, confidence and effort (or value, urgency, risk and size) lie somewhere in their ranges: each interval is a prediction of the score."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

FACTORS = {"rice": {"reach": 2000, "impact": 1.5, "confidence": 0.6, "effort": 6}, "wsjf": {"value": 8, "time_criticality": 5, "risk": 3, "size": 6}}


def world(rng: np.random.Generator) -> World:
    scheme = str(rng.choice(["rice", "wsjf"]))
    pert = bool(rng.random() < 0.5)
    rows, truth = [], {}
    for k in range(6):
        row, true = {"feature": f"f{k}"}, {}
        for name, usual in FACTORS[scheme].items():
            low, base, high = np.sort(usual * rng.uniform(0.5, 1.5, 3)).tolist()
            row |= {f"{name}_low": low, name: base, f"{name}_high": high}
            mode = (base - low) / (high - low)
            true[name] = low + (high - low) * rng.beta(1 + 4 * mode, 5 - 4 * mode) if pert else rng.triangular(low, base, high)
        rows.append(row)
        product = true["reach"] * true["impact"] * true["confidence"] / true["effort"] if scheme == "rice" else (
            true["value"] + true["time_criticality"] + true["risk"]) / true["size"]
        truth[f"score[f{k}]"] = product
    return World({"candidates": Frame.of(rows, "world"), "kano": None}, truth, {"scheme": scheme, "distribution": "pert" if pert else "triangular", "draws": 2000})
