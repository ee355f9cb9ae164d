"""Two or more kinds of events counted up over time: stepped lines, each named at its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from stageway.arithmetic.charts import draw
from stageway.evidence import Chart, Lang, Words

POINTS = 300


def running_totals(name: str, title: Words, alt: Words, lines: Sequence[tuple[Words, Sequence[datetime]]], end: datetime, axis: Words) -> Chart:
    """`lines`: a label and the times of its events, each. All begin with the first event of any of them and run to `end`."""
    start = min(time for _, times in lines for time in times)

    def build(lang: Lang) -> Any:
        import altair as alt_

        rows: list[dict[str, object]] = []
        last: list[dict[str, object]] = []
        for label, times in lines:
            step = max(1, len(times) // POINTS)
            counted = [(time, i + 1) for i, time in enumerate(sorted(times)) if i % step == 0]
            made = [{"day": day.isoformat(), "count": count, "line": label[lang]} for day, count in ((start, 0), *counted, (end, len(times)))]
            rows, last = rows + made, [*last, made[-1]]
        x, y = alt_.X("day:T", title=Words("日期", "day")[lang], axis=alt_.Axis(format="%m-%d", labelOverlap=True)), alt_.Y("count:Q", title=axis[lang])
        stepped = alt_.Chart(alt_.InlineData(values=rows)).mark_line(interpolate="step-after").encode(
            x=x, y=y, color=alt_.Color("line:N", legend=None, sort=None), strokeDash=alt_.StrokeDash("line:N", legend=None, sort=None))
        names = [alt_.Chart(alt_.InlineData(values=[row])).mark_text(style="direct-label", align="right", dx=-6, dy=-9 if i == 0 else 24).encode(
            x=x, y=y, text=alt_.Text("line:N")) for i, row in enumerate(last)]
        return alt_.layer(stepped, *names)

    return draw(name, title, alt, build)
