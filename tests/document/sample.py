"""A made-up document in both languages that holds every kind of block: what the writers are tried on."""

from __future__ import annotations

from stageway.document.drawings.line import line
from stageway.document.drawings.thread import thread
from stageway.document.outline import (
    Block,
    Break,
    Callout,
    ColumnSpec,
    Cover,
    Document,
    Figure,
    Heading,
    Items,
    Para,
    Ref,
    StageStrip,
    State,
    Strip,
    Table,
    Text,
)
from stageway.evidence import Lang
from tests.document.drawn import SHORT, STATES, WORDS, months, stations, strand, swim
from tests.document.sample_stage import annex, cell, stage, two


def sample(lang: Lang) -> Document:
    zh = lang == "zh"

    def t(chinese: str, english: str) -> str:
        return chinese if zh else english

    strip = StageStrip(tuple(zip(SHORT[lang], STATES, WORDS[lang], strict=True)))
    facts = (
        (t("文件编号", "Document"), "LM-PO-001"),
        (t("版本", "Version"), "V2.3"),
        (t("状态", "Status"), t("评审中（关口五待决）", "In review (Gate 5 pending)")),
        (t("密级", "Classification"), t("内部", "Internal")),
        (t("编制", "Author"), t("产品部　陈立", "Chen Li, Product")),
        (t("审核", "Reviewer"), t("运营部　吴桐", "Wu Tong, Operations")),
        (t("数据截止", "Data up to"), "2026-11-23 24:00"),
        (t("证据指纹", "Evidence fingerprint"), "7c1e…a94f"),
    )
    cover = Cover(
        t("流明 Lumen", "Lumen"),
        t("产品运营流程", "Product Operations Process"),
        t("拾页科技（虚构）", "Shiye Technology (fictional)"),
        facts,
        strip,
        ((t("编制", "Author"), t("陈立", "Chen Li"), "2026-11-24"), (t("批准", "Approver"), t("周明远", "Zhou Mingyuan"), "")),
        t(
            "本文件中的产品、公司、人员和全部数据均为模拟，仅用于示范。",
            "The product, the company, the people and all data in this document are simulated, for demonstration only.",
        ),
    )
    blocks = (*_front(lang), *_summary(lang), *_goals(lang), *_raci(lang), *_overview(lang), *stage(lang), *annex(lang))
    return Document(
        lang,
        t("流明 Lumen 产品运营流程", "Lumen: Product Operations Process"),
        t("流明 Lumen 产品运营流程　V2.3　评审中", "Lumen: Product Operations Process · 2.3 · In review"),
        t("LM-PO-001　内部　数据截止2026-11-23　全部数据为模拟", "LM-PO-001 · Internal · Data up to 23 Nov 2026 · All data simulated"),
        t("陈立", "Chen Li"),
        "2026-11-24T09:00:00+08:00",
        cover,
        blocks,
    )


def _front(lang: Lang) -> tuple[Block, ...]:
    zh = lang == "zh"
    heads = ("版本", "日期", "编制", "批准", "变更") if zh else ("Version", "Date", "Author", "Approver", "What changed")
    people = ("陈立", "周明远") if zh else ("Chen Li", "Zhou Mingyuan")
    what = "目标与范围；流程模板internet_app 1.4及三处裁剪" if zh else "Goals and scope; template internet_app 1.4 with three adaptations"
    rows = tuple((cell(f"V{n}.0"), cell(f"2026-0{n}-06"), cell(people[0]), cell(people[1]), cell(what)) for n in range(1, 8))
    columns = (
        ColumnSpec(heads[0], 16, keep=True),
        ColumnSpec(heads[1], 24, keep=True),
        ColumnSpec(heads[2], 20, keep=True),
        ColumnSpec(heads[3], 28, keep=True),
        ColumnSpec(heads[4]),
    )
    return (
        Heading(1, "版本与读法" if zh else "Versions and how to read", "versions"),
        Table("versions", "版本记录" if zh else "Version history", columns, rows),
        Callout(
            "brand",
            "怎样读本文件" if zh else "How to read this document",
            (
                Para(
                    (
                        Text(
                            "方括号内为95%区间，n为样本量。判定看整个区间，不看点估计，有四种："
                            if zh
                            else "Square brackets hold 95% intervals; n is the sample size. We judge the whole interval: "
                        ),
                        State("pass", "通过" if zh else "pass"),
                        Text("　" if zh else ", "),
                        State("fail", "不通过" if zh else "fail"),
                        Text("　" if zh else ", "),
                        State("undecided", "未定" if zh else "undecided"),
                        Text("　" if zh else ", "),
                        State("not_evaluable", "不可评定" if zh else "not evaluable"),
                        Text("。" if zh else "."),
                    )
                ),
            ),
        ),
    )


def _summary(lang: Lang) -> tuple[Block, ...]:
    zh = lang == "zh"
    strip = StageStrip(tuple(zip(SHORT[lang], STATES, WORDS[lang], strict=True)))
    heads = (
        ("阶段", "负责", "计划", "实际", "关口结果", "现在缺什么，谁欠")
        if zh
        else ("Stage", "Owner", "Planned", "Actual", "Gate", "What is missing, and who owes it")
    )
    owners = (
        ("市场部", "产品部", "设计部", "研发部", "市场部", "运营部") if zh else ("Marketing", "Product", "Design", "Engineering", "Marketing", "Operations")
    )
    rows = tuple(
        (
            cell(name),
            cell(owner),
            cell("04-15" if zh else "15 Apr"),
            cell("04-15" if zh else "15 Apr"),
            (State(state, word), *((Break(), Text("06-24退回一次" if zh else "recycled 24 Jun", mute=True)) if index == 2 else ())),
            cell("L-17 郑佳；L-22 陈立" if zh else "L-17 Zheng Jia; L-22 Chen Li") if index == 4 else cell("—"),
        )
        for index, (name, owner, state, word) in enumerate(zip(SHORT[lang], owners, STATES, WORDS[lang], strict=True))
    )
    columns = (
        ColumnSpec(heads[0], 32),
        ColumnSpec(heads[1], 22 if not zh else 18, keep=True),
        ColumnSpec(heads[2], 18, keep=True),
        ColumnSpec(heads[3], 18, keep=True),
        ColumnSpec(heads[4], 34, keep=True),
        ColumnSpec(heads[5]),
    )
    ask = "是否按2026-12-08公开上线。" if zh else "Do we launch on 8 December? "
    return (
        Heading(1, "管理摘要" if zh else "Management summary", "summary", new_page=True),
        Callout(
            "brand",
            "一句话" if zh else "In one sentence",
            (
                Para(
                    cell(
                        "流明按期可在2026-12-08上线，前提是两项必备清单在11月26日前办结、放量护栏在11月27日满7天后判定通过。"
                        if zh
                        else "Lumen can launch on 8 December 2026 as planned, provided that two mandatory checklist items are closed by 26 November."
                    )
                ),
            ),
        ),
        strip,
        Table("stages", "六个阶段的状态（2026-11-24）" if zh else "The six stages on 24 November 2026", columns, rows),
        Heading(2, "请管理层决定三件事" if zh else "Three decisions for management", "asks"),
        Items(
            (
                (
                    Text(ask, strong=True),
                    Text("今天系统建议" if zh else "Today the system recommends "),
                    State("hold", "暂缓" if zh else "hold"),
                    Text(
                        "：7项必须准则5项通过、1项不通过、1项不可评定，见"
                        if zh
                        else ": of seven must criteria, five pass, one fails and one is not evaluable, see "
                    ),
                    Ref("gate5"),
                    Text("。" if zh else "."),
                ),
                cell("契合度未定，是否带条件上线。" if zh else "Do we launch, on a condition, while product–market fit is undecided?"),
            ),
            ordered=True,
        ),
        Callout(
            "pass",
            "已经能确认的" if zh else "What we know",
            (Para(cell("导入任务完成率由45.8%升到90.0%；SUS由65.8升到76.4。" if zh else "Completion of the import task rose from 45.8% to 90.0%.")),),
        ),
        Callout(
            "undecided",
            "还不能确认的" if zh else "What we do not know yet",
            (Para(cell("30日留存21.9% [19.6%, 24.4%]，n=1,122，目标20%。" if zh else "Day-30 retention is 21.9% [19.6, 24.4] (n = 1,122).")),),
        ),
        Figure(
            "plan",
            "计划与实际（2026年）" if zh else "Plan and actual dates, 2026",
            "六个阶段的计划与实际" if zh else "Planned and actual dates of six stages",
            svg=months(lang),
            note="空框为计划，实框为实际，琥珀色为退回后的第二轮，菱形为关口。" if zh else "Outline: plan; solid: actual; amber: second round; diamond: gate.",
        ),
    )


def _goals(lang: Lang) -> tuple[Block, ...]:
    zh = lang == "zh"
    heads = (
        ("编号", "指标", "基线", "目标与期限", "当前（95%区间）", "", "状态")
        if zh
        else ("No.", "Metric", "Baseline", "Target, by", "Now (95% interval)", "", "State")
    )
    columns = (
        ColumnSpec(heads[0], 11, keep=True),
        ColumnSpec(heads[1]),
        ColumnSpec(heads[2], 25),
        ColumnSpec(heads[3], 21, keep=True),
        ColumnSpec(heads[4], 32, keep=True),
        ColumnSpec(heads[5], 20),
        ColumnSpec(heads[6], 25),
    )
    met, undecided = ("达到", "未定") if zh else ("met", "undecided")
    n = "n={}　{}" if zh else "n = {} · {}"
    rows = (
        (
            cell("O1"),
            cell("新用户30日留存" if zh else "Day-30 retention"),
            two("11.8%", "原型，n=186" if zh else "prototype, n = 186"),
            two("≥20%" if zh else "≥ 20%", "2027-03-31"),
            two("21.9% [19.6, 24.4]", n.format("1,122", "F6-1")),
            (Strip(0.219, 0.196, 0.244, 0.20, "high", "goal_undecided", 0.1, (0, 1), 0.118, "21.9%, 19.6–24.4, ≥20%"),),
            (State("goal_undecided", undecided), Break(), Text("约需1,700人" if zh else "about 1,700 needed", mute=True)),
        ),
        (
            cell("O4"),
            cell("混合获客成本" if zh else "Blended acquisition cost"),
            two("24.7元" if zh else "CNY 24.7", "公测" if zh else "beta"),
            two("≤30元" if zh else "≤ CNY 30", "2027-03-31"),
            two("24.7 [23.6, 25.8]", n.format("2,000", "F5-1")),
            (Strip(24.7, 23.6, 25.8, 30, "low", "met", 10, (0, None), None, "24.7, 23.6–25.8, ≤30"),),
            (State("met", met),),
        ),
        (
            cell("O6"),
            cell("60日付费转化" if zh else "Paid conversion within 60 days"),
            two("无" if zh else "none", "尚未收费" if zh else "not charged yet"),
            two("≥3.0%" if zh else "≥ 3.0%", "2027-03-31"),
            cell("尚无" if zh else "none yet"),
            cell("—"),
            (State("goal_not_started", "未开始" if zh else "not started"),),
        ),
    )
    return (
        Heading(1, "目标与范围" if zh else "Goals and scope", "goals", "一、" if zh else "1", "1"),
        Heading(2, "目标" if zh else "Goals", "goals-list", "（一）" if zh else "1.1", "1"),
        Para(
            cell(
                "每个目标都有指标、基线、目标值、期限和数据来源，缺一项不得立项。"
                if zh
                else "Every goal has a metric, a baseline, a target, a date and a data source; a goal that lacks one is not accepted."
            )
        ),
        Table(
            "goals",
            "目标" if zh else "Goals and where they stand",
            columns,
            rows,
            note="注：黑线是目标，虚线是基线。" if zh else "The black line is the target, the dotted line the baseline.",
        ),
        Heading(2, "范围" if zh else "Scope", "scope", "（二）" if zh else "1.2", "1"),
        Para(
            (
                Text("包括　" if zh else "In. ", strong=True),
                Text(
                    "iOS 16、Android 10及以上的手机客户端；中国大陆、简体中文。"
                    if zh
                    else "Phone apps for iOS 16+ and Android 10+; mainland China, Simplified Chinese."
                ),
            ),
            lead=True,
        ),
        Para(
            (
                Text("不包括　" if zh else "Out. ", strong=True),
                Text("网页版与平板版（2027-04）；纸书销售（不做）。" if zh else "Web and tablet editions (April 2027); printed books (no)."),
            ),
            lead=True,
        ),
    )


def _raci(lang: Lang) -> tuple[Block, ...]:
    zh = lang == "zh"
    heads = (
        ("管理", "产品", "市场", "设计", "研发", "测试", "运营", "客服", "法务", "财务", "数据")
        if zh
        else ("Mgmt", "Prod", "Mktg", "Des", "Eng", "QA", "Ops", "Supp", "Legal", "Fin", "Data")
    )
    letters = (
        ("A", "R", "C", "C", "C", "C", "C", "I", "C", "I", "I"),
        ("I", "R", "A/R", "C", "I", "I", "R", "C", "I", "I", "C"),
        ("I", "A/R", "R", "C", "C", "I", "C", "I", "R", "I", "I"),
    )
    works = ("目标与范围", "一　市场调研与需求分析", "二　产品策划与定位") if zh else ("Goals and scope", "1 Research and needs", "2 Positioning")
    rows = tuple((cell(work), *(cell(letter) for letter in row)) for work, row in zip(works, letters, strict=True))
    columns = (ColumnSpec("工作" if zh else "Work"), *(ColumnSpec(head, 10.6, "center") for head in heads))
    return (
        Heading(1, "部门与职责" if zh else "Departments and responsibilities", "raci", "三、" if zh else "3", "3"),
        Table(
            "raci",
            "RACI（R执行，A最终负责且每行只有一个，C事前征求意见，I事后告知）"
            if zh
            else "RACI: R does the work, A is accountable, C is consulted, I is informed",
            columns,
            rows,
            matrix=True,
        ),
    )


def _overview(lang: Lang) -> tuple[Block, ...]:
    zh = lang == "zh"
    return (
        Heading(1, "流程总览" if zh else "The process at a glance", "overview", "四、" if zh else "4", "4", new_page=True),
        Para(
            cell(
                "调研得到需求，定位选定需求，设计把需求变成界面和方案，开发与测试证明做对了，上线证明有人要，运营证明留得住。"
                if zh
                else "Research finds needs, positioning selects them, design turns them into screens and a plan, testing proves it was done right."
            )
        ),
        Figure(
            "swim",
            "产品运营流程泳道图" if zh else "Swim-lane of the process",
            "九个部门为泳道，六个阶段为列" if zh else "Nine departments as lanes, six stages as columns",
            svg=swim(lang),
            note="深色框为阶段负责部门；实线为交接；竖虚线为关口。" if zh else "Dark boxes: owners; solid lines: hand-offs; dashed uprights: gates.",
        ),
        Figure("line", "六个阶段" if zh else "Six stages", "六个阶段的进度" if zh else "Progress of six stages", svg=line(stations(lang))),
        Figure("thread", "一条需求的来龙去脉" if zh else "The thread of one need", "从原话到目标" if zh else "From quote to goal", svg=thread(*strand(lang))),
    )
