"""Kano's pairs of answers: reading them, the category of a pair, the votes, and which category the votes give.

Sources of the tables and rules: Berger et al. (1993), CQM Journal 2(4), 3-36; Fong (1996), CQM Journal 5(3); Matzler et al.
(1996), J. Prod. Brand Manag. 5(2), 6-18.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import scales
from stageway.evidence import DataError, Frame, Where, Words, say

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

#: The categories in the order in which ties are broken: what hurts most when it is missing comes first.
CODES = "MOAIRQ"
#: Rows: functional answer 1–5; letters: dysfunctional answer 1–5. Berger et al. (1993); `pouliot` is Pouliot's in the same issue.
TABLES = {"berger": ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"), "pouliot": ("QAAAO", "RQIIM", "RIIIM", "RIIQM", "RRRRQ")}
#: DuMouchel's values of the five answers (Berger et al. 1993): absence counts less where it pleases.
PRESENT, ABSENT = np.array([4.0, 2.0, 0.0, -1.0, -2.0]), np.array([-2.0, -1.0, 0.0, 2.0, 4.0])
#: The usual wordings of the five answers (Berger et al. 1993; Blauth's wording there; Chinese surveys), in the form of `scales.plain`.
ANSWERS = {
    1: "like|i like it|i like it that way|i would like it|i really like it|i enjoy it that way|this would be very helpful to me|"
       "喜欢|我喜欢|很喜欢|我很喜欢|非常喜欢|我喜欢这样|喜歡|我喜歡|很喜歡|我很喜歡",
    2: "expect|expect it|must be|must-be|i expect it|i expect it that way|i expect it this way|it must be that way|it must be|"
       "this is a basic requirement for me|理应如此|它理应如此|理所当然|应该如此|必须如此|必须这样|应当如此|理應如此|它理應如此|理所當然",
    3: "neutral|i am neutral|i'm neutral|i feel neutral|i don't care|this would not affect me|无所谓|我无所谓|没有感觉|中立|無所謂|我無所謂",
    4: "tolerate|live with|live with it|i can tolerate it|i can live with it|i can live with it that way|i can accept it|"
       "i can accept it to be that way|this would be a minor inconvenience|勉强接受|可以忍受|能忍受|可以接受|能接受|我能忍受|勉強接受",
    5: "dislike|i dislike it|i dislike it that way|i do not like it|i don't like it|i would dislike it|this would be a major problem for me|"
       "不喜欢|我不喜欢|很不喜欢|我很不喜欢|非常不喜欢|讨厌|不喜歡|我不喜歡|很不喜歡|我很不喜歡",
}
WORDS = {answer: code for code, listed in ANSWERS.items() for answer in listed.split("|")}
EXPECTED = Words(
    "1～5（1很喜欢、2理应如此、3无所谓、4勉强接受、5很不喜欢）或其文字",
    "1 to 5 (1 like, 2 expect, 3 neutral, 4 live with, 5 dislike) or the answer in words",
)
IMPORTANCE = Words("数字，或以数字开头的选项，如“3 - 比较重要”", "a number, or an option that begins with one, such as 3 - Somewhat important")


@dataclass(frozen=True)
class Answers:
    """Complete pairs of answers, 0–4. `feature` and `segment` are positions in the lists of names (segment −1: none given).

    `person` numbers the people; each answer without a name counts as a person of its own.
    """

    features: list[str]
    segments: list[str]
    people: int
    person: Ints
    feature: Ints
    functional: Ints
    dysfunctional: Ints
    importance: Array
    segment: Ints
    incomplete: int
    repeated: int


def read(frame: Frame) -> Answers:
    """Raises DataError for an unknown answer, for two different answers of one person to one feature, and where no pair is complete."""
    first = scales.coded(frame, "functional", WORDS, range(1, 6), EXPECTED)
    second = scales.coded(frame, "dysfunctional", WORDS, range(1, 6), EXPECTED)
    rating = scales.rated(frame, "importance", IMPORTANCE) if "importance" in frame else np.full(len(frame), np.nan)
    whole = ~(np.isnan(first) | np.isnan(second) | frame.missing("feature"))
    keep = _once(frame, whole, list(zip(first.tolist(), second.tolist(), map(str, rating.tolist()), strict=True)))
    if not keep.any():
        what = Words("没有一条回答同时有正向题和反向题", "no answer has both the functional and the dysfunctional question")
        raise DataError("no_answers", what, where=Where(file=frame.source or None))
    used = frame.take(keep)
    features, feature = _positions(used, "feature")
    segments, segment = _positions(used, "segment") if "segment" in used else ([], np.full(len(used), -1))
    named = {person for person in used["respondent"].tolist() if person is not None}
    person = _positions(used, "respondent")[1]
    person = np.where(person < 0, len(named) + np.arange(len(used)), person)
    nameless = np.bincount(feature[used.missing("respondent")], minlength=1).max()
    return Answers(
        features, segments, len(named) + int(nameless), person, feature, first[keep].astype(np.int64) - 1, second[keep].astype(np.int64) - 1,
        rating[keep], segment, int(len(frame) - whole.sum()), int(whole.sum() - keep.sum()),
    )


def _once(frame: Frame, whole: NDArray[np.bool_], answers: list[tuple[float, float, str]]) -> NDArray[np.bool_]:
    keep = whole.copy()
    seen: dict[tuple[str, str], tuple[float, float, str]] = {}
    for i in np.flatnonzero(whole).tolist():
        person, name = frame["respondent"][i], frame["feature"][i]
        if person is None:
            continue
        if (person, name) in seen and seen[person, name] != answers[i]:
            what = say(zh="受访者{who}对“{name}”有两条不同的回答", en="respondent {who} answers “{name}” twice, differently", who=person, name=name)
            where = Where(file=frame.source or None, row=int(frame.rows[i]))
            raise DataError("answered_twice", what, where=where, todo=Words("请只保留其中一条", "keep one of the two"))
        keep[i] = (person, name) not in seen
        seen[person, name] = answers[i]
    return keep


def _positions(frame: Frame, column: str) -> tuple[list[str], Ints]:
    names = sorted({name for name in frame[column].tolist() if name is not None}, key=scales.natural)
    place: dict[str | None, int] = {name: i for i, name in enumerate(names)} | {None: -1}
    return names, np.array([place[name] for name in frame[column].tolist()], dtype=np.int64)


def tallies(functional: Ints, dysfunctional: Ints, group: Ints, groups: int, table: str) -> Array:
    """Votes by group and category: (groups, 6) in the order of CODES; answers are 0–4."""
    cells = np.array([[CODES.index(letter) for letter in row] for row in TABLES[table]])
    return np.bincount(group * 6 + cells[functional, dysfunctional], minlength=groups * 6).reshape(groups, 6).astype(np.float64)


def design_effect(answers: Answers, letter: str, table: str) -> float:
    """How much more the share of a category among all answers varies than one of independent answers would: people answer alike; at least 1.

    The variance of a ratio over clusters (Kish 1965, Survey Sampling, ch. 6) by that of a share of as many independent answers.
    """
    cells = np.array([[each == letter for each in row] for row in TABLES[table]])
    marked = cells[answers.functional, answers.dysfunctional].astype(np.float64)
    n, p = len(marked), float(marked.mean())
    if not 0 < p < 1:
        return 1.0
    off = np.bincount(np.unique(answers.person, return_inverse=True)[1], marked - p)
    if len(off) < 2:
        return 1.0
    return max(1.0, float((off**2).sum()) * len(off) / (len(off) - 1) / (n * p * (1 - p)))


def ruled(votes: Array, rule: str, margin: float) -> Ints:
    """The category (position in CODES) of each row of votes (rows, 6); ties go to the earlier one."""
    if rule == "matzler":
        near = votes >= votes.max(axis=1, keepdims=True) - margin * votes.sum(axis=1, keepdims=True)
        first: Ints = near.argmax(axis=1)
        return first
    if rule == "walden":
        wanted, rest = votes[:, :3], votes[:, 3:]
        chosen: Ints = np.where(wanted.sum(axis=1) > rest.sum(axis=1), wanted.argmax(axis=1), 3 + rest.argmax(axis=1))
        return chosen
    most: Ints = votes.argmax(axis=1)
    return most


def fong_differs(a: float, b: float, n: float, factor: float = 1.65) -> bool:
    """Whether two categories with a and b of n votes differ (Fong 1996)."""
    return bool(abs(a - b) >= factor * np.sqrt((a + b) * (2 * n - a - b) / (2 * n)))


def kept_category(votes: Array, rule: str, margin: float, draws: int, rng: np.random.Generator) -> float:
    """Share of resamples of the people in which the rule gives the category that it gives here."""
    drawn = rng.multinomial(int(votes.sum()), votes / votes.sum(), size=draws).astype(np.float64)
    return float(np.mean(ruled(drawn, rule, margin) == ruled(votes[None], rule, margin)[0]))


def quadrant(present: float, absent: float) -> str:
    """DuMouchel's reading of the two means: both reach from −2 to 4, and 2 parts them."""
    return {(False, False): "I", (True, False): "A", (False, True): "M", (True, True): "O"}[present >= 2, absent >= 2]
