"""From a table of candidates, each factor low / base / high, to arrays; the impact may come from a Kano finding's table.

Confidence is a share; a column that holds values above 1 is taken as percent. A factor without low and high is taken as known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.evidence import DataError, Frame, Where, Words, say

Array = NDArray[np.float64]
#: Factors of each scheme; the last one divides.
FACTORS = {"rice": ("reach", "impact", "confidence", "effort"), "wsjf": ("value", "time_criticality", "risk", "size")}
#: The factor that Kano stands in for, and what a coefficient of 1 is worth: McBride's "massive", the top of SAFe's scale.
FROM_KANO = {"rice": ("impact", 3.0), "wsjf": ("value", 20.0)}


@dataclass(frozen=True)
class Candidates:
    """Items by name; each factor as (3, items): low, base, high. `from_kano` are the items whose impact Kano gave."""

    names: list[str]
    labels: list[str | None]
    factors: dict[str, Array]
    from_kano: list[str]
    ranged: NDArray[np.bool_]


def read(candidates: Frame, kano: Frame | None, *, scheme: str, full_impact: float | None, kano_sum: bool) -> Candidates:
    """Check and sort by name. DataError names row and value of a cell that is missing or out of order."""
    names = candidates["feature"].tolist()
    if not names:
        raise DataError("no_candidates", Words("没有候选项", "there are no candidates"), where=Where(file=candidates.source or None))
    for i, name in enumerate(names):
        if name is None or name in names[:i]:
            raise candidates.wrong("feature", i, Words("不缺失、不重复的名称", "a name that is there and stands once"))
    order = sorted(range(len(names)), key=lambda i: names[i])
    table = candidates.take(np.array(order))
    names = table["feature"].tolist()
    target, full = FROM_KANO[scheme]
    given = kano_impact(kano, full_impact or full, kano_sum) if kano is not None else {}
    factors = {name: triple(table, name, given if name == target else {}) for name in FACTORS[scheme]}
    if "confidence" in factors and factors["confidence"].max() > 1:
        factors["confidence"] = factors["confidence"] / 100
    divisor = FACTORS[scheme][-1]
    if (zero := np.flatnonzero(factors[divisor][0] <= 0)).size:
        column = f"{divisor}_low" if f"{divisor}_low" in table else divisor
        raise table.wrong(column, int(zero[0]), Words("大于0的数：得分要除以它", "a number above 0: the score is divided by it"))
    ranged = np.any([ends[2] > ends[0] for ends in factors.values()], axis=0)
    labels = table["label"].tolist() if "label" in table else [None] * len(names)
    return Candidates(names, labels, factors, [name for name in names if name in given], ranged)


def triple(table: Frame, name: str, given: dict[str, tuple[float, float, float]]) -> Array:
    """Low, base, high of a factor; `given` takes the place of the column for the items that it holds."""
    items, empty = table["feature"].tolist(), np.full(len(table), np.nan)
    base, low, high = (table.columns.get(column, empty) for column in (name, f"{name}_low", f"{name}_high"))
    out = np.array([np.where(np.isnan(low), base, low), base, np.where(np.isnan(high), base, high)])
    for i, item in enumerate(items):
        if item in given:
            out[:, i] = given[item]
            continue
        if np.isnan(base[i]):
            if name not in table:
                what = say(zh="缺少列“{name}”：“{item}”没有这一项", en='the column "{name}" is missing: nothing gives it for "{item}"', name=name, item=item)
                raise DataError("column_missing", what, where=Where(file=table.source or None))
            raise table.wrong(name, i, Words("数字", "a number"))
        if np.isnan(low[i]) != np.isnan(high[i]):
            raise table.wrong(f"{name}_high" if np.isnan(low[i]) else f"{name}_low", i, Words("低值和高值成对出现", "low and high, both or none"))
        if not out[0, i] <= out[1, i] <= out[2, i]:
            expected = say(zh="在低值{low}与高值{high}之间", en="between low {low} and high {high}", low=f"{out[0, i]:g}", high=f"{out[2, i]:g}")
            raise table.wrong(name, i, expected)
    return out


def kano_impact(kano: Frame, full: float, kano_sum: bool) -> dict[str, tuple[float, float, float]]:
    """Low, base, high impact of each feature from better and worse (worse is negative) and the ends of their intervals."""
    found: dict[str, tuple[float, float, float]] = {}
    columns = {c: kano[c] if c in kano else kano[c.rpartition("_")[0]] for c in ("better_low", "better", "better_high", "worse_low", "worse", "worse_high")
               if c in kano or "_" in c}
    for i, feature in enumerate(kano["feature"].tolist()):
        cells = {name: float(column[i]) for name, column in columns.items()}
        if feature is None or any(value != value for value in cells.values()):
            continue
        pairs = ((cells["better_low"], -cells["worse_high"]), (cells["better"], -cells["worse"]), (cells["better_high"], -cells["worse_low"]))
        low, base, high = (full * max(0.0, sum(pair) / 2 if kano_sum else max(pair)) for pair in pairs)
        found[feature] = (min(low, base), base, max(high, base))
    return found
