"""Product and market: what it is, for whom, against what, in people's own words; before the second gate, who owes them."""

from __future__ import annotations

from stageway.document.compose import phrases
from stageway.document.compose.pen import Pen, line, strong
from stageway.document.compose.stage_gate import own_quotes
from stageway.document.live import own_blocks
from stageway.document.outline import Block, Para
from stageway.evidence import Words
from stageway.process.dossier import RequirementState
from stageway.process.items import Item

_PARTS = (
    ("product", Words("产品", "Product")),
    ("target", Words("目标用户", "Target users")),
    ("market", Words("市场", "Market")),
    ("alternatives", Words("替代选择", "Alternatives")),
    ("positioning.statement", Words("定位句", "Positioning statement")),
)

#: The evidence that brings a paragraph, where the process has it.
_EVIDENCE = {"market": ("market_size", "forecast", "volume")}


def chapter(pen: Pen, number: int) -> list[Block]:
    blocks: list[Block] = [pen.heading(1, pen.say("产品与市场", "Product and market"), "product", number)]
    for section, label in _PARTS:
        blocks += _part(pen, section, label)
    if (own := pen.dossier.own("product.quote", pen.lang)) is not None:
        blocks += own_quotes(pen, own)
    return blocks


def _part(pen: Pen, section: str, label: Words) -> list[Block]:
    own = pen.dossier.own(section, pen.lang)
    if own is not None:
        first, *rest = own_blocks(own, pen.dossier) or (Para(()),)
        if isinstance(first, Para):
            gap = "　" if pen.lang == "zh" else " "
            return [Para((strong(pen.of(label) + ("" if pen.lang == "zh" else ".")), *line(gap), *first.spans), lead=True), *rest]
        return [Para(line(strong(pen.of(label))), lead=True), first, *rest]
    return [pen.labelled(pen.of(label), _derived(pen, section) or _owed(pen, section))]


def _derived(pen: Pen, section: str) -> str:
    """What the product and its items say already."""
    dossier = pen.dossier
    if section == "product" and dossier.product.summary:
        return pen.ended(pen.of(dossier.product.summary))
    if section == "target":
        chosen = [item for item in dossier.items.of("segment") if item.values.get("target")]
        return pen.ended(pen.clauses(_described(pen, item, "description") for item in chosen)) if chosen else ""
    if section == "alternatives":
        known = dossier.items.of("competitor")
        return pen.ended(pen.clauses(_described(pen, item, "strength") for item in known)) if known else ""
    if section == "positioning.statement":
        claims = dossier.items.of("claim")
        return pen.ended(pen.clauses(pen.of(item.title) + pen.cited(item.links.get("finding", ())) for item in claims)) if claims else ""
    return ""


def _described(pen: Pen, item: Item, field: str) -> str:
    text = pen.of(item.title)
    more = item.values.get(field)
    return text + (pen.bracketed(pen.inner(pen.of(more)).rstrip("。.")) if more else "") + pen.cited(item.links.get("finding", ()))


def _owed(pen: Pen, section: str) -> str:
    """Pattern 31 with the requirement that brings the paragraph."""
    wanted = {
        "product": ("functions",),
        "target": ("target_users", "user_needs"),
        "market": ("market_data",),
        "alternatives": ("competitive_advantage",),
        "positioning.statement": ("accuracy", "uniqueness"),
    }
    requirements = [r for s in pen.dossier.process.stages for r in s.requirements]
    named = [r for r in requirements for e in r.evidence if e.name in _EVIDENCE.get(section, ())]
    by_topic = [r for topic in wanted[section] for r in requirements if topic in r.covers]
    found = [*named, *by_topic, *requirements][0]
    what = Words(f"{found.id} {found.title.zh}", f"{found.id} {found.title.en}")
    if pen.dossier.state(found) == RequirementState.OVERDUE:
        return pen.fill(phrases.OVERDUE, n=pen.dossier.days_late(found), who=pen.owner(found), by=pen.due_words(found), what=what)
    return pen.fill(phrases.NONE_YET, who=pen.owner(found), by=pen.due_words(found), what=what)
