"""What do short questionnaires say after a task or a test: UMUX-Lite, SEQ, NASA-TLX?

Whatever the table has is scored, a questionnaire only where the person answered all of it; with several tasks a person counts once, by
the mean of his or her own scores.

    UMUX-Lite = (useful + easy - 2) × 100 / 12 from 7 steps (UX-Lite: / 8 from 5)        0 to 100
    SUS equivalent = 0.65 UMUX-Lite + 22.9        22.9 to 87.9; the line was fitted to 7 steps, and its own error is not in the interval
    SEQ = one answer, 1 very difficult to 7 very easy        1 to 7; means of 5.3 to 5.6 are typical
    NASA-TLX raw = mean of six loads; weighted = Σ weight × load / 15, weights from 15 pairs        0 to 100, more is more load
    interval of a mean: t, cut at the ends of the scale; expanded BCa bootstrap (Hesterberg 2015) below `small` people
    probability that a task or load is the worst: bootstrap of the people who answered for all of them

Sources: Lewis, Utesch & Maher (2013), CHI '13, 2099-2102; Sauro & Dumas (2009), CHI '09, 1599-1608; Hart & Staveland (1988), Human Mental
Workload, 139-183; Hart (2006), HFES 50, 904-908 (raw TLX).
Not for an absolute verdict on load: NASA-TLX has no threshold, compare tasks or versions. Items translated by oneself do not compare.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import bootstrap, intervals, scales, short_scales
from stageway.arithmetic.short_scales import LOADS, SEQ_TYPICAL, UMUX, WEIGHTS, WRITTEN, Array
from stageway.arithmetic.strips import Strip, strips
from stageway.arithmetic.sus_scale import MEAN_OF_STUDIES, grade
from stageway.evidence import Column, ColumnHead, Estimate, Finding, Frame, Kind, Params, Reads, ResultTable, Words, joined, method, param, say, shown


@dataclass(frozen=True)
class QuestionnaireScoresParams(Params):
    umux_steps: str = param("7", help=Words("UMUX-Lite的级数", "steps of the UMUX-Lite"), choices={
        "7": Words("7级（原版）", "7 steps (the original)"), "5": Words("5级（UX-Lite）", "5 steps (UX-Lite)")})
    tlx_scale: str = param("100", help=Words("NASA-TLX的记法", "how NASA-TLX ratings are written"), choices={
        "100": Words("0～100", "0 to 100"), "20": Words("0～20格", "marks 0 to 20"), "21": Words("1～21格", "marks 1 to 21")})
    performance: str = param("failure", help=Words("NASA-TLX“自评表现”的方向", "direction of performance in the NASA-TLX"), choices={
        "failure": Words("越高越差（原版：完美到失败）", "higher is worse (original: perfect to failure)"),
        "success": Words("越高越好，计分时倒过来", "higher is better, turned round for the score")})
    interval: str = param("auto", help=Words("均值区间的算法", "interval of the mean"), choices={
        "auto": Words("人数少于small用BCa，否则用t区间", "BCa below `small` people, else t"), "t": Words("t区间", "t interval"),
        "bca": Words("BCa自助法", "BCa bootstrap")})
    small: int = param(15, low=2, high=100, help=Words("少于这么多人时auto用BCa", "below this many people auto takes BCa"))
    draws: int = param(4000, low=200, high=100_000, help=Words("自助法次数", "bootstrap draws"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


@dataclass(frozen=True)
class Scale:
    """A scored questionnaire: one value a row, NaN where incomplete. `low`, `high` are the ends of the scale."""

    id: str
    name: Words
    values: Array
    low: float
    high: float


@dataclass(frozen=True)
class Worst:
    """A task or a load with the worst mean, and the probability that it is the worst."""

    name: Words
    mean: Estimate
    p: float


@dataclass(frozen=True)
class Scored:
    """A scale with its mean over people, and over people by task; a mean is None where there is no interval."""

    scale: Scale
    people: Array
    mean: Estimate | None
    tasks: tuple[tuple[str, Estimate | None, int], ...]
    worst: Worst | None
    incomplete: int


NAMES = {
    "umux_lite": Words("UMUX-Lite", "UMUX-Lite"), "seq": Words("SEQ", "SEQ"), "tlx": Words("NASA-TLX（不加权）", "raw NASA-TLX"),
    "tlx_weighted": Words("NASA-TLX（加权）", "weighted NASA-TLX"),
}


def _answers(frame: Frame, columns: tuple[str, ...], low: float, high: float, *, whole: bool) -> Array:
    """Rows × columns; a value outside [low, high], or broken where it must be whole, is a DataError with row, column and value."""
    expected = say(zh="{a}～{b}的{k}", en="{k} from {a} to {b}", a=f"{low:g}", b=f"{high:g}", k=Words("整数", "a whole number") if whole else Words("数", "a number"))
    out = np.column_stack([scales.rated(frame, name, expected) for name in columns])
    with np.errstate(invalid="ignore"):
        wrong = np.argwhere((out < low) | (out > high) | (whole & (out % 1 != 0) & ~np.isnan(out)))
    if wrong.size:
        i, j = wrong[0].tolist()
        raise frame.wrong(columns[j], i, expected)
    return out


def _has(frame: Frame, columns: tuple[str, ...]) -> bool:
    return all(name in frame for name in columns)


def _scales(frame: Frame, params: QuestionnaireScoresParams) -> list[Scale]:
    """Every questionnaire whose columns are all there."""
    out = []
    if _has(frame, UMUX):
        steps = int(params.umux_steps)
        items = _answers(frame, UMUX, 1, steps, whole=True)
        out.append(Scale("umux_lite", NAMES["umux_lite"], short_scales.umux_lite(items[:, 0], items[:, 1], steps), 0, 100))
    if "seq" in frame:
        out.append(Scale("seq", NAMES["seq"], _answers(frame, ("seq",), 1, 7, whole=True)[:, 0], 1, 7))
    if _has(frame, tuple(LOADS)):
        made = _loads(frame, params)
        out.append(Scale("tlx", NAMES["tlx"], made.mean(axis=1), 0, 100))
        if _has(frame, WEIGHTS):
            weights = _answers(frame, WEIGHTS, 0, 5, whole=True)
            broken = np.flatnonzero(~np.isnan(weights).any(axis=1) & (weights.sum(axis=1) != short_scales.PAIRS))
            if broken.size:
                raise frame.wrong(WEIGHTS[0], int(broken[0]), Words("六个权重之和为15（15次两两比较）", "six weights that add up to 15 (15 pairs)"))
            out.append(Scale("tlx_weighted", NAMES["tlx_weighted"], short_scales.weighted_load(made, weights), 0, 100))
        out += [Scale(name, LOADS[name], made[:, i], 0, 100) for i, name in enumerate(LOADS)]
    if not out:
        what = Words("没有一种问卷的列是齐的", "no questionnaire has all of its columns")
        expected = say(zh="{u}（UMUX-Lite），或seq（SEQ），或{t}（NASA-TLX）", en="{u} (UMUX-Lite), or seq (SEQ), or {t} (NASA-TLX)", u=", ".join(UMUX), t=", ".join(LOADS))
        raise ev.DataError("questionnaire_unknown", what, where=ev.Where(file=frame.source or None), expected=expected)
    return out


def _loads(frame: Frame, params: QuestionnaireScoresParams) -> Array:
    return short_scales.loads(_answers(frame, tuple(LOADS), *WRITTEN[params.tlx_scale], whole=False), params.tlx_scale, params.performance == "success")


def _mean(scale: Scale, values: Array, params: QuestionnaireScoresParams, rng: np.random.Generator, task: str | None = None) -> Estimate | None:
    """None below two values or where they are all alike."""
    values = np.sort(values)
    if values.size < 2 or np.ptp(values) < 1e-9:
        return None
    mean, low, high, _, n = intervals.mean_t(values, params.level)
    kind = Kind.MEAN
    if params.interval == "bca" or (params.interval == "auto" and n < params.small):
        low, high = bootstrap.bca(lambda w: w @ values / n, n, params.draws, rng, params.level, expanded=True)
        kind = Kind.OTHER
    subscale = scale.id in LOADS
    name, key = ("load", scale.id) if subscale else (scale.id, task)
    label = say(zh="{s}（“{t}”）", en="{s} of “{t}”", s=scale.name, t=task) if task is not None else scale.name
    return Estimate(name, mean, max(scale.low, min(low, mean)), min(scale.high, max(high, mean)), key=key, n=n, kind=kind, level=params.level, label=label)


def _score(frame: Frame, scale: Scale, params: QuestionnaireScoresParams, rng: np.random.Generator) -> Scored:
    whole = ~np.isnan(scale.values)
    who = _who(frame)
    own: dict[object, list[float]] = {}
    for i in np.flatnonzero(whole).tolist():
        own.setdefault(who[i], []).append(float(scale.values[i]))
    people = np.sort(np.array([np.mean(np.sort(values)) for values in own.values()]))
    tasks, worst = [], None
    if "task" in frame and scale.id not in LOADS:
        names = sorted({t for t in frame["task"].tolist() if t is not None}, key=scales.natural)
        for name in names:
            mine = scale.values[whole & (frame["task"] == name)]
            tasks.append((name, _mean(scale, mine, params, rng, name), int(mine.size)))
        cells = dict(zip(zip(who, frame["task"].tolist(), strict=True), scale.values.tolist(), strict=True))
        table = np.array([[cells.get((each, name), np.nan) for name in names] for each in sorted(set(map(str, who)))])
        worst = _worst([(Words(f"“{name}”", f"“{name}”"), e) for name, e, _ in tasks], table, scale.id in ("umux_lite", "seq"), params, rng)
    return Scored(scale, people, _mean(scale, people, params, rng), tuple(tasks), worst, int((~whole).sum()))


def _who(frame: Frame) -> list[str]:
    """The person of each row; rows without a person are a person each."""
    names = frame["respondent"].tolist() if "respondent" in frame else [None] * len(frame)
    return [name if name is not None else f"\0{i}" for i, name in enumerate(names)]


def _worst(means: list[tuple[Words, Estimate | None]], table: Array, lowest: bool, params: QuestionnaireScoresParams, rng: np.random.Generator) -> Worst | None:
    """Of two or more means, one a column of people × columns; None where nobody has all of them, or one has no interval."""
    known = [(name, e) for name, e in means if e is not None]
    if len(known) < max(2, len(means)) or len(full := table[~np.isnan(table).any(axis=1)]) < 2:
        return None
    chances = short_scales.p_first(full[np.lexsort(full.T)], params.draws, rng, lowest=lowest)
    at = min(range(len(known)), key=lambda i: (known[i][1].value if lowest else -known[i][1].value, i))
    return Worst(*known[at], float(chances[at]))


def _once(frame: Frame) -> None:
    """DataError where a person has two rows (on one task, where there are tasks)."""
    if "respondent" not in frame:
        return
    tasks = frame["task"].tolist() if "task" in frame else [None] * len(frame)
    seen: set[tuple[str, str | None]] = set()
    for i, key in enumerate(zip(frame["respondent"].tolist(), tasks, strict=True)):
        if key[0] is None:
            continue
        if key in seen:
            what = say(zh="受访者{who}有两份答卷", en="respondent {who} has two questionnaires", who=key[0])
            todo = Words("请只保留其中一份；若是不同任务，请给出task列", "keep one of the two; if they are of different tasks, give the column task")
            raise ev.DataError("answered_twice", what, where=ev.Where(file=frame.source or None, row=int(frame.rows[i])), todo=todo)
        seen.add(key)


def _equivalent(umux: Estimate) -> Estimate:
    value, low, high = (float(short_scales.sus_equivalent(v if v is not None else 0.0)) for v in (umux.value, umux.low, umux.high))
    return Estimate("sus_equivalent", value, low, high, n=umux.n, kind=umux.kind, level=umux.level, label=Words("折算的SUS", "SUS equivalent"))


def _n(n: int | None) -> Words:
    return Words(ev.with_n(n, "zh"), ev.with_n(n, "en"))


def _headline(main: list[Scored]) -> Words:
    parts = [say(zh="{s}为{m}（{n}）", en="{s} is {m} ({n})", s=s.scale.name, m=shown(s.mean, 1), n=_n(s.mean.n)) for s in main if s.mean is not None]
    parts += [say(zh="{s}尚不能给出均值和区间（{n}）", en="no mean of {s} with an interval yet ({n})", s=s.scale.name, n=_n(len(s.people))) for s in main if s.mean is None]
    made = joined(parts, zh="；", en="; ")
    return Words(made.zh, made.en[:1].upper() + made.en[1:])


def _leading(main: list[Scored]) -> list[Scored]:
    """The weighted NASA-TLX stands for the raw one where there are both."""
    weighted = any(s.scale.id == "tlx_weighted" for s in main)
    return [s for s in main if s.scale.id != "tlx" or not weighted]


def _heaviest(frame: Frame, loads: list[Scored], params: QuestionnaireScoresParams, rng: np.random.Generator) -> Worst | None:
    if not loads:
        return None
    rows = np.column_stack([s.scale.values for s in loads])
    full = ~np.isnan(rows).any(axis=1)
    rows, who = rows[full], np.array(_who(frame))[full]
    table = np.array([np.sort(rows[who == each], axis=0).mean(axis=0) for each in sorted(set(who.tolist()))])
    return _worst([(s.scale.name, s.mean) for s in loads], table, False, params, rng)


def _says(s: Scored) -> Words | None:
    e = s.mean
    if e is None:
        return None
    if s.scale.id == "umux_lite":
        sus = _equivalent(e)
        return say(zh="UMUX-Lite折算的SUS约{m}，等级{g}（各项研究的均值是68）", en="The UMUX-Lite stands for a SUS of about {m}, grade {g} (studies average 68)",
                   m=ev.amount(sus.value, "", 1), g=grade(sus.value)[0])
    if s.scale.id == "seq":
        low, high = SEQ_TYPICAL
        side = Words("整段高于", "all above") if (e.low or 0) > high else Words("整段低于", "all below") if (e.high or 0) < low else Words("没有整段偏离", "not all outside")
        return say(zh="SEQ的区间{s}常见的{a}～{b}", en="the interval of the SEQ is {s} the usual {a} to {b}", s=side, a=f"{low:g}", b=f"{high:g}")
    return say(zh="{n}平均{m}，没有公认的及格线，只宜比较任务或版本", en="{n} averages {m}; it has no pass mark, compare tasks or versions", n=s.scale.name,
               m=ev.amount(e.value, "", 1))


def _sentence(parts: list[Words]) -> Words:
    made = joined(parts, zh="；", en="; ")
    return Words(made.zh + "。", made.en[:1].upper() + made.en[1:] + ".")


def _meaning(main: list[Scored], heavy: Worst | None) -> ev.Meaning:
    main = _leading(main)
    says = [text for s in main if (text := _says(s))]
    if not says:
        listed = joined([say(zh="{s}：{v}", en="{s}: {v}", s=s.scale.name, v=", ".join(f"{v:.4g}" for v in s.people[:20])) for s in main], zh="；", en="; ")
        return ev.Meaning(listed + Words("。", "."), Words("人太少或分数全同，给不出区间，均值不作依据。", "Too few people, or all scores alike: there is no interval, and no decision rests on it."),
                          Words("再请目标用户填写，至少凑到12人。", "Have more target users fill it in, 12 in all at least."),
                          Words("有了两种以上分数的答卷，就能给出均值和区间。", "Two or more questionnaires with different scores give a mean and an interval."))
    sure = [say(zh="{s}{n}人，个人之间的标准差{sd}", en="{s}: {n} people with an SD of {sd}", s=s.scale.name, n=len(s.people),
                sd=ev.amount(float(s.people.std(ddof=1)), "", 1)) for s in main if s.mean is not None]
    if any(s.scale.id == "umux_lite" and s.mean for s in main):
        sure.append(Words("折算SUS的回归误差没有计入区间", "the error of the conversion to SUS is not in the interval"))
    following = [say(zh="先改{s}最差的{t}（{m}，确为最差的概率{p}）", en="begin with {t}, worst by {s} ({m}, probability of being so {p})", s=s.scale.name, t=w.name,
                     m=shown(w.mean, 1), p=ev.amount(w.p, "%", 0)) for s in main if (w := s.worst)][:1]
    if heavy is not None:
        following.append(say(zh="六项负荷中{x}最高（{m}，确为最高的概率{p}），从造成它的步骤改起",
                             en="of the six loads {x} is highest ({m}, probability of being so {p}): begin with the steps that cause it", x=heavy.name,
                             m=shown(heavy.mean, 1), p=ev.amount(heavy.p, "%", 0)))
    if not following:
        following = [Words("与任务完成率一起看：分数低的人卡在哪一步，就改哪一步", "read it with task success: mend the step at which people with low scores got stuck")]
    change = [say(zh="{s}的区间半宽{h}，人数增到4倍才减半", en="the interval of {s} reaches {h} to each side, and only 4 times the people halve it", s=s.scale.name,
                  h=ev.amount(((s.mean.high or 0) - (s.mean.low or 0)) / 2, "", 1)) for s in main if s.mean is not None][:1]
    return ev.Meaning(_sentence(says), _sentence(sure), _sentence(following), _sentence([*change, Words("换了人群、任务或译文要重测", "other people, tasks or wording call for a new test")]))


def _warnings(frame: Frame, main: list[Scored], loads: list[Scored], params: QuestionnaireScoresParams) -> list[ev.Warning]:
    out: list[ev.Warning] = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    least = min(len(s.people) for s in main)
    if least < 10:
        warn("small_n", "只有{n}人：可以列出分数，均值不作依据。", "{n} people only: list the scores, but rest nothing on the means.", n=least)
    elif least < 30:
        warn("small_n", "{n}人，不足30人：只看得出大的差别。", "{n} people, fewer than 30: only large differences show.", n=least)
    for s in main:
        n, name = len(s.people), s.scale.name
        if n > 1 and s.mean is None:
            warn("no_variation", "{s}的{n}个分数都是{v}：没有差异就给不出区间，请核对数据。", "All {n} scores of {s} are {v}: without variation there is no interval; check the data.",
                 s=name, n=n, v=f"{s.people[0]:.4g}")
        if s.incomplete:
            warn("incomplete", "{s}有{k}份没有答全，没有计入。", "{s}: {k} questionnaires are incomplete and not counted.", s=name, k=s.incomplete)
        if s.scale.id == "umux_lite" and params.umux_steps == "5":
            warn("sus_equivalent_scale", "折算SUS的公式由7级答卷得来，用在5级上只作参考。", "The conversion to SUS was fitted to 7 steps; from 5 steps it is a hint.")
    if loads and (r := _against_the_rest(frame, params)) is not None:
        warn("performance_reversed", "“自评表现”与其余五项负相关（r={r}）：有人可能按“越高越好”填了，核对之前看不含它的五项。",
             "Performance runs against the other five loads (r = {r}): people may have taken higher as better; check, and read the other five until then.",
             r=ev.amount(r, "", 2))
    return out


def _against_the_rest(frame: Frame, params: QuestionnaireScoresParams) -> float | None:
    """The correlation of performance with the mean of the other loads, where its whole interval is negative."""
    made = _loads(frame, params)
    made = made[~np.isnan(made).any(axis=1)]
    made, at = made[np.lexsort(made.T)], list(LOADS).index("performance")
    own, rest = made[:, at], np.delete(made, at, axis=1).sum(axis=1)
    if len(made) < 4 or np.ptp(own) == 0 or np.ptp(rest) == 0:
        return None
    r = float(np.corrcoef(own, rest)[0, 1])
    return r if abs(r) < 1 and intervals.correlation(r, len(made), params.level)[1] < 0 else None


def _table(main: list[Scored], loads: list[Scored]) -> ResultTable:
    rows: list[tuple[object, ...]] = []
    for s in (*main, *loads):
        rows.append((s.scale.name, None, len(s.people), shown(s.mean, 1) if s.mean else None, float(s.people.std(ddof=1)) if len(s.people) > 1 else None))
        rows += [(s.scale.name, task, n, shown(e, 1) if e else None, None) for task, e, n in s.tasks]
    heads = (ColumnHead("scale", Words("问卷", "Questionnaire")), ColumnHead("task", Words("任务", "Task")), ColumnHead("n", Words("人数", "n"), decimals=0),
             ColumnHead("mean", Words("均值", "Mean")), ColumnHead("sd", Words("标准差", "SD"), decimals=1))
    return ResultTable("scores", Words("各问卷的分数", "Scores of the questionnaires"), heads, tuple(rows))


def _charts(main: list[Scored], loads: list[Scored]) -> tuple[ev.Chart, ...]:
    out: list[ev.Chart] = []
    groups = [*((s.scale.id, [s], s.scale.name) for s in main if not s.scale.id.startswith("tlx")),
              ("tlx", [s for s in (*main, *loads) if s.scale.id not in ("umux_lite", "seq")], Words("NASA-TLX（0～100，越高负荷越大）", "NASA-TLX (0–100, higher is more load)"))]
    for name, group, title in groups:
        pairs = [(s.scale.name, s.mean) for s in group if s.mean is not None]
        pairs += [(say(zh="{s} {t}", en="{s} {t}", s=s.scale.name, t=task), e) for s in group for task, e, _ in s.tasks if e is not None]
        rows = [Strip(label, e.low or 0.0, e.value, e.high or 0.0, f"{e.value:.1f}") for label, e in pairs]
        if rows:
            alt = joined([say(zh="{l} {m}", en="{l} {m}", l=label, m=shown(e, 1)) for label, e in pairs], zh="；", en="; ")
            out.append(strips(name, title, alt, rows, Words("分数", "Score")))
    return tuple(out)


def _points(main: list[Scored]) -> list[Words]:
    points = []
    for s in main:
        if (w := s.worst) is not None:
            points.append(say(zh="{s}最差的任务是{t}：{m}（{n}），确为最差的概率{p}。", en="The task with the worst {s} is {t}: {m} ({n}), with a probability of {p}.", s=s.scale.name,
                              t=w.name, m=shown(w.mean, 1), n=_n(w.mean.n), p=ev.amount(w.p, "%", 0)))
        if s.scale.id == "umux_lite" and s.mean is not None:
            e = _equivalent(s.mean)
            low, high = e.low or 0.0, e.high or 0.0
            side = Words("整段不低于68", "all of it at 68 or above") if low >= MEAN_OF_STUDIES else (
                Words("整段低于68", "all of it below 68") if high < MEAN_OF_STUDIES else Words("跨在68两边", "on both sides of 68"))
            points.append(say(zh="折算的SUS为{m}，{s}。", en="The SUS equivalent is {m}, {s}.", m=shown(e, 1), s=side))
    return points


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Twenty people after two tasks: SEQ, UMUX-Lite and NASA-TLX with weights."""
    rows = []
    for i in range(20):
        liking = rng.normal(0, 1)
        weights = rng.permutation([5, 4, 3, 2, 1, 0]).tolist()
        for task, ease in (("T1", 5.5), ("T2", 4.2)):
            steps = np.clip(np.round(ease + liking + rng.normal(0, 0.8, 3)), 1, 7).astype(int).tolist()
            loads = np.clip(5 * np.round((70 - 8 * (ease + liking) + rng.normal(0, 12, 6)) / 5), 0, 100).tolist()
            rows.append({"respondent": f"p{i + 1}", "task": task, **dict(zip((*UMUX, "seq"), steps, strict=True)), **dict(zip(LOADS, loads, strict=True)),
                         **dict(zip(WEIGHTS, weights, strict=True))})
    return {"answers": Frame.of(rows, "example")}


@method(
    title=Words("短问卷计分", "Short questionnaires"),
    question=Words("用户做完后觉得好不好用、难不难、累不累？", "How usable, how difficult and how demanding do people find it afterwards?"),
    reads_as=Words("UMUX-Lite看折算的SUS；SEQ与常见的5.3～5.6比；NASA-TLX越高越累，只在任务之间、版本之间比。",
                   "Read the UMUX-Lite by its SUS equivalent, the SEQ against the usual 5.3 to 5.6; a higher NASA-TLX is more load, to be compared only."),
    limit=Words("说得出感觉，说不出原因；折算的SUS只适合看大概。", "It tells how people feel, not why; the SUS equivalent is a rough guide."),
    formula="(a+b-2)*100/12, SUS = .65x+22.9 (Lewis, Utesch & Maher 2013); SEQ 1-7 (Sauro & Dumas 2009); TLX = mean or sum(w*r)/15 (Hart & Staveland 1988)",
    reads=(Reads("answers", Words("一人一任务（或一人）一行", "one row a person, or a person and task"), (
        Column("respondent", "id", Words("受访者", "the person"), required=False), Column("task", "category", Words("任务", "the task"), required=False),
        Column("useful", "any", Words("UMUX-Lite：功能满足需要", "UMUX-Lite: capabilities meet my requirements"), required=False),
        Column("easy", "any", Words("UMUX-Lite：容易用", "UMUX-Lite: easy to use"), required=False),
        Column("seq", "any", Words("SEQ：1很难～7很容易", "SEQ: 1 very difficult to 7 very easy"), required=False),
        *(Column(name, "any", say(zh="NASA-TLX：{x}", en="NASA-TLX: {x}", x=words), required=False) for name, words in LOADS.items()),
        *(Column(name, "any", say(zh="权重0～5：{x}", en="weight 0 to 5: {x}", x=LOADS[name.removeprefix("weight_")]), required=False) for name in WEIGHTS))),),
    gives=("umux_lite", "umux_lite[]", "sus_equivalent", "seq", "seq[]", "tlx", "tlx[]", "tlx_weighted", "tlx_weighted[]", "load[]"),
    params=QuestionnaireScoresParams,
    example=example,
)
def questionnaire_scores(answers: Frame, *, params: QuestionnaireScoresParams, rng: np.random.Generator) -> Finding:
    _once(answers)
    scored = [_score(answers, scale, params, rng) for scale in _scales(answers, params)]
    main, loads = ([s for s in scored if s.people.size and (s.scale.id in LOADS) == subscales] for subscales in (False, True))
    estimates = [e for s in (*main, *loads) for e in (s.mean, *(each for _, each, _ in s.tasks)) if e is not None]
    estimates += [_equivalent(e) for e in estimates if e.full_name == "umux_lite"]
    if not main:
        what = Words("没有一份问卷答全", "no questionnaire is complete")
        raise ev.DataError("no_answers", what, where=ev.Where(file=answers.source or None))
    return Finding(
        headline=_headline(main), meaning=_meaning(main, _heaviest(answers, loads, params, rng)), estimates=tuple(estimates), points=tuple(_points(main)), tables=(_table(main, loads),),
        charts=_charts(main, loads), warnings=tuple(_warnings(answers, main, loads, params)),
    )
