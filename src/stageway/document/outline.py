"""The outline of a document: what stands where, in one language, without any format. Compose makes it, every writer reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from stageway.evidence import Lang

# ── inside a line ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Text:
    """Running text; `strong` is set in the sans bold, `mute` small and grey, `code` in the fixed face."""

    text: str
    strong: bool = False
    mute: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """A state: drawn shape, word, colour. `state` is a name of `document.states.STATES`."""

    state: str
    word: str


@dataclass(frozen=True, slots=True)
class Strip:
    """An interval strip. `good` is the side of the threshold on which values satisfy; `span` the half width of the scale around it."""

    value: float
    low: float
    high: float
    threshold: float
    good: Literal["high", "low"]
    state: str
    span: float
    ends: tuple[float | None, float | None] = (None, None)
    base: float | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a table or figure by its id; the writer prints its label and number."""

    target: str


@dataclass(frozen=True, slots=True)
class Break:
    """A new line inside a cell or paragraph."""


Span = Text | State | Strip | Ref | Break
Line = tuple[Span, ...]

# ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 to 3. `number` as printed (一、 / 1), empty for an unnumbered chapter; `chapter` is the Arabic number for tables and figures."""

    level: int
    text: str
    anchor: str
    number: str = ""
    chapter: str = "0"
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Para:
    spans: Line
    lead: bool = False  # a label in bold begins it: no indent


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `ordered` numbers it."""

    items: tuple[Line, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A table column: `width` in millimetres, None takes the rest; `keep` never wraps."""

    head: str
    width: float | None = None
    align: Literal["left", "center", "right"] = "left"
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A captioned table. `id` is for references; `number` like `5-1` is set by `numbered`. Rows are cells are spans."""

    id: str
    caption: str
    columns: tuple[ColumnSpec, ...]
    rows: tuple[tuple[Line, ...], ...]
    note: str = ""
    number: str = ""
    matrix: bool = False  # RACI: letters drawn as fields


@dataclass(frozen=True, slots=True)
class Figure:
    """A captioned picture: an SVG, or a Vega-Lite chart in the document's language."""

    id: str
    caption: str
    alt: str
    svg: str | None = None
    chart: Mapping[str, Any] | None = None
    note: str = ""
    number: str = ""
    width: float = 1.0  # share of the text block


@dataclass(frozen=True, slots=True)
class Callout:
    """A box with a title: `kind` is `brand` or a state (its family colours it)."""

    kind: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class StageStrip:
    """The strip of stages: (name, state, word) each; `now` the one in the brand colour."""

    cells: tuple[tuple[str, str, str], ...]
    now: int | None = None


Block = Heading | Para | Items | Table | Figure | Callout | Quote | StageStrip


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page: `kind` is the line under the title, `facts` label and value in two columns, `notice` the simulated sentence."""

    title: str
    kind: str
    company: str
    facts: tuple[tuple[str, str], ...]
    strip: StageStrip
    approval: tuple[tuple[str, str, str], ...]  # role, name, date or ""
    notice: str = ""


@dataclass(frozen=True)
class Document:
    lang: Lang
    title: str
    short: str  # left of the running head: title, version, state word
    foot: str  # left of the running foot: number, class, data date, simulated
    author: str
    created: str  # ISO time: the as-of, so that the same evidence gives the same bytes
    cover: Cover
    blocks: tuple[Block, ...]
    labels: Mapping[str, str] = field(default_factory=dict)  # id of table or figure → "表 5-1"

    def headings(self) -> tuple[Heading, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Heading))
