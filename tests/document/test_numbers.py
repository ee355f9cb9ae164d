"""Every number of the composed document is found in the facts it was composed from, or is counted from them."""

import json
import re
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
import yaml

from stageway.document.compose import compose
from stageway.document.writers import markdown
from stageway.evidence import LANGS, number, rounded_up
from stageway.folder.survey import survey
from stageway.folder.write import results
from stageway.practice import make

NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
TODAY = date(2026, 11, 24)
#: Ids, codes, dates, times and versions are names, not quantities.
NAMES = re.compile(
    r"V?\d+\.\d+(?=[ ）)·，\n|])(?<=V\d\.\d)|[A-Z]{1,4}-?\d+(?:[.-]\d+)*|\b\d{4}-\d{2}(?:-\d{2})?\b|(?<!\d)\d{2}-\d{2}(?!\d)|\d{1,2}:\d{2}"
    r"|\b\d{1,2}(?: ?[–-] ?\d{1,2})? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b(?: \d{4})?|test_\w+|[\w.]+::\w+"
)


@pytest.fixture(scope="module")
def lumen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("numbers") / "lumen"
    make(folder, seed=1, today=TODAY)
    return folder, survey(folder, at=TODAY.isoformat())[0]


def said(text: str) -> set[str]:
    return {hit[0].rstrip(",") for hit in NUMBER.finditer(text)}


def forms(value: float) -> set[str]:
    """How a value may be printed: plain, as a share, in ten thousands or millions, with up to four decimals."""
    made = set()
    for scaled in (value, value * 100, value / 10_000, value / 1_000_000):
        made |= {f"{abs(scaled):,.{places}f}" for places in range(5)}
    return made | {number(value, unit, lang, bare=True).lstrip("\u2212").rstrip("%万") for unit in ("", "%", "CNY", "ms", "people") for lang in LANGS}


def values(data: object) -> set[float]:
    if isinstance(data, dict):
        return {v for part in data.values() for v in values(part)}
    if isinstance(data, list):
        return {v for part in data for v in values(part)}
    return {float(data)} if isinstance(data, int | float) and not isinstance(data, bool) else set()


def known(folder: Path, dossier) -> set[str]:
    facts = results(dossier)
    texts = [json.dumps(facts, ensure_ascii=False)]
    own = [path for place in (folder, folder / "items", folder / "words") for path in sorted(place.glob("*")) if path.suffix in (".yaml", ".md", ".csv")]
    texts += [path.read_text(encoding="utf-8") for path in own]
    texts += [(resources.files("stageway.process") / "templates" / "internet_app.yaml").read_text(encoding="utf-8")]
    texts += [method.formula for method in dossier.methods.values()] + [method.doc for method in dossier.methods.values()]
    found = {token for text in texts for token in said(text)}
    found |= {f"{int(token):,}" for token in found if token.isdigit()}
    stored = [yaml.safe_load((folder / name).read_text(encoding="utf-8")) for name in ("product.yaml", "decisions.yaml")]
    for value in values([facts, *stored]):
        found |= forms(value)
    for verdict in facts["verdicts"]:
        if verdict.get("needs_n") and verdict.get("seen") and verdict["seen"].get("n"):
            more = verdict["needs_n"] - verdict["seen"]["n"]
            found |= {f"{rounded_up(more):,}", f"{more:,.0f}"} | {f"{round(more, -k):,.0f}" for k in (1, 2, 3)}
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_every_number_has_its_source(lumen, lang):
    folder, dossier = lumen
    text = NAMES.sub(" ", re.sub(r"(?m)^#+ [\d.]+ ", "", markdown.write(compose(dossier, lang))))
    counted = {f"{n:,}" for n in range(1 + len(dossier.items.all))}
    assert sorted(said(text) - known(folder, dossier) - counted) == []


def test_a_number_from_nowhere_would_be_found(lumen):
    folder, dossier = lumen
    assert "73.129" not in known(folder, dossier)
    assert "418,223" not in known(folder, dossier)
