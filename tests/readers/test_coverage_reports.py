"""Coverage reports as real tools write them: counted line by line, a line once, unknown branches never 0%."""

import json
import math
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stageway.evidence import DataError, IncompleteError, ParamError
from stageway.readers import coverage_cobertura, jacoco, lcov
from tests.readers.any_bytes import survives
from tests.shared import shared

READERS = {module.READER.id: module.READER for module in (coverage_cobertura, lcov, jacoco)}
FILES = {"cobertura_java.xml": "coverage_cobertura", "cobertura_coverlet.xml": "coverage_cobertura", "lcov.info": "lcov", "jacoco.xml": "jacoco"}


@pytest.fixture
def report(tmp_path):
    def write(content: str | bytes, name: str = "report"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def read(id, path, **options):
    return READERS[id].read(path, options)


def codes(reading):
    return [warning.code for warning in reading.warnings]


def rows(reading):
    return {(r["file"], r["line"]): r for r in reading.frame.records()}


# ── what independent counters found ──


def test_real_reports_give_the_counts_of_an_independent_counter():
    """quality/facts.json: an lxml and text counter over the same files."""
    facts = json.loads(shared("quality/facts.json").read_text())
    for name in ("cobertura_java.xml", "cobertura_coverlet.xml"):
        fact, reading = facts[f"coverage/{name}"], read("coverage_cobertura", shared(f"quality/coverage/{name}"))
        assert reading.facts["classes"] == fact["classes"]
        assert reading.facts["lines"] == fact["lines_valid_by_file_line"] == len(reading.frame)
        assert reading.facts["lines_covered"] == fact["lines_covered_by_file_line"] == sum(reading.frame["covered"])
        assert round(reading.facts["lines_covered"] / reading.facts["lines"], 6) == fact["line_rate_recomputed"]
        assert str(reading.facts["branches"]) == fact["root_attrs"]["branches-valid"]
        assert str(reading.facts["branches_covered"]) == fact["root_attrs"]["branches-covered"]
        assert codes(reading) == []
    fact, reading = facts["coverage/lcov.info"], read("lcov", shared("quality/coverage/lcov.info"))
    told = ("files", "lines", "lines_covered", "branches", "branches_covered")
    assert [reading.facts[name] for name in told] == [fact[name] for name in ("files", "lines", "lines_hit", "branches", "branches_hit")]
    assert codes(reading) == []


def test_jacoco_agrees_with_the_counters_that_jacoco_wrote_itself():
    reading = read("jacoco", shared("quality/coverage/jacoco.xml"))
    assert (reading.facts["lines"], reading.facts["lines_covered"]) == (38, 26) == reading.facts["claimed_lines"]
    assert (reading.facts["branches"], reading.facts["branches_covered"]) == (4, 1)
    assert reading.facts["classes"] == 8
    assert reading.frame["file"].tolist()[0] == "test/Program.java"


def test_no_real_file_is_left_out():
    assert sorted(p.name for p in shared("quality/coverage").iterdir()) == sorted(FILES)


# ── Cobertura ──

CLASS = '<class name="{name}" filename="{file}"><methods>{methods}</methods><lines>{lines}</lines></class>'


def cobertura(*classes, attributes=""):
    return f"<coverage {attributes}><packages><package><classes>{''.join(classes)}</classes></package></packages></coverage>"


def test_inner_classes_share_the_lines_of_a_file_and_the_most_hits_count(report):
    one = CLASS.format(name="A", file="a\\b.cs", methods="", lines='<line number="1" hits="0"/><line number="2" hits="3"/>')
    two = CLASS.format(name="A$B", file="./a/b.cs", methods="", lines='<line number="1" hits="2"/>')
    reading = read("coverage_cobertura", report(cobertura(one, two)))
    assert [(r["file"], r["line"], r["hits"], r["covered"]) for r in reading.frame.records()] == [("a/b.cs", 1, 2.0, True), ("a/b.cs", 2, 3.0, True)]


def test_the_lines_of_methods_count_only_where_a_class_has_none_of_its_own(report):
    method = '<method name="m"><lines><line number="1" hits="1"/><line number="9" hits="0"/></lines></method>'
    both = CLASS.format(name="A", file="a.py", methods=method, lines='<line number="1" hits="1"/>')
    alone = CLASS.format(name="B", file="b.py", methods=method, lines="")
    assert set(rows(read("coverage_cobertura", report(cobertura(both, alone))))) == {("a.py", 1), ("b.py", 1), ("b.py", 9)}


@pytest.mark.parametrize("attributes", ["", 'branch-rate="0"', 'branch-rate="1" line-rate="NaN"'])
def test_a_branch_rate_that_no_line_explains_is_unknown_and_not_0_or_1(report, attributes):
    reading = read("coverage_cobertura", report(cobertura(CLASS.format(name="A", file="a.py", methods="", lines='<line number="1" hits="1"/>'), attributes=attributes)))
    assert reading.facts["branches"] is None
    assert math.isnan(reading.frame["branches"][0])
    assert codes(reading) == []


def test_a_line_marked_as_branch_without_conditions_is_left_out_and_said(report):
    lines = '<line number="1" hits="1" branch="true"/><line number="2" hits="1" branch="True" condition-coverage="50% (1/2)"/>'
    reading = read("coverage_cobertura", report(cobertura(CLASS.format(name="A", file="a.py", methods="", lines=lines))))
    assert (reading.facts["branches"], reading.facts["branches_covered"], codes(reading)) == (2, 1, ["branches_unmeasured"])


def test_attributes_that_claim_other_totals_are_reported_and_not_believed(report):
    lines = '<line number="1" hits="1"/><line number="2" hits="-7"/>'
    reading = read("coverage_cobertura", report(cobertura(CLASS.format(name="A", file="a.py", methods="", lines=lines), attributes='lines-valid="9" lines-covered="9"')))
    assert (reading.facts["lines"], reading.facts["lines_covered"]) == (2, 1)
    assert reading.warnings[0].text.en == (
        "the report claims 9 lines with 9 covered, its lines show 2 with 1; the lines count, but check that it is complete"
    )


@pytest.mark.parametrize("doctype", ['<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">', ""])
def test_the_doctype_that_gcovr_and_cobertura_write_is_no_reason_to_refuse(report, doctype):
    assert read("coverage_cobertura", report('<?xml version="1.0"?>' + doctype + cobertura())).facts["lines"] == 0


@pytest.mark.parametrize("id", ["coverage_cobertura", "jacoco"])
def test_entities_are_refused_in_constant_memory(report, id):
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("abcdefgh", "bcdefghi", strict=True))
    path = report(f"{bomb}]><coverage>&i;</coverage>")
    tracemalloc.start()
    with pytest.raises(DataError) as caught:
        read(id, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.code == "xml_entities"
    assert peak < 20e6


@pytest.mark.parametrize(("id", "content", "code"), [
    ("coverage_cobertura", '<testsuites><testsuite name="s"/></testsuites>', "coverage_wrong"),
    ("coverage_cobertura", '<coverage clover="4.4"><project/></coverage>', "coverage_wrong"),
    ("jacoco", "<coverage/>", "coverage_wrong"),
    ("coverage_cobertura", '<coverage><class name="A"/></coverage>', "file_unnamed"),
    ("coverage_cobertura", '<coverage><class filename="a"><lines><line number="x" hits="1"/></lines></class></coverage>', "count_wrong"),
    ("coverage_cobertura", '<coverage><class filename="a"><lines><line number="1" hits="NaN"/></lines></class></coverage>', "count_wrong"),
    ("lcov", "TN:\nhello\n", "coverage_wrong"),
    ("lcov", "DA:1,1\n", "coverage_wrong"),
    ("lcov", "SF:a\nDA:x,1\nend_of_record\n", "count_wrong"),
    ("lcov", "SF:a\nBRDA:1,0\nend_of_record\n", "coverage_wrong"),
])
def test_what_is_not_of_the_format_is_refused_with_its_place(report, id, content, code):
    path = report(content)
    with pytest.raises(DataError) as caught:
        read(id, path)
    assert caught.value.code == code
    assert str(path) in caught.value.sentence("zh")


def test_a_report_that_breaks_off_is_incomplete_and_not_merely_smaller(report):
    for id, content in (("coverage_cobertura", "<coverage><packages>"), ("jacoco", "<report><package>"), ("lcov", "SF:a\nDA:1,1\n"), ("lcov", "SF:a\nDA:1,1\nSF:b\n")):
        with pytest.raises(IncompleteError):
            read(id, report(content))
    with pytest.raises(IncompleteError) as caught:
        read("lcov", report("SF:a\nDA:1,1\n", "cut.info"))
    assert caught.value.sentence("en").startswith("a record breaks off: its end_of_record is missing. At ")


# ── LCOV ──


def test_a_file_told_twice_is_summed_and_a_negative_count_is_zero(report):
    reading = read("lcov", report("TN:t1\r\nSF:a.c\r\nDA:1,2,md5\r\nDA:2,-3\r\nend_of_record\r\nTN:t2\r\nSF:a.c\r\nDA:1,5\r\nend_of_record\r\n"))
    assert [(r["line"], r["hits"], r["covered"]) for r in reading.frame.records()] == [(1, 7.0, True), (2, 0.0, False)]
    assert codes(reading) == ["hits_negative"]


def test_a_branch_has_a_name_that_is_text_and_a_dash_was_never_reached(report):
    text = "SF:a.py\nDA:4,1\nBRDA:4,0,jump to line 5,1\nBRDA:4,0,return, or exit,0\nBRDA:4,e0,1,-\nend_of_record\n"
    row = rows(read("lcov", report(text)))["a.py", 4]
    assert (row["branches"], row["branches_covered"]) == (3.0, 1.0)


def test_the_same_branch_in_two_tests_is_one_branch(report):
    record = "SF:a.py\nDA:4,1\nBRDA:4,0,0,{}\nend_of_record\n"
    row = rows(read("lcov", report(record.format(0) + record.format(3))))["a.py", 4]
    assert (row["branches"], row["branches_covered"]) == (1.0, 1.0)


def test_a_claimed_number_of_lines_that_is_not_there_is_reported(report):
    assert codes(read("lcov", report("SF:a\nDA:1,1\nLF:9\nLH:1\nend_of_record\n"))) == ["claims_differ"]


# ── JaCoCo ──


def test_an_aggregated_report_keeps_its_modules_apart(report):
    source = '<package name="p"><class name="p/A"/><sourcefile name="A.java"><line nr="1" mi="0" ci="2" mb="0" cb="0"/></sourcefile></package>'
    reading = read("jacoco", report(f'<report><group name="core">{source}</group><group name="web"><group name="api">{source}</group></group></report>'))
    assert [(r["module"], r["file"]) for r in reading.frame.records()] == [("core", "p/A.java"), ("web/api", "p/A.java")]


def test_classes_without_line_numbers_are_said_to_hide_their_lines(report):
    reading = read("jacoco", report('<report><package name="p"><class name="p/A"/><sourcefile name="A.java"/></package></report>'))
    assert (len(reading.frame), codes(reading)) == (0, ["no_line_numbers"])


# ── folders, options, any bytes ──


def test_a_folder_joins_its_reports(tmp_path, report):
    report("SF:a\nDA:1,0\nend_of_record\n", "1.info")
    report("SF:a\nDA:1,4\nDA:2,0\nend_of_record\n", "2.info")
    reading = read("lcov", tmp_path)
    assert (reading.facts["reports"], reading.facts["lines"], reading.facts["lines_covered"]) == (2, 2, 1)


def test_limits_are_options_that_refuse_and_others_are_unknown(report):
    path = report("SF:a\nDA:1,1\nend_of_record\n")
    with pytest.raises(DataError, match="more than the limit of 5"):
        read("lcov", path, max_bytes=5)
    with pytest.raises(ParamError):
        read("jacoco", path, depth=3)


TOKENS = {
    "coverage_cobertura": [
        *b"<coverage> </coverage> <class> </class> <methods> <method> </method> <lines> </lines> &x; \x07".split(b" "),
        *(b"<coverage lines-valid='3' lines-covered='1'>", b"<class filename='a'>", b"<line number='1' hits='1'/>", b"<line hits='-1'/>"),
        b"<line number='2' hits='99999999999999999999' branch='true' condition-coverage='(9/2)'/>",
    ],
    "jacoco": [
        *b"<report> </report> <group> </group> <package> </package> <sourcefile> </sourcefile> &x;".split(b" "),
        *(b"<line nr='1' mi='0' ci='1' mb='1' cb='1'/>", b"<line nr='-1'/>", b"<counter type='LINE' missed='1' covered='x'/>"),
    ],
    "lcov": [b"SF:a\n", b"SF:\n", b"DA:1,1\n", b"DA:1\n", b"DA:-1,2\n", b"DA:1,-\n", b"BRDA:1,0,0,-\n", b"BRDA:1,0,0,\xff\n", b"LF:1\n", b"LF:x\n", b"end_of_record\n", b"\r\n", b"#\n"],
}


@pytest.mark.parametrize("id", TOKENS)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_bytes_break_a_reader(id, data):
    pieces = st.lists(st.one_of(st.sampled_from(TOKENS[id]), st.sampled_from(TOKENS[id]), st.binary(max_size=12)), max_size=30)
    made = survives(READERS[id], b"".join(data.draw(pieces)))
    assert made is None or len(made.frame) == made.facts["lines"] >= made.facts["lines_covered"]
