"""What `data inspect` sees in a file: real traps first, then each kind of doubt, the fits, the entry, and the next wave."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from stageway.evidence import DataError, DefinitionError, ParamError
from stageway.folder.datasets import load_dataset
from stageway.folder.entry import add, entry_lines, inserted, name_of, need_name
from stageway.folder.inspect import Inspection, inspect
from stageway.folder.inspect_columns import day_of, form_of, profile
from stageway.folder.inspect_fits import dataset, nearly
from stageway.folder.inspect_match import families, likeness
from stageway.folder.load import load
from stageway.process.planning import Dataset
from tests.shared import shared


def csv(folder: Path, text: str, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def doubts(found: Inspection) -> dict[str, str]:
    return {doubt.code: doubt.text.en for doubt in found.doubts}


def doubt(found: Inspection, code: str):
    return next(each for each in found.doubts if each.code == code)


# ── real traps ──


def test_the_names_of_real_price_columns_lie_and_the_sizes_are_believed():
    """pricesensitivity example.sav (1,500 people): by name 1,492 contradict themselves, by size 368 (shared/data/pricing/README.md)."""
    found = inspect(shared("pricing/psm_1500.csv"))
    lies = doubt(found, "name_lies")
    assert lies.columns == ("getting_expensive", "bargain")
    assert lies.text.zh.startswith("列名不实：照列名读，1,500人中有1,492人前后矛盾；照价格大小读，只有368人。")
    assert "1,492 of 1,500 people contradict themselves; read by size, 368." in lies.text.en
    assert found.fit is not None
    assert found.fit.method.id == "price_sensitivity"
    assert dataset(found.fit, "psm", "data/psm.csv", "csv", {}).columns == {"cheap": "getting_expensive", "expensive": "bargain"}


def test_real_kano_pairs_become_rows_whatever_their_order_and_the_mixed_scale_is_mapped():
    found = inspect(shared("kano/transfers_kano.csv"))
    fit = found.fit
    assert fit is not None
    assert fit.method.id == "kano"
    assert fit.columns == {"respondent": "ID"}
    assert fit.wide == {
        "row": "feature",
        "columns": {"functional": "{}_functional", "dysfunctional": "{}_dysfunctional", "importance": "{}_importance"},
    }
    assert fit.values == {
        "importance": {"1 - Not at all important": 1, "3 - Somewhat important": 3, "5 - Important": 5, "7 - Very important": 7, "9 - Extremely important": 9}
    }
    assert fit.trial is None
    mixed = doubt(found, "mixed_scale")
    assert mixed.columns == tuple(f"F{i}_importance" for i in range(6, 12))
    assert mixed.text.zh == "同一量表混了两种写法：带文字的“5 - Important”等5种，与只写数的“4”等4种"


@pytest.mark.parametrize(
    ("name", "method", "columns"),
    [
        ("usability/sus_vr.csv", "sus", {"respondent": "Participant ID", "q9": "I felt very confident using the system"}),
        ("usability/nasa_tlx_vr.csv", "questionnaire_scores", {"mental": "MentalDemand", "performance": "Performance"}),
        ("growth_ab_cookie_cats/cookie_cats.csv", "experiment", {"arm": "version", "unit": "userid"}),
        ("growth_attribution_paths/paths.csv", "attribution", {"path": "path", "total_null": "total_null"}),
        ("quality/junit/pytest.xml", "test_results", {"name": "name", "status": "status"}),
        ("quality/sarif/gitleaks.sarif", "security_findings", {"level": "level"}),
        ("quality/coverage/jacoco.xml", "coverage", {"covered": "covered"}),
        ("quality/load/locust_stats.csv", "load_results", {"label": "label"}),
        ("survey_exports/wjx_text.csv", "survey_summary", {"respondent": "序号"}),
        ("survey_exports/google_forms.csv", "survey_summary", {"respondent": "#"}),
    ],
)
def test_real_files_fit_their_method(name, method, columns):
    fit = inspect(shared(name)).fit
    assert fit is not None
    assert fit.method.id == method
    assert columns.items() <= dict(fit.columns).items()


# ── columns ──


def test_each_column_has_a_type_its_missing_share_and_examples(tmp_path):
    rows = "\n".join(f"u{i},{i % 3},{'是' if i % 2 else '否'},2026-05-{i:02},{'A' if i % 2 else 'B'},{'很好用的一段话' * 8} {i},{'' if i > 4 else i}" for i in range(1, 29))
    found = inspect(csv(tmp_path, "user_id,n,ok,day,group,comment,rare\n" + rows + "\n"))
    assert [each.type for each in found.columns] == ["id", "number", "flag", "time", "category", "text", "number"]
    rare = found.columns[-1]
    assert (rare.missing, rare.rows, rare.share_missing, rare.low, rare.high) == (24, 28, 24 / 28, 1.0, 4.0)
    assert (found.collected, found.collected_from) == (date(2026, 5, 28), "day")


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["13/04/2026", "03/04/2026"], "%d/%m/%Y"),
        (["4/13/26 9:05", "4/3/26 19:05"], "%m/%d/%y %H:%M"),
        (["2026/5/3 09:01:05", "2026/10/12 09:01:05"], "%Y/%m/%d %H:%M:%S"),
        (["03/04/2026", "04/05/2026"], None),
        (["13/04/2026", "04/13/2026"], None),
        (["2026-05-03", "2026-05-04"], None),
    ],
)
def test_the_form_of_dates_is_given_only_where_the_order_is_sure(cells, form, tmp_path):
    found = inspect(csv(tmp_path, "when\n" + "\n".join(cells * 3) + "\n"))
    assert found.columns[0].type == "time"
    assert form_of(found.columns[0]) == form


def test_a_day_that_no_calendar_has_is_none():
    assert day_of("31/02/2026", "%d/%m/%Y") is None
    assert day_of("2026年5月3日", None) == date(2026, 5, 3)


# ── doubts ──


@pytest.mark.parametrize(
    ("code", "cells", "said"),
    [
        ("constant", ["a"] * 5, 'every row holds "a"'),
        ("nearly_empty", ["1", *["NA"] * 39], "nearly empty: 2.5% of the rows hold a value"),
        ("mixed_scale", ["3 - Somewhat", "6", "5 - Important", "6"], 'one scale is written in two ways: with its label as in "3 - Somewhat" (2 of them) and as a bare number as in "6" (1)'),
        ("missing_codes", ["1", "5", "-99", "-99", "4"], "-99×2 look like codes for no answer: the other values lie between 1 and 5"),
        ("missing_codes", ["1", "10", "999", "7"], "999×1 look like codes for no answer: the other values lie between 1 and 10"),
        ("mixed_dates", ["2026-05-01", "13/05/2026", "2026-05-02"], "dates are written in several ways (such as 2026-05-01, 13/05/2026)"),
        ("ambiguous_dates", ["03/04/2026", "05/06/2026"], "day and month cannot be told apart (such as 03/04/2026): each date can be read both ways"),
        ("dates", ["13/04/2026", "05/06/2026"], "dates are written as 13/04/2026, 05/06/2026, and are read as %d/%m/%Y"),
        ("number_as_text", ['"1,200"', '"3,400"', "250"], 'numbers are written as text (such as "1,200"), with separators, a decimal comma, a percent sign or a unit'),
        ("number_as_text", ["45%", "12%", "7%"], 'numbers are written as text (such as "45%"), with separators, a decimal comma, a percent sign or a unit'),
        ("stray_texts", ["1"] * 30 + ["twelve"], 'nearly all cells are numbers; the 1 that are not, such as "twelve", turn the whole column into text'),
        ("sheet_errors", ["a", "#REF!", "#DIV/0!", "#REF!"], "errors of a spreadsheet: #REF!×2, #DIV/0!×1"),
        ("mojibake", ["caf\u00c3\u00a9", "tea"], 'characters are garbled (such as "caf\u00c3\u00a9")'),
        ("variants", ["Yes ok", "yes ok", "no"], "answers that differ in case or blanks only: Yes ok / yes ok"),
    ],
)
def test_what_is_suspicious_in_a_column_is_said(code, cells, said, tmp_path):
    found = inspect(csv(tmp_path, "x,y\n" + "\n".join(f"{cell},{i}" for i, cell in enumerate(cells)) + "\n"))
    assert doubts(found)[code] == said


def test_what_is_usual_is_no_doubt(tmp_path):
    text = "id,age,answer,day\n" + "\n".join(f"p{i},{20 + i},{'yes' if i % 2 else 'no'},2026-05-{i:02}" for i in range(1, 20)) + "\n"
    assert doubts(inspect(csv(tmp_path, text))) == {}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("no_header", "1,2026-05-01,7\n2,2026-05-02,8\n"),
        ("header_repeated", "a,a\n1,2\n"),
        ("header_empty", "a,,b\n1,2,3\n"),
        ("total_row", "city,n\nX,1\nY,2\nZ,4\n合计,7\n"),
        ("ids_repeated", "id,v\n" + "\n".join(f"p{i},{i}" for i in range(30)) + "\np1,99\n"),
        ("rows_repeated", "id,v\n" + "\n".join(f"p{i},{i}" for i in range(30)) + "\np1,1\n"),
    ],
)
def test_what_is_suspicious_in_a_table_is_said_in_both_languages(code, text, tmp_path):
    found = doubt(inspect(csv(tmp_path, text)), code)
    assert any("一" <= letter <= "鿿" for letter in found.text.zh)
    assert found.text.en


def test_a_report_of_a_tool_has_no_doubts_about_its_own_columns(tmp_path):
    path = csv(tmp_path, '<testsuite name="s"><testcase classname="c" name="t" time="0.1"/></testsuite>', "r.xml")
    assert inspect(path).doubts == ()


def test_personal_columns_are_named(tmp_path):
    rows = "\n".join(f"{i},1391234{i:04}" for i in range(1, 12))
    found = inspect(csv(tmp_path, f"编号,手机号\n{rows}\n"))
    assert list(found.personal) == ["手机号"]


# ── fits ──


@pytest.mark.parametrize(
    ("ours", "theirs", "sure"),
    [
        ("too_cheap", "Too Cheap", True),
        ("too_cheap", "太便宜", True),
        ("cheap", "太便宜", False),
        ("respondent", "用户编号", True),
        ("score", "3、您有多大可能向朋友推荐", True),
        ("feature", "price", False),
    ],
)
def test_our_columns_are_found_by_what_people_call_them(ours, theirs, sure):
    assert bool(likeness(ours, theirs)) is sure


@pytest.mark.parametrize(
    ("names", "patterns"),
    [
        (["id", "F1_functional", "F1_dysfunctional", "F2_dysfunctional", "F2_functional"], {"functional": "{}_functional", "dysfunctional": "{}_dysfunctional"}),
        (["编号", "搜索_具备", "搜索_不具备", "支付_具备", "支付_不具备"], {"functional": "{}_具备", "dysfunctional": "{}_不具备"}),
        (["正向[搜索]", "正向[支付]", "反向[搜索]", "反向[支付]"], {"functional": "正向[{}]", "dysfunctional": "反向[{}]"}),
        (["F1_functional", "F1_dysfunctional"], None),
        (["functional", "dysfunctional"], None),
    ],
)
def test_families_of_columns_are_found_by_their_pattern(names, patterns):
    assert families(["functional", "dysfunctional"], names) == patterns


def test_chinese_prices_fit_and_so_does_a_family_of_ratings(tmp_path):
    prices = "\n".join(f"p{i},{10 + i},{20 + i},{30 + i},{40 + i}" for i in range(20))
    fit = inspect(csv(tmp_path, f"编号,太便宜,便宜,贵,太贵\n{prices}\n")).fit
    assert fit is not None
    assert dict(fit.columns) == {"respondent": "编号", "too_cheap": "太便宜", "cheap": "便宜", "expensive": "贵", "too_expensive": "太贵"}
    rows = "\n".join(f"p{i},{1 + i % 5},{1 + i % 4},{2 + i % 3},{1 + i % 5}" for i in range(20))
    fit = inspect(csv(tmp_path, f"编号,搜索_重要性,搜索_满意度,支付_重要性,支付_满意度\n{rows}\n")).fit
    assert fit is not None
    assert fit.method.id == "opportunity"
    assert fit.wide == {"row": "outcome", "columns": {"importance": "{}_重要性", "satisfaction": "{}_满意度"}}


def test_five_stars_are_no_nps(tmp_path):
    rows = "\n".join(f"p{i},{1 + i % 5}" for i in range(20))
    assert "nps" not in [fit.method.id for fit in inspect(csv(tmp_path, f"id,score\n{rows}\n")).fits]
    rows = "\n".join(f"p{i},{i % 11}" for i in range(22))
    assert "nps" in [fit.method.id for fit in inspect(csv(tmp_path, f"id,score\n{rows}\n")).fits]


def test_a_method_asked_for_is_the_only_fit_and_an_unknown_one_is_refused(tmp_path):
    path = csv(tmp_path, "id,score\n" + "\n".join(f"p{i},{i % 11}" for i in range(22)) + "\n")
    assert [fit.method.id for fit in inspect(path, method="nps").fits] == ["nps"]
    assert inspect(path, method="kano").fits == ()
    with pytest.raises(DefinitionError, match='there is no method "kanoo"'):
        inspect(path, method="kanoo")


def test_where_nothing_fits_the_lacking_column_is_named(tmp_path):
    found = inspect(csv(tmp_path, "too_cheap,cheap,expensive\n1,2,3\n2,3,4\n"))
    assert found.fits == ()
    assert ("price_sensitivity", "too_expensive") in [(method.id, column.name) for method, column in nearly(found.columns)]


# ── the entry ──


def test_the_entry_reads_the_file_as_it_was_inspected(tmp_path):
    root = tmp_path / "p"
    (root / "data").mkdir(parents=True)
    text = "ID,F1_functional,F1_dysfunctional,F2_functional,F2_dysfunctional,day\n" + "\n".join(f"{i},1,5,2,4,13/05/2026" for i in range(1, 5)) + "\n"
    found = inspect(csv(root / "data", text))
    assert found.fit is not None
    made = dataset(found.fit, "kano", "data/a.csv", "csv", {})
    lines = entry_lines(made, {"collected": "?"})
    assert yaml.safe_load("\n".join(lines)) == {
        "kano": {
            "path": "data/a.csv",
            "reader": "csv",
            "title": "kano",
            "columns": {"respondent": "ID"},
            "wide": {"row": "feature", "columns": {"functional": "{}_functional", "dysfunctional": "{}_dysfunctional"}},
        }
    }
    assert "  # collected: ?" in lines
    assert len(load_dataset(root, made).frame) == 8


PRODUCTS = {
    "empty flow": "a: 1\ndatasets: {}  # none yet\n# after\nstages: {}\n",
    "nothing": "a: 1\ndatasets:\nstages: {}\n",
    "block": "a: 1\ndatasets:\n  # first\n  one: {path: x, reader: csv}  # of May\n\n# after\nstages: {}\n",
    "deep block": "a: 1\ndatasets:\n    one:\n        path: x\n        values:\n            b: |\n              text\n\nstages: {}\n",
    "flow": "a: 1\ndatasets: {one: {path: x, reader: csv}}  # after\nstages: {}\n",
    "flow over lines": "a: 1\ndatasets: {\n  one: {path: x}\n}\nstages: {}\n",
    "absent": "a: 1\n\n# planned\nstages: {}\n",
    "last": "a: 1\ndatasets:\n  one: {path: x}",
    "windows": "a: 1\r\ndatasets:\r\n  one: {path: x}\r\nstages: {}\r\n",
}


@pytest.mark.parametrize("kind", PRODUCTS)
def test_an_entry_goes_into_the_text_and_nothing_else_changes(kind):
    before = PRODUCTS[kind]
    after = inserted(before, "new", ["new:", "  path: data/n.csv", "  wide: {row: feature}"])
    old, new = yaml.safe_load(before), yaml.safe_load(after)
    assert new["datasets"].pop("new") == {"path": "data/n.csv", "wide": {"row": "feature"}}
    assert new["datasets"] == (old.get("datasets") or {})
    assert {k: v for k, v in new.items() if k != "datasets"} == {k: v for k, v in old.items() if k != "datasets"}
    lines = [line.strip() for line in after.splitlines()]
    assert [line for line in before.splitlines() if "#" in line and line.strip().startswith("#") and line.strip() not in lines] == []
    for comment in ("# none yet", "# of May", "# after"):
        assert (comment in before) == (comment in after)
    assert ("\r\n" in before) == ("\r\n" in after)
    assert kind != "windows" or after.count("\n") == after.count("\r\n")


@pytest.fixture
def product(tmp_path) -> Path:
    from stageway.folder.new import new

    return new(tmp_path, "lumen", template="internet_app", lang="zh", today=date(2026, 3, 2))


def entry(name: str, path: str, **more) -> Dataset:
    from dataclasses import replace

    from stageway.evidence import Words

    return replace(Dataset(name, path, "csv", Words.of(name), date(2026, 5, 1), {}, {}, None, {}), **more)


def test_a_file_and_its_entry_are_added_once(product, tmp_path):
    source = csv(tmp_path, "a,b\n1,2\n", "answers.csv")
    before = (product / "product.yaml").read_text(encoding="utf-8")
    made = entry("answers", "data/answers.csv", columns={"x": "a"})
    assert add(product, source, made, {}, ".csv").new
    assert (product / "data" / "answers.csv").read_bytes() == source.read_bytes()
    assert load(product).product.datasets["answers"].columns == {"x": "a"}
    after = (product / "product.yaml").read_text(encoding="utf-8")
    assert set(before.replace("datasets: {}", "datasets:").splitlines()) <= set(after.splitlines())
    assert not add(product, source, made, {}, ".csv").new
    assert (product / "product.yaml").read_text(encoding="utf-8") == after


def test_another_dataset_of_the_name_and_another_file_of_the_place_are_refused_and_nothing_is_left(product, tmp_path):
    add(product, csv(tmp_path, "a,b\n1,2\n", "answers.csv"), entry("answers", "data/answers.csv"), {}, ".csv")
    other = csv(tmp_path, "c\n1\n", "other.csv")
    before = {path: path.read_bytes() for path in product.rglob("*") if path.is_file()}
    with pytest.raises(DefinitionError) as caught:
        add(product, other, entry("answers", "data/other.csv"), {}, ".csv")
    assert caught.value.sentence("zh").startswith("已有名为“answers”的数据（data/answers.csv），登记得不一样。位置：product.yaml，第")
    (tmp_path / "two").mkdir()
    with pytest.raises(DataError, match=r"the folder already holds another data/answers\.csv"):
        add(product, csv(tmp_path / "two", "z\n1\n", "answers.csv"), entry("more", "data/answers.csv"), {}, ".csv")
    assert {path: path.read_bytes() for path in product.rglob("*") if path.is_file()} == before


def test_a_failure_on_the_way_takes_back_what_was_copied(product, tmp_path, monkeypatch):
    def broken(one, two) -> None:
        raise OSError("the disk is full")

    before = {path: path.read_bytes() for path in product.rglob("*") if path.is_file()}
    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(OSError, match="the disk is full"):
        add(product, csv(tmp_path, "a\n1\n", "answers.csv"), entry("answers", "data/answers.csv"), {}, ".csv")
    assert {path: path.read_bytes() for path in product.rglob("*") if path.is_file()} == before


def test_names_are_made_of_the_file_and_checked():
    assert name_of(Path("data/Answers May (2).csv")) == "answers_may_2"
    assert name_of(Path("问卷.xlsx")) == "问卷"
    with pytest.raises(ParamError, match='"a b" cannot be the name of a dataset'):
        need_name("a b")


def test_profiles_take_a_numpy_column(tmp_path):
    found = inspect(csv(tmp_path, "x\n1.5\n2\n\n4\n"))
    assert profile(found.frame, "x").examples == ["1.5", "2", "4"]
