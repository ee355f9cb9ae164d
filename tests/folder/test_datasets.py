"""A dataset entry becomes a table in our columns, values and rows; a path never leads out of the folder; errors name the entry's line."""

import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stageway.evidence import DataError, DefinitionError, IncompleteError, ParamError, Where, Words
from stageway.folder.datasets import fingerprint, load_dataset, load_mapped
from stageway.process.planning import Dataset
from tests.shared import shared

LIKERT = {"Strongly disagree": 1, "Somewhat disagree": 2, "Neither agree nor disagree": 3, "Somewhat agree": 4, "Strongly agree": 5}


def entry(path: str, reader: str = "csv", **fields) -> Dataset:
    made = Dataset("survey", path, reader, Words("问卷", "Survey"), None, {}, {}, None, {}, Where(file="product.yaml", line=12))
    return replace(made, **fields)


@pytest.fixture
def root(tmp_path) -> Path:
    folder = tmp_path / "lumen"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "survey.csv").write_text("ID,Q1,Q2,Group\n1,Yes, no ,1\n2,NO,(跳过),2\n", encoding="utf-8")
    return folder


# ── columns and values ──


def test_columns_take_our_names_and_the_others_keep_theirs(root):
    loaded = load_dataset(root, entry("data/survey.csv", columns={"respondent": "ID", "answer": " Q1 "}))
    assert loaded.frame.names == ["respondent", "answer", "Q2", "Group"]
    assert loaded.frame.source == "data/survey.csv"
    assert loaded.rows == 2
    assert loaded.sha256 == hashlib.sha256((root / "data/survey.csv").read_bytes()).hexdigest()


def test_a_column_that_the_file_does_not_have_is_named_with_the_nearest(root):
    with pytest.raises(DefinitionError) as caught:
        load_dataset(root, entry("data/survey.csv", columns={"answer": "Q11"}))
    assert str(caught.value).startswith('"answer" points to the column "Q11", which data/survey.csv does not have. At product.yaml, line 12. Did you mean Q1')
    assert caught.value.sentence("zh").startswith("“answer”指向的列“Q11”不在文件 data/survey.csv 里。位置：product.yaml，第12行。您是否要写：Q1")


def test_values_replace_texts_whatever_their_case_but_never_ids(root):
    columns, values = {"respondent": "ID", "a": "Q1", "b": "Q2"}, {"yes": 1, "no": 0, "(跳过)": None, "1": 99}
    loaded = load_dataset(root, entry("data/survey.csv", columns=columns, values=values))
    assert loaded.frame["respondent"].tolist() == [1, 2]
    assert loaded.frame["a"].tolist() == [1, 0]
    assert loaded.frame["b"][0] == 0
    assert np.isnan(loaded.frame["b"][1])
    assert loaded.frame["Group"].tolist() == [1, 2]  # not mapped, so not touched
    assert loaded.facts["values_unused"] == ["1"]


def test_values_may_be_given_by_column(root):
    loaded = load_dataset(root, entry("data/survey.csv", values={"Group": {"1": "new", "2": "old"}, "Q1": {"True": 1, "False": 0}}))
    assert loaded.frame["Group"].tolist() == ["new", "old"]
    assert loaded.frame["Q1"].tolist() == [1, 0]  # YAML reads a bare Yes as true
    assert loaded.frame["Q2"].tolist() == [" no ", "(跳过)"]
    with pytest.raises(DefinitionError, match=r'there is no column "Grop", which stands under values. At product.yaml, line 12. Did you mean Group'):
        load_dataset(root, entry("data/survey.csv", values={"Grop": {"1": "new"}}))


def test_the_published_sus_answers_are_read_with_their_texts():
    header = shared("usability/sus_vr.csv").read_text().splitlines()[0].split(",")
    columns = {"respondent": header[0], **{f"q{i}": name for i, name in enumerate(header[1:11], start=1)}}
    loaded = load_dataset(shared("usability").parent, entry("usability/sus_vr.csv", columns=columns, values=LIKERT))
    assert len(loaded.frame) == 30
    assert all(set(loaded.frame[f"q{i}"].tolist()) <= {1, 2, 3, 4, 5} for i in range(1, 11))


# ── wide ──


KANO = {"id": "ID", "row": "feature", "columns": {name: f"{{}}_{name}" for name in ("functional", "dysfunctional", "importance")}}


def test_the_published_kano_answers_become_one_row_a_feature():
    loaded = load_dataset(shared("kano").parent, entry("kano/transfers_kano.csv", wide=KANO, values={"I like it": 1}))
    frame = loaded.frame
    assert loaded.rows == 358
    assert len(frame) == 358 * 6
    assert frame.names[0] == "respondent"
    assert frame.names[-4:] == ["feature", "functional", "dysfunctional", "importance"]
    assert frame["feature"].tolist()[:7] == ["F6", "F7", "F8", "F9", "F10", "F11", "F6"]
    by_hand = load_mapped(entry(str(shared("kano/transfers_kano.csv"))))
    for key in ("F6", "F10"):
        mine = frame.take(frame["feature"] == key)
        assert mine["dysfunctional"].tolist() == [1 if cell == "I like it" else cell for cell in by_hand[f"{key}_dysfunctional"].tolist()]
        assert mine["respondent"].tolist() == by_hand["ID"].tolist()
    assert frame.rows.tolist()[:7] == [1, 1, 1, 1, 1, 1, 2]


def test_keys_may_be_chosen_and_our_name_of_the_id_is_kept():
    columns, wide = {"person": "ID", "sex": "Gender"}, {**KANO, "keys": ["F7", "F6"]}
    loaded = load_dataset(shared("kano").parent, entry("kano/transfers_kano.csv", columns=columns, wide=wide))
    assert loaded.frame.names[:2] == ["person", "sex"]
    assert loaded.frame["feature"].tolist()[:3] == ["F7", "F6", "F7"]
    assert not any(name.startswith("F8") for name in loaded.frame.names)


def test_listed_columns_become_rows(root):
    loaded = load_dataset(root, entry("data/survey.csv", wide={"id": "ID", "row": "item", "value": "answer", "columns": ["Q1", "Q2"]}))
    assert [(r["respondent"], r["item"], r["answer"], r["Group"]) for r in loaded.frame.records()] == [
        (1, "Q1", "Yes", 1), (1, "Q2", " no ", 1), (2, "Q1", "NO", 2), (2, "Q2", "(跳过)", 2),
    ]


def test_a_key_that_lacks_one_of_its_columns_is_left_out_and_said(root):
    (root / "data" / "wide.csv").write_text("id,A_x,A_y,B_x\n1,2,3,4\n")
    loaded = load_dataset(root, entry("data/wide.csv", wide={"id": "id", "row": "k", "columns": {"x": "{}_x", "y": "{}_y"}}))
    assert loaded.frame.records() == [{"respondent": 1, "k": "A", "x": 2, "y": 3}]
    assert [w.text.en for w in loaded.warnings] == ["B lack some of their columns; the others are read as usual"]


@pytest.mark.parametrize(
    ("wide", "message"),
    [
        ({"row": "f", "columns": {"x": "{}_func"}}, "no group of columns matches all of {}_func"),
        ({"row": "f", "columns": {"x": "functional"}}, '"functional" should hold {} exactly once'),
        ({**KANO, "keys": ["F12"]}, 'no column belongs to the key "F12" of wide. At product.yaml, line 12. Did you mean'),
        ({**KANO, "id": "IDs"}, 'there is no column "IDs", which wide calls its id'),
        ({**KANO, "colums": {}}, 'wide has no field "colums"'),
        ({"row": "f"}, "wide does not say which columns become rows"),
        ({"row": "f", "columns": ["F6_functionl"]}, 'there is no column "F6_functionl", which wide names'),
    ],
)
def test_a_wide_that_does_not_fit_is_refused(wide, message):
    data = shared("kano").parent
    with pytest.raises(DefinitionError, match=re.escape(message)):
        load_dataset(data, entry("kano/transfers_kano.csv", wide=wide))


# ── where the file lies ──


def test_a_missing_file_is_named_with_what_is_near(root):
    with pytest.raises(DataError) as caught:
        load_dataset(root, entry("data/survy.csv"))
    assert str(caught.value).startswith(
        'the file data/survy.csv of the dataset "survey" does not exist. At product.yaml, line 12. Did you mean data/survey.csv?'
    )
    assert caught.value.sentence("zh") == "数据“survey”的文件 data/survy.csv 不存在。位置：product.yaml，第12行。您是否要写：data/survey.csv。"


@pytest.mark.parametrize("path", ["../secret.csv", "data/../../secret.csv", "/etc/passwd", "link.csv", "linked/secret.csv", "data/\0.csv", "linked/*.csv"])
def test_a_path_out_of_the_folder_is_refused(root, path):
    secret = root.parent / "outside"
    secret.mkdir()
    (secret / "secret.csv").write_text("a\n1\n")
    (root.parent / "secret.csv").write_text("a\n1\n")
    os.symlink(secret / "secret.csv", root / "link.csv")
    os.symlink(secret, root / "linked")
    with pytest.raises(DefinitionError) as caught:
        load_dataset(root, entry(path))
    assert caught.value.code == "path_outside"
    assert "is not a relative path inside the product folder. At product.yaml, line 12." in str(caught.value)
    with pytest.raises(DefinitionError):
        fingerprint(root, entry(path))


def test_a_link_out_of_the_folder_is_refused_inside_a_folder_too(root):
    (root / "reports").mkdir()
    (root / "reports" / "a.xml").write_text("<testsuites/>")
    (root.parent / "b.xml").write_text("<testsuites/>")
    assert load_dataset(root, entry("reports", "junit")).rows == 0
    os.symlink(root.parent / "b.xml", root / "reports" / "b.xml")
    with pytest.raises(DefinitionError, match=r'the path "reports/b.xml" of the dataset "survey" is not a relative path inside'):
        load_dataset(root, entry("reports", "junit"))
    with pytest.raises(DefinitionError, match="is not a relative path inside"):
        load_dataset(root, entry("reports", "junit", options={"pattern": "../../*.xml"}))


def test_a_link_inside_the_folder_is_followed(root):
    os.symlink(root / "data" / "survey.csv", root / "data" / "latest.csv")
    assert load_dataset(root, entry("data/latest.csv")).rows == 2


# ── several files, fingerprints ──


def test_every_file_of_a_folder_goes_into_the_table_and_the_fingerprint(root):
    (root / "reports" / "deep").mkdir(parents=True)
    (root / "reports" / "b.xml").write_text('<testsuite><testcase name="b"/></testsuite>')
    (root / "reports" / "deep" / "a.xml").write_text('<testsuite><testcase name="a"/></testsuite>')
    (root / "reports" / "notes.txt").write_text("not a report")
    loaded = load_dataset(root, entry("reports", "junit"))
    assert loaded.frame["name"].tolist() == ["b", "a"]
    assert loaded.sha256 == fingerprint(root, entry("reports", "junit"))
    (root / "reports" / "notes.txt").write_text("changed")
    assert fingerprint(root, entry("reports", "junit")) == loaded.sha256
    (root / "reports" / "b.xml").rename(root / "reports" / "c.xml")
    assert fingerprint(root, entry("reports", "junit")) != loaded.sha256
    assert load_dataset(root, entry("reports/*.xml", "junit")).frame["name"].tolist() == ["b"]


def test_all_real_test_reports_are_one_dataset():
    loaded = load_dataset(shared("quality").parent, entry("quality/junit", "junit"))
    assert loaded.rows == 870
    assert [w.code for w in loaded.warnings] == ["names_repeated"]


# ── what the readers refuse, seen from the folder ──


def test_errors_of_a_reader_name_the_file_from_the_folder(root):
    (root / "data" / "t.xml").write_text("<testsuites>\n<testsuite>")
    with pytest.raises(IncompleteError, match=r"At data/t.xml, line 2"):
        load_dataset(root, entry("data/t.xml", "junit"))
    (root / "data" / "empty.csv").write_text("")
    with pytest.raises(DataError) as caught:
        load_dataset(root, entry("data/empty.csv"))
    assert str(caught.value) == "the file is empty. At data/empty.csv. Export the file again."
    (root / "data" / "bomb.xml").write_text('<!DOCTYPE a [<!ENTITY a "x">]><testsuites>&a;</testsuites>')
    with pytest.raises(DataError, match=r"declares entities or external references, and is not read for safety. At data/bomb.xml, line 1"):
        load_dataset(root, entry("data/bomb.xml", "junit"))


def test_a_gbk_file_is_read_as_one(root):
    (root / "data" / "gbk.csv").write_bytes("编号,回答\n1,很喜欢\n".encode("gbk"))
    assert load_dataset(root, entry("data/gbk.csv", values={"很喜欢": 5})).frame["回答"].tolist() == [5]


def test_an_unknown_reader_is_refused_with_the_nearest(root):
    with pytest.raises(DefinitionError, match=r'there is no reader "cvs". At product.yaml, line 12. Did you mean csv'):
        load_dataset(root, entry("data/survey.csv", "cvs"))


def test_a_wrong_option_stands_at_the_line_of_its_entry(root):
    with pytest.raises(ParamError, match=r'the reader has no option "delimeter". At product.yaml, line 12. Did you mean delimiter'):
        load_dataset(root, entry("data/survey.csv", options={"delimeter": ";"}))


def test_a_repeated_header_is_warned_of(root):
    (root / "data" / "twice.csv").write_text("a,a\n1,2\n")
    loaded = load_dataset(root, entry("data/twice.csv"))
    assert [w.code for w in loaded.warnings] == ["header_repeated"]
    assert loaded.warnings[0].text.zh == "表头有重名的列，后一个改称 a_2"


# ── a file of one's own ──


def test_a_file_is_read_by_its_suffix_and_its_columns_renamed(root):
    frame = load_mapped(entry(str(root / "data" / "survey.csv"), columns={"respondent": "ID"}))
    assert frame.names == ["respondent", "Q1", "Q2", "Group"]
    assert load_mapped(entry(str(shared("quality/junit")), reader="")).names[0] == "suite"
    with pytest.raises(DefinitionError, match=r'which .*survey.csv does not have. At .*Did you mean ID'):
        load_mapped(entry(str(root / "data" / "survey.csv"), columns={"respondent": "IDs"}))
