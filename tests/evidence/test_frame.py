"""The table that methods read: typed columns, missing cells, and errors that name the row of the file."""

from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stageway.evidence import DataError, Frame, is_missing

TABLE = Frame.of([{"id": "a", "score": "4.5"}, {"id": "b", "score": None}, {"id": "c", "score": "x"}], "answers.csv")


def said(call, *arguments) -> tuple[str, str]:
    with pytest.raises(DataError) as caught:
        call(*arguments)
    return caught.value.sentence("zh"), caught.value.sentence("en")


@pytest.mark.parametrize("value", [None, float("nan"), np.float64("nan"), "", "  ", "\t"])
def test_nothing_is_missing(value):
    assert is_missing(value)


@pytest.mark.parametrize("value", [0, 0.0, False, "0", "NA", "无"])
def test_something_is_not_missing(value):
    assert not is_missing(value)


def test_a_column_that_one_record_lacks_is_missing_there():
    frame = Frame.of([{"a": 1}, {"b": 2}])
    assert frame.records() == [{"a": 1, "b": None}, {"a": None, "b": 2}]
    assert frame.missing("b").tolist() == [True, False]


def test_a_missing_column_is_named_with_the_nearest_ones():
    zh, en = said(TABLE.__getitem__, "scores")
    assert zh == "缺少列“scores”。位置：answers.csv。您是否要写：score。"
    assert en == 'column "scores" is missing. At answers.csv. Did you mean score?'


def test_columns_of_different_lengths_are_a_fault():
    with pytest.raises(ValueError, match="different lengths"):
        Frame({"a": [1, 2], "b": [1]})


@pytest.mark.parametrize(("text", "number"), [("4.5", 4.5), (" 4 ", 4), ("1,234.5", 1234.5), ("12,345,678.9", 12345678.9), ("-1e3", -1000), (True, 1)])
def test_a_number_is_read_as_it_is_written(text, number):
    assert Frame.of([{"x": text}]).numbers("x").tolist() == [number]


@pytest.mark.parametrize("text", ["1.234,5", "1,234", "1,5.0", "四", "inf", "nan"])
def test_what_may_be_another_number_is_refused(text):
    _, en = said(Frame.of([{"x": 1}, {"x": text}], "a.csv").numbers, "x")
    assert en.startswith(f'a cell does not hold what its column should. At a.csv, row 2, column "x", value "{text}". Expected a ')


def test_an_infinite_number_is_refused_in_a_column_of_numbers_too():
    zh, _ = said(Frame({"x": np.array([1.0, np.inf])}, "a.csv").numbers, "x")
    assert zh == (
        "单元格的值不对。位置：a.csv，第2条，列“x”，值“inf”。应为：有限的数字。请改正该值，或在数据登记的 values 中写明它对应什么。"
    )


def test_missing_cells_of_a_number_are_nan():
    np.testing.assert_array_equal(TABLE.take(np.array([0, 1])).numbers("score"), [4.5, np.nan])


def test_a_selection_keeps_the_rows_of_the_file():
    zh, en = said(TABLE.take(np.array([False, True, True])).numbers, "score")
    assert zh == (
        "单元格的值不对。位置：answers.csv，第3条，列“score”，值“x”。应为：数字。请改正该值，或在数据登记的 values 中写明它对应什么。"
    )
    assert en == (
        'a cell does not hold what its column should. At answers.csv, row 3, column "score", value "x". Expected a number. '
        "Correct the value, or say what it stands for under values in the dataset entry."
    )


def test_texts_are_stripped_and_whole_numbers_lose_their_point():
    frame = Frame.of([{"x": " a "}, {"x": 3.0}, {"x": 3.5}, {"x": " "}, {"x": 7}])
    assert frame.texts("x").tolist() == ["a", "3", "3.5", None, "7"]


@pytest.mark.parametrize("word", ["true", "Yes", "是", "对", 1, 1.0, True, "1"])
def test_yes_is_told_in_many_words(word):
    assert Frame.of([{"x": word}]).flags("x").tolist() == [1.0]


@pytest.mark.parametrize("word", ["false", "No", "否", "错", 0, 0.0, False, "0"])
def test_no_is_told_in_many_words(word):
    assert Frame.of([{"x": word}]).flags("x").tolist() == [0.0]


def test_another_word_is_neither_yes_nor_no():
    zh, en = said(Frame.of([{"x": "maybe"}]).flags, "x")
    assert "应为：是或否（true/false、是/否、1/0）。" in zh
    assert "Expected yes or no (true/false, 1/0, 是/否). " in en


def test_times_are_taken_as_they_are_written():
    frame = Frame.of([{"x": "2026-05-20"}, {"x": "2026/05/20T09:30:00"}, {"x": date(2026, 5, 20)}, {"x": datetime(2026, 5, 20, 8)}, {"x": None}])
    day = datetime(2026, 5, 20)
    assert frame.times("x").tolist() == [day, day.replace(hour=9, minute=30), day, day.replace(hour=8), None]


def test_what_is_no_time_is_refused():
    zh, en = said(Frame.of([{"x": "May"}]).times, "x")
    assert "应为：时间，如 2026-05-20 或 2026-05-20T09:30:00。" in zh
    assert "Expected a time such as 2026-05-20 or 2026-05-20T09:30:00. " in en


def test_an_empty_frame_has_columns_and_no_rows():
    frame = TABLE.take(np.zeros(3, dtype=bool))
    assert (len(frame), frame.names) == (0, ["id", "score"])
    assert frame.numbers("score").tolist() == []


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_written_as_texts_come_back_exactly(values):
    assert Frame({"x": [repr(value) for value in values]}).numbers("x").tolist() == values
