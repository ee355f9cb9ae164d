"""Which kind of perceptions a table holds, and the same as arrays: ticks, counts, ratings, means, or dissimilarities of pairs.

Three layouts are told apart by their columns: `other` makes pairs of brands; `attribute` a long table; neither a wide one, in which every
column of numbers is an attribute. With a person for each row, or several rows a brand, values are of people; else the table is a sum.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import scales
from stageway.evidence import DataError, Frame, ParamError, Warning, Where, Words, did_you_mean, joined, say

Array = NDArray[np.float64]
#: Whole numbers above this are counts and no rating.
HIGHEST_RATING = 10


@dataclass(frozen=True)
class Brands:
    """`kind`: ticks or ratings (values (people, B, J)), counts, shares or means (values (1, B, J)), dissimilarities (values (people, B, B)).

    `people` is 0 for a table that is a sum. `notes` are codes of what was assumed or left out, each with its list of names.
    """

    kind: str
    brands: list[str]
    attributes: list[str]
    values: Array
    people: int
    notes: dict[str, list[str]] = field(default_factory=dict)

    def table(self) -> Array:
        """Means over people, (B, J)."""
        known = ~np.isnan(self.values)
        means = np.full(self.values.shape[1:], np.nan)
        return np.asarray(np.divide(np.nansum(self.values, axis=0), known.sum(axis=0), out=means, where=known.any(axis=0)))


def read(frame: Frame, chosen: str) -> Brands:
    """`chosen`: attributes to take, separated by commas; empty takes all. Raises DataError, or ParamError for an attribute that is not there."""
    wanted = [name.strip() for name in chosen.replace("，", ",").split(",") if name.strip()]
    if "other" in frame:
        return _pairs(frame)
    if "attribute" in frame:
        made = _long(frame)
    else:
        made = _wide(frame, wanted)
    for name in wanted:
        if name not in made.attributes:
            what = say(zh="数据里没有属性“{name}”", en="the data have no attribute “{name}”", name=name)
            raise ParamError("attribute_unknown", what, todo=did_you_mean(name, made.attributes))
    return _useful(made, wanted)


def _long(frame: Frame) -> Brands:
    notes: dict[str, list[str]] = {}
    used = frame.take(~(frame.missing("brand") | frame.missing("attribute")))
    if "value" not in used:
        notes["ticks_only"] = []
        used = used.with_columns(value=np.ones(len(used)))
    named = "respondent" in used
    if not named:
        used = used.with_columns(respondent=["*"] * len(used))
        cells = list(zip(used["brand"].tolist(), used["attribute"].tolist(), strict=True))
        if len(set(cells)) < len(cells):
            what = Words("同一品牌、同一属性有几行，却没有受访者一列", "a brand and attribute has several rows, and no column says whose")
            raise DataError("respondent_missing", what, where=Where(file=frame.source or None), todo=Words("用columns指明受访者列", "name the column respondent"))
    nameless = used.missing("respondent")
    used = used.take(~nameless & ~used.missing("value"))
    if nameless.any():
        notes["nameless"] = [str(int(nameless.sum()))]
    people, brands, attributes, values = _cube(used, used["respondent"].tolist(), used["brand"].tolist(), used["attribute"].tolist(), used["value"])
    values = np.nan_to_num(values) if "ticks_only" in notes else values
    return Brands(_kind(values, named), brands, attributes, values, len(people) if named else 0, notes)


def _cube(frame: Frame, who: list[str], brand: list[str], attribute: list[str], value: Array) -> tuple[list[str], list[str], list[str], Array]:
    """(people, brands, attributes, values (people, B, J)) of cells; position i of a list belongs to row i of `frame`, counted round and round."""
    if not who:
        raise DataError("no_answers", Words("没有一行同时有受访者、品牌、属性和取值", "no row has a respondent, a brand, an attribute and a value"),
                        where=Where(file=frame.source or None))
    names = [sorted(set(listed), key=scales.natural) for listed in (who, brand, attribute)]
    places = [{name: i for i, name in enumerate(listed)} for listed in names]
    at = tuple(np.array([place[name] for name in listed]) for place, listed in zip(places, (who, brand, attribute), strict=True))
    values = np.full([len(listed) for listed in names], np.nan)
    values[at] = value
    if (twice := np.flatnonzero((values[at] != value) & ~(np.isnan(values[at]) & np.isnan(value)))).size:
        i = int(twice[0])
        what = say(zh="同一人对“{brand}”的“{a}”有两个不同的值", en="one person gives “{brand}” two different values on “{a}”", brand=brand[i], a=attribute[i])
        raise DataError("answered_twice", what, where=Where(file=frame.source or None, row=int(frame.rows[i % len(frame)])), todo=Words("请只保留其中一条", "keep one of the two"))
    return names[0], names[1], names[2], values


def _wide(frame: Frame, wanted: list[str]) -> Brands:
    used = frame.take(~frame.missing("brand"))
    columns, skipped = {}, []
    for name in sorted(set(used.names) - {"respondent", "brand"}, key=scales.natural):
        if wanted and name not in wanted:
            continue
        try:
            columns[name] = used.numbers(name)
        except DataError:
            skipped.append(name)
    if not columns or not len(used):
        what = Words("没有一列数字可作属性", "no column of numbers can be an attribute")
        raise DataError("no_attributes", what, where=Where(file=frame.source or None), todo=Words(
            "要么每行写品牌、属性和取值，要么每个属性一列", "give rows of brand, attribute and value, or one column an attribute"))
    block, names = np.column_stack(list(columns.values())), used["brand"].tolist()
    notes = {"column_skipped": skipped} if skipped else {}
    keep = np.asarray(~np.isnan(block).all(axis=1))
    who = [""] * len(names)
    if named := "respondent" in used:
        keep = keep & ~used.missing("respondent")
        who = [str(w) for w in used["respondent"].tolist()]
    elif len(set(names)) < len(names):  # one unknown person a row, put into an order that the file's does not change
        named = True
        order = sorted(range(len(names)), key=lambda i: (scales.natural(names[i]), tuple(np.nan_to_num(block[i], nan=-np.inf).tolist())))
        for place, i in enumerate(order):
            who[i] = f"{place}"
    used, block = used.take(keep), block[keep]
    who, names = ([each for each, kept in zip(listed, keep.tolist(), strict=True) if kept] * len(columns) for listed in (who, names))
    people, brands, attributes, values = _cube(used, who, names, np.repeat(list(columns), len(used)).tolist(), block.T.ravel())
    return Brands(_kind(values, named), brands, attributes, values, len(people) if named else 0, notes)


def _kind(values: Array, named: bool) -> str:
    known = values[~np.isnan(values)]
    whole = bool((known == np.round(known)).all() and (known >= 0).all())
    binary = set(np.unique(known)) <= {0.0, 1.0}
    if named:
        return "ticks" if binary else "ratings"
    if whole and (binary or known.max() > HIGHEST_RATING):
        return "counts"
    return "shares" if ((known >= 0) & (known <= 1)).all() else "means"


def _useful(made: Brands, wanted: list[str]) -> Brands:
    """Only attributes that every brand was asked about and that vary, and brands that are known for something."""
    asked = np.asarray((~np.isnan(made.values)).any(axis=0).all(axis=0))
    varies = np.array([np.ptp(v[~np.isnan(v)]) > 0 if (~np.isnan(v)).any() else False for v in np.moveaxis(made.values, 2, 0)])
    keep = [j for j, name in enumerate(made.attributes) if asked[j] and varies[j] and (not wanted or name in wanted)]
    lost = [name for j, name in enumerate(made.attributes) if j not in keep and (not wanted or name in wanted)]
    values, notes = made.values[:, :, keep], dict(made.notes)
    rows = list(range(len(made.brands)))
    if made.kind in ("ticks", "counts", "shares") and keep:
        rows = [b for b in rows if np.nansum(values[:, b]) > 0]
        if len(rows) < len(made.brands):
            notes["empty_brand"] = [name for b, name in enumerate(made.brands) if b not in rows]
    if lost:
        notes["attribute_left_out"] = lost
    if len(rows) < 2 or len(keep) < 2:
        what = say(zh="可用的只有{b}个品牌、{j}项属性", en="brands that can be used: {b}, attributes: {j}", b=len(rows), j=len(keep))
        raise DataError("too_few", what, expected=Words("至少两个品牌、两项有差异的属性", "two brands and two attributes that vary, at least"))
    return Brands(made.kind, [made.brands[b] for b in rows], [made.attributes[j] for j in keep], values[:, rows], made.people, notes)


def _pairs(frame: Frame) -> Brands:
    used = frame.take(~(frame.missing("brand") | frame.missing("other") | (frame.missing("value") if "value" in frame else np.ones(len(frame), dtype=bool))))
    named = "respondent" in used
    if named:
        used = used.take(~used.missing("respondent"))
    who = used["respondent"].tolist() if named else ["*"] * len(used)
    rows = sorted(zip(who, used["brand"].tolist(), used["other"].tolist(), (used["value"].tolist() if len(used) else []), range(len(used)), strict=True),
                  key=lambda r: (scales.natural(r[0]), *sorted((r[1], r[2])), r[3]))
    brands = sorted({name for r in rows for name in r[1:3]}, key=scales.natural)
    people = sorted({r[0] for r in rows}, key=scales.natural)
    if len(brands) < 4:
        what = say(zh="只有{b}个品牌的两两差异", en="brands with dissimilarities: {b}", b=len(brands))
        raise DataError("too_few", what, where=Where(file=frame.source or None), expected=Words("至少4个品牌", "four brands at least"))
    values = np.full((len(people), len(brands), len(brands)), np.nan)
    values[:, np.arange(len(brands)), np.arange(len(brands))] = 0.0
    place = {name: i for i, name in enumerate(brands)}
    for (person, a, b), group in groupby(rows, key=lambda r: (r[0], *sorted((r[1], r[2])))):
        listed = list(group)
        i, j, seen = place[a], place[b], [r[3] for r in listed]
        if min(seen) < 0 or (i == j and max(seen) > 0):
            raise used.wrong("value", listed[0 if min(seen) < 0 else -1][4], Words("不小于0的差异；自己与自己为0", "a dissimilarity of 0 or more, and 0 of a brand with itself"))
        values[people.index(person), [i, j], [j, i]] = float(np.mean(seen))
    missing = [f"{brands[i]}–{brands[j]}" for i, j in zip(*np.triu_indices(len(brands), 1), strict=True) if np.isnan(values[:, i, j]).all()]
    if missing:
        what = say(zh="有{k}对品牌没有差异值，如{pair}", en="pairs without a dissimilarity: {k}, such as {pair}", k=len(missing), pair=missing[0])
        raise DataError("pair_missing", what, where=Where(file=frame.source or None), todo=Words("补上这些对，或去掉其中的品牌", "add these pairs or leave the brand out"))
    return Brands("dissimilarities", brands, [], values, len(people) if named else 0)


def noted(data: Brands) -> list[Warning]:
    """What was assumed or left out, in words."""
    texts = {
        "ticks_only": ("数据只列出勾选，没列出的一律按没勾计。", "The data list ticks only: what is not listed counts as not ticked."),
        "nameless": ("没有受访者编号、没有计入的行数：{list}。", "Rows without a respondent, not counted: {list}."),
        "column_skipped": ("不是数字、没有当作属性的列：{list}。", "Columns that are not numbers and no attributes: {list}."),
        "empty_brand": ("没有一次勾选、没有画的品牌：{list}。", "Brands without a single tick, not drawn: {list}."),
        "attribute_left_out": ("有品牌没问到，或取值全同，没有用的属性：{list}。", "Attributes not asked of every brand, or all alike, not used: {list}."),
    }
    made = []
    for code, names in data.notes.items():
        zh, en = texts[code]
        slots = {"list": Words.of(names[0]) if code == "nameless" else joined([Words(f"“{name}”", f"“{name}”") for name in names], zh="", last_en=" and ")} if "{list}" in zh else {}
        made.append(Warning(code, say(zh=zh, en=en, **slots)))
    return made
