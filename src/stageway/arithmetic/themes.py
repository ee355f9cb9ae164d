"""Texts sorted into themes: by likeness, with the stability of each theme, or by a codebook of words; and the words that set a theme apart.

Each language is grouped by itself: half the texts are drawn again and again, grouped anew, and each theme is looked for among the new groups
(largest Jaccard index, Hennig 2007). The number of groups is the one with most that is found again; what is not found again is no theme,
and its texts stay ungrouped.

Sources: Hennig (2007), Comput. Stat. Data Anal. 52, 258–271; Monroe, Colaresi & Quinn (2008), Polit. Anal. 16, 372–403 (log-odds with a
Dirichlet prior).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import partitions, text_features

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: Texts of a language below which it is not grouped by itself; texts that a theme holds at least.
LEAST_TEXTS, LEAST_THEME = 30, 8
#: Largest part drawn for stability, and for finding the centres that all texts then settle around.
DRAWN, SEEDED = 1500, 3000
#: Weight of the prior in words.
PRIOR = 500.0


@dataclass(frozen=True)
class Trial:
    """One number of groups tried in one language: how many groups were found again, and the mean adjusted Rand index over the draws."""

    language: str
    groups: int
    found_again: int
    agreement: float


@dataclass(frozen=True)
class Theme:
    """`members` (texts,): which texts speak of it. `near` (texts,): likeness to its centre, 0 outside. `stability` None for a codebook."""

    name: str
    words: tuple[str, ...]
    members: Mask
    near: Array
    stability: float | None = None

    @property
    def n(self) -> int:
        return int(self.members.sum())


def _stability(points: Array, groups: partitions.Groups, parts: Sequence[Codes], rng: np.random.Generator) -> tuple[Array, float]:
    """(mean Jaccard of each group, mean adjusted Rand index) over groupings of the parts."""
    found, agreed = [], []
    for part in parts:
        again = partitions.kmeans(points[part], groups.k, rng, starts=3, rounds=30)
        shared = partitions.overlap(groups.labels[part], again.labels, groups.k)
        found.append(partitions.jaccard(shared))
        agreed.append(partitions.adjusted_rand(shared))
    mean: Array = np.mean(found, axis=0)
    return mean, float(np.mean(agreed))


def grouped(
    points: Array, language: str, *, most: int, wanted: int, least: float, draws: int, rng: np.random.Generator
) -> tuple[partitions.Groups, Array, list[Trial]]:
    """The groups with most that is found again: the largest sum of squared stabilities ≥ `least` × √ share of the texts in these
    groups × mean Rand index.

    `wanted` > 0 fixes the number of groups instead.

    (groups, stability of each, what was tried); points (n, d) in an order that does not depend on the file.
    """
    n = len(points)
    half = min(n // 2, DRAWN)
    parts = [np.sort(rng.permutation(n)[:half]) for _ in range(draws)]
    tried = [wanted] if wanted else list(range(2, max(2, min(most, n // (2 * LEAST_THEME))) + 1))
    trials, made, worth = [], {}, {}
    for k in tried:
        groups = partitions.kmeans(points[:: max(1, n // SEEDED)], min(k, half), rng, starts=5, rounds=60)
        groups = partitions.settled(points, groups.centres, 30)
        stability, agreement = _stability(points, groups, parts if wanted or n <= SEEDED else parts[: max(8, draws // 2)], rng)
        good = (stability >= least) & (groups.sizes >= LEAST_THEME)
        trials.append(Trial(language, groups.k, int(good.sum()), agreement))
        covered = groups.sizes[good].sum() / n
        made[groups.k], worth[groups.k] = (groups, stability), round(float((stability[good] ** 2).sum() * np.sqrt(covered) * agreement), 9)
    best = max(worth, key=lambda k: (worth[k], -k))
    groups, stability = made[best]
    if not wanted and n > SEEDED:
        stability, _ = _stability(points, groups, parts, rng)
    return groups, stability, trials


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def log_odds(inside: Counter[str], everywhere: Counter[str], prior: float = PRIOR) -> dict[str, float]:
    """z of the log-odds of each word inside against outside, shrunk to its frequency everywhere (Monroe et al. 2008, eq. 16–22).

    Empty where there is but one word, which nothing can be compared with.
    """
    n, total = sum(inside.values()), sum(everywhere.values())
    rest = total - n
    if len(everywhere) < 2:
        return {}
    found = {}
    for word, y in inside.items():
        a, x = prior * everywhere[word] / total, everywhere[word] - y
        delta = np.log((y + a) / (n + prior - y - a)) - np.log((x + a) / (rest + prior - x - a))
        found[word] = float(delta / np.sqrt(1 / (y + a) + 1 / (x + a)))
    return found


def distinct(texts: Sequence[frozenset[str]], members: Mask, count: int = 3) -> tuple[str, ...]:
    """The words that set the members apart, strongest first; forms of a word already taken do not count."""
    everywhere: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for each, member in zip(texts, members.tolist(), strict=True):
        everywhere.update(each)
        if member:
            inside.update(each)
    least = max(2.0, 0.01 * members.sum())
    scores = {word: z for word, z in log_odds(inside, everywhere).items() if inside[word] >= least and z > 1.0}
    chosen: list[str] = []
    for word in sorted(scores, key=lambda w: (-scores[w], w)):
        if not any(_forms(word, other) for other in chosen):
            chosen.append(word)
        if len(chosen) == count:
            break
    return tuple(chosen)


def _forms(a: str, b: str) -> bool:
    """Whether two words are forms of one: 小时 and 两小时, crash and crashes."""
    short, long = sorted((a, b), key=len)
    return (short in long) if ord(short[0]) > 0x2E7F else (len(short) > 2 and long.startswith(short) and len(long) - len(short) <= 3)


# ── themes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def by_likeness(
    texts: Sequence[str], words: Sequence[frozenset[str]], chinese: Mask, *, most: int, wanted: int, least: float, draws: int, rng: np.random.Generator
) -> tuple[list[Theme], list[Trial]]:
    """Themes of the texts (in `plain` form), largest first, and what was tried. With `wanted` groups the unstable ones are kept as well."""
    themes: list[Theme] = []
    trials: list[Trial] = []
    for language, mine in (("zh", chinese), ("en", ~chinese)):
        rows = np.flatnonzero(mine)
        if rows.size < LEAST_TEXTS:
            continue
        matrix = text_features.weighted([texts[i] for i in rows.tolist()], least=max(2, rows.size // 2000))
        if min(matrix.shape) < 3:
            continue
        points = text_features.embedded(matrix, min(20, max(2, rows.size // 10)))
        kept = np.flatnonzero((np.diff(matrix.indptr) >= 3) & (np.abs(points).sum(axis=1) > 0))
        if kept.size < LEAST_TEXTS or len(np.unique(points[kept].round(9), axis=0)) < 3:
            continue
        points, rows = points[kept], rows[kept]
        groups, stability, tried = grouped(points, language, most=most, wanted=wanted, least=least, draws=draws, rng=rng)
        trials += tried
        for g in range(groups.k):
            if not wanted and (stability[g] < least or groups.sizes[g] < LEAST_THEME):
                continue
            members, near = np.zeros(len(texts), dtype=bool), np.zeros(len(texts))
            own = rows[groups.labels == g]
            members[own] = True
            near[own] = points[groups.labels == g] @ groups.centres[g]
            if found := distinct(words, members):
                themes.append(Theme(found[0], found, members, near, float(stability[g])))
    return _named(sorted(themes, key=lambda t: (-t.n, t.words))), trials


def _named(themes: Sequence[Theme]) -> list[Theme]:
    """Each theme under the first of its words that no larger one bears."""
    taken: set[str] = set()
    made: list[Theme] = []
    for theme in themes:
        free = [word for word in theme.words if word not in taken]
        name = free[0] if free else f"{theme.words[0]}-{len(made) + 1}"
        taken.add(name)
        made.append(Theme(name, theme.words, theme.members, theme.near, theme.stability))
    return made


def by_codebook(texts: Sequence[str], words: Sequence[frozenset[str]], codes: Sequence[tuple[str, Sequence[str]]]) -> list[Theme]:
    """Themes of a codebook of (name, words); a text may speak of several. Latin words match from the beginning of a word, Han anywhere."""
    made = []
    for name, wanted in codes:
        plain = [text_features.plain(word) for word in wanted]
        pattern = re.compile("|".join(re.escape(w) if ord(w[0]) > 0x2E7F else r"\b" + re.escape(w) for w in plain))
        hits = np.array([len(pattern.findall(text)) for text in texts], dtype=np.float64)
        members = hits > 0
        lengths = np.array([max(1, text_features.length(text)) for text in texts], dtype=np.float64)
        made.append(Theme(name, distinct(words, members) if members.any() else (), members, hits / np.sqrt(lengths)))
    return sorted(made, key=lambda t: (-t.n, t.name))


def quoted(theme: Theme, texts: Sequence[str], count: int, among: Mask | None = None) -> list[int]:
    """Positions of the most typical texts of a theme: near its centre, neither very short nor long, no two alike."""
    rows = np.flatnonzero(theme.members if among is None else theme.members & among)
    lengths = np.array([text_features.length(texts[i]) for i in rows.tolist()])
    fits = np.where((lengths >= 6) & (lengths <= 80), 0, np.where(lengths >= 3, 1, 2))
    chosen: list[int] = []
    for at in np.lexsort((rows, -theme.near[rows].round(9), fits)).tolist():
        i = int(rows[at])
        mine = set(text_features.grams(texts[i]))
        if all(len(mine & (other := set(text_features.grams(texts[j])))) < 0.6 * max(1, min(len(mine), len(other))) for j in chosen):
            chosen.append(i)
        if len(chosen) == count:
            break
    return chosen
