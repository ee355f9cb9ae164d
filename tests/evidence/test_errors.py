"""One family of errors; each is one message: what is wrong, where, what was expected, what to do."""

import pytest

from stageway.evidence import DataError, DefinitionError, IncompleteError, ParamError, StagewayError, Where, Words, did_you_mean, nearest


def whole() -> DataError:
    return DataError(
        "cell_wrong",
        Words("单元格的值不对", "a cell does not hold what its column should"),
        where=Where("answers.csv", line=4, row=3, column="q1", value="six", part="IA3.1"),
        expected=Words("1～5", "1 to 5"),
        todo=Words("请改正该值", "correct the value"),
    )


def test_the_whole_message_in_chinese():
    assert whole().sentence("zh") == "单元格的值不对。位置：answers.csv，第4行，第3条，列“q1”，值“six”，IA3.1。应为：1～5。请改正该值。"


def test_the_whole_message_in_english():
    assert whole().sentence("en") == (
        'a cell does not hold what its column should. At answers.csv, line 4, row 3, column "q1", value "six", IA3.1. Expected 1 to 5. Correct the value.'
    )
    assert str(whole()) == whole().sentence("en")


def test_parts_that_are_unknown_leave_no_trace():
    error = StagewayError("x", Words("没有数据。", "there are no data."), where=Where())
    assert error.sentence("zh") == "没有数据。"
    assert error.sentence("en") == "there are no data."


def test_a_question_keeps_its_mark():
    error = ParamError("x", Words("没有参数“drows”", 'there is no parameter "drows"'), todo=did_you_mean("drows", ["draws", "level"]))
    assert error.sentence("en") == 'there is no parameter "drows". Did you mean draws?'
    assert error.sentence("zh") == "没有参数“drows”。您是否要写：draws。"


def test_an_error_is_placed_by_whoever_knows_the_place():
    placed = DataError("x", Words("错", "wrong"), where=Where(row=3, column="q1")).at(Where(file="a.csv", row=9, part="IA1.1"))
    assert type(placed) is DataError
    assert placed.code == "x"
    assert placed.where == Where(file="a.csv", row=3, column="q1", part="IA1.1")
    assert DataError("x", Words("错", "wrong")).at(Where(file="a.csv")).where == Where(file="a.csv")


def test_the_family_is_one():
    for kind in (DataError, ParamError, DefinitionError, IncompleteError):
        assert issubclass(kind, StagewayError)
    assert issubclass(IncompleteError, DataError)


@pytest.mark.parametrize(("name", "best"), [("betterr", "better"), ("BETTER", "better"), ("scroe", "score"), ("zzz", None)])
def test_the_nearest_name_comes_first(name, best):
    near = nearest(name, ["score", "better", "worse"])
    assert (near[0] if near else None) == best


def test_where_nothing_is_near_the_known_names_are_listed():
    assert did_you_mean("zzz", ["b", "a"]) == Words("可用的名称：a、b", "known here are a, b")


def test_a_long_list_is_cut_and_says_so():
    names = [f"name{i:02d}" for i in range(20)]
    listed = did_you_mean("zzz", names)
    assert listed.zh.endswith("name11 等")
    assert listed.en.endswith("name11, …")


def test_where_nothing_is_declared_it_is_said():
    assert did_you_mean("x", []) == Words("此处没有可用的名称", "nothing of this kind is declared here")
