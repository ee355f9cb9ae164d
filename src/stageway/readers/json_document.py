"""A file that is one JSON document from a tool: limits on size and depth, broken off told apart from wrong."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, IncompleteError, Where, say
from stageway.readers.lines import sized
from stageway.readers.text import encoding_of, pieces


def document(path: Path, most: int) -> Any:
    """The document of a file (UTF-8, UTF-16, with or without a mark) of at most `most` bytes. NaN and Infinity are None.

    Raises IncompleteError for an empty file and for one that ends before its document does, DataError for anything else that is no JSON.
    """
    todo = say(zh="工具可能没有跑完；请重跑并重新导出", en="the tool may not have finished; run it again and export again")
    if not sized(path, most):
        raise IncompleteError("file_empty", say(zh="文件是空的：报告没有写出来", en="the file is empty: no report was written"), where=Where(file=str(path)), todo=todo)
    whole = io.StringIO()
    for piece in pieces(path, encoding_of(path)):
        whole.write(piece)
    text = whole.getvalue().strip("\ufeff \t\r\n")
    try:
        return json.loads(text, parse_constant=lambda word: None)
    except json.JSONDecodeError as error:
        if error.pos >= len(text) or error.msg.startswith("Unterminated"):
            what = say(zh="JSON 不完整：文件在结束之前就断了", en="the JSON is incomplete: the file ends before its document does")
            raise IncompleteError("json_truncated", what, where=Where(file=str(path), line=error.lineno), todo=todo) from None
        what = say(zh="文件不是合格的 JSON（{reason}）", en="the file is not valid JSON ({reason})", reason=error.msg)
        raise DataError("json_wrong", what, where=Where(file=str(path), line=error.lineno)) from None
    except (RecursionError, ValueError):
        what = say(zh="JSON 嵌套太深，或有太长的数", en="the JSON is nested too deeply, or holds too long a number")
        raise DataError("json_wrong", what, where=Where(file=str(path))) from None


def mapping(value: Any) -> Mapping[str, Any]:
    """The object that should stand here, or an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def words(value: Any, most: int = 2000) -> str:
    """The text that should stand here, cut, without halves of surrogate pairs (they are no characters); empty for anything else."""
    return value[:most].encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def number(value: Any) -> float | None:
    """A finite number, also one written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        made = float(value)
    except (ValueError, OverflowError):
        return None
    return made if abs(made) != float("inf") and made == made else None
