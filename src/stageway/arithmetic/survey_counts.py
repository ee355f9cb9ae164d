"""What a survey says in numbers: people weighted, shares and means of each question, cross-tables by segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import crosstabs, margins, proportions, survey_answers, weighting
from stageway.arithmetic.crosstabs import Association
from stageway.arithmetic.survey_answers import Question, Survey
from stageway.arithmetic.weighting import Array, Margin, Raked
from stageway.evidence import DataError, Estimate, Frame, Kind, Where, Words, say

CORRECTIONS = {"holm": proportions.holm, "bh": proportions.benjamini_hochberg}


@dataclass(frozen=True)
class Share:
    """One answer of one question; `people` chose it, unweighted."""

    question: str
    answer: str
    people: int
    estimate: Estimate


@dataclass(frozen=True)
class Crossed:
    """A question (or one option of a multi-select against not choosing it, "") by segment: `table` (segments, answers) weighted, `p` corrected."""

    name: str
    answers: tuple[str, ...]
    table: Array
    found: Association
    p: float

    def strongest(self) -> tuple[int, int]:
        """Segment and answer of the cell that most exceeds what its row and column predict."""
        away = np.round(np.nan_to_num(self.found.residuals), 9)
        row, column = np.unravel_index(int(np.argmax(away)), away.shape)
        return int(np.flatnonzero(self.table.sum(axis=1) > 0)[row]), int(np.flatnonzero(self.table.sum(axis=0) > 0)[column])


@dataclass(frozen=True)
class Weighing:
    """How the people were weighted: `before` raking; `empty` categories that nobody has; `without` people who had no weight."""

    margins: tuple[Margin, ...]
    raked: Raked | None
    before: Array
    empty: tuple[str, ...]
    without: int

    def gap(self, weights: Array) -> float:
        """The largest distance between a share and its margin; rounding errors count as none."""
        return round(max(m.gap(weights) for m in self.margins), 9)

    def heaviest(self, weights: Array) -> tuple[str, float] | None:
        """The category ("variable=category") whose people weigh most on average, with that weight."""
        found = [(f"{m.name}={c}", float(weights[m.place == i].mean())) for m in self.margins for i, c in enumerate(m.categories) if (m.place == i).any()]
        return max(found, key=lambda each: (each[1], each[0])) if found else None


def key(*parts: str) -> str:
    """An estimate's key: parts with colons, square brackets as round ones (criteria use square ones)."""
    return ":".join(parts).replace("[", "(").replace("]", ")")


def weighed(survey: Survey, table: Frame | None, *, cap: float, rounds: int, source: str) -> tuple[Survey, Weighing]:
    """The people who have a weight, with weights of mean 1, raked where `table` gives margins. Raises DataError where nobody has one."""
    good = np.nan_to_num(survey.weights) > 0
    if not good.any():
        what = Words("没有一个人的权重大于0", "nobody has a weight above 0")
        raise DataError("weights_zero", what, where=Where(file=source or None, column="weight"))
    kept = survey_answers.of(survey, good)
    before = kept.weights / kept.weights.mean()
    found, empty = margins.read(table, kept) if table is not None else ([], [])
    raked = weighting.rake(before, found, cap=cap, rounds=rounds) if found else None
    weights = before if raked is None else raked.weights
    made = replace(kept, weights=weights, weighted=bool(np.ptp(weights) > 1e-9))
    return made, Weighing(tuple(found), raked, before, tuple(empty), int((~good).sum()))


def base_of(q: Question, base: str) -> NDArray[np.bool_]:
    """Whom a share of the question is of: multi-select by `base`, else who answered."""
    return q.asked if q.multi and base == "asked" else q.answered


def shares(survey: Survey, questions: Sequence[Question], base: str, level: float) -> list[Share]:
    made = []
    for q in questions:
        who = base_of(q, base)
        for i, option in enumerate(q.options if who.any() else ()):
            ticked = q.ticked[who, i]
            value, low, high = weighting.share(ticked, survey.weights[who], level)
            made.append(Share(q.name, option, int(ticked.sum()), Estimate(
                "share", value, min(low, value), max(high, value), key=key(q.name, option), unit="%", n=int(who.sum()), level=level,
                kind=Kind.OTHER if survey.weighted else Kind.SHARE, label=say(zh="“{q}”中选“{a}”的人", en="“{a}” in “{q}”", q=q.name, a=option))))
    return made


def means(survey: Survey, questions: Sequence[Question], level: float) -> list[Estimate]:
    """Of the questions that are answered in numbers; none where they do not vary."""
    made = []
    for q in questions:
        found = None if q.numbers is None else weighting.mean(q.numbers[q.answered], survey.weights[q.answered], level)
        if found is not None:
            label = say(zh="“{q}”的均值", en="mean of “{q}”", q=q.name)
            made.append(Estimate("mean", *found, key=key(q.name), n=int(q.answered.sum()), kind=Kind.MEAN, level=level, label=label))
    return made


def crossed(survey: Survey, questions: Sequence[Question], base: str, correction: str, draws: int, level: float, rng: np.random.Generator) -> list[Crossed]:
    """The cross-tables that can be tested, with corrected p, in the order of the questions; none below two segments."""
    found: list[tuple[str, tuple[str, ...], Array, Association]] = []
    for q in questions if len(survey.segments) > 1 else ():
        who = base_of(q, base) & (survey.segment >= 0)
        if not q.options or not who.any() or _is_segment(survey, q):
            continue
        n = weighting.n_eff(survey.weights[who]) if survey.weighted else float(who.sum())
        for name, answers, table in _tables(q, survey.segment[who], survey.weights[who], q.ticked[who], len(survey.segments)):
            made = crosstabs.associate(table, n, weighted=survey.weighted, draws=draws, rng=rng, level=level)
            if made is not None:
                found.append((name, answers, table, made))
    p = CORRECTIONS[correction](np.array([a.p for *_, a in found]))
    return [Crossed(*each, float(q)) for each, q in zip(found, p.tolist(), strict=True)]


def _is_segment(survey: Survey, q: Question) -> bool:
    """Whether the question is the one that the segments were made from."""
    return not q.multi and q.options == survey.segments and bool(np.array_equal(q.ticked.argmax(axis=1)[q.answered], survey.segment[q.answered]))


def _tables(q: Question, segment: NDArray[np.int64], weights: Array, ticked: NDArray[np.bool_], segments: int) -> list[tuple[str, tuple[str, ...], Array]]:
    each = [np.bincount(segment, weights=weights * ticked[:, i], minlength=segments) for i in range(len(q.options))]
    sums = np.stack(each, axis=1).astype(np.float64)
    if not q.multi:
        return [(key(q.name), q.options, sums)]
    whole = np.bincount(segment, weights=weights, minlength=segments)
    return [(key(q.name, o), (o, ""), np.column_stack([sums[:, i], np.maximum(whole - sums[:, i], 0.0)])) for i, o in enumerate(q.options)]


def leading(listed: Sequence[Share]) -> list[list[Share]]:
    """The answers of each question, most frequent first."""
    grouped: dict[str, list[Share]] = {}
    for s in listed:
        grouped.setdefault(s.question, []).append(s)
    return [sorted(group, key=lambda s: -s.estimate.value) for group in grouped.values()]


def differing(listed: Sequence[Crossed]) -> list[Crossed]:
    """The cross-tables with p below 0.05, clearest first."""
    return sorted((c for c in listed if c.p < 0.05), key=lambda c: (c.p, -c.found.v, c.name))
