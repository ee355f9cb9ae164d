"""What a finding about durations says, in both languages, with its tables and pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import durations, proportions, survival_curves
from stageway.arithmetic.charts import draw
from stageway.arithmetic.lives import Cox, Lives, Part, Ratio
from stageway.arithmetic.strips import Strip, strips
from stageway.evidence import Chart, ColumnHead, Estimate, Kind, Lang, Meaning, ResultTable, Words, joined, say, shown

EVENTS = Words("次离开", "departures")
TIME = {"d": Words("天", "days"), "h": Words("小时", "hours"), "min": Words("分钟", "minutes"), "": Words("单位", "units")}
EVERYBODY = Words("全体", "all")


@dataclass(frozen=True)
class Told:
    """What was found, for those who write it down."""

    lives: Lives
    cox: Cox | None
    found: Mapping[str, Estimate]
    unit: str
    level: float

    @property
    def differ(self) -> bool:
        return self.lives.log_rank is not None and self.lives.log_rank[2] < 0.05


def span(value: float, unit: str) -> Words:
    """30天 / 30 days."""
    made = ev.amount(value, unit, 0 if value == round(value) else None)
    if not unit:
        return say(zh="{t}个单位", en="{t} units", t=made)
    return Words(made.zh, "1 day") if made.en == "1 days" else made


def rate_label(unit: str) -> Words:
    per = {"d": Words("人天", "person-days"), "h": Words("人时", "person-hours"), "min": Words("人分钟", "person-minutes")}.get(unit, Words("单位时间", "units of time"))
    return say(zh="每100{per}离开", en="Departures per 100 {per}", per=per)


def ratios(cox: Cox | None, lives: Lives, level: float) -> Iterator[Estimate]:
    from scipy.special import chdtrc

    if cox is None or cox.fit is None:
        return
    for r in cox.ratios:
        yield Estimate("hazard_ratio", math.exp(r.coefficient), math.exp(r.low), math.exp(r.high), key=r.key, n=cox.n, level=level,
                       label=say(zh="风险比，{what}", en="Hazard ratio, {what}", what=r.label))
    if math.isfinite(cox.fit.ratio_of_all):
        p = float(chdtrc(len(cox.ratios), cox.fit.ratio_of_all))
        yield Estimate("ph_p", p, n=cox.events, counts=EVENTS, kind=Kind.EXACT, label=Words("风险比不随时间变的检验p", "p of the test that ratios stay the same over time"))


# ── sentences ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _n(told: Told) -> Words:
    return say(zh="n={n}，已离开{d}", en="n = {n}, {d} have left", n=f"{told.lives.n:,}", d=f"{told.lives.events:,}")


def _kept(told: Told) -> list[Estimate]:
    return [e for name, e in told.found.items() if name.startswith("survival[")]


def headline(told: Told) -> Words:
    median, kept = told.found.get("median"), _kept(told)
    if median is not None:
        made = say(zh="一半的人在{median}以内离开（{n}）", en="Half have left within {median} ({n})", median=shown(median), n=_n(told))
    elif told.lives.events and kept:
        made = say(zh="{t}后还有{share}没有离开（{n}），离开的不到一半", en="After {t}, {share} are still there ({n}); fewer than half have left",
                   t=span(float(kept[-1].key or 0), told.unit), share=shown(kept[-1]), n=_n(told))
    else:
        made = say(zh="观察期内没有一个人离开（n={n}），停留时间估不出", en="Nobody has left while observed (n = {n}): how long they stay cannot be estimated", n=f"{told.lives.n:,}")
    if told.lives.log_rank is None:
        return made
    verdict = Words("各组不同", "the groups differ") if told.differ else Words("看不出各组不同", "no difference between groups is shown")
    return made + say(zh="；{verdict}，{p}", en="; {verdict}, {p}", verdict=verdict, p=ev.p_value(told.lives.log_rank[2]))


def meaning(told: Told) -> Meaning:
    return Meaning(_says(told), _sure(told), _next(told), _change(told))


def _says(told: Told) -> Words:
    kept = _kept(told)
    if not kept:
        return say(zh="{n}人中离开{d}人。", en="{d} of {n} people have left.", n=f"{told.lives.n:,}", d=f"{told.lives.events:,}")
    parts = [say(zh="{t}后还剩{x}人", en="{x} are left after {t}", t=span(float(e.key or 0), told.unit), x=ev.amount(100 * e.value, "", 0)) for e in kept]
    return Words("每100个开始的人，", "Of every 100 who begin, ") + joined(parts, zh="，", last_en=" and ") + Words("。", ".")


def _sure(told: Told) -> Words:
    there = told.lives.n - told.lives.events
    made = say(zh="{d}人都已离开，没有只看到一半的人", en="All {d} have left, so that nobody was seen for a part of the time only", d=f"{told.lives.events:,}") if not there else say(
               zh="把握取决于离开的{d}人；还在的{c}人只算到看见的那一天",
               en="What is known rests on the {d} who left; the {c} still there count as long as they were seen", d=f"{told.lives.events:,}", c=f"{there:,}")
    median = told.found.get("median")
    if median is not None and not math.isfinite(median.high or 0.0):
        return made + Words("，中位数的上端还定不下来。", ", and the upper end of the median is still open.")
    if median is not None:
        return made + say(zh="，中位数的区间是{m}。", en=", and the median lies in {m}.", m=f"[{ev.amount(median.low or 0).en}, {ev.amount(median.high or 0).en}]")
    return made + Words("，走的人不到一半，中位数不给。", ", and fewer than half left, so no median is given.")


def halves(told: Told) -> tuple[tuple[float, int], tuple[float, int], float, float] | None:
    """(rate per 100, departures) up to a quarter of the longest time and after it, that quarter, p that both are alike; None without departures in both."""
    lives = told.lives
    cut = float(f"{lives.times.max() / 4:.2g}")
    early, late = int((lives.ended & (lives.times <= cut)).sum()), int((lives.ended & (lives.times > cut)).sum())
    at_risk = float(np.minimum(lives.times, cut).sum()), float(np.maximum(lives.times - cut, 0).sum())
    if not early or not late or min(at_risk) <= 0:
        return None
    z = (math.log(early / at_risk[0]) - math.log(late / at_risk[1])) / math.sqrt(1 / early + 1 / late)
    return (100 * early / at_risk[0], early), (100 * late / at_risk[1], late), cut, proportions.p_of_z(z)


def _next(told: Told) -> Words:
    if not told.lives.events:
        return Words("继续观察到有人离开再估；现在只能写“尚无人离开”，不能写“留得住”。", "Go on until some have left; for now write that nobody has left yet, not that they stay.")
    if told.lives.n < 10:
        return say(zh="人太少，不作预测：把这{n}人的经过逐个看一遍，再收集至少30人。", en="Too few for a forecast: look at each of these {n}, then collect at least 30.", n=told.lives.n)
    seen = halves(told)
    if seen is not None and seen[3] < 0.05 and seen[0][0] > seen[1][0]:
        return say(zh="走得最快的是开头：{cut}以内每100份时间走{a}人，以后{b}人（{p}）；挽留和引导要放在{cut}以内。",
                   en="They leave fastest at the start: {a} per 100 of time within {cut}, {b} later ({p}); guidance and reminders belong within {cut}.",
                   cut=span(seen[2], told.unit), a=ev.amount(seen[0][0], "", 2), b=ev.amount(seen[1][0], "", 2), p=ev.p_value(seen[3]))
    if told.differ and len(told.lives.groups) == 2:
        gap = told.found.get("rmst_difference")
        first, second = (group.name for group in (told.lives.groups if gap is None or gap.value > 0 else told.lives.groups[::-1]))
        return say(zh="“{a}”和“{b}”分开定目标和预测；先弄清“{a}”走得更早缺了什么，再用实验看能不能补上。",
                   en="Set targets and forecasts for “{a}” and “{b}” apart; find out what “{a}”, who leave sooner, lack, then test whether it can be given.", a=first, b=second)
    median = told.found.get("median")
    if median is not None:
        return say(zh="收入和客服按中位{m}的停留来估，回本期长于它的渠道要先停；离开的人在离开时问原因。",
                   en="Plan revenue and support for a median stay of {m}, pause channels that pay back later than that, and ask people why when they leave.", m=ev.amount(median.value, told.unit))
    return say(zh="只用看得到的时间作预测，不外推；已离开的{d}人逐个问原因。", en="Forecast only as far as has been seen, and ask each of the {d} who left why.", d=f"{told.lives.events:,}")


def _change(told: Told) -> Words:
    rate = told.found.get("hazard")
    there = told.lives.n - told.lives.events
    if rate is None:
        return Words("出现观察了一段时间的人", "People who have been observed for some time")
    if not there:
        return say(zh="补上还没有离开的人以后曲线会变长；新的一批若每100份时间离开的不在[{a}, {b}]之内，也要重算。",
                   en="Once those who have not left are added, times grow longer; a new group that leaves at a rate outside [{a}, {b}] per 100 of time also asks for a new count.",
                   a=ev.amount(rate.low or 0, "", 3), b=ev.amount(rate.high or 0, "", 3))
    return say(zh="若还在的{c}人今后离开的快慢超出每100份时间[{a}, {b}]，或失去联系的人正是要走的人，曲线就要改。",
               en="If the {c} still there come to leave at a rate outside [{a}, {b}] per 100 of time, or those lost to sight are the ones about to leave, the curve changes.",
               c=f"{there:,}", a=ev.amount(rate.low or 0, "", 3), b=ev.amount(rate.high or 0, "", 3))


def points(told: Told) -> tuple[Words, ...]:
    made = []
    medians = [(group, told.found.get(f"median[{group.name}]")) for group in told.lives.groups]
    if told.lives.log_rank is not None:
        each = [say(zh="“{g}”{m}", en="“{g}” {m}", g=group.name, m=shown(e) if e else Words("未到一半", "not reached")) for group, e in medians[:6]]
        made.append(say(zh="停留时间中位数：{each}；对数秩检验{p}。", en="Median time: {each}; log-rank test {p}.", each=joined(each), p=ev.p_value(told.lives.log_rank[2])))
    if (gap := told.found.get("rmst_difference")) is not None:
        label = gap.words()
        made.append(say(zh="{label}：{d}。", en="{label}: {d}.", label=label, d=shown(gap)))
    if told.cox is not None and told.cox.ratios:
        corrected = proportions.holm(np.array([r.p for r in told.cox.ratios]))
        strong = sorted((float(p), r.key, r) for p, r in zip(corrected, told.cox.ratios, strict=True) if p < 0.05)
        for p, _, r in strong[:3]:
            ratio = told.found[f"hazard_ratio[{r.key}]"]
            way = Words("更容易离开", "leave sooner") if ratio.value > 1 else Words("更不容易离开", "stay longer")
            made.append(say(zh="{what}：风险比{ratio}，{p}（Holm），{way}。", en="{what}: hazard ratio {ratio}, {p} (Holm): they {way}.", what=r.label, ratio=shown(ratio), p=ev.p_value(p), way=way))
        if not strong:
            made.append(say(zh="Cox模型的{k}项没有一项能说与离开有关。", en="Of the Cox model's coefficients ({k}), none can be said to go with leaving.", k=len(told.cox.ratios)))
    return tuple(made)


# ── tables and pictures ───────────────────────────────────────────────────────────────────────────────────────────────


def tables(told: Told, times: tuple[float, ...]) -> tuple[ResultTable, ...]:
    made = [_life_table(told, times)]
    if told.cox is not None and told.cox.ratios:
        made.append(_cox_table(told.cox))
    return (*made, _curve_table(told))


def _life_table(told: Told, times: tuple[float, ...]) -> ResultTable:
    heads = (ColumnHead("group", Words("组别", "Group")), ColumnHead("time", Words("时间", "Time"), told.unit), ColumnHead("at_risk", Words("还在观察", "At risk"), decimals=0),
             ColumnHead("left", Words("已离开", "Have left"), decimals=0), ColumnHead("survival", Words("仍在", "Still there"), "%", 1),
             ColumnHead("low", Words("下限", "Low"), "%", 1), ColumnHead("high", Words("上限", "High"), "%", 1))
    rows: list[tuple[Any, ...]] = []
    for part in told.lives.parts:
        for t in times:
            found = survival_curves.share_after(part.times, part.ended, t, told.level)
            rows.append((part.name or EVERYBODY, t, int((part.times >= t).sum()), int((part.ended & (part.times <= t)).sum()), *(found or (None, None, None))))
    return ResultTable("survival", Words("到各时间仍在的占比", "Share still there by time"), heads, tuple(rows))


def _cox_table(cox: Cox) -> ResultTable:
    heads = (ColumnHead("term", Words("项", "Term")), ColumnHead("ratio", Words("风险比", "Hazard ratio"), decimals=2), ColumnHead("low", Words("下限", "Low"), decimals=2),
             ColumnHead("high", Words("上限", "High"), decimals=2), ColumnHead("coefficient", Words("系数", "Coefficient"), decimals=3),
             ColumnHead("error", Words("标准误", "Standard error"), decimals=3), ColumnHead("p", Words("p", "p"), decimals=3), ColumnHead("constancy", Words("比例性p", "p of constancy"), decimals=3))
    rows = tuple((r.label, math.exp(r.coefficient), math.exp(r.low), math.exp(r.high), r.coefficient, r.error, r.p, r.constancy) for r in cox.ratios)
    assert cox.fit is not None
    note = say(zh="{n}行、{d}次离开；似然比检验χ²={x}，自由度{k}；标准误{how}",
               en="{n} rows, {d} departures; likelihood ratio χ² = {x}, df {k}; standard errors {how}", n=f"{cox.n:,}", d=f"{cox.events:,}",
               x=ev.amount(cox.fit.chi_square, "", 2), k=len(cox.ratios), how=Words("稳健", "robust") if cox.robust else Words("由模型", "from the model"))
    return ResultTable("cox", Words("Cox比例风险模型", "Cox proportional hazards model"), heads, rows, note)


def _curve_table(told: Told) -> ResultTable:
    heads = (ColumnHead("group", Words("组别", "Group")), ColumnHead("time", Words("时间", "Time"), told.unit), ColumnHead("survival", Words("仍在", "Still there"), "%", 1),
             ColumnHead("low", Words("下限", "Low"), "%", 1), ColumnHead("high", Words("上限", "High"), "%", 1))
    rows = tuple((part.name or EVERYBODY, *row) for part in told.lives.parts for row in _steps(part, told.level)[1:])
    return ResultTable("curve", Words("Kaplan-Meier曲线", "Kaplan-Meier curve"), heads, rows)


def _steps(part: Part, level: float) -> list[tuple[float, float, float, float]]:
    """(time, share, low, high) from 0 on, thinned to about 200 of a long curve."""
    curve = durations.lasting(part.times, part.ended)
    low, high = survival_curves.bands(curve, level)
    step = max(1, curve.times.size // 200)
    kept = [i for i in range(curve.times.size) if i % step == 0 or i == curve.times.size - 1]
    return [(0.0, 1.0, 1.0, 1.0), *((float(curve.times[i]), float(curve.still[i]), float(low[i]), float(high[i])) for i in kept)]


def curve_chart(told: Told) -> Chart:
    parts = told.lives.parts[:6]

    def build(lang: Lang) -> Any:
        import altair as alt

        names = [part.name or EVERYBODY[lang] for part in parts]
        rows: list[dict[str, Any]] = []
        for part, name in zip(parts, names, strict=True):
            steps = _steps(part, told.level)
            end = float(part.times.max())
            rows += [{"time": round(t, 4), "share": round(s, 5), "low": round(a, 5), "high": round(b, 5), "group": name} for t, s, a, b in [*steps, (end, *steps[-1][1:])]]
        last = [[row for row in rows if row["group"] == name][-1] for name in names]
        base = alt.Chart(alt.InlineData(values=rows))
        x = alt.X("time:Q", title=Words(f"时间（{TIME[told.unit].zh}）", f"time ({TIME[told.unit].en})")[lang], scale=alt.Scale(nice=False))
        y = alt.Y("share:Q", title=Words("仍在", "still there")[lang], axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
        colour = alt.Color("group:N", legend=None, sort=names)
        layers = [base.mark_area(interpolate="step-after", opacity=0.16).encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour),
                  base.mark_line(interpolate="step-after").encode(x=x, y=y, color=colour, strokeDash=alt.StrokeDash("group:N", legend=None, sort=names))]
        if len(parts) > 1:
            layers.append(alt.Chart(alt.InlineData(values=last)).mark_text(style="direct-label", align="right", dy=-10).encode(x=x, y=y, text=alt.Text("group:N")))
        return alt.layer(*layers)

    told_parts = [say(zh="{g}：{n}人，离开{d}", en="{g}: {n} people, {d} left", g=part.name or EVERYBODY, n=f"{part.n:,}", d=f"{part.events:,}") for part in parts]
    return draw("curve", Words("仍在的占比随时间的变化（Kaplan-Meier），带为区间", "Share still there over time (Kaplan-Meier), with intervals"), joined(told_parts, zh="；", en="; "), build)


def ratio_charts(told: Told) -> tuple[Chart, ...]:
    if told.cox is None or not told.cox.ratios:
        return ()

    def strip(r: Ratio) -> Strip:
        return Strip(r.label, math.exp(r.low), math.exp(r.coefficient), math.exp(r.high), f"{math.exp(r.coefficient):.2f}")

    rows = [strip(r) for r in told.cox.ratios[:15]]
    alt = joined([say(zh="{what} {v}", en="{what} {v}", what=row.label, v=row.text) for row in rows], zh="；", en="; ")
    return (strips("ratios", Words("风险比与区间，虚线为1", "Hazard ratios with intervals; dashed at 1"), alt, rows, Words("风险比", "hazard ratio"), line=1.0),)
