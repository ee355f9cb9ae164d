"""Surveys as their tools export them: one survey in every layout gives the same answers; then what each layout hides; then broken files."""

import json

import numpy as np
import pytest

from stageway.evidence import DataError, ParamError
from stageway.readers import csv, google_forms, limesurvey, qualtrics, sav, surveymonkey, wjx
from tests.readers import survey_samples as samples
from tests.readers.survey_samples import ADDED, CHANNELS, ITEMS, LAYOUTS, file_of, people, single, told
from tests.shared import shared

READERS = {module.READER.id: module.READER for module in (wjx, google_forms, qualtrics, limesurvey, surveymonkey)}
GIVEN = {
    "wjx_text.csv": ("wjx", {}, "wjx_text"),
    "wjx_text.xlsx": ("wjx", {}, "wjx_text"),
    "wjx_code.csv": ("wjx", {"text": "wjx_text.csv"}, "wjx_code"),
    "google_forms.csv": ("google_forms", {}, "google_forms"),
    "qualtrics.csv": ("qualtrics", {}, "qualtrics"),
    "limesurvey.csv": ("limesurvey", {"labels": {
        "Q1": {"A1": "男", "A2": "女", "A3": "不愿透露"}, "Q2": {"SQ001": "微信公众号", "SQ002": "抖音", "SQ003": "应用商店", "SQ004": "线下活动"},
        "Q4": {"SQ001": "界面", "SQ002": "速度", "SQ003": "客服"}, "Q5": {"R1": "搜索", "R2": "消息", "R3": "支付"}}}, "limesurvey"),
}


def of(id: str, path, **given):
    return READERS[id].read(path, given)


def mean(values):
    return float(np.mean([v for v in values if v is not None]))


# ---- one survey in every layout


@pytest.mark.parametrize("name", GIVEN)
def test_every_tool_made_export_gives_the_expected_answers(name):
    """shared/data/survey_exports/expected.json: what an importer must find in 40 invented answers to one questionnaire."""
    id, given, key = GIVEN[name]
    expected = json.loads(shared("survey_exports/expected.json").read_text("utf-8"))[key]
    reading = READERS[id].read(shared(f"survey_exports/{name}"), given)
    assert len(reading.frame) == expected["responses"]
    sexes = single(reading, "1、您的性别", "您的性别", "Q1")
    assert {sex: sexes.count(sex) for sex in expected["single_counts"]} == expected["single_counts"]
    ticks = told(reading, "multiple")
    assert {option: sum(ticks[option]) for option in expected["multi_counts"]} == expected["multi_counts"]
    assert sum(sum(v) for option, v in ticks.items() if option not in expected["multi_counts"]) == expected["multi_other_count"]
    assert mean(single(reading, "3、您有多大可能向朋友推荐", "您有多大可能向朋友推荐", "Q3")) == pytest.approx(expected["nps_mean"])
    assert {row: mean(v) for row, v in told(reading, "matrix", "row").items()} == pytest.approx(expected["matrix_means"])
    ranked = told(reading, "ranking")
    assert {item: mean(v) for item, v in ranked.items()} == pytest.approx(expected["rank_mean"])
    assert {sum(v is not None for v in values) for values in ranked.values()} == {expected["rank_n"]}
    assert sum(bool(v) for v in single(reading, "6、您的建议", "您的建议", "Q6")) == expected["text_nonempty"]
    assert reading.facts.get("complete", expected.get("complete_responses")) == expected.get("complete_responses")


def test_the_tool_made_exports_hold_one_survey_person_by_person():
    read = {name: READERS[id].read(shared(f"survey_exports/{name}"), given) for name, (id, given, _) in GIVEN.items()}
    read["survey.sav"] = sav.READER.read(shared("survey_exports/survey.sav"), {})
    whole = read["wjx_text.csv"]
    for name, reading in read.items():
        skip = 1 if name == "qualtrics.csv" else 0
        for question in (("1、您的性别", "您的性别", "Q1"), ("3、您有多大可能向朋友推荐", "您有多大可能向朋友推荐", "Q3"), ("6、您的建议", "您的建议", "Q6")):
            assert single(reading, *question) == single(whole, *question)[skip:]
        for type, key in (("multiple", "option"), ("matrix", "row"), ("ranking", "option")):
            mine, theirs = told(reading, type, key), told(whole, type, key)
            assert {k: v for k, v in mine.items() if k in theirs} == {k: theirs[k][skip:] for k in mine if k in theirs}


@pytest.mark.parametrize("id", LAYOUTS)
def test_a_survey_made_by_hand_is_read_alike_from_every_layout(id, tmp_path):
    reading = of(id, file_of(LAYOUTS[id](), tmp_path / "answers.csv"), **ADDED.get(id, {}))
    assert len(reading.frame) == 12
    assert single(reading, "1、您的性别", "您的性别", "Q1") == [p.sex for p in people()]
    assert single(reading, "3、您有多大可能推荐给朋友", "您有多大可能推荐给朋友", "Q3") == [p.nps for p in people()]
    ticks = told(reading, "multiple")
    for option in CHANNELS:
        assert ticks[option] == [None if p.channels is None else int(option in p.channels) for p in people()], option
    other = next(option for option in ticks if option.lower().startswith(("其他", "other")))
    assert ticks[other] == [None if p.channels is None else int("其他" in p.channels) for p in people()]
    written = next(e["column"] for e in reading.facts["codebook"] if e["type"] == "text" and e["column"].endswith((".text", "_TEXT")))
    assert reading.frame[written].tolist() == [p.said or None for p in people()]
    assert told(reading, "matrix", "row") == {"界面": [p.rates[0] for p in people()], "速度": [p.rates[1] for p in people()]}
    assert told(reading, "ranking") == {item: [None if p.order is None else p.order.index(item) + 1 for p in people()] for item in told(reading, "ranking")}
    assert set(told(reading, "ranking")) == set(ITEMS)
    assert single(reading, "6、您的建议", "您的建议", "Q6") == [p.comment for p in people()]


@pytest.mark.parametrize("id", LAYOUTS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_of_the_file_changes_nothing(id, encoding, tmp_path):
    plain = of(id, file_of(LAYOUTS[id](), tmp_path / "a.csv"))
    other = of(id, file_of(LAYOUTS[id](), tmp_path / "b.csv", encoding, ";" if encoding == "utf-16" else ","))
    assert repr(other.frame.records()) == repr(plain.frame.records())
    assert other.facts["codebook"] == plain.facts["codebook"]


@pytest.mark.parametrize("id", LAYOUTS)
def test_columns_that_say_who_a_person_is_are_left_out_and_kept_only_on_request(id, tmp_path):
    path = file_of(LAYOUTS[id](), tmp_path / "a.csv")
    reading, kept = of(id, path), of(id, path, personal="keep")
    assert len(reading.facts["left_out"]) == 1
    (name,) = reading.facts["left_out"]
    assert name not in reading.frame
    assert [w.code for w in reading.warnings if w.code.startswith("personal")] == ["personal_left_out"]
    assert name in kept.frame
    assert [e["column"] for e in kept.facts["codebook"] if e.get("personal")] == [name]
    assert kept.facts["left_out"] == []


@pytest.mark.parametrize("id", LAYOUTS)
def test_the_codebook_has_an_entry_for_each_column(id, tmp_path):
    reading = of(id, file_of(LAYOUTS[id](), tmp_path / "a.csv"))
    assert [e["column"] for e in reading.facts["codebook"]] == reading.frame.names
    assert all({"question", "text", "type"} <= set(e) for e in reading.facts["codebook"])
    json.dumps(reading.facts, allow_nan=False)


# ---- recognised by themselves


@pytest.mark.parametrize("id", LAYOUTS)
def test_exactly_one_reader_recognises_a_layout_and_says_why(id, tmp_path):
    path = file_of(LAYOUTS[id](), tmp_path / "a.csv")
    said = {each: why for each, reader in READERS.items() if (why := reader.recognises(path))}
    assert list(said) == [id]
    assert said[id].zh != said[id].en


@pytest.mark.parametrize("text", ["", "\0\0", "a,b\n1,2\n", "Timestamp,User Count\n1700000000,5\n", "id,submitdate\n1,2\n", '"', "序号,姓名\n1,张三\n", "RespondentID,score\n1,2\n",
                                  "Timestamp,value\n2026-05-01 10:00:00,3\n"])
def test_other_tables_are_recognised_by_none(text, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    assert not any(reader.recognises(path) for reader in READERS.values())


def test_real_files_are_recognised_by_one_reader_and_a_table_of_codes_by_none():
    for name, id in (("survey/starwars_surveymonkey.csv", "surveymonkey"), ("survey/steak_surveymonkey.csv", "surveymonkey"), ("survey_exports/wjx_text.xlsx", "wjx"),
                     ("survey_exports/wjx_code.csv", "wjx"), ("survey_exports/qualtrics.csv", "qualtrics"), ("survey/masculinity_weighted.csv", None)):
        assert [each for each, reader in READERS.items() if reader.recognises(shared(name))] == ([id] if id else [])


# ---- real files


def test_star_wars_the_base_of_a_multi_select_is_those_who_ticked():
    """FiveThirtyEight, "America's Favorite Star Wars Movies" (2014): 936 of 1,186 saw a film, 835 ticked one; shares of these; CC BY 4.0."""
    reading = surveymonkey.READER.read(shared("survey/starwars_surveymonkey.csv"), {})
    assert reading.frame["Have you seen any of the 6 films in the Star Wars franchise?"].tolist().count("Yes") == 936
    ticks = told(reading, "multiple")
    assert {sum(v is not None for v in values) for values in ticks.values()} == {835}
    assert [round(100 * mean(values)) for values in ticks.values()] == [81, 68, 66, 73, 91, 88]
    assert len(told(reading, "ranking")) == 6
    assert len(told(reading, "matrix", "row")) == 14
    assert all(reading.facts["empty"][e["column"]] == 351 for e in reading.facts["codebook"] if e["type"] == "multiple")


def test_steak_markup_leaves_the_question_and_people_who_were_screened_out_stay_missing():
    reading = surveymonkey.READER.read(shared("survey/steak_surveymonkey.csv"), {})
    assert len(reading.frame) == 550
    assert not any("<" in name for name in reading.frame.names[:3])
    eats, how = reading.frame["Do you eat steak?"].tolist(), reading.frame["How do you like your steak prepared?"].tolist()
    assert eats.count("Yes") == 430
    assert {h for e, h in zip(eats, how, strict=True) if e == "No"} == {None}
    assert reading.facts["empty"]["How do you like your steak prepared?"] == how.count(None) == 118


def test_masculinity_a_published_table_of_codes_is_csv():
    frame = csv.READER.read(shared("survey/masculinity_weighted.csv"), {}).frame
    assert len(frame) == 1615
    with pytest.raises(DataError, match="not an export of answers from SurveyMonkey"):
        surveymonkey.READER.read(shared("survey/masculinity_weighted.csv"), {})


# ---- what each layout hides


def test_wjx_pair_gives_the_codes_their_labels_and_the_text_its_options_nobody_chose(tmp_path):
    file_of(samples.wjx_text(), tmp_path / "text.csv")
    file_of(samples.wjx_code(), tmp_path / "code.csv", "gb18030")
    codes = of("wjx", tmp_path / "code.csv", text="text.csv")
    texts = of("wjx", tmp_path / "text.csv", codes="code.csv")
    assert codes.frame["1、您的性别"].tolist() == [2, 1] * 6
    assert next(e for e in codes.facts["codebook"] if e["column"] == "1、您的性别")["labels"] == {"1": "男", "2": "女"}
    assert of("wjx", tmp_path / "code.csv", text="text.csv", values="labels").frame["1、您的性别"].tolist() == texts.frame["1、您的性别"].tolist() == ["女", "男"] * 6
    assert set(told(codes, "multiple")) == {*CHANNELS, "其他", "电视"} == set(told(texts, "multiple"))
    assert set(told(texts, "multiple")["电视"]) == {0, None}
    assert codes.frame["2、您从哪里知道我们？[其他].text"].tolist() == [p.said or None for p in people()]
    assert codes.facts["skipped"] == {f"5、请排序[{item}]": 1 for item in ITEMS}
    assert codes.facts["empty"]["2、您从哪里知道我们？[抖音]"] == 1


def test_wjx_codes_alone_have_no_texts_but_keep_not_asked_apart_from_blank_and_from_zero(tmp_path):
    reading = of("wjx", file_of(samples.wjx_code(), tmp_path / "code.csv"))
    assert reading.facts["export"] == "codes"
    assert "2[抖音]" in reading.frame
    assert reading.facts["skipped"] == {f"5[{item}]": 1 for item in ITEMS}
    assert reading.facts["empty"]["2[电视]"] == 1
    assert sum(v == 0 for v in told(reading, "multiple")["电视"]) == 11


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: rows[:-1], "not of the same answers: 1 stand in one only (such as number 12)"),
        (lambda rows: [row[:-1] for row in rows], "do not hold the same questions: number 6 stands in one only"),
        (lambda rows: [*rows[:2], [*rows[2][:6], 2, *rows[2][7:]], *rows[3:]], 'number 2 is both "女" and "男" in the other file'),
    ],
)
def test_wjx_pair_that_does_not_belong_together_is_refused(change, message, tmp_path):
    file_of(samples.wjx_text(), tmp_path / "text.csv")
    file_of(change(samples.wjx_code()), tmp_path / "code.csv")
    with pytest.raises(DataError) as caught:
        of("wjx", tmp_path / "code.csv", text="text.csv")
    assert message in caught.value.sentence("en")
    assert ".csv" in caught.value.sentence("zh")


def test_wjx_pair_of_two_alike_is_refused(tmp_path):
    file_of(samples.wjx_text(), tmp_path / "text.csv")
    with pytest.raises(DataError, match="not the other kind of export"):
        of("wjx", tmp_path / "text.csv", codes="text.csv")
    with pytest.raises(DataError, match="the file does not exist"):
        of("wjx", tmp_path / "text.csv", codes="nowhere.csv")


def test_wjx_old_workbooks_and_seconds(tmp_path):
    """`wjx_code.xls` was written as Excel 97 with xlwt 1.3 from the rows of `survey_samples.wjx_code`."""
    from pathlib import Path

    old = Path(__file__).parents[1] / "data/survey/wjx_code.xls"
    assert wjx.READER.recognises(old)
    assert told(of("wjx", old), "multiple") == told(of("wjx", file_of(samples.wjx_code(), tmp_path / "a.csv")), "multiple")
    assert of("wjx", file_of(samples.wjx_text(), tmp_path / "b.csv")).frame["所用时间"].tolist() == [60 * i + 5 for i in range(1, 13)]


def test_qualtrics_drops_previews_counts_them_and_knows_derived_columns(tmp_path):
    path = file_of(LAYOUTS["qualtrics"](), tmp_path / "a.csv")
    reading = of("qualtrics", path)
    assert reading.facts["previews"] == 1
    assert reading.facts["incomplete"] == 1
    assert reading.frame.rows.tolist() == list(range(2, 14))
    assert [e["column"] for e in reading.facts["codebook"] if e.get("derived")] == ["Q3_NPS_GROUP"]
    assert len(of("qualtrics", path, incomplete="drop").frame) == 11
    assert "previews_dropped" in [w.code for w in reading.warnings]


def test_qualtrics_seen_but_unanswered_is_blank_and_nothing_is_not_asked(tmp_path):
    rows = samples.qualtrics()
    rows[5][9], rows[6][9] = -99, ""
    reading = of("qualtrics", file_of(rows, tmp_path / "a.csv"))
    assert reading.facts["empty"]["Q3"] == 1
    assert reading.facts["skipped"]["Q3"] == 1


def test_qualtrics_split_columns_are_the_same_multi_select(tmp_path):
    rows = samples.qualtrics()
    split = [[*row[:6], *cells, *row[7:]] for row, cells in zip(rows, (
        ["Q2_1", "Q2_2", "Q2_3", "Q2_4"], [f"您从哪里知道我们？ - Selected Choice - {c}" for c in (*CHANNELS, "其他")], [json.dumps({"ImportId": f"QID2_{i}"}) for i in (1, 2, 3, 4)],
        ["抖音", "", "", ""], *[[c if c in (p.channels or ()) else "" for c in (*CHANNELS, "其他")] for p in people()]), strict=True)]
    joined = of("qualtrics", file_of(rows, tmp_path / "a.csv"), **ADDED["qualtrics"])
    assert told(of("qualtrics", file_of(split, tmp_path / "b.csv")), "multiple") == told(joined, "multiple")


def test_options_with_commas_are_asked_for_not_guessed(tmp_path):
    path = file_of(LAYOUTS["qualtrics"](), tmp_path / "a.csv")
    reading = of("qualtrics", path)
    (warning,) = [w for w in reading.warnings if w.code == "options_with_commas"]
    assert "“商店” and “含应用” always come together" in warning.text.en
    assert not [w for w in of("qualtrics", path, **ADDED["qualtrics"]).warnings if w.code == "options_with_commas"]
    with pytest.raises(DataError, match=r'the question "Q22" of an option is not in the file. At .* Did you mean Q2'):
        of("qualtrics", path, options_of={"Q22": ["a"]})


def test_a_single_choice_whose_options_hold_commas_is_none_of_several(tmp_path):
    rows = [["Timestamp", "How was it?"], *[[f"2026/10/{i + 1} 9:00:00 AM GMT+8", ("Good, thanks", "Bad, sorry", "Neither, really")[i % 3]] for i in range(12)]]
    reading = of("google_forms", file_of(rows, tmp_path / "a.csv"))
    assert reading.frame.names == ["Timestamp", "How was it?"]
    assert of("google_forms", tmp_path / "a.csv", multiple=["How was it?"]).frame.names[1:4] == ["How was it?[Good]", "How was it?[thanks]", "How was it?[Bad]"]


def test_google_times_are_read_where_they_can_be_read_one_way_only(tmp_path):
    def stamps(*texts):
        return of("google_forms", file_of([["Timestamp", "How old?"], *[[text, 5] for text in texts]], tmp_path / "a.csv"))

    assert stamps("2026/10/2 下午 12:01:05", "2026/10/2 上午 12:01:05").frame["Timestamp"].tolist() == ["2026-10-02 12:01:05", "2026-10-02 00:01:05"]
    assert stamps("10/2/2026 21:01:05", "10/13/2026 1:01:05").frame["Timestamp"].tolist() == ["2026-10-02 21:01:05", "2026-10-13 01:01:05"]
    assert stamps("10/2/2026 21:01:05").facts["timestamps"] == "ambiguous"
    assert stamps("10/2/2026 21:01:05").frame["Timestamp"].tolist() == ["10/2/2026 21:01:05"]


def test_limesurvey_headings_and_answers_as_texts_give_the_same(tmp_path):
    rows = samples.limesurvey()
    texts = {"Q1": "您的性别", "Q3": "您有多大可能推荐给朋友", "Q6": "您的建议", **{f"Q2[SQ00{i}]": f"您从哪里知道我们？ [{c}]" for i, c in enumerate(CHANNELS, 1)},
             "Q2[other]": "您从哪里知道我们？ [其他]", "Q4[SQ001]": "请评价 [界面]", "Q4[SQ002]": "请评价 [速度]", **{f"Q5[{i}]": f"请排序 [{i}]" for i in (1, 2, 3)},
             "id": "Response ID", "submitdate": "Date submitted", "lastpage": "Last page", "startlanguage": "Start language", "seed": "Seed", "ipaddr": "IP address"}
    answers = {"A1": "男", "A2": "女", "Y": "是", **{f"R{i}": item for i, item in enumerate(ITEMS, 1)}}
    full = [[texts[name] for name in rows[0]], *[[*row[:6], *[answers.get(c, c) for c in row[6:11]], row[11], *[c[1:] for c in row[12:14]],
                                                   *[answers.get(c, c) for c in row[14:]]] for row in rows[1:]]]
    both = [[f"{name}. {texts[name]}" for name in rows[0]], *rows[1:]]
    for id, made in (("full", full), ("both", both)):
        path = file_of(made, tmp_path / f"{id}.csv")
        assert limesurvey.READER.recognises(path)
        reading = of("limesurvey", path)
        assert told(reading, "multiple")["抖音"] == [None if p.channels is None else int("抖音" in p.channels) for p in people()]
        assert told(reading, "matrix", "row")["界面"] == [p.rates[0] for p in people()]
        assert single(reading, "您有多大可能推荐给朋友") == [p.nps for p in people()]
        assert reading.facts["incomplete"] == 1
    assert of("limesurvey", tmp_path / "full.csv").facts["headings"] == "text"
    assert of("limesurvey", tmp_path / "both.csv").facts["headings"] == "code and text"
    assert len(of("limesurvey", tmp_path / "both.csv", incomplete="drop").frame) == 11


def test_phone_numbers_inside_of_open_answers_are_pointed_at(tmp_path):
    rows = samples.wjx_text()
    rows[3][-1] = "加我微信 13812345678\n谢谢"
    reading = of("wjx", file_of(rows, tmp_path / "a.csv"))
    (warning,) = [w for w in reading.warnings if w.code == "personal_in_text"]
    assert warning.text.zh == "“6、您的建议”有1条回答里写了电话、邮箱或证件号，引用原话前请遮去"


# ---- broken files


@pytest.mark.parametrize("id", LAYOUTS)
def test_a_file_that_was_cut_off_is_refused_with_its_place(id, tmp_path):
    whole = samples.text_of(LAYOUTS[id]())
    path = tmp_path / "a.csv"
    path.write_text(whole[:-30], encoding="utf-8", newline="")
    with pytest.raises(DataError) as caught:
        of(id, path)
    assert caught.value.code in ("table_cut", "row_ragged")
    assert str(path) in caught.value.sentence("en")
    assert "xport" in caught.value.sentence("en")


@pytest.mark.parametrize("id", LAYOUTS)
def test_a_row_of_another_width_is_named(id, tmp_path):
    rows = LAYOUTS[id]()
    rows[5] = rows[5][:-2]
    with pytest.raises(DataError) as caught:
        of(id, file_of(rows, tmp_path / "a.csv"))
    headers = {"qualtrics": 3, "surveymonkey": 2}.get(id, 1)
    width = len(rows[0])
    assert caught.value.sentence("en").startswith(f"this row has {width - 2} cells, the header has {width}. At {tmp_path / 'a.csv'}, row {6 - headers}, value ")


@pytest.mark.parametrize(("id", "drop"), [("qualtrics", slice(1, 3)), ("qualtrics", slice(2, 3)), ("surveymonkey", slice(1, 2)), ("wjx", slice(0, 1)), ("google_forms", slice(0, 1)),
                                          ("limesurvey", slice(0, 1))])
def test_missing_header_rows_are_said(id, drop, tmp_path):
    rows = LAYOUTS[id]()
    del rows[drop]
    with pytest.raises(DataError) as caught:
        of(id, file_of(rows, tmp_path / "a.csv"))
    assert caught.value.expected is not None
    assert caught.value.code.startswith(id)


@pytest.mark.parametrize("id", LAYOUTS)
def test_a_file_without_answers_is_refused(id, tmp_path):
    headers = {"qualtrics": 3, "surveymonkey": 2}.get(id, 1)
    with pytest.raises(DataError, match="the file holds no answers"):
        of(id, file_of(LAYOUTS[id]()[:headers], tmp_path / "a.csv"))


@pytest.mark.parametrize(("given", "message"), [({"personal": "yes"}, "leave_out or keep"), ({"values": 1}, "codes or labels"), ({"options_of": ["a"]}, "a mapping"),
                                                ({"labels": {"a": 1}}, "a mapping"), ({"multiple": 5}, "a list"), ({"delimiter": "x"}, "a comma")])
def test_an_option_of_the_wrong_kind_is_refused(given, message, tmp_path):
    path = file_of(LAYOUTS["wjx"](), tmp_path / "a.csv")
    with pytest.raises(ParamError, match=message):
        of("wjx", path, **given)
