"""An open-source library on real reports: what test runners, scanners, load tools and survey tools wrote goes in as it is.

The figures are those of the facts beside the data, or are counted here from the files without the product.
"""

import csv
import json
from collections import Counter
from pathlib import Path
from statistics import mean, median
from xml.etree import ElementTree

import pytest
import yaml

from tests.real.outcome import Outcome, documents_hold, in_both_languages, results_name_their_findings, run
from tests.shared import shared

HERE = Path(__file__).parent / "toolkit"
FILES = (
    "usability/sus_vr.csv",
    "usability/nasa_tlx_vr.csv",
    "survey_exports/wjx_text.csv",
    "survey_exports/qualtrics.csv",
    "quality/junit",
    "quality/allure",
    "quality/sarif",
    "quality/gotest/go_test_json.ndjson",
    "quality/coverage/jacoco.xml",
    "quality/coverage/cobertura_coverlet.xml",
    "quality/coverage/lcov.info",
    "quality/load/k6_handlesummary.json",
    "quality/load/locust_stats.csv",
    "quality/load/jmeter.csv",
)
AGREEMENT = ("Strongly disagree", "Somewhat disagree", "Neither agree nor disagree", "Somewhat agree", "Strongly agree")
LEVELS = {"error": "high", "warning": "medium", "note": "low"}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    files = {Path(name).name: shared(name) for name in FILES}
    return run(HERE, tmp_path_factory.mktemp("real") / "toolkit", files, "2026-11-24")


@pytest.fixture(scope="module")
def facts() -> dict:
    return json.loads(shared("quality/facts.json").read_text(encoding="utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    with shared(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def items(kind: str) -> list[dict]:
    return yaml.safe_load((HERE / "items" / f"{kind}.yaml").read_text(encoding="utf-8"))


# ---- the figures


def test_the_run_ends_well_and_every_dataset_became_a_finding(outcome):
    assert outcome.ran.code == 0, outcome.ran.err
    wanted = "survey interviews survey_qualtrics recommend sus workload tests load security coverage tests_go tests_site"
    assert set(outcome.findings) >= {*wanted.split(), "coverage_net", "coverage_js", "load_site", "load_sign_in", "defects", "incident_times"}


def test_test_results_are_those_of_the_reports(outcome, facts):
    total = Counter()
    for name, counts in facts.items():
        if name.startswith("junit/"):
            total.update({key: counts[key] for key in ("testcases", "passed", "failed", "skipped")})
    assert [outcome.of("tests", name) for name in ("cases", "passed", "failed_after_rerun", "skipped")] == list(total.values()) == [870, 826, 25, 19]
    stream = [json.loads(line) for line in shared("quality/gotest/go_test_json.ndjson").read_text(encoding="utf-8").splitlines()]
    ended = Counter(event["Action"] for event in stream if "Test" in event and event["Action"] in ("pass", "fail", "skip"))
    assert [outcome.of("tests_go", name) for name in ("passed", "failed_after_rerun", "skipped")] == [ended["pass"], ended["fail"], ended["skip"]]
    states = [each["status"] for name, each in facts.items() if name.startswith("allure/") and each]
    assert [outcome.of("tests_site", name) for name in ("cases", "passed")] == [len(states), states.count("passed")]


def test_coverage_is_that_of_the_reports(outcome, facts):
    net, js = facts["coverage/cobertura_coverlet.xml"]["root_attrs"], facts["coverage/lcov.info"]
    assert outcome.of("coverage_net", "lines") == pytest.approx(int(net["lines-covered"]) / int(net["lines-valid"]))
    assert outcome.of("coverage_net", "branches") == pytest.approx(int(net["branches-covered"]) / int(net["branches-valid"]))
    assert outcome.of("coverage_js", "lines") == pytest.approx(js["lines_hit"] / js["lines"])
    report = ElementTree.fromstring(shared("quality/coverage/jacoco.xml").read_bytes())
    counted = {c.get("type"): (int(c.get("covered")), int(c.get("missed"))) for c in report.findall("counter")}
    for name, kind in (("lines", "LINE"), ("branches", "BRANCH")):
        assert outcome.of("coverage", name) == pytest.approx(counted[kind][0] / sum(counted[kind]))


def test_scans_of_five_tools_add_up(outcome):
    """By the score of the rule where it has one (7 and above is high), else by the level of the result or of its rule."""
    total = Counter()
    for path in shared("quality/sarif").glob("*.sarif"):
        for part in json.loads(path.read_text(encoding="utf-8-sig"))["runs"]:
            rules = {rule["id"]: rule for rule in part["tool"]["driver"].get("rules", [])}
            for result in part["results"]:
                rule = rules.get(result.get("ruleId"), {})
                score = float(rule.get("properties", {}).get("security-severity") or 0)
                level = result.get("level") or rule.get("defaultConfiguration", {}).get("level", "warning")
                total["high" if score >= 7 else "medium" if score >= 4 else LEVELS[level]] += 1
    assert {name: outcome.of("security", name) for name in ("high", "medium", "low")} == total
    assert sum(total.values()) == 36


def test_load_is_that_of_the_three_tools(outcome, facts):
    k6, locust, jmeter = facts["load/k6_handlesummary.json"], facts["load/locust_stats.csv"], facts["load/jmeter.csv"]
    assert outcome.of("load", "p95") == pytest.approx(k6["http_req_duration"]["p(95)"])
    assert outcome.of("load", "failure") == pytest.approx(k6["http_req_failed"]["rate"])
    assert outcome.of("load_site", "p95") == float(locust["aggregated"]["95%"])
    assert outcome.of("load_site", "failure") == pytest.approx(locust["sum_failures"] / locust["sum_requests"])
    assert (outcome.of("load_sign_in", "p50"), outcome.of("load_sign_in", "failure")) == (jmeter["p50"], jmeter["failure_rate"])


def test_first_use_is_scored_from_the_answers(outcome):
    answers = [[AGREEMENT.index(text.strip()) + 1 for text in list(person.values())[1:]] for person in rows("usability/sus_vr.csv")]
    assert outcome.of("sus", "score") == pytest.approx(mean(2.5 * (sum(a[0::2]) - 5 + 25 - sum(a[1::2])) for a in answers))
    loads = [mean(float(value) for value in list(person.values())[1:]) for person in rows("usability/nasa_tlx_vr.csv")]
    assert outcome.of("workload", "tlx") == pytest.approx(mean(loads))
    assert outcome.estimate("workload", "tlx")["n"] == len(loads) == 30


def test_both_survey_exports_give_the_known_shares(outcome):
    expected = json.loads(shared("survey_exports/expected.json").read_text(encoding="utf-8"))
    for finding, export, one, many in (("survey", "wjx_text", "1、您的性别", "2、您通过哪些渠道了解我们"), ("survey_qualtrics", "qualtrics", "Q1", "Q2")):
        known = expected[export]
        for question, counts in ((one, known["single_counts"]), (many, known["multi_counts"])):
            for answer, count in counts.items():
                assert outcome.of(finding, "share", f"{question}:{answer}") == pytest.approx(count / known["responses"]), (finding, answer)
    scores = [int(person["3、您有多大可能向朋友推荐"]) for person in rows("survey_exports/wjx_text.csv")]
    assert outcome.of("recommend", "nps") == pytest.approx(100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)) / len(scores))


def test_defects_and_incidents_are_counted_from_the_items(outcome):
    assert outcome.of("defects", "open") == sum("closed" not in each for each in items("defect")) == 6
    took = []
    for each in items("incident"):
        (day, clock), (last, until) = (each[name].split() for name in ("detected", "restored"))
        minutes = [60 * int(text[:2]) + int(text[3:]) for text in (clock, until)]
        took.append((minutes[1] - minutes[0] + 1440 * (int(last[-2:]) - int(day[-2:]))) / 60)
    assert outcome.of("incident_times", "median") == pytest.approx(median(took))


# ---- the verdicts


def test_the_verdicts_follow_from_the_figures(outcome):
    failed = ["tests.failed_after_rerun == 0", "load.failure <= 1%", "security.high == 0", "defects[open=critical].count() == 0"]
    assert [outcome.verdicts[c] for c in [*failed, "tests_go.failed_after_rerun == 0", "coverage_js.lines >= 80%"]] == ["fail"] * 6
    assert [outcome.verdicts[c] for c in ("load.p95 <= 800 ms", "coverage.lines >= 60%", "survey.n_eff >= 30", "signoff.legal.scan")] == ["pass"] * 4
    assert outcome.verdicts["sus.score >= 68"] == "undecided"
    assert {goal["id"]: goal["state"] for goal in outcome.results["goals"]} == {"O1": "not_met", "O2": "not_met", "O3": "not_met", "O4": "undecided"}


# ---- the documents


def test_lint_finds_no_error(outcome):
    assert outcome.errors() == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_four_documents_open_and_hold_every_headline(outcome, lang):
    documents_hold(outcome, lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_paragraph_of_results_stands_without_its_finding(outcome, lang):
    results_name_their_findings(outcome, lang, 12)


def test_the_texts_are_in_both_languages_and_no_data_are_kept_here():
    assert in_both_languages((HERE / "words").iterdir())
    assert not (HERE / "data").exists()
