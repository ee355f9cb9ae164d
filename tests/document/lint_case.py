"""A small process and product for the lint: correct as it stands, so that each test spoils one thing."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import yaml

from stageway.document.lint import Note, lint
from stageway.evidence import Estimate, Finding, Kind, Meaning, Provenance, Source, Words
from stageway.folder.calculate import Calculated
from stageway.folder.load import Folder, _goals, own_words
from stageway.folder.survey import assembled
from stageway.process.dossier import Dossier
from stageway.process.items import Item, assemble, read_items
from stageway.process.product import read_product
from stageway.process.record import Absent, Choice, Condition, DataNote, Decision, Signoff
from stageway.process.template import read_template

TODAY = date(2026, 6, 10)

TEMPLATE = """
id: small
version: "1"
name: {zh: 小流程, en: Small}
description: {zh: 三个阶段。, en: Three stages.}
departments:
  - {id: management, name: {zh: 管理层, en: Management}, short: {zh: 管理, en: Mgmt}}
  - {id: marketing, name: {zh: 市场部, en: Marketing}, short: {zh: 市场, en: Mktg}}
  - {id: qa, name: {zh: 测试部, en: QA}, short: {zh: 测试, en: QA}}
  - {id: legal, name: {zh: 法务部, en: Legal}, short: {zh: 法务, en: Legal}}
kinds: {}
stages:
  - id: research
    name: {zh: 调研, en: Research}
    short: {zh: 调研, en: Research}
    owner: marketing
    raci: {management: I, marketing: A/R, qa: I, legal: C}
    purpose: {zh: 查清谁缺什么。, en: Find out who lacks what.}
    clause: {zh: 调研找出谁缺什么, en: research finds who lacks what}
    prompt: {zh: 哪两条需求先做, en: which two needs come first}
    steps:
      - {id: survey, department: marketing, text: {zh: "{who}收{people}份答卷（{dates}）", en: "{who} collects {people} answers ({dates})"}, slots: {people: 400}}
    requirements:
      - id: S1.1
        title: {zh: 问卷, en: Survey}
        department: marketing
        doer: {zh: 研究员, en: Researcher}
        how: {zh: 配额抽样400人, en: quota sample of 400 people}
        evidence:
          survey: {plain: true, title: {zh: 问卷, en: Survey}, gives: [share, gain, others]}
        criteria:
          - {must: "survey.share >= 40%", words: {zh: 想要的人占比, en: Share who want it}, greatest_age: 60d}
    handoffs:
      - {id: H-1, from: marketing, to: qa, what: {zh: 需求清单, en: Need list}, standard: {zh: 每条附1项结论, en: one finding each}}
  - id: quality
    name: {zh: 测试, en: Test}
    short: {zh: 测试, en: Test}
    owner: qa
    raci: {management: I, marketing: R, qa: A/R, legal: R}
    purpose: {zh: 查出缺陷。, en: Find the faults.}
    clause: {zh: 测试查出缺陷, en: testing finds faults}
    prompt: {zh: 上线前补什么, en: what is mended before launch}
    steps: []
    requirements:
      - id: S2.1
        title: {zh: 漏洞扫描, en: Security scan}
        department: qa
        doer: {zh: 测试工程师, en: Tester}
        how: {zh: 两种扫描器各1次, en: two scanners once each}
        evidence:
          scan: {plain: true, title: {zh: 扫描, en: Scan}, gives: [high]}
        criteria:
          - {must: "scan.high == 0", words: {zh: 高危漏洞数, en: High vulnerabilities}}
          - {must: "signoff.legal.privacy", words: {zh: 隐私设计, en: Privacy by design}}
  - id: operations
    name: {zh: 运营, en: Operations}
    short: {zh: 运营, en: Ops}
    owner: marketing
    raci: {management: I, marketing: A/R, qa: C, legal: C}
    purpose: {zh: 留住用户。, en: Keep the users.}
    clause: {zh: 运营留住用户, en: operations keeps users}
    prompt: {zh: 下个月改什么, en: what changes next month}
    steps: []
    requirements: []
metrics: []
glossary:
  - {term: {zh: 性能优化, en: Robust mode}, means: {zh: 一种设置, en: a setting}}
"""

PRODUCT: dict[str, Any] = {
    "product": {
        "id": "p", "name": {"zh": "样品", "en": "Sample"}, "template": "small", "zone": "Asia/Shanghai",
        "document": {"id": "P-1", "author": "lin", "reviewer": "zhao", "approver": "zhou"},
        "milestone": {"what": {"zh": "上线", "en": "launch"}, "at": date(2026, 9, 1)},
    },
    "people": [
        {"id": "zhou", "name": {"zh": "周明远", "en": "Zhou Mingyuan"}, "department": "management"},
        {"id": "lin", "name": {"zh": "林悦", "en": "Lin Yue"}, "department": "marketing"},
        {"id": "zhao", "name": {"zh": "赵岚", "en": "Zhao Lan"}, "department": "qa"},
        {"id": "feng", "name": {"zh": "冯远", "en": "Feng Yuan"}, "department": "legal"},
    ],
    "goals": [
        {
            "id": "O1", "name": {"zh": "想要的人占比", "en": "Share who want it"}, "metric": "survey.share", "target": ">= 40%", "by": date(2026, 12, 1),
            "baseline": {"value": 0.31, "n": 93, "at": "2026-01", "source": {"zh": "原型", "en": "prototype"}},
        },
    ],
    "scope": {"in": [{"zh": "手机", "en": "phones"}], "out": [{"item": {"zh": "网页版", "en": "web edition"}, "reconsider": "2027-04"}]},
    "stages": {
        "research": {
            "owner": "lin", "planned": {"from": date(2026, 6, 1), "to": date(2026, 6, 30)}, "actual": {"from": date(2026, 6, 1)},
            "requirements": {"S1.1": {"owner": "lin", "due": date(2026, 6, 20)}}, "work": {"survey": {"who": "lin"}},
        },
        "quality": {
            "owner": "zhao", "planned": {"from": date(2026, 7, 1), "to": date(2026, 7, 31)}, "requirements": {"S2.1": {"owner": "zhao", "due": date(2026, 7, 20)}},
        },
        "operations": {"owner": "lin", "planned": {"from": date(2026, 9, 1), "to": date(2026, 9, 30)}},
    },
    "handoffs": {"H-1": {"due": date(2026, 6, 30)}},
}


def share(name: str = "share", value: float = 0.422, low: float = 0.364, high: float = 0.481, key: str | None = None, unit: str = "%") -> Estimate:
    return Estimate(name, value, low, high, key=key, unit=unit, n=326, kind=Kind.SHARE)


def finding(*estimates: Estimate, collected: date | None = date(2026, 6, 5), data: str = "answers", sha256: str = "aa", method: str = "plain") -> Finding:
    none = Words("", "")
    source = Source("answers", data, sha256=sha256, rows=326, collected=collected)
    return Finding(none, Meaning(none, none, none, none), estimates, provenance=Provenance(method, "1", {}, (source,), "", 0))


FINDINGS = {"survey": finding(share(), share("gain", 0.066, 0.01, 0.12, unit="pp"))}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The product with one value changed, by a path such as `stages.research.requirements.S1.1.owner` (keys with a dot by `/`); None takes it out."""
    made = copy.deepcopy(PRODUCT)
    at: Any = made
    *way, last = path.split("/")
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if value is None:
        del at[int(last) if isinstance(at, list) else last]
    elif isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
    return made


def dossier(
    product: Mapping[str, Any] | None = None, *, template: str = TEMPLATE, findings: Mapping[str, Finding] | None = None, items: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None, decisions: tuple[Decision, ...] = (), signoffs: tuple[Signoff, ...] = (), at: date = TODAY,
    absent: Mapping[str, Absent] | None = None, data: tuple[DataNote, ...] = (),
) -> Dossier:
    """`items` are texts by kind, `words` bodies by `section.lang`."""
    made = read_template(template, "small.yaml")
    with patch("stageway.process.product.load_template", lambda id: made):
        own, shipped, process = read_product(yaml.safe_dump(dict(product or PRODUCT), allow_unicode=True), "product.yaml")
    listed: list[Item] = [i for kind, text in (items or {}).items() for i in read_items(process.kinds.kinds[kind], text, f"items/{kind}.yaml")]
    paragraphs = tuple(own_words(text, *key.rsplit(".", 1), f"words/{key}.md") for key, text in (words or {}).items())
    out = Calculated(dict(FINDINGS if findings is None else findings), dict(absent or {}), list(data))
    folder = Folder(Path(), own, shipped, process, assemble(process.kinds, listed, own.evidence, _goals(own)), decisions, {}, signoffs, paragraphs)
    return assembled(folder, out, datetime(at.year, at.month, at.day, 12, tzinfo=ZoneInfo(own.zone)))[0]


def notes(rule: str | None = None, **given: Any) -> list[Note]:
    """The notes on a case, of one rule or all."""
    return [note for note in lint(dossier(**given)) if rule in (None, note.rule)]


def said(text: str, rule: str, section: str = "research.findings", lang: str = "zh", **given: Any) -> list[Note]:
    """The notes of one rule on a paragraph of people's own words."""
    return [n for n in notes(rule, words={f"{section}.{lang}": text}, **given) if n.where.file == f"words/{section}.{lang}.md"]


def decision(kind: str = "go", *, because: str = "", recommended: str = "go", at: date = date(2026, 6, 9), stage: str = "research", **more: Any) -> Decision:
    plain = Decision("D-001", at, stage, 1, Choice(kind), "zhou", Words.of(because), None, (), Choice(recommended), (), "", "1.0")
    return replace(plain, **more)


def condition(action: str = "复测，n≥930", owner: str = "lin", day: date | None = date(2026, 9, 30), otherwise: str = "改写定位句后重开关口") -> Condition:
    return Condition("C-01", Words.of(action), owner, day, Words.of(otherwise))  # type: ignore[arg-type]
