"""The catalogue finds methods and readers by their files, and tells which file is wrong."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import stageway
from stageway import catalogue
from stageway.evidence import DataError, DefinitionError, Frame, ParamError

FIRST = {"kano": "research", "priorities": "positioning", "positioning_fit": "positioning", "sus": "design", "test_results": "quality",
         "attribution": "launch", "experiment": "operations"}  # fmt: skip

METHOD = '''"""How many rows are there?"""
from stageway.evidence import Estimate, Finding, Kind, Meaning, Reads, Words, method

TEXT = Words("话", "word")


@method(title=TEXT, question=TEXT, reads_as=TEXT, limit=TEXT, formula="n (1900)", reads=(Reads("rows", TEXT),), gives=("count",), example=lambda rng: {})
def anything(rows, *, params, rng):
    return Finding(TEXT, Meaning(TEXT, TEXT, TEXT, TEXT), (Estimate("count", len(rows), kind=Kind.EXACT),))
'''


@pytest.fixture
def shelf(tmp_path, monkeypatch) -> Path:
    """A shelf of one's own; what it declares is forgotten after the test."""
    monkeypatch.setenv(catalogue.SHELVES, str(tmp_path))
    return tmp_path


def refused(call, *arguments, **named) -> tuple[str, str]:
    with pytest.raises((DefinitionError, ParamError, DataError)) as caught:
        call(*arguments, **named)
    return caught.value.sentence("zh"), caught.value.sentence("en")


def test_the_seven_first_methods_stand_on_their_shelves():
    found = catalogue.methods()
    assert {id: catalogue.shelf(found[id]) for id in FIRST} == FIRST


def test_the_file_name_is_the_id():
    for id, method in catalogue.methods().items():
        assert Path(sys.modules[method.module].__file__).stem == id == method.id


def test_a_method_of_ones_own_is_found_by_its_file(shelf):
    (shelf / "row_count.py").write_text(METHOD, encoding="utf-8")
    (shelf / "_shared.py").write_text("raise RuntimeError('a file that begins with an underscore is no method')", encoding="utf-8")
    assert catalogue.shelf(catalogue.get("row_count")) == "own"
    assert stageway.compute("row_count", [{"a": 1}, {"a": 2}]).get("count").value == 2


def test_several_shelves_are_named_like_a_path(tmp_path, monkeypatch):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"method_{name}.py").write_text(METHOD, encoding="utf-8")
    monkeypatch.setenv(catalogue.SHELVES, f"{tmp_path / 'one'}:{tmp_path / 'two'}")
    assert {"method_one", "method_two", "kano"} <= set(catalogue.methods())


def test_two_methods_of_one_name_are_refused_with_both_files(shelf):
    (shelf / "kano.py").write_text(METHOD, encoding="utf-8")
    zh, en = refused(catalogue.methods)
    assert re.fullmatch(rf"两个文件都叫 kano：\S+research/kano\.py 与 {re.escape(str(shelf))}/kano\.py。给其中一个改名。", zh)
    assert re.fullmatch(rf"two files are named kano: \S+research/kano\.py and {re.escape(str(shelf))}/kano\.py\. Rename one of them\.", en)


def test_a_file_without_a_method_is_refused(shelf):
    (shelf / "notes.py").write_text("x = 1\n", encoding="utf-8")
    assert refused(catalogue.methods) == (
        f"一个方法文件恰好声明一个方法，这里有0个。位置：{shelf}/notes.py。用 @method(...) 装饰一个函数；不是方法的文件名以下划线开头。",
        f"a method's file declares exactly one method, this one 0. At {shelf}/notes.py. "
        "Decorate one function with @method(...); a file that is no method begins with an underscore.",
    )


@pytest.mark.parametrize(
    ("code", "line", "reason"),
    [("x = 1\nimport no_such_module\n", 2, "ModuleNotFoundError：No module named 'no_such_module'"), ("x = (\n", 1, "SyntaxError：'(' was never closed")],
)
def test_a_file_that_cannot_be_loaded_is_named_with_the_line(shelf, code, line, reason):
    (shelf / "broken.py").write_text(code, encoding="utf-8")
    assert refused(catalogue.methods) == (
        f"方法文件载入失败（{reason}）。位置：{shelf}/broken.py，第{line}行。",
        f"the method's file cannot be loaded ({reason.replace('：', ': ')}). At {shelf}/broken.py, line {line}.",
    )


def test_a_shelf_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setenv(catalogue.SHELVES, "/no/such/shelf")
    assert refused(catalogue.methods) == (
        "STAGEWAY_SHELVES 指的文件夹不存在。位置：/no/such/shelf。",
        "the folder of STAGEWAY_SHELVES does not exist. At /no/such/shelf.",
    )


def test_a_misspelt_method_is_refused_with_the_nearest_name():
    assert refused(catalogue.get, "kanoo") == ("没有方法“kanoo”。您是否要写：kano。", 'there is no method "kanoo". Did you mean kano?')


def test_a_misspelt_reader_and_an_unknown_format_are_refused():
    zh, en = refused(catalogue.reader_for, Path("a.csv"), "cvs")
    assert zh.startswith("没有读取器“cvs”。您是否要写：csv")
    assert en.startswith('there is no reader "cvs". Did you mean csv')
    zh, en = refused(catalogue.reader_for, Path("a.docx"))
    assert zh.startswith("不知道怎样读“.docx”文件。位置：a.docx。应为：")
    assert en.startswith('no reader for a ".docx" file. At a.docx. Expected one of ')


def test_a_table_is_taken_in_every_form(tmp_path):
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    records = [{"arm": "A", "n": 618, "successes": 152}, {"arm": "B", "n": 622, "successes": 194}]
    path = tmp_path / "arms.csv"
    path.write_text("arm,n,successes\nA,618,152\nB,622,194\n", encoding="utf-8")
    forms = [records, Frame.of(records), path, str(path), pd.DataFrame(records), pl.DataFrame(records), pa.Table.from_pylist(records)]
    found = [stageway.compute("experiment", form) for form in forms]
    assert {made.headline for made in found} == {found[0].headline}
    assert {made.estimates for made in found} == {found[0].estimates}


def test_columns_are_mapped_ours_to_theirs():
    theirs = [{"group": "A", "n": 618, "successes": 152}, {"group": "B", "n": 622, "successes": 194}]
    assert stageway.compute("experiment", theirs, columns={"arm": "group"}).estimates
    zh, en = refused(stageway.compute, "experiment", theirs, columns={"arm": "groop"})
    assert zh == "缺少列“groop”。您是否要写：group。"
    assert en == 'column "groop" is missing. Did you mean group?'


def test_a_name_that_is_neither_table_nor_parameter_is_refused():
    zh, en = refused(stageway.compute, "sus", [{"q1": 1}], againts=[{"q1": 1}])
    assert zh == "方法 sus 没有名为“againts”的表或参数。您是否要写：against。"
    assert en == 'method sus has no table or parameter "againts". Did you mean against?'


def test_listing_the_methods_loads_no_heavy_library():
    heavy = ["scipy", "pandas", "altair", "pyarrow", "sklearn", "numba", "polars", "docx", "django", "rich", "jsonschema"]
    code = f"import sys; from stageway import catalogue; assert catalogue.methods(); print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
