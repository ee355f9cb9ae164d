"""Shares of given alternatives: by the logit rule for all, and by each person's first choice.

Sources: McFadden (1974), in Frontiers in Econometrics, 105–142 (logit rule); Green & Krieger (1988), Marketing Science 7, 1–21 (first choice).
"""

from __future__ import annotations

import numpy as np

from stageway.arithmetic.choice_logit import Array


def preference(betas: Array, x: Array) -> Array:
    """Share of each alternative: betas (…, k), x (alternatives, k) → (…, alternatives); sums to 1."""
    worths = betas @ x.T
    raised = np.exp(worths - worths.max(axis=-1, keepdims=True))
    made: Array = raised / raised.sum(axis=-1, keepdims=True)
    return made


def first_choices(people: Array, x: Array) -> Array:
    """(people, alternatives): 1 for the alternative of the highest worth, shared between equals."""
    worths = people @ x.T
    top = np.isclose(worths, worths.max(axis=1, keepdims=True), rtol=0, atol=1e-9)
    made: Array = top / top.sum(axis=1, keepdims=True)
    return made


def first_places(shares: Array) -> Array:
    """How often each alternative has the largest share: (draws, alternatives) → (alternatives)."""
    made: Array = np.bincount(shares.argmax(axis=1), minlength=shares.shape[1]) / len(shares)
    return made


def first_choices_drawn(people: Array, spread: Array, common: Array, x: Array, rng: np.random.Generator) -> Array:
    """Share of people who put each alternative first (draws, alternatives), where persons are known up to `spread` (people, k, k).

    By the middle of what is known of each person, first choices would all lean to the same side. `common` (draws, k) is the error
    that all share. x (alternatives, k).
    """
    worths = people @ x.T
    roots = np.einsum("ak,pkl->pal", x, np.linalg.cholesky(spread))
    made = np.empty((len(common), len(x)))
    for d, shift in enumerate(common @ x.T):
        moved = worths + shift + np.einsum("pal,pl->pa", roots, rng.standard_normal(people.shape))
        made[d] = np.bincount(moved.argmax(axis=1), minlength=len(x)) / len(people)
    return made
