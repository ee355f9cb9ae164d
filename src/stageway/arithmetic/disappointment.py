"""The answers to "How would you feel if you could no longer use it?": which of the four, whoever worded it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stageway.arithmetic import respondents, scales
from stageway.evidence import DataError, Frame, Where, Words

VERY, SOMEWHAT, NOT, GONE = "very", "somewhat", "not", "gone"
#: Tried in this order; the whole text, without what stands in brackets or after a dash.
PATTERNS = (
    (GONE, re.compile(r"gone|n/?a\b.*|(i )?no longer us(e|ing)( it)?.*|不适用.*|(我?(已经?|早已?)?(不再|没有?再|不)(使?用了?|用))(.*)|已停用")),
    (NOT, re.compile(r"not|(i would be |i'd be )?not (at all )?disappointed.*|我?(一点也|完全)?不(会|太会|太)?(感到)?失望.*|不会失望.*")),
    (VERY, re.compile(r"very|(i would be |i'd be )?very disappointed.*|我?(会|将)?(感到)?(非常|很|十分|特别)失望.*")),
    (SOMEWHAT, re.compile(r"somewhat|(i would be |i'd be )?(somewhat|a little|a bit|slightly) disappointed.*|我?(会|将)?(感到)?(有点儿?|有些|有一点|稍微?)失望.*")),
)
EXPECTED = Words("非常失望、有点失望、不失望、已不再使用之一（或very、somewhat、not、gone）",
                 "very disappointed, somewhat disappointed, not disappointed or no longer use it (or very, somewhat, not, gone)")


@dataclass(frozen=True)
class Group:
    """Counts of the answers of people in the base."""

    name: str
    very: int
    somewhat: int
    unmoved: int

    @property
    def n(self) -> int:
        return self.very + self.somewhat + self.unmoved


@dataclass(frozen=True)
class Answers:
    """`whole` and its segments; who was left out, by reason; whether the table says who used it recently."""

    whole: Group
    segments: tuple[Group, ...]
    gone: int
    inactive: int
    activity_unknown: int
    blank: int
    repeated: int
    activity_kept: bool


def class_of(text: str) -> str | None:
    low = text.strip().casefold().replace("’", "'")
    return next((name for name, pattern in PATTERNS if pattern.fullmatch(low)), None)


def read(frame: Frame) -> Answers:
    """DataError for an answer that is none of the four, for two answers of one person, and where nobody is left."""
    texts = frame.texts("answer").tolist()
    found: list[str | None] = []
    for i, text in enumerate(texts):
        found.append(None if text is None else class_of(text))
        if text is not None and found[-1] is None:
            raise frame.wrong("answer", i, EXPECTED)
    answered = np.array([kind is not None for kind in found], dtype=bool)
    kept = any(not np.isnan(x) for x in frame["active"]) if "active" in frame else False
    active = frame["active"] if kept else np.ones(len(frame))
    people = frame["respondent"].tolist() if "respondent" in frame else [None] * len(frame)
    once = respondents.once(frame, answered, [(who,) for who in people], found) if len(frame) else answered
    gone = once & np.array([kind == GONE for kind in found], dtype=bool)
    base = once & ~gone & (active == 1)
    if not base.any():
        raise DataError("no_answers", Words("没有一个近期用过的人回答了这道题", "nobody who used it recently has answered the question"), where=Where(file=frame.source or None))
    names = frame["segment"].tolist() if "segment" in frame else [None] * len(frame)
    listed = sorted({name for name, here in zip(names, base.tolist(), strict=True) if here and name is not None}, key=scales.natural)

    def group(name: str, rows: Sequence[int]) -> Group:
        kinds = [found[i] for i in rows]
        return Group(name, kinds.count(VERY), kinds.count(SOMEWHAT), kinds.count(NOT))

    rows = np.flatnonzero(base).tolist()
    parts = tuple(group(name, [i for i in rows if names[i] == name]) for name in listed)
    unknown = int((once & ~gone & np.isnan(active)).sum())
    return Answers(group("", rows), parts if len(parts) > 1 else (), int(gone.sum()), int((once & ~gone & (active == 0)).sum()), unknown,
                   int((~answered).sum()), int((answered & ~once).sum()), kept)
