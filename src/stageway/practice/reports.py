"""Reports that a pipeline would write for the practice product: JUnit XML of two runs, with a rerun that passes and skipped cases."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

import numpy as np

#: function id → the stem of its test names and how many cases it has
AREAS: dict[str, tuple[str, int]] = {
    "F-01": ("segments", 232),
    "F-02": ("recap", 184),
    "F-03": ("import", 288),
    "F-04": ("adfree", 56),
    "F-05": ("export", 124),
    "F-06": ("night", 88),
    "F-07": ("plan", 108),
    "F-08": ("privacy", 100),
}
#: the chance that a case is skipped; of those executed, that it fails first and passes on the rerun; and the one case that always does
SKIPPED, FLAKY, ALWAYS = 0.005, 0.001, "test_F_03_import_117"


def flaky_share() -> float:
    """The true share of flaky cases."""
    cases = sum(count for _, count in AREAS.values())
    return (1 + (cases - 1) * (1 - SKIPPED) * FLAKY) / cases


def junit(rng: np.random.Generator, *, share: float = 1.0) -> str:
    """A Surefire-like report: one suite a function, each case once; a case that failed first and then passed carries `flakyFailure`."""
    suites = []
    for id, (stem, count) in AREAS.items():
        cases = []
        for i in range(round(count * share)):
            seconds = float(np.exp(rng.normal(-2.2, 0.9)))
            name = f"test_{id.replace('-', '_')}_{stem}_{i + 1:03d}"
            body = ""
            if rng.random() < SKIPPED and name != ALWAYS:
                body = '<skipped message="device not in this run"/>'
            elif rng.random() < FLAKY or name == ALWAYS:
                body = f"<flakyFailure message={quoteattr('timed out after 5 s')}>{escape('waited for the import to end')}</flakyFailure>"
            cases.append(f'    <testcase classname="app.{stem}" name="{name}" time="{seconds:.3f}">{body}</testcase>')
        suites.append(f'  <testsuite name="app.{stem}" tests="{len(cases)}">\n' + "\n".join(cases) + "\n  </testsuite>")
    return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="lumen 0.9.0">\n' + "\n".join(suites) + "\n</testsuites>\n"


#: the must criteria of the quality gate, as the release pipeline names its steps
GATE = (
    "team_parts_covered", "team_signed", "work_for_each_function", "test_for_each_need", "tests_failed_after_rerun", "tests_cases_to_previous", "load_p95",
    "load_failure", "security_high", "soak_crash_free", "reliability_beta", "rollback_minutes", "device_blockers", "same_commit_signed", "events_with_test",
)  # fmt: skip


def gate_rerun(rng: np.random.Generator) -> str:
    """The quality gate judged again on the release commit: one case a must criterion, all passed."""
    cases = [f'    <testcase classname="gate.quality" name="{name}" time="{float(np.exp(rng.normal(0.5, 0.6))):.3f}"/>' for name in GATE]
    suite = f'  <testsuite name="gate.quality" tests="{len(cases)}">\n' + "\n".join(cases) + "\n  </testsuite>"
    return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="lumen 1.0.0-rc3">\n' + suite + "\n</testsuites>\n"
