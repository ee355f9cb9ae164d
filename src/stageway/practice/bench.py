"""What is seen in the practice product's usability laboratory besides the tasks: newcomers' first use and first clicks, experts' inspections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.practice.world import Array, Row, crowd, crowd_of_commuters

#: newcomers who have not read the first segment after so many seconds are helped on
LIMIT_S = 300
#: task → how plain its entrance is
ENTRANCES = {"import_a_book": 1.5, "read_a_segment": 2.9, "write_a_card": 2.1}
PLACES = {"import_a_book": "library", "read_a_segment": "profile", "write_a_card": "notes"}
EVALUATORS = ("E1", "E2", "E3", "E4")
#: problem (as in items/problem.yaml) → the chance that one evaluator meets it, its severity, and whether prototype B still has it
PROBLEMS: dict[str, tuple[float, float, bool]] = {
    "PB-1": (0.90, 3.8, False),
    "PB-2": (0.80, 3.6, False),
    "PB-3": (0.75, 1.6, True),
    "PB-4": (0.85, 3.8, False),
    "PB-5": (0.75, 3.6, False),
    "PB-6": (0.55, 1.5, True),
    "PB-7": (0.60, 1.5, True),
    "PB-8": (0.65, 1.6, True),
    "PB-9": (0.40, 1.2, True),
}


def first_use_seconds(n: int, rng: np.random.Generator) -> Array:
    """Seconds from opening the app to the end of the first segment."""
    people = crowd_of_commuters(n, rng)
    return np.asarray(np.exp(4.82 - 0.12 * people.depth + 0.58 * rng.standard_normal(n)))


def first_use(n: int, rng: np.random.Generator) -> list[Row]:
    """One row a newcomer: reached the end of the first segment in five minutes or not, and the seconds."""
    return [
        {"respondent": f"R{i + 1:02d}", "task": "first_segment", "success": int(seconds <= LIMIT_S), "time_s": round(min(seconds, LIMIT_S), 1)}
        for i, seconds in enumerate(first_use_seconds(n, rng).tolist())
    ]


@dataclass(frozen=True)
class Clicks:
    """First clicks of n newcomers at each task (n, tasks): right or not, done in the end or not, and the seconds until the click."""

    right: NDArray[np.bool_]
    done: NDArray[np.bool_]
    seconds: Array


def clicking(n: int, rng: np.random.Generator) -> Clicks:
    """Who clicks wrongly first needs luck or patience to come back."""
    people = crowd(n, rng)
    plain = np.array(list(ENTRANCES.values()))
    skill = 0.4 * people.depth + 0.5 * rng.standard_normal(n)
    right = rng.random((n, len(plain))) < 1 / (1 + np.exp(-(plain + skill[:, None])))
    done = rng.random((n, len(plain))) < 1 / (1 + np.exp(-(0.6 + 2.4 * right + 0.6 * skill[:, None])))
    return Clicks(right, done, np.exp(rng.normal(2.0 - 0.12 * plain, 0.5, (n, len(plain)))))


def first_clicks(n: int, rng: np.random.Generator) -> list[Row]:
    """One row a newcomer and task."""
    seen = clicking(n, rng)
    return [
        {
            "respondent": f"R{i + 1:02d}",
            "task": task,
            "correct": int(seen.right[i, k]),
            "time_s": round(float(seen.seconds[i, k]), 1),
            "success": int(seen.done[i, k]),
            "place": task if seen.right[i, k] else PLACES[task],
        }
        for k, task in enumerate(ENTRANCES)
        for i in range(n)
    ]


def inspection(version: int, rng: np.random.Generator) -> tuple[list[Row], list[Row]]:
    """Who met which problem of the prototype, each by themselves; then everyone's severity (0–4) of every problem on the merged list."""
    there = {name: each for name, each in PROBLEMS.items() if version == 1 or each[2]}
    met = {name: [who for who in EVALUATORS if rng.random() < chance] for name, (chance, _, _) in there.items()}
    found: list[Row] = [{"respondent": who, "problem": name} for name, people in met.items() for who in people]
    found += [{"respondent": who, "problem": ""} for who in EVALUATORS if not any(who in people for people in met.values())]
    rated: list[Row] = [
        {"rater": who, "problem": name, "severity": int(np.clip(np.rint(rng.normal(there[name][1], 0.4)), 0, 4))}
        for name, people in met.items()
        if people
        for who in EVALUATORS
    ]
    return found, rated
