"""YAML that remembers its lines: mappings and lists know where each part stood, so that an error names file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from stageway.evidence import DefinitionError, Where, Words, did_you_mean, say

Values = list[Any]


class Map(dict[str, Any]):
    """A mapping of a YAML file. `line` is where it begins, `lines[key]` where each key stands."""

    def __init__(self, file: str = "", line: int | None = None) -> None:
        super().__init__()
        self.file, self.line = file, line
        self.lines: dict[str, int] = {}

    def where(self, key: str | None = None) -> Where:
        return Where(file=self.file or None, line=self.lines.get(key, self.line) if key else self.line)

    def refuse(self, key: str | None, what: Words, *, expected: Words | None = None, todo: Words | None = None, code: str = "field_wrong") -> DefinitionError:
        return DefinitionError(code, what, where=self.where(key), expected=expected, todo=todo)

    def only(self, known: Iterable[str]) -> None:
        """Refuse a key that nobody reads: a misspelt one would be lost in silence."""
        names = set(known)
        for key in self:
            if key not in names:
                raise self.refuse(key, say(zh="不认识的字段“{key}”", en='unknown field "{key}"', key=key), todo=did_you_mean(key, names), code="field_unknown")

    def need(self, key: str) -> Any:
        if self.get(key) is None:
            raise self.refuse(None, say(zh="缺少字段“{key}”", en='the field "{key}" is missing', key=key), code="field_missing")
        return self[key]

    def words(self, key: str) -> Words:
        """A text in both languages, or one text (a name) that serves both."""
        value = self.need(key)
        if isinstance(value, Mapping) and set(value) != {"zh", "en"}:
            todo = Words("只写 zh 和 en；含逗号、冒号的文字要加引号", "write zh and en and nothing else; quote a text that holds a comma or a colon")
            raise self.refuse(key, say(zh="“{key}”须有 zh 和 en 两种文字", en='"{key}" needs both zh and en', key=key), todo=todo)
        return Words.of(value)

    def map(self, key: str) -> Map:
        """The mapping under `key`; an absent one is empty."""
        value = self.get(key)
        if value is None:
            return Map(self.file, self.lines.get(key, self.line))
        if not isinstance(value, Map):
            raise self.refuse(key, say(zh="“{key}”应是一组“名称: 值”", en='"{key}" should be a mapping of names to values', key=key))
        return value

    def list(self, key: str) -> Values:
        """The list under `key`; an absent one is empty, a single value is a list of one."""
        value = self.get(key)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def maps(self, key: str) -> Values:
        made = self.list(key)
        for each in made:
            if not isinstance(each, Map):
                raise self.refuse(key, say(zh="“{key}”的每一项应是一组“名称: 值”", en='each entry of "{key}" should be a mapping of names to values', key=key))
        return made


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    file = ""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Map:
    made = Map(loader.file, node.start_mark.line + 1)
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        line = key_node.start_mark.line + 1
        if key in made:
            raise DefinitionError("key_twice", say(zh="“{key}”写了两次", en='"{key}" is written twice', key=key), where=Where(file=loader.file, line=line))
        made[key] = loader.construct_object(value_node, deep=True)
        made.lines[key] = line
    return made


def _timestamp(loader: _Loader, node: yaml.ScalarNode) -> Any:
    """A date; one that no calendar has (2026-06-31) stays the text it is, for the field that reads it to refuse with its line."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


def load(text: str, file: str) -> Any:
    """Plain values; mappings as `Map`. A fault of the YAML itself is a DefinitionError with its line."""
    loader = _Loader(text)
    loader.file = file
    try:
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = str(error.problem or error.context or "")
        where = Where(file=file, line=mark.line + 1 if mark else None)
        todo = say(
            zh="请检查该行的缩进、冒号和引号（解析器说：{problem}）",
            en="check indentation, colons and quotes there (the parser says: {problem})",
            problem=problem,
        )
        raise DefinitionError("yaml_wrong", say(zh="这不是合格的 YAML", en="this is not valid YAML"), where=where, todo=todo) from None
    except yaml.YAMLError as error:
        raise DefinitionError(
            "yaml_wrong", say(zh="这不是合格的 YAML（{error}）", en="this is not valid YAML ({error})", error=str(error)), where=Where(file=file)
        ) from None
    finally:
        loader.dispose()


def load_map(text: str, file: str) -> Map:
    made = load(text, file)
    if made is None:
        return Map(file, 1)
    if not isinstance(made, Map):
        raise DefinitionError(
            "yaml_wrong", say(zh="文件应是一组“名称: 值”", en="the file should be a mapping of names to values"), where=Where(file=file, line=1)
        )
    return made
