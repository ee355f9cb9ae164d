"""The cache of a product folder, `.stageway/`: findings by what they were computed from. It may be deleted at any time."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from stageway.evidence import Finding


def key_of(parts: Any) -> str:
    """A name for a computation: a hash over all that it depends on."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:32]


class Cache:
    """Findings and small facts under `.stageway/cache/`; a torn or foreign file counts as absent."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".stageway" / "cache"

    def finding(self, key: str) -> Finding | None:
        data = self.get(key)
        if data is None:
            return None
        try:
            return Finding.from_json(data)
        except (AttributeError, KeyError, TypeError, ValueError):
            return None

    def put_finding(self, key: str, finding: Finding) -> None:
        self.put(key, finding.to_json())

    def get(self, key: str) -> Any | None:
        try:
            return json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def put(self, key: str, value: Any) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"{key}.part"
        draft.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        draft.replace(self.folder / f"{key}.json")
