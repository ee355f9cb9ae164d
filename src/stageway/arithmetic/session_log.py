"""Sessions of an app, one a row or counted by day: how many went without a crash, in each version, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.clusters import Clustered
from stageway.arithmetic.scales import natural
from stageway.evidence import DataError, Frame, ParamError, Where, Words, did_you_mean, say

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Sessions:
    """`whole` and `versions` share their clusters: users where they are known (`by_user`), else days, else rows.

    `people` are (without a crash, all) users, or user-days in a daily table; `anr` the same as `whole` for hangs.
    """

    whole: Clustered
    versions: tuple[tuple[str, Clustered], ...]
    by_user: bool
    daily: bool
    people: Clustered | None
    anr: Clustered | None
    observed: tuple[date, date] | None
    blank: int = 0
    without_user: int = 0


def read(frame: Frame) -> Sessions:
    """DataError where a day has more crashes than sessions, and where nothing at all was counted."""
    daily = "sessions" in frame
    counts = frame.numbers("sessions") if daily else np.ones(len(frame))
    crashed = frame.numbers("crashed") if daily else frame.flags("crashed")
    kept = ~(np.isnan(counts) | np.isnan(crashed))
    _check(frame, "crashed", crashed, counts)
    if not counts[kept].sum() > 0:
        raise DataError("no_sessions", Words("没有一次会话写明是否崩溃", "no session says whether it crashed"), where=Where(file=frame.source or None))
    used = frame.take(np.flatnonzero(kept))
    counts, crashed = counts[kept], crashed[kept]
    names, cluster, by_user, without = _clusters(used, daily)
    versions = used["version"].tolist() if "version" in used else [None] * len(used)
    first = np.arange(len(used)) if daily else _first_rows(used)
    counts, crashed = counts * (first == np.arange(len(used))), _gathered(crashed, first)

    def summed(y: Array, keep: Array | None = None) -> Clustered:
        weights = counts if keep is None else counts * keep
        good = y if keep is None else y * keep
        return Clustered(_sums(cluster, good, names), _sums(cluster, weights, names))

    listed = sorted({v for v, n in zip(versions, counts.tolist(), strict=True) if v is not None and n > 0}, key=natural)
    each = tuple((v, summed(counts - crashed, np.array([float(w == v) for w in versions]))) for v in listed)
    days = [d.date() for d in used["day"].tolist() if d is not None] if "day" in used else []
    return Sessions(summed(counts - crashed), each, by_user, daily, _people(used, cluster, names, crashed, by_user, daily), _anr(used, cluster, names, counts, first),
                    (min(days), max(days)) if days else None, int((~kept).sum()), without)


def _check(frame: Frame, column: str, part: Array, whole: Array) -> None:
    with np.errstate(invalid="ignore"):
        bad = np.flatnonzero((part > whole) | (part < 0) | (whole < 0))
    if bad.size:
        i = int(bad[0])
        raise frame.wrong(column, i, say(zh="0到{n}之间的次数", en="a count from 0 to {n}", n=f"{max(0.0, whole[i]):g}"))


def _clusters(frame: Frame, daily: bool) -> tuple[int, Codes, bool, int]:
    """(how many, code of each row, whether they are users, rows without a user); the order is that of the sorted names."""
    by_user = not daily and "user" in frame and any(u is not None for u in frame["user"].tolist())
    column = "user" if by_user else "day" if daily and "day" in frame else None
    if column is None:
        return len(frame), np.arange(len(frame)), False, 0
    names = [str(value) if value is not None else f"\x00{i}" for i, value in enumerate(frame[column].tolist())]
    codes = np.unique(np.array(names), return_inverse=True)[1].astype(np.int64)
    lone = sum(value is None for value in frame[column].tolist())
    return int(codes.max()) + 1, codes, by_user, lone if by_user else 0


def _first_rows(frame: Frame) -> Codes:
    """For each row the first one of the same session of the same user: a session counts once, and crashed if any of its rows says so."""
    ids = frame["session"].tolist() if "session" in frame else [None] * len(frame)
    users = frame["user"].tolist() if "user" in frame else [None] * len(frame)
    first: dict[tuple[Any, ...], int] = {}
    return np.array([i if s is None else first.setdefault((s, u), i) for i, (s, u) in enumerate(zip(ids, users, strict=True))], dtype=np.int64)


def _gathered(marks: Array, first: Codes) -> Array:
    """Each mark moved to the first row of its session, 0 elsewhere; NaN where no row of the session has one."""
    out = np.full(marks.size, -1.0)
    np.maximum.at(out, first, np.nan_to_num(marks, nan=-1.0))
    return np.where(first != np.arange(marks.size), 0.0, np.where(out < 0, np.nan, out))


def _sums(codes: Codes, weights: Array, size: int) -> Array:
    return np.bincount(codes, weights, size).astype(np.float64)


def _people(frame: Frame, cluster: Codes, names: int, crashed: Array, by_user: bool, daily: bool) -> Clustered | None:
    if by_user:
        return Clustered((_sums(cluster, crashed, names) == 0).astype(np.float64), np.ones(names))
    if daily and "users" in frame and "crashed_users" in frame:
        users, hit = frame.numbers("users"), frame.numbers("crashed_users")
        _check(frame, "crashed_users", hit, users)
        known = ~(np.isnan(users) | np.isnan(hit))
        if users[known].sum() > 0:
            return Clustered(_sums(cluster[known], (users - hit)[known], names), _sums(cluster[known], users[known], names))
    return None


def _anr(used: Frame, cluster: Codes, names: int, counts: Array, first: Codes) -> Clustered | None:
    if "anr" not in used:
        return None
    hung = _gathered(used.numbers("anr") if "sessions" in used else used.flags("anr"), first)
    _check(used, "anr", hung, counts)
    known = ~np.isnan(hung) & (counts > 0)
    if not counts[known].sum() > 0:
        return None
    return Clustered(_sums(cluster[known], (counts - hung)[known], names), _sums(cluster[known], counts[known], names))


def pair(versions: Sequence[tuple[str, Clustered]], version: str, before: str) -> tuple[int, int] | None:
    """Positions of the version and of the one it is compared with: as named, else the last and the one ahead of it; None without two.

    ParamError for a version that the data do not have.
    """
    names = [name for name, _ in versions]
    for name in filter(None, (version, before)):
        if name not in names:
            what = say(zh="数据里没有版本“{name}”", en='the data have no version "{name}"', name=name)
            raise ParamError("version_unknown", what, todo=did_you_mean(name, names))
    new = names.index(version) if version else len(names) - 1
    old = names.index(before) if before else new - 1
    return (new, old) if 0 <= old < len(names) and old != new else None


def told_apart(records: Frame, incidents: Frame | None) -> tuple[Sessions | None, Frame | None]:
    """The sessions, and the table of incidents: `records` may hold either. DataError where it holds neither."""
    if "crashed" in records:
        return read(records), incidents
    if "detected" in records and incidents is None:
        return None, records
    what = Words("既没有“crashed”列（会话）也没有“detected”列（故障）", 'there is neither a column "crashed" (sessions) nor "detected" (incidents)')
    raise DataError("records_unknown", what, where=Where(file=records.source or None),
                    todo=Words("用 columns（或 --map）指明哪一列是它", "name the right column under columns (or with --map)"))
