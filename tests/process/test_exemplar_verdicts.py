"""Every verdict, needed n, goal state and recommendation of the exemplar, recomputed from its facts."""

import math
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
import yaml

from stageway.evidence import Estimate, Kind, Source, Where, Words
from stageway.process.gate import exit_code, recommend
from stageway.process.grammar import Measure, Signoff, parse_target
from stageway.process.judge import GoalState, judge, judge_goal
from stageway.process.planning import Goal
from stageway.process.record import Absent, Choice, Result
from stageway.process.record import Signoff as Signed
from tests.process.build import NONE, criterion, finding, item, items, requirement, stage
from tests.shared import shared

ORDER = ("research", "positioning", "design", "quality", "launch", "operations")
GATES = ["G1", "G2", "G3-1", "G3-2", "G4-1", "G4-2", "G5", "G6-1", "G6-1-today"]
Z = 1.959964


@cache
def facts() -> dict[str, Any]:
    return yaml.safe_load(shared("facts.yaml", "exemplar").read_text(encoding="utf-8"))


def node(ref: str) -> tuple[Any, int | None]:
    """What a path into the findings leads to, and the n that holds there."""
    key, *path = ref.split(".")
    found, n = facts()["findings"][key], None
    for step in path:
        n = found.get("n", n)
        found = found[step]
    return found, (found.get("n", n) if isinstance(found, dict) else n)


def estimate(name: str, key: str | None, ref: object, unit: str) -> Estimate:
    if isinstance(ref, int | float):
        return Estimate(name, float(ref), key=key, unit=unit, kind=Kind.EXACT)
    found, n = node(str(ref))
    if isinstance(found, list):  # x of n, by adjusted Wald
        x, n = found
        p = (x + Z * Z / 2) / (n + Z * Z)
        half = Z * math.sqrt(p * (1 - p) / (n + Z * Z))
        return Estimate(name, x / n, p - half, p + half, key, unit, n, kind=Kind.SHARE)
    kind = Kind.SHARE if "x" in found else Kind.MEAN if "sd" in found else Kind.OTHER
    value = found["x"] / n if "x" in found else found["v"]
    return Estimate(name, value, found["lo"], found["hi"], key, unit, n, kind=kind)


def estimates(subject: Measure, ref: object, unit: str) -> list[Estimate]:
    """For min() and max() every key that the facts have beside the one seen."""
    if subject.fold is None:
        return [estimate(subject.estimate, subject.key, ref, unit)]
    parent, _, seen = str(ref).rpartition(".")
    keys = [key for key, value in node(parent)[0].items() if isinstance(value, dict) and "lo" in value]
    assert seen in keys
    return [estimate(subject.estimate, key, f"{parent}.{key}", unit) for key in keys]


ITEMS = items(
    *(item(f"N-{i:03}", "need", {"finding": ("kano",)}) for i in range(1, 12)),
    *(item(f"CL-{i}", "claim", {"finding": ("kano",)}) for i in range(1, 10)),
    *(item(f"FN-{i:02}", "function", {"need": (f"N-{1 + i % 11:03}",)}) for i in range(1, 15)),
    *(item(f"S-{i:02}", "screen", {"function": (f"FN-{i:02}",)}) for i in range(1, 15)),
    *(item(f"L-{i:02}", "launch_item", open="mandatory" if i in (17, 22) else None) for i in range(1, 23)),
)


def at_of(gate: dict[str, Any]) -> date:
    at = gate["at"]
    return at if isinstance(at, date) else datetime.fromisoformat(str(at)).date()


def judged(name: str):
    gate = facts()["gates"][name]
    at, signoffs, criteria = at_of(gate), [], []
    findings: dict[str, Any] = {"kano": finding()}
    found: dict[str, list[Estimate]] = {}
    for c in gate["criteria"]:
        ask = next(k for k in ("must", "should", "stop") if k in c)
        days = float(c["greatest_age"].removesuffix("d")) if "greatest_age" in c else None
        made = criterion(c[ask], ask, least_n=c.get("least_n"), least_days=c.get("least_days"), greatest_age_days=days, on_fail=c.get("on_fail"))
        criteria.append(made)
        subject, unit = made.expression.subject, made.expression.unit
        if isinstance(subject, Signoff) and c["sees"] == "signed":
            signoffs.append(Signed("R1.1", subject.role, subject.subject, "fengyuan", at))
        if isinstance(subject, Measure):
            if c.get("least_days"):  # the fourth day of the rollout
                start = date(2026, 11, 20)
                findings[subject.name] = finding(observed=(start, start + timedelta(days=3)))
            elif c["sees"] is None:
                findings[subject.name] = Absent("no_data", Words(*c["why"].split(" / ")))
            else:
                found.setdefault(subject.name, []).extend(estimates(subject, c["sees"], unit))
    source = (Source("data", "d", collected=at - timedelta(days=4)),)
    findings |= {name: finding(*each, sources=source) for name, each in found.items()}
    return judge(stage(requirement(*criteria)), findings=findings, items=ITEMS, signoffs=signoffs, at=at)


@pytest.mark.parametrize("name", GATES)
def test_the_verdicts_of_a_gate_and_its_recommendation_are_those_of_the_exemplar(name):
    gate = facts()["gates"][name]
    verdicts = judged(name)
    assert [(str(v.result), v.needs_n) for v in verdicts] == [(c["verdict"], c.get("needs_n")) for c in gate["criteria"]]
    recommendation = recommend(verdicts, ORDER)
    assert recommendation.choice == gate["recommends"]
    assert recommendation.to == ("design" if name == "G3-1" else None)
    for v, c in zip(verdicts, gate["criteria"], strict=True):
        if c["sees"] is None and "until" not in c:
            assert v.why.zh in (c["why"].split(" / ")[0], "未签")
        assert str(v.until) == str(c.get("until"))[:10]


def test_every_count_that_the_exemplar_prints_is_seen():
    lists = {v.criterion: (v.seen.value, v.seen.of, v.seen.which) for name in ("G1", "G2", "G3-2", "G5") for v in judged(name) if v.seen and v.seen.of}
    assert lists == {
        "needs.without(finding) == 0": (0, 11, ()),
        "claims.without(finding) == 0": (0, 9, ()),
        "functions.share_with(design) == 100%": (1, 14, ()),
        "launch_items[open=mandatory].count() == 0": (2, 22, ("L-17", "L-22")),
    }


def test_the_estimate_that_decides_a_minimum_or_a_maximum_is_seen_with_its_key():
    keys = {v.criterion: v.seen.key for name in ("G1", "G2", "G3-2") for v in judged(name) if v.seen and v.seen.key}
    assert keys == {
        "max(opportunity.score) >= 10": "N-004", "min(positioning_v1.hit) >= 40%": "remember", "segments.stability[commuter] >= 0.75": "commuter",
        "tasks_v2.completion[T2] >= 70%": "T2",
    }


def test_the_guardrail_of_the_rollout_waits_for_its_seventh_day():
    verdict = next(v for v in judged("G5") if v.criterion.startswith("rollout"))
    assert (verdict.why_code, verdict.why, verdict.seen) == ("least_days", Words("未到期：第4天，须满7天", "period not over: day 4 of 7"), None)
    assert verdict.until == date(2026, 11, 27)


def test_gate_five_is_held_and_becomes_conditional_once_the_missing_ones_pass():
    recommendation = recommend(judged("G5"), ORDER)
    assert (recommendation.choice, recommendation.then, exit_code(recommendation)) == (Choice.HOLD, Choice.CONDITIONAL, 1)
    assert recommendation.rule == Words(
        "7项必须准则5项通过、1项不通过、1项不可评定；不通过的没有指定退回阶段",
        "of 7 must criteria 5 pass, 1 fails and 1 is not evaluable; what fails names no stage to go back to",
    )
    assert [v.criterion for v in recommendation.missing] == ["launch_items[open=mandatory].count() == 0", "rollout.d1_difference >= -2 pp"]


def test_only_a_scan_that_broke_off_holds_the_first_gate_four():
    recommendation = recommend(judged("G4-1"), ORDER)
    assert (recommendation.choice, recommendation.then, exit_code(recommendation)) == (Choice.HOLD, Choice.GO, 3)


def test_the_goals_stand_as_in_the_exemplar():
    states = {}
    for goal in facts()["goals"]:
        expression = parse_target(goal["metric"], goal["target"], Where())
        findings = {}
        if isinstance(goal["now"], str):
            findings[expression.subject.name] = finding(*estimates(expression.subject, goal["now"], expression.unit))
        made = Goal(goal["id"], NONE, goal["metric"], None, goal["target"], None, expression)
        verdict = judge_goal(made, findings, ITEMS, date(2026, 11, 24))
        states[goal["id"]] = (verdict.state, verdict.needs_n)
    assert states == {g["id"]: (GoalState(g["state"]), g.get("needs_n")) for g in facts()["goals"]}


def test_the_condition_of_gate_two_is_closed_by_938_answers():
    asked = criterion("positioning_v2.distance >= 0.50", "should", least_n=930)
    findings = {"positioning_v2": finding(*estimates(asked.expression.subject, "F2-6.distance", ""))}
    (verdict,) = judge(stage(requirement(asked)), findings=findings, items=ITEMS, signoffs=(), at=date(2026, 9, 22))
    assert (verdict.result, verdict.seen.n) == (Result.PASS, 938)


def test_every_gate_that_the_exemplar_decided_was_decided_as_recommended():
    for decision in facts()["decisions"]:
        if "gate" in decision:
            recommendation = recommend(judged(decision["gate"]), ORDER)
            assert recommendation.choice == decision["kind"]
            assert recommendation.to == decision.get("to")
