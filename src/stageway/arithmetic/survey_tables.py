"""The tables and the chart of a survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from stageway.arithmetic.strips import Strip, strips
from stageway.arithmetic.survey_answers import Survey
from stageway.arithmetic.survey_counts import Crossed, Share, Weighing
from stageway.evidence import Chart, ColumnHead, Estimate, ResultTable, Words, joined, say, shown

#: Rows of the chart.
DRAWN = 16
QUESTION, ANSWER = ColumnHead("question", Words("问题", "Question")), ColumnHead("answer", Words("回答", "Answer"))
#: Adjusted residuals beyond this mark a cell.
MARKED = 2.0


def shares(listed: Sequence[Share], survey: Survey, base: str) -> ResultTable:
    heads = (QUESTION, ANSWER, ColumnHead("people", Words("选的人数（未加权）", "Chosen by (unweighted)"), decimals=0),
             ColumnHead("share", Words("占比", "Share")), ColumnHead("n", Words("底数", "Base"), decimals=0), ColumnHead("base", Words("底数是谁", "Base is")))
    multi = {q.name for q in survey.questions if q.multi}
    whom = {"answered": Words("至少选一项者", "chose at least one"), "asked": Words("问到者", "was asked")}
    rows = tuple((s.question, s.answer, s.people, shown(s.estimate), s.estimate.n,
                  whom[base] if s.question in multi else Words("作答者", "answered")) for s in listed)
    note = Words("占比已加权，区间按有效样本量。", "Shares are weighted; intervals at the effective sample size.") if survey.weighted else None
    return ResultTable("shares", Words("各题的回答", "Answers by question"), heads, rows, note)


def means(listed: Sequence[Estimate]) -> ResultTable:
    heads = (QUESTION, ColumnHead("mean", Words("均值", "Mean")), ColumnHead("n", Words("底数", "Base"), decimals=0))
    return ResultTable("means", Words("各题的均值", "Means"), heads, tuple((e.key, shown(e), e.n) for e in listed))


def weights(survey: Survey, how: Weighing) -> ResultTable:
    heads = (ColumnHead("variable", Words("变量", "Variable")), ColumnHead("category", Words("类别", "Category")),
             *(ColumnHead(name, label, "%", 1) for name, label in (
                 ("target", Words("人口", "Population")), ("before", Words("加权前", "Before raking")), ("after", Words("加权后", "After raking")))))
    rows = tuple((m.name, c, float(m.target[i]), *(float(m.shares(w)[i]) for w in (how.before, survey.weights))) for m in how.margins for i, c in
                 enumerate(m.categories) if np.isfinite(m.shares(survey.weights)).all())
    return ResultTable("weights", Words("加权前后与人口边际", "Margins before and after weighting"), heads, rows)


def segments(survey: Survey, listed: Sequence[Crossed]) -> ResultTable:
    """Share of each answer in each segment; ▲ and ▼ where the adjusted residual lies beyond MARKED in a table that differs."""
    heads = (QUESTION, ANSWER, *(ColumnHead(f"segment_{i + 1}", Words.of(s)) for i, s in enumerate(survey.segments)))
    rows = []
    for c in listed:
        full = [int(i) for i in np.flatnonzero(c.table.sum(axis=1) > 0)]
        columns = [int(j) for j in np.flatnonzero(c.table.sum(axis=0) > 0)]
        for at, j in enumerate(columns):
            if not c.answers[j]:
                continue
            cells: list[Words | None] = [None] * len(survey.segments)
            for row, i in enumerate(full):
                away = float(np.nan_to_num(c.found.residuals[row, at])) if c.p < 0.05 else 0.0
                mark = " ▲" if away > MARKED else " ▼" if away < -MARKED else ""
                cells[i] = Words.of(f"{100 * c.table[i, j] / c.table[i].sum():.1f}%{mark}")
            rows.append((c.name.removesuffix(f":{c.answers[j]}") if "" in c.answers else c.name, c.answers[j], *cells))
    note = Words("▲▼：校正后p<0.05的表里，调整残差超出±2的格（Haberman 1973）。",
                 "▲▼: adjusted residual beyond ±2 in a table with corrected p < 0.05 (Haberman 1973).")
    return ResultTable("segments", Words("各人群的回答", "Answers by segment"), heads, tuple(rows), note)


def tests(listed: Sequence[Crossed], v: Mapping[str, Estimate], names: Mapping[str, Words], correction: str) -> ResultTable:
    by = "BH" if correction == "bh" else "Holm"
    heads = (QUESTION, ColumnHead("test", Words("检验", "Test")), ColumnHead("p", say(zh="p（{by}校正）", en="p ({by})", by=by), decimals=3),
             ColumnHead("v", Words("Cramér V（校正偏差）", "Cramér's V (bias-corrected)")))
    return ResultTable("tests", Words("人群差异的检验", "Tests of differences between segments"), heads,
                       tuple((c.name, names[c.found.test], c.p, shown(v[c.name], 2)) for c in listed))


def chart(groups: Sequence[Sequence[Share]]) -> list[Chart]:
    """The first questions, as many as fit into DRAWN rows."""
    drawn: list[Share] = []
    for group in groups:
        if drawn and len(drawn) + len(group) > DRAWN:
            break
        drawn += group[:DRAWN]
    if not drawn:
        return []
    rows = [Strip(say(zh="{a}（{q}）", en="{a} ({q})", q=s.question, a=s.answer), s.estimate.low or 0.0, s.estimate.value, s.estimate.high or 1.0,
                  f"{100 * s.estimate.value:.1f}%") for s in drawn]
    said = joined([say(zh="{r} {x}", en="{r} {x}", r=row.label, x=shown(s.estimate)) for row, s in zip(rows, drawn, strict=True)], zh="；", en="; ")
    return [strips("shares", Words("各回答的占比与区间", "Share of each answer with its interval"), said, rows, Words("占比", "Share"))]
