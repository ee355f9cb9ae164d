"""How large is the market, from the bottom up, and which factor makes that uncertain?

    market at a level = Σ_segments Π factors down to that level (÷ where told): tam, sam, yearly_buyers, som, som_year1
    value = median, interval = the middle `level` of the simulated products; not a product of low ends, which is far too wide
    factors: low / likely / high (triangular, or PERT, uniform, lognormal), a constant, or x of n people in a survey (Beta(x + ½, n − x + ½))
    tornado: one factor from its 10 % to its 90 % quantile, the others at their medians
    share of the variance: squared correlation of the factor's logarithm with that of the result, scaled to sum to 1
    to_top_down = bottom-up / top-down at the same level, drawn independently

Factors are independent unless `correlations` says otherwise (rank correlations, normal copula). Units: those of the factors.
Sources: Malcolm, Roseboom, Clark & Fazar (1959), Operations Research 7, 646-669 (PERT); Vose (2008), Risk Analysis, 3rd ed. (simulated
products, tornado); Iman & Conover (1982), Commun. Statist. B 11, 311-334; Jeffreys (1961), Theory of Probability, for survey shares.
Not for a market that nobody has counted any part of: a range without a source is a guess, and its product is one too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import bootstrap, driver_draws, market_model
from stageway.arithmetic.charts import draw
from stageway.arithmetic.driver_draws import Array
from stageway.arithmetic.market_model import LEVELS, Driver, Model
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown

NAMES = {"tam": Words("总市场", "total market"), "sam": Words("可服务市场", "serviceable market"), "yearly_buyers": Words("每年的买家", "number of buyers a year"),
         "som": Words("可得市场", "obtainable market"), "som_year1": Words("首年可得市场", "market obtainable in year one")}
#: A cross-check that is off by more is called a contradiction even where intervals meet.
FACTOR = 3.0


@dataclass(frozen=True)
class MarketSizeParams(Params):
    distribution: str = param("triangular", help=Words("低、中、高之间的分布，行里没写时用", "distribution over low, likely and high where a row names none"), choices={
        "triangular": Words("三角分布", "triangular"), "pert": Words("PERT分布", "PERT"), "uniform": Words("均匀分布", "uniform"),
        "lognormal": Words("对数正态，低、高为中间95%的两端", "lognormal, low and high end the middle 95%")})
    level_of_rows: str = param("sam", help=Words("行里没写层次时，因子归哪一层", "level of factors where a row names none"), choices={name: NAMES[name] for name in LEVELS})
    unit: str = param("auto", help=Words("结果的单位", "unit of the result"), choices={
        "auto": Words("有因子以元计则为元，否则为人", "CNY where a factor is in CNY, else people"), "people": Words("人", "people"), "CNY": Words("元", "CNY"), "none": Words("无", "none")})
    old_years: int = param(3, low=1, high=30, help=Words("出处比最新的早几年算旧", "years behind the newest source that make one old"))
    draws: int = param(20_000, low=1000, high=1_000_000, help=Words("模拟次数", "draws"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("区间的水平", "level of the intervals"))


@dataclass(frozen=True)
class Told:
    """`draws` (draws, drivers), `results` by level, `tornado` (drivers, 2) and `parts` (drivers) of the narrowest level; the top-down check, if any."""

    model: Model
    results: Mapping[str, Array]
    tornado: Array
    parts: Array
    unit: str
    top: Array | None
    at: str
    params: MarketSizeParams

    @property
    def last(self) -> str:
        return self.model.levels[-1]

    @property
    def ranged(self) -> bool:
        return any(d.ranged for d in self.model.drivers)

    def estimate(self, level: str) -> Estimate:
        draws = self.results[level]
        value = float(np.median(draws))
        if not np.ptp(draws) > 0:
            return Estimate(level, value, unit=self.unit, kind=Kind.EXACT, level=self.params.level, label=NAMES[level])
        low, high = bootstrap.percentile(draws, self.params.level)
        return Estimate(level, rounded(value), rounded(low), rounded(high), unit=self.unit, level=self.params.level, label=NAMES[level])

    def ratio(self) -> Estimate | None:
        if self.top is None:
            return None
        draws = self.results[self.at] / self.top
        label = Words("自下而上与自上而下之比", "bottom-up to top-down")
        if not np.ptp(draws) > 0:
            return Estimate("to_top_down", float(draws[0]), kind=Kind.EXACT, level=self.params.level, label=label)
        return Estimate("to_top_down", float(np.median(draws)), *bootstrap.percentile(draws, self.params.level), level=self.params.level, label=label)

    @property
    def order(self) -> list[int]:
        """Drivers by the length of their bar, longest first."""
        length = np.abs(self.tornado[:, 1] - self.tornado[:, 0])
        return sorted(range(len(length)), key=lambda k: (-round(float(length[k]), 9), k))

    def name(self, k: int) -> str:
        d = self.model.drivers[k]
        return d.name if d.segment is None else f"{d.name} · {d.segment}"

    def amount(self, value: float) -> Words:
        return ev.amount(rounded(value), self.unit)


def rounded(value: float) -> float:
    """To three figures: a simulated market is not known to the last head."""
    return float(f"{value:.3g}")


def _list(names: list[str]) -> Words:
    return joined([Words(f"“{name}”", f"“{name}”") for name in names], zh="", last_en=" and ")


def _told(model: Model, top: Model | None, correlations: Frame | None, params: MarketSizeParams, rng: np.random.Generator) -> Told:
    ranks = market_model.ranks(correlations, model.drivers) if correlations is not None and len(correlations) else None
    try:
        values = driver_draws.drawn(model.known, params.draws, ranks, rng)
    except ValueError:
        what = Words("这些相关系数不能同时成立", "these correlations cannot all hold at once")
        raise ev.DataError("correlations_impossible", what, todo=Words("把其中几个改小", "make some of them smaller")) from None
    results = {level: model.result(values, level) for level in model.levels}
    last = model.levels[-1]
    checked, at = None, last
    if top is not None:
        at = next((level for level in reversed(top.levels) if level in results), last)
        checked = top.result(driver_draws.drawn(top.known, params.draws, None, rng), at)
        checked = checked if (checked > 0).all() else None
    used = model.parts(last).any(axis=0)
    tornado = driver_draws.one_at_a_time(model.known, model.powers, model.parts(last), 0.1)
    shares = np.where(used, driver_draws.variance_parts(values, results[last]), 0.0)
    unit = {"auto": "CNY" if model.money else "people", "none": ""}.get(params.unit, params.unit)
    return Told(model, results, tornado, shares, unit, checked, at, params)


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _headline(told: Told, found: list[Estimate]) -> Words:
    listed = [say(zh="{name}{value}", en="{name} {value}", name=NAMES[e.name], value=shown(e)) for e in found if e.name in LEVELS]
    made = joined(listed, zh="，") + say(zh="（{k}个因子相乘）", en=" (product of {k} factors)", k=len(told.model.drivers))
    return Words(made.zh, made.en[0].upper() + made.en[1:])


def _meaning(told: Told, last: Estimate, ratio: Estimate | None) -> ev.Meaning:
    k = told.order[0]
    if last.low is None or last.high is None:
        return ev.Meaning(say(zh="按单一取值相乘，{name}为{v}。", en="With single values the {name} is {v}.", name=NAMES[told.last], v=shown(last)),
                          Words("没有一个因子写了低值和高值，多准无从判断。", "No factor has a low and a high value: how sure this is cannot be told."),
                          say(zh="给“{f}”等每个因子补上低、中、高和出处，再算一次，之前不要把这个数写进目标。",
                              en="Write low, likely, high and a source for “{f}” and every other factor, and compute again before a target is set on it.", f=told.name(k)),
                          Words("补上区间之后，低端够不够。", "Whether the low end is enough once ranges are there."))
    says = say(zh="{name}多半在{a}和{b}之间，高低相差{x}倍；按低的一端也成立的计划才稳。", en="The {name} is probably between {a} and {b}, a factor of {x}: plans should hold at the low end.",
               name=NAMES[told.last], a=told.amount(last.low), b=told.amount(last.high), x=f"{last.high / last.low:.1f}" if last.low > 0 else "∞")
    first = say(zh="不确定有{p}出自“{f}”", en="{p} of the uncertainty comes from “{f}”", p=ev.amount(float(told.parts.max()), "%", 0), f=told.name(int(told.parts.argmax())))
    sure = first + (Words("；没有另一条路可以印证。", "; there is no second way to check it.") if ratio is None else say(
        zh="；自下而上是自上而下的{r}倍。", en="; bottom-up is {r} times top-down.", r=shown(ratio)))
    low, high = sorted(told.tornado[k].tolist())
    following = say(zh="先去查实“{f}”：它从低到高，就使{name}从{a}变到{b}；定位和预算按{low}做，不按中间值。",
                    en="Pin down “{f}” first: from its low to its high the {name} goes from {a} to {b}; plan positioning and budget on {low}, not on the middle.",
                    f=told.name(k), name=NAMES[told.last], a=told.amount(low), b=told.amount(high), low=told.amount(last.low))
    change = say(zh="“{f}”查实后落在区间外，或市场的界定（谁算、哪一年）改了，这{n}个因子就要重乘。",
                 en="If “{f}” turns out to lie outside its range, or who counts and in which year is defined anew, these {n} factors have to be multiplied again.",
                 f=told.name(k), n=len(told.model.drivers))
    return ev.Meaning(says, sure, following, change)


def _points(told: Told, found: list[Estimate], ratio: Estimate | None) -> list[Words]:
    points = [say(zh="{name}：{v}。", en="{name}: {v}.", name=Words(NAMES[e.name].zh, NAMES[e.name].en.capitalize()), v=shown(e)) for e in found if e.name in LEVELS]
    for k in [k for k in told.order if told.model.drivers[k].ranged][:3]:
        low, high = sorted(told.tornado[k].tolist())
        points.append(say(zh="“{f}”从10%到90%分位，{name}由{a}到{b}；占不确定的{p}。", en="“{f}” from its 10% to its 90% quantile moves the {name} from {a} to {b}; it makes {p} of the uncertainty.",
                          f=told.name(k), name=NAMES[told.last], a=told.amount(low), b=told.amount(high), p=ev.amount(float(told.parts[k]), "%", 0)))
    if ratio is not None and told.top is not None:
        points.append(say(zh="自上而下得{t}，自下而上是它的{r}倍。", en="Top-down gives {t}; bottom-up is {r} times that.", t=told.amount(float(np.median(told.top))), r=shown(ratio)))
    return points


def _warnings(told: Told, ratio: Estimate | None, top: Model | None, correlations: Frame | None) -> list[ev.Warning]:
    out: list[ev.Warning] = []

    def warn(holds: bool, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    drivers = [*told.model.drivers, *(top.drivers if top else [])]
    guessed, single = _names(drivers, lambda d: d.source is None), _names(drivers, lambda d: not d.ranged)
    warn(bool(guessed), "no_source", "没有出处的因子：{list}；是谁估的、凭什么，都没写。", "Factors without a source: {list}; nobody says who estimated them, and from what.", list=_list(guessed[:6]))
    warn(bool(single) and told.ranged, "no_range", "只有一个取值、按确定计的因子：{list}；真有出入，区间就偏窄。",
         "Factors with a single value, taken as certain: {list}; where they are not, the interval is too narrow.", list=_list(single[:6]))
    warn(not told.ranged, "no_ranges", "没有一个因子有区间：结果是单一取值的乘积，不能当作确数。", "No factor has a range: the result is a product of single values and no certain number.")
    years = [d.year for d in drivers if d.year is not None]
    old = _names(drivers, lambda d: d.year is not None and d.year < max(years) - told.params.old_years) if years else []
    warn(bool(old), "old_figures", "出处比最新的早{y}年以上：{list}；年份不同的数相乘前要换算到同一年。",
         "Sources more than {y} years behind the newest: {list}; bring figures to one year before multiplying.",
         y=told.params.old_years, list=_list(old[:6]))
    few = _names(drivers, lambda d: d.known.shape == "survey" and d.known.high < 30)
    warn(bool(few), "small_n", "调查不足30人的因子：{list}。", "Factors from fewer than 30 people: {list}.", list=_list(few))
    warn(len(told.model.drivers) < 2, "one_factor", "只有一个因子：没有相乘，这不是自下而上的测算。", "There is one factor only: nothing is multiplied, this is no bottom-up estimate.")
    unequal = {s: frozenset(d.level for d in told.model.drivers if d.segment in (None, s)) for s in told.model.segments}
    warn(len(set(unequal.values())) > 1, "segments_uneven", "各细分市场的因子层次不齐，相加前请补齐。", "Segments do not have factors of the same levels: complete them before they are added.")
    warn(correlations is not None and bool(correlations.missing("r").all()), "no_correlations", "相关系数的表是空的，因子按互不相关处理。",
         "The table of correlations is empty: factors are taken as independent.")
    if top is None:
        warn(True, "no_cross_check", "没有自上而下的数可以印证。", "There is no top-down figure to check against.")
    elif ratio is None:
        warn(True, "not_compared", "自上而下的结果含0，无法相比。", "The top-down figure can be 0 and cannot be compared.")
    elif told.top is not None:
        (a, b), (c, d) = (bootstrap.percentile(each, told.params.level) for each in (told.results[told.at], told.top))
        apart = b < c or d < a or not 1 / FACTOR <= ratio.value <= FACTOR
        warn(apart, "disagrees", "两条路不一致：自下而上{x}，自上而下{y}，区间不相交或相差3倍以上；查清哪个因子错了再用。",
             "The two ways disagree: bottom-up {x}, top-down {y}; intervals do not meet, or they differ by more than 3 times. Find the wrong factor before using either.",
             x=told.amount(float(np.median(told.results[told.at]))), y=told.amount(float(np.median(told.top))))
    return out


def _names(drivers: list[Driver], holds: Any) -> list[str]:
    return list(dict.fromkeys(d.name for d in drivers if holds(d)))


def _tables(told: Told) -> list[ResultTable]:
    rows = []
    for k, d in enumerate(told.model.drivers):
        survey = d.known.shape == "survey"
        ends = driver_draws.quantiles(d.known, np.array([0.025, 0.5, 0.975])).tolist() if survey else [d.known.low, d.known.likely, d.known.high]
        low, high = sorted(told.tornado[k].tolist())
        what = say(zh="{x}/{n}人", en="{x} of {n} people", x=f"{d.known.low:g}", n=f"{d.known.high:g}") if survey else Words.of(d.unit)
        rows.append((told.name(k), NAMES[d.level], "÷" if d.power < 0 else "×", *ends, what, d.source, str(d.year) if d.year is not None else None, low, high, float(told.parts[k])))
    cut = [("driver", "因子", "Factor", "", None), ("level", "层次", "Level", "", None), ("operation", "运算", "", "", None), ("low", "低", "Low", "", None), ("likely", "中", "Likely", "", None),
           ("high", "高", "High", "", None), ("unit", "单位", "Unit", "", None), ("source", "出处", "Source", "", None), ("year", "年份", "Year", "", None),
           ("result_low", "结果低", "Result, low", told.unit, None), ("result_high", "结果高", "Result, high", told.unit, None), ("variance", "占不确定", "Of uncertainty", "%", 0)]
    heads = tuple(ColumnHead(name, Words(zh, en or "Operation"), unit, places) for name, zh, en, unit, places in cut)
    note = say(zh="结果低、高：该因子取10%和90%分位，其余取中位数，看{name}。",
               en="Result, low and high: the factor at its 10% and 90% quantile, others at their medians, for the {name}.", name=NAMES[told.last])
    made = [ResultTable("drivers", Words("因子", "Factors"), heads, tuple(rows), note)]
    levels = []
    for name in told.model.levels:
        q = np.quantile(told.results[name], [0.025, 0.1, 0.5, 0.9, 0.975]).tolist()
        levels.append((NAMES[name], *q, float(told.results[name].mean())))
    heads = (ColumnHead("market", Words("市场", "Market")), *(ColumnHead(f"q{p}", say(zh="{p}%分位", en="{p}%", p=p), told.unit) for p in ("2.5", "10", "50", "90", "97.5")),
             ColumnHead("mean", Words("均值", "Mean"), told.unit))
    return [*made, ResultTable("market", Words("各层市场的模拟结果", "Simulated markets"), heads, tuple(levels))]


def _chart(told: Told) -> tuple[ev.Chart, ...]:
    order = [k for k in told.order if told.model.drivers[k].ranged][:12]
    if not order:
        return ()
    middle = float(driver_draws.product(np.array([[driver_draws.middle(d.known) for d in told.model.drivers]]), told.model.powers, told.model.parts(told.last))[0])

    def bare(value: float, lang: ev.Lang) -> str:
        return ev.number(rounded(value), told.unit, lang, bare=True)

    def build(lang: ev.Lang) -> Any:
        import altair as alt

        rows = []
        for k in order:
            low, high = sorted(told.tornado[k].tolist())
            rows.append({"factor": told.name(k), "low": low, "high": high, "low_text": bare(low, lang), "high_text": bare(high, lang)})
        y = alt.Y("factor:N", sort=[told.name(k) for k in order], title=None)
        title = say(zh="{name}（因子由10%到90%分位）", en="{name} (factor at 10%, 90%)", name=NAMES[told.last])
        scale = alt.Scale(zero=False, padding=84)
        axis = alt.Axis(labelExpr="format(datum.value, '~s')" if lang == "en" else
                        "datum.value >= 10000 ? format(datum.value / 10000, ',~r') + '万' : format(datum.value, ',~r')")
        base = alt.Chart(alt.InlineData(values=rows))
        bars = base.mark_bar(height=14).encode(y=y, x=alt.X("low:Q", scale=scale, axis=axis, title=title[lang]), x2=alt.X2("high:Q"))
        left = base.mark_text(align="right", dx=-5).encode(y=y, x=alt.X("low:Q", scale=scale), text=alt.Text("low_text:N"))
        right = base.mark_text(align="left", dx=5).encode(y=y, x=alt.X("high:Q", scale=scale), text=alt.Text("high_text:N"))
        line = alt.Chart(alt.InlineData(values=[{"x": middle}])).mark_rule(style="threshold", strokeDash=[4, 3]).encode(x=alt.X("x:Q", scale=scale))
        return alt.layer(bars, left, right, line).properties(height=alt.Step(30), width=440)

    said = [say(zh="{f}：{a}到{b}", en="{f}: {a} to {b}", f=told.name(k), a=told.amount(min(told.tornado[k])), b=told.amount(max(told.tornado[k]))) for k in order]
    return (draw("tornado", say(zh="哪个因子最要紧：{name}", en="Which factor matters most: {name}", name=NAMES[told.last]), joined(said, zh="；", en="; "), build),)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """The commuters of one city who read on the phone, down to the first year; one share is from a survey, and a market report looks from the top."""
    x = 280 + int(rng.integers(0, 40))
    rows: list[dict[str, object]] = [
        {"driver": "commuters", "level": "tam", "low": 7.6e5, "likely": 8.4e5, "high": 9.2e5, "unit": "people", "source": "census 2025", "year": 2025},
        {"driver": "ride 20 min or more", "level": "tam", "low": 0.5, "likely": 0.6, "high": 0.7, "unit": "%", "source": "traffic report", "year": 2024},
        {"driver": "read books on the phone", "level": "sam", "x": x, "n": 1000, "source": "own survey", "year": 2026},
        {"driver": "would pay", "level": "som", "low": 0.04, "likely": 0.07, "high": 0.14, "unit": "%", "source": "price test", "year": 2026},
        {"driver": "reached in year one", "level": "som_year1", "low": 0.02, "likely": 0.05, "high": 0.12, "unit": "%", "source": "launch plan", "year": 2026},
    ]
    top = [{"driver": "users of reading apps", "level": "tam", "low": 2.1e6, "likely": 2.3e6, "high": 2.5e6, "source": "market report", "year": 2025},
           {"driver": "who commute", "level": "sam", "low": 0.05, "likely": 0.08, "high": 0.12, "source": "market report", "year": 2025}]
    return {"drivers": Frame.of(rows, "example"), "top_down": Frame.of(top, "example"),
            "correlations": Frame.of([{"a": "would pay", "b": "reached in year one", "r": 0.3}], "example")}


def _factors() -> tuple[Column, ...]:
    numbers = (("low", "低值", "low value"), ("likely", "最可能的值", "likeliest value"), ("high", "高值", "high value"),
               ("x", "调查中符合的人数", "people in a survey who do"), ("n", "调查人数", "people asked"))
    texts = (("level", "层次：tam、sam、yearly_buyers、som、som_year1", "level: tam, sam, yearly_buyers, som, som_year1"), ("operation", "multiply（乘）或divide（除）", "multiply or divide"),
             ("segment", "细分市场；各自相乘再相加", "segment; each is multiplied, then they are added"), ("distribution", "分布", "distribution"),
             ("unit", "单位；占比写%（0.35）", "unit; % for shares (0.35)"),
             ("source", "出处", "source"))
    return (Column("driver", "category", Words("因子", "factor")), *(Column(name, "number", Words(zh, en), required=False, low=0) for name, zh, en in numbers),
            *(Column(name, "text", Words(zh, en), required=False) for name, zh, en in texts), Column("year", "number", Words("数据的年份", "year of the figure"), required=False))


@method(
    title=Words("市场规模", "Market size"),
    question=Words("市场有多大，能拿到多少，哪个因子最没把握？", "How large is the market, how much of it can be had, and which factor is least sure?"),
    reads_as=Words("读区间的低端和最长的那条；单一数字不算规模。", "Read the low end of the interval and the longest bar; a single number is no size."),
    limit=Words("区间只含写下的低到高；市场界定错了，它不知道。", "The interval holds only what low to high admits; a market defined wrongly goes unseen."),
    formula="sum over segments of products of factors, simulated (Malcolm et al. 1959; Vose 2008); median and middle 95%; survey shares Beta(x + 1/2, n - x + 1/2)",
    reads=(
        Reads("drivers", Words("因子：低、中、高，出处，层次", "factors: low, likely, high, source, level"), _factors()),
        Reads("top_down", Words("自上而下的因子，用来印证", "factors from the top down, to check against"), _factors(), required=False),
        Reads("correlations", Words("因子间的等级相关", "rank correlations of factors"), (
            Column("a", "category", Words("因子", "a factor")), Column("b", "category", Words("另一因子", "another factor")),
            Column("r", "number", Words("等级相关，−1～1", "rank correlation, −1 to 1"), low=-1, high=1)), required=False),
    ),
    gives=(*LEVELS, "to_top_down"),
    params=MarketSizeParams,
    example=example,
)
def market_size(drivers: Frame, top_down: Frame | None, correlations: Frame | None, *, params: MarketSizeParams, rng: np.random.Generator) -> Finding:
    model = market_model.read(drivers, level=params.level_of_rows, shape=params.distribution)
    top = market_model.read(top_down, level=params.level_of_rows, shape=params.distribution) if top_down is not None else None
    told = _told(model, top, correlations, params, rng)
    found, ratio = [told.estimate(level) for level in model.levels], told.ratio()
    return Finding(
        headline=_headline(told, found), meaning=_meaning(told, found[-1], ratio), estimates=(*found, *([ratio] if ratio is not None else [])),
        points=tuple(_points(told, found, ratio)), tables=tuple(_tables(told)), charts=_chart(told), warnings=tuple(_warnings(told, ratio, top, correlations)))
