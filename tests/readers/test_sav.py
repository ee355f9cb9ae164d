"""SPSS files: labels, missing codes, sets of multiple responses; then files that are none."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from stageway.evidence import DataError
from stageway.readers import sav
from tests.shared import shared

LABELS = {"Q1": {1: "男", 2: "女", 9: "拒答"}, "Q5": {-1: "未问（跳过）", 1: "很不满意", 5: "很满意"},
          **{f"Q2_{i}": {0: "未选中", 1: "选中"} for i in (1, 2)}, **{f"Q7_{i}": {1: "Yes", 2: "No"} for i in (1, 2)}}
TEXTS = {"Q1": "您的性别", "Q2_1": "您的渠道:抖音", "Q2_2": "您的渠道:应用商店", "Q3": "您有多大可能向朋友推荐", "Q5": "您对客服的满意程度", "Q7_1": "Owns - car", "Q7_2": "Owns - bike",
         "Q8": "您的手机号", "Q9": "您的建议"}


def written(path, **changed):
    """Six people: 9 of Q1 and -1 of Q5 are user-missing, 90–99 of Q3 too; person 3 has no answer to the set Q2."""
    import pandas as pd
    import pyreadstat

    columns = {
        "ID": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "Q1": [1.0, 2.0, 9.0, 1.0, 2.0, None], "Q2_1": [1.0, 0.0, None, 1.0, 0.0, 0.0], "Q2_2": [0.0, 1.0, None, 1.0, 1.0, 0.0],
        "Q3": [10.0, 0.0, 98.0, 7.0, 91.0, 3.0], "Q5": [5.0, 4.0, -1.0, -1.0, 2.0, 1.0], "Q7_1": [1.0, 2.0, 1.0, 2.0, 1.0, 1.0], "Q7_2": [2.0, 2.0, 1.0, 1.0, 1.0, 2.0],
        "Q8": ["13812345678"] * 6, "Q9": ["好\n很好", "", "慢", "  ", "ok", "n"], "day": [date(2026, 5, i) for i in range(1, 7)], **changed}
    frame = pd.DataFrame(columns)
    pyreadstat.write_sav(frame, str(path), column_labels=TEXTS, variable_value_labels=LABELS, missing_ranges={"Q1": [9], "Q5": [-1], "Q3": [{"lo": 90, "hi": 99}]})
    return path


@pytest.fixture
def reading(tmp_path):
    return sav.READER.read(written(tmp_path / "a.sav"), {})


def entry(reading, column):
    return next(e for e in reading.facts["codebook"] if e["column"] == column)


def test_the_tool_made_file_gives_the_expected_answers():
    """shared/data/survey_exports/expected.json, of which the .sav holds the questions without ranking and "other"."""
    import json

    expected = json.loads(shared("survey_exports/expected.json").read_text("utf-8"))["wjx_text"]
    reading = sav.READER.read(shared("survey_exports/survey.sav"), {"values": "labels"})
    frame = reading.frame
    sexes = frame["Q1"].tolist()
    assert {sex: sexes.count(sex) for sex in set(sexes)} == expected["single_counts"]
    assert {option: int(frame[f"Q2[{option}]"].sum()) for option in expected["multi_counts"]} == expected["multi_counts"]
    assert frame["Q3"].mean() == expected["nps_mean"]
    assert [frame[f"Q4_{i}"].mean() for i in (1, 2, 3)] == pytest.approx(list(expected["matrix_means"].values()))
    assert sum(text is not None for text in frame["Q6"]) == expected["text_nonempty"]
    assert entry(reading, "Q4_1")["text"] == "请评价以下方面:界面"


def test_codes_keep_their_labels_and_stand_for_them_on_request(reading, tmp_path):
    assert entry(reading, "Q1") == {"column": "Q1", "question": "Q1", "text": "您的性别", "type": "single", "header": "Q1", "labels": {"1": "男", "2": "女", "9": "拒答"}}
    np.testing.assert_array_equal(reading.frame["Q1"], [1, 2, np.nan, 1, 2, np.nan])
    assert sav.READER.read(tmp_path / "a.sav", {"values": "labels"}).frame["Q1"].tolist() == ["男", "女", None, "男", "女", None]
    assert entry(reading, "Q5")["type"] == "rating"
    assert sav.READER.read(tmp_path / "a.sav", {"values": "labels"}).frame["Q5"][0] == 5
    assert reading.frame["day"][0] == date(2026, 5, 1)
    assert entry(reading, "day")["type"] == "time"


def test_user_missing_codes_and_ranges_are_missing_and_counted(reading):
    assert reading.facts["user_missing"] == {"Q1": {"9 拒答": 1}, "Q3": {"98": 1, "91": 1}, "Q5": {"-1 未问（跳过）": 2}}
    np.testing.assert_array_equal(reading.frame["Q3"], [10, 0, np.nan, 7, np.nan, 3])
    assert entry(reading, "Q3")["type"] == "nps"
    assert reading.facts["skipped"] == {"Q5": 2}
    assert reading.facts["empty"] == {"Q1": 2, "Q2[抖音]": 1, "Q2[应用商店]": 1, "Q3": 2, "Q9": 2}


def test_variables_of_one_stem_are_a_set_and_zero_is_not_missing(reading):
    assert reading.facts["sets"] == {"Q2": ["Q2_1", "Q2_2"]}
    assert entry(reading, "Q2[抖音]")["text"] == "您的渠道"
    np.testing.assert_array_equal(reading.frame["Q2[抖音]"], [1, 0, np.nan, 1, 0, 0])


def test_declared_sets_of_dichotomies_and_of_categories(tmp_path):
    """As SPSS declares them: `$owns` counts the value Yes of each variable, `$seen` holds a category in each."""
    from types import SimpleNamespace

    from stageway.readers.survey import Gap, Settings

    told = SimpleNamespace(columns=["Q7_1", "Q7_2", "s1", "s2"], sets={"$owns": {"variables": ["Q7_1", "Q7_2"], "label": "Owns"}, "$seen": {"variables": ["s1", "s2"], "label": "Seen"}})
    cells = {"Q7_1": [1, 2, Gap.EMPTY], "Q7_2": [2, 2, Gap.EMPTY], "s1": [1, 2, Gap.EMPTY], "s2": [3, Gap.EMPTY, Gap.EMPTY]}
    labels = {"Q7_1": {"1": "Yes", "2": "No"}, "Q7_2": {"1": "Yes", "2": "No"}, "s1": {"1": "TV", "2": "Web", "3": "Shop"}, "s2": {"1": "TV", "2": "Web", "3": "Shop"}}
    texts = {"Q7_1": "Owns - car", "Q7_2": "Owns - bike", "s1": "Seen 1", "s2": "Seen 2"}
    made = {a.column: list(a.values) for a in sav._answers(told, cells, texts, labels, Settings(), {"sets": {}})}
    assert made == {"owns[car]": [1, 0, Gap.EMPTY], "owns[bike]": [0, 0, Gap.EMPTY], "seen[TV]": [1, 0, Gap.EMPTY], "seen[Web]": [0, 1, Gap.EMPTY], "seen[Shop]": [1, 0, Gap.EMPTY]}


def test_a_phone_number_is_left_out_by_what_its_label_asks(reading):
    assert reading.facts["left_out"] == ["Q8"]
    assert "Q8" not in reading.frame


def test_files_that_are_no_spss_data_are_refused(tmp_path):
    whole = written(tmp_path / "a.sav").read_bytes()
    cases = ((b"PK\x03\x04", "does not begin with the mark of SPSS"),
             (whole[:200], "not SPSS data that can be read"), (whole[:-40], "not SPSS data that can be read"), (b"", "the file is empty"))
    for content, reason in cases:
        path = tmp_path / "b.sav"
        path.write_bytes(content)
        with pytest.raises(DataError, match=reason):
            sav.READER.read(path, {})
    with pytest.raises(DataError, match="the file holds no answers"):
        sav.READER.read(written(tmp_path / "c.sav", **{name: [] for name in ("ID", "Q1", "Q2_1", "Q2_2", "Q3", "Q5", "Q7_1", "Q7_2", "Q8", "Q9", "day")}), {})


def test_a_damaged_file_that_ends_the_library_ends_no_more_than_its_own_process():
    """`damaged.sav`: bytes of a small file changed, which ReadStat of pyreadstat 1.3.7 answers with a segmentation fault."""
    with pytest.raises(DataError) as caught:
        sav.READER.read(Path(__file__).parents[1] / "data/survey/damaged.sav", {})
    assert caught.value.sentence("zh").startswith("文件不是能读的 SPSS 数据（")
