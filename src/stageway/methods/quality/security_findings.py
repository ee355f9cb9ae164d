"""Which security findings of a completed scan are open, how severe are they, and which are new?

high = open findings with severity ≥ high (critical included); critical, medium, low = open findings of that severity; new, new_high = open
ones whose identity the previous scan did not have; suppressed = set aside in the code; accepted = by a named reason until a day. Counts of a
census: no interval. A finding that is gone (absent), passed or not applicable is none.

Severity by the score security-severity, 0 to 10: critical ≥ 9.0, high ≥ 7.0, medium ≥ 4.0, low > 0 (GitHub code scanning 2021; the bands of
CVSS v3.1, FIRST 2019). Without a score: from the level, error = high, warning = medium, note = low, or all as high; a convention, and said.
Suppression and baseline as OASIS 2020, "SARIF Version 2.1.0", 3.27.23 and 3.27.24. Identity lasts over moved lines: partial fingerprints.

Not to be used for a scan that broke off (the reader refuses it), nor as proof of safety: a scanner finds what it has rules for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from stageway.arithmetic.open_findings import Accepted, Found, acceptances_of, accepted, findings_of, fresh
from stageway.evidence import (
    Column,
    ColumnHead,
    Estimate,
    Finding,
    Frame,
    Kind,
    Meaning,
    ParamError,
    Params,
    Reads,
    ResultTable,
    Warning,
    Where,
    Words,
    joined,
    method,
    param,
    say,
)

COUNTED = Words("条结果", "results")
GRAVE = ("critical", "high")
NAMES = {
    "critical": Words("严重", "critical"),
    "high": Words("高危", "high"),
    "medium": Words("中危", "medium"),
    "low": Words("低危", "low"),
    "none": Words("无", "none"),
}


@dataclass(frozen=True)
class SecurityFindingsParams(Params):
    without_score: str = param(
        "level",
        help=Words("没有评分的结果怎样定严重程度", "how a finding without a score is rated"),
        choices={
            "level": Words("按级别：error为高危，warning为中危，note为低危", "by its level: error is high, warning is medium, note is low"),
            "high": Words("一律按高危", "all as high"),
        },
    )
    on: str | None = param(
        None,
        help=Words("判断签认是否失效的日期，如2026-09-29；不填用扫描结束日", "the day on which acceptances are judged, such as 2026-09-29; the end of the scan without it"),
    )
    listed: int = param(20, help=Words("表里列出几条", "how many findings the table lists"), low=1, high=500)


# ── estimates and tables ──────────────────────────────────────────────────────────────────────────────────────────────


def _count(name: str, value: int, n: int, label: Words) -> Estimate:
    return Estimate(name, float(value), n=n, counts=COUNTED, kind=Kind.EXACT, label=label)


def _of(findings: Sequence[Found], state: str, *severities: str) -> list[Found]:
    return [f for f in findings if f.state == state and (not severities or f.severity in severities)]


def _estimates(findings: Sequence[Found], new: Sequence[Found] | None) -> tuple[Estimate, ...]:
    n = len(findings)
    made = [
        _count("high", len(_of(findings, "open", *GRAVE)), n, Words("高危及以上未处理", "Open, high or above")),
        *(_count(s, len(_of(findings, "open", s)), n, say(zh="{name}未处理", en="Open, {name}", name=NAMES[s])) for s in ("critical", "medium", "low")),
        _count("suppressed", len(_of(findings, "suppressed")), n, Words("代码中抑制", "Suppressed in the code")),
        _count("accepted", len(_of(findings, "accepted")), n, Words("签认", "Accepted")),
    ]
    if new is not None:
        made.append(_count("new", len(new), n, Words("新增未处理", "New and open")))
        made.append(_count("new_high", sum(f.severity in GRAVE for f in new), n, Words("新增高危及以上", "New, high or above")))
    return tuple(made)


def _tables(findings: Sequence[Found], new: Sequence[Found] | None, most: int) -> tuple[ResultTable, ...]:
    rule, place = ColumnHead("rule", Words("规则", "Rule")), ColumnHead("place", Words("位置", "Place"))
    severity, score = ColumnHead("severity", Words("严重程度", "Severity")), ColumnHead("score", Words("评分", "Score"), decimals=1)
    tool, age = ColumnHead("tool", Words("工具", "Tool")), ColumnHead("new", Words("新增", "New"))
    made = []
    if open_ones := _of(findings, "open"):
        fresh_ones = {id(f) for f in new or ()}
        marks = [() if new is None else (Words("是", "yes") if id(f) in fresh_ones else Words("否", "no"),) for f in open_ones[:most]]
        rows = tuple((NAMES[f.severity], f.score, f.rule, f.place, f.tool, *mark) for f, mark in zip(open_ones, marks, strict=False))
        heads = (severity, score, rule, place, tool, *(() if new is None else (age,)))
        made.append(ResultTable("open", Words("未处理的结果，重的在前", "Open findings, the worst first"), heads, rows))
    if aside := [f for f in findings if f.state != "open"]:
        how, why = ColumnHead("how", Words("处理", "Set aside")), ColumnHead("reason", Words("理由", "Reason"))
        words = {"suppressed": Words("代码中抑制", "suppressed in the code"), "accepted": Words("签认", "accepted")}
        rows = tuple((NAMES[f.severity], f.rule, f.place, words[f.state], f.reason or None) for f in aside[:most])
        made.append(ResultTable("aside", Words("抑制和签认的结果", "Findings set aside"), (severity, rule, place, how, why), rows))
    return tuple(made)


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _headline(findings: Sequence[Found], new: Sequence[Found] | None) -> Words:
    parts = [say(zh="高危及以上{count}条", en="Open: {count} of high severity or above", count=len(_of(findings, "open", *GRAVE)))]
    parts += [say(zh="{name}{count}条", en="{count} {name}", name=NAMES[s], count=len(_of(findings, "open", s))) for s in ("medium", "low")]
    if new is not None:
        parts.append(say(zh="其中新增{count}条", en="{count} of them new", count=len(new)))
    for state, name in (("suppressed", Words("代码中抑制", "suppressed in the code")), ("accepted", Words("签认", "accepted"))):
        if aside := _of(findings, state):
            parts.append(say(zh="{name}{count}条", en="{count} {name}", name=name, count=len(aside)))
    return joined(parts, zh="，")


def _named(found: Found) -> Words:
    zh = f"{found.rule or '(?)'}（{found.place}）" if found.file else found.rule or "(?)"
    return Words(zh, f"{found.rule or '(?)'} ({found.place})" if found.file else found.rule or "(?)")


def _says(findings: Sequence[Found]) -> Words:
    grave, open_ones = _of(findings, "open", *GRAVE), _of(findings, "open")
    if grave:
        first = joined([_named(f) for f in grave[:3]])
        more = Words("等", " and others") if len(grave) > 3 else Words("", "")
        zh, en = "高危及以上还有{count}条没有处理，最重的是{first}{more}", "Still open at high severity or above: {count}, the worst {first}{more}"
        return say(zh=zh, en=en, count=len(grave), first=first, more=more)
    if open_ones:
        rule, count = max(Counter(f.rule for f in open_ones).items(), key=lambda pair: (pair[1], pair[0]))
        zh = "没有高危及以上的；未处理的{open}条里，最常见的是{rule}（{count}条）"
        en = "Nothing of high severity or above; of the open findings ({open}), the rule most often hit is {rule} ({count})"
        return say(zh=zh, en=en, open=len(open_ones), rule=rule or "(?)", count=count)
    zh, en = "扫描跑完，{count}条结果都已抑制或签认，没有未处理的", "The scan completed; all its results ({count}) are suppressed or accepted, none is open"
    return say(zh=zh, en=en, count=len(findings))


def _sure(findings: Sequence[Found]) -> Words:
    tools = sorted({f.tool for f in findings if f.tool})
    by_level = sum(not f.rated for f in findings)
    return say(
        zh="条数逐条数出，没有抽样误差；{rated}条带评分，{by_level}条没有评分、程度由级别推断；{tools}没有规则的漏洞不在数里",
        en="Findings were counted one by one; {rated} carry a score, {by_level} were rated by their level; what {tools} has no rule for is not in the count",
        rated=len(findings) - by_level,
        by_level=by_level,
        tools=Words("、".join(tools), ", ".join(tools)) if tools else Words("扫描器", "the scanner"),
    )


def _next(findings: Sequence[Found]) -> Words:
    grave, rest = _of(findings, "open", *GRAVE), _of(findings, "open", "medium", "low")
    if grave:
        return say(
            zh="不能据此放行：高危及以上{count}条当天指派到人，修好后重扫；修不了的由负责人签认，写明理由和失效日",
            en="This does not release: each of high severity or above ({count}) gets a person today and a new scan once mended; what stays is accepted with reason and end",
            count=len(grave),
        )
    if rest:
        return say(
            zh="安全扫描不挡放行；中危{medium}条、低危{low}条各定责任人和期限，中危的先排进下一个迭代",
            en="The scan does not stand in the way of release; medium ({medium}) and low ({low}) findings get an owner and a date each, the medium ones first",
            medium=len(_of(findings, "open", "medium")),
            low=len(_of(findings, "open", "low")),
        )
    return say(
        zh="安全扫描不挡放行；放行前由安全负责人核对抑制和签认的{count}条，理由站不住的重新打开",
        en="The scan does not stand in the way of release; before it, the security lead checks what was set aside ({count}) and reopens what has no good reason",
        count=len(findings),
    )


def _change(done: Accepted) -> Words:
    count = len(_of(done.findings, "accepted"))
    if done.first is not None:
        zh = "候选版本换了提交、依赖或规则库，都要重扫；签认的{count}条里最早的{day}失效，到期又算未处理"
        en = "Another commit, dependency or rule set asks for a new scan; of the accepted findings ({count}) the first ends on {day} and is open again"
        return say(zh=zh, en=en, count=count, day=done.first.isoformat())
    zh = "候选版本换了提交、依赖或规则库，这{count}条就不再是全部，要重扫"
    en = "Another commit, dependency or rule set in the release candidate, and these {count} are no longer all: scan again"
    return say(zh=zh, en=en, count=len(done.findings))


def _points(findings: Sequence[Found], new: Sequence[Found] | None, before: Sequence[Found] | None) -> tuple[Words, ...]:
    made = []
    if new:
        grave = [f for f in new if f.severity in GRAVE]
        zh, en = "新增{count}条，其中高危及以上{grave}条：{names}", "New since last time: {count}, of high severity or above {grave}: {names}"
        made.append(say(zh=zh, en=en, count=len(new), grave=len(grave), names=joined([_named(f) for f in new[:3]])))
    if before is not None:
        gone = {(f.tool, f.identity) for f in before if f.state == "open"} - {(f.tool, f.identity) for f in findings}
        zh, en = "上次未处理、这次不再报出的{count}条", "Open last time and no longer reported: {count}"
        made += [say(zh=zh, en=en, count=len(gone))] if gone else []
    grave_aside = [f for f in findings if f.state != "open" and f.severity in GRAVE]
    if grave_aside:
        zh, en = "抑制或签认的结果里有{count}条是高危及以上：{names}", "Of high severity or above among what was set aside: {count}: {names}"
        made.append(say(zh=zh, en=en, count=len(grave_aside), names=joined([_named(f) for f in grave_aside[:3]])))
    return tuple(made)


# ── warnings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _warnings(done: Accepted, new: Sequence[Found] | None, before: Sequence[Found] | None) -> tuple[Warning, ...]:
    findings, made = done.findings, []

    def warn(holds: int, code: str, zh: str, en: str, **slots: object) -> None:
        if holds:
            made.append(Warning(code, say(zh=zh, en=en, **slots)))

    by_level = sum(not f.rated for f in findings)
    zh, en = "{count}条结果没有评分，严重程度由级别推断，可能偏高或偏低", "results without a score ({count}) were rated by their level, which may be too high or too low"
    warn(by_level, "rated_by_level", zh, en, count=by_level)
    zh, en = "没有上次的扫描可比，哪些是新增的不知道，不给出", "there is no earlier scan: which findings are new is unknown and not given"
    warn(new is None, "no_previous", zh, en)
    warn(before == [], "previous_empty", "上次的扫描没有结果，未处理的都算新增", "the earlier scan has no results: every open finding counts as new")
    if before:
        gone = sorted({f.tool for f in findings} ^ {f.tool for f in before})
        zh, en = "两次扫描的工具不同（{tools}），新增的条数混有换工具的结果", "the two scans used different tools ({tools}): some new findings are new tools"
        warn(len(gone), "tools_differ", zh, en, tools=Words("、".join(gone), ", ".join(gone)))
    nameless = sum(not f.identity for f in findings)
    zh, en = "{count}条结果没有身份，不能与上次对上，新增的条数会偏高", "results without an identity ({count}) cannot be found in another scan: the new ones are overstated"
    warn(nameless if new is not None else 0, "identity_missing", zh, en, count=nameless)
    bare = sum(not f.reason for f in findings if f.state == "suppressed")
    zh, en = "{count}条在代码中抑制而没有写理由", "findings suppressed in the code without a reason: {count}"
    warn(bare, "suppressed_without_reason", zh, en, count=bare)
    zh, en = "{count}条签认已过失效日，不再作数", "acceptances past their end, which no longer hold: {count}"
    warn(done.expired, "acceptance_expired", zh, en, count=done.expired)
    zh, en = "{count}条签认缺理由或失效日，不作数", "acceptances without a reason or an end, which do not hold: {count}"
    warn(done.reasonless, "acceptance_incomplete", zh, en, count=done.reasonless)
    zh, en = "不知道按哪天判断，{count}条签认是否失效无法确认，都不作数；请填参数on", "no day to judge by: acceptances ({count}) cannot be shown to hold, and do not; give on"
    warn(done.undated, "acceptance_undated", zh, en, count=done.undated)
    zh, en = "{count}条签认对不上任何未处理的结果，可以删去", "acceptances that fit no open finding and can go: {count}"
    warn(done.unused, "acceptance_unused", zh, en, count=done.unused)
    rules = {f.rule for f in findings}
    zh = "全部{count}条结果来自同一条规则，别的规则有没有运行过看不出来"
    en = "one single rule gave every result ({count}): whether the others ran at all cannot be seen"
    warn(len(rules) == 1, "one_rule", zh, en, count=len(findings))
    return tuple(made)


def _clean(before: Sequence[Found] | None) -> Finding:
    text = Words(
        "扫描没有报出一条结果；请确认扫描范围和规则库不是空的",
        "the scan reports not a single result; make sure that neither its scope nor its rule set was empty",
    )
    gone = len({(f.tool, f.identity) for f in before if f.state == "open"}) if before is not None else None
    meaning = Meaning(
        Words("扫描跑完，没有报出一条结果", "The scan completed and reports nothing"),
        Words("“没有”是逐条数出的0；但报告里看不出扫了哪些文件、用了哪些规则", "This is a counted 0; but the report does not show which files were scanned by which rules"),
        Words("安全扫描不挡放行；由安全负责人核对一次扫描日志里的范围", "The scan does not stand in the way of release; the security lead checks its scope once in the log"),
        Words("候选版本换了提交、依赖或规则库，就要重扫", "Another commit, dependency or rule set in the release candidate asks for a new scan"),
    )
    zh, en = "上次未处理的{count}条这次不再报出", "Open last time and no longer reported: {count}"
    points = () if gone is None else (say(zh=zh, en=en, count=gone),)
    headline = Words("扫描完成，没有一条结果（高危及以上0条）", "The scan completed without a result (0 of high severity or above)")
    return Finding(headline, meaning, _estimates((), None if before is None else ()), points, warnings=(Warning("no_results", text),))


# ── the method ────────────────────────────────────────────────────────────────────────────────────────────────────────


def example(rng: np.random.Generator) -> dict[str, Frame]:
    """Eight made-up findings of two tools, one suppressed, one accepted; six of them were there last time."""
    scores = [8.1, 6.5, 5.3, None, 3.1, 9.8, 4.2, None]
    rows = [
        {
            "tool": "scan" if i % 2 else "deps",
            "rule": f"R{i % 5}",
            "title": f"rule {i % 5}",
            "level": "warning",
            "score": score,
            "severity": None if score is None else "critical" if score >= 9 else "high" if score >= 7 else "medium" if score >= 4 else "low",
            "suppressed": i == 4,
            "justification": "test data" if i == 4 else None,
            "file": f"src/{'abc'[int(rng.integers(3))]}.py",
            "line": 10 * i + 1,
            "identity": f"id-{i}",
            "scanned": "2026-09-28T08:00:00Z",
        }
        for i, score in enumerate(scores)
    ]
    acceptance = {"identity": "id-5", "reason": "not reachable from outside", "expires": "2026-12-31"}
    return {"findings": Frame.of(rows, "scan.sarif"), "previous": Frame.of(rows[2:], "last.sarif"), "accepted": Frame.of([acceptance], "accepted.csv")}


COLUMNS = (
    Column("level", "category", Words("级别：error、warning、note、none", "level: error, warning, note, none")),
    Column("severity", "category", Words("由评分得出的严重程度", "severity by its score"), required=False),
    Column("score", "number", Words("评分，0至10", "score, 0 to 10"), required=False, low=0, high=10),
    Column("identity", "id", Words("身份，两次扫描之间不变", "identity that lasts from scan to scan"), required=False),
    Column("rule", "text", Words("规则", "rule"), required=False),
    Column("title", "text", Words("规则的名称", "title of the rule"), required=False),
    Column("tool", "text", Words("工具", "tool"), required=False),
    Column("kind", "category", Words("结果的种类，fail为发现", "kind of result, fail for a finding"), required=False),
    Column("baseline", "category", Words("与基线相比：new、unchanged、updated、absent", "against a baseline: new, unchanged, updated, absent"), required=False),
    Column("suppressed", "flag", Words("已在代码中抑制", "suppressed in the code"), required=False),
    Column("justification", "text", Words("抑制的理由", "reason of the suppression"), required=False),
    Column("file", "text", Words("文件", "file"), required=False),
    Column("line", "number", Words("行号", "line"), required=False, low=0),
    Column("scanned", "time", Words("扫描结束的时间", "end of the scan"), required=False),
)


def _day(table: Frame, on: str | None) -> date | None:
    if on is not None:
        try:
            return date.fromisoformat(on)
        except ValueError:
            what = say(zh="参数“{name}”的值不对", en='parameter "{name}" cannot take this value', name="on")
            raise ParamError("param_wrong", what, where=Where(value=on[:40]), expected=Words("日期，如 2026-09-29", "a day such as 2026-09-29")) from None
    days = [time.date() for time in table["scanned"].tolist() if time is not None] if "scanned" in table else []
    return max(days, default=None)


@method(
    title=Words("安全扫描", "Security findings"),
    question=Words("扫描跑完了，还有哪些安全问题没有处理？有多重？哪些是新的？", "Which security findings of a completed scan are open, how severe are they, and which are new?"),
    reads_as=Words("只数未处理的；抑制和签认的另列，写明理由和失效日", "Only open findings count; those set aside are listed with reason and end"),
    limit=Words("扫描器没有规则的漏洞，它看不见", "It does not see what the scanner has no rule for"),
    formula="high = open findings with security-severity ≥ 7.0 (critical ≥ 9.0; CVSS v3.1, FIRST 2019; SARIF 2.1.0, OASIS 2020); counts of a census",
    reads=(
        Reads("findings", Words("扫描报告（SARIF），每行一条结果", "the scan report (SARIF), one row a result"), COLUMNS),
        Reads("previous", Words("上次放行时的扫描报告", "the scan report of the last release"), COLUMNS, required=False, baseline=True),
        Reads(
            "accepted",
            Words("签认的风险，每行一条", "accepted risks, one row each"),
            (
                Column("reason", "text", Words("理由", "reason")),
                Column("expires", "time", Words("失效日", "last day")),
                Column("identity", "id", Words("结果的身份", "identity of the finding"), required=False),
                Column("rule", "text", Words("规则", "rule"), required=False),
                Column("file", "text", Words("文件", "file"), required=False),
            ),
            required=False,
        ),
    ),
    gives=("high", "critical", "medium", "low", "new", "new_high", "suppressed", "accepted"),
    params=SecurityFindingsParams,
    example=example,
)
def security_findings(
    findings: Frame, previous: Frame | None, accepted: Frame | None, *, params: SecurityFindingsParams, rng: np.random.Generator
) -> Finding:
    before = findings_of(previous, without_score=params.without_score) if previous is not None else None
    found = findings_of(findings, without_score=params.without_score)
    if not found:
        return _clean(before)
    done = _set_aside(found, accepted, _day(findings, params.on))
    new = fresh(done.findings, before)
    meaning = Meaning(_says(done.findings), _sure(done.findings), _next(done.findings), _change(done))
    return Finding(
        _headline(done.findings, new),
        meaning,
        _estimates(done.findings, new),
        _points(done.findings, new, before),
        _tables(done.findings, new, params.listed),
        warnings=_warnings(done, new, before),
    )


def _set_aside(found: Sequence[Found], table: Frame | None, on: date | None) -> Accepted:
    return accepted(found, acceptances_of(table) if table is not None else (), on)
