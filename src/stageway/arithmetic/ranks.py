"""Agreement of two orders.

Source: Kendall (1945), Biometrika 33, 239–251 (tau-b, corrected for ties).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def kendall(a: Array, b: Array) -> Array:
    """Kendall's tau-b of the vector a (k) with each row of b (draws, k) → (draws); NaN where a or the row is constant."""
    i, j = np.triu_indices(len(a), k=1)
    first = np.sign(a[i] - a[j])
    second = np.sign(np.atleast_2d(b)[:, i] - np.atleast_2d(b)[:, j])
    scale = np.sqrt(np.sum(first**2) * np.sum(second**2, axis=1))
    agreement: Array = np.divide(second @ first, scale, out=np.full(len(second), np.nan), where=scale > 0)
    return agreement
