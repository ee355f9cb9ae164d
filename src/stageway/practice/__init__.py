"""The practice product 流明 Lumen: a seeded world with a known truth, dates relative to a day, all of it simulated and labelled so."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Sequence
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np

from stageway.evidence import DataError, Where, say
from stageway.practice import reports, story, world
from stageway.practice.days import Days
from stageway.practice.entered import entered
from stageway.practice.sample import Done, Sample

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
    observed = tables(seed)
    write_data(folder, seed, observed)
    days = Days(today)
    aimed = len({row["respondent"] for row in observed["perception"] if row["target"]})
    for phase, act in ((1, story.until_recycle), (2, story.until_hold), (3, story.until_review), (4, story.until_today)):
        write_texts(folder, seed, days, phase, _done(observed["usability_v2" if phase > 1 else "usability_v1"]), aimed)
        act(folder, days)


def _is_practice(folder: Path) -> bool:
    file = folder / "product.yaml"
    return file.is_file() and "simulated: true" in file.read_text(encoding="utf-8") and "id: lumen" in file.read_text(encoding="utf-8")


def tables(seed: int) -> dict[str, list[world.Row]]:
    """All observed tables of the world, each from its own stream, so that one does not move another."""
    streams = {
        name: np.random.default_rng([seed, i]) for i, name in enumerate(("kano", "perception", "usability_v1", "usability_v2", "journeys", "experiment"))
    }
    paths, spend = world.journeys(world.JOURNEYS, streams["journeys"])
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


def write_data(folder: Path, seed: int, observed: dict[str, list[world.Row]]) -> None:
    data = folder / "data"
    data.mkdir()
    for name, rows in observed.items():
        (data / f"{name}.csv").write_text(_csv(rows), encoding="utf-8")
    (data / "junit.xml").write_text(reports.junit(np.random.default_rng([seed, 90])), encoding="utf-8")
    (data / "junit_previous.xml").write_text(reports.junit(np.random.default_rng([seed, 91]), share=0.97), encoding="utf-8")


def _csv(rows: Sequence[world.Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _done(rows: Sequence[world.Row]) -> Done:
    """How many did each task, of how many."""
    return {task: (sum(row[task] == 1 for row in rows), len(rows)) for task in world.TASKS}


def write_texts(folder: Path, seed: int, days: Days, phase: int, done: Done, aimed: int) -> None:
    """Product file, items and own words as they stood in that phase."""
    numbers = entered(Sample(np.random.default_rng([seed, 50])), phase, done)
    values = {name: json.dumps(value, ensure_ascii=False) for name, value in PARAMS.items()} | numbers
    values["aimed"] = str(aimed)
    values["prototype_d30"] = f"{json.loads(numbers['prototype'])['plain']['d30']['value']:.3f}"
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
        target.write_text(filled(path[1].read_text(encoding="utf-8"), values, days), encoding="utf-8")


def _texts(root: Traversable, prefix: str = "") -> list[tuple[str, Traversable]]:
    found = []
    for entry in sorted(root.iterdir(), key=lambda each: each.name):
        name = f"{prefix}{entry.name}"
        found += _texts(entry, name + "/") if entry.is_dir() else [(name, entry)]
    return found


def filled(text: str, values: dict[str, str], days: Days) -> str:
    """Put in the values (`$name`), and days told from today.

    `{d-30}`, `"@-30"`: 30 days ago, on a weekday; `{w+2}`: in two working days; `"@=-4"`: four days ago, whatever day that was; `{m-30}`: the month.
    """
    text = re.sub(r"\$([a-z_0-9]+)", lambda m: values[m[1]], text)
    text = re.sub(r'"@=(-?\d+)"', lambda m: days.exactly(int(m[1])).isoformat(), text)
    text = re.sub(r'"@(-?\d+)"', lambda m: days.on(int(m[1])).isoformat(), text)
    text = re.sub(r"\{m([+-]\d+)\}", lambda m: f"{days.exactly(int(m[1])):%Y-%m}", text)
    text = re.sub(r"\{w\+(\d+)\}", lambda m: days.working(int(m[1])).isoformat(), text)
    return re.sub(r"\{d([+-]\d+)\}", lambda m: days.on(int(m[1])).isoformat(), text)
