"""JUnit reports as real tools write them: counted by elements, one status a case, attempts joined only where the report says so."""

import json
import tracemalloc

import numpy as np
import pytest

from stageway.evidence import DataError, IncompleteError, ParamError
from stageway.readers.junit import READER, seconds
from tests.shared import shared

FILES = [
    *("surefire_StringUtilsTest", "surefire_flaky", "nested_suites", "nextest_basic", "jest_junit"),
    *("pytest", "phpunit", "pulsar_large", "go_junit_report", "jenkins"),
]


@pytest.fixture
def report(tmp_path):
    def write(content: str | bytes, name: str = "junit.xml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def read(path, **options):
    return READER.read(path, options)


def statuses(reading):
    return reading.frame["status"].tolist()


# ── what independent counters found (quality/facts.json: lxml) ──


@pytest.mark.parametrize("name", FILES)
def test_real_reports_give_the_counts_of_an_independent_counter(name):
    fact = json.loads(shared("quality/facts.json").read_text())[f"junit/{name}.xml"]
    reading = read(shared(f"quality/junit/{name}.xml"))
    facts = reading.facts
    for key in ("suites", "testcases", "passed", "failed", "error", "skipped", "suite_level_errors"):
        assert facts[key] == fact[key], key
    assert facts["flaky"] == fact["flaky_marked"]
    assert facts["rerun"] == fact["rerun_marked"]
    assert len(reading.frame) == fact["testcases"]
    frame = reading.frame
    assert len(set(zip(frame["suite"], frame["classname"], frame["name"], strict=True))) <= fact["testcases"]
    assert [statuses(reading).count(s) for s in ("passed", "failed", "error", "skipped")] == [fact[s] for s in ("passed", "failed", "error", "skipped")]


def test_no_real_file_is_left_out():
    assert sorted(p.stem for p in shared("quality/junit").iterdir()) == sorted(FILES)


@pytest.mark.parametrize("pattern", ["", "/*.xml", "/[a-z]*.xml"])
def test_a_folder_or_a_pattern_gives_all_its_reports(pattern):
    folder = shared("quality/junit")
    reading = read(type(folder)(f"{folder}{pattern}"))
    facts = json.loads(shared("quality/facts.json").read_text())
    assert reading.facts["files"] == 10
    for key in ("testcases", "passed", "failed", "skipped"):
        assert reading.facts[key] == sum(fact[key] for name, fact in facts.items() if name.startswith("junit/"))
    assert sorted(set(reading.frame["file"])) == sorted(f"{name}.xml" for name in FILES)


# ── one status a case ──


def test_the_worst_element_of_a_case_decides(report):
    xml = """<testsuites><testcase name="a"><skipped/><failure message="f"/></testcase>
    <testcase name="b"><failure message="f"/><error message="e"/></testcase>
    <testsuite name="s"><testcase name="c"><skipped message="later"/></testcase>
    <testcase name="d"><system-out>failure</system-out></testcase></testsuite></testsuites>"""
    reading = read(report(xml))
    assert dict(zip(reading.frame["name"], statuses(reading), strict=True)) == {"c": "skipped", "d": "passed", "a": "failed", "b": "error"}
    assert reading.frame["message"].tolist()[reading.frame["name"].tolist().index("b")] == "e"


def test_a_status_that_stands_in_an_attribute_only_is_heard(report):
    reading = read(report('<testsuite><testcase name="a" status="notrun"/><testcase name="b" status="run"/><testcase name="c" result="failed"/></testsuite>'))
    assert statuses(reading) == ["skipped", "passed", "failed"]


def test_namespaces_and_prefixes_do_not_matter(report):
    xml = '<j:testsuites xmlns:j="urn:junit"><j:testsuite name="s"><j:testcase name="a"><j:failure message="x"/></j:testcase></j:testsuite></j:testsuites>'
    assert statuses(read(report(xml))) == ["failed"]
    assert statuses(read(report(xml.replace("j:", "").replace("xmlns:j", "xmlns")))) == ["failed"]


def test_nested_suites_name_the_way_to_a_case(report):
    xml = '<testsuites name="all"><testsuite name="a"><testsuite name="b"><testcase name="x"/></testsuite><testcase name="y"/></testsuite></testsuites>'
    reading = read(report(xml))
    assert dict(zip(reading.frame["name"], reading.frame["suite"], strict=True)) == {"x": "a > b", "y": "a"}


def test_an_error_outside_any_case_is_kept_beside_the_cases(report):
    reading = read(report('<testsuites><testsuite name="s"><error message="set-up failed"/><testcase name="a"/></testsuite></testsuites>'))
    assert reading.facts["suite_level_errors"] == 1
    assert reading.facts["testcases"] == 1
    assert [(r["scope"], r["name"], r["status"], r["message"]) for r in reading.frame.records()] == [
        ("case", "a", "passed", None), ("suite", "s", "error", "set-up failed"),
    ]


def test_a_suite_that_crashed_before_its_first_case_is_no_pass(report):
    reading = read(report('<testsuites><testsuite name="s" tests="0" errors="1"/><testsuite name="t"><testcase name="a"/></testsuite></testsuites>'))
    assert sorted(zip(reading.frame["scope"], statuses(reading), strict=True)) == [("case", "passed"), ("suite", "error")]


def test_a_collection_error_is_a_case_with_an_error(report):
    case = '<testcase classname="" name="tests.test_x"><error message="collection failure">…</error></testcase>'
    xml = f'<testsuite name="pytest" errors="1" tests="1">{case}</testsuite>'
    assert statuses(read(report(xml))) == ["error"]


def test_attributes_that_claim_more_failures_are_reported_and_not_believed(report):
    reading = read(report('<testsuite tests="4" failures="3" errors="0"><testcase name="a"/><testcase name="b"><failure/></testcase></testsuite>'))
    assert statuses(reading) == ["passed", "failed"]
    assert [w.code for w in reading.warnings] == ["claims_differ"]
    assert reading.warnings[0].text.en == "the report's attributes claim 3 failures, its cases show 1; the cases count, but check that the report is complete"


# ── reruns ──


def test_surefire_says_itself_what_was_rerun(report):
    xml = """<testsuite tests="3" failures="2"><testcase name="a"><flakyFailure message="once"/><flakyError message="twice"/></testcase>
    <testcase name="b"><failure message="still"/><rerunFailure message="again"/></testcase>
    <testcase name="c"><rerunFailure message="lost"/></testcase></testsuite>"""
    frame = read(report(xml)).frame
    assert frame["status"].tolist() == ["passed", "failed", "failed"]
    assert frame["flaky"].tolist() == [True, False, False]
    assert frame["attempts"].tolist() == [3, 2, 2]
    assert frame["message"].tolist() == ["once", "still", "lost"]


RERUN = """<testsuites><testsuite name="pytest" tests="{tests}" failures="1"><testcase classname="t" name="stable"/>
<testcase classname="t" name="flaky"/><testcase classname="t" name="flaky"/>
<testcase classname="t" name="broken"/><testcase classname="t" name="broken"/>
<testcase classname="t" name="broken"><failure message="x"/></testcase></testsuite></testsuites>"""


def test_attempts_written_as_cases_are_joined_where_the_suite_counts_names(report):
    """pytest-rerunfailures ≥ 16.6.1 writes each attempt as an empty case, which looks passed."""
    reading = read(report(RERUN.format(tests=3)))
    frame = reading.frame
    assert frame["name"].tolist() == ["stable", "flaky", "broken"]
    assert frame["status"].tolist() == ["passed", "passed", "failed"]
    assert frame["flaky"].tolist() == [False, True, False]
    assert frame["attempts"].tolist() == [1, 2, 3]
    assert reading.facts["testcases"] == 6
    assert reading.warnings == ()


def test_cases_of_one_name_are_kept_where_the_suite_counts_them_all(report):
    reading = read(report(RERUN.format(tests=6)))
    assert len(reading.frame) == 6
    assert [w.code for w in reading.warnings] == ["names_repeated"]
    assert reading.warnings[0].text.zh == "有3个用例与同一测试集里的另一个同名，报告没有说明是重跑，因此各按一个用例计"


def test_a_person_may_say_whether_they_are_reruns(report):
    assert len(read(report(RERUN.format(tests=6)), reruns="yes").frame) == 3
    assert len(read(report(RERUN.format(tests=3)), reruns=False).frame) == 6
    with pytest.raises(ParamError, match=r'the option "reruns" cannot take this value. At value "perhaps". Expected auto, yes or no'):
        read(report(RERUN.format(tests=3)), reruns="perhaps")


# ── times ──


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.25", 0.25), ("2,503.1", 2503.1), ("0,25", 0.25), ("1.5e3", 1500), ("1,234,567", 1234567), ("12", 12), (" 3 ", 3), ("0.5s", 0.5), (".5", 0.5)],
)
def test_durations_are_read_as_tools_write_them(text, value):
    assert seconds(text) == value


@pytest.mark.parametrize("text", [None, "", "NaN", "-1", "-0.5", "inf", "1e999", "fast", "1.2.3", "٣"])
def test_a_duration_that_is_none_is_missing(report, text):
    assert seconds(text) is None
    if text is not None:
        assert np.isnan(read(report(f'<testsuite><testcase name="a" time="{text}"/></testsuite>')).frame["time_s"][0])


# ── encodings and characters ──


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        *[("utf-8", None), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-8", "utf-16")],
        *[("gb18030", "GB18030"), ("gbk", "gb2312"), ("cp1252", "windows-1252")],
    ],
)
def test_every_encoding_is_transcoded_before_parsing(report, encoding, declared):
    name = "café" if encoding == "cp1252" else "登录失败"
    head = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    xml = f'{head}<testsuite><testcase name="{name}"/></testsuite>'
    assert read(report(xml.encode(encoding))).frame["name"].tolist() == [name]


def test_an_encoding_that_is_not_what_it_says_is_refused(report):
    with pytest.raises(DataError, match="the file is not in the encoding utf-8 that it declares"):
        read(report('<testsuite><testcase name="登录"/></testsuite>'.encode("gb18030")))
    with pytest.raises(DataError, match=r'the XML declares the unknown encoding "zip". At .*line 1'):
        read(report(b'<?xml version="1.0" encoding="zip"?><testsuite/>'))


def test_control_characters_are_taken_out_once_and_said(report):
    failure = b'<failure message="bell \x07 &#x1B;[31mred&#27;[0m &#10;two">x\x00y &#65;</failure>'
    reading = read(report(b'<testsuite><testcase name="a">' + failure + b"</testcase></testsuite>"))
    assert reading.frame["message"].tolist() == ["bell  [31mred[0m \ntwo"]
    assert reading.facts["controls_removed"] == 4
    assert [w.code for w in reading.warnings] == ["controls_removed"]
    assert reading.warnings[0].text.zh == "报告里有4个XML不允许的控制字符，已去掉后读取"


def test_a_reference_at_the_edge_of_a_piece_is_still_found(report):
    from stageway.readers.text import CHUNK

    start = '<testsuite><testcase name="a"/><!--'
    for shift in range(8):
        filler = "x" * (CHUNK - len(start) - 3 - 38 - shift)
        xml = f'{start}{filler}--><testcase name="b"><failure message="&#x1B;!"/></testcase></testsuite>'
        assert read(report(xml)).frame["message"].tolist() == [None, "!"]


# ── what is refused ──


@pytest.mark.parametrize(
    "xml",
    ["<testsuites/>", "<testsuites></testsuites>", "<testsuite tests='0'/>", '<?xml version="1.0"?>\n<testsuites name="x"><testsuite/></testsuites>'],
)
def test_a_report_without_cases_is_read_as_such(report, xml):
    reading = read(report(xml))
    assert len(reading.frame) == 0
    assert "status" in reading.frame.names
    assert reading.facts["testcases"] == 0


@pytest.mark.parametrize("cut", ["", "</testcase", "<![CDATA[", '<testcase name="', "<fail"])
def test_a_report_that_breaks_off_is_incomplete_with_its_line(report, cut):
    path = report(f'<testsuites>\n<testsuite name="s">\n<testcase name="a">{cut}')
    with pytest.raises(IncompleteError) as caught:
        read(path)
    assert str(caught.value) == (
        f"the XML is incomplete: the file ends before its root element is closed. At {path}, line 3. "
        "The test run may not have finished; run it again and export the report."
    )
    assert caught.value.sentence("zh") == f"XML 不完整：文件在根元素结束之前就断了。位置：{path}，第3行。测试可能没有跑完；请重跑并重新导出报告。"


def test_a_report_of_no_bytes_is_incomplete(report):
    with pytest.raises(IncompleteError, match="the XML is empty: no report was written"):
        read(report(""))


def test_xml_that_is_not_well_formed_is_named_with_its_line(report):
    with pytest.raises(DataError, match=r"not well-formed XML \(the parser says: mismatched tag\). At .*junit.xml, line 2"):
        read(report("<testsuites>\n<testsuite></testcase></testsuites>"))


def test_another_xml_is_no_junit_report(report):
    path = report("<html/>")
    with pytest.raises(DataError) as caught:
        read(path)
    assert str(caught.value) == f"this is not a JUnit report: its root element is <html>. At {path}, line 1. Expected <testsuites> or <testsuite>."


def test_the_report_of_a_neighbour_is_sent_to_its_reader(report):
    path = report("<coverage/>")
    with pytest.raises(DataError) as caught:
        read(path)
    assert str(caught.value) == (
        f"this is not a JUnit report: its root element is <coverage>. At {path}, line 1. Expected <testsuites> or <testsuite>."
        " This root belongs to the reader coverage_cobertura: write reader: coverage_cobertura."
    )


def test_a_missing_report_and_an_empty_folder_are_named(tmp_path, report):
    report("<testsuites/>", "report.xml")
    with pytest.raises(DataError, match=r"the file does not exist. At .*reprt.xml. Did you mean report.xml"):
        read(tmp_path / "reprt.xml")
    with pytest.raises(DataError, match=r'no file matches "TEST-\*.xml"'):
        read(tmp_path, pattern="TEST-*.xml")


LAUGHS = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 30))
BOMB = f'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a0 "ha">{LAUGHS}]><testsuites>&a29;</testsuites>'


@pytest.mark.parametrize(
    "xml",
    [
        BOMB,
        '<!DOCTYPE b [<!ENTITY a "' + "x" * 100_000 + '">]><testsuites>' + "&a;" * 50_000 + "</testsuites>",
        '<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuites>&a;</testsuites>',
        '<!DOCTYPE b [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]><testsuites/>',
    ],
    ids=["billion laughs", "quadratic", "external", "parameter"],
)
def test_entities_are_refused_in_constant_memory(report, xml):
    path = report(xml)
    tracemalloc.start()
    with pytest.raises(DataError) as caught:
        read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.code == "xml_entities"
    assert str(caught.value).startswith(f"the XML declares entities or external references, and is not read for safety. At {path}, line 1.")
    assert peak < 4_000_000


def test_a_document_type_alone_is_harmless(report):
    assert statuses(read(report('<!DOCTYPE testsuites SYSTEM "junit.dtd"><testsuites><testcase name="a"/></testsuites>'))) == ["passed"]


def test_xml_nested_100_000_deep_is_refused_in_constant_memory(report):
    path = report("<testsuite>" * 100_000)
    tracemalloc.start()
    with pytest.raises(DataError) as caught:
        read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert str(caught.value).startswith(f"elements are nested more than 200 deep. At {path}, line 1. If the file can be trusted, raise the option max_depth")
    assert peak < 8_000_000


def test_size_and_elements_have_limits(report):
    path = report("<testsuite>" + '<testcase name="a"/>' * 50 + "</testsuite>")
    with pytest.raises(DataError, match="there are more than 20 elements"):
        read(path, max_elements=20)
    with pytest.raises(DataError, match="the file has 1,024 bytes, more than the limit of 100"):
        read(report("<testsuite>" + " " * 1000 + "</testsuite> "), max_bytes=100)
    with pytest.raises(ParamError, match='the option "max_depth" cannot take this value'):
        read(path, max_depth=0)


def test_a_large_report_is_streamed(report):
    """Output of the tests is dropped as it is read: 40 MB of it cost no memory."""
    path = report("<testsuite>" + '<testcase name="a"><system-out>' + "x" * 40_000_000 + "</system-out></testcase></testsuite>")
    tracemalloc.start()
    read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 15_000_000
