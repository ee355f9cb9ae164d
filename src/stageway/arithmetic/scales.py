"""Answers on a scale, as numbers or as the words that questionnaires use, turned into numbers.

A cell may hold the number (4, "4", 4.0), the number with its label ("4 - Somewhat agree"), or a label that the method's table of
words knows. Anything else is a DataError that names row and value: an answer is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from stageway.evidence import Frame, Words, is_missing

_AGREEMENT = {
    1: "strongly disagree|completely disagree|totally disagree|非常不同意|很不同意|完全不同意|强烈反对|非常不赞同|強烈反對",
    2: "somewhat disagree|disagree|tend to disagree|slightly disagree|不同意|比较不同意|有点不同意|不太同意|有些不同意|反对|比較不同意|不贊同|不赞同",
    3: "neither agree nor disagree|neutral|undecided|neither|not sure|中立|一般|不确定|说不清|无所谓|既不同意也不反对|普通|不確定",
    4: "somewhat agree|agree|tend to agree|slightly agree|同意|比较同意|有点同意|有些同意|赞同|比較同意|贊同",
    5: "strongly agree|completely agree|totally agree|非常同意|很同意|完全同意|强烈同意|非常赞同|非常贊同",
}
#: The usual words of five steps of agreement, in the form of `plain`.
AGREEMENT = {answer: code for code, listed in _AGREEMENT.items() for answer in listed.split("|")}
_LED = re.compile(r"([-+]?\d+(?:\.\d+)?)\s*(?:[-–—:、.)\]]\s*\D.*)?")


def plain(answer: object) -> str:
    """An answer in the form in which tables of words hold it: one width of letters, lower case, single blanks, no end mark."""
    text = unicodedata.normalize("NFKC", str(answer)).replace("’", "'").lower()
    return " ".join(text.split()).rstrip(".。!;,，；！ ")


def leading_number(answer: object) -> float | None:
    """The number an answer is or begins with ("3 - Somewhat important" → 3), or None."""
    if isinstance(answer, bool | np.bool_):
        return None
    if isinstance(answer, int | float | np.number):
        return float(answer)
    found = _LED.fullmatch(plain(answer))
    return float(found[1]) if found else None


def coded(frame: Frame, column: str, words: Mapping[str, int], codes: range, expected: Words) -> NDArray[np.float64]:
    """The column as whole numbers within `codes`, missing cells as NaN. `words` maps answers in the form of `plain` to codes."""
    out = np.full(len(frame), np.nan)
    for i, cell in enumerate(frame[column].tolist()):
        if is_missing(cell):
            continue
        code = words.get(plain(cell), leading_number(cell))
        if code is None or code not in codes:
            raise frame.wrong(column, i, expected)
        out[i] = code
    return out


def rated(frame: Frame, column: str, expected: Words) -> NDArray[np.float64]:
    """The column as numbers, taken from the front of labelled answers; missing cells as NaN."""
    out = np.full(len(frame), np.nan)
    for i, cell in enumerate(frame[column].tolist()):
        if is_missing(cell):
            continue
        value = leading_number(cell)
        if value is None or not np.isfinite(value):
            raise frame.wrong(column, i, expected)
        out[i] = value
    return out


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts F9 before F10."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", name) if part)
