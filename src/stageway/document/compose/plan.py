"""Plan and actual as a drawing: an outline for the plan, a bar for what was done, gates as their marks."""

from __future__ import annotations

from datetime import date, timedelta

from stageway.document.compose.pen import Pen
from stageway.document.compose.strips import GATE_STATE
from stageway.document.drawings.plan import PlanBar, PlanGate, PlanRow, plan
from stageway.document.outline import Figure
from stageway.process.model import Stage
from stageway.process.record import Choice, StageState


def plan_figure(pen: Pen) -> Figure | None:
    """None where no stage has a date."""
    rows = tuple(_row(pen, stage) for stage in pen.dossier.process.stages)
    if not any(row.planned or row.bars for row in rows):
        return None
    caption = pen.say("计划与实际", "Plan and actual dates")
    note = pen.say("空框为计划，实框为实际，菱形为关口，竖线为今天。", "Outline: plan; solid: actual; diamond: gate; upright line: today.")
    alt = pen.clauses(_spoken(pen, stage) for stage in pen.dossier.process.stages)
    return Figure("plan", caption, alt, svg=plan(rows, today=pen.dossier.today, lang=pen.lang, title=alt), note=note)


def _spoken(pen: Pen, stage: Stage) -> str:
    planned, actual = pen.dossier.plan(stage.id).planned, pen.dossier.plan(stage.id).actual
    return pen.say(
        "{name}计划{planned}，实际{actual}",
        "{name} planned {planned}, actual {actual}",
        name=stage.short,
        planned=pen.day(planned[1]),
        actual=pen.day(actual[1]),
    )


def _row(pen: Pen, stage: Stage) -> PlanRow:
    dossier = pen.dossier
    given, gate = dossier.plan(stage.id), dossier.gates[stage.id]
    first, last = given.planned
    planned = (first, last) if first and last and first <= last else None
    marks = [PlanGate(d.at, str(d.kind)) for d in gate.decisions if d.kind is not None]
    if gate.state in (StageState.ACTIVE, StageState.NOT_STARTED) and last is not None:
        marks.append(PlanGate(last, GATE_STATE[gate.state]))
    name = pen.numbered(stage, stage.short)
    return PlanRow(name, planned, _bars(pen, stage), tuple(sorted(marks, key=lambda mark: mark.at)))


def _bars(pen: Pen, stage: Stage) -> tuple[PlanBar, ...]:
    dossier = pen.dossier
    given, gate = dossier.plan(stage.id), dossier.gates[stage.id]
    start, end = given.actual
    if start is None or start > dossier.today:
        return ()
    until = end or dossier.today
    back = [d.at for d in gate.decisions if d.kind == Choice.RECYCLE and start <= d.at < until]
    made: list[PlanBar] = []
    if back:
        made += [PlanBar(start, back[0], "over"), PlanBar(back[0] + timedelta(days=1), until, "again")]
    else:
        made.append(PlanBar(start, until, "over" if end else "now"))
    planned: date | None = given.planned[1]
    if end is None and planned is not None and planned > dossier.today:
        made.append(PlanBar(dossier.today + timedelta(days=1), planned, "rest"))
    return tuple(made)
