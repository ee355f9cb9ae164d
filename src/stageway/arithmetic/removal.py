"""Markov chain attribution, solved exactly: how much of all conversions is lost when a channel's inflow goes to nothing.

States are channels (order 1) or pairs of successive channels (order 2); a path goes start → states → conversion or null. With Q the
transitions between states, s the start and r the way into conversion, N = (I − Q)⁻¹ and p = s·N·r. Removing the states B leaves
    p − (sN)_B · (N_BB)⁻¹ · (Nr)_B,
so the removal effect of B is the second term over p. A state that follows itself changes nothing.

Sources: Anderl, Becker, von Wangenheim & Schumann (2016), Mapping the customer journey, IJRM 33, 457–474, s. 3; Kemeny & Snell
(1960), Finite Markov Chains, ch. 3 (fundamental matrix).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.credit import path_of, starts_of

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Chain:
    """What a path does: sparse matrices from paths to transitions, first and last states. `members` (channels, states): whose a state is."""

    states: int
    pairs: Codes
    moves: Any
    begins: Any
    ends: Any
    members: NDArray[np.bool_]

    @classmethod
    def of(cls, codes: Codes, lengths: Codes, channels: int, order: int = 1) -> Chain:
        """From the touches (see `credit`). Order 2 remembers the channel before."""
        from scipy.sparse import csr_matrix

        starts, path = starts_of(lengths), path_of(lengths)
        before = np.full(len(codes), channels, dtype=np.int64)
        if order == 2:
            before[1:] = codes[:-1]
            before[starts] = channels
        known, state = np.unique(before * channels + codes, return_inverse=True)
        inside = np.ones(len(codes), dtype=bool)
        inside[starts] = False
        here = np.flatnonzero(inside)
        pairs, pair = np.unique(state[here - 1] * len(known) + state[here], return_inverse=True)
        paths, ones = len(lengths), np.ones(len(lengths))
        members = known[None, :] % channels == np.arange(channels)[:, None]
        if order == 2:
            members |= known[None, :] // channels == np.arange(channels)[:, None]
        return cls(
            len(known), pairs, csr_matrix((np.ones(len(here)), (pair, path[here])), shape=(len(pairs), paths)),
            csr_matrix((ones, (state[starts], np.arange(paths))), shape=(len(known), paths)),
            csr_matrix((ones, (state[starts + lengths - 1], np.arange(paths))), shape=(len(known), paths)), members)

    def effects(self, conversions: Array, nulls: Array, values: Array | None = None) -> tuple[Array, Array]:
        """(p of each sample, removal effects (samples, channels)) for path weights (samples, paths); `values` takes the place of the
        conversions in the way into conversion. A sample without conversions gives NaN."""
        all_paths = conversions + nulls
        moved, began = (self.moves @ all_paths.T).T, (self.begins @ all_paths.T).T
        gained = (self.ends @ (conversions if values is None else values).T).T
        left = (self.ends @ all_paths.T).T
        reached, lost = np.full(len(conversions), np.nan), np.full((len(conversions), len(self.members)), np.nan)
        for i in range(len(conversions)):
            if began[i].sum() > 0 and gained[i].sum() > 0:
                reached[i], lost[i] = self._solve(moved[i], began[i] / began[i].sum(), gained[i], left[i])
        return reached, lost

    def _solve(self, moved: Array, start: Array, gained: Array, left: Array) -> tuple[float, Array]:
        counts = np.zeros((self.states, self.states))
        counts.flat[self.pairs] = moved
        out = np.maximum(counts.sum(axis=1) + left, 1e-300)
        fundamental = np.linalg.inv(np.eye(self.states) - counts / out[:, None])
        visits, worth = start @ fundamental, fundamental @ (gained / out)
        total = float(visits @ (gained / out))
        lost = [visits[own] @ np.linalg.solve(fundamental[np.ix_(own, own)], worth[own]) for own in self.members]
        return total, np.array(lost) / total


def shares(effects: Array) -> Array:
    """Removal effects scaled to sum to 1 in each sample."""
    scaled: Array = effects / effects.sum(axis=-1, keepdims=True)
    return scaled
