"""Options of a conjoint: what each level is worth against its reference in money; and the alternatives of a scenario, coded.

Source: Train (2009), Discrete Choice Methods with Simulation, ch. 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stageway.arithmetic import choice_answers, intervals, scales
from stageway.arithmetic.choice_logit import Array
from stageway.arithmetic.conjoint_fit import Worths
from stageway.arithmetic.part_worths import Attribute, Design, Paid, willingness
from stageway.evidence import DataError, Frame, ParamError, Where, Words, did_you_mean, say


@dataclass(frozen=True)
class Option:
    """A level against the `reference` level of its attribute, or one unit more of a line (both None). `paid` is None where not credible."""

    attribute: str
    level: str | None
    reference: str | None
    paid: Paid | None

    @property
    def key(self) -> str:
        return self.attribute if self.level is None else f"{self.attribute}={self.level}"


def price_is_credible(worths: Worths, price: Attribute | None, level: float) -> bool:
    if price is None or not price.line:
        return False
    value, error = worths.of(worths.design.contrasts(price)[1] - worths.design.contrasts(price)[0])
    return value < 0 and abs(value) > max(2.0, intervals.t_of(level, worths.df)) * error


def references(design: Design, wanted: Sequence[str]) -> Mapping[str, str]:
    """The reference level of each attribute with levels: the first, or the one named in `wanted` ("attribute=level")."""
    made = {a.name: a.levels[0] for a in design.attributes if not a.line}
    known = [f"{a.name}={level}" for a in design.attributes for level in a.levels]
    for each in wanted:
        if each not in known:
            what = say(zh="没有属性的水平“{r}”", en="there is no level “{r}” of an attribute", r=each)
            raise ParamError("reference_unknown", what, expected=Words("属性=水平，如 brand=A", "attribute=level, such as brand=A"), todo=did_you_mean(each, known))
        name, _, level = each.partition("=")
        made[name] = level
    return made


def options(worths: Worths, price: Attribute | None, wanted: Sequence[str], level: float, way: str) -> list[Option]:
    """Every option but the price and the references, in the order of attributes and levels."""
    design, made = worths.design, []
    t, against = intervals.t_of(level, worths.df), references(worths.design, wanted)
    unit = np.zeros(design.width)
    if price is not None and price.line:
        unit[design.columns(price)] = 1.0
    for attribute in design.attributes:
        if price is not None and attribute.name == price.name:
            continue
        contrasts = design.contrasts(attribute)
        if attribute.line:
            more = np.zeros(design.width)
            more[design.columns(attribute)] = 1.0
            made.append(Option(attribute.name, None, None, _paid(worths, more, unit, t, way)))
            continue
        reference = attribute.levels.index(against[attribute.name])
        made += [Option(attribute.name, name, attribute.levels[reference], _paid(worths, contrasts[k] - contrasts[reference], unit, t, way))
                 for k, name in enumerate(attribute.levels) if k != reference]
    return made


def _paid(worths: Worths, more: Array, unit: Array, t: float, way: str) -> Paid | None:
    v = worths.covariance
    return willingness(float(more @ worths.beta), float(unit @ worths.beta), (float(more @ v @ more), float(unit @ v @ unit), float(more @ v @ unit)), t, way)


@dataclass(frozen=True)
class Scenario:
    """Alternatives offered together: names, x (alternatives, k); `beyond` names attributes outside what the study showed."""

    name: str
    alternatives: tuple[str, ...]
    x: Array
    beyond: tuple[str, ...]

    def key(self, k: int) -> str:
        return f"{self.name}: {self.alternatives[k]}" if self.name else self.alternatives[k]


NONE = "none"


def scenarios(table: Frame, design: Design, with_none: bool) -> list[Scenario]:
    """DataError for an attribute that is missing, a level that was not shown, an alternative twice, a scenario of one."""
    names = [a.name for a in design.attributes]
    for name in names:
        if name not in table:
            what = say(zh="情景表缺少属性“{a}”", en="the scenarios lack the attribute “{a}”", a=name)
            raise DataError("column_missing", what, where=Where(file=table.source or None), todo=did_you_mean(name, table.names))
    cells = {name: table.texts(name).tolist() for name in names}
    labels = table["alternative"].tolist()
    groups = table["scenario"].tolist() if "scenario" in table else [None] * len(table)
    found: dict[str, list[int]] = {}
    for i, label in enumerate(labels):
        if label is not None:
            found.setdefault(groups[i] or "", []).append(i)
    if not found:
        raise DataError("no_scenarios", Words("情景表里没有一行有选项名", "no row of the scenarios names an alternative"), where=Where(file=table.source or None))
    return [_scenario(table, name, found[name], cells, design, with_none) for name in sorted(found, key=scales.natural)]


def _scenario(table: Frame, name: str, rows: list[int], cells: choice_answers.Cells, design: Design, with_none: bool) -> Scenario:
    rows = sorted(rows, key=lambda i: scales.natural(str(table["alternative"][i])))
    labels = [str(table["alternative"][i]) for i in rows]
    if len(set(labels)) < len(labels):
        twice = next(i for k, i in enumerate(rows) if labels.index(labels[k]) < k)
        raise table.wrong("alternative", twice, Words("同一情景里不重复的选项名", "a name that the scenario has only once"))
    gone = [all(cells[a.name][i] is None for a in design.attributes) for i in rows]
    beyond: set[str] = set()
    for i, empty in zip(rows, gone, strict=True):
        for attribute in () if empty else design.attributes:
            beyond |= {attribute.name} if _outside(table, i, attribute, cells[attribute.name][i]) else set()
    if any(gone) and not design.none:
        raise table.wrong("alternative", rows[gone.index(True)], Words("有属性的选项：数据里没有“都不选”", "an alternative with attributes: the answers know no choice of none"))
    x = choice_answers.matrix(design, cells, rows, np.array(gone))
    if design.none and with_none and not any(gone):
        last = np.zeros((1, design.width))
        last[0, -1] = 1.0
        x, labels = np.vstack([x, last]), [*labels, NONE]
    if len(labels) < 2:
        raise table.wrong("alternative", rows[0], Words("一个情景至少两个选项", "at least two alternatives a scenario"))
    return Scenario(name, tuple(labels), x, tuple(sorted(beyond)))


def _outside(table: Frame, i: int, attribute: Attribute, cell: str | None) -> bool:
    """Whether a number lies outside what was shown. DataError for a cell that cannot be placed."""
    if not attribute.line:
        if cell not in attribute.levels:
            raise table.wrong(attribute.name, i, say(zh="{known} 之一", en="one of {known}", known=", ".join(attribute.levels)))
        return False
    try:
        value = float(cell or "")
    except ValueError:
        raise table.wrong(attribute.name, i, Words("数字", "a number")) from None
    return not attribute.low <= value <= attribute.high
