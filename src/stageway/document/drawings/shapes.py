"""The marks of gates, verdicts and threads: the paths of the look's icons, 16 × 16, drawn so that no font has to own them."""

from __future__ import annotations

from stageway.document.drawings.canvas import number, svg
from stageway.document.states import FAMILIES, STATES

#: shape → SVG with INK for the mark's colour; white is the paper
SHAPES: dict[str, str] = {
    "g-todo": '<path d="M8 2.6 13.4 8 8 13.4 2.6 8z" fill="#ffffff" stroke="INK" stroke-width="1.3" stroke-dasharray="1.6 1.6"/>',
    "g-review": '<path d="M8 1.9 14.1 8 8 14.1 1.9 8z" fill="#ffffff" stroke="INK" stroke-width="1.8"/><circle cx="8" cy="8" r="2.1" fill="INK"/>',
    "g-pass": '<path d="M8 1 15 8 8 15 1 8z" fill="INK"/><path d="M5.2 8.2 7.2 10.2 10.9 6.2" fill="none" stroke="#ffffff" stroke-width="1.7"/>',
    "g-cond": '<path d="M8 1.7 14.3 8 8 14.3 1.7 8z" fill="#ffffff" stroke="INK" stroke-width="1.5"/><path d="M8 1.7V14.3L1.7 8z" fill="INK"/>',
    "g-hold": '<path d="M8 1 15 8 8 15 1 8z" fill="INK"/><path d="M6.5 5.6v4.8M9.5 5.6v4.8" stroke="#ffffff" stroke-width="1.6"/>',
    "g-back": '<path d="M8 1.7 14.3 8 8 14.3 1.7 8z" fill="#ffffff" stroke="INK" stroke-width="1.5"/>'
    '<path d="M10.4 10V8.2a1.4 1.4 0 0 0-1.4-1.4H5.8M7.4 5 5.6 6.8l1.8 1.8" fill="none" stroke="INK" stroke-width="1.4"/>',
    "g-kill": '<path d="M8 1 15 8 8 15 1 8z" fill="INK"/><path d="M5.9 5.9 10.1 10.1M10.1 5.9 5.9 10.1" stroke="#ffffff" stroke-width="1.6"/>',
    "v-pass": '<circle cx="8" cy="8" r="7" fill="INK"/><path d="M4.8 8.2 7.1 10.5 11.4 5.8" fill="none" stroke="#ffffff" stroke-width="1.8"/>',
    "v-fail": '<rect x="1.5" y="1.5" width="13" height="13" rx="1.5" fill="INK"/>'
    '<path d="M5.2 5.2 10.8 10.8M10.8 5.2 5.2 10.8" stroke="#ffffff" stroke-width="1.8"/>',
    "v-void": '<circle cx="8" cy="8" r="6.3" fill="none" stroke="INK" stroke-width="1.6" stroke-dasharray="2.6 1.7"/>'
    '<path d="M5.4 8h5.2" stroke="INK" stroke-width="1.6"/>',
    "v-undec": '<path d="M9.9 2.1A6.2 6.2 0 0 1 9.9 13.9z" fill="INK"/>'
    '<path d="M6.1 2.9A5.5 5.5 0 0 0 6.1 13.1z" fill="none" stroke="INK" stroke-width="1.4" stroke-linejoin="round"/>'
    '<path d="M8 .5V15.5" stroke="INK" stroke-width="1.5"/>',
    "v-todo": '<circle cx="8" cy="8" r="6.2" fill="none" stroke="INK" stroke-width="1.4" stroke-dasharray="1.6 1.64"/>',
    "v-open": '<circle cx="8" cy="8" r="6.2" fill="none" stroke="INK" stroke-width="1.8"/>'
    '<path d="M8 4.7V8l2.3 1.7" fill="none" stroke="INK" stroke-width="1.6"/>',
    "t-knot": '<circle cx="8" cy="8" r="4" fill="INK"/>',
    "t-from": '<circle cx="8" cy="8" r="3.4" fill="#ffffff" stroke="INK" stroke-width="1.5"/>',
    "t-here": '<circle cx="8" cy="8" r="6.2" fill="#ffffff" stroke="INK" stroke-width="2"/><circle cx="8" cy="8" r="2.6" fill="INK"/>',
    "t-open": '<path d="M0 8H5.5M5.5 8C9 8 10.5 5.6 13.5 3.6M5.5 8H15M5.5 8C9 8 10.5 10.4 13.5 12.4" fill="none" stroke="INK" stroke-width="1.4" '
    'stroke-linecap="round"/>',
}


def inner(shape: str, ink: str) -> str:
    return SHAPES[shape].replace("INK", ink)


def state_svg(state: str, size: float = 16.0, *, unit: str = "", title: str = "") -> str:
    """The shape of a state in its mark colour, as a drawing of its own."""
    look = STATES[state]
    text = svg([inner(look.shape, FAMILIES[look.family][1])], 16, 16, unit=unit, title=title)
    return text.replace(f'width="16{unit}" height="16{unit}"', f'width="{number(size)}{unit}" height="{number(size)}{unit}"', 1)


def placed(state: str, x: float, y: float, size: float) -> str:
    """The shape of a state inside a drawing, its centre at (x, y); a gate's diamond gets a paper ground that covers lines behind it."""
    look = STATES[state]
    return placed_shape(look.shape, FAMILIES[look.family][1], x, y, size)


def placed_shape(shape: str, ink: str, x: float, y: float, size: float) -> str:
    scale = size / 16
    ground = '<path d="M8 0 16 8 8 16 0 8z" fill="#ffffff"/>' if shape.startswith("g-") else ""
    return f'<g transform="translate({number(x - size / 2)} {number(y - size / 2)}) scale({scale:.4f})">{ground}{inner(shape, ink)}</g>'
