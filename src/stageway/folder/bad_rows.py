"""Wrong rows of a dataset: each is listed with row, column, value and reason and written to a file; whether to go on without them is said by its entry.

`refuse` stops with the first of them and their number; `keep` computes with the other rows, and the finding says how many were set aside.
A row is wrong where a cell is not of the type or within the limits that the method declares, or where the method itself refuses a cell.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from stageway.evidence import DataError, Finding, Frame, Method, Reads, StagewayError, Warning, Words, say
from stageway.evidence.method import Column, typed_column
from stageway.folder.datasets import theirs
from stageway.process.planning import Dataset

CODE = "bad_rows"
HEADER = ("evidence", "row", "column", "column_in_file", "value", "reason_zh", "reason_en")
#: Different wrong values that a method is asked for, one after the other; whoever has more has mapped the wrong column.
MOST_VALUES = 200


@dataclass(frozen=True)
class Treatment:
    """How the wrong rows of a table are treated: its entry, the file that lists them, and the name of that file for the reader."""

    dataset: Dataset
    file: Path
    shown: str


@dataclass
class _Sifted:
    """A table that is being sifted: `good` shrinks; `wrong` are positions in the whole table with the error of their cell."""

    whole: Frame
    places: np.ndarray[tuple[int], np.dtype[np.int64]]
    wrong: dict[int, DataError]

    @property
    def good(self) -> Frame:
        return self.whole.take(self.places)

    def drop(self, positions: list[int], error: DataError) -> None:
        assert error.where is not None
        self.wrong |= {at: self.whole.wrong(str(error.where.column), at, error.expected) for at in positions}
        self.places = self.places[~np.isin(self.places, positions)]


def computed(
    method: Method, tables: Mapping[str, Frame], treatments: Mapping[str, Treatment], run: Callable[[Mapping[str, Frame]], Finding], evidence: str
) -> Finding:
    """The finding of `run`, a call of the method on tables by role; those with a treatment are sifted first.

    Raises DataError (`rows_wrong`) where a table that refuses has wrong rows. The files are written, or emptied, in any case.
    """
    sifted = {role: _declared(next(r for r in method.reads if r.role == role), tables[role]) for role in treatments if role in tables}
    try:
        finding = _tried(tables, sifted, run)
    except StagewayError:
        _write(sifted, treatments, evidence)
        _refuse(sifted, treatments)
        raise
    _write(sifted, treatments, evidence)
    _refuse(sifted, treatments)
    said = tuple(_warning(treatments[role], each) for role, each in sifted.items() if each.wrong)
    return replace(finding, warnings=(*finding.warnings, *said)) if said else finding


def _tried(tables: Mapping[str, Frame], sifted: Mapping[str, _Sifted], run: Callable[[Mapping[str, Frame]], Finding]) -> Finding:
    """Run, and where the method refuses a cell, set aside every row that holds the same, until it refuses none."""
    for _ in range(MOST_VALUES):
        try:
            return run({**tables, **{role: each.good for role, each in sifted.items()}})
        except DataError as error:
            role = next((role for role, each in sifted.items() if _is_of(error, each)), None)
            if role is None:
                raise
            each, place = sifted[role], error.where
            assert place is not None
            cells = each.whole[str(place.column)]
            alike = [int(at) for at in each.places if str(cells[at])[:80] == place.value]
            if not alike:
                raise
            each.drop(alike, error)
    return run({**tables, **{role: each.good for role, each in sifted.items()}})


def _is_of(error: DataError, each: _Sifted) -> bool:
    place = error.where
    return error.code == "cell_wrong" and place is not None and place.file == (each.whole.source or None) and (place.column or "") in each.whole


def _declared(reads: Reads, table: Frame) -> _Sifted:
    """By what the method declares of its columns; each different cell is judged once."""
    made = _Sifted(table, np.arange(len(table)), {})
    for column in reads.columns:
        if column.name not in table:
            continue
        try:
            typed_column(table, column)
        except DataError:
            for at, error in _wrong(column, table):
                made.wrong.setdefault(at, error)
    if made.wrong:
        made.places = np.array([at for at in range(len(table)) if at not in made.wrong], dtype=np.int64)
    return made


def _wrong(column: Column, table: Frame) -> list[tuple[int, DataError]]:
    known: dict[object, Words | None] = {}
    found = []
    for at, cell in enumerate(table[column.name].tolist()):
        key = (type(cell), cell)
        if key not in known:
            known[key] = None
            try:
                typed_column(Frame.of([{column.name: cell}]), column)
            except DataError as error:
                known[key] = error.expected
        if (expected := known[key]) is not None:
            found.append((at, table.wrong(column.name, at, expected)))
    return found


def _refuse(sifted: Mapping[str, _Sifted], treatments: Mapping[str, Treatment]) -> None:
    for role, each in sifted.items():
        treatment = treatments[role]
        if not each.wrong or treatment.dataset.bad_rows == "keep":
            continue
        first = each.wrong[min(each.wrong)]
        what = say(
            zh="数据“{name}”的{all}行中有{count}行的单元格不对，第一处如下",
            en='of the {all} rows of the dataset "{name}", {count} hold a wrong cell; this is the first',
            name=treatment.dataset.name,
            count=f"{len(each.wrong):,}",
            all=f"{len(each.whole):,}",
        )
        todo = say(
            zh="逐行列在 {file}；请改正，或在 values 中写明它对应什么，或写 bad_rows: keep，只用其余的行计算",
            en="all are listed in {file}; correct them, say under values what they stand for, or write bad_rows: keep to compute with the other rows",
            file=treatment.shown,
        )
        raise DataError("rows_wrong", what, where=first.where, expected=first.expected, todo=todo)


def _warning(treatment: Treatment, each: _Sifted) -> Warning:
    text = say(
        zh="数据“{name}”的{all}行中有{count}行的单元格不对，按 bad_rows: keep 未计入；逐行列在 {file}",
        en='of the {all} rows of the dataset "{name}", {count} hold a wrong cell and were set aside (bad_rows: keep); they are listed in {file}',
        name=treatment.dataset.name,
        count=f"{len(each.wrong):,}",
        all=f"{len(each.whole):,}",
        file=treatment.shown,
    )
    return Warning(CODE, text)


def _write(sifted: Mapping[str, _Sifted], treatments: Mapping[str, Treatment], evidence: str) -> None:
    """The file of each dataset anew: the rows of this evidence, after those that other evidence left there; no rows, no file."""
    for role, each in sifted.items():
        treatment = treatments[role]
        rows = [row for row in _listed(treatment.file) if row["evidence"] != evidence] + _rows(treatment.dataset, each, evidence)
        if not rows:
            treatment.file.unlink(missing_ok=True)
            continue
        treatment.file.parent.mkdir(parents=True, exist_ok=True)
        with treatment.file.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, HEADER)
            writer.writeheader()
            writer.writerows(rows)


def _listed(file: Path) -> list[dict[str, str]]:
    if not file.is_file():
        return []
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        return [dict(row) for row in reader] if tuple(reader.fieldnames or ()) == HEADER else []


def _rows(dataset: Dataset, each: _Sifted, evidence: str) -> list[dict[str, str]]:
    made = []
    for at, error in sorted(each.wrong.items()):
        place, expected = error.where, error.expected or Words("", "")
        assert place is not None
        column = str(place.column)
        values = (evidence, str(place.row), column, theirs(dataset, each.whole, column, at), str(each.whole[column][at]), expected.zh, expected.en)
        made.append(dict(zip(HEADER, values, strict=True)))
    return made
