"""A simulated study: what a method would read, and the truth that its intervals should hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stageway.evidence import Frame


@dataclass(frozen=True)
class World:
    """`truth` gives the true value of estimates by their full name (`better[offline]`)."""

    tables: Mapping[str, Frame | None]
    truth: Mapping[str, float]
    params: Mapping[str, Any] = field(default_factory=dict)
