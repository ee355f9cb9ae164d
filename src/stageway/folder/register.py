"""The register of a product folder: decisions and sign-offs, append-only files in git. An entry is sealed by a hash over itself and the one before."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from stageway.evidence import DefinitionError, Words, say
from stageway.process.adaptation import as_date
from stageway.process.marked import Map, load
from stageway.process.record import Choice, Condition, Decision, Signoff
from stageway.process.rows import verdict_from_json, verdict_to_json

_FIELDS = {
    "id",
    "at",
    "stage",
    "round",
    "kind",
    "by",
    "because",
    "to",
    "conditions",
    "recommended",
    "version",
    "evidence",
    "codes",
    "findings",
    "verdicts",
    "closes",
    "what",
    "effects",
    "seal",
}


def _entries(text: str, file: str) -> list[Map]:
    listed = load(text, file)
    if listed is None:
        return []
    if not isinstance(listed, list) or not all(isinstance(each, Map) for each in listed):
        raise DefinitionError("register_wrong", say(zh="{file} 应是一个列表", en="{file} should be a list of entries", file=file))
    return listed


def _seal(entry: dict[str, Any], before: str) -> str:
    plain = json.dumps({k: v for k, v in entry.items() if k != "seal"}, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256((before + plain).encode()).hexdigest()


def read_decisions(text: str, file: str) -> tuple[tuple[Decision, ...], dict[str, str]]:
    """The decisions, oldest first, and the codes that evidence was given in them (kept for ever). An entry that was edited is named."""
    made: list[Decision] = []
    codes: dict[str, str] = {}
    before = ""
    for entry in _entries(text, file):
        entry.only(_FIELDS)
        seal = entry.get("seal")
        if seal is not None and seal != _seal(entry, before):
            what = say(zh="决策 {id} 在写入之后被改过", en="the decision {id} was changed after it was written", id=str(entry.get("id")))
            todo = say(zh="用版本库还原它；要改变决定，另写一条新的决策", en="restore it from version control; to change what was decided, decide anew")
            raise entry.refuse(None, what, todo=todo, code="decision_edited")
        before = str(seal or "")
        codes |= {str(name): str(code) for name, code in entry.map("codes").items()}
        made.append(_decision(entry))
    return tuple(made), codes


def _decision(entry: Map) -> Decision:
    at = as_date(entry, "at")
    if at is None:
        raise entry.refuse(None, say(zh="决策没有日期", en="the decision has no date"), code="field_missing")
    kind, recommended = entry.get("kind"), entry.get("recommended")
    if kind is not None and kind not in set(Choice):
        raise entry.refuse(
            "kind",
            say(zh="决定“{kind}”不对", en='"{kind}" is no decision', kind=str(kind)),
            expected=Words("go、conditional、hold、recycle、kill 之一", "one of go, conditional, hold, recycle, kill"),
        )
    conditions = tuple(
        Condition(str(c.need("id")), c.words("action"), str(c.need("owner")), as_date(c, "date") or at, c.words("otherwise"), as_date(c, "closed"))
        for c in entry.maps("conditions")
    )
    return Decision(
        id=str(entry.need("id")),
        at=at,
        stage=entry.get("stage"),
        round=int(entry.get("round", 1)),
        kind=Choice(kind) if kind else None,
        by=str(entry.need("by")),
        because=entry.words("because") if entry.get("because") else Words("", ""),
        to=entry.get("to"),
        conditions=conditions,
        recommended=Choice(recommended) if recommended else None,
        verdicts=tuple(verdict_from_json(v) for v in entry.maps("verdicts")),
        evidence_hash=str(entry.get("evidence") or ""),
        version=str(entry.get("version") or ""),
        closes=entry.get("closes"),
        what=entry.words("what") if entry.get("what") is not None else None,
        effects=tuple(entry.maps("effects")),
        findings=tuple(entry.list("findings")),
    )


def append_decision(root: Path, decision: Decision, codes: dict[str, str]) -> None:
    """Append one sealed entry; the file so far is not touched."""
    path = root / "decisions.yaml"
    entry: dict[str, Any] = {
        "id": decision.id,
        "at": decision.at,
        "stage": decision.stage,
        "round": decision.round,
        "kind": str(decision.kind) if decision.kind else None,
        "by": decision.by,
        "because": _written(decision.because),
        "to": decision.to,
        "conditions": [
            {"id": c.id, "action": _written(c.action), "owner": c.owner, "date": c.date, "otherwise": _written(c.otherwise)} for c in decision.conditions
        ],
        "recommended": str(decision.recommended) if decision.recommended else None,
        "version": decision.version,
        "evidence": decision.evidence_hash,
        "closes": decision.closes,
        "what": decision.what.to_json() if decision.what else None,
        "effects": list(decision.effects),
        "codes": codes,
        "findings": list(decision.findings),
        "verdicts": [verdict_to_json(v) for v in decision.verdicts],
    }
    entry = {name: value for name, value in entry.items() if value not in (None, [], (), {}, "")}
    written = yaml.safe_load(yaml.safe_dump(entry, allow_unicode=True, sort_keys=False))
    _append(path, {**entry, "seal": _seal(written, _last_seal(path))})


def _written(words: Words) -> str | dict[str, str]:
    """One text where both languages are the same words, as a person typed it."""
    return words.zh if words.zh == words.en else words.to_json()


def _last_seal(path: Path) -> str:
    entries = _entries(path.read_text(encoding="utf-8"), path.name) if path.is_file() else []
    return str(entries[-1].get("seal") or "") if entries else ""


def _append(path: Path, entry: dict[str, Any]) -> None:
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    text = yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=150)
    whole = before + ("" if not before or before.endswith("\n") else "\n") + text
    draft = path.with_suffix(".part")
    draft.write_text(whole, encoding="utf-8")
    draft.replace(path)


def read_signoffs(text: str, file: str) -> tuple[Signoff, ...]:
    made = []
    for entry in _entries(text, file):
        entry.only({"requirement", "role", "subject", "by", "at", "refused", "because"})
        at = as_date(entry, "at")
        if at is None:
            raise entry.refuse(None, say(zh="签核没有日期", en="the sign-off has no date"), code="field_missing")
        requirement, role, subject, by = (str(entry.need(name)) for name in ("requirement", "role", "subject", "by"))
        made.append(Signoff(requirement, role, subject, by, at, bool(entry.get("refused", False)), entry.get("because")))
    return tuple(made)


def append_signoff(root: Path, signoff: Signoff) -> None:
    entry: dict[str, Any] = {
        "requirement": signoff.requirement,
        "role": signoff.role,
        "subject": signoff.subject,
        "by": signoff.by,
        "at": signoff.at,
    }
    if signoff.refused:
        entry |= {"refused": True, "because": signoff.because}
    _append(root / "signoffs.yaml", entry)


def next_id(decisions: tuple[Decision, ...]) -> str:
    numbers = [int(d.id.rpartition("-")[2]) for d in decisions if d.id.rpartition("-")[2].isdigit()]
    return f"D-{max(numbers, default=0) + 1:03d}"


def next_version(decisions: tuple[Decision, ...]) -> str:
    """Each decision issues one version: 1.0, 1.1, 1.2 …"""
    issued = [d.version for d in decisions if d.version]
    if not issued:
        return "1.0"
    major, _, minor = issued[-1].partition(".")
    return f"{major}.{int(minor or 0) + 1}"
