"""When did a metric leave what its own rhythm made expected, and which of these times does no plan explain?

z = (x − median of the last 8 points of the same phase) / s, s = 1.4826 × MAD of those points, averaged over 2 neighbours in time on either side;
s is at least 2% of the level, and for a ratio at least its binomial √(p(1 − p) / denominator). |z| ≥ 6 begins an episode; episodes merge over a
cool-down. Phases: time of the week, of working or free days, or of the day (`auto` takes the one that predicted best). Days listed in `calendar`
against their weekday (调休) are compared with days of their kind. Slow drift: CUSUM of daily means, limit 8 (on simulated calm series one false
alarm in 4 to 7 years, 5-8% of them in the first 90 days). size = mean deviation around the farthest point, relative = size ÷ expected, with
intervals from calm stretches of the same length.
Sources: Rousseeuw & Croux (1993), JASA 88, 1273-1283 (MAD); Page (1954), Biometrika 41, 100-115 (CUSUM); Hyndman & Athanasopoulos (2021),
Forecasting, 5.2 (seasonal naive).
Not for the cause of an episode, and not for series whose rhythm is younger than 5 of its cycles. peak, size[] and relative[] need an episode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import alert_episodes as spells
from stageway.arithmetic import planned_days as plans
from stageway.arithmetic import seasonal_scores as scores
from stageway.arithmetic.alert_chart import DRAWN, alert_chart, close_chart
from stageway.arithmetic.alert_episodes import Episode, Scored, Sort
from stageway.arithmetic.alert_words import SEASONS, Told, measured, named, reasons_of, table, warnings_of
from stageway.arithmetic.clocked_series import DAY, LONGEST_DAY, Series, series_of, stopped
from stageway.evidence import (
    Chart,
    Column,
    DataError,
    Estimate,
    Finding,
    Frame,
    Kind,
    Meaning,
    Params,
    Reads,
    Words,
    amount,
    joined,
    method,
    param,
    say,
)

Whole = NDArray[np.int64]
POINTS = Words("个点", "points")
SLOTS = 100_000
CHARTS = 3


@dataclass(frozen=True)
class AnomaliesParams(Params):
    season: str = param("auto", choices={"auto": Words("历史上预测最准的一种", "the one that predicted best"), **SEASONS}, help=Words("与什么时刻比较", "what times are compared"))
    history: int = param(8, low=4, high=60, help=Words("取最近几个同相位的点", "how many earlier points of the same phase"))
    enough: int = param(5, low=3, high=60, help=Words("至少有几个才判断", "fewest of them for a judgement"))
    smooth: int = param(2, low=0, high=12, help=Words("离散度与前后各几个点平均；0即只用本相位的MAD", "neighbours on either side whose spread is averaged in; 0 takes the phase's own MAD"))
    threshold: float = param(6.0, low=2.0, high=50.0, help=Words("z超过多少算异常", "z from which a point counts"))
    confirm: int = param(1, low=1, high=50, help=Words("连续几个点超出才算", "points in a row that must be beyond"))
    floor: float = param(0.02, low=0.0, high=0.5, help=Words("离散度不小于水平的几成", "least spread as a share of the level"))
    smallest: float = param(0.0, low=0.0, help=Words("小于这个差距的变化不告警，以数值的单位计", "changes smaller than this never count, in the unit of the value"))
    cooldown: float = param(24.0, low=0.0, high=720.0, unit="h", help=Words("相隔不到这么久的并为一段", "episodes closer than this are one"))
    budget: int = param(5, low=0, high=1000, help=Words("每周最多推送几段；0不限", "alerts sent a week at most; 0 for no limit"))
    drift: float = param(8.0, low=0.0, high=100.0, help=Words("缓慢偏移的累积和上限；0不检查", "limit of the CUSUM for slow drift; 0 leaves it out"))
    linger: float = param(0.0, low=0.0, high=720.0, unit="h", help=Words("活动结束后多久内仍算由它解释", "how long after its end an event still explains"))
    zone: str = param("", help=Words("按哪个时区的钟，如Asia/Shanghai；空为文件里的钟", "the zone of the clock, such as Asia/Shanghai; empty for the file's own"))
    unit: str = param("", help=Words("数值的单位", "unit of the value"))
    listed: int = param(50, low=1, high=500, help=Words("最多列几段", "how many episodes are listed"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


# ── what was expected ─────────────────────────────────────────────────────────────────────────────────────────────────


def phases(series: Series, season: str, works: plans.Mask) -> Whole:
    day = {"week": series.weekdays, "workday": works.astype(np.int64)}.get(season, np.zeros(series.n, dtype=np.int64))
    return day * SLOTS + (series.slots if season != "none" else 0)


def expected(series: Series, season: str, planned: plans.Mask, calendar: plans.Calendar, params: AnomaliesParams) -> scores.Baseline:
    """The same phase before, without planned events; days against their weekday's habit compare with days of their kind and feed no weekday."""
    works, special = calendar.of(series.days)
    own, history = phases(series, season, works), params.history * (1 if season != "none" else 2 * params.smooth + 1)
    apart = special & (season in ("week", "day"))
    base = scores.baseline(series.values, own, ~planned & ~apart, history, params.enough)
    if not apart.any():
        return base
    kind = scores.baseline(series.values, phases(series, "workday", works), ~planned, history, params.enough)
    return scores.Baseline(np.where(apart, kind.centre, base.centre), np.where(apart, kind.mad, base.mad), np.where(apart, kind.count, base.count))


def season_of(series: Series, planned: plans.Mask, calendar: plans.Calendar, params: AnomaliesParams) -> tuple[str, scores.Baseline]:
    """The season asked for, or of those that judge at least half of the points the one with the smallest median miss; else the points just before."""
    if params.season != "auto":
        return params.season, expected(series, params.season, planned, calendar, params)
    daily = series.step > DAY / 2
    names = () if not 0 < series.step <= LONGEST_DAY * DAY else (("week",) if daily else ("week", "workday", "day"))
    tried = [(name, expected(series, name, planned, calendar, params)) for name in names]
    known = [(name, base) for name, base in tried if 2 * np.count_nonzero(~np.isnan(base.centre)) >= series.n]
    if not known:
        return "none", expected(series, "none", planned, calendar, params)
    both = np.all([~np.isnan(base.centre) for _, base in known], axis=0)
    if not both.any():
        return known[-1]
    misses = [float(np.median(np.abs(series.values - base.centre)[both])) for _, base in known]
    return known[int(np.argmin(misses))]


def scored(series: Series, events: Sequence[plans.Event], calendar: plans.Calendar, params: AnomaliesParams) -> tuple[Scored, str]:
    planned, muted = plans.covered(series, events, muted_only=False), plans.covered(series, events, muted_only=True)
    season, base = season_of(series, planned, calendar, params)
    spread = scores.steadied(scores.MAD * base.mad, params.smooth if season != "none" else 0)
    level = np.fmax(np.abs(base.centre), scores.level_before(series.values))
    scale = np.maximum.reduce([spread, params.floor * level, np.full(series.n, params.smallest / params.threshold)])
    if series.base is not None:
        scale = np.maximum(scale, scores.binomial_sd(np.clip(base.centre, 0, 1), series.base))
    z = np.where(muted, np.nan, scores.z_scores(series.values, base.centre, scale))
    return Scored(series, base.centre, scale, z, base.count), season


def drifts(s: Scored, season: str, events: Sequence[plans.Event], calendar: plans.Calendar, params: AnomaliesParams) -> tuple[list[Episode], int]:
    if params.drift == 0 or not 0 < s.series.step <= LONGEST_DAY * DAY:
        return [], 0
    works, special = calendar.of(s.series.days)
    used = ~plans.covered(s.series, events, muted_only=False) & ~special
    reference = max(scores.REFERENCE_DAYS, 7 * params.history) if season == "week" else scores.REFERENCE_DAYS
    found, judged = scores.drifts(s.series.values, s.series.days, phases(s.series, season, works), used, reference, params.drift, params.floor)
    tz = s.series.at[0].tzinfo

    def begins(day: int) -> datetime:
        return datetime.combine(datetime.fromordinal(day), time.min, tzinfo=tz)

    return [Episode(s.series.name, Sort.DRIFT, begins(d.start), begins(d.alarm), d.alarm - d.start + 1, d.sum) for d in found], judged


# ── episodes, estimates ───────────────────────────────────────────────────────────────────────────────────────────────


def _episodes(every: Sequence[Scored], seasons: Sequence[str], events: Sequence[plans.Event], calendar: plans.Calendar,
              params: AnomaliesParams) -> tuple[list[tuple[str, Episode]], int]:
    found: list[Episode] = []
    drift_days = 0
    for s, season in zip(every, seasons, strict=True):
        sudden, inside = spells.sudden(s, params.threshold, params.confirm, params.cooldown)
        slow, judged = drifts(s, season, events, calendar, params)
        planned = plans.covered(s.series, events, muted_only=False)
        found += spells.sized(s, sudden, inside | planned, params.threshold, params.level) + slow + spells.gap_episodes(s.series, params.cooldown)
        drift_days += judged
    linger = timedelta(hours=params.linger)
    found = [replace(e, because=plans.reasons(e.start, e.end, e.series, events, calendar, linger)) for e in found]
    found.sort(key=lambda e: (e.start.replace(tzinfo=None), e.series, e.sort))
    return [(f"E{i}", e) for i, e in enumerate(spells.within_budget(found, params.budget), 1)], drift_days


def _listed(episodes: Sequence[tuple[str, Episode]], limit: int) -> tuple[tuple[str, Episode], ...]:
    """The farthest out, in order of time."""
    chosen = {name for name, _ in sorted(episodes, key=lambda pair: (bool(pair[1].because), -abs(pair[1].peak)))[:limit]}
    return tuple(pair for pair in episodes if pair[0] in chosen)


def _sizes(listed: Sequence[tuple[str, Episode]], ratios: set[str], params: AnomaliesParams) -> dict[str, Estimate]:
    out = {}
    for name, e in listed:
        for kind, size, unit in (("size", e.size, "pp" if e.series in ratios else params.unit), ("relative", e.relative, "%")):
            if size is not None:
                label = say(zh="{name}的平均偏离", en="Mean deviation of {name}", name=name) if kind == "size" else say(zh="{name}相对预期", en="{name} relative to the expected", name=name)
                made = Estimate(kind, size.value, size.low, size.high, key=name, unit=unit, n=e.core, counts=POINTS, level=params.level, label=label)
                out[made.full_name] = made
    return out


def _estimates(told: Told, all_found: Sequence[tuple[str, Episode]], sizes: dict[str, Estimate]) -> list[Estimate]:
    made = []

    def count(name: str, value: float, label: Words, *, key: str | None = None, unit: str = "", n: int = told.judged) -> None:
        made.append(Estimate(name, float(value), key=key, unit=unit, n=n, counts=POINTS, kind=Kind.EXACT, label=label))

    episodes = [e for _, e in all_found if e.sort is not Sort.GAP]
    if told.judged:
        count("episodes", len(episodes), Words("异常时段", "Episodes"))
        count("unexplained", sum(not e.because for e in episodes), Words("没有计划解释的异常时段", "Episodes that no plan explains"))
        count("alerts", sum(not e.because and not e.held for e in episodes), Words("推送的告警", "Alerts sent"))
        count("drifts", sum(e.sort is Sort.DRIFT for e in episodes), Words("缓慢偏移", "Slow drifts"))
        count("false_alerts", told.false_weekly, Words("噪声为正态时每周误报的点", "Points a week that alert falsely under normal noise"))
    count("gaps", len(all_found) - len(episodes), Words("缺数据的时段", "Stretches of missing data"), n=told.expected)
    count("missing", 1 - sum(s.series.n for s in told.scored) / told.expected, Words("缺失的点占比", "Share of points that are missing"), unit="%", n=told.expected)
    for name, e in told.found:
        count("peak", e.peak, say(zh="{name}最远的z", en="Farthest z of {name}", name=name), key=name, n=e.points)
    return made + list(sizes.values())


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _headline(told: Told, total: int, unexplained: int) -> Words:
    n, weeks = f"{told.judged:,}", f"{told.weeks:.1f}"
    if not told.judged:
        return say(zh="历史太短，{n}个点都没有可比的时刻，无法判断异常", en="The history is too short: none of {n} points has a time to compare with", n=f"{told.expected:,}")
    if not total:
        return say(zh="{weeks}周内没有异常时段（判断了{n}个点）", en="No episode in {weeks} weeks ({n} points judged)", weeks=weeks, n=n)
    if not told.open:
        return say(zh="{weeks}周内有{k}段异常，都有计划内的解释（判断了{n}个点）",
                   en="Episodes in {weeks} weeks: {k}, all explained by what was planned ({n} points judged)", weeks=weeks, k=total, n=n)
    name, worst = told.open[0]
    return say(zh="{weeks}周内有{k}段异常，{u}段没有计划能解释；最突出的是{which}，{size}（判断了{n}个点）",
               en="Episodes in {weeks} weeks: {k}, of which no plan explains {u}; {which} stands out, {size} ({n} points judged)",
               weeks=weeks, k=total, u=unexplained, which=named(name, worst, told), size=measured(name, worst, told), n=n)


def _meaning(told: Told, total: int, unexplained: int, gaps: int, params: AnomaliesParams) -> Meaning:
    season = joined([SEASONS[name] for name in dict.fromkeys(told.seasons)])
    if not told.judged:
        wait = say(zh="至少攒够{k}个周期再看，在此之前只能看有没有缺数据", en="Wait for {k} cycles; until then only missing data can be seen", k=params.enough)
        return Meaning(Words("没有一个点能与历史比较，不等于没有异常", "No point could be compared with its past, which does not mean that nothing happened"), wait, wait,
                       Words("接入更早的历史，就能马上判断", "Earlier history, once connected, allows a judgement at once"))
    held = sum(e.held for _, e in told.found)
    says = say(zh="与{season}相比，{k}段超出预期，其中{x}段对得上登记的活动或休息日，{u}段没有解释；另有{g}段缺数据",
               en="Episodes out of the band that {season} makes expected: {k}; at a listed event or free day: {x}; unexplained: {u}; stretches without data: {g}",
               season=season, k=total, x=total - unexplained, u=unexplained, g=gaps)
    weekly = (total - sum(e.sort is Sort.DRIFT for _, e in told.found)) / told.weeks
    sure = say(zh="阈值{t}在正态噪声下每周误报约{f}个点，实际每周{w}段；真实数据的尾部更厚，只有孤立几个点的要复核，大小因为挑的就是远点而略偏高",
               en="At threshold {t} normal noise gives about {f} false points a week, and {w} episodes a week were found; real tails are heavier, so look twice where "
                  "few points stand alone; sizes lean high, being picked for their distance",
               t=f"{params.threshold:g}", f=f"{told.false_weekly:.2g}", w=f"{weekly:.2g}")
    if told.open:
        top = joined([named(name, e, told) for name, e in told.open[:3]], zh="、", en=", ")
        after = say(zh="先派人查{top}，写下原因；查明是活动、发版或节假日的，补进登记，下次就会自动解释",
                    en="Send someone after {top} first and write the cause down; what proves to be an event, a release or a holiday goes into the list", top=top)
    else:
        after = Words("不用派人；核对登记的活动是否都按时发生，没有引起变化的活动也值得看",
                      "Nobody need be sent; check that listed events took place, and look at those that moved nothing")
    if held or weekly > max(1.0, 10 * told.false_weekly):
        change = say(zh="每周{w}段对值班的人太多：如多数查不出原因，把threshold从{t}调高，或用confirm要求连续几个点",
                     en="{w} episodes a week are many for those on duty: if most show no cause, raise the threshold above {t}, or confirm by several points in a row",
                     w=f"{weekly:.2g}", t=f"{params.threshold:g}")
    else:
        change = say(zh="口径或埋点一改，之后{k}个周期的预期都不可信；漏掉了已知的事故，就把threshold从{t}调低",
                     en="A changed definition or tracking spoils the expected values for {k} cycles; a known incident that was missed asks for a threshold below {t}",
                     k=params.history, t=f"{params.threshold:g}")
    return Meaning(says, sure, after, change)


def _points(told: Told) -> tuple[Words, ...]:
    made = [say(zh="{which}{size}", en="{which}: {size}", which=named(name, e, told), size=measured(name, e, told)) for name, e in told.open[:5]]
    made += [say(zh="{which}{size}，对应{why}", en="{which}: {size}, during {why}", which=named(name, e, told), size=measured(name, e, told), why=reasons_of(e))
             for name, e in told.found if e.because][:3]
    share = 1 - sum(s.series.n for s in told.scored) / told.expected
    if share > 0:
        made.append(say(zh="缺失的点占{share}", en="Points missing: {share}", share=amount(share, "%")))
    return tuple(made)


def _charts(told: Told, params: AnomaliesParams) -> tuple[Chart, ...]:
    worst = {s.series.name: max((abs(e.peak) for _, e in told.found if e.series == s.series.name), default=0.0) for s in told.scored}
    shown_ = sorted((s for s in told.scored if s.judged.any()), key=lambda s: (-worst[s.series.name], s.series.name))[:CHARTS]
    own = {s.series.name: [pair for pair in told.found if pair[1].series == s.series.name] for s in shown_}
    made = [alert_chart(s, params.threshold, own[s.series.name], i, DRAWN // len(shown_)) for i, s in enumerate(shown_, 1)]
    sudden = [pair for pair in told.open if pair[1].sort is Sort.SUDDEN]
    if sudden:
        s = next(s for s in told.scored if s.series.name == sudden[0][1].series)
        made.append(close_chart(s, params.threshold, sudden[0], [pair for pair in told.found if pair[1].series == s.series.name]))
    return tuple(made)


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Orders every two hours over nine weeks: weekly rhythm, a promotion, an outage, a stretch without data, a lasting fall; paid share of orders."""
    start, rows = datetime(2026, 1, 5), []  # noqa: DTZ001  a clock without a zone
    for i in range(63 * 12):
        at = start + timedelta(hours=2 * i)
        level = (60 + 50 * np.sin((at.hour - 6) / 24 * 2 * np.pi)) * (0.7 if at.weekday() >= 5 else 1.0) * (0.8 if i > 54 * 12 else 1.0)
        level *= 2.5 if at.date().isoformat() == "2026-02-11" else 1.0
        level *= 0.05 if 430 <= i < 434 else 1.0
        orders = int(rng.poisson(level) + 5)
        if not 300 <= i < 306:
            rows.append({"series": "orders", "time": at.isoformat(), "value": orders})
        if i % 3 == 0:
            rows.append({"series": "paid", "time": at.isoformat(), "numerator": int(rng.binomial(orders, 0.7)), "denominator": orders})
    events = [{"start": "2026-02-11", "what": "Lantern sale", "act": "explain"}, {"start": "2026-02-24 02:00", "end": "2026-02-24 04:00", "what": "Release 3.2", "act": "mute"}]
    days = [{"day": "2026-02-14", "works": True, "name": "Make-up workday"}, {"day": "2026-02-17", "works": False, "name": "Spring Festival"}]
    return {"series": Frame.of(rows, "metrics.csv"), "events": Frame.of(events, "plan.csv"), "calendar": Frame.of(days, "calendar.csv")}


@method(
    title=Words("异常与告警", "Anomalies and alerts"),
    question=Words("指标什么时候离开了自己的节奏，哪些没有计划能解释？", "When did a metric leave its own rhythm, and which of these times does no plan explain?"),
    reads_as=Words("先看没有解释的时段和大小，再看实际段数与预计误报差多少；有解释的只核对。",
                   "See first the unexplained episodes and their size, then how far their number lies above the false alerts expected; check the explained ones only."),
    limit=Words("只说什么时候偏离、偏多少，不说为什么；登记的活动与异常同时发生，不等于就是它引起的。", "It tells when and how far, not why; an event at the same time is not thereby the cause."),
    formula="robust z against the last 8 same-phase points, 1.4826 MAD (Rousseeuw & Croux 1993), floor of 2% of the level, binomial for ratios; CUSUM (Page 1954)",
    reads=(
        Reads("series", Words("指标，每个时间点一行", "the metric, a row each time"), (
            Column("time", "time", Words("时间", "the time")), Column("value", "number", Words("数值", "the value"), required=False),
            Column("series", "category", Words("哪条序列", "which series"), required=False),
            Column("numerator", "number", Words("比率的分子", "numerator of a ratio"), required=False, low=0),
            Column("denominator", "number", Words("比率的分母", "denominator of a ratio"), required=False, low=0))),
        Reads("events", Words("计划内的活动、发版、维护", "planned activities, releases, maintenance"), (
            Column("start", "time", Words("开始", "start")), Column("end", "time", Words("结束；空为一小时或当天", "end; an hour or the day without it"), required=False),
            Column("what", "text", Words("是什么", "what it is"), required=False), Column("series", "category", Words("只影响哪条序列", "the one series it moves"), required=False),
            Column("act", "category", Words("explain解释（默认）或mute不判断", "explain (default) or mute"), required=False)), required=False),
        Reads("calendar", Words("与平常星期不同的日子（节假日、调休）", "days unlike their weekday (holidays, shifted working days)"), (
            Column("day", "time", Words("日期", "the day")), Column("works", "flag", Words("是否上班", "whether it is worked")),
            Column("name", "text", Words("名称", "its name"), required=False)), required=False),
    ),
    gives=("episodes", "unexplained", "alerts", "drifts", "gaps", "missing", "false_alerts", "peak[]", "size[]", "relative[]"),
    params=AnomaliesParams,
    example=example,
)
def anomalies(series: Frame, events: Frame | None, calendar: Frame | None, *, params: AnomaliesParams, rng: np.random.Generator) -> Finding:
    read = series_of(series, params.zone)
    if sum(s.n for s in read) < 2:
        raise DataError("too_short", Words("只有一个时间点，没有可比的历史", "there is one point in time only, and no history to compare it with"))
    last = max((s.at[-1] for s in read), key=lambda t: t.replace(tzinfo=None))
    planned, days = plans.events_of(events), plans.calendar_of(calendar)
    both = [scored(s, planned, days, params) for s in stopped(read, last)]
    every, seasons = tuple(s for s, _ in both), tuple(season for _, season in both)
    found, drift_days = _episodes(every, seasons, planned, days, params)
    listed = _listed(found, params.listed)
    sizes = _sizes(listed, {s.series.name for s in every if s.series.base is not None}, params)
    rate = {season: _rate(season, params, rng) for season in dict.fromkeys(seasons)}
    weekly = sum(rate[season] * 7 * DAY / s.series.step for s, season in both if s.judged.any())
    unscaled = sum(int((np.isnan(s.z) & ~np.isnan(s.centre) & ~plans.covered(s.series, planned, muted_only=True)).sum()) for s in every)
    told = Told(listed, sizes, every, seasons, sum(int(s.judged.sum()) for s in every), sum(s.series.n + s.series.missing for s in every),
                max(s.series.weeks for s in every), weekly, drift_days, unscaled)
    total, unexplained = (sum(e.sort is not Sort.GAP and (wide or not e.because) for _, e in found) for wide in (True, False))
    warnings = warnings_of(told, (events is not None and not planned, calendar is not None and not days.works), params.budget, params.history, params.enough)
    return Finding(
        headline=_headline(told, total, unexplained),
        meaning=_meaning(told, total, unexplained, len(found) - total, params),
        estimates=tuple(_estimates(told, found, sizes)),
        points=_points(told),
        tables=(table(told),) if listed else (),
        charts=_charts(told, params),
        warnings=tuple(warnings),
        observed=(min(s.series.at[0].date() for s in every), max(s.series.at[-1].date() for s in every)),
    )


def _rate(season: str, params: AnomaliesParams, rng: np.random.Generator) -> float:
    """Chance that one point alerts falsely; `confirm` points in a row count as independent."""
    wide = 2 * params.smooth + 1
    one = scores.false_rate(params.threshold, params.history * (wide if season == "none" else 1), 0 if season == "none" else params.smooth, rng)
    return float(one**params.confirm)
