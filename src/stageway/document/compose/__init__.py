"""Compose: from a dossier to the outline of the process document, in one language. Nothing is computed here but counts, orders and dates of what is known."""

from __future__ import annotations

from stageway.document.compose import (
    annex,
    calendar,
    changes,
    cover,
    glance,
    glossary,
    goals,
    handoffs,
    metrics,
    open_points,
    people,
    plan,
    product,
    stage,
    summary,
)
from stageway.document.compose.pen import Pen
from stageway.document.numbering import numbered
from stageway.document.outline import Block, Document
from stageway.evidence import Lang
from stageway.process.dossier import Dossier


def compose(dossier: Dossier, lang: Lang) -> Document:
    """The whole document. The same dossier gives the same document; both languages have the same headings, tables and rows.

    Raises DefinitionError for a live value in people's own words that names nothing.
    """
    pen = Pen(dossier, lang)
    blocks: list[Block] = [*cover.front(pen), *summary.chapter(pen)]
    number = 0
    for part in (goals.chapter, product.chapter, people.chapter):
        number += 1
        blocks += part(pen, number)
    number += 1
    figure = None if summary.plan_stands_here(pen) else plan.plan_figure(pen)
    blocks += glance.chapter(pen, number, (figure,) if figure is not None else ())
    for each in dossier.process.stages:
        number += 1
        blocks += stage.chapter(pen, each, number)
    for part in (handoffs.chapter, calendar.chapter, metrics.chapter, open_points.chapter, changes.chapter):
        number += 1
        blocks += part(pen, number)
    annexes = annex.chapters(pen)
    blocks += [*glossary.chapter(pen, number + 1, [*blocks, *annexes]), *annexes]
    face = cover.cover(pen)
    title = pen.say("{name} {kind}", "{name}: {kind}", name=cover.title(pen), kind=cover.KIND)
    author = dossier.product.person(dossier.product.author)
    made = Document(
        lang=lang,
        title=title,
        short="　".join((title, cover.version(pen), cover.status(pen))) if lang == "zh" else " · ".join((title, cover.version(pen), cover.status(pen))),
        foot=_foot(pen),
        author=pen.of(author.name) if author else pen.of(dossier.product.company, ""),
        created=dossier.at.isoformat(),
        cover=face,
        blocks=tuple(blocks),
    )
    return numbered(made)


def _foot(pen: Pen) -> str:
    product = pen.dossier.product
    parts = [product.document_id or "", pen.of(product.classification)]
    if pen.dossier.data_up_to is not None:
        parts.append(pen.say("数据截止 {date}", "data up to {date}", date=pen.full(pen.dossier.data_up_to)))
    if product.simulated:
        parts.append(pen.say("全部数据为模拟", "all data simulated"))
    return ("　" if pen.lang == "zh" else " · ").join(part for part in parts if part)


__all__ = ["compose"]
