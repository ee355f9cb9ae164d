"""What a module of a real product asks of its `outcome`, under the names by which its tests call them."""

from pathlib import Path

import pytest

from tests.real.outcome import Outcome


@pytest.fixture(scope="module")
def folder(outcome: Outcome) -> Path:
    return outcome.root


@pytest.fixture(scope="module")
def results(outcome: Outcome) -> dict:
    return outcome.results


@pytest.fixture(scope="module")
def findings(outcome: Outcome) -> dict[str, dict]:
    return outcome.findings
