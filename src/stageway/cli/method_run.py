"""`stageway method run`: files and their mapping become the tables of a method; wrong rows are listed in a file beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stageway.evidence import DataError, Finding, Method, ParamError, Where, Words, say
from stageway.folder.bad_rows import Treatment, computed
from stageway.folder.datasets import load_mapped
from stageway.folder.load import read_text
from stageway.process.planning import Dataset
from stageway.process.product import read_mapping


def run_method(method: Method, inputs: Sequence[str], mappings: Sequence[str], columns: Mapping[str, str], params: Mapping[str, Any]) -> Finding:
    """`inputs` are FILE or ROLE=FILE; the mapping (a file, with single columns over it) is that of the first table."""
    if len(mappings) > 1:
        raise ParamError("map_twice", Words("--map 只能有一个文件", "--map takes one file only"))
    roles = [reads.role for reads in method.reads]
    tables, treatments = {}, {}
    for i, text in enumerate(inputs):
        role, eq, file = text.partition("=")
        if not eq or role not in roles:
            role, file = roles[min(i, len(roles) - 1)], text
        dataset = _mapping(file, mappings[0] if mappings and i == 0 else None, columns if i == 0 else {})
        tables[role] = load_mapped(dataset)
        shown = f"{dataset.name}.bad_rows.csv"
        treatments[role] = Treatment(dataset, Path.cwd() / shown, shown)
    return computed(method, tables, treatments, lambda good: method.run(good, params), method.id)


def _mapping(file: str, mapping: str | None, columns: Mapping[str, str]) -> Dataset:
    if mapping is None:
        return Dataset(Path(file).stem, file, "", Words.of(Path(file).stem), None, dict(columns), {}, None, {}, Where(file=file))
    place = Path(mapping)
    if not place.is_file():
        raise DataError("file_missing", say(zh="对应文件不存在", en="the mapping file does not exist"), where=Where(file=mapping))
    made = read_mapping(read_text(place, mapping), mapping, file)
    return replace(made, columns={**made.columns, **columns})
