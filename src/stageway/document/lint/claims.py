"""People's own words against the findings that they cite: numbers, intervals, words of verdict, causes, ranks (L-11, L-12, L-15, L-17, L-26, L-30 to L-32, L-46).

A sentence cites a finding by a live value (`{{ sus.score | interval }}`) or by its code (F3-1). Contradictions are looked for in quotations too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stageway.document.lint import numbers
from stageway.document.lint.note import ERROR, WARNING, Level, Note
from stageway.document.lint.passages import Form, Passage, own_passages
from stageway.document.lint.sentences import masked, sentences, unlived
from stageway.document.lint.verdicts import contradictions, unfounded_passes
from stageway.document.lint.vocabulary import vocabulary
from stageway.document.live import look_up
from stageway.evidence import LANGS, Estimate, StagewayError, Where, Words, say
from stageway.process.dossier import Dossier
from stageway.process.model import Template
from stageway.process.record import OwnWords

LIVE = re.compile(r"\{\{(.*?)\}\}")
CODE = re.compile(r"(?<![A-Za-z0-9_-])F\d+-\d+(?![A-Za-z0-9_-])")
#: Methods that rest on random assignment: their findings may speak of causes.
EXPERIMENTS = ("experiment",)
#: Sections whose every number comes from data.
_FROM_DATA = ("findings", "market", "alternatives", "statement")


@dataclass(frozen=True, slots=True)
class Cited:
    """A live value: evidence, its estimate (None before there is a finding), and whether it is printed with its interval."""

    name: str
    path: str
    estimate: Estimate | None
    form: str


def claims(dossier: Dossier) -> Iterator[Note]:
    for own in dossier.words:
        for passage in own_passages(own):
            yield from _passage(dossier, passage)
    yield from _editions(dossier)
    yield from _slots(dossier.process)


def _passage(dossier: Dossier, passage: Passage) -> Iterator[Note]:
    cited, notes = _live(dossier, passage)
    yield from notes
    names = _names(dossier, passage.text, cited)
    if passage.form == Form.OWN:
        yield from _codes(dossier, passage)
        yield from _claim(passage, names)
        yield from _intervals(passage, cited)
    for sentence in sentences(passage.text, passage.lang, whole=True):
        here = [c for c in cited if c.path in sentence]
        mine = _names(dossier, sentence, here)
        typed = list(numbers.typed(sentence, passage.lang))
        yield from _typed(dossier, passage, sentence, mine or names, typed)
        yield from contradictions(dossier, passage, sentence, {c.path: c.estimate for c in here if c.estimate is not None})
        yield from unfounded_passes(dossier, passage, sentence, mine)
        if passage.form == Form.OWN:
            yield from _causes(dossier, passage, sentence, mine, bool(typed))
            yield from _ranks(passage, sentence)


# ── what is cited ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _live(dossier: Dossier, passage: Passage) -> tuple[list[Cited], list[Note]]:
    """The live values of a passage; those that name nothing become notes."""
    cited: list[Cited] = []
    notes: list[Note] = []
    for found in LIVE.finditer(passage.text):
        path, _, form = (part.strip() for part in found[1].partition("|"))
        try:
            name, estimate = look_up(path, dossier, passage.where)
        except StagewayError as error:
            notes.append(_note("L-12", ERROR, passage, error.what, error.todo or error.expected or Words("写对名字", "write the right name")))
            continue
        if form not in ("", "interval", "n"):
            text = say(zh="不认识的写法“| {form}”", en='unknown filter "| {form}"', form=form)
            notes.append(_note("L-12", ERROR, passage, text, Words("写 | interval 或 | n", "write | interval or | n")))
        if estimate is None:
            text = say(zh="{path}还没有结论，文中印“尚无数”", en='{path} has no finding yet; the text prints "no figure yet"', path=path)
            notes.append(_note("L-12", WARNING, passage, text, Words("补上数据再引用", "supply the data before citing it")))
        cited.append(Cited(name, path, estimate, form))
    return cited, notes


def _names(dossier: Dossier, text: str, cited: list[Cited]) -> tuple[str, ...]:
    by_code = {code: name for name, code in dossier.codes.items()}
    typed = [by_code[code] for code in CODE.findall(text) if code in by_code]
    return tuple(dict.fromkeys([*(c.name for c in cited), *typed]))


def _codes(dossier: Dossier, passage: Passage) -> Iterator[Note]:
    known = set(dossier.codes.values())
    for code in dict.fromkeys(CODE.findall(unlived(passage.text))):
        if code not in known:
            text = say(zh="没有编号为{code}的结论", en="there is no finding {code}", code=code)
            yield _note("L-12", ERROR, passage, text, Words("写活数 {{ 结论.数 }}，编号由系统加", "write a live value {{ evidence.estimate }}; its code is added by itself"))


def _claim(passage: Passage, names: tuple[str, ...]) -> Iterator[Note]:
    """Every paragraph of a stage's findings cites one; elsewhere one with a number from data does."""
    if names or not (passage.part in _FROM_DATA or passage.section in _FROM_DATA) or LIVE.search(passage.text):
        return
    counted = any(True for s in sentences(passage.text, passage.lang) for _ in numbers.typed(s, passage.lang))
    if passage.part == "findings" or counted:
        text = Words("这一条主张没有结论", "this claim cites no finding")
        mend = Words("写活数，如 {{ tasks.completion[T2] | interval }}，或删去", "write a live value such as {{ tasks.completion[T2] | interval }}, or take it out")
        yield _note("L-12", ERROR, passage, text, mend)


def _intervals(passage: Passage, cited: list[Cited]) -> Iterator[Note]:
    """In a stage's findings a number stands with its interval at least once in its paragraph; exact counts have none."""
    if passage.part != "findings":
        return
    shown = {c.path for c in cited if c.form == "interval"}
    for path in dict.fromkeys(c.path for c in cited if c.form == "" and c.estimate is not None and c.estimate.low is not None):
        if path not in shown:
            text = say(zh="{path}没有印区间", en="{path} is printed without its interval", path=path)
            yield _note("L-11", ERROR, passage, text, Words(f"写 {{{{ {path} | interval }}}}", f"write {{{{ {path} | interval }}}}"))


# ── typed numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _typed(dossier: Dossier, passage: Passage, sentence: str, names: tuple[str, ...], typed: list[numbers.Typed]) -> Iterator[Note]:
    """A typed share is one of the finding's, or the threshold it is held against; a typed copy goes stale, another number is wrong."""
    if not names or not any(name in dossier.findings for name in names):
        return
    for number in typed:
        match numbers.agrees(dossier, names, number):
            case "differs":
                nearest = numbers.nearest(dossier, names, number)
                text = say(zh="“{typed}”与所引结论不符（{there}）", en='"{typed}" does not agree with the finding cited ({there})', typed=number.text, there=nearest)
                yield _note("L-32", ERROR, passage, text, Words("改写活数，让它跟着证据走", "write a live value, which follows the evidence"))
            case "copied" if number.exact and passage.form == Form.OWN:
                text = say(zh="“{typed}”是手打的数，证据重算后会过时", en='"{typed}" is typed and goes stale when the evidence is computed again', typed=number.text)
                yield _note("L-26", WARNING, passage, text, Words("改写活数", "write a live value"))


# ── causes and ranks ──────────────────────────────────────────────────────────────────────────────────────────────────


def _causes(dossier: Dossier, passage: Passage, sentence: str, names: tuple[str, ...], counted: bool) -> Iterator[Note]:
    """A cause is claimed only from random assignment (L-15)."""
    found = vocabulary().find("causal", passage.lang, masked(sentence))
    if found is None or not (names or counted or LIVE.search(sentence)):
        return
    methods = [dossier.evidence[name].method for name in names if name in dossier.evidence]
    if any(method in EXPERIMENTS for method in methods):
        return
    text = say(zh="“{word}”说的是因果，所引的不是随机实验", en='"{word}" claims a cause; what is cited is no randomised experiment', word=LIVE.sub("…", found[0]).strip())
    mend = Words("写“末次归因于……”“同时出现”，或做实验", 'write "by last touch", "at the same time", or run an experiment')
    yield _note("L-15", ERROR, passage, text, mend)


def _ranks(passage: Passage, sentence: str) -> Iterator[Note]:
    """A rank claim has the probability of the rank, or an interval (L-46)."""
    if passage.part != "findings":
        return
    bare = masked(unlived(sentence))
    found = vocabulary().find("rank", passage.lang, bare)
    intervals = re.search(r"\[[^\]]*\d[^\]]*\]|\|\s*interval|p_first|p_category", sentence)
    if found is None or intervals or vocabulary().find("rank_spared", passage.lang, sentence):
        return
    text = say(zh="“{word}”是名次，没有写排第一的概率或区间", en='"{word}" is a rank without its probability or an interval', word=found[0])
    yield _note("L-46", ERROR, passage, text, Words("写“排第一的概率0.86”，或给差值的区间", 'write "probability of ranking first 0.86", or the interval of the difference'))


# ── both languages ────────────────────────────────────────────────────────────────────────────────────────────────────


def _editions(dossier: Dossier) -> Iterator[Note]:
    """A section that stands in both languages has the same live values in both (L-30)."""
    by_section: dict[str, dict[str, OwnWords]] = {}
    for own in dossier.words:
        by_section.setdefault(own.section, {})[own.lang] = own
    for section, editions in by_section.items():
        stage = section.partition(".")[0]
        placed = stage if dossier.process.stage(stage) else None
        if len(editions) < 2:
            only = next(iter(editions.values()))
            if section.endswith(".quote"):
                continue
            other = "en" if only.lang == "zh" else "zh"
            text = say(zh="{section}只有{lang}一种语言", en="{section} stands in {lang} only", section=section, lang=only.lang)
            mend = say(zh="写 words/{section}.{other}.md", en="write words/{section}.{other}.md", section=section, other=other)
            yield Note("L-30", WARNING, text, Where(file=only.file, part=section), mend, placed)
            continue
        paths = {lang: sorted(" ".join(found.split()) for found in LIVE.findall(editions[lang].text)) for lang in LANGS}
        if paths["zh"] != paths["en"]:
            differing = sorted(set(paths["zh"]) ^ set(paths["en"])) or ["×"]
            text = say(zh="{section}两种语言的活数不同：{paths}", en="{section} has other live values in the other language: {paths}", section=section, paths=", ".join(differing[:4]))
            yield Note("L-30", ERROR, text, Where(file=editions["en"].file, part=section), Words("两边引用同样的数", "cite the same numbers in both"), placed)


def _slots(process: Template) -> Iterator[Note]:
    """A step has the same slots in both languages (L-30)."""
    for stage in process.stages:
        for step in stage.steps:
            zh, en = (set(re.findall(r"\{(\w+)\}", step.text[lang])) for lang in LANGS)
            if zh != en:
                text = say(zh="步骤{id}两种语言的空格不同：{slots}", en="the step {id} has other slots in the other language: {slots}", id=step.id, slots=", ".join(sorted(zh ^ en)))
                where = Where(file=f"{process.id}.yaml", part=f"stages.{stage.id}.steps.{step.id}")
                yield Note("L-30", ERROR, text, where, Words("两边用同样的空格", "use the same slots in both"), stage.id)


def _note(rule: str, level: Level, passage: Passage, text: Words, mend: Words) -> Note:
    return Note(rule, level, text, passage.where, mend, passage.stage)
