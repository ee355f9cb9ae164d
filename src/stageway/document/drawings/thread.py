"""The thread: how one item came about and what became of it, from quote to goal; a gap is an open end with what is missing in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stageway.document.drawings.canvas import TOKENS, label, number, svg, wrapped
from stageway.document.drawings.shapes import placed, placed_shape
from stageway.document.states import FAMILIES, STATES

ROW, HEAD, KNOT = 21.0, 7.0, 3.6  # mm


@dataclass(frozen=True, slots=True)
class Column:
    """A kind on the thread with its count, empty where it says nothing."""

    kind: str
    name: str
    count: str = ""


@dataclass(frozen=True, slots=True)
class Knot:
    """A bead in the column of `kind` on a strand (0 is the first, straight one; at most 3 are drawn).

    `role`: knot, from (a source), here (the item looked at), gap (an open end: `title` says what is missing, `detail` the act that closes it).
    `state` with `word` shows a verdict under it.
    """

    kind: str
    title: str
    code: str = ""
    detail: str = ""
    strand: int = 0
    role: Literal["knot", "from", "here", "gap"] = "knot"
    state: str = ""
    word: str = ""


def thread(columns: tuple[Column, ...], knots: tuple[Knot, ...], *, width_mm: float = 160.0, title: str = "") -> str:
    """A column a kind, a row a strand. A strand that begins late splits off before its first knot, one that ends early joins again, a gap frays."""
    place = {column.kind: index for index, column in enumerate(columns)}
    strands = sorted({knot.strand for knot in knots})[:3]
    rows = _rows(strands, knots, place)
    step = width_mm / max(len(columns), 1)
    parts = [_head(column, index * step, step) for index, column in enumerate(columns)]
    first = [knot for knot in knots if strands and knot.strand == strands[0]]
    reach = max((place[knot.kind] for knot in first if knot.role != "gap"), default=0)
    for strand, row in rows.items():
        mine = sorted((knot for knot in knots if knot.strand == strand), key=lambda knot: place[knot.kind])
        parts += _rule(mine, place, step, row, reach)
    for strand, row in rows.items():
        for knot in knots:
            if knot.strand == strand:
                parts += _knot(knot, place[knot.kind] * step, step, _y(row))
    return svg(parts, width_mm, _y(max(rows.values())) + ROW - 4 if rows else HEAD, title=title or spoken(columns, knots))


def _rows(strands: list[int], knots: tuple[Knot, ...], place: dict[str, int]) -> dict[int, int]:
    """The row of each strand: the first alone, others share a row where one ends at least a column before the next begins."""
    rows: dict[int, int] = {}
    spans: dict[int, list[tuple[int, int]]] = {}
    for strand in strands:
        columns = [place[knot.kind] for knot in knots if knot.strand == strand]
        first, last = min(columns), max(columns)
        row = 0
        while (row == 0 and rows) or any(first <= b + 1 and a <= last + 1 for a, b in spans.get(row, [])):
            row += 1
        rows[strand] = row
        spans.setdefault(row, []).append((first, last))
    return rows


def _y(row: int) -> float:
    return HEAD + 2 + row * ROW


def _head(column: Column, x: float, step: float) -> str:
    words = label(x + 0.6, 3.4, "".join(wrapped(column.name, 2.6, step - 1, 1, bold=True)), 2.6, fill=TOKENS["ink-2"], bold=True)
    if column.count:
        words = words.replace("</text>", f'<tspan font-weight="400" fill="{TOKENS["ink-3"]}"> {column.count}</tspan></text>')
    return words


def _rule(mine: list[Knot], place: dict[str, int], step: float, row: int, reach: int) -> list[str]:
    """The strand's line: straight between its knots, bent to the first strand where it begins late or ends early without a gap."""
    y, top, bend = _y(row), _y(0), 2.6
    start, last = place[mine[0].kind], place[mine[-1].kind]
    x1, x2 = start * step + 2, last * step + 2
    edge = f'fill="none" stroke="{TOKENS["edge"]}" stroke-width="0.5"'
    d = f"M{number(x1)} {number(y)}H{number(x2)}"
    if row and start > 0:
        gutter = start * step - 1.6
        d = f"M{number(gutter - bend)} {number(top)}a{bend} {bend} 0 0 1 {bend} {bend}V{number(y - bend)}a{bend} {bend} 0 0 0 {bend} {bend}H{number(x2)}"
    if row and last < reach and mine[-1].role != "gap":
        gutter = (last + 1) * step - 1.6
        d += f"M{number(x2)} {number(y)}H{number(gutter - bend)}a{bend} {bend} 0 0 0 {bend} -{bend}V{number(top + bend)}a{bend} {bend} 0 0 1 {bend} -{bend}"
    return [f'<path d="{d}" {edge}/>']


def _knot(knot: Knot, x: float, step: float, y: float) -> list[str]:
    shape = {"knot": "t-knot", "from": "t-from", "here": "t-here", "gap": "t-open"}[knot.role]
    ink = {"here": TOKENS["accent"], "gap": TOKENS["cond-mark"]}.get(knot.role, TOKENS["ink-2"])
    ground = "" if knot.role != "gap" else f'<rect x="{number(x + 2)}" y="{number(y - 1.8)}" width="3.6" height="3.6" fill="{TOKENS["paper"]}"/>'
    parts = [ground, placed_shape(shape, ink, x + (3.8 if knot.role == "gap" else 2), y, KNOT)]
    colour = TOKENS["cond"] if knot.role == "gap" else TOKENS["ink"]
    at = y + 5
    for text in wrapped(knot.title, 2.6, step - 2.2, 2, bold=knot.role in ("here", "gap")):
        parts.append(label(x + 0.6, at, text, 2.6, fill=colour, bold=knot.role in ("here", "gap")))
        at += 3.3
    small = [text for text in (knot.code, knot.detail) if text]
    for text in wrapped("　".join(small) if small else "", 2.3, step - 2.2, 2) if small else []:
        parts.append(label(x + 0.6, at, text, 2.3, fill=TOKENS["ink-3"]))
        at += 2.9
    if knot.state:
        parts += [placed(knot.state, x + 2, at - 0.6, 2.8), label(x + 4.2, at + 0.2, knot.word, 2.3, fill=FAMILIES[STATES[knot.state].family][0], bold=True)]
    return parts


def spoken(columns: tuple[Column, ...], knots: tuple[Knot, ...]) -> str:
    """The thread for a reader who hears it: by kind, a gap read as its words."""
    said = ((column.name, "，".join(knot.title for knot in knots if knot.kind == column.kind)) for column in columns)
    return " → ".join(f"{name}: {titles}" for name, titles in said if titles)
