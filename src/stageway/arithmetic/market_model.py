"""A market as a funnel of factors: total, serviceable, obtainable; read from rows that name their source, and checked one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import driver_draws, scales
from stageway.arithmetic.driver_draws import Array, Range, Shape
from stageway.evidence import DataError, Frame, Where, Words, is_missing, say

#: From the widest market to the narrowest; a factor of a level narrows it and all below.
LEVELS = ("tam", "sam", "yearly_buyers", "som", "som_year1")
SHAPES = ("triangular", "pert", "uniform", "lognormal", "fixed")
DIVIDE = ("divide", "/", "÷", "除", "除以")
MULTIPLY = ("multiply", "*", "×", "x", "乘", "乘以", "")
SHARE = ("%", "share", "占比", "比例")
MONEY = ("CNY", "元", "RMB", "人民币")


@dataclass(frozen=True)
class Driver:
    name: str
    known: Range
    power: int
    level: str
    segment: str | None
    unit: str
    source: str | None
    year: int | None

    @property
    def ranged(self) -> bool:
        return self.known.shape == "survey" or self.known.high > self.known.low


@dataclass(frozen=True)
class Model:
    """`drivers` from the widest level down, then by name. `segments` is [None] for one market."""

    drivers: list[Driver]
    segments: list[str | None]

    @property
    def levels(self) -> list[str]:
        return [level for level in LEVELS if any(d.level == level for d in self.drivers)]

    @property
    def known(self) -> list[Range]:
        return [d.known for d in self.drivers]

    @property
    def powers(self) -> Array:
        return np.array([float(d.power) for d in self.drivers])

    def parts(self, level: str) -> NDArray[np.bool_]:
        """(segments, drivers): which factors make each segment down to `level`."""
        reach = LEVELS.index(level)
        return np.array([[LEVELS.index(d.level) <= reach and d.segment in (None, s) for d in self.drivers] for s in self.segments])

    def result(self, values: Array, level: str) -> Array:
        return driver_draws.product(values, self.powers, self.parts(level))

    @property
    def money(self) -> bool:
        return any(mark in d.unit for d in self.drivers for mark in MONEY)


def read(frame: Frame, *, level: str, shape: str) -> Model:
    """`level` and `shape` for rows that name none. Raises DataError naming the row whose range is upside down, empty, or no range of its kind."""
    if not len(frame):
        raise DataError("no_drivers", Words("没有一个因子", "there is no factor"), where=Where(file=frame.source or None))
    drivers = [_driver(frame, i, level, shape) for i in range(len(frame)) if not _blank(frame, i)]
    if not drivers:
        raise DataError("no_drivers", Words("没有一个因子有名称和数值", "no factor has a name and a value"), where=Where(file=frame.source or None))
    drivers.sort(key=lambda d: (LEVELS.index(d.level), scales.natural(d.segment or ""), scales.natural(d.name)))
    seen: set[tuple[str, str | None]] = set()
    for d in drivers:
        if (d.name, d.segment) in seen:
            what = say(zh="因子“{name}”写了两次，会被乘两次", en="the factor “{name}” stands twice and would be multiplied twice", name=d.name)
            raise DataError("driver_twice", what, where=Where(file=frame.source or None), todo=Words("删去一行，或写明各自的segment", "leave one out, or give each its segment"))
        seen.add((d.name, d.segment))
    named: list[str | None] = sorted({d.segment for d in drivers if d.segment is not None}, key=lambda s: scales.natural(s or ""))
    return Model(drivers, named or [None])


def _blank(frame: Frame, i: int) -> bool:
    return all(is_missing(frame[name][i]) for name in ("driver", "low", "likely", "high", "x", "n") if name in frame)


def _cell(frame: Frame, name: str, i: int) -> str:
    value = frame[name][i] if name in frame else None
    return "" if is_missing(value) else str(value).strip()


def _number(frame: Frame, name: str, i: int) -> float | None:
    value = float(frame[name][i]) if name in frame else np.nan
    return None if np.isnan(value) else value


def _driver(frame: Frame, i: int, level: str, shape: str) -> Driver:
    if not (name := _cell(frame, "driver", i)):
        raise frame.wrong("driver", i, Words("因子的名称", "the name of the factor"))
    at, how = _cell(frame, "level", i).lower() or level, _cell(frame, "operation", i).lower()
    if at not in LEVELS:
        raise frame.wrong("level", i, say(zh="{names}之一", en="one of {names}", names=", ".join(LEVELS)))
    if how not in MULTIPLY + DIVIDE:
        raise frame.wrong("operation", i, Words("multiply（乘）或divide（除）", "multiply or divide"))
    known, unit = _range(frame, i, shape), _cell(frame, "unit", i)
    divides = how in DIVIDE
    if divides and not known.low > 0:
        raise frame.wrong("low", i, Words("大于0的除数", "a divisor above 0"))
    if unit in SHARE and known.shape != "survey" and known.high > 1:
        raise DataError("share_above_one", say(zh="因子“{name}”的单位是占比，却大于1", en="the factor “{name}” is a share above 1", name=name),
                        where=Where(file=frame.source or None, row=int(frame.rows[i]), value=f"{known.high:g}"), todo=Words("35%请写成0.35", "write 35% as 0.35"))
    year = _number(frame, "year", i)
    return Driver(name, known, -1 if divides else 1, at, _cell(frame, "segment", i) or None, unit, _cell(frame, "source", i) or None, int(year) if year is not None else None)


def _range(frame: Frame, i: int, shape: str) -> Range:
    low, likely, high, x, n = (_number(frame, name, i) for name in ("low", "likely", "high", "x", "n"))
    if x is not None and n is not None:
        if not 0 <= x <= n or n < 1:
            raise frame.wrong("x", i, Words("不大于n的人数", "a count not above n"))
        return Range("survey", x, x / n, n)
    kind = _cell(frame, "distribution", i).lower() or shape
    if kind not in SHAPES:
        raise frame.wrong("distribution", i, say(zh="{names}之一", en="one of {names}", names=", ".join(SHAPES)))
    if low is None and high is None and likely is not None:
        return Range("fixed", likely, likely, likely)
    if low is None or high is None:
        raise frame.wrong("low" if low is None else "high", i, Words("低值和高值都要写，或都不写", "both low and high, or neither"))
    if not low <= (likely if likely is not None else low) <= high:
        raise frame.wrong("likely" if likely is not None else "low", i, say(zh="低≤中≤高，而这里是{a}、{b}、{c}", en="low ≤ likely ≤ high, and here are {a}, {b}, {c}",
                          a=f"{low:g}", b=f"{likely:g}" if likely is not None else "·", c=f"{high:g}"))
    if kind == "lognormal" and not low > 0:
        raise frame.wrong("low", i, Words("对数正态的低值要大于0", "a low value above 0 for a lognormal factor"))
    if likely is None and kind in ("triangular", "pert"):
        kind = "uniform"
    shaped: Shape = kind  # type: ignore[assignment]
    return Range(shaped, low, likely if likely is not None else (low * high) ** 0.5 if kind == "lognormal" else (low + high) / 2, high)


def ranks(frame: Frame, drivers: list[Driver]) -> Array:
    """Rank correlations (drivers, drivers) from rows of two names and r; a name stands for all its segments. DataError for an unknown name."""
    made = np.eye(len(drivers))
    for i, (a, b, r) in enumerate(zip(frame["a"].tolist(), frame["b"].tolist(), frame["r"].tolist(), strict=True)):
        if a is None and b is None and np.isnan(r):
            continue
        if np.isnan(r):
            raise frame.wrong("r", i, Words("−1～1的等级相关", "a rank correlation from −1 to 1"))
        places = [[k for k, d in enumerate(drivers) if d.name == name] for name in (a, b)]
        for found, column in zip(places, ("a", "b"), strict=True):
            if not found or a == b:
                raise frame.wrong(column, i, say(zh="两个不同因子的名称，如{names}", en="the names of two factors, such as {names}", names=", ".join(d.name for d in drivers[:4])))
        for j in places[0]:
            for k in places[1]:
                made[j, k] = made[k, j] = r
    return made
