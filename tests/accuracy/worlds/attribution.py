"""Journeys on ten paths in known numbers, each path with its own value; the truth are the model's credits of the expected journeys (each model in turn)."""

import numpy as np

from stageway.arithmetic import credit, journeys
from stageway.arithmetic.crediting import MODELS, credited
from stageway.evidence import Frame
from tests.accuracy.world import World

PATHS = ("search", "social > search", "search > mail", "social > mail > search", "mail > direct", "direct", "unknown", "social > search > mail > search", "social", "search > direct")
SPEND = {"search": 900.0, "social": 700.0, "mail": 120.0}


def table(conversions: np.ndarray, nulls: np.ndarray, value: np.ndarray) -> Frame:
    return Frame({"path": np.array(PATHS, dtype=object), "total_conversions": conversions, "total_conversion_value": conversions * value, "total_null": nulls}, "world")


def world(rng: np.random.Generator) -> World:
    expected, nulls, value = rng.uniform(5, 40, len(PATHS)), rng.uniform(20, 300, len(PATHS)), rng.uniform(20, 120, len(PATHS))
    j = journeys.read(table(expected, nulls, value), unknown="unknown", lookback_d=30, session_min=30)
    direct = np.array([name == "direct" for name in j.channels])
    rules = credit.all_rules(j.codes, j.lengths, j.ages, direct, ends=0.4, half_life_d=7, half_life_touches=1)
    true, model, total = credited(j, rules, order=1, draws=1, rng=rng), str(rng.choice(MODELS)), float(expected.sum())
    truth = {"cac_blended": sum(SPEND.values()) / total, "known_source": 1 - float(expected[PATHS.index("unknown")]) / total}
    for c, name in enumerate(j.channels):
        mine = float(true.conversions[model][c])
        truth |= {f"share[{name}]": mine / total, f"conversions[{name}]": mine} if mine > 0 else {}
        if name in SPEND:
            truth |= {f"cac[{name}]": SPEND[name] / mine, f"roas[{name}]": float(true.values[model][c]) / SPEND[name]}
    seen = table(rng.poisson(expected).astype(np.float64), rng.poisson(nulls).astype(np.float64), value)
    spend = Frame.of([{"channel": name, "cost": cost} for name, cost in SPEND.items()], "world")
    return World({"paths": seen, "spend": spend}, truth, {"model": model})
