"""Eighty people choose eight times from two phones and none, by one set of worths."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

SIZES, PRICES = ("s", "m", "l"), (10.0, 20.0, 30.0, 40.0)
SIZE, BRAND, SLOPE, NONE = np.array([-0.5, 0.1, 0.4]), np.array([-0.3, 0.3]), -0.05, -0.6


def world(rng: np.random.Generator) -> World:
    people, tasks = 80, 8
    shape = (people * tasks, 2)
    size, brand, price = rng.integers(3, size=shape), rng.integers(2, size=shape), rng.integers(4, size=shape)
    money = np.array(PRICES)[price]
    worths = np.column_stack([SIZE[size] + BRAND[brand] + SLOPE * (money - 25), np.full(len(size), NONE)])
    chosen = (worths + rng.gumbel(size=worths.shape)).argmax(axis=1)
    rows: dict[str, list[object]] = {name: [] for name in ("respondent", "task", "alternative", "size", "brand", "price", "chosen")}
    for i in range(len(size)):
        cells = [[*(names[k] for k in found[i]), None] for names, found in ((SIZES, size), ("AB", brand), (PRICES, price))]
        for column, values in zip(rows, ([i // tasks] * 3, [i % tasks] * 3, ["x", "y", "none"], *cells, [int(k == chosen[i]) for k in range(3)]), strict=True):
            rows[column] += values
    ranges = {"size": float(np.ptp(SIZE)), "brand": float(np.ptp(BRAND)), "price": -SLOPE * 30}
    one, two = SIZE[2] + BRAND[1] + SLOPE * 5, SIZE[1] + BRAND[0] + SLOPE * -5
    raised = np.exp([one, two, NONE])
    truth = {f"part_worth[size={name}]": float(SIZE[k]) for k, name in enumerate(SIZES)} | {f"importance[{a}]": r / sum(ranges.values()) for a, r in ranges.items()}
    truth |= {"part_worth[brand=B]": 0.3, "slope[price]": SLOPE, "wtp[brand=B]": 0.6 / -SLOPE, "wtp[size=m]": float(SIZE[1] - SIZE[0]) / -SLOPE}
    truth |= {f"share[{name}]": float(raised[k] / raised.sum()) for k, name in enumerate(("ours", "theirs", "none"))}
    offers = [{"alternative": "ours", "size": "l", "brand": "B", "price": 30}, {"alternative": "theirs", "size": "m", "brand": "A", "price": 20}]
    return World({"answers": Frame(rows, "world"), "scenarios": Frame.of(offers, "world")}, truth, {"draws": 1000, "reference": "size=s"})
