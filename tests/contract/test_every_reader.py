"""What every reader keeps to: a file of its format, or one sentence that says why not."""

from pathlib import Path

import numpy as np
import pytest

from stageway import catalogue
from stageway.evidence import DataError, Frame, ParamError, StagewayError
from stageway.readers import Reader, Reading
from tests.readers.samples import MADE


def test_there_is_a_small_file_of_every_format():
    assert set(MADE) == set(catalogue.readers())


@pytest.fixture(params=list(catalogue.readers()))
def reader(request: pytest.FixtureRequest) -> Reader:
    return catalogue.readers()[request.param]


def file_of(reader: Reader, folder: Path, content: bytes | None = None) -> Path:
    path = folder / f"data{reader.suffixes[0]}"
    if content is not None:
        path.write_bytes(content)
    return path


def test_it_declares_its_name_its_suffixes_and_a_title_in_both_languages(reader):
    assert reader.id == reader.id.lower()
    assert reader.suffixes
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in reader.suffixes)
    assert reader.title.zh
    assert reader.title.en


def test_of_the_readers_that_share_a_suffix_exactly_one_takes_what_no_other_recognises():
    carrying: dict[str, list[Reader]] = {}
    for each in catalogue.readers().values():
        for suffix in each.suffixes:
            carrying.setdefault(suffix, []).append(each)
    general = {suffix: [each.id for each in shared if each.recognises is None] for suffix, shared in carrying.items() if len(shared) > 1}
    assert {suffix: ids for suffix, ids in general.items() if len(ids) != 1} == {}


def test_an_unknown_file_goes_to_the_general_reader_of_its_suffix_in_any_case_and_to_any_reader_by_its_id(reader):
    for suffix in reader.suffixes:
        taken = catalogue.reader_for(Path(f"Data{suffix.upper()}"))
        assert suffix in taken.suffixes
        assert taken is reader or taken.recognises is None
    assert catalogue.reader_for(Path("data.unknown"), reader.id) is reader


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff\xfe\x00", b"<a>", b'{"a": ', b"PAR1PAR1", b"PK\x03\x04", bytes(range(256)) * 8])
def test_recognising_never_fails_and_claims_no_bytes_that_say_nothing(reader, content, tmp_path):
    path = file_of(reader, tmp_path, content)
    assert reader.recognises is None or reader.recognises(path) is None


@pytest.mark.parametrize("id", catalogue.readers())
def test_a_file_of_the_format_is_read_twice_alike(id, tmp_path):
    reader = catalogue.readers()[id]
    path = file_of(reader, tmp_path)
    MADE[id](path)
    first, second = reader.read(path, {}), reader.read(path, {})
    assert isinstance(first, Reading)
    assert isinstance(first.frame, Frame)
    assert len(first.frame) > 0
    assert first.frame.source == str(path)
    assert repr(first.frame.records()) == repr(second.frame.records())
    assert dict(first.facts) == dict(second.facts)


@pytest.mark.parametrize("id", ["csv", "jsonl", "parquet"])
def test_the_table_formats_read_one_table_alike(id, tmp_path):
    reader = catalogue.readers()[id]
    path = file_of(reader, tmp_path)
    MADE[id](path)
    frame = reader.read(path, {}).frame
    assert frame.texts("id").tolist() == ["a1", "a2", "007"]
    assert frame.texts("城市").tolist() == ["上海", None, "成都"]
    np.testing.assert_array_equal(frame.numbers("score"), [4.5, 3.0, np.nan])


def test_a_file_that_is_not_there_is_named(reader, tmp_path):
    path = file_of(reader, tmp_path)
    with pytest.raises(DataError) as caught:
        reader.read(path, {})
    assert caught.value.code == "file_missing"
    assert str(path) in caught.value.sentence("zh")
    assert caught.value.sentence("en").startswith(f"the file does not exist. At {path}.")


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff\xfe\x00", b"<a>", b'{"a": ', b"PAR1PAR1", b"PK\x03\x04", bytes(range(256)) * 8])
def test_bytes_of_another_kind_are_a_table_or_one_sentence(reader, content, tmp_path):
    path = file_of(reader, tmp_path, content)
    try:
        made = reader.read(path, {})
    except StagewayError as error:
        message = error.sentence("zh")
    else:
        message = str(path)
        assert isinstance(made.frame, Frame)
    assert str(path) in message


def test_an_empty_file_is_refused(reader, tmp_path):
    with pytest.raises(DataError) as caught:
        reader.read(file_of(reader, tmp_path, b""), {})
    assert caught.value.where is not None
    assert caught.value.where.file is not None


def test_an_option_that_it_does_not_take_is_refused(reader, tmp_path):
    path = file_of(reader, tmp_path)
    MADE[reader.id](path)
    with pytest.raises(ParamError) as caught:
        reader.read(path, {"no_such_option": 1})
    assert caught.value.sentence("en").startswith('the reader has no option "no_such_option". ')
    assert caught.value.sentence("zh").startswith("读取器没有选项“no_such_option”。")
