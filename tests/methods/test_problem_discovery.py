"""Problem discovery: published matrices first, then what must hold for any matrix, then bad data."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import cohen_kappa_score

from stageway.arithmetic import discovery, rater_agreement
from stageway.evidence import DataError, Finding, Frame, Kind
from stageway.methods.design.problem_discovery import example, problem_discovery

#: Sauro & Lewis (2016), table 7.5: four participants, seven problems.
TABLE_75 = np.array([[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [0, 0, 1, 0], [1, 1, 1, 0], [1, 0, 0, 1], [1, 1, 0, 0]], dtype=float).T
#: Lewis (2008), in Sauro & Lewis (2016), table 7.11: six participants, twelve problems, met by so many.
COUNTS_711 = (1, 2, 3, 1, 1, 1, 1, 1, 1, 1, 5, 2)
NAN = math.nan
#: Krippendorff (2011), section D: four observers, twelve units, missing ratings.
OBSERVERS = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3], [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
])


def frame(matrix: np.ndarray) -> Frame:
    rows = [{"respondent": f"p{i + 1}", "problem": f"U{j + 1}", "found": int(matrix[i, j])} for i in range(matrix.shape[0]) for j in range(matrix.shape[1])]
    return Frame.of(rows, "found.csv")


def rated(ratings: np.ndarray) -> Frame:
    rows = [{"rater": f"r{i + 1}", "problem": f"U{j + 1}", "severity": None if math.isnan(v) else v} for i, row in enumerate(ratings) for j, v in enumerate(row.tolist())]
    return Frame.of(rows, "ratings.csv")


def codes(finding: Finding) -> list[str]:
    return [w.code for w in finding.warnings]


# ---- published


def test_the_corrections_of_sauro_and_lewis():
    """Quantifying the User Experience, table 7.5: the book rounds p to .71 first and prints .345, .621 and their mean .48."""
    assert discovery.observed(TABLE_75) == pytest.approx(0.71, abs=0.005)
    assert discovery.normalised(TABLE_75) == pytest.approx(0.345, abs=0.005)
    assert discovery.turing_good(TABLE_75) == pytest.approx(0.621, abs=0.005)
    assert discovery.lewis(TABLE_75) == pytest.approx(0.48, abs=0.008)
    found = problem_discovery.run({"found": frame(TABLE_75)})
    assert [round(row[1], 2) for row in found.table("models").rows] == [0.49, 0.35, 0.62, 0.71]


def test_the_study_of_lewis_2008():
    """Table 7.11: twelve problems met twenty times by six people, p = 20/72. By hand: eight met once, so
    ½ (20/72 − 1/6)(5/6) + ½ (20/72)/(1 + 8/12) = .1296, share found .565, 12/.565 − 12 = 9.2 unfound."""
    matrix = np.zeros((6, 12))
    for j, times in enumerate(COUNTS_711):
        matrix[np.arange(j, j + times) % 6, j] = 1
    assert discovery.observed(matrix) == pytest.approx(20 / 72)
    assert discovery.lewis(matrix) == pytest.approx(0.1296, abs=5e-5)
    e = problem_discovery.run({"found": frame(matrix)}).get("unfound")
    assert (round(e.value), e.high) == (9, math.inf)
    assert e.low <= e.value


def test_krippendorffs_alpha_and_kappa():
    """Krippendorff 2011: ordinal .815, interval .849; weighted kappa as scikit-learn's."""
    assert rater_agreement.krippendorff(OBSERVERS) == pytest.approx(0.815, abs=5e-4)
    assert rater_agreement.krippendorff(OBSERVERS, "interval") == pytest.approx(0.849, abs=5e-4)
    two = np.random.default_rng(1).integers(0, 5, (2, 30)).astype(float)
    two[1, :20] = np.clip(two[0, :20] + 1, 0, 4)
    for power, weights in ((1, "linear"), (2, "quadratic")):
        assert rater_agreement.weighted_kappa(two, power) == pytest.approx(cohen_kappa_score(two[0], two[1], weights=weights))


def test_nielsen_and_landauers_five_people():
    """With p = .31 five people find 84 % (.8436); 85 % of problems with p = .25 take seven people (Sauro & Lewis, table 7.1)."""
    assert discovery.share_found(0.31, 5) == pytest.approx(0.8436, abs=5e-5)
    assert discovery.people_for(0.85, 0.25) == 7


# ---- simulations


def test_the_lower_end_holds_and_what_a_person_adds_is_unbiased_for_problems_of_unequal_chance():
    rng = np.random.default_rng(7)
    held, added, true = [], [], []
    for _ in range(300):
        p = rng.beta(1, 3, 40)
        matrix = (rng.random((10, 40)) < p).astype(float)
        held.append(discovery.least_unfound(matrix) <= 40 - np.count_nonzero(matrix.any(axis=0)))
        added.append(discovery.added_by_one(matrix))
        true.append(float(np.sum(p * (1 - p) ** 9)))
    assert np.mean(held) > 0.95
    assert np.mean([a[0] for a in added]) == pytest.approx(np.mean(true), rel=0.06)
    assert np.mean([a[1] <= t <= a[2] for a, t in zip(added, true, strict=True)]) > 0.93


# ---- properties

matrices = hnp.arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 10)), elements=st.sampled_from([0.0, 1.0])).filter(lambda m: m.any())


@given(matrices, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_any_matrix_gives_finite_numbers_in_any_order_of_rows(matrix, random):
    table = frame(matrix)
    order = list(range(len(table)))
    random.shuffle(order)
    found = problem_discovery.run({"found": table})
    assert problem_discovery.run({"found": table.take(np.array(order)).with_columns(age=[30] * len(table))}).dumps() == found.dumps()
    assert Finding.from_json(found.to_json()) == found
    assert found.get("problems").value == np.count_nonzero(matrix.any(axis=0))
    for e in found.estimates:
        assert e.kind == Kind.EXACT or e.low <= e.value <= e.high


def test_the_example_has_all_estimates_and_the_same_seed_gives_the_same_bytes():
    found = problem_discovery.run(example(np.random.default_rng(1)))
    assert found.dumps() == problem_discovery.run(example(np.random.default_rng(1))).dumps()
    assert {e.name for e in found.estimates} == {"problems", "severe", "unfound", "added", "agreement", "found"}


def test_a_person_who_met_nothing_counts_and_rows_without_found_mean_met():
    long = [{"respondent": "p1", "problem": "A"}, {"respondent": "p2", "problem": "A"}, {"respondent": "p2", "problem": "B"}, {"respondent": "p3", "problem": None}]
    found = problem_discovery.run({"found": Frame.of(long)})
    assert (found.get("found", "A").value, found.get("found", "A").n) == (pytest.approx(2 / 3), 3)
    assert found.table("found_by").rows[0] == ("A", 2, pytest.approx(2 / 3), None, "●", "●", "")


def test_severities_are_counted_by_their_median_and_two_raters_are_compared_by_kappa():
    matrix = np.random.default_rng(3).integers(0, 2, (8, 6)).astype(float)
    matrix[0] = 1
    grades = np.array([[4, 3, 0, 1, 2, 3], [4, 4, 1, 1, 2, 2]], dtype=float)
    found = problem_discovery.run({"found": frame(matrix), "ratings": rated(grades)})
    assert found.get("severe").value == 2
    e = found.get("agreement")
    assert e.value == pytest.approx(cohen_kappa_score(grades[0], grades[1], weights="linear"))
    assert e.low <= e.value <= e.high <= 1
    assert found.meaning.next.zh.startswith("先修严重的“U1”“U2”") or found.meaning.next.zh.startswith("先修严重的“U2”“U1”")
    alpha = problem_discovery.run({"found": frame(matrix), "ratings": rated(grades)}, {"agreement": "alpha"}).get("agreement")
    assert alpha.value == pytest.approx(rater_agreement.krippendorff(grades))


def test_raters_who_differ_are_sent_to_talk():
    matrix = np.ones((4, 8))
    matrix[0, :4] = 0
    grades = np.array([[0, 4, 0, 4, 1, 3, 0, 4], [4, 0, 3, 0, 4, 0, 4, 1], [2, 2, 4, 0, 0, 4, 1, 3]], dtype=float)
    assert "raters_differ" in codes(problem_discovery.run({"found": frame(matrix), "ratings": rated(grades)}))


# ---- bad data


@pytest.mark.parametrize("matrix", [np.ones((1, 5)), np.ones((1, 1))])
def test_one_person_gives_a_list_and_no_rate(matrix):
    found = problem_discovery.run({"found": frame(matrix)})
    assert set(codes(found)) == {"small_n", "no_rate"}
    assert found.get("unfound") is None
    assert found.headline.zh == f"1人发现{matrix.shape[1]}个问题，还剩多少尚不能估计"


def test_everyone_meeting_everything_and_everyone_something_else_are_both_computable():
    same = problem_discovery.run({"found": frame(np.ones((6, 5)))})
    assert same.get("unfound").value < 0.01
    other = problem_discovery.run({"found": frame(np.eye(6))})
    assert "mostly_once" in codes(other)
    assert other.get("unfound").value > 6
    assert other.get("added").value == 1


def test_no_problem_and_no_person_are_errors_with_names():
    with pytest.raises(DataError) as caught:
        problem_discovery.run({"found": frame(np.zeros((3, 2)))})
    assert caught.value.sentence("en") == (
        "3 people found no problem at all: there is no rate of discovery. At found.csv. "
        "Check whether the tasks are too easy, or the column of problems is the right one.")
    for rows in ([], [{"respondent": None, "problem": "A"}]):
        with pytest.raises(DataError) as caught:
            problem_discovery.run({"found": Frame({name: [row[name] for row in rows] for name in ("respondent", "problem")})})
        assert caught.value.code == "no_answers"


@pytest.mark.parametrize(("bad", "expected"), [(5, "a number within [0, 4]"), (2.5, "a whole number 0 to 4 (0 no problem, 4 must be mended)")])
def test_a_severity_outside_its_scale_is_refused_with_its_row(bad, expected):
    with pytest.raises(DataError) as caught:
        problem_discovery.run({"found": frame(TABLE_75), "ratings": rated(np.array([[1, 2, bad]]))})
    assert caught.value.sentence("en") == (
        f'a cell does not hold what its column should. At ratings.csv, row 3, column "severity", value "{bad}". Expected {expected}. '
        "Correct the value, or say what it stands for under values in the dataset entry.")


def test_two_severities_of_a_rater_are_refused_and_one_rater_has_no_agreement():
    twice = Frame.of([{"rater": "r1", "problem": "U1", "severity": v} for v in (2, 3)], "r.csv")
    with pytest.raises(DataError) as caught:
        problem_discovery.run({"found": frame(TABLE_75), "ratings": twice})
    assert (caught.value.code, caught.value.where.row) == ("answered_twice", 2)
    found = problem_discovery.run({"found": frame(TABLE_75), "ratings": rated(np.array([[1.0, 2, 3, 4, 0, 1, NAN]]))})
    assert set(codes(found)) >= {"no_agreement", "unrated"}
    assert found.get("severe").value == 2
