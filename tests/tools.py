"""Programs that a test needs beside Python: present, or the test skips; in CI their absence is a failure."""

from __future__ import annotations

import os
import shutil

import pytest

CI = os.environ.get("CI", "").lower() == "true"
NAMES = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "soffice": ("soffice", "libreoffice")}


def needs(tool: str) -> str:
    """The path of the tool: `needs("chromium")`, `needs("soffice")`."""
    for name in NAMES.get(tool, (tool,)):
        if found := shutil.which(name):
            return found
    if CI:
        pytest.fail(f"{tool} is not installed, and CI runs every test")
    pytest.skip(f"{tool} is not installed")
