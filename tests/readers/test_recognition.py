"""Which reader takes a file: told by the head of the file, and said why."""

from pathlib import Path

import pytest

from stageway import catalogue
from stageway.evidence import DataError, Words
from stageway.readers import Reader, Reading, csv, jsonl
from stageway.readers.choose import chosen
from stageway.readers.head import first_line, head, xml_root
from tests.shared import ROOT, shared

#: A file of the shared samples → who takes it. Whatever stands in no line is a plain table.
SHARED = {
    "quality/allure/": "allure",
    "quality/coverage/cobertura": "coverage_cobertura",
    "quality/coverage/jacoco.xml": "jacoco",
    "quality/coverage/lcov.info": "lcov",
    "quality/gotest/": "gotest",
    "quality/junit/": "junit",
    "quality/load/jmeter": "jmeter",
    "quality/load/k6": "k6",
    "quality/load/locust": "locust",
    "quality/sarif/": "sarif",
    "pricing/psm_1500.sav": "sav",
    "survey_exports/survey.sav": "sav",
    "survey_exports/wjx": "wjx",
    "survey_exports/limesurvey.csv": "limesurvey",
    "survey_exports/qualtrics.csv": "qualtrics",
    "survey_exports/google_forms.csv": "google_forms",
    "survey/starwars_surveymonkey.csv": "surveymonkey",
    "survey/steak_surveymonkey.csv": "surveymonkey",
}
PLAIN = {".csv": "csv", ".json": "jsonl"}


def samples() -> list[str]:
    data = ROOT / "data"
    found = [path.relative_to(data).as_posix() for path in sorted(data.rglob("*")) if path.is_file() and path.suffix not in (".md", ".gz")]
    return found or ["quality/junit/pytest.xml"]


@pytest.mark.parametrize("name", samples())
def test_every_shared_file_goes_to_its_reader(name):
    path = shared(name)
    expected = next((id for start, id in SHARED.items() if name.startswith(start)), PLAIN.get(path.suffix))
    reader, why = catalogue.recognised(path)
    assert reader.id == expected
    assert why.zh
    assert why.en


@pytest.mark.parametrize(
    ("name", "text", "id", "why"),
    [
        ("r.xml", '<?xml version="1.0"?>\n<!-- made by -->\n<coverage line-rate="1"/>', "coverage_cobertura", "its root element is <coverage>"),
        ("r.xml", '<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="a"/>', "jacoco", "its root element is <report>"),
        ("r.xml", '<!DOCTYPE coverage [<!ELEMENT a (b)>]><coverage clover="4.2"/>', "junit", "its suffix is .xml, and it shows no sign of another format"),
        ("r.xml", '<testResults version="1.2"/>', "jmeter", "its root element is <testResults>"),
        ("r.jtl", "1393227741256,1425,GET /,200,OK,Thread Group 1-1,text,true", "jmeter", "it has no header, and its columns are JMeter's default ones"),
        ("r.csv", '"Type","Name","Request Count","Failure Count"\n', "locust", "its header has Type, Name, Request Count, Failure Count"),
        ("r.csv", "Timestamp,Type,Name,Request Count,Failure Count\n", "csv", "its suffix is .csv, and it shows no sign of another format"),
        ("r.json", '{"runs": [], "version": "2.1.0"}', "sarif", "it has version 2.1.0 and runs"),
        ("r.json", '{"bill": {"version": "2.1.0"}, "runs": 3}', "jsonl", "its suffix is .json, and it shows no sign of another format"),
        ("r.json", '{"metrics": [{"name": "iterations"}]}', "k6", "its metrics hold iterations"),
        ("r.ndjson", '{"type":"Metric","data":{"name":"vus"},"metric":"vus"}\n', "k6", "each line is a Metric / Point"),
        ("coverage.out", "TN:\nSF:a.py\nDA:1,1\nend_of_record\n", "lcov", "it begins with a record TN"),
    ],
)
def test_a_format_is_told_by_its_head(name, text, id, why, tmp_path):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    reader, because = catalogue.recognised(path)
    assert (reader.id, because.en) == (id, why)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_head_is_text_in_any_usual_encoding(encoding, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("\n序号,提交答卷时间\n1,2026\n".encode(encoding))
    assert first_line(path) == "序号,提交答卷时间"
    assert head(path, 9) in head(path)


def test_a_head_of_what_is_no_file_is_empty(tmp_path):
    assert [head(path) for path in (tmp_path, tmp_path / "none.csv", Path("a\0b"))] == ["", "", ""]
    assert xml_root(tmp_path / "none.xml") == ("", "")


def test_of_a_folder_the_first_file_decides(tmp_path):
    (tmp_path / "a.xml").write_text("<report/>", encoding="utf-8")
    assert catalogue.recognised(tmp_path)[0].id == "jacoco"
    assert catalogue.recognised(tmp_path / "*.xml")[0].id == "jacoco"


def test_a_file_that_two_recognise_is_refused_with_both_names(tmp_path):
    def sure(path: Path) -> Words:
        return Words("表头", "its header")

    def read(path, options) -> Reading:
        raise AssertionError

    path = tmp_path / "a.csv"
    path.write_text("a,b\n", encoding="utf-8")
    twins = {id: Reader(id, (".csv",), Words(id, id), read, sure) for id in ("one", "two")}
    with pytest.raises(DataError) as caught:
        chosen(path, {"csv": csv.READER, **twins})
    assert caught.value.sentence("en") == (
        f"the file looks like one (its header) and like two (its header). At {path}. Say which one it is: reader: one or reader: two."
    )
    assert caught.value.sentence("zh") == f"文件既像 one（表头），又像 two（表头）。位置：{path}。写明是哪一种：reader: one 或 reader: two。"


def test_a_packed_file_is_to_be_unpacked(tmp_path):
    with pytest.raises(DataError) as caught:
        chosen(tmp_path / "a.csv.gz", {"csv": csv.READER, "jsonl": jsonl.READER})
    assert caught.value.sentence("zh").startswith("不知道怎样读“.gz”文件。")
    assert caught.value.sentence("en").endswith(" The file is packed; unpack it first.")
