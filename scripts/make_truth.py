"""Compute the truths of the practice product anew and write them to src/stageway/practice/truth.json (some seconds)."""

from __future__ import annotations

import json
from pathlib import Path

from stageway.practice.truth import computed

TARGET = Path(__file__).parents[1] / "src" / "stageway" / "practice" / "truth.json"


def main() -> None:
    made: dict[str, dict[str, float]] = {}
    for (evidence, name), value in sorted(computed().items()):
        made.setdefault(evidence, {})[name] = float(f"{value:.7g}")
    TARGET.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{sum(map(len, made.values()))} truths of {len(made)} evidence entries in {TARGET}")


if __name__ == "__main__":
    main()
