"""People's names for the keys in their data: `no_ads` is printed 正文无广告 / no advertising, and stays `no_ads` where criteria and methods use it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from stageway.evidence.finding import Chart, Estimate, Finding, Meaning, ResultTable, Warning
from stageway.evidence.words import Lang, Words

Naming = Callable[[str, Lang], str]


def relabelled(finding: Finding, labels: Mapping[str, Words]) -> Finding:
    """The finding as a reader should see it: in sentences, tables, charts and labels each of its keys as a whole word becomes its name."""
    keys = _keys(finding)
    labels = {key: words for key, words in labels.items() if key in keys}
    if not labels:
        return finding
    name = _naming(labels)

    def words(text: Words) -> Words:
        return Words(name(text.zh, "zh"), name(text.en, "en"))

    def cell(value: Any) -> Any:
        if isinstance(value, Words):
            return words(value)
        return labels.get(value, words(Words.of(value))) if isinstance(value, str) else value

    def estimate(each: Estimate) -> Estimate:
        if each.label is not None:
            return replace(each, label=words(each.label))
        return replace(each, label=labels[each.key]) if each.key is not None and each.key in labels else each

    def table(each: ResultTable) -> ResultTable:
        heads = tuple(replace(head, label=words(head.label)) for head in each.columns)
        rows = tuple(tuple(cell(value) for value in row) for row in each.rows)
        return replace(each, title=words(each.title), columns=heads, rows=rows, note=words(each.note) if each.note else None)

    meaning = finding.meaning
    return replace(
        finding,
        headline=words(finding.headline),
        meaning=Meaning(words(meaning.says), words(meaning.sure), words(meaning.next), words(meaning.change)),
        points=tuple(words(point) for point in finding.points),
        estimates=tuple(estimate(each) for each in finding.estimates),
        tables=tuple(table(each) for each in finding.tables),
        charts=tuple(Chart(c.name, words(c.title), words(c.alt), _spec(c.zh, name, "zh"), _spec(c.en, name, "en")) for c in finding.charts),
        warnings=tuple(Warning(w.code, words(w.text)) for w in finding.warnings),
    )


def _keys(finding: Finding) -> set[str]:
    """What names a row or an estimate of this finding: only these are keys; the same letters elsewhere are words."""
    cells = {cell for table in finding.tables for row in table.rows for cell in row if isinstance(cell, str)}
    quoted = {cell.en.strip("“”") for table in finding.tables for row in table.rows for cell in row if isinstance(cell, Words) and cell.zh == cell.en}
    return cells | quoted | {estimate.key for estimate in finding.estimates if estimate.key is not None}


def _naming(labels: Mapping[str, Words]) -> Naming:
    longest_first = sorted(labels, key=len, reverse=True)
    pattern = re.compile(r"(?<![\w.\[])(?:" + "|".join(re.escape(key) for key in longest_first) + r")(?![\w\]])", re.IGNORECASE | re.ASCII)
    lowered = {key.lower(): words for key, words in labels.items()}

    def name(text: str, lang: Lang) -> str:
        def put(found: re.Match[str]) -> str:
            shown = lowered[found[0].lower()][lang]
            begins = found[0][0].isupper() and found[0] not in labels
            return shown[0].upper() + shown[1:] if begins else shown

        return pattern.sub(put, text)

    return name


def _spec(value: Any, name: Naming, lang: Lang) -> Any:
    """A chart's specification with the names in its values; field names, marks and types are left alone."""
    if isinstance(value, Mapping):
        kept = {"field", "type", "mark", "$schema", "style", "shape", "filter", "name", "data"}
        return {key: part if key in kept and isinstance(part, str) else _spec(part, name, lang) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_spec(part, name, lang) for part in value]
    return name(value, lang) if isinstance(value, str) else value
