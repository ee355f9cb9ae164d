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

from stageway.practice import bench, reports, scans, study, usage, world
from stageway.practice.entered import entered
from stageway.practice.sample import Truth

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
    """SUS and ease are means; the time of a task does not depend on who does it, so that the middle of those who complete it is the middle of all."""
    scores, above, done, eased = np.zeros(2), 0, np.zeros((2, len(world.TASKS))), np.zeros((2, len(world.TASKS)))
    for n, rng in _blocks(crowd, seed):
        for version in (1, 2):
            seen = world.session(n, version, rng)
            mine = _scores(seen.answers)
            scores[version - 1] += mine.sum()
            done[version - 1] += seen.done.sum(axis=0)
            eased[version - 1] += seen.eased.sum(axis=0)
            above += int((mine > 68).sum()) if version == 2 else 0
    first, second = (scores / crowd).tolist()
    made: Truths = {
        ("sus_before", "score"): first,
        ("sus", "score"): second,
        ("sus", "difference"): second - first,
        ("sus", "share_above_68"): above / crowd,
        ("ease", "seq"): float(eased[1].mean()) / crowd,
    }
    for k, (task, difficulties) in enumerate(world.TASKS.items()):
        before, after = (done[:, k] / crowd).tolist()
        for i, (evidence, completion) in enumerate((("tasks_before", before), ("tasks", after))):
            made[evidence, f"completion[{task}]"] = completion
            made[evidence, f"time_s[{task}]"] = float(np.exp(world.MIDDLE_TIME + world.TIME_BY_DIFFICULTY * difficulties[i]))
        made["tasks", f"difference[{task}]"] = after - before
        made["ease", f"seq[{task}]"] = float(eased[1, k]) / crowd
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
    made["map", "inertia_2"] = _two_axes(share)
    made["positioning", "distance"] = float(np.sqrt((away**2).sum(axis=1)).min())
    made["positioning", "gap"] = float(np.sqrt(np.mean([(linked[claim] - 1) ** 2 for claim in world.CLAIMS])))
    return made


def _two_axes(share: world.Array) -> float:
    """Correspondence analysis of brands by attributes: the part of the inertia on its first two axes."""
    p = share / share.sum()
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    expected = np.outer(rows, columns)
    inertia = np.linalg.svd((p - expected) / np.sqrt(expected), compute_uv=False) ** 2
    return float(inertia[:2].sum() / inertia.sum())


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


def research(crowd: int, seed: int) -> Truths:
    """Shares of the reader survey, whose answers do not depend on age, sex or town; opportunity by Ulwick: 10 × share of 4 and 5."""
    finished, when, minutes = np.zeros(len(study.BOOKS)), np.zeros(len(study.OCCASIONS)), np.zeros(len(study.MINUTES))
    answered = 0
    high = {need: np.zeros(2) for need in study.NEEDS}
    for n, rng in _blocks(crowd, seed):
        books, occasions, each = study.survey_answers(n, rng)
        finished += np.bincount(books, minlength=len(finished))
        when += occasions.sum(axis=0)
        answered += int(occasions.any(axis=1).sum())
        minutes += np.bincount(each, minlength=len(minutes))
        for need, pair in study.ratings(n, rng).items():
            high[need] += [float((rating >= 4).sum()) for rating in pair]
    made: Truths = {}
    for question, names, counts in (("finished", study.BOOKS, finished), ("minutes", study.MINUTES, minutes)):
        made |= {("survey", f"share[{question}:{name}]"): count / crowd for name, count in zip(names, counts.tolist(), strict=True)}
    for name, count in zip(study.OCCASIONS, when.tolist(), strict=True):
        made["survey", f"share[occasions:{name}]"] = count / answered
    for need, (important, satisfied) in high.items():
        one, other = 10 * important / crowd, 10 * satisfied / crowd
        made |= {("opportunity", f"importance[{need}]"): one, ("opportunity", f"satisfaction[{need}]"): other}
        made["opportunity", f"score[{need}]"] = one + max(one - other, 0)
    return made


def prices(crowd: int, seed: int) -> Truths:
    """Of the people whose four prices rise: the first price at which no more find it too cheap than too expensive, and the like for the other points."""
    top = 400
    named, rising = np.zeros((4, top)), 0
    for n, rng in _blocks(crowd, seed):
        answers = np.minimum(study.price_answers(n, rng), top - 1)
        kept = answers[(np.diff(answers, axis=1) > 0).all(axis=1)]
        rising += len(kept)
        named += np.stack([np.bincount(kept[:, k], minlength=top) for k in range(4)])
    reached = named.cumsum(axis=1) / rising
    too_cheap, cheap, expensive, too_expensive = 1 - reached[0], 1 - reached[1], reached[2], reached[3]

    def crossing(falling: world.Array, growing: world.Array) -> float:
        return float(np.argmax(growing >= falling))

    return {
        ("price", "contradictory"): 1 - rising / crowd,
        ("price", "optimal"): crossing(too_cheap, too_expensive),
        ("price", "indifference"): crossing(cheap, expensive),
        ("price", "acceptable_low"): crossing(too_cheap, 1 - cheap),
        ("price", "acceptable_high"): crossing(1 - expensive, too_expensive),
    }


def laboratory(crowd: int, seed: int) -> Truths:
    """First use: the middle time of those who get there in time. First clicks: whether each is right, and what follows a right and a wrong one."""
    times = [bench.first_use_seconds(n, rng) for n, rng in _blocks(crowd, seed)]
    seconds = np.concatenate(times)
    made: Truths = {("first_use", "completion[first_segment]"): float((seconds <= bench.LIMIT_S).mean())}
    made["first_use", "time_s[first_segment]"] = float(np.median(seconds[seconds <= bench.LIMIT_S]))
    right, done = np.zeros(len(bench.ENTRANCES)), np.zeros(2)
    for n, rng in _blocks(crowd, seed + 1):
        seen = bench.clicking(n, rng)
        right += seen.right.sum(axis=0)
        done += [float((seen.done & seen.right).sum()), float((seen.done & ~seen.right).sum())]
    for name, count in zip(bench.ENTRANCES, right.tolist(), strict=True):
        made["first_click", f"right[{name}]"] = count / crowd
    clicks = float(right.sum())
    after_right, after_wrong = done[0] / clicks, done[1] / (crowd * len(right) - clicks)
    made |= {("first_click", "success_after_right"): after_right, ("first_click", "success_after_wrong"): after_wrong}
    made["first_click", "difference"] = after_right - after_wrong
    return made


def load(crowd: int, seed: int) -> Truths:
    took = np.concatenate([scans.times(n, rng)[1] for n, rng in _blocks(crowd, seed)])
    return {("load", f"p{q}"): float(np.quantile(took, q / 100)) for q in (50, 95, 99)} | {("load", "failure"): scans.FAILING}


def pains(crowd: int, seed: int) -> Truths:
    """How often each problem is called the most less the least annoying one, of the times that it is shown."""
    most, least = np.zeros(len(study.PAINS)), np.zeros(len(study.PAINS))
    for n, rng in _blocks(crowd // 10, seed):
        for shown, first, last in study.choices(n, rng):
            most += np.bincount(np.array(shown)[first], minlength=len(most))
            least += np.bincount(np.array(shown)[last], minlength=len(least))
    times = np.bincount(np.array(study.SCREENS).ravel()) * (crowd // 10)
    return {("problems", f"best_worst[{name}]"): float(score) for name, score in zip(study.PAINS, (most - least) / times, strict=True)}


def beta(crowd: int, seed: int) -> Truths:
    """Coming back on a day, and each step of the funnel of those at the one before."""
    made: Truths = {}
    for evidence, level in (("retention", 0.0), ("prototype", usage.PROTOTYPE)):
        opened, steps = np.zeros(30), np.zeros(3)
        for n, rng in _blocks(crowd // 4, seed):
            seen = usage.lives(n, 30, rng, level)
            opened += seen.opened.sum(axis=0)
            steps += [float(each.sum()) for each in (seen.chose, seen.first, seen.third)]
        share = opened / (crowd // 4)
        made |= {(evidence, f"d{day}"): float(share[day - 1]) for day in (1, 7, 30)}
        if evidence == "retention":
            for name, reached, before in zip(("book_chosen", "first_segment", "third_segment"), steps, (crowd // 4, *steps[:2]), strict=True):
                made["funnel", f"step_share[{name}]"] = float(reached / before)
    return made


def stated() -> Truths:
    """What the world states as a chance: flaky cases, failures over hours, arms of the beta, and the shares and values that people enter."""
    made: Truths = {
        ("tests", "flaky"): reports.flaky_share(),
        ("reliability", "beta"): scans.GROWTH,
        ("reliability", "mtbf"): scans.HOURS / scans.EXPECTED,
        ("reliability", "mtbf_now"): scans.HOURS / scans.EXPECTED / scans.GROWTH,
        ("rollout", "difference"): usage.BACK_NEXT_DAY["rc3"] - usage.BACK_NEXT_DAY["rc2"],
        ("campaign", "difference"): usage.CAMPAIGN["invited"][1] - usage.CAMPAIGN["control"][1],
        ("message", "difference"): study.RECALLED["finish_a_book"] - study.RECALLED["undisturbed"],
        **{("message", f"mean[{slogan}]"): chance for slogan, chance in study.RECALLED.items()},
        ("stability", "crash_free"): 1 - usage.SOAK,
        **{("stability_live", f"crash_free[{version}]"): 1 - chance for version, (_, _, chance) in usage.SESSIONS.items()},
        ("market_fit", "share"): study.MISSED["非常失望"],
        ("market_fit", "somewhat"): study.MISSED["有点失望"],
        **{("awareness", f"share[{name}:yes]"): chance for name, chance in study.KNOWN.items()},
    }
    (invited, one), (control, other) = usage.CAMPAIGN.values()
    lifted = (round(invited * one), invited, round(control * other), control)
    for name, text in entered(Truth(np.random.default_rng(0)), 4, lifted).items():
        plain = json.loads(text.removeprefix(f"{name}: "))["plain"] if text else {}
        made |= {(name, estimate): entry["value"] for estimate, entry in plain.items() if entry["kind"] != "exact"}
    return made


PARTS: tuple[Callable[[int, int], Truths], ...] = (kano, usability, positioning, attribution, experiment, research, pains, prices, laboratory, load, beta)
