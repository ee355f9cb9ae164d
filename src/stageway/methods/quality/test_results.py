"""Did the tests pass, and can the result be believed?

pass rate = passed / (passed + failed + error), skipped cases apart; Wilson score interval.
flaky = cases that failed and then passed on a rerun in the same run / all cases; Wilson score interval.
failed after rerun, cases, skipped: counts of a census, without interval. cases to previous = cases now / cases last time.

Shares in fractions of 1, times in seconds. Wilson 1927, "Probable inference, the law of succession, and statistical inference",
JASA 22, 209-212. In-run flakiness as Surefire and pytest-rerunfailures report it. A case is flaky within a run (seen here) or over the
history of one branch (Kowalczyk et al. 2020, ICSE-SEIP, "Modeling and ranking flaky tests at Apple": flip rate over many runs); two runs of
different revisions show neither, so a changed outcome is reported by itself and never counted as flaky.

Not to be used as a measure of coverage: it says nothing about what no case tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stageway.arithmetic.intervals import wilson
from stageway.arithmetic.testruns import BAD, Case, Change, Run, compared, run_of, slowest
from stageway.evidence import (
    Column,
    ColumnHead,
    Estimate,
    Finding,
    Frame,
    Kind,
    Meaning,
    Params,
    Reads,
    ResultTable,
    Warning,
    Words,
    amount,
    method,
    param,
    say,
    shown,
    with_n,
)

OUTCOMES = {
    "passed": Words("通过", "passed"),
    "skipped": Words("跳过", "skipped"),
    "failed": Words("失败", "failed"),
    "error": Words("出错", "error"),
}
CASES = Words("项用例", "cases")


@dataclass(frozen=True)
class TestResultsParams(Params):
    """How many rows the table of the slowest has, and of what the flaky cases are a share."""

    __test__ = False

    slowest: int = param(10, help=Words("最慢的用例列出几项", "how many of the slowest cases are listed"), low=1, high=100)
    flaky_of: str = param(
        "cases",
        help=Words("不稳定用例占什么的比例", "what the flaky cases are a share of"),
        choices={
            "cases": Words("全部用例，含跳过的", "all cases, skipped ones included"),
            "executed": Words("执行了的用例", "the cases that were executed"),
        },
    )


# ── estimates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _exact(name: str, value: float, n: int, label: Words, unit: str = "") -> Estimate:
    return Estimate(name, float(value), unit=unit, n=n, counts=CASES, kind=Kind.EXACT, label=label)


def _share(name: str, x: int, n: int, label: Words) -> Estimate:
    low, high = wilson(x, n)
    return Estimate(name, x / n, low, high, unit="%", n=n, counts=CASES, kind=Kind.SHARE, label=label)


def _estimates(run: Run, flaky_seen: bool, flaky_of: str, change: Change | None) -> tuple[Estimate, ...]:
    n = len(run.cases)
    made = [_exact("cases", n, n, Words("用例数", "Test cases")), _exact("skipped", run.count("skipped"), n, Words("跳过的用例", "Skipped cases"))]
    if run.executed:
        made += [
            _exact("passed", run.count("passed"), n, Words("通过的用例", "Passed cases")),
            _exact("failed_after_rerun", len(run.failures), n, Words("重跑后失败数", "Failures after rerun")),
            _share("pass_rate", run.count("passed"), run.executed, Words("通过率", "Pass rate")),
        ]
        if flaky_seen:
            made.append(_share("flaky", len(run.flaky), n if flaky_of == "cases" else run.executed, Words("不稳定用例占比", "Flaky cases")))
    if change is not None:
        made.append(_exact("cases_to_previous", n / change.cases, n, Words("用例数与上次之比", "Cases to last time"), "%"))
    return tuple(made)


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _since(case: Case, change: Change | None) -> Words | None:
    if change is None:
        return None
    before = change.before.get(case.key)
    if before is None:
        return Words("上次没有此用例", "not there last time")
    return say(zh="上次{status}", en="{status} last time", status=OUTCOMES[before])


def _tables(run: Run, change: Change | None, slow: Sequence[Case]) -> tuple[ResultTable, ...]:
    name, suite = ColumnHead("name", Words("用例", "Case")), ColumnHead("suite", Words("测试集", "Suite"))
    message = ColumnHead("message", Words("信息首行", "First line of the message"))
    made = []
    if run.failures:
        status, before = ColumnHead("status", Words("结果", "Outcome")), ColumnHead("before", Words("上次", "Last time"))
        heads = (name, suite, status, message, *((before,) if change else ()))
        failed = tuple((c.title, c.suite, OUTCOMES[c.status], c.first_line, *((_since(c, change),) if change else ())) for c in run.failures)
        made.append(ResultTable("failures", Words("未通过的用例", "Cases that failed"), heads, failed))
    if run.flaky:
        attempts = ColumnHead("attempts", Words("尝试次数", "Attempts"), decimals=0)
        rerun = tuple((c.title, c.suite, c.attempts, c.first_line) for c in run.flaky)
        made.append(ResultTable("flaky", Words("重跑后才通过的用例", "Cases that passed only on a rerun"), (name, suite, attempts, message), rerun))
    if slow:
        time = ColumnHead("time_s", Words("用时（秒）", "Time (s)"), "s", 2)
        made.append(ResultTable("slowest", Words("最慢的用例", "Slowest cases"), (name, suite, time), tuple((c.title, c.suite, c.time_s) for c in slow)))
    return tuple(made)


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _named(titles: Sequence[str], most: int = 3) -> Words:
    head = list(titles[:most])
    more = len(titles) > most
    return Words("、".join(head) + ("等" if more else ""), ", ".join(head) + (" and others" if more else ""))


def _fine(estimate: Estimate) -> Words:
    """A share near 0 or 1 needs two decimals to be told from it."""
    return shown(estimate, 2 if 0 < min(estimate.value, 1 - estimate.value) < 0.01 else None)


def _cases(count: int) -> Words:
    return Words(f"{count:,}项用例", f"{count:,} case" + ("" if count == 1 else "s"))


def _headline(run: Run, estimates: Mapping[str, Estimate], change: Change | None) -> Words:
    if "pass_rate" not in estimates:
        return say(zh="{cases}全部跳过，没有一项执行", en="{cases}, all skipped, none executed", cases=_cases(len(run.cases)))
    last = say(zh="；上次{cases}项", en="; {cases} last time", cases=f"{change.cases:,}") if change else Words("", "")
    return say(
        zh="{cases}，通过{passed}、失败{failed}、跳过{skipped}，通过率{rate}（{n}）{last}",
        en="{cases}: {passed} passed, {failed} failed, {skipped} skipped; pass rate {rate} ({n}){last}",
        cases=_cases(len(run.cases)),
        passed=f"{run.count('passed'):,}",
        failed=f"{len(run.failures):,}",
        skipped=f"{run.count('skipped'):,}",
        rate=_fine(estimates["pass_rate"]),
        n=Words(with_n(run.executed, "zh"), with_n(run.executed, "en")),
        last=last,
    )


def _says(run: Run) -> Words:
    failed, flaky, executed = [c.short for c in run.failures], [c.short for c in run.flaky], f"{run.executed:,}"
    if failed:
        return say(
            zh="执行{executed}，{failed}处{how}未通过：{names}",
            en="{executed} executed, {failed} failed{how}: {names}",
            executed=_cases(run.executed),
            failed=f"{len(failed):,}",
            how=Words("重跑后仍", " even after reruns") if all(c.attempts > 1 for c in run.failures) else Words("", ""),
            names=_named(failed),
        )
    if flaky:
        return say(
            zh="执行的{executed}项用例最后都通过；其中{flaky}项先失败、重跑才通过，不算干净通过：{names}",
            en="Every executed case ({executed}) passed in the end; {flaky} only on a rerun, which is no clean pass: {names}",
            executed=executed,
            flaky=f"{len(flaky):,}",
            names=_named(flaky),
        )
    return say(zh="执行的{executed}项用例全部第一次就通过", en="Every executed case ({executed}) passed at the first attempt", executed=executed)


def _sure(run: Run, estimates: Mapping[str, Estimate]) -> Words:
    flaky = estimates.get("flaky")
    if flaky is None or flaky.low is None or flaky.high is None:
        return say(
            zh="用例逐项数出，没有抽样误差；但报告里没有重跑记录，{failed}处失败是缺陷还是不稳定，分不出来",
            en="Cases were counted one by one; but no rerun is recorded, so for the failures ({failed}) defect and flakiness cannot be told apart",
            failed=f"{len(run.failures):,}",
        )
    places = 2 if flaky.value < 0.01 else 1
    return say(
        zh="用例逐项数出，没有抽样误差；区间说的是不稳定：同样条件下再跑，先失败、重跑才通过的用例约占{low}至{high}",
        en="Cases were counted one by one; the interval is about flakiness: in another run alike, {low} to {high} would pass only on a rerun",
        low=amount(flaky.low, "%", places),
        high=amount(flaky.high, "%", places),
    )


def _next(run: Run, change: Change | None) -> Words:
    if run.failures:
        fresh = len(change.new) if change else 0
        extra = say(zh="，先查新增的{fresh}项", en=", the new ones ({fresh}) first", fresh=fresh) if 0 < fresh < len(run.failures) else Words("", "")
        return say(
            zh="不能据此放行：{failed}处失败当天指派到人{extra}；修复后重跑全部用例，不只重跑失败的",
            en="This does not release: each failure ({failed}) gets a person the same day{extra}; then run all cases again, not only those that failed",
            failed=f"{len(run.failures):,}",
            extra=extra,
        )
    if run.flaky:
        return say(
            zh="功能上没有用例挡住放行；{flaky}项不稳定的各定一人和期限，上线后再失败时才分得清是缺陷还是环境",
            en="No case stands in the way of release; each flaky one ({flaky}) gets an owner and a date, or a later failure cannot be told from noise",
            flaky=f"{len(run.flaky):,}",
        )
    if run.count("skipped"):
        return say(
            zh="功能上没有用例挡住放行；跳过的{skipped}项什么也没有证明，放行前由测试负责人逐项说明",
            en="No case stands in the way of release; the skipped ones ({skipped}) prove nothing, and the test lead explains each before release",
            skipped=f"{run.count('skipped'):,}",
        )
    return say(
        zh="功能上没有用例挡住放行：{executed}项都执行了，没有跳过的需要说明",
        en="No case stands in the way of release: all were executed ({executed}), and no skipped one needs a word",
        executed=f"{run.executed:,}",
    )


def _change(run: Run, change: Change | None) -> Words:
    if change is None:
        return say(
            zh="没有上次的报告可比，{cases}项里有没有悄悄消失的用例看不出来；补上之后，少于上次就要改判",
            en="There is no earlier report, so nobody sees whether cases have vanished from these {cases}; with one, a smaller count would change the verdict",
            cases=f"{len(run.cases):,}",
        )
    return say(
        zh="候选版本换了提交，或者下次少于{cases}项（上次{before}项），这个结论就作废，要重跑",
        en="Another commit in the release candidate, or a next run of fewer than {cases} cases ({before} last time), and this no longer holds",
        cases=f"{len(run.cases):,}",
        before=f"{change.cases:,}",
    )


def _points(run: Run, estimates: Mapping[str, Estimate], change: Change | None, slow: Sequence[Case]) -> tuple[Words, ...]:
    made = []
    if change is not None and (change.new or change.mended):
        listed = say(zh="（{names}）", en=" ({names})", names=_named([name for _, name in change.new])) if change.new else Words("", "")
        zh = "与上次相比，新增失败{new}项{listed}，修好{mended}项；两次若不是同一提交，结果变了不等于不稳定"
        en = "Against last time: new failures {new}{listed}, mended {mended}; unless both ran on one revision, a changed outcome is no flakiness"
        made.append(say(zh=zh, en=en, new=f"{len(change.new):,}", listed=listed, mended=f"{len(change.mended):,}"))
    if change is not None and change.vanished:
        zh, en = "上次有、这次没有的用例：{gone}项（{names}）", "Cases of last time that are not there now: {gone} ({names})"
        made.append(say(zh=zh, en=en, gone=f"{len(change.vanished):,}", names=_named([name for _, name in change.vanished])))
    if run.flaky and "flaky" in estimates:
        zh, en = "重跑后才通过的{flaky}项，占{share}：{names}", "Passed only on a rerun: {flaky}, {share}: {names}"
        made.append(say(zh=zh, en=en, flaky=f"{len(run.flaky):,}", share=_fine(estimates["flaky"]), names=_named([c.short for c in run.flaky])))
    total = sum(case.time_s for case in run.cases if case.time_s == case.time_s)
    if len(slow) > 1:
        zh = "最慢的是{name}，{time}；最慢的{count}项占全部用时{total}的{share}"
        en = "The slowest is {name} at {time}; the slowest {count} take {share} of all {total}"
        share = amount(sum(case.time_s for case in slow) / total, "%")
        made.append(say(zh=zh, en=en, name=slow[0].short, time=amount(slow[0].time_s, "s"), count=len(slow), total=amount(total, "s"), share=share))
    return tuple(made)


# ── warnings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _warnings(run: Run, flaky_seen: bool, previous: Run | None) -> tuple[Warning, ...]:
    made = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        made.append(Warning(code, say(zh=zh, en=en, **slots)))

    if run.suite_errors:
        zh = "{count}处错误发生在用例之外（准备、收集或清理），按失败计；它们后面的用例可能根本没有执行"
        en = "errors outside any case (set-up, collection, tear-down; {count}) count as failures; cases behind them may never have run"
        warn("suite_errors", zh, en, count=len(run.suite_errors))
    if not run.executed:
        zh = "{count}项用例没有一项执行，通过率、失败数和不稳定都无从谈起"
        en = "not one case ({count}) was executed: there is no pass rate, no number of failures and no flakiness"
        warn("none_executed", zh, en, count=len(run.cases))
    elif run.executed < 30:
        zh = "只执行了{count}项用例，比例的区间很宽；请看逐项的表，不要看比例"
        en = "few cases were executed ({count}), the intervals of the shares are wide; read the cases one by one"
        warn("small_n", zh, en, count=run.executed)
    if run.executed and not flaky_seen:
        zh = "有用例失败而报告里没有一次重跑，不稳定的比例看不出来，不给出"
        en = "cases failed and the report records no rerun: the share of flaky cases cannot be seen and is not given"
        warn("no_reruns", zh, en)
    elif once := sum(case.attempts == 1 for case in run.cases if case.status in BAD):
        zh = "{count}项失败没有重跑过，里面可能有不稳定的，所以不稳定占比只会偏低"
        en = "failures that were never rerun ({count}) may hide flaky cases, so the share of flaky cases can only be too low"
        warn("not_rerun", zh, en, count=once)
    if repeated := sum(len(each.cases) - len(each.outcomes()) for each in (run, previous) if each is not None):
        zh = "{count}项用例与另一项同名，各按一项计；与上次比较时同名的按最坏结果算"
        en = "cases share their name with another ({count}), and each counts; against last time the worst outcome of a name is taken"
        warn("names_repeated", zh, en, count=repeated)
    if previous is not None and not previous.cases:
        warn("previous_empty", "上次的报告里没有用例，无法比较", "the earlier report holds no case: there is nothing to compare with")
    return tuple(made)


def _nothing(run: Run) -> Finding:
    text = say(
        zh="报告里没有一项用例：测试没有执行，或报告没有写全；没有证据不等于没有失败",
        en="the report holds no test case: no test was executed, or the report is not complete; no evidence is not the same as no failure",
    )
    meaning = Meaning(
        Words("报告能读，但里面没有用例", "The report can be read, but holds no case"),
        Words("没有可数的用例，因此没有数字", "There is nothing to count, so there are no numbers"),
        Words("关口按“不可评定”处理；先让测试真正跑起来，再提交报告", "The gate takes it as not evaluable; make the tests run, then hand in the report"),
        Words("报告里出现第一项用例", "The first case in the report"),
    )
    errors = tuple(w for w in _warnings(run, True, None) if w.code == "suite_errors")
    warnings = (Warning("no_cases", text), *errors)
    return Finding(Words("没有用例，无法评定", "No test case, nothing to judge"), meaning, tables=_tables(run, None, []), warnings=warnings)


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Sixty made-up cases, two of which pass on a rerun only, one fails, two are skipped; last time there were fifty-eight."""
    statuses = ["passed"] * 57 + ["failed", "skipped", "skipped"]
    order = rng.permutation(len(statuses))
    rows = [
        {
            "suite": "reader",
            "classname": f"reader.test_{'abc'[i % 3]}",
            "name": f"test_{i:02d}",
            "status": statuses[i],
            "time_s": round(float(rng.exponential(0.4)), 3),
            "flaky": i < 2,
            "attempts": 2 if i < 2 else 3 if statuses[i] == "failed" else 1,
            "message": "AssertionError: expected 3, got 2" if statuses[i] == "failed" or i < 2 else None,
            "file": "junit.xml",
            "scope": "case",
        }
        for i in order
    ]
    before = [{**row, "status": "passed", "flaky": False, "attempts": 1, "message": None} for row in rows if row["name"] not in ("test_03", "test_04")]
    return {"tests": Frame.of(rows, "junit.xml"), "previous": Frame.of(before, "junit_previous.xml")}


COLUMNS = (
    Column("name", "text", Words("用例的名称", "name of the case")),
    Column("status", "category", Words("结果：passed、failed、error、skipped", "outcome: passed, failed, error, skipped")),
    Column("classname", "text", Words("类或模块", "class or module"), required=False),
    Column("suite", "text", Words("测试集", "suite"), required=False),
    Column("time_s", "number", Words("用时，秒", "duration in seconds"), required=False, low=0),
    Column("flaky", "flag", Words("失败后重跑才通过", "passed only on a rerun"), required=False),
    Column("attempts", "number", Words("尝试次数", "number of attempts"), required=False, low=1),
    Column("message", "text", Words("失败的信息", "message of the failure"), required=False),
    Column("scope", "category", Words("case，或 suite：用例之外的错误", "case, or suite for an error outside any case"), required=False),
)


@method(
    title=Words("测试结果", "Test results"),
    question=Words("测试通过了吗？这个结果可信吗？", "Did the tests pass, and can the result be believed?"),
    reads_as=Words("按用例计数；重跑后才通过的记为不稳定，不算干净通过", "Cases are counted; one that passes only on a rerun is flaky, which is no clean pass"),
    limit=Words("没有用例覆盖的地方，它一句也说不了", "It says nothing about what no case tests"),
    formula="pass rate = passed / (passed + failed + error); flaky = failed, then passed on a rerun / cases; Wilson score interval (Wilson 1927, JASA 22)",
    reads=(
        Reads("tests", Words("JUnit报告，每行一项用例", "the JUnit report, one row a case"), COLUMNS),
        Reads("previous", Words("上次放行时的报告", "the report of the last release"), COLUMNS, required=False, baseline=True),
    ),
    gives=("cases", "passed", "failed_after_rerun", "skipped", "flaky", "pass_rate", "cases_to_previous"),
    params=TestResultsParams,
    example=example,
)
def test_results(tests: Frame, previous: Frame | None, *, params: TestResultsParams, rng: np.random.Generator) -> Finding:
    run = run_of(tests)
    if not run.cases:
        return _nothing(run)
    before = run_of(previous) if previous is not None else None
    change = compared(run.outcomes(), before.outcomes(), len(before.cases)) if before is not None and before.cases else None
    flaky_seen = "flaky" in tests and (run.retries or not run.failures)
    estimates = _estimates(run, flaky_seen, params.flaky_of, change)
    named = {estimate.name: estimate for estimate in estimates}
    slow = slowest(run.cases, params.slowest)
    if not run.executed:
        meaning = _nothing(run).meaning
    else:
        meaning = Meaning(_says(run), _sure(run, named), _next(run, change), _change(run, change))
    return Finding(
        _headline(run, named, change),
        meaning,
        estimates,
        _points(run, named, change, slow),
        _tables(run, change, slow),
        warnings=_warnings(run, flaky_seen, before),
    )
