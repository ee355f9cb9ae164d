"""A subscription grocery that is hardly past its research: surveys, trade-offs, prices, segments and reviews from public sample files.

The figures are those of tests/real/manifest.yaml, or are computed here from the files without the product.
"""

import csv
import math
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.calling import stageway
from tests.real.outcome import Outcome, documents_hold, results_name_their_findings, run
from tests.shared import shared

HERE = Path(__file__).parent / "grain"
AT = "2026-11-24"
FILES = (
    "survey/steak_surveymonkey.csv",
    "maxdiff/rice_bws.csv",
    "maxdiff/rice_design.csv",
    "reviews/spotify_en.csv",
    "segmentation/subscribers.csv",
    "positioning/retailers.csv",
    "positioning/brand_ratings.csv",
    "pricing/psm_1500.sav",
    "conjoint/yogurt_choice_long.csv",
    "growth_grocery/grocery_purchases.csv",
    "growth_retention_sbg/fader_hardie_2007.csv",
)
NAMES = ["survey", "reviews", "market_size", "interviews", "problems", "segments", "map", "positioning", "price", "flavours", "worth", "renewals"]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    files = {Path(name).name: shared(name) for name in FILES}
    made = run(HERE, tmp_path_factory.mktemp("real") / "grain", files, AT)
    assert made.ran.code == 0, made.ran.err
    return made


def number(finding: dict, name: str, key: str | None = None) -> dict:
    return next(e for e in finding["estimates"] if e["name"] == name and e.get("key") == key)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "data" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# ---- the figures


def test_every_dataset_became_a_finding(results):
    assert [f["name"] for f in results["findings"]] == NAMES


def test_most_of_550_people_eat_steak(findings):
    """430 of 539, counted by pandas (manifest); 11 of 550 left the question blank."""
    share = number(findings["survey"], "share", "Do you eat steak?:Yes")
    assert (share["value"], share["n"]) == (pytest.approx(0.7978, abs=1e-4), 539)
    assert number(findings["survey"], "n_eff")["value"] == 550


def test_rice_is_chosen_for_safety_as_often_as_counted_here(folder, findings):
    shown = {r["task"]: [r[f"item{i}"] for i in range(1, 5)] for r in rows(folder, "rice_design.csv")}
    people = rows(folder, "rice_bws.csv")
    best, worst, seen = Counter(), Counter(), Counter()
    for person in people:
        for task, items in shown.items():
            best[items[int(person[f"b{task}"]) - 1]] += 1
            worst[items[int(person[f"w{task}"]) - 1]] += 1
            seen.update(items)
    assert number(findings["problems"], "best_worst", "safety")["value"] == pytest.approx((best["5"] - worst["5"]) / seen["5"])
    assert number(findings["problems"], "best_worst", "rice_price")["value"] == pytest.approx(0.3361, abs=1e-4)
    assert number(findings["problems"], "best_worst", "wash_free")["value"] == pytest.approx(-0.6056, abs=1e-4)
    assert number(findings["problems"], "share", "safety")["value"] == pytest.approx(0.2711, abs=1e-4)
    assert "分不出先后" in findings["problems"]["headline"]["zh"]


def test_the_market_lies_near_the_product_of_the_middles_of_its_drivers(findings):
    """A triangle's mean is (low + likely + high) / 3, that of a PERT (low + 4 likely + high) / 6."""
    homes, often, willing, near = 2_880_000 / 3, 412 / 550, (0.06 + 0.4 + 0.16) / 6, (0.35 + 0.45 + 0.5) / 3
    som = number(findings["market_size"], "som")
    assert som["value"] == pytest.approx(homes * often * willing * near, rel=0.03)
    assert som["low"] < som["value"] < som["high"]
    assert number(findings["market_size"], "sam")["value"] == pytest.approx(homes * often * willing, rel=0.03)


def test_themes_read_all_150_reviews_and_say_that_half_fit_none(findings):
    assert number(findings["reviews"], "texts")["value"] == 150
    assert number(findings["reviews"], "ungrouped")["value"] > 0.5
    assert "mostly_ungrouped" in [w["code"] for w in findings["reviews"]["warnings"]]


def test_segments_hold_everyone_once(findings):
    shares = [e for e in findings["segments"]["estimates"] if e["name"] == "share"]
    assert 2 <= len(shares) == number(findings["segments"], "segments")["value"] <= 6
    assert sum(e["value"] for e in shares) == pytest.approx(1)
    assert {e["n"] for e in shares} == {300}


def test_two_axes_hold_what_numpy_finds_in_the_six_stores(findings):
    assert number(findings["map"], "inertia_2")["value"] == pytest.approx(0.9807, abs=1e-4)


def test_the_claims_hit_as_many_raters_as_rated_them_7_or_more(folder, findings):
    ours = [r for r in rows(folder, "brand_ratings.csv") if r["brand"] == "f"]
    for claim, adjective in (("good_value", "value"), ("bought_again", "rebuy")):
        assert number(findings["positioning"], "hit", claim)["value"] == pytest.approx(sum(int(r[adjective]) >= 7 for r in ours) / len(ours))


def test_exchanged_price_columns_leave_368_of_1500_who_contradict_themselves(findings):
    price = findings["price"]
    assert number(price, "contradictory")["value"] == pytest.approx(368 / 1500)
    assert [number(price, name)["value"] for name in ("acceptable_low", "optimal", "acceptable_high")] == [20, 40, 60]


def test_the_yoghurt_model_is_the_published_one(findings):
    """logitr 1.2.0, vignette on the yogurt data."""
    assert number(findings["flavours"], "slope", "price")["value"] == pytest.approx(-0.3665845, abs=1e-6)
    assert number(findings["flavours"], "slope", "feat")["value"] == pytest.approx(0.4914, abs=1e-4)


def test_renewals_follow_fader_and_hardie(findings):
    """Their parameters 0.704 and 1.182 (2007) survive twelve periods with B(α, β + 12) / B(α, β)."""
    alpha, beta = 0.704, 1.182
    there = math.exp(math.lgamma(beta + 12) + math.lgamma(alpha + beta) - math.lgamma(beta) - math.lgamma(alpha + beta + 12))
    assert number(findings["renewals"], "survival", "all")["value"] == pytest.approx(there, abs=0.003)
    assert number(findings["worth"], "alive")["value"] == pytest.approx(0.658, abs=0.01)
    assert "holdout_off" in [w["code"] for w in findings["worth"]["warnings"]]


# ---- the verdicts


def test_the_verdicts_follow_from_the_figures(results):
    found = {v["criterion"]: v["result"] for v in results["verdicts"]}
    assert found["survey.n_eff >= 400"] == "pass"
    assert found["market_size.sam >= 10000000 people"] == "fail"
    assert found["price.contradictory <= 10%"] == "fail"
    assert found["max(problems.p_first) >= 0.60"] == "not_evaluable"
    assert found["reviews.agreement >= 85%"] == "not_evaluable"
    assert found["min(positioning.hit) >= 40%"] == "pass"
    assert found["flavours.slope[price] < 0"] == "pass"
    assert found["worth.alive >= 60%"] == "pass"
    assert found["renewals.survival[all] >= 15%"] == "undecided"


# ---- the documents


def test_lint_finds_no_error(folder):
    ran = stageway("lint", folder, "--at", AT)
    assert ran.code == 0, ran.out
    assert not re.search(r"^L-\d+ E", ran.out, re.MULTILINE)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_documents_hold_every_headline_and_stand_in_four_formats(outcome, lang):
    documents_hold(outcome, lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_paragraph_of_results_names_its_finding(outcome, lang):
    results_name_their_findings(outcome, lang, len(NAMES))
