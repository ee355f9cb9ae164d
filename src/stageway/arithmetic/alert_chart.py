"""A series with its expected band and its episodes as a picture; long series drawn by the lowest and highest point of equal stretches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from stageway.arithmetic.alert_episodes import Episode, Scored, Sort
from stageway.arithmetic.charts import draw
from stageway.arithmetic.labels import width_of
from stageway.evidence import Chart, Lang, Words, say

DRAWN = 2_000
CLOSE = 600
NUMBERED = 12
#: pixels that the labels over a picture may take
WIDTH = 420.0
Named = tuple[str, Episode]


def alert_chart(s: Scored, threshold: float, numbered: Sequence[Named], number: int, drawn: int = DRAWN) -> Chart:
    """The whole series; `numbered` its episodes by name; at most `drawn` points of it are drawn."""
    rows, stretch = thinned(s, threshold, [e for _, e in numbered], drawn)
    label = Words.of(s.series.name) if s.series.name else Words("数值", "The value")
    how = say(zh="每{k}个点画最低与最高", en="the lowest and highest of every {k} points are drawn", k=stretch) if stretch > 1 else Words("画出每个点", "every point is drawn")
    text = say(zh="{name}从{first}到{last}，浅色带为预期范围（±{t}倍离散度），标出{k}段异常，横线为缓慢偏移；{how}",
               en="{name} from {first} to {last}; the pale band is the expected range (± {t} spreads), {k} episodes are marked, slow drifts as bars; {how}",
               name=label, first=str(s.series.at[0].date()), last=str(s.series.at[-1].date()), t=f"{threshold:g}", k=len(numbered), how=how)
    picture = _picture(s, rows, numbered, (s.series.at[0], s.series.at[-1]), middle=False)
    return draw(f"series_{number}", say(zh="{name}与预期范围", en="{name} and its expected band", name=label), text, picture)


def close_chart(s: Scored, threshold: float, worst: Named, numbered: Sequence[Named]) -> Chart:
    """The days around one episode, point by point where they are not too many."""
    name, e = worst
    room = max(timedelta(days=3), timedelta(seconds=20 * s.series.step))
    first, last = e.start - room, e.end + room
    inside = [i for i, t in enumerate(s.series.at) if first <= t <= last]
    rows, stretch = thinned(s, threshold, [e], CLOSE, (inside[0], inside[-1] + 1))
    how = Words("", "") if stretch == 1 else say(zh="，每{k}个点画最低与最高", en="; the lowest and highest of every {k} points are drawn", k=stretch)
    text = say(zh="{name}前后，虚线为预期，浅色带为±{t}倍离散度{how}", en="Around {name}: dashed the expected value, pale ± {t} spreads{how}", name=name, t=f"{threshold:g}", how=how)
    near = [pair for pair in numbered if pair[1].start <= last and pair[1].end >= first and pair[1].sort is Sort.SUDDEN]
    ends = s.series.at[inside[0]], s.series.at[inside[-1]]
    return draw("closest", say(zh="最突出的{name}前后", en="Around {name}, which stands out", name=name), text, _picture(s, rows, near, ends, middle=True))


def _picture(s: Scored, rows: list[dict[str, Any]], numbered: Sequence[Named], ends: tuple[datetime, datetime], *, middle: bool) -> Any:
    seen = [row["y"] for row in rows if row["y"] is not None]
    room = (max(seen) - min(seen)) * 0.06 or 1.0
    floor = min(seen) - (room if min(seen) < 0 or min(seen) > room else min(seen))
    domain = [_short(floor), _short(max(seen) + room)]
    marked = [(name, e, *_wide(e, ends)) for name, e in numbered if e.sort is not Sort.GAP]
    shades = [{"from": _text(a), "to": _text(b), "top": domain[1], "bottom": domain[0]} for _, e, a, b in marked if e.sort is Sort.SUDDEN]
    bars = [{"from": _text(a), "to": _text(b), "y": domain[0]} for _, e, a, b in marked if e.sort is Sort.DRIFT]
    names = _labelled(marked, ends)

    def build(lang: Lang) -> Any:
        import altair as alt

        form = "%m-%d" if middle else "%Y-%m-%d"
        time = alt.X("t:T", title=None, axis=alt.Axis(format=form if lang == "zh" else ("%d %b" if middle else "%d %b %Y"), labelOverlap=True, tickCount=6))
        scale = alt.Scale(domain=domain, nice=False, zero=False)
        value = Words("数值", "Value")[lang]
        y = alt.Y("y:Q", title=value, scale=scale)
        base = alt.Chart(alt.InlineData(values=rows)).encode(x=time)
        layers = [
            alt.Chart(alt.InlineData(values=shades)).mark_rect(style="other", opacity=0.25, stroke=None).encode(x=alt.X("from:T"), x2=alt.X2("to:T")),
            base.mark_area(style="interval-band", opacity=0.3, clip=True).encode(y=alt.Y("low:Q", title=value, scale=scale), y2=alt.Y2("high:Q")),
            base.mark_line(strokeWidth=1.2 if middle else 0.8, clip=True).encode(y=y),
            alt.Chart(alt.InlineData(values=bars)).mark_rule(style="threshold", strokeWidth=4, strokeDash=[1, 0]).encode(x=alt.X("from:T"), x2=alt.X2("to:T"), y=alt.Y("y:Q")),
            alt.Chart(alt.InlineData(values=names)).mark_text(style="direct-label", align="center", baseline="bottom", dx=0, dy=0).encode(x=alt.X("t:T"), y=alt.value(-4), text=alt.Text("name:N")),
        ]
        if middle:
            layers.insert(2, base.mark_line(strokeDash=[4, 3], strokeWidth=1, opacity=0.8, clip=True).encode(y=alt.Y("expected:Q", title=value, scale=scale)))
        return alt.layer(*layers).properties(height=260)

    return build


def _labelled(marked: Sequence[tuple[str, Episode, datetime, datetime]], ends: tuple[datetime, datetime]) -> list[dict[str, Any]]:
    """Names over the picture, farthest out first, as far as they do not cover each other."""
    whole = (ends[1] - ends[0]).total_seconds() or 1.0
    taken: list[tuple[float, float]] = []
    out = []
    for name, _, a, b in sorted(marked, key=lambda row: -abs(row[1].peak))[:NUMBERED]:
        centre = (max(a, ends[0]) + (min(b, ends[1]) - max(a, ends[0])) / 2)
        at, half = (centre - ends[0]).total_seconds() / whole * WIDTH, width_of(name) / 2 + 2
        if all(at + half < low or at - half > high for low, high in taken):
            taken.append((at - half, at + half))
            out.append({"t": _text(centre), "name": name})
    return sorted(out, key=lambda row: row["t"])


def thinned(s: Scored, threshold: float, episodes: Sequence[Episode], drawn: int, part: tuple[int, int] | None = None) -> tuple[list[dict[str, Any]], int]:
    """Rows of the picture and how many points a stretch holds; the farthest point of an episode is always among them. A gap breaks the line."""
    first, end = part or (0, s.series.n)
    stretch = 1 if end - first <= drawn else int(np.ceil(2 * (end - first) / drawn))
    kept: set[int] = set()
    for start in range(first, end, stretch):
        values = s.series.values[start : min(end, start + stretch)]
        kept |= {start + int(np.argmin(values)), start + int(np.argmax(values))} if stretch > 1 else {start}
    for e in episodes:
        if e.span is not None:
            z = np.abs(np.nan_to_num(s.z[e.span[0] : e.span[1] + 1]))
            kept.add(e.span[0] + int(np.argmax(z)))
    low, high = s.centre - threshold * s.scale, s.centre + threshold * s.scale
    breaks = {gap.after for gap in s.series.gaps}
    rows: list[dict[str, Any]] = []
    for i in sorted(kept):
        known = bool(np.isfinite(low[i]) and np.isfinite(high[i]))
        ends = _band(low, high, i, stretch) if known else (None, None)
        rows.append({"t": _text(s.series.at[i]), "y": _short(s.series.values[i]), "low": ends[0], "high": ends[1], "expected": _short(s.centre[i]) if known else None})
        if s.series.at[i] in breaks and stretch == 1:
            rows.append({"t": _text(s.series.at[i] + timedelta(seconds=s.series.step)), "y": None, "low": None, "high": None, "expected": None})
    return rows, stretch


def _band(low: Any, high: Any, i: int, stretch: int) -> tuple[float, float]:
    """The band over the stretch around a point: its lowest lower and highest upper end, as the points are drawn."""
    part = slice(max(0, i - stretch // 2), i + stretch // 2 + 1)
    return _short(np.nanmin(low[part])), _short(np.nanmax(high[part]))


def _wide(e: Episode, ends: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """Wide enough to be seen: at least a two-hundredth of the picture."""
    least = (ends[1] - ends[0]) / 200
    a, b = max(e.start, ends[0]), min(e.end, ends[1])
    return (a, b) if b - a >= least else (a - (least - (b - a)) / 2, b + (least - (b - a)) / 2)


def _text(time: datetime) -> str:
    return time.replace(tzinfo=None, microsecond=0).isoformat()


def _short(value: float) -> float:
    return float(f"{float(value):.6g}")
