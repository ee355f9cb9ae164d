"""How often does it fail, do the failures thin out while it is tested, and how many are left?

beta of the power law E N(t) = λ t^β (Crow-AMSAA): n / Σ ln(T / t_i), interval 2 β Σ ln(T / t_i) ~ χ²(2n); β < 1 means that failures thin out.
mtbf = T / n with chi-square bounds 2T / χ²(1 − α/2; 2n + 2) and 2T / χ²(α/2; 2n), for a constant rate; mtbf_now = T / (n β) at the end, interval
of Fisher's information on the log scale. laplace = (mean(t) − T/2) / (T √(1/(12n))), a test statistic: standard normal at a constant rate,
without interval because its threshold holds it. remaining = a e^(−bT) of Goel-Okumoto m(t) = a (1 − e^(−bt)), profile likelihood; not given
where mean(t) ≥ T/2: no finite number fits. availability = up / (up + down), interval by F(2n, 2n). A test that ends at a failure loses one
degree in each (the sum runs to n − 1). Fit: Cramér-von Mises.

Times in hours of operation or of test effort, not of the calendar; availability in fractions of 1. Crow 1974, "Reliability and Biometry",
SIAM, 379-410; MIL-HDBK-189 1981, app. C; Goel and Okumoto 1979, IEEE Trans. Reliab. 28, 206-211; Epstein and Sobel 1953, JASA 48, 486-502.

Not to be used for test phases with different loads, nor for several systems at once: one system, one phase.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from stageway.arithmetic import failure_times
from stageway.arithmetic.charts import draw
from stageway.arithmetic.failure_times import Exponential, Failures
from stageway.arithmetic.proportions import p_of_z
from stageway.evidence import (
    Chart,
    Column,
    ColumnHead,
    DataError,
    Estimate,
    Finding,
    Frame,
    Kind,
    Lang,
    Meaning,
    Params,
    Reads,
    ResultTable,
    Warning,
    Where,
    Words,
    amount,
    method,
    p_value,
    param,
    say,
    shown,
)

FAILURES = Words("个故障", "failures")
DRAWS = 4000


@dataclass(frozen=True)
class ReliabilityParams(Params):
    total_h: float | None = param(
        None,
        help=Words("测试总小时；不填表示到最后一个故障为止", "hours of the whole test; without it the test ends at its last failure"),
        low=1e-6,
        high=1e9,
        unit="h",
    )
    estimator: str = param(
        "mle",
        help=Words("β取极大似然还是无偏", "maximum likelihood or unbiased β"),
        choices={"mle": Words("极大似然（MIL-HDBK-189）", "maximum likelihood (MIL-HDBK-189)"), "unbiased": Words("无偏，乘(n−1)/n", "unbiased, times (n − 1)/n")},
    )


@dataclass(frozen=True)
class _Fit:
    """What could be computed; None where it could not."""

    failures: Failures
    beta: tuple[float, float, float] | None
    laplace: float | None
    left: Exponential | None
    misfit: float | None


def _failures(table: Frame, total: float | None) -> Failures:
    times = table["time_h"]
    for i, time in enumerate(times):
        if math.isnan(time) or time <= 0:
            raise table.wrong("time_h", i, Words("大于0的累计小时", "hours of operation so far, above 0"))
        if total is not None and time > total:
            raise table.wrong("time_h", i, say(zh="不超过总小时{total}", en="no more than the {total} hours of the test", total=f"{total:g}"))
    ordered = np.sort(times)
    if total is None and not ordered.size:
        what = say(zh="没有故障，也没有给出测试总小时", en="there is neither a failure nor the length of the test")
        todo = say(zh="没有故障时要填参数 {name}", en="without a failure give the parameter {name}", name="total_h")
        raise DataError("nothing_observed", what, where=Where(file=table.source or None), todo=todo)
    return Failures(ordered, float(ordered[-1]) if total is None else total, total is None)


def _fit(failures: Failures, estimator: str, rng: np.random.Generator) -> _Fit:
    def or_none(compute: Any) -> Any:
        try:
            return compute()
        except ValueError:
            return None

    beta = or_none(lambda: failure_times.growth(failures, unbiased=estimator == "unbiased"))
    left = or_none(lambda: failure_times.goel_okumoto(failures))
    misfit = failure_times.misfit(failures, DRAWS, rng) if beta is not None and failures.inner.size > 2 else None
    return _Fit(failures, beta, or_none(lambda: failure_times.laplace(failures)), left, misfit)


# ── estimates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _estimates(fit: _Fit, repairs: np.ndarray[Any, Any] | None) -> tuple[Estimate, ...]:
    failures, made = fit.failures, []

    def add(name: str, found: tuple[float, float, float], label: Words, unit: str = "") -> None:
        value, low, high = found
        made.append(Estimate(name, value, min(low, value), max(high, value), unit=unit, n=failures.n, counts=FAILURES, label=label))

    if fit.beta is not None and fit.beta[0] > 0:
        add("beta", fit.beta, Words("故障增长参数β", "Growth parameter β of failures"))
        add("mtbf_now", failure_times.mean_time_now(failures, fit.beta[0]), Words("现在的平均故障间隔", "Mean time between failures now"), "h")
    add("mtbf", failure_times.mean_time(failures), Words("全程平均故障间隔", "Mean time between failures over the whole test"), "h")
    if fit.left is not None:
        add("remaining", (fit.left.remaining, fit.left.low, fit.left.high), Words("预计剩余故障", "Failures expected to be left"))
    if fit.laplace is not None:
        label = Words("拉普拉斯趋势U", "Laplace trend U")
        made.append(Estimate("laplace", fit.laplace, n=failures.n, counts=FAILURES, kind=Kind.EXACT, label=label))
    if repairs is not None:
        add("availability", failure_times.availability(failures.total, repairs), Words("可用度", "Availability"), "%")
    return tuple(made)


def _trend(fit: _Fit) -> Words:
    if fit.beta is not None and fit.beta[2] < 1:
        return Words("故障在变稀", "failures thin out")
    if fit.beta is not None and fit.beta[1] > 1:
        return Words("故障在变密", "failures grow denser")
    return Words("看不出故障变稀还是变密", "whether failures thin out cannot be told")


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _hours(value: float) -> Words:
    return amount(value, "h")


def _headline(fit: _Fit, found: Mapping[str, Estimate]) -> Words:
    slots = {"hours": amount(fit.failures.total), "n": f"{fit.failures.n:,}"}
    if "beta" in found:
        zh, en = "{hours}测试小时发现{n}个故障，β={beta}，{trend}", "{n} failures in {hours} hours of test, β = {beta}: {trend}"
        return say(zh=zh, en=en, **slots, beta=shown(found["beta"]), trend=_trend(fit))
    zh, en = "{hours}测试小时发现{n}个故障，平均间隔{mtbf}", "{n} failures in {hours} hours of test, one in {mtbf}"
    return say(zh=zh, en=en, **slots, mtbf=shown(found["mtbf"]))


def _says(fit: _Fit, found: Mapping[str, Estimate]) -> Words:
    half = int(np.count_nonzero(fit.failures.times <= fit.failures.total / 2))
    now, mtbf = found.get("mtbf_now"), found["mtbf"]
    zh = "前一半时间出了{first}个故障，后一半{second}个；全程平均{mtbf}一个{now}"
    en = "The first half of the time saw {first} failures, the second {second}; over all one in {mtbf}{now}"
    there = Words("", "") if now is None else say(zh="，到结束时约{now}一个", en=", at the end about one in {now}", now=_hours(now.value))
    return say(zh=zh, en=en, first=half, second=fit.failures.n - half, mtbf=_hours(mtbf.value), now=there)


def _sure(fit: _Fit, found: Mapping[str, Estimate]) -> Words:
    if "beta" not in found or fit.laplace is None:
        zh, en = "只有{n}个可用的故障时刻，趋势估不出；平均间隔的区间{mtbf}假设快慢不变", "{n} failures give no trend; the interval {mtbf} of the mean time takes the rate as constant"
        return say(zh=zh, en=en, n=fit.failures.n, mtbf=shown(found["mtbf"]))
    fits = Words("", "") if fit.misfit is None else say(zh="；幂律拟合检验{p}", en="; fit of the power law {p}", p=p_value(fit.misfit))
    return say(
        zh="β的区间{beta}在幂律下是精确的；不靠模型的趋势检验U={u}（{p}）{agree}{fits}",
        en="The interval {beta} of β is exact under the power law; the trend test without that model, U = {u} ({p}), {agree}{fits}",
        beta=shown(found["beta"]),
        u=amount(fit.laplace, "", 2),
        p=p_value(p_of_z(fit.laplace)),
        agree=Words("与它一致", "agrees") if (fit.laplace < 0) == (found["beta"].value < 1) else Words("与它相反，结论要谨慎", "points the other way: take care"),
        fits=fits,
    )


def _next(fit: _Fit, found: Mapping[str, Estimate]) -> Words:
    if "mtbf_now" not in found or fit.beta is None:
        zh, en = "继续测到有趋势可看：现在每{mtbf}一个故障，先把这{n}个的原因查清", "Test on until a trend can be seen: now one failure in {mtbf}; explain these {n} first"
        return say(zh=zh, en=en, mtbf=_hours(found["mtbf"].value), n=fit.failures.n)
    now = _hours(found["mtbf_now"].value)
    if fit.beta[2] < 1:
        left = Words("", "") if fit.left is None else say(zh="，预计还剩{left}个", en=" and about {left} left", left=amount(fit.left.remaining, "", 1))
        zh = "上线计划按现在的水平写：约每{now}一个故障{left}；上线后按同一口径继续记故障时刻"
        en = "The launch plan can count on the present level, about one failure in {now}{left}; go on recording failure times the same way"
        return say(zh=zh, en=en, now=now, left=left)
    zh = "增长没有得到证明，不能按“越测越稳”放行：先查重复出现的原因，再测{hours}看β的上端是否低于1"
    en = "Growth is not shown, so no release can rest on it: find the causes that recur, then test {hours} more and see whether the upper end of β falls below 1"
    return say(zh=zh, en=en, hours=_hours(fit.failures.total / 2))


def _change(fit: _Fit) -> Words:
    zh = "测试的负荷或版本阶段变了，这{n}个时刻就不能再合在一起算；接下来{more}里故障明显多于{expected}个，也要改判"
    en = "Another load or phase of test, and these {n} times no longer belong together; clearly more than {expected} failures in the next {more} change the verdict"
    more = fit.failures.total / 4
    if fit.beta is None:
        expected = fit.failures.n / 4
    else:
        expected = fit.failures.n * (1.25 ** fit.beta[0] - 1)
    return say(zh=zh, en=en, n=fit.failures.n, more=_hours(more), expected=amount(expected, "", 1))


def _points(fit: _Fit, found: Mapping[str, Estimate]) -> tuple[Words, ...]:
    made = [say(zh="全程平均故障间隔{mtbf}", en="Mean time between failures over the whole test: {mtbf}", mtbf=shown(found["mtbf"]))]
    if "remaining" in found and fit.left is not None:
        zh, en = "Goel-Okumoto：总数约{a}个，还剩{left}个", "Goel-Okumoto: about {a} in all, {left} left"
        made.append(say(zh=zh, en=en, a=amount(fit.left.a, "", 1), left=shown(found["remaining"], 1)))
    if "availability" in found:
        made.append(say(zh="可用度{share}", en="Availability {share}", share=shown(found["availability"], 2)))
    return tuple(made)


# ── table, chart ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _table(failures: Failures) -> ResultTable:
    heads = (
        ColumnHead("to", Words("测试小时到", "Hours up to"), "h", 0),
        ColumnHead("failures", Words("这一段的故障", "Failures in this part"), decimals=0),
        ColumnHead("all", Words("累计故障", "Failures so far"), decimals=0),
    )
    ends = [failures.total * (i + 1) / 5 for i in range(5)]
    sums = [int(np.count_nonzero(failures.times <= end * (1 + 1e-12))) for end in ends]
    rows = tuple((end, now - before, now) for end, now, before in zip(ends, sums, [0, *sums[:-1]], strict=True))
    return ResultTable("parts", Words("五段测试时间里的故障", "Failures in five equal parts of the test"), heads, rows)


def _chart(fit: _Fit) -> Chart:
    failures = fit.failures
    step = max(1, failures.n // 400)
    seen = [{"hours": round(float(t), 4), "count": i + 1} for i, t in enumerate(failures.times) if i % step == 0 or i + 1 == failures.n]
    beta = fit.beta[0] if fit.beta is not None else 1.0
    curve = [{"hours": round(failures.total * i / 60, 4), "count": round(failures.n * (i / 60) ** beta, 4)} for i in range(61)]

    def build(lang: Lang) -> Any:
        import altair as alt

        x = alt.X("hours:Q", title=Words("累计测试小时", "hours of test so far")[lang])
        y = alt.Y("count:Q", title=Words("累计故障数", "failures so far")[lang])
        points = alt.Chart(alt.InlineData(values=seen)).mark_point(shape="circle", size=18).encode(x=x, y=y)
        line = alt.Chart(alt.InlineData(values=curve)).mark_line().encode(x=x, y=y)
        return alt.layer(points, line)

    title = Words("累计故障数与测试小时", "Failures so far over hours of test")
    zh, en = "点为{n}个故障，线为Crow-AMSAA拟合，β={beta}", "points are the {n} failures, the line is the Crow-AMSAA fit, β = {beta}"
    return draw("growth", title, say(zh=zh, en=en, n=failures.n, beta=amount(beta, "", 2)), build)


# ── warnings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _warnings(fit: _Fit, blank_repairs: int, ended: bool) -> tuple[Warning, ...]:
    n, made = fit.failures.n, []

    def warn(holds: bool, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            made.append(Warning(code, say(zh=zh, en=en, **slots)))

    warn(n < 30, "small_n", "只有{n}个故障，区间很宽", "few failures ({n}): the intervals are wide", n=n)
    zh, en = "故障太少或都在最后，β估不出", "too few failures, or all at the end: β cannot be estimated"
    warn(fit.beta is None or fit.beta[0] <= 0, "no_growth_estimate", zh, en)
    zh = "故障时刻的平均不早于测试的一半，看不到增长，剩余故障没有有限的估计，不给出"
    en = "the mean failure time is not before half of the test: no growth is visible, and no finite number of remaining failures fits"
    warn(fit.left is None, "no_remaining", zh, en)
    low_p = fit.misfit is not None and fit.misfit < 0.05
    zh, en = "幂律拟合得不好（{p}），β和它的区间只可参考", "the power law fits badly ({p}): take β and its interval as a hint only"
    warn(low_p, "poor_fit", zh, en, p=p_value(fit.misfit if fit.misfit is not None else 1.0))
    changing = fit.laplace is not None and p_of_z(fit.laplace) < 0.05
    zh, en = "故障的快慢在变，全程平均故障间隔说明不了现在；看mtbf_now", "the rate changes: the mean time over the whole test does not tell the present; see mtbf_now"
    warn(changing, "rate_changes", zh, en)
    zh, en = "没有给出测试总小时，按到最后一个故障为止算；之后还测了多久没有计入", "no length of the test is given: it is taken to end at its last failure, and what came after is lost"
    warn(ended, "ends_at_failure", zh, en)
    zh, en = "有{count}个故障没有修复时间，可用度不给出", "failures without a time to repair ({count}): no availability is given"
    warn(blank_repairs > 0, "repairs_missing", zh, en, count=blank_repairs)
    return tuple(made)


def _none(total: float) -> Finding:
    bound = _hours(failure_times.least_mean_time(total, 0))
    text = say(
        zh="没有故障：只知道平均故障间隔有95%的把握不低于{bound}，没有点估计，也没有趋势",
        en="no failure: only a lower bound of the mean time is known, {bound} at 95%, with neither an estimate nor a trend",
        bound=bound,
    )
    meaning = Meaning(
        say(zh="{hours}里一个故障也没有", en="Not one failure in {hours}", hours=_hours(total)),
        say(zh="零故障不等于不会坏：同样的结果在平均间隔低到{bound}时仍可能出现", en="None is not never: the same can happen with a mean time as low as {bound}", bound=bound),
        say(zh="要证明更长的间隔只能测得更久：测到{twice}仍无故障，下限就翻倍", en="A longer mean time takes a longer test: none in {twice} would double the bound", twice=_hours(2 * total)),
        Words("出现第一个故障", "The first failure"),
    )
    headline = say(zh="{hours}测试小时没有故障，平均故障间隔不低于{bound}（95%）", en="No failure in {hours} hours of test: mean time at least {bound} (95%)", hours=amount(total), bound=bound)
    return Finding(headline, meaning, warnings=(Warning("no_failures", text),))


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Forty made-up failures of a power law with β = 0.6 up to 640 hours, each repaired within hours."""
    times = 640 * rng.random(40) ** (1 / 0.6)
    repairs = rng.exponential(1.5, 40)
    return {"failures": Frame.of([{"time_h": round(float(t), 3) + 0.001, "repair_h": round(float(r), 2)} for t, r in zip(times, repairs, strict=True)], "failures.csv")}


@method(
    title=Words("可靠性增长", "Reliability growth"),
    question=Words("多久出一次故障，越测越稀吗，还剩多少？", "How often does it fail, do the failures thin out while it is tested, and how many are left?"),
    reads_as=Words("β<1表示故障越来越稀；看区间的上端是否低于1", "β < 1 means that failures thin out; see whether the upper end lies below 1"),
    limit=Words("只说明这一阶段、这种负荷下的故障；换了负荷要重算", "It speaks of failures in this phase under this load only"),
    formula="β = n / Σ ln(T/t) (Crow 1974; MIL-HDBK-189 1981); mtbf = T/n, chi-square bounds (Epstein & Sobel 1953); remaining by Goel & Okumoto 1979",
    reads=(
        Reads(
            "failures",
            Words("每行一个故障", "one row a failure"),
            (
                Column("time_h", "number", Words("发生时的累计测试小时", "hours of test so far when it happened"), low=0),
                Column("repair_h", "number", Words("恢复用了几小时", "hours until it was restored"), required=False, low=0),
            ),
        ),
    ),
    gives=("beta", "mtbf", "mtbf_now", "availability", "remaining", "laplace"),
    params=ReliabilityParams,
    example=example,
)
def reliability(failures: Frame, *, params: ReliabilityParams, rng: np.random.Generator) -> Finding:
    seen = _failures(failures, params.total_h)
    if not seen.n:
        return _none(seen.total)
    fit = _fit(seen, params.estimator, rng)
    repairs = np.sort(failures["repair_h"]) if "repair_h" in failures else None
    blank = int(np.isnan(repairs).sum()) if repairs is not None else 0
    usable = repairs if repairs is not None and not blank and repairs.sum() > 0 else None
    estimates = _estimates(fit, usable)
    found = {estimate.name: estimate for estimate in estimates}
    return Finding(
        _headline(fit, found),
        Meaning(_says(fit, found), _sure(fit, found), _next(fit, found), _change(fit)),
        estimates,
        _points(fit, found),
        (_table(seen),),
        (_chart(fit),),
        _warnings(fit, blank, params.total_h is None),
    )
