"""Under load, how slow are the slow requests, how many fail, and is this run slower than the last?

p50, p95, p99 = quantiles of the time over all requests, never a mean of quantiles: type 7, x_(k) + g (x_(k+1) − x_(k)), (n − 1) q = k − 1 + g.
Interval by ranks, without a distribution: [x_(r), x_(s)], r and s from the binomial (n, q). Where only a summary is known (k6, Locust), the
interval lies between those known percentiles, minimum and maximum that enclose ranks r and s: wider than needed, never too narrow; without
such percentiles, or with percentiles out of order, no number is given. failure = failed requests / requests, Wilson. throughput = requests a
second, of a complete count. p95_to_previous = p95 now / p95 then, bootstrap, from single requests of both runs. capacity = the load (requests
started a second) from which times grow: the break of a line through the windows of a run whose load was raised; none where it was constant.

Times in ms, shares in fractions of 1. Hyndman and Fan 1996, Am. Stat. 50, 361-365; David and Nagaraja 2003, "Order Statistics", 7.1; Wilson
1927, JASA 22, 209-212. Requests that follow each other are alike: the intervals take them as independent and are too narrow by as much.

Not to be used for tools that wait for the answer (closed model) as if it were the time that users wait: they send less while the server
stalls, and the slow end is understated. Transactions and parts of requests stay out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stageway.arithmetic import order_statistics
from stageway.arithmetic.capacity import Knee, knee_chart, knee_of
from stageway.arithmetic.charts import draw
from stageway.arithmetic.intervals import wilson
from stageway.arithmetic.load_runs import PERCENTILES, Load, Part, load_of
from stageway.evidence import (
    Chart,
    Column,
    ColumnHead,
    Estimate,
    Finding,
    Frame,
    Kind,
    Lang,
    Meaning,
    Params,
    Reads,
    ResultTable,
    Warning,
    Words,
    amount,
    joined,
    method,
    param,
    say,
    shown,
)

REQUESTS = Words("次请求", "requests")
QUANTILES = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))


@dataclass(frozen=True)
class LoadResultsParams(Params):
    draws: int = param(4000, help=Words("两次压测之比的自助法次数", "bootstrap draws for the ratio of two runs"), low=200, high=100_000)
    listed: int = param(20, help=Words("表里列出几个接口", "how many labels the table lists"), low=1, high=500)


# ── estimates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _quantile(name: str, q: float, part: Part) -> Estimate | None:
    """None where it is not known, or nothing encloses it from above or below in a summary."""
    value = part.quantile(q)
    if value is None or not part.n or not part.ordered_known:
        return None
    low, high = part.interval(q)
    if not part.ordered.size and math.isinf(high):
        return None
    return Estimate(name, value, min(low, value), max(high, value), unit="ms", n=part.n, counts=REQUESTS, label=Words(f"耗时{name}", f"Time, {name}"))


def _estimates(load: Load) -> list[Estimate]:
    whole = load.whole
    made = [estimate for name, q in QUANTILES if (estimate := _quantile(name, q, whole)) is not None]
    if whole.judged:
        low, high = wilson(whole.failures, whole.judged)
        label = Words("请求失败率", "Share of failed requests")
        made.append(Estimate("failure", whole.failures / whole.judged, low, high, unit="%", n=whole.judged, counts=REQUESTS, kind=Kind.SHARE, label=label))
    if load.per_s is not None and whole.n:
        made.append(Estimate("throughput", load.per_s, n=whole.n, counts=REQUESTS, kind=Kind.EXACT, label=Words("每秒请求数", "Requests a second")))
    return made


def _ratio(load: Load, before: Load | None, draws: int, rng: np.random.Generator) -> Estimate | None:
    if before is None or not (load.whole.ordered.size and before.whole.ordered.size):
        return None
    try:
        value, low, high = order_statistics.ratio(load.whole.ordered, before.whole.ordered, 0.95, draws, rng)
    except ValueError:
        return None
    label = Words("p95与上次之比", "p95 to last time")
    return Estimate("p95_to_previous", value, low, high, unit="%", n=load.whole.n, counts=REQUESTS, label=label)


def _capacity(knee: Knee | None, n: int) -> tuple[Estimate, ...]:
    if knee is None:
        return ()
    label = Words("容量拐点（每秒请求数）", "Capacity knee (requests a second)")
    return (Estimate("capacity", knee.rate, knee.low, knee.high, n=n, counts=REQUESTS, label=label),)


def _slowest(load: Load) -> list[Part]:
    timed = [part for part in load.labels if part.n and part.quantile(0.95) is not None]
    return sorted(timed, key=lambda part: (-(part.quantile(0.95) or 0), part.label))


def _tables(load: Load, most: int) -> tuple[ResultTable, ...]:
    rows = []
    for part in _slowest(load)[:most]:
        found = _quantile("p95", 0.95, part)
        high = None if found is None or found.high is None or math.isinf(found.high) else found.high
        share = part.failures / part.judged if part.judged else None
        rows.append((part.label or "(?)", part.n, part.quantile(0.5), part.quantile(0.95), high, part.quantile(0.99), share))
    heads = (
        ColumnHead("label", Words("接口", "Request")),
        ColumnHead("n", Words("次数", "n"), decimals=0),
        *(ColumnHead(name, Words(f"{name}（毫秒）", f"{name} (ms)"), "ms", 0) for name in ("p50", "p95")),
        ColumnHead("p95_high", Words("p95区间上端（毫秒）", "p95, upper end (ms)"), "ms", 0),
        ColumnHead("p99", Words("p99（毫秒）", "p99 (ms)"), "ms", 0),
        ColumnHead("failure", Words("失败率", "Failed"), "%"),
    )
    made = [ResultTable("labels", Words("各接口，慢的在前", "By request, the slowest first"), heads, tuple(rows))] if rows else []
    if load.whole.codes:
        codes = sorted(load.whole.codes.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        columns = (ColumnHead("code", Words("返回码", "Code")), ColumnHead("failures", Words("失败次数", "Failures"), decimals=0))
        made.append(ResultTable("codes", Words("失败的返回码", "Codes of failures"), columns, tuple((code or "(?)", count) for code, count in codes)))
    return tuple(made)


def _charts(load: Load, most: int = 12) -> tuple[Chart, ...]:
    found = [(part, estimate) for part in _slowest(load)[:most] if (estimate := _quantile("p95", 0.95, part)) is not None and math.isfinite(estimate.high or math.inf)]
    if not found:
        return ()
    rows = [
        {"label": part.label or "(?)", "low": estimate.low, "p95": estimate.value, "high": estimate.high, "text": f"{estimate.value:,.0f}"}
        for part, estimate in found
    ]

    def build(lang: Lang) -> Any:
        import altair as alt

        base = alt.Chart(alt.InlineData(values=rows)).encode(y=alt.Y("label:N", title=None, sort=None))
        title = Words("p95与95%区间（毫秒）", "p95 with 95% interval (ms)")[lang]
        rules = base.mark_rule().encode(x=alt.X("low:Q", title=title), x2=alt.X2("high:Q"))
        points = base.mark_point(filled=True, size=60).encode(x=alt.X("p95:Q"))
        return alt.layer(rules, points, base.mark_text(dy=-10).encode(x=alt.X("p95:Q"), text=alt.Text("text:N")))

    title = Words("各接口的p95", "p95 by request")
    zh, en = "最慢的是{label}，p95 {p95}；点为p95，线为95%区间", "slowest is {label}, p95 {p95}; points are p95, rules the 95% interval"
    slowest = found[0][0].label or "(?)"
    return (draw("p95", title, say(zh=zh, en=en, label=slowest, p95=amount(found[0][1].value, "ms")), build),)


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _failure(estimate: Estimate) -> Words:
    """Rare failures need more decimals to be told from none."""
    rare = estimate.high is not None and estimate.high < 0.0001
    return shown(estimate, 4 if rare else 2 if estimate.value < 0.01 else None)


def _headline(load: Load, found: Mapping[str, Estimate]) -> Words:
    parts = [say(zh="{count}次请求", en="{count} requests", count=f"{load.whole.n:,}")]
    if "p95" in found:
        parts.append(say(zh="p95 {value}", en="p95 {value}", value=shown(found["p95"])))
    if "failure" in found:
        parts.append(say(zh="失败率{value}", en="{value} failed", value=_failure(found["failure"])))
    if "p95_to_previous" in found:
        parts.append(say(zh="p95是上次的{value}", en="p95 is {value} of last time", value=shown(found["p95_to_previous"])))
    return joined(parts, zh="，")


def _says(load: Load, found: Mapping[str, Estimate]) -> Words:
    slow, failure = _slowest(load), found.get("failure")
    parts = []
    if "p95" in found:
        parts.append(say(zh="每100次请求里最慢的5次超过{p95}", en="the slowest 5 of 100 requests take more than {p95}", p95=amount(found["p95"].value, "ms")))
    if len(slow) > 1:
        p95 = amount(slow[0].quantile(0.95) or 0, "ms")
        parts.append(say(zh="最慢的接口是{label}（p95 {p95}）", en="the slowest request is {label} (p95 {p95})", label=slow[0].label or "(?)", p95=p95))
    if failure is not None:
        parts.append(say(zh="{judged}次里失败{failures}次", en="{failures} of {judged} failed", judged=f"{failure.n:,}", failures=f"{load.whole.failures:,}"))
    if not parts:
        return say(zh="{count}次请求，没有可用的耗时和成败", en="{count} requests, with neither a time nor an outcome that can be used", count=f"{load.whole.n:,}")
    made = joined(parts, zh="；", en="; ")
    return Words(made.zh, made.en[0].upper() + made.en[1:])


def _sure(load: Load, found: Mapping[str, Estimate]) -> Words:
    if "p95" not in found:
        return Words(
            "耗时的百分位给不出：汇总里没有全部请求的，各接口的不能平均",
            "No percentile of the time can be given: the summary has none of all requests, and those of the labels cannot be averaged",
        )
    low, high = found["p95"].low, found["p95"].high
    ends = {"low": amount(low or 0, "ms"), "high": amount(high, "ms") if high is not None and math.isfinite(high) else Words("无上界", "no upper end")}
    if load.single:
        zh = "p95的区间由{n}次请求的次序得出（{low}至{high}），不假设分布；但同一时段的请求彼此相近，真实的不确定更大"
        en = "The interval of p95 comes from the order of {n} requests ({low} to {high}) and assumes no distribution; but neighbours are alike: the truth is less sure"
    else:
        zh = "只有{n}次请求的汇总，p95的区间夹在已知的百分位之间（{low}至{high}），比实际需要的宽；要窄，请导出逐次记录"
        en = "Only a summary of {n} requests is known: p95 lies between known percentiles ({low} to {high}), wider than need be; single requests would narrow it"
    return say(zh=zh, en=en, n=f"{load.whole.n:,}", **ends)


def _next(load: Load, found: Mapping[str, Estimate]) -> Words:
    slow, failure = _slowest(load), found.get("failure")
    rate = say(zh="每秒{rate}次", en="{rate} a second", rate=amount(load.per_s)) if load.per_s is not None else Words("这次的", "that of this run")
    if failure is not None and failure.low is not None and failure.low > 0.01:
        zh = "失败率整个区间都在1%以上，容量不能按这次算：先按返回码查清{failures}次失败，再以{rate}的压力重测"
        en = "All of the failure interval lies above 1%, so no capacity can be read from this run: explain the failures ({failures}), then test at {rate} again"
        return say(zh=zh, en=en, failures=f"{load.whole.failures:,}", rate=rate)
    if len(slow) > 1:
        zh = "上线容量按{rate}的压力写进方案；要再快，先改{label}，它的p95是{p95}"
        en = "Write into the launch plan that capacity was shown at a load of {rate}; to be faster, start with {label}, whose p95 is {p95}"
        return say(zh=zh, en=en, rate=rate, label=slow[0].label or "(?)", p95=amount(slow[0].quantile(0.95) or 0, "ms"))
    zh = "上线容量只能写到{rate}的压力，再高没有证据；预计峰值超过它，就要重做压测"
    en = "Capacity is shown for a load of {rate} and no further: a higher expected peak asks for another test"
    return say(zh=zh, en=en, rate=rate)


def _change(load: Load, found: Mapping[str, Estimate]) -> Words:
    ratio = found.get("p95_to_previous")
    if ratio is not None and ratio.low is not None and ratio.high is not None:
        zh = "现在p95是上次的{ratio}；下次这个区间整个高于100%，就是变慢，要在放行前查明"
        en = "p95 is now {ratio} of last time; an interval all above 100% next time would mean slower, to be explained before release"
        return say(zh=zh, en=en, ratio=shown(ratio))
    return say(
        zh="机器、数据量或并发与线上不同，这{n}次请求就说明不了线上；换成开放模型压测，慢的一端可能更慢",
        en="If machines, data or load differ from production, these {n} requests say little about it; an open model may show a slower slow end",
        n=f"{load.whole.n:,}",
    )


def _points(load: Load, found: Mapping[str, Estimate]) -> tuple[Words, ...]:
    made = []
    if ratio := found.get("p95_to_previous"):
        low, high = ratio.low or 0, ratio.high or 0
        word = Words("变慢", "slower") if low > 1 else Words("变快", "faster") if high < 1 else Words("看不出差别", "no difference to be seen")
        made.append(say(zh="与上次相比{word}：p95之比{ratio}", en="Against last time: {word}; ratio of p95 {ratio}", word=word, ratio=shown(ratio)))
    if "capacity" in found:
        zh, en = "每秒{k}次请求以上，响应时间开始明显变长（容量拐点）", "Above {k} requests a second, times begin to grow (the capacity knee)"
        made.append(say(zh=zh, en=en, k=shown(found["capacity"])))
    if "p99" in found:
        made.append(say(zh="最慢的1%超过{p99}", en="The slowest 1% take more than {p99}", p99=shown(found["p99"])))
    failing = sorted((p for p in load.labels if p.failures), key=lambda p: (-p.failures, p.label))[:3]
    if failing and len(load.labels) > 1:
        each = [say(zh="{label}（{failures}/{n}）", en="{label} ({failures} of {n})", label=p.label or "(?)", failures=f"{p.failures:,}", n=f"{p.n:,}") for p in failing]
        made.append(say(zh="失败最多的接口：{each}", en="Most failures: {each}", each=joined(each)))
    return tuple(made)


# ── warnings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _warnings(load: Load, found: Mapping[str, Estimate], before: Load | None) -> tuple[Warning, ...]:
    made, whole = [], load.whole

    def warn(holds: bool, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            made.append(Warning(code, say(zh=zh, en=en, **slots)))

    n, short = whole.n, [name for name, q in QUANTILES if name in found and whole.n < order_statistics.needed(q)]
    warn(n < 30, "small_n", "只有{n}次请求，请逐次看，不要看百分位", "few requests ({n}): read them one by one, not their percentiles", n=n)
    zh, en = "只有{n}次请求，{names}没有上界（p95要{p95}次，p99要{p99}次）", "too few requests ({n}) for an upper end of {names} (p95 needs {p95}, p99 {p99})"
    needs = {"p95": order_statistics.needed(0.95), "p99": order_statistics.needed(0.99)}
    warn(bool(short), "too_few_for_percentile", zh, en, n=n, names=joined([Words(name, name) for name in short]), **needs)
    zh = "只有汇总，没有逐次记录：区间夹在已知的百分位之间，比实际需要的宽；两次压测无法比较"
    en = "only a summary, no single requests: intervals lie between known percentiles, wider than need be, and two runs cannot be compared"
    warn(not load.single, "summary_only", zh, en)
    absent = [name for name, _ in QUANTILES if name not in found]
    zh, en = "{names}给不出：文件里没有，或没有能夹住它的百分位", "{names} cannot be given: not in the file, or no percentile encloses it"
    warn(bool(absent) and whole.ordered_known, "percentile_unknown", zh, en, names=joined([Words(name, name) for name in absent]))
    zh, en = "汇总里的百分位前后矛盾（高的反而小），耗时都不给出", "the percentiles of the summary contradict each other (a higher one is smaller): no time is given"
    warn(not whole.ordered_known, "percentiles_unordered", zh, en)
    warn(not whole.judged, "outcome_unknown", "没有一次请求写明成败，失败率不知道", "no request tells whether it failed: the share of failures is unknown")
    nameless = sum(part.n for part in load.labels if not part.label)
    zh, en = "有{count}次请求没有名称，合成一个接口", "requests without a name ({count}) are taken as one kind"
    warn(nameless > 0, "labels_missing", zh, en, count=f"{nameless:,}")
    zh, en = "有{count}次请求没有用时，没有计入", "requests without a time ({count}) are not counted"
    warn(load.untimed > 0, "untimed", zh, en, count=f"{load.untimed:,}")
    zh, en = "另有{count}行是事务或请求的一部分，没有计入", "rows that are transactions or parts of requests ({count}) are kept apart"
    warn(load.apart > 0, "kept_apart", zh, en, count=f"{load.apart:,}")
    same = whole.ordered.size > 1 and whole.ordered[0] == whole.ordered[-1]
    warn(bool(same), "times_alike", "全部请求用时相同，计时或被测对象可能是假的", "every request took the same time: the clock or the thing tested may be a stub")
    zh, en = "压测脚本自己的阈值有{count}项没有达到", "thresholds of the load script that were not kept: {count}"
    warn(load.thresholds_failed > 0, "thresholds_failed", zh, en, count=load.thresholds_failed)
    zh, en = "与上次的比值给不出：两次都要有逐次记录，且上次的用时大于0", "no ratio to last time: it needs single requests of both runs, and times above 0 then"
    warn(before is not None and "p95_to_previous" not in found, "not_compared", zh, en)
    return tuple(made)


def _nothing(load: Load) -> Finding:
    text = Words("文件里没有一次可用的请求：压测没有跑起来，或结果没有写全", "the file holds no request that can be used: the test did not run, or its result is not complete")
    meaning = Meaning(
        Words("文件能读，但里面没有一次请求", "The file can be read, but holds no request"),
        Words("没有可数的请求，因此没有数字", "There is nothing to count, so there are no numbers"),
        Words("关口按“不可评定”处理；先让压测真正跑起来，再提交结果", "The gate takes it as not evaluable; make the load test run, then hand in its result"),
        Words("结果里出现第一次请求", "The first request in the result"),
    )
    made = [Warning("no_requests", text)]
    return Finding(Words("没有请求，无法评定", "No request, nothing to judge"), meaning, warnings=tuple(made))


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Four hundred made-up requests of two kinds, one in a hundred of which fails, and as many of the last run."""

    def run(middle: float) -> list[dict[str, object]]:
        times = np.round(middle * np.exp(0.4 * rng.standard_normal(400)), 3)
        return [
            {"label": "GET /books" if i % 3 else "POST /sync", "elapsed_ms": float(t) * (1 if i % 3 else 1.6), "success": i % 100 != 7, "code": "200" if i % 100 != 7 else "503",
             "time_ms": 1_790_000_000_000.0 + 50 * i}
            for i, t in enumerate(times)
        ]

    return {"requests": Frame.of(run(180.0), "run.jtl"), "previous": Frame.of(run(170.0), "last.jtl")}


COLUMNS = (
    Column("label", "text", Words("接口或请求的名称", "name of the request")),
    Column("scope", "category", Words("request、transaction、part，或汇总表的label、all", "request, transaction, part, or label and all in a summary"), required=False),
    Column("elapsed_ms", "number", Words("用时，毫秒", "time in ms"), required=False, low=0),
    Column("success", "flag", Words("是否成功", "whether it succeeded"), required=False),
    Column("code", "text", Words("返回码", "code"), required=False),
    Column("time_ms", "number", Words("开始的时刻，1970年起的毫秒", "start, in ms since 1970"), required=False),
    Column("requests", "number", Words("汇总：请求次数", "summary: number of requests"), required=False, low=0),
    Column("failures", "number", Words("汇总：失败次数", "summary: number of failures"), required=False, low=0),
    *(Column(f"p{q:g}_ms", "number", Words(f"汇总：第{q:g}百分位", f"summary: percentile {q:g}"), required=False, low=0) for q in PERCENTILES),
    Column("min_ms", "number", Words("汇总：最小", "summary: minimum"), required=False, low=0),
    Column("max_ms", "number", Words("汇总：最大", "summary: maximum"), required=False, low=0),
    Column("per_s", "number", Words("汇总：每秒次数", "summary: requests a second"), required=False, low=0),
    Column("thresholds_failed", "number", Words("汇总：没有达到的阈值数", "summary: thresholds not kept"), required=False, low=0),
)


@method(
    title=Words("压测", "Load test"),
    question=Words("压力下慢的请求有多慢，多少失败，比上次慢了吗？", "Under load, how slow are the slow requests, how many fail, and is this run slower than the last?"),
    reads_as=Words("看p95（100次请求里第95慢的时间）和失败率，不看平均值", "Read p95 (the time that 95 of 100 requests stay below) and the failures, not the mean"),
    limit=Words("只说明这台机器、这些数据、这个压力下的表现", "It speaks for this machine, these data and this load only"),
    formula="quantiles of type 7 (Hyndman & Fan 1996) with intervals by ranks (David & Nagaraja 2003); failure = failed / requests, Wilson 1927; ratio of p95 by bootstrap",
    reads=(
        Reads("requests", Words("压测结果：逐次请求，或汇总", "the load test: single requests, or a summary"), COLUMNS),
        Reads("previous", Words("上次的压测结果", "the last load test"), (replace(COLUMNS[0], required=False), *COLUMNS[1:]), required=False, baseline=True),
    ),
    gives=("p50", "p95", "p99", "failure", "throughput", "p95_to_previous", "capacity"),
    params=LoadResultsParams,
    example=example,
)
def load_results(requests: Frame, previous: Frame | None, *, params: LoadResultsParams, rng: np.random.Generator) -> Finding:
    load = load_of(requests)
    if not load.whole.n:
        return _nothing(load)
    before = load_of(previous) if previous is not None else None
    ratio = _ratio(load, before, params.draws, rng)
    knee = knee_of(load.windows, 0.95, rng) if load.windows is not None else None
    estimates: Sequence[Estimate] = (*_estimates(load), *((ratio,) if ratio else ()), *_capacity(knee, load.whole.n))
    found = {estimate.name: estimate for estimate in estimates}
    return Finding(
        _headline(load, found),
        Meaning(_says(load, found), _sure(load, found), _next(load, found), _change(load, found)),
        tuple(estimates),
        _points(load, found),
        _tables(load, params.listed),
        (*_charts(load), *((knee_chart(knee),) if knee else ())),
        warnings=_warnings(load, found, before),
    )
