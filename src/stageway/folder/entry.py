"""A dataset entry as text, and put into `product.yaml` without touching anything else in it; the file is copied beside."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stageway.evidence import DataError, DefinitionError, ParamError, Where, Words, did_you_mean, say
from stageway.folder.load import PRODUCT, load
from stageway.process.planning import Dataset
from stageway.process.product import read_product
from stageway.readers.files import files_of

WIDEST = 110
NAME = r"[\w-]+"


def entry_lines(dataset: Dataset, comments: Mapping[str, str]) -> list[str]:
    """The entry with its name, block style, each line without indentation of its own; `comments` stand behind (or instead of) a key."""
    given: dict[str, Any] = {"path": dataset.path, "reader": dataset.reader, "title": dataset.title.zh, "collected": dataset.collected}
    given |= {"columns": dict(dataset.columns), "values": _plain(dataset.values), "wide": _plain(dataset.wide or {}), "times": dict(dataset.times)}
    given |= {"options": _plain(dataset.options)}
    if dataset.bad_rows != "refuse":
        given["bad_rows"] = dataset.bad_rows
    lines = [f"{_scalar(dataset.name)}:"]
    for key, value in given.items():
        note = f"  # {comments[key]}" if key in comments else ""
        if value is None or value == {}:
            lines += [f"  # {key}: {comments[key]}"] if key in comments else []
        else:
            made = _keyed(key, value)
            lines += [f"  {made[0]}{note}", *(f"  {line}" for line in made[1:])]
    return lines


def _keyed(key: str, value: Any) -> list[str]:
    """`key: value` on one line where it is short, else a line for each part."""
    flow = f"{_scalar(key)}: {_flow(value)}"
    if not isinstance(value, Mapping | list) or len(flow) <= WIDEST:
        return [flow]
    if isinstance(value, list):
        return [f"{_scalar(key)}:", *(f"  - {_flow(each)}" for each in value)]
    return [f"{_scalar(key)}:", *(f"  {line}" for name, part in value.items() for line in _keyed(str(name), part))]


def _flow(value: Any) -> str:
    made = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=1 << 30)
    return made.removesuffix("\n").removesuffix("\n...")


def _scalar(text: str) -> str:
    return _flow(text)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


# ── into the text of a product ──


def inserted(text: str, name: str, lines: Sequence[str]) -> str:
    """The text of `product.yaml` with the entry as the last of `datasets`; comments, order and style of all else stay."""
    newline = "\r\n" if "\r\n" in text else "\n"
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = {str(key.value): (key, value) for key, value in root.value} if isinstance(root, yaml.MappingNode) else {}
    if "datasets" not in pairs:
        at = _line_start(text, pairs["stages"][0].start_mark.index) if "stages" in pairs else len(text)
        before = text[:at] + (newline if at and not text[:at].endswith("\n") else "")
        return before + "datasets:" + newline + _block(lines, 2, newline) + text[at:]
    key, value = pairs["datasets"]
    if isinstance(value, yaml.MappingNode) and value.value and value.flow_style:
        data = yaml.safe_load("\n".join(lines))
        at = value.end_mark.index - 1
        return f"{text[:at].rstrip()}, {_scalar(name)}: {_flow(data[name])}{text[at:]}"
    if isinstance(value, yaml.MappingNode) and value.value:
        at = _after(text, _end(value.value[-1][1]))
        before = text[:at] + (newline if not text[:at].endswith("\n") else "")
        return before + _block(lines, value.value[0][0].start_mark.column, newline) + text[at:]
    start, end = (value.start_mark.index, value.end_mark.index) if value.value or isinstance(value, yaml.MappingNode) else (key.end_mark.index + 1,) * 2
    emptied = text[:start].rstrip(" ") + text[end:]
    at = _after(emptied, start - 1)
    before = emptied[:at] + (newline if not emptied[:at].endswith("\n") else "")
    return before + _block(lines, key.start_mark.column + 2, newline) + emptied[at:]


def _block(lines: Sequence[str], indent: int, newline: str) -> str:
    return "".join(" " * indent + line + newline for line in lines)


def _end(node: Any) -> int:
    """Where the last written character of a node is followed: the end of its last part, for PyYAML's own end lies behind later comments."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _after(text: str, index: int) -> int:
    """The beginning of the line after the one in which `index` lies; blank lines before it (behind a block scalar) are not part of it."""
    while index > 0 and text[index - 1] in "\r\n ":
        index -= 1
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1


def _line_start(text: str, index: int) -> int:
    """The beginning of a key's line, or of the comments that stand right above it."""
    at = text.rfind("\n", 0, index) + 1
    while at > 0:
        above = text.rfind("\n", 0, at - 1) + 1
        if not text[above:at].lstrip().startswith("#"):
            break
        at = above
    return at


# ── into the folder ──


@dataclass(frozen=True)
class Added:
    """What was written: the dataset's path in the folder, and whether anything was (False: it stood there already)."""

    path: str
    new: bool


def place(root: Path, source: Path, name: str) -> str:
    """Where the file lies, or will lie, in the folder."""
    base = root.resolve()
    if source.resolve().is_relative_to(base):
        return source.resolve().relative_to(base).as_posix()
    if source.is_file():
        return f"data/{source.name}"
    return f"data/{name}" if source.is_dir() else f"data/{name}/{source.name}"


def add(root: Path, source: Path, dataset: Dataset, comments: Mapping[str, str], suffix: str) -> Added:
    """Copy the file into the folder and add the entry; all of it or nothing.

    Raises DefinitionError where another dataset has the name, DataError where another file has the place.
    """
    folder = load(root)
    raw = (root / PRODUCT).read_bytes()
    mark = raw.startswith(b"\xef\xbb\xbf")
    text = raw.decode("utf-8-sig")
    known = folder.product.datasets.get(dataset.name)
    copies = _copies(root, source, dataset, suffix)
    if known is not None:
        if _same(known, dataset) and not copies:
            return Added(dataset.path, False)
        raise _taken(dataset.name, known)
    lines = entry_lines(dataset, comments)
    made = inserted(text, dataset.name, lines)
    product, _, _ = read_product(made, PRODUCT)
    if set(product.datasets) != {*folder.product.datasets, dataset.name}:
        raise DefinitionError("entry_lost", Words("登记项写不进 product.yaml", "the entry cannot be put into product.yaml"), where=Where(file=PRODUCT))
    _commit(root, copies, made.encode("utf-8-sig" if mark else "utf-8"))
    return Added(dataset.path, True)


def _copies(root: Path, source: Path, dataset: Dataset, suffix: str) -> list[tuple[Path, Path]]:
    """(from, to) of each file that is not in the folder yet."""
    if source.resolve().is_relative_to(root.resolve()):
        return []
    files = files_of(source, str(dataset.options.get("pattern", f"**/*{suffix}")))
    base = source if source.is_dir() else files[0].parent
    target = root / dataset.path
    into = target if source.is_dir() else target.parent
    made = []
    for file in files:
        to = into / file.relative_to(base)
        if not to.exists():
            made.append((file, to))
        elif to.read_bytes() != file.read_bytes():
            what = say(zh="文件夹里已有另一个 {path}", en="the folder already holds another {path}", path=to.relative_to(root).as_posix())
            raise DataError("file_exists", what, where=Where(file=str(file)), todo=Words("先给要加的文件改名", "give the new file another name first"))
    return made


def _same(one: Dataset, two: Dataset) -> bool:
    return (one.path, one.reader, dict(one.columns), _plain(one.values), _plain(one.wide), dict(one.times), _plain(one.options)) == (
        two.path, two.reader, dict(two.columns), _plain(two.values), _plain(two.wide), dict(two.times), _plain(two.options))  # fmt: skip


def _taken(name: str, known: Dataset) -> DefinitionError:
    what = say(zh="已有名为“{name}”的数据（{path}），登记得不一样", en='there is a dataset "{name}" already ({path}), and it says something else', name=name, path=known.path)
    todo = Words("用 --name 另取一个名称，或先改掉那一项", "give another name with --name, or change that entry first")
    return DefinitionError("dataset_taken", what, where=known.where, todo=todo)


def _commit(root: Path, copies: Sequence[tuple[Path, Path]], product: bytes) -> None:
    """Copies beside their places, then each into its place, the product last; a failure takes back what was put there."""
    done: list[Path] = []
    part = root / f".{PRODUCT}.part"
    try:
        for source, target in copies:
            target.parent.mkdir(parents=True, exist_ok=True)
            done.append(target)
            shutil.copyfile(source, target)
        part.write_bytes(product)
        os.replace(part, root / PRODUCT)
    except BaseException:
        for target in done:
            target.unlink(missing_ok=True)
        part.unlink(missing_ok=True)
        raise


def need_name(name: str) -> str:
    """A name that product.yaml and its evidence can hold."""
    if not re.fullmatch(NAME, name):
        what = say(zh="“{name}”不能作数据的名称", en='"{name}" cannot be the name of a dataset', name=name)
        raise ParamError("name_wrong", what, expected=Words("字母、汉字、数字、- 和 _", "letters, digits, - and _"))
    return name


def name_of(path: Path) -> str:
    """A name made of the file's own."""
    return re.sub(r"\W+", "_", (path.stem if path.suffix else path.name).lower()).strip("_") or "data"


def dataset_of(root: Path, name: str) -> Dataset:
    """A dataset of a product folder by its name."""
    known = load(root).product.datasets
    if name not in known:
        what = say(zh="产品文件夹里没有数据“{name}”", en='the product folder has no dataset "{name}"', name=name)
        raise DefinitionError("data_unknown", what, where=Where(file=str(root / PRODUCT)), todo=did_you_mean(name, known))
    return known[name]
