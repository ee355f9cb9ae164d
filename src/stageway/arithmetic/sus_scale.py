"""The System Usability Scale: what each answer adds, the curved grades, and what items should be for a SUS of 68.

Sources: Brooke (1996), in Usability Evaluation in Industry, 189–194; Sauro & Lewis (2016), Quantifying the User Experience, 2nd ed.,
ch. 8 (mean of 446 studies, grades); Lewis & Sauro (2018), J. Usability Studies 13(3), 158–167 (items).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stageway.evidence import Words

Array = NDArray[np.float64]

ITEMS = tuple(f"q{i}" for i in range(1, 11))
#: What each item is about (labels, not the item texts: those come from a validated translation).
TOPICS = (
    Words("愿意常用", "would use it often"), Words("没必要地复杂", "needlessly complex"), Words("容易用", "easy to use"),
    Words("要人帮才会用", "needs support to use"), Words("功能连贯", "functions well integrated"), Words("前后不一致", "too inconsistent"),
    Words("多数人学得快", "quick to learn for most"), Words("用着别扭", "cumbersome to use"), Words("用着有把握", "felt confident"),
    Words("先要学很多", "much to learn first"),
)
EXPECTED = Words("1～5，或“非常不同意”至“非常同意”", "1 to 5, or strongly disagree to strongly agree")
MEAN_OF_STUDIES = 68.0
#: Lower end of each grade and the percentiles of studies that it spans.
GRADES = (
    (84.1, "A+", 96, 100), (80.8, "A", 90, 95), (78.9, "A−", 85, 89), (77.2, "B+", 80, 84), (74.1, "B", 70, 79), (72.6, "B−", 65, 69),
    (71.1, "C+", 60, 64), (65.0, "C", 41, 59), (62.7, "C−", 35, 40), (51.7, "D", 15, 34), (0.0, "F", 0, 14),
)
#: Means of the ten items (1–5) where the SUS is 68: odd items should be at least, even items at most this.
TARGETS = (3.39, 2.44, 3.67, 1.85, 3.55, 2.20, 3.71, 2.25, 3.72, 2.09)


def added(items: Array) -> Array:
    """People × 10 answers (1–5) → what each adds, 0–4, so that more is always better."""
    points: Array = np.where(np.arange(10) % 2 == 0, items - 1, 5 - items)
    return points


def scores(items: Array) -> Array:
    """People × 10 answers → their scores, 0–100."""
    total: Array = 2.5 * added(items).sum(axis=1)
    return total


def grade(score: float) -> tuple[str, int, int]:
    """(grade, lowest and highest percentile) of a mean score; it is rounded to one decimal, as the table is."""
    return next((name, low, high) for least, name, low, high in GRADES if round(score, 1) >= least)
