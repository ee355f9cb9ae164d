"""60 to 150 people name four prices, whole or in steps of five, one in ten in contradiction; sixty others say yes or no to five prices."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

CHANCES = np.array([0.0, 0.1, 0.3, 0.5, 0.7])
STEPS = (10.0, 15.0, 20.0, 25.0, 30.0)
CONTRADICT = 0.04


def discrete(rng: np.random.Generator, mean: float, most: int) -> np.ndarray:
    """Chances of 0, 1, …, most: a gamma law cut into whole numbers, nothing at 0."""
    x, shape = np.arange(most + 1.0), rng.uniform(2.5, 6)
    made = np.where(x > 0, np.maximum(x, 1e-9) ** (shape - 1) * np.exp(-shape * x / mean), 0)
    return made / made.sum()


def spread(law: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of lines that run from 0 to 1 (and from 1 to 0) over a gap of random width: their mean height at each distance from the gap's beginning."""
    at, width = np.arange(law.size)[:, None], np.maximum(np.arange(law.size), 1)[None, :]
    return np.where((at > 0) & (at <= width), at / width, 0) @ law, np.where((at > 0) & (at < width), 1 - at / width, 0) @ law


def first(rising: np.ndarray, falling: np.ndarray) -> int:
    return int(np.argmax(rising >= falling - 1e-12))


def summed(*laws: np.ndarray) -> np.ndarray:
    made = np.ones(1)
    for law in laws:
        made = np.convolve(made, law)
    return made


def crossings(laws: list[np.ndarray], intents: np.ndarray) -> dict[str, int]:
    """The six prices in the population, in steps of the named prices."""
    size = sum(law.size for law in laws)
    below = [np.cumsum(np.pad(summed(*laws[: k + 1]), (0, size))[:size]) for k in range(4)]
    (up_a, _), (up_b, down_b), (_, down_c) = (spread(law) for law in laws[1:])
    parts = ((laws[0], up_a), (laws[0], laws[1], down_b)), ((laws[0], laws[1], up_b), (laws[0], laws[1], laws[2], down_c))
    trial = sum(m * np.pad(summed(*part), (0, size))[:size] for m, both in zip(intents @ CHANCES, parts, strict=True) for part in both)
    return {"acceptable_low": first(below[1], 1 - below[0]), "acceptable_high": first(below[3], 1 - below[2]), "indifference": first(below[2], 1 - below[1]),
            "optimal": first(below[3], 1 - below[0]), "trial_price": int(np.argmax(trial)), "revenue_price": int(np.argmax(trial * np.arange(size)))}


def world(rng: np.random.Generator) -> World:
    step, n = int(rng.choice([1, 5])), int(rng.integers(60, 151))
    laws = [discrete(rng, mean * rng.uniform(0.8, 1.2) / step, most // step) for mean, most in ((45, 120), (15, 45), (18, 60), (20, 60))]
    intents = rng.dirichlet(np.ones(5), 2)
    gaps = np.column_stack([rng.choice(law.size, n, p=law) for law in laws])
    gaps[:, 1:][rng.random((n, 3)) < CONTRADICT] = 0
    named = step * np.cumsum(gaps, axis=1)
    table = {name: named[:, k].astype(np.float64) for k, name in enumerate(("too_cheap", "cheap", "expensive", "too_expensive"))}
    table |= {name: (1 + rng.choice(5, n, p=intents[k])).astype(np.float64) for k, name in enumerate(("intent_cheap", "intent_expensive"))}
    truth = {name: float(step * at) for name, at in crossings(laws, intents).items()}
    truth["contradictory"] = 1 - (1 - CONTRADICT) ** 3
    middle, width = rng.uniform(15, 30), rng.uniform(2, 5)
    most = middle + width * rng.logistic(size=60)
    rows = [{"respondent": f"g{i}", "price": p, "buy": int(w > p)} for i, w in enumerate(most.tolist()) for p in STEPS]
    logit = rng.random() < 0.5
    at = np.unique(np.concatenate([STEPS, np.linspace(STEPS[0], STEPS[-1], 201)])) if logit else np.array(STEPS)
    truth["best_price"] = float(at[np.argmax(at / (1 + np.exp((at - middle) / width)))])
    truth |= {f"buys[{p:g}]": float(1 / (1 + np.exp((p - middle) / width))) for p in STEPS}
    return World({"prices": Frame(table, "world"), "offers": Frame.of(rows, "world")}, truth, {"draws": 600, "demand": "logit" if logit else "monotone"})
