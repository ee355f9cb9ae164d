"""Of those who begin, how many pass each step, and at which one are most lost?

    step_share[step] = users who reach the step / users who reach the one before        shares, fractions of 1
    conversion = users who reach the last step / users who begin                        Wilson's interval on users for both
    time_to_convert: median time from the first to the last step of those who get through, interval between order statistics
    p_weakest[step]: how often the step has the lowest share when the shares are drawn from Beta(x + 1/2, n − x + 1/2)

A user counts once, by the attempt that gets furthest (the earliest among equals). Each event of the first step opens an attempt; the window
is elapsed time from it, its end included. Ordered: others may lie between; strict: nothing may; any: the steps in any order, step k then
means any k of them. Equal times count as in the order of the funnel, one event fills one step. An excluded event ends the attempt and keeps
what was reached. The range bounds the first event only; the window may reach beyond. Users whose window is still open are counted and said,
or left out by entries=complete. `by`: groups by the property of the attempt's first event; with two of them, difference = first less second
(Newcombe). Write steps as "view > cart[platform=ios] > order | reorder".

Sources: Wilson (1927), JASA 22, 209-212; Newcombe (1998), Stat. Med. 17, 873-890; David & Nagaraja (2003), Order Statistics, 7.1; funnel
definitions of PostHog, Mixpanel and Amplitude (documentation, 2025).
Not for how much a change of a step would bring (run an experiment), nor for steps that people may skip.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from stageway import evidence as ev
from stageway.behaviour import event_filters, event_log, funnel_attempts, funnel_counts, periods
from stageway.behaviour import funnel_words as words
from stageway.behaviour.event_log import EVENTS, Log
from stageway.behaviour.funnel_attempts import Steps
from stageway.behaviour.funnel_counts import Flow
from stageway.evidence import Estimate, Finding, Frame, Kind, Params, Warning, Words, method, param, say

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
UNITS = {"s": Words("秒", "seconds"), "min": Words("分钟", "minutes"), "h": Words("小时", "hours"), "d": Words("天", "days")}
DRAWS = 4000


@dataclass(frozen=True)
class FunnelParams(Params):
    steps: str = param("visit > signup > order", help=Words("各步的事件，用 > 隔开，如 visit > signup[platform=ios] > order | reorder",
                                                            "the events of the steps, such as visit > signup[platform=ios] > order | reorder"))
    order: str = param("ordered", help=Words("各步的次序", "order of the steps"), choices={
        "ordered": Words("按顺序，中间可有其他事件", "in order, other events may lie between"),
        "strict": Words("按顺序，中间不能有任何事件", "in order, nothing may lie between"),
        "any": Words("不论次序", "in any order"),
    })
    window: float = param(7.0, low=1e-6, high=1e8, help=Words("从第1步起多久以内（含）", "how long from the first step, the end included"))
    window_unit: str = param("d", help=Words("window的单位", "unit of the window"), choices=UNITS)
    exclude: str = param("", help=Words("中间发生就结束这次尝试的事件", "events that end the attempt"))
    hold: str = param("", help=Words("各步取值须相同的属性，如商品编号", "property that must be the same in all steps, such as the item"))
    by: str = param("", help=Words("按第1步时的哪个属性分组", "property of the first step by which to group"))
    top: int = param(5, low=1, high=50, help=Words("列出人数最多的几组，其余合为一组", "largest groups shown, the rest in one"))
    entries: str = param("all", help=Words("窗口还没有结束的人", "users whose window is still open"), choices={
        "all": Words("计入并说明", "counted and said"), "complete": Words("不计入", "left out")})
    zone: str = param("UTC", help=Words("时区，IANA名称，如Asia/Shanghai", "time zone by its IANA name, such as Asia/Shanghai"))
    first_day: str = param("", help=Words("第1步最早的日期（含）", "earliest day of the first step, included"))
    last_day: str = param("", help=Words("第1步最晚的日期（含）", "latest day of the first step, included"))
    until: str = param("", help=Words("日志完整到哪一天（含）；不填为最后一个事件的时刻", "last day for which the log is complete, included; by default the moment of the last event"))
    time_unit: str = param("min", help=Words("用时的单位", "unit of the times"), choices=UNITS)
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


def _steps(params: FunnelParams) -> Steps:
    filters = event_filters.parse_steps(params.steps, "steps")
    if not 2 <= len(filters) <= 20:
        what = say(zh="漏斗要有2到20步，这里有{n}步", en="a funnel has 2 to 20 steps, this one {n}", n=len(filters))
        raise ev.ParamError("steps_count", what, where=ev.Where(value=params.steps[:80]), todo=Words("用 > 隔开各步，如 visit > order", "put > between the steps, as in visit > order"))
    first, last = (periods.day_of(text, name) if text else None for text, name in ((params.first_day, "first_day"), (params.last_day, "last_day")))
    if first and last and first > last:
        raise ev.ParamError("range_empty", say(zh="first_day（{a}）晚于last_day（{b}）", en="first_day ({a}) is later than last_day ({b})", a=first, b=last))
    seconds = params.window * SECONDS[params.window_unit]
    if seconds > 3660 * 86400:
        raise ev.ParamError("window_long", Words("窗口超过十年", "the window is longer than ten years"))
    exclude = event_filters.parse(params.exclude, "exclude") if params.exclude.strip() else None
    return Steps(filters, timedelta(seconds=seconds), params.order, exclude, params.hold or None, first, last, params.entries == "complete")  # type: ignore[arg-type]


# ── the finding ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _estimates(flow: Flow, params: FunnelParams, rng: np.random.Generator) -> Iterator[Estimate]:
    def of(name: str, x: int, n: int, label: Words, key: str | None = None) -> Estimate:
        return Estimate(name, *funnel_counts.share(x, n, params.level), key=key, unit="%", n=n, kind=Kind.SHARE, level=params.level, label=label)

    yield of("conversion", flow.counts[-1], flow.n, Words("总转化率", "Conversion"))
    for k in flow.passing:
        yield of("step_share", flow.counts[k], flow.counts[k - 1], say(zh="{a}→{b}", en="{a} → {b}", a=flow.labels[k - 1], b=flow.labels[k]), flow.keys[k])
    if len(flow.passing) == len(flow.counts) - 1 > 1:
        for k, p in enumerate(funnel_counts.weakest(flow.counts, DRAWS, rng).tolist(), 1):
            label = say(zh="{b}为最低一步的概率", en="Probability that {b} is the lowest step", b=flow.labels[k])
            yield Estimate("p_weakest", p, key=flow.keys[k], unit="%", n=flow.n, kind=Kind.EXACT, level=params.level, label=label)
    if flow.whole:
        size = SECONDS[params.time_unit]
        value, low, high = (t / size for t in funnel_counts.median_time(flow.whole, flow.steps.window.total_seconds(), params.level))
        yield Estimate("time_to_convert", value, low, high, unit=params.time_unit, n=len(flow.whole), level=params.level, label=Words("走完全程的用时中位数", "Median time to get through"))
    for group in flow.groups:
        yield of("conversion", group.counts[-1], group.counts[0], say(zh="“{g}”的转化率", en="Conversion of “{g}”", g=group.name), group.key)
    if (seen := words.difference(flow, params.level)) is not None:
        yield Estimate("difference", *seen, unit="pp", n=flow.n, level=params.level, label=Words("两组转化率之差", "Difference in conversion of the two groups"))


def _warnings(log: Log, flow: Flow) -> tuple[Warning, ...]:
    made = log.warnings()

    def warn(holds: bool, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            made.append(Warning(code, say(zh=zh, en=en, **slots)))

    warn(flow.n < 10, "small_n", "只有{n}人起步：逐个看，转化率不作依据", "people who begin: {n}. Look at each of them; rest nothing on the shares", n=flow.n)
    few = [k for k in flow.passing if flow.counts[k - 1] < 30]
    warn(flow.n >= 10 and bool(few), "small_n", "走到{step}的不足30人，再往后的通过率区间很宽", "fewer than 30 people reach {step}: the shares behind it have wide intervals",
         step=flow.labels[few[0] - 1] if few else Words("", ""))
    warn(flow.open > 0, "windows_open", "{n}人还没走完、窗口也没有结束：转化率现在偏低，设entries=complete可略去他们",
         "{n} people have not got through and their window is still open: conversion is too low as yet; entries=complete leaves them out", n=f"{flow.open:,}")
    warn(flow.counts[-1] == 0, "no_conversion", "没有一个人走完：核对最后一步的事件和窗口", "nobody gets through: check the event of the last step and the window")
    warn(flow.counts[-1] == flow.n, "everybody_passes", "每个人都走完了：各步可能是自动连着上报的", "everybody gets through: the events may be sent together")
    small = [g for g in flow.groups if g.counts[0] < 30]
    warn(bool(small), "small_groups", "{list}不足30人，只列数字，不作比较", "fewer than 30 people in {list}: read the figures, compare nothing", list=ev.joined([g.name for g in small]))
    return tuple(made)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """600 made-up visitors on two platforms within a month; an order mostly comes within a day of signing up."""
    rows = []
    for user in range(600):
        at = np.datetime64("2026-05-04T08:00:00") + np.timedelta64(int(rng.integers(0, 25 * 86400)), "s")
        platform = "ios" if rng.random() < 0.4 else "android"
        told = ["visit"] + ["signup"] * bool(rng.random() < 0.55)
        told += ["order"] * bool(len(told) == 2 and rng.random() < (0.5 if platform == "ios" else 0.35))
        for event in told:
            rows.append({"user": f"u{user:03d}", "event": event, "time": str(at), "platform": platform})
            at = at + np.timedelta64(int(rng.exponential(20_000)) + 20, "s")
    return {"events": Frame.of(rows, "events.csv")}


@method(
    title=Words("漏斗", "Funnel"),
    question=Words("从第一步起，有多少人走完每一步，最多的人丢在哪一步？", "Of those who begin, how many pass each step, and at which one are most lost?"),
    reads_as=Words("每一步的通过率以走到上一步的人为底；先看最低的一步，再看它确为最低的概率。",
                   "The share of each step is of those who reached the one before; look at the lowest first, then at the probability that it is."),
    limit=Words("只说人停在哪一步，说不出为什么停，也说不出改了这一步能多转化多少。", "It tells where people stop, not why, nor how much a change of that step would bring."),
    formula="step_share = users at step k / users at step k-1, best attempt of each user within the window; Wilson 1927; Newcombe 1998",
    reads=(EVENTS,),
    gives=("conversion", "step_share[]", "p_weakest[]", "time_to_convert", "conversion[]", "difference"),
    params=FunnelParams,
    example=example,
)
def funnel(events: Frame, *, params: FunnelParams, rng: np.random.Generator) -> Finding:
    steps = _steps(params)
    filters = (*steps.filters, *((steps.exclude,) if steps.exclude else ()))
    properties = {name for each in filters for name in each.properties} | ({steps.hold} if steps.hold else set()) | ({params.by} if params.by else set())
    log = event_log.read(events, zone=params.zone, until=params.until, properties=sorted(properties))
    event_filters.check_names(filters, log.names)
    passages = funnel_attempts.passages(log, steps)
    if not passages:
        what = Words("没有一个人起步：范围内没有第1步的事件，或窗口都没有结束", "nobody begins: no event of the first step lies in the range, or every window is still open")
        raise ev.DataError("no_starts", what, where=ev.Where(file=events.source or None))
    flow = funnel_counts.flow(passages, steps, by=params.by or None, top=params.top)
    estimates = tuple(_estimates(flow, params, rng))
    found = {e.full_name: e for e in estimates}
    tables = [words.step_table(flow, params.level, params.time_unit, SECONDS[params.time_unit])]
    charts = [words.step_chart(flow)]
    if flow.groups:
        tables.append(words.group_table(flow, params.level, params.by))
        charts.append(words.group_chart(flow, params.level, params.by))
    return Finding(words.headline(flow, found), words.meaning(flow, found), estimates, words.points(flow, found, log, params.by), tuple(tables), tuple(charts), _warnings(log, flow), log.observed)
