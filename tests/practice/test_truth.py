"""The practice product is simulated people, not the methods' own models: so their intervals can be held against the truth."""

from __future__ import annotations

import pytest

from stageway import catalogue
from stageway.arithmetic.intervals import wilson
from stageway.evidence import Frame
from stageway.practice import truth
from tests.practice.coverage import covered, said

ASKED = {
    "kano.better", "kano.worse", "kano.satisfaction", "kano.importance", "kano.questionable", "kano.reverse",
    "sus_before.score", "sus.score", "sus.difference", "positioning.hit", "positioning.distance",
    "attribution.share", "attribution.known_source", "attribution.cac_blended", "experiment.difference", "experiment.mean",
    "survey.share", "opportunity.score", "price.optimal", "price.contradictory", "message.mean", "awareness.share", "tasks.completion",
    "tasks.time_s", "tasks.difference", "ease.seq", "first_use.completion", "first_click.right", "reliability.beta", "rollout.difference",
    "campaign.difference", "problems.best_worst", "map.inertia_2", "market_fit.share", "stability.crash_free", "stability_live.crash_free", "retention.d1",
    "retention.d30", "funnel.step_share", "prototype.d30", "load.p95", "load.failure", "tests.flaky", "entered",
}  # fmt: skip


@pytest.fixture(scope="module")
def twenty(tmp_path_factory):
    return covered(range(1, 21), tmp_path_factory.mktemp("reports"))


def test_pooled_over_twenty_seeds_the_truth_lies_in_the_intervals_as_often_as_they_promise(twenty):
    inside, of = (sum(counts) for counts in zip(*twenty.values(), strict=True))
    assert set(twenty) >= ASKED, said(twenty)
    assert of >= 400
    assert 0.92 <= inside / of <= 0.98, f"{inside}/{of} = {inside / of:.1%}: {said(twenty)}"


def test_no_family_of_estimates_hides_behind_the_others(twenty):
    """In 20 seeds a family of 20 intervals has at least 15 of them right but once in 3,000 times, if 95% is true."""
    poor = {family: counts for family, counts in twenty.items() if counts[0] < 0.75 * counts[1] or (counts[1] >= 100 and counts[0] < 0.89 * counts[1])}
    assert not poor, said(poor)


@pytest.mark.soak
def test_each_family_holds_over_two_hundred_seeds(tmp_path):
    """Agresti and Coull's intervals of shares near 1 hold the truth more often than they promise; none may do so less often than 90%."""
    counted = covered(range(1001, 1201), tmp_path)
    assert all(inside / of >= 0.90 for inside, of in counted.values()), said(counted)
    inside, of = (sum(counts) for counts in zip(*counted.values(), strict=True))
    assert 0.94 <= inside / of <= 0.965, f"{inside}/{of} = {inside / of:.1%}: {said(counted)}"


def test_an_interval_that_is_too_narrow_is_found_out(monkeypatch, tmp_path):
    import tests.practice.coverage as coverage

    honest = coverage.intervals

    def halved(seed, folder):
        for key, low, high in honest(seed, folder):
            yield key, low + (high - low) / 4, high - (high - low) / 4

    monkeypatch.setattr(coverage, "intervals", halved)
    counted = covered(range(1, 4), tmp_path)
    inside, of = (sum(counts) for counts in zip(*counted.values(), strict=True))
    assert inside / of < 0.8


@pytest.mark.parametrize("part", truth.PARTS, ids=lambda part: part.__name__)
def test_the_committed_truth_is_that_of_the_world(part):
    """Another crowd, of 200,000: within five standard errors; 0.01 on a scale of 1 is more than that for every share."""
    for key, value in part(200_000, 7).items():
        known = truth.truths()[key]
        assert value == pytest.approx(known, rel=0.03, abs=0.012), key


def test_what_people_enter_is_stated_and_committed():
    stated = truth.stated()
    assert stated["market_fit", "share"] == 0.418
    assert len(stated) > 15
    assert all(truth.truths()[key] == pytest.approx(value, rel=1e-6) for key, value in stated.items())


def test_answers_that_one_person_gives_alike_widen_the_share_of_questionable_ones():
    """Ten of forty people give five questionable answers each, or as many answers are spread over all people: the same share, another certainty."""
    alike = [
        {"respondent": f"p{i}", "feature": f"f{j}", "functional": 1 if i < 10 else 3, "dysfunctional": 1 if i < 10 else 3} for i in range(40) for j in range(5)
    ]
    mixed = [dict(row, **dict.fromkeys(("functional", "dysfunctional"), 1 if i % 4 == 0 else 3)) for i, row in enumerate(alike)]
    wide, narrow = (catalogue.get("kano").run({"answers": Frame.of(rows)}, {"draws": 200}).get("questionable") for rows in (alike, mixed))
    assert wide.value == narrow.value == 0.25
    assert (narrow.low, narrow.high) == pytest.approx(wilson(50, 200))
    assert (wide.low, wide.high) == pytest.approx(wilson(50 / 5.128, 200 / 5.128), abs=0.001)
