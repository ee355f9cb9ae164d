"""How a method is declared: its question, parameters, the tables and columns it reads, what it gives, its source. Declared once, shown everywhere."""

from __future__ import annotations

import sys
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import numpy as np

from stageway.evidence.errors import DataError, ParamError, Where, did_you_mean
from stageway.evidence.finding import Finding, Provenance, Source
from stageway.evidence.frame import Frame
from stageway.evidence.words import Words, say

ColumnType = Literal["id", "text", "category", "number", "flag", "time", "any"]
DEFAULT_SEED = 20260101


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a method reads. `low` and `high` bound a number (a value outside is an error that names the row)."""

    name: str
    type: ColumnType
    help: Words
    required: bool = True
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Reads:
    """A table that a method reads, by its role (`answers`, `against`, `spend`).

    `others` tells what further columns mean where a method reads any that are there (attributes, segments); None refuses nothing
    and ignores them. `baseline` marks a table of an earlier time, whose age no criterion asks.
    """

    role: str
    help: Words
    columns: tuple[Column, ...] = ()
    required: bool = True
    baseline: bool = False
    others: Words | None = None


def param(
    default: Any, *, help: Words, low: float | None = None, high: float | None = None, choices: Mapping[str, Words] | None = None, unit: str = ""
) -> Any:
    """A field of `Params`: default, limits, help in both languages, and for a convention the choices with what each means."""
    return field(default=default, metadata={"help": help, "low": low, "high": high, "choices": choices, "unit": unit})


@dataclass(frozen=True, slots=True)
class ParamSpec:
    name: str
    type: type
    default: Any
    help: Words
    low: float | None
    high: float | None
    choices: Mapping[str, Words] | None
    unit: str


@dataclass(frozen=True)
class Params:
    """Base of every method's parameters: a frozen dataclass whose fields are made by `param`."""

    @classmethod
    def specs(cls) -> tuple[ParamSpec, ...]:
        hints = typing.get_type_hints(cls)
        return tuple(ParamSpec(f.name, hints[f.name], f.default, **f.metadata) for f in fields(cls))

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Params:
        """From texts or values by name; an unknown name or a value outside its limits is a ParamError that says what is right."""
        specs = {spec.name: spec for spec in cls.specs()}
        for name in given:
            if name not in specs:
                raise ParamError("param_unknown", say(zh="没有参数“{name}”", en='there is no parameter "{name}"', name=name), todo=did_you_mean(name, specs))
        return cls(**{name: _value(specs[name], value) for name, value in given.items()})


def _value(spec: ParamSpec, value: Any) -> Any:
    def wrong(expected: Words) -> ParamError:
        what = say(zh="参数“{name}”的值不对", en='parameter "{name}" cannot take this value', name=spec.name)
        return ParamError("param_wrong", what, where=Where(value=str(value)), expected=expected)

    if spec.choices is not None:
        if str(value) not in spec.choices:
            raise wrong(say(zh="{known} 之一", en="one of {known}", known=", ".join(spec.choices)))
        return str(value)
    optional = type(None) in typing.get_args(spec.type)
    if optional and value in (None, ""):
        return None
    kind = next((t for t in typing.get_args(spec.type) if t is not type(None)), spec.type) if optional else spec.type
    try:
        made = _converted(kind, value)
    except (TypeError, ValueError):
        names = {bool: Words("true 或 false", "true or false"), int: Words("整数", "a whole number"), float: Words("数字", "a number")}
        raise wrong(names.get(kind, Words("文本", "a text"))) from None
    if isinstance(made, int | float) and not isinstance(made, bool) and not (_reaches(spec.low, made) and _reaches(made, spec.high) and np.isfinite(made)):
        raise wrong(_limits(spec.low, spec.high, Words("在 [{low}, {high}] 之内", "within [{low}, {high}]")))
    return made


def _reaches(low: float | None, high: float | None) -> bool:
    return low is None or high is None or low <= high


def _limits(low: float | None, high: float | None, both: Words) -> Words:
    """What a number must be; `both` is the form for two limits."""
    if low is None and high is None:
        return Words("有限的数字", "a finite number")
    if low is None or high is None:
        end = low if low is not None else high
        return say(zh="不小于{end}的数", en="a number of at least {end}", end=f"{end:g}") if high is None else say(
            zh="不大于{end}的数", en="a number of at most {end}", end=f"{end:g}")
    return say(zh=both.zh, en=both.en, low=f"{low:g}", high=f"{high:g}")


def _converted(kind: type, value: Any) -> Any:
    if kind is bool:
        if isinstance(value, bool):
            return value
        if str(value).lower() in ("true", "yes", "1", "是"):
            return True
        if str(value).lower() in ("false", "no", "0", "否"):
            return False
        raise ValueError(value)
    if kind is int:
        if isinstance(value, float) and not value.is_integer():
            raise ValueError(value)
        return int(value)
    if kind is float:
        return float(value)
    return str(value)


Example = Callable[[np.random.Generator], Mapping[str, Frame]]


@dataclass(frozen=True)
class Method:
    """A declared method. `id` is the name of its file; `gives` names its estimates, with `[]` behind those that have a key."""

    id: str
    version: str
    title: Words
    question: Words
    reads_as: Words
    limit: Words
    formula: str
    reads: tuple[Reads, ...]
    gives: tuple[str, ...]
    params: type[Params]
    example: Example
    function: Callable[..., Finding]
    doc: str
    module: str

    def run(
        self,
        tables: Mapping[str, Frame | None],
        params: Mapping[str, Any] | Params | None = None,
        *,
        seed: int = DEFAULT_SEED,
        at: datetime | None = None,
        sources: Sequence[Source] = (),
    ) -> Finding:
        """Check the tables against what is declared, compute, and write down where the finding came from.

        Raises DataError for a missing table or column and for a cell that is not of its type; ParamError for a parameter.
        """
        made = params if isinstance(params, Params) else self.params.parse(params or {})
        for role in tables:
            if role not in {r.role for r in self.reads}:
                what = say(zh="方法 {id} 不读名为“{role}”的表", en='method {id} reads no table "{role}"', id=self.id, role=role)
                raise DataError("table_unknown", what, todo=did_you_mean(role, [r.role for r in self.reads]))
        checked = {r.role: self._checked(r, tables.get(r.role)) for r in self.reads}
        finding = self.function(**checked, params=made, rng=np.random.default_rng(seed))
        undeclared = {e.name + ("[]" if e.key is not None else "") for e in finding.estimates} - set(self.gives)
        if undeclared:
            raise ValueError(f"method {self.id} gives {sorted(undeclared)} without declaring it")
        shown = {name: str(v) if isinstance(v := getattr(made, name), StrEnum) else v for name in (s.name for s in self.params.specs())}
        listed = tuple(sources) or tuple(
            Source(r.role, table.source or r.role, rows=len(table), baseline=r.baseline) for r in self.reads if (table := checked[r.role]) is not None
        )
        return finding.with_provenance(Provenance(self.id, self.version, shown, listed, self.formula, seed, at))

    def _checked(self, reads: Reads, table: Frame | None) -> Frame | None:
        if table is None:
            if reads.required:
                zh, en = "方法 {id} 需要表“{role}”（{help}）", 'method {id} needs the table "{role}" ({help})'
                raise DataError("table_missing", say(zh=zh, en=en, id=self.id, role=reads.role, help=reads.help))
            return None
        typed: dict[str, Any] = {}
        for column in reads.columns:
            if column.name not in table:
                if column.required:
                    zh, en = "方法 {id} 需要列“{name}”（{help}）", 'method {id} needs the column "{name}" ({help})'
                    what = say(zh=zh, en=en, id=self.id, name=column.name, help=column.help)
                    todo = say(
                        zh="文件里的列有：{names}；用 columns（或 --map {name}=文件里的列名）指明",
                        en="the file has {names}; name the right one under columns (or with --map {name}=THEIR_COLUMN)",
                        names=", ".join(table.names[:20]),
                        name=column.name,
                    )
                    raise DataError("column_missing", what, where=Where(file=table.source or None), todo=todo)
                continue
            typed[column.name] = typed_column(table, column)
        return table.with_columns(**typed) if typed else table


def typed_column(table: Frame, column: Column) -> Any:
    """The cells of a column as the type that is declared. DataError (`cell_wrong`) at the first cell that is not of it or outside its limits."""
    if column.type == "number":
        values = table.numbers(column.name)
        for bound, outside in ((column.low, np.less), (column.high, np.greater)):
            if bound is not None and (bad := np.flatnonzero(outside(values, bound))).size:
                expected = _limits(column.low, column.high, Words("[{low}, {high}] 之内的数", "a number within [{low}, {high}]"))
                raise table.wrong(column.name, int(bad[0]), expected)
        return values
    if column.type == "flag":
        return table.flags(column.name)
    if column.type == "time":
        return table.times(column.name)
    if column.type == "any":
        return table[column.name]
    return table.texts(column.name)


def method(
    *,
    title: Words,
    question: Words,
    reads_as: Words,
    limit: Words,
    formula: str,
    reads: tuple[Reads, ...],
    gives: tuple[str, ...],
    example: Example,
    params: type[Params] = Params,
    version: str = "1",
) -> Callable[[Callable[..., Finding]], Method]:
    """Declare a function as the method of its file.

    The function is called with one keyword argument a role (`Frame`, columns already of their type, or None for an absent optional
    table), `params` and `rng` (a numpy Generator), and returns a `Finding` without provenance.
    `reads_as` says how to read the result, `limit` what it cannot say: the document prints both.
    """

    def declare(function: Callable[..., Finding]) -> Method:
        name = function.__module__.rpartition(".")[2]
        doc = sys.modules[function.__module__].__doc__ or ""
        return Method(name, version, title, question, reads_as, limit, formula, reads, gives, params, example, function, doc, function.__module__)

    return declare


__all__ = ["DEFAULT_SEED", "Column", "Method", "ParamSpec", "Params", "Reads", "method", "param"]
