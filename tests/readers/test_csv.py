"""A CSV as people save it: the encoding, the delimiter and the decimal comma are found, and what is wrong is named by its row."""

from pathlib import Path

import numpy as np
import pytest

from stageway.evidence import DataError, ParamError
from stageway.readers.csv import READER
from tests.shared import shared

TEXT = "编号,姓名,得分\n007,张三,4.5\n012,李四,\n"


def written(tmp_path: Path, content: str | bytes, name: str = "answers.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(path: Path, **options):
    return READER.read(path, options)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"), ("utf-16", "utf-16"), ("utf-32", "utf-32")],
)
def test_the_same_table_is_read_in_every_encoding(tmp_path, encoding, said):
    reading = read(written(tmp_path, TEXT, encoding=encoding))
    assert reading.facts["encoding"] == said
    assert reading.frame.names == ["编号", "姓名", "得分"]
    assert reading.frame["姓名"].tolist() == ["张三", "李四"]
    assert reading.frame["得分"][0] == 4.5
    assert np.isnan(reading.frame["得分"][1])


def test_utf16_without_a_mark_is_recognised_by_its_zero_bytes(tmp_path):
    reading = read(written(tmp_path, "id,score\n1,2\n3,4\n", encoding="utf-16-le"))
    assert reading.facts["encoding"] == "utf-16-le"
    assert reading.frame["score"].tolist() == [2, 4]


@pytest.mark.parametrize("text", ["name,note\nRené,naïve café\n", "name,note\nMüller,Größe für Bücher über Öl\n", "name,note\nNuñez,“quoted” – dash\n"])
def test_western_text_is_not_taken_for_chinese(tmp_path, text):
    reading = read(written(tmp_path, text, encoding="cp1252"))
    assert reading.facts["encoding"] == "cp1252"
    assert ",".join(reading.frame.names) + "\n" + ",".join(c[0] for c in reading.frame.columns.values()) + "\n" == text


def test_a_real_western_export_is_read():
    reading = read(shared("survey/starwars_surveymonkey.csv"))
    assert reading.facts["encoding"] == "cp1252"
    assert len(reading.frame) == 1187


def test_an_encoding_that_is_named_is_proved(tmp_path):
    path = written(tmp_path, "name\nRené\n", encoding="cp1252")
    assert read(path, encoding="latin-1").frame["name"].tolist() == ["René"]
    with pytest.raises(DataError) as caught:
        read(path, encoding="utf-8")
    assert str(caught.value) == f"the file cannot be decoded as utf-8. At {path}. Save it as UTF-8, or name its encoding under options: encoding."
    with pytest.raises(DataError, match='unknown encoding "klingon"'):
        read(path, encoding="klingon")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    text = "id,name,score\n1,\"a,b;c|d\te\",2\n2,x,3\n".replace(",", "\0").replace("a\0b", "a,b").replace("\0", delimiter)
    reading = read(written(tmp_path, text))
    assert reading.facts["delimiter"] == delimiter
    assert reading.frame["name"].tolist() == ["a,b;c|d\te", "x"]


def test_a_decimal_comma_is_read_where_the_delimiter_is_a_semicolon(tmp_path):
    reading = read(written(tmp_path, "id;price;total;count\n1;2,5;1.234,50;7\n2;-3,25;12;8\n"))
    assert reading.facts["decimal"] == ","
    assert reading.frame["price"].tolist() == [2.5, -3.25]
    assert reading.frame["total"].tolist() == [1234.5, 12.0]
    assert reading.frame["count"].tolist() == [7, 8]


def test_a_decimal_point_stays_one_beside_semicolons(tmp_path):
    reading = read(written(tmp_path, "id;price\n1;2.5\n2;3.125\n"))
    assert "decimal" not in reading.facts
    assert reading.frame["price"].tolist() == [2.5, 3.125]


def test_values_stay_text_unless_the_whole_column_is_numeric(tmp_path):
    reading = read(written(tmp_path, "zip,order,mixed,score,plain\n00123,123456789012345678,3 - fair,+1.5,\n00456,123456789012345679,6,NA,\n"))
    assert reading.frame["zip"].tolist() == ["00123", "00456"]
    assert reading.frame["order"].tolist() == ["123456789012345678", "123456789012345679"]
    assert reading.frame["mixed"].tolist() == ["3 - fair", "6"]
    assert reading.frame["score"][0] == 1.5
    assert np.isnan(reading.frame["score"][1])
    assert reading.frame["plain"].tolist() == [None, None]


def test_na_is_a_word_among_words_and_nothing_among_numbers(tmp_path):
    reading = read(written(tmp_path, "country,score\nNA,1\nDE,NA\n"))
    assert reading.frame["country"].tolist() == ["NA", "DE"]
    assert np.isnan(reading.frame["score"][1])


def test_texts_that_stand_for_a_missing_cell_may_be_named(tmp_path):
    reading = read(written(tmp_path, "answer,score\n(跳过),1\n好,-3\n"), missing=["(跳过)", "-3"])
    assert reading.frame["answer"].tolist() == [None, "好"]
    assert np.isnan(reading.frame["score"][1])


def test_header_names_are_stripped_and_repeated_ones_get_a_suffix(tmp_path):
    reading = read(written(tmp_path, " id , score,score ,,score_2\n1,2,3,4,5\n"))
    assert reading.frame.names == ["id", "score", "score_3", "column_4", "score_2"]
    assert reading.facts["repeated_names"] == ["score_3"]
    assert reading.facts["unnamed_columns"] == ["column_4"]


def test_a_delimiter_at_the_end_of_each_line_makes_no_column(tmp_path):
    assert read(written(tmp_path, "a,b,\n1,2,\n3,4,\n")).frame.names == ["a", "b"]


def test_quoted_line_breaks_and_quotes_are_part_of_a_cell(tmp_path):
    reading = read(written(tmp_path, 'id,note\n1,"two\nlines and ""quotes"""\n\n2,x\n'))
    assert reading.frame["note"].tolist() == ['two\nlines and "quotes"', "x"]
    assert reading.frame.rows.tolist() == [1, 2]


def test_a_header_alone_gives_an_empty_table_with_its_columns(tmp_path):
    frame = read(written(tmp_path, "respondent,score\n")).frame
    assert frame.names == ["respondent", "score"]
    assert len(frame) == 0


@pytest.mark.parametrize("content", [b"", b"\n\n  \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_said_to_be_empty(tmp_path, content):
    path = written(tmp_path, content)
    with pytest.raises(DataError) as caught:
        read(path)
    assert str(caught.value) == f"the file is empty. At {path}. Export the file again."
    assert caught.value.sentence("zh") == f"文件是空的。位置：{path}。请重新导出这个文件。"


def test_a_row_of_another_width_is_named(tmp_path):
    path = written(tmp_path, 'a,b\n1,2\n"x\ny",3\n4,5,6\n')
    with pytest.raises(DataError) as caught:
        read(path)
    assert str(caught.value) == (
        f'this row has 3 cells, the header has 2. At {path}, row 3, value "4,5,6". Check the delimiters and quotes of that row.'
    )
    with pytest.raises(DataError, match="this row has 1 cells"):
        read(written(tmp_path, "a,b\n1,2\n3\n"))


def test_nul_bytes_are_refused_with_their_line(tmp_path):
    path = written(tmp_path, b"a,b\n1,2\n3,\0\n5,6\n7,8\n")
    with pytest.raises(DataError) as caught:
        read(path)
    assert str(caught.value) == f"the file holds NUL bytes: it is not a text file. At {path}, line 3. Export it again as text."


def test_a_missing_file_is_named_with_those_beside_it(tmp_path):
    written(tmp_path, "a\n1\n", name="usability_v2.csv")
    with pytest.raises(DataError) as caught:
        read(tmp_path / "usabilty_v2.csv")
    assert caught.value.code == "file_missing"
    assert "usability_v2.csv?" in str(caught.value)
    with pytest.raises(DataError, match="this is a folder"):
        read(tmp_path)


def test_options_are_checked(tmp_path):
    path = written(tmp_path, "a\n1\n")
    with pytest.raises(ParamError, match=r'the reader has no option "delimeter". Did you mean delimiter'):
        read(path, delimeter=";")
    with pytest.raises(ParamError, match='the option "delimiter" cannot take this value'):
        read(path, delimiter=";;")
    with pytest.raises(ParamError, match='the option "decimal" cannot take this value'):
        read(path, decimal="'")


def test_every_shared_table_is_read():
    folder = shared("kano").parent
    for path in sorted(folder.glob("*/*.csv")):
        reading = read(path)
        assert len(reading.frame) > 0, path
        assert len(reading.frame.names) > 0, path


def test_a_large_file_is_held_once(tmp_path):
    import subprocess
    import sys

    path = tmp_path / "large.csv"
    block = "".join(f"u{i % 5000},2026-0{i % 9 + 1}-01,channel {i % 7},{i},{i / 7:.4f}\n" for i in range(100_000))
    with path.open("w") as stream:
        stream.write("user,day,channel,count,value\n")
        for _ in range(16):
            stream.write(block)
    code = (
        "import resource, sys; from pathlib import Path; from stageway.readers.csv import READER;"
        "import pyarrow.csv; before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "frame = READER.read(Path(sys.argv[1]), {}).frame; after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "print(len(frame), (after - before) * 1024)"
    )
    out = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout.split()
    assert int(out[0]) == 1_600_000
    assert int(out[1]) < 5 * path.stat().st_size
