"""What belongs together on one line: no-break spaces inside `n = 30`, `8 Dec`, `500 ms`, `[72.6, 80.2]`, put in by the writers that set pages."""

from __future__ import annotations

import re

_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_GLUED = re.compile(
    r"(?<=\d) (?=(?:ms|s|min|h|d|CNY|points|pp|people)\b)"  # 500 ms
    rf"|(?<=\d) (?=(?:{_MONTH})\b)|(?<=\d) (?=– \d+ (?:{_MONTH})\b)|(?<=(?:{_MONTH})) (?=20\d\d\b)"  # 8 Dec 2026
    r"|(?<=CNY) (?=\d)|(?<=[=<>≤≥±×~≈]) (?=[\d−-])|(?<=\b[np]) (?=[=<>≤≥])"  # CNY 30, ≥ 20%, n = 30
    r"|(?<=\b(?:Stage|Table)) (?=\d)|(?<=\bFigure) (?=\d)|(?<=\bGate) (?=\d)"  # Stage 3
)
_INTERVAL = re.compile(r"\[[^\[\]]{1,40}\]")


def bound(text: str) -> str:
    """The same text with no-break spaces where a line may not end."""
    text = _GLUED.sub("\u00a0", text)
    return _INTERVAL.sub(lambda found: found[0].replace(" ", "\u00a0") if re.search(r"\d", found[0]) else found[0], text)
