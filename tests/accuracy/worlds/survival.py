"""Two plans with constant rates of leaving, an age that raises it, and observation that ends at random."""

import math

import numpy as np
from scipy.optimize import brentq

from stageway.evidence import Frame
from tests.accuracy.world import World

RATE, RATIO, AGE, HORIZON = 1 / 150, 0.6, 0.02, 200.0
AGES = np.arange(20, 61, 5)


def left(t, factor=1.0):
    """Share still there at t of people whose ages are spread evenly."""
    return float(np.mean(np.exp(-RATE * factor * np.exp(AGE * (AGES - 40)) * t)))


def area(factor):
    rates = RATE * factor * np.exp(AGE * (AGES - 40))
    return float(np.mean((1 - np.exp(-rates * HORIZON)) / rates))


MEDIAN = brentq(lambda t: (left(t) + left(t, RATIO)) / 2 - 0.5, 1, 1000)
TRUTH = {
    "survival[50]": (left(50) + left(50, RATIO)) / 2,
    "survival[150]": (left(150) + left(150, RATIO)) / 2,
    "median": MEDIAN,
    "rmst": (area(1) + area(RATIO)) / 2,
    "rmst_difference": area(RATIO) - area(1),
    "hazard_ratio[b]": RATIO,
    "hazard_ratio[age]": math.exp(AGE),
}


def world(rng: np.random.Generator) -> World:
    n = 200
    group, age = rng.random(n) < 0.5, rng.choice(AGES, n)
    lasts = rng.exponential(1 / (RATE * np.where(group, RATIO, 1.0) * np.exp(AGE * (age - 40))))
    seen = np.minimum(rng.uniform(100, 500, n), 400)
    seen[:2], group[:2], lasts[:2] = 400, [True, False], np.maximum(lasts[:2], 0)
    columns = {"duration": np.minimum(lasts, seen), "event": (lasts <= seen).astype(float), "group": np.where(group, "b", "a").astype(object), "age": age}
    robust = "robust" if rng.random() < 0.5 else "model"
    return World({"lives": Frame(columns, "lives.csv")}, TRUTH, {"at": "50,150", "horizon": HORIZON, "covariates": "age", "errors": robust})
