"""A dataset of a product folder: found inside it, fingerprinted, read, and brought into our columns, values and rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stageway import catalogue
from stageway.evidence import DataError, DefinitionError, Frame, StagewayError, Warning, did_you_mean, say
from stageway.folder.shape import long, renamed, timed, valued
from stageway.process.planning import Dataset
from stageway.readers.files import files_of, is_pattern

CHUNK = 1 << 20


@dataclass(frozen=True)
class Loaded:
    """A dataset ready for a method. `rows` as read, before columns became rows; `sha256` over the files as they lie there."""

    frame: Frame
    sha256: str
    rows: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[Warning, ...] = ()


def load_dataset(root: Path, dataset: Dataset) -> Loaded:
    """Read a dataset as its entry in `product.yaml` says.

    Raises DefinitionError for an entry that is wrong (a path outside the folder, an unknown reader, column, value or wide), with the
    file and line of the entry; DataError for a file that is missing or cannot be read; IncompleteError for a report that breaks off.
    """
    reader = _reader(dataset)
    path, files = _files(root, dataset, reader)
    with _from(root, dataset):
        reading = reader.read(path, dataset.options)
    frame, facts = shaped(replace(reading.frame, source=dataset.path), dataset)
    facts = {**reading.facts, **facts}
    return Loaded(frame, _sha256(root, files), len(reading.frame), facts, (*reading.warnings, *_warnings(facts)))


def shaped(frame: Frame, dataset: Dataset) -> tuple[Frame, dict[str, Any]]:
    """A file's table in our columns, values, times and rows, and what there is to say of it. DefinitionError where the mapping does not fit."""
    facts: dict[str, Any] = {}
    frame = renamed(frame, dataset.columns, dataset.where)
    meant = list(dataset.columns) or frame.names
    if dataset.wide:
        frame, facts = long(frame, dataset.wide, dataset.columns, dataset.where)
        told = dataset.wide["columns"]
        meant = [*dataset.columns, *(told if isinstance(told, Mapping) else [dataset.wide.get("value") or "value"])]
    if dataset.values:
        frame, more = valued(frame, dataset.values, meant, dataset.where)
        facts |= more
    return (timed(frame, dataset.times, dataset.where) if dataset.times else frame), facts


def theirs(dataset: Dataset, frame: Frame, column: str, i: int) -> str:
    """What the file calls the column of a cell of the shaped table."""
    wide = dataset.wide or {}
    key = str(frame[str(wide.get("row") or "row")][i]) if wide and str(wide.get("row") or "row") in frame else ""
    told = wide.get("columns")
    if isinstance(told, Mapping) and column in told:
        return str(told[column]).replace("{}", key)
    if isinstance(told, list) and column == (wide.get("value") or "value"):
        return key
    return dataset.columns.get(column, column)


def fingerprint(root: Path, dataset: Dataset) -> str:
    """The sha256 of the dataset's file, or of the names and fingerprints of all its files in order. Errors as for `load_dataset`."""
    return _sha256(root, _files(root, dataset, _reader(dataset))[1])


def load_mapped(dataset: Dataset) -> Frame:
    """A file of one's own under a mapping: `dataset.path` is any path, `dataset.reader` may be empty."""
    place = Path(dataset.path)
    frame: Frame = catalogue.reader_for(place, dataset.reader or None).read(place, dataset.options).frame
    return shaped(frame, dataset)[0]


def _reader(dataset: Dataset) -> Any:
    try:
        return catalogue.reader_for(Path(dataset.path), dataset.reader)
    except StagewayError as error:
        raise error.at(dataset.where) from None


def _files(root: Path, dataset: Dataset, reader: Any) -> tuple[Path, list[Path]]:
    """The path to be read and the files it stands for, all of them inside the folder."""
    path = root / dataset.path
    if Path(dataset.path).is_absolute() or not _inside(root, path) or "\0" in dataset.path:
        raise _outside(dataset, dataset.path)
    if not path.exists() and not is_pattern(path):
        raise _missing(root, dataset)
    with _from(root, dataset):
        files = files_of(path, str(dataset.options.get("pattern", f"**/*{reader.suffixes[0]}")))
    for file in files:
        if not _inside(root, file):
            raise _outside(dataset, file.relative_to(root).as_posix())
    return path, files


def _inside(root: Path, path: Path) -> bool:
    """Whether the place a path leads to, links followed, lies in the folder."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def _outside(dataset: Dataset, path: str) -> DefinitionError:
    what = say(
        zh="数据“{name}”的路径“{path}”不是产品文件夹之内的相对路径",
        en='the path "{path}" of the dataset "{name}" is not a relative path inside the product folder',
        name=dataset.name,
        path=path,
    )
    todo = say(
        zh="把文件复制到文件夹的 data/ 下，写相对路径，不用指向外面的链接",
        en="copy the file into data/ and name it from the folder, without links that lead out of it",
    )
    return DefinitionError("path_outside", what, where=dataset.where, todo=todo)


def _missing(root: Path, dataset: Dataset) -> DataError:
    known = [p.relative_to(root).as_posix() for p in (root / "data").rglob("*") if p.is_file()] if (root / "data").is_dir() else []
    beside = (root / dataset.path).parent
    if _inside(root, beside) and beside.is_dir():
        known += [p.relative_to(root).as_posix() for p in beside.iterdir() if p.is_file()]
    what = say(zh="数据“{name}”的文件 {path} 不存在", en='the file {path} of the dataset "{name}" does not exist', name=dataset.name, path=dataset.path)
    return DataError("file_missing", what, where=dataset.where, todo=did_you_mean(dataset.path, known))


@contextmanager
def _from(root: Path, dataset: Dataset) -> Iterator[None]:
    """Errors of a reader name the file as the product does, from the folder; those that name none stand at the entry."""
    try:
        yield
    except StagewayError as error:
        if error.where is None or error.where.file is None:
            raise error.at(dataset.where) from None
        file = error.where.file
        shown = Path(file).relative_to(root).as_posix() if Path(file).is_relative_to(root) else file
        raise type(error)(error.code, error.what, where=replace(error.where, file=shown), expected=error.expected, todo=error.todo) from None


def _sha256(root: Path, files: list[Path]) -> str:
    single = [_file_sha256(file) for file in files]
    if len(files) == 1:
        return single[0]
    listed = "".join(f"{file.relative_to(root).as_posix()}\0{sha}\n" for file, sha in zip(files, single, strict=True))
    return hashlib.sha256(listed.encode("utf-8", "surrogateescape")).hexdigest()


def _file_sha256(file: Path) -> str:
    made = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            made.update(chunk)
    return made.hexdigest()


def _warnings(facts: Mapping[str, Any]) -> tuple[Warning, ...]:
    made = []
    if repeated := facts.get("repeated_names"):
        text = say(zh="表头有重名的列，后一个改称 {names}", en="the header repeats names; the later ones are called {names}", names=", ".join(repeated[:8]))
        made.append(Warning("header_repeated", text))
    if lone := facts.get("wide_incomplete"):
        text = say(zh="{keys} 缺少一部分列，其余各项照常读取", en="{keys} lack some of their columns; the others are read as usual", keys=", ".join(lone[:8]))
        made.append(Warning("wide_incomplete", text))
    return tuple(made)
