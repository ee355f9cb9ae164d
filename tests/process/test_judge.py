import math
from datetime import date, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stageway.evidence import Estimate, Kind, Source, Warning, Where, Words
from stageway.process.grammar import parse_target
from stageway.process.judge import GoalState, compare, judge, judge_criterion, judge_goal
from stageway.process.needed import needed_n
from stageway.process.planning import Goal
from stageway.process.record import Absent, Result, Signoff, Verdict
from tests.process.build import AT, NONE, criterion, finding, item, items, requirement, stage

PASS, FAIL, UNDECIDED, VOID = Result.PASS, Result.FAIL, Result.UNDECIDED, Result.NOT_EVALUABLE


def judged(text, *estimates, given=None, things=(), signoffs=(), at=AT, **asked) -> Verdict:
    made = criterion(text, **asked)
    findings = {"e": finding(*estimates)} if given is None else given
    return judge_criterion(requirement(made), made, findings=findings, items=items(*things), signoffs=signoffs, at=at)


def share(x, n, key=None, name="x") -> Estimate:
    z = 1.959964
    p, d = x / n, 1 + z * z / n
    middle, half = (p + z * z / (2 * n)) / d, z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d
    return Estimate(name, p, middle - half, middle + half, key, "%", n, kind=Kind.SHARE)


def between(low, high, value=None, n=100, key=None, unit="", kind=Kind.OTHER) -> Estimate:
    return Estimate("x", (low + high) / 2 if value is None else value, low, high, key, unit, n, kind=kind)


def exact(value, n=None, unit="", key=None) -> Estimate:
    return Estimate("x", value, key=key, unit=unit, n=n, kind=Kind.EXACT)


# ── the whole interval ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("op", "low", "high", "result"),
    [
        (">=", 68, 72, PASS), (">=", 67.999, 72, UNDECIDED), (">=", 60, 68, UNDECIDED), (">=", 60, 67.999, FAIL),
        (">", 68, 72, UNDECIDED), (">", 68.001, 72, PASS), (">", 60, 68, FAIL),
        ("<=", 60, 68, PASS), ("<=", 60, 68.001, UNDECIDED), ("<=", 68, 72, UNDECIDED), ("<=", 68.001, 72, FAIL),
        ("<", 60, 68, UNDECIDED), ("<", 60, 67.999, PASS), ("<", 68, 72, FAIL),
    ],
)
def test_the_whole_interval_is_held_against_the_threshold(op, low, high, result):
    assert judged(f"e.x {op} 68", between(low, high)).result == result


def test_ends_are_compared_unrounded_though_they_would_print_alike():
    assert judged("e.x >= 68", between(67.96, 80)).result == UNDECIDED
    assert judged("e.x >= 68", between(68.0, 80)).result == PASS


@pytest.mark.parametrize(("op", "value", "result"), [("==", 0, PASS), ("==", 1, FAIL), (">=", 0, PASS), (">", 0, FAIL), ("<", 1, FAIL), ("<=", 0, PASS)])
def test_an_exact_number_is_never_undecided(op, value, result):
    assert judged(f"e.x {op} 0", exact(value)).result == result


def test_the_last_bits_of_arithmetic_decide_nothing():
    assert judged("e.x >= 30%", exact(0.1 + 0.1 + 0.1 - 1e-16, unit="%")).result == PASS
    assert judged("e.x == 100%", exact(1 - 2**-53, unit="%")).result == PASS
    assert judged("e.x >= 30%", exact(0.2999999, unit="%")).result == FAIL


def test_equality_with_a_number_that_has_an_interval_is_not_evaluable():
    verdict = judged("e.x == 68", between(60, 72))
    assert (verdict.result, verdict.why_code) == (VOID, "not_exact")
    assert verdict.why == Words("“==”只能比较精确计数，这个数带区间", "== compares exact counts only, and this number has an interval")


def test_a_fail_says_on_which_side_everything_lies():
    assert judged("e.x >= 68", between(60, 67)).why == Words("整段低于68", "all of it below 68")
    assert judged("e.x <= 30 CNY", between(31, 40, unit="CNY")).why == Words("整段高于30元", "all of it above CNY 30")
    assert judged("e.x == 0", exact(7)).why == Words("不等于0", "not equal to 0")
    assert judged("e.x >= 1", exact(0)).why == Words("低于1", "below 1")


def test_what_was_seen_stands_in_the_verdict():
    verdict = judged("e.x >= 40%", share(113, 268), on_fail="positioning")
    assert (verdict.seen.value, verdict.seen.n, verdict.seen.unit, verdict.seen.kind) == (113 / 268, 268, "%", "share")
    assert (verdict.threshold, verdict.op, verdict.limit, verdict.evidence, verdict.on_fail) == (Words("≥40%", "≥ 40%"), ">=", 0.4, "e", "positioning")


LIMITS = st.floats(-100, 100, allow_nan=False)


@given(st.tuples(LIMITS, LIMITS).map(sorted), st.lists(LIMITS, min_size=2, max_size=5).map(sorted))
def test_raising_a_least_never_turns_a_fail_into_a_pass(ends, limits):
    order = [PASS, UNDECIDED, FAIL]
    for op in (">=", ">"):
        results = [order.index(compare(op, limit, *ends)) for limit in limits]
        assert results == sorted(results)
    for op in ("<=", "<"):
        results = [order.index(compare(op, limit, *ends)) for limit in limits]
        assert results == sorted(results, reverse=True)


@given(LIMITS, st.floats(0.01, 50), LIMITS, st.sampled_from([">=", ">", "<=", "<"]))
def test_an_interval_that_shrinks_around_the_same_point_is_decided_in_the_end_and_stays_so(value, half, limit, op):
    assume(abs(value - limit) > 1e-6)
    results = [compare(op, limit, value - half / 2**i, value + half / 2**i) for i in range(40)]
    assert results[-1] == compare(op, limit, value, value) != UNDECIDED
    decided = [r != UNDECIDED for r in results]
    assert decided == sorted(decided)
    assert len({r for r in results if r != UNDECIDED}) == 1


# ── min and max over keys ─────────────────────────────────────────────────────────────────────────────────────────────

HIGH, LOW, BOTH = (0.5, 0.7), (0.1, 0.3), (0.3, 0.6)


@pytest.mark.parametrize(
    ("text", "spans", "result", "key"),
    [
        ("min(e.x) >= 0.4", [HIGH, HIGH], PASS, "a"),
        ("min(e.x) >= 0.4", [HIGH, LOW, BOTH], FAIL, "b"),
        ("min(e.x) >= 0.4", [HIGH, BOTH], UNDECIDED, "b"),
        ("max(e.x) >= 0.4", [LOW, HIGH, BOTH], PASS, "b"),
        ("max(e.x) >= 0.4", [LOW, BOTH], UNDECIDED, "b"),
        ("max(e.x) >= 0.4", [LOW, LOW], FAIL, "a"),
        ("max(e.x) <= 0.4", [LOW, LOW], PASS, "a"),
        ("max(e.x) <= 0.4", [LOW, HIGH, BOTH], FAIL, "b"),
        ("max(e.x) <= 0.4", [LOW, BOTH], UNDECIDED, "b"),
        ("min(e.x) <= 0.4", [HIGH, LOW, BOTH], PASS, "b"),
        ("min(e.x) <= 0.4", [HIGH, BOTH], UNDECIDED, "b"),
        ("min(e.x) <= 0.4", [HIGH, HIGH], FAIL, "a"),
    ],
)
def test_min_and_max_look_at_every_key_and_show_the_one_that_decides(text, spans, result, key):
    verdict = judged(text, *(between(*span, key=k) for span, k in zip(spans, "abc", strict=False)))
    assert (verdict.result, verdict.seen.key) == (result, key)


def test_the_extreme_key_of_those_that_decide_is_shown():
    spans = {"a": (0.5, 0.7), "b": (0.45, 0.6), "c": (0.6, 0.9)}
    given = [between(*span, key=key) for key, span in spans.items()]
    assert judged("min(e.x) >= 0.4", *given).seen.key == "b"
    assert judged("max(e.x) >= 0.4", *given).seen.key == "c"


def test_a_key_that_cannot_be_judged_leaves_open_only_what_the_others_do_not_settle():
    few, low, high = between(0.5, 0.7, n=3, key="few"), between(*LOW, key="low"), between(*HIGH, key="high")
    assert judged("min(e.x) >= 0.4", few, high, least_n=10).result == VOID
    assert judged("min(e.x) >= 0.4", few, low, least_n=10).result == FAIL
    assert judged("max(e.x) >= 0.4", few, high, least_n=10).result == PASS
    assert judged("max(e.x) >= 0.4", few, low, least_n=10).result == VOID


def test_equality_of_an_extreme_needs_exact_numbers():
    assert judged("max(e.x) == 2", exact(1, key="a"), exact(2, key="b")).result == PASS
    assert judged("max(e.x) == 2", exact(3, key="a"), exact(2, key="b")).result == FAIL
    assert judged("max(e.x) == 2", exact(2, key="a"), between(1, 3, key="b")).result == VOID


# ── not evaluable ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_evidence_without_a_finding_passes_on_why():
    why = Words("依赖扫描中断", "dependency scan aborted")
    verdict = judged("e.x == 0", given={"e": Absent("scan_incomplete", why)})
    assert (verdict.result, verdict.why_code, verdict.why, verdict.seen) == (VOID, "scan_incomplete", why, None)
    assert judged("e.x == 0", given={}).why_code == "no_data"


def test_an_estimate_that_was_not_computed_names_the_warning():
    given = {"e": finding(warnings=(Warning("small_n", Words("只有1人", "only 1 person")),))}
    verdict = judged("e.x >= 68", given=given)
    assert (verdict.result, verdict.why_code) == (VOID, "no_estimate")
    assert verdict.why == Words("没有算出x：只有1人", "x was not computed: only 1 person")


def test_a_key_that_is_not_there_is_said_with_those_that_are():
    verdict = judged("e.x[c] >= 1", exact(1, key="a"), exact(1, key="b"))
    assert (verdict.result, verdict.why) == (VOID, Words("结论里没有x[c]，只有a、b", "the finding has no x[c], only a, b"))
    assert judged("min(e.y) >= 1", exact(1, key="a")).why == Words("结论里没有y", "the finding has no y")


def test_too_few_observations_are_not_evaluable_however_good_they_look():
    verdict = judged("e.x >= 68", between(80, 90, n=5), least_n=12)
    assert (verdict.result, verdict.why_code, verdict.why) == (VOID, "least_n", Words("样本5<12", "n = 5 < 12"))
    assert judged("e.x >= 68", between(80, 90, n=12), least_n=12).result == PASS
    unknown = judged("e.x >= 68", between(80, 90, n=None), least_n=12)
    assert (unknown.result, unknown.why) == (VOID, Words("没有写明n，须满12", "n is not stated, 12 are asked"))


def test_before_the_period_is_over_nothing_is_seen():
    observed = (date(2026, 11, 20), date(2026, 11, 23))
    verdict = judged("e.x >= -2 pp", given={"e": finding(between(0, 0.02, unit="pp"), observed=observed)}, least_days=7)
    assert (verdict.result, verdict.why_code, verdict.seen, verdict.until) == (VOID, "least_days", None, date(2026, 11, 27))
    full = (date(2026, 11, 20), date(2026, 11, 26))
    assert judged("e.x >= -2 pp", given={"e": finding(between(0, 0.02, unit="pp"), observed=full)}, least_days=7).result == PASS
    assert judged("e.x >= -2 pp", between(0, 0.02, unit="pp"), least_days=7).why_code == "least_days"


def aged(*collected, baseline=None, at=AT, **asked) -> Verdict:
    sources = [Source(f"s{i}", "d", collected=day) for i, day in enumerate(collected)]
    if baseline:
        sources.append(Source("against", "d", collected=baseline, baseline=True))
    return judged("e.x >= 68", given={"e": finding(between(70, 80), sources=tuple(sources))}, at=at, greatest_age_days=7, **asked)


def test_the_age_runs_from_the_oldest_collection_that_is_no_baseline():
    assert aged(date(2026, 11, 17), date(2026, 11, 20)).result == PASS
    verdict = aged(date(2026, 11, 16), date(2026, 11, 20))
    assert (verdict.result, verdict.why_code, verdict.why) == (VOID, "too_old", Words("证据8天>7天", "evidence 8 days old > 7"))
    assert verdict.seen.value == 75
    assert aged(date(2026, 11, 20), baseline=date(2026, 2, 1)).result == PASS
    assert aged(date(2026, 11, 16), at=datetime(2026, 11, 23, 23, 59)).result == PASS


def test_an_age_that_nobody_knows_is_not_evaluable_where_one_is_asked():
    for verdict in (aged(), aged(date(2026, 11, 20), None), aged(baseline=date(2026, 11, 20))):
        assert (verdict.result, verdict.why_code) == (VOID, "age_unknown")
    assert judged("e.x >= 68", between(70, 80)).result == PASS


@pytest.mark.parametrize(
    ("text", "unit", "result"),
    [
        ("e.x <= 500 ms", "ms", PASS), ("e.x <= 500 ms", "", PASS), ("e.x <= 500", "ms", PASS), ("e.x <= 500 ms", "s", VOID), ("e.x <= 500 CNY", "ms", VOID),
        ("e.x <= 40%", "%", PASS), ("e.x <= 40 pp", "%", PASS), ("e.x <= 0.4", "%", PASS), ("e.x <= 40", "%", VOID), ("e.x <= 40%", "", VOID),
        ("e.x <= 40%", "people", VOID),
    ],
)
def test_a_threshold_of_another_unit_is_not_evaluable(text, unit, result):
    verdict = judged(text, between(0.1, 0.3, unit=unit))
    assert verdict.result == result
    if result == VOID:
        assert verdict.why_code == "unit_differs"
    if (text, unit) == ("e.x <= 40%", ""):
        assert verdict.why == Words("单位不符：准则为%，结论为无单位", "units differ: % in the criterion, no unit in the finding")


# ── items ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

THINGS = (
    item("N-1", "need", {"finding": ("kano",)}), item("N-2", "need", {"finding": ("survey",)}), item("N-3", "need"),
    item("F-1", "function", {"need": ("N-1",)}, priority="must"), item("F-2", "function", priority="must"), item("F-3", "function", priority="could"),
    item("S-1", "screen", {"function": ("F-1",)}),
)


def counted(text, things=THINGS, findings=("kano",), **asked) -> Verdict:
    return judged(text, given={name: finding() for name in findings}, things=things, **asked)


@pytest.mark.parametrize(
    ("text", "result", "value", "of", "which"),
    [
        ("functions[priority=must].without(need) == 0", FAIL, 1, 2, ("F-2",)),
        ("functions.without(need) <= 2", PASS, 2, 3, ("F-2", "F-3")),
        ("functions.with(need) >= 2", FAIL, 1, 3, ("F-2", "F-3")),
        ("functions.with(screen) < 1", FAIL, 1, 3, ("F-1",)),
        ("functions.share_with(design) == 100%", FAIL, 1 / 3, 3, ("F-2", "F-3")),
        ("functions.share_with(design) >= 30%", PASS, 1 / 3, 3, ("F-2", "F-3")),
        ("functions[priority=must].count() == 0", FAIL, 2, 3, ("F-1", "F-2")),
        ("functions.count() >= 5", FAIL, 3, 3, ()),
        ("needs.with(screen) == 1", PASS, 1, 3, ("N-1",)),
        ("functions.without(priority) == 0", PASS, 0, 3, ()),
        ("functions.without(release) == 0", FAIL, 3, 3, ("F-1", "F-2", "F-3")),
    ],
)
def test_items_are_counted_exactly_and_those_in_the_way_are_named(text, result, value, of, which):
    verdict = counted(text)
    assert (verdict.result, verdict.seen.value, verdict.seen.of, verdict.seen.which) == (result, value, of, which)


def test_the_reason_of_a_failed_count_names_the_items():
    assert counted("functions.without(need) == 0").why == Words("没有需求：F-2、F-3", "without a need: F-2, F-3")
    assert counted("functions.with(design) >= 3").why == Words(
        "没有界面或技术决策记录或质量场景：F-2、F-3", "without a screen or a decision record or a quality scenario: F-2, F-3"
    )
    assert counted("functions.without(incident) == 3", things=THINGS[3:4]).why == Words("没有故障：F-1", "without an incident: F-1")
    assert counted("functions.with(screen) == 0").why == Words("有界面：F-1", "with a screen: F-1")
    assert counted("functions[priority=must].count() == 0").why == Words("F-1、F-2", "F-1, F-2")
    assert counted("functions.count() >= 5").why == Words("数目不够", "too few")
    assert counted("functions.without(release) == 0").why == Words("没有版本：F-1、F-2、F-3", "without release: F-1, F-2, F-3")


def test_a_link_to_evidence_that_has_no_finding_yet_is_none():
    assert counted("needs.without(finding) == 0").seen.which == ("N-2", "N-3")
    assert counted("needs.without(finding) == 0", findings=("kano", "survey")).seen.which == ("N-3",)


def test_nothing_to_count_is_never_a_pass():
    for text in ("needs.without(finding) == 0", "needs.with(finding) >= 0", "needs.share_with(finding) >= 0%", "functions[priority=wont].without(need) == 0"):
        verdict = counted(text, things=THINGS[3:6])
        assert (verdict.result, verdict.why_code) == (VOID, "nothing_to_count")
    assert counted("needs.without(finding) == 0", things=()).why == Words("没有可数的需求", "nothing to count: no need")


def test_counting_what_must_not_be_there_passes_where_there_is_nothing():
    assert counted("incidents[open=severe].count() == 0", things=()).result == PASS
    assert counted("needs.count() >= 1", things=()).result == VOID


def test_a_count_may_ask_for_a_least_number_and_an_age():
    rivals = [item(f"C-{i}", "competitor", checked=date(2026, 11, i)) for i in (1, 20)]
    assert counted("competitors.count() >= 2", things=rivals, greatest_age_days=30).result == PASS
    assert counted("competitors.count() >= 2", things=rivals, greatest_age_days=7).why_code == "too_old"
    assert counted("competitors.count() >= 2", things=[*rivals, item("C-3", "competitor")], greatest_age_days=30).why_code == "age_unknown"
    assert counted("functions.without(screen) <= 2", least_n=4).why_code == "least_n"


# ── sign-offs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def signed(*given, **asked) -> Verdict:
    return judged("signoff.legal.privacy", signoffs=given, **asked)


def test_a_sign_off_passes_refused_fails_and_missing_is_not_evaluable():
    given = Signoff("R1.1", "legal", "privacy", "fengyuan", date(2026, 11, 18))
    verdict = signed(given)
    assert (verdict.result, verdict.seen.signed_by, verdict.seen.signed_on, verdict.threshold.zh) == (PASS, "fengyuan", date(2026, 11, 18), "已签")
    assert (signed().result, signed().why_code, signed().why) == (VOID, "not_signed", Words("未签", "not signed"))
    refused = Signoff("R1.1", "legal", "privacy", "fengyuan", date(2026, 11, 19), True, "缺少授权书")
    assert (signed(given, refused).result, signed(given, refused).why) == (FAIL, Words("fengyuan拒签：缺少授权书", "refused by fengyuan: 缺少授权书"))


def test_the_latest_entry_counts_and_one_of_the_future_does_not():
    refused = Signoff("R1.1", "legal", "privacy", "fengyuan", date(2026, 11, 18), True)
    later = Signoff("R1.1", "legal", "privacy", "fengyuan", date(2026, 11, 20))
    assert signed(later, refused).result == PASS
    assert signed(later, refused, at=date(2026, 11, 19)).result == FAIL
    assert signed(later, at=date(2026, 11, 19)).result == VOID
    same_day = Signoff("R1.1", "legal", "privacy", "fengyuan", date(2026, 11, 18))
    assert signed(refused, same_day).result == PASS


def test_a_sign_off_belongs_to_its_requirement_department_and_subject():
    for other in (("R1.2", "legal", "privacy"), ("R1.1", "qa", "privacy"), ("R1.1", "legal", "licences")):
        assert signed(Signoff(*other, "fengyuan", date(2026, 11, 18))).result == VOID


def test_a_sign_off_grows_old():
    given = Signoff("R1.1", "legal", "privacy", "zhaolan", date(2026, 11, 16))
    assert signed(given, greatest_age_days=8).result == PASS
    assert signed(given, greatest_age_days=7).why_code == "too_old"


# ── how many more ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("estimate", "limit", "n"),
    [
        (between(61.0, 70.6, n=24, kind=Kind.MEAN), 68, 110),  # SUS of the exemplar: 106
        (between(0.41, 0.85, 0.62, n=302), 0.50, 930),  # its distance: 925
        (share(72, 328), 0.20, 1700),
        (share(113, 268), 0.40, 2000),  # its fit: 1,968
    ],
)
def test_the_needed_n_is_that_of_the_exemplar(estimate, limit, n):
    assert needed_n(estimate, limit) == n


def test_no_sensible_n_is_none_at_all():
    assert needed_n(between(60, 70, 68, n=20), 68) is None
    assert needed_n(between(60, 70, 67.9, n=20), 68) is None
    assert needed_n(between(60, 70, 67.9, n=20, kind=Kind.MEAN), 68) is None
    assert needed_n(between(60, 70, n=None), 68) is None
    assert needed_n(between(60, math.inf, 65, n=20), 68) is None
    verdict = judged("e.x >= 68", between(60, 76, 68))
    assert (verdict.result, verdict.needs_n, verdict.why_code) == (UNDECIDED, None, "too_close")
    assert verdict.why == Words("68.0与68.0相差太小，补样判不出来", "68.0 is too close to 68.0 for more observations to tell")
    assert judged("e.x >= 68", between(60, 72, n=None)).why_code == "n_unknown"


def test_a_share_with_a_wider_interval_than_its_n_gives_goes_by_its_width():
    weighted = between(0.38, 0.46, 0.42, n=2500, unit="%", kind=Kind.SHARE)  # a design effect of 4; Wilson would ask for fewer than there are
    assert needed_n(weighted, 0.40) == 10_000


@given(st.integers(12, 400), st.floats(1, 20), st.floats(-0.95, 0.95))
def test_at_the_needed_n_a_t_interval_of_the_same_mean_leaves_the_threshold(n, sd, where):
    from scipy.stats import t

    def half(size):
        return t.ppf(0.975, size - 1) * sd / math.sqrt(size)

    distance = where * half(n)
    needs = needed_n(between(68 + distance - half(n), 68 + distance + half(n), 68 + distance, n=n, kind=Kind.MEAN), 68)
    assume(needs is not None)
    assert needs > n
    assert half(needs) < abs(distance)
    assert half(needs / 1.12) > abs(distance) * 0.99


@given(st.integers(20, 3000), st.data())
def test_at_the_needed_n_wilsons_interval_of_the_same_share_leaves_the_threshold(n, data):
    x = data.draw(st.integers(1, n - 1))
    now = share(x, n)
    limit = data.draw(st.floats(now.low + 1e-9, now.high - 1e-9))
    needs = needed_n(now, limit)
    assume(needs is not None)
    p = x / n
    z = 1.959964
    middle = (p + z * z / (2 * needs)) / (1 + z * z / needs)
    half = z * math.sqrt(p * (1 - p) / needs + z * z / (4 * needs * needs)) / (1 + z * z / needs)
    assert needs >= n
    assert not middle - half < limit - 1e-6 < limit + 1e-6 < middle + half


def test_five_people_are_not_evaluable_fifteen_mostly_undecided_two_hundred_pass():
    """The world of the practice product: true SUS 74, standard deviation 12, threshold 68, at least 12 people."""
    from scipy.stats import t

    rng = np.random.default_rng(20260101)

    def study(n: int) -> Verdict:
        scores = rng.normal(74, 12, n)
        half = t.ppf(0.975, n - 1) * scores.std(ddof=1) / math.sqrt(n)
        return judged("e.x >= 68", between(scores.mean() - half, scores.mean() + half, n=n, kind=Kind.MEAN), least_n=12)

    five, fifteen, many = ([study(n) for _ in range(200)] for n in (5, 15, 200))
    assert {v.result for v in five} == {VOID}
    assert {v.why_code for v in five} == {"least_n"}
    undecided = [v for v in fifteen if v.result == UNDECIDED]
    assert len(undecided) > 100
    assert not [v for v in fifteen if v.result == FAIL]
    with_n = [v.needs_n for v in undecided if v.needs_n is not None]
    assert len(with_n) >= 0.9 * len(undecided)  # in the others the mean lies so near 68 that no sensible n would do
    assert all(n > 15 for n in with_n)
    assert {v.result for v in many} == {PASS}


# ── stages and goals ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_must_comes_before_should_before_stop_in_the_order_of_the_requirements():
    first = requirement(criterion("e.x >= 1", "stop"), criterion("e.x >= 2", "should"), criterion("e.x >= 3"), id="R1.1")
    second = requirement(criterion("e.x >= 4"), criterion("e.x >= 5", "should"), id="R1.2")
    verdicts = judge(stage(first, second), findings={"e": finding(exact(9))}, items=items(), signoffs=(), at=AT)
    assert [v.limit for v in verdicts] == [3, 4, 2, 5, 1]
    assert [v.requirement for v in verdicts] == ["R1.1", "R1.2", "R1.1", "R1.2", "R1.1"]
    assert all(a.ask != "should" or b.ask != "must" for a, b in pairwise(verdicts))


def goal_state(*estimates, target=">= 20%", absent=False):
    made = Goal("O1", NONE, "e.x", None, target, None, parse_target("e.x", target, Where()) if target else None)
    return judge_goal(made, {} if absent else {"e": finding(*estimates)}, items(), AT)


def test_a_goal_is_judged_by_the_whole_interval():
    assert goal_state(between(0.22, 0.3, unit="%")).state == GoalState.MET
    assert goal_state(between(0.1, 0.19, unit="%")).state == GoalState.NOT_MET
    undecided = goal_state(share(246, 1122))
    assert (undecided.state, undecided.needs_n, undecided.seen.n) == (GoalState.UNDECIDED, 1700, 1122)


def test_a_goal_with_nothing_to_judge_has_not_started_and_says_why():
    assert (goal_state(absent=True).state, goal_state(absent=True).why) == (GoalState.NOT_STARTED, Words("没有数据", "no data"))
    assert (goal_state(target=None).state, goal_state(target=None).why.zh) == (GoalState.NOT_STARTED, "目标没有写指标或数值")
