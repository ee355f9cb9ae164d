"""What a funnel finding says, in both languages: the definition, the headline, the meaning; its tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stageway import evidence as ev
from stageway.arithmetic import intervals
from stageway.arithmetic.charts import draw
from stageway.arithmetic.strips import Strip, strips
from stageway.behaviour.event_log import Log
from stageway.behaviour.funnel_counts import Flow, Group, median_time, share
from stageway.evidence import Chart, ColumnHead, Estimate, Lang, Meaning, ResultTable, Words, joined, say, shown

ORDER = {
    "ordered": Words("按顺序完成{steps}，中间可有其他事件", "{steps} in this order, others may lie between"),
    "strict": Words("紧接着完成{steps}，中间没有任何事件", "{steps} in this order with nothing between"),
    "any": Words("不论次序完成{steps}", "{steps} in any order"),
}
#: shares of users who began, and of those who reached the step before
Found = Mapping[str, Estimate]


def duration(seconds: float) -> Words:
    """In the largest unit of which there is at least one: 7天 / 7 days, 90秒 / 90 s."""
    unit = next((name for name, size in (("d", 86400), ("h", 3600), ("min", 60)) if seconds >= size), "s")
    value = seconds / {"d": 86400, "h": 3600, "min": 60, "s": 1}[unit]
    made = ev.amount(value, unit, 0 if value == int(value) else 1)
    return Words(made.zh, "1 day") if made.en == "1 days" else made


def _window(flow: Flow) -> Words:
    return duration(flow.steps.window.total_seconds())


def definition(flow: Flow, log: Log, by: str) -> Words:
    """How it was counted, in words that suffice to count it again."""
    steps, form = flow.steps, ORDER[flow.steps.order]
    listed = joined([Words(f"“{step.text}”", f"“{step.text}”") for step in steps.filters], zh="、" if steps.order == "any" else "→", en=", " if steps.order == "any" else " → ")
    told = [say(zh=form.zh, en=form.en, steps=listed),
            say(zh="从{first}起{window}以内（含），按实际经过的时间", en="within {window} of {first}, the end included, by elapsed time", window=_window(flow),
                first=Words("最先的一步", "the first of them") if steps.order == "any" else Words("第1步", "step 1")),
            Words("同一时刻的事件按漏斗的顺序排，一个事件只算一步", "events of one moment count in the order of the funnel, and one event fills one step"),
            Words("每次起步都是一次尝试，按人取走得最远的一次，同样远的取最早", "every start is an attempt; a user counts by the one that gets furthest, the earliest among equals")]
    if steps.exclude is not None:
        told.append(say(zh="中间出现{event}就到此为止", en="{event} in between ends the attempt", event=steps.exclude.words()))
    if steps.hold is not None:
        told.append(say(zh="各步的“{name}”须相同", en="“{name}” is the same in all steps", name=steps.hold))
    if by:
        told.append(say(zh="按起步时的“{name}”分组", en="grouped by “{name}” of the first event", name=by))
    if steps.first or steps.last:
        told.append(say(zh="起步在{a}至{b}之间（{zone}），窗口可以越过", en="starts from {a} to {b} ({zone}), the window may reach beyond", zone=log.zone.key,
                        a=steps.first or Words("最早", "the first day"), b=steps.last or Words("最晚", "the last day")))
    if steps.whole:
        told.append(Words("窗口没有结束的起步不计", "starts whose window has not ended are left out"))
    return Words("口径：", "Counted so: ") + joined(told, zh="；", en="; ") + Words("。", ".")


def _passing(flow: Flow, k: int) -> Words:
    """注册→选书 / registered → book chosen."""
    return say(zh="{a}→{b}", en="{a} → {b}", a=flow.labels[k - 1], b=flow.labels[k])


def _surely(p: float) -> Words:
    return Words("超过99%", "over 99%") if p > 0.99 else ev.amount(p, "%", 0)


def headline(flow: Flow, found: Found) -> Words:
    made = say(zh="从{first}到{last}的转化率为{share}（{n}），窗口{window}", en="Conversion from {first} to {last} is {share} ({n}), window {window}",
               first=flow.labels[0], last=flow.labels[-1], share=shown(found["conversion"]), n=Words(ev.with_n(flow.n, "zh"), ev.with_n(flow.n, "en")), window=_window(flow))
    if len(flow.passing) < 2:
        return made
    k = flow.lowest
    return made + say(zh="；{step}这一步通过最少，{share}", en="; fewest pass {step}, {share}", step=_passing(flow, k), share=ev.amount(flow.counts[k] / flow.counts[k - 1], "%"))


def points(flow: Flow, found: Found, log: Log, by: str) -> tuple[Words, ...]:
    made = []
    k = flow.lowest
    chance = found.get(f"p_weakest[{flow.keys[k]}]")
    if chance is not None and len(flow.passing) > 1:
        made.append(say(zh="通过率最低的是{step}：{share}，流失{lost}人；它确为最低一步的概率{p}。",
                        en="The lowest share is that of {step}: {share}, {lost} people lost; probability that it is the lowest {p}.",
                        step=_passing(flow, k), share=shown(found[f"step_share[{flow.keys[k]}]"]), lost=f"{flow.counts[k - 1] - flow.counts[k]:,}", p=_surely(chance.value)))
    if "time_to_convert" in found:
        made.append(say(zh="走完全程的人用时中位数{time}（{n}）。", en="Those who get through take {time} at the median ({n}).", time=shown(found["time_to_convert"]),
                        n=Words(ev.with_n(len(flow.whole), "zh"), ev.with_n(len(flow.whole), "en"))))
    if "difference" in found:
        one, other = flow.groups
        way = Words("区间含0，不能说有差别", "the interval holds 0: no difference is shown") if (found["difference"].low or 0) <= 0 <= (found["difference"].high or 0) else (
            Words("差别不是偶然", "the difference is not chance"))
        made.append(say(zh="“{a}”的转化率减“{b}”：{d}，{way}。", en="Conversion of “{a}” less “{b}”: {d}; {way}.", a=one.name, b=other.name, d=shown(found["difference"]), way=way))
    return (*made, definition(flow, log, by))


def meaning(flow: Flow, found: Found) -> Meaning:
    return Meaning(_says(flow), _sure(flow, found), _next(flow), _change(flow))


def _says(flow: Flow) -> Words:
    verb = "做完" if flow.steps.order == "any" else "走到"
    told = [say(zh="{x}人" + verb + "{step}", en="{x} reach {step}", x=ev.amount(100 * flow.counts[k] / flow.n, "", 0), step=flow.labels[k]) for k in range(1, len(flow.counts))]
    return say(zh="每100个{first}的人里，", en="Of every 100 who do {first}, ", first=flow.labels[0]) + joined(told, zh="，", last_en=" and ") + Words("。", ".")


def _sure(flow: Flow, found: Found) -> Words:
    e = found["conversion"]
    made = say(zh="按{n}人计，转化率的区间半宽{half}", en="With {n} people the interval of the conversion is ±{half}", n=f"{flow.n:,}", half=ev.amount(((e.high or 0) - (e.low or 0)) / 2, "pp"))
    if flow.open:
        return made + say(zh="；其中{open}人还没走完而窗口未结束，真实转化率只会更高。",
                          en="; {open} of them have not got through and their window is still open, so it can only rise.", open=f"{flow.open:,}")
    return made + Words("；没有人的窗口还开着，数字不会再变。", "; no window is still open, so the figures are final.")


def _next(flow: Flow) -> Words:
    k = flow.lowest
    lost, first = flow.counts[k - 1] - flow.counts[k], len(flow.passing) > 1
    if lost == 0:
        return say(zh="各步都没有流失：核对{a}和{b}是不是自动连着上报的，再往后加一步。", en="No step loses anybody: check whether {a} and {b} are sent together, and add a later step.",
                   a=flow.labels[k - 1], b=flow.labels[k])
    zh = "先看停在{a}的{lost}人最后做了什么，找出原因再改这一步，用实验验证" + ("，其他步骤往后放。" if first else "。")
    en = "See what the {lost} people who stop at {a} did last, find out why, and test the change of this step by an experiment" + (" before touching the others." if first else ".")
    return say(zh=zh, en=en, a=flow.labels[k - 1], lost=f"{lost:,}")


def _change(flow: Flow) -> Words:
    ways = flow.passing
    if len(ways) > 1:
        k = flow.lowest
        second = min((j for j in ways if j != k), key=lambda j: flow.counts[j] / flow.counts[j - 1])
        more = max(1, -(-flow.counts[second] * flow.counts[k - 1] // flow.counts[second - 1]) - flow.counts[k])
        return say(zh="若再有{m}人走到{b}，最低的就换成{other}；窗口不取{window}，或事件的口径改了，都要重算。",
                   en="With {m} more people reaching {b}, {other} would be the lowest; another window than {window}, or events that are sent otherwise, ask for a new count.",
                   m=f"{more:,}", b=flow.labels[k], other=_passing(flow, second), window=_window(flow))
    return say(zh="窗口不取{window}，或{a}、{b}的上报口径改了，都要重算。", en="Another window than {window}, or another way of sending {a} and {b}, asks for a new count.",
               window=_window(flow), a=flow.labels[0], b=flow.labels[1])


# ── tables and pictures ───────────────────────────────────────────────────────────────────────────────────────────────


def step_table(flow: Flow, level: float, unit: str, seconds: float) -> ResultTable:
    heads = (ColumnHead("step", Words("步骤", "Step")), ColumnHead("users", Words("人数", "Users"), decimals=0), ColumnHead("lost", Words("流失", "Lost"), decimals=0),
             ColumnHead("from_previous", Words("本步通过", "Of the step before"), "%", 1), ColumnHead("low", Words("下限", "Low"), "%", 1), ColumnHead("high", Words("上限", "High"), "%", 1),
             ColumnHead("from_first", Words("占第1步", "Of step 1"), "%", 1), ColumnHead("median_time", Words("本步用时中位数", "Median time of the step"), unit, 1))
    rows: list[tuple[Any, ...]] = [(flow.labels[0], flow.n, None, None, None, None, 1.0, None)]
    most = flow.steps.window.total_seconds()
    for k in range(1, len(flow.counts)):
        before, here, times = flow.counts[k - 1], flow.counts[k], flow.between[k - 1]
        rows.append((flow.labels[k], here, before - here, *(share(here, before, level) if before else (None, None, None)), here / flow.n,
                     median_time(times, most, level)[0] / seconds if times else None))
    return ResultTable("steps", Words("各步的人数与通过率", "Users and shares by step"), heads, tuple(rows))


def group_table(flow: Flow, level: float, by: str) -> ResultTable:
    heads = (ColumnHead("group", Words.of(by)), ColumnHead("users", Words("第1步人数", "Users at step 1"), decimals=0), ColumnHead("converted", Words("走完人数", "Got through"), decimals=0),
             ColumnHead("conversion", Words("转化率", "Conversion"), "%", 1), ColumnHead("low", Words("下限", "Low"), "%", 1), ColumnHead("high", Words("上限", "High"), "%", 1))
    rows = tuple((g.name, g.counts[0], g.counts[-1], *share(g.counts[-1], g.counts[0], level)) for g in flow.groups)
    return ResultTable("groups", say(zh="按“{by}”的转化率", en="Conversion by “{by}”", by=by), heads, rows)


def _short(words: Words) -> Words:
    return Words(words.zh.strip("“”"), words.en.strip("“”"))


def step_chart(flow: Flow) -> Chart:
    """A bar a step: who reached it, and behind it in grey who reached the step before."""
    labels = [_short(label) for label in flow.labels]

    def build(lang: Lang) -> Any:
        import altair as alt

        rows: list[dict[str, Any]] = []
        for k, count in enumerate(flow.counts):
            before = flow.counts[k - 1] if k else count
            passed = say(zh="（{p}）", en=" ({p})", p=ev.amount(count / before, "%")) if k and before else Words("", "")
            rows.append({"step": f"{k + 1} {labels[k][lang]}", "users": count, "before": before, "text": f"{count:,}{passed[lang]}"})
        base = alt.Chart(alt.InlineData(values=rows)).encode(y=alt.Y("step:N", title=None, sort=None, axis=alt.Axis(labelLimit=220, domain=False), scale=alt.Scale(type="band", padding=0.3)))
        x = alt.X("users:Q", title=Words("人数，灰色为这一步流失的人", "users; in grey those lost at this step")[lang], scale=alt.Scale(domain=[0, flow.n * 1.25], nice=False))
        return alt.layer(base.mark_bar(color="#e2e5e5", opacity=1).encode(x=alt.X("before:Q")), base.mark_bar().encode(x=x),
                         base.mark_text(style="direct-label", align="left", dx=8).encode(x=alt.X("before:Q"), text=alt.Text("text:N"))).properties(height=36 * len(rows))

    told = [say(zh="{step}{x}人", en="{step} {x}", step=flow.labels[k], x=f"{count:,}") for k, count in enumerate(flow.counts)]
    return draw("steps", Words("漏斗：各步的人数与本步通过率", "Funnel: users and share passing each step"), joined(told, zh="，"), build)


def group_chart(flow: Flow, level: float, by: str) -> Chart:
    def strip(group: Group) -> Strip:
        value, low, high = share(group.counts[-1], group.counts[0], level)
        return Strip(say(zh="{g}（n={n}）", en="{g} (n = {n})", g=group.name, n=f"{group.counts[0]:,}"), 100 * low, 100 * value, 100 * high, ev.amount(value, "%").en)

    rows = [strip(group) for group in flow.groups]
    alt = joined([say(zh="{g}：{v}", en="{g}: {v}", g=row.label, v=row.text) for row in rows], zh="；", en="; ")
    title = say(zh="按“{by}”的转化率与区间，虚线为全体", en="Conversion by “{by}” with intervals; dashed: all", by=by)
    return strips("groups", title, alt, rows, Words("转化率（%）", "conversion (%)"), line=100 * flow.counts[-1] / flow.n)


def difference(flow: Flow, level: float) -> tuple[float, float, float] | None:
    """Conversion of the first group less that of the second, Newcombe's interval; None unless there are exactly two."""
    if len(flow.groups) != 2:
        return None
    (x1, n1), (x2, n2) = ((g.counts[-1], g.counts[0]) for g in flow.groups)
    return x1 / n1 - x2 / n2, *intervals.newcombe(x1, n1, x2, n2, level)
