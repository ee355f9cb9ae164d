"""Colours of the light theme, lengths of text, and the few SVG elements that all drawings are made of."""

from __future__ import annotations

import re
import unicodedata
from html import escape

FONT = "Noto Sans SC"

#: the light theme of the tokens, by name
TOKENS: dict[str, str] = {
    "paper": "#ffffff",
    "paper-2": "#f6f7f7",
    "paper-3": "#edefef",
    "line": "#e2e5e5",
    "line-2": "#c5cbcc",
    "edge": "#828b8f",
    "ink": "#16191b",
    "ink-2": "#454c51",
    "ink-3": "#5f686d",
    "accent": "#1661ab",
    "accent-soft": "#e7f0f9",
    "accent-line": "#9dc0e2",
    "pass": "#12684a",
    "pass-mark": "#1d8a62",
    "pass-soft": "#e2f2ea",
    "fail": "#ad2a17",
    "fail-mark": "#c8371f",
    "fail-soft": "#fbe9e5",
    "cond": "#7a5000",
    "cond-mark": "#b0740a",
    "cond-soft": "#faefd8",
    "undec": "#632267",
    "undec-mark": "#752870",
    "undec-soft": "#f6ebf5",
    "void": "#565e63",
    "void-mark": "#7a8387",
    "void-soft": "#eef0f0",
    "c2": "#c0893a",
    "c3": "#2c564b",
    "c4": "#b65578",
    "c5": "#7c6400",
    "c6": "#9780c0",
}
_NAMES = {colour: name for name, colour in TOKENS.items()}
_HEX = re.compile("|".join(_NAMES), re.IGNORECASE)


def themed(svg: str) -> str:
    """The same drawing with tokens in place of the light colours, for a page that has both themes."""
    return _HEX.sub(lambda found: f"var(--{_NAMES[found[0].lower()]})", svg)


def number(value: float) -> str:
    """A coordinate with at most two decimals and no trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def width_of(text: str, size: float, bold: bool = False) -> float:
    """About how wide a text is set, in the unit of `size`: a Han character is one em, others by class; a little too wide rather than too narrow."""
    em = 0.0
    for char in text:
        if unicodedata.east_asian_width(char) in "WF":
            em += 1.0
        elif char in " .,:;'|!iIl[]()ftrj-":
            em += 0.34
        elif char in "mwMW%@—→":
            em += 0.9
        elif char.isupper():
            em += 0.66
        else:
            em += 0.56
    return em * size * (1.04 if bold else 1.0)


_BEFORE = re.compile(r"[^\x00-\u024f]|[\x21-\u024f]+|\s+")
_MEASURES = "个元人项条天份次分年月日万种家轮周名"  # never parted from their number
_NEVER_FIRST = "，。、；：！？）》」』”’％%…"


def wrapped(text: str, size: float, width: float, most: int = 2, bold: bool = False) -> list[str]:
    """Lines of at most `width`; Latin words stay whole, no line begins with a closing mark. What does not fit into `most` lines ends with …"""
    lines: list[str] = [""]
    for part in _broken(_parts(text), size, width, bold):
        if lines[-1] and width_of(lines[-1] + part.rstrip(), size, bold) > width:
            lines.append("")
        lines[-1] += part if lines[-1] else part.lstrip()
    lines = [line.rstrip() for line in lines if line.strip()]
    if len(lines) > most:
        last = lines[most - 1]
        while last and width_of(last + "…", size, bold) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip("，、；：, ") + "…"]
    return lines


def _broken(parts: list[str], size: float, width: float, bold: bool) -> list[str]:
    """Words that are wider than a line, cut after _ . - / or where they must be."""
    made: list[str] = []
    for part in parts:
        while width_of(part.rstrip(), size, bold) > width and len(part) > 1:
            most = next(k for k in range(len(part) - 1, 0, -1) if k == 1 or width_of(part[:k], size, bold) <= width)
            soft = max((k + 1 for k in range(most) if part[k] in "_.-/"), default=0)
            cut = soft if soft > most // 3 else most
            made.append(part[:cut])
            part = part[cut:]
        made.append(part)
    return made


def balanced(text: str, size: float, width: float, most: int = 2, bold: bool = False) -> list[str]:
    """As `wrapped`, but the lines are about equally long, for text that is centred."""
    lines = wrapped(text, size, width, most, bold)
    if len(lines) < 2:
        return lines
    if len(lines) == 2:
        cuts = [k + 1 for k, char in enumerate(text[:-1]) if char in "，、；："]
        fits = [
            (abs(width_of(text[:k], size, bold) - width_of(text[k:], size, bold)), k)
            for k in cuts
            if max(width_of(text[:k], size, bold), width_of(text[k:], size, bold)) <= width
        ]
        if fits:
            cut = min(fits)[1]
            return [text[:cut], text[cut:]]
    longest = max(width_of(part.rstrip(), size, bold) for part in _parts(text))
    for share in (0.56, 0.62, 0.7, 0.8, 0.9):
        tried = wrapped(text, size, min(width, max(width_of(text, size, bold) * share * 2 / len(lines), longest)), most, bold)
        if len(tried) == len(lines) and not tried[-1].endswith("…"):
            return tried
    return lines


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for part in _BEFORE.findall(text):
        counted = part[0] in _MEASURES and bool(parts) and parts[-1][-1:].isdigit()
        if parts and (part[0] in _NEVER_FIRST or part.isspace() or counted):
            parts[-1] += part
        else:
            parts.append(part)
    return parts


# ── elements ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def label(x: float, y: float, text: str, size: float, *, fill: str = "#16191b", bold: bool = False, anchor: str = "start") -> str:
    weight = ' font-weight="700"' if bold else ""
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" fill="{fill}"{weight}{at}>{escape(text, quote=False)}</text>'


def rect(x: float, y: float, w: float, h: float, *, fill: str = "none", stroke: str = "", width: float = 0.0, radius: float = 0.0) -> str:
    edge = f' stroke="{stroke}" stroke-width="{number(width)}"' if stroke else ""
    corner = f' rx="{number(radius)}"' if radius else ""
    return f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(w, 0))}" height="{number(max(h, 0))}" fill="{fill}"{edge}{corner}/>'


def path(points: list[tuple[float, float]], stroke: str, width: float, dash: str = "") -> str:
    steps = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{steps}" fill="none" stroke="{stroke}" stroke-width="{number(width)}"{dashed}/>'


def arrow(x: float, y: float, direction: str, fill: str, size: float = 1.5) -> str:
    """The head of an arrow whose tip is at (x, y); direction r, l, u or d."""
    s, h = size, size * 0.6
    corners = {
        "r": ((x - s, y - h), (x, y), (x - s, y + h)),
        "l": ((x + s, y - h), (x, y), (x + s, y + h)),
        "u": ((x - h, y + s), (x, y), (x + h, y + s)),
        "d": ((x - h, y - s), (x, y), (x + h, y - s)),
    }[direction]
    return f'<polygon points="{" ".join(f"{number(a)},{number(b)}" for a, b in corners)}" fill="{fill}"/>'


def svg(parts: list[str], width: float, height: float, *, unit: str = "mm", title: str = "") -> str:
    """A whole drawing: one user unit is one `unit`."""
    name = f"<title>{escape(title, quote=False)}</title>" if title else ""
    role = ' role="img"' if title else ""
    w, h = number(width), number(height)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}{unit}" height="{h}{unit}" viewBox="0 0 {w} {h}" font-family="{FONT}"{role}>'
    return head + name + "".join(parts) + "</svg>"
