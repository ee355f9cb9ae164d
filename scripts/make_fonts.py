"""Make the fonts that the package ships: Noto Sans SC Regular and Bold, Noto Serif SC Regular, cut to GBK and the signs that documents use.

    uv run --with fonttools --with pylopdf-fonts-zh-cn==0.1.1 --with manimgx-fonts-cjk==2026.9.26.post1 scripts/make_fonts.py [FOLDER]

Sources, all under the SIL Open Font License 1.1: the static Regulars of `pylopdf-fonts-zh-cn`; the Bold is the instance at weight 700 of the variable
font in `manimgx-fonts-cjk`, renamed to the same family. The cut fonts go to FOLDER, by default src/stageway/document/fonts.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from fontTools.cffLib.CFF2ToCFF import convertCFF2ToCFF
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).resolve().parents[1] / "src" / "stageway" / "document" / "fonts"
STATICS = {"NotoSansSC-Regular.otf": ("Noto Sans SC", "Regular"), "NotoSerifSC-Regular.otf": ("Noto Serif SC", "Regular")}
BOLD = ("NotoSansSC-Bold.otf", "Noto Sans SC", "Bold")
#: Latin, Greek, punctuation, currency, arrows, mathematics, enclosed figures, shapes, CJK signs with kana (GB 2312's middle dot is U+30FB), full width
BLOCKS = (
    (0x20, 0x17F),
    (0x370, 0x3FF),
    (0x2000, 0x206F),
    (0x2070, 0x209F),
    (0x20A0, 0x20CF),
    (0x2100, 0x22FF),
    (0x2300, 0x23FF),
    (0x2460, 0x24FF),
    (0x2500, 0x27BF),
    (0x2B00, 0x2BFF),
    (0x3000, 0x30FF),
    (0x3200, 0x33FF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
)
FEATURES = ["ccmp", "kern", "palt", "pwid", "halt", "liga", "mark", "mkmk"]


def characters() -> set[int]:
    """Every character of GBK and of the blocks above; what the source lacks is left out by the cut."""
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF) if trail != 0x7F)
    decoded = (pair.decode("gbk", errors="ignore") for pair in pairs)
    return {ord(char) for text in decoded for char in text} | {code for first, last in BLOCKS for code in range(first, last + 1)}


def cut(font: TTFont) -> TTFont:
    options = Options()
    options.layout_features = FEATURES
    options.hinting = "fvar" in font  # the instancer wants the hints of a variable font; they go afterwards
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    return font


def rename(font: TTFont, family: str, style: str) -> TTFont:
    """One family with a Regular and a Bold that every program pairs, and nothing left of the variable font's names."""
    table = font["name"]
    keep = {record.nameID: str(record) for record in table.names if record.nameID in (0, 5, 13, 14) and record.langID == 0x409}
    postscript = f"{family.replace(' ', '')}-{style}"
    texts = {**keep, 1: family, 2: style, 3: f"{postscript};GBK cut", 4: family if style == "Regular" else f"{family} {style}", 6: postscript}
    table.names = []
    for number, text in sorted(texts.items()):
        table.setName(text, number, 3, 1, 0x409)
    bold = style == "Bold"
    font["OS/2"].usWeightClass = 700 if bold else 400
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x61) | (0x20 if bold else 0x40)
    font["head"].macStyle = 1 if bold else 0
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [postscript]
        top = cff.topDictIndex[0]
        top.FamilyName, top.FullName, top.Weight = family, texts[4], style
    font["head"].modified = font["head"].created
    return font


def renumbered(font: TTFont) -> TTFont:
    """The same font with its glyphs named by number, as a CFF with character ids wants them."""
    font["post"].formatType = 3.0
    stored = BytesIO()
    font.save(stored)
    stored.seek(0)
    font = TTFont(stored, recalcTimestamp=False)
    font.setGlyphOrder([".notdef", *(f"cid{index:05d}" for index in range(1, font["maxp"].numGlyphs))])
    strings = font["CFF2"].cff[0].CharStrings
    for name in font.getGlyphOrder():  # read all before the conversion, which cannot read
        strings[name].decompile()
    return font


def bold_instance(collection: Path) -> TTFont:
    fonts = TTCollection(str(collection)).fonts
    font = next(each for each in fonts if each["name"].getDebugName(1) == "Noto Sans CJK SC")
    font = cut(font)
    font = instancer.instantiateVariableFont(font, {"wght": 700}, inplace=True)
    if "STAT" in font:
        del font["STAT"]
    font = renumbered(font)
    convertCFF2ToCFF(font)
    font["CFF "].cff.remove_hints()
    return font


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    statics = Path(str(files("pylopdf_fonts_zh_cn")))
    for name, (family, style) in STATICS.items():
        save(rename(cut(TTFont(statics / name, recalcTimestamp=False)), family, style), folder / name)
    name, family, style = BOLD
    collection = Path(str(files("manimgx_fonts_cjk"))) / "NotoSansCJK-VF.otf.ttc"
    save(rename(bold_instance(collection), family, style), folder / name)
    (folder / "covered.txt").write_text(covered(folder), encoding="ascii")


def covered(folder: Path) -> str:
    """The characters that all three fonts have, as ranges `20-7e`, one a line: what `document.glyphs` checks texts against."""
    maps = [set(TTFont(path, lazy=True).getBestCmap()) for path in sorted(folder.glob("*.otf"))]
    codes = set.intersection(*maps)
    starts = sorted(code for code in codes if code - 1 not in codes)
    ends = sorted(code for code in codes if code + 1 not in codes)
    return "".join(f"{first:x}-{last:x}\n" for first, last in zip(starts, ends, strict=True))


def save(font: TTFont, path: Path) -> None:
    font.recalcTimestamp = False
    font.save(path)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, {len(font.getBestCmap())} characters")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
