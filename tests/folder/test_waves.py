"""The next wave of a survey is read with the mapping of the one before; what no longer fits is said, never guessed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from stageway.evidence import Words
from stageway.folder.waves import wave
from stageway.process.planning import Dataset

FIRST = "ID,F1_functional,F1_dysfunctional,F2_functional,F2_dysfunctional,Sex,n\n" + "\n".join(f"{i},Like,Dislike,Neutral,Like,{'m' if i % 2 else 'f'},{1 + i % 5}" for i in range(1, 9)) + "\n"
MAPPED = {
    "columns": {"respondent": "ID", "segment": "Sex", "rating": "n"},
    "values": {"Like": 1, "Neutral": 3, "Dislike": 5},
    "wide": {"row": "feature", "columns": {"functional": "{}_functional", "dysfunctional": "{}_dysfunctional"}},
}


@pytest.fixture
def first(tmp_path) -> Path:
    (tmp_path / "p" / "data").mkdir(parents=True)
    (tmp_path / "p" / "data" / "w1.csv").write_text(FIRST, encoding="utf-8")
    return tmp_path / "p"


def next_wave(root: Path, text: str):
    path = root.parent / "w2.csv"
    path.write_text(text, encoding="utf-8")
    old = replace(Dataset("w1", "data/w1.csv", "csv", Words.of("w1"), date(2026, 5, 1), {}, {}, None, {}), **MAPPED)
    return wave(path, old, root, name="w2", place="data/w2.csv")


def test_a_wave_that_fits_keeps_the_mapping_under_a_new_name(first):
    found = next_wave(first, FIRST)
    assert found.notes == ()
    assert (found.fits, found.rows, found.shaped_rows) == (True, 8, 16)
    assert (found.dataset.name, found.dataset.path, found.dataset.columns) == ("w2", "data/w2.csv", MAPPED["columns"])
    assert found.dataset.collected is None


@pytest.mark.parametrize(
    ("change", "code", "column", "stops", "said"),
    [
        (("ID,", "RespondentID,"), "column_gone", "ID", True, 'the column "ID" (our respondent) is gone; it may be RespondentID'),
        (("F2_functional", "F2_func"), "column_gone", "F2_functional", True, 'the column "F2_functional" (our functional) is gone; it may be F2_func'),
        (("Like,Dislike", "Love,Dislike"), "options_unknown", "F1_functional", True, 'options that values does not know: "Love" × 8'),
        ((",f,", ",x,"), "options_new", "Sex", False, 'options that the earlier wave did not have: "x" × 4'),
        ((",5\n", ",7\n"), "scale_changed", "n", False, "the scale may have changed: 1–5 before, 1–7 now"),
        ((",5\n", ",often\n"), "type_changed", "n", True, "it was number and is category now (such as often)"),
        (("Sex,n\n", "Sex,n,City\n"), "columns_new", "", False, "new columns (1): City"),
    ],
)
def test_what_no_longer_fits_is_said_and_never_guessed(first, change, code, column, stops, said):
    text = FIRST.replace(*change)
    if code == "columns_new":
        text = "\n".join(line + ("" if i == 0 else ",Y") for i, line in enumerate(text.splitlines())) + "\n"
    found = next_wave(first, text)
    note = next(each for each in found.notes if each.code == code)
    assert (note.column, note.stops) == (column, stops)
    assert note.text.en == said
    assert found.fits is not any(each.stops for each in found.notes)
    assert found.dataset.columns == MAPPED["columns"]


def test_without_the_old_file_the_entry_alone_is_compared(first):
    (first / "data" / "w1.csv").unlink()
    found = next_wave(first, FIRST.replace("Like,Dislike", "Love,Dislike"))
    assert not found.against
    assert [note.code for note in found.notes] == ["options_unknown"]
