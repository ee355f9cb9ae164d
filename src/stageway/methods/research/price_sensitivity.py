"""Which prices do people find acceptable, which do they resist least, and at which would most money come in?

Van Westendorp: each person names the prices that are too cheap (to be good), cheap, expensive, too expensive (to be bought).

    falling: people whose own (too) cheap price is > p          rising: people whose own (too) expensive price is ≤ p
    optimal = too cheap × too expensive (as many find it too cheap as too expensive)        indifference = cheap × expensive
    acceptable range = too cheap × not cheap … too expensive × not expensive (`narrower`: too cheap × expensive … too expensive × cheap)

Curves are compared as whole numbers of people, the first price at which the rising one reaches the falling one counts. Rows that do not
rise are left out and counted (`contradictory`). Newton-Miller-Smith: stated intent at cheap and expensive becomes a chance to buy
(0.7, 0.5, 0.3, 0.1, 0), 0 at both outer prices, straight between: `trial_price` has the highest mean chance, `revenue_price` the highest
price × chance. Gabor-Granger (table `offers`): yes or no at given prices; demand monotone or logit; `best_price` has the highest price ×
share, `buys[price]` is the share. All prices in `currency`; intervals by bootstrap over people (Wilson for shares).
Sources: van Westendorp (1976), Proc. 29th ESOMAR Congress, 139-167; Newton, Miller & Smith (1993), AMA ART Forum; Gabor & Granger
(1966), Economica 33, 43-70. Convention `original` as in R's pricesensitivitymeter.
Not for forecasting sales: without offers or intents it gives a range, not a demand; nor where people do not know the product.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import bootstrap, demand, intervals, price_answers, price_curves, pricing
from stageway.arithmetic.price_answers import COLUMNS, Offers, Prices
from stageway.arithmetic.pricing import POINTS, Array, Convention
from stageway.arithmetic.strips import Strip, strips
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown

LABELS = {
    "acceptable_low": Words("可接受下限", "lowest acceptable price"), "acceptable_high": Words("可接受上限", "highest acceptable price"),
    "indifference": Words("无差异价位点", "indifference price point"), "optimal": Words("最优价位点", "optimal price point"),
    "trial_price": Words("试用率最高的价格", "price of the highest trial"), "revenue_price": Words("收入最高的价格（意向）", "price of the highest revenue (intents)"),
    "best_price": Words("收入最高的价格（逐价询问）", "price of the highest revenue (offers)"),
}
NAMES = (Words("太便宜", "too cheap"), Words("便宜", "cheap"), Words("贵", "expensive"), Words("太贵", "too expensive"))


@dataclass(frozen=True)
class PriceParams(Params):
    range: str = param("original", help=Words("可接受区间的定义", "acceptable range"), choices={
        "original": Words("太便宜×不便宜～太贵×不贵", "too cheap × not cheap to too expensive × not expensive"),
        "narrower": Words("太便宜×贵～太贵×便宜", "too cheap × expensive to too expensive × cheap"),
    })
    falling: str = param("above", help=Words("下降曲线怎么数", "what the falling curves count"), choices={
        "above": Words("所报价格大于p的人", "people whose price is above p (>)"),
        "at_least": Words("所报价格不小于p的人", "people whose price is p or more (≥)"),
    })
    curve: str = param("step", help=Words("两个所报价格之间", "between two named prices"), choices={
        "step": Words("阶梯：取第一个达到的价格", "steps: the first price that reaches it"), "interpolated": Words("线性插值", "straight lines"),
    })
    consistent: str = param("strict", help=Words("哪些答卷算前后一致", "which answers are consistent"), choices={
        "strict": Words("四个价格逐个增大", "the four prices rise"), "weak": Words("四个价格不减小，可相等", "the four prices do not fall; equal is allowed"),
    })
    calibration: str = param("0.7, 0.5, 0.3, 0.1, 0", help=Words("购买意向5～1各折成的购买概率", "chance to buy for the intents 5 to 1"))
    demand: str = param("monotone", help=Words("逐价询问的需求曲线", "demand from the offers"), choices={
        "monotone": Words("保序回归：价高不增，只在问过的价格上取最优", "isotonic: never rising; the best of the prices that were asked"),
        "logit": Words("logit曲线，可在问过的价格之间取最优", "logit; the best may lie between the prices asked"),
    })
    ladder: bool = param(False, help=Words("逐级询问：买了某价即视为更低价也买，不买则更高价也不买", "asked step by step: yes means yes below, no means no above"))
    currency: str = param("CNY", help=Words("价格的单位", "unit of the prices"))
    draws: int = param(2000, low=200, high=100_000, help=Words("自助法次数", "bootstrap draws"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))

    def how(self) -> Convention:
        return Convention(self.range == "narrower", self.falling == "at_least", self.curve == "step")


@dataclass(frozen=True)
class Result:
    """What the four prices give: `kept` consistent answers of `asked`; `points` empty where they cannot be computed; `swapped`: columns by content."""

    asked: int
    kept: Prices
    points: dict[str, Estimate]
    swapped: tuple[int, ...] | None
    places: int
    unit: str

    @property
    def n(self) -> int:
        return len(self.kept.values)

    @property
    def contradictory(self) -> int:
        return self.asked - self.n

    def shown(self, name: str) -> Words:
        return shown(self.points[name], self.places)

    def amount(self, value: float) -> Words:
        return ev.amount(value, self.unit, self.places)

    def span(self, low: float, high: float) -> Words:
        return price_answers.span(low, high, self.unit, self.places)

    def against(self, price: float) -> tuple[float, float]:
        """Shares that find a price too cheap and too expensive."""
        return float((self.kept.values[:, 0] > price).mean()), float((self.kept.values[:, 3] <= price).mean())


@dataclass(frozen=True)
class Sold:
    """What the offers give; `best` is None where nobody buys, or one price was asked. `kept`: share of the resamples in which it stays best."""

    data: Offers
    shares: tuple[Estimate, ...]
    fitted: Array
    at: Array
    best: Estimate | None
    revenue: float
    kept: float
    contradicting: int


def _places(prices: Array, params: PriceParams) -> int:
    return 0 if params.curve == "step" and bool(np.all(prices == np.round(prices))) else 2 if np.max(prices) < 10 else 1


def _estimate(name: str, value: float, drawn: Array, n: int, params: PriceParams) -> Estimate:
    low, high = bootstrap.percentile(drawn, params.level)
    return Estimate(name, value, min(low, value), max(high, value), unit=params.currency.strip(), n=n, level=params.level, label=LABELS[name])


def _points(data: Prices, params: PriceParams, rng: np.random.Generator) -> Result:
    strict = params.consistent == "strict"
    fits = pricing.consistent(data.values, strict=strict)
    kept, swapped = replace(data, values=data.values[fits], intents=data.intents[fits]), pricing.better_order(data.values, strict=strict)
    made: dict[str, Estimate] = {}
    if swapped is None and fits.sum() > 1 and np.ptp(kept.values, axis=0).any():
        prices, grid, how = kept.values, np.unique(kept.values), params.how()
        values = pricing.points(np.ones((1, len(prices))), prices, grid, how)[0]
        drawn = pricing.resampled(prices, grid, how, params.draws, rng)
        made = {name: _estimate(name, float(values[i]), drawn[:, i], len(prices), params) for i, name in enumerate(POINTS)}
        made |= _intents(kept, grid, params, rng)
    return Result(len(fits), kept, made, swapped, _places(data.values, params), price_answers.unit(params.currency))


def _intents(kept: Prices, grid: Array, params: PriceParams, rng: np.random.Generator) -> dict[str, Estimate]:
    """Newton, Miller & Smith's two prices; none where the intents were not asked, or nobody would buy."""
    asked, chances = ~np.isnan(kept.intents).any(axis=1), price_answers.calibration(params.calibration)
    if asked.sum() < 2:
        return {}
    at, (cheap, expensive) = pricing.steps_of(grid), (chances[kept.intents[asked, i].astype(int) - 1] for i in (0, 1))
    each = pricing.trial(kept.values[asked], cheap, expensive, at)
    if not each.any():
        return {}
    drawn, n = bootstrap.sums(each, params.draws, rng), int(asked.sum())
    made = {}
    for name, per in (("trial_price", np.ones(at.size)), ("revenue_price", at)):
        made[name] = _estimate(name, float(at[np.argmax(each.sum(axis=0) * per)]), at[np.argmax(drawn * per, axis=1)], n, params)
    return made


def _sold(data: Offers | None, params: PriceParams, rng: np.random.Generator) -> Sold | None:
    if data is None:
        return None
    buys = demand.ladder(data.buys) if params.ladder else data.buys
    asked = ~np.isnan(buys)
    n, x = asked.sum(axis=0), np.nansum(buys, axis=0)
    shares = tuple(
        Estimate("buys", float(a / b), *intervals.wilson(float(a), int(b), params.level), key=f"{p:g}", unit="%", n=int(b), kind=Kind.SHARE, level=params.level,
                 label=say(zh="{p}时会买的人", en="people who buy at {p}", p=price_answers.money(p, params.currency.strip())))
        for p, a, b in zip(data.prices.tolist(), x, n, strict=True))
    contradicting = int(demand.contradicts(data.buys).sum())
    if data.prices.size < 2 or not 0 < x.sum() < n.sum() or len(buys) < 2:
        return Sold(data, shares, x[None] / n, data.prices, None, 0.0, 0.0, contradicting)
    both = np.split(bootstrap.sums(np.concatenate([np.nan_to_num(buys), asked.astype(np.float64)], axis=1), params.draws, rng), 2, axis=1)
    both = [part[(both[1] > 0).all(axis=1)] for part in both]
    fit = demand.logit_curve if params.demand == "logit" else demand.monotone_curve
    (at, fitted), (_, drawn) = (fit(a, b, data.prices) for a, b in ((x[None], n[None].astype(np.float64)), both))
    price, revenue = demand.best(fitted, at)
    others = demand.best(drawn, at)[0]
    made = _estimate("best_price", float(price[0]), others, len(buys), params) if len(others) else None
    return Sold(data, shares, fitted, at, made, float(revenue[0]), float(np.mean(others == price[0])) if len(others) else 0.0, contradicting)


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _headline(r: Result, sold: Sold | None) -> Words:
    n = Words(ev.with_n(r.n, "zh"), ev.with_n(r.n, "en"))
    if r.points:
        low, high = (r.points[name].value for name in POINTS[:2])
        made = say(zh="可接受价格{span}，最优价位点{best}（{n}）", en="Acceptable prices {span}, optimal price point {best} ({n})",
                   span=r.span(low, high), best=r.shown("optimal"), n=n)
    else:
        made = say(zh="算不出价位点：{asked}份答卷中，前后一致的只有{k}份", en="No price point can be given: of {asked} answers, {k} are consistent",
                   asked=r.asked, k=r.n)
    if sold is not None and sold.best is not None:
        made += say(zh="；逐价询问中收入最高的价格是{p}", en="; of the prices offered, revenue is highest at {p}", p=shown(sold.best, r.places))
    return made


def _meaning(r: Result, sold: Sold | None, params: PriceParams) -> ev.Meaning:
    if not r.points:
        return ev.Meaning(
            say(zh="{k}/{n}份答卷的四个价格前后矛盾，曲线没有可靠的交点。", en="{k} of {n} answers contradict themselves, and the curves have no crossing to rely on.",
                k=r.contradictory, n=r.asked),
            Words("这些答卷定不出任何价格。", "These answers settle no price at all."),
            Words("核对四列各是哪一问，再按原题补问。", "Check which question each column holds, then ask again in the original order."),
            Words("列对上了，或补到30份前后一致的答卷，就能重算。", "With the columns right, or with 30 consistent answers, it can be computed."))
    low, high, equal, best = (r.points[name].value for name in POINTS)
    says = say(zh="{p}时嫌太便宜的占{a}、嫌太贵的占{b}，两边相当；{q}时觉得便宜的与觉得贵的人相当。",
               en="At {p}, {a} find it too cheap and {b} too expensive, about as many; at {q} as many find it cheap as expensive.",
               p=r.amount(best), a=ev.amount(r.against(best)[0], "%", 1), b=ev.amount(r.against(best)[1], "%", 1), q=r.amount(equal))
    e = r.points["optimal"]
    half = max((e.high or best) - best, best - (e.low or 0.0))
    sure = say(zh="最优价位点最多差{half}；前后矛盾而剔除的占{share}（{k}/{n}）。",
               en="The optimal point may be off by {half}; {share} of the answers ({k} of {n}) contradicted themselves and were left out.",
               half=r.amount(half), share=ev.amount(r.contradictory / r.asked, "%", 1), k=r.contradictory, n=r.asked)
    return ev.Meaning(says, sure, _next(r, sold, low, high), _change(r, params))


def _next(r: Result, sold: Sold | None, low: float, high: float) -> Words:
    span = r.span(low, high)
    if sold is None or sold.best is None:
        return say(zh="定价方案放在{span}之内，从中取几个价格做逐价询问或真实购买测试；这里没有需求量，不据此算收入。",
                   en="Keep price plans within {span} and test some of them by offers or real purchases; there is no demand here to compute revenue from.", span=span)
    if low <= sold.best.value <= high:
        return say(zh="以{p}试卖：它收入最高，又在可接受区间{span}之内。", p=r.amount(sold.best.value), span=span,
                   en="Try selling at {p}: revenue is highest there, and it lies within the acceptable {span}.")
    return say(zh="{p}收入最高却在可接受区间{span}之外：两种问法不一致，先用真实购买测试区间内外各一个价格。",
               en="Revenue is highest at {p}, outside the acceptable {span}: the two questions disagree; test a price inside and one outside by real purchases.",
               p=r.amount(sold.best.value), span=span)


def _change(r: Result, params: PriceParams) -> Words:
    """What the other conventions would give on the same answers."""
    how, grid, one = params.how(), np.unique(r.kept.values), np.ones((1, r.n))
    other = pricing.points(one, r.kept.values, grid, replace(how, inclusive=not how.inclusive))[0]
    ends = pricing.points(one, r.kept.values, grid, replace(how, narrower=not how.narrower))[0]
    return say(zh="换一种口径，最优价位点为{best}（{sign}）、可接受区间为{span}（{kind}）；功能或对手的价格变了，要重新问。",
               en="By other conventions the optimal point is {best} ({sign}) and the acceptable range {span} ({kind}); if features or rival prices change, ask anew.",
               best=r.amount(float(other[3])), sign=">" if how.inclusive else "≥", span=r.span(float(ends[0]), float(ends[1])),
               kind=Words("原定义", "original") if how.narrower else Words("较窄的定义", "narrower"))


def _also(r: Result, sold: Sold | None) -> list[Words]:
    points = []
    if r.points:
        points.append(say(zh="可接受区间：下限{a}，上限{b}；无差异价位点{c}。", en="Acceptable range: from {a} to {b}; indifference price point {c}.",
                          a=r.shown("acceptable_low"), b=r.shown("acceptable_high"), c=r.shown("indifference")))
    if "trial_price" in r.points:
        points.append(say(zh="按购买意向折算，试用率在{a}最高，收入在{b}最高（n={n}）。", en="By stated intent, trial peaks at {a} and revenue at {b} (n = {n}).",
                          a=r.shown("trial_price"), b=r.shown("revenue_price"), n=r.points["trial_price"].n))
    if sold is not None and sold.best is not None:
        best = sold.best.value
        e = min(sold.shares, key=lambda s: abs(float(s.key or 0) - best))
        points.append(say(zh="逐价询问{n}人：{p}时会买的占{s}，每100人收入{x}；重抽样中{k}仍是它最高。",
                          en="{n} people were offered prices: at {p}, {s} would buy; revenue of 100 people {x}; it stays the highest in {k} of resamples.",
                          k=ev.amount(sold.kept, "%", 0), n=len(sold.data.buys), p=price_answers.money(float(e.key or 0), r.unit), s=shown(e), x=ev.amount(100 * sold.revenue, r.unit, 0)))
    return points


def _warnings(r: Result, sold: Sold | None, offered: bool, params: PriceParams) -> list[ev.Warning]:
    out: list[ev.Warning] = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    if r.swapped is not None:
        listed = joined([say(zh="{c}列像是“{x}”", en="{c} looks like “{x}”", c=COLUMNS[at], x=NAMES[i]) for i, at in enumerate(r.swapped) if i != at])
        warn("looks_swapped", "{k}/{n}份答卷前后矛盾，列名可能对错了：{list}。核对之前不给价位点。",
             "{k} of {n} answers contradict themselves; the columns may be swapped: {list}. No price point before this is checked.",
             k=r.contradictory, n=r.asked, list=listed)
    elif not r.n:
        warn("all_contradictory", "{n}份答卷全都前后矛盾，不给价位点。", "All {n} answers contradict themselves: no price point.", n=r.asked)
    elif r.contradictory > 0.1 * r.asked:
        warn("contradictory", "{share}的答卷（{k}/{n}）前后矛盾，超过10%：四问可能没看懂，价位点只代表其余的人。",
             "{share} of the answers ({k} of {n}) contradict themselves, more than 10%: the questions may be unclear, and the points speak for the others only.",
             share=ev.amount(r.contradictory / r.asked, "%", 1), k=r.contradictory, n=r.asked)
    if r.n and not r.points and r.swapped is None:
        warn("no_variation", "前后一致的答卷只有{n}份，或四个价格全同，给不出区间，不报价位点。",
             "Consistent answers: {n}, or all alike: there is no interval, and no price point is given.", n=r.n)
    if r.n < 30 and r.swapped is None:
        warn("small_n", "前后一致的答卷只有{n}份，不足30份：价位点可能差出一大截。", "Consistent answers: {n}, fewer than 30: the points may be far off.", n=r.n)
    if flat := [name for name, e in r.points.items() if e.low == e.high]:
        warn("heaped", "{list}的区间没有宽度：人们只报整数价，价位点成档跳动，真值可在相邻两档之间。",
             "The interval of {list} has no width: people name round prices, so points move in steps and the truth may lie between two of them.",
             list=joined([LABELS[name] for name in flat]))
    if r.points and (until := pricing.optimal_until(r.kept.values, params.how())) > r.points["optimal"].value:
        warn("plateau", "嫌太便宜与嫌太贵的人数在{span}一直相等，最优价位点取其中最低的一个。",
             "As many find it too cheap as too expensive all over {span}; the optimal point is the lowest of these prices.",
             span=r.span(r.points["optimal"].value, until))
    if r.kept.incomplete:
        warn("incomplete", "{k}份答卷没有填全四个价格，没有计入。", "{k} answers do not name all four prices and are not counted.", k=r.kept.incomplete)
    if r.kept.repeated:
        warn("repeated", "{k}份答卷与同一人的另一份相同，只计一次。", "{k} answers repeat another of the same person and are counted once.", k=r.kept.repeated)
    if not np.isnan(r.kept.intents).all() and "trial_price" not in r.points:
        warn("no_trial", "购买意向答得太少，或都折成0，试用率和收入算不出。", "Intents are too few, or all count 0: trial and revenue cannot be computed.")
    if offered:
        _warn_offers(warn, sold, params)
    return out


def _warn_offers(warn: Any, sold: Sold | None, params: PriceParams) -> None:
    if sold is None or sold.best is None:
        warn("no_demand", "逐价询问没有可用的需求：价格不足两个，或人人都买、人人都不买。", "The offers give no demand: fewer than two prices, or all buy, or none.")
    elif params.demand == "logit" and sold.fitted[0, -1] >= sold.fitted[0, 0]:
        warn("rising_demand", "价格越高买的人反而越多：核对买与不买的编码，最优价格不作依据。",
             "More people buy at higher prices: check how yes and no are coded, and rest nothing on the best price.")
    elif sold.best.value in (sold.at[0], sold.at[-1]):
        warn("at_the_edge", "收入最高的价格在所问价格的边上，最优可能在范围之外：把范围放宽再问。",
             "Revenue is highest at the edge of the prices asked, and the best may lie beyond: ask again over a wider range.")
    if sold is not None and sold.contradicting:
        warn("non_monotone", "{k}人不买低价却买高价，已照答计入。", "{k} people refuse a lower price and accept a higher one; counted as answered.", k=sold.contradicting)
    if sold is not None and len(sold.data.buys) < 30:
        warn("small_offers", "逐价询问只有{n}人，不足30人，最优价格不作依据。", "Offers were made to {n} people, fewer than 30: rest nothing on the best price.",
             n=len(sold.data.buys))


# ── tables and charts ─────────────────────────────────────────────────────────────────────────────────────────────────


def _tables(r: Result, sold: Sold | None) -> list[ResultTable]:
    tables = []
    if r.points:
        heads = (ColumnHead("point", Words("价位点", "Price point")), ColumnHead("price", Words("价格及区间", "Price with interval")),
                 ColumnHead("too_cheap", Words("嫌太便宜", "Too cheap"), "%", 1), ColumnHead("too_expensive", Words("嫌太贵", "Too expensive"), "%", 1))
        rows = tuple((LABELS[name], r.shown(name), *r.against(e.value)) for name, e in r.points.items())
        tables.append(ResultTable("points", Words("各价位点及其抵触", "Price points and resistance"), heads, rows))
    if sold is not None:
        columns = (ColumnHead("price", Words("价格", "Price"), r.unit), ColumnHead("asked", Words("问到人数", "People asked"), decimals=0),
                 ColumnHead("buys", Words("会买", "Buy")), ColumnHead("fitted", Words("需求曲线", "Demand"), "%", 1),
                 ColumnHead("revenue", Words("每100人收入", "Revenue of 100 people"), r.unit, 0))
        fitted = np.interp(sold.data.prices, sold.at, sold.fitted[0]).tolist()
        lines = tuple((float(p), e.n, shown(e), f, 100 * f * float(p)) for p, e, f in zip(sold.data.prices.tolist(), sold.shares, fitted, strict=True))
        tables.append(ResultTable("offers", Words("逐价询问", "Offers"), columns, lines))
    return tables


def _charts(r: Result, sold: Sold | None, params: PriceParams) -> list[ev.Chart]:
    charts, axis = [], say(zh="价格（{u}）", en="Price ({u})", u=Words("元", "CNY") if r.unit == "CNY" else r.unit)
    if r.points:
        said = joined([say(zh="{a}{b}", en="{a} {b}", a=LABELS[name], b=r.shown(name)) for name in POINTS], zh="；", en="; ")
        title = Words("四条累计曲线与交点（虚线）", "The four cumulative curves and where they cross (dashed)")
        marks = [(r.points[name].value, LABELS[name]) for name in POINTS]
        charts.append(price_curves.chart(title, said, r.kept.values, NAMES, marks, axis, inclusive=params.how().inclusive))
    if sold is not None:
        rows = [Strip(price_answers.money(float(e.key or 0), r.unit), e.low or 0.0, e.value, e.high or 1.0, shown(e).en.split(" ")[0]) for e in sold.shares]
        said = joined([say(zh="{p}：{s}", en="{p}: {s}", p=row.label, s=shown(e)) for row, e in zip(rows, sold.shares, strict=True)], zh="；", en="; ")
        charts.append(strips("offers", Words("各价格会买的人与区间", "People who buy at each price, with intervals"), said, rows, Words("会买的占比", "Share who buy")))
    return charts


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Ninety people who name four prices with intents, five of them in contradiction; sixty others who are offered five prices."""
    n = 90
    middle = np.clip(rng.normal(20, 6, n), 8, None)
    prices = np.round(np.column_stack([middle * f for f in (0.5, 0.8, 1.15, 1.5)]) + rng.normal(0, 0.8, (n, 4)))
    prices[:5] = prices[:5, ::-1]
    intents = np.column_stack([rng.integers(3, 6, n), rng.integers(1, 5, n)])
    table: dict[str, Any] = {"respondent": [f"p{i + 1}" for i in range(n)], **dict(zip(COLUMNS, prices.T, strict=True)),
                             **dict(zip(price_answers.INTENTS, intents.T, strict=True))}
    rows = [{"respondent": f"g{i + 1}", "price": p, "buy": int(most > p)} for i, most in enumerate(rng.normal(21, 6, 60)) for p in (10, 15, 20, 25, 30)]
    return {"prices": Frame(table, "example"), "offers": Frame.of(rows, "example")}


@method(
    title=Words("价格敏感度", "Price sensitivity"),
    question=Words("人们能接受什么价格，定在哪里抵触最小、收入最高？", "Which prices are acceptable, and where is resistance least and revenue highest?"),
    reads_as=Words("可接受区间是定价的边界，最优价位点是嫌太便宜与嫌太贵的人一样多之处，不是收入最高之处。",
                   "The acceptable range bounds the price; at the optimal point as many find it too cheap as too expensive, which is not where revenue is highest."),
    limit=Words("只给可接受的范围，不预测销量；要收入，须另问购买意向或逐价询问，两者也只是口头答复。",
                "It gives an acceptable range and forecasts no sales; revenue takes intents or offers, and these too are words, not purchases."),
    formula="crossings of cumulative counts (van Westendorp 1976); trial and revenue by calibrated intent (Newton, Miller & Smith 1993); "
            "max of price * share (Gabor & Granger 1966); percentile bootstrap over people",
    reads=(
        Reads("prices", Words("每人的四个价格", "each person's four prices"), (
            Column("respondent", "id", Words("受访者", "the person"), required=False),
            *(Column(name, "number", say(zh="{x}的价格", en="price that is {x}", x=words), low=0) for name, words in zip(COLUMNS, NAMES, strict=True)),
            Column("intent_cheap", "any", Words("在“便宜”价上的购买意向，1～5", "intent to buy at the cheap price, 1 to 5"), required=False),
            Column("intent_expensive", "any", Words("在“贵”价上的购买意向，1～5", "intent to buy at the expensive price, 1 to 5"), required=False),
        )),
        Reads("offers", Words("逐价询问：每人对每个价格买不买", "offers: whether each person buys at each price"), (
            Column("respondent", "id", Words("受访者", "the person")),
            Column("price", "number", Words("所问的价格", "price offered"), low=0),
            Column("buy", "flag", Words("买不买", "whether they would buy")),
        ), required=False),
    ),
    gives=("optimal", "indifference", "acceptable_low", "acceptable_high", "contradictory", "trial_price", "revenue_price", "best_price", "buys[]"),
    params=PriceParams,
    example=example,
)
def price_sensitivity(prices: Frame, offers: Frame | None, *, params: PriceParams, rng: np.random.Generator) -> Finding:
    result = _points(price_answers.read(prices), params, rng)
    sold = _sold(price_answers.offers(offers), params, rng) if offers is not None else None
    x, n = result.contradictory, result.asked
    share = Estimate("contradictory", x / n, *intervals.wilson(x, n, params.level), unit="%", n=n, counts=Words("份答卷", "answers"), kind=Kind.SHARE, level=params.level,
                     label=Words("前后矛盾的答卷", "contradictory answers"))
    best = (sold.best,) if sold is not None and sold.best is not None else ()
    return Finding(
        headline=_headline(result, sold), meaning=_meaning(result, sold, params),
        estimates=(*result.points.values(), share, *best, *(sold.shares if sold is not None else ())), points=tuple(_also(result, sold)),
        tables=tuple(_tables(result, sold)), charts=tuple(_charts(result, sold, params)), warnings=tuple(_warnings(result, sold, offers is not None, params)),
    )
