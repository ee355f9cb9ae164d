"""What a retention finding says: the name of a column, the definition, the headline, the meaning, in both languages."""

from __future__ import annotations

import numpy as np

from stageway import evidence as ev
from stageway.behaviour import returns
from stageway.behaviour.event_log import Log
from stageway.behaviour.returns import Cohorts, Column, Levelling, Point, Rule
from stageway.evidence import Estimate, Kind, Meaning, Words, joined, say, shown

UNITS = {"day": Words("天", "day"), "week": Words("周", "week"), "month": Words("个月", "month")}
CALENDAR = {"day": Words("自然日", "calendar day"), "week": Words("自然周", "calendar week"), "month": Words("自然月", "calendar month")}
USER_PERIODS = Words("人次", "user-periods")
#: days that a product is usually judged by
STANDARD = (1, 7, 30)
LEAST_N = 30


def _single(column: Column) -> bool:
    return column.high == column.low


def _key(column: Column) -> Words:
    return Words(column.key.replace("-", "～"), column.key.replace("-", "–"))


def label(column: Column, rule: Rule) -> Words:
    """30日留存 / day-30 retention; 第4周留存 / week-4 retention; 第8～30天内的留存 / retention within days 8–30."""
    unit, key = UNITS[rule.period], _key(column)
    if _single(column):
        return say(zh="{k}日留存" if rule.period == "day" else "第{k}{unit}留存".replace("{unit}", unit.zh), en=f"{unit.en}-{{k}} retention", k=key)
    if column.high is None:
        return say(zh="第{k}{unit}或以后的留存", en="retention on {unit} {k} or later", k=key, unit=unit)
    return say(zh="第{k}{unit}内的留存", en="retention within {unit}s {k}", k=key, unit=unit)


def when(column: Column, rule: Rule) -> Words:
    """第30天 / on day 30."""
    unit, key = UNITS[rule.period], _key(column)
    if _single(column):
        return say(zh="第{k}{unit}", en=("on" if rule.period == "day" else "in") + " {unit} {k}", k=key, unit=unit)
    if column.high is None:
        return say(zh="第{k}{unit}或以后", en="on {unit} {k} or later", k=key, unit=unit)
    return say(zh="第{k}{unit}内", en="within {unit}s {k}", k=key, unit=unit)


def share(point: Point, rule: Rule, level: float, name: str, key: str | None = None) -> Estimate:
    """A point of the curve as an estimate; where a user stands in several cohorts it counts user-periods."""
    several = point.people < point.n
    return Estimate(name, point.share, point.low, point.high, key=key, unit="%", n=point.n, counts=USER_PERIODS if several else Words("人", "people"),
                    kind=Kind.OTHER if several else Kind.SHARE, level=level, label=_capital(label(point.column, rule)))


def main_point(points: list[Point], rule: Rule) -> Point:
    """The column that the headline speaks of: day 30, else 7, else 1; otherwise the last that enough users have completed."""
    enough = [p for p in points if p.n >= LEAST_N] or points[:1]
    return ([p for p in enough if _standard(p, rule)] or enough)[-1]


def _standard(point: Point, rule: Rule) -> bool:
    return rule.period == "day" and point.column.low in STANDARD and point.column.high in (None, point.column.low)


def _capital(words: Words) -> Words:
    return Words(words.zh, words.en[:1].upper() + words.en[1:])


# ── how it was counted ────────────────────────────────────────────────────────────────────────────────────────────────

ENTRY = {
    "first_time": Words("用户第一次发生{start}的那{unit}", "the {unit} of a user's first {start}"),
    "first_ever": Words("用户第一个同名事件（须符合{start}）所在的那{unit}", "the {unit} of a user's first event of that name, which must be {start},"),
    "first_in_range": Words("用户在时间范围内第一次发生{start}的那{unit}", "the {unit} of a user's first {start} within the range"),
    "recurring": Words("凡发生{start}的{unit}（同一用户可入多批）各自", "every {unit} with {start}, in which a user may stand several times,"),
}


def definition(rule: Rule, log: Log) -> Words:
    """How it was counted, in words that suffice to count it again."""
    unit, entry = UNITS[rule.period], ENTRY[rule.mode]
    start = Words("任意事件", "event" if rule.mode.startswith("first") else "any event") if rule.start.any else rule.start.words()
    if rule.days == "elapsed":
        entry = Words(entry.zh.replace("那{unit}", "那一刻起"), entry.en.replace("the {unit} of", "the time from"))
    told = [say(zh=entry.zh + "记为第0{unit}", en=entry.en + " is {unit} 0", start=start, unit=unit)]
    column = rule.columns[-1]
    on = Words("", "on" if rule.period == "day" else "in")
    there = say(zh="第k{unit}{on}", en="{on} {unit} k", unit=unit, on=on) if _single(column) else say(zh="第k{unit}或以后{on}", en="{on} {unit} k or later", unit=unit, on=on) if (
        column.high is None) else Words("该段之内", "within the bracket")
    times = Words("", "") if rule.least == 1 else say(zh="不少于{m}次", en=" at least {m} times", m=rule.least)
    told.append(say(zh="{there}发生{event}{times}算留存", en="retained is who does {event}{times} {there}", there=there, event=rule.returning.words(), times=times))
    told.append(_clock(rule, log))
    if rule.first or rule.last:
        told.append(say(zh="起点在{a}至{b}之间", en="starts from {a} to {b}", a=rule.first or Words("最早", "the first day"), b=rule.last or Words("最晚", "the last day")))
    told.append(Words("没有结束的格子不计，其余各批的人数相加再除", "cells that have not ended are left out, the others are added up before dividing"))
    return Words("口径：", "Counted so: ") + joined(told, zh="；", en="; ") + Words("。", ".")


def _clock(rule: Rule, log: Log) -> Words:
    unit = UNITS[rule.period]
    if rule.days == "elapsed":
        return say(zh="从本人起点起每{h}小时算一{unit}，按{zone}的日期分批", en="a {unit} is {h} hours from the user's own start, cohorts go by the date in {zone}",
                   h=168 if rule.period == "week" else 24, unit=unit, zone=log.zone.key)
    made = say(zh="按{zone}的{unit}", en="by {unit} in {zone}", zone=log.zone.key, unit=CALENDAR[rule.period])
    first = Words("周日" if rule.week == "sunday" else "周一", "Sunday" if rule.week == "sunday" else "Monday")
    return made + say(zh="（{first}为一周之始）", en=" (from {first})", first=first) if rule.period == "week" else made


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────────────


def headline(points: list[Point], main: Point, rule: Rule, level: float) -> Words:
    made = _capital(say(zh="{name}为{share}（{n}）", en="{name} is {share} ({n})", name=label(main.column, rule), share=shown(share(main, rule, level, "x")),
                        n=Words(ev.with_n(main.n, "zh"), ev.with_n(main.n, "en"))))
    before = [p for p in points if p.column.low < main.column.low]
    others = [p for p in before if _standard(p, rule)] if rule.period == "day" and _single(main.column) else before[:1]
    if not others:
        return made
    told = [say(zh="{name}{share}", en="{name} {share}", name=label(p.column, rule), share=ev.amount(p.share, "%")) for p in others]
    return made + Words("；", "; ") + joined(told, zh="，")


def level_words(seen: Levelling, rule: Rule) -> Words:
    verdict = {"flat": Words("曲线已经走平", "the curve has levelled off"), "falling": Words("曲线还在下降", "the curve still falls"), "rising": Words("曲线在回升", "the curve rises again"),
               "open": Words("是否走平还分不清", "whether it has levelled off cannot be told yet")}[seen.verdict]
    value, low, high = seen.fall
    lower = value >= 0
    fall = Estimate("x", value, low, high, unit="pp", n=seen.n) if lower else Estimate("x", -value, -high, -low, unit="pp", n=seen.n)
    way = Words("低", "below") if lower else Words("高", "above")
    return say(zh="第{c}～{d}{unit}平均{late}，比第{a}～{b}{unit}{way}{fall}（n={n}），{verdict}", en="{unit}s {c}–{d} average {late}, {fall} {way} {unit}s {a}–{b} (n = {n}): {verdict}", way=way,
               a=seen.early[0], b=seen.early[1], c=seen.late[0], d=seen.late[1], unit=UNITS[rule.period], late=ev.amount(seen.level[0], "%"), fall=shown(fall),
               n=f"{seen.n:,}", verdict=verdict)


def trend_words(found: Cohorts, main: Point) -> Words | None:
    """Whether later cohorts return more; None where no trend can be tested."""
    k = found.rule.columns.index(main.column)
    p = returns.trend_p(found, k) if found.rule.mode != "recurring" else None
    if p is None:
        return None
    kept = np.flatnonzero(found.complete[:, k])
    early, late = kept[: kept.size // 2], kept[kept.size // 2 :]
    before, after = (float(found.returned[part, k].sum() / found.sizes[part].sum()) for part in (early, late))
    way = Words("看不出升降", "no rise or fall can be told") if p >= 0.05 else (
        Words("后来的批次更高", "later cohorts return more") if after > before else Words("后来的批次更低", "later cohorts return less"))
    return _capital(say(zh="较早{i}批的{name}为{a}，较晚{j}批为{b}；逐批趋势检验{p}，{way}。",
                        en="{name} was {a} in the {i} earlier cohorts and {b} in the {j} later ones; test of a trend {p}: {way}.",
                        i=early.size, j=late.size, name=label(main.column, found.rule), a=ev.amount(before, "%"), b=ev.amount(after, "%"), p=ev.p_value(p), way=way))


def points_of(found: Cohorts, log: Log, main: Point, seen: Levelling | None) -> tuple[Words, ...]:
    levels = [_capital(level_words(seen, found.rule) + Words("。", "."))] if seen is not None else []
    trend = trend_words(found, main)
    return (*levels, *([trend] if trend else []), definition(found.rule, log))


def meaning(found: Cohorts, points: list[Point], main: Point, seen: Levelling | None, level: float) -> Meaning:
    return Meaning(_says(points, main, found.rule), _sure(found, main, level), _next(points, main, seen, found.rule), _change(found, main))


def _says(points: list[Point], main: Point, rule: Rule) -> Words:
    path = [p for p in points if p in (points[0], main) or (_standard(p, rule) and p.column.low < main.column.low)]
    told = [say(zh="{when}回来{x}人", en="{x} return {when}", when=when(p.column, rule), x=ev.amount(100 * p.share, "", 0)) for p in path]
    who = Words("每100次起点里，", "Of every 100 starts, ") if rule.mode == "recurring" else Words("每100个新来的人里，", "Of every 100 who begin, ")
    return who + joined(told, zh="，", last_en=" and ") + Words("。", ".")


def _sure(found: Cohorts, main: Point, level: float) -> Words:
    e = share(main, found.rule, level, "x")
    cells = int(found.complete[:, found.rule.columns.index(main.column)].sum())
    made = _capital(say(zh="{name}来自已经观察满的{c}批、{n}{what}，区间半宽{half}", en="{name} rests on {n} {what} of completed cohorts ({c}); the interval is ±{half}",
                        name=label(main.column, found.rule), c=cells, n=f"{main.n:,}", what=e.counts, half=ev.amount((main.high - main.low) / 2, "pp")))
    if main.people < main.n:
        return made + say(zh="，已按{people}名用户的重复作了放宽。", en=", widened for the repetition of {people} users.", people=f"{main.people:,}")
    return made + Words("，只含抽样误差，不含上报遗漏。", ", of sampling only, without what the collection may have missed.")


def _next(points: list[Point], main: Point, seen: Levelling | None, rule: Rule) -> Words:
    first = points[0]
    lost, later = 1 - first.share, first.share - main.share
    if lost >= later:
        return say(zh="流失主要在开头：{lost}的人{when}没有来。先用漏斗看他们第一次来停在哪一步，改了那一步再谈召回。",
                   en="Most are lost at the start: {lost} do not come {when}. See with a funnel where their first visit ends, and mend that step before planning reminders.",
                   lost=ev.amount(lost, "%"), when=when(first.column, rule))
    if seen is not None and seen.verdict == "flat":
        return say(zh="走平后的{level}可以用来估计长期活跃；要抬高它，先问留下的人靠什么留下。",
                   en="The level of {level} can carry a forecast of long-term use; to raise it, ask those who stayed what keeps them.",
                   level=ev.amount(seen.level[0], "%"))
    return say(zh="开头留住了人，此后又少了{later}：看第{k}{unit}之前停用的人最后做了什么，从那里改。",
               en="People come back at first, then {later} are lost: see what those who stopped before {unit} {k} did last, and start there.",
               later=ev.amount(later, "pp"), k=main.column.low, unit=UNITS[rule.period])


def _change(found: Cohorts, main: Point) -> Words:
    waiting = int(found.sizes[~found.complete[:, found.rule.columns.index(main.column)]].sum())
    name = label(main.column, found.rule)
    if waiting:
        several = found.rule.mode == "recurring"
        return say(zh="还有{w}{who}没有观察满，满期后{name}可能变；渠道构成或起始事件的口径一变，新旧批次不能相加。",
                   en="Another {w} {who} have yet to complete the time, and {name} may move then; after a change of channels or of the start event, old and new cohorts do not add up.",
                   w=f"{waiting:,}", name=name, who=USER_PERIODS if several else Words("人", "people"))
    return say(zh="各批都已观察满；新批次的{name}若落在[{low}, {high}]之外，要单独看，不能沿用这个数。",
               en="All cohorts are complete; new cohorts whose {name} falls outside [{low}, {high}] stand on their own.",
               name=name, low=ev.amount(main.low, "%"), high=ev.amount(main.high, "%"))
