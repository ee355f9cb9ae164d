"""People sign and decide: what is missing is named before anything is written, and what was written is never edited."""

from pathlib import Path

import pytest
import yaml

from tests.cli.calling import refused, stageway
from tests.folder.places import TODAY

ACT = ("--by", "max", "--at", TODAY)
CONDITION = "measure again, n ≥ 60; ann; 2026-12-20; gate 3 is opened again"


def decided(folder: Path) -> list[dict]:
    return yaml.safe_load((folder / "decisions.yaml").read_text(encoding="utf-8"))


def gate(folder: Path, stage: str, at: str = TODAY) -> dict:
    return stageway("gate", folder, "--stage", stage, "--at", at, "--json").json["gate"]


# ---- sign


def test_a_signature_turns_the_criterion_into_a_pass_and_a_refusal_into_a_fail(folder):
    def result() -> str:
        verdicts = stageway("gate", folder, "--stage", "design", "--at", TODAY, "--json").json["verdicts"]
        return next(v["result"] for v in verdicts if v["requirement"] == "IA3.8")

    assert result() == "not_evaluable"
    ran = stageway("sign", folder, "--requirement", "IA3.8", "--by", "leo", "--at", TODAY)
    assert (ran.code, ran.out) == (0, "IA3.8 legal.privacy: signed by leo (2026-11-24)\n")
    assert result() == "pass"
    ran = stageway("sign", folder, "--requirement", "IA3.8", "--by", "leo", "--at", TODAY, "--refuse", "--because", "没有删除期限", lang="zh")
    assert (ran.code, ran.out) == (0, "IA3.8 legal.privacy：leo拒签（2026-11-24）\n")
    assert result() == "fail"
    assert [entry.get("refused", False) for entry in yaml.safe_load((folder / "signoffs.yaml").read_text(encoding="utf-8"))] == [False, True]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--requirement", "IA3.8", "--by", "ann"), "IA3.8 is signed off by Legal, and Ann does not belong to it. It can be signed by leo."),
        (("--requirement", "IA3.8", "--by", "leon"), 'Nobody named "leon" is among the people of product.yaml. Did you mean leo?'),
        (("--requirement", "IA3.88", "--by", "leo"), 'There is no requirement "IA3.88". Did you mean IA3.8, '),
        (("--requirement", "IA3.1", "--by", "leo"), "The requirement IA3.1 asks for no sign-off. Expected one of IA1.10, IA3.8, "),
        (("--requirement", "IA3.8", "--by", "leo", "--refuse"), 'A refusal needs its reason. Add --because "TEXT".'),
    ],
    ids=["department", "person", "requirement", "no-signoff", "refusal-without-reason"],
)
def test_a_signature_that_cannot_be_is_refused_and_leaves_no_trace(folder, args, sentence):
    assert refused("sign", folder, *args)["en"].startswith(sentence)
    assert not (folder / "signoffs.yaml").exists()


def test_the_chinese_name_signs_as_well_as_the_id(folder):
    assert stageway("sign", folder, "--requirement", "IA3.8", "--by", "乐", "--at", TODAY).code == 0


# ---- decide: what each kind needs


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("go", "--by", "max"), 'Every decision but a go that follows the recommendation needs its reason. Add --because "TEXT".'),
        (("hold", "--by", "max"), 'Every decision but a go that follows the recommendation needs its reason. Add --because "TEXT".'),
        (
            ("conditional", "--by", "max", "--because", "b"),
            'A conditional go carries conditions, and no other decision does. Add --condition "ACTION; OWNER; DATE; OTHERWISE".',
        ),
        (
            ("go", "--by", "max", "--because", "b", "--condition", CONDITION),
            'A conditional go carries conditions, and no other decision does. Add --condition "ACTION; OWNER; DATE; OTHERWISE".',
        ),
        (("recycle", "--by", "max", "--because", "b"), "Recycle names the stage to go back to with --to, and no other decision does."),
        (("kill", "--by", "max", "--because", "b", "--to", "research"), "Recycle names the stage to go back to with --to, and no other decision does."),
        (("recycle", "--by", "max", "--because", "b", "--to", "launch"), 'It cannot go back to "launch". Expected one of research, positioning, design.'),
        (("approve", "--by", "max", "--because", "b"), 'There is no decision "approve". Known here are conditional, go, hold, kill, recycle.'),
        (("hold", "--by", "maxx", "--because", "b"), 'Nobody named "maxx" is among the people of product.yaml. Did you mean max?'),
        (
            ("conditional", "--by", "max", "--because", "b", "--condition", "measure; ann; 2026-12-20"),
            'A condition has four parts: ACTION; OWNER; DATE; OTHERWISE. At value "measure; ann; 2026-12-20". '
            'Expected such as "measure again with n ≥ 930; Lin Yue; 2026-09-30; reopen Gate 2".',
        ),
        (
            ("conditional", "--by", "max", "--because", "b", "--condition", "measure; ann; soon; reopen"),
            '"soon" in the condition is not a date. Expected such as 2026-09-30.',
        ),
        (
            ("conditional", "--by", "max", "--because", "b", "--condition", "measure; bob; 2026-12-20; reopen"),
            'Nobody named "bob" is among the people of product.yaml. Known here are Ann, Leo, Max, ann, leo, max, 乐, 安, 马.',
        ),
    ],
    ids=[
        "go-against-the-recommendation", "hold-without-reason", "conditional-without-condition", "go-with-condition", "recycle-without-stage",
        "kill-with-stage", "recycle-forward", "unknown-kind", "unknown-person", "condition-of-three-parts", "condition-without-date", "condition-of-nobody",
    ],
)  # fmt: skip
def test_each_kind_of_decision_says_what_it_lacks_and_nothing_is_written(folder, args, sentence):
    assert refused("decide", folder, *args, "--stage", "design", "--at", TODAY)["en"] == sentence
    assert not (folder / "decisions.yaml").exists()


def test_a_decision_at_a_stage_that_does_not_exist_is_refused(folder):
    assert refused("decide", folder, "hold", *ACT, "--stage", "desing", "--because", "b")["zh"] == "没有阶段“desing”。您是否要写：design。"


# ---- decide: what it records


def test_each_decision_issues_one_version_and_keeps_what_it_saw(folder):
    said = [
        stageway("decide", folder, "hold", "--stage", "design", *ACT, "--because", "not signed").out,
        stageway("decide", folder, "conditional", "--stage", "design", *ACT, "--because", "in time", "--condition", CONDITION).out,
        stageway("decide", folder, "kill", "--stage", "launch", *ACT, "--because", "no money", lang="zh").out,
    ]
    assert said == [
        "D-001 is in decisions.yaml and issues version 1.0\n",
        "D-002 is in decisions.yaml and issues version 1.1\n",
        "D-003 已写入 decisions.yaml，文档版本 1.2\n",
    ]
    first, second, _ = decided(folder)
    shown = stageway("gate", folder, "--stage", "design", "--at", TODAY, "--json").json
    assert [v["criterion"] for v in first["verdicts"]] == [v["criterion"] for v in shown["verdicts"]]
    assert first["evidence"] == shown["gate"]["evidence"]
    assert first["recommended"] == "recycle"
    assert first["codes"] == {"sus": "F3-1"}
    assert second["conditions"] == [
        {"id": "C-01", "action": "measure again, n ≥ 60", "owner": "ann", "date": second["conditions"][0]["date"], "otherwise": "gate 3 is opened again"}
    ]
    stageway("run", folder, "--at", TODAY, "--lang", "en")
    text = (folder / "out/en/process.md").read_text(encoding="utf-8")
    assert "D-001" in text
    assert "measure again, n ≥ 60" in text
    versions = [line.split(" | ")[0].strip("| ") for line in text.splitlines() if line.startswith("| 1.")]
    assert versions[:3] == ["1.0", "1.1", "1.2"]


def test_evidence_that_changes_afterwards_marks_the_approval_expired(folder):
    stageway("decide", folder, "go", "--stage", "design", *ACT, "--because", "as agreed")
    assert gate(folder, "design")["expired"] is False
    rows = (folder / "data/sus.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "data/sus.csv").write_text("".join(rows[:-1]), encoding="utf-8")
    assert gate(folder, "design")["expired"] is True
    ran = stageway("run", folder, "--at", TODAY, "--lang", "en")
    assert "expired" in ran.out
    assert "expired" in (folder / "out/en/process.md").read_text(encoding="utf-8")
    stageway("decide", folder, "go", "--stage", "design", *ACT, "--because", "still holds")
    assert gate(folder, "design")["expired"] is False


def test_growing_older_is_no_change_of_the_evidence(folder):
    stageway("decide", folder, "go", "--stage", "design", *ACT, "--because", "as agreed")
    assert gate(folder, "design", "2027-06-01")["expired"] is False


def test_recycle_opens_a_new_round_and_history_stays(folder):
    stageway("decide", folder, "go", "--stage", "positioning", *ACT, "--because", "b")
    stageway("decide", folder, "recycle", "--stage", "design", "--to", "positioning", *ACT, "--because", "the claim does not hold")
    for stage, round in (("research", 1), ("positioning", 2), ("design", 2), ("quality", 1)):
        assert gate(folder, stage)["round"] == round, stage
    assert gate(folder, "positioning")["state"] == "recycled"
    stageway("decide", folder, "go", "--stage", "positioning", *ACT, "--because", "mended")
    assert gate(folder, "positioning") | {"evidence": ""} == gate(folder, "positioning") | {"evidence": "", "state": "passed", "round": 2, "decision": "D-003"}
    assert [(d["id"], d["kind"], d["round"]) for d in decided(folder)] == [("D-001", "go", 1), ("D-002", "recycle", 1), ("D-003", "go", 2)]


def test_an_entry_that_was_edited_afterwards_is_named(folder):
    for _ in range(2):
        stageway("decide", folder, "hold", "--stage", "design", *ACT, "--because", "not signed")
    text = (folder / "decisions.yaml").read_text(encoding="utf-8")
    (folder / "decisions.yaml").write_text(text.replace("kind: hold", "kind: go", 1), encoding="utf-8")
    made = refused("run", folder)
    assert made["en"] == (
        "The decision D-001 was changed after it was written. At decisions.yaml, line 1. "
        "Restore it from version control; to change what was decided, decide anew."
    )
    assert made["zh"] == "决策 D-001 在写入之后被改过。位置：decisions.yaml，第1行。用版本库还原它；要改变决定，另写一条新的决策。"


def test_an_entry_that_was_taken_out_breaks_the_seal_of_the_next(folder):
    for _ in range(2):
        stageway("decide", folder, "hold", "--stage", "design", *ACT, "--because", "not signed")
    text = (folder / "decisions.yaml").read_text(encoding="utf-8")
    (folder / "decisions.yaml").write_text(text[text.index("- id: D-002") :], encoding="utf-8")
    assert refused("run", folder)["en"].startswith("The decision D-002 was changed after it was written. At decisions.yaml, line 1.")


def test_a_misspelt_kind_in_the_register_is_refused_with_its_line(folder):
    (folder / "decisions.yaml").write_text("- {id: D-001, at: 2026-11-01, stage: design, kind: aprove, by: max}\n", encoding="utf-8")
    assert refused("run", folder)["en"] == '"aprove" is no decision. At decisions.yaml, line 1. Expected one of go, conditional, hold, recycle, kill.'


def test_the_reason_keeps_what_yaml_could_trip_over(folder):
    because = 'yes: "68"; #3 – 见 D-001\'s 附件'
    assert stageway("decide", folder, "hold", "--stage", "design", *ACT, "--because", because).code == 0
    assert decided(folder)[0]["because"] == because
    assert stageway("run", folder, "--at", TODAY, "--lang", "zh").code == 0


def test_a_later_decision_is_not_known_as_of_an_earlier_day(folder):
    stageway("decide", folder, "go", "--stage", "design", *ACT, "--because", "as agreed")
    assert gate(folder, "design", "2026-11-23")["decision"] is None
    assert gate(folder, "design", "2026-11-24")["decision"] == "D-001"


def test_conditions_are_numbered_through_all_decisions(folder):
    for _ in range(2):
        stageway("decide", folder, "conditional", "--stage", "design", *ACT, "--because", "b", "--condition", CONDITION, "--condition", CONDITION)
    assert [c["id"] for d in decided(folder) for c in d["conditions"]] == ["C-01", "C-02", "C-03", "C-04"]
