"""Would enough of those who use it be very disappointed without it, and do people stay: is there a market for the product?

share = answers "very disappointed" ÷ answers of people who used it recently; those who no longer use it are not in the base, and are counted.
Wilson's interval (1927), against the target (40%, Ellis 2009): reached where the whole interval is, missed where none of it is, else open.
p_fit = probability that the true share is at least the target, Beta(x + ½, n − x + ½). Segments: Wilson each, Holm's p of each against the rest,
shares drawn to the mean for the ranking (Efron & Morris 1975). Retention (a table day, retained, low, high, n): plateau = level of the last
points; it holds where its lower end passes the floor and the change over the last points holds 0, or rules out a loss of more than `tolerance` of
the level (`strict`; always so for a survival curve). projected = shifted beta-geometric as far again (Fader & Hardie 2007). response_rate = all who answered ÷ invited.
Shares are fractions of 1.

Do not use it before people have used the core function twice or so, and not with the question reworded. Below 40 answers it shows a direction at
most, from 100 on it can carry a decision (Ellis).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import disappointment, exact, intervals, plateau, proportions, shrinkage
from stageway.arithmetic.charts import draw
from stageway.arithmetic.disappointment import Answers, Group
from stageway.arithmetic.plateau import Curve
from stageway.arithmetic.strips import Strip, strips
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Lang, Reads, ResultTable, Words, amount, method, param, say, shown

ENOUGH, DIRECTION, DRAWS = 100, 40, 4000
YES, NO, OPEN = "yes", "no", "open"


@dataclass(frozen=True)
class MarketFitParams(ev.Params):
    target: float = param(0.40, low=0.01, high=0.99, help=Words("“非常失望”要占到多少（Ellis的40%是惯例）", "share of very disappointed that is wanted (40% is Ellis's convention)"), unit="%")
    floor: float = param(0.05, low=0.0, high=0.99, help=Words("留存平台至少要有多高", "least level of the retention plateau"), unit="%")
    points: int = param(3, low=2, high=12, help=Words("看留存曲线最后几个点", "points at the end of the retention curve"))
    tolerance: float = param(0.1, low=0.0, high=1.0, help=Words("这几个点之间可以再掉多少（占水平的比例）", "loss over these points that is still flat, as a share of the level"), unit="%")
    curve: str = param("activity", help=Words("留存曲线的种类", "kind of retention curve"), choices={
        "activity": Words("当天活跃的占比，可升可降", "share active on that day, may rise"), "survival": Words("还没流失的占比，只降不升", "share not yet lost, never rises")})
    flat: str = param("zero", help=Words("怎样算走平", "what counts as flat"), choices={
        "zero": Words("变化的区间含0", "the change holds 0"), "strict": Words("区间排除超过tolerance的下降", "a loss of more than tolerance is ruled out")})
    invited: int | None = param(None, low=1, help=Words("向多少人发了问卷", "people who were asked"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


@dataclass(frozen=True)
class Segment:
    """A group with its share drawn to the mean, p against the rest (Holm) and the chance of being the highest."""

    group: Group
    shrunk: float
    p: float
    first: float


@dataclass(frozen=True)
class Told:
    """What was read and computed, for every sentence, table and chart."""

    answers: Answers
    segments: tuple[Segment, ...]
    curve: Curve | None
    params: MarketFitParams
    found: dict[str, Estimate]
    to_day: float

    @property
    def survey(self) -> str:
        e = self.found["share"]
        return YES if (e.low or 0) >= self.params.target else NO if (e.high or 0) < self.params.target else OPEN

    @property
    def stays(self) -> str | None:
        """Whether people stay; None without a curve."""
        if "plateau" not in self.found:
            return None
        level, change = self.found["plateau"], self.found["change"]
        most = -self.params.tolerance * level.value
        strict = self.params.flat == "strict" or self.params.curve == "survival"
        flat = (change.low or 0) >= most if strict else (change.low or 0) <= 0 <= (change.high or 0)
        falls = (change.high or 0) < (most if strict else 0)
        if (level.high or 0) < self.params.floor or falls:
            return NO
        return YES if flat and (level.low or 0) > self.params.floor else OPEN

    @property
    def verdict(self) -> str:
        """fit, none, disagree, open."""
        both = {self.survey, self.stays or self.survey}
        return "fit" if both == {YES} else "none" if both == {NO} else "disagree" if both == {YES, NO} else OPEN


# ── arithmetic ────────────────────────────────────────────────────────────────────────────────────────────────────────


def chance_above(x: int, n: int, target: float) -> float:
    """P(share ≥ target) by Jeffreys' posterior."""
    from scipy.special import betainc

    return float(1 - betainc(x + 0.5, n - x + 0.5, target))


def _segments(answers: Answers, rng: np.random.Generator) -> tuple[Segment, ...]:
    groups, whole = answers.segments, answers.whole
    if not groups:
        return ()
    x, n = (np.array([getattr(g, name) for g in groups], dtype=np.float64) for name in ("very", "n"))
    shrunk, sds = shrinkage.towards_mean(x, n)
    first = shrinkage.chance_of_first(shrunk, sds, DRAWS, rng)
    some = 0 < x.sum() < n.sum()
    rest = [(int(x.sum() - g.very), int(n.sum() - g.n)) for g in groups]
    p = proportions.holm(np.array([exact.fisher(g.very, g.n, *other) if some and other[1] else np.nan for g, other in zip(groups, rest, strict=True)]))
    assert whole.n >= n.sum()
    made = [Segment(g, float(s), float(q), float(f)) for g, s, q, f in zip(groups, shrunk, p, first, strict=True)]
    return tuple(sorted(made, key=lambda s: (-s.shrunk, -s.group.n, s.group.name)))


def _curve(table: Frame, notes: list[ev.Warning]) -> Curve | None:
    """The curve by day. None, with a note, where fewer than three points can be used."""
    day, retained, n = (table[name] for name in ("day", "retained", "n"))
    low, high = (table[name] if name in table else np.full(len(table), np.nan) for name in ("low", "high"))
    use = np.flatnonzero(~np.isnan(day) & ~np.isnan(retained) & (n > 0))
    use = use[np.argsort(day[use], kind="stable")]
    if use.size < 3 or np.unique(day[use]).size < use.size:
        why = Words("有重复的天", "a day stands there twice") if use.size >= 3 else Words("可用的点不足3个", "fewer than 3 points can be used")
        notes.append(ev.Warning("curve_unusable", say(zh="留存曲线{why}，不判断平台", en="of the retention curve {why}: no plateau is judged", why=why)))
        return None
    ends = [intervals.wilson(p * k, k) if np.isnan(a) or np.isnan(b) else (float(a), float(b)) for p, k, a, b in zip(retained[use], n[use], low[use], high[use], strict=True)]
    return Curve(day[use], retained[use], np.array([min(e[0], p) for e, p in zip(ends, retained[use], strict=True)]),
                 np.array([max(e[1], p) for e, p in zip(ends, retained[use], strict=True)]), n[use])


def _estimates(answers: Answers, curve: Curve | None, params: MarketFitParams) -> tuple[list[Estimate], float]:
    whole, made = answers.whole, []

    def share(name: str, x: int, n: int, label: Words, key: str | None = None) -> None:
        made.append(Estimate(name, x / n, *intervals.wilson(x, n, params.level), key=key, unit="%", n=n, kind=Kind.SHARE, level=params.level, label=label))

    share("share", whole.very, whole.n, Words("会非常失望的占比", "Very disappointed without it"))
    share("somewhat", whole.somewhat, whole.n, Words("会有点失望的占比", "Somewhat disappointed"))
    share("not_disappointed", whole.unmoved, whole.n, Words("不会失望的占比", "Not disappointed"))
    for g in answers.segments:
        share("share", g.very, g.n, say(zh="会非常失望的占比，{g}", en="Very disappointed, {g}", g=g.name), g.name)
    label = say(zh="真实占比达到{t}的概率", en="Probability that the true share reaches {t}", t=amount(params.target, "%", 0))
    made.append(Estimate("p_fit", chance_above(whole.very, whole.n, params.target), unit="%", n=whole.n, kind=Kind.EXACT, label=label))
    if params.invited is not None and params.invited >= whole.n:
        share("response_rate", whole.n + answers.gone + answers.inactive, max(params.invited, whole.n + answers.gone + answers.inactive), Words("回收率", "Response rate"))
    if curve is None:
        return made, 0.0
    last, lasting = min(params.points, curve.size), params.curve == "survival"
    people = round(float(curve.n[-last:].min()))
    level = plateau.level(curve, last, lasting=lasting)
    made.append(Estimate("plateau", *level, unit="%", n=people, label=Words("留存曲线末端的水平", "Level at the end of the retention curve")))
    made.append(Estimate("change", *plateau.change(curve, last, lasting=lasting), unit="pp", n=people, label=say(zh="最后{k}个点的变化", en="Change over the last {k} points", k=last)))
    ahead = plateau.projected(curve, curve.size, params.level) if lasting else None
    if ahead is not None:
        label = say(zh="外推到第{d}天的留存", en="Retention projected to day {d}", d=f"{ahead[0]:g}")
        made.append(Estimate("projected", *ahead[1], unit="%", n=people, level=params.level, label=label))
    return made, ahead[0] if ahead else 0.0


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

VERDICTS = {"fit": Words("契合成立", "there is a fit"), "none": Words("还谈不上契合", "there is no fit yet"),
            "disagree": Words("问卷与留存相反，不能算契合", "survey and retention disagree: no fit can be claimed"),
            OPEN: Words("契合与否未定", "whether there is a fit is open")}


def _headline(told: Told) -> Words:
    e, target = told.found["share"], amount(told.params.target, "%", 0)
    where = {YES: Words("达到", "reaches"), NO: Words("不到", "misses"), OPEN: Words("是否达到未定，惯例线", "may or may not reach")}[told.survey]
    made = say(zh="会非常失望的占{e}（n={n}），{where}{t}", en="{e} would be very disappointed (n = {n}), which {where} {t}", e=shown(e), n=f"{e.n:,}", where=where, t=target)
    if told.stays is not None:
        stays = {YES: Words("走平", "levels off"), NO: Words("没有留住人", "does not hold people"), OPEN: Words("是否走平未定", "may or may not level off")}[told.stays]
        made += say(zh="；留存末端{p}，{stays}", en="; retention ends at {p} and {stays}", p=shown(told.found["plateau"]), stays=stays)
    return made + say(zh="：{v}", en=": {v}", v=VERDICTS[told.verdict])


def _says(told: Told) -> Words:
    g = told.answers.whole
    made = say(zh="近期用过的{n}人里，{v}人会非常失望、{s}人有点失望、{u}人无所谓。", en="Of {n} recent users {v} would be very disappointed, {s} somewhat, {u} not.",
               n=g.n, v=g.very, s=g.somewhat, u=g.unmoved)
    if told.stays is None:
        return made
    c = told.found["change"]
    return made + say(zh="留存最后{k}个点变化{c}。", en=" Over its last {k} points retention changes by {c}.", k=told.params.points, c=shown(c))


def _sure(told: Told) -> Words:
    p, target = told.found["p_fit"].value, amount(told.params.target, "%", 0)
    chance = amount(min(max(p, 0.001), 0.999), "%", 1)
    made = say(zh="真实占比达到{t}的概率约{p}", en="The true share reaches {t} with a probability of about {p}", t=target, p=chance)
    if told.stays is None:
        return made + Words("；没有留存数据，说的和做的还没对上。", "; without retention, what people say is not checked against what they do.")
    low, level = told.found["change"].low or 0.0, told.found["plateau"]
    loss = amount(max(0.0, -low), "pp", 1)
    way = {"fit": Words("问卷与留存同向", "survey and retention agree"), "none": Words("问卷与留存都不支持", "neither survey nor retention supports it"),
           "disagree": Words("问卷与留存相反", "survey and retention disagree"), OPEN: Words("至少一项未定", "at least one of the two is open")}[told.verdict]
    return made + say(zh="；{way}。曲线末端再掉{loss}也排除不了（水平{level}）。", en="; {way}. A further loss of {loss} at the end of the curve is not ruled out (level {level}).",
                      way=way, loss=loss, level=amount(level.value, "%"))


def _needed(told: Told) -> int:
    """Answers for an interval that leaves the target, at the present share."""
    x, target = told.found["share"].value, told.params.target
    gap = abs(x - target)
    return ev.rounded_up(intervals.z_of(told.params.level) ** 2 * target * (1 - target) / gap**2) if gap > 0.01 else 0


def _next(told: Told) -> Words:
    best = next((s for s in told.segments if s.p < 0.05 and s.shrunk > told.found["share"].value), None)
    g = told.answers.whole
    if told.verdict == "fit":
        return say(zh="可以放量：推广先说这{v}人最看重的那一点，逐条读他们的理由；每次大改后按原题再问。",
                   en="Growth can begin: lead with what these {v} value most, reading their reasons one by one; ask the same question again after each large change.", v=g.very)
    if best is not None and told.survey != YES:
        return say(zh="先只服务“{s}”：{k}/{n}人会非常失望，明显高于其余；定位和推广都收到这群人，再测整体。",
                   en="Serve “{s}” first: {k} of {n} would be very disappointed, clearly more than the rest; narrow positioning and promotion to them, then measure again.",
                   s=best.group.name, k=best.group.very, n=best.group.n)
    if told.verdict == "disagree":
        return Words("先查问的是谁：留下来的人说好、大多数人却走了，就改第一周的体验；人留着却无所谓，就查有没有替代品。",
                     "Find out who was asked: where those who stayed praise it while most leave, mend the first week; where people stay but would not mind, look for substitutes.")
    if told.survey == NO:
        return say(zh="不加推广费：追问{s}名有点失望的人还差什么，改掉最多人说的一条再测。",
                   en="Spend nothing more on promotion: ask the {s} who would be somewhat disappointed what is missing, mend the most frequent point, measure again.", s=g.somewhat)
    if told.survey == YES:
        return say(zh="问卷已过，等留存：再看{k}个周期，曲线末端稳住了再放量。",
                   en="The survey has passed, retention has to follow: watch {k} more periods and grow once the end of the curve holds.",
                   k=told.params.points)
    if (n := _needed(told)) > g.n:
        return say(zh="再问近期用过的人，按现在的占比约要{n}人才分得出过不过线；在那之前不放量。",
                   en="Ask more recent users: at the present share about {n} answers would tell which side of the line it is; do not grow before.", n=f"{n:,}")
    return say(zh="占比就在线上，再问也难分：改进有点失望的{s}人说的缺口，比多发问卷有用。",
               en="The share is on the line and more answers will hardly tell: mend what the {s} somewhat disappointed miss instead.", s=g.somewhat)


def _change(told: Told) -> Words:
    g, params = told.answers.whole, told.params
    k, side = 0, told.survey
    while side in (YES, NO) and 0 < g.very + (k if side == NO else -k) < g.n:
        k += 1
        low, high = intervals.wilson(g.very + (k if side == NO else -k), g.n, params.level)
        if (side == YES and low < params.target) or (side == NO and high >= params.target):
            break
    if side == OPEN or not k:
        made = say(zh="再来{n}人的回答就可能定下来", en="Another {n} answers may settle it", n=max(_needed(told) - g.n, 30))
    else:
        made = say(zh="有{k}人改口，问卷的结论就变成未定", en="If {k} people had answered otherwise, the survey would be open", k=k)
    return made + Words("；换了问法、只问付费或只问老用户，就不能与40%的惯例比。", "; reworded, or put to paying or long-time users only, it cannot be set against the convention of 40%.")


def _points(told: Told) -> tuple[Words, ...]:
    made = []
    for s in [s for s in told.segments if s.p < 0.05][:2]:
        more, top = s.group.very / s.group.n > told.found["share"].value, s is told.segments[0]
        first = say(zh="；排第一的概率{f}", en="; probability of ranking first {f}", f=amount(min(s.first, 0.99))) if top else Words("", "")
        made.append(say(zh="“{g}”会非常失望的占{e}，比其余人群{way}（{p}，Holm校正）{first}", en="“{g}”: {e} very disappointed, {way} than the others ({p}, Holm){first}",
                        g=s.group.name, e=shown(told.found[f"share[{s.group.name}]"]), way=Words("高", "more") if more else Words("低", "fewer"), p=ev.p_value(s.p), first=first))
    if told.segments and not made:
        made.append(say(zh="{k}个人群之间的差别不超出偶然", en="The {k} segments differ no more than chance", k=len(told.segments)))
    if "projected" in told.found:
        made.append(say(zh="照现在的流失规律，第{d}天还剩{e}", en="By the present pattern of loss {e} are left on day {d}", d=f"{told.to_day:g}", e=shown(told.found["projected"])))
    if told.params.invited is not None and told.params.invited > told.answers.whole.n:
        made.append(say(zh="发出{i}份；没回的人若都不会非常失望，占比只有{w}", en="{i} were asked; if none of those silent would be very disappointed, the share is {w}",
                        i=f"{told.params.invited:,}", w=amount(told.answers.whole.very / told.params.invited, "%")))
    return tuple(made)


def _warnings(told: Told) -> list[ev.Warning]:
    made: list[ev.Warning] = []
    a, g, invited = told.answers, told.answers.whole, told.params.invited

    def warn(holds: object, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            made.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    warn(g.n < 10, "small_n", "只有{n}人：逐条读，占比不作依据", "{n} answers: read them one by one, rest nothing on the share", n=g.n)
    warn(10 <= g.n < DIRECTION, "small_n", "{n}人不足40，连方向都看不准", "{n} answers, fewer than 40: not even the direction is safe", n=g.n)
    warn(DIRECTION <= g.n < ENOUGH, "below_100", "{n}人够看方向，不足100，还不能据此放量", "{n} answers show a direction; below 100 they cannot carry a decision", n=g.n)
    warn(not a.activity_kept, "activity_unknown", "没有标明近期是否用过，按都用过算；混进没怎么用的人，占比就会偏低",
         "nothing says who used it recently: all are taken to have; people who hardly used it lower the share")
    warn(told.stays is None, "survivors", "没有留存数据：答题的多是留下来的人，占比高不等于留得住（另有{k}人答已不再使用，未计入）",
         "no retention: those who answer are mostly those who stayed, and a high share need not mean that people stay ({k} said they no longer use it, not counted)", k=a.gone)
    warn(invited is None, "response_unknown", "不知道问了多少人，回答的可能是热心的；请填invited", "how many were asked is unknown: the keen may have answered; give invited")
    answered = g.n + a.gone + a.inactive
    warn(invited is not None and answered > invited, "invited_too_few", "回答{n}份多于发出的{i}份，请核对invited", "{n} answers to {i} questionnaires: check invited", n=answered, i=invited)
    warn(invited is not None and answered < 0.5 * invited, "low_response",
         "回收不到一半（{n}/{i}），愿答的人与不答的人可能不同",
         "less than half answered ({n} of {i}): they may differ from the silent", n=answered, i=invited)
    warn(g.very in (0, g.n), "no_variation", "{n}人的回答全在一边，请核对数据", "all {n} answers lie on one side: check the data", n=g.n)
    warn(a.activity_unknown, "activity_missing", "{k}人没有写近期是否用过，没有计入", "people of whom it is unknown whether they used it, not counted: {k}", k=a.activity_unknown)
    warn(a.blank, "incomplete", "{k}份没有答这道题，没有计入", "questionnaires without an answer, not counted: {k}", k=a.blank)
    warn(a.repeated, "repeated", "{k}份与同一人的另一份相同，只计一次", "answers that repeat another of the same person, counted once: {k}", k=a.repeated)
    few = [Words(f"“{s.name}”（{s.n}人）", f"“{s.name}” ({s.n})") for s in a.segments if s.n < 30]
    warn(few, "small_segments", "{list}不足30人，只列数字", "fewer than 30 people in {list}: numbers only", list=ev.joined(few))
    return made


# ── tables and charts ─────────────────────────────────────────────────────────────────────────────────────────────────


def _tables(told: Told) -> tuple[ResultTable, ...]:
    g = told.answers.whole
    answer, people, share = ColumnHead("answer", Words("回答", "Answer")), ColumnHead("count", Words("人数", "People"), decimals=0), ColumnHead("share", Words("占比", "Share"), "%", 1)
    names = (Words("非常失望", "very disappointed"), Words("有点失望", "somewhat disappointed"), Words("不失望", "not disappointed"))
    rows: list[tuple[Any, ...]] = [(name, k, k / g.n) for name, k in zip(names, (g.very, g.somewhat, g.unmoved), strict=True)]
    rows += [(Words("已不再使用（不计入）", "no longer use it (not counted)"), told.answers.gone, None), (Words("近期没用（不计入）", "not used recently (not counted)"), told.answers.inactive, None)]
    made = [ResultTable("answers", Words("如果不能再用这个产品", "If it could no longer be used"), (answer, people, share), tuple(rows))]
    if told.segments:
        heads = (ColumnHead("segment", Words("人群", "Segment")), people, ColumnHead("share", Words("非常失望及区间", "Very disappointed")),
                 ColumnHead("shrunk", Words("向均值收缩后", "Drawn to the mean"), "%", 1),
                 ColumnHead("p", Words("与其余比（Holm）", "p against the rest (Holm)"), decimals=3), ColumnHead("first", Words("排第一的概率", "Chance of first"), "%", 0))
        cells = tuple((s.group.name, s.group.n, shown(told.found[f"share[{s.group.name}]"]), s.shrunk, None if np.isnan(s.p) else s.p, s.first) for s in told.segments)
        made.append(ResultTable("segments", Words("各人群", "Segments"), heads, cells))
    return tuple(made)


def _charts(told: Told) -> tuple[ev.Chart, ...]:
    drawn = [(Words("全部", "all"), told.found["share"])] + [(Words.of(s.group.name), told.found[f"share[{s.group.name}]"]) for s in told.segments[:12]]
    rows = [Strip(say(zh="{g}（n={n}）", en="{g} (n = {n})", g=name, n=e.n), 100 * (e.low or 0), 100 * e.value, 100 * (e.high or 0), f"{100 * e.value:.1f}%") for name, e in drawn]
    alt = ev.joined([say(zh="{g}：{e}", en="{g}: {e}", g=name, e=shown(e)) for name, e in drawn], zh="；", en="; ")
    title = say(zh="会非常失望的占比，虚线为{t}", en="Very disappointed without it; dashed at {t}", t=amount(told.params.target, "%", 0))
    made = (strips("share", title, alt, rows, Words("非常失望（%）", "very disappointed (%)"), line=100 * told.params.target),)
    return made if told.curve is None else (*made, _retention(told.curve, told))


def _retention(curve: Curve, told: Told) -> ev.Chart:
    rows = [{"day": float(d), "retained": 100 * float(r), "low": 100 * float(a), "high": 100 * float(b)} for d, r, a, b in zip(curve.day, curve.retained, curve.low, curve.high, strict=True)]
    level = told.found["plateau"]

    def build(lang: Lang) -> Any:
        import altair as alt

        x, base = alt.X("day:Q", title=Words("天", "day")[lang]), alt.Chart(alt.InlineData(values=rows))
        y = alt.Y("retained:Q", title=Words("留存（%）", "retained (%)")[lang], scale=alt.Scale(zero=True))
        floor = alt.Chart(alt.InlineData(values=[{"y": 100 * told.params.floor}])).mark_rule(style="threshold", strokeDash=[4, 3]).encode(y=alt.Y("y:Q"))
        band = base.mark_area(style="interval-band", opacity=0.25).encode(x=x, y=alt.Y("low:Q", title=Words("留存（%）", "retained (%)")[lang]), y2=alt.Y2("high:Q"))
        end = alt.Chart(alt.InlineData(values=[{**rows[-1], "text": f"{100 * level.value:.1f}%"}])).mark_text(style="direct-label", align="right", dy=-14).encode(x=x, y=y, text=alt.Text("text:N"))
        return alt.layer(band, base.mark_line().encode(x=x, y=y), base.mark_point(filled=True, size=30).encode(x=x, y=y), floor, end)

    alt_text = say(zh="留存曲线，末端{e}；虚线为{f}", en="retention curve, ending at {e}; dashed at {f}", e=shown(level), f=amount(told.params.floor, "%", 0))
    return draw("retention", Words("留存曲线与区间，虚线为最低要求", "Retention with interval; dashed at the least wanted"), alt_text, build)


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Two hundred made-up answers of two segments, and a curve that levels off."""
    texts = np.array(["Very disappointed", "Somewhat disappointed", "Not disappointed", "N/A - I no longer use it"], dtype=object)
    people = [{"respondent": f"r{i}", "answer": texts[int(rng.choice(4, p=[0.58, 0.24, 0.12, 0.06] if i % 2 else [0.3, 0.36, 0.28, 0.06]))],
               "active": bool(i % 15), "segment": "commuters" if i % 2 else "students"} for i in range(220)]
    days, n = [0, 1, 3, 7, 14, 30, 45, 60], 2400
    curve = [{"day": d, "retained": 1.0 if not d else round(float(rng.binomial(n, 0.18 + 0.5 * np.exp(-d / 4))) / n, 4), "n": n} for d in days]
    ends = [intervals.wilson(float(c["retained"]) * n, n) for c in curve]
    return {"answers": Frame.of(people, "survey.csv"), "retention": Frame.of([{**c, "low": a, "high": b} for c, (a, b) in zip(curve, ends, strict=True)], "finding:retention.curve")}


@method(
    title=Words("产品与市场契合", "Product–market fit"),
    question=Words("近期用过的人里，多少会因为不能再用而非常失望，人又留不留得住？", "How many recent users would be very disappointed without it, and do people stay?"),
    reads_as=Words("整个区间都不低于40%才算达到；再看留存末端走没走平，两者同向才作数", "The whole interval must be at 40% or above; then see whether retention levels off; both must agree"),
    limit=Words("40%是惯例不是定律；只问到留下来又愿意回答的人", "40% is a convention, no law; only those who stayed and care to answer are heard"),
    formula="very disappointed / recent users (Ellis 2009), Wilson 1927; segments: Holm 1979, Efron & Morris 1975; plateau of retention; projection: Fader & Hardie 2007",
    reads=(
        Reads("answers", Words("问卷，一人一行", "the survey, one row a person"), (
            Column("respondent", "id", Words("受访者", "the person"), required=False),
            Column("answer", "any", Words("如果不能再用，会：非常失望、有点失望、不失望、已不再使用", "without it: very, somewhat, not disappointed, no longer use it")),
            Column("active", "flag", Words("近期用过核心功能", "has used the core function recently"), required=False),
            Column("segment", "category", Words("人群", "segment"), required=False))),
        Reads("retention", Words("留存曲线（finding:retention.curve）", "the retention curve (finding:retention.curve)"), (
            Column("day", "number", Words("天", "day"), low=0), Column("retained", "number", Words("留存，0～1", "share retained, 0 to 1"), low=0, high=1),
            Column("n", "number", Words("到那天可观察的人数", "people at risk"), low=0),
            Column("low", "number", Words("区间低端", "lower end"), required=False), Column("high", "number", Words("区间高端", "upper end"), required=False)), required=False),
    ),
    gives=("share", "share[]", "somewhat", "not_disappointed", "p_fit", "response_rate", "plateau", "change", "projected"),
    params=MarketFitParams,
    example=example,
)
def market_fit(answers: Frame, retention: Frame | None, *, params: MarketFitParams, rng: np.random.Generator) -> Finding:
    read, notes = disappointment.read(answers), list[ev.Warning]()
    curve = _curve(retention, notes) if retention is not None else None
    estimates, to_day = _estimates(read, curve, params)
    told = Told(read, _segments(read, rng), curve, params, {e.full_name: e for e in estimates}, to_day)
    return Finding(_headline(told), ev.Meaning(_says(told), _sure(told), _next(told), _change(told)), tuple(estimates), _points(told), _tables(told), _charts(told),
                   (*_warnings(told), *notes))
