"""What the tests of the real product folders share: a folder filled with public files and run, its figures, and the texts of its documents."""

from __future__ import annotations

import html
import json
import re
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.cli.calling import Ran, stageway

HEADINGS = {"zh": r"### （六）结论\n", "en": r"### \d+\.6 Findings\n"}


@dataclass(frozen=True)
class Outcome:
    """A product folder that was run. Figures are asked for as the criteria name them: `of("coverage", "lines")`."""

    root: Path
    at: str
    ran: Ran

    @cached_property
    def results(self) -> dict[str, Any]:
        return json.loads((self.root / "out/findings.json").read_text(encoding="utf-8"))

    @cached_property
    def findings(self) -> dict[str, dict[str, Any]]:
        return {found["name"]: found["finding"] for found in self.results["findings"]}

    @cached_property
    def verdicts(self) -> dict[str, str]:
        return {verdict["criterion"]: verdict["result"] for verdict in self.results["verdicts"]}

    def estimate(self, finding: str, name: str, key: str | None = None) -> dict[str, Any]:
        return next(e for e in self.findings[finding]["estimates"] if e["name"] == name and e.get("key") == key)

    def of(self, finding: str, name: str, key: str | None = None) -> float:
        return self.estimate(finding, name, key)["value"]

    def keyed(self, finding: str, name: str) -> dict[str, float]:
        return {e["key"]: e["value"] for e in self.findings[finding]["estimates"] if e["name"] == name and e.get("key") is not None}

    def errors(self) -> list[dict[str, Any]]:
        """What lint holds for an error."""
        return [note for note in stageway("lint", self.root, "--at", self.at, "--json").json["notes"] if note["level"] == "E"]

    def text(self, lang: str, form: str) -> str:
        path = self.root / "out" / lang / f"process.{form}"
        return {"md": lambda: path.read_text(encoding="utf-8"), "html": lambda: _html(path), "docx": lambda: _docx(path)}[form]()

    def result_sections(self, lang: str) -> list[str]:
        """The text under each stage's heading of findings."""
        return [section for section in re.split(r"\n(?=#{1,3} )", self.text(lang, "md")) if re.match(HEADINGS[lang], section)]

    def result_paragraphs(self, lang: str) -> list[str]:
        """Every entry of the lists under the headings of findings."""
        return [entry for section in self.result_sections(lang) for entry in re.findall(r"(?m)^- \*\*.*(?:\n(?![\n-]).*)*", section)]


def run(source: Path, root: Path, files: dict[str, Path], at: str) -> Outcome:
    """Copy the folder, put the files under data/ by their new names, and run it."""
    shutil.copytree(source, root)
    (root / "data").mkdir(exist_ok=True)
    for name, path in files.items():
        (shutil.copytree if path.is_dir() else shutil.copyfile)(path, root / "data" / name)
    return Outcome(root, at, stageway("run", root, "--at", at))


def computed(outcome: Outcome) -> list[tuple[str, dict[str, Any]]]:
    """The findings that a method made; what people entered by hand is printed with its code inside."""
    return [(name, finding) for name, finding in outcome.findings.items() if name != "interviews"]


def documents_hold(outcome: Outcome, lang: str) -> None:
    """Four formats are written, and those that are text hold every headline."""
    out = outcome.root / "out" / lang
    assert all((out / f"process.{form}").stat().st_size > 20_000 for form in ("md", "html", "docx", "pdf"))
    assert (out / "process.pdf").read_bytes()[:5] == b"%PDF-"
    for form in ("md", "html", "docx"):
        text = flat(outcome.text(lang, form))
        for name, finding in computed(outcome):
            assert flat(finding["headline"][lang]).rstrip("。.") in text, (form, name)


def results_name_their_findings(outcome: Outcome, lang: str, least: int) -> None:
    """No paragraph under a heading of findings stands without the code of one that is there."""
    paragraphs = outcome.result_paragraphs(lang)
    codes = {found["code"] for found in outcome.results["findings"]}
    assert len(outcome.result_sections(lang)) == 6
    assert len(paragraphs) >= least
    for paragraph in paragraphs:
        assert any(code in paragraph for code in codes), paragraph[:200]
    assert "{{" not in outcome.text(lang, "md")


def flat(text: str) -> str:
    """Without spaces, capitals, marks of Markdown, and the codes of findings that the document puts behind their numbers."""
    return re.sub(r"\s+|\\(?=[<*_])|[，,]\s*F\d-\d+|[（(]F\d-\d+[）)]", "", text).casefold()


def in_both_languages(words: Iterable[Path]) -> bool:
    names = [path.name.removesuffix(".md").rpartition(".")[::2] for path in words]
    return {section for section, lang in names if lang == "zh"} == {section for section, lang in names if lang == "en"}


def _html(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)))


def _docx(path: Path) -> str:
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        body = ElementTree.fromstring(file.read("word/document.xml"))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    shown = {f"{space}t": lambda part: part.text or "", f"{space}noBreakHyphen": lambda part: "-"}
    return "\n".join("".join(shown[part.tag](part) for part in p.iter() if part.tag in shown) for p in body.iter(f"{space}p"))
