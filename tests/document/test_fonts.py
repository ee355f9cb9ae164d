"""The shipped fonts: one family with two weights, all of GB 2312, and what happens to a character that is in none of them."""

from __future__ import annotations

import json

import pytest

from stageway.document import charts, glyphs
from stageway.document.charts import font_folder

NAMES = {
    "NotoSansSC-Regular.otf": ("Noto Sans SC", "Regular", 400),
    "NotoSansSC-Bold.otf": ("Noto Sans SC", "Bold", 700),
    "NotoSerifSC-Regular.otf": ("Noto Serif SC", "Regular", 400),
}


def gb2312() -> str:
    pairs = (bytes((lead, trail)) for lead in range(0xA1, 0xF8) for trail in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)


@pytest.mark.parametrize("name", NAMES)
def test_each_font_is_static_and_named_so_that_programs_pair_regular_and_bold(name: str) -> None:
    ttlib = pytest.importorskip("fontTools.ttLib")
    font = ttlib.TTFont(font_folder() / name, lazy=True)
    family, style, weight = NAMES[name]
    assert (font["name"].getDebugName(1), font["name"].getDebugName(2), font["OS/2"].usWeightClass) == (family, style, weight)
    assert "fvar" not in font
    assert "CFF " in font


@pytest.mark.parametrize("name", NAMES)
def test_each_font_has_all_of_gb2312_and_the_signs_of_a_document(name: str) -> None:
    ttlib = pytest.importorskip("fontTools.ttLib")
    cmap = ttlib.TTFont(font_folder() / name, lazy=True).getBestCmap()
    assert [char for char in gb2312() + "≤≥≠±×÷−√Σλβχ²→←↑↓・●◆◇◑◌“”‘’—…［］℃" if ord(char) not in cmap] == []
    assert len(gb2312()) == 7445


def test_the_list_of_covered_characters_says_what_the_fonts_have() -> None:
    ttlib = pytest.importorskip("fontTools.ttLib")
    maps = [set(ttlib.TTFont(font_folder() / name, lazy=True).getBestCmap()) for name in NAMES]
    every = set.intersection(*maps)
    assert {code for code in range(0x20, 0x10000) if glyphs.covered(chr(code))} - {10, 13, 9} == {code for code in every if 0x20 <= code < 0x10000}


def test_the_licence_stands_beside_the_fonts() -> None:
    text = (font_folder() / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text


def test_an_uncovered_character_is_named_and_replaced_by_a_visible_mark() -> None:
    done = glyphs.in_text("满意😀，很好😀")
    assert done.made == "满意〓，很好〓"
    assert done.missing == (("😀", "U+1F600 GRINNING FACE"),)
    assert glyphs.in_text("阶程 Stageway ≥ 68") == glyphs.Replaced("阶程 Stageway ≥ 68", ())


def test_a_joiner_or_selector_goes_without_a_mark() -> None:
    assert glyphs.in_text("好\ufe0f的").made == "好的"


def test_all_of_gb2312_can_be_set_in_typst_under_pdf_a_and_ua() -> None:
    typst = pytest.importorskip("typst")
    source = '#set document(title: "t")\n#set text(font: sys.inputs.font, lang: "zh")\n#json(bytes(sys.inputs.text))'
    for family in ("Noto Sans SC", "Noto Serif SC"):
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])
        text = json.dumps(gb2312(), ensure_ascii=False)
        pdf = typst.compile(source.encode(), font_paths=found, sys_inputs={"font": family, "text": text}, pdf_standards=["a-2a", "ua-1"])
        assert pdf[:5] == b"%PDF-"


def test_a_picture_is_set_in_the_packages_own_font() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20"><text x="2" y="15" font-size="14" font-family="{}"{}>阶程</text></svg>'
    regular = charts.png(svg.format("Noto Sans SC", ""))
    bold = charts.png(svg.format("Noto Sans SC", ' font-weight="700"'))
    assert regular != bold
