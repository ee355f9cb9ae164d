from datetime import date

import pytest

from stageway.evidence import DefinitionError, Words
from stageway.process.items import Items, assemble, read_items
from stageway.process.template import builtin_kinds
from tests.process.build import item

BOOK = builtin_kinds()


def read(kind: str, text: str, file: str | None = None):
    return read_items(BOOK.kinds[kind], text, file or f"items/{kind}.yaml")


def refused(call) -> tuple[str, str, str]:
    with pytest.raises(DefinitionError) as caught:
        call()
    return caught.value.code, caught.value.sentence("zh"), caught.value.sentence("en").replace("?.", "?")


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_items_are_read_with_their_types_links_and_lines():
    first, second = read(
        "need",
        """\
- id: N-004
  title: {zh: 导入自己的书, en: Import my own books}
  priority: must
  finding: [kano, reviews]
- {id: 5, title: 夜间排版, because: {zh: 睡前读, en: read in bed}}
""",
    )
    assert (first.id, first.kind, first.title, first.values, first.links) == (
        "N-004", "need", Words("导入自己的书", "Import my own books"), {"priority": "must"}, {"finding": ("kano", "reviews")},
    )
    assert (first.where.file, first.where.line, second.where.line) == ("items/need.yaml", 1, 5)
    assert (second.id, second.title, second.values) == ("5", Words("夜间排版", "夜间排版"), {"because": Words("睡前读", "read in bed")})


def test_a_csv_file_holds_the_same_with_links_between_semicolons():
    text = "\ufeffid,title,checked,kind,finding\nC-1,听川,2026-03-20,direct,map; reviews\n\nC-2,某阅读器,,substitute,\n"
    first, second = read("competitor", text, "items/competitor.csv")
    assert (first.values, first.links) == ({"checked": date(2026, 3, 20), "kind": "direct"}, {"finding": ("map", "reviews")})
    assert (second.values, second.links, second.where.line) == ({"kind": "substitute"}, {}, 4)


def test_each_type_of_field_is_read():
    (activity,) = read("activity", "- {id: AC-1, title: 读书周, from: 2026-11-01, to: '2026-11-07', control: 300, budget: 9600.5, state: ended}")
    assert activity.values == {"from": date(2026, 11, 1), "to": date(2026, 11, 7), "control": 300, "budget": 9600.5, "state": "ended"}
    (segment,) = read("segment", "- {id: SG-1, title: 通勤, target: 是}")
    assert segment.values == {"target": True}
    (problem,) = read("problem", "- {id: P-1, title: 找不到导入, severity: 3, found_by: [何思, 苏晴]}")
    assert problem.values == {"severity": 3, "found_by": ("何思", "苏晴")}


def test_an_empty_file_has_no_items():
    assert read("need", "") == read("need", "# nothing yet\n") == read("need", "id,title\n", "items/need.csv") == ()


@pytest.mark.parametrize(
    ("kind", "text", "zh", "en"),
    [
        (
            "need", "- id: N-1\n  title: 导入\n  prioritiy: must\n", "不认识的字段“prioritiy”。位置：items/need.yaml，第3行。您是否要写：priority。",
            'unknown field "prioritiy". At items/need.yaml, line 3. Did you mean priority?',
        ),
        (
            "need", "- id: N-1\n  title: 导入\n  priority: most\n",
            "字段“priority”的值“most”不对。位置：items/need.yaml，第3行。应为：must, should, could, wont 之一。",
            'field "priority" cannot be "most". At items/need.yaml, line 3. Expected one of must, should, could, wont.',
        ),
        (
            "activity", "- {id: AC-1, title: 读书周, control: some}", "字段“control”的值“some”不对。位置：items/activity.yaml，第1行。应为：数字。",
            'field "control" cannot be "some". At items/activity.yaml, line 1. Expected a number.',
        ),
        (
            "activity", "- {id: AC-1, title: 读书周, control: 3.5}", "字段“control”的值“3.5”不对。位置：items/activity.yaml，第1行。应为：整数。",
            'field "control" cannot be "3.5". At items/activity.yaml, line 1. Expected a whole number.',
        ),
        (
            "activity", "- {id: AC-1, title: 读书周, budget: .inf}", "字段“budget”的值“inf”不对。位置：items/activity.yaml，第1行。应为：数字。",
            'field "budget" cannot be "inf". At items/activity.yaml, line 1. Expected a number.',
        ),
        (
            "activity", "- {id: AC-1, title: 读书周, from: 11月1日}",
            "字段“from”的值“11月1日”不对。位置：items/activity.yaml，第1行。应为：日期，如 2026-05-20。",
            'field "from" cannot be "11月1日". At items/activity.yaml, line 1. Expected a date such as 2026-05-20.',
        ),
        (
            "out", "- {id: O-1, title: 社交}", "不做 O-1 缺少字段“reason”。位置：items/out.yaml，第1行。",
            'Out of scope O-1 lacks the field "reason". At items/out.yaml, line 1.',
        ),
        ("need", "- {title: 导入}", "缺少字段“id”。位置：items/need.yaml，第1行。", 'the field "id" is missing. At items/need.yaml, line 1.'),
        (
            "need", "N-1: {title: 导入}", "条目文件应是一个列表，每项一组“字段: 值”。位置：items/need.yaml，第1行。",
            "an item file should be a list of mappings. At items/need.yaml, line 1.",
        ),
        (
            "function", "- id: F-1\n  title: 导入\n  screen: [S-1]\n",
            "不认识的字段“screen”。位置：items/function.yaml，第3行。可用的名称：acceptance、finding、id、need、priority、release、tests、title。",
            'unknown field "screen". At items/function.yaml, line 3. '
            'Known here are acceptance, finding, id, need, priority, release, tests, title.',
        ),
    ],
)
def test_a_wrong_field_is_refused_with_file_and_line(kind, text, zh, en):
    assert refused(lambda: read(kind, text))[1:] == (zh, en)


def test_a_row_of_a_csv_that_is_too_long_is_refused_with_its_line():
    assert refused(lambda: read("need", "id,title\nN-1,导入\nN-2,夜间,多余\n", "items/need.csv"))[1:] == (
        "这一行的单元格比表头多。位置：items/need.csv，第3行。", "this row has more cells than the header. At items/need.csv, line 3.",
    )
    assert refused(lambda: read("need", "id,title,priority\nN-1,导入,most\n", "items/need.csv"))[2].startswith(
        'field "priority" cannot be "most". At items/need.csv, line 2.'
    )


# ── putting together ──────────────────────────────────────────────────────────────────────────────────────────────────


def together(*texts: tuple[str, str], evidence=("kano",)) -> Items:
    return assemble(BOOK, [each for kind, text in texts for each in read(kind, text)], evidence)


def test_an_id_used_twice_names_both_places():
    assert refused(lambda: together(("need", "- {id: X-1, title: a}"), ("function", "- {id: F-1, title: b}\n- {id: X-1, title: c}"))) == (
        "id_twice", "编号 X-1 用了两次（另一处：items/need.yaml，第1行）。位置：items/function.yaml，第2行。",
        "the id X-1 is used twice (also at items/need.yaml, line 1). At items/function.yaml, line 2.",
    )


def test_all_links_that_lead_nowhere_are_named_at_once():
    functions = "- {id: F-1, title: a, need: [N-4]}\n- {id: F-2, title: b, need: [N-3, N-4]}\n- {id: F-3, title: c, need: N-3}"
    assert refused(lambda: together(("need", "- {id: N-3, title: 导入}"), ("function", functions))) == (
        "link_dangling",
        "有2条链接指向不存在的条目或结论：F-1 → need N-4（items/function.yaml，第1行）；F-2 → need N-4（items/function.yaml，第2行）。"
        "位置：items/function.yaml，第1行。您是否要写：N-3。",
        "2 link(s) lead to nothing: F-1 → need N-4 (items/function.yaml, line 1); F-2 → need N-4 (items/function.yaml, line 2). "
        "At items/function.yaml, line 1. Did you mean N-3?",
    )
    needs = "- {id: N-3, title: 导入}\n- {id: N-4, title: 导出}"
    assert [i.id for i in together(("need", needs), ("function", functions)).of("function")] == ["F-1", "F-2", "F-3"]


def test_a_link_to_an_item_of_another_kind_or_to_unknown_evidence_leads_nowhere():
    assert refused(lambda: together(("function", "- {id: F-1, title: a}\n- {id: F-2, title: b, need: F-1}")))[0] == "link_dangling"
    code, _, en = refused(lambda: together(("need", "- {id: N-1, title: a, finding: kanno}")))
    assert (code, en.endswith("Did you mean kano?")) == ("link_dangling", True)
    assert together(("need", "- {id: N-1, title: a, finding: kano}")).by_id["N-1"].links == {"finding": ("kano",)}


def test_links_that_run_in_a_circle_are_refused_with_the_way_round():
    needs = "- {id: N-1, title: a, incident: I-1}"
    code, zh, en = refused(
        lambda: together(("need", needs), ("function", "- {id: F-1, title: b, need: N-1}"), ("incident", "- {id: I-1, title: c, function: F-1}"))
    )
    assert code == "link_circle"
    assert zh == "链接成了环：N-1 → I-1 → F-1 → N-1。位置：items/function.yaml，第1行。去掉其中一条链接。"
    assert en == "the links run in a circle: N-1 → I-1 → F-1 → N-1. At items/function.yaml, line 1. Take one of these links out."
    open_ = together(("need", needs), ("function", "- {id: F-1, title: b}"), ("incident", "- {id: I-1, title: c, function: F-1}"))
    assert len(open_.all) == 3


def test_two_ways_to_one_item_are_no_circle():
    made = together(
        ("function", "- {id: F-1, title: a}"), ("screen", "- {id: S-1, title: b, function: F-1}"),
        ("work_item", "- {id: W-1, title: c, function: F-1, screen: S-1}"),
    )
    assert len(made.all) == 3


def test_a_long_chain_of_links_is_walked_without_recursion():
    chain = [item("N-0", "need")]
    for i in range(1, 3000, 3):
        chain += [
            item(f"F-{i}", "function", {"need": (chain[-1].id,)}), item(f"I-{i}", "incident", {"function": (f"F-{i}",)}),
            item(f"N-{i}", "need", {"incident": (f"I-{i}",)}),
        ]
    assert len(assemble(BOOK, chain, ()).all) == len(chain)


# ── the thread ────────────────────────────────────────────────────────────────────────────────────────────────────────

THREAD = Items(
    BOOK,
    (
        item("Q-1", "quote"), item("N-1", "need", {"quote": ("Q-1",), "finding": ("kano",)}), item("N-2", "need"),
        item("F-1", "function", {"need": ("N-1",)}, tests="*import*; test_pdf_*"), item("F-2", "function"), item("F-3", "function", {"need": ("N-1",)}),
        item("S-1", "screen", {"function": ("F-1",)}), item("W-1", "work_item", {"screen": ("S-1",)}),
        item("EV-1", "event", {"function": ("F-1",), "goal": ("O1",)}), item("O1", "goal"), item("RK-1", "risk", {"function": ("F-2",)}),
    ),
)


def names(items) -> list[str]:
    return [each.id for each in items]


def test_the_thread_is_walked_both_ways():
    function, work = THREAD.by_id["F-1"], THREAD.by_id["W-1"]
    assert names(THREAD.reach(function, up=True)) == ["N-1", "Q-1"]
    assert names(THREAD.reach(function, up=False)) == ["S-1", "EV-1", "W-1", "O1"]
    assert names(THREAD.reach(work, up=True)) == ["S-1", "F-1", "N-1", "Q-1"]
    assert names(THREAD.reach(THREAD.by_id["O1"], up=True)) == ["EV-1", "F-1", "N-1", "Q-1"]
    assert THREAD.reach(THREAD.by_id["RK-1"], up=True) == ()


def test_an_item_has_what_is_linked_directly_or_along_the_thread():
    has = {(id, target): THREAD.has(THREAD.by_id[id], target) for id, target in [
        ("F-1", "need"), ("F-2", "need"), ("N-1", "work_item"), ("N-2", "work_item"), ("F-1", "design"), ("F-3", "design"), ("F-2", "risk"), ("F-1", "risk"),
        ("N-1", "finding"), ("N-2", "finding"), ("F-1", "tests"), ("F-2", "tests"), ("N-1", "goal"), ("F-3", "screen"),
    ]}
    assert [key for key, value in has.items() if value] == [
        ("F-1", "need"), ("N-1", "work_item"), ("F-1", "design"), ("F-2", "risk"), ("N-1", "finding"), ("F-1", "tests"), ("N-1", "goal"),
    ]


def test_gaps_are_the_open_ends_of_what_is_in_use():
    found = {(gap.item.id, gap.lacks, gap.direction) for gap in THREAD.gaps()}
    assert found == {
        ("N-2", "finding", "up"), ("N-2", "function", "down"), ("F-2", "need", "up"), ("F-2", "screen", "down"), ("F-3", "screen", "down"),
        ("F-2", "work_item", "down"), ("F-3", "work_item", "down"),
    }
    tested = THREAD.with_tests([("c1", "test_F_1_opens")])
    assert {(g.item.id, g.lacks) for g in tested.gaps()} - {(id, lacks) for id, lacks, _ in found} == {("N-2", "test"), ("F-2", "test"), ("F-3", "test")}


def test_items_are_selected_by_their_fields_as_text():
    items = Items(BOOK, (
        item("A-1", "activity", state="ended", budget=9600.0), item("A-2", "activity", state="planned", **{"from": date(2026, 11, 1)}),
        item("SG-1", "segment", target=True), item("SG-2", "segment"),
    ))
    assert names(items.select("activity", {"state": "ended"})) == ["A-1"]
    assert names(items.select("activity", {"budget": "9600"})) == ["A-1"]
    assert names(items.select("activity", {"from": "2026-11-01", "state": "planned"})) == ["A-2"]
    assert names(items.select("segment", {"target": "yes"})) == ["SG-1"]
    assert names(items.select("activity", {"id": "A-2"})) == ["A-2"]


# ── tests ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def owners(*case_names: str, things=THREAD) -> dict[str, list[str]]:
    made = things.with_tests([(name, name) for name in case_names])
    return {t.id: [id for ids in t.links.values() for id in ids] for t in made.of("test")}


def test_a_case_belongs_to_the_items_whose_id_is_in_its_name():
    assert owners("test_F_2_opens", "F-2: opens", "f2_opens", "reader.F-2打开", "test_F_20", "test_EV_1_and_n_2", "other") == {
        "test_F_2_opens": ["F-2"], "F-2: opens": ["F-2"], "reader.F-2打开": ["F-2"], "test_EV_1_and_n_2": ["N-2", "EV-1"],
    }


def test_a_case_belongs_to_the_items_whose_pattern_it_matches():
    assert owners("reader::import_epub", "test_pdf_large", "test_epub") == {"reader::import_epub": ["F-1"], "test_pdf_large": ["F-1"]}
    assert owners("test_F_1_import") == {"test_F_1_import": ["F-1"]}


def test_an_id_of_other_letters_is_found_as_a_whole():
    things = Items(BOOK, (item("需求1", "need"), item("功能-1", "function")))
    assert owners("test_1", "test_需求1_导入", "功能_1可用", things=things) == {"test_需求1_导入": ["需求1"], "功能_1可用": ["功能-1"]}


def test_a_case_links_only_to_kinds_that_a_test_may_link_to():
    assert owners("test_Q_1_and_RK_1_and_O1") == {}
    assert set(THREAD.with_tests([("c", "test_F_2")]).by_id["c"].links) <= set(BOOK.kinds["test"].links)
