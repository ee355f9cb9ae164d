"""A small file of each format, made where no real one is at hand; contract tests and fuzzing start from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.readers import survey_samples

RECORDS = [{"id": "a1", "城市": "上海", "score": 4.5}, {"id": "a2", "城市": None, "score": 3.0}, {"id": "007", "城市": "成都", "score": None}]
TEXTS = {
    "csv": "id,城市,score\na1,上海,4.5\na2,,3\n007,成都,\n",
    "jsonl": '{"id":"a1","城市":"上海","score":4.5}\n{"id":"a2","城市":null,"score":3}\n{"id":"007","城市":"成都"}\n',
    "junit": '<testsuite name="s" tests="2"><testcase classname="c" name="t" time="0.1"/><testcase name="u"><failure message="m">x</failure></testcase></testsuite>',
    "coverage_cobertura": '<coverage line-rate="0.5"><packages><package name="p"><classes><class name="c" filename="a.py"><lines><line number="1" hits="1"/>'
    '<line number="2" hits="0" branch="true" condition-coverage="50% (1/2)"/></lines></class></classes></package></packages></coverage>',
    "jacoco": '<report name="r"><package name="p"><sourcefile name="A.java"><line nr="1" mi="0" ci="3" mb="1" cb="1"/></sourcefile></package></report>',
    "lcov": "TN:\nSF:a.js\nDA:1,1\nDA:2,0\nBRDA:1,0,0,1\nLF:2\nLH:1\nend_of_record\n",
    "sarif": '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"scan"}},"results":[{"ruleId":"R1","message":{"text":"m"}}]}]}',
    "cyclonedx": '{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"bom-ref":"a","name":"a","version":"1"}],'
    '"vulnerabilities":[{"id":"CVE-1","ratings":[{"score":9.8,"method":"CVSSv3"}],"affects":[{"ref":"a"}]}]}',
    "k6": '{"metrics":{"http_req_duration":{"type":"trend","contains":"time","values":{"avg":10,"min":1,"med":9,"max":99,"p(90)":20,"p(95)":30,"count":100}},'
    '"http_reqs":{"type":"counter","values":{"count":100,"rate":10}},"http_req_failed":{"type":"rate","values":{"rate":0.01,"passes":1,"fails":99}}}}',
    "locust": "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,"
    "Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%\nGET,/,100,1,9,10,1,99,5,10,0.1,9,10,11,12,20,30,40,50,60,70,99\n"
    ",Aggregated,100,1,9,10,1,99,5,10,0.1,9,10,11,12,20,30,40,50,60,70,99\n",
    "jmeter": "timeStamp,elapsed,label,responseCode,success\n1500000000000,12,home,200,true\n1500000000100,15,home,500,false\n",
    "gotest": '{"Action":"run","Package":"p","Test":"T"}\n{"Action":"pass","Package":"p","Test":"T","Elapsed":0.1}\n{"Action":"pass","Package":"p"}\n',
    "allure": json.dumps({"uuid": "1", "historyId": "h", "name": "t", "status": "passed", "start": 1, "stop": 3, "labels": [{"name": "suite", "value": "s"}]}),
}


def _text(id: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(TEXTS[id], encoding="utf-8") and None


def _survey(id: str) -> Callable[[Path], None]:
    return lambda path: survey_samples.file_of(survey_samples.LAYOUTS[id](), path) and None


def _parquet(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(RECORDS), path)


def _sav(path: Path) -> None:
    import pandas as pd
    import pyreadstat

    pyreadstat.write_sav(pd.DataFrame(RECORDS), str(path), column_labels={"score": "打分"})


def _xlsx(path: Path) -> None:
    from tests.readers.test_tables import sheet

    sheet(path, {"s": [["id", "城市", "score"], ["a1", "上海", "4.5"], ["a2", "", "3"]]})


#: How a small file of each format is made; a new reader adds its line here.
MADE: dict[str, Callable[[Path], None]] = {
    **{id: _text(id) for id in TEXTS}, **{id: _survey(id) for id in survey_samples.LAYOUTS}, "parquet": _parquet, "sav": _sav, "xlsx": _xlsx,
}
