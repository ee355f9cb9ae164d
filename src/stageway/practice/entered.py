"""The numbers that people of the practice product enter by hand, each with its interval, n, source and day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from stageway.practice.sample import Done, Entry, Sample, exact, named

#: CNY, as in items/activity.yaml
CAMPAIGN_BUDGET = 9600


def _entry(
    plain: Mapping[str, Entry], zh: str, en: str, by: str, day: int, observed: tuple[int, int] | None = None, title: tuple[str, str] | None = None
) -> str:
    made: dict[str, Any] = {"plain": dict(plain), "source": {"zh": zh, "en": en}, "by": by, "collected": f"@{day}"}
    if title:
        made["title"] = {"zh": title[0], "en": title[1]}
    if observed:
        made["observed"] = {"from": f"@={observed[0]}", "to": f"@={observed[1]}"}
    return json.dumps(made, ensure_ascii=False)


def _from(least: int, phase: int, name: str, entry: str) -> str:
    """The whole line of an evidence that comes in a later phase; before, nothing. It is drawn all the same, so that the stream stays one."""
    return f"{name}: {entry}" if phase >= least else ""


def entered(sample: Sample, phase: int, done: Done) -> dict[str, str]:
    """Name → a YAML mapping in one line.

    `phase` 1: before the design gate's recycle; 2: before the security scan was whole; 3: before the review of operation; 4: as it is today.
    `done` is the usability test of that phase. Every phase draws the same numbers from the same stream.
    """
    before = {**_design(sample, phase, done), **_research(sample), **_positioning(sample), **_quality(sample, phase)}
    gain = sample.difference(1200, 0.41, 300, 0.29)
    return {**before, **_launch(sample), **_operations(sample, phase, gain)}


def _design(s: Sample, phase: int, done: Done) -> dict[str, str]:
    return {
        "tasks": _entry(_tasks(s, done), "一对一主持的任务测试", "moderated task test", "hesi", -131 if phase > 1 else -159),
        "inspection": _entry(
            {
                "open_3_4": exact(0 if phase > 1 else 7, label=("未关闭的3～4级问题", "open problems of severity 3–4")),
                "raters": exact(4, label=("走查人", "inspectors")),
            },
            "走查问题表",
            "inspection list",
            "suqing",
            -127 if phase > 1 else -158,
        ),
        "tasks_walked": _entry(
            {"blocked": exact(0, label=("走不通的任务", "tasks that cannot be walked"))},
            "原型走查记录",
            "prototype walk-through",
            "suqing",
            -137 if phase > 1 else -165,
        ),
        "accessibility": _from(
            2,
            phase,
            "accessibility",
            _entry(
                {"failures": exact(0, label=("WCAG 2.2 AA不符合项", "failures of WCAG 2.2 AA"))},
                "主流程核对表",
                "check list of the main flows",
                "zhaolan",
                -132,
            ),
        ),
        "competitors": _entry(
            {
                "unique": exact(2, label=("三家竞品都没有的功能", "functions that no competitor has")),
                "functions": exact(8, label=("首版功能", "first-release functions")),
            },
            "竞品功能表",
            "competitor function table",
            "chenli",
            -165,
        ),
        "first_use": _from(
            2,
            phase,
            "first_use",
            _entry(
                {"reached_5min": named(s.share(40, 0.95), "5分钟内读完第一段", "first segment read within 5 minutes")},
                "新人首次使用测试",
                "first-use test with newcomers",
                "hesi",
                -130,
            ),
        ),
    }


#: need → the true mean of its opportunity score, and its name
NEEDS = {
    "N-004": (12.9, "一程读完一段", "finish a segment in one commute"),
    "N-007": (12.1, "读完记得住", "remember what I read"),
    "N-001": (10.9, "不被打断", "no interruptions"),
    "N-002": (10.2, "读自己的书", "read my own books"),
    "N-011": (7.5, "听读切换", "switch between reading and listening"),
}


def _research(s: Sample) -> dict[str, str]:
    return {
        "survey": _entry(
            {
                "n_eff": exact(815, n=1068, label=("有效样本量", "effective sample size")),
                "largest_gap": exact(0.031, "pp", label=("与人口边际的最大差", "largest gap to the population")),
            },
            "问卷1,204份，有效1,068份",
            "1,204 answers, 1,068 valid",
            "hesi",
            -244,
        ),
        "opportunity": _entry(
            {f"score[{id}]": named(s.mean(326, mean, 9.0, "points"), zh, en) for id, (mean, zh, en) in NEEDS.items()},
            "机会得分问卷",
            "opportunity survey",
            "hesi",
            -236,
        ),
        "reviews": _entry(
            {"agreement": named(s.share(120, 0.97, "条评论", "reviews"), "两人归类一致", "agreement of two coders")},
            "双人归类的120条评论",
            "120 reviews coded twice",
            "sunning",
            -235,
        ),
        "market_size": _entry(
            {
                "sam": named(s.other(28_500_000, 4_300_000, unit="people"), "可服务人群", "serviceable market"),
                "som_year1": named(s.other(61_000, 28_000, unit="people"), "首年可得", "obtainable in year one"),
            },
            "自下而上测算表",
            "bottom-up model",
            "linyue",
            -230,
        ),
        "interviews": _entry(
            {"new_codes_last_3": exact(0, n=14, label=("最后3场的新编码", "new codes in the last three"))},
            "14场访谈的编码表",
            "code book of 14 interviews",
            "hesi",
            -240,
        ),
        "prototype": _entry(
            {"d30": named(s.share(186, 0.142), "原型30日留存", "day-30 retention of the prototype")}, "原型事件日志", "prototype event log", "sunning", -263
        ),
        "problems": _entry(
            {
                "p_first[unfinished]": exact(0.86, "%", 226, ("“读不完”排第一的概率", 'probability that "I do not finish" ranks first')),
                "p_first[forgotten]": exact(0.11, "%", 226, ("“记不住”排第一的概率", 'probability that "I forget it" ranks first')),
            },
            "12个痛点的MaxDiff",
            "MaxDiff of 12 problems",
            "hesi",
            -236,
        ),
    }


def _positioning(s: Sample) -> dict[str, str]:
    segments = {"commuter": 0.83, "bedtime": 0.79, "lookup": 0.74}
    names = {"commuter": ("通勤自学者", "commuters"), "bedtime": ("睡前消遣者", "bedtime readers"), "lookup": ("随手查阅者", "look-up readers")}
    shares = {"commuter": 0.385, "bedtime": 0.41, "lookup": 0.205}
    return {
        "segments": _entry(
            {
                **{f"stability[{k}]": named(s.other(v, 0.05, 1068), f"{names[k][0]}稳定性", f"stability of {names[k][1]}") for k, v in segments.items()},
                **{f"share[{k}]": named(s.share(1068, v), f"{names[k][0]}占比", f"share of {names[k][1]}") for k, v in shares.items()},
            },
            "行为聚类，200次重抽样",
            "clusters of behaviour, 200 resamples",
            "hesi",
            -214,
        ),
        "map": _entry({"inertia_2": exact(0.864, "%", 302, ("两轴解释", "explained by two axes"))}, "四个品牌的感知图", "map of four brands", "linyue", -200),
        "price": _entry(
            {
                "contradictory": named(s.share(340, 0.045, "份答卷", "answers"), "前后矛盾的答卷", "contradictory answers"),
                "optimal": named(s.other(18, 2, 318, "CNY"), "最优价位点", "optimal price point"),
            },
            "价格敏感度问卷",
            "price sensitivity survey",
            "linyue",
            -194,
        ),
        "model": _entry(
            {"p_payback_24m": exact(0.71, "%", label=("24个月内回本的概率", "probability of payback within 24 months"))},
            "收入与成本模拟1万次",
            "10,000 draws of revenue and cost",
            "qianwei",
            -189,
        ),
        "message": _entry(
            {
                "recalled[finish]": named(s.share(152, 0.66), "记得“读完一本”", 'recalled "finish a book"'),
                "recalled[undisturbed]": named(s.share(151, 0.44), "记得“不打扰”", 'recalled "undisturbed"'),
            },
            "口号测试",
            "message test",
            "linyue",
            -191,
        ),
    }


def _tasks(s: Sample, done: Done) -> dict[str, Entry]:
    titles = {
        "T1": ("注册并选目标", "register and choose a goal"),
        "T2": ("导入一本书", "import a book"),
        "T3": ("读完一段", "read a segment"),
        "T4": ("写复述卡", "write a recap card"),
        "T5": ("导出笔记", "export notes"),
    }
    return {f"completion[{task}]": named(s.completion(done, task), f"{task} {zh}", f"{task} {en}") for task, (zh, en) in titles.items()}


def _quality(s: Sample, phase: int) -> dict[str, str]:
    return {
        "load": _entry(
            {
                "p95": named(s.other(412, 8, 184_320, "ms", "次请求", "requests"), "p95", "p95"),
                "failure": named(s.share(184_320, 0.0021, "次请求", "requests"), "失败率", "failure rate"),
            },
            "k6，300并发，30分钟，开放模型",
            "k6, 300 concurrent users, 30 minutes, open model",
            "zhaolan",
            -63,
        ),
        "security": _from(
            3,
            phase,
            "security",
            _entry(
                {
                    "high": exact(0, label=("高危及以上漏洞", "high or critical vulnerabilities")),
                    "medium": exact(3, label=("中危漏洞", "medium vulnerabilities")),
                },
                "代码与依赖两项扫描，均完成",
                "code and dependency scans, both completed",
                "zhaolan",
                -57,
            ),
        ),
        "stability": _entry(
            {"crash_free": named(s.share(38_214, 0.9974, "次会话", "sessions"), "无崩溃会话", "crash-free sessions")},
            "24小时长跑，20种机型",
            "24-hour run on 20 models",
            "zhaolan",
            -63,
        ),
        "reliability": _entry(
            {"beta": named(s.other(0.61, 0.15, 58, zh="个故障", en="faults"), "β", "β")}, "640测试小时的故障记录", "fault log of 640 test hours", "wanghao", -63
        ),
        "coverage": _entry(
            {"new_lines": exact(0.846, "%", 4033, ("新代码覆盖率", "coverage of new lines"))}, "Cobertura报告", "Cobertura report", "wanghao", -63
        ),
        "rollback": _entry(
            {"minutes": exact(9, "min", label=("回滚用时", "time to roll back"))}, "回滚演练两次，取较慢的一次", "slower of two rollback drills", "wanghao", -64
        ),
        "devices": _entry(
            {"blockers": exact(0, label=("阻断问题", "blockers")), "covered": exact(0.93, "%", label=("覆盖用户", "users covered"))},
            "32种机型，3个旧版本升级",
            "32 models, upgrades from 3 versions",
            "zhaolan",
            -63,
        ),
        "events": _entry(
            {"lost": named(s.share(20_418, 0.0019, "条事件", "events"), "丢失的事件", "lost events")}, "埋点对账", "event reconciliation", "sunning", -65
        ),
    }


def _launch(s: Sample) -> dict[str, str]:
    return {
        "stability_live": _entry(
            {"crash_free": named(s.share(41_880, 0.9974, "次会话", "sessions"), "无崩溃会话", "crash-free sessions")},
            "公测崩溃日志，rc2与rc3",
            "crash log of the beta, rc2 and rc3",
            "wanghao",
            -9,
            title=("公测稳定性", "Stability in the beta"),
        ),
        "market_fit": _entry(
            {"share": named(s.share(268, 0.418, "份答卷", "answers"), "会非常失望", "very disappointed")},
            "近14天读过两次以上者的问卷",
            "survey of those who read at least twice in 14 days",
            "hesi",
            -1,
        ),
        "rollout": _entry(
            {"d1_difference": named(s.difference(488, 0.472, 491, 0.468), "次日留存差", "difference in day-1 retention")},
            "放量rc3，处理组与对照组",
            "rollout of rc3, treated and control",
            "wanghao",
            0,
            (-4, -1),
        ),
        "incidents_beta": _entry(
            {"data_loss": exact(0, label=("用户数据丢失或错乱", "losses or mix-ups of users' data")), "takedowns": exact(0, label=("内容下架", "takedowns"))},
            "公测故障登记",
            "incident register of the beta",
            "wanghao",
            -1,
        ),
        "quality_gate": _entry(
            {"failed": exact(0, label=("rc3未通过的质量准则", "quality criteria that rc3 does not pass"))},
            "rc3复判记录",
            "record of rc3 judged again",
            "zhaolan",
            -4,
        ),
        "awareness": _entry(
            {"prompted": named(s.share(640, 0.033), "提示后知道流明", "know Lumen when prompted")}, "目标用户问卷", "survey of target users", "linyue", -10
        ),
    }


def _operations(s: Sample, phase: int, gain: Entry) -> dict[str, str]:
    tickets = (312, -4) if phase > 3 else (287, -11)
    return {
        "retention": _entry(
            {
                "d1": named(s.share(2000, 0.468), "次日留存", "day-1 retention"),
                "d7": named(s.share(1892, 0.298), "7日留存", "day-7 retention"),
                "d30": named(s.share(1122, 0.217), "30日留存", "day-30 retention"),
            },
            "公测事件库，只计满观察期的人",
            "event store of the beta, complete periods only",
            "sunning",
            -9,
        ),
        "funnel": _entry(
            {
                "step_share[book_chosen]": named(s.share(2000, 0.872), "注册→选书", "registered → book chosen"),
                "step_share[first_segment]": named(s.share(1744, 0.752), "选书→读完首段", "book chosen → first segment"),
                "step_share[back_day3]": named(s.share(1312, 0.686), "读完首段→第3天回来", "first segment → back on day 3"),
            },
            "公测事件库，窗口7天",
            "event store of the beta, window of 7 days",
            "sunning",
            -9,
        ),
        "campaign": _entry(
            {
                "difference": named(gain, "活动组减对照组", "treated minus control"),
                **_cost_each(gain),
            },
            "“七日读完一本”活动名单",
            'list of the campaign "one book in seven days"',
            "wutong",
            -11,
        ),
        "feedback": _entry(
            {"recorded": exact(1.0, "%", tickets[0], ("反馈入库率", "feedback on record"))},
            f"一周的客服工单{tickets[0]}条",
            f"{tickets[0]} support tickets of one week",
            "zhengjia",
            tickets[1],
        ),
        "incident_times": _entry({"median": exact(3.5, "h", 1, ("恢复时间中位数", "median time to restore"))}, "故障登记", "incident register", "wanghao", -15),
        "contacts": _entry(
            {
                "over_cap": exact(0, label=("超过频次上限的触达", "contacts above the cap")),
                "opt_out": named(s.share(3140, 0.004, "次触达", "contacts"), "退订", "opt-outs"),
            },
            "触达日志",
            "contact log",
            "wutong",
            -9,
        ),
        "alerts": _entry(
            {"unassigned": exact(0, label=("超30分钟未指派的告警", "alerts unassigned after 30 minutes"))}, "告警登记", "alert register", "wanghao", -9
        ),
    }


def _cost_each(gain: Entry) -> dict[str, Entry]:
    """Spend of the campaign for each reader that it added: budget ÷ (treated × difference). None where the difference may be zero."""
    if gain["low"] <= 0:
        return {}
    value, low, high = (CAMPAIGN_BUDGET / (1200 * gain[end]) for end in ("value", "high", "low"))
    made = {"value": round(value, 1), "low": round(low, 1), "high": round(high, 1), "unit": "CNY", "kind": "other"}
    return {"cost_each": named(made, "每增一人成本", "cost of each additional reader")}
