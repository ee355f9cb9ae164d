"""How many segments the data carry, who belongs to which, and how far that is found again when people are drawn anew.

Two models: k-means on coded variables, with one cloud of the same correlations as the yardstick (gap in ln W against simulated clouds); latent
classes for categories, by BIC. Both are resampled alike: people drawn with replacement, grouped anew, new groups matched to the segments by
overlap, so that a segment never changes its name between draws.

Sources: Tibshirani, Walther & Hastie (2001), JRSS B 63, 411–423 (gap); Liu, Hayes, Nobel & Marron (2008), JASA 103, 1281–1293 (one normal
cloud as the null); Hennig (2007), Comput. Stat. Data Anal. 52, 258–271; Schwarz (1978).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import intervals, latent_classes, partitions
from stageway.arithmetic.segment_variables import People, Variable, cloud, coding

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

#: People beyond which stability and clouds rest on a part; simulated clouds; draws while the number of segments is chosen.
PART, CLOUDS, TRIAL_DRAWS = 1500, 39, 25
#: Smallest share of people that a segment must hold.
LEAST_SHARE = 0.05
#: Hennig (2007): from which stability on a segment may be taken as there.
FIRM = 0.75
#: Stabilities this close are alike: the gap alone would go on cutting groups that are already there.
NEAR = 0.1


@dataclass(frozen=True)
class Means:
    """`labels` 0 to k − 1 by falling size; `belongs` (people × k) is None: k-means knows no probability."""

    groups: partitions.Groups
    labels: Codes
    shares: Array
    belongs: Array | None = None


@dataclass(frozen=True)
class Latent:
    classes: latent_classes.Classes
    labels: Codes
    shares: Array
    belongs: Array


Fitted = Means | Latent


class KMeans:
    def __init__(self, people: People, scale: str) -> None:
        self.variables, self.code = people.used, coding(people.used, scale)
        self.points, known = self.code([v.values for v in people.used])
        self.known = None if known.all() else known

    def fit(self, k: int, rng: np.random.Generator) -> Means:
        groups = partitions.kmeans(self.points, k, rng, starts=20, known=self.known)
        return Means(groups, groups.labels, groups.sizes / len(self.points))

    def again(self, fitted: Fitted, drawn: Codes, rng: np.random.Generator) -> tuple[Codes, Array]:
        known = None if self.known is None else self.known[drawn]
        groups = partitions.kmeans(self.points[drawn], len(fitted.shares), rng, starts=5, known=known, rounds=50)
        return partitions.nearest(self.points, groups.centres, self.known), groups.sizes / len(drawn)

    def gaps(self, ks: Sequence[int], rng: np.random.Generator) -> tuple[dict[int, float], float]:
        """(gap of each k: mean ln W of the clouds less ln W of the data; p that one cloud gives so large a gap for any of the k, in its standard deviations)."""
        rows = np.arange(len(self.points)) if len(self.points) <= PART else np.sort(rng.permutation(len(self.points))[:PART])
        variables = [v.take(rows) for v in self.variables]
        here = self._within(variables, [v.values for v in variables], ks, rng)
        null = np.array([self._within(variables, cloud(variables, rng), ks, rng) for _ in range(CLOUDS)])
        mean, spread = null.mean(axis=0), np.maximum(null.std(axis=0, ddof=1), 1e-9)
        most, others = ((mean - here) / spread).max(), ((mean - null) / spread).max(axis=1)
        return dict(zip(ks, (mean - here).tolist(), strict=True)), float((1 + (others >= most).sum()) / (1 + CLOUDS))

    def _within(self, variables: Sequence[Variable], values: Sequence[Array], ks: Sequence[int], rng: np.random.Generator) -> Array:
        points, known = self.code(values)
        known_or_all = None if known.all() else known
        total = float((np.where(known, points - points.sum(axis=0) / np.maximum(known.sum(axis=0), 1), 0.0) ** 2).sum())
        found = [partitions.kmeans(points, k, rng, starts=4, known=known_or_all, rounds=50).inertia for k in ks]
        made: Array = np.log(np.maximum(np.array(found) / max(total, 1e-12), 1e-9))
        return made


class LatentClasses:
    def __init__(self, people: People) -> None:
        codes = np.column_stack([np.where(v.known, v.values, -1).astype(np.int64) for v in people.used])
        self.patterns = latent_classes.Patterns.read(codes, [len(v.levels) for v in people.used])
        self.n = people.n

    def fit(self, k: int, rng: np.random.Generator) -> Latent:
        classes = latent_classes.fit(self.patterns, self.patterns.counted(), k, rng, gain=1e-6)
        belongs = classes.posterior[self.patterns.of]
        return Latent(classes, belongs.argmax(axis=1), classes.shares, belongs)

    def again(self, fitted: Fitted, drawn: Codes, rng: np.random.Generator) -> tuple[Codes, Array]:
        """Three random starts and the classes of all people as a fourth."""
        assert isinstance(fitted, Latent)
        counts = self.patterns.counted(drawn)
        classes = latent_classes.fit(self.patterns, counts, len(fitted.shares), rng, starts=3, begin=fitted.classes, kept=1, gain=1e-3)
        return classes.posterior.argmax(axis=1)[self.patterns.of], classes.shares

    def bic(self, fitted: Latent) -> float:
        return latent_classes.bic(self.patterns, fitted.classes, self.n)


Model = KMeans | LatentClasses


# ── resampling ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Resampled:
    """Over draws: `jaccard` and `shares` (draws × k), `agreement` (draws,), `found` (people × k) the share of draws that put a person there."""

    jaccard: Array
    shares: Array
    agreement: Array
    found: Array

    @property
    def stability(self) -> Array:
        mean: Array = self.jaccard.mean(axis=0)
        return mean


def resampled(model: Model, fitted: Fitted, draws: int, rng: np.random.Generator) -> Resampled:
    n, k = len(fitted.labels), len(fitted.shares)
    found = np.zeros((n, k))
    jaccard, shares, agreement = [], [], []
    for _ in range(draws):
        drawn = np.sort(rng.integers(0, n, size=min(n, 2 * PART)))
        labels, again = model.again(fitted, drawn, rng)
        once = np.unique(drawn)
        shared = partitions.overlap(fitted.labels[once], labels[once], k)
        stands = partitions.matched(shared)
        jaccard.append(partitions.jaccard(shared))
        agreement.append(partitions.adjusted_rand(shared))
        moved = np.empty(k)
        moved[stands] = again
        shares.append(moved)
        found[np.arange(n), stands[labels]] += 1
    return Resampled(np.array(jaccard), np.array(shares), np.array(agreement), found / draws)


def share_interval(value: float, drawn: Array, n: int, level: float) -> tuple[float, float]:
    """Wilson's interval at the n that varies as the share does over the draws, at most n: it holds sampling and regrouping."""
    p = min(max(value, 1e-9), 1 - 1e-9)
    spread = float(((drawn - value) ** 2).mean())
    n_eff = min(float(n), p * (1 - p) / spread) if spread > 0 else float(n)
    return intervals.wilson(value * n_eff, n_eff, level)


# ── how many ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Trial:
    """One number of segments: gap (k-means) or BIC, silhouette or entropy, the least stable and the smallest segment."""

    k: int
    criterion: float
    clarity: float
    least_stable: float | None
    smallest: float

    def holds(self, least: float) -> bool:
        return self.least_stable is not None and self.least_stable >= least and self.smallest >= LEAST_SHARE


@dataclass(frozen=True)
class Choice:
    """`k` = 1 where the data are one cloud (`cloud`) or no number holds; `defensible`: the largest number that holds; `p`: of one cloud (k-means)."""

    k: int
    trials: tuple[Trial, ...]
    defensible: int
    cloud: bool
    p: float | None = None


def possible(model: Model, n: int, most: int, least_people: int) -> list[int]:
    """Numbers of segments that n people, `least_people` a segment on average, allow; latent classes only while there are cells enough."""
    ks = [k for k in range(2, most + 1) if k * least_people <= n]
    return [k for k in ks if model.patterns.identifiable(k)] if isinstance(model, LatentClasses) else ks


def choose(model: Model, ks: Sequence[int], *, least_stable: float, draws: int, rng: np.random.Generator) -> Choice:
    """Of the numbers `ks` that hold (each segment found again, 5 % of the people at least): by gap or BIC.

    k-means: of the numbers whose least stable segment comes within `NEAR` of the best one's, the largest gap. Latent classes: the least BIC.
    """
    if isinstance(model, KMeans):
        gaps, p = model.gaps(ks, rng)
        trials = [_trial(model, k, gaps[k], draws, rng) for k in ks]
        cloud = p >= 0.05
    else:
        p, one = None, model.bic(model.fit(1, rng))
        trials = [_trial(model, k, one, draws, rng) for k in ks]
        cloud = one <= min(t.criterion for t in trials)
    holding = [t for t in trials if t.holds(least_stable)]
    if cloud or not holding:
        return Choice(1, tuple(trials), 1, cloud, p)
    if isinstance(model, KMeans):
        most = max(t.least_stable or 0.0 for t in holding)
        best = max((t for t in holding if (t.least_stable or 0.0) >= most - NEAR), key=lambda t: t.criterion)
    else:
        best = min(holding, key=lambda t: t.criterion)
    return Choice(best.k, tuple(trials), max(t.k for t in holding), False, p)


def _trial(model: Model, k: int, criterion: float, draws: int, rng: np.random.Generator) -> Trial:
    """`criterion`: the gap, or the BIC of one class, which latent classes that do no better are not resampled for."""
    fitted = model.fit(k, rng)
    if isinstance(fitted, Latent):
        assert isinstance(model, LatentClasses)
        one, criterion, clarity = criterion, model.bic(fitted), latent_classes.entropy(fitted.belongs)
        if criterion >= one:
            return Trial(k, criterion, clarity, None, float(fitted.shares.min()))
    else:
        assert isinstance(model, KMeans)
        clarity = partitions.silhouette(model.points, fitted.labels, model.known)
    again = resampled(model, fitted, min(draws, TRIAL_DRAWS), rng)
    return Trial(k, criterion, clarity, float(again.stability.min()), float(fitted.shares.min()))
