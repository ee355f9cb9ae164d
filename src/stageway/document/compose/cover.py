"""The cover, the version history, and the one box that says how to read verdicts."""

from __future__ import annotations

import re

from stageway.document import dates
from stageway.document.compose import phrases
from stageway.document.compose.pen import Pen, line
from stageway.document.compose.strips import stage_strip
from stageway.document.outline import Block, Callout, ColumnSpec, Cover, Para
from stageway.evidence import Words
from stageway.process.model import Stage
from stageway.process.record import Decision, StageState

KIND = Words("产品运营流程", "Product Operations Process")


def cover(pen: Pen) -> Cover:
    dossier = pen.dossier
    product = dossier.product
    facts = [
        (pen.say("文件编号", "Document"), product.document_id or pen.say("未编号", "not numbered")),
        (pen.say("版本", "Version"), version(pen)),
        (pen.say("状态", "Status"), status(pen)),
        (pen.say("密级", "Classification"), pen.of(product.classification)),
        (pen.say("流程模板", "Template"), f"{dossier.template.id} {dossier.template.version}"),
        (pen.say("数据截止", "Data up to"), pen.full(dossier.data_up_to) if dossier.data_up_to else pen.say("尚无数据", "no data yet")),
        (pen.say("生成", "Generated"), dates.clock(dossier.at)[pen.lang]),
        (pen.say("证据指纹", "Evidence fingerprint"), dossier.fingerprint[:12]),
    ]
    roles = ((Words("编制", "Author"), product.author), (Words("审核", "Reviewer"), product.reviewer), (Words("批准", "Approver"), product.approver))
    last = issued(pen)[-1].at if issued(pen) else None
    approval = tuple((pen.of(role), _named(pen, id), pen.full(last) if role.zh == "批准" and last and not _changed(pen) else "") for role, id in roles)
    return Cover(title(pen), pen.of(KIND), pen.of(product.company, ""), tuple(facts), stage_strip(pen, dossier.current_stage()), approval, notice(pen))


def title(pen: Pen) -> str:
    """流明 Lumen in Chinese, where the two names differ."""
    name = pen.dossier.product.name
    return f"{name.zh} {name.en}" if pen.lang == "zh" and name.zh != name.en else name[pen.lang]


def notice(pen: Pen) -> str:
    if not pen.dossier.product.simulated:
        return ""
    return pen.say(
        "本文件中的产品、公司、人员和全部数据均为模拟，仅用于示范。",
        "The product, the company, the people and all data in this document are simulated, for demonstration only.",
    )


def _named(pen: Pen, id: str | None) -> str:
    person = pen.dossier.product.person(id)
    if person is None:
        return pen.say("未指定", "not assigned")
    department = pen.dossier.department(person.department)
    return pen.say("{department} {name}", "{name}, {department}", department=department, name=person.name)


def issued(pen: Pen) -> list[Decision]:
    """The decisions that issued a version, in order."""
    return [d for d in pen.dossier.decisions if d.version]


def version(pen: Pen) -> str:
    """The last version issued, or the next one as a draft where anything has changed since."""
    last = issued(pen)[-1].version if issued(pen) else ""
    found = re.fullmatch(r"[Vv]?(\d+)\.(\d+)", last)
    number = "0.1" if not last else (f"{found[1]}.{int(found[2]) + 1}" if found and _changed(pen) else last.lstrip("Vv"))
    return pen.say("V{n}", "{n}", n=number)


def _changed(pen: Pen) -> bool:
    """Whether something differs from what the last decision approved: a gate is open or an approval has expired."""
    return not issued(pen) or pen.dossier.current_stage() is not None or any(g.expired for g in pen.dossier.gates.values())


def pending(pen: Pen) -> Stage | None:
    """The gate that waits for a decision: of the current stage, once it has begun."""
    stage = pen.dossier.current_stage()
    return stage if stage is not None and pen.dossier.gates[stage.id].state != StageState.NOT_STARTED else None


def status(pen: Pen) -> str:
    if not issued(pen):
        return pen.say("草稿", "Draft")
    stage = pending(pen)
    if stage is None:
        return pen.say("已批准", "Approved")
    return pen.say("评审中（{gate}待决）", "In review ({gate} pending)", gate=pen.gate_words(stage))


def front(pen: Pen) -> list[Block]:
    return [_versions(pen), _how_to_read(pen)]


def _versions(pen: Pen) -> Block:
    product = pen.dossier.product
    author = pen.person(product.author) if product.author else pen.say("未指定", "not assigned")
    rows = [
        [f"V{d.version.lstrip('Vv')}" if pen.lang == "zh" else d.version.lstrip("Vv"), dates.iso(d.at), author, pen.person(d.by), brief(pen, d)]
        for d in issued(pen)
    ]
    if _changed(pen):
        stage = pending(pen)
        draft = (
            pen.say("{gate}评审稿", "Draft for {gate}", gate=pen.gate_words(stage)) if stage else pen.say("上一版之后的更新", "Updates since the last version")
        )
        change = draft if rows else pen.say("首次发布", "First issue")
        rows.append([version(pen), dates.iso(pen.dossier.today), author, pen.say("待批准", "pending"), change])
    heads = (
        ColumnSpec(pen.say("版本", "Version"), 16, keep=True),
        ColumnSpec(pen.say("日期", "Date"), 22, keep=True),
        ColumnSpec(pen.say("编制", "Author"), 26),
        ColumnSpec(pen.say("批准", "Approver"), 28),
        ColumnSpec(pen.say("变更", "What changed"), None),
    )
    return pen.table("versions", pen.say("版本记录", "Version history"), heads, rows)


def brief(pen: Pen, decision: Decision) -> str:
    """One decision in a few words: 关口三：退回至第三阶段; C-01关闭; the process itself: what it says."""
    stage = pen.dossier.process.stage(decision.stage) if decision.stage else None
    if decision.closes:
        text = pen.say("条件{id}关闭", "Condition {id} closed", id=decision.closes)
    elif stage is not None and decision.kind is not None:
        word = phrases.CHOICE[decision.kind]
        text = pen.say(
            "{gate}：{word}", "{gate}: {word}", gate=Words(pen.gate_words(stage).zh, pen.capital(pen.gate_words(stage).en.removeprefix("the "))), word=word
        )
        if decision.to and decision.kind == "recycle":
            text += pen.say("至{stage}", " to {stage}", stage=Words(pen.stage_name(decision.to), pen.stage_name(decision.to)))
        if decision.conditions:
            text += pen.say("，条件{ids}", ", {ids}", ids=pen.listed([c.id for c in decision.conditions]))
    else:
        text = pen.of(decision.what) if decision.what else pen.written(decision.because)
    return text.rstrip("。.")


def _how_to_read(pen: Pen) -> Callout:
    zh = (
        "方括号内为95%区间，n为样本量；F开头的编号是结论，D是决策，C是条件，RK是风险，其余编号见各表。",
        "判定看整个区间，不看点估计，有四种：区间整段满足门槛为通过（●），整段不满足为不通过（☒），跨在门槛两边为未定（◑），",
        "没有数据、扫描未完成、样本不足或证据过期为不可评定（⊝）。",
        "未定时写明约需多少样本：假定点估计不变，区间刚好离开门槛的n，取两位有效数字，只入不舍。",
        "计数和全数统计没有区间；签核未签即不可评定。“必须”准则有一项不是通过，关口就不放行。",
        "表中的短图：竖线是门槛，小旗和底色在满足的一侧，区间满足的部分实心，不满足的部分空心。",
    )
    en = (
        "Square brackets hold 95% intervals; n is the sample size.",
        "Codes beginning F are findings, D decisions, C conditions, RK risks; all others stand in their tables.",
        "We judge the whole interval, never the point estimate, and there are four verdicts: pass (●) if all of it satisfies the threshold,",
        "fail (☒) if none of it does, undecided (◑) if it lies on both sides, and not evaluable (⊝) if there are no data, a scan did not finish,",
        "the sample is below the minimum or the evidence is too old. An undecided verdict says about how many observations would decide:",
        "the n at which the interval, with the same point estimate, would just leave the threshold, rounded up to two figures.",
        "Counts and complete enumerations have no interval; a missing sign-off is not evaluable. Any must criterion without a pass blocks the gate.",
        "In the small strips the upright line is the threshold, flag and tint lie on the side that satisfies it,",
        "and the interval is full where it satisfies and hollow where it falls short.",
    )
    text = "".join(zh) if pen.lang == "zh" else " ".join(en)
    return Callout("brand", pen.say("怎样读本文件", "How to read this document"), (Para(line(text)),))
