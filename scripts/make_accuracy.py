"""Write docs/accuracy.md: for each method, how often the truth of simulated studies lies in its 95% intervals (make accuracy)."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

WORLDS = 500
HEAD = """# How often the intervals are right

Each method runs over {worlds} simulated studies whose truth is known. The table counts how often the 95% interval holds it; estimates with
keys (one a function, one a brand) are counted together. Between 93% and 97% is what a 95% interval should give in {worlds} studies; the
sampling error of a share of {worlds} is one point. `make soak` runs the same studies as a test; `make accuracy` writes this page.

| method | estimate | intervals | hold the truth | the simulated study |
|---|---|---|---|---|
"""


def row(id: str) -> list[str]:
    from tests.accuracy.coverage import CONSERVATIVE, covered, simulated

    study = " ".join((simulated()[id].__doc__ or "").split()).rstrip(".")
    made = []
    for name, hits in covered(id, range(WORLDS)).items():
        why = CONSERVATIVE.get((id, name))
        made.append(f"| `{id}` | `{name}` | {hits.of:,} | {hits.share:.1%}{f' ({why})' if why else ''} | {study} |")
        study = ""
    return made


def main() -> None:
    from tests.accuracy.coverage import simulated

    with ProcessPoolExecutor() as pool:
        rows = [line for lines in pool.map(row, simulated()) for line in lines]
    (ROOT / "docs" / "accuracy.md").write_text(HEAD.format(worlds=WORLDS) + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
