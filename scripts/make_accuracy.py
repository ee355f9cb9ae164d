"""Write docs/accuracy.md: for each method, how often the truth of simulated studies lies in its 95% intervals (`make accuracy`).

With ids of methods as arguments only those are run again, and the rows of the others stay as they are.
"""

from __future__ import annotations

import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "accuracy.md"
sys.path.insert(0, str(ROOT))

WORLDS = 500
HEAD = """# How often the intervals are right

Each method runs over {worlds} simulated studies whose truth is known. The table counts how often the 95% interval holds it; estimates with
keys (one a function, one a brand) are counted together. A 95% interval should hold the truth in 93% to 97% of {worlds} studies; the sampling
error of one share of {worlds} is one point, so that a single figure just outside may be chance. Where an interval is wider by its nature, the
reason stands beside the figure. `make soak` runs the same studies as a test; `make accuracy` writes this page.

| method | estimate | intervals | hold the truth | the simulated study |
|---|---|---|---|---|
"""


def rows(id: str) -> list[str]:
    from tests.accuracy.coverage import CONSERVATIVE, covered, simulated

    study = " ".join((simulated()[id].__doc__ or "").split()).rstrip(".")
    made = []
    for name, hits in covered(id, range(WORLDS)).items():
        why = CONSERVATIVE.get((id, name))
        made.append(f"| `{id}` | `{name}` | {hits.of:,} | {hits.share:.1%}{f' ({why})' if why else ''} | {study} |")
        study = ""
    return made


def main(wanted: list[str]) -> None:
    from tests.accuracy.coverage import simulated

    known: dict[str, list[str]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines() if wanted and PAGE.exists() else []:
        if found := re.match(r"\| `(\w+)` \|", line):
            known.setdefault(found[1], []).append(line)
    with ProcessPoolExecutor() as pool:
        ids = wanted or list(simulated())
        known |= dict(zip(ids, pool.map(rows, ids), strict=True))
    listed = [line for id in sorted(known) for line in known[id]]
    PAGE.write_text(HEAD.format(worlds=WORLDS) + "\n".join(listed) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
