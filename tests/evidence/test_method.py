"""A method is declared once: its parameters refuse what they cannot take, its tables are checked before it computes."""

from dataclasses import dataclass

import numpy as np
import pytest

from stageway.evidence import (
    DEFAULT_SEED,
    Column,
    DataError,
    Estimate,
    Finding,
    Frame,
    Kind,
    Meaning,
    ParamError,
    Params,
    Reads,
    Source,
    Words,
    method,
    param,
)

TEXT = Words("话", "word")
CHOICES = {"mean": Words("均值", "mean"), "median": Words("中位数", "median")}


@dataclass(frozen=True)
class ShareParams(Params):
    draws: int = param(100, low=10, high=1000, help=TEXT)
    at_least: float = param(0.0, low=0, help=TEXT)
    at_most: float | None = param(None, high=9, help=TEXT)
    rule: str = param("mean", help=TEXT, choices=CHOICES)
    paired: bool = param(False, help=TEXT)
    free: float = param(0.5, help=TEXT)


def example(rng: np.random.Generator) -> dict[str, Frame]:
    return {"answers": Frame({"respondent": ["a", "b"], "score": [1.0, 2.0]}, "example")}


@method(
    title=TEXT, question=TEXT, reads_as=TEXT, limit=TEXT, formula="share = x / n (1900)", gives=("score",), params=ShareParams, example=example,
    reads=(
        Reads("answers", Words("答卷", "the answers"), (
            Column("respondent", "id", Words("受访者", "the person")),
            Column("score", "number", Words("得分", "the score"), low=0, high=10),
            Column("at", "time", TEXT, required=False),
        )),
        Reads("against", Words("对照", "the earlier ones"), (Column("score", "number", TEXT, low=0),), required=False, baseline=True),
    ),
)
def share(answers: Frame, against: Frame | None, *, params: ShareParams, rng: np.random.Generator) -> Finding:
    name = "score" if params.rule == "mean" else "undeclared"
    return Finding(TEXT, Meaning(TEXT, TEXT, TEXT, TEXT), (Estimate(name, float(np.sum(answers["score"])), kind=Kind.EXACT),))


def refused(kind, call, *arguments, **named) -> tuple[str, str]:
    with pytest.raises(kind) as caught:
        call(*arguments, **named)
    return caught.value.sentence("zh"), caught.value.sentence("en")


def test_parameters_are_read_from_texts_as_from_values():
    made = ShareParams.parse({"draws": "20", "at_most": "3.5", "rule": "median", "paired": "是", "at_least": 2})
    assert made == ShareParams(20, 2.0, 3.5, "median", True)
    assert ShareParams.parse({"at_most": ""}).at_most is None


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({"draws": 9}, "在 [10, 1000] 之内", "within [10, 1000]"),
        ({"draws": "1001"}, "在 [10, 1000] 之内", "within [10, 1000]"),
        ({"draws": 20.5}, "整数", "a whole number"),
        ({"draws": "many"}, "整数", "a whole number"),
        ({"at_least": -0.1}, "不小于0的数", "a number of at least 0"),
        ({"at_least": "inf"}, "不小于0的数", "a number of at least 0"),
        ({"at_most": 10}, "不大于9的数", "a number of at most 9"),
        ({"at_most": "x"}, "数字", "a number"),
        ({"free": "nan"}, "有限的数字", "a finite number"),
        ({"rule": "mode"}, "mean, median 之一", "one of mean, median"),
        ({"paired": "perhaps"}, "true 或 false", "true or false"),
    ],
)
def test_a_value_that_a_parameter_cannot_take_is_refused_in_one_sentence(given, zh, en):
    ((name, value),) = given.items()
    assert refused(ParamError, ShareParams.parse, given) == (
        f"参数“{name}”的值不对。位置：值“{value}”。应为：{zh}。",
        f'parameter "{name}" cannot take this value. At value "{value}". Expected {en}.',
    )


def test_a_misspelt_parameter_is_refused_with_the_nearest_name():
    assert refused(ParamError, ShareParams.parse, {"drows": 20}) == (
        "没有参数“drows”。您是否要写：draws。",
        'there is no parameter "drows". Did you mean draws?',
    )


def test_a_run_writes_down_where_the_finding_came_from():
    provenance = share.run(example(np.random.default_rng(1)), {"draws": 20}).provenance
    assert (provenance.method, provenance.version, provenance.seed, provenance.computed) == ("test_method", "1", DEFAULT_SEED, None)
    assert provenance.params == {"draws": 20, "at_least": 0.0, "at_most": None, "rule": "mean", "paired": False, "free": 0.5}
    assert provenance.sources == (Source("answers", "example", rows=2),)


def test_a_table_that_is_required_is_asked_for():
    assert refused(DataError, share.run, {}) == (
        "方法 test_method 需要表“answers”（答卷）。",
        'method test_method needs the table "answers" (the answers).',
    )


def test_a_table_that_nobody_reads_is_refused():
    tables = {**example(np.random.default_rng(1)), "answer": Frame({})}
    assert refused(DataError, share.run, tables) == (
        "方法 test_method 不读名为“answer”的表。您是否要写：answers。",
        'method test_method reads no table "answer". Did you mean answers?',
    )


def test_a_column_that_is_required_is_named_with_what_the_file_has():
    table = Frame({"respondent": ["a"], "points": [1]}, "answers.csv")
    assert refused(DataError, share.run, {"answers": table}) == (
        "方法 test_method 需要列“score”（得分）。位置：answers.csv。文件里的列有：respondent, points；用 columns（或 --map score=文件里的列名）指明。",
        'method test_method needs the column "score" (the score). At answers.csv. '
        "The file has respondent, points; name the right one under columns (or with --map score=THEIR_COLUMN).",
    )


def test_a_value_outside_its_column_is_named_by_its_row():
    table = Frame({"respondent": ["a", "b"], "score": [1, 11]}, "answers.csv")
    zh, en = refused(DataError, share.run, {"answers": table})
    assert zh.startswith("单元格的值不对。位置：answers.csv，第2条，列“score”，值“11”。应为：[0, 10] 之内的数。")
    assert en.startswith('a cell does not hold what its column should. At answers.csv, row 2, column "score", value "11". Expected a number within [0, 10]. ')


def test_a_column_with_one_limit_names_that_limit():
    tables = {**example(np.random.default_rng(1)), "against": Frame({"score": [-1]}, "before.csv")}
    zh, en = refused(DataError, share.run, tables)
    assert "应为：不小于0的数。" in zh
    assert "Expected a number of at least 0. " in en


def test_an_estimate_that_is_not_declared_is_a_fault_of_the_method():
    with pytest.raises(ValueError, match=r"method test_method gives \['undeclared'\] without declaring it"):
        share.run(example(np.random.default_rng(1)), {"rule": "median"})
