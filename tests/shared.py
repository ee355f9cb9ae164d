"""Real and tool-made sample files that stand beside the project in CI; a test that needs one skips where they are absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("STAGEWAY_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def shared(name: str, folder: str = "data") -> Path:
    """The path of a shared file (or folder), or a skip. Where the folder exists, a missing file is a failure, not a skip."""
    if not ROOT.is_dir():
        pytest.skip("the shared sample files are not here")
    path = ROOT / folder / name
    assert path.exists(), f"{path} is missing from the shared files"
    return path
