"""Buyers divided by cuts or scores of recency, frequency and money. `style` of the cuts: mean, median, fixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import buyer_history as history
from stageway.arithmetic.buyer_history import Buyers
from stageway.arithmetic.buyer_words import EIGHT, FOUR, WESTERN
from stageway.evidence import Words

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Cuts:
    """How R, F and M are divided: `edges` fixed by the user or None; `among` the customers whose scores and cuts count; `grid` for eleven classes, else eight."""

    edges: tuple[tuple[float, ...], ...]
    among: Buyers
    style: str
    grid: bool

    def high(self, which: int, values: Array) -> NDArray[np.bool_]:
        edge = self.edges[which]
        if edge:
            made: NDArray[np.bool_] = values <= edge[0] if which == 0 else values >= edge[0]
            return made
        cut = self.at(which)
        return np.asarray(values < cut if which == 0 else values > cut)

    def at(self, which: int) -> float:
        own = (self.among.since, self.among.times, self.among.money)[which]
        return self.edges[which][0] if self.edges[which] else float(np.nanmean(own) if self.style == "mean" else np.nanmedian(own))

    def score(self, which: int, values: Array) -> Whole:
        """1 to 5, 5 the best; 0 for a missing value."""
        own = (self.among.since, self.among.times, self.among.money)[which]
        made = history.steps(values, self.edges[which]) if self.edges[which] else history.scores(values, own)
        if which == 0:  # the fewer days the better; a value on a fixed edge belongs to the better side
            made = history.steps(-values, tuple(-e for e in reversed(self.edges[0]))) if self.edges[0] else history.scores(-values, -own)
        return made


@dataclass(frozen=True)
class Divided:
    """Buyers with their class (index into `names`, −1 where an amount is missing) and life cycle (None where the gaps are too few)."""

    buyers: Buyers
    kind: Whole
    names: tuple[tuple[str, Words], ...]
    map: str
    cuts: Cuts
    scored: tuple[Whole, ...]
    life: Whole | None
    bounds: tuple[float, float] | None

    @property
    def classed(self) -> int:
        return int((self.kind >= 0).sum())

    @property
    def priced(self) -> bool:
        return bool((~np.isnan(self.buyers.money)).any())


def divided(b: Buyers, cuts: Cuts, bounds: tuple[float, float] | None) -> Divided:
    priced = bool((~np.isnan(cuts.among.money)).any())
    scored = tuple(cuts.score(i, v) for i, v in enumerate((b.since, b.times, b.money))) if cuts.grid else ()
    if cuts.grid:
        both = np.maximum(1, (scored[1] + scored[2]) // 2) if priced else scored[1]
        kind, names, kinds = history.eleven(scored[0], both), WESTERN, "eleven"
    else:
        kind = history.eight(cuts.high(0, b.since), cuts.high(1, b.times), cuts.high(2, b.money) if priced else None)
        names, kinds = (EIGHT, "eight") if priced else (FOUR, "four")
    kind = np.where(np.isnan(b.money) & priced, -1, kind)
    return Divided(b, kind, names, kinds, cuts, scored, history.life(b, *bounds) if bounds else None, bounds)
