"""How people write: vague times and degrees, empty verbs, slogans, steps without a doer, long sentences, personal data, unexplained abbreviations.

The word rules are data (`words.yaml`). They look at people's own words, at items, the product's file, decisions and the template alike; they do
not look into quotations, inline quotation marks, live values, or terms of the glossary. A degree word is fine where a number follows within its clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from stageway.document.lint.note import ERROR, WARNING, Note
from stageway.document.lint.passages import Form, Passage
from stageway.document.lint.sentences import clause_after, has_number, length, masked, sentence_around, sentences, unlived
from stageway.document.lint.typography import typography
from stageway.document.lint.vocabulary import WordRule, vocabulary
from stageway.evidence import LANGS, Lang, Words, say
from stageway.process.dossier import Dossier
from stageway.process.model import Template

#: Longest sentence and cell: characters in Chinese, words in English (L-10 for steps, L-33).
LONGEST: dict[Form, dict[Lang, int]] = {
    Form.STEP: {"zh": 55, "en": 28}, Form.SENTENCE: {"zh": 60, "en": 28}, Form.OWN: {"zh": 60, "en": 28}, Form.CELL: {"zh": 30, "en": 14},
    Form.TARGET: {"zh": 60, "en": 28},
}
_SPARED = {
    "test": re.compile(r"p\s*[=<>]\s*0?\.?\d|检验|\btest\b|\(p\b|Holm|Fisher|t\s*=", re.IGNORECASE),
    "equivalence": re.compile(r"等价|等效|equivalence|TOST", re.IGNORECASE),
    "about": re.compile(r"约|若真值|about|if .{1,30} is the truth", re.IGNORECASE),
    "relative": re.compile(r"相对|relative|元|成本|费用|价格|毫秒|耗时|流量|cost|price|CNY|\bms\b|time|traffic", re.IGNORECASE),
}
_JOINS: dict[Lang, re.Pattern[str]] = {"zh": re.compile(r"并(?![行列发非])|同时|以及"), "en": re.compile(r"\band then\b|\bas well as\b|\band also\b", re.IGNORECASE)}
_ABBREVIATION = re.compile(r"(?<![A-Za-z0-9&/.·\-])[A-Z]{2,6}(?![A-Za-z0-9&·]|[-/]?\d|-[A-Z])")
#: Net revenue retention (NRR), NRR (net revenue retention), and the same in Chinese.
_EXPLAINED = re.compile(r"[\w\u3400-\u9fff](?:（| \()([A-Z]{2,6})(?=[）)，,；;])|(?<![A-Za-z])([A-Z]{2,6})(?=（[^）\d]*[\u3400-\u9fff]| \([a-z])")


@dataclass(frozen=True)
class Company:
    """What the rules know of the product: terms of the glossary, its own words for nouns, names of people and departments."""

    terms: tuple[str, ...] = ()
    renamed: frozenset[str] = frozenset()
    doers: tuple[str, ...] = ()
    ids: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, template: Template, dossier: Dossier | None = None) -> Company:
        own = dossier.product.terms if dossier else {}
        terms = [words[lang] for words in (*(term for term, _ in template.glossary), *own.values()) for lang in LANGS]
        doers = [d.name[lang] for d in template.departments for lang in LANGS]
        ids = {r.id for s in template.stages for r in s.requirements}
        if dossier is not None:
            doers += [p.name[lang] for p in dossier.product.people for lang in LANGS]
            ids |= {item.id for item in dossier.items.all} | set(dossier.product.datasets)
        return cls(tuple(sorted({t for t in terms if t}, key=len, reverse=True)), frozenset(own), tuple(doers), frozenset(ids))


def wording(passages: Iterable[Passage], company: Company) -> tuple[Note, ...]:
    """All notes on the texts, in their order; an abbreviation that nobody explains is noted once."""
    listed = list(passages)
    made: list[Note] = []
    for passage in listed:
        made += _personal(passage)
        if passage.form == Form.QUOTE:
            continue
        for rule in vocabulary().rules:
            made += _words(passage, rule, company)
        made += typography(passage)
        made += _step(passage, company) if passage.form == Form.STEP else ()
        made += _length(passage)
    return (*made, *_abbreviations(listed, company))


# ── word lists ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _words(passage: Passage, rule: WordRule, company: Company) -> Iterator[Note]:
    pattern = rule.patterns[passage.lang]
    if pattern is None or rule.term in company.renamed or not _concerns(rule, passage):
        return
    text = masked(unlived(passage.text), company.terms)
    told: set[str] = set()
    for found in pattern.finditer(text):
        word = found[0].strip()
        if word.lower() in told or _is_spared(rule, passage, found):
            continue
        told.add(word.lower())
        yield Note(rule.rule, rule.level, say(zh=rule.says.zh, en=rule.says.en, word=word), passage.where, rule.mend, passage.stage)


def _concerns(rule: WordRule, passage: Passage) -> bool:
    match rule.only:
        case "own":
            return passage.form == Form.OWN
        case "target":
            return passage.form == Form.TARGET
        case "meaning":
            return passage.form == Form.OWN and passage.part == "meaning"
    return True


def _is_spared(rule: WordRule, passage: Passage, found: re.Match[str]) -> bool:
    if rule.spared_by is None:
        return False
    if rule.spared_by == "number":
        return has_number(clause_after(passage.text, found.end(), passage.lang))
    return _SPARED[rule.spared_by].search(sentence_around(passage.text, found.start(), passage.lang)) is not None


def _personal(passage: Passage) -> Iterator[Note]:
    for name, pattern in vocabulary().personal:
        if pattern.search(passage.text):
            mend = Words("删去，改写编号，如“受访者17”", 'take it out and write a number, such as "respondent 17"')
            yield Note("L-40", ERROR, say(zh="文中有{name}", en="the text holds {name}", name=name), passage.where, mend, passage.stage)
            return


# ── steps ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _step(passage: Passage, company: Company) -> Iterator[Note]:
    if "{who}" not in passage.text and not any(_names(passage, doer) for doer in company.doers):
        what = Words("这一步没有写由谁做", "the step does not name its doer")
        mend = Words("用{who}或人名、部门名作主语，如“何思剔除无效答卷”", 'make {who}, a person or a department the subject, as in "He Si removes invalid answers"')
        yield Note("L-09", ERROR, what, passage.where, mend, passage.stage)
    for sentence in sentences(passage.text, passage.lang):
        joins = len(_JOINS[passage.lang].findall(sentence))
        if joins >= 2:
            what = Words("一步里写了几件事", "one step holds several actions")
            yield Note("L-10", WARNING, what, passage.where, Words("拆成几步，每步一个结果", "split it: one step, one outcome"), passage.stage)
            return


def _names(passage: Passage, doer: str) -> bool:
    return doer in passage.text if passage.lang == "zh" else re.search(rf"\b{re.escape(doer)}\b", passage.text) is not None


# ── length ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _length(passage: Passage) -> Iterator[Note]:
    longest = LONGEST.get(passage.form)
    if longest is None:
        return
    rule = "L-10" if passage.form == Form.STEP else "L-33"
    most = longest[passage.lang]
    parts = [passage.text] if passage.form in (Form.CELL, Form.TARGET) else sentences(passage.text, passage.lang)
    counted = max(((length(part, passage.lang), part) for part in parts), default=(0, ""))
    if counted[0] > most:
        unit = Words("字", " words")
        short = counted[1][:12] if passage.lang == "zh" else " ".join(counted[1].split()[:5])
        what = say(
            zh="“{start}……”有{n}{unit}，至多{most}", en='"{start} …" has {n}{unit}, at most {most} are read easily', start=short, n=counted[0], unit=unit, most=most
        )
        yield Note(rule, WARNING, what, passage.where, Words("拆成两句，或把次要的放进括号", "split it, or put what is minor into brackets"), passage.stage)
    if passage.form == Form.OWN and len(re.findall(r"[。！？]" if passage.lang == "zh" else r"[.!?](?:\s|$)", passage.text)) > 5:
        what = Words("一段超过5句", "a paragraph of more than 5 sentences")
        yield Note("L-33", WARNING, what, passage.where, Words("分段", "split the paragraph"), passage.stage)


# ── abbreviations ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _abbreviations(listed: list[Passage], company: Company) -> Iterator[Note]:
    """Latin capitals that neither the glossary nor any text explains; the place is their first use."""
    explained = set(vocabulary().known) | set(re.findall(r"[A-Z]{2,6}", " ".join(company.terms)))
    for passage in listed:
        explained |= _explained(passage.text)
    told: set[str] = set()
    for passage in listed:
        if passage.form in (Form.QUOTE, Form.NOTE):
            continue
        for found in _ABBREVIATION.finditer(unlived(passage.text)):
            short = found[0]
            if short in explained or short in told or short in company.ids:
                continue
            told.add(short)
            what = say(zh="缩写{short}没有解释", en="the abbreviation {short} is not explained", short=short)
            mend = say(zh="首次出现时写全称（{short}），或写进术语表", en="write it in full with ({short}) at its first use, or enter it into the glossary", short=short)
            yield Note("L-23", ERROR, what, passage.where, mend, passage.stage)



def _explained(text: str) -> set[str]:
    return {short for pair in _EXPLAINED.findall(text) for short in pair if short}
