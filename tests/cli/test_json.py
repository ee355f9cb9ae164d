"""Whatever is asked with --json is answered in JSON, errors included; nothing else stands on stdout."""

import json

import pytest

from tests.cli.calling import stageway
from tests.folder.places import TODAY


@pytest.mark.parametrize(
    ("args", "keys"),
    [
        (("run", "FOLDER", "--at", TODAY, "--lang", "en"), {"schema", "product", "at", "findings", "absent", "verdicts", "gates", "goals"}),
        (("gate", "FOLDER", "--stage", "design", "--at", TODAY), {"schema", "at", "gate", "verdicts"}),
        (("trace", "FOLDER", "--at", TODAY), {"items", "gaps"}),
        (("trace", "FOLDER", "N-2", "--at", TODAY), {"items", "gaps"}),
        (("lint", "FOLDER", "--at", TODAY), {"notes", "scores"}),
        (("method", "show", "sus"), {"id", "title", "question", "reads", "params", "gives"}),
        (("method", "run", "sus", "--input", "FOLDER/data/sus.csv"), {"headline", "meaning", "estimates", "tables"}),
    ],
    ids=["run", "gate", "trace", "trace-item", "lint", "method-show", "method-run"],
)
def test_each_command_prints_one_object(folder, args, keys):
    ran = stageway(*(arg.replace("FOLDER", str(folder)) for arg in args), "--json")
    assert keys <= set(ran.json)
    assert ran.err == ""


def test_the_list_of_methods_is_an_array():
    listed = stageway("method", "list", "--json").json
    assert {"kano", "priorities", "positioning_fit", "sus", "test_results", "attribution", "experiment"} <= {m["id"] for m in listed}
    assert all(m["title"]["zh"] and m["title"]["en"] and m["gives"] for m in listed)


def test_run_prints_what_it_writes(folder):
    ran = stageway("run", folder, "--at", TODAY, "--lang", "en", "--json")
    assert ran.json == json.loads((folder / "out/findings.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "args", [("run",), ("gate", "--stage", "design"), ("trace",), ("lint",)], ids=lambda args: args[0]
)
def test_an_error_is_an_object_with_both_sentences_and_the_place(folder, args):
    (folder / "items/need.yaml").write_text("- {id: N-1, titel: x}\n", encoding="utf-8")
    ran = stageway(args[0], folder, *args[1:], "--json")
    assert ran.code == 2
    error = ran.json["error"]
    assert error["code"] == "field_unknown"
    assert error["en"] == 'unknown field "titel". At items/need.yaml, line 1. Did you mean title, state?'
    assert error["zh"] == "不认识的字段“titel”。位置：items/need.yaml，第1行。您是否要写：title、state。"
    assert (error["where"]["file"], error["where"]["line"]) == ("items/need.yaml", 1)
    assert ran.err == error["en"][0].upper() + error["en"][1:] + "\n"
