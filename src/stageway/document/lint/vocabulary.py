"""The word lists of the lint, read once from `words.yaml` and compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from stageway.document.lint.note import Level
from stageway.evidence import LANGS, Lang, Words
from stageway.process.marked import Map, load_map

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class WordRule:
    """Words that are not to be used; `says` has the slot `word`, `only` and `spared_by` narrow where they count."""

    id: str
    rule: str
    level: Level
    says: Words
    mend: Words
    patterns: Mapping[Lang, Pattern | None]
    only: str | None
    spared_by: str | None
    term: str | None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`lists` are compiled patterns by name and language; `shares` number words with their percent."""

    rules: tuple[WordRule, ...]
    lists: Mapping[str, Mapping[Lang, Pattern]]
    personal: tuple[tuple[Words, Pattern], ...]
    shares: Mapping[Lang, Mapping[str, float]]
    known: frozenset[str]

    def find(self, name: str, lang: Lang, text: str) -> re.Match[str] | None:
        return self.lists[name][lang].search(text)


@cache
def vocabulary() -> Vocabulary:
    data = load_map((resources.files("stageway.document.lint") / "words.yaml").read_text(encoding="utf-8"), "words.yaml")
    names = ("causal", "rank", "rank_spared", "met", "unmet", "above", "sided", "open", "absence", "passed", "not_evaluable", "observable")
    return Vocabulary(
        rules=tuple(_rule(each) for each in data.maps("rules")),
        lists={name: {lang: _compiled(lang, data.map(name).need(lang)) for lang in LANGS} for name in names},
        personal=tuple((each.words("name"), re.compile(str(each.need("pattern")))) for each in data.maps("personal")),
        shares={lang: {str(word): float(value) for word, value in data.map("shares").map(lang).items()} for lang in LANGS},
        known=frozenset(str(each) for each in data.list("known")),
    )


def _rule(data: Map) -> WordRule:
    patterns: dict[Lang, Pattern | None] = {lang: _compiled(lang, data.list(lang)) if data.list(lang) else None for lang in LANGS}
    return WordRule(
        data.need("id"), data.need("rule"), data.need("level"), data.words("says"), data.words("mend"), patterns, data.get("only"), data.get("spared_by"),
        data.get("term"),
    )


def _compiled(lang: Lang, patterns: str | list[Any]) -> Pattern:
    """A list as one pattern, English within word borders; a single text as it stands."""
    if isinstance(patterns, str):
        return re.compile(patterns, re.IGNORECASE)
    joined = "|".join(str(each) for each in patterns)
    return re.compile(joined if lang == "zh" else rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)
