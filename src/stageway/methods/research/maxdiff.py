"""Of many items, which matter most to people, by how much, and how sure is it which comes first?

Each task shows a few of the items; the person names the best (most important) and the worst of them (Finn & Louviere 1992).

    counts   score = (best − worst) / shown, −1 to 1; standard error by people (linearised ratio), t with people − 1
    logit    sequential: P(best b) = exp(u_b) / Σ_shown exp(u_j), P(worst w) = exp(−u_w) / Σ_rest exp(−u_j), rest = shown without b
             marginal: the worst among all shown as well        maxdiff: P(b, w) = exp(u_b − u_w) / Σ_(i≠j) exp(u_i − u_j)
    share of preference = exp(u_i) / Σ_all exp(u_j), a fraction of 1: how often i would be taken if all items were shown at once

Utilities u sum to 0 and have no unit. Their covariance is the sandwich clustered by person; shares and the probability of the first
place come from draws of the utilities (Krinsky & Robb 1986), t with people − 1. Utilities are finite where each item is preferred to
another and another to it along some chain (Ford 1957): items outside of it get their counts and a warning, no utility.
Sources: Marley & Louviere (2005), J. Math. Psych. 49, 464-480; Louviere, Flynn & Marley (2015), Best-Worst Scaling, ch. 2 and 5.
Not for saying whether an item matters at all: the ranking is relative to the list that was shown, and to the average person.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import best_worst, best_worst_answers, choice_logit, intervals
from stageway.arithmetic.best_worst_answers import Answers
from stageway.arithmetic.best_worst_scaling import Groups, Scaled, grouped, scaled, shares
from stageway.arithmetic.strips import Strip, strips
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown

SURE = 0.95


@dataclass(frozen=True)
class MaxdiffParams(Params):
    model: str = param("sequential", help=Words("最好与最差的选择模型", "how best and worst are chosen"), choices={
        "sequential": Words("先选最好，再从其余里选最差", "best of all shown, then worst of the rest"),
        "marginal": Words("最好、最差各自从全部出示的条目里选", "best and worst each of all shown"),
        "maxdiff": Words("在所有的两两组合里选差别最大的一对（Marley & Louviere 2005）", "the pair that differs most (Marley & Louviere 2005)"),
    })
    chosen_by: str = param("position", help=Words("另给设计表时，best和worst两列写的是什么", "what best and worst hold where a design is given"), choices={
        "position": Words("在该题里的位置", "the position within the task"), "item": Words("条目本身", "the item itself")})
    segment: str = param("", help=Words("只算这一人群；空则算全体", "score this segment only; empty takes all people"))
    draws: int = param(4000, low=200, high=100_000, help=Words("份额区间与排第一概率的抽样次数", "draws for shares and the first place"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


# ── items ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Item:
    name: str
    number: int
    shown: int
    best: int
    worst: int
    score: Estimate
    utility: Estimate | None = None
    share: Estimate | None = None
    first: Estimate | None = None

    @property
    def rank(self) -> tuple[float, float]:
        return (-(self.utility.value if self.utility else -math.inf), -self.score.value)


def _counted(answers: Answers, level: float) -> list[Item]:
    tasks = answers.tasks
    times, best, worst = (each.tolist() for each in best_worst.counted(tasks))
    values, errors = best_worst.scores(tasks)
    width = intervals.t_of(level, tasks.people - 1)
    made = []
    for i, name in enumerate(answers.items):
        if times[i]:
            value, half = float(values[i]), width * float(errors[i])
            label = say(zh="“{i}”的净得分", en="net score of “{i}”", i=name)
            score = Estimate("best_worst", value, max(-1.0, value - half), min(1.0, value + half), key=name, n=tasks.people, level=level, label=label)
            made.append(Item(name, i, times[i], best[i], worst[i], score))
    return made


def _rated(items: list[Item], found: Scaled, people: int, params: MaxdiffParams, rng: np.random.Generator) -> list[Item]:
    """The items with utilities; shares and places only where no item is above all those that can be compared."""
    df = people - 1
    drawn = choice_logit.draws(found.utilities, found.covariance, df, params.draws, rng)
    parts, whole = shares(drawn), shares(found.utilities)
    tail = (1 - params.level) / 2
    low, high = np.quantile(parts, [tail, 1 - tail], axis=0)
    first = np.bincount(drawn.argmax(axis=1), minlength=len(whole)) / len(drawn)
    halves = intervals.t_of(params.level, df) * np.sqrt(np.diag(found.covariance))
    made = {item.number: item for item in items}
    for k, number in enumerate(found.kept.tolist()):
        item, u, share = made[number], float(found.utilities[k]), float(whole[k])
        half = float(halves[k])

        ends = (min(float(low[k]), share), max(float(high[k]), share))
        rated = replace(item, utility=_of(item, "utility", u, (u - half, u + half), "", people, params.level))
        made[number] = rated if found.above else replace(
            rated, share=_of(item, "share", share, ends, "%", people, params.level), first=_of(item, "p_first", float(first[k]), None, "%", people, params.level))
    return sorted(made.values(), key=lambda item: (item.rank, item.number))


LABELS = {"utility": Words("“{i}”的效用", "utility of “{i}”"), "share": Words("“{i}”的偏好份额", "share of preference of “{i}”"),
          "p_first": Words("“{i}”排第一的概率", "probability that “{i}” comes first")}


def _of(item: Item, name: str, value: float, ends: tuple[float, float] | None, unit: str, people: int, level: float) -> Estimate:
    low, high = ends or (None, None)
    label = say(zh=LABELS[name].zh, en=LABELS[name].en, i=item.name)
    return Estimate(name, value, low, high, item.name, unit, people, kind=Kind.OTHER if ends else Kind.EXACT, level=level, label=label)


@dataclass(frozen=True)
class Gap:
    """Utility of the first item less that of the second."""

    first: Item
    second: Item
    value: float
    error: float
    p: float


def _gap(items: list[Item], found: Scaled, people: int) -> Gap:
    a, b = items[0], items[1]
    at = {number: k for k, number in enumerate(found.kept.tolist())}
    i, j = at[a.number], at[b.number]
    v = found.covariance
    value = float(found.utilities[i] - found.utilities[j])
    error = math.sqrt(max(float(v[i, i] + v[j, j] - 2 * v[i, j]), 0.0))
    return Gap(a, b, value, error, intervals.t_tail(value / error, people - 1) if error > 0 else 1.0)


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _named(items: list[Item]) -> Words:
    return joined([say(zh="“{i}”", en="“{i}”", i=item.name) for item in items])


def _headline(items: list[Item], people: int) -> Words:
    n = Words(ev.with_n(people, "zh"), ev.with_n(people, "en"))
    a, b = items[0], items[1]
    if a.share is None or a.first is None or b.share is None:
        top = max(items, key=lambda item: (item.score.value, -item.number))
        return say(zh="按次数“{a}”净得分最高，为{score}（{n}）；偏好份额给不出", en="By counts “{a}” has the highest net score, {score} ({n}); shares of preference cannot be given",
                   a=top.name, score=shown(top.score), n=n)
    p = ev.amount(a.first.value, "%", 0)
    if a.first.value >= SURE:
        return say(zh="{k}项里“{a}”排第一，偏好份额{share}（{n}），排第一的概率{p}",
                   en="Of {k} items “{a}” comes first with a share of preference of {share} ({n}); probability of the first place {p}",
                   k=len(items), a=a.name, share=shown(a.share), n=n, p=p)
    return say(zh="“{a}”与“{b}”分不出先后：偏好份额{x}对{y}（{n}），“{a}”排第一的概率{p}",
               en="“{a}” and “{b}” cannot be told apart: shares of preference {x} and {y} ({n}); probability that “{a}” comes first {p}",
               a=a.name, b=b.name, x=shown(a.share), y=shown(b.share), n=n, p=p)


def _meaning(items: list[Item], gap: Gap | None, groups: Groups | None, answers: Answers) -> ev.Meaning:
    if gap is None or gap.first.share is None or gap.second.share is None:
        low = min(items, key=lambda item: item.score.value)
        return ev.Meaning(
            say(zh="只有出示、最好、最差的次数可用：“{low}”净得分最低，{x}次出示里{w}次被选为最差。",
                en="Only the counts can be used: “{low}” has the lowest net score, named worst {w} times of {x}.", low=low.name, x=low.shown, w=low.worst),
            Words("选择之间没有连成一条链，效用没有有限的估计，名次的把握说不出。", "The choices form no chain, so utilities have no finite estimate and the order cannot be qualified."),
            say(zh="先核对设计和编码，再补答题的人（现有{n}人）；在那之前不按名次取舍。",
                en="Check design and coding, then ask more people ({n} so far); decide nothing by rank before.", n=answers.tasks.people),
            Words("每个条目都有人认为比别的好、也有人认为比别的差，份额才算得出。", "Shares can be computed once each item is preferred to another by someone, and another to it."))
    first, last, even = gap.first.share, next(i for i in reversed(items) if i.share is not None), 1 / sum(item.share is not None for item in items)
    ratio = first.value / (last.share.value if last.share else 1.0)
    says = say(zh="把全部条目摆在一起只选一项，约{a}会选“{first}”，选“{last}”的约{z}，相差{r}倍；均分是{even}。",
               en="If all items were laid out and one taken, about {a} would take “{first}” and {z} “{last}”, {r} times less; an even split is {even}.",
               a=ev.amount(first.value, "%"), first=gap.first.name, last=last.name, z=ev.amount(last.share.value if last.share else 0.0, "%"),
               r=ev.amount(ratio), even=ev.amount(even, "%"))
    return ev.Meaning(says, _sure(gap, answers), _next(items, gap, even), _change(groups, answers))


def _sure(gap: Gap, answers: Answers) -> Words:
    a, b, p = gap.first.name, gap.second.name, ev.p_value(gap.p)
    if gap.p < 0.05:
        return say(zh="第一与第二之差不是偶然：“{a}”比“{b}”效用高{d}（{p}），区间已按同一人答多题放宽。",
                   en="The lead is not chance: “{a}” is {d} above “{b}” in utility ({p}); intervals allow for several answers a person.", a=a, b=b, d=ev.amount(gap.value), p=p)
    need = ev.rounded_up(answers.tasks.people * (intervals.z_of(0.95) * gap.error / gap.value) ** 2) if gap.value > 0.01 else None
    more = Words("再多的人也未必分得开", "more people may not part them") if need is None else say(
        zh="若差距属实，要约{n}人才能分清", en="if the gap is real, it takes about {n} people to show it", n=f"{need:,}")
    return say(zh="“{a}”只比“{b}”高{d}（{p}），可能是偶然；{more}。", en="“{a}” is only {d} above “{b}” ({p}), which may be chance; {more}.",
               a=a, b=b, d=ev.amount(gap.value), p=p, more=more)


def _next(items: list[Item], gap: Gap, even: float) -> Words:
    high = [item for item in items if item.share and (item.share.low or 0.0) > even]
    low = [item for item in items if item.share and (item.share.high or 1.0) < even]
    if not high:
        return Words("没有一项明显高过均分：清单里的条目差不多重要，不按这次排优先级，改问满意度或换清单。",
                     "No item is clearly above an even split: do not prioritise by this; ask for satisfaction or change the list.")
    made = say(zh="{high}明显高过均分，列入需求并先做", en="{high} lie clearly above an even split: make them needs and take them first", high=_named(high[:4]))
    if gap.p >= 0.05:
        made += Words("，前两项并列，不按名次砍一项", ", the first two side by side, dropping neither by rank")
    if low:
        made += say(zh="；{low}明显低于均分，第一版可以不占容量", en="; {low} lie clearly below it and need no room in the first release", low=_named(low[-3:]))
    return made + Words("。", ".")


def _change(groups: Groups | None, answers: Answers) -> Words:
    again, same = (int(each.sum()) for each in best_worst.repeated(answers.tasks))
    list_ = Words("份额只在这份清单之内成立，增删条目就要重测", "Shares hold within this list only: with items added or dropped it has to be asked again")
    if groups is not None and groups.p < 0.05:
        return list_ + say(zh="；各人群的偏好不同（{p}），目标人群变了，名次也会变。", en="; preferences differ by segment ({p}), so another target segment changes the order.", p=ev.p_value(groups.p))
    if again:
        share, half = ev.amount(same / again, "%", 0), ev.amount(0.5, "%", 0)
        return list_ + say(zh="；同一人前后两次比较同一对，{share}给出相同的先后（共{n}次），若接近随手点的{half}，名次就不可信。",
                           en="; where someone compared the same pair twice ({n} times), {share} agree: near the {half} of answers at random, the order would not be credible.",
                           n=f"{again:,}", share=share, half=half)
    return list_ + Words("；没有人重复比较过同一对，答得认真与否看不出。", "; nobody compared a pair twice, so whether answers are careful cannot be seen.")


def _points(items: list[Item], groups: Groups | None, found: Scaled | None) -> list[Words]:
    made = []
    if groups is not None and groups.names and found is not None:
        names = {number: item for item in items for number in (item.number,)}
        order = sorted((k for k in range(len(found.kept)) if groups.p_item[k] < 0.05), key=lambda k: float(groups.p_item[k]))
        for k in order[:2]:
            each = joined([say(zh="{s}{x}", en="{s} {x}", s=s, x=ev.amount(float(part[k]), "%")) for s, part in zip(groups.names, groups.shares, strict=True)])
            made.append(say(zh="“{i}”的份额因人群而异：{each}（{p}，BH校正）。", en="The share of “{i}” differs by segment: {each} ({p}, BH).",
                            i=names[int(found.kept[k])].name, each=each, p=ev.p_value(float(groups.p_item[k]))))
    last = items[-1]
    if last.share is not None and len(items) > 2:
        made.append(say(zh="“{i}”垫底：{x}次出示，{b}次最好，{w}次最差，份额{share}。", en="“{i}” comes last: shown {x} times, best {b}, worst {w}, share {share}.",
                        i=last.name, x=last.shown, b=last.best, w=last.worst, share=shown(last.share)))
    return made


def _warnings(items: list[Item], found: Scaled | None, groups: Groups | None, answers: Answers) -> list[ev.Warning]:
    out: list[ev.Warning] = []
    tasks, n = answers.tasks, answers.tasks.people

    def warn(holds: bool, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    warn(n < 10, "small_n", "只有{n}人作答：可以列出次数，份额和名次不作依据。", "Answers of {n} only: list the counts, but rest nothing on shares or ranks.", n=n)
    warn(10 <= n < 30, "small_n", "{n}人作答，不足30人：份额的区间宽，名次容易变。", "{n} people, fewer than 30: shares are wide and ranks turn easily.", n=n)
    if found is None:
        warn(True, "not_comparable", "没有两个条目能互相比较（选择分得太干净，或只有一人），效用和份额不给出。",
             "No two items can be compared (choices too clean, or one person): no utilities, no shares.")
    else:
        by = {item.number: item for item in items}
        warn(bool(found.below), "never_preferred", "{list}从未被认为比其余条目好，效用没有下限，不给出；份额只在其余条目之间。",
             "{list} was never preferred to the others: no finite utility, none is given; shares are among the others.", list=_named([by[i] for i in found.below]))
        warn(bool(found.above), "always_preferred", "{list}从未输给其余条目，效用没有上限，份额和排第一的概率不给出；其余条目的效用照常。",
             "{list} never lost against the others: no finite utility, so no shares and no first place; the others have utilities.",
             list=_named([by[i] for i in found.above]))
    times = [item.shown for item in items]
    warn(max(times) > 1.5 * min(times), "unbalanced", "出示次数不均衡（{low}～{high}次）：次数得分受对手影响，看效用，不看净得分。",
         "Items were shown unevenly ({low} to {high} times): net scores depend on the company; read utilities.", low=min(times), high=max(times))
    half = int(((tasks.best < 0) | (tasks.worst < 0)).sum())
    warn(half > 0, "half_answered", "{k}道题只选了最好或最差之一，按有的一半计（maxdiff模型不计）。",
         "{k} tasks name only best or only worst: that half counts (none of it in the maxdiff model).", k=half)
    warn(answers.contradictory > 0, "contradictory", "{k}道题把同一条目既选为最好又选为最差，没有计入。", "{k} tasks name one item both best and worst and are not counted.",
         k=answers.contradictory)
    warn(answers.unanswered > 0, "unanswered", "{k}道题最好、最差都没选，没有计入。", "{k} tasks name neither best nor worst and are not counted.", k=answers.unanswered)
    warn(answers.incomplete > 0, "incomplete", "{k}行缺受访者、题号或条目，没有计入。", "{k} rows lack person, task or item and are not counted.", k=answers.incomplete)
    together, agreeing = best_worst.repeated(tasks)
    guessing = int(((together >= 6) & (2 * agreeing <= together)).sum())
    warn(guessing > 0.25 * n, "inconsistent", "{k}人（{share}）前后比较同一对时，一致的不超过一半，像随手点的：核对后再用名次。",
         "{k} people ({share}) agree with themselves on at most half of the pairs they met again, as if at random: check them before using ranks.",
         k=guessing, share=ev.amount(guessing / n, "%"))
    same = int(best_worst.same_place(tasks).sum())
    warn(same > 0, "straight_liners", "{k}人每题都把最好选在同一位置，可能没有认真读题。", "{k} people put the best at the same place in every task and may not have read them.", k=same)
    few = groups.few if groups is not None else ()
    warn(bool(few), "small_segments", "{list}人太少或选择分得太干净，没有单独计算。", "Too few people or too clean choices in {list}: not scored apart.",
         list=joined([say(zh="“{g}”（{n}人）", en="“{g}” ({n})", g=name, n=count) for name, count in few]))
    return out


# ── tables and chart ──────────────────────────────────────────────────────────────────────────────────────────────────


def _table(items: list[Item], found: Scaled | None, params: MaxdiffParams) -> ResultTable:
    heads = (ColumnHead("item", Words("条目", "Item")), ColumnHead("shown", Words("出示", "Shown"), decimals=0), ColumnHead("best", Words("最好", "Best"), decimals=0),
             ColumnHead("worst", Words("最差", "Worst"), decimals=0), ColumnHead("best_worst", Words("净得分", "Net score"), decimals=2),
             ColumnHead("utility", Words("效用及区间", "Utility with interval")), ColumnHead("share", Words("偏好份额及区间", "Share with interval")),
             ColumnHead("p_first", Words("排第一的概率", "P(first)"), "%", 0))
    rows = tuple((i.name, i.shown, i.best, i.worst, i.score.value, shown(i.utility, 2) if i.utility else None, shown(i.share) if i.share else None,
                  i.first.value if i.first else None) for i in items)
    note = None if found is None else say(
        zh="{model}模型，{sets}个选择集，{n}人；对数似然{ll}，McFadden R²={r}。", en="{model} model, {sets} choice sets, {n} people; log-likelihood {ll}, McFadden R² = {r}.",
        model=params.model, sets=f"{found.sets:,}", n=found.fit.people, ll=ev.amount(found.fit.log_likelihood, "", 1), r=f"{found.fit.r_squared:.3f}")
    return ResultTable("items", Words("各条目的次数、效用与份额", "Counts, utilities and shares by item"), heads, rows, note)


def _segments(items: list[Item], groups: Groups | None, found: Scaled | None) -> list[ResultTable]:
    if groups is None or not groups.names or found is None:
        return []
    heads = (ColumnHead("item", Words("条目", "Item")),
             *(ColumnHead(f"segment_{s + 1}", say(zh="{g}（n={n}）", en="{g} (n = {n})", g=g, n=n), "%", 1)
               for s, (g, n) in enumerate(zip(groups.names, groups.people, strict=True))),
             ColumnHead("p", Words("p（BH校正）", "p (BH)"), decimals=3))
    at = {number: k for k, number in enumerate(found.kept.tolist())}
    rows = tuple((item.name, *(float(part[at[item.number]]) for part in groups.shares), p if (p := float(groups.p_item[at[item.number]])) == p else None)
                 for item in items if item.number in at)
    note = None if math.isnan(groups.p) else say(
        zh="各人群的效用是否相同：{p}（Wald，按人聚类）。", en="Whether segments have the same utilities: {p} (Wald, clustered by person).", p=ev.p_value(groups.p))
    return [ResultTable("segments", Words("各人群的偏好份额", "Shares of preference by segment"), heads, rows, note)]


def _charts(items: list[Item]) -> tuple[ev.Chart, ...]:
    known = [(item, item.share) for item in items if item.share is not None]
    if not known:
        rows = [Strip(Words.of(i.name), i.score.low or 0.0, i.score.value, i.score.high or 0.0, f"{i.score.value:.2f}".replace("-", "−")) for i in items]
        alt = say(zh="净得分从{a}到{b}", en="net scores from {a} to {b}", a=shown(items[0].score), b=shown(items[-1].score))
        return (strips("best_worst", Words("各条目的净得分", "Net score by item"), alt, rows, Words("净得分：（最好−最差）/出示", "Net score: (best − worst) / shown"), line=0.0),)
    rows = [Strip(Words.of(i.name), 100 * (e.low or 0.0), 100 * e.value, 100 * (e.high or 0.0), f"{100 * e.value:.1f}%") for i, e in known]
    alt = joined([say(zh="{i} {x}", en="{i} {x}", i=i.name, x=shown(e)) for i, e in known], zh="；", en="; ")
    return (strips("shares", Words("偏好份额，线段为区间，虚线为均分", "Share of preference; lines are intervals, dashed: an even split"), alt, rows,
                   Words("偏好份额（%）", "Share of preference (%)"), line=100 / len(known)),)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Sixty people, six problems, eight tasks of four; every person draws best and worst by the same utilities."""
    names = ("slow export", "lost drafts", "no offline mode", "price", "few templates", "dark mode")
    worths = np.array([0.6, 1.2, 0.3, 0.0, -0.6, -1.5])
    rows: list[dict[str, object]] = []
    for person in range(60):
        for task in range(8):
            seen = rng.permutation(6)[:4]
            noisy = worths[seen] + rng.gumbel(size=4)
            best = int(seen[noisy.argmax()])
            rest = [int(i) for i in seen if i != best]
            worst = rest[int(np.argmax(-worths[rest] + rng.gumbel(size=3)))]
            rows += [{"respondent": f"p{person + 1}", "task": f"t{task + 1}", "position": k + 1, "item": names[i], "best": int(i == best), "worst": int(i == worst),
                      "segment": "teams" if person % 2 else "singles"} for k, i in enumerate(seen.tolist())]
    return {"answers": Frame.of(rows, "example")}


@method(
    title=Words("MaxDiff（最好–最差）", "MaxDiff (best-worst scaling)"),
    question=Words("许多条目里，哪些对人最重要，差多少，第一名有多大把握？", "Of many items, which matter most to people, by how much, and how sure is it which comes first?"),
    reads_as=Words("偏好份额是“全部条目摆在一起只选一项”时各项被选的比例，加起来是100%；排第一的概率低于95%就当并列。",
                   "A share of preference is how often an item would be taken if all were laid out; shares add to 100%. Below 95% the first place is shared."),
    limit=Words("只排这份清单里的先后，说不出某一项本身重不重要，也不代表每个人。", "It ranks within this list only, not whether an item matters at all, and not for each person."),
    formula="conditional logit of best and worst (Marley & Louviere 2005; Louviere, Flynn & Marley 2015), sandwich by person; share = exp(u)/sum exp(u); score = (best-worst)/shown",
    reads=(
        Reads("answers", Words("每题出示的条目与选择：一行一个条目；另给设计表时一行一题", "what each task showed and what was chosen: one row an item, or one row a task where the design is given"), (
            Column("respondent", "id", Words("受访者", "the person")),
            Column("task", "id", Words("题号", "the task")),
            Column("item", "category", Words("出示的条目（另给设计表时不要）", "the item shown (not with a design)"), required=False),
            Column("best", "any", Words("是否选为最好（1/0）；有设计表时写所选的位置或条目", "whether named best (1/0); with a design, the position or item chosen")),
            Column("worst", "any", Words("是否选为最差，写法同上", "whether named worst, likewise")),
            Column("position", "number", Words("在题里的位置", "place within the task"), required=False),
            Column("segment", "category", Words("人群", "segment"), required=False),
            Column("version", "category", Words("问卷版本（对应设计表）", "version of the design"), required=False),
        )),
        Reads("design", Words("设计：每题出示哪些条目，一行一个", "the design: the items of each task, one a row"), (
            Column("task", "id", Words("题号", "the task")),
            Column("item", "category", Words("条目", "the item")),
            Column("position", "number", Words("在题里的位置", "place within the task"), required=False),
            Column("version", "category", Words("问卷版本", "version"), required=False),
        ), required=False),
    ),
    gives=("share[]", "utility[]", "p_first[]", "best_worst[]"),
    params=MaxdiffParams,
    example=example,
)
def maxdiff(answers: Frame, design: Frame | None, *, params: MaxdiffParams, rng: np.random.Generator) -> Finding:
    data = best_worst_answers.read(answers, design, params.chosen_by)
    if params.segment:
        data = _only(data, params.segment)
    if data.tasks.people < 2:
        what = Words("只有一人作答，区间和名次都无从谈起", "one person answered: neither intervals nor ranks can be had")
        raise ev.DataError("one_respondent", what, where=ev.Where(file=answers.source or None), todo=Words("请给出所有人的回答", "give the answers of all people"))
    items = _counted(data, params.level)
    found = scaled(data.tasks, params.model)
    items = _rated(items, found, data.tasks.people, params, rng) if found else sorted(items, key=lambda item: (item.rank, item.number))
    gap = _gap(items, found, data.tasks.people) if found else None
    groups = grouped(data, found, params.model) if found else None
    return Finding(
        headline=_headline(items, data.tasks.people), meaning=_meaning(items, gap, groups, data),
        estimates=tuple(e for name in ("share", "utility", "first", "score") for item in items if (e := getattr(item, name)) is not None),
        points=tuple(_points(items, groups, found)), tables=(_table(items, found, params), *_segments(items, groups, found)), charts=_charts(items),
        warnings=tuple(_warnings(items, found, groups, data)),
    )


def _only(data: Answers, segment: str) -> Answers:
    if segment not in data.segments:
        what = say(zh="数据里没有人群“{s}”", en="the data have no segment “{s}”", s=segment)
        raise ev.ParamError("segment_unknown", what, todo=ev.did_you_mean(segment, data.segments))
    mask = data.segment == data.segments.index(segment)
    tasks = data.tasks.by(mask)
    tasks = replace(tasks, person=(np.cumsum(mask) - 1)[tasks.person], people=int(mask.sum()))
    return replace(data, tasks=tasks, people=tuple(p for p, keep in zip(data.people, mask.tolist(), strict=True) if keep), segments=(), segment=np.full(int(mask.sum()), -1))
