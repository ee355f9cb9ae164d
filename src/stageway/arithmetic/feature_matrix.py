"""Who has which feature: checks by several people at several times, settled into one cell a feature and competitor.

A cell is 1 (yes), 0.5 (partly), 0 (no) or NaN (not checked, unknown, or disputed). One person's later check replaces the earlier one; two
people who differ leave the cell open. Features and competitors are in natural order; times are naive datetimes of the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import scales
from stageway.evidence import DataError, Frame, Where, Words, is_missing

Array = NDArray[np.float64]
_HAS = {
    1.0: "yes|y|1|1.0|true|full|has|✓|✔|●|有|是|支持|完整|具备",
    0.5: "partly|partial|partially|half|limited|0.5|◐|△|部分|部分支持|有限|一部分",
    0.0: "no|n|0|0.0|false|none|✗|✘|×|○|无|没有|否|不支持",
    np.nan: "unknown|?|？|n/a|na|not checked|tbd|未知|不详|未查|待查|不清楚",
}
MEANT = {word: value for value, words in _HAS.items() for word in words.split("|")}
EXPECTED = Words("有、部分、没有、未知（yes、partly、no、unknown，或1、0.5、0）", "yes, partly, no or unknown (or 1, 0.5, 0)")


@dataclass(frozen=True)
class Check:
    """One row: what somebody saw."""

    value: float
    at: datetime | None
    sourced: bool


@dataclass(frozen=True)
class Matrix:
    """`cells` (features, competitors); `checked` the time of the settled check; `double` and `agreeing` count cells seen by two people."""

    features: list[str]
    competitors: list[str]
    cells: Array
    disputed: NDArray[np.bool_]
    unsourced: NDArray[np.bool_]
    checked: list[list[datetime | None]]
    double: int
    agreeing: int

    def column(self, name: str) -> Array:
        return np.asarray(self.cells[:, self.competitors.index(name)])

    def without(self, name: str) -> Matrix:
        """The same without one competitor (our own product among the columns)."""
        if name not in self.competitors:
            return self
        keep = [i for i, each in enumerate(self.competitors) if each != name]
        checked = [[row[i] for i in keep] for row in self.checked]
        return Matrix(self.features, [self.competitors[i] for i in keep], self.cells[:, keep], self.disputed[:, keep], self.unsourced[:, keep],
                      checked, self.double, self.agreeing)


def read(frame: Frame) -> Matrix:
    """Raises DataError for a cell that says none of the four, and for a table without a feature and a competitor."""
    used = frame.take(~(frame.missing("feature") | frame.missing("competitor")))
    if not len(used):
        raise DataError("no_checks", Words("没有一行同时有功能和竞品", "no row has a feature and a competitor"), where=Where(file=frame.source or None))
    blank: list[Any] = [None] * len(used)
    who, at, source, verified = (used[name].tolist() if name in used else blank for name in ("checker", "checked_at", "source", "verified"))
    rows = []
    for i, (feature, competitor, has) in enumerate(zip(used["feature"].tolist(), used["competitor"].tolist(), used["has"].tolist(), strict=True)):
        plain = np.nan if is_missing(has) else MEANT.get(scales.plain(has))
        if plain is None:
            raise used.wrong("has", i, EXPECTED)
        sourced = verified[i] != 0 and (verified[i] == 1 or not is_missing(source[i]))
        rows.append((feature, competitor, who[i] or "", Check(plain, at[i], bool(sourced))))
    return _settled(rows)


def _settled(rows: list[tuple[str, str, str, Check]]) -> Matrix:
    features, competitors = sorted({row[0] for row in rows}, key=scales.natural), sorted({row[1] for row in rows}, key=scales.natural)
    shape = (len(features), len(competitors))
    cells, disputed, unsourced = np.full(shape, np.nan), np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    checked: list[list[datetime | None]] = [[None] * shape[1] for _ in range(shape[0])]
    double = agreeing = 0
    for (feature, competitor), group in groupby(sorted(rows, key=lambda r: (r[0], r[1], r[2])), key=lambda r: (r[0], r[1])):
        f, c = features.index(feature), competitors.index(competitor)
        views = [_latest([row[3] for row in mine]) for _, mine in groupby(group, key=lambda r: r[2])]
        values = sorted({v.value for view in views for v in view if not np.isnan(v.value)})
        seen = [view for view in views if any(not np.isnan(v.value) for v in view)]
        if len(seen) > 1:
            double, agreeing = double + 1, agreeing + (len(values) == 1)
        disputed[f, c] = len(values) > 1
        if len(values) == 1:
            cells[f, c] = values[0]
            held = [v for view in views for v in view if v.value == values[0]]
            unsourced[f, c] = not any(v.sourced for v in held)
            checked[f][c] = max((v.at for v in held if v.at is not None), default=None)
    return Matrix(features, competitors, cells, disputed, unsourced, checked, double, agreeing)


def _latest(checks: Sequence[Check]) -> list[Check]:
    """One person's last word: the checks of the latest time, all of them where none has a time."""
    times = [c.at for c in checks if c.at is not None]
    return [c for c in checks if c.at == max(times)] if times else list(checks)


def unique(ours: Array, cells: Array) -> NDArray[np.bool_]:
    """Features that we have in full and that every alternative was checked for and has not at all."""
    return np.asarray((ours == 1) & (cells == 0).all(axis=1))


def lacking(ours: Array, cells: Array) -> NDArray[np.bool_]:
    """Features that every alternative has in full and we have not, or partly."""
    return np.asarray((ours < 1) & (cells == 1).all(axis=1))


def coverage(cells: Array, weights: Array) -> Array:
    """Weighted share of features (F, C) that each column has, of those known; NaN where no weight is known. `weights` (…, F) → (…, C)."""
    known = ~np.isnan(cells)
    total = weights @ known
    return np.asarray(np.divide(weights @ np.nan_to_num(cells), total, out=np.full(total.shape, np.nan), where=total > 0))


def drawn_weights(weights: Array, ends: tuple[Array, Array] | None, doubt: float, draws: int, level: float, rng: np.random.Generator) -> Array:
    """(draws, F): normal by the interval of each weight, cut at 0, where `ends` are known; else each shaken by a gamma of that relative sd."""
    if ends is not None:
        from stageway.arithmetic.intervals import z_of

        error = (ends[1] - ends[0]) / (2 * z_of(level))
        return np.asarray(np.maximum(0.0, weights + error * rng.standard_normal((draws, len(weights)))))
    return np.asarray(weights * rng.gamma(1 / doubt**2, doubt**2, size=(draws, len(weights)))) if doubt > 0 else np.tile(weights, (draws, 1))


def first(cells: Array, weights: Array, rng: np.random.Generator) -> Array:
    """How often each column covers most, equals share. Weights (draws, F); an open cell is filled in each draw as often as its column has things."""
    open_ = np.isnan(cells)
    rates = np.array([np.mean(column[~np.isnan(column)]) if (~np.isnan(column)).any() else 0.5 for column in cells.T])
    chances = np.zeros(cells.shape[1])
    for weight in weights:
        filled = np.where(open_, rng.random(cells.shape) < rates, np.nan_to_num(cells))
        score = weight @ filled
        top = score >= score.max() - 1e-12
        chances += top / top.sum()
    return chances / len(weights)


def ages(matrix: Matrix, fallback: Mapping[str, datetime], at: datetime | None) -> tuple[dict[str, int], datetime | None]:
    """Days from the oldest check of each competitor to `at` (else to the latest check), and that day; competitors without a time are left out."""
    known: dict[str, list[datetime]] = {}
    for c, name in enumerate(matrix.competitors):
        found = [matrix.checked[f][c] or fallback.get(name) for f in np.flatnonzero(~np.isnan(matrix.cells[:, c])).tolist()]
        known[name] = [_naive(when) for when in found if when is not None]
    now = at or max((when for listed in known.values() for when in listed), default=None)
    return ({name: (now - min(listed)).days for name, listed in known.items() if listed} if now else {}), now


def _naive(when: datetime) -> datetime:
    return when.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
