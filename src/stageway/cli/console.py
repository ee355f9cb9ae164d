"""What every command shares: the language of the terminal, JSON or words, errors."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from stageway.evidence import Lang, StagewayError, Words


def terminal_lang() -> Lang:
    """STAGEWAY_LANG, else the locale: Chinese where it begins with zh, English otherwise."""
    for name in ("STAGEWAY_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def told(words: Words) -> str:
    return words[terminal_lang()]


def as_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def refuse(error: StagewayError) -> None:
    """One sentence on stderr; with --json anywhere on the line, an object on stdout as well."""
    if "--json" in sys.argv:
        where = error.where
        place = None if where is None else {"file": where.file, "line": where.line, "row": where.row, "column": where.column, "value": where.value}
        as_json({"error": {"code": error.code, "zh": error.sentence("zh"), "en": error.sentence("en"), "where": place}})
    sentence = error.sentence(terminal_lang())
    sys.stderr.write(sentence[0].upper() + sentence[1:] + "\n")
