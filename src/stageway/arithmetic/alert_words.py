"""What a report of episodes says in both languages: its table, its warnings, and the pieces of its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stageway.arithmetic.alert_episodes import Episode, Scored, Sort
from stageway.evidence import ColumnHead, Estimate, ResultTable, Warning, Words, joined, say, shown

SORTS = {Sort.SUDDEN: Words("突变", "sudden"), Sort.DRIFT: Words("缓慢偏移", "slow drift"), Sort.GAP: Words("缺数据", "missing data")}
SEASONS = {"week": Words("一周中的同一时刻", "the same time of the week"), "workday": Words("同类日（工作日或休息日）的同一时刻", "the same time of working or of free days"),
           "day": Words("一天中的同一时刻", "the same time of the day"), "none": Words("紧挨着的前若干点", "the points just before")}


@dataclass(frozen=True)
class Told:
    """All that the sentences need: the episodes by name, sizes by name, what was judged, what a quiet week would show."""

    episodes: tuple[tuple[str, Episode], ...]
    sizes: dict[str, Estimate]
    scored: tuple[Scored, ...]
    seasons: tuple[str, ...]
    judged: int
    expected: int
    weeks: float
    false_weekly: float
    drift_days: int
    unscaled: int

    @property
    def found(self) -> tuple[tuple[str, Episode], ...]:
        return tuple(pair for pair in self.episodes if pair[1].sort is not Sort.GAP)

    @property
    def open(self) -> tuple[tuple[str, Episode], ...]:
        """Not explained, farthest out first."""
        return tuple(sorted((pair for pair in self.found if not pair[1].because), key=lambda pair: -abs(pair[1].peak)))

    @property
    def several(self) -> bool:
        return len(self.scored) > 1


def when(e: Episode) -> Words:
    """2026-05-20 14:00 to 15:30, days where the time of day says nothing."""
    whole = all((t.hour, t.minute) == (0, 0) for t in (e.start, e.end))
    form = "%Y-%m-%d" if whole or e.sort is Sort.DRIFT else "%Y-%m-%d %H:%M"
    first, last = e.start.strftime(form), e.end.strftime(form)
    if first == last:
        return Words.of(first)
    if first[:10] == last[:10]:
        last = last[11:]
    return say(zh="{first}至{last}", en="{first} to {last}", first=first, last=last)


def way(e: Episode) -> Words:
    return Words("偏高", "high") if e.up else Words("偏低", "low")


def named(name: str, e: Episode, told: Told) -> Words:
    where = say(zh="，{series}", en=", {series}", series=e.series) if told.several else Words("", "")
    return say(zh="{name}（{when}{where}）", en="{name} ({when}{where})", name=name, when=when(e), where=where)


def measured(name: str, e: Episode, told: Told) -> Words:
    """How far off, with its interval where there is one."""
    size = told.sizes.get(f"relative[{name}]") or told.sizes.get(f"size[{name}]")
    if size is None:
        return say(zh="持续{way}", en="staying {way}", way=way(e)) if e.sort is Sort.DRIFT else way(e)
    side = Words("高", "above the expected") if size.value > 0 else Words("低", "below the expected")
    if e.core == e.points:
        return say(zh="比预期{side}{size}", en="{size} {side}", side=side, size=shown(_positive(size)))
    return say(zh="偏离最远的{k}个点比预期{side}{size}", en="its farthest {k} points {size} {side}", k=e.core, side=side, size=shown(_positive(size)))


def _positive(e: Estimate) -> Estimate:
    if e.value >= 0 or e.low is None or e.high is None:
        return e
    return Estimate(e.name, -e.value, -e.high, -e.low, key=e.key, unit=e.unit, n=e.n, counts=e.counts, kind=e.kind, level=e.level)


def reasons_of(e: Episode) -> Words:
    return joined([Words.of(text) for text in e.because]) if e.because else Words("", "")


def table(told: Told) -> ResultTable:
    heads = (ColumnHead("episode", Words("异常", "Episode")), ColumnHead("series", Words("序列", "Series")), ColumnHead("kind", Words("类型", "Kind")),
             ColumnHead("start", Words("开始", "Start")), ColumnHead("end", Words("结束", "End")), ColumnHead("points", Words("点数", "Points"), decimals=0),
             ColumnHead("peak", Words("最远z（偏移为累积和）", "Farthest z (drift: its sum)"), decimals=1), ColumnHead("size", Words("平均偏离", "Mean deviation")),
             ColumnHead("relative", Words("相对预期", "Relative to the expected")), ColumnHead("explained", Words("计划内的解释", "Explained by")),
             ColumnHead("sent", Words("处置", "Sent")))
    rows = []
    for name, e in told.episodes:
        size, relative = told.sizes.get(f"size[{name}]"), told.sizes.get(f"relative[{name}]")
        done = Words("已解释", "explained") if e.because else (Words("超出上限，未推送", "held back") if e.held else Words("推送", "sent"))
        rows.append((name, e.series, SORTS[e.sort], e.start.strftime("%Y-%m-%d %H:%M"), e.end.strftime("%Y-%m-%d %H:%M"), e.points,
                     None if e.sort is Sort.GAP else float(e.peak), shown(size) if size else None, shown(relative) if relative else None,
                     reasons_of(e) if e.because else None, done))
    note = Words("平均偏离取最远点所在的一段连续点（z不小于阈值的一半）；因为挑的就是远点，略偏高",
                 "the mean deviation is that of the unbroken run around the farthest point, half a threshold out or more; picked for its distance, it leans high")
    return ResultTable("episodes", Words("异常时段", "Episodes"), heads, tuple(rows), note)


def warnings_of(told: Told, empty: tuple[bool, bool], budget: int, history: int, enough: int) -> list[Warning]:
    """`empty`: whether the tables of events and of days were given without a single usable row."""
    out: list[Warning] = []

    def warn(holds: bool, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            out.append(Warning(code, say(zh=zh, en=en, **slots)))

    every = [s.series for s in told.scored]

    def names(chosen: Sequence[bool]) -> Words:
        picked = [Words.of(s.name) if s.name else Words("该序列", "the series") for s, yes in zip(every, chosen, strict=True) if yes]
        return joined(picked)

    blind = [not s.judged.any() for s in told.scored]
    warn(any(blind), "too_short", "{names}同相位的历史不足{k}个点，一个点也没有判断",
         "no point of {names} could be judged: fewer than {k} earlier points of the same phase", names=names(blind), k=enough)
    flat = [s.n > 1 and np.ptp(s.values) == 0 for s in every]
    warn(any(flat), "constant", "{names}从头到尾没有变过，先查是否采集卡住", "{names} never changes: see first whether the meter is stuck", names=names(flat))
    uneven = [s.uneven > 0.05 for s in every]
    warn(any(uneven), "irregular", "{names}的时间间隔不齐，按间隔中位数归入时段后再比较", "{names} comes at irregular times: points were put into cells of the median distance", names=names(uneven))
    warn(told.unscaled > 0, "no_spread", "{k}个点离开了在0处从不变动的历史，算不出z；用参数smallest写明多大的变化才重要",
         "points that left a history fixed at 0, for which there is no z: {k}; say with smallest what change matters", k=told.unscaled)
    twice, blank = sum(s.twice for s in every), sum(s.blank for s in every)
    warn(twice > 0, "times_twice", "{k}个点与别的点时间相同，已取平均（夏令时回拨也会这样）", "points with the time of another, averaged: {k} (clocks set back do this too)", k=twice)
    warn(blank > 0, "rows_blank", "{k}行没有时间或数值，按缺数据处理", "rows without a time or a value, taken as missing: {k}", k=blank)
    warn(empty[0], "no_events", "活动表里没有一行写明开始时间，没有用来解释", "no event has a start: nothing is explained by events")
    warn(empty[1], "no_calendar", "日历表里没有一天写明是否上班，没有用上", "no day of the calendar says whether it is worked: it was not used")
    held = sum(e.held for _, e in told.episodes)
    warn(held > 0, "over_budget", "每周告警上限为{n}段，{k}段未推送，只列在表里", "the budget is {n} alerts a week: {k} episodes were not sent and stand in the table only", n=budget, k=held)
    unsized = sum(e.sort is Sort.SUDDEN and e.size is None for _, e in told.found)
    warn(unsized > 0, "size_unknown", "平静的点太少，{k}段异常的大小给不出区间，因而不给", "too few calm points for an interval: the size of {k} episodes is not given", k=unsized)
    warn(told.judged > 0 and told.drift_days == 0, "drift_not_checked", "天数不够，没有检查缓慢偏移", "too few days: slow drift was not checked")
    few = sum(int((s.judged & (s.count < history)).sum()) for s in told.scored)
    warn(0 < told.judged < 2 * few, "short_history", "过半的点只有不到{k}个同相位的历史点，误报比说的多",
         "more than half of the points had fewer than {k} earlier points: false alerts are more than said", k=history)
    return out
