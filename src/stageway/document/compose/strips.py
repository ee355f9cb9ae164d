"""Strips: the stages as one strip, and the interval of a verdict beside its threshold."""

from __future__ import annotations

import math
from collections.abc import Iterable

from stageway.document.compose.criteria import with_threshold
from stageway.document.compose.pen import Pen
from stageway.document.outline import StageStrip, Strip
from stageway.process.model import Stage
from stageway.process.record import Seen, StageState, Verdict

#: A stage's state as a state of `document.states`.
GATE_STATE = {
    StageState.NOT_STARTED: "todo",
    StageState.ACTIVE: "review",
    StageState.PASSED: "go",
    StageState.CONDITIONAL: "conditional",
    StageState.HELD: "hold",
    StageState.RECYCLED: "recycle",
    StageState.KILLED: "kill",
}
_BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "%": (0.0, 1.0),
    "pp": (-1.0, 1.0),
    "ms": (0.0, None),
    "s": (0.0, None),
    "min": (0.0, None),
    "CNY": (0.0, None),
}


def gate_word(pen: Pen, stage: Stage) -> str:
    """The word beside the stage's gate mark; a stage that runs is in progress, not in review."""
    state = pen.dossier.gates[stage.id].state
    return pen.say("进行中", "in progress") if state == StageState.ACTIVE else pen.state(GATE_STATE[state]).word


def stage_strip(pen: Pen, now: Stage | None = None) -> StageStrip:
    stages = pen.dossier.process.stages
    cells = tuple((pen.of(s.short), GATE_STATE[pen.dossier.gates[s.id].state], gate_word(pen, s)) for s in stages)
    return StageStrip(cells, stages.index(now) if now in stages else None)


def round_up(value: float) -> float:
    """The next of 1, 2, 5 × 10^k at or above the value."""
    if value <= 0:
        return 1.0
    base = 10.0 ** math.floor(math.log10(value))
    return next(step * base for step in (1, 2, 5, 10) if step * base >= value * (1 - 1e-9))


def has_interval(seen: Seen | None) -> bool:
    return seen is not None and seen.low is not None and seen.high is not None and math.isfinite(seen.low) and math.isfinite(seen.high)


def span_of(verdicts: Iterable[Verdict | None]) -> float:
    """The half width of the scale that all rounds of one criterion share."""
    far = [
        abs(end - v.limit)
        for v in verdicts
        if v is not None and v.limit is not None and v.seen is not None and has_interval(v.seen)
        for end in (v.seen.low, v.seen.high)
        if end is not None
    ]
    return round_up(1.25 * max(far, default=1.0))


def strip(pen: Pen, verdict: Verdict, span: float) -> Strip | None:
    """The verdict's interval strip; None for counts, sign-offs and what has no data."""
    seen = verdict.seen
    if seen is None or not has_interval(seen) or verdict.limit is None or verdict.op not in (">=", ">", "<=", "<"):
        return None
    assert seen.low is not None
    assert seen.high is not None
    good = "high" if verdict.op in (">=", ">") else "low"
    word = pen.state(str(verdict.result)).word
    alt = (
        f"{with_threshold(pen, verdict.words, verdict.threshold, '')}{'：' if pen.lang == 'zh' else ': '}{pen.seen(verdict)}，{word}"
        if pen.lang == "zh"
        else (f"{with_threshold(pen, verdict.words, verdict.threshold, '')}: {pen.seen(verdict)}, {word}")
    )
    return Strip(seen.value, seen.low, seen.high, verdict.limit, good, str(verdict.result), span, _BOUNDS.get(seen.unit, (None, None)), alt=alt)  # type: ignore[arg-type]
