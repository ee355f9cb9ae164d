"""What people of the practice product's beta do: they register, read, come back or not, and their app crashes now and then; the rollout and the campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from stageway.practice.days import Days
from stageway.practice.world import Codes, Row, crowd

#: days from today on which the beta's people registered, first and last, and how many
WAVES = ((-43, -40, 1122), (-39, -17, 770), (-16, -11, 108))
#: the last day of the event log
LOGGED = -10
#: chances to choose a book, then to finish the first segment, then the third within a week if one came back in it
STEPS = (0.872, 0.752, 0.80)

#: release → the chance to come back on the day after
BACK_NEXT_DAY = {"rc3": 0.472, "rc2": 0.468}
#: arm of "one book in seven days" → (people, the chance to finish a segment a day in that week)
CAMPAIGN = {"invited": (1200, 0.41), "control": (300, 0.29)}
#: days from today on which the rollout let people in
ROLLOUT = (-4, -1)


def rollout(n: int, days: Days, rng: np.random.Generator) -> list[Row]:
    """One row a person: the release that chance gave them, the day they came, and whether they came back on the next."""
    first, last = ROLLOUT
    arms = list(BACK_NEXT_DAY)
    given = rng.permutation(np.arange(n) % len(arms))
    came = np.sort(rng.integers(first, last + 1, n))
    came[:1], came[-1:] = first, last
    return [
        {"unit": f"G{i + 1:04d}", "arm": arms[k], "day": days.exactly(day).isoformat(), "value": int(rng.random() < BACK_NEXT_DAY[arms[k]])}
        for i, (k, day) in enumerate(zip(given.tolist(), came.tolist(), strict=True))
    ]


def campaign(rng: np.random.Generator) -> list[Row]:
    """One row a person of the list, who was drawn into the campaign or left out of it at random."""
    drawn = rng.permutation(np.repeat(list(CAMPAIGN), [n for n, _ in CAMPAIGN.values()]))
    return [{"unit": f"C{i + 1:04d}", "arm": str(arm), "value": int(rng.random() < CAMPAIGN[arm][1])} for i, arm in enumerate(drawn)]


def lifted(rows: list[Row]) -> tuple[int, int, int, int]:
    """(finished, invited, finished, control) of the campaign's list."""
    counted = [sum(row["arm"] == arm and (row["value"] == 1 or whole) for row in rows) for arm in CAMPAIGN for whole in (False, True)]
    return counted[0], counted[1], counted[2], counted[3]


@dataclass(frozen=True)
class Lives:
    """Of n people: whether they chose a book, finished the first and the third segment, and on which of the days after they opened the app (n, days)."""

    chose: NDArray[np.bool_]
    first: NDArray[np.bool_]
    third: NDArray[np.bool_]
    opened: NDArray[np.bool_]


#: how much less often people of the prototype came back
PROTOTYPE = -0.8


def lives(n: int, days: int, rng: np.random.Generator, level: float = 0.0) -> Lives:
    """People differ in how much they want to finish what they read; `level` shifts how often all of them come back."""
    people = crowd(n, rng)
    after = np.arange(1, days + 1)
    chance = 0.468 * after**-0.228
    opened = rng.random((n, days)) < 1 / (1 + np.exp(-(1.16 * np.log(chance / (1 - chance)) + level + 0.95 * people.depth[:, None])))
    chose, first = rng.random(n) < STEPS[0], rng.random(n) < STEPS[1]
    third = (rng.random(n) < STEPS[2]) & opened[:, :6].any(axis=1)
    return Lives(chose, chose & first, chose & first & third, opened)


def events(days: Days, rng: np.random.Generator) -> list[Row]:
    """The event log of the beta: one row an event, until the end of the day LOGGED."""
    joined = np.concatenate([np.sort(rng.integers(first, last + 1, n)) for first, last, n in WAVES])
    return _log("V", lives(len(joined), LOGGED - int(joined[0]), rng), joined, LOGGED, days, rng)


def prototype(days: Days, rng: np.random.Generator) -> list[Row]:
    """The event log of the prototype: 186 people, all of whom could be watched for more than 30 days."""
    joined = np.sort(rng.integers(-312, -299, 186))
    return _log("E", lives(len(joined), 45, rng, level=PROTOTYPE), joined, -266, days, rng)


def _log(letter: str, seen: Lives, joined: Codes, until: int, days: Days, rng: np.random.Generator) -> list[Row]:
    """Milestones of the first day, and of the day on which the third segment was finished; one `open` on each further day."""
    start = datetime.combine(days.today, time(), None)
    clock = rng.uniform(8 * 60, 21 * 60, (len(joined), seen.opened.shape[1] + 1))
    waits = rng.exponential((4.0, 35.0, 9.0), (len(joined), 3))
    rows: list[Row] = []

    def add(person: int, event: str, day: int, minutes: float) -> None:
        if day <= until:
            at = (start + timedelta(days=day, minutes=min(minutes, 1439))).isoformat(sep=" ", timespec="minutes")
            rows.append({"user": f"{letter}{person + 1:04d}", "event": event, "time": at})

    for i, day in enumerate(joined.tolist()):
        minutes = float(clock[i, 0])
        add(i, "registered", day, minutes)
        if seen.chose[i]:
            add(i, "book_chosen", day, minutes + waits[i, 0])
        if seen.first[i]:
            add(i, "first_segment", day, minutes + waits[i, 0] + waits[i, 1])
        back = (np.flatnonzero(seen.opened[i]) + 1).tolist()
        for later in back:
            add(i, "open", day + later, float(clock[i, later]))
        if seen.third[i]:
            add(i, "third_segment", day + back[0], float(clock[i, back[0]]) + waits[i, 2])
    return rows


#: version → days from today, sessions a day, the chance that a session crashes
SESSIONS = {"rc2": ((-23, -17), 3200, 0.0030), "rc3": ((-16, -10), 2780, 0.0022)}


def sessions(days: Days, rng: np.random.Generator) -> list[Row]:
    """Sessions of the beta as the crash service counts them: one row a day and version."""
    rows: list[Row] = []
    for version, ((first, last), usual, chance) in SESSIONS.items():
        for day in range(first, last + 1):
            count = int(rng.poisson(usual))
            rows.append({"day": days.exactly(day).isoformat(), "version": version, "sessions": count, "crashed": int(rng.binomial(count, chance))})
    return rows


#: the chance that a session of the 24-hour run crashes
SOAK = 0.0026


def soak(rng: np.random.Generator) -> list[Row]:
    """The 24-hour run in the laboratory: one row a model, each in turn opened and closed by a script."""
    counts = rng.poisson(1910, 20).tolist()
    return [{"user": f"model-{i + 1:02d}", "sessions": count, "crashed": int(rng.binomial(count, SOAK))} for i, count in enumerate(counts)]


def returned(log: list[Row], day: int) -> float:
    """Share of the people of a log who opened the app on that day after they registered."""
    began = {row["user"]: date.fromisoformat(str(row["time"])[:10]) for row in log if row["event"] == "registered"}
    came = {(row["user"], date.fromisoformat(str(row["time"])[:10])) for row in log if row["event"] == "open"}
    return sum((user, start + timedelta(days=day)) in came for user, start in began.items()) / len(began)
