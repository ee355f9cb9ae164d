"""Survival: Freireich's leukaemia trial and the Rossi data as published, statsmodels as the second hand; separable, empty and odd data."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight

from stageway.arithmetic import durations, hazards, survival_curves
from stageway.evidence import DataError, Frame, Kind, ParamError
from stageway.methods.operations.survival import survival
from tests.shared import shared

#: Freireich et al. (1963), Blood 21, 699: weeks in remission; negative here = still in remission (censored).
SIX_MP = [6, 6, 6, 7, 10, 13, 16, 22, 23, -6, -9, -10, -11, -17, -19, -20, -25, -32, -32, -34, -35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
ROSSI = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]


def run(duration, event, *, source="lives.csv", columns=None, **params):
    return survival.run({"lives": Frame({"duration": list(duration), "event": list(event), **(columns or {})}, source)}, {"unit": "", **params})


def leukaemia(**params):
    both = SIX_MP + PLACEBO
    group = ["6-MP"] * 21 + ["placebo"] * 21
    return run([abs(t) for t in both], [int(t > 0) for t in both], columns={"group": group}, **params)


def rossi():
    read = pd.read_csv(shared("growth_survival/rossi.csv"))
    return read, {name: read[name].tolist() for name in ROSSI}


def codes(finding):
    return [warning.code for warning in finding.warnings]


def value(finding, name, key=None):
    return None if (found := finding.get(name, key)) is None else found.value


# ── published figures ──


def test_the_remissions_of_freireich():
    """Kleinbaum & Klein, Survival Analysis: S(6) = 0.857, S(10) = 0.753, S(23) = 0.448 under 6-MP; medians 23 and 8; log-rank 16.79."""
    drug = [(abs(t), t > 0) for t in SIX_MP]
    times, ended = np.array([t for t, _ in drug], float), np.array([e for _, e in drug])
    for t, published in ((6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448)):
        assert round(survival_curves.share_after(times, ended, t)[0], 3) == published
    made = leukaemia(reference="placebo")
    assert (value(made, "median", "6-MP"), value(made, "median", "placebo")) == (23, 8)
    parts = [(times, ended), (np.array(PLACEBO, float), np.ones(21, bool))]
    assert survival_curves.log_rank(parts)[0] == pytest.approx(16.79, abs=0.005)
    assert value(made, "logrank_p") == pytest.approx(4.17e-5, rel=0.01)
    assert math.log(value(made, "hazard_ratio", "6-MP")) == pytest.approx(-1.572, abs=0.001), "coxph, Efron"


def test_the_arrests_of_rossi():
    """Fox, Cox Proportional-Hazards Regression (appendix to the R Companion), and lifelines: coefficients, log-likelihood, 33.27 on 7 df."""
    read, columns = rossi()
    made = run(read["week"], read["arrest"], columns=columns, covariates=",".join(ROSSI))
    published = {"fin": (-0.379, 0.191), "age": (-0.057, 0.022), "race": (0.314, 0.308), "wexp": (-0.150, 0.212), "mar": (-0.434, 0.382),
                 "paro": (-0.085, 0.196), "prio": (0.091, 0.029)}  # fmt: skip
    table = {row[0].en.removeprefix("one more of "): (round(row[4], 3), round(row[5], 3)) for row in made.table("cox").rows}
    assert table == published
    x = read[ROSSI].to_numpy(float)
    fit = hazards.fit(x, read["week"].to_numpy(float), read["arrest"].to_numpy() == 1)
    assert (round(fit.log_likelihood, 2), round(fit.chi_square, 2)) == (-658.75, 33.27)
    assert "df 7" in made.table("cox").note.en
    assert "ratio_changes" in codes(made), "age and work experience fail the test of proportional hazards (lifelines' documentation)"
    assert [row[0].en for row in made.table("cox").rows if row[7] < 0.01] == ["one more of age", "one more of wexp"]


def test_the_flies_of_walton():
    """lifelines' documentation: median 56 of all; log-rank 122.25."""
    read = pd.read_csv(shared("growth_survival/waltons.csv"))
    made = run(read["T"], read["E"], columns={"group": read["group"].tolist()})
    assert (value(made, "median"), value(made, "median", "control"), value(made, "median", "miR-137")) == (56, 58, 26)
    parts = [(part["T"].to_numpy(float), part["E"].to_numpy() == 1) for _, part in read.groupby("group")]
    assert survival_curves.log_rank(parts)[:2] == (pytest.approx(122.249, abs=0.001), 1)
    assert survival_curves.log_rank(parts)[0] == pytest.approx(sm.duration.survdiff(read["T"], read["E"], read["group"])[0])


# ── statsmodels as the second hand ──


@pytest.mark.parametrize("seed", range(5))
def test_curve_and_errors_agree_with_statsmodels(seed):
    rng = np.random.default_rng(seed)
    times, ended = rng.integers(0, 20, 60).astype(float), rng.random(60) < 0.6
    theirs = SurvfuncRight(times, ended.astype(int))
    curve = durations.lasting(times, ended)
    known = theirs.n_events > 0
    assert curve.still == pytest.approx(theirs.surv_prob[known])
    inner = curve.still > 0
    assert (curve.still * np.sqrt(curve.greenwood))[inner] == pytest.approx(theirs.surv_prob_se[known][inner])
    low, high = survival_curves.bands(curve)
    for t, a, b in zip(curve.times[inner], low[inner], high[inner], strict=True):
        assert survival_curves.share_after(times, ended, t)[1:] == pytest.approx((a, b))
    _, low_end, high_end = durations.quantile(times, ended, 0.5)
    known_low, known_high = theirs.quantile_ci(0.5, alpha=0.05, method="cloglog")
    assert low_end == known_low
    assert high_end == curve.times[curve.times >= known_high][0] if np.isfinite(known_high) else np.isinf(high_end), "theirs may end at a time at which nobody left"


@pytest.mark.parametrize("seed", range(4))
def test_cox_agrees_with_statsmodels_with_ties(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(150, 3)) * [1.0, 30.0, 0.01] + [0, 1000, 0]
    times = np.ceil(rng.exponential(np.exp(-0.5 * x[:, 0])) * 8)
    ended = rng.random(150) < 0.7
    theirs = PHReg(times, x, ended.astype(int), ties="efron").fit()
    ours = hazards.fit(x, times, ended)
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-5)
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(theirs.bse, rel=1e-5)
    assert ours.log_likelihood == pytest.approx(theirs.llf)


def test_robust_errors_agree_with_statsmodels_single_and_by_person():
    rng = np.random.default_rng(7)
    x, times, ended = rng.normal(size=(120, 2)), rng.exponential(size=120), rng.random(120) < 0.7
    for people in (np.arange(120), np.arange(120) // 3):
        theirs = PHReg(times, x, ended.astype(int)).fit(groups=people)
        assert np.sqrt(np.diag(hazards.fit(x, times, ended, people).robust)) == pytest.approx(theirs.bse, rel=1e-5)


def test_rows_given_twice_to_one_person_leave_robust_errors_as_they_were():
    """Twice the rows halve a model's variance; clusters of both copies know that nothing was added (up to Efron's ties)."""
    rng = np.random.default_rng(8)
    x, times, ended = rng.normal(size=(200, 1)), rng.exponential(size=200), rng.random(200) < 0.7
    once = hazards.fit(x, times, ended)
    twice = hazards.fit(np.repeat(x, 2, axis=0), np.repeat(times, 2), np.repeat(ended, 2), np.repeat(np.arange(200), 2))
    assert twice.robust[0, 0] == pytest.approx(once.robust[0, 0], rel=0.03)
    assert twice.covariance[0, 0] == pytest.approx(once.covariance[0, 0] / 2, rel=0.03)


def test_score_residuals_add_up_to_nothing_with_ties():
    """At the maximum the score is 0: the sum that robust errors are made of, over everyone in one cluster."""
    rng = np.random.default_rng(9)
    x, times, ended = rng.normal(size=(80, 2)), rng.integers(1, 8, 80).astype(float), rng.random(80) < 0.7
    assert hazards.fit(x, times, ended, np.zeros(80, dtype=np.int64)).robust == pytest.approx(np.zeros((2, 2)), abs=1e-12)


def test_the_test_of_proportional_hazards_is_that_of_schoenfeld_residuals_against_ranks():
    """Grambsch & Therneau, written out over risk sets without ties."""
    rng = np.random.default_rng(10)
    x, times, ended = rng.normal(size=(90, 2)), rng.exponential(size=90), rng.random(90) < 0.7
    fit = hazards.fit(x, times, ended)
    order = [i for i in np.argsort(times) if ended[i]]
    residuals = []
    for i in order:
        risk = times >= times[i]
        w = np.exp(x[risk] @ fit.coefficients)
        residuals.append(x[i] - w @ x[risk] / w.sum())
    ranks = np.arange(len(order)) - (len(order) - 1) / 2
    along = (ranks @ np.array(residuals)) @ fit.covariance
    expected = len(order) * along**2 / (np.diag(fit.covariance) * (ranks**2).sum())
    assert fit.ratio_of_time == pytest.approx(expected)


@pytest.mark.parametrize("changes", [True, False])
def test_a_ratio_that_changes_is_noticed_and_one_that_stays_is_not(changes):
    rng = np.random.default_rng(4)
    group = rng.random(800) < 0.5
    scale = np.where(group, 0.5, 1.0)
    times = scale * (rng.weibull(0.6, 800) if changes else rng.exponential(size=800)) if not changes else np.where(group, rng.weibull(0.6, 800), rng.weibull(1.6, 800))
    made = run(times, [1] * 799 + [0], columns={"group": np.where(group, "b", "a").tolist()})
    assert ("ratio_changes" in codes(made)) == changes
    assert (value(made, "ph_p") < 0.05) == changes


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40), st.integers(1, 12))
def test_the_restricted_mean_is_the_area_under_the_curve(rows, horizon):
    times, ended = np.array([t for t, _ in rows], float), np.array([e for _, e in rows])
    horizon = min(float(horizon), float(times.max()))
    area, error = survival_curves.restricted_mean(times, ended, horizon)
    curve = durations.lasting(times, ended)
    grid = (np.arange(1200) + 0.5) * horizon / 1200
    still = np.array([curve.still[curve.times <= t][-1] if (curve.times <= t).any() else 1.0 for t in grid])
    assert area == pytest.approx(float(still.mean()) * horizon, abs=0.02 + horizon / 300)
    assert error >= 0


def test_without_censoring_the_restricted_mean_is_the_mean_and_its_error_the_usual_one():
    times = np.random.default_rng(1).exponential(size=50)
    area, error = survival_curves.restricted_mean(times, np.ones(50, bool), float(times.max()))
    assert area == pytest.approx(times.mean())
    assert error == pytest.approx(times.std() / np.sqrt(50), rel=1e-9)


# ── what is not computable ──


def test_nobody_who_left_gives_a_lower_bound_and_no_median():
    made = run([10] * 20, [0] * 20, at="10")
    kept = made.get("survival", "10")
    assert (kept.value, kept.high) == (1.0, 1.0)
    assert kept.low == pytest.approx(0.025 ** (1 / 20)), "exact: the share at which 20 of 20 stay with 2.5%"
    assert {e.name for e in made.estimates} == {"survival", "hazard"}
    assert "no_events" in codes(made)
    assert made.headline.en == "Nobody has left while observed (n = 20): how long they stay cannot be estimated"


def test_a_median_that_is_not_reached_is_not_given():
    made = run(range(1, 41), [1] * 10 + [0] * 30)
    assert (made.get("median"), "median_not_reached" in codes(made)) == (None, True)
    assert "fewer than half have left" in made.headline.en


def test_behind_the_longest_time_there_is_no_number():
    made = run(range(1, 41), [1, 0] * 20, at="10,100")
    assert ([e.key for e in made.keyed("survival")], "beyond_observed" in codes(made)) == (["10"], True)
    gone = run(range(1, 41), [1] * 40, at="10,100")
    assert value(gone, "survival", "100") == 0.0, "all have left: that is known"


def test_mean_times_reach_as_far_as_every_group_is_observed():
    made = run([5, 10, 20, 5, 8, 9], [1, 1, 0, 1, 1, 0], columns={"group": list("aaabbb")}, horizon=15)
    assert "horizon_cut" in codes(made)
    assert "within 9 units" in made.get("rmst", "a").label.en


@pytest.mark.parametrize("robust", ["model", "robust"])
def test_a_covariate_that_orders_the_events_perfectly_has_no_ratio(robust):
    x = list(range(30))
    made = run([30 - i for i in x], [1] * 30, columns={"score": x}, covariates="score", errors=robust)
    assert (made.keyed("hazard_ratio"), made.table("cox")) == ((), None)
    assert next(w.text.en for w in made.warnings if w.code == "separable").startswith("“score” separates those who left")
    assert value(made, "median") == 15.0, "the curve is still there"


def test_a_group_without_departures_has_no_ratio():
    made = run([5] * 10 + list(range(6, 36)), [0] * 10 + [1] * 30, columns={"group": ["free"] * 10 + ["paid"] * 30})
    assert "small_groups" in codes(made)
    early = run([40] * 30 + list(range(6, 36)), [0] * 30 + [1] * 30, columns={"group": ["free"] * 30 + ["paid"] * 30})
    assert ("separable" in codes(early), early.keyed("hazard_ratio")) == (True, ())
    assert value(early, "logrank_p") < 0.001


def test_covariates_that_add_up_or_do_not_vary_are_said():
    rng = np.random.default_rng(2)
    x = rng.normal(size=60).tolist()
    columns = {"x": x, "twice": [2 * v for v in x], "same": [1] * 60}
    times, event = rng.exponential(size=60).tolist(), [1] * 59 + [0]
    assert "collinear" in codes(run(times, event, columns=columns, covariates="x,twice"))
    one = run(times, event, columns=columns, covariates="x,same")
    assert ([e.key for e in one.keyed("hazard_ratio")], "constant" in codes(one)) == (["x"], True)
    none = run(times, event, columns=columns, covariates="same")
    assert (none.keyed("hazard_ratio"), "constant" in codes(none)) == ((), True)


def test_texts_are_compared_as_categories_and_missing_rows_are_said():
    rng = np.random.default_rng(5)
    plan = rng.choice(["basic", "plus", "pro"], 120).tolist()
    plan[0] = None
    made = run(rng.exponential(size=120), [1] * 119 + [0], columns={"plan": plan}, covariates="plan")
    assert [e.key for e in made.keyed("hazard_ratio")] == ["plan=plus", "plan=pro"]
    assert "covariates_missing" in codes(made)


def test_more_coefficients_than_departures_give_none():
    rng = np.random.default_rng(6)
    made = run(rng.exponential(size=30), [1, 1] + [0] * 28, columns={"x": rng.normal(size=30), "y": rng.normal(size=30)}, covariates="x,y")
    assert (made.keyed("hazard_ratio"), "few_events" in codes(made)) == ((), True)


def test_one_person():
    left = run([10], [1], at="5,10")
    assert (value(left, "survival", "5"), value(left, "survival", "10"), "small_n" in codes(left)) == (1.0, 0.0, True)
    assert left.get("survival", "10").high == pytest.approx(0.975)
    there = run([10], [0])
    assert "no_events" in codes(there)


def test_all_leave_at_one_time():
    made = run([7] * 15, [1] * 15, at="3,7")
    assert (value(made, "survival", "7"), value(made, "median"), "times_alike" in codes(made)) == (0.0, 7.0, True)


def test_departures_at_time_0_count_and_are_said():
    made = run([0, 0, 5, 6, 7], [1, 1, 1, 0, 1], at="0,5")
    assert (value(made, "survival", "0"), "zero_durations" in codes(made)) == (0.6, True)
    nothing = run([0, 0], [1, 0])
    assert nothing.get("hazard") is None, "no time at risk"


def test_a_negative_duration_names_its_row():
    with pytest.raises(DataError) as caught:
        run([3, -2, 4], [1, 1, 0])
    assert "row 2" in caught.value.sentence("en")
    assert 'column "duration"' in caught.value.sentence("en")


def test_rows_without_duration_or_event_are_left_out_and_none_at_all_is_an_error():
    made = run([3, None, 4, 5], [1, 1, None, 0])
    assert "rows that lack duration or event (2)" in next(w.text.en for w in made.warnings if w.code == "rows_incomplete")
    with pytest.raises(DataError) as caught:
        run([None, None], [1, 0])
    assert caught.value.code == "no_durations"


@pytest.mark.parametrize("at", ["30,x", "-1", "nan", "inf"])
def test_times_that_are_none_are_refused(at):
    with pytest.raises(ParamError) as caught:
        run([1, 2], [1, 0], at=at)
    assert caught.value.sentence("en") == f'parameter "at" cannot take this value. At value "{at}". Expected times of at least 0, such as 30,90.'


def test_names_that_are_not_there_are_named():
    with pytest.raises(ParamError, match="Did you mean placebo"):
        leukaemia(reference="placbo")
    with pytest.raises(DataError, match='column "agee" is missing'):
        run([1, 2, 3], [1, 1, 0], columns={"age": [1, 2, 3]}, covariates="agee")


# ── what it says ──


def test_the_headline_in_both_languages():
    made = leukaemia()
    assert made.headline.en == "Half have left within 12.0 [8.0, 17.0] (n = 42, 30 have left); the groups differ, p < 0.001"
    assert made.headline.zh == "一半的人在12.0 [8.0, 17.0]以内离开（n=42，已离开30）；各组不同，p<0.001"


def test_tests_are_exact_numbers_and_everything_else_has_an_interval():
    for estimate in leukaemia().estimates:
        assert (estimate.kind == Kind.EXACT) == (estimate.name in ("logrank_p", "ph_p"))


def test_the_difference_in_mean_time_is_second_less_first_and_leads_the_next_step():
    made = leukaemia()
    gap = made.get("rmst_difference")
    assert gap.value == pytest.approx(value(made, "rmst", "placebo") - value(made, "rmst", "6-MP"))
    assert gap.high < 0
    assert "“placebo”, who leave sooner" in made.meaning.next.en or "fastest at the start" in made.meaning.next.en
