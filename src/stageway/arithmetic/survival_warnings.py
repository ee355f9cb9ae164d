"""What a finding about durations must warn of: few departures, what could not be computed, what the model does not fit."""

from __future__ import annotations

from stageway.arithmetic.survival_words import Told, span
from stageway.evidence import Warning, Words, joined, say

#: departures for each coefficient below which Cox's intervals are not to be trusted (Peduzzi et al. 1995, J. Clin. Epidemiol. 48, 1503–1510)
PER_COEFFICIENT = 10
TROUBLE = {
    "separable": Words("“{culprit}”把走与不走完全分开，风险比没有有限的估计，不给出；去掉它，或把类别合并后再算",
                       "“{culprit}” separates those who left from the others completely: no finite hazard ratio fits, and none is given; drop it, or merge categories"),
    "collinear": Words("协变量彼此可以相加得出，Cox模型没有唯一的解，不给风险比", "the covariates add up to one another: Cox's model has no single solution, and no hazard ratio is given"),
    "few_events": Words("离开的人数不多于Cox模型的系数，不给风险比", "there are no more departures than coefficients of Cox's model: no hazard ratio is given"),
    "constant": Words("没有一个协变量有变化，没有可比的，不给风险比", "no covariate varies: there is nothing to compare, and no hazard ratio is given"),
}


def warnings(told: Told, times: tuple[float, ...], wanted: float | None, horizon: float) -> tuple[Warning, ...]:
    return (*_of_the_data(told), *_of_the_curve(told, times, wanted, horizon), *_of_the_model(told))


def _of_the_data(told: Told) -> list[Warning]:
    lives, made = told.lives, []

    def warn(holds: bool, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            made.append(Warning(code, say(zh=zh, en=en, **slots)))

    warn(lives.n < 30, "small_n", "只有{n}人，区间很宽；不足10人只能逐个看", "few people ({n}): wide intervals; below 10 look at each of them", n=lives.n)
    warn(0 < lives.events < 10, "few_events", "只有{d}人离开，曲线和区间只可参考", "few departures ({d}): take curve and intervals as a hint", d=lives.events)
    warn(not lives.events, "no_events", "没有一个人离开：只有占比的下限，没有中位数、平均停留和风险比",
         "nobody has left: there is only a lower bound of the shares, and no median, mean or hazard ratio")
    warn(lives.left_out > 0, "rows_incomplete", "{k}行缺duration或event，没有计入", "rows that lack duration or event ({k}) are not counted", k=f"{lives.left_out:,}")
    warn(lives.ungrouped > 0, "group_missing", "{k}行没有组别，只计入全体", "rows without a group ({k}) count in the whole only", k=f"{lives.ungrouped:,}")
    warn(lives.n > 1 and bool(lives.times[0] == lives.times[-1]), "times_alike", "所有人的时间都相同：核对duration是不是截止日减同一天", "all durations are the same: check how they were computed")
    zeros = int((lives.ended & (lives.times == 0)).sum())
    warn(zeros > 0, "zero_durations", "{k}人在时间0就离开：可能按天取整，或开始与离开记反了", "departures at time 0: {k}. Times may be rounded down, or start and end mixed up", k=f"{zeros:,}")
    warn(lives.all_ended and lives.events == lives.n and lives.n > 1, "nobody_left_over", "没有一个还在的人：若只导出了已离开的人，停留时间会估得过短",
         "nobody is still there: if only those who left were exported, times come out too short")
    small = [group.name for group in lives.groups if group.events < 5]
    warn(bool(small), "small_groups", "{list}里离开的不足5人，组间比较只可参考",
         "fewer than 5 departures in {list}: take the comparison as a hint", list=joined([Words(f"“{g}”", f"“{g}”") for g in small]))
    return made


def _of_the_curve(told: Told, times: tuple[float, ...], wanted: float | None, horizon: float) -> list[Warning]:
    made = []
    if told.lives.events and "median" not in told.found:
        made.append(Warning("median_not_reached", Words("离开的不到一半，中位数还看不到，不外推", "fewer than half have left: the median is not reached, and nothing is extrapolated")))
    beyond = [t for t in times if f"survival[{t:g}]" not in told.found]
    if beyond:
        made.append(Warning("beyond_observed", say(zh="{list}超出了观察到的时间，不给数字",
                                                en="nobody was observed as long as {list}: no number is given", list=joined([span(t, told.unit) for t in beyond]))))
    if wanted is not None and horizon < wanted:
        made.append(Warning("horizon_cut", say(zh="各组只能一起看到{h}，平均停留时间算到那里为止",
                                           en="all groups are observed together up to {h}: mean times reach that far", h=span(horizon, told.unit))))
    return made


def _of_the_model(told: Told) -> list[Warning]:
    cox = told.cox
    if cox is None or (not told.lives.events and cox.trouble != "constant"):
        return []
    made = []
    if cox.trouble:
        form = TROUBLE[cox.trouble]
        made.append(Warning(cox.trouble, say(zh=form.zh, en=form.en, culprit=cox.culprit) if cox.culprit else form))
    elif cox.constant:
        made.append(Warning("constant", say(zh="{list}没有变化，没有进入模型", en="columns that do not vary are left out of the model: {list}", list=", ".join(cox.constant))))
    if cox.n < told.lives.n:
        made.append(Warning("covariates_missing", say(zh="{k}行缺协变量，没有进入Cox模型", en="rows that lack a covariate ({k}) are not in Cox's model", k=f"{told.lives.n - cox.n:,}")))
    if cox.ratios and cox.events < PER_COEFFICIENT * len(cox.ratios):
        made.append(Warning("few_events_per_coefficient", say(zh="{d}次离开要估{k}个系数，每个不足{least}次，区间偏窄",
                                                              en="departures: {d}, coefficients: {k}; with fewer than {least} for each the intervals are too narrow",
                                                              d=cox.events, k=len(cox.ratios), least=PER_COEFFICIENT)))
    changing = [r for r in cox.ratios if r.constancy < 0.05 / len(cox.ratios)]
    if changing:
        made.append(Warning("ratio_changes", say(zh="{list}的风险比随时间在变，给出的只是全程的平均，应分段来看",
                                                 en="the hazard ratio of {list} changes over time: the figure is an average over all of it, look at parts of the time",
                                                 list=joined([r.label for r in changing]))))
    return made
