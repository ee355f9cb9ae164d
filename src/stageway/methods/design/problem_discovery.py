"""How many usability problems were found, how many are probably still unfound, and do raters agree on how severe they are?

People (participants or evaluators) × problems, 1 where a person met the problem; p is the mean share of the problems that one person meets.

    p by Lewis = ½ (p − 1/n)(1 − 1/n) + ½ p / (1 + problems met by one person only / problems)
    share found = 1 − (1 − p)^n        still unfound = problems / share found − problems        a count
    what one person adds = problems met by one person only / n, Garwood's interval        problems a person
    severity 0 to 4: median of the raters; agreement by weighted kappa (two raters) or Krippendorff's ordinal alpha, expanded bootstrap over problems

The value of `unfound` is Lewis's; its interval is open above: problems that hardly anyone meets can be as many as one likes. Its lower
end is Chao's, which holds for any mixture of problems. In simulations with problems of unequal chance Lewis's value is itself too low.
Sources: Nielsen & Landauer (1993), INTERCHI '93, 206-213; Lewis (2001), IJHCI 13(4), 445-479; Sauro & Lewis (2016), Quantifying the
User Experience, 2nd ed., ch. 7; Chao (1987), Biometrics 43, 783-791; Good (1953), Biometrika 40, 237-264; Cohen (1968), Psychol. Bull.
70, 213-220; Hesterberg (2015), Am. Stat. 69, 371-386; Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; Nielsen (1994), Usability Inspection Methods, ch. 2.
Not for problems that other tasks, other people or another product would show: only for those that such people can meet at such tasks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import bootstrap, discovery, intervals, rater_agreement, scales
from stageway.arithmetic.charts import draw
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown

Array = discovery.Array
RULES = {
    "lewis": Words("Lewis（两者平均）", "Lewis (mean of both)"), "normalised": Words("归一化", "normalised"),
    "turing_good": Words("Turing-Good", "Turing-Good"), "observed": Words("未校正", "uncorrected"),
}
SEVERITY = Words("0～4的整数（0不是问题，4必须修）", "a whole number 0 to 4 (0 no problem, 4 must be mended)")
#: Up to so many people the table says who found what.
WIDEST = 12


@dataclass(frozen=True)
class ProblemDiscoveryParams(Params):
    rule: str = param("lewis", help=Words("p的小样本校正", "small-sample correction of p"), choices=RULES)
    goal: float = param(0.85, low=0.5, high=0.99, help=Words("要找到的问题占比", "share of the problems to be found"))
    severe: int = param(3, low=1, high=4, help=Words("严重度中位数从几级起算严重", "median severity from which a problem counts as severe"))
    agreement: str = param("auto", help=Words("严重度一致性的算法", "agreement of severities"), choices={
        "auto": Words("两人评用加权kappa，否则用Krippendorff α", "weighted kappa for two raters, else Krippendorff's alpha"),
        "alpha": Words("Krippendorff α（有序）", "Krippendorff's alpha (ordinal)"),
    })
    kappa: str = param("linear", help=Words("加权kappa的权", "weights of kappa"), choices={
        "linear": Words("线性", "linear"), "quadratic": Words("平方", "quadratic")})
    draws: int = param(2000, low=200, high=100_000, help=Words("自助法次数", "bootstrap draws"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


@dataclass(frozen=True)
class Problems:
    """People × problems in a fixed order; `severity` is raters × problems, NaN where not rated; `rows_left_out` lack the person."""

    people: tuple[str, ...]
    names: tuple[str, ...]
    matrix: Array
    severity: Array
    rows_left_out: int

    @property
    def n(self) -> int:
        return len(self.people)

    @property
    def counts(self) -> Array:
        total: Array = self.matrix.sum(axis=0)
        return total

    @property
    def medians(self) -> Array:
        return np.array([np.median(v[~np.isnan(v)]) if not np.isnan(v).all() else np.nan for v in self.severity.T])


def _read(found: Frame, ratings: Frame | None) -> Problems:
    known = ~found.missing("respondent")
    if not known.any():
        what = Words("没有一行写明是谁发现的", "no row says who found the problem")
        raise ev.DataError("no_answers", what, where=ev.Where(file=found.source or None))
    met = found["found"] == 1.0 if "found" in found else np.ones(len(found), dtype=bool)
    met = met & known & ~found.missing("problem")
    people = tuple(sorted(set(found["respondent"][known].tolist()), key=scales.natural))
    names = tuple(sorted(set(found["problem"][met].tolist()), key=scales.natural))
    if not names:
        what = say(zh="{n}人没有发现任何问题，算不出发现率", en="{n} people found no problem at all: there is no rate of discovery", n=len(people))
        raise ev.DataError("no_problems", what, where=ev.Where(file=found.source or None),
                           todo=Words("核对任务是否太容易，或问题列是否对应", "check whether the tasks are too easy, or the column of problems is the right one"))
    matrix = np.zeros((len(people), len(names)))
    at, place = {who: i for i, who in enumerate(people)}, {name: i for i, name in enumerate(names)}
    for i in np.flatnonzero(met).tolist():
        matrix[at[found["respondent"][i]], place[found["problem"][i]]] = 1.0
    order = np.argsort(-matrix.sum(axis=0), kind="stable")
    names = tuple(names[i] for i in order)
    severity = _severity(ratings, names) if ratings is not None else np.full((0, len(names)), np.nan)
    return Problems(people, names, matrix[:, order], severity, int((~known).sum()))


def _severity(ratings: Frame, names: tuple[str, ...]) -> Array:
    """Raters × problems; ratings of problems that nobody met do not count."""
    values = ratings["severity"]
    whole = ~(np.isnan(values) | ratings.missing("rater") | ratings.missing("problem"))
    raters = sorted(set(ratings["rater"][whole].tolist()), key=scales.natural)
    out = np.full((len(raters), len(names)), np.nan)
    for i in np.flatnonzero(whole).tolist():
        if values[i] % 1:
            raise ratings.wrong("severity", i, SEVERITY)
        who, name = ratings["rater"][i], ratings["problem"][i]
        if name not in names:
            continue
        cell = raters.index(who), names.index(name)
        if not np.isnan(out[cell]) and out[cell] != values[i]:
            what = say(zh="评定人{who}给“{name}”打了两个不同的严重度", en="rater {who} gives “{name}” two different severities", who=who, name=name)
            raise ev.DataError("answered_twice", what, where=ev.Where(file=ratings.source or None, row=int(ratings.rows[i])),
                               todo=Words("请只保留其中一条", "keep one of the two"))
        out[cell] = values[i]
    return out


@dataclass(frozen=True)
class Discovery:
    """By one rule: the chance that a person meets a problem, the share found, problems unfound, people needed for the goal."""

    p: float
    share: float
    unfound: float
    people: int


def _discovery(data: Problems, rule: str, goal: float) -> Discovery | None:
    """None where the chance is not between 0 and 1: one person, or everyone met everything."""
    p = float(discovery.ESTIMATORS[rule](data.matrix))
    if data.n < 2 or not 0 < p < 1:
        return None
    return Discovery(p, discovery.share_found(p, data.n), discovery.unfound(len(data.names), p, data.n), discovery.people_for(goal, p))


def _agreement(data: Problems, params: ProblemDiscoveryParams, rng: np.random.Generator) -> Estimate | None:
    """None below two raters, without variation, or where more than one resample in twenty has none."""
    ratings = data.severity[:, (~np.isnan(data.severity)).sum(axis=0) > 1]
    by_kappa = params.agreement == "auto" and len(ratings) == 2

    def measure(columns: Array) -> float:
        return rater_agreement.weighted_kappa(columns, 2 if params.kappa == "quadratic" else 1) if by_kappa else rater_agreement.krippendorff(columns)

    if ratings.shape[1] < 3:
        return None
    try:
        value = measure(ratings)
    except ValueError:
        return None
    drawn = []
    for row in bootstrap.weights(ratings.shape[1], params.draws, rng).astype(np.int64):
        try:
            drawn.append(measure(np.repeat(ratings, row, axis=1)))
        except ValueError:
            continue
    if len(drawn) < 0.95 * params.draws:
        return None
    low, high = bootstrap.percentile(np.array(drawn), params.level, ratings.shape[1])
    label = Words("严重度的加权kappa", "weighted kappa of severities") if by_kappa else Words("严重度的Krippendorff α", "Krippendorff's alpha of severities")
    return Estimate("agreement", value, min(low, value), max(high, value), n=ratings.shape[1], counts=Words("个问题", "problems"), level=params.level, label=label)


def _estimates(data: Problems, made: Discovery | None, agreement: Estimate | None, params: ProblemDiscoveryParams) -> list[Estimate]:
    out = [Estimate("problems", float(len(data.names)), n=data.n, kind=Kind.EXACT, level=params.level, label=Words("发现的问题数", "problems found"))]
    if len(data.severity):
        severe = int(np.nansum(data.medians >= params.severe))
        label = say(zh="严重度{s}级以上的问题数", en="problems of severity {s} or more", s=params.severe)
        out.append(Estimate("severe", float(severe), n=len(data.names), counts=Words("个问题", "problems"), kind=Kind.EXACT, level=params.level, label=label))
    if made is not None:
        least = min(float(discovery.least_unfound(data.matrix, params.level)), made.unfound)
        out.append(Estimate("unfound", made.unfound, least, math.inf, n=data.n, level=params.level, label=Words("估计还没发现的问题数", "problems probably still unfound")))
        value, low, high = discovery.added_by_one(data.matrix, params.level)
        label = Words("每人独自新增的问题数", "problems that one person adds")
        out.append(Estimate("added", value, low, high, n=data.n, level=params.level, label=label))
    if agreement is not None:
        out.append(agreement)
    for name, x in zip(data.names, data.counts.tolist(), strict=True):
        low, high = intervals.wilson(x, data.n, params.level)
        label = say(zh="遇到“{p}”的人", en="people who met “{p}”", p=name)
        out.append(Estimate("found", x / data.n, low, high, key=name, unit="%", n=data.n, kind=Kind.SHARE, level=params.level, label=label))
    return out


def _about(value: float) -> str:
    return f"{value:.0f}" if value >= 3 else f"{value:.1f}"


def _headline(data: Problems, made: Discovery | None, added: Estimate | None) -> Words:
    first = say(zh="{n}人发现{k}个问题", en="{n} people found {k} problems", n=data.n, k=len(data.names))
    if made is None or added is None:
        return first + Words("，还剩多少尚不能估计", "; how many are left cannot be estimated yet")
    return first + say(zh="，约占这类用户能遇到的{s}，估计还有{u}个没发现；每人独自新增{a}个（n={n}）",
                       en=", about {s} of those that such people can meet, some {u} probably unfound; one person adds {a} (n = {n})",
                       s=ev.amount(made.share, "%", 0), u=_about(made.unfound), a=shown(added, 1), n=data.n)


def _meaning(data: Problems, made: Discovery | None, agreement: Estimate | None, params: ProblemDiscoveryParams) -> ev.Meaning:
    once = int((data.counts == 1).sum())
    says = say(zh="{k}个问题中{o}个只有一人遇到，{m}个有过半的人遇到。", en="Of {k} problems {o} were met by one person only, {m} by more than half of them.",
               k=len(data.names), o=once, m=int((data.counts > data.n / 2).sum()))
    if made is None:
        return ev.Meaning(says, Words("人太少或人人遇到同样的问题，发现率算不出。", "Too few people, or all met the same: there is no rate of discovery."),
                          Words("用同样的任务再请几个人，至少凑到5人，再估计还剩多少。", "Test more people with the same tasks, five in all at least, before estimating what is left."),
                          Words("有人遇到别人没遇到的问题，才估得出还剩多少。", "Only people who meet different problems tell how many are left."))
    sure = say(zh="校正后每人遇到一个问题的可能是{p}（未校正{q}）；个别难遇到的问题会让实际剩余比估计的多，上限不知道",
               en="After correction a person meets a problem with {p} ({q} uncorrected); problems that are hard to meet make the true rest larger, without a known limit",
               p=ev.amount(made.p, "%", 0), q=ev.amount(discovery.observed(data.matrix), "%", 0))
    if agreement is not None:
        sure += say(zh="；严重度的一致性为{a}", en="; severities agree by {a}", a=shown(agreement, 2))
    following = _next(data, made, params)
    need = made.people - data.n
    more = say(zh="还差{d}人", en="{d} more", d=need) if need > 0 else Words("已够", "reached")
    change = say(zh="按这个发现率，找到{g}共需约{m}人（{d}）；改过界面、换了任务或人群，都要从头算。",
                 en="At this rate {g} takes about {m} people ({d}); a changed interface, other tasks or other people start the count again.",
                 g=ev.amount(params.goal, "%", 0), m=made.people, d=more)
    return ev.Meaning(says, sure + Words("。", "."), following, change)


def _next(data: Problems, made: Discovery, params: ProblemDiscoveryParams) -> Words:
    severe = [name for name, m in zip(data.names, data.medians.tolist(), strict=True) if m >= params.severe]
    listed = joined([Words(f"“{p}”", f"“{p}”") for p in (severe or data.names)[:5]], zh="", last_en=" and ")
    which = say(zh="先修严重的{list}（共{k}个）", en="Mend the severe ones first ({k}): {list}", list=listed, k=len(severe)) if severe else say(
        zh="先修遇到人数最多的{list}", en="Mend those met most often first: {list}", list=listed)
    if made.share >= params.goal:
        return which + Words("；同样的任务不必再加人。", "; these tasks need no more people.")
    return which + Words("；改完再请新的人测一轮。", "; then test again with new people.")


def _warnings(data: Problems, made: Discovery | None, agreement: Estimate | None, params: ProblemDiscoveryParams) -> list[ev.Warning]:
    out: list[ev.Warning] = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    if data.n < 10:
        warn("small_n", "只有{n}人：问题清单可用，遇到的占比和剩余个数只作参考。", "Only {n} people: use the list of problems, and take shares and the rest as hints.", n=data.n)
    elif data.n < 30:
        warn("small_n", "{n}人，不足30人：各问题遇到的占比区间宽，不能据此排先后。", "{n} people, fewer than 30: the shares have wide intervals and give no order.", n=data.n)
    if made is None:
        warn("no_rate", "{n}人、{k}个问题算不出发现率：至少要两人，且不能人人都遇到全部问题。",
             "No rate of discovery from {n} people and {k} problems: it takes two people at least, and not everyone meeting everything.", n=data.n, k=len(data.names))
    elif (data.counts == 1).mean() > 0.5:
        warn("mostly_once", "过半的问题（{o}/{k}）只有一人遇到：远没有找完，剩余个数很可能还要多。",
             "More than half of the problems ({o}/{k}) were met by one person only: the search is far from its end, and more are probably left than estimated.",
             o=int((data.counts == 1).sum()), k=len(data.names))
    if data.rows_left_out:
        warn("incomplete", "{k}行没有写明是谁发现的，没有计入。", "Rows that do not say who found the problem: {k}, not counted.", k=data.rows_left_out)
    if len(data.severity):
        if unrated := int(np.isnan(data.medians).sum()):
            warn("unrated", "{k}个问题没有人评严重度，不在严重问题的计数里。", "Problems without a severity: {k}; they are not in the count of severe ones.", k=unrated)
        if agreement is None:
            warn("no_agreement", "严重度只有一人评、评分没有差异或重复评的问题太少，算不出一致性。",
                 "One rater, no variation, or too few problems rated twice: the agreement of severities cannot be computed.")
        elif agreement.value < 0.4:
            warn("raters_differ", "严重度的一致性只有{a}：评定人看法不一，先一起讨论再排先后。",
                 "Severities agree by {a} only: let the raters discuss them before anything is ordered by them.", a=ev.amount(agreement.value, "", 2))
    return out


def _found_by(data: Problems) -> ResultTable:
    wide = data.n <= WIDEST
    medians = data.medians if len(data.severity) else np.full(len(data.names), np.nan)
    rows = []
    for j, name in enumerate(data.names):
        marks = ["●" if met else "" for met in data.matrix[:, j].tolist()] if wide else []
        rows.append((name, int(data.counts[j]), float(data.counts[j] / data.n), None if np.isnan(medians[j]) else float(medians[j]), *marks))
    heads = (ColumnHead("problem", Words("问题", "Problem")), ColumnHead("people", Words("人数", "People"), decimals=0), ColumnHead("share", Words("占比", "Share"), "%"),
             ColumnHead("severity", Words("严重度（中位数）", "Severity (median)"), decimals=1),
             *(ColumnHead(f"person_{i + 1}", Words.of(who)) for i, who in enumerate(data.people) if wide))
    return ResultTable("found_by", Words("哪些人遇到了哪些问题", "Who met which problem"), heads, tuple(rows))


def _models(data: Problems, params: ProblemDiscoveryParams) -> ResultTable:
    rows = []
    for rule, name in RULES.items():
        d = _discovery(data, rule, params.goal)
        rows.append((name, d.p if d else None, d.share if d else None, d.unfound if d else None, d.people if d else None))
    heads = (ColumnHead("rule", Words("p的算法", "p by")), ColumnHead("p", Words("p", "p"), "%"), ColumnHead("found", Words("已发现", "Found"), "%"),
             ColumnHead("unfound", Words("估计还剩", "Unfound"), decimals=1),
             ColumnHead("people", say(zh="找到{g}要几人", en="People for {g}", g=ev.amount(params.goal, "%", 0)), decimals=0))
    note = Words("未校正的p来自少数人时偏高很多（Lewis 2001），列出只为对照。", "From few people the uncorrected p is far too high (Lewis 2001); it is listed for comparison only.")
    return ResultTable("models", Words("每人遇到一个问题的可能，及还剩多少", "The chance of meeting a problem, and what is left"), heads, tuple(rows), note)


def _chart(data: Problems) -> ev.Chart:
    def build(lang: ev.Lang) -> Any:
        import altair as alt

        cells = [{"problem": name, "person": who, "met": Words("遇到", "met")[lang] if met else Words("未遇到", "not met")[lang]}
                 for j, name in enumerate(data.names) for who, met in zip(data.people, data.matrix[:, j].tolist(), strict=True)]
        totals = [{"problem": name, "text": f"{int(x)}/{data.n}"} for name, x in zip(data.names, data.counts.tolist(), strict=True)]
        y = alt.Y("problem:N", sort=list(data.names), title=None)
        order = [Words("遇到", "met")[lang], Words("未遇到", "not met")[lang]]
        grid = alt.Chart(alt.InlineData(values=cells)).mark_point(filled=True, size=90).encode(
            x=alt.X("person:N", sort=list(data.people), title=Words("人", "Person")[lang]), y=y,
            shape=alt.Shape("met:N", sort=order, scale=alt.Scale(domain=order, range=["square", "stroke"]), title=None),
            opacity=alt.Opacity("met:N", scale=alt.Scale(domain=order, range=[1, 0.3]), legend=None))
        counts = alt.Chart(alt.InlineData(values=totals)).mark_text(align="left", dx=6).encode(x=alt.value("width"), y=y, text=alt.Text("text:N"))
        return alt.layer(grid, counts).properties(height=alt.Step(24))

    said = [say(zh="{p}：{x}/{n}人", en="{p}: {x} of {n} people", p=name, x=int(x), n=data.n) for name, x in zip(data.names, data.counts.tolist(), strict=True)]
    return draw("matrix", Words("每人遇到的问题", "The problems that each person met"), joined(said, zh="；", en="; "), build)


def _points(data: Problems, made: Discovery | None, params: ProblemDiscoveryParams) -> list[Words]:
    points = []
    if made is not None:
        points.append(say(zh="按{r}，每人遇到一个问题的可能是{p}，{n}人找到约{s}，还剩约{u}个，至少{least}个。",
                          en="By the rule {r} a person meets a problem with {p}; {n} people find about {s}, some {u} are left, {least} at least.",
                          r=RULES[params.rule], p=ev.amount(made.p, "%", 0), n=data.n, s=ev.amount(made.share, "%", 0), u=_about(made.unfound),
                          least=min(discovery.least_unfound(data.matrix, params.level), math.floor(made.unfound))))
    for name, m, x in zip(data.names, data.medians.tolist(), data.counts.tolist(), strict=True):
        if m >= params.severe:
            points.append(say(zh="“{p}”严重度{m}，{x}/{n}人遇到。", en="“{p}” has severity {m}; {x} of {n} people met it.", p=name, m=f"{m:g}", x=int(x), n=data.n))
    return points


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Eight people, twelve problems of unequal chance; three raters whose severities mostly agree."""
    chance = np.linspace(0.8, 0.12, 12)
    rows = [{"respondent": f"p{i + 1}", "problem": f"U{j + 1}", "found": int(i == j % 8 or rng.random() < chance[j])} for i in range(8) for j in range(12)]
    grades = [{"rater": f"r{k + 1}", "problem": f"U{j + 1}", "severity": int(np.clip(j % 5 + rng.integers(-1, 2), 0, 4))} for k in range(3) for j in range(12)]
    return {"found": Frame.of(rows, "example"), "ratings": Frame.of(grades, "example")}


@method(
    title=Words("问题发现", "Problem discovery"),
    question=Words("找出了多少可用性问题，大概还剩多少，严重度评得一致吗？", "How many usability problems were found, how many are left, and do raters agree on severity?"),
    reads_as=Words("先看还剩几个和再测一人还会多出几个；只被一人遇到的问题越多，剩下的越多。",
                   "See how many are left and what one more person would add; the more problems only one person met, the more are left."),
    limit=Words("只说这些任务、这类用户能遇到的问题；难遇到的问题有多少，谁也估不出上限。",
                "It speaks of problems that such people can meet at these tasks; how many rare ones there are has no upper limit."),
    formula="p = (p - 1/n)(1 - 1/n)/2 + p/(1 + once/problems)/2 (Lewis 2001); unfound = problems/(1 - (1 - p)^n) - problems; lower end Chao 1987; added Good 1953",
    reads=(
        Reads("found", Words("谁遇到了哪个问题，一人一问题一行", "who met which problem, one row a person and problem"), (
            Column("respondent", "id", Words("参加者或评审人", "the participant or evaluator")),
            Column("problem", "category", Words("问题；没遇到问题的人留空一行", "the problem; a person who met none has one row without it")),
            Column("found", "flag", Words("是否遇到（没有这一列则都算遇到）", "met or not (without this column every row counts as met)"), required=False))),
        Reads("ratings", Words("各评定人给的严重度", "the severities that raters give"), (
            Column("rater", "id", Words("评定人", "the rater")), Column("problem", "category", Words("问题", "the problem")),
            Column("severity", "number", Words("严重度0～4", "severity 0 to 4"), low=0, high=4)), required=False)),
    gives=("problems", "severe", "unfound", "added", "agreement", "found[]"),
    params=ProblemDiscoveryParams,
    example=example,
)
def problem_discovery(found: Frame, ratings: Frame | None, *, params: ProblemDiscoveryParams, rng: np.random.Generator) -> Finding:
    data = _read(found, ratings)
    made, agreement = _discovery(data, params.rule, params.goal), _agreement(data, params, rng)
    estimates = _estimates(data, made, agreement, params)
    added = next((e for e in estimates if e.name == "added"), None)
    return Finding(
        headline=_headline(data, made, added), meaning=_meaning(data, made, agreement, params), estimates=tuple(estimates),
        points=tuple(_points(data, made, params)), tables=(_found_by(data), _models(data, params)), charts=(_chart(data),),
        warnings=tuple(_warnings(data, made, agreement, params)),
    )
