"""The line: stages as stations on one rule, gates as marks at their ends, what is over in ink, now in accent, to come dotted."""

from __future__ import annotations

from dataclasses import dataclass

from stageway.document.drawings.canvas import TOKENS, arrow, label, path, rect, svg, wrapped
from stageway.document.drawings.shapes import placed
from stageway.document.states import FAMILIES, STATES


@dataclass(frozen=True, slots=True)
class Station:
    """A stage on the line. `state` is that of its gate; `part` the share of its requirements met (0 to 1), drawn dark while the stage runs.

    `when` is over, now or next; `notes` are up to three short lines below (dates, requirements, who waits); `back` the words on the arc of a
    recycle to the start of this stage, empty for none.
    """

    name: str
    state: str
    word: str
    when: str = "next"
    part: float = 0.0
    notes: tuple[str, ...] = ()
    back: str = ""


def line(stations: tuple[Station, ...], *, width_mm: float = 160.0, title: str = "") -> str:
    """The drawing is `width_mm` wide; room above only where a recycle's arc needs it."""
    arc = any(station.back for station in stations)
    y = 8.0 if arc else 3.0
    step = width_mm / max(len(stations), 1)
    parts: list[str] = []
    for index, station in enumerate(stations):
        parts += _station(station, index * step, step, y)
    names = [wrapped(station.name, 2.9, step - 2, 2, bold=True) for station in stations]
    below = max((len(lines) for lines in names), default=1)
    for index, (station, lines) in enumerate(zip(stations, names, strict=True)):
        parts += _words(station, lines, index * step, step, y + 6.2, below)
    for index, station in enumerate(stations):
        if station.back:
            parts += _arc(station.back, index * step, step, y)
    most = max((len(station.notes) for station in stations), default=0)
    return svg(parts, width_mm, y + 6.2 + below * 3.6 + 3.6 + most * 3.3, title=title or _spoken(stations))


def _station(station: Station, x: float, step: float, y: float) -> list[str]:
    start, end = x + 0.8, x + step - 2.6
    if station.when == "over":
        rule = [rect(start, y - 0.35, end - start, 0.7, fill=TOKENS["ink-2"])]
    elif station.when == "now":
        met = min(max(station.part, 0.0), 1.0)
        rule = [
            rect(start, y - 0.35, end - start, 0.7, fill=TOKENS["accent-line"]),
            rect(start, y - 0.35, (end - start) * met, 0.7, fill=TOKENS["accent"]),
        ]
    else:
        rule = [path([(start, y), (end, y)], TOKENS["edge"], 0.5, "0.5 1")]
    return [*rule, placed(station.state, x + step - 1.6, y, 3.6)]


def _words(station: Station, lines: list[str], x: float, step: float, y: float, below: int) -> list[str]:
    ink = {"over": TOKENS["ink"], "now": TOKENS["accent"]}.get(station.when, TOKENS["ink-3"])
    parts = [label(x + 0.8, y + row * 3.6, text, 2.9, fill=ink, bold=True) for row, text in enumerate(lines)]
    at = y + below * 3.6
    parts.append(label(x + 0.8, at, station.word, 2.7, fill=FAMILIES[STATES[station.state].family][0], bold=True))
    for row, note in enumerate(station.notes):
        parts.append(label(x + 0.8, at + (row + 1) * 3.3, "".join(wrapped(note, 2.5, step - 1.5, 1)), 2.5, fill=TOKENS["ink-3"]))
    return parts


def _arc(words: str, x: float, step: float, y: float) -> list[str]:
    colour = FAMILIES["cond"][1]
    left, right, top = x + 1.8, x + step - 1.6, y - 4.6
    curve = f'<path d="M{right:.2f} {y - 2.2:.2f}V{top + 1.4:.2f}a1.4 1.4 0 0 0-1.4-1.4H{left + 1.4:.2f}a1.4 1.4 0 0 0-1.4 1.4V{y - 1.6:.2f}" '
    middle = (left + right) / 2
    half = len(words) * 1.5 + 1
    return [
        curve + f'fill="none" stroke="{colour}" stroke-width="0.35"/>',
        arrow(left, y - 0.9, "d", colour, 1.2),
        rect(middle - half, top - 1.6, half * 2, 3.2, fill=TOKENS["paper"]),
        label(middle, top + 0.9, words, 2.5, fill=FAMILIES["cond"][0], anchor="middle"),
    ]


def _spoken(stations: tuple[Station, ...]) -> str:
    return " · ".join(f"{station.name} {station.word}" for station in stations)
