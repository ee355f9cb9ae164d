"""Results of k6, Locust and JMeter as the tools write them: totals, transactions and broken lines kept apart, thresholds the right way round."""

import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stageway.evidence import DataError, IncompleteError, ParamError
from stageway.readers import jmeter, k6, locust
from tests.readers.any_bytes import survives
from tests.shared import shared

READERS = {module.READER.id: module.READER for module in (k6, locust, jmeter)}
FILES = {
    "k6_handlesummary.json": "k6", "jmeter.csv": "jmeter", "jmeter_ten_samples.jtl": "jmeter", "locust_stats.csv": "locust", "locust_stats_fabricated.csv": "locust",
}


@pytest.fixture
def report(tmp_path):
    def write(content, name="result"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode() if isinstance(content, str) else json.dumps(content).encode())
        return path

    return write


@pytest.fixture(scope="module")
def counted():
    return json.loads(shared("quality/facts.json").read_text())


def read(id, path, **options):
    return READERS[id].read(path, options)


def real(name):
    return read(FILES[name], shared(f"quality/load/{name}"))


def codes(reading):
    return [warning.code for warning in reading.warnings]


# ── what independent counters found (quality/facts.json) ──


def test_no_real_file_is_left_out():
    assert sorted(p.name for p in shared("quality/load").iterdir()) == sorted(FILES)


def test_the_summary_of_k6_gives_the_counts_of_an_independent_counter(counted):
    fact, reading = counted["load/k6_handlesummary.json"], real("k6_handlesummary.json")
    row, times = reading.frame.records()[0], fact["http_req_duration"]
    assert (row["requests"], row["per_s"]) == (fact["http_reqs"]["count"], fact["http_reqs"]["rate"])
    assert row["failures"] == fact["http_req_failed"]["passes"] == 349
    told = {"p50_ms": "med", "p90_ms": "p(90)", "p95_ms": "p(95)", "p99_ms": "p(99)", "mean_ms": "avg", "min_ms": "min", "max_ms": "max"}
    assert {ours: row[ours] for ours in told} == {ours: times[theirs] for ours, theirs in told.items()}
    assert reading.facts["thresholds"] == {metric: {name: each["ok"] for name, each in told.items()} for metric, told in fact["thresholds"].items()}


@pytest.mark.parametrize("name", ["locust_stats.csv", "locust_stats_fabricated.csv"])
def test_the_table_of_locust_gives_the_counts_and_its_total_apart(counted, name):
    fact, reading = counted[f"load/{name}"], real(name)
    assert (reading.facts["endpoints"], reading.facts["requests"], reading.facts["failures"]) == (fact["endpoints"], fact["sum_requests"], fact["sum_failures"])
    assert {theirs: reading.facts["aggregated"][theirs] for theirs in fact["aggregated"]} == {theirs: float(text) for theirs, text in fact["aggregated"].items()}
    scope = reading.frame["scope"].tolist()
    assert (scope.count("label"), scope.count("all")) == (fact["endpoints"], 1)
    assert codes(reading) == (["claims_differ"] if "fabricated" in name else [])


def test_the_results_of_jmeter_give_the_counts_of_an_independent_counter(counted):
    fact, reading = counted["load/jmeter.csv"], real("jmeter.csv")
    assert [reading.facts[name] for name in ("requests", "failures", "labels", "bad_rows")] == [fact[name] for name in ("requests", "failures", "labels", "bad_rows")]
    assert [round(float(reading.frame["elapsed_ms"].mean()), 4), reading.frame["elapsed_ms"].min(), reading.frame["elapsed_ms"].max()] == [fact["avg"], fact["min"], fact["max"]]
    fact, reading = counted["load/jmeter_ten_samples.jtl"], real("jmeter_ten_samples.jtl")
    assert (reading.facts["top_level"], reading.facts["leaf"]) == (fact["top_level"]["requests"], fact["leaf"]["requests"])
    assert (reading.facts["failures"], reading.frame["elapsed_ms"].mean()) == (fact["leaf"]["failures"], fact["leaf"]["avg"])


# ── k6: three shapes and points ──

TREND = {"avg": 20.0, "min": 1.0, "med": 18.0, "max": 90.0, "p(90)": 30.0, "p(95)": 40.0}
FAILED = {"passes": 3, "fails": 97}
SHAPES = {
    "handle_summary": {"metrics": {
        "http_req_duration": {"type": "trend", "values": TREND, "thresholds": {"p(95)<50": {"ok": True}, "p(95)<30": {"ok": False}}},
        "http_reqs": {"values": {"count": 100, "rate": 10}}, "http_req_failed": {"values": {"rate": 0.03, **FAILED}},
    }},
    "summary_export": {"metrics": {
        "http_req_duration": {**TREND, "thresholds": {"p(95)<50": False, "p(95)<30": True}},
        "http_reqs": {"count": 100, "rate": 10}, "http_req_failed": {"value": 0.03, **FAILED},
    }},
    "machine_readable": {"version": "1.0.0", "results": {"metrics": [
        {"name": "http_req_duration", "type": "trend", "values": TREND, "thresholds": [{"source": "p(95)<50", "ok": True}, {"source": "p(95)<30", "ok": False}]},
        {"name": "http_reqs", "values": {"count": 100, "rate": 10}}, {"name": "http_req_failed", "values": {"matches": 3, "total": 100, "rate": 0.03}},
    ]}},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_three_shapes_of_one_run_tell_the_same(report, shape):
    """In the legacy export a threshold that is true has failed (grafana/k6#1498)."""
    reading = read("k6", report(SHAPES[shape]))
    row = reading.frame.records()[0]
    assert reading.facts["shape"] == shape
    assert reading.facts["thresholds"] == {"http_req_duration": {"p(95)<50": True, "p(95)<30": False}}
    assert (row["requests"], row["failures"], row["p50_ms"], row["p95_ms"], row["thresholds_failed"]) == (100, 3, 18, 40, 1)
    assert math.isnan(row["p99_ms"])


def point(value, metric="http_req_duration", time="2026-09-22T10:00:00.123456789+08:00", **tags):
    return json.dumps({"type": "Point", "metric": metric, "data": {"time": time, "value": value, "tags": tags}})


def test_points_are_single_requests_and_a_cut_last_line_is_said(report):
    lines = [
        json.dumps({"type": "Metric", "data": {"name": "http_req_duration"}, "metric": "http_req_duration"}),
        point(12.5, name="/a", status="200", expected_response="true"), point(3, "vus"), point(7, name="/b", status="503"), point(9, url="/c", status="404", expected_response="true"),
        point(11)[:40],
    ]
    reading = read("k6", report("\n".join(lines)))
    assert [(r["label"], r["elapsed_ms"], r["success"], r["code"]) for r in reading.frame.records()] == [
        ("/a", 12.5, True, "200"), ("/b", 7.0, False, "503"), ("/c", 9.0, True, "404"),
    ]
    assert round(reading.frame["time_ms"][0]) == 1790042400123
    assert codes(reading) == ["rows_bad"]


def test_a_run_without_http_is_read_by_its_own_metric_or_says_what_there_is(report):
    made = {"metrics": {"iteration_duration": {"values": TREND}, "iterations": {"values": {"count": 7, "rate": 1}}, "my_wait": {"values": {**TREND, "count": 9}}}}
    assert read("k6", report(made)).frame.records()[0]["requests"] == 7
    row = read("k6", report(made), metric="my_wait").frame.records()[0]
    assert (row["requests"], math.isnan(row["failures"])) == (9, True)
    with pytest.raises(DataError, match=r"the result of k6 has no metric \"x\"\. .*It has iteration_duration, iterations, my_wait; name one"):
        read("k6", report(made), metric="x")


@pytest.mark.parametrize(("content", "error"), [
    ("", IncompleteError), ('{"metrics": {"http_reqs"', IncompleteError), ({"a": 1}, DataError), ([1], DataError), ("<xml/>", DataError), ({"metrics": {}}, DataError),
])
def test_what_is_no_result_of_k6_is_refused(report, content, error):
    with pytest.raises(error):
        read("k6", report(content))


# ── Locust ──


def test_the_history_and_the_failures_of_locust_are_not_its_statistics(report):
    for header in ("Timestamp,User Count,Type,Name,Requests/s,Request Count,Failure Count", "Method,Name,Error,Occurrences"):
        with pytest.raises(DataError, match="this is not the table of statistics of Locust"):
            read("locust", report(header + "\n1,2,3,4,5,6,7\n"))


def test_a_row_that_cannot_be_is_left_out_and_said(report):
    reading = read("locust", report("Type,Name,Request Count,Failure Count,95%\nGET,/a,10,1,N/A\nGET,/b,3,9,5\nGET,/c\n,Aggregated,10,1,7\n"))
    assert [(r["scope"], r["label"], r["requests"]) for r in reading.frame.records()] == [("label", "GET /a", 10.0), ("all", "Aggregated", 10.0)]
    assert codes(reading) == ["rows_bad"]


def test_an_endpoint_that_is_called_aggregated_is_an_endpoint(report):
    reading = read("locust", report("Type,Name,Request Count,Failure Count\nGET,Aggregated,10,1\n"))
    assert (reading.facts["endpoints"], reading.facts["aggregated"]) == (1, None)


# ── JMeter ──

HEADER = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,bytes\n"


def test_a_transaction_of_a_csv_is_no_further_request(report):
    lines = '1000,5,A,200,OK,t,text,true,1\n1000,5,"B\nx",500,"no, sorry",t,text,FALSE,1\n1000,10,Buy,200,"Number of samples in transaction : 2, number of failing samples : 1",t,,false,1\n'
    reading = read("jmeter", report(HEADER + lines))
    assert [(r["scope"], r["label"], r["success"]) for r in reading.frame.records()] == [("request", "A", True), ("request", "B\nx", False), ("transaction", "Buy", False)]
    assert (reading.facts["requests"], reading.facts["failures"], reading.facts["transactions"]) == (2, 1, 1)


def test_samples_in_a_transaction_are_requests_and_samples_in_a_request_are_parts(report):
    xml = """<testResults version="1.2"><sample t="30" lb="Buy" s="true" rm="Number of samples in transaction : 2">
    <httpSample t="10" lb="page" s="true"><httpSample t="4" lb="img" s="true"/></httpSample><sample t="20" lb="sql" s="false" rc="42"/></sample>
    <sample t="9" lb="group" s="true"><httpSample t="9" lb="x" s="true"/></sample></testResults>"""
    reading = read("jmeter", report(xml))
    assert {r["label"]: r["scope"] for r in reading.frame.records()} == {
        "Buy": "transaction", "page": "request", "img": "part", "sql": "request", "group": "transaction", "x": "request",
    }
    assert (reading.facts["top_level"], reading.facts["leaf"], reading.facts["failures"]) == (2, 3, 1)


def test_a_csv_without_header_with_another_delimiter_or_with_dates_is_read(report):
    bare = read("jmeter", report("1000;5;A;200;OK;t;text;true;9\n1001;7;A;200;OK;t;text;true;9\n"))
    assert bare.frame["elapsed_ms"].tolist() == [5.0, 7.0]
    tabbed = read("jmeter", report("timeStamp\telapsed\tlabel\tsuccess\n2026/09/22 10:00:00.500\t5\tA\ttrue\n2026/09/22 10:00:02.500\t5\tA\ttrue\n"))
    assert tabbed.frame["time_ms"][1] - tabbed.frame["time_ms"][0] == 2000


def test_a_row_that_breaks_off_is_left_out_and_said(report):
    reading = read("jmeter", report(HEADER + "1000,5,A,200,OK,t,text,true,1\n1000,7,A,20"))
    assert (len(reading.frame), reading.facts["bad_rows"], codes(reading)) == (1, 1, ["rows_bad"])


@pytest.mark.parametrize(("content", "error"), [
    ("a,b\n1,2\n", DataError), ("<testsuite/>", DataError), ("", DataError), ("<testResults><sample t='1'", IncompleteError), (HEADER + "x,y,z\n", DataError),
])
def test_what_is_no_result_of_jmeter_is_refused(report, content, error):
    with pytest.raises(error):
        read("jmeter", report(content))


# ── any bytes ──

TOKENS = {
    "k6": [
        *b'{ } [ ] "metrics": "values": "http_reqs": "http_req_duration": "count": 1 , "p(95)": NaN true null "thresholds":'.split(b" "),
        *(point(1.5, name="a").encode() + b"\n", point(-1).encode() + b"\n", b'{"type":"Point"}\n', b'{"type":"Metric","metric":[]}\n', b"\n"),
    ],
    "locust": [b"Type,Name,Request Count,Failure Count,95%,Requests/s\n", b"GET,/a,3,1,5,1\n", b",Aggregated,3,1,5,1\n", b",,,,\n", b'"', b"\r", b"1e999,", b"-1\n"],
    "jmeter": [
        *(HEADER.encode(), b"1000,5,A,200,OK,t,text,true,1\n", b"x\n", b'"', b"\r", b"<testResults>", b"</testResults>"),
        *(b"<httpSample t='1' s='true'>", b"</httpSample>", b"<sample t='-1'/>", b"<sample t='2' ts='99999999999999'/>", b"99999999999999999,1e308,A,,,,,true,\n"),
    ],
}


@pytest.mark.parametrize("id", TOKENS)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_bytes_break_a_reader(id, data):
    pieces = st.lists(st.one_of(st.sampled_from(TOKENS[id]), st.sampled_from(TOKENS[id]), st.binary(max_size=10)), max_size=25)
    survives(READERS[id], b"".join(data.draw(pieces)))


def test_limits_are_options_and_others_are_unknown(report):
    for id in READERS:
        with pytest.raises(DataError, match="more than the limit of 2"):
            read(id, report("<testResults/>" if id == "jmeter" else "abc"), max_bytes=2)
        with pytest.raises(ParamError):
            read(id, report("abc"), nothing=1)
    with pytest.raises(ParamError):
        read("k6", report("abc"), metric=3)
