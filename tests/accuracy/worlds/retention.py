"""People of three kinds come back with their own chance each day; half of the worlds count every day as a start (clusters of users)."""

from datetime import UTC, datetime, timedelta

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

FIRST = datetime(2026, 3, 2, tzinfo=UTC)
KINDS, SHARES, FADES = np.array([0.6, 0.3, 0.1]), np.array([0.3, 0.3, 0.4]), 0.97


def chance(kind, day):
    return KINDS[kind] * FADES**day


def world(rng: np.random.Generator) -> World:
    rows = []

    def add(user, day, event):
        rows.append((f"u{user:03d}", event, FIRST + timedelta(days=int(day), seconds=int(rng.integers(0, 86400)))))

    if rng.random() < 0.5:
        for user in range(150):
            kind, start = rng.choice(3, p=SHARES), int(rng.integers(0, 10))
            add(user, start, "signup")
            for day in range(1, 42 - start):
                if rng.random() < chance(kind, day):
                    add(user, start + day, "read")
        truth = {f"d{k}": float(SHARES @ (KINDS * FADES**k)) for k in (1, 7, 30)}
        return World({"events": _frame(rows)}, truth, {"start": "signup", "until": "2026-04-12"})
    for user in range(120):
        kind = rng.choice(3, p=SHARES)
        for day in np.flatnonzero(rng.random(20) < KINDS[kind]):
            add(user, day, "read")
    steady = float(SHARES @ KINDS**2 / (SHARES @ KINDS))
    return World({"events": _frame(rows)}, {"d1": steady, "d7": steady}, {"mode": "recurring", "periods": 10, "until": "2026-03-21"})


def _frame(rows):
    return Frame({"user": [r[0] for r in rows], "event": [r[1] for r in rows], "time": [r[2] for r in rows]}, "events.csv")
