"""The truth behind the estimates of the practice product: what a crowd without end of the same world would answer, do and buy.

Nothing here is computed by a method of the catalogue: every quantity is defined again, in a line or two, over arrays of the world. Where
the world states a chance (hand-entered shares, flaky cases) the truth is that chance; everything else is the mean over a very large crowd.

Monte Carlo error: a share or mean over N people errs by sd/√N, so against an interval from n people by √(n/N) of its standard error.
With CROWD = 2,000,000 that is 1.3% for Kano and positioning (n ≈ 330), 4.7% for attribution (n ≈ 4,300), 2.5% for the experiment:
of no weight for coverage. `truths()` reads the constants that `scripts/make_truth.py` computed with CROWD; a test computes a part anew.

Keys are (evidence, full name of the estimate). `sus_before` is the SUS of prototype A, which the product shows before the recycle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources

import numpy as np

from stageway.practice import reports, world
from stageway.practice.entered import entered
from stageway.practice.sample import Done, Truth

Key = tuple[str, str]
Truths = dict[Key, float]

CROWD = 2_000_000
BLOCK = 100_000
SEED = 20_260_524

#: Berger et al. (1993): rows are the answers with the feature (1 like … 5 dislike), columns those without it.
BERGER = np.array([list(row) for row in ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")])
PLEASED = np.array([4.0, 2.0, 0.0, -1.0, -2.0])


@cache
def truths() -> Truths:
    """(evidence, full name of the estimate) → truth, from the committed constants. Do not change the mapping that is given back."""
    text = (resources.files("stageway.practice") / "truth.json").read_text(encoding="utf-8")
    return {(evidence, name): value for evidence, names in json.loads(text).items() for name, value in names.items()}


def computed(crowd: int = CROWD, seed: int = SEED) -> Truths:
    """All truths anew, the crowd in blocks of at most BLOCK people."""
    made: Truths = {}
    for part in PARTS:
        made |= part(crowd, seed)
    return made | stated()


def _blocks(crowd: int, seed: int) -> Iterator[tuple[int, np.random.Generator]]:
    for i, start in enumerate(range(0, crowd, BLOCK)):
        yield min(BLOCK, crowd - start), np.random.default_rng([SEED, seed, i])


def kano(crowd: int, seed: int) -> Truths:
    votes = {feature: dict.fromkeys("AOMIRQ", 0) for feature in world.FEATURES}
    pleased = dict.fromkeys(world.FEATURES, 0.0)
    weight = dict.fromkeys(world.FEATURES, 0.0)
    for n, rng in _blocks(crowd, seed):
        for feature, (present, absent, importance) in world.kano_answers(n, rng).items():
            letters, counts = np.unique(BERGER[present - 1, absent - 1], return_counts=True)
            for letter, count in zip(letters.tolist(), counts.tolist(), strict=True):
                votes[feature][letter] += count
            pleased[feature] += float(PLEASED[present - 1].sum())
            weight[feature] += float(importance.sum())
    made: Truths = {}
    for feature, v in votes.items():
        base = v["A"] + v["O"] + v["M"] + v["I"]
        made["kano", f"better[{feature}]"] = (v["A"] + v["O"]) / base
        made["kano", f"worse[{feature}]"] = -(v["O"] + v["M"]) / base
        made["kano", f"satisfaction[{feature}]"] = pleased[feature] / crowd
        made["kano", f"importance[{feature}]"] = weight[feature] / crowd
    for name, letter in (("questionable", "Q"), ("reverse", "R")):
        made["kano", name] = sum(v[letter] for v in votes.values()) / (crowd * len(votes))
    return made


def _scores(answers: world.Codes) -> world.Array:
    """Brooke (1996): odd items count answer − 1, even ones 5 − answer; times 2.5."""
    odd, even = answers[:, 0::2], answers[:, 1::2]
    return np.asarray(2.5 * ((odd - 1).sum(axis=1) + (5 - even).sum(axis=1)), dtype=np.float64)


def usability(crowd: int, seed: int) -> Truths:
    scores, above, done = np.zeros(2), 0, np.zeros((2, len(world.TASKS)))
    for n, rng in _blocks(crowd, seed):
        for version in (1, 2):
            seen = world.session(n, version, rng)
            mine = _scores(seen.answers)
            scores[version - 1] += mine.sum()
            done[version - 1] += seen.done.sum(axis=0)
            above += int((mine > 68).sum()) if version == 2 else 0
    first, second = (scores / crowd).tolist()
    made: Truths = {
        ("sus_before", "score"): first,
        ("sus", "score"): second,
        ("sus", "difference"): second - first,
        ("sus", "share_above_68"): above / crowd,
    }
    for k, task in enumerate(world.TASKS):
        made["tasks_before", f"completion[{task}]"], made["tasks", f"completion[{task}]"] = (done[:, k] / crowd).tolist()
    return made


def positioning(crowd: int, seed: int) -> Truths:
    """Distances between brands in standard deviations of each attribute over all answers; hits and gap among the target segment."""
    ticks, hits, aimed = np.zeros((len(world.BRANDS), len(world.ATTRIBUTES))), np.zeros(len(world.ATTRIBUTES)), 0
    for n, rng in _blocks(crowd, seed):
        ticked, target = world.associations(n, rng)
        ticks += ticked.sum(axis=0)
        hits += ticked[target, 0].sum(axis=0)
        aimed += int(target.sum())
    share, linked = ticks / crowd, dict(zip(world.ATTRIBUTES, (hits / aimed).tolist(), strict=True))
    overall = share.mean(axis=0)
    away = (share[:1] - share[1:]) / np.sqrt(overall * (1 - overall))
    made: Truths = {("positioning", f"hit[{claim}]"): linked[claim] for claim in world.CLAIMS}
    made["positioning", "distance"] = float(np.sqrt((away**2).sum(axis=1)).min())
    made["positioning", "gap"] = float(np.sqrt(np.mean([(linked[claim] - 1) ** 2 for claim in world.CLAIMS])))
    return made


def attribution(crowd: int, seed: int) -> Truths:
    """Linear credit: a registration is divided equally among the touches of its way. `crowd` is the number of journeys."""
    names, lost = list(world.CHANNELS), list(world.CHANNELS).index("unknown_source")
    credit, known = np.zeros(len(names)), 0
    for n, rng in _blocks(crowd, seed):
        seen = world.walks(n, rng)
        steps = np.where(seen.untracked[:, None], -1, seen.steps)[seen.registered]
        steps[seen.untracked[seen.registered], 0] = lost
        part = np.broadcast_to(1 / (steps >= 0).sum(axis=1, keepdims=True), steps.shape)
        credit += np.bincount(steps[steps >= 0], part[steps >= 0], minlength=len(names))
        known += int(((steps >= 0) & (steps != lost)).any(axis=1).sum())
    total, costs = credit.sum(), world.budgets(world.JOURNEYS)
    made: Truths = {("attribution", "known_source"): known / float(total)}
    for name, mine in zip(names, credit.tolist(), strict=True):
        made["attribution", f"share[{name}]"] = mine / float(total)
        made["attribution", f"conversions[{name}]"] = mine / crowd * world.JOURNEYS
        if name in costs:
            made["attribution", f"cac[{name}]"] = costs[name] / (mine / crowd * world.JOURNEYS)
    made["attribution", "cac_blended"] = sum(costs.values()) / float(total / crowd * world.JOURNEYS)
    return made


def experiment(crowd: int, seed: int) -> Truths:
    back, sizes = np.zeros(2), np.zeros(2)
    for n, rng in _blocks(crowd, seed):
        seen = world.arms(n, rng)
        sizes += np.bincount(seen.treated, minlength=2)
        back += np.bincount(seen.treated, seen.back, minlength=2)
    control, treated = (back / sizes).tolist()
    return {
        ("experiment", "mean[A]"): control,
        ("experiment", "mean[B]"): treated,
        ("experiment", "difference"): treated - control,
        ("experiment", "relative"): treated / control - 1,
    }


def stated() -> Truths:
    """What the world states as a chance: flaky cases of the test report, and the shares, means and values that people enter."""
    nobody: Done = dict.fromkeys(world.TASKS, (0.0, 1.0))
    made: Truths = {("tests", "flaky"): reports.flaky_share()}
    for name, text in entered(Truth(np.random.default_rng(0)), 4, nobody).items():
        plain = json.loads(text.removeprefix(f"{name}: "))["plain"] if text else {}
        made |= {(name, estimate): entry["value"] for estimate, entry in plain.items() if entry["kind"] != "exact" and name != "tasks"}
    return made


PARTS: tuple[Callable[[int, int], Truths], ...] = (kano, usability, positioning, attribution, experiment)
