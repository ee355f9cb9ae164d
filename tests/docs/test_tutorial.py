"""The tutorial runs from the empty file to the document, and its method keeps the contract of the catalogue."""

import subprocess
import sys

from tests.docs.pages import BLOCK, REPOSITORY, Session, execute

PAGE = REPOSITORY / "docs" / "add-a-method.md"


def test_one_new_file_is_listed_shown_run_judged_and_written(tmp_path):
    session = Session(tmp_path)
    assert execute(PAGE, session) == 10
    assert sorted(path.name for path in (tmp_path / "shelf").glob("*.py")) == ["top_two.py"]


def test_the_method_of_the_tutorial_keeps_the_contract(tmp_path):
    (code,) = [block for _, name, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if name == "shelf/top_two.py"]
    (tmp_path / "top_two.py").write_text(code, encoding="utf-8")
    session = Session(tmp_path, extra={"STAGEWAY_SHELVES": str(tmp_path)})
    arguments = [sys.executable, "-m", "pytest", "tests/contract", "-k", "top_two", "-p", "no:xdist"]
    done = subprocess.run(arguments, cwd=REPOSITORY, env=session.environment(), capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout[-4000:]
