"""Answers in people's own words, made ready to be counted: what is empty, copied or an advertisement is set aside, and stays on record.

Texts are kept in an order that does not depend on the file (by text, then by reference). Short texts written many times ("很好", "Great
app") are many people's; a long one that returns almost word for word is one text pasted again and counts once, as does any text that the
same user sends twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import scales, text_features
from stageway.evidence import DataError, Frame, Where, Words, say

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

REASONS = {
    "empty": Words("空白", "empty"), "copied": Words("重复或近乎重复", "copied or nearly so"), "advert": Words("广告", "advertisement"),
}
#: Han characters or Latin words from which on an equal text is a copy, not a coincidence.
LONG = 12


@dataclass(frozen=True)
class Corpus:
    """Texts that count. `plain`: the form for comparing; `stars` NaN, `times` and `sources` None where unknown. `aside`: references by reason."""

    raw: tuple[str, ...]
    plain: tuple[str, ...]
    refs: tuple[str, ...]
    stars: Array
    times: tuple[datetime | None, ...]
    sources: tuple[str | None, ...]
    aside: Mapping[str, tuple[str, ...]]
    rows: int

    @property
    def n(self) -> int:
        return len(self.raw)

    @cached_property
    def words(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(text_features.words(text)) for text in self.plain)

    @cached_property
    def chinese(self) -> Mask:
        return np.array([text_features.is_chinese(text) for text in self.plain], dtype=bool)


def read(frame: Frame, *, copies: str = "once", adverts: str = "leave_out") -> Corpus:
    """From a table with `text` and, if there, `id`, `user`, `stars`, `time`, `source`. DataError where no text is left."""
    n = len(frame)
    texts = frame["text"].tolist()
    ids = frame["id"].tolist() if "id" in frame else [None] * n
    refs = [str(at) if at is not None else f"#{row}" for at, row in zip(ids, frame.rows.tolist(), strict=True)]
    filled = [i for i in range(n) if texts[i] is not None]
    if not filled:
        raise DataError("no_texts", Words("没有一条文本", "there is no text at all"), where=Where(file=frame.source or None, column="text"))
    plain = {i: text_features.plain(texts[i]) for i in filled}
    stars = frame["stars"] if "stars" in frame else np.full(n, np.nan)
    order = sorted(filled, key=lambda i: (plain[i], scales.natural(refs[i]) if ids[i] is not None else (), np.nan_to_num(stars[i], nan=-1.0)))
    kept = _first_of_copies(order, plain, frame["user"].tolist() if "user" in frame else [None] * n) if copies == "once" else order
    copied = sorted(set(order) - set(kept))
    spam = {i for i in kept if adverts == "leave_out" and text_features.is_advert(plain[i])}
    kept = [i for i in kept if i not in spam]
    empty = [i for i in range(n) if texts[i] is None]
    aside = {name: tuple(sorted((refs[i] for i in rows), key=scales.natural)) for name, rows in (("empty", empty), ("copied", copied), ("advert", spam))}
    if not kept:
        raise DataError("no_texts", Words("除广告外没有一条文本", "there is no text but advertisements"), where=Where(file=frame.source or None, column="text"))
    times = frame["time"].tolist() if "time" in frame else [None] * n
    sources = frame["source"].tolist() if "source" in frame else [None] * n
    return Corpus(
        tuple(texts[i] for i in kept), tuple(plain[i] for i in kept), tuple(refs[i] for i in kept), np.array([stars[i] for i in kept], dtype=np.float64),
        tuple(times[i] for i in kept), tuple(sources[i] for i in kept), aside, n)


def _first_of_copies(order: list[int], plain: Mapping[int, str], users: list[str | None]) -> list[int]:
    first = text_features.copies([plain[i] for i in order])
    seen: set[tuple[str, str]] = set()
    kept = []
    for at, i in enumerate(order):
        user = users[i]
        again = user is not None and (user, plain[i]) in seen
        if user is not None:
            seen.add((user, plain[i]))
        if not again and (first[at] == at or text_features.length(plain[i]) < LONG):
            kept.append(i)
    return kept


def codebook(frame: Frame) -> list[tuple[str, tuple[str, ...]]]:
    """(theme, words) from a table with `theme` and `words` (separated by commas, semicolons, 、 or |), in natural order of the themes."""
    import re

    made: dict[str, set[str]] = {}
    for i, (theme, words) in enumerate(zip(frame["theme"].tolist(), frame["words"].tolist(), strict=True)):
        if theme is None:
            continue
        listed = {part.strip() for part in re.split(r"[,，;；、|]", words or "") if part.strip()}
        if not listed:
            raise frame.wrong("words", i, Words("至少一个词", "at least one word"))
        made.setdefault(theme.replace("[", "(").replace("]", ")"), set()).update(listed)
    if not made:
        raise DataError("no_codes", Words("主题词表里没有主题", "the codebook names no theme"), where=Where(file=frame.source or None))
    return [(theme, tuple(sorted(made[theme]))) for theme in sorted(made, key=scales.natural)]


def codings(frame: Frame) -> tuple[NDArray[np.float64], list[str], list[str]]:
    """(coders × texts with codes of themes, NaN where a coder gave none; the coders; the themes) from `id`, `coder`, `theme`.

    DataError for two different themes by one coder for one text.
    """
    columns = [frame[name].tolist() for name in ("id", "coder", "theme")]
    given = [(t, c, m) for t, c, m in zip(*columns, strict=True) if None not in (t, c, m)]
    texts, coders, names = (sorted({row[at] for row in given}, key=scales.natural) for at in range(3))
    made = np.full((len(coders), len(texts)), np.nan)
    at_text, at_coder, at_theme = ({name: i for i, name in enumerate(listed)} for listed in (texts, coders, names))
    for i, (text, coder, theme) in enumerate(zip(*columns, strict=True)):
        if None in (text, coder, theme):
            continue
        place = at_coder[coder], at_text[text]
        if not np.isnan(made[place]) and made[place] != at_theme[theme]:
            what = say(zh="同一人给同一条文本归了两个主题：“{text}”，{coder}", en="one coder gave one text two themes: “{text}”, {coder}", text=text, coder=coder)
            raise DataError("coded_twice", what, where=Where(file=frame.source or None, row=int(frame.rows[i])), todo=Words("请只保留其中一个", "keep one of the two"))
        made[place] = at_theme[theme]
    return made, coders, names
