"""Best-worst tasks as arrays: counts, the sets of a conditional logit, what can be compared, and who contradicts themselves.

Sources: Finn & Louviere (1992), J. Public Policy & Marketing 11, 12–25; Marley & Louviere (2005), J. Math. Psych. 49, 464–480;
Louviere, Flynn & Marley (2015), Best-Worst Scaling, ch. 2 and 5; Ford (1957), Am. Math. Monthly 64(8), 28–33 (when utilities are finite).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.choice_logit import Array, Ints, Sets

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Tasks:
    """`item` (rows) of each task, tasks one after the other from `starts`; `best` and `worst` (tasks) are items, −1 where not named.

    `place` (rows) is where an item stood in its task, −1 where unknown. `person` (tasks) counts from 0.
    """

    item: Ints
    place: Ints
    starts: Ints
    best: Ints
    worst: Ints
    person: Ints
    people: int
    items: int

    @property
    def sizes(self) -> Ints:
        return np.diff(np.append(self.starts, len(self.item)))

    def among(self, items: Mask) -> Tasks:
        """Only these items, as if the others had not been shown; the numbers of items stay."""
        rows = items[self.item]
        sizes = np.add.reduceat(rows.astype(np.int64), self.starts)
        tasks = sizes > 0
        starts = np.concatenate([[0], np.cumsum(sizes[tasks])[:-1]]).astype(np.int64)
        best, worst = (np.where((at >= 0) & items[at], at, -1)[tasks] for at in (self.best, self.worst))
        return replace(self, item=self.item[rows], place=self.place[rows], starts=starts, best=best, worst=worst, person=self.person[tasks])

    def by(self, keep: Mask) -> Tasks:
        """The tasks of some people (a mask over people); the numbers of people stay."""
        tasks = keep[self.person]
        rows = np.repeat(tasks, self.sizes)
        starts = np.concatenate([[0], np.cumsum(self.sizes[tasks])[:-1]]).astype(np.int64)
        return replace(self, item=self.item[rows], place=self.place[rows], starts=starts, best=self.best[tasks], worst=self.worst[tasks],
                       person=self.person[tasks])


def counted(tasks: Tasks) -> tuple[Ints, Ints, Ints]:
    """How often each item was shown, best and worst."""
    shown = np.bincount(tasks.item, minlength=tasks.items)
    best, worst = (np.bincount(at[at >= 0], minlength=tasks.items) for at in (tasks.best, tasks.worst))
    return shown, best, worst


def scores(tasks: Tasks) -> tuple[Array, Array]:
    """(best − worst) / shown of each item, and its standard error by people (linearised ratio); NaN for an item never shown."""
    shape = (tasks.people, tasks.items)
    shown, net = np.zeros(shape), np.zeros(shape)
    np.add.at(shown, (np.repeat(tasks.person, tasks.sizes), tasks.item), 1.0)
    for at, sign in ((tasks.best, 1.0), (tasks.worst, -1.0)):
        np.add.at(net, (tasks.person[at >= 0], at[at >= 0]), sign)
    total = shown.sum(axis=0)
    value = np.divide(net.sum(axis=0), total, out=np.full(tasks.items, np.nan), where=total > 0)
    apart = net - value * shown
    m = tasks.people
    error = np.sqrt((apart**2).sum(axis=0) * (m / (m - 1) if m > 1 else math.nan)) / np.where(total > 0, total, math.nan)
    return value, error


def contrasts(items: int) -> Array:
    """Effects coding (items, items − 1): utilities = contrasts @ beta sum to 0."""
    return np.vstack([np.eye(items - 1), -np.ones(items - 1)])


def choice_sets(tasks: Tasks, kept: Ints, model: str) -> Sets:
    """The sets of a conditional logit of the `kept` items (the only ones in `tasks`).

    sequential: best exp(u) among all shown, then worst exp(−u) among the rest · marginal: worst among all shown as well ·
    maxdiff: the ordered pair exp(u_best − u_worst) among all pairs shown; a task with only one of the two named is not used.
    """
    at = np.full(tasks.items, -1, dtype=np.int64)
    at[kept] = np.arange(len(kept))
    coded = contrasts(len(kept))
    if model == "maxdiff":
        return _pairs(tasks, at, coded)
    owner = np.repeat(np.arange(len(tasks.starts)), tasks.sizes)
    first = (tasks.best[owner] >= 0) & (tasks.sizes[owner] > 1)
    second = tasks.worst[owner] >= 0
    if model == "sequential":
        second &= tasks.item != tasks.best[owner]
    left = np.bincount(owner[second], minlength=len(tasks.starts))
    second &= left[owner] > 1
    x = np.concatenate([coded[at[tasks.item[first]]], -coded[at[tasks.item[second]]]])
    task = np.concatenate([owner[first], owner[second] + len(tasks.starts)])
    taken = np.concatenate([tasks.item[first] == tasks.best[owner[first]], tasks.item[second] == tasks.worst[owner[second]]])
    starts = np.flatnonzero(np.append(True, task[1:] != task[:-1])) if len(task) else np.empty(0, dtype=np.int64)
    return Sets(x, starts, np.flatnonzero(taken), tasks.person[task[starts] % len(tasks.starts)], tasks.people)


def _pairs(tasks: Tasks, at: Ints, coded: Array) -> Sets:
    x, chosen, person, sizes, rows = [], [], [], [], 0
    for size in np.unique(tasks.sizes).tolist():
        use = (tasks.sizes == size) & (tasks.best >= 0) & (tasks.worst >= 0)
        if size < 2 or not use.any():
            continue
        shown = tasks.item[tasks.starts[use][:, None] + np.arange(size)]
        one, two = (index.ravel() for index in np.nonzero(~np.eye(size, dtype=bool)))
        x.append((coded[at[shown[:, one]]] - coded[at[shown[:, two]]]).reshape(-1, coded.shape[1]))
        hit = (shown[:, one] == tasks.best[use][:, None]) & (shown[:, two] == tasks.worst[use][:, None])
        chosen.append(np.flatnonzero(hit.ravel()) + rows)
        person.append(tasks.person[use])
        sizes.append(np.full(int(use.sum()), len(one)))
        rows += int(use.sum()) * len(one)
    if not x:
        return Sets(np.empty((0, coded.shape[1])), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), tasks.people)
    starts = np.concatenate([[0], np.cumsum(np.concatenate(sizes))[:-1]]).astype(np.int64)
    return Sets(np.concatenate(x), starts, np.concatenate(chosen), np.concatenate(person), tasks.people)


def preferred(tasks: Tasks) -> tuple[Ints, Ints, Ints]:
    """What the answers say: rows (person, item, item it was preferred to). The best over all shown, all shown over the worst."""
    owner = np.repeat(np.arange(len(tasks.starts)), tasks.sizes)
    best, worst = tasks.best[owner], tasks.worst[owner]
    over, under = (best >= 0) & (tasks.item != best), (worst >= 0) & (tasks.item != worst) & (tasks.item != best)
    person = tasks.person[owner]
    return np.concatenate([person[over], person[under]]), np.concatenate([best[over], tasks.item[under]]), np.concatenate([tasks.item[over], worst[under]])


def comparable(tasks: Tasks) -> tuple[Mask, Mask]:
    """(items whose utilities are finite against each other, other items that are preferred to them): the largest strong component."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    _, winner, loser = preferred(tasks)
    edges = np.zeros((tasks.items, tasks.items), dtype=bool)
    edges[winner, loser] = True
    _, label = connected_components(coo_array(edges), directed=True, connection="strong")
    kept = label == np.argmax(np.bincount(label))
    above = ~kept & edges[:, kept].any(axis=1)
    for _ in range(tasks.items):
        above |= ~kept & edges[:, above].any(axis=1)
    return kept, above


def repeated(tasks: Tasks) -> tuple[Ints, Ints]:
    """Of each person: pairs of judgements on the same two items, and those of them that agree. Answers at random agree in half of them."""
    person, winner, loser = preferred(tasks)
    low, high = np.minimum(winner, loser), np.maximum(winner, loser)
    code, where = np.unique((person * tasks.items + low) * tasks.items + high, return_inverse=True)
    times, ups = np.bincount(where, minlength=len(code)), np.bincount(where[winner == low], minlength=len(code))
    who = code // tasks.items**2
    together, alike = np.zeros(tasks.people, dtype=np.int64), np.zeros(tasks.people, dtype=np.int64)
    np.add.at(together, who, times * (times - 1) // 2)
    np.add.at(alike, who, ups * (ups - 1) // 2 + (times - ups) * (times - ups - 1) // 2)
    return together, alike


def same_place(tasks: Tasks, least: int = 4) -> Mask:
    """People (mask) whose best stood at the same place in all their tasks, of which they have at least `least`."""
    owner = np.repeat(np.arange(len(tasks.starts)), tasks.sizes)
    rows = (tasks.item == tasks.best[owner]) & (tasks.place >= 0)
    person, place = tasks.person[owner[rows]], tasks.place[rows]
    low, high = np.full(tasks.people, 10**6), np.full(tasks.people, -1)
    np.minimum.at(low, person, place)
    np.maximum.at(high, person, place)
    made: Mask = (low == high) & (np.bincount(person, minlength=tasks.people) >= least)
    return made
