"""The swim-lane: departments as lanes, stages as columns, gates as lines that a hand-off crosses, recycle and feedback dashed."""

from __future__ import annotations

from dataclasses import dataclass

from stageway.document.drawings.canvas import TOKENS, arrow, balanced, label, path, rect, svg, width_of
from stageway.document.drawings.routes import Geometry, Point, Routes
from stageway.document.drawings.shapes import placed
from stageway.document.states import FAMILIES, STATES


@dataclass(frozen=True, slots=True)
class Lane:
    """A department. The first lane is the management's: gates stand in it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class StageColumn:
    """A stage: its heading, whether it is the current one, and its gate's name (关口一), state; an empty gate name draws none."""

    name: str
    gate: str = ""
    state: str = "todo"
    now: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """What a department does in a stage, in a few words; `owner` fills it dark. One box a lane and column."""

    lane: str
    column: int
    text: str
    owner: bool = False


@dataclass(frozen=True, slots=True)
class Handoff:
    """From one box to another, both named by (lane, column)."""

    start: tuple[str, int]
    end: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Recycle:
    """From the gate of column `gate` back to a box."""

    gate: int
    end: tuple[str, int]
    text: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """From the last box round the outside back to the first."""

    start: tuple[str, int]
    end: tuple[str, int]
    text: str


def swimlane(
    lanes: tuple[Lane, ...],
    columns: tuple[StageColumn, ...],
    boxes: tuple[Box, ...],
    handoffs: tuple[Handoff, ...] = (),
    recycle: tuple[Recycle, ...] = (),
    feedback: Feedback | None = None,
    *,
    width_mm: float = 160.0,
    title: str = "",
) -> str:
    """A hand-off, recycle or feedback between places without a box is a ValueError: the composer draws what it has."""
    rows = {lane.id: index for index, lane in enumerate(lanes)}
    taken = frozenset((rows[box.lane], box.column) for box in boxes)
    longest = max((width_of(lane.name, 2.6) for lane in lanes), default=0)
    shape = Geometry(len(lanes), len(columns), width_mm, min(max(15.0, longest + 2.5), 26.0), taken)
    routes = Routes(shape)
    drawn = _handoffs(routes, rows, handoffs)
    back = [_recycle(routes, rows, each) for each in recycle]
    around = _feedback(routes, rows, feedback) if feedback else []
    parts = [*_ground(shape, lanes, columns), *_gate_lines(shape, columns), *drawn, *(part for each in back for part in each), *around]
    parts += [part for box in boxes for part in _box(shape, rows[box.lane], box)]
    parts += [part for index, column in enumerate(columns) if column.gate for part in _gate(shape, index, column, len(columns))]
    return svg(parts, width_mm, shape.bottom + (7.0 if feedback else 0.5), title=title)


def paths(
    lanes: tuple[Lane, ...],
    columns: int,
    boxes: tuple[Box, ...],
    handoffs: tuple[Handoff, ...],
    recycle: tuple[Recycle, ...] = (),
    feedback: Feedback | None = None,
) -> tuple[list[list[Point]], list[tuple[float, float, float, float]]]:
    """All routes as points and all boxes as (left, top, right, bottom): what a test measures against each other."""
    rows = {lane.id: index for index, lane in enumerate(lanes)}
    shape = Geometry(len(lanes), columns, 160.0, 15.0, frozenset((rows[box.lane], box.column) for box in boxes))
    routes = Routes(shape)
    found = [routes.handoff((rows[each.start[0]], each.start[1]), (rows[each.end[0]], each.end[1])) for each in handoffs]
    found += [routes.recycle(each.gate, (rows[each.end[0]], each.end[1])) for each in recycle]
    if feedback is not None:
        found.append(routes.feedback((rows[feedback.start[0]], feedback.start[1]), (rows[feedback.end[0]], feedback.end[1])))
    return found, [shape.box(rows[box.lane], box.column) for box in boxes]


def _ground(shape: Geometry, lanes: tuple[Lane, ...], columns: tuple[StageColumn, ...]) -> list[str]:
    parts: list[str] = []
    for index, lane in enumerate(lanes):
        y = shape.lane_top(index)
        parts.append(rect(0, y, shape.width, shape.lane_height, fill=TOKENS["paper-2"] if index % 2 == 0 else TOKENS["paper"]))
        lines = balanced(lane.name, 2.6, shape.left - 1.6)
        start = y + shape.lane_height / 2 + 0.95 - (len(lines) - 1) * 1.55
        parts += [label(0.7, start + row * 3.1, text, 2.6) for row, text in enumerate(lines)]
    for index, column in enumerate(columns):
        x = shape.left + shape.column_width * index + 0.6
        w, h = shape.column_width - 1.2, shape.head - 1.5
        parts.append(rect(x, 0, w, h, fill=TOKENS["accent"] if column.now else TOKENS["accent-soft"], radius=0.35))
        lines = balanced(column.name, 2.54, w - 1.4, 2, bold=True)
        start = h / 2 + 0.95 - (len(lines) - 1) * 1.55
        ink = TOKENS["paper"] if column.now else TOKENS["accent"]
        parts += [label(x + w / 2, start + row * 3.1, text, 2.54, fill=ink, bold=True, anchor="middle") for row, text in enumerate(lines)]
    parts += [path([(0, y), (shape.width, y)], TOKENS["accent"], 0.21) for y in (shape.head, shape.bottom)]
    return parts


def _gate_lines(shape: Geometry, columns: tuple[StageColumn, ...]) -> list[str]:
    drawn = [(index, column) for index, column in enumerate(columns[:-1]) if column.gate]
    return [
        path([(shape.gate_x(index), shape.head), (shape.gate_x(index), shape.bottom)], FAMILIES[STATES[column.state].family][1], 0.25, "0.7 0.56")
        for index, column in drawn
    ]


def _gate(shape: Geometry, index: int, column: StageColumn, count: int) -> list[str]:
    x = shape.gate_x(index) - (2.2 if index == count - 1 else 0)
    y = shape.gate_y
    word = FAMILIES[STATES[column.state].family][0]
    half = width_of(column.gate, 2.33, bold=True) / 2 + 0.4
    centre = min(x, shape.width - half)
    return [
        placed(column.state, x, y, 5.0),
        rect(centre - half, shape.head + 0.4, half * 2, 2.9, fill=TOKENS["paper-2"]),
        label(centre, shape.head + 2.75, column.gate, 2.33, fill=word, bold=True, anchor="middle"),
    ]


def fitted(text: str, width: float) -> tuple[float, list[str]]:
    """Size (mm) and lines of a box: 6.9 pt on two lines, 6 pt on up to three where that would cut the text; what is still too long ends with …"""
    for size, most in ((2.43, 2), (2.12, 2), (2.12, 3)):
        lines = balanced(text, size, width, most)
        if not lines or not lines[-1].endswith("…"):
            break
    return size, lines


def _box(shape: Geometry, row: int, box: Box) -> list[str]:
    left, top, right, bottom = shape.box(row, box.column)
    fill, ink = (TOKENS["accent"], TOKENS["paper"]) if box.owner else (TOKENS["paper"], TOKENS["ink"])
    size, lines = fitted(box.text, right - left - 1.2)
    leading = 2.84 if size > 2.2 else 2.3
    start = (top + bottom) / 2 + size * 0.33 - (len(lines) - 1) * leading / 2
    words = [label((left + right) / 2, start + line * leading, text, size, fill=ink, anchor="middle") for line, text in enumerate(lines)]
    return [rect(left, top, right - left, bottom - top, fill=fill, stroke=TOKENS["accent"], width=0.25, radius=0.5), *words]


def _handoffs(routes: Routes, rows: dict[str, int], handoffs: tuple[Handoff, ...]) -> list[str]:
    parts: list[str] = []
    for each in handoffs:
        points = routes.handoff((rows[each.start[0]], each.start[1]), (rows[each.end[0]], each.end[1]))
        parts += [path(points, TOKENS["accent"], 0.35), _head(points, TOKENS["accent"])]
    return parts


def _recycle(routes: Routes, rows: dict[str, int], each: Recycle) -> list[str]:
    colour, word = FAMILIES["cond"][1], FAMILIES["cond"][0]
    points = routes.recycle(each.gate, (rows[each.end[0]], each.end[1]))
    left, y = min(x for x, _ in points), points[2][1]
    size = 2.2
    x = left + 0.9
    ground = rect(x - 0.4, y - 1.25, width_of(each.text, size) + 0.8, 2.5, fill=TOKENS["paper-2"])
    return [path(points, colour, 0.32, "0.85 0.5"), _head(points, colour), ground, label(x, y + 0.8, each.text, size, fill=word)]


def _feedback(routes: Routes, rows: dict[str, int], each: Feedback) -> list[str]:
    colour = TOKENS["accent"]
    points = routes.feedback((rows[each.start[0]], each.start[1]), (rows[each.end[0]], each.end[1]))
    low = max(y for _, y in points)
    on = [x for x, y in points if y == low]
    size = 2.4
    middle, half = (min(on) + max(on)) / 2, width_of(each.text, size) / 2 + 0.8
    ground = rect(middle - half, low - 1.6, half * 2, 3.2, fill=TOKENS["paper"])
    return [path(points, colour, 0.32, "0.85 0.5"), _head(points, colour), ground, label(middle, low + 0.85, each.text, size, fill=colour, anchor="middle")]


def _head(points: list[Point], colour: str) -> str:
    (x1, y1), (x2, y2) = points[-2], points[-1]
    direction = ("r" if x2 > x1 else "l") if abs(x2 - x1) > abs(y2 - y1) else ("d" if y2 > y1 else "u")
    return arrow(x2, y2, direction, colour)
