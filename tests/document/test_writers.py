"""One document, four formats: the same headings, numbers and states in each; text is never markup; the same document is the same file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from stageway.document import charts, glyphs
from stageway.document.binding import bound
from stageway.document.finding_view import finding_blocks
from stageway.document.numbering import numbered
from stageway.document.outline import Block, Break, ColumnSpec, Cover, Document, Heading, Items, Para, Quote, Ref, StageStrip, State, Strip, Table, Text
from stageway.document.states import STATES
from stageway.document.writers import html, markdown, terminal, word, word_tables
from stageway.document.writers.word_numbers import chinese
from stageway.document.writers.word_styles import TEXT_WIDTH
from stageway.evidence import (
    LANGS,
    Chart,
    ColumnHead,
    DefinitionError,
    Estimate,
    Finding,
    Kind,
    Lang,
    Meaning,
    Provenance,
    ResultTable,
    Source,
    Warning,
    Words,
)
from tests.document.drawn import stations, strand
from tests.document.sample import sample
from tests.document.sample_stage import criteria_rows, curve

CACHE: dict[str, str] = {}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NASTY = ("= 0", "- item", "1. first", "# head", "*x*", "_y_", "<b>z</b>", "[a](b)", "a|b", "`c`", "&amp;", "+ 1", "> q", "$m$", "@r")


def small(*blocks: Block, lang: Lang = "zh") -> Document:
    cover = Cover("题", "流程", "公司", (("编号", "X"),), StageStrip((("一", "go", "通过"),)), ())
    return Document(lang, "题", "题", "脚", "人", "2026-11-24T09:00:00+08:00", cover, blocks)


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith((".xml", ".rels"))}


# ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_tables_and_figures_are_counted_by_chapter_and_the_front_matter_shares_one_count() -> None:
    labels = numbered(sample("zh")).labels
    assert [labels[name] for name in ("versions", "stages", "goals", "raci", "swim", "requirements", "gate5", "metrics")] == [
        "表 0-1",
        "表 0-2",
        "表 1-1",
        "表 3-1",
        "图 4-1",
        "表 7-1",
        "表 7-2",
        "表 A-1",
    ]
    assert numbered(sample("en")).labels["tasks"] == "Figure 7-1"
    assert numbered(numbered(sample("zh"))) == numbered(sample("zh"))


@pytest.mark.parametrize("write", [html.write, markdown.write, word.write])
def test_a_reference_to_nothing_is_an_error_in_every_format(write: Callable[[Document], Any]) -> None:
    with pytest.raises(DefinitionError) as caught:
        write(small(Para((Ref("nowhere"),))))
    assert caught.value.sentence("zh") == "正文引用了“nowhere”，文中没有这个表或图。改正引用，或补上这个表或图。"


def test_an_id_used_twice_is_an_error() -> None:
    table = Table("t", "c", (ColumnSpec("h"),), ())
    with pytest.raises(DefinitionError) as caught:
        numbered(small(table, table))
    assert caught.value.code == "id_used_twice"


# ── HTML ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_fetches_nothing_and_has_no_script_or_inline_style(lang: Lang) -> None:
    page = html.write(sample(lang), cache=CACHE)
    assert not [url for url in re.findall(r"https?://[^\s\"'<)]+", page) if not url.startswith("http://www.w3.org/")]
    assert not re.search(r"<script|<link|<img|<iframe|@import|\son\w+=", page)
    assert not re.search(r"url\((?!#)", page)
    assert "style=" not in re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("lang", LANGS)
def test_contents_headings_references_and_ids_of_the_page_agree(lang: Lang) -> None:
    document = sample(lang)
    page = html.write(document, cache=CACHE)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    entries = re.findall(r'<li class="level-\d"><a href="#([^"]+)"', page.split("</aside>")[0])
    assert entries == [heading.anchor for heading in document.headings() if heading.level <= 2]


def test_states_are_a_shape_and_a_word_and_strips_have_a_title() -> None:
    page = html.write(sample("zh"), cache=CACHE)
    states = re.findall(r'<span class="state s-\w+">(<svg.*?</svg>)(.*?)</span>', page)
    assert len(states) > 30
    assert all(word.strip() for _, word in states)
    assert page.count('<svg class="strip"') == page.count("<title>") - 1 - page.count('class="picture') - page.count('class="phone"')
    assert "prefers-color-scheme: dark" in page


def test_text_is_never_markup_in_html() -> None:
    page = html.write(small(*(Para((Text(text),)) for text in NASTY)))
    assert "&lt;b&gt;z&lt;/b&gt;" in page
    assert "&amp;amp;" in page


def test_colours_of_the_page_are_the_tokens_in_both_themes() -> None:
    from tests.shared import shared

    page = html.write(small())
    tokens = shared("tokens.css", "look").read_text(encoding="utf-8")
    for name in ("ink", "paper", "accent", "pass", "fail", "cond", "undec", "void", "undec-mark", "accent-soft"):
        assert re.findall(rf"--{name}: (#\w+);", page) == re.findall(rf"--{name}:\s*(#\w+);", tokens)[:2], name


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_text_is_never_markup_in_markdown() -> None:
    rendered = MarkdownIt("commonmark").enable("table").render(markdown.write(small(*(Para((Text(text),)) for text in NASTY))))
    body = rendered.split("</h1>")[1]
    paragraphs = re.findall(r"<p>(.*?)</p>", body)
    shown = [text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for text in paragraphs]
    assert [text for text in NASTY if text not in shown and text != "&amp;"] == []
    assert "<h2" not in body
    assert "<li" not in body


def test_markdown_has_states_by_character_no_strips_and_tables_that_parse() -> None:
    text = markdown.write(sample("zh"))
    assert "◑ 未定，约需2,000份" in text
    assert "⊝ 不可评定" in text
    rendered = MarkdownIt("commonmark").enable("table").render(text)
    assert rendered.count("<table>") == text.count("**表 ") + 1  # and the data of the small chart
    gate = text.split("**表 7-2")[1].split("\n\n")[1].splitlines()
    assert gate[0] == "| 准则 | 类别 | 所见（95%区间，n） | 门槛 | 结果 |"
    assert "〔图 4-1　产品运营流程泳道图：" in text


def test_bold_that_ends_with_a_mark_closes_before_a_han_character() -> None:
    text = markdown.write(small(Para((Text("没读完是普遍的。", strong=True), Text("占63.4%")))))
    assert "<strong>没读完是普遍的。</strong>" in MarkdownIt().render(text)


def test_a_small_chart_gives_its_numbers_and_a_large_one_does_not() -> None:
    text = markdown.write(sample("en"))
    assert "| T2 import a book | B | 90 | [75, 99] |" in text
    assert markdown.chart_table(curve("en"), zh=False) is None


# ── Word ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module", params=LANGS)
def word_file(request: pytest.FixtureRequest) -> tuple[Lang, bytes]:
    return request.param, word.write(sample(request.param), cache=CACHE)


def test_the_same_document_is_the_same_word_file(word_file: tuple[Lang, bytes]) -> None:
    lang, data = word_file
    assert word.write(sample(lang), cache={}) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_word_headings_are_styles_numbered_by_a_list(word_file: tuple[Lang, bytes]) -> None:
    lang, data = word_file
    opened = docx.Document(io.BytesIO(data))
    found = [(paragraph.style.name, paragraph.text) for paragraph in opened.paragraphs if paragraph.style.name.lower().startswith("heading")]
    wanted = [(heading.level, heading.text) for heading in sample(lang).headings()]
    assert [(int(name[-1]), text.replace("附录 A　", "").replace("Annex A\u2002", "")) for name, text in found] == wanted
    text = parts(data)["word/numbering.xml"]
    assert ("chineseCountingThousand" in text) == (lang == "zh")
    assert '<w:startOverride w:val="3"/>' in text  # chapter 2 is left out, chapter 3 keeps its number
    assert '<w:startOverride w:val="7"/>' in text


def test_the_contents_of_the_word_file_hold_their_entries(word_file: tuple[Lang, bytes]) -> None:
    lang, data = word_file
    opened = docx.Document(io.BytesIO(data))
    entries = [paragraph for paragraph in opened.paragraphs if paragraph.style.name.lower().startswith("toc ") and paragraph.style.name[-1].isdigit()]
    assert len(entries) == sum(heading.level <= 2 for heading in sample(lang).headings())
    body = parts(data)["word/document.xml"]
    marks = set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', body))
    pointed = set(re.findall(r"(?:REF|PAGEREF) (\S+) \\h", body))
    assert pointed <= marks
    assert len(re.findall(r"PAGEREF", body)) == len(entries)
    assert "SEQ 表" in body or "SEQ Table" in body


def test_word_tables_repeat_their_heads_and_never_break_a_row(word_file: tuple[Lang, bytes]) -> None:
    opened = docx.Document(io.BytesIO(word_file[1]))
    styled = [table for table in opened.tables if table.style is not None and table.style.name == "Stageway Table"]
    assert len(styled) == sum(isinstance(block, Table) for block in sample("zh").blocks)
    for table in styled:
        assert table.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row._tr.find(f"{W}trPr/{W}cantSplit") is not None for row in table.rows)
        assert table._tbl.find(f"{W}tblPr/{W}tblLayout").get(f"{W}type") == "fixed"
        total = sum(int(column.get(f"{W}w")) for column in table._tbl.findall(f"{W}tblGrid/{W}gridCol"))
        assert total <= 56.7 * 247.5


def test_word_fonts_are_set_by_style_and_no_theme_font_is_left(word_file: tuple[Lang, bytes]) -> None:
    lang, data = word_file
    styles = parts(data)["word/styles.xml"]
    assert "Theme=" not in styles
    assert 'w:eastAsia="SimSun"' in styles
    assert 'w:eastAsia="Microsoft YaHei"' in styles
    assert ('w:firstLineChars="200"' in styles) == (lang == "zh")


def test_word_pictures_have_words_and_charts_an_svg_beside_the_png(word_file: tuple[Lang, bytes]) -> None:
    data = word_file[1]
    body = parts(data)["word/document.xml"]
    assert all(text.strip() for text in re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', body))
    assert body.count("svgBlip") == sum(type(block).__name__ == "Figure" for block in sample("zh").blocks)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert sum(name.endswith(".svg") for name in archive.namelist()) == 6


def test_word_heads_and_feet_name_document_chapter_and_page(word_file: tuple[Lang, bytes]) -> None:
    texts = parts(word_file[1])
    heads = [text for name, text in texts.items() if re.match(r"word/header\d", name)]
    feet = [text for name, text in texts.items() if re.match(r"word/footer\d", name)]
    assert heads
    assert all("STYLEREF 1" in text for text in heads)
    assert sum("NUMPAGES" in text for text in feet) == len(feet) - 1  # the cover has its notice instead


def test_word_takes_any_text(word_file: tuple[Lang, bytes]) -> None:
    data = word.write(small(*(Para((Text(text + "\x00\x0b"),)) for text in NASTY)))
    texts = [paragraph.text.replace("\u00a0", " ") for paragraph in docx.Document(io.BytesIO(data)).paragraphs]
    assert [text for text in texts if text in NASTY] == list(NASTY)


def test_chinese_numerals_are_counted_as_word_counts_them() -> None:
    assert [chinese(number) for number in (1, 10, 11, 20, 21, 99)] == ["一", "十", "十一", "二十", "二十一", "九十九"]


# ── terminal ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def shown(renderable: Any, width: int = 110) -> str:
    console = Console(width=width, file=io.StringIO(), force_terminal=False)
    console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_terminal_shows_the_interval_the_threshold_and_a_word() -> None:
    given = Strip(65.8, 61.0, 70.6, 68.0, "high", "undecided", 15.0, (0, 100))
    text = terminal.strip(given, 31).plain
    assert len(text) == 31
    assert text.index("[") < text.index("○") < text.index("│") < text.index("]")
    assert "━" in text[16:]
    assert "━" not in text[:15]
    held = terminal.strip(replace(given, state="not_evaluable"), 31).plain
    assert "╌" in held
    assert "○" not in held


@pytest.mark.parametrize("lang", LANGS)
def test_a_terminal_without_the_characters_prints_the_words_alone(lang: Lang) -> None:
    rows = tuple(terminal.VerdictRow(name, ask, seen, at, state, word, small, bar) for name, ask, seen, _, at, bar, state, word, small in criteria_rows(lang))
    with_marks, without = shown(terminal.verdicts(rows, lang)), shown(terminal.verdicts(rows, lang, marks=False))
    for row in rows:
        assert f"{STATES[row.state].plain} {row.word}" in with_marks
        assert row.word in without
    assert not any(look.plain in without for look in STATES.values())


def test_the_line_and_the_thread_in_a_terminal() -> None:
    line = shown(terminal.line(stations("zh")))
    assert [sign for sign in line if sign in "◆⬖◈◇"] == ["◆", "⬖", "◆", "◆", "◈", "◇"]
    thread = shown(terminal.thread(*strand("zh")))
    assert "⋲ 没有测试　指给测试部" in thread
    assert thread.index("原话") < thread.index("需求") < thread.index("目标")


def test_every_block_can_be_shown_in_a_terminal() -> None:
    text = shown(terminal.blocks(sample("zh").blocks))
    for heading in sample("zh").headings():
        assert heading.text in text


# ── findings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def found() -> Finding:
    spec = curve("zh")
    heads = (ColumnHead("q", Words("题", "Item")), ColumnHead("share", Words("占比", "Share"), "%"))
    return Finding(
        Words("SUS为76.4 [72.6, 80.2]（n=30）", "SUS is 76.4 [72.6, 80.2] (n = 30)"),
        Meaning(Words("好用", "It is usable"), Words("很稳", "Quite sure"), Words("去开发", "Go on to development"), Words("再测变差", "A worse second test")),
        (Estimate("score", 76.4, 72.6, 80.2, n=30, kind=Kind.MEAN),),
        (Words("新版高10.6分", "10.6 points above the old version"),),
        (ResultTable("items", Words("各题", "Items"), heads, (("Q1", 0.42), ("Q2", None))),),
        (Chart("curve", Words("曲线", "Curve"), Words("一条曲线", "A curve"), spec, curve("en")),),
        (Warning("small_n", Words("样本少于30", "Fewer than 30")),),
        provenance=Provenance("sus", "1", {}, (Source("answers", "usability_v2", collected=date(2026, 7, 16)),), "Brooke 1996", 1),
    )


@pytest.mark.parametrize("lang", LANGS)
def test_a_finding_says_how_sure_what_next_and_what_would_change_our_mind_in_every_format(lang: Lang) -> None:
    blocks = finding_blocks(found(), lang, "F3-5")
    document = small(Heading(1, "x", "x"), *blocks, lang=lang)
    said = {"zh": ["很稳", "去开发", "再测变差", "样本少于30"], "en": ["Quite sure", "Go on", "A worse second", "Fewer than 30"]}
    wanted = ["42.0%", "usability_v2", "SUS", *said[lang]]
    word_text = parts(word.write(document, cache=CACHE))["word/document.xml"]
    for text in (html.write(document, cache=CACHE), markdown.write(document), shown(terminal.finding(found(), lang, "F3-5")), word_text):
        assert [part for part in wanted if part not in text] == []


def test_two_findings_have_tables_and_figures_of_their_own() -> None:
    numbered(small(*finding_blocks(found(), "zh", "F3-5"), *finding_blocks(found(), "zh", "F3-6")))


# ── charts and glyphs ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_chart_that_would_be_fetched_is_refused() -> None:
    spec = {**curve("en"), "data": {"url": "https://example.org/x.json"}}
    with pytest.raises(DefinitionError) as caught:
        charts.svg(spec)
    assert caught.value.sentence("en") == "the data of a chart are to be fetched from elsewhere (chart.data.url). Expected inline data (values)."


def test_a_chart_is_drawn_once_and_stored_by_what_it_shows(tmp_path: Any) -> None:
    cache: dict[str, str] = {}
    first = charts.svg(curve("zh"), cache=cache)
    assert list(cache.values()) == [first]
    cache[next(iter(cache))] = "stored"
    assert charts.svg(curve("zh"), cache=cache) == "stored"
    assert charts.svg(curve("zh"), cache=tmp_path) == first
    assert len(list(tmp_path.glob("*.svg"))) == 1
    assert "Noto Sans SC" in first
    assert "Inter" not in first
    assert charts.svg(curve("zh"), theme="dark", cache={}) != first


def test_a_document_with_an_uncovered_character_can_be_set_and_says_what_was_replaced() -> None:
    document = small(Para((Text("好😀"), State("pass", "通过"))), Items(((Text("x😀"),),)), Quote("y", "z"))
    done = glyphs.in_document(document)
    assert done.missing == (("😀", "U+1F600 GRINNING FACE"),)
    assert done.made.blocks[0] == Para((Text("好〓"), State("pass", "通过")))
    assert glyphs.in_document(sample("zh")).missing == ()
    typed = glyphs.in_document(small(Para((Text("不通过（☒）"),))))
    assert typed == glyphs.Replaced(small(Para((Text("不通过（"), State("fail", ""), Text("）")))), ())
    assert glyphs.in_document(sample("zh")).made == sample("zh")


# ── faults that were seen on the printed page ─────────────────────────────────────────────────────────────────────────


def test_a_dropped_strip_leaves_no_mark_behind() -> None:
    drawn = Strip(20.0, 18.0, 23.0, 20.0, "high", "undecided", 5.0)
    cell = (Text("20.5%"), Break(), Text("n=1,122，F6-1", mute=True), Break(), drawn)
    made = markdown.write(small(Table("t", "题", (ColumnSpec("当前"), ColumnSpec("状态")), ((cell, (State("pass", "通过"),)),))))
    assert "20.5%，n=1,122，F6-1 |" in made
    assert "； |" not in made


def _rows(data: bytes) -> list[str]:
    return re.findall(r"<w:tr>.*?</w:tr>", parts(data)["word/document.xml"], re.DOTALL)


def test_a_short_table_stays_whole_and_a_tall_one_breaks_between_rows() -> None:
    def table(rows: int) -> Table:
        cell = (Text("交付物"), Break(), Text("做法", mute=True))
        return Table("t", "题", (ColumnSpec("编号"), ColumnSpec("内容")), tuple(((Text(f"A{i}"),), cell) for i in range(rows)))

    for count, tied in ((4, [True, True, True, False]), (12, [True, *[False] * 9, True, False])):
        made = [row for row in _rows(word.write(small(table(count)))) if "交付物" in row]
        assert ["<w:keepNext/>" in row for row in made] == tied
        assert all("<w:cantSplit/>" in row for row in made)


def test_no_column_is_narrower_than_what_may_not_wrap() -> None:
    columns = (ColumnSpec("Owner", 12.0), ColumnSpec("State", 14.0), ColumnSpec("Text"))
    rows = (((Text("Zhou"),), (State("conditional", "conditional go"),), (Text("a long text " * 12),)),)
    least = word_tables.least_widths(columns, rows)
    assert all(width >= need - 0.1 for width, need in zip(word_tables.widths(columns, rows, 160.0), least, strict=True))
    assert sum(word_tables.widths(columns, rows, 160.0)) == pytest.approx(160.0)


def test_a_table_is_turned_by_its_measure_not_by_its_count() -> None:
    def needed(text: str) -> float:
        return word_tables.needed(Table("t", "题", tuple(ColumnSpec("x") for _ in range(11)), (tuple((Text(text),) for _ in range(11)),)))

    assert needed("0.5") < TEXT_WIDTH < needed("0.50 [0.41, 0.59]")


def test_what_belongs_together_stays_on_one_line() -> None:
    assert bound("n = 30, 8 Dec 2026, 500 ms, [72.6, 80.2], Stage 3") == "n\u00a0=\u00a030, 8\u00a0Dec\u00a02026, 500\u00a0ms, [72.6,\u00a080.2], Stage\u00a03"
    text = parts(word.write(small(Para((Text("见RK-2与F3-1，07-22"),)))))["word/document.xml"]
    assert text.count("<w:noBreakHyphen/>") == 3


def test_the_small_text_of_an_item_is_a_paragraph_of_its_own() -> None:
    item = (Text("断言。", strong=True), Break(), Text("来源：问卷", mute=True))
    assert '<w:pStyle w:val="ListNote"/>' in parts(word.write(small(Items((item,)))))["word/document.xml"]
