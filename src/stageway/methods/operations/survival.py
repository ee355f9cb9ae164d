"""How long do people stay, what share is still there after a time, and who leaves sooner?

    S(t) = Π (1 − d_i / n_i) over the event times up to t        Kaplan-Meier; shares of 1, interval on the scale log(−log S)
    median: first time with S ≤ 1/2, Brookmeyer-Crowley on the same scale        rmst = ∫ S from 0 to the horizon ± z √Σ A_i² d_i / (n_i (n_i − d_i))
    hazard = events / time at risk per 100 units, exact Poisson        logrank_p: chi-square over groups (Mantel)
    hazard_ratio = e^β of Cox's partial likelihood, ties by Efron, interval e^(β ± z se), se model-based or robust (Lin and Wei)
    ph_p: scaled Schoenfeld residuals against ranked event times (Grambsch and Therneau): below 0.05 a ratio changes over time

`duration` runs from a person's start to the event (leaving, the first repair …) or, with event = 0, to the end of observation: who is still
there counts as long as seen. survival[t] at the times `at`; median[group], rmst[group] and rmst_difference (second group less the first) where
there is a group; ratios are against the first group in order or `reference`, and per one unit of a number in `covariates`.
Not computable is left out: a median that the curve does not reach, a ratio where a covariate orders the events perfectly.

Kaplan & Meier 1958, JASA 53, 457-481; Brookmeyer & Crowley 1982, Biometrics 38, 29-41; Mantel 1966, Cancer Chemother. Rep. 50, 163-170; Cox
1972, JRSS B 34, 187-220; Efron 1977, JASA 72, 557-565; Lin & Wei 1989, JASA 84, 1074-1078; Grambsch & Therneau 1994, Biometrika 81, 515-526.
Not for products that people leave without a sign and come back to (use retention), nor where those who are lost to sight leave for that reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import durations, intervals, survival_curves
from stageway.arithmetic import survival_words as words
from stageway.arithmetic.lives import Lives, read, regress
from stageway.arithmetic.survival_warnings import warnings
from stageway.evidence import Column, Estimate, Finding, Frame, Kind, Params, Reads, Words, method, param, say

UNITS = {"d": Words("天", "days"), "h": Words("小时", "hours"), "min": Words("分钟", "minutes"), "": Words("不写", "none")}


@dataclass(frozen=True)
class SurvivalParams(Params):
    unit: str = param("d", help=Words("duration的单位", "unit of duration"), choices=UNITS)
    at: str = param("", help=Words("要报告的时间，如30,90；不填取观察期的1/4、1/2、3/4", "times to report, such as 30,90; by default 1/4, 1/2 and 3/4 of the horizon"))
    horizon: float | None = param(None, low=1e-9, high=1e9, help=Words("平均停留时间算到多久；不填为各组都观察得到的最长时间", "mean time up to when; by default as far as every group is observed"))
    covariates: str = param("", help=Words("进入Cox模型的列，用逗号隔开", "columns that enter Cox's model, separated by commas"))
    reference: str = param("", help=Words("风险比以哪一组为准；不填为排在最前的组", "group to which hazard ratios refer; by default the first in order"))
    errors: str = param("model", help=Words("风险比的标准误", "standard errors of the ratios"), choices={
        "model": Words("由模型", "from the model"), "robust": Words("稳健（Lin-Wei）；有person列时按人聚合", "robust (Lin and Wei), summed by person where there is that column")})
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


def _times(params: SurvivalParams, horizon: float) -> tuple[float, ...]:
    if not params.at.strip():
        return tuple(dict.fromkeys(float(f"{horizon * part / 4:.2g}") for part in (1, 2, 3))) if horizon > 0 else ()
    try:
        made = tuple(sorted({float(part) for part in params.at.split(",")}))
    except ValueError:
        made = (math.nan,)
    if not all(math.isfinite(t) and t >= 0 for t in made):
        what = say(zh="参数“{name}”的值不对", en='parameter "{name}" cannot take this value', name="at")
        raise ev.ParamError("param_wrong", what, where=ev.Where(value=params.at), expected=Words("不小于0的时间，如 30,90", "times of at least 0, such as 30,90"))
    return made


def _horizon(lives: Lives, wanted: float | None) -> float:
    """As far as every curve is defined: to the longest time of the group that is observed least (any time once all have ended)."""
    known = min(math.inf if part.all_ended and wanted is not None else float(part.times.max()) for part in lives.parts)
    return known if wanted is None else min(wanted, known)


# ── estimates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _estimates(lives: Lives, times: tuple[float, ...], horizon: float, params: SurvivalParams) -> Iterator[Estimate]:
    level, unit = params.level, params.unit
    for t in times:
        found = survival_curves.share_after(lives.times, lives.ended, t, level)
        if found is not None:
            yield Estimate("survival", *found, key=f"{t:g}", unit="%", n=lives.n, level=level, label=say(zh="{t}后仍在", en="Still there after {t}", t=words.span(t, unit)))
    for part in (lives, *lives.groups):
        key = part.name if part is not lives else None
        of = Words("", "") if key is None else say(zh="（{g}）", en=" ({g})", g=key)
        median = durations.quantile(part.times, part.ended, 0.5, level)
        if median is not None:
            yield Estimate("median", *median, key=key, unit=unit, n=part.n, level=level, label=Words("停留时间中位数", "Median time") + of)
        if horizon > 0 and part.ended.any():
            area, error = survival_curves.restricted_mean(part.times, part.ended, horizon)
            half = intervals.z_of(level) * error
            label = say(zh="{h}以内的平均停留时间", en="Mean time within {h}", h=words.span(horizon, unit)) + of
            yield Estimate("rmst", area, max(0.0, area - half), min(max(horizon, area), area + half), key=key, unit=unit, n=part.n, level=level, label=label)
    if lives.times.sum() > 0:
        rate, low, high = survival_curves.rate(lives.times, lives.ended, level)
        yield Estimate("hazard", 100 * rate, 100 * low, 100 * high, n=lives.events, counts=words.EVENTS, level=level, label=words.rate_label(unit))


def _between(lives: Lives, horizon: float, params: SurvivalParams) -> Iterator[Estimate]:
    """What compares groups."""
    if len(lives.groups) < 2:
        return
    if lives.log_rank is not None:
        yield Estimate("logrank_p", lives.log_rank[2], n=lives.n, kind=Kind.EXACT, label=Words("对数秩检验的p", "p of the log-rank test"))
    if len(lives.groups) == 2 and horizon > 0 and all(group.ended.any() for group in lives.groups):
        (a, error_a), (b, error_b) = (survival_curves.restricted_mean(group.times, group.ended, horizon) for group in lives.groups)
        half = intervals.z_of(params.level) * math.hypot(error_a, error_b)
        label = say(zh="平均停留时间之差（{b}减{a}）", en="Difference in mean time, {b} less {a}", a=lives.groups[0].name, b=lives.groups[1].name)
        yield Estimate("rmst_difference", b - a, b - a - half, b - a + half, unit=params.unit, n=lives.n, level=params.level, label=label)


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """240 made-up subscribers of two plans, followed for up to a year; yearly plans leave half as fast."""
    plan = np.where(rng.random(240) < 0.5, "monthly", "yearly")
    lasts = rng.exponential(np.where(plan == "monthly", 160.0, 320.0))
    seen = rng.uniform(60, 365, 240)
    rows = [{"person": f"s{i:03d}", "duration": max(1, round(float(min(t, c)))), "event": int(t <= c), "group": str(g)} for i, (t, c, g) in enumerate(zip(lasts, seen, plan, strict=True))]
    return {"lives": Frame.of(rows, "subscribers.csv")}


@method(
    title=Words("停留时间与流失", "Survival"),
    question=Words("用户能留多久，到某一天还剩多少，谁走得更早？", "How long do people stay, what share is still there after a time, and who leaves sooner?"),
    reads_as=Words("曲线是到那一天还没有走的人占比，仍在的人也算进去；风险比1.5：在任一时刻走的可能是对照组的1.5倍。",
                   "The curve is the share that has not left by then, those still there included; a hazard ratio of 1.5: at any moment 1.5 times as likely to leave."),
    limit=Words("假设没有观察到结局的人与其余的人一样；风险比只说先后，不说是这个因素造成的。",
                "It takes those not seen to the end to be like the others; a hazard ratio tells who leaves first, not that the factor makes them."),
    formula="S(t) = prod(1 - d/n) (Kaplan & Meier 1958); log-rank (Mantel 1966); Cox 1972 with ties by Efron 1977; Grambsch & Therneau 1994",
    reads=(
        Reads(
            "lives",
            Words("每行一个人（或一段订阅）", "one row a person (or a subscription)"),
            (
                Column("duration", "number", Words("从开始到离开或到观察结束的时间", "time from the start to leaving, or to the end of observation"), low=0),
                Column("event", "flag", Words("1为已经离开，0为还在", "1 has left, 0 is still there")),
                Column("group", "category", Words("组别", "group"), required=False),
                Column("person", "id", Words("人；同一人可以有几行", "the person, who may have several rows"), required=False),
            ),
            others=Words("参数covariates写到的列；文本按类别比较", "columns named in covariates; texts are compared as categories"),
        ),
    ),
    gives=("survival[]", "median", "rmst", "hazard", "median[]", "rmst[]", "rmst_difference", "logrank_p", "hazard_ratio[]", "ph_p"),
    params=SurvivalParams,
    example=example,
)
def survival(lives: Frame, *, params: SurvivalParams, rng: np.random.Generator) -> Finding:
    seen = read(lives, params.reference)
    names = [name.strip() for name in params.covariates.split(",") if name.strip()]
    horizon = _horizon(seen, params.horizon)
    times = _times(params, horizon)
    cox = regress(lives, seen, names, robust=params.errors == "robust", level=params.level)
    estimates = (*_estimates(seen, times, horizon, params), *_between(seen, horizon, params), *words.ratios(cox, seen, params.level))
    told = words.Told(seen, cox, {e.full_name: e for e in estimates}, params.unit, params.level)
    return Finding(
        words.headline(told), words.meaning(told), estimates, words.points(told), words.tables(told, times),
        (words.curve_chart(told), *words.ratio_charts(told)), warnings(told, times, params.horizon, horizon),
    )


