"""What people think of brands: perceptions as people × brands × attributes, and distances that noise does not lengthen.

A distance between two means that were each measured with error is too long on average: the error adds its variance to the square, and
a bootstrap adds it once more (so the plain percentile interval of a true distance of 0 never contains 0). Here the variance is taken
off: once from the measured square, twice from each resampled one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stageway.arithmetic import bootstrap, scales
from stageway.evidence import DataError, Frame, ParamError, Where, Words, did_you_mean, say

Array = NDArray[np.float64]
#: How people call their own brand, where no parameter names it.
OWN = ("us", "own", "ours", "我们", "本品", "自己")


@dataclass(frozen=True)
class Perceptions:
    """`values` (people, brands, attributes), NaN where not asked. `target`: who is in the target segment (all, where it is not told)."""

    brands: list[str]
    attributes: list[str]
    values: Array
    target: NDArray[np.bool_]
    told: bool
    nameless: int

    @property
    def n(self) -> int:
        return len(self.values)


def read(frame: Frame) -> Perceptions:
    """From the long table; people in the order of their ids. Raises DataError for two different values of one cell, or no value at all."""
    nameless = frame.missing("respondent")
    used = frame.take(~(nameless | frame.missing("brand") | frame.missing("attribute") | frame.missing("value")))
    if not len(used):
        what = Words("没有一行同时有受访者、品牌、属性和取值", "no row has a respondent, a brand, an attribute and a value")
        raise DataError("no_answers", what, where=Where(file=frame.source or None))
    names = [sorted(set(used[column].tolist()), key=scales.natural) for column in ("respondent", "brand", "attribute")]
    places = [{name: i for i, name in enumerate(listed)} for listed in names]
    at = [np.array([place[cell] for cell in used[column].tolist()]) for place, column in zip(places, ("respondent", "brand", "attribute"), strict=True)]
    values = np.full([len(listed) for listed in names], np.nan)
    target = np.full(len(names[0]), np.nan)
    flags = used["target"] if "target" in used else np.full(len(used), np.nan)
    for row, (i, j, k, value, flag) in enumerate(zip(*(a.tolist() for a in at), used["value"].tolist(), flags.tolist(), strict=True)):
        if values[i, j, k] != value and not np.isnan(values[i, j, k]):
            raise _twice(used, row, say(zh="同一人对同一品牌、同一属性有两个不同的值", en="one person gives one brand and attribute two different values"))
        if target[i] != flag and not np.isnan(target[i]) and not np.isnan(flag):
            raise _twice(used, row, say(zh="同一人既在目标人群又不在", en="one person is in the target segment and is not"))
        values[i, j, k] = value
        target[i] = target[i] if np.isnan(flag) else flag
    told = "target" in used
    return Perceptions(names[1], names[2], values, (target == 1) if told else np.ones(len(target), dtype=bool), told, int(nameless.sum()))


def _twice(frame: Frame, row: int, what: Words) -> DataError:
    where = Where(file=frame.source or None, row=int(frame.rows[row]))
    return DataError("answered_twice", what, where=where, todo=Words("请只保留其中一条", "keep one of the two"))


def own_first(data: Perceptions, own: str) -> Perceptions:
    """The same with our brand as brand 0. Raises ParamError where it is not among the brands."""
    name = own or next((brand for brand in data.brands if brand.lower() in OWN), "")
    if name not in data.brands:
        what = say(zh="数据里没有自有品牌“{own}”",
            en="the data have no brand “{own}”", own=name) if name else Words("没有说明哪个是自有品牌", "it is not said which brand is ours")
        raise ParamError("own_unknown", what, expected=Words("参数own为brand列中的一个名称", "own to be a name in the column brand"),
            todo=did_you_mean(name, data.brands))
    order = [data.brands.index(name), *(i for i, brand in enumerate(data.brands) if brand != name)]
    return Perceptions([data.brands[i] for i in order], data.attributes, data.values[:, order], data.target, data.told, data.nameless)


def claimed(text: str) -> dict[str, float]:
    """Intended shares by attribute from "a, b=0.7"; 1 where none is written. Raises ParamError for a share outside 0 to 1."""
    made: dict[str, float] = {}
    for part in re.split("[,，、;；]", text):
        name, marked, share = (piece.strip() for piece in part.partition("="))
        if not name:
            continue
        try:
            made[name] = float(share) if marked else 1.0
        except ValueError:
            made[name] = np.nan
        if not 0 <= made[name] <= 1:
            what = say(zh="主张“{part}”的意图占比不对", en="the intended share of the claim “{part}” is wrong", part=part.strip())
            raise ParamError("claim_wrong", what, expected=Words("0～1的数", "a number from 0 to 1"))
    return made


def threshold(values: Array, link: float | None, file: str) -> float:
    """From which value on a cell is a link: `link`, else 1 for 0/1 data, else the top two boxes. DataError where all or none are."""
    known = values[~np.isnan(values)]
    at = link if link is not None else (1.0 if set(np.unique(known)) <= {0.0, 1.0} else float(known.max()) - 1)
    if (known >= at).all() or not (known >= at).any():
        which = Words("全部", "all") if (known >= at).all() else Words("没有一个", "none")
        raise DataError(
            "no_contrast", say(zh="{which}取值达到认同线{at}",
                en="{which} of the values reach the link threshold {at}", which=which, at=f"{at:g}"), where=Where(file=file or None, column="value"),
            expected=Words("既有认同也有不认同", "some values that are links and some that are not"), todo=Words("没选的也要有行（0），或用参数link另定认同线",
                "rows for what was not ticked (0), or another threshold by the parameter link"))
    return at


def columns(values: Array) -> Array:
    """Per person and cell the value, whether there is one, and its square: (people, 3 × brands × attributes)."""
    flat = values.reshape(len(values), -1)
    known = ~np.isnan(flat)
    filled = np.where(known, flat, 0.0)
    return np.concatenate([filled, known.astype(np.float64), filled**2], axis=1)


def profiles(sums: Array, shape: tuple[int, int], spread: str) -> Array:
    """Means of each brand on each attribute in standard deviations of that attribute: sums (rows, 3BJ) → (rows, B, J).

    spread `all`: of all values of the attribute (z-scores); `within`: of people about the mean of their brand.
    """
    total, count, square = (part.reshape(-1, *shape) for part in np.split(sums, 3, axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        if spread == "within":
            variance = (square - total**2 / count).sum(axis=1) / (count.sum(axis=1) - shape[0])
        else:
            variance = square.sum(axis=1) / count.sum(axis=1) - (total.sum(axis=1) / count.sum(axis=1)) ** 2
        scaled: Array = mean / np.sqrt(variance)[:, None]
    return scaled


def lengths(point: Array, drawn: Array) -> tuple[Array, Array]:
    """Lengths of vectors with the noise taken off: point (k, J), resampled (draws, k, J) → (k), (draws, k).

    A square that becomes negative keeps its sign under the root: it stands for "not longer than the noise".
    """
    noise = ((drawn - drawn.mean(axis=0)) ** 2).sum(axis=2).mean(axis=0)
    return _root((point**2).sum(axis=1) - noise), _root((drawn**2).sum(axis=2) - 2 * noise)


def _root(square: Array) -> Array:
    signed: Array = np.sign(square) * np.sqrt(np.abs(square))
    return signed


@dataclass(frozen=True)
class Nearest:
    """Distances to the alternatives with intervals, how probably each is the nearest one, and the distance to the nearest."""

    values: Array
    lows: Array
    highs: Array
    p: Array
    distance: tuple[float, float, float]


def nearest(point: Array, drawn: Array, level: float) -> Nearest:
    """From own-less-alternative vectors, point (k, J) and resampled (draws, k, J).

    The least of several noisy distances is too small on average, the more so the closer the rivals. So the distance to the nearest is
    the average over the alternatives, weighted by how probably each is the nearest; its ends likewise, the lower one not above that of
    the least distance itself. In simulated markets (30 to 300 people, 2 to 6 rivals, distances 0 to 1.4) the 95 % interval held the
    truth in 95 to 100 % of cases: never less than it says, more where people are few.
    """
    value, samples = lengths(point, drawn)
    low, high = bootstrap.percentiles(samples, level)
    p = np.bincount(samples.argmin(axis=1), minlength=samples.shape[1]) / len(samples)
    value, low, high = (np.maximum(0.0, ends) for ends in (value, low, high))
    middle, top = float(p @ value), float(p @ high)
    bottom = min(float(p @ low), max(0.0, bootstrap.percentile(samples.min(axis=1), level)[0]), middle)
    return Nearest(value, np.minimum(low, value), np.maximum(high, value), p, (middle, bottom, max(top, middle)))


def tallied(linked: Array, data: Perceptions) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """By attribute, in the target segment: how many link it to brand 0, and how many to it alone, of how many asked."""
    hits, sole = {}, {}
    for j, name in enumerate(data.attributes):
        cells = linked[data.target][:, :, j]
        asked = cells[~np.isnan(cells[:, 0])]
        if len(asked):
            hits[name] = (int(asked[:, 0].sum()), len(asked))
            sole[name] = (int(((asked[:, 0] == 1) & (np.nansum(asked[:, 1:], axis=1) == 0)).sum()), len(asked))
    return hits, sole


def usable(data: Perceptions, inside: NDArray[np.bool_]) -> list[str]:
    """Attributes that every brand was rated on and that vary, among the people inside."""
    values = data.values[inside]
    rated: NDArray[np.bool_] = np.asarray((~np.isnan(values)).any(axis=0).all(axis=0))
    return [name for j, name in enumerate(data.attributes) if rated[j] and np.nanmax(values[:, :, j]) > np.nanmin(values[:, :, j])]


@dataclass(frozen=True)
class Resampled:
    """Own less alternatives, point (k, J) and draws; and the shares of the target segment linking each attribute to us, point and draws."""

    away: Array
    away_drawn: Array
    share: Array
    share_drawn: Array


def resampled(data: Perceptions, linked: Array, used: list[str], inside: NDArray[np.bool_], spread: str, draws: int, rng: np.random.Generator) -> Resampled:
    """Everything from the same draws of people. `inside`: whose values make the distances, over the attributes `used`."""
    places = [data.attributes.index(name) for name in used]
    values = np.where(inside[:, None, None], data.values, np.nan)[:, :, places]
    ours = np.where(data.target[:, None], linked[:, 0], np.nan)
    cells = np.concatenate([columns(values), np.nan_to_num(ours), (~np.isnan(ours)).astype(np.float64)], axis=1)
    shape = (len(data.brands), len(places))
    cut = 3 * shape[0] * shape[1]

    def read_off(sums: Array) -> tuple[Array, Array]:
        z = profiles(sums[:, :cut], shape, spread)
        yes, asked = np.split(sums[:, cut:], 2, axis=1)
        return z[:, :1] - z[:, 1:], np.divide(yes, asked, out=np.full(yes.shape, np.nan), where=asked > 0)

    (away,), (share,) = read_off(cells.sum(axis=0, keepdims=True))
    drawn, shares = read_off(bootstrap.sums(cells, draws, rng))
    return Resampled(away, np.where(np.isfinite(drawn), drawn, away), share, np.where(np.isfinite(shares), shares, share))


@dataclass(frozen=True)
class Lead:
    """Linked shares (brands, k), the best alternative of each attribute, and the weighted lead over it with its interval."""

    shares: Array
    best: NDArray[np.int64]
    value: float
    low: float
    high: float


def lead(linked: Array, weight: Array, draws: int, level: float, rng: np.random.Generator) -> Lead:
    """Brand 0 against the best alternative on each attribute: linked (people, brands, k), `weight` (k) sums to 1.

    Which alternative is the best stays fixed while people are resampled. But the highest of several measured shares is too high on average,
    which makes the lead too small: its upper end is the higher one of two, against the best, and against the mean of those alternatives
    that are the best in (1 − level)/2 of the resamples or more. In simulated markets (60 and 200 people, 3 rivals, shares that differ by
    a standard deviation of 0.07 to 0.3) the 95 % interval held the truth in 94 to 98 %; with the best alone, down to 92 %.
    """
    k = len(weight)
    shares = np.nanmean(linked, axis=0)
    best = 1 + shares[1:].argmax(axis=0)
    flat = linked.reshape(len(linked), -1)
    cells = np.concatenate([np.nan_to_num(flat), (~np.isnan(flat)).astype(np.float64)], axis=1)
    yes, asked = np.split(bootstrap.sums(cells, draws, rng), 2, axis=1)
    drawn = np.divide(yes, asked, out=np.tile(shares.ravel(), (len(yes), 1)), where=asked > 0).reshape(-1, *shares.shape)
    own, rivals = drawn[:, 0], drawn[:, 1:]
    first = rivals == rivals.max(axis=1, keepdims=True)
    close = (first / first.sum(axis=1, keepdims=True)).mean(axis=0) >= (1 - level) / 2
    close[best - 1, np.arange(k)] = True
    low, high = bootstrap.percentile((own - rivals[:, best - 1, np.arange(k)]) @ weight, level)
    among = bootstrap.percentile((own - (rivals * close).sum(axis=1) / close.sum(axis=0)) @ weight, level)[1]
    value = float((shares[0] - shares[best, np.arange(k)]) @ weight)
    return Lead(shares, best, value, min(low, value), max(high, among, value))
