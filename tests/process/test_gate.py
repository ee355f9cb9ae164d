import json
import math
from dataclasses import replace
from datetime import date, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stageway.evidence import Estimate, Kind, Source, Words
from stageway.process.gate import evidence_hash, exit_code, gate, recommend, verdict_from_json, verdict_to_json
from stageway.process.judge import judge
from stageway.process.marked import load
from stageway.process.model import Ask
from stageway.process.planning import StagePlan
from stageway.process.record import Choice, Decision, Result, Seen, Signoff, StageState, Verdict
from tests.process.build import AT, criterion, finding, item, items, requirement, stage, verdict

ORDER = ("research", "positioning", "design", "quality", "launch", "operations")
RESULTS = [str(result) for result in Result]


# ── the rule ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "choice", "to", "then", "code"),
    [
        ([("must", "pass"), ("should", "pass"), ("stop", "pass")], "go", None, None, 0),
        ([("must", "pass"), ("should", "fail")], "conditional", None, "go", 0),
        ([("must", "pass"), ("should", "undecided")], "conditional", None, "go", 0),
        ([("must", "pass"), ("should", "not_evaluable")], "conditional", None, "go", 0),
        ([("must", "undecided"), ("should", "pass")], "hold", None, "go", 3),
        ([("must", "not_evaluable"), ("should", "fail")], "hold", None, "conditional", 3),
        ([("must", "fail")], "hold", None, "go", 1),
        ([("must", "fail"), ("must", "not_evaluable")], "hold", None, "go", 1),
        ([("must", "fail", "quality")], "recycle", "quality", "go", 1),
        ([("must", "fail", "quality"), ("must", "fail"), ("must", "fail", "research"), ("should", "undecided")], "recycle", "research", "conditional", 1),
        ([("must", "undecided", "quality")], "hold", None, "go", 3),
        ([("should", "fail", "quality")], "conditional", None, "go", 0),
        ([("stop", "fail"), ("must", "fail", "design")], "kill", None, None, 1),
        ([("stop", "not_evaluable"), ("must", "pass")], "hold", None, "go", 3),
        ([("stop", "pass")], "go", None, None, 0),
        ([], "hold", None, None, 3),
    ],
)
def test_the_first_line_of_the_rule_that_holds_is_recommended(given, choice, to, then, code):
    verdicts = [verdict(ask, result, on_fail=on_fail[0] if on_fail else None) for ask, result, *on_fail in given]
    recommendation = recommend(verdicts, ORDER)
    assert (recommendation.choice, recommendation.to, recommendation.then, exit_code(recommendation)) == (choice, to, then, code)


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        (
            [("must", "pass")] * 5 + [("must", "fail"), ("must", "not_evaluable"), ("should", "undecided")],
            "7项必须准则5项通过、1项不通过、1项不可评定；不通过的没有指定退回阶段",
            "of 7 must criteria 5 pass, 1 fails and 1 is not evaluable; what fails names no stage to go back to",
        ),
        (
            [("must", "undecided"), ("must", "fail", "design"), ("must", "fail", "design"), ("must", "pass"), ("must", "not_evaluable"), ("should", "pass")],
            "5项必须准则1项通过、2项不通过、1项未定、1项不可评定；不通过的指定了退回阶段",
            "of 5 must criteria 1 passes, 2 fail, 1 is undecided and 1 is not evaluable; what fails names the stage to go back to",
        ),
        (
            [("must", "pass"), ("must", "undecided"), ("must", "undecided")],
            "3项必须准则1项通过、2项未定；没有不通过，但有判不出来的",
            "of 3 must criteria 1 passes and 2 are undecided; nothing fails, but not everything can be judged",
        ),
        (
            [("must", "pass")] * 4 + [("should", "pass"), ("should", "undecided")],
            "4项必须准则全部通过；2项应当准则1项通过、1项未定", "all 4 must criteria pass; of 2 should criteria 1 passes and 1 is undecided",
        ),
        (
            [("must", "pass"), ("must", "pass"), ("should", "pass")],
            "2项必须准则全部通过；1项应当准则通过", "all 2 must criteria pass; the only should criterion passes",
        ),
        ([("must", "pass"), ("stop", "fail")], "1项终止条件不通过", "the only stop criterion fails"),
        ([], "没有可判的准则", "there is no criterion to judge"),
    ],
)
def test_the_recommendation_names_its_rule_with_the_counts(given, zh, en):
    verdicts = [verdict(ask, result, on_fail=on_fail[0] if on_fail else None) for ask, result, *on_fail in given]
    assert recommend(verdicts, ORDER).rule == Words(zh, en)


ANY = st.lists(
    st.builds(verdict, st.sampled_from([str(a) for a in Ask]), st.sampled_from(RESULTS), on_fail=st.sampled_from([None, *ORDER])), max_size=6,
)


@given(ANY)
def test_exactly_one_recommendation_follows_and_it_stays_when_the_order_changes(verdicts):
    first, again = recommend(verdicts, ORDER), recommend(verdicts[::-1], ORDER)
    assert (first.choice, first.to, first.then, first.rule) == (again.choice, again.to, again.then, again.rule)
    assert (first.choice == Choice.RECYCLE) == (first.to is not None)
    assert (first.choice == Choice.GO) == (bool(verdicts) and all(v.result == Result.PASS for v in verdicts))


@given(ANY)
def test_what_it_becomes_is_what_follows_once_the_missing_ones_pass(verdicts):
    recommendation = recommend(verdicts, ORDER)
    mended = [replace(v, result=Result.PASS) if v in recommendation.missing else v for v in verdicts]
    if recommendation.then is not None:
        assert recommend(mended, ORDER).choice == recommendation.then


@given(ANY, st.integers(0, 5))
def test_a_better_verdict_never_makes_a_worse_recommendation(verdicts, index):
    if index < len(verdicts):
        rank = [Choice.KILL, Choice.RECYCLE, Choice.HOLD, Choice.CONDITIONAL, Choice.GO]
        better = [replace(v, result=Result.PASS) if i == index else v for i, v in enumerate(verdicts)]
        assert rank.index(recommend(better, ORDER).choice) >= rank.index(recommend(verdicts, ORDER).choice)


# ── state, round, expiry ──────────────────────────────────────────────────────────────────────────────────────────────

PASSING = (verdict(seen=Seen(5.0)),)
HASH = evidence_hash(PASSING)


def decided(id: str, at: date, stage_id: str, kind: str | None, to: str | None = None, evidence: str = HASH) -> Decision:
    return Decision(id, at, stage_id, 1, Choice(kind) if kind else None, "zhou", Words("", ""), to, (), None, (), evidence, "1.0")


def gate_of(stage_id: str, *decisions: Decision, plan: StagePlan | None = None, at: date | datetime = AT, verdicts=PASSING):
    return gate(stage(id=stage_id), verdicts, decisions, plan, at, ORDER)


RECYCLED = decided("D-004", date(2026, 6, 24), "design", "recycle", "design")
GONE = decided("D-005", date(2026, 7, 22), "design", "go")


def test_the_state_is_that_of_the_last_decision():
    states = {"go": "passed", "conditional": "conditional", "hold": "held", "recycle": "recycled", "kill": "killed"}
    for kind, state in states.items():
        made = gate_of("design", decided("D-1", date(2026, 6, 1), "design", "hold"), decided("D-2", date(2026, 6, 2), "design", kind, "design"))
        assert made.state == state
        assert made.last.id == "D-2"


def test_a_recycle_opens_a_new_round_and_the_history_stays():
    before, between, after = (gate_of("design", RECYCLED, GONE, at=date(2026, *day)) for day in ((6, 23), (6, 24), (7, 22)))
    assert (before.state, before.round, before.decisions) == (StageState.NOT_STARTED, 1, ())
    assert (between.state, between.round, between.decisions) == (StageState.RECYCLED, 2, (RECYCLED,))
    assert (after.state, after.round, after.decisions) == (StageState.PASSED, 2, (RECYCLED, GONE))


def test_a_recycle_of_a_later_stage_reopens_those_it_goes_back_over_and_no_others():
    passed = [decided(f"D-{i}", date(2026, 5, i + 1), each, "go") for i, each in enumerate(ORDER[:4])]
    back = decided("D-9", date(2026, 9, 1), "launch", "recycle", "design")
    states = {each: gate_of(each, *passed, back) for each in ORDER}
    assert {each: (g.state, g.round) for each, g in states.items()} == {
        "research": ("passed", 1), "positioning": ("passed", 1), "design": ("recycled", 2), "quality": ("recycled", 2), "launch": ("recycled", 2),
        "operations": ("not_started", 1),
    }
    assert [d.id for d in states["design"].decisions] == ["D-2"]
    again = gate_of("design", *passed, back, decided("D-10", date(2026, 9, 20), "design", "go"))
    assert (again.state, again.round) == (StageState.PASSED, 2)


def test_a_decision_that_is_none_about_the_gate_leaves_it_as_it_was():
    closing = decided("D-006", date(2026, 9, 22), "design", None)
    assert gate_of("design", GONE, closing).last is GONE


def test_a_stage_begins_with_its_actual_start_or_with_the_planned_one_after_those_before_have_passed():
    started = StagePlan(actual=(date(2026, 5, 21), None))
    assert gate_of("design", plan=started).state == StageState.ACTIVE
    assert gate_of("design", plan=started, at=date(2026, 5, 20)).state == StageState.NOT_STARTED
    planned = StagePlan(planned=(date(2026, 5, 21), date(2026, 6, 24)))
    ready = [decided("D-1", date(2026, 4, 15), "research", "go"), decided("D-2", date(2026, 5, 20), "positioning", "conditional")]
    assert gate_of("design", *ready, plan=planned).state == StageState.ACTIVE
    assert gate_of("design", *ready, plan=planned, at=date(2026, 5, 20)).state == StageState.NOT_STARTED
    assert gate_of("design", ready[0], plan=planned).state == StageState.NOT_STARTED
    assert gate_of("research", plan=planned).state == StageState.ACTIVE
    assert gate_of("design", *ready).state == StageState.NOT_STARTED


def test_an_approval_expires_when_the_evidence_is_no_longer_what_it_was():
    assert not gate_of("design", GONE).expired
    changed = (verdict(seen=Seen(4.0)),)
    assert gate_of("design", GONE, verdicts=changed).expired
    assert gate_of("design", decided("D-1", date(2026, 7, 1), "design", "conditional"), verdicts=changed).expired
    assert not gate_of("design", decided("D-1", date(2026, 7, 1), "design", "hold"), verdicts=changed).expired
    assert not gate_of("design", GONE, replace(RECYCLED, at=date(2026, 8, 1)), verdicts=changed).expired


# ── the hash ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def seen_on(at: date, value: float = 70.0, collected: date = date(2026, 11, 18), signed: bool = True) -> tuple[Verdict, ...]:
    asked = (criterion("e.x >= 60", greatest_age_days=7), criterion("needs.without(quote) == 0"), criterion("signoff.legal.privacy"))
    estimate = Estimate("x", value, value - 5, value + 5, n=30, kind=Kind.MEAN)
    signoffs = [Signoff("R1.1", "legal", "privacy", "fengyuan", date(2026, 11, 18))] if signed else []
    findings = {"e": finding(estimate, sources=(Source("answers", "d", collected=collected),))}
    return judge(stage(requirement(*asked)), findings=findings, items=items(item("N-1", "need")), signoffs=signoffs, at=at)


def test_the_same_evidence_has_the_same_hash_on_any_later_day():
    first = evidence_hash(seen_on(AT))
    assert first == evidence_hash(seen_on(AT)) == evidence_hash(seen_on(AT)[::-1])
    old = seen_on(date(2026, 12, 24))
    assert old[0].why_code == "too_old"
    assert evidence_hash(old) == first
    assert len(first) == 64


def test_any_other_number_has_another_hash():
    first = evidence_hash(seen_on(AT))
    assert evidence_hash(seen_on(AT, value=70.0000001)) != first
    assert evidence_hash(seen_on(AT, signed=False)) != first
    verdicts = seen_on(AT)
    for change in ({"value": 1.0}, {"low": 1.0}, {"high": 99.0}, {"n": 31}):
        assert evidence_hash((replace(verdicts[0], seen=replace(verdicts[0].seen, **change)), *verdicts[1:])) != first
    assert evidence_hash((replace(verdicts[0], criterion="e.x >= 61"), *verdicts[1:])) != first
    assert evidence_hash((verdicts[0], replace(verdicts[1], seen=replace(verdicts[1].seen, which=("N-2",))), verdicts[2])) != first


# ── as data ───────────────────────────────────────────────────────────────────────────────────────────────────────────

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)
WORDS = st.builds(Words, TEXTS, TEXTS)
NUMBERS = st.floats(allow_nan=False)
DAYS = st.dates()
SEEN = st.builds(
    Seen, NUMBERS, st.none() | NUMBERS, st.none() | NUMBERS, st.none() | st.integers(0, 10**9), st.sampled_from(["", "%", "ms"]),
    st.sampled_from(["exact", "share", "mean", "other"]), st.none() | TEXTS, WORDS, st.none() | st.integers(0, 99), st.lists(TEXTS, max_size=3).map(tuple),
    st.none() | TEXTS, st.none() | DAYS,
)
VERDICTS = st.builds(
    Verdict, TEXTS, TEXTS, st.sampled_from(list(Ask)), TEXTS, WORDS, WORDS, st.sampled_from(list(Result)), st.none() | st.sampled_from([">=", "=="]),
    st.none() | NUMBERS.filter(math.isfinite), st.none() | SEEN, st.none() | TEXTS, st.none() | st.integers(1, 10**6), st.none() | TEXTS, st.none() | WORDS,
    st.none() | DAYS, st.none() | st.sampled_from(ORDER),
)


@given(VERDICTS)
def test_a_verdict_comes_back_from_json_and_from_yaml_as_it_went(verdict):
    data = verdict_to_json(verdict)
    assert verdict_from_json(json.loads(json.dumps(data, allow_nan=False))) == verdict
    assert verdict_from_json(load(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "decisions.yaml")) == verdict


def test_what_is_empty_is_not_written():
    assert verdict_to_json(seen_on(AT)[2]) == {
        "requirement": "R1.1", "stage": "design", "ask": "must", "criterion": "signoff.legal.privacy", "words": {"zh": "指标", "en": "Metric"},
        "threshold": {"zh": "已签", "en": "signed"}, "result": "pass", "seen": {"value": 1.0, "signed_by": "fengyuan", "signed_on": "2026-11-18"},
    }


def test_decisions_read_back_have_the_same_hash():
    verdicts = seen_on(AT)
    again = tuple(verdict_from_json(load(yaml.safe_dump(verdict_to_json(v)), "decisions.yaml")) for v in verdicts)
    assert again == verdicts
    assert evidence_hash(again) == evidence_hash(verdicts)
