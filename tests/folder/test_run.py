"""A run computes what changed and only that, judges, and writes; what is written out can be thrown away and comes back the same."""

import json
import re
import shutil
from pathlib import Path

from tests.cli.calling import Ran, refused, stageway
from tests.folder.places import FUNCTIONS, NEEDS, TODAY, edit, sus_rows

DOCUMENTS = [f"{lang}/process.{form}" for lang in ("zh", "en") for form in ("html", "md", "docx", "pdf")]


def run(folder: Path, *more: object) -> Ran:
    ran = stageway("run", folder, "--at", TODAY, *more)
    assert ran.code == 0, ran.err
    return ran


def results(folder: Path) -> dict:
    return json.loads((folder / "out/findings.json").read_text(encoding="utf-8"))


def findings(folder: Path) -> dict[str, str]:
    return {f["name"]: json.dumps(f["finding"], sort_keys=True, ensure_ascii=False) for f in results(folder)["findings"]}


def computed(ran: Ran) -> int:
    found = re.search(r"computed anew: (\d+)", ran.out)
    assert found, ran.out
    return int(found[1])


def estimate(folder: Path, name: str, number: str) -> dict:
    finding = next(f["finding"] for f in results(folder)["findings"] if f["name"] == name)
    return next(e for e in finding["estimates"] if e["name"] == number)


def test_a_run_ends_well_whatever_the_verdicts_and_lists_what_is_missing_and_who_owes_it(folder):
    ran = run(folder)
    assert {v["result"] for v in results(folder)["verdicts"]} == {"pass", "fail", "undecided", "not_evaluable"}
    row = next(line for line in ran.out.splitlines() if "IA1.5 Need list" in line)
    assert "fail" in row
    assert "Ann" in row
    for name in DOCUMENTS:
        assert (folder / "out" / name).stat().st_size > 20_000, name
        assert str(folder / "out" / name) in ran.out
    assert not list((folder / "out").rglob("*.part"))


def test_only_what_changed_is_computed_and_an_unchanged_run_leaves_every_byte(folder):
    assert computed(run(folder, "--lang", "en")) == 2
    before = {p: p.read_bytes() for p in (folder / "out").rglob("*") if p.is_file()}
    assert computed(run(folder, "--lang", "en")) == 0
    assert {p: p.read_bytes() for p in (folder / "out").rglob("*") if p.is_file()} == before
    (folder / "data/sus.csv").write_text(sus_rows(25), encoding="utf-8")
    assert computed(run(folder, "--lang", "en")) == 1


def test_another_parameter_computes_that_evidence_again(folder):
    run(folder, "--lang", "en")
    edit(folder / "product.yaml", "  design: {planned", "  design: {evidence: {sus: {params: {interval: bca}}}, planned")
    assert computed(run(folder, "--lang", "en")) == 1


def test_half_of_the_people_removed_widens_the_interval_of_the_sus_and_leaves_all_else_as_it_was(lumen):
    before, was = findings(lumen), estimate(lumen, "sus", "score")
    rows = (lumen / "data/usability_v2.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (lumen / "data/usability_v2.csv").write_text("".join([rows[0], *rows[1::2]]), encoding="utf-8")
    ran = run(lumen, "--lang", "en")
    after, now = findings(lumen), estimate(lumen, "sus", "score")
    assert now["high"] - now["low"] > was["high"] - was["low"]
    assert now["n"] == was["n"] / 2
    assert computed(ran) == 3
    assert {name for name in before if before[name] != after[name]} == {"sus", "tasks", "ease"}


def test_the_cache_may_be_deleted_at_any_time(lumen):
    before = (lumen / "out/findings.json").read_bytes()
    shutil.rmtree(lumen / ".stageway")
    run(lumen, "--lang", "en")
    assert (lumen / "out/findings.json").read_bytes() == before


def test_force_computes_everything_again_with_the_same_result(folder):
    run(folder, "--lang", "en")
    before = (folder / "out/findings.json").read_bytes()
    assert computed(run(folder, "--force", "--lang", "en")) == 2
    assert (folder / "out/findings.json").read_bytes() == before


def test_a_run_of_one_stage_computes_its_evidence_and_keeps_what_is_still_right_of_the_others(folder):
    assert computed(run(folder, "--stage", "design", "--lang", "en")) == 1
    assert set(findings(folder)) == {"sus"}
    absent = {a["name"]: a["why"]["en"] for a in results(folder)["absent"]}
    assert absent["tests"] == "this run was of other stages only"
    assert absent["interviews"] == "no figure has been entered"
    assert absent["survey"] == 'there are no data "survey"'
    run(folder, "--lang", "en")
    assert computed(run(folder, "--stage", "design", "--force", "--lang", "en")) == 1
    assert set(findings(folder)) == {"sus", "tests"}


def test_a_stage_or_language_that_does_not_exist_is_refused(folder):
    assert refused("run", folder, "--stage", "desing")["en"] == 'There is no stage "desing". Did you mean design?'
    assert refused("run", folder, "--lang", "fr")["en"] == 'There is no language "fr". Expected zh, en or both.'
    assert refused("gate", folder, "--stage", "desing")["zh"] == "没有阶段“desing”。您是否要写：design。"


def test_one_language_only_writes_that_one(folder):
    run(folder, "--lang", "zh")
    assert sorted(p.name for p in (folder / "out").iterdir()) == ["findings.json", "zh"]


def test_out_writes_elsewhere(folder, tmp_path):
    ran = run(folder, "--out", tmp_path / "elsewhere", "--lang", "en")
    assert (tmp_path / "elsewhere/en/process.md").is_file()
    assert not (folder / "out").exists()
    assert str(tmp_path / "elsewhere/findings.json") in ran.out


def test_at_judges_as_of_that_day(folder):
    edit(folder / "product.yaml", "people:\n", "adaptations:\n  - " + FRESH + "\npeople:\n")
    heard = {}
    for day in ("2026-11-24", "2026-12-24"):
        ran = stageway("run", folder, "--at", day, "--lang", "en", "--json")
        heard[day] = next(v for v in ran.json["verdicts"] if v["requirement"] == "X3.1")
    assert heard["2026-11-24"]["result"] == "pass"
    assert heard["2026-12-24"]["result"] == "not_evaluable"
    assert heard["2026-12-24"]["why_code"] == "too_old"


FRESH = (
    "{id: A-1, act: add, stage: design, reason: {zh: 要新, en: to be fresh}, requirement: {id: X3.1, title: {zh: 新, en: Fresh}, department: design, "
    'doer: {zh: 设计师, en: Designer}, how: {zh: 甲, en: A}, criteria: [{must: "sus.score >= 68", greatest_age: 7d}]}}'
)


def test_a_need_that_is_deleted_orphans_functions_by_name_in_trace_gate_and_document(folder):
    assert "F-2 Recaps: no need" not in stageway("trace", folder, "--at", TODAY).out
    (folder / "items/need.yaml").write_text(NEEDS.splitlines()[0] + "\n", encoding="utf-8")
    (folder / "items/function.yaml").write_text(FUNCTIONS.replace(" need: [N-2],", ""), encoding="utf-8")
    traced = stageway("trace", folder, "--at", TODAY).out
    assert "F-2 Recaps: no need" in traced
    assert "F-3 Quizzes: no need" in traced
    gaps = stageway("trace", folder, "--at", TODAY, "--json").json["gaps"]
    assert {g["id"] for g in gaps if g["lacks"] == "need"} == {"F-2", "F-3"}
    gate = stageway("gate", folder, "--stage", "positioning", "--at", TODAY, "--json").json
    orphaned = next(v for v in gate["verdicts"] if v["criterion"] == "functions[release=first].without(need) == 0")
    assert orphaned["result"] == "fail"
    assert orphaned["seen"]["which"] == ["F-2", "F-3"]
    assert "F-2, F-3" in orphaned["why"]["en"]
    run(folder, "--lang", "both")
    for lang in ("zh", "en"):
        text = (folder / "out" / lang / "process.md").read_text(encoding="utf-8")
        line = next(line for line in text.splitlines() if "IA2.5" in line and "F-2" in line)
        assert "F-3" in line
