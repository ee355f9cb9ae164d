"""NPS: published intervals and an independent implementation, then what must hold for any answers, then bad data."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.research import nps as module
from stageway.methods.research.nps import nps
from tests.shared import shared


def answers(promoters: int, passives: int, detractors: int, **columns: object) -> Frame:
    scores = [9] * promoters + [8] * passives + [3] * detractors
    return Frame({"score": scores, **{name: [value] * len(scores) for name, value in columns.items()}}, "nps.csv")


def stacked(*frames: Frame) -> Frame:
    return Frame.of([record for frame in frames for record in frame.records()], "nps.csv")


def run(frame: Frame, **params: object) -> Finding:
    return nps.run({"answers": frame}, params)


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


# ---- published, and independent


def test_the_groups_are_those_of_reichheld_2003():
    found = run(Frame({"score": list(range(11))}))
    assert [found.get(name).value * 11 for name in ("promoters", "passives", "detractors")] == pytest.approx([2, 2, 7])
    assert found.get("nps").value == pytest.approx(-500 / 11)


@pytest.mark.parametrize(("n", "half"), [(100, 16), (300, 9)])
def test_a_third_in_each_group_gives_plus_minus_16_at_100_people_and_9_at_300(n, half):
    found = run(answers(n // 3, n - 2 * (n // 3), n // 3)).get("nps")
    assert round((found.high - found.low) / 2) == half


def test_the_adjusted_interval_adds_the_answers_of_rocks_2016():
    """The R code of Turk, Cinderich & McNeill (2026), AW_T: x + c(3/4, 3/2, 3/4), with n in place of its n − 1 under the root."""
    x = np.array([9, 8, 19]) + np.array([3 / 4, 3 / 2, 3 / 4])  # detractors, passives, promoters
    d, _, p = x / x.sum()
    error = math.sqrt((p * (1 - p) + d * (1 - d) + 2 * p * d) / x.sum())
    found = run(answers(19, 8, 9)).get("nps")
    assert (found.low, found.high) == pytest.approx((100 * (p - d - 1.959964 * error), 100 * (p - d + 1.959964 * error)), abs=1e-4)
    assert found.value == pytest.approx(100 * 10 / 36)  # the point is not adjusted


def test_wald_is_the_normal_interval_of_a_mean_of_minus_one_nought_and_one():
    from statsmodels.stats.weightstats import DescrStatsW

    marks = np.repeat([1.0, 0.0, -1.0], [60, 50, 40])
    independent = DescrStatsW(marks, ddof=0)
    error = independent.std / math.sqrt(150)
    found = run(answers(60, 50, 40)).get("nps")
    assert (found.low, found.high) == pytest.approx((100 * (marks.mean() - 1.959964 * error), 100 * (marks.mean() + 1.959964 * error)), abs=1e-4)


def test_two_waves_are_compared_as_statsmodels_compares_two_means_of_the_marks():
    from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

    now, before = np.repeat([1.0, 0.0, -1.0], [90, 60, 50]), np.repeat([1.0, 0.0, -1.0], [60, 60, 80])
    low, high = CompareMeans(DescrStatsW(now), DescrStatsW(before)).zconfint_diff(usevar="unequal")
    found = nps.run({"answers": answers(90, 60, 50), "against": answers(60, 60, 80)})
    assert (found.get("difference").low, found.get("difference").high) == pytest.approx((100 * low, 100 * high), abs=0.1)  # their variances have n − 1
    assert found.get("difference").value == pytest.approx(30)
    assert found.points[0].zh == "NPS由−10.0（n=200）变为20.0（n=200），相差30.0 [13.9, 46.1]，p<0.001。"
    assert found.headline.en == "NPS is 20.0 [8.7, 31.3] (n = 200): 45.0% promoters, 25.0% detractors; higher than the wave before by 30.0 [13.9, 46.1], p < 0.001"


def test_the_survey_export_has_its_expected_mean():
    from stageway.readers import csv

    expected = json.loads(shared("survey_exports/expected.json").read_text())["google_forms"]["nps_mean"]
    frame = csv.READER.read(shared("survey_exports/google_forms.csv"), {}).frame
    column = next(name for name in frame.names if "推荐" in name or "NPS" in name)
    found = run(Frame({"score": frame[column]}))
    scores = {row[0]: row[1] for row in found.table("scores").rows}
    assert sum(s * n for s, n in scores.items()) / sum(scores.values()) == pytest.approx(expected)


def test_the_adjusted_interval_holds_the_truth_in_about_95_of_100_worlds():
    rng = np.random.default_rng(5)
    hits = []
    for p, d in ((0.25, 0.25), (1 / 3, 1 / 3), (0.6, 0.15)):
        for up, _, down in rng.multinomial(50, [p, 1 - p - d, d], size=3000):
            centre, error = module.adjusted(up, down, 50)
            hits.append(abs(centre - (p - d)) <= 1.96 * error)
    assert 0.935 <= np.mean(hits) <= 0.965


# ---- properties


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=1, max_size=150))
def test_the_value_lies_in_its_interval_and_the_interval_on_the_scale(scores):
    found = run(Frame({"score": scores}))
    e = found.get("nps")
    assert -100 <= e.low <= e.value <= e.high <= 100
    assert sum(found.get(name).value for name in ("promoters", "passives", "detractors")) == pytest.approx(1)
    assert e.value == pytest.approx(100 * (found.get("promoters").value - found.get("detractors").value))


def test_exchanging_the_waves_turns_the_difference_round():
    a, b = answers(40, 20, 30), answers(20, 20, 50)
    one, two = nps.run({"answers": a, "against": b}).get("difference"), nps.run({"answers": b, "against": a}).get("difference")
    assert (one.value, one.low, one.high) == pytest.approx((-two.value, -two.high, -two.low))


def test_segments_differ_only_where_holm_says_so():
    found = run(stacked(answers(60, 20, 20, segment="a"), answers(20, 20, 60, segment="b"), answers(56, 22, 22, segment="c")))
    p = {(row[0].en, row[1].en): row[3] for row in found.table("pairs").rows}
    assert p["a", "b"] < 0.001
    assert p["a", "c"] > 0.05
    assert [e.key for e in found.keyed("nps")] == ["a", "b", "c"]
    assert "“a”的NPS比“b”高80.0" in found.points[0].zh
    assert "“b”" in found.meaning.next.zh


def test_the_number_of_answers_that_would_change_the_sign_is_right():
    found = run(answers(70, 20, 30))
    assert found.meaning.change.en.startswith("If 24 promoters had given an 8")
    assert run(answers(70 - 24, 44, 30)).get("nps").low <= 0 < run(answers(70 - 23, 43, 30)).get("nps").low


def test_the_same_people_are_paired():
    people = [f"p{i}" for i in range(60)]
    before = Frame({"respondent": people, "score": [9] * 20 + [7] * 20 + [4] * 20})
    now = Frame({"respondent": people[::-1], "score": ([9] * 20 + [9] * 10 + [7] * 10 + [4] * 20)[::-1]})
    apart, paired = (nps.run({"answers": now, "against": before}, {"same_people": flag}) for flag in (False, True))
    assert paired.get("difference").value == apart.get("difference").value == pytest.approx(100 / 6)
    assert paired.get("difference").low > 0 > apart.get("difference").low
    assert "same_ids" in codes(apart)
    assert "60人配对" in paired.points[0].zh


def test_a_chosen_wave_is_reported_and_an_unknown_one_refused():
    frame = stacked(answers(5, 5, 20, wave="2026-01"), answers(20, 5, 5, wave="2026-10"), answers(10, 10, 10, wave="2026-2"))
    assert run(frame).get("nps").value == pytest.approx(50)
    assert run(frame, wave="2026-2").get("nps").value == 0
    with pytest.raises(ParamError) as caught:
        run(frame, wave="2026-11")
    assert caught.value.code == "wave_unknown"


# ---- bad data


def test_a_score_off_the_scale_is_refused_with_its_row():
    with pytest.raises(DataError) as caught:
        run(Frame({"score": [9, 11]}, "nps.csv"))
    assert caught.value.sentence("en").startswith(
        'a cell does not hold what its column should. At nps.csv, row 2, column "score", value "11". Expected a whole number from 0 to 10')
    assert run(Frame({"score": ["10 - Extremely likely", "0 - Not at all likely"]})).get("promoters").value == 0.5


@pytest.mark.parametrize("scores", [[], [None, None], ["", " "]])
def test_no_score_at_all_is_an_error(scores):
    with pytest.raises(DataError) as caught:
        run(Frame({"score": scores}))
    assert caught.value.code == "no_answers"


def test_one_answer_gives_a_wide_interval_and_a_warning():
    found = run(Frame({"score": [9]}))
    assert codes(found) == ["small_n", "no_variation"]
    assert found.get("nps").high - found.get("nps").low > 50


def test_a_constant_answer_is_never_certain():
    found = run(answers(200, 0, 0))
    assert codes(found) == ["no_variation"]
    assert found.get("nps").low < 100


def test_a_five_point_scale_is_suspected():
    assert "scale_short" in codes(run(Frame({"score": [1, 2, 3, 4, 5] * 8})))


def test_answers_given_twice_count_once_or_are_refused():
    twice = Frame({"respondent": ["a", "a", "b"], "score": [9, 9, 3]}, "nps.csv")
    found = run(twice)
    assert found.get("nps").n == 2
    assert "repeated" in codes(found)
    with pytest.raises(DataError) as caught:
        run(Frame({"respondent": ["a", "b", "a"], "score": [9, 3, 8]}, "nps.csv"))
    assert caught.value.sentence("zh") == "同一受访者有两条不同的回答：“a”。位置：nps.csv，第3条。请只保留其中一条。"
