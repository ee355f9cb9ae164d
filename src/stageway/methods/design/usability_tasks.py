"""Can people do the tasks, how long does it take them, and is this version better than the one before?

    completion = x / n, adjusted Wald: z²/2 successes and failures added, ends cut at 0 and 1        a share
    against the benchmark: exact one-sided binomial P(X ≥ x)        all must pass, so that nothing is corrected
    difference of two versions: Newcombe's interval, N − 1 chi-square (Fisher where an expected count is below 1); the same people:
        Newcombe's paired interval, exact McNemar; p by Holm over the tasks        points
    time of those who completed: geometric mean with the t interval of the logarithms, from 25 times on the median        seconds
    errors: mean a person with its score interval (counts are skewed); Garwood's where nothing varies        a count

The probability that a task is the hardest comes from Beta(x + ½, n − x + ½); it takes tasks as independent, which is cautious where the
same people did all of them. Times of failures are not counted: with few completers the time is that of the quick.
Sources: Agresti & Coull (1998), Am. Stat. 52, 119-126; Sauro & Lewis (2005), HFES 49, 2100-2104; Campbell (2007), Stat. Med. 26,
3661-3675; Newcombe (1998), Stat. Med. 17, 873-890 and 2635-2650; Sauro & Lewis (2010), CHI '10, 2347-2350; Sauro & Lewis (2016),
Quantifying the User Experience, 2nd ed., ch. 3-5.
Not for finding out why people fail (watch them), nor for tasks whose success nobody defined before the test.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import attempts, exact, intervals, proportions, success, task_times
from stageway.arithmetic.strips import Strip, strips
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown


@dataclass(frozen=True)
class UsabilityTasksParams(Params):
    benchmark: float = param(0.7, low=0.01, high=0.99, help=Words("完成率要达到的基准", "completion that a task should reach"))
    test: str = param("auto", help=Words("两版（不同的人）的检验", "test of two versions with different people"), choices={
        "auto": Words("N−1卡方，期望数小于1时用Fisher", "N − 1 chi-square, Fisher where an expected count is below 1"),
        "n_minus_1": Words("N−1卡方", "N − 1 chi-square"),
        "fisher": Words("Fisher精确检验", "Fisher's exact test"),
    })
    same_people: bool = param(False, help=Words("两版由同一批人完成，按受访者编号配对", "the same people did both versions: pair by respondent"))
    centre: str = param("auto", help=Words("用时的代表值", "typical time"), choices={
        "auto": Words("完成者不足25人用几何均值，否则用中位数", "geometric mean below 25 completers, else median"),
        "geometric": Words("几何均值", "geometric mean"),
        "median": Words("中位数", "median"),
    })
    draws: int = param(4000, low=200, high=100_000, help=Words("算名次概率的抽样次数", "draws for the probability of a rank"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


@dataclass(frozen=True)
class Task:
    """One task of one version with what can be said of it."""

    data: success.Done
    completion: Estimate
    benchmark_p: float
    time: Estimate | None
    centre: str
    errors: Estimate | None

    @property
    def name(self) -> str:
        return self.data.name

    @property
    def x(self) -> int:
        return self.data.x

    @property
    def n(self) -> int:
        return self.data.n

    @property
    def extreme(self) -> bool:
        return self.x in (0, self.n)

    def side(self, benchmark: float) -> str:
        low, high = self.completion.low or 0.0, self.completion.high or 0.0
        return "above" if low >= benchmark else "below" if high < benchmark else "across"


@dataclass(frozen=True)
class Version:
    tasks: tuple[Task, ...]
    kept: attempts.Kept
    untimed: int

    def task(self, name: str) -> Task | None:
        return next((t for t in self.tasks if t.name == name), None)


@dataclass(frozen=True)
class Difference:
    """A task now less before; `p` as tested, `holm` corrected over the tasks; None where success does not vary."""

    task: Task
    before: Task
    estimate: Estimate
    p: float | None
    holm: float | None

    @property
    def clear(self) -> bool:
        return self.holm is not None and self.holm < 1 - self.estimate.level


CENTRES = {"geometric": Words("几何均值", "geometric mean"), "median": Words("中位数", "median")}


def _read(frame: Frame, params: UsabilityTasksParams) -> Version:
    kept, tasks, untimed = success.read(frame)
    return Version(tuple(_task(task, params) for task in tasks), kept, untimed)


def _task(data: success.Done, params: UsabilityTasksParams) -> Task:
    name, level = data.name, params.level
    completion = Estimate("completion", data.x / data.n, *intervals.adjusted_wald(data.x, data.n, level), key=name, unit="%", n=data.n, kind=Kind.SHARE,
                          level=level, label=say(zh="“{t}”的完成率", en="completion of “{t}”", t=name))
    time, centre, typical = None, "", task_times.typical(data.times, params.centre, level)
    if typical is not None:
        centre, value, low, high = typical
        label = say(zh="“{t}”完成者的用时（{w}）", en="time of those who completed “{t}” ({w})", t=name, w=CENTRES[centre])
        time = Estimate("time_s", value, low, high, key=name, unit="s", n=len(data.times), counts=Words("名完成者", "completers"), level=level, label=label)
    return Task(data, completion, exact.at_least(data.x, data.n, params.benchmark), time, centre, _errors(name, data.errors, level))


def _errors(name: str, errors: success.Array, level: float) -> Estimate | None:
    if not errors.size:
        return None
    label = say(zh="“{t}”的人均出错次数", en="errors a person on “{t}”", t=name)
    if errors.size > 1 and np.ptp(errors) > 0:
        return Estimate("errors", *intervals.mean_count(errors, level), key=name, n=errors.size, level=level, label=label)
    low, high = intervals.poisson(float(errors.sum()), level)
    return Estimate("errors", float(errors.mean()), low / errors.size, high / errors.size, key=name, n=errors.size, level=level, label=label)


def _differences(now: Version, before: Version, params: UsabilityTasksParams) -> list[Difference]:
    made = []
    for task in now.tasks:
        if (old := before.task(task.name)) is None:
            continue
        gap = success.paired(task.data, old.data, params.level) if params.same_people else success.apart(task.data, old.data, params.test, params.level)
        if gap is not None:
            label = say(zh="“{t}”完成率之差（本版减上一版）", en="difference in completion of “{t}”, this version less the one before", t=task.name)
            estimate = Estimate("difference", gap.value, gap.low, gap.high, key=task.name, unit="pp", n=gap.n, level=params.level, label=label)
            made.append(Difference(task, old, estimate, gap.p, None))
    corrected = proportions.holm(np.array([np.nan if d.p is None else d.p for d in made]))
    return [replace(d, holm=None if np.isnan(q) else float(q)) for d, q in zip(made, corrected.tolist(), strict=True)]


def _quoted(tasks: list[Task]) -> Words:
    return joined([Words(f"“{t.name}”", f"“{t.name}”") for t in tasks], zh="", last_en=" and ")


def _n(n: int) -> Words:
    return Words(ev.with_n(n, "zh"), ev.with_n(n, "en"))


def _headline(now: Version, worst: Task, differences: list[Difference], params: UsabilityTasksParams) -> Words:
    goal, at = ev.amount(params.benchmark, "%", 0), worst.side(params.benchmark)
    side = say(zh={"above": "整段不低于{b}", "below": "整段低于{b}", "across": "跨在{b}两边"}[at],
               en={"above": "all of it at {b} or above", "below": "all of it below {b}", "across": "on both sides of {b}"}[at], b=goal)
    slots = {"t": worst.name, "c": shown(worst.completion), "n": _n(worst.n), "side": side}
    first = say(zh="“{t}”的完成率为{c}（{n}），{side}", en="Completion of “{t}” is {c} ({n}), {side}", **slots)
    if len(now.tasks) > 1:
        first = say(zh="{k}个任务中完成率最低的是“{t}”：{c}（{n}），{side}", en="Of {k} tasks “{t}” is completed least: {c} ({n}), {side}", k=len(now.tasks), **slots)
    if not differences:
        return first
    clear = [d for d in differences if d.clear]
    if not clear:
        return first + say(zh="；{k}项与上一版之差都不能排除是偶然", en="; the differences from the version before ({k}) may all be chance", k=len(differences))
    return first + say(zh="；与上一版之差显著的有{list}", en="; significantly different from the version before: {list}", list=joined(
        [say(zh="“{t}”{d}（{p}）", en="“{t}” {d} ({p})", t=d.task.name, d=_signed(d.estimate), p=ev.p_value(d.holm or 0.0)) for d in clear]))


def _signed(e: Estimate) -> Words:
    """+44.2个百分点 [19.5, 63.3] / +44.2 points [19.5, 63.3]."""
    plain = shown(e, 1)
    return Words("+" + plain.zh, "+" + plain.en) if e.value > 0 else plain


def _meaning(now: Version, worst: Task, chance: float | None, differences: list[Difference], params: UsabilityTasksParams) -> ev.Meaning:
    goal = ev.amount(params.benchmark, "%", 0)
    by = {side: [t for t in now.tasks if t.side(params.benchmark) == side] for side in ("above", "across", "below")}
    texts = {"above": ("{t}整段不低于{b}", "{t}: all of the interval at {b} or above"), "across": ("{t}跨在{b}两边", "{t}: on both sides of {b}"),
             "below": ("{t}整段低于{b}", "{t}: all of it below {b}")}
    says = joined([say(zh=texts[s][0], en=texts[s][1], t=_quoted(tasks), b=goal) for s, tasks in by.items() if tasks], zh="；", en="; ")
    sure = [say(zh="“{t}”确为最难一项的概率是{p}", en="“{t}” is the hardest with a probability of {p}", t=worst.name, p=ev.amount(chance, "%", 0))
            ] if chance is not None else [say(zh="只测了这一个任务，人数{n}", en="Only this task was tested, with n = {n}", n=worst.n)]
    if differences:
        sure.append(say(zh="{k}项比较经Holm校正后{c}项显著", en="comparisons significant by Holm: {c} of {k}", k=len(differences), c=sum(d.clear for d in differences)))
    if by["below"]:
        following = say(zh="退回改{t}的流程，改完用同样的任务再测；其余任务照做不动。",
                        en="Rework the path of {t} and test it again with the same task; leave the others as they are.", t=_quoted(by["below"]))
    elif by["across"]:
        following = say(zh="{t}还不能判：先看失败的人卡在哪一步，能改就改，不能改就补人再测。",
                        en="{t} cannot be judged yet: see at which step people failed, mend that, or test more people.", t=_quoted(by["across"]))
    else:
        following = say(zh="这{k}个任务可以按现在的流程开发，上线后用漏斗复核{t}。",
                        en="Build these {k} paths as they are, and check {t} by its funnel after launch.", k=len(now.tasks), t=_quoted([worst]))
    return ev.Meaning(says + Words("。", "."), joined(sure, zh="；", en="; ") + Words("。", "."), following, _change(worst, params))


def _change(worst: Task, params: UsabilityTasksParams) -> Words:
    """How many of the n must complete the task for the whole interval to reach the benchmark."""
    enough = next((x for x in range(worst.n + 1) if intervals.adjusted_wald(x, worst.n, params.level)[0] >= params.benchmark), None)
    goal = ev.amount(params.benchmark, "%", 0)
    if enough is None:
        return say(zh="{n}人全部完成，“{t}”的区间也不会整段达到{b}：要下结论先补人。",
                   en="Even if all {n} completed “{t}” its interval would not lie at {b} or above: more people come first.", n=worst.n, t=worst.name, b=goal)
    if worst.x >= enough:
        return say(zh="{n}人中少于{k}人完成“{t}”（现在{x}人），区间下端就低于{b}；换一批不像目标用户的人要重测。",
                   en="With fewer than {k} of {n} completing “{t}” (now {x}) the interval would reach below {b}; people unlike the target users call for a new test.",
                   k=enough, n=worst.n, t=worst.name, x=worst.x, b=goal)
    return say(zh="{n}人中有{k}人完成“{t}”（现在{x}人），区间才整段不低于{b}；任务说法或成功标准一改，就要重测。",
               en="{k} of {n} would have to complete “{t}” (now {x}) for the whole interval to reach {b}; other wording or success criteria call for a new test.",
               n=worst.n, k=enough, t=worst.name, x=worst.x, b=goal)


def _points(now: Version, differences: list[Difference], params: UsabilityTasksParams) -> list[Words]:
    points = []
    for d in differences:
        if d.p is None:
            continue
        slots = {"t": d.task.name, "a": shown(d.before.completion), "x": d.before.x, "m": d.before.n, "b": shown(d.task.completion), "y": d.task.x, "n": d.task.n,
                 "d": _signed(d.estimate), "p": ev.p_value(d.p), "q": ev.p_value(d.holm or 0.0)}
        if d.clear:
            points.append(say(zh="“{t}”的完成率由{a}（{x}/{m}）变为{b}（{y}/{n}），差{d}，{p}，Holm校正后{q}。",
                              en="Completion of “{t}” went from {a} ({x}/{m}) to {b} ({y}/{n}), a difference of {d}, {p}, {q} by Holm.", **slots))
        else:
            points.append(say(zh="“{t}”由{a}（{x}/{m}）到{b}（{y}/{n}），差{d}，{p}，Holm校正后{q}，不能排除是偶然。",
                              en="“{t}”, from {a} ({x}/{m}) to {b} ({y}/{n}), a difference of {d}, {p}, {q} by Holm, may be chance.", **slots))
        if (faster := _faster(d, params)) is not None:
            points.append(faster)
    for task in now.tasks:
        if task.benchmark_p < (1 - params.level) / 2:
            points.append(say(zh="“{t}”的完成率高于{b}（单侧精确检验，{x}/{n}，{p}）。", en="Completion of “{t}” exceeds {b} (one-sided exact test, {x}/{n}, {p}).",
                              t=task.name, b=ev.amount(params.benchmark, "%", 0), x=task.x, n=task.n, p=ev.p_value(task.benchmark_p)))
    return points


def _seconds(value: float, low: float, high: float) -> Estimate:
    return Estimate("time_s", value, low, high, unit="s")


def _faster(d: Difference, params: UsabilityTasksParams) -> Words | None:
    """The ratio of the geometric means of the two versions, by Welch on the logarithms; for different people only."""
    if params.same_people or d.task.time is None or d.before.time is None:
        return None
    now, before = d.task.data.times, d.before.data.times
    value, low, high, p, _ = intervals.welch(np.log(now), np.log(before), params.level)
    means = [shown(_seconds(*task_times.geometric(times, params.level)), 0) for times in (before, now)]
    ratio = shown(Estimate("ratio", math.exp(value), math.exp(low), math.exp(high), unit="%"), 0)
    return say(zh="“{t}”完成者用时的几何均值由{a}变为{b}，是上一版的{r}，{p}。",
               en="The geometric mean time of completers of “{t}” went from {a} to {b}, {r} of what it was, {p}.",
               t=d.task.name, a=means[0], b=means[1], r=ratio, p=ev.p_value(p))


def _warnings(now: Version, before: Version | None, differences: list[Difference], params: UsabilityTasksParams) -> list[ev.Warning]:
    out: list[ev.Warning] = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    least = min(t.n for t in now.tasks)
    if least < 10:
        warn("small_n", "人数最少的任务只有{n}人：可以列出成败，完成率不作依据。", "The task with the fewest people has {n}: list who failed, but rest nothing on the shares.", n=least)
    elif least < 30:
        warn("small_n", "人数最少的任务有{n}人，不足30人：区间宽，只看得出大的差别。",
             "The task with the fewest people has {n}, fewer than 30: intervals are wide and only large differences show.", n=least)
    for t in now.tasks:
        if t.extreme:
            warn("all_or_none", "“{t}”{x}/{n}完成：这个百分比过于极端，要一个点值时用Laplace估计{p}。",
                 "“{t}” was completed by {x} of {n}: so extreme a share is no forecast; where one value is needed take Laplace's {p}.",
                 t=t.name, x=t.x, n=t.n, p=ev.amount((t.x + 1) / (t.n + 2), "%", 1))
    if "time_s" in now.kept.table and (lost := [t for t in now.tasks if t.time is None]):
        warn("no_time", "{t}的完成者太少或用时全同，用时给不出区间，从略。", "Too few people completed {t}, or their times are all alike: no time is given.", t=_quoted(lost))
    if now.untimed:
        warn("untimed", "{k}次完成没有记用时，只计完成率。", "Completions without a time: {k}; they count for completion only.", k=now.untimed)
    if now.kept.incomplete:
        warn("incomplete", "{k}行缺任务或是否完成，没有计入。", "Rows without a task or without success: {k}, not counted.", k=now.kept.incomplete)
    if now.kept.repeated:
        warn("repeated", "{k}行与同一人的另一行完全相同，只计一次。", "Rows that repeat another of the same person exactly: {k}, counted once.", k=now.kept.repeated)
    if before is not None:
        _versions_warnings(now, before, differences, params, warn)
    return out


def _versions_warnings(now: Version, before: Version, differences: list[Difference], params: UsabilityTasksParams, warn: Callable[..., None]) -> None:
    if unmatched := [t for t in (*now.tasks, *before.tasks) if now.task(t.name) is None or before.task(t.name) is None]:
        warn("task_unmatched", "{t}只在一版里有，不比较。", "{t}: in one version only, not compared.", t=_quoted(unmatched))
    if params.same_people and (lone := [t for t in now.tasks if before.task(t.name) and not any(d.task is t for d in differences)]):
        warn("no_pairs", "{t}没有同一编号的人做过两版，配不成对，不比较。", "Nobody with the same id did {t} in both versions: no pairs, not compared.", t=_quoted(lone))
    if untested := [d.task for d in differences if d.p is None]:
        warn("no_test", "{t}两版的成败没有差异（全成、全败或逐人相同），没有p值，只给差的区间。",
             "{t}: success does not vary between the versions (all, none, or alike person by person); there is no p, only the interval.", t=_quoted(untested))
    mine, theirs = ({who for t in v.tasks for who in t.data.by if who is not None} for v in (now, before))
    if not params.same_people and mine and mine == theirs:
        warn("same_ids", "两版的受访者编号完全相同，按不同的人比较；若是同一批人，请设same_people。",
             "Both versions have the same respondent ids and are compared as different people; if they are the same, set same_people.")


def _tasks_table(now: Version, params: UsabilityTasksParams) -> ResultTable:
    rows = tuple((t.name, f"{t.x}/{t.n}", shown(t.completion), (t.x + 1) / (t.n + 2) if t.extreme else None, t.benchmark_p, shown(t.time, 0) if t.time else None,
                  CENTRES.get(t.centre), shown(t.errors, 1) if t.errors else None) for t in now.tasks)
    heads = (TASK, ColumnHead("done", Words("完成", "Completed")), ColumnHead("completion", Words("完成率", "Completion")),
             ColumnHead("laplace", Words("Laplace", "Laplace"), "%"), ColumnHead("p", say(zh="p（≥{b}）", en="p (≥ {b})", b=ev.amount(params.benchmark, "%", 0)),
                                                                               decimals=3),
             ColumnHead("time", Words("完成者用时", "Time of completers")), ColumnHead("centre", Words("代表值", "Centre")),
             ColumnHead("errors", Words("人均出错", "Errors a person")))
    note = Words("区间为校正Wald（Agresti & Coull 1998）；p为单侧精确二项检验，未校正：各任务都要达到。用时只算完成者。",
                 "Adjusted Wald intervals (Agresti & Coull 1998); p one-sided exact binomial, uncorrected, as every task must pass. Times of completers only.")
    return ResultTable("tasks", Words("各任务的完成率与用时", "Completion and time by task"), heads, rows, note)


TASK = ColumnHead("task", Words("任务", "Task"))


def _versions_table(differences: list[Difference], params: UsabilityTasksParams) -> ResultTable:
    rows = tuple((d.task.name, shown(d.before.completion), shown(d.task.completion), _signed(d.estimate), d.p, d.holm) for d in differences)
    heads = (TASK, ColumnHead("before", Words("上一版", "Before")), ColumnHead("now", Words("本版", "Now")), ColumnHead("difference", Words("差", "Difference")),
             ColumnHead("p", Words("p", "p"), decimals=3), ColumnHead("holm", Words("p（Holm）", "p (Holm)"), decimals=3))
    how = Words("McNemar精确检验，同一批人配对", "exact McNemar, the same people paired") if params.same_people else {
        "fisher": Words("Fisher精确检验", "Fisher's exact test"), "n_minus_1": Words("N−1卡方检验", "N − 1 chi-square"),
        "auto": Words("N−1卡方检验，期望数小于1时用Fisher", "N − 1 chi-square, Fisher where an expected count is below 1"),
    }[params.test]
    return ResultTable("versions", Words("两版的完成率", "Completion of the two versions"), heads, rows, say(zh="{h}。", en="Tested by {h}.", h=how))


def _chart(now: Version, before: Version | None, params: UsabilityTasksParams) -> ev.Chart:
    rows = []
    for task in now.tasks:
        sides = [(task, Words("本版", "now"))]
        if before is not None and (old := before.task(task.name)) is not None:
            sides.insert(0, (old, Words("上一版", "before")))
        for each, which in sides:
            label = say(zh="{t}（{w}）", en="{t} ({w})", t=each.name, w=which) if before is not None else Words.of(each.name)
            e = each.completion
            rows.append(Strip(label, 100 * (e.low or 0.0), 100 * e.value, 100 * (e.high or 0.0), f"{100 * e.value:.1f}% ({each.x}/{each.n})"))
    alt = joined([say(zh="{t} {v}，{x}", en="{t} {v}, {x}", t=r.label, v=r.text, x=f"[{r.low:.1f}, {r.high:.1f}]") for r in rows], zh="；", en="; ")
    title = say(zh="各任务的完成率与区间，虚线为{b}", en="Completion by task with its interval; dashed at {b}", b=ev.amount(params.benchmark, "%", 0))
    return strips("completion", title, alt, rows, Words("完成率（%）", "Completion (%)"), line=100 * params.benchmark)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Thirty people on the new version, twenty-four on the old one, three tasks."""
    def made(n: int, mark: str, chances: dict[str, float]) -> Frame:
        return Frame.of([{
            "respondent": f"{mark}{i + 1}", "task": task, "success": int(rng.random() < chance), "time_s": round(float(rng.lognormal(4, 0.4)), 1),
            "errors": int(rng.poisson(2 * (1 - chance)))} for task, chance in chances.items() for i in range(n)], "example")

    return {"tasks": made(30, "b", {"T1": 0.93, "T2": 0.9, "T3": 0.8}), "against": made(24, "a", {"T1": 0.88, "T2": 0.46, "T3": 0.75})}


_COLUMNS = (
    Column("respondent", "id", Words("受访者", "the person")),
    Column("task", "category", Words("任务", "the task")),
    Column("success", "flag", Words("是否完成（1/0）", "completed or not (1/0)")),
    Column("time_s", "number", Words("用时，秒", "time in seconds"), required=False, low=0),
    Column("errors", "number", Words("出错次数", "number of errors"), required=False, low=0),
)


@method(
    title=Words("任务测试", "Task test"),
    question=Words("用户能完成这些任务吗，要多久，比上一版好吗？", "Can people do the tasks, how long does it take, and is it better than the version before?"),
    reads_as=Words("看完成率的区间是否整段不低于基准；用时只算完成的人；两版之差看Holm校正后的p。",
                   "See whether the whole interval of completion reaches the benchmark; times are of those who completed; judge differences by Holm's p."),
    limit=Words("只说明完不完得成，说不出卡在哪里；主持人在场比自己用时容易成功。",
                "It tells whether people succeed, not where they get stuck; with a moderator beside them they succeed more often than alone."),
    formula="x/n, adjusted Wald (Agresti & Coull 1998; Sauro & Lewis 2005); N-1 chi-square (Campbell 2007); Newcombe 1998; log-t time (Sauro & Lewis 2010)",
    reads=(Reads("tasks", Words("一人一任务一行", "one row a person and task"), _COLUMNS),
           Reads("against", Words("上一版的任务测试", "the task test of the version before"), _COLUMNS, required=False, baseline=True)),
    gives=("completion[]", "time_s[]", "difference[]", "errors[]"),
    params=UsabilityTasksParams,
    example=example,
)
def usability_tasks(tasks: Frame, against: Frame | None, *, params: UsabilityTasksParams, rng: np.random.Generator) -> Finding:
    now = _read(tasks, params)
    before = _read(against, params) if against is not None else None
    differences = _differences(now, before, params) if before is not None else []
    worst = min(now.tasks, key=lambda t: (t.completion.value, t.completion.low))
    chances = success.hardest(np.array([t.x for t in now.tasks], float), np.array([t.n for t in now.tasks], float), params.draws, rng)
    chance = float(chances[now.tasks.index(worst)]) if len(now.tasks) > 1 else None
    per_task = [e for t in now.tasks for e in (t.completion, t.time, t.errors) if e is not None]
    tables = (_tasks_table(now, params), *([_versions_table(differences, params)] if differences else []))
    return Finding(
        headline=_headline(now, worst, differences, params), meaning=_meaning(now, worst, chance, differences, params),
        estimates=(*per_task, *(d.estimate for d in differences)), points=tuple(_points(now, differences, params)), tables=tables,
        charts=(_chart(now, before, params),), warnings=tuple(_warnings(now, before, differences, params)),
    )
