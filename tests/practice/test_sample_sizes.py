"""True SUS 74, standard deviation 12, threshold 68, at least 12 people: how many people decide, through the method, the judge and the gate."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from stageway import catalogue
from stageway.arithmetic.sus_scale import scores
from stageway.evidence import Frame
from stageway.process.gate import exit_code, gate
from stageway.process.judge import judge
from stageway.process.record import Choice, Result
from tests.process.build import AT, criterion, items, requirement, stage

ITEMS = [f"q{i + 1}" for i in range(10)]
GATE = stage(requirement(criterion("sus.score >= 68", least_n=12)))


def questionnaires(n: int, rng: np.random.Generator, mean: float = 74, sd: float = 12) -> np.ndarray:
    """People whose scores have this mean and deviation: the points of each are dealt to the ten items at random, none above 4."""
    points = np.clip(np.rint(rng.normal(mean, sd, n) / 2.5), 0, 40).astype(int)
    answers = np.empty((n, 10), dtype=int)
    for i, total in enumerate(points):
        dealt = np.bincount(rng.choice(40, total, replace=False) % 10, minlength=10)
        answers[i] = np.where(np.arange(10) % 2 == 0, 1 + dealt, 5 - dealt)
    return answers


def judged(n: int, seed: int):
    answers = questionnaires(n, np.random.default_rng(seed))
    rows = [{"respondent": f"u{i + 1}", **dict(zip(ITEMS, row, strict=True))} for i, row in enumerate(answers.tolist())]
    finding = catalogue.get("sus").run({"answers": Frame.of(rows)}, {"draws": 500})
    verdicts = judge(GATE, findings={"sus": finding}, items=items(), signoffs=(), at=AT)
    return verdicts[0], gate(GATE, verdicts, (), None, AT, ("design",))


def test_the_simulated_people_have_the_mean_and_deviation_asked_for():
    made = scores(questionnaires(40_000, np.random.default_rng(1)).astype(float))
    assert made.mean() == pytest.approx(74, abs=0.3)
    assert made.std() == pytest.approx(12, abs=0.4)


def test_five_people_are_never_evaluable():
    for seed in range(20):
        verdict, at_gate = judged(5, seed)
        assert verdict.result == Result.NOT_EVALUABLE
        assert verdict.why_code == "least_n"
        assert (at_gate.recommendation.choice, exit_code(at_gate.recommendation)) == (Choice.HOLD, 3)


def test_fifteen_people_mostly_leave_it_undecided_and_the_verdict_says_how_many_it_takes():
    """The t interval of 15 people is ±6.6 wide around 74 ± 3.1: it holds 68 in a little more than half of all samples."""
    seen = [judged(15, seed) for seed in range(60)]
    results = Counter(verdict.result for verdict, _ in seen)
    assert results[Result.UNDECIDED] > results.total() / 2
    assert results[Result.FAIL] == 0
    undecided = [(verdict, at_gate) for verdict, at_gate in seen if verdict.result == Result.UNDECIDED]
    asked = [verdict.needs_n for verdict, _ in undecided if verdict.needs_n is not None]
    assert len(asked) >= 0.85 * len(undecided)
    assert min(asked) > 15
    assert all(exit_code(at_gate.recommendation) == 3 for _, at_gate in undecided)


def test_two_hundred_people_pass():
    for seed in range(20):
        verdict, at_gate = judged(200, seed)
        assert verdict.result == Result.PASS
        assert at_gate.recommendation.choice == Choice.GO
