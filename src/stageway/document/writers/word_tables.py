"""Tables, callouts and stage strips as WordprocessingML: fixed widths, repeated heads, rows that never break."""

from __future__ import annotations

import math
from collections.abc import Callable

from stageway.document.drawings.canvas import TOKENS, width_of
from stageway.document.outline import Break, ColumnSpec, Line, State, Table, Text
from stageway.document.states import FAMILIES, STATES
from stageway.document.writers.word_xml import paragraph, twips

Cell = Callable[[Line, float], str]
PT = 25.4 / 72
PADDING = 84 / 56.6929


def gap() -> str:
    """A low empty paragraph: two tables that touch would become one."""
    return paragraph("", "Gap")


def widths(columns: tuple[ColumnSpec, ...], rows: tuple[tuple[Line, ...], ...], available: float) -> list[float]:
    """Millimetres a column: as specified, the rest by how much text each open column holds; scaled down where the sum is too wide."""
    given = [column.width for column in columns]
    wanted = [max([_longest(column.head, bold=True), *(_cell_width(row[index]) for row in rows)]) + 2 * PADDING for index, column in enumerate(columns)]
    kept = [max(width, min(wanted[index], width * 1.35) if columns[index].keep else 0) if width is not None else None for index, width in enumerate(given)]
    open_ones = [index for index, width in enumerate(kept) if width is None]
    kept = _lent(kept, wanted, available, sum(min(wanted[index], 70.0) for index in open_ones))
    fixed = sum(width for width in kept if width is not None)
    if not open_ones:
        return [(width or 0) * available / fixed for width in kept]
    least = {index: min(wanted[index], 16.0) for index in open_ones}
    room = max(available - fixed, sum(least.values()))
    weight = {index: min(wanted[index], 90.0) for index in open_ones}
    share = {index: max(least[index], room * weight[index] / sum(weight.values())) for index in open_ones}
    scale = room / sum(share.values())
    made = [share[index] * scale if width is None else width for index, width in enumerate(kept)]
    total = sum(made)
    return [width * available / total for width in made] if total > available + 0.1 else made


def _lent(kept: list[float | None], wanted: list[float], available: float, needed: float) -> list[float | None]:
    """Where the open columns want more than is left, columns that are wider than their longest text lend what they do not need."""
    short = needed - (available - sum(width for width in kept if width is not None))
    spare = [0.0 if width is None else max(0.0, width - wanted[index] * 1.06) for index, width in enumerate(kept)]
    part = min(1.0, max(0.0, short) / sum(spare)) if sum(spare) else 0.0
    return [None if width is None else width - spare[index] * part for index, width in enumerate(kept)]


def _longest(text: str, bold: bool = False) -> float:
    return width_of(text, 8.6 * PT, bold)


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
    whole = len(given.rows) <= 12
    head = "".join(
        _td(paragraph(fill((Text(column.head, strong=True),), size), "TableHead", _align(column.align)), size, tight=given.matrix and index > 0)
        for index, (column, size) in enumerate(zip(given.columns, sizes, strict=True))
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    for number, row in enumerate(given.rows):
        keep = "<w:keepNext/>" if whole and (number < len(given.rows) - 1 or given.note) else ""
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
        lines = max(
            (
                math.ceil(_cell_width(cell) / max(size - 2 * PADDING, 5)) + sum(isinstance(span, Break) for span in cell)
                for cell, size in zip(row, sizes, strict=True)
            ),
            default=1,
        )
        total += 2.6 + 4.3 * max(lines, 1)
    return total + (6 if given.note else 2)
