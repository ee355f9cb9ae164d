"""Survey summary: published shares of real surveys and independent implementations, then what must hold, then bad data."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic import crosstabs, weighting
from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.research.survey_summary import survey_summary
from stageway.readers import csv
from tests.shared import shared


def wide(**columns: object) -> Frame:
    n = len(next(iter(columns.values())))
    return Frame({"respondent": [f"p{i:04}" for i in range(n)], **columns}, "survey.csv")


def long(rows: list[tuple[object, ...]], *more: str) -> Frame:
    return Frame.of([dict(zip(("respondent", "question", "value", *more), row, strict=True)) for row in rows], "survey.csv")


def margins(**variables: dict[str, float]) -> Frame:
    return Frame.of([{"variable": v, "category": c, "share": s} for v, shares in variables.items() for c, s in shares.items()], "margins.csv")


def run(frame: Frame, population: Frame | None = None, **params: object) -> Finding:
    return survey_summary.run({"answers": frame, "margins": population}, params)


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


def men() -> Frame:
    table = csv.READER.read(shared("survey/masculinity_weighted.csv"), {}).frame
    names = {"respondent": "column_1", "segment": "age3", "weight": "weight", "manly": "q0001", "seen": "q0002", "pressure": "q0005", "job": "q0009"}
    return Frame({**{ours: table[theirs] for ours, theirs in names.items()}, **{n: table[n] for n in table.names if n.startswith("q0004")}}, "men.csv")


def per_cent(found: Finding, question: str) -> dict[str, int]:
    return {e.key.partition(":")[2]: round(100 * e.value) for e in found.keyed("share") if e.key.startswith(f"{question}:")}


# ---- published


def test_the_weighted_shares_are_those_that_fivethirtyeight_published():
    """github:fivethirtyeight/data, masculinity-survey.csv (2018), column "Adult Men"; CC BY 4.0."""
    found = run(men(), base="asked")
    assert per_cent(found, "manly") == {"Very masculine": 37, "Somewhat masculine": 46, "Not very masculine": 11, "Not at all masculine": 5, "No answer": 1}
    assert per_cent(found, "seen") == {"Very important": 16, "Somewhat important": 37, "Not too important": 28, "Not at all important": 18, "No answer": 0}
    assert per_cent(found, "pressure") == {"Yes": 60, "No": 39, "No answer": 1}
    assert per_cent(found, "q0004") == {"Father or father figure(s)": 64, "Mother or mother figure(s)": 41, "Friends": 35, "Other family members": 35,
                                        "Pop culture": 23, "Other (please specify)": 17}


def test_the_shares_by_age_are_those_that_fivethirtyeight_published():
    """The same table, columns 18-34, 35-64, 65 and up."""
    rows = {(r[0], r[1]): [int(float(str(cell).rstrip(" ▲▼%")) + 0.5) for cell in r[2:]] for r in run(men(), base="asked").table("segments").rows}
    assert rows["manly", "Very masculine"] == [29, 42, 37]
    assert rows["manly", "Not at all masculine"] == [10, 2, 3]
    assert rows["q0004", "Pop culture"] == [42, 17, 12]
    assert rows["pressure", "Yes"] == [70, 57, 53]


def test_the_weights_leave_526_of_1615_answers_and_an_error_of_4_3_points():
    found = run(men())
    assert round(found.get("n_eff").value) == 526
    assert found.get("deff").value == pytest.approx(1615 / 526.16, abs=1e-3)
    assert "±4.3 points" in found.meaning.sure.en
    assert "heavy_weights" in codes(found)
    assert found.headline.zh.startswith("1,615份答卷，加权后有效样本量526（设计效应3.07）：")


def test_936_people_saw_star_wars_and_835_ticked_a_film():
    """data/survey/README: the base of the multi-select has to be named."""
    table = csv.READER.read(shared("survey/starwars_surveymonkey.csv"), {}).frame
    table = table.take(np.arange(1, len(table)))
    films = {f"films_{i}": table[table.names[2 + i]] for i in range(1, 7)}
    frame = Frame({"respondent": table["RespondentID"], "seen": table[table.names[1]], **films}, "starwars.csv")
    ticked, asked = (run(frame, only="seen=Yes", base=base, questions="films") for base in ("answered", "asked"))
    assert {e.n for e in ticked.keyed("share")} == {835}
    assert {e.n for e in asked.keyed("share")} == {936}
    warning = next(w for w in ticked.warnings if w.code == "base_differs")
    assert warning.text.en == "“films” was put to 936 people, 835 of whom chose at least one; shares are of the latter: say so when quoting."
    empire = [next(e for e in f.keyed("share") if "Empire" in e.key).value for f in (ticked, asked)]
    assert empire[0] * 835 == pytest.approx(empire[1] * 936)


@pytest.mark.parametrize(("file", "separator", "names"), [
    ("google_forms", ";", ("您的性别", "您通过哪些渠道了解我们", "请评价以下方面 [界面]")),
    ("wjx_text", "┋", ("1、您的性别", "2、您通过哪些渠道了解我们(多选题)", "4、请评价以下方面—界面")),
])
def test_survey_exports_have_their_expected_counts(file, separator, names):
    expected = json.loads(shared("survey_exports/expected.json").read_text())[file]
    table = csv.READER.read(shared(f"survey_exports/{file}.csv"), {}).frame
    found = run(wide(**dict(zip(("sex", "channels", "ui"), (table[name] for name in names), strict=True))), separator=separator)
    people = {(row[0], row[1]): row[2] for row in found.table("shares").rows}
    assert {o: people["sex", o] for o in expected["single_counts"]} == expected["single_counts"]
    assert {o: people["channels", o] for o in expected["multi_counts"]} == expected["multi_counts"]
    assert found.get("mean", "ui").value == pytest.approx(expected["matrix_means"]["界面"])


# ---- independent implementations


def test_raking_is_the_least_change_of_weights_that_meets_the_margins():
    """Deming & Stephan's solution minimises Σ w log(w / base) (Ireland & Kullback 1968); scipy finds the same minimum from the dual."""
    from scipy.optimize import minimize

    rng = np.random.default_rng(4)
    n = 300
    places = [rng.integers(0, 2, n), rng.integers(0, 3, n)]
    targets = [np.array([0.7, 0.3]), np.array([0.2, 0.3, 0.5])]
    base = rng.uniform(0.5, 1.5, n)
    base /= base.mean()
    made = weighting.rake(base, [weighting.Margin(str(i), tuple("abc"[: t.size]), t, p) for i, (p, t) in enumerate(zip(places, targets, strict=True))], cap=0,
                          rounds=500)
    sides = np.column_stack([(p == j).astype(float) for p, t in zip(places, targets, strict=True) for j in range(t.size)])
    goal = n * np.concatenate(targets)
    dual = minimize(lambda x: float(np.sum(base * np.exp(sides @ x)) - goal @ x), np.zeros(5), jac=lambda x: sides.T @ (base * np.exp(sides @ x)) - goal,
                    method="BFGS", options={"gtol": 1e-8})
    assert made.weights == pytest.approx(base * np.exp(sides @ dual.x), abs=1e-4)
    assert made.reached


def test_a_table_is_fitted_by_factors_of_its_rows_and_columns_alone():
    """The defining property of iterative proportional fitting (Deming & Stephan 1940): cell ratios within the table stay as they were."""
    seed = np.array([[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]], dtype=float)
    rows, columns = np.divmod(np.arange(16), 4)
    targets = np.array([150, 300, 400, 150]) / 1000, np.array([200, 300, 400, 100]) / 1000
    made = weighting.rake(seed.ravel(), [weighting.Margin("row", tuple("abcd"), targets[0], rows), weighting.Margin("column", tuple("abcd"), targets[1], columns)],
                          cap=0, rounds=500)
    table = (made.weights / made.weights.sum() * 1000).reshape(4, 4)
    assert table.sum(axis=1) == pytest.approx([150, 300, 400, 150], abs=0.01)
    assert table.sum(axis=0) == pytest.approx([200, 300, 400, 100], abs=0.01)
    ratio = table / seed
    assert np.linalg.matrix_rank(ratio, tol=1e-6 * ratio.max()) == 1  # every cell is seed × row factor × column factor


def test_shares_and_means_without_weights_are_wilsons_and_students():
    from scipy import stats
    from statsmodels.stats.proportion import proportion_confint

    rating = [5, 4, 4, 2, 1, 3, 5, 5, 2, 4] * 4
    found = run(wide(rating=rating))
    e = found.get("share", "rating:5")
    assert (e.low, e.high) == pytest.approx(proportion_confint(12, 40, method="wilson"))
    mean = found.get("mean", "rating")
    assert (mean.low, mean.high) == pytest.approx(stats.t.interval(0.95, 39, loc=np.mean(rating), scale=stats.sem(rating)))
    assert (found.get("n_eff").value, found.get("deff").value) == (40, 1)
    assert found.get("largest_gap") is None


def test_a_weighted_mean_has_the_linearised_error_of_statsmodels():
    import statsmodels.api as sm

    rng = np.random.default_rng(1)
    y, w = rng.normal(3, 1, 200), rng.uniform(0.2, 3, 200)
    fit = sm.WLS(y, np.ones(200), weights=w).fit(cov_type="HC1")
    value, low, high = weighting.mean(y, w, 0.95)
    assert value == pytest.approx(fit.params[0])
    assert (high - low) / 2 == pytest.approx(fit.bse[0] * 1.96, rel=0.02)


@pytest.mark.parametrize(("table", "test"), [
    ([[30, 20, 10], [15, 25, 20]], "chi_square"), ([[3, 1], [1, 6]], "fisher"), ([[4, 1, 2], [1, 5, 3], [2, 2, 6]], "monte_carlo"),
])
def test_the_tests_are_those_of_scipy(table, test):
    from scipy import stats

    counts = np.array(table, dtype=float)
    made = crosstabs.associate(counts, counts.sum(), weighted=False, draws=20_000, rng=np.random.default_rng(2), level=0.95)
    assert made.test == test
    if test == "chi_square":
        assert made.p == pytest.approx(stats.chi2_contingency(counts, correction=False).pvalue)
    elif test == "fisher":
        assert made.p == pytest.approx(stats.fisher_exact(counts.astype(int)).pvalue)
    else:
        drawn = stats.chi2_contingency(counts.astype(int), correction=False, method=stats.PermutationMethod(n_resamples=20_000, rng=np.random.default_rng(3)))
        assert made.p == pytest.approx(drawn.pvalue, abs=0.015)


def test_cramers_v_is_scipys_with_the_bias_taken_off_and_its_interval_holds_the_truth():
    from scipy.stats.contingency import association

    table = np.array([[300, 200, 100], [150, 250, 200]], dtype=float)
    made = crosstabs.associate(table, table.sum(), weighted=False, draws=200, rng=np.random.default_rng(1), level=0.95)
    assert made.v == pytest.approx(association(table.astype(int), method="cramer"), abs=0.005)
    rng = np.random.default_rng(9)
    cells = np.array([0.3, 0.1, 0.1, 0.15, 0.15, 0.2])
    truth = (crosstabs.chi_square(cells.reshape(2, 3))).item() ** 0.5
    hits = []
    for counts in rng.multinomial(150, cells, size=1500):
        chi2 = float(crosstabs.chi_square(counts.reshape(2, 3).astype(float)))
        low, high = crosstabs.v_interval(chi2, 150, (2, 3), 0.95)
        hits.append(low <= truth <= high)
    assert 0.93 <= np.mean(hits) <= 0.97


# ---- properties


def test_long_and_wide_tables_give_the_same():
    rng = np.random.default_rng(6)
    a, b = rng.choice(["x", "y", "z"], 50).tolist(), [rng.choice(["p", "q", "r"], int(k), replace=False).tolist() for k in rng.integers(0, 3, 50)]
    first = run(wide(a=a, b=b))
    rows = [(f"p{i:04}", "a", v) for i, v in enumerate(a)] + [(f"p{i:04}", "b", v) for i, v in enumerate(b)]
    second = run(long(rows))
    assert [(e.key, e.value, e.low) for e in first.estimates] == [(e.key, e.value, e.low) for e in second.estimates]
    several = [(f"p{i:04}", "a", v) for i, v in enumerate(a)] + [(f"p{i:04}", "b", each) for i, v in enumerate(b) for each in v]
    assert [e.value for e in run(long(several)).keyed("share")] == [e.value for e in first.keyed("share")]


def test_one_column_an_option_and_one_cell_with_a_separator_give_the_same():
    cells = ["a┋b", "a", "b┋c", "c", "a┋b┋c"] * 8
    one = run(wide(q=cells))
    marks = {f"q({o})": ["1" if o in cell else "0" for cell in cells] for o in "abc"}
    texts = {f"q_{i}": [o if o in cell else "Not selected" for cell in cells] for i, o in enumerate("abc", 1)}
    two, three = run(wide(**marks)), run(wide(**texts))
    assert [e.value for e in one.keyed("share")] == [e.value for e in two.keyed("share")] == [e.value for e in three.keyed("share")] == [0.6, 0.6, 0.6]
    assert [e.key for e in three.keyed("share")] == ["q:a", "q:b", "q:c"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.floats(0.1, 10)), min_size=2, max_size=40))
def test_shares_of_a_single_choice_sum_to_one_and_lie_in_their_intervals(people):
    found = run(wide(q=[p[1] for p in people], segment=[p[0] for p in people], weight=[p[2] for p in people]), draws=200)
    assert sum(e.value for e in found.keyed("share")) == pytest.approx(1)
    assert all(0 <= e.low <= e.value <= e.high <= 1 for e in found.keyed("share"))
    assert found.get("deff").value >= 1 - 1e-9
    assert found.get("n_eff").value <= len(people) + 1e-9


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=8, max_size=60).filter(lambda p: {(0, 0), (0, 1), (1, 0), (1, 1)} <= set(p)),
       st.floats(0.2, 0.8), st.floats(0.2, 0.8))
def test_raking_meets_its_margins_where_every_cell_has_people(people, a, b):
    place = np.array(people)
    made = weighting.rake(np.ones(len(people)), [weighting.Margin(str(j), ("0", "1"), np.array([1 - t, t]), place[:, j]) for j, t in enumerate((a, b))],
                          cap=0, rounds=2000)
    assert made.reached
    assert made.weights.mean() == pytest.approx(1)


def test_raked_people_and_margins_in_per_cent_or_counts_are_the_same():
    frame = wide(q=["x"] * 30 + ["y"] * 30, sex=["f"] * 20 + ["m"] * 10 + ["f"] * 20 + ["m"] * 10)
    first, second, third = (run(frame, margins(sex=shares)) for shares in ({"f": 0.5, "m": 0.5}, {"f": 50, "m": 50}, {"f": 7000, "m": 7000}))
    assert first.get("largest_gap").value == 0
    assert first.get("n_eff").value == second.get("n_eff").value == third.get("n_eff").value == pytest.approx(60 / (60 * (40 * 0.75**2 + 20 * 1.5**2) / 60**2))
    assert not [e for e in first.keyed("share") if e.key.startswith("sex")]  # its shares are the margins
    assert "±0" not in first.meaning.sure.en
    assert "met within 0.0 points" in first.meaning.sure.en


def test_a_cap_costs_the_margin_and_says_so():
    frame = wide(q=["x", "y"] * 50, age=["young"] * 4 + ["old"] * 96)
    free, held = run(frame, margins(age={"young": 0.4, "old": 0.6}), cap=0), run(frame, margins(age={"young": 0.4, "old": 0.6}), cap=3)
    assert free.get("largest_gap").value == 0
    assert held.get("largest_gap").value == pytest.approx(0.4 - 0.12, abs=0.01)
    assert {"trimmed", "margins_missed"} <= set(codes(held))
    assert held.get("n_eff").value > free.get("n_eff").value
    assert "“age=young” weigh 10.0 on average" in free.meaning.next.en


def test_segments_that_answer_differently_are_named_and_marked():
    frame = wide(segment=["a", "b"] * 100, same=["x", "x", "y", "y"] * 50, unlike=["x", "y", "x", "x", "x", "y", "y", "y"] * 25)
    found = run(frame)
    assert found.points[0].en.startswith("“unlike” differs by segment (p < 0.001, Holm, V = 0.50)")
    marks = {(r[0], r[1]): str(r[2]) for r in found.table("segments").rows}
    assert marks["unlike", "x"].endswith("▲")
    assert marks["same", "x"] == "50.0%"
    assert found.get("cramers_v", "same").value == 0
    assert found.get("cramers_v", "unlike").low > 0
    assert "depend on the segment" in found.meaning.next.en


def test_the_question_that_made_the_segments_is_not_tested_against_them():
    frame = wide(segment=["a", "b"] * 40, group=["a", "b"] * 40, q=["x", "y", "y", "x"] * 20)
    assert [row[0] for row in run(frame).table("tests").rows] == ["q"]


def test_those_who_did_not_answer_bound_the_share():
    found = run(wide(q=["x"] * 45 + ["y"] * 35 + [None] * 20))
    assert found.get("share", "q:x").value == 45 / 80
    assert found.meaning.change.en == "20 people did not answer “q”: if none or all of them chose “x”, its share would lie between 45.0% and 65.0%."


def test_keys_have_no_square_brackets():
    assert run(wide(**{"rate [ui]": [1, 2, 3] * 5})).get("mean", "rate (ui)") is not None


# ---- bad data


def test_nobody_and_nothing_answered_are_errors():
    for frame in (wide(q=[]), wide(q=[None, ""]), wide(q=["NA", "(跳过)"]), long([("a", "q", None)])):
        with pytest.raises(DataError) as caught:
            run(frame)
        assert caught.value.code == "no_answers"


def test_one_person_and_one_answer_are_warned_of():
    assert codes(run(wide(q=["x"]))) == ["small_n", "no_variation"]
    assert codes(run(wide(q=["x"] * 200))) == ["no_variation"]
    assert run(wide(q=["x"] * 200)).get("share", "q:x").low < 1


def test_weights_of_nought_leave_people_out_and_all_nought_is_an_error():
    found = run(wide(q=["x", "y"] * 30, weight=[1.0] * 58 + [0.0, np.nan]))
    assert "no_weight" in codes(found)
    assert found.get("share", "q:x").n == 58
    with pytest.raises(DataError) as caught:
        run(wide(q=["x", "y"], weight=[0.0, 0.0]))
    assert caught.value.sentence("zh") == "没有一个人的权重大于0。位置：survey.csv，列“weight”。"


def test_a_negative_weight_is_refused_with_its_row():
    with pytest.raises(DataError) as caught:
        run(wide(q=["x", "y"], weight=[1.0, -2.0]))
    assert 'At survey.csv, row 2, column "weight", value "-2.0"' in caught.value.sentence("en")


def test_margins_that_do_not_fit_are_refused_or_said():
    frame = wide(q=["x", "y"] * 20, sex=["f", "m", "f", "f"] * 10)
    for population, code in ((margins(age={"old": 1}), "variable_unknown"), (margins(sex={"f": 1}), "category_unknown"), (margins(sex={"f": 0, "m": 0}), "margins_zero")):
        with pytest.raises(DataError) as caught:
            run(frame, population)
        assert caught.value.code == code
    with pytest.raises(DataError, match="one share for each category"):
        run(frame, Frame.of([{"variable": "sex", "category": c, "share": 0.5} for c in "ffm"]))
    missing = run(frame, margins(sex={"f": 0.4, "m": 0.4, "other": 0.2}))
    assert "empty_cell" in codes(missing)
    assert missing.get("largest_gap").value == pytest.approx(0.2)


def test_a_person_with_two_weights_or_two_rows_is_refused():
    with pytest.raises(DataError) as caught:
        run(long([("a", "q", "x", 1.0), ("a", "r", "x", 2.0)], "weight"))
    assert caught.value.code == "person_differs"
    with pytest.raises(DataError) as caught:
        run(Frame.of([{"respondent": "a", "q": "x"}, {"respondent": "a", "q": "y"}], "survey.csv"))
    assert caught.value.code == "answered_twice"
    assert "repeated" in codes(run(Frame.of([{"respondent": "a", "q": "x"}, {"respondent": "a", "q": "x"}, {"respondent": "b", "q": "y"}])))


def test_open_text_is_not_counted():
    found = run(wide(q=["x", "y"] * 40, why=[f"because {i}" for i in range(80)]))
    assert "open_text" in codes(found)
    assert not [e for e in found.keyed("share") if e.key.startswith("why")]


def test_a_question_or_an_answer_that_is_not_there_is_refused():
    frame = wide(colour=["x", "y"] * 5)
    with pytest.raises(ParamError) as caught:
        run(frame, questions="color")
    assert caught.value.sentence("en") == "there is no question “color”. Did you mean colour?"
    with pytest.raises(ParamError) as caught:
        run(frame, only="colour=z")
    assert caught.value.code == "answer_unknown"


def test_more_than_five_open_questions_are_told_in_both_languages():
    texts = {f"q{j}": [f"我想要{j}和{i}，因为很方便" for i in range(40)] for j in range(7)}
    found = run(wide(**texts, sex=["女", "男"] * 20))
    (said,) = [w.text for w in found.warnings if w.code == "open_text"]
    assert "7" in said.zh
    assert "7" in said.en
