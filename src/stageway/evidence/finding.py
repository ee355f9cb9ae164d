"""The finding: the one shape of evidence. Everything that computes makes one; everything that shows reads one."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from stageway.evidence.frame import Frame
from stageway.evidence.words import Words

SCHEMA = "stageway/finding/1"
OPEN_ENDS = ("-Infinity", "Infinity")
PEOPLE = Words("人", "people")


class Kind(StrEnum):
    """What an estimate's interval is, which decides how a needed n is computed."""

    SHARE = "share"  # Wilson or alike: x of n
    MEAN = "mean"  # t interval of a mean
    OTHER = "other"  # bootstrap, Poisson, delta method …
    EXACT = "exact"  # a count or a census: no interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """A named number with its uncertainty.

    `value`, `low`, `high` are in `unit`; for the units `%` and `pp` they are fractions of 1. `low` and `high` are the ends of
    the two-sided interval at `level`, both None for an exact number (`kind` EXACT) and only then. `n` counts `counts`.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    key: str | None = None
    unit: str = ""
    n: int | None = None
    counts: Words = PEOPLE
    kind: Kind = Kind.OTHER
    level: float = 0.95
    label: Words | None = None

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"estimate {self.full_name} is not a finite number: a value that cannot be computed is left out, with a warning")
        if (self.low is None) != (self.high is None) or (self.low is None) != (self.kind == Kind.EXACT):
            raise ValueError(f"estimate {self.full_name}: an interval has two ends, and only an exact number has none")
        if self.low is not None and self.high is not None and not (self.low <= self.high):
            raise ValueError(f"estimate {self.full_name}: interval [{self.low}, {self.high}] is upside down or not a number")

    @property
    def full_name(self) -> str:
        return self.name if self.key is None else f"{self.name}[{self.key}]"

    def words(self) -> Words:
        return self.label or Words(self.full_name, self.full_name)


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A column of a finding's table. `unit` as for estimates; `align` right for numbers."""

    name: str
    label: Words
    unit: str = ""
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A table of a finding: `rows` hold text, numbers, `Words`, None; the first columns name the row."""

    name: str
    title: Words
    columns: tuple[ColumnHead, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: Words | None = None

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"table {self.name}: a row has {len(row)} cells, {len(self.columns)} columns are declared")
            if any(isinstance(cell, float) and not math.isfinite(cell) for cell in row):
                raise ValueError(f"table {self.name}: a cell is not a finite number; a value that cannot be computed is None")

    def frame(self, source: str = "") -> Frame:
        """The table as data for another method (texts that come in two languages are taken in English)."""
        names = [head.name for head in self.columns]
        return Frame.of([dict(zip(names, (cell.en if isinstance(cell, Words) else cell for cell in row), strict=True)) for row in self.rows], source)


@dataclass(frozen=True, slots=True)
class Chart:
    """A Vega-Lite specification in each language, without theme or size of page; `alt` says what it shows."""

    name: str
    title: Words
    alt: Words
    zh: Mapping[str, Any]
    en: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Warning:
    """An assumption that the data breaks. `code` is stable; `text` says what is broken and what must not be concluded."""

    code: str
    text: Words


@dataclass(frozen=True, slots=True)
class Meaning:
    """What it says, how sure, what it means for the next stage, what would change our mind."""

    says: Words
    sure: Words
    next: Words
    change: Words


@dataclass(frozen=True, slots=True)
class Source:
    """One dataset behind a finding. `rows` as read; `used` those that the method kept, where it dropped some."""

    role: str
    name: str
    sha256: str = ""
    rows: int = 0
    collected: date | None = None
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the finding came from: enough to compute it again, to the last bit."""

    method: str
    version: str
    params: Mapping[str, Any]
    sources: tuple[Source, ...]
    formula: str
    seed: int
    computed: datetime | None = None


@dataclass(frozen=True)
class Finding:
    """Numbers with uncertainty, tables, charts, plain words, warnings, and where each came from.

    `points` are further sentences that a reader should not miss, each with its own numbers, most important first.
    `observed` is the period that the data cover, for criteria that ask for a least number of days.
    """

    headline: Words
    meaning: Meaning
    estimates: tuple[Estimate, ...] = ()
    points: tuple[Words, ...] = ()
    tables: tuple[ResultTable, ...] = ()
    charts: tuple[Chart, ...] = ()
    warnings: tuple[Warning, ...] = ()
    observed: tuple[date, date] | None = None
    provenance: Provenance | None = None

    def __post_init__(self) -> None:
        names = [estimate.full_name for estimate in self.estimates]
        if len(names) != len(set(names)):
            raise ValueError(f"an estimate is named twice: {sorted({name for name in names if names.count(name) > 1})}")

    def get(self, name: str, key: str | None = None) -> Estimate | None:
        return next((e for e in self.estimates if e.name == name and e.key == key), None)

    def keyed(self, name: str) -> tuple[Estimate, ...]:
        """All estimates of that name that have a key, in the method's order."""
        return tuple(e for e in self.estimates if e.name == name and e.key is not None)

    def table(self, name: str) -> ResultTable | None:
        return next((t for t in self.tables if t.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """Plain data, versioned; `Finding.from_json` gives the equal finding back."""
        return {"schema": SCHEMA, **_plain(self)}

    def dumps(self) -> str:
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        if data.get("schema") != SCHEMA:
            raise ValueError(f"this is not a finding of {SCHEMA}: schema is {data.get('schema')!r}")
        observed = data.get("observed")
        return cls(
            headline=_words(data["headline"]),
            meaning=Meaning(**{part: _words(text) for part, text in data["meaning"].items()}),
            estimates=tuple(_estimate(e) for e in data["estimates"]),
            points=tuple(_words(p) for p in data["points"]),
            tables=tuple(_table(t) for t in data["tables"]),
            charts=tuple(Chart(c["name"], _words(c["title"]), _words(c["alt"]), c["zh"], c["en"]) for c in data["charts"]),
            warnings=tuple(Warning(w["code"], _words(w["text"])) for w in data["warnings"]),
            observed=(date.fromisoformat(observed[0]), date.fromisoformat(observed[1])) if observed else None,
            provenance=_provenance(data["provenance"]) if data.get("provenance") else None,
        )

    def with_provenance(self, provenance: Provenance) -> Finding:
        return replace(self, provenance=provenance)


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _BARE:
        return value
    if kind is dict:
        return {str(name): _plain(part) for name, part in value.items()}
    if kind is float:
        return _finite(value)
    if isinstance(value, Words):
        return value.to_json()
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(part) for part in value]
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    return _finite(value) if isinstance(value, float) else value


#: Most of a finding's parts, by far, are of these: they are plain as they are.
_BARE = frozenset((str, int, bool, type(None)))


def _finite(value: float) -> float | str:
    """JSON knows no infinite number: the open end of an interval is a text."""
    return OPEN_ENDS[value > 0] if math.isinf(value) else value


def _words(data: Any) -> Words:
    return Words(data["zh"], data["en"])


def _estimate(data: Mapping[str, Any]) -> Estimate:
    label = _words(data["label"]) if data["label"] else None
    ends = {side: float(data[side]) if data[side] in OPEN_ENDS else data[side] for side in ("low", "high")}
    return Estimate(**{**data, **ends, "counts": _words(data["counts"]), "kind": Kind(data["kind"]), "label": label})


def _cell(cell: Any) -> Any:
    return _words(cell) if isinstance(cell, Mapping) else cell


def _table(data: Mapping[str, Any]) -> ResultTable:
    heads = tuple(ColumnHead(h["name"], _words(h["label"]), h["unit"], h["decimals"]) for h in data["columns"])
    rows = tuple(tuple(_cell(cell) for cell in row) for row in data["rows"])
    return ResultTable(data["name"], _words(data["title"]), heads, rows, _words(data["note"]) if data["note"] else None)


def _provenance(data: Mapping[str, Any]) -> Provenance:
    sources = tuple(Source(**{**s, "collected": date.fromisoformat(s["collected"]) if s["collected"] else None}) for s in data["sources"])
    computed = datetime.fromisoformat(data["computed"]) if data["computed"] else None
    return Provenance(**{**data, "sources": sources, "computed": computed})

