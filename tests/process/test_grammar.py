import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stageway.evidence import DefinitionError, Where, Words
from stageway.process.expression import UNITS
from stageway.process.grammar import (
    Count,
    Expression,
    Live,
    Measure,
    Signoff,
    check,
    check_live,
    criterion_text,
    parse,
    parse_live,
    parse_target,
    threshold_words,
)
from stageway.process.template import builtin_kinds
from tests.shared import shared

HERE = Where(file="internet_app.yaml", line=12)


def refused(text: str, **checked: object) -> tuple[str, str, str]:
    """The code and the whole message in both languages."""
    known = {"gives": {}, "kinds": builtin_kinds(), "departments": ("legal", "qa"), **checked}
    with pytest.raises(DefinitionError) as caught:
        check(parse(text, HERE), where=HERE, **known)
    error = caught.value
    return error.code, error.sentence("zh"), error.sentence("en").replace("?.", "?")


# ── what can be written ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "subject", "op", "limit", "unit"),
    [
        ("sus_v2.score >= 68", Measure("sus_v2", "score"), ">=", 68, ""),
        ("tasks.completion[T2] >= 70%", Measure("tasks", "completion", "T2"), ">=", 0.7, "%"),
        ("opportunity.score[N-004] > 10", Measure("opportunity", "score", "N-004"), ">", 10, ""),
        ("attribution.cac[小红书 直播] <= 30 CNY", Measure("attribution", "cac", "小红书 直播"), "<=", 30, "CNY"),
        ("rollout.d1_difference >= -2 pp", Measure("rollout", "d1_difference"), ">=", -0.02, "pp"),
        ("rollout.d1_difference >= −2 pp", Measure("rollout", "d1_difference"), ">=", -0.02, "pp"),
        ("load.p95 <= 500ms", Measure("load", "p95"), "<=", 500, "ms"),
        ("market_size.sam >= 10000000 people", Measure("market_size", "sam"), ">=", 10_000_000, "people"),
        ("battery.life >= 10 days", Measure("battery", "life"), ">=", 10, "d"),
        ("min(hits.hit) >= 40%", Measure("hits", "hit", None, "min"), ">=", 0.4, "%"),
        ("max ( attribution . cac ) <= 40 CNY", Measure("attribution", "cac", None, "max"), "<=", 40, "CNY"),
        ("min.score >= 1", Measure("min", "score"), ">=", 1, ""),
        ("tests.failed_after_rerun == 0", Measure("tests", "failed_after_rerun"), "==", 0, ""),
        ("competitors.unique >= 1", Measure("competitors", "unique"), ">=", 1, ""),
        ("competitors.count() >= 5", Count("competitors"), ">=", 5, ""),
        ("functions[priority=must].without(need) == 0", Count("functions", (("priority", "must"),), "without", "need"), "==", 0, ""),
        ("needs[priority=must, state=planned].with(test) > 2", Count("needs", (("priority", "must"), ("state", "planned")), "with", "test"), ">", 2, ""),
        ("functions.share_with(design) == 100%", Count("functions", (), "share_with", "design"), "==", 1, "%"),
        ("signoff.legal.licences", Signoff("legal", "licences"), None, None, ""),
    ],
)
def test_each_form_is_read(text, subject, op, limit, unit):
    expression = parse(text, HERE)
    assert (expression.subject, expression.op, expression.limit, expression.unit) == (subject, op, limit, unit)
    assert expression.text == text
    assert parse(criterion_text(expression), HERE) == expression


@pytest.mark.parametrize(("written", "value"), [("99.5%", 0.995), ("0.3%", 0.003), ("28.7%", 0.287), ("57%", 0.57), ("-2 pp", -0.02)])
def test_a_percentage_is_the_nearest_number_to_what_was_written(written, value):
    assert parse(f"a.b >= {written}", HERE).limit == value


def test_a_target_is_read_as_a_criterion_is():
    assert parse_target("retention.d30", ">= 20%", HERE) == parse("retention.d30 >= 20%", HERE)
    assert parse_target("functions[release=first].count()", ">= 3", HERE).subject == Count("functions", (("release", "first"),))


@pytest.mark.parametrize(
    ("text", "live"),
    [
        (" tasks_v2.completion[T2] ", Live("tasks_v2", "completion", "T2")),
        ("sus.score | interval", Live("sus", "score", None, "interval")),
        ("sus.score|n", Live("sus", "score", None, "n")),
    ],
)
def test_a_live_number_is_read(text, live):
    assert parse_live(text) == live


def test_every_criterion_of_the_exemplar_is_read():
    anatomy = shared("anatomy.md", "exemplar").read_text(encoding="utf-8")
    written = [e for line in re.findall(r"(?m)^- IA[^\n]*", anatomy) for e in re.findall(r"`([^`]*)`", line) if not re.match(r"(least|greatest)_", e)]
    assert len(written) > 70
    for text in written:
        assert criterion_text(parse(text, HERE)) == text


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
VALUES = st.from_regex(r"[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff _/-]{0,6}[A-Za-z0-9\u4e00-\u9fff]", fullmatch=True)


@st.composite
def expressions(draw: st.DrawFn) -> Expression:
    measure = st.builds(Measure, NAMES, NAMES, st.none() | VALUES) | st.builds(Measure, NAMES, NAMES, st.none(), st.sampled_from(("min", "max")))
    filters = st.lists(st.tuples(NAMES, VALUES), max_size=3).map(tuple)
    count = st.builds(Count, NAMES, filters) | st.builds(Count, NAMES, filters, st.sampled_from(("with", "without", "share_with")), NAMES)
    subject = draw(st.builds(Signoff, NAMES, NAMES) | measure | count)
    if isinstance(subject, Signoff):
        return Expression("", subject)
    if isinstance(subject, Measure) and subject.name == "signoff":
        subject = Measure("other", subject.estimate, subject.key, subject.fold)
    if isinstance(subject, Count) and subject.plural == "signoff":
        subject = Count("others", subject.filters, subject.call, subject.target)
    decimals = draw(st.integers(0, 4))
    if isinstance(subject, Count):
        share = subject.call == "share_with"
        unit, written = "%" if share else "", Decimal(draw(st.integers(0, 100 * 10**decimals if share else 10**9))).scaleb(-decimals)
    else:
        unit, written = draw(st.sampled_from(("", *UNITS))), Decimal(draw(st.integers(-(10**9), 10**9))).scaleb(-decimals)
    limit = float(written / 100 if unit in ("%", "pp") else written)
    return Expression("", subject, draw(st.sampled_from((">=", "<=", "==", ">", "<"))), limit, unit, decimals)


@given(expressions())
def test_what_is_printed_is_read_back_as_the_same(expression):
    assert parse(criterion_text(expression), HERE) == expression


# ── what cannot ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "code", "zh", "en"),
    [
        (
            "sus_v2.score.low >= 68", "interval_end",
            "“sus_v2.score.low >= 68”：写了区间的一端。位置：internet_app.yaml，第12行。只写指标名，如 sus.score >= 68：判定总是看整个区间。",
            '"sus_v2.score.low >= 68": this names an end of an interval. At internet_app.yaml, line 12. '
            "Name the quantity alone, such as sus.score >= 68: the whole interval is always judged.",
        ),
        (
            "sus.score = 68", "criterion_wrong",
            "“sus.score = 68”：从第11个字符“= 68”起读不懂。位置：internet_app.yaml，第12行。应为：>=、<=、==、> 或 <。",
            '"sus.score = 68": this cannot be read from character 11 on, "= 68". At internet_app.yaml, line 12. Expected >=, <=, ==, > or <.',
        ),
        (
            "sus.score >=", "criterion_wrong",
            "“sus.score >=”：没有写完。位置：internet_app.yaml，第12行。应为：一个数，不带千分位。",
            '"sus.score >=": this is not complete. At internet_app.yaml, line 12. Expected a number without thousands separators.',
        ),
        (
            "users.registered >= 30,000", "criterion_wrong",
            "“users.registered >= 30,000”：从第21个字符“30,000”起读不懂。位置：internet_app.yaml，第12行。应为：一个数，不带千分位。",
            '"users.registered >= 30,000": this cannot be read from character 21 on, "30,000". At internet_app.yaml, line 12. '
            "Expected a number without thousands separators.",
        ),
        (
            "load.p95 <= 500 msec", "unit_unknown",
            "“load.p95 <= 500 msec”：不认识单位“msec”。位置：internet_app.yaml，第12行。您是否要写：ms。",
            '"load.p95 <= 500 msec": the unit "msec" is unknown. At internet_app.yaml, line 12. Did you mean ms?',
        ),
        (
            "functions.witout(need) == 0", "criterion_wrong",
            "“functions.witout(need) == 0”：从第11个字符“witout(need) == 0”起读不懂。位置：internet_app.yaml，第12行。"
            "应为：count()、with(…)、without(…) 或 share_with(…)。",
            '"functions.witout(need) == 0": this cannot be read from character 11 on, "witout(need) == 0". At internet_app.yaml, line 12. '
            "Expected count(), with(…), without(…) or share_with(…).",
        ),
        (
            "functions.share_with(design) == 100", "limit_wrong",
            "“functions.share_with(design) == 100”：门槛不是占比。位置：internet_app.yaml，第12行。应为：0%到100%。",
            '"functions.share_with(design) == 100": the threshold is no share. At internet_app.yaml, line 12. Expected 0% to 100%.',
        ),
        (
            "needs.count() >= 8 people", "limit_wrong",
            "“needs.count() >= 8 people”：计数没有单位。位置：internet_app.yaml，第12行。去掉“people”。",
            '"needs.count() >= 8 people": a count has no unit. At internet_app.yaml, line 12. Leave "people" out.',
        ),
    ],
)
def test_a_criterion_written_wrongly_is_refused_with_its_place(text, code, zh, en):
    assert refused(text) == (code, zh, en)


@pytest.mark.parametrize(
    "text",
    [
        "", "68", "sus", "sus.score", "sus >= 68", "sus.score >= 68 and sus.n >= 5", "sus.score >= x", "min(sus.score[a]) >= 1",
        "min(needs.count()) >= 1",
        "min(sus.score >= 1", "needs[].count() == 0", "needs[open].count() == 0", "needs[open=a == 0", "needs.with() == 0", "signoff.legal",
        "signoff.legal.licences >= 1", "signoff.legal.a.b", "sus.score[] >= 1", "sus.score[a >= 1", "sus.score.mean >= 1",
        "__import__('os').x >= 1", "sus.score >= 1e3",
        "sus.score >= .5", "sus.score >= ٣", "sus.score >= 1 %%", "needs.count(x) >= 1",
    ],
)
def test_nothing_outside_the_grammar_gets_through(text):
    with pytest.raises(DefinitionError):
        parse(text, HERE)


def test_a_form_of_a_live_number_that_is_not_there_is_refused():
    with pytest.raises(DefinitionError) as caught:
        parse_live("sus.score | intervall", Where(file="words/design.meaning.zh.md", line=6))
    assert caught.value.sentence("zh") == "“sus.score | intervall”：没有“intervall”这种写法。位置：words/design.meaning.zh.md，第6行。您是否要写：interval。"
    with pytest.raises(DefinitionError, match="this names an end of an interval"):
        parse_live("sus.score.high")


# ── names that are declared nowhere ───────────────────────────────────────────────────────────────────────────────────

GIVES = {"sus_v2": ("score", "difference"), "kano": ("better[]", "questionable"), "tasks": ("completion[T1]", "completion[T2]"), "revenue": None}


@pytest.mark.parametrize(
    "text",
    [
        "sus_v2.score >= 68", "kano.better[offline] >= 0.2", "min(kano.better) >= 0.2", "kano.questionable <= 2%", "tasks.completion[T2] >= 70%",
        "max(tasks.completion) >= 70%", "revenue.anything[at_all] >= 3%", "min(revenue.anything) > 1", "signoff.legal.privacy",
        "functions[priority=must].without(need) == 0", "needs.without(finding) == 0", "needs.without(test) == 0", "functions.share_with(design) == 100%",
        "activities.without(control) == 0", "goals.without(metric) == 0", "segments_decided[target=yes].count() >= 1", "needs[id=N-001].with(function) == 1",
    ],
)
def test_declared_names_pass(text):
    check(parse(text, HERE), gives=GIVES, kinds=builtin_kinds(), departments=("legal",), where=HERE)


@pytest.mark.parametrize(
    ("text", "code", "zh", "en"),
    [
        (
            "sus_v3.score >= 68", "evidence_unknown", "“sus_v3.score >= 68”：没有声明结论“sus_v3”。位置：internet_app.yaml，第12行。您是否要写：sus_v2。",
            '"sus_v3.score >= 68": the evidence "sus_v3" is not declared. At internet_app.yaml, line 12. Did you mean sus_v2?',
        ),
        (
            "sus_v2.scores >= 68", "estimate_unknown",
            "“sus_v2.scores >= 68”：结论“sus_v2”没有估计“scores”。位置：internet_app.yaml，第12行。您是否要写：score。",
            '"sus_v2.scores >= 68": "sus_v2" has no estimate "scores". At internet_app.yaml, line 12. Did you mean score?',
        ),
        (
            "sus_v2.score_low >= 68", "interval_end",
            "“sus_v2.score_low >= 68”：写了区间的一端。位置：internet_app.yaml，第12行。只写指标名，如 sus.score >= 68：判定总是看整个区间。",
            '"sus_v2.score_low >= 68": this names an end of an interval. At internet_app.yaml, line 12. '
            "Name the quantity alone, such as sus.score >= 68: the whole interval is always judged.",
        ),
        (
            "kano.better >= 0.2", "key_missing",
            "“kano.better >= 0.2”：没有写键，kano.better每个键有一个值。位置：internet_app.yaml，第12行。"
            "应为：kano.better[键]，或 min(kano.better)、max(kano.better)。",
            '"kano.better >= 0.2": the key is missing, kano.better has one value for each key. At internet_app.yaml, line 12. '
            "Expected kano.better[key], or min(kano.better), max(kano.better).",
        ),
        (
            "max(sus_v2.score) >= 68", "key_refused",
            "“max(sus_v2.score) >= 68”：不该写“max()”，sus_v2.score只有一个值。位置：internet_app.yaml，第12行。应为：sus_v2.score。",
            '"max(sus_v2.score) >= 68": "max()" must go, sus_v2.score is one value. At internet_app.yaml, line 12. Expected sus_v2.score.',
        ),
        (
            "sus_v2.score[T1] >= 68", "key_refused",
            "“sus_v2.score[T1] >= 68”：不该写“[T1]”，sus_v2.score只有一个值。位置：internet_app.yaml，第12行。应为：sus_v2.score。",
            '"sus_v2.score[T1] >= 68": "[T1]" must go, sus_v2.score is one value. At internet_app.yaml, line 12. Expected sus_v2.score.',
        ),
        (
            "tasks.completion[T3] >= 70%", "key_unknown", "“tasks.completion[T3] >= 70%”：没有键“T3”。位置：internet_app.yaml，第12行。您是否要写：T2、T1。",
            '"tasks.completion[T3] >= 70%": there is no key "T3". At internet_app.yaml, line 12. Did you mean T2, T1?',
        ),
        (
            "function.count() >= 1", "kind_unknown",
            "“function.count() >= 1”：没有条目种类“function”。位置：internet_app.yaml，第12行。您是否要写：functions。",
            '"function.count() >= 1": there is no kind of items "function". At internet_app.yaml, line 12. Did you mean functions?',
        ),
        (
            "functions[prority=must].count() >= 1", "field_unknown",
            "“functions[prority=must].count() >= 1”：功能没有字段“prority”。位置：internet_app.yaml，第12行。您是否要写：priority。",
            '"functions[prority=must].count() >= 1": Function has no field "prority". At internet_app.yaml, line 12. Did you mean priority?',
        ),
        (
            "functions[priority=most].count() >= 1", "value_unknown",
            "“functions[priority=most].count() >= 1”：“priority”不会是“most”。位置：internet_app.yaml，第12行。您是否要写：must、wont。",
            '"functions[priority=most].count() >= 1": "priority" is never "most". At internet_app.yaml, line 12. Did you mean must, wont?',
        ),
        (
            "functions.without(needs) == 0", "target_unknown",
            "“functions.without(needs) == 0”：功能链接不到“needs”。位置：internet_app.yaml，第12行。您是否要写：need、release。",
            '"functions.without(needs) == 0": Function has no link to "needs". At internet_app.yaml, line 12. Did you mean need, release?',
        ),
        (
            "signoff.legals.privacy", "department_unknown", "“signoff.legals.privacy”：没有部门“legals”。位置：internet_app.yaml，第12行。您是否要写：legal。",
            '"signoff.legals.privacy": there is no department "legals". At internet_app.yaml, line 12. Did you mean legal?',
        ),
    ],
)
def test_a_name_that_is_declared_nowhere_is_refused_with_the_nearest(text, code, zh, en):
    assert refused(text, gives=GIVES) == (code, zh, en)


def test_a_link_that_no_item_of_the_kind_can_have_is_refused():
    assert refused("stores.without(finding) == 0", gives=GIVES)[0] == "target_unknown"
    assert refused("channels.without(test) == 0", gives=GIVES)[0] == "target_unknown"


def test_a_live_number_is_checked_against_what_the_evidence_gives():
    check_live(parse_live("sus_v2.score"), "sus_v2.score", gives=GIVES, where=HERE)
    with pytest.raises(DefinitionError, match="Did you mean score"):
        check_live(parse_live("sus_v2.scor"), "sus_v2.scor", gives=GIVES, where=HERE)


# ── thresholds in words ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("sus.score >= 68", "≥68", "≥ 68"),
        ("positioning.distance >= 0.50", "≥0.50", "≥ 0.50"),
        ("stability.crash_free >= 99.5%", "≥99.5%", "≥ 99.5%"),
        ("kano.questionable <= 2%", "≤2%", "≤ 2%"),
        ("rollout.d1_difference >= -2 pp", "≥−2个百分点", "≥ −2 points"),
        ("load.p95 <= 500 ms", "≤500毫秒", "≤ 500 ms"),
        ("attribution.cac_blended <= 30 CNY", "≤30元", "≤ CNY 30"),
        ("market_size.sam >= 10000000 people", "≥1,000万", "≥ 10 million"),
        ("market.revenue >= 2500000 CNY", "≥250万元", "≥ CNY 2.5 million"),
        ("functions.share_with(design) == 100%", "=100%", "= 100%"),
        ("security.high == 0", "=0", "= 0"),
        ("reliability.beta < 1", "<1", "< 1"),
        ("survey.n_eff >= 400", "≥400", "≥ 400"),
        ("users.registered >= 30000", "≥30,000", "≥ 30,000"),
        ("signoff.legal.licences", "已签", "signed"),
    ],
)
def test_a_threshold_is_printed_as_the_exemplar_does(text, zh, en):
    assert threshold_words(parse(text, HERE)) == Words(zh, en)
