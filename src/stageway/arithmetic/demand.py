"""Demand from yes and no at given prices (Gabor & Granger): monotone or logit, the price of the highest revenue, resampling of people.

Source: Gabor & Granger (1966), Economica 33, 43-70; Barlow, Bartholomew, Bremner & Brunk (1972), Statistical Inference under Order
Restrictions, ch. 1 (pooled adjacent violators, here by its min-max form).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
#: Prices between the lowest and the highest one at which a logit demand is searched for its best.
FINE = 200
#: Ridge on the standardised logit (2 % of an answer), which keeps it finite where yes and no are separated.
RIDGE = 0.02


def ladder(buys: Array) -> Array:
    """Answers (people, prices rising) completed: yes to a price means yes below, no means no above; a contradiction keeps what was said."""
    yes = np.nan_to_num(buys, nan=0.0) == 1
    no = np.nan_to_num(buys, nan=1.0) == 0
    below = np.flip(np.maximum.accumulate(np.flip(yes, axis=1), axis=1), axis=1)
    above = np.maximum.accumulate(no, axis=1)
    implied = np.where(below & ~above, 1.0, np.where(above & ~below, 0.0, np.nan))
    return np.where(np.isnan(buys), implied, buys)


def contradicts(buys: Array) -> NDArray[np.bool_]:
    """Who refuses a price and accepts a higher one."""
    refused = np.maximum.accumulate(np.nan_to_num(buys, nan=1.0) == 0, axis=1)
    found: NDArray[np.bool_] = (refused & (np.nan_to_num(buys, nan=0.0) == 1)).any(axis=1)
    return found


def monotone(yes: Array, asked: Array) -> Array:
    """Shares that do not rise with the price, nearest to yes/asked by weighted least squares: (draws, prices) both."""
    total, base = (np.concatenate([np.zeros((len(v), 1)), np.cumsum(v, axis=1)], axis=1) for v in (yes, asked))
    k = yes.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (total[:, None, 1:] - total[:, :-1, None]) / (base[:, None, 1:] - base[:, :-1, None])
    made = np.empty_like(yes)
    for j in range(k):
        made[:, j] = np.nanmin(np.nanmax(mean[:, : j + 1, j:], axis=2), axis=1)
    return made


def logit(yes: Array, asked: Array, prices: Array, steps: int = 30) -> tuple[Array, Array]:
    """Intercept and slope of log(share/(1 − share)) on (price − mean)/sd, by Newton: (draws, prices) → two (draws)."""
    x = standard(prices, prices)
    a, b = np.zeros(len(yes)), np.zeros(len(yes))
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(a[:, None] + b[:, None] * x, -30, 30)))
        w = asked * p * (1 - p)
        g0, g1 = np.sum(yes - asked * p, axis=1) - RIDGE * a, np.sum((yes - asked * p) * x, axis=1) - RIDGE * b
        h00, h01, h11 = w.sum(axis=1) + RIDGE, (w * x).sum(axis=1), (w * x * x).sum(axis=1) + RIDGE
        det = h00 * h11 - h01**2
        da, db = (h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det
        a, b = a + np.clip(da, -2, 2), b + np.clip(db, -2, 2)
    return a, b


def standard(at: Array, prices: Array) -> Array:
    spread = float(prices.std())
    made: Array = (at - prices.mean()) / (spread if spread > 0 else 1.0)
    return made


def logit_at(a: Array, b: Array, at: Array, prices: Array) -> Array:
    """The shares of a fitted logit at further prices: (draws, len(at))."""
    made: Array = 1 / (1 + np.exp(-(a[:, None] + b[:, None] * standard(at, prices))))
    return made


def monotone_curve(yes: Array, asked: Array, prices: Array) -> tuple[Array, Array]:
    """(prices, monotone shares at them)."""
    return prices, monotone(yes, asked)


def logit_curve(yes: Array, asked: Array, prices: Array) -> tuple[Array, Array]:
    """(the tested prices and FINE steps between them, logit shares at them)."""
    at = np.unique(np.concatenate([prices, np.linspace(prices[0], prices[-1], FINE + 1)]))
    return at, logit_at(*logit(yes, asked, prices), at, prices)


def best(shares: Array, at: Array) -> tuple[Array, Array]:
    """(price, revenue a person asked) where price × share is highest, in each row; the lower price of a tie."""
    revenue = shares * at
    place = np.argmax(revenue >= revenue.max(axis=1, keepdims=True) * (1 - 1e-12), axis=1)
    return at[place], revenue[np.arange(len(shares)), place]
