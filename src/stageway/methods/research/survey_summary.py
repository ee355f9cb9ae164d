"""How many people answer what, how sure is that once the sample is weighted, and do the segments answer differently?

One row an answer (respondent, question, value), or one row a person with a column a question. A question may take one answer, several (a
list, a separator, or a column an option) or a number. With the table `margins` the weights are raked to the population.

    share = Σ w over those who chose it ÷ Σ w over the base        Wilson at n_eff of the base        mean: t with linearised standard error
    deff = n Σw² / (Σw)²        n_eff = n / deff        raking: weights × target / present share of each category, in turn, cut at `cap` × the mean
    by segment: chi-square; expected counts below 5: Fisher (2 × 2) or Monte Carlo; weighted: counts scaled to n_eff (Rao & Scott); Holm or BH

Keys: `share[question:answer]`, `mean[question]`, `cramers_v[question]` (multi-select: `question:answer`, each option against not choosing it);
square brackets in a name become round ones. `n_eff` and `deff` are of all people; `largest_gap` is the largest distance between a weighted
share and its margin after raking, given only with `margins`. Base of a single answer: who answered it. Base of multi-select: who chose at
least one, or who was asked (`base`). Cramér's V is corrected for bias and has a bootstrap interval.
Sources: Deming & Stephan (1940), Ann. Math. Stat. 11, 427-444; Kish (1965), Survey Sampling, s. 11.7; Rao & Scott (1981), JASA 76, 221-230;
Haberman (1973), Biometrics 29, 205-220 (marked cells); Bergsma (2013), J. Korean Stat. Soc. 42, 323-328; Smithson (2003).
Not for samples that recruited themselves (weights do not mend who is missing), nor for open text: group it first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import intervals, survey_answers, survey_counts, survey_tables, weighting
from stageway.arithmetic.survey_answers import Question, Reading, Survey
from stageway.arithmetic.survey_counts import Crossed, Share, Weighing, differing, leading
from stageway.evidence import Column, Estimate, Finding, Frame, Kind, Params, Reads, Words, joined, method, param, say, shown

TESTS = {"chi_square": Words("χ²", "chi-square"), "fisher": Words("Fisher精确", "Fisher's exact"), "monte_carlo": Words("蒙特卡洛", "Monte Carlo"),
         "rao_scott": Words("Rao–Scott", "Rao–Scott")}
#: Questions that a sentence names.
NAMED = 3


Warn = Callable[..., None]


@dataclass(frozen=True)
class SurveyParams(Params):
    questions: str = param("", help=Words("只汇总这些问题，逗号分开；空则全部", "summarise these questions only, with commas; empty takes all"))
    only: str = param("", help=Words("只算给出这一回答的人，写作“问题=回答”", "only people who gave this answer, written question=answer"))
    base: str = param("answered", help=Words("多选题的底数", "base of multi-select"), choices={
        "answered": Words("至少选了一项的人", "people who chose at least one"), "asked": Words("问到的人，一项未选也算", "people who were asked, with those who chose none"),
    })
    separator: str = param("┋", help=Words("一格里多个选项的分隔符", "what separates several options in one cell"))
    missing: str = param("NA, N/A, (空), (跳过)", help=Words("表示没有问到的文字，逗号分开", "texts that mean not asked, with commas"))
    unselected: str = param("Not selected, 0, no, false, 否, 未选", help=Words("一项一列时表示没选的文字", "texts that mean not chosen where each option has a column"))
    cap: float = param(5.0, low=0, high=100, help=Words("权重的上限，均值的倍数；0为不设", "largest weight as a multiple of the mean; 0 for none"))
    rounds: int = param(200, low=1, high=10_000, help=Words("加权的最多轮数", "most rounds of raking"))
    correction: str = param("holm", help=Words("多张交叉表的校正", "correction over the cross-tables"), choices={
        "holm": Words("Holm：控制任何一处误报", "Holm: the chance of any false finding"), "bh": Words("BH：控制误报的比例", "BH: the share of false findings"),
    })
    draws: int = param(4000, low=200, high=100_000, help=Words("蒙特卡洛检验的次数", "Monte Carlo draws"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _headline(survey: Survey, shares: list[Share], means: list[Estimate]) -> Words:
    n = f"{survey.n:,}"
    made = say(zh="{n}份答卷", en="{n} answers", n=n)
    if survey.weighted:
        made += say(zh="，加权后有效样本量{e}（设计效应{d}）", en=", an effective sample of {e} after weighting (design effect {d})",
                    e=f"{weighting.n_eff(survey.weights):,.0f}", d=ev.amount(weighting.design_effect(survey.weights), "", 2))
    if shares:
        top = _told(shares, means)[0][0]
        return made + say(zh="：“{q}”中选“{a}”的最多，占{s}", en="; most frequent in “{q}”: “{a}”, {s}", q=top.question, a=top.answer, s=shown(top.estimate))
    if means:
        return made + say(zh="：“{q}”的均值{m}", en="; mean of “{q}”: {m}", q=means[0].key or "", m=shown(means[0]))
    return made + Words("，没有可以汇总的问题", ", and no question that can be summarised")


def _meaning(survey: Survey, how: Weighing, shares: list[Share], means: list[Estimate], crossed: list[Crossed], params: SurveyParams) -> ev.Meaning:
    groups = _told(shares, means)
    says = [say(zh="“{q}”以“{a}”居首（{x}）", en="“{q}” is led by “{a}” ({x})", q=g[0].question, a=g[0].answer, x=ev.amount(g[0].estimate.value, "%"))
            for g in groups[:NAMED]] or [say(zh="“{q}”的均值为{m}", en="“{q}” averages {m}", q=e.key or "", m=shown(e)) for e in means[:NAMED]]
    n = weighting.n_eff(survey.weights)
    low, high = intervals.wilson(n / 2, n, params.level)
    sure = [say(zh="按有效样本量{n}算，占比的误差最多±{half}", en="With an effective sample of {n}, a share is off by ±{half} at most",
                n=f"{n:,.0f}", half=ev.amount((high - low) / 2, "pp", 1))]
    if how.margins:
        sure.append(say(zh="加权后与人口边际最多差{gap}", en="after weighting, the margins are met within {gap}", gap=ev.amount(how.gap(survey.weights), "pp", 1)))
    following = [_next(survey, how, crossed, n, params)]
    return ev.Meaning(_sentence(says or [Words("没有可以汇总的回答", "There is nothing to summarise")]), _sentence(sure), _sentence(following),
                      _sentence([_change(survey, groups)]))


def _told(shares: list[Share], means: list[Estimate]) -> list[list[Share]]:
    """The questions whose answers are named in sentences: those in words before those in numbers."""
    numbers = {e.key for e in means}
    groups = leading(shares)
    return [g for g in groups if g[0].question not in numbers] or groups


def _sentence(parts: list[Words]) -> Words:
    made = joined(parts, zh="；", en="; ")
    return Words(made.zh + "。", made.en[:1].upper() + made.en[1:] + ".")


def _next(survey: Survey, how: Weighing, crossed: list[Crossed], n: float, params: SurveyParams) -> Words:
    unlike = differing(crossed)
    if survey.n < 30:
        return say(zh="人太少，占比只用来列题目：先补到100人再引用", en="too few for shares: reach 100 people before quoting any")
    heavy = how.heaviest(survey.weights)
    if heavy is not None and heavy[1] > 2:
        return say(zh="“{c}”的人平均权重{w}：下一轮按配额多收这一组，少靠加权", en="people of “{c}” weigh {w} on average: recruit more of them by quota next time, and weight less",
                   c=heavy[0], w=ev.amount(heavy[1], "", 1))
    if unlike:
        return say(zh="{list}因人群而异：写需求时用目标人群的占比，不用总数",
                   en="answers to {list} depend on the segment: for needs, take the shares of the target segment instead of the total",
                   list=joined([Words(f"“{c.name}”", f"“{c.name}”") for c in unlike[:NAMED]], last_en=" and "))
    if len(survey.segments) > 1:
        return Words("各人群的回答看不出差别，可以合起来用", "the segments do not answer differently, and can be used together")
    wanted = ev.rounded_up((intervals.z_of(params.level) / 0.03) ** 2 / 4 * weighting.design_effect(survey.weights))
    return say(zh="要把误差缩到±3个百分点，按现在的设计效应约需{n}份答卷；没有分人群，目标人群的占比要另算",
               en="±3 points take about {n} answers at this design effect; no segments are named, so the target segment has to be computed apart", n=f"{wanted:,}")


def _change(survey: Survey, groups: list[list[Share]]) -> Words:
    """Bounds of the leading answer to a single-choice question over what those who did not answer might have said."""
    single = {q.name: q for q in survey.questions if not q.multi}
    top = next((g[0] for g in groups if g[0].question in single), None)
    if top is None:
        return Words("多选题没选的人，究竟是不需要还是没看到，要看题目怎么问", "whether those who did not tick an option did not want it or did not see it depends on how it was asked")
    answered = single[top.question].answered
    part = float(survey.weights[answered].sum() / survey.weights.sum())
    if answered.all():
        return say(zh="“{q}”人人都答了；样本若不是随机抽的，误差不止区间所示", en="everyone answered “{q}”; if the sample was not drawn at random, the error exceeds the interval",
                   q=top.question)
    return say(zh="“{q}”有{k}人没有作答：他们若都不选或都选“{a}”，占比会在{low}～{high}之间",
               en="{k} people did not answer “{q}”: if none or all of them chose “{a}”, its share would lie between {low} and {high}",
               q=top.question, k=f"{survey.n - answered.sum():,}", a=top.answer, low=ev.amount(top.estimate.value * part, "%"),
               high=ev.amount(top.estimate.value * part + 1 - part, "%"))


def _points(survey: Survey, shares: list[Share], means: list[Estimate], crossed: list[Crossed], params: SurveyParams) -> list[Words]:
    points = []
    for c in differing(crossed)[:NAMED]:
        i, j = c.strongest()
        inside, whole = c.table[i, j] / c.table[i].sum(), c.table[:, j].sum() / c.table.sum()
        answer = say(zh="“{a}”", en="answered “{a}”", a=c.answers[j]) if c.answers[j] else Words("不选的", "did not choose it")
        points.append(say(zh="“{q}”因人群而异（{p}，{how}校正，V={v}）：“{s}”中{a}占{x}，全体{y}。",
                          en="“{q}” differs by segment ({p}, {how}, V = {v}): of “{s}” {x} {a}, against {y} of all.",
                          q=c.name, p=ev.p_value(c.p), how=params.correction.upper() if params.correction == "bh" else "Holm", v=f"{c.found.v:.2f}",
                          s=survey.segments[i], a=answer, x=ev.amount(inside, "%"), y=ev.amount(whole, "%")))
    for g in [g for g in _told(shares, means) if len(g) > 1][:NAMED]:
        points.append(say(zh="“{q}”（n={n}）：选“{a}”的{x}，选“{b}”的{y}。", en="“{q}” (n = {n}): “{a}” {x}, “{b}” {y}.", q=g[0].question, n=f"{g[0].estimate.n:,}",
                          a=g[0].answer, x=shown(g[0].estimate), b=g[1].answer, y=shown(g[1].estimate)))
    points += [say(zh="“{q}”的均值{m}（n={n}）。", en="Mean of “{q}”: {m} (n = {n}).", q=e.key or "", m=shown(e), n=f"{e.n:,}") for e in means[:NAMED]]
    return points


def _warnings(survey: Survey, how: Weighing, questions: list[Question], shares: list[Share], params: SurveyParams) -> list[ev.Warning]:
    out: list[ev.Warning] = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    if survey.n < 10:
        warn("small_n", "只有{n}份答卷：可以列出回答，占比不作依据。", "Answers: {n}. List them, but rest nothing on shares.", n=survey.n)
    elif weighting.n_eff(survey.weights) < 30:
        warn("small_n", "有效样本量{n}，不足30：占比的误差接近±20个百分点。", "An effective sample of {n}, fewer than 30: shares are off by up to about ±20 points.",
             n=f"{weighting.n_eff(survey.weights):.0f}")
    _warn_weights(warn, survey, how, params)
    _warn_questions(warn, survey, questions, shares, params)
    if survey.nameless:
        warn("incomplete", "{k}行没有受访者或问题，没有计入。", "{k} rows lack the respondent or the question and are not counted.", k=survey.nameless)
    if survey.repeated:
        warn("repeated", "{k}行与同一人的另一行相同，只计一次。", "{k} rows repeat another of the same person and are counted once.", k=survey.repeated)
    return out


def _warn_weights(warn: Warn, survey: Survey, how: Weighing, params: SurveyParams) -> None:
    deff = weighting.design_effect(survey.weights)
    if deff > 2:
        warn("heavy_weights", "设计效应{d}：{n}份答卷只抵{e}份，引用误差时用后者。",
             "A design effect of {d}: {n} answers are worth {e}; use the latter for errors.", d=ev.amount(deff, "", 2), n=f"{survey.n:,}", e=f"{survey.n / deff:,.0f}")
    if how.without:
        warn("no_weight", "{k}人没有权重或权重为0，没有计入。", "{k} people have no weight, or a weight of 0, and are not counted.", k=how.without)
    if how.raked is None:
        return
    if how.raked.trimmed:
        warn("trimmed", "{k}人的权重截在均值的{cap}倍。", "The weights of {k} people are cut at {cap} times the mean.", k=how.raked.trimmed, cap=f"{params.cap:g}")
    if how.empty:
        warn("empty_cell", "{list}一个人也没有：这部分人口没有被代表，加权补不回来。",
             "Nobody in {list}: this part of the population is not represented, and weights do not bring it back.", list=joined([Words.of(f"“{c}”") for c in how.empty]))
    if not how.raked.reached and not how.empty:
        warn("margins_missed", "加权{k}轮后，与边际仍差{gap}。", "After {k} rounds of raking the margins are still missed by {gap}.",
             k=how.raked.rounds, gap=ev.amount(how.gap(survey.weights), "pp", 2))


def _warn_questions(warn: Warn, survey: Survey, questions: list[Question], shares: list[Share], params: SurveyParams) -> None:
    if survey.open:
        warn("open_text", "{list}的回答各不相同，不计占比：开放题先做主题归类。", "Answers to {list} are all different and are not counted: group open text first.",
             list=_quoted(list(survey.open)))
    alone = [g[0].question for g in leading(shares) if len(g) == 1 and g[0].estimate.value == 1]
    if alone:
        warn("no_variation", "{list}所有人答得一样，看不出任何差别，请核对数据。", "All people answer {list} alike: nothing can be told apart; check the data.", list=_quoted(alone))
    if not shares and not any(q.numbers is not None and q.answered.sum() > 1 for q in questions):
        warn("nothing_counted", "没有一个问题可以计数。", "No question can be counted.")
    for q in [q for q in questions if q.multi and q.asked.sum() > 1.05 * q.answered.sum()][:NAMED]:
        warn("base_differs", "“{q}”问到{a}人，至少选一项的{b}人；占比以{whom}为底，引用时写明。",
             "“{q}” was put to {a} people, {b} of whom chose at least one; shares are of {whom}: say so when quoting.", q=q.name, a=f"{q.asked.sum():,}",
             b=f"{q.answered.sum():,}", whom=Words("后者", "the latter") if params.base == "answered" else Words("前者", "the former"))


def _quoted(names: list[str]) -> Words:
    made = joined([Words.of(f"“{name}”") for name in names[:5]])
    return made + say(zh="等{n}题", en=" and others ({n} in all)", n=len(names)) if len(names) > 5 else made


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """120 people of two segments: a single choice, a multi-select in lists, a rating; women are too many and are weighted down."""
    rows: list[dict[str, object]] = []
    for i in range(120):
        segment, sex = ("commuters", "others")[i % 2], "f" if rng.random() < 0.65 else "m"
        sources = [s for s, p in (("friends", 0.5), ("store", 0.4), ("video", 0.3)) if rng.random() < p]
        given = {"bought": "yes" if rng.random() < (0.75 if segment == "commuters" else 0.45) else "no", "heard from": sources, "rating": int(rng.integers(2, 6)),
                 "sex": sex}
        rows += [{"respondent": f"p{i + 1}", "question": q, "value": v, "segment": segment} for q, v in given.items()]
    shares = [("sex", "f", 0.5), ("sex", "m", 0.5)]
    return {"answers": Frame.of(rows, "example"), "margins": Frame.of([dict(zip(("variable", "category", "share"), s, strict=True)) for s in shares], "example")}


@method(
    title=Words("问卷汇总", "Survey summary"),
    question=Words("多少人怎么回答，加权之后有多可靠，各人群答得一样吗？", "How many answer what, how sure is it once weighted, and do segments differ?"),
    reads_as=Words("占比连同区间和底数一起看；加权后看有效样本量，不看答卷数；人群差异看校正后的p和V。",
                   "Read a share with its interval and base; after weighting look at the effective sample, not at the number of answers; for segments at corrected p and V."),
    limit=Words("只说人们怎么说；没有被抽到的人加权也补不回来，差异显著不等于差得多。",
                "It tells what people say; weights do not bring back those who were never reached, and a significant difference need not be a large one."),
    formula="weighted shares, Wilson at n_eff = (sum w)^2 / sum w^2 (Kish 1965); raking (Deming & Stephan 1940); chi-square, Fisher, Rao & Scott 1981; "
            "Cramer's V (Bergsma 2013); residuals (Haberman 1973)",
    reads=(
        Reads("answers", Words("一行一个回答，或一行一个人、每题一列", "one row an answer, or one row a person with a column a question"), (
            Column("respondent", "id", Words("受访者；一行一个人时可以没有", "the person; may be absent with one row a person"), required=False),
            Column("question", "category", Words("问题（一行一个回答时）", "the question (one row an answer)"), required=False),
            Column("value", "any", Words("回答，多选为列表", "the answer; a list for several"), required=False),
            Column("weight", "number", Words("权重", "weight"), required=False, low=0),
            Column("segment", "category", Words("人群", "segment"), required=False),
        ), others=Words("一行一个人时每列一个问题；也可作加权的变量", "with one row a person, each is a question; or a variable for raking")),
        Reads("margins", Words("人口的边际分布，加权用", "margins of the population, for raking"), (
            Column("variable", "category", Words("变量：列名或问题", "the variable: a column or a question")),
            Column("category", "category", Words("类别", "the category")),
            Column("share", "number", Words("在人口中的占比或人数", "its share of the population, or its count"), low=0),
        ), required=False),
    ),
    gives=("share[]", "mean[]", "n_eff", "deff", "largest_gap", "cramers_v[]"),
    params=SurveyParams,
    example=example,
)
def survey_summary(answers: Frame, margins: Frame | None, *, params: SurveyParams, rng: np.random.Generator) -> Finding:
    reading = Reading(params.separator, survey_answers.words(params.missing), survey_answers.words(params.unselected))
    whole = survey_answers.read(answers, reading)
    asked = survey_answers.of(whole, survey_answers.chosen(whole, params.only, answers.source))
    survey, how = survey_counts.weighed(asked, margins, cap=params.cap, rounds=params.rounds, source=answers.source)
    questions = _wanted(survey, how, params)
    shares, means = survey_counts.shares(survey, questions, params.base, params.level), survey_counts.means(survey, questions, params.level)
    crossed = survey_counts.crossed(survey, questions, params.base, params.correction, params.draws, params.level, rng)
    v = {c.name: Estimate("cramers_v", c.found.v, c.found.low, c.found.high, key=c.name, n=survey.n, level=params.level,
                          label=say(zh="“{q}”与人群的关联V", en="association V of “{q}” with the segment", q=c.name)) for c in crossed}
    tables = [survey_tables.shares(shares, survey, params.base)] if shares else []
    tables += [survey_tables.means(means)] if means else []
    tables += [survey_tables.weights(survey, how)] if how.margins else []
    tables += [survey_tables.segments(survey, crossed), survey_tables.tests(crossed, v, TESTS, params.correction)] if crossed else []
    return Finding(
        headline=_headline(survey, shares, means), meaning=_meaning(survey, how, shares, means, crossed, params),
        estimates=(*_totals(survey, how, params), *(s.estimate for s in shares), *means, *v.values()),
        points=tuple(_points(survey, shares, means, crossed, params)), tables=tuple(tables), charts=tuple(survey_tables.chart(leading(shares))),
        warnings=tuple(_warnings(survey, how, questions, shares, params)),
    )


def _wanted(survey: Survey, how: Weighing, params: SurveyParams) -> list[Question]:
    """The questions to summarise, without those whose shares raking has fixed. Raises ParamError for one that is not there."""
    known = {q.name: q for q in survey.questions}
    names = [name.strip() for name in params.questions.replace("，", ",").split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise ev.ParamError("question_unknown", say(zh="没有问题“{q}”", en="there is no question “{q}”", q=name), todo=ev.did_you_mean(name, known))
    raked = {m.name for m in how.margins}
    return [known[name] for name in names] or [q for q in survey.questions if q.name not in raked]


def _totals(survey: Survey, how: Weighing, params: SurveyParams) -> list[Estimate]:
    n = survey.n
    made = [Estimate("n_eff", weighting.n_eff(survey.weights), n=n, kind=Kind.EXACT, level=params.level, label=Words("有效样本量", "effective sample size")),
            Estimate("deff", weighting.design_effect(survey.weights), n=n, kind=Kind.EXACT, level=params.level, label=Words("设计效应", "design effect"))]
    if how.margins:
        made.append(Estimate("largest_gap", how.gap(survey.weights), unit="pp", n=n, kind=Kind.EXACT, level=params.level,
                             label=Words("加权后与人口边际的最大差", "largest gap to the margins after weighting")))
    return made
