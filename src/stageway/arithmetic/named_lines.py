"""Several lines, each named at its end: colour and dash tell them apart, a rule marks the value that matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stageway.arithmetic.charts import draw
from stageway.evidence import Chart, Lang, Words

#: Share of the height that a name takes.
GAP = 0.075


def _apart(ends: Sequence[Mapping[str, Any]], gap: float) -> list[dict[str, Any]]:
    """The ends with `at`, the height of their names: from the lowest up, none closer than `gap` to the one below."""
    made: list[dict[str, Any]] = []
    for end in sorted(ends, key=lambda row: (row["share"], row["channel"])):
        made.append({**end, "at": max(float(end["share"]), made[-1]["at"] + gap) if made else float(end["share"])})
    return made


def named_lines(name: str, title: Words, alt: Words, rows: Sequence[Mapping[str, Any]], axes: tuple[Words, Words], *, rule: float | None = None) -> Chart:
    """`rows` hold month (x), share (y) and channel (the line), line after line, each in ascending x."""
    last = _apart([row for i, row in enumerate(rows) if i + 1 == len(rows) or rows[i + 1]["channel"] != row["channel"]], GAP * max(float(row["share"]) for row in rows))

    def build(lang: Lang) -> Any:
        import altair as alt_

        x = alt_.X("month:Q", title=axes[0][lang], axis=alt_.Axis(tickMinStep=1))
        y = alt_.Y("share:Q", title=axes[1][lang])
        curves = alt_.Chart(alt_.InlineData(values=list(rows))).mark_line().encode(
            x=x, y=y, color=alt_.Color("channel:N", legend=None), strokeDash=alt_.StrokeDash("channel:N", legend=None))
        names = alt_.Chart(alt_.InlineData(values=last)).mark_text(style="direct-label", align="right", dy=-8).encode(x=x, y=alt_.Y("at:Q", title=axes[1][lang]), text=alt_.Text("channel:N"))
        layers = [curves, names]
        if rule is not None:
            layers.append(alt_.Chart(alt_.InlineData(values=[{"y": rule}])).mark_rule(style="threshold", strokeDash=[4, 3]).encode(y=alt_.Y("y:Q", title=axes[1][lang])))
        return alt_.layer(*layers)

    return draw(name, title, alt, build)
