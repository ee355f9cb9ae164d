"""Short questionnaires after a task or a test: what their answers add up to.

Sources: Lewis, Utesch & Maher (2013), CHI ’13, 2099–2102 (UMUX-Lite, its SUS equivalent); Sauro & Dumas (2009), CHI ’09, 1599–1608
(SEQ); Hart & Staveland (1988), Human Mental Workload, 139–183 (NASA-TLX, with weights from 15 pairs); Hart (2006), HFES 50, 904–908 (raw TLX).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic.bootstrap import sums
from stageway.evidence import Words

Array = NDArray[np.float64]

UMUX = ("useful", "easy")
SEQ_TYPICAL = (5.3, 5.6)
#: The six subscales of the NASA-TLX: column → name.
LOADS = {
    "mental": Words("脑力要求", "mental demand"), "physical": Words("体力要求", "physical demand"), "temporal": Words("时间压力", "temporal demand"),
    "performance": Words("自评表现（越高越差）", "performance (higher is worse)"), "effort": Words("努力程度", "effort"),
    "frustration": Words("挫败感", "frustration"),
}
WEIGHTS = tuple(f"weight_{name}" for name in LOADS)
PAIRS = 15
#: How NASA-TLX ratings are written → (lowest, highest): 0–100, marks 0–20, or marks 1–21.
WRITTEN = {"100": (0.0, 100.0), "20": (0.0, 20.0), "21": (1.0, 21.0)}


def umux_lite(useful: Array, easy: Array, steps: int) -> Array:
    """Two answers of 1 to `steps` (7; UX-Lite 5) → 0–100."""
    made: Array = (useful + easy - 2) * 100 / (2 * (steps - 1))
    return made


def sus_equivalent(umux: Array | float) -> Array | float:
    """The SUS that goes with a UMUX-Lite score: 22.9 to 87.9."""
    return 0.65 * umux + 22.9


def loads(ratings: Array, written: str, performance_is_success: bool) -> Array:
    """People × 6 ratings as written → 0–100, more is always more load."""
    low, high = WRITTEN[written]
    made: Array = (ratings - low) * 100 / (high - low)
    if performance_is_success:
        at = list(LOADS).index("performance")
        made = np.where(np.arange(6) == at, 100 - made, made)
    return made


def weighted_load(made: Array, weights: Array) -> Array:
    """Each person's ratings (n, 6) weighed by how often each load was chosen in the 15 pairs (n, 6)."""
    total: Array = (made * weights).sum(axis=1) / PAIRS
    return total


def p_first(values: Array, draws: int, rng: np.random.Generator, *, lowest: bool) -> Array:
    """How often, when the people (rows) are drawn again, each column has the lowest (or highest) mean; ties are shared out."""
    signed = values if lowest else -values
    means = np.round(sums(signed, draws, rng), 9)
    first = means == means.min(axis=1, keepdims=True)
    chances: Array = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    return chances
