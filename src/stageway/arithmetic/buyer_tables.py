"""Tables and warnings of divided buyers, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from stageway.arithmetic import buyer_history as history
from stageway.arithmetic.buyer_classes import Divided
from stageway.arithmetic.buyer_history import Ledger
from stageway.arithmetic.buyer_words import LIFE, NEXT
from stageway.evidence import ColumnHead, Estimate, ResultTable, Warning, Words, amount, joined, say, shown


def class_tables(d: Divided, found: Mapping[str, Estimate], quantiles: tuple[float, float]) -> list[ResultTable]:
    def cell(name: str, id: str) -> Words | None:
        return shown(e) if (e := found.get(f"{name}[{id}]")) else None

    heads = (ColumnHead("class", Words("类别", "Class")), ColumnHead("customers", Words("客户", "Customers"), decimals=0), ColumnHead("share", Words("占客户", "Share of customers")),
             ColumnHead("revenue_share", Words("占收入", "Share of revenue")), ColumnHead("next", Words("下一步", "Next")))
    rows = tuple((name, int((d.kind == i).sum()), cell("share", id), cell("revenue_share", id), NEXT[id]) for i, (id, name) in enumerate(d.names))
    made = [ResultTable("classes", Words("客户分层", "Classes of customers"), heads, rows, rule(d))]
    if d.map == "eleven":
        named = dict(d.names)
        cells = (ColumnHead("r", Words("R分", "R score")), *(ColumnHead(f"fm{k}", say(zh="FM{k}分", en="FM {k}", k=k)) for k in range(1, history.SCORES + 1)))
        lines = tuple((str(history.SCORES - i), *(named[id] for id in line.split())) for i, line in enumerate(history.GRID))
        made.append(ResultTable("grid", Words("分层格：R分与FM分（F与M的平均，半分舍去）", "The grid: R score and FM score (mean of F and M, halves down)"), cells, lines))
    if d.life is not None and d.bounds is not None:
        note = say(zh="沉默：超过{a}天没买（购买间隔的{p}分位）；流失：超过{b}天（{q}分位）。还没结束的间隔不在其中，分位数偏短",
                   en="silent past {a} days ({p} quantile of the gaps), lost past {b} days ({q}); gaps still open are not among them, so both lean short",
                   a=f"{d.bounds[0]:g}", b=f"{d.bounds[1]:g}", p=amount(quantiles[0], "%", 0), q=amount(quantiles[1], "%", 0))
        stages = (ColumnHead("stage", Words("阶段", "Stage")), ColumnHead("customers", Words("客户", "Customers"), decimals=0), ColumnHead("share", Words("占比", "Share")))
        counts = tuple((name, int((d.life == i).sum()), cell("lifecycle", id)) for i, (id, name) in enumerate(LIFE))
        made.append(ResultTable("lifecycle", Words("生命周期", "Life cycle"), stages, counts, note))
    return made


def rule(d: Divided) -> Words:
    if d.map == "eleven":
        fixed = [name.upper() for name, e in zip("rfm", d.cuts.edges, strict=True) if e]
        score = Words("按五分位打分（中间秩，相同者同分）", "scored by fifths (mid-ranks; alike scores alike)")
        if fixed:
            score = say(zh="{names}按固定分界，其余按五分位打分", en="{names} by fixed cuts, the rest by fifths", names=joined([Words.of(name) for name in fixed]))
        return say(zh="{score}；各格属于哪一类见分层格", en="{score}; the grid table says which cell is which class", score=score)
    cuts = [f"{d.cuts.at(i):,.4g}" for i in range(3 if d.map == "eight" else 2)]
    less, more = ("≤", "≥") if d.cuts.style == "fixed" else ("<", ">")
    parts = [say(zh="R{side}{v}天", en="R {side} {v} days", side=less, v=cuts[0]),
             *(say(zh="{n}{side}{v}", en="{n} {side} {v}", n=n, side=more, v=v) for n, v in zip("FM", cuts[1:], strict=False))]
    how = {"mean": Words("均值", "mean"), "median": Words("中位数", "median"), "fixed": Words("给定的分界", "given cuts")}[d.cuts.style]
    return say(zh="高的条件（{how}）：{parts}", en="high means ({how}): {parts}", how=how, parts=joined(parts, zh="，", en=", "))


def customer_table(d: Divided, listed: int, currency: str) -> ResultTable:
    b = d.buyers
    keys = list(zip((-np.nan_to_num(b.money, nan=-np.inf)).tolist(), (-b.times).tolist(), b.since.tolist(), b.ids, strict=True))
    order = sorted(range(b.n), key=keys.__getitem__)[:listed]
    heads = [ColumnHead("customer", Words("客户", "Customer")), ColumnHead("class", Words("类别编号", "Class id")), ColumnHead("class_name", Words("类别", "Class")),
             ColumnHead("since", Words("距上次购买（天）", "Days since the last"), decimals=0), ColumnHead("times", Words("购买天数", "Purchase days"), decimals=0),
             ColumnHead("money", Words("金额", "Money"), currency), ColumnHead("lifecycle", Words("生命周期", "Life cycle"))]
    rows: list[tuple[Any, ...]] = []
    for i in order:
        id, name = d.names[d.kind[i]] if d.kind[i] >= 0 else (None, Words("金额未知，未分类", "Amount unknown, not classed"))
        rows.append((b.ids[i], id, name, float(b.since[i]), float(b.times[i]), None if np.isnan(b.money[i]) else round(float(b.money[i]), 6), LIFE[d.life[i]][1] if d.life is not None else None))
    note = None if len(order) == b.n else say(zh="金额最高的{k}位，共{n}位；要全部请调大listed", en="the {k} with most money of {n}; raise listed for all", k=f"{len(order):,}", n=f"{b.n:,}")
    return ResultTable("customers", Words("客户与类别", "Customers and their classes"), tuple(heads), tuple(rows), note)


def warnings_of(d: Divided, ledger: Ledger, outside: int, *, net: bool) -> list[Warning]:
    out: list[Warning] = []
    b = d.buyers

    def warn(holds: bool, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            out.append(Warning(code, say(zh=zh, en=en, **slots)))

    warn(b.n < 30, "small_n", "只有{n}位客户，分界和占比都不稳，只宜当作名单", "only {n} customers: cuts and shares are loose, use the list only", n=b.n)
    warn(bool(np.ptp(b.times) == 0), "f_constant", "所有客户的购买天数都是{k}，F分不出高低", "every customer has {k} purchase days: F separates nobody", k=f"{b.times[0]:g}")
    warn(bool(np.ptp(b.since) == 0), "r_constant", "所有客户距上次购买的天数相同，R分不出高低", "every customer bought last on the same day: R separates nobody")
    known = b.money[~np.isnan(b.money)]
    warn(known.size > 0 and bool(np.ptp(known) == 0), "m_constant", "所有客户的金额相同，M分不出高低", "all customers spent alike: M separates nobody")
    warn(not ledger.priced, "no_amount", "没有金额，只按R和F分类", "there are no amounts: classes by R and F only")
    warn(ledger.priced > 1 and ledger.alike, "amount_constant", "每笔购买金额都一样，M只是重复F", "every purchase has the same amount: M repeats F")
    unclassed = b.n - d.classed
    warn(unclassed > 0, "customers_unpriced", "{k}位客户的金额全部缺失，没有分类", "customers without any amount, not classed: {k}", k=f"{unclassed:,}")
    warn(bool(ledger.priced and ledger.unpriced), "amount_missing", "{k}笔购买缺金额，这些客户的M偏低",
         "purchases without an amount: {k}; the M of these customers is too low", k=f"{ledger.unpriced:,}")
    how = Words("已从金额中扣除", "subtracted") if net else Words("没有计入", "left out")
    warn(ledger.refunds > 0, "refunds", "{k}行负数金额按退款处理，{how}，不算购买", "negative amounts: {k}, taken as refunds and {how}; they are no purchases", k=f"{ledger.refunds:,}", how=how)
    below = int((known < 0).sum())
    warn(below > 0, "net_negative", "{k}位客户的净额小于0，算收入占比时按0计", "customers whose refunds exceed their purchases: {k}; they count as 0 in shares of revenue", k=f"{below:,}")
    warn(ledger.merged > 0, "days_merged", "同一天的{k}笔购买并入当天的一次", "purchases merged into another of the same day: {k}", k=f"{ledger.merged:,}")
    warn(ledger.incomplete > 0, "rows_incomplete", "{k}行没有客户或时间，没有计入", "rows without a customer or a time, not counted: {k}", k=f"{ledger.incomplete:,}")
    warn(outside > 0, "after_until", "{k}位客户在观察日之后才有购买，不在其中", "customers who bought only outside the days observed: {k}", k=f"{outside:,}")
    warn(d.life is None, "no_lifecycle", "复购间隔不足{k}个，没有划分生命周期", "fewer than {k} gaps between purchases: no life cycle is cut", k=history.FEWEST_GAPS)
    return out
