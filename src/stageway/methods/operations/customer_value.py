"""How many of the customers still buy, how often will they buy, and what is each worth?

Buying without a contract (table purchases, or customers with frequency, recency, T): BG/NBD for how often, Gamma-Gamma for how much.

    while alive a customer buys at rate λ ~ Gamma(r, α), and leaves after a purchase with probability p ~ Beta(a, b)
    value = margin × expected spend × Σ over quarters of (expected purchases in it) / (1 + discount) ^ (its middle, in years)

A contract that is renewed or not (table renewals): the shifted beta-geometric S(t) = S(t − 1) (β + t − 1) / (α + β + t − 1), which gives
survival[segment] after the horizon, lifetime[segment] (paid periods within it, discounted) and, with a price, value[segment].
Purchases of one day count as one; time runs in weeks; intervals by the delta method over the logs of the parameters (uncertainty of the
model's parameters, given that the model is right); the model is held against weeks that were kept back.

Sources: Fader, Hardie & Lee (2005), Marketing Science 24, 275-284; Fader & Hardie (2013), note 025 (Gamma-Gamma); Fader & Hardie (2007),
Journal of Interactive Marketing 21(1), 76-90 (sBG).
Not for a subscription read as purchases, nor where prices or the product changed within the time observed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import renewals as contract
from stageway.arithmetic import repeat_buying as buying
from stageway.arithmetic.customer_charts import Line, renewal_chart, value_charts
from stageway.arithmetic.customer_model import FEWEST_REPEATERS, Check, Model, checked, customers_of, model_of, part_of
from stageway.arithmetic.fitting import Fit, delta_error
from stageway.arithmetic.intervals import z_of
from stageway.arithmetic.purchases import Customers, purchases_of
from stageway.evidence import (
    Column,
    ColumnHead,
    DataError,
    Estimate,
    Finding,
    Frame,
    Meaning,
    ParamError,
    Params,
    Reads,
    ResultTable,
    Warning,
    Where,
    Words,
    amount,
    joined,
    method,
    param,
    say,
    shown,
)

Array = NDArray[np.float64]
CUSTOMERS = Words("位客户", "customers")


@dataclass(frozen=True)
class CustomerValueParams(Params):
    horizon: int = param(52, low=1, high=520, unit="weeks", help=Words("往后看几周；合约则是几期", "weeks to look ahead; periods of a contract"))
    holdout: int | None = param(None, low=0, high=520, help=Words("留出最后几周核对模型；空则留三分之一，0不核对", "last weeks kept back to check the model; a third without it, 0 for none"))
    until: str | None = param(None, help=Words("观察到哪一天，如2026-10-31；空则取最后一笔购买", "last day observed, such as 2026-10-31; the last purchase without it"))
    margin: float = param(1.0, low=0.0, high=1.0, help=Words("每元收入的毛利", "margin on a unit of revenue"))
    discount: float = param(0.10, low=0.0, high=1.0, help=Words("每年（合约则每期）的贴现率", "discount a year (a period of a contract)"))
    price: float = param(0.0, low=0.0, help=Words("合约每期的收费；0则只给期数", "what a contract pays a period; 0 gives periods only"))
    currency: str = param("CNY", help=Words("金额的单位", "unit of amounts"))
    listed: int = param(20, low=1, high=500, help=Words("表里列出几位客户", "how many customers the table lists"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


# ── buying without a contract ─────────────────────────────────────────────────────────────────────────────────────────


def _ranged(name: str, value: float, error: float | None, of: tuple[int, float], label: Words, *, unit: str = "", share: bool = False) -> list[Estimate]:
    """The estimate with its delta interval, on the log (logit for a share) scale; nothing where the error is not known."""
    if error is None or value <= 0 or (share and value >= 1):
        return []
    n, level = of
    z = z_of(level)
    if share:
        logit, half = np.log(value / (1 - value)), z * error / (value * (1 - value))
        low, high = 1 / (1 + np.exp(half - logit)), 1 / (1 + np.exp(-half - logit))
    else:
        low, high = value * np.exp(-z * error / value), value * np.exp(z * error / value)
    return [Estimate(name, value, float(low), float(high), unit=unit, n=n, counts=CUSTOMERS, level=level, label=label)]


def _estimates(model: Model, params: CustomerValueParams) -> list[Estimate]:
    c, part, fit, weeks = model.customers, part_of(model.customers), model.buying, params.horizon
    p, of = fit.values, (c.n, params.level)
    alive = float(buying.alive(p, c.x, c.t_x, c.T).mean())
    bought = float(buying.expected(p, c.x, c.t_x, c.T, weeks).mean())
    error = delta_error(lambda p: float(buying.alive(p, part.x, part.t_x, part.T).mean()), fit)
    made = _ranged("alive", alive, error, of, Words("仍会购买的客户占比", "Share of customers who still buy"), unit="%", share=True)
    error = delta_error(lambda p: float(buying.expected(p, part.x, part.t_x, part.T, weeks).mean()), fit)
    made += _ranged("purchases", bought, error, of, say(zh="{weeks}周内每客购买次数", en="Purchases a customer in {weeks} weeks", weeks=weeks))
    if model.spend is None:
        return made
    q, unit = model.spend.values, params.currency
    error = delta_error(buying.mean_spend, model.spend)
    made += _ranged("spend", buying.mean_spend(q), error, of, Words("每次购买的平均金额", "Mean spend of a purchase"), unit=unit)
    errors = delta_error(lambda p: float(model.value(p, q, part).mean()), fit), delta_error(lambda q: float(model.value(p, q, part).mean()), model.spend)
    error = None if errors[0] is None or errors[1] is None else float(np.hypot(errors[0], errors[1]))
    mean = float(model.value(p, q, c).mean())
    made += _ranged("value", mean, error, of, say(zh="{weeks}周内每客价值", en="Value of a customer in {weeks} weeks", weeks=weeks), unit=unit)
    label = say(zh="{weeks}周内全部客户的价值", en="Value of all customers in {weeks} weeks", weeks=weeks)
    return made + _ranged("value_total", mean * c.n, None if error is None else error * c.n, of, label, unit=unit)


def _buying(c: Customers, check: Check | None, merged: tuple[int, int, int], params: CustomerValueParams) -> Finding:
    repeaters = int((c.x > 0).sum())
    if repeaters < FEWEST_REPEATERS:
        what = say(zh="{n}位客户里只有{k}位买过第二次，不足{least}位，估不出模型", en="of {n} customers only {k} bought again, fewer than {least}: no model can be fitted",
                   n=c.n, k=repeaters, least=FEWEST_REPEATERS)
        raise DataError("too_few_repeaters", what, todo=say(zh="等到有更多复购再算；现在可用rfm看分层", en="wait for more repeat purchases; rfm shows the classes meanwhile"))
    model = model_of(c, params.horizon, params.discount, params.margin)
    estimates = _estimates(model, params)
    found = {e.name: e for e in estimates}
    each = model.value(model.buying.values, model.spend.values, c) if model.spend is not None else model.discounted(model.buying.values, c.x, c.t_x, c.T)
    if not (np.isfinite(each).all() and each.sum() > 0):
        what = Words("这些购买记录定不住模型：参数跑到了无穷", "these purchases do not settle the model: its parameters run away")
        raise DataError("not_identified", what, todo=Words("需要更长的观察期或更多复购的客户", "a longer time of observation or more customers who bought again are needed"))
    share = float(np.sort(each)[::-1][: max(1, round(0.2 * c.n))].sum() / each.sum())
    return Finding(
        headline=_headline(found, c, params),
        meaning=_meaning(found, c, check, share, params),
        estimates=tuple(estimates),
        points=_points(found, check, share, params),
        tables=_tables(model, each, check, params),
        charts=value_charts(check, each),
        warnings=tuple(_warnings(model, check, merged)),
    )


# ── words and pictures of buying ──────────────────────────────────────────────────────────────────────────────────────


def _headline(found: dict[str, Estimate], c: Customers, params: CustomerValueParams) -> Words:
    weeks = params.horizon
    if "value" in found:
        return say(zh="今后{weeks}周平均每位客户值{value}（n={n}）", en="In the next {weeks} weeks a customer is worth {value} on average (n = {n})",
                   weeks=weeks, value=shown(found["value"]), n=f"{c.n:,}")
    if "purchases" in found:
        return say(zh="今后{weeks}周平均每位客户购买{k}次（n={n}）", en="In the next {weeks} weeks a customer buys {k} times on average (n = {n})",
                   weeks=weeks, k=shown(found["purchases"]), n=f"{c.n:,}")
    return say(zh="{n}位客户的购买记录定不出模型", en="The purchases of {n} customers do not settle the model", n=f"{c.n:,}")


def _meaning(found: dict[str, Estimate], c: Customers, check: Check | None, share: float, params: CustomerValueParams) -> Meaning:
    alive = found.get("alive")
    says = say(zh="{n}位客户中，估计{alive}还会再来；价值最高的两成客户占今后{weeks}周价值的{share}",
               en="Of {n} customers, {alive} are expected to come back at all; the best fifth holds {share} of the value of the next {weeks} weeks",
               n=f"{c.n:,}", alive=shown(alive) if alive else Words("无法估计的一部分", "a share that cannot be told"), weeks=params.horizon, share=amount(share, "%"))
    if check is None:
        sure = Words("没有留出时段核对模型，只能当作外推", "No weeks were kept back to check the model: take it as an extrapolation")
    else:
        off = check.expected / check.actual - 1 if check.actual else 0.0
        sure = say(zh="用最后{weeks}周核对：实际购买{actual}次，模型预计{expected}次，偏差{off}",
                   en="Checked on the last {weeks} weeks: {actual} purchases, {expected} expected, off by {off}",
                   weeks=f"{check.weeks:g}", actual=f"{check.actual:,.0f}", expected=f"{check.expected:,.0f}", off=amount(off, "%", signed=True))
    if "value" in found:
        low = found["value"].low or 0.0
        after = say(zh="获客与召回的花费以区间下端{low}为上限；先照顾表里排在前面而仍活跃概率在下降的客户",
                    en="Let the lower end, {low}, cap what acquiring or winning back a customer may cost; look first after customers high in the table whose chance of buying falls",
                    low=amount(low, params.currency))
    else:
        after = Words("没有金额，只能安排触达次序：先触达预计购买多而仍活跃概率在下降的客户",
                      "Without amounts only the order of contact follows: first those with many expected purchases whose chance of buying falls")
    change = Words("价格、品类或促销节奏变了，过去的购买率就不再成立；按月重算，看留出时段的偏差是否变大",
                   "A change of prices, range or promotions ends the rates of the past; compute it monthly and watch whether the weeks kept back drift")
    return Meaning(says, sure, after, change)


def _points(found: dict[str, Estimate], check: Check | None, share: float, params: CustomerValueParams) -> tuple[Words, ...]:
    made = []
    if "alive" in found:
        made.append(say(zh="仍会购买的客户占{alive}", en="Customers who still buy: {alive}", alive=shown(found["alive"])))
    if "purchases" in found:
        made.append(say(zh="{weeks}周内每客购买{k}次", en="Purchases a customer in {weeks} weeks: {k}", weeks=params.horizon, k=shown(found["purchases"])))
    if "spend" in found:
        made.append(say(zh="每次购买平均{spend}", en="Mean spend of a purchase: {spend}", spend=shown(found["spend"])))
    made.append(say(zh="价值最高的两成客户占全部价值的{share}", en="The best fifth of the customers holds {share} of all value", share=amount(share, "%")))
    return tuple(made)


def _tables(model: Model, each: Array, check: Check | None, params: CustomerValueParams) -> tuple[ResultTable, ...]:
    c, p = model.customers, model.buying.values
    order = sorted(range(c.n), key=lambda i: (-each[i], c.ids[i] if c.ids else i))[: params.listed]
    alive = buying.alive(p, c.x, c.t_x, c.T)
    bought = buying.expected(p, c.x, c.t_x, c.T, params.horizon)
    unit = params.currency if model.spend is not None else ""
    worth = Words("价值", "Value") if model.spend is not None else Words("贴现后的购买次数", "Discounted purchases")
    heads = (ColumnHead("customer", Words("客户", "Customer")), ColumnHead("repeats", Words("复购次数", "Repeat purchases"), decimals=0),
             ColumnHead("silent", Words("距上次购买（周）", "Weeks since the last"), decimals=1), ColumnHead("alive", Words("仍活跃的概率", "Chance of still buying"), "%", 0),
             ColumnHead("expected", Words("预计购买次数", "Expected purchases"), decimals=2), ColumnHead("value", worth, unit))
    rows = tuple((c.ids[i], float(c.x[i]), float(c.T[i] - c.t_x[i]), float(alive[i]), float(bought[i]), float(each[i])) for i in order)
    names = [("r", p[0]), ("α", p[1]), ("a", p[2]), ("b", p[3])]
    names += [] if model.spend is None else list(zip(("p", "q", "v"), model.spend.values, strict=True))
    made = [
        ResultTable("customers", Words("价值最高的客户", "The customers worth most"), heads, rows),
        ResultTable("parameters", Words("模型参数（时间以周计）", "Parameters of the model (time in weeks)"),
                    (ColumnHead("parameter", Words("参数", "Parameter")), ColumnHead("estimate", Words("估计", "Estimate"), decimals=3)), tuple((n, float(v)) for n, v in names)),
    ]
    if check is not None:
        columns = (ColumnHead("repeats", Words("此前复购次数", "Repeat purchases before")), ColumnHead("customers", Words("客户", "Customers"), decimals=0),
                 ColumnHead("actual", Words("实际人均", "Actual mean"), decimals=2), ColumnHead("expected", Words("预计人均", "Expected mean"), decimals=2))
        made.append(ResultTable("holdout", Words("留出时段：实际与预计", "Weeks kept back: actual and expected"), columns, check.rows))
    return tuple(made)


def _warnings(model: Model, check: Check | None, merged: tuple[int, int, int]) -> list[Warning]:
    out: list[Warning] = []
    c = model.customers

    def warn(holds: bool, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            out.append(Warning(code, say(zh=zh, en=en, **slots)))

    warn(c.n < 100, "small_n", "只有{n}位客户，模型很不稳", "only {n} customers: the model is shaky", n=c.n)
    warn(model.buying.covariance is None, "not_identified", "似然在最优处是平的：数据定不住参数，区间不给出",
         "the likelihood is flat at its top: the data do not settle the parameters, and no interval is given")
    paid = (c.x > 0) & (np.nan_to_num(c.m) > 0)
    warn(model.spend is None, "no_spend", "没有可用的金额（或复购金额几乎无差别），只给次数，不给价值", "no usable amounts (or repeat amounts all but alike): purchases are given, value is not")
    varied = paid.sum() >= FEWEST_REPEATERS and np.ptp(c.x[paid]) > 0 and np.ptp(c.m[paid]) > 0
    r = float(np.corrcoef(c.x[paid], c.m[paid])[0, 1]) if varied else 0.0
    warn(abs(r) > 0.2, "spend_depends_on_frequency", "金额与购买次数相关（r={r}），Gamma-Gamma的前提不成立，价值偏{way}",
         "spend depends on frequency (r = {r}), which Gamma-Gamma rules out; value leans {way}", r=f"{r:.2f}", way=Words("低", "low") if r > 0 else Words("高", "high"))
    off = abs(check.expected / check.actual - 1) if check is not None and check.actual else 0.0
    warn(off > 0.2, "holdout_off", "留出时段偏差超过两成，不要用它定预算", "the weeks kept back are off by more than a fifth: set no budget by it")
    warn(check is not None and not check.actual, "holdout_empty", "留出时段没有一次购买，无法核对", "nothing was bought in the weeks kept back: nothing to check against")
    together, undated, unpaid = merged
    warn(together > 0, "days_merged", "同一天的{k}笔购买并入当天的一次", "purchases merged into another of the same day: {k}", k=f"{together:,}")
    warn(undated > 0, "rows_incomplete", "{k}行没有客户或时间，没有计入", "rows without a customer or a time, not counted: {k}", k=f"{undated:,}")
    warn(unpaid > 0, "amount_negative", "{k}行金额小于0（退款），没有计入", "rows with an amount below 0 (refunds), not counted: {k}", k=f"{unpaid:,}")
    return out


# ── contracts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _contract(cohorts: dict[str, Array], params: CustomerValueParams) -> Finding:
    short = [name for name, active in cohorts.items() if active.size < 4 or active[0] == active[-1]]
    if len(short) == len(cohorts):
        what = Words("每个分群都不足3期，或没有人流失，估不出流失的规律", "every segment has fewer than 3 periods or lost nobody: no pattern of leaving can be fitted")
        raise DataError("too_few_periods", what, todo=Words("等到至少3期之后再算", "wait for at least 3 periods"))
    warnings: list[Warning] = []
    estimates: list[Estimate] = []
    rows: list[tuple[Any, ...]] = []
    lines: list[Line] = []
    if short:
        zh = "{names}不足3期或没有人流失，没有计算"
        warnings.append(Warning("segments_short", say(zh=zh, en="not computed, fewer than 3 periods or nobody lost: {names}", names=joined([Words.of(s) for s in short]))))
    for name, active in cohorts.items():
        lines += [(name, t, float(a / active[0]), None) for t, a in enumerate(active)]
        if name in short:
            continue
        fit = contract.fit_renewals(active)
        made = _renewed(name, int(active[0]), fit, params)
        if not made:
            warnings.append(Warning("not_identified", say(zh="{name}的似然是平的，定不住参数", en="the likelihood of {name} is flat: its parameters are not settled", name=name)))
            continue
        estimates += made
        curve = contract.survival(fit.values, params.horizon)
        lines += [(name, t, None, float(s)) for t, s in enumerate(curve)]
        rows.append((name, int(active[0]), active.size - 1, float(active[-1] / active[0]), *(float(v) for v in fit.values), shown(made[0]), shown(made[1])))
        if active[0] < 100:
            warnings.append(Warning("small_n", say(zh="{name}只有{n}位客户", en="{name} has only {n} customers", name=name, n=f"{active[0]:g}")))
    heads = (ColumnHead("segment", Words("分群", "Segment")), ColumnHead("n", Words("客户", "Customers"), decimals=0), ColumnHead("periods", Words("已过期数", "Periods seen"), decimals=0),
             ColumnHead("left", Words("现在还在", "Still there"), "%", 1), ColumnHead("alpha", Words("α", "α"), decimals=3), ColumnHead("beta", Words("β", "β"), decimals=3),
             ColumnHead("survival", say(zh="{k}期后还在", en="There after {k} periods", k=params.horizon)), ColumnHead("lifetime", Words("预计付费期数", "Expected paid periods")))
    return _contract_words(estimates, ResultTable("segments", Words("各分群的续约", "Renewal by segment"), heads, tuple(rows)), lines, warnings, params)


def _called(key: str | None) -> Words:
    return Words("全部客户", "all customers") if key == contract.WHOLE else Words.of(key or "")


def _renewed(name: str, n: int, fit: Fit, params: CustomerValueParams) -> list[Estimate]:
    """survival, lifetime and, where a price is given, value; nothing where the likelihood does not settle the parameters."""
    k, of = params.horizon, (n, params.level)

    def stay(p: Array) -> float:
        return float(contract.survival(p, k)[-1])

    def paid(p: Array) -> float:
        return contract.lifetime(p, k, params.discount)

    label = say(zh="{name}：{k}期后还在", en="{name}: there after {k} periods", name=_called(name), k=k)
    made = _ranged("survival", stay(fit.values), delta_error(stay, fit), of, label, unit="%", share=True)
    label = say(zh="{name}：{k}期内预计付费期数（贴现）", en="{name}: expected paid periods within {k}, discounted", name=_called(name), k=k)
    made += _ranged("lifetime", paid(fit.values), delta_error(paid, fit), of, label)
    if len(made) < 2:
        return []
    if params.price > 0:
        error, worth = delta_error(paid, fit) or 0.0, params.price * params.margin
        label = say(zh="{name}：每位客户的价值", en="{name}: value of a customer", name=_called(name))
        made += _ranged("value", worth * paid(fit.values), worth * error, of, label, unit=params.currency)
    return [replace(e, key=name) for e in made]


def _contract_words(estimates: list[Estimate], table: ResultTable, lines: list[Line], warnings: list[Warning], params: CustomerValueParams) -> Finding:
    stays = [e for e in estimates if e.name == "survival"]
    told = joined([say(zh="{name}{k}期后还在{share}（n={n}）", en="{share} of {name} are there after {k} periods (n = {n})", name=_called(e.key), k=params.horizon, share=shown(e), n=f"{e.n:,}")
                   for e in stays], zh="；", en="; ")
    paid = joined([say(zh="{name}{periods}期", en="{name} {periods}", name=_called(e.key), periods=shown(e)) for e in estimates if e.name == "lifetime"], zh="，", en=", ")
    seen = max((row[2] for row in table.rows), default=0)
    meaning = Meaning(
        say(zh="留得越久的客户越不会走，早期的流失率不能直接外推；{k}期内预计付费：{paid}",
            en="Those who stay are ever less likely to leave, so early churn must not be carried forward; paid periods within {k}: {paid}",
            k=params.horizon, paid=paid or Words("无", "none")),
        say(zh="区间只含参数的不确定；看到的只有{seen}期，之后是外推", en="The intervals hold the uncertainty of the parameters only; {seen} periods were seen, the rest is extrapolation", seen=seen),
        Words("获客花费以付费期数区间的下端乘每期毛利为上限；挽留先放在最初两期，那里流失最多",
              "Let the lower end of the paid periods times the margin a period cap acquisition; spend on keeping customers in the first two periods, where most leave"),
        Words("下一期实际续约落在曲线之外，或价格、合约长度改了，就要重估", "A next renewal off the curve, or a new price or contract length, asks for a new fit"),
    )
    chart = renewal_chart(lines, told or Words("没有可用的分群", "no segment that could be used"))
    return Finding(told or Words("定不住任何分群的续约曲线", "No segment's renewal curve is settled"), meaning, estimates=tuple(estimates), tables=(table,), charts=(chart,), warnings=tuple(warnings))


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """240 customers over 60 weeks, buying every few weeks while they stay."""
    rows = []
    for i in range(240):
        rate, leave, mean, day = rng.gamma(1.2, 1 / 5), rng.beta(0.8, 3.0), rng.gamma(6, 8), float(rng.uniform(0, 120))
        while day < 420:
            rows.append({"customer": f"c{i:03d}", "time": (date(2025, 1, 6) + timedelta(days=int(day))).isoformat(), "amount": round(float(rng.gamma(6, mean / 6)), 2)})
            if rng.random() < leave and len(rows) > 1 and rows[-2]["customer"] == rows[-1]["customer"]:
                break
            day += rng.exponential(7 / max(rate, 1e-3))
    return {"purchases": Frame.of(rows, "purchases.csv")}


@method(
    title=Words("客户价值", "Customer value"),
    question=Words("还有多少客户会再买，会买几次，值多少？", "How many customers still buy, how often will they, and what are they worth?"),
    reads_as=Words("先看留出时段偏差多大，再看每客价值的区间；表里是排好序的名单。",
                   "See first how far the weeks kept back are off, then the interval of the value; the table is the list to work through."),
    limit=Words("只凭过去的购买推断，看不见原因和还没做的活动；BG/NBD把只买过一次的客户都算作仍会购买。",
                "It infers from past purchases alone and sees neither reasons nor campaigns to come; BG/NBD takes all who bought once as still buying."),
    formula="BG/NBD (Fader, Hardie & Lee 2005, eq. 6 and 10); Gamma-Gamma (Fader & Hardie 2013); sBG (Fader & Hardie 2007); delta intervals over log parameters",
    reads=(
        Reads("purchases", Words("购买记录，一笔一行", "purchases, one row each"), (
            Column("customer", "id", Words("客户", "the customer")), Column("time", "time", Words("购买时间", "when")),
            Column("amount", "number", Words("金额", "amount"), required=False)), required=False),
        Reads("customers", Words("或：每位客户的汇总，时间以周计", "or: a summary of each customer, in weeks"), (
            Column("customer", "id", Words("客户", "the customer"), required=False), Column("frequency", "number", Words("重复购买次数", "repeat purchases"), low=0),
            Column("recency", "number", Words("首次到最近一次购买", "from the first to the last purchase"), low=0),
            Column("T", "number", Words("首次购买到观察结束", "from the first purchase to the end"), low=0),
            Column("monetary_value", "number", Words("重复购买的平均金额", "mean amount of the repeat purchases"), required=False, low=0)), required=False),
        Reads("renewals", Words("或：合约客户逐期还在的人数", "or: contract customers still there, period by period"), (
            Column("segment", "category", Words("分群", "segment"), required=False), Column("period", "number", Words("期，0起", "period, from 0"), low=0),
            Column("active", "number", Words("还在的客户数", "customers still there"), low=0)), required=False),
    ),
    gives=("alive", "purchases", "spend", "value", "value_total", "survival[]", "lifetime[]", "value[]"),
    params=CustomerValueParams,
    example=example,
)
def customer_value(purchases: Frame | None, customers: Frame | None, renewals: Frame | None, *, params: CustomerValueParams, rng: np.random.Generator) -> Finding:
    given = [table for table in (purchases, customers, renewals) if table is not None]
    if len(given) != 1:
        what = say(zh="purchases、customers、renewals三张表恰好要一张，这里有{k}张", en="exactly one of the tables purchases, customers and renewals is needed, here are {k}", k=len(given))
        raise DataError("table_missing" if not given else "table_twice", what)
    if not len(given[0]):
        raise DataError("no_rows", Words("表里没有一行数据", "the table has no rows"), where=Where(file=given[0].source or None))
    if renewals is not None:
        return _contract(contract.cohorts_of(renewals), params)
    if customers is not None:
        return _buying(customers_of(customers), None, (0, 0, 0), params)
    assert purchases is not None
    bought = purchases_of(purchases)
    if not bought.days:
        what = Words("没有一行同时有客户和时间，且金额不为负", "no row has a customer and a time, and an amount that is not negative")
        raise DataError("no_purchases", what, where=Where(file=purchases.source or None))
    until = bought.span[1] if params.until is None else _day(params.until)
    return _buying(bought.seen(until), checked(bought, until, params.holdout), (bought.merged, bought.undated, bought.unpaid), params)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ParamError("param_wrong", Words("参数“until”的值不对", 'parameter "until" cannot take this value'), where=Where(value=text),
                         expected=Words("日期，如2026-10-31", "a day such as 2026-10-31")) from None
