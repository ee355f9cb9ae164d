"""The house keeps its own rules: sizes of rooms, names that say nothing, words that do not belong in it, languages complete."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from stageway.process.template import load_template, template_ids

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
#: Longer than 400 lines for a reason that a reader would accept: none.
LONG: dict[str, str] = {}


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [ROOT / name for name in listed if name.endswith(suffixes) and (ROOT / name).is_file()]


def test_no_file_holds_more_than_a_reader_can():
    long = {path.relative_to(ROOT).as_posix(): n for path in SOURCES if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400}
    assert long == {name: long.get(name) for name in LONG}


def test_no_function_is_longer_than_sixty_lines():
    long = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant) else node.body
                if body and (body[-1].end_lineno or 0) - body[0].lineno + 1 > 60:
                    long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert long == []


@pytest.mark.parametrize("name", ["utils", "helpers", "misc", "common", "manager"])
def test_no_room_has_a_name_that_says_nothing(name):
    assert [path for path in SOURCES if path.stem == name] == []


def test_nothing_names_a_machine_or_a_registry_or_is_left_unfinished():
    words = re.compile(r"(?<![\w/])/work/|/root/|pypi\.org|pythonhosted|registry\.npmjs|deb\.debian|\bTODO\b|\bFIXME\b|raise NotImplementedError")
    found = []
    for path in tracked(".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".lock", "Makefile", "run"):
        if path.name == "test_house.py":
            continue
        found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in words.finditer(path.read_text(encoding="utf-8"))]
    assert found == []


def covered(stage):
    return {topic for requirement in stage.requirements for topic in requirement.covers}


#: What the article names, per stage (its rows and its second part).
ARTICLE = {
    "research": {"market_data", "user_needs", "research_methods", "data_analysis"},
    "positioning": {"target_users", "functions", "competitive_advantage", "accuracy", "uniqueness"},
    "design": {"interface", "interaction", "technical_plan", "innovation", "user_experience"},
    "quality": {"process", "technology", "team", "function_test", "performance_test", "security_test", "stability", "reliability"},
    "launch": {"strategy", "channels", "activities", "awareness", "market_fit"},
    "operations": {"data_analysis", "activity_planning", "user_care", "improvement"},
}


@pytest.mark.parametrize("id", template_ids())
@pytest.mark.parametrize("stage", list(ARTICLE))
def test_every_template_has_a_requirement_for_each_thing_the_article_names(id, stage):
    found = load_template(id).stage(stage)
    assert ARTICLE[stage] - covered(found) == set()
    assert len(found.requirements) >= 10


def texts(template):
    for stage in template.stages:
        yield from (stage.purpose, stage.clause, stage.prompt)
        for requirement in stage.requirements:
            yield from (requirement.title, requirement.how)
        yield from (step.text for step in stage.steps)
        for note in stage.methods:
            yield from (note.reads, note.limit)


def test_the_templates_share_at_most_a_third_of_their_criteria_and_texts():
    one, other = (load_template(id) for id in template_ids())
    criteria = [{c.text for s in t.stages for r in s.requirements for c in r.criteria} for t in (one, other)]
    assert len(criteria[0] & criteria[1]) <= min(map(len, criteria)) / 3
    for lang in ("zh", "en"):
        words = [{text[lang] for text in texts(t)} for t in (one, other)]
        assert len(words[0] & words[1]) <= min(map(len, words)) / 3


@pytest.mark.parametrize("id", template_ids())
def test_a_template_speaks_both_languages_everywhere(id):
    for text in texts(load_template(id)):
        assert text.zh.strip()
        assert text.en.strip()
        assert not re.search(r"[\u4e00-\u9fff]", text.en), text.en
