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
from stageway.practice import after, bench, reports, scans, story, study, usage, voices, world
from stageway.practice.days import Days
from stageway.practice.entered import entered
from stageway.practice.sample import Sample

#: What the practice product says of its methods' conventions.
PARAMS = {
    "positioning_params": {"own": "lumen", "claims": "undisturbed, read_to_end, remembered"},
    "features_params": {"scheme": "rice", "capacity": 36},
    "attribution_params": {"model": "linear", "unknown": "unknown_source"},
    "experiment_params": {"label": "7日留存|day-7 retention", "planned_n": 1240, "mde": 0.069},
    "segments_params": {"segments": 3, "most": 3, "draws": 24},
    "map_params": {"own": "lumen", "draws": 500},
    "fit_params": {"invited": 410},
    "survey_params": {"cap": 3},
    "message_params": {"label": "次日回忆率|next-day recall", "control": "undisturbed", "planned_n": 303},
    "reliability_params": {"total_h": scans.HOURS},
    "rollout_params": {"label": "次日留存|day-1 retention", "control": "rc2"},
    "campaign_params": {"label": "七日读完率|share who finish", "control": "control", "weights": "invited=4, control=1", "planned_n": 1500},
}
#: days from today on which the two scans of the release candidate ended
SCANNED = (-63, -57)


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
    days = Days(today)
    observed = tables(seed, days)
    write_data(folder, seed, days, observed)
    for phase, act in ((1, story.until_recycle), (2, story.until_hold), (3, story.until_review), (4, story.until_today)):
        write_texts(folder, seed, days, phase, observed)
        act(folder, days)


def _is_practice(folder: Path) -> bool:
    file = folder / "product.yaml"
    return file.is_file() and "simulated: true" in file.read_text(encoding="utf-8") and "id: lumen" in file.read_text(encoding="utf-8")


def tables(seed: int, days: Days) -> dict[str, list[world.Row]]:
    """All observed tables of the world, each from its own stream, so that one does not move another."""
    drawn = ("kano", "perception", "usability_v1", "usability_v2", "journeys", "experiment", "survey", "opportunity", "prices", "message", "awareness",
             "first_use", "first_clicks", "inspection_v1", "inspection_v2", "failures", "rollout", "campaign", "pains", "fit", "events", "prototype", "sessions",
             "soak", "habits", "reviews", "coders", "recommend", "installations", "opened", "plans")  # fmt: skip
    rng = {name: np.random.default_rng([seed, i]) for i, name in enumerate(drawn)}
    paths, spend = world.journeys(world.JOURNEYS, rng["journeys"])
    made = {
        "kano": world.kano(326, rng["kano"]),
        "perception": world.perception(302, rng["perception"]),
        "features": world.candidates(),
        "usability_v1": world.usability(24, 1, rng["usability_v1"]),
        "usability_v2": world.usability(40, 2, rng["usability_v2"]),
        "paths": paths,
        "spend": spend,
        "experiment": world.onboarding(1240, rng["experiment"]),
        "survey": study.survey(1068, rng["survey"]),
        "population": study.population(),
        "opportunity": study.opportunity(326, rng["opportunity"]),
        "prices": study.prices(340, rng["prices"]),
        "message": study.message(303, rng["message"]),
        "awareness": study.awareness(640, rng["awareness"]),
        "first_use": bench.first_use(40, rng["first_use"]),
        "first_clicks": bench.first_clicks(40, rng["first_clicks"]),
        "failures": scans.failures(rng["failures"]),
        "changed": scans.changed(),
        "accepted": scans.accepted(days, 24),
        "rollout": usage.rollout(979, days, rng["rollout"]),
        "campaign": usage.campaign(rng["campaign"]),
    }
    said = voices.reviews(302, rng["reviews"])
    commuting = sum("commute" in str(row["occasions"]).split("┋") for row in made["survey"])
    made |= {
        "codebook": voices.codebook(),
        "coders": voices.coded(said, rng["coders"]),
        "reviews": [{name: cell for name, cell in row.items() if name != "theme"} for row in said],
        "habits": study.habits(1068, rng["habits"]),
        "pains": study.pains(226, rng["pains"]),
        "screens": study.screens(),
        "market": study.market(commuting, len(made["survey"])),
        "matrix": study.matrix(days),
        "fit": study.missed(268, rng["fit"]),
        "events": usage.events(days, rng["events"]),
        "prototype": usage.prototype(days, rng["prototype"]),
        "sessions": usage.sessions(days, rng["sessions"]),
        "soak": usage.soak(rng["soak"]),
        "plans": study.plans(150, rng["plans"]),
        "recommend": after.recommend(240, rng["recommend"]),
        "installations": after.installations(360, rng["installations"]),
        "opened": after.opened(days, rng["opened"]),
    }
    for version in (1, 2):
        found, rated = bench.inspection(version, rng[f"inspection_v{version}"])
        made |= {f"inspection_v{version}": found, f"severity_v{version}": rated}
    return made


def write_data(folder: Path, seed: int, days: Days, observed: dict[str, list[world.Row]]) -> None:
    """Tables as CSV; reports in the format of the tools that write them."""
    data = folder / "data"
    texts = {f"{name}.csv": _csv(rows) for name, rows in observed.items()}
    texts["junit.xml"] = reports.junit(np.random.default_rng([seed, 90]))
    texts["junit_previous.xml"] = reports.junit(np.random.default_rng([seed, 91]), share=0.97)
    texts["gate_rc3.xml"] = reports.gate_rerun(np.random.default_rng([seed, 92]))
    texts["load.json"] = scans.load(3000, days, -63, np.random.default_rng([seed, 93]))
    texts["coverage.xml"] = scans.cobertura(np.random.default_rng([seed, 94]))
    for i, day in enumerate(SCANNED):
        texts[f"scan_{i + 1}/codescan.sarif"] = scans.sarif("codescan", days, day)
        texts[f"scan_{i + 1}/depscan.sarif"] = scans.sarif("depscan", days, day, complete=i > 0)
    for name, text in texts.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(text, encoding="utf-8")


def _csv(rows: Sequence[world.Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def spans(days: Days) -> dict[str, dict[str, object]]:
    """Conventions that hold days."""
    log = {"zone": "Asia/Shanghai", "until": days.exactly(usage.LOGGED).isoformat(), "first_day": days.exactly(usage.WAVES[0][0]).isoformat()}
    return {
        "retention_params": {**log, "start": "registered", "returning": "open"},
        "funnel_params": {**log, "steps": "registered > book_chosen > first_segment > third_segment", "entries": "complete", "time_unit": "h"},
        "incident_params": {"since": days.exactly(usage.WAVES[0][0]).isoformat(), "until": days.exactly(usage.LOGGED).isoformat()},
        "prototype_params": {"zone": "Asia/Shanghai", "start": "registered", "returning": "open", "first_day": days.exactly(-312).isoformat()},
    }


def write_texts(folder: Path, seed: int, days: Days, phase: int, observed: dict[str, list[world.Row]]) -> None:
    """Product file, items and own words as they stood in that phase."""
    numbers = entered(Sample(np.random.default_rng([seed, 50])), phase, usage.lifted(observed["campaign"]))
    values = {name: json.dumps(value, ensure_ascii=False) for name, value in (PARAMS | spans(days)).items()} | numbers
    values["aimed"] = str(len({row["respondent"] for row in observed["perception"] if row["target"]}))
    values["prototype_d30"] = f"{usage.returned(observed['prototype'], 30):.3f}"
    values["second"] = "" if phase > 1 else "# not yet: "
    values["version"] = "v1" if phase == 1 else "v2"
    values["tasks"] = "{data: {tasks: tasks_v1}}" if phase == 1 else "{data: {tasks: tasks_v2, against: tasks_v1}}"
    values["sus"] = "{data: {answers: usability_v1}}" if phase == 1 else "{data: {answers: usability_v2, against: usability_v1}}"
    values["scan"], values["scanned"] = ("scan_1", str(SCANNED[0])) if phase < 3 else ("scan_2", str(SCANNED[1]))
    values["rescanned"] = "" if phase > 2 else "# not yet: "
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
    text = re.sub(r"\$\{([a-z_0-9]+)\}|\$([a-z_0-9]+)", lambda m: values[m[1] or m[2]], text)
    text = re.sub(r'"@=(-?\d+)"', lambda m: days.exactly(int(m[1])).isoformat(), text)
    text = re.sub(r'"@(-?\d+)"', lambda m: days.on(int(m[1])).isoformat(), text)
    text = re.sub(r"\{m([+-]\d+)\}", lambda m: f"{days.exactly(int(m[1])):%Y-%m}", text)
    text = re.sub(r"\{w\+(\d+)\}", lambda m: days.working(int(m[1])).isoformat(), text)
    return re.sub(r"\{d([+-]\d+)\}", lambda m: days.on(int(m[1])).isoformat(), text)
