"""Visitors pass two steps with known chances and exponential delays that may run beyond the window; noise lies between."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np

from stageway.evidence import Frame
from tests.accuracy.world import World

FIRST = datetime(2026, 5, 4, tzinfo=UTC)
SIGNUP, ORDER, MEAN_H, WINDOW_H = 0.6, {"ios": 0.5, "android": 0.3}, 20.0, 48.0


def world(rng: np.random.Generator) -> World:
    rows = []
    for user in range(250):
        platform = "ios" if rng.random() < 0.5 else "android"
        at = FIRST + timedelta(seconds=int(rng.integers(0, 10 * 86400)))

        def add(event, at, user=user, platform=platform):
            rows.append({"user": f"u{user:03d}", "event": event, "time": at, "platform": platform})

        add("visit", at)
        add("scroll", at + timedelta(minutes=1))
        if rng.random() < SIGNUP:
            at += timedelta(minutes=10)
            add("signup", at)
            if rng.random() < ORDER[platform]:
                add("order", at - timedelta(minutes=10) + timedelta(hours=max(0.2, float(rng.exponential(MEAN_H)))))
    add("other", FIRST + timedelta(days=30))
    inside = 1 - math.exp(-WINDOW_H / MEAN_H)
    order = {name: p * inside for name, p in ORDER.items()}
    mean = sum(order.values()) / 2
    truth = {
        "step_share[signup]": SIGNUP,
        "step_share[order]": mean,
        "conversion": SIGNUP * mean,
        "conversion[ios]": SIGNUP * order["ios"],
        "difference": SIGNUP * (order["android"] - order["ios"]),
        "time_to_convert": -MEAN_H * math.log(1 - inside / 2),
    }
    # the groups stand by size: "difference" is the larger less the smaller
    counted = [next(r["platform"] for r in rows if r["user"] == f"u{u:03d}") for u in range(250)]
    if counted.count("ios") > counted.count("android"):
        truth["difference"] = -truth["difference"]
    return World({"events": Frame.of(rows, "events.csv")}, truth, {"window": WINDOW_H, "window_unit": "h", "by": "platform", "time_unit": "h"})
