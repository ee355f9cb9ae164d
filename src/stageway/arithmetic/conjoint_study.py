"""A conjoint study put together: fit, check, options and scenarios, and the estimates and tables that a finding shows of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stageway.arithmetic import conjoint_fit, conjoint_options, intervals
from stageway.arithmetic.choice_answers import Answers
from stageway.arithmetic.conjoint_fit import Holdout, Worths
from stageway.arithmetic.conjoint_options import Option, Scenario
from stageway.arithmetic.part_worths import Attribute
from stageway.evidence import ColumnHead, Estimate, Kind, ResultTable, Words, amount, say, shown


@dataclass(frozen=True)
class Study:
    """`independent` is Hausman & McFadden's p, NaN where not testable; `price` None where there is no such attribute."""

    answers: Answers
    worths: Worths
    holdout: Holdout | None
    independent: float
    price: Attribute | None
    credible: bool
    options: tuple[Option, ...]
    scenarios: tuple[Scenario, ...]
    level: float
    unit: str

    @property
    def rated(self) -> bool:
        return self.answers.ratings is not None

    @property
    def people(self) -> int:
        return self.worths.people


def estimates(study: Study, draws: int, rng: np.random.Generator) -> list[Estimate]:
    return [*_importance(study), *_part_worths(study), *_money(study), *_foretold(study), *_simulated(study, draws, rng)]


def _around(name: str, value: float, half: float, key: str, people: int, level: float, label: Words) -> Estimate:
    return Estimate(name, value, value - half, value + half, key=key, n=people, level=level, label=label)


def _importance(study: Study) -> list[Estimate]:
    worths, made = study.worths, []
    if len(worths.design.attributes) < 2 or np.isnan(worths.importance).any():
        return []
    for k, attribute in enumerate(worths.design.attributes):
        label = say(zh="“{a}”的重要度", en="importance of “{a}”", a=attribute.name)
        made.append(Estimate("importance", float(worths.importance[k]), float(worths.low[k]), float(worths.high[k]), key=attribute.name, unit="%", n=worths.people,
                             level=study.level, label=label))
        label = say(zh="“{a}”最重要的概率", en="probability that “{a}” matters most", a=attribute.name)
        made.append(Estimate("p_first", float(worths.first[k]), key=attribute.name, unit="%", n=worths.people, kind=Kind.EXACT, level=study.level, label=label))
    return made


def _part_worths(study: Study) -> list[Estimate]:
    worths, level = study.worths, study.level
    t, made = intervals.t_of(level, worths.df), []
    for attribute in worths.design.attributes:
        contrasts = worths.design.contrasts(attribute)
        if attribute.line:
            unit = (contrasts[1] - contrasts[0]) / (attribute.high - attribute.low)
            value, error = worths.of(unit)
            label = say(zh="“{a}”每多1的效用", en="worth of one more of “{a}”", a=attribute.name)
            made.append(_around("slope", value, t * error, attribute.name, worths.people, level, label))
        for k, name in enumerate(attribute.levels):
            value, error = worths.of(contrasts[k])
            label = say(zh="“{a}”为{l}的效用", en="part-worth of “{a}” {l}", a=attribute.name, l=name)
            made.append(_around("part_worth", value, t * error, f"{attribute.name}={name}", worths.people, level, label))
    if worths.design.none:
        value, error = worths.of(np.eye(worths.design.width)[-1])
        made.append(_around("part_worth", value, t * error, conjoint_options.NONE, worths.people, level, Words("“都不选”的效用", "worth of choosing none")))
    return made


def _money(study: Study) -> list[Estimate]:
    made, people = [], study.worths.people
    for option in study.options:
        if option.paid is not None:
            label = say(zh="愿为“{o}”多付", en="willingness to pay for “{o}”", o=option.key)
            made.append(Estimate("wtp", option.paid.value, option.paid.low, option.paid.high, key=option.key, unit=study.unit, n=people, level=study.level, label=label))
    if study.options:
        without = sum(option.paid is None for option in study.options)
        label = Words("没有支付意愿区间的选项数", "options without an interval of willingness to pay")
        made.append(Estimate("options_without_interval", without, n=people, kind=Kind.EXACT, level=study.level, label=label))
    return made


def _foretold(study: Study) -> list[Estimate]:
    held = study.holdout
    if held is None:
        return []
    label = Words("留出题猜中率", "share of kept choices foretold")
    return [Estimate("holdout_hit", held.value, held.low, held.high, unit="%", n=held.people, kind=Kind.SHARE, level=study.level, label=label)]


def _simulated(study: Study, draws: int, rng: np.random.Generator) -> list[Estimate]:
    worths, level, made = study.worths, study.level, []
    for scenario in study.scenarios:
        if not study.rated:
            share, low, high, best = conjoint_fit.simulated(worths, scenario.x, level, draws, rng)
            for k in range(len(share)):
                key = scenario.key(k)
                made.append(Estimate("share", float(share[k]), float(low[k]), float(high[k]), key=key, unit="%", n=worths.people, level=level,
                                     label=say(zh="“{a}”的份额", en="share of “{a}”", a=key)))
                made.append(Estimate("p_best", float(best[k]), key=key, unit="%", n=worths.people, kind=Kind.EXACT, level=level,
                                     label=say(zh="“{a}”份额最大的概率", en="probability that “{a}” has the largest share", a=key)))
        taken = conjoint_fit.first_chosen(worths, scenario.x, level, rng)
        for k, (value, low_, high_) in enumerate(zip(*(each.tolist() for each in taken), strict=True)) if taken is not None else ():
            label = say(zh="首选“{a}”的人", en="people whose first choice is “{a}”", a=scenario.key(k))
            made.append(Estimate("first_choice", value, low_, high_, key=scenario.key(k), unit="%", n=worths.people, kind=Kind.SHARE if study.rated else Kind.OTHER,
                                 level=level, label=label))
    return made


def tables(study: Study, made: list[Estimate]) -> tuple[ResultTable, ...]:
    by = {e.full_name: e for e in made}
    rows: list[tuple[object, ...]] = []
    for attribute in study.worths.design.attributes:
        weight = by.get(f"importance[{attribute.name}]")
        for k, level in enumerate(attribute.levels or (None,)):
            worth = by[f"slope[{attribute.name}]"] if level is None else by[f"part_worth[{attribute.name}={level}]"]
            name = Words("每多1", "one more") if level is None else level
            paid = by.get(f"wtp[{attribute.name}]" if level is None else f"wtp[{attribute.name}={level}]")
            rows.append((attribute.name, name, shown(worth, _digits(worth)), shown(paid) if paid else None, shown(weight) if weight and k == 0 else None))
    if none := by.get(f"part_worth[{conjoint_options.NONE}]"):
        rows.append((Words("都不选", "none"), None, shown(none, 2), None, None))
    heads = (ColumnHead("attribute", Words("属性", "Attribute")), ColumnHead("level", Words("水平", "Level")), ColumnHead("worth", Words("效用及区间", "Worth with interval")),
             ColumnHead("wtp", Words("支付意愿及区间", "Willingness to pay")), ColumnHead("importance", Words("重要度及区间", "Importance")))
    first = ResultTable("worths", Words("各属性与水平的效用", "Worths by attribute and level"), heads, tuple(rows), _fitted(study))
    return (first, *((_shares(study, by),) if study.scenarios else ()))


def _digits(e: Estimate) -> int:
    """Enough decimals for slopes of attributes in large units."""
    size = max(abs(e.value), (e.high or 0.0) - (e.low or 0.0))
    return 2 if size >= 0.1 or size == 0 else int(min(8, 1 - np.floor(np.log10(size))))


def _fitted(study: Study) -> Words:
    worths = study.worths
    if worths.log_likelihood is None:
        return say(zh="{n}人各自的最小二乘，{k}条评分；R²均值{r}。", en="Least squares of {n} people, {k} ratings; mean R² {r}.", n=worths.people, k=f"{worths.units:,}", r=f"{worths.r_squared:.3f}")
    return say(zh="条件logit，{n}人、{k}道题；对数似然{ll}，McFadden R²={r}。", en="Conditional logit, {n} people, {k} tasks; log-likelihood {ll}, McFadden R² = {r}.",
               n=worths.people, k=f"{worths.units:,}", ll=amount(worths.log_likelihood, "", 1), r=f"{worths.r_squared:.3f}")


def _shares(study: Study, by: dict[str, Estimate]) -> ResultTable:
    rows = []
    for scenario in study.scenarios:
        for k, name in enumerate(scenario.alternatives):
            share, best, taken = (by.get(f"{e}[{scenario.key(k)}]") for e in ("share", "p_best", "first_choice"))
            rows.append((scenario.name or None, name, shown(share) if share else None, best.value if best else None, shown(taken) if taken else None))
    heads = (ColumnHead("scenario", Words("情景", "Scenario")), ColumnHead("alternative", Words("方案", "Alternative")), ColumnHead("share", Words("份额及区间", "Share with interval")),
             ColumnHead("p_best", Words("份额最大的概率", "P(largest)"), "%", 0), ColumnHead("first_choice", Words("首选的人及区间", "First choice of people")))
    return ResultTable("shares", Words("方案模拟", "Simulated alternatives"), heads, tuple(rows))
