"""Opportunity: published scores first, then what must hold for any ratings, then bad data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic import outcomes
from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.research.opportunity import opportunity

NAMES = ("a", "b", "c")


def ratings(wanted: dict[str, tuple[int, int]], n: int, **columns: object) -> Frame:
    """Of n people the first so many rate importance and satisfaction 4, the others 2: {"outcome": (important, satisfied)}."""
    rows = [{"respondent": f"p{i:04}", "outcome": name, "importance": 4 if i < a else 2, "satisfaction": 4 if i < b else 2, **columns}
            for name, (a, b) in wanted.items() for i in range(n)]
    return Frame.of(rows, "odi.csv")


def run(frame: Frame, **params: object) -> Finding:
    return opportunity.run({"answers": frame}, params)


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


# ---- published


@pytest.mark.parametrize(("importance", "satisfaction", "score"), [(9, 4, 14), (8, 6, 10), (10, 5, 15), (8, 4, 12), (6, 9, 6)])
def test_published_scores(importance, satisfaction, score):
    """pmanonymous.net, "Opportunity scoring" (2026): 14, 10, 15; wealthandmeans.com, L26: a gap of 4 below 8; Ulwick (2005): no gap, no addition."""
    assert outcomes.score(np.array(importance), np.array(satisfaction)) == score
    found = run(ratings({"x": (10 * importance, 10 * satisfaction)}, 100))
    assert found.get("score", "x").value == pytest.approx(score)


def test_importance_and_satisfaction_are_ten_times_the_share_of_4_and_5_with_wilsons_interval():
    from statsmodels.stats.proportion import proportion_confint

    found = run(ratings({"x": (83, 31)}, 124))
    for name, x in (("importance", 83), ("satisfaction", 31)):
        e = found.get(name, "x")
        assert e.value == pytest.approx(10 * x / 124)
        assert (e.low / 10, e.high / 10) == pytest.approx(proportion_confint(x, 124, method="wilson"))


def test_the_bootstrap_interval_is_that_of_the_delta_method_where_the_gap_is_clear():
    """Score = 2i − s per person; its standard error is that of a mean (scipy)."""
    from scipy.stats import norm

    rng = np.random.default_rng(3)
    a, b = rng.random(400) < 0.85, rng.random(400) < 0.3
    rows = [{"respondent": i, "outcome": "x", "importance": 5 if x else 1, "satisfaction": 5 if y else 1} for i, (x, y) in enumerate(zip(a, b, strict=True))]
    each = 10 * (2 * a.astype(float) - b)
    half = norm.ppf(0.975) * each.std() / np.sqrt(400)
    e = run(Frame.of(rows), draws=20_000).get("score", "x")
    assert (e.low, e.high) == pytest.approx((each.mean() - half, each.mean() + half), abs=0.15)


def test_means_on_a_scale_of_ten_give_the_scores_of_2002():
    rows = [{"respondent": i, "outcome": "x", "importance": 9 + i % 2, "satisfaction": 2 + i % 3} for i in range(60)]
    e = run(Frame.of(rows), measure="mean", scale=10, top=9).get("score", "x")
    importance, satisfaction = 10 * (9.5 - 1) / 9, 10 * (3 - 1) / 9
    assert e.value == pytest.approx(2 * importance - satisfaction)


# ---- properties


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.integers(1, 5)] * 6), min_size=1, max_size=25))
def test_scores_lie_between_importance_and_twenty_and_in_their_intervals(people):
    rows = [{"respondent": i, "outcome": name, "importance": p[2 * j], "satisfaction": p[2 * j + 1]} for i, p in enumerate(people) for j, name in
            enumerate(NAMES)]
    found = run(Frame.of(rows), draws=200)
    for name in NAMES:
        e, important = found.get("score", name), found.get("importance", name)
        assert important.value <= e.value <= 20
        assert 0 <= e.low <= e.value <= e.high <= 20
    assert sum(e.value for e in found.keyed("p_first")) == pytest.approx(1)


def test_a_tie_for_the_first_place_is_shared():
    found = run(ratings({"a": (20, 10), "b": (20, 10)}, 40))
    assert [e.value for e in found.keyed("p_first")] == [0.5, 0.5]


def test_the_headline_and_the_zones_follow_the_intervals():
    found = run(ratings({"gap": (310, 60), "unsure": (260, 180), "served": (160, 160), "excess": (90, 300)}, 326))
    assert found.headline.en.startswith("The largest gap is “gap”: an opportunity of 17.2 [16.5, 17.8], first with probability >0.99 (n = 326)")
    assert found.meaning.says.en == "Underserved: “gap”; open: “unsure”; served: “served”; overserved: “excess”."
    zones = {row[0]: row[6].en for row in found.table("scores").rows}
    assert (zones["gap"], zones["served"], zones["excess"]) == ("underserved", "served", "overserved")


def test_a_satisfaction_that_would_end_the_gap_is_named():
    found = run(ratings({"a": (90, 20), "b": (50, 50)}, 100))
    assert "If satisfaction with “a” rose from 20.0% to 80.0%, its score would fall to 10" in found.meaning.change.en
    assert run(ratings({"a": (90, 80), "b": (50, 50)}, 100)).get("score", "a").value == pytest.approx(10)


def test_segments_that_want_different_things_are_pointed_out():
    one, two = ratings({"a": (55, 5), "b": (30, 30)}, 60, segment="x"), ratings({"a": (20, 40), "b": (30, 30)}, 60, segment="y")
    both = Frame.of([*one.records(), *({**r, "respondent": "y" + r["respondent"]} for r in two.records())])
    found = run(both)
    assert "“a” differs by segment" in found.points[-1].en
    assert not any("“b” differs" in point.en for point in found.points)
    assert run(both, segment="x").get("score", "a").n == 60
    with pytest.raises(ParamError) as caught:
        run(both, segment="z")
    assert caught.value.code == "segment_unknown"


def test_one_person_rated_alone_changes_only_that_outcome():
    frame = ratings({"a": (20, 10), "b": (20, 10)}, 40)
    partly = frame.with_columns(satisfaction=[None if i == 45 else v for i, v in enumerate(frame["satisfaction"].tolist())])
    assert run(partly).get("satisfaction", "b").n == 39
    assert run(partly).get("score", "a").n == 40


# ---- bad data


def test_words_of_questionnaires_are_read():
    rows = [("extremely important", "very dissatisfied"), ("非常重要", "不太满意"), ("Somewhat important", "一般"), ("5 - Extremely important", "满意")]
    found = run(Frame.of([{"respondent": i, "outcome": "x", "importance": a, "satisfaction": b} for i, (a, b) in enumerate(rows)]))
    assert found.get("importance", "x").value == 7.5
    assert found.get("satisfaction", "x").value == 2.5


def test_a_rating_off_the_scale_is_refused_with_its_row():
    """The trap of real data: importance printed to 5, one cell with 6."""
    rows = [{"respondent": 1, "outcome": "x", "importance": "3 - Somewhat important", "satisfaction": 2},
            {"respondent": 2, "outcome": "x", "importance": 6, "satisfaction": 2}]
    with pytest.raises(DataError) as caught:
        run(Frame.of(rows, "odi.csv"))
    assert caught.value.sentence("en").startswith('a cell does not hold what its column should. At odi.csv, row 2, column "importance", value "6"')


def test_nothing_rated_is_an_error_and_half_rated_is_said():
    empty = Frame.of([{"respondent": 1, "outcome": "x", "importance": None, "satisfaction": None}])
    with pytest.raises(DataError) as caught:
        run(empty)
    assert caught.value.code == "no_answers"
    with pytest.raises(DataError):
        run(Frame.of([{"respondent": 1, "outcome": "x", "importance": 4, "satisfaction": None}]))
    both = Frame.of([*ratings({"a": (20, 10)}, 40).records(), {"respondent": "q", "outcome": "b", "importance": 4, "satisfaction": None}])
    found = run(both)
    assert "not_scored" in codes(found)
    assert found.get("score", "b") is None


def test_a_constant_answer_gets_an_interval_from_the_shares_and_a_warning():
    found = run(ratings({"a": (40, 0)}, 40))
    e = found.get("score", "a")
    assert "no_variation" in codes(found)
    assert e.value == 20
    assert e.low < 18
    assert not found.keyed("p_first")
    with pytest.raises(DataError):
        run(ratings({"a": (40, 0)}, 40), measure="mean")


def test_one_person_is_a_warning_and_no_order():
    found = run(ratings({"a": (1, 0), "b": (0, 1)}, 1))
    assert codes(found)[0] == "small_n"
    assert found.get("score", "a").high - found.get("score", "a").low > 5
    assert "interview" not in found.meaning.next.en
    assert found.meaning.next.zh.startswith("人太少")


def test_swapped_columns_flat_answers_and_all_important_are_suspected():
    assert "looks_swapped" in codes(run(ratings({"a": (5, 30), "b": (9, 28), "c": (3, 20)}, 40)))
    assert "all_important" in codes(run(ratings({"a": (39, 5), "b": (38, 9), "c": (38, 3)}, 40)))
    assert "straight_lining" in codes(run(ratings(dict.fromkeys("abcde", (20, 10)), 40)))


def test_two_answers_of_one_person_to_one_outcome_are_refused():
    rows = [{"respondent": "p", "outcome": "x", "importance": v, "satisfaction": 2} for v in (4, 5)]
    with pytest.raises(DataError) as caught:
        run(Frame.of(rows, "odi.csv"))
    assert caught.value.sentence("en") == "one respondent has two different answers: “p · x”. At odi.csv, row 2. Keep one of the two."


def test_a_top_above_the_scale_is_refused():
    with pytest.raises(ParamError):
        run(ratings({"a": (2, 1)}, 4), top=6)
