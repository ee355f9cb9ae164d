"""A template fitted to one product: each adaptation is data with a reason, and what depends on a part that is gone is settled."""

import pytest

from stageway.evidence import DefinitionError
from stageway.process.model import Template
from stageway.process.planning import Product
from stageway.process.product import read_product
from stageway.process.template import load_template

WHY = "reason: {zh: 试用, en: trial}, by: null, at: 2026-03-02"
ADDED = """requirement: {id: X3.1, title: {zh: 老人试用, en: Trial with elderly people}, department: design, doer: {zh: 设计师, en: Designer}, how: {zh: 10人, en: 10 people},
     evidence: {elderly: {plain: true, title: {zh: 老人试用, en: Elderly}, gives: [done]}}, criteria: [{must: "elderly.done >= 60%", on_fail: design}]}"""


def adapted(*entries: str, template: str = "internet_app", rest: str = "") -> tuple[Product, Template, Template]:
    listed = "\n".join(f"  - {{id: A-{i + 1:02d}, {entry}, {WHY}}}" for i, entry in enumerate(entries))
    return read_product(f"product: {{id: x, name: x, template: {template}}}\nadaptations:\n{listed}\n{rest}", "product.yaml")


def refusal(*entries: str, why: str = WHY) -> str:
    listed = "\n".join(f"  - {{id: A-{i + 1:02d}, {entry}{', ' if why else ''}{why}}}" for i, entry in enumerate(entries))
    with pytest.raises(DefinitionError) as caught:
        read_product(f"product: {{id: x, name: x, template: internet_app}}\nadaptations:\n{listed}\n", "product.yaml")
    assert caught.value.sentence("zh") != caught.value.sentence("en")
    return caught.value.sentence("en")


def test_a_requirement_is_skipped_and_the_template_stays_as_it_was():
    product, template, process = adapted("act: skip, stage: positioning, target: IA2.8")
    assert process.stage("positioning").requirement("IA2.8") is None
    assert template.stage("positioning").requirement("IA2.8") is not None
    assert load_template("internet_app") == template
    assert "gabor" not in product.evidence
    assert product.adaptations[0].what.zh == "跳过“多价位购买测试”"


def test_a_requirement_is_added_with_its_evidence_and_says_by_which_adaptation():
    product, _, process = adapted(f"act: add, stage: design, after: IA3.4, {ADDED}")
    ids = [r.id for r in process.stage("design").requirements]
    assert ids[ids.index("IA3.4") + 1] == "X3.1"
    assert process.stage("design").requirement("X3.1").added_by == "A-01"
    assert product.evidence["elderly"].stage == "design"


def test_a_threshold_is_changed_and_both_are_kept():
    product, _, process = adapted('act: change, stage: quality, target: IA4.4, from: "load.p95<=800ms", to: "load.p95 <= 500 ms"')
    criteria = process.stage("quality").requirement("IA4.4").criteria
    assert [c.text for c in criteria] == ["load.p95 <= 500 ms", "load.failure <= 1%"]
    assert criteria[0].on_fail == "design"
    assert (product.adaptations[0].before, product.adaptations[0].after) == ("load.p95<=800ms", "load.p95 <= 500 ms")
    assert "500" in product.adaptations[0].what.en


def test_requirements_steps_and_stages_are_reordered_and_the_rest_follows_in_its_order():
    _, template, process = adapted(
        "act: reorder, stage: design, order: [IA3.6, IA3.2]",
        "act: reorder, stage: quality, order: [security, build]",
        "act: reorder, order: [positioning, research]",
    )
    assert [r.id for r in process.stage("design").requirements][:3] == ["IA3.6", "IA3.2", "IA3.1"]
    assert [s.id for s in process.stage("quality").steps][:3] == ["security", "build", "team"]
    assert [(s.number, s.id) for s in process.stages][:3] == [(1, "positioning"), (2, "research"), (3, "design")]
    assert len(process.stage("design").requirements) == len(template.stage("design").requirements)


@pytest.mark.parametrize("template", ["internet_app", "hardware"])
def test_any_one_stage_may_be_skipped(template):
    """What fails there goes back to the nearest earlier stage that is left, and evidence that others ask for stays declared."""
    order = [s.id for s in load_template(template).stages]
    for gone in order:
        product, _, process = adapted(f"act: skip, stage: {gone}", template=template)
        assert [s.id for s in process.stages] == [id for id in order if id != gone]
        assert [s.number for s in process.stages] == [1, 2, 3, 4, 5]
        back = {c.on_fail for s in process.stages for r in s.requirements for c in r.criteria}
        assert back - {None} <= {s.id for s in process.stages}
        assert {e.stage for e in product.evidence.values()} <= {s.id for s in process.stages}


def test_a_failure_goes_back_to_the_stage_before_the_one_that_is_gone_and_without_one_it_holds():
    _, _, process = adapted("act: skip, stage: design")
    assert process.stage("quality").requirement("IA4.4").criteria[0].on_fail == "positioning"
    _, _, process = adapted("act: skip, stage: research")
    assert process.stage("positioning").requirement("IA2.1").criteria[0].on_fail is None


def test_evidence_of_a_skipped_requirement_moves_to_the_first_that_still_asks_for_it():
    product, _, process = adapted("act: skip, stage: quality, target: IA4.6")
    assert product.evidence["stability"].stage == "launch"
    assert [e.name for e in process.stage("launch").requirement("IA5.7").evidence] == ["rollout", "incidents_beta", "stability"]


def test_a_process_of_eight_stages_is_read():
    new = """new_stage: {id: %s, name: {zh: %s, en: %s}, short: {zh: 一, en: one}, owner: qa, raci: {qa: A/R, legal: C}, purpose: {zh: 甲, en: A}, clause: {zh: 甲, en: A},
      prompt: {zh: 甲, en: A}, requirements: [{id: %s, title: {zh: 甲, en: A}, department: qa, doer: {zh: 甲, en: A}, how: {zh: 甲, en: A}, criteria: [{must: signoff.legal.x, on_fail: design}]}]}"""
    _, _, process = adapted(
        f"act: add, after: quality, {new % ('trial', '试点', 'Trial', 'T1')}",
        f"act: add, {new % ('retire', '退市', 'Retirement', 'T2')}",
    )
    assert [(s.number, s.id) for s in process.stages] == list(
        enumerate(["research", "positioning", "design", "quality", "trial", "launch", "operations", "retire"], start=1)
    )


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("act: drop, stage: design, target: IA3.1", 'the adaptation "drop" is none. At product.yaml, line 3. Expected one of skip, add, change, reorder.'),
        ("act: skip, stage: desing, target: IA3.1", 'there is no stage "desing". At product.yaml, line 3. Did you mean design?'),
        ("act: skip, stage: design, target: IA3.99", 'the stage design has no "IA3.99". At product.yaml, line 3. Did you mean IA3.9, '),
        ("act: skip, stage: design, target: IA2.8", 'the stage design has no "IA2.8". At product.yaml, line 3. Did you mean IA3.8, '),
        (
            'act: change, stage: quality, target: IA4.4, from: "load.p95 <= 80 ms", to: "load.p95 <= 500 ms"',
            'IA4.4 has no criterion "load.p95 <= 80 ms". At product.yaml, line 3. Did you mean load.p95 <= 800 ms',
        ),
        (
            'act: change, stage: quality, target: IA4.4, from: "load.p95 <= 800 ms", to: "load.p59 <= 500 ms"',
            '"load.p59 <= 500 ms": "load" has no estimate "p59". At product.yaml, line 3. Did you mean p99, p95, p50?',
        ),
        ("act: reorder, stage: design, order: [IA3.99]", '"IA3.99" does not exist. At product.yaml, line 3. Did you mean IA3.9, '),
        (f"act: add, stage: design, after: IA3.99, {ADDED.splitlines()[0]} criteria: []}}", '"IA3.99" does not exist. At product.yaml, line 3. Did you mean IA3.9, '),
        ("act: add, stage: design", 'the field "requirement" is missing. At product.yaml, line 3.'),
        ("act: skip, stage: design, traget: IA3.1", 'unknown field "traget". At product.yaml, line 3. Did you mean target'),
    ],
    ids=["act", "stage", "requirement", "of-another-stage", "from", "estimate", "order", "after", "nothing-added", "field"],
)
def test_an_adaptation_that_does_not_fit_is_refused_with_its_line(entry, sentence):
    assert refusal(entry).startswith(sentence)


def test_an_adaptation_without_a_reason_is_refused():
    assert refusal("act: skip, stage: design, target: IA3.1", why="") == "the adaptation A-01 has no reason. At product.yaml, line 3."
    assert refusal("act: skip, stage: design, target: IA3.1", why="reason: null") == "the adaptation A-01 has no reason. At product.yaml, line 3."


def test_an_added_requirement_with_an_id_that_exists_is_refused():
    assert refusal(f"act: add, stage: design, {ADDED.replace('X3.1', 'IA3.1')}").startswith("the requirement IA3.1 is written twice. At ")
