"""YAML that knows its lines: each fault of a file is one sentence with file and line."""

import pytest

from stageway.evidence import DefinitionError, Words
from stageway.process.marked import Map, load, load_map

TEXT = """\
name: {zh: 流明, en: Lumen}
people:
  - {id: ann, age: 31}
  - id: leo
    age: 40
"""


def refusal(text: str, act=lambda data: None) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        act(load_map(text, "product.yaml"))
    assert caught.value.sentence("zh") != caught.value.sentence("en")
    return caught.value


def test_values_are_plain_and_know_their_lines():
    data = load_map(TEXT, "product.yaml")
    assert data == {"name": {"zh": "流明", "en": "Lumen"}, "people": [{"id": "ann", "age": 31}, {"id": "leo", "age": 40}]}
    assert data.lines == {"name": 1, "people": 2}
    leo = data.maps("people")[1]
    assert (leo.where().line, leo.where("age").line, leo.where("id").file) == (4, 5, "product.yaml")
    assert data.words("name") == Words("流明", "Lumen")


def test_an_empty_file_is_an_empty_mapping():
    assert load_map("", "product.yaml") == Map("product.yaml", 1)
    assert load("# nothing yet\n", "items/need.yaml") is None


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\n b: 2\n", 2), ("a: [1, 2\nb: 3\n", 2), ("a: 'x\n", 2), ("a: 1\n\tb: 2\n", 2), ("a: &x 1\nb: *y\n", 2), ("a: !!python/object:os.system x\n", 1)],
    ids=["indent", "bracket", "quote", "tab", "alias", "tag"],
)
def test_a_fault_of_the_yaml_names_its_line(text, line):
    error = refusal(text)
    assert error.code == "yaml_wrong"
    assert (error.where.file, error.where.line) == ("product.yaml", line)
    assert error.sentence("en").startswith(f"this is not valid YAML. At product.yaml, line {line}. Check indentation, colons and quotes there")


@pytest.mark.parametrize("text", ["- a\n- b\n", "only words\n"])
def test_a_file_that_is_no_mapping_is_refused(text):
    assert refusal(text).sentence("en") == "the file should be a mapping of names to values. At product.yaml, line 1."


def test_a_key_written_twice_is_refused_however_deep():
    assert refusal("a:\n  b: 1\n  c: 2\n  b: 3\n").sentence("zh") == "“b”写了两次。位置：product.yaml，第4行。"


def test_a_key_that_nobody_reads_is_refused_with_the_nearest():
    error = refusal("name: x\npeple: []\n", lambda data: data.only({"name", "people", "goals"}))
    assert error.sentence("en") == 'unknown field "peple". At product.yaml, line 2. Did you mean people?'


@pytest.mark.parametrize("text", ["a: {zh: 甲}\n", "a: {en: A}\n", "a: {zh: 甲, en: A, fr: A}\n", "a: {zh: 甲, 乙: , en: A}\n"])
def test_a_text_in_one_language_only_is_refused(text):
    error = refusal(text, lambda data: data.words("a"))
    assert error.what == Words("“a”须有 zh 和 en 两种文字", '"a" needs both zh and en')
    assert error.where.line == 1


def test_one_text_serves_both_languages():
    assert load_map("a: iOS 16\n", "f").words("a") == Words("iOS 16", "iOS 16")


def test_what_is_absent_is_empty_and_what_is_of_another_shape_is_refused():
    data = load_map("a: 1\nb: [x]\nc:\n", "f")
    assert data.map("none") == {}
    assert data.list("c") == []
    assert data.list("a") == [1]
    for act, sentence in (
        (lambda d: d.map("b"), '"b" should be a mapping of names to values. At product.yaml, line 2.'),
        (lambda d: d.maps("b"), 'each entry of "b" should be a mapping of names to values. At product.yaml, line 2.'),
        (lambda d: d.need("c"), 'the field "c" is missing. At product.yaml, line 1.'),
    ):
        assert refusal("a: 1\nb: [x]\nc:\n", act).sentence("en") == sentence
