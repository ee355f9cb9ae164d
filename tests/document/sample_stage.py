"""The stage chapter and the annex of the sample document: every verdict, a wide table, two charts."""

from __future__ import annotations

from typing import Any

import altair as alt

from stageway.document.outline import (
    Block,
    Break,
    Callout,
    ColumnSpec,
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
from tests.document.drawn import SHORT, STATES, WORDS

LONG = {
    "zh": "把14项功能变成用户不看说明就能用的界面和研发能按期做出的方案。改一张原型以小时计，改上线版本以周计，"
    "因此在编码前用真人任务检验。“读自己的书”是必备需求，"
    "第一轮24人中有13人导不进书，所以先退回重做，再用同样的任务重测30人；两轮的题目、主持人和评分办法都没有变，可以直接相比。",
    "en": "Turn fourteen functions into screens that people can use without a manual and into a plan that engineering can keep. "
    "A prototype is changed in hours, a released version in weeks, so real people try the tasks before any code is written. "
    "In the first round 13 of 24 people could not import a book; the design went back, and 30 others tried the same tasks.",
}


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


def stage(lang: Lang) -> tuple[Block, ...]:
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
            cell(name),
            cell(ask),
            two(value, n),
            cell(threshold),
            (bar,) if bar else cell("—"),
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
            cell(f"R3.{n}"),
            cell("可用性报告（两轮，附录像与打分表）" if zh else "Usability report, two rounds, with recordings"),
            cell("何思" if zh else "He Si"),
            cell("06-18"),
            cell("SUS≥68；导入完成率≥70%" if zh else "SUS ≥ 68; import completion ≥ 70%"),
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
        Para(cell(long)),
        Para(cell(long)),
        Heading(2, "工作内容" if zh else "Work", "s3-work", "（二）" if zh else "7.2", "7"),
        Items(
            (
                cell(long[:90]),
                (
                    Text("何思" if zh else "He Si", strong=True),
                    Text("招募24名目标用户，一对一主持，填SUS（06-15～06-18）。" if zh else " recruits 24 target users and moderates one to one (15–18 June)."),
                ),
                cell(long[:60]),
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
                Items((cell("条件一" if zh else "Condition one"), cell("条件二" if zh else "Condition two"))),
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


def annex(lang: Lang) -> tuple[Block, ...]:
    zh = lang == "zh"
    heads = (
        ("名称", "分子", "分母", "来源", "频率", "部门", "基线", "目标", "期限", "当前", "状态")
        if zh
        else ("Name", "Numerator", "Denominator", "Source", "Freq.", "Dept.", "Base", "Target", "By", "Now", "State")
    )
    rows = tuple(tuple(cell(f"{head}{n}") for head in heads) for n in range(1, 17))
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


def cell(text: str) -> tuple[Text, ...]:
    return (Text(text),)


def two(first: str, second: str) -> tuple[Any, ...]:
    return (Text(first), Break(), Text(second, mute=True))
