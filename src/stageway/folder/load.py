"""Load a product folder: product, items, decisions, sign-offs, people's own paragraphs. Every error names its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stageway.evidence import LANGS, DataError, DefinitionError, Where, Words, did_you_mean, say
from stageway.folder.register import read_decisions, read_signoffs
from stageway.process.items import Item, Items, assemble, read_items
from stageway.process.model import Template
from stageway.process.planning import Product
from stageway.process.product import read_product
from stageway.process.record import Decision, OwnWords, Signoff

PRODUCT = "product.yaml"


@dataclass(frozen=True)
class Folder:
    """What stands in a product folder, before anything is computed."""

    root: Path
    product: Product
    template: Template
    process: Template
    items: Items
    decisions: tuple[Decision, ...]
    codes: dict[str, str]
    signoffs: tuple[Signoff, ...]
    words: tuple[OwnWords, ...]


def load(root: Path) -> Folder:
    """Raises DataError for a folder that is none, DefinitionError for what is written wrongly in it."""
    file = root / PRODUCT
    if not file.is_file():
        what = say(zh="这里没有 product.yaml", en="there is no product.yaml here")
        todo = say(
            zh="用 stageway new 名称 新建一个产品文件夹，或指到已有的文件夹", en="make a product folder with stageway new NAME, or point at one that exists"
        )
        raise DataError("folder_missing", what, where=Where(file=str(root)), todo=todo)
    product, template, process = read_product(read_text(file, PRODUCT), PRODUCT)
    items = assemble(process.kinds, _items(root, process), product.evidence, _goals(product))
    decisions, codes = read_decisions(_optional(root, "decisions.yaml"), "decisions.yaml")
    signoffs = read_signoffs(_optional(root, "signoffs.yaml"), "signoffs.yaml")
    return Folder(root, product, template, process, items, decisions, codes, signoffs, tuple(_words(root)))


def read_text(path: Path, name: str) -> str:
    """A UTF-8 text of the product folder; another encoding is refused with the `name` that the file has from the folder."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        what = say(zh="文件不是 UTF-8", en="the file is not UTF-8")
        raise DefinitionError(
            "encoding_wrong", what, where=Where(file=name), todo=say(zh="另存为 UTF-8 再试", en="save it as UTF-8 and try again")
        ) from None


def _optional(root: Path, name: str) -> str:
    return read_text(root / name, name) if (root / name).is_file() else ""


def _items(root: Path, process: Template) -> Iterator[Item]:
    folder = root / "items"
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        if path.suffix not in (".yaml", ".yml", ".csv") or path.name.startswith("."):
            continue
        kind = process.kinds.kinds.get(path.stem)
        name = f"items/{path.name}"
        if kind is None:
            what = say(zh="没有名为“{name}”的条目类别", en='there is no kind of item named "{name}"', name=path.stem)
            raise DefinitionError("kind_unknown", what, where=Where(file=name), todo=did_you_mean(path.stem, process.kinds.kinds))
        yield from read_items(kind, read_text(path, name), name)


def _goals(product: Product) -> Iterator[Item]:
    for goal in product.goals:
        base = goal.baseline
        shown = None if base is None else ("none" if base.value is None else f"{base.value:g}")
        values = {"metric": goal.metric, "target": goal.target, "by": goal.by, "baseline": shown}
        yield Item(goal.id, "goal", goal.name, {name: value for name, value in values.items() if value is not None}, {}, goal.where)


def _words(root: Path) -> Iterator[OwnWords]:
    folder = root / "words"
    for path in sorted(folder.glob("*.md")) if folder.is_dir() else []:
        section, _, lang = path.stem.rpartition(".")
        name = f"words/{path.name}"
        if lang not in LANGS or not section:
            what = say(zh="段落文件名应为 章节.语言.md", en="a paragraph's file is named SECTION.LANGUAGE.md")
            raise DefinitionError("words_name", what, where=Where(file=name), expected=Words("如 design.meaning.zh.md", "such as design.meaning.en.md"))
        yield own_words(read_text(path, name), section, lang, name)


def own_words(text: str, section: str, lang: str, file: str) -> OwnWords:
    """Front matter (author, date) and body."""
    from stageway.process.marked import load_map

    author = at = None
    body = text
    if text.startswith("---"):
        head, _, body = text[3:].partition("\n---")
        data = load_map(head, file)
        data.only({"author", "date", "translation_of"})
        author, at = data.get("author"), str(data["date"]) if data.get("date") is not None else None
    line = text[: text.index(body.strip())].count("\n") + 1
    return OwnWords(section, lang, author, at, body.strip(), file, line)
