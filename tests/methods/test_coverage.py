"""Coverage: a count without sampling error; changed lines apart; nothing judged below 20 of them, unknown branches not 0%."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.evidence import DataError, Frame, Kind
from stageway.methods.quality.coverage import coverage
from stageway.readers import coverage_cobertura, jacoco, lcov
from tests.shared import shared


def lines(**files):
    """`a="110"`: three lines, the last of which did not run."""
    return Frame.of([{"file": name, "line": i, "covered": mark == "1"} for name, marks in files.items() for i, mark in enumerate(marks, 1)], "coverage.xml")


def changed(file, *numbers):
    return Frame.of([{"file": file, "line": number} for number in numbers], "changed.csv")


def run(table, change=None, **params):
    return coverage.run({"lines": table, "changed": change}, params)


def codes(finding):
    return [warning.code for warning in finding.warnings]


def value(finding, name):
    return None if (found := finding.get(name)) is None else found.value


# ── published figures ──


def test_the_written_example_is_met():
    """exemplar/process_zh.md 八（六）: 新代码覆盖84.6%（3,412/4,033行）."""
    finding = run(lines(app="1" * 3412 + "0" * 621 + "1" * 1000), changed("app", *range(1, 4034)))
    estimate = finding.get("new_lines")
    assert (round(estimate.value, 3), estimate.n, estimate.kind, estimate.low) == (0.846, 4033, Kind.EXACT, None)
    assert finding.headline.zh == "新代码覆盖84.6%（3,412/4,033行），全部代码覆盖87.7%（4,412/5,033行）"
    assert finding.headline.en == "New code is covered at 84.6% (3,412 of 4,033 lines), all code at 87.7% (4,412 of 5,033 lines)"


@pytest.mark.parametrize(("reader", "name", "rate", "branch"), [
    (coverage_cobertura, "cobertura_java.xml", 0.6666666666666666, 0.25),
    (coverage_cobertura, "cobertura_coverlet.xml", 0.6117, 0.6428),
    (lcov, "lcov.info", 118 / 184, 5 / 8),
    (jacoco, "jacoco.xml", 26 / 38, 1 / 4),
])
def test_real_reports_give_the_rates_that_their_tools_wrote(reader, name, rate, branch):
    finding = run(reader.READER.read(shared(f"quality/coverage/{name}"), {}).frame)
    assert value(finding, "lines") == pytest.approx(rate, abs=1e-4)
    assert value(finding, "branches") == pytest.approx(branch, abs=1e-4)
    assert codes(finding) == ["no_changed"]


# ── new code ──


@pytest.mark.parametrize(("count", "given"), [(19, False), (20, True)])
def test_a_change_below_twenty_lines_is_not_judged(count, given):
    finding = run(lines(a="1" * 40), changed("a", *range(1, count + 1)))
    assert (finding.get("new_lines") is not None) is given
    assert ("small_change" in codes(finding)) is not given


def test_changed_lines_that_cannot_run_are_no_lines_and_a_line_counts_once():
    finding = run(lines(a="1" * 20 + "0" * 5), changed("a", *range(1, 31), 25, 25))
    assert (value(finding, "new_lines"), finding.get("new_lines").n) == (0.8, 25)


@pytest.mark.parametrize("path", ["src/app/core.py", "./app/core.py", "app\\core.py", "core.py"])
def test_a_file_is_known_by_the_end_of_its_path(path):
    finding = run(lines(**{"app/core.py": "1" * 30, "app/score.py": "0" * 30}), changed(path, *range(1, 31)))
    assert value(finding, "new_lines") == 1.0


def test_a_path_that_fits_two_files_is_not_guessed():
    finding = run(lines(**{"a/core.py": "1" * 30, "b/core.py": "0" * 30}), changed("core.py", *range(1, 31)))
    assert finding.get("new_lines") is None
    assert {"files_ambiguous", "small_change"} <= set(codes(finding))
    assert value(run(lines(**{"a/core.py": "1" * 30, "b/core.py": "0" * 30}), changed("x/b/core.py", *range(1, 31))), "new_lines") == 0.0


def test_a_changed_file_that_the_report_does_not_know_is_named():
    finding = run(lines(a="1" * 30), Frame.of([*changed("a", *range(1, 31)).records(), {"file": "new.py", "line": 1}]))
    assert [w.text.en for w in finding.warnings if w.code == "files_unknown"] == [
        "changed files that the report does not know (1: new.py) are not counted; if they are code that runs, coverage is overstated"
    ]


# ── what is unknown ──


def test_branches_that_were_not_measured_are_unknown():
    finding = run(lines(a="1" * 40))
    assert finding.get("branches") is None
    assert "branches_unknown" in codes(finding)


def test_a_report_without_a_line_gives_no_number():
    finding = run(lines(a="1" * 40).take(np.zeros(40, dtype=bool)))
    assert (finding.estimates, codes(finding)) == ((), ["no_lines"])


def test_a_line_told_twice_counts_once_and_ran_if_it_ever_did():
    table = Frame.of([{"file": "a", "line": 1, "covered": ran} for ran in (False, True)] + [{"file": "a", "line": i, "covered": False} for i in range(2, 41)])
    finding = run(table)
    assert (value(finding, "lines"), finding.get("lines").n) == (1 / 40, 40)
    assert "lines_repeated" in codes(finding)


@pytest.mark.parametrize(("column", "cell"), [("file", None), ("line", None), ("line", 1.5), ("covered", None), ("covered", "perhaps"), ("line", -1)])
def test_a_cell_that_cannot_be_is_named_with_its_row(column, cell):
    records = [{"file": "a", "line": i, "covered": True} for i in range(1, 41)]
    records[6][column] = cell
    with pytest.raises(DataError) as caught:
        run(Frame.of(records, "coverage.xml"))
    assert f'at coverage.xml, row 7, column "{column}"' in caught.value.sentence("en").replace("At", "at")


def test_more_branches_taken_than_there_are_is_refused():
    with pytest.raises(DataError, match="no more than the line has branches"):
        run(Frame.of([{"file": "a", "line": 1, "covered": True, "branches": 2, "branches_covered": 3}]))


# ── properties ──


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("01", min_size=1, max_size=60), min_size=1, max_size=4), st.data())
def test_the_parts_add_up_and_one_more_test_never_lowers_coverage(marks, data):
    files = {f"f{i}": text for i, text in enumerate(marks)}
    finding = run(lines(**files))
    ran, total = sum(text.count("1") for text in marks), sum(map(len, marks))
    assert value(finding, "lines") == ran / total
    name = data.draw(st.sampled_from(sorted(files)))
    files[name] = "1" * len(files[name])
    assert value(run(lines(**files)), "lines") >= ran / total


def test_words_name_what_to_do_and_what_it_would_bring():
    finding = run(lines(a="1" * 60 + "0" * 30, b="0" * 10, c="1" * 100))
    assert finding.meaning.says.en == "Of the lines that can run (200), no test ran 40; most of them are in a (30), b (10)"
    assert finding.meaning.next.zh == "先给a、b补用例：补齐之后，全部代码覆盖率从80.0%升到100.0%"
    assert finding.points[0].en == "Files of which not one line ran: 1 of 3: b"
    full = run(lines(a="1" * 40))
    assert full.meaning.says.zh == "40行可执行代码全部执行过"
    assert full.tables == ()
