"""Metrics with numerator and denominator, source, frequency, owner, and the goal each serves."""

from __future__ import annotations

from stageway.document.compose.pen import Pen
from stageway.document.outline import Block, ColumnSpec
from stageway.process.model import Metric


def chapter(pen: Pen, number: int) -> list[Block]:
    heads = (
        ColumnSpec(pen.say("指标", "Metric"), 34),
        ColumnSpec(pen.say("口径", "Definition"), None),
        ColumnSpec(pen.say("来源", "Source"), 24),
        ColumnSpec(pen.say("频率", "Frequency"), 18),
        ColumnSpec(pen.say("负责", "Owner"), 26),
        ColumnSpec(pen.say("目标", "Goal"), 13, keep=True),
    )
    rows = [_row(pen, metric) for metric in pen.dossier.process.metrics]
    return [
        pen.heading(1, pen.say("指标与口径", "Metrics and definitions"), "metrics-chapter", number),
        pen.table("metrics", pen.say("指标", "Metrics"), heads, rows),
    ]


def _row(pen: Pen, metric: Metric) -> list[str]:
    member = pen.dossier.product.member(metric.department)
    owner = member.name if member else pen.dossier.head_of(metric.department)
    goals = [goal.id for goal in pen.dossier.product.goals if goal.metric and _flat(goal.metric) == _flat(metric.id)]
    one = metric.denominator.zh.strip() in ("1", "—", "-", "")
    definition = pen.of(metric.numerator) if one else f"{pen.of(metric.numerator)} ÷ {pen.of(metric.denominator)}"
    return [pen.of(metric.name), definition, pen.of(metric.source), pen.of(metric.frequency), pen.of(owner), pen.listed(goals) or "—"]


def _flat(name: str) -> str:
    return name.replace(".", "_").replace("[", "_").rstrip("]")
