"""What a gate tells a script: 0 go or conditional, 1 something fails, 3 only undecided or not evaluable musts, 2 bad input."""

from pathlib import Path

import pytest

from tests.cli.calling import stageway
from tests.folder.places import JUNIT, TODAY, only, small, sus_rows

NO_EARLIER_REPORT = (
    '  - {id: A-99, act: change, stage: quality, target: IA4.3, from: "tests.cases_to_previous >= 95%", to: "tests.cases >= 1", reason: {zh: 首个版本, en: first release}}'
)


def without_items(folder: Path) -> None:
    """The items rest on the SUS finding, which a gate that does not ask for it leaves out."""
    for path in (folder / "items").iterdir():
        path.unlink()


def gate(folder: Path, stage: str) -> tuple[int, str]:
    ran = stageway("gate", folder, "--stage", stage, "--at", TODAY, "--json")
    assert stageway("gate", folder, "--stage", stage, "--at", TODAY).code == ran.code
    return ran.code, ran.json["gate"]["recommends"] if ran.code != 2 else ran.json["error"]["code"]


def test_a_whole_interval_above_the_threshold_goes(folder):
    only(folder, "design", "IA3.4")
    assert gate(folder, "design") == (0, "go")


def test_a_should_that_falls_short_is_a_conditional_go(folder):
    only(folder, "design", "IA3.4", "IA3.11")
    assert gate(folder, "design") == (0, "conditional")


def test_a_must_that_fails_exits_with_1(folder):
    only(folder, "design", "IA3.1", "IA3.4")
    assert gate(folder, "design") == (1, "recycle")


def test_an_interval_across_the_threshold_exits_with_3(folder):
    header, *_ = sus_rows(0).splitlines()
    mixed = [f"p{i}," + ",".join("3" if i % 2 else ("5" if q % 2 else "1") for q in range(1, 11)) for i in range(12)]
    (folder / "data/sus.csv").write_text("\n".join([header, *mixed]) + "\n", encoding="utf-8")
    only(folder, "design", "IA3.4")
    assert gate(folder, "design") == (3, "hold")


def test_a_missing_signature_exits_with_3_and_a_refusal_with_1(folder):
    without_items(folder)
    only(folder, "design", "IA3.8")
    assert gate(folder, "design") == (3, "hold")
    stageway("sign", folder, "--requirement", "IA3.8", "--by", "leo", "--at", TODAY, "--refuse", "--because", "no deletion date")
    assert gate(folder, "design") == (1, "recycle")


def test_a_stage_with_nothing_to_judge_is_held(folder):
    without_items(folder)
    only(folder, "design")
    assert gate(folder, "design") == (3, "hold")


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (JUNIT, (0, "conditional")),  # two cases are too few to bound the share of flaky ones
        ("<testsuites/>", (3, "hold")),
        (JUNIT[:120], (3, "hold")),
        (JUNIT.replace('time="0.1"/>', 'time="0.1"><failure message="no"/></testcase>'), (1, "hold")),
    ],
    ids=["passed", "empty", "truncated", "failed"],
)
def test_a_report_without_cases_is_no_pass(tmp_path, report, expected):
    folder = small(tmp_path / "small")
    (folder / "data/junit.xml").write_text(report, encoding="utf-8")
    only(folder, "quality", "IA4.3", change=NO_EARLIER_REPORT)
    assert gate(folder, "quality") == expected


def test_bad_input_exits_with_2(folder):
    assert gate(folder, "desing") == (2, "stage_unknown")
    (folder / "data/sus.csv").unlink()
    assert gate(folder, "design") == (2, "file_missing")


def test_the_practice_product_has_a_gate_of_each_kind(lumen):
    assert [gate(lumen, stage)[0] for stage in ("research", "launch")] == [0, 1]
