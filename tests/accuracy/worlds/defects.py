"""Sixteen weeks of defects that come and are mended at constant rates, some still open at the end."""

from datetime import datetime, timedelta

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

WEEKS = 16
START = datetime(2026, 3, 2)
ARRIVAL, MEAN_FIX_D, ESCAPE, REOPEN, REMOVED = 6.0, 10.0, 0.15, 0.1, 0.4


def world(rng: np.random.Generator) -> World:
    days = 7 * WEEKS
    found = np.sort(rng.uniform(0, days, rng.poisson(ARRIVAL * WEEKS)))
    rows = []
    for i, (start, fix) in enumerate(zip(found.tolist(), rng.exponential(MEAN_FIX_D, found.size).tolist(), strict=True)):
        closed = start + fix < days
        stage = "operations" if rng.random() < ESCAPE else "design" if rng.random() < REMOVED / (1 - ESCAPE) else "quality"
        rows.append({"id": f"D{i}", "found": (START + timedelta(days=start)).isoformat(), "closed": (START + timedelta(days=start + fix)).isoformat() if closed else None,
                     "found_in": stage, "introduced_in": "design", "reopened": str(int(closed and rng.random() < REOPEN))})
    truth = {"arrival": ARRIVAL, "escape_rate": ESCAPE, "reopen_rate": REOPEN, "removal[design]": REMOVED, "density": ARRIVAL * WEEKS / 8,
             "fix_time": MEAN_FIX_D * float(np.log(2)), "fix_time_p90": MEAN_FIX_D * float(np.log(10))}
    at = (START + timedelta(days=days - 1)).date().isoformat()
    return World({"defects": Frame.of(rows, "world")}, truth, {"at": at, "size": 8.0, "weeks": WEEKS})
