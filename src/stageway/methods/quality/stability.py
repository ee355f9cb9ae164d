"""How many sessions and users go without a crash, is the new version steadier, and how long does it take to recover from an incident?

crash_free = sessions without a crash ÷ sessions. Sessions of one user hang together, so the user is the unit: variance of the ratio of user
totals (Cochran 1977), effective n = p(1 − p) / variance with t (Korn & Graubard 1998), Wilson's interval at that n. Without user ids the day
is the unit, and a warning says that the interval may be too narrow. crash_free_users = users without a crash ÷ users, Wilson 1927.
difference = crash_free of the version − of the one before, with the correlation of users in both (Zou 2007). anr_free: as crash_free.
median, repair_p90 = hours from detected to restored, open incidents as censored (Kaplan & Meier 1958, Brookmeyer & Crowley 1982). mtbf = hours
up ÷ stretches down (chi-square, Epstein & Sobel 1953), availability = up ÷ (up + down), F interval, both only where the period is known.
incidents, repeats, data_loss, takedowns = counts of the table. Shares are fractions of 1, times in hours.

Not for judging a fix by one quiet day: with 1 crash in 1,000 sessions, 300 sessions without one prove little. Crashes that the SDK cannot send
are not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import clusters, durations, failure_times, intervals, outages, session_log
from stageway.arithmetic.clusters import Clustered
from stageway.arithmetic.failure_times import Failures
from stageway.arithmetic.outages import Incidents
from stageway.arithmetic.parameters import day_of, names_in
from stageway.arithmetic.session_log import Sessions
from stageway.arithmetic.strips import Strip, strips
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, ResultTable, Words, amount, method, param, say, shown

SESSIONS, USERS, USER_DAYS, INCIDENTS = Words("次会话", "sessions"), Words("名用户", "users"), Words("用户日", "user-days"), Words("起故障", "incidents")
FEW_CRASHES = 10


@dataclass(frozen=True)
class StabilityParams(ev.Params):
    version: str = param("", help=Words("要判断的版本；空为最新的", "the version that is judged; empty takes the latest"))
    before: str = param("", help=Words("与哪个版本比；空为前一个", "the version it is compared with; empty takes the one ahead of it"))
    only_version: bool = param(False, help=Words("总数只算要判断的版本", "the overall figures count the judged version only"))
    since: str | None = param(None, help=Words("观察期首日，如2026-09-01；不填用会话的首日", "first day observed, such as 2026-09-01; that of the sessions without it"))
    until: str | None = param(None, help=Words("观察期末日；不填用会话的末日", "last day observed; that of the sessions without it"))
    down: str = param("", help=Words("哪些级别的故障算不可用，逗号隔开；空为全部", "severities that count as down, commas between; empty counts all"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


@dataclass(frozen=True)
class Told:
    """What was read and computed, for every sentence, table and chart."""

    sessions: Sessions | None
    incidents: Incidents | None
    params: StabilityParams
    found: dict[str, Estimate]
    span: tuple[datetime, datetime] | None
    pair: tuple[int, int] | None

    @property
    def judged(self) -> str:
        return self.sessions.versions[self.pair[0]][0] if self.sessions and self.pair else ""

    @property
    def before(self) -> str:
        return self.sessions.versions[self.pair[1]][0] if self.sessions and self.pair else ""


# ── estimates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _share(name: str, part: Clustered, level: float, label: Words, key: str | None = None, counts: Words = SESSIONS) -> Estimate:
    low, high = part.interval(level)
    return Estimate(name, part.share, min(low, part.share), max(high, part.share), key=key, unit="%", n=round(part.total), counts=counts, kind=Kind.SHARE,
                    level=level, label=label)


def _users(part: Clustered, level: float, daily: bool) -> Estimate:
    if daily:
        return _share("crash_free_users", part, level, Words("无崩溃用户日占比", "Crash-free user-days"), counts=USER_DAYS)
    x, n = float(part.y.sum()), part.total
    return Estimate("crash_free_users", x / n, *intervals.wilson(x, n, level), unit="%", n=round(n), counts=USERS, kind=Kind.SHARE, level=level,
                    label=Words("无崩溃用户占比", "Crash-free users"))


def _of_sessions(s: Sessions, pair: tuple[int, int] | None, params: StabilityParams) -> list[Estimate]:
    level, whole = params.level, dict(s.versions)[params.version] if params.only_version and params.version else s.whole
    if params.only_version and not params.version and s.versions:
        whole = s.versions[-1][1]
    made = [_share("crash_free", whole, level, Words("无崩溃会话占比", "Crash-free sessions"))]
    if s.people is not None and whole is s.whole:
        made.append(_users(s.people, level, s.daily))
    if s.anr is not None:
        made.append(_share("anr_free", s.anr, level, Words("无卡死会话占比", "Sessions without a hang")))
    for name, part in s.versions if len(s.versions) > 1 else ():
        made.append(_share("crash_free", part, level, say(zh="无崩溃会话占比，{v}", en="Crash-free sessions, {v}", v=name), name))
        share = _share("version_share", Clustered(part.m, s.whole.m), level, say(zh="{v}占会话的比例", en="Share of sessions on {v}", v=name), name)
        made.append(share)
    if pair is not None:
        value, low, high = clusters.difference(s.versions[pair[0]][1], s.versions[pair[1]][1], level)
        n = round(s.versions[pair[0]][1].total + s.versions[pair[1]][1].total)
        label = say(zh="无崩溃占比，{a}减{b}", en="Crash-free share, {a} less {b}", a=s.versions[pair[0]][0], b=s.versions[pair[1]][0])
        made.append(Estimate("difference", value, min(low, value), max(high, value), unit="pp", n=n, counts=SESSIONS, level=level, label=label))
    return made


def _of_incidents(log: Incidents, span: tuple[datetime, datetime] | None, params: StabilityParams) -> list[Estimate]:
    n, made = len(log.all), []

    def count(name: str, value: int, label: Words) -> None:
        made.append(Estimate(name, float(value), n=n, counts=INCIDENTS, kind=Kind.EXACT, label=label))

    hours, over = log.repairs(max(log.latest, span[1]) if span else log.latest)
    for name, q, label in (("median", 0.5, Words("恢复时间中位数", "Median time to recover")), ("repair_p90", 0.9, Words("九成故障恢复所需时间", "Time by which nine in ten recover"))):
        got = durations.usual(hours, over, q, params.level)
        if got is not None:
            made.append(Estimate(name, *got, unit="h", n=n, counts=INCIDENTS, level=params.level, label=label))
    count("incidents", n, Words("故障起数", "Incidents"))
    count("repeats", log.repeats(), Words("同一原因又发生的起数", "Incidents of a cause seen before"))
    if log.kinds_kept:
        count("data_loss", log.of(outages.DATA_LOSS), Words("用户数据丢失或错乱的起数", "Cases of user data lost or mixed up"))
        count("takedowns", log.of(outages.TAKEDOWN), Words("下架通知数", "Take-down orders"))
    if span is not None:
        stretches = outages.down(log, {s.casefold() for s in names_in(params.down)}, *span)
        up = (span[1] - span[0]).total_seconds() / outages.HOUR_S - float(stretches.sum())
        if stretches.size and up > 0:
            mean = failure_times.mean_time(Failures(np.empty(stretches.size), up, False), params.level)
            share = failure_times.availability(up, stretches, params.level)
            counted, label = int(stretches.size), Words("平均无故障时间", "Mean time between failures")
            made.append(Estimate("mtbf", *mean, unit="h", n=counted, counts=INCIDENTS, level=params.level, label=label))
            made.append(Estimate("availability", *share, unit="%", n=counted, counts=INCIDENTS, level=params.level, label=Words("可用度", "Availability")))
    return made


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _headline(told: Told) -> Words:
    found, parts = told.found, []
    if told.sessions is not None and "crash_free" in found:
        e, clustered = found["crash_free"], told.sessions
        who = say(zh="，{g}名用户", en=" of {g} users", g=f"{clustered.whole.clusters:,}") if clustered.by_user else Words("", "")
        parts.append(say(zh="{n}次会话{who}，无崩溃的占{e}", en="{n} sessions{who}: {e} without a crash", n=f"{e.n:,}", who=who, e=shown(e, 2)))
        if "difference" in found:
            parts.append(say(zh="{a}比{b}：{d}", en="{a} against {b}: {d}", a=told.judged, b=told.before, d=shown(found["difference"], 2)))
    if told.incidents is not None:
        count = len(told.incidents.all)
        n = Words(str(count), "1 incident" if count == 1 else f"{count} incidents")
        if "median" in found:
            parts.append(say(zh="{n}起故障，恢复时间中位数{m}", en="{n}, median time to recover {m}", n=n, m=shown(found["median"], 1)))
        else:
            parts.append(say(zh="{n}起故障，恢复的还不到一半", en="{n}, less than half of them over", n=n))
    return ev.joined(parts, zh="；", en="; ")


def _side(told: Told) -> int:
    d = told.found.get("difference")
    return 0 if d is None else 1 if (d.low or 0) > 0 else -1 if (d.high or 0) < 0 else 0


def _says(told: Told) -> Words:
    if told.sessions is None or "crash_free" not in told.found:
        return _causes(told)
    e = told.found["crash_free"]
    crashed = round((1 - e.value) * (e.n or 0))
    made = say(zh="每1,000次会话约崩溃{k}次（共{x}次）", en="About {k} of 1,000 sessions crash ({x} in all)", k=amount(1000 * (1 - e.value), "", 1), x=f"{crashed:,}")
    if "difference" in told.found:
        made += {1: Words("，新版更稳，不是偶然。", "; the new version is steadier, beyond chance."), -1: Words("，新版更不稳，不是偶然。", "; the new version is less steady, beyond chance."),
                 0: Words("，新旧版哪个更稳还分不清。", "; which version is steadier is open.")}[_side(told)]
        return made
    return made + Words("。", ".")


def _causes(told: Told) -> Words:
    log = told.incidents
    if log is None:
        return Words("没有故障记录。", "There is no record of incidents.")
    listed = log.causes()
    if listed and listed[0][1] > 1:
        return say(zh="{n}起故障里有{r}起是旧原因又犯，最多的是“{c}”（{k}起）。", en="{r} of {n} incidents had a cause seen before, most often “{c}” ({k}).",
                   n=len(log.all), r=log.repeats(), c=listed[0][0], k=listed[0][1])
    return say(zh="{n}起故障，写明的原因{k}种，没有重复的。", en="{n} incidents with {k} causes named, none of them twice.", n=len(log.all), k=len(listed))


def _sure(told: Told) -> Words:
    s = told.sessions
    if s is None or "crash_free" not in told.found:
        slow = told.found.get("median")
        ends = Words("算不出", "not computable") if slow is None else shown(slow, 1)
        return say(zh="恢复时间中位数{m}按起数给区间，还没恢复的也算进去；{n}起少，长尾看不全。",
                   en="The median {m} has an interval by the count of incidents, those not over included; {n} are few, and the long tail is not seen whole.",
                   m=ends, n=len(told.incidents.all) if told.incidents else 0)
    effect = s.whole.design_effect()
    if s.by_user:
        return say(zh="区间按{g}名用户算，不按会话：同一用户的会话相像，方差是各自独立时的{d}倍。",
                   en="The interval counts {g} users, not sessions: sessions of one user are alike, and the variance is {d} times that of independent ones.",
                   g=f"{s.whole.clusters:,}", d=amount(effect, "", 1))
    return say(zh="没有用户编号，区间按{unit}算（方差为独立时的{d}倍）；少数用户反复崩溃时实际更不确定。",
               en="Without user ids the interval goes by {unit} ({d} times the variance of independent sessions); where a few users crash again and again it is less sure.",
               unit=Words("天", "days") if s.whole.clusters > 1 and s.daily else Words("会话", "sessions"), d=amount(effect, "", 1))


def _next(told: Told) -> Words:
    if told.sessions is None or "crash_free" not in told.found:
        listed = told.incidents.causes() if told.incidents else []
        if listed and listed[0][1] > 1:
            return say(zh="先根治“{c}”：它占{k}起、停了{h}；其余各写一条防再犯的措施，定人定期限。",
                       en="Root out “{c}” first: {k} incidents, {h} down; each of the others gets one measure against its return, with owner and date.",
                       c=listed[0][0], k=listed[0][1], h=amount(listed[0][2], "h", 1))
        return Words("给恢复最慢的一起写复盘：发现、定位、恢复各用了多久，先缩最长的一段。",
                     "Review the slowest recovery: how long to notice, to find, to restore; shorten the longest of the three first.")
    if _side(told) < 0:
        return say(zh="停止放量{v}：先按崩溃堆栈找新增的那几类，修好再从小比例放。",
                   en="Stop the rollout of {v}: find the crash groups that are new, mend them, begin again at a small share.", v=told.judged)
    crashers = told.sessions.people
    if crashers is not None and told.sessions.by_user:
        hit = round(crashers.total - float(crashers.y.sum()))
        return say(zh="看这{k}名崩溃过的用户集中在哪些机型和系统，先修人数最多的一组；放行看整个区间是否过线。",
                   en="See on which devices and systems the {k} users who crashed sit and mend the largest group first; release by the whole interval.", k=f"{hit:,}")
    return say(zh="放行看整个区间：低端{low}过线才算过；接上用户编号再测一次。", en="Release by the whole interval: its lower end, {low}, must pass; add user ids and measure again.",
               low=amount(told.found["crash_free"].low or 0.0, "%", 2))


def _change(told: Told) -> Words:
    e = told.found.get("crash_free")
    if e is None or e.low is None:
        return Words("事故的登记口径变了（只登大的，或补登了旧的），这些时间就不能比。", "Another rule for what is logged as an incident, and these times cannot be compared.")
    more = round((e.value - e.low) * (e.n or 0)) + 1
    return say(zh="同样多的会话里再多崩溃{k}次左右，占比就掉到区间低端{low}；换了机型构成或崩溃采集方式也要重测。",
               en="About {k} more crashes in as many sessions would bring the share to the lower end, {low}; another mix of devices or way of collecting calls for a new measurement.",
               k=more, low=amount(e.low, "%", 2))


def _points(told: Told) -> tuple[Words, ...]:
    found, made = told.found, []
    for name, zh, en in (("crash_free_users", "无崩溃的用户占{e}（n={n}）", "Users without a crash: {e} (n = {n})"),
                         ("anr_free", "没有卡死的会话占{e}（n={n}）", "Sessions without a hang: {e} (n = {n})"),
                         ("availability", "可用度{e}（n={n}）", "Availability {e} (n = {n})"),
                         ("mtbf", "平均{e}出一次故障（n={n}）", "One incident in {e} (n = {n})")):
        if name in found:
            made.append(say(zh=zh, en=en, e=shown(found[name], 2 if found[name].unit == "%" else None), n=f"{found[name].n:,}"))
    if told.sessions is not None and "crash_free" in found and told.incidents is not None:
        made.append(_causes(told))
    return tuple(made)


def _warnings(told: Told, undated: int) -> tuple[ev.Warning, ...]:
    made, s, log = [], told.sessions, told.incidents

    def warn(holds: object, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            made.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    if s is not None:
        e = told.found["crash_free"]
        crashed, n = round((1 - e.value) * (e.n or 0)), s.whole.clusters if s.by_user else round(s.whole.total)
        warn(n < 30, "small_n", "只有{n}{unit}，占比不作依据", "{n} {unit} only: rest nothing on the share", n=n, unit=USERS if s.by_user else SESSIONS)
        warn(not s.by_user, "no_users",
             "没有用户编号，同一用户反复崩溃看不出来，区间可能偏窄",
             "no user ids: a user who crashes again and again is not seen, and the interval may be too narrow")
        warn(crashed == 0, "no_crash", "一次崩溃也没有：占比100%只能说不低于{low}", "not one crash: a share of 100% says no more than at least {low}", low=amount(e.low or 0, "%", 2))
        warn(0 < crashed < FEW_CRASHES, "few_crashes", "只有{k}次崩溃，占比和版本之差都不稳", "few crashes ({k}): neither the share nor the difference is steady", k=crashed)
        warn(len(s.versions) > 1 and not told.params.only_version, "versions_mixed", "总占比混了{n}个版本；判断放行看{v}一行，或设only_version",
             "the overall share mixes {n} versions; to release look at {v}, or set only_version", n=len(s.versions), v=s.versions[-1][0] if s.versions else "")
        warn(s.blank, "incomplete", "{k}行没有会话数或没写是否崩溃，没有计入", "rows without a count or without whether it crashed, not counted: {k}", k=s.blank)
        warn(s.without_user, "user_missing", "{k}次会话没有用户编号，各当一名用户", "sessions without a user, each taken as a user of its own: {k}", k=s.without_user)
    if log is not None:
        running = sum(i.end is None for i in log.all)
        warn(len(log.all) < 30, "few_incidents", "只有{n}起故障，恢复时间的区间很宽", "few incidents ({n}): the interval of the time to recover is wide", n=len(log.all))
        warn(running, "still_open", "{k}起没有恢复时间，按到观察期末仍未恢复算", "without a time of recovery: {k}; taken as still going on at the end", k=running)
        warn(told.span is None, "no_period",
             "不知道观察了多久，可用度和平均无故障时间不给；请填since和until",
             "the period observed is unknown: no availability and no time between failures; give since and until")
        warn("median" not in told.found, "not_restored", "恢复的不到一半，恢复时间中位数算不出", "less than half are over: no median time to recover")
        nameless = sum(i.cause is None for i in log.all)
        warn(nameless, "cause_missing", "{k}起没有写原因，重复的起数可能偏少", "incidents without a cause: {k}; repeats may be too few", k=nameless)
    warn(undated, "incident_undated", "{k}起故障没有发现时间，没有计入", "incidents without a time of detection, not counted: {k}", k=undated)
    return tuple(made)


# ── tables and charts ─────────────────────────────────────────────────────────────────────────────────────────────────


def _tables(told: Told) -> tuple[ResultTable, ...]:
    made = []
    if told.sessions is not None and told.sessions.versions:
        level = told.params.level
        heads = (ColumnHead("version", Words("版本", "Version")), ColumnHead("sessions", Words("会话", "Sessions"), decimals=0),
                 ColumnHead("crashed", Words("崩溃", "Crashed"), decimals=0), ColumnHead("crash_free", Words("无崩溃占比及区间", "Crash-free with interval")))
        rows = tuple((v, round(p.total), round(p.total - float(p.y.sum())), shown(_share("crash_free", p, level, Words("", "")), 2)) for v, p in told.sessions.versions)
        made.append(ResultTable("versions", Words("各版本的无崩溃会话", "Crash-free sessions by version"), heads, rows))
    if told.incidents is not None:
        cause, count = ColumnHead("cause", Words("原因", "Cause")), ColumnHead("count", Words("起数", "Incidents"), decimals=0)
        hours = ColumnHead("hours", Words("时长合计（小时）", "Hours"), "", 1)
        if causes := told.incidents.causes():
            made.append(ResultTable("causes", Words("故障的原因", "Causes of incidents"), (cause, count, hours), tuple(causes[:20])))
    return tuple(made)


def _charts(told: Told) -> tuple[ev.Chart, ...]:
    s, level, rows = told.sessions, told.params.level, []
    if s is None:
        return _repairs(told)
    for name, part in (s.versions[-10:] or (("", s.whole),)):
        e = _share("crash_free", part, level, Words("", ""))
        label = say(zh="{v}（n={n}）", en="{v} (n = {n})", v=name or "—", n=f"{e.n:,}") if name else say(zh="全部（n={n}）", en="all (n = {n})", n=f"{e.n:,}")
        rows.append(Strip(label, 100 * (e.low or 0), 100 * e.value, 100 * (e.high or 0), f"{100 * e.value:.2f}%"))
    alt = ev.joined([say(zh="{v}：{x}", en="{v}: {x}", v=r.label, x=r.text) for r in rows], zh="；", en="; ")
    return (strips("crash_free", Words("各版本无崩溃会话占比与区间", "Crash-free sessions by version, with intervals"), alt, rows, Words("无崩溃会话（%）", "crash-free sessions (%)")),)


def _repairs(told: Told) -> tuple[ev.Chart, ...]:
    log = told.incidents
    if log is None:
        return ()
    hours, _ = log.repairs(log.latest)
    names = [f"{i.start:%m-%d %H:%M} {(i.name or '')[:14]}" for i in log.all]
    rows = [Strip(Words(name, name), 0.0, float(h), float(h), f"{h:.1f}") for name, h in zip(names, hours, strict=True)]
    longest = sorted(rows, key=lambda r: -r.value)[:12]
    alt = say(zh="恢复最慢的{n}起，最长{h}", en="The {n} slowest recoveries, the longest {h}", n=len(longest), h=amount(longest[0].value, "h", 1))
    return (strips("repairs", Words("每起故障多久恢复", "Time to recover of each incident"), alt, longest, Words("小时", "hours")),)


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Three hundred made-up users with one to twenty sessions on two versions, some of whom crash often; six incidents in the same weeks."""
    rows, day = [], date(2026, 9, 1)
    for u in range(300):
        prone = float(rng.beta(0.3, 12))
        for k in range(int(rng.integers(1, 21))):
            on = int(rng.integers(0, 28))
            version = "2.1.0" if on >= 14 else "2.0.0"
            rows.append({"session": f"s{u}-{k}", "user": f"u{u}", "version": version, "day": (day + timedelta(days=on)).isoformat(),
                         "crashed": bool(rng.random() < prone * (0.5 if on >= 14 else 1)), "anr": bool(rng.random() < 0.01)})
    causes = ("disk full", "expired certificate", "bad release", "disk full", "queue stuck", "bad release")
    incidents = [{"id": f"IN-{i + 1}", "detected": f"2026-09-{3 + 4 * i:02d}T10:00:00", "restored": f"2026-09-{3 + 4 * i:02d}T{11 + i}:30:00", "severity": "severe" if i % 2 else "minor",
                  "cause": cause, "kind": "data_loss" if i == 4 else "outage"} for i, cause in enumerate(causes)]
    return {"records": Frame.of(rows, "sessions.csv"), "incidents": Frame.of(incidents, "incidents.csv")}


INCIDENT = (
    Column("detected", "time", Words("发现时间", "when it was detected"), required=False),
    Column("restored", "time", Words("恢复时间，空为还没恢复", "when it was restored; empty while it goes on"), required=False),
    Column("severity", "category", Words("级别", "severity"), required=False),
    Column("cause", "text", Words("原因", "cause"), required=False),
    Column("kind", "category", Words("种类：data_loss、takedown等", "kind: data_loss, takedown and others"), required=False),
    Column("id", "id", Words("编号", "id"), required=False),
    Column("title", "text", Words("标题", "title"), required=False),
)
SESSION = (
    Column("session", "id", Words("会话编号", "session"), required=False),
    Column("user", "id", Words("用户或设备编号", "user or device"), required=False),
    Column("version", "category", Words("版本", "version"), required=False),
    Column("day", "time", Words("日期", "day"), required=False),
    Column("crashed", "any", Words("是否崩溃；按天汇总时为崩溃的会话数", "whether it crashed; in a daily table the sessions that crashed"), required=False),
    Column("anr", "any", Words("是否卡死；按天汇总时为次数", "whether it hung; in a daily table how many"), required=False),
    Column("sessions", "any", Words("按天汇总：会话数", "daily table: sessions"), required=False),
    Column("users", "any", Words("按天汇总：用户数", "daily table: users"), required=False),
    Column("crashed_users", "any", Words("按天汇总：崩溃的用户数", "daily table: users who crashed"), required=False),
)


@method(
    title=Words("稳定性", "Stability"),
    question=Words("多少会话和用户没有崩溃，新版更稳吗，出了故障多久恢复？", "How many sessions and users go without a crash, is the new version steadier, and how long does recovery take?"),
    reads_as=Words("看整个区间过不过线；新旧版看差值的区间含不含0", "See whether the whole interval passes; for two versions whether that of the difference holds 0"),
    limit=Words("没能上报的崩溃（断网、启动即退）不在数里", "Crashes that could not be sent (offline, at start-up) are not counted"),
    formula="crash-free = sessions without crash / sessions, user as cluster (Cochran 1977, Korn & Graubard 1998), Wilson 1927; recovery: Kaplan & Meier 1958; "
    "mtbf: Epstein & Sobel 1953",
    reads=(
        ev.Reads("records", Words("会话（一次一行，或按天汇总）；也可只有故障", "sessions, one a row or counted by day; or incidents alone"), (*SESSION, *INCIDENT)),
        ev.Reads("incidents", Words("故障，每起一行（items:incident）", "incidents, one row each (items:incident)"), INCIDENT, required=False),
    ),
    gives=("crash_free", "crash_free[]", "crash_free_users", "anr_free", "version_share[]", "difference", "median", "repair_p90", "incidents", "repeats", "data_loss",
           "takedowns", "mtbf", "availability"),
    params=StabilityParams,
    example=example,
)
def stability(records: Frame, incidents: Frame | None, *, params: StabilityParams, rng: np.random.Generator) -> Finding:
    sessions, table = session_log.told_apart(records, incidents)
    log = outages.read(table) if table is not None and len(table) else None
    pair = session_log.pair(sessions.versions, params.version, params.before) if sessions else None
    span = outages.period(day_of(params.since, "since"), day_of(params.until, "until"), sessions.observed if sessions else None)
    estimates: Sequence[Estimate] = (*(_of_sessions(sessions, pair, params) if sessions else ()), *(_of_incidents(log, span, params) if log else ()))
    told = Told(sessions, log, params, {e.full_name: e for e in estimates}, span, pair)
    observed = sessions.observed if sessions else (span[0].date(), (span[1] - timedelta(days=1)).date()) if span else None
    return Finding(_headline(told), ev.Meaning(_says(told), _sure(told), _next(told), _change(told)), tuple(estimates), _points(told), _tables(told), _charts(told),
                   (*_warnings(told, log.undated if log else 0), *_empty(table, log)), observed=observed)


def _empty(table: Frame | None, log: Incidents | None) -> tuple[ev.Warning, ...]:
    if table is None or log is not None:
        return ()
    return (ev.Warning("no_incidents", Words("故障表是空的：可能没有故障，也可能没人登记", "the table of incidents is empty: there may have been none, or nobody wrote them down")),)
