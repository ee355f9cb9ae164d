"""Where the labels of a scatter stand so that none covers another: each takes the first free place around its point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: pixels of a label's line, of one Latin letter and one Han character at 12 px
LINE, LATIN, HAN = 15.0, 6.6, 12.2


@dataclass(frozen=True, slots=True)
class Place:
    """Offset of a label from its point in pixels (y down); `left` says that the text begins there, else it ends there."""

    dx: float
    dy: float
    left: bool


_NEAR = tuple(Place(sign * dx, dy, sign > 0) for dy in (-11.0, 11.0, 0.0, -22.0, 22.0, -34.0, 34.0, -46.0, 46.0) for dx in (9.0,) for sign in (1, -1))


def width_of(text: str) -> float:
    return sum(HAN if ord(char) > 0x2E7F else LATIN for char in text)


def placed(points: Sequence[tuple[float, float]], texts: Sequence[str], width: float, height: float) -> list[Place]:
    """A place for each text; `points` in pixels from the left and the top of a plot of `width` × `height`. Same input, same places."""
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in points]
    made: list[Place] = []
    for (x, y), text in zip(points, texts, strict=True):
        boxes = [(place, _box(x, y, place, width_of(text))) for place in _NEAR]
        inside = [(place, box) for place, box in boxes if box[0] >= 0 and box[2] <= width and box[1] >= -4 and box[3] <= height + 4] or boxes
        place, box = min(inside, key=lambda each: sum(_shared(each[1], other) for other in taken))
        taken.append(box)
        made.append(place)
    return made


Box = tuple[float, float, float, float]


def _box(x: float, y: float, place: Place, width: float) -> Box:
    start = x + place.dx if place.left else x + place.dx - width
    return (start, y + place.dy - LINE / 2, start + width, y + place.dy + LINE / 2)


def _shared(one: Box, other: Box) -> float:
    """The area that two boxes have in common."""
    return max(0.0, min(one[2], other[2]) - max(one[0], other[0])) * max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
