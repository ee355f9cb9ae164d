"""Look at somebody's file before it becomes a dataset: its format and why, its columns, what is suspicious, which methods it fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from stageway import catalogue
from stageway.evidence import Frame, Warning, Words
from stageway.folder.inspect_columns import Profile, profile
from stageway.folder.inspect_fits import Fit, fits
from stageway.folder.inspect_table import table_doubts
from stageway.folder.inspect_values import Doubt, doubts_of
from stageway.readers import Reader

#: Readers of plain tables: what their columns mean, a person said.
TABLES = ("csv", "xlsx", "jsonl", "parquet")
#: What is no doubt in the export of a survey tool.
USUAL = ("constant", "empty", "nearly_empty", "missing_codes", "header_empty")
#: Columns whose latest day is when the data were collected, the surest first; a time column of another name comes after them.
COLLECTED = ("submitdate", "提交答卷时间", "时间戳记", "timestamp", "enddate", "recordeddate", "completed", "date", "time", "ts", "at", "day", "日期", "时间")


@dataclass(frozen=True)
class Inspection:
    """What there is to say of a file. `personal` column → why; `left_out` those of them that the reader left out; `codebook` column → question."""

    path: Path
    reader: Reader
    why: Words
    facts: Mapping[str, Any]
    frame: Frame
    columns: tuple[Profile, ...]
    doubts: tuple[Doubt, ...]
    warnings: tuple[Warning, ...]
    personal: Mapping[str, Words]
    left_out: tuple[str, ...]
    codebook: Mapping[str, str]
    fits: tuple[Fit, ...]
    options: Mapping[str, Any]
    collected: date | None
    collected_from: str | None

    @property
    def fit(self) -> Fit | None:
        """The one that the entry is for."""
        return self.fits[0] if self.fits else None


def inspect(path: Path, *, reader: str | None = None, options: Mapping[str, Any] | None = None, method: str | None = None) -> Inspection:
    """Read a file (a folder or pattern where its reader takes one) and say what is in it; `method` asks for that one's fit only.

    Raises DataError for a file that cannot be read, DefinitionError for an unknown reader or method.
    """
    if reader is None:
        chosen, why = catalogue.recognised(path)
    else:
        chosen, why = catalogue.reader_for(path, reader), Words("按 --reader 指定", "as --reader says")
    reading = chosen.read(path, options or {})
    frame = reading.frame
    columns = tuple(profile(frame, name) for name in frame.names)
    origin = "survey" if "codebook" in reading.facts else ("table" if chosen.id in TABLES else "tool")
    codebook = {str(each["column"]): str(each["text"]) for each in reading.facts.get("codebook", ())}
    doubts = _doubts(frame, columns, reading.facts, origin)
    found = fits(frame, columns, doubts, origin=origin, method=method) if len(frame) else []
    lies = [doubt for fit in found for doubt in fit.doubts]
    personal = _personal(frame, reading.facts)
    collected, source = latest_day(columns)
    return Inspection(
        path, chosen, why, reading.facts, frame, columns, _together((*lies, *doubts)), reading.warnings, personal, tuple(reading.facts.get("left_out", ())),
        codebook, tuple(found), options or {}, collected, source,
    )


def _doubts(frame: Frame, columns: Sequence[Profile], facts: Mapping[str, Any], origin: str) -> list[Doubt]:
    """A tool's report has the columns that it has, and a survey's own reader knows its codes and empty options: what is usual there is no doubt."""
    if origin == "tool":
        return []
    found = [*table_doubts(frame, columns, facts), *(doubt for each in columns for doubt in doubts_of(each))]
    return [doubt for doubt in found if origin == "table" or doubt.code not in USUAL]


def _together(doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    """Doubts of one kind about several columns as one, with the words of the first."""
    made: dict[str, Doubt] = {}
    for doubt in doubts:
        first = made.get(doubt.code)
        made[doubt.code] = doubt if first is None else replace(first, columns=(*first.columns, *doubt.columns), values={**first.values, **doubt.values})
    return tuple(made.values())


def _personal(frame: Frame, facts: Mapping[str, Any]) -> dict[str, Words]:
    from stageway.readers.personal import personal_columns

    told = {str(column): Words.of(why) for column, why in dict(facts.get("personal", {})).items()}
    return told | (personal_columns(frame) if "codebook" not in facts else {})


def latest_day(columns: Sequence[Profile]) -> tuple[date | None, str | None]:
    """The latest day of the column that says when a row came, and the column."""
    times = [each for each in columns if each.type == "time" and each.last is not None]
    if not times:
        return None, None
    best = min(times, key=lambda each: COLLECTED.index(each.name.strip().lower()) if each.name.strip().lower() in COLLECTED else len(COLLECTED))
    return best.last, best.name
