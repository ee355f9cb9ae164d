"""A finding is whole or it is not made: no number that is none, no interval upside down, and JSON gives it back."""

import json
import math
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stageway.evidence import (
    SCHEMA,
    Chart,
    ColumnHead,
    Estimate,
    Finding,
    Kind,
    Meaning,
    Provenance,
    ResultTable,
    Source,
    Warning,
    Words,
)

TEXT = Words("话", "word")
MEANING = Meaning(TEXT, TEXT, TEXT, TEXT)
HEADS = (ColumnHead("who", TEXT), ColumnHead("score", TEXT, "points", 1))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_cannot_be_computed_is_no_estimate(value):
    with pytest.raises(ValueError, match=r"estimate better\[F6\] is not a finite number"):
        Estimate("better", value, 0.0, 1.0, key="F6")


@pytest.mark.parametrize("ends", [(1.0, None), (None, 1.0), (None, None)])
def test_an_interval_has_two_ends(ends):
    with pytest.raises(ValueError, match="an interval has two ends, and only an exact number has none"):
        Estimate("score", 0.5, *ends)


def test_an_exact_number_has_no_interval():
    assert Estimate("cases", 3, kind=Kind.EXACT).low is None
    with pytest.raises(ValueError, match="only an exact number has none"):
        Estimate("cases", 3, 2, 4, kind=Kind.EXACT)


@pytest.mark.parametrize("ends", [(2.0, 1.0), (math.nan, 1.0), (0.0, math.nan)])
def test_an_interval_is_not_upside_down(ends):
    with pytest.raises(ValueError, match="upside down or not a number"):
        Estimate("score", 1.0, *ends)


def test_an_estimate_is_named_once():
    twice = (Estimate("better", 1.0, 0.0, 2.0, key="F6"), Estimate("better", 1.5, 0.0, 2.0, key="F6"))
    with pytest.raises(ValueError, match=r"an estimate is named twice: \['better\[F6\]'\]"):
        Finding(TEXT, MEANING, twice)


def test_estimates_are_found_by_name_and_key():
    made = Finding(TEXT, MEANING, (Estimate("score", 1, 0, 2), Estimate("better", 1, 0, 2, key="b"), Estimate("better", 1, 0, 2, key="a")))
    assert made.get("better", "a").full_name == "better[a]"
    assert made.get("better") is None
    assert [e.key for e in made.keyed("better")] == ["b", "a"]
    assert made.keyed("score") == ()


def test_a_row_has_as_many_cells_as_the_table_has_columns():
    with pytest.raises(ValueError, match="table people: a row has 1 cells, 2 columns are declared"):
        ResultTable("people", TEXT, HEADS, (("a",),))


@pytest.mark.parametrize("cell", [math.nan, math.inf, np.float64("nan")])
def test_a_cell_that_cannot_be_computed_is_empty(cell):
    with pytest.raises(ValueError, match="a value that cannot be computed is None"):
        ResultTable("people", TEXT, HEADS, (("a", cell),))
    assert ResultTable("people", TEXT, HEADS, (("a", None),)).rows == (("a", None),)


def test_a_table_is_data_for_another_method():
    frame = ResultTable("people", TEXT, HEADS, ((Words("甲", "one"), 1.5), ("b", None))).frame("finding:sus.people")
    assert frame.records() == [{"who": "one", "score": 1.5}, {"who": "b", "score": None}]
    assert frame.source == "finding:sus.people"


def whole(value: float = 1.0, text: Words = TEXT) -> Finding:
    source = Source("answers", "a.csv", "ab" * 32, 3, date(2026, 3, 1), True)
    return Finding(
        headline=text,
        meaning=Meaning(text, TEXT, TEXT, text),
        estimates=(
            Estimate("gap", value, -math.inf, math.inf, "F6", "%", 3, TEXT, Kind.MEAN, 0.9, text),
            Estimate("cases", np.float64(3), kind=Kind.EXACT, n=np.int64(3)),
        ),
        points=(text,),
        tables=(ResultTable("people", text, HEADS, ((text, value), ("b", None), ("c", True)), text),),
        charts=(Chart("c", text, TEXT, {"mark": "point", "data": {"values": [{"x": 1.5}]}}, {"mark": "point"}),),
        warnings=(Warning("small_n", text),),
        observed=(date(2026, 3, 1), date(2026, 3, 8)),
        provenance=Provenance("kano", "1", {"draws": 5, "rule": "fong", "link": None}, (source,), "f", 1, datetime(2026, 3, 2, 8, tzinfo=UTC)),
    )


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(), st.text())
def test_json_gives_the_equal_finding_back(value, zh, en):
    made = whole(value, Words(zh, en))
    back = Finding.from_json(json.loads(made.dumps()))
    assert back == made
    assert back.dumps() == made.dumps()


def test_open_ends_are_written_as_texts_since_json_has_no_infinite_number():
    low = whole().to_json()["estimates"][0]
    assert (low["low"], low["high"]) == ("-Infinity", "Infinity")


def test_the_json_carries_its_version_and_another_version_is_refused():
    data = whole().to_json()
    assert data["schema"] == SCHEMA
    with pytest.raises(ValueError, match=r"this is not a finding of stageway/finding/1: schema is 'stageway/finding/2'"):
        Finding.from_json({**data, "schema": "stageway/finding/2"})


def test_the_json_of_a_bare_finding_is_stable():
    assert Finding(TEXT, MEANING).dumps() == (
        '{"charts":[],"estimates":[],"headline":{"en":"word","zh":"话"},"meaning":{"change":{"en":"word","zh":"话"},"next":{"en":"word","zh":"话"},'
        '"says":{"en":"word","zh":"话"},"sure":{"en":"word","zh":"话"}},"observed":null,"points":[],"provenance":null,"schema":"stageway/finding/1",'
        '"tables":[],"warnings":[]}'
    )
