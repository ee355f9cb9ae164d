"""Short questionnaires: published scores first, then real answers, then what must hold for any answers, then bad data."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stageway.arithmetic import short_scales
from stageway.arithmetic.short_scales import LOADS, WEIGHTS
from stageway.evidence import DataError, Finding, Frame, Kind
from stageway.methods.design.questionnaire_scores import example, questionnaire_scores
from tests.shared import shared


def frame(rows: list[dict[str, object]]) -> Frame:
    return Frame.of([{"respondent": f"p{i}", **row} for i, row in enumerate(rows)], "answers.csv")


def umux(*pairs: tuple[object, object]) -> Frame:
    return frame([{"useful": a, "easy": b} for a, b in pairs])


def tlx(rows: list[list[object]], weights: list[list[object]] | None = None) -> Frame:
    made = [dict(zip(LOADS, row, strict=True)) for row in rows]
    return frame([{**row, **dict(zip(WEIGHTS, w, strict=True))} for row, w in zip(made, weights, strict=True)] if weights else made)


def codes(finding: Finding) -> list[str]:
    return [w.code for w in finding.warnings]


# ---- published


def test_umux_lite_and_its_sus_equivalent():
    """Lewis, Utesch & Maher 2013: two 7-step items, 100/12 a step, SUS = .65 x + 22.9; so the equivalent reaches from 22.9 to 87.9."""
    assert short_scales.umux_lite(np.array([1.0, 7, 6, 4]), np.array([1.0, 7, 6, 4]), 7) == pytest.approx([0, 100, 83.333, 50], abs=1e-3)
    assert short_scales.sus_equivalent(np.array([0.0, 100])) == pytest.approx([22.9, 87.9])
    assert short_scales.umux_lite(np.array([1.0, 5, 4]), np.array([1.0, 5, 3]), 5) == pytest.approx([0, 100, 62.5])


def test_the_weighted_load_is_the_weighted_mean_of_numpy():
    """Hart & Staveland 1988: Σ weight × rating / 15."""
    rng = np.random.default_rng(4)
    ratings, weights = rng.integers(0, 21, (20, 6)) * 5.0, np.array([rng.permutation([5, 4, 3, 2, 1, 0]) for _ in range(20)])
    theirs = [np.average(r, weights=w) for r, w in zip(ratings, weights, strict=True)]
    assert short_scales.weighted_load(ratings, weights) == pytest.approx(theirs)
    found = questionnaire_scores.run({"answers": tlx(ratings.tolist(), weights.tolist())})
    assert found.get("tlx_weighted").value == pytest.approx(np.mean(theirs))
    assert found.get("tlx").value == pytest.approx(ratings.mean())


# ---- real answers


def test_thirty_people_in_virtual_reality_rate_their_load():
    names = {"MentalDemand": "mental", "PhysicalDemand": "physical", "TemporalDemand": "temporal", "Effort": "effort", "Frustration": "frustration",
             "Performance": "performance"}
    rows = list(csv.DictReader(shared("usability/nasa_tlx_vr.csv").open(encoding="utf-8-sig")))
    found = questionnaire_scores.run({"answers": Frame.of([{"respondent": r["Participant ID"], **{names[k]: r[k] for k in names}} for r in rows])})
    by_hand = [sum(float(r[k]) for k in names) / 6 for r in rows]
    mean, half = np.mean(by_hand), stats.t.ppf(0.975, 29) * np.std(by_hand, ddof=1) / 30**0.5
    e = found.get("tlx")
    assert (e.value, e.low, e.high, e.n, e.kind) == (pytest.approx(mean), pytest.approx(mean - half), pytest.approx(mean + half), 30, Kind.MEAN)
    assert found.headline.zh == "NASA-TLX（不加权）为13.8 [9.0, 18.7]（n=30）"
    assert found.get("load", "frustration").value == pytest.approx(26)
    assert "六项负荷中挫败感最高（26.0 [15.3, 36.7]，确为最高的概率" in found.meaning.next.zh
    assert found.get("tlx_weighted") is None


# ---- properties

answers = st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7), st.integers(1, 7)), min_size=2, max_size=30)


@given(answers, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_scores_lie_on_their_scales_and_the_order_of_rows_does_not_matter(rows, random):
    table = frame([{"useful": a, "easy": b, "seq": c} for a, b, c in rows])
    order = list(range(len(table)))
    random.shuffle(order)
    found = questionnaire_scores.run({"answers": table}, {"draws": 300})
    shuffled = table.take(np.array(order)).with_columns(age=[30] * len(table))
    assert questionnaire_scores.run({"answers": shuffled}, {"draws": 300}).dumps() == found.dumps()
    assert Finding.from_json(found.to_json()) == found
    for e in found.estimates:
        low, high = (1, 7) if e.name == "seq" else (0, 100)
        assert low <= e.low <= e.value <= e.high <= high


def test_the_example_has_every_score_by_task_and_the_same_seed_gives_the_same_bytes():
    found = questionnaire_scores.run(example(np.random.default_rng(1)))
    assert questionnaire_scores.run(example(np.random.default_rng(1))).dumps() == found.dumps()
    assert {e.full_name for e in found.estimates} >= {"umux_lite", "umux_lite[T2]", "sus_equivalent", "seq[T1]", "tlx[T1]", "tlx_weighted", "load[mental]"}
    assert found.get("umux_lite").n == 20


def test_several_tasks_of_a_person_count_once():
    rows = [{"respondent": f"p{i}", "task": task, "seq": seq} for i in range(12) for task, seq in (("T1", 7 - i % 3), ("T2", 2 + i % 2))]
    found = questionnaire_scores.run({"answers": Frame.of(rows)})
    assert found.get("seq").n == 12
    assert found.get("seq").value == pytest.approx(np.mean([row["seq"] for row in rows]))
    assert "SEQ最差的任务是“T2”" in found.points[0].zh
    assert "确为最差的概率100%" in found.points[0].zh


def test_the_way_in_which_loads_are_written_is_a_parameter():
    hundred = [[0, 50, 100, 20, 35, 5], [10, 60, 80, 25, 15, 95], [20, 5, 40, 0, 65, 75]] * 6
    marks = [[v / 5 for v in row] for row in hundred]
    ticks = [[v / 5 + 1 for v in row] for row in hundred]
    values = [questionnaire_scores.run({"answers": tlx(rows)}, {"tlx_scale": scale}).get("tlx").value for rows, scale in ((hundred, "100"), (marks, "20"), (ticks, "21"))]
    assert values == pytest.approx([np.mean(hundred)] * 3)
    turned = questionnaire_scores.run({"answers": tlx(hundred)}, {"performance": "success"})
    assert turned.get("load", "performance").value == pytest.approx(100 - np.mean([row[3] for row in hundred]))


def test_performance_that_runs_against_the_rest_is_noticed():
    rng = np.random.default_rng(2)
    loads = np.clip(np.round(rng.normal(50, 20, (30, 1)) + rng.normal(0, 6, (30, 6))), 0, 100)
    assert "performance_reversed" not in codes(questionnaire_scores.run({"answers": tlx(loads.tolist())}))
    loads[:, 3] = 100 - loads[:, 3]
    assert "performance_reversed" in codes(questionnaire_scores.run({"answers": tlx(loads.tolist())}))
    assert "performance_reversed" not in codes(questionnaire_scores.run({"answers": tlx(loads.tolist())}, {"performance": "success"}))


def test_five_steps_are_scored_and_the_conversion_is_called_a_hint():
    found = questionnaire_scores.run({"answers": umux(*[(4, 5), (3, 4), (5, 5)] * 6)}, {"umux_steps": "5"})
    assert found.get("umux_lite").value == pytest.approx(np.mean([87.5, 62.5, 100]))
    assert "sus_equivalent_scale" in codes(found)


def test_below_fifteen_people_the_interval_is_bca_unless_t_is_asked_for():
    table = umux(*[(7, 7), (7, 6), (6, 7), (7, 7), (2, 3), (6, 6), (7, 7), (5, 7)])
    auto, t = (questionnaire_scores.run({"answers": table}, {"interval": kind}).get("umux_lite") for kind in ("auto", "t"))
    assert (auto.kind, t.kind) == (Kind.OTHER, Kind.MEAN)
    assert auto.value == t.value
    assert t.high == 100 > auto.high


# ---- bad data


def test_an_answer_outside_its_scale_is_refused_with_row_column_and_value():
    for table, row, column, value, expected in (
        (umux((6, 6), (8, 2)), 2, "useful", 8, "a whole number from 1 to 7"), (frame([{"seq": 3.5}]), 1, "seq", 3.5, "a whole number from 1 to 7"),
        (tlx([[0] * 6, [0] * 5 + [101]]), 2, "frustration", 101, "a number from 0 to 100"), (frame([{"seq": "hard"}]), 1, "seq", "hard", "a whole number from 1 to 7"),
        (tlx([[10] * 6], [[5, 5, 5, 5, 0, 0]]), 1, "weight_mental", 5, "six weights that add up to 15 (15 pairs)"),
    ):
        with pytest.raises(DataError) as caught:
            questionnaire_scores.run({"answers": table})
        assert caught.value.sentence("en") == (
            f'a cell does not hold what its column should. At answers.csv, row {row}, column "{column}", value "{value}". Expected {expected}. '
            "Correct the value, or say what it stands for under values in the dataset entry.")


def test_two_questionnaires_of_a_person_are_refused_unless_they_are_of_two_tasks():
    row = {"respondent": "p1", "seq": 5}
    with pytest.raises(DataError) as caught:
        questionnaire_scores.run({"answers": Frame.of([row, {**row, "seq": 4}], "a.csv")})
    assert (caught.value.code, caught.value.where.row) == ("answered_twice", 2)
    assert questionnaire_scores.run({"answers": Frame.of([{**row, "task": "T1"}, {**row, "task": "T2", "seq": 4}])}).headline.zh == "SEQ尚不能给出均值和区间（n=1）"


def test_a_table_without_a_whole_questionnaire_is_refused():
    with pytest.raises(DataError) as caught:
        questionnaire_scores.run({"answers": frame([{"useful": 5}])})
    assert caught.value.code == "questionnaire_unknown"
    assert "mental, physical, temporal" in caught.value.sentence("zh")


@pytest.mark.parametrize("rows", [[], [(None, None)], [(5, None)]])
def test_no_complete_questionnaire_is_an_error_with_a_name(rows):
    table = umux(*rows) if rows else Frame({"respondent": [], "useful": [], "easy": []})
    with pytest.raises(DataError) as caught:
        questionnaire_scores.run({"answers": table})
    assert caught.value.code == "no_answers"


@pytest.mark.parametrize(("n", "warned"), [(1, {"small_n"}), (12, {"small_n", "no_variation"})])
def test_one_person_or_all_alike_give_no_mean_and_say_so(n, warned):
    found = questionnaire_scores.run({"answers": umux(*[(6, 6)] * n)})
    assert found.estimates == ()
    assert set(codes(found)) == warned
    assert found.headline.zh == f"UMUX-Lite尚不能给出均值和区间（n={n}）"


def test_incomplete_questionnaires_are_left_out_and_counted():
    found = questionnaire_scores.run({"answers": umux(*[(6, 6), (5, 7), (3, 4)] * 5, (5, None))})
    assert found.get("umux_lite").n == 15
    assert [w.text.zh for w in found.warnings if w.code == "incomplete"] == ["UMUX-Lite有1份没有答全，没有计入。"]
