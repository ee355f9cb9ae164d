"""Appendices: the methods used here with formula and source, the data with their fingerprints, and the findings that the main text left out."""

from __future__ import annotations

from stageway.document import dates
from stageway.document.compose.pen import Pen, line
from stageway.document.compose.stage_findings import further, marks
from stageway.document.outline import Block, ColumnSpec, Heading, Para
from stageway.evidence import Words
from stageway.process.record import DataNote


def chapters(pen: Pen) -> list[Block]:
    parts = [(Words("方法", "Methods"), "annex-methods", _methods(pen)), (Words("数据", "Data"), "annex-data", _data(pen))]
    if rest := further(pen):
        parts.append((Words("其余结论", "Further findings"), "annex-findings", [_further(pen, rest)]))
    blocks: list[Block] = []
    for letter, (title, anchor, made) in zip("ABC", parts, strict=False):
        text = pen.say("附录 {letter}　{title}", "Appendix {letter}. {title}", letter=letter, title=title)
        blocks += [Heading(1, text, anchor, "", letter), *made]
    return blocks


def _methods(pen: Pen) -> list[Block]:
    dossier = pen.dossier
    heads = (
        ColumnSpec(pen.say("方法", "Method"), 30),
        ColumnSpec(pen.say("公式、出处与参数", "Formula, source and parameters"), None),
        ColumnSpec(pen.say("用于", "Used in"), 28),
    )
    used: dict[str, list[str]] = {}
    for name in dossier.findings:
        entry = dossier.evidence.get(name)
        if entry is not None and entry.method:
            used.setdefault(entry.method, []).append(name)
    rows = []
    for id, names in used.items():
        method = dossier.methods.get(id)
        formula = method.formula if method else "—"
        rows.append([pen.of(method.title) if method else id, pen.sentences([formula, _params(pen, id, names)]), pen.listed(pen.code(n) or n for n in names)])
    entered = [name for name in dossier.findings if name in dossier.evidence and dossier.evidence[name].is_plain]
    if entered:
        told = pen.say(
            "没有方法计算，由责任人填写数值、区间、n和来源，其余与结论同等对待",
            "No method gives them; the owner enters value, interval, n and source, and they count as findings",
        )
        rows.append([pen.say("人工填报", "Entered by hand"), pen.ended(told), pen.say("其余{n}条结论", "the other {n} findings", n=len(entered))])
    if not rows:
        declared = list(dict.fromkeys(e.method for e in dossier.evidence.values() if e.method))
        titles = [pen.of(dossier.methods[id].title) for id in declared if id in dossier.methods]
        text = (
            pen.say(
                "尚无结论。模板用到的方法：{methods}",
                "No finding yet. Methods that the template calls for: {methods}",
                methods=Words("、".join(titles), ", ".join(titles)),
            )
            if titles
            else pen.say("尚无结论", "No finding yet")
        )
        return [Para(line(pen.ended(text)))]
    return [pen.table("methods", pen.say("方法、公式与出处", "Methods, formulas and sources"), heads, rows)]


def _params(pen: Pen, id: str, names: list[str]) -> str:
    """Parameters that differ from the method's defaults."""
    method = pen.dossier.methods.get(id)
    if method is None:
        return ""
    defaults = {spec.name: str(spec.default) for spec in method.params.specs()}
    told = []
    for name in names:
        finding = pen.dossier.findings[name]
        given = finding.provenance.params if finding.provenance else {}
        changed = [f"{key}={value}" for key, value in given.items() if key in defaults and str(value) != defaults[key]]
        if changed:
            told.append(f"{pen.code(name) or name} {pen.listed(changed)}")
    return pen.say("与默认不同：{told}", "Differs from the default: {told}", told=pen.clauses(told)) if told else ""


def _data(pen: Pen) -> list[Block]:
    notes = pen.dossier.data
    if not notes:
        stage = pen.dossier.process.stages[0]
        first = next((r for r in stage.requirements if any(e.method or e.plain for e in r.evidence)), stage.requirements[0])
        text = pen.say(
            "尚无数据，{who}于{by}前提交{id} {title}。",
            "No data yet: {who} delivers {id} {title} by {by}.",
            who=pen.owner(first),
            by=pen.due_words(first),
            id=first.id,
            title=first.title,
        )
        return [Para(line(text))]
    heads = (
        ColumnSpec(pen.say("数据", "Data"), 42),
        ColumnSpec(pen.say("来源", "Source"), None),
        ColumnSpec(pen.say("行数", "Rows"), 18, "right"),
        ColumnSpec(pen.say("截止", "Up to"), 22, keep=True),
        ColumnSpec(pen.say("sha256（前8位）", "sha256 (first 8)"), 24, keep=True),
        ColumnSpec(pen.say("用于", "Used in"), 30),
    )
    return [pen.table("data", pen.say("数据与指纹", "Data and fingerprints"), heads, [_note(pen, note) for note in notes])]


def _note(pen: Pen, note: DataNote) -> list[str]:
    simulated = pen.say("（模拟）", " (simulated)") if pen.dossier.product.simulated and "模拟" not in note.title.zh else ""
    used = pen.listed(pen.code(name) or name for name in note.used_in)
    return [
        note.path,
        pen.of(note.title) + simulated,
        f"{note.rows:,}",
        dates.iso(note.collected) if note.collected else "—",
        note.sha256[:8] or "—",
        used or "—",
    ]


def _further(pen: Pen, names: list[str]) -> Block:
    heads = (ColumnSpec(pen.say("阶段", "Stage"), 22), ColumnSpec(pen.say("结论", "Finding"), None), ColumnSpec(pen.say("编号", "Code"), 20, keep=True))
    rows = []
    for name in names:
        stage = pen.dossier.process.stage(pen.dossier.evidence[name].stage)
        told = [
            pen.of(pen.dossier.findings[name].headline),
            *(pen.say("注意：{text}", "Note: {text}", text=w.text) for w in pen.dossier.findings[name].warnings),
        ]
        rows.append([pen.of(stage.short) if stage else "—", pen.sentences(told), ("，" if pen.lang == "zh" else ", ").join(marks(pen, name))])
    return pen.table("further", pen.say("正文之外的结论", "Findings beside the main text"), heads, rows)
