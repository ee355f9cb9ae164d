"""What do people give up for what: how much does each attribute weigh in a choice, what is each option worth in money, who would take what?

    choices (CBC)   P(i | task) = exp(V_i) / Σ_j exp(V_j),  V = Σ part-worths of the levels + Σ slope × (number − mean); conditional logit
    ratings         rating = constant + V by least squares for each person; part-worths and importances are means over people
    importance      range of an attribute's part-worths / Σ of the ranges: a fraction of 1, over the levels that the study showed
    willingness     −(part-worth − that of the reference) / slope of the price, in the unit of the price; refused where the price is not
                    negative by 2 standard errors; Fieller (1954), or delta method
    share           exp(V) / Σ exp(V) of given alternatives; first_choice: share of people who put it first by their own worths

Levels by effects coding (part-worths sum to 0), numbers as a line unless named levels. Covariance: sandwich clustered by person, t with
people − 1. Shares, p_best and p_first by draws (Krinsky & Robb 1986). Own worths: empirical Bayes (choices), least squares (ratings).
holdout_hit: share of choices kept apart that the highest worth foretells (flagged tasks; else one random task a person; else by fifths
of the people). options_without_interval counts the options whose willingness to pay cannot be given.
Sources: McFadden (1974); Green & Srinivasan (1978), J. Consumer Research 5, 103-123; Hausman & McFadden (1984); Train (2009), ch. 3.
Not for attributes or levels that were not shown, nor for demand in the market: people choose more freely on paper than at the till.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import choice_answers, conjoint_fit, conjoint_options, conjoint_study
from stageway.arithmetic.conjoint_study import Study
from stageway.arithmetic.strips import Strip, strips
from stageway.evidence import Column, DataError, Estimate, Finding, Frame, Params, Reads, Where, Words, joined, method, param, say, shown

#: from which probability on a first place is called one
SURE = 0.95


@dataclass(frozen=True)
class ConjointParams(Params):
    attributes: str = param("", help=Words("只用这些属性，逗号分开；空则其余各列都是属性", "attributes to use, comma between them; empty: every further column is one"))
    levels: str = param("", help=Words("虽是数字却按水平算的属性，逗号分开", "attributes in numbers to be taken as levels, comma between them"))
    numbers: str = param("line", help=Words("数字属性怎么算", "how numbers are taken"), choices={
        "line": Words("直线：每单位一个斜率", "a line: one slope a unit"), "levels": Words("每个数是一个水平", "every number is a level")})
    price: str = param("price", help=Words("价格属性的名称", "name of the price attribute"))
    price_unit: str = param("", help=Words("价格的单位，如 CNY", "unit of the price, such as CNY"))
    reference: str = param("", help=Words("支付意愿的对照水平，如 brand=A，逗号分开；空则取各属性的第一个", "reference levels for willingness to pay, such as brand=A; empty: the first of each"))
    wtp: str = param("fieller", help=Words("支付意愿的区间", "interval of willingness to pay"), choices={
        "fieller": Words("Fieller（1954），两端可不对称", "Fieller (1954), may be lopsided"), "delta": Words("delta法，对称", "delta method, symmetric")})
    chosen_by: str = param("flag", help=Words("chosen列写的是什么", "what the column chosen holds"), choices={
        "flag": Words("选中为1，否则0", "1 for the chosen one, else 0"), "alternative": Words("选中项的名称，题内各行相同", "the name of the chosen alternative, in each row of the task")})
    with_none: bool = param(True, help=Words("情景里加上“都不选”（数据里有才加）", "add the choice of none to scenarios, where the answers know it"))
    draws: int = param(4000, low=200, high=100_000, help=Words("份额区间与名次概率的抽样次数", "draws for shares and ranks"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))

    def listed(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in str(getattr(self, name)).replace("，", ",").split(",") if part.strip())


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

By = Mapping[str, Estimate]


def _quoted(names: Sequence[str]) -> Words:
    return joined([say(zh="“{a}”", en="“{a}”", a=name) for name in names])


def _ranked(by: By) -> list[Estimate]:
    return sorted((e for e in by.values() if e.name == "importance"), key=lambda e: -e.value)


def _paid(by: By) -> list[Estimate]:
    """Willingness to pay whose interval lies above 0, the highest first."""
    return sorted((e for e in by.values() if e.name == "wtp" and (e.low or 0.0) > 0), key=lambda e: -e.value)


def _headline(study: Study, by: By) -> Words:
    n = Words(ev.with_n(study.people, "zh"), ev.with_n(study.people, "en"))
    ranked = _ranked(by)
    if len(ranked) < 2:
        name = study.worths.design.attributes[0].name
        return say(zh="只有“{a}”一项属性有变化，看不出取舍（{n}）", en="Only “{a}” varies, so no trade-off shows ({n})", a=name, n=n)
    a, b, first = ranked[0], ranked[1], by[f"p_first[{ranked[0].key}]"]
    if first.value >= SURE:
        made = say(zh="选择最看“{a}”，占{x}（{n}）", en="Choices turn most on “{a}”, with an importance of {x} ({n})", a=a.key, x=shown(a), n=n)
    else:
        made = say(zh="选择最看“{a}”（{x}）还是“{b}”（{y}）分不清（{n}），前者居首的概率{p}",
                   en="Whether choices turn most on “{a}” ({x}) or “{b}” ({y}) is open ({n}); probability of the former {p}",
                   a=a.key, b=b.key, x=shown(a), y=shown(b), n=n, p=ev.amount(first.value, "%", 0))
    if paid := _paid(by):
        made += say(zh="；愿为“{o}”多付{w}", en="; people would pay {w} more for “{o}”", o=paid[0].key, w=shown(paid[0]))
    return made


def _says(study: Study, by: By) -> Words:
    worths = study.worths
    spread = [(float(np.ptp(worths.design.contrasts(a) @ worths.beta)), a) for a in worths.design.attributes if not a.line] or [
        (float(np.ptp(worths.design.contrasts(a) @ worths.beta)), a) for a in worths.design.attributes]
    size, attribute = max(spread, key=lambda each: each[0])
    found = worths.design.contrasts(attribute) @ worths.beta
    names = attribute.levels or (f"{attribute.low:,.10g}", f"{attribute.high:,.10g}")
    best, worst = names[int(found.argmax())], names[int(found.argmin())]
    if study.rated:
        return say(zh="其余相同时，“{a}”为{x}的组合比为{y}的平均高{d}分。", en="All else equal, profiles with “{a}” {x} are rated {d} higher on average than with {y}.",
                   a=attribute.name, x=best, y=worst, d=ev.amount(size))
    return say(zh="其余相同时，“{a}”为{x}的选项被选中的机会是为{y}的{r}倍。", en="All else equal, an alternative with “{a}” {x} is taken {r} times as often as one with {y}.",
               a=attribute.name, x=best, y=worst, r=ev.amount(math.exp(min(size, 700.0))))


def _sure(study: Study, by: By) -> Words:
    if study.rated:
        return say(zh="每人的回归平均解释了{r}的评分差异；区间来自{n}人之间的差别，不含同一人换一天再评的变化。",
                   en="The lines of single people explain {r} of their ratings on average; intervals come from differences between {n} people, not from one rating again another day.",
                   r=ev.amount(study.worths.r_squared, "%", 0), n=study.people)
    held = study.holdout
    if held is None:
        return say(zh="区间按同一人答多题放宽；题太少或留不出题，没有检验过猜得准不准（{n}人、{k}道题）。",
                   en="Intervals allow for several answers a person; too few tasks to keep any apart, so foresight is unchecked ({n} people, {k} tasks).",
                   n=study.people, k=f"{study.worths.units:,}")
    hit, chance = shown(by["holdout_hit"]), ev.amount(held.chance, "%")
    return say(zh="留出的{k}道题猜中{hit}，瞎猜是{chance}：{verdict}。", en="Of {k} choices kept apart {hit} are foretold, {chance} by guessing: {verdict}.",
               k=f"{held.tasks:,}", hit=hit, chance=chance,
               verdict=Words("模型抓住了取舍", "the trade-offs are caught") if held.low > held.chance else Words("不比瞎猜好，份额不要用", "no better than guessing, so use no share"))


def _next(study: Study, by: By) -> Words:
    free = [option.key for option in study.options if option.paid is not None and option.paid.low <= 0]
    if paid := _paid(by):
        each = joined([say(zh="“{o}”{w}", en="“{o}” {w}", o=e.key, w=ev.amount(e.low or 0.0, e.unit)) for e in paid[:3]])
        made = say(zh="定价时以区间下端为准，可加价的有：{each}", en="When pricing, go by the lower ends: extra may be charged for {each}", each=each)
        return made + (say(zh="；{free}看不出有人愿多付，不单独收费。", en="; nobody is seen to pay for {free}, so charge nothing for it.", free=_quoted(free[:3])) if free else Words("。", "."))
    ranked = _ranked(by)
    if study.options and not study.credible and study.price is not None and not study.rated:
        return say(zh="价格的作用不可信，先查价格水平是否拉得够开，再谈加价；规格先按“{a}”取舍。",
                   en="The effect of the price is not credible: check whether prices were spread enough before talking of charges; settle “{a}” first.",
                   a=ranked[0].key if ranked else study.worths.design.attributes[0].name)
    weak = [e.key for e in ranked if (e.high or 1.0) < 1 / len(ranked) and e.key is not None]
    made = say(zh="规格先定“{a}”", en="Settle “{a}” first", a=ranked[0].key if ranked else study.worths.design.attributes[0].name)
    return made + (say(zh="；{weak}对选择影响小，取成本低的水平。", en="; {weak} hardly move choices: take the cheaper level.", weak=_quoted(weak[-2:])) if weak else Words("。", "."))


def _change(study: Study) -> Words:
    price = study.price
    if price is not None and price.line:
        made = say(zh="只问过价格{low}～{high}，出了这个范围，重要度和支付意愿都要重测", en="Prices from {low} to {high} were shown: beyond them importances and payments have to be asked anew",
                   low=f"{price.low:,.10g}", high=f"{price.high:,.10g}")
    else:
        names = _quoted([a.name for a in study.worths.design.attributes][:3])
        made = say(zh="重要度只对问过的水平成立，{a}的水平拉宽或收窄，次序就会变", en="Importances hold for the levels shown: with wider or narrower levels of {a} the order changes", a=names)
    if not math.isnan(study.independent) and study.independent < 0.01:
        return made + say(zh="；去掉一个选项后其余的取舍变了（{p}），相近方案会互相抢，模拟份额偏高。",
                          en="; without one alternative the trade-offs among the others change ({p}): similar alternatives take from each other, shares are too high.",
                          p=ev.p_value(study.independent))
    return made + Words("；真实销售与模拟份额对不上时，以销售为准重新标定。", "; where sales disagree with simulated shares, sales decide and the model is scaled anew.")


def _points(study: Study, by: By) -> list[Words]:
    made = []
    for scenario in study.scenarios[:2]:
        keys = [scenario.key(k) for k in range(len(scenario.alternatives))]
        name = "share" if not study.rated else "first_choice"
        top = max((e for key in keys if (e := by.get(f"{name}[{key}]")) is not None), key=lambda e: e.value, default=None)
        if top is None:
            continue
        best = by.get(f"p_best[{top.key}]")
        sure = say(zh="，份额最大的概率{p}", en=", probability of the largest share {p}", p=ev.amount(best.value, "%", 0)) if best else Words("", "")
        made.append(say(zh="模拟{k}个方案：“{a}”最多，{x}{sure}。", en="Of {k} alternatives simulated, “{a}” is taken most: {x}{sure}.", k=len(keys), a=top.key, x=shown(top), sure=sure))
    for e in _paid(by)[1:3]:
        made.append(say(zh="愿为“{o}”多付{w}。", en="People would pay {w} more for “{o}”.", o=e.key, w=shown(e)))
    return made


def _warnings(study: Study) -> list[ev.Warning]:
    out: list[ev.Warning] = []
    data, worths, n = study.answers, study.worths, study.people

    def warn(holds: bool, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    warn(n < 10, "small_n", "只有{n}人作答：效用列出供参考，重要度和支付意愿不作依据。", "Answers of {n} only: worths are listed, but rest nothing on importances or payments.", n=n)
    warn(10 <= n < 30, "small_n", "{n}人作答，不足30人：区间宽，不宜据此定价。", "{n} people, fewer than 30: intervals are wide; set no price by them.", n=n)
    warn(2 <= n <= len(worths.beta), "few_people", "人数（{n}）不多于参数个数（{k}），区间可能偏窄。", "People ({n}) are no more than parameters ({k}): intervals may be too narrow.",
         n=n, k=len(worths.beta))
    warn(bool(data.unvarying), "constant_attribute", "{a}在同一题里从不变化，没有纳入。", "{a} never differ within a task and are left out.", a=_quoted(data.unvarying))
    warn(bool(data.codes), "codes_as_numbers", "{a}的值像是水平的编号，现按数字的直线处理；若是编号，请写进参数levels。",
         "The values of {a} look like codes of levels and are taken as numbers on a line; if they are codes, name them in the parameter levels.", a=_quoted(data.codes))
    kept = {"incomplete": ("{k}行缺受访者、题号或评分，没有计入。", "{k} rows lack person, task or rating and are not counted."),
            "without_attribute": ("{k}道题（或评分）有选项缺属性，没有计入。", "{k} tasks (or ratings) have an alternative without an attribute and are not counted."),
            "unanswered": ("{k}道题没有选中任何选项，没有计入；若是“都不选”，请作为一行选项给出。",
                           "{k} tasks have no alternative chosen and are not counted; if that is a choice of none, give it as a row."),
            "alone": ("{k}道题只有一个选项，没有计入。", "{k} tasks have one alternative only and are not counted.")}
    for code, (zh, en) in kept.items():
        warn(data.left_out.get(code, 0) > 0, code, zh, en, k=data.left_out.get(code, 0))
    warn(worths.flat > 0, "flat_ratings", "{k}人对所有组合给同一个分，没有计入。", "{k} people rated all profiles alike and are not counted.", k=worths.flat)
    warn(worths.short > 0, "too_few_ratings", "{k}人评的组合太少，各自的效用算不出，没有计入。", "{k} people rated too few profiles for worths of their own and are not counted.", k=worths.short)
    _price_warnings(study, warn)
    back = _reversed(study)
    warn(bool(back), "reversed_levels", "{a}的效用不随数值一路增减，中间明显折返：核对水平的编码。",
         "Worths of {a} do not rise or fall all along their numbers but turn back clearly: check how levels are coded.", a=_quoted(back))
    warn(not math.isnan(study.independent) and study.independent < 0.01, "iia", "去掉一个选项，其余的取舍就变（Hausman-McFadden {p}）：相近方案的模拟份额会偏高。",
         "Without one alternative the trade-offs among the others change (Hausman-McFadden {p}): shares of similar alternatives come out too high.", p=ev.p_value(study.independent))
    held = study.holdout
    warn(held is not None and held.low <= held.chance, "no_foresight", "留出题猜中率（{a}）不比瞎猜（{b}）明显高，不要用模拟份额。",
         "The share foretold ({a}) is not clearly above guessing ({b}): do not use simulated shares.", a=ev.amount(held.value if held else 0.0, "%"), b=ev.amount(held.chance if held else 0.0, "%"))
    beyond = sorted({name for scenario in study.scenarios for name in scenario.beyond})
    warn(bool(beyond), "extrapolated", "情景里{a}超出问过的范围，份额是外推。", "Scenarios go beyond the values of {a} that were shown: their shares are extrapolated.", a=_quoted(beyond))
    return out


def _price_warnings(study: Study, warn: Callable[..., None]) -> None:
    price = study.price
    warn(price is None, "no_price", "没有指明的价格属性，支付意愿给不出。", "There is no price attribute by the name given: no willingness to pay.")
    warn(price is not None and not price.line, "price_as_levels", "价格按水平算，没有每元的斜率，支付意愿给不出。", "The price is taken as levels and has no slope: no willingness to pay.")
    if price is None or not price.line:
        return
    slope, error = study.worths.of(study.worths.design.contrasts(price)[1] - study.worths.design.contrasts(price)[0])
    warn(slope > 0, "price_sign", "价格越高越被选（符号反了）：查编码，或价格被当成了质量；支付意愿不给出。",
         "Higher prices are taken more (the sign is wrong): check the coding, or price was read as quality; no willingness to pay is given.")
    warn(slope <= 0 and not study.credible, "price_weak", "价格的作用与0分不清（t={t}），支付意愿不给出。", "The effect of the price cannot be told from 0 (t = {t}): no willingness to pay is given.",
         t=ev.amount(slope / error if error > 0 else 0.0, "", 1))


def _reversed(study: Study) -> list[str]:
    """Attributes whose levels are numbers and whose worths clearly go both up and down along them."""
    made = []
    for attribute in study.worths.design.attributes:
        if attribute.line or not attribute.values or len(attribute.values) < 3:
            continue
        contrasts = study.worths.design.contrasts(attribute)
        steps = [study.worths.of(b - a) for a, b in itertools.pairwise(contrasts)]
        ways = {math.copysign(1, value) for value, error in steps if abs(value) > 1.96 * error}
        if len(ways) > 1:
            made.append(attribute.name)
    return made


# ── charts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _strips(name: str, title: Words, axis: Words, rows: Sequence[tuple[Words, Estimate]], scale: float = 1.0, line: float | None = None) -> ev.Chart:
    made = [Strip(label, scale * (e.low or 0.0), scale * e.value, scale * (e.high or 0.0), ev.number(e.value, e.unit, "en", bare=True) + ("%" if e.unit == "%" else ""))
            for label, e in rows]
    alt = joined([say(zh="{a} {x}", en="{a} {x}", a=label, x=shown(e)) for label, e in rows], zh="；", en="; ")
    return strips(name, title, alt, made, axis, line=line)


def _charts(study: Study, by: By) -> tuple[ev.Chart, ...]:
    made, ranked = [], _ranked(by)
    if ranked:
        made.append(_strips("importance", Words("各属性的重要度，线段为区间", "Importance of attributes; lines are intervals"), Words("重要度（%）", "Importance (%)"),
                            [(Words.of(e.key), e) for e in ranked], 100.0))
    levels = [(say(zh="{a}：{l}", en="{a}: {l}", a=a.name, l=level), by[f"part_worth[{a.name}={level}]"]) for a in study.worths.design.attributes for level in a.levels]
    if levels:
        made.append(_strips("part_worths", Words("各水平的效用，同一属性之和为0", "Part-worths by level; those of an attribute sum to 0"), Words("效用", "Part-worth"), levels, line=0.0))
    if paid := [(Words.of(o.key), by[f"wtp[{o.key}]"]) for o in study.options if o.paid is not None]:
        made.append(_strips("wtp", Words("支付意愿（比对照水平多付），区间跨0的不能收费", "Willingness to pay against the reference; nothing where the interval holds 0"),
                            Words("愿多付", "Extra price"), paid, line=0.0))
    if len(study.scenarios) == 1:
        scenario, name = study.scenarios[0], "first_choice" if study.rated else "share"
        rows = [(Words.of(scenario.alternatives[k]), e) for k in range(len(scenario.alternatives)) if (e := by.get(f"{name}[{scenario.key(k)}]")) is not None]
        if rows:
            made.append(_strips("shares", Words("模拟方案的份额", "Simulated shares"), Words("份额（%）", "Share (%)"), rows, 100.0))
    return tuple(made)


# ── example and method ────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Sixty people, eight tasks of three phones and none; everyone draws by worths that differ a little from person to person."""
    batteries, screens, prices = ("3000", "4000", "5000"), ("flat", "folding"), (1999, 2999, 3999)
    rows: list[dict[str, object]] = []
    for person in range(60):
        own = rng.normal(scale=0.3, size=4)
        for task in range(8):
            offers = [(int(rng.integers(3)), int(rng.integers(2)), int(rng.integers(3))) for _ in range(3)]
            worths = [(0.7 + own[0]) * (b - 1) + (0.4 + own[1]) * (2 * s - 1) - (0.8 + own[2]) * (p - 1) for b, s, p in offers]
            taken = int(np.argmax(np.array([*worths, -0.8 + own[3]]) + rng.gumbel(size=4)))
            rows += [{"respondent": f"p{person + 1}", "task": f"t{task + 1}", "alternative": "ABC"[k], "battery": f"{batteries[b]} mAh", "screen": screens[s],
                      "price": prices[p], "chosen": int(k == taken)} for k, (b, s, p) in enumerate(offers)]
            rows.append({"respondent": f"p{person + 1}", "task": f"t{task + 1}", "alternative": "none", "battery": None, "screen": None, "price": None,
                         "chosen": int(taken == 3)})
    offer = [{"alternative": "ours", "battery": "5000 mAh", "screen": "folding", "price": 2999}, {"alternative": "theirs", "battery": "4000 mAh", "screen": "flat", "price": 1999}]
    return {"answers": Frame.of(rows, "example"), "scenarios": Frame.of(offer, "example")}


@method(
    title=Words("联合分析", "Conjoint analysis"),
    question=Words("各项属性在选择里占多重，每个选项值多少钱，给定的几个方案谁会被选？",
                   "How much does each attribute weigh in a choice, what is each option worth in money, and which of given alternatives would be taken?"),
    reads_as=Words("重要度加起来是100%，只在问卷给出的水平之内成立；支付意愿是换到该水平愿多付的价钱，区间跨0就不能收费；留出题猜中率要明显高过瞎猜。",
                   "Importances add to 100% and hold within the levels shown; willingness to pay is the extra price for that level, an interval across 0 allows no charge; "
                   "the share foretold has to be well above guessing."),
    limit=Words("没有问过的属性和水平说不出；纸上的选择比真付钱时大方，份额不是销量预测。",
                "It knows no attribute or level that was not shown; choices on paper are freer than paid ones, so shares are no forecast of sales."),
    formula="conditional logit (McFadden 1974), sandwich by person; or least squares a person (Green & Srinivasan 1978); importance = range/sum of ranges; wtp = -worth/slope of price (Fieller 1954)",
    reads=(
        Reads("answers", Words("每题的选项、属性与选择；或每人对每个组合的评分", "the alternatives of each task, their attributes and the choice; or each person's rating of each profile"), (
            Column("respondent", "id", Words("受访者", "the person")),
            Column("task", "id", Words("题号（选择）", "the task (choices)"), required=False),
            Column("alternative", "category", Words("选项或产品组合", "the alternative or profile"), required=False),
            Column("chosen", "any", Words("是否选中（1/0），或选中项的名称", "whether chosen (1/0), or the name of the chosen one"), required=False),
            Column("rating", "number", Words("评分（评分式）", "the rating (rating conjoint)"), required=False),
            Column("none", "flag", Words("这一行是“都不选”", "the row is the choice of none"), required=False),
            Column("holdout", "flag", Words("留作检验、不参与估计的题", "the task is kept for checking"), required=False),
        ), others=Words("每列一项属性：数字或水平", "each is an attribute: a number or a level")),
        Reads("profiles", Words("各产品组合的属性（回答里没有属性时）", "the attributes of each profile (where the answers have none)"), (
            Column("alternative", "category", Words("产品组合；没有则按行号1起", "the profile; its row, from 1, without it"), required=False),
        ), required=False, others=Words("每列一项属性", "each is an attribute")),
        Reads("scenarios", Words("要模拟的方案，一行一个", "alternatives to simulate, one a row"), (
            Column("alternative", "category", Words("方案名", "name of the alternative")),
            Column("scenario", "category", Words("情景（同一情景的方案相互竞争）", "scenario (its alternatives compete)"), required=False),
        ), required=False, others=Words("每列一项属性，同回答里的属性", "each is an attribute, as in the answers")),
    ),
    gives=("importance[]", "p_first[]", "part_worth[]", "slope[]", "wtp[]", "options_without_interval", "holdout_hit", "share[]", "p_best[]", "first_choice[]"),
    params=ConjointParams,
    example=example,
)
def conjoint(answers: Frame, profiles: Frame | None, scenarios: Frame | None, *, params: ConjointParams, rng: np.random.Generator) -> Finding:
    wanted = choice_answers.Wanted(params.listed("attributes"), params.listed("levels"), params.numbers, params.chosen_by)
    data = choice_answers.read(answers, profiles, wanted)
    if len(data.people) < 2:
        what = Words("只有一人作答，区间无从谈起", "one person answered: no interval can be had")
        raise DataError("one_respondent", what, where=Where(file=answers.source or None), todo=Words("请给出所有人的回答", "give the answers of all people"))
    sets = data.sets().of(~data.holdout) if data.ratings is None else None
    if sets is None:
        worths, held, p_independent = conjoint_fit.fit_ratings(data, params.level, params.draws, rng), None, math.nan
    else:
        if len(np.unique(sets.person)) < 2:
            raise DataError("all_held_out", Words("除留出题外不到两人有题可估计", "fewer than two people have tasks that are not kept for checking"),
                            where=Where(file=answers.source or None, column="holdout"))
        worths = conjoint_fit.fit_choices(data, sets, params.level, params.draws, rng)
        held, p_independent = conjoint_fit.holdout(data, params.level, rng), conjoint_fit.independence(data, sets, worths)
    if worths.people < 2:
        what = Words("不到两人的评分够估计：每人评的组合要多于属性的水平，且不能全给一个分",
                     "fewer than two people rated enough: each has to rate more profiles than there are levels, and not all alike")
        raise DataError("ratings_too_few", what, where=Where(file=answers.source or None, column="rating"))
    price = worths.design.attribute(params.price)
    study = Study(
        data, worths, held, p_independent, price, conjoint_options.price_is_credible(worths, price, params.level),
        tuple(conjoint_options.options(worths, price, params.listed("reference"), params.level, params.wtp)),
        tuple(conjoint_options.scenarios(scenarios, worths.design, params.with_none)) if scenarios is not None else (), params.level, params.price_unit)
    estimates = conjoint_study.estimates(study, params.draws, rng)
    by = {e.full_name: e for e in estimates}
    return Finding(
        headline=_headline(study, by), meaning=ev.Meaning(_says(study, by), _sure(study, by), _next(study, by), _change(study)), estimates=tuple(estimates),
        points=tuple(_points(study, by)), tables=conjoint_study.tables(study, estimates), charts=_charts(study, by), warnings=tuple(_warnings(study)),
    )
