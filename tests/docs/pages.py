"""Runs what a page says: its files are written, its Python is executed, its commands print what the page prints.

    ```python path/file.py      any fence with a file name behind its language: the file is written
    ```python                   is executed
    ```console                  lines that begin with `$ ` are run, the lines below are what they print; `…` stands for anything
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Command:
    line: str
    printed: str


def commands(block: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, printed = part.partition("\n")
        yield Command(line, printed)


def matches(expected: str, printed: str) -> bool:
    """Line by line, whatever blanks stand between words; `…` matches any text, and as a line of its own any lines, or none."""
    pattern = "".join(r"(?:.*\n)?" if line == "…" else ".*".join(map(re.escape, re.split(" ?… ?", line))) + r"\n" for line in _lines(expected))
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _lines(printed)), re.DOTALL) is not None


def _lines(text: str) -> list[str]:
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    return lines if any(lines) else []


@dataclass
class Session:
    """One shell: `export` and `cd` last from command to command."""

    folder: Path
    lang: str = "en"
    extra: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("STAGEWAY_", "LC_", "LANG"))}
        path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
        return {**kept, "PATH": path, "STAGEWAY_LANG": self.lang, "COLUMNS": "80", "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "TERM": "dumb", **self.extra}

    def run(self, line: str) -> str:
        """What the command prints on both channels. A traceback is never what a page promises."""
        words = shlex.split(line)
        if words[0] == "export":
            self.extra.update(word.split("=", 1) for word in words[1:])
            return ""
        if words[0] == "cd":
            self.folder = (self.folder / words[1]).resolve()
            return ""
        return self._printed(["bash", "-c", line])

    def python(self, code: str) -> str:
        return self._printed([sys.executable, "-c", code], must_end_well=True)

    def _printed(self, arguments: list[str], *, must_end_well: bool = False) -> str:
        done = subprocess.run(
            arguments, cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", timeout=120
        )
        assert "Traceback" not in done.stdout, f"{arguments[-1]}\n{done.stdout}"
        assert done.returncode in (0, 1, 2, 3), f"{arguments[-1]} ended with {done.returncode}\n{done.stdout}"
        assert not must_end_well or done.returncode == 0, done.stdout
        return done.stdout


def execute(page: Path, session: Session) -> int:
    """Everything on the page, from top to bottom; returns how many commands there were. The first that prints something else fails."""
    count = 0
    for language, name, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        if name:
            target = session.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block, encoding="utf-8")
        elif language == "python":
            session.python(block)
        elif language == "console":
            for command in commands(block):
                count += 1
                printed = session.run(command.line)
                assert matches(command.printed, printed), f"{page.name} says that\n$ {command.line}\nprints\n{command.printed}\nbut it printed\n{printed}"
    return count
