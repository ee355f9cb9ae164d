"""What readers of the practice product's world say in surveys: about their reading, what matters to them, prices, slogans and names.

Answers are consequences of the traits of `world.Crowd`, or of a chance that stands here. Only the panel is not like the population: it has
too few people above 50, which the weights can mend in part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from stageway.practice.days import Days
from stageway.practice.world import Array, Codes, Row, crowd, crowd_of_commuters

#: variable → category → (share of the population, share of the online panel, met by quotas)
DEMOGRAPHY: dict[str, dict[str, tuple[float, float]]] = {
    "age": {"18-25": (0.21, 0.265), "26-35": (0.35, 0.40), "36-49": (0.29, 0.294), "50+": (0.15, 0.041)},
    "sex": {"women": (0.49, 0.54), "men": (0.51, 0.46)},
    "tier": {"first": (0.24, 0.31), "second": (0.40, 0.39), "third": (0.36, 0.30)},
}
#: occasion of reading → (how often, weights of depth and calm)
OCCASIONS = {"commute": (0.15, 0.7, 0.2), "bedtime": (0.45, -0.3, 0.3), "lunch": (-0.9, 0.2, 0.0), "weekend": (-0.2, 0.1, 0.2)}
#: books finished last month, and minutes of reading on a usual day
BOOKS = ("none", "one", "two_or_more")
MINUTES = ("under_15", "15_to_30", "over_30")
#: need → importance and satisfaction with today's means, as middles of a rating from 1 to 5 before it is rounded
NEEDS = {"N-004": (4.31, 3.40), "N-007": (4.17, 3.40), "N-001": (4.08, 3.54), "N-002": (3.96, 3.52), "N-011": (3.35, 2.87)}
#: problem of readers → how annoying it is, against the others
PAINS: dict[str, float] = {
    "unfinished": 2.10, "forgotten": 1.72, "interrupted": 1.15, "own_books": 0.90, "no_time": 0.65, "eye_strain": 0.25, "notes_lost": 0.05, "too_long": -0.20,
    "choosing": -0.75, "price": -1.10, "nobody_to_talk": -1.75, "ugly": -2.15,
}  # fmt: skip
#: the four problems of each screen, by their place in PAINS
SCREENS = ((0, 1, 2, 3), (4, 5, 6, 7), (8, 9, 10, 11), (0, 4, 8, 11), (1, 5, 9, 2), (3, 6, 7, 10), (0, 5, 10, 6), (1, 4, 11, 7), (2, 3, 8, 9))
#: answers to "how would you feel if you could no longer use it", with their chances, and those who no longer do
MISSED = {"非常失望": 0.418, "有点失望": 0.352, "不失望": 0.230}
GONE = ("已不再使用", 14)
#: kind of reader → share, and a usual week: days with reading on the way, evenings with reading, look-ups, minutes at a time, books begun
HABITS: dict[str, tuple[float, tuple[float, ...]]] = {
    "commuters": (0.43, (4.0, 1.6, 1.2, 17.0, 2.2)),
    "bedtime": (0.35, (0.8, 5.0, 1.0, 31.0, 1.2)),
    "lookup": (0.22, (1.0, 0.9, 6.0, 7.0, 4.2)),
}
HABIT_NAMES, HABIT_SPREAD = ("days_on_the_way", "evenings", "lookups", "minutes_at_a_time", "books_begun"), (1.4, 1.6, 2.0, 10.0, 1.3)
#: slogan → the chance that its promise is recalled next day
RECALLED = {"finish_a_book": 0.66, "undisturbed": 0.44}
#: the chance that a target user says to know the product, and a name that does not exist
KNOWN = {"own": 0.033, "invented": 0.008}


def survey_answers(n: int, rng: np.random.Generator) -> tuple[Codes, NDArray[np.bool_], Codes]:
    """Books finished last month (0, 1, 2 for two or more); occasions (n, occasions); which of MINUTES a usual day has."""
    people = crowd(n, rng)
    finished = np.clip(np.rint(0.45 + 0.55 * people.depth + 0.7 * rng.standard_normal(n)), 0, 2).astype(np.int64)
    when = np.empty((n, len(OCCASIONS)), dtype=np.bool_)
    for k, (often, depth, calm) in enumerate(OCCASIONS.values()):
        when[:, k] = often + depth * people.depth + calm * people.calm + rng.standard_normal(n) > 0
    minutes = np.digitize(np.exp(3.2 + 0.25 * people.depth + 0.5 * rng.standard_normal(n)), (15, 30))
    return finished, when, minutes.astype(np.int64)


def survey(n: int, rng: np.random.Generator) -> list[Row]:
    """One row a person of the panel, whose quotas were met exactly. Several occasions stand in one cell, as survey tools export them."""
    finished, when, minutes = survey_answers(n, rng)
    quotas = {name: _quota(n, {category: panel for category, (_, panel) in shares.items()}, rng) for name, shares in DEMOGRAPHY.items()}
    names = list(OCCASIONS)
    return [
        {
            "respondent": f"A{i + 1:04d}",
            **{name: met[i] for name, met in quotas.items()},
            "finished": BOOKS[int(finished[i])],
            "occasions": "┋".join(names[k] for k in np.flatnonzero(when[i])),
            "minutes": MINUTES[int(minutes[i])],
        }
        for i in range(n)
    ]


def _quota(n: int, shares: Mapping[str, float], rng: np.random.Generator) -> list[str]:
    """Categories of n people: as many of each as its share asks, the last takes what is left, in random order."""
    counts = [round(n * share) for share in list(shares.values())[:-1]]
    counts.append(n - sum(counts))
    return [str(each) for each in rng.permutation(np.repeat(list(shares), counts))]


def habits(n: int, rng: np.random.Generator) -> list[Row]:
    """One row a person: numbers of a usual week, which scatter around those of the kind of reader that they are."""
    kinds = rng.choice(len(HABITS), n, p=[share for share, _ in HABITS.values()])
    usual = np.array([middle for _, middle in HABITS.values()])[kinds]
    seen = np.maximum(0.0, usual + np.array(HABIT_SPREAD) * rng.standard_normal(usual.shape))
    seen[:, :2] = np.minimum(np.rint(seen[:, :2]), (5, 7))
    return [{"respondent": f"A{i + 1:04d}", **dict(zip(HABIT_NAMES, np.round(row, 0).tolist(), strict=True))} for i, row in enumerate(seen)]


def population() -> list[Row]:
    """The margins of the population, as a statistical office publishes them."""
    return [{"variable": name, "category": category, "share": share} for name, shares in DEMOGRAPHY.items() for category, (share, _) in shares.items()]


def ratings(n: int, rng: np.random.Generator) -> dict[str, tuple[Codes, Codes]]:
    """Need → importance and satisfaction, 1 to 5, of people who commute. Some find everything important; some are content with everything."""
    people = crowd_of_commuters(n, rng)
    eager, content = 0.45 * rng.standard_normal(n), 0.45 * rng.standard_normal(n)
    made = {}
    for need, (important, satisfied) in NEEDS.items():
        one = important + 0.15 * people.depth + eager + 0.75 * rng.standard_normal(n)
        other = satisfied - 0.15 * people.depth + content + 0.8 * rng.standard_normal(n)
        made[need] = (_rating(one), _rating(other))
    return made


def _rating(felt: Array) -> Codes:
    return np.clip(np.rint(felt), 1, 5).astype(np.int64)


def opportunity(n: int, rng: np.random.Generator) -> list[Row]:
    """One row a person and need."""
    return [
        {"respondent": f"P{i + 1:04d}", "outcome": need, "importance": int(important[i]), "satisfaction": int(satisfied[i])}
        for need, (important, satisfied) in ratings(n, rng).items()
        for i in range(n)
    ]


def price_answers(n: int, rng: np.random.Generator) -> Codes:
    """(n, 4): prices a month that are too cheap, cheap, expensive, too expensive, in whole CNY. Who does not read carefully mixes two of them up."""
    people = crowd_of_commuters(n, rng)
    fair = np.exp(np.log(17.8) + 0.08 * (people.depth - 0.7) + 0.36 * rng.standard_normal(n))
    steps = np.array([-0.72, -0.28, 0.27, 0.70]) + 0.07 * rng.standard_normal((n, 4))
    prices: Codes = np.maximum(1, np.rint(fair[:, None] * np.exp(steps))).astype(np.int64)
    mixed = np.flatnonzero(rng.random(n) < 0.044)
    prices[mixed] = prices[mixed][:, [1, 0, 2, 3]]
    return prices


def prices(n: int, rng: np.random.Generator) -> list[Row]:
    named = ("too_cheap", "cheap", "expensive", "too_expensive")
    return [{"respondent": f"V{i + 1:04d}", **dict(zip(named, each, strict=True))} for i, each in enumerate(price_answers(n, rng).tolist())]


def message(n: int, rng: np.random.Generator) -> list[Row]:
    """One row a person, who saw one of the two slogans for 10 seconds; recalled its promise next day or not."""
    slogans = list(RECALLED)
    seen = rng.permutation(np.arange(n) % len(slogans))
    return [{"unit": f"M{i + 1:04d}", "arm": slogans[k], "value": int(rng.random() < RECALLED[slogans[k]])} for i, k in enumerate(seen.tolist())]


def awareness(n: int, rng: np.random.Generator) -> list[Row]:
    """One row a target user: whether each name is known, one of which nobody can know."""
    return [{"respondent": f"W{i + 1:04d}", **{name: "yes" if rng.random() < chance else "no" for name, chance in KNOWN.items()}} for i in range(n)]


def choices(n: int, rng: np.random.Generator) -> Iterator[tuple[tuple[int, ...], Codes, Codes]]:
    """Screen by screen: the problems shown, and the places of the most and of the least annoying one, a person each."""
    people = crowd_of_commuters(n, rng)
    worth = np.array(list(PAINS.values())) + 0.35 * rng.standard_normal((n, len(PAINS)))
    worth[:, :2] += 0.2 * (people.depth - 0.7)[:, None]
    for shown in SCREENS:
        first = (worth[:, shown] + rng.gumbel(size=(n, len(shown)))).argmax(axis=1)
        again = worth[:, shown] + rng.gumbel(size=(n, len(shown)))
        again[np.arange(n), first] = np.inf
        yield shown, first, again.argmin(axis=1)


def pains(n: int, rng: np.random.Generator) -> list[Row]:
    """One row a person and screen."""
    return [
        {"respondent": f"D{i + 1:04d}", "task": f"S{task + 1}", "best": int(first[i]) + 1, "worst": int(last[i]) + 1}
        for task, (_, first, last) in enumerate(choices(n, rng))
        for i in range(n)
    ]


def screens() -> list[Row]:
    names = list(PAINS)
    return [{"task": f"S{task + 1}", "position": k + 1, "item": names[each]} for task, shown in enumerate(SCREENS) for k, each in enumerate(shown)]


def missed(n: int, rng: np.random.Generator) -> list[Row]:
    """One row an answer of the beta's fit survey: n of people who still read, and some who no longer do."""
    given = [*rng.choice(list(MISSED), n, p=list(MISSED.values())), *[GONE[0]] * GONE[1]]
    return [{"respondent": f"Y{i + 1:04d}", "answer": str(answer), "active": int(answer != GONE[0])} for i, answer in enumerate(rng.permutation(given))]


def market(commuting: int, asked: int) -> list[Row]:
    """The team's factors of the market, from many to few: guesses but for the share that its own survey counted."""
    rows: list[Row] = [
        {"driver": "commuters", "level": "tam", "low": 1.00e8, "likely": 1.15e8, "high": 1.30e8, "unit": "people", "source": "census", "year": 2025},
        {"driver": "ride_of_20_minutes", "level": "sam", "low": 0.38, "likely": 0.45, "high": 0.52, "unit": "%", "source": "traffic report", "year": 2025},
        {"driver": "read_on_the_way", "level": "sam", "x": commuting, "n": asked, "source": "own survey", "year": 2026},
        {"driver": "reached_in_year_one", "level": "som_year1", "low": 0.025, "likely": 0.05, "high": 0.09, "unit": "%", "source": "launch plan", "year": 2026},
        {"driver": "install_and_stay", "level": "som_year1", "low": 0.025, "likely": 0.04, "high": 0.07, "unit": "%", "source": "beta plan", "year": 2026},
    ]
    columns = ("driver", "level", "low", "likely", "high", "x", "n", "unit", "source", "year")
    return [{name: row.get(name, "") for name in columns} for row in rows]


#: function → what Moye, Kuaiyue and Tingchuan have of it
RIVALS = {
    "F-01": ("no", "no", "no"), "F-02": ("no", "no", "no"), "F-03": ("yes", "partly", "no"), "F-04": ("no", "no", "yes"),
    "F-05": ("partly", "no", "no"), "F-06": ("yes", "yes", "partly"), "F-07": ("yes", "no", "partly"), "F-08": ("partly", "no", "no"),
}  # fmt: skip


def matrix(days: Days) -> list[Row]:
    """The team's own trial of the three apps, cell by cell."""
    return [
        {"feature": function, "competitor": f"CP-{k + 1}", "has": has, "checked_at": days.on(-166).isoformat(), "source": "trial"}
        for function, marks in RIVALS.items()
        for k, has in enumerate(marks)
    ]


#: what a plan is worth to people: a yuan a month, cards and listening on top, and the choice of none
PLAN_WORTH = {"price": -0.12, "cards": 0.9, "listening": 0.45, "none": -1.6}


def plans(n: int, rng: np.random.Generator) -> list[Row]:
    """Choices between two plans and none, eight tasks a person; people differ in how much the price weighs."""
    rows: list[Row] = []
    for i in range(n):
        taste = rng.normal(0, 0.25)
        for task in range(8):
            offers = [(float(rng.choice([9, 12, 15, 18, 25])), int(rng.random() < 0.5), int(rng.random() < 0.5)) for _ in range(2)]
            worth = [(PLAN_WORTH["price"] * price + PLAN_WORTH["cards"] * cards + PLAN_WORTH["listening"] * heard) * (1 + taste) for price, cards, heard in offers]
            chosen = int(np.argmax(np.array([*worth, PLAN_WORTH["none"]]) + rng.gumbel(size=3)))
            for j, (price, cards, heard) in enumerate(offers):
                shown = {"alternative": "AB"[j], "monthly_price": price, "recap_cards": cards, "read_aloud": heard, "none": 0}
                rows.append({"respondent": f"c{i + 1:03d}", "task": task + 1, **shown, "chosen": int(chosen == j)})
            blank: Row = {"alternative": "none", "monthly_price": "", "recap_cards": "", "read_aloud": "", "none": 1}
            rows.append({"respondent": f"c{i + 1:03d}", "task": task + 1, **blank, "chosen": int(chosen == 2)})
    return rows
