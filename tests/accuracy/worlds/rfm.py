"""500 customers whose year of buying follows known laws, judged by fixed cuts; the truth is what a hundred and twenty thousand such customers show."""

from datetime import date, timedelta
from functools import cache

import numpy as np

from stageway.arithmetic.concentration import best_share, gini
from stageway.evidence import Frame
from tests.accuracy.world import World

UNTIL, N, POPULATION = date(2026, 6, 30), 500, 120_000
CUTS = {"cut": "fixed", "edges_r": "60", "edges_f": "3", "edges_m": "200", "until": UNTIL.isoformat()}
NAMES = ("important_value", "important_develop", "important_keep", "important_winback", "general_value", "general_develop", "general_keep", "general_winback")


def drawn(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days from the last purchase, purchase days, money of n customers."""
    times = 1 + rng.poisson(rng.gamma(1.5, 1.2, n))
    since = np.floor(rng.gamma(1.5, 120 / (1 + times), n)).clip(0, 300)
    return since, times, np.round(rng.gamma(2.0 * times, rng.gamma(4, 10, n)), 2)


@cache
def truth() -> dict[str, float]:
    since, times, money = drawn(np.random.default_rng(7), POPULATION)
    code = np.where(since <= 60, np.where(times >= 3, 0, 1), np.where(times >= 3, 2, 3)) + 4 * (money < 200)
    made = {f"share[{name}]": float((code == i).mean()) for i, name in enumerate(NAMES)}
    made |= {f"revenue_share[{name}]": float(money[code == i].sum() / money.sum()) for i, name in enumerate(NAMES) if (code == i).mean() > 0.05}
    ordered = np.sort(money)
    return made | {"repeat_share": float((times > 1).mean()), "gini": gini(ordered).value, "top_share": best_share(ordered, 0.2).value}


def world(rng: np.random.Generator) -> World:
    since, times, money = drawn(rng, N)
    rows = []
    for i, (r, f, m) in enumerate(zip(since, times, money, strict=True)):
        last = UNTIL - timedelta(days=int(r))
        rows += [{"customer": f"c{i:03d}", "time": (last - timedelta(days=2 * k)).isoformat(), "amount": m if k == 0 else 0.0} for k in range(f)]
    return World({"purchases": Frame.of(rows)}, truth(), CUTS)
