"""Write docs/finding.schema.json, the JSON Schema (2020-12) of a finding, from the dataclasses in stageway.evidence.

    python scripts/make_schema.py [FILE]
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from stageway.evidence import SCHEMA, Chart, ColumnHead, Estimate, Finding, Meaning, Provenance, ResultTable, Source, Warning, Words
from stageway.evidence.finding import OPEN_ENDS
from stageway.evidence.numerals import UNIT_WORDS

FILE = Path(__file__).resolve().parents[1] / "docs" / "finding.schema.json"
SHAPES = (Words, Meaning, Estimate, ColumnHead, ResultTable, Chart, Warning, Source, Provenance)
PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"}, int: {"type": "integer"}, float: {"type": "number"}, bool: {"type": "boolean"}, type(None): {"type": "null"},
    date: {"type": "string", "format": "date"}, datetime: {"type": "string", "format": "date-time"},
}
CELL = {"anyOf": [{"$ref": "#/$defs/Words"}, {"type": ["string", "number", "boolean", "null"]}]}
#: What the types do not say.
NARROWER: dict[tuple[type, str], dict[str, Any]] = {
    (Estimate, "low"): {"anyOf": [{"type": "number"}, {"enum": list(OPEN_ENDS)}, {"type": "null"}]},
    (Estimate, "high"): {"anyOf": [{"type": "number"}, {"enum": list(OPEN_ENDS)}, {"type": "null"}]},
    (Estimate, "n"): {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
    (Estimate, "level"): {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    (Estimate, "unit"): {"type": "string", "description": "Usual units: " + " ".join(unit for unit in UNIT_WORDS if unit) + "; % and pp are fractions of 1."},
    (ResultTable, "rows"): {"type": "array", "items": {"type": "array", "items": CELL}},
    (Finding, "observed"): {"anyOf": [
        {"type": "array", "prefixItems": [PLAIN[date], PLAIN[date]], "items": False, "minItems": 2}, {"type": "null"}]},
}


def of_type(hint: Any) -> dict[str, Any]:
    """The schema of one annotated type."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [of_type(each) for each in args]}
    if origin is tuple:
        return {"type": "array", "items": of_type(args[0])}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object"}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [str(each) for each in hint]}
    return dict(PLAIN[hint]) if hint in PLAIN else {"$ref": f"#/$defs/{hint.__name__}"}


def of_class(shape: type) -> dict[str, Any]:
    """An object with exactly the fields of the dataclass; all are always written."""
    hints = typing.get_type_hints(shape)
    names = [f.name for f in dataclasses.fields(shape)]
    properties = {name: NARROWER.get((shape, name)) or of_type(hints[name]) for name in names}
    doc = " ".join((shape.__doc__ or "").split())
    return {"description": doc, "type": "object", "properties": properties, "required": names, "additionalProperties": False}


def schema() -> dict[str, Any]:
    finding = of_class(Finding)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "Finding",
        **finding,
        "properties": {"schema": {"const": SCHEMA}, **finding["properties"]},
        "required": ["schema", *finding["required"]],
        "$defs": {shape.__name__: of_class(shape) for shape in SHAPES},
    }


def text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    target.write_text(text(), encoding="utf-8")
