"""Into which groups do people fall, how large and how stable is each, what sets them apart, or are they one cloud?

One row a person, each further column a variable: numbers, categories or both. Numbers and mixtures: k-means; categories alone: latent classes.

    k-means: min Σ_i ‖x_i − c(i)‖² over z-scores; a category is as many columns as levels, which vary by ½ together
    latent classes: P(y) = Σ_c π_c Π_j θ_cj(y_j), EM from many starts; BIC = −2 ln L + p ln n
    stability = mean over bootstrap draws of the largest Jaccard index |A ∩ B| / |A ∪ B| of a segment with the new groups, 0 to 1
    a number of segments holds where each is found again (≥ 0.6) and has 5 % of the people, and n ≥ 30 a segment on average
    one cloud: gap in ln W against clouds of the same correlations, grid and skew, p < 0.05 asked for; latent classes: BIC of one class

Of the numbers that hold and whose least stable segment is within 0.1 of the best: the largest gap (latent classes: least BIC). share: Wilson at the
n that varies as the share does when people are drawn and grouped anew; new groups are matched to segments by overlap. Missing answers: distances
and products go over what was answered. Keys A, B, C by falling size. `target` gives `target_share` and `target_stability` of that
segment. `stability[]`, `target_stability` and `certainty` (mean probability of belonging) are what resampling or the model found, without interval.
Sources: Lloyd (1982); Tibshirani, Walther & Hastie (2001), JRSS B 63, 411-423; Hennig (2007), Comput. Stat. Data Anal. 52, 258-271; McCutcheon
(1987), Latent Class Analysis; Schwarz (1978); Chi, Chi & Baraniuk (2016), Am. Stat. 70, 91-99 (missing cells).
Not for proving that groups exist in nature: other questions give other segments. Not for p values on the variables that made the segments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stageway import evidence as ev
from stageway.arithmetic import partitions, segment_listing, segment_models, segment_profile, segment_variables
from stageway.arithmetic.segment_listing import Segment, Segmented, leading
from stageway.arithmetic.segment_models import FIRM, Choice, KMeans, LatentClasses, Model
from stageway.arithmetic.segment_variables import People
from stageway.evidence import Column, Estimate, Finding, Frame, Kind, Params, Reads, Words, joined, method, param, say, shown

KEYS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Cramér's V from which on segments are a split by one category; Rand index from which on they stay without it.
ONE_CATEGORY, KEPT = 0.9, 0.65


@dataclass(frozen=True)
class SegmentsParams(Params):
    model: str = param("auto", help=Words("模型", "model"), choices={
        "auto": Words("全是类别用潜类别，否则用k均值", "latent classes where all are categories, else k-means"),
        "kmeans": Words("k均值", "k-means"), "latent_class": Words("潜类别分析，数值当作类别", "latent class analysis; numbers serve as categories")})
    segments: int = param(0, low=0, high=12, help=Words("分几群；0为由数据定", "number of segments; 0 lets the data decide"))
    most: int = param(6, low=2, high=12, help=Words("最多试到几群", "most segments that are tried"))
    variables: str = param("", help=Words("用哪些列分群，逗号分开；空则全部；其余的列只用来描述", "columns that make the segments, with commas; empty takes all; others only describe"))
    categories: str = param("", help=Words("哪些数字列其实是类别", "columns of numbers that are categories"))
    scale: str = param("z", help=Words("数值怎么标准化", "how numbers are scaled"), choices={
        "z": Words("z分数", "z-scores"), "log": Words("取对数后的z分数，用于长尾", "z-scores of logarithms, for long tails"), "none": Words("原值", "as they are")})
    least: int = param(30, low=5, high=1000, help=Words("平均每群至少几人", "least people a segment on average"))
    least_stable: float = param(0.6, low=0.0, high=1.0, help=Words("稳定性低于此的群不成立", "a segment less stable than this does not hold"))
    target: str = param("", help=Words("目标人群的代号", "key of the target segment"))
    draws: int = param(100, low=20, high=2000, help=Words("重抽样次数", "bootstrap draws"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


# ── computing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _model(people: People, params: SegmentsParams) -> Model:
    latent = params.model == "latent_class" or (params.model == "auto" and not any(v.numeric for v in people.used))
    return LatentClasses(people) if latent else KMeans(people, params.scale)


def _chosen(model: Model, people: People, params: SegmentsParams, rng: np.random.Generator) -> Choice:
    """The number of segments; with a given number that does not hold also the largest that does."""
    n, wanted = people.n, params.segments
    ks = segment_models.possible(model, n, max(params.most, wanted), params.least)
    if not ks:
        few = n < 2 * params.least
        what = say(zh="{n}人、{v}个变量分不出两群", en="{n} people and {v} variables cannot make two segments", n=n, v=len(people.used))
        todo = say(zh="至少要{m}人，或调低least", en="at least {m} people are needed, or a lower least", m=2 * params.least) if few else Words(
            "潜类别至少要三个类别变量", "latent classes take three categorical variables at least")
        raise ev.DataError("too_few", what, todo=todo)
    if wanted > 1 and wanted not in ks:
        what = say(zh="{n}人不能分成{k}群：平均每群不足{least}人", en="{n} people cannot make {k} segments: that is fewer than {least} each on average",
                   n=n, k=wanted, least=params.least) if wanted * params.least > n else say(
            zh="{v}个类别变量定不出{k}个潜类别", en="{v} categorical variables do not identify {k} latent classes", v=len(people.used), k=wanted)
        raise ev.ParamError("too_many_segments", what, todo=say(zh="最多可分{k}群", en="at most {k} segments can be asked for", k=max(ks)))
    choice = segment_models.choose(model, [wanted] if wanted > 1 else ks, least_stable=params.least_stable, draws=params.draws, rng=rng)
    if choice.k == wanted or wanted < 2:
        return choice
    return segment_models.choose(model, ks, least_stable=params.least_stable, draws=params.draws, rng=rng)


def _segmented(model: Model, people: People, k: int, params: SegmentsParams, rng: np.random.Generator) -> Segmented:
    fitted = model.fit(k, rng)
    again = segment_models.resampled(model, fitted, params.draws, rng)
    belongs = again.found if fitted.belongs is None else fitted.belongs
    rows = segment_profile.rows(people.used, people.described, fitted.labels, k, rng)
    top = again.shares == again.shares.max(axis=1, keepdims=True)
    first = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    segments = []
    for g in range(k):
        key, value = KEYS[g], float(fitted.shares[g])
        low, high = segment_models.share_interval(value, again.shares[:, g], people.n, params.level)
        label = say(zh="人群{k}的占比", en="share of segment {k}", k=key)
        share = Estimate("share", value, min(low, value), max(high, value), key=key, unit="%", n=people.n, kind=Kind.SHARE, level=params.level, label=label)
        stability = Estimate("stability", float(again.stability[g]), key=key, n=people.n, kind=Kind.EXACT, label=say(zh="人群{k}的稳定性", en="stability of segment {k}", k=key))
        segments.append(Segment(key, segment_profile.described(rows, g), int((fitted.labels == g).sum()), share, stability, float(first[g])))
    return Segmented(people, tuple(segments), fitted.labels, belongs, tuple(rows), _without_top(people, rows, fitted.labels, k, params, rng))


def _without_top(people: People, rows: list[segment_profile.Row], labels: NDArray[np.int64], k: int, params: SegmentsParams, rng: np.random.Generator) -> float | None:
    """Adjusted Rand index with the segments that are made without the variable of greatest effect; None below three variables."""
    top = leading(rows, True, 1)
    left = tuple(v for v in people.used if top and v.name != top[0].variable)
    if not top or len(left) < 2:
        return None
    model = _model(replace(people, used=left), params)
    if k not in segment_models.possible(model, people.n, k, 1):
        return None
    return partitions.adjusted_rand(partitions.overlap(labels, model.fit(k, rng).labels, k))


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _headline(made: Segmented | None, people: People, choice: Choice) -> Words:
    n = f"{people.n:,}"
    if made is None:
        p = say(zh="（{p}）", en=" ({p})", p=ev.p_value(choice.p)) if choice.p is not None and choice.cloud else Words("", "")
        return say(zh="没有分出人群：{n}人的回答{why}{p}", en="No segments: the answers of {n} people {why}{p}", n=n, p=p,
                   why=Words("像一团，没有天然的分界", "are like one cloud without natural borders") if choice.cloud else Words("分成几群都站不住", "hold in no number of segments"))
    list_ = joined([say(zh="{s}占{x}", en="{s} {x}", s=s.name, x=shown(s.share)) for s in made.segments[:4]], zh="、")
    return say(zh="{n}人分成{k}群：{list}", en="{n} people fall into {k} segments: {list}", n=n, k=len(made.segments), list=list_)


def _meaning(made: Segmented | None, choice: Choice, latent: bool, params: SegmentsParams) -> ev.Meaning:
    if made is None:
        return _nothing(choice, latent)
    weak = min(made.segments, key=lambda s: (s.stability.value, s.key))
    top = leading(made.rows, True, 2)
    says = joined([say(zh="{k}是{c}的人（{n}人）", en="{k}: {c} ({n} people)", k=s.key, c=s.called, n=f"{s.n:,}") for s in made.segments[:5]], zh="；", en="; ") + Words("。", ".")
    sure = say(zh="{b}次重抽样，最不稳的{k}稳定性{j}", en="Over {b} resamples the least stable segment, {k}, keeps a stability of {j}",
               b=params.draws, k=weak.key, j=f"{weak.stability.value:.2f}")
    if choice.p is not None:
        sure += say(zh="；与一团没有分群的模拟数据相比，{p}", en="; against simulated data without segments, {p}", p=ev.p_value(choice.p))
    sure += say(zh="；{k}最大的概率{f}。", en="; {k} is the largest with probability {f}.", k=made.segments[0].key, f=_chance(made.segments[0].first))
    firm = [s for s in made.segments if s.stability.value >= FIRM]
    return ev.Meaning(says, sure, _next(firm, made, top), _change(made, top))


def _chance(p: float) -> str:
    return ">0.99" if p > 0.99 else f"{p:.2f}"


def _next(firm: list[Segment], made: Segmented, top: list[segment_profile.Row]) -> Words:
    asked = joined([Words.of(f"“{row.variable}”") for row in top], last_en=" and ")
    loose = [s.key for s in made.segments if s not in firm]
    if not firm:
        return say(zh="没有一群的稳定性到{f}：先别据此定目标人群，加题或加人后再分一次。",
                   en="No segment reaches a stability of {f}: choose no target yet; ask more or more people, and segment again.", f=FIRM)
    made_ = say(zh="目标人群从{k}里选，按{q}就能认出他们：招募和投放都用这几题筛", en="Choose the target from {k}; {q} recognise them: screen recruits and audiences by these",
                k=joined([Words.of(s.key) for s in firm], last_en=" and "), q=asked)
    tail = say(zh="；{k}的稳定性不到{f}，不作目标。", en="; {k} stays below {f} and is no target.", k=joined([Words.of(k) for k in loose], last_en=" and "), f=FIRM) if loose else Words("。", ".")
    return made_ + tail


def _change(made: Segmented, top: list[segment_profile.Row]) -> Words:
    if made.without_top is None or not top:
        return Words("换一组题目会分出另一些群；加入行为数据再分，人群可能合并或拆开。", "Other questions give other segments; with behavioural data added, segments may merge or split.")
    kept = say(zh="人群大体不变", en="the segments mostly stay") if made.without_top >= KEPT else say(zh="人群就变了样：结果全靠这一题", en="the segments change: all rests on this one")
    return say(zh="去掉“{v}”重新分，与现在的一致度为{a}（调整兰德指数），{kept}。", en="Made without “{v}”, the partition agrees with this one by {a} (adjusted Rand index): {kept}.",
               v=top[0].variable, a=f"{made.without_top:.2f}", kept=kept)


def _nothing(choice: Choice, latent: bool) -> ev.Meaning:
    best = max(choice.trials, key=lambda t: (t.least_stable or 0.0, -t.k))
    rule = Words("一个类别的BIC最小", "one class has the least BIC") if latent else Words("与同样相关的一团模拟数据分不开", "they cannot be told from simulated data of the same correlations")
    says = Words("这些变量上的人是连续的：", "On these variables people shade into one another: ") + rule + Words("。", ".") if choice.cloud else say(
        zh="有聚在一起的迹象，但从{a}群试到{b}群，没有一种分法每群都站得住。", en="There are signs of clustering, but from {a} to {b} segments no partition holds in every segment.",
        a=choice.trials[0].k, b=choice.trials[-1].k)
    sure = say(zh="最稳的分法是{k}群，最低的稳定性{j}；稳定不等于有群，一团数据从中间切开也能次次切在同处。",
               en="The most stable cut has {k} segments, the lowest at {j}; stable is not the same as real: one cloud can be cut at the same place each time.",
               k=best.k, j=f"{best.least_stable or 0.0:.2f}")
    following = Words("不要按这些题画人群：用一个连续的得分排序，或换成行为、场合的题再分。",
                      "Draw no segments from these questions: rank people by a continuous score, or ask about behaviour and occasions.")
    change = Words("换一组题、加人，或用对数处理长尾变量（scale）后，结论可能不同。", "Other questions, more people, or logarithms of long-tailed variables (scale) may change this.")
    return ev.Meaning(says, sure, following, change)


def _points(made: Segmented | None) -> list[Words]:
    if made is None:
        return []
    points = []
    for row in [*leading(made.rows, True, 2), *[r for r in leading(made.rows, False, 20) if r.p is not None and r.p < 0.05][:2]]:
        unit = "" if row.numeric else "%"
        each = joined([say(zh="{k}群{x}", en="{k} {x}", k=s.key, x=ev.amount(v, unit)) for s, v in zip(made.segments, row.values.tolist(), strict=True) if not np.isnan(v)], zh="、")
        size = say(zh="η²={e}", en="eta² = {e}", e=f"{row.effect:.2f}") if row.numeric else say(zh="V={e}", en="V = {e}", e=f"{row.effect:.2f}")
        p = Words("", "") if row.p is None else say(zh="，{p}，未用于分群", en=", {p}, not used for the segments", p=ev.p_value(row.p))
        points.append(say(zh="“{v}”：{each}，全体{w}（{size}{p}）。", en="“{v}”: {each}; all {w} ({size}{p}).", v=row.name, each=each, w=ev.amount(row.whole, unit), size=size, p=p))
    return points


def _warnings(made: Segmented | None, people: People, choice: Choice, model: Model, params: SegmentsParams) -> list[ev.Warning]:
    out: list[ev.Warning] = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    k = len(made.segments) if made else 1
    if choice.cloud:
        warn("no_structure", "数据是一团：分成几群都是人为切开，不得当作人群。", "The data are one cloud: any segments are cuts made by hand and must not pass for groups of people.")
    elif k == 1:
        warn("unstable", "从{a}群到{b}群都有找不回来或太小的群：不分群。", "From {a} to {b} segments, some are not found again or too small: no segments are given.",
             a=choice.trials[0].k, b=choice.trials[-1].k)
    if made is not None and (k > choice.defensible or choice.k == 1):
        warn("too_many_segments", "{k}群太多：能站住的最多{d}群（每群重抽样后找得回来，且不小于5%）。",
             "{k} segments are too many: at most {d} hold (each found again when people are redrawn, and at least 5%).", k=k, d=choice.defensible)
        weak = [s for s in made.segments if s.stability.value < params.least_stable]
        if weak:
            warn("unstable", "{list}的稳定性低于{f}，不得作为目标。", "{list}: stability below {f}; not to be targeted.", list=joined([Words.of(s.key) for s in weak]), f=f"{params.least_stable:g}")
    if people.n < 100:
        warn("small_n", "只有{n}人：占比误差可达±{half}个百分点，人群容易随样本变。", "Only {n} people: shares are off by up to ±{half} points, and segments move with the sample.",
             n=people.n, half=f"{98 / people.n ** 0.5:.0f}")
    if isinstance(model, KMeans) and params.scale == "z" and (long := [v.name for v in people.used if v.numeric and abs(segment_variables.skewness(v)) > 2]):
        warn("skewed", "{list}是长尾：少数极端的人会自成一群，可用scale=log。", "{list}: long tails, where a few extreme people make a segment of their own; try scale=log.",
             list=joined([Words.of(f"“{name}”") for name in long]))
    if made is not None and (top := leading(made.rows, True, 1)) and not top[0].numeric and top[0].effect >= ONE_CATEGORY and (made.without_top or 0.0) < KEPT:
        warn("one_category", "分群几乎就是按“{v}”切开：一个类别左右了结果，改为只作描述（variables里不写它）再分一次。",
             "The segments are little more than a split by “{v}”: one category decides; let it only describe (leave it out of variables) and segment again.", v=top[0].variable)
    if people.missing:
        warn("missing", "{m}人有变量没答，按答了的变量归群。", "{m} people lack a variable and are placed by those that they answered.", m=f"{people.missing:,}")
    if people.sparse:
        warn("sparse", "{m}人答了不到一半，没有计入。", "{m} people answered less than half and are not counted.", m=f"{people.sparse:,}")
    if people.repeated:
        warn("repeated", "{m}行与同一人的另一行相同，只计一次。", "{m} rows repeat another of the same person and are counted once.", m=f"{people.repeated:,}")
    for why, zh, en in (("constant", "{list}的取值都一样，没有用上。", "{list}: constant, and not used."),
                        ("names", "{list}像名称或文字，取值太多，没有用上。", "{list}: names or free text with too many values, and not used.")):
        if columns := [name for name, reason in people.unusable if reason == why]:
            warn(f"column_{why}", zh, en, list=joined([Words.of(f"“{name}”") for name in columns]))
    return out


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """210 made-up users of a note app: heavy writers, weekend readers, people who only collect."""
    centres = {"writers": (14, 30, 2.5, 0.97), "readers": (6, 4, 4.5, 0.04), "collectors": (3, 16, 6.0, 0.03)}
    rows = []
    for i, kind in enumerate(rng.choice(list(centres), size=210, p=[0.45, 0.33, 0.22]).tolist()):
        hours, notes, price, laptop = centres[kind]
        rows.append({"respondent": f"p{i + 1}", "hours": round(float(rng.normal(hours, 1.8)), 1), "notes": round(float(rng.normal(notes, 3.5)), 0),
                     "price_care": int(np.clip(round(rng.normal(price, 0.8)), 1, 7)), "device": "laptop" if rng.random() < laptop else "phone"})
    return {"people": Frame.of(rows, "example")}


def _estimates(made: Segmented | None, people: People, params: SegmentsParams) -> list[Estimate]:
    k = len(made.segments) if made else 1
    listed = [Estimate("segments", k, n=people.n, kind=Kind.EXACT, label=Words("人群数", "segments"))]
    if made is None:
        return listed
    listed += [s.share for s in made.segments] + [s.stability for s in made.segments]
    sure = float(made.belongs[np.arange(people.n), made.labels].mean())
    listed.append(Estimate("certainty", sure, n=people.n, kind=Kind.EXACT, label=Words("归属概率的均值", "mean probability of belonging")))
    if params.target:
        at = next((s for s in made.segments if s.key == params.target), None)
        if at is None:
            what = say(zh="没有代号为“{t}”的人群", en='there is no segment "{t}"', t=params.target)
            raise ev.ParamError("target_unknown", what, todo=ev.did_you_mean(params.target, [s.key for s in made.segments]))
        listed.append(replace(at.share, name="target_share", key=None, label=Words("目标人群的占比", "share of the target segment")))
        listed.append(replace(at.stability, name="target_stability", key=None, label=Words("目标人群的稳定性", "stability of the target segment")))
    return listed


@method(
    title=Words("人群细分", "Segments"),
    question=Words("这些人分得成几群，各占多少、稳不稳，靠什么区分，还是本来就是一团？",
                   "Into which groups do people fall, how large and stable is each, what sets them apart, or are they one cloud?"),
    reads_as=Words("先看有没有群，再看每群的稳定性（低于0.6不成立，0.75以上可用），最后看画像。",
                   "See first whether there are segments, then the stability of each (below 0.6 none, from 0.75 usable), then the profile."),
    limit=Words("换一组题会分出另一些群；对分群所用变量的差别不能再做检验。", "Other questions give other segments; differences on the variables that made them cannot be tested again."),
    formula="k-means (Lloyd 1982) on z-scores or latent classes by EM (McCutcheon 1987); gap against one cloud (Tibshirani 2001); stability: bootstrap Jaccard (Hennig 2007)",
    reads=(Reads("people", Words("一人一行，每列一个变量", "one row a person, one column a variable"), (
        Column("respondent", "id", Words("受访者编号", "the respondent"), required=False),),
        others=Words("每个其他列是一个变量：数值或类别", "each further column is a variable: a number or a category")),),
    gives=("segments", "share[]", "stability[]", "certainty", "target_share", "target_stability"),
    params=SegmentsParams,
    example=example,
)
def segments(people: Frame, *, params: SegmentsParams, rng: np.random.Generator) -> Finding:
    who = segment_variables.read(people, variables=params.variables, categories=params.categories, all_categories=params.model == "latent_class")
    model = _model(who, params)
    with partitions.one_thread():
        choice = _chosen(model, who, params, rng)
        k = params.segments or choice.k
        made = _segmented(model, who, k, params, rng) if k > 1 else None
    latent = isinstance(model, LatentClasses)
    return Finding(
        headline=_headline(made, who, choice), meaning=_meaning(made, choice, latent, params), estimates=tuple(_estimates(made, who, params)),
        points=tuple(_points(made)), tables=segment_listing.tables(made, choice, latent), charts=segment_listing.charts(made) if made else (),
        warnings=tuple(_warnings(made, who, choice, model, params)),
    )
