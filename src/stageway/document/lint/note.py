"""What the lint says: one note a fault, with its rule, its place and how to mend it; and how far a stage has come, which decides how grave a gap is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stageway.evidence import Where, Words
from stageway.process.dossier import Dossier
from stageway.process.model import Stage
from stageway.process.record import StageState

Level = Literal["E", "W"]
ERROR: Level = "E"
WARNING: Level = "W"


@dataclass(frozen=True, slots=True)
class Note:
    """`rule` is the number of the rule (L-06), `level` E for an error (the document is not published) or W; `stage` is None for the product as a whole."""

    rule: str
    level: Level
    text: Words
    where: Where
    mend: Words
    stage: str | None = None


def begun(dossier: Dossier, stage: Stage) -> bool:
    """Whether a stage is under way, was, or by its plan should be."""
    gate = dossier.gates.get(stage.id)
    if gate is not None and gate.state != StageState.NOT_STARTED:
        return True
    plan = dossier.plan(stage.id)
    return any(day is not None and day <= dossier.today for day in (plan.actual[0], plan.planned[0]))


def under_way(dossier: Dossier, stage: Stage) -> bool:
    """Begun and not approved: what its gate lacks is still owed. A continuous stage stays under way; a killed one owes nothing."""
    gate = dossier.gates.get(stage.id)
    if gate is None or gate.state == StageState.KILLED or not begun(dossier, stage):
        return False
    return gate.expired or dossier.plan(stage.id).continuous or gate.state not in (StageState.PASSED, StageState.CONDITIONAL)


def killed(dossier: Dossier, stage: Stage) -> bool:
    return stage.id in dossier.gates and dossier.gates[stage.id].state == StageState.KILLED


def gravity(dossier: Dossier, stage: str | None) -> Level:
    """An error once the stage has begun, a warning before. For what belongs to no stage: once any stage has begun."""
    found = dossier.process.stage(stage) if stage else None
    concerned = [found] if found else list(dossier.process.stages)
    return ERROR if any(begun(dossier, each) for each in concerned) else WARNING


def in_product(dossier: Dossier, part: str) -> Where:
    """A place in the product's file, as a path of keys."""
    return Where(file=dossier.product.file, part=part)
