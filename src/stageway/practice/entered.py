"""The numbers that people of the practice product enter by hand, each with its interval, n, source and day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from stageway.arithmetic import intervals
from stageway.practice.sample import Entry, Sample, exact, named
from stageway.practice.usage import CAMPAIGN

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


def entered(sample: Sample, phase: int, lifted: tuple[int, int, int, int]) -> dict[str, str]:
    """Name → a YAML mapping in one line.

    `phase` 1: before the design gate's recycle; 2: before the security scan was whole; 3: before the review of operation; 4: as it is today.
    `lifted` counts the campaign: (finished, invited, finished, control). Every phase draws the same numbers from the same stream.
    """
    before = {**_design(phase), **_research(sample), **_positioning(sample), **_quality(sample)}
    return {**before, **_launch(sample), **_operations(sample, phase, lifted)}


def _design(phase: int) -> dict[str, str]:
    return {
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
    }


def _research(s: Sample) -> dict[str, str]:
    return {
        "interviews": _entry(
            {"new_codes_last_3": exact(0, n=14, label=("最后3场的新编码", "new codes in the last three"))},
            "14场访谈的编码表",
            "code book of 14 interviews",
            "hesi",
            -240,
        ),
    }


def _positioning(s: Sample) -> dict[str, str]:
    return {
        "model": _entry(
            {"p_payback_24m": exact(0.71, "%", label=("24个月内回本的概率", "probability of payback within 24 months"))},
            "收入与成本模拟1万次",
            "10,000 draws of revenue and cost",
            "qianwei",
            -189,
        ),
    }


def _quality(s: Sample) -> dict[str, str]:
    return {
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
        "incidents_beta": _entry(
            {"data_loss": exact(0, label=("用户数据丢失或错乱", "losses or mix-ups of users' data")), "takedowns": exact(0, label=("内容下架", "takedowns"))},
            "公测故障登记",
            "incident register of the beta",
            "wanghao",
            -1,
        ),
    }


def _operations(s: Sample, phase: int, lifted: tuple[int, int, int, int]) -> dict[str, str]:
    tickets = (312, -4) if phase > 3 else (287, -11)
    return {
        "campaign_cost": _cost(lifted),
        "feedback": _entry(
            {"recorded": exact(1.0, "%", tickets[0], ("反馈入库率", "feedback on record"))},
            f"一周的客服工单{tickets[0]}条",
            f"{tickets[0]} support tickets of one week",
            "zhengjia",
            tickets[1],
        ),
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


def _cost(lifted: tuple[int, int, int, int]) -> str:
    """Spend of the campaign for each reader that it added: budget ÷ (invited × difference). Nothing where the difference may be zero."""
    finished, invited, others, control = lifted
    low, high = intervals.newcombe(finished, invited, others, control)
    if low <= 0:
        return ""
    gain = finished / invited - others / control
    value, least, most = (round(CAMPAIGN_BUDGET / (CAMPAIGN["invited"][0] * each), 1) for each in (gain, high, low))
    made = named({"value": value, "low": least, "high": most, "unit": "CNY", "kind": "other"}, "每增一人成本", "cost of each additional reader")
    return "campaign_cost: " + _entry({"cost_each": made}, "活动账单与“七日读完一本”的增量", 'bill and lift of "one book in seven days"', "wutong", -11)
