"""Which brands do people see as alike, on which attributes do they differ, and how much of that does a picture of two axes show?

First a test, then a map: where brands cannot be told apart there is no map and no share. What the data are decides the analysis
(`map` forces another):

    ticks (0/1), counts → correspondence analysis: S = (P − r cᵀ)/√(r cᵀ) = U Σ Vᵀ, brands at U Σ/√r, distances are chi-square distances
    ratings → principal components of the brands' means, each attribute in standard deviations of people within brands
    dissimilarities of pairs → multidimensional scaling, classical or SMACOF (stress-1)

    inertia_2 = (λ₁ + λ₂) / Σλ, λ = squared singular values; of people it is given with the noise of sampling taken off, since noise adds
    to each λ; plain shares stand in the table `axes`. 100 % by arithmetic for three brands. Mardia's measure, or 1 − stress², for scaling.
    distance[b], p_nearest[b]: from our brand to b over all axes, noise taken off; `stress` of a scaling
    regions: people resampled, axes turned onto the map (Procrustes), normal ellipses

Test: answers change brands at random within each person (or between people who rate one brand each); chi-square for counts; for means
without people only whether attributes agree (parallel analysis); shuffled pairs for one table of dissimilarities.
Sources: Greenacre (2017), Correspondence Analysis in Practice, 3rd ed.; Gower (1966), Biometrika 53, 325-338; Borg & Groenen (2005),
Modern Multidimensional Scaling; Horn (1965), Psychometrika 30, 179-185; Schönemann (1966), Psychometrika 31, 1-10; Efron (1979).
Not for brands that people do not know, nor for saying which attribute sells: a map shows difference, not importance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import brand_maps, brand_plane, brand_tables, perception
from stageway.arithmetic.brand_plane import Array, Plane, Way
from stageway.arithmetic.brand_tables import Brands
from stageway.arithmetic.map_drawing import Drawn, brand_map
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown

SCALINGS = ("classical", "smacof")
WAYS = {"ca": Words("对应分析", "correspondence analysis"), "pca": Words("主成分分析", "principal components"),
        "classical": Words("经典多维标度", "classical scaling"), "smacof": Words("SMACOF多维标度", "SMACOF scaling")}
KINDS = {"ticks": Words("每人的勾选", "ticks of people"), "counts": Words("计数表", "a table of counts"), "shares": Words("占比表", "a table of shares"),
         "ratings": Words("每人的评分", "ratings of people"), "means": Words("均值表", "a table of means"), "dissimilarities": Words("两两差异", "dissimilarities of pairs")}
TESTS = {"permutation": Words("置换检验", "permutation test"), "chi_square": Words("卡方检验", "chi-square test"), "fisher": Words("Fisher检验", "Fisher's test"),
         "monte_carlo": Words("蒙特卡洛卡方检验", "Monte Carlo chi-square test"), "parallel": Words("平行分析", "parallel analysis"),
         "shuffle": Words("打乱各对的置换检验", "permutation of the pairs")}


@dataclass(frozen=True)
class PerceptualMapParams(Params):
    map: str = param("auto", help=Words("用哪种分析", "analysis"), choices={
        "auto": Words("按数据的种类", "by what the data are"), "ca": WAYS["ca"], "pca": WAYS["pca"], "classical": WAYS["classical"], "smacof": WAYS["smacof"]})
    own: str = param("", help=Words("自有品牌；空则认“我们”“us”等", "our brand; empty recognises us, own and the like"))
    attributes: str = param("", help=Words("只用这些属性，逗号分隔；空为全部", "only these attributes, separated by commas; empty takes all"))
    scale: str = param("auto", help=Words("评分的标准化（主成分分析）", "scale of ratings (principal components)"), choices={
        "auto": Words("有每人评分时按人，否则按品牌", "by people where each person's ratings are there, else by brands"),
        "people": Words("品牌内部人与人的标准差", "standard deviation of people within brands"),
        "brands": Words("品牌均值的标准差", "standard deviation of the brands' means"), "none": Words("不标准化", "none")})
    alpha: float = param(0.05, low=0.0001, high=1, help=Words("检验的p高于此值不画图；1为总是画", "no map where the test's p is above this; 1 always draws"))
    draws: int = param(1000, low=200, high=10_000, help=Words("自助法与置换的次数", "bootstrap draws and permutations"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


@dataclass(frozen=True)
class Told:
    """The plane with the names that sentences, tables and charts need."""

    data: Brands
    plane: Plane
    own: int | None
    level: float

    @property
    def n(self) -> int | None:
        return self.plane.n or None

    @property
    def counts(self) -> Words:
        return Words("次勾选", "ticks") if self.data.kind == "counts" else ev.finding.PEOPLE

    @property
    def base(self) -> Words:
        """(n = 302), or nothing where it is not known."""
        return say(zh="（{n}）", en=" ({n})", n=Words(ev.with_n(self.n, "zh"), ev.with_n(self.n, "en"))) if self.n else Words("", "")

    @property
    def others(self) -> list[int]:
        return [b for b in range(len(self.data.brands)) if b != self.own]

    @property
    def order(self) -> list[int]:
        """Places in `others`, the nearest first; empty where no brand is ours."""
        if self.own is None:
            return []
        near = self.plane.chance.near if self.plane.chance else None
        far = near.values if near is not None else self.plane.axes.full[self.own][self.others]
        return sorted(range(len(self.others)), key=lambda i: (far[i], i))

    def brand(self, b: int) -> str:
        return self.data.brands[b]

    def hidden_pair(self) -> tuple[int, int, float, float] | None:
        """The two brands that the map draws together most wrongly: at less than half their distance, which is no shorter than usual."""
        seen, full = self.plane.axes.pictured, self.plane.axes.full
        i, j = np.triu_indices(len(full), k=1)
        part = np.divide(seen[i, j], full[i, j], out=np.ones(len(i)), where=full[i, j] > 0)
        k = int(part.argmin())
        usual = float(np.median(full[i, j]))
        return (int(i[k]), int(j[k]), float(seen[i[k], j[k]]), float(full[i[k], j[k]])) if part[k] < 0.5 and full[i[k], j[k]] >= usual else None


def _own(data: Brands, name: str) -> int | None:
    if not name:
        return next((i for i, brand in enumerate(data.brands) if brand.lower() in perception.OWN), None)
    if name not in data.brands:
        what = say(zh="数据里没有自有品牌“{own}”", en="the data have no brand “{own}”", own=name)
        raise ev.ParamError("own_unknown", what, todo=ev.did_you_mean(name, data.brands))
    return data.brands.index(name)


def _chosen(data: Brands, wanted: str) -> Way:
    way = brand_plane.way_for(data) if wanted == "auto" else cast(Way, wanted)
    if (way in SCALINGS) != (data.kind == "dissimilarities") or (way == "ca" and np.nanmin(data.values) < 0):
        what = say(zh="{kind}不能做{way}", en="{way} cannot be made from {kind}", kind=KINDS[data.kind], way=WAYS[way])
        raise ev.ParamError("map_wrong", what, todo=say(zh="用auto或{way}", en="take auto or {way}", way=brand_plane.way_for(data)))
    return way


# ── estimates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _share(told: Told) -> Estimate | None:
    """Exact where it describes a table without people; None where noise is about all there is or too few people were asked."""
    plane, label = told.plane, Words("前两轴解释的占比", "share explained by two axes")
    value = float(plane.axes.shares[:2].sum())
    if plane.flat or (not told.data.people and told.data.kind != "counts"):
        return Estimate("inertia_2", value, unit="%", n=told.n, counts=told.counts, kind=Kind.EXACT, level=told.level, label=label)
    if plane.chance is None or plane.chance.share is None:
        return None
    return Estimate("inertia_2", *plane.chance.share, unit="%", n=told.n, counts=told.counts, level=told.level, label=label)


def _estimates(told: Told) -> list[Estimate]:
    out, chance = [share] if (share := _share(told)) is not None else [], told.plane.chance
    if chance is not None and chance.near is not None:
        for i in told.order:
            name, near = told.brand(told.others[i]), chance.near
            out.append(Estimate("distance", float(near.values[i]), float(near.lows[i]), float(near.highs[i]), key=name, n=told.n, counts=told.counts,
                                level=told.level, label=say(zh="我们到“{b}”的距离", en="distance from us to “{b}”", b=name)))
            out.append(Estimate("p_nearest", float(near.p[i]), key=name, unit="%", n=told.n, counts=told.counts, kind=Kind.EXACT, level=told.level,
                                label=say(zh="“{b}”最近的概率", en="probability that “{b}” is nearest", b=name)))
    if told.plane.stress is not None:
        out.append(Estimate("stress", told.plane.stress, n=told.n, kind=Kind.EXACT, level=told.level, label=Words("应力（stress-1）", "stress-1")))
    return out


def _ends(told: Told, axis: int, most: int = 2) -> tuple[Words, Words]:
    """What an axis runs from and to: its main attributes on either side; brands where there are no attributes."""
    named = told.data.attributes or told.data.brands
    points = told.plane.axes.attributes if told.data.attributes else told.plane.axes.brands
    if axis >= points.shape[1]:
        return Words("", ""), Words("", "")
    column = points[:, axis]
    least = 0.5 * float(np.abs(column).max())
    sides = []
    for sign in (-1, 1):
        order = [j for j in np.argsort(-sign * column, kind="stable").tolist() if sign * column[j] > 0]
        sides.append(_list([named[j] for k, j in enumerate(order) if k == 0 or sign * column[j] >= least][:most]))
    return sides[0], sides[1]


def _list(names: list[str]) -> Words:
    return joined([Words(f"“{name}”", f"“{name}”") for name in names], zh="", last_en=" and ")


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _headline(told: Told, share: Estimate | None) -> Words:
    b = len(told.data.brands)
    if share is None:
        return say(zh="{b}个品牌的感知图只能列出，不能推断{base}", en="The map of {b} brands can be listed, but nothing inferred{base}", b=b, base=told.base)
    if told.plane.flat:
        made = say(zh="{b}个品牌的感知图把差别全部画出{base}", en="The map of {b} brands shows all of their differences{base}", b=b, base=told.base)
    else:
        made = say(zh="{b}个品牌的感知图前两轴解释{s}{base}", en="Two axes show {s} of what tells {b} brands apart{base}", b=b, s=shown(share), base=told.base)
    if told.own is None:
        return made
    i = told.order[0]
    near = told.plane.chance.near if told.plane.chance else None
    if near is None:
        return made + say(zh="；离我们最近的是“{n}”", en="; nearest to us is “{n}”", n=told.brand(told.others[i]))
    return made + say(zh="；离我们最近的是“{n}”，概率{p}", en="; nearest to us is “{n}”, with probability {p}", n=told.brand(told.others[i]), p=f"{near.p[i]:.2f}")


def _meaning(told: Told, share: Estimate | None) -> ev.Meaning:
    left, right = _ends(told, 0)
    says = say(zh="品牌主要沿一条线拉开：一头是{left}，另一头是{right}；这条轴占{p}。", en="Brands spread mainly along one line, from {left} to {right}; it holds {p}.",
               left=left, right=right, p=ev.amount(float(told.plane.axes.shares[0]), "%", 0))
    p = told.plane.p
    tested = Words("品牌间的差别没法检验", "Differences between brands cannot be tested") if p is None else say(
        zh="{test}{p}", en="{test}: {p}", test=TESTS[told.plane.test], p=ev.p_value(p))
    if share is not None and share.low is not None and share.high is not None:
        sure = tested + say(zh="；再抽一批人，两轴解释的占比多半落在{a}到{b}。", en="; with other people two axes would show between {a} and {b}.",
                            a=ev.amount(share.low, "%", 0), b=ev.amount(share.high, "%", 0))
    else:
        sure = tested + Words("；图上位置没有区间，只描述这一张表。", "; positions have no interval, they describe this one table.")
    sure = Words(sure.zh, sure.en[0].upper() + sure.en[1:])
    worst, q = int(told.plane.axes.quality.argmin()), float(told.plane.axes.quality.min())
    if q < 0.7:
        change = say(zh="“{b}”的特点只有{q}在图上，第三轴要另看；换一组属性重问，名次和远近都会变。",
                     en="Only {q} of “{b}” lies on the picture, so look at the third axis; another list of attributes changes who is near whom.",
                     b=told.brand(worst), q=ev.amount(q, "%", 0))
    else:
        change = say(zh="属性是我们列的：换一组、或漏问一个用户真在比较的品牌，远近就要重算（{b}个品牌画得最差的也有{q}在图上）。",
                     en="The attributes are our list: another one, or a brand left out that people do compare, changes who is near (of {b} brands the worst shown has {q} on the map).",
                     b=len(told.data.brands), q=ev.amount(q, "%", 0))
    return ev.Meaning(says, sure, _next(told), change)


def _next(told: Told) -> Words:
    if told.own is None:
        i, j = _closest(told)
        return say(zh="“{a}”和“{b}”在用户心里最像，写定位时别只拿其中一家作对手；用own指明自有品牌，才有我们到各家的距离。",
                   en="“{a}” and “{b}” are seen as most alike, so do not position against one of them only; name our brand by own to get our distances.",
                   a=told.brand(i), b=told.brand(j))
    rival, axes = told.others[told.order[0]], told.plane.axes
    if not told.data.attributes:
        return say(zh="问用户凭什么觉得“{b}”和我们像：差异数据只给远近，不给原因。", en="Ask why people find “{b}” like us: dissimilarities tell how near, not why.", b=told.brand(rival))
    away = (axes.brands[told.own] - axes.brands[rival]) @ axes.attributes.T
    ours, theirs = int(away.argmax()), int(away.argmin())
    return say(zh="与“{b}”比，我们更靠“{x}”，它更靠“{y}”：定位句写前者，别在后者上跟它比。",
               en="Against “{b}” we stand for “{x}” and they for “{y}”: position on the former and do not compete on the latter.",
               b=told.brand(rival), x=told.data.attributes[ours], y=told.data.attributes[theirs])


def _closest(told: Told) -> tuple[int, int]:
    full = told.plane.axes.full
    i, j = np.triu_indices(len(full), k=1)
    k = int(full[i, j].argmin())
    return int(i[k]), int(j[k])


def _points(told: Told, found: list[Estimate]) -> list[Words]:
    points = []
    for e in [e for e in found if e.name == "distance"][:3]:
        p = next(each.value for each in found if each.name == "p_nearest" and each.key == e.key)
        points.append(say(zh="到“{b}”的距离{d}，它最近的概率{p}。", en="Distance to “{b}” {d}; it is the nearest with probability {p}.", b=e.key, d=shown(e, 2), p=f"{p:.2f}"))
    if told.plane.axes.inertias.size > 1:
        left, right = _ends(told, 1)
        points.append(say(zh="第二条轴从{left}到{right}，占{p}。", en="The second axis runs from {left} to {right} and holds {p}.",
                          left=left, right=right, p=ev.amount(float(told.plane.axes.shares[1]), "%", 0)))
    i, j = _closest(told)
    return [*points, say(zh="最像的两家是“{a}”和“{b}”。", en="Most alike are “{a}” and “{b}”.", a=told.brand(i), b=told.brand(j))]


def _no_map(data: Brands, p: float | None, test: str, n: int) -> Finding:
    """Where brands cannot be told apart: no map, no share."""
    b, j = len(data.brands), len(data.attributes)
    base = say(zh="（n={n}）", en=" (n = {n})", n=f"{n:,}") if n else Words("", "")
    on = say(zh="在{j}项属性上", en="on {j} attributes", j=j) if j else Words("按两两差异", "by their dissimilarities")
    what = say(zh="{b}个品牌{on}分不出来{base}，不画感知图", en="{b} brands cannot be told apart {on}{base}: there is no map", b=b, on=on, base=base)
    how = Words("数据里没有任何差异", "the data hold no difference at all") if p is None else say(zh="{t}{p}", en="{t}: {p}", t=TESTS[test], p=ev.p_value(p))
    meaning = ev.Meaning(
        what + Words("。", "."),
        say(zh="{how}；画出来的图只会是噪声的图。", en="The test says so ({how}); a map would be one of noise.", how=how),
        Words("先问用户凭什么选这几家，用他们的词换掉现在的属性；定位暂不能以“看起来不同”为据。",
              "Ask people by what they choose between these brands and use their words as attributes; positioning cannot rest on being seen as different yet."),
        Words("更多的人，或用户真在用的属性，使p降到检验线以下。", "More people, or attributes that people do use, bringing p below the line of the test."))
    return Finding(what, meaning, warnings=(ev.Warning("no_difference", say(
        zh="品牌之间的差别不超过偶然（{how}）：没有图，也没有解释占比，关口按“不可评定”处理。",
        en="Brands differ no more than by chance ({how}): no map and no share; the gate takes it as not evaluable.", how=how)),))


def _warnings(told: Told, share: Estimate | None, params: PerceptualMapParams) -> list[ev.Warning]:
    data, plane, out = told.data, told.plane, []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    if not data.people and data.kind != "counts":
        warn("no_people", "只有{kind}，没有每人的回答：占比和位置没有区间，差别是否偶然不知道。",
             "Only {kind}, no answers of people: shares and positions have no interval, and whether differences are chance is unknown.", kind=KINDS[data.kind])
    elif data.kind == "counts":
        warn("people_unknown", "计数表不知道哪些勾选出自同一人，区间按彼此独立计算，偏窄。",
             "The counts do not tell which ticks come from one person: intervals take them as independent and are too narrow.")
    elif data.people < 30:
        few = Words("只可列出", "only a listing") if data.people < brand_plane.LEAST else Words("椭圆和区间都很宽", "regions and intervals are wide")
        warn("small_n", "只有{n}人：{few}。", "Only {n} people: {few}.", n=data.people, few=few)
    if share is None and (data.people >= brand_plane.LEAST or data.kind == "counts"):
        warn("noise_only", "扣除抽样噪声后几乎不剩什么，前两轴的占比算不出。", "Almost nothing is left when sampling noise is taken off: no share of two axes.")
    if plane.p is not None and plane.p > 0.05:
        warn("not_distinct", "{t}{p}：差别可能是偶然，图是按参数alpha强行画的。", "{t}: {p}: differences may be chance; the map was asked for by alpha.",
             t=TESTS[plane.test], p=ev.p_value(plane.p))
    if plane.flat:
        warn("flat", "{b}个品牌、{j}项属性，两条轴必然解释100%，这个占比不说明图好。", "With {b} brands and {j} attributes two axes always show 100%: that is no merit of the map.",
             b=len(data.brands), j=len(data.attributes))
    elif share is not None and share.value < 0.6:
        warn("two_axes_short", "前两轴只解释{s}，图上远近不可照信，请看距离表。",
             "Two axes show only {s}: do not trust what looks near, read the table of distances.", s=ev.amount(share.value, "%", 0))
    if badly := [told.brand(b) for b in np.flatnonzero(plane.axes.quality < 0.5).tolist()]:
        warn("hidden_brand", "{list}大半不在图上（cos²小于0.5），位置不要读。", "{list}: more than half lies off the picture (cos² below 0.5); do not read the position.", list=_list(badly))
    if (pair := told.hidden_pair()) is not None:
        i, j, seen, full = pair
        warn("hidden_pair", "图上“{a}”和“{b}”相距{x}，实际{y}：不在同一平面，别当成近邻。", "“{a}” and “{b}” are {x} apart on the map and {y} in truth: they are no neighbours.",
             a=told.brand(i), b=told.brand(j), x=f"{seen:.2f}", y=f"{full:.2f}")
    if (lost := plane.axes.negative / float(plane.axes.inertias.sum() + plane.axes.negative)) > 0.1 and plane.way == "classical":
        warn("not_euclidean", "差异里有{x}不能用任何平面距离表示。", "No distances between points can show {x} of these dissimilarities.", x=ev.amount(lost, "%", 0))
    return out + brand_tables.noted(data)


# ── tables and chart ──────────────────────────────────────────────────────────────────────────────────────────────────


def _tables(told: Told) -> list[ResultTable]:
    axes, data, shares = told.plane.axes, told.data, told.plane.axes.shares
    rows = tuple((str(k + 1), float(axes.inertias[k]), float(shares[k]), float(shares[: k + 1].sum())) for k in range(len(shares)))
    heads = (ColumnHead("axis", Words("轴", "Axis")), ColumnHead("inertia", Words("惯量", "Inertia"), decimals=4), ColumnHead("share", Words("占比", "Share"), "%"),
             ColumnHead("sum", Words("累计", "Sum"), "%"))
    note = say(zh="由{kind}做{way}；合计{t}；占比未扣抽样噪声。", en="{way} from {kind}; total {t}; shares as they are, noise not taken off.",
               kind=KINDS[data.kind], way=WAYS[told.plane.way], t=f"{axes.inertias.sum():.4f}")
    out = [ResultTable("axes", Words("各轴", "Axes"), heads, rows, Words(note.zh, note.en[0].upper() + note.en[1:]))]
    out.append(_places("brands", Words("品牌的位置与画出的程度", "Brands: position, and how well it is shown"), ("brand", Words("品牌", "Brand")), data.brands, axes.brands, axes.quality))
    if data.attributes:
        out.append(_places("attributes", Words("属性的方向（平方为对轴的贡献）", "Attributes: direction (its square is the contribution)"),
                           ("attribute", Words("属性", "Attribute")), data.attributes, axes.attributes, None))
    if told.own is not None:
        near = told.plane.chance.near if told.plane.chance else None
        full = axes.full[told.own]
        far = [(told.brand(told.others[i]), *([float(v[i]) for v in (near.values, near.lows, near.highs, near.p)] if near is not None
               else [float(full[told.others[i]]), None, None, None]), float(axes.pictured[told.own, told.others[i]])) for i in told.order]
        cut = [("distance", "距离", "Distance"), ("low", "下端", "Low"), ("high", "上端", "High"), ("p_nearest", "最近的概率", "P(nearest)"), ("on_map", "图上距离", "On the map")]
        columns = (ColumnHead("brand", Words("品牌", "Brand")), *(ColumnHead(name, Words(zh, en), decimals=2) for name, zh, en in cut))
        out.append(ResultTable("distances", Words("我们到各品牌的距离（全部轴）", "Our distance to each brand, over all axes"), columns, tuple(far)))
    return out


def _places(name: str, title: Words, first: tuple[str, Words], names: list[str], points: Array, quality: Array | None) -> ResultTable:
    flat = np.pad(points[:, :2], ((0, 0), (0, max(0, 2 - points.shape[1]))))
    rows = tuple((text, float(x), float(y), *([float(quality[i])] if quality is not None else [])) for i, (text, (x, y)) in enumerate(zip(names, flat, strict=True)))
    last = (ColumnHead("cos2", Words("cos²", "cos²"), decimals=2),) if quality is not None else ()
    return ResultTable(name, title, (ColumnHead(*first), ColumnHead("axis_1", Words("第1轴", "Axis 1"), decimals=3), ColumnHead("axis_2", Words("第2轴", "Axis 2"), decimals=3), *last), rows)


def _chart(told: Told) -> tuple[ev.Chart, ...]:
    axes = told.plane.axes
    if axes.brands.shape[1] < 2:
        return ()
    titles = tuple(say(zh="第{k}轴（{p}）", en="axis {k} ({p})", k=k + 1, p=ev.amount(float(axes.shares[k]), "%", 0)) for k in (0, 1))
    points = axes.brands[:, :2]
    outlines = [brand_maps.ellipse(points[b], told.plane.chance.places[:, b], told.level) for b in range(len(points))] if told.plane.chance else []
    title = say(zh="{b}个品牌的感知图{r}", en="Map of {b} brands{r}", b=len(points), r=Words("，圈为自助法区域", "; outlines are bootstrap regions") if outlines else Words("", ""))
    said = [say(zh="{b}（{x}，{y}）", en="{b} ({x}, {y})", b=told.brand(b), x=f"{x:.2f}", y=f"{y:.2f}") for b, (x, y) in enumerate(points.tolist())]
    what = Drawn(told.data.brands, points, outlines, told.data.attributes, axes.attributes[:, :2], told.own, (titles[0], titles[1]))
    return (brand_map("map", title, joined(said, zh="；", en="; "), what),)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """A hundred and twenty people tick six attributes for us and four alternatives."""
    chance = {"us": (0.7, 0.6, 0.2, 0.3, 0.4, 0.2), "Blackpage": (0.2, 0.2, 0.7, 0.5, 0.3, 0.3), "Listenbrook": (0.4, 0.5, 0.2, 0.3, 0.2, 0.6),
              "Paperlane": (0.2, 0.3, 0.4, 0.2, 0.6, 0.2), "Onefold": (0.3, 0.2, 0.3, 0.7, 0.3, 0.2)}
    names = ("finish", "remember", "many books", "free", "quiet", "listening")
    rows = [{"respondent": f"p{i + 1}", "brand": brand, "attribute": name, "value": int(rng.random() < p)}
            for i in range(120) for brand, ps in chance.items() for name, p in zip(names, ps, strict=True)]
    return {"perceptions": Frame.of(rows, "example")}


@method(
    title=Words("感知图", "Perceptual map"),
    question=Words("用户觉得哪些品牌像，差在哪些属性，一张平面图画出了多少？", "Which brands are seen as alike, on which attributes do they differ, and how much of it fits a picture?"),
    reads_as=Words("先看检验和两轴解释的占比，再看图：靠近的品牌在用户心里相近，箭头所指是它们的特点。",
                   "Read the test and the share of two axes first, then the map: brands that lie close are seen as alike, arrows tell for what."),
    limit=Words("只说明看法的差别，不说明哪项属性要紧；没问到的品牌和属性不在图上。", "It shows differences of view, not what matters; brands and attributes not asked about are absent."),
    formula="correspondence analysis (Greenacre 2017), principal components or scaling (Gower 1966; Borg & Groenen 2005) by what the data are; "
    "share of two axes and distances less sampling noise, people resampled, Procrustes; permutation test before the map",
    reads=(
        Reads("perceptions", Words("对品牌的看法：勾选、计数、评分、均值或两两差异", "views of brands: ticks, counts, ratings, means, or dissimilarities"), (
            Column("brand", "category", Words("品牌", "the brand")),
            Column("respondent", "id", Words("受访者；没有则整表算作汇总", "the person; without it the table is taken as a sum"), required=False),
            Column("attribute", "category", Words("属性（长表）；没有则每个数字列是一项属性", "the attribute (long table); without it each column of numbers is one"), required=False),
            Column("value", "number", Words("0/1、计数、评分或差异；没有则每行算一次勾选", "0/1, count, rating or dissimilarity; without it each row is a tick"), required=False),
            Column("other", "category", Words("另一个品牌（两两差异）", "the other brand (dissimilarities)"), required=False),
        ), others=Words("没有attribute列时，其余每个数字列是一项属性", "where there is no column attribute, each other column of numbers is an attribute")),
    ),
    gives=("inertia_2", "distance[]", "p_nearest[]", "stress"),
    params=PerceptualMapParams,
    example=example,
)
def perceptual_map(perceptions: Frame, *, params: PerceptualMapParams, rng: np.random.Generator) -> Finding:
    data = brand_tables.read(perceptions, params.attributes)
    way, own = _chosen(data, params.map), _own(data, params.own)
    try:
        plane = brand_plane.plane(data, way, params.scale, params.draws, params.level, own, rng)
    except ValueError:
        return _no_map(data, None, "", data.people)
    if plane.p is not None and plane.p > params.alpha:
        return _no_map(data, plane.p, plane.test, plane.n)
    told = Told(data, plane, own, params.level)
    found = _estimates(told)
    share = next((e for e in found if e.name == "inertia_2"), None)
    return Finding(
        headline=_headline(told, share), meaning=_meaning(told, share), estimates=tuple(found), points=tuple(_points(told, found)),
        tables=tuple(_tables(told)), charts=_chart(told), warnings=tuple(_warnings(told, share, params)))
