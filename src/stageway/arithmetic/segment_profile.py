"""What sets segments apart: means and shares of each variable by segment, the size of the difference, names made of what stands out.

For variables that made the segments only the size of the effect is given: groups that were cut to differ on them differ, and a p value would
count the cut as evidence. Variables that only describe have a p (Welch's F, chi-square or its small-sample forms), by Holm.

Sources: Fisher (1925), η² = between / total squares; Welch (1951), Biometrika 38, 330–336; Bergsma (2013) (Cramér's V, corrected for bias).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import crosstabs, proportions
from stageway.arithmetic.segment_variables import Variable
from stageway.evidence import Words, joined, say

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

#: Standard deviations from the average, and points of a share, from which on a variable names a segment.
STANDS_OUT, SHARE_OUT = 0.35, 0.12


@dataclass(frozen=True)
class Row:
    """A variable, or one level of a category, by segment: `values` (k,), NaN where nobody answered; `away` (k,) in standard deviations."""

    variable: str
    level: str | None
    whole: float
    values: Array
    away: Array
    effect: float
    p: float | None
    used: bool

    @property
    def numeric(self) -> bool:
        return self.level is None

    @property
    def name(self) -> str:
        return self.variable if self.level is None else f"{self.variable}={self.level}"


def rows(used: Sequence[Variable], described: Sequence[Variable], labels: Codes, k: int, rng: np.random.Generator) -> list[Row]:
    """Largest effect first, levels of a category together; of two levels the second only."""
    made: list[list[Row]] = [_numeric(v, labels, k, v in used) if v.numeric else _category(v, labels, k, v in used, rng) for v in (*used, *described)]
    made = [group for group in made if group]
    told = [group[0].p for group in made]
    corrected = proportions.holm(np.array([np.nan if p is None else p for p in told]))
    made = [[replace(row, p=None if np.isnan(p) else float(p)) for row in group] for group, p in zip(made, corrected, strict=True)]
    return [row for group in sorted(made, key=lambda g: (not g[0].used, -round(g[0].effect, 9), g[0].variable)) for row in group]


def _numeric(v: Variable, labels: Codes, k: int, used: bool) -> list[Row]:
    values, own = v.values[v.known], labels[v.known]
    if values.size < 2 or not np.ptp(values) > 0:
        return []
    counts = np.bincount(own, minlength=k).astype(np.float64)
    means = np.divide(np.bincount(own, weights=values, minlength=k), counts, out=np.full(k, np.nan), where=counts > 0)
    mean, spread = float(values.mean()), float(values.std())
    between = float(np.nansum(counts * (np.nan_to_num(means, nan=mean) - mean) ** 2))
    return [Row(v.name, None, mean, means, (means - mean) / spread, between / float(((values - mean) ** 2).sum()), None if used else _welch(values, own, k), used)]


def _welch(values: Array, own: Codes, k: int) -> float | None:
    """p of Welch's F over the groups that have two different values; None where fewer than two do."""
    from scipy.special import fdtrc

    groups = [values[own == g] for g in range(k)]
    groups = [g for g in groups if g.size > 1 and np.ptp(g) > 0]
    if len(groups) < 2:
        return None
    weight = np.array([g.size / g.var(ddof=1) for g in groups])
    means = np.array([g.mean() for g in groups])
    df, total = len(groups) - 1, weight.sum()
    centre = float((weight * means).sum() / total)
    loss = float((((1 - weight / total) ** 2) / (np.array([g.size for g in groups]) - 1)).sum())
    f = float((weight * (means - centre) ** 2).sum() / df) / (1 + 2 * (df - 1) * loss / (len(groups) ** 2 - 1))
    return float(fdtrc(df, (len(groups) ** 2 - 1) / (3 * loss), f))


def _category(v: Variable, labels: Codes, k: int, used: bool, rng: np.random.Generator) -> list[Row]:
    codes, own = v.values[v.known].astype(np.int64), labels[v.known]
    table = np.bincount(own * len(v.levels) + codes, minlength=k * len(v.levels)).reshape(k, len(v.levels)).astype(np.float64)
    if (table.sum(axis=0) > 0).sum() < 2 or (table.sum(axis=1) > 0).sum() < 2:
        return []
    found = crosstabs.associate(table, float(table.sum()), weighted=False, draws=2000, rng=rng, level=0.95)
    effect, p = (found.v, found.p) if found else (0.0, None)
    sizes, whole = table.sum(axis=1, keepdims=True), table.sum(axis=0) / table.sum()
    shares = np.divide(table, sizes, out=np.full(table.shape, np.nan), where=sizes > 0)
    spread = np.sqrt(whole * (1 - whole))
    levels = range(1, 2) if len(v.levels) == 2 else range(len(v.levels))
    return [Row(v.name, v.levels[j], float(whole[j]), shares[:, j], (shares[:, j] - whole[j]) / spread[j], effect, None if used else p, used)
            for j in levels if 0 < whole[j] < 1]


def described(table: Sequence[Row], segment: int, count: int = 2) -> Words:
    """What stands out in a segment: high income, subscribe=yes; `average throughout` where nothing does."""
    found: list[tuple[float, str, Words]] = []
    for row in table:
        away = float(row.away[segment])
        if np.isnan(away) or not row.used:
            continue
        if row.numeric and abs(away) >= STANDS_OUT:
            slots = {"v": row.variable}
            found.append((abs(away), row.variable, say(zh="{v}高", en="high {v}", **slots) if away > 0 else say(zh="{v}低", en="low {v}", **slots)))
        elif not row.numeric and row.values[segment] - row.whole >= SHARE_OUT:
            found.append((away, row.variable, Words.of(row.name)))
        elif not row.numeric and row.whole - row.values[segment] >= SHARE_OUT and row.whole >= 0.25:
            found.append((-away * 0.9, row.variable, say(zh="少{v}", en="rarely {v}", v=row.name)))
    chosen: dict[str, Words] = {}
    for _, name, words in sorted(found, key=lambda f: (-round(f[0], 6), f[1])):
        chosen.setdefault(name, words)
    return joined(list(chosen.values())[:count]) if chosen else Words("各项居中", "average throughout")
