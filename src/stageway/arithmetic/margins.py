"""From a table of population margins (variable, category, share) and a survey to what raking needs."""

from __future__ import annotations

import numpy as np

from stageway.arithmetic import respondents, scales
from stageway.arithmetic.survey_answers import Survey
from stageway.arithmetic.weighting import Margin
from stageway.evidence import DataError, Frame, Where, did_you_mean, say


def read(frame: Frame, survey: Survey) -> tuple[list[Margin], list[str]]:
    """The margins by variable, and the categories ("variable=category") that nobody in the survey has.

    Shares may be fractions, per cent or counts: each variable is divided by its sum. Raises DataError for a variable that the survey
    lacks, a category that the margins lack, a share that is missing or given twice, and a variable whose shares are all 0.
    """
    made, empty = [], []
    whole = ~(frame.missing("variable") | frame.missing("category"))
    for name in respondents.names_of(frame.take(whole), "variable"):
        rows = np.flatnonzero(whole & np.array([v == name for v in frame["variable"].tolist()])).tolist()
        if name not in survey.texts:
            what = say(zh="答卷里没有边际表的变量“{v}”", en="the answers have no variable “{v}”, which the margins name", v=name)
            raise DataError("variable_unknown", what, where=_at(frame, rows[0]), todo=did_you_mean(name, survey.texts))
        target = _shares(frame, rows, name)
        categories = tuple(sorted(target, key=scales.natural))
        texts = survey.texts[name]
        if strange := sorted({t for t in texts if t is not None and t not in target}, key=scales.natural):
            what = say(zh="变量“{v}”的类别“{c}”不在边际表里", en="the margins lack the category “{c}” of the variable “{v}”", v=name, c=strange[0])
            raise DataError("category_unknown", what, where=_at(frame, rows[0]), todo=did_you_mean(strange[0], categories))
        place = np.array([categories.index(t) if t is not None else -1 for t in texts], dtype=np.int64)
        empty += [f"{name}={c}" for i, c in enumerate(categories) if target[c] > 0 and not (place == i).any()]
        made.append(Margin(name, categories, np.array([target[c] for c in categories]), place))
    return made, empty


def _shares(frame: Frame, rows: list[int], name: str) -> dict[str, float]:
    target: dict[str, float] = {}
    for i in rows:
        category, share = str(frame["category"][i]), float(frame["share"][i])
        if np.isnan(share) or category in target:
            raise frame.wrong("share", i, say(zh="每个类别一个占比", en="one share for each category"))
        target[category] = share
    total = sum(target[category] for category in sorted(target))
    if not total > 0:
        what = say(zh="变量“{v}”的占比全是0", en="all shares of the variable “{v}” are 0", v=name)
        raise DataError("margins_zero", what, where=_at(frame, rows[0]))
    return {category: share / total for category, share in target.items()}


def _at(frame: Frame, row: int) -> Where:
    return Where(file=frame.source or None, row=int(frame.rows[row]))
