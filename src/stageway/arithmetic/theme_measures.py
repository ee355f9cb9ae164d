"""What is counted of each theme: its share, its stars, how it moved, how two coders agree. Stars come from the data; no mood is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import bootstrap, intervals, proportions
from stageway.arithmetic.feedback_texts import Corpus
from stageway.arithmetic.themes import Theme
from stageway.evidence import Estimate, Kind, Words, joined, say

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

TEXTS = Words("条文本", "texts")
#: Resamples for the chance of being the largest theme, and for alpha.
DRAWS = 1000


@dataclass(frozen=True)
class Measured:
    """A theme with its numbers. `elsewhere`: negative share of all other texts, `worse_p` against it; `change_p`: later against earlier half; both by Holm."""

    theme: Theme
    share: Estimate
    first: float
    stability: Estimate | None = None
    mean_stars: Estimate | None = None
    negative: Estimate | None = None
    elsewhere: float | None = None
    worse_p: float | None = None
    change: Estimate | None = None
    change_p: float | None = None

    @property
    def key(self) -> str:
        return self.theme.name

    @property
    def words(self) -> Words:
        return called(self.theme)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        return tuple(e for e in (self.share, self.stability, self.mean_stars, self.negative, self.change) if e is not None)


def called(theme: Theme) -> Words:
    """How a theme is named in sentences: by its words, or by the name that a codebook gives it."""
    return joined([Words.of(word) for word in theme.words], zh="、") if theme.stability is not None else Words.of(theme.name)


def cut_of(stars: Array) -> float | None:
    """Up to how many stars a text counts as negative: 0 on 0/1 labels, 2 of 5, 4 of 10; None where no stars are given."""
    known = stars[~np.isnan(stars)]
    if not known.size:
        return None
    return 0.0 if known.max() <= 1 else 2.0 if known.max() <= 5 else 4.0


def share_of(name: str, x: int, n: int, level: float, label: Words, key: str | None = None) -> Estimate:
    low, high = intervals.wilson(x, n, level)
    return Estimate(name, x / n, low, high, key=key, unit="%", n=n, counts=TEXTS, kind=Kind.SHARE, level=level, label=label)


def halves(corpus: Corpus) -> tuple[Mask, Mask] | None:
    """(earlier, later) half of the dated texts by the median time; None where they are all of one time, or undated."""
    moments = np.array([np.nan if t is None else _seconds(t) for t in corpus.times])
    known = moments[~np.isnan(moments)]
    if known.size < 2 or known.min() == known.max():
        return None
    middle = float(np.median(known))
    later = moments > middle if (known > middle).any() else moments >= middle
    earlier = ~np.isnan(moments) & ~later
    return (earlier, later) if earlier.any() and later.any() else None


def _seconds(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def measured(themes: Sequence[Theme], corpus: Corpus, cut: float | None, level: float, rng: np.random.Generator) -> list[Measured]:
    """The themes in their order with all that the columns allow."""
    if not themes:
        return []
    first = _firsts(np.column_stack([t.members for t in themes]).astype(np.float64), rng)
    split = halves(corpus)
    made = [_one(theme, corpus, cut, level, split, float(p)) for theme, p in zip(themes, first, strict=True)]
    worse, moved = (_holm([getattr(m, name) for m in made]) for name in ("worse_p", "change_p"))
    return [replace(m, worse_p=w, change_p=c) for m, w, c in zip(made, worse, moved, strict=True)]


def _firsts(members: Array, rng: np.random.Generator) -> Array:
    """The share of resamples in which each theme (column) is the largest, ties shared."""
    drawn = bootstrap.sums(members, DRAWS, rng)
    top = drawn == drawn.max(axis=1, keepdims=True)
    found: Array = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    return found


def _holm(p: Sequence[float | None]) -> list[float | None]:
    corrected = proportions.holm(np.array([np.nan if each is None else each for each in p]))
    return [None if np.isnan(each) else float(each) for each in corrected]


def _one(theme: Theme, corpus: Corpus, cut: float | None, level: float, split: tuple[Mask, Mask] | None, first: float) -> Measured:
    key, name = theme.name, called(theme)
    share = share_of("share", theme.n, corpus.n, level, say(zh="主题“{t}”的占比", en="share of theme “{t}”", t=name), key)
    stability = None if theme.stability is None else Estimate(
        "stability", theme.stability, key=key, n=corpus.n, counts=TEXTS, kind=Kind.EXACT, label=say(zh="主题“{t}”的稳定性", en="stability of theme “{t}”", t=name))
    mean, negative, elsewhere, worse = _stars(theme, corpus, cut, level)
    change, change_p = _change(theme, corpus, level, split) if split else (None, None)
    return Measured(theme, share, first, stability, mean, negative, elsewhere, worse, change, change_p)


def _stars(theme: Theme, corpus: Corpus, cut: float | None, level: float) -> tuple[Estimate | None, Estimate | None, float | None, float | None]:
    """(mean stars, share of negative ones, the same elsewhere, p); the mean needs two different values, and more than a label 0/1."""
    rated = ~np.isnan(corpus.stars)
    mine, rest = np.sort(corpus.stars[theme.members & rated]), corpus.stars[~theme.members & rated]
    if cut is None or not mine.size:
        return None, None, None, None
    name, mean = called(theme), None
    if mine.size > 1 and np.ptp(mine) > 0 and np.nanmax(corpus.stars) > 1:
        value, low, high, _, n = intervals.mean_t(mine, level)
        bottom, top = float(np.nanmin(corpus.stars)), float(np.nanmax(corpus.stars))
        mean = Estimate("mean_stars", value, max(low, min(bottom, value)), min(high, max(top, value)), key=theme.name, n=n, counts=TEXTS, kind=Kind.MEAN,
                        level=level, label=say(zh="“{t}”的平均星级", en="mean stars of “{t}”", t=name))
    bad, others = int((mine <= cut).sum()), int((rest <= cut).sum())
    negative = share_of("negative", bad, mine.size, level, say(zh="“{t}”中差评的占比", en="share of negative texts in “{t}”", t=name), theme.name)
    tested = rest.size and 0 < bad + others < mine.size + rest.size
    p = proportions.n_minus_1(bad, mine.size, others, rest.size) if tested else None
    return mean, negative, others / rest.size if rest.size else None, p


def _change(theme: Theme, corpus: Corpus, level: float, split: tuple[Mask, Mask]) -> tuple[Estimate, float | None]:
    before, after = ((int((theme.members & half).sum()), int(half.sum())) for half in split)
    low, high = intervals.newcombe(*after, *before, level)
    made = Estimate("change", after[0] / after[1] - before[0] / before[1], low, high, key=theme.name, unit="pp", n=before[1] + after[1], counts=TEXTS, level=level,
                    label=say(zh="“{t}”后半段减前半段", en="“{t}”, later less earlier half", t=called(theme)))
    return made, proportions.n_minus_1(*after, *before) if 0 < before[0] + after[0] < before[1] + after[1] else None


def ahead(a: Theme, b: Theme, level: float) -> tuple[float, float, float]:
    """(difference, low, high) of the shares of two themes among the same texts: McNemar's cells, adjusted as by Bonett & Price (2012)."""
    n = len(a.members)
    only_a, only_b = int((a.members & ~b.members).sum()), int((b.members & ~a.members).sum())
    p, q = (only_a + 1) / (n + 2), (only_b + 1) / (n + 2)
    half = intervals.z_of(level) * float(np.sqrt((p + q - (p - q) ** 2) / (n + 2)))
    value = (only_a - only_b) / n
    return value, min(value, p - q - half), max(value, p - q + half)


# ── coders ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Agreement:
    """Texts that two or more coders sorted: all of one mind (`same` of `n`), Krippendorff's alpha, the pairs of themes that are confused most."""

    coders: int
    n: int
    same: int
    share: Estimate | None = None
    alpha: Estimate | None = None
    confused: tuple[tuple[str, str, int], ...] = ()


def agreement(codes: Array, names: Sequence[str], level: float, rng: np.random.Generator) -> Agreement:
    """`codes` (coders × texts), NaN where a coder gave none."""
    shared = codes[:, (~np.isnan(codes)).sum(axis=0) > 1]
    if not shared.shape[1]:
        return Agreement(len(codes), 0, 0)
    same = int((np.nanmin(shared, axis=0) == np.nanmax(shared, axis=0)).sum())
    n = shared.shape[1]
    share = share_of("agreement", same, n, level, Words("归类一致的文本占比", "share of texts on which the coders agree"))
    return Agreement(len(codes), n, same, share, _alpha(shared, level, rng), _confused(shared, names))


def nominal_alpha(counts: Array, weights: Array) -> Array:
    """Krippendorff's alpha for themes without an order, one value a row of `weights` (rows × texts); NaN where one theme only occurs.

    `counts` (texts × themes): how many coders gave the theme, two or more a text. Krippendorff (2011), s. C (nominal data, any number of observers).
    """
    coders = counts.sum(axis=1)
    agreeing = (counts * (counts - 1)).sum(axis=1) / (coders - 1)
    n, totals = weights @ coders, weights @ counts
    observed = 1 - (weights @ agreeing) / n
    expected = 1 - (totals * (totals - 1)).sum(axis=1) / (n * (n - 1))
    made: Array = np.divide(expected - observed, expected, out=np.full(len(weights), np.nan), where=expected > 0)
    return made


def _alpha(codes: Array, level: float, rng: np.random.Generator) -> Estimate | None:
    """Alpha with a bootstrap interval over texts; None where it does not vary."""
    counts = np.stack([(codes == theme).sum(axis=0) for theme in np.unique(codes[~np.isnan(codes)])], axis=1).astype(np.float64)
    counts = counts[np.lexsort(counts.T)]
    value = float(nominal_alpha(counts, np.ones((1, len(counts))))[0])
    drawn = nominal_alpha(counts, bootstrap.weights(len(counts), DRAWS, rng))
    drawn = drawn[~np.isnan(drawn)]
    if np.isnan(value) or not drawn.size or drawn.min() == drawn.max():
        return None
    low, high = bootstrap.percentile(drawn, level)
    return Estimate("alpha", value, min(low, value), max(high, value), n=len(counts), counts=TEXTS, level=level,
                    label=Words("Krippendorff α（名义）", "Krippendorff's alpha (nominal)"))


def _confused(codes: Array, names: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
    counts: dict[tuple[str, str], int] = {}
    for column in codes.T:
        given = sorted({int(c) for c in column if not np.isnan(c)})
        for i, a in enumerate(given):
            for b in given[i + 1 :]:
                counts[names[a], names[b]] = counts.get((names[a], names[b]), 0) + 1
    return tuple((a, b, n) for (a, b), n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
