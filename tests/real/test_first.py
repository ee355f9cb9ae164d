"""The main job on real input: a product folder with public sample data goes in, and figures, verdicts and documents come out.

The figures are those of the READMEs beside the data, or are computed here from the files without the product.
"""

import csv
import html
import json
import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.calling import stageway
from tests.shared import shared

HERE = Path(__file__).parent / "first"
AT = "2026-11-24"
FILES = (
    "kano/transfers_kano.csv",
    "positioning/brand_ratings.csv",
    "usability/sus_vr.csv",
    "growth_attribution_paths/paths.csv",
    "growth_ab_cookie_cats/cookie_cats.csv",
)
BERGER = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
FEELINGS = ("I like it", "I expect it", "I am neutral", "I can tolerate it", "I dislike it")
AGREEMENT = ("Strongly disagree", "Somewhat disagree", "Neither agree nor disagree", "Somewhat agree", "Strongly agree")
STAGES = ("research", "positioning", "design", "quality", "launch", "operations")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("real") / "first"
    sources = [shared(name) for name in FILES]
    reports = shared("quality/junit")
    shutil.copytree(HERE, root)
    (root / "data").mkdir()
    for source in sources:
        shutil.copy(source, root / "data")
    shutil.copytree(reports, root / "data/junit")
    ran = stageway("run", root, "--at", AT)
    assert ran.code == 0, ran.err
    return root


@pytest.fixture(scope="module")
def results(folder: Path) -> dict:
    return json.loads((folder / "out/findings.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def findings(results: dict) -> dict[str, dict]:
    return {f["name"]: f["finding"] for f in results["findings"]}


def number(finding: dict, name: str, key: str | None = None) -> dict:
    return next(e for e in finding["estimates"] if e["name"] == name and e.get("key") == key)


def table(finding: dict, name: str) -> list[list]:
    return next(t["rows"] for t in finding["tables"] if t["name"] == name)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "data" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, skipinitialspace=True))


# ---- the figures


def test_every_dataset_became_a_finding(results):
    assert [f["name"] for f in results["findings"]] == ["kano", "interviews", "map", "positioning", "sus", "tests", "attribution", "experiment"]
    assert [f["code"] for f in results["findings"]] == ["F1-1", "F1-2", "F2-1", "F2-2", "F3-1", "F4-1", "F5-1", "F6-1"]


def test_kano_counts_358_people_in_the_categories_of_the_evaluation_table(folder, findings):
    """Counted here from the answers with Berger's table (1993)."""
    counted = {
        feature: Counter(BERGER[FEELINGS.index(p[f"{feature}_functional"])][FEELINGS.index(p[f"{feature}_dysfunctional"])] for p in people)
        for people in [rows(folder, "transfers_kano.csv")]
        for feature in (f"F{i}" for i in range(6, 12))
    }
    assert counted["F11"] == {"M": 32, "O": 90, "A": 88, "I": 114, "R": 15, "Q": 19}
    kano = findings["kano"]
    for feature, votes in counted.items():
        assert sum(votes.values()) == 358
        base = votes["A"] + votes["O"] + votes["M"] + votes["I"]
        assert number(kano, "better", feature)["value"] == pytest.approx((votes["A"] + votes["O"]) / base)
        assert number(kano, "worse", feature)["value"] == pytest.approx(-(votes["O"] + votes["M"]) / base)
        assert number(kano, "better", feature)["n"] == base
    assert number(kano, "questionable")["value"] == pytest.approx(sum(v["Q"] for v in counted.values()) / (6 * 358))
    assert "358" in kano["headline"]["zh"]


def test_the_claims_hit_as_many_raters_as_rated_them_7_or_more(folder, findings):
    ours = [r for r in rows(folder, "brand_ratings.csv") if r["brand"] == "f"]
    assert len(ours) == 100
    for claim, adjective in (("full_amount", "value"), ("cheap_fee", "bargain"), ("used_again", "rebuy")):
        assert number(findings["positioning"], "hit", claim)["value"] == pytest.approx(sum(int(r[adjective]) >= 7 for r in ours) / 100)


def test_sus_of_30_people_is_the_score_computed_from_the_texts(folder, findings):
    people = rows(folder, "sus_vr.csv")
    answers = [[AGREEMENT.index(text.strip()) + 1 for text in list(person.values())[1:]] for person in people]
    scores = [2.5 * (sum(a[0::2]) - 5 + 25 - sum(a[1::2])) for a in answers]
    score = number(findings["sus"], "score")
    assert (len(scores), score["n"]) == (30, 30)
    assert score["value"] == pytest.approx(sum(scores) / 30)
    assert score["low"] < score["value"] < score["high"]


def test_test_results_are_the_element_counts_of_every_junit_file(findings):
    facts = json.loads(shared("quality/facts.json").read_text(encoding="utf-8"))
    total = Counter()
    for name, counts in facts.items():
        if name.startswith("junit/"):
            total.update({key: counts[key] for key in ("testcases", "passed", "failed", "error", "skipped")})
    assert total == {"testcases": 870, "passed": 826, "failed": 25, "error": 0, "skipped": 19}
    tests = findings["tests"]
    assert [number(tests, name)["value"] for name in ("cases", "passed", "failed_after_rerun", "skipped")] == [870, 826, 25, 19]
    assert number(tests, "pass_rate")["n"] == 851


def test_attribution_divides_the_19785_conversions(folder, findings):
    conversions = sum(int(r["total_conversions"]) for r in rows(folder, "paths.csv"))
    assert conversions == 19_785
    given = [e["value"] for e in findings["attribution"]["estimates"] if e["name"] == "conversions"]
    assert sum(given) == pytest.approx(19_785)
    assert "19,785" in findings["attribution"]["headline"]["en"]


def test_the_experiment_has_the_published_retention_and_sample_ratio(findings):
    made = findings["experiment"]
    assert number(made, "mean", "额度30元")["value"] == pytest.approx(0.1902, abs=5e-5)
    assert number(made, "mean", "额度40元")["value"] == pytest.approx(0.1820, abs=5e-5)
    assert [number(made, "mean", arm)["n"] for arm in ("额度30元", "额度40元")] == [44_700, 45_489]
    assert number(made, "srm_p")["value"] == pytest.approx(0.0086, abs=5e-5)


# ---- the verdicts


def test_the_verdicts_follow_from_the_figures(results):
    found = {v["criterion"]: v["result"] for v in results["verdicts"]}
    assert found["kano.questionable <= 2%"] == "fail"
    assert found["min(positioning.hit) >= 40%"] == "pass"
    assert found["sus.score >= 75"] == "undecided"
    assert found["tests.failed_after_rerun == 0"] == "fail"
    assert found["attribution.cac_blended <= 30 CNY"] == "not_evaluable"
    assert found["experiment.srm_p >= 0.001"] == "pass"
    undecided = next(v for v in results["verdicts"] if v["criterion"] == "sus.score >= 75")
    assert undecided["needs_n"] > 30
    assert {g["id"]: g["state"] for g in results["goals"]} == {"O1": "undecided", "O2": "not_met", "O3": "undecided"}


def test_the_adaptations_are_in_force(results):
    asked = {v["requirement"] for v in results["verdicts"]}
    assert "IA2.8" not in asked
    assert "HW4.1" in asked
    assert [g["stage"] for g in results["gates"]] == list(STAGES)


# ---- the documents


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_documents_open_and_hold_every_headline_and_six_verdict_tables(folder, findings, lang):
    out = folder / "out" / lang
    texts = {"md": (out / "process.md").read_text(encoding="utf-8"), "html": _html(out / "process.html"), "docx": _docx(out / "process.docx")}
    heading = {"zh": r"(关口[一二三四五]|定期评审)准则（判定", "en": r"Criteria of (Gate\s\d|Periodic review)\s\(judged"}[lang]
    for form, text in texts.items():
        flat = _flat(text)
        assert len(flat) > 20_000, form
        for name in ("kano", "positioning", "sus", "tests", "attribution", "experiment"):
            assert _flat(findings[name]["headline"][lang]).rstrip("。.") in flat, (form, name)
        assert len(set(re.findall(heading, text))) >= 6, form


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_peoples_own_paragraphs_stand_there_with_their_numbers_filled_in(folder, findings, lang):
    text = (folder / "out" / lang / "process.md").read_text(encoding="utf-8")
    assert "{{" not in text
    score = number(findings["sus"], "score")["value"]
    assert {"zh": f"SUS为{score:.1f}", "en": f"SUS is {score:.1f}"}[lang] in text
    assert {"zh": "重跑后仍失败的用例数为25", "en": "Cases that still fail after reruns: 25"}[lang] in text
    for path in (folder / "words").glob(f"*.{lang}.md"):
        first = re.split(r"[。.{，,：:]", path.read_text(encoding="utf-8").split("---\n", 2)[2].strip())[0]
        assert first in text, path.name


def test_an_unchanged_run_computes_nothing(folder):
    before = (folder / "out/findings.json").read_bytes()
    ran = stageway("run", folder, "--at", AT)
    assert "findings: 8, computed anew: 0" in ran.out
    assert (folder / "out/findings.json").read_bytes() == before


def test_every_text_of_the_example_is_in_both_languages():
    names = {path.name.removesuffix(".md").rpartition(".")[::2] for path in (HERE / "words").iterdir()}
    assert {section for section, lang in names if lang == "zh"} == {section for section, lang in names if lang == "en"}
    assert not (HERE / "data").exists()


def _flat(text: str) -> str:
    """Without spaces, capitals, and the codes of findings that the document puts behind their numbers."""
    return re.sub(r"\s+|[，,]\s*F\d-\d+|[（(]F\d-\d+[）)]", "", text).casefold()


def _html(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    assert text[:15].lower() == "<!doctype html>"
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)))


def _docx(path: Path) -> str:
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        body = ElementTree.fromstring(file.read("word/document.xml"))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    shown = {f"{space}t": lambda part: part.text or "", f"{space}noBreakHyphen": lambda part: "-"}
    return "\n".join("".join(shown[part.tag](part) for part in p.iter() if part.tag in shown) for p in body.iter(f"{space}p"))
