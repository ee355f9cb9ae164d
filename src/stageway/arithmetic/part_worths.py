"""From coefficients to part-worths, importance of attributes and willingness to pay.

An attribute is a line (one coefficient a unit, measured from the mean of the table) or levels (effects coding: part-worths sum to 0).

    importance of a = range_a / Σ ranges        range = largest less smallest part-worth, of a line |slope| × (max − min shown)
    willingness to pay for a change of worth v = −v / b_price, in the unit of the price

Sources: Green & Srinivasan (1978), J. Consumer Research 5, 103–123; Fieller (1954), JRSS B 16, 175–185; Train (2009), Discrete Choice
Methods with Simulation, ch. 3; Hole (2007), Health Economics 16, 827–840 (intervals of willingness to pay).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stageway.arithmetic.choice_logit import Array


@dataclass(frozen=True)
class Attribute:
    """`levels` by name, empty for a line from `low` to `high` with its `centre`; `values` are the levels as numbers, if they are."""

    name: str
    levels: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    centre: float = 0.0
    values: tuple[float, ...] = ()

    @property
    def line(self) -> bool:
        return not self.levels

    @property
    def width(self) -> int:
        return 1 if self.line else len(self.levels) - 1

    def coded(self) -> Array:
        """(levels, width): effects coding of the levels; of a line its two ends."""
        if self.line:
            return np.array([[self.low - self.centre], [self.high - self.centre]])
        return np.vstack([np.eye(self.width), -np.ones(self.width)])


@dataclass(frozen=True)
class Design:
    """Attributes one after the other in the columns of x; the last column marks the alternative `none` where there is one."""

    attributes: tuple[Attribute, ...]
    none: bool = False

    @property
    def width(self) -> int:
        return sum(a.width for a in self.attributes) + self.none

    def columns(self, attribute: Attribute) -> slice:
        start = 0
        for each in self.attributes:
            if each.name == attribute.name:
                return slice(start, start + each.width)
            start += each.width
        raise ValueError(attribute.name)

    def attribute(self, name: str) -> Attribute | None:
        return next((a for a in self.attributes if a.name == name), None)

    def contrasts(self, attribute: Attribute) -> Array:
        """(levels, k): part-worths of an attribute = contrasts @ beta; of a line those of its two ends."""
        made = np.zeros((len(attribute.coded()), self.width))
        made[:, self.columns(attribute)] = attribute.coded()
        return made


def ranges(betas: Array, design: Design) -> Array:
    """Range of the part-worths of each attribute: (…, k) → (…, attributes)."""
    parts = [betas @ design.contrasts(a).T for a in design.attributes]
    made: Array = np.stack([p.max(axis=-1) - p.min(axis=-1) for p in parts], axis=-1)
    return made


def importances(betas: Array, design: Design) -> Array:
    """Shares of the sum of ranges: (…, k) → (…, attributes); NaN where nothing has any worth."""
    found = ranges(betas, design)
    total = found.sum(axis=-1, keepdims=True)
    made: Array = np.divide(found, total, out=np.full(found.shape, np.nan), where=total > 0)
    return made


def importance_intervals(beta: Array, covariance: Array, design: Design, t: float) -> tuple[Array, Array, Array]:
    """(importance, low, high): delta method on the log odds, with the best and worst level of each attribute as they are found."""
    ends = []
    for attribute in design.attributes:
        contrasts = design.contrasts(attribute)
        worths = contrasts @ beta
        ends.append(contrasts[worths.argmax()] - contrasts[worths.argmin()])
    made = np.array(ends)
    found = made @ beta
    share = found / found.sum()
    slope = (made - share[:, None] * made.sum(axis=0)) / found.sum()
    error = np.sqrt(np.einsum("ak,kl,al->a", slope, covariance, slope))
    inside = np.clip(share * (1 - share), 1e-12, None)
    odds, half = np.log(np.clip(share, 1e-12, None) / np.clip(1 - share, 1e-12, None)), t * error / inside
    low, high = (1 / (1 + np.exp(-np.clip(odds + side * half, -700, 700))) for side in (-1, 1))
    return share, np.minimum(low, share), np.maximum(high, share)


@dataclass(frozen=True)
class Paid:
    value: float
    low: float
    high: float


def willingness(worth: float, price: float, variances: tuple[float, float, float], t: float, way: str) -> Paid | None:
    """What a worth is in money: −worth / price. `variances` of worth, of price, and their covariance; `way` is fieller or delta.

    None where the price is not credible: not negative, or within 2 (or t) standard errors of 0. Then Fieller's set has no ends.
    """
    of_worth, of_price, both = variances
    if price >= 0 or price**2 <= max(t, 2.0) ** 2 * of_price:
        return None
    value = -worth / price
    if way == "delta":
        half = t * math.sqrt(max(of_worth + value**2 * of_price + 2 * value * both, 0.0)) / abs(price)
        return Paid(value, value - half, value + half)
    a, b, c = price**2 - t**2 * of_price, worth * price - t**2 * both, worth**2 - t**2 * of_worth
    root = math.sqrt(max(b * b - a * c, 0.0))
    return Paid(value, min((-b - root) / a, value), max((-b + root) / a, value))
