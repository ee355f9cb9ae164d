"""The table that a method is given: named columns of equal length, in the order of the file, that know their rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stageway.evidence.errors import DataError, Where, did_you_mean
from stageway.evidence.words import say

Column = NDArray[Any]

#: 1,234.5: the comma is a separator of thousands only where groups of three and a point say so.
THOUSANDS = re.compile(r"\s*[+-]?\d{1,3}(,\d{3})+\.\d*\s*", re.ASCII)


def is_missing(value: object) -> bool:
    """None, NaN, and a text of nothing but blanks."""
    return value is None or (isinstance(value, float) and value != value) or (isinstance(value, str) and not value.strip())


def _column(values: Iterable[object]) -> Column:
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


@dataclass(frozen=True)
class Frame:
    """Columns by name, each an array of length `len(frame)`.

    Readers hand over object columns (text, float, int, bool, datetime, None for a missing cell) or numeric numpy columns.
    `rows` are the record numbers in the source (1 = first record after the header), kept through every selection, so that an
    error can name the row of the file. `aside` names columns that tell of the record and are no answers (when, from where, how long).
    """

    columns: Mapping[str, Column]
    source: str = ""
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    aside: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        made = {name: values if isinstance(values, np.ndarray) else _column(values) for name, values in self.columns.items()}
        lengths = {len(values) for values in made.values()}
        if len(lengths) > 1:
            raise ValueError(f"columns of different lengths: { {name: len(values) for name, values in made.items()} }")
        object.__setattr__(self, "columns", made)
        if len(self.rows) != len(self):
            object.__setattr__(self, "rows", np.arange(1, len(self) + 1, dtype=np.int64))

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> Column:
        if name not in self.columns:
            raise DataError(
                "column_missing",
                say(zh="缺少列“{name}”", en='column "{name}" is missing', name=name),
                where=Where(file=self.source or None),
                todo=did_you_mean(name, self.columns),
            )
        return self.columns[name]

    @property
    def names(self) -> list[str]:
        return list(self.columns)

    @classmethod
    def of(cls, records: Sequence[Mapping[str, object]], source: str = "") -> Frame:
        """From records; a column that one record lacks is None there."""
        names = list(dict.fromkeys(name for record in records for name in record))
        return cls({name: _column(record.get(name) for record in records) for name in names}, source)

    def records(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in zip(*(c.tolist() for c in self.columns.values()), strict=True)]

    def take(self, keep: Column) -> Frame:
        """The rows of a mask or of positions."""
        return Frame({name: values[keep] for name, values in self.columns.items()}, self.source, self.rows[keep], self.aside)

    def with_columns(self, **columns: Iterable[object]) -> Frame:
        made = {name: values if isinstance(values, np.ndarray) else _column(values) for name, values in columns.items()}
        return Frame({**self.columns, **made}, self.source, self.rows, self.aside)

    def missing(self, name: str) -> NDArray[np.bool_]:
        values = self[name]
        if values.dtype.kind == "f":
            return np.isnan(values)
        if values.dtype.kind != "O":
            return np.zeros(len(values), dtype=bool)
        return np.fromiter((is_missing(value) for value in values), dtype=bool, count=len(values))

    def numbers(self, name: str) -> NDArray[np.float64]:
        """The column as floats, missing cells as NaN. Raises DataError with row and value at the first cell that is no finite number."""
        values = self[name]
        if values.dtype.kind in "iufb":
            made = values.astype(np.float64)
            if (bad := np.flatnonzero(np.isinf(made))).size:
                raise self.wrong(name, int(bad[0]), say(zh="有限的数字", en="a finite number"))
            return made
        out = np.full(len(values), np.nan)
        for i, value in enumerate(values):
            if is_missing(value):
                continue
            try:
                out[i] = float(value.replace(",", "") if isinstance(value, str) and THOUSANDS.fullmatch(value) else value)
            except (TypeError, ValueError):
                raise self.wrong(name, i, say(zh="数字", en="a number")) from None
            if not np.isfinite(out[i]):
                raise self.wrong(name, i, say(zh="有限的数字", en="a finite number"))
        return out

    def texts(self, name: str) -> Column:
        """The column as stripped texts, missing cells as None; whole floats lose their `.0`."""
        return _column(None if is_missing(value) else _text(value) for value in self[name].tolist())

    def flags(self, name: str) -> NDArray[np.float64]:
        """The column as 0.0 / 1.0 / NaN; takes true/false, yes/no, 是/否, 1/0."""
        yes, no = {"true", "t", "yes", "y", "1", "1.0", "是", "对"}, {"false", "f", "no", "n", "0", "0.0", "否", "错"}
        out = np.full(len(self), np.nan)
        for i, value in enumerate(self[name].tolist()):
            if is_missing(value):
                continue
            word = str(value).strip().lower()
            if word not in yes and word not in no:
                raise self.wrong(name, i, say(zh="是或否（true/false、是/否、1/0）", en="yes or no (true/false, 1/0, 是/否)"))
            out[i] = float(word in yes)
        return out

    def times(self, name: str) -> Column:
        """The column as datetimes without changing what was written: ISO 8601 text, date or datetime; missing cells as None."""
        out: list[datetime | None] = []
        for i, value in enumerate(self[name].tolist()):
            if is_missing(value):
                out.append(None)
            elif isinstance(value, datetime):
                out.append(value)
            elif isinstance(value, date):
                out.append(datetime(value.year, value.month, value.day))  # noqa: DTZ001  the file gave no zone
            else:
                try:
                    out.append(datetime.fromisoformat(str(value).strip().replace("/", "-")))
                except ValueError:
                    expected = say(zh="时间，如 2026-05-20 或 2026-05-20T09:30:00", en="a time such as 2026-05-20 or 2026-05-20T09:30:00")
                    raise self.wrong(name, i, expected) from None
        return _column(out)

    def wrong(self, name: str, i: int, expected: Any) -> DataError:
        """The error for one cell: position `i` in this frame, named by its row in the source."""
        return DataError(
            "cell_wrong",
            say(zh="单元格的值不对", en="a cell does not hold what its column should"),
            where=Where(file=self.source or None, row=int(self.rows[i]), column=name, value=str(self[name][i])[:80]),
            expected=expected,
            todo=say(
                zh="请改正该值，或在数据登记的 values 中写明它对应什么",
                en="correct the value, or say what it stands for under values in the dataset entry",
            ),
        )


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
