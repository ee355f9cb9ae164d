"""What every reader keeps to: a file of its format, or one sentence that says why not."""

from pathlib import Path

import numpy as np
import pytest

from stageway import catalogue
from stageway.evidence import DataError, Frame, ParamError, StagewayError
from stageway.readers import Reader, Reading

RECORDS = [{"id": "a1", "城市": "上海", "score": 4.5}, {"id": "a2", "城市": None, "score": 3.0}, {"id": "007", "城市": "成都", "score": None}]


def csv(path: Path) -> None:
    path.write_text("id,城市,score\na1,上海,4.5\na2,,3\n007,成都,\n", encoding="utf-8")


def jsonl(path: Path) -> None:
    path.write_text('{"id":"a1","城市":"上海","score":4.5}\n{"id":"a2","城市":null,"score":3}\n{"id":"007","城市":"成都"}\n', encoding="utf-8")


def parquet(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(RECORDS), path)



def junit(path: Path) -> None:
    path.write_text('<testsuite name="s" tests="1"><testcase classname="c" name="t" time="0.1"/></testsuite>', encoding="utf-8")


#: How a small file of each format is made; a new reader adds its line here.
MADE = {"csv": csv, "jsonl": jsonl, "parquet": parquet, "junit": junit}


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


def test_no_two_readers_claim_one_suffix():
    claimed = [suffix for reader in catalogue.readers().values() for suffix in reader.suffixes]
    assert len(claimed) == len(set(claimed))


def test_it_is_found_by_its_suffix_in_any_case_and_by_its_id(reader):
    for suffix in reader.suffixes:
        assert catalogue.reader_for(Path(f"Data{suffix.upper()}")) is reader
    assert catalogue.reader_for(Path("data.unknown"), reader.id) is reader


@pytest.mark.parametrize("id", [id for id in catalogue.readers() if id in MADE])
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
    MADE.get(reader.id, Path.touch)(path)
    with pytest.raises(ParamError) as caught:
        reader.read(path, {"no_such_option": 1})
    assert caught.value.sentence("en").startswith('the reader has no option "no_such_option". ')
    assert caught.value.sentence("zh").startswith("读取器没有选项“no_such_option”。")
