"""What the READMEs count is what there is."""

from pathlib import Path

from stageway import catalogue

ROOT = Path(__file__).resolve().parents[2]


def test_the_number_of_methods_in_the_readmes_is_that_of_the_catalogue(monkeypatch):
    monkeypatch.delenv("STAGEWAY_SHELVES", raising=False)
    assert len(catalogue.methods()) == 36
    assert "Thirty-six methods" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "三十六个方法" in (ROOT / "README.zh.md").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [id for id in catalogue.methods() if f"`{id}`" not in changes] == []


def test_the_readmes_name_every_kind_of_file_that_is_read():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = {"coverage_cobertura": "Cobertura", "jacoco": "JaCoCo", "lcov": "LCOV", "csv": "CSV", "xlsx": "XLSX", "jsonl": "JSON lines", "parquet": "Parquet", "junit": "JUnit",
             "gotest": "go test -json", "allure": "Allure", "sarif": "SARIF", "cyclonedx": "CycloneDX", "k6": "k6", "locust": "Locust", "jmeter": "JMeter", "sav": "SPSS",
             "wjx": "问卷星", "qualtrics": "Qualtrics", "limesurvey": "LimeSurvey", "google_forms": "Google Forms", "surveymonkey": "SurveyMonkey"}
    assert set(named) == set(catalogue.readers())
    assert [name for name in named.values() if name not in text] == []
