"""Whatever bytes come, a reader gives a table or one of our own errors with both sentences filled."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stageway.evidence import StagewayError
from stageway.readers import csv, jsonl, junit, parquet, xlsx

READERS = {reader.id: reader for reader in (csv.READER, jsonl.READER, junit.READER, parquet.READER, xlsx.READER)}
TOKENS = {
    "csv": [*b"a 1 , ; \" \t | 007 1,5 NA - 1e99".split(b" "), b" ", b"\n", b"\r\n", b"\r", b"\t", b"\0", b"\xd6\xd0", b"\xe9", b"\xff\xfe", "中".encode()],
    "jsonl": [*b'{ } [ ] "a" : 1 , null NaN 1e999 "\\ud800" - true 999999999999999999999'.split(b" "), b"\n", "中".encode()],
    "junit": [
        *b"<testsuites> </testsuites> </testsuite> <testcase> </testcase> <failure> </failure> <flakyFailure/> <error/> <skipped/> <rerun/>".split(b" "),
        *b"text &amp; &#27; &x; <![CDATA[ ]]> <!-- --> \x07 \xff".split(b" "),
        *(b"<testsuite name='s' tests='1'>", b"<testcase name='a'/>", b"<failure message='x'/>", b"<testsuite errors='1'/>"),
        *(b"<?xml version='1.0' encoding='gbk'?>", b"<!DOCTYPE a>", b"<p:testcase xmlns:p='u'/>"),
    ],
}


def survives(id: str, content: bytes) -> None:
    handle, name = tempfile.mkstemp(suffix=READERS[id].suffixes[0])
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    said = []
    try:
        READERS[id].read(Path(name), {})
    except StagewayError as error:
        said = [error.sentence("zh").encode(), error.sentence("en").encode()]
    finally:
        os.unlink(name)
    assert all(said)


@pytest.mark.parametrize("id", READERS)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=300))
def test_no_bytes_break_a_reader(id, content):
    survives(id, content)


@pytest.mark.parametrize("id", TOKENS)
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_order_of_its_own_tokens_breaks_a_reader(id, data):
    survives(id, b"".join(data.draw(st.lists(st.sampled_from(TOKENS[id]), max_size=40))))


def seed(id: str) -> bytes:
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    from tests.readers.test_tables import sheet

    if id == "parquet":
        out = io.BytesIO()
        pq.write_table(pa.table({"a": [1, 2, 3], "b": ["x", None, "z"]}), out)
        return out.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        return sheet(Path(folder) / "book.xlsx", {"s": [["a", "b"], ["1", "x"]]}).read_bytes()


@pytest.mark.parametrize("id", ["parquet", "xlsx"])
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6), cut=st.floats(0.2, 1))
def test_no_damaged_file_breaks_a_reader(id, places, cut):
    content = bytearray(seed(id))
    for where, value in places:
        content[int(where * (len(content) - 1))] = value
    survives(id, bytes(content[: int(cut * len(content))]) if cut < 0.9 else bytes(content))
