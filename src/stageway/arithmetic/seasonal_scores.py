"""How far each point of a series lies from the same phase of earlier cycles, in robust standard deviations; and a CUSUM for slow drift.

z = (x − median of the last 8 same-phase points) / s, s = 1.4826 MAD of those points (averaged over neighbours in time), never below a share of the level.
Every baseline uses earlier points only. Sources: Rousseeuw & Croux (1993), JASA 88, 1273–1283 (MAD); Page (1954), Biometrika 41, 100–115 (CUSUM).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
MAD = 1.4826
#: draws of baselines for the expected rate of false alerts
DRAWS = 20_000
#: ordinary days that a drift is measured against, where the season is not the week
REFERENCE_DAYS = 28
WINSOR = 3.0
SLACK = 0.5


@dataclass(frozen=True)
class Baseline:
    """What was to be expected at each point: centre and spread (NaN where too few points came before), and how many those were."""

    centre: Array
    mad: Array
    count: Whole


def baseline(values: Array, groups: Whole, feeds: Mask, history: int, least: int) -> Baseline:
    """Median and MAD of the last `history` points of the same group that `feeds` marks, all earlier than the point itself."""
    n = values.size
    centre, mad, count = np.full(n, np.nan), np.full(n, np.nan), np.zeros(n, dtype=np.int64)
    order = np.argsort(groups, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        fed = feeds[part]
        earlier: Whole = np.cumsum(fed) - fed
        count[part] = np.minimum(earlier, history)
        enough = part[count[part] >= least]
        if not enough.size:
            continue
        padded = np.concatenate([np.full(history, np.nan), values[part][fed]])
        window = np.lib.stride_tricks.sliding_window_view(padded, history)[earlier[count[part] >= least]]
        middle = np.nanmedian(window, axis=1)
        centre[enough], mad[enough] = middle, np.nanmedian(np.abs(window - middle[:, None]), axis=1)
    return Baseline(centre, mad, count)


def steadied(values: Array, each_side: int) -> Array:
    """The mean of each value and its neighbours in order of time, over those that are known; NaN stays NaN."""
    if each_side == 0:
        return values
    known = ~np.isnan(values)
    kernel = np.ones(2 * each_side + 1)
    total = np.convolve(np.where(known, values, 0.0), kernel, mode="full")[each_side:-each_side]
    counts = np.convolve(known.astype(np.float64), kernel, mode="full")[each_side:-each_side]
    return np.where(known, total / np.maximum(counts, 1), np.nan)


def level_before(values: Array) -> Array:
    """The median of the absolute values before each point (NaN at the first)."""
    import pandas as pd

    made: Array = pd.Series(np.abs(values)).expanding().median().shift().to_numpy()
    return made


def binomial_sd(share: Array, base: Array) -> Array:
    """Standard deviation of a share of `base` where the true share is `share`, drawn half a count from 0 and 1."""
    drawn = (share * base + 0.5) / (base + 1)
    made: Array = np.sqrt(drawn * (1 - drawn) / base)
    return made


def z_scores(values: Array, centre: Array, scale: Array) -> Array:
    """NaN where there is no baseline, or a baseline without any spread that the point leaves."""
    away = values - centre
    z = np.divide(away, scale, out=np.full(values.size, np.nan), where=scale > 0)
    return np.where((away == 0) & ~np.isnan(centre), 0.0, z)


def false_rate(threshold: float, history: int, each_side: int, rng: np.random.Generator) -> float:
    """The chance that a point of independent normal noise leaves ± threshold, where both centre and spread come from `history` points."""
    from scipy.special import ndtr

    noise = rng.standard_normal((DRAWS, 2 * each_side + 1, history))
    centre = np.median(noise, axis=2)
    spread = MAD * np.median(np.abs(noise - centre[:, :, None]), axis=2).mean(axis=1)
    own = centre[:, each_side]
    return float((ndtr(own - threshold * spread) + ndtr(-own - threshold * spread)).mean())


# ── slow drift ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Drift:
    """Ordinals of the day from which the sum rose without a break, and of the day on which it passed the limit; `sum` signed."""

    start: int
    alarm: int
    sum: float


def drifts(values: Array, days: Whole, phases: Whole, used: Mask, reference: int, limit: float, floor: float) -> tuple[list[Drift], int]:
    """CUSUM of daily means against a reference of so many days; after an alarm the days that follow become the reference.

    Each day's mean of (point − median of its phase within the reference) is centred and scaled by the reference's MAD, widened by its first
    autocorrelation, held within ± 3; the slack is half a scale and the error of the reference's median. Returns the drifts and how many days were judged.
    """
    kept = _full_days(days, used)
    found: list[Drift] = []
    judged = start = 0
    while start + reference < kept.size:
        score = _day_scores(values, days, phases, used, kept[start:], reference, floor)
        if score is None:
            break
        hit = _cusum(score, limit, SLACK + math.sqrt(math.pi / 2 / reference))
        if hit is None:
            return found, judged + score.size
        first, at, total = hit
        judged += at + 1
        at_day = start + reference
        found.append(Drift(int(kept[at_day + first]), int(kept[at_day + at]), total))
        start = at_day + at + 1
    return found, judged


def _full_days(days: Whole, used: Mask) -> Whole:
    """Days with at least half of the usual number of points."""
    each, counts = np.unique(days[used], return_counts=True)
    return each[counts >= np.median(counts) / 2] if each.size else each


def _day_scores(values: Array, days: Whole, phases: Whole, used: Mask, kept: Whole, reference: int, floor: float) -> Array | None:
    """Scores of the days after the reference; None where the reference says nothing."""
    within = used & np.isin(days, kept[:reference])
    names, codes = np.unique(phases[within], return_inverse=True)
    middle = np.array([np.median(values[within][codes == i]) for i in range(names.size)])
    place = np.clip(np.searchsorted(names, phases), 0, max(0, names.size - 1))
    known = used & (names[place] == phases) if names.size else np.zeros(values.size, dtype=bool)
    away = values - middle[place] if names.size else values
    at = np.searchsorted(kept, days)
    inside = known & np.isin(days, kept)
    sums, counts = np.bincount(at[inside], away[inside], kept.size), np.bincount(at[inside], minlength=kept.size)
    means = np.divide(sums, counts, out=np.zeros(kept.size), where=counts > 0)
    own = means[:reference]
    centred = own - np.median(own)
    spread = MAD * float(np.median(np.abs(centred)))
    clipped = np.clip(centred, -WINSOR * spread, WINSOR * spread)
    power = float(np.sum(clipped**2))
    r = float(np.clip(np.sum(clipped[1:] * clipped[:-1]) / power, 0.0, 0.9)) if power > 0 else 0.0
    scale = max(spread * math.sqrt((1 + r) / (1 - r)), floor * float(np.median(np.abs(values[within]))) if within.any() else 0.0)
    if not scale > 0:
        return None
    score: Array = np.clip((means[reference:] - np.median(own)) / scale, -WINSOR, WINSOR)
    return score


def _cusum(score: Array, limit: float, slack: float) -> tuple[int, int, float] | None:
    """(where the sum began to rise, where it passed the limit, the sum with its sign)."""
    up = down = 0.0
    from_up = from_down = 0
    for i, s in enumerate(score.tolist()):
        up, down = max(0.0, up + s - slack), max(0.0, down - s - slack)
        from_up, from_down = (i + 1 if up == 0 else from_up), (i + 1 if down == 0 else from_down)
        if max(up, down) > limit:
            return (from_up, i, up) if up >= down else (from_down, i, -down)
    return None
