"""Positioning fit: the exemplar's and hand-made numbers first, then real and simulated markets with a known truth, properties, bad data."""

import csv
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stageway.arithmetic import perception
from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.positioning.positioning_fit import positioning_fit
from tests.shared import shared


def frame(values: np.ndarray, brands: list[str], attributes: list[str], target: list[bool] | None = None) -> Frame:
    """values (people, brands, attributes), NaN where not asked."""
    return Frame.of([
        {"respondent": f"p{i}", "brand": b, "attribute": a, "value": values[i, j, k].item(), **({} if target is None else {"target": target[i]})}
        for i in range(len(values)) for j, b in enumerate(brands) for k, a in enumerate(attributes)
    ], "perception.csv")


def ticks(rng: np.random.Generator, people: int, chances: list[list[float]]) -> np.ndarray:
    return (rng.random((people, len(chances), len(chances[0]))) < np.array(chances)).astype(float)


def run(table: Frame, **params: object) -> Finding:
    return positioning_fit.run({"perceptions": table}, {"own": "us", "draws": 300, **params})


def codes(finding: Finding) -> list[str]:
    return [w.code for w in finding.warnings]


# ---- published and by hand


def test_the_exemplars_hits_are_wilson_intervals_of_124_target_users():
    """66.9% [58.3, 74.6], 61.3% [52.5, 69.4], 54.8% [46.1, 63.3]: 83, 76 and 68 of 124."""
    values = np.zeros((124, 2, 3))
    for k, hits in enumerate((83, 76, 68)):
        values[:hits, 0, k] = 1
    values[:40, 1] = 1
    found = run(frame(values, ["us", "them"], ["calm", "finish", "keep"], [True] * 124), claims="calm, finish, keep")
    made = {e.key: (round(e.value, 3), round(e.low, 3), round(e.high, 3), e.n) for e in found.keyed("hit")}
    assert made == {"calm": (0.669, 0.583, 0.746, 124), "finish": (0.613, 0.525, 0.694, 124), "keep": (0.548, 0.461, 0.633, 124)}
    assert found.headline.zh.startswith("3个主张中命中率最低的是“keep”，54.8% [46.1%, 63.3%]（目标用户n=124）；离我们最近的是“them”（概率")
    assert found.headline.en.startswith("Of 3 claims the least linked to us is “keep”, 54.8% [46.1, 63.3] (target segment, n = 124); the nearest")


def test_distances_by_hand_where_noise_is_negligible():
    """Means 0.6 and 0.2 on one attribute, alike on the other: z = 0.4 / √(0.4 × 0.6) of the pooled 0/1 values."""
    values = np.zeros((20_000, 2, 2))
    values[:12_000, 0, 0] = values[8_000:12_000, 1, 0] = values[::2, :, 1] = 1
    made = perception.profiles(perception.columns(values).sum(axis=0, keepdims=True), (2, 2), "all")[0]
    assert made[0] - made[1] == pytest.approx([0.4 / (0.4 * 0.6) ** 0.5, 0])
    within = perception.profiles(perception.columns(values).sum(axis=0, keepdims=True), (2, 2), "within")[0]
    assert within[0, 0] - within[1, 0] == pytest.approx(0.4 / np.sqrt((0.6 * 0.4 + 0.2 * 0.8) / 2), rel=1e-3)


def test_rank_agreement_is_kendalls_tau_b_of_intended_and_linked_shares():
    rng = np.random.default_rng(1)
    chances = [[0.8, 0.5, 0.6, 0.2], [0.3, 0.4, 0.2, 0.5]]
    values = ticks(rng, 200, chances)
    found = run(frame(values, ["us", "them"], list("abcd")), claims="a=0.9, b=0.7, c=0.4")
    linked = values[:, 0].mean(axis=0)
    assert found.get("rank_agreement").value == pytest.approx(stats.kendalltau([0.9, 0.7, 0.4, 0], linked).statistic)
    plain = np.sqrt(np.mean((linked[:3] - [0.9, 0.7, 0.4]) ** 2))
    noise = np.mean(linked[:3] * (1 - linked[:3])) / 200
    assert found.get("gap").value == pytest.approx(np.sqrt(plain**2 - noise), abs=0.003)


def test_residuals_take_off_brand_size_and_mark_with_bh():
    """Double jeopardy: a big brand has more of everything; only what exceeds that stands out (Romaniuk & Sharp 2000)."""
    rng = np.random.default_rng(2)
    found = run(frame(ticks(rng, 300, [[0.8, 0.4, 0.4], [0.2, 0.2, 0.2]]), ["us", "small"], ["special", "b", "c"]), claims="special")
    own = {row[0]: row[1] for row in found.table("residuals").rows}
    assert own["special"] > 2 > own["b"]
    assert "“special”" in found.meaning.next.en


def test_sole_association_is_who_links_it_to_us_and_to_nobody_else():
    values = np.zeros((40, 3, 1))
    values[:20, 0] = values[10:25, 1] = values[15:18, 2] = 1
    found = run(frame(values, ["us", "x", "y"], ["a"]), claims="a")
    assert found.table("profile").rows[0][5] == pytest.approx(10 / 40)


def test_the_weighted_advantage_compares_with_the_best_alternative_on_each_attribute():
    values = np.zeros((100, 3, 2))
    values[:60, 0, 0] = values[:40, 1, 0] = values[:10, 2, 0] = values[:30, 0, 1] = values[:20, 1, 1] = values[:70, 2, 1] = 1
    weights = Frame.of([{"attribute": "a", "weight": 3}, {"attribute": "b", "weight": 1}])
    found = positioning_fit.run({"perceptions": frame(values, ["us", "x", "y"], ["a", "b"]), "weights": weights}, {"claims": "a", "draws": 300})
    e = found.get("advantage")
    assert e.value == pytest.approx(0.75 * 0.2 + 0.25 * -0.4)
    assert e.low < e.value < e.high
    assert [row[3] for row in found.table("weights").rows] == ["x", "y"]
    with pytest.raises(DataError, match="is not in the data"):
        positioning_fit.run({"perceptions": frame(values, ["us", "x", "y"], ["a", "b"]), "weights": Frame.of([{"attribute": "aa", "weight": 3}])})


# ---- real and simulated markets


def test_ten_brands_rated_by_a_hundred_people():
    rows = list(csv.DictReader(shared("positioning/brand_ratings.csv").open()))
    rater, records = Counter(), []
    for row in rows:
        rater[row["brand"]] += 1
        records += [{"respondent": rater[row["brand"]], "brand": row["brand"], "attribute": name, "value": value} for name, value in row.items() if name != "brand"]
    found = positioning_fit.run({"perceptions": Frame.of(records)}, {"own": "b", "claims": "leader, serious, perform", "link": 7})
    assert {e.key: e.n for e in found.keyed("hit")} == dict.fromkeys(["leader", "perform", "serious"], 100)
    assert found.get("hit", "leader").value == pytest.approx(np.mean([int(r["leader"]) >= 7 for r in rows if r["brand"] == "b"]))
    neighbours = found.table("neighbours").rows
    assert [row[0] for row in neighbours][:1] == ["c"]
    names = [name for name in rows[0] if name != "brand"]
    everything = np.array([[float(r[name]) for name in names] for r in rows])
    z = {b: ((everything[[r["brand"] == b for r in rows]].mean(axis=0) - everything.mean(axis=0)) / everything.std(axis=0)) for b in "bc"}
    assert found.get("distance").low < np.linalg.norm(z["b"] - z["c"]) < found.get("distance").high
    assert "no_target_column" in codes(found)


def truth(means: np.ndarray) -> float:
    """Distance to the nearest alternative of a market whose people scatter by 1 about the latent means (brands, attributes)."""
    z = means / np.sqrt(1 + means.var(axis=0))
    return float(np.linalg.norm(z[0] - z[1:], axis=1).min())


@pytest.mark.parametrize(("people", "distances", "least"), [(60, (0.0, 1.2), 0.93), (60, (0.6, 1.5, 1.5), 0.91), (60, (0.6, 0.6, 0.7), 0.91), (200, (1.0, 1.1, 2.0), 0.91)])
def test_the_distance_covers_the_truth_of_latent_markets(people, distances, least):
    """200 markets each: none, some and much distance; with a rival alone, and with rivals that tie."""
    rng, inside = np.random.default_rng(11), 0
    for _ in range(200):
        means = np.zeros((len(distances) + 1, 6))
        means[0] = rng.normal(0, 0.3, 6)
        for i, distance in enumerate(distances):
            way = rng.normal(size=6)
            means[i + 1] = means[0] + distance * way / np.linalg.norm(way)
        person = rng.normal(size=(people, 1, 1)) * 0.4
        values = means + person + rng.normal(size=(people, *means.shape)) * np.sqrt(1 - 0.16)
        cells = perception.columns(values)
        sums = np.vstack([cells.sum(axis=0), perception.bootstrap.sums(cells, 300, rng)])
        z = perception.profiles(sums, means.shape, "all")
        away = z[:, :1] - z[:, 1:]
        _, low, high = perception.nearest(away[0], away[1:], 0.95).distance
        inside += low <= truth(means) <= high
    assert inside / 200 >= least


def test_the_plain_percentile_interval_would_never_contain_a_distance_of_nought():
    """Why the noise is taken off: resampling lengthens a distance that is already too long."""
    rng = np.random.default_rng(3)
    found = run(frame(ticks(rng, 80, [[0.4] * 6] * 2), ["us", "twin"], list("abcdef")))
    assert found.get("distance").low == 0
    assert found.table("neighbours").rows[0][2] == 0


def test_two_rivals_at_one_distance_share_the_probability_and_are_both_named():
    rng = np.random.default_rng(4)
    found = run(frame(ticks(rng, 150, [[0.5, 0.5, 0.5], [0.7, 0.5, 0.5], [0.5, 0.7, 0.5]]), ["us", "x", "y"], list("abc")), draws=1000)
    shares = [row[4] for row in found.table("neighbours").rows]
    assert sum(shares) == pytest.approx(1)
    assert max(shares) < 0.98


# ---- properties


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_bounds_and_the_order_of_rows_and_other_columns_do_not_matter(seed, random):
    values = ticks(np.random.default_rng(seed), 25, [[0.7, 0.4, 0.2], [0.3, 0.4, 0.5], [0.4, 0.4, 0.4]])
    table = frame(values, ["us", "x", "y"], list("abc"), [i % 3 > 0 for i in range(25)])
    order = list(range(len(table)))
    random.shuffle(order)
    found = run(table, claims="a, b=0.5")
    assert run(table.take(np.array(order)).with_columns(city=["上海"] * len(table)), claims="a, b=0.5").dumps() == found.dumps()
    assert Finding.from_json(found.to_json()) == found
    for e in found.estimates:
        assert {"rank_agreement": -1, "advantage": -1}.get(e.name, 0) <= e.low <= e.value <= e.high
        assert e.name == "distance" or e.high <= 1.01


def test_four_times_the_people_narrow_every_interval():
    values = ticks(np.random.default_rng(5), 60, [[0.8, 0.5, 0.2], [0.2, 0.5, 0.8]])
    few, many = (run(frame(np.tile(values, (k, 1, 1)), ["us", "x"], list("abc")), claims="a=0.6, b=0.9", draws=1000) for k in (1, 4))
    for name, key in (("hit", "a"), ("gap", None), ("distance", None)):
        a, b = few.get(name, key), many.get(name, key)
        assert b.high - b.low < a.high - a.low


def test_another_brand_leaves_distances_alone_when_the_spread_is_within_brands():
    values = ticks(np.random.default_rng(6), 80, [[0.8, 0.5], [0.3, 0.5], [0.05, 0.95]])
    two, three = frame(values[:, :2], ["us", "x"], ["a", "b"]), frame(values, ["us", "x", "far"], ["a", "b"])
    z = [run(t, spread="all").table("neighbours").rows for t in (two, three)]
    assert z[0][0][1] != pytest.approx(next(row for row in z[1] if row[0] == "x")[1], rel=1e-3)


# ---- bad data


def test_an_unknown_own_brand_or_claim_is_refused_with_the_nearest_name():
    table = frame(ticks(np.random.default_rng(1), 20, [[0.5, 0.5]] * 2), ["Lumen", "Blackpage"], ["finish", "keep"])
    with pytest.raises(ParamError) as own:
        run(table, own="Lumne")
    assert own.value.sentence("en") == "the data have no brand “Lumne”. Expected own to be a name in the column brand. Did you mean Lumen?"
    with pytest.raises(ParamError) as claim:
        run(table, own="Lumen", claims="finnish")
    assert claim.value.sentence("zh") == "数据里没有主张的属性“finnish”。您是否要写：finish。"
    with pytest.raises(ParamError, match="intended share of the claim"):
        run(table, own="Lumen", claims="finish=70")
    with pytest.raises(ParamError, match="not said which brand is ours"):
        positioning_fit.run({"perceptions": table})


def test_data_without_the_ticks_that_were_not_made_are_refused():
    with pytest.raises(DataError) as caught:
        run(frame(np.ones((20, 2, 2)), ["us", "x"], ["a", "b"]))
    assert caught.value.code == "no_contrast"
    assert caught.value.sentence("zh") == "全部取值达到认同线1。位置：perception.csv，列“value”。应为：既有认同也有不认同。没选的也要有行（0），或用参数link另定认同线。"


def test_two_values_for_one_cell_and_a_person_in_two_segments_are_refused():
    row = {"respondent": "p", "brand": "us", "attribute": "a", "value": 1, "target": True}
    for change in ({"value": 0}, {"attribute": "b", "target": False}):
        with pytest.raises(DataError) as caught:
            run(Frame.of([row, {**row, **change}], "perception.csv"))
        assert (caught.value.code, caught.value.where.row) == ("answered_twice", 2)


@pytest.mark.parametrize("value", [None, float("nan")])
def test_no_value_at_all_is_an_error_with_a_name(value):
    for rows in ([], [{"respondent": "p", "brand": "us", "attribute": "a", "value": value}]):
        columns = {name: [row[name] for row in rows] for name in ("respondent", "brand", "attribute", "value")}
        with pytest.raises(DataError) as caught:
            run(Frame(columns))
        assert caught.value.code == "no_answers"


def test_an_answer_that_is_no_number_is_named():
    with pytest.raises(DataError) as caught:
        run(Frame.of([{"respondent": "p", "brand": "us", "attribute": "a", "value": "often"}], "perception.csv"))
    assert (caught.value.where.row, caught.value.where.value) == (1, "often")


def test_one_person_one_brand_or_no_target_leave_estimates_out_and_say_so():
    one = run(frame(np.array([[[1.0, 0.0]], [[0.0, 1.0]]])[:1], ["us"], ["a", "b"]), claims="a")
    assert one.get("distance") is None
    assert set(codes(one)) >= {"small_n", "no_distance", "accuracy_incomplete"}
    alone = run(frame(ticks(np.random.default_rng(1), 40, [[0.5, 0.5]]), ["us"], ["a", "b"]), claims="a")
    assert alone.get("distance") is None
    assert alone.get("hit", "a").n == 40
    nobody = run(frame(ticks(np.random.default_rng(1), 40, [[0.5, 0.5]] * 2), ["us", "x"], ["a", "b"], [False] * 40), claims="a")
    assert nobody.keyed("hit") == ()
    assert "no_target" in codes(nobody)
    assert nobody.get("distance").n == 40


def test_attributes_not_asked_of_every_brand_and_constant_ones_stay_out_of_the_distance():
    values = ticks(np.random.default_rng(1), 40, [[0.7, 0.5, 0.5], [0.2, 0.5, 0.5]])
    values[:, 1, 1] = np.nan
    values[:, :, 2] = 0
    found = run(frame(values, ["us", "x"], ["a", "b", "c"]), claims="a, b")
    assert found.get("distance") is not None
    assert "“b”" in next(w for w in found.warnings if w.code == "attribute_left_out").text.en
    assert found.get("hit", "b").n == 40


def test_ratings_count_as_links_from_the_top_two_boxes_unless_told_otherwise():
    rng = np.random.default_rng(1)
    table = frame(rng.integers(1, 8, size=(60, 2, 2)).astype(float), ["us", "x"], ["a", "b"])
    found, other = run(table, claims="a"), run(table, claims="a", link=4)
    assert "link_assumed" in codes(found)
    assert "link_assumed" not in codes(other)
    assert other.get("hit", "a").value > found.get("hit", "a").value
