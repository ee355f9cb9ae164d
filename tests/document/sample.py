"""A made-up document in both languages that holds every kind of block: what the writers are tried on."""

from __future__ import annotations

from typing import Any

import altair as alt

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
    Quote,
    Ref,
    StageStrip,
    State,
    Strip,
    Table,
    Text,
)
from stageway.evidence import Lang
from tests.document.drawn import SHORT, STATES, WORDS, months, stations, strand, swim

LONG = {
    "zh": "把14项功能变成用户不看说明就能用的界面和研发能按期做出的方案。改一张原型以小时计，改上线版本以周计，"
    "因此在编码前用真人任务检验。“读自己的书”是必备需求，"
    "第一轮24人中有13人导不进书，所以先退回重做，再用同样的任务重测30人；两轮的题目、主持人和评分办法都没有变，可以直接相比。",
    "en": "Turn fourteen functions into screens that people can use without a manual and into a plan that engineering can keep. "
    "A prototype is changed in hours, a released version in weeks, so real people try the tasks before any code is written. "
    "In the first round 13 of 24 people could not import a book; the design went back, and 30 others tried the same tasks.",
}


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
    blocks = (*_front(lang), *_summary(lang), *_goals(lang), *_raci(lang), *_overview(lang), *_stage(lang), *_annex(lang))
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
    rows = tuple((_c(f"V{n}.0"), _c(f"2026-0{n}-06"), _c(people[0]), _c(people[1]), _c(what)) for n in range(1, 8))
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
            _c(name),
            _c(owner),
            _c("04-15" if zh else "15 Apr"),
            _c("04-15" if zh else "15 Apr"),
            (State(state, word), *((Break(), Text("06-24退回一次" if zh else "recycled 24 Jun", mute=True)) if index == 2 else ())),
            _c("L-17 郑佳；L-22 陈立" if zh else "L-17 Zheng Jia; L-22 Chen Li") if index == 4 else _c("—"),
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
                    _c(
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
                _c("契合度未定，是否带条件上线。" if zh else "Do we launch, on a condition, while product–market fit is undecided?"),
            ),
            ordered=True,
        ),
        Callout(
            "pass",
            "已经能确认的" if zh else "What we know",
            (Para(_c("导入任务完成率由45.8%升到90.0%；SUS由65.8升到76.4。" if zh else "Completion of the import task rose from 45.8% to 90.0%.")),),
        ),
        Callout(
            "undecided",
            "还不能确认的" if zh else "What we do not know yet",
            (Para(_c("30日留存21.9% [19.6%, 24.4%]，n=1,122，目标20%。" if zh else "Day-30 retention is 21.9% [19.6, 24.4] (n = 1,122).")),),
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
            _c("O1"),
            _c("新用户30日留存" if zh else "Day-30 retention"),
            _two("11.8%", "原型，n=186" if zh else "prototype, n = 186"),
            _two("≥20%" if zh else "≥ 20%", "2027-03-31"),
            _two("21.9% [19.6, 24.4]", n.format("1,122", "F6-1")),
            (Strip(0.219, 0.196, 0.244, 0.20, "high", "goal_undecided", 0.1, (0, 1), 0.118, "21.9%, 19.6–24.4, ≥20%"),),
            (State("goal_undecided", undecided), Break(), Text("约需1,700人" if zh else "about 1,700 needed", mute=True)),
        ),
        (
            _c("O4"),
            _c("混合获客成本" if zh else "Blended acquisition cost"),
            _two("24.7元" if zh else "CNY 24.7", "公测" if zh else "beta"),
            _two("≤30元" if zh else "≤ CNY 30", "2027-03-31"),
            _two("24.7 [23.6, 25.8]", n.format("2,000", "F5-1")),
            (Strip(24.7, 23.6, 25.8, 30, "low", "met", 10, (0, None), None, "24.7, 23.6–25.8, ≤30"),),
            (State("met", met),),
        ),
        (
            _c("O6"),
            _c("60日付费转化" if zh else "Paid conversion within 60 days"),
            _two("无" if zh else "none", "尚未收费" if zh else "not charged yet"),
            _two("≥3.0%" if zh else "≥ 3.0%", "2027-03-31"),
            _c("尚无" if zh else "none yet"),
            _c("—"),
            (State("goal_not_started", "未开始" if zh else "not started"),),
        ),
    )
    return (
        Heading(1, "目标与范围" if zh else "Goals and scope", "goals", "一、" if zh else "1", "1"),
        Heading(2, "目标" if zh else "Goals", "goals-list", "（一）" if zh else "1.1", "1"),
        Para(
            _c(
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
    rows = tuple((_c(work), *(_c(letter) for letter in row)) for work, row in zip(works, letters, strict=True))
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
            _c(
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


def criteria_rows(lang: Lang) -> list[tuple[str, str, str, str, str, Strip | None, str, str, str]]:
    """criterion, ask, value, n, threshold, strip, state, word, small."""
    zh = lang == "zh"
    must, should = ("必须", "应当") if zh else ("must", "should")
    word = (
        {"pass": "通过", "fail": "不通过", "undecided": "未定", "not_evaluable": "不可评定"}
        if zh
        else {"pass": "pass", "fail": "fail", "undecided": "undecided", "not_evaluable": "not evaluable"}
    )
    return [
        (
            "无崩溃会话" if zh else "Crash-free sessions",
            must,
            "99.74% [99.68, 99.78]",
            "n=38,214",
            "≥99.5%",
            Strip(0.9974, 0.9968, 0.9978, 0.995, "high", "pass", 0.005, (0, 1), None, "99.74, ≥99.5"),
            "pass",
            word["pass"],
            "",
        ),
        (
            "混合获客成本" if zh else "Blended acquisition cost",
            must,
            "24.7 [23.6, 25.8]",
            "n=2,000",
            "≤30",
            Strip(24.7, 23.6, 25.8, 30, "low", "pass", 10, (0, None), None, "24.7, ≤30"),
            "pass",
            word["pass"],
            "",
        ),
        (
            "导入完成率" if zh else "Import completion",
            must,
            "45.8% [27.9, 64.9]",
            "n=24",
            "≥70%",
            Strip(0.458, 0.279, 0.649, 0.7, "high", "fail", 0.6, (0, 1), None, "45.8, ≥70"),
            "fail",
            word["fail"],
            "",
        ),
        (
            "契合度" if zh else "Product–market fit",
            should,
            "42.2% [36.4, 48.1]",
            "n=268",
            "≥40%",
            Strip(0.422, 0.364, 0.481, 0.4, "high", "undecided", 0.12, (0, 1), None, "42.2, ≥40"),
            "undecided",
            word["undecided"],
            "约需2,000份" if zh else "about 2,000 needed",
        ),
        (
            "次日留存差" if zh else "Day-1 retention difference",
            must,
            "−1.2 [−5.0, 2.6]",
            "n=12",
            "≥−2",
            Strip(-1.2, -5.0, 2.6, -2, "high", "not_evaluable", 6, (None, None), None, "n too small"),
            "not_evaluable",
            word["not_evaluable"],
            "n=12，至少400" if zh else "n = 12, at least 400",
        ),
        (
            "必备清单未完成数" if zh else "Open items of the launch list",
            must,
            "2/22",
            "L-17、L-22" if zh else "L-17, L-22",
            "=0",
            None,
            "fail",
            word["fail"],
            "",
        ),
    ]


def _stage(lang: Lang) -> tuple[Block, ...]:
    zh = lang == "zh"
    strip = StageStrip(tuple(zip(SHORT[lang], STATES, WORDS[lang], strict=True)), now=2)
    heads = (
        ("准则", "类别", "所见（95%区间，n）", "门槛", "区间与门槛", "结果")
        if zh
        else ("Criterion", "Ask", "Seen (95% interval, n)", "Threshold", "Interval and threshold", "Result")
    )
    columns = (
        ColumnSpec(heads[0]),
        ColumnSpec(heads[1], 14, keep=True),
        ColumnSpec(heads[2], 38, keep=True),
        ColumnSpec(heads[3], 18, keep=True),
        ColumnSpec(heads[4], 30),
        ColumnSpec(heads[5], 30),
    )
    rows = tuple(
        (
            _c(name),
            _c(ask),
            _two(value, n),
            _c(threshold),
            (bar,) if bar else _c("—"),
            (State(state, word), *((Break(), Text(small, mute=True)) if small else ())),
        )
        for name, ask, value, n, threshold, bar, state, word, small in criteria_rows(lang)
    )
    reqs = ("编号", "交付物", "责任人", "期限", "准则", "状态") if zh else ("No.", "Deliverable", "Owner", "Due", "Criteria", "State")
    wide = (
        ColumnSpec(reqs[0], 14, keep=True),
        ColumnSpec(reqs[1]),
        ColumnSpec(reqs[2], 20, keep=True),
        ColumnSpec(reqs[3], 16, keep=True),
        ColumnSpec(reqs[4]),
        ColumnSpec(reqs[5], 28),
    )
    done = tuple(
        (
            _c(f"R3.{n}"),
            _c("可用性报告（两轮，附录像与打分表）" if zh else "Usability report, two rounds, with recordings"),
            _c("何思" if zh else "He Si"),
            _c("06-18"),
            _c("SUS≥68；导入完成率≥70%" if zh else "SUS ≥ 68; import completion ≥ 70%"),
            (State("done", "完成" if zh else "done"), Text(" 06-18")) if n < 6 else (State("overdue", "逾期" if zh else "overdue"),),
        )
        for n in range(1, 8)
    )
    long = LONG[lang]
    mark = "，" if zh else ", "
    return (
        Heading(1, "第三阶段　产品设计" if zh else "Stage 3: Product design", "s3", "七、" if zh else "7", "7", new_page=True),
        strip,
        Heading(2, "目的与为什么重要" if zh else "Purpose, and why it matters", "s3-purpose", "（一）" if zh else "7.1", "7"),
        Para(_c(long)),
        Para(_c(long)),
        Heading(2, "工作内容" if zh else "Work", "s3-work", "（二）" if zh else "7.2", "7"),
        Items(
            (
                _c(long[:90]),
                (
                    Text("何思" if zh else "He Si", strong=True),
                    Text("招募24名目标用户，一对一主持，填SUS（06-15～06-18）。" if zh else " recruits 24 target users and moderates one to one (15–18 June)."),
                ),
                _c(long[:60]),
            ),
            ordered=True,
        ),
        Heading(3, "方法与工具" if zh else "Methods and tools", "s3-methods", "1." if zh else "7.2.1", "7"),
        Items(
            (
                (Text("SUS", strong=True), Text("：0～100分，公认均值68；看区间是否整段不低于68。" if zh else ": 0 to 100 points, mean 68 in the literature.")),
                (Text("k6", code=True), Text(mark + "300并发，30分钟" if zh else ", 300 users, 30 minutes")),
            )
        ),
        Heading(2, "要求" if zh else "Requirements", "s3-requirements", "（三）" if zh else "7.3", "7"),
        Table("requirements", "第三阶段要求" if zh else "Requirements of Stage 3", wide, done),
        Heading(2, "结论" if zh else "Findings", "s3-findings", "（四）" if zh else "7.4", "7"),
        Para(
            (
                Text("导入是症结，已解决。" if zh else "Import was the problem and is solved. ", strong=True),
                Text("完成率45.8%升到90.0%，见" if zh else "Completion rose from 45.8% to 90.0%, see "),
                Ref("tasks"),
                Text("。" if zh else "."),
            )
        ),
        Figure(
            "tasks",
            "三个任务的完成率与95%区间" if zh else "Completion of three tasks with 95% intervals",
            "三个任务、两个版本的完成率" if zh else "Completion of three tasks in two versions",
            chart=tasks(lang),
            width=0.84,
        ),
        Figure(
            "curve",
            "累计故障数" if zh else "Cumulative failures",
            "累计故障随测试小时增长变缓" if zh else "Failures grow ever more slowly",
            chart=curve(lang),
            width=0.84,
            note="注：来源F4-5。" if zh else "Source F4-5.",
        ),
        Heading(2, "关口三与决策" if zh else "Gate 3 and decisions", "s3-gate", "（五）" if zh else "7.5", "7"),
        Table(
            "gate5",
            "关口准则（判定2026-11-24 09:00）" if zh else "Criteria of the gate, judged 24 November 2026",
            columns,
            rows,
            note="注：黑线是门槛，小旗和绿底在达标一侧，圆点是点估计；区间达标的部分实心，不达标的部分空心。判定看整个区间。"
            if zh
            else "Black line: threshold; flag and green ground: the passing side; disc: estimate; solid where the interval satisfies, hollow where not.",
        ),
        Callout(
            "recycle",
            "D-004　2026-06-24　退回至第三阶段　批准人 周明远" if zh else "D-004 · 24 Jun 2026 · Recycle to Stage 3 · Zhou Mingyuan",
            (
                Para(
                    (
                        Text("理由：" if zh else "Reason: ", strong=True),
                        Text("24人中13人导不进书，而“读自己的书”是必备需求。" if zh else "13 of 24 people could not import a book."),
                    )
                ),
                Items((_c("条件一" if zh else "Condition one"), _c("条件二" if zh else "Condition two"))),
            ),
        ),
        Quote(
            "“退回这四周，换来的是导入从一多半人失败到十个人里九个成功。晚五周上线我同意。”"
            if zh
            else "“These four weeks turned import from a majority failing into nine of ten succeeding.”",
            "周明远，2026-07-22" if zh else "Zhou Mingyuan, 22 July 2026",
        ),
        Para((Text("RK-3　" if zh else "RK-3 ", strong=True), Text(long[:100]))),
    )


def _annex(lang: Lang) -> tuple[Block, ...]:
    zh = lang == "zh"
    heads = (
        ("名称", "分子", "分母", "来源", "频率", "部门", "基线", "目标", "期限", "当前", "状态")
        if zh
        else ("Name", "Numerator", "Denominator", "Source", "Freq.", "Dept.", "Base", "Target", "By", "Now", "State")
    )
    rows = tuple(tuple(_c(f"{head}{n}") for head in heads) for n in range(1, 17))
    return (
        Heading(1, "指标口径" if zh else "Metrics", "annex", "附录 A　" if zh else "Annex A", "A"),
        Table("metrics", "指标定义" if zh else "Definitions of metrics", tuple(ColumnSpec(head) for head in heads), rows),
    )


def tasks(lang: Lang) -> dict[str, Any]:
    names = ("T1 注册", "T2 导入一本书", "T3 读完一段") if lang == "zh" else ("T1 register", "T2 import a book", "T3 finish a part")
    values = [
        {"task": name, "version": version, "value": value, "low": value - 15, "high": min(value + 9, 100)}
        for name, pair in zip(names, ((87.5, 93.3), (45.8, 90.0), (79.2, 93.3)), strict=True)
        for version, value in zip("AB", pair, strict=True)
    ]
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("task:N", title=None), yOffset="version:N", color=alt.Color("version:N", title="版本" if lang == "zh" else "Version")
    )
    title = "完成率（%，95%区间）" if lang == "zh" else "completion (%, 95% interval)"
    spec: dict[str, Any] = (
        alt.layer(
            base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", title=title), x2="high:Q"), base.mark_point(size=80).encode(x="value:Q", shape="version:N")
        )
        .properties(height=180)
        .to_dict()
    )
    spec.pop("config", None)
    return spec


def curve(lang: Lang) -> dict[str, Any]:
    values = [{"h": h, "n": round(1.15 * h**0.61, 2)} for h in range(0, 640, 20)]
    axis = ("测试小时", "累计故障数") if lang == "zh" else ("test hours", "failures")
    spec: dict[str, Any] = alt.Chart(alt.Data(values=values)).mark_line().encode(x=alt.X("h:Q", title=axis[0]), y=alt.Y("n:Q", title=axis[1])).to_dict()
    spec.pop("config", None)
    return spec


def _c(text: str) -> tuple[Text, ...]:
    return (Text(text),)


def _two(first: str, second: str) -> tuple[Any, ...]:
    return (Text(first), Break(), Text(second, mute=True))
