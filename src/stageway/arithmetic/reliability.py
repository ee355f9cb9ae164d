"""How consistently the items of a questionnaire measure one thing.

Sources: Cronbach (1951), Psychometrika 16, 297–334; Feldt (1965), Psychometrika 30, 357–370 (its interval).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def cronbach(items: NDArray[np.float64], level: float = 0.95) -> tuple[float, float, float]:
    """(alpha, low, high) of people × items. ValueError with fewer than two people or items, or where the totals do not vary."""
    from scipy.special import fdtri

    people, k = items.shape
    total = float(items.sum(axis=1).var(ddof=1)) if people > 1 else 0.0
    if people < 2 or k < 2 or total == 0:
        raise ValueError(f"{people} people and {k} items whose totals vary by {total} have no alpha")
    alpha = k / (k - 1) * (1 - float(items.var(axis=0, ddof=1).sum()) / total)
    tail, df = (1 - level) / 2, (people - 1, (people - 1) * (k - 1))
    return alpha, 1 - (1 - alpha) * float(fdtri(*df, 1 - tail)), 1 - (1 - alpha) * float(fdtri(*df, tail))
