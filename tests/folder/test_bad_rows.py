"""Wrong rows are listed with reason, row, column and value; whether to go on without them is said by the dataset's entry."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stageway import catalogue
from stageway.evidence import DataError, DefinitionError, Finding, Words
from stageway.folder.bad_rows import Treatment, computed
from stageway.folder.datasets import load_dataset
from stageway.folder.survey import survey
from stageway.process.planning import Dataset
from stageway.process.product import read_mapping

ROWS = ["p1,9", "p2,eleven", "p3,10", "p4,77", "p5,8", "p6,eleven", *(f"q{i},{i % 11}" for i in range(40))]


def treated(root: Path, text: str, method: str, **fields) -> tuple[Treatment, Finding]:
    """A run of the method on a file of a folder, as the calculation of a product makes it."""
    (root / "data").mkdir(parents=True, exist_ok=True)
    (root / "data" / "a.csv").write_text(text, encoding="utf-8")
    dataset = replace(Dataset("answers", "data/a.csv", "csv", Words.of("a"), None, {}, {}, None, {}), **fields)
    treatment = Treatment(dataset, root / "out/bad_rows/answers.csv", "out/bad_rows/answers.csv")
    made = catalogue.get(method)
    role = made.reads[0].role
    tables = {role: load_dataset(root, dataset).frame}
    return treatment, computed(made, tables, {role: treatment}, lambda good: made.run(good), "e1")


def listed(root: Path) -> list[dict[str, str]]:
    with (root / "out/bad_rows/answers.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_refuse_names_the_first_counts_all_and_writes_them(tmp_path):
    with pytest.raises(DataError) as caught:
        treated(tmp_path, "who,score\n" + "\n".join(ROWS) + "\n", "nps")
    assert caught.value.code == "rows_wrong"
    assert caught.value.expected is not None
    assert caught.value.sentence("zh") == (
        f"数据“answers”的46行中有3行的单元格不对，第一处如下。位置：data/a.csv，第2条，列“score”，值“eleven”。应为：{caught.value.expected.zh}。"
        "逐行列在 out/bad_rows/answers.csv；请改正，或在 values 中写明它对应什么，或写 bad_rows: keep，只用其余的行计算。"
    )
    assert caught.value.sentence("en").startswith(
        'of the 46 rows of the dataset "answers", 3 hold a wrong cell; this is the first. At data/a.csv, row 2, column "score", value "eleven". Expected '
    )
    assert [(row["evidence"], row["row"], row["column"], row["column_in_file"], row["value"]) for row in listed(tmp_path)] == [
        ("e1", "2", "score", "score", "eleven"),
        ("e1", "4", "score", "score", "77"),
        ("e1", "6", "score", "score", "eleven"),
    ]
    assert listed(tmp_path)[0]["reason_zh"].startswith("0～10的整数")


def test_keep_computes_with_the_other_rows_and_says_so(tmp_path):
    treatment, finding = treated(tmp_path, "who,score\n" + "\n".join(ROWS) + "\n", "nps", bad_rows="keep")
    alone = [row for row in ROWS if "eleven" not in row and "77" not in row]
    _, clean = treated(tmp_path / "clean", "who,score\n" + "\n".join(alone) + "\n", "nps")
    assert finding.estimates == clean.estimates
    warning = next(each for each in finding.warnings if each.code == "bad_rows")
    assert warning.text.zh == "数据“answers”的46行中有3行的单元格不对，按 bad_rows: keep 未计入；逐行列在 out/bad_rows/answers.csv"
    assert warning.text.en == 'of the 46 rows of the dataset "answers", 3 hold a wrong cell and were set aside (bad_rows: keep); they are listed in out/bad_rows/answers.csv'
    assert treatment.file.is_file()


def test_a_declared_type_or_limit_is_judged_before_the_method_runs(tmp_path):
    text = "too_cheap,cheap,expensive,too_expensive\n" + "\n".join(["10,20,30,40"] * 30) + "\n-5,20,30,40\n10,20,a lot,40\n"
    with pytest.raises(DataError) as caught:
        treated(tmp_path, text, "price_sensitivity")
    assert [(row["row"], row["column"], row["value"]) for row in listed(tmp_path)] == [("31", "too_cheap", "-5"), ("32", "expensive", "a lot")]
    assert "2 hold a wrong cell" in caught.value.sentence("en")


def test_a_wide_cell_is_named_as_the_file_calls_it_and_takes_only_its_own_row(tmp_path):
    wide = {"row": "feature", "columns": {"functional": "{}_f", "dysfunctional": "{}_d"}}
    answers = "\n".join(f"{i},1,5,2,4" for i in range(1, 13))
    text = f"ID,A_f,A_d,B_f,B_d\n{answers}\n13,1,maybe,2,4\n"
    _, finding = treated(tmp_path, text, "kano", columns={"respondent": "ID"}, wide=wide, bad_rows="keep")
    assert [(row["row"], row["column"], row["column_in_file"], row["value"]) for row in listed(tmp_path)] == [("13", "dysfunctional", "A_d", "maybe")]
    assert {e.key: e.n for e in finding.keyed("better")} == {"A": 12, "B": 13}


def test_good_rows_leave_no_file_and_take_back_an_old_one(tmp_path):
    with pytest.raises(DataError):
        treated(tmp_path, "who,score\n" + "\n".join(ROWS) + "\n", "nps")
    treatment, finding = treated(tmp_path, "who,score\n" + "\n".join(f"p{i},{i % 11}" for i in range(40)) + "\n", "nps")
    assert not treatment.file.exists()
    assert all(each.code != "bad_rows" for each in finding.warnings)


def test_the_rows_of_other_evidence_stay_in_the_file(tmp_path):
    file = tmp_path / "out/bad_rows/answers.csv"
    with pytest.raises(DataError):
        treated(tmp_path, "who,score\n" + "\n".join(ROWS) + "\n", "nps")
    file.write_text(file.read_text(encoding="utf-8-sig").replace("e1,", "other,"), encoding="utf-8-sig")
    with pytest.raises(DataError):
        treated(tmp_path, "who,score\n" + "\n".join(ROWS) + "\n", "nps")
    assert [row["evidence"] for row in listed(tmp_path)] == ["other"] * 3 + ["e1"] * 3


def test_where_every_row_is_wrong_keep_does_not_invent_a_finding(tmp_path):
    with pytest.raises(DataError):
        treated(tmp_path, "who,score\n" + "\n".join(f"p{i},good" for i in range(20)) + "\n", "nps", bad_rows="keep")
    assert len(listed(tmp_path)) == 20


def test_a_fault_that_is_no_cell_is_raised_as_it_is(tmp_path):
    with pytest.raises(DataError) as caught:
        treated(tmp_path, "who,points\np1,3\n", "nps")
    assert caught.value.code == "column_missing"


# ── in a product ──


def with_answers(folder: Path, bad_rows: str) -> None:
    (folder / "data" / "nps.csv").write_text("who,score\n" + "\n".join(ROWS) + "\n", encoding="utf-8")
    file = folder / "product.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("datasets:\n", f"datasets:\n  nps: {{path: data/nps.csv, reader: csv, collected: 2026-05-01{bad_rows}}}\n", 1)
    text = text.replace("stages:\n", "stages:\n  research: {evidence: {recommend: {method: nps, data: {answers: nps}}}}\n", 1)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path) -> Path:
    from tests.folder.places import small

    return small(tmp_path / "small")


def test_a_product_refuses_by_default_and_names_the_file(folder):
    with_answers(folder, "")
    with pytest.raises(DataError, match=r"All are listed in out/bad_rows/nps\.csv"):
        survey(folder, at="2026-12-01", stages={"research"})
    assert (folder / "out/bad_rows/nps.csv").is_file()


def test_a_product_that_keeps_says_so_and_computes_again_where_the_file_was_deleted(folder):
    with_answers(folder, ", bad_rows: keep")
    dossier, made = survey(folder, at="2026-12-01", stages={"research"})
    assert "bad_rows" in [each.code for each in dossier.findings["recommend"].warnings]
    assert "recommend" in made.computed
    assert survey(folder, at="2026-12-01", stages={"research"})[1].computed == []
    (folder / "out/bad_rows/nps.csv").unlink()
    assert survey(folder, at="2026-12-01", stages={"research"})[1].computed == ["recommend"]
    assert (folder / "out/bad_rows/nps.csv").is_file()


# ── the keys ──


def test_a_mapping_file_has_the_keys_of_a_dataset():
    text = "reader: csv\ncolumns: {respondent: ID}\nvalues: {Yes: 1}\ntimes: {day: '%d/%m/%Y'}\nwide: {row: f}\noptions: {decimal: ','}\nbad_rows: keep\n"
    made = read_mapping(text, "m.yaml", "x/answers.csv")
    assert (made.name, made.path, made.reader, made.bad_rows) == ("answers", "x/answers.csv", "csv", "keep")
    assert (made.columns, made.times, made.wide, made.options) == ({"respondent": "ID"}, {"day": "%d/%m/%Y"}, {"row": "f"}, {"decimal": ","})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bad_rows: drop\n", 'bad_rows cannot be "drop". At m.yaml, line 1. Expected refuse (stop) or keep (compute with the other rows).'),
        ("colums: {}\n", 'unknown field "colums". At m.yaml, line 1. Did you mean columns, values?'),
        ("path: a.csv\n", 'unknown field "path". At m.yaml, line 1. '),
    ],
)
def test_a_wrong_key_is_refused_with_its_line(text, said):
    with pytest.raises(DefinitionError) as caught:
        read_mapping(text, "m.yaml", "a.csv")
    assert caught.value.sentence("en").startswith(said)


def test_times_are_read_in_their_form_and_a_number_of_the_row_stands_for_nobody(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("when,x\n13/04/2026,1\n05/06/2026,2\nsoon,3\n", encoding="utf-8")
    entry = Dataset("a", "data/a.csv", "csv", Words.of("a"), None, {"day": "when", "respondent": "#"}, {}, None, {}, times={"day": "%d/%m/%Y"})
    frame = load_dataset(tmp_path, entry).frame
    assert [str(each) for each in frame["day"]] == ["2026-04-13 00:00:00", "2026-06-05 00:00:00", "soon"]
    np.testing.assert_array_equal(frame["respondent"], [1, 2, 3])
    with pytest.raises(DefinitionError, match='there is no column "dya", which stands under times'):
        load_dataset(tmp_path, replace(entry, times={"dya": "%Y"}))
