"""The composed document: a handbook before any data, one gate told the same way everywhere, two languages that say the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from stageway.document import dates
from stageway.document.compose import compose, stage_gate
from stageway.document.compose.glossary import said, texts
from stageway.document.compose.pen import Pen
from stageway.document.numbering import walk
from stageway.document.outline import Block, Callout, Document, Figure, Heading, Items, Line, Para, Quote, Strip, Table, Text
from stageway.evidence import LANGS, DefinitionError, Lang, Words
from stageway.process.dossier import Dossier
from stageway.process.record import Choice, OwnWords, Result, Signoff
from tests.document.dossier import full, new

TEMPLATES = ("internet_app", "hardware")


@pytest.fixture(scope="module")
def lumen() -> Dossier:
    return full()


def chapter(document: Document, anchor: str) -> list[Block]:
    """The blocks from that heading to the next of its level or above."""
    blocks = list(document.blocks)
    start = next(i for i, b in enumerate(blocks) if isinstance(b, Heading) and b.anchor == anchor)
    level = blocks[start].level  # type: ignore[union-attr]
    end = next((i for i, b in enumerate(blocks) if i > start and isinstance(b, Heading) and b.level <= level), len(blocks))
    return blocks[start:end]


def text_of(blocks: list[Block] | tuple[Block, ...]) -> str:
    return "\n".join(texts(blocks))


def table(document: Document, id: str) -> list[list[str]]:
    found = next(b for b in walk(document.blocks) if isinstance(b, Table) and b.id == id)
    return [[said(cell) for cell in row] for row in found.rows]


def tables(document: Document) -> dict[str, Table]:
    return {b.id: b for b in walk(document.blocks) if isinstance(b, Table)}


# ── a new product ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("lang", LANGS)
def test_without_data_every_stage_says_what_to_do_by_whom_and_until_when(template: str, lang: Lang) -> None:
    dossier = new(template)
    document = compose(dossier, lang)
    for stage in dossier.process.stages:
        anchors = [b.anchor for b in document.blocks if isinstance(b, Heading)]
        parts = ("purpose", "inputs", "work", "methods", "requirements", "findings", "gate", "risks")
        assert [a for a in anchors if a.startswith(f"{stage.id}-")] == [f"{stage.id}-{part}" for part in parts]
        steps = next(b for b in chapter(document, f"{stage.id}-work") if isinstance(b, Items))
        assert len(steps.items) == len(stage.steps)
        rows = table(document, f"requirements-{stage.id}")
        assert [row[0] for row in rows] == [r.id for r in stage.requirements]
        assert all(all(cell.strip() for cell in row) for row in rows)
        assert len(table(document, f"gate-{stage.id}")) == sum(len(r.criteria) for r in stage.requirements)


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_empty_says_who_delivers_which_requirement_by_when(lang: Lang) -> None:
    dossier = new()
    found = text_of(chapter(compose(dossier, lang), "research-findings"))
    assert found.splitlines()[1].startswith({"zh": "尚无，", "en": "None yet: "}[lang])
    for requirement in dossier.process.stages[0].requirements:
        assert (requirement.id in found) == bool(requirement.evidence)
    later = text_of(chapter(compose(dossier, lang), "design-findings"))
    assert {"zh": "个工作日前提交", "en": "by working day"}[lang] in later, "a stage without dates counts its working days"


def test_no_slot_and_no_heading_stays_empty() -> None:
    for template in TEMPLATES:
        for lang in LANGS:
            document = compose(new(template), lang)
            told = text_of(document.blocks)
            assert not re.search(r"\{\w+\}|…[^”]|None\b(?! yet| registered)|nan\b", told)
            headings = [i for i, b in enumerate(document.blocks) if isinstance(b, Heading)]
            for a, b in zip(headings, [*headings[1:], len(document.blocks)], strict=True):
                level, following = document.blocks[a], document.blocks[b] if b < len(document.blocks) else None
                assert b > a + 1 or (isinstance(following, Heading) and isinstance(level, Heading) and following.level > level.level)


def test_goals_are_asked_for_with_the_example_of_the_template() -> None:
    document = compose(new(), "zh")
    assert "提交产品目标" in text_of(chapter(document, "goals-table"))
    assert table(document, "goals")[0][0] == "示例"


@pytest.mark.parametrize("lang", LANGS)
def test_a_stage_that_has_not_begun_is_not_judged(lang: Lang) -> None:
    document = compose(new(), lang)
    boxes = [b for b in chapter(document, "launch-gate") if isinstance(b, Callout)]
    assert [b.kind for b in boxes] == ["brand"], "no recommendation, only who decides and when"
    assert {row[-1] for row in table(document, "gate-launch")} == {{"zh": "未判定", "en": "not judged yet"}[lang]}


# ── own sentences ─────────────────────────────────────────────────────────────────────────────────────────────────────


def lines_of(block: Para | Items) -> list[Line]:
    return [block.spans] if isinstance(block, Para) else list(block.items)


def sentences(blocks: list[Block], lang: Lang) -> Iterator[str]:
    """Sentences of running text: table cells, captions, titles and fixed labels are none."""
    for block in blocks:
        if isinstance(block, Callout):
            yield from sentences(list(block.blocks), lang)
        for spans in lines_of(block) if isinstance(block, Para | Items) else []:
            for part in re.split(r"(?<=[。！？])|\n" if lang == "zh" else r"(?<=[.!?]) (?=[A-Z])|\n", said(spans)):
                if len(part) > (6 if lang == "zh" else 15):
                    yield part.strip()


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("lang", LANGS)
def test_no_sentence_stands_in_three_stages(template: str, lang: Lang) -> None:
    dossier = new(template)
    document = compose(dossier, lang)
    counted = Counter(s for stage in dossier.process.stages for s in set(sentences(chapter(document, stage.id), lang)))
    assert [s for s, n in counted.items() if n > 2] == []


@pytest.mark.parametrize("lang", LANGS)
def test_no_sentence_of_a_running_product_stands_in_three_stages(lang: Lang, lumen: Dossier) -> None:
    document = compose(lumen, lang)
    counted = Counter(s for stage in lumen.process.stages for s in set(sentences(chapter(document, stage.id), lang)))
    assert [s for s, n in counted.items() if n > 2] == []


# ── two languages ─────────────────────────────────────────────────────────────────────────────────────────────────────


def intervals(document: Document) -> Counter[str]:
    return Counter(re.sub("[%\\s]", "", found) for found in re.findall(r"\[[−\d.,% ]+\]", text_of(document.blocks)))


@pytest.mark.parametrize("make", [new, lambda: new("hardware"), full])
def test_both_languages_have_the_same_ids_rows_and_intervals(make: object) -> None:
    dossier: Dossier = make()  # type: ignore[operator]
    zh, en = (compose(dossier, lang) for lang in LANGS)
    assert [h.anchor for h in zh.headings()] == [h.anchor for h in en.headings()]
    assert {id: (len(t.rows), len(t.columns)) for id, t in tables(zh).items()} == {id: (len(t.rows), len(t.columns)) for id, t in tables(en).items()}
    assert {f.id for f in walk(zh.blocks) if isinstance(f, Figure)} == {f.id for f in walk(en.blocks) if isinstance(f, Figure)}
    assert intervals(zh) == intervals(en)
    codes = [Counter(re.findall(r"(?<![\w-])(?:F\d-\d|D-\d+|C-\d+|RK-\d|L-\d+)", text_of(d.blocks), re.ASCII)) for d in (zh, en)]
    assert codes[0] == codes[1]


def test_chinese_text_has_no_space_between_han_and_latin_except_behind_a_label() -> None:
    spans = [
        span.text
        for block in walk(compose(new(), "zh").blocks)
        if isinstance(block, Para | Items)
        for line in lines_of(block)
        for span in line
        if isinstance(span, Text)
    ]
    assert [
        text
        for text in spans
        if re.search(
            r"[\u4e00-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] [\u4e00-\u9fff]", re.sub(r"[A-Z]+\d+\.\d+ |\b[ARCI] |[A-Z]-\d+ |\d{2}:\d{2}|WCAG 2.2 AA", "", text)
        )
    ] == []


def test_the_same_dossier_gives_the_same_document(lumen: Dossier) -> None:
    assert compose(lumen, "zh") == compose(lumen, "zh")


# ── with data ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_claim_follows_the_verdict(lumen: Dossier) -> None:
    design = text_of(chapter(compose(lumen, "zh"), "design-findings"))
    assert "SUS为76.4 [72.6, 80.2]（n=30，F3-1）。比版本A高10.6 [4.6, 16.6]。SUS得分不低于68。" in design
    assert "注意：n=30，只看得出大的差别。" in design
    launch = text_of(chapter(compose(lumen, "zh"), "launch-findings"))
    assert "“会非常失望”的活跃用户占比未定。" in launch
    assert "若真值就是42.2%，约需2,000份答卷才能判定，还差约1,800，何思于11-26前补齐。" in launch
    assert "（n=268，F5-1，人工填报）" in launch


def test_a_stage_gone_through_twice_shows_both_rounds_beside_each_other(lumen: Dossier) -> None:
    document = compose(lumen, "zh")
    gate = tables(document)["gate-design"]
    assert [c.head for c in gate.columns][-2:] == ["第一轮06-24", "第二轮07-22"]
    row = next(row for row in gate.rows if said(row[0]).startswith("SUS"))
    assert "65.8 [61.0, 70.6]" in said(row[3])
    assert "约需110人" in said(row[3])
    assert "76.4 [72.6, 80.2]" in said(row[4])
    strips = [span for cell in row[3:] for span in cell if isinstance(span, Strip)]
    assert len({(s.threshold, s.span) for s in strips}) == 1, "both rounds on one scale"
    assert all(s.span >= 1.25 * max(abs(s.low - s.threshold), abs(s.high - s.threshold)) for s in strips)


def test_decisions_say_reason_effect_condition_and_where_they_depart_from_the_recommendation(lumen: Dossier) -> None:
    document = compose(lumen, "zh")
    design = text_of(chapter(document, "design-gate"))
    assert "D-004　2026-06-24　周明远决定退回" in design
    assert "退回至第三阶段，做第二轮；第一轮的记录保留。上线日由2026-11-03改为2026-12-08。" in design
    assert "与系统建议（暂缓）不同。" in design
    positioning = text_of(chapter(document, "positioning-gate"))
    assert "林悦于2026-09-30前复测，n≥930；否则重开关口二。2026-09-22以D-006关闭" in positioning
    assert "（被D-005取代）" in text_of(chapter(document, "changes-chapter"))


def test_an_expired_approval_is_said_and_judged_again(lumen: Dossier) -> None:
    document = compose(lumen, "zh")
    boxes = [b for b in chapter(document, "quality-gate") if isinstance(b, Callout)]
    assert any("D-008的批准已失效" in b.title for b in boxes)
    assert any("系统建议" in b.title for b in boxes)
    assert "批准失效" in table(document, "stages")[3][4]


def test_a_decided_gate_has_no_recommendation(lumen: Dossier) -> None:
    boxes = [b for b in chapter(compose(lumen, "zh"), "design-gate") if isinstance(b, Callout)]
    assert [b.kind for b in boxes] == ["recycle", "go"]


def test_an_item_without_its_neighbour_is_named_in_gate_thread_and_open_points(lumen: Dossier) -> None:
    document = compose(lumen, "zh")
    assert "F-09" in text_of(chapter(document, "thread-section"))
    assert "F-09：功能没有需求" in text_of(chapter(document, "open-chapter"))
    row = next(row for row in table(document, "gate-design") if row[0].startswith("有界面的功能占比"))
    assert row[-1].startswith("1/2（F-09）")


def test_open_points_name_every_must_of_the_open_gate_with_person_date_and_consequence(lumen: Dossier) -> None:
    rows = table(compose(lumen, "zh"), "open")
    named = " ".join(row[1] for row in rows)
    for verdict in lumen.missing_musts("launch"):
        assert verdict.requirement in named
    assert "L-17" in named
    assert all(all(cell.strip() for cell in row) for row in rows)
    assert next(row for row in rows if row[0] == "P-6")[1] == "何时收费"


def test_the_calendar_holds_what_lies_ahead_and_the_last_gate(lumen: Dossier) -> None:
    rows = table(compose(lumen, "zh"), "calendar")
    assert [row[0] for row in rows] == ["09-29", "11-26 18:00", "11-27", "12-08"]


def test_the_summary_asks_for_three_decisions_at_most_and_says_what_is_not_known(lumen: Dossier) -> None:
    asked = next(b for b in chapter(compose(lumen, "zh"), "asked") if isinstance(b, Items))
    assert [said(item).split("？")[0] for item in asked.items] == [
        "关口五是否放行“产品上线与推广”",
        "“会非常失望”的活跃用户占比未定，是否带条件放行",
        "是否批准首月推广28万元",
    ]
    summary = text_of(chapter(compose(lumen, "zh"), "summary"))
    assert "未定：约需2,000份答卷" in summary


def test_the_first_sentence_follows_the_state() -> None:
    from stageway.document.compose.pen import Pen
    from stageway.document.compose.summary import one_sentence

    assert one_sentence(Pen(new(), "zh")).startswith("新星处在第一阶段，还缺")
    running = full(at=datetime(2026, 11, 27, 9, tzinfo=ZoneInfo("Asia/Shanghai")))
    assert one_sentence(Pen(running, "zh")).startswith("流明今天不能公开上线：L-17 值班表（未完成；林悦，11-26）")
    early = full(at=datetime(2026, 3, 9, 9, tzinfo=ZoneInfo("Asia/Shanghai")), decisions=())
    assert "前提是" in one_sentence(Pen(replace(early, product=replace(early.product, milestone=replace(early.product.milestone, first=None))), "zh"))
    assert "比计划晚25个工作日" in one_sentence(Pen(early, "zh"))


def test_killed_is_the_first_thing_said() -> None:
    from stageway.document.compose.pen import Pen
    from stageway.document.compose.summary import one_sentence

    base = full()
    killed = replace(base.decisions[3], id="D-009", kind=Choice.KILL, because=Words.of("没有人要"))
    assert one_sentence(Pen(full(decisions=(killed,)), "zh")) == "流明已由D-009终止：没有人要。"


def test_a_signature_shows_who_and_when() -> None:
    signed = full(signoffs=(Signoff("IA3.8", "legal", "privacy", "fengyuan", date(2026, 7, 20)),), decisions=())
    row = next(row for row in table(compose(signed, "zh"), "gate-design") if "隐私" in row[0])
    assert row[3] == "冯远07-20签"
    assert row[-1].startswith("通过")


def test_what_is_past_its_date_is_overdue_and_not_promised(lumen: Dossier) -> None:
    told = text_of(chapter(compose(lumen, "zh"), "design-findings"))
    assert "逾期未交的有" in told
    assert "尚无" not in told


def test_own_words_carry_live_values_and_their_code(lumen: Dossier) -> None:
    assert "按版本B开发（SUS 76.4 [72.6, 80.2]，F3-1）。" in text_of(chapter(compose(lumen, "zh"), "design-findings"))
    quote = next(b for b in chapter(compose(lumen, "en"), "design-gate") if isinstance(b, Quote))
    assert quote.by.endswith("(translated)"), "the words stand in the language they were said in"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("见 {{ suss.score }}。", "did you mean sus"),
        ("见 {{ sus.scor }}。", "did you mean score"),
        ("见 {{ sus.score | range }}。", "known here are interval, n"),
        ("见 {{ sus }}。", "expected such as sus.score"),
    ],
)
def test_a_live_value_that_names_nothing_is_refused_with_file_and_line(written: str, message: str) -> None:
    own = OwnWords("design.meaning", "zh", "suqing", None, f"第一段。\n\n{written}", "words/design.meaning.zh.md", 5)
    with pytest.raises(DefinitionError) as caught:
        compose(full(words=(own,)), "zh")
    assert "words/design.meaning.zh.md, line 7" in caught.value.sentence("en")
    assert message in caught.value.sentence("en").lower()


def test_the_company_may_call_gates_and_stages_by_its_own_words(lumen: Dossier) -> None:
    product = replace(lumen.product, terms={"gate": Words("评审点", "Review")})
    told = text_of(chapter(compose(replace(lumen, product=product), "zh"), "asked"))
    assert "评审点五是否放行" in told


# ── verdict words agree everywhere ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lang", LANGS)
def test_no_verdict_is_told_otherwise_than_it_was_judged(lang: Lang, lumen: Dossier) -> None:
    document = compose(lumen, lang)
    words = {
        Result.PASS: ("通过", "pass"),
        Result.FAIL: ("不通过", "fail"),
        Result.UNDECIDED: ("未定", "undecided"),
        Result.NOT_EVALUABLE: ("不可评定", "not evaluable"),
    }
    rows = table(document, "gate-launch")
    verdicts = sorted(lumen.verdicts("launch"), key=lambda v: (v.ask != "stop", v.ask != "must"))
    assert [row[-1].splitlines()[0] for row in rows] == [words[v.result][0 if lang == "zh" else 1] for v in verdicts]


def test_dates_are_short_where_the_year_is_plain() -> None:
    assert dates.short(date(2026, 12, 8), 2026) == Words("12-08", "8 Dec")
    assert dates.short(date(2027, 1, 15), 2026) == Words("2027-01-15", "15 Jan 2027")
    assert dates.span(date(2026, 3, 2), date(2026, 3, 6), 2026) == Words("03-02～03-06", "2–6 Mar")
    assert dates.span(date(2026, 3, 30), date(2026, 4, 3), 2026) == Words("03-30～04-03", "30 Mar – 3 Apr")
    assert dates.span(date(2026, 5, 21), date(2026, 7, 22), None) == Words("2026-05-21～07-22", "21 May – 22 Jul 2026")
    assert dates.span(date(2026, 12, 28), date(2027, 1, 3), None) == Words("2026-12-28～2027-01-03", "28 Dec 2026 – 3 Jan 2027")
    assert dates.moment("2026-11-27 14:00", 2026) == Words("11-27 14:00", "27 Nov 14:00")
    assert dates.moment("2026-02", None) == Words("2026-02", "Feb 2026")


# ── faults that were seen on the printed page ─────────────────────────────────────────────────────────────────────────


def test_a_gate_that_looks_the_same_today_has_one_column(lumen: Dossier) -> None:
    """What the decision saw is not printed twice; only a result or number that differs gets a second column."""
    research = next(s for s in lumen.process.stages if s.id == "research")
    gate = lumen.gates["research"]
    now = gate.verdicts
    same = replace(lumen, gates={**lumen.gates, "research": replace(gate, expired=True, decisions=tuple(replace(d, verdicts=now) for d in gate.decisions))})
    assert len(stage_gate.columns(Pen(same, "zh"), research)) == 1
    other = (replace(now[0], result=Result.FAIL), *now[1:])
    differs = replace(same, gates={**same.gates, "research": replace(same.gates["research"], verdicts=other)})
    made = stage_gate.gate_table(Pen(differs, "zh"), research)
    assert [c.head for c in made.columns][-1].startswith("今天")
    assert [said(row[-1]) for row in made.rows].count("未变") == len(made.rows) - 1


def test_tests_of_the_thread_are_counted_not_listed(lumen: Dossier) -> None:
    for lang, told in (("zh", "项用例"), ("en", " tests")):
        document = compose(lumen, lang)
        if "thread" in tables(document):
            cells = [cell for row in table(document, "thread") for cell in row]
            assert not any("::" in cell for cell in cells)
            assert all(told in cell for cell in cells if re.fullmatch(r"[\d,]+ ?(项用例|tests)", cell))


def test_inputs_begin_as_a_sentence(lumen: Dossier) -> None:
    for stage in lumen.process.stages:
        told = next(b for b in chapter(compose(lumen, "en"), f"{stage.id}-inputs") if isinstance(b, Para))
        assert not said(told.spans)[:1].islower()
