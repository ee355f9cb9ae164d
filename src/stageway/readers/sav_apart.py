"""The one part of reading SPSS files that runs in a process of its own: the library is C code, and a damaged file may end the process.

The child writes JSON to its standard output; parent and child meet only there. Dates go as ISO texts, named by column.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

LONGEST_S = 300
#: Address space of the child: a header may claim any number of rows.
MEMORY = 8 << 30
TIMES: Mapping[str, Callable[[str], Any]] = {"datetime": datetime.fromisoformat, "date": date.fromisoformat, "time": time.fromisoformat}


@dataclass(frozen=True)
class Told:
    """Columns by variable; `labels`: variable → [(code, label)]; `missing`: variable → ranges {lo, hi}; `sets`: name → label and variables."""

    columns: Mapping[str, Sequence[Any]]
    texts: Mapping[str, str]
    labels: Mapping[str, Sequence[tuple[Any, str]]]
    missing: Mapping[str, Sequence[Mapping[str, Any]]]
    sets: Mapping[str, Mapping[str, Any]]
    encoding: str


class Unreadable(Exception):
    """The library gave up, and its reason; no text where its process was ended."""


def load(path: Path, encoding: str | None) -> Told:
    """Raises Unreadable with the library's reason."""
    command = [sys.executable, "-I", "-m", __name__, str(path.absolute()), encoding or ""]
    try:
        done = subprocess.run(command, capture_output=True, timeout=LONGEST_S, check=False)
    except subprocess.TimeoutExpired:
        raise Unreadable(f"no end after {LONGEST_S} s") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unreadable(lines[-1][:120] if lines and done.returncode == 1 else "")
    told = json.loads(done.stdout)
    for name, kinds in told.pop("times").items():
        told["columns"][name] = [TIMES[kind](value) if kind else value for kind, value in zip(kinds, told["columns"][name], strict=True)]
    return Told(**told)


def _read(path: str, encoding: str | None) -> dict[str, Any]:
    import pyreadstat

    how: dict[str, Any] = {"user_missing": True, "output_format": "dict", "encoding": encoding}
    try:
        data, told = pyreadstat.read_sav(path, **how)
    except OverflowError:
        data, told = pyreadstat.read_sav(path, **how, disable_datetime_conversion=True)
    columns: dict[str, list[Any]] = {}
    times: dict[str, list[str]] = {}
    for name in told.column_names:
        values = data[name].tolist() if hasattr(data[name], "tolist") else list(data[name])
        if any(isinstance(value, date | time) for value in values):
            times[name] = [type(value).__name__ if isinstance(value, date | time) else "" for value in values]
            values = [value.isoformat() if isinstance(value, date | time) else value for value in values]
        columns[name] = values
    return {
        "columns": columns,
        "times": times,
        "texts": {name: text or "" for name, text in told.column_names_to_labels.items()},
        "labels": {name: list(pairs.items()) for name, pairs in told.variable_value_labels.items()},
        "missing": told.missing_ranges,
        "sets": {name: {"label": each.get("label") or "", "variables": list(each["variable_list"])} for name, each in (told.mr_sets or {}).items()},
        "encoding": told.file_encoding or "",
    }


def _limited() -> None:
    """A limit on memory, where the system has one, and no core file."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str, encoding: str) -> int:
    _limited()
    try:
        print(json.dumps(_read(path, encoding or None)))
    except (Exception, MemoryError) as error:
        print(str(error) or type(error).__name__, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
