"""What `stageway data inspect` prints, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stageway import catalogue
from stageway.cli.console import as_json, terminal_lang, told
from stageway.cli.show import screen
from stageway.evidence import ParamError, Words, is_missing, say
from stageway.folder.entry import add, dataset_of, entry_lines, name_of, need_name, place
from stageway.folder.inspect import Inspection
from stageway.folder.inspect_columns import TYPES, Profile, text_of
from stageway.folder.inspect_fits import Fit, dataset, nearly, needs
from stageway.folder.waves import Wave, wave
from stageway.process.planning import Dataset

MOST_COLUMNS, MOST_SHOWN, ROWS, CELL = 40, 8, 3, 20


def show_inspection(found: Inspection, *, write: Path | None, name: str | None, json: bool) -> None:
    """Print it; with `write`, add it to the folder after that."""
    name = need_name(name or name_of(found.path))
    entry, comments = ready(found, name, write)
    lines = entry_lines(entry, comments)
    done = add(write, found.path, entry, comments, found.reader.suffixes[0]) if write is not None else None
    if json:
        as_json({**_plain(found), "entry": {"name": name, "text": "\n".join(lines) + "\n"}, "written": None if done is None else {"path": done.path, "new": done.new}})
        return
    console = screen()
    _head(console, found)
    _columns(console, found)
    _first_rows(console, found)
    _personal(console, found)
    _doubts(console, found)
    _fits(console, found)
    _entry(console, lines)
    if done is not None and write is not None:
        console.print("\n" + _added(done.path, write, name, new=done.new), soft_wrap=True, markup=False)
    else:
        _next(console, found, name)


def ready(found: Inspection, name: str, root: Path | None) -> tuple[Dataset, dict[str, str]]:
    """The dataset of the best fit, and what stands behind its keys as comments, in the terminal's language."""
    from dataclasses import replace

    path = place(root, found.path, name) if root is not None else _place(found.path, name)
    fit = found.fit
    made = dataset(fit, name, path, found.reader.id, found.options) if fit else Dataset(name, path, found.reader.id, Words.of(name), None, {}, {}, None, found.options)
    if found.collected is None:
        note = say(zh="文件里没有日期，请写明收集日期（如 2026-05-20）", en="the file has no date: write when it was collected (such as 2026-05-20)")
    else:
        note = say(zh="“{column}”的最后一天", en='the latest day of "{column}"', column=found.collected_from)
    comments = {"collected": told(note)}
    for ours, candidates in (fit.open if fit else {}).items():
        comments["columns"] = told(say(zh="{ours} 也可以是 {names}", en="{ours} may also be {names}", ours=ours, names=", ".join(candidates[1:6])))
    return replace(made, collected=found.collected), comments


def _place(path: Path, name: str) -> str:
    return f"data/{path.name}" if path.is_file() else (f"data/{name}" if path.is_dir() else f"data/{name}/{path.name}")


def _title(console: Console, words: Words) -> None:
    console.print(Text("\n" + words[terminal_lang()], style="bold bright_blue"))


def _head(console: Console, found: Inspection) -> None:
    lang = terminal_lang()
    console.print(Text.assemble((found.path.name, "bold"), "  ", f"{found.reader.title[lang]} ({found.reader.id})" if lang == "en" else f"{found.reader.title[lang]}（{found.reader.id}）"))
    console.print(Text(told(say(zh="依据：{why}", en="because {why}", why=found.why)), style="bright_black"))
    parts = [say(zh="{n}行，{k}列", en="{n} rows, {k} columns", n=f"{len(found.frame):,}", k=len(found.columns))]
    facts = found.facts
    if "encoding" in facts:
        parts.append(say(zh="编码 {name}", en="encoding {name}", name=facts["encoding"]))
    if "delimiter" in facts:
        parts.append(say(zh="分隔符 {mark}", en="delimiter {mark}", mark={"\t": "Tab", " ": "Space"}.get(facts["delimiter"], facts["delimiter"])))
    if "decimal" in facts:
        parts.append(say(zh="小数点写作 {mark}", en="decimal mark {mark}", mark=facts["decimal"]))
    if "sheet" in facts:
        parts.append(say(zh="工作表“{name}”", en='sheet "{name}"', name=facts["sheet"]))
    if found.collected is not None:
        parts.append(say(zh="最后一天 {day}（{column}）", en="latest day {day} ({column})", day=found.collected.isoformat(), column=found.collected_from))
    console.print(" · ".join(part[lang] for part in parts), markup=False)
    for warning in found.warnings:
        console.print(Text("! " + warning.text[lang], style="yellow"))


def _columns(console: Console, found: Inspection) -> None:
    lang = terminal_lang()
    ours = _ours(found)
    asked = any(found.codebook.get(each.name, each.name) != each.name for each in found.columns)
    heads = [Words("列", "Column"), Words("类型", "Type"), Words("缺失", "Missing"), Words("不同值", "Distinct"), Words("例", "Examples")]
    heads += [Words("题目", "Question")] if asked else []
    heads += [Words("我们的列", "Our column")] if ours else []
    grid = _grid(heads, right=(2, 3))
    for each in found.columns[:MOST_COLUMNS]:
        cells = [_cut(each.name, 44), TYPES[each.type][lang], _share(each), f"{each.distinct:,}", _examples(each)]
        cells += [_cut(found.codebook.get(each.name, ""), 36)] if asked else []
        cells += [ours.get(each.name, "")] if ours else []
        grid.add_row(*map(escape, cells))
    _title(console, Words("各列", "Columns"))
    console.print(grid)
    if (more := len(found.columns) - MOST_COLUMNS) > 0:
        console.print(told(say(zh="另有{n}列（--json 可看全部）", en="{n} more columns (--json shows them all)", n=more)), style="bright_black")


def _ours(found: Inspection) -> dict[str, str]:
    """What the best fit calls each column, where that is not its own name."""
    fit = found.fit
    if fit is None:
        return {}
    made = {theirs: ours for ours, theirs in fit.columns.items() if ours != theirs}
    told_wide = (fit.wide or {}).get("columns")
    for each in found.columns:
        if isinstance(told_wide, list) and each.name in told_wide:
            made[each.name] = f"{fit.wide['row']}, {fit.wide['value']}" if fit.wide else ""
        for ours, pattern in told_wide.items() if isinstance(told_wide, dict) else ():
            before, _, after = pattern.partition("{}")
            if each.name not in made and len(each.name) > len(before + after) and each.name.startswith(before) and each.name.endswith(after):
                made[each.name] = ours
    return made


def _share(each: Profile) -> str:
    return "" if not each.missing else f"{each.share_missing:.0%}" if each.share_missing >= 0.01 else "<1%"


def _examples(each: Profile) -> str:
    if each.type == "number" and each.low is not None and each.high is not None:
        return f"{each.low:g} … {each.high:g}"
    if each.type == "time" and each.first and each.last and each.first != each.last:
        return f"{each.first} … {each.last}"
    return " | ".join(_cut(text, CELL) for text in each.examples)


def _first_rows(console: Console, found: Inspection) -> None:
    if not len(found.frame):
        return
    names = [each.name for each in found.columns if each.type != "empty"][:MOST_SHOWN]
    grid = _grid([Words.of(_cut(name, CELL)) for name in names])
    for i in range(min(ROWS, len(found.frame))):
        grid.add_row(*(escape("" if is_missing(cell := found.frame[name][i]) else _cut(text_of(cell), CELL)) for name in names))
    rest = len(found.columns) - len(names)
    rows = min(ROWS, len(found.frame))
    part = say(zh="（前{k}列）", en=" (first {k} columns)", k=len(names)) if rest else Words("", "")
    _title(console, say(zh="前{n}行{part}", en="First {n} rows{part}", n=rows, part=part))
    console.print(grid)


def _personal(console: Console, found: Inspection) -> None:
    if not found.personal:
        return
    _title(console, Words("个人信息", "Personal columns"))
    lang = terminal_lang()
    for column, why in found.personal.items():
        note = Words("，没有读入", ", left out") if column in found.left_out else Words("，会照样读入：不需要就先从文件里删去", ", read as it is: take it out of the file if it is not needed")
        console.print(f"  {column}{'：' if lang == 'zh' else ': '}{why[lang]}{note[lang]}", markup=False)


def _doubts(console: Console, found: Inspection) -> None:
    _title(console, Words("可疑之处", "Suspicious"))
    lang = terminal_lang()
    if not found.doubts:
        console.print("  " + told(Words("没有发现", "nothing was found")))
    for doubt in found.doubts:
        where = ", ".join(_cut(name, 30) for name in doubt.columns[:4]) + ("" if len(doubt.columns) <= 4 else told(say(zh=" 等{n}列", en=" and others ({n} in all)", n=len(doubt.columns))))
        console.print(Padding(Text.assemble(("? ", "yellow"), (where + ("：" if lang == "zh" else ": ") if where else "", "bold"), doubt.text[lang]), (0, 0, 0, 2), expand=False))
        if doubt.todo is not None:
            console.print(Padding(Text("→ " + doubt.todo[lang], style="bright_black"), (0, 0, 0, 4), expand=False))


def _fits(console: Console, found: Inspection) -> None:
    _title(console, Words("适合的方法", "Methods that it fits"))
    lang = terminal_lang()
    if not found.fits:
        console.print("  " + told(Words("没有一个方法的列都能对上；stageway method show NAME 看一个方法要哪些列", "no method finds all its columns; see what one reads: stageway method show NAME")))
        for method, column in list(nearly(found.columns))[:3]:
            text = say(zh="{id} {title}：只差 {column}（{help}）", en="{id} {title}: lacks only {column} ({help})", id=method.id, title=method.title, column=column.name, help=column.help)
            console.print(Padding(Text(text[lang], style="bright_black"), (0, 0, 0, 2), expand=False))
    for number, fit in enumerate(found.fits):
        head = Text.assemble((fit.method.id, "bold"), f"  {fit.method.title[lang]}", ("  " + _how(fit, lang), "bright_black"))
        console.print(Padding(head, (0, 0, 0, 2), expand=False))
        if number and (columns := ", ".join(f"{ours}={_cut(theirs, 24)}" for ours, theirs in fit.columns.items() if ours != theirs)):
            console.print(Padding(Text(columns, style="bright_black"), (0, 0, 0, 4), expand=False))
        for need in needs(fit):
            console.print(Padding(Text(need[lang]), (0, 0, 0, 4), expand=False))
        if fit.trial is not None:
            text = say(zh="试算没有通过：{why}", en="a trial failed: {why}", why=fit.trial)
            console.print(Padding(Text(text[lang], style="yellow"), (0, 0, 0, 4), expand=False))


def _how(fit: Fit, lang: str) -> str:
    role = fit.reads.role
    if fit.wide is not None:
        row = fit.wide["row"]
        return {"zh": f"表 {role}，列变成行：每行一个 {row}", "en": f"table {role}, columns become rows: one a {row}"}[lang]
    return {"zh": f"表 {role}", "en": f"table {role}"}[lang]


def _entry(console: Console, lines: Iterable[str]) -> None:
    _title(console, Words("登记项（product.yaml 的 datasets 之下）", "Entry (under datasets in product.yaml)"))
    for line in lines:
        console.print("  " + line, soft_wrap=True, markup=False)


def _next(console: Console, found: Inspection, name: str) -> None:
    fit = found.fit
    lines = [say(zh="写进产品文件夹：stageway data inspect {file} --write FOLDER", en="to add it: stageway data inspect {file} --write FOLDER", file=found.path)]
    if fit is not None:
        entry = f"{{method: {fit.method.id}, data: {{{fit.reads.role}: {name}}}}}"
        lines.append(say(zh="再在阶段的 evidence 里引用：{entry}", en="then name it in a stage's evidence: {entry}", entry=entry))
    console.print()
    for line in lines:
        console.print(told(line), soft_wrap=True, markup=False)


def _grid(heads: list[Words], right: tuple[int, ...] = ()) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="bright_black", padding=(0, 2, 0, 0))
    for index, head in enumerate(heads):
        grid.add_column(escape(head[terminal_lang()]), justify="right" if index in right else "left", overflow="fold")
    return grid


def _cut(text: str, most: int) -> str:
    """A text of at most `most` cells of the terminal; a Han character takes two."""
    flat = " ".join(text.split())
    return flat if cell_len(flat) <= most else set_cell_size(flat, most - 1).rstrip() + "…"


def _added(path: str, root: Path, name: str, *, new: bool) -> str:
    """What --write did, in one line."""
    if not new:
        return told(say(zh="{root} 里已有完全相同的“{name}”，没有改动", en='{root} already holds "{name}" exactly so; nothing was changed', root=root, name=name))
    return told(say(zh="已写进 {root}：{path} 与 product.yaml 的 datasets.{name}", en="written to {root}: {path}, and datasets.{name} in product.yaml", root=root, path=path, name=name))


# ── the next wave ──


def show_wave(file: Path, like: str, *, write: Path | None, name: str | None, json: bool) -> None:
    """The mapping of FOLDER:NAME on a new file: what no longer fits, and the entry for it. Nothing is written where it does not fit."""
    folder, colon, old_name = like.rpartition(":")
    if not colon or not folder or not old_name:
        what = say(zh="--like 的“{like}”写得不对", en='--like "{like}" is not written rightly', like=like)
        raise ParamError("like_wrong", what, expected=Words("产品文件夹:数据名称，如 lumen:kano", "FOLDER:NAME, such as lumen:kano"))
    root = Path(folder)
    old = dataset_of(root, old_name)
    name = need_name(name or name_of(file))
    found = wave(file, old, root, name=name, place=place(write or root, file, name))
    comments = {} if found.collected else {"collected": told(Words("文件里没有日期，请写明收集日期", "the file has no date: write when it was collected"))}
    lines = entry_lines(found.dataset, comments)
    done = None
    if write is not None and found.fits:
        done = add(write, file, found.dataset, comments, catalogue.reader_for(file, old.reader).suffixes[0])
    if json:
        as_json(_wave_plain(found, old, lines) | {"written": None if done is None else {"path": done.path, "new": done.new}})
        return
    console = screen()
    _wave_head(console, file, old, found)
    _entry(console, lines)
    if done is not None and write is not None:
        console.print("\n" + _added(done.path, write, name, new=done.new), soft_wrap=True, markup=False)
    elif write is not None:
        console.print(Text("\n" + told(Words("没有写入：先解决上面标 ✗ 的各项", "nothing was written: settle what is marked ✗ first")), style="red"))


def _wave_head(console: Console, file: Path, old: Dataset, found: Wave) -> None:
    lang = terminal_lang()
    console.print(Text(told(say(zh="{file} 按“{name}”（{path}）的对应来读", en='{file} read with the mapping of "{name}" ({path})', file=file.name, name=old.name, path=old.path)), style="bold"))
    rows = say(zh="{n}行", en="{n} rows", n=f"{found.rows:,}")
    if found.shaped_rows is not None and found.shaped_rows != found.rows:
        rows += say(zh="，列变成行后{n}行", en=", {n} once columns have become rows", n=f"{found.shaped_rows:,}")
    console.print(rows[lang])
    if not found.against:
        console.print(told(Words("上一波的文件不在了，只能和登记项比", "the file of the earlier wave is gone: compared with its entry only")), style="yellow")
    _title(console, Words("有什么不一样", "What is different"))
    for note in found.notes:
        mark = ("✗ ", "red") if note.stops else ("? ", "yellow")
        where = _cut(note.column, 40) + ("：" if lang == "zh" else ": ") if note.column else ""
        console.print(Padding(Text.assemble(mark, (where, "bold"), note.text[lang]), (0, 0, 0, 2), expand=False))
    if not found.notes:
        console.print("  " + told(Words("没有：对应照样能用", "nothing: the mapping fits as it is")))


def _wave_plain(found: Wave, old: Dataset, lines: list[str]) -> dict[str, Any]:
    return {
        "like": old.name,
        "fits": found.fits,
        "rows": found.rows,
        "shaped_rows": found.shaped_rows,
        "collected": found.collected.isoformat() if found.collected else None,
        "notes": [{"code": n.code, "column": n.column, "stops": n.stops, "text": n.text.to_json()} for n in found.notes],
        "entry": {"name": found.dataset.name, "text": "\n".join(lines) + "\n"},
    }


def _plain(found: Inspection) -> dict[str, Any]:
    """The inspection as plain data."""
    return {
        "file": str(found.path),
        "reader": found.reader.id,
        "why": found.why.to_json(),
        "rows": len(found.frame),
        "facts": {k: v for k, v in found.facts.items() if isinstance(v, str | int | float | bool | None)},
        "collected": found.collected.isoformat() if found.collected else None,
        "columns": [
            {"name": c.name, "type": c.type, "missing": c.missing, "distinct": c.distinct, "low": c.low, "high": c.high, "examples": c.examples,
             "question": found.codebook.get(c.name)}
            for c in found.columns
        ],
        "personal": {column: why.to_json() for column, why in found.personal.items()},
        "left_out": list(found.left_out),
        "warnings": [{"code": w.code, "text": w.text.to_json()} for w in found.warnings],
        "suspicious": [
            {"code": d.code, "columns": list(d.columns), "text": d.text.to_json(), "todo": d.todo.to_json() if d.todo else None} for d in found.doubts
        ],
        "methods": [
            {"id": f.method.id, "role": f.reads.role, "columns": dict(f.columns), "wide": f.wide, "values": dict(f.values), "times": dict(f.times),
             "needs": [n.to_json() for n in needs(f)], "trial": f.trial.to_json() if f.trial else None}
            for f in found.fits
        ],
    }
