"""Which defects are open and how old are they, does the pile grow or shrink, and what slips through to users?

open, age = counts of the day that is looked at (no interval). fix_time, fix_time_p90 = product-limit quantiles of the days from found to closed,
open ones as censored (Kaplan & Meier 1958), interval of Brookmeyer & Crowley 1982 on log(−log S): a median over closed ones alone would be too
short. arrival, closing = defects a week over whole weeks, Garwood's interval (1936), times the dispersion φ where weeks scatter more than chance.
net = arrival − closing (Zou & Donner 2008). weeks_to_zero: 2,000 futures with rates drawn from what the weeks allow, middle 95%.
escape_rate = found after release ÷ all, reopen_rate = reopened ÷ ever closed, removal = found in a stage ÷ present in it (Kan 2002, ch. 6): Wilson
1927. density = defects ÷ size, Garwood. Days; shares as fractions of 1.

Not for comparing people or teams: who looks harder finds more. Few open defects may mean few testers; read it beside the tests run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import backlog, durations, intervals
from stageway.arithmetic.charts import draw
from stageway.arithmetic.defect_log import Defect, Log, read, stages_of
from stageway.arithmetic.parameters import day_of, names_in
from stageway.arithmetic.running_totals import running_totals
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Lang, ResultTable, Words, amount, joined, method, param, say, shown

DEFECTS = Words("个缺陷", "defects")
WEEKS = Words("周", "weeks")
NAMES = {"critical": Words("严重", "critical"), "high": Words("高", "high"), "medium": Words("中", "medium"), "low": Words("低", "low")}
DRAWS, FEWEST_WEEKS = 2000, 4
AFTER = "launch, operations, production, field, customer, user, 上线, 线上, 生产, 现场, 客户, 用户"


@dataclass(frozen=True)
class DefectsParams(ev.Params):
    at: str | None = param(None, help=Words("看哪一天，如2026-09-29；不填取数据里最晚的日期", "the day looked at, such as 2026-09-29; the latest day in the data without it"))
    weeks: int = param(12, help=Words("新发现和关闭按最近几周算", "weeks that the rates of finding and closing are taken from"), low=4, high=520)
    within_weeks: int = param(8, help=Words("几周内清零的概率", "weeks within which the pile may be gone"), low=1, high=backlog.AHEAD)
    after_release: str = param(AFTER, help=Words("哪些发现环节算发布之后，逗号隔开", "stages of finding that come after release, commas between"))
    stages: str = param("research, positioning, design, quality, launch, operations", help=Words("环节的先后，逗号隔开", "stages in their order, commas between"))
    size: float | None = param(None, help=Words("产品规模，如千行代码数；填了才有缺陷密度", "size of the product, such as thousands of lines; without it no density"), low=1e-9)
    listed: int = param(10, help=Words("表里列出几个最老的", "how many of the oldest the table lists"), low=1, high=200)


@dataclass(frozen=True)
class Told:
    """The list with what every sentence, table and chart needs."""

    log: Log
    params: DefectsParams
    found: dict[str, Estimate]
    came: np.ndarray[Any, Any]
    done: np.ndarray[Any, Any]
    unknown_stages: list[str]
    p_gone: float | None

    @property
    def phi(self) -> float:
        return max(backlog.dispersion(self.came), backlog.dispersion(self.done)) if self.came.size else 1.0

    def ages(self) -> list[float]:
        return sorted(d.age_d(self.log.end) for d in self.log.open)


def _name(severity: str | None) -> Words:
    return Words("未定级", "unrated") if severity is None else NAMES.get(severity.casefold(), Words(severity, severity))


def _key(severity: str | None) -> str:
    return severity or "unrated"


# ── estimates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _exact(name: str, value: float, n: int, label: Words, unit: str = "", key: str | None = None) -> Estimate:
    return Estimate(name, float(value), key=key, unit=unit, n=n, counts=DEFECTS, kind=Kind.EXACT, label=label)


def _share(name: str, x: int, n: int, label: Words, key: str | None = None) -> list[Estimate]:
    return [Estimate(name, x / n, *intervals.wilson(x, n), key=key, unit="%", n=n, counts=DEFECTS, kind=Kind.SHARE, label=label)] if n else []


def _state(log: Log) -> list[Estimate]:
    n, made = len(log.defects), [_exact("open", len(log.open), len(log.defects), Words("未关闭的缺陷", "Open defects"))]
    for severity in log.severities():
        count = sum(d.severity == severity for d in log.open)
        made.append(_exact("open", count, n, say(zh="未关闭，{s}", en="Open, {s}", s=_name(severity)), key=_key(severity)))
    if log.open:
        ages = np.array([d.age_d(log.end) for d in log.open])
        made.append(_exact("age_median", float(np.median(ages)), ages.size, Words("未关闭缺陷的年龄中位数", "Median age of open defects"), "d"))
        made.append(_exact("age_oldest", float(ages.max()), ages.size, Words("最老的未关闭缺陷", "Age of the oldest open defect"), "d"))
    return made


def _fix_times(log: Log) -> list[Estimate]:
    made = []

    def add(name: str, q: float, defects: Sequence[Defect], label: Words, key: str | None = None) -> None:
        days, ended = log.durations(defects)
        got = durations.usual(days, ended, q) if days.size else None
        if got is not None:
            made.append(Estimate(name, *got, key=key, unit="d", n=int(days.size), counts=DEFECTS, label=label))

    add("fix_time", 0.5, log.defects, Words("修复时间中位数", "Median time to fix"))
    add("fix_time_p90", 0.9, log.defects, Words("九成缺陷修好所需时间", "Time by which nine in ten are fixed"))
    for severity in log.severities():
        label = say(zh="修复时间中位数，{s}", en="Median time to fix, {s}", s=_name(severity))
        add("fix_time", 0.5, [d for d in log.defects if d.severity == severity], label, _key(severity))
    return made


def _rates(log: Log, came: Any, done: Any) -> list[Estimate]:
    if came.size < FEWEST_WEEKS:
        return []
    ends, made = [], []
    for name, counts, label in (("arrival", came, Words("每周新发现", "Found a week")), ("closing", done, Words("每周关闭", "Closed a week"))):
        low, high = backlog.total(float(counts.sum()), backlog.dispersion(counts))
        ends.append((float(counts.mean()), low / counts.size, high / counts.size))
        made.append(Estimate(name, *ends[-1], n=int(counts.sum()), counts=DEFECTS, label=label))
    label = Words("未关闭数每周的增减", "Change of the open pile a week")
    return [*made, Estimate("net", *backlog.difference(*ends), n=int(came.sum() + done.sum()), counts=DEFECTS, label=label)]


def _forecast(log: Log, came: Any, done: Any, within: int, rng: np.random.Generator) -> tuple[list[Estimate], float | None]:
    if not log.open or came.size < FEWEST_WEEKS or not log.states_known:
        return [], None
    when = backlog.weeks_to_zero(len(log.open), came, done, DRAWS, rng)
    middle, low, high = backlog.ends(when)
    gone = float(np.mean(when <= within))
    made = [Estimate("p_zero", gone, unit="%", n=len(log.open), counts=DEFECTS, kind=Kind.EXACT,
                     label=say(zh="{w}周内清零的概率", en="Probability that the pile is gone within {w} weeks", w=within))]
    if math.isfinite(middle):
        made.insert(0, Estimate("weeks_to_zero", middle, low, high, n=int(came.size), counts=WEEKS, label=Words("清零还要几周", "Weeks until the pile is gone")))
    return made, gone


def _quality(log: Log, params: DefectsParams) -> tuple[list[Estimate], list[str]]:
    after = {name.casefold() for name in names_in(params.after_release)}
    placed = [d for d in log.defects if d.found_in is not None]
    made = _share("escape_rate", sum((d.found_in or "").casefold() in after for d in placed), len(placed), Words("发布后才发现的占比", "Found only after release"))
    ever = [d for d in log.defects if d.reopened is not None and (d.reopened or not d.is_open)]
    made += _share("reopen_rate", sum(bool(d.reopened) for d in ever), len(ever), Words("关闭后又打开的占比", "Reopened after closing"))
    if params.size is not None:
        ends = backlog.total(len(log.defects))
        made.append(Estimate("density", len(log.defects) / params.size, ends[0] / params.size, ends[1] / params.size, n=len(log.defects), counts=DEFECTS,
                             label=Words("每单位规模的缺陷", "Defects per unit of size")))
    order = names_in(params.stages)
    introduced, found, unknown = stages_of(log.defects, order)
    for part in backlog.removal(introduced, found, len(order)):
        if order[part.stage].casefold() not in after:
            label = say(zh="{stage}环节的查出率", en="Share removed in {stage}", stage=order[part.stage])
            made += _share("removal", part.found, part.present, label, order[part.stage])
    return made, unknown


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _by_severity(told: Told) -> Words:
    parts = [say(zh="{s}{k}", en="{k} {s}", s=_name(s), k=k) for s in told.log.severities() if (k := sum(d.severity == s for d in told.log.open))]
    return joined(parts)


def _way(told: Told) -> int:
    """1 where the pile surely grows, −1 where it surely shrinks, 0 where either is possible."""
    net = told.found.get("net")
    return 0 if net is None else 1 if (net.low or 0) > 0 else -1 if (net.high or 0) < 0 else 0


def _headline(told: Told) -> Words:
    log, day = told.log, told.log.at.isoformat()
    if log.open:
        made = say(zh="截至{day}，{n}个缺陷里{k}个未关闭（{parts}），最老的{age}", en="On {day}, {k} of {n} defects are open ({parts}), the oldest for {age}",
                   day=day, n=len(log.defects), k=len(log.open), parts=_by_severity(told), age=amount(told.found["age_oldest"].value, "d", 0))
    else:
        made = say(zh="截至{day}，{n}个缺陷全部关闭", en="On {day}, all {n} defects are closed", day=day, n=len(log.defects))
    if "fix_time" in told.found:
        made += say(zh="；修复时间中位数{fix}", en="; median time to fix {fix}", fix=shown(told.found["fix_time"]))
    return made


def _says(told: Told) -> Words:
    if "net" not in told.found:
        return say(zh="共发现{n}个，关闭{k}个；不足{w}周，快慢还看不出。", en="{n} found, {k} closed; with less than {w} weeks no pace can be told.",
                   n=len(told.log.defects), k=len(told.log.defects) - len(told.log.open), w=FEWEST_WEEKS)
    trend = {1: Words("修得比发现得慢，越积越多", "fixing falls behind and the pile grows"), -1: Words("修得比发现得快，积压在减少", "fixing is ahead and the pile shrinks"),
             0: Words("积压是增是减还分不清", "whether the pile grows or shrinks is open")}[_way(told)]
    return say(zh="最近{w}周平均每周发现{a}个、关闭{c}个：{trend}。", en="Over the last {w} weeks {a} were found and {c} closed a week: {trend}.", w=told.came.size,
               a=amount(told.found["arrival"].value, "", 1), c=amount(told.found["closing"].value, "", 1), trend=trend)


def _sure(told: Told) -> Words:
    made = Words("未关闭数是逐个数出的", "The open ones are counted one by one")
    if "net" in told.found:
        scatter = say(zh="（各周起伏是偶然的{phi}倍，区间已放宽）", en=" (weeks scatter {phi} times as much as chance; the intervals allow for it)",
                      phi=amount(told.phi, "", 1)) if told.phi > 1 else Words("", "")
        made += say(zh="；每周增减{net}{scatter}", en="; the change a week is {net}{scatter}", net=shown(told.found["net"]), scatter=scatter)
    days, ended = told.log.durations(told.log.defects)
    waiting = int((~ended).sum())
    if waiting and ended.any():
        quick = float(np.median(days[ended]))
        made += say(zh="；修复时间把{k}个还没修好的也算进去，只看修好的会得{quick}。", en="; the time to fix counts the {k} still waiting, closed ones alone would give {quick}.",
                    k=waiting, quick=amount(quick, "d"))
    return made if made.zh.endswith("。") else made + Words("。", ".")


def _next(told: Told) -> Words:
    grave = [d for d in told.log.open if d.severity == (told.log.severities()[0])]
    oldest = told.log.open[0] if told.log.open else None
    if oldest is None:
        return Words("缺陷不挡放行；抽查几个最近关闭的，确认是真修好而不是改了状态。",
                     "No defect stands in the way of release; spot-check the latest closed ones, that they were mended and not just relabelled.")
    if _way(told) > 0:
        net = told.found["net"].value
        return say(zh="每周净增{net}个：先把人从新功能调到修复上，或推迟放行；从最老的{id}（{age}）开始逐个定去留。",
                   en="The pile gains {net} a week: move people from features to fixing or put the release off; decide one by one, from the oldest, {id} ({age}).",
                   net=amount(net, "", 1), id=oldest.id, age=amount(oldest.age_d(told.log.end), "d", 0))
    return say(zh="放行前先关掉{s}级的{k}个（{names}）；其余的按年龄从{id}开始，写明修或不修。",
               en="Before release close the {k} {s} ones ({names}); for the rest say fix or leave, by age, beginning with {id}.",
               s=_name(told.log.severities()[0]), k=len(grave), names=joined([Words(d.id, d.id) for d in grave[:3]]), id=oldest.id) if grave else say(
        zh="最高一级已清空；剩下的{k}个按年龄从{id}（{age}）开始，写明修或不修。", en="The gravest level is empty; for the {k} left say fix or leave, by age, beginning with {id} ({age}).",
        k=len(told.log.open), id=oldest.id, age=amount(oldest.age_d(told.log.end), "d", 0))


def _change(told: Told) -> Words:
    zeros = told.found.get("weeks_to_zero")
    if zeros is not None and zeros.high is not None and math.isfinite(zeros.high):
        return say(zh="预测照最近{w}周的快慢：若第{high}周还没清零，或换了测试力度，就要重估。",
                   en="The forecast rests on the pace of the last {w} weeks: a pile left in week {high}, or another effort of testing, calls for a new one.",
                   w=told.came.size, high=f"{zeros.high:.0f}")
    return say(zh="{n}个只是已经被人发现的：加一轮探索测试若再查出许多，现在的结论就偏乐观。",
               en="These {n} are only those that somebody found: if one more round of exploratory testing finds many, this was too rosy.", n=len(told.log.defects))


def _points(told: Told) -> tuple[Words, ...]:
    made, found = [], told.found
    if "weeks_to_zero" in found and told.p_gone is not None:
        made.append(say(zh="照现在的快慢，清零还要{weeks}周；{w}周内清零的概率{p}", en="At the present pace the pile is gone in {weeks} weeks; within {w} weeks with probability {p}",
                        weeks=shown(found["weeks_to_zero"], 0), w=told.params.within_weeks, p=amount(told.p_gone, "%", 0)))
    elif told.p_gone is not None:
        made.append(say(zh="照现在的快慢，积压看不到头；{w}周内清零的概率{p}", en="At the present pace no end of the pile is in sight; it is gone within {w} weeks with probability {p}",
                        w=told.params.within_weeks, p=amount(told.p_gone, "%", 0)))
    for name, zh, en in (("escape_rate", "发布后才发现的占{e}（n={n}）", "Found only after release: {e} (n = {n})"),
                         ("reopen_rate", "关闭后又打开的占{e}（n={n}）", "Reopened after closing: {e} (n = {n})"),
                         ("fix_time_p90", "九成在{e}内修好（n={n}）", "Nine in ten are fixed within {e} (n = {n})")):
        if name in found:
            made.append(say(zh=zh, en=en, e=shown(found[name], None if found[name].unit == "%" else 0), n=found[name].n))
    parts = [e for e in found.values() if e.name == "removal"]
    if len(parts) > 1:
        least = min(parts, key=lambda e: (e.value, str(e.key)))
        made.append(say(zh="查出率最低的环节是{stage}：{e}（n={n}）", en="The stage that removes least is {stage}: {e} (n = {n})", stage=least.key, e=shown(least), n=least.n))
    return tuple(made)


def _warnings(told: Told) -> tuple[ev.Warning, ...]:
    log, made = told.log, []

    def warn(holds: object, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            made.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    n = len(log.defects)
    warn(n < 10, "small_n", "只有{n}个缺陷，逐个看，不看比率", "few defects ({n}): read them one by one, not the rates", n=n)
    warn(10 <= n < 30, "small_n", "{n}个缺陷不足30，各项比率只可参考", "{n} defects, fewer than 30: take the rates as a hint", n=n)
    warn(log.undated, "undated", "{k}个缺陷没有发现日期，没有计入", "defects without the day they were found, not counted: {k}", k=log.undated)
    warn(log.later, "after_at", "{k}个缺陷在{day}之后才发现，没有计入", "defects found after {day}, not counted: {k}", k=log.later, day=log.at.isoformat())
    warn(log.closed_undated, "closed_undated", "{k}个已关闭却没有关闭日期，不计入修复时间和每周关闭数，快慢会看低",
         "closed without a day: {k}; they count in neither time to fix nor closing rate, which is then too low", k=log.closed_undated)
    warn(log.contradicting, "open_and_closed", "{k}个既写未关闭又有关闭日期，按未关闭算", "marked open though they have a day of closing: {k}; they count as open", k=log.contradicting)
    warn(log.repeated, "repeated", "{k}行与另一行完全相同，只计一次", "rows that repeat another one, counted once: {k}", k=log.repeated)
    warn(not log.states_known, "no_states", "没有关闭日期也没有未关闭标记，全部按未关闭算", "neither closing days nor open marks: all count as open")
    warn(told.came.size < FEWEST_WEEKS, "few_weeks", "数据只有{w}个整周，不给每周快慢和预测", "only {w} whole weeks: no weekly rates and no forecast", w=told.came.size)
    warn(log.states_known and log.open and "fix_time" not in told.found, "fix_time_open", "关闭的还不到一半，修复时间中位数算不出", "less than half are closed: no median time to fix")
    unrated = sum(d.severity is None for d in log.defects)
    warn(unrated, "unrated", "{k}个缺陷没有严重度", "defects without a severity: {k}", k=unrated)
    warn(told.unknown_stages, "stage_unknown", "环节{names}不在stages里，未计入查出率", "stages that are not in stages, left out of removal: {names}",
         names=joined([Words(s, s) for s in told.unknown_stages[:5]]))
    warn("escape_rate" in told.found and told.found["escape_rate"].value == 0, "no_escape", "还没有发布后的缺陷：可能是还没发布，不等于一个都漏不出去",
         "no defect after release yet: it may simply not be released, which is not the same as nothing slipping through")
    return tuple(made)


# ── tables and charts ─────────────────────────────────────────────────────────────────────────────────────────────────


def _tables(told: Told) -> tuple[ResultTable, ...]:
    log, found = told.log, told.found
    count = ColumnHead("found", Words("发现", "Found"), decimals=0), ColumnHead("open", Words("未关闭", "Open"), decimals=0)
    fix, age = ColumnHead("fix_time", Words("修复时间中位数", "Median time to fix")), ColumnHead("age", Words("已开着（天）", "Open for (days)"), "", 0)
    severity = ColumnHead("severity", Words("严重度", "Severity"))
    rows = []
    for s in log.severities():
        mine = [d for d in log.defects if d.severity == s]
        e = found.get(f"fix_time[{_key(s)}]")
        rows.append((_name(s), len(mine), sum(d.is_open for d in mine), None if e is None else shown(e), max((d.age_d(log.end) for d in mine if d.is_open), default=None)))
    oldest = ColumnHead("oldest", Words("最老（天）", "Oldest (days)"), "", 0)
    made = [ResultTable("severity", Words("各级缺陷", "Defects by severity"), (severity, *count, fix, oldest), tuple(rows))]
    if log.open:
        title = ColumnHead("title", Words("标题", "Title"))
        cells = tuple((d.id, d.title or None, _name(d.severity), d.age_d(log.end)) for d in log.open[: told.params.listed])
        made.append(ResultTable("oldest", Words("最老的未关闭缺陷", "The oldest open defects"), (ColumnHead("id", Words("编号", "Id")), title, severity, age), cells))
    parts = sorted({d.component for d in log.defects if d.component is not None})
    if parts:
        sums = [(p, sum(d.component == p for d in log.defects), sum(d.component == p for d in log.open)) for p in parts]
        heads = (ColumnHead("component", Words("模块", "Component")), *count)
        made.append(ResultTable("components", Words("各模块的缺陷", "Defects by component"), heads, tuple(sorted(sums, key=lambda r: (-r[1], r[0]))[:20])))
    if told.came.size:
        days = log.weeks(told.params.weeks)[0]
        heads = (ColumnHead("week", Words("周（首日）", "Week from")), count[0], ColumnHead("closed", Words("关闭", "Closed"), decimals=0))
        weeks = tuple((d.isoformat(), int(a), int(c)) for d, a, c in zip(days, told.came, told.done, strict=True))
        made.append(ResultTable("weeks", Words("每周发现与关闭", "Found and closed by week"), heads, weeks))
    return tuple(made)


def _cumulative(told: Told) -> ev.Chart:
    log = told.log
    lines = (Words("累计发现", "found"), [d.found for d in log.defects]), (Words("累计关闭", "closed"), [d.closed for d in log.defects if d.closed is not None])
    alt = say(zh="累计发现{n}个，累计关闭{k}个，两线之间是未关闭的{m}个", en="{n} found and {k} closed in all; between the lines the {m} open ones",
              n=len(log.defects), k=len(log.defects) - len(log.open), m=len(log.open))
    return running_totals("cumulative", Words("累计发现与关闭，间距为未关闭", "Found and closed so far; the gap is what is open"), alt, lines, log.end, Words("缺陷数", "defects"))


def _strip(told: Told) -> ev.Chart:
    log = told.log
    order = [s for s in log.severities() if any(d.severity == s for d in log.open)]

    def build(lang: Lang) -> Any:
        import altair as alt

        rows = [{"severity": _name(d.severity)[lang], "age": round(d.age_d(log.end), 2)} for d in log.open]
        y = alt.Y("severity:N", title=None, sort=[_name(s)[lang] for s in order])
        x = alt.X("age:Q", title=Words("已开着多少天", "days open")[lang], scale=alt.Scale(zero=True, padding=8))
        points = alt.Chart(alt.InlineData(values=rows)).mark_point(shape="circle", filled=True, size=60, opacity=0.7).encode(x=x, y=y)
        return points.properties(height=34 * len(order) + 20)

    alt_text = say(zh="每点一个未关闭缺陷，共{k}个，最老{age}", en="One point an open defect, {k} in all, the oldest {age}",
                   k=len(log.open), age=amount(told.found["age_oldest"].value, "d", 0))
    return draw("ages", Words("未关闭缺陷的年龄", "Age of open defects"), alt_text, build)


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Ninety made-up defects of eighteen weeks, the grave ones mended sooner; a few were found by users."""
    rows = []
    for i in range(90):
        severity = ("low", "medium", "medium", "high", "low", "medium", "high", "low", "medium", "critical")[i % 10]
        day = int(rng.integers(0, 126))
        fix = int(np.ceil(rng.exponential({"critical": 3, "high": 7, "medium": 16, "low": 30}[severity])))
        closed = day + fix if day + fix <= 126 else None
        stage = ("design", "quality", "quality", "operations")[int(rng.choice(4, p=[0.25, 0.35, 0.3, 0.1]))]
        rows.append({"id": f"D-{i + 1}", "severity": severity, "found": (date(2026, 5, 4) + timedelta(days=day)).isoformat(),
                     "closed": None if closed is None else (date(2026, 5, 4) + timedelta(days=closed)).isoformat(), "component": "abc"[i % 3], "found_in": stage,
                     "introduced_in": "positioning" if i % 4 == 0 else "design", "reopened": "1" if i % 17 == 0 else "0"})
    return {"defects": Frame.of(rows, "defects.csv")}


COLUMNS = (
    Column("id", "id", Words("编号", "id"), required=False),
    Column("title", "text", Words("标题", "title"), required=False),
    Column("severity", "category", Words("严重度", "severity"), required=False),
    Column("found", "time", Words("发现日期", "when it was found")),
    Column("closed", "time", Words("关闭日期", "when it was closed"), required=False),
    Column("open", "text", Words("未关闭的写严重度或是；整列空则看关闭日期", "severity or yes where still open; all empty: the closing day decides"), required=False),
    Column("component", "category", Words("模块", "component"), required=False),
    Column("found_in", "category", Words("在哪个环节发现", "stage that found it"), required=False),
    Column("introduced_in", "category", Words("在哪个环节引入", "stage that put it in"), required=False),
    Column("reopened", "text", Words("重新打开的次数，或是、否", "times reopened, or yes or no"), required=False),
)


@method(
    title=Words("缺陷", "Defects"),
    question=Words("还有哪些缺陷没关、放了多久，积压在涨还是在落，漏到用户那里的有多少？", "Which defects are open and how old, does the pile grow or shrink, and what slips through to users?"),
    reads_as=Words("先看最高一级还开着几个，再看每周增减的区间含不含0，最后看最老的几个", "See how many of the gravest are open, then whether the weekly change holds 0, then the oldest ones"),
    limit=Words("只数已发现的；没人测的地方没有缺陷记录", "It counts what was found; where nobody tested there are no records"),
    formula="open and age: counts of a day; time to fix: Kaplan & Meier 1958 with Brookmeyer & Crowley 1982; weekly rates: Garwood 1936 with dispersion; "
    "escape, reopen and removal (Kan 2002): Wilson 1927; forecast: simulated weeks",
    reads=(ev.Reads("defects", Words("缺陷，每行一个（items:defect或缺陷系统的导出）", "defects, one row each (items:defect or a tracker's export)"), COLUMNS),),
    gives=("open", "open[]", "age_median", "age_oldest", "fix_time", "fix_time[]", "fix_time_p90", "arrival", "closing", "net", "weeks_to_zero", "p_zero",
           "escape_rate", "reopen_rate", "density", "removal[]"),
    params=DefectsParams,
    example=example,
)
def defects(defects: Frame, *, params: DefectsParams, rng: np.random.Generator) -> Finding:
    log = read(defects, day_of(params.at, "at"))
    _, came, done = log.weeks(params.weeks)
    quality, unknown = _quality(log, params)
    forecast, gone = _forecast(log, came, done, params.within_weeks, rng)
    estimates = (*_state(log), *_fix_times(log), *_rates(log, came, done), *forecast, *quality)
    told = Told(log, params, {e.full_name: e for e in estimates}, came, done, unknown, gone)
    charts = (_cumulative(told), *((_strip(told),) if log.open else ()))
    meaning = ev.Meaning(_says(told), _sure(told), _next(told), _change(told))
    return Finding(_headline(told), meaning, estimates, _points(told), _tables(told), charts, _warnings(told), observed=(log.defects[0].found.date(), log.at))
