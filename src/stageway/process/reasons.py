"""Why a criterion fails or cannot be judged: a stable code, and the words for it in both languages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stageway.evidence import Estimate, Finding, Words, amount, joined, say
from stageway.process.expression import Count, Expression, Measure
from stageway.process.items import FINDING, Item
from stageway.process.model import KindBook
from stageway.process.record import Signoff


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    why: Words


# ── not evaluable ─────────────────────────────────────────────────────────────────────────────────────────────────────


def no_data() -> Reason:
    return Reason("no_data", Words("没有数据", "no data"))


def no_target() -> Words:
    return Words("目标没有写指标或数值", "the goal has no metric or no target")


def no_estimate(subject: Measure, finding: Finding) -> Reason:
    """Names the warning with which the method left the number out; else the keys that are there."""
    name = f"{subject.estimate}[{subject.key}]" if subject.key is not None else subject.estimate
    if finding.warnings:
        last = next((w for w in finding.warnings if subject.estimate in w.code or w.code.startswith(("no_", "not_", "too_few", "small_n"))), finding.warnings[0])
        told = Words(last.text.zh.rstrip("。"), last.text.en.rstrip("."))
        return Reason("no_estimate", say(zh="没有算出{name}：{told}", en="{name} was not computed: {told}", name=name, told=told))
    keys = [Words.of(estimate.key) for estimate in finding.keyed(subject.estimate)]
    if keys:
        return Reason("no_estimate", say(zh="结论里没有{name}，只有{keys}", en="the finding has no {name}, only {keys}", name=name, keys=joined(keys)))
    return Reason("no_estimate", say(zh="结论里没有{name}", en="the finding has no {name}", name=name))


def least_n(n: int, least: int) -> Reason:
    return Reason("least_n", say(zh="样本{n}<{least}", en="n = {n} < {least}", n=f"{n:,}", least=f"{least:,}"))


def n_missing(least: int) -> Reason:
    return Reason("least_n", say(zh="没有写明n，须满{least}", en="n is not stated, {least} are asked", least=f"{least:,}"))


def least_days(days: int, least: int) -> Reason:
    return Reason("least_days", say(zh="未到期：第{days}天，须满{least}天", en="period not over: day {days} of {least}", days=days, least=least))


def days_unknown(least: int) -> Reason:
    return Reason("least_days", say(zh="没有写明观察期，须满{least}天", en="the period observed is not stated, {least} days are asked", least=least))


def too_old(age: int, greatest: float) -> Reason:
    return Reason("too_old", say(zh="证据{age}天>{greatest}天", en="evidence {age} days old > {greatest}", age=age, greatest=f"{greatest:g}"))


def age_unknown(greatest: float) -> Reason:
    zh, en = "没有写明采集日期，须不超过{greatest}天", "the date of collection is not stated, at most {greatest} days are asked"
    return Reason("age_unknown", say(zh=zh, en=en, greatest=f"{greatest:g}"))


def unit_differs(asked: str, given: str) -> Reason:
    none = Words("无单位", "no unit")
    slots = {"asked": Words.of(asked) if asked else none, "given": Words.of(given) if given else none}
    why = say(zh="单位不符：准则为{asked}，结论为{given}", en="units differ: {asked} in the criterion, {given} in the finding", **slots)
    return Reason("unit_differs", why)


def not_exact() -> Reason:
    return Reason("not_exact", Words("“==”只能比较精确计数，这个数带区间", "== compares exact counts only, and this number has an interval"))


def nothing_to_count(kind: Words) -> Reason:
    return Reason("nothing_to_count", say(zh="没有可数的{kind}", en="nothing to count: no {kind}", kind=_noun(kind)))


def not_signed() -> Reason:
    return Reason("not_signed", Words("未签", "not signed"))


# ── undecided for good ────────────────────────────────────────────────────────────────────────────────────────────────


def too_close(estimate: Estimate, limit: float) -> Reason:
    value, threshold = amount(estimate.value, estimate.unit), amount(limit, estimate.unit)
    if not (math.isfinite(estimate.low or 0.0) and math.isfinite(estimate.high or 0.0)):
        zh, en = "{value}的区间有一端没有界，样本太少，补多少才够也说不出", "the interval of {value} is open at one end: too few observations to say how many more would do"
        return Reason("too_close", say(zh=zh, en=en, value=value))
    return Reason(
        "too_close",
        say(
            zh="{value}与{threshold}相差太小，补样判不出来", en="{value} is too close to {threshold} for more observations to tell",
            value=value, threshold=threshold,
        ),
    )


def n_unknown() -> Reason:
    return Reason("n_unknown", Words("没有写明n，算不出还差多少", "n is not stated, so nobody can say how many more would decide"))


# ── fail ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


_SIDES = {
    ">=": ("below", Words("整段低于{}", "all of it below {}"), Words("低于{}", "below {}")),
    ">": ("below", Words("整段不高于{}", "none of it above {}"), Words("不高于{}", "not above {}")),
    "<=": ("above", Words("整段高于{}", "all of it above {}"), Words("高于{}", "above {}")),
    "<": ("above", Words("整段不低于{}", "none of it below {}"), Words("不低于{}", "not below {}")),
    "==": ("not_equal", Words("不等于{}", "not equal to {}"), Words("不等于{}", "not equal to {}")),
}


def outside(expression: Expression, *, exact: bool) -> Reason:
    """On which side of the threshold the whole interval, or the exact number, lies."""
    op, limit = expression.comparison
    threshold = amount(limit, expression.unit, expression.decimals)
    code, whole, alone = _SIDES[op]
    told = alone if exact else whole
    return Reason(code, Words(told.zh.format(threshold.zh), told.en.format(threshold.en)))


def items_fall_short(subject: Count, expression: Expression, offending: Sequence[Item], kinds: KindBook) -> Reason:
    """Names the items: those that lack what is asked, or those that are too many."""
    if not offending:
        return Reason("too_few", Words("数目不够", "too few"))
    ids = joined([Words.of(item.id) for item in offending])
    if subject.target is None:
        return Reason("items", ids)
    target = _target_words(subject.target, offending[0].kind, kinds)
    lacking = (subject.call == "without") == (expression.op not in (">=", ">"))
    if subject.call == "share_with":
        lacking = expression.op in (">=", ">") or expression.limit == 1
    if lacking:
        return Reason("items_without", say(zh="没有{target}：{ids}", en="without {target}: {ids}", target=target, ids=ids))
    return Reason("items_with", say(zh="有{target}：{ids}", en="with {target}: {ids}", target=target, ids=ids))


def _target_words(target: str, kind: str, kinds: KindBook) -> Words:
    """What an item has or lacks, as a noun inside a sentence."""
    field = kinds.kinds[kind].field(target)
    if target == FINDING:
        return Words("结论", "a finding")
    if target in kinds.kinds:
        return _one_of(kinds.kinds[target].name)
    if target in kinds.groups:
        return joined([_one_of(kinds.kinds[each].name) for each in kinds.groups[target]], zh="或", en=" or ")
    return _noun(field.label) if field else Words.of(target)


def _noun(name: Words) -> Words:
    return Words(name.zh, name.en.lower())


def _one_of(name: Words) -> Words:
    noun = _noun(name)
    return Words(noun.zh, f"{'an' if noun.en[:1] in 'aeiou' else 'a'} {noun.en}")


def refused(signoff: Signoff) -> Reason:
    because = signoff.because or ""
    tail = Words(f"：{because}", f": {because}") if because else Words("", "")
    return Reason("refused", say(zh="{by}拒签{tail}", en="refused by {by}{tail}", by=signoff.by, tail=tail))
