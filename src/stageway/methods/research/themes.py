"""What do people write about, how many of them, how stable are the groups, and which of them goes with bad ratings?

Answers, reviews, tickets in Chinese, English or both, one a row. Each language is grouped by the likeness of its characters and labelled by
the words that set a group apart; with the table `codes` a codebook decides, and a text may speak of several themes.

    share = texts of the theme ÷ all texts that count         Wilson        texts that fit no theme stay ungrouped and in the base
    stability = mean over draws of half the texts, grouped anew, of the largest Jaccard index |A ∩ B| / |A ∪ B|, 0 to 1; no theme below 0.6
    features: characters 1-3-grams of Han, 3-4-grams of Latin words, tf-idf, 20 singular vectors, k-means; words: log-odds with a prior
    mean stars: t; negative: share of texts with few stars, Wilson; against all other texts: N − 1 chi-square, Holm
    change: share in the later less that in the earlier half by time, Newcombe; Holm        agreement: share of texts that all coders sort alike

Key of a theme: its first word, or its name in the codebook. `stability[]` is a mean of what resampling found, so it has no interval. Bad
and good follow from stars in the data (`negative`); without such a column nothing is said of moods. `alpha` is Krippendorff's, nominal.
Sources: Hennig (2007), Comput. Stat. Data Anal. 52, 258-271; Monroe, Colaresi & Quinn (2008), Polit. Anal. 16, 372-403; Salton & Buckley (1988),
Inf. Process. Manage. 24, 513-523; Wilson (1927); Newcombe (1998); Krippendorff (2011).
Not for saying how many customers have a problem: those who write are not all customers. Read the quotes before a theme becomes a need.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stageway import evidence as ev
from stageway.arithmetic import feedback_texts, partitions, theme_listing
from stageway.arithmetic import themes as grouping
from stageway.arithmetic.feedback_texts import Corpus
from stageway.arithmetic.theme_measures import TEXTS, Agreement, Measured, agreement, ahead, cut_of, measured, share_of
from stageway.arithmetic.themes import Trial
from stageway.evidence import Column, Estimate, Finding, Frame, Kind, Params, Reads, Words, joined, method, param, say, shown

#: Texts below which themes are not counted but listed.
LISTING = 10


@dataclass(frozen=True)
class ThemesParams(Params):
    themes: int = param(0, low=0, high=40, help=Words("每种语言分几组；0为按稳定性选", "groups in each language; 0 chooses by stability"))
    most: int = param(12, low=2, high=40, help=Words("最多试到几组", "most groups that are tried"))
    least_stable: float = param(0.6, low=0.0, high=1.0, help=Words("稳定性低于此的组不算主题", "a group less stable than this is no theme"))
    draws: int = param(20, low=5, high=500, help=Words("重抽样次数", "draws for stability"))
    copies: str = param("once", help=Words("重复的文本", "copied texts"), choices={
        "once": Words("长文本几乎逐字重复、同一用户重发，只计一次", "a long text that returns almost word for word, or from the same user, counts once"),
        "all": Words("全部计入", "count all")})
    adverts: str = param("leave_out", help=Words("广告（含链接、联系方式、推广用语中的两样）", "advertisements (two of: link, contact, promotional words)"), choices={
        "leave_out": Words("不计入，留下清单", "left out, and listed"), "keep": Words("计入", "counted")})
    negative: float | None = param(None, low=0, high=100, help=Words("几星及以下算差评；空则0/1标签取0，5星制取2，10分制取4",
                                                                    "up to how many stars a text is negative; empty: 0 of 0/1, 2 of 5, 4 of 10"))
    quotes: int = param(3, low=1, high=20, help=Words("每个主题的原话条数", "quotes a theme"))
    level: float = param(0.95, low=0.5, high=0.999, help=Words("置信水平", "confidence level"))


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _about(m: Measured) -> Words:
    return say(zh="“{t}”", en="“{t}”", t=m.words)


def _worst(themes: list[Measured]) -> Measured | None:
    """The theme whose texts are most often negative, where that is more than chance."""
    sure = [m for m in themes if m.negative is not None and m.worse_p is not None and m.worse_p < 0.05 and m.negative.value > (m.elsewhere or 0.0)]
    return max(sure, key=lambda m: (m.negative.value if m.negative else 0.0, m.key), default=None)


def _headline(corpus: Corpus, themes: list[Measured], worst: Measured | None) -> Words:
    if not themes:
        return say(zh="{n}条文本里没有反复出现的主题，要逐条读", en="No theme returns reliably among {n} texts: they have to be read one by one", n=f"{corpus.n:,}")
    top = themes[0]
    made = say(zh="说得最多的是{t}，占{s}（n={n}）", en="Most is written about {t}: {s} (n = {n})", t=_about(top), s=shown(top.share), n=f"{corpus.n:,}")
    if worst is not None and worst.negative is not None:
        made += say(zh="；差评最集中的是{t}，其中{s}是差评", en="; ratings are worst in {t}, {s} of whose texts are negative", t=_about(worst), s=shown(worst.negative))
    return made


def _meaning(corpus: Corpus, themes: list[Measured], worst: Measured | None, coders: Agreement | None, coded: bool, params: ThemesParams) -> ev.Meaning:
    if not themes:
        says = say(zh="{n}条文本重抽样后分不出同样的组。", en="Half of the {n} texts, drawn anew, do not fall into the same groups.", n=f"{corpus.n:,}")
        sure = Words("文本太少、太短或太杂，机器分组不可靠。", "They are too few, too short or too mixed to be grouped by machine.")
        following = Words("读一遍，列出主题和用词作为codes表，再算占比。", "Read them, write the themes and their words as the table codes, and count again.")
        change = say(zh="再收几百条，或给出主题词表，结果就会不同；现在有{n}条。", en="A few hundred more, or a codebook, would change this; there are {n} now.", n=f"{corpus.n:,}")
        return ev.Meaning(says, sure, following, change)
    list_ = joined([say(zh="{t}{s}", en="{t} {s}", t=_about(m), s=ev.amount(m.share.value, "%")) for m in themes[:4]], zh="、")
    left = corpus.n - int(np.any([m.theme.members for m in themes], axis=0).sum())
    says = say(zh="{list}；{u}条（{p}）不属于任何主题。", en="{list}; {u} texts ({p}) belong to no theme.", list=list_, u=f"{left:,}", p=ev.amount(left / corpus.n, "%"))
    return ev.Meaning(says, _sure(themes, coded, params), _next(themes, worst, corpus), _change(themes, coders, coded))


def _sure(themes: list[Measured], coded: bool, params: ThemesParams) -> Words:
    parts = []
    if not coded:
        weak = min(themes, key=lambda m: (m.stability.value if m.stability else 1.0, m.key))
        parts.append(say(zh="抽一半文本重新分组，最不稳的{t}也有{j}的成员仍在一起", en="Grouping half the texts anew, even the least stable theme, {t}, keeps {j} of its members together",
                         t=_about(weak), j=ev.amount(weak.stability.value if weak.stability else 0.0, "%", 0)))
    else:
        parts.append(Words("归类只看词表里的词，同样的文本总归到同样的主题", "Sorting follows the words of the codebook, so the same texts always give the same themes"))
    if len(themes) > 1:
        value, low, high = ahead(themes[0].theme, themes[1].theme, params.level)
        gap = shown(Estimate("lead", value, low, high, unit="pp", level=params.level))
        slots = {"a": _about(themes[0]), "b": _about(themes[1]), "d": gap, "p": _chance(themes[0].first)}
        parts.append(say(zh="{a}比{b}多{d}，是最大主题的概率{p}", en="{a} leads {b} by {d} and is the largest theme with probability {p}", **slots))
    made = joined(parts, zh="；", en="; ")
    return Words(made.zh + "。", made.en + ".")


def _chance(p: float) -> str:
    return ">0.99" if p > 0.99 else f"{p:.2f}"


def _next(themes: list[Measured], worst: Measured | None, corpus: Corpus) -> Words:
    rising = max((m for m in themes if m.change and m.change_p is not None and m.change_p < 0.05 and m.change.value > 0),
                 key=lambda m: m.change.value if m.change else 0.0, default=None)
    if worst is not None and worst.negative is not None:
        bad = round(worst.negative.value * (worst.negative.n or 0))
        return say(zh="先读{t}的{k}条差评，把其中说清了场合的写成需求，链接到这里的原话。",
                   en="Read the {k} negative texts of {t} first; make needs of those that tell the occasion, and link them to the quotes here.", t=_about(worst), k=f"{bad:,}")
    if rising is not None:
        return say(zh="{t}在增多：先看近期的原话说了什么变化，再决定它算不算新需求。", en="{t} is growing: see in the recent quotes what changed before calling it a new need.", t=_about(rising))
    return say(zh="读{t}的原话，给它起一个人看得懂的名字，再问一句：这{k}条说的是同一件事吗？",
               en="Read the quotes of {t}, give it a name that people understand, and ask whether these {k} texts are about one thing.", t=_about(themes[0]), k=f"{themes[0].theme.n:,}")


def _change(themes: list[Measured], coders: Agreement | None, coded: bool) -> Words:
    if coders is not None and coders.share is not None and coders.confused:
        a, b, k = coders.confused[0]
        return say(zh="两人归类不一致的{n}条里，“{a}”与“{b}”混淆{k}次：把这两类的界线写清再归一遍，占比可能变。",
                   en="Of the {n} texts that coders sort differently, {k} confuse “{a}” with “{b}”: draw that line clearly and sort again; shares may move.",
                   n=coders.n - coders.same, a=a, b=b, k=k)
    if coded:
        return say(zh="词表漏了的说法会让占比偏低：抽100条没归入{t}的读一遍，看有没有漏。",
                   en="Ways of saying it that the codebook lacks make shares too low: read 100 texts outside {t} for what is missed.", t=_about(themes[0]))
    return say(zh="抽100条由两人分别归类：若{t}里有一成以上被判为别的主题，这里的占比就不能引用。",
               en="Have two people sort 100 texts: if more than a tenth of {t} turns out to be something else, do not quote the shares.", t=_about(themes[0]))


def _points(themes: list[Measured], coders: Agreement | None) -> list[Words]:
    points = []
    for m in sorted((m for m in themes if m.worse_p is not None and m.worse_p < 0.05), key=lambda m: (-(m.negative.value if m.negative else 0), m.key))[:2]:
        if m.negative is not None:
            stars = say(zh="，平均{x}星", en=", {x} stars on average", x=shown(m.mean_stars)) if m.mean_stars else Words("", "")
            points.append(say(zh="{t}中{s}是差评（n={n}）{stars}；其余文本{r}，{p}。", en="{s} of the texts on {t} are negative (n = {n}){stars}, against {r} of all other texts, {p}.",
                              t=_about(m), s=shown(m.negative), n=f"{m.negative.n:,}", stars=stars, r=ev.amount(m.elsewhere or 0.0, "%"), p=ev.p_value(m.worse_p or 0.0)))
    for m in sorted((m for m in themes if m.change_p is not None and m.change_p < 0.05), key=lambda m: (m.change_p or 0.0, m.key))[:2]:
        if m.change is not None:
            points.append(say(zh="{t}的占比后半段比前半段变化{d}（{p}）。", en="The share of {t} changed by {d} from the earlier to the later half ({p}).",
                              t=_about(m), d=shown(m.change), p=ev.p_value(m.change_p or 0.0)))
    if coders is not None and coders.share is not None:
        alpha = say(zh="，Krippendorff α={a}", en=", Krippendorff's alpha {a}", a=shown(coders.alpha)) if coders.alpha else Words("", "")
        points.append(say(zh="{c}人归类一致的占{s}（n={n}）{alpha}。", en="{c} coders agree on {s} of the texts (n = {n}){alpha}.", c=coders.coders, s=shown(coders.share), n=coders.n, alpha=alpha))
    return points


def _warnings(corpus: Corpus, themes: list[Measured], trials: list[Trial], coders: Agreement | None, coded: bool, params: ThemesParams) -> list[ev.Warning]:
    out: list[ev.Warning] = []

    def warn(code: str, zh: str, en: str, **slots: object) -> None:
        out.append(ev.Warning(code, say(zh=zh, en=en, **slots)))

    if corpus.n < LISTING:
        warn("small_n", "只有{n}条文本：列出来读，不算占比。", "Texts: {n}. They are listed to be read; no shares.", n=corpus.n)
    elif corpus.n < grouping.LEAST_TEXTS:
        warn("small_n", "只有{n}条文本，不足30条：占比误差接近±20个百分点，也不按相似度分组。",
             "Only {n} texts, fewer than 30: shares are off by up to about ±20 points, and they are not grouped by likeness.", n=corpus.n)
    if not themes and corpus.n >= grouping.LEAST_TEXTS:
        warn("no_themes", "没有一组在重抽样后还能找回来，不给占比。", "No group is found again when half the texts are drawn anew: no shares are given.")
    weak = [m for m in themes if m.stability is not None and m.stability.value < params.least_stable]
    if weak:
        best = max((t for t in trials), key=lambda t: (t.found_again, -t.groups), default=None)
        warn("unstable", "{list}重抽样后找不回来（低于{least}）：组数定得太多，能站住的有{k}组。", "{list} are not found again (below {least}): too many groups were asked for; {k} hold.",
             list=joined([_about(m) for m in weak]), least=f"{params.least_stable:g}", k=best.found_again if best else 0)
    inside = np.any([m.theme.members for m in themes], axis=0).sum() if themes else 0
    if themes and inside < corpus.n / 2:
        warn("mostly_ungrouped", "{p}的文本没有归入任何主题：占比只说明找到的主题，不说明全部内容。",
             "{p} of the texts belong to no theme: the shares speak of the themes found, not of everything written.", p=ev.amount(1 - inside / corpus.n, "%"))
    zh = int(corpus.chinese.sum())
    if not coded and min(zh, corpus.n - zh) >= max(5, 0.05 * corpus.n):
        warn("mixed_languages", "中文{a}条、其他语言{b}条，分开归类：同一件事可能成了两个主题，要合并就给codes表。",
             "{a} texts in Chinese and {b} in other languages are grouped apart: one matter may be two themes; the table codes unites them.", a=f"{zh:,}", b=f"{corpus.n - zh:,}")
    for reason, zh_text, en_text in (
        ("copied", "{k}条重复或近乎重复，只计第一次。", "{k} texts are copies, or nearly so, and count once."),
        ("advert", "{k}条像广告，没有计入，编号在表里。", "{k} texts look like advertisements and are left out; the table lists them."),
        ("empty", "{k}行没有文字，没有计入。", "{k} rows hold no text and are not counted."),
    ):
        if count := len(corpus.aside[reason]):
            warn(reason, zh_text, en_text, k=f"{count:,}")
    if coders is not None and coders.share is None:
        warn("no_codings", "没有两人都归过类的文本，一致性算不出。", "No text was sorted by two coders: there is no agreement to report.")
    elif coders is not None and coders.n < 100:
        warn("few_coded", "两人都归类的只有{n}条：一致性的误差接近±{half}个百分点。", "Only {n} texts were sorted twice: agreement is good to about ±{half} points.",
             n=coders.n, half=f"{100 * ((coders.share.high or 0) - (coders.share.low or 0)) / 2:.0f}" if coders.share else "")
    return out


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Made-up reviews of a note app with stars and dates; two coders of sixty of them, who mostly agree."""
    return theme_listing.example(rng)


def _estimates(corpus: Corpus, themes: list[Measured], coders: Agreement | None, params: ThemesParams) -> list[Estimate]:
    made = [Estimate("texts", corpus.n, n=corpus.n, counts=TEXTS, kind=Kind.EXACT, label=Words("计入的文本数", "texts that count"))]
    if themes:
        made.append(Estimate("themes", len(themes), n=corpus.n, counts=TEXTS, kind=Kind.EXACT, label=Words("主题数", "themes")))
        left = corpus.n - int(np.any([m.theme.members for m in themes], axis=0).sum())
        made.append(share_of("ungrouped", left, corpus.n, params.level, Words("未归入主题的占比", "share that belongs to no theme")))
    for m in themes:
        made += m.estimates
    if coders is not None:
        made += [e for e in (coders.share, coders.alpha) if e is not None]
    return made


@method(
    title=Words("文本主题", "Themes of texts"),
    question=Words("大家写的是哪几件事，各占多少，分得稳不稳，哪件事评分最差？", "What do people write about, how many of them, how stable are the groups, and which go with bad ratings?"),
    reads_as=Words("先读每个主题的原话，再看占比和稳定性；差评率只在有星级时才有。", "Read the quotes of a theme first, then its share and stability; negative shares exist only where stars do."),
    limit=Words("占比是写了字的人里的占比，不是全部用户里的；组名是词，不是结论。", "Shares are among those who wrote, not among all users; a theme's name is words, not a conclusion."),
    formula="tf-idf of character n-grams, SVD, k-means; stability = mean Jaccard (Hennig 2007); words by log-odds (Monroe et al. 2008); shares Wilson 1927",
    reads=(
        Reads("answers", Words("评论或开放题回答，一条一行", "reviews or open answers, one a row"), (
            Column("text", "text", Words("文本", "the text")),
            Column("id", "id", Words("编号，引用原话时用", "reference of the text, for quotes"), required=False),
            Column("user", "id", Words("用户；同一人重发的只计一次", "the user; what one user sends twice counts once"), required=False),
            Column("stars", "number", Words("星级、评分或0/1标签", "stars, rating, or a label 0/1"), required=False),
            Column("time", "time", Words("时间", "when it was written"), required=False),
            Column("source", "category", Words("来源，如竞品名", "source, such as the competitor"), required=False))),
        Reads("codes", Words("主题词表：有它就按词归类", "codebook: with it, words decide"), (
            Column("theme", "category", Words("主题", "the theme")),
            Column("words", "text", Words("这个主题的词，逗号分开", "words of the theme, with commas"))), required=False),
        Reads("coders", Words("人工归类，一人一条一行", "themes given by people, one row a coder and text"), (
            Column("id", "id", Words("文本的编号", "reference of the text")), Column("coder", "id", Words("归类的人", "the coder")),
            Column("theme", "category", Words("归入的主题", "the theme"))), required=False),
    ),
    gives=("texts", "themes", "ungrouped", "share[]", "stability[]", "mean_stars[]", "negative[]", "change[]", "agreement", "alpha"),
    params=ThemesParams,
    example=example,
)
def themes(answers: Frame, codes: Frame | None, coders: Frame | None, *, params: ThemesParams, rng: np.random.Generator) -> Finding:
    corpus = feedback_texts.read(answers, copies=params.copies, adverts=params.adverts)
    trials: list[Trial] = []
    if codes is not None:
        found = grouping.by_codebook(corpus.plain, corpus.words, feedback_texts.codebook(codes))
    elif corpus.n >= grouping.LEAST_TEXTS:
        with partitions.one_thread():
            found, trials = grouping.by_likeness(corpus.plain, corpus.words, corpus.chinese, most=params.most, wanted=params.themes,
                                                 least=params.least_stable, draws=params.draws, rng=rng)
    else:
        found = []
    cut = params.negative if params.negative is not None else cut_of(corpus.stars)
    made = measured(found, corpus, cut, params.level, rng) if corpus.n >= LISTING else []
    both = None
    if coders is not None:
        table, _, names = feedback_texts.codings(coders)
        both = agreement(table, names, params.level, rng) if table.size else Agreement(0, 0, 0)
    worst = _worst(made)
    dated = [t.date() for t in corpus.times if t is not None]
    return Finding(
        headline=_headline(corpus, made, worst), meaning=_meaning(corpus, made, worst, both, codes is not None, params),
        estimates=tuple(_estimates(corpus, made, both, params)), points=tuple(_points(made, both)),
        tables=theme_listing.tables(corpus, made, trials, both, cut, quotes=params.quotes), charts=theme_listing.charts(made, corpus, cut),
        warnings=tuple(_warnings(corpus, made, trials, both, codes is not None, params)), observed=(min(dated), max(dated)) if dated else None,
    )
