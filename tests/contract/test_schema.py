"""The JSON form of a finding is described by docs/finding.schema.json, and every method's finding keeps to it."""

import json
import runpy
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from stageway import catalogue
from stageway.evidence import SCHEMA, Estimate, Finding, Meaning, Provenance, Source, Words

REPOSITORY = Path(__file__).resolve().parents[2]
COMMITTED = REPOSITORY / "docs" / "finding.schema.json"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(COMMITTED.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def whole() -> Finding:
    text = Words("话", "word")
    source = Source("answers", "a.csv", "ab" * 32, 3, date(2026, 3, 1))
    provenance = Provenance("kano", "1", {"draws": 5}, (source,), "formula", 1, datetime(2026, 3, 2, 8, tzinfo=UTC))
    estimates = (Estimate("gap", 1.0, float("-inf"), 2.0, n=3),)
    return Finding(text, Meaning(text, text, text, text), estimates, observed=(date(2026, 3, 1), date(2026, 3, 8)), provenance=provenance)


def test_the_committed_schema_is_the_generated_one():
    generated = runpy.run_path(str(REPOSITORY / "scripts" / "make_schema.py"))["text"]()
    assert COMMITTED.read_text(encoding="utf-8") == generated, "run `make schema` and commit docs/finding.schema.json"


def test_the_schema_carries_the_version_of_the_finding(validator):
    assert validator.schema["$id"] == SCHEMA == "stageway/finding/1"


@pytest.mark.parametrize("id", list(catalogue.methods()))
def test_the_finding_of_every_method_keeps_to_the_schema(id, validator):
    method = catalogue.get(id)
    validator.validate(json.loads(method.run(method.example(np.random.default_rng(7))).dumps()))


def test_a_finding_with_open_ends_dates_and_sources_keeps_to_the_schema(validator):
    validator.validate(json.loads(whole().dumps()))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "stageway/finding/2"),
        (("headline", "en"), None),
        (("meaning", "sure"), "a text in one language"),
        (("estimates", 0, "value"), "1.0"),
        (("estimates", 0, "low"), "minus infinity"),
        (("estimates", 0, "kind"), "guess"),
        (("observed",), ["2026-03-01"]),
        (("observed",), ["2026-03-01", "soon"]),
        (("provenance", "seed"), None),
        (("unheard_of",), 1),
    ],
)
def test_what_is_no_finding_is_refused_by_the_schema(path, value, validator):
    data = json.loads(whole().dumps())
    *way, last = path
    place = data
    for step in way:
        place = place[step]
    place[last] = value
    assert not validator.is_valid(data)
