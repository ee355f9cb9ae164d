"""From an experiment's table, rows or sums, to its arms: who was assigned where, what was measured, what had to be left out.

Rows: one a unit (arm, value; unit, denominator, pre, pre_denominator, day where there are). Sums: arm, n with successes, or with sum
and sum_squares; several rows of an arm are added. What is left out is said in `notes`, never silently.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import arms as of
from stageway.arithmetic.arms import Arm
from stageway.evidence import DataError, Frame, ParamError, Warning, Where, Words, amount, did_you_mean, joined, say

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
CONTROL_NAMES = ("control", "对照", "对照组", "a", "off", "0")
#: One unit that makes more than this share of an arm's sum of squares decides its mean and its error.
DOMINANT = 0.2


@dataclass(frozen=True)
class Trial:
    """Control first. `compared` differs from `arms` only after CUPED (`theta`, `saved` = share of variance taken away).

    `assigned` counts units as assigned, also those without a value. `days`: day and arm of each of them.
    """

    names: list[str]
    assigned: Array
    metric: str
    arms: list[Arm]
    compared: list[Arm]
    notes: list[Warning]
    theta: float | None = None
    saved: float = 0.0
    days: tuple[NDArray[Any], Codes] | None = None


def refused(code: str, what: Words, frame: Frame) -> DataError:
    return DataError(code, what, where=Where(file=frame.source or None))


def control_first(found: list[str], control: str) -> list[str]:
    """The arms, the control first: the one named, else the one called control, 对照 or A, else the first by name."""
    if control and control not in found:
        what = say(zh="没有名为“{name}”的组", en='there is no arm "{name}"', name=control)
        raise ParamError("arm_unknown", what, todo=did_you_mean(control, found))
    chosen = control or next((name for known in CONTROL_NAMES for name in found if name.lower() == known), found[0])
    return [chosen, *(name for name in found if name != chosen)]


def planned_weights(names: list[str], text: str) -> Array:
    """The planned weight of each arm from `A=9, B=1`; even where nothing is planned."""
    if not text.strip():
        return np.ones(len(names))
    given: dict[str, float] = {}
    for part in text.replace("，", ",").replace("：", ":").split(","):
        name, _, weight = (piece.strip() for piece in part.replace(":", "=").rpartition("="))
        try:
            given[name] = float(weight)
        except ValueError:
            given[name] = 0.0
        if not name or not 0 < given[name] < math.inf:
            what, expected = Words("分流比例写法不对", "the planned split is written wrongly"), Words("如 A=9, B=1，均大于0", "such as A=9, B=1, each above 0")
            raise ParamError("weights_wrong", what, where=Where(value=part.strip()), expected=expected)
    for name in [*given, *names]:
        if name not in names or name not in given:
            what = say(zh="分流比例与数据里的组对不上：“{name}”", en='planned split and arms of the data do not match: "{name}"', name=name)
            raise ParamError("arm_unknown", what, todo=did_you_mean(name, given if name in names else names))
    return np.array([given[name] for name in names])


def read(rows: Frame, *, metric: str, control: str, winsorise: float | None) -> Trial:
    """The arms of the table. Raises DataError for a table that is neither rows nor sums, ParamError for what it cannot give."""
    if len(rows) == 0:
        raise refused("no_rows", Words("表里没有数据行", "the table has no rows"), rows)
    lacking = rows.missing("arm")
    if lacking.all():
        raise refused("no_arms", Words("arm列全部缺失", "the column arm is empty"), rows)
    found = sorted(set(rows["arm"][~lacking].tolist()))
    if len(found) < 2:
        what = say(zh="只有“{arm}”一个组，没有可比的对照", en='there is only the arm "{arm}": nothing to compare it with', arm=found[0])
        raise refused("one_arm", what, rows)
    names = control_first(found, control)
    notes: list[Warning] = []
    if lacking.any():
        notes.append(Warning("arm_missing", say(zh="{n}行没有组别，未计入", en="{n} rows have no arm and are not counted", n=f"{int(lacking.sum()):,}")))
        rows = rows.take(~lacking)
    trial = _from_sums(rows, names, metric, winsorise) if "n" in rows else _from_units(rows, names, metric, winsorise)
    return replace(trial, notes=[*notes, *trial.notes])


def _too_small(name: str, frame: Frame) -> DataError:
    return refused("arm_too_small", say(zh="“{arm}”组不足2人，无法比较", en='arm "{arm}" has fewer than 2 units: nothing to compare', arm=name), frame)


def _from_sums(rows: Frame, names: list[str], metric: str, winsorise: float | None) -> Trial:
    shares = "successes" in rows
    columns = ["n", "successes"] if shares else ["n", "sum", "sum_squares"]
    if not all(column in rows for column in columns):
        what = Words("汇总表须有n和successes，或n、sum和sum_squares", "aggregates need n and successes, or n, sum and sum_squares")
        raise refused("columns_do_not_fit", what, rows)
    if winsorise is not None:
        raise ParamError("winsorise_needs_rows", Words("汇总数据不能截尾", "aggregates cannot be capped"), todo=Words("请改用逐人数据", "give one row a unit"))
    if metric not in ("auto", "proportion" if shares else "mean"):
        raise ParamError("metric_wrong", say(zh="这些汇总列算不出“{metric}”", en='these aggregates cannot give a "{metric}"', metric=metric))
    for column in columns:
        bad = rows.missing(column)
        if column in ("n", "successes"):
            bad = bad | (rows[column] % 1 != 0) | (rows["successes"] > rows["n"] if column == "successes" else False)
        if bad.any():
            counted = Words("整数，且成功数不大于n", "a whole number, successes not above n")
            raise rows.wrong(column, int(np.flatnonzero(bad)[0]), Words("数字", "a number") if column.startswith("sum") else counted)
    sums = {column: [math.fsum(rows[column][rows["arm"] == name]) for name in names] for column in columns}
    for name, n in zip(names, sums["n"], strict=True):
        if n < 2:
            raise _too_small(name, rows)
    assigned = np.array(sums["n"])
    if shares:
        arms = [of.share(int(x), int(n)) for x, n in zip(sums["successes"], sums["n"], strict=True)]
        return Trial(names, assigned, "proportion", arms, arms, [])
    try:
        arms = [of.summary_of_sums(int(n), total, squares) for n, total, squares in zip(sums["n"], sums["sum"], sums["sum_squares"], strict=True)]
    except ValueError:
        what = Words("sum_squares小于sum²÷n，汇总数互相矛盾", "sum_squares is below sum² ÷ n: the aggregates contradict one another")
        raise refused("sums_impossible", what, rows) from None
    return Trial(names, assigned, "mean", arms, arms, [])


def _measured(rows: Frame, metric: str) -> Array:
    if "value" not in rows:
        what = Words("逐人数据须有arm和value，汇总数据须有arm和n", "rows need arm and value, aggregates need arm and n")
        raise refused("columns_do_not_fit", what, rows)
    try:
        values = rows.numbers("value")
    except DataError:
        if metric in ("mean", "ratio"):
            raise
        values = rows.flags("value")
    if np.isnan(values).all():
        raise refused("no_values", Words("value列全部缺失", "the column value is empty"), rows)
    if metric == "proportion" and (bad := np.flatnonzero(~np.isnan(values) & (values != 0) & (values != 1))).size:
        raise rows.wrong("value", int(bad[0]), Words("0或1", "0 or 1"))
    return values


def _columns(rows: Frame, metric: str) -> tuple[str, dict[str, Array]]:
    values = _measured(rows, metric)
    if metric == "auto":
        known = values[~np.isnan(values)]
        metric = "ratio" if "denominator" in rows else "proportion" if np.isin(known, (0, 1)).all() else "mean"
    if metric == "ratio" and "denominator" not in rows:
        raise refused("columns_do_not_fit", Words("比值指标需要denominator列", "a ratio needs the column denominator"), rows)
    wanted = ["pre"] if metric != "ratio" else ["denominator", *(("pre", "pre_denominator") if "pre" in rows and "pre_denominator" in rows else ())]
    return metric, {"value": values, **{name: rows[name] for name in wanted if name in rows}}


def _from_units(rows: Frame, names: list[str], metric: str, winsorise: float | None) -> Trial:
    notes: list[Warning] = []
    metric, columns = _columns(rows, metric)
    codes = np.array([names.index(arm) for arm in rows["arm"].tolist()], dtype=np.int64)
    columns, arm, first = _one_row_a_unit(rows, columns, codes, metric == "proportion", notes)
    assigned = np.bincount(arm, minlength=len(names)).astype(np.float64)
    days = (np.array([day.date() if day else None for day in rows["day"][first]], dtype=object), arm) if "day" in rows else None
    columns = _filled(columns, notes)
    whole = ~np.any([np.isnan(column) for column in columns.values()], axis=0)
    if not whole.all():
        counts = [f"{name} {int(np.sum(~whole & (arm == i))):,}" for i, name in enumerate(names)]
        notes.append(Warning("values_missing", say(
            zh="有缺失值的人不计入差值（{lost}）；若缺失与分组有关，差值有偏",
            en="units with a missing value are left out of the difference ({lost}); if that depends on the arm, the difference is biased",
            lost=joined([Words(count, count) for count in counts]))))
    columns, arm = {name: column[whole] for name, column in columns.items()}, arm[whole]
    if winsorise is not None and arm.size:
        columns["value"] = _capped(columns["value"], winsorise, notes)
    return _summarised(rows, Trial(names, assigned, metric, [], [], notes, days=days), columns, arm)


def _filled(columns: dict[str, Array], notes: list[Warning]) -> dict[str, Array]:
    """A unit without a value before the experiment keeps its place: it takes the mean of the others, which moves no arm."""
    out = dict(columns)
    for name in [name for name in columns if name.startswith("pre")]:
        lacking = np.isnan(columns[name])
        if lacking.all():
            notes.append(Warning("pre_unusable", Words("实验前的数据全部缺失，未作CUPED", "no unit has a value before the experiment: no CUPED")))
            return {kept: column for kept, column in columns.items() if not kept.startswith("pre")}
        out[name] = np.where(lacking, np.nanmean(columns[name]), columns[name])
    return out


def _one_row_a_unit(
    rows: Frame, columns: dict[str, Array], arm: Codes, shares: bool, notes: list[Warning]
) -> tuple[dict[str, Array], Codes, Codes]:
    """Columns, arm and first row of each unit, in an order that is not the file's. Units seen in several arms are left out."""
    if "unit" not in rows:
        order = np.lexsort((*columns.values(), arm))
        return {name: column[order] for name, column in columns.items()}, arm[order], order
    if (lacking := rows.missing("unit")).any():
        raise rows.wrong("unit", int(np.flatnonzero(lacking)[0]), Words("分组的单位，如用户编号", "the unit that was assigned, such as a user id"))
    unit = np.unique(rows["unit"].astype(str), return_inverse=True)[1]
    order = np.lexsort((*columns.values(), arm, unit))
    unit, arm, columns = unit[order], arm[order], {name: column[order] for name, column in columns.items()}
    starts = np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]])
    several = np.minimum.reduceat(arm, starts) != np.maximum.reduceat(arm, starts)
    if several.any():
        notes.append(Warning("units_in_several_arms", say(
            zh="{n}人（{share}）出现在不止一组，已剔除；若与分组有关，差值有偏",
            en="{n} units ({share}) were seen in more than one arm and are left out; if that depends on the arm, the difference is biased",
            n=f"{int(several.sum()):,}", share=amount(float(several.mean()), "%"))))
    if len(starts) < len(unit):
        rule = Words("任一行为1即记1", "any 1 counts as 1") if shares else Words("值与分母相加", "values and denominators are added")
        notes.append(Warning("units_repeated", say(zh="同一人有多行：{rule}", en="some units have several rows: {rule}", rule=rule)))
        counts = np.diff(np.r_[starts, len(unit)])
        for name, column in columns.items():
            one = np.maximum.reduceat(column, starts) if shares and name == "value" else np.add.reduceat(column, starts)
            columns[name] = one / counts if name.startswith("pre") else one
    return {name: column[~several] for name, column in columns.items()}, arm[starts][~several], order[starts][~several]


def _capped(values: Array, quantile: float, notes: list[Warning]) -> Array:
    cap = float(np.quantile(values, quantile))
    notes.append(Warning("winsorised", say(
        zh="按登记的{q}分位截尾：{n}人的值压到{cap}", en="capped at the registered quantile {q}: the values of {n} units were brought down to {cap}",
        q=f"{quantile:g}", n=int(np.sum(values > cap)), cap=f"{cap:,.6g}")))
    return np.minimum(values, cap)


def _summarised(rows: Frame, trial: Trial, columns: dict[str, Array], arm: Codes) -> Trial:
    parts = {name: [column[arm == i] for i in range(len(trial.names))] for name, column in columns.items()}
    y, d = parts["value"], parts.get("denominator")
    for i, name in enumerate(trial.names):
        if len(y[i]) < 2:
            raise _too_small(name, rows)
        if d is not None and not d[i].sum() > 0:
            what = say(zh="“{arm}”组的分母合计为0，没有比值", en='the denominators of arm "{arm}" sum to 0: there is no ratio', arm=name)
            raise refused("denominator_zero", what, rows)
    notes = list(trial.notes)
    if trial.metric == "proportion":
        arms = [of.share(int(part.sum()), len(part)) for part in y]
    else:
        arms = [of.summary(y[i], None if d is None else d[i]) for i in range(len(y))]
        notes += [note for name, part in zip(trial.names, y, strict=True) if (note := _dominated(name, part)) is not None]
    if "pre" not in parts:
        return replace(trial, arms=arms, compared=arms, notes=notes)
    before = parts.get("pre_denominator")
    if before is not None and not all(part.sum() > 0 for part in before):
        notes.append(Warning("pre_unusable", Words("实验前的分母合计为0，未作CUPED", "the denominators before the experiment sum to 0: no CUPED")))
        return replace(trial, arms=arms, compared=arms, notes=notes)
    compared, theta, saved = of.cuped(y, d, parts["pre"], before)
    return replace(trial, arms=arms, compared=compared, notes=notes, theta=theta, saved=saved)


def _dominated(name: str, values: Array) -> Warning | None:
    squares = (values - values.mean()) ** 2
    if len(values) < 100 or not squares.max() > DOMINANT * squares.sum():
        return None
    return Warning("one_unit_dominates", say(
        zh="“{arm}”组有1人的值为{value}，占该组离差平方和的{part}；均值和区间取决于这1人，应事先登记截尾分位（winsorise）",
        en='one unit of arm "{arm}" has the value {value} and makes {part} of the arm\'s sum of squares: mean and interval hang on it; '
        "register a capping quantile (winsorise) beforehand",
        arm=name, value=f"{float(values[squares.argmax()]):,.6g}", part=amount(float(squares.max() / squares.sum()), "%")))
