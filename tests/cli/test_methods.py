"""The catalogue on the command line: list, show and run a method, with a file of one's own."""

import pytest

from tests.cli.calling import refused, stageway
from tests.folder.places import sus_rows


@pytest.fixture
def answers(tmp_path):
    (tmp_path / "sus.csv").write_text(sus_rows(24), encoding="utf-8")
    return tmp_path / "sus.csv"


def test_every_method_is_listed_with_its_shelf_and_question():
    for lang, question in (("en", "How usable do people find it"), ("zh", "用户觉得好用吗")):
        line = next(line for line in stageway("method", "list", lang=lang).out.splitlines() if line.startswith("sus "))
        assert "design" in line
        assert question in line or lang == "zh"


def test_a_method_shows_its_tables_parameters_and_estimates():
    out = stageway("method", "show", "sus").out
    for part in ("answers", "against (optional)", "q10", "--param interval=auto", "gives: score", "Brooke 1996"):
        assert part in out


def test_a_method_runs_on_a_file(answers):
    ran = stageway("method", "run", "sus", "--input", answers)
    assert ran.code == 0
    assert "SUS is 90." in ran.out
    assert "n = 24" in ran.out


def test_columns_and_parameters_are_mapped(answers):
    answers.write_text(answers.read_text(encoding="utf-8").replace("q1,", "frequent,"), encoding="utf-8")
    ran = stageway("method", "run", "sus", "--input", answers, "--map", "q1=frequent", "--param", "interval=bca", "--json")
    assert ran.json["provenance"]["params"]["interval"] == "bca"


def test_a_further_table_is_given_by_its_role(answers, tmp_path):
    (tmp_path / "before.csv").write_text(sus_rows(20), encoding="utf-8")
    ran = stageway("method", "run", "sus", "--input", answers, "--input", f"against={tmp_path / 'before.csv'}", "--json")
    assert "difference" in {e["name"] for e in ran.json["estimates"]}


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("show", "suss"), 'There is no method "suss". Did you mean sus'),
        (("run", "sus", "--input", "FILE", "--param", "intervall=t"), "interval"),
        (("run", "sus", "--input", "FILE", "--param", "interval=exact"), "interval"),
        (("run", "sus", "--input", "FILE", "--param", "interval"), '--param "interval" lacks its equals sign. Expected NAME=VALUE.'),
        (("run", "sus", "--input", "FILE", "--map", "q1=qq1"), "qq1"),
        (("run", "sus", "--input", "none.csv"), "none.csv"),
        (("run", "kano", "--input", "FILE"), "feature"),
    ],
    ids=["name", "parameter", "choice", "no-value", "column", "file", "other-table"],
)
def test_what_cannot_be_run_is_said_in_one_sentence(answers, args, sentence):
    assert sentence in refused("method", *(str(answers) if arg == "FILE" else arg for arg in args))["en"]
