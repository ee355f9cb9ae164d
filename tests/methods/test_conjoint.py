"""Conjoint: published models and independent implementations, then what must hold for any answers, then bad data, then speed."""

import csv
import time

import numpy as np
import pytest

from stageway.arithmetic import choice_answers, choice_logit, part_worths
from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.research.conjoint import conjoint, example
from tests.shared import shared

Rows = list[dict[str, object]]


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


def read(name: str) -> list[dict[str, str]]:
    with shared(f"conjoint/{name}").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def yogurt() -> Frame:
    return Frame.of([{"respondent": r["id"], "task": r["obsID"], "alternative": r["alt"], "chosen": r["choice"], "price": r["price"], "feat": r["feat"], "brand": r["brand"]}
                     for r in read("yogurt_choice_long.csv")], "yogurt.csv")


def heating() -> Frame:
    """The wide file as a dataset entry would give it: one row a system, the chosen one by its name in every row."""
    return Frame.of([{"respondent": r["idcase"], "task": 1, "alternative": a, "ic": r[f"ic.{a}"], "oc": r[f"oc.{a}"], "chosen": r["depvar"]}
                     for r in read("heating_choice_wide.csv") for a in ("gc", "gr", "ec", "er", "hp")], "heating.csv")


def tea() -> dict[str, Frame]:
    levels = {"price": ["low", "medium", "high"], "variety": ["black", "green", "red"], "kind": ["bags", "granulated", "leafy"], "aroma": ["yes", "no"]}
    ratings = [{"respondent": f"p{i}", "alternative": name, "rating": cell} for i, row in enumerate(read("tea_ratings.csv")) for name, cell in row.items()]
    profiles = [{"alternative": f"profil{k}", **{a: names[int(row[a]) - 1] for a, names in levels.items()}} for k, row in enumerate(read("tea_profiles.csv"), 1)]
    return {"answers": Frame.of(ratings, "tea_ratings.csv"), "profiles": Frame.of(profiles, "tea_profiles.csv")}


# ---- published, and independent


def test_the_yogurt_data_give_the_published_coefficients_payments_and_fit():
    """logitr 1.2.0, vignette "Estimating Multinomial Logit Models"; data of Jain, Vilcassim & Chintagunta (1994). Price in cents."""
    found = conjoint.run({"answers": yogurt()}, {"price_unit": "cents"})
    dannon = found.get("part_worth", "brand=dannon").value
    published = {"hiland": -3.7156002, "weight": -0.6411843, "yoplait": 0.7345712}
    assert {b: found.get("part_worth", f"brand={b}").value - dannon for b in published} == pytest.approx(published, abs=1e-6)
    assert (found.get("slope", "price").value, found.get("slope", "feat").value) == pytest.approx((-0.3665845, 0.4914335), abs=1e-6)
    paid = {"feat": 1.3405737, "brand=hiland": -10.1357272, "brand=weight": -1.7490765, "brand=yoplait": 2.0038253}
    assert {k: found.get("wtp", k).value for k in paid} == pytest.approx(paid, abs=1e-5)
    assert "对数似然−2,656.9，McFadden R²=0.205" in found.table("worths").note.zh
    assert found.get("options_without_interval").value == 0


def test_standard_errors_of_the_yogurt_data_before_clustering_are_the_published_ones_and_the_payments_follow_by_the_delta_method():
    data = choice_answers.read(conjoint_ready(yogurt()), None, choice_answers.Wanted((), (), "line"))
    fit = choice_logit.fit(data.sets())
    plain = np.linalg.inv(fit.information)
    columns = {a.name: data.design.columns(a) for a in data.design.attributes}
    assert np.sqrt(plain[columns["price"], columns["price"]]).item() == pytest.approx(0.024366, abs=1e-6)
    assert np.sqrt(plain[columns["feat"], columns["feat"]]).item() == pytest.approx(0.120063, abs=1e-6)
    assert (fit.log_likelihood, fit.null, fit.r_squared) == pytest.approx((-2656.8878779, -3343.7419990, 0.2054148), abs=1e-6)
    f, p = columns["feat"].start, columns["price"].start
    paid = part_worths.willingness(fit.beta[f], fit.beta[p], (plain[f, f], plain[p, p], plain[f, p]), 1.959964, "delta")
    assert (paid.high - paid.low) / 2 / 1.959964 == pytest.approx(0.355865, abs=2e-4)  # logitr, model in the space of payments


def conjoint_ready(table: Frame) -> Frame:
    return table.with_columns(**{name: table.texts(name) for name in ("respondent", "task", "alternative")})


def test_fieller_is_the_set_of_payments_that_the_data_do_not_reject():
    worth, price, v = 1.0, -0.5, (0.04, 0.01, 0.005)
    paid = part_worths.willingness(worth, price, v, 1.96, "fieller")
    for end in (paid.low, paid.high):  # worth + end × price is then exactly 1.96 standard errors from 0
        assert abs(worth + end * price) / np.sqrt(v[0] + 2 * end * v[2] + end**2 * v[1]) == pytest.approx(1.96)
    assert paid.high - paid.value > paid.value - paid.low
    assert part_worths.willingness(worth, -0.19, v, 1.96, "fieller") is None
    assert part_worths.willingness(worth, 0.5, v, 1.96, "delta") is None


def test_the_heating_data_give_the_published_coefficients():
    """Train's exercise, mlogit vignette "e1mlogit": depvar ~ ic + oc | 0, standard errors 0.00035277 and 0.00032216, log-likelihood -1095.2."""
    found = conjoint.run({"answers": heating()}, {"price": "ic", "chosen_by": "alternative"})
    assert found.get("slope", "ic").value == pytest.approx(-0.00623187, abs=1e-8)
    assert found.get("slope", "oc").value == pytest.approx(-0.00458008, abs=1e-8)
    assert -found.get("wtp", "oc").value == pytest.approx(0.73, abs=0.006)
    assert "对数似然−1,095.2" in found.table("worths").note.zh
    assert found.get("holdout_hit").n == 900  # one choice each: foretold from the other people


def test_the_yogurt_data_are_the_conditional_logit_of_statsmodels():
    from statsmodels.discrete.conditional_models import ConditionalLogit

    rows = read("yogurt_choice_long.csv")[: 4 * 400]
    x = np.array([[float(r["price"]), float(r["feat"]), *(float(r["brand"] == b) for b in ("hiland", "weight", "yoplait"))] for r in rows])
    fitted = ConditionalLogit(np.array([int(r["choice"]) for r in rows]), x, groups=np.array([int(r["obsID"]) for r in rows])).fit(disp=False)
    found = conjoint.run({"answers": yogurt().take(np.arange(4 * 400))})
    ours = [found.get("slope", "price").value, found.get("slope", "feat").value,
            *(found.get("part_worth", f"brand={b}").value - found.get("part_worth", "brand=dannon").value for b in ("hiland", "weight", "yoplait"))]
    assert fitted.model.loglike(np.array(ours)) >= fitted.llf - 1e-9
    assert ours == pytest.approx(fitted.params.tolist(), abs=2e-3)  # its optimiser stops early


def test_the_tea_data_give_the_published_importances_and_part_worths():
    """R package conjoint 1.41, caImportance and caUtilities; Bak & Bartlomowicz (2012)."""
    found = conjoint.run(tea())
    importance = {"price": 24.76, "variety": 32.22, "kind": 27.15, "aroma": 15.88}
    assert {a: round(100 * found.get("importance", a).value, 2) for a in importance} == importance
    worths = {"price=low": 0.2402, "price=medium": -0.1431, "price=high": -0.0971, "variety=black": 0.6149, "variety=green": 0.0349, "variety=red": -0.6498,
              "kind=bags": 0.1369, "kind=granulated": -0.8898, "kind=leafy": 0.7529, "aroma=yes": 0.4108, "aroma=no": -0.4108}
    assert {k: round(found.get("part_worth", k).value, 4) for k in worths} == worths
    assert "price_as_levels" in codes(found)
    assert found.get("options_without_interval").value == 5
    assert found.headline.en.startswith("Whether choices turn most on “variety” (32.2%") or found.headline.en.startswith("Choices turn most on “variety”, with an importance of 32.2%")


def test_tea_profiles_in_codes_are_taken_as_levels_when_asked_and_named_when_not():
    tables = tea()
    coded = Frame.of([{"alternative": f"profil{k}", **row} for k, row in enumerate(read("tea_profiles.csv"), 1)])
    found = conjoint.run({**tables, "profiles": coded}, {"numbers": "levels"})
    assert round(100 * found.get("importance", "variety").value, 2) == 32.22
    assert "codes_as_numbers" in codes(conjoint.run({**tables, "profiles": coded}))
    some = conjoint.run({**tables, "profiles": coded}, {"levels": "variety, kind"})
    assert some.get("slope", "price") is not None
    assert some.get("part_worth", "variety=1") is not None


def test_the_worth_of_people_lies_between_their_own_answers_and_the_population():
    """Empirical Bayes against the truth of 200 simulated people: nearer to it than the population alone."""
    rng = np.random.default_rng(3)
    own = np.array([1.0, -0.5]) + rng.normal(size=(200, 2)) * np.array([0.8, 0.4])
    x = rng.normal(size=(200 * 12 * 3, 2))
    person = np.repeat(np.arange(200), 12)
    worths = np.einsum("rk,rk->r", x, own[np.repeat(person, 3)]) + rng.gumbel(size=len(x))
    chosen = worths.reshape(-1, 3).argmax(axis=1) + 3 * np.arange(2400)
    sets = choice_logit.Sets(x, 3 * np.arange(2400), chosen, person, 200)
    from stageway.arithmetic.individual_logit import personal

    found = personal(sets, choice_logit.fit(sets))
    assert found.mean == pytest.approx([1.0, -0.5], abs=0.15)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx([0.8, 0.4], abs=0.15)
    assert ((found.beta - own) ** 2).mean() < 0.6 * ((own.mean(axis=0) - own) ** 2).mean()


# ---- properties


def study(people: int = 60, tasks: int = 8, seed: int = 1, none: bool = False, slope: float = -0.04, brand: float = 0.6, prices=(10, 20, 30, 40), **fixed: object) -> Rows:
    rng, rows = np.random.default_rng(seed), []
    for person in range(people):
        for task in range(tasks):
            offers = [("AB"[int(rng.integers(2))], ("s", "m", "l")[int(rng.integers(3))], prices[int(rng.integers(len(prices)))]) for _ in range(3)]
            worths = [brand * (b == "B") + {"s": -0.4, "m": 0.0, "l": 0.4}[z] + slope * p for b, z, p in offers] + [-1.5] * none
            taken = int((np.array(worths) + rng.gumbel(size=len(worths))).argmax())
            made = [{"brand": b, "size": z, "price": p} for b, z, p in offers] + [{"brand": None, "size": None, "price": None}] * none
            rows += [{"respondent": f"p{person}", "task": task, "alternative": f"a{k}" if k < 3 else "none", **offer, "chosen": int(k == taken), **fixed}
                     for k, offer in enumerate(made)]
    return rows


def of(rows: Rows) -> Frame:
    return Frame.of(rows, "cbc.csv")


def test_importances_and_shares_add_to_one_and_part_worths_to_nought():
    offers = Frame.of([{"alternative": "x", "brand": "B", "size": "l", "price": 25}, {"alternative": "y", "brand": "A", "size": "s", "price": 10}])
    found = conjoint.run({"answers": of(study(none=True)), "scenarios": offers})
    for name in ("importance", "p_first", "share", "p_best", "first_choice"):
        assert sum(e.value for e in found.keyed(name)) == pytest.approx(1), name
    assert sum(e.value for e in found.keyed("part_worth") if e.key.startswith("size=")) == pytest.approx(0, abs=1e-9)
    assert [e.key for e in found.keyed("share")] == ["x", "y", "none"]
    assert all(e.low <= e.value <= e.high for e in found.estimates if e.low is not None)


def test_shares_of_the_shown_alternatives_are_those_of_the_logit_rule():
    offers = Frame.of([{"alternative": "x", "brand": "B", "size": "l", "price": 25}, {"alternative": "y", "brand": "A", "size": "s", "price": 10}])
    found = conjoint.run({"answers": of(study()), "scenarios": offers})
    worth = (found.get("part_worth", "brand=B").value - found.get("part_worth", "brand=A").value + found.get("part_worth", "size=l").value
             - found.get("part_worth", "size=s").value + 15 * found.get("slope", "price").value)
    assert found.get("share", "x").value == pytest.approx(1 / (1 + np.exp(-worth)))


def test_two_scenarios_have_keys_of_their_own_and_none_can_be_left_out():
    offers = Frame.of([{"scenario": s, "alternative": n, "brand": b, "size": "m", "price": p} for s in ("now", "then") for n, b, p in (("x", "B", 20), ("y", "A", 10))])
    found = conjoint.run({"answers": of(study(none=True)), "scenarios": offers}, {"with_none": False})
    assert [e.key for e in found.keyed("share")] == ["now: x", "now: y", "then: x", "then: y"]


def test_answering_everything_twice_does_not_narrow_the_intervals():
    rows = study()
    again = [*rows, *({**r, "task": f"again {r['task']}"} for r in rows)]
    one, two = (conjoint.run({"answers": of(r)}).get("slope", "price") for r in (rows, again))
    assert (one.low, one.high) == pytest.approx((two.low, two.high), abs=1e-7)


def test_the_price_in_another_unit_changes_payments_by_that_factor_and_importances_not():
    rows = study()
    cents = [{**r, "price": 100 * r["price"]} for r in rows]
    one, two = (conjoint.run({"answers": of(r)}) for r in (rows, cents))
    assert two.get("wtp", "brand=B").value == pytest.approx(100 * one.get("wtp", "brand=B").value)
    assert two.get("importance", "price").value == pytest.approx(one.get("importance", "price").value)


def test_the_reference_turns_the_payment_round():
    one, two = (conjoint.run({"answers": of(study())}, {"reference": r}) for r in ("", "brand=B"))
    assert two.get("wtp", "brand=A").value == pytest.approx(-one.get("wtp", "brand=B").value)
    with pytest.raises(ParamError, match="there is no level “brand=C” of an attribute"):
        conjoint.run({"answers": of(study())}, {"reference": "brand=C"})


def test_flagged_tasks_are_kept_apart_and_not_used():
    rows = [{**r, "holdout": int(r["task"] >= 6)} for r in study(people=80)]
    found, fewer = conjoint.run({"answers": of(rows)}), conjoint.run({"answers": of([r for r in study(people=80) if r["task"] < 6])})
    assert found.get("slope", "price").value == pytest.approx(fewer.get("slope", "price").value)
    assert "80人、480道题" in found.table("worths").note.zh
    hit = found.get("holdout_hit")
    assert hit.n == 80
    assert hit.low > 1 / 3


def test_similar_alternatives_break_independence_and_are_named():
    """People who always want a bus, red or blue, or always the car: without one bus the rest of the choice changes (McFadden 1974)."""
    rng, rows = np.random.default_rng(5), []
    for person in range(300):
        likes_bus = person % 2 == 0
        for task in range(6):
            prices = rng.integers(1, 6, size=3)
            worths = np.array([2.0 * likes_bus, 2.0 * likes_bus, 2.0 * (not likes_bus)]) - 0.5 * prices + rng.gumbel(size=3) * 0.5
            rows += [{"respondent": person, "task": task, "alternative": n, "mode": n, "price": int(p), "chosen": int(k == worths.argmax())}
                     for k, (n, p) in enumerate(zip(("red bus", "blue bus", "car"), prices, strict=True))]
    assert "iia" in codes(conjoint.run({"answers": of(rows)}))
    assert "iia" not in codes(conjoint.run({"answers": of(study(people=200))}))


# ---- bad data


def test_choices_that_follow_an_attribute_without_exception_are_refused():
    rows = study()
    ordered = [{**r, "chosen": int(k == min(range(3), key=lambda j: (rows[i + j]["price"], j)))} for i in range(0, len(rows), 3) for k, r in enumerate(rows[i : i + 3])]
    with pytest.raises(DataError) as caught:
        conjoint.run({"answers": of([r for i in range(0, len(rows), 3) if len({rows[i + k]["price"] for k in range(3)}) == 3 for r in ordered[i : i + 3]])})
    assert caught.value.sentence("en") == (
        "choices follow “price” without a single exception: worths have no finite estimate. Ask more people, or leave the attribute out, or merge its levels.")


def test_one_respondent_is_refused_and_few_are_warned_about():
    with pytest.raises(DataError, match="one person answered: no interval can be had"):
        conjoint.run({"answers": of(study(people=1, tasks=40))})
    assert {"small_n"} <= set(codes(conjoint.run({"answers": of(study(people=8, tasks=12))})))


def test_an_attribute_that_never_varies_is_left_out_and_said():
    found = conjoint.run({"answers": of([{**r, "colour": "red", "income": r["respondent"]} for r in study()])})
    assert "“colour”, “income” never differ within a task" in next(w.text.en for w in found.warnings if w.code == "constant_attribute")
    assert found.get("importance", "colour") is None
    with pytest.raises(DataError, match=r"no attribute differs within a task \(colour\)"):
        conjoint.run({"answers": of([{**r, "colour": "red"} for r in study()])}, {"attributes": "colour"})


def test_attributes_that_always_change_together_are_refused():
    with pytest.raises(DataError, match="the attribute “maker” always changes together with others"):
        conjoint.run({"answers": of([{**r, "maker": f"maker of {r['brand']}"} for r in study()])})


def test_a_price_of_the_wrong_sign_or_without_effect_gives_no_payment():
    wrong = conjoint.run({"answers": of(study(slope=0.04))})
    assert "price_sign" in codes(wrong)
    weak = conjoint.run({"answers": of(study(slope=-0.001))})
    assert {"price_weak", "price_sign"} & set(codes(weak))
    for found in (wrong, weak):
        assert not found.keyed("wtp")
        assert found.get("options_without_interval").value == 3
    assert "no_price" in codes(conjoint.run({"answers": of(study())}, {"price": "cost"}))


def test_levels_that_turn_back_are_named():
    rows = study(people=120)
    swapped = [{**r, "price": {20: 40, 40: 20}.get(r["price"], r["price"])} for r in rows]
    assert "reversed_levels" in codes(conjoint.run({"answers": of(swapped)}, {"numbers": "levels"}))
    assert "reversed_levels" not in codes(conjoint.run({"answers": of(rows)}, {"numbers": "levels"}))


def test_tasks_without_a_choice_or_with_gaps_are_left_out_and_counted():
    rows = [{**r, "chosen": 0} if (r["respondent"], r["task"]) == ("p0", 0) else {**r, "size": None} if (r["respondent"], r["task"], r["alternative"]) == ("p1", 1, "a1") else r
            for r in study()]
    said = {w.code: w.text.en for w in conjoint.run({"answers": of(rows)}).warnings}
    assert said["unanswered"].startswith("1 tasks have no alternative chosen")
    assert said["without_attribute"].startswith("1 tasks (or ratings) have an alternative without an attribute")


def test_a_task_with_two_choices_names_its_row():
    rows = study()
    first = next(i for i, r in enumerate(rows) if not r["chosen"])
    with pytest.raises(DataError, match="two alternatives of one task are marked as chosen") as caught:
        conjoint.run({"answers": of([{**r, "chosen": 1} if i == first else r for i, r in enumerate(rows)])})
    assert caught.value.where.row in (1, 2, 3)


def test_a_table_that_is_neither_choices_nor_ratings_is_refused():
    with pytest.raises(DataError, match='neither columns "chosen" and "task"'):
        conjoint.run({"answers": Frame({"respondent": ["a"], "brand": ["x"]})})


def test_people_who_rate_everything_alike_or_too_little_are_left_out_and_counted():
    tables = tea()
    rows = [{**r, "rating": 5} if r["respondent"] == "p0" else r for r in tables["answers"].records() if r["respondent"] != "p1" or r["alternative"] == "profil1"]
    found = conjoint.run({**tables, "answers": Frame.of(rows)})
    assert {"flat_ratings", "too_few_ratings"} <= set(codes(found))
    assert found.get("importance", "variety").n == 98
    with pytest.raises(DataError, match="fewer than two people rated enough"):
        conjoint.run({**tables, "answers": Frame.of([{**r, "rating": 5} for r in rows])})


def test_scenarios_that_were_not_shown_are_refused_or_called_extrapolated():
    answers = of(study())

    def offered(**second: object) -> dict[str, Frame]:
        first = {"alternative": "x", "brand": "A", "size": "s", "price": 20}
        return {"answers": answers, "scenarios": Frame.of([first, {**first, "alternative": "y", **second}], "offers.csv")}

    assert "extrapolated" in codes(conjoint.run(offered(price=99)))
    with pytest.raises(DataError) as caught:
        conjoint.run(offered(brand="C"))
    assert caught.value.sentence("en").startswith('a cell does not hold what its column should. At offers.csv, row 2, column "brand", value "C". Expected one of A, B.')
    with pytest.raises(DataError, match="a name that the scenario has only once"):
        conjoint.run(offered(alternative="x"))
    with pytest.raises(DataError, match="the scenarios lack the attribute “size”"):
        conjoint.run({"answers": answers, "scenarios": Frame({"alternative": ["x", "y"], "brand": ["A", "B"], "price": [1, 2]})})


def test_choices_at_random_foretell_nothing():
    rng, rows = np.random.default_rng(2), study(people=100)
    random = [{**r, "chosen": int(k == taken)} for i in range(0, len(rows), 3) for taken in [int(rng.integers(3))] for k, r in enumerate(rows[i : i + 3])]
    assert "no_foresight" in codes(conjoint.run({"answers": of(random)}))


def test_the_example_speaks_for_itself():
    found = conjoint.run(example(np.random.default_rng(11)))
    assert found.headline.zh == "选择最看“price”，占45.6% [37.9%, 53.6%]（n=60）；愿为“battery=5000 mAh”多付1,458 [967, 2,100]"
    assert found.meaning.next.en.startswith("When pricing, go by the lower ends: extra may be charged for “battery=5000 mAh” 967")


# ---- speed


def test_a_thousand_people_with_ten_tasks_take_less_than_five_seconds():
    table = of(study(people=1000, tasks=10, none=True))
    offers = Frame.of([{"alternative": "x", "brand": "B", "size": "l", "price": 25}, {"alternative": "y", "brand": "A", "size": "s", "price": 10}])
    start = time.process_time()
    found = conjoint.run({"answers": table, "scenarios": offers})
    assert time.process_time() - start < 5 * 2  # the target is 5 s; a shared machine may be half as fast
    assert found.get("slope", "price").low < -0.04 < found.get("slope", "price").high
    assert found.get("holdout_hit").n == 1000
