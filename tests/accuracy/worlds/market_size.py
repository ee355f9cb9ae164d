"""A market whose factors lie somewhere in the ranges that people wrote down: the interval is a prediction of their product."""

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World


def world(rng: np.random.Generator) -> World:
    triangular, share = rng.triangular(8e7, 1e8, 1.4e8), rng.triangular(0.3, 0.35, 0.6)
    median, spread = 0.08, 0.5
    lognormal = median * np.exp(spread * rng.standard_normal())
    years = rng.uniform(2, 4)
    n = 400
    truth_share = rng.uniform(0.1, 0.5)
    x = int(rng.binomial(n, truth_share))
    ends = median * np.exp(np.array([-1, 1]) * 1.959964 * spread)
    rows = [
        {"driver": "people", "level": "tam", "low": 8e7, "likely": 1e8, "high": 1.4e8, "source": "s"},
        {"driver": "share", "level": "sam", "low": 0.3, "likely": 0.35, "high": 0.6, "source": "s"},
        {"driver": "asked", "level": "som", "x": x, "n": n, "source": "s"},
        {"driver": "years", "level": "yearly_buyers", "operation": "divide", "distribution": "uniform", "low": 2, "high": 4, "source": "s"},
        {"driver": "reach", "level": "som_year1", "distribution": "lognormal", "low": float(ends[0]), "high": float(ends[1]), "source": "s"},
    ]
    top = [{"driver": "whole", "level": "sam", "low": 2e7, "likely": 4e7, "high": 6e7, "source": "s"}]
    sam = triangular * share
    truth = {"tam": triangular, "sam": sam, "yearly_buyers": sam / years, "som": sam / years * truth_share, "som_year1": sam / years * truth_share * lognormal}
    truth["to_top_down"] = sam / rng.triangular(2e7, 4e7, 6e7)
    return World({"drivers": Frame.of(rows, "world"), "top_down": Frame.of(top, "world"), "correlations": None}, truth, {"draws": 2000})
