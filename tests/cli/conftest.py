"""The folders that the tests of this room work in."""

from pathlib import Path

import pytest

from tests.folder.places import practice, small


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small(tmp_path / "small")


@pytest.fixture
def lumen(tmp_path: Path) -> Path:
    return practice(tmp_path / "lumen")
