"""Shares that somebody typed: 45.8%, 近八成, two thirds; and whether the findings cited have them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stageway.document.lint.sentences import unlived
from stageway.document.lint.vocabulary import vocabulary
from stageway.evidence import Estimate, Lang, Words, shown
from stageway.process.dossier import Dossier
from stageway.process.expression import FRACTIONS, Expression, Measure

Agreement = Literal["copied", "limit", "differs"]

_PERCENT = re.compile(r"([−-]?)(\d+(?:\.\d+)?)\s*(?:[%％]|percent\b|个百分点|points\b)")
_TENTHS = re.compile(r"([一二两三四五六七八九])成(半?)(?![功本立为员就熟果份])")
_DIGITS = {digit: i + 1 for i, digit in enumerate("一二三四五六七八九")} | {"两": 2}
#: How far, in points, a number word may lie from what it stands for.
_WORD_SLACK = 5.0


@dataclass(frozen=True, slots=True)
class Typed:
    """`percent` as typed; `decimals` those written; not `exact` for a number word."""

    text: str
    percent: float
    decimals: int = 0
    exact: bool = True


def typed(sentence: str, lang: Lang) -> Iterator[Typed]:
    """The shares typed into a sentence: not those of live values, nor the confidence level."""
    bare = re.sub(r"95\s*[%％]\s*(?:的?(?:置信)?区间|CI\b|(?:confidence )?interval)", "", unlived(sentence))
    for found in _PERCENT.finditer(bare):
        digits = found[2]
        yield Typed(found[0], float(digits) * (-1 if found[1] else 1), len(digits.partition(".")[2]))
    if lang == "zh":
        for found in _TENTHS.finditer(bare):
            yield Typed(found[0], _DIGITS[found[1]] * 10 + (5 if found[2] else 0), exact=False)
    for word, percent in vocabulary().shares[lang].items():
        if re.search(re.escape(word) if lang == "zh" else rf"\b{re.escape(word)}\b", bare, re.IGNORECASE):
            yield Typed(word, percent, exact=False)


def agrees(dossier: Dossier, names: tuple[str, ...], number: Typed) -> Agreement:
    """`copied`: an estimate of the findings has this value or end; `limit`: a threshold, target or baseline does; else it differs."""
    slack = 0.5 * 10**-number.decimals + 1e-9 if number.exact else _WORD_SLACK
    limits = [percent for percent in _limits(dossier, names) if abs(percent - number.percent) <= 1e-9]
    if number.exact and limits:
        return "limit"
    values = [v for e in _shares(dossier, names) for v in ((e.value, e.low, e.high) if number.exact else (e.value,)) if v is not None]
    if not values and not number.exact:
        return "copied"
    return "copied" if any(abs(abs(v * 100) - abs(number.percent)) <= slack for v in values) else "differs"


def nearest(dossier: Dossier, names: tuple[str, ...], number: Typed) -> Words:
    """The finding's own number that lies nearest, as it would be printed."""
    found = sorted(_shares(dossier, names), key=lambda e: abs(abs(e.value * 100) - abs(number.percent)))
    if not found:
        return Words("其中没有占比", "it has no share")
    printed = shown(found[0])
    return Words(f"{found[0].full_name} {printed.zh}", f"{found[0].full_name} {printed.en}")


def _shares(dossier: Dossier, names: tuple[str, ...]) -> list[Estimate]:
    return [e for name in names if name in dossier.findings for e in dossier.findings[name].estimates if e.unit in FRACTIONS]


def _limits(dossier: Dossier, names: tuple[str, ...]) -> Iterator[float]:
    """Thresholds, targets and baselines of what the findings are held against, in percent."""
    asked = [c.expression for s in dossier.process.stages for r in s.requirements for c in r.criteria]
    for expression in (*asked, *(g.expression for g in dossier.product.goals if g.expression)):
        if _is_about(expression, names) and expression.limit is not None:
            yield expression.limit * 100 if expression.unit in FRACTIONS or abs(expression.limit) <= 1 else expression.limit
    for goal in dossier.product.goals:
        if goal.expression and _is_about(goal.expression, names) and goal.baseline and goal.baseline.value is not None:
            yield goal.baseline.value * 100


def _is_about(expression: Expression, names: tuple[str, ...]) -> bool:
    return isinstance(expression.subject, Measure) and expression.subject.name in names
