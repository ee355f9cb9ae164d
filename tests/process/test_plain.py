"""Numbers entered by hand become findings like any other: with interval, n and source, and never more exact than they are."""

import pytest

from stageway.evidence import DefinitionError, Kind, Words
from stageway.process.marked import load_map
from stageway.process.model import EvidenceEntry
from stageway.process.plain import is_entered, plain_finding

SOURCE = "source: {zh: 走查表, en: walk-through}\n"


def entry(*gives: str) -> EvidenceEntry:
    return EvidenceEntry("load", "quality", Words("压测", "Load test"), None, {}, {}, gives, {})


def finding(numbers: str, rest: str = SOURCE, *gives: str):
    return plain_finding(entry(*gives), load_map(f"plain: {numbers}\n{rest}", "product.yaml"))


def refusal(numbers: str, rest: str = SOURCE, *gives: str) -> str:
    with pytest.raises(DefinitionError) as caught:
        finding(numbers, rest, *gives)
    assert caught.value.sentence("zh") != caught.value.sentence("en")
    return caught.value.sentence("en")


def test_the_finding_says_the_number_its_source_and_that_it_was_entered_by_hand():
    made = finding("{p95: {value: 412, low: 398, high: 431, n: 36000, unit: ms, counts: {zh: 次请求, en: requests}, label: {zh: P95, en: P95}}}")
    assert made.headline.en == "Load test: P95 412 ms [398, 431] (n = 36,000)"
    assert made.meaning.sure == Words("人工填报，来源：走查表", "Entered by hand; source: walk-through")
    number = made.get("p95")
    assert (number.value, number.low, number.high, number.n, number.kind) == (412, 398, 431, 36000, Kind.OTHER)


def test_a_lone_number_is_an_exact_count():
    assert finding("{blocked: 0}").get("blocked").kind == Kind.EXACT


def test_a_share_gets_its_wilson_interval_here():
    """Wilson 1927 with z = 1.96: 45 of 50 is 0.7864 to 0.9565."""
    share = finding("{done: {value: 0.9, n: 50, unit: '%', kind: share}}").get("done")
    assert (share.low, share.high) == (pytest.approx(0.7864, abs=5e-4), pytest.approx(0.9565, abs=5e-4))


def test_a_sample_without_an_interval_is_refused_unless_it_is_a_census():
    assert refusal("{time: {value: 41, n: 20, unit: s}}").startswith('"time" has a sample size but no interval. At product.yaml, line 1. Give low and high, or')
    assert finding("{time: {value: 41, n: 20, unit: s, kind: exact}}").get("time").n == 20


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ("{p95: fast}", '"fast" is not a number. At product.yaml, line 1.'),
        ("{p95: {value: 1, n: many}}", '"many" is not a number. At product.yaml, line 1.'),
        ("{p95: {low: 1, high: 2}}", '"p95" has no value. At product.yaml, line 1.'),
        ("{p95: {value: 1, valeu: 2}}", 'unknown field "valeu". At product.yaml, line 1. Did you mean value?'),
        ("{p95: {value: 1, kind: guess}}", '"guess" is no kind of interval. At product.yaml, line 1. Expected one of share, mean, other, exact.'),
        ("{p 95: 1}", '"p 95" is no name of a number. At product.yaml, line 1.'),
    ],
)
def test_what_is_no_number_is_named_with_its_line(numbers, sentence):
    assert refusal(numbers) == sentence


@pytest.mark.parametrize("numbers", ["{p95: {value: 5, low: 6, high: 7}}", "{p95: {value: 5, low: 7, high: 3}}", "{p95: {value: 5, low: 1, high: 4.9}}"])
def test_a_value_outside_its_interval_is_refused(numbers):
    assert refusal(numbers) == 'the value of "p95" lies outside its interval. At product.yaml, line 1.'


@pytest.mark.parametrize("numbers", ["{p95: {value: .nan}}", "{p95: {value: .inf}}", "{p95: {value: 5, low: 4}}"])
def test_what_is_no_interval_is_refused(numbers):
    assert refusal(numbers).startswith('the interval of "p95" is wrong (')


def test_a_name_that_the_template_does_not_give_is_refused():
    assert refusal("{p99: 1}", SOURCE, "p95", "failure") == 'the evidence "load" has no number "p99". At product.yaml, line 1. Expected one of failure, p95.'
    keyed = finding('{"completion[T1]": {value: 0.9, low: 0.7, high: 0.97, n: 20}}', SOURCE, "completion[]")
    assert keyed.get("completion", "T1").value == 0.9


def test_numbers_without_a_source_are_refused():
    assert refusal("{p95: 1}", "by: ann\n") == 'the numbers of "load" are entered by hand without a source. At product.yaml, line 1.'


def test_age_and_period_come_along():
    made = finding("{p95: 1}", SOURCE + "collected: 2026-11-23\nobserved: {from: 2026-11-16, to: 2026-11-22}\n")
    assert made.provenance.sources[0].collected.isoformat() == "2026-11-23"
    assert [day.isoformat() for day in made.observed] == ["2026-11-16", "2026-11-22"]
    assert refusal("{p95: 1}", SOURCE + "collected: last week\n") == '"last week" is not a date. At product.yaml, line 3. Expected such as 2026-05-20.'


def test_only_numbers_that_were_entered_count():
    declared = EvidenceEntry("load", "quality", Words("压测", "Load test"), None, {}, {}, ("p95",), None)
    assert not is_entered(declared)
