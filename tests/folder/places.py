"""Product folders for tests: a small one, made in a moment, and the practice product, made once in a session and then copied."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from stageway.folder.survey import survey
from stageway.folder.write import write
from stageway.practice import make
from stageway.process.template import load_template

TODAY = "2026-11-24"

SMALL = """\
schema: 1
product:
  id: small
  name: {zh: 小品, en: Small}
  template: internet_app
people:
  - {id: ann, name: {zh: 安, en: Ann}, department: product}
  - {id: leo, name: {zh: 乐, en: Leo}, department: legal}
  - {id: max, name: {zh: 马, en: Max}, department: management}
datasets:
  usability: {path: data/sus.csv, reader: csv, collected: 2026-11-20}
  tests: {path: data/junit.xml, reader: junit, collected: 2026-11-20}
stages:
  design: {planned: {from: 2026-11-02, to: 2026-11-30}}
  quality: {planned: {from: 2026-12-01, to: 2026-12-31}}
"""

NEEDS = """\
- {id: N-1, title: {zh: 读完, en: Finish}, state: planned, planned: first, finding: [sus]}
- {id: N-2, title: {zh: 记住, en: Remember}, state: planned, planned: first, finding: [sus]}
"""

FUNCTIONS = """\
- {id: F-1, title: {zh: 分段, en: Segments}, release: first, need: [N-1], finding: [sus]}
- {id: F-2, title: {zh: 复述, en: Recaps}, release: first, need: [N-2], finding: [sus]}
- {id: F-3, title: {zh: 抽查, en: Quizzes}, release: first, need: [N-2], finding: [sus]}
"""

JUNIT = """\
<testsuites><testsuite name="app" tests="2"><testcase classname="app" name="F-1 opens" time="0.1"/>
<testcase classname="app" name="F-2 recalls" time="0.2"/></testsuite></testsuites>
"""


def sus_rows(people: int) -> str:
    """SUS answers of some people, most of them content."""
    header = "respondent," + ",".join(f"q{i}" for i in range(1, 11))
    rows = [f"p{i}," + ",".join(str(4 + (i + q) % 2 if q % 2 else 1 + (i * q) % 3 % 2) for q in range(1, 11)) for i in range(people)]
    return "\n".join([header, *rows]) + "\n"


def small(root: Path) -> Path:
    """A folder with a handful of items, SUS answers of 24 people and two tests."""
    for folder in ("data", "items", "words"):
        (root / folder).mkdir(parents=True)
    (root / "product.yaml").write_text(SMALL, encoding="utf-8")
    (root / "items/need.yaml").write_text(NEEDS, encoding="utf-8")
    (root / "items/function.yaml").write_text(FUNCTIONS, encoding="utf-8")
    (root / "data/sus.csv").write_text(sus_rows(24), encoding="utf-8")
    (root / "data/junit.xml").write_text(JUNIT, encoding="utf-8")
    return root


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that stands there exactly once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")


def only(root: Path, stage: str, *kept: str, change: str = "") -> None:
    """Adapt the process until the stage asks for the `kept` requirements and nothing else; `change` is one more adaptation."""
    found = load_template("internet_app").stage(stage)
    assert found is not None
    skipped = [r.id for r in found.requirements if r.id not in kept]
    entries = [f"  - {{id: A-{i}, act: skip, stage: {stage}, target: {id}, reason: {{zh: 试用, en: trial}}}}" for i, id in enumerate(skipped)]
    edit(root / "product.yaml", "people:\n", "\n".join(["adaptations:", *entries, *([change] if change else []), "people:\n"]))


@cache
def _practice() -> Path:
    base = Path(tempfile.mkdtemp(prefix="stageway-"))
    atexit.register(shutil.rmtree, base, ignore_errors=True)
    root = base / "lumen"
    make(root, seed=1, today=date.fromisoformat(TODAY))
    dossier, _ = survey(root, at=TODAY)
    write(dossier, root, root / "out", langs=("en",))
    return root


def practice(root: Path) -> Path:
    """A copy of the practice product as of TODAY, already run once for the English documents."""
    shutil.copytree(_practice(), root)
    return root
