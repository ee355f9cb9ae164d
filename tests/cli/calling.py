"""The command line as a person calls it, inside this process: exit code, stdout, stderr."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from stageway.cli import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def stageway(*args: object, lang: str = "en", cwd: Path | None = None, **env: str) -> Ran:
    """Run `stageway ARGS` with the terminal in that language, 200 columns wide."""
    out, err = io.StringIO(), io.StringIO()
    words = [str(arg) for arg in args]
    code = 0
    with (
        mock.patch.dict(os.environ, {"STAGEWAY_LANG": lang, "COLUMNS": "200", **env}),
        mock.patch.object(sys, "argv", ["stageway", *words]),
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
    return Ran(code, out.getvalue(), err.getvalue())


def refused(*args: object, **more: Any) -> dict[str, str]:
    """What both languages say about bad input: exit code 2, one sentence on stderr and nothing on stdout. The keys are zh and en."""
    said = {}
    for lang in ("en", "zh"):
        ran = stageway(*args, lang=lang, **more)
        assert ran.code == 2, ran
        assert ran.out == ""
        assert ran.err.count("\n") == 1
        said[lang] = ran.err.strip()
    assert said["en"] != said["zh"]
    assert any("一" <= letter <= "鿿" for letter in said["zh"])
    return said
