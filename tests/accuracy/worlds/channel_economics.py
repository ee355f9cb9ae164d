"""Weeks of two channels whose customers grow as a power of spend, and customers with monthly margins."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

WEEKS, CUSTOMERS, MONTHS = 52, 150, 6
CHANNELS = {"search": (3000.0, 0.5, 0.6), "social": (5000.0, 0.02, 0.9)}
SHAPE, SCALE = 1.2, 10.0


def world(rng: np.random.Generator) -> World:
    start, rows, truth = np.datetime64("2026-01-05"), [], {}
    for name, (base, scale, power) in CHANNELS.items():
        spent = base * np.exp(rng.normal(0, 0.5, WEEKS))
        expected = scale * spent**power
        customers = rng.poisson(expected)
        rows += [{"channel": name, "period": str(start + 7 * i), "cost": float(x), "customers": int(k), "revenue": float(rng.gamma(4 * k, 25.0)) if k else 0.0}
                 for i, (x, k) in enumerate(zip(spent, customers, strict=True))]
        truth |= {f"elasticity[{name}]": power, f"cac[{name}]": float(spent.sum() / expected.sum()), f"roas[{name}]": 100 * float(expected.sum() / spent.sum()),
                  f"marginal_cac[{name}]": 1 / (scale * power * float(spent.mean()) ** (power - 1))}
        cost = truth[f"cac[{name}]"]
        truth[f"ltv_cac[{name}]"] = MONTHS * SHAPE * SCALE / cost
        if cost < 0.9 * MONTHS * SHAPE * SCALE:  # else it is not paid back within the months seen, and has no number
            truth[f"payback[{name}]"] = cost / (SHAPE * SCALE)
    margins = rng.gamma(SHAPE, SCALE, (CUSTOMERS, MONTHS))
    people = Frame({"customer": np.repeat(np.arange(CUSTOMERS), MONTHS).astype(str).astype(object), "month": np.tile(np.arange(float(MONTHS)), CUSTOMERS), "margin": margins.ravel()})
    return World({"spend": Frame.of(rows, "world"), "margins": people}, truth, {"draws": 400})
