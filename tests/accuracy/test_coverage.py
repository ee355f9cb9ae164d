"""The truth lies in the 95% intervals about as often as they claim: 500 simulated studies a method in `make soak`, a few here."""

from pathlib import Path

import pytest

from stageway import catalogue
from stageway.evidence import Kind
from tests.accuracy.coverage import CONSERVATIVE, covered, simulated, wrong

#: Methods whose estimates are counts of a census, or that only rearrange what was measured: they give no interval.
WITHOUT = {"coverage", "security_findings"}


def intervals(id):
    import numpy as np

    method = catalogue.get(id)
    finding = method.run(method.example(np.random.default_rng(1)))
    return [e for e in finding.estimates if e.kind is not Kind.EXACT and e.low is not None]


def test_each_method_with_intervals_has_a_simulated_study():
    assert {id for id in catalogue.methods() if intervals(id)} - set(simulated()) == set()


def test_no_study_is_left_of_a_method_that_is_gone():
    assert set(simulated()) - set(catalogue.methods()) == set()
    assert {id for id, _ in CONSERVATIVE} - set(simulated()) == set()


@pytest.mark.parametrize("id", simulated())
def test_a_few_studies_do_not_contradict_the_intervals(id):
    hits = covered(id, range(24))
    assert hits
    assert not wrong(id, hits)


@pytest.mark.soak
@pytest.mark.parametrize("id", simulated())
def test_the_truth_lies_in_the_intervals_as_often_as_they_claim(id):
    assert not wrong(id, covered(id, range(500)))


def test_the_page_has_a_row_for_each_estimate_that_is_simulated():
    page = (Path(__file__).parents[2] / "docs" / "accuracy.md").read_text(encoding="utf-8")
    assert [id for id in simulated() if f"| `{id}` |" not in page] == []
