"""All attribution models side by side on the same journeys, and again on resampled ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import bootstrap, credit, proportions, removal
from stageway.arithmetic.journeys import Journeys

Array = NDArray[np.float64]
MODELS = ("first", "last", "last_non_direct", "linear", "position", "time_decay", "markov", "shapley")
#: Models that give whole conversions to one touch.
WHOLE = ("first", "last", "last_non_direct")
#: McNemar's normal approximation wants so many conversions whose first and last channel differ.
LEAST_DISCORDANT = 10


@dataclass(frozen=True)
class Credits:
    """Conversions and value by model and channel; `draws` the same from resampled journeys (draws, channels), `squares` = Σ w²·x.

    `value_squares` and `value_heaviest` are of the rules: Σ w²·x and the largest w, where w is the part of a conversion times its path's mean value.
    """

    journeys: Journeys
    conversions: Mapping[str, Array]
    squares: Mapping[str, Array]
    values: Mapping[str, Array]
    draws: Mapping[str, Array]
    value_draws: Mapping[str, Array]
    value_squares: Mapping[str, Array]
    value_heaviest: Mapping[str, Array]

    @property
    def total(self) -> float:
        return float(self.journeys.conversions.sum())


def resampled(j: Journeys, draws: int, rng: np.random.Generator) -> Iterator[tuple[Array, Array]]:
    """Blocks of conversions and nulls of each path, as if the journeys were drawn anew."""
    size = max(1, bootstrap.CELLS // (2 * len(j.lengths)))
    for start in range(0, draws, size):
        shape = (min(size, draws - start), len(j.lengths))
        yield rng.poisson(j.conversions, shape).astype(np.float64), rng.poisson(j.nulls, shape).astype(np.float64)


def credited(j: Journeys, weights: Mapping[str, Array], *, order: int, draws: int, rng: np.random.Generator) -> Credits:
    """All models on the data and on resampled journeys. `weights`: the rules' touch weights; `order` of the Markov chain.

    Resamples without any conversion are left out.
    """
    channels = len(j.channels)
    parts = {name: credit.by_path(w, j.codes, j.lengths, channels) for name, w in weights.items()}
    chain = removal.Chain.of(j.codes, j.lengths, channels, order)
    worth = np.divide(j.values, j.conversions, out=np.zeros_like(j.conversions), where=j.conversions > 0) if j.values is not None else None

    def models(conversions: Array, nulls: Array, *, of_value: bool) -> dict[str, Array]:
        gained = conversions * worth if of_value and worth is not None else conversions
        out = {name: np.asarray((part.T @ gained.T).T) for name, part in parts.items()}
        effects = chain.effects(conversions, nulls, gained if of_value else None)[1]
        out["markov"] = np.nan_to_num(removal.shares(effects) * gained.sum(axis=1, keepdims=True))
        return {name: out[name] for name in MODELS}

    made: list[dict[str, Array]] = []
    made_values: list[dict[str, Array]] = []
    for conversions, nulls in resampled(j, draws, rng):
        kept = conversions.sum(axis=1) > 0
        made.append(models(conversions[kept], nulls[kept], of_value=False))
        if worth is not None:
            made_values.append(models(conversions[kept], nulls[kept], of_value=True))
    base = j.conversions[None, :], j.nulls[None, :]
    priced = {} if worth is None else {name: part.multiply(worth[:, None]).tocsr() for name, part in parts.items()}
    return Credits(
        j, {name: v[0] for name, v in models(*base, of_value=False).items()},
        {name: np.asarray(part.power(2).T @ j.conversions) for name, part in parts.items()},
        {} if worth is None else {name: v[0] for name, v in models(*base, of_value=True).items()},
        {name: np.concatenate([block[name] for block in made]) for name in MODELS},
        {} if worth is None else {name: np.concatenate([block[name] for block in made_values]) for name in MODELS},
        {name: np.asarray(part.power(2).T @ j.conversions) for name, part in priced.items()},
        {name: np.asarray(part.max(axis=0).todense()).ravel() for name, part in priced.items()})


def known_source(j: Journeys, unknown: set[str]) -> float:
    """Conversions with at least one touch whose channel is known."""
    named = np.array([name.casefold() not in unknown for name in j.channels])
    per_path = np.maximum.reduceat(named[j.codes].astype(np.int64), credit.starts_of(j.lengths))
    return float(min(j.conversions @ per_path, j.conversions.sum()))


def openers_and_closers(credits: Credits) -> list[tuple[int, float, float, float]]:
    """(channel, first, last, p) where first and last touch differ by more than chance: McNemar, p corrected for the channels; largest first."""
    j, c = credits.journeys, credits.conversions
    starts = credit.starts_of(j.lengths)
    opened, closed = j.codes[starts], j.codes[starts + j.lengths - 1]
    found = []
    for i in range(len(j.channels)):
        more, less = float(j.conversions[(closed == i) & (opened != i)].sum()), float(j.conversions[(opened == i) & (closed != i)].sum())
        if more + less >= LEAST_DISCORDANT and (p := len(j.channels) * proportions.p_of_z((more - less) / np.sqrt(more + less))) < 0.05:
            found.append((i, float(c["first"][i]), float(c["last"][i]), p))
    return sorted(found, key=lambda each: (-abs(each[2] - each[1]), each[0]))
