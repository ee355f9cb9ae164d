"""Into which classes do customers fall by when they last bought, how often and for how much, and what does each class hold?

R = days from the last purchase day to `until`, F = purchase days, M = money (refunds subtracted). Eight classes of Chinese practice: each of R, F, M is
high where it lies on the good side of the cut (mean or median of all customers, alike counts as low; or a fixed one, which itself counts as high).
Eleven classes: scores 1-5 by mid-rank, 1 + floor(5 × (customers below + half of those alike) ÷ all), laid on a grid of R against FM, the mean of F and M with halves down.
share = customers of the class ÷ all (Wilson 1927, the cut taken as given); revenue_share = their money ÷ all money, with the customer as the unit
(Cochran 1977); gini with n ÷ (n − 1), top_share = money of the best fifth, both by influences (Davidson 2009). Life cycle: silent past the 80% quantile of the gaps between
purchases, lost past the 95% one. With `before`, who moved from which class to which, judged by the cuts of the later day. stayed[] needs `before`.
Sources: Hughes (1994), Strategic Database Marketing (quintiles); Bult & Wansbeek (1995), Marketing Science 14, 378-394; Gini (1912).
Not for a subscription, whose rhythm the contract sets, and not to predict: customer_value does that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from stageway import evidence as ev
from stageway.arithmetic import buyer_history as history
from stageway.arithmetic.buyer_charts import classes_chart, lorenz_chart
from stageway.arithmetic.buyer_classes import Cuts, Divided, divided
from stageway.arithmetic.buyer_history import Ledger
from stageway.arithmetic.buyer_tables import class_tables, customer_table, warnings_of
from stageway.arithmetic.buyer_words import BEST, LIFE, NEXT, QUIET
from stageway.arithmetic.clusters import Clustered
from stageway.arithmetic.concentration import best_share, gini
from stageway.arithmetic.intervals import wilson
from stageway.arithmetic.parameters import day_of, names_in
from stageway.evidence import (
    Column,
    ColumnHead,
    DataError,
    Estimate,
    Finding,
    Frame,
    Kind,
    Meaning,
    ParamError,
    Reads,
    ResultTable,
    Where,
    Words,
    joined,
    method,
    param,
    say,
    shown,
)

Array = NDArray[np.float64]
CUSTOMERS = Words("位客户", "customers")
FEWEST_HOLDERS = 5


@dataclass(frozen=True)
class RfmParams(ev.Params):
    classes: str = param("eight", choices={"eight": Words("八类：R、F、M各分高低", "eight: R, F and M high or low"), "eleven": Words("十一类：R与FM的五分格", "eleven: a grid of R and FM scores")},
                         help=Words("分成哪些类", "which classes"))
    cut: str = param("mean", choices={"mean": Words("全体的均值", "mean of all"), "median": Words("全体的中位数", "median of all"), "fixed": Words("由参数给定", "given by parameters")},
                     help=Words("八类时高低的分界", "where high begins, for eight classes"))
    edges_r: str = param("", help=Words("R的固定分界，天：八类一个，十一类四个，从小到大，逗号隔开", "fixed cuts of R in days: one for eight classes, four for eleven, ascending, commas between"))
    edges_f: str = param("", help=Words("F的固定分界，次", "fixed cuts of F in purchase days"))
    edges_m: str = param("", help=Words("M的固定分界，金额", "fixed cuts of M in money"))
    until: str | None = param(None, help=Words("看到哪一天，如2026-10-31；空则取最后一笔购买", "as of which day, such as 2026-10-31; the last purchase without it"))
    before: str | None = param(None, help=Words("与更早的哪一天比，看类别的迁移", "an earlier day, to see who moved between the classes"))
    window: int = param(0, low=0, high=3650, unit="d", help=Words("只看最近多少天的购买；0为全部", "count purchases of so many days only; 0 for all"))
    refunds: str = param("net", choices={"net": Words("从金额里扣除", "subtracted from the money"), "ignore": Words("不计", "left out")}, help=Words("负数金额（退款）", "negative amounts (refunds)"))
    silent: float = param(0.80, low=0.5, high=0.99, help=Words("超过购买间隔的哪个分位算沉默", "quantile of the gaps past which a customer is silent"))
    lost: float = param(0.95, low=0.5, high=0.999, help=Words("超过购买间隔的哪个分位算流失", "quantile of the gaps past which a customer is lost"))
    listed: int = param(1000, low=1, high=10_000_000, help=Words("客户表列出多少位，按金额从高到低", "customers in the table, most money first"))
    currency: str = param("CNY", help=Words("金额的单位", "unit of amounts"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


# ── dividing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _edges(params: RfmParams) -> tuple[tuple[float, ...], ...]:
    needed = 1 if params.classes == "eight" else history.SCORES - 1
    made = []
    for name in ("r", "f", "m"):
        text = getattr(params, f"edges_{name}")
        try:
            values = tuple(float(part) for part in names_in(text))
        except ValueError:
            values = (1.0, 0.0)
        fitting = len(values) == needed and np.all(np.diff(values) > 0) and np.all(np.isfinite(values))
        if not (fitting or (not values and not (params.cut == "fixed" and params.classes == "eight"))):
            what = say(zh="参数“{name}”的值不对", en='parameter "{name}" cannot take this value', name=f"edges_{name}")
            raise ParamError("param_wrong", what, where=Where(value=text[:40]), expected=say(zh="{k}个从小到大的数，逗号隔开", en="{k} ascending numbers with commas between", k=needed))
        made.append(values)
    return tuple(made) if params.cut == "fixed" or params.classes == "eleven" else ((), (), ())


# ── estimates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _share(name: str, x: float, n: int, label: Words, level: float, key: str | None = None) -> Estimate:
    return Estimate(name, x / n, *wilson(x, n, level), key=key, unit="%", n=n, counts=CUSTOMERS, kind=Kind.SHARE, level=level, label=label)


def _estimates(d: Divided, params: RfmParams) -> list[Estimate]:
    made, b, level = [], d.buyers, params.level
    money = np.maximum(np.nan_to_num(b.money), 0.0)
    for i, (id, name) in enumerate(d.names):
        count = int(np.count_nonzero(d.kind == i))
        made.append(Estimate("customers", float(count), key=id, n=d.classed, counts=CUSTOMERS, kind=Kind.EXACT, label=say(zh="{name}的人数", en="Customers: {name}", name=name)))
        if d.classed:
            made.append(_share("share", count, d.classed, name, level, id))
        held = _held(money, np.equal(d.kind, i), level) if d.priced and d.classed > 1 else None
        if held is not None:
            made.append(Estimate("revenue_share", *held, key=id, unit="%", n=d.classed, counts=CUSTOMERS, level=level, label=say(zh="{name}占收入", en="Revenue share: {name}", name=name)))
    made.append(_share("repeat_share", float((b.times > 1).sum()), b.n, Words("买过不止一天的客户占比", "Customers who bought on more than one day"), level))
    made += _uneven(np.sort(money[~np.isnan(b.money)]), level)
    for i, (id, name) in enumerate(LIFE) if d.life is not None else ():
        made.append(_share("lifecycle", float(np.count_nonzero(d.life == i)), b.n, say(zh="{name}客户占比", en="{name} customers", name=name), level, id))
    return made


def _uneven(ascending: Array, level: float) -> list[Estimate]:
    """gini and top_share, where at least five customers hold unequal amounts."""
    if ascending.size < FEWEST_HOLDERS or ascending[0] == ascending[-1]:
        return []
    found = (("gini", gini(ascending), "", Words("收入的基尼系数", "Gini of revenue")), ("top_share", best_share(ascending, 0.2), "%", Words("前两成客户占收入", "Revenue share of the best fifth")))
    return [Estimate(name, of.value, *of.interval(level), unit=unit, n=ascending.size, counts=CUSTOMERS, level=level, label=label) for name, of, unit, label in found if 0 < of.value < 1]


def _held(money: Array, inside: NDArray[np.bool_], level: float) -> tuple[float, float, float] | None:
    """The class's share of all money, with its interval; money is put on a scale on which its sum cannot limit the effective n."""
    total = float(money.sum())
    if not total > 0 or not 0 < money[inside].sum() < total:
        return None
    part = Clustered(money * inside * (1e9 / total), money * (1e9 / total))
    low, high = part.interval(level)
    return part.share, min(low, part.share), max(high, part.share)


def _moved(was: Divided | None, now: Divided, params: RfmParams) -> tuple[list[Estimate], list[ResultTable]]:
    if was is None:
        return [], []
    k = len(now.names)
    table = history.moves(was.buyers.ids, was.kind, now.buyers.ids, now.kind, k)
    made = [_share("stayed", float(table[i, i]), int(table[i].sum()), say(zh="{name}仍在原类", en="Still {name}", name=name), params.level, id)
            for i, (id, name) in enumerate(now.names) if table[i].sum()]
    out = Words("不在表中", "Not in the table")
    heads = (ColumnHead("from", Words("之前", "Before")), *(ColumnHead(id, name, decimals=0) for id, name in now.names), ColumnHead("gone", out, decimals=0))
    rows = tuple((name, *(int(c) for c in table[i])) for i, name in enumerate([*(n for _, n in now.names), out]))
    title = say(zh="从{a}到{b}的迁移（人数）", en="Moves from {a} to {b} (customers)", a=params.before, b=Words("现在", "now") if params.until is None else Words.of(params.until))
    return made, [ResultTable("migration", title, heads, rows, Words("两天用同一分界，以后一天为准", "both days by the cuts of the later one"))]


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _group(d: Divided, ids: Sequence[str], level: float) -> tuple[Words, int, Estimate | None, Estimate | None]:
    """Name, customers, share and revenue share of some classes together."""
    index = [i for i, (id, _) in enumerate(d.names) if id in ids]
    inside = np.isin(d.kind, index)
    name = joined([d.names[i][1] for i in index], zh="与", en=" and ")
    if not d.classed:
        return name, 0, None, None
    held = _held(np.maximum(np.nan_to_num(d.buyers.money), 0.0), inside, level) if d.priced else None
    return (name, int(inside.sum()), _share("share", float(inside.sum()), d.classed, name, level),
            Estimate("revenue_share", *held, unit="%", n=d.classed, level=level) if held else None)


def _headline(d: Divided, params: RfmParams) -> Words:
    name, _, share, held = _group(d, BEST[d.map], params.level)
    n = f"{d.classed:,}"
    if share is None:
        return say(zh="{n}位客户的金额都不知道，无法分类", en="The money of none of {n} customers is known: they cannot be classed", n=f"{d.buyers.n:,}")
    if held is None:
        return say(zh="{name}占客户的{share}（n={n}）", en="{name}: {share} of the customers (n = {n})", name=name, share=shown(share), n=n)
    return say(zh="{name}占客户的{share}，带来{held}的收入（n={n}）", en="{name}: {share} of the customers, {held} of the revenue (n = {n})", name=name, share=shown(share), held=shown(held), n=n)


def _meaning(d: Divided, found: dict[str, Estimate], until: date, params: RfmParams) -> Meaning:
    quiet, count, share, held = _group(d, QUIET[d.map], params.level)
    if share is None:
        nothing = Words("没有一位客户的金额是完整的，分不出类", "The money of no customer is known, so that no class can be told")
        return Meaning(nothing, nothing, Words("先补齐金额；或不映射金额列，只按R和F分四类", "Complete the amounts; or leave the amount column out for four classes by R and F"),
                       Words("补齐金额后重算", "Compute again with the amounts"))
    money = say(zh="，贡献了{held}的收入", en=", who brought {held} of the revenue", held=shown(held)) if held else Words("", "")
    says = say(zh="{name}共{count}位（{share}）{money}：买得好，但已经久未来", en="{name}: {count} customers ({share}){money}; they bought well and have stayed away",
               name=quiet, count=f"{count:,}", share=shown(share), money=money)
    how = {"mean": Words("均值", "the mean"), "median": Words("中位数", "the median"), "fixed": Words("给定的分界", "the given cuts")}[params.cut]
    how = Words("五分格", "the grid of fifths") if d.map == "eleven" else how
    sure = say(zh="对这份名单，各类人数是全数，没有误差；区间把这{n}位当作同类客户的一个样本，说的是以后来的客户会怎样分布，并把分界（{how}）当作已定",
               en="For this list the numbers are complete and without error; the intervals take the {n} as a sample of customers like them, and the cut ({how}) as settled",
               n=f"{d.classed:,}", how=how)
    first = next(id for id in QUIET[d.map])
    after = say(zh="先处理{name}（{k}位）：{what}；留一成随机不触达，才知道召回有没有用", en="Begin with {name} ({k}): {what}; leave a random tenth alone, or nobody will know whether it worked",
                name=dict(d.names)[first], k=f"{int((d.kind == [id for id, _ in d.names].index(first)).sum()):,}", what=NEXT[first])
    if d.map != "eleven" and params.cut == "mean" and d.priced:
        cuts = say(zh="F>{f}、M>{m}", en="F > {f} and M > {m}", f=f"{d.cuts.at(1):.3g}", m=f"{d.cuts.at(2):,.4g}")
        change = say(zh="截至{day}的均值（{cuts}）由少数大客户拉高，换成中位数再看一遍；大促之后R整体变小，类别会一起变",
                     en="The mean as of {day} ({cuts}) is drawn up by a few large customers: look once by the median; "
                        "after a big promotion every R falls and the classes move together", day=until, cuts=cuts)
    else:
        change = say(zh="以{day}为准；大促之后R整体变小，类别会一起变，隔月再看是否还在",
                     en="As of {day}; after a big promotion every R falls and the classes move together, so look again a month later", day=until)
    return Meaning(says, sure, after, change)


def _points(d: Divided, found: dict[str, Estimate], moved: Sequence[Estimate], params: RfmParams) -> tuple[Words, ...]:
    made = []
    if {"gini", "top_share"} <= found.keys():
        made.append(say(zh="前两成客户占收入的{top}，基尼系数{gini}",
                        en="The best fifth of the customers brings {top} of the revenue, Gini {gini}", top=shown(found["top_share"]), gini=shown(found["gini"])))
    made.append(say(zh="买过不止一天的客户占{share}", en="Customers who bought on more than one day: {share}", share=shown(found["repeat_share"])))
    if d.life is not None and d.bounds is not None:
        made.append(say(zh="按购买间隔，沉默客户占{silent}，流失客户占{lost}（分界{a}天与{b}天）", en="By the gaps between purchases {silent} are silent and {lost} lost (past {a} and {b} days)",
                        silent=shown(found["lifecycle[silent]"]), lost=shown(found["lifecycle[lost]"]), a=f"{d.bounds[0]:g}", b=f"{d.bounds[1]:g}"))
    best = next((e for e in moved if e.key in BEST[d.map]), None)
    if best is not None:
        made.append(say(zh="{before}时的{name}里，{share}现在仍是（n={n}）", en="Of {name} as of {before}, {share} still are (n = {n})",
                        before=params.before, name=dict(d.names)[best.key or ""], share=shown(best), n=f"{best.n:,}"))
    return tuple(made)


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """220 customers over a year: many who buy once, some who come often, a few who spend much."""
    rows = []
    for i in range(220):
        rate, mean, day, left = rng.gamma(0.9, 1 / 60), rng.gamma(3, 30), float(rng.uniform(0, 300)), rng.uniform(60, 500)
        end = min(365.0, day + left)
        while day < end:
            at = date(2025, 7, 1) + timedelta(days=int(day))
            rows.append({"customer": f"c{i:03d}", "time": at.isoformat(), "amount": round(float(rng.gamma(4, mean / 4)), 2)})
            day += 1 + rng.exponential(1 / max(rate, 1e-3))
    return {"purchases": Frame.of(rows, "purchases.csv")}


@method(
    title=Words("RFM客户分层", "RFM classes of customers"),
    question=Words("按最近、频次、金额把客户分成哪几类，每类有多少人和收入？", "Which classes do customers form by recency, frequency and money, and what does each hold?"),
    reads_as=Words("先看各类占收入多少，再看买得好却久未来的那几类；分界写在表下。",
                   "See first what each class holds of the revenue, then the good customers who stay away; the cuts stand under the table."),
    limit=Words("只描述过去，不预测；分界是约定，换一个分界，人数就变。", "It describes the past and predicts nothing; the cuts are a convention, and other cuts give other numbers."),
    formula="R days, F purchase days, M money; high against mean, median or fixed cut, or mid-rank fifths (Hughes 1994); Wilson 1927, Cochran 1977 (revenue), Davidson 2009 (Gini)",
    reads=(
        Reads("purchases", Words("购买记录，一笔一行", "purchases, one row each"), (
            Column("customer", "id", Words("客户", "the customer")), Column("time", "time", Words("购买时间", "when")),
            Column("amount", "number", Words("金额，退款为负", "amount, refunds negative"), required=False))),
    ),
    gives=("customers[]", "share[]", "revenue_share[]", "repeat_share", "gini", "top_share", "lifecycle[]", "stayed[]"),
    params=RfmParams,
    example=example,
)
def rfm(purchases: Frame, *, params: RfmParams, rng: np.random.Generator) -> Finding:
    ledger = history.ledger_of(purchases, net=params.refunds == "net")
    if not ledger.bought:
        what = Words("没有一行同时有客户和时间，且不是退款", "no row has a customer and a time and is not a refund")
        raise DataError("no_purchases", what, where=Where(file=purchases.source or None))
    until = day_of(params.until, "until") or ledger.span[1]
    buyers = history.seen(ledger, until, params.window)
    if not buyers.n:
        raise DataError("no_purchases", say(zh="截至{day}的观察期内没有一笔购买", en="nothing was bought in the days observed up to {day}", day=until), where=Where(file=purchases.source or None))
    between = history.gaps(ledger, until)
    bounds = (float(np.quantile(between, params.silent)), float(np.quantile(between, max(params.silent, params.lost)))) if between.size >= history.FEWEST_GAPS else None
    cuts = Cuts(_edges(params), buyers, params.cut, params.classes == "eleven")
    now = divided(buyers, cuts, bounds)
    estimates = _estimates(now, params)
    moved, tables = _moved(_earlier(ledger, until, cuts, params), now, params)
    found = {e.full_name: e for e in estimates}
    priced = now.priced and now.classed > 1
    charts = [classes_chart(now.names, now.kind, found)] if now.classed else []
    charts += [lorenz_chart(np.nan_to_num(buyers.money), found)] if priced and "top_share" in found else []
    own = class_tables(now, found, (params.silent, params.lost))
    warnings = warnings_of(now, ledger, len(ledger.bought) - buyers.n, net=params.refunds == "net")
    return Finding(
        headline=_headline(now, params), meaning=_meaning(now, found, until, params), estimates=(*estimates, *moved), points=_points(now, found, moved, params),
        tables=(*own, *tables, customer_table(now, params.listed, params.currency)), charts=tuple(charts), warnings=tuple(warnings),
        observed=(ledger.span[0], until) if not params.window else (until - timedelta(days=params.window - 1), until))


def _earlier(ledger: Ledger, until: date, cuts: Cuts, params: RfmParams) -> Divided | None:
    before = day_of(params.before, "before")
    if before is None:
        return None
    if before >= until:
        what = Words("参数“before”的值不对", 'parameter "before" cannot take this value')
        raise ParamError("param_wrong", what, where=Where(value=str(before)), expected=say(zh="早于{day}的日期", en="a day before {day}", day=until))
    earlier = history.seen(ledger, before, params.window)
    if not earlier.n:
        raise DataError("no_purchases", say(zh="截至{day}没有一笔购买，无从比较", en="nothing was bought up to {day}: there is nothing to compare with", day=before))
    return divided(earlier, cuts, None)
