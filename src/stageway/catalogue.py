"""The catalogue: finds methods, questions and readers by their files. The only door to them by name."""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
import sys
import traceback
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from stageway.evidence import DEFAULT_SEED, DefinitionError, Finding, Frame, Method, ParamError, Where, Words, did_you_mean, say

#: Folders of one's own methods, separated like PATH.
SHELVES = "STAGEWAY_SHELVES"


def _modules(package: str) -> Iterator[ModuleType]:
    root = importlib.import_module(package)
    for found in sorted(pkgutil.walk_packages(root.__path__, package + "."), key=lambda each: each.name):
        if not found.ispkg:
            yield importlib.import_module(found.name)


def _own_modules(folder: Path) -> Iterator[ModuleType]:
    for path in sorted(folder.glob("*.py")):
        if path.name.startswith("_"):
            continue
        name = f"stageway_shelf.{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            continue
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            del sys.modules[name]
            raise _broken(path, error) from error
        yield module


def _broken(path: Path, error: Exception) -> DefinitionError:
    """One's own file may fail in any way while it is imported: the error names the file and the line in it."""
    inside = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = error.lineno if isinstance(error, SyntaxError) else (inside[-1] if inside else None)
    kind, text = type(error).__name__, error.msg if isinstance(error, SyntaxError) else str(error)
    what = say(zh="方法文件载入失败（{kind}：{text}）", en="the method's file cannot be loaded ({kind}: {text})", kind=kind, text=text)
    return DefinitionError("method_broken", what, where=Where(file=str(path), line=line))


def _declared(module: ModuleType) -> Method:
    found = [value for value in vars(module).values() if isinstance(value, Method) and value.module == module.__name__]
    if len(found) != 1:
        what = say(zh="一个方法文件恰好声明一个方法，这里有{count}个", en="a method's file declares exactly one method, this one {count}", count=len(found))
        todo = say(
            zh="用 @method(...) 装饰一个函数；不是方法的文件名以下划线开头",
            en="decorate one function with @method(...); a file that is no method begins with an underscore",
        )
        raise DefinitionError("method_file", what, where=Where(file=module.__file__), todo=todo)
    return found[0]


@cache
def _scan(shelves: str) -> Mapping[str, Method]:
    made: dict[str, Method] = {}
    places: dict[str, str] = {}
    sources = [*_modules("stageway.methods"), *_modules("stageway.behaviour.questions")]
    for folder in filter(None, shelves.split(os.pathsep)):
        if not Path(folder).is_dir():
            raise DefinitionError(
                "shelf_missing", say(zh="{name} 指的文件夹不存在", en="the folder of {name} does not exist", name=SHELVES), where=Where(file=folder)
            )
        sources += _own_modules(Path(folder))
    for module in sources:
        method = _declared(module)
        if method.id in made:
            what = say(
                zh="两个文件都叫 {id}：{one} 与 {two}", en="two files are named {id}: {one} and {two}", id=method.id, one=places[method.id], two=module.__file__
            )
            raise DefinitionError("method_twice", what, todo=say(zh="给其中一个改名", en="rename one of them"))
        made[method.id] = method
        places[method.id] = str(module.__file__)
    return made


def methods() -> Mapping[str, Method]:
    """All methods and questions by id: the shelves of the package, then the folders named in STAGEWAY_SHELVES."""
    return _scan(os.environ.get(SHELVES, ""))


def get(id: str) -> Method:
    known = methods()
    if id not in known:
        raise DefinitionError("method_unknown", say(zh="没有方法“{id}”", en='there is no method "{id}"', id=id), todo=did_you_mean(id, known))
    return known[id]


def shelf(method: Method) -> str:
    """The shelf on which a method stands; `own` for one's own."""
    parts = method.module.split(".")
    return parts[-2] if parts[0] == "stageway" else "own"


def frame(data: Any, mapping: Mapping[str, str] | None = None) -> Frame:
    """A frame from a path (read by its format), a pandas, Polars or Arrow table, records, or a frame; `mapping` is ours → theirs."""
    from stageway.readers.tables import frame_of

    if isinstance(data, str | Path):
        read = reader_for(Path(data)).read(Path(data), {}).frame
    else:
        read = frame_of(data)
    return renamed(read, mapping or {})


def renamed(table: Frame, mapping: Mapping[str, str]) -> Frame:
    """Columns under our names; a column that is not there is an error with the nearest names."""
    return table.with_columns(**{ours: table[theirs] for ours, theirs in mapping.items()}) if mapping else table


@cache
def readers() -> Mapping[str, Any]:
    """All readers by id."""
    found = {}
    for module in _modules("stageway.readers"):
        reader = getattr(module, "READER", None)
        if reader is not None:
            found[reader.id] = reader
    return found


def reader_for(path: Path, id: str | None = None) -> Any:
    """The reader by its id; else the one that recognises the file, or the general one of its suffix."""
    if id is None:
        return recognised(path)[0]
    known = readers()
    if id not in known:
        raise DefinitionError("reader_unknown", say(zh="没有读取器“{id}”", en='there is no reader "{id}"', id=id), todo=did_you_mean(id, known))
    return known[id]


def recognised(path: Path) -> tuple[Any, Words]:
    """The reader that takes a file, and why. DataError where two recognise it, or nobody reads its suffix."""
    from stageway.readers.choose import chosen

    return chosen(path, readers())


def compute(id: str, data: Any, *, columns: Mapping[str, str] | None = None, seed: int = DEFAULT_SEED, **others: Any) -> Finding:
    """Run a method on data: `compute("kano", "answers.csv", columns={"functional": "good"}, rule="walden")`.

    `data` is what the method reads first: a path, a pandas, Polars or Arrow table, or records. Further tables and the parameters
    go by name (`against=…`, `spend=…`, `draws=2000`). Raises StagewayError for data or parameters that cannot be used.
    """
    method = get(id)
    roles = [reads.role for reads in method.reads]
    names = {spec.name for spec in method.params.specs()}
    for name in others:
        if name not in names and name not in roles:
            what = say(zh="方法 {id} 没有名为“{name}”的表或参数", en='method {id} has no table or parameter "{name}"', id=id, name=name)
            raise ParamError("param_unknown", what, todo=did_you_mean(name, names | set(roles)))
    tables = {roles[0]: frame(data, columns), **{name: frame(value) for name, value in others.items() if name in roles}}
    return method.run(tables, {name: value for name, value in others.items() if name in names}, seed=seed)
