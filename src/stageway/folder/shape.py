"""From a file's columns and texts to ours: names, values, and columns that become rows. Pure: tables in, tables out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import numpy as np

from stageway.evidence import DefinitionError, Frame, Where, did_you_mean, is_missing, say
from stageway.evidence.frame import Column
from stageway.readers.columns import column_of

ID_LIKE = re.compile(r"(id|respondent|user|person|participant|rater|session|case)|.*_id", re.IGNORECASE)
ROW_NUMBER = "#"
WIDE_KEYS = ("id", "row", "columns", "keys", "value")
#: YAML reads `Yes: 1` as a truth value; what people wrote were these words.
YAML_WORDS = {"True": ("yes", "true", "on"), "False": ("no", "false", "off")}


def renamed(frame: Frame, columns: Mapping[str, str], where: Where) -> Frame:
    """Columns under our names (`columns` is ours → theirs); the others keep theirs. DefinitionError for a name the file does not have.

    `#` stands for the number of the row, where a file names nobody.
    """
    theirs = {ours: _as_header(name) for ours, name in columns.items()}
    if ROW_NUMBER in theirs.values() and ROW_NUMBER not in frame:
        frame = frame.with_columns(**{ROW_NUMBER: frame.rows})
    for ours, name in theirs.items():
        if name not in frame:
            what = say(
                zh="“{ours}”指向的列“{name}”不在文件 {file} 里",
                en='"{ours}" points to the column "{name}", which {file} does not have',
                ours=ours,
                name=name,
                file=frame.source,
            )
            raise DefinitionError("column_unknown", what, where=where, todo=did_you_mean(name, frame.names))
    taken = set(theirs.values()) | set(theirs)
    kept = {name: values for name, values in frame.columns.items() if name not in taken}
    return Frame({**{ours: frame[name] for ours, name in theirs.items()}, **kept}, frame.source, frame.rows, frame.aside)


def _as_header(name: str) -> str:
    return " ".join(name.split())


# ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def valued(frame: Frame, values: Mapping[str, Any], columns: Iterable[str], where: Where) -> tuple[Frame, dict[str, Any]]:
    """Texts replaced by what they stand for, in `columns` except those that look like ids, or as `values: {column: {text: value}}` says.

    A text is found as written, else without regard to case and spaces. Facts: which entries met no cell.
    """
    shared = {text: value for text, value in values.items() if not isinstance(value, Mapping)}
    own = {column: value for column, value in values.items() if isinstance(value, Mapping)}
    for column in own:
        if column not in frame:
            what = say(zh="values 里的列“{column}”不存在", en='there is no column "{column}", which stands under values', column=column)
            raise DefinitionError("column_unknown", what, where=where, todo=did_you_mean(column, frame.names))
    plans = {name: shared for name in columns if name in frame and shared and not ID_LIKE.fullmatch(name)} | own
    made: dict[str, Column] = {}
    used: set[str] = set()
    for name, plan in plans.items():
        made[name], met = _replaced(frame[name], plan)
        used |= met
    unused = sorted({text for plan in plans.values() for text in plan} - used)
    return frame.with_columns(**made), {"values_unused": unused} if unused else {}


def _replaced(cells: Column, plan: Mapping[str, Any]) -> tuple[Column, set[str]]:
    exact = {str(text): str(text) for text in plan}
    folded: dict[str, str] = {}
    for text in plan:
        for word in (_fold(text), *YAML_WORDS.get(text, ())):
            folded.setdefault(word, text)
    texts = [_text(cell) for cell in cells.tolist()]
    meant = {text: exact.get(text) or folded.get(_fold(text)) for text in set(texts) if text is not None}
    used = {text for text in meant.values() if text is not None}
    if not used:
        return cells, used
    entries = [None if text is None else meant[text] for text in texts]
    return column_of([cell if entry is None else plan[entry] for cell, entry in zip(cells.tolist(), entries, strict=True)]), used


def _text(cell: object) -> str | None:
    if is_missing(cell) or not isinstance(cell, str | int | float):
        return None
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


# ── times ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def timed(frame: Frame, times: Mapping[str, str], where: Where) -> Frame:
    """Texts read as times by the form that `times` gives each column (`%d/%m/%Y`); a text of another form stays as it is."""
    made: dict[str, Column] = {}
    for name, form in times.items():
        if name not in frame:
            what = say(zh="times 里的列“{column}”不存在", en='there is no column "{column}", which stands under times', column=name)
            raise DefinitionError("column_unknown", what, where=where, todo=did_you_mean(name, frame.names))
        made[name] = column_of([_time(cell, form) for cell in frame[name].tolist()])
    return frame.with_columns(**made)


def _time(cell: object, form: str) -> object:
    if not isinstance(cell, str):
        return cell
    try:
        return datetime.strptime(cell.strip(), form)  # noqa: DTZ007  the file gave no zone
    except ValueError:
        return cell


# ── wide ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def long(frame: Frame, wide: Mapping[str, Any], columns: Mapping[str, str], where: Where) -> tuple[Frame, dict[str, Any]]:
    """One column per feature or item becomes one row per feature or item.

    `{id, row, columns: {ours: "{}_theirs"}, keys}`: each key fills the braces, and `keys` are found where they are not named.
    `{id, row, value, columns: [c1, c2]}`: each column is a key, its cells go into `value`. `id` names the column of the respondent,
    which comes out under our name for it, as `respondent` where `columns` does not map it. Without `id`, and without a column of that
    name, each row of the file is one person, numbered from 1. Other columns are repeated on each row.
    """
    for name in wide:
        if name not in WIDE_KEYS:
            raise _wrong(where, say(zh="wide 没有字段“{name}”", en='wide has no field "{name}"', name=name), did_you_mean(name, WIDE_KEYS))
    row = str(wide.get("row") or "row")
    sources, pattern_columns, facts = _sources(frame, wide, where)
    carried, identifier = dict(frame.columns), wide.get("id")
    if identifier is not None:
        known = next((ours for ours, theirs in columns.items() if _as_header(theirs) == _as_header(str(identifier))), None)
        name = str(identifier) if str(identifier) in frame else known or _as_header(str(identifier))
        if name not in frame:
            what = say(zh="wide 的 id 列“{name}”不存在", en='there is no column "{name}", which wide calls its id', name=name)
            raise _wrong(where, what, did_you_mean(name, frame.names))
        ours = name if name in columns else "respondent"
        carried = {ours: carried.pop(name), **carried}
    elif "respondent" not in carried:
        carried = {"respondent": column_of(list(range(1, len(frame) + 1))), **carried}
    keys = list(next(iter(sources.values())))
    count = len(frame)
    repeat = np.repeat(np.arange(count), len(keys))
    made: dict[str, Column] = {name: values[repeat] for name, values in carried.items() if name not in pattern_columns}
    made[row] = column_of(keys * count)
    for name, by_key in sources.items():
        cells = np.empty((count, len(keys)), dtype=object)
        for k, source in enumerate(by_key.values()):
            cells[:, k] = frame[source].tolist() if source is not None else None
        made[name] = column_of(cells.ravel().tolist())
    return Frame(made, frame.source, frame.rows[repeat], frame.aside), facts


def _sources(frame: Frame, wide: Mapping[str, Any], where: Where) -> tuple[dict[str, dict[str, str | None]], set[str], dict[str, Any]]:
    """For each of our columns the file's column of each key; all columns that are used up; facts."""
    told = wide.get("columns")
    if isinstance(told, Mapping) and told:
        return _by_pattern(frame, {str(k): _as_header(str(v)) for k, v in told.items()}, wide.get("keys"), where)
    if isinstance(told, list) and told:
        names = [_as_header(str(each)) for each in told]
        for name in names:
            if name not in frame:
                what = say(zh="wide 的列“{name}”不存在", en='there is no column "{name}", which wide names', name=name)
                raise _wrong(where, what, did_you_mean(name, frame.names))
        return {str(wide.get("value") or "value"): {name: name for name in names}}, set(names), {"wide_keys": names}
    expected = say(
        zh="columns: {pattern}，或 columns: [列, 列]", en="columns: {pattern}, or columns: [column, column]", pattern='{functional: "{}_functional"}'
    )
    raise DefinitionError("wide_wrong", say(zh="wide 没有说明哪些列变成行", en="wide does not say which columns become rows"), where=where, expected=expected)


def _by_pattern(frame: Frame, patterns: Mapping[str, str], named: Any, where: Where) -> tuple[dict[str, dict[str, str | None]], set[str], dict[str, Any]]:
    found = {ours: _matches(frame, pattern, where) for ours, pattern in patterns.items()}
    consumed = {source for by_key in found.values() for source in by_key.values()}
    seen = list(dict.fromkeys(key for by_key in found.values() for key in by_key))
    common = [key for key in seen if all(key in by_key for by_key in found.values())]
    if named:
        keys = [str(key) for key in (named if isinstance(named, list) else [named])]
        for key in keys:
            if key not in seen:
                what = say(zh="wide 的 keys 里的“{key}”没有对应的列", en='no column belongs to the key "{key}" of wide', key=key)
                raise _wrong(where, what, did_you_mean(key, seen))
    else:
        keys = common
    if not keys:
        listed = ", ".join(patterns.values())
        what = say(zh="文件里没有一组列与 {listed} 都相符", en="no group of columns matches all of {listed}", listed=listed)
        raise _wrong(where, what, did_you_mean(next(iter(patterns.values())), frame.names))
    facts: dict[str, Any] = {"wide_keys": keys}
    if lone := [key for key in (keys if named else seen) if key not in common]:
        facts["wide_incomplete"] = lone
    return {ours: {key: by_key.get(key) for key in keys} for ours, by_key in found.items()}, consumed, facts


def _matches(frame: Frame, pattern: str, where: Where) -> dict[str, str]:
    before, braces, after = pattern.partition("{}")
    if not braces or "{}" in after:
        raise _wrong(where, say(zh="“{pattern}”里应恰有一处 {braces}", en='"{pattern}" should hold {braces} exactly once', pattern=pattern, braces="{}"))
    least = len(before) + len(after)
    return {name[len(before) : len(name) - len(after)]: name for name in frame.names if len(name) > least and name.startswith(before) and name.endswith(after)}


def _wrong(where: Where, what: Any, todo: Any = None) -> DefinitionError:
    return DefinitionError("wide_wrong", what, where=where, todo=todo)
