"""`stageway trace`: the thread through a product's items, both ways from one of them or whole, with its open ends."""

from __future__ import annotations

from typing import Any

from stageway.cli.console import as_json, terminal_lang
from stageway.cli.show import screen
from stageway.document.drawings.thread import Column, Knot
from stageway.document.writers import terminal
from stageway.evidence import Lang, ParamError, Words, did_you_mean, say
from stageway.process.dossier import Dossier
from stageway.process.items import FINDING, Gap, Item


def show_trace(dossier: Dossier, id: str | None, *, json: bool) -> None:
    """The thread of one item, or of all; then every gap by name. Raises ParamError for an unknown id."""
    item = None
    if id is not None:
        item = dossier.items.get(id)
        if item is None:
            raise ParamError("item_unknown", say(zh="没有条目“{id}”", en='there is no item "{id}"', id=id), todo=did_you_mean(id, dossier.items.by_id))
    gaps = [g for g in dossier.gaps if item is None or g.item.id == item.id]
    if json:
        as_json(_plain(dossier, item, gaps))
        return
    lang = terminal_lang()
    columns, knots = strand(dossier, item, gaps, lang)
    console = screen()
    console.print(terminal.thread(columns, knots))
    if gaps:
        console.print("\n" + {"zh": f"断点{len(gaps)}处", "en": f"{len(gaps)} gap(s)"}[lang])
        for gap in gaps:
            console.print(
                f"  {gap.item.id} {gap.item.title[lang]}：{lacks(dossier, gap)[lang]}"
                if lang == "zh"
                else f"  {gap.item.id} {gap.item.title[lang]}: {lacks(dossier, gap)[lang]}"
            )


def lacks(dossier: Dossier, gap: Gap) -> Words:
    """What a gap lacks: 没有用例 / no test."""
    name = Words("结论", "finding") if gap.lacks == FINDING else dossier.items.kinds.kinds[gap.lacks].name
    return say(zh="没有{name}", en="no {name}", name=Words(name.zh, name.en.lower()))


def strand(dossier: Dossier, item: Item | None, gaps: list[Gap], lang: Lang) -> tuple[tuple[Column, ...], tuple[Knot, ...]]:
    """Columns in the order of the thread, a knot an item: the item and all that it reaches, or every item on the thread."""
    items = dossier.items
    kinds = [kind for place in items.kinds.thread for kind in place]
    shown = [i for kind in kinds for i in items.of(kind)] if item is None else [*items.reach(item, True), item, *items.reach(item, False)]
    open_ = {gap.item.id: gap for gap in gaps}
    cases = sum(i.kind == "test" for i in shown)
    knots = []
    tests = 0
    for each in sorted(shown, key=lambda i: (kinds.index(i.kind) if i.kind in kinds else len(kinds), i.id)):
        if each.kind == "test":
            tests += 1
            if tests > 8:
                continue
        role = "here" if item is not None and each.id == item.id else ("gap" if each.id in open_ else ("from" if each.kind == "quote" else "knot"))
        detail = lacks(dossier, open_[each.id])[lang] if each.id in open_ else ", ".join(each.links.get(FINDING, ()))
        knots.append(Knot(each.kind, each.title[lang], "" if each.kind == "test" else each.id, detail, role=role))  # type: ignore[arg-type]
    if cases > 8:
        knots.append(Knot("test", {"zh": f"……另有{cases - 8}条用例", "en": f"… and {cases - 8} more tests"}[lang]))
    columns = tuple(Column(kind, items.kinds.kinds[kind].name[lang], str(len([k for k in shown if k.kind == kind]) or "")) for kind in kinds)
    return columns, tuple(knots)


def _plain(dossier: Dossier, item: Item | None, gaps: list[Gap]) -> dict[str, Any]:
    items = dossier.items
    shown = items.all if item is None else (*items.reach(item, True), item, *items.reach(item, False))
    return {
        "items": [{"id": i.id, "kind": i.kind, "title": i.title.to_json(), "links": {k: list(v) for k, v in i.links.items()}} for i in shown],
        "gaps": [{"id": g.item.id, "kind": g.item.kind, "lacks": g.lacks, "direction": g.direction} for g in gaps],
    }
