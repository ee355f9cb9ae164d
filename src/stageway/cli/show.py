"""What the commands print: the line, the table of what is missing, a gate, the thread, lint notes, methods and findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from stageway.cli.console import as_json, terminal_lang, told
from stageway.document.compose import strips
from stageway.document.compose.criteria import Owed, needed, owed
from stageway.document.compose.pen import Pen
from stageway.document.compose.stage_gate import gate_table, recommendation_box
from stageway.document.drawings.line import Station
from stageway.document.lint import Note, lint, score
from stageway.document.writers import terminal
from stageway.evidence import Finding, Lang, Method, Words, say
from stageway.folder.survey import survey
from stageway.folder.write import results, write
from stageway.process.dossier import Dossier
from stageway.process.model import Ask, Stage
from stageway.process.record import Result, StageState, Verdict

_OVER = (StageState.PASSED, StageState.CONDITIONAL, StageState.KILLED)


def screen() -> Console:
    return Console(highlight=False, soft_wrap=False)


def run_folder(folder: Path, *, out: Path | None, at: str | None, stages: set[str] | None, langs: Sequence[Lang], force: bool, json: bool) -> None:
    """Compute, judge, write; then the line, the table and where the documents are."""
    console = screen()
    target = out or folder / "out"
    watched = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(20), TextColumn("{task.fields[what]}"))
    with Progress(*columns, console=watched, transient=True, disable=json or not watched.is_terminal) as progress:
        task = progress.add_task(told(Words("计算", "computing")), total=None, what="")
        dossier, made = survey(folder, at=at, stages=stages, force=force, progress=lambda name, fresh: progress.update(task, what=name if fresh else ""))
        progress.update(task, description=told(Words("写文档", "writing")), what="")
        paths = write(dossier, folder, target, langs=langs, progress=lambda name: progress.update(task, what=name))
    if json:
        as_json(results(dossier))
        return
    lang = terminal_lang()
    pen = Pen(dossier, lang)
    console.print(terminal.line(stations(pen)))
    console.print()
    console.print(missing(pen))
    count = say(zh="算得{all}项结论，其中{new}项是新算的", en="findings: {all}, computed anew: {new}", all=len(dossier.findings), new=len(made.computed))
    console.print(f"\n{told(count)}")
    for path in [*paths, target / "findings.json"]:
        console.print(f"  {path}", soft_wrap=True)


def stations(pen: Pen) -> tuple[Station, ...]:
    """The stages as stations: what is over, where one stands, the share of requirements met, who decides and when."""
    dossier = pen.dossier
    current = dossier.current_stage()
    made = []
    for stage in dossier.process.stages:
        gate = dossier.gates[stage.id]
        when = "over" if gate.state in _OVER else ("now" if stage is current or gate.state != StageState.NOT_STARTED else "next")
        musts = [v for v in gate.verdicts if v.ask == Ask.MUST]
        met = sum(v.result == Result.PASS for v in musts) / len(musts) if musts else 0.0
        made.append(Station(pen.of(stage.short), strips.GATE_STATE[gate.state], strips.gate_word(pen, stage), when, met, _notes(pen, stage)))
    return tuple(made)


def _notes(pen: Pen, stage: Stage) -> tuple[str, ...]:
    end = pen.dossier.plan(stage.id).planned[1]
    gate = pen.dossier.gates[stage.id]
    notes = [pen.say("计划 {day}", "due {day}", day=pen.day(end))] if end else []
    if gate.round > 1:
        notes.append(pen.say("第{n}轮", "round {n}", n=gate.round))
    if gate.expired:
        notes.append(pen.say("证据已变，批准失效", "evidence changed: approval expired"))
    return tuple(notes)


def missing(pen: Pen) -> Table:
    """Requirement, verdict, what is missing and who owes it: every open requirement of the stages that run, one line for each other stage."""
    heads = (Words("要求", "Requirement"), Words("判定", "Verdict"), Words("缺什么", "What is missing"), Words("谁，何时", "Who, by when"))
    grid = Table(box=None, pad_edge=False, header_style="bold bright_blue", padding=(0, 2, 0, 0))
    for index, head in enumerate(heads):
        grid.add_column(pen.of(head), no_wrap=index == 1, overflow="fold")
    for stage in pen.dossier.process.stages:
        gate = pen.dossier.gates[stage.id]
        name = Text(f"{stage.number} {pen.of(stage.name)}", style="bold")
        if gate.state in _OVER and not _continuous(pen, stage) and not gate.expired:
            grid.add_row(name, terminal.verdict(strips.GATE_STATE[gate.state], strips.gate_word(pen, stage)), "", _decided(pen, stage))
            continue
        if gate.state == StageState.NOT_STARTED and pen.dossier.current_stage() is not stage:
            text = pen.say("{n}项要求", "{n} requirements", n=len(stage.requirements))
            grid.add_row(name, terminal.verdict("todo", strips.gate_word(pen, stage)), text, "")
            continue
        done = sum(pen.dossier.worst(r) in (Result.PASS, None) for r in stage.requirements)
        grid.add_row(
            name,
            terminal.verdict(strips.GATE_STATE[gate.state], strips.gate_word(pen, stage)),
            pen.say("{done}/{all}项要求已满足", "{done} of {all} requirements met", done=done, all=len(stage.requirements)),
            "",
        )
        for verdicts in _by_requirement(v for v in gate.verdicts if v.result != Result.PASS):
            for each in owed(pen, verdicts):
                state = str(each.verdict.result)
                who = f"{pen.of(each.who)}{'，' if pen.lang == 'zh' else ', '}{pen.of(each.by)}"
                grid.add_row(f"  {each.id} {pen.of(each.what)}", terminal.verdict(state, pen.state(state).word), _lacking(pen, each), who)
    return grid


def _lacking(pen: Pen, each: Owed) -> str:
    """What a verdict lacks, without repeating its word."""
    verdict = each.verdict
    if verdict.result == Result.UNDECIDED:
        return needed(pen, verdict.needs_n, verdict.seen)
    if each.id != verdict.requirement:
        return pen.of(each.why)
    return pen.of(verdict.why) if verdict.why else ""


def _by_requirement(verdicts: Iterable[Verdict]) -> list[list[Verdict]]:
    made: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        made.setdefault(verdict.requirement, []).append(verdict)
    return list(made.values())


def _continuous(pen: Pen, stage: Stage) -> bool:
    return pen.dossier.plan(stage.id).continuous


def _decided(pen: Pen, stage: Stage) -> str:
    last = pen.dossier.gates[stage.id].last
    return f"{last.id} {pen.day(last.at)}" if last else ""


def show_gate(dossier: Dossier, stage: str, *, json: bool) -> None:
    """One gate: its criteria with strips, the recommendation, the last decision."""
    if json:
        every = results(dossier)
        gate = next(g for g in every["gates"] if g["stage"] == stage)
        as_json({"schema": every["schema"], "at": every["at"], "gate": gate, "verdicts": [v for v in every["verdicts"] if v["stage"] == stage]})
        return
    pen = Pen(dossier, terminal_lang())
    found = dossier.process.stage(stage)
    assert found is not None
    console = screen()
    console.print(terminal.blocks((gate_table(pen, found), recommendation_box(pen, found))))


def show_lint(dossier: Dossier, *, json: bool) -> int:
    """Notes with where and how to mend, and the score per stage; 1 where there is an error, else 0."""
    notes = lint(dossier)
    scores = score(notes, dossier)
    if json:
        as_json({"notes": [_note(n) for n in notes], "scores": scores})
    else:
        lang = terminal_lang()
        console = screen()
        grid = Table(box=None, pad_edge=False, header_style="bold bright_blue", padding=(0, 2, 0, 0))
        for head in (Words("规则", "Rule"), Words("位置", "Where"), Words("问题", "What is wrong"), Words("怎样改", "How to mend")):
            grid.add_column(head[lang], overflow="fold")
        for note in notes:
            style = "red" if note.level == "E" else "yellow"
            grid.add_row(Text(f"{note.rule} {note.level}", style=style), note.where.words(lang), note.text[lang], note.mend[lang])
        console.print(grid)
        for stage in dossier.process.stages:
            value = scores.get(stage.id)
            console.print(f"{stage.number} {stage.name[lang]}  {'—' if value is None else value}")
    return 1 if any(note.level == "E" for note in notes) else 0


def _note(note: Note) -> dict[str, Any]:
    where = {"file": note.where.file, "line": note.where.line, "row": note.where.row, "column": note.where.column}
    return {"rule": note.rule, "level": note.level, "stage": note.stage, "text": note.text.to_json(), "mend": note.mend.to_json(), "where": where}


def method_rows(rows: list[tuple[str, str, Method]], *, json: bool) -> None:
    if json:
        as_json([{"id": id, "shelf": shelf, "title": m.title.to_json(), "question": m.question.to_json(), "gives": list(m.gives)} for id, shelf, m in rows])
        return
    lang = terminal_lang()
    grid = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for id, shelf, m in rows:
        grid.add_row(Text(id, style="bold"), Text(shelf, style="bright_black"), m.title[lang], m.question[lang])
    screen().print(grid)


def method_page(method: Method, *, json: bool) -> None:
    """The declaration: question, tables and columns, parameters with limits, what it gives, formula and source."""
    if json:
        as_json(declaration(method))
        return
    lang = terminal_lang()
    console = screen()
    console.print(Text.assemble((f"{method.id}  {method.title[lang]}", "bold")))
    for part in (method.question, method.reads_as, method.limit):
        console.print(part[lang])
    console.print(Text(method.formula, style="bright_black"))
    for reads in method.reads:
        optional = "" if reads.required else told(Words("（可省）", " (optional)"))
        console.print(Text(f"\n{reads.role}{optional}  {reads.help[lang]}", style="bold"))
        for column in reads.columns:
            mark = "" if column.required else told(Words("（可省）", " (optional)"))
            console.print(f"  {column.name}  {column.type}{mark}  {column.help[lang]}")
        if reads.others is not None:
            console.print(f"  …  {reads.others[lang]}")
    console.print()
    for spec in method.params.specs():
        choices = "" if spec.choices is None else "; ".join(f"{name}: {words[lang]}" for name, words in spec.choices.items())
        console.print(f"--param {spec.name}={spec.default}  {spec.help[lang]}{'  ' + choices if choices else ''}")
    console.print("\n" + told(say(zh="给出：{names}", en="gives: {names}", names=", ".join(method.gives))))


def declaration(method: Method) -> dict[str, Any]:
    """A method's declaration as plain data."""
    return {
        "id": method.id,
        "version": method.version,
        "title": method.title.to_json(),
        "question": method.question.to_json(),
        "reads_as": method.reads_as.to_json(),
        "limit": method.limit.to_json(),
        "formula": method.formula,
        "gives": list(method.gives),
        "reads": [
            {
                "role": r.role,
                "required": r.required,
                "help": r.help.to_json(),
                "others": r.others.to_json() if r.others else None,
                "columns": [
                    {"name": c.name, "type": c.type, "required": c.required, "help": c.help.to_json(), "low": c.low, "high": c.high} for c in r.columns
                ],
            }
            for r in method.reads
        ],
        "params": [
            {
                "name": s.name,
                "default": s.default,
                "help": s.help.to_json(),
                "low": s.low,
                "high": s.high,
                "unit": s.unit,
                "choices": {n: w.to_json() for n, w in s.choices.items()} if s.choices else None,
            }
            for s in method.params.specs()
        ],
    }


def show_finding(finding: Finding) -> None:
    screen().print(terminal.finding(finding, terminal_lang()))
