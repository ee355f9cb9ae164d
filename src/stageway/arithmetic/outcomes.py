"""How important desired outcomes are and how well they are met: reading, scores, resampling over people.

A rating counts 1 from `top` on and 0 below (share of the top boxes), or by its place on the scale (mean); both are shown from 0 to 10.

Source: Ulwick (2005), What Customers Want, ch. 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import bootstrap, respondents, scales
from stageway.evidence import DataError, Frame, Where, Words, say

Array = NDArray[np.float64]

_IMPORTANT = {
    1: "not at all important|not important at all|unimportant|非常不重要|很不重要|完全不重要|一点都不重要",
    2: "slightly important|not very important|somewhat unimportant|不重要|不太重要|比较不重要|有点不重要",
    3: "moderately important|somewhat important|neutral|neither important nor unimportant|一般|中立|说不清",
    4: "important|very important|比较重要|重要|很重要",
    5: "extremely important|critically important|非常重要|极其重要|极为重要|十分重要",
}
_SATISFIED = {
    1: "not at all satisfied|very dissatisfied|extremely dissatisfied|非常不满意|很不满意|完全不满意",
    2: "slightly satisfied|dissatisfied|somewhat dissatisfied|不满意|不太满意|比较不满意|有点不满意",
    3: "moderately satisfied|somewhat satisfied|neutral|neither satisfied nor dissatisfied|一般|中立|说不清",
    4: "satisfied|very satisfied|比较满意|满意|很满意",
    5: "extremely satisfied|completely satisfied|非常满意|十分满意|完全满意",
}
#: Words of five steps, as Ulwick prints them ("very important" is the fourth) and as Chinese surveys do, in the form of `scales.plain`.
WORDS = {
    "importance": {answer: code for code, listed in _IMPORTANT.items() for answer in listed.split("|")},
    "satisfaction": {answer: code for code, listed in _SATISFIED.items() for answer in listed.split("|")},
}


@dataclass(frozen=True)
class Ratings:
    """`importance`, `satisfaction`: (people, outcomes), NaN where not rated. `segment`: position in `segments`, −1 for none."""

    outcomes: list[str]
    segments: list[str]
    importance: Array
    satisfaction: Array
    segment: NDArray[np.int64]
    incomplete: int
    repeated: int

    @property
    def people(self) -> int:
        return len(self.importance)

    def of(self, rows: NDArray[np.bool_]) -> Ratings:
        return Ratings(self.outcomes, self.segments, self.importance[rows], self.satisfaction[rows], self.segment[rows], self.incomplete, self.repeated)


def read(frame: Frame, scale: int) -> Ratings:
    """People in the order of their ids, rows without a person each as one. Raises DataError where nothing is rated, or one thing twice, differently."""
    expected = say(zh="1～{top}的整数或其文字", en="a whole number from 1 to {top}, or the answer in words", top=scale)
    rated = [scales.coded(frame, name, WORDS[name] if scale == 5 else {}, range(1, scale + 1), expected) for name in ("importance", "satisfaction")]
    whole = ~frame.missing("outcome") & ~(np.isnan(rated[0]) & np.isnan(rated[1]))
    if not whole.any():
        what = Words("没有一行同时有期望结果和评分", "no row has an outcome and a rating")
        raise DataError("no_answers", what, where=Where(file=frame.source or None))
    keys = list(zip(frame["respondent"].tolist(), frame["outcome"].tolist(), strict=True))
    answers = [(str(a), str(b)) for a, b in zip(rated[0].tolist(), rated[1].tolist(), strict=True)]
    keep = respondents.once(frame, whole, keys, answers)
    used, names = frame.take(keep), respondents.names_of(frame.take(keep), "outcome")
    segments = respondents.names_of(used, "segment") if "segment" in used else []
    own = respondents.places(used, "segment", segments) if "segment" in used else np.full(len(used), -1)
    outcome = respondents.places(used, "outcome", names)
    values = [r[keep] for r in rated]
    rows = _people(used, list(zip(outcome.tolist(), *(v.tolist() for v in values), own.tolist(), strict=True)))
    grid = np.full((2, int(rows.max()) + 1, len(names)), np.nan)
    grid[:, rows, outcome] = values
    segment = np.full(grid.shape[1], -1)
    for row, at in zip(rows.tolist(), own.tolist(), strict=True):
        segment[row] = max(segment[row], at)
    return Ratings(names, segments, grid[0], grid[1], segment, int(len(frame) - whole.sum()), int(whole.sum() - keep.sum()))


def _people(frame: Frame, contents: Sequence[tuple[float, ...]]) -> NDArray[np.int64]:
    """The person of each row, numbered in an order that does not depend on the order of the rows."""
    ids = frame["respondent"].tolist()
    named = {name: i for i, name in enumerate(sorted({name for name in ids if name is not None}))}
    nameless = sorted((i for i, name in enumerate(ids) if name is None), key=lambda i: str(contents[i]))
    alone = {i: len(named) + at for at, i in enumerate(nameless)}
    return np.array([named[name] if name is not None else alone[i] for i, name in enumerate(ids)])


def counted(ratings: Array, top: int, scale: int, measure: str) -> Array:
    """Ratings as numbers from 0 to 1: 1 from `top` on (`top`), or the place on the scale (`mean`); NaN stays."""
    if measure == "mean":
        return (ratings - 1) / (scale - 1)
    return np.where(np.isnan(ratings), np.nan, (ratings >= top).astype(np.float64))


def score(importance: Array, satisfaction: Array) -> Array:
    """Ulwick's opportunity: importance + max(importance − satisfaction, 0), all from 0 to 10 (the score to 20)."""
    return importance + np.maximum(importance - satisfaction, 0.0)


def resampled(importance: Array, satisfaction: Array, draws: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Importance and satisfaction, 0 to 10, in resamples of people: (draws, outcomes) each; NaN where nobody drawn had rated."""
    parts = [part for values in (importance, satisfaction) for part in (np.nan_to_num(values), (~np.isnan(values)).astype(np.float64))]
    made = np.split(bootstrap.sums(np.concatenate(parts, axis=1), draws, rng), 4, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return 10 * made[0] / made[1], 10 * made[2] / made[3]


def first(scores: Array) -> Array:
    """Share of the draws in which each outcome has the highest score; a tie is shared out. NaN never wins."""
    known = np.where(np.isnan(scores), -np.inf, scores)
    best = known == known.max(axis=1, keepdims=True)
    share: Array = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return share


def homogeneity(values: Array, variances: Array) -> float:
    """p that groups with these independent values and variances are alike (chi-square on k − 1; Cochran 1954). NaN below two groups."""
    from scipy.special import chdtrc

    known = ~np.isnan(values) & (variances > 0)
    if known.sum() < 2:
        return float("nan")
    weight = 1 / variances[known]
    middle = float(np.sum(weight * values[known]) / np.sum(weight))
    return float(chdtrc(known.sum() - 1, float(np.sum(weight * (values[known] - middle) ** 2))))
