"""The nouns of what was judged and decided: verdicts, gates, decisions, sign-offs, and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from stageway.evidence import Words
from stageway.process.model import Ask


class Result(StrEnum):
    """The four verdicts."""

    PASS = "pass"
    FAIL = "fail"
    UNDECIDED = "undecided"
    NOT_EVALUABLE = "not_evaluable"


class Choice(StrEnum):
    """What may be decided, or recommended, at a gate."""

    GO = "go"
    CONDITIONAL = "conditional"
    HOLD = "hold"
    RECYCLE = "recycle"
    KILL = "kill"


class StageState(StrEnum):
    NOT_STARTED = "not_started"
    ACTIVE = "active"
    PASSED = "passed"
    CONDITIONAL = "conditional"
    HELD = "held"
    RECYCLED = "recycled"  # sent back: this stage is gone through again
    KILLED = "killed"


Day = date


@dataclass(frozen=True, slots=True)
class Seen:
    """What a criterion saw: an estimate (with its interval), or an exact number with what it was counted from (`of`)."""

    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None
    unit: str = ""
    kind: str = "exact"
    key: str | None = None
    counts: Words = Words("", "")
    of: int | None = None
    which: tuple[str, ...] = ()
    signed_by: str | None = None
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One criterion judged. `needs_n` for undecided: at about which n the interval would leave the threshold (None: no sensible n would).

    `why` is the reason of a fail or a not evaluable (code and sentence); `until` when it can be judged, where that is known.
    """

    requirement: str
    stage: str
    ask: Ask
    criterion: str
    words: Words
    threshold: Words
    result: Result
    op: str | None = None
    limit: float | None = None
    seen: Seen | None = None
    evidence: str | None = None
    needs_n: int | None = None
    why_code: str | None = None
    why: Words | None = None
    until: date | None = None
    on_fail: str | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`rule` names the line of the rule that held; `missing` the verdicts that stand in the way."""

    choice: Choice
    rule: Words
    to: str | None = None
    missing: tuple[Verdict, ...] = ()
    then: Choice | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    id: str
    action: Words
    owner: str
    date: Day
    otherwise: Words
    closed: Day | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """As written into `decisions.yaml`: never edited, only superseded. `stage` is None for a decision about the process itself (adaptations)."""

    id: str
    at: date
    stage: str | None
    round: int
    kind: Choice | None
    by: str
    because: Words
    to: str | None
    conditions: tuple[Condition, ...]
    recommended: Choice | None
    verdicts: tuple[Verdict, ...]
    evidence_hash: str
    version: str
    closes: str | None = None
    what: Words | None = None
    effects: tuple[Mapping[str, Any], ...] = ()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signoff:
    requirement: str
    role: str
    subject: str
    by: str
    at: date
    refused: bool = False
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """A stage's gate now: its verdicts, what follows from them, the decisions taken so far (oldest first), and whether the last one still holds."""

    stage: str
    verdicts: tuple[Verdict, ...]
    recommendation: Recommendation
    decisions: tuple[Decision, ...]
    state: StageState
    round: int
    evidence_hash: str
    expired: bool = False

    @property
    def last(self) -> Decision | None:
        return self.decisions[-1] if self.decisions else None


@dataclass(frozen=True, slots=True)
class OwnWords:
    """People's own paragraphs: `words/<section>.<lang>.md` with front matter; `line` is where `text` begins in the file."""

    section: str
    lang: str
    author: str | None
    at: str | None
    text: str
    file: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Absent:
    """Why an evidence has no finding: `no_data`, `no_entry`, `scan_incomplete`, `not_computable` …"""

    code: str
    why: Words


@dataclass(frozen=True, slots=True)
class DataNote:
    """A dataset as it was read: for the data appendix."""

    name: str
    title: Words
    path: str
    rows: int
    sha256: str
    collected: date | None
    used_in: tuple[str, ...]


def at_day(at: datetime | date) -> date:
    return at.date() if isinstance(at, datetime) else at
