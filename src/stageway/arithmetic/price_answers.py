"""From tables of price answers to arrays: the four prices with the intent to buy, and yes or no at offered prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import respondents, scales
from stageway.evidence import DataError, Frame, ParamError, Where, Words, amount, number, say

Array = NDArray[np.float64]
COLUMNS = ("too_cheap", "cheap", "expensive", "too_expensive")
INTENTS = ("intent_cheap", "intent_expensive")
_INTENT = {
    1: "definitely would not buy|definitely not|very unlikely|一定不会买|肯定不会买|绝对不会|非常不可能",
    2: "probably would not buy|probably not|unlikely|可能不会买|大概不会|不太可能",
    3: "might or might not buy|might or might not|neutral|undecided|不一定|说不清|一般",
    4: "probably would buy|probably|likely|可能会买|大概会|比较可能",
    5: "definitely would buy|definitely|very likely|一定会买|肯定会买|绝对会|非常可能",
}
WORDS = {answer: code for code, listed in _INTENT.items() for answer in listed.split("|")}
INTENT_EXPECTED = Words("1～5（5为一定会买）或其文字", "1 to 5 (5 is: definitely would buy) or the answer in words")


@dataclass(frozen=True)
class Prices:
    """Complete answers, sorted: `values` (people, 4); `intents` (people, 2) from 1 to 5, NaN where not asked."""

    values: Array
    intents: Array
    incomplete: int
    repeated: int


def read(frame: Frame) -> Prices:
    """Raises DataError where nobody names all four prices, or one person names two different sets."""
    values = np.column_stack([frame[name].astype(np.float64) for name in COLUMNS])
    intents = np.column_stack([
        scales.coded(frame, name, WORDS, range(1, 6), INTENT_EXPECTED) if name in frame else np.full(len(frame), np.nan) for name in INTENTS])
    whole = np.asarray(~np.isnan(values).any(axis=1))
    if not whole.any():
        what = Words("没有一份答卷填了全部四个价格", "no answer names all four prices")
        raise DataError("no_answers", what, where=Where(file=frame.source or None))
    people = frame["respondent"].tolist() if "respondent" in frame else [None] * len(frame)
    keep = respondents.once(frame, whole, [(who,) for who in people], [str(row) for row in np.column_stack([values, intents]).tolist()])
    both = np.column_stack([values, intents])[keep]
    both = both[np.lexsort(np.nan_to_num(both, nan=-1.0).T[::-1])]
    return Prices(both[:, :4], both[:, 4:], int(len(frame) - whole.sum()), int(whole.sum() - keep.sum()))


def calibration(text: str) -> Array:
    """Chances to buy for intents 1 to 5 from a text that lists them from 5 (definitely) to 1. Raises ParamError."""
    try:
        made = [float(part) for part in text.replace("，", ",").replace("；", ",").split(",")]
    except ValueError:
        made = []
    if len(made) != 5 or not all(0 <= chance <= 1 for chance in made) or made != sorted(made, reverse=True):
        what = Words("参数calibration的值不对", 'parameter "calibration" cannot take this value')
        expected = Words("五个0～1的数，由大到小，逗号分开，如0.7, 0.5, 0.3, 0.1, 0", "five numbers from 0 to 1, falling, with commas, such as 0.7, 0.5, 0.3, 0.1, 0")
        raise ParamError("param_wrong", what, where=Where(value=text), expected=expected)
    return np.array(made[::-1])


@dataclass(frozen=True)
class Offers:
    """`buys` (people, prices): 1 yes, 0 no, NaN not asked; prices rising."""

    prices: Array
    buys: Array
    incomplete: int


def offers(frame: Frame) -> Offers | None:
    """People in the order of their ids; None where no row has a price and an answer. Raises DataError for two answers of one person to one price."""
    price, answer, who = frame["price"].astype(np.float64), frame["buy"].astype(np.float64), frame["respondent"].tolist()
    whole = ~(np.isnan(price) | np.isnan(answer) | frame.missing("respondent"))
    if not whole.any():
        return None
    keep = respondents.once(frame, whole, [(name, f"{p:g}") for name, p in zip(who, price.tolist(), strict=True)], answer.tolist())
    people = sorted({who[i] for i in np.flatnonzero(keep)})
    tested, at = np.unique(price[keep], return_inverse=True)
    buys = np.full((len(people), tested.size), np.nan)
    row = {name: i for i, name in enumerate(people)}
    buys[[row[who[i]] for i in np.flatnonzero(keep)], at] = answer[keep]
    return Offers(tested, buys, int(len(frame) - whole.sum()))


def unit(text: str) -> str:
    """The currency as a unit. Raises ParamError where it is none."""
    if not text.strip() or len(text) > 8 or any(c.isdigit() for c in text) or text in ("%", "pp"):
        raise ParamError("param_wrong", say(zh="参数currency的值不对", en='parameter "currency" cannot take this value'), where=Where(value=text),
                         expected=Words("货币代码，如CNY、USD、EUR", "a currency such as CNY, USD, EUR"))
    return text.strip()


def money(price: float, unit: str) -> Words:
    """A price as it was asked: whole, or with two digits."""
    return amount(price, unit, 0 if price == round(price) else 2)


def span(low: float, high: float, unit: str, places: int) -> Words:
    """A range of prices with the unit once: 12～26元 / CNY 12–26."""
    a, b = (number(v, "", "en", places) for v in (low, high))
    return Words(f"{a}～{b}元", f"CNY {a}–{b}") if unit == "CNY" else Words(f"{a}～{b} {unit}", f"{a}–{b} {unit}")
