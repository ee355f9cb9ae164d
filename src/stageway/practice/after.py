"""What the beta says of itself beyond the gates: whether people would recommend it, when they uninstall, and opened books hour by hour."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np

from stageway.practice.days import Days
from stageway.practice.world import Row

#: channel → the mean of days until an installation is removed
STAYS = {"小红书": 58.0, "B站": 44.0, "知乎": 39.0}
#: days that an installation is watched at most
WATCHED = 42
#: opened books an hour at the usual level, and the days and hours in which the import was broken
LEVEL, BROKEN = 240.0, (-19, 10, 14)


def recommend(n: int, rng: np.random.Generator) -> list[Row]:
    """Answers from 0 to 10, one row a person, of two groups."""
    rows: list[Row] = []
    for i in range(n):
        commutes = bool(rng.random() < 0.55)
        score = int(np.clip(round(rng.normal(8.3 if commutes else 7.4, 1.9)), 0, 10))
        rows.append({"respondent": f"r{i + 1:03d}", "score": score, "segment": "通勤读者" if commutes else "其他读者"})
    return rows


def installations(n: int, rng: np.random.Generator) -> list[Row]:
    """Days until an installation was removed, or as long as it was watched; many are removed in the first days."""
    rows: list[Row] = []
    for i in range(n):
        channel = str(rng.choice(list(STAYS)))
        life, seen = float(rng.weibull(0.75) * STAYS[channel]), float(rng.integers(20, WATCHED + 1))
        rows.append({"person": f"i{i + 1:03d}", "days": round(min(life, seen), 1), "removed": int(life <= seen), "channel": channel})
    return rows


def opened(days: Days, rng: np.random.Generator) -> list[Row]:
    """Opened books an hour over eight weeks, with the rhythm of the day and the hours of the broken import."""
    rows: list[Row] = []
    for day in range(-66, -9):
        for hour in range(24):
            usual = LEVEL * (0.25 + 0.75 * np.exp(-(((hour - 8) % 24) ** 2) / 18) + 0.9 * np.exp(-(((hour - 21) % 24) ** 2) / 12))
            share = 0.45 if day == BROKEN[0] and BROKEN[1] <= hour < BROKEN[2] else 1.0
            at = datetime.combine(days.exactly(day), time(0)) + timedelta(hours=hour)
            rows.append({"time": at.isoformat(timespec="minutes"), "opened": int(rng.poisson(usual * share))})
    return rows
