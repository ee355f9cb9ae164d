"""People's own words: paragraphs, lists, quotations, **bold**, `code`, and live values `{{ NAME.estimate[key] | interval }}` that follow the evidence.

Filters: none prints the value, `interval` value and interval, `n` the sample size. Behind the first live value of an evidence in a paragraph stands its
code. A name or estimate that does not exist is a DefinitionError with file and line; one that has no finding yet prints as not evaluable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stageway.document.outline import Block, Items, Line, Para, Quote, Span, State, Text
from stageway.evidence import DefinitionError, Estimate, Lang, Where, Words, did_you_mean, interval, number, say, with_n
from stageway.evidence.numerals import digits
from stageway.process.dossier import Dossier
from stageway.process.record import OwnWords

_LIVE = re.compile(r"\{\{(.*?)\}\}")
_PATH = re.compile(r"([\w-]+)\.([\w-]+)(?:\[([^\]]+)\])?")
_INLINE = re.compile(r"(\{\{.*?\}\}|\*\*.+?\*\*|`[^`]+`)")
_FILTERS = ("interval", "n")


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Consecutive lines of one kind: para, bullet, number, quote; `line` is the first line's number in the file."""

    kind: str
    text: str
    line: int


def own_blocks(own: OwnWords, dossier: Dossier) -> tuple[Block, ...]:
    """The section as blocks, in the language it was written in."""
    lang: Lang = "zh" if own.lang == "zh" else "en"
    made: list[Block] = []
    listed: list[Line] = []
    kind = ""
    for chunk in _chunks(own):
        if chunk.kind != kind and listed:
            made.append(Items(tuple(listed), ordered=kind == "number"))
            listed = []
        kind = chunk.kind
        spans = live_line(chunk.text, dossier, lang, Where(file=own.file, line=chunk.line))
        if kind in ("bullet", "number"):
            listed.append(spans)
        elif kind == "quote":
            made.append(Quote(plain(spans), ""))
        else:
            made.append(Para(spans, lead=bool(spans) and isinstance(spans[0], Text) and spans[0].strong))
    if listed:
        made.append(Items(tuple(listed), ordered=kind == "number"))
    return tuple(made)


def plain(spans: Line) -> str:
    return "".join(span.text if isinstance(span, Text) else span.word if isinstance(span, State) else "" for span in spans)


def _chunks(own: OwnWords) -> Iterator[_Chunk]:
    open_: _Chunk | None = None
    for i, raw in enumerate(own.text.splitlines()):
        line = i + own.line
        text = raw.strip()
        kind, body = _kind(text)
        continues = open_ is not None and (open_.kind == kind if kind in ("para", "quote") else False)
        if open_ is not None and not continues and kind == "para" and open_.kind in ("bullet", "number") and raw.startswith("  ") and text:
            continues, kind = True, open_.kind
        if open_ is not None and text and continues:
            gap = "" if _han_joint(open_.text, body) else " "
            open_ = _Chunk(open_.kind, open_.text + gap + body, open_.line)
            continue
        if open_ is not None:
            yield open_
        open_ = _Chunk(kind, body, line) if text and body else None
    if open_ is not None:
        yield open_


def _kind(text: str) -> tuple[str, str]:
    if text.startswith(">"):
        return "quote", text.lstrip("> ").strip()
    if text.startswith(("- ", "* ")):
        return "bullet", text[2:].strip()
    if found := re.match(r"\d+[.、]\s*(.*)", text):
        return "number", found[1]
    return "para", text.lstrip("# ") if text.startswith("#") else text


def _han_joint(left: str, right: str) -> bool:
    """Whether two lines join without a space: Chinese on either side."""
    return bool(left and right) and (ord(left[-1]) > 0x2E7F or ord(right[0]) > 0x2E7F)


def live_line(text: str, dossier: Dossier, lang: Lang, where: Where) -> Line:
    """One paragraph as spans, its live values filled in."""
    spans: list[Span] = []
    cited: set[str] = set()
    for part in _INLINE.split(text):
        if not part:
            continue
        if part.startswith("{{"):
            spans += _live(part, dossier, lang, where, cited, plain(tuple(spans)))
        elif part.startswith("**"):
            inner = ""
            for each in re.split(r"(\{\{.*?\}\})", part[2:-2]):
                inner += plain(tuple(_live(each, dossier, lang, where, cited, plain(tuple(spans)) + inner))) if each.startswith("{{") else each
            spans.append(Text(inner, strong=True))
        elif part.startswith("`"):
            spans.append(Text(part[1:-1], code=True))
        else:
            spans.append(Text(part))
    return tuple(spans)


def _behind(code: str, before: str, lang: Lang) -> str:
    """The code in brackets of its own, or behind a comma where the value stands in brackets already."""
    opened = before.count("（") + before.count("(") > before.count("）") + before.count(")")
    if lang == "zh":
        return f"，{code}" if opened else f"（{code}）"
    return f", {code}" if opened else f" ({code})"


def _live(part: str, dossier: Dossier, lang: Lang, where: Where, cited: set[str], before: str) -> list[Span]:
    found = _LIVE.fullmatch(part)
    path, _, chosen = (found[1] if found else "").partition("|")
    chosen = chosen.strip()
    if chosen and chosen not in _FILTERS:
        what = say(zh="不认识的写法“| {filter}”", en='unknown filter "| {filter}"', filter=chosen)
        raise DefinitionError("filter_unknown", what, where=where, todo=did_you_mean(chosen, _FILTERS))
    name, estimate = look_up(path.strip(), dossier, where)
    if estimate is None:
        return [State("not_evaluable", Words("尚无数", "no figure yet")[lang])]
    code = dossier.codes.get(name, "") if name not in cited else ""
    cited.add(name)
    tail = _behind(code, before, lang) if code else ""
    if chosen == "n":
        return [Text((with_n(estimate.n, lang) or "—") + tail)]
    return [Text((interval(estimate, lang) if chosen == "interval" else number(estimate.value, estimate.unit, lang, digits(estimate))) + tail)]


def look_up(path: str, dossier: Dossier, where: Where) -> tuple[str, Estimate | None]:
    """The evidence and estimate that a live path names; no estimate where the evidence has no finding yet."""
    found = _PATH.fullmatch(path)
    if found is None:
        what = say(zh="“{path}”不是一个结论的数", en='"{path}" is not a number of a finding', path=path)
        raise DefinitionError(
            "live_wrong", what, where=where, expected=Words("如 sus.score 或 tasks.completion[T2]", "such as sus.score or tasks.completion[T2]")
        )
    name, estimate, key = found[1], found[2], found[3]
    if name not in dossier.evidence:
        what = say(zh="没有名为“{name}”的结论", en='there is no evidence "{name}"', name=name)
        raise DefinitionError("evidence_unknown", what, where=where, todo=did_you_mean(name, dossier.evidence))
    finding = dossier.findings.get(name)
    known = {e.full_name for e in finding.estimates} if finding else {g.removesuffix("[]") for g in dossier.evidence[name].gives}
    full = f"{estimate}[{key}]" if key else estimate
    if (full if finding else estimate) not in known and known:
        what = say(zh="结论“{name}”没有“{full}”", en='the evidence "{name}" gives no "{full}"', name=name, full=full)
        raise DefinitionError("estimate_unknown", what, where=where, todo=did_you_mean(full, known))
    return name, finding.get(estimate, key) if finding else None
