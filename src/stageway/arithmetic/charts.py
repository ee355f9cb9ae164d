"""From an Altair chart to the specification that a finding carries, once a language."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from stageway.evidence import Chart, Lang, Words


def draw(name: str, title: Words, alt: Words, build: Callable[[Lang], Any]) -> Chart:
    """`build(lang)` returns an Altair chart with its axis titles in that language; data go in as inline values, in a stable order.

    Altair's own validation, which takes longer than the drawing, is left to the contract suite: it validates the charts of every method.
    """
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        return Chart(name, title, alt, _spec(build("zh")), _spec(build("en")))


def _spec(chart: Any) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(chart.to_json(indent=None, validate=False))
    spec.pop("config", None)
    return _renamed(spec)


def _renamed(spec: dict[str, Any]) -> dict[str, Any]:
    """Datasets are named by order instead of by Altair's hash, so that equal charts are equal text."""
    sets: dict[str, Any] = spec.get("datasets", {})
    names = {old: f"rows_{i}" for i, old in enumerate(sets)}
    text = json.dumps({**spec, "datasets": {}})
    for old, new in names.items():
        text = text.replace(json.dumps(old), json.dumps(new))
    made: dict[str, Any] = json.loads(text)
    made["datasets"] = {names[old]: rows for old, rows in sets.items()}
    return made
