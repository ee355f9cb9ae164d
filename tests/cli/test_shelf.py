"""A shelf of one's own: one new file is listed, shown, run, judged by and written about, with no other file touched."""

from pathlib import Path

import pytest

from tests.cli.calling import refused, stageway
from tests.folder.places import TODAY, edit

METHOD = '''"""How many cups of tea does a person drink? The share of people who drink at least one, Wilson (1927)."""

from dataclasses import dataclass

import numpy as np

from stageway.arithmetic import intervals
from stageway.evidence import Column, Estimate, Finding, Frame, Kind, Meaning, Params, Reads, Words, method, param, say


@dataclass(frozen=True)
class TeaParams(Params):
    cups: int = param(1, low=1, high=20, help=Words("至少几杯算喝茶", "cups from which a person counts as drinking tea"))


def example(rng: np.random.Generator) -> dict[str, Frame]:
    return {"people": Frame.of([{"person": f"p{i}", "cups": int(n)} for i, n in enumerate(rng.poisson(2, 40))])}


@method(
    title=Words("喝茶占比", "Tea share"), question=Words("多少人喝茶？", "How many people drink tea?"), reads_as=Words("占比越高越好。", "Higher is better."),
    limit=Words("只问了数量。", "It asks for numbers only."), formula="x / n, Wilson 1927",
    reads=(Reads("people", Words("一人一行", "one row a person"), (Column("person", "id", Words("人", "person")), Column("cups", "number", Words("杯数", "cups")))),),
    gives=("share",), params=TeaParams, example=example,
)
def tea_share(people: Frame, *, params: TeaParams, rng: np.random.Generator) -> Finding:
    cups = people.numbers("cups")
    n, x = len(cups), int((cups >= params.cups).sum())
    low, high = intervals.wilson(x, n)
    share = Estimate("share", x / n, low, high, unit="%", n=n, kind=Kind.SHARE, label=Words("喝茶占比", "tea share"))
    told = say(zh="{n}人中{x}人喝茶", en="{x} of {n} people drink tea", n=n, x=x)
    return Finding(told, Meaning(told, Words("区间已给出。", "The interval is given."), Words("备茶。", "Buy tea."), Words("再问一次。", "Ask again.")), (share,))
'''

ADDED = """adaptations:
  - id: A-1
    act: add
    stage: design
    reason: {zh: 茶, en: tea}
    requirement:
      id: TE3.1
      title: {zh: 茶水报告, en: Tea report}
      department: design
      doer: {zh: 设计师, en: Designer}
      how: {zh: 问30人, en: ask 30 people}
      evidence:
        tea: {method: tea_share, data: {people: tea}}
      criteria:
        - {must: "tea.%s >= 50%%", words: {zh: 喝茶占比, en: Tea share}}
people:
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf/tea_share.py").write_text(METHOD, encoding="utf-8")
    return tmp_path / "shelf"


@pytest.fixture
def tea(folder: Path) -> Path:
    (folder / "data/tea.csv").write_text("person,cups\n" + "".join(f"p{i},{i % 10}\n" for i in range(30)), encoding="utf-8")
    edit(folder / "product.yaml", "datasets:\n", "datasets:\n  tea: {path: data/tea.csv, reader: csv, collected: 2026-11-20}\n")
    edit(folder / "product.yaml", "people:\n", ADDED % "share")
    return folder


def test_the_new_method_works_everywhere(shelf, tea):
    env = {"STAGEWAY_SHELVES": str(shelf)}
    assert next(line for line in stageway("method", "list", **env).out.splitlines() if line.startswith("tea_share")).split()[1] == "own"
    assert "--param cups=1" in stageway("method", "show", "tea_share", **env).out
    assert "27 of 30 people drink tea" in stageway("method", "run", "tea_share", "--input", tea / "data/tea.csv", **env).out
    ran = stageway("run", tea, "--at", TODAY, "--lang", "en", "--json", **env)
    assert next(v for v in ran.json["verdicts"] if v["requirement"] == "TE3.1")["result"] == "pass"
    text = (tea / "out/en/process.md").read_text(encoding="utf-8")
    assert "27 of 30 people drink tea" in text
    assert "Tea report" in text
    assert "/ n, Wilson 1927" in text


def test_without_the_shelf_the_method_is_not_there(tea):
    assert refused("run", tea)["en"].startswith('There is no method "tea_share". At product.yaml, line ')


def test_a_misspelt_estimate_of_ones_own_method_is_refused_with_the_nearest(shelf, tea):
    edit(tea / "product.yaml", "tea.share", "tea.shares")
    assert refused("run", tea, STAGEWAY_SHELVES=str(shelf))["en"].endswith("Did you mean share?")


def test_a_file_that_breaks_and_a_name_that_is_taken_are_named(shelf, tmp_path):
    env = {"STAGEWAY_SHELVES": str(shelf)}
    (shelf / "broken.py").write_text("import nowhere_at_all\n", encoding="utf-8")
    assert "broken.py, line 1" in refused("method", "list", **env)["en"]
    (shelf / "broken.py").unlink()
    (shelf / "sus.py").write_text(METHOD.replace("def tea_share", "def sus"), encoding="utf-8")
    assert "sus" in refused("method", "list", **env)["en"]
    assert refused("method", "list", STAGEWAY_SHELVES=str(tmp_path / "none"))["en"].startswith("The folder of STAGEWAY_SHELVES does not exist.")
