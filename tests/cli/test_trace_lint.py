"""What trace and lint print, in both languages."""

import pytest

from tests.cli.calling import refused, stageway
from tests.folder.places import TODAY, edit


def test_trace_shows_the_thread_of_one_item_both_ways(folder):
    out = stageway("trace", folder, "F-2", "--at", TODAY).out
    assert "N-2" in out
    assert "F-2 recalls" in out  # its test
    assert "N-1" not in out
    assert "F-1" not in out


def test_trace_names_each_gap(folder):
    assert "F-3 Quizzes: no test" in stageway("trace", folder, "--at", TODAY).out
    assert "F-3 抽查：没有用例" in stageway("trace", folder, "--at", TODAY, lang="zh").out
    edit(folder / "items/function.yaml", "F-3", "F-4")
    assert "F-4 Quizzes: no test" in stageway("trace", folder, "--at", TODAY).out


def test_trace_of_an_item_that_does_not_exist_names_the_nearest(folder):
    made = refused("trace", folder, "N-3")
    assert made["en"].startswith('There is no item "N-3". Did you mean ')
    assert "N-1" in made["en"]


def test_lint_says_where_what_and_how_to_mend_and_ends_with_1_where_there_is_an_error(folder):
    ran = stageway("lint", folder, "--at", TODAY, "--json")
    assert ran.code == 1
    notes = ran.json["notes"]
    for note in notes:
        assert note["level"] in ("E", "W")
        assert note["where"]["file"], note
        for lang in ("zh", "en"):
            assert note["text"][lang]
            assert note["mend"][lang]


def test_lint_finds_a_goal_without_a_number(folder):
    before = {n["text"]["en"] for n in stageway("lint", folder, "--at", TODAY, "--json").json["notes"]}
    edit(folder / "product.yaml", "people:\n", "goals:\n  - {id: O1, name: {zh: 可用性, en: Usability}, by: 2026-12-15}\npeople:\n")
    new = [n for n in stageway("lint", folder, "--at", TODAY, "--json").json["notes"] if n["text"]["en"] not in before]
    assert any("O1" in n["text"]["en"] for n in new)


@pytest.mark.parametrize(("lang", "word"), [("zh", "尽快"), ("en", "as soon as possible")])
def test_lint_finds_a_vague_word_in_peoples_own_paragraphs(folder, lang, word):
    text = {"zh": "导入路径尽快修好。", "en": "The import path is mended as soon as possible."}[lang]
    (folder / f"words/design.meaning.{lang}.md").write_text(f"---\nauthor: ann\ndate: 2026-11-20\n---\n{text}\n", encoding="utf-8")
    notes = stageway("lint", folder, "--at", TODAY, "--json").json["notes"]
    assert any(word in n["text"][lang] and n["where"]["file"] == f"words/design.meaning.{lang}.md" for n in notes)


def test_the_terminal_speaks_the_language_asked_for(folder):
    english, chinese = (stageway("gate", folder, "--stage", "design", "--at", TODAY, lang=lang).out for lang in ("en", "zh"))
    assert "SUS score IA3.4" in english
    assert "not evaluable" in english
    assert "SUS得分" in chinese
    assert "不可评定" in chinese
