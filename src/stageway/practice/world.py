"""The world of the practice product: readers with latent traits, who answer, test, come back and buy because of them.

No number of any method stands in it. People have three traits (how much they want to finish what they read, how much interruptions
cost them, how sociable they read) and everything observed is a noisy consequence: so that the truth behind every estimate exists,
and can be had to any precision by asking a very large crowd of the same world.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Row = dict[str, object]

#: feature → (pull of having it, how far it is taken for granted, weights of the traits depth, calm, sociable on the pull)
FEATURES: dict[str, tuple[float, float, tuple[float, float, float]]] = {
    "offline_import": (0.35, 1.75, (0.25, 0.20, 0.0)),
    "no_ads": (0.45, 1.70, (0.10, 0.60, 0.0)),
    "commute_segments": (1.75, 0.10, (0.80, 0.15, 0.0)),
    "recap_cards": (1.45, 0.35, (0.90, 0.0, 0.1)),
    "note_export": (0.65, 0.55, (0.55, 0.0, 0.2)),
    "night_layout": (0.85, 0.80, (0.10, 0.35, 0.0)),
    "read_aloud": (0.75, -0.10, (-0.10, 0.25, 0.3)),
    "friends_leaderboard": (-0.55, -0.60, (0.10, -0.35, 0.9)),
}

#: tasks and their difficulty in the two versions of the prototype
TASKS: dict[str, tuple[float, float]] = {"T1": (-1.9, -3.7), "T2": (1.2, -3.6), "T3": (-1.3, -3.7), "T4": (-0.75, -3.5), "T5": (-1.0, -3.5)}

#: middle of the logarithm of a task's seconds, and how it grows with difficulty
MIDDLE_TIME, TIME_BY_DIFFICULTY = 3.9, 0.28

BRANDS: dict[str, dict[str, float]] = {
    "lumen": {
        "undisturbed": 0.75,
        "read_to_end": 0.55,
        "remembered": 0.25,
        "large_library": -1.9,
        "free_books": -0.5,
        "audio_books": -0.2,
        "social_feed": -1.8,
        "fine_design": 0.35,
    },
    "moye": {
        "undisturbed": -1.3,
        "read_to_end": -1.0,
        "remembered": -1.1,
        "large_library": 1.3,
        "free_books": -0.4,
        "audio_books": -0.4,
        "social_feed": 0.3,
        "fine_design": 0.0,
    },
    "kuaiyue": {
        "undisturbed": -2.0,
        "read_to_end": -0.9,
        "remembered": -1.4,
        "large_library": 0.6,
        "free_books": 1.5,
        "audio_books": -0.7,
        "social_feed": 0.0,
        "fine_design": -0.8,
    },
    "tingchuan": {
        "undisturbed": 0.45,
        "read_to_end": 0.02,
        "remembered": -0.42,
        "large_library": -1.35,
        "free_books": -0.55,
        "audio_books": 0.50,
        "social_feed": -1.55,
        "fine_design": 0.28,
    },
}
ATTRIBUTES = tuple(BRANDS["lumen"])
CLAIMS = ("undisturbed", "read_to_end", "remembered")

#: channel → how often a journey touches it early, how often late, cost in CNY a touch
CHANNELS: dict[str, tuple[float, float, float]] = {
    "xiaohongshu": (0.40, 0.28, 6.4),
    "bilibili": (0.22, 0.15, 8.1),
    "zhihu": (0.15, 0.10, 8.6),
    "wechat_accounts": (0.10, 0.24, 4.4),
    "app_store": (0.06, 0.14, 0.0),
    "direct_visit": (0.04, 0.06, 0.0),
    "unknown_source": (0.01, 0.01, 0.0),
}
#: journeys that the beta was planned for
JOURNEYS = 4300
#: share of ways whose touches are lost
UNTRACKED = 0.048
WORDING = {1: "很喜欢", 2: "理应如此", 3: "无所谓", 4: "勉强接受", 5: "很不喜欢"}


@dataclass(frozen=True)
class Crowd:
    """People by their traits: arrays of length n, each standard normal in the population of readers."""

    depth: Array
    calm: Array
    sociable: Array

    def __len__(self) -> int:
        return len(self.depth)

    @property
    def commuter(self) -> NDArray[np.bool_]:
        """Who would call themselves learning on the commute."""
        return self.depth + 0.4 * self.calm > 0.25


def crowd(n: int, rng: np.random.Generator) -> Crowd:
    return Crowd(*(rng.standard_normal(n) for _ in range(3)))


def crowd_of_commuters(n: int, rng: np.random.Generator) -> Crowd:
    many = crowd(4 * n + 50, rng)
    keep = np.flatnonzero(many.commuter)[:n]
    return Crowd(many.depth[keep], many.calm[keep], many.sociable[keep])


def _chance(score: Array | float) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.asarray(score, dtype=float))))


def kano_answers(n: int, rng: np.random.Generator) -> dict[str, tuple[Codes, Codes, Codes]]:
    """By feature each person's two answers (1 like … 5 dislike) and its importance (1–9).

    Answers come from how much the feature would please and how far it is expected; a few people tick at random.
    """
    people = crowd_of_commuters(n, rng)
    careless = rng.random(n) < 0.02
    made = {}
    for feature, (pull, granted, weights) in FEATURES.items():
        pleasure = pull + weights[0] * people.depth + weights[1] * people.calm + weights[2] * people.sociable + 0.75 * rng.standard_normal(n)
        expected = granted + 0.45 * people.calm + 0.25 * people.depth + 0.85 * rng.standard_normal(n)
        present = np.select([pleasure > 0.95 + 0.35 * expected, expected > 0.95, pleasure > -0.55, pleasure > -1.25], [1, 2, 3, 4], 5)
        absent = np.select([pleasure < -1.6, expected < -1.9, expected < 0.62 - 0.12 * pleasure, expected < 0.95 - 0.12 * pleasure], [1, 2, 3, 4], 5)
        weight = np.clip(np.rint(5 + 1.2 * pleasure + 0.8 * expected + 0.8 * rng.standard_normal(n)), 1, 9).astype(np.int64)
        present = np.where(careless, rng.integers(1, 6, n), present)
        absent = np.where(careless, rng.integers(1, 6, n), absent)
        made[feature] = (present, absent, weight)
    return made


def kano(n: int, rng: np.random.Generator) -> list[Row]:
    """One row a person and feature."""
    return [
        {
            "respondent": f"P{i + 1:04d}",
            "feature": feature,
            "functional": WORDING[int(present[i])],
            "dysfunctional": WORDING[int(absent[i])],
            "importance": int(weight[i]),
        }
        for feature, (present, absent, weight) in kano_answers(n, rng).items()
        for i in range(n)
    ]


@dataclass(frozen=True)
class Session:
    """A usability test: SUS answers (n, 10), tasks done (n, 5), their seconds (n, 5) and how easy they felt (n, 5; 1–7), tasks in the order of TASKS."""

    answers: Codes
    done: Codes
    seconds: Array
    eased: Codes


def session(n: int, version: int, rng: np.random.Generator) -> Session:
    """`version` of the prototype is 1 or 2. Who reads deeply finds both easier."""
    people = crowd_of_commuters(n, rng)
    ease = (0.42 if version == 1 else 0.95) + 0.22 * people.depth + 0.42 * rng.standard_normal(n)
    skill = 0.6 * people.depth + 0.7 * rng.standard_normal(n)
    felt = np.outer(ease, np.where(np.arange(10) % 2 == 0, 1.0, -1.0)) + 0.6 * rng.standard_normal((n, 10))
    hard = np.array([difficulty[version - 1] for difficulty in TASKS.values()])
    done = rng.random((n, len(TASKS))) < _chance(0.8 * skill[:, None] - hard)
    seconds = np.exp(rng.normal(MIDDLE_TIME + TIME_BY_DIFFICULTY * hard, 0.35, (n, len(TASKS))))
    eased = 4.2 - 0.45 * hard + 0.5 * skill[:, None] + 0.8 * rng.standard_normal((n, len(TASKS)))
    return Session(np.clip(np.rint(3 + 1.05 * felt), 1, 5).astype(np.int64), done.astype(np.int64), seconds, np.clip(np.rint(eased), 1, 7).astype(np.int64))


def usability(n: int, version: int, rng: np.random.Generator) -> list[Row]:
    """One row a participant: the ten SUS answers, and each task done (1) or not (0) with its seconds and the single ease question after it."""
    seen = session(n, version, rng)
    rows: list[Row] = []
    for i in range(n):
        row: Row = {"respondent": f"U{version}{i + 1:02d}"}
        row |= {f"q{item + 1}": int(seen.answers[i, item]) for item in range(10)}
        for k, task in enumerate(TASKS):
            row |= {f"{task}_done": int(seen.done[i, k]), f"{task}_s": round(float(seen.seconds[i, k]), 1), f"{task}_seq": int(seen.eased[i, k])}
        rows.append(row)
    return rows


def associations(n: int, rng: np.random.Generator) -> tuple[Codes, NDArray[np.bool_]]:
    """Which attribute people link with which brand, 1 or 0 (n, brands, attributes), and who is in the target segment. Who likes everything ticks more."""
    people = crowd(n, rng)
    halo = 0.35 * rng.standard_normal(n)
    ticked = np.empty((n, len(BRANDS), len(ATTRIBUTES)), dtype=np.int64)
    for b, (brand, attributes) in enumerate(BRANDS.items()):
        taste = 0.25 * rng.standard_normal(n)
        for a, name in enumerate(ATTRIBUTES):
            own = 0.35 * people.depth if brand == "lumen" and name in CLAIMS else 0.0
            ticked[:, b, a] = rng.random(n) < _chance(attributes[name] + halo + taste + own)
    return ticked, people.commuter


def perception(n: int, rng: np.random.Generator) -> list[Row]:
    """One row a person, brand and attribute."""
    ticked, target = associations(n, rng)
    return [
        {"respondent": f"B{i + 1:04d}", "brand": brand, "attribute": name, "value": int(ticked[i, b, a]), "target": int(target[i])}
        for b, brand in enumerate(BRANDS)
        for a, name in enumerate(ATTRIBUTES)
        for i in range(n)
    ]


@dataclass(frozen=True)
class Walks:
    """Ways to registering: channels touched (n, longest), -1 after the last; who registered; whose way was not tracked."""

    steps: Codes
    registered: NDArray[np.bool_]
    untracked: NDArray[np.bool_]


def walks(n: int, rng: np.random.Generator) -> Walks:
    """Channels differ in how often they come early and late; more touches, an interest of one's own and a last touch at WeChat make people register."""
    early, late = (np.array([chances[k] for chances in CHANNELS.values()]) for k in (0, 1))
    lengths = 1 + rng.poisson(1.1, n)
    steps = rng.choice(len(CHANNELS), (n, int(lengths.max())), p=late / late.sum())
    steps[:, 0] = rng.choice(len(CHANNELS), n, p=early / early.sum())
    steps[np.arange(steps.shape[1]) >= lengths[:, None]] = -1
    closing = steps[np.arange(n), lengths - 1] == list(CHANNELS).index("wechat_accounts")
    registered = rng.random(n) < _chance(-0.9 + 0.8 * rng.standard_normal(n) + 0.35 * lengths + 0.7 * closing)
    return Walks(steps, registered, rng.random(n) < UNTRACKED)


def journeys(expected: int, rng: np.random.Generator) -> tuple[list[Row], list[Row]]:
    """Paths (path, conversions, journeys without one) and the spend by channel.

    People come when they like, so the number of journeys is a Poisson count; the budgets were fixed before, for the touches expected.
    """
    names = list(CHANNELS)
    seen = walks(int(rng.poisson(expected)), rng)
    paths: dict[str, list[int]] = {}
    for steps, bought, lost in zip(seen.steps.tolist(), seen.registered.tolist(), seen.untracked.tolist(), strict=True):
        path = "unknown_source" if lost else " > ".join(names[s] for s in steps if s >= 0)
        counts = paths.setdefault(path, [0, 0])
        counts[0 if bought else 1] += 1
    rows: list[Row] = [{"path": p, "total_conversions": c[0], "total_null": c[1]} for p, c in sorted(paths.items())]
    return rows, [{"channel": name, "cost": cost} for name, cost in budgets(expected).items()]


def budgets(expected: int) -> dict[str, int]:
    """What each paid channel costs: the touches expected of `expected` journeys, by their price."""
    early, late = (np.array([chances[k] for chances in CHANNELS.values()]) for k in (0, 1))
    touches = expected * (early / early.sum() + 1.1 * late / late.sum())
    return {name: round(float(count) * CHANNELS[name][2]) for name, count in zip(CHANNELS, touches, strict=True) if CHANNELS[name][2] > 0}


@dataclass(frozen=True)
class Arms:
    """The experiment on the first question: who saw the new one, who came back on day 7, and reading in the week before."""

    treated: NDArray[np.bool_]
    back: NDArray[np.bool_]
    before: Array


def arms(n: int, rng: np.random.Generator) -> Arms:
    people = crowd(n, rng)
    treated = rng.random(n) < 0.5
    habit = 0.6 * people.depth + 0.5 * rng.standard_normal(n)
    back = rng.random(n) < _chance(-1.22 + 0.75 * habit + 0.5 * treated)
    return Arms(treated, back, np.maximum(0.0, 3 + 2 * habit))


def onboarding(n: int, rng: np.random.Generator) -> list[Row]:
    """Half see the first question "one commute, ten minutes"; came back on day 7 or not. `pre` is reading in the week before."""
    seen = arms(n, rng)
    return [
        {"unit": f"N{i + 1:04d}", "arm": "B" if seen.treated[i] else "A", "value": int(seen.back[i]), "pre": round(float(seen.before[i]), 2)} for i in range(n)
    ]


def candidates() -> list[Row]:
    """The team's own guesses, low, base and high: no world is behind them."""
    guesses = {
        "commute_segments": ((18, 24, 30), (1.5, 2.2, 3.0), (0.70, 0.80, 0.90), (4, 6, 9)),
        "recap_cards": ((14, 20, 26), (1.2, 2.0, 2.6), (0.60, 0.75, 0.85), (4, 6, 8)),
        "offline_import": ((20, 26, 32), (1.4, 2.0, 2.6), (0.80, 0.85, 0.95), (5, 7, 10)),
        "no_ads": ((22, 28, 33), (1.0, 1.6, 2.2), (0.80, 0.90, 0.95), (1, 2, 3)),
        "note_export": ((8, 12, 17), (0.8, 1.2, 1.8), (0.60, 0.70, 0.80), (3, 4, 6)),
        "night_layout": ((12, 18, 24), (0.6, 0.9, 1.4), (0.70, 0.80, 0.90), (3, 5, 7)),
        "read_aloud": ((6, 10, 15), (0.8, 1.3, 2.0), (0.50, 0.60, 0.75), (6, 9, 13)),
        "friends_leaderboard": ((4, 7, 11), (0.2, 0.4, 0.8), (0.30, 0.50, 0.60), (5, 8, 12)),
    }
    rows: list[Row] = []
    for feature, factors in guesses.items():
        row: Row = {"feature": feature}
        for name, (low, base, high) in zip(("reach", "impact", "confidence", "effort"), factors, strict=True):
            row |= {f"{name}_low": low, name: base, f"{name}_high": high}
        rows.append(row)
    return rows
