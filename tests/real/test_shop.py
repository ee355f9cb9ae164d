"""An online shop on real logs: events, purchases, experiments, journeys, spend, lifetimes, a series and reviews go in as they are.

The figures are counted here with pandas or by hand, or are published; each test says which.
"""

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from tests.real.outcome import Outcome, documents_hold, in_both_languages, results_name_their_findings, run
from tests.shared import shared

HERE = Path(__file__).parent / "shop"
FILES = (
    "growth_events_shop/events.csv",
    "growth_cdnow/cdnow_sample_transactions.csv",
    "growth_ab_cookie_cats/cookie_cats.csv",
    "growth_email_hillstrom/hillstrom.csv",
    "growth_attribution_paths/paths.csv",
    "growth_marketing_spend/facebook_ads.csv",
    "growth_survival/rossi.csv",
    "growth_survival/waltons.csv",
    "growth_alerts_nab/nyc_taxi.csv",
    "reviews/waimai_zh.csv",
)
PACKED = "growth_events_shop/demo_ecom_synthetic.csv.gz"
STEPS = ("Product Viewed", "Product Added", "Checkout Started", "Order Completed")
WEEK = pd.Timedelta(days=7)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("real")
    unpacked = folder / Path(PACKED).stem
    unpacked.write_bytes(gzip.decompress(shared(PACKED).read_bytes()))
    files = {Path(name).name: shared(name) for name in FILES} | {unpacked.name: unpacked}
    return run(HERE, folder / "shop", files, "2026-11-24")


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(shared(name))


# ---- the figures


def test_the_run_ends_well_and_every_dataset_became_a_finding(outcome):
    assert outcome.ran.code == 0, outcome.ran.err
    wanted = "interviews attribution ads retention funnel experiment campaign worth tiers box_churn courier_churn demand complaints incident_times"
    assert set(outcome.findings) >= set(wanted.split())


def test_the_funnel_counts_the_best_attempt_of_each_user_within_seven_days(outcome):
    """By hand: every view starts an attempt, each next step is its first event from there on, and the farthest attempt counts.

    Of rows with one event id the earliest stands; equal times are ordered by event and user, as the file's order must not matter.
    """
    log = table("growth_events_shop/events.csv")
    log["ts"] = pd.to_datetime(log["ts"])
    log["user_id"] = log["user_id"].astype(str)
    log = log.sort_values(["ts", "event", "user_id"]).drop_duplicates("event_id")
    reached = [0, 0, 0, 0]
    for _, own in log[log["event"].isin(STEPS)].groupby("user_id"):
        events = list(zip(own["event"], own["ts"], strict=True))
        best = max((_steps(events, i) for i, (event, _) in enumerate(events) if event == STEPS[0]), default=0)
        reached = [count + (best > k) for k, count in enumerate(reached)]
    assert outcome.estimate("funnel", "conversion")["n"] == reached[0]
    assert outcome.of("funnel", "conversion") == pytest.approx(reached[3] / reached[0])
    for k in (1, 2, 3):
        assert outcome.of("funnel", "step_share", STEPS[k]) == pytest.approx(reached[k] / reached[k - 1])


def _steps(events: list, start: int) -> int:
    first, at, done = events[start][1], start, 1
    for step in STEPS[1:]:
        at = next((j for j in range(at + 1, len(events)) if events[j][0] == step), None)
        if at is None or events[at][1] - first > WEEK:
            return done
        done += 1
    return done


def test_retention_is_that_of_users_seen_long_enough(outcome):
    """With pandas."""
    log = pd.read_csv(shared(PACKED))
    log["day"] = pd.to_datetime(log["timestamp"]).dt.normalize()
    first = log.groupby("user_id")["day"].min()
    last, seen = log["day"].max(), set(zip(log["user_id"], log["day"], strict=True))
    for day in (1, 7, 30):
        due = first[first + pd.Timedelta(days=day) < last]
        back = sum((user, start + pd.Timedelta(days=day)) in seen for user, start in due.items())
        assert outcome.of("retention", f"d{day}") == pytest.approx(back / len(due), abs=0.0005)


def test_experiments_have_the_means_of_their_arms(outcome):
    """With pandas; the README of cookie cats gives 0.1902, 0.1820 and p = 0.0086 for the split."""
    cats = table("growth_ab_cookie_cats/cookie_cats.csv").groupby("version")["retention_7"].mean()
    assert outcome.of("experiment", "mean", "from_30") == pytest.approx(cats["gate_30"])
    assert outcome.of("experiment", "mean", "from_40") == pytest.approx(cats["gate_40"])
    assert outcome.of("experiment", "srm_p") == pytest.approx(0.0086, abs=5e-5)
    mails = table("growth_email_hillstrom/hillstrom.csv").groupby("segment")["visit"].mean()
    for arm, name in (("no_mail", "No E-Mail"), ("meat_mail", "Mens E-Mail"), ("greens_mail", "Womens E-Mail")):
        assert outcome.of("campaign", "mean", arm) == pytest.approx(mails[name])


def test_advertising_costs_what_was_spent_over_what_was_approved(outcome):
    """With pandas."""
    ads = table("growth_marketing_spend/facebook_ads.csv")
    assert outcome.of("ads", "cac") == pytest.approx(ads["Spent"].sum() / ads["Approved_Conversion"].sum())
    sets = ads.groupby("xyz_campaign_id")[["Spent", "Approved_Conversion"]].sum()
    for key, campaign in (("ads_video", 916), ("ads_feed", 936), ("ads_search", 1178)):
        assert outcome.of("ads", "cac", key) == pytest.approx(sets.loc[campaign, "Spent"] / sets.loc[campaign, "Approved_Conversion"])


def test_attribution_divides_all_conversions(outcome):
    conversions = table("growth_attribution_paths/paths.csv")["total_conversions"].sum()
    assert sum(outcome.keyed("attribution", "conversions").values()) == pytest.approx(conversions) == 19_785


def test_known_customers_are_all_there_and_worth_what_the_published_model_says(outcome):
    """Counts with pandas; mean spend by Fader & Hardie's Gamma-Gamma, p v / (q - 1), over the whole time 35.8."""
    orders = table("growth_cdnow/cdnow_sample_transactions.csv")
    days = orders.groupby("customer_id")["date"].nunique()
    assert outcome.estimate("worth", "value")["n"] == len(days) == 2_357
    assert outcome.of("worth", "spend") == pytest.approx(35.81, abs=0.05)
    assert sum(outcome.keyed("tiers", "customers").values()) == len(days)
    assert outcome.of("tiers", "repeat_share") == pytest.approx((days > 1).mean())


def test_subscribers_and_couriers_stay_as_long_as_the_lifetimes_say(outcome):
    """Nobody is censored before week 52, so the curve is a share of people; the median of 56 days is that of lifelines."""
    weeks = table("growth_survival/rossi.csv")
    for week in (13, 26):
        assert outcome.of("box_churn", "survival", str(week)) == pytest.approx((weeks["week"] > week).mean())
    assert outcome.of("box_churn", "survival", "52") == pytest.approx(1 - weeks["arrest"].mean())
    assert outcome.of("courier_churn", "median") == 56


def test_every_labelled_window_of_the_series_holds_an_episode(outcome):
    """The windows are those of the Numenta benchmark."""
    windows = json.loads(shared("growth_alerts_nab/labels.json").read_text(encoding="utf-8"))["nyc_taxi.csv"]["windows"]
    found = next(t for t in outcome.findings["demand"]["tables"] if t["name"] == "episodes")
    columns = [column["name"] for column in found["columns"]]
    spans = [tuple(pd.Timestamp(row[columns.index(side)]) for side in ("start", "end")) for row in found["rows"]]
    for begin, end in windows:
        assert any(start <= pd.Timestamp(end) and pd.Timestamp(begin) <= stop for start, stop in spans), begin


def test_reviews_are_read_but_for_copies(outcome):
    reviews = table("reviews/waimai_zh.csv")["review"].dropna()
    copies = len(reviews) - outcome.of("complaints", "texts")
    assert 0 <= copies <= 5
    assert sum(outcome.keyed("complaints", "share").values()) + outcome.of("complaints", "ungrouped") >= 1 - 1e-9


# ---- the verdicts


def test_the_verdicts_follow_from_the_figures(outcome):
    assert [outcome.verdicts[c] for c in ("ads.cac <= 40 CNY", "retention.d7 >= 25%", "retention.d30 >= 20%")] == ["fail"] * 3
    passed = ["experiment.srm_p >= 0.001", "campaign.difference > 0 pp", "box_churn.survival[26] >= 75%", "courier_churn.logrank_p <= 0.05"]
    assert [outcome.verdicts[c] for c in [*passed, "demand.missing <= 1%", "complaints.ungrouped <= 30%"]] == ["pass"] * 6
    assert outcome.verdicts["max(ads.cac) <= 60 CNY"] == "undecided"
    assert outcome.verdicts["min(funnel.step_share) >= 60%"] == "not_evaluable"
    assert {goal["id"]: goal["state"] for goal in outcome.results["goals"]} == {"O1": "undecided", "O2": "not_met", "O3": "not_met", "O4": "undecided"}


# ---- the documents


def test_lint_finds_no_error(outcome):
    assert outcome.errors() == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_four_documents_open_and_hold_every_headline(outcome, lang):
    documents_hold(outcome, lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_paragraph_of_results_stands_without_its_finding(outcome, lang):
    results_name_their_findings(outcome, lang, 9)


def test_the_texts_are_in_both_languages_and_no_data_are_kept_here():
    assert in_both_languages((HERE / "words").iterdir())
    assert not (HERE / "data").exists()
