"""A kettle after its third build: trade-offs, questionnaires, firmware tests, endurance and sales from public sample files.

The figures are those of tests/real/manifest.yaml, or are computed here from the files without the product.
"""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.cli.calling import stageway
from tests.real.outcome import Outcome, documents_hold, results_name_their_findings, run
from tests.shared import shared

HERE = Path(__file__).parent / "kettle"
AT = "2026-11-24"
FILES = (
    "kano/transfers_kano.csv",
    "conjoint/tea_ratings.csv",
    "conjoint/tea_profiles.csv",
    "conjoint/heating_choice_wide.csv",
    "usability/sus_vr.csv",
    "usability/nasa_tlx_vr.csv",
    "quality/sarif/flawfinder.sarif",
    "growth_survival/waltons.csv",
    "growth_cdnow/cdnow_master_transactions.csv",
    "growth_ab_users/ab_users.csv",
)
NAMES = ["kano_needs", "conjoint", "tea", "unboxing_sus", "effort", "firmware_tests", "code_scan", "switch_life", "reorders", "cups"]
AGREEMENT = ("Strongly disagree", "Somewhat disagree", "Neither agree nor disagree", "Somewhat agree", "Strongly agree")


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    files = {Path(name).name: shared(name) for name in FILES} | {"junit": shared("quality/junit")}
    made = run(HERE, tmp_path_factory.mktemp("real") / "kettle", files, AT)
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


def test_kano_is_the_count_of_358_people(findings):
    """By hand: M 32, O 90, A 88, I 114 for the eleventh feature; 90 of 2,148 pairs are questionable."""
    kano = findings["kano_needs"]
    assert number(kano, "better", "F11")["value"] == pytest.approx((88 + 90) / 324)
    assert number(kano, "worse", "F11")["value"] == pytest.approx(-(90 + 32) / 324)
    assert number(kano, "questionable")["value"] == pytest.approx(90 / 2148)


def test_price_and_running_cost_weigh_what_mlogit_finds(findings):
    """mlogit, vignette on the heating data (Train)."""
    made = findings["conjoint"]
    assert number(made, "slope", "ic")["value"] == pytest.approx(-0.00623187, abs=1e-8)
    assert number(made, "slope", "oc")["value"] == pytest.approx(-0.00458008, abs=1e-8)
    assert number(made, "wtp", "oc")["value"] == pytest.approx(-0.00458008 / 0.00623187, abs=1e-5)
    assert number(made, "slope", "ic")["n"] == 900


def test_tea_weighs_what_the_package_conjoint_finds(findings):
    found = {name: number(findings["tea"], "importance", name)["value"] for name in ("price", "variety", "kind", "aroma")}
    assert found == pytest.approx({"price": 0.2476, "variety": 0.3222, "kind": 0.2715, "aroma": 0.1588}, abs=1e-4)


def test_both_questionnaires_are_the_means_computed_here(folder, findings):
    texts = [[AGREEMENT.index(text.strip()) + 1 for text in list(person.values())[1:]] for person in rows(folder, "sus_vr.csv")]
    scores = [2.5 * (sum(a[0::2]) - 5 + 25 - sum(a[1::2])) for a in texts]
    assert number(findings["unboxing_sus"], "score")["value"] == pytest.approx(sum(scores) / 30)
    loads = [[float(v) for v in list(person.values())[1:]] for person in rows(folder, "nasa_tlx_vr.csv")]
    assert number(findings["effort"], "tlx")["value"] == pytest.approx(sum(map(sum, loads)) / (6 * len(loads)))


def test_firmware_and_code_are_counted_as_their_files_do(findings):
    """quality/facts.json, the sum over ten reports; three errors and one note of flawfinder."""
    tests = findings["firmware_tests"]
    assert [number(tests, name)["value"] for name in ("cases", "passed", "failed_after_rerun", "skipped")] == [870, 826, 25, 19]
    assert [number(findings["code_scan"], name)["value"] for name in ("high", "medium", "low")] == [3, 0, 1]


def test_half_of_the_switches_fail_within_56_days_as_the_product_limit_says(folder, findings):
    lives = rows(folder, "waltons.csv")
    left, days = 1.0, sorted({int(float(r["T"])) for r in lives if r["E"] == "1"})
    for day in (d for d in days if d <= 30):
        left *= 1 - sum(r["E"] == "1" and float(r["T"]) == day for r in lives) / sum(float(r["T"]) >= day for r in lives)
    assert number(findings["switch_life"], "survival", "30")["value"] == pytest.approx(left)
    assert number(findings["switch_life"], "median")["value"] == 56


def test_filters_are_bought_again_by_as_many_owners_as_counted_here(folder, findings):
    days, spent = defaultdict(set), Counter()
    for r in rows(folder, "cdnow_master_transactions.csv"):
        days[r["customer_id"]].add(r["date"])
        spent[r["customer_id"]] += float(r["spend"])
    top = sorted(spent.values(), reverse=True)[: round(len(spent) / 5)]
    assert number(findings["reorders"], "repeat_share")["value"] == pytest.approx(sum(len(d) > 1 for d in days.values()) / 23_570)
    assert number(findings["reorders"], "top_share")["value"] == pytest.approx(sum(top) / sum(spent.values()), abs=1e-3)


def test_the_firmware_trial_has_the_means_of_its_arms(folder, findings):
    arms = defaultdict(list)
    for r in rows(folder, "ab_users.csv"):
        arms[r["variant"]].append(int(r["orders"]))
    old, new = (sum(arms[a]) / len(arms[a]) for a in "01")
    assert number(findings["cups"], "mean", "old_firmware")["value"] == pytest.approx(old)
    assert number(findings["cups"], "difference")["value"] == pytest.approx(new - old)


# ---- the verdicts


def test_the_verdicts_follow_from_the_figures(results):
    found = {v["criterion"]: v["result"] for v in results["verdicts"]}
    assert found["kano_needs.questionable <= 3%"] == "undecided"
    assert found["tea.importance[variety] >= 30%"] == "undecided"
    assert found["unboxing_sus.score >= 68"] == "undecided"
    assert found["effort.tlx <= 30"] == "pass"
    assert found["firmware_tests.failed_after_rerun == 0"] == "fail"
    assert found["code_scan.high == 0"] == "fail"
    assert found["switch_life.survival[30] >= 90%"] == "fail"
    assert found["reorders.repeat_share >= 45%"] == "pass"
    assert found["cups.difference > 0"] == "undecided"
    assert {g["id"]: g["state"] for g in results["goals"]} == {"O1": "undecided", "O2": "met", "O3": "undecided"}


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
