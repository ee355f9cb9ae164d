"""One finding as blocks of an outline: what it says, how sure, what next, what would change our mind, its tables, charts and warnings."""

from __future__ import annotations

from typing import Any

from stageway.document.outline import Block, Callout, ColumnSpec, Figure, Items, Line, Para, Table, Text
from stageway.evidence import Chart, ColumnHead, Finding, Lang, ResultTable, Words, number, with_n

SURE = Words("有多大把握", "How sure")
NEXT = Words("对下一步意味着", "What it means next")
CHANGE = Words("什么会改变这个判断", "What would change our mind")
WARNINGS = Words("须注意", "Mind")
SOURCE = Words("来源", "Source")


def finding_blocks(finding: Finding, lang: Lang, code: str | None = None) -> tuple[Block, ...]:
    """In reading order. `code` (F3-1) stands behind the headline and in front of the ids of tables and figures."""
    prefix = code or "finding"
    stop = "。" if lang == "zh" else "."
    behind = (f"（{code}）" if lang == "zh" else f" ({code})") if code else ""
    headline = finding.headline[lang].rstrip("。.")
    blocks: list[Block] = [Para((Text(headline + behind + stop, strong=True),), lead=True)]
    if (says := finding.meaning.says[lang].strip()) and says.rstrip("。.") != headline:
        blocks.append(Para((Text(says),)))
    if finding.points:
        blocks.append(Items(tuple((Text(point[lang]),) for point in finding.points)))
    blocks += [figure(chart, lang, prefix) for chart in finding.charts]
    blocks += [table(each, lang, prefix) for each in finding.tables]
    labelled = ((SURE, finding.meaning.sure), (NEXT, finding.meaning.next), (CHANGE, finding.meaning.change))
    blocks += [Para(_labelled(word, text, lang), lead=True) for word, text in labelled if text[lang].strip()]
    if finding.warnings:
        listed = tuple((Text(warning.text[lang]),) for warning in finding.warnings)
        inside: tuple[Block, ...] = (Items(listed),) if len(listed) > 1 else (Para(listed[0]),)
        blocks.append(Callout("hold", WARNINGS[lang], inside))
    if finding.provenance is not None:
        blocks.append(Para((Text(_source(finding, lang), mute=True),), lead=True))
    return tuple(blocks)


def table(given: ResultTable, lang: Lang, prefix: str) -> Table:
    """A finding's table: numbers to the right in their column's unit and decimals."""
    numeric = [any(isinstance(row[index], int | float) and not isinstance(row[index], bool) for row in given.rows) for index in range(len(given.columns))]
    columns = tuple(ColumnSpec(head.label[lang], align="right" if right else "left") for head, right in zip(given.columns, numeric, strict=True))
    rows = tuple(tuple(_cell(value, head, lang) for value, head in zip(row, given.columns, strict=True)) for row in given.rows)
    note = given.note[lang] if given.note else ""
    return Table(f"{prefix}-{given.name}", given.title[lang], columns, rows, note=note)


def figure(chart: Chart, lang: Lang, prefix: str) -> Figure:
    return Figure(f"{prefix}-{chart.name}", chart.title[lang], chart.alt[lang], chart=chart.zh if lang == "zh" else chart.en, width=0.84)


def _labelled(word: Words, text: Words, lang: Lang) -> Line:
    return (Text(word[lang] + ("：" if lang == "zh" else ": "), strong=True), Text(text[lang]))


def _cell(value: Any, head: ColumnHead, lang: Lang) -> Line:
    if value is None or value == "":
        return (Text("—", mute=True),)
    if isinstance(value, Words):
        return (Text(value[lang]),)
    if isinstance(value, bool):
        return (Text({True: Words("是", "yes"), False: Words("否", "no")}[value][lang]),)
    if isinstance(value, int) and head.decimals is None and head.unit not in ("%", "pp"):
        return (Text(number(float(value), head.unit, lang, 0)),)
    if isinstance(value, int | float):
        return (Text(number(float(value), head.unit, lang, head.decimals)),)
    return (Text(str(value)),)


def _source(finding: Finding, lang: Lang) -> str:
    made = finding.provenance
    if made is None:
        return ""
    gap = "　" if lang == "zh" else " · "
    sources = "、".join(source.name for source in made.sources) if lang == "zh" else ", ".join(source.name for source in made.sources)
    counted = next((estimate.n for estimate in finding.estimates if estimate.n is not None), None)
    parts = [f"{made.method} {made.version}".strip(), sources, with_n(counted, lang)]
    if made.computed is not None:
        parts.append(f"{made.computed:%Y-%m-%d}")
    return f"{SOURCE[lang]}{'：' if lang == 'zh' else ': '}" + gap.join(part for part in parts if part)
