"""Our product against its alternatives on a settled matrix: what is ours, what weighs, who covers most, and where each feature stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import bootstrap, feature_matrix, perception
from stageway.arithmetic.feature_matrix import Array, Matrix
from stageway.evidence import DataError, Frame, ParamError, Where, Words, did_you_mean, say

#: Columns of a table of weights, the first that is there counts (findings of priorities and kano have the later ones).
WEIGHTS = ("weight", "score", "better", "importance")


@dataclass(frozen=True)
class Rivals:
    """The settled matrix without us, our own column, weights (F), coverage and chances (us first where `ours` is known, then competitors)."""

    matrix: Matrix
    ours: Array
    own: str
    assumed: bool
    weights: Array | None
    ranged: bool
    scores: dict[str, tuple[float, float, float]]
    chances: dict[str, float]
    lead: tuple[float, float, float] | None
    ages: dict[str, int]
    now: datetime | None
    unlisted: list[str]
    missing: list[str]

    @property
    def unique(self) -> NDArray[np.bool_]:
        """None is certain while a listed competitor was not checked at all."""
        return feature_matrix.unique(self.ours, self.matrix.cells) & (not self.unlisted)

    @property
    def lacking(self) -> NDArray[np.bool_]:
        return feature_matrix.lacking(self.ours, self.matrix.cells)

    @property
    def order(self) -> list[int]:
        w = self.weights if self.weights is not None else np.ones(len(self.matrix.features))
        return sorted(range(len(self.matrix.features)), key=lambda i: (-w[i], i))

    @property
    def rivals(self) -> list[str]:
        """Who covers most first; those of whom nothing is known last."""
        return sorted(self.matrix.competitors, key=lambda c: (-self.scores[c][0] if c in self.scores else 1.0, self.matrix.competitors.index(c)))

    def standing(self, f: int) -> str:
        cells, ours = self.matrix.cells[f], self.ours[f]
        if self.unique[f]:
            return "unique"
        if self.lacking[f]:
            return "lacking"
        if ours == 1 and not (cells > 0).any():
            return "unique_open"
        if ours == 1 and (cells == 1).all():
            return "parity"
        return "behind" if ours < 1 and np.mean(cells == 1) > 0.5 else "mixed"


def _ours(matrix: Matrix, functions: Frame | None, own: str) -> tuple[Array, str, bool]:
    """(our column, its name among the competitors or "", whether it was assumed)."""
    name = own or next((c for c in matrix.competitors if c.lower() in perception.OWN), "")
    if own and own not in matrix.competitors:
        what = say(zh="竞品列里没有自有产品“{own}”", en="the column competitor has no “{own}”", own=own)
        raise ParamError("own_unknown", what, todo=did_you_mean(own, matrix.competitors))
    if name:
        return matrix.column(name), name, False
    if functions is None:
        return np.ones(len(matrix.features)), "", True
    priorities = functions["priority"].tolist() if "priority" in functions else [None] * len(functions)
    held = {text for i, t, p in zip(functions["id"].tolist(), functions["title"].tolist(), priorities, strict=True) if p != "wont" for text in (i, t) if text}
    return np.array([float(f in held) for f in matrix.features]), "", False


def _weighted(matrix: Matrix, table: Frame | None) -> tuple[Array | None, tuple[Array, Array] | None, list[str]]:
    """(weights (F) that sum to 1, their ends, features without a weight); equal ones without a table, None where all are 0."""
    n = len(matrix.features)
    if table is None:
        return np.full(n, 1 / n), None, []
    column = next((name for name in WEIGHTS if name in table), None)
    if column is None:
        raise DataError("column_missing", say(zh="权重表没有列{names}", en="the table of weights has none of the columns {names}", names="、".join(WEIGHTS[:2])),
                           where=Where(file=table.source or None))
    ends = [next((name for name in (side, f"{column}_{side}") if name in table), None) for side in ("low", "high")]
    found: dict[str, tuple[float, float, float]] = {}
    for i, name in enumerate(table["feature"].tolist()):
        value = table[column][i]
        if name in matrix.features and not np.isnan(value):
            low, high = (table[end][i] if end else np.nan for end in ends)
            if name in found:
                raise table.wrong("feature", i, Words("每项功能只有一个权重", "one weight a feature"))
            found[name] = (float(value), *((float(low), float(high)) if low <= value <= high else (float(value), float(value))))
    listed = np.array([found.get(f, (0.0, 0.0, 0.0)) for f in matrix.features])
    total = float(listed[:, 0].sum())
    if not total > 0:
        return None, None, [f for f in matrix.features if f not in found]
    ranged = bool((listed[:, 2] > listed[:, 1]).any())
    return listed[:, 0] / total, (listed[:, 1] / total, listed[:, 2] / total) if ranged else None, [f for f in matrix.features if f not in found]


def compare(
    matrix: Matrix, functions: Frame | None, listed: Frame | None, weigh: Frame | None, *, own: str, at: str, doubt: float, draws: int, level: float,
    rng: np.random.Generator
) -> Rivals:
    """Raises ParamError for an own product or a day that is wrong, DataError for a table of weights without weights."""
    ours, own, assumed = _ours(matrix, functions, own)
    weights, ends, missing = _weighted(matrix, weigh)
    others = matrix.without(own)
    scores: dict[str, tuple[float, float, float]] = {}
    chances: dict[str, float] = {}
    lead = None
    if weights is not None and others.competitors:
        cells, names = np.column_stack([ours, others.cells]), ["", *others.competitors]
        drawn = feature_matrix.drawn_weights(weights, ends, doubt, draws, level, rng)
        value, samples = feature_matrix.coverage(cells, weights), feature_matrix.coverage(cells, drawn)
        kept = [i for i, v in enumerate(value.tolist()) if not np.isnan(v)]
        samples = np.where(np.isnan(samples), value, samples)
        low, high = bootstrap.percentiles(samples, level)
        scores = {names[i]: (float(value[i]), float(min(low[i], value[i])), float(max(high[i], value[i]))) for i in kept}
        if kept:
            chances = dict(zip((names[i] for i in kept), feature_matrix.first(cells[:, kept], drawn, rng).tolist(), strict=True))
        if not assumed and 0 in kept and len(kept) > 1:
            best = max((i for i in kept if i), key=lambda i: (value[i], -i))
            away = bootstrap.percentile(samples[:, 0] - samples[:, best], level)
            lead = (float(value[0] - value[best]), float(min(away[0], value[0] - value[best])), float(max(away[1], value[0] - value[best])))
    dates, unlisted = _listed(others, listed)
    old, now = feature_matrix.ages(others, dates, _day(at))
    return Rivals(others, ours, own, assumed, weights, ends is not None, scores, chances, lead, old, now, unlisted, missing)


def _listed(matrix: Matrix, table: Frame | None) -> tuple[dict[str, datetime], list[str]]:
    """(dates of check by competitor, listed competitors without a single row)."""
    if table is None:
        return {}, []
    dates: dict[str, datetime] = {}
    unlisted = []
    checked = table["checked"].tolist() if "checked" in table else [None] * len(table)
    for i, title, when in zip(table["id"].tolist(), table["title"].tolist(), checked, strict=True):
        names = [name for name in (i, title) if name in matrix.competitors]
        if not names and (title or i):
            unlisted.append(title or i)
        dates |= {name: when for name in names if when is not None}
    return dates, sorted(unlisted)


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None) if text.strip() else None
    except ValueError:
        what = Words("参数“at”的值不对", "parameter \"at\" cannot take this value")
        raise ParamError("param_wrong", what, where=Where(value=text), expected=Words("日期，如2026-05-08", "a date such as 2026-05-08")) from None
