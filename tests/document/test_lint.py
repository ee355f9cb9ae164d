"""The lint, rule by rule: the Bad example of the exemplar's anatomy is found, the Good one beside it is silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stageway.document.lint import lint, lint_template, score
from stageway.document.lint.passages import Form, Passage, language
from stageway.document.lint.wording import Company, wording
from stageway.evidence import Estimate, Kind, Where, Words
from stageway.process.grammar import parse
from stageway.process.items import Items
from stageway.process.record import Absent, DataNote, Signoff
from stageway.process.template import load_template, template_ids
from tests.document.lint_case import FINDINGS, PRODUCT, TEMPLATE, changed, condition, decision, dossier, finding, notes, said, share

BAD_GOOD_WORDS: list[tuple[str, str, str]] = [
    ("L-06", "请尽快提交", "2个工作日内提交"),
    ("L-06", "及时答复用户", "24小时内答复用户，及时率95%"),
    ("L-06", "Answer as soon as possible", "Answer within 2 working days"),
    ("L-06", "Shortly after the launch", "As soon as the scan ends, two days later"),
    ("L-07", "适当加强测试", "p95由800改为500毫秒"),
    ("L-07", "优化首屏", "优化首屏到2秒以内"),
    ("L-07", "在一定程度上改善", "改善6.6个百分点"),
    ("L-07", "Enhance the flow with adequate support", "Cut the flow from 7 to 4 steps"),
    ("L-07", "Retention is significantly better", "Retention is significantly better (test: p = 0.010)"),
    ("L-08", "进行测试", "测试进行中"),
    ("L-08", "对需求做出决定", "决定需求"),
    ("L-08", "We carry out an analysis", "We analyse"),
    ("L-08", "Perform testing on five phones", "Test five phones"),
    ("L-14", "两版没有差异", "差异不能排除是偶然"),
    ("L-14", "There is no difference between A and B", "The difference may be chance (p = 0.40)"),
    ("L-14", "两版没有显著差异", "等价检验：两版没有显著差异"),
    ("L-24", "下周开阶段门", "下周开关口"),
    ("L-24", "The tollgate is on Friday", "The gate is on Friday"),
    ("L-36", "全面赋能，打造闭环", "修了14个问题"),
    ("L-36", "A world-class, seamless flow", "A flow of four steps"),
    ("L-33", "这是一句" + "很长" * 30 + "的话。", "这是一句短话。"),
    ("L-33", "This sentence " + "goes on and " * 10 + "ends.", "This sentence ends."),
    ("L-34", "完成率,90%(27/30)", "完成率90.0%（27/30）"),
    ("L-34", "要19-24份", "要19～24份"),
    ("L-34", "等等...", "等等……"),
    ("L-34", "完成率 ，见表", "完成率，见表"),
    ("L-34", "n=326 的答卷", "n=326的答卷，见表 7-1"),
    ("L-35", "Between 19.6-24.4", "Between 19.6–24.4, by ISO 2859-1, on 2026-12-08"),
    ("L-35", "Phones, e.g. old ones, and/or tablets", "Phones, for example old ones, or tablets"),
    ("L-40", "用户张××，138…", "受访者17"),
    ("L-40", "联系 13812345678", "客服电话见官网"),
    ("L-40", "Respondent Miller said so", "Respondent 17 said so"),
    ("L-40", "write to jo@example.org", "write to support"),
    ("L-23", "NRR达标", "净收入留存（NRR）达标"),
    ("L-23", "NRR is on target", "Net revenue retention (NRR) is on target"),
]


def _noted(text: str, form: Form = Form.SENTENCE, company: Company | None = None, section: str = "") -> set[str]:
    passage = Passage(text, language(text), Where(file="x.md", line=3), form, None, section)
    return {note.rule for note in wording([passage], company or Company(doers=("何思", "Marketing")))}


@pytest.mark.parametrize(("rule", "bad", "good"), BAD_GOOD_WORDS)
def test_a_wording_rule_finds_the_bad_text_and_not_the_good(rule: str, bad: str, good: str) -> None:
    assert rule in _noted(bad)
    assert rule not in _noted(good)


@pytest.mark.parametrize(
    ("rule", "form", "bad", "good", "section"),
    [
        ("L-05", Form.TARGET, "SUS下限≥68", "SUS≥68", ""),
        ("L-05", Form.TARGET, "SUS, lower bound ≥ 68", "SUS ≥ 68", ""),
        ("L-09", Form.STEP, "对问卷作清洗", "何思剔除无效答卷", ""),
        ("L-09", Form.STEP, "The data are cleaned", "Marketing removes invalid answers", ""),
        ("L-09", Form.STEP, "The data are cleaned", "{who} removes invalid answers", ""),
        ("L-10", Form.STEP, "{who}回收问卷并剔除重复，同时编码，以及写报告", "{who}回收问卷", ""),
        ("L-16", Form.OWN, "留存提高6.6%", "留存提高6.6个百分点", "operations.findings"),
        ("L-16", Form.OWN, "Retention rose 6.6%", "Retention rose by 6.6 points", "operations.findings"),
        ("L-38", Form.OWN, "结果令人鼓舞", "按版本B开发", "design.meaning"),
        ("L-38", Form.OWN, "Encouraging results", "Build version B", "design.meaning"),
        ("L-49", Form.OWN, "还需1,968份", "若真值就是42%，约需2,000份", "research.findings"),
        ("L-49", Form.OWN, "We need 1,968 people", "If 42% is the truth, about 2,000 people would decide", "research.findings"),
        ("L-33", Form.CELL, "一个" + "长" * 30, "短标题", ""),
    ],
)
def test_a_rule_on_one_form_of_text(rule: str, form: Form, bad: str, good: str, section: str) -> None:
    assert rule in _noted(bad, form, section=section)
    assert rule not in _noted(good, form, section=section)


def test_a_note_says_what_where_and_how_to_mend() -> None:
    [note] = wording([Passage("请尽快提交", "zh", Where(file="words/x.md", line=3), Form.SENTENCE, "research")], Company())
    assert (note.rule, note.level, note.stage, note.where.words("zh")) == ("L-06", "E", "research", "words/x.md，第3行")
    assert note.text == Words("“尽快”没有说到什么时候", '"尽快" names no time')
    assert note.mend.zh == "写日期或工作日数，如“2个工作日内”"


def test_word_rules_do_not_look_into_quotations_terms_or_live_values() -> None:
    assert _noted("尽快给我退款", Form.QUOTE) == set()
    assert _noted("规则里不得写“尽快”") == set()
    assert "L-07" in _noted("打开性能优化")
    assert "L-07" not in _noted("打开性能优化", company=Company(terms=("性能优化",)))
    assert _noted("`robust` stays") == set()


def test_own_words_in_the_quote_section_are_exempt_from_wording_but_not_from_personal_data() -> None:
    assert said("尽快修好吧", "L-06", "research.quote") == []
    assert len(said("打我电话13812345678", "L-40", "research.quote")) == 1
    assert len(said("尽快修好", "L-06", "research.meaning")) == 1
    assert said("> 尽快修好吧", "L-06", "research.meaning") == []


def test_the_line_of_own_words_is_the_line_of_the_paragraph() -> None:
    case = dossier(words={"research.meaning.zh": "按版本B做。\n\n尽快做完。"})
    after_front_matter = replace(case, words=tuple(replace(own, line=5) for own in case.words))
    assert [n.where.line for n in lint(after_front_matter) if n.rule == "L-06"] == [7]


def test_the_company_may_have_its_own_word_for_a_gate() -> None:
    assert "L-24" not in _noted("下周开阶段门", company=Company(renamed=frozenset({"gate"})))


# ── structure ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_case_itself_is_clean() -> None:
    assert notes() == []


def test_a_requirement_without_owner_date_or_criterion_is_an_error_with_its_place() -> None:
    product = changed("stages/research/requirements/S1.1", {})
    product["stages"]["research"]["planned"] = {}
    made = {n.rule: n for n in notes(product=product)}
    assert made["L-01"].text == Words("S1.1“问卷”没有责任人", 'S1.1 "Survey" has no owner')
    assert made["L-01"].where.part == "stages.research.requirements.S1.1"
    assert (made["L-01"].level, made["L-02"].level) == ("E", "E")
    bare = TEMPLATE.replace('- {must: "survey.share >= 40%", words: {zh: 想要的人占比, en: Share who want it}, greatest_age: 60d}', "[]").replace("criteria:\n          []", "criteria: []")
    assert [n.level for n in notes("L-03", template=bare)] == ["E"]


@pytest.mark.parametrize("text", ["needs.count() >= 0", "a.b <= 100%", "needs.share_with(finding) >= 0"])
def test_a_criterion_that_can_only_come_out_true_is_none(text: str) -> None:
    from stageway.document.lint.structure import can_fail

    assert not can_fail(parse(text, Where()))
    assert can_fail(parse("scan.high == 0", Where()))
    assert can_fail(parse("signoff.legal.privacy", Where()))
    assert can_fail(parse("experiment.difference >= -2 pp", Where()))


def test_before_a_stage_begins_its_gaps_are_one_warning() -> None:
    product = changed("stages/quality/requirements", {})
    [note] = notes("L-01", product=product)
    assert (note.level, note.stage, note.text.zh) == ("W", "quality", "S2.1没有责任人")
    [later] = notes("L-01", product=product, at=date(2026, 7, 1))
    assert later.level == "E"


def test_an_owner_is_a_person_of_a_department_that_works_on_the_stage() -> None:
    made = notes("L-47", product=changed("stages/research/requirements/S1.1/owner", "feng"))
    assert [n.text.en for n in made] == ["S1.1 is owned by Feng Yuan, but Legal is C in this stage's RACI"]
    case = dossier()
    research = case.product.stages["research"]
    plan = replace(research, requirements={"S1.1": replace(research.requirements["S1.1"], owner="QA and Engineering")})
    spoilt = replace(case, product=replace(case.product, stages={**case.product.stages, "research": plan}))
    assert [n.level for n in lint(spoilt) if n.rule == "L-01"] == ["E"]
    assert len(notes("L-47", product=changed("stages/research/work/survey/who", "feng"))) == 1


def test_a_sign_off_needs_somebody_who_can_give_it() -> None:
    assert [n.text.zh for n in notes("L-03", product=changed("people/3", None))] == ["S2.1要的签核没有人能签"]


def test_each_raci_row_has_one_a_and_nobody_judges_himself() -> None:
    case = dossier()
    two = replace(case, process=replace(case.process, raci_extra=((Words("目标", "Goals"), {"qa": "A", "legal": "A"}),)))
    assert [n.text.zh for n in lint(two) if n.rule == "L-21"] == ["“目标”的RACI有2个A"]
    assert len(notes("L-21", product=changed("stages/research/owner", "zhou"))) == 1
    assert len(notes("L-21", product=changed("product/document/reviewer", "lin"))) == 1


def test_dates_behind_are_not_planned_and_dates_ahead_are_not_done() -> None:
    assert [n.level for n in notes("L-28", at=date(2026, 7, 5))] == ["E"]
    assert len(notes("L-28", product=changed("stages/research/requirements/S1.1/done", date(2026, 6, 18)))) == 1
    assert notes("L-28", product=changed("stages/research/requirements/S1.1/done", date(2026, 6, 9))) == []


def test_an_open_must_criterion_has_a_date_ahead() -> None:
    late = {"findings": {"survey": finding(share(value=0.2, low=0.15, high=0.25), collected=date(2026, 7, 1))}, "at": date(2026, 7, 2)}
    assert "L-27" in {n.rule for n in notes(**late)}
    again = changed("stages/research/requirements/S1.1/due", [date(2026, 6, 20), date(2026, 7, 20)])
    assert "L-27" not in {n.rule for n in notes(product=again, **late)}


def test_a_requirement_of_the_template_does_not_go_in_silence() -> None:
    case = dossier()
    stages = tuple(replace(s, requirements=()) if s.id == "quality" else s for s in case.process.stages)
    gone = replace(case, process=replace(case.process, stages=stages))
    assert [n.text.zh for n in lint(gone) if n.rule == "L-39"] == ["模板的要求S2.1“漏洞扫描”不见了，没有裁剪记录"]
    skip = {"id": "A-01", "act": "skip", "stage": "quality", "target": "S2.1", "reason": {"zh": "没有联网功能", "en": "it is not connected"}}
    assert [n.text.zh for n in notes("L-39", product={**PRODUCT, "stages": changed("stages/quality/requirements", {})["stages"], "adaptations": [skip]})] == ["裁剪A-01缺少：by"]
    done = {**skip, "by": "zhou", "at": date(2026, 6, 1)}
    assert notes("L-39", product={**PRODUCT, "stages": changed("stages/quality/requirements", {})["stages"], "adaptations": [done]}) == []


def test_a_hand_off_has_a_date_and_a_return_its_reason() -> None:
    assert [n.text.zh for n in notes("L-52", product=changed("handoffs", {}))] == ["交接H-1“需求清单”没有期限"]
    events = [{"returned": date(2026, 6, 8)}]
    assert len(notes("L-52", product=changed("handoffs/H-1/events", events))) == 1
    assert notes("L-52", product=changed("handoffs/H-1/events", [{**events[0], "because": {"zh": "缺原话", "en": "no quotations"}}])) == []


def test_the_document_has_its_number_and_people() -> None:
    assert [n.text.en for n in notes("L-53", product=changed("product/document", {"author": "lin"}))] == ["the document lacks: id, reviewer, approver"]


# ── agreements ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "value", "names"),
    [
        ("goals/0", {"id": "O1", "name": {"zh": "提升留存", "en": "improve retention"}, "target": "提升留存"}, "指标、基线、带数的目标值、期限"),
        ("goals/0/target", None, "带数的目标值"),
        ("goals/0/by", None, "期限"),
        ("goals/0/baseline/source", None, "基线的来源"),
    ],
)
def test_a_goal_without_one_of_its_five_fields(path: str, value: Any, names: str) -> None:
    [note] = notes("L-04", product=changed(path, value))
    assert note.text.zh.endswith(f"缺少{names}")


def test_a_baseline_may_be_none_with_its_reason() -> None:
    assert notes("L-04", product=changed("goals/0/baseline", {"none": {"zh": "尚未收费", "en": "nothing is charged yet"}})) == []


def test_something_is_out_of_scope_with_a_reason_or_a_date() -> None:
    assert [n.level for n in notes("L-44", product=changed("scope/out", []))] == ["W"]
    assert [n.level for n in notes("L-44", product=changed("scope/out", []), at=date(2026, 7, 1))] == ["E"]
    assert [n.level for n in notes("L-44", product=changed("scope/out/0", {"item": {"zh": "网页版", "en": "web"}}))] == ["E"]


RISK = "- {{id: RK-1, title: {{zh: 审核拖延, en: a late review}}, stage: quality, trigger: {{zh: {zh}, en: {en}}}, response: {{zh: 赵岚提请豁免, en: Zhao Lan asks for a waiver}}, owner: {owner}}}"


def test_a_risk_has_a_trigger_that_one_can_see_and_a_person() -> None:
    vague = RISK.format(zh="存在进度风险", en="schedule risk", owner="zhao")
    assert [n.rule for n in notes("L-22", items={"risk": vague})] == ["L-22"]
    nobody = RISK.format(zh="11-26 18:00仍有未过审", en="not approved by 26 Nov", owner="测试部")
    assert len(notes("L-22", items={"risk": nobody})) == 1
    assert notes("L-22", items={"risk": RISK.format(zh="11-26 18:00仍有未过审", en="not approved by 26 Nov", owner="zhao")}) == []


def test_a_condition_has_four_fields() -> None:
    bad = decision("conditional", because="按建议", recommended="conditional", conditions=(condition("请关注独特性", owner="", otherwise=""),))
    made = notes(decisions=(bad,))
    assert [n.text.en for n in made if n.rule == "L-18"] == ["the condition C-01 lacks OWNER, OTHERWISE"]
    assert "L-07" in {n.rule for n in made}
    good = decision("conditional", because="按建议", recommended="conditional", conditions=(condition(),))
    assert [n for n in notes(decisions=(good,)) if n.rule in ("L-18", "L-07")] == []


def test_a_decision_other_than_go_has_a_reason() -> None:
    assert len(notes("L-19", decisions=(decision("hold", recommended="hold"),))) == 1
    assert notes("L-19", decisions=(decision("hold", because="依赖扫描中断", recommended="hold"),)) == []
    assert notes("L-19", decisions=(decision("go"),)) == []


def test_a_decision_that_departs_from_the_recommendation_says_why() -> None:
    assert [n.level for n in notes("L-50", decisions=(decision("go", recommended="hold"),))] == ["E"]
    assert [n.level for n in notes("L-50", decisions=(decision("go", because="时间到了", recommended="hold"),))] == ["W"]
    assert notes("L-50", decisions=(decision("go", because="与系统建议不同，因为扫描只差1项", recommended="hold"),)) == []
    assert notes("L-50", decisions=(decision("go"),)) == []


def test_a_decided_gate_has_its_meaning_for_the_next_stage() -> None:
    assert len(notes("L-38", decisions=(decision("go"),))) == 1
    assert notes("L-38", decisions=(decision("go"),), words={"research.meaning.zh": "按版本B开发。", "research.meaning.en": "Build version B."}) == []


def test_a_condition_or_question_whose_date_is_past_is_settled() -> None:
    late = decision("conditional", because="按建议", recommended="conditional", at=date(2026, 6, 1), conditions=(condition(day=date(2026, 6, 5)),))
    assert len(notes("L-28", decisions=(late,))) == 1
    closing = replace(late, id="D-002", kind=None, conditions=(), closes="C-01", recommended=None)
    assert notes("L-28", decisions=(late, closing)) == []
    question = {"id": "P-1", "what": {"zh": "收费日期", "en": "date of charging"}, "owner": "zhou", "due": date(2026, 6, 1), "otherwise": {"zh": "顺延", "en": "moves"}}
    assert len(notes("L-28", product={**PRODUCT, "questions": [question]})) == 1


# ── evidence ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_stale_evidence_of_a_stage_under_way_is_an_error_with_its_place() -> None:
    old = {"survey": finding(share(value=0.6, low=0.55, high=0.65), collected=date(2026, 3, 1))}
    [note] = notes("L-13", findings=old)
    assert (note.level, note.stage, note.where.part) == ("E", "research", "stages.research.requirements.S1.1")
    assert notes("L-13") == []


def test_a_finding_computed_on_data_that_have_changed_is_stale() -> None:
    data = DataNote("answers", Words.of("answers"), "a.csv", 326, "bb", date(2026, 6, 5), ("survey",))
    assert len(notes("L-13", data=(data,))) == 1
    assert notes("L-13", data=(replace(data, sha256="aa"),)) == []


def test_evidence_that_expires_before_the_gate_is_announced() -> None:
    good = {"findings": {"survey": finding(share(value=0.6, low=0.55, high=0.65), collected=date(2026, 4, 20))}}
    [note] = notes("L-45", **good)
    assert (note.level, note.text.en) == ("W", "F1-1 is valid until 2026-06-19 only and is needed on 2026-06-30")
    undated = changed("stages/research/planned", {"from": date(2026, 6, 1)})
    assert [n.text.en for n in notes("L-45", product=undated, **good)] == ["F1-1 is valid until 2026-06-19 only and is needed on 2026-09-01"]
    entry = {"at": "2026-06-18", "what": {"zh": "重采S1.1", "en": "collect S1.1 again"}, "who": "lin", "done_when": {"zh": "入库", "en": "on record"}}
    assert notes("L-45", product={**PRODUCT, "calendar": [entry]}, **good) == []


def test_an_approval_whose_evidence_has_changed_has_expired() -> None:
    assert "L-13" in {n.rule for n in notes(decisions=(decision("go", evidence_hash="other"),))}
    held = dossier().gates["research"].evidence_hash
    assert notes("L-13", decisions=(decision("go", evidence_hash=held),)) == []


CLAIM = "- {id: CL-1, title: {zh: 用户很喜欢复述卡, en: users love recap cards}}"


def test_a_claim_without_a_finding_is_found() -> None:
    with_positioning = TEMPLATE.replace("id: quality", "id: positioning")
    product = changed("stages/research", PRODUCT["stages"]["research"])
    product["stages"]["positioning"] = {**product["stages"].pop("quality"), "actual": {"from": date(2026, 6, 2)}}
    [note] = notes("L-12", items={"claim": CLAIM}, template=with_positioning, product=product)
    assert (note.level, note.stage, note.where.words("en")) == ("E", "positioning", "items/claim.yaml, line 1, CL-1")
    cited = CLAIM.replace("}}", "}, finding: [survey]}")
    assert notes("L-12", items={"claim": cited}, template=with_positioning, product=product) == []
    assert len(notes("L-12", items={"claim": cited}, template=with_positioning, product=product, findings={})) == 1


def test_an_undecided_verdict_has_a_person_and_a_date() -> None:
    assert notes("L-49") == []
    [note] = notes("L-49", product=changed("stages/research/requirements/S1.1/owner", None))
    assert note.text.zh == "S1.1“想要的人占比”未定，没有写谁来补"
    [late] = notes("L-49", at=date(2026, 7, 1))
    assert late.text.en.endswith("does not say by when")


def test_orphans_of_the_thread_are_noted_once_the_stage_that_owes_them_has_begun() -> None:
    items = {"need": "- {id: N-1, title: {zh: 记得住, en: remember}, finding: [survey]}", "function": "- {id: F-01, title: {zh: 复述卡, en: recap card}}"}
    staged = TEMPLATE.replace("id: quality", "id: positioning")
    product = changed("stages/research", PRODUCT["stages"]["research"])
    product["stages"]["positioning"] = product["stages"].pop("quality")
    assert notes("L-51", items=items, template=staged, product=product) == []
    assert {n.where.part for n in notes("L-51", items=items, template=staged, product=product, at=date(2026, 7, 1))} == {"N-1", "F-01"}


def test_a_finding_that_nothing_uses_is_noted() -> None:
    product = changed("stages/research/evidence", {"extra": {"plain": True, "title": "extra", "gives": ["x"]}})
    more = {**FINDINGS, "extra": finding(share("x"))}
    assert [n.where.part for n in notes("L-42", product=product, findings=more)] == ["stages.research.evidence.extra"]
    assert notes("L-42", product=product, findings=more, words={"research.findings.zh": "有{{ extra.x | interval }}。", "research.findings.en": "{{ extra.x | interval }}."}) == []


# ── people's own words against the findings ───────────────────────────────────────────────────────────────────────────

SHOWN = "{{ survey.share | interval }}"


@pytest.mark.parametrize(
    ("rule", "lang", "bad", "good"),
    [
        ("L-11", "zh", "想要的人占{{ survey.share }}。", f"想要的人占{SHOWN}。"),
        ("L-12", "zh", "用户很喜欢复述卡。", f"用户喜欢复述卡，{SHOWN}。"),
        ("L-12", "en", "Users love recap cards.", f"Users want recap cards: {SHOWN}."),
        ("L-12", "zh", "见F9-9，用户喜欢。", "见F1-1，用户喜欢。"),
        ("L-12", "zh", "占{{ survay.share | interval }}。", f"占{SHOWN}。"),
        ("L-12", "zh", "占{{ survey.share | range }}。", f"占{SHOWN}。"),
        ("L-15", "zh", f"复述卡带来更多人，{SHOWN}。", f"看过复述卡的人里{SHOWN}想要。"),
        ("L-15", "en", f"Recap cards drove interest: {SHOWN}.", f"Of those who saw them {SHOWN} were interested."),
        ("L-26", "zh", f"占42.2%，{SHOWN}。", f"占{SHOWN}。"),
        ("L-31", "zh", f"已达到40%：{SHOWN}。", f"未定：{SHOWN}，门槛40%。"),
        ("L-31", "zh", f"不到40%：{SHOWN}。", f"是否达到40%未定：{SHOWN}。"),
        ("L-31", "en", f"The target is met: {SHOWN}.", f"Undecided: {SHOWN}."),
        ("L-32", "zh", f"近八成想要（{SHOWN}）。", f"四成想要（{SHOWN}）。"),
        ("L-32", "en", f"Two thirds want it ({SHOWN}).", f"The share is {SHOWN}, against a target of 40%."),
        ("L-32", "zh", "占45.8%（F1-1）。", "占42.2%（F1-1）。"),
        ("L-46", "zh", "最大的缺口是记不住（{{ survey.share | n }}）。", f"最大的缺口是记不住，排第一的概率{SHOWN}。"),
        ("L-46", "en", "The largest gap is recall ({{ survey.share | n }}).", f"Recall ranks first with probability {SHOWN}."),
    ],
)
def test_own_words_against_the_findings_cited(rule: str, lang: str, bad: str, good: str) -> None:
    assert said(bad, rule, lang=lang)
    assert said(good, rule, lang=lang) == []


def test_contradictions_are_found_in_quotations_too() -> None:
    assert said(f"“近八成”，他说，{SHOWN}", "L-32", "research.quote")
    assert said(f"已达到40%，{SHOWN}", "L-31", "research.quote")


def test_an_experiment_may_speak_of_causes() -> None:
    case = dossier(words={"research.findings.zh": f"新引导使留存提高{SHOWN}。"})
    assert "L-15" in {n.rule for n in lint(case)}
    randomised = replace(case.evidence["survey"], method="experiment")
    assert "L-15" not in {n.rule for n in lint(replace(case, evidence={**case.evidence, "survey": randomised}))}


def test_what_could_not_be_judged_is_not_written_as_a_pass() -> None:
    aborted = {"absent": {"scan": Absent("incomplete", Words("依赖扫描中断", "scan aborted"))}, "section": "quality.findings"}
    assert [n.text.zh for n in said("未发现漏洞。", "L-17", **aborted)] == ["“未发现漏洞”：S2.1不可评定（依赖扫描中断）"]
    assert len(said("No vulnerabilities found.", "L-17", lang="en", **aborted)) == 1
    assert said("不可评定：依赖扫描中断，未发现漏洞不作数。", "L-17", **aborted) == []
    signed = {"signoffs": (Signoff("S2.1", "legal", "privacy", "feng", date(2026, 6, 1)),)}
    exact = {**FINDINGS, "scan": finding(Estimate("high", 0, kind=Kind.EXACT, n=1))}
    assert said("未发现漏洞。", "L-17", "quality.findings", findings=exact, **signed) == []


def test_both_languages_cite_the_same_numbers() -> None:
    assert [n.level for n in notes("L-30", words={"research.findings.zh": f"占{SHOWN}。", "research.findings.en": "It is so."})] == ["E"]
    assert [n.level for n in notes("L-30", words={"research.findings.zh": f"占{SHOWN}。"})] == ["W"]
    assert notes("L-30", words={"research.findings.zh": f"占{SHOWN}。", "research.findings.en": f"It is {SHOWN}."}) == []
    uneven = TEMPLATE.replace("{who} collects {people} answers ({dates})", "{who} collects answers ({dates})")
    assert [n.text.en for n in notes("L-30", template=uneven)] == ["the step survey has other slots in the other language: people"]


def test_a_live_value_that_has_no_finding_yet_is_a_warning() -> None:
    assert [n.level for n in said(f"占{SHOWN}。", "L-12", findings={})] == ["W"]


# ── score and templates ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_score_of_a_stage_counts_its_errors_and_warnings() -> None:
    product = changed("stages/research/requirements/S1.1/owner", None)
    product["stages"]["quality"]["requirements"] = {}
    case = dossier(product)
    made = lint(case)
    assert [(n.rule, n.level, n.stage) for n in made] == [("L-01", "E", "research"), ("L-49", "E", "research"), ("L-01", "W", "quality")]
    assert score(made, case) == {"research": 80, "quality": 97, "operations": None}
    assert score([made[0]] * 11, case)["research"] == 0


def test_notes_are_the_same_each_time_and_in_order() -> None:
    case = dossier(changed("stages/research/requirements/S1.1/owner", None), words={"research.meaning.zh": "尽快做。"})
    assert lint(case) == lint(case)
    assert [n.level for n in lint(case) if n.stage == "research"] == sorted(n.level for n in lint(case) if n.stage == "research")


@pytest.mark.parametrize("id", template_ids())
def test_a_shipped_template_has_no_wording_errors(id: str) -> None:
    assert [(n.rule, n.text.zh, n.where.words("en")) for n in lint_template(load_template(id))] == []


@pytest.mark.parametrize("id", template_ids())
def test_a_new_product_is_not_drowned(id: str) -> None:
    """Nothing planned and nobody named: a handful of warnings a stage, no error."""
    case = dossier()
    template = load_template(id)
    empty = replace(
        case.product, people=(), goals=(), scope_out=(), stages={}, handoffs={}, milestone=None, document_id=None, author=None, reviewer=None, approver=None,
        evidence={e.name: e for s in template.stages for r in s.requirements for e in r.evidence},
    )
    gates = {s.id: replace(case.gates["quality"], stage=s.id, verdicts=()) for s in template.stages}
    bare = replace(case, product=empty, template=template, process=template, items=Items(template.kinds), evidence=empty.evidence, findings={}, codes={}, gates=gates, goals={})
    made = lint(bare)
    assert {n.level for n in made} == {"W"}
    assert all(score >= 90 for score in _points(made, bare) if score is not None)
    assert len(made) <= 4 * len(template.stages)


def _points(made: Any, case: Any) -> list[int | None]:
    return list(score(made, case).values())


def test_the_lint_has_both_languages_everywhere() -> None:
    product = changed("stages/research/requirements/S1.1", {})
    product["goals"][0].pop("by")
    for note in notes(product=product, words={"research.findings.zh": "尽快。近八成。F9-9。"}):
        for words in (note.text, note.mend):
            assert words.zh.strip()
            assert words.en.strip()
