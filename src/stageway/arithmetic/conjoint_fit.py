"""Worths of attributes from choices (conditional logit) or ratings (least squares a person), and how well they foretell choices kept apart.

Sources: McFadden (1974), in Frontiers in Econometrics, 105–142; Green & Srinivasan (1978), J. Consumer Research 5, 103–123.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stageway.arithmetic import choice_logit, individual_logit, intervals, share_simulation
from stageway.arithmetic.choice_answers import Answers
from stageway.arithmetic.choice_logit import Array, Ints, Sets
from stageway.arithmetic.part_worths import Design, importance_intervals, importances
from stageway.arithmetic.proportions import holm
from stageway.evidence import DataError, Words, joined, say

#: draws for first choices
DRAWS = 400
#: individual worths need so many people, and so many tasks of the middle person
PEOPLE, TASKS = 30, 3
FOLDS = 5


@dataclass(frozen=True)
class Worths:
    """`beta` (k) of the population with covariance by people; `units` tasks or ratings used; `individual` (people, k) or None, with
    `spread` (people, k, k) of what is not known of each where they were drawn to the population.

    `importance`, `low`, `high`, `first` by attribute, NaN where nothing has any worth. `flat` people rated everything alike,
    `short` ones too few profiles; both are left out of ratings.
    """

    design: Design
    beta: Array
    covariance: Array
    people: int
    units: int
    individual: Array | None
    importance: Array
    low: Array
    high: Array
    first: Array
    r_squared: float
    log_likelihood: float | None = None
    spread: Array | None = None
    flat: int = 0
    short: int = 0

    @property
    def df(self) -> int:
        return self.people - 1

    def of(self, contrast: Array) -> tuple[float, float]:
        """(worth, standard error) of a contrast (k)."""
        return float(contrast @ self.beta), math.sqrt(max(float(contrast @ self.covariance @ contrast), 0.0))


def fit_choices(answers: Answers, sets: Sets, level: float, draws: int, rng: np.random.Generator) -> Worths:
    """DataError where choices follow an attribute without exception. `sets` are those of the answers that are not kept apart."""
    design, found = answers.design, choice_logit.fit(sets)
    direction = choice_logit.separating(sets, found)
    if direction is not None or not found.converged:
        names = [say(zh="“{a}”", en="“{a}”", a=name) for name in _foreseen_by(sets, design, found.beta if direction is None else direction)]
        what = say(zh="{a}把选择完全定死了（没有一个例外），效用没有有限的估计", en="choices follow {a} without a single exception: worths have no finite estimate",
                   a=joined(names) if names else Words("选项“都不选”", "the alternative none"))
        raise DataError("separable", what, todo=Words("补更多人的回答，或去掉这一属性、合并它的水平", "ask more people, or leave the attribute out, or merge its levels"))
    covariance, df = found.covariance, max(found.people - 1, 1)
    share, low, high = importance_intervals(found.beta, covariance, design, intervals.t_of(level, df))
    drawn = importances(choice_logit.draws(found.beta, covariance, df, draws, rng), design)
    first = np.bincount(drawn.argmax(axis=1), minlength=len(design.attributes)) / draws
    own = _individual(sets, found)
    return Worths(design, found.beta, covariance, found.people, len(sets.starts), own.beta if own else None, share, low, high, first,
                  found.r_squared, found.log_likelihood, own.spread if own else None)


def _foreseen_by(sets: Sets, design: Design, direction: Array) -> list[str]:
    """The attributes that alone foretell every choice along the direction; where none does alone, all that the direction moves."""
    differences = np.repeat(sets.x[sets.chosen], sets.sizes, axis=0) - sets.x
    parts = {a.name: differences[:, design.columns(a)] @ direction[design.columns(a)] for a in design.attributes}
    moved = {name: part for name, part in parts.items() if np.abs(part).max() > 1e-6}
    return [name for name, part in moved.items() if part.min() > -1e-9] or list(moved)


def _individual(sets: Sets, found: choice_logit.Fit) -> individual_logit.People | None:
    counts = np.bincount(sets.person, minlength=sets.people)
    if found.people < PEOPLE or np.median(counts[counts > 0]) < TASKS:
        return None
    return individual_logit.personal(sets, found)


def fit_ratings(answers: Answers, level: float, draws: int, rng: np.random.Generator) -> Worths:
    """One least-squares line a person; means of people with t intervals. Importance is the mean of the people's own importances."""
    design, x, y = answers.design, answers.x, answers.ratings
    assert y is not None
    bounds = np.append(answers.starts, len(x))
    betas, explained, flat, short = [], [], 0, 0
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        mine, rated = np.column_stack([np.ones(end - start), x[start:end]]), y[start:end]
        if np.linalg.matrix_rank(mine) < mine.shape[1]:
            short += 1
        elif np.ptp(rated) == 0:
            flat += 1
        else:
            beta = np.linalg.lstsq(mine, rated, rcond=None)[0]
            betas.append(beta[1:])
            explained.append(1 - float(np.sum((rated - mine @ beta) ** 2) / np.sum((rated - rated.mean()) ** 2)))
    m = len(betas)
    made = np.array(betas).reshape(m, x.shape[1])
    nan = np.full(len(design.attributes), np.nan)
    if m < 2:
        return Worths(design, made.mean(axis=0) if m else np.zeros(x.shape[1]), np.zeros((x.shape[1], x.shape[1])), m, len(x), None, nan, nan, nan, nan, math.nan,
                      flat=flat, short=short)
    own = importances(made, design)
    share, half = own.mean(axis=0), intervals.t_of(level, m - 1) * own.std(axis=0, ddof=1) / math.sqrt(m)
    drawn = choice_logit.draws(share, np.atleast_2d(np.cov(own.T)) / m, m - 1, draws, rng)
    first = np.bincount(drawn.argmax(axis=1), minlength=len(share)) / draws
    covariance = np.atleast_2d(np.cov(made.T)) / m
    return Worths(design, made.mean(axis=0), covariance, m, len(x), made, share, np.maximum(share - half, 0.0), np.minimum(share + half, 1.0), first,
                  float(np.mean(explained)), flat=flat, short=short)


# ── choices kept apart ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Holdout:
    """Share of choices foretold with its interval; `people` and `tasks` behind it; `chance` by guessing; `way` flagged, one, folds."""

    value: float
    low: float
    high: float
    people: int
    tasks: int
    chance: float
    way: str


def holdout(answers: Answers, level: float, rng: np.random.Generator) -> Holdout | None:
    """Flagged tasks, else one random task of each person who has four or more, else each fifth of the people from the others.

    None where what is left cannot be fitted.
    """
    sets = answers.sets()
    counts = np.bincount(sets.person, minlength=sets.people)
    if answers.holdout.any():
        return _foretold(sets, [answers.holdout], "flagged", level)
    if np.median(counts) >= 4:
        firsts = np.cumsum(np.append(0, counts[:-1]))
        taken = firsts + (rng.random(sets.people) * counts).astype(np.int64)
        apart = np.zeros(len(sets.starts), dtype=bool)
        apart[taken[counts >= 4]] = True
        return _foretold(sets, [apart], "one", level)
    if sets.people < 2 * FOLDS:
        return None
    fold = rng.permutation(sets.people) % FOLDS
    return _foretold(sets, [fold[sets.person] == k for k in range(FOLDS)], "folds", level)


def _foretold(sets: Sets, parts: list[np.ndarray[tuple[int], np.dtype[np.bool_]]], way: str, level: float) -> Holdout | None:
    hits, who, chance = [], [], []
    for apart in parts:
        train, test = sets.of(~apart), sets.of(apart)
        if not len(train.starts) or not len(test.starts):
            return None
        found = choice_logit.fit(train)
        if not found.converged:
            return None
        own = None if way == "folds" else _individual(train, found)
        beta = np.tile(found.beta, (sets.people, 1)) if own is None else own.beta
        worths = np.einsum("rk,rk->r", test.x, beta[np.repeat(test.person, test.sizes)])
        top = np.isclose(worths, np.repeat(np.maximum.reduceat(worths, test.starts), test.sizes), rtol=0, atol=1e-9)
        hits.append(top[test.chosen] / np.add.reduceat(top.astype(np.float64), test.starts))
        who.append(test.person)
        chance.append(1 / test.sizes)
    hit, person = np.concatenate(hits), np.concatenate(who)
    low, high = _share(hit, person, level)
    value = float(hit.mean())
    return Holdout(value, min(low, value), max(high, value), len(np.unique(person)), len(hit), float(np.concatenate(chance).mean()), way)


def _share(hit: Array, person: Ints, level: float) -> tuple[float, float]:
    """Wilson's interval with the n that answers clustered by person are worth."""
    value, names = float(hit.mean()), np.unique(person)
    n = float(len(names))
    if 0 < value < 1 and len(names) > 1:
        apart = np.bincount(np.searchsorted(names, person), weights=hit - value)
        variance = float(np.sum(apart**2)) / len(hit) ** 2 * len(names) / (len(names) - 1)
        n = value * (1 - value) / variance if variance > 0 else float(len(hit))
    n = min(n, float(len(hit)))
    return intervals.wilson(value * n, n, level)


def independence(answers: Answers, sets: Sets, worths: Worths) -> float:
    """The smallest of Hausman & McFadden's p over the labelled alternatives (Holm); NaN where they have no labels of their own."""
    labels = [label if not gone else "\0none" for label, gone in zip(answers.label, answers.none.tolist(), strict=True)]
    names = sorted(set(labels))
    owner = np.repeat(np.arange(len(answers.starts)), np.diff(np.append(answers.starts, len(labels))))
    if not 3 <= len(names) <= 8 or len(set(zip(owner.tolist(), labels, strict=True))) < len(labels) or answers.holdout.any():
        return math.nan
    found = choice_logit.fit(sets, worths.beta)
    each = holm(np.array([choice_logit.independence_of(sets, found, np.array([label == name for label in labels])) for name in names]))
    return float(np.nanmin(each)) if not np.all(np.isnan(each)) else math.nan


def simulated(worths: Worths, x: Array, level: float, draws: int, rng: np.random.Generator) -> tuple[Array, Array, Array, Array]:
    """(share, low, high, chance of the largest share) of each alternative by the logit rule."""
    drawn = share_simulation.preference(choice_logit.draws(worths.beta, worths.covariance, worths.df, draws, rng), x)
    share, tail = share_simulation.preference(worths.beta, x), (1 - level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return share, np.minimum(low, share), np.maximum(high, share), share_simulation.first_places(drawn)


def first_chosen(worths: Worths, x: Array, level: float, rng: np.random.Generator) -> tuple[Array, Array, Array] | None:
    """(share of people, low, high) who put each alternative first; None where worths of single people are not known."""
    if worths.individual is None:
        return None
    if worths.spread is None:
        n = len(worths.individual)
        share = share_simulation.first_choices(worths.individual, x).mean(axis=0)
        ends = np.array([intervals.wilson(min(value, 1.0) * n, n, level) for value in share.tolist()])
        low, high = ends[:, 0], ends[:, 1]
    else:
        common = choice_logit.draws(np.zeros(len(worths.beta)), worths.covariance, worths.df, DRAWS, rng)
        drawn = share_simulation.first_choices_drawn(worths.individual, worths.spread, common, x, rng)
        share, tail = drawn.mean(axis=0), (1 - level) / 2
        low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return share, np.minimum(low, share), np.maximum(high, share)
