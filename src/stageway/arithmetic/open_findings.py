"""What a scan found, each finding with its severity and whether it is open, suppressed in the code or accepted by somebody until a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from stageway.evidence import Frame, say

#: From the worst to the mildest; `none` is no finding of security.
SEVERITIES = ("critical", "high", "medium", "low", "none")
BY_LEVEL = {"error": "high", "warning": "medium", "note": "low", "none": "none"}
#: Kinds of results that ask for somebody's eyes; pass, notApplicable and informational do not.
KINDS = ("fail", "open", "review")


@dataclass(frozen=True)
class Found:
    tool: str
    rule: str
    title: str
    severity: str
    score: float | None
    rated: bool
    file: str
    line: int | None
    identity: str
    baseline: str
    state: str  # open, suppressed, accepted
    reason: str = ""

    @property
    def rank(self) -> tuple[Any, ...]:
        return (SEVERITIES.index(self.severity), -(self.score or 0.0), self.rule, self.file, self.line or 0, self.tool, self.identity, self.title)

    @property
    def place(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Acceptance:
    """Somebody's word that a finding may stand: `selects` holds what it names of identity, rule and file."""

    selects: tuple[tuple[str, str], ...]
    reason: str
    expires: date | None

    def covers(self, found: Found) -> bool:
        return bool(self.selects) and all(getattr(found, name) == wanted for name, wanted in self.selects)


def findings_of(table: Frame, *, without_score: str) -> list[Found]:
    """The findings, worst first, whatever the order of the rows; those that are gone (absent) or no findings (pass …) are left out.

    `without_score`: `level` reads a severity from the level, `high` takes each finding without a score as high.
    """
    count = len(table)

    def texts(name: str) -> Sequence[str]:
        return [str(cell or "") for cell in table[name].tolist()] if name in table else [""] * count

    def numbers(name: str) -> Sequence[float]:
        return table[name].tolist() if name in table else [float("nan")] * count

    made = []
    told = (texts("tool"), texts("rule"), texts("title"), texts("severity"), texts("level"), texts("file"), texts("identity"), texts("baseline"))
    plain = (numbers("score"), numbers("line"), numbers("suppressed"), texts("kind"), texts("justification"))
    for i, (tool, rule, title, given, level, file, identity, baseline, score, line, suppressed, kind, reason) in enumerate(zip(*told, *plain, strict=True)):
        severity, rated = _severity(table, i, given.lower(), level.lower(), without_score)
        if baseline == "absent" or (kind and kind not in KINDS):
            continue
        state = "suppressed" if suppressed == 1.0 else "open"
        known = None if score != score else score
        at = None if line != line else int(line)
        made.append(Found(tool, rule or title, title, severity, known, rated, file, at, identity, baseline, state, reason if state == "suppressed" else ""))
    return sorted(made, key=lambda found: (found.rank, found.baseline, found.state, found.reason))


def _severity(table: Frame, i: int, given: str, level: str, without_score: str) -> tuple[str, bool]:
    if given:
        if given not in SEVERITIES:
            raise table.wrong("severity", i, say(zh="{known} 之一，或留空", en="one of {known}, or empty", known=", ".join(SEVERITIES)))
        return given, True
    if level not in BY_LEVEL:
        raise table.wrong("level", i, say(zh="{known} 之一", en="one of {known}", known=", ".join(BY_LEVEL)))
    return ("high" if without_score == "high" and level != "none" else BY_LEVEL[level]), False


@dataclass(frozen=True)
class Accepted:
    """The findings after the acceptances; how many of these did not hold, and why; `first` is the day on which the first that holds ends."""

    findings: tuple[Found, ...]
    expired: int
    reasonless: int
    undated: int
    unused: int
    first: date | None


def acceptances_of(table: Frame) -> list[Acceptance]:
    """From rows (identity, rule, file, reason, expires). DataError for a row that names nothing."""
    names = [name for name in ("identity", "rule", "file") if name in table]
    made = []
    for i, row in enumerate(table.records()):
        selects = tuple((name, str(row[name])) for name in names if row[name] is not None)
        if not selects:
            expected = say(zh="identity、rule、file 至少填一项", en="at least one of identity, rule, file")
            raise table.wrong(names[0] if names else "reason", i, expected)
        expires = row["expires"]
        made.append(Acceptance(selects, str(row["reason"] or ""), None if expires is None else expires.date()))
    return made


def accepted(findings: Sequence[Found], acceptances: Sequence[Acceptance], on: date | None) -> Accepted:
    """An acceptance holds with a reason and a day of expiry that is not before `on`; without `on` none can be shown to hold."""
    reasonless = sum(not each.reason or each.expires is None for each in acceptances)
    whole = [(each, each.expires) for each in acceptances if each.reason and each.expires is not None]
    undated = len(whole) if on is None else 0
    holding = [(each, day) for each, day in whole if on is not None and day >= on]
    expired = len(whole) - len(holding) - undated
    made, used = [], set()
    for found in findings:
        i = next((i for i, (each, _) in enumerate(holding) if each.covers(found)), None)
        if found.state == "open" and i is not None:
            used.add(i)
            found = replace(found, state="accepted", reason=holding[i][0].reason)
        made.append(found)
    first = min((holding[i][1] for i in used), default=None)
    return Accepted(tuple(made), expired, reasonless, undated, len(holding) - len(used), first)


def fresh(findings: Sequence[Found], previous: Sequence[Found] | None) -> list[Found] | None:
    """The open ones that were not there before: by identity against an earlier scan, else as the scan itself marks them; None where neither is given."""
    open_ones = [found for found in findings if found.state == "open"]
    if previous is not None:
        before = {(found.tool, found.identity) for found in previous}
        return [found for found in open_ones if (found.tool, found.identity) not in before]
    if not any(found.baseline for found in findings):
        return None
    return [found for found in open_ones if found.baseline in ("new", "")]
