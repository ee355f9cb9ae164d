"""What goes first, how sure is that order, and what falls within the capacity, when every factor is only known as a range?

RICE = reach × impact × confidence ÷ effort. WSJF = (value + time criticality + risk or opportunity) ÷ size. Each factor is written
low / base / high (columns x_low, x, x_high; x alone is taken as known) and drawn as a triangular or PERT distribution; the score is the
median of the draws with the middle `level` of them. `p_first`: how often an item is first, equals share. `p_first_release`: how often
it falls within the capacity line, best score first, with the effort (size) of the same draw. Their intervals are Wilson's over the
draws: the error of the simulation, not of the ranges, which are people's judgement. Items stand in one tied group as long as the
group's leader is ahead with a probability below `sure`.

A Kano finding (feature, better, worse, with ends where there are) gives the impact (value in WSJF) in place of a guess:
full_impact × max(better, |worse|). Confidence is a share; a column that holds values above 1 is taken as percent.
Sources: McBride (2016), RICE, Intercom; Reinertsen (2009), The Principles of Product Development Flow, ch. 2, and SAFe (WSJF);
Berger et al. (1993), better and worse. Do not use it for items that depend on one another: then rank the packages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import intervals
from stageway.arithmetic.candidates import FACTORS, FROM_KANO, Candidates, read
from stageway.arithmetic.portfolio import Ranking, rank
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
    joined,
    method,
    param,
    say,
    shown,
)

Array = NDArray[np.float64]
DRAWS = Words("次模拟", "draws")
FACTOR_WORDS = {
    "reach": Words("触达", "reach"), "impact": Words("影响", "impact"), "confidence": Words("信心", "confidence"), "effort": Words("工作量", "effort"),
    "value": Words("价值", "value"), "time_criticality": Words("时间紧迫度", "time criticality"), "risk": Words("风险或机会", "risk or opportunity"),
    "size": Words("规模", "size")}
IN, OUT = 0.9, 0.1
MUST = ("must", "必须", "必备")


@dataclass(frozen=True)
class PrioritiesParams(Params):
    scheme: str = param("rice", help=Words("评分法", "scheme"), choices={"rice": Words("RICE", "RICE"), "wsjf": Words("WSJF", "WSJF")})
    distribution: str = param("triangular", help=Words("低、中、高之间的分布", "distribution over low, base and high"), choices={
        "triangular": Words("三角分布", "triangular"), "pert": Words("PERT分布", "PERT")})
    capacity: float | None = param(None, help=Words("可用容量，与工作量（规模）同单位", "capacity in the unit of effort (size)"), low=0)
    line: str = param("stop", help=Words("容量线的画法", "how the capacity line is drawn"), choices={
        "stop": Words("遇到第一个放不下的就停", "stop at the first that does not fit"),
        "fill": Words("放不下的跳过，后面能放的继续放", "skip it and go on with what still fits")})
    draws: int = param(10_000, help=Words("模拟次数", "draws"), low=1_000, high=200_000)
    level: float = param(0.95, help=Words("得分区间的水平", "level of the score's interval"), low=0.5, high=0.999)
    sure: float = param(0.95, help=Words("先后概率达到多少才算分出先后", "probability from which two items count as told apart"), low=0.5, high=1)
    kano_weight: str = param("larger", help=Words("Kano怎样换成影响", "how Kano becomes impact"), choices={
        "larger": Words("better与|worse|取大", "the larger of better and |worse|"),
        "sum": Words("better与|worse|之和的一半", "half the sum of better and |worse|")})
    full_impact: float | None = param(None, help=Words(
        "Kano系数为1时的分值；不写则RICE为3、WSJF为20", "impact at a coefficient of 1; 3 for RICE and 20 for WSJF if left out"), low=0.001)


def rice(draws: Mapping[str, Array]) -> Array:
    scores: Array = draws["reach"] * draws["impact"] * draws["confidence"] / draws["effort"]
    return scores


def wsjf(draws: Mapping[str, Array]) -> Array:
    scores: Array = (draws["value"] + draws["time_criticality"] + draws["risk"]) / draws["size"]
    return scores


@dataclass(frozen=True)
class Told:
    """The ranking with the names that every sentence, table and chart needs."""

    items: Candidates
    ranking: Ranking
    params: PrioritiesParams

    @property
    def scheme(self) -> str:
        return self.params.scheme.upper()

    @property
    def ranged(self) -> bool:
        return bool(self.items.ranged.any())

    def name(self, i: int) -> Words:
        return Words(self.items.names[i], self.items.names[i])

    def names(self, chosen: list[int], most: int = 6) -> Words:
        listed = [self.name(i) for i in chosen[:most]]
        if len(chosen) <= most:
            return joined(listed, last_en=" and ")
        return joined(listed) + say(zh="等{n}项", en=" and others, {n} in all", n=len(chosen))

    def place(self, i: int) -> Words:
        first, last = self.ranking.place(i)
        return say(zh="{a}～{b}", en="{a}–{b}", a=first, b=last) if last > first else Words(str(first), str(first))

    def score(self, i: int) -> Estimate:
        r, label = self.ranking, say(zh="{f}的{s}得分", en="{s} score of {f}", f=self.name(i), s=self.scheme)
        if not self.ranged:
            return Estimate("score", float(r.medians[i]), key=self.items.names[i], kind=Kind.EXACT, level=self.params.level, label=label)
        return Estimate("score", float(r.medians[i]), float(r.lows[i]), float(r.highs[i]), self.items.names[i], level=self.params.level, label=label)

    def chances(self, values: Array, items: list[int]) -> Words:
        return joined([say(zh="{f} {p}", en="{f} {p}", f=self.name(i), p=amount(float(values[i]))) for i in items])

    def released(self) -> tuple[list[int], list[int], list[int]]:
        """In with at least 0.90, open, out with at most 0.10, best score first."""
        r = self.ranking
        if r.release is None:
            return [], [], []
        inside, outside = [i for i in r.order if r.release[i] >= IN], [i for i in r.order if r.release[i] <= OUT]
        return inside, [i for i in r.order if OUT < r.release[i] < IN], outside

    def contested(self) -> tuple[int, Words, Words]:
        """(item, factor, its part of the spread) about which the least is settled: release nearest to 0.50, else the widest of the top group."""
        r = self.ranking
        if r.release is not None:
            i = min(r.order, key=lambda i: (round(abs(float(r.release[i]) - 0.5), 9) if r.release is not None else 0.0, i))
        else:
            i = max(r.groups[0], key=lambda i: (float(r.highs[i] - r.lows[i]), -i))
        if not r.causes[i]:
            return i, Words("各因子", "its factors"), Words("—", "—")
        cause = max(sorted(r.causes[i]), key=lambda name: r.causes[i][name])
        return i, FACTOR_WORDS[cause], amount(r.causes[i][cause], "%", 0)


def estimates(told: Told) -> tuple[Estimate, ...]:
    made, r, draws = [], told.ranking, told.params.draws
    kinds = (("p_first", r.first, "{f}排第一的概率", "probability that {f} is first"),
             ("p_first_release", r.release, "{f}进入首版的概率", "probability that {f} is in the first release"))
    for i in r.order:
        made.append(told.score(i))
        for kind, chances, zh, en in kinds:
            if chances is not None:
                p = float(chances[i])
                low, high = intervals.wilson(min(p * draws, draws), draws)
                label = say(zh=zh, en=en, f=told.name(i))
                made.append(Estimate(kind, p, min(low, p), max(high, p), told.items.names[i], "", draws, DRAWS, Kind.SHARE, label=label))
    return tuple(made)


def warnings(told: Told) -> tuple[Warning, ...]:
    found, items, r = [], told.items, told.ranking
    if not told.ranged:
        found.append(Warning("no_ranges", Words(
            "各项都没有低值和高值：只列得分，不给名次和入选的概率",
            "no item has low and high values: scores are listed without probabilities of rank or release")))
    elif not items.ranged.all():
        found.append(Warning("some_without_range", say(
            zh="没有写低值和高值的项按确知计，名次显得过稳：{names}", en="items without low and high are taken as known and look too certain: {names}",
            names=told.names([i for i in r.order if not items.ranged[i]]))))
    if not told.params.capacity:
        found.append(Warning("no_capacity", Words("没有写容量，不给入选概率", "no capacity is given: no probability of release")))
    if len(items.names) == 1:
        found.append(Warning("one_item", Words("只有一项，无所谓先后", "there is one item: nothing to rank")))
    below = [i for i in r.order if r.release is not None and (items.labels[i] or "").lower() in MUST and r.release[i] < 0.5]
    if below:
        found.append(Warning("must_below_line", say(
            zh="标为“必须”，进入首版的概率却低于0.50：{names}", en='labelled "must", yet in the first release with less than 0.50: {names}',
            names=told.names(below))))
    return tuple(found)


def headline(told: Told) -> Words:
    r, top, n = told.ranking, told.ranking.groups[0], len(told.items.names)
    if r.first is None:
        best = joined([say(zh="{f} {v}", en="{f} {v}", f=told.name(i), v=shown(told.score(i))) for i in top[:3]])
        return say(zh="{s}得分最高的是{best}（{n}项，先后未检验）", en="{s} scores highest for {best} ({n} items, order untested)",
                   s=told.scheme, best=best, n=n)
    if len(top) == 1:
        lead = say(zh="{f}排第一的概率{p}，{s}得分{v}", en="{f} is first with probability {p}, {s} score {v}",
                   f=told.name(top[0]), p=amount(float(r.first[top[0]])), s=told.scheme, v=shown(told.score(top[0])))
    else:
        lead = say(zh="{s}前{k}项分不出先后，排第一的概率：{each}", en="The top {k} by {s} cannot be told apart; probability of being first: {each}",
                   s=told.scheme, k=len(top), each=told.chances(r.first, sorted(top, key=lambda i: (-r.first[i] if r.first is not None else 0.0, i))[:4]))
    tail = Words("", "")
    if r.release is not None:
        k = len(told.released()[0])
        held = say(zh="{k}项", en="{k}", k=k) if k else Words("没有一项", "none")
        tail = say(zh="；容量{c}内，{held}进入首版的概率不低于0.90", en="; within the capacity of {c}, {held} with 0.90 or more", c=f"{told.params.capacity:g}", held=held)
    return lead + tail + say(zh="（{n}项，{draws}次模拟）", en=" ({n} items, {draws} draws)", n=n, draws=f"{told.params.draws:,}")


def meaning(told: Told) -> Meaning:
    r, top = told.ranking, told.names(told.ranking.groups[0])
    if not told.ranged:
        return Meaning(
            say(zh="按单一取值，{top}得分最高。", en="With single values {top} scores highest.", top=top),
            Words("没有区间，先后有多稳无从判断。", "Without ranges nothing tells how firm the order is."),
            say(zh="给{top}及其后几项补上各因子的低值和高值，再排一次。",
                en="Write low and high for the factors of {top} and of what follows, then rank again.", top=top),
            Words("补上的区间使前后两项的得分重叠。", "Ranges that make the scores of neighbours overlap."))
    says = say(zh="{n}项分成{k}档，档间分得出先后，档内分不出；第一档是{top}。",
               en="{n} items form {k} groups: between them the order holds, within them it is open. The first is {top}.",
               n=len(told.items.names), k=len(r.groups), top=top)
    tied = sum(len(group) for group in r.groups if len(group) > 1)
    sure = say(zh="{t}项处在并列档，档首胜过它们的概率不到{s}；区间出自评分者的低值和高值，不是抽样误差。",
               en="{t} items stand in tied groups, behind their leader with less than {s}; ranges are the raters' low and high, not sampling error.",
               t=tied, s=f"{told.params.sure:.2f}")
    item, factor, part = told.contested()
    inside, open_, outside = told.released()
    check = say(zh="先核实{f}的{factor}，其得分的波动有{part}出自这一项。", en="Check {factor} of {f} first: {part} of its spread comes from there.",
                f=told.name(item), factor=factor, part=part)
    if r.release is None:
        after = Words("写明容量再划首版；", "State the capacity before the release is cut. ") + check
    elif open_:
        none = Words("没有一项稳进首版；", "No item is safely in. ")
        fixed = say(zh="首版先定{names}；", en="Fix {names} for the first release. ", names=told.names(inside)) if inside else none
        after = fixed + say(zh="{names}待定，", en="Open: {names}. ", names=told.names(open_)) + check
    elif outside:
        after = say(zh="首版定{a}；{b}不排。", en="Fix {a} for the first release; leave out {b}.", a=told.names(inside), b=told.names(outside))
    else:
        after = say(zh="容量{c}装得下全部{n}项，先后只定开工次序。", en="The capacity of {c} holds all {n}: the order only says what starts first.",
                    c=f"{told.params.capacity:g}", n=len(told.items.names))
    change = say(zh="{f}的{factor}核实后得分移出本档，或容量改变。", en="A checked {factor} that moves {f} out of its group, or another capacity.",
                 f=told.name(item), factor=factor)
    return Meaning(says, sure, after, change)


def points(told: Told) -> tuple[Words, ...]:
    made, r = [], told.ranking
    inside, open_, outside = told.released()
    if inside:
        made.append(say(zh="进入首版的概率不低于0.90：{names}", en="In the first release with 0.90 or more: {names}", names=told.names(inside, 12)))
    if open_ and r.release is not None:
        made.append(say(zh="进不进首版说不准：{each}", en="Open whether in the first release: {each}", each=told.chances(r.release, open_[:8])))
    if outside:
        made.append(say(zh="进入首版的概率不高于0.10：{names}", en="In the first release with 0.10 or less: {names}", names=told.names(outside, 12)))
    for group in r.groups[1:] if told.ranged else []:
        if len(group) > 1:
            made.append(say(zh="并列第{place}：{names}", en="Tied at {place}: {names}", place=told.place(group[0]), names=told.names(group)))
    if told.items.from_kano:
        target = FACTOR_WORDS[FROM_KANO[told.params.scheme][0]]
        made.append(say(zh="{n}项的{target}取自Kano结论，不是估的", en="For {n} items the {target} comes from the Kano finding, not from a guess",
                        n=len(told.items.from_kano), target=target))
    return tuple(made[:6])


def table(told: Told) -> ResultTable:
    def head(name: str, zh: str, en: str, decimals: int | None = None) -> ColumnHead:
        return ColumnHead(name, Words(zh, en), decimals=decimals)

    r, labelled = told.ranking, any(told.items.labels)
    heads = (head("place", "名次", "Place"), head("feature", "候选项", "Item"), *([head("label", "标签", "Label")] if labelled else []),
             head("score", "得分", "Score"), head("low", "区间低端", "Low"), head("high", "区间高端", "High"),
             head("p_first", "排第一", "First", 2), head("p_first_release", "进首版", "In release", 2))
    rows: list[tuple[Any, ...]] = []
    for i in r.order:
        score = told.score(i)
        chances = (None if values is None else float(values[i]) for values in (r.first, r.release))
        rows.append((told.place(i), told.items.names[i], *([told.items.labels[i]] if labelled else []), score.value, score.low, score.high, *chances))
    note = say(zh="概率由{n}次模拟得出，模拟误差至多±{e}", en="Probabilities from {n} draws, simulation error at most ±{e}",
               n=f"{told.params.draws:,}", e=f"{0.98 / told.params.draws**0.5:.3f}") if told.ranged else None
    return ResultTable("ranking", Words("候选项排序", "Items ranked"), heads, tuple(rows), note)


def chart(told: Told) -> Chart:
    r, capacity, efforts = told.ranking, told.params.capacity, told.items.factors[FACTORS[told.params.scheme][-1]][1]
    rows = [Strip(told.name(i), float(r.lows[i]), float(r.medians[i]), float(r.highs[i]), amount(float(r.medians[i])).en) for i in r.order[:20]]
    fits = int(np.sum(np.cumsum(efforts[r.order]) <= capacity)) if capacity else None
    return strips(
        "scores", say(zh="{s}得分与容量线", en="{s} scores and the capacity line", s=told.scheme),
        Words("各候选项的得分中位数与区间，高分在上；虚线以上按基准工作量装得进容量",
              "Median score and interval of each item, best on top; above the dashed line the base efforts fit the capacity"),
        rows, Words("得分", "Score"), cut=fits, cut_text=say(zh="容量线{c}", en="capacity {c}", c=f"{capacity:g}") if capacity else None)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    rows = []
    for name in ("segments", "recap cards", "offline import", "note export", "leaderboard"):
        reach, impact, effort = float(rng.integers(500, 4000)), float(rng.choice([0.5, 1, 2, 3])), float(rng.integers(2, 12))
        rows.append({"feature": name, "reach": reach, "reach_low": reach * 0.7, "reach_high": reach * 1.4, "impact": impact, "impact_low": impact * 0.6,
                     "impact_high": impact * 1.3, "confidence": 0.8, "effort": effort, "effort_low": effort * 0.8, "effort_high": effort * 1.6})
    return {"candidates": Frame.of(rows)}


def factor_columns() -> tuple[Column, ...]:
    """x, x_low, x_high of every factor of both schemes."""
    ends = (("", "", ""), ("_low", "（低）", ", low"), ("_high", "（高）", ", high"))
    return tuple(Column(name + end, "number", words + Words(zh, en), required=False, low=0) for name, words in FACTOR_WORDS.items() for end, zh, en in ends)


@method(
    title=Words("优先级（RICE、WSJF）", "Priorities (RICE, WSJF)"),
    question=Words("先做哪些，先后有多稳，容量里放得下哪些？", "What goes first, how firm is the order, and what does the capacity hold?"),
    reads_as=Words("看进入首版的概率和并列档，不看得分的小差别", "Read the probability of being in the release and the tied groups, not small differences of score"),
    limit=Words("只和评分一样准；不管候选项之间的依赖", "It is as good as the ratings, and ignores that items depend on one another"),
    formula="RICE = reach × impact × confidence / effort (McBride 2016); WSJF = (value + time criticality + risk) / size (Reinertsen 2009, SAFe); "
    "low/base/high drawn, probability of being first and of falling within the capacity line",
    reads=(
        Reads("candidates", Words("候选项与各因子的低、中、高值", "items with low, base and high of each factor"), (
            Column("feature", "category", Words("候选项", "item")),
            Column("label", "category", Words("标签，如MoSCoW", "label, such as MoSCoW"), required=False), *factor_columns())),
        Reads("kano", Words("Kano结论的系数表，代替估的影响", "table of a Kano finding, in place of guessed impact"), (
            Column("feature", "category", Words("功能", "feature")), Column("better", "number", Words("better系数", "better"), low=0, high=1),
            Column("worse", "number", Words("worse系数（负数）", "worse, a negative number"), low=-1, high=0),
            *(Column(f"{name}_{end}", "number", Words(f"{name}区间的一端", f"an end of the interval of {name}"), required=False)
              for name in ("better", "worse") for end in ("low", "high"))), required=False),
    ),
    gives=("score[]", "p_first[]", "p_first_release[]"),
    params=PrioritiesParams,
    example=example,
)
def priorities(candidates: Frame, kano: Frame | None, *, params: PrioritiesParams, rng: np.random.Generator) -> Finding:
    scheme = params.scheme
    items = read(candidates, kano, scheme=scheme, full_impact=params.full_impact, kano_sum=params.kano_weight == "sum")
    ranking = rank(
        items.factors, rice if scheme == "rice" else wsjf, effort=FACTORS[scheme][-1], draws=params.draws, pert=params.distribution == "pert",
        capacity=params.capacity, fill=params.line == "fill", level=params.level, sure=params.sure, rng=rng)
    told = Told(items, ranking, params)
    return Finding(
        headline=headline(told), meaning=meaning(told), estimates=estimates(told), points=points(told), tables=(table(told),),
        charts=(chart(told),), warnings=warnings(told))
