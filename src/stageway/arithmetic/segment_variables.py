"""What people are grouped by: numbers and categories, told apart, coded so that each variable weighs the same; and one cloud like them.

Numbers become z-scores. A category becomes one column a level, scaled so that its columns together vary by ½, half of what a number does:
the gaps between levels would otherwise make the groups by themselves (Hennig & Liao 2013, JRSS C 62, 309–369). A number with two values is a
category. People are kept in an order that does not depend on the file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import respondents, scales
from stageway.evidence import DataError, Frame, ParamError, Words, did_you_mean, is_missing, say

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: More levels than this are a name or free text; whole numbers of up to this many values may serve as categories.
MOST_LEVELS = 20
#: Skewness of a number from which on the cloud takes its values as they are instead of normal ones.
SKEWED = 1.0


@dataclass(frozen=True)
class Variable:
    """`values` (n,): the number, or the position among `levels`; NaN where missing. `levels` is empty for a number."""

    name: str
    values: Array
    levels: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        return not self.levels

    @property
    def known(self) -> Mask:
        return ~np.isnan(self.values)

    def take(self, rows: Codes) -> Variable:
        return Variable(self.name, self.values[rows], self.levels)


@dataclass(frozen=True)
class People:
    """`used` make the segments, `described` only describe them. `sparse`: people who answered less than half; `unusable`: columns left out, and why."""

    refs: tuple[str, ...]
    used: tuple[Variable, ...]
    described: tuple[Variable, ...]
    sparse: int = 0
    repeated: int = 0
    unusable: tuple[tuple[str, str], ...] = ()

    @property
    def n(self) -> int:
        return len(self.refs)

    @property
    def missing(self) -> int:
        """People with an answer missing among the variables used."""
        return int((~np.column_stack([v.known for v in self.used])).any(axis=1).sum())


def variable(frame: Frame, name: str, as_category: bool) -> Variable | str:
    """The column as a variable, or why it cannot be one: `constant`, `names`."""
    cells = frame[name].tolist()
    filled = [c for c in cells if not is_missing(c)]
    if len({str(c) for c in filled}) < 2:
        return "constant"
    if not as_category and not any(isinstance(c, bool | np.bool_) for c in filled):
        try:
            values = frame.numbers(name)
        except DataError:
            pass
        else:
            if len(np.unique(values[~np.isnan(values)])) > 2:
                return Variable(name, values)
    texts = [None if is_missing(c) else str(c).strip() for c in cells]
    levels = sorted({t for t in texts if t is not None}, key=scales.natural)
    if len(levels) > min(MOST_LEVELS, max(2, len(filled) // 5)):
        return "names"
    at = {level: float(i) for i, level in enumerate(levels)}
    return Variable(name, np.array([np.nan if t is None else at[t] for t in texts]), tuple(levels))


def listed(text: str, frame: Frame) -> list[str]:
    """The column names of a parameter, separated by commas."""
    names = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
    for name in names:
        if name not in frame:
            what = say(zh="数据里没有列“{name}”", en='the data have no column "{name}"', name=name)
            raise ParamError("variable_unknown", what, todo=did_you_mean(name, frame.names))
    return names


def read(frame: Frame, *, variables: str = "", categories: str = "", all_categories: bool = False) -> People:
    """Columns named by `variables` (empty: all) make the segments; the others describe. DataError where fewer than two people or no variable is left."""
    names = sorted((n for n in frame.names if n != "respondent"), key=scales.natural)
    wanted, forced = listed(variables, frame) or names, set(listed(categories, frame))
    made = {name: variable(frame, name, name in forced or (all_categories and name in wanted)) for name in names}
    unusable = tuple((name, why) for name, why in made.items() if isinstance(why, str))
    used = [v for name, v in made.items() if isinstance(v, Variable) and name in wanted]
    if not used:
        raise DataError("no_variables", Words("没有可用来分群的列：要么取值都一样，要么人人不同", "no column can make segments: each is constant, or different for everyone"))
    described = [v for name, v in made.items() if isinstance(v, Variable) and name not in wanted]
    ids = frame["respondent"].tolist() if "respondent" in frame else [None] * len(frame)
    answers = [tuple(str(v.values[i]) for v in (*used, *described)) for i in range(len(frame))]
    keep = respondents.once(frame, np.ones(len(frame), dtype=bool), [(who,) for who in ids], answers)
    known = np.column_stack([v.known for v in used])
    sparse = keep & (known.mean(axis=1) < 0.5)
    rows = np.flatnonzero(keep & ~sparse)
    refs = [str(who) if who is not None else f"#{row}" for who, row in zip(ids, frame.rows.tolist(), strict=True)]
    order = sorted(rows.tolist(), key=lambda i: ([(np.isnan(v.values[i]), float(np.nan_to_num(v.values[i]))) for v in used], scales.natural(refs[i])))
    at = np.array(order, dtype=np.int64)
    kept = [tuple(v.take(at) for v in group) for group in (used, described)]
    varying = tuple(v for v in kept[0] if len(np.unique(v.values[v.known])) > 1)
    if not varying:
        raise DataError("no_variables", Words("没有可用来分群的列：要么取值都一样，要么人人不同", "no column can make segments: each is constant, or different for everyone"))
    return People(tuple(refs[i] for i in order), varying, kept[1], int(sparse.sum()), int((~keep).sum()), unusable)


# ── points ────────────────────────────────────────────────────────────────────────────────────────────────────────────

Coding = Callable[[Sequence[Array]], tuple[Array, Mask]]


def coding(variables: Sequence[Variable], scale: str = "z") -> Coding:
    """How values of these variables become points (n × columns) and which cells are known; fixed by the data at hand.

    `scale`: z (standard deviations), log (z of ln(1 + x − smallest)), none (as they are; categories still vary by ½).
    """
    parts: list[Callable[[Array], Array]] = [_coded(v, scale) for v in variables]

    def code(values: Sequence[Array]) -> tuple[Array, Mask]:
        made = [part(each) for part, each in zip(parts, values, strict=True)]
        points = np.concatenate(made, axis=1)
        known = ~np.isnan(points)
        return np.where(known, points, 0.0), known

    return code


def _coded(v: Variable, scale: str) -> Callable[[Array], Array]:
    seen = v.values[v.known]
    if v.levels:
        shares = np.bincount(seen.astype(np.int64), minlength=len(v.levels)) / seen.size
        spread = float(np.sqrt(2 * (shares * (1 - shares)).sum()))
        return lambda values: np.where(np.isnan(values)[:, None], np.nan, ((values[:, None] == np.arange(len(v.levels))) - shares) / spread)
    least = float(seen.min())

    def turn(x: Array) -> Array:
        made: Array = np.log1p(np.maximum(x - least, 0.0)) if scale == "log" else x
        return made

    mean, spread = (float(turn(seen).mean()), float(turn(seen).std())) if scale != "none" else (0.0, 1.0)
    return lambda values: ((turn(values) - mean) / spread)[:, None]


def cloud(variables: Sequence[Variable], rng: np.random.Generator) -> list[Array]:
    """Values of as many people from one cloud: normal with the correlations of the data, on the same grid where there are few values.

    A skewed number keeps its own distribution, a category of two its shares, one of more levels is shuffled; missing cells stay missing.
    """
    from scipy.special import ndtr

    latent = [v for v in variables if v.numeric or len(v.levels) == 2]
    drawn = {}
    if latent:
        z = np.column_stack([_standard(v) for v in latent])
        correlation = (z.T @ z) / len(z)
        scaled = correlation / np.sqrt(np.outer(np.diag(correlation), np.diag(correlation)))
        values, vectors = np.linalg.eigh(scaled)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        normal = rng.standard_normal(z.shape) @ root.T
        drawn = {v.name: _shaped(v, normal[:, j], ndtr(normal[:, j])) for j, v in enumerate(latent)}
    made = []
    for v in variables:
        values = drawn[v.name] if v.name in drawn else _shuffled(v, rng)
        made.append(np.where(v.known, values, np.nan))
    return made


def _standard(v: Variable) -> Array:
    seen = v.values[v.known]
    return np.where(v.known, (v.values - seen.mean()) / seen.std(), 0.0)


def _shaped(v: Variable, normal: Array, place: Array) -> Array:
    seen = np.sort(v.values[v.known])
    mean, spread = seen.mean(), seen.std()
    if v.levels or abs(skewness(v)) > SKEWED:
        return seen[np.minimum((place * seen.size).astype(np.int64), seen.size - 1)]
    values: Array = mean + spread * normal
    grid = np.unique(seen)
    if grid.size <= MOST_LEVELS:
        values = grid[np.abs(values[:, None] - grid).argmin(axis=1)]
    return values


def _shuffled(v: Variable, rng: np.random.Generator) -> Array:
    values = np.zeros(len(v.values))
    values[v.known] = rng.permutation(v.values[v.known])
    return values


def skewness(v: Variable) -> float:
    seen = v.values[v.known]
    return float((((seen - seen.mean()) / seen.std()) ** 3).mean())
