"""`stageway data inspect`: a file as we see it, what is suspicious, which methods it fits, and a dataset entry that is ready."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stageway.evidence import ParamError, Words, say

data_app = typer.Typer(help="Files before they become datasets. 数据文件。", no_args_is_help=True)


@data_app.callback()
def _root() -> None:
    """Files before they become datasets. 数据文件。"""


@data_app.command("inspect")
def inspect_command(
    file: Annotated[Path, typer.Argument(help="A file, folder or pattern. 文件、文件夹或通配符。", metavar="FILE")],
    reader: Annotated[str | None, typer.Option("--reader", help="Read it as this format. 指定格式。", metavar="ID")] = None,
    option: Annotated[list[str] | None, typer.Option("--option", help="An option of the reader. 读取选项。", metavar="K=V")] = None,
    method: Annotated[str | None, typer.Option("--method", help="The entry for this method. 为哪个方法登记。", metavar="METHOD")] = None,
    like: Annotated[str | None, typer.Option("--like", help="Use the mapping of an earlier wave. 沿用上一波的对应。", metavar="FOLDER:NAME")] = None,
    write: Annotated[Path | None, typer.Option("--write", help="Add it to this product folder. 写进产品文件夹。", metavar="FOLDER")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Name of the dataset. 数据名称。", metavar="NAME")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
) -> None:
    """Say what is in a file, what is suspicious, which methods it fits; give a dataset entry. 看清一个文件，给出登记项。"""
    from stageway.cli.data_show import show_inspection, show_wave
    from stageway.folder.inspect import inspect

    options = options_of(option)
    if like is not None:
        if reader or option or method:
            what = Words("--like 沿用上一波的读法和方法，不能再写 --reader、--option、--method", "--like takes reader and options from the earlier wave: leave out --reader, --option, --method")
            raise ParamError("options_clash", what)
        show_wave(file, like, write=write, name=name, json=json)
        return
    show_inspection(inspect(file, reader=reader, options=options, method=method), write=write, name=name, json=json)


def options_of(texts: list[str] | None) -> dict[str, object]:
    """`k=v` as options of a reader; values as YAML has them (2, true, [a, b])."""
    import yaml

    made: dict[str, object] = {}
    for text in texts or ():
        key, eq, value = text.partition("=")
        if not eq:
            what = say(zh="--option 的“{text}”缺少等号", en='--option "{text}" lacks its equals sign', text=text)
            raise ParamError("pair_wrong", what, expected=say(zh="名称=值", en="NAME=VALUE"))
        try:
            made[key.strip()] = yaml.safe_load(value) if value.strip() else value
        except yaml.YAMLError:
            made[key.strip()] = value
    return made
