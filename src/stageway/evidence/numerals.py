"""How numbers are printed, in both languages: shares, points, money, times, large counts, intervals, n and p."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stageway.evidence.words import Lang, Words

if TYPE_CHECKING:
    from stageway.evidence.finding import Estimate

#: Units an estimate may have. `%` and `pp` values are fractions of 1 (0.42 is printed 42%; 0.066 as a difference is 6.6 points).
UNIT_WORDS: dict[str, Words] = {
    "": Words("", ""),
    "%": Words("%", "%"),
    "pp": Words("个百分点", " points"),
    "ms": Words("毫秒", " ms"),
    "s": Words("秒", " s"),
    "min": Words("分钟", " min"),
    "h": Words("小时", " h"),
    "d": Words("天", " days"),
    "CNY": Words("元", "CNY "),
    "people": Words("人", " people"),
    "points": Words("分", " points"),
    "kg": Words("千克", " kg"),
    "°C": Words("℃", " °C"),
    "dB": Words("分贝", " dB"),
}


def _minus(text: str) -> str:
    return text.replace("-", "\u2212")


def decimals_for(value: float, unit: str, half_width: float | None = None, n: float | None = None) -> int:
    """Digits after the point: a share one (two when n ≥ 10,000 and the interval is narrower than 0.2 points), money and scores by size."""
    if unit in ("%", "pp"):
        narrow = half_width is not None and half_width < 0.001 and n is not None and n >= 10_000
        return 2 if narrow else 1
    if unit in ("ms", "people"):
        return 0
    size = abs(value)
    if unit == "CNY":
        return 1 if size < 100 else 0
    if size >= 100:
        return 0
    return 1 if size >= 3 else 2


def number(value: float, unit: str, lang: Lang, decimals: int | None = None, *, signed: bool = False, bare: bool = False) -> str:
    """One value with its unit: 42.2%, 24.7元 / CNY 24.7, 412毫秒 / 412 ms, 2,845万人 / 28.45 million people. `bare` leaves the unit out."""
    places = decimals_for(value, unit) if decimals is None else decimals
    return _written(value, unit, lang, places, _scale(value, unit, lang), signed=signed, bare=bare)


@dataclass(frozen=True, slots=True)
class _Scale:
    """What a large number is divided by, the word for it, and the decimals it then has."""

    divisor: float
    word: str
    places: int


def _scale(value: float, unit: str, lang: Lang) -> _Scale | None:
    """万 or million from a million on; an interval is written on the scale of its value."""
    if unit in ("%", "pp") or abs(value) < 1_000_000:
        return None
    return _Scale(10_000, "万", 0 if abs(value) >= 10_000_000 else 1) if lang == "zh" else _Scale(1_000_000, " million", 2)


def _written(value: float, unit: str, lang: Lang, places: int, scale: _Scale | None, *, signed: bool = False, bare: bool = False) -> str:
    shown, scale_word = (value * 100 if unit in ("%", "pp") else value), ""
    if scale is not None:
        shown, scale_word, places = value / scale.divisor, scale.word, scale.places
    text = _minus(f"{shown:{'+' if signed else ''},.{places}f}")
    if math.isclose(float(text.replace(",", "").replace("\u2212", "-")), 0.0, abs_tol=1e-12):
        text = text.lstrip("\u2212+")
    text += scale_word
    if bare:
        return text + ("%" if unit == "%" and lang == "zh" else "")
    word = UNIT_WORDS.get(unit, Words(unit, f" {unit}"))[lang]
    if unit == "CNY" and lang == "en":
        return f"\u2212CNY {text.lstrip(chr(0x2212))}" if text.startswith("\u2212") else f"CNY {text}"
    return text + word


def interval(estimate: Estimate, lang: Lang, decimals: int | None = None) -> str:
    """`42.2% [36.4%, 48.1%]` in Chinese, `42.2% [36.4, 48.1]` in English; the value alone where there is no interval."""
    places = digits(estimate) if decimals is None else decimals
    value = number(estimate.value, estimate.unit, lang, places)
    if estimate.kind == "exact" and estimate.unit == "" and 0 < estimate.value < 0.0005:
        return "<0.001"
    if estimate.low is None or estimate.high is None:
        return value
    scale = _scale(estimate.value, estimate.unit, lang)
    ends = [
        _written(end, estimate.unit, lang, places, scale, bare=True) if math.isfinite(end) else ("\u2212∞" if end < 0 else "∞")
        for end in (estimate.low, estimate.high)
    ]
    return f"{value} [{ends[0]}, {ends[1]}]"


def digits(estimate: Estimate) -> int:
    half = (estimate.high - estimate.low) / 2 if estimate.low is not None and estimate.high is not None else None
    if estimate.kind == "exact" and float(estimate.value).is_integer() and estimate.unit not in ("%", "pp"):
        return 0
    if estimate.kind == "exact" and estimate.unit == "" and 0 < abs(estimate.value) < 0.1:
        return 3
    return decimals_for(estimate.value, estimate.unit, half, estimate.n)


def with_n(n: float | None, lang: Lang) -> str:
    return "" if n is None else (f"n={n:,.0f}" if lang == "zh" else f"n = {n:,.0f}")


def shown(estimate: Estimate, decimals: int | None = None) -> Words:
    """Value and interval, in both languages."""
    return Words(interval(estimate, "zh", decimals), interval(estimate, "en", decimals))


def amount(value: float, unit: str = "", decimals: int | None = None, *, signed: bool = False) -> Words:
    """A single value in both languages."""
    return Words(number(value, unit, "zh", decimals, signed=signed), number(value, unit, "en", decimals, signed=signed))


def p_value(p: float) -> Words:
    """Two decimals, three below 0.1, never 0.000: `p=0.010` / `p = 0.010`, `p<0.001` / `p < 0.001`."""
    if p < 0.001:
        return Words("p<0.001", "p < 0.001")
    text = f"{p:.2f}" if p >= 0.1 else f"{p:.3f}"
    return Words(f"p={text}", f"p = {text}")


def rounded_up(n: float) -> int:
    """A needed n: up to two figures, so that it is never promised too small."""
    if n <= 0:
        return 0
    step = 10 ** max(0, math.floor(math.log10(n)) - 1)
    return int(math.ceil(round(n / step, 9)) * step)
