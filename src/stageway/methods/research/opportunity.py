"""Which outcomes matter to people and are badly met today, and how sure is it which comes first?

Each person rates each outcome twice: how important it is, and how satisfied they are with how it is met now (1 to 5).

    importance = 10 × share of 4 and 5        satisfaction likewise        both 0 to 10
    opportunity = importance + max(importance − satisfaction, 0)           0 to 20, no unit
    above 10 worth pursuing, above 12 strong, above 15 extreme; overserved where satisfaction exceeds importance
    interval of the score and probability of the first place: bootstrap over people, all outcomes of a person together

Intervals of importance and satisfaction are Wilson's × 10. Where all people give one answer, a bootstrap would promise an interval of
no width: the ends then follow from Wilson's. `measure` = mean takes the place on the scale instead of the share (ratings as in Ulwick 2002).
Sources: Ulwick (2002), Harvard Business Review 80(1), 91-97; Ulwick (2005), What Customers Want, ch. 3; Efron (1979), Ann. Stat. 7, 1-26.
Not for features (people rate outcomes, not solutions), nor across segments that want different things: score each segment by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import bootstrap, intervals, outcomes, proportions
from stageway.arithmetic.charts import draw
from stageway.arithmetic.labels import placed
from stageway.arithmetic.outcomes import Array, Ratings
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown

#: Ulwick (2005): from which score on an outcome is worth pursuing, strong, extreme.
WORTH, STRONG, EXTREME = 10.0, 12.0, 15.0
ZONES = {
    "under": Words("未被满足", "underserved"), "open": Words("未定", "open"), "served": Words("已够好", "served"), "over": Words("过度满足", "overserved"),
}


@dataclass(frozen=True)
class OpportunityParams(Params):
    measure: str = param("top", help=Words("评分怎么折算", "what a rating counts"), choices={
        "top": Words("10乘以给高分的人所占的比例（Ulwick 2005）", "10 times the share of high ratings (Ulwick 2005)"),
        "mean": Words("均值换算成0～10（Ulwick 2002）", "the mean, from 0 to 10 (Ulwick 2002)"),
    })
    scale: int = param(5, low=3, high=11, help=Words("评分的最高分", "highest rating of the scale"))
    top: int = param(4, low=2, high=11, help=Words("从几分起算高分", "from which rating on it counts as high"))
    segment: str = param("", help=Words("只算这一人群；空则算全体", "score this segment only; empty takes all people"))
    draws: int = param(4000, low=200, high=100_000, help=Words("自助法次数", "bootstrap draws"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


@dataclass(frozen=True)
class Outcome:
    """One outcome scored. `first` is None where nothing else competes; `over` is how often satisfaction exceeds importance."""

    name: str
    score: Estimate
    importance: Estimate
    satisfaction: Estimate
    first: float | None
    over: float
    drawn: Array

    @property
    def zone(self) -> str:
        if (self.score.low or 0.0) >= WORTH:
            return "under"
        if (self.score.high or 0.0) >= WORTH:
            return "open"
        return "over" if self.over >= (1 + self.score.level) / 2 else "served"

    @property
    def n(self) -> int:
        return self.score.n or 0


def _rated(name: str, key: str, values: Array, params: OpportunityParams) -> Estimate | None:
    """Importance or satisfaction of one outcome from its counted ratings; None without an interval."""
    known = np.sort(values[~np.isnan(values)])
    label = say(zh="“{o}”的重要度", en="importance of “{o}”", o=key) if name == "importance" else say(
        zh="“{o}”的满意度", en="satisfaction with “{o}”", o=key)
    shared: dict[str, Any] = {"key": key, "n": int(known.size), "level": params.level, "label": label}
    if params.measure == "mean":
        if known.size < 2 or np.ptp(known) == 0:
            return None
        mean, low, high, _, _ = intervals.mean_t(10 * known, params.level)
        return Estimate(name, mean, max(0.0, low), min(10.0, high), kind=Kind.MEAN, **shared)
    if not known.size:
        return None
    low, high = intervals.wilson(float(known.sum()), known.size, params.level)
    return Estimate(name, 10 * float(known.mean()), 10 * low, 10 * high, **shared)


def _scored(data: Ratings, params: OpportunityParams, rng: np.random.Generator) -> tuple[list[Outcome], list[str]]:
    """The outcomes, highest score first, and the names of those that cannot be scored."""
    parts = [outcomes.counted(v, params.top, params.scale, params.measure) for v in (data.importance, data.satisfaction)]
    drawn_importance, drawn_satisfaction = outcomes.resampled(parts[0], parts[1], params.draws, rng)
    drawn = outcomes.score(drawn_importance, drawn_satisfaction)
    pairs = [[_rated(name, key, part[:, j], params) for name, part in zip(("importance", "satisfaction"), parts, strict=True)]
             for j, key in enumerate(data.outcomes)]
    scored = [j for j, pair in enumerate(pairs) if None not in pair]
    first = outcomes.first(drawn[:, scored]) if len(scored) > 1 else None
    made = []
    for at, j in enumerate(scored):
        key, (important, satisfied) = data.outcomes[j], (e for e in pairs[j] if e is not None)
        value = float(outcomes.score(np.array(important.value), np.array(satisfied.value)))
        known = drawn[:, j][~np.isnan(drawn[:, j])]
        low, high = bootstrap.percentile(known, params.level)
        if low == high:
            low, high = (float(outcomes.score(np.array(i or 0.0), np.array(s or 0.0)))
                         for i, s in ((important.low, satisfied.high), (important.high, satisfied.low)))
        e = Estimate("score", value, min(low, value), max(high, value), key=key, n=min(important.n or 0, satisfied.n or 0), level=params.level,
                     label=say(zh="“{o}”的机会得分", en="opportunity of “{o}”", o=key))
        with np.errstate(invalid="ignore"):
            over = float(np.mean(drawn_satisfaction[:, j] > drawn_importance[:, j]))
        made.append(Outcome(key, e, important, satisfied, None if first is None else float(first[at]), over, drawn[:, j]))
    return sorted(made, key=lambda o: -o.score.value), [data.outcomes[j] for j in range(len(pairs)) if j not in scored]


def _by_segment(data: Ratings, params: OpportunityParams, rng: np.random.Generator) -> dict[str, dict[str, Outcome]]:
    """The outcomes of each segment by name; empty below two segments, or where one was chosen."""
    if len(data.segments) < 2 or params.segment:
        return {}
    return {name: {o.name: o for o in _scored(data.of(data.segment == at), params, rng)[0]} for at, name in enumerate(data.segments)}


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _quoted(listed: list[Outcome]) -> Words:
    return joined([Words(f"“{o.name}”", f"“{o.name}”") for o in listed], zh="、", last_en=" and ")


def _of(scored: list[Outcome], zone: str) -> list[Outcome]:
    return [o for o in scored if o.zone == zone]


def _headline(scored: list[Outcome]) -> Words:
    top = scored[0]
    made = say(zh="缺口最大的是“{o}”：机会得分{s}", en="The largest gap is “{o}”: an opportunity of {s}", o=top.name, s=shown(top.score, 1))
    if top.first is not None:
        made += say(zh="，排第一的概率{p}", en=", first with probability {p}", p=f"{top.first:.2f}" if top.first < 0.995 else ">0.99")
    made += say(zh="（{n}）", en=" ({n})", n=Words(ev.with_n(top.n, "zh"), ev.with_n(top.n, "en")))
    return made + say(zh="；{all}项中{k}项整段不低于10", en="; wholly at 10 or above: {k} of {all} outcomes", all=len(scored), k=len(_of(scored, "under")))


def _ahead(scored: list[Outcome]) -> Estimate | None:
    """By how much the first outcome leads the second."""
    if len(scored) < 2:
        return None
    gap = scored[0].drawn - scored[1].drawn
    gap = gap[~np.isnan(gap)]
    low, high = bootstrap.percentile(gap, scored[0].score.level) if gap.size else (0.0, 0.0)
    value = scored[0].score.value - scored[1].score.value
    return Estimate("lead", value, min(low, value), max(high, value)) if low < high else None


def _meaning(scored: list[Outcome], data: Ratings, params: OpportunityParams) -> ev.Meaning:
    says = [say(zh="{zone}：{list}", en="{zone}: {list}", zone=name, list=_quoted(_of(scored, zone))) for zone, name in ZONES.items() if _of(scored, zone)]
    top, lead = scored[0], _ahead(scored)
    if lead is None or top.first is None:
        sure = Words("没有可比的第二项，谈不上次序", "There is no second outcome to compare it with")
    elif (lead.low or 0.0) > 0:
        sure = say(zh="“{a}”比“{b}”高{d}，次序不是偶然", en="“{a}” leads “{b}” by {d}: the order is not chance", a=top.name, b=scored[1].name, d=shown(lead, 1))
    else:
        sure = say(zh="“{a}”与“{b}”相差{d}，谁在前说不准", en="“{a}” and “{b}” are {d} apart: which comes first is open",
                   a=top.name, b=scored[1].name, d=shown(lead, 1))
    return ev.Meaning(_sentence(says), sure + Words("。", "."), _next(scored, top.n), _change(top, data, params))


def _sentence(parts: list[Words]) -> Words:
    made = joined(parts, zh="；", en="; ")
    return Words(made.zh + "。", made.en[:1].upper() + made.en[1:] + ".")


def _next(scored: list[Outcome], n: int) -> Words:
    if n < 10:
        return say(zh="人太少，先不定次序：访谈这{n}人现在怎么凑合，再发问卷。",
                   en="Too few people for an order: ask these {n} how they make do today, then field the survey.", n=n)
    parts = []
    if under := _of(scored, "under"):
        parts.append(say(zh="定位和首版从{list}里选，写成需求并注明本结论", en="take the positioning and the first release from {list}, as needs that cite this finding",
                         list=_quoted(under[:3])))
    if unsure := _of(scored, "open"):
        parts.append(say(zh="{list}跨在10两边，先看目标人群的得分再取舍", en="decide on {list} by the target segment's scores, since the interval lies on both sides of 10",
                         list=_quoted(unsure[:3])))
    if over := _of(scored, "over"):
        parts.append(say(zh="{list}已经超出所需，不再加码，可省则省", en="spend no more on {list}: it is met better than it matters", list=_quoted(over[:3])))
    return _sentence(parts or [Words("现有办法已经够好，换一组期望结果或换一个人群再找缺口", "what exists is good enough: look for gaps in other outcomes or another segment")])


def _change(top: Outcome, data: Ratings, params: OpportunityParams) -> Words:
    """How satisfied people would have to be for the top outcome to fall to 10."""
    needs = 2 * top.importance.value - WORTH
    made = Words("", "")
    if top.score.value > WORTH and needs <= 10:
        unit = "%" if params.measure == "top" else ""
        now, then = (ev.amount(v / 10 if unit else v, unit, 1) for v in (top.satisfaction.value, needs))
        made = say(zh="对“{o}”满意的人由{a}升到{b}，得分就落到10；", en="If satisfaction with “{o}” rose from {a} to {b}, its score would fall to 10; ",
                   o=top.name, a=now, b=then)
    if len(data.segments) > 1:
        made += Words("各人群若要的不同，以目标人群的得分为准。", "where segments want different things, the target segment's scores decide.")
    else:
        made += Words("这份数据没有分人群，目标人群的得分可能不同。", "these data name no segments, and the target segment may score otherwise.")
    return Words(made.zh, made.en[:1].upper() + made.en[1:])


def _points(scored: list[Outcome], parts: dict[str, dict[str, Outcome]], p: dict[str, float]) -> list[Words]:
    points = []
    for o in [o for o in scored if o.zone in ("under", "over")][:3]:
        points.append(say(zh="“{o}”重要度{i}，满意度{s}，机会得分{x}。", en="“{o}”: importance {i}, satisfaction {s}, opportunity {x}.",
                          o=o.name, i=shown(o.importance, 1), s=shown(o.satisfaction, 1), x=shown(o.score, 1)))
    for name in sorted((n for n, value in p.items() if value < 0.05), key=lambda n: (p[n], n))[:2]:
        each = joined([say(zh="{s} {x}", en="{s} {x}", s=s, x=shown(of[name].score, 1)) for s, of in parts.items() if name in of], zh="、")
        points.append(say(zh="“{o}”因人群而异：{each}（{p}，BH校正）。", en="“{o}” differs by segment: {each} ({p}, BH).",
                          o=name, each=each, p=ev.p_value(p[name])))
    return points


def _warnings(scored: list[Outcome], lost: list[str], data: Ratings, params: OpportunityParams) -> list[ev.Warning]:
    out: list[ev.Warning] = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    n = min(o.n for o in scored)
    if n < 10:
        warn("small_n", "最少的一项只有{n}人评分：可以列出，得分和次序都不作依据。",
            "The least rated outcome has ratings of {n}: list the scores, but rest neither score nor order on them.", n=n)
    elif n < 30:
        warn("small_n", "最少的一项只有{n}人评分，不足30人：得分的误差约±3，次序容易变。",
             "The least rated outcome has ratings of {n}, fewer than 30: scores are good to about ±3 and the order turns easily.", n=n)
    if lost:
        warn("not_scored", "{list}缺重要度或满意度，或评分毫无差异，得分算不出。", "{list}: importance or satisfaction is missing or does not vary, so there is no score.",
             list=joined([Words(f"“{name}”", f"“{name}”") for name in lost]))
    if alike := [o for o in scored if o.drawn.min() == o.drawn.max()]:
        warn("no_variation", "{list}所有人评得一样，自助法给不出区间，区间由占比的区间推出。",
             "All people rate {list} alike: the interval comes from those of the shares, not from the bootstrap.", list=_quoted(alike))
    if len(scored) > 2 and sum(o.importance.value >= 9 for o in scored) > len(scored) / 2:
        warn("all_important", "过半的期望结果有九成以上的人说重要：区分不开，次序改用MaxDiff来问。",
             "For more than half of the outcomes nine in ten people say it matters: they are not told apart; ask for the order by MaxDiff.")
    if len(scored) > 2 and all(o.satisfaction.value > o.importance.value for o in scored):
        warn("looks_swapped", "每一项的满意度都高于重要度：两列可能对调了，核对之前不要用这些得分。",
             "Satisfaction exceeds importance on every outcome: the columns may be swapped; check before using the scores.")
    known = ~np.isnan(data.importance)
    flat = [np.ptp(row[k]) == 0 for row, k in zip(data.importance, known, strict=True) if k.sum() >= 5]
    if sum(flat) > 0.1 * data.people:
        warn("straight_lining", "{k}/{n}人给所有期望结果同一个重要度，可能没有细读。", "{k} of {n} people give all outcomes the same importance: they may not have read them.",
             k=sum(flat), n=data.people)
    if data.incomplete:
        warn("incomplete", "{k}行缺期望结果的名称或两项评分，没有计入。", "{k} rows lack the outcome or both ratings and are not counted.", k=data.incomplete)
    if data.repeated:
        warn("repeated", "{k}行与同一人的另一行相同，只计一次。", "{k} rows repeat another of the same person and are counted once.", k=data.repeated)
    return out


# ── tables and chart ──────────────────────────────────────────────────────────────────────────────────────────────────


def _grade(value: float) -> Words:
    grades = ((EXTREME, "极大", "extreme"), (STRONG, "大", "strong"), (WORTH, "值得做", "worth pursuing"), (-1.0, "有限", "limited"))
    return next(Words(zh, en) for least, zh, en in grades if value >= least)


def _table(scored: list[Outcome]) -> ResultTable:
    heads = (ColumnHead("outcome", Words("期望结果", "Outcome")), ColumnHead("importance", Words("重要度", "Importance")),
             ColumnHead("satisfaction", Words("满意度", "Satisfaction")), ColumnHead("score", Words("机会得分", "Opportunity")),
             ColumnHead("p_first", Words("排第一的概率", "P(first)"), decimals=2), ColumnHead("grade", Words("机会", "Size")),
             ColumnHead("zone", Words("所在区", "Zone")), ColumnHead("n", Words("人数", "n"), decimals=0))
    rows = tuple((o.name, shown(o.importance, 1), shown(o.satisfaction, 1), shown(o.score, 1), o.first, _grade(o.score.value), ZONES[o.zone], o.n)
                 for o in scored)
    note = Words("机会按点估计分档：10、12、15（Ulwick 2005）；所在区按区间：跨10为未定。",
                 "Size by the value: 10, 12, 15 (Ulwick 2005); zone by the interval: open where it lies on both sides of 10.")
    return ResultTable("scores", Words("各期望结果的机会得分", "Opportunity by outcome"), heads, rows, note)


def _differing(scored: list[Outcome], parts: dict[str, dict[str, Outcome]]) -> dict[str, float]:
    """p (BH) that the segments score an outcome alike; outcomes that cannot be compared are left out."""
    values = [[of[o.name].score.value if o.name in of else np.nan for of in parts.values()] for o in scored]
    variances = [[float(np.nanvar(of[o.name].drawn)) if o.name in of else 0.0 for of in parts.values()] for o in scored]
    p = [outcomes.homogeneity(np.array(v), np.array(s)) for v, s in zip(values, variances, strict=True)] if parts else []
    corrected = proportions.benjamini_hochberg(np.array(p))
    return {o.name: float(q) for o, q in zip(scored, corrected.tolist(), strict=False) if not np.isnan(q)}


def _segments(scored: list[Outcome], parts: dict[str, dict[str, Outcome]], p: dict[str, float]) -> list[ResultTable]:
    if not parts:
        return []
    heads = (ColumnHead("outcome", Words("期望结果", "Outcome")), *(ColumnHead(f"segment_{i + 1}", Words.of(s)) for i, s in enumerate(parts)),
             ColumnHead("p", Words("p（BH校正）", "p (BH)"), decimals=3))
    rows = tuple((o.name, *(shown(of[o.name].score, 1) if o.name in of else None for of in parts.values()), p.get(o.name)) for o in scored)
    return [ResultTable("segments", Words("各人群的机会得分", "Opportunity by segment"), heads, rows)]


def _chart(scored: list[Outcome]) -> ev.Chart:
    wide, high = 480, 360
    at = placed([(o.importance.value / 10 * wide, (1 - o.satisfaction.value / 10) * high) for o in scored], [o.name for o in scored], wide, high)

    def build(lang: ev.Lang) -> Any:
        import altair as alt

        rows = [{"outcome": o.name, "zone": ZONES[o.zone][lang], "importance": o.importance.value, "left": o.importance.low, "right": o.importance.high,
                 "satisfaction": o.satisfaction.value, "low": o.satisfaction.low, "high": o.satisfaction.high, "side": "left" if p.left else "right",
                 "text_x": o.importance.value + 10 * p.dx / wide, "text_y": o.satisfaction.value - 10 * p.dy / high} for o, p in zip(scored, at, strict=True)]
        base = alt.Chart(alt.InlineData(values=rows))
        x = alt.X("importance:Q", scale=alt.Scale(domain=[0, 10]), title=Words("重要度（0～10）", "Importance (0–10)")[lang])
        y = alt.Y("satisfaction:Q", scale=alt.Scale(domain=[0, 10]), title=Words("满意度（0～10）", "Satisfaction (0–10)")[lang])
        colour, shape = (channel("zone:N", sort=None, legend=alt.Legend(orient="top", title=None)) for channel in (alt.Color, alt.Shape))
        ends = [(WORTH, 5.0, 0.0), (WORTH, 10.0, 10.0), (STRONG, 6.0, 0.0), (STRONG, 10.0, 8.0), (EXTREME, 7.5, 0.0), (EXTREME, 10.0, 5.0)]
        lines = alt.Chart(alt.InlineData(values=[{"at": f"{score:g}", "x": i, "y": s} for score, i, s in ends]))
        names = alt.Chart(alt.InlineData(values=[{"at": f"{score:g}", "x": score / 2, "y": 0.3} for score in (WORTH, STRONG, EXTREME)]))
        return alt.layer(
            lines.mark_line(style="threshold", strokeDash=[4, 4], opacity=0.6).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), detail=alt.Detail("at:N")),
            names.mark_text(align="right", dx=-3).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.Text("at:N")), base.mark_rule(opacity=0.6).encode(x=alt.X("left:Q"), x2=alt.X2("right:Q"), y=y),
            base.mark_rule(opacity=0.6).encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")),
            base.mark_point(filled=True, size=80, opacity=1).encode(x=x, y=y, color=colour, shape=shape),
            base.transform_filter("datum.side === 'left'").mark_text(align="left", baseline="middle").encode(x=alt.X("text_x:Q"), y=alt.Y("text_y:Q"), text=alt.Text("outcome:N")),
            base.transform_filter("datum.side === 'right'").mark_text(align="right", baseline="middle").encode(x=alt.X("text_x:Q"), y=alt.Y("text_y:Q"), text=alt.Text("outcome:N")),
        ).properties(width=wide, height=high)

    said = [say(zh="“{o}”（{z}）重要度{i}、满意度{s}", en="“{o}” ({z}): importance {i}, satisfaction {s}", o=o.name, z=ZONES[o.zone], i=shown(o.importance, 1),
                s=shown(o.satisfaction, 1)) for o in scored]
    title = Words("机会地形：越靠右下缺口越大，虚线为得分10、12、15", "Opportunity landscape: larger gaps lie to the lower right; dashed lines are scores 10, 12, 15")
    return draw("landscape", title, joined(said, zh="；", en="; "), build)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Sixty people of two segments and five outcomes; commuters miss the short stretch more."""
    likely = {"finish in one trip": (0.9, 0.3), "remember it": (0.8, 0.4), "no interruption": (0.75, 0.6), "own files": (0.7, 0.65), "many themes": (0.3, 0.8)}
    rows = []
    for i in range(60):
        commuter = i % 2 == 0
        for name, (important, satisfied) in likely.items():
            lift = -0.2 if commuter and name == "finish in one trip" else 0.0
            a, b = (int(rng.integers(4, 6)) if rng.random() < share else int(rng.integers(1, 4)) for share in (important, satisfied + lift))
            rows.append({"respondent": f"p{i + 1}", "outcome": name, "importance": a, "satisfaction": b, "segment": "commuters" if commuter else "others"})
    return {"answers": Frame.of(rows, "example")}


@method(
    title=Words("机会得分", "Opportunity score"),
    question=Words("人们看重的结果里，哪些现在没有被满足？", "Which outcomes matter to people and are badly met today?"),
    reads_as=Words("重要度＋max（重要度－满意度，0），0～20；整段超过10表示未被满足，跨10为未定，排第一要看概率。",
                   "Importance + max(importance − satisfaction, 0), 0 to 20; wholly above 10 is underserved, across 10 open; a first place goes with its probability."),
    limit=Words("只说缺口有多大，不说人们愿付多少钱、做得做不出；问的是结果，不能拿来给功能打分。",
                "It tells the size of a gap, not what people would pay nor what can be built; it is for outcomes, not for scoring features."),
    formula="importance + max(importance - satisfaction, 0), each 10 * share of 4-5 (Ulwick 2002, 2005); percentile bootstrap over people (Efron 1979)",
    reads=(Reads("answers", Words("每人对每项期望结果的两个评分", "each person's two ratings of each outcome"), (
        Column("respondent", "id", Words("受访者", "the person")),
        Column("outcome", "category", Words("期望结果", "the outcome")),
        Column("importance", "any", Words("重要度，1～5或文字", "importance, 1 to 5 or in words")),
        Column("satisfaction", "any", Words("现在的满意度，1～5或文字", "satisfaction with how it is met now, 1 to 5 or in words")),
        Column("segment", "category", Words("人群", "segment"), required=False),
    )),),
    gives=("score[]", "p_first[]", "importance[]", "satisfaction[]"),
    params=OpportunityParams,
    example=example,
)
def opportunity(answers: Frame, *, params: OpportunityParams, rng: np.random.Generator) -> Finding:
    if params.top > params.scale:
        what = say(zh="top（{top}）大于scale（{scale}）", en="top ({top}) is above scale ({scale})", top=params.top, scale=params.scale)
        raise ev.ParamError("param_wrong", what, expected=Words("top不大于scale", "a top no higher than the scale"))
    data = outcomes.read(answers, params.scale)
    if params.segment:
        if params.segment not in data.segments:
            what = say(zh="数据里没有人群“{s}”", en="the data have no segment “{s}”", s=params.segment)
            raise ev.ParamError("segment_unknown", what, todo=ev.did_you_mean(params.segment, data.segments))
        data = data.of(data.segment == data.segments.index(params.segment))
    scored, lost = _scored(data, params, rng)
    if not scored:
        what = Words("没有一项期望结果既有重要度又有满意度", "no outcome has both importance and satisfaction rated")
        raise ev.DataError("no_answers", what, where=ev.Where(file=answers.source or None))
    parts = _by_segment(data, params, rng)
    p = _differing(scored, parts)
    places = [Estimate("p_first", o.first, key=o.name, unit="%", n=o.n, kind=Kind.EXACT, level=params.level,
                       label=say(zh="“{o}”排第一的概率", en="probability that “{o}” comes first", o=o.name)) for o in scored if o.first is not None]
    return Finding(
        headline=_headline(scored), meaning=_meaning(scored, data, params),
        estimates=(*(o.score for o in scored), *places, *(o.importance for o in scored), *(o.satisfaction for o in scored)),
        points=tuple(_points(scored, parts, p)), tables=(_table(scored), *_segments(scored, parts, p)), charts=(_chart(scored),),
        warnings=tuple(_warnings(scored, lost, data, params)),
    )
