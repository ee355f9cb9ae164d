"""Themes as tables and pictures: the numbers, the quotes behind them, how they moved, what was set aside. Personal data in quotes are masked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from stageway.arithmetic import intervals, proportions, text_features
from stageway.arithmetic.feedback_texts import REASONS, Corpus
from stageway.arithmetic.strips import Strip, strips
from stageway.arithmetic.theme_measures import Agreement, Measured
from stageway.arithmetic.themes import Trial, quoted
from stageway.evidence import Chart, ColumnHead, Estimate, Frame, ResultTable, Words, amount, joined, say

#: Characters of a quote that are printed, and rows that a listing has at most.
LONGEST, MOST_ROWS = 160, 60
_THEME = ColumnHead("theme", Words("主题", "theme"))
_N = ColumnHead("n", Words("条数", "texts"), decimals=0)


def quote_of(text: str) -> str:
    made = " ".join(text_features.mask(text).split())
    return made if len(made) <= LONGEST else made[: LONGEST - 1] + "…"


def tables(corpus: Corpus, themes: Sequence[Measured], trials: Sequence[Trial], coders: Agreement | None, cut: float | None, *, quotes: int) -> tuple[ResultTable, ...]:
    made = [_shares(themes), _quotes(corpus, themes, cut, quotes)] if themes else [_listed(corpus)]
    made += [_sources(corpus, themes), _periods(corpus, themes)] if themes else []
    made += [_aside(corpus), _tried(trials), _confused(coders)]
    return tuple(table for table in made if table.rows)


def _shares(themes: Sequence[Measured]) -> ResultTable:
    heads = (_THEME, _N, ColumnHead("share", Words("占比", "share"), "%", 1), ColumnHead("low", Words("下限", "low"), "%", 1),
             ColumnHead("high", Words("上限", "high"), "%", 1), ColumnHead("first", Words("最大的概率", "P(largest)"), decimals=2),
             ColumnHead("stability", Words("稳定性", "stability"), decimals=2), ColumnHead("stars", Words("平均星级", "mean stars"), decimals=2),
             ColumnHead("negative", Words("差评占比", "negative"), "%", 1))
    rows = tuple((m.words, m.theme.n, m.share.value, m.share.low, m.share.high, m.first, m.stability.value if m.stability else None,
                  m.mean_stars.value if m.mean_stars else None, m.negative.value if m.negative else None) for m in themes)
    return ResultTable("themes", Words("各主题的占比、稳定性与评分", "Share, stability and ratings of the themes"), heads, rows)


def _quotes(corpus: Corpus, themes: Sequence[Measured], cut: float | None, count: int) -> ResultTable:
    """The most typical texts of each theme, with a negative one among them where the stars know any."""
    rows = []
    for m in themes:
        chosen = quoted(m.theme, corpus.plain, count)
        if cut is not None and not (corpus.stars[chosen] <= cut).any():
            bad = quoted(m.theme, corpus.plain, 1, corpus.stars <= cut)
            chosen = [*chosen[: count - len(bad)], *bad] if count > 1 else chosen
        rows += [(m.words, quote_of(corpus.raw[i]), _star(corpus.stars[i]), corpus.refs[i]) for i in chosen]
    heads = (_THEME, ColumnHead("quote", Words("原话", "quote")), ColumnHead("stars", Words("星级", "stars")), ColumnHead("ref", Words("编号", "reference")))
    note = Words("#后面是文件里的第几条；***为隐去的个人信息", "# gives the record in the file; *** stands for personal data")
    return ResultTable("quotes", Words("每个主题的原话", "What people wrote, by theme"), heads, tuple(rows), note)


def _star(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _listed(corpus: Corpus) -> ResultTable:
    heads = (ColumnHead("quote", Words("原话", "quote")), ColumnHead("stars", Words("星级", "stars")), ColumnHead("ref", Words("编号", "reference")))
    rows = tuple((quote_of(corpus.raw[i]), _star(corpus.stars[i]), corpus.refs[i]) for i in range(min(corpus.n, MOST_ROWS)))
    return ResultTable("texts", Words("文本", "The texts"), heads, rows)


def _sources(corpus: Corpus, themes: Sequence[Measured]) -> ResultTable:
    """Share of each theme by source, with Holm's p that the sources do not differ."""
    names = sorted({s for s in corpus.sources if s is not None})
    heads = (_THEME, ColumnHead("source", Words("来源", "source")), _N, ColumnHead("share", Words("占比", "share"), "%", 1), ColumnHead("low", Words("下限", "low"), "%", 1),
             ColumnHead("high", Words("上限", "high"), "%", 1), ColumnHead("p", Words("各来源无差别的p", "p of no difference"), decimals=3))
    title = Words("各来源的主题占比", "Shares of the themes by source")
    if len(names) < 2 or len(names) * len(themes) > MOST_ROWS:
        return ResultTable("sources", title, heads, ())
    masks = [np.array([s == name for s in corpus.sources]) for name in names]
    counts = [[int((m.theme.members & mask).sum()) for mask in masks] for m in themes]
    sizes = [int(mask.sum()) for mask in masks]
    p = proportions.holm(np.array([proportions.independence(np.array([row, np.subtract(sizes, row)], dtype=np.float64)) for row in counts]))
    rows = [(m.words, name, n, x / n, *intervals.wilson(x, n), None if np.isnan(p[i]) else float(p[i]))
            for i, (m, row) in enumerate(zip(themes, counts, strict=True)) for name, x, n in zip(names, row, sizes, strict=True)]
    return ResultTable("sources", title, heads, tuple(rows))


def _periods(corpus: Corpus, themes: Sequence[Measured]) -> ResultTable:
    """Share of each theme by month, week or day, whichever the span of the data asks for."""
    dated = [t for t in corpus.times if t is not None]
    heads = (ColumnHead("period", Words("时段", "period")), _THEME, _N, ColumnHead("share", Words("占比", "share"), "%", 1),
             ColumnHead("low", Words("下限", "low"), "%", 1), ColumnHead("high", Words("上限", "high"), "%", 1))
    title = Words("各时段的主题占比", "Shares of the themes over time")
    days = (max(t.date() for t in dated) - min(t.date() for t in dated)).days if dated else 0
    if not days:
        return ResultTable("periods", title, heads, ())
    period = [None if t is None else _period(t, days) for t in corpus.times]
    names = sorted({p for p in period if p is not None})
    rows = []
    for name in names[-(MOST_ROWS // max(1, len(themes[:5]))):]:
        mask = np.array([p == name for p in period])
        n = int(mask.sum())
        rows += [(name, m.words, n, x / n, *intervals.wilson(x, n)) for m in themes[:5] for x in [int((m.theme.members & mask).sum())]]
    return ResultTable("periods", title, heads, tuple(rows), Words("最大的五个主题", "the five largest themes"))


def _period(moment: datetime, days: int) -> str:
    if days > 90:
        return f"{moment:%Y-%m}"
    year, week, _ = moment.isocalendar()
    return f"{year}-W{week:02d}" if days > 21 else f"{moment:%Y-%m-%d}"


def _aside(corpus: Corpus) -> ResultTable:
    heads = (ColumnHead("reason", Words("没有计入的原因", "why it does not count")), ColumnHead("n", Words("条数", "rows"), decimals=0), ColumnHead("refs", Words("编号", "references")))
    rows = [(REASONS[reason], len(refs), ", ".join(refs[:20]) + (" …" if len(refs) > 20 else "")) for reason, refs in corpus.aside.items() if refs]
    return ResultTable("left_out", Words("没有计入的文本", "Texts that do not count"), heads, tuple(rows),
                       say(zh="共{n}行，计入{k}条", en="of {n} rows, {k} texts count", n=f"{corpus.rows:,}", k=f"{corpus.n:,}"))


def _tried(trials: Sequence[Trial]) -> ResultTable:
    heads = (ColumnHead("language", Words("语言", "language")), ColumnHead("groups", Words("组数", "groups"), decimals=0),
             ColumnHead("found_again", Words("找得回来的组", "groups found again"), decimals=0), ColumnHead("agreement", Words("调整兰德指数", "adjusted Rand index"), decimals=2))
    names = {"zh": Words("中文", "Chinese"), "en": Words("其他语言", "other languages")}
    return ResultTable("groups_tried", Words("试过的组数", "Numbers of groups that were tried"), heads, tuple((names[t.language], t.groups, t.found_again, t.agreement) for t in trials))


def _confused(coders: Agreement | None) -> ResultTable:
    heads = (ColumnHead("a", Words("一人归入", "one coder")), ColumnHead("b", Words("另一人归入", "another coder")), ColumnHead("n", Words("条数", "texts"), decimals=0))
    return ResultTable("confused", Words("归类不一致的主题", "Themes on which coders differ"), heads, coders.confused[:20] if coders else ())


def charts(themes: Sequence[Measured], corpus: Corpus, cut: float | None) -> tuple[Chart, ...]:
    if not themes:
        return ()
    axis = say(zh="占全部文本的比例（%，n={n}）", en="Share of all texts (%, n = {n})", n=f"{corpus.n:,}")
    made = [_strip("shares", Words("各主题的占比", "Share of each theme"), [(m, m.share) for m in themes], axis)]
    rated = [(m, m.negative) for m in sorted(themes, key=lambda m: (-(m.negative.value if m.negative else -1.0), m.key)) if m.negative is not None]
    if rated and cut is not None:
        known = corpus.stars[~np.isnan(corpus.stars)]
        mean = float((known <= cut).mean())
        axis = say(zh="差评占主题内文本的比例（%）；虚线为全体{m}", en="Negative share of a theme's texts (%); dashed: all texts, {m}", m=amount(mean, "%"))
        made.append(_strip("negative", Words("各主题的差评占比", "Negative share of each theme"), rated, axis, 100 * mean))
    return tuple(made)


def _strip(name: str, title: Words, listed: Sequence[tuple[Measured, Estimate]], axis: Words, line: float | None = None) -> Chart:
    rows, said = [], []
    for m, e in listed:
        value, low, high = 100 * e.value, 100 * (e.low or 0.0), 100 * (e.high or 0.0)
        rows.append(Strip(m.words, low, value, high, amount(value / 100, "%").en))
        said.append(say(zh="{t}{s}", en="{t} {s}", t=m.words, s=amount(value / 100, "%")))
    return strips(name, title, joined(said, zh="；", en="; "), rows, axis, line=line)


# ── made-up reviews ───────────────────────────────────────────────────────────────────────────────────────────────────

_ABOUT = {
    "crashes": (("the editor crashes whenever I open a long note", "it crashes and freezes in the editor", "the editor crashes after the update", "crashes again, editor frozen"), (1, 2), 0.30),
    "sync": (("notes do not sync between phone and laptop", "sync from phone to laptop takes forever", "the phone lost two notes in sync", "waiting for the laptop to sync"), (2, 3), 0.26),
    "price": (("the subscription price doubled", "price too high, I cancel my subscription", "the yearly subscription price is more than it is worth",
               "the price of a subscription keeps rising"), (2, 3), 0.20),
    "offline": (("offline reading saved me on the train", "reading offline on the train works", "offline folders for reading on the train are handy",
                 "I read offline on every train"), (4, 5), 0.24),
}
_BEFORE = ("Honestly,", "Since spring:", "On my tablet,", "Every single day", "For weeks now", "My team says", "At work", "On holiday")
_AFTER = ("and my boss noticed", "so I told a friend", "which surprised me", "after three years with it", "and support answered quickly", "as of this morning", "no idea whether others see it")


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """180 made-up reviews of a note app with stars and dates; two coders of sixty of them."""
    names = list(_ABOUT)
    rows, coded = [], []
    for i, at in enumerate(rng.choice(len(names), size=180, p=[share for _, _, share in _ABOUT.values()]).tolist()):
        said, stars, _ = _ABOUT[names[at]]
        text = f"{rng.choice(_BEFORE)} {rng.choice(said)} {rng.choice(_AFTER)}"
        rows.append({"id": f"R{i + 1}", "text": text, "stars": int(rng.choice(stars)), "time": f"2026-0{1 + i // 30}-{1 + i % 28:02d}",
                     "source": ("Notely", "Inkwell")[i % 2]})
        if i < 60:
            coded += [{"id": f"R{i + 1}", "coder": who, "theme": names[at] if rng.random() < 0.93 else names[(at + 1) % 4]} for who in ("kim", "lee")]
    return {"answers": Frame.of(rows, "example"), "coders": Frame.of(coded, "example")}
