"""Words of verdict against the whole interval (L-31), and what could not be judged written as a pass (L-17)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stageway.document.lint.note import ERROR, Note
from stageway.document.lint.numbers import typed
from stageway.document.lint.passages import Passage
from stageway.document.lint.sentences import clause_after, masked, unlived
from stageway.document.lint.vocabulary import vocabulary
from stageway.evidence import Estimate, Lang, Words, say, shown
from stageway.process.dossier import Dossier
from stageway.process.expression import FRACTIONS
from stageway.process.judge import GoalState, compare
from stageway.process.record import Result, Verdict

_STATES = {GoalState.MET: Result.PASS, GoalState.NOT_MET: Result.FAIL, GoalState.UNDECIDED: Result.UNDECIDED}
_NAMES = {Result.PASS: Words("通过", "pass"), Result.FAIL: Words("不通过", "fail"), Result.UNDECIDED: Words("未定", "undecided"), Result.NOT_EVALUABLE: Words("不可评定", "not evaluable")}


def contradictions(dossier: Dossier, passage: Passage, sentence: str, estimates: Mapping[str, Estimate]) -> Iterator[Note]:
    """A word of verdict beside a live value says what the whole interval says: against a threshold typed behind it, else against the criterion's."""
    said = _said(sentence, passage.lang)
    if said is None or not estimates:
        return
    word, claimed, limit = said
    for path, estimate in estimates.items():
        if limit is not None and estimate.unit in FRACTIONS:
            low, high = (estimate.value if end is None else end for end in (estimate.low, estimate.high))
            results = {compare(">=", limit / 100, low, high)}
        else:
            results = _judged(dossier, path, word, passage.lang)
        wrong = next((r for r in results if r != claimed), None)
        if results and claimed not in results and wrong is not None:
            text = say(
                zh="“{word}”与整个区间不符：{path} {value}，{result}", en='"{word}" does not agree with the whole interval: {path} {value}, {result}',
                word=word, path=path, value=shown(estimate), result=_NAMES[wrong],
            )
            mend = say(zh="按判定写：{result}", en="write what the verdict is: {result}", result=_NAMES[wrong])
            yield Note("L-31", ERROR, text, passage.where, mend, passage.stage)
            return


def _said(sentence: str, lang: Lang) -> tuple[str, Result, float | None] | None:
    """The word of verdict, what it claims, and a share typed behind it; None where the sentence leaves it open."""
    bare = masked(unlived(sentence))
    lists = vocabulary()
    if lists.find("open", lang, bare):
        return None
    unmet = lists.find("unmet", lang, bare)
    found = unmet or lists.find("met", lang, bare) or lists.find("above", lang, bare)
    if found is None:
        return None
    claimed = Result.FAIL if unmet else Result.PASS
    limit = next((number.percent for number in typed(clause_after(bare, found.end(), lang), lang) if number.exact), None)
    return found[0].strip(), claimed, limit


def _judged(dossier: Dossier, path: str, word: str, lang: Lang) -> set[Result]:
    """The verdicts of criteria and goals on exactly this estimate; for “exceeds” and “short of” those only where more is better."""
    sided = vocabulary().find("sided", lang, word) is not None
    made: set[Result] = set()
    for gate in dossier.gates.values():
        for verdict in gate.verdicts:
            left = verdict.criterion.partition(verdict.op)[0].strip() if verdict.op else ""
            if left == path and not (sided and verdict.op in ("<=", "<")):
                made.add(verdict.result)
    for goal in dossier.product.goals:
        state = dossier.goals[goal.id].state if goal.id in dossier.goals else None
        if goal.metric == path and state in _STATES and not (sided and goal.expression is not None and goal.expression.op in ("<=", "<")):
            made.add(_STATES[state])
    return made


# ── not evaluable ─────────────────────────────────────────────────────────────────────────────────────────────────────


def unfounded_passes(dossier: Dossier, passage: Passage, sentence: str, names: tuple[str, ...]) -> Iterator[Note]:
    """A sentence about what could not be judged that reads as a pass, a fail or a zero."""
    lists = vocabulary()
    if passage.stage is None or lists.find("not_evaluable", passage.lang, sentence):
        return
    for verdict in dossier.verdicts(passage.stage):
        if verdict.result != Result.NOT_EVALUABLE:
            continue
        named = verdict.requirement in sentence or (verdict.evidence or "-") in names
        word = _absent(sentence, passage.lang, verdict)
        if word is None and named and (found := lists.find("passed", passage.lang, sentence)):
            word = found[0]
        if word is not None:
            why = verdict.why or Words("没有数据", "no data")
            text = say(zh="“{word}”：{id}不可评定（{why}）", en='"{word}": {id} is not evaluable ({why})', word=word, id=verdict.requirement, why=why)
            mend = say(zh="写“不可评定：{why}”", en='write "not evaluable: {why}"', why=why)
            yield Note("L-17", ERROR, text, passage.where, mend, passage.stage)
            return


def _absent(sentence: str, lang: Lang, verdict: Verdict) -> str | None:
    """A phrase that says a thing is not there, where that thing is what the criterion counts."""
    for found in vocabulary().lists["absence"][lang].finditer(sentence):
        if _same_thing(found[1], verdict.words[lang], lang):
            return found[0].strip()
    return None


def _same_thing(thing: str, metric: str, lang: Lang) -> bool:
    if lang == "zh":
        return any(thing[i : i + 2] in metric for i in range(len(thing) - 1) if re.fullmatch(r"[\u3400-\u9fff]{2}", thing[i : i + 2]))
    stems = {word.lower().rstrip("s") for word in re.findall(r"[A-Za-z]{4,}", metric)}
    return any(word.lower().rstrip("s") in stems for word in re.findall(r"[A-Za-z]{4,}", thing))
