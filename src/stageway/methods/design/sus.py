"""How usable do people find the product, on the System Usability Scale, and is this version better than the one before?

Ten statements, answered 1 (strongly disagree) to 5 (strongly agree); odd ones praise, even ones complain.

    score of a person = 2.5 × [Σ(odd answers − 1) + Σ(5 − even answers)]        0 to 100, in steps of 2.5; it is not a percentage
    interval of the mean: t; expanded BCa bootstrap (Hesterberg 2015) below `small` people        difference of two versions: Welch

`share_above_68` is the share of people whose own score exceeds 68, the mean of 446 studies. The grade follows the curved scale: it
ranks the mean among studies (C is the middle fifth). Item means stand beside what they should be for a SUS of 68.
Sources: Brooke (1996), in Usability Evaluation in Industry, 189-194; Bangor, Kortum & Miller (2008), IJHCI 24, 574-594; Sauro & Lewis
(2016), Quantifying the User Experience, 2nd ed., ch. 8 (grades); Lewis & Sauro (2018), J. Usability Studies 13(3), 158-167 (items).
Not for finding out what is wrong (watch people at tasks), nor before they have used the product. In Chinese use a translation that
was validated; item texts of one's own cannot be compared with 68.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import bootstrap, intervals, proportions, reliability, scales, sus_scale
from stageway.arithmetic.charts import draw
from stageway.arithmetic.sus_scale import EXPECTED, ITEMS, MEAN_OF_STUDIES, TARGETS, TOPICS, grade
from stageway.evidence import (
    Column,
    ColumnHead,
    Estimate,
    Finding,
    Frame,
    Kind,
    Params,
    Reads,
    ResultTable,
    Words,
    joined,
    method,
    param,
    say,
    shown,
)


@dataclass(frozen=True)
class SusParams(Params):
    interval: str = param("auto", help=Words("均值区间的算法", "interval of the mean"), choices={
        "auto": Words("人数少于small用BCa，否则用t区间", "BCa below `small` people, else t"),
        "t": Words("t区间", "t interval"),
        "bca": Words("BCa自助法", "BCa bootstrap"),
    })
    small: int = param(15, low=2, high=100, help=Words("少于这么多人时auto用BCa", "below this many people auto takes BCa"))
    missing: str = param("drop", help=Words("漏答的题", "items left blank"), choices={
        "drop": Words("整份不计", "leave the questionnaire out"),
        "centre": Words("按3计（Brooke 1996）", "count as 3 (Brooke 1996)"),
    })
    version: str = param("", help=Words("要报告的版本；空则取排在最后的", "version to report; empty takes the last in order"))
    same_people: bool = param(False, help=Words("两版由同一批人填写，按受访者编号配对", "the same people filled in both versions: pair by respondent"))
    draws: int = param(4000, low=200, high=100_000, help=Words("自助法次数", "bootstrap draws"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


@dataclass(frozen=True)
class Version:
    """The complete questionnaires of one version, in the order of their answers; `score` is its estimate, if there is one."""

    name: Words
    people: tuple[str | None, ...]
    items: sus_scale.Array
    blank: int
    score: Estimate | None = None

    @property
    def scores(self) -> sus_scale.Array:
        return sus_scale.scores(self.items)

    @property
    def n(self) -> int:
        return len(self.items)


def _read(frame: Frame, params: SusParams, rng: np.random.Generator, whole: Words) -> list[Version]:
    """The versions in natural order; one, called `whole`, where the table has no column version or wave."""
    items = np.column_stack([scales.coded(frame, name, scales.AGREEMENT, range(1, 6), EXPECTED) for name in ITEMS])
    column = next((name for name in ("version", "wave") if name in frame), None)
    names = frame[column].tolist() if column else [None] * len(frame)
    full = ~(np.isnan(items).any(axis=1) if params.missing == "drop" else np.isnan(items).all(axis=1))
    if not full.any():
        what = Words("没有一份答卷答全了十道题", "no questionnaire has all ten items answered")
        raise ev.DataError("no_answers", what, where=ev.Where(file=frame.source or None))
    if params.missing == "centre":
        items = np.where(np.isnan(items), 3.0, items)
    out = []
    for name in sorted({n for n, kept in zip(names, np.asarray(full).tolist(), strict=True) if kept}, key=lambda n: scales.natural(n or "")):
        of = np.array([n == name for n in names])
        order = sorted(np.flatnonzero(of & full).tolist(), key=lambda i: (items[i].tolist(), str(frame["respondent"][i]) if "respondent" in frame else ""))
        people = tuple(frame["respondent"][i] if "respondent" in frame else None for i in order)
        made = Version(Words.of(name) if name else whole, people, items[order], int((of & ~full).sum()))
        out.append(replace(made, score=_score(made, params, rng)))
    return out


def _score(version: Version, params: SusParams, rng: np.random.Generator) -> Estimate | None:
    scores = version.scores
    if scores.size < 2 or np.ptp(scores) == 0:
        return None
    mean, low, high, _, n = intervals.mean_t(scores, params.level)
    kind = Kind.MEAN
    if params.interval == "bca" or (params.interval == "auto" and n < params.small):
        low, high = bootstrap.bca(lambda w: w @ scores / n, n, params.draws, rng, params.level, expanded=True)
        kind = Kind.OTHER
    return Estimate("score", mean, max(0.0, low), min(100.0, high), n=n, kind=kind, level=params.level, label=Words("SUS", "SUS"))


@dataclass(frozen=True)
class Difference:
    """One version less an earlier one."""

    now: Version
    before: Version
    estimate: Estimate
    p: float
    paired: bool


def _compare(now: Version, before: Version, params: SusParams) -> Difference | None:
    """None where a side has fewer than two people (or pairs), or nothing varies."""
    label = say(zh="SUS之差（{now}减{before}）", en="difference in SUS, {now} less {before}", now=now.name, before=before.name)
    if params.same_people:
        mine, theirs = (dict(zip(v.people, v.scores.tolist(), strict=True)) for v in (now, before))
        pairs = np.sort(np.array([mine[who] - theirs[who] for who in mine if who is not None and who in theirs]))
        if pairs.size < 2 or np.ptp(pairs) == 0:
            return None
        mean, low, high, sd, n = intervals.mean_t(pairs, params.level)
        estimate = Estimate("difference", mean, low, high, n=n, kind=Kind.MEAN, level=params.level, label=label)
        return Difference(now, before, estimate, intervals.t_tail(mean / (sd / n**0.5), n - 1), True)
    if min(now.n, before.n) < 2 or np.ptp(now.scores) + np.ptp(before.scores) == 0:
        return None
    value, low, high, p, _ = intervals.welch(now.scores, before.scores, params.level)
    return Difference(now, before, Estimate("difference", value, low, high, n=now.n + before.n, kind=Kind.OTHER, level=params.level, label=label), p, False)


def _side(score: Estimate) -> str:
    low, high = score.low or 0.0, score.high or 100.0
    return "above" if low >= MEAN_OF_STUDIES else "below" if high < MEAN_OF_STUDIES else "across"


def _headline(now: Version, difference: Difference | None) -> Words:
    n = Words(ev.with_n(now.n, "zh"), ev.with_n(now.n, "en"))
    if now.score is None:
        return say(zh="SUS尚不能给出均值和区间（{n}）", en="No SUS mean with an interval yet ({n})", n=n)
    side = {"above": Words("整段不低于68", "all of it at 68 or above"), "below": Words("整段低于68", "all of it below 68"),
        "across": Words("跨在68两边", "on both sides of 68")}
    made = say(zh="SUS为{score}（{n}），{side}", en="SUS is {score} ({n}), {side}", score=shown(now.score, 1), n=n, side=side[_side(now.score)])
    if difference is None:
        return made
    e, before, p = difference.estimate, difference.before.name, ev.p_value(difference.p)
    if not _clear(e):
        return made + say(zh="；与{before}之差{d}不能排除是偶然，{p}",
                          en="; its difference from {before}, {d}, may be chance, {p}", before=before, d=shown(e, 1), p=p)
    way = Words("高", "higher") if e.value > 0 else Words("低", "lower")
    turned = e if e.value > 0 else replace(e, value=-e.value, low=-(e.high or 0.0), high=-(e.low or 0.0))
    return made + say(zh="；比{before}{way}{d}，{p}", en="; {way} than {before} by {d}, {p}", before=before, way=way, d=shown(turned, 1), p=p)


def _clear(difference: Estimate) -> bool:
    return (difference.low or 0.0) > 0 or (difference.high or 0.0) < 0


def _weak(now: Version) -> list[tuple[int, float]]:
    """Items worse than for a SUS of 68, worst first: (number, how far)."""
    means = now.items.mean(axis=0)
    short = [(i + 1, (TARGETS[i] - means[i]) * (1 if i % 2 == 0 else -1)) for i in range(10)]
    return sorted([(i, float(d)) for i, d in short if d > 0], key=lambda each: (-each[1], each[0]))


def _meaning(now: Version, difference: Difference | None) -> ev.Meaning:
    weak = joined([say(zh="第{i}题“{t}”", en="item {i} ({t})", i=i, t=TOPICS[i - 1]) for i, _ in _weak(now)[:3]], last_en=" and ")
    if now.score is None:
        listed = ", ".join(f"{s:g}" for s in np.sort(now.scores)[:20])
        return ev.Meaning(
            say(zh="目前只有这些人的分数：{s}。", en="So far there are only these people's scores: {s}.", s=listed),
            Words("人太少或分数全同，算不出区间，均值不作依据。",
                "Too few people, or all scores alike: there is no interval, and the mean carries no decision."),
            Words("再请目标用户做完任务后填写，至少凑到12人。", "Have more target users fill it in after the tasks, at least 12 in all."),
            Words("有了两种以上分数的答卷，就能给出均值和区间。", "Two or more questionnaires with different scores give a mean and an interval."))
    name, lowest, highest = grade(now.score.value)
    ends = [grade(end or 0.0)[0] for end in (now.score.low, now.score.high)]
    says = say(zh="均值{m}，曲线等级{g}，在各项研究中排第{a}～{b}百分位；{k}/{n}人的分数高于68。",
               en="The mean of {m} has grade {g} on the curved scale (percentiles {a}–{b} of studies); {k} of {n} people score above 68.",
               m=ev.amount(now.score.value, "", 1), g=name, a=lowest, b=highest, k=int((now.scores > MEAN_OF_STUDIES).sum()), n=now.n)
    sure = say(zh="按区间两端，等级从{low}到{high}都有可能", en="At the ends of the interval the grade is {low} and {high}", low=ends[0], high=ends[1])
    if difference is not None:
        sure += Words("，与前一版之差的区间不含0", ", and the interval of the difference excludes 0") if _clear(difference.estimate) else Words(
            "，与前一版之差不能排除是偶然", ", and the difference from the version before may be chance")
    following = {
        "above": say(zh="可以按这一版开发；{w}低于68分产品的水平，列入走查。",
                     en="Build this version, and walk through what falls short of a product at 68: {w}.", w=weak) if weak.zh else Words(
            "可以按这一版开发，十道题都不低于68分产品的水平。", "Build this version: none of the ten items falls short of a product at 68."),
        "below": say(zh="先改再测：{w}离68分产品的水平最远，从对应的界面改起。",
                     en="Change it before building, beginning with what falls furthest short of a product at 68: {w}.", w=weak),
        "across": say(zh="不够下结论：要么补人，要么先改{w}所指的地方再测。",
                      en="Not enough to decide: test more people, or first mend what {w} point to and test again.",
                      w=weak if weak.zh else Words("任务中失败最多的地方", "the failed tasks")),
        "few": say(zh="{n}人只够找问题，不够定等级：先改任务中出的问题，再请约30人测。",
                   en="{n} people are enough to find problems, not to set a grade: mend what went wrong in the tasks, then test with about 30.", n=now.n),
    }["few" if now.n < 10 else _side(now.score)]
    change = say(zh="均值离68差{gap}分，个人分数的标准差是{sd}；换一批不像目标用户的人，或改了任务，这个数就要重测。",
                 en="The mean is {gap} points from 68 and people differ by an SD of {sd}; other people or other tasks call for a new measurement.",
                 gap=ev.amount(abs(now.score.value - MEAN_OF_STUDIES), "", 1), sd=ev.amount(float(now.scores.std(ddof=1)), "", 1))
    return ev.Meaning(says, sure + Words("。", "."), following, change)


def _warnings(now: Version, before: Version | None, params: SusParams) -> list[ev.Warning]:
    out: list[ev.Warning] = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    if now.n < 10:
        warn("small_n", "只有{n}份答卷：可以列出分数，均值不作依据。", "Complete questionnaires: {n}. List the scores, but rest nothing on the mean.", n=now.n)
    elif now.n < 30:
        warn("small_n", "{n}份答卷，不足30份：只看得出大的差别，等级可能差出一两级。",
            "{n} questionnaires, fewer than 30: only large differences show, and the grade may be off by a step or two.", n=now.n)
    if now.n > 1 and np.ptp(now.scores) == 0:
        warn("no_variation", "{n}份答卷的分数都是{s}：没有差异就给不出区间，请核对数据。",
            "All {n} scores are {s}: without variation there is no interval; check the data.", n=now.n, s=f"{now.scores[0]:g}")
    flat = np.ptp(now.items, axis=1) == 0
    if flat.any() and now.n > 1:
        rest, middle = now.scores[~flat], int((flat & (now.items[:, 0] == 3)).sum())
        without = ev.amount(float(rest.mean()), "", 1) if rest.size else Words("无", "none")
        warn("straight_lining", "{k}/{n}份答卷十道题全选同一项（全选中间的{m}份，自相矛盾的{c}份）；去掉后均值为{w}，是否去掉由您定。",
             "{k} of {n} questionnaires give one answer ten times ({m} all in the middle, {c} contradicting themselves); "
             "without them the mean is {w}. Whether to leave them out is yours to decide.", k=int(flat.sum()), n=now.n, m=middle,
             c=int(flat.sum()) - middle, w=without)
    alpha = _alpha(now, params)
    if alpha is not None and alpha[0] < 0.7:
        value = ev.amount(alpha[0], "", 2)
        if alpha[0] < 0:
            warn("items_reversed", "Cronbach α为{a}，是负数：偶数题可能已经倒过来编码，核对之前不要用这个分数。",
                 "Cronbach's alpha is {a}, below zero: the even items may have been turned round already; check before using the score.", a=value)
        else:
            warn("low_reliability", "Cronbach α为{a}，低于0.70：十道题没有量同一件事，均值要与任务结果一起看。",
                 "Cronbach's alpha is {a}, below 0.70: the items do not measure one thing; read the mean together with the tasks.", a=value)
    if now.blank:
        warn("incomplete", "{k}份答卷没有答全，没有计入。", "{k} questionnaires are incomplete and not counted.", k=now.blank)
    if before is not None:
        if before.n < 2 or now.n < 2:
            warn("difference_small", "{b}{x}份、{a}{y}份，不足以比较两版。", "{x} questionnaires of {b} and {y} of {a} are too few to compare.",
                 a=now.name, y=now.n, b=before.name, x=before.n)
        known = {who for who in now.people if who is not None}
        if not params.same_people and known and known == set(before.people):
            warn("same_ids", "两版的受访者编号完全相同，按不同的人比较；若是同一批人，请设same_people。",
                 "Both versions have the same respondent ids and are compared as different people; if they are the same, set same_people.")
    return out


def _alpha(version: Version, params: SusParams) -> tuple[float, float, float] | None:
    if version.n < 3 or np.ptp(version.scores) == 0:
        return None
    return reliability.cronbach(sus_scale.added(version.items), params.level)


def _met(i: int, target: float, ends: tuple[float | None, float | None]) -> Words:
    """The verdict on an item: met, short, or undecided where the interval lies on both sides."""
    low, high = (None if end is None else (end - target) * (1 if i % 2 == 0 else -1) for end in ends)
    if low is None or high is None or min(low, high) < 0 <= max(low, high):
        return Words("未定", "undecided")
    return Words("够", "met") if min(low, high) >= 0 else Words("不够", "short")


def _heads(*columns: tuple[str, str, str, int | None]) -> tuple[ColumnHead, ...]:
    return tuple(ColumnHead(name, Words(zh, en), decimals=decimals) for name, zh, en, decimals in columns)


def _versions(versions: list[Version], differences: list[Difference]) -> ResultTable:
    rows, adjusted = [], proportions.holm(np.array([d.p for d in differences]))
    for v in versions:
        d, p = next(((d, float(q)) for d, q in zip(differences, adjusted, strict=True) if d.now is v), (None, None))
        mean, mark = (shown(v.score, 1), grade(v.score.value)[0]) if v.score else (None, None)
        rows.append((v.name, v.n, mean, float(v.scores.std(ddof=1)) if v.n > 1 else None, mark, shown(d.estimate, 1) if d else None, p))
    heads = _heads(("version", "版本", "Version", None), ("n", "人数", "n", 0), ("score", "SUS", "SUS", None), ("sd", "标准差", "SD", 1),
                   ("grade", "等级", "Grade", None), ("difference", "与前一版之差", "Less the one before", None), ("p", "p", "p", 3))
    note = Words("p已按Holm校正。", "p corrected by Holm.") if len(differences) > 2 else None
    return ResultTable("versions", Words("各版本的SUS", "SUS by version"), heads, tuple(rows), note)


def _items(now: Version, params: SusParams) -> ResultTable:
    rows = []
    for i, (topic, target) in enumerate(zip(TOPICS, TARGETS, strict=True)):
        values = np.sort(now.items[:, i])
        ends: tuple[float | None, float | None] = (None, None)
        if now.n > 1 and np.ptp(values) > 0:
            ends = intervals.mean_t(values, params.level)[1:3]
        rows.append((i + 1, topic, float(values.mean()), *ends, ("≥ " if i % 2 == 0 else "≤ ") + f"{target:.2f}", _met(i, target, ends)))
    heads = _heads(("item", "题", "Item", 0), ("topic", "内容", "About", None), ("mean", "均值（1～5）", "Mean (1–5)", 2), ("low", "下端", "Low", 2),
                   ("high", "上端", "High", 2), ("target", "68分产品的水平", "At a SUS of 68", None), ("met", "比较", "Compared", None))
    note = Words("奇数题越高越好，偶数题越低越好；对照值见Lewis & Sauro 2018。", "Odd items: higher is better; even: lower. Targets: Lewis & Sauro 2018.")
    return ResultTable("items", Words("十道题的均值", "The ten items"), heads, tuple(rows), note)


def _chart(versions: list[Version]) -> ev.Chart:
    def build(lang: ev.Lang) -> Any:
        import altair as alt

        people = [{"version": v.name[lang], "score": float(s), "times": v.scores.tolist().count(s)} for v in versions for s in np.unique(v.scores)]
        means = [{"version": v.name[lang], "mean": e.value, "low": e.low, "high": e.high, "text": f"{e.value:.1f}"} for v in versions if (e := v.score)]
        x: dict[str, Any] = {"scale": alt.Scale(domain=[0, 100]), "title": Words("SUS（0～100）", "SUS (0–100)")[lang]}
        y = alt.Y("version:N", title=None, sort=[v.name[lang] for v in versions])
        base = alt.Chart(alt.InlineData(values=means))
        return alt.layer(
            alt.Chart(alt.InlineData(values=people)).mark_point(opacity=0.5).encode(x=alt.X("score:Q", **x), y=y, size=alt.Size("times:Q", legend=None)),
            alt.Chart(alt.InlineData(values=[{"at": MEAN_OF_STUDIES}])).mark_rule(strokeDash=[4, 4]).encode(x=alt.X("at:Q")),
            base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=y), base.mark_point(shape="diamond", filled=True, size=120).encode(x=alt.X("mean:Q"), y=y),
            base.mark_text(dy=-18).encode(x=alt.X("mean:Q"), y=y, text=alt.Text("text:N")),
        ).properties(height=alt.Step(56))

    none = Words("无区间", "no interval")
    said = [say(zh="{v}：{s}，{n}人", en="{v}: {s}, {n} people", v=v.name, s=shown(v.score, 1) if v.score else none, n=v.n) for v in versions]
    title = Words("每人的SUS（圈）、均值与区间（菱形），虚线为68", "Each person's SUS (circles), mean and interval (diamond); dashed at 68")
    return draw("scores", title, joined(said, zh="；", en="; "), build)


def _points(now: Version, difference: Difference | None, params: SusParams) -> list[Words]:
    points = []
    if difference is not None and now.score is not None and difference.before.score is not None:
        how = Words("，同一批人配对", ", the same people paired") if difference.paired else Words("", "")
        points.append(say(
            zh="SUS由{a}（n={x}）变为{b}（n={y}），相差{d}，{p}{how}。", en="SUS went from {a} (n = {x}) to {b} (n = {y}), a difference of {d}, {p}{how}.",
            a=shown(difference.before.score, 1), x=difference.before.n, b=shown(now.score, 1), y=now.n, d=shown(difference.estimate, 1),
            p=ev.p_value(difference.p), how=how))
    if now.n >= 10 and (weak := _weak(now)):
        i, values = weak[0][0], np.sort(now.items[:, weak[0][0] - 1])
        if np.ptp(values) > 0:
            e = Estimate("item", *intervals.mean_t(values, params.level)[:3])
            points.append(say(
                zh="离68分产品最远的是第{i}题“{t}”：均值{m}，对照值{g}。", en="Furthest from a product at 68 is item {i} ({t}): a mean of {m} against {g}.",
                i=i, t=TOPICS[i - 1], m=shown(e, 2), g=f"{TARGETS[i - 1]:.2f}"))
    if alpha := _alpha(now, params):
        a, low, high = (ev.amount(x, "", 2) for x in alpha)
        points.append(say(zh="十道题的一致性（Cronbach α）为{a} [{b}, {c}]。",
                          en="The ten items agree with a Cronbach alpha of {a} [{b}, {c}].", a=a, b=low, c=high))
    return points


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Thirty people on the new version, twenty-four on the old one; a person's liking drives all ten answers."""
    def made(n: int, liking: float, mark: str) -> Frame:
        points = np.clip(np.round(rng.normal(liking, 0.5, (n, 1)) + rng.normal(0, 0.6, (n, 10))), 0, 4)
        answers = np.where(np.arange(10) % 2 == 0, points + 1, 5 - points).astype(int)
        return Frame({"respondent": [f"{mark}{i + 1}" for i in range(n)], **dict(zip(ITEMS, answers.T, strict=True))}, "example")  # type: ignore[dict-item]

    return {"answers": made(30, 3.1, "b"), "against": made(24, 2.6, "a")}


_COLUMNS = (
    Column("respondent", "id", Words("受访者", "the person"), required=False),
    *(Column(name, "any", say(zh="第{i}题，1～5或文字", en="item {i}, 1 to 5 or in words", i=i + 1)) for i, name in enumerate(ITEMS)),
    Column("version", "category", Words("版本", "version"), required=False),
    Column("wave", "category", Words("轮次（没有版本列时用）", "wave (read where there is no version)"), required=False),
)


@method(
    title=Words("SUS", "SUS"),
    question=Words("用户觉得好不好用，比上一版好吗？", "How usable do people find it, and is it better than the version before?"),
    reads_as=Words("0～100分，不是百分数；各项研究的均值是68。看区间是否整段不低于68，也看与上一版之差含不含0。",
                   "0 to 100, not a percentage; studies average 68. See whether the whole interval reaches 68, and whether the difference excludes 0."),
    limit=Words("只说明好不好用，说不出毛病在哪；样本几十人，只看得出大的差别。",
        "It tells how usable, not what is wrong; with some dozens of people only large differences show."),
    formula="2.5 * [sum(odd - 1) + sum(5 - even)] (Brooke 1996); t or BCa interval; Welch; grades Sauro & Lewis 2016; items Lewis & Sauro 2018",
    reads=(Reads("answers", Words("十道题的答卷，一人一行", "the ten items, one row a person"), _COLUMNS),
           Reads("against", Words("上一版的答卷", "the answers on the version before"), _COLUMNS, required=False, baseline=True)),
    gives=("score", "difference", "share_above_68"),
    params=SusParams,
    example=example,
)
def sus(answers: Frame, against: Frame | None, *, params: SusParams, rng: np.random.Generator) -> Finding:
    versions = _read(answers, params, rng, Words("本版", "this version"))
    if params.version and params.version not in (known := [v.name.zh for v in versions]):
        what = say(zh="数据里没有版本“{v}”", en="the data have no version “{v}”", v=params.version)
        raise ev.ParamError("version_unknown", what, todo=ev.did_you_mean(params.version, known))
    at = next((i for i, v in enumerate(versions) if v.name.zh == params.version), len(versions) - 1)
    shown_versions, now = versions[: at + 1], versions[at]
    if against is not None:
        shown_versions = [*_read(against, params, rng, Words("上一版", "the version before"))[-1:], now]
    differences = [d for before, after in pairwise(shown_versions) if (d := _compare(after, before, params))]
    before = shown_versions[-2] if len(shown_versions) > 1 else None
    difference = next((d for d in differences if d.now is now), None)
    estimates = [e for e in (now.score, difference.estimate if difference else None) if e is not None]
    above = int((now.scores > MEAN_OF_STUDIES).sum())
    low, high = intervals.wilson(above, now.n, params.level)
    label = Words("高于68分的人", "people above 68")
    estimates.append(Estimate("share_above_68", above / now.n, low, high, unit="%", n=now.n, kind=Kind.SHARE, level=params.level, label=label))
    return Finding(
        headline=_headline(now, difference), meaning=_meaning(now, difference), estimates=tuple(estimates), points=tuple(_points(now, difference, params)),
        tables=(_versions(shown_versions, differences), _items(now, params)), charts=(_chart(shown_versions),), warnings=tuple(_warnings(now, before, params)),
    )
