"""The practice product on the command line."""

from tests.cli.calling import refused, stageway
from tests.folder.places import TODAY


def test_demo_does_not_write_over_a_folder_that_is_somebody_elses(folder):
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert refused("demo", folder, "--at", TODAY)["en"].startswith("The folder exists and is not the practice product.")
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


def test_the_practice_product_says_that_it_is_simulated_and_a_run_ends_with_line_table_and_documents(lumen):
    out = stageway("run", lumen, "--at", TODAY).out
    for lang, words in (("zh", "模拟"), ("en", "simulated")):
        assert words in (lumen / f"out/{lang}/process.md").read_text(encoding="utf-8")[:600]
    assert "Research" in out.splitlines()[1]
    assert "Requirement" in out
    assert "What is missing" in out
    assert out.rstrip().endswith("findings.json")


def test_version_and_help_are_there():
    import stageway as package

    assert stageway("--version").out.strip() == package.__version__
    assert "run" in stageway("--help").out
