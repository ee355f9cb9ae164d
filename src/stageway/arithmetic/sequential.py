"""A difference that may be looked at on any day: the asymptotic confidence sequence.

With n units so far, `error` the standard error of the difference at n, s² = error² × n and ρ tuned so that the sequence is
tightest at the planned n*:
    ρ = √((−2 ln α + ln(−2 ln α + 1)) / n*)
    half width = √(s² · 2(nρ² + 1) / (n²ρ²) · ln(√(nρ² + 1) / α))
    E = exp(ρ²n²δ² / s² / (2(nρ² + 1))) / √(nρ² + 1),  always-valid p = min(1, 1/E)
so that p < α exactly where the sequence leaves out 0.

Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2021), Time-uniform central limit theory and asymptotic confidence
sequences, arXiv 2103.06476.
"""

from __future__ import annotations

import math


def tuning(alpha: float, planned_n: float) -> float:
    """ρ that makes the sequence tightest at `planned_n` units."""
    if not 0 < alpha < 1 or not planned_n > 0:
        raise ValueError(f"no tuning for alpha {alpha} and {planned_n} planned units")
    bits = -2 * math.log(alpha)
    return math.sqrt((bits + math.log(bits + 1)) / planned_n)


def half_width(error: float, n: float, *, alpha: float, planned_n: float) -> float:
    """Half the width of the sequence at n units, in the unit of `error`."""
    tuned = tuning(alpha, planned_n) ** 2
    grown = n * tuned + 1
    return math.sqrt(error**2 * n * 2 * grown / (n * n * tuned) * math.log(math.sqrt(grown) / alpha))


def p_value(difference: float, error: float, n: float, *, alpha: float, planned_n: float) -> float:
    """The p that stays valid however often it was looked at."""
    if not error > 0:
        raise ValueError("a difference without error has no p")
    tuned = tuning(alpha, planned_n) ** 2
    grown = n * tuned + 1
    log_evidence = tuned * n * (difference / error) ** 2 / (2 * grown) - 0.5 * math.log(grown)
    return min(1.0, math.exp(-min(log_evidence, 700.0)))
