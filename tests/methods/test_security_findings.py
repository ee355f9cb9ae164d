"""Security findings: open ones counted by severity, new by identity, set aside only with reason and end; 0 is a counted 0."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.evidence import DataError, Frame, Kind, ParamError
from stageway.methods.quality.security_findings import security_findings
from stageway.readers.sarif import READER
from tests.shared import shared

BANDS = {"critical": 9.5, "high": 7.5, "medium": 5.0, "low": 1.0}


def finding(severity=None, level="warning", **more):
    score = BANDS.get(severity)
    return {"tool": "scan", "rule": more.get("identity", "R1"), "level": level, "score": score, "severity": severity, **more}


def several(**counts):
    return [finding(severity, identity=f"{severity}{i}", rule=f"R{i}") for severity, count in counts.items() for i in range(count)]


def run(rows, previous=None, accepted=None, **params):
    tables = {"findings": Frame.of(rows, "scan.sarif"), "previous": None if previous is None else Frame.of(previous, "last.sarif")}
    return security_findings.run({**tables, "accepted": None if accepted is None else Frame.of(accepted, "accepted.csv")}, params)


def value(made, name):
    return None if (found := made.get(name)) is None else found.value


def codes(made):
    return [warning.code for warning in made.warnings]


# ── published and independent figures ──


def test_the_written_example_is_met():
    """exemplar/process_zh.md 八（六）: 高危0，中危3（已修1，签认2，失效日2026-12-31）. The mended one is no longer reported."""
    rows = several(medium=3)
    accepted = [{"identity": f"medium{i}", "reason": "内网接口", "expires": "2026-12-31"} for i in (0, 1)]
    made = run(rows[:2], previous=rows, accepted=accepted, on="2026-09-29")
    assert (value(made, "high"), value(made, "medium"), value(made, "accepted"), value(made, "new")) == (0, 0, 2, 0)
    assert made.get("high").kind == Kind.EXACT
    assert made.points[0].zh == "上次未处理、这次不再报出的1条"
    assert made.meaning.change.zh == "候选版本换了提交、依赖或规则库，都要重扫；签认的2条里最早的2026-12-31失效，到期又算未处理"


@pytest.mark.parametrize("name", ["cppcheck", "dependency_check", "dockle", "flawfinder", "gitleaks"])
def test_real_reports_are_counted_as_their_scores_or_levels_have_it(name):
    """Scores counted from the file by hand of the standard; where there are none, errors are high (facts.json)."""
    path = shared(f"quality/sarif/{name}.sarif")
    run_of_file = json.loads(path.read_text(encoding="utf-8-sig"))["runs"][0]
    scores = {r["id"]: r.get("properties", {}).get("security-severity") for r in run_of_file["tool"]["driver"].get("rules") or []}
    told = [scores.get(r.get("ruleId")) for r in run_of_file["results"]]
    fact = json.loads(shared("quality/facts.json").read_text())[f"sarif/{name}.sarif"]["runs"][0]["active_by_level"]
    expected = sum(float(s) >= 7 for s in told if s is not None) if any(told) else fact.get("error", 0)
    made = security_findings.run({"findings": READER.read(path, {}).frame})
    assert value(made, "high") == expected
    assert made.get("high").n == len(told)


# ── severity ──


def test_high_counts_the_critical_ones_too():
    made = run(several(critical=1, high=2, medium=3, low=4))
    assert [value(made, name) for name in ("high", "critical", "medium", "low")] == [3, 1, 3, 4]
    assert made.headline.en == "Open: 3 of high severity or above, 3 medium, 4 low"
    assert made.headline.zh == "高危及以上3条，中危3条，低危4条"


@pytest.mark.parametrize(("level", "by_level", "as_high"), [("error", 1, 1), ("warning", 0, 1), ("note", 0, 1), ("none", 0, 0)])
def test_a_finding_without_a_score_is_rated_by_its_level_or_as_high_and_that_is_said(level, by_level, as_high):
    made = run([finding(level=level)])
    assert value(made, "high") == by_level
    assert "rated_by_level" in codes(made)
    assert value(run([finding(level=level)], without_score="high"), "high") == as_high


def test_a_level_that_is_none_of_the_four_is_named():
    with pytest.raises(DataError) as caught:
        run([finding("high"), finding(level="fatal")])
    assert caught.value.sentence("en").startswith(
        'a cell does not hold what its column should. At scan.sarif, row 2, column "level", value "fatal". Expected one of error, warning, note, none'
    )


@pytest.mark.parametrize("more", [{"baseline": "absent"}, {"kind": "pass"}, {"kind": "informational"}])
def test_what_is_gone_or_passed_is_no_finding(more):
    assert value(run([finding("high", identity="a"), finding("high", identity="b", **more)]), "high") == 1


# ── set aside ──


def test_a_suppressed_finding_is_not_open_and_its_missing_reason_is_said():
    made = run([finding("high", identity="a", suppressed=True), finding("low", identity="b", suppressed=True, justification="test")])
    assert (value(made, "high"), value(made, "suppressed")) == (0, 2)
    assert [w.text.en for w in made.warnings if w.code == "suppressed_without_reason"] == ["findings suppressed in the code without a reason: 1"]


@pytest.mark.parametrize(("acceptance", "on", "high", "code"), [
    ({"reason": "r", "expires": "2026-12-31"}, "2026-12-31", 0, None),
    ({"reason": "r", "expires": "2026-12-31"}, "2027-01-01", 1, "acceptance_expired"),
    ({"reason": "r", "expires": None}, "2026-12-31", 1, "acceptance_incomplete"),
    ({"reason": " ", "expires": "2026-12-31"}, "2026-12-31", 1, "acceptance_incomplete"),
    ({"reason": "r", "expires": "2026-12-31"}, None, 1, "acceptance_undated"),
    ({"reason": "r", "expires": "2026-12-31", "file": "other.py"}, "2026-12-31", 1, "acceptance_unused"),
])
def test_a_risk_is_accepted_only_with_a_reason_until_its_day(acceptance, on, high, code):
    made = run([finding("high", identity="a", rule="R1", file="a.py")], accepted=[{"rule": "R1", **acceptance}], **({"on": on} if on else {}))
    assert (value(made, "high"), value(made, "accepted")) == (high, 1 - high)
    assert code is None or code in codes(made)


def test_the_end_of_the_scan_is_the_day_where_none_is_given():
    row, acceptance = finding("high", identity="a", scanned="2027-02-01T10:00:00Z"), {"identity": "a", "reason": "r", "expires": date(2026, 12, 31)}
    assert "acceptance_expired" in codes(run([row], accepted=[acceptance]))


def test_an_acceptance_that_names_nothing_is_refused_and_a_day_that_is_none_too():
    with pytest.raises(DataError, match="at least one of identity, rule, file"):
        run(several(high=1), accepted=[{"identity": None, "reason": "r", "expires": "2026-12-31"}])
    with pytest.raises(ParamError, match="a day such as 2026-09-29"):
        run(several(high=1), on="tomorrow")


# ── new ──


def test_new_is_what_the_last_scan_did_not_have_whatever_its_line():
    made = run([finding("high", identity="a", line=90), finding("high", identity="b"), finding("low", identity="c")], previous=[finding("high", identity="a", line=3)])
    assert (value(made, "new"), value(made, "new_high")) == (2, 1)


def test_without_a_last_scan_the_marks_of_the_scan_count_else_new_is_unknown():
    marked = run([finding("high", identity="a", baseline="new"), finding("high", identity="b", baseline="unchanged")])
    assert value(marked, "new") == 1
    bare = run(several(high=2))
    assert value(bare, "new") is None
    assert "no_previous" in codes(bare)


def test_another_tool_or_an_empty_last_scan_is_said():
    assert "tools_differ" in codes(run(several(high=1), previous=[finding("high", identity="a", tool="other")]))
    rows = several(high=1)
    nothing = security_findings.run({"findings": Frame.of(rows), "previous": Frame.of(rows).take([])})
    assert "previous_empty" in codes(nothing)
    assert value(nothing, "new") == 1


# ── clean, and properties ──


def test_a_completed_scan_without_a_result_is_a_counted_zero():
    made = security_findings.run({"findings": Frame.of(several(high=1)).take([])})
    assert (value(made, "high"), made.get("high").kind, codes(made)) == (0, Kind.EXACT, ["no_results"])
    assert made.headline.zh == "扫描完成，没有一条结果（高危及以上0条）"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["critical", "high", "medium", "low"]), st.booleans()), min_size=1, max_size=30))
def test_open_and_suppressed_add_up(rows):
    made = run([finding(severity, identity=str(i), suppressed=aside, justification="x") for i, (severity, aside) in enumerate(rows)])
    assert sum(value(made, name) for name in ("high", "medium", "low", "suppressed")) == len(rows) == made.get("high").n
    assert value(made, "high") >= value(made, "critical")
