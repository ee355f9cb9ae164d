"""Does the treatment differ from the control, by how much, and was the split as planned?

Difference of shares: p_t − p_c ± z·√(p_c(1−p_c)/n_c + p_t(1−p_t)/n_t), p from the pooled z (R's prop.test without correction);
Newcombe's interval where an arm has fewer than 5 successes or failures. Of means: Welch. Of a ratio Σy/Σd: the delta method with
the unit as the unit of analysis. With the same metric before the experiment: CUPED. Looked at before the planned n: the confidence
sequence of Waudby-Smith et al. Sample ratio: chi-square against the planned weights, broken at p < 0.001, noted at p < 0.01. Several
treatments: Bonferroni intervals at 1 − α/m, which hold for the best of them too, and Holm's p; `difference_arm` has each, `difference` the best.
Shares are fractions of 1, their difference has the unit pp. `sample_needed` counts units in the smallest arm, for a fixed horizon.

Sources: Welch (1947), Biometrika 34; Newcombe (1998), Stat. Med. 17; Deng et al. (2013), WSDM; Deng, Knoblich & Lu (2018), KDD;
Waudby-Smith et al. (2021), arXiv 2103.06476; Fabijan et al. (2019), KDD (sample ratio); Holm (1979).
Do not use it without random assignment, nor where units influence one another (then randomise groups or periods).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from stageway.arithmetic import comparison, intervals
from stageway.arithmetic.comparison import Comparison, Outcome, judge
from stageway.arithmetic.strips import Strip, strips
from stageway.arithmetic.trial import Trial, planned_weights, read
from stageway.evidence import (
    LANGS,
    Chart,
    Column,
    ColumnHead,
    Estimate,
    Finding,
    Frame,
    Kind,
    Meaning,
    ParamError,
    Params,
    Reads,
    ResultTable,
    Warning,
    Words,
    amount,
    joined,
    method,
    number,
    p_value,
    param,
    rounded_up,
    say,
    shown,
)

SRM_FAIL, SRM_NOTE = 0.001, 0.01
UNITS = {"pp": Words("百分点", "points"), "CNY": Words("元", "CNY"), "min": Words("分钟", "min"), "s": Words("秒", "s"), "d": Words("天", "days")}
METRICS = {"proportion": Words("占比", "share"), "mean": Words("均值", "mean"), "ratio": Words("比值", "ratio")}


@dataclass(frozen=True)
class ExperimentParams(Params):
    metric: str = param("auto", help=Words("指标类型", "kind of metric"), choices={
        "auto": Words("按数据：有分母列为比值，全是0和1为占比，其余为均值", "by the data: ratio with a denominator column, share if all are 0 or 1, else mean"),
        **METRICS})
    control: str = param("", help=Words("对照组；不写则取control、对照或A，再无取名称第一", "control arm; else control, “对照” or A, else the first by name"))
    weights: str = param("", help=Words("计划的分流比例，如 A=9, B=1；不写为均分", "planned split, such as A=9, B=1; even if left out"))
    alpha: float = param(0.05, help=Words("显著性水平（双侧）", "significance level, two-sided"), low=0.0001, high=0.5)
    power: float = param(0.8, help=Words("把握度", "power"), low=0.5, high=0.999)
    mde: float | None = param(None, help=Words("登记的最小可检差；占比写小数，如0.02", "registered minimal effect; shares as fractions, such as 0.02"), low=0)
    mde_kind: str = param("absolute", help=Words("最小可检差的写法", "how the minimal effect is written"), choices={
        "absolute": Words("绝对差", "absolute difference"), "relative": Words("占对照组的比例", "fraction of the control value")})
    planned_n: int | None = param(None, help=Words("登记的总样本量，各组合计", "registered sample size, all arms together"), low=4)
    sequential: bool = param(False, help=Words("中途可看：用置信序列，须写planned_n", "looked at on the way: confidence sequence, needs planned_n"))
    winsorise: float | None = param(None, help=Words("事先登记的截尾分位，如0.999", "capping quantile registered beforehand, such as 0.999"), low=0.5, high=1)
    relative_interval: str = param("delta", help=Words("相对差的区间", "interval of the relative difference"), choices={
        "delta": Words("delta法，同gbstats", "delta method, as gbstats"), "log": Words("对数尺度，同tea-tasting", "log scale, as tea-tasting")})
    better: str = param("higher", help=Words("哪个方向是改善", "which direction is better"), choices={
        "higher": Words("越高越好", "higher is better"), "lower": Words("越低越好", "lower is better")})
    unit: str = param("", help=Words("均值和比值的单位，如CNY、min", "unit of a mean or ratio, such as CNY or min"))
    label: str = param("", help=Words("指标名，中英文以|隔开：7日留存|day-7 retention", "name of the metric, Chinese | English: “7日留存|day-7 retention”"))


@dataclass(frozen=True)
class Told:
    """The outcome with the names and units that every sentence, table and chart needs."""

    outcome: Outcome
    params: ExperimentParams

    @property
    def trial(self) -> Trial:
        return self.outcome.trial

    @property
    def control(self) -> str:
        return self.trial.names[0]

    @property
    def unit(self) -> str:
        return "%" if self.trial.metric == "proportion" else self.params.unit

    @property
    def gap_unit(self) -> str:
        return "pp" if self.trial.metric == "proportion" else self.params.unit

    @property
    def name(self) -> Words:
        zh, _, en = (part.strip() for part in self.params.label.partition("|"))
        return Words(zh, en or zh) if zh else METRICS[self.trial.metric]

    @property
    def broken(self) -> bool:
        return self.outcome.split_p is not None and self.outcome.split_p < SRM_FAIL

    @property
    def early(self) -> bool:
        planned = self.params.planned_n
        return planned is not None and not self.params.sequential and sum(arm.n for arm in self.trial.arms) < planned

    def pair_n(self, one: Comparison) -> int:
        return self.outcome.arm(one.arm).n + self.trial.arms[0].n

    def gap(self, one: Comparison, name: str = "difference", key: str | None = None) -> Estimate:
        label = say(zh="{b}与{a}的{name}之差", en="difference of {name}, {b} − {a}", a=self.control, b=one.arm, name=self.name)
        return Estimate(name, one.value, one.low, one.high, key, self.gap_unit, self.pair_n(one), level=self.outcome.level, label=label)

    def places(self, one: Comparison) -> int:
        """Decimals of a difference: points one, another where an end would round to 0; else two figures of the half width."""
        if self.gap_unit == "pp":
            return 2 if min(abs(one.low), abs(one.high)) < 0.0005 else 1
        return min(6, max(0, 1 - math.floor(math.log10((one.high - one.low) / 2))))

    def shown_gap(self, one: Comparison) -> Words:
        return shown(self.gap(one), self.places(one))

    def span(self, one: Comparison) -> Words:
        """Both ends of the interval, the unit once: −1.3～−0.3个百分点."""
        low, high = ([number(end, self.gap_unit, lang, self.places(one), bare=bare) for lang in LANGS] for end, bare in ((one.low, True), (one.high, False)))
        return say(zh="{low}～{high}", en="{low} to {high}", low=Words(*low), high=Words(*high))

    def relative(self, one: Comparison) -> Estimate | None:
        made = self.outcome.relative(one, logarithmic=self.params.relative_interval == "log")
        if made is None:
            return None
        label = say(zh="{b}相对{a}的变化", en="{b} relative to {a}", a=self.control, b=one.arm)
        return Estimate("relative", *made, unit="%", n=self.pair_n(one), level=self.outcome.level, label=label)

    def mean(self, name: str) -> Estimate:
        """What was measured in an arm, without adjustment, at 1 − α."""
        arm, level = self.outcome.arm(name), 1 - self.params.alpha
        low, high = intervals.mean_t_of(arm.mean, arm.sd, arm.n, level)
        kind = Kind.MEAN if self.trial.metric == "mean" else Kind.OTHER
        if self.trial.metric == "proportion":
            (low, high), kind = intervals.wilson(comparison.successes(arm), arm.n, level), Kind.SHARE
        label = say(zh="{arm}组{name}", en="{name} in {arm}", arm=name, name=self.name)
        return Estimate("mean", arm.mean, low, high, name, self.unit, arm.n, kind=kind, level=level, label=label)


def estimates(told: Told) -> tuple[Estimate, ...]:
    made, main, outcome = [told.mean(name) for name in told.trial.names], told.outcome.main, told.outcome
    if main is not None:
        made.insert(0, told.gap(main))
        made += [relative] if (relative := told.relative(main)) is not None else []
        made += [told.gap(one, "difference_arm", one.arm) for one in outcome.all] if len(told.trial.names) > 2 else []
        if main.p is not None and not told.early:
            made.append(Estimate("p_value", main.p, kind=Kind.EXACT, label=Words("差值的p", "p of the difference")))
    if outcome.split_p is not None:
        n = int(told.trial.assigned.sum())
        made.append(Estimate("srm_p", outcome.split_p, n=n, kind=Kind.EXACT, label=Words("样本比例检验p", "p of the sample ratio")))
    if outcome.needed is not None:
        label = Words("登记的差所需样本（最小的一组）", "units needed in the smallest arm for the registered effect")
        made.append(Estimate("sample_needed", float(outcome.needed), unit="people", kind=Kind.EXACT, label=label))
    return tuple(made)


def split_words(told: Told) -> Words:
    """Planned and seen share of the arm that is furthest off."""
    seen, planned = told.trial.assigned / told.trial.assigned.sum(), told.outcome.weights / told.outcome.weights.sum()
    i = int(np.argmax(np.round(np.abs(seen - planned), 12)))
    return say(zh="“{arm}”组计划{planned}，实际{seen}", en='arm "{arm}": planned {planned}, seen {seen}',
               arm=told.trial.names[i], planned=amount(float(planned[i]), "%", 2), seen=amount(float(seen[i]), "%", 2))


def warnings(told: Told) -> tuple[Warning, ...]:
    found, outcome = list(told.trial.notes), told.outcome
    if outcome.split_p is None:
        found.append(Warning("srm_not_tested", Words(
            "按计划比例有的组不足5人，样本比例未检验", "an arm should have fewer than 5 units: the sample ratio is not tested")))
    elif outcome.split_p < SRM_NOTE:
        so = Words("分流有错，差值不得用于决策", "the assignment is faulty and the difference must not decide anything") if told.broken else Words(
            "先查分流再下结论", "check the assignment before concluding")
        text = say(zh="样本比例检验{p}（{split}）：{so}", en="Sample ratio {p} ({split}): {so}", p=p_value(outcome.split_p), split=split_words(told), so=so)
        found.append(Warning("srm_failed" if told.broken else "srm_note", text))
    if outcome.main is None:
        found.append(Warning("constant_values", Words(
            "各组的值都没有变化，差值没有标准误，不能判断", "the values do not vary in any arm: the difference has no error and cannot be judged")))
    elif told.relative(outcome.main) is None:
        found.append(Warning("relative_refused", Words(
            "对照组的值离0不到3个标准误，不给相对差", "the control value lies within 3 standard errors of 0: no relative difference is given")))
    if comparison.of_shares(told.trial) and any(comparison.sparse(arm) for arm in told.trial.arms):
        found.append(Warning("sparse_cells", Words(
            "有的组成功或失败不足5人：区间改用Newcombe法，p仅供参考", "an arm has fewer than 5 successes or failures: the interval is Newcombe's, p is rough")))
    if (least := min(arm.n for arm in told.trial.arms)) < 30:
        so = Words("只列数，不下结论", "listed only, nothing is concluded") if least < 10 else Words("近似区间不可靠", "the approximate interval is unsafe")
        found.append(Warning("small_n", say(zh="最小的一组只有{n}人，{so}", en="the smallest arm has {n} units: {so}", n=least, so=so)))
    if told.early:
        found.append(Warning("before_planned_n", say(
            zh="未到登记的{n}人，不给p；到数前看结果会放大误报，要中途看须打开sequential",
            en="the registered {n} units are not there, so no p is given: looking early inflates false alarms unless sequential is on",
            n=f"{told.params.planned_n:,}")))
    return tuple(found)


def headline(told: Told) -> Words:
    main, trial = told.outcome.main, told.trial
    if main is None:
        parts = [say(zh="{arm}组{value}", en="{value} in {arm}", arm=name, value=amount(told.outcome.arm(name).mean, told.unit)) for name in trial.names]
        return say(zh="{name}在各组内没有变化（{values}），差值不能判断（n={n}）",
                   en="{name} does not vary within any arm ({values}): no difference can be judged (n = {n})",
                   name=told.name, values=joined(parts), n=f"{sum(arm.n for arm in trial.arms):,}")
    p = Words("", "")
    if main.p is not None and not told.early:
        always = Words("，随时有效", ", always valid") if told.params.sequential else Words("", "")
        p = Words("，", ", ") + p_value(main.p) + (Words("，Holm校正", ", Holm") if len(trial.names) > 2 else Words("", "")) + always
    slots: dict[str, Any] = {
        "name": Words("校正后", "adjusted ") + told.name if trial.theta is not None else told.name, "a": told.control, "b": main.arm,
        "one": amount(told.outcome.compared(main.arm).mean, told.unit), "two": amount(trial.compared[0].mean, told.unit),
        "d": told.shown_gap(main), "n": f"{told.pair_n(main):,}", "p": p}
    if told.broken:
        return say(zh="样本比例异常，差值不能用于决策：{b}组{name}{one}，{a}组{two}，差{d}（n={n}{p}）",
                   en="The split is broken and the difference cannot decide anything: {name} {one} in {b}, {two} in {a}, difference {d} (n = {n}{p})", **slots)
    if told.outcome.good(main) is None:
        return say(zh="{b}组{name}{one}，{a}组{two}，差{d}，差异不能排除是偶然（n={n}{p}）",
                   en="{name} is {one} in {b} and {two} in {a}; the difference of {d} may be chance (n = {n}{p})", **slots)
    return say(zh="{b}组{name}{word}于{a}组：{one}对{two}，差{d}（n={n}{p}）",
               en="{name} is {word} in {b} than in {a}: {one} against {two}, a difference of {d} (n = {n}{p})",
               word=Words("高", "higher") if main.value > 0 else Words("低", "lower"), **slots)


def meaning(told: Told) -> Meaning:
    main, outcome = told.outcome.main, told.outcome
    if main is None:
        return Meaning(
            say(zh="{name}在任何一组内都没有变化，分不出各组。", en="{name} does not vary within any arm and cannot tell the arms apart.", name=told.name),
            Words("没有标准误，把握无从谈起。", "Without a standard error nothing can be said of certainty."),
            say(zh="先核对“{name}”的埋点与口径，再重算。", en='Check logging and definition of "{name}", then compute again.', name=told.name),
            Words("任一组的值出现变化。", "Any variation of the values within an arm."))
    good, relative, slots = outcome.good(main), told.relative(main), {"a": told.control, "b": main.arm, "ends": told.span(main)}
    rel = say(zh="，相对{a}变化{r}", en=", a change of {r} relative to {a}", a=told.control, r=shown(relative)) if relative is not None else Words("", "")
    says = say(zh="{b}与{a}的{name}相差{d}{rel}。", en="{b} and {a} differ in {name} by {d}{rel}.",
               a=told.control, b=main.arm, name=told.name, d=told.shown_gap(main), rel=rel)
    side = Words("区间跨在0两边", "The interval holds 0") if good is None else Words("区间不含0", "The interval leaves out 0")
    tested = p_value(outcome.split_p) if outcome.split_p is not None else Words("未做", "not tested")
    sure = say(zh="{side}；样本比例检验{p}（{split}）。", en="{side}; sample ratio {p} ({split}).", side=side, p=tested, split=split_words(told))
    if told.broken:
        after = say(zh="按日期、渠道、客户端查{a}、{b}的分流，修好后重做。", en="Trace the split of {a} and {b} by day, channel, client; mend it; run again.",
                    a=told.control, b=main.arm)
    elif good:
        after = say(zh="以{b}取代{a}全量；收益按{ends}估，不按点估计。",
                    en="Give {b} to everyone in place of {a}; plan with {ends}, not with the point estimate.", **slots)
    elif good is False:
        after = say(zh="保留{a}，不上{b}：{b}的差在{ends}，整段是变差。", en="Keep {a} and drop {b}: its difference of {ends} is a loss throughout.", **slots)
    else:
        after = say(zh="维持{a}；{b}的差在{ends}之间。{plan}", en="Stay with {a}; the difference of {b} lies in {ends}. {plan}", plan=plan(told), **slots)
    wanted = say(zh="满{n}人后重判；", en="Judge again at {n} units. ", n=f"{told.params.planned_n:,}") if told.early else Words("", "")
    turn = Words("跨过0或落到另一侧", "holds 0 or lies beyond it") if good is not None else Words("整段落在0的一侧", "lies wholly on one side of 0")
    change = say(zh="{wanted}同一设计重做，{b}与{a}之差的区间{turn}。", en="{wanted}A repeat of the design in which the interval of {b} against {a} {turn}.",
                 wanted=wanted, a=told.control, b=main.arm, turn=turn)
    return Meaning(says, sure, after, change)


def plan(told: Told) -> Words:
    """What an undecided experiment could have seen, or would need."""
    chance, outcome = amount(told.params.power, "%", 0), told.outcome
    if outcome.needed is not None:
        return say(zh="以{p}的把握看出登记的差{d}，最小的一组约需{n}人。", en="To see the registered {d} with power {p}, the smallest arm needs about {n}.",
                   p=chance, d=amount(outcome.effect, told.gap_unit), n=f"{rounded_up(outcome.needed):,}")
    if outcome.smallest is None:
        return Words("现有样本看不出任何可能的差。", "The present sample could not show any possible difference.")
    return say(zh="现有样本以{p}的把握只看得出{d}以上的差。", en="With power {p} the present sample shows only {d} or more.",
               p=chance, d=amount(outcome.smallest, told.gap_unit))


def points(told: Told) -> tuple[Words, ...]:
    made, trial, outcome = [], told.trial, told.outcome
    verdicts = {True: Words("改善", "better"), False: Words("变差", "worse"), None: Words("差异不能排除是偶然", "may be chance")}
    for one in outcome.all if len(trial.names) > 2 else ():
        made.append(say(zh="{arm}与{a}相差{d}，{verdict}（区间按{m}个处理组校正）", en="{arm} against {a}: {d}, {verdict} (corrected for {m} treatments)",
                        arm=one.arm, a=told.control, d=told.shown_gap(one), verdict=verdicts[outcome.good(one)], m=len(trial.names) - 1))
    if trial.theta is not None:
        made.append(say(zh="差值用实验前的同一指标校正（CUPED，θ={theta}），方差减少{saved}",
                        en="The difference is adjusted by the same metric before the experiment (CUPED, θ = {theta}), which takes {saved} off the variance",
                        theta=f"{trial.theta:.2f}", saved=amount(trial.saved, "%")))
    if outcome.smallest is not None and outcome.main is not None and outcome.good(outcome.main) is not None:
        made.append(say(zh="以{p}的把握，现有样本看得出的最小差为{d}", en="With power {p} the present sample shows a difference of {d} or more",
                        p=amount(told.params.power, "%", 0), d=amount(outcome.smallest, told.gap_unit)))
    return tuple(made)


def head(name: str, zh: str, en: str, unit: str = "", decimals: int | None = None) -> ColumnHead:
    return ColumnHead(name, Words(zh, en), unit, decimals)


def tables(told: Told) -> tuple[ResultTable, ...]:
    trial, outcome, unit = told.trial, told.outcome, told.gap_unit
    planned, seen = outcome.weights / outcome.weights.sum(), trial.assigned / trial.assigned.sum()
    heads = (head("arm", "组", "Arm"), head("n", "人数", "Units", decimals=0), head("planned", "计划占比", "Planned", "%"),
             head("seen", "实际占比", "Seen", "%"), ColumnHead("mean", told.name, told.unit), head("low", "区间低端", "Low", told.unit),
             head("high", "区间高端", "High", told.unit))
    means = [told.mean(name) for name in trial.names]
    rows = tuple((m.key, int(trial.assigned[i]), float(planned[i]), float(seen[i]), m.value, m.low, m.high) for i, m in enumerate(means))
    made = [ResultTable("arms", Words("各组", "Arms"), heads, rows)]
    if outcome.all:
        against = (head("arm", "组", "Arm"), head("difference", "差", "Difference", unit), head("low", "区间低端", "Low", unit),
                   head("high", "区间高端", "High", unit), head("relative", "相对差", "Relative", "%"), head("p", "p", "p", decimals=3))
        relatives = [told.relative(one) for one in outcome.all]
        gaps = tuple((one.arm, one.value, one.low, one.high, r.value if r else None, None if told.early else one.p)
                     for one, r in zip(outcome.all, relatives, strict=True))
        made.append(ResultTable("differences", say(zh="与{a}之差", en="Difference from {a}", a=told.control), against, gaps))
    return (*made, *by_day(told))


def by_day(told: Told) -> tuple[ResultTable, ...]:
    """Units by day and arm where the split looks wrong, so that the day of the fault can be seen."""
    p, names = told.outcome.split_p, told.trial.names
    if told.trial.days is None or p is None or p >= SRM_NOTE:
        return ()
    days, arm = told.trial.days
    known = sorted({day for day in days if day is not None})
    counts = [[int(np.sum((days == day) & (arm == i))) for i in range(len(names))] for day in known]
    rows = tuple((day.isoformat(), *row, comparison.split_p(np.array(row, dtype=float), told.outcome.weights)) for day, row in zip(known, counts, strict=True))
    heads = (head("day", "日期", "Day"), *(head(f"n_{i}", name, name, decimals=0) for i, name in enumerate(names)), head("p", "p", "p", decimals=3))
    return (ResultTable("split_by_day", Words("按日分流", "Split by day"), heads, rows),)


def chart(told: Told) -> Chart:
    """One interval an arm; the dashed line is no difference."""
    scale = 100 if told.gap_unit == "pp" else 1
    texts = [number(c.value, told.gap_unit, "en", told.places(c), signed=True, bare=True) for c in told.outcome.all]
    rows = [Strip(Words(c.arm, c.arm), c.low * scale, c.value * scale, c.high * scale, text) for c, text in zip(told.outcome.all, texts, strict=True)]
    unit = UNITS.get(told.gap_unit, Words(told.gap_unit, told.gap_unit))
    axis = say(zh="与{a}之差（{unit}）", en="Difference from {a} ({unit})", a=told.control, unit=unit) if told.gap_unit else say(
        zh="与{a}之差", en="Difference from {a}", a=told.control)
    alt = say(zh="各处理组与{a}的{name}之差及区间，虚线为0", en="Difference of {name} from {a} with its interval for each treatment; the dashed line is 0",
              a=told.control, name=told.name)
    return strips("difference", say(zh="{name}：与{a}之差", en="{name}: difference from {a}", name=told.name, a=told.control), alt, rows, axis, line=0.0)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    arm = rng.permutation(np.repeat(["A", "B"], 300))
    value = rng.random(600) < np.where(arm == "A", 0.25, 0.33)
    return {"rows": Frame({"unit": np.array([f"u{i:03d}" for i in range(600)], dtype=object), "arm": arm.astype(object), "value": value.astype(float)})}


def column(name: str, kind: Any, zh: str, en: str, *, required: bool = False, low: float | None = None) -> Column:
    return Column(name, kind, Words(zh, en), required=required, low=low)


@method(
    title=Words("对照实验", "Experiment"),
    question=Words("处理组和对照组差多少，分流是否如计划？", "How far do treatment and control lie apart, and was the split as planned?"),
    reads_as=Words(
        "差值区间不含0且样本比例检验p≥0.001才算有差；按整段区间估收益",
        "A difference counts only if its interval leaves out 0 and the sample ratio has p ≥ 0.001; plan with the whole interval"),
    limit=Words(
        "只对参加实验的人和这段时间成立；到登记的样本量前不看p",
        "It holds for the units and the period of the experiment; p is not looked at before the registered sample size"),
    formula="shares: unpooled interval, pooled z; means: Welch 1947; ratios: delta method (Deng et al. 2018); CUPED (Deng et al. 2013); "
    "sequential: Waudby-Smith et al. 2021; sample ratio: chi-square (Fabijan et al. 2019); several arms: Bonferroni intervals, Holm 1979",
    reads=(
        Reads("rows", Words(
            "逐人数据（arm、value），或各组汇总（arm、n与successes，或n、sum、sum_squares）",
            "one row a unit (arm, value), or sums by arm (arm, n with successes, or n, sum, sum_squares)"), (
                column("arm", "category", "组", "arm", required=True),
                column("unit", "id", "随机分组的单位", "unit that was assigned"),
                column("value", "any", "指标值；占比写0/1或是/否", "the metric; 0/1 or yes/no for a share"),
                column("denominator", "number", "比值指标的分母", "denominator of a ratio", low=0),
                column("pre", "number", "同一指标在实验前的值", "the same metric before the experiment"),
                column("pre_denominator", "number", "实验前的分母", "denominator before the experiment", low=0),
                column("day", "time", "进入实验的日期", "day of entry"),
                column("n", "number", "人数（汇总）", "units (sums)", low=0),
                column("successes", "number", "成功人数（汇总）", "successes (sums)", low=0),
                column("sum", "number", "值之和（汇总）", "sum of values (sums)"),
                column("sum_squares", "number", "值的平方和（汇总）", "sum of squared values (sums)", low=0))),
    ),
    gives=("difference", "relative", "srm_p", "mean[]", "sample_needed", "difference_arm[]", "p_value"),
    params=ExperimentParams,
    example=example,
)
def experiment(rows: Frame, *, params: ExperimentParams, rng: np.random.Generator) -> Finding:
    if params.sequential and params.planned_n is None:
        raise ParamError("planned_n_missing", Words("sequential须写登记的总样本量planned_n", "sequential needs the registered sample size planned_n"))
    trial = read(rows, metric=params.metric, control=params.control, winsorise=params.winsorise)
    outcome = judge(
        trial, planned_weights(trial.names, params.weights), alpha=params.alpha, chance=params.power, mde=params.mde or 0.0,
        mde_relative=params.mde_kind == "relative", planned_n=params.planned_n if params.sequential else None, upward=params.better == "higher")
    told = Told(outcome, params)
    days = [day.date() for day in rows["day"].tolist() if day is not None] if "day" in rows else []
    return Finding(
        headline=headline(told), meaning=meaning(told), estimates=estimates(told), points=points(told), tables=tables(told),
        charts=(chart(told),) if outcome.all else (), warnings=warnings(told), observed=(min(days), max(days)) if days else None)
