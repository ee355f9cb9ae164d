"""Spreadsheets, Parquet, JSON lines, and tables that a caller already holds."""

import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from stageway.evidence import DataError, Frame, ParamError
from stageway.readers import jsonl, parquet, xlsx
from stageway.readers.tables import frame_of
from tests.shared import shared

RECORDS = [{"id": "a", "score": 4, "when": datetime(2026, 5, 20, 9, 30)}, {"id": None, "score": None, "when": None}]


NS = "http://schemas.openxmlformats.org"
RELATION = f"{NS}/officeDocument/2006/relationships"


def cell(place: str, value: str) -> str:
    if value.replace(".", "").isdigit():
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>' if value else ""


def sheet(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """The least workbook that a spreadsheet program would open, with inline texts and numbers."""
    main = f"{NS}/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbered = list(enumerate(sheets, start=1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{NS}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        + "".join(f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{kind}.worksheet+xml"/>' for i, _ in numbered)
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{NS}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{RELATION}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"/>' for i, name in numbered)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{NS}/package/2006/relationships">'
        + "".join(f'<Relationship Id="r{i}" Type="{RELATION}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i, _ in numbered)
        + "</Relationships>",
    }
    for i, name in numbered:
        rows = [(r, "".join(cell(f"{chr(65 + c)}{r}", value) for c, value in enumerate(row))) for r, row in enumerate(sheets[name], start=1)]
        body = "".join(f'<row r="{r}">{cells}</row>' for r, cells in rows)
        parts[f"xl/worksheets/sheet{i}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_spreadsheet_gives_its_first_sheet_or_the_one_that_is_named(tmp_path):
    path = sheet(tmp_path / "book.xlsx", {"答卷": [["id", "score", "score"], ["p1", "4", "1"], ["p2", "", "2"]], "other": [["x"], ["7"]]})
    reading = xlsx.READER.read(path, {})
    assert reading.facts["sheet"] == "答卷"
    assert reading.frame.names == ["id", "score", "score_2"]
    assert reading.frame["id"].tolist() == ["p1", "p2"]
    assert np.isnan(reading.frame["score"][1])
    assert xlsx.READER.read(path, {"sheet": "other"}).frame["x"].tolist() == [7]
    assert xlsx.READER.read(path, {"sheet": 2}).frame["x"].tolist() == [7]
    with pytest.raises(DataError, match=r'there is no sheet "othr".*Did you mean other'):
        xlsx.READER.read(path, {"sheet": "othr"})


def test_a_real_survey_workbook_is_read_like_its_csv():
    from stageway.readers import csv

    book = xlsx.READER.read(shared("survey_exports/wjx_text.xlsx"), {}).frame
    assert book.names == csv.READER.read(shared("survey_exports/wjx_text.csv"), {}).frame.names


def test_broken_and_oversized_workbooks_are_refused(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(DataError, match="the file is not a spreadsheet that can be read"):
        xlsx.READER.read(path, {})
    path.write_bytes(b"")
    with pytest.raises(DataError, match="the file is empty"):
        xlsx.READER.read(path, {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", b"0" * 4_999_989)
    assert path.stat().st_size < 10_000
    with pytest.raises(DataError, match="the file unpacks to 5,000,000 bytes, more than the limit of 1,000,000"):
        xlsx.READER.read(path, {"max_bytes": 1_000_000})


def with_cell(path: Path, xml: str) -> Path:
    """The workbook with one more row."""
    with zipfile.ZipFile(path) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    place = "xl/worksheets/sheet1.xml"
    parts[place] = parts[place].replace(b"</sheetData>", xml.encode() + b"</sheetData>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_stray_cell_in_the_last_corner_is_refused_instead_of_ending_the_process(tmp_path):
    """The library would allocate all 17 billion cells in between."""
    path = with_cell(sheet(tmp_path / "book.xlsx", {"s": [["a"], ["1"]]}), '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(DataError) as caught:
        xlsx.READER.read(path, {})
    assert str(caught.value) == (
        f"a sheet spans A1 to XFD1048576, 17,179,869,184 cells, more than the limit of 20,000,000. At {path}. "
        "Clear the stray cells far out, or save the sheet as CSV."
    )
    implied = with_cell(sheet(tmp_path / "implied.xlsx", {"s": [["a"], ["1"]]}), f'<row r="1048576">{"<c><v>1</v></c>" * 40}</row>')
    with pytest.raises(DataError, match="a sheet spans A1 to AN1048576, 41,943,040 cells"):
        xlsx.READER.read(implied, {})


def test_a_stray_format_in_the_last_corner_is_harmless(tmp_path):
    path = with_cell(sheet(tmp_path / "book.xlsx", {"s": [["a"], ["1"]]}), '<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert xlsx.READER.read(path, {}).frame["a"].tolist() == [1]


def test_parquet_keeps_numbers_texts_and_times(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "t.parquet"
    table = pa.table(
        {
            "id": pa.array(["a", "b", None]).dictionary_encode(),
            "n": pa.array([1, 2, 3]),
            "x": pa.array([1, None, 3]),
            "big": pa.array([2**60, 1, 2]),
            "when": pa.array([datetime(2026, 1, 1)] * 3, pa.timestamp("ns")),
            "day": pa.array([date(2026, 1, 1)] * 3),
            "flag": pa.array([True, False, None]),
        }
    )
    pq.write_table(table, path)
    frame = parquet.READER.read(path, {}).frame
    assert frame["id"].tolist() == ["a", "b", None]
    assert frame["n"].dtype == np.int64
    assert np.isnan(frame["x"][1])
    assert frame["big"].tolist() == [2**60, 1, 2]
    assert frame["when"][0] == datetime(2026, 1, 1)
    assert frame["day"][0] == date(2026, 1, 1)
    assert frame["flag"].tolist() == [True, False, None]
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match="not a Parquet file that can be read, or was cut off"):
        parquet.READER.read(path, {})


def test_json_lines_flatten_objects_and_fill_what_a_record_lacks(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text('{"id": "a", "score": {"now": 3}}\n\n{"id": "b", "tags": ["x"], "half": "\\ud800"}\n')
    frame = jsonl.READER.read(path, {}).frame
    assert frame.names == ["id", "score.now", "tags", "half"]
    assert frame["tags"].tolist() == [None, ["x"]]
    assert frame["half"].tolist() == [None, "?"]
    path.write_text(json.dumps([{"a": 1}, {"a": 2.5}]))
    assert jsonl.READER.read(path, {}).frame["a"].tolist() == [1.0, 2.5]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": 1}\n{"a": }\n', 'this line is not valid JSON \\(Expecting value\\). At .*t.jsonl, line 2, value "{"a": }"'),
        ('{"a": 1}\n3\n', "this record is not an object. At .*line 2"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": ' * 100_000, "nested too deeply"),
        ('{"a": ' * 60 + "1" + "}" * 60, "objects are nested more than 32 deep"),
        ('{"a": ' + "9" * 6000 + "}", "too long a number"),
        ("", "the file is empty"),
        ("[]", "the file is empty"),
    ],
)
def test_wrong_json_is_named_with_its_line(tmp_path, content, message):
    path = tmp_path / "t.jsonl"
    path.write_text(content)
    with pytest.raises(DataError, match=message):
        jsonl.READER.read(path, {})


def holders():
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    columns = {name: [record[name] for record in RECORDS] for name in RECORDS[0]}
    return {
        "records": RECORDS,
        "columns": columns,
        "arrays": {name: np.array(values, dtype=object) for name, values in columns.items()},
        "pandas": pd.DataFrame(RECORDS),
        "polars": pl.DataFrame(RECORDS),
        "arrow": pa.table(columns),
        "batch": pa.RecordBatch.from_pylist(RECORDS),
        "frame": Frame.of(RECORDS),
    }


@pytest.mark.parametrize("kind", ["records", "columns", "arrays", "pandas", "polars", "arrow", "batch", "frame"])
def test_the_same_frame_comes_from_every_holder(kind):
    frame = frame_of(holders()[kind])
    assert frame.names == ["id", "score", "when"]
    assert frame["id"].tolist() == ["a", None]
    assert np.array_equal(frame.numbers("score"), [4, np.nan], equal_nan=True)
    assert frame.times("when").tolist() == [datetime(2026, 5, 20, 9, 30), None]


def test_a_pandas_index_is_no_column_and_mixed_cells_survive():
    import pandas as pd

    table = pd.DataFrame({"a": [1, "x", None]}, index=["p", "q", "r"])
    frame = frame_of(table)
    assert frame.names == ["a"]
    assert frame["a"].tolist() == [1, "x", None]
    assert frame_of(pd.DataFrame({"a": [1, 2]}, index=["p", "q"])).names == ["a"]


def test_a_path_is_read_by_its_suffix(tmp_path):
    path = tmp_path / "t.CSV"
    path.write_text("a\n1\n")
    assert frame_of(str(path))["a"].tolist() == [1]
    with pytest.raises(DataError, match=r'no reader for a ".docx" file'):
        frame_of(tmp_path / "t.docx")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (3, '"int" is not a table'),
        ({"a": [1, 2], "b": [1]}, r"the columns are of different lengths \(a: 2, b: 1\)"),
        ({"a": "text"}, '"a" is not a column of values'),
        ([{"a": 1}, 5], "this record is not a mapping of column names to values. At row 2"),
    ],
)
def test_what_is_no_table_is_refused(data, message):
    with pytest.raises(DataError, match=message):
        frame_of(data)


def test_neither_pandas_nor_polars_is_imported():
    import subprocess
    import sys

    code = "import sys; from stageway.readers.tables import frame_of; frame_of([{'a': 1}]); print([m for m in ('pandas', 'polars') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_parquet_reader_takes_only_the_columns_it_is_asked_for(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"a": [1], "b": [2]}), tmp_path / "t.parquet")
    assert parquet.READER.read(tmp_path / "t.parquet", {"columns": ["b"]}).frame.names == ["b"]
    with pytest.raises(ParamError, match=r'the reader has no option "column". Did you mean columns'):
        parquet.READER.read(tmp_path / "t.parquet", {"column": ["b"]})
