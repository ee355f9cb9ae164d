"""A template is checked when it is read: every department, stage, kind, method and estimate that it names must exist."""

import pytest

from stageway.arithmetic import outages
from stageway.evidence import DefinitionError, ParamError
from stageway.process.items import read_items
from stageway.process.model import Template
from stageway.process.template import builtin_kinds, load_template, read_template, template_ids

TEXT = """\
id: shop
version: "1.0"
name: {zh: 小店, en: Shop}
description: {zh: 甲, en: A}
departments:
  - {id: product, name: {zh: 产品部, en: Product}, short: {zh: 产品, en: Prod}}
  - {id: legal, name: {zh: 法务部, en: Legal}, short: {zh: 法务, en: Legal}}
kinds:
  shelf: {plural: shelves, name: {zh: 货架, en: Shelf}, fields: {width: {type: number, label: {zh: 宽, en: Width}}}, links: [function]}
stages:
  - id: design
    name: {zh: 设计, en: Design}
    short: {zh: 设计, en: Design}
    owner: product
    raci: {product: A/R, legal: C}
    purpose: {zh: 甲, en: A}
    clause: {zh: 甲, en: A}
    prompt: {zh: 甲, en: A}
    steps:
      - {id: draw, department: product, text: {zh: "{who}画{count}张", en: "{who} draws {count}"}, slots: {count: 3}}
    requirements:
      - id: S1
        title: {zh: 可用性, en: Usability}
        department: product
        doer: {zh: 甲, en: A}
        how: {zh: 甲, en: A}
        due: 0.5
        evidence:
          sus: {method: sus, data: {answers: usability}}
          walk: {plain: true, title: {zh: 走查, en: Walk}, gives: [blocked, "done[]"]}
        criteria:
          - {must: "sus.score >= 68", on_fail: design, least_n: 12, least_days: 3, greatest_age: 2w}
          - {should: "min(walk.done) >= 70%", words: {zh: 最难的任务, en: Hardest task}}
          - {stop: "shelves.count() == 0"}
    handoffs:
      - {id: H-1, from: product, to: legal, what: {zh: 甲, en: A}, standard: {zh: 甲, en: A}}
"""


def read(old: str = "", new: str = "") -> Template:
    assert not old or TEXT.count(old) == 1, old
    return read_template(TEXT.replace(old, new) if old else TEXT, "shop.yaml")


def test_a_template_is_read_with_its_own_kinds_beside_the_built_in_ones():
    template = read()
    assert [s.id for s in template.stages] == ["design"]
    assert template.kinds.kinds["shelf"].plural == "shelves"
    assert set(builtin_kinds().kinds) < set(template.kinds.kinds)
    first, second, third = template.stages[0].requirements[0].criteria
    assert (first.ask, first.on_fail, first.least_n, first.least_days, first.greatest_age_days) == ("must", "design", 12, 3, 14)
    assert (second.ask, second.words.zh) == ("should", "最难的任务")
    assert (third.ask, third.words.en) == ("stop", "shelves.count() == 0")
    assert template.stages[0].requirements[0].where.line == 22


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("sus.score >=", "sus.scores >=", '"sus.scores >= 68": "sus" has no estimate "scores". At shop.yaml, line 32. Did you mean score?'),
        ('must: "sus.', 'must: "suss.', '"suss.score >= 68": the evidence "suss" is not declared. At shop.yaml, line 32. Did you mean sus?'),
        ("walk.done)", "walk.don)", '"min(walk.don) >= 70%": "walk" has no estimate "don". At shop.yaml, line 33. Did you mean done'),
        ("shelves.count", "shelfs.count", '"shelfs.count() == 0": there is no kind of items "shelfs". At shop.yaml, line 34. Did you mean shelves'),
        ("method: sus,", "method: suz,", 'there is no method "suz". At shop.yaml, line 29. Did you mean sus'),
        ("data: {answers:", "data: {answer:", 'method sus reads no table "answer". At shop.yaml, line 29. Did you mean answers'),
        ("on_fail: design", "on_fail: desing", 'there is no stage "desing". At shop.yaml, line 32. Did you mean design?'),
        ("        department: product\n", "        department: produkt\n", 'there is no department "produkt". At shop.yaml, line 22. Did you mean product?'),
        ("draw, department: product", "draw, department: sales", 'there is no department "sales". At shop.yaml. Known here are legal, product.'),
        ("to: legal, what", "to: sales, what", 'there is no department "sales". At shop.yaml. Known here are legal, product.'),
        ("{product: A/R, legal: C}", "{product: R, legal: C}", "the RACI of stage design needs exactly one A, it has 0. At shop.yaml."),
        ("{product: A/R, legal: C}", "{product: A, legal: A}", "the RACI of stage design needs exactly one A, it has 2. At shop.yaml."),
        ("{product: A/R, legal: C}", "{product: A/R, legal: X}", 'RACI letter "X" is wrong (stage design). At shop.yaml. Expected R, A, A/R, C or I.'),
        ("greatest_age: 2w", "greatest_age: soon", '"soon" is not a length of time. At shop.yaml, line 32. Expected such as 7d, 12h, 2w.'),
        ("{stop: ", "{stop: a, must: ", "a criterion is exactly one of must, should, stop. At shop.yaml, line 34."),
        ("        due: 0.5\n", "        deu: 0.5\n", 'unknown field "deu". At shop.yaml, line 27. Did you mean due, doer?'),
        ("        title: {zh: 可用性, en: Usability}\n", "        title: {zh: 可用性}\n", '"title" needs both zh and en. At shop.yaml, line 23. Write zh and en'),
        ("          walk: {plain: true, ", "          walk: {", 'the evidence "walk" needs a method or plain. At shop.yaml, line 30.'),
    ],
)
def test_a_name_that_does_not_exist_is_refused_with_file_line_and_the_nearest(old, new, sentence):
    with pytest.raises(DefinitionError) as caught:
        read(old, new)
    assert caught.value.sentence("en").startswith(sentence)
    assert caught.value.sentence("zh") != caught.value.sentence("en")


def test_a_wrong_parameter_of_a_method_is_refused_where_it_stands():
    with pytest.raises(ParamError) as caught:
        read("data: {answers: usability}}", "data: {answers: usability}, params: {intervall: t}}")
    assert caught.value.sentence("en") == 'there is no parameter "intervall". At shop.yaml, line 29. Did you mean interval?'


def test_an_id_written_twice_is_refused():
    requirement = TEXT[TEXT.index("      - id: S1") : TEXT.index("    handoffs:")]
    with pytest.raises(DefinitionError, match="the requirement S1 is written twice"):
        read_template(TEXT.replace("    handoffs:", requirement + "    handoffs:"), "shop.yaml")


@pytest.mark.parametrize("id", ["internet_app", "hardware"])
def test_the_templates_of_the_package_are_whole(id):
    template = load_template(id)
    assert id in template_ids()
    assert [s.id for s in template.stages] == ["research", "positioning", "design", "quality", "launch", "operations"]
    for stage in template.stages:
        assert len(stage.requirements) >= 6
        assert 5 <= len(stage.steps) <= 7
        assert set(stage.raci) == {d.id for d in template.departments}
        members = {d for d, letter in stage.raci.items() if "R" in letter or "A" in letter}
        for requirement in stage.requirements:
            assert requirement.criteria, requirement.id
            assert requirement.department in members, requirement.id
            assert 0 < requirement.due <= 1, requirement.id
            assert requirement.doer.zh != requirement.doer.en
        for step in stage.steps:
            for lang in ("zh", "en"):
                step.text[lang].format(who="甲", dates="乙", **step.slots)


def test_the_device_template_computes_what_a_method_gives_and_says_how_to_read_it():
    used: set[str] = set()
    for stage in load_template("hardware").stages:
        here = {e.method for r in stage.requirements for e in r.evidence if e.method}
        assert here <= {note.method for note in stage.methods}, stage.id
        used |= here
    assert used == {
        "attribution", "competitors", "conjoint", "experiment", "funnel", "kano", "market_fit", "market_size", "positioning_fit", "price_sensitivity",
        "priorities", "segments", "survey_summary", "sus", "test_results", "themes", "usability_tasks",
    }


def test_an_incident_carries_the_kind_by_which_data_losses_and_take_downs_are_counted():
    kind = builtin_kinds().kinds["incident"]
    (lost,) = read_items(kind, "- {id: IN-1, title: 笔记丢失, kind: data_loss}", "items/incident.yaml")
    assert lost.values["kind"] in outages.DATA_LOSS
    (ordered,) = read_items(kind, "- {id: IN-2, title: 下架, kind: takedown}", "items/incident.yaml")
    assert ordered.values["kind"] in outages.TAKEDOWN
    with pytest.raises(DefinitionError, match="one of data_loss, takedown, outage"):
        read_items(kind, "- {id: IN-3, title: 断线, kind: lost}", "items/incident.yaml")


def test_a_template_that_does_not_exist_is_refused_with_the_nearest():
    with pytest.raises(DefinitionError) as caught:
        load_template("hardwear")
    assert caught.value.sentence("zh") == "没有模板“hardwear”。您是否要写：hardware。"
