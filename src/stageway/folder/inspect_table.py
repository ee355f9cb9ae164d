"""What looks wrong with a table as a whole: rows that stand twice, totals at the end, a header that is none. Said, never mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stageway.evidence import Frame, Words, is_missing, say
from stageway.folder.inspect_columns import ID_NAME, PLAIN, Profile, iso_day, text_of
from stageway.folder.inspect_values import Doubt

TOTALS = frozenset(("total", "totals", "grand total", "sum", "subtotal", "average", "mean", "aggregated", "合计", "总计", "小计", "总和", "平均", "平均值", "汇总"))
LAST_ROWS = 3
MOST_ROWS = 200_000


def table_doubts(frame: Frame, profiles: Sequence[Profile], facts: Mapping[str, Any]) -> Iterator[Doubt]:
    yield from _header(frame, facts)
    yield from _totals(frame)
    yield from _repeats(frame, profiles)


def _header(frame: Frame, facts: Mapping[str, Any]) -> Iterator[Doubt]:
    odd = [name for name in frame.names if PLAIN.fullmatch(name) or iso_day(name)]
    if frame.names and len(odd) > 0.5 * len(frame.names):
        text = say(zh="表头像是数据（{names}）：文件也许没有表头", en="the header looks like data ({names}): the file may have none", names=", ".join(odd[:4]))
        yield Doubt("no_header", tuple(odd), text, Words("在第一行补上列名", "add a first row with the names of the columns"))
    if repeated := facts.get("repeated_names"):
        text = say(zh="表头有重名的列，后一个改称 {names}", en="the header repeats names; the later ones are called {names}", names=", ".join(repeated[:6]))
        yield Doubt("header_repeated", tuple(repeated), text)
    if unnamed := facts.get("unnamed_columns"):
        yield Doubt("header_empty", tuple(unnamed), say(zh="有列没有名称，改称 {names}", en="columns without a name are called {names}", names=", ".join(unnamed[:6])))


def _totals(frame: Frame) -> Iterator[Doubt]:
    """A sum that would count as one more row."""
    for i in range(max(0, len(frame) - LAST_ROWS), len(frame)):
        found = [name for name in frame.names if isinstance(cell := frame[name][i], str) and cell.strip().rstrip("：:").casefold() in TOTALS]
        if found and len(frame) > LAST_ROWS:
            row = f"{int(frame.rows[i]):,}"
            text = say(zh="第{row}条像是合计行（“{value}”）", en='row {row} looks like a total ("{value}")', row=row, value=str(frame[found[0]][i]).strip())
            yield Doubt("total_row", (found[0],), text, Words("请从文件里删去，否则会当作一条数据", "take it out of the file, or it counts as one more row"))


def _repeats(frame: Frame, profiles: Sequence[Profile]) -> Iterator[Doubt]:
    """Ids that stand more than once where nearly all stand once; whole rows that stand twice, ids included."""
    by_name = {each.name: each for each in profiles}
    for each in profiles:
        known = min(each.rows, MOST_ROWS) - each.missing
        if ID_NAME.fullmatch(each.name.strip().lower()) and 0.9 * known < each.distinct < known:
            twice = [text for text, n in each.counts.items() if n > 1]
            text = say(zh="有{n}个编号出现了不止一次（如 {one}）", en="ids that stand more than once: {n} (such as {one})", n=f"{len(twice):,}", one=twice[0])
            yield Doubt("ids_repeated", (each.name,), text, Words("同一人交了两次，还是编号重复？", "did one person answer twice, or is the id wrong?"))
    if not any(each.type == "id" for each in by_name.values()) or len(frame.names) < 2:
        return
    columns = [[None if is_missing(cell) else text_of(cell) for cell in frame[name][:MOST_ROWS].tolist()] for name in frame.names]
    rows = list(zip(*columns, strict=True))
    if (extra := len(rows) - len(set(rows))) > 0:
        text = say(zh="有{n}行与另一行完全相同", en="rows that repeat another one in every cell: {n}", n=f"{extra:,}")
        yield Doubt("rows_repeated", (), text, Words("导出时重复了，还是真有这么多次？", "were they exported twice, or did it happen so often?"))
