"""All commands, in the order in which a person meets them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from stageway.cli.console import as_json, terminal_lang, told
from stageway.cli.data import data_app
from stageway.evidence import LANGS, Lang, ParamError, Words, say

app = typer.Typer(
    name="stageway",
    help="Stageway 阶程: process as code, evidence as data. 流程即代码，证据即数据。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
methods_app = typer.Typer(help="The catalogue of methods. 方法目录。", no_args_is_help=True)
app.add_typer(methods_app, name="method")
app.add_typer(data_app, name="data")

Folder = Annotated[Path, typer.Argument(help="A product folder. 产品文件夹。", metavar="FOLDER")]
At = Annotated[str | None, typer.Option("--at", help="As of this date. 截止日期。", metavar="DATE")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")]
DocLang = Annotated[str, typer.Option("--lang", help="zh, en or both. 文档语言。")]


def _langs(lang: str) -> tuple[Lang, ...]:
    if lang == "both":
        return LANGS
    if lang not in LANGS:
        raise ParamError(
            "lang_unknown", say(zh="没有语言“{lang}”", en='there is no language "{lang}"', lang=lang), expected=say(zh="zh、en 或 both", en="zh, en or both")
        )
    return (lang,)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version. 显示版本。")] = False) -> None:
    if version:
        from stageway import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.command("new")
def new_command(
    name: Annotated[str, typer.Argument(help="Name of the product folder. 产品文件夹名。")],
    template: Annotated[str, typer.Option("--template", help="internet_app or hardware. 模板。")] = "internet_app",
    lang: Annotated[str | None, typer.Option("--lang", help="Language of the comments. 注释语言。")] = None,
    start: Annotated[str | None, typer.Option("--start", help="First day. 开始日期。", metavar="DATE")] = None,
) -> None:
    """Make a product folder from a template. 用模板新建产品文件夹。"""
    from stageway.folder.new import new

    chosen = _langs(lang)[0] if lang else terminal_lang()
    root = new(Path.cwd(), name, template=template, lang=chosen, start=_day(start), today=date.today())
    typer.echo(told(say(zh="已新建 {root}；接着运行 stageway run {root}", en="made {root}; now run: stageway run {root}", root=root.name)))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ParamError(
            "date_wrong", say(zh="“{text}”不是日期", en='"{text}" is not a date', text=text), expected=say(zh="如 2026-05-20", en="such as 2026-05-20")
        ) from None


@app.command("run")
def run_command(
    folder: Folder,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write; FOLDER/out by default. 输出位置。")] = None,
    at: At = None,
    stage: Annotated[list[str] | None, typer.Option("--stage", help="Only these stages' evidence. 只算这些阶段。")] = None,
    lang: DocLang = "both",
    force: Annotated[bool, typer.Option("--force", help="Compute everything again. 全部重算。")] = False,
    json: Json = False,
) -> None:
    """Compute, judge, write the process document. 计算、判定、写出流程文档。"""
    from stageway.cli.show import run_folder

    run_folder(folder, out=out, at=at, stages=set(stage) if stage else None, langs=_langs(lang), force=force, json=json)


@app.command("gate")
def gate_command(folder: Folder, stage: Annotated[str, typer.Option("--stage", help="The stage. 阶段。")], at: At = None, json: Json = False) -> None:
    """Judge one gate; exit 0 go or conditional, 1 failed, 3 only undecided or not evaluable, 2 bad input. 判定一个关口。"""
    from stageway.cli.show import show_gate
    from stageway.folder.acts import require_stage
    from stageway.folder.survey import survey
    from stageway.process.gate import exit_code

    dossier, _ = survey(folder, at=at)
    require_stage(dossier, stage)
    show_gate(dossier, stage, json=json)
    raise typer.Exit(exit_code(dossier.gates[stage].recommendation))


@app.command("sign")
def sign_command(
    folder: Folder,
    requirement: Annotated[str, typer.Option("--requirement", help="Requirement id. 要求编号。")],
    by: Annotated[str, typer.Option("--by", help="Who signs. 签核人。")],
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse. 拒签。")] = False,
    because: Annotated[str | None, typer.Option("--because", help="Reason of a refusal. 拒签理由。")] = None,
    at: At = None,
) -> None:
    """Record a sign-off. 记录签核。"""
    from stageway.folder.acts import sign

    for made in sign(folder, requirement=requirement, by=by, refuse=refuse, because=because, at=at):
        act = Words("拒签", "refused") if made.refused else Words("已签", "signed")
        typer.echo(
            told(
                say(
                    zh="{id} {subject}：{by}{act}（{at}）",
                    en="{id} {subject}: {act} by {by} ({at})",
                    id=made.requirement,
                    subject=f"{made.role}.{made.subject}",
                    by=made.by,
                    act=act,
                    at=made.at,
                )
            )
        )


@app.command("decide")
def decide_command(
    folder: Folder,
    kind: Annotated[str, typer.Argument(help="go, conditional, hold, recycle or kill. 决定。")],
    stage: Annotated[str, typer.Option("--stage", help="The stage. 阶段。")],
    by: Annotated[str, typer.Option("--by", help="Who decides. 批准人。")],
    because: Annotated[str, typer.Option("--because", help="Reason. 理由。")] = "",
    to: Annotated[str | None, typer.Option("--to", help="The stage to go back to. 退回到哪个阶段。")] = None,
    condition: Annotated[list[str] | None, typer.Option("--condition", help="ACTION; OWNER; DATE; OTHERWISE. 动作; 责任人; 日期; 否则。")] = None,
    at: At = None,
) -> None:
    """Decide at a gate; appends to decisions.yaml. 在关口作决定。"""
    from stageway.folder.acts import decide

    decision, _ = decide(folder, stage=stage, kind=kind, by=by, because=because, to=to, conditions=condition or (), at=at)
    typer.echo(
        told(
            say(
                zh="{id} 已写入 decisions.yaml，文档版本 {version}",
                en="{id} is in decisions.yaml and issues version {version}",
                id=decision.id,
                version=decision.version,
            )
        )
    )


@app.command("trace")
def trace_command(
    folder: Folder, id: Annotated[str | None, typer.Argument(help="An item. 条目编号。", metavar="ID")] = None, at: At = None, json: Json = False
) -> None:
    """The thread from a user's words to a goal, and its gaps. 从用户原话到目标的线，以及断点。"""
    from stageway.cli.thread import show_trace
    from stageway.folder.survey import survey

    dossier, _ = survey(folder, at=at)
    show_trace(dossier, id, json=json)


@app.command("lint")
def lint_command(folder: Folder, at: At = None, json: Json = False) -> None:
    """What is vague, missing or out of date, where, and how to mend it. 检查写得含糊、缺失和过期的地方。"""
    from stageway.cli.show import show_lint
    from stageway.folder.survey import survey

    dossier, _ = survey(folder, at=at)
    raise typer.Exit(show_lint(dossier, json=json))


@app.command("demo")
def demo_command(
    folder: Annotated[Path, typer.Argument(help="Where to make it. 位置。")] = Path("lumen"),
    seed: Annotated[int, typer.Option("--seed", help="Seed of the simulated world. 随机种子。")] = 1,
    at: At = None,
    lang: DocLang = "both",
    json: Json = False,
) -> None:
    """Make the practice product Lumen (all simulated), and run it. 生成演示产品流明并运行。"""
    from stageway.cli.show import run_folder
    from stageway.practice import make

    today = _day(at) or date.today()
    make(folder, seed=seed, today=today)
    run_folder(folder, out=None, at=today.isoformat(), stages=None, langs=_langs(lang), force=False, json=json)


@methods_app.command("list")
def method_list(json: Json = False) -> None:
    """All methods. 全部方法。"""
    from stageway import catalogue
    from stageway.cli.show import method_rows

    method_rows([(m.id, catalogue.shelf(m), m) for m in catalogue.methods().values()], json=json)


@methods_app.command("show")
def method_show(name: Annotated[str, typer.Argument(metavar="NAME")], json: Json = False) -> None:
    """What a method asks, reads, gives, and where it comes from. 一个方法的说明。"""
    from stageway import catalogue
    from stageway.cli.show import method_page

    method_page(catalogue.get(name), json=json)


@methods_app.command("run")
def method_run(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    input: Annotated[list[str], typer.Option("--input", help="FILE, or ROLE=FILE for a further table. 数据文件。", metavar="FILE")],
    map: Annotated[list[str] | None, typer.Option("--map", help="column=theirs, or a YAML file of a dataset's keys. 列对应，或写有 columns、values、wide 的文件。", metavar="OURS=THEIRS")] = None,
    param: Annotated[list[str] | None, typer.Option("--param", help="k=v. 参数。", metavar="K=V")] = None,
    json: Json = False,
) -> None:
    """Run a method on files. 对文件运行一个方法。"""
    from stageway import catalogue
    from stageway.cli.method_run import run_method
    from stageway.cli.show import show_finding

    files = [text for text in map or () if text.endswith((".yaml", ".yml")) and "=" not in text]
    pairs = _pairs([text for text in map or () if text not in files], "--map")
    finding = run_method(catalogue.get(name), input, files, pairs, _pairs(param, "--param"))
    if json:
        as_json(finding.to_json())
    else:
        show_finding(finding)


def _pairs(texts: list[str] | None, option: str) -> dict[str, Any]:
    made = {}
    for text in texts or []:
        key, eq, value = text.partition("=")
        if not eq:
            raise ParamError(
                "pair_wrong",
                say(zh="{option} 的“{text}”缺少等号", en='{option} "{text}" lacks its equals sign', option=option, text=text),
                expected=say(zh="名称=值", en="NAME=VALUE"),
            )
        made[key.strip()] = value.strip()
    return made
