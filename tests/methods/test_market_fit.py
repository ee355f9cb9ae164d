"""Product–market fit: published figures and independent implementations, then the verdict, then bad data."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic import plateau, shrinkage
from stageway.arithmetic.disappointment import class_of
from stageway.evidence import DataError, Finding, Frame
from stageway.methods.launch import market_fit as module
from stageway.methods.launch.market_fit import market_fit
from tests.shared import shared

TEXTS = {"very": "Very disappointed", "somewhat": "Somewhat disappointed", "not": "Not disappointed (it isn't really that useful)", "gone": "N/A - I no longer use it"}


def answers(very: int, somewhat: int, unmoved: int, gone: int = 0, **extra: object) -> Frame:
    kinds = ["very"] * very + ["somewhat"] * somewhat + ["not"] * unmoved + ["gone"] * gone
    return Frame({"answer": [TEXTS[k] for k in kinds], **{name: [value] * len(kinds) for name, value in extra.items()}}, "survey.csv")


def stacked(*frames: Frame) -> Frame:
    return Frame.of([record for frame in frames for record in frame.records()], "survey.csv")


def curve(*retained: float, n: int = 3000, days: list[int] | None = None) -> Frame:
    return Frame({"day": days or [7 * i for i in range(len(retained))], "retained": list(retained), "n": [n] * len(retained)}, "finding:retention.curve")


def run(frame: Frame, retention: Frame | None = None, **params: object) -> Finding:
    return market_fit.run({"answers": frame} | ({"retention": retention} if retention is not None else {}), params)


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


FLAT = curve(1.0, 0.4, 0.25, 0.2, 0.2, 0.2)
FALLING = curve(1.0, 0.5, 0.3, 0.2, 0.12, 0.04)


# ---- published, and independent


@pytest.mark.parametrize(("column", "alpha", "beta", "year_12"), [("survival_regular_pct", 0.704, 1.182, 0.170), ("survival_highend_pct", 0.668, 3.806, 0.378)])
def test_the_shifted_beta_geometric_is_that_of_fader_and_hardie_2007(column, alpha, beta, year_12):
    """Table 2 of the paper: α and β of years 0 to 7; year 12 of the hold-out from them."""
    from stageway.arithmetic.renewals import fit_renewals

    path = shared("growth_retention_sbg/fader_hardie_2007.csv")
    with path.open(encoding="utf-8") as file:
        seen = np.array([float(row[column]) / 100 for row in csv.DictReader(file)])
    assert fit_renewals(seen[:8] * 1000).values == pytest.approx([alpha, beta], abs=0.001)
    made = plateau.projected(plateau.Curve(np.arange(8.0), seen[:8], seen[:8], seen[:8], np.full(8, 1000.0)), 5)
    assert made is not None
    day, (value, low, high) = made
    assert day == 12
    assert value == pytest.approx(year_12, abs=0.001)
    assert low < seen[12] < high


def test_the_share_has_wilsons_interval_and_the_chance_is_jeffreys_posterior():
    from scipy.stats import beta
    from statsmodels.stats.proportion import proportion_confint

    found = run(answers(48, 40, 32))
    e = found.get("share")
    assert (e.value, e.low, e.high) == pytest.approx((0.4, *proportion_confint(48, 120, method="wilson")))
    assert found.get("p_fit").value == pytest.approx(beta.sf(0.4, 48.5, 72.5))


def test_segments_are_compared_with_the_rest_by_fisher_and_holm():
    from scipy.stats import fisher_exact
    from statsmodels.stats.multitest import multipletests

    counts = {"a": (60, 40), "b": (30, 70), "c": (42, 58)}
    found = run(stacked(*(answers(x, y, 0, segment=name) for name, (x, y) in counts.items())))
    total = np.sum(list(counts.values()), axis=0)
    raw = [fisher_exact([pair, tuple(total - pair)])[1] for pair in counts.values()]
    mine = {row[0]: row[4] for row in found.table("segments").rows}
    assert [mine[name] for name in counts] == pytest.approx(multipletests(raw, method="holm")[1])


def test_shares_are_drawn_to_the_mean_by_dersimonian_and_laird():
    from statsmodels.stats.meta_analysis import combine_effects

    x, n = np.array([30.0, 45.0, 20.0, 60.0]), np.array([80.0, 90.0, 70.0, 100.0])
    p = x.sum() / n.sum()
    v = p * (1 - p) / n
    tau2 = combine_effects(x / n, v, method_re="chi2").tau2
    # their mean is weighted by 1/v, which is n here: the same
    shrunk, _ = shrinkage.towards_mean(x, n)
    assert shrunk == pytest.approx(p + tau2 / (tau2 + v) * (x / n - p))


@pytest.mark.parametrize(("text", "kind"), [
    ("Very disappointed", "very"), ("I’d be very disappointed", "very"), ("非常失望", "very"), ("会非常失望", "very"), ("我会很失望", "very"),
    ("Somewhat disappointed", "somewhat"), ("有点失望", "somewhat"), ("会有些失望", "somewhat"),
    ("Not disappointed (it isn't really that useful)", "not"), ("不失望", "not"), ("不会失望", "not"), ("一点也不失望", "not"), ("不太失望（没那么有用）", "not"),
    ("N/A - I no longer use [product]", "gone"), ("I no longer use it", "gone"), ("已不再使用", "gone"), ("不适用，我已经不用了", "gone"),
    ("不会非常失望", None), ("disappointed", None), ("3", None)])
def test_the_wordings_of_both_languages_are_told_apart(text, kind):
    assert class_of(text) == kind


# ---- the verdict


def test_both_say_yes():
    found = run(answers(110, 50, 40), FLAT)
    assert found.headline.zh == "会非常失望的占55.0% [48.1%, 61.7%]（n=200），达到40%；留存末端20.0% [18.6%, 21.5%]，走平：契合成立"
    assert found.get("change").low < 0 < found.get("change").high


def test_words_and_deeds_that_disagree_are_no_fit():
    found = run(answers(110, 50, 40), FALLING)
    assert found.headline.en.endswith("does not hold people: survey and retention disagree: no fit can be claimed")
    assert "Find out who was asked" in found.meaning.next.en


def test_both_say_no():
    found = run(answers(30, 80, 90), FALLING)
    assert found.headline.zh.endswith("还谈不上契合")
    assert "80名有点失望" in found.meaning.next.zh


def test_an_interval_over_the_line_is_open_and_the_needed_answers_are_named():
    found = run(answers(47, 40, 20))
    assert "whether there is a fit is open" in found.headline.en
    x, n = 47 / 107, module._needed(module.Told(None, (), None, module.MarketFitParams(), {"share": found.get("share")}, 0.0))
    assert 1.96 * (0.4 * 0.6 / n) ** 0.5 <= x - 0.4
    assert f"约要{n:,}人" in found.meaning.next.zh


def test_a_strict_plateau_must_rule_a_loss_out():
    small = curve(1.0, 0.4, 0.25, 0.2, 0.2, 0.2, n=400)
    assert "走平：" in run(answers(110, 50, 40), small).headline.zh
    assert "是否走平未定" in run(answers(110, 50, 40), small, flat="strict").headline.zh
    assert "走平：" in run(answers(110, 50, 40), curve(1.0, 0.4, 0.25, 0.2, 0.2, 0.2, n=20_000), flat="strict").headline.zh


def test_a_plateau_below_the_floor_is_none():
    found = run(answers(110, 50, 40), curve(1.0, 0.2, 0.05, 0.02, 0.02, 0.02))
    assert "没有留住人" in found.headline.zh


def test_a_survival_curve_is_projected_and_an_activity_curve_is_not():
    shape = curve(1.0, 0.8, 0.68, 0.6, 0.55, 0.51, n=1000)
    assert run(answers(110, 50, 40), shape).get("projected") is None
    found = run(answers(110, 50, 40), shape, curve="survival")
    assert found.get("projected").low < found.get("projected").value < 0.51
    assert found.get("change").high <= 0


def test_the_number_of_people_that_would_change_the_survey_is_right():
    found = run(answers(110, 50, 40))
    k = int(found.meaning.change.en.split()[1])
    assert run(answers(110 - k, 50 + k, 40)).get("share").low < 0.4 <= run(answers(110 - k + 1, 50 + k - 1, 40)).get("share").low


def test_those_who_no_longer_use_it_or_have_not_lately_are_not_in_the_base():
    frame = stacked(answers(40, 30, 30, active=True), answers(0, 0, 50, active=False), answers(0, 0, 0, gone=25, active=True), answers(1, 0, 0, active=None))
    found = run(frame)
    assert (found.get("share").value, found.get("share").n) == (0.4, 100)
    rows = {row[0].en: row[1] for row in found.table("answers").rows}
    assert (rows["no longer use it (not counted)"], rows["not used recently (not counted)"]) == (25, 50)
    assert "activity_missing" in codes(found)
    assert "25" in next(w.text.zh for w in found.warnings if w.code == "survivors")


def test_a_segment_with_a_fit_of_its_own_is_served_first():
    found = run(stacked(answers(70, 20, 10, segment="律师"), answers(15, 60, 75, segment="students")))
    assert "先只服务“律师”：70/100" in found.meaning.next.zh
    assert found.points[0].en.startswith("“律师”: 70.0% [60.4, 78.1] very disappointed, more than the others (p < 0.001, Holm)")


def test_silent_people_bound_the_share():
    found = run(answers(60, 30, 10), invited=400)
    assert found.get("response_rate").value == 0.25
    assert "占比只有15.0%" in found.points[0].zh
    assert "low_response" in codes(found)


@settings(max_examples=40, deadline=None)
@given(st.tuples(*[st.integers(0, 60)] * 4).filter(lambda c: sum(c[:3]) > 0), st.floats(0.1, 0.9))
def test_shares_add_up_and_a_lower_target_is_likelier(counts, target):
    found, lower = run(answers(*counts), target=target), run(answers(*counts), target=target / 2)
    assert sum(found.get(name).value for name in ("share", "somewhat", "not_disappointed")) == pytest.approx(1)
    assert lower.get("p_fit").value >= found.get("p_fit").value


# ---- bad data


def test_an_answer_that_is_none_of_the_four_is_refused_with_its_row():
    with pytest.raises(DataError) as caught:
        run(Frame({"answer": ["Very disappointed", "meh"]}, "survey.csv"))
    assert caught.value.sentence("zh").startswith("单元格的值不对。位置：survey.csv，第2条，列“answer”，值“meh”。应为：非常失望、有点失望、不失望、已不再使用之一")


@pytest.mark.parametrize("frame", [Frame({"answer": []}), Frame({"answer": [None, " "]}), answers(0, 0, 0, gone=9), answers(5, 5, 5, active=False)])
def test_nobody_in_the_base_is_an_error(frame):
    with pytest.raises(DataError) as caught:
        run(frame)
    assert caught.value.code == "no_answers"


def test_few_answers_are_warned_of_by_what_they_can_carry():
    assert "small_n" in codes(run(answers(2, 2, 1)))
    assert "small_n" in codes(run(answers(12, 12, 10)))
    assert "below_100" in codes(run(answers(30, 20, 10)))
    assert not {"small_n", "below_100"} & set(codes(run(answers(60, 30, 20))))


def test_one_side_only_is_never_certain():
    found = run(answers(0, 0, 150))
    assert "no_variation" in codes(found)
    assert found.get("share").high > 0


def test_a_curve_of_two_points_or_with_a_day_twice_gives_no_plateau():
    for bad in (curve(1.0, 0.5), curve(1.0, 0.5, 0.4, 0.3, days=[0, 7, 7, 14])):
        found = run(answers(60, 30, 20), bad)
        assert found.get("plateau") is None
        assert {"curve_unusable", "survivors"} <= set(codes(found))


def test_two_answers_of_one_person_are_refused():
    with pytest.raises(DataError) as caught:
        run(Frame({"respondent": ["a", "a"], "answer": ["非常失望", "不失望"]}, "survey.csv"))
    assert caught.value.code == "answered_twice"
