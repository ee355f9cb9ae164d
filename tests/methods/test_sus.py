"""SUS: published scores, grades and targets first, then real answers, then what must hold for any answers, then bad data."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stageway.arithmetic import sus_scale
from stageway.evidence import DataError, Finding, Frame, Kind, ParamError
from stageway.methods.design.sus import sus
from tests.shared import shared

ITEMS = [f"q{i}" for i in range(1, 11)]


def frame(answers: list[list[object]], mark: str = "p", **extra: object) -> Frame:
    return Frame.of([{"respondent": f"{mark}{i}", **dict(zip(ITEMS, row, strict=True)), **extra} for i, row in enumerate(answers)], "sus.csv")


def person(score: float) -> list[int]:
    """Answers with that score, spread over the items."""
    points = int(score / 2.5)
    added = [points // 10 + (i < points % 10) for i in range(10)]
    return [v + 1 if i % 2 == 0 else 5 - v for i, v in enumerate(added)]


def scored(*scores: float, mark: str = "p", **extra: object) -> Frame:
    return frame([person(s) for s in scores], mark, **extra)


def codes(finding: Finding) -> list[str]:
    return [w.code for w in finding.warnings]


# ---- published


def test_published_scores():
    """85 for 4152514231 (github:silleknarf/SUS); 73.5 for the item means of PMC11649589, table 3."""
    assert sus_scale.scores(np.array([[4, 1, 5, 2, 5, 1, 4, 2, 3, 1]])) == pytest.approx([85])
    assert sus_scale.scores(np.array([[4.0, 1.9, 4.0, 2.0, 3.7, 2.0, 3.8, 1.9, 3.9, 2.2]])) == pytest.approx([73.5])


def test_item_targets_of_lewis_and_sauro_2018_add_up_to_68():
    assert sus_scale.scores(np.array([sus_scale.TARGETS])) == pytest.approx([68], abs=0.05)


@pytest.mark.parametrize(("score", "grade", "percentiles"), [
    (74, "B−", (65, 69)), (68, "C", (41, 59)), (84.1, "A+", (96, 100)), (84.04, "A", (90, 95)), (80.8, "A", (90, 95)), (51.6, "F", (0, 14)), (51.7, "D", (15, 34)),
    (0, "F", (0, 14)), (100, "A+", (96, 100)),
])
def test_grades_of_the_curved_scale(score, grade, percentiles):
    """measuringu.com: 74 is a B-, 68 a C, below 51 an F."""
    assert sus_scale.grade(score) == (grade, *percentiles)


def test_the_difference_is_welchs_and_the_headline_says_it():
    before, now = [60, 65, 70, 55, 62.5] * 4, [75, 80, 70, 85, 72.5, 77.5] * 5
    found = sus.run({"answers": scored(*now), "against": scored(*before, mark="a")})
    theirs = stats.ttest_ind(now, before, equal_var=False)
    e = found.get("difference")
    assert (e.value, e.low, e.high) == pytest.approx((np.mean(now) - np.mean(before), *theirs.confidence_interval()))
    assert found.get("score").kind == Kind.MEAN
    assert found.headline.zh.startswith("SUS为76.7 [74.8, 78.5]（n=30），整段不低于68；比上一版高14.2 [")
    assert found.headline.zh.endswith("，p<0.001")
    assert found.headline.en.startswith("SUS is 76.7 [74.8, 78.5] (n = 30), all of it at 68 or above; higher than the version before by 14.2 [")


def test_a_difference_that_may_be_chance_is_never_called_none_nor_higher():
    found = sus.run({"answers": scored(70, 80, 60, 75, 65), "against": scored(70, 75, 60, 70, 65, mark="a")})
    assert "不能排除是偶然" in found.headline.zh
    assert "may be chance" in found.headline.en
    assert "higher" not in found.headline.en


# ---- real answers


def vr() -> Frame:
    head, *people = list(csv.reader(shared("usability/sus_vr.csv").open(encoding="utf-8-sig")))
    assert len(head) == 11
    return Frame.of([dict(zip(["respondent", *ITEMS], row, strict=True)) for row in people], "sus_vr.csv")


def test_thirty_people_in_virtual_reality_answer_in_words():
    found = sus.run({"answers": vr()})
    values = {"Strongly disagree": 1, "Somewhat disagree": 2, "Neither agree nor disagree": 3, "Somewhat agree": 4, "Strongly agree": 5}
    raw = np.array([[values[record[q]] for q in ITEMS] for record in vr().records()])
    by_hand = [2.5 * (sum(row[i] - 1 for i in range(0, 10, 2)) + sum(5 - row[i] for i in range(1, 10, 2))) for row in raw]
    mean, half = np.mean(by_hand), stats.t.ppf(0.975, 29) * np.std(by_hand, ddof=1) / 30**0.5
    e = found.get("score")
    assert (e.value, e.low, e.high, e.n) == pytest.approx((mean, mean - half, mean + half, 30))
    assert found.get("share_above_68").value == pytest.approx(np.mean(np.array(by_hand) > 68))
    assert codes(found) == ["straight_lining"]
    assert found.headline.zh == "SUS为71.7 [66.0, 77.3]（n=30），跨在68两边"
    assert found.table("versions").rows[0][4] == "C+"


# ---- properties

people = st.lists(st.lists(st.integers(1, 5), min_size=10, max_size=10), min_size=2, max_size=40)


@given(people, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_bounds_and_the_order_of_rows_and_other_columns_do_not_matter(answers, random):
    table = frame(answers)
    order = list(range(len(table)))
    random.shuffle(order)
    found = sus.run({"answers": table}, {"draws": 300})
    shuffled = table.take(np.array(order)).with_columns(age=[30] * len(table))
    assert sus.run({"answers": shuffled}, {"draws": 300}).dumps() == found.dumps()
    assert Finding.from_json(found.to_json()) == found
    for e in found.estimates:
        bounds = (0, 100) if e.name == "score" else (0, 1)
        assert bounds[0] <= e.low <= e.value <= e.high <= bounds[1]


@given(people.filter(lambda rows: len({tuple(r) for r in rows}) > 1))
@settings(max_examples=20, deadline=None)
def test_four_times_the_people_narrow_the_interval_and_keep_the_mean(answers):
    few = sus.run({"answers": frame(answers)}, {"interval": "t"}).get("score")
    many = sus.run({"answers": frame(answers * 4)}, {"interval": "t"}).get("score")
    if few is not None:
        assert many.value == pytest.approx(few.value)
        assert many.high - many.low < few.high - few.low


def test_words_of_both_languages_are_the_numbers():
    english = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]
    chinese = ["非常不同意", "比较不同意", "一般", "比较同意", "非常同意"]
    raw = np.random.default_rng(1).integers(1, 6, size=(20, 10)).tolist()
    made = [sus.run({"answers": frame([[words[v - 1] for v in row] for row in raw])}).get("score") for words in (english, chinese, [1, 2, 3, 4, 5])]
    assert made[0] == made[1] == made[2]


def test_below_fifteen_people_the_interval_is_bca_unless_t_is_asked_for():
    table = scored(90, 92.5, 95, 97.5, 100, 60, 95, 100, 97.5, 100)
    auto, t = sus.run({"answers": table}).get("score"), sus.run({"answers": table}, {"interval": "t"}).get("score")
    assert (auto.kind, t.kind) == (Kind.OTHER, Kind.MEAN)
    assert t.high == 100  # a t interval would end beyond the scale
    assert auto.high < 100
    assert auto.value == t.value


def test_versions_of_one_file_are_compared_in_order_and_p_is_corrected_from_three_comparisons_on():
    rows = [*scored(*[55, 60, 65] * 6, mark="a", version="v1").records(), *scored(*[60, 70, 65] * 6, mark="b", version="v2").records(),
            *scored(*[70, 75, 80] * 6, mark="c", version="v10").records(), *scored(*[72.5, 75, 80] * 6, mark="d", version="v11").records()]
    found = sus.run({"answers": Frame.of(rows)})
    assert [row[0].zh for row in found.table("versions").rows] == ["v1", "v2", "v10", "v11"]
    assert found.table("versions").note is not None
    assert found.get("difference").value == pytest.approx(np.mean([72.5, 75, 80]) - 75)
    older = sus.run({"answers": Frame.of(rows)}, {"version": "v2"})
    assert older.get("score").value == pytest.approx(65)
    assert [row[0].zh for row in older.table("versions").rows] == ["v1", "v2"]
    with pytest.raises(ParamError) as caught:
        sus.run({"answers": Frame.of(rows)}, {"version": "v3"})
    assert caught.value.sentence("en").startswith("the data have no version “v3”. Did you mean v")


def test_the_same_people_are_paired_only_when_it_is_said():
    before, now = [50, 60, 70, 80, 90, 55, 65, 75], [55, 65, 72.5, 87.5, 92.5, 60, 70, 82.5]
    apart = sus.run({"answers": scored(*now), "against": scored(*before)})
    paired = sus.run({"answers": scored(*now), "against": scored(*before)}, {"same_people": True})
    assert "same_ids" in codes(apart)
    assert "same_ids" not in codes(paired)
    assert paired.get("difference").value == pytest.approx(apart.get("difference").value)
    assert paired.get("difference").low > 0 > apart.get("difference").low
    assert stats.ttest_rel(now, before).confidence_interval().low == pytest.approx(paired.get("difference").low)


def test_a_questionnaire_left_blank_in_one_item_is_left_out_or_taken_as_the_middle():
    table = frame([*[person(s) for s in (60, 70, 80, 90)], [None, *person(80)[1:]]])
    dropped, kept = sus.run({"answers": table}), sus.run({"answers": table}, {"missing": "centre"})
    assert (dropped.get("score").n, kept.get("score").n) == (4, 5)
    assert "incomplete" in codes(dropped)
    assert "incomplete" not in codes(kept)


def test_straight_liners_are_flagged_and_never_removed():
    found = sus.run({"answers": frame([*[person(s) for s in [60, 70, 80, 90] * 8], [5] * 10, [3] * 10])})
    warning = next(w for w in found.warnings if w.code == "straight_lining")
    assert warning.text.zh == "2/34份答卷十道题全选同一项（全选中间的1份，自相矛盾的1份）；去掉后均值为75.0，是否去掉由您定。"
    assert found.get("score").n == 34


def test_even_items_turned_round_beforehand_are_noticed():
    rng = np.random.default_rng(2)
    liking = rng.normal(2, 1, size=(40, 1))
    turned = np.clip(np.round(liking + rng.normal(0, 0.4, (40, 10))), 0, 4).astype(int) + 1
    assert "items_reversed" in codes(sus.run({"answers": frame(turned.tolist())}))


# ---- bad data


def test_an_unknown_answer_is_refused_with_row_column_and_value():
    with pytest.raises(DataError) as caught:
        sus.run({"answers": frame([person(70), [*person(70)[:4], "mostly", *person(70)[5:]]])})
    assert caught.value.sentence("zh") == (
        "单元格的值不对。位置：sus.csv，第2条，列“q5”，值“mostly”。应为：1～5，或“非常不同意”至“非常同意”。请改正该值，或在数据登记的 values 中写明它对应什么。"
    )


def test_a_missing_item_column_is_refused():
    with pytest.raises(DataError) as caught:
        sus.run({"answers": Frame.of([{"respondent": 1, **dict.fromkeys(ITEMS[:9], 3)}])})
    assert caught.value.code == "column_missing"


@pytest.mark.parametrize("rows", [[], [[None] * 10], [[1] * 9 + [None]]])
def test_no_complete_questionnaire_is_an_error_with_a_name(rows):
    table = frame(rows) if rows else Frame({name: [] for name in ["respondent", *ITEMS]})
    with pytest.raises(DataError) as caught:
        sus.run({"answers": table})
    assert caught.value.code == "no_answers"


@pytest.mark.parametrize(("scores", "warned"), [((70,), {"small_n"}), ((70,) * 12, {"small_n", "no_variation"})])
def test_one_person_or_all_alike_give_no_mean_and_say_so(scores, warned):
    found = sus.run({"answers": scored(*scores), "against": scored(60, mark="a")})
    assert found.get("score") is None
    assert found.get("difference") is None
    assert set(codes(found)) >= warned | {"difference_small"}
    assert found.headline.zh == f"SUS尚不能给出均值和区间（n={len(scores)}）"


def test_few_people_are_told_to_find_problems_and_not_to_build():
    found = sus.run({"answers": scored(80, 85, 90, 95, 100)})
    assert found.get("score").low > 68
    assert found.meaning.next.zh == "5人只够找问题，不够定等级：先改任务中出的问题，再请约30人测。"
