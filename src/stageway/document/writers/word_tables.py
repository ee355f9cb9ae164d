"""Tables, callouts and stage strips as WordprocessingML: fixed widths, repeated heads, rows that never break."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from stageway.document.drawings.canvas import TOKENS, width_of
from stageway.document.outline import Break, ColumnSpec, Line, Span, State, Strip, Table, Text
from stageway.document.states import FAMILIES, STATES
from stageway.document.writers.word_xml import paragraph, twips

Cell = Callable[[Line, float], str]
PT = 25.4 / 72
PADDING = 84 / 56.6929
#: millimetres up to which a table stays on one page
TALLEST = 82.0
#: points of the text of a table that is a little too wide for the page
SMALL = 8.0


def gap() -> str:
    """A low empty paragraph: two tables that touch would become one."""
    return paragraph("", "Gap")


def widths(columns: tuple[ColumnSpec, ...], rows: tuple[tuple[Line, ...], ...], available: float) -> list[float]:
    """Millimetres a column: as specified, the rest by how much text each open column holds; no column narrower than the longest piece that may not wrap."""
    given = [column.width for column in columns]
    wanted = [max([_longest(column.head, bold=True), *(_cell_width(row[index]) for row in rows)]) + 2 * PADDING for index, column in enumerate(columns)]
    least = least_widths(columns, rows)
    kept = [None if width is None else max(width, min(least[index], max(width * 1.7, 34.0))) for index, width in enumerate(given)]
    open_ones = [index for index, width in enumerate(kept) if width is None]
    kept = _lent(kept, wanted, available, sum(min(wanted[index], 70.0) for index in open_ones))
    fixed = sum(width for width in kept if width is not None)
    if not open_ones:
        return [(width or 0) * available / fixed for width in kept]
    room = max(available - fixed, sum(min(least[index], 16.0) for index in open_ones))
    share = _shared(room, {index: min(wanted[index], 90.0) for index in open_ones}, {index: least[index] for index in open_ones})
    made = [share[index] if width is None else width for index, width in enumerate(kept)]
    total = sum(made)
    return [width * available / total for width in made] if total > available + 0.1 else made


def _shared(room: float, weight: dict[int, float], least: dict[int, float]) -> dict[int, float]:
    """`room` divided by weight, where no part may be less than its least; by the least alone where even that is too much."""
    if sum(least.values()) >= room:
        return {index: room * width / sum(least.values()) for index, width in least.items()}
    made: dict[int, float] = {}
    while True:
        rest = {index: part for index, part in weight.items() if index not in made}
        left = room - sum(made.values())
        short = [index for index, part in rest.items() if left * part / sum(rest.values()) < least[index]]
        if not short:
            return {**made, **{index: left * part / sum(rest.values()) for index, part in rest.items()}}
        made.update({index: least[index] for index in short})


def least_widths(columns: tuple[ColumnSpec, ...], rows: tuple[tuple[Line, ...], ...]) -> list[float]:
    """For each column the widest piece that may not wrap: a word, a state, an interval; in a column that keeps together, its longest line."""
    made = []
    for index, column in enumerate(columns):
        cells = [row[index] for row in rows]
        pieces = [_piece(column.head, 8.6, True), *(_cell_width(cell) if column.keep else _unbroken(cell) for cell in cells)]
        made.append(max(pieces) + 2 * PADDING)
    return made


def needed(given: Table) -> float:
    """Millimetres below which pieces that may not wrap would; a table of many columns may be set a little smaller."""
    return sum(least_widths(given.columns, given.rows)) * SMALL / 8.6


def _unbroken(cell: Line) -> float:
    """The widest piece of a cell; a state and what a no-break space ties to it are one."""
    best, tied = 0.0, 0.0
    for span in cell:
        if isinstance(span, State):
            tied = width_of(span.word, 8.6 * PT, True) + 4.4
            best = max(best, tied)
        elif isinstance(span, Text):
            size = 7.5 if span.mute else 8.6
            if tied and span.text.startswith("\u00a0"):
                best = max(best, tied + _piece(span.text.split(" ")[0], size, span.strong))
            best = max(best, _piece(span.text, size, span.strong))
            tied = 0.0
        else:
            best, tied = max(best, 14.0 if isinstance(span, Strip) else 0.0), 0.0
    return best


#: an interval with its value, a run without a space; Han breaks between characters
_PIECE = re.compile(r"[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+(?: \[[^\]]*\])|(?:[^ \n\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])+")


def _piece(text: str, size: float, bold: bool) -> float:
    return max((width_of(piece, size * PT, bold) for piece in _PIECE.findall(text)), default=size * PT)


def _lent(kept: list[float | None], wanted: list[float], available: float, needed: float) -> list[float | None]:
    """Where the open columns want more than is left, columns that are wider than their longest text lend what they do not need."""
    short = needed - (available - sum(width for width in kept if width is not None))
    spare = [0.0 if width is None else max(0.0, width - wanted[index] * 1.06) for index, width in enumerate(kept)]
    part = min(1.0, max(0.0, short) / sum(spare)) if sum(spare) else 0.0
    return [None if width is None else width - spare[index] * part for index, width in enumerate(kept)]


def _longest(text: str, bold: bool = False) -> float:
    return width_of(text, 8.6 * PT, bold)


def _lines(cell: Line, width: float) -> int:
    """How many lines the cell takes: each of its own lines by itself."""
    made = 0
    now: list[Span] = []
    for span in (*cell, Break()):
        if isinstance(span, Break):
            made += max(1, math.ceil(_cell_width(tuple(now)) / max(width, 5) - 0.02))
            now = []
        else:
            now.append(span)
    return made


def _cell_width(cell: Line) -> float:
    best, now = 0.0, 0.0
    for span in cell:
        if isinstance(span, Text):
            now += width_of(span.text, (7.5 if span.mute else 8.6) * PT, span.strong)
        elif isinstance(span, State):
            now += width_of(span.word, 8.6 * PT, True) + 4
        elif isinstance(span, Break):
            best, now = max(best, now), 0.0
        else:
            now += 14
    return max(best, now)


def table(given: Table, fill: Cell, available: float) -> str:
    """The grid alone; caption and note stand around it."""
    sizes = widths(given.columns, given.rows, available)
    whole = height(given, available) <= TALLEST
    last = len(given.rows) - 1
    head = "".join(
        _td(paragraph(fill((Text(column.head, strong=True),), size), "TableHead", _align(column.align)), size, tight=given.matrix and index > 0)
        for index, (column, size) in enumerate(zip(given.columns, sizes, strict=True))
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    for number, row in enumerate(given.rows):
        together = number < last if whole else number in (0, last - 1)
        keep = "<w:keepNext/>" if together or (number == last and given.note) else ""
        cells = "".join(
            _cell(given, column, cell, size, fill, keep, first=index == 0)
            for index, (column, cell, size) in enumerate(zip(given.columns, row, sizes, strict=True))
        )
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    return _table("StagewayTable", sizes, rows)


def _cell(given: Table, column: ColumnSpec, cell: Line, size: float, fill: Cell, keep: str, *, first: bool) -> str:
    if given.matrix and not first:
        letters = "".join(span.text for span in cell if isinstance(span, Text)).strip()
        ground, ink = {"A": (TOKENS["accent"], TOKENS["paper"]), "R": (TOKENS["accent-soft"], TOKENS["accent"]), "I": ("", TOKENS["ink-3"])}.get(
            letters[:1], ("", "")
        )
        bold = "<w:b/>" if letters[:1] in ("A", "R") and letters else ""
        colour = f'<w:color w:val="{ink[1:].upper()}"/>' if ink else ""
        run = f"<w:r><w:rPr>{bold}{colour}</w:rPr><w:t>{letters}</w:t></w:r>"
        return _td(paragraph(run, "TableText", keep + '<w:jc w:val="center"/>'), size, ground, tight=True)
    return _td(paragraph(fill(cell, size), "TableText", keep + _align(column.align)), size)


def _td(inside: str, size: float, ground: str = "", tight: bool = False) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{ground[1:].upper()}"/>' if ground else ""
    margins = '<w:tcMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tcMar>' if tight else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{twips(size)}" w:type="dxa"/>{shade}{margins}<w:vAlign w:val="center"/></w:tcPr>{inside}</w:tc>'


def _align(side: str) -> str:
    return f'<w:jc w:val="{side}"/>' if side != "left" else ""


def _table(style: str, sizes: list[float], rows: list[str], properties: str = "", look: str = "04A0") -> str:
    grid = "".join(f'<w:gridCol w:w="{twips(size)}"/>' for size in sizes)
    total = sum(twips(size) for size in sizes)
    named = f'<w:tblStyle w:val="{style}"/>' if style else ""
    first = "1" if style else "0"
    flags = (
        f'<w:tblLook w:val="{look if style else "0000"}" w:firstRow="{first}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    )
    fixed = '<w:tblLayout w:type="fixed"/>'
    inside = properties.replace("LAYOUT", fixed) if properties else fixed
    return f'<w:tbl><w:tblPr>{named}<w:tblW w:w="{total}" w:type="dxa"/>{inside}{flags}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'


def boxed(inside: str, kind: str, width: float) -> str:
    """A callout: one cell with a rule on the left and its family's ground."""
    _, mark, ground = FAMILIES["accent" if kind == "brand" else STATES[kind].family]
    edge = f'<w:tcBorders><w:left w:val="single" w:sz="20" w:space="0" w:color="{mark[1:].upper()}"/></w:tcBorders>'
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{ground[1:].upper()}"/>'
    space = (
        '<w:tcMar><w:top w:w="120" w:type="dxa"/><w:left w:w="180" w:type="dxa"/><w:bottom w:w="100" w:type="dxa"/><w:right w:w="180" w:type="dxa"/></w:tcMar>'
    )
    cell = f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/>{edge}{shade}{space}</w:tcPr>{inside}</w:tc>'
    return _table("", [width], [f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"])


def stages(cells: list[str], now: int | None, width: float) -> str:
    """The strip of stages: cells with an outline, the current one in the brand colour, thin white gaps between."""
    size = width / max(len(cells), 1)
    line, soft, brand = TOKENS["line-2"][1:].upper(), TOKENS["paper-2"][1:].upper(), TOKENS["accent"][1:].upper()
    made = []
    for index, inside in enumerate(cells):
        ground, edge = (brand, brand) if index == now else (soft, line)
        sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{edge}"/>' for side in ("top", "left", "bottom", "right"))
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{twips(size)}" w:type="dxa"/><w:tcBorders>{sides}</w:tcBorders>'
            f'<w:shd w:val="clear" w:color="auto" w:fill="{ground}"/></w:tcPr>{inside}</w:tc>'
        )
    margins = (
        '<w:tblCellMar><w:top w:w="70" w:type="dxa"/><w:left w:w="90" w:type="dxa"/><w:bottom w:w="70" w:type="dxa"/>'
        '<w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
    )
    return _table("", [size] * len(cells), [f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(made)}</w:tr>"], f"LAYOUT{margins}")


def plain_table(rows: list[list[str]], sizes: list[float], *, ruled: bool = False) -> str:
    """A grid without heads or sides, for the facts of the cover and the approval box; cells are paragraphs."""
    line = TOKENS["line-2"][1:].upper()
    border = (
        f'<w:tblBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="{line}"/>'
        f'<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{line}"/>'
        f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{line}"/></w:tblBorders>'
        if ruled
        else ""
    )
    margins = (
        '<w:tblCellMar><w:top w:w="70" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="70" w:type="dxa"/>'
        '<w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
    )
    made = ["<w:tr><w:trPr><w:cantSplit/></w:trPr>" + "".join(_td(cell, size) for cell, size in zip(row, sizes, strict=True)) + "</w:tr>" for row in rows]
    return _table("", sizes, made, f"{border}LAYOUT{margins}")


def block_of_colour(rows: list[tuple[float, str]], width: float, indent: float, colour: str) -> str:
    """The brand block of the cover: rows of exact height (mm) with paragraphs, from edge to edge."""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{colour[1:].upper()}"/>'
    space = f'<w:tcMar><w:left w:w="{twips(indent)}" w:type="dxa"/><w:right w:w="{twips(indent)}" w:type="dxa"/></w:tcMar>'
    made = [
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(height)}" w:hRule="exact"/></w:trPr><w:tc><w:tcPr>'
        f'<w:tcW w:w="{twips(width)}" w:type="dxa"/>{shade}{space}</w:tcPr>{inside}</w:tc></w:tr>'
        for height, inside in rows
    ]
    return _table("", [width], made, f'<w:tblInd w:w="{-twips(indent)}" w:type="dxa"/>LAYOUT')


def height(given: Table, available: float) -> float:
    """About how high a table is, in millimetres, for the page numbers of the contents."""
    sizes = widths(given.columns, given.rows, available)
    total = 14.0
    for row in given.rows:
        total += 2.0 + 4.1 * max((_lines(cell, size - 2 * PADDING) for cell, size in zip(row, sizes, strict=True)), default=1)
    return total + (6 if given.note else 2)
