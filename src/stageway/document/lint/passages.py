"""Every text that people wrote, one passage each, with its language, its place and its form: what the wording rules are held against."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from stageway.evidence import LANGS, Lang, Where, Words
from stageway.process.dossier import Dossier
from stageway.process.items import Item
from stageway.process.model import ItemKind, Requirement, Stage, Template
from stageway.process.planning import Product
from stageway.process.record import Decision, OwnWords


class Form(StrEnum):
    SENTENCE = "sentence"  # running text
    CELL = "cell"  # a title or a table cell
    STEP = "step"  # a numbered step
    TARGET = "target"  # what is held against a number: criterion, goal, trigger
    OWN = "own"  # a paragraph of people's own words
    QUOTE = "quote"  # somebody's words as they were said
    NOTE = "note"  # a text field that serves both languages: names, sources


@dataclass(frozen=True, slots=True)
class Passage:
    """`section` is the file's section for own words (`design.findings`), `by` what wrote it: template, product, item, decision or own."""

    text: str
    lang: Lang
    where: Where
    form: Form
    stage: str | None = None
    section: str = ""

    @property
    def part(self) -> str:
        """The last word of the section: findings, meaning, quote, statement."""
        return self.section.rpartition(".")[2]


_HAN = re.compile(r"[\u3400-\u9fff]")
#: Text fields of items that hold no prose.
_CODED = {"tests", "link", "version", "metric", "iteration", "release", "planned", "measure", "reconsider"}
#: Kinds whose titles are somebody's words.
_SAID = ("quote", "feedback")


def language(text: str) -> Lang:
    return "zh" if _HAN.search(text) else "en"


def both(words: Words | None, where: Where, form: Form, stage: str | None = None) -> Iterator[Passage]:
    """A text in two languages; one text that serves both is taken once, in the language that it looks like."""
    if words is None:
        return
    if words.zh == words.en:
        if words.zh.strip():
            yield Passage(words.zh, language(words.zh), where, form, stage)
        return
    for lang in LANGS:
        if words[lang].strip():
            yield Passage(words[lang], lang, where, form, stage)


def passages(dossier: Dossier) -> Iterator[Passage]:
    """All texts of a product and its process, each once."""
    yield from template_passages(dossier.process)
    yield from product_passages(dossier.product)
    for item in dossier.items.all:
        if item.kind not in ("test", "goal"):
            yield from _item(item, dossier.items.kinds.kinds[item.kind])
    for decision in dossier.decisions:
        yield from _decision(decision)
    for signoff in dossier.signoffs:
        if signoff.because:
            yield Passage(signoff.because, language(signoff.because), Where(file="signoffs.yaml", part=signoff.requirement), Form.SENTENCE)
    for own in dossier.words:
        yield from own_passages(own)


# ── the template ──────────────────────────────────────────────────────────────────────────────────────────────────────


def template_passages(template: Template) -> Iterator[Passage]:
    file = f"{template.id}.yaml"
    yield from both(template.description, Where(file=file, part="description"), Form.SENTENCE)
    for stage in template.stages:
        yield from _stage(stage, file)
    for metric in template.metrics:
        where = Where(file=file, part=f"metrics.{metric.id}")
        yield from both(metric.name, where, Form.CELL)
        for words in (metric.numerator, metric.denominator, metric.source, metric.frequency):
            yield from both(words, where, Form.SENTENCE)
    for term, means in template.glossary:
        yield from both(means, Where(file=file, part=f"glossary.{term.en}"), Form.SENTENCE)


def _stage(stage: Stage, file: str) -> Iterator[Passage]:
    def at(part: str) -> Where:
        return Where(file=file, part=f"stages.{stage.id}.{part}")

    yield from both(stage.name, at("name"), Form.CELL, stage.id)
    for name in ("purpose", "clause", "prompt"):
        yield from both(getattr(stage, name), at(name), Form.SENTENCE, stage.id)
    for each in stage.inputs:
        yield from both(each.what, at("inputs"), Form.SENTENCE, stage.id)
    for step in stage.steps:
        yield from both(step.text, at(f"steps.{step.id}"), Form.STEP, stage.id)
    for method in stage.methods:
        yield from both(method.reads, at(f"methods.{method.name.en}.reads"), Form.SENTENCE, stage.id)
        yield from both(method.limit, at(f"methods.{method.name.en}.limit"), Form.SENTENCE, stage.id)
    for requirement in stage.requirements:
        yield from _requirement(requirement, file)
    for handoff in stage.handoffs:
        yield from both(handoff.what, at(f"handoffs.{handoff.id}"), Form.CELL, stage.id)
        yield from both(handoff.standard, at(f"handoffs.{handoff.id}.standard"), Form.SENTENCE, stage.id)


def _requirement(requirement: Requirement, file: str) -> Iterator[Passage]:
    where = Where(file=requirement.where.file or file, line=requirement.where.line, part=requirement.id)
    yield from both(requirement.title, where, Form.CELL, requirement.stage)
    yield from both(requirement.how, where, Form.SENTENCE, requirement.stage)
    for criterion in requirement.criteria:
        at = Where(file=criterion.where.file or where.file, line=criterion.where.line or where.line, part=requirement.id)
        yield from both(criterion.words, at, Form.TARGET, requirement.stage)
    for entry in requirement.evidence:
        yield from both(entry.title, where, Form.CELL, requirement.stage)


# ── the product's file ────────────────────────────────────────────────────────────────────────────────────────────────


def product_passages(product: Product) -> Iterator[Passage]:
    def at(part: str) -> Where:
        return Where(file=product.file, part=part)

    yield from both(product.summary, at("product.summary"), Form.SENTENCE)
    for goal in product.goals:
        where = Where(file=goal.where.file or product.file, line=goal.where.line, part=goal.id)
        yield from both(goal.name, where, Form.TARGET)
        yield from both(Words.of(goal.target or ""), where, Form.TARGET)
        if goal.baseline is not None:
            yield from both(goal.baseline.none_because, where, Form.SENTENCE)
    for i, scope in enumerate(product.scope_in):
        yield from both(scope, at(f"scope.in[{i}]"), Form.SENTENCE)
    for i, out in enumerate(product.scope_out):
        yield from both(out.item, at(f"scope.out[{i}]"), Form.SENTENCE)
        yield from both(out.reason, at(f"scope.out[{i}].reason"), Form.SENTENCE)
    for each in product.adaptations:
        where = Where(file=each.where.file or product.file, line=each.where.line, part=each.id)
        yield from both(each.reason, where, Form.SENTENCE, each.stage)
    for id, plan in product.stages.items():
        for input in plan.inputs:
            yield from both(input.what, at(f"stages.{id}.inputs"), Form.SENTENCE, id)
        for requirement, planned in plan.requirements.items():
            yield from both(planned.note, at(f"stages.{id}.requirements.{requirement}"), Form.SENTENCE, id)
    yield from _agreed(product)


def _agreed(product: Product) -> Iterator[Passage]:
    def at(part: str) -> Where:
        return Where(file=product.file, part=part)

    for id, handoff in product.handoffs.items():
        yield from both(handoff.what, at(f"handoffs.{id}"), Form.CELL)
        for event in handoff.events:
            yield from both(event.because, at(f"handoffs.{id}"), Form.SENTENCE)
    for i, entry in enumerate(product.calendar):
        yield from both(entry.what, at(f"calendar[{i}]"), Form.SENTENCE)
        yield from both(entry.done_when, at(f"calendar[{i}].done_when"), Form.TARGET)
    for i, line in enumerate(product.budget):
        yield from both(line.line, at(f"budget[{i}]"), Form.CELL)
        yield from both(line.derived_from, at(f"budget[{i}].derived_from"), Form.SENTENCE)
    for question in product.questions:
        yield from both(question.what, at(f"questions.{question.id}"), Form.SENTENCE)
        yield from both(question.otherwise, at(f"questions.{question.id}.otherwise"), Form.SENTENCE)


# ── items, decisions, own words ───────────────────────────────────────────────────────────────────────────────────────


def _item(item: Item, kind: ItemKind) -> Iterator[Passage]:
    where = Where(file=item.where.file, line=item.where.line, part=item.id)
    stage = item.text("stage") or kind.stage
    said = item.kind in _SAID
    yield from both(item.title, where, Form.QUOTE if said else Form.SENTENCE, stage)
    for spec in kind.fields:
        value = item.values.get(spec.name)
        if value is None or spec.name in _CODED:
            continue
        if isinstance(value, Words):
            yield from both(value, where, Form.TARGET if spec.name == "trigger" else Form.SENTENCE, stage)
        elif spec.type == "text":
            yield Passage(str(value), language(str(value)), where, Form.NOTE, stage)


def _decision(decision: Decision) -> Iterator[Passage]:
    where = Where(file="decisions.yaml", part=decision.id)
    yield from both(decision.because, where, Form.SENTENCE, decision.stage)
    for condition in decision.conditions:
        at = Where(file="decisions.yaml", part=condition.id)
        for text in (condition.action, condition.otherwise):
            yield from both(text, at, Form.SENTENCE, decision.stage)


def own_passages(own: OwnWords) -> Iterator[Passage]:
    """Paragraphs and list entries of one section, each at its line; lines that begin with > are quotations, as is all of `<stage>.quote`."""
    lang: Lang = "zh" if own.lang == "zh" else "en"
    stage = own.section.partition(".")[0] if "." in own.section else None
    first = own.line
    block: list[str] = []
    began, kind = 0, Form.OWN

    def close() -> Iterator[Passage]:
        if block:
            joint = "" if lang == "zh" else " "
            yield Passage(joint.join(block), lang, Where(file=own.file, line=first + began, part=own.section), kind, stage, own.section)
            block.clear()

    for i, raw in enumerate(own.text.splitlines()):
        text = raw.strip()
        bullet = re.match(r"(?:[-*]|\d+[.、])\s+", text)
        quoted = text.startswith(">") or own.section.endswith(".quote")
        if not text or bullet or (Form.QUOTE if quoted else Form.OWN) != kind:
            yield from close()
        if text:
            if not block:
                began, kind = i, Form.QUOTE if quoted else Form.OWN
            block.append((text[bullet.end() :] if bullet else text.lstrip("># ")).replace("**", "").strip())
    yield from close()
