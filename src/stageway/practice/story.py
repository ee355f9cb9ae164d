"""What the people of the practice product sign and decide. They look at the gate first: a decision that departs from the recommendation says so."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

from stageway.document.states import STATES
from stageway.evidence import Words, joined, say
from stageway.folder.acts import decide, sign
from stageway.folder.survey import survey
from stageway.practice.days import Days
from stageway.process.dossier import Dossier
from stageway.process.record import Condition, Decision, Result, Verdict


def until_recycle(folder: Path, days: Days) -> None:
    _sign(folder, "IA1.10", "fengyuan", days.on(-245))
    because = Words("首位需求得分整段高于10，市场规模足够。", "The whole interval of the top need lies above 10, and the market is large enough.")
    anyway = Words("首位需求已经明确，缺的在定位阶段补齐。", "the top need is clear, and what is lacking is made good during positioning.")
    _decide(folder, "research", "go", days.on(-223), because, anyway)
    _sign(folder, "LM2.1", "fengyuan", days.on(-190))
    _positioning(folder, days)
    _design_fails(folder, days)


def _positioning(folder: Path, days: Days) -> None:
    at = days.on(-188)
    seen, _ = survey(folder, at=at.isoformat())
    distance = _verdict(seen, "positioning", "positioning.distance")
    n = min(3000, 100 * math.ceil((distance.needs_n or 3000) / 100))
    condition = Condition(
        "C-01",
        say(zh="用同一问卷复测独特性，n≥{n}", en="measure uniqueness again with the same questionnaire, n ≥ {n}", n=f"{n:,}"),
        "linyue",
        days.on(10),
        Words("改写定位句后重开关口二", "rewrite the positioning statement and reopen Gate 2"),
    )
    because = Words("定位准；独特性要在公开上线前再测一次。", "The positioning is accurate; its uniqueness is measured again before the public launch.")
    anyway = Words("距离只由302人测得，公开上线前再测一次。", "the distance rests on 302 people and is measured again before the public launch.")
    _decide(folder, "positioning", "conditional", at, because, anyway, conditions=(condition,), seen=seen)


def _design_fails(folder: Path, days: Days) -> None:
    at = days.on(-153)
    seen, _ = survey(folder, at=at.isoformat())
    imported = seen.findings["tasks"].get("completion", "T2")
    assert imported is not None
    assert imported.n is not None
    because = say(
        zh="{n}人中有{x}人导不进书，而“读自己的书”是必备需求；另有3～4级问题未关闭。上线日顺延五周。",
        en='{x} of {n} people could not import a book, yet "read my own books" is a must; problems of severity 3–4 are open too. '
        "The launch moves back five weeks.",
        n=imported.n,
        x=round(imported.n * (1 - imported.value)),
    )
    anyway = Words("先修复3～4级问题并复测，再过关口。", "problems of severity 3–4 are mended and tested again first.")
    _decide(folder, "design", "recycle", at, because, anyway, to="design", seen=seen)


def until_hold(folder: Path, days: Days) -> None:
    _sign(folder, "IA3.8", "fengyuan", days.on(-127))
    because = Words("必须准则全部通过，导入路径复测达标。", "Every must passes, and the import path holds in the second test.")
    anyway = Words("缺的不影响开工，第1次迭代内补齐。", "what is lacking does not keep development from starting and is made good in sprint 1.")
    _decide(folder, "design", "go", days.on(-125), because, anyway)
    _sign(folder, "IA4.1", "wanghao", days.on(-123))
    _sign(folder, "IA4.11", "zhaolan", days.on(-62))
    because = Words(
        "依赖扫描中断，没有证据不等于没有漏洞；赵岚重扫。",
        "The dependency scan broke off. No evidence is not the same as no vulnerability; Zhao Lan scans again.",
    )
    anyway = Words("依赖扫描中断，补扫之前不放行。", "the dependency scan broke off, and nothing is released before it is repeated.")
    _decide(folder, "quality", "hold", days.on(-62), because, anyway)


def until_review(folder: Path, days: Days) -> None:
    _sign(folder, "IA4.11", "zhaolan", days.on(-56))
    because = Words("两项扫描均完成，必须准则全部通过。", "Both scans are complete, and every must passes.")
    anyway = Words("缺的不涉及安全和用户数据，公测期间补齐。", "what is lacking touches neither security nor users' data and is made good during the beta.")
    _decide(folder, "quality", "go", days.on(-56), because, anyway)
    _sign(folder, "IA5.1", "zhou", days.on(-40))
    _operations(folder, days)


#: what the retention after 30 days says at the review, by its verdict
RETENTION = {
    Result.PASS: Words(
        "30日留存已判为通过，满观察期的人还不全，到期复核", "day-30 retention passes, and is judged again when everyone has completed the period"
    ),
    Result.FAIL: Words(
        "30日留存判为不通过，满观察期的人还不全，到期复核后定措施", "day-30 retention fails; what to do is settled when everyone has completed the period"
    ),
    Result.UNDECIDED: Words("满30日的人还不够，30日留存判不了", "too few people have completed 30 days to judge day-30 retention"),
}


def _operations(folder: Path, days: Days) -> None:
    at = days.on(-8)
    seen, _ = survey(folder, at=at.isoformat())
    retention = RETENTION[_verdict(seen, "operations", "retention.d30").result]
    because = say(
        zh="继续运营，E-01的B方案全量；{retention}。", en="Operation continues and variant B of E-01 goes to everyone; {retention}.", retention=retention
    )
    anyway = say(zh="公测照常进行；{retention}。", en="the beta goes on; {retention}.", retention=retention)
    condition = Condition(
        "C-02",
        Words("用2,000人重判30日留存", "judge day-30 retention again with 2,000 people"),
        "sunning",
        days.on(28),
        Words("吴桐停发新活动，并提交留存改进方案", "Wu Tong stops new campaigns and submits a plan to improve retention"),
    )
    _decide(folder, "operations", "conditional", at, because, anyway, conditions=(condition,), seen=seen)


def until_today(folder: Path, days: Days) -> None:
    _sign(folder, "IA5.8", "fengyuan", days.on(-6))


def _sign(folder: Path, requirement: str, by: str, at: date) -> None:
    sign(folder, requirement=requirement, by=by, at=at.isoformat())


def _decide(
    folder: Path,
    stage: str,
    kind: str,
    at: date,
    because: Words,
    anyway: Words,
    *,
    to: str | None = None,
    conditions: tuple[Condition, ...] = (),
    seen: Dossier | None = None,
) -> None:
    """Decide for the reason `because`; where the recommendation is another, say which, on what grounds, and why it is decided so `anyway`.

    Without `seen` the gate is looked at only once, by the decision itself, which is taken back and written again where it departs.
    """

    def write(reason: Words) -> Decision:
        return decide(folder, stage=stage, kind=kind, by="zhou", because=reason, to=to, conditions=conditions, at=at.isoformat())[0]

    if seen is None:
        register = folder / "decisions.yaml"
        before = register.read_text(encoding="utf-8") if register.exists() else ""
        if write(because).recommended == kind:
            return
        register.write_text(before, encoding="utf-8")
    gate = (seen or survey(folder, at=at.isoformat())[0]).gates[stage]
    departs = gate.recommendation.choice != kind
    write(_departing(gate.recommendation.choice, gate.recommendation.missing, kind, anyway) if departs else because)


def _departing(recommended: str, missing: tuple[Verdict, ...], kind: str, anyway: Words) -> Words:
    listed = [say(zh="{what}{result}", en="{what}: {result}", what=v.words, result=STATES[v.result].word) for v in missing[:3]]
    grounds = say(zh="（{list}）", en=" ({list})", list=joined(listed)) if listed else Words("", "")
    return say(
        zh="与建议不同：建议{recommended}{grounds}，决定{kind}。{anyway}",
        en="Departs from the recommendation, which is {recommended}{grounds}; decided: {kind}. {anyway}",
        recommended=STATES[recommended].word,
        grounds=grounds,
        kind=STATES[kind].word,
        anyway=Words(anyway.zh, anyway.en[0].upper() + anyway.en[1:]),
    )


def _verdict(dossier: Dossier, stage: str, estimate: str) -> Verdict:
    return next(v for v in dossier.gates[stage].verdicts if v.criterion.startswith(estimate))
