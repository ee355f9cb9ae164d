"""The drawings of the sample document, in both languages."""

from __future__ import annotations

from datetime import date

from stageway.document.drawings.line import Station
from stageway.document.drawings.plan import PlanBar, PlanGate, PlanRow, plan
from stageway.document.drawings.swimlane import Box, Feedback, Handoff, Lane, Recycle, StageColumn, swimlane
from stageway.document.drawings.thread import Column, Knot
from stageway.evidence import Lang

SHORT = {
    "zh": ("一　调研", "二　定位", "三　设计", "四　测试", "五　上线", "六　运营"),
    "en": ("1 Research", "2 Positioning", "3 Design", "4 Test", "5 Launch", "6 Operation"),
}
STATES = ("go", "conditional", "go", "go", "review", "todo")
WORDS = {
    "zh": ("通过", "有条件", "第二轮通过", "通过", "评审中", "未开始"),
    "en": ("go", "conditional", "go, round 2", "go", "in review", "not started"),
}


def months(lang: Lang) -> str:
    def d(month: int, day: int) -> date:
        return date(2026, month, day)

    rows = (
        PlanRow(SHORT[lang][0], (d(3, 2), d(4, 15)), (PlanBar(d(3, 2), d(4, 15), "over"),), (PlanGate(d(4, 15), "go"),)),
        PlanRow(SHORT[lang][1], (d(4, 16), d(5, 20)), (PlanBar(d(4, 16), d(5, 20), "over"),), (PlanGate(d(5, 20), "conditional"),)),
        PlanRow(
            SHORT[lang][2],
            (d(5, 21), d(6, 24)),
            (PlanBar(d(5, 21), d(6, 24), "over"), PlanBar(d(6, 25), d(7, 22), "again")),
            (PlanGate(d(6, 24), "recycle"), PlanGate(d(7, 22), "go")),
        ),
        PlanRow(SHORT[lang][3], (d(7, 23), d(9, 23)), (PlanBar(d(7, 23), d(9, 29), "over"),), (PlanGate(d(9, 23), "hold"), PlanGate(d(9, 29), "go"))),
        PlanRow(
            SHORT[lang][4],
            (d(10, 12), d(12, 18)),
            (PlanBar(d(10, 12), d(11, 24), "now"), PlanBar(d(11, 25), d(12, 18), "rest")),
            (PlanGate(d(11, 27), "review"),),
        ),
        PlanRow(
            SHORT[lang][5],
            (d(10, 12), d(12, 31)),
            (PlanBar(d(10, 12), d(11, 24), "now"), PlanBar(d(11, 25), d(12, 31), "rest")),
            (PlanGate(d(11, 16), "conditional"),),
        ),
    )
    return plan(rows, today=d(11, 24), lang=lang)


LANES = {
    "zh": ("管理层", "市场部", "产品部", "设计部", "研发部", "测试部", "运营部", "客服部", "法务部"),
    "en": ("Management", "Marketing", "Product", "Design", "Engineering", "Quality", "Operations", "Support", "Legal"),
}
BOXES = (
    ("l1", 0, "问卷、Kano、市场规模", "Survey, Kano, market size", True),
    ("l2", 0, "需求清单11条", "11 needs", False),
    ("l6", 0, "评论归类", "Review themes", False),
    ("l1", 1, "感知图、价格", "Map, price", False),
    ("l2", 1, "定位书、功能清单14项", "Positioning, 14 functions", True),
    ("l8", 1, "授权核查", "Licences", False),
    ("l1", 2, "任务测试24＋30人", "Task tests, 24 + 30", False),
    ("l3", 2, "原型A、B，走查", "Prototypes A, B", True),
    ("l4", 2, "技术方案ADR", "Technical plan", False),
    ("l8", 2, "隐私评审", "Privacy", False),
    ("l4", 3, "四次迭代42个工作项", "4 sprints, 42 items", True),
    ("l5", 3, "测试、压测、安全扫描", "Tests, load, scans", False),
    ("l1", 4, "公测、归因、上线清单", "Beta, channels, list", True),
    ("l4", 4, "放量与回退", "Rollout", False),
    ("l7", 4, "值班与话术", "Support duty", False),
    ("l8", 4, "广告合规", "Ad rules", False),
    ("l2", 5, "需求答复", "Answers", False),
    ("l4", 5, "故障修复", "Fixes", False),
    ("l6", 5, "留存、实验、活动", "Retention, tests", True),
    ("l7", 5, "反馈归类", "Feedback", False),
)
HANDOFFS = (
    Handoff(("l1", 0), ("l2", 0)),
    Handoff(("l2", 0), ("l2", 1)),
    Handoff(("l2", 1), ("l3", 2)),
    Handoff(("l3", 2), ("l4", 3)),
    Handoff(("l4", 3), ("l5", 3)),
    Handoff(("l5", 3), ("l1", 4)),
    Handoff(("l1", 4), ("l6", 5)),
    Handoff(("l6", 5), ("l7", 5)),
    Handoff(("l6", 0), ("l3", 2)),
    Handoff(("l8", 1), ("l8", 4)),
)


def lanes(lang: Lang) -> tuple[Lane, ...]:
    return tuple(Lane(f"l{index}", name) for index, name in enumerate(LANES[lang]))


def boxes(lang: Lang) -> tuple[Box, ...]:
    return tuple(Box(lane, column, chinese if lang == "zh" else english, owner) for lane, column, chinese, english, owner in BOXES)


def recycle(lang: Lang) -> tuple[Recycle, ...]:
    return (Recycle(2, ("l3", 2), "06-24退回" if lang == "zh" else "recycled 24 Jun"),)


def feedback(lang: Lang) -> Feedback:
    return Feedback(("l7", 5), ("l2", 0), "反馈、告警、流失原因 → 新需求" if lang == "zh" else "feedback, alerts, reasons to leave → new needs")


def swim(lang: Lang) -> str:
    names = ("一　调研与需求分析", "二　策划与定位", "三　设计", "四　开发与测试", "五　上线与推广", "六　运营与维护") if lang == "zh" else SHORT["en"]
    gates = ("关口一", "关口二", "关口三", "关口四", "关口五", "关口六") if lang == "zh" else tuple(f"Gate {n}" for n in range(1, 7))
    columns = tuple(StageColumn(name, gate, state, index == 4) for index, (name, gate, state) in enumerate(zip(names, gates, STATES, strict=True)))
    return swimlane(lanes(lang), columns, boxes(lang), HANDOFFS, recycle(lang), feedback(lang), title="swim-lane")


def stations(lang: Lang) -> tuple[Station, ...]:
    zh = lang == "zh"
    when = ("over", "over", "over", "over", "now", "next")
    return tuple(
        Station(
            name,
            state,
            word,
            when[index],
            0.55 if index == 4 else 1.0,
            ("03-02～04-15", "要求 7/7" if zh else "7 of 7 met"),
            ("退回1次" if zh else "recycled") if index == 2 else "",
        )
        for index, (name, state, word) in enumerate(zip(SHORT[lang], STATES, WORDS[lang], strict=True))
    )


def strand(lang: Lang) -> tuple[tuple[Column, ...], tuple[Knot, ...]]:
    zh = lang == "zh"
    names = (
        ("原话", "需求", "功能", "设计", "工作项", "测试", "事件", "目标") if zh else ("Quotes", "Need", "Function", "Design", "Work", "Tests", "Event", "Goal")
    )
    kinds = ("quote", "need", "function", "design", "work", "test", "event", "goal")
    columns = tuple(Column(kind, name, count) for kind, name, count in zip(kinds, names, ("37", "", "1", "2", "2", "40", "1", "1"), strict=True))
    knots = (
        Knot("quote", "“一进隧道就白屏”" if zh else "“blank in the tunnel”", "Q-21", role="from"),
        Knot("need", "没有网络时也能接着读" if zh else "read on without a network", "N-017", role="here"),
        Knot("function", "离线下载" if zh else "offline download", "FN-03"),
        Knot("design", "书架上的下载" if zh else "download on the shelf", "S-21"),
        Knot("work", "断点续传" if zh else "resume", "W-112"),
        Knot("test", "下载" if zh else "download", "40", state="pass", word="通过" if zh else "pass"),
        Knot("event", "book_downloaded", "38,204"),
        Knot("goal", "次月留存率" if zh else "month-2 retention", state="not_met", word="未达到" if zh else "not met"),
        Knot("quote", "“出差在飞机上，想读的全打不开”" if zh else "“nothing opens on the plane”", "Q-09", strand=1, role="from"),
        Knot("design", "分卷加密存在本机" if zh else "encrypted parts on the device", "ADR-4", strand=2),
        Knot("work", "加密存储" if zh else "encrypted store", "W-118", strand=2),
        Knot("test", "没有测试" if zh else "no test", detail="指给测试部" if zh else "assign to QA", strand=2, role="gap"),
    )
    return columns, knots
