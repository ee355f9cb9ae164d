"""Styles, numbering and settings of the Word document: measures of the house, fonts by style, no theme fonts."""

from __future__ import annotations

from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from stageway.document.drawings.canvas import TOKENS
from stageway.document.writers.word_xml import NAMESPACES, twips
from stageway.evidence import Lang

SERIF = {"zh": ("Times New Roman", "SimSun"), "en": ("Times New Roman", "SimSun")}
SANS = {"zh": ("Arial", "Microsoft YaHei"), "en": ("Arial", "Microsoft YaHei")}
MONO = ("DejaVu Sans Mono", "SimSun")
LEFT, TOP, RIGHT, BOTTOM = 25.0, 27.0, 25.0, 24.0
TEXT_WIDTH = 160.0
HEADING_NUMBERS, BULLETS, ORDERED = 1, 2, 3


def _fonts(faces: tuple[str, str]) -> str:
    latin, han = faces
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}" w:eastAsia="{han}"/>'


def _run(faces: tuple[str, str], size: float, colour: str, bold: bool = False, italic: bool = False) -> str:
    weight = "<w:b/><w:bCs/>" if bold else '<w:b w:val="0"/><w:bCs w:val="0"/>'
    lean = "<w:i/><w:iCs/>" if italic else '<w:i w:val="0"/>'
    return (
        f'<w:rPr>{_fonts(faces)}{weight}{lean}<w:color w:val="{colour.lstrip("#").upper()}"/><w:sz w:val="{round(size * 2)}"/>'
        f'<w:szCs w:val="{round(size * 2)}"/></w:rPr>'
    )


def _spacing(before: float, after: float, line: float, rule: str = "atLeast") -> str:
    value = round(line * 20) if rule != "auto" else round(line * 240)
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" w:line="{value}" w:lineRule="{rule}"/>'


Row = tuple[str, str, str, str, str, str]  # id, name, based on, paragraph properties, run properties, attribute


def styles(lang: Lang) -> list[str]:
    """Every style as XML; those that the template has are replaced."""
    paragraphs = [
        f'<w:style {NAMESPACES} w:type="paragraph" w:styleId="{id}"{default}><w:name w:val="{name}"/>'
        f"{_based_on(base)}{_next(id)}<w:qFormat/><w:pPr>{inside}</w:pPr>{look}</w:style>"
        for id, name, base, inside, look, default in (*_body(lang), *_frame(lang), *_headings(lang))
    ]
    characters = [
        f'<w:style {NAMESPACES} w:type="character" w:customStyle="1" w:styleId="{id}"><w:name w:val="{name}"/><w:qFormat/><w:rPr>{look}</w:rPr></w:style>'
        for id, name, look in _characters(lang)
    ]
    return [*paragraphs, *characters, _table_style()]


def _body(lang: Lang) -> list[Row]:
    zh = lang == "zh"
    serif, sans, ink, mute, brand = SERIF[lang], SANS[lang], TOKENS["ink"], TOKENS["ink-3"], TOKENS["accent"]
    body = 10.5 if zh else 10.8
    indent = '<w:ind w:firstLineChars="200" w:firstLine="420"/>' if zh else ""
    return [
        ("Normal", "Normal", "", _spacing(0, 0, 17 if zh else 15.5), _run(serif, body, ink), ' w:default="1"'),
        ("BodyText", "Body Text", "Normal", f'{_spacing(0, 0 if zh else 8, 17 if zh else 15.5)}{indent}<w:jc w:val="both"/>', "", ""),
        ("Lead", "Lead Paragraph", "Normal", f'{_spacing(2, 2 if zh else 8, 17 if zh else 15.5)}<w:jc w:val="both"/>', "", ""),
        ("ListItem", "List Item", "Normal", _spacing(1.5, 1.5, 16.5 if zh else 15), "", ""),
        ("ListNote", "List Note", "Normal", f'{_spacing(0, 3, 11)}<w:ind w:left="{twips(7)}"/>', _run(sans, 7.5, mute), ""),
        ("TableText", "Table Text", "Normal", _spacing(0, 0, 11), _run(sans, 8.6, ink), ""),
        ("TableHead", "Table Head", "TableText", "<w:keepNext/>", _run(sans, 8.6, brand, bold=True), ""),
        ("Note", "Table Note", "Normal", _spacing(3, 9, 11), _run(sans, 7.8, mute), ""),
        ("FigureNote", "Figure Note", "Note", f'{_spacing(1, 12, 11)}<w:jc w:val="center"/>', "", ""),
        ("Picture", "Picture", "Normal", f'<w:keepNext/>{_spacing(10, 2, 12)}<w:jc w:val="center"/>', "", ""),
        ("Caption", "caption", "Normal", f"<w:keepNext/>{_spacing(9, 4, 13)}", _run(sans, 8.8, ink), ""),
        ("FigureCaption", "Figure Caption", "Caption", f'<w:keepNext w:val="0"/>{_spacing(3, 10, 13)}<w:jc w:val="center"/>', "", ""),
        ("Callout", "Callout", "Normal", _spacing(0, 2, 14), _run(sans, 9, ink), ""),
        ("Gap", "Gap", "Normal", _spacing(0, 0, 7, "exact"), _run(sans, 2, ink), ""),
        (
            "QuoteText",
            "Quotation",
            "Normal",
            f'<w:keepNext/><w:pBdr><w:left w:val="single" w:sz="11" w:space="9" w:color="C5CBCC"/></w:pBdr>{_spacing(8, 0, 16)}<w:ind w:left="{twips(4.2)}"/>',
            _run(serif, body, ink, italic=not zh),
            "",
        ),
        ("QuoteBy", "Quotation Source", "QuoteText", f'<w:keepNext w:val="0"/>{_spacing(0, 10, 13)}', _run(sans, 8.5, mute), ""),
    ]


def _frame(lang: Lang) -> list[Row]:
    """Contents, heads and feet."""
    sans, ink, mute, brand = SANS[lang], TOKENS["ink"], TOKENS["ink-3"], TOKENS["accent"]
    return [
        ("TOCHeading", "TOC Heading", "Normal", _spacing(0, 8, 24), _run(sans, 17, brand, bold=True), ""),
        (
            "Header",
            "header",
            "Normal",
            f'<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="3" w:color="C5CBCC"/></w:pBdr><w:tabs>'
            f'<w:tab w:val="right" w:pos="{twips(TEXT_WIDTH)}"/></w:tabs>{_spacing(0, 0, 11)}',
            _run(sans, 7.8, mute),
            "",
        ),
        (
            "Footer",
            "footer",
            "Normal",
            f'<w:pBdr><w:top w:val="single" w:sz="4" w:space="3" w:color="C5CBCC"/></w:pBdr><w:tabs>'
            f'<w:tab w:val="right" w:pos="{twips(TEXT_WIDTH)}"/></w:tabs>{_spacing(0, 0, 11)}',
            _run(sans, 7.8, mute),
            "",
        ),
        *(
            (
                f"TOC{level}",
                f"toc {level}",
                "Normal",
                f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{twips(TEXT_WIDTH)}"/></w:tabs>{_spacing(1.5 if level == 1 else 0, 0, 12.5 if level == 1 else 11, "exact")}'
                f'<w:ind w:left="{twips(5.5 * (level - 1))}"/>',
                _run(sans, 9.2 if level == 1 else 8.6, ink, bold=level == 1),
                "",
            )
            for level in (1, 2, 3)
        ),
    ]


def _characters(lang: Lang) -> list[tuple[str, str, str]]:
    sans, mute = SANS[lang], TOKENS["ink-3"]
    strong = 19.5 if lang == "zh" else 20
    return [
        ("StrongSans", "Strong Sans", f'{_fonts(sans)}<w:b/><w:bCs/><w:sz w:val="{round(strong)}"/>'),
        ("Small", "Small Grey", f'{_fonts(sans)}<w:color w:val="{mute.lstrip("#").upper()}"/><w:sz w:val="15"/><w:szCs w:val="15"/>'),
        ("Code", "Code", f'{_fonts(MONO)}<w:sz w:val="15"/>'),
        ("StateWord", "State", f"{_fonts(sans)}<w:b/><w:bCs/>"),
    ]


def _based_on(style: str) -> str:
    return f'<w:basedOn w:val="{style}"/>' if style else ""


def _next(id: str) -> str:
    return '<w:next w:val="BodyText"/>' if id.startswith("Heading") else ""


def _headings(lang: Lang) -> list[Row]:
    sans, brand = SANS[lang], TOKENS["accent"]
    rows = ((1, 17.0, 26.0, 13.0, brand, 24), (2, 12.5, 17.0, 9.5, brand, 18), (3, 10.5, 12.0, 7.0, TOKENS["ink"], 15))
    return [
        (
            f"Heading{level}",
            f"heading {level}",
            "Normal",
            f'<w:keepNext/><w:keepLines/><w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="{HEADING_NUMBERS}"/></w:numPr>{_spacing(before, after, line)}'
            f'<w:outlineLvl w:val="{level - 1}"/>',
            _run(sans, size, colour, bold=True),
            "",
        )
        for level, size, before, after, colour, line in rows
    ]


def _table_style() -> str:
    brand, line = TOKENS["accent"][1:].upper(), TOKENS["line-2"][1:].upper()
    return (
        f'<w:style {NAMESPACES} w:type="table" w:customStyle="1" w:styleId="StagewayTable"><w:name w:val="Stageway Table"/><w:qFormat/><w:tblPr><w:tblBorders>'
        f'<w:top w:val="single" w:sz="8" w:space="0" w:color="{brand}"/><w:bottom w:val="single" w:sz="4" w:space="0" w:color="{line}"/>'
        f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{line}"/></w:tblBorders><w:tblCellMar><w:top w:w="50" w:type="dxa"/>'
        f'<w:left w:w="84" w:type="dxa"/>'
        f'<w:bottom w:w="50" w:type="dxa"/><w:right w:w="84" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        f'<w:bottom w:val="single" w:sz="5" w:space="0" w:color="{brand}"/></w:tcBorders>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{TOKENS["accent-soft"][1:].upper()}"/></w:tcPr></w:tblStylePr></w:style>'
    )


def _hanging(mm: float) -> str:
    tab = f'<w:tabs><w:tab w:val="num" w:pos="{twips(mm)}"/></w:tabs>' if mm else ""
    return f'{tab}<w:ind w:left="{twips(mm)}" w:hanging="{twips(mm)}"/>'


def numbering(lang: Lang) -> list[str]:
    """Abstract lists: headings (bound to their styles), bullets, ordered items."""
    if lang == "zh":
        levels = (("chineseCountingThousand", "%1、", "nothing"), ("chineseCountingThousand", "（%2）", "nothing"), ("decimal", "%3.", "space"))
    else:
        levels = (("decimal", "%1", "tab"), ("decimal", "%1.%2", "tab"), ("decimal", "%1.%2.%3", "tab"))
    tabs = (9.0, 11.0, 13.0)
    heads = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:pStyle w:val="Heading{index + 1}"/>'
        f'<w:suff w:val="{suffix}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f"<w:pPr>{_hanging(tabs[index] if suffix == 'tab' else 0.0)}</w:pPr></w:lvl>"
        for index, (form, text, suffix) in enumerate(levels)
    )
    place = f'<w:ind w:left="{twips(7)}" w:hanging="{twips(4.5)}"/>'
    colour = TOKENS["accent"][1:].upper()
    bullet = (
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr>'
        f'{place}</w:pPr><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:color w:val="{colour}"/></w:rPr></w:lvl>'
    )
    ordered = f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/><w:pPr>{place}</w:pPr></w:lvl>'
    kinds = ((HEADING_NUMBERS, "multilevel", heads), (BULLETS, "hybridMultilevel", bullet), (ORDERED, "hybridMultilevel", ordered))
    return [f'<w:abstractNum {NAMESPACES} w:abstractNumId="{id}"><w:multiLevelType w:val="{kind}"/>{inside}</w:abstractNum>' for id, kind, inside in kinds]


def apply(package: Any, lang: Lang) -> None:
    """Put styles, lists, language and settings into an opened template."""
    root = package.styles.element
    for text in styles(lang):
        made = parse_xml(text)
        for old in [each for each in root.findall(qn("w:style")) if each.get(qn("w:styleId")) == made.get(qn("w:styleId")) or _name(each) == _name(made)]:
            root.remove(old)
        root.append(made)
    _without_theme(root, lang)
    lists = package.part.numbering_part.element
    for old in list(lists):
        lists.remove(old)
    for text in numbering(lang):
        lists.append(parse_xml(text))
    for number in (HEADING_NUMBERS, BULLETS, ORDERED):
        lists.append(parse_xml(f'<w:num {NAMESPACES} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))
    settings = package.settings.element
    later = [qn(f"w:{name}") for name in ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "rsids", "themeFontLang", "clrSchemeMapping")]
    for old in [each for each in settings if each.tag == qn("w:compat")]:
        mode = '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        settings.replace(old, parse_xml(f"<w:compat {NAMESPACES}>{mode}</w:compat>"))
    place = next((index for index, each in enumerate(settings) if each.tag in later), len(settings))
    settings.insert(place, parse_xml(f'<w:updateFields {NAMESPACES} w:val="true"/>'))


def _name(style: Any) -> str:
    found = style.find(qn("w:name"))
    return str(found.get(qn("w:val"))).lower() if found is not None else ""


def _without_theme(root: Any, lang: Lang) -> None:
    """Faces of the document's defaults, its language, and no theme font anywhere: else Word prefers them."""
    for fonts in root.iter(qn("w:rFonts")):
        for name in [name for name in fonts.attrib if name.endswith(("Theme", "hint"))]:
            del fonts.attrib[name]
    defaults = root.find(qn("w:docDefaults"))
    if defaults is not None:
        root.remove(defaults)
    other = "zh-CN" if lang == "zh" else "en-GB"
    root.insert(
        0,
        parse_xml(
            f'<w:docDefaults {NAMESPACES}><w:rPrDefault><w:rPr>{_fonts(SERIF[lang])}<w:sz w:val="21"/><w:szCs w:val="21"/>'
            f'<w:lang w:val="{"en-US" if lang == "zh" else other}" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault>'
            f"<w:pPr/></w:pPrDefault></w:docDefaults>"
        ),
    )
