"""CycloneDX: vulnerabilities as findings, components with licences; a bill that was never matched is no clean scan."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stageway import catalogue
from stageway.evidence import DataError, IncompleteError, ParamError
from stageway.readers.cyclonedx import READER, recognises
from tests.readers.any_bytes import survives

REAL = Path(__file__).parents[1] / "data" / "security" / "cyclonedx_environment.json"
#: In the form of the specification's example of a vulnerability (CycloneDX 1.4, use case "vulnerabilities").
JACKSON = {
    "id": "SNYK-JAVA-COMFASTERXMLJACKSONCORE-32111",
    "ratings": [
        {"source": {"name": "NVD"}, "score": 9.8, "severity": "critical", "method": "CVSSv3"},
        {"source": {"name": "Acme"}, "score": 7.0, "severity": "high", "method": "OWASP"},
    ],
    "description": "Deserialization of untrusted data",
    "affects": [{"ref": "jackson"}],
}


def bill(*vulnerabilities, version="2.9.4", **more):
    part = {"bom-ref": "jackson", "type": "library", "name": "jackson-databind", "version": version, "purl": f"pkg:maven/core/jackson-databind@{version}?type=jar"}
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [part], "vulnerabilities": list(vulnerabilities), **more}


@pytest.fixture
def read(tmp_path):
    def made(content, **options):
        path = tmp_path / "bom.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return READER.read(path, options)

    return made


def test_a_vulnerability_has_the_severity_of_its_highest_cvss_score(read):
    (row,) = read(bill(JACKSON)).frame.records()
    assert (row["score"], row["severity"], row["level"]) == (9.8, "critical", "error")
    assert (row["rule"], row["file"], row["suppressed"]) == (JACKSON["id"], "jackson-databind 2.9.4", False)


def test_without_a_score_the_worst_word_counts_and_without_a_word_the_level_is_a_warning(read):
    worded = {**JACKSON, "ratings": [{"severity": "low"}, {"severity": "medium"}]}
    silent = {**JACKSON, "ratings": [{"severity": "unknown"}]}
    first, second = read(bill(worded, silent)).frame.records()
    assert (first["severity"], second["severity"], second["level"]) == ("medium", None, "warning")


@pytest.mark.parametrize(("state", "aside"), [("not_affected", True), ("false_positive", True), ("resolved", True), ("exploitable", False), ("in_triage", False)])
def test_what_its_analysis_sets_aside_is_suppressed_with_the_reason(state, aside, read):
    analysis = {"state": state, "justification": "code_not_reachable", "detail": "the parser is not used"}
    (row,) = read(bill({**JACKSON, "analysis": analysis})).frame.records()
    assert row["suppressed"] is aside
    assert row["justification"] == (f"{state} · code_not_reachable · the parser is not used" if aside else None)


def test_a_finding_keeps_its_identity_over_versions_of_the_component(read):
    before, after = (read(bill(JACKSON, version=v)).frame["identity"][0] for v in ("2.9.4", "2.9.5"))
    assert before == after


def test_a_vulnerability_of_two_components_is_two_findings(read):
    two = bill({**JACKSON, "affects": [{"ref": "jackson"}, {"ref": "pkg:npm/%40scope/left@1.0"}]})
    assert [row["file"] for row in read(two).frame.records()] == ["jackson-databind 2.9.4", "pkg:npm/%40scope/left@1.0"]


def test_a_bill_that_was_never_matched_is_not_clean_and_an_empty_list_is(read):
    with pytest.raises(IncompleteError) as caught:
        READER.read(REAL, {})
    assert "table: components" in caught.value.sentence("en")
    assert len(read(bill()).frame) == 0


def test_the_components_of_a_real_environment_come_with_their_licences():
    reading = READER.read(REAL, {"table": "components"})
    document = json.loads(REAL.read_text(encoding="utf-8"))
    assert len(reading.frame) == len(document["components"]) + ("component" in document["metadata"])
    row = next(row for row in reading.frame.records() if row["name"] == "defusedxml")
    assert (row["version"], row["licence"], row["licences"]) == ("0.7.1", "Python-2.0", 1)
    assert reading.facts["without_licence"] == sum(not part.get("licenses") for part in document["components"])


def test_it_serves_the_method_for_security_findings(read):
    finding = catalogue.get("security_findings").run({"findings": read(bill(JACKSON, {**JACKSON, "id": "b", "ratings": [{"score": 5, "method": "CVSSv31"}]})).frame})
    assert [finding.get(name).value for name in ("high", "critical", "medium")] == [1, 1, 1]


def test_other_files_are_refused_with_what_to_do(read):
    with pytest.raises(DataError) as caught:
        read('<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5"/>')
    assert "--output-format json" in caught.value.sentence("en")
    with pytest.raises(DataError):
        read({"spdxVersion": "SPDX-2.3"})
    with pytest.raises(ParamError):
        read(bill(), table="services")


def test_it_is_recognised_by_its_first_lines(tmp_path):
    assert recognises(REAL) is not None
    other = tmp_path / "other.json"
    other.write_text('{"runs": []}')
    assert recognises(other) is None


TOKENS = [*b'{ } [ ] "bomFormat" "CycloneDX" "vulnerabilities" "components" "affects" "ratings" "ref" "score" : , 1 1e999 null "x"'.split(b" "), b'{"bomFormat":"CycloneDX",']


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(tokens=st.lists(st.sampled_from(TOKENS), max_size=40))
def test_no_order_of_tokens_breaks_it(tokens):
    survives(READER, b"".join(tokens))
