"""The PDF: tagged, in our fonts only, every text as typed, the same file from the same document, no page nearly empty."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from stageway.document.compose import compose
from stageway.document.numbering import walk
from stageway.document.outline import (
    Block,
    Callout,
    ColumnSpec,
    Cover,
    Document,
    Figure,
    Heading,
    Items,
    Para,
    Quote,
    Ref,
    StageStrip,
    State,
    Table,
    Text,
)
from stageway.document.states import STATES
from stageway.document.writers import pdf
from stageway.evidence import LANGS, DefinitionError, Lang
from stageway.folder.survey import survey
from stageway.practice import make
from tests.document.sample import sample
from tests.document.test_fonts import gb2312
from tests.tools import needs

CACHE: dict[str, str] = {}
TODAY = date(2026, 11, 24)
NASTY = ("= 0", "- item", "1. first", "# head", "#let x = 1", "*x*", "_y_", "<b>z</b>", "[a](b)", "$m$", "@r", "+ 1", "/ t: d", "`c`", "~", "\\n", "//x")
OURS = {"NotoSansSC-Regular", "NotoSansSC-Bold", "NotoSerifSC-Regular", "LibertinusSerif-Regular", "LibertinusSerif-Italic", "DejaVuSansMono"}


def small(*blocks: Block, lang: Lang = "zh") -> Document:
    cover = Cover("题", "流程", "公司", (("编号", "X"),), StageStrip((("一", "go", "通过"),)), ())
    return Document(lang, "题", "题", "脚", "人", "2026-11-24T09:00:00+08:00", cover, blocks)


def said(data: bytes, tmp_path: Path) -> str:
    """The text of the file in the order of its content, with plain spaces."""
    path = tmp_path / "said.pdf"
    path.write_bytes(data)
    made = subprocess.run([needs("pdftotext"), "-raw", path, "-"], check=True, capture_output=True, text=True).stdout
    return made.replace("\u00a0", " ")


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def faces(path: Path) -> set[str]:
    listed = subprocess.run([needs("pdffonts"), path], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert all(re.search(r" yes yes yes +\d+ +0$", line) for line in listed), "embedded, subset, with a text layer"
    return {re.sub(r"-Identity-H$", "", line.split()[0].partition("+")[2]) for line in listed}


def bookmarks(data: bytes) -> list[str]:
    """The titles of the outline: a literal string, or UTF-16 in hex or bytes; in the order of the file."""
    found = []
    for raw in re.findall(rb"/Title ?(\((?:\\.|[^\\)])*\)|<[0-9A-Fa-f]*>)[^>]*?/(?:Dest|Count|Next|Prev|Parent|A)\b", data, re.DOTALL):
        if raw.startswith(b"<"):
            value = bytes.fromhex(raw[1:-1].decode())
        else:
            value = re.sub(rb"\\(\d{3}|.)", lambda m: bytes([int(m[1], 8)]) if m[1].isdigit() else {b"n": b"\n", b"r": b"\r"}.get(m[1], m[1]), raw[1:-1])
        found.append(value[2:].decode("utf-16-be") if value.startswith(b"\xfe\xff") else value.decode("latin-1"))
    return found


def printed(heading: Heading) -> str:
    return squeezed(heading.number + heading.text)


# ── the practice product ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Document, Path]]:
    place = tmp_path_factory.mktemp("pdf")
    make(place / "lumen", seed=1, today=TODAY)
    dossier = survey(place / "lumen", at=TODAY.isoformat())[0]
    made = {}
    for lang in LANGS:
        document = compose(dossier, lang)
        path = place / f"{lang}.pdf"
        path.write_bytes(pdf.write(document, cache=CACHE))
        made[lang] = document, path
    return made


@pytest.mark.parametrize("lang", LANGS)
def test_only_the_packages_fonts_and_the_latin_ones_of_typst_are_in_the_file(written, lang: Lang) -> None:
    found = faces(written[lang][1])
    assert found <= OURS
    assert {"NotoSansSC-Regular", "NotoSansSC-Bold", "LibertinusSerif-Regular"} <= found


@pytest.mark.parametrize("lang", LANGS)
def test_no_page_is_nearly_empty_but_the_last_of_a_chapter(written, lang: Lang, tmp_path: Path) -> None:
    document, path = written[lang]
    subprocess.run([needs("pdftoppm"), "-r", "20", "-gray", path, tmp_path / "page"], check=True)
    pages = sorted(tmp_path.glob("page-*.pgm"))
    texts = said(path.read_bytes(), tmp_path).split("\f")[:-1]
    assert 30 <= len(pages) == len(texts) <= 70
    new = {printed(heading) for heading in document.headings() if heading.level == 1}
    filled = [_filled(page) for page in pages]
    head = squeezed(document.short)
    for number in range(1, len(pages) - 1):
        flat = squeezed(texts[number + 1])
        ends = any(flat.startswith(head + title + title) for title in new)
        assert filled[number] >= 0.45 or (ends and filled[number] >= 0.08), f"page {number + 1} is filled to {filled[number]:.0%}"


def _filled(page: Path) -> float:
    """How far down the text block anything is printed, as a share of its height."""
    data = page.read_bytes()
    head = re.match(rb"P5\s(\d+)\s(\d+)\s255\s", data)
    assert head is not None
    width, height = int(head[1]), int(head[2])
    rows = [data[head.end() + row * width : head.end() + (row + 1) * width] for row in range(height)]
    top, bottom = round(height * 27 / 297), round(height * 272 / 297)
    inked = [row for row in range(top, bottom) if min(rows[row]) < 215]
    return (max(inked, default=top) - top) / (bottom - top)


@pytest.mark.parametrize("lang", LANGS)
def test_bookmarks_and_contents_are_the_headings(written, lang: Lang, tmp_path: Path) -> None:
    document, path = written[lang]
    assert sorted(map(squeezed, bookmarks(path.read_bytes()))) == sorted(printed(heading) for heading in document.headings())
    contents = squeezed(said(path.read_bytes(), tmp_path).split("\f")[1])
    at = 0
    for heading in document.headings():
        if heading.level <= 2:
            entry = re.compile(re.escape(printed(heading)) + r"\.*\u2060?\d").search(contents, at)
            assert entry, f"{heading.text} is not in the contents"
            at = entry.end()


@pytest.mark.parametrize("lang", LANGS)
def test_the_summary_has_its_page_for_itself(written, lang: Lang, tmp_path: Path) -> None:
    pages = said(written[lang][1].read_bytes(), tmp_path).split("\f")
    title = "管理摘要" if lang == "zh" else "Management summary"
    assert [index for index, page in enumerate(pages) if index > 1 and title in page] == [3]


@pytest.mark.parametrize("lang", LANGS)
def test_every_caption_and_every_number_of_a_page_is_there(written, lang: Lang, tmp_path: Path) -> None:
    document, path = written[lang]
    text = said(path.read_bytes(), tmp_path)
    flat = squeezed(text)
    for block in walk(document.blocks):
        if isinstance(block, Table | Figure):
            assert squeezed(block.caption) in flat
    count = len(text.split("\f")) - 1
    last = f"第 {count} 页　共 {count} 页" if lang == "zh" else f"Page {count} of {count}"
    assert squeezed(last) in flat


@pytest.mark.parametrize("lang", LANGS)
def test_the_same_document_is_the_same_file_soon(written, lang: Lang) -> None:
    document, path = written[lang]
    began = time.process_time()
    again = pdf.write(document, cache=CACHE)
    assert time.process_time() - began < 6
    assert again == path.read_bytes()


# ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lang", LANGS)
def test_every_kind_of_block_and_state_can_be_set(lang: Lang) -> None:
    document = sample(lang)
    cells = tuple((State(name, look.word[lang]),) for name, look in STATES.items())
    states = Table("states", "all", (ColumnSpec("s"),), tuple((cell,) for cell in cells))
    callouts = tuple(Callout(name, look.word[lang], (Para((Text("x"),)), Items(((Text("y"),),)), Quote("z", "w"))) for name, look in STATES.items())
    made = pdf.write(replace(document, blocks=(*document.blocks, states, *callouts)), cache=CACHE)
    assert made.startswith(b"%PDF-1.7")
    assert b"pdfaid:part>2<" in made
    assert b"pdfuaid:part>1<" in made


@pytest.mark.parametrize("strong", [False, True])
@pytest.mark.parametrize("lang", LANGS)
def test_all_of_gb2312_can_be_set_in_paragraphs_tables_and_headings(lang: Lang, strong: bool) -> None:
    every = gb2312()
    table = Table("t", "字", (ColumnSpec("字"),), (((Text(every[:4000], strong=strong),),), ((Text(every[4000:], code=True),),)))
    made = pdf.write(small(Heading(1, every[:3000], "a"), Para((Text(every, strong=strong),)), table, Quote(every, "人"), lang=lang))
    assert made.startswith(b"%PDF-")


@pytest.mark.parametrize("place", [
    lambda text: Para((Text(text),)),
    lambda text: Para((Text(text, strong=True),)),
    lambda text: Items(((Text(text),),)),
    lambda text: Table("t", text, (ColumnSpec(text),), (((Text(text),),),), note=text),
    lambda text: Callout("brand", text, (Para((Text(text, mute=True),)),)),
    lambda text: Quote(text, text),
    lambda text: Heading(2, text, "b"),
])  # fmt: skip
def test_text_is_never_markup(place: Callable[[str], Block], tmp_path: Path) -> None:
    blocks = [replace(block, id=f"t{n}") if isinstance(block := place(text), Table) else block for n, text in enumerate(NASTY)]
    document = small(Heading(1, "章", "a"), *[replace(b, anchor=f"b{n}") if isinstance(b, Heading) else b for n, b in enumerate(blocks)], lang="en")
    made = pdf.write(document)
    text = squeezed(said(made, tmp_path))
    assert [each for each in NASTY if squeezed(each) not in text] == []
    assert len(bookmarks(made)) == len(document.headings())


def test_an_emoji_is_replaced_and_named(tmp_path: Path) -> None:
    made = said(pdf.write(small(Para((Text("满意😀，很好😀"),)))), tmp_path)
    assert "满意〓，很好〓" in made
    assert made.count("U+1F600 GRINNING FACE") == 1
    assert "U+" not in said(pdf.write(small(Para((Text("满意"),)))), tmp_path)


def test_a_document_whose_fonts_are_missing_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stageway.document.charts.font_folder", lambda: tmp_path)
    with pytest.raises(DefinitionError, match="Noto Sans SC") as caught:
        pdf.write(small(Para((Text("plain"),)), lang="en"))
    assert caught.value.code == "font_missing"


def test_a_reference_is_a_link_with_its_label(tmp_path: Path) -> None:
    table = Table("t", "字", (ColumnSpec("a"),), (((Text("b"),),),))
    made = pdf.write(small(Heading(1, "章", "a", "一、", "1"), Para((Text("见"), Ref("t"))), table))
    assert "见表 1-1" in said(made, tmp_path).replace("见 表", "见表")
    assert made.count(b"/Subtype /Link") + made.count(b"/Subtype/Link") >= 2


def test_a_table_too_wide_for_the_page_lies_on_a_landscape_one(tmp_path: Path) -> None:
    columns = tuple(ColumnSpec(f"column_number_{n}") for n in range(12))
    wide = Table("w", "wide", columns, (tuple((Text("value_of_cell"),) for _ in columns),))
    path = tmp_path / "wide.pdf"
    path.write_bytes(pdf.write(small(Heading(1, "A", "a"), Para((Text("before"),)), wide, Para((Text("after"),)), lang="en")))
    sizes = subprocess.run([needs("pdfinfo"), "-f", "1", "-l", "9", path], check=True, capture_output=True, text=True).stdout
    assert re.findall(r"Page +\d+ size: +(\d+)", sizes) == ["595", "595", "595", "841", "595"]
    assert said(path.read_bytes(), tmp_path).split("\f")[3].count("value_of_cell") == 12


def test_the_head_of_a_long_table_is_repeated_and_a_short_one_stays_whole(tmp_path: Path) -> None:
    def rows(count: int) -> tuple[tuple[tuple[Text, ...], ...], ...]:
        return tuple(((Text(f"row {n}"),), (Text("x"),)) for n in range(count))

    def table(count: int) -> Table:
        return Table("t", "T", (ColumnSpec("HEADWORD"), ColumnSpec("b")), rows(count))

    def pages(count: int) -> list[str]:
        filling = tuple(Para((Text("filling"),)) for _ in range(33))
        return said(pdf.write(small(Heading(1, "A", "a", new_page=True), *filling, table(count), lang="en")), tmp_path).split("\f")

    assert [page.count("HEADWORD") for page in pages(80) if "row" in page] == [1, 1, 1]
    assert sum("row" in page for page in pages(12)) == 1


def test_a_number_and_its_measure_and_an_interval_are_one_piece() -> None:
    data = pdf._Data(small(), None)
    pieces = data.line((Text("共16项必须准则，差≤5个百分点"),))
    assert [(piece["text"], piece["whole"], piece["gap"]) for piece in pieces] == [
        ("共", False, False),
        ("16项", True, True),
        ("必须准则，差", False, False),
        ("≤5个百分点", True, False),
    ]
    assert pdf._set("n = 30, 76.4 [72.6, 80.2] on 8 Dec 2026, ≥ 20% of 500 ms") == (
        "n\u00a0=\u00a030, 76.4 [72.6,\u00a080.2] on 8\u00a0Dec\u00a02026, ≥\u00a020% of 500\u00a0ms"
    )
