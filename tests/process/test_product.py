"""A product's file is checked against its template: every name in it exists, every date is one, and what is wrong names its line."""

from datetime import date

import pytest

from stageway.evidence import DefinitionError, Words
from stageway.process.product import read_product

TEXT = """\
schema: 1
product:
  id: small
  name: {zh: 小品, en: Small}
  template: internet_app
  document: {id: SM-1, author: ann}
  milestone: {what: {zh: 上线, en: launch}, at: 2026-12-15}
people:
  - {id: ann, name: {zh: 安, en: Ann}, department: product}
  - {id: max, name: {zh: 马, en: Max}, department: management}
goals:
  - {id: O1, name: {zh: 可用性, en: Usability}, metric: sus.score, baseline: {value: 61, n: 20}, target: ">= 75", by: 2026-12-15}
scope:
  in: [{zh: 手机, en: phones}]
  out: [{item: {zh: 网页, en: web}, reconsider: 2027-06}]
datasets:
  usability: {path: data/sus.csv, reader: csv}
stages:
  design:
    owner: ann
    planned: {from: 2026-05-21, to: 2026-06-24}
    work: {usability: {who: ann, people: 24}}
    evidence:
      sus: {data: {answers: usability}, params: {interval: bca}}
      speed: {plain: {p95: 412}, source: {zh: 压测, en: load test}}
    requirements: {IA3.4: {owner: ann, due: [2026-06-01, 2026-06-20], done: 2026-06-02}}
handoffs:
  H-1: {due: 2026-04-10, events: [{given: 2026-04-10}, {returned: 2026-04-11, because: {zh: 缺, en: missing}}, {accepted: 2026-04-13}]}
calendar:
  - {at: "2026-11-27 14:00", what: {zh: 会, en: meeting}, who: max, done_when: {zh: 开完, en: it is held}}
questions:
  - {id: P-1, what: {zh: 问, en: asked}, owner: ann, due: 2026-11-27, otherwise: {zh: 停, en: it stops}}
"""


def read(old: str = "", new: str = ""):
    assert not old or TEXT.count(old) == 1, old
    return read_product(TEXT.replace(old, new) if old else TEXT, "product.yaml")


def test_what_is_written_is_there():
    product, template, process = read()
    assert process is template or process == template
    assert product.milestone.at == date(2026, 12, 15)
    assert product.goals[0].expression.text == "sus.score >= 75"
    assert product.scope_in == (Words("手机", "phones"),)
    assert product.stages["design"].requirements["IA3.4"].due == (date(2026, 6, 1), date(2026, 6, 20))
    assert product.stages["design"].requirements["IA3.4"].done == (date(2026, 6, 2),)
    assert [e.kind for e in product.handoffs["H-1"].events] == ["given", "returned", "accepted"]
    assert product.person("安").id == product.person("ann").id


def test_evidence_of_the_template_is_filled_and_ones_own_is_added():
    product, _, _ = read()
    assert product.evidence["sus"].method == "sus"
    assert dict(product.evidence["sus"].data) == {"answers": "usability"}
    assert dict(product.evidence["sus"].params) == {"interval": "bca"}
    assert product.evidence["speed"].gives == ("p95",)
    assert product.evidence["kano"].data == {"answers": "kano"}  # not filled: the template's own entry


def test_a_file_with_its_head_only_is_a_product():
    product, template, process = read_product("product: {id: a, name: a, template: hardware}\n", "product.yaml")
    assert (template.id, product.name, len(process.stages)) == ("hardware", Words("a", "a"), 6)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("schema: 1\n", "schema: 2\n", "unknown schema 2. At product.yaml, line 1. Expected 1."),
        ("  template: internet_app\n", "", 'the field "template" is missing. At product.yaml, line 3.'),
        ("  id: small\n", "", 'the field "id" is missing. At product.yaml, line 3.'),
        ("{id: ann, name: {zh: 安, en: Ann}, department: product}", "{id: ann, name: {zh: 安, en: Ann}, department: sales}", 'there is no department "sales". At product.yaml, line 9.'),
        ("author: ann", "author: anne", 'there is nobody named "anne". At product.yaml, line 6. Did you mean ann?'),
        ("metric: sus.score,", "metric: sus.skore,", '"sus.skore >= 75": "sus" has no estimate "skore". At product.yaml, line 12. Did you mean score?'),
        ('target: ">= 75"', 'target: "75"', '"sus.score 75": '),
        ('target: ">= 75"', 'target: ">= "', '"sus.score >=": this is not complete. At product.yaml, line 12.'),
        ("by: 2026-12-15}\nscope", "by: christmas}\nscope", '"christmas" is not a date. At product.yaml, line 12. Expected such as 2026-05-20.'),
        ("baseline: {value: 61, n: 20}", "baseline: {value: good}", 'the baseline "good" is no number. At product.yaml, line 12.'),
        ("baseline: {value: 61, n: 20}", "baseline: {n: 20}", 'the field "value" is missing. At product.yaml, line 12.'),
        ("reader: csv}", "raeder: csv}", 'unknown field "raeder". At product.yaml, line 17. Did you mean reader'),
        ("answers: usability}", "answers: usabilty}", 'there are no data "usabilty". At product.yaml, line 24. Did you mean usability?'),
        ("answers: usability}", "answer: usability}", 'method sus reads no table "answer". At product.yaml, line 24. Did you mean answers'),
        ("    work: {usability:", "    work: {usabilty:", 'the stage design has no step "usabilty". At product.yaml, line 22. Did you mean usability?'),
        ("{IA3.4: {owner", "{IA2.4: {owner", 'the stage design has no requirement "IA2.4". At product.yaml, line 26. Did you mean IA3.4, '),
        ("{owner: ann, due: [2026", "{owner: bob, due: [2026", 'there is nobody named "bob". At product.yaml, line 26. Known here are ann, max.'),
        ("due: [2026-06-01, 2026-06-20]", "due: [2026-06-01, 2026-06-31]", '"2026-06-31" is not a date. At product.yaml, line 26. Expected such as 2026-05-20.'),
        ("{given: 2026-04-10}", "{gave: 2026-04-10}", 'unknown field "gave". At product.yaml, line 28. Did you mean given'),
        ("{given: 2026-04-10}", "{}", "a hand-off event is given, accepted or returned, with its date. At product.yaml, line 28."),
        ("  design:\n    owner", "  desing:\n    owner", 'there is no stage "desing". At product.yaml, line 19. Did you mean design?'),
        ("      speed: {plain", "      kano: {plain", 'the evidence "kano" belongs to the stage research. At product.yaml, line 25.'),
        ("      speed: {plain: {p95: 412}, source: {zh: 压测, en: load test}}\n", "      speed: {title: x}\n", 'the evidence "speed" needs a method or plain. At product.yaml, line 25.'),
        ("params: {interval: bca}", "params: {interval: exact}", "At product.yaml, line 24"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(old, new, sentence):
    with pytest.raises(Exception, match=r"product\.yaml") as caught:
        read(old, new)
    assert sentence in caught.value.sentence("en")
    assert caught.value.sentence("zh") != caught.value.sentence("en")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("owner: ann, due: 2026-11-27", "owner: bob, due: 2026-11-27"),
        ("who: max, done_when", "who: bob, done_when"),
        ("{who: ann, people: 24}", "{who: bob, people: 24}"),
        ("department: management}", "department: management, deputy: bob}"),
        ("goals:\n", "adaptations:\n  - {id: A-1, act: skip, stage: design, target: IA3.11, reason: x, by: bob}\ngoals:\n"),
    ],
    ids=["question", "calendar", "work", "deputy", "adaptation"],
)
def test_a_person_whom_nobody_knows_owes_nothing(old, new):
    with pytest.raises(DefinitionError, match=r'there is nobody named "bob"\. At product\.yaml, line'):
        read(old, new)
