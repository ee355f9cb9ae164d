"""The interval strip of a table cell: track, passing zone, threshold with its flag, interval, point (typography, section 6)."""

from __future__ import annotations

from stageway.document.drawings.canvas import TOKENS, number, path, rect, svg
from stageway.document.outline import Strip
from stageway.document.states import FAMILIES, STATES

HEIGHT = 11.0  # pt
PT_PER_MM = 72 / 25.4


def strip(given: Strip, width_mm: float = 24.0, *, goal: bool | None = None) -> str:
    """A drawing `width_mm` × 11 pt. The threshold stands in the middle; in a goal (one with a baseline) at 48 %, the baseline dotted at 12 %.

    The interval is full where it satisfies the threshold and hollow where it falls short, both caps thin: all full is pass, all hollow fail,
    both undecided; not evaluable is a hatched outline without a point.
    """
    scale = _Scale(given, width_mm * PT_PER_MM, given.base is not None if goal is None else goal)
    colour = FAMILIES[STATES[given.state].family][1]
    parts = _ground(given, scale)
    if STATES[given.state].shape in ("v-void", "v-todo"):
        parts += _hatched(scale.x(given.low), scale.x(given.high), colour)
    else:
        parts += _interval(given, scale, colour)
    parts += _threshold(given, scale)
    return svg(parts, scale.width, HEIGHT, unit="pt", title=given.alt)


class _Scale:
    def __init__(self, given: Strip, width: float, goal: bool) -> None:
        self.width = width
        self.low, self.high = given.threshold - given.span, given.threshold + given.span
        self.base: float | None = None
        if goal and given.base is not None and given.base != given.threshold:
            unit = abs(given.threshold - given.base) / 0.36
            disc = (given.high - given.low) / unit * width >= 1.3 * 5.3
            inside = max(abs(given.low - given.threshold), abs(given.high - given.threshold)) <= unit * 0.46
            if disc and inside:
                self.base = given.base
                start = 0.48 if given.good == "high" else 0.52
                self.low = given.threshold - unit * start
                self.high = self.low + unit

    def x(self, value: float) -> float:
        return (min(max(value, self.low), self.high) - self.low) / (self.high - self.low) * self.width


def _ground(given: Strip, scale: _Scale) -> list[str]:
    middle = HEIGHT / 2
    first = scale.x(given.ends[0]) if given.ends[0] is not None else 0.0
    last = scale.x(given.ends[1]) if given.ends[1] is not None else scale.width
    threshold = scale.x(given.threshold)
    zone = (threshold, last) if given.good == "high" else (first, threshold)
    parts = [
        rect(zone[0], middle - 4.4, zone[1] - zone[0], 8.8, fill=TOKENS["pass-soft"]),
        rect(first, middle - 0.35, last - first, 0.7, fill=TOKENS["line-2"]),
    ]
    if scale.base is not None:
        parts.append(path([(scale.x(scale.base), middle - 3.6), (scale.x(scale.base), middle + 3.6)], TOKENS["ink-3"], 0.9, "1 1"))
    return parts


def _interval(given: Strip, scale: _Scale, colour: str) -> list[str]:
    middle = HEIGHT / 2
    point = scale.x(given.value)
    if given.low == given.high:
        return [f'<path d="M{number(point)} {number(middle - 2.8)}l2.8 2.8-2.8 2.8-2.8-2.8z" fill="{colour}"/>']
    cut = min(max(given.threshold, given.low), given.high)
    parts = _bar(scale.x(given.low), scale.x(cut), given.good == "low", colour) + _bar(scale.x(cut), scale.x(given.high), given.good == "high", colour)
    parts += [path([(scale.x(end), middle - 2.7), (scale.x(end), middle + 2.7)], colour, 0.7) for end in (given.low, given.high)]
    parts.append(f'<circle cx="{number(point)}" cy="{number(middle)}" r="2.1" fill="#ffffff" stroke="{colour}" stroke-width="1.1"/>')
    return parts


def _bar(start: float, end: float, full: bool, colour: str) -> list[str]:
    middle = HEIGHT / 2
    if end <= start:
        return []
    if full:
        return [rect(start, middle - 1.7, max(end - start, 1.0), 3.4, fill=colour)]
    return [rect(start + 0.4, middle - 1.3, max(end - start - 0.8, 0.1), 2.6, fill="#ffffff", stroke=colour, width=0.8)]


def _hatched(start: float, end: float, colour: str) -> list[str]:
    """An outline with strokes drawn one by one: no pattern, whose id could meet another on a page."""
    top, height = HEIGHT / 2 - 1.7, 3.4
    strokes: list[str] = []
    at = start - height + 1.2
    while at < end:
        left, right = max(at, start), min(at + height, end)
        if right > left:
            strokes.append(f"M{number(left)} {number(top + height - (left - at))}L{number(right)} {number(top + height - (right - at))}")
        at += 2.4
    hatch = f'<path d="{"".join(strokes)}" stroke="{colour}" stroke-width="0.5" fill="none"/>' if strokes else ""
    return [hatch, rect(start, top, end - start, height, stroke=colour, width=0.6)]


def _threshold(given: Strip, scale: _Scale) -> list[str]:
    x, side = scale.x(given.threshold), 1 if given.good == "high" else -1
    flag = f'<polygon points="{number(x)},0 {number(x + 2.6 * side)},1.1 {number(x)},2.2" fill="{TOKENS["ink"]}"/>'
    return [path([(x, 0), (x, HEIGHT)], TOKENS["ink"], 1.0), flag]
