"""Texts taken apart: sentences, clauses, what is masked before words are looked for, and how long a text is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stageway.evidence import Lang

_LIVE = re.compile(r"\{\{.*?\}\}")
_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|「[^」]*」|\"[^\"]*\"|`[^`]*`")
_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)|\[[^\[\]]*\]")
_ENDS: dict[Lang, re.Pattern[str]] = {"zh": re.compile(r"(?<=[。；！？])|\n"), "en": re.compile(r"(?<=[.;:!?])\s+|\n")}
_STOPS: dict[Lang, re.Pattern[str]] = {"zh": re.compile(r"(?<=[。！？])|\n"), "en": re.compile(r"(?<=[.!?])\s+|\n")}
_CLAUSES: dict[Lang, re.Pattern[str]] = {"zh": re.compile(r"[，。；：！？]"), "en": re.compile(r"[,;:.!?](?=\s|$)")}
_COUNTED = re.compile(r"[\d０-９]|\{|[一二两三四五六七八九十百千万]+(?:个|项|次|倍|成|天|周|月|人|名|条|款|处|轮|秒|分钟|小时)")
_TOKEN = re.compile(r"[A-Za-z0-9][\w.,%+/:'’-]*|[^\sA-Za-z0-9]")


def sentences(text: str, lang: Lang, *, whole: bool = False) -> list[str]:
    """Sentences, semicolons (and in English colons) ending one too, unless `whole` ones are asked; a full stop inside a live value or number ends none."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\x00{len(kept) - 1}\x01"

    parts = (_STOPS if whole else _ENDS)[lang].split(_LIVE.sub(keep, text))
    return [made for part in parts if (made := re.sub(r"\x00(\d+)\x01", lambda found: kept[int(found[1])], part).strip())]


def masked(text: str, terms: Iterable[str] = ()) -> str:
    """The text with quoted parts and terms of the glossary blanked at equal length, so that places stay."""
    made = _QUOTED.sub(_blank, text)
    for term in terms:
        if len(term) > 1 and term in made:
            made = made.replace(term, "\u3007" * len(term))
    return made


def unlived(text: str) -> str:
    """Without live values, at equal length."""
    return _LIVE.sub(_blank, text)


def _blank(found: re.Match[str]) -> str:
    return "\u3007" * len(found[0])


def clause_after(text: str, at: int, lang: Lang) -> str:
    """The rest of the clause behind a place."""
    return _CLAUSES[lang].split(text[at:], maxsplit=1)[0]


def sentence_around(text: str, at: int, lang: Lang) -> str:
    start = 0
    for sentence in sentences(text, lang):
        found = text.find(sentence, start)
        if found <= at < found + len(sentence):
            return sentence
        start = max(start, found)
    return text


def has_number(text: str) -> bool:
    return _COUNTED.search(text) is not None


def without_brackets(text: str) -> str:
    before = None
    while before != text:
        before, text = text, _BRACKETS.sub("", text)
    return text


def length(text: str, lang: Lang) -> int:
    """Words in English; in Chinese characters, a Latin word or a number counting as one, as Word counts. Brackets do not count."""
    bare = re.sub(r"\{[^{}]*\}", " x ", _LIVE.sub(" x ", without_brackets(text)))
    if lang == "en":
        return len(bare.split())
    return len(_TOKEN.findall(bare))
