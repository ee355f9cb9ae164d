"""500 customers who buy and leave by BG/NBD and spend by Gamma-Gamma, seen for 20 to 80 weeks; the truth are the model's expectations at its true parameters."""

import numpy as np

from stageway.arithmetic.customer_model import Model
from stageway.arithmetic.fitting import Fit
from stageway.arithmetic.purchases import Customers
from stageway.arithmetic.repeat_buying import alive, expected, mean_spend
from stageway.evidence import Frame
from tests.accuracy.world import World

BUYING, SPEND = np.array([0.9, 5.0, 0.9, 2.6]), np.array([5.0, 4.0, 30.0])


def histories(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, t_x, T of n customers."""
    r, alpha, a, b = BUYING
    rate, leave, T = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n), rng.uniform(20, 80, n)
    x, t_x, now, here = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, bool)
    while here.any():
        now = now + rng.exponential(1 / rate)
        here &= now < T
        x[here] += 1
        t_x[here] = now[here]
        here &= rng.random(n) > leave
    return x, t_x, T


def world(rng: np.random.Generator) -> World:
    x, t_x, T = histories(rng, 500)
    shape, q, v = SPEND
    scale = rng.gamma(q, 1 / v, x.size)
    m = np.where(x > 0, rng.gamma(np.maximum(shape * x, 1e-9), 1 / scale) / np.maximum(x, 1), np.nan)
    table = Frame({"customer": np.array([f"c{i:04d}" for i in range(x.size)], dtype=object), "frequency": x, "recency": t_x, "T": T, "monetary_value": m})
    c = Customers((), x, t_x, T, m)
    fit = Fit(np.log(BUYING), 0.0, None)
    value = Model(c, fit, Fit(np.log(SPEND), 0.0, None), 52, 0.1, 1.0).value(BUYING, SPEND, c).mean()
    truth = {"alive": alive(BUYING, x, t_x, T).mean(), "purchases": expected(BUYING, x, t_x, T, 52).mean(), "spend": mean_spend(SPEND), "value": float(value)}
    return World({"customers": table}, truth)
