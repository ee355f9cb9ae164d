"""Dossiers to compose from: a new product without any data, and one in the middle of its way, judged by the real rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from stageway import catalogue
from stageway.evidence import Chart, ColumnHead, Estimate, Finding, Kind, Meaning, Provenance, ResultTable, Source, Warning, Words, say
from stageway.process.dossier import Dossier
from stageway.process.gate import evidence_hash, gate
from stageway.process.items import Item, Items, assemble, read_items
from stageway.process.judge import judge, judge_goal
from stageway.process.marked import load_map
from stageway.process.model import Template
from stageway.process.plain import plain_finding
from stageway.process.planning import Product
from stageway.process.product import read_product
from stageway.process.record import Absent, Choice, Condition, DataNote, Decision, OwnWords, Result, Seen, Signoff, Verdict

AT = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PEOPLE = Words("人", "people")

NEW = """
schema: 1
product:
  id: nova
  name: {{zh: 新星, en: Nova}}
  company: {{zh: 甲公司, en: Acme}}
  template: {template}
  zone: Asia/Shanghai
  document: {{id: NV-001}}
stages:
  research: {{planned: {{from: 2026-11-23, to: 2027-01-05}}}}
"""

FULL = """
schema: 1
product:
  id: lumen
  name: {zh: 流明, en: Lumen}
  company: {zh: 拾页科技（虚构）, en: Shiye Technology (fictional)}
  summary: {zh: 流明把一本书切成一程路能读完的段落, en: Lumen cuts a book into segments that fit one commute}
  simulated: true
  template: internet_app
  zone: Asia/Shanghai
  document: {id: LM-PO-001, author: chenli, reviewer: suqing, approver: zhou}
  milestone: {what: {zh: 公开上线, en: public launch}, at: 2026-12-08, first: 2026-11-03}
people:
  - {id: zhou, name: {zh: 周明远, en: Zhou Mingyuan}, department: management, deputy: xucheng}
  - {id: xucheng, name: {zh: 许成, en: Xu Cheng}, department: management, role: {zh: 副总经理, en: Deputy}}
  - {id: chenli, name: {zh: 陈立, en: Chen Li}, department: product}
  - {id: linyue, name: {zh: 林悦, en: Lin Yue}, department: marketing}
  - {id: hesi, name: {zh: 何思, en: He Si}, department: marketing, role: {zh: 用户研究, en: user research}}
  - {id: suqing, name: {zh: 苏晴, en: Su Qing}, department: design}
  - {id: wanghao, name: {zh: 王浩, en: Wang Hao}, department: engineering}
  - {id: fengyuan, name: {zh: 冯远, en: Feng Yuan}, department: legal}
goals:
  - {id: O1, name: {zh: 可用性得分, en: Usability score}, metric: sus.score, baseline: {value: 65.8, n: 24, at: 2026-06, source: {zh: 版本A, en: version A}}, target: ">= 68", by: 2026-12-08}
  - {id: O2, name: {zh: “会非常失望”占比, en: Share "very disappointed"}, metric: market_fit.share, baseline: {value: 0.312, n: 93, source: {zh: 原型, en: prototype}},
     target: ">= 40%", by: 2027-02-26}
  - {id: O3, name: {zh: 60日付费转化, en: Paid conversion within 60 days}, metric: revenue.paid_60d, baseline: {none: {zh: 尚未收费, en: nothing is charged yet}}, target: ">= 3%", by: 2027-03-31}
scope:
  in: [{zh: 手机客户端, en: phone apps}]
  out: [{item: {zh: 网页版, en: web edition}, reconsider: 2027-04}, {item: {zh: 纸书销售, en: printed books}, reason: {zh: 另一门生意, en: another business}}]
datasets:
  usability_v2: {path: data/usability_v2.csv, reader: csv, title: {zh: 第二轮可用性, en: Usability of round two}, collected: 2026-07-16}
stages:
  research: {planned: {from: 2026-03-02, to: 2026-04-15}, actual: {from: 2026-03-02, to: 2026-04-15}, owner: linyue}
  positioning: {planned: {from: 2026-04-16, to: 2026-05-20}, actual: {from: 2026-04-16, to: 2026-05-20}, owner: chenli}
  design:
    owner: suqing
    planned: {from: 2026-05-21, to: 2026-06-24}
    actual: {from: 2026-05-21, to: 2026-07-22}
    evidence:
      sus: {data: {answers: usability_v2}}
    requirements:
      IA3.4: {owner: hesi, due: [2026-06-18, 2026-07-16], done: [2026-06-18, 2026-07-16]}
      IA3.8: {owner: fengyuan, due: 2026-07-20, done: 2026-07-22}
  quality: {planned: {from: 2026-07-23, to: 2026-09-23}, actual: {from: 2026-07-23, to: 2026-09-29}, owner: wanghao}
  launch:
    owner: linyue
    planned: {from: 2026-10-12, to: 2026-11-27}
    actual: {from: 2026-10-12}
    evidence:
      market_fit: {source: {zh: 契合度问卷, en: fit survey}, by: hesi, collected: 2026-11-23,
                   plain: {share: {value: 0.422, low: 0.364, high: 0.481, n: 268, unit: "%", kind: share,
                                   counts: {zh: 份答卷, en: answers}, label: {zh: 会非常失望, en: very disappointed}}}}
    requirements:
      IA5.4: {owner: hesi, due: 2026-11-26}
      IA5.6: {owner: linyue, due: 2026-11-26}
  operations: {planned: {from: 2026-10-12, to: 2027-03-31}, continuous: true, owner: chenli}
adaptations:
  - {id: A-01, act: skip, stage: positioning, target: IA2.8, reason: {zh: 首版不收费, en: the first release is free}, by: zhou, at: 2026-03-06}
  - {id: A-03, act: change, stage: quality, target: IA4.4, from: "load.p95 <= 800 ms", to: "load.p95 <= 500 ms",
     reason: {zh: 翻页超过500毫秒被判为卡, en: page turns above 500 ms were called laggy}, by: zhou, at: 2026-03-06}
handoffs:
  H-1: {due: 2026-04-10, events: [{returned: 2026-04-10, because: {zh: 缺原话, en: no quotations}}, {given: 2026-04-12}, {accepted: 2026-04-13}]}
calendar:
  - {at: "2026-11-26 18:00", what: {zh: 清单办结, en: checklist closed}, who: linyue, done_when: {zh: 必备项全部完成, en: all mandatory items done}}
  - {at: 2026-10-01, what: {zh: 已过去的事, en: a thing of the past}, who: linyue, done_when: {zh: 已完成, en: done}}
budget: [{line: {zh: 首月推广, en: first month of promotion}, amount: 280000, unit: CNY, derived_from: {zh: "28,000人每人至多10元", en: "28,000 people at most CNY 10 each"}}]
questions: [{id: P-6, what: {zh: 何时收费, en: when charging starts}, owner: zhou, due: 2026-12-15, otherwise: {zh: O3首个数顺延, en: the first figure of O3 moves}}]
"""

ITEMS = {
    "need": """
- {id: N-002, title: {zh: 读自己的书, en: Read my own books}, priority: must, finding: [sus]}
- {id: N-004, title: {zh: 一程读完一段, en: Finish a segment in one commute}, priority: must, finding: [market_fit]}
""",
    "function": """
- {id: F-01, title: {zh: 离线导入, en: Offline import}, release: first, need: [N-002]}
- {id: F-09, title: {zh: 好友排行榜, en: Friends' leaderboard}, release: first}
""",
    "screen": "- {id: S-01, title: {zh: 导入页, en: Import screen}, function: [F-01]}\n",
    "risk": """
- {id: RK-5, title: {zh: 商店过审晚于12-08, en: Store approval later than 8 Dec}, stage: launch,
   trigger: {zh: 11-26 18:00仍有未过审, en: "any store open on 26 Nov, 18:00"},
   response: {zh: 先上已过审的商店, en: launch on the approved stores}, owner: chenli, likelihood: 3, impact: 4, state: open}
- {id: RK-3, title: {zh: 原型不含大文件, en: The prototype has no large files}, stage: design,
   trigger: {zh: 100 MB的PDF打开超过3秒, en: a PDF of 100 MB takes more than 3 s},
   response: {zh: 加入分页载入, en: adds paged loading}, owner: wanghao, state: closed}
""",
    "launch_item": """
- {id: L-17, title: {zh: 值班表, en: Roster}, owner: linyue, due: 2026-11-26, open: mandatory}
- {id: L-18, title: {zh: 常见问题, en: FAQ}, owner: linyue}
""",
}


def sus_finding() -> Finding:
    score = Estimate("score", 76.4, 72.6, 80.2, n=30, counts=PEOPLE, kind=Kind.MEAN, label=Words("SUS", "SUS"))
    difference = Estimate("difference", 10.6, 4.6, 16.6, n=54, counts=PEOPLE, kind=Kind.MEAN)
    table = ResultTable(
        "versions", Words("两版的SUS", "SUS of both versions"), (ColumnHead("version", Words("版本", "Version")), ColumnHead("mean", Words("均值", "Mean"), "points")),
        (("A", 65.8), ("B", 76.4)),
    )
    chart = Chart("scores", Words("两版的SUS与95%区间", "SUS of both versions with 95% intervals"), Words("版本B高于版本A", "version B lies above version A"), {"mark": "point"}, {"mark": "point"})
    return Finding(
        say(zh="SUS为76.4 [72.6, 80.2]（n=30）", en="SUS is 76.4 [72.6, 80.2] (n = 30)"),
        Meaning(
            Words("整段高于68", "all of it is above 68"), Words("区间宽7.6分", "the interval is 7.6 points wide"), Words("按版本B开发", "build version B"),
            Words("重测均值低于68", "a repeat below 68"),
        ),
        (score, difference), (Words("比版本A高10.6 [4.6, 16.6]", "10.6 [4.6, 16.6] above version A"),), (table,), (chart,),
        (Warning("small_n", Words("n=30，只看得出大的差别", "n = 30 shows large differences only")),),
        provenance=Provenance("sus", "1", {}, (Source("answers", "usability_v2", "a19c77f0", 30, date(2026, 7, 16)),), "2.5 × …, Brooke 1996", 1),
    )


def items_of(process: Template, product: Product, texts: Mapping[str, str]) -> Items:
    made: list[Item] = []
    for kind, text in texts.items():
        made += read_items(process.kinds.kinds[kind], text, f"items/{kind}.yaml")
    goals = [Item(g.id, "goal", g.name, {"metric": g.metric, "target": g.target}, {}) for g in product.goals]
    return assemble(process.kinds, made, product.evidence, goals)


def dossier(
    text: str, *, items: Mapping[str, str] | None = None, findings: Mapping[str, Finding] | None = None, decisions: tuple[Decision, ...] = (),
    signoffs: tuple[Signoff, ...] = (), words: tuple[OwnWords, ...] = (), at: datetime = AT,
) -> Dossier:
    """Everything judged by the product's own rules; plain evidence is read from the product's text."""
    product, template, process = read_product(text, "product.yaml")
    stages = load_map(text, "product.yaml").map("stages")
    found = dict(findings or {})
    for stage in process.stages:
        entries = stages.map(stage.id).map("evidence")
        for name in entries:
            if "plain" in entries.map(name):
                found[name] = plain_finding(product.evidence[name], entries.map(name))
    there = items_of(process, product, items or {})
    absent = {name: Absent("no_data", Words("没有数据", "no data")) for name in product.evidence if name not in found}
    evidence = {**absent, **found}
    order = [s.id for s in process.stages]
    gates = {
        s.id: gate(s, judge(s, findings=evidence, items=there, signoffs=signoffs, at=at), decisions, plan=product.stages.get(s.id), at=at, stage_order=order)
        for s in process.stages
    }
    numbers = {s.id: s.number for s in process.stages}
    codes: dict[str, str] = {}
    for name in product.evidence:
        if name in found:
            n = numbers[product.evidence[name].stage]
            codes[name] = f"F{n}-{1 + sum(code.startswith(f'F{n}-') for code in codes.values())}"
    notes = (DataNote("usability_v2", Words("第二轮可用性", "Usability of round two"), "data/usability_v2.csv", 30, "a19c77f0" * 8, date(2026, 7, 16), ("sus",)),) if found else ()
    methods = {id: catalogue.get(id) for id in sorted({str(e.method) for e in product.evidence.values() if e.method})}
    return Dossier(
        product=product, template=template, process=process, items=there, findings=found, absent=absent, evidence=product.evidence, codes=codes, gates=gates,
        goals={g.id: judge_goal(g, findings=evidence, items=there, at=at) for g in product.goals}, decisions=decisions, signoffs=signoffs, words=words,
        data=notes, methods=methods, at=at, fingerprint="7c1ea94f" * 8,
    )


def new(template: str = "internet_app") -> Dossier:
    """A product of which nothing is known but its template and one stage's dates."""
    return dossier(NEW.format(template=template))


def verdict(requirement: str, stage: str, criterion: str, words: Words, threshold: Words, result: Result, **more: object) -> Verdict:
    from stageway.process.model import Ask

    return Verdict(requirement, stage, Ask.MUST, criterion, words, threshold, result, **more)  # type: ignore[arg-type]


def full(**more: object) -> Dossier:
    """A product before its fifth gate: one stage gone through twice, one condition open, one goal undecided, one item without a need."""
    bare = dossier(FULL, items=ITEMS, findings={"sus": sus_finding()})
    now = bare.gates["design"].verdicts
    before = tuple(
        replace(v, seen=Seen(65.8, 61.0, 70.6, 24, kind="mean", counts=PEOPLE), result=Result.UNDECIDED, needs_n=110) if v.criterion == "sus.score >= 68" else v for v in now
    )
    none: tuple[Verdict, ...] = ()
    decisions = (
        Decision("D-001", date(2026, 3, 6), None, 1, None, "zhou", Words.of("立项"), None, (), None, none, "", "1.0", what=Words("目标、范围与裁剪A-01、A-03", "goals, scope, A-01 and A-03")),
        Decision("D-002", date(2026, 4, 15), "research", 1, Choice.GO, "zhou", Words.of("规模足够"), None, (), Choice.GO, none, evidence_hash(bare.gates["research"].verdicts), "1.1"),
        Decision(
            "D-003", date(2026, 5, 20), "positioning", 1, Choice.CONDITIONAL, "zhou", Words.of("独特性未定"), None,
            (Condition("C-01", Words.of("复测，n≥930"), "linyue", date(2026, 9, 30), Words.of("重开关口二")),), Choice.CONDITIONAL, none, evidence_hash(bare.gates["positioning"].verdicts), "1.2",
        ),
        Decision(
            "D-004", date(2026, 6, 24), "design", 1, Choice.RECYCLE, "zhou", Words.of("24人中13人导不进书"), "design", (), Choice.RECYCLE, before, "x", "1.3",
            effects=({"what": {"zh": "上线日", "en": "launch"}, "from": date(2026, 11, 3), "to": date(2026, 12, 8)},), findings=("sus",),
        ),
        Decision("D-005", date(2026, 7, 22), "design", 2, Choice.GO, "zhou", Words.of("复测通过"), None, (), Choice.HOLD, now, evidence_hash(now), "1.4"),
        Decision("D-006", date(2026, 9, 22), "positioning", 1, None, "zhou", Words.of("0.66 [0.54, 0.79]，n=938"), None, (), None, none, "", "1.5", closes="C-01"),
        Decision("D-008", date(2026, 9, 29), "quality", 1, Choice.GO, "zhou", Words.of("放行"), None, (), Choice.HOLD, bare.gates["quality"].verdicts, "changed", "2.0"),
    )
    words = (
        OwnWords("design.meaning", "zh", "suqing", "2026-07-22", "按版本B开发（SUS {{ sus.score | interval }}）。", "words/design.meaning.zh.md"),
        OwnWords("design.meaning", "en", "suqing", "2026-07-22", "Build version B (SUS {{ sus.score | interval }}).", "words/design.meaning.en.md"),
        OwnWords("design.quote", "zh", "zhou", "2026-07-22", "晚五周上线我同意。", "words/design.quote.zh.md"),
    )
    given: dict[str, object] = {"items": ITEMS, "findings": {"sus": sus_finding()}, "decisions": decisions, "words": words, **more}
    return dossier(FULL, **given)  # type: ignore[arg-type]
