"""Where the lines of a swim-lane run: only in the gutters between columns and the gaps between lanes, so that none crosses a box."""

from __future__ import annotations

from dataclasses import dataclass, field

Point = tuple[float, float]
Place = tuple[int, int]  # lane row, column


@dataclass(frozen=True, slots=True)
class Geometry:
    """Measures in millimetres: lanes 10.2 high, heads 11; `taken` are the places that hold a box."""

    lanes: int
    columns: int
    width: float
    left: float
    taken: frozenset[Place]
    lane_height: float = 10.2
    head: float = 11.0
    inset: float = 2.7  # from a column's edge to its box

    @property
    def column_width(self) -> float:
        return (self.width - self.left) / max(self.columns, 1)

    @property
    def bottom(self) -> float:
        return self.head + self.lane_height * self.lanes

    @property
    def gate_y(self) -> float:
        return self.head + 6.1

    def lane_top(self, row: int) -> float:
        return self.head + self.lane_height * row

    def gate_x(self, column: int) -> float:
        return self.left + self.column_width * (column + 1)

    def box(self, row: int, column: int) -> tuple[float, float, float, float]:
        """left, top, right, bottom of the box at a place."""
        x, y = self.left + self.column_width * column, self.lane_top(row)
        return x + self.inset, y + 1.5, x + self.column_width - self.inset, y + self.lane_height - 1.5

    def middle(self, row: int) -> float:
        return self.lane_top(row) + self.lane_height / 2


@dataclass
class Routes:
    """Gives each vertical run its own track in a gutter, each horizontal run its own in a gap, as long as there are tracks."""

    shape: Geometry
    _gutters: dict[int, list[tuple[float, float, int]]] = field(default_factory=dict)
    _gaps: dict[int, list[tuple[float, float, int]]] = field(default_factory=dict)

    def handoff(self, start: Place, end: Place) -> list[Point]:
        """From the right side of one box into the left side of the other; straight down or up within a column; back through a gap."""
        self._check(start, end)
        (row1, col1), (row2, col2) = start, end
        left1, top1, right1, bottom1 = self.shape.box(row1, col1)
        left2, top2, right2, bottom2 = self.shape.box(row2, col2)
        y1, y2 = self.shape.middle(row1), self.shape.middle(row2)
        if col1 == col2:
            between = range(min(row1, row2) + 1, max(row1, row2))
            if not any((row, col1) in self.shape.taken for row in between):
                x = (left1 + right1) / 2
                return [(x, bottom1), (x, top2)] if row2 > row1 else [(x, top1), (x, bottom2)]
            x = self._gutter(col1, y1, y2)
            return [(right1, y1), (x, y1), (x, y2), (right2, y2)]
        if col2 == col1 + 1:
            if row1 == row2:
                return [(right1, y1), (left2, y2)]
            x = self._gutter(col1, y1, y2)
            return [(right1, y1), (x, y1), (x, y2), (left2, y2)]
        if col2 > col1 and row1 == row2 and not any((row1, col) in self.shape.taken for col in range(col1 + 1, col2)):
            return [(right1, y1), (left2, y2)]
        gap = self._gap(row2, row1, right1, left2)
        x1, x2 = self._gutter(col1, y1, gap), self._gutter(col2 - 1, gap, y2)
        return [(right1, y1), (x1, y1), (x1, gap), (x2, gap), (x2, y2), (left2, y2)]

    def recycle(self, gate: int, end: Place) -> list[Point]:
        """From a gate's mark down into the gap under the first lane, back along it, down the gutter before the box, into its left side."""
        self._check(end)
        row, col = end
        left, y = self.shape.box(row, col)[0], self.shape.middle(row) - 1.9  # above where a hand-off comes in
        start_x, start_y = self.shape.gate_x(gate) - 2.5, self.shape.gate_y
        gap = self.shape.lane_top(1)
        x = self._gutter(col - 1, gap, y)
        return [(start_x, start_y), (start_x, gap), (x, gap), (x, y), (left, y)]

    def feedback(self, start: Place, end: Place) -> list[Point]:
        """Round the outside: down, along below all lanes, up the gutter before the target's column."""
        self._check(start, end)
        (row1, col1), (row2, col2) = start, end
        left1, _, right1, bottom1 = self.shape.box(row1, col1)
        left2, y2 = self.shape.box(row2, col2)[0], self.shape.middle(row2)
        low = self.shape.bottom + 3.0
        x2 = self._gutter(col2 - 1, y2, self.shape.bottom)
        tail: list[Point] = [(x2, low), (x2, y2), (left2, y2)]
        if any((row, col1) in self.shape.taken for row in range(row1 + 1, self.shape.lanes)):
            y1 = self.shape.middle(row1)
            x1 = self._gutter(col1, y1, self.shape.bottom)
            return [(right1, y1), (x1, y1), (x1, low), *tail]
        x1 = (left1 + right1) / 2
        return [(x1, bottom1), (x1, low), *tail]

    def _check(self, *places: Place) -> None:
        for place in places:
            if place not in self.shape.taken:
                raise ValueError(f"a line begins or ends at lane {place[0]}, column {place[1]}, where no box stands")

    def _gutter(self, column: int, y1: float, y2: float) -> float:
        """The x of a free track right of a column (−1: left of the first); the gate's own line in the middle is left free."""
        edge = self.shape.gate_x(column)
        offsets = (-1.35, -0.75, 1.1, 1.6, -1.95, 2.1) if column >= 0 else (1.35, 0.75, 1.9, 0.3)
        if column == self.shape.columns - 1:
            offsets = (-1.35, -0.75, -1.95, -0.2)
        return edge + offsets[_free(self._gutters.setdefault(column, []), y1, y2, len(offsets))]

    def _gap(self, row: int, towards: int, x1: float, x2: float) -> float:
        """The y of a free track in the gap above or below a lane, on the side that one comes from."""
        line = row if towards < row else row + 1
        line = min(max(line, 1), self.shape.lanes - 1) if self.shape.lanes > 1 else 0
        offsets = (0.0, 0.75, -0.75)
        return self.shape.lane_top(line) + offsets[_free(self._gaps.setdefault(line, []), x1, x2, len(offsets))]


def _free(used: list[tuple[float, float, int]], a: float, b: float, tracks: int) -> int:
    """The first track on which the run from a to b meets no other; the last one where all are taken."""
    low, high = min(a, b), max(a, b)
    for track in range(tracks):
        if not any(each == track and low < other_high and other_low < high for other_low, other_high, each in used):
            used.append((low, high, track))
            return track
    used.append((low, high, tracks - 1))
    return tracks - 1
