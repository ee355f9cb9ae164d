"""From points that leave their band to episodes: merged over a cool-down, explained by what was planned, held to a budget, each with its size.

Size = mean of (point − expected) over the core: the unbroken run around the farthest point that lies on its side, at least half a threshold out.
Its interval turns the quantiles of the same mean over all undisturbed stretches of that length,
each in units of its mean scale: it holds what noise, its correlation in time and the baseline's own error do to such a mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.clocked_series import Series

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
#: stretches without overlap that quantiles need
STRETCHES = 40
#: variance of a median over that of a mean, normal noise
MEDIAN = np.pi / 2
#: expected levels closer to 0 than so many scales give no relative size
NEAR_ZERO = 3.0


class Sort(StrEnum):
    SUDDEN = "sudden"
    DRIFT = "drift"
    GAP = "gap"


@dataclass(frozen=True)
class Size:
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Episode:
    """`peak` is the z of the farthest point (CUSUM of a drift, missing points of a gap); `span` its positions in the series, ends included;
    `core` how many points its size is the mean of."""

    series: str
    sort: Sort
    start: datetime
    end: datetime
    points: int
    peak: float
    span: tuple[int, int] | None = None
    core: int = 0
    size: Size | None = None
    relative: Size | None = None
    because: tuple[str, ...] = ()
    held: bool = False

    @property
    def up(self) -> bool:
        return self.peak > 0


@dataclass(frozen=True)
class Scored:
    """A series with what was expected of each point (NaN where that is not known)."""

    series: Series
    centre: Array
    scale: Array
    z: Array
    count: NDArray[np.int64]

    @property
    def judged(self) -> Mask:
        made: Mask = ~np.isnan(self.z)
        return made


def sudden(s: Scored, threshold: float, confirm: int, cooldown_h: float) -> tuple[list[Episode], Mask]:
    """Episodes of points beyond ± threshold (`confirm` in a row), merged over quiet stretches up to the cool-down; and all points within them."""
    beyond = np.nan_to_num(np.abs(s.z)) >= threshold
    hot = np.flatnonzero(beyond & _in_a_row(beyond, confirm))
    inside = np.zeros(s.z.size, dtype=bool)
    pause = max(timedelta(hours=cooldown_h), timedelta(seconds=1.5 * s.series.step))
    spans: list[list[int]] = []
    for i in hot.tolist():
        if spans and s.series.at[i] - s.series.at[spans[-1][1]] <= pause:
            spans[-1][1] = i
        else:
            spans.append([i, i])
    made = []
    for first, last in spans:
        inside[first : last + 1] = True
        z = np.nan_to_num(s.z[first : last + 1])
        made.append(Episode(s.series.name, Sort.SUDDEN, s.series.at[first], s.series.at[last], last - first + 1, float(z[np.argmax(np.abs(z))]), (first, last)))
    return made, inside


def _in_a_row(beyond: Mask, confirm: int) -> Mask:
    """Points that belong to a run of at least `confirm`."""
    edges = np.flatnonzero(np.diff(np.r_[0, beyond.astype(np.int8), 0]))
    kept = np.zeros(beyond.size, dtype=bool)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        kept[start:end] = end - start >= confirm
    return kept


def core(z: Array, span: tuple[int, int], threshold: float) -> NDArray[np.int64]:
    """Positions of the unbroken run around the farthest point of a span, on its side and at least half a threshold out; it may leave the span."""
    part = np.nan_to_num(z[span[0] : span[1] + 1])
    peak = span[0] + int(np.argmax(np.abs(part)))
    out = ~(np.nan_to_num(z) * np.sign(z[peak]) >= threshold / 2)
    before, after = np.flatnonzero(out[:peak]), np.flatnonzero(out[peak:])
    return np.arange(before[-1] + 1 if before.size else 0, peak + after[0] if after.size else z.size)


def sized(s: Scored, episodes: Sequence[Episode], inside: Mask, threshold: float, level: float) -> list[Episode]:
    """Each with its size and, where the expected level lies clear of 0, its relative size; without where too few stretches are undisturbed."""
    calm = s.judged & ~inside & (s.scale > 0)
    away = s.series.values - s.centre
    out = []
    for e in episodes:
        assert e.span is not None
        part = core(s.z, e.span, threshold)
        ends = _stretch_quantiles(away, s.scale, calm, part.size, level)
        if ends is None:
            out.append(e)
            continue
        value, scale, expected = float(away[part].mean()), float(s.scale[part].mean()), float(s.centre[part].mean())
        size = Size(value, value - ends[1] * scale, value - ends[0] * scale)
        relative = _relative(size, expected, scale, float(s.count[part].mean())) if (s.centre[part] > 0).all() else None
        if relative is not None and s.series.values.min() >= 0:
            relative = replace(relative, low=max(relative.low, -1.0))
        out.append(replace(e, core=part.size, size=size, relative=relative))
    return out


def _relative(size: Size, expected: float, scale: float, count: float) -> Size | None:
    """Over the expected level, whose own error counts the more the higher the point stands above it."""
    if expected < NEAR_ZERO * scale:
        return None
    share, own = size.value / expected, MEDIAN / count
    wider = max(1.0, float(np.sqrt((1 + (1 + share) ** 2 * own) / (1 + own))))
    return Size(share, share - wider * (size.value - size.low) / expected, share + wider * (size.high - size.value) / expected)


def _stretch_quantiles(away: Array, scale: Array, calm: Mask, length: int, level: float) -> tuple[float, float] | None:
    """Quantiles of (mean deviation / mean scale) over undisturbed stretches. Where these are too few for a long one, a shorter one stands in: wider, never narrower."""
    total = int(calm.sum())
    if total < STRETCHES:
        return None
    length = max(1, min(length, total // STRETCHES))
    run = np.cumsum(np.r_[0, calm.astype(np.int64)])
    whole = np.flatnonzero(run[length:] - run[:-length] == length)
    while whole.size < STRETCHES and length > 1:
        length = length // 2
        whole = np.flatnonzero(run[length:] - run[:-length] == length)
    sums = np.cumsum(np.r_[0.0, np.where(calm, away, 0.0)]), np.cumsum(np.r_[0.0, np.where(calm, scale, 0.0)])
    means, scales = ((s[whole + length] - s[whole]) for s in sums)
    tail = (1 - level) / 2
    low, high = np.quantile(means / scales, [tail, 1 - tail])
    return min(float(low), 0.0), max(float(high), 0.0)


def gap_episodes(series: Series, cooldown_h: float) -> list[Episode]:
    """Stretches without points, merged over the cool-down."""
    made: list[Episode] = []
    for gap in series.gaps:
        if made and gap.after - made[-1].end <= timedelta(hours=cooldown_h):
            before = made.pop()
            made.append(replace(before, end=gap.before, points=before.points + gap.missing, peak=before.peak + gap.missing))
        else:
            made.append(Episode(series.name, Sort.GAP, gap.after, gap.before, gap.missing, float(gap.missing)))
    return made


def within_budget(episodes: Sequence[Episode], budget: int) -> list[Episode]:
    """Of the unexplained ones that start in the same week (Monday to Sunday) the `budget` farthest out are sent, the others held; gaps are always sent."""
    if budget == 0:
        return list(episodes)
    weeks: dict[int, list[int]] = {}
    for i, e in enumerate(episodes):
        if not e.because and e.sort is not Sort.GAP:
            weeks.setdefault((e.start.toordinal() - 1) // 7, []).append(i)
    held = {i for group in weeks.values() for i in sorted(group, key=lambda i: (-abs(episodes[i].peak), i))[budget:]}
    return [replace(e, held=i in held) for i, e in enumerate(episodes)]
