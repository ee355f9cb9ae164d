"""What do the alternatives have, what has only our product, what have all but us, and how old is what we know?

    cell = 1 (yes), ½ (partly), 0 (no); open where unknown or where two checkers differ
    coverage[c] = Σ w_f · cell_fc / Σ w_f over the checked features of c
    unique = features we have in full and every listed alternative was checked for and has not at all
    lacking = features every alternative has in full and we have not, or partly
    lead = our coverage − that of the alternative that covers most        oldest = days from the oldest check to `at` (else to the latest check)
    p_first[c] = how often c covers most when weights are drawn and open cells are filled

Counts are exact: a census of cells. Coverage has an interval only where `weights` has (low, high: drawn as normal, cut at 0); without it each
weight is shaken by a gamma of relative sd `doubt` for p_first alone. `agreement` of two checkers: share of cells seen twice, Wilson.
A feature is only ours if all alternatives were checked for it: an open cell is never a no. What is ours: the rows of our own product, else
the items `functions`, else every feature listed (with a warning).
Sources: Wilson (1927), JASA 22, 209-212; Butler, Jia & Dyer (1997), Eur. J. Operational Research 103, 531-546 (simulated weights).
Not for how good a feature is, nor for what people see in brands (perceptual_map, positioning_fit): a cell says only that it is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway import evidence as ev
from stageway.arithmetic import feature_matrix, intervals, rivals
from stageway.arithmetic.charts import draw
from stageway.arithmetic.rivals import Rivals
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown

FEATURES, CELLS = Words("项功能", "features"), Words("格", "cells")
MARKS = {1.0: Words("有", "yes"), 0.5: Words("部分", "partly"), 0.0: Words("没有", "no")}
OPEN = Words("未知", "open")
DASH = "M-0.8,-0.3H0.8V0.3H-0.8Z"
STANDING = {"unique": Words("只有我们有", "only ours"), "unique_open": Words("未见别家有，尚未查全", "no other seen, not all checked"), "lacking": Words("各家都有，我们没有", "all have it but us"),
            "parity": Words("大家都有", "everybody has it"), "behind": Words("多数有，我们没有", "most have it, we do not"), "mixed": Words("有的有，有的没有", "some have it")}


@dataclass(frozen=True)
class CompetitorsParams(Params):
    own: str = param("", help=Words("自有产品在competitor列的名称；空则认“我们”“us”等", "our product in the column competitor; empty recognises us, own and the like"))
    at: str = param("", help=Words("按哪天算核查的新旧（YYYY-MM-DD）；空为最近一次核查", "day from which ages count (YYYY-MM-DD); empty takes the latest check"))
    stale_days: int = param(90, low=1, high=3650, help=Words("核查超过几天算过期", "days after which a check is stale"))
    doubt: float = param(0.25, low=0, high=2, help=Words("没有区间时，权重的相对标准差", "relative sd of each weight where it has no interval"))
    draws: int = param(2000, low=200, high=50_000, help=Words("模拟次数", "draws"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("区间的水平，与权重的low、high相同", "level of intervals, the same as that of low and high of the weights"))


def _list(names: list[str], total: int | None = None) -> Words:
    listed = [Words(f"“{name}”", f"“{name}”") for name in names]
    if total is not None and total > len(names):
        return joined(listed, zh="") + say(zh="等{n}项", en=" and more, {n} in all", n=total)
    return joined(listed, zh="", last_en=" and ")


def _features(told: Rivals, mask: NDArray[np.bool_], most: int = 5) -> Words:
    """Names, the weightiest first."""
    places = [i for i in told.order if mask[i]]
    return _list([told.matrix.features[i] for i in places[:most]], len(places))


# ── estimates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _estimates(told: Rivals, level: float) -> list[Estimate]:
    m = told.matrix

    def count(name: str, value: float, zh: str, en: str, counts: Words, n: int, unit: str = "") -> Estimate:
        return Estimate(name, float(value), unit=unit, n=n, counts=counts, kind=Kind.EXACT, level=level, label=Words(zh, en))

    out = [count("functions", len(m.features), "核查的功能数", "features checked", FEATURES, len(m.features))]
    if m.competitors:
        out.append(count("unique", told.unique.sum(), "只有我们有的功能数", "features only we have", FEATURES, len(m.features)))
        out.append(count("lacking", told.lacking.sum(), "各家都有而我们没有的功能数", "features all have but us", FEATURES, len(m.features)))
        out.append(count("open", np.isnan(m.cells).sum(), "未知或有分歧的格数", "cells open or disputed", CELLS, m.cells.size))
        out.append(count("unverified", m.unsourced.sum(), "没有出处的格数", "cells without a source", CELLS, m.cells.size))
    for name, (value, low, high) in told.scores.items():
        if name or not told.assumed:
            key, label = name or told.own or "us", say(zh="“{c}”的加权覆盖", en="weighted coverage of “{c}”", c=name or told.own or Words("我们", "us"))
            ends: dict[str, Any] = {"low": low, "high": high} if told.ranged else {"kind": Kind.EXACT}
            out.append(Estimate("coverage", value, **ends, key=key, unit="%", n=len(m.features), counts=FEATURES, level=level, label=label))
            if not told.assumed:
                out.append(Estimate("p_first", told.chances[name], key=key, unit="%", n=len(m.features), counts=FEATURES, kind=Kind.EXACT, level=level,
                                    label=say(zh="“{c}”覆盖最多的概率", en="probability that “{c}” covers most", c=name or told.own or Words("我们", "us"))))
    if told.lead is not None:
        ends = {"low": told.lead[1], "high": told.lead[2]} if told.ranged else {"kind": Kind.EXACT}
        out.append(Estimate("lead", told.lead[0], **ends, unit="pp", n=len(m.features), counts=FEATURES, level=level, label=Words("覆盖领先", "lead in coverage")))
    if told.ages:
        out.append(count("oldest", max(told.ages.values()), "最旧的核查", "oldest check", CELLS, m.cells.size, "d"))
    if m.double:
        low, high = intervals.wilson(m.agreeing, m.double, level)
        out.append(Estimate("agreement", m.agreeing / m.double, low, high, unit="%", n=m.double, counts=CELLS, kind=Kind.SHARE, level=level,
                            label=Words("两名核查人一致的占比", "share of cells on which two checkers agree")))
    return out


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _of(found: list[Estimate], name: str, key: str | None = None) -> Estimate | None:
    return next((e for e in found if e.name == name and (key is None or e.key == key)), None)


def _best(told: Rivals, found: list[Estimate]) -> Estimate | None:
    return _of(found, "coverage", told.rivals[0]) if told.rivals and told.rivals[0] in told.scores else None


def _headline(told: Rivals, found: list[Estimate]) -> Words:
    m, best, ours = told.matrix, _best(told, found), _of(found, "coverage", told.own or "us")
    made = say(zh="{f}项功能、{c}个竞品：只有我们有的{u}项，各家都有而我们没有的{l}项", en="{f} features, {c} competitors: {u} only ours, {l} that all have but us",
               f=len(m.features), c=len(m.competitors), u=int(told.unique.sum()), l=int(told.lacking.sum()))
    if best is None or ours is None:
        return made
    return made + say(zh="；加权覆盖我们{x}，最全的“{c}”{y}", en="; weighted coverage is {x} for us and {y} for the fullest, “{c}”",
                      x=shown(ours, 0), c=best.key, y=shown(best, 0))


def _meaning(told: Rivals, found: list[Estimate]) -> ev.Meaning:
    m = told.matrix
    unique, lacking = told.unique, told.lacking
    says = say(zh="已查全、别家都没有的是{list}。", en="Checked everywhere and found with nobody else: {list}.", list=_features(told, unique)) if unique.any() else Words(
        "没有一项功能能说只有我们有：要么别家也有，要么还没查全。", "No feature can be called only ours: others have it too, or not all were checked.")
    open_ = int(np.isnan(m.cells).sum())
    sure = say(zh="{all}格里有{o}格未知或有分歧、{u}格没有出处", en="Of {all} cells, {o} are open or disputed and {u} have no source", all=m.cells.size, o=open_, u=int(m.unsourced.sum()))
    p = None if told.assumed else told.chances.get("")
    if p is not None:
        sure += say(zh="；权重照现在的把握变动时，我们覆盖最多的概率为{p}。", en="; with weights as unsure as they are, we cover most with probability {p}.", p=f"{p:.2f}")
    else:
        sure += Words("；存在与否是数出来的，好不好用不在其中。", "; what is there was counted, how good it is was not.")
    if lacking.any():
        following = say(zh="{list}是别家都有的门槛：写进首版，或在“不做”里写明理由。", en="All others have {list}: put it into the first release, or write under out of scope why not.",
                        list=_features(told, lacking))
    elif unique.any():
        following = say(zh="定位主张可以落在{list}上，再看目标用户要不要它（Kano、机会得分）。", en="A claim can rest on {list}; then see whether the segment wants it (Kano, opportunity).",
                        list=_features(told, unique, 3))
    else:
        following = say(zh="先查完{o}格未知的，再谈独有；功能上拉不开，就在做得多好上拉开。",
                        en="Settle the {o} open cells before calling anything unique; where features are level, differ in how well they work.", o=open_)
    return ev.Meaning(says, sure, following, _change(told))


def _change(told: Rivals) -> Words:
    hanging = [f for f in told.order if told.standing(f) == "unique_open"]
    if hanging:
        f = hanging[0]
        who = [c for c, cell in zip(told.matrix.competitors, told.matrix.cells[f].tolist(), strict=True) if np.isnan(cell)] + told.unlisted
        return say(zh="去查{who}有没有“{f}”：都没有，它就是独有的；有一家有，就不能再这么说。", en="Check whether {who} have “{f}”: if none has, it is ours alone; if one has, it is not.",
                   who=_list(who[:3]), f=told.matrix.features[f])
    held = told.unique
    if held.any():
        return say(zh="竞品每次改版都可能补上{list}：任何一家上线它，独有就少一项。",
                   en="A release of any competitor may add {list}: with the first that does, one less is ours alone.", list=_features(told, held, 3))
    return say(zh="竞品改版，或我们多做一项，矩阵就要重查（现有{c}家）。",
               en="A competitor's release, or one more feature of ours, asks for a new check ({c} competitors now).", c=len(told.matrix.competitors))


def _points(told: Rivals, found: list[Estimate]) -> list[Words]:
    points, m = [], told.matrix
    if (lead := _of(found, "lead")) is not None:
        points.append(say(zh="加权覆盖比最全的“{c}”{way}{x}；覆盖最多的概率{p}。", en="Weighted coverage is {x} {way} than that of “{c}”, the fullest; we cover most with probability {p}.",
                          c=told.rivals[0], way=Words("高", "higher") if lead.value >= 0 else Words("低", "lower"),
                          x=shown(lead) if lead.value >= 0 else ev.amount(-lead.value, "pp"), p=f"{told.chances['']:.2f}"))
    for standing, zh, en in (("lacking", "各家都有、我们没有：{list}。", "All have it but us: {list}."), ("behind", "多数有、我们没有：{list}。", "Most have it and we do not: {list}."),
                             ("unique_open", "未见别家有、但没查全：{list}。", "No other seen with it, but not all checked: {list}.")):
        mask = np.array([told.standing(f) == standing for f in range(len(m.features))])
        if mask.any():
            points.append(say(zh=zh, en=en, list=_features(told, mask)))
    if (agreement := _of(found, "agreement")) is not None:
        points.append(say(zh="两人都查过的{n}格里，{k}格一致：{x}。", en="Of {n} cells checked by two people, {k} agree: {x}.", n=m.double, k=m.agreeing, x=shown(agreement)))
    return points


def _warnings(told: Rivals, functions: Frame | None, weighted: bool, stale_days: int) -> list[ev.Warning]:
    m, out = told.matrix, []

    def warn(holds: bool, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    warn(not m.competitors, "no_competitors", "矩阵里只有我们自己，没有可比的。", "The matrix holds our product only: there is nothing to compare.")
    warn(told.assumed, "ours_assumed", "没有自有产品的行，也没有功能条目：列出的功能一律当作我们有，我们的覆盖不给。",
         "No rows of our own product and no function items: every feature listed is taken as ours, and our coverage is not given.")
    warn(functions is not None and not told.own and not told.ours.any(), "functions_unmatched", "功能条目的编号和名称都对不上矩阵里的功能，我们算作一项都没有。",
         "No id or title of the function items is a feature of the matrix: we count as having none.")
    warn(bool(told.unlisted), "unchecked_competitor", "清单里没查过的竞品：{list}；在查完之前，没有一项能说只有我们有。",
         "Listed but never checked: {list}; until they are, no feature is only ours.", list=_list(told.unlisted))
    warn(not weighted, "weights_equal", "没有权重，每项功能同样要紧。", "There are no weights: every feature counts the same.")
    warn(told.weights is None, "weights_zero", "权重全为0或对不上功能，加权覆盖算不出。", "All weights are 0 or belong to no feature here: no weighted coverage.")
    warn(bool(told.missing) and told.weights is not None, "weight_missing", "没有权重、不计入覆盖的功能：{list}。",
         "Features without a weight, not in the coverage: {list}.", list=_list(told.missing[:5], len(told.missing)))
    warn(bool(m.disputed.any()), "disputed", "核查人说法不一的有{k}格，按未知处理：{list}。", "Cells on which checks differ, taken as open: {k}: {list}.", k=int(m.disputed.sum()),
         list=_list([f"{m.features[f]}·{m.competitors[c]}" for f, c in np.argwhere(m.disputed)[:3].tolist()]))
    warn(bool(m.unsourced.any()), "unverified", "{k}格没有出处或未经核实，只是说法。", "{k} cells have no source or were not verified: they are claims.", k=int(m.unsourced.sum()))
    unknown = [c for c in m.competitors if np.isnan(m.column(c)).mean() > 0.5]
    warn(bool(unknown), "mostly_open", "过半功能没查的竞品：{list}，其覆盖不能和别家比。", "More than half is open for {list}: do not compare their coverage.", list=_list(unknown))
    old = [c for c in told.rivals if told.ages.get(c, 0) > stale_days]
    warn(bool(old), "stale", "核查超过{d}天的竞品：{list}，最久的已有{x}天，引用前先重查。", "Checked more than {d} days ago: {list}, the oldest {x} days; check again before citing.",
         d=stale_days, list=_list(old[:5]), x=max((told.ages[c] for c in old), default=0))
    warn(any(age < 0 for age in told.ages.values()), "checked_later", "有核查日期晚于at，新旧算不准。", "Some checks are later than the day at: ages are not right.")
    warn(not told.ages and bool(m.competitors), "undated", "没有核查日期，不知道是否过期。", "No dates of checks: nobody knows whether they are stale.")
    return out


# ── tables and chart: see what a cell says at a glance ────────────────────────────────────────────────────────────────


def _tables(told: Rivals) -> list[ResultTable]:
    m = told.matrix
    us = [] if told.assumed else [("ours", Words("我们", "Us"), told.ours, np.zeros(len(m.features), dtype=bool))]
    columns = [*us, *((f"competitor_{i + 1}", Words.of(c), m.column(c), m.unsourced[:, m.competitors.index(c)]) for i, c in enumerate(told.rivals))]
    rows = []
    for f in told.order:
        weight = float(told.weights[f]) if told.weights is not None else None
        marks = [_mark(float(cells[f])) + (Words("*", "*") if claims[f] else Words("", "")) for _, _, cells, claims in columns]
        rows.append((m.features[f], weight, *marks, STANDING[told.standing(f)]))
    heads = (ColumnHead("feature", Words("功能", "Feature")), ColumnHead("weight", Words("权重", "Weight"), "%"), *(ColumnHead(name, label) for name, label, _, _ in columns),
             ColumnHead("standing", Words("对比", "Standing")))
    made = [ResultTable("matrix", Words("功能矩阵", "Feature matrix"), heads, tuple(rows), Words("*没有出处或未经核实。未知含有分歧的。", "* no source, or not verified. Open includes disputed."))]
    listed = []
    for c in [*([""] if not told.assumed and "" in told.scores else []), *told.rivals]:
        cells = told.ours if not c else m.column(c)
        value = told.scores.get(c, (None, None, None))
        ends = value[1:] if told.ranged else (None, None)
        listed.append((c or told.own or Words("我们", "Us"), value[0], *ends, told.chances.get(c) if not told.assumed else None, int((cells == 1).sum()), int((cells == 0.5).sum()),
                       int(np.isnan(cells).sum()), told.ages.get(c) if c else None))
    cut = [("coverage", "加权覆盖", "Coverage", "%"), ("low", "下端", "Low", "%"), ("high", "上端", "High", "%"), ("p_first", "覆盖最多的概率", "P(most)", "%"), ("full", "有", "Yes", ""),
           ("partly", "部分", "Partly", ""), ("open", "未知", "Open", ""), ("age", "最旧核查（天）", "Oldest check (days)", "")]
    heads = (ColumnHead("competitor", Words("竞品", "Competitor")), *(ColumnHead(name, Words(zh, en), unit, None if unit else 0) for name, zh, en, unit in cut))
    return [*made, ResultTable("coverage", Words("覆盖与核查", "Coverage and checks"), heads, tuple(listed))]


def _mark(value: float) -> Words:
    return OPEN if np.isnan(value) else MARKS[value]


def _chart(told: Rivals) -> tuple[ev.Chart, ...]:
    m = told.matrix
    if not m.competitors:
        return ()

    def head(name: str, lang: ev.Lang) -> str:
        value = told.scores.get(name)
        return (name or told.own or Words("我们", "us")[lang]) + (f" {value[0]:.0%}" if value is not None else "")

    columns = [*([] if told.assumed else [""]), *told.rivals]

    def build(lang: ev.Lang) -> Any:
        import altair as alt

        order = [MARKS[1.0][lang], MARKS[0.5][lang], MARKS[0.0][lang], OPEN[lang]]
        cells = [{"feature": m.features[f], "who": head(c, lang), "has": _mark(float(told.ours[f] if not c else m.column(c)[f]))[lang],
                  "claim": bool(c) and bool(m.unsourced[f, m.competitors.index(c)])} for f in told.order for c in columns]
        notes = [{"feature": m.features[f], "text": STANDING[told.standing(f)][lang]} for f in told.order if told.standing(f) not in ("mixed", "parity")]
        y = alt.Y("feature:N", sort=[m.features[f] for f in told.order], title=None, axis=alt.Axis(grid=False))
        x = alt.X("who:N", sort=[head(c, lang) for c in columns], title=None, axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False))
        grid = alt.Chart(alt.InlineData(values=cells)).mark_point(filled=True, size=110).encode(
            x=x, y=y, shape=alt.Shape("has:N", sort=order, title=None, scale=alt.Scale(domain=order, range=["circle", "triangle-up", DASH, "cross"])),
            color=alt.Color("has:N", sort=order, title=None, scale=alt.Scale(domain=order)),
            opacity=alt.condition("datum.claim", alt.value(0.45), alt.value(1.0)))
        side = alt.Chart(alt.InlineData(values=notes)).mark_text(align="left", dx=6).encode(x=alt.value("width"), y=y, text=alt.Text("text:N"))
        return alt.layer(grid, side).properties(height=alt.Step(24), width=alt.Step(96))

    said = [say(zh="{f}：{who}", en="{f}: {who}", f=m.features[f], who=joined([say(zh="{c}{has}", en="{c} {has}", c=c or told.own or Words("我们", "us"),
            has=_mark(float(told.ours[f] if not c else m.column(c)[f]))) for c in columns])) for f in told.order]
    title = Words("功能矩阵：重的在上，名后为加权覆盖；淡的没有出处", "Feature matrix: weightiest on top, coverage behind the name; pale marks have no source")
    return (draw("matrix", title, joined(said, zh="；", en="; "), build),)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Eight features, our product and three alternatives; two people check one of them; one cell is open."""
    features = ("segments", "recap cards", "offline import", "note export", "store", "listening", "leaderboard", "sync")
    has = {"us": "yes yes yes partly no no no yes", "Moye": "no no yes no yes partly yes yes", "Kuaiyue": "no no no no yes no yes yes", "Tingchuan": "no unknown yes no yes yes no yes"}
    rows = [{"feature": f, "competitor": c, "has": mark, "checked_at": f"2026-04-{3 + i:02d}", "source": f"trial {c}", "checker": "linyue"}
            for c, marks in has.items() for i, (f, mark) in enumerate(zip(features, marks.split(), strict=True))]
    rows += [{"feature": f, "competitor": "Moye", "has": mark, "checked_at": "2026-04-12", "source": "trial Moye", "checker": "sunning"}
             for f, mark in zip(features, ["no", "no", "partly", "no", "yes", "partly", "yes", "yes"], strict=True)]
    listed = [{"id": f"CP-{i + 1}", "title": c, "kind": "direct", "checked": "2026-04-12"} for i, c in enumerate(("Moye", "Kuaiyue", "Tingchuan"))]
    weights = [{"feature": f, "weight": w, "low": round(w * 0.8, 2), "high": round(w * 1.2, 2)} for f, w in zip(features, (9, 8, 7, 5, 4, 4, 2, 6), strict=True)]
    return {"features": Frame.of(rows, "example"), "competitors": Frame.of(listed, "example"), "weights": Frame.of(weights, "example")}


@method(
    title=Words("竞品功能矩阵", "Feature matrix of competitors"),
    question=Words("别家有什么，什么只有我们有，什么只有我们没有，这些还新吗？", "What do alternatives have, what is only ours, what do all have but us, and is this still current?"),
    reads_as=Words("先看“只有我们有”和“各家都有而我们没有”，再看加权覆盖；未知的格不当作没有。", "Read what is only ours and what all have but us, then weighted coverage; an open cell is no “no”."),
    limit=Words("只说有没有，不说好不好；清单外的竞品不在其中，改版后要重查。",
                "It says whether a feature is there, not how good it is; competitors not listed are absent, releases call for new checks."),
    formula="coverage = sum of weight x cell over checked features; unique and lacking counted over fully checked features; agreement Wilson 1927; "
    "rank under drawn weights (Butler, Jia & Dyer 1997)",
    reads=(
        Reads("features", Words("逐格核查：哪个竞品有哪项功能", "checks: which competitor has which feature"), (
            Column("feature", "category", Words("功能（名称或编号）", "feature, by name or id")),
            Column("competitor", "category", Words("竞品（名称或编号），可含自有产品", "competitor, by name or id; ours may be among them")),
            Column("has", "any", Words("有、部分、没有、未知", "yes, partly, no or unknown")),
            Column("checked_at", "time", Words("核查日期", "day of the check"), required=False),
            Column("source", "text", Words("出处：试用、截图、网址", "source: trial, screenshot, address"), required=False),
            Column("verified", "flag", Words("是否亲手核实", "whether it was verified first-hand"), required=False),
            Column("checker", "category", Words("核查人", "who checked"), required=False),
        )),
        Reads("competitors", Words("竞品条目（items:competitor）", "the competitor items (items:competitor)"), (
            Column("id", "id", Words("编号", "id")), Column("title", "text", Words("名称", "name")),
            Column("checked", "time", Words("核查日期，格里没写时用", "day of the check, where a cell has none"), required=False),
        ), required=False),
        Reads("functions", Words("功能条目（items:function），没有自有产品的行时当作我们有", "the function items (items:function), ours where the matrix has no rows of our product"), (
            Column("id", "id", Words("编号", "id")), Column("title", "text", Words("名称", "name")),
            Column("priority", "category", Words("优先级；wont的不算我们有", "priority; wont does not count as ours"), required=False),
        ), required=False),
        Reads("weights", Words("功能的权重：单独一表，或priorities、kano结论的表", "weights of features: a table, or one of a finding of priorities or kano"), (
            Column("feature", "category", Words("功能", "feature")),
            *(Column(name, "number", Words("权重，不小于0", "weight, 0 or more"), required=False, low=0) for name in rivals.WEIGHTS),
            *(Column(name, "number", Words("区间的一端", "an end of its interval"), required=False) for name in ("low", "high", "better_low", "better_high")),
        ), required=False),
    ),
    gives=("functions", "unique", "lacking", "open", "unverified", "coverage[]", "p_first[]", "lead", "oldest", "agreement"),
    params=CompetitorsParams,
    example=example,
)
def competitors(features: Frame, competitors: Frame | None, functions: Frame | None, weights: Frame | None, *, params: CompetitorsParams,
                rng: np.random.Generator) -> Finding:
    told = rivals.compare(feature_matrix.read(features), functions, competitors, weights, own=params.own, at=params.at, doubt=params.doubt, draws=params.draws,
                          level=params.level, rng=rng)
    found = _estimates(told, params.level)
    return Finding(
        headline=_headline(told, found), meaning=_meaning(told, found), estimates=tuple(found), points=tuple(_points(told, found)), tables=tuple(_tables(told)),
        charts=_chart(told), warnings=tuple(_warnings(told, functions, weights is not None, params.stale_days)))
