"""The map: Greenacre's smokers, geography from distances, and independent implementations first; then a test before a map; then bad data."""

import csv

import numpy as np
import pytest

from stageway.arithmetic import brand_maps, scaling
from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.positioning.perceptual_map import perceptual_map
from tests.shared import shared

SMOKERS = {"SM": (4, 2, 3, 2), "JM": (4, 3, 7, 4), "SE": (25, 10, 12, 4), "JE": (18, 24, 33, 13), "SC": (10, 6, 7, 2)}
SMOKING = ("none", "light", "medium", "heavy")


def smokers(times: int = 1) -> Frame:
    return Frame.of([{"brand": who, **{s: n * times for s, n in zip(SMOKING, counts, strict=True)}} for who, counts in SMOKERS.items()], "smoke.csv")


def run(frame: Frame, **params: object) -> Finding:
    return perceptual_map.run({"perceptions": frame}, params)


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


def column(found: Finding, table: str, name: str) -> list[float]:
    made = found.table(table)
    return [row[[head.name for head in made.columns].index(name)] for row in made.rows]


def ticks(n: int, shares: dict[str, tuple[float, ...]], seed: int = 1) -> Frame:
    rng = np.random.default_rng(seed)
    return Frame.of([{"respondent": f"p{i}", "brand": b, "attribute": f"a{j}", "value": int(rng.random() < p)}
                     for i in range(n) for b, ps in shares.items() for j, p in enumerate(ps)], "ticks.csv")


MARKET = {"us": (0.8, 0.6, 0.2, 0.3), "north": (0.3, 0.2, 0.7, 0.5), "south": (0.4, 0.6, 0.3, 0.6), "east": (0.2, 0.3, 0.3, 0.8), "west": (0.5, 0.2, 0.5, 0.2)}


def load(name: str, **names: str) -> Frame:
    with open(shared(f"positioning/{name}"), encoding="utf-8") as file:
        return Frame.of([{names.get(k, k): v.strip() for k, v in row.items()} for row in csv.DictReader(file)], name)


# ---- published


def test_the_smokers_have_the_inertias_that_greenacre_publishes():
    """Greenacre (2017), ch. 8: total inertia 0.0852, axes 87.8 %, 11.8 %, 0.5 %."""
    found = run(smokers(), alpha=1)
    assert sum(column(found, "axes", "inertia")) == pytest.approx(0.0852, abs=5e-5)
    assert [round(100 * s, 1) for s in column(found, "axes", "share")] == [87.8, 11.8, 0.5]


def test_the_smokers_stand_where_rs_ca_puts_them():
    """Principal coordinates of the rows on the first axis, R package ca, to a sign."""
    found = run(smokers(), alpha=1)
    names = dict(zip(column(found, "brands", "brand"), column(found, "brands", "axis_1"), strict=True))
    published = {"SM": -0.065768, "JM": 0.258958, "SE": -0.380595, "JE": 0.232952, "SC": -0.201089}
    sign = np.sign(names["JM"])
    assert {k: sign * v for k, v in names.items()} == pytest.approx(published, abs=1e-6)


def test_the_smokers_cannot_be_told_apart_so_they_get_no_map():
    found = run(smokers())
    assert found.charts == ()
    assert found.estimates == ()
    assert codes(found) == ["no_difference"]
    assert found.headline.zh == "5个品牌在4项属性上分不出来（n=193），不画感知图"


def test_ten_times_the_smokers_get_a_map_with_an_interval():
    found = run(smokers(10))
    share = found.get("inertia_2")
    assert share.low < 0.995 <= share.high
    assert share.n == 1930
    assert "people_unknown" in codes(found)


def test_city_distances_give_back_the_geography():
    places = {"Boston": (42.4, -71.1), "NY": (40.7, -74.0), "DC": (38.9, -77.0), "Miami": (25.8, -80.2), "Chicago": (41.9, -87.6), "Seattle": (47.6, -122.3),
              "SF": (37.8, -122.4), "LA": (34.1, -118.2), "Denver": (39.7, -105.0)}
    from scipy.spatial import procrustes

    found = run(load("city_distances.csv", **{"from": "brand", "to": "other", "distance": "value"}))
    names = column(found, "brands", "brand")
    flat = np.array([(lat, lon * np.cos(np.radians(39))) for lat, lon in (places[name] for name in names)])
    _, _, away = procrustes(flat, np.column_stack([column(found, "brands", f"axis_{k}") for k in (1, 2)]))
    assert away < 0.02
    assert found.get("inertia_2").value > 0.95
    assert found.get("inertia_2").kind == "exact"


# ---- independent implementations


@pytest.mark.parametrize(("name", "brand"), [("computers.csv", "brand"), ("retailers.csv", "retailer")])
def test_means_of_brands_are_those_of_scikit_learns_components(name, brand):
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    frame = load(name, **{brand: "brand"})
    kept = [c for c in frame.names if c not in ("brand", "segment1", "segment2")]
    fitted = PCA().fit(StandardScaler().fit_transform(np.column_stack([frame.numbers(c) for c in kept])))
    found = run(frame, attributes=",".join(kept))
    shares = column(found, "axes", "share")
    assert shares == pytest.approx(fitted.explained_variance_ratio_[: len(shares)].tolist())
    assert found.get("inertia_2").value == pytest.approx(fitted.explained_variance_ratio_[:2].sum())
    assert "no_people" in codes(found)


def test_a_thousand_ratings_are_scaled_by_brands_as_the_book_does():
    """Chapman & Feit, R for Marketing, ch. 8: components of the brands' means, scaled; here by scikit-learn."""
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    frame = load("brand_ratings.csv")
    kept = [c for c in frame.names if c != "brand"]
    values, brands = np.column_stack([frame.numbers(c) for c in kept]), np.array(frame["brand"].tolist())
    means = np.array([values[brands == b].mean(axis=0) for b in sorted(set(brands.tolist()))])
    fitted = PCA().fit(StandardScaler().fit_transform(means))
    found = run(frame, scale="brands")
    assert column(found, "axes", "share")[:9] == pytest.approx(fitted.explained_variance_ratio_[:9].tolist())
    assert found.get("inertia_2").n == 1000
    assert found.get("inertia_2").low < fitted.explained_variance_ratio_[:2].sum() < found.get("inertia_2").high


def test_correspondence_analysis_is_a_decomposition_of_chi_square():
    from scipy.stats import chi2_contingency

    counts = np.array(list(SMOKERS.values()), dtype=float)
    deviations, weights = brand_maps.residuals(counts[None])
    axes = brand_maps.decompose(deviations[0], weights[0])
    assert axes.inertias.sum() * counts.sum() == pytest.approx(chi2_contingency(counts, correction=False).statistic)
    profiles = counts / counts.sum(axis=1, keepdims=True)
    apart = np.sqrt((((profiles[0] - profiles[2]) ** 2) / (counts.sum(axis=0) / counts.sum())).sum())
    assert axes.full[0, 2] == pytest.approx(apart)


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_smacof_fits_as_well_as_scikit_learn():
    from sklearn.manifold import MDS

    found = run(load("toothpaste_brand_dissimilarity.csv", id1="brand", id2="other", dissimilarity="value"), map="smacof")
    frame = load("toothpaste_brand_dissimilarity.csv", id1="brand", id2="other", dissimilarity="value")
    names = sorted({*frame["brand"].tolist(), *frame["other"].tolist()})
    table = np.zeros((10, 10))
    for a, b, v in zip(frame["brand"].tolist(), frame["other"].tolist(), frame.numbers("value"), strict=True):
        table[names.index(a), names.index(b)] = table[names.index(b), names.index(a)] = v
    best = min(scaling.stress(table, MDS(2, n_init=4, max_iter=2000, eps=1e-9, dissimilarity="precomputed", random_state=k, init="random").fit(table).embedding_) for k in range(3))
    assert found.get("stress").value <= best + 0.003
    assert found.get("inertia_2").value == pytest.approx(1 - found.get("stress").value ** 2)


# ---- what the data are


@pytest.mark.parametrize(("frame", "said"), [
    (ticks(60, MARKET), "correspondence analysis from ticks of people"),
    (smokers(10), "correspondence analysis from a table of counts"),
    (Frame.of([{"brand": b, "x": x, "y": y, "z": x + y} for b, x, y in (("a", 1.5, 4.2), ("b", 2.5, 3.1), ("c", 4.5, 1.2), ("d", 4.6, 1.3))]),
     "principal components from a table of means"),
])
def test_the_analysis_follows_from_the_data_and_is_named(frame, said):
    assert said in run(frame, alpha=1).table("axes").note.en.lower()


def test_a_wide_table_gives_the_same_as_a_long_one():
    long = ticks(40, MARKET)
    wide: dict[tuple[str, str], dict[str, object]] = {}
    for r in long.records():
        wide.setdefault((r["respondent"], r["brand"]), {"respondent": r["respondent"], "brand": r["brand"]})[r["attribute"]] = r["value"]
    one, other = run(long), run(Frame.of(list(wide.values()), "ticks.csv"))
    assert one.estimates == other.estimates


def test_a_list_of_ticks_counts_what_is_not_listed_as_not_ticked():
    long = ticks(80, MARKET)
    listed = Frame.of([{k: r[k] for k in ("respondent", "brand", "attribute")} for r in long.records() if r["value"]], "ticks.csv")
    found = run(listed)
    assert found.get("inertia_2").value == pytest.approx(run(long).get("inertia_2").value)
    assert "ticks_only" in codes(found)


def test_another_analysis_can_be_asked_for():
    assert "principal components" in run(ticks(60, MARKET), map="pca").table("axes").note.en.lower()


def test_scaling_cannot_be_made_from_ticks():
    with pytest.raises(ParamError) as caught:
        run(ticks(60, MARKET), map="smacof")
    assert caught.value.sentence("en") == "SMACOF scaling cannot be made from ticks of people. Take auto or ca."


# ---- a test before a map, and what a picture hides


def test_brands_that_are_all_alike_get_no_map_in_nineteen_of_twenty_surveys():
    alike = dict.fromkeys(("us", "a", "b", "c"), (0.5, 0.4, 0.3, 0.6))
    maps = sum(bool(run(ticks(60, alike, seed), draws=200).charts) for seed in range(40))
    assert maps <= 6


def test_brands_that_differ_get_a_map_with_a_region_for_each():
    found = run(ticks(120, MARKET))
    assert [c.name for c in found.charts] == ["map"]
    outlines = next(rows for rows in found.charts[0].en["datasets"].values() if "step" in rows[0])
    assert {row["name"] for row in outlines} == set(MARKET)


def test_the_nearest_brand_has_a_probability_and_they_sum_to_one():
    found = run(ticks(120, MARKET))
    assert sum(e.value for e in found.keyed("p_nearest")) == pytest.approx(1)
    distances = [e.value for e in found.keyed("distance")]
    assert distances == sorted(distances)


def test_without_a_brand_of_ours_there_are_no_distances():
    renamed = {("home" if k == "us" else k): v for k, v in MARKET.items()}
    assert run(ticks(120, renamed)).keyed("distance") == ()
    assert len(run(ticks(120, renamed), own="home").keyed("distance")) == 4


def test_three_brands_always_fit_and_the_finding_says_so():
    found = run(ticks(120, {k: MARKET[k] for k in ("us", "north", "east")}))
    assert (found.get("inertia_2").value, found.get("inertia_2").kind) == (pytest.approx(1), "exact")
    assert "flat" in codes(found)


def test_a_picture_that_hides_most_of_the_differences_is_not_trusted():
    square = {f"b{k}": tuple(0.75 if k == j else 0.2 for j in range(7)) for k in range(7)}
    found = run(ticks(150, square))
    assert found.get("inertia_2").value < 0.6
    assert {"two_axes_short", "hidden_brand"} <= set(codes(found))


def test_regions_shrink_with_the_people():
    few, many = (run(ticks(n, MARKET, 3), own="us") for n in (60, 540))
    width = [np.mean([e.high - e.low for e in found.keyed("distance")]) for found in (few, many)]
    assert width[1] < 0.5 * width[0]


def test_dissimilarities_of_people_have_intervals_and_a_nearest_brand():
    rng = np.random.default_rng(4)
    spots = {"us": (0, 0), "a": (1, 0), "b": (0, 2), "c": (3, 1), "d": (2, 3)}
    rows = [{"respondent": f"p{i}", "brand": a, "other": b, "value": max(0.0, float(np.hypot(*np.subtract(spots[a], spots[b])) + rng.normal(0, 0.5)))}
            for i in range(40) for k, a in enumerate(spots) for b in list(spots)[k + 1:]]
    found = run(Frame.of(rows, "pairs.csv"), draws=300)
    assert found.keyed("distance")[0].key == "a"
    assert found.get("distance", "a").low < 1.05 < found.get("distance", "a").high + 0.2
    assert found.get("inertia_2").low < found.get("inertia_2").high
    assert found.get("stress").value < 0.1


# ---- bad data


def test_nine_people_are_only_listed():
    found = run(ticks(9, MARKET), alpha=1)
    assert found.get("inertia_2") is None
    assert "small_n" in codes(found)


def test_attributes_that_nobody_varies_on_are_left_out_and_named():
    frame = ticks(60, {k: (*v, 0.0) for k, v in MARKET.items()})
    found = run(frame)
    assert next(w for w in found.warnings if w.code == "attribute_left_out").text.en == "Attributes not asked of every brand, or all alike, not used: “a4”."


def test_one_brand_is_no_map():
    with pytest.raises(DataError) as caught:
        run(ticks(60, {"us": MARKET["us"]}))
    assert caught.value.sentence("en") == "brands that can be used: 1, attributes: 4. Expected two brands and two attributes that vary, at least."


def test_a_long_table_without_people_and_several_rows_a_cell_asks_whose_they_are():
    frame = ticks(5, MARKET)
    bare = Frame({name: frame[name] for name in ("brand", "attribute", "value")}, "ticks.csv")
    with pytest.raises(DataError, match="a brand and attribute has several rows, and no column says whose"):
        run(bare)


def test_one_person_with_two_answers_for_a_cell_is_an_error_that_names_the_row():
    frame = Frame.of([*ticks(20, MARKET).records(), {"respondent": "p0", "brand": "us", "attribute": "a0", "value": 7}], "ticks.csv")
    with pytest.raises(DataError) as caught:
        run(frame)
    assert caught.value.sentence("zh").startswith("同一人对“us”的“a0”有两个不同的值。位置：ticks.csv")


def test_a_pair_without_a_dissimilarity_is_named():
    rows = [{"brand": a, "other": b, "value": 1} for a, b in (("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"))]
    with pytest.raises(DataError, match=r"pairs without a dissimilarity: 1, such as c–d"):
        run(Frame.of(rows, "pairs.csv"))


def test_a_brand_of_ours_that_is_not_there_is_refused_with_the_names():
    with pytest.raises(ParamError) as caught:
        run(ticks(60, MARKET), own="nort")
    assert caught.value.sentence("en") == "the data have no brand “nort”. Did you mean north?"
