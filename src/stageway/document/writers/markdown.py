"""The document as Markdown that reads well as plain text: strips left out, states by their character and word, figures as a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stageway.document.numbering import label, numbered
from stageway.document.outline import (
    Block,
    Break,
    Callout,
    Document,
    Figure,
    Heading,
    Items,
    Line,
    Para,
    Quote,
    Ref,
    Span,
    StageStrip,
    State,
    Strip,
    Table,
    Text,
)
from stageway.document.states import STATES
from stageway.document.writers.callouts import title_parts

MOST_ROWS, MOST_COLUMNS = 12, 6


def write(document: Document) -> str:
    """The whole text, ending with a line break; blocks are separated by an empty line."""
    document = numbered(document)
    page = _Page(document)
    parts = [*page.front(), *(page.block(block) for block in document.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


class _Page:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.zh = document.lang == "zh"

    def front(self) -> list[str]:
        cover = self.document.cover
        facts = [*cover.facts, *((role, " ".join(part for part in (name, at) if part)) for role, name, at in cover.approval)]
        gap = "\u3000" if self.zh else " · "
        lines = [gap.join(f"**{_safe(name)}** {_safe(value)}" for name, value in facts[start : start + 4]) for start in range(0, len(facts), 4)]
        title = f"# {_safe(self.document.title)}"
        return [title, _safe(cover.company), "  \n".join(lines), f"> {_safe(cover.notice)}" if cover.notice else "", self._stages(cover.strip)]

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                return f"{'#' * (block.level + 1)} {self._number(block)}{_safe(block.text)}"
            case Para():
                return _start(self.line(block.spans))
            case Items():
                return "\n".join(f"{f'{index}.' if block.ordered else '-'} {self.line(item)}" for index, item in enumerate(block.items, 1))
            case Table():
                return self._table(block)
            case Figure():
                return self._figure(block)
            case Callout():
                return self._callout(block)
            case Quote():
                return f"> {_safe(block.text)}" + (f"——{_safe(block.by)}" if self.zh else f" — {_safe(block.by)}")
            case StageStrip():
                return self._stages(block)

    def line(self, spans: Line, cell: bool = False) -> str:
        made: list[str] = []
        spans = _without_strips(spans)
        for index, span in enumerate(spans):
            match span:
                case Text():
                    made.append(_text(span) + (" " if span.strong and _runs_on(span, spans[index + 1 : index + 2]) else ""))
                case State():
                    gap = " " if made and made[-1] and not made[-1][-1].isspace() and made[-1][-1] not in "：，。；（" else ""
                    made.append(f"{gap}{STATES[span.state].plain} {_safe(span.word)}")
                case Ref():
                    made.append(_safe(label(self.document, span.target)))
                case Break():
                    made.append(self._break(spans, index) if cell else "  \n")
        text = "".join(made)
        return text.replace("|", "\\|") if cell else text

    def _break(self, spans: Line, index: int) -> str:
        """A second line of a cell follows on the first: small text after a comma, anything else after a semicolon."""
        after = spans[index + 1] if index + 1 < len(spans) else None
        if isinstance(after, Text) and after.mute:
            return "，" if self.zh else ", "
        return " " if isinstance(after, State) else "；" if self.zh else "; "

    def _number(self, heading: Heading) -> str:
        if not heading.number:
            return ""
        return _safe(heading.number) + ("" if heading.number[-1] in "、）\u3000" else " ")

    def _caption(self, id: str, words: str) -> str:
        return f"{self.document.labels[id]}\u3000{_safe(words)}" if self.zh else f"{self.document.labels[id]}. {_safe(words)}"

    def _table(self, table: Table) -> str:
        kept = [index for index in range(len(table.columns)) if not _only_strips(table, index)]
        heads = [_safe(table.columns[index].head).replace("|", "\\|") for index in kept]
        rows = [[self.line(row[index], cell=True) for index in kept] for row in table.rows]
        return f"**{self._caption(table.id, table.caption)}**\n\n{_grid(heads, rows)}" + (f"\n\n{_safe(table.note)}" if table.note else "")

    def _figure(self, figure: Figure) -> str:
        words = self._caption(figure.id, figure.caption)
        note = _safe(figure.note)
        line = f"〔{words}{'：' + note if note else ''}〕" if self.zh else f"*{words}.{' ' + note if note else ''}*"
        table = chart_table(figure.chart, self.zh) if figure.chart is not None else None
        return line if table is None else f"{line}\n\n{_grid([_safe(head) for head in table[0]], [[_safe(cell) for cell in row] for row in table[1]])}"

    def _callout(self, callout: Callout) -> str:
        before, after = title_parts(callout, self.document.lang)
        title = _safe(before) + (f"{STATES[callout.kind].plain} {_safe(after)}" if after else "")
        inside = [self.block(block) for block in callout.blocks]
        if len(inside) == 1 and isinstance(callout.blocks[0], Para):
            gap = "\u3000" if self.zh else ". "
            return f"**{title}**{gap}{inside[0]}"
        return "\n\n".join([f"**{title}**", *inside])

    def _stages(self, strip: StageStrip) -> str:
        cells = [
            f"{'**' if index == strip.now else ''}{_safe(name)}{'**' if index == strip.now else ''} {STATES[state].plain} {_safe(word)}"
            for index, (name, state, word) in enumerate(strip.cells)
        ]
        return " → ".join(cells)


def chart_table(spec: Mapping[str, Any], zh: bool) -> tuple[list[str], list[list[str]]] | None:
    """The data of a small chart, categories first, then values, then intervals: what a reader without the picture needs. None for a large one."""
    rows = next(iter(_data(spec)), None)
    if not rows or len(rows) > MOST_ROWS:
        return None
    columns = [(fields, title) for fields, title in _columns(spec, zh).items() if all(field in rows[0] for field in fields)]
    columns.sort(key=lambda column: (len(column[0]) > 1, not isinstance(rows[0][column[0][0]], str)))
    if not 2 <= len(columns) <= MOST_COLUMNS:
        return None
    cells = [
        [_value(row.get(fields[0])) if len(fields) == 1 else f"[{_value(row.get(fields[0]))}, {_value(row.get(fields[1]))}]" for fields, _ in columns]
        for row in rows
    ]
    return [title for _, title in columns], cells


def _layers(spec: Any) -> list[Mapping[str, Any]]:
    if not isinstance(spec, Mapping):
        return []
    return [spec, *(inner for name in ("layer", "hconcat", "vconcat", "concat") for part in spec.get(name, ()) for inner in _layers(part))]


def _data(spec: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    found = [layer["data"]["values"] for layer in _layers(spec) if isinstance(layer.get("data"), Mapping) and "values" in layer["data"]]
    found = [*found, *spec.get("datasets", {}).values()]
    return [rows for rows in found if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows)]


def _columns(spec: Mapping[str, Any], zh: bool) -> dict[tuple[str, ...], str]:
    """Fields → heading: one field by its title, two ends of an interval together."""
    found: dict[tuple[str, ...], str] = {}
    axis = {
        channel: str(encoding["title"])
        for layer in _layers(spec)
        for channel, encoding in layer.get("encoding", {}).items()
        if isinstance(encoding, Mapping) and encoding.get("title")
    }
    for layer in _layers(spec):
        encodings = {channel: part for channel, part in layer.get("encoding", {}).items() if isinstance(part, Mapping) and isinstance(part.get("field"), str)}
        for channel in ("y", "x", "color", "column", "row"):
            part = encodings.get(channel)
            if part is None:
                continue
            if channel + "2" in encodings:
                found[(part["field"], encodings[channel + "2"]["field"])] = "区间" if zh else "Interval"
            else:
                found.setdefault((part["field"],), str(part.get("title") or axis.get(channel) or part["field"]))
    return found


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}".replace("-", "\u2212")
    return "—" if value is None else str(value)


def _grid(heads: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *("| " + " | ".join(cell or " " for cell in row) + " |" for row in rows)]
    return "\n".join(lines)


def _without_strips(spans: Line) -> Line:
    """The line without its drawings, and without the breaks and spaces that led only to them."""
    made: list[Span] = []
    for span in spans:
        if isinstance(span, Strip):
            while made and (isinstance(made[-1], Break) or (isinstance(made[-1], Text) and not made[-1].text.strip())):
                made.pop()
        elif not (isinstance(span, Break) and not made):
            made.append(span)
    return tuple(made)


def _only_strips(table: Table, index: int) -> bool:
    cells = [row[index] for row in table.rows]
    blank = all(isinstance(span, Strip | Break) or (isinstance(span, Text) and span.text in ("", "—")) for cell in cells for span in cell)
    return blank and any(isinstance(span, Strip) for cell in cells for span in cell)


_SPECIAL = re.compile(r"([\\`*<]|(?<!\w)_|_(?!\w)|\[(?=[^\]]*\]\())")
_FIRST = re.compile(r"^(\s*)([-+#>=~]|\d+(?=[.)]\s))")


def _safe(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _text(span: Text) -> str:
    if span.code:
        return f"`{span.text}`"
    made = _safe(span.text)
    if not span.strong or not made.strip():
        return made
    core = made.strip()
    start = made.index(core)
    return f"{made[:start]}**{core}**{made[start + len(core) :]}"


def _runs_on(span: Text, after: Line) -> bool:
    """Whether bold that ends with a mark is followed at once by a letter: Markdown would then not close it."""
    ends = bool(span.text) and not span.text[-1].isalnum() and not span.text[-1].isspace()
    return ends and bool(after) and isinstance(after[0], Text) and after[0].text[:1].isalnum()


def _start(text: str) -> str:
    """A paragraph that begins like a list or a heading is kept a paragraph."""
    return _FIRST.sub(lambda found: f"{found[1]}{found[2]}\\" if found[2].isdigit() else f"{found[1]}\\{found[2]}", text)
