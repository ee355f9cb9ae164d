"""What does a customer cost in each channel, when is the cost paid back, and what would more spend bring?

cac = spend ÷ new customers, interval by the Poisson count (Garwood 1936), times the dispersion φ where periods scatter more than chance; blended
over all customers, cac_paid over those of channels with spend. roas = revenue ÷ spend, interval by the scatter of at least 8 periods, around the
curve of the response where one fits. payback = months until the cumulative margin of a customer reaches the cost; ltv_cac = cumulative margin over
the months seen ÷ cost, nothing extrapolated; both by drawing customers anew (Efron 1979) and costs from their count. elasticity e, marginal_cac,
marginal_roas: E y = c · x^e over periods, by quasi-likelihood (McCullagh & Nelder 1989), with Newey & West's error (1987) where residuals follow
each other and it is larger: what one unit more brings at the mean spend.
Customers may be taken as a finding of attribution credits them. Money in `currency`, months of 30 days or calendar months as the data have them.

Do not read a marginal return as cause: spend follows demand (holidays, promotions), and then both rise together. Only a holdout proves it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway import evidence as ev
from stageway.arithmetic import bootstrap, channel_books, unit_economics
from stageway.arithmetic.channel_books import Books, Channel, Margins
from stageway.arithmetic.channel_lines import Line, cheapest, line_of, scatter_of
from stageway.arithmetic.named_lines import named_lines
from stageway.arithmetic.strips import Strip, strips
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Reads, ResultTable, Words, amount, joined, method, param, say, shown

Array = NDArray[np.float64]
CUSTOMERS, PERIODS, FEW = Words("名客户", "customers"), Words("期", "periods"), 30
MODELS = {"first": Words("首次", "first touch"), "last": Words("末次", "last touch"), "last_non_direct": Words("末次非直接", "last non-direct touch"),
          "linear": Words("线性", "linear"), "position": Words("位置", "position"), "time_decay": Words("时间衰减", "time decay"),
          "markov": Words("Markov", "Markov"), "shapley": Words("Shapley", "Shapley")}


@dataclass(frozen=True)
class ChannelEconomicsParams(ev.Params):
    model: str = param("last_non_direct", help=Words("客户数来自归因时，取哪种模型", "the model whose credits are taken where customers come from attribution"), choices=MODELS)
    draws: int = param(1000, help=Words("重抽样次数", "draws"), low=100, high=20_000)
    level: float = param(0.95, help=Words("置信水平", "confidence level"), low=0.5, high=0.999)
    currency: str = param("CNY", help=Words("花费的货币", "currency of the spend"))


@dataclass(frozen=True)
class Told:
    """What was read and computed, for every sentence, table and chart."""

    books: Books
    lines: tuple[Line, ...]
    params: ChannelEconomicsParams
    found: dict[str, Estimate]
    value: dict[str, Array]
    margins: dict[str, Margins]
    cheapest: dict[str, float]

    @property
    def paid(self) -> list[Line]:
        """Channels with a cost per customer, the dearest first."""
        return sorted((line for line in self.lines if line.cac is not None and line.channel.paid), key=lambda line: (-(line.cac or (0,))[0], line.name))

    def get(self, name: str, key: str) -> Estimate | None:
        return self.found.get(f"{name}[{key}]")

    def money(self, value: float) -> Words:
        return amount(value, self.params.currency)


# ── computing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _estimates(told: Told) -> list[Estimate]:
    made, params, paid = [], told.params, told.paid

    def add(name: str, ends: tuple[float, float, float], n: float, zh: str, en: str, unit: str = "", key: str | None = None, counts: Words = CUSTOMERS) -> None:
        label = say(zh=zh + "，{c}", en=en + ", {c}", c=key) if key is not None else Words(zh, en)
        made.append(Estimate(name, *ends, key=key, unit=unit, n=round(n), counts=counts, level=params.level, label=label))

    all_spent, all_customers = sum(x.channel.spent for x in told.lines), sum(x.channel.customers for x in told.lines)
    phi = scatter_of(told.lines)
    if all_spent > 0 and all_customers > 0:
        add("cac", unit_economics.cost_per_customer(all_spent, all_customers, phi, params.level), all_customers, "混合获客成本", "Blended cost per customer", params.currency)
    if paid:
        customers = sum(x.channel.customers for x in paid)
        spent = sum(x.channel.spent for x in told.lines)
        add("cac_paid", unit_economics.cost_per_customer(spent, customers, phi, params.level), customers, "付费渠道获客成本", "Cost per customer of paid channels", params.currency)
    for line in sorted(told.lines, key=lambda x: x.name):
        c = line.channel
        if line.cac is not None:
            add("cac", line.cac, c.customers, "获客成本", "Cost per customer", params.currency, c.name)
        for gain, unit_name in ((line.gain, "cac"), (line.gain_revenue, "roas")):
            if gain is not None and (unit_name == "cac" or line.gain is None):
                add("elasticity", gain.elasticity, gain.periods, "弹性", "Elasticity", key=c.name, counts=PERIODS)
            if gain is not None and unit_name == "cac" and gain.marginal[1] > 0:
                value, low, high = gain.marginal
                add("marginal_cac", (1 / value, 1 / high, 1 / low), gain.periods, "再多一名客户的成本", "Cost of one customer more", params.currency, c.name, PERIODS)
            if gain is not None and unit_name == "roas":
                add("marginal_roas", gain.marginal, gain.periods, "再多花1元带来的收入", "Revenue of one unit of spend more", key=c.name, counts=PERIODS)
    made += _returns(told)
    return made


def _returns(told: Told) -> list[Estimate]:
    """roas, blended and by channel: with an interval from 8 periods on, an exact ratio of the books below."""
    made, with_revenue = [], [x.channel for x in told.lines if x.channel.revenue is not None]
    scales = {x.name: x.gain_revenue.scale for x in told.lines if x.gain_revenue is not None}
    if not with_revenue or not sum(c.spent for c in with_revenue) > 0:
        return []
    series = [c.by_period for c in with_revenue if c.by_period.size]
    whole = np.sum(series, axis=0) if series else np.empty((0, 3))
    spent = sum(x.channel.spent for x in told.lines)
    for key, revenue, cost, part in [(None, sum(c.revenue or 0.0 for c in with_revenue), spent, whole), *((c.name, c.revenue or 0.0, c.spent, c.by_period) for c in with_revenue if c.paid)]:
        label = say(zh="投入产出比，{c}", en="Return on ad spend, {c}", c=key) if key is not None else Words("混合投入产出比", "Blended return on spend")
        low = high = None
        if part.size and math.isclose(float(part[:, 0].sum()), cost):
            _, low, high = unit_economics.return_on_spend(part[:, 2], part[:, 0], told.params.level, scales.get(key) if key is not None else _scale(with_revenue, scales))
        exact = low is None or high is None
        made.append(Estimate("roas", revenue / cost, low if not exact else None, high if not exact else None, key=key, n=len(part) or None, counts=PERIODS,
                             kind=Kind.EXACT if exact else Kind.OTHER, level=told.params.level, label=label))
    return made


def _scale(channels: list[Channel], scales: dict[str, float]) -> float | None:
    """That of all channels together; None where one of them has none."""
    if any(c.paid and c.name not in scales for c in channels):
        return None
    return sum(scales[c.name] * (c.revenue or 0.0) for c in channels if c.paid) / sum(c.revenue or 0.0 for c in channels if c.paid)


def _paybacks(told: Told, rng: np.random.Generator) -> list[Estimate]:
    """Months to pay back and value over cost, of each channel with a margin of its own or the common one, and over all paid channels."""
    made = []
    spent, customers = sum(x.channel.spent for x in told.paid), sum(x.channel.customers for x in told.paid)
    lines: list[tuple[str | None, float, Array]] = [(x.name, x.cac[0], x.costs) for x in told.paid if x.cac is not None and x.costs is not None]
    if lines:
        lines.append((None, spent / customers, unit_economics.drawn_costs(spent, customers, scatter_of(told.paid), told.params.draws, rng)))
    for key, cost, costs in sorted(lines, key=lambda x: (x[0] is not None, x[0] or "")):
        name = key if key in told.margins else ""
        if name not in told.margins or (key is None and "" not in told.margins):
            continue
        margins = told.margins[name]
        value = margins.value()[None, :]
        drawn = told.value[name] if margins.people else np.repeat(value, costs.size, axis=0)
        months, over = float(unit_economics.months_to_pay(value, np.array([cost]))[0]), drawn[:, -1] / costs
        tail = (1 - told.params.level) / 2
        if math.isfinite(months):
            ordered = np.sort(unit_economics.months_to_pay(drawn, costs))
            low, high = float(ordered[int(tail * ordered.size)]), float(ordered[min(ordered.size - 1, int((1 - tail) * ordered.size))])
            label = say(zh="回本月数，{c}", en="Months to pay back, {c}", c=key) if key else Words("付费渠道回本月数", "Months to pay back, paid channels")
            made.append(Estimate("payback", months, min(low, months), max(high, months), key=key, n=margins.customers, counts=CUSTOMERS, level=told.params.level, label=label))
        low, high = bootstrap.percentile(over, told.params.level)
        ratio, label = float(value[0, -1]) / cost, say(zh="{m}个月毛利÷获客成本", en="Margin of {m} months ÷ cost per customer", m=margins.months)
        made.append(Estimate("ltv_cac", ratio, min(low, ratio), max(high, ratio), key=key, n=margins.customers, counts=CUSTOMERS, level=told.params.level, label=label))
    return made


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _headline(told: Told) -> Words:
    found, parts = told.found, []
    if "cac" in found:
        parts.append(say(zh="混合获客成本{c}（{n}名客户）", en="Blended cost per customer {c} ({n} customers)", c=shown(found["cac"]), n=f"{found['cac'].n:,}"))
    if len(told.paid) > 1:
        low, high = told.paid[-1], told.paid[0]
        parts.append(say(zh="最便宜的是{a}（{x}，概率{p}），最贵的是{b}（{y}）", en="cheapest {a} ({x}, probability {p}), dearest {b} ({y})", a=low.name, b=high.name,
                         x=told.money((low.cac or (0,))[0]), y=told.money((high.cac or (0,))[0]), p=amount(min(told.cheapest[low.name], 0.99))))
    if "payback" in found:
        parts.append(say(zh="回本{m}个月", en="paid back in {m} months", m=shown(found["payback"], 1)))
    elif not parts and "roas" in found:
        parts.append(say(zh="收入是花费的{r}倍", en="Revenue is {r} times the spend", r=shown(found["roas"])))
    return joined(parts, zh="；", en="; ") if parts else Words("没有一个渠道的获客成本算得出", "No channel has a cost per customer that can be computed")


def _dear(told: Told) -> list[Line]:
    """Channels where even the lower end of one more customer's cost is above what a customer brings in, or above the average cost."""
    out = []
    for line in told.paid:
        more, value = told.get("marginal_cac", line.name), _worth(told, line.name)
        if more is not None and (more.low or 0) > (value if value is not None else (told.found["cac_paid"].value)):
            out.append(line)
    return out


def _worth(told: Told, name: str) -> float | None:
    """Margin of a customer over the months seen."""
    margins = told.margins.get(name) or told.margins.get("")
    return None if margins is None else float(margins.value()[-1])


def _says(told: Told) -> Words:
    spent, customers = sum(x.channel.spent for x in told.lines), sum(x.channel.customers for x in told.lines)
    free = sum(x.channel.customers for x in told.lines if not x.channel.paid)
    made = say(zh="花费{s}，新客户{n}名", en="{s} spent, {n} new customers", s=told.money(spent), n=f"{customers:,.0f}")
    if free > 0:
        made += say(zh="，其中{f}名不花钱来，只看付费的要{p}", en=", {f} of them without spend; paid ones cost {p}", f=f"{free:,.0f}",
                    p=told.money(told.found["cac_paid"].value) if "cac_paid" in told.found else Words("算不出", "what cannot be told"))
    return made + Words("。", ".")


def _sure(told: Told) -> Words:
    phi, told_gain = scatter_of(told.lines), [x for x in told.lines if x.gain is not None or x.gain_revenue is not None]
    how = say(zh="客户数的起伏是偶然的{phi}倍，区间已放宽", en="Customers scatter {phi} times as much as chance, and the intervals allow for it", phi=amount(phi, "", 1)) if phi > 1 else Words(
        "成本的区间只含客户数的偶然", "The intervals of cost hold the chance in the count of customers only")
    made = how + say(zh="；{k}/{n}个渠道的花费有足够起伏，看得出多花会怎样", en="; the spend of {k} of {n} channels varies enough to tell what more would bring",
                     k=len(told_gain), n=sum(x.channel.paid for x in told.lines))
    if not told.books.attributed:
        return made + Words("。", ".")
    return made + say(zh="；客户数按{m}归因分配，换个模型就会变。", en="; customers are those that {m} credits, another model gives others.", m=MODELS[told.params.model])


def _next(told: Told) -> Words:
    dear, paid = _dear(told), told.paid
    if dear:
        line = dear[0]
        more = told.found[f"marginal_cac[{line.name}]"]
        worth = _worth(told, line.name)
        against = say(zh="一名客户的毛利{w}", en="the margin of a customer, {w}", w=told.money(worth)) if worth is not None else say(
            zh="付费渠道均价{w}", en="the average paid cost, {w}", w=told.money(told.found["cac_paid"].value))
        return say(zh="{c}先减量：再多一名客户要{m}，高于{a}；减掉两成，按地区随机停投核实。",
                   en="Cut {c} first: one customer more costs {m}, above {a}; take a fifth off and check with random regions held out.",
                   c=line.name, m=shown(more), a=against)
    slow = [x for x in paid if (e := told.get("ltv_cac", x.name)) is not None and (e.high or 0) < 1]
    if slow:
        return say(zh="{c}在看到的{m}个月里收不回成本：停掉或先改落地页和人群，再小额重试。",
                   en="{c} does not earn its cost within the {m} months seen: stop it, or mend landing page and audience and try again small.",
                   c=joined([Words(x.name, x.name) for x in slow[:3]]), m=max(m.months for m in told.margins.values()))
    if len(paid) > 1 and (paid[0].cac or (0, 0, 0))[1] > (paid[-1].cac or (0, 0, 0))[2]:
        return say(zh="{b}确实比{a}贵；挪预算前先给{a}加两成，看新增客户是否还这么便宜。",
                   en="{b} is surely dearer than {a}; before moving budget give {a} a fifth more and see whether its next customers stay as cheap.",
                   a=paid[-1].name, b=paid[0].name)
    if paid:
        return say(zh="各渠道成本分不出高下，预算先不动；对花费最多的{c}按地区随机停投两周，量它真正带来多少。",
                   en="Costs of the channels cannot be told apart: leave the budget, and hold {c} out of random regions for two weeks to see what it truly brings.",
                   c=max(paid, key=lambda x: (x.channel.spent, x.name)).name)
    return Words("先把每个渠道的新客户数记下来，再谈预算。", "Record the new customers of each channel before any word on the budget.")


def _change(told: Told) -> Words:
    if told.paid:
        line = told.paid[0]
        return say(zh="归因口径一换，或{c}停投后客户并不减少，它的{x}就不是真成本；涨价、旺季也要重算。",
                   en="Another way of attributing, or a pause of {c} that loses no customers, and its {x} is not the true cost; so too a new price or season.",
                   c=line.name, x=told.money((line.cac or (0,))[0]))
    return Words("有了各渠道的客户数，结论就会变。", "Customers by channel would change this.")


def _points(told: Told) -> tuple[Words, ...]:
    made = []
    for line in told.paid:
        if (e := told.get("elasticity", line.name)) is not None and (m := told.get("marginal_cac", line.name)) is not None:
            way = Words("多花越来越不划算", "returns diminish") if (e.high or 0) < 1 else Words("看不出递减", "no decline can be told")
            made.append(say(zh="{c}：平均{a}一名，再多一名要{m}（弹性{e}，{way}）", en="{c}: {a} a customer on average, {m} for one more (elasticity {e}, {way})",
                            c=line.name, a=told.money((line.cac or (0,))[0]), m=shown(m), e=shown(e), way=way))
    for line in told.paid:
        if (p := told.get("payback", line.name)) is not None:
            made.append(say(zh="{c}回本{p}个月（n={n}）", en="{c} is paid back in {p} months (n = {n})", c=line.name, p=shown(p, 1), n=f"{p.n:,}"))
    if "roas" in told.found:
        made.append(say(zh="收入是花费的{r}倍", en="Revenue is {r} times the spend", r=shown(told.found["roas"])))
    return tuple(made[:6])


def _names(lines: list[Line]) -> Words:
    return joined([Words(x.name, x.name) for x in lines[:6]])


def _warnings(told: Told) -> list[ev.Warning]:
    made: list[ev.Warning] = []

    def warn(holds: object, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            made.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    paid, n = told.paid, sum(x.channel.customers for x in told.lines)
    few, none = [x for x in paid if x.channel.customers < FEW], [x for x in told.lines if x.channel.paid and x.cac is None]
    warn(n < FEW, "small_n", "只有{n}名客户，渠道之间不比", "{n} customers only: channels are not compared", n=f"{n:,.0f}")
    warn(few, "few_customers", "客户不足{least}名，成本只看区间：{names}", "fewer than {least} customers, look at the interval of the cost only: {names}", least=FEW, names=_names(few))
    warn(none, "cac_not_computable", "花了钱却没有客户，成本算不出：{names}", "spend without a customer, so no cost can be given: {names}", names=_names(none))
    warn(not any(x.channel.paid for x in told.lines), "spend_zero", "花费合计为0，不给成本", "the spend sums to 0: no cost is given")
    still = [x for x in told.lines if x.channel.paid and "elasticity[" + x.name + "]" not in told.found]
    warn(not told.books.periods, "no_periods", "花费没有分期，多花会怎样说不出", "the spend has no periods: what more would bring cannot be told")
    warn(told.books.periods and still, "cannot_say", "花费起伏太小、期数不足或没有各期结果，多花会怎样说不出：{names}",
         "spend that hardly varies, few periods or no outcome by period: what more would bring cannot be told of {names}", names=_names(still))
    unclear = [x for x in told.lines if x.gain is not None and told.get("marginal_cac", x.name) is None]
    warn(unclear, "marginal_unclear", "多花能不能多来客户都不确定，不给边际成本：{names}", "whether more spend brings any customers is open, no marginal cost is given: {names}", names=_names(unclear))
    late = [x for x in paid if told.get("ltv_cac", x.name) is not None and told.get("payback", x.name) is None]
    warn(late, "not_reached", "在看到的月份里没有回本：{names}", "not paid back within the months seen: {names}", names=_names(late))
    warn(told.margins and not all(m.people for m in told.margins.values()), "margin_exact", "毛利是汇总数，回本的区间只含获客成本的偶然",
         "margins are sums: the interval of the payback holds the chance in the cost only")
    warn(any(e.name == "roas" and e.kind == Kind.EXACT for e in told.found.values()), "roas_exact",
         "期数不足8，投入产出比只是账面比值，没有区间",
         "fewer than 8 periods: the return is a ratio of the books, without interval")
    warn(told.books.attributed, "credit_not_cause", "客户数来自归因：只分功劳，不证因果", "customers come from attribution, which divides credit and proves no cause")
    warn(len(told.lines) == 1, "one_channel", "只有一个渠道，没有可比的", "there is one channel: nothing to compare")
    return made


# ── tables and charts ─────────────────────────────────────────────────────────────────────────────────────────────────


def _tables(told: Told) -> tuple[ResultTable, ...]:
    money = told.params.currency
    names = (("cac", "获客成本", "Cost per customer"), ("roas", "投入产出比", "Return"), ("payback", "回本（月）", "Payback (months)"), ("ltv_cac", "毛利÷成本", "Margin ÷ cost"),
             ("elasticity", "弹性", "Elasticity"), ("marginal_cac", "再多一名的成本", "Cost of one more"), ("marginal_roas", "再多1元的收入", "Return of one more"))
    used = [x for x in names if any(e.name == x[0] and e.key is not None for e in told.found.values())]
    heads = (ColumnHead("channel", Words("渠道", "Channel")), ColumnHead("spend", Words("花费", "Spend"), money), ColumnHead("customers", Words("客户", "Customers"), decimals=0),
             *(ColumnHead(name, Words(zh, en)) for name, zh, en in used))
    order = sorted(told.lines, key=lambda x: (-x.channel.spent, x.name))
    rows: list[tuple[Any, ...]] = [(x.name, x.channel.spent, x.channel.customers, *(None if (e := told.get(n, x.name)) is None else shown(e) for n, _, _ in used)) for x in order[:40]]
    return (ResultTable("channels", Words("各渠道的投入与产出", "Spend and return by channel"), heads, tuple(rows)),)


def _charts(told: Told) -> tuple[ev.Chart, ...]:
    made = []
    drawn = [x for x in told.paid[:12] if x.cac is not None and math.isfinite(x.cac[2])]
    if drawn:
        rows = [Strip(say(zh="{c}（n={n}）", en="{c} (n = {n})", c=x.name, n=f"{x.channel.customers:,.0f}"), x.cac[1], x.cac[0], x.cac[2], f"{x.cac[0]:,.1f}") for x in drawn if x.cac]
        average = told.found["cac_paid"].value
        alt = joined([say(zh="{c}：{v}", en="{c}: {v}", c=x.name, v=told.money(x.cac[0])) for x in drawn if x.cac], zh="；", en="; ")
        title = say(zh="各渠道获客成本与区间，虚线为付费均价{a}", en="Cost per customer with intervals; dashed at the paid average, {a}", a=told.money(average))
        unit = Words("元", "CNY") if told.params.currency == "CNY" else told.params.currency
        made.append(strips("cac", title, alt, rows, say(zh="获客成本（{u}）", en="cost per customer ({u})", u=unit), line=average))
    return (*made, *_payback_chart(told))


def _payback_chart(told: Told) -> tuple[ev.Chart, ...]:
    lines = [x for x in told.paid if told.get("ltv_cac", x.name) is not None][:6]
    if not lines:
        return ()
    rows = []
    for line in lines:
        margins = told.margins.get(line.name) or told.margins[""]
        value = margins.value()
        rows += [{"month": k, "share": float(v) / (line.cac or (1.0,))[0], "channel": line.name} for k, v in enumerate([0.0, *value.tolist()])]
    last = [r for i, r in enumerate(rows) if i + 1 == len(rows) or rows[i + 1]["channel"] != r["channel"]]
    alt = joined([say(zh="{c}到末月收回{v}倍", en="{c} has earned {v} times its cost by the last month", c=r["channel"], v=amount(float(str(r["share"])), "", 2)) for r in last], zh="；", en="; ")
    axes = Words("获客后第几个月", "months since acquired"), Words("累计毛利÷获客成本", "cumulative margin ÷ cost")
    return (named_lines("payback", Words("累计毛利与获客成本之比，1为回本", "Cumulative margin over cost; 1 is paid back"), alt, rows, axes, rule=1.0),)


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Forty made-up weeks of three channels, one of them hardly varied, and the monthly margins of 240 customers."""
    weeks, rows = [(date(2026, 1, 5) + timedelta(days=7 * k)).isoformat() for k in range(40)], []
    for name, base, scale, power in (("search", 8000.0, 0.9, 0.6), ("social", 12000.0, 0.35, 0.7), ("mail", 900.0, 0.12, 1.0)):
        for week in weeks:
            cost = round(float(base * np.exp(rng.normal(0, 0.05 if name == "mail" else 0.5))), 2)
            customers = int(rng.poisson(scale * cost**power))
            rows.append({"channel": name, "period": week, "cost": cost, "customers": customers, "revenue": round(customers * float(rng.normal(180, 10)), 2)})
    people = [{"customer": f"c{k}", "month": month, "margin": round(float(rng.gamma(1.2, 9.0)), 2)} for k in range(240) for month in range(8)]
    return {"spend": Frame.of(rows, "spend.csv"), "margins": Frame.of(people, "margins.csv")}


@method(
    title=Words("渠道的账", "Channel economics"),
    question=Words("每个渠道获一名客户花多少、几个月回本、再多花会怎样？", "What does a customer cost in each channel, when is it paid back, and what would more spend bring?"),
    reads_as=Words("看整段区间；加减预算看“再多一名的成本”，不看平均成本", "Read whole intervals; to move budget look at the cost of one customer more, not at the average"),
    limit=Words("花费常跟着需求走，边际数字不证因果；要证只能留出对照", "Spend follows demand: marginal figures prove no cause, only a holdout does"),
    formula="cost = spend / customers (Garwood 1936, with dispersion); payback and margin by bootstrap (Efron 1979); marginal: E y = c x^e, quasi-likelihood "
    "(McCullagh & Nelder 1989), Newey & West 1987",
    reads=(
        Reads("spend", Words("花费，一行一个渠道和一期", "spend, one row a channel and period"), (
            Column("channel", "category", Words("渠道", "channel")), Column("cost", "number", Words("花费", "cost"), low=0),
            Column("period", "time", Words("期（如周的首日）", "period, such as the first day of the week"), required=False),
            Column("customers", "number", Words("新客户数", "new customers"), required=False, low=0),
            Column("revenue", "number", Words("收入", "revenue"), required=False, low=0))),
        Reads("attributed", Words("归因的结果（finding:attribution.models）", "credits of attribution (finding:attribution.models)"), (
            Column("channel", "category", Words("渠道", "channel")),), required=False, others=Words("各模型归到的客户", "customers by model")),
        Reads("margins", Words("客户每月的毛利", "monthly margin of customers"), (
            Column("channel", "category", Words("渠道；空为各渠道相同", "channel; empty for all alike"), required=False),
            Column("customer", "id", Words("客户；汇总数则不填", "customer; none where rows are sums"), required=False),
            Column("month", "number", Words("获客后的月份，0起", "month since acquired, from 0"), low=0, high=600),
            Column("margin", "number", Words("毛利", "margin")),
            Column("customers", "number", Words("汇总：那个月可观察的客户数", "sums: customers at risk in that month"), required=False, low=0),
            Column("observed", "number", Words("该客户已观察几个月", "months for which the customer was seen"), required=False, low=0)), required=False),
    ),
    gives=("cac", "cac_paid", "cac[]", "roas", "roas[]", "payback", "payback[]", "ltv_cac", "ltv_cac[]", "elasticity[]", "marginal_cac[]", "marginal_roas[]"),
    params=ChannelEconomicsParams,
    example=example,
)
def channel_economics(spend: Frame, attributed: Frame | None, margins: Frame | None, *, params: ChannelEconomicsParams, rng: np.random.Generator) -> Finding:
    notes: list[ev.Warning] = []
    books = channel_books.read(spend, attributed, params.model, notes)
    lines = tuple(line_of(channel, params.draws, params.level, rng) for channel in books.channels)
    kept = channel_books.margins_of(margins) if margins is not None else {}
    value = {name: unit_economics.resampled_value(m.margins, m.seen, params.draws, rng) for name, m in kept.items() if m.people}
    told = Told(books, lines, params, {}, value, kept, cheapest(lines))
    told.found.update({e.full_name: e for e in _estimates(told)})
    told.found.update({e.full_name: e for e in _paybacks(told, rng)})
    return Finding(_headline(told), ev.Meaning(_says(told), _sure(told), _next(told), _change(told)), tuple(told.found.values()), _points(told), _tables(told), _charts(told),
                   (*_warnings(told), *notes), observed=books.observed)
