"""A new folder is useful at once: the first run, with no data at all, writes the whole process document."""

import re
from pathlib import Path

import pytest

from stageway.process.template import load_template
from tests.cli.calling import refused, stageway


def made(parent: Path, *more: str, lang: str = "en", template: str = "internet_app") -> Path:
    ran = stageway("new", "first", "--template", template, "--lang", lang, "--start", "2026-03-02", *more, cwd=parent)
    assert ran.code == 0, ran.err
    return parent / "first"


@pytest.mark.parametrize(("template", "lang"), [("internet_app", "zh"), ("internet_app", "en"), ("hardware", "zh"), ("hardware", "en")])
def test_a_new_folder_writes_a_whole_document_with_no_data(tmp_path, template, lang):
    folder = made(tmp_path, template=template, lang=lang)
    assert stageway("run", folder, "--at", "2026-03-03", "--lang", lang).code == 0
    text = (folder / f"out/{lang}/process.md").read_text(encoding="utf-8")
    process = load_template(template)
    for stage in process.stages:
        assert stage.name[lang] in text
        assert stage.purpose[lang].split("；" if lang == "zh" else ";")[0][:30] in text
        for requirement in stage.requirements:
            assert requirement.id in text, requirement.id
            assert requirement.title[lang] in text, requirement.id
        for note in stage.methods:
            assert note.reads[lang][:20] in text, note.name.en
        for handoff in stage.handoffs:
            assert handoff.what[lang][:10] in text, handoff.id
    assert "{" not in re.sub(r"\{\{.*?\}\}", "", text)  # no slot is left open
    assert len(text) > (20_000 if lang == "zh" else 50_000)
    assert (folder / f"out/{lang}/process.docx").read_bytes()[:2] == b"PK"


def test_what_is_empty_says_who_owes_it_and_when(tmp_path):
    folder = made(tmp_path, lang="zh")
    assert stageway("run", folder, "--at", "2026-03-03", "--lang", "zh").code == 0
    text = (folder / "out/zh/process.md").read_text(encoding="utf-8")
    assert re.search(r"尚无，市场部负责人于\d\d-\d\d前提交IA1\.2", text)


def test_the_planned_dates_follow_the_working_days_of_the_template(tmp_path):
    folder = made(tmp_path)
    text = (folder / "product.yaml").read_text(encoding="utf-8")
    assert "research: {planned: {from: 2026-03-02, to: 2026-04-13}}" in text  # 30 working days, 清明 taken out
    assert "positioning: {planned: {from: 2026-04-14," in text
    assert "operations:" in text
    assert "continuous: true" in text


def test_the_file_explains_itself_in_the_language_asked_for(tmp_path):
    (tmp_path / "zh").mkdir()
    (tmp_path / "en").mkdir()
    chinese, english = ((made(tmp_path / lang, lang=lang) / "product.yaml").read_text(encoding="utf-8") for lang in ("zh", "en"))
    assert "每个目标写全五项" in chinese
    assert "Each goal has all five" in english
    assert not re.search(r"#[^\n]*Each goal", chinese)


def test_an_existing_folder_and_a_name_with_a_path_are_refused(tmp_path):
    made(tmp_path)
    assert refused("new", "first", cwd=tmp_path)["en"] == f"The folder exists and is not empty. At {tmp_path / 'first'}. Choose another name."
    assert refused("new", "../first", cwd=tmp_path)["en"] == '"../first" cannot be the name of a folder. Expected letters, digits, - and _.'
    assert refused("new", "second", "--template", "hardwear", cwd=tmp_path)["zh"] == "没有模板“hardwear”。您是否要写：hardware。"
    assert refused("new", "second", "--start", "tomorrow", cwd=tmp_path)["en"] == '"tomorrow" is not a date. Expected such as 2026-05-20.'
    assert sorted(p.name for p in tmp_path.iterdir()) == ["first"]


@pytest.mark.parametrize("name", ["家汇", "home-2026", "v1.2", "123", "true", "null", "2026-03-02"])
def test_any_name_of_a_folder_makes_a_product_that_loads(tmp_path, name):
    assert stageway("new", name, "--start", "2026-03-02", cwd=tmp_path).code == 0
    assert stageway("gate", tmp_path / name, "--stage", "research", "--at", "2026-03-03").code == 3
