"""Is the positioning accurate (the target segment sees in us what we meant), and is it unique (no alternative is close)?

Each person says for each brand and attribute whether they go together (0 or 1) or how well (a rating; from `link` up it is a link).

    hit[claim] = share of the target segment who link the attribute to us                                        Wilson
    gap = √mean((linked share − intended share)²) over the intended attributes, in points of share                 bootstrap, noise taken off
    rank_agreement = Kendall's tau-b of intended and linked shares over all attributes (0 intended where not claimed)        bootstrap
    distance = √Σ_j (z_own,j − z_nearest,j)², z = mean / sd of attribute j, to the nearest alternative     bootstrap, noise taken off
    advantage = Σ_j w_j (our share − best alternative's share), w summing to 1: only with the table `weights`

People are resampled. A measured distance is too long, since error adds to its square, and the least of several too short; both are
corrected (see `arithmetic.perception`). The distance grows with the number of attributes: compare only like lists.
Residuals are adjusted (about N(0, 1)): what brand size predicts is taken off (double jeopardy); marked at |r| > 2 and q < 0.05 (BH).
Sources: Wilson (1927); Kendall (1945); Efron (1979); Romaniuk & Sharp (2000), Int. J. Market Research 42(2), 219-230; Haberman (1973);
distance and gap are defined here. Not for markets whose alternatives were not asked for: the nearest one may be missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import bootstrap, intervals, perception, proportions, ranks
from stageway.arithmetic.charts import draw
from stageway.arithmetic.perception import Array, Nearest, Perceptions
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown

LEAST = 10  # people below whom nothing is resampled
ATTRIBUTE = ColumnHead("attribute", Words("属性", "Attribute"))


@dataclass(frozen=True)
class FitParams(Params):
    own: str = param("", help=Words("自有品牌在brand列中的名称；空则找“us”“我们”", "our brand as in the column brand; empty looks for “us” or “我们”"))
    claims: str = param("", help=Words("主张的属性，逗号分隔；可写“属性=0.7”给出意图占比，不写为1",
        "claimed attributes, comma-separated; “attribute=0.7” sets the intended share, else 1"))
    link: float | None = param(None,
        help=Words("评分不低于此值算认同；空：0/1数据取1，评分取最高两档", "ratings from here up are a link; empty: 1 for 0/1 data, else the top two boxes"))
    among: str = param("everyone", help=Words("距离按谁算", "whose perceptions make the distance"), choices={
        "everyone": Words("全部受访者", "all respondents"), "target": Words("目标人群", "the target segment")})
    spread: str = param("all", help=Words("标准化所用的标准差", "standard deviation of the z-scores"), choices={
        "all": Words("该属性全部取值的标准差（z分）", "of all values of the attribute (z-scores)"),
        "within": Words("品牌内部的标准差，加减品牌不改变距离", "of people about their brand's mean; adding a brand changes no distance")})
    draws: int = param(2000, low=200, high=20_000, help=Words("自助法次数", "bootstrap draws"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


@dataclass(frozen=True)
class Fit:
    """All that was computed. `linked` (people, brands, attributes) is 1, 0, NaN; the own brand is brand 0."""

    data: Perceptions
    linked: Array
    intended: dict[str, float]
    hits: dict[str, tuple[int, int]]
    sole: dict[str, tuple[int, int]]
    residuals: Array
    q: Array
    used: list[str]
    near: Nearest | None
    away: Array
    estimates: tuple[Estimate, ...]

    def get(self, name: str) -> Estimate | None:
        return next((e for e in self.estimates if e.name == name), None)


def _intentions(params: FitParams, table: Frame | None, attributes: list[str]) -> dict[str, float]:
    """Intended share by attribute, from the parameter `claims`, else from the table `intended`."""
    made = perception.claimed(params.claims)
    if not made and table is not None:
        known = table.take(~(table.missing("attribute") | table.missing("share")))
        made = dict(zip(known["attribute"].tolist(), known["share"].tolist(), strict=True))
    for name in made:
        if name not in attributes:
            what = say(zh="数据里没有主张的属性“{name}”", en="the data have no attribute “{name}”, which is claimed", name=name)
            raise ev.ParamError("claim_unknown", what, todo=ev.did_you_mean(name, attributes))
    return {name: made[name] for name in attributes if name in made}


def _fit(data: Perceptions, linked: Array, intended: dict[str, float], params: FitParams, rng: np.random.Generator) -> Fit:
    hits, sole = perception.tallied(linked, data)
    inside = data.target if params.among == "target" else np.ones(data.n, dtype=bool)
    used, near, away = perception.usable(data, inside), None, np.empty((0, 0))
    residuals = proportions.adjusted_residuals(np.nansum(linked, axis=0))
    q = proportions.benjamini_hochberg(np.vectorize(lambda r: np.nan if np.isnan(r) else proportions.p_of_z(r))(residuals))
    out = [
        Estimate("hit", x / n, *intervals.wilson(x, n, params.level), key=name, unit="%", n=n, kind=Kind.SHARE, level=params.level,
                 label=say(zh="“{name}”的命中率", en="hit of “{name}”", name=name))
        for name in intended if name in hits for x, n in (hits[name],)
    ]
    if inside.sum() >= LEAST:
        drawn = perception.resampled(data, linked, used, inside, params.spread, params.draws, rng)
        if len(data.brands) > 1 and used and np.ptp(drawn.away_drawn, axis=0).any():
            near, away = perception.nearest(drawn.away, drawn.away_drawn, params.level), drawn.away
            label = Words("到最近替代选择的距离", "distance to the nearest alternative")
            out.append(Estimate("distance", *near.distance, n=int(inside.sum()), level=params.level, label=label))
        if data.target.sum() >= LEAST:
            out += _accuracy(data, intended, drawn.share, drawn.share_drawn, params.level)
    return Fit(data, linked, intended, hits, sole, residuals, q, used, near, away, tuple(out))


def _accuracy(data: Perceptions, intended: dict[str, float], share: Array, drawn: Array, level: float) -> list[Estimate]:
    n, out = int(data.target.sum()), []
    places, aims = [data.attributes.index(name) for name in intended], np.array(list(intended.values()))
    if places and not np.isnan(share[places]).any() and np.ptp(drawn[:, places], axis=0).any():
        scale = len(aims) ** 0.5
        value, samples = perception.lengths((share[places] - aims)[None] / scale, (drawn[:, None, places] - aims) / scale)
        low, high = bootstrap.percentile(samples[:, 0], level)
        middle = max(0.0, float(value[0]))
        label = Words("与意图之差（RMSE）", "gap to the intention (RMSE)")
        out.append(Estimate("gap", middle, min(middle, max(0.0, low)), max(middle, high), unit="pp", n=n, level=level, label=label))
    every = np.array([intended.get(name, 0.0) for name in data.attributes])
    tau, taus = float(ranks.kendall(every, share[None])[0]), ranks.kendall(every, drawn)
    if len(every) > 2 and np.isfinite(tau) and np.isfinite(taus).all():
        low, high = bootstrap.percentile(taus, level)
        label = Words("名次一致（Kendall τ）", "rank agreement (Kendall's tau)")
        out.append(Estimate("rank_agreement", tau, min(tau, low), max(tau, high), n=n, level=level, label=label))
    return out


def _advantage(fit: Fit, weights: Frame, params: FitParams, rng: np.random.Generator) -> tuple[list[Estimate], list[ResultTable]]:
    """Our share less the best alternative's on each attribute, weighted (see `arithmetic.perception.lead` for its interval)."""
    data, known = fit.data, weights.take(~(weights.missing("attribute") | weights.missing("weight")))
    for i, name in enumerate(known["attribute"].tolist()):
        if name not in data.attributes:
            what = say(zh="权重表里的属性“{name}”不在数据中", en="the attribute “{name}” of the weights is not in the data", name=name)
            raise ev.DataError("weight_unknown", what, where=ev.Where(file=weights.source or None, row=int(known.rows[i])),
                todo=ev.did_you_mean(name, data.attributes))
    pairs = {name: float(w) for name, w in zip(known["attribute"].tolist(), known["weight"].tolist(), strict=True) if w > 0 and name in fit.used}
    if not pairs or len(data.brands) < 2 or data.n < LEAST:
        return [], []
    names = sorted(pairs, key=lambda name: (-pairs[name], name))
    weight = np.array([pairs[name] for name in names]) / sum(pairs.values())
    lead = perception.lead(fit.linked[:, :, [data.attributes.index(name) for name in names]], weight, params.draws, params.level, rng)
    own, best = lead.shares[0].tolist(), [float(lead.shares[b, i]) for i, b in enumerate(lead.best.tolist())]
    rows = [(name, float(weight[i]), own[i], data.brands[lead.best[i]], best[i], own[i] - best[i]) for i, name in enumerate(names)]
    heads = (ATTRIBUTE, *_heads("%", ("weight", "权重", "Weight"), ("own", "认同我们", "Linked to us")),
        ColumnHead("best", Words("最强的替代选择", "Best alternative")),
             *_heads("%", ("best_share", "认同它", "Linked to it")), *_heads("pp", ("difference", "差", "Difference")))
    label = Words("要紧属性上的加权领先", "weighted advantage on what matters")
    estimate = Estimate("advantage", lead.value, lead.low, lead.high, unit="pp", n=data.n, level=params.level, label=label)
    return [estimate], [ResultTable("weights", Words("要紧的属性上的差", "Differences on the attributes that matter"), heads, tuple(rows))]


def _who(fit: Fit) -> Words:
    return Words("目标用户", "target segment") if fit.data.told else Words("受访者", "all respondents")


def _order(fit: Fit) -> list[int]:
    """The alternatives (positions after the own brand), the most probably nearest first."""
    near = fit.near
    return [] if near is None else sorted(range(len(near.p)), key=lambda i: (-near.p[i], near.values[i]))


def _headline(fit: Fit) -> Words:
    parts = []
    hits = [e for e in fit.estimates if e.name == "hit"]
    if hits:
        least = min(hits, key=lambda e: e.value)
        parts.append(say(zh="{k}个主张中命中率最低的是“{claim}”，{x}（{who}n={n}）",
                         en="Of {k} claims the least linked to us is “{claim}”, {x} ({who}, n = {n})",
                         k=len(hits), claim=least.key, x=shown(least), n=least.n, who=_who(fit)))
    if fit.near is not None and (distance := fit.get("distance")):
        i = _order(fit)[0]
        parts.append(say(zh="离我们最近的是“{name}”（概率{p}），到最近替代选择的距离{x}（n={n}）",
                         en="the nearest alternative is “{name}” (probability {p}), distance to the nearest {x} (n = {n})",
                         name=fit.data.brands[i + 1], p=f"{fit.near.p[i]:.2f}", x=shown(distance, 2), n=distance.n))
    if not parts:
        return say(zh="{n}人的数据还判不出定位准不准、独不独特", en="The data of {n} people cannot tell yet how accurate or unique it is", n=fit.data.n)
    made = joined(parts, zh="；", en="; ")
    return Words(made.zh, made.en[:1].upper() + made.en[1:])


def _marked(fit: Fit, sign: int) -> list[str]:
    """Attributes that people link to us more (less) than our size predicts, strongest first."""
    own = [(name, float(r)) for name, r, q in zip(fit.data.attributes, fit.residuals[0], fit.q[0], strict=True) if sign * r > 2 and q < 0.05]
    return [name for name, r in sorted(own, key=lambda each: (-sign * each[1], each[0]))]


def _quoted(names: list[str]) -> Words:
    return joined([Words(f"“{name}”", f"“{name}”") for name in names], zh="", last_en=" and ")


def _sentence(parts: list[Words]) -> Words:
    made = joined(parts, zh="；", en="; ")
    return Words(made.zh + "。", made.en[:1].upper() + made.en[1:] + ".")


def _meaning(fit: Fit) -> ev.Meaning:
    hits = sorted((e for e in fit.estimates if e.name == "hit"), key=lambda e: -e.value)
    unknown = Words("没有写明主张，准不准无从判断", "no claims are given, so accuracy cannot be judged")
    says = [say(zh="“{k}”命中率{x}", en="“{k}” {x}", k=e.key, x=shown(e)) for e in hits[:6]] or [unknown]
    sure, following, change = [], [], []
    if hits:
        following.append(say(zh="传播先补“{k}”，它是认同最少的主张", en="work first on “{k}”, the claim that the fewest link to us", k=hits[-1].key))
        width = max(hits, key=lambda e: (e.high or 0) - (e.low or 0))
        sure.append(say(zh="命中率的区间最宽{w}，{who}{n}人",
                        en="the widest interval of a hit spans {w} ({who}, n = {n})",
                        w=ev.amount((width.high or 0) - (width.low or 0), "pp"), n=width.n, who=_who(fit)))
    if up := _marked(fit, 1):
        following.append(say(zh="{list}超出我们品牌大小应有的认同，放在首屏和标题里说",
                             en="put {list} on the first screen and in headlines: they are linked to us beyond what our size predicts", list=_quoted(up[:3])))
    if down := _marked(fit, -1):
        following.append(say(zh="{list}认同偏少，没有新证据就不写进定位句",
            en="leave {list} out of the positioning statement until there is new evidence: they are linked to us too rarely", list=_quoted(down[:3])))
    if fit.near is not None:
        i = _order(fit)[0]
        name, parts = fit.data.brands[i + 1], fit.away[i] ** 2
        j, rest = int(parts.argmax()), float(np.sqrt(max(0.0, fit.near.values[i] ** 2 - parts.max())))
        sure.append(say(zh="最近的是“{b}”的概率为{p}；距离已扣除抽样噪声",
                        en="“{b}” is the nearest with probability {p}; sampling noise is taken off the distance", b=name, p=f"{fit.near.p[i]:.2f}"))
        change.append(say(zh="与“{b}”的距离有{p}来自“{a}”，对方在这一点追平，距离就缩到约{y}",
                          en="{p} of the squared distance to “{b}” comes from “{a}”: if they draw level there, it shrinks to about {y}",
                          b=name, p=ev.amount(float(parts[j] / parts.sum()), "%", 0), a=fit.used[j], y=f"{rest:.2f}"))
    none = say(zh="{n}人、{k}个品牌，距离算不出", en="with {n} people and {k} brands there is no distance", n=fit.data.n, k=len(fit.data.brands))
    ask = Words("补足目标用户和主要替代选择后再测，题目不改字", "ask more of the target segment, about all main alternatives, without rewording")
    return ev.Meaning(_sentence(says), _sentence(sure or [none]), _sentence(following or [ask]), _sentence(change or [ask]))


def _points(fit: Fit) -> list[Words]:
    points = []
    if (gap := fit.get("gap")) is not None and gap.value > 0:
        points.append(say(zh="认同与意图平均相差{x}（{who}n={n}）。",
                          en="Links miss the intention by {x} on average ({who}, n = {n}).", x=shown(gap), n=gap.n, who=_who(fit)))
    elif gap is not None:
        points.append(say(zh="认同与意图之差没有超出抽样噪声，至多{x}（{who}n={n}）。",
                          en="Links miss the intention by no more than sampling noise, at most by {x} ({who}, n = {n}).",
                          x=ev.amount(gap.high or 0.0, "pp"), n=gap.n, who=_who(fit)))
    if (tau := fit.get("rank_agreement")) is not None:
        points.append(say(zh="主张与实际认同的名次一致程度τ为{x}（1为完全一致，0为无关）。",
                          en="The order of intentions and of links agrees with a tau of {x} (1 fully, 0 not at all).", x=shown(tau, 2)))
    order = _order(fit)
    if fit.near is not None and len(order) > 1 and fit.near.p[order[0]] < 0.8:
        a, b = order[:2]
        points.append(say(zh="谁最近说不准：“{a}”的概率为{p}，“{b}”为{q}，两家都要盯。",
                          en="Which is nearest is open: “{a}” with probability {p}, “{b}” with {q}; watch both.",
                          a=fit.data.brands[a + 1], p=f"{fit.near.p[a]:.2f}", b=fit.data.brands[b + 1], q=f"{fit.near.p[b]:.2f}"))
    if fit.sole and len(fit.data.brands) > 1:
        name = max(fit.sole, key=lambda each: (fit.sole[each][0] / fit.sole[each][1], each))
        x, n = fit.sole[name]
        share = Estimate("sole", x / n, *intervals.wilson(x, n), unit="%", n=n)
        points.append(say(zh="只认同我们一家的，“{a}”最多：{x}（{k}/{n}）。",
                          en="The attribute linked to us alone most often is “{a}”: {x} ({k}/{n}).", a=name, x=shown(share), k=x, n=n))
    return points


def _warnings(fit: Fit, intended: bool, params: FitParams, link: float, unweighted: bool) -> list[ev.Warning]:
    data, out = fit.data, []
    target = int(data.target.sum())

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    if unweighted:
        warn("no_advantage", "没有可用的权重，或人数不够，加权领先算不出。", "No weights to use, or too few people: there is no weighted advantage.")
    if not data.told:
        warn("no_target_column", "数据没有标明目标人群，命中率按全部{n}人计算，不能当作目标人群的认同。",
            "The data do not mark the target segment: hits are those of all {n} people, and not the segment's.", n=data.n)
    elif target == 0:
        warn("no_target", "数据里没有目标人群的人，命中率算不出。", "Nobody in the data is in the target segment: there are no hits.")
    if target and target < 30:
        few = Words("不足10人，只可列出", "list the answers only")
        text = few if target < 10 else Words("命中率的区间很宽，不宜据此改定位", "intervals are wide, so do not change the positioning on them")
        warn("small_n", "目标人群只有{n}人，{text}。", "The target segment has only {n} people: {text}.", n=target, text=text)
    if not intended:
        warn("no_claims", "没有用claims或表intended写明主张，命中率、与意图之差和名次一致都算不出。",
            "No claims are given (claims, or the table intended): hits, gap and rank agreement cannot be computed.")
    elif fit.get("gap") is None or fit.get("rank_agreement") is None:
        warn("accuracy_incomplete", "目标人群太少、认同没有差异或主张没有高低之分，与意图之差或名次一致算不出。",
             "Too few people in the segment, links that do not vary, or claims of one height among too few attributes: gap or rank agreement is left out.")
    if fit.near is None:
        warn("no_distance", "距离算不出：要有{least}人以上、至少一个替代选择、有差异的属性。",
            "No distance: it needs {least} people, an alternative, and attributes that vary.", least=LEAST)
    if lost := [name for name in data.attributes if name not in fit.used]:
        warn("attribute_left_out", "{list}有品牌没被问到，或取值全同，不计入距离。",
            "{list}: not asked of every brand, or all values alike; left out of the distance.", list=_quoted(lost))
    if params.link is None and link != 1:
        warn("link_assumed", "评分{x}及以上按认同计（最高两档）；口径不同请设link。",
            "Ratings from {x} up (the top two boxes) count as links; set link for another rule.", x=f"{link:g}")
    if data.nameless:
        warn("nameless", "{k}行没有受访者编号，没有计入。", "{k} rows name no respondent and are not counted.", k=data.nameless)
    return out


def _tables(fit: Fit, params: FitParams) -> list[ResultTable]:
    data, rows = fit.data, []
    for j, name in enumerate(data.attributes):
        if name in fit.hits:
            (x, n), k = fit.hits[name], fit.sole[name][0]
            rows.append((name, fit.intended.get(name), x / n, *intervals.wilson(x, n, params.level), k / n, *intervals.wilson(k, n, params.level), n,
                _none(fit.residuals[0, j])))
    heads = (ATTRIBUTE, *_heads("%", ("intended", "意图", "Intended"), ("linked", "认同", "Linked"), ("low", "下端", "Low"), ("high", "上端", "High"),
                                ("sole", "只认同我们", "Us alone"), ("sole_low", "下端", "Low"), ("sole_high", "上端", "High")),
             ColumnHead("n", Words("人数", "n"), decimals=0), ColumnHead("residual", Words("标准化残差", "Residual"), decimals=1))
    made = [ResultTable("profile", Words("目标人群对我们的认同", "What the target segment links to us"), heads, tuple(rows))]
    if fit.near is not None:
        numbers = np.column_stack([fit.near.values, fit.near.lows, fit.near.highs, fit.near.p]).tolist()
        far = [(data.brands[i + 1], *numbers[i]) for i in _order(fit)]
        ends = _heads("", ("distance", "距离", "Distance"), ("low", "下端", "Low"), ("high", "上端", "High"))
        heads = (ColumnHead("brand", Words("替代选择", "Alternative")), *ends, *_heads("%", ("p_nearest", "最近的概率", "P(nearest)")))
        note = Words("z分空间的欧氏距离，已扣除抽样噪声；属性数不同的调查不可比。",
            "Euclidean in z-scores, sampling noise taken off; surveys with other numbers of attributes do not compare.")
        made.append(ResultTable("neighbours", Words("到各替代选择的距离", "Distance to each alternative"), heads, tuple(far), note))
    cells = tuple((name, *(_none(r) for r in fit.residuals[:, j])) for j, name in enumerate(data.attributes))
    brands = tuple(ColumnHead(f"brand_{i + 1}", Words.of(brand), decimals=1) for i, brand in enumerate(data.brands))
    note = Words("扣除品牌大小后的标准化残差；超过±2且BH校正后q<0.05才算有别（Romaniuk & Sharp 2000）。",
        "Adjusted residuals beyond brand size; beyond ±2 with q < 0.05 (BH) they stand out (Romaniuk & Sharp 2000).")
    return [*made, ResultTable("residuals", Words("各品牌的属性残差", "Residuals of brand by attribute"), (ATTRIBUTE, *brands), cells, note)]


def _none(r: float) -> float | None:
    return None if np.isnan(r) else float(r)


def _heads(unit: str, *columns: tuple[str, str, str]) -> tuple[ColumnHead, ...]:
    return tuple(ColumnHead(name, Words(zh, en), unit, None if unit else 2) for name, zh, en in columns)


def _chart(fit: Fit) -> tuple[ev.Chart, ...]:
    if fit.near is None:
        return ()
    near = fit.near
    numbers = np.column_stack([near.values, near.lows, near.highs]).tolist()
    rows = [{"brand": fit.data.brands[i + 1], **dict(zip(("distance", "low", "high"), numbers[i], strict=True)), "p": f"{near.p[i]:.2f}"} for i in _order(fit)]

    def build(lang: ev.Lang) -> Any:
        import altair as alt

        base = alt.Chart(alt.InlineData(values=rows))
        x = alt.X("distance:Q", scale=alt.Scale(zero=True),
            title=Words("与我们的距离（z分）；旁为最近的概率", "Distance from us (z-scores); beside it P(nearest)")[lang])
        y = alt.Y("brand:N", title=None, sort=[str(row["brand"]) for row in rows])
        marks = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=y), base.mark_point(filled=True, size=80).encode(x=x, y=y)
        return alt.layer(*marks, base.mark_text(dy=-12).encode(x=x, y=y, text=alt.Text("p:N"))).properties(height=alt.Step(40))

    said = [Words.of(f"{r['brand']} {r['distance']:.2f} [{r['low']:.2f}, {r['high']:.2f}]") for r in rows]
    title = Words("到各替代选择的距离，线段为区间", "Distance to each alternative; lines are intervals")
    return (draw("neighbours", title, joined(said, zh="；", en="; "), build),)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Ninety people tick four attributes for us and two alternatives; two of three are in the target segment."""
    chance = {"us": (0.7, 0.6, 0.3, 0.2), "Blackpage": (0.2, 0.3, 0.7, 0.5), "Listenbrook": (0.5, 0.4, 0.3, 0.4)}
    attributes = ("finish", "remember", "many books", "free")
    ticks = [
        {"respondent": f"p{i + 1}", "brand": brand, "attribute": name, "value": int(rng.random() < p), "target": i % 3 > 0}
        for i in range(90) for brand, ps in chance.items() for name, p in zip(attributes, ps, strict=True)
    ]
    intended = [{"attribute": "finish", "share": 0.7}, {"attribute": "remember", "share": 0.6}]
    weights = [{"attribute": name, "weight": w} for name, w in zip(attributes, (5, 4, 2, 1), strict=True)]
    return {"perceptions": Frame.of(ticks, "example"), "intended": Frame.of(intended, "example"), "weights": Frame.of(weights, "example")}


@method(
    title=Words("定位契合", "Positioning fit"),
    question=Words("目标用户认得出我们主张的特点吗，离最近的替代选择有多远？",
        "Does the target segment see what we claim, and how far is the nearest alternative?"),
    reads_as=Words("命中率答“准不准”，到最近替代选择的标准化距离答“独不独特”。",
        "Hits tell whether it is accurate, the standardised distance to the nearest alternative whether it is unique."),
    limit=Words("只看得见问到的品牌和属性；属性数不同的调查，距离不能相比。",
        "It sees only the brands and attributes asked about; distances from lists of different length do not compare."),
    formula="hit: Wilson share; gap: RMSE; distance: Euclidean in z-scores, less noise, people resampled; tau-b (Kendall 1945); residuals (Haberman 1973)",
    reads=(
        Reads("perceptions", Words("每人对每个品牌、每项属性的看法", "each person's view of each brand on each attribute"), (
            Column("respondent", "id", Words("受访者", "the person")),
            Column("brand", "category", Words("品牌，含自有品牌", "the brand, ours among them")),
            Column("attribute", "category", Words("属性", "the attribute")),
            Column("value", "number", Words("0/1，或评分", "0 or 1, or a rating")),
            Column("target", "flag", Words("受访者是否属于目标人群", "whether the person is in the target segment"), required=False),
        )),
        Reads("intended", Words("主张的属性与意图占比", "claimed attributes and intended shares"), (
            Column("attribute", "category", Words("属性", "the attribute")),
            Column("share", "number", Words("意图占比，0～1", "intended share, 0 to 1"), low=0, high=1),
        ), required=False),
        Reads("weights", Words("属性的权重", "how much attributes matter"), (
            Column("attribute", "category", Words("属性", "the attribute")),
            Column("weight", "number", Words("权重，不小于0", "weight, 0 or more"), low=0),
        ), required=False),
    ),
    gives=("hit[]", "gap", "distance", "rank_agreement", "advantage"),
    params=FitParams,
    example=example,
)
def positioning_fit(perceptions: Frame, intended: Frame | None, weights: Frame | None, *, params: FitParams, rng: np.random.Generator) -> Finding:
    data = perception.own_first(perception.read(perceptions), params.own)
    link = perception.threshold(data.values, params.link, perceptions.source)
    linked = np.where(np.isnan(data.values), np.nan, (data.values >= link).astype(np.float64))
    fit = _fit(data, linked, _intentions(params, intended, data.attributes), params, rng)
    estimates, tables = _advantage(fit, weights, params, rng) if weights is not None else ([], [])
    points = [say(zh="在要紧的属性上，我们比各自最强的替代选择高出（按权重）{x}。",
                  en="On the attributes that matter, weighted, we are {x} ahead of the best alternative on each.", x=shown(e)) for e in estimates]
    return Finding(
        headline=_headline(fit), meaning=_meaning(fit), estimates=(*fit.estimates, *estimates), points=(*_points(fit), *points),
        tables=(*_tables(fit, params), *tables), charts=_chart(fit),
        warnings=tuple(_warnings(fit, bool(fit.intended), params, link, weights is not None and not estimates)),
    )
