"""Forty days of hourly numbers with a daily rhythm and normal noise; six hours of one day stand above it by a known amount."""

from datetime import datetime, timedelta

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

LIFT, START, HOURS = 60.0, 30 * 24 + 9, 6


def world(rng: np.random.Generator) -> World:
    hours = np.arange(40 * 24)
    level = 120 + 30 * np.sin(2 * np.pi * hours / 24)
    values = level + rng.normal(0, 3, hours.size)
    hit = slice(START, START + HOURS)
    values[hit] += LIFT
    times = [(datetime(2026, 3, 2) + timedelta(hours=int(h))).isoformat() for h in hours]
    table = Frame({"time": np.array(times, dtype=object), "value": values})
    return World({"series": table}, {"size[E1]": LIFT, "relative[E1]": LIFT / level[hit].mean()}, {"season": "day", "threshold": 10, "drift": 0})
