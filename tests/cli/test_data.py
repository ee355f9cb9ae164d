"""`stageway data inspect` and the mapping files of `method run`, as a person calls them."""

import json
from pathlib import Path

import pytest
import yaml

from stageway.folder.load import load
from tests.cli.calling import refused, stageway

ANSWERS = "ID,F1_functional,F1_dysfunctional,F2_functional,F2_dysfunctional,day\n" + "\n".join(f"p{i},1,5,2,4,2026-05-{i:02}" for i in range(1, 13)) + "\n"


@pytest.fixture
def answers(tmp_path) -> Path:
    path = tmp_path / "kano.csv"
    path.write_text(ANSWERS, encoding="utf-8")
    return path


@pytest.fixture
def product(tmp_path) -> Path:
    assert stageway("new", "lumen", cwd=tmp_path).code == 0
    return tmp_path / "lumen"


def test_it_prints_format_columns_rows_methods_and_an_entry_that_is_yaml(answers):
    ran = stageway("data", "inspect", answers)
    assert ran.code == 0, ran.err
    assert ran.out.startswith("kano.csv  CSV text table (csv)\nbecause its suffix is .csv, and it shows no sign of another format\n12 rows, 6 columns · encoding utf-8 · delimiter ,")
    assert "latest day 2026-05-12 (day)" in ran.out
    entry = ran.out.partition("Entry (under datasets in product.yaml)\n")[2].partition("\n\n")[0]
    made = yaml.safe_load(entry)["kano"]
    assert made["columns"] == {"respondent": "ID"}
    assert made["wide"]["columns"] == {"functional": "{}_functional", "dysfunctional": "{}_dysfunctional"}
    assert str(made["collected"]) == "2026-05-12"
    assert "{method: kano, data: {answers: kano}}" in ran.out


def test_it_speaks_chinese(answers):
    out = stageway("data", "inspect", answers, lang="zh").out
    for words in ("依据：后缀是 .csv", "12行，6列", "各列", "前3行", "可疑之处", "每行都是“1”", "适合的方法", "表 answers，列变成行：每行一个 feature", "登记项（product.yaml 的 datasets 之下）"):
        assert words in out
    assert "写进产品文件夹：stageway data inspect" in out


def test_json_holds_everything(answers):
    made = stageway("data", "inspect", answers, "--json").json
    assert (made["reader"], made["rows"], made["collected"], made["written"]) == ("csv", 12, "2026-05-12", None)
    assert [column["type"] for column in made["columns"]] == ["id", "number", "number", "number", "number", "time"]
    assert made["methods"][0]["id"] == "kano"
    assert made["suspicious"][0]["code"] == "constant"
    assert yaml.safe_load(made["entry"]["text"])["kano"]["reader"] == "csv"


def test_write_adds_the_file_and_the_entry_and_run_then_reads_it(answers, product):
    ran = stageway("data", "inspect", answers, "--write", product)
    assert ran.code == 0, ran.err
    assert ran.out.rstrip().endswith(f"written to {product}: data/kano.csv, and datasets.kano in product.yaml")
    assert load(product).product.datasets["kano"].columns == {"respondent": "ID"}
    assert (product / "data" / "kano.csv").read_text(encoding="utf-8") == ANSWERS
    again = stageway("data", "inspect", answers, "--write", product)
    assert again.out.rstrip().endswith(f'{product} already holds "kano" exactly so; nothing was changed')


def test_another_dataset_of_the_same_name_is_not_overwritten(answers, product, tmp_path):
    stageway("data", "inspect", answers, "--write", product)
    other = tmp_path / "other.csv"
    other.write_text("id,score\n" + "\n".join(f"p{i},{i % 11}" for i in range(22)) + "\n", encoding="utf-8")
    said = refused("data", "inspect", other, "--write", product, "--name", "kano")
    assert said["en"].startswith('There is a dataset "kano" already (data/kano.csv), and it says something else. At product.yaml, line ')
    assert said["en"].endswith("Give another name with --name, or change that entry first.")
    assert not (product / "data" / "other.csv").exists()


def test_the_next_wave_keeps_the_mapping(answers, product, tmp_path):
    stageway("data", "inspect", answers, "--write", product)
    second = tmp_path / "kano_may.csv"
    second.write_text(ANSWERS.replace("2026-05", "2026-06"), encoding="utf-8")
    ran = stageway("data", "inspect", second, "--like", f"{product}:kano", "--write", product)
    assert ran.code == 0, ran.err
    assert "nothing: the mapping fits as it is" in ran.out
    made = load(product).product.datasets["kano_may"]
    assert (made.path, str(made.collected), made.columns) == ("data/kano_may.csv", "2026-06-12", {"respondent": "ID"})


def test_a_wave_that_does_not_fit_is_not_written(answers, product, tmp_path):
    stageway("data", "inspect", answers, "--write", product)
    second = tmp_path / "kano_may.csv"
    second.write_text(ANSWERS.replace("F2_functional", "F2_func"), encoding="utf-8")
    ran = stageway("data", "inspect", second, "--like", f"{product}:kano", "--write", product, lang="zh")
    assert "✗ F2_functional：列“F2_functional”（我们的 functional）没有了；可能是：F2_func" in ran.out
    assert ran.out.rstrip().endswith("没有写入：先解决上面标 ✗ 的各项")
    assert "kano_may" not in load(product).product.datasets
    made = stageway("data", "inspect", second, "--like", f"{product}:kano", "--json").json
    assert (made["fits"], made["notes"][0]["code"]) == (False, "column_gone")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--like", "lumen"), '--like "lumen" is not written rightly. Expected FOLDER:NAME, such as lumen:kano.'),
        (("--like", "a:b", "--reader", "csv"), "--like takes reader and options from the earlier wave: leave out --reader, --option, --method."),
        (("--option", "encoding"), '--option "encoding" lacks its equals sign. Expected NAME=VALUE.'),
        (("--name", "a b"), '"a b" cannot be the name of a dataset. Expected letters, digits, - and _.'),
        (("--reader", "cvs"), 'There is no reader "cvs". Did you mean csv'),
    ],
)
def test_bad_words_are_refused_in_one_sentence(answers, words, said):
    assert refused("data", "inspect", answers, *words)["en"].startswith(said)


def test_an_option_of_the_reader_is_used_and_stands_in_the_entry(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id;price\n1;-\n2;5,5\n", encoding="utf-8")
    ran = stageway("data", "inspect", path, "--option", "missing=['-']", "--option", "decimal=,", "--json")
    assert ran.json["columns"][1]["type"] == "number"
    assert yaml.safe_load(ran.json["entry"]["text"])["a"]["options"] == {"missing": ["-"], "decimal": ","}


# ── the same keys for one run ──


def test_method_run_takes_a_mapping_file(answers, tmp_path):
    entry = yaml.safe_load(stageway("data", "inspect", answers, "--json").json["entry"]["text"])["kano"]
    mapping = {key: entry[key] for key in ("reader", "columns", "wide")}
    (tmp_path / "mapping.yaml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
    ran = stageway("method", "run", "kano", "--input", answers, "--map", tmp_path / "mapping.yaml", "--json")
    assert ran.code == 0, ran.err
    assert {estimate["key"] for estimate in ran.json["estimates"]} >= {"F1", "F2"}


def test_method_run_lists_wrong_rows_beside_and_goes_on_where_the_mapping_keeps_the_others(tmp_path):
    path = tmp_path / "nps.csv"
    path.write_text("who,points\n" + "\n".join(f"p{i},{i % 11}" for i in range(40)) + "\nx,99\n", encoding="utf-8")
    said = refused("method", "run", "nps", "--input", path, "--map", "score=points", cwd=tmp_path)
    assert 'row 41, column "score", value "99"' in said["en"]
    assert "All are listed in nps.bad_rows.csv" in said["en"]
    assert (tmp_path / "nps.bad_rows.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("nps,41,score,points,99,")
    (tmp_path / "m.yaml").write_text("columns: {score: points}\nbad_rows: keep\n", encoding="utf-8")
    ran = stageway("method", "run", "nps", "--input", path, "--map", "m.yaml", "--json", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "bad_rows" in [warning["code"] for warning in json.loads(ran.out)["warnings"]]


def test_a_mapping_file_that_is_not_there_or_wrong_is_refused(answers, tmp_path):
    assert refused("method", "run", "kano", "--input", answers, "--map", "none.yaml")["en"] == "The mapping file does not exist. At none.yaml."
    (tmp_path / "m.yaml").write_text("colums: {}\n", encoding="utf-8")
    said = refused("method", "run", "kano", "--input", answers, "--map", "m.yaml", cwd=tmp_path)
    assert said["en"] == 'Unknown field "colums". At m.yaml, line 1. Did you mean columns, values?'
