"""Which methods a table fits, and how its columns are theirs: by names and types, by families of columns (`wide`), and by a trial run."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from stageway import catalogue
from stageway.evidence import Frame, Method, ParamError, Reads, StagewayError, Where, Words, say
from stageway.evidence.method import Column
from stageway.folder.datasets import shaped
from stageway.folder.inspect_columns import Profile, form_of
from stageway.folder.inspect_match import EXACT, INSIDE, families, likeness, matched
from stageway.folder.inspect_values import Doubt
from stageway.folder.shape import ROW_NUMBER
from stageway.process.planning import Dataset

#: What must be there where a method declares most of its columns as optional: one of these groups.
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "attribution": (("path", "total_conversions"), ("person", "time", "channel")),
    "experiment": (("arm", "value"), ("arm", "n", "successes"), ("arm", "n", "sum", "sum_squares")),
    "questionnaire_scores": (("useful", "easy"), ("seq",), ("mental", "physical", "temporal", "performance", "effort", "frustration")),
    "load_results": (("label", "scope", "elapsed_ms"), ("label", "scope", "requests")),
    "priorities": (("feature", "reach", "impact", "effort"), ("feature", "value", "size")),
    "security_findings": (("level", "rule"),),
    "conjoint": (("task", "chosen"), ("rating",)),
    "anomalies": (("time", "value"), ("time", "numerator", "denominator")),
    "perceptual_map": (("brand", "other", "value"), ("brand", "attribute", "value"), ("brand",)),
}
#: A column that may be any measure: where no name tells which, the candidates are named and a person chooses.
MEASURES = ("value", "pre")
TRIED_ROWS, TRIED = 200, 6
#: A score from 0 to 10 reaches beyond five stars.
HIGHEST_STAR = 5
SURVEY, SEGMENTS = "survey_summary", "segments"
LEAST_PEOPLE = 30
#: A table of answers that no survey tool wrote: so many columns of few answers, with somebody who gave them or without.
QUESTIONS, NAMELESS_QUESTIONS = 3, 8
PRICES = ("too_cheap", "cheap", "expensive", "too_expensive")


@dataclass(frozen=True)
class Fit:
    """A method and table role that a file fits. `columns` ours → theirs; `open` our column → candidates of which a person chooses.

    `trial` says what the method answered to the first rows where it could not compute, `asks` which parameter it wants first.
    """

    method: Method
    reads: Reads
    columns: Mapping[str, str]
    wide: Mapping[str, Any] | None = None
    open: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)
    sure: float = 0.0
    trial: Words | None = None
    asks: Words | None = None
    doubts: tuple[Doubt, ...] = ()


def fits(frame: Frame, profiles: Sequence[Profile], doubts: Sequence[Doubt], *, origin: str, method: str | None = None) -> list[Fit]:
    """The methods that the table fits, the surest first; or only `method`, if it does. Those that a trial refuses come last.

    Any table of people can be cut into segments: that is said only where nothing else is, or where it is asked for.

    `origin`: `survey` (a survey tool's export), `tool` (a report whose columns already have our names), or `table`.
    """
    chosen = [catalogue.get(method)] if method else list(catalogue.methods().values())
    each_fit = (_fit(each, reads, frame, profiles, origin) for each in chosen for reads in each.reads)
    found = [_with_values(fit, profiles, doubts) for fit in each_fit if fit is not None]
    best: dict[str, Fit] = {}
    for fit in sorted(found, key=lambda fit: (-fit.sure, fit.method.id)):
        best.setdefault(fit.method.id, fit)
    tried = [_tried(fit, frame) if i < TRIED else fit for i, fit in enumerate(best.values())]
    told = any(fit.method.id != SEGMENTS and (fit.wide is not None or fit.trial is None) for fit in tried)
    tried = [fit for fit in tried if fit.method.id != SEGMENTS or not told or method]
    return sorted(tried, key=lambda fit: (fit.trial is not None, fit.asks is not None, -fit.sure))


def _fit(method: Method, reads: Reads, frame: Frame, profiles: Sequence[Profile], origin: str) -> Fit | None:
    first = reads is method.reads[0]
    if origin == "tool":
        return _report(method, reads, frame) if first else None
    if not first and len(profiles) > len(reads.columns) + 2:
        return None
    if method.id == SEGMENTS and first:
        return _people(method, reads, profiles)
    if method.id == SURVEY and first:
        return _survey(method, reads, profiles, origin == "survey")
    return _direct(method, reads, frame, profiles) or _wide(method, reads, profiles) or _ratings(method, reads, profiles)


def _report(method: Method, reads: Reads, frame: Frame) -> Fit | None:
    """A tool's report, whose reader gives the columns of its methods by their names, filled or not."""
    names = [column.name for column in reads.columns if column.name in frame]
    groups = NEEDED.get(method.id) or (tuple(column.name for column in reads.columns if column.required),)
    if len(names) < 3 or not any(len(group) > 1 and set(group) <= set(names) for group in groups):
        return None
    return Fit(method, reads, {name: name for name in names}, sure=EXACT + 0.02 * len(names))


def _direct(method: Method, reads: Reads, frame: Frame, profiles: Sequence[Profile]) -> Fit | None:
    """Every column that the method needs is one column of the file."""
    found = matched(reads, profiles)
    if method.id == "nps" and "score" in found and not _beyond_stars(found["score"][0], profiles):
        return None
    required = {column.name for column in reads.columns if column.required}
    groups = NEEDED.get(method.id, ()) if reads is method.reads[0] else ()
    for wanted in [required | set(group) for group in groups] or [required]:
        lacking = wanted - set(found)
        if lacking - set(MEASURES) or not wanted:
            continue
        open_ = {name: _measures(profiles, {theirs for theirs, _ in found.values()}) for name in lacking}
        if any(not candidates for candidates in open_.values()) or not _telling(reads, wanted, found, len(profiles)):
            continue
        measures = {column.name for column in reads.columns if column.type in ("number", "any")} if reads.others is not None else set()
        kept = {ours: theirs for ours, (theirs, sure) in found.items() if ours in wanted or sure == EXACT or ours not in measures}
        columns = kept | {name: candidates[0] for name, candidates in open_.items()}
        sure = float(np.mean([found[name][1] for name in wanted if name in found])) + 0.02 * min(len(found), 12) - 0.4 * len(open_)
        sure += 0.08 * (min(len(wanted), 4) - 1) - 0.1 * (reads is not method.reads[0])
        fit = Fit(method, reads, columns, None, {name: candidates for name, candidates in open_.items() if len(candidates) > 1}, sure=sure)
        return _by_size(fit, frame) if set(PRICES) <= set(columns) and method.id == "price_sensitivity" else fit
    return None


def _beyond_stars(name: str, profiles: Sequence[Profile]) -> bool:
    return any(each.name == name and each.high is not None and each.high > HIGHEST_STAR for each in profiles)


def _telling(reads: Reads, wanted: set[str], found: Mapping[str, tuple[str, float]], columns: int) -> bool:
    """An id and a time, or a name alone, speak for no method: two columns must tell of it, or one that is named as ours.

    Where a method asks for nothing else, a further column of its own tells, or that the table holds little else.
    """
    types = {column.name: column.type for column in reads.columns}
    if all(types[name] in ("id", "time") for name in wanted):
        return len(wanted) > 1 and (any(types[name] not in ("id", "time") for name in found) or columns <= len(wanted) + 1)
    told = [name for name in wanted if name in found and types[name] not in ("id", "time")]
    if len(found) == 1 and reads.others is None and any(types[name] == "category" for name in told):
        return False
    return len(told) > 1 or any(found[name][1] >= INSIDE and len(wanted) <= 2 for name in told) or (bool(told) and len(wanted) > 2)


def _measures(profiles: Sequence[Profile], taken: set[str]) -> tuple[str, ...]:
    return tuple(each.name for each in profiles if each.name not in taken and each.type in ("number", "flag"))


def _by_size(fit: Fit, frame: Frame) -> Fit:
    """Prices whose names lie: where the order of their sizes contradicts fewer people than the order of their names, the sizes are believed."""
    prices = np.column_stack([frame.numbers(fit.columns[name]) for name in PRICES])
    whole = prices[~np.isnan(prices).any(axis=1)]
    if len(whole) < 10:
        return fit
    order = np.argsort(np.median(whole, axis=0), kind="stable")
    by_name, by_size = (int((np.diff(each, axis=1) <= 0).any(axis=1).sum()) for each in (whole, whole[:, order]))
    if by_size * 2 > by_name:
        return fit
    names = [fit.columns[name] for name in PRICES]
    sized = {ours: names[int(at)] for ours, at in zip(PRICES, order, strict=True)}
    moved = [ours for ours in PRICES if sized[ours] != fit.columns[ours]]
    text = say(
        zh="列名不实：照列名读，{all}人中有{by_name}人前后矛盾；照价格大小读，只有{by_size}人。{pairs}",
        en="the names lie: read by name, {by_name} of {all} people contradict themselves; read by size, {by_size}. {pairs}",
        all=f"{len(whole):,}",
        by_name=f"{by_name:,}",
        by_size=f"{by_size:,}",
        pairs=Words(
            "；".join(f"“{sized[ours]}”里其实是 {ours}" for ours in moved), "; ".join(f'"{sized[ours]}" holds {ours}' for ours in moved)
        ),
    )
    todo = Words("下面的登记项按大小对应；请对照问卷原题核实", "the entry below goes by size; check it against the questions as they were asked")
    doubt = Doubt("name_lies", tuple(sized[ours] for ours in moved), text, todo)
    return replace(fit, columns={**fit.columns, **sized}, doubts=(*fit.doubts, doubt))


def _wide(method: Method, reads: Reads, profiles: Sequence[Profile]) -> Fit | None:
    """One row a person, and for each feature, item or task a column for each of the method's measures."""
    required = [column for column in reads.columns if column.required]
    named = [column for column in required if column.type in ("id", "category")]
    measures = [column.name for column in required if column not in named]
    keys = named[1:] if named and named[0].type == "id" else named
    if not keys or not measures:
        return None
    names = [each.name for each in profiles if each.type != "empty"]
    patterns = families(measures, names)
    if patterns is None or (len(measures) == 1 and all(likeness(measures[0], name) for name in names)):
        return None
    key = keys[-1].name
    used = {name for name in names for pattern in patterns.values() if _is_of(name, pattern)}
    rest = [each for each in profiles if each.name not in used]
    optional = [column.name for column in reads.columns if not column.required and column.type in ("any", "number")]
    for name in optional:
        more = families([*measures, name], names)
        if more is not None:
            patterns = {**patterns, name: more[name]}
    found = matched(reads, rest, [column.name for column in reads.columns if column.name not in patterns and column.name != key])
    columns = {ours: theirs for ours, (theirs, _) in found.items()}
    if any(column.name not in columns for column in keys[:-1]):
        return None
    wide: dict[str, Any] = {"row": key, "columns": patterns}
    return Fit(method, reads, columns, wide, sure=EXACT + 0.05 * len(patterns))


def _is_of(name: str, pattern: str) -> bool:
    before, _, after = pattern.partition("{}")
    return len(name) > len(before) + len(after) and name.startswith(before) and name.endswith(after)


def _ratings(method: Method, reads: Reads, profiles: Sequence[Profile]) -> Fit | None:
    """A matrix: a row a brand (and person), a column an attribute, the rating in the cell."""
    required = {column.name: column for column in reads.columns if column.required}
    if not {"brand", "attribute", "value"} <= set(required) or set(required) - {"respondent", "brand", "attribute", "value"}:
        return None
    found = matched(reads, profiles, ["brand", "respondent", "target"])
    if "brand" not in found:
        return None
    taken = {theirs for theirs, _ in found.values()}
    scale = [each for each in profiles if each.name not in taken and each.type in ("number", "flag") and each.low is not None]
    if len(scale) < 3 or max(each.high or 0.0 for each in scale) > 10:
        return None
    wide = {"row": "attribute", "value": "value", "columns": [each.name for each in scale]}
    return Fit(method, reads, {ours: theirs for ours, (theirs, _) in found.items()}, wide, sure=found["brand"][1] - 0.1)


def _survey(method: Method, reads: Reads, profiles: Sequence[Profile], survey: bool) -> Fit | None:
    """One row a person: every column with few answers is a question. A table of another origin must have several of them.

    Where no column names the person, the number of the row does.
    """
    found = matched(reads, profiles, ["respondent", "question", "value", "weight", "segment"])
    questions = [each for each in profiles if each.type in ("category", "flag") and 2 <= each.distinct <= min(30, each.rows / 2)]
    questions = [each for each in questions if survey or each.type == "category"]
    if not survey and len(questions) < (QUESTIONS if "respondent" in found else NAMELESS_QUESTIONS):
        return None
    columns = {"respondent": ROW_NUMBER} | {ours: theirs for ours, (theirs, _) in found.items() if ours in ("respondent", "weight")}
    return Fit(method, reads, columns, sure=(1.2 if questions else 0.7) if survey else 0.5)


def _people(method: Method, reads: Reads, profiles: Sequence[Profile]) -> Fit | None:
    """A row a person and nothing but what describes them: numbers and categories, no times."""
    described = [each for each in profiles if each.type in ("number", "flag") or (each.type == "category" and each.distinct <= 30)]
    rest = [each for each in profiles if each not in described]
    found = matched(reads, rest)
    if len(described) < QUESTIONS or len(rest) > 1 + len(found) or any(each.type == "time" for each in rest) or profiles[0].rows < LEAST_PEOPLE:
        return None
    return Fit(method, reads, {ours: theirs for ours, (theirs, _) in found.items()}, sure=0.4)


def _with_values(fit: Fit, profiles: Sequence[Profile], doubts: Sequence[Doubt]) -> Fit:
    """The values and times that the doubts of the fit's columns ask for, under our names."""
    values: dict[str, Any] = {}
    for ours in (*fit.columns, *(fit.wide or {}).get("columns", ())):
        for doubt in doubts:
            if doubt.values and any(_serves(fit, ours, column) for column in doubt.columns):
                values.setdefault(ours, {}).update(doubt.values)
    forms = {each.name: form for each in profiles if each.type == "time" and (form := form_of(each)) is not None}
    times = {ours: forms[theirs] for ours, theirs in fit.columns.items() if theirs in forms}
    return replace(fit, values=values, times=times)


def _serves(fit: Fit, ours: str, theirs: str) -> bool:
    patterns = (fit.wide or {}).get("columns")
    if isinstance(patterns, Mapping) and ours in patterns:
        return _is_of(theirs, patterns[ours])
    return fit.columns.get(ours) == theirs


def dataset(fit: Fit, name: str, path: str, reader: str, options: Mapping[str, Any]) -> Dataset:
    """The fit as a dataset; a column that already has our name needs no entry."""
    columns = {ours: theirs for ours, theirs in fit.columns.items() if ours != theirs}
    return Dataset(name, path, reader, Words.of(name), None, columns, fit.values, fit.wide, options, Where(file=path), fit.times)


def _tried(fit: Fit, frame: Frame) -> Fit:
    """With what the method says of the first rows where it cannot compute; a parameter that it wants is no fault of the table."""
    few = frame.take(np.arange(min(len(frame), TRIED_ROWS)))
    params = {"draws": 200} if any(spec.name == "draws" for spec in fit.method.params.specs()) else {}
    try:
        table, _ = shaped(few, dataset(fit, "trial", frame.source, "", {}))
        if not any(reads.required for reads in fit.method.reads if reads is not fit.reads):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fit.method.run({fit.reads.role: table}, params)
    except ParamError as error:
        return replace(fit, asks=Words(error.sentence("zh"), error.sentence("en")))
    except StagewayError as error:
        return replace(fit, trial=Words(error.sentence("zh"), error.sentence("en")))
    return fit


def needs(fit: Fit) -> Iterator[Words]:
    """What else the method needs: further tables, a parameter, and columns of which a person chooses."""
    for reads in fit.method.reads:
        if reads.required and reads is not fit.reads:
            yield say(zh="还需要表 {role}（{help}）", en="it also needs the table {role} ({help})", role=reads.role, help=reads.help)
    for ours, candidates in fit.open.items():
        yield say(zh="{ours} 请从这些列里选一列：{names}", en="choose {ours} among these columns: {names}", ours=ours, names=", ".join(candidates[:8]))
    if fit.asks is not None:
        yield say(zh="还要写参数：{asks}", en="it asks for a parameter: {asks}", asks=fit.asks)


def nearly(profiles: Sequence[Profile]) -> Iterator[tuple[Method, Column]]:
    """Methods that lack one column only, and that column."""
    for method in catalogue.methods().values():
        reads = method.reads[0]
        required = [column for column in reads.columns if column.required]
        found = matched(reads, profiles)
        lacking = [column for column in required if column.name not in found]
        if len(lacking) == 1 and len(found) > 1 and not NEEDED.get(method.id):
            yield method, lacking[0]
