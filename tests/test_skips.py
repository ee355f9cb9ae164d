"""A machine without chromium or the shared files skips what needs them; CI, which has both, lets nothing be skipped."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SKIPS = "import pytest\ndef test_one(): pytest.skip('no such tool')\n"
FILE_SKIPS = "import pytest\npytest.importorskip('no_such_module_at_all')\n"
NEEDS = "from tests.tools import needs\ndef test_one(): needs('no-such-tool')\n"
XFAILS = "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_one(): assert False\n"


def outcome(folder: Path, test: str, *, ci: bool, shared: bool) -> tuple[int, str]:
    path = folder / "test_it.py"
    path.write_text(test, encoding="utf-8")
    env = {**os.environ, "CI": "true" if ci else "", "STAGEWAY_SHARED": str(folder if shared else folder / "absent"), "PYTHONPATH": str(REPOSITORY)}
    arguments = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-q", f"--rootdir={folder}", str(path)]
    done = subprocess.run(arguments, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout


@pytest.mark.parametrize(("test", "reason"), [(SKIPS, "no such tool"), (FILE_SKIPS, "no_such_module_at_all"), (NEEDS, "no-such-tool is not installed")])
def test_in_ci_a_skip_is_a_failure_that_says_why(test, reason, tmp_path):
    code, printed = outcome(tmp_path, test, ci=True, shared=True)
    assert code != 0
    assert reason in printed


@pytest.mark.parametrize("test", [SKIPS, FILE_SKIPS, NEEDS])
def test_elsewhere_a_skip_is_a_skip(test, tmp_path):
    code, printed = outcome(tmp_path, test, ci=False, shared=True)
    assert code in (0, 5)
    assert "1 skipped" in printed


def test_in_ci_without_the_shared_files_what_needs_them_is_skipped(tmp_path):
    code, printed = outcome(tmp_path, SKIPS, ci=True, shared=False)
    assert code == 0
    assert "1 skipped" in printed


def test_a_failure_that_is_expected_is_no_skip(tmp_path):
    code, printed = outcome(tmp_path, XFAILS, ci=True, shared=True)
    assert code == 0
    assert "1 xfailed" in printed
