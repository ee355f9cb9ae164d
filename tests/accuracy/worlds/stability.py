"""Users who differ in how often they crash, with sessions on two versions; and incidents of a service that fails and recovers at constant rates."""

import numpy as np
from scipy.special import betaln

from stageway.evidence import Frame
from tests.accuracy.world import World

USERS, MOST, A, B, BETTER = 400, 12, 0.4, 12.0, 0.6
DAYS, UP_H, REPAIR_H = 200, 72.0, 4.0


def world(rng: np.random.Generator) -> World:
    count = rng.integers(1, MOST + 1, USERS)
    user = np.repeat(np.arange(USERS), count)
    prone = rng.beta(A, B, USERS)[user]
    new = rng.random(user.size) < 0.5
    crashed = rng.random(user.size) < prone * np.where(new, BETTER, 1.0)
    records = Frame({"user": user.astype(str).astype(object), "version": np.where(new, "2", "1").astype(object), "crashed": crashed.astype(np.float64)}, "world")
    mean = A / (A + B)
    truth = {"crash_free": 1 - mean * (1 + BETTER) / 2, "crash_free[1]": 1 - mean, "crash_free[2]": 1 - mean * BETTER, "difference": mean * (1 - BETTER),
             "crash_free_users": _without_crash(), "version_share[2]": 0.5, "median": REPAIR_H * float(np.log(2)), "mtbf": UP_H, "availability": UP_H / (UP_H + REPAIR_H)}
    params = {"since": "2026-01-01", "until": str(np.datetime64("2026-01-01") + DAYS - 1)}
    return World({"records": records, "incidents": _incidents(rng)}, truth, params)


def _without_crash() -> float:
    """E (1 − c p)^m over users, where each session has the mean of both versions: c p is p or BETTER p with equal chance."""
    grid = (np.arange(20_000) + 0.5) / 20_000
    density = np.exp((A - 1) * np.log(grid) + (B - 1) * np.log1p(-grid) - betaln(A, B))
    density /= density.sum()
    return float(np.mean([np.sum(density * (1 - grid * (1 + BETTER) / 2) ** m) for m in range(1, MOST + 1)]))


def _incidents(rng: np.random.Generator) -> Frame:
    start, at, rows = np.datetime64("2026-01-01T00:00:00"), 0.0, []
    while (at := at + rng.exponential(UP_H)) < DAYS * 24:
        over = at + rng.exponential(REPAIR_H)
        rows.append({"detected": str(start + np.timedelta64(round(at * 3600), "s")),
                     "restored": str(start + np.timedelta64(round(over * 3600), "s")) if over < DAYS * 24 else None})
        at = over
    return Frame.of(rows, "incidents")
