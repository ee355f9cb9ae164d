"""Which channels stand on the paths that ended in a conversion, under eight models side by side, and what does a conversion cost in each?

Rules divide each conversion among the touches of its path: first; last; last non-direct; linear (repeats counted); position 40/20/40
(one touch: all, two: half each); time decay 2^(−days/half-life), without times 2^(−touches/half-life). Shapley: equally among the
distinct channels of the path. Markov: removal effect, solved exactly, scaled to sum to 1. CAC = spend ÷ credited conversions; its
interval is spend ÷ the Poisson interval of the credit (Fay & Feuer 1997; Garwood 1936 for whole credits). ROAS = credited value ÷ spend.
That of the credited value is Fay & Feuer's too, the mean value of each path taken as fixed: a table of paths holds no spread within a path.
Shares: Wilson for models that give whole conversions, else, and for all of Markov's, the bootstrap over journeys (Poisson weights on paths).

The estimates follow `model`, by default last non-direct: it gives whole conversions, so its CAC has an exact interval and adds up with
the books of the ad platforms; the range over all models stands beside it, and no decision should hang on one of them.
Sources: Anderl et al. (2016), IJRM 33, 457–474 (Markov); Zhao et al. (2018), arXiv 1804.05327 (Shapley); Shao & Li (2011), KDD.
Do not read it as cause: it divides credit among channels that were seen. A hold-out tells what a channel adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import bootstrap, credit, intervals
from stageway.arithmetic.crediting import MODELS, WHOLE, Credits, credited, known_source, openers_and_closers
from stageway.arithmetic.journeys import Journeys, read
from stageway.arithmetic.strips import Strip, strips
from stageway.evidence import (
    Chart,
    Column,
    ColumnHead,
    Estimate,
    Finding,
    Frame,
    Kind,
    Meaning,
    Params,
    Reads,
    ResultTable,
    Warning,
    Words,
    amount,
    did_you_mean,
    joined,
    method,
    p_value,
    param,
    say,
    shown,
)

Array = NDArray[np.float64]
CONVERSIONS = Words("次转化", "conversions")
MODEL_WORDS = {
    "first": Words("首次", "first touch"), "last": Words("末次", "last touch"), "last_non_direct": Words("末次非直接", "last non-direct touch"),
    "linear": Words("线性", "linear"), "position": Words("位置", "position"), "time_decay": Words("时间衰减", "time decay"),
    "markov": Words("Markov", "Markov"), "shapley": Words("Shapley", "Shapley")}
FEW = 30


@dataclass(frozen=True)
class AttributionParams(Params):
    model: str = param("last_non_direct", help=Words("估计值按哪种模型", "the model that the estimates follow"), choices=MODEL_WORDS)
    direct: str = param("direct, (direct), 直接, 直接访问", help=Words("算作直接访问的渠道，逗号隔开", "channels that mean direct traffic, commas between"))
    unknown: str = param("unknown, (not set), 未知, 不明", help=Words("算作来源未知的渠道，逗号隔开", "channels that mean an unknown source, commas between"))
    half_life_d: float = param(7.0, help=Words("时间衰减的半衰期", "half-life of the time decay"), low=0.01, unit="d")
    half_life_touches: float = param(1.0, help=Words(
        "路径没有时间时：每往前几次接触，功劳减半", "where paths have no times: touches further back that halve the credit"), low=0.01)
    position_ends: float = param(0.4, help=Words("位置模型给首、末各多少", "what the position model gives to each end"), low=0, high=0.5)
    markov_order: int = param(1, help=Words("Markov链记住前几个渠道", "channels that the Markov chain remembers"), low=1, high=2)
    lookback_d: float = param(30.0, help=Words("接触表：转化前多少天内的接触才算", "touches: days before the conversion that count"), low=0.01, unit="d")
    session_min: float = param(30.0, help=Words(
        "接触表：同一渠道在此间隔内再来算一次；0为都算", "touches: the same channel again within this is one touch; 0 counts all"), low=0, unit="min")
    draws: int = param(200, help=Words("自助法次数", "bootstrap draws"), low=50, high=10_000)
    level: float = param(0.95, help=Words("区间的置信水平", "level of the intervals"), low=0.5, high=0.999)
    currency: str = param("CNY", help=Words("花费的货币", "currency of the spend"))


def listed(text: str) -> set[str]:
    return {part.strip().casefold() for part in text.replace("，", ",").split(",") if part.strip()}


def spend_by_channel(spend: Frame | None, j: Journeys, notes: list[Warning]) -> tuple[Array, float]:
    """Cost of each channel of the paths, and of all channels; channels that no path shows are named."""
    costs = np.zeros(len(j.channels))
    if spend is None:
        return costs, 0.0
    total: dict[str, list[float]] = {}
    for i, (name, cost) in enumerate(zip(spend["channel"].tolist(), spend["cost"].tolist(), strict=True)):
        if name is None or cost != cost:
            expected = Words("渠道名", "a channel") if name is None else Words("不小于0的数", "a number of at least 0")
            raise spend.wrong("channel" if name is None else "cost", i, expected)
        total.setdefault(name, []).append(cost)
    sums = {name: float(np.sum(np.sort(parts))) for name, parts in sorted(total.items())}
    for name, cost in sums.items():
        if name in j.channels:
            costs[j.channels.index(name)] = cost
        elif cost > 0:
            notes.append(Warning("spend_without_path", say(
                zh="“{name}”有花费{cost}，路径里没有这个渠道：只计入混合成本（{todo}）",
                en='"{name}" has a spend of {cost} but is on no path: it counts in the blended cost only ({todo})',
                name=name, cost=f"{cost:,.0f}", todo=did_you_mean(name, j.channels))))
    return costs, float(sum(sums.values()))


@dataclass(frozen=True)
class Told:
    """The credits with the model, the spend and the names that every sentence, table and chart needs."""

    credits: Credits
    params: AttributionParams
    costs: Array
    spent: float
    notes: list[Warning]

    @property
    def channels(self) -> list[str]:
        return self.credits.journeys.channels

    @property
    def order(self) -> list[int]:
        """Channels by credit under the model, the most first."""
        mine = self.credits.conversions[self.params.model]
        return sorted(range(len(mine)), key=lambda c: (-mine[c], self.channels[c]))

    def share_of(self, model: str, c: int) -> tuple[float, float, float]:
        value = float(self.credits.conversions[model][c] / self.credits.total)
        if model in WHOLE:
            return value, *intervals.wilson(min(self.credits.conversions[model][c], self.credits.total), self.credits.total, self.params.level)
        draws = self.credits.draws[model]
        low, high = bootstrap.percentile(draws[:, c] / draws.sum(axis=1), self.params.level)
        return value, min(low, value), max(high, value)

    def conversions_of(self, model: str, c: int) -> tuple[float, float, float]:
        value = float(self.credits.conversions[model][c])
        if model == "markov":
            low, high = bootstrap.percentile(self.credits.draws[model][:, c], self.params.level)
            return value, min(low, value), max(high, value)
        return value, *credit.weighted_poisson(value, float(self.credits.squares[model][c]), self.params.level)

    def cac_of(self, model: str, c: int) -> tuple[float, float, float] | None:
        value, low, high = self.conversions_of(model, c)
        return (self.costs[c] / value, self.costs[c] / high, self.costs[c] / low) if self.costs[c] > 0 and low > 0 else None

    def roas_of(self, model: str, c: int) -> tuple[float, float, float]:
        made, cost = self.credits, self.costs[c]
        value = float(made.values[model][c])
        if model == "markov":
            low, high = bootstrap.percentile(made.value_draws[model][:, c], self.params.level)
        else:
            ends = float(made.value_squares[model][c]), self.params.level, float(made.value_heaviest[model][c])
            low, high = credit.weighted_poisson(value, *ends) if ends[2] > 0 else (0.0, 0.0)
        return value / cost, min(low, value) / cost, max(high, value) / cost

    def over_models(self, c: int) -> tuple[float, float]:
        each = [float(self.credits.conversions[model][c]) for model in MODELS]
        return min(each), max(each)

    def first_chance(self) -> float:
        """How often the top channel stays the top one over resampled journeys; ties are shared."""
        draws = self.credits.draws[self.params.model]
        top = draws == draws.max(axis=1, keepdims=True)
        return float(np.mean(top[:, self.order[0]] / top.sum(axis=1)))

    def cac_over_models(self, c: int) -> tuple[float | None, float | None]:
        """Least and most; None where a model credits nothing."""
        least, most = self.over_models(c)
        return float(self.costs[c] / most) if most > 0 else None, float(self.costs[c] / least) if least > 0 else None

    def dearer_in_all(self) -> list[int]:
        """Channels that cost more than the average of the paid ones under every model, under the chosen one with the whole interval."""
        paid = self.costs > 0
        average = {model: self.costs.sum() / self.credits.conversions[model][paid].sum() for model in MODELS if self.credits.conversions[model][paid].sum() > 0}
        found = []
        for c in self.order:
            cac = self.cac_of(self.params.model, c)
            if cac is not None and cac[1] > average[self.params.model]:
                found += [c] if all(self.costs[c] > mean * self.credits.conversions[model][c] for model, mean in average.items()) else []
        return found

    @property
    def model(self) -> Words:
        return MODEL_WORDS[self.params.model]

    def money(self, value: float) -> Words:
        return amount(value, self.params.currency)


def estimates(told: Told) -> tuple[Estimate, ...]:
    model, level, total = told.params.model, told.params.level, told.credits.total
    made: list[Estimate] = []

    def add(name: str, ends: tuple[float, float, float], key: str | None, zh: str, en: str, unit: str = "", kind: Kind = Kind.OTHER) -> None:
        label = say(zh=zh, en=en, c=key) if key is not None else Words(zh, en)
        made.append(Estimate(name, *ends, key, unit, round(total), CONVERSIONS, kind, level, label))

    for c in told.order:
        name = told.channels[c]
        add("share", told.share_of(model, c), name, "归给{c}的占比", "share of credit, {c}", "%", Kind.SHARE if model in WHOLE else Kind.OTHER)
        add("conversions", told.conversions_of(model, c), name, "归给{c}的转化", "conversions credited to {c}")
        if (cac := told.cac_of(model, c)) is not None:
            add("cac", cac, name, "{c}的获客成本", "cost per conversion, {c}", told.params.currency)
        if told.credits.values and told.costs[c] > 0:
            add("roas", told.roas_of(model, c), name, "{c}的投入产出比", "return on ad spend, {c}")
    if told.spent > 0:
        add("cac_blended", blended(told), None, "混合获客成本", "blended cost per conversion", told.params.currency)
    known = known_source(told.credits.journeys, listed(told.params.unknown))
    add("known_source", (known / total, *intervals.wilson(known, total, level)), None, "来源可识别的占比", "share with a known source", "%", Kind.SHARE)
    return tuple(made)


def blended(told: Told) -> tuple[float, float, float]:
    low, high = intervals.poisson(told.credits.total, told.params.level)
    return told.spent / told.credits.total, told.spent / high, told.spent / low


def warnings(told: Told, spend: Frame | None) -> tuple[Warning, ...]:
    found, j, total = list(told.notes), told.credits.journeys, told.credits.total
    if total < FEW:
        so = Words("只列数，不比渠道", "listed only, channels are not compared") if total < 10 else Words(
            "渠道间的差不能排除是偶然", "differences between channels may be chance")
        found.append(Warning("small_n", say(zh="只有{n}次转化：{so}", en="only {n} conversions: {so}", n=f"{total:,.0f}", so=so)))
    few = [told.channels[c] for c in told.order if told.costs[c] > 0 and 0 < told.credits.conversions[told.params.model][c] < FEW]
    if few and total >= FEW:
        found.append(Warning("few_conversions", say(
            zh="归到的转化不足{least}次，成本只看区间：{names}", en="fewer than {least} credited conversions, look at the interval of the cost only: {names}",
            least=FEW, names=joined([Words(name, name) for name in few]))))
    none = [told.channels[c] for c in told.order if told.costs[c] > 0 and told.cac_of(told.params.model, c) is None]
    if none:
        found.append(Warning("cac_not_computable", say(
            zh="有花费，归到的转化却为0或区间含0，成本算不出：{names}",
            en="spend, but a credit of 0 or an interval that holds 0, so no cost can be given: {names}",
            names=joined([Words(name, name) for name in none]))))
    if spend is not None and told.spent == 0:
        found.append(Warning("spend_zero", Words("花费合计为0，不给成本", "the spend sums to 0: no cost is given")))
    if not j.nulls.sum() > 0:
        found.append(Warning("no_null_paths", Words(
            "没有未转化的路径：Markov只反映渠道出现在多少转化路径上",
            "no path without conversion: Markov then only tells on how many converting paths a channel stands")))
    if len(j.channels) == 1:
        found.append(Warning("one_channel", Words("只有一个渠道，没有功劳可分", "there is one channel: nothing to divide")))
    return tuple(found)


def headline(told: Told) -> Words:
    top, n = told.order[0], f"{told.credits.total:,.0f}"
    share = Estimate("share", *told.share_of(told.params.model, top), unit="%", n=round(told.credits.total))
    lead = say(zh="按{model}归因，{c}占{share}，排第一的概率{p}（n={n}）",
               en="By {model}, {c} has {share} of the credit, probability of ranking first {p} (n = {n})",
               model=told.model, c=told.channels[top], share=shown(share), p=amount(told.first_chance()), n=n)
    if told.spent == 0:
        return lead
    cost = shown(Estimate("cac", *blended(told), unit=told.params.currency))
    return say(zh="混合获客成本{cost}（{spent}÷{n}次）；{lead}", en="Blended cost per conversion {cost} ({spent} ÷ {n}); {lead}",
               cost=cost, spent=told.money(told.spent), n=n, lead=Words(lead.zh, lead.en[0].lower() + lead.en[1:]))


def widest(told: Told) -> int:
    """The channel on which the models differ most, in conversions."""
    return max(told.order, key=lambda c: (round(told.over_models(c)[1] - told.over_models(c)[0], 9), told.channels[c]))


def meaning(told: Told) -> Meaning:
    top, wide = told.order[0], widest(told)
    _, low, high = told.conversions_of(told.params.model, wide)
    least, most = told.over_models(wide)
    says = say(zh="{model}归因，归给{c}的有{x}次；八种模型为{a}～{b}次。", en="{model} credits {c} with {x} conversions; the eight models give {a} to {b}.",
               model=Words(told.model.zh, told.model.en.capitalize()), c=told.channels[top], x=f"{told.credits.conversions[told.params.model][top]:,.0f}",
               a=f"{told.over_models(top)[0]:,.0f}", b=f"{told.over_models(top)[1]:,.0f}")
    more = Words("大于", "more than") if most - least > high - low else Words("不大于", "no more than")
    sure = say(zh="模型分歧最大的是{c}：{a}～{b}次，相差{more}其抽样区间{low}～{high}次的宽度。",
               en="The models differ most on {c}: {a} to {b}, {more} the width of its sampling interval of {low} to {high}.",
               c=told.channels[wide], a=f"{least:,.0f}", b=f"{most:,.0f}", more=more, low=f"{low:,.0f}", high=f"{high:,.0f}")
    dear = told.dearer_in_all() if told.spent > 0 else []
    target = max(range(len(told.costs)), key=lambda c: (told.costs[c], -c)) if told.spent > 0 and told.costs.any() else top
    if dear:
        after = say(zh="不给{names}加量：八种模型下都贵于付费渠道的均价；先按地区随机停投，量其增量。",
                    en="Put no more into {names}: dearer than the average paid channel under all eight models. Hold out random regions first.",
                    names=joined([Words(told.channels[c], told.channels[c]) for c in dear]))
    elif told.spent > 0:
        after = say(zh="没有渠道在八种模型下都贵于付费渠道的均价，预算不按归因重分；先对花费最多的{c}按地区随机停投。",
                    en="No channel is dearer than the average paid one under all eight models: leave the budget; hold out random regions for {c}.",
                    c=told.channels[target])
    else:
        after = say(zh="补上各渠道花费再谈预算；投放{c}时留出随机对照地区。", en="Add the spend before any budget; keep random control regions for {c}.",
                    c=told.channels[top])
    change = say(zh="{c}的停投对照所得增量落在{a}～{b}次之外。", en="A hold-out of {c} whose increment lies outside {a} to {b} conversions.",
                 c=told.channels[target], a=f"{told.over_models(target)[0]:,.0f}", b=f"{told.over_models(target)[1]:,.0f}")
    return Meaning(says, sure, after, change)


def points(told: Told) -> tuple[Words, ...]:
    made = []
    for c in told.dearer_in_all()[:3] if told.spent > 0 else []:
        low, high = told.cac_over_models(c)
        made.append(say(zh="{c}在八种模型下都贵于付费渠道的均价：{a}～{b}", en="{c} is dearer than the average paid channel under all eight models: {a} to {b}",
                        c=told.channels[c], a=told.money(low or 0.0), b=told.money(high) if high is not None else Words("算不出", "not computable")))
    for c, opened, closed, p in openers_and_closers(told.credits)[:2]:
        where = Words("末端", "the end") if closed > opened else Words("开头", "the beginning")
        made.append(say(zh="{c}多在路径{where}：首次归因{a}次，末次归因{b}次（{p}，按渠道数校正）",
                        en="{c} stands more often at {where} of paths: {a} by first touch, {b} by last ({p}, corrected for the channels)",
                        c=told.channels[c], where=where, a=f"{opened:,.0f}", b=f"{closed:,.0f}", p=p_value(p)))
    made.append(Words("归因只分功劳，不证因果；渠道的增量须用随机留出对照来量",
                      "Attribution divides credit and proves no cause; what a channel adds is measured by a randomised hold-out"))
    return tuple(made)


def head(name: str, zh: str, en: str, unit: str = "", decimals: int | None = None) -> ColumnHead:
    return ColumnHead(name, Words(zh, en[0].upper() + en[1:]), unit, decimals)


def tables(told: Told) -> tuple[ResultTable, ...]:
    channel, total = head("channel", "渠道", "Channel"), Words("合计", "Total")
    heads = (channel, *(head(m, w.zh, w.en, decimals=0) for m, w in MODEL_WORDS.items()),
             head("least", "各模型最少", "Least", decimals=0), head("most", "各模型最多", "Most", decimals=0))
    rows = [(told.channels[c], *(float(told.credits.conversions[m][c]) for m in MODELS), *told.over_models(c)) for c in told.order]
    sums = (total, *(float(told.credits.conversions[m].sum()) for m in MODELS), None, None)
    made = [ResultTable("models", Words("各模型归到的转化", "Conversions credited by each model"), heads, (*rows, sums))]
    parts = (("share", "占比", " share"), ("low", "低端", " low"), ("high", "高端", " high"))
    heads = (channel, *(head(f"{m}_{e}", MODEL_WORDS[m].zh + zh, MODEL_WORDS[m].en + en, "%") for m in ("markov", "shapley") for e, zh, en in parts))
    shares = tuple((told.channels[c], *told.share_of("markov", c), *told.share_of("shapley", c)) for c in told.order)
    made.append(ResultTable("data_driven", Words("Markov与Shapley的占比及区间", "Markov and Shapley shares with intervals"), heads, shares))
    return (*made, costs_table(told)) if told.spent > 0 else tuple(made)


def costs_table(told: Told) -> ResultTable:
    money = told.params.currency
    heads = (head("channel", "渠道", "Channel"), head("spend", "花费", "Spend", money),
             head("cac", f"成本（{told.model.zh}）", f"Cost ({told.model.en})", money), head("low", "区间低端", "Low", money),
             head("high", "区间高端", "High", money), head("least", "各模型最低", "Least", money), head("most", "各模型最高", "Most", money))
    rows: list[tuple[Any, ...]] = []
    for c in told.order:
        over = told.cac_over_models(c) if told.costs[c] > 0 else (None, None)
        rows.append((told.channels[c], float(told.costs[c]), *(told.cac_of(told.params.model, c) or (None,) * 3), *over))
    rows.append((Words("合计", "Total"), told.spent, *blended(told), None, None))
    return ResultTable("costs", Words("渠道成本", "Cost by channel"), heads, tuple(rows))


def chart(told: Told) -> Chart:
    """The chosen model's interval in front, the range over the models behind."""
    rows = []
    for c in told.order[:12]:
        value, low, high = told.conversions_of(told.params.model, c)
        rows.append(Strip(Words(told.channels[c], told.channels[c]), low, value, high, f"{value:,.0f}", told.over_models(c)))
    return strips(
        "credit", say(zh="各渠道归到的转化（{model}）", en="Conversions credited to each channel ({model})", model=told.model),
        say(zh="点和线为{model}归因及区间，底色为八种模型的范围，渠道按多到少",
            en="Point and rule: {model} with interval; band: range over eight models; most credit first", model=told.model),
        rows, Words("转化次数", "Conversions"))


def example(rng: np.random.Generator) -> dict[str, Frame]:
    names, paths = np.array(["search", "social", "mail", "direct"], dtype=object), []
    for _ in range(60):
        k = int(rng.integers(1, 5))
        paths.append({"path": " > ".join(rng.choice(names, k, p=[0.4, 0.3, 0.2, 0.1])), "total_conversions": int(rng.poisson(k)),
                      "total_conversion_value": float(np.round(rng.gamma(2, 30), 2)), "total_null": int(rng.poisson(6))})
    spend = [{"channel": "search", "cost": 900.0}, {"channel": "social", "cost": 700.0}, {"channel": "mail", "cost": 60.0}]
    return {"paths": Frame.of(paths), "spend": Frame.of(spend)}


@method(
    title=Words("渠道归因与获客成本", "Channel attribution and acquisition cost"),
    question=Words("转化的路径上有哪些渠道，每次转化花多少钱？", "Which channels stand on the paths to a conversion, and what does a conversion cost?"),
    reads_as=Words("各模型并列，看它们是否同向；成本看整段区间", "Read the models side by side and see whether they agree; read the whole interval of a cost"),
    limit=Words(
        "只分功劳，不证因果；路径之外的触达（线下、口碑）看不见",
        "It divides credit and proves no cause; what leaves no touch (offline, word of mouth) is not seen"),
    formula="Markov removal effect, exact: Anderl et al. 2016; Shapley by path: Zhao et al. 2018; last non-direct, linear, 40/20/40, time decay 2^(-d/h); "
    "cost interval = spend / Poisson interval: Garwood 1936, Fay & Feuer 1997",
    reads=(
        Reads("paths", Words("路径汇总，或逐次接触", "paths with counts, or one row a touch"), (
            Column("path", "text", Words("路径，如 a > b > c", "path, such as a > b > c"), required=False),
            Column("total_conversions", "number", Words("该路径的转化次数", "conversions on the path"), required=False, low=0),
            Column("total_conversion_value", "number", Words("该路径的转化金额", "value of these conversions"), required=False, low=0),
            Column("total_null", "number", Words("该路径未转化的次数", "journeys on the path without conversion"), required=False, low=0),
            Column("person", "id", Words("用户", "person"), required=False), Column("time", "time", Words("接触时间", "time of the touch"), required=False),
            Column("channel", "category", Words("渠道；转化本身可不写", "channel; may be empty for a conversion alone"), required=False),
            Column("converted", "flag", Words("此时是否转化", "whether the conversion came here"), required=False),
            Column("value", "number", Words("转化金额", "value of the conversion"), required=False, low=0))),
        Reads("spend", Words("各渠道花费，同一渠道可多行", "spend by channel, rows of a channel are added"), (
            Column("channel", "category", Words("渠道", "channel")), Column("cost", "number", Words("花费", "cost"), low=0)), required=False),
    ),
    gives=("share[]", "conversions[]", "cac[]", "roas[]", "cac_blended", "known_source"),
    params=AttributionParams,
    example=example,
)
def attribution(paths: Frame, spend: Frame | None, *, params: AttributionParams, rng: np.random.Generator) -> Finding:
    names = [part.strip() for part in params.unknown.replace("，", ",").split(",") if part.strip()] or ["unknown"]
    journeys = read(paths, unknown=names[0], lookback_d=params.lookback_d, session_min=params.session_min)
    direct = np.array([name.casefold() in listed(params.direct) for name in journeys.channels])
    weights = credit.all_rules(
        journeys.codes, journeys.lengths, journeys.ages, direct,
        ends=params.position_ends, half_life_d=params.half_life_d, half_life_touches=params.half_life_touches)
    notes = list(journeys.notes)
    costs, spent = spend_by_channel(spend, journeys, notes)
    told = Told(credited(journeys, weights, order=params.markov_order, draws=params.draws, rng=rng), params, costs, spent, notes)
    return Finding(
        headline=headline(told), meaning=meaning(told), estimates=estimates(told), points=points(told), tables=tables(told),
        charts=(chart(told),), warnings=warnings(told, spend), observed=journeys.observed)
