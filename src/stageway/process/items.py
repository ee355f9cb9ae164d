"""Items and their links: what people decided or own, of a kind that is declared, and the thread that runs through them."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import translate
from functools import cached_property
from typing import Any

from stageway.evidence import LANGS, DefinitionError, Where, Words, did_you_mean, is_missing, joined, say
from stageway.process.marked import Map, load
from stageway.process.model import FieldSpec, ItemKind, KindBook

#: What an item may point to beside other items.
FINDING = "finding"


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `values` are its typed fields, `links` target kind → ids (under `finding`: names of evidence)."""

    id: str
    kind: str
    title: Words
    values: Mapping[str, Any]
    links: Mapping[str, tuple[str, ...]]
    where: Where = Where()

    def text(self, name: str) -> str:
        """A field as text for a filter: an absent one is empty, a flag yes or no."""
        value = self.id if name == "id" else self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class Gap:
    """An item of the thread that lacks its neighbour: a function with no need, a need with no test; `lacks` is the missing kind."""

    item: Item
    lacks: str
    direction: str  # up: nothing it comes from; down: nothing that follows from it


@dataclass(frozen=True)
class Items:
    """All items of a product, with links looked at from both ends."""

    kinds: KindBook
    all: tuple[Item, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.all}

    @cached_property
    def back(self) -> Mapping[str, tuple[str, ...]]:
        """id → ids of the items that point to it."""
        made: dict[str, list[str]] = {}
        for item in self.all:
            for kind, ids in item.links.items():
                if kind != FINDING:
                    for id in ids:
                        made.setdefault(id, []).append(item.id)
        return {id: tuple(ids) for id, ids in made.items()}

    def of(self, kind: str) -> tuple[Item, ...]:
        return tuple(item for item in self.all if item.kind == kind)

    def get(self, id: str) -> Item | None:
        return self.by_id.get(id)

    def rank(self, kind: str) -> int | None:
        """The place of a kind on the thread, from the user's words (0) to the goal; None off the thread."""
        return next((i for i, place in enumerate(self.kinds.thread) if kind in place), None)

    def neighbours(self, item: Item) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        """Directly linked items of the thread: (nearer to the user's words, nearer to the goal)."""
        ids = [id for kind, ids in item.links.items() if kind != FINDING for id in ids] + list(self.back.get(item.id, ()))
        linked = [self.by_id[id] for id in dict.fromkeys(ids) if id in self.by_id]
        mine = self.rank(item.kind)
        if mine is None:
            return (), ()
        ranked = [(other, rank) for other in linked if (rank := self.rank(other.kind)) is not None]
        return tuple(o for o, rank in ranked if rank < mine), tuple(o for o, rank in ranked if rank > mine)

    def reach(self, item: Item, up: bool) -> tuple[Item, ...]:
        """Everything on the thread above (`up`) or below the item, nearest first, the item not included."""
        found: dict[str, Item] = {}
        edge = [item]
        while edge:
            step: list[Item] = []
            for each in edge:
                for other in self.neighbours(each)[0 if up else 1]:
                    if other.id not in found and other.id != item.id:
                        found[other.id] = other
                        step.append(other)
            edge = step
        return tuple(found.values())

    def has(self, item: Item, target: str) -> bool:
        """Whether an item has a `target`: a filled field, a finding, or an item of that kind (or group of kinds) linked directly or along the thread."""
        if target == FINDING:
            return bool(item.links.get(FINDING))
        kinds = self.kinds.groups.get(target, (target,))
        spec = self.kinds.kinds[item.kind].field(target)
        if spec is not None and target not in self.kinds.kinds:
            return not is_missing(item.values.get(target)) and item.values.get(target) is not False
        direct = [self.by_id[id].kind for ids in item.links.values() for id in ids if id in self.by_id]
        direct += [self.by_id[id].kind for id in self.back.get(item.id, ())]
        if any(kind in kinds for kind in direct):
            return True
        return any(other.kind in kinds for up in (True, False) for other in self.reach(item, up))

    def select(self, kind: str, filters: Mapping[str, str]) -> tuple[Item, ...]:
        return tuple(item for item in self.of(kind) if all(item.text(name) == wanted for name, wanted in filters.items()))

    def gaps(self) -> tuple[Gap, ...]:
        """What is open on the thread: for each kind in use, items without the need they serve, and items that nothing follows from.

        A place of the thread of which the product has no item at all is no gap of each single item: it is not in use.
        """
        used = [place for place in self.kinds.thread if any(self.of(kind) for kind in place)]
        found: list[Gap] = []
        for item in self.all:
            at = next((i for i, place in enumerate(used) if item.kind in place), None)
            kind = self.kinds.kinds[item.kind]
            if at is None or any(item.text(name) == value for name, value in kind.unless):
                continue
            for target, direction in kind.asks:
                if (target == FINDING or any(target in place for place in used)) and not self.has(item, target):
                    found.append(Gap(item, target, direction))
        return tuple(found)

    def with_tests(self, cases: Iterable[tuple[str, str]]) -> Items:
        """Items plus one item of kind `test` for each case (id, name) that belongs to an item, by the item's id in the name or by its `tests` pattern."""
        made: list[Item] = list(self.all)
        patterns = [(item.id, _any_of(str(pattern))) for item in self.all if (pattern := item.values.get("tests"))]
        ids = [(item.id, _name_of(item.id)) for item in self.all if item.kind in self.kinds.kinds["test"].links]
        for case, name in cases:
            flat = _flat(name)
            owners = [id for id, named in ids if named.search(flat)]
            owners += [id for id, pattern in patterns if pattern.match(name)]
            if owners:
                links: dict[str, tuple[str, ...]] = {}
                for id in dict.fromkeys(owners):
                    kind = self.by_id[id].kind
                    links[kind] = (*links.get(kind, ()), id)
                made.append(Item(case, "test", Words.of(name), {}, links))
        return Items(self.kinds, tuple(made))


def _flat(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name)


def _name_of(id: str) -> re.Pattern[str]:
    """Finds an item's id as a word of its own in a flat test name: `test_F_03_import`, `F-03导入`; F-3 is not in F-30."""
    return re.compile(rf"(?<![0-9A-Za-z]){re.escape(_flat(id))}(?![0-9A-Za-z])", re.IGNORECASE)


def _any_of(patterns: str) -> re.Pattern[str]:
    """Matches a whole name by any of the wildcards between semicolons, case and all."""
    return re.compile("|".join(f"(?:{translate(each.strip())})" for each in patterns.split(";")))


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_items(kind: ItemKind, text: str, file: str) -> tuple[Item, ...]:
    """The items of one file, `items/<kind>.yaml` (a list of mappings) or `.csv` (a header; `title.zh`, `title.en`; links separated by `;`)."""
    records = _csv(text, file) if file.lower().endswith(".csv") else _yaml(text, file)
    return tuple(_item(kind, record) for record in records)


def _yaml(text: str, file: str) -> list[Map]:
    listed = load(text, file)
    if listed is None:
        return []
    if not isinstance(listed, list) or not all(isinstance(each, Map) for each in listed):
        what = say(zh="条目文件应是一个列表，每项一组“字段: 值”", en="an item file should be a list of mappings")
        raise DefinitionError("items_wrong", what, where=Where(file=file, line=1))
    return listed


def _csv(text: str, file: str) -> list[Map]:
    made = []
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    for row in reader:
        record = Map(file, reader.line_num)
        for key, value in row.items():
            if key is None:
                what = say(zh="这一行的单元格比表头多", en="this row has more cells than the header")
                raise DefinitionError("row_long", what, where=Where(file=file, line=reader.line_num))
            if not is_missing(value):
                name, _, lang = key.strip().partition(".")
                record.lines[name] = reader.line_num
                if lang in LANGS:
                    record.setdefault(name, {})[lang] = value
                else:
                    record[name] = value
        if record:
            made.append(record)
    return made


def _item(kind: ItemKind, record: Map) -> Item:
    fields = {spec.name: spec for spec in kind.fields}
    record.only({"id", "title", *fields, *kind.links})
    id = str(record.need("id")).strip()
    values = {name: _value(record, spec) for name, spec in fields.items() if not is_missing(record.get(name))}
    for spec in kind.fields:
        if spec.required and spec.name not in values:
            what = say(zh="{kind} {id} 缺少字段“{name}”", en='{kind} {id} lacks the field "{name}"', kind=kind.name, id=id, name=spec.name)
            raise record.refuse(None, what, code="field_missing")
    links = {target: _ids(record, target) for target in kind.links if not is_missing(record.get(target))}
    return Item(id, kind.id, record.words("title"), values, links, record.where("id"))


def _ids(record: Map, target: str) -> tuple[str, ...]:
    value = record[target]
    parts = value if isinstance(value, list) else str(value).split(";")
    return tuple(str(part).strip() for part in parts if not is_missing(part))


def _value(record: Map, spec: FieldSpec) -> Any:
    value = record[spec.name]

    def wrong(expected: Words) -> DefinitionError:
        what = say(zh="字段“{name}”的值“{value}”不对", en='field "{name}" cannot be "{value}"', name=spec.name, value=str(value))
        return record.refuse(spec.name, what, expected=expected)

    match spec.type:
        case "choice":
            if str(value) not in spec.choices:
                raise wrong(say(zh="{known} 之一", en="one of {known}", known=", ".join(spec.choices)))
            return str(value)
        case "number" | "integer":
            try:
                made = float(value)
            except (TypeError, ValueError):
                raise wrong(Words("数字", "a number")) from None
            if spec.type == "integer" and not made.is_integer():
                raise wrong(Words("整数", "a whole number"))
            if not math.isfinite(made):
                raise wrong(Words("数字", "a number"))
            return int(made) if spec.type == "integer" else made
        case "flag":
            if isinstance(value, bool) or str(value).lower() in ("true", "false", "yes", "no", "是", "否"):
                return value if isinstance(value, bool) else str(value).lower() in ("true", "yes", "是")
            raise wrong(Words("是或否", "yes or no"))
        case "date":
            if isinstance(value, date):
                return value.date() if isinstance(value, datetime) else value
            try:
                return date.fromisoformat(str(value))
            except ValueError:
                raise wrong(Words("日期，如 2026-05-20", "a date such as 2026-05-20")) from None
        case "words":
            return record.words(spec.name)
        case "list":
            return tuple(str(part).strip() for part in (value if isinstance(value, list) else str(value).split(";")))
        case _:
            if isinstance(value, Map | list):
                raise wrong(Words("一段文字", "a text"))
            return str(value)


def assemble(kinds: KindBook, items: Iterable[Item], evidence: Iterable[str], goals: Iterable[Item] = ()) -> Items:
    """Put all items together: an id used twice, a link to nothing, to a kind not allowed or in a circle is a DefinitionError with its line."""
    made = Items(kinds, (*items, *goals))
    seen: dict[str, Item] = {}
    for item in made.all:
        if item.id in seen:
            first = seen[item.id].where
            place = Words(first.words("zh"), first.words("en"))
            what = say(zh="编号 {id} 用了两次（另一处：{place}）", en="the id {id} is used twice (also at {place})", id=item.id, place=place)
            raise DefinitionError("id_twice", what, where=item.where)
        seen[item.id] = item
    _check_links(made, set(evidence))
    _no_circle(made)
    return made


def _check_links(items: Items, evidence: set[str]) -> None:
    """One error for all links that lead nowhere, so that deleting a need names every function that is orphaned by it."""
    lost: list[tuple[Item, str, str]] = []
    for item in items.all:
        for target, ids in item.links.items():
            for id in ids:
                other = items.get(id)
                if (id not in evidence) if target == FINDING else (other is None or other.kind != target):
                    lost.append((item, target, id))
    if not lost:
        return
    item, target, id = lost[0]
    known = evidence if target == FINDING else {each.id for each in items.of(target)}
    named = joined([_lost(*each) for each in lost], zh="；", en="; ")
    what = say(zh="有{count}条链接指向不存在的条目或结论：{named}", en="{count} link(s) lead to nothing: {named}", count=len(lost), named=named)
    raise DefinitionError("link_dangling", what, where=item.where, todo=did_you_mean(id, known))


def _lost(item: Item, target: str, id: str) -> Words:
    zh, en = (item.where.words(lang) for lang in LANGS)
    return Words(f"{item.id} → {target} {id}（{zh}）", f"{item.id} → {target} {id} ({en})")


def _no_circle(items: Items) -> None:
    done: set[str] = set()
    for start in items.all:
        path: list[str] = []
        stack = [(start.id, iter(_targets(start)))] if start.id not in done else []
        path = [start.id] if stack else []
        while stack:
            id, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                done.add(id)
                stack.pop()
                path.pop()
            elif following in path:
                circle = " → ".join([*path[path.index(following):], following])
                what = say(zh="链接成了环：{circle}", en="the links run in a circle: {circle}", circle=circle)
                raise DefinitionError("link_circle", what, where=items.by_id[id].where, todo=say(zh="去掉其中一条链接", en="take one of these links out"))
            elif following not in done:
                stack.append((following, iter(_targets(items.by_id[following]))))
                path.append(following)


def _targets(item: Item) -> list[str]:
    return [id for kind, ids in item.links.items() if kind != FINDING for id in ids]
