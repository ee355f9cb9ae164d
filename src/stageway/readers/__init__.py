"""What a reader is, and what it hands over. One file = one format; files without a READER are shared by meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stageway.evidence import Frame, Warning, Words


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as a table. `facts` are what the reader saw (encoding, delimiter, suites …), `warnings` what must not be overlooked."""

    frame: Frame
    facts: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[Warning, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """A declared format. `read(path, options)` raises DataError for a file that is not of the format, ParamError for an option it does not take."""

    id: str
    suffixes: tuple[str, ...]
    title: Words
    read: Callable[[Path, Mapping[str, Any]], Reading]
