"""The lint: what is wrong with a product folder and the document made from it, where, and how to mend it; and a score for each stage.

`lint(dossier)` gives the notes, `score(notes, dossier)` the points of each stage: 100 − 10 for an error − 3 for a warning, at least 0; None (—) for a
stage that asks nothing. Notes on the product as a whole (`stage` None) count for no stage.

The rules have numbers:

    structure     L-01 one owner · L-02 due date · L-03 a criterion that can come out false · L-21 one A, nobody judges himself · L-27 open musts have a
                  date ahead · L-28 dates in the past · L-39 skipped requirements · L-47 owner's department works on the stage · L-52 hand-offs have
                  a date, returns a reason · L-53 number, author, reviewer and approver of the document
    agreements    L-04 five fields of a goal · L-18 conditions · L-19 reasons · L-22 risks · L-38 meaning for the next stage · L-44 out of scope ·
                  L-50 departures from the recommendation
    evidence      L-12 claims rest on a finding · L-13 stale, recomputed or expired · L-42 unused findings · L-45 about to expire · L-49 undecided ·
                  L-51 orphans of the thread
    claims        L-11 interval · L-12 finding · L-15 causes · L-17 not evaluable · L-26 typed numbers · L-30 both languages · L-31 words of verdict ·
                  L-32 contradictions · L-46 ranks: people's own words against the findings they cite
    wording       L-05 ends of intervals · L-06 vague time · L-07 vague degree · L-08 empty verbs · L-09 doers · L-10 one outcome · L-14 "no difference"
                  · L-16 points · L-23 abbreviations · L-24 one noun · L-33 length · L-36 slogans · L-40 personal data
    typography    L-34 Chinese · L-35 English

Left out, because the document cannot break them or the dossier cannot show them: L-20 (an edited decision is refused when the register is read), L-25,
L-37, L-41 (composition numbers every figure, fills every section and prints the label from one place), L-27's summary and open points and L-29 (computed
from the same verdicts and tables), L-30 for composed tables (both editions are composed from one dossier; own words and steps are compared), L-43
(methods name their correction), L-48 (no data tie a risk's response to a gate). L-38 asks for the text and refuses feelings; whether a sentence is an
instruction only a reader can tell. L-40 knows numbers, addresses and marked names, not every name.
"""

from __future__ import annotations

from collections.abc import Iterable

from stageway.document.lint.agreements import agreements
from stageway.document.lint.claims import claims
from stageway.document.lint.evidence import evidence
from stageway.document.lint.note import ERROR, Level, Note
from stageway.document.lint.passages import passages, template_passages
from stageway.document.lint.structure import structure
from stageway.document.lint.wording import Company, wording
from stageway.process.dossier import Dossier
from stageway.process.model import Template

__all__ = ["Level", "Note", "lint", "lint_template", "score"]

_ERROR, _WARNING = 10, 3


def lint(dossier: Dossier) -> tuple[Note, ...]:
    """All notes: the product's first, then stage by stage; errors before warnings, then by rule and place."""
    made = [
        *structure(dossier), *agreements(dossier), *evidence(dossier), *claims(dossier),
        *wording(passages(dossier), Company.of(dossier.process, dossier)),
    ]
    order = {stage.id: stage.number for stage in dossier.process.stages}
    once = dict.fromkeys(made)
    return tuple(sorted(once, key=lambda n: (order.get(n.stage or "", 0), n.level != ERROR, n.rule, n.where.file or "", n.where.line or 0, n.where.part or "")))


def lint_template(template: Template) -> tuple[Note, ...]:
    """The wording of a template alone, before any product uses it."""
    return wording(template_passages(template), Company.of(template))


def score(notes: Iterable[Note], dossier: Dossier) -> dict[str, int | None]:
    """Points by stage; None for a stage without requirements."""
    lost: dict[str, int] = {}
    for note in notes:
        if note.stage is not None:
            lost[note.stage] = lost.get(note.stage, 0) + (_ERROR if note.level == ERROR else _WARNING)
    return {stage.id: max(0, 100 - lost.get(stage.id, 0)) if stage.requirements else None for stage in dossier.process.stages}
