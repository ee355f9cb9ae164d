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
    """A declared format. `read(path, options)` raises DataError for a file that is not of the format, ParamError for an option it does not take.

    `suffixes` are those that files of the format carry; in a folder its files are looked for by the first. Where formats share one,
    `recognises(path)` tells from the file's head whether it is of this format, and why (`head` helps); of those that share a suffix
    exactly one has none, and takes what no other recognises.
    """

    id: str
    suffixes: tuple[str, ...]
    title: Words
    read: Callable[[Path, Mapping[str, Any]], Reading]
    recognises: Callable[[Path], Words | None] | None = None
