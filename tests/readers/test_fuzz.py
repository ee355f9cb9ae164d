"""Whatever bytes come, a reader gives a table or one of our own errors with both sentences filled, soon, and without keeping memory.

Each reader is fuzzed for ten seconds here and for a minute in `make soak`: a small file of its format is cut, overwritten and torn, and
pieces that formats are made of are put into it.
"""

import os
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from stageway import catalogue
from tests.readers.any_bytes import survives
from tests.readers.samples import MADE

PIECES = [
    *b'{ } [ ] : , ; " \' < > / = & # | \\ \t \n \r\n \r \0 NaN null true 1 -1 0 1e999 1,5 007 "" "a" \\ud800 999999999999999999999 (50% 0% T 2026-01-01'.split(b" "),
    *(b"<![CDATA[", b"]]>", b"<!-- ", b"&#27;", b"&x;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<?xml version='1.0' encoding='gbk'?>", b"</testsuite>", b"<testcase>", b"<failure>"),
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"\xd6\xd0", b"\xe9", "中".encode(), "┋".encode(), b"end_of_record\n", b"DA:1,1\n", b'"results":null', b'"runs":[]', b'{"a":' * 40),
]
SLOWEST_S = 5.0


def whole(id: str) -> bytes:
    suffix = catalogue.readers()[id].suffixes[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sample{suffix}"
        MADE[id](path)
        return path.read_bytes()


@st.composite
def damaged(draw: st.DrawFn, sample: bytes) -> bytes:
    content = bytearray(sample)
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(content)))
        what = draw(st.sampled_from(("byte", "piece", "cut", "again", "drop")))
        if what == "byte" and content:
            content[min(at, len(content) - 1)] = draw(st.integers(0, 255))
        elif what == "piece":
            content[at:at] = draw(st.sampled_from(PIECES))
        elif what == "cut":
            del content[at:]
        elif what == "again":
            content[at:at] = content[at : at + draw(st.integers(1, 200))]
        else:
            del content[at : at + draw(st.integers(1, 40))]
    return bytes(content) or draw(st.binary(max_size=300))


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def fuzz(id: str, seconds: float) -> int:
    """Runs until the time is over; returns how many files were read. A file that takes too long fails."""
    reader, sample, count, began = catalogue.readers()[id], whole(id), 0, time.monotonic()

    def one(content: bytes) -> None:
        nonlocal count
        started = time.monotonic()
        if started - began > seconds:
            return
        survives(reader, content)
        count += 1
        assert time.monotonic() - started < SLOWEST_S

    round = 0
    while time.monotonic() - began < seconds:
        drawn = given(content=damaged(sample))(one)
        settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))(seed(round)(drawn))()
        round += 1
    return count


def steady(id: str, seconds: float) -> None:
    """`sav` reads each file in a process of its own, and so reads few."""
    fuzz(id, seconds / 10)
    before = resident()
    assert fuzz(id, seconds * 0.9) > (2 if id == "sav" else 20)
    assert resident() - before < 150 << 20


@pytest.mark.parametrize("id", catalogue.readers())
def test_ten_seconds_of_damaged_files_break_no_reader(id):
    steady(id, 10)


@pytest.mark.soak
@pytest.mark.parametrize("id", catalogue.readers())
def test_a_minute_of_damaged_files_breaks_no_reader(id):
    steady(id, 60)
