"""What is written wrongly in a product folder is refused in one sentence that says where, in both languages; nothing is written out."""

from pathlib import Path

import pytest

from tests.cli.calling import refused, stageway
from tests.folder.places import JUNIT, NEEDS, SMALL, TODAY, edit, sus_rows

PRODUCT = "product.yaml"
ADDED = """\
adaptations:
  - id: A-1
    act: add
    stage: design
    reason: {zh: 老人也用, en: elderly people use it}
    requirement:
      id: X3.1
      title: {zh: 老人试用, en: Trial with elderly people}
      department: design
      doer: {zh: 设计师, en: Designer}
      how: {zh: 10人, en: 10 people}
      criteria:
        - {must: "%s"}
stages:
"""


def said(folder: Path) -> dict[str, str]:
    """What `run` says about the folder, which it leaves without any output."""
    made = refused("run", folder, "--at", TODAY)
    assert not (folder / "out").exists()
    assert not list(folder.rglob("*.part"))
    return made


def test_a_folder_without_a_product_file_says_how_to_make_one(tmp_path):
    made = refused("run", tmp_path)
    assert made["en"] == f"There is no product.yaml here. At {tmp_path}. Make a product folder with stageway new NAME, or point at one that exists."
    assert made["zh"] == f"这里没有 product.yaml。位置：{tmp_path}。用 stageway new 名称 新建一个产品文件夹，或指到已有的文件夹。"


def test_a_missing_data_file_is_named_with_its_entry_and_what_there_is(folder):
    (folder / "data/sus.csv").unlink()
    assert said(folder)["en"] == (
        'The file data/sus.csv of the dataset "usability" does not exist. At product.yaml, line 11. Did you mean data/junit.xml?'
    )


def test_a_wrong_column_names_the_file_and_the_nearest_column(folder):
    edit(folder / PRODUCT, "collected: 2026-11-20}\n  tests", "collected: 2026-11-20, columns: {respondent: respondant}}\n  tests")
    assert said(folder)["zh"] == "“respondent”指向的列“respondant”不在文件 data/sus.csv 里。位置：product.yaml，第11行。您是否要写：respondent。"


def test_a_column_that_the_method_needs_and_the_file_lacks_is_named_with_the_file(folder):
    edit(folder / "data/sus.csv", "q7", "Q07")
    sentence = said(folder)["en"]
    assert "data/sus.csv" in sentence
    assert '"q7"' in sentence


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            PRODUCT, "people:\n", "people: [\n",
            "This is not valid YAML. At product.yaml, line 7. Check indentation, colons and quotes there (the parser says: did not find expected node content).",
        ),
        (PRODUCT, "schema: 1\n", "schema: 1\nschema: 1\n", '"schema" is written twice. At product.yaml, line 2.'),
        (PRODUCT, "schema: 1\n", "schema: 2\n", "Unknown schema 2. At product.yaml, line 1. Expected 1."),
        (
            PRODUCT, "  template: internet_app\n", "  template: internet_ap\n",
            'There is no template "internet_ap". At product.yaml, line 5. Did you mean internet_app?',
        ),
        (
            PRODUCT, "  template: internet_app\n", "  template: internet_app\n  simulatd: true\n",
            'Unknown field "simulatd". At product.yaml, line 6. Did you mean simulated, template?',
        ),
        (PRODUCT, "stages:\n", ADDED % "sus.scor >= 68", '"sus.scor >= 68": "sus" has no estimate "scor". At product.yaml, line 25. Did you mean score?'),
        (PRODUCT, "stages:\n", ADDED % "suss.score >= 68", '"suss.score >= 68": the evidence "suss" is not declared. At product.yaml, line 25. Did you mean sus?'),
        (PRODUCT, "  design: {planned", "  design: {owner: leon, planned", 'There is nobody named "leon". At product.yaml, line 14. Did you mean leo?'),
        (PRODUCT, "  design: {planned", "  desing: {planned", 'There is no stage "desing". At product.yaml, line 14. Did you mean design?'),
        (
            PRODUCT, "people:\n", "adaptations:\n  - {id: A-1, act: skip, stage: design, target: IA3.11}\npeople:\n",
            "The adaptation A-1 has no reason. At product.yaml, line 7.",
        ),
        (
            PRODUCT, "people:\n", 'goals:\n  - {id: O1, name: {zh: 甲, en: A}, metric: sus.score, target: ">= high", by: 2026-12-01}\npeople:\n',
            '"sus.score >= high": this cannot be read from character 14 on, "high". At product.yaml, line 7. Expected a number without thousands separators.',
        ),
        ("items/need.yaml", "{id: N-2,", "{id: N-1,", "The id N-1 is used twice (also at items/need.yaml, line 1). At items/need.yaml, line 2."),
        ("items/need.yaml", "{id: N-2, title", "{id: N-2, titel", 'Unknown field "titel". At items/need.yaml, line 2. Did you mean title, state?'),
        (
            "items/need.yaml", "zh: 记住, en: Remember}, state: planned", "zh: 记住, en: Remember}, state: later",
            'Field "state" cannot be "later". At items/need.yaml, line 2. Expected one of unanswered, accepted, rejected, planned, done.',
        ),
    ],
    ids=[
        "yaml", "key-twice", "schema", "template", "unknown-field", "misspelt-estimate", "misspelt-evidence", "person", "stage", "adaptation-without-reason",
        "goal-without-number", "id-twice", "item-field", "item-choice",
    ],
)  # fmt: skip
def test_what_is_written_wrongly_is_named_with_file_line_and_nearest_name(folder, file, old, new, sentence):
    edit(folder / file, old, new)
    assert said(folder)["en"] == sentence


def test_links_in_a_circle_are_shown_as_the_circle(folder):
    """Built-in kinds point one way along the thread, so a circle needs feedback: need → incident → function → need."""
    edit(folder / "items/need.yaml", "{id: N-1, title", "{id: N-1, incident: [IN-1], title")
    (folder / "items/incident.yaml").write_text("- {id: IN-1, title: {zh: 打不开, en: Does not open}, function: [F-1]}\n", encoding="utf-8")
    sentence = said(folder)["en"]
    assert sentence.startswith("The links run in a circle: F-1 → N-1 → IN-1 → F-1. At items/")
    assert sentence.endswith("Take one of these links out.")


def test_links_to_a_need_that_is_gone_are_all_named_at_once(folder):
    (folder / "items/need.yaml").write_text(NEEDS.splitlines()[0] + "\n", encoding="utf-8")
    assert said(folder) == {
        "en": "2 link(s) lead to nothing: F-2 → need N-2 (items/function.yaml, line 2); F-3 → need N-2 (items/function.yaml, line 3). "
        "At items/function.yaml, line 2. Did you mean N-1?",
        "zh": "有2条链接指向不存在的条目或结论：F-2 → need N-2（items/function.yaml，第2行）；F-3 → need N-2（items/function.yaml，第3行）。"
        "位置：items/function.yaml，第2行。您是否要写：N-1。",
    }


@pytest.mark.parametrize("path", ["../sus.csv", "/etc/passwd", "data/../../sus.csv"])
def test_a_path_that_leads_out_of_the_folder_is_refused(folder, path):
    (folder.parent / "sus.csv").write_text(sus_rows(20), encoding="utf-8")
    edit(folder / PRODUCT, "data/sus.csv", path)
    assert said(folder)["en"] == (
        f'The path "{path}" of the dataset "usability" is not a relative path inside the product folder. At product.yaml, line 11. '
        "Copy the file into data/ and name it from the folder, without links that lead out of it."
    )


def test_a_link_that_leads_out_of_the_folder_is_refused(folder):
    (folder.parent / "sus.csv").write_text(sus_rows(20), encoding="utf-8")
    (folder / "data/sus.csv").unlink()
    (folder / "data/sus.csv").symlink_to(folder.parent / "sus.csv")
    assert "without links that lead out of it" in said(folder)["en"]


def test_an_entity_bomb_is_not_read(folder):
    bomb = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]>"
    (folder / "data/junit.xml").write_text(f'<?xml version="1.0"?>\n{bomb}<testsuites><testsuite name="&i;"/></testsuites>', encoding="utf-8")
    assert said(folder) == {
        "en": "The XML declares entities or external references, and is not read for safety. At data/junit.xml, line 2. "
        "Export the report again with the test tool.",
        "zh": "XML 里声明了实体或外部引用，为安全起见不读。位置：data/junit.xml，第2行。请用测试工具重新导出报告。",
    }


def test_an_empty_csv_is_said_to_be_empty(folder):
    (folder / "data/sus.csv").write_text("", encoding="utf-8")
    assert said(folder) == {"en": "The file is empty. At data/sus.csv. Export the file again.", "zh": "文件是空的。位置：data/sus.csv。请重新导出这个文件。"}


def test_a_gbk_csv_gives_the_same_finding_as_its_utf8_twin(folder):
    chinese = sus_rows(24).replace("respondent", "编号")
    edit(folder / PRODUCT, "collected: 2026-11-20}\n  tests", "collected: 2026-11-20, columns: {respondent: 编号}}\n  tests")
    heard = {}
    for encoding in ("utf-8", "gb18030"):
        (folder / "data/sus.csv").write_bytes(chinese.encode(encoding))
        ran = stageway("run", folder, "--at", TODAY, "--lang", "en", "--json")
        assert ran.code == 0
        heard[encoding] = next(f for f in ran.json["findings"] if f["name"] == "sus")["finding"]
    assert heard["gb18030"]["estimates"] == heard["utf-8"]["estimates"]


@pytest.mark.parametrize("name", ["product.yaml", "items/need.yaml", "words/design.meaning.zh.md", "decisions.yaml", "signoffs.yaml"])
def test_a_text_that_is_not_utf8_is_named_with_its_place(folder, name):
    (folder / name).write_bytes((SMALL if name == PRODUCT else "# 按版本B开发\n").encode("gbk"))
    assert said(folder) == {"en": f"The file is not UTF-8. At {name}. Save it as UTF-8 and try again.", "zh": f"文件不是 UTF-8。位置：{name}。另存为 UTF-8 再试。"}


def test_a_file_of_a_kind_of_item_that_does_not_exist_is_refused(folder):
    (folder / "items/needs.yaml").write_text("[]\n", encoding="utf-8")
    assert said(folder)["en"] == 'There is no kind of item named "needs". At items/needs.yaml. Did you mean need?'


def test_a_paragraph_whose_file_name_has_no_language_is_refused(folder):
    (folder / "words/design.md").write_text("x\n", encoding="utf-8")
    assert said(folder)["en"] == "A paragraph's file is named SECTION.LANGUAGE.md. At words/design.md. Expected such as design.meaning.en.md."


def test_a_live_number_that_does_not_exist_is_refused_before_anything_is_written(folder):
    (folder / "words/design.meaning.en.md").write_text("---\nauthor: ann\n---\nSUS is {{ suss.score }}.\n", encoding="utf-8")
    assert said(folder)["en"] == 'There is no evidence "suss". At words/design.meaning.en.md, line 4. Did you mean sus?'


def test_evidence_on_data_that_nobody_declared_is_refused(folder):
    edit(folder / PRODUCT, "  design: {planned", "  design: {evidence: {sus: {data: {answers: usabilty}}}, planned")
    assert said(folder)["en"] == 'There are no data "usabilty". At product.yaml, line 14. Did you mean usability?'


def test_numbers_entered_by_hand_need_their_source_and_must_be_numbers(folder):
    plain = "  design: {evidence: {tasks_walked: {plain: {blocked: %s}%s}}, planned"
    edit(folder / PRODUCT, "  design: {planned", plain % ("0", ""))
    assert said(folder)["en"] == 'The numbers of "tasks_walked" are entered by hand without a source. At product.yaml, line 14.'
    edit(folder / PRODUCT, plain % ("0", ""), plain % ("none", ", source: {zh: 走查, en: walk-through}"))
    assert said(folder)["en"] == '"none" is not a number. At product.yaml, line 14.'


def test_a_wrong_zone_or_date_is_refused(folder):
    assert refused("run", folder, "--at", "24.11.2026")["en"] == '--at "24.11.2026" is not a date. Expected such as 2026-05-20.'
    edit(folder / PRODUCT, "  template: internet_app\n", "  template: internet_app\n  zone: Asia/Peking\n")
    assert said(folder)["en"] == 'There is no time zone "Asia/Peking".'


@pytest.mark.parametrize("report", ["<testsuites/>", JUNIT[:90]], ids=["empty", "truncated"])
def test_an_empty_or_broken_off_report_is_not_evaluable_and_no_error(folder, report):
    (folder / "data/junit.xml").write_text(report, encoding="utf-8")
    ran = stageway("run", folder, "--at", TODAY, "--lang", "en", "--json")
    assert ran.code == 0
    tests = [v for v in ran.json["verdicts"] if v["requirement"] == "IA4.3"]
    assert [v["result"] for v in tests] == ["not_evaluable"] * 3


def test_evidence_without_data_is_not_evaluable(folder):
    ran = stageway("run", folder, "--at", TODAY, "--lang", "en", "--json")
    absent = {a["name"]: a["code"] for a in ran.json["absent"]}
    assert absent["kano"] == "no_data"
    assert absent["survey"] == "no_data"
    assert {v["result"] for v in ran.json["verdicts"] if v["requirement"] in ("IA1.1", "IA1.2")} == {"not_evaluable"}
