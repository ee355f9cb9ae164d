"""Utilities from best-worst tasks: of all people, and of segments side by side.

Source: Louviere, Flynn & Marley (2015), Best-Worst Scaling, ch. 5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stageway.arithmetic import best_worst, choice_logit, proportions
from stageway.arithmetic.best_worst_answers import Answers
from stageway.arithmetic.choice_logit import Array, Fit, Ints


@dataclass(frozen=True)
class Scaled:
    """Utilities of the `kept` items (their numbers) with covariance; `above` are items that beat them all the way, if any."""

    kept: Ints
    above: tuple[int, ...]
    below: tuple[int, ...]
    fit: Fit
    utilities: Array
    covariance: Array
    sets: int


def scaled(tasks: best_worst.Tasks, model: str) -> Scaled | None:
    """None where no two items can be compared, or fewer than two people answered."""
    kept, above = best_worst.comparable(tasks)
    seen = best_worst.counted(tasks)[0] > 0
    if kept.sum() < 2:
        return None
    numbers = np.flatnonzero(kept)
    sets = best_worst.choice_sets(tasks.among(kept), numbers, model)
    if not len(sets.starts):
        return None
    fit = choice_logit.fit(sets)
    if fit.people < 2 or not fit.converged or choice_logit.separating(sets, fit) is not None:
        return None
    contrasts = best_worst.contrasts(len(numbers))
    outside = np.flatnonzero(~kept & seen).tolist()
    return Scaled(numbers, tuple(i for i in outside if above[i]), tuple(i for i in outside if not above[i]), fit, contrasts @ fit.beta,
                  contrasts @ fit.covariance @ contrasts.T, len(sets.starts))


def shares(utilities: Array) -> Array:
    """exp(u) / Σ exp(u) along the last axis."""
    raised = np.exp(utilities - utilities.max(axis=-1, keepdims=True))
    made: Array = raised / raised.sum(axis=-1, keepdims=True)
    return made


@dataclass(frozen=True)
class Groups:
    """Segments scored apart. `p` for all items together, `p_item` one an item (BH), NaN where not testable; `few` are left out."""

    names: tuple[str, ...]
    people: tuple[int, ...]
    shares: tuple[Array, ...]
    p: float
    p_item: Array
    few: tuple[tuple[str, int], ...]


def grouped(answers: Answers, found: Scaled, model: str) -> Groups | None:
    """Only segments of ten people in which the same items can be compared."""
    if len(answers.segments) < 2:
        return None
    names, people, fits, few = [], [], [], []
    for s, name in enumerate(answers.segments):
        mask = answers.segment == s
        part = scaled(answers.tasks.by(mask), model) if mask.sum() >= 10 else None
        if part is None or part.kept.tolist() != found.kept.tolist():
            few.append((name, int(mask.sum())))
            continue
        names.append(name)
        people.append(int(mask.sum()))
        fits.append(part)
    if len(fits) < 2:
        return Groups((), (), (), math.nan, np.full(len(found.kept), np.nan), tuple(few))
    p = choice_logit.alike([f.fit.beta for f in fits], [f.fit.covariance for f in fits]) if min(people) > 2 * len(found.kept) else math.nan
    each = np.array([choice_logit.alike([f.utilities[k : k + 1] for f in fits], [f.covariance[k : k + 1, k : k + 1] for f in fits]) for k in range(len(found.kept))])
    return Groups(tuple(names), tuple(people), tuple(shares(f.utilities) for f in fits), p, proportions.benjamini_hochberg(each), tuple(few))
