"""The practice product 流明 Lumen: a seeded world with a known truth, dates relative to a day, all of it simulated and labelled so."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np

from stageway.evidence import DataError, Where, say
from stageway.folder.acts import decide, sign
from stageway.practice import reports, world
from stageway.practice.entered import entered

#: What the practice product says of its methods' conventions.
PARAMS = {
    "positioning_params": {"own": "lumen", "claims": "undisturbed, read_to_end, remembered"},
    "features_params": {"scheme": "rice", "capacity": 36},
    "attribution_params": {"model": "linear", "unknown": "unknown_source"},
    "experiment_params": {"label": "7日留存|day-7 retention", "planned_n": 1240, "mde": 0.069},
}


def make(folder: Path, *, seed: int, today: date) -> None:
    """Make the product folder, and let its people sign and decide as they went. An own folder is never overwritten: only a practice product is."""
    if folder.exists() and any(folder.iterdir()) and not _is_practice(folder):
        what = say(zh="文件夹已存在，且不是演示产品", en="the folder exists and is not the practice product")
        raise DataError(
            "folder_exists",
            what,
            where=Where(file=str(folder)),
            todo=say(zh="换一个位置：stageway demo 文件夹", en="choose another place: stageway demo FOLDER"),
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_data(folder, seed)
    for phase, act in ((1, _until_recycle), (2, _until_hold), (3, _until_review), (4, _until_today)):
        write_texts(folder, seed, today, phase)
        act(folder, _calendar(today))


def _is_practice(folder: Path) -> bool:
    file = folder / "product.yaml"
    return file.is_file() and "simulated: true" in file.read_text(encoding="utf-8") and "id: lumen" in file.read_text(encoding="utf-8")


def tables(seed: int) -> dict[str, list[world.Row]]:
    """All observed tables of the world, each from its own stream, so that one does not move another."""
    streams = {
        name: np.random.default_rng([seed, i]) for i, name in enumerate(("kano", "perception", "usability_v1", "usability_v2", "journeys", "experiment"))
    }
    paths, spend = world.journeys(4300, streams["journeys"])
    return {
        "kano": world.kano(326, streams["kano"]),
        "perception": world.perception(302, streams["perception"]),
        "features": world.candidates(),
        "usability_v1": world.usability(24, 1, streams["usability_v1"]),
        "usability_v2": world.usability(40, 2, streams["usability_v2"]),
        "paths": paths,
        "spend": spend,
        "experiment": world.onboarding(1240, streams["experiment"]),
    }


def write_data(folder: Path, seed: int) -> None:
    data = folder / "data"
    data.mkdir()
    for name, rows in tables(seed).items():
        (data / f"{name}.csv").write_text(_csv(rows), encoding="utf-8")
    (data / "junit.xml").write_text(reports.junit(np.random.default_rng([seed, 90])), encoding="utf-8")
    (data / "junit_previous.xml").write_text(reports.junit(np.random.default_rng([seed, 91]), share=0.97), encoding="utf-8")


def _csv(rows: Sequence[world.Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_texts(folder: Path, seed: int, today: date, phase: int) -> None:
    """Product file, items and own words as they stood in that phase."""
    values = {name: json.dumps(value, ensure_ascii=False) for name, value in PARAMS.items()} | entered(np.random.default_rng([seed, 50]), phase)
    second = (
        "{path: data/usability_v2.csv, reader: csv, title: {zh: 原型B可用性测试（模拟）, en: usability test of prototype B (simulated)}, collected: {d-131}}"
    )
    values["usability_v2"] = f"usability_v2: {second}" if phase > 1 else ""
    values["sus"] = "{data: {answers: usability_v2, against: usability_v1}}" if phase > 1 else "{data: {answers: usability_v1}}"
    values["later"] = "" if phase > 3 else "# not yet: "
    values["severe"] = "" if phase > 1 else "open: severe,"
    for path in _texts(resources.files("stageway.practice") / "lumen"):
        target = folder / path[0]
        target.parent.mkdir(exist_ok=True)
        target.write_text(filled(path[1].read_text(encoding="utf-8"), values, today), encoding="utf-8")


def _texts(root: Traversable, prefix: str = "") -> list[tuple[str, Traversable]]:
    found = []
    for entry in sorted(root.iterdir(), key=lambda each: each.name):
        name = f"{prefix}{entry.name}"
        found += _texts(entry, name + "/") if entry.is_dir() else [(name, entry)]
    return found


def filled(text: str, values: dict[str, str], today: date) -> str:
    """Put in the values (`$name`), days (`{d-30}`, `"@-30"`) and months (`{m-30}`) relative to today; a day on a weekend moves to the Monday."""
    text = re.sub(r"\$([a-z_0-9]+)", lambda m: values[m[1]], text)
    text = re.sub(r'"@(-?\d+)"', lambda m: _day(today, int(m[1])).isoformat(), text)
    text = re.sub(r"\{m([+-]\d+)\}", lambda m: f"{today + timedelta(days=int(m[1])):%Y-%m}", text)
    return re.sub(r"\{d([+-]\d+)\}", lambda m: _day(today, int(m[1])).isoformat(), text)


def _day(today: date, offset: int) -> date:
    day = today + timedelta(days=offset)
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 and offset != 0 else 0)


def _calendar(today: date) -> Callable[[int], str]:
    return lambda offset: _day(today, offset).isoformat()


def _until_recycle(folder: Path, on: Callable[[int], str]) -> None:
    sign(folder, requirement="IA1.10", by="fengyuan", at=on(-245))
    decide(folder, stage="research", kind="go", by="zhou", because="首位需求得分整段高于10，市场规模足够。", at=on(-223))
    sign(folder, requirement="LM2.1", by="fengyuan", at=on(-190))
    decide(
        folder,
        stage="positioning",
        kind="conditional",
        by="zhou",
        because="定位准；独特性要在公开上线前再测一次。",
        conditions=["用同一问卷复测独特性，每个品牌n≥900; linyue; " + on(21) + "; 改写定位句后重开关口二"],
        at=on(-188),
    )
    decide(
        folder,
        stage="design",
        kind="recycle",
        to="design",
        by="zhou",
        at=on(-153),
        because="一半以上的人导不进书，而“读自己的书”是必备需求；另有3～4级问题未关闭。上线日顺延五周。",
    )


def _until_hold(folder: Path, on: Callable[[int], str]) -> None:
    sign(folder, requirement="IA3.8", by="fengyuan", at=on(-127))
    decide(folder, stage="design", kind="go", by="zhou", because="必须准则全部通过。", at=on(-125))
    sign(folder, requirement="IA4.1", by="wanghao", at=on(-123))
    sign(folder, requirement="IA4.11", by="zhaolan", at=on(-62))
    decide(folder, stage="quality", kind="hold", by="zhou", because="依赖扫描中断，没有证据不等于没有漏洞；赵岚重扫。", at=on(-62))


def _until_review(folder: Path, on: Callable[[int], str]) -> None:
    sign(folder, requirement="IA4.11", by="zhaolan", at=on(-56))
    decide(folder, stage="quality", kind="go", by="zhou", because="两项扫描均完成，必须准则全部通过。", at=on(-56))
    sign(folder, requirement="IA5.1", by="zhou", at=on(-40))
    decide(
        folder,
        stage="operations",
        kind="conditional",
        by="zhou",
        at=on(-8),
        because="继续运营，E-01的B方案全量；30日留存还没有足够的人满观察期。N-020的答复列为条件之外的未决事项。",
        conditions=["用2,000人重判30日留存; sunning; " + on(28) + "; 吴桐停发新活动，并提交留存改进方案"],
    )


def _until_today(folder: Path, on: Callable[[int], str]) -> None:
    sign(folder, requirement="IA5.8", by="fengyuan", at=on(-6))
