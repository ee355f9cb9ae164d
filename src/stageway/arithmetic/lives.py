"""A table of durations, read: who has been observed for how long and whether the event came, by group; and Cox's model over its columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import hazards, survival_curves
from stageway.arithmetic.hazards import Fit
from stageway.arithmetic.intervals import z_of
from stageway.arithmetic.scales import natural
from stageway.evidence import DataError, Frame, ParamError, Where, Words, did_you_mean, say

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """The durations of a group, sorted; `ended` False where the event had not come."""

    name: str
    times: Array
    ended: Flags

    @property
    def n(self) -> int:
        return int(self.times.size)

    @property
    def events(self) -> int:
        return int(self.ended.sum())

    @property
    def all_ended(self) -> bool:
        """Whether the curve comes down to 0."""
        return bool(self.ended[self.times == self.times.max()].all())


@dataclass(frozen=True)
class Lives(Part):
    """All durations; `groups` in order, the reference first, where there are at least two. `rows` of the table that could be used."""

    groups: tuple[Part, ...] = ()
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    left_out: int = 0
    ungrouped: int = 0
    log_rank: tuple[float, int, float] | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.groups or (self,)


def _part(name: str, times: Array, ended: Flags) -> Part:
    order = np.lexsort((~ended, times))
    return Part(name, times[order], ended[order])


def read(table: Frame, reference: str = "") -> Lives:
    """Raises DataError where no row has both a duration and an event, ParamError for a reference that is not there."""
    times, ended = table["duration"], table["event"]
    rows = np.flatnonzero(~np.isnan(times) & ~np.isnan(ended))
    if not rows.size:
        what = Words("没有一行同时有duration和event", "no row has both duration and event")
        raise DataError("no_durations", what, where=Where(file=table.source or None))
    whole = _part("", times[rows], ended[rows] == 1)
    made = Lives(whole.name, whole.times, whole.ended, (), rows, len(table) - rows.size)
    labels = table["group"][rows].tolist() if "group" in table else []
    names = sorted({label for label in labels if label is not None}, key=natural)
    if reference and reference not in names:
        what = say(zh="没有组别“{name}”", en='there is no group "{name}"', name=reference)
        raise ParamError("group_unknown", what, todo=did_you_mean(reference, names))
    if len(names) < 2:
        return made
    names.sort(key=lambda name: name != reference)
    groups = []
    for name in names:
        mine = rows[np.array([label == name for label in labels])]
        groups.append(_part(name, times[mine], ended[mine] == 1))
    try:
        test = survival_curves.log_rank([(group.times, group.ended) for group in groups])
    except ValueError:
        test = None
    return replace(made, groups=tuple(groups), ungrouped=sum(label is None for label in labels), log_rank=test)


@dataclass(frozen=True)
class Ratio:
    """One coefficient. `unit`: what the ratio compares, a category against another or one more of a number."""

    key: str
    label: Words
    coefficient: float
    error: float
    low: float
    high: float
    p: float
    constancy: float


@dataclass(frozen=True)
class Cox:
    """`fit` None where it could not be computed: `trouble` says why (constant, collinear, separable, no_events, few_rows), `culprit` which column."""

    ratios: tuple[Ratio, ...] = ()
    fit: Fit | None = None
    n: int = 0
    events: int = 0
    constant: tuple[str, ...] = ()
    trouble: str = ""
    culprit: str = ""
    robust: bool = False


def _columns(table: Frame, lives: Lives, names: list[str]) -> tuple[list[tuple[str, Words]], list[Array], list[str]]:
    """Dummies of the groups and of texts, numbers as they are; NaN where missing. Last: columns that do not vary."""
    heads: list[tuple[str, Words]] = []
    made: list[Array] = []
    constant: list[str] = []
    for name in ([] if not lives.groups else ["group"]) + [name for name in names if name != "group"]:
        if name in ("duration", "event"):
            raise ParamError("covariate_wrong", say(zh="“{name}”本身不能作协变量", en='"{name}" cannot be a covariate of itself', name=name))
        texts = [table.texts(name)[i] for i in lives.rows]
        levels = [group.name for group in lives.groups] if name == "group" else sorted({t for t in texts if t is not None}, key=natural)
        if name != "group" and all(_is_number(t) for t in levels):
            values = table.numbers(name)[lives.rows]
            if np.ptp(values[~np.isnan(values)]) > 0 if levels else False:
                heads.append((name, say(zh="{name}每多1", en="one more of {name}", name=name)))
                made.append(values)
            else:
                constant.append(name)
            continue
        if len(levels) < 2:
            constant.append(name)
        for level in levels[1:]:
            heads.append((level if name == "group" else f"{name}={level}", say(zh="{a}对{b}", en="{a} against {b}", a=level, b=levels[0])))
            made.append(np.array([np.nan if t is None else float(t == level) for t in texts]))
    return heads, made, constant


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def regress(table: Frame, lives: Lives, names: list[str], *, robust: bool, level: float) -> Cox | None:
    """Cox's model over the groups and the named columns; None where there is nothing to compare."""
    heads, columns, constant = _columns(table, lives, names)
    if not heads:
        return Cox(constant=tuple(constant), trouble="constant") if constant else None
    x = np.column_stack(columns)
    kept = ~np.isnan(x).any(axis=1)
    rows = lives.rows[kept]
    people = table["person"].tolist() if robust and "person" in table else list(range(len(table)))
    order = sorted(range(rows.size), key=lambda i: (table["duration"][rows[i]], -table["event"][rows[i]], x[kept][i].tolist(), str(people[rows[i]])))
    rows, x = rows[order], x[kept][order]
    ended = table["event"][rows] == 1
    made = Cox(n=int(rows.size), events=int(ended.sum()), constant=tuple(constant), robust=robust)
    clusters = np.unique([str(people[i]) for i in rows], return_inverse=True)[1] if rows.size else None
    try:
        if not rows.size or made.events <= len(heads):
            return replace(made, trouble="few_events")
        fit = hazards.fit(x, table["duration"][rows], ended, clusters)
    except hazards.Separable as found:
        return replace(made, trouble="separable", culprit=heads[found.column][0])
    except hazards.Collinear:
        return replace(made, trouble="collinear")
    return replace(made, fit=fit, ratios=_ratios(heads, fit, robust, level))


def _ratios(heads: list[tuple[str, Words]], fit: Fit, robust: bool, level: float) -> tuple[Ratio, ...]:
    from scipy.special import chdtrc, ndtr

    made = []
    for i, (key, label) in enumerate(heads):
        beta, error = float(fit.coefficients[i]), float(np.sqrt((fit.robust if robust else fit.covariance)[i, i]))
        half = z_of(level) * error
        constancy = fit.ratio_of_time[i]
        made.append(Ratio(key, label, beta, error, beta - half, beta + half, float(2 * ndtr(-abs(beta) / error)), float(chdtrc(1, constancy)) if np.isfinite(constancy) else 1.0))
    return tuple(made)
