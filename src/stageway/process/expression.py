"""A criterion as it was read: what it looks at, how it is compared, and how it is printed, as code and as words."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from stageway.evidence import Words, amount
from stageway.evidence.numerals import UNIT_WORDS

Op = Literal[">=", "<=", "==", ">", "<"]
Fold = Literal["min", "max"]
Call = Literal["count", "with", "without", "share_with"]
Form = Literal["value", "interval", "n"]

CALLS: tuple[Call, ...] = ("count", "with", "without", "share_with")
FORMS: tuple[Form, ...] = ("value", "interval", "n")
UNITS = tuple(unit for unit in UNIT_WORDS if unit)
#: Units whose values are fractions of 1.
FRACTIONS = ("%", "pp")
_SIGNS: dict[str, str] = {">=": "≥", "<=": "≤", "==": "=", ">": ">", "<": "<"}


@dataclass(frozen=True, slots=True)
class Measure:
    """An estimate of a named evidence. With `fold` all keyed estimates of that name are judged together."""

    name: str
    estimate: str
    key: str | None = None
    fold: Fold | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Items of one kind, selected by their fields and counted: all, those with or without a target, or the share that has it."""

    plural: str
    filters: tuple[tuple[str, str], ...] = ()
    call: Call = "count"
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Signoff:
    """A department's word on a subject."""

    role: str
    subject: str


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed criterion. `limit` is a fraction of 1 where the unit is `%` or `pp`; `decimals` are those written, for printing it back.

    A sign-off has neither `op` nor `limit`. `text` is the line as written and counts for nothing when two are compared.
    """

    text: str = field(compare=False)
    subject: Measure | Count | Signoff
    op: Op | None = None
    limit: float | None = None
    unit: str = ""
    decimals: int = 0

    @property
    def comparison(self) -> tuple[Op, float]:
        if self.op is None or self.limit is None:
            raise ValueError(f"a sign-off is compared with nothing: {self.text}")
        return self.op, self.limit


@dataclass(frozen=True, slots=True)
class Live:
    """A number inside people's own paragraphs, `{{ NAME.estimate[key] | interval }}`; `form` says how it is printed."""

    name: str
    estimate: str
    key: str | None = None
    form: Form = "value"


def criterion_text(expression: Expression) -> str:
    """The criterion in its one canonical spelling: `parse` of it gives an equal expression."""
    subject = expression.subject
    match subject:
        case Signoff():
            return f"signoff.{subject.role}.{subject.subject}"
        case Count():
            filters = f"[{', '.join(f'{name}={value}' for name, value in subject.filters)}]" if subject.filters else ""
            left = f"{subject.plural}{filters}.{subject.call}({subject.target or ''})"
        case Measure():
            left = f"{subject.name}.{subject.estimate}" + (f"[{subject.key}]" if subject.key is not None else "")
            left = f"{subject.fold}({left})" if subject.fold else left
    unit = expression.unit if expression.unit in ("", "%") else f" {expression.unit}"
    return f"{left} {expression.op} {_written(expression):.{expression.decimals}f}{unit}"


def _written(expression: Expression) -> Decimal:
    """The limit as the person wrote it: 0.995 of the unit % is 99.5."""
    value = Decimal(repr(expression.limit))
    return value * 100 if expression.unit in FRACTIONS else value


def threshold_words(expression: Expression) -> Words:
    """The threshold as a table prints it: `≥68` / `≥ 68`, `≥−2个百分点` / `≥ −2 points`, `已签` / `signed`."""
    if expression.op is None or expression.limit is None:
        return Words("已签", "signed")
    sign, limit = _SIGNS[expression.op], expression.limit
    if abs(limit) >= 1_000_000:
        shown = _large(expression)
    else:
        shown = amount(limit, expression.unit, expression.decimals)
    return Words(f"{sign}{shown.zh}", f"{sign} {shown.en}")


def _large(expression: Expression) -> Words:
    """万 and million without idle zeros; people are not named again."""
    value = Decimal(repr(expression.limit))
    unit = "" if expression.unit == "people" else expression.unit
    zh, en = (f"{(value / scale).normalize():,f}" for scale in (10_000, 1_000_000))
    if unit == "CNY":
        return Words(f"{zh}万元", f"CNY {en} million")
    return Words(f"{zh}万{UNIT_WORDS[unit].zh}", f"{en} million{UNIT_WORDS[unit].en}")
