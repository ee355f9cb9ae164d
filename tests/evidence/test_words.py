"""A text is said in both languages at once, with the same numbers in both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stageway.evidence import LANGS, Words, joined, say


def test_a_slot_stands_in_both_texts():
    assert say(zh="共{n}人", en="{n} people in all", n=12) == Words("共12人", "12 people in all")


def test_a_slot_of_words_goes_in_by_language():
    assert say(zh="更喜欢{what}", en="prefer {what}", what=Words("离线", "offline")) == Words("更喜欢离线", "prefer offline")


@pytest.mark.parametrize(
    ("zh", "en", "slots"),
    [("共{n}人", "people", {"n": 1}), ("人", "{n} people", {"n": 1}), ("{n}", "{n}", {}), ("人", "people", {"n": 1}), ("{n}{m}", "{n}", {"n": 1, "m": 2})],
)
def test_a_number_that_one_language_drops_is_a_fault(zh, en, slots):
    with pytest.raises(ValueError, match="text uses"):
        say(zh=zh, en=en, **slots)


@given(st.text(), st.text())
def test_what_a_slot_holds_is_never_read_as_a_form(zh, en):
    value = Words(zh, en)
    assert say(zh="{x}", en="{x}", x=value) == value


def test_a_text_that_serves_both_languages_needs_no_second_one():
    assert Words.of("SUS") == Words("SUS", "SUS")
    assert Words.of(3) == Words("3", "3")
    assert Words.of({"zh": "好", "en": "good"}) == Words("好", "good")
    assert Words.of(Words("好", "good")) == Words("好", "good")


def test_a_language_that_is_missing_is_noticed():
    with pytest.raises(KeyError):
        Words.of({"zh": "好"})


def test_words_are_read_by_language_and_added():
    words = Words("好", "good") + Words("。", ".")
    assert [words[lang] for lang in LANGS] == ["好。", "good."]
    assert str(words) == "good."


def test_a_list_is_joined_as_each_language_does():
    parts = [Words("甲", "a"), Words("乙", "b"), Words("丙", "c")]
    assert joined(parts) == Words("甲、乙、丙", "a, b, c")
    assert joined(parts, last_en=" and ") == Words("甲、乙、丙", "a, b and c")
    assert joined(parts[:1], last_en=" and ") == Words("甲", "a")
    assert joined([]) == Words("", "")
