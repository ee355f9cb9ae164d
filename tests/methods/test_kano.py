"""Kano: published tables and worked examples, then real answers, then what must hold for any answers, then bad data."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic import kano_votes
from stageway.evidence import DataError, Finding, Frame
from stageway.methods.research.kano import kano
from tests.shared import shared

PAIRS = {"M": (3, 5), "O": (1, 5), "A": (1, 3), "I": (3, 3), "R": (5, 1), "Q": (1, 1)}


def answers(votes: dict[str, dict[str, int]], **extra: object) -> Frame:
    """One row for each vote: {"feature": {"A": 3, "M": 2}}."""
    rows = []
    for feature, counts in votes.items():
        pairs = [PAIRS[letter] for letter, count in counts.items() for _ in range(count)]
        rows += [{"respondent": f"p{i}", "feature": feature, "functional": f, "dysfunctional": d, **extra} for i, (f, d) in enumerate(pairs)]
    return Frame.of(rows, "kano.csv")


def run(votes: dict[str, dict[str, int]], **params: object) -> Finding:
    return kano.run({"answers": answers(votes)}, params)


def codes(finding: Finding) -> dict[str, str]:
    return {row[0]: row[1] for row in finding.table("coefficients").rows}


# ---- published


def test_the_evaluation_table_is_that_of_berger_et_al_1993():
    """Rows like, expect, neutral, live with, dislike; as printed in "The complete guide to the Kano model" (proofofthepudding.be), N = M."""
    assert kano_votes.TABLES["berger"] == ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
    differing = [(i, j) for i in range(5) for j in range(5) if kano_votes.TABLES["berger"][i][j] != kano_votes.TABLES["pouliot"][i][j]]
    assert differing == [(1, 1), (3, 3)]


def test_the_worked_example_of_the_complete_guide_to_the_kano_model():
    """25 people: feature 1 has N 9, O 10, A 1, I 2, R 3 and is one-dimensional; feature 2 has N 9, O 5, A 4, I 2, R 4, Q 1 and is natural."""
    found = run({"1": {"M": 9, "O": 10, "A": 1, "I": 2, "R": 3}, "2": {"M": 9, "O": 5, "A": 4, "I": 2, "R": 4, "Q": 1}}, fong=0)
    assert codes(found) == {"1": "O", "2": "M"}
    assert found.get("better", "1").value == pytest.approx(11 / 22)
    assert found.get("worse", "1").value == pytest.approx(-19 / 22)
    assert found.get("better", "2").n == 20  # R and Q are not in the base


def test_the_word_processor_survey_has_its_published_categories_and_its_two_peaks():
    """agilesoftwaredevelopment.com: M, linear, exciter, R, Q, I in per cent; the blog feature "has two clear peaks"."""
    found = run({
        "spellchecker": {"M": 527, "O": 226, "A": 83, "R": 25, "Q": 15, "I": 124},
        "blogs": {"M": 382, "O": 82, "A": 334, "R": 11, "Q": 8, "I": 183},
        "fonts": {"M": 223, "O": 446, "A": 136, "R": 5, "Q": 12, "I": 178},
    })
    assert {name: code[0] for name, code in codes(found).items()} == {"spellchecker": "M", "blogs": "M", "fonts": "O"}
    fewer = run({"blogs": {"M": 38, "O": 8, "A": 33, "R": 1, "Q": 1, "I": 18}})
    assert codes(fewer) == {"blogs": "M/A"}  # of 100 people the peaks cannot be told apart


def test_fong_1996_in_the_exemplar_131_against_118_of_326_is_a_tie():
    assert not kano_votes.fong_differs(131, 118, 326)
    assert kano_votes.fong_differs(140, 109, 326)  # 31 ≥ 1.65 √(249 × 403 / 652) = 20.5
    found = run({"recap": {"A": 131, "O": 118, "M": 40, "I": 37}})
    assert codes(found) == {"recap": "A/O"}
    assert found.points[0].zh == "“recap”归在哪一类说不准：魅力131票、期望118票，差异不显著，按“魅力/期望”处理。"
    assert found.points[0].en.startswith("The category of “recap” is open: 131 votes attractive, 118 votes one-dimensional, not significantly different")


def test_the_continuous_values_are_dumouchels():
    """4, 2, 0, −1, −2 and −2, −1, 0, 2, 4, as printed by Displayr ("Continuous scale analysis of the Kano model")."""
    rows = [{"respondent": i, "feature": "x", "functional": f, "dysfunctional": d} for i, (f, d) in enumerate([(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)])]
    found = kano.run({"answers": Frame.of(rows)})
    assert found.get("satisfaction", "x").value == pytest.approx((4 + 2 + 0 - 1 - 2) / 5)
    row = found.table("continuous").rows[0]
    assert row[3] == pytest.approx((4 + 2 + 0 - 1 - 2) / 5)
    assert row[2] == pytest.approx(np.std([4, 2, 0, -1, -2], ddof=1) / 5**0.5)
    assert (kano_votes.quadrant(2.5, 1), kano_votes.quadrant(1, 2.5), kano_votes.quadrant(3, 3), kano_votes.quadrant(1, 1)) == ("A", "M", "O", "I")


def test_strengths_are_those_of_lee_and_newcomb_1997():
    row = run({"x": {"A": 50, "O": 20, "M": 10, "I": 20}}).table("counts").rows[0]
    assert row[-2:] == pytest.approx((0.8, 0.3))


def test_the_rules_disagree_where_their_authors_do():
    votes = {"x": {"M": 24, "O": 26, "A": 10, "I": 40}, "y": {"I": 31, "A": 28, "M": 27, "O": 14}}
    assert {name: code[0] for name, code in codes(run(votes, rule="mode")).items()} == {"x": "I", "y": "I"}
    assert {name: code[0] for name, code in codes(run(votes, rule="matzler")).items()} == {"x": "I", "y": "M"}
    assert {name: code[0] for name, code in codes(run(votes, rule="walden")).items()} == {"x": "O", "y": "A"}


# ---- real answers


def transfers() -> Frame:
    labels = {row["ID"].rstrip("_"): row["Label"] for row in csv.DictReader(shared("kano/features.csv").open(encoding="utf-8-sig"))}
    people = list(csv.DictReader(shared("kano/transfers_kano.csv").open(encoding="utf-8-sig")))
    return Frame.of([
        {"respondent": row["ID"], "feature": labels[key], **{part: row[f"{key}_{part}"] for part in ("functional", "dysfunctional", "importance")}}
        for row in people for key in ("F6", "F7", "F8", "F9", "F10", "F11")
    ], "transfers_kano.csv")


def test_358_people_on_money_transfers():
    found = kano.run({"answers": transfers()})
    rows = {row[0]: dict(zip("MOAIRQ", row[2:8], strict=True)) for row in found.table("counts").rows}
    assert rows["Transparent transfers"] == {"M": 32, "O": 90, "A": 88, "I": 114, "R": 15, "Q": 19}
    assert all(sum(counts.values()) == 358 for counts in rows.values())
    assert codes(found)["Transparent transfers"] == "I"
    assert codes(kano.run({"answers": transfers()}, {"rule": "walden"}))["Transparent transfers"] == "O"
    assert found.get("importance", "Transparent transfers").n == 358  # "3 - Somewhat important" and "6" alike
    assert found.get("questionable").value == pytest.approx(90 / 2148)
    assert [w.code for w in found.warnings] == ["questionable"]
    assert "90/2148" in found.warnings[0].text.zh
    assert found.headline.zh.endswith("，n=358")
    assert any("walden" in point.en and "Transparent transfers" in point.en for point in found.points)


# ---- properties

tallies = st.dictionaries(st.sampled_from(["F1", "F2", "F10"]), st.fixed_dictionaries({c: st.integers(0, 8) for c in "MOAIRQ"}).filter(lambda v: sum(v.values()) > 2), min_size=1)


@given(tallies, st.sampled_from(["mode", "matzler", "walden"]), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_bounds_and_the_order_of_rows_and_other_columns_do_not_matter(votes, rule, random):
    frame = answers(votes)
    order = list(range(len(frame)))
    random.shuffle(order)
    found = kano.run({"answers": frame}, {"rule": rule, "draws": 300})
    shuffled = kano.run({"answers": frame.take(np.array(order)).with_columns(colour=["red"] * len(frame))}, {"rule": rule, "draws": 300})
    assert shuffled.dumps() == found.dumps()
    assert Finding.from_json(found.to_json()) == found
    for e in found.estimates:
        bounds = {"better": (0, 1), "worse": (-1, 0), "satisfaction": (-2, 4)}.get(e.name, (0, 1))
        assert bounds[0] <= e.value <= bounds[1]
        assert e.low is None or e.low <= e.value <= e.high


@given(tallies)
@settings(max_examples=20, deadline=None)
def test_four_times_the_people_narrow_the_intervals_and_keep_the_values(votes):
    few, many = run(votes, draws=300), run({name: {k: v * 4 for k, v in counts.items()} for name, counts in votes.items()}, draws=300)
    for e in few.estimates:
        if e.name in ("better", "worse"):
            other = many.get(e.name, e.key)
            assert other.value == pytest.approx(e.value)
            assert other.high - other.low < e.high - e.low


def test_answers_in_words_of_both_languages_are_the_numbers():
    english = ["I like it", "I expect it", "I am neutral", "I can tolerate it", "I dislike it"]
    chinese = ["很喜欢", "理应如此", "无所谓", "勉强接受", "很不喜欢"]
    other = ["I like it that way", "It must be that way", "1 - like", "I can live with it that way", "I dislike it that way"]
    pairs = [(i, j) for i in range(5) for j in range(5)]

    def counts(first, second):
        rows = [{"respondent": k, "feature": "x", "functional": first[i], "dysfunctional": second[j]} for k, (i, j) in enumerate(pairs)]
        return kano.run({"answers": Frame.of(rows)}).table("counts")

    assert counts(english, chinese) == counts([1, 2, 3, 4, 5], ["1", "2", "3", "4", "5"])
    assert counts([*other[:2], 3, *other[3:]], chinese) == counts(chinese, english)


def test_segments_that_think_differently_are_named():
    young, old = answers({"x": {"A": 40, "I": 5}}, segment="young"), answers({"x": {"M": 40, "I": 5}}, segment="old")
    rows = [{**record, "respondent": f"{record['segment']}{record['respondent']}"} for frame in (young, old) for record in frame.records()]
    found = kano.run({"answers": Frame.of(rows)})
    assert found.table("segments").rows[0][1:3] == (NAMES_M, NAMES_A)
    assert any("young归魅力" in point.zh and "old归必备" in point.zh for point in found.points)
    assert codes(found) == {"x": "M/A"}


NAMES_M, NAMES_A = (kano.function.__globals__["NAMES"][letter] for letter in "MA")


def test_p_category_is_high_where_the_lead_is_wide_and_near_a_half_at_a_tie():
    found = run({"clear": {"M": 80, "I": 10}, "even": {"M": 45, "A": 45}})
    assert found.get("p_category", "clear").value > 0.99
    assert found.get("p_category", "even").value == pytest.approx(0.53, abs=0.05)


# ---- bad data


def test_an_unknown_answer_is_refused_with_row_and_value():
    frame = Frame.of([{"respondent": 1, "feature": "x", "functional": "I like it", "dysfunctional": "maybe"}], "kano.csv")
    with pytest.raises(DataError) as caught:
        kano.run({"answers": frame})
    assert caught.value.sentence("en") == (
        'A cell does not hold what its column should. At kano.csv, row 1, column "dysfunctional", value "maybe". '
        "Expected 1 to 5 (1 like, 2 expect, 3 neutral, 4 live with, 5 dislike) or the answer in words. "
        "Correct the value, or say what it stands for under values in the dataset entry."
    ).replace("A cell", "a cell", 1)


def test_two_different_answers_of_one_person_are_refused_and_the_same_twice_counts_once():
    row = {"respondent": "p1", "feature": "x", "functional": 1, "dysfunctional": 5}
    with pytest.raises(DataError) as caught:
        kano.run({"answers": Frame.of([row, {**row, "functional": 3}], "kano.csv")})
    assert (caught.value.code, caught.value.where.row) == ("answered_twice", 2)
    once = kano.run({"answers": Frame.of([row, row])})
    assert once.table("counts").rows[0][8] == 1
    assert "repeated" in [w.code for w in once.warnings]


@pytest.mark.parametrize("rows", [
    [], [{"respondent": 1, "feature": "x", "functional": None, "dysfunctional": None}], [{"respondent": 1, "feature": "", "functional": 1, "dysfunctional": 5}],
])
def test_no_complete_answer_is_an_error_with_a_name(rows):
    columns = {name: [row[name] for row in rows] for name in ("respondent", "feature", "functional", "dysfunctional")}
    with pytest.raises(DataError) as caught:
        kano.run({"answers": Frame(columns, "kano.csv")})
    assert caught.value.code == "no_answers"


def test_one_person_gives_wide_intervals_and_no_probability():
    found = run({"x": {"A": 1}})
    assert [w.code for w in found.warnings] == ["small_n", "no_spread"]
    assert found.get("p_category", "x") is None
    assert found.get("satisfaction", "x") is None
    assert found.get("better", "x").high - found.get("better", "x").low > 0.7


def test_only_reverse_and_questionable_answers_leave_better_out_and_say_so():
    found = run({"x": {"R": 40, "Q": 2}})
    assert {w.code for w in found.warnings} >= {"no_base", "looks_swapped", "questionable"}
    assert found.keyed("better") == ()
    assert found.get("reverse").value == pytest.approx(40 / 42)


def test_incomplete_answers_are_counted_in_a_warning():
    rows = [*answers({"x": {"A": 30}}).records(), {"respondent": "q", "feature": "x", "functional": 1, "dysfunctional": None}]
    found = kano.run({"answers": Frame.of(rows)})
    assert found.warnings[-1].text.en.startswith("1 answers lack")
    assert found.get("better", "x").n == 30
