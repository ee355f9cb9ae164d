"""How many more people would recommend the product than would warn against it, and has that changed?

One question: how likely are you to recommend it to a friend or colleague, 0 to 10. 9 and 10 are promoters, 0 to 6 detractors.

    NPS = 100 × (p − d)        p, d: shares of promoters and detractors        −100 to 100, no unit; a difference of two NPS likewise
    variance of p − d = [p + d − (p − d)²] / n
    interval: Wald for n ≥ 100; below, Wald after ¾ promoters, 3/2 passives and ¾ detractors are added (n + 3), clipped to [−100, 100]
    difference of two groups: the same on both sides (adjusted where either is below 100); pairs of segments by Holm

The point is never adjusted, only its interval. Where all give one class the adjusted interval is taken at any n.
Sources: Reichheld (2003), Harvard Business Review 81(12), 46-54; Bonett & Price (2012), J. Educ. Behav. Stat. 37, 479-488; Rocks
(2016), The American Statistician 70, 365-372 (the counts that are added, coverage).
Not for finding out why people would not recommend it, nor for comparing with figures of other firms that asked otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from stageway import evidence as ev
from stageway.arithmetic import intervals, proportions, respondents, scales
from stageway.arithmetic.strips import Strip, strips
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown

Array = NDArray[np.float64]
EXPECTED = Words("0～10的整数，或以它开头的选项，如“10 - 非常愿意”", "a whole number from 0 to 10, or an option that begins with one, such as 10 - Extremely likely")
#: Rocks (2016): promoters and detractors that the adjusted interval adds, and all answers that it adds.
ADDED, ADDED_IN_ALL = 0.75, 3.0
CLASSES = (("promoters", Words("推荐者（9～10分）", "promoters (9–10)")), ("passives", Words("中立者（7～8分）", "passives (7–8)")),
           ("detractors", Words("贬损者（0～6分）", "detractors (0–6)")))


@dataclass(frozen=True)
class NpsParams(Params):
    interval: str = param("auto", help=Words("区间的算法", "interval"), choices={
        "auto": Words("n不少于100用Wald，否则用校正Wald（Rocks 2016）", "Wald from n = 100 on, else adjusted Wald (Rocks 2016)"),
        "wald": Words("Wald", "Wald"),
        "adjusted": Words("校正Wald：加3/4、3/2、3/4个回答", "adjusted Wald: 3/4, 3/2, 3/4 answers are added"),
    })
    wave: str = param("", help=Words("要报告的轮次；空则取排在最后的", "wave to report; empty takes the last in order"))
    same_people: bool = param(False, help=Words("两轮由同一批人回答，按受访者编号配对", "the same people answered both waves: pair by respondent"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


# ── arithmetic: shares as fractions of 1 ──────────────────────────────────────────────────────────────────────────────


def net(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    """(p − d, its standard error) from counts."""
    p, d = promoters / n, detractors / n
    return p - d, math.sqrt(max(p + d - (p - d) ** 2, 0.0) / n)


def adjusted(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    """As `net`, after Rocks's answers are added."""
    return net(promoters + ADDED, detractors + ADDED, n + ADDED_IN_ALL)


def needed(promoters: float, detractors: float, n: float, half: float, level: float) -> int:
    """People for an interval of ± `half` at the present shares."""
    return ev.rounded_up((intervals.z_of(level) * adjusted(promoters, detractors, n)[1] / half) ** 2 * (n + ADDED_IN_ALL))


# ── groups ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Group:
    """The answers of one wave or segment, sorted; `people` in the same order."""

    name: Words
    scores: Array
    people: tuple[str | None, ...] = ()
    blank: int = 0
    repeated: int = 0

    @property
    def n(self) -> int:
        return int(self.scores.size)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Promoters, passives, detractors."""
        up, down = int((self.scores >= 9).sum()), int((self.scores <= 6).sum())
        return up, self.n - up - down, down

    @property
    def marks(self) -> Array:
        return np.where(self.scores >= 9, 1.0, np.where(self.scores <= 6, -1.0, 0.0))

    def plain(self, params: NpsParams) -> bool:
        """Whether the interval is Wald's."""
        return max(self.counts) < self.n and (params.interval == "wald" or (params.interval == "auto" and self.n >= 100))

    def moments(self, plain: bool) -> tuple[float, float]:
        up, _, down = self.counts
        return net(up, down, self.n) if plain else adjusted(up, down, self.n)


def _estimate(group: Group, params: NpsParams, key: str | None = None) -> Estimate:
    up, _, down = group.counts
    value = 100 * (up - down) / group.n
    centre, error = group.moments(group.plain(params))
    half = intervals.z_of(params.level) * error
    low, high = 100 * max(-1.0, centre - half), 100 * min(1.0, centre + half)
    label = Words("NPS", "NPS") if key is None else say(zh="{g}的NPS", en="NPS of {g}", g=group.name)
    return Estimate("nps", value, min(low, value), max(high, value), key=key, n=group.n, level=params.level, label=label)


@dataclass(frozen=True)
class Difference:
    """NPS of one group less that of another."""

    now: Group
    before: Group
    estimate: Estimate
    p: float
    paired: int = 0


def _compare(now: Group, before: Group, params: NpsParams) -> Difference | None:
    """None where a side has nobody, or fewer than two pairs that differ."""
    label = say(zh="NPS之差（{a}减{b}）", en="difference in NPS, {a} less {b}", a=now.name, b=before.name)
    if params.same_people:
        mine, theirs = (dict(zip(g.people, g.marks.tolist(), strict=True)) for g in (now, before))
        pairs = np.sort(np.array([mine[who] - theirs[who] for who in mine if who is not None and who in theirs]))
        if pairs.size < 2 or np.ptp(pairs) == 0:
            return None
        mean, low, high, sd, n = intervals.mean_t(100 * pairs, params.level)
        made = Estimate("difference", mean, low, high, n=n, level=params.level, label=label)
        return Difference(now, before, made, intervals.t_tail(mean / (sd / n**0.5), n - 1), n)
    plain = now.plain(params) and before.plain(params)
    (a, error_a), (b, error_b) = now.moments(plain), before.moments(plain)
    error, value = math.hypot(error_a, error_b), now.moments(True)[0] - before.moments(True)[0]
    half = intervals.z_of(params.level) * error
    low, high = max(-2.0, a - b - half), min(2.0, a - b + half)
    made = Estimate("difference", 100 * value, 100 * min(low, value), 100 * max(high, value), n=now.n + before.n, level=params.level, label=label)
    return Difference(now, before, made, proportions.p_of_z((a - b) / error))


def _read(frame: Frame, whole: Words) -> tuple[list[Group], list[list[Group]]]:
    """The waves in natural order and the segments of each; one wave called `whole` where the table has no column wave."""
    scores = scales.coded(frame, "score", {}, range(11), EXPECTED)
    answered = ~np.isnan(scores)
    if not answered.any():
        raise ev.DataError("no_answers", Words("没有一条回答有分数", "no answer has a score"), where=ev.Where(file=frame.source or None))
    waves, people, segments = (frame[c].tolist() if c in frame else [None] * len(frame) for c in ("wave", "respondent", "segment"))
    keep = respondents.once(frame, answered, list(zip(people, waves, strict=True)), scores.tolist())

    def group(rows: list[int], name: Words, blank: int = 0, repeated: int = 0) -> Group:
        order = sorted(rows, key=lambda i: (scores[i], str(people[i])))
        return Group(name, scores[order], tuple(people[i] for i in order), blank, repeated)

    made, parts = [], []
    for wave in sorted({w for w, kept in zip(waves, keep.tolist(), strict=True) if kept}, key=lambda w: scales.natural(w or "")):
        of = np.array([w == wave for w in waves])
        rows = np.flatnonzero(of & keep).tolist()
        made.append(group(rows, Words.of(wave) if wave else whole, int((of & ~answered).sum()), int((of & answered & ~keep).sum())))
        names = sorted({name for i in rows if (name := segments[i]) is not None}, key=scales.natural)
        parts.append([group([i for i in rows if segments[i] == name], Words.of(name)) for name in names])
    return made, parts


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _side(e: Estimate) -> int:
    """1 where the whole interval is above 0, −1 where all of it is below, else 0."""
    return 1 if (e.low or 0.0) > 0 else -1 if (e.high or 0.0) < 0 else 0


def _higher(difference: Difference) -> tuple[Words, Words]:
    """The direction of a difference, and its size as a positive number."""
    e = difference.estimate
    turned = e if e.value >= 0 else replace(e, value=-e.value, low=-(e.high or 0.0), high=0.0 - (e.low or 0.0))
    return (Words("高", "higher") if e.value >= 0 else Words("低", "lower")), shown(turned, 1)


def _headline(now: Group, e: Estimate, difference: Difference | None) -> Words:
    up, _, down = (ev.amount(c / now.n, "%", 1) for c in now.counts)
    made = say(zh="NPS为{nps}（{n}）：推荐者{up}，贬损者{down}", en="NPS is {nps} ({n}): {up} promoters, {down} detractors",
               nps=shown(e, 1), n=Words(ev.with_n(now.n, "zh"), ev.with_n(now.n, "en")), up=up, down=down)
    if difference is None:
        return made
    before, p = difference.before.name, ev.p_value(difference.p)
    if not _side(difference.estimate):
        return made + say(zh="；与{before}之差{d}不能排除是偶然，{p}", en="; its difference from {before}, {d}, may be chance, {p}",
                          before=before, d=shown(difference.estimate, 1), p=p)
    way, size = _higher(difference)
    return made + say(zh="；比{before}{way}{size}，{p}", en="; {way} than {before} by {size}, {p}", before=before, way=way, size=size, p=p)


def _flip(now: Group, params: NpsParams) -> int | None:
    """How many answers would have to move by one class for the interval to reach 0; None where it already holds it."""
    side = _side(_estimate(now, params))
    if not side:
        return None
    scores, k = np.sort(now.scores)[::side].copy(), 0
    while _side(_estimate(replace(now, scores=scores), params)) == side:
        scores[now.n - 1 - k] = 8.0
        k += 1
    return k


def _meaning(now: Group, e: Estimate, difference: Difference | None, pairs: list[Difference], params: NpsParams) -> ev.Meaning:
    up, middle, down = now.counts
    more, side = ev.amount(abs(e.value), "", 0), _side(e)
    way = Words("多", "more") if e.value >= 0 else Words("少", "fewer")
    says = say(zh="推荐者{up}人、中立者{middle}人、贬损者{down}人：每100人里推荐者比贬损者{way}{more}人。",
               en="{up} promoters, {middle} passives, {down} detractors: of every 100 people, {more} {way} would recommend it than warn against it.",
               up=up, middle=middle, down=down, way=way, more=more)
    found = {1: Words("推荐者多于贬损者，不是偶然", "That promoters outnumber detractors is not chance"),
             -1: Words("贬损者多于推荐者，不是偶然", "That detractors outnumber promoters is not chance"),
             0: Words("区间跨0，哪一边多还分不清", "The interval holds 0: which side is larger is open")}[side]
    sure = found + say(zh="；区间半宽{half}，要缩到±5约需{n}人。", en="; the interval is ±{half}, and ±5 takes about {n} people.",
                       half=ev.amount(((e.high or 0.0) - (e.low or 0.0)) / 2, "", 1), n=f"{needed(up, down, now.n, 0.05, params.level):,}")
    worst = next((d for d in pairs if d.p < 0.05), None)
    return ev.Meaning(says, sure, _next(now, side, worst), _change(now, difference, params))


def _next(now: Group, side: int, worst: Difference | None) -> Words:
    _, middle, down = now.counts
    if now.n < 10:
        return say(zh="人太少，不作比较：把这{n}人给分的理由逐条读完，再问至少30人。",
                   en="Too few to compare: read the reasons of these {n} one by one, then ask at least 30.", n=now.n)
    if worst is not None:
        low = worst.before if worst.estimate.value > 0 else worst.now
        return say(zh="先弄清“{g}”为什么低（其中{k}/{n}是贬损者）：读他们的理由，把说得最多的一条列为需求。",
                   en="Find out first why “{g}” is low ({k} of {n} are detractors): read their reasons and make the most frequent one a need.",
                   g=low.name, k=low.counts[2], n=low.n)
    if side > 0:
        return say(zh="差一步就会推荐的是{m}名中立者：问他们还缺什么；推荐者说的好处可作定位的依据。",
                   en="The {m} passives are one step from recommending it: ask what is missing; what promoters praise can carry the positioning.", m=middle)
    return say(zh="先追问{d}名贬损者的理由，改掉说得最多的一条再测；在那之前不做老带新。",
               en="Ask the {d} detractors for their reasons, mend the most frequent one and measure again; start no referral campaign before that.", d=down)


def _change(now: Group, difference: Difference | None, params: NpsParams) -> Words:
    k = _flip(now, params)
    made = Words("再来一批回答就可能把点估计推到0的另一边", "A further batch of answers may move the value to the other side of 0") if k is None else say(
        zh="若有{k}名{who}改给8分，区间就会碰到0", en="If {k} {who} had given an 8, the interval would reach 0", k=k,
        who=Words("推荐者", "promoters") if now.moments(True)[0] > 0 else Words("贬损者", "detractors"))
    if difference is not None and not difference.paired:
        return made + Words("；两轮若换了发问的时机或渠道，差值就不能算是产品变了。",
                            "; if the waves were asked at another time or through another channel, the difference need not be the product's.")
    return made + Words("；换了发问的时机、渠道或人群，要重新测，不能与这次比。",
                        "; with another moment, channel or group of people it has to be measured anew and cannot be compared.")


def _points(difference: Difference | None, pairs: list[Difference], e: Estimate) -> list[Words]:
    points = []
    if difference is not None:
        how = say(zh="，{k}人配对", en=", {k} people paired", k=difference.paired) if difference.paired else Words("", "")
        before = 100 * difference.before.moments(True)[0]
        points.append(say(
            zh="NPS由{a}（n={x}）变为{b}（n={y}），相差{d}，{p}{how}。", en="NPS went from {a} (n = {x}) to {b} (n = {y}), a difference of {d}, {p}{how}.",
            a=ev.amount(before, "", 1), x=difference.before.n, b=ev.amount(e.value, "", 1), y=difference.now.n, d=shown(difference.estimate, 1),
            p=ev.p_value(difference.p), how=how))
    for d in [d for d in pairs if d.p < 0.05][:2]:
        way, size = _higher(d)
        points.append(say(zh="“{a}”的NPS比“{b}”{way}{size}，{p}（Holm校正）。", en="NPS of “{a}” is {way} than that of “{b}” by {size}, {p} (Holm).",
                          a=d.now.name, b=d.before.name, way=way, size=size, p=ev.p_value(d.p)))
    return points


def _warnings(now: Group, before: Group | None, difference: Difference | None, segments: list[Group], params: NpsParams) -> list[ev.Warning]:
    out: list[ev.Warning] = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    if now.n < 10:
        warn("small_n", "只有{n}人回答：可以列出分数，NPS不作依据。", "Answers: {n}. List the scores, but rest nothing on the NPS.", n=now.n)
    elif now.n < 30:
        warn("small_n", "{n}人回答，不足30人：区间很宽，只看得出悬殊的差别。",
             "{n} answers, fewer than 30: the interval is wide and only huge differences show.", n=now.n)
    if max(now.counts) == now.n:
        warn("no_variation", "{n}人都属同一类：区间只由校正给出，请核对数据。",
             "All {n} fall into one class: the interval comes from the adjustment alone; check the data.", n=now.n)
    if now.n >= 10 and now.scores.max() <= 7:
        warn("scale_short", "最高分是{top}，没有人给8分以上：题目可能不是0～10分，核对之前不要用这个NPS。",
             "The highest score is {top}, and nobody gave 8 or more: the scale may not be 0 to 10; check before using this NPS.", top=f"{now.scores.max():g}")
    if now.blank:
        warn("incomplete", "{k}条回答没有分数，没有计入。", "{k} answers have no score and are not counted.", k=now.blank)
    if now.repeated:
        warn("repeated", "{k}条回答与同一人的另一条相同，只计一次。", "{k} answers repeat another of the same person and are counted once.", k=now.repeated)
    if few := [g for g in segments if g.n < 30]:
        warn("small_segments", "{list}不足30人，只列数字，不下结论。", "Fewer than 30 people in {list}: list the numbers, conclude nothing.",
             list=joined([say(zh="“{g}”（{n}人）", en="“{g}” ({n})", g=g.name, n=g.n) for g in few]))
    if before is not None:
        known = {who for who in now.people if who is not None}
        if params.same_people and difference is None:
            warn("no_pairs", "两轮能按编号配对的不足2人，或配对后毫无差别，不能比较。",
                 "Fewer than 2 people can be paired by id, or no pair differs: the waves cannot be compared.")
        if not params.same_people and known and known == set(before.people):
            warn("same_ids", "两轮的受访者编号完全相同，按不同的人比较；若是同一批人，请设same_people。",
                 "Both waves have the same respondent ids and are compared as different people; if they are the same, set same_people.")
    return out


# ── tables and chart ──────────────────────────────────────────────────────────────────────────────────────────────────


def _groups(rows: list[Group], params: NpsParams, name: str, title: Words) -> ResultTable:
    heads = (ColumnHead("group", Words("人群", "Group")), ColumnHead("n", Words("人数", "n"), decimals=0),
             *(ColumnHead(c, label, "%", 1) for c, label in CLASSES), ColumnHead("nps", Words("NPS及区间", "NPS with interval")))
    cells = tuple((g.name, g.n, *(c / g.n for c in g.counts), shown(_estimate(g, params), 1)) for g in rows)
    return ResultTable(name, title, heads, cells)


def _pairs(pairs: list[Difference]) -> ResultTable:
    heads = (ColumnHead("first", Words("人群", "Group")), ColumnHead("second", Words("对照", "Against")),
             ColumnHead("difference", Words("NPS之差", "Difference in NPS")), ColumnHead("p", Words("p（Holm校正）", "p (Holm)"), decimals=3))
    return ResultTable("pairs", Words("人群两两比较", "Segments compared"), heads, tuple((d.now.name, d.before.name, shown(d.estimate, 1), d.p) for d in pairs))


def _scores(now: Group) -> ResultTable:
    heads = (ColumnHead("score", Words("分数", "Score"), decimals=0), ColumnHead("count", Words("人数", "People"), decimals=0),
             ColumnHead("share", Words("占比", "Share"), "%", 1))
    times = [int((now.scores == s).sum()) for s in range(11)]
    return ResultTable("scores", Words("各分数的人数", "People by score"), heads, tuple((s, times[s], times[s] / now.n) for s in range(11)))


def _chart(groups: list[tuple[Group, Estimate]]) -> ev.Chart:
    rows = [Strip(say(zh="{g}（n={n}）", en="{g} (n = {n})", g=g.name, n=g.n), e.low or 0.0, e.value, e.high or 0.0, f"{e.value:.1f}".replace("-", "−"))
            for g, e in groups]
    alt = joined([say(zh="{g}：{e}", en="{g}: {e}", g=g.name, e=shown(e, 1)) for g, e in groups], zh="；", en="; ")
    title = Words("NPS与区间，虚线为0", "NPS with intervals; dashed at 0")
    return strips("nps", title, alt, rows, Words("NPS（−100～100）", "NPS (−100 to 100)"), line=0.0)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """120 answers now, of two segments, and 110 of the wave before; the commuters like the product better."""
    def made(n: int, shift: float, mark: str) -> Frame:
        segment = ["commuters" if i % 2 else "students" for i in range(n)]
        liking = rng.normal(7.6 + shift, 2.0, n) + np.where(np.arange(n) % 2 == 1, 0.9, -0.6)
        return Frame({"respondent": [f"{mark}{i + 1}" for i in range(n)], "score": np.clip(np.round(liking), 0, 10).astype(int), "segment": segment}, "example")  # type: ignore[dict-item]

    return {"answers": made(120, 0.4, "b"), "against": made(110, -0.3, "a")}


_COLUMNS = (
    Column("respondent", "id", Words("受访者", "the person"), required=False),
    Column("score", "any", Words("推荐意愿，0～10", "likelihood to recommend, 0 to 10")),
    Column("wave", "category", Words("轮次", "wave"), required=False),
    Column("segment", "category", Words("人群", "segment"), required=False),
)


@method(
    title=Words("NPS", "NPS"),
    question=Words("愿意推荐的人比不愿推荐的多多少，比上一轮有变化吗？", "How many more would recommend it than would not, and has that changed?"),
    reads_as=Words("−100～100，是推荐者与贬损者占比之差，不是百分数；先看区间含不含0，再看与上一轮之差含不含0。",
                   "−100 to 100, the share of promoters less that of detractors; see whether the interval holds 0, then whether the difference does."),
    limit=Words("只说愿不愿推荐，说不出原因；发问的时机、渠道不同，数字就不能比，100人时误差约±16。",
                "It tells whether people would recommend it, not why; figures asked otherwise cannot be compared, and with 100 people it is good to ±16."),
    formula="100 * (share of 9-10 - share of 0-6) (Reichheld 2003); Wald from n = 100, else adjusted Wald (Bonett & Price 2012, Rocks 2016); Holm",
    reads=(Reads("answers", Words("推荐意愿，一人一行", "likelihood to recommend, one row a person"), _COLUMNS),
           Reads("against", Words("上一轮的回答", "the answers of the wave before"), _COLUMNS, required=False, baseline=True)),
    gives=("nps", "promoters", "passives", "detractors", "difference", "nps[]"),
    params=NpsParams,
    example=example,
)
def nps(answers: Frame, against: Frame | None, *, params: NpsParams, rng: np.random.Generator) -> Finding:
    waves, parts = _read(answers, Words("本轮", "this wave"))
    if params.wave and params.wave not in (known := [w.name.zh for w in waves]):
        what = say(zh="数据里没有轮次“{w}”", en="the data have no wave “{w}”", w=params.wave)
        raise ev.ParamError("wave_unknown", what, todo=ev.did_you_mean(params.wave, known))
    at = next((i for i, w in enumerate(waves) if w.name.zh == params.wave), len(waves) - 1)
    now, segments = waves[at], parts[at] if len(parts[at]) > 1 else []
    earlier = _read(against, Words("上一轮", "the wave before"))[0][-1:] if against is not None else waves[:at]
    before = earlier[-1] if earlier else None
    difference = _compare(now, before, params) if before is not None else None
    compared = [d for a, b in combinations(segments, 2) if (d := _compare(a, b, replace(params, same_people=False)))]
    corrected = proportions.holm(np.array([d.p for d in compared]))
    pairs = sorted((replace(d, p=float(p)) for d, p in zip(compared, corrected, strict=True)), key=lambda d: (d.p, d.now.name.zh, d.before.name.zh))
    e, keyed = _estimate(now, params), [_estimate(g, params, g.name.zh) for g in segments]
    shares = [Estimate(name, count / now.n, *intervals.wilson(count, now.n, params.level), unit="%", n=now.n, kind=Kind.SHARE, level=params.level, label=label)
              for (name, label), count in zip(CLASSES, now.counts, strict=True)]
    tables = [_groups([*earlier, now], params, "waves", Words("各轮的NPS", "NPS by wave")), _scores(now)]
    if segments:
        tables[1:1] = [_groups(segments, params, "segments", Words("各人群的NPS", "NPS by segment")), _pairs(pairs)]
    drawn = [(g, _estimate(g, params)) for g in (*earlier, now)] + list(zip(segments, keyed, strict=True))
    return Finding(
        headline=_headline(now, e, difference), meaning=_meaning(now, e, difference, pairs, params),
        estimates=(e, *shares, *([difference.estimate] if difference else []), *keyed), points=tuple(_points(difference, pairs, e)),
        tables=tuple(tables), charts=(_chart(drawn),), warnings=tuple(_warnings(now, before, difference, segments, params)),
    )
