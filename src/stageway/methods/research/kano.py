"""What does each feature do to satisfaction: is it a must, a matter of degree, a delight, or indifferent?

Two questions a feature: how would you feel if it were there (functional), and if it were not (dysfunctional); five answers each
(1 like, 2 expect, 3 neutral, 4 live with, 5 dislike). The pair gives the person's category by an evaluation table.

    better = (A + O) / (A + O + M + I)          worse = -(O + M) / (A + O + M + I)         shares of the answers that are not R or Q
    Fong: a, b votes of two categories, n all votes; they do not differ where |a - b| < 1.65 sqrt((a + b)(2n - a - b) / 2n)
    total strength = (A + O + M) / n            category strength = share of the first category - share of the second
    continuous: like 4, expect 2, neutral 0, live with -1, dislike -2; the dysfunctional answers with the order turned round

better, worse lie in [0, 1] and [-1, 0]; (dis)satisfaction in [-2, 4]; importance in the unit of its question. One person gives many
answers: questionable and reverse have Wilson's interval at n / design effect (Kish 1965). matzler, walden: Fong against the most frequent other.
Sources: Kano et al. (1984), Hinshitsu 14(2), 39-48; Berger et al. (1993), CQM Journal 2(4), 3-36 (evaluation table, better and worse
by Timko, continuous by DuMouchel, the second table by Pouliot, the third rule by Walden); Fong (1996), CQM Journal 5(3); Matzler et al.
(1996), J. Prod. Brand Manag. 5(2), 6-18 (M > O > A > I); Lee & Newcomb (1997), Concurrent Eng. 5 (strengths).
Not for prices, for features that no one can picture, or for ranking features of one category: use MaxDiff there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import intervals, proportions, scales
from stageway.arithmetic.charts import draw
from stageway.arithmetic.kano_votes import ABSENT, CODES, PRESENT, Answers, Array, design_effect, fong_differs, kept_category, quadrant, read, ruled, tallies
from stageway.arithmetic.labels import placed
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown

NAMES = {
    "M": Words("必备", "must-be"), "O": Words("期望", "one-dimensional"), "A": Words("魅力", "attractive"),
    "I": Words("无差异", "indifferent"), "R": Words("反向", "reverse"), "Q": Words("可疑", "questionable"),
}
ADVICE = {
    "M": Words("{f}进首版，做到够用为止，不拿来当卖点", "build {f} into the first release, well enough and no further, and do not advertise it"),
    "O": Words("{f}做得越好越满意，对照替代选择定指标", "set targets for {f} against the alternatives, since every step of it counts"),
    "A": Words("{f}可写进定位，缺了也不会惹人不满", "take {f} into the positioning (leaving it out will anger no one)"),
    "I": Words("{f}先不做，省下工作量给前面几类", "leave {f} out for now and spend the effort on the others"),
    "R": Words("{f}会让人不满，不做，或做成可以关掉", "do not build {f}, or let people turn it off"),
    "Q": Words("{f}的题目改写后再问", "reword the questions on {f} and ask again"),
}
COUNTS = Words("份回答", "answers")
FEATURE = ColumnHead("feature", Words("功能", "Feature"))


@dataclass(frozen=True)
class KanoParams(Params):
    table: str = param("berger", help=Words("评价表", "evaluation table"), choices={
        "berger": Words("通行评价表：中间九格都是无差异（Berger 1993）", "the usual table: all nine middle cells are indifferent (Berger 1993)"),
        "pouliot": Words("“理应/理应”与“勉强/勉强”也算可疑（Pouliot）", "expect/expect and live with/live with are questionable too (Pouliot)"),
    })
    rule: str = param("mode", help=Words("定类别的规则", "rule for the category"), choices={
        "mode": Words("票数最多者", "the most frequent one"),
        "matzler": Words("与最多者相差不超过margin时按必备、期望、魅力、无差异的次序取（Matzler 1996）",
                         "of those within `margin` of the most frequent: must-be, one-dimensional, attractive, indifferent, in this order (Matzler 1996)"),
        "walden": Words("A+O+M多于I+R+Q时取前三类中最多者，否则取后三类中最多者（Walden 1993）",
                        "the most frequent of A, O, M where they outnumber I, R, Q together, else of those three (Walden 1993)"),
    })
    margin: float = param(0.05, low=0, high=0.5, unit="%", help=Words("matzler规则的容差，占比", "tolerance of the rule matzler, as a share"))
    fong: float = param(1.65, low=0, high=5, help=Words("Fong检验的系数，1.65相当于90%", "factor of Fong's test; 1.65 is 90%"))
    draws: int = param(4000, low=200, high=100_000, help=Words("自助法次数", "bootstrap draws"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


@dataclass(frozen=True)
class Feature:
    """What the answers say of one feature. `rival` is the other category that Fong's test cannot tell from the first, or ""."""

    name: str
    votes: Array
    category: str
    rival: str
    kept: float | None
    better: Estimate | None
    worse: Estimate | None
    satisfaction: Estimate | None
    dissatisfaction: Estimate | None
    importance: Estimate | None

    @property
    def code(self) -> str:
        return f"{self.category}/{self.rival}" if self.rival else self.category

    @property
    def total(self) -> int:
        return int(self.votes.sum())

    @property
    def lead(self) -> int:
        """Votes by which the most frequent category exceeds the second."""
        second, first = np.sort(self.votes)[-2:]
        return int(first - second)

    def of(self, letter: str) -> int:
        return int(self.votes[CODES.index(letter)])

    def called(self) -> Words:
        return joined([NAMES[letter] for letter in self.code.split("/")], zh="/", en="/")


def _feature(answers: Answers, i: int, votes: Array, params: KanoParams, rng: np.random.Generator) -> Feature:
    mine, name = answers.feature == i, answers.features[i]
    place = int(ruled(votes[None], params.rule, params.margin)[0])
    other = int(np.argmax(np.where(np.arange(6) == place, -1, votes)))
    tie = votes[other] > 0 and not fong_differs(votes[place], votes[other], votes.sum(), params.fong)
    must, one, attractive, indifferent = (float(v) for v in votes[:4])
    base = must + one + attractive + indifferent
    better = worse = None
    if base > 0:
        shared: dict[str, Any] = {"key": name, "n": int(base), "counts": COUNTS, "level": params.level}
        low, high = intervals.wilson(attractive + one, base, params.level)
        better = Estimate("better", (attractive + one) / base, low, high, kind=Kind.SHARE, label=say(zh="“{f}”的better",
                                                                                                     en="better of “{f}”", f=name), **shared)
        low, high = intervals.wilson(must + one, base, params.level)
        worse = Estimate("worse", 0.0 - (must + one) / base, 0.0 - high, 0.0 - low, kind=Kind.OTHER, label=say(zh="“{f}”的worse", en="worse of “{f}”", f=name),
            **shared)
    rated = answers.importance[mine & ~np.isnan(answers.importance)]
    return Feature(
        name, votes, CODES[place], CODES[other] if tie else "",
        kept_category(votes, params.rule, params.margin, params.draws, rng) if votes.sum() >= 10 else None, better, worse,
        _mean("satisfaction", PRESENT[answers.functional[mine]], name, say(zh="有“{f}”时的满意", en="satisfaction with “{f}” present", f=name), params.level),
        _mean("dissatisfaction", ABSENT[answers.dysfunctional[mine]], name, say(zh="无“{f}”时的不满",
                                                                                en="dissatisfaction with “{f}” absent", f=name), params.level),
        _mean("importance", rated, name, say(zh="“{f}”的自评重要度", en="stated importance of “{f}”", f=name), params.level),
    )


def _mean(name: str, values: Array, key: str, label: Words, level: float) -> Estimate | None:
    """A mean with its t interval; None where there is no spread to make one from."""
    if values.size < 2 or np.ptp(values) == 0:
        return None
    mean, low, high, _, n = intervals.mean_t(np.sort(values), level)
    return Estimate(name, mean, low, high, key=key, n=n, counts=COUNTS, kind=Kind.MEAN, level=level, label=label)


def _quoted(features: list[Feature]) -> Words:
    return joined([Words(f"“{f.name}”", f"“{f.name}”") for f in features], zh="", last_en=" and ")


def _by_code(features: list[Feature]) -> list[tuple[str, list[Feature]]]:
    return [(code, same) for code in CODES if (same := [f for f in features if f.code == code])]


def _tie(f: Feature) -> dict[str, object]:
    return {"f": f.name, "a": NAMES[f.category], "x": f.of(f.category), "b": NAMES[f.rival], "y": f.of(f.rival)}


def _headline(features: list[Feature], people: int) -> Words:
    groups = [say(zh="{k}项{name}", en="{k} {name}", k=len(same), name=NAMES[code]) for code, same in _by_code(features)]
    if mixed := sum(bool(f.rival) for f in features):
        groups.append(say(zh="{k}项介于两类之间", en="{k} between two categories", k=mixed))
    listed = joined(groups, last_en=" and ")
    parts = [say(zh="{all}项功能中{groups}", en="Of {all} features, {groups}", all=len(features), groups=listed)]
    known = [f for f in features if f.worse is not None]
    if known:
        worst, best = min(known, key=lambda f: _value(f.worse)), max(known, key=lambda f: _value(f.better))
        parts.append(say(zh="缺了最不满的是“{f}”（worse {x}）", en="missing “{f}” hurts most (worse {x})", f=worst.name, x=_shown(worst.worse)))
        parts.append(say(zh="有了最满意的是“{f}”（better {x}）", en="having “{f}” pleases most (better {x})", f=best.name, x=_shown(best.better)))
    return joined([*parts, Words(ev.with_n(people, "zh"), ev.with_n(people, "en"))], zh="，", en="; ")


def _value(estimate: Estimate | None) -> float:
    return 0.0 if estimate is None else estimate.value


def _shown(estimate: Estimate | None) -> Words:
    return Words("–", "–") if estimate is None else shown(estimate, 2)


def _sentence(parts: list[Words]) -> Words:
    made = joined(parts, zh="；", en="; ")
    return Words(made.zh + "。", made.en[:1].upper() + made.en[1:] + ".")


def _meaning(features: list[Feature], answers: Answers) -> ev.Meaning:
    says = [say(zh="{name}：{list}", en="{name}: {list}", name=NAMES[code], list=_quoted(same)) for code, same in _by_code(features)]
    mixed = [f for f in features if f.rival]
    says += [say(zh="“{f}”介于{a}与{b}之间（{x}票对{y}票）", en="“{f}” lies between {a} and {b} ({x} votes to {y})", **_tie(f)) for f in mixed]
    sure = [say(zh="{all}项中{k}项的首位类别票数显著多于次位（Fong检验）",
                en="for {k} of {all} features the first category has significantly more votes than the second (Fong's test)",
                k=len(features) - len(mixed), all=len(features))]
    if stable := [f for f in features if f.kept is not None]:
        least = min(stable, key=lambda f: f.kept or 0.0)
        sure.append(say(zh="最不稳的是“{f}”，重新抽样受访者时{p}仍归{c}", en="least stable is “{f}”, which stays {c} in {p} of the resamples of people",
                        f=least.name, p=ev.amount(least.kept or 0.0, "%", 0), c=NAMES[least.category]))
    following = [Words(ADVICE[code].zh.format(f=_quoted(same).zh), ADVICE[code].en.format(f=_quoted(same).en)) for code, same in _by_code(features)]
    if mixed:
        following.append(say(zh="{f}归类说不准，用任务测试检验价值后再定",
                             en="decide on {f} after a task test has shown what it is worth, since two categories are open", f=_quoted(mixed)))
    return ev.Meaning(_sentence(says), _sentence(sure), _sentence(following), _change(features, answers))


def _change(features: list[Feature], answers: Answers) -> Words:
    near = min(features, key=lambda f: f.lead / f.total)
    first, second = (CODES[i] for i in np.argsort(-near.votes, kind="stable")[:2])
    flip = say(zh="“{f}”再多{k}张{b}票，首位就由{a}变为{b}", en="{k} more votes “{b}” would move the first category of “{f}” from {a} to {b}",
               f=near.name, k=near.lead + 1, a=NAMES[first], b=NAMES[second])
    if len(answers.segments) > 1:
        return _sentence([flip, Words("目标人群若与总数不同，按目标人群取舍", "where the target segment differs from the total, the target segment decides")])
    return _sentence([flip,
        Words("这份数据没有分人群，目标人群的看法可能与总数不同", "these data name no segments, and the target segment may think otherwise than the total")])


def _points(features: list[Feature], params: KanoParams) -> list[Words]:
    points = [
        say(zh="“{f}”归在哪一类说不准：{a}{x}票、{b}{y}票，差异不显著，按“{a}/{b}”处理。",
            en="The category of “{f}” is open: {x} votes {a}, {y} votes {b}, not significantly different, so we carry “{a}/{b}”.", **_tie(f))
        for f in features if f.rival
    ]
    for f in features:
        given = {rule: CODES[int(ruled(f.votes[None], rule, params.margin)[0])] for rule in ("mode", "matzler", "walden")}
        if other := [rule for rule, code in given.items() if code != f.category]:
            points.append(say(
                zh="“{f}”随规则而变：按本次所用的{used}归{a}，按{rule}归{b}。",
                en="The category of “{f}” depends on the rule: {a} by {used}, which is used here, {b} by {rule}.",
                f=f.name, used=params.rule, a=NAMES[f.category], rule=other[0], b=NAMES[given[other[0]]]))
    return points


def _warnings(features: list[Feature], answers: Answers, votes: Array) -> list[ev.Warning]:
    total, out = int(votes.sum()), []
    reverse, questionable = int(votes[:, 4].sum()), int(votes[:, 5].sum())

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    if answers.people < 10:
        warn("small_n", "只有{n}人回答：可以列出，类别和区间都不作依据。",
            "Only {n} people answered: list the answers, but rest nothing on categories or intervals.", n=answers.people)
    elif answers.people < 30:
        warn("small_n", "只有{n}人回答，不足30人：区间宽，类别容易变，不宜据此砍掉功能。",
             "Only {n} people answered, fewer than 30: intervals are wide and categories turn easily; drop no feature on this.", n=answers.people)
    if questionable > 0.02 * total:
        most = max(features, key=lambda f: f.of("Q") / f.total)
        warn("questionable", "可疑回答占{share}（{x}/{n}），超过2%：题目可能没问清，“{f}”最多（{q}份），对它的归类不要下结论。",
             "{share} of answers are questionable ({x}/{n}), more than 2%: a question may be unclear, that on “{f}” most ({q}); do not rely on its category.",
             share=ev.amount(questionable / total, "%"), x=questionable, n=total, f=most.name, q=most.of("Q"))
    if reverse > total / 2:
        warn("looks_swapped", "反向回答占{share}，过半：正反两题的列可能对调，或编码方向反了，核对之前不要用这些类别。",
             "{share} of the answers are reverse, more than half: columns may be swapped or coded the other way round; check before using the categories.",
             share=ev.amount(reverse / total, "%"))
    if lost := [f for f in features if f.better is None]:
        warn("no_base", "{f}的回答全是反向或可疑，better和worse算不出。",
            "All answers on {f} are reverse or questionable: better and worse cannot be computed.", f=_quoted(lost))
    if flat := [f for f in features if f.satisfaction is None]:
        warn("no_spread", "{f}的正向题回答没有差异，满意均值给不出区间，从略。",
            "The functional answers on {f} do not vary: a mean without an interval is left out.", f=_quoted(flat))
    if answers.incomplete:
        warn("incomplete", "{k}条回答缺正向题、反向题或功能名，没有计入。", "{k} answers lack one of the two questions or the feature and are not counted.",
            k=answers.incomplete)
    if answers.repeated:
        warn("repeated", "{k}条回答与同一人的另一条完全相同，只计一次。", "{k} answers repeat another of the same person exactly and are counted once.",
            k=answers.repeated)
    return out


def _counts(features: list[Feature]) -> ResultTable:
    letters = [ColumnHead(code, say(zh="{n}{c}", en="{n} ({c})", n=NAMES[code], c=code), decimals=0) for code in CODES]
    heads = (FEATURE, ColumnHead("category", Words("类别", "Category")), *letters, ColumnHead("n", Words("回答数", "Answers"), decimals=0),
             ColumnHead("total_strength", Words("总强度", "Total strength"), "%"), ColumnHead("category_strength", Words("类别强度", "Category strength"), "%"))
    rows = tuple((f.name, f.called(), *(f.of(c) for c in CODES), f.total, float(f.votes[:3].sum()) / f.total, f.lead / f.total) for f in features)
    note = Words("总强度=(A+O+M)/n；类别强度=首位与次位占比之差（Lee & Newcomb 1997）。写两个类别的，Fong检验分不开。",
                 "Total strength = (A + O + M)/n; category strength = first share less second (Lee & Newcomb 1997). Two categories: not parted by Fong.")
    return ResultTable("counts", Words("各功能的票数与类别", "Votes and category by feature"), heads, rows, note)


def _coefficients(features: list[Feature]) -> ResultTable:
    ends = (("", "", ""), ("_low", "下端", ", low"), ("_high", "上端", ", high"))
    numbers = [ColumnHead(name + mark, Words(name + zh, name + en), decimals=2) for name in ("better", "worse") for mark, zh, en in ends]
    pairs = [(f, [(e.value, e.low, e.high) if e else (None, None, None) for e in (f.better, f.worse)]) for f in features]
    heads = (FEATURE, ColumnHead("code", Words("类别代号", "Code")), *numbers)
    title = Words("better与worse及其区间", "Better and worse with their intervals")
    return ResultTable("coefficients", title, heads, tuple((f.name, f.code, *b, *w) for f, (b, w) in pairs))


def _continuous(features: list[Feature], level: float) -> ResultTable:
    def mean(e: Estimate | None) -> tuple[float | None, float | None]:
        return (e.value, (e.high - e.value) / intervals.t_of(level, e.n - 1)) if e is not None and e.high is not None and e.n else (None, None)

    rows = []
    for f in features:
        (present, present_se), (absent, absent_se) = mean(f.satisfaction), mean(f.dissatisfaction)
        place = NAMES[quadrant(present, absent)] if present is not None and absent is not None else None
        rows.append((f.name, present, present_se, absent, absent_se, place, f.importance.value if f.importance else None))
    se = Words("标准误", "SE")
    heads = (FEATURE, ColumnHead("satisfaction", Words("有时的满意", "Satisfaction if present"), decimals=2), ColumnHead("satisfaction_se", se, decimals=2),
             ColumnHead("dissatisfaction", Words("无时的不满", "Dissatisfaction if absent"), decimals=2), ColumnHead("dissatisfaction_se", se, decimals=2),
             ColumnHead("quadrant", Words("所在象限", "Quadrant")), ColumnHead("importance", Words("自评重要度", "Stated importance"), decimals=1))
    note = Words("两项都是−2～4的均值，以2分象限（DuMouchel，见Berger等1993）。", "Means between −2 and 4, parted at 2 (DuMouchel in Berger et al. 1993).")
    return ResultTable("continuous", Words("连续法", "Continuous analysis"), heads, tuple(rows), note)


def _segments(answers: Answers, params: KanoParams) -> tuple[list[ResultTable], list[Words]]:
    """Categories by segment, and the features on which segments differ (chi-square, corrected by Benjamini & Hochberg)."""
    if len(answers.segments) < 2:
        return [], []
    masks = [answers.segment == s for s in range(len(answers.segments))]
    votes = np.stack([tallies(answers.functional[m], answers.dysfunctional[m], answers.feature[m], len(answers.features), params.table) for m in masks])
    p = proportions.benjamini_hochberg(np.array([proportions.independence(votes[:, i]) for i in range(len(answers.features))]))
    rows, points = [], []
    for i, name in enumerate(answers.features):
        codes = [CODES[int(ruled(v[None], params.rule, params.margin)[0])] if v.sum() else "" for v in votes[:, i]]
        rows.append((name, *(NAMES[code] if code else None for code in codes), None if np.isnan(p[i]) else float(p[i])))
        if p[i] < 0.05 and len(set(codes) - {""}) > 1:
            each = joined([say(zh="{s}归{c}", en="{c} for {s}", s=s, c=NAMES[c]) for s, c in zip(answers.segments, codes, strict=True) if c])
            points.append(say(zh="“{f}”因人群而异：{each}（{p}，BH校正），按目标人群定类别。",
                              en="“{f}” differs by segment: {each} ({p}, BH-corrected); take the category of the target segment.",
                              f=name, each=each, p=ev.p_value(float(p[i]))))
    heads = (FEATURE, *(ColumnHead(f"segment_{k + 1}", Words.of(s)) for k, s in enumerate(answers.segments)),
        ColumnHead("p", Words("p（BH校正）", "p (BH)"), decimals=3))
    return [ResultTable("segments", Words("各人群的类别", "Category by segment"), heads, tuple(rows))], points


def _chart(features: list[Feature]) -> tuple[ev.Chart, ...]:
    known = [(f, f.better, f.worse) for f in features if f.better and f.worse]
    if not known:
        return ()
    wide, high = 480, 280
    places = placed([(-w.value * wide, (1 - b.value) * high) for _, b, w in known], [f.name for f, _, _ in known], wide, high)
    def build(lang: ev.Lang) -> Any:
        import altair as alt
        rows = [{"feature": f.name, "category": f.called()[lang], "better": b.value, "low": b.low, "high": b.high,
                 "worse": -w.value, "left": -(w.high or 0.0), "right": -(w.low or 0.0),
                 "text_x": -w.value + at.dx / wide, "text_y": b.value - at.dy / high, "align": "left" if at.left else "right"} for (f, b, w), at in zip(known, places, strict=True)]
        base = alt.Chart(alt.InlineData(values=rows))
        x = alt.X("worse:Q", scale=alt.Scale(domain=[0, 1]), title=Words("缺了的不满（|worse|）", "Dissatisfaction if missing (|worse|)")[lang])
        y = alt.Y("better:Q", scale=alt.Scale(domain=[0, 1]), title=Words("有了的满意（better）", "Satisfaction if present (better)")[lang])
        looks = [channel("category:N", sort=None, legend=alt.Legend(orient="top", title=None)) for channel in (alt.Color, alt.Shape)]
        middle = alt.Chart(alt.InlineData(values=[{"at": 0.5}])).mark_rule(strokeDash=[4, 4], opacity=0.5)
        left, right = (base.transform_filter(f"datum.align === '{side}'").mark_text(align=side, baseline="middle").encode(x="text_x:Q", y="text_y:Q", text="feature:N") for side in ("left", "right"))
        return alt.layer(
            middle.encode(x=alt.X("at:Q")), middle.encode(y=alt.Y("at:Q")), base.mark_rule(opacity=0.6).encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")),
            base.mark_rule(opacity=0.6).encode(x=alt.X("left:Q"), x2=alt.X2("right:Q"), y=y),
            base.mark_point(filled=True, size=80).encode(x, y, *looks), left, right,
        ).properties(width=wide, height=high)

    said = joined([say(zh="{f}（{c}）better {b}、worse {w}", en="{f} ({c}): better {b}, worse {w}", f=f.name, c=f.called(), b=shown(b, 2), w=shown(w, 2))
                   for f, b, w in known], zh="；", en="; ")
    return (draw("plane", Words("各功能的better与worse，线段为区间", "Better and worse of each feature; lines are intervals"), said, build),)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Forty people of two segments and five features; each answer pair is drawn from the feature's mixture of categories."""
    pairs = {"M": (3, 5), "O": (1, 5), "A": (1, 3), "I": (3, 3), "R": (5, 1)}
    mixes = {"import": "MMMMMMOI", "no ads": "OOOOOMMI", "recap": "AAAAOOOI", "listening": "AAAIIIIO", "leaderboard": "IIIIIARI"}
    drawn = [(name, i, pairs[mix[int(rng.integers(len(mix)))]]) for name, mix in mixes.items() for i in range(40)]
    return {"answers": Frame.of([{
        "respondent": f"p{i + 1}", "feature": name, "functional": pair[0], "dysfunctional": pair[1], "importance": int(rng.integers(3, 10)),
        "segment": "commuters" if i % 2 else "others"} for name, i, pair in drawn], "example")}


def _estimates(features: list[Feature], answers: Answers, votes: Array, params: KanoParams) -> list[Estimate]:
    out = [e for f in features for e in (f.better, f.worse, f.satisfaction, f.importance) if e is not None]
    for f in features:
        if f.kept is not None:
            label = say(zh="“{f}”重抽样仍归{c}的概率", en="probability that “{f}” stays {c}", f=f.name, c=NAMES[f.category])
            out.append(Estimate("p_category", f.kept, key=f.name, unit="%", n=f.total, counts=COUNTS, kind=Kind.EXACT, level=params.level, label=label))
    total = int(votes.sum())
    for name, label, place in (("questionable", Words("可疑回答占比", "questionable answers"), 5), ("reverse", Words("反向回答占比", "reverse answers"), 4)):
        x = int(votes[:, place].sum())
        deff = design_effect(answers, CODES[place], params.table)
        low, high = intervals.wilson(x / deff, total / deff, params.level)
        out.append(Estimate(name, x / total, low, high, unit="%", n=total, counts=COUNTS, kind=Kind.SHARE, level=params.level, label=label))
    return out


@method(
    title=Words("Kano", "Kano"),
    question=Words("每项功能做了会多满意，不做会多不满？", "How much does each feature please when present, and displease when absent?"),
    reads_as=Words("better高，做了更满意；worse绝对值高，不做会不满。两类票数差不显著时写两个类别，不硬选。",
                   "High better: having it pleases; worse near −1: lacking it displeases. Where two categories do not differ significantly, both are written."),
    limit=Words("只说明功能属于哪一类，不说明愿付多少钱，也不给同一类里的功能排序。",
        "It tells the kind of a feature, not what people would pay for it, nor the order within one kind."),
    formula="better = (A+O)/(A+O+M+I), worse = -(O+M)/(A+O+M+I), Wilson (Berger 1993); ties Fong 1996, strengths Lee & Newcomb 1997, continuous DuMouchel",
    reads=(Reads("answers", Words("每人对每项功能的一对回答", "each person's pair of answers to each feature"), (
        Column("respondent", "id", Words("受访者", "the person")),
        Column("feature", "category", Words("功能", "the feature")),
        Column("functional", "any", Words("有此功能时的感受：1～5或文字", "feeling if the feature is there: 1 to 5 or in words")),
        Column("dysfunctional", "any", Words("无此功能时的感受：1～5或文字", "feeling if it is not there: 1 to 5 or in words")),
        Column("importance", "any", Words("自评重要度", "stated importance"), required=False),
        Column("segment", "category", Words("人群", "segment"), required=False),
    )),),
    gives=("better[]", "worse[]", "satisfaction[]", "questionable", "reverse", "importance[]", "p_category[]"),
    params=KanoParams,
    example=example,
)
def kano(answers: Frame, *, params: KanoParams, rng: np.random.Generator) -> Finding:
    data = read(answers)
    votes = tallies(data.functional, data.dysfunctional, data.feature, len(data.features), params.table)
    made = [_feature(data, i, votes[i], params, rng) for i in range(len(data.features))]
    features = sorted(made, key=lambda f: (CODES.index(f.category), -float(f.votes[:3].sum()) / f.total, scales.natural(f.name)))
    tables, points = _segments(data, params)
    return Finding(
        headline=_headline(features, data.people), meaning=_meaning(features, data), estimates=tuple(_estimates(features, data, votes, params)),
        points=(*_points(features, params), *points), tables=(_counts(features), _coefficients(features), _continuous(features, params.level), *tables),
        charts=_chart(features), warnings=tuple(_warnings(features, data, votes)),
    )
