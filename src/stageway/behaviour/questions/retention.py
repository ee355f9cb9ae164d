"""Of those who began, how many still come back, day by day, week by week or month by month?

    retained[k] = Σ users who returned in period k / Σ users whose period k has ended        shares, fractions of 1
    interval: Wilson; a user in several cohorts (recurring) counts by the effective n of clusters
    d1, d7, d30: retained[1], [7], [30] of single days

A user enters the cohort of the period (day, week, month) of the start event; that is period 0, whatever else happens in it. A cell whose
period has not ended for everyone in the cohort is shown and not counted. Modes: the user's first start event in the whole log
(first_time), the same where the first event of that name must itself meet the conditions (first_ever), the first one in the range
(first_in_range), or each period with a start event (recurring). Columns: exactly in period k, in k or later (rolling), or in a bracket.
Calendar periods are local to the zone, of 23 to 25 hours where clocks change; elapsed ones are multiples of 24 hours from the user's own
start. plateau: share of periods with a return in the last third of the curve, given where the fall from the middle third surely lies
under a fifth of it; for single periods and modes with one cohort a user. Times of a log without event after a day say nothing of it:
set `until` where the log is complete to the end of a day.

Sources: definitions of PostHog, Mixpanel and Amplitude (documentation, 2025); Wilson (1927), JASA 22, 209-212; Kish (1965), Survey Sampling.
Not for how long people stay where they rarely come (use survival), nor for comparing groups that were not assigned by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stageway import evidence as ev
from stageway.behaviour import cohort_charts, cohort_words, event_filters, event_log, periods, returns
from stageway.behaviour.event_log import EVENTS, Log
from stageway.behaviour.returns import Cohorts, Column, Levelling, Point, Rule
from stageway.evidence import Estimate, Finding, Frame, Meaning, Params, Warning, Words, method, param, say

DEFAULT_PERIODS = {"day": 30, "week": 12, "month": 12}


@dataclass(frozen=True)
class RetentionParams(Params):
    start: str = param("*", help=Words("从哪个事件算起，如signup、order[platform=ios]；*为任意事件", "start event, such as signup or order[platform=ios]; * is any event"))
    returning: str = param("*", help=Words("什么事件算回来；*为任意事件", "event that counts as a return; * is any event"))
    mode: str = param("first_time", help=Words("谁进入哪一批", "who enters which cohort"), choices={
        "first_time": Words("整个日志里第一次发生起始事件", "the user's first start event in the whole log"),
        "first_ever": Words("同上，且第一个同名事件本身就要符合条件", "the same, and the first event of that name must itself meet the conditions"),
        "first_in_range": Words("时间范围内第一次发生起始事件", "the user's first start event within the range"),
        "recurring": Words("每个有起始事件的周期各算一次", "each period with a start event"),
    })
    count: str = param("exact", help=Words("怎样算回来", "what counts as returning"), choices={
        "exact": Words("正好在第k个周期", "exactly in period k"),
        "rolling": Words("在第k个周期或以后", "in period k or later"),
        "brackets": Words("在一段周期之内", "within a bracket of periods"),
    })
    brackets: str = param("1-7,8-30", help=Words("各段的起止周期", "first and last period of each bracket"))
    days: str = param("calendar", help=Words("一天怎么算", "what a day is"), choices={
        "calendar": Words("时区里的自然日、周、月", "local calendar days, weeks, months"),
        "elapsed": Words("从本人起点起每24小时为一天", "every 24 hours from the user's own start"),
    })
    period: str = param("day", help=Words("周期", "period"), choices={"day": Words("日", "day"), "week": Words("周", "week"), "month": Words("月", "month")})
    periods: int | None = param(None, low=1, high=400, help=Words("看到第几个周期；不填为30日、12周、12月", "last period; by default 30 days, 12 weeks or months"))
    least: int = param(1, low=1, high=1000, help=Words("一个周期里至少几个返回事件才算（第0期不受限）", "least returning events in a period (not for period 0)"))
    zone: str = param("UTC", help=Words("时区，IANA名称，如Asia/Shanghai", "time zone by its IANA name, such as Asia/Shanghai"))
    week_start: str = param("monday", help=Words("一周从哪天开始", "first day of a week"), choices={"monday": Words("周一", "Monday"), "sunday": Words("周日", "Sunday")})
    first_day: str = param("", help=Words("起始事件最早的日期（含）", "earliest day of the start event, included"))
    last_day: str = param("", help=Words("起始事件最晚的日期（含）", "latest day of the start event, included"))
    until: str = param("", help=Words("日志完整到哪一天（含）；不填为最后一个事件的时刻", "last day for which the log is complete, included; by default the moment of the last event"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


def _columns(params: RetentionParams) -> tuple[Column, ...]:
    if params.count != "brackets":
        last = params.periods or DEFAULT_PERIODS[params.period]
        return tuple(Column(k, None if params.count == "rolling" else k) for k in range(1, last + 1))
    made = []
    for part in params.brackets.split(","):
        low, _, high = part.strip().partition("-")
        if not (low.strip().isdecimal() and (high or low).strip().isdecimal()) or not 1 <= int(low) <= int(high or low) <= 1000:
            what = say(zh="参数“{name}”的值不对", en='parameter "{name}" cannot take this value', name="brackets")
            expected = Words("周期的起止，如 1-7,8-30，从1起、至多1000", "first and last periods such as 1-7,8-30, from 1 up to 1000")
            raise ev.ParamError("param_wrong", what, where=ev.Where(value=part), expected=expected)
        made.append(Column(int(low), int(high or low)))
    return tuple(dict.fromkeys(made))


def _rule(params: RetentionParams) -> Rule:
    if params.days == "elapsed" and params.period == "month":
        what = Words("一个月没有固定的小时数，days=elapsed只能配日或周", "a month has no fixed number of hours: days=elapsed goes with days or weeks")
        raise ev.ParamError("month_elapsed", what)
    first, last = (periods.day_of(text, name) if text else None for text, name in ((params.first_day, "first_day"), (params.last_day, "last_day")))
    if first and last and first > last:
        raise ev.ParamError("range_empty", say(zh="first_day（{a}）晚于last_day（{b}）", en="first_day ({a}) is later than last_day ({b})", a=first, b=last))
    return Rule(
        event_filters.parse(params.start, "start"), event_filters.parse(params.returning, "returning"), _columns(params), params.mode,  # type: ignore[arg-type]
        params.period, params.days, params.least, params.week_start, first, last)  # type: ignore[arg-type]


# ── the finding ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _estimates(points: list[Point], rule: Rule, level: float, seen: Levelling | None) -> tuple[Estimate, ...]:
    single = {p.column.low: p for p in points if rule.period == "day" and p.column.high in (None, p.column.low)}
    made = [cohort_words.share(single[k], rule, level, f"d{k}") for k in cohort_words.STANDARD if k in single]
    if seen is not None and seen.verdict == "flat":
        value, low, high = seen.level
        made.append(Estimate("plateau", value, low, high, unit="%", n=seen.n, level=level, label=Words("走平后的留存", "Retention where it levels off")))
    return (*made, *(cohort_words.share(p, rule, level, "retained", p.column.key) for p in points))


def _warnings(log: Log, found: Cohorts, points: list[Point], params: RetentionParams) -> tuple[Warning, ...]:
    made = log.warnings()

    def warn(holds: bool, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            made.append(Warning(code, say(zh=zh, en=en, **slots)))

    few = [p for p in points if p.n < cohort_words.LEAST_N]
    people = int(np.unique(found.users).size)
    warn(people < 10, "small_n", "只有{n}名用户：逐个看，留存率不作依据", "users: {n}. Look at each of them; rest nothing on the shares", n=people)
    warn(people >= 10 and bool(few), "small_n", "{k}起观察满的不足{m}人，区间很宽", "fewer than {m} users have completed the time ({k} and later): wide intervals",
         k=cohort_words.when(few[0].column, found.rule) if few else Words("", ""), m=cohort_words.LEAST_N)
    missing = [c for c in found.rule.columns if c not in [p.column for p in points]]
    warn(bool(missing) and bool(points), "not_observed", "日志不够长，{k}起没有一批观察满，不给数字", "the log is too short: no cohort has completed the time ({k} and later), and no number is given",
         k=cohort_words.when(missing[0], found.rule) if missing else Words("", ""))
    warn(bool(points) and all(p.returned == 0 for p in points), "nobody_returns", "没有一个人回来过：返回事件可能选错了", "nobody ever returned: the returning event may be the wrong one")
    warn(bool(points) and all(p.returned == p.n for p in points), "everybody_returns", "每一格都是全部回来：起始和返回事件可能是自动上报的",
         "everybody returned in every cell: the events may be sent by themselves")
    names = log.names
    warn(len(names) == 1, "one_event", "日志里只有“{name}”一种事件：留存只说明它是否再次发生",
         "the log holds only the event “{name}”: retention tells whether it happens again, nothing else", name=names[0])
    first = params.mode in ("first_time", "first_ever") and not params.first_day and len(found.sizes) > 4
    warn(first and bool(found.sizes[0] > 5 * np.median(found.sizes[1:])), "old_users", "第一批有{n}人，远多于以后各批：里面可能是日志开始前就在用的人，不是新用户；可用first_day略去",
         "the first cohort has {n} users, far more than any later one: they may have used it before the log began; leave them out by first_day", n=f"{int(found.sizes[0]):,}" if first else "")
    warn(params.count == "rolling" and bool(points), "rolling_end", "“或以后”只看到日志结束为止：越靠后的周期、越新的批次，能再来的时间越短",
         "“or later” reaches only to the end of the log: later periods and newer cohorts have less time to return")
    return tuple(made)


def _nothing(log: Log, found: Cohorts, params: RetentionParams) -> Finding:
    first = found.rule.columns[0]
    people, when = f"{int(found.sizes.sum()):,}", cohort_words.when(first, found.rule)
    headline = say(zh="{n}人已进入观察，还没有一批观察到{when}结束", en="{n} users have entered; no cohort has been observed to the end of the time asked for ({when})", n=people, when=when)
    meaning = Meaning(
        say(zh="起始事件有{n}人，返回要等{when}过完才能数", en="The start event has {n} users; returns are counted when the time is over ({when})", n=people, when=when),
        Words("一格也没有满期，因此没有留存率", "Not one cell is complete, so there is no share"),
        Words("关口按“不可评定”处理；日志完整到当天结束的，填上until再算", "The gate takes it as not evaluable; where the log is complete to the end of a day, set until and run again"),
        say(zh="第一批过完{when}", en="The first cohort that has been observed for the whole time ({when})", when=when),
    )
    warning = Warning("not_observed", Words("没有一批观察满任何一个周期，不给数字", "no cohort has completed any period: no number is given"))
    return Finding(headline, meaning, points=(cohort_words.definition(found.rule, log),), warnings=(*_warnings(log, found, [], params), warning), observed=log.observed)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """400 made-up people over ten weeks: each comes back the less the older, a quarter of them for good."""
    rows = []
    for user in range(400):
        start, stays = int(rng.integers(0, 40)), rng.random() < 0.25
        come = [0, *(day for day in range(1, 70 - start) if rng.random() < (0.45 if stays else 0.5 * 0.82**day))]
        for n, day in enumerate(come):
            at = np.datetime64("2026-03-02T09:00:00") + np.timedelta64(start + day, "D") + np.timedelta64(int(rng.integers(0, 40_000)), "s")
            rows.append({"user": f"u{user:03d}", "event": "signup" if n == 0 else "read", "time": str(at)})
    return {"events": Frame.of(rows, "events.csv")}


@method(
    title=Words("留存", "Retention"),
    question=Words("来过的人里，以后每天、每周或每月还有多少回来？", "Of those who began, how many still come back, day by day, week by week or month by month?"),
    reads_as=Words("30日留存20%：每100个新来的人里，20个在第30天又来过；只算已经过完30天的人。",
                   "Day-30 retention of 20%: of every 100 who began, 20 came on day 30; only those count whose 30 days are over."),
    limit=Words("只说回没回来，说不出为什么；渠道不同的人混在一起，曲线会因构成而变。",
                "It tells whether they return, not why; where people of different channels are mixed, the curve moves with the mixture."),
    formula="sum of returned / sum of cohort sizes over completed cells (weighted mean over cohorts); Wilson 1927; clusters of users by Kish 1965",
    reads=(EVENTS,),
    gives=("d1", "d7", "d30", "retained[]", "plateau"),
    params=RetentionParams,
    example=example,
)
def retention(events: Frame, *, params: RetentionParams, rng: np.random.Generator) -> Finding:
    rule = _rule(params)
    log = event_log.read(events, zone=params.zone, until=params.until, properties=sorted(rule.start.properties | rule.returning.properties))
    event_filters.check_names((rule.start, rule.returning), log.names)
    found = returns.cohorts(log, rule)
    if not found.numbers:
        what = Words("没有一个用户进入：时间范围内没有人发生起始事件", "nobody entered: no start event lies in the range")
        raise ev.DataError("no_starts", what, where=ev.Where(file=events.source or None))
    points = returns.curve(found, params.level)
    if not points:
        return _nothing(log, found, params)
    main, seen = cohort_words.main_point(points, rule), returns.levelling(found, params.level, cohort_words.LEAST_N)
    return Finding(
        cohort_words.headline(points, main, rule, params.level),
        cohort_words.meaning(found, points, main, seen, params.level),
        _estimates(points, rule, params.level, seen),
        cohort_words.points_of(found, log, main, seen),
        (cohort_charts.curve_table(found, points), cohort_charts.cohort_table(found), cohort_charts.cell_table(found)),
        (cohort_charts.curve_chart(found, points, main), cohort_charts.heat_chart(found)),
        _warnings(log, found, points, params),
        log.observed,
    )
