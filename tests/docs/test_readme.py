"""The READMEs run: every command in them but the two make commands, in a folder of its own."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import REPOSITORY, Session, commands, execute, matches

PAGES = {"README.md": "en", "README.zh.md": "zh"}


@pytest.mark.parametrize("name", PAGES)
def test_every_command_of_the_readme_prints_what_it_says(name, tmp_path):
    assert execute(REPOSITORY / name, Session(tmp_path, PAGES[name])) > 0


@pytest.mark.parametrize("name", PAGES)
def test_outside_the_blocks_that_run_there_are_only_the_two_make_commands(name):
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    plain = [block for language, block in re.findall(r"^```(.*?)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) if not language]
    assert [line for block in plain for line in block.splitlines()] == ["make demo", "make test"]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_and_picture_of_the_readme_is_there(name):
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert (REPOSITORY / target).exists(), f"{name} links to {target}"


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        ("a", "a\n"),
        ("a  \nb", "a\nb  \n"),
        ("kano   research", "kano  research\n"),
        ("…", ""),
        ("…", "a\nb"),
        ("…\nb", "a\nb"),
        ("…\nb", "b"),
        ("a\n…\nb", "a\nb"),
        ("a\n…\nb", "a\nx\ny\nb"),
        ("a\n…", "a"),
        ("a … c", "a b c"),
        ("a … c", "a c"),
        ("n = 5 (1.0)", "n = 5 (1.0)"),
    ],
)
def test_an_ellipsis_stands_for_anything(expected, printed):
    assert matches(expected, printed)


@pytest.mark.parametrize(("expected", "printed"), [("", "a"), ("a", ""), ("a", "ab"), ("a\nb", "a\nx\nb"), ("…\nb", "a\nab c"), ("1.0", "1x0"), ("a\n…\nb", "ab")])
def test_everything_else_must_be_printed_as_it_is_written(expected, printed):
    assert not matches(expected, printed)


def test_a_block_is_split_at_its_prompts():
    assert [(c.line, c.printed) for c in commands("$ a --b\n1\n2\n$ c\n")] == [("a --b", "1\n2\n"), ("c", "")]


def test_a_page_that_promises_what_is_not_printed_fails(tmp_path):
    page = Path(tmp_path / "page.md")
    page.write_text("```console\n$ echo one\ntwo\n```\n")
    with pytest.raises(AssertionError, match=r"prints\s+two\s+but it printed\s+one"):
        execute(page, Session(tmp_path))
