"""What can be computed of one channel: the cost of a customer, its draws, and what more spend would bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import response, unit_economics
from stageway.arithmetic.channel_books import Channel
from stageway.arithmetic.response import Response

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """None where it could not be computed. `costs` are draws of the cost per customer; `gain` in customers, `gain_revenue` in revenue."""

    channel: Channel
    phi: float
    cac: tuple[float, float, float] | None
    costs: Array | None
    gain: Response | None
    gain_revenue: Response | None

    @property
    def name(self) -> str:
        return self.channel.name


def line_of(channel: Channel, draws: int, level: float, rng: np.random.Generator) -> Line:
    spent, customers, revenue = channel.by_period.T if channel.by_period.size else (np.empty(0),) * 3
    gain = _gain(spent, customers, level)
    phi = gain.phi if gain is not None else unit_economics.scatter(customers, spent)
    cac = costs = None
    if channel.paid and channel.customers > 0:
        cac = unit_economics.cost_per_customer(channel.spent, channel.customers, phi, level)
        costs = unit_economics.drawn_costs(channel.spent, channel.customers, phi, draws, rng)
    return Line(channel, phi, cac, costs, gain, _gain(spent, revenue, level) if channel.revenue is not None else None)


def _gain(spent: Array, outcome: Array, level: float) -> Response | None:
    try:
        return response.fit(spent, outcome, level)
    except (ValueError, np.linalg.LinAlgError):
        return None


def scatter_of(lines: Sequence[Line]) -> float:
    """φ of the customers of several channels together."""
    customers = sum(line.channel.customers for line in lines)
    return sum(line.phi * line.channel.customers for line in lines) / customers if customers > 0 else 1.0


def cheapest(lines: Sequence[Line]) -> dict[str, float]:
    """Probability of each channel with a cost of being the cheapest one."""
    known = [(line.name, line.costs) for line in lines if line.costs is not None]
    if not known:
        return {}
    first = np.argmin(np.stack([costs for _, costs in known]), axis=0)
    return {name: float(np.mean(first == i)) for i, (name, _) in enumerate(known)}
