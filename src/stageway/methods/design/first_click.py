"""Do people click in the right place first, how quickly, and does it decide whether they succeed?

    right = first clicks in the right place / people, Wilson's interval        a share
    time to the first click: geometric mean with the t interval of the logarithms, from 25 people on the median        seconds
    success after a right and after a wrong first click: shares over all tasks, Wilson; difference by Newcombe, Fisher's exact test        points

In Bailey & Wolfson's twelve studies 87 % succeeded after a right first click and 46 % after a wrong one. The probability that a task is
the hardest to start comes from Beta(x + ½, n − x + ½), tasks taken as independent. Fisher's test takes the tasks of a person as
independent; where people did several, p is too small, and easy tasks raise both the right clicks and the success.
Sources: Bailey & Wolfson (2013), FirstClick Usability Testing (webusability.com); Wilson (1927), JASA 22, 209-212; Newcombe (1998), Stat.
Med. 17, 873-890; Fisher (1935), JRSS 98, 39-82; Sauro & Lewis (2010), CHI '10, 2347-2350.
Not for judging the rest of the path: a right first click can still end in failure. Fix what counts as right before the test.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import attempts, exact, intervals, success, task_times
from stageway.arithmetic.scales import natural
from stageway.arithmetic.strips import Strip, strips
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown

CENTRES = {"geometric": Words("几何均值", "geometric mean"), "median": Words("中位数", "median")}
#: Success after a right and after a wrong first click in Bailey & Wolfson's studies.
PUBLISHED = (0.87, 0.46)


@dataclass(frozen=True)
class FirstClickParams(Params):
    benchmark: float = param(0.7, low=0.01, high=0.99, help=Words("首次点击正确率要达到的基准", "share of right first clicks that a task should reach"))
    centre: str = param("auto", help=Words("用时的代表值", "typical time"), choices={
        "auto": Words("不足25人用几何均值，否则用中位数", "geometric mean below 25 people, else median"),
        "geometric": CENTRES["geometric"], "median": CENTRES["median"]})
    draws: int = param(4000, low=200, high=100_000, help=Words("算名次概率的抽样次数", "draws for the probability of a rank"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


@dataclass(frozen=True)
class Task:
    """One task: x of n first clicks were right; `wrong` says where the others went, most frequent first."""

    name: str
    x: int
    n: int
    right: Estimate
    time: Estimate | None
    centre: str
    wrong: tuple[tuple[str, int], ...]

    def side(self, benchmark: float) -> str:
        low, high = self.right.low or 0.0, self.right.high or 0.0
        return "above" if low >= benchmark else "below" if high < benchmark else "across"


@dataclass(frozen=True)
class Outcome:
    """Success after right and after wrong first clicks: (x, n) each; `p` is None where all or none succeeded."""

    right: tuple[int, int]
    wrong: tuple[int, int]
    estimates: tuple[Estimate, ...]
    p: float | None


def _task(name: str, table: Frame, times: attempts.Array, params: FirstClickParams) -> Task:
    mine = table["task"] == name
    good = table["correct"][mine] == 1.0
    x, n = int(good.sum()), int(mine.sum())
    right = Estimate("right", x / n, *intervals.wilson(x, n, params.level), key=name, unit="%", n=n, kind=Kind.SHARE, level=params.level,
                     label=say(zh="“{t}”首次点击正确率", en="right first clicks on “{t}”", t=name))
    own = times[mine][~np.isnan(times[mine])]
    time, centre, typical = None, "", task_times.typical(np.sort(own), params.centre, params.level)
    if typical is not None:
        centre, value, low, high = typical
        label = say(zh="“{t}”到首次点击的用时（{w}）", en="time to the first click on “{t}” ({w})", t=name, w=CENTRES[centre])
        time = Estimate("time_s", value, low, high, key=name, unit="s", n=len(own), level=params.level, label=label)
    places = Counter(p for p in table["place"][mine][~good].tolist() if p is not None) if "place" in table else Counter()
    return Task(name, x, n, right, time, centre, tuple(sorted(places.items(), key=lambda each: (-each[1], natural(each[0])))))


def _outcome(table: Frame, level: float) -> Outcome | None:
    """None where success is not recorded."""
    if "success" not in table or table.missing("success").all():
        return None
    known = ~np.isnan(table["success"])
    good, done = table["correct"][known] == 1.0, table["success"][known] == 1.0
    right, wrong = (int((good & done).sum()), int(good.sum())), (int((~good & done).sum()), int((~good).sum()))
    labels = {"success_after_right": Words("首次点对后的完成率", "success after a right first click"),
              "success_after_wrong": Words("首次点错后的完成率", "success after a wrong first click")}
    clicks, made = Words("次点击", "clicks"), []
    for (name, label), (x, n) in zip(labels.items(), (right, wrong), strict=True):
        if n:
            made.append(Estimate(name, x / n, *intervals.wilson(x, n, level), unit="%", n=n, counts=clicks, kind=Kind.SHARE, level=level, label=label))
    p = None
    if right[1] and wrong[1]:
        ends = (right[0] / right[1] - wrong[0] / wrong[1], *intervals.newcombe(*right, *wrong, level))
        label = Words("点对与点错后的完成率之差", "success after right less after wrong first clicks")
        made.append(Estimate("difference", *ends, unit="pp", n=right[1] + wrong[1], counts=clicks, level=level, label=label))
        p = exact.fisher(*right, *wrong) if 0 < right[0] + wrong[0] < right[1] + wrong[1] else None
    return Outcome(right, wrong, tuple(made), p)


def _quoted(tasks: list[Task]) -> Words:
    return joined([Words(f"“{t.name}”", f"“{t.name}”") for t in tasks], zh="", last_en=" and ")


def _n(n: int) -> Words:
    return Words(ev.with_n(n, "zh"), ev.with_n(n, "en"))


def _headline(tasks: list[Task], worst: Task, outcome: Outcome | None, params: FirstClickParams) -> Words:
    side = say(zh={"above": "整段不低于{b}", "below": "整段低于{b}", "across": "跨在{b}两边"}[worst.side(params.benchmark)],
               en={"above": "all of it at {b} or above", "below": "all of it below {b}", "across": "on both sides of {b}"}[worst.side(params.benchmark)],
               b=ev.amount(params.benchmark, "%", 0))
    slots = {"t": worst.name, "c": shown(worst.right), "n": _n(worst.n), "side": side}
    made = say(zh="“{t}”首次点击正确率{c}（{n}），{side}", en="On “{t}” {c} click right first ({n}), {side}", **slots)
    if len(tasks) > 1:
        made = say(zh="{k}个任务中首次点击最难的是“{t}”：正确率{c}（{n}），{side}",
                   en="Of {k} tasks “{t}” is hardest to start: {c} click right first ({n}), {side}", k=len(tasks), **slots)
    if outcome is None or outcome.p is None:
        return made
    return made + say(zh="；点对后{a}完成，点错后{b}，{p}", en="; {a} succeed after a right first click, {b} after a wrong one, {p}",
                      a=_share(outcome.right), b=_share(outcome.wrong), p=ev.p_value(outcome.p))


def _share(counted: tuple[int, int]) -> Words:
    return ev.amount(counted[0] / counted[1], "%", 0)


def _meaning(tasks: list[Task], worst: Task, chance: float | None, outcome: Outcome | None, params: FirstClickParams) -> ev.Meaning:
    goal = ev.amount(params.benchmark, "%", 0)
    texts = {"above": ("{t}整段不低于{b}", "{t}: all of the interval at {b} or above"), "across": ("{t}跨在{b}两边", "{t}: on both sides of {b}"),
             "below": ("{t}整段低于{b}", "{t}: all of it below {b}")}
    by = {side: [t for t in tasks if t.side(params.benchmark) == side] for side in texts}
    says = joined([say(zh=texts[s][0], en=texts[s][1], t=_quoted(group), b=goal) for s, group in by.items() if group], zh="；", en="; ")
    sure = say(zh="“{t}”确为最难一项的概率是{p}", en="“{t}” is the hardest with a probability of {p}", t=worst.name, p=ev.amount(chance, "%", 0)
               ) if chance is not None else say(zh="只测了这一个任务，{n}人", en="Only this task was tested, with {n} people", n=worst.n)
    if outcome is not None and outcome.p is not None:
        usual, other = (ev.amount(share, "%", 0) for share in PUBLISHED)
        sure += say(zh="；完成率之差按各次点击互相独立检验，{p}（已发表的12项研究为{a}对{b}）",
                    en="; the difference in success is tested with clicks as independent, {p} (12 published studies: {a} against {b})",
                    p=ev.p_value(outcome.p), a=usual, b=other)
    weak = by["below"] or by["across"]
    if weak:
        following = say(zh="先改{t}的入口：名称、位置或层级，改完只测首次点击。",
                        en="Change the way into {t} first: its name, place or level; then test the first click alone.", t=_quoted(weak))
        went = [say(zh="“{t}”点错的多去了“{p}”（{k}/{w}）", en="on “{t}” wrong clicks went to “{p}” ({k} of {w})", t=t.name, p=t.wrong[0][0], k=t.wrong[0][1], w=t.n - t.x)
                for t in weak if t.wrong]
        if went:
            listed = joined(went, zh="；", en="; ")
            following += Words(listed.zh + "。", " " + listed.en[:1].upper() + listed.en[1:] + ".")
    else:
        following = say(zh="各任务的入口可以照做；接着用任务测试看后面的步骤。", en="Keep the ways in as they are, and test the later steps with whole tasks.")
    return ev.Meaning(says + Words("。", "."), sure + Words("。", "."), following, _change(worst, params))


def _change(worst: Task, params: FirstClickParams) -> Words:
    goal = ev.amount(params.benchmark, "%", 0)
    enough = next((x for x in range(worst.n + 1) if intervals.wilson(x, worst.n, params.level)[0] >= params.benchmark), None)
    if enough is None:
        return say(zh="{n}人全部点对，“{t}”的区间也不会整段达到{b}：要下结论先补人。",
                   en="Even if all {n} clicked right on “{t}” its interval would not lie at {b} or above: more people come first.", n=worst.n, t=worst.name, b=goal)
    return say(zh="{n}人中有{k}人点对“{t}”（现在{x}人），区间才整段不低于{b}；改了“算对”的范围要重算。",
               en="{k} of {n} must click right on “{t}” (now {x}) for the whole interval to lie at {b} or above; another area that counts as right changes it.",
               n=worst.n, k=enough, t=worst.name, x=worst.x, b=goal)


def _warnings(kept: attempts.Kept, tasks: list[Task], outcome: Outcome | None) -> list[ev.Warning]:
    out: list[ev.Warning] = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    least = min(t.n for t in tasks)
    if least < 10:
        warn("small_n", "人数最少的任务只有{n}人：可以列出点在哪里，正确率不作依据。", "The task with the fewest people has {n}: list where they clicked, but rest nothing on the shares.",
             n=least)
    elif least < 30:
        warn("small_n", "人数最少的任务有{n}人，不足30人：区间宽，只看得出大的差别。",
             "The task with the fewest people has {n}, fewer than 30: intervals are wide and only large differences show.", n=least)
    if outcome is not None:
        if outcome.p is None:
            warn("no_test", "首次点击全对、全错，或任务全成、全败：不能检验它与完成的关系。",
                 "All first clicks right or wrong, or all or none succeeded: whether the click decides success cannot be tested.")
        elif len(kept.table) > kept.people:
            warn("clustered", "{n}人做了{k}次，检验把同一人的各次当作独立，p偏小；容易的任务两头都高，看分任务的表。",
                 "{n} people made {k} attempts, which the test takes as independent: p is too small, and easy tasks raise both shares; see the table by task.",
                 n=kept.people, k=len(kept.table))
    if "time_s" in kept.table and (lost := [t for t in tasks if t.time is None]):
        warn("no_time", "{t}的用时太少或全同，给不出区间，从略。", "Too few times on {t}, or all alike: no time is given.", t=_quoted(lost))
    if kept.incomplete:
        warn("incomplete", "{k}行缺任务或点击是否正确，没有计入。", "Rows without a task or without the click: {k}, not counted.", k=kept.incomplete)
    if kept.repeated:
        warn("repeated", "{k}行与同一人的另一行完全相同，只计一次。", "Rows that repeat another of the same person exactly: {k}, counted once.", k=kept.repeated)
    return out


def _tasks_table(tasks: list[Task], table: Frame, level: float) -> ResultTable:
    rows = []
    for t in tasks:
        mine = _outcome(table.take(table["task"] == t.name), level)
        after = [f"{x}/{n}" if n else None for x, n in (mine.right, mine.wrong)] if mine else [None, None]
        rows.append((t.name, f"{t.x}/{t.n}", shown(t.right), shown(t.time, 1) if t.time else None, *after, t.wrong[0][0] if t.wrong else None,
                     t.wrong[0][1] if t.wrong else None))
    heads = (ColumnHead("task", Words("任务", "Task")), ColumnHead("hits", Words("点对", "Right")), ColumnHead("right", Words("正确率", "Share right")),
             ColumnHead("time", Words("到首次点击的用时", "Time to first click")), ColumnHead("after_right", Words("点对后完成", "Success after right")),
             ColumnHead("after_wrong", Words("点错后完成", "Success after wrong")), ColumnHead("place", Words("点错最多的地方", "Most wrong clicks on")),
             ColumnHead("times", Words("次数", "Times"), decimals=0))
    return ResultTable("tasks", Words("各任务的首次点击", "First clicks by task"), heads, tuple(rows), Words("正确率为Wilson区间。", "Wilson intervals."))


def _chart(tasks: list[Task], params: FirstClickParams) -> ev.Chart:
    rows = [Strip(Words.of(t.name), 100 * (t.right.low or 0.0), 100 * t.right.value, 100 * (t.right.high or 0.0), f"{100 * t.right.value:.1f}% ({t.x}/{t.n})") for t in tasks]
    alt = joined([say(zh="{t} {v}，{x}", en="{t} {v}, {x}", t=r.label, v=r.text, x=f"[{r.low:.1f}, {r.high:.1f}]") for r in rows], zh="；", en="; ")
    title = say(zh="各任务首次点击正确率与区间，虚线为{b}", en="Right first clicks by task with intervals; dashed at {b}", b=ev.amount(params.benchmark, "%", 0))
    return strips("right", title, alt, rows, Words("首次点击正确率（%）", "Right first clicks (%)"), line=100 * params.benchmark)


def _points(outcome: Outcome | None) -> list[Words]:
    if outcome is None or outcome.p is None:
        return []
    after = {e.name: e for e in outcome.estimates}
    tail = Words("", "") if outcome.p < 0.05 else Words("，不能排除是偶然", "; it may be chance")
    return [say(zh="首次点对后完成{a}（{x}/{m}），点错后{b}（{y}/{n}），差{d}，{p}{tail}。",
                en="Success was {a} ({x}/{m}) after a right first click and {b} ({y}/{n}) after a wrong one, a difference of {d}, {p}{tail}.",
                a=shown(after["success_after_right"]), x=outcome.right[0], m=outcome.right[1], b=shown(after["success_after_wrong"]), y=outcome.wrong[0],
                n=outcome.wrong[1], d=shown(after["difference"]), p=ev.p_value(outcome.p), tail=tail)]


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Thirty people and three tasks; who clicks right first succeeds more often."""
    rows = []
    for task, chance in (("find a book", 0.9), ("change the font", 0.7), ("export notes", 0.5)):
        for i in range(30):
            right = rng.random() < chance
            rows.append({"respondent": f"p{i + 1}", "task": task, "correct": int(right), "time_s": round(float(rng.lognormal(1.5, 0.5)), 1),
                         "success": int(rng.random() < PUBLISHED[0 if right else 1]), "place": "target" if right else str(rng.choice(["menu", "search"]))})
    return {"clicks": Frame.of(rows, "example")}


@method(
    title=Words("首次点击测试", "First-click test"),
    question=Words("用户第一下点对了吗，要多久，点对点错与完成有没有关系？", "Do people click right first, how quickly, and does it go with success?"),
    reads_as=Words("看正确率的区间是否整段不低于基准；再看点对与点错后的完成率差多少。",
                   "See whether the whole interval of right clicks reaches the benchmark, and how much success differs after right and wrong clicks."),
    limit=Words("只看入口找不找得到；点对和完成一起变，不等于点对造成了完成。", "It tells whether people find the way in; that right clicks go with success does not make them its cause."),
    formula="right/n, Wilson 1927; Fisher's exact test of success after right and wrong (Bailey & Wolfson 2013); Newcombe 1998; log-t time (Sauro & Lewis 2010)",
    reads=(Reads("clicks", Words("一人一任务一行", "one row a person and task"), (
        Column("respondent", "id", Words("受访者", "the person")), Column("task", "category", Words("任务", "the task")),
        Column("correct", "flag", Words("第一下是否点对（1/0）", "whether the first click was right (1/0)")),
        Column("time_s", "number", Words("到第一下的用时，秒", "seconds to the first click"), required=False, low=0),
        Column("success", "flag", Words("任务最后是否完成（1/0）", "whether the task was completed in the end (1/0)"), required=False),
        Column("place", "category", Words("点在哪里", "where the click went"), required=False))),),
    gives=("right[]", "time_s[]", "success_after_right", "success_after_wrong", "difference"),
    params=FirstClickParams,
    example=example,
)
def first_click(clicks: Frame, *, params: FirstClickParams, rng: np.random.Generator) -> Finding:
    kept = attempts.kept(clicks, ("correct", "time_s", "success", "place"), Words("没有一行同时有任务和点击是否正确", "no row has both a task and the click"))
    times = attempts.seconds(kept.table, np.ones(len(kept.table), dtype=bool))
    tasks = [_task(name, kept.table, times, params) for name in kept.tasks]
    outcome = _outcome(kept.table, params.level)
    worst = min(tasks, key=lambda t: (t.right.value, t.right.low))
    chances = success.hardest(np.array([t.x for t in tasks], dtype=float), np.array([t.n for t in tasks], dtype=float), params.draws, rng)
    chance = float(chances[tasks.index(worst)]) if len(tasks) > 1 else None
    estimates = [e for t in tasks for e in (t.right, t.time) if e is not None]
    return Finding(
        headline=_headline(tasks, worst, outcome, params), meaning=_meaning(tasks, worst, chance, outcome, params),
        estimates=(*estimates, *(outcome.estimates if outcome else ())), points=tuple(_points(outcome)),
        tables=(_tasks_table(tasks, kept.table, params.level),), charts=(_chart(tasks, params),), warnings=tuple(_warnings(kept, tasks, outcome)),
    )
