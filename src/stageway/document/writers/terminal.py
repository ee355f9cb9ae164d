"""What the command line shows, as Rich renderables: a finding, the line, the interval strip, the thread, a table of verdicts, any outline block."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text as Styled

from stageway.document.drawings.line import Station
from stageway.document.drawings.thread import Column, Knot
from stageway.document.finding_view import finding_blocks
from stageway.document.outline import (
    Block,
    Break,
    Callout,
    Figure,
    Heading,
    Items,
    Line,
    Para,
    Quote,
    Ref,
    StageStrip,
    State,
    Strip,
    Table,
    Text,
)
from stageway.document.states import STATES
from stageway.evidence import Finding, Lang, Words

COLOURS = {"accent": "bright_blue", "pass": "green", "fail": "red", "cond": "yellow", "undec": "magenta", "void": "bright_black"}
MUTE = "bright_black"


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One judged criterion, ready to be printed: words, 必须 / must, what was seen (value, interval, n), threshold, verdict, what is short."""

    criterion: str
    ask: str
    seen: str
    threshold: str
    state: str
    word: str
    small: str = ""
    strip: Strip | None = None


HEADS = (
    Words("准则", "Criterion"),
    Words("类别", "Ask"),
    Words("所见", "Seen"),
    Words("门槛", "Threshold"),
    Words("区间与门槛", "Interval"),
    Words("结果", "Result"),
)


def verdict(state: str, word: str, *, marks: bool = True) -> Styled:
    """Mark and word in the state's colour; without `marks` (a terminal that lacks the characters) the word alone."""
    look = STATES[state]
    return Styled(f"{look.plain} {word}" if marks else word, style=f"bold {COLOURS[look.family]}", no_wrap=True)


def finding(given: Finding, lang: Lang, code: str | None = None, *, marks: bool = True) -> RenderableType:
    """The finding as the document shows it: headline, points, tables, how sure, what next, what would change our mind."""
    return blocks(finding_blocks(given, lang, code), marks=marks)


def strip(given: Strip, width: int = 24, *, marks: bool = True) -> Styled:
    """The interval in characters, `width` wide: `──[━━●━━]──│──`. Full bar where it satisfies the threshold, thin where it falls short."""
    low, high = given.threshold - given.span, given.threshold + given.span

    def at(value: float) -> int:
        return round((min(max(value, low), high) - low) / (high - low) * (width - 1))

    cells = ["─" if _inside(low + (high - low) * index / max(width - 1, 1), given) else " " for index in range(width)]
    usable = STATES[given.state].shape not in ("v-void", "v-todo")
    start, end, middle = at(given.low), at(given.high), at(given.threshold)
    for index in range(start, end + 1):
        full = index > middle if given.good == "high" else index < middle
        cells[index] = "╌" if not usable else "━" if full else "─"
    cells[middle] = "│"
    if usable:
        cells[at(given.value)] = "○" if marks else "o"
    if end > start:
        cells[start], cells[end] = ("[" if start != middle else "╞"), ("]" if end != middle else "╡")
    text = Styled("".join(cells), no_wrap=True)
    text.stylize(MUTE)
    text.stylize(COLOURS[STATES[given.state].family], start, end + 1)
    text.stylize("bold default", middle, middle + 1)
    return text


def _inside(value: float, given: Strip) -> bool:
    first, last = given.ends
    return (first is None or value >= first - 1e-12) and (last is None or value <= last + 1e-12)


def verdicts(rows: tuple[VerdictRow, ...], lang: Lang, *, marks: bool = True, width: int = 24) -> Grid:
    """All criteria of a gate with their strips; the threshold stands in the middle of each."""
    grid = Grid(box=None, pad_edge=False, header_style=f"bold {COLOURS['accent']}", padding=(0, 2, 0, 0))
    for index, head in enumerate(HEADS):
        grid.add_column(head[lang], no_wrap=index > 0, overflow="fold")
    for row in rows:
        result = verdict(row.state, row.word, marks=marks)
        if row.small:
            result = Styled.assemble(result, "\n", (row.small, MUTE))
        grid.add_row(row.criterion, row.ask, row.seen, row.threshold, strip(row.strip, width, marks=marks) if row.strip else Styled("—", style=MUTE), result)
    return grid


def line(stations: tuple[Station, ...], *, marks: bool = True) -> RenderableType:
    """Stages as stations on one rule with the gate's mark at the end of each; below, name, word and notes."""
    grid = Grid.grid(expand=True, padding=(0, 1, 0, 0))
    for _ in stations:
        grid.add_column(ratio=1, overflow="fold")
    grid.add_row(*(_Rule(station, marks) for station in stations))
    names = [Styled(station.name, style={"over": "bold", "now": f"bold {COLOURS['accent']}"}.get(station.when, MUTE)) for station in stations]
    grid.add_row(*names)
    grid.add_row(*(Styled(station.word, style=f"bold {COLOURS[STATES[station.state].family]}") for station in stations))
    for index in range(max((len(station.notes) for station in stations), default=0)):
        grid.add_row(*(Styled(station.notes[index] if index < len(station.notes) else "", style=MUTE) for station in stations))
    if any(station.back for station in stations):
        grid.add_row(*(Styled(f"{'↺ ' if marks else ''}{station.back}" if station.back else "", style=COLOURS["cond"]) for station in stations))
    return grid


class _Rule:
    """A station's piece of the rule, as wide as its column."""

    def __init__(self, station: Station, marks: bool) -> None:
        self.station, self.marks = station, marks

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(options.max_width - 2, 3)
        station, look = self.station, STATES[self.station.state]
        text = Styled(no_wrap=True)
        if station.when == "over":
            text.append("━" * width)
        elif station.when == "now":
            met = round(width * min(max(station.part, 0.0), 1.0))
            text.append("━" * met, style=COLOURS["accent"]).append("─" * (width - met), style=COLOURS["accent"])
        else:
            text.append("·" * width, style=MUTE)
        text.append(look.plain if self.marks else "+", style=f"bold {COLOURS[look.family]}")
        yield text


def thread(columns: tuple[Column, ...], knots: tuple[Knot, ...], *, marks: bool = True) -> RenderableType:
    """The thread upright: a line a kind, its knots below; an open end is a fork with what is missing and the act that closes it."""
    bead = {"knot": ("●", ""), "from": ("○", ""), "here": ("◉", f"bold {COLOURS['accent']}"), "gap": ("⋲", f"bold {COLOURS['cond']}")}
    plain = {"knot": "*", "from": "o", "here": "@", "gap": "<"}
    parts: list[RenderableType] = []
    shown = [column for column in columns if any(knot.kind == column.kind for knot in knots)]
    for index, column in enumerate(shown):
        last = index == len(shown) - 1
        parts.append(Styled.assemble(("│ " if index else "  ", MUTE), (column.name, f"bold {MUTE}"), (f" {column.count}" if column.count else "", MUTE)))
        mine = sorted((knot for knot in knots if knot.kind == column.kind), key=lambda knot: knot.strand)
        for place, knot in enumerate(mine):
            sign, style = bead[knot.role]
            joint = "└" if last and place == len(mine) - 1 else "├"
            row = Styled.assemble((f"{joint}─", MUTE), (sign if marks else plain[knot.role], style or "default"), " ", (knot.title, style))
            row.append(
                "".join(f"　{part}" if any("\u4e00" <= c <= "\u9fff" for c in column.name) else f"  {part}" for part in (knot.code, knot.detail) if part),
                style=MUTE,
            )
            if knot.state:
                row.append("  ").append_text(verdict(knot.state, knot.word, marks=marks))
            parts.append(row)
    return Group(*parts)


# ── any block of an outline ───────────────────────────────────────────────────────────────────────────────────────────


def blocks(given: tuple[Block, ...], *, marks: bool = True) -> RenderableType:
    """Outline blocks for a terminal; a figure is its caption and what it shows."""
    parts: list[RenderableType] = []
    for block in given:
        if parts and not isinstance(block, Items):
            parts.append("")
        parts.append(_block(block, marks))
    return Group(*parts)


def _block(block: Block, marks: bool) -> RenderableType:
    match block:
        case Heading():
            return Styled(
                f"{block.number}{block.text}" if block.number.endswith(("、", "）")) else f"{block.number} {block.text}".strip(),
                style=f"bold {COLOURS['accent']}",
            )
        case Para():
            return _line(block.spans, marks)
        case Items():
            listed = Grid.grid(padding=(0, 1, 0, 0))
            for index, item in enumerate(block.items, 1):
                listed.add_row(f"{index}." if block.ordered else "•" if marks else "-", _line(item, marks))
            return Padding(listed, (0, 0, 0, 1))
        case Table():
            return Group(Styled(block.caption, style="bold"), _grid(block, marks), *([Styled(block.note, style=MUTE)] if block.note else []))
        case Figure():
            return Styled.assemble((block.caption, "bold"), (f"\n{block.alt}" if block.alt else "", MUTE))
        case Callout():
            family = "accent" if block.kind == "brand" else STATES[block.kind].family
            return Group(Styled(block.title, style=f"bold {COLOURS[family]}"), Padding(blocks(block.blocks, marks=marks), (0, 0, 0, 2)))
        case Quote():
            return Padding(Styled.assemble(block.text, "\n", (block.by, MUTE)), (0, 0, 0, 2))
        case StageStrip():
            cells = [Styled.assemble((name, "bold"), " ", verdict(state, word, marks=marks)) for name, state, word in block.cells]
            return Styled("  ").join(cells)


def _grid(table: Table, marks: bool) -> Grid:
    grid = Grid(box=None, pad_edge=False, header_style=f"bold {COLOURS['accent']}", padding=(0, 2, 0, 0))
    for column in table.columns:
        grid.add_column(column.head, justify=column.align, no_wrap=column.keep)
    for row in table.rows:
        grid.add_row(*(_line(cell, marks) for cell in row))
    return grid


def _line(spans: Line, marks: bool) -> Styled:
    text = Styled()
    for span in spans:
        match span:
            case Text():
                text.append(span.text, style="bold" if span.strong else MUTE if span.mute else "")
            case State():
                text.append_text(verdict(span.state, span.word, marks=marks))
            case Strip():
                text.append_text(strip(span, 20, marks=marks))
            case Ref():
                text.append(span.target)
            case Break():
                text.append("\n")
    return text
