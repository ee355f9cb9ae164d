"""Every file of the shared data has a row in manifest.yaml: its reader, its method, and the figures that must come out."""

import fnmatch
import gzip
import json
from pathlib import Path

import pytest
import yaml

from stageway import catalogue
from stageway.folder.datasets import load_dataset
from stageway.process.product import read_mapping
from tests.shared import shared

MANIFEST = yaml.safe_load((Path(__file__).parent / "manifest.yaml").read_text(encoding="utf-8"))
PAGES = ("README.md", "*_INDEX.md")


def paths(entry):
    tables = entry.get("data") or {"": entry}
    return [path for table in tables.values() for path in (table["path"] if isinstance(table["path"], list) else [table["path"]])]


def loaded(table, folder):
    """The table as a product's dataset entry would give it; a packed file is unpacked first, as its error says."""
    path, root = shared(table["path"]), shared(".")
    if table.get("packed"):
        root = folder
        path = folder / path.stem
        path.write_bytes(gzip.decompress(shared(table["path"]).read_bytes()))
    mapping = {key: value for key, value in table.items() if key in ("columns", "values", "wide", "options", "times", "bad_rows")}
    mapping["reader"] = table.get("reader") or catalogue.reader_for(path).id
    return load_dataset(root, read_mapping(json.dumps(mapping, ensure_ascii=False), "manifest.yaml", path.relative_to(root).as_posix()))


def test_every_file_has_a_row():
    root = shared(".")
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() and not any(fnmatch.fnmatch(path.name, page) for page in PAGES)}
    named = {path for entry in MANIFEST for path in paths(entry)}
    covered = {file for file in there if any(file == path or file.startswith(path.rstrip("/") + "/") for path in named)}
    assert there - covered == set()
    assert {path for path in named if not (root / path).exists()} == set()


@pytest.mark.parametrize("entry", [e for e in MANIFEST if "method" in e], ids=lambda e: f"{e['method']}-{Path(paths(e)[0]).name}")
def test_a_real_file_gives_the_figures_that_are_known(entry, tmp_path):
    finding = catalogue.get(entry["method"]).run({role: loaded(table, tmp_path).frame for role, table in entry["data"].items()}, entry.get("params", {}))
    told = {e.full_name: e.value for e in finding.estimates}
    assert entry["expect"]
    for name, (value, within) in entry["expect"].items():
        assert told[name] == pytest.approx(value, abs=within), f"{name}: {told[name]}"
    assert {w.code for w in finding.warnings} >= set(entry.get("warns", ()))


@pytest.mark.parametrize("entry", [e for e in MANIFEST if "rows" in e], ids=lambda e: Path(paths(e)[0]).name)
def test_a_file_that_serves_another_is_read_whole(entry, tmp_path):
    made = loaded(entry, tmp_path)
    assert catalogue.reader_for(shared(entry["path"]), entry.get("reader")).id == entry["reader"]
    assert len(made.frame) == entry["rows"]
    assert set(made.frame.names) >= set(entry["names"])


@pytest.mark.parametrize("entry", [e for e in MANIFEST if "key" in e], ids=lambda e: Path(e["path"]).name)
def test_an_answer_key_is_used_by_the_test_that_is_named(entry):
    shared(entry["path"])
    assert entry["path"] in (Path(__file__).parents[2] / entry["key"]).read_text(encoding="utf-8")
