"""Survey exports with their cells torn, shifted and replaced: a table or one of our sentences."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stageway.readers import google_forms, limesurvey, qualtrics, surveymonkey, wjx
from tests.readers.any_bytes import survives
from tests.readers.survey_samples import LAYOUTS, text_of

READERS = {module.READER.id: module.READER for module in (wjx, google_forms, qualtrics, limesurvey, surveymonkey)}
CELLS = st.sampled_from(["", "1", "-3", "-99", "a┋b", "┋", "→", "其他〖", "〖〗", "a;b, c", "0", "Y", "(跳过)", "1e9", "[x]", "Q2[", "第2题(", '{"ImportId": 5}', "[" * 50,
                         "nan", "007", "<b", "第1位", "9" * 30])


@pytest.mark.parametrize("id", LAYOUTS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_cells_break_a_survey_reader(id, data):
    rows = [list(row) for row in LAYOUTS[id]()[:8]]
    for _ in range(data.draw(st.integers(1, 12))):
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(CELLS)
    for row in rows if data.draw(st.booleans()) else []:
        del row[data.draw(st.integers(1, 5)) :]
    options = data.draw(st.sampled_from([{}, {"values": "labels"}, {"personal": "keep"}, {"multiple": "Q1"}, {"options_of": {"Q2": ["抖音"]}}]))
    survives(READERS[id], text_of(rows).encode(), **options)
    READERS[id].recognises(Path(__file__))
