"""Segments: published solutions and scikit-learn first, then what must hold for any people, then bad data."""

import csv

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, silhouette_score

from stageway.arithmetic import latent_classes, partitions, segment_models, segment_profile, segment_variables
from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.research.segments import segments
from tests.shared import shared


def run(frame: Frame, **params: object) -> Finding:
    return segments.run({"people": frame}, params)


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


def table(name: str) -> Frame:
    with shared(f"segmentation/{name}").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return Frame.of([{column: value or None for column, value in row.items()} for row in rows], name)


def numbers(points: np.ndarray) -> Frame:
    return Frame({"respondent": [f"p{i}" for i in range(len(points))], **{f"x{j}": points[:, j].tolist() for j in range(points.shape[1])}}, "people.csv")


def labels_of(found: Finding) -> dict[str, str]:
    return {row[0]: row[1] for row in found.table("assignment").rows}


def three_kinds(rng: np.random.Generator, n: int = 240) -> tuple[np.ndarray, np.ndarray]:
    kinds = rng.choice(3, size=n, p=[0.5, 0.3, 0.2])
    return np.array([[4.0, 0, 0], [0, 4.0, 0], [0, 0, 4.0]])[kinds] + rng.normal(size=(n, 3)), kinds


# ---- published

@pytest.mark.parametrize(("k", "log_likelihood"), [(1, -2872.230), (2, -2783.268), (3, -2754.545), (4, -2746.621)])
def test_latent_classes_of_the_1982_survey_have_the_published_log_likelihoods(k, log_likelihood):
    """One class: McCutcheon (1987), table 3.2, as computed by Mplus (UCLA). Two to four: example of the R package poLCA (Linzer & Lewis 2011)."""
    people = segment_variables.read(table("gss82_lca.csv"))
    model = segment_models.LatentClasses(people)
    found = latent_classes.fit(model.patterns, model.patterns.counted(), k, np.random.default_rng(1), starts=40)
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=1.5e-3)
    if k == 3:
        assert found.shares == pytest.approx([0.621, 0.207, 0.172], abs=1.5e-3)  # Linzer & Lewis (2011), J. Stat. Softw. 42(10), table 1


def test_the_1982_survey_has_three_classes_by_bic_found_again_in_resamples():
    found = run(table("gss82_lca.csv"))
    assert found.get("segments").value == 3
    assert [e.value for e in found.keyed("share")] == pytest.approx([0.621, 0.207, 0.172], abs=0.01)
    bic = {row[0]: row[1] for row in found.table("numbers_tried").rows}
    assert bic[2] == pytest.approx(2 * 2783.268 + 13 * np.log(1202), abs=0.1)
    assert bic[3] == pytest.approx(2 * 2754.545 + 20 * np.log(1202), abs=0.1)
    assert min(e.value for e in found.keyed("stability")) > 0.6


def test_k_means_is_that_of_scikit_learn():
    from sklearn.cluster import KMeans

    rng = np.random.default_rng(4)
    for k in (2, 3, 5):
        points = rng.normal(size=(200, 4)) + 2.5 * rng.normal(size=(k, 4))[rng.integers(0, k, 200)]
        theirs = KMeans(k, n_init=30, random_state=0).fit(points)
        ours = partitions.kmeans(points, k, np.random.default_rng(1), starts=30)
        assert ours.inertia == pytest.approx(theirs.inertia_)
        assert adjusted_rand_score(ours.labels, theirs.labels_) == 1
        assert partitions.silhouette(points, ours.labels) == pytest.approx(silhouette_score(points, theirs.labels_))


def test_the_rand_index_is_that_of_scikit_learn():
    rng = np.random.default_rng(2)
    a, b = rng.integers(0, 3, 100), rng.integers(0, 4, 100)
    assert partitions.adjusted_rand(partitions.overlap(a, b, 4)) == pytest.approx(adjusted_rand_score(a, b))


def test_the_toothpaste_attitudes_of_sixty_consumers_have_three_segments():
    """The three that the course data are known for: k-means of scikit-learn on z-scores, and no other number as good."""
    from sklearn.cluster import KMeans

    frame = table("toothpaste_attitudes.csv")
    found = run(Frame({**{n: frame[n] for n in frame.names if n != "id"}, "respondent": frame["id"]}), variables="v1,v2,v3,v4,v5,v6", least=10)
    assert found.get("segments").value == 3
    points = np.column_stack([frame.numbers(f"v{i}") for i in range(1, 7)])
    theirs = KMeans(3, n_init=50, random_state=0).fit((points - points.mean(axis=0)) / points.std(axis=0)).labels_
    ours = labels_of(found)
    assert adjusted_rand_score(theirs, [ours[str(who)] for who in range(1, 61)]) == 1
    assert min(e.value for e in found.keyed("stability")) > 0.9
    assert "small_n" in codes(found)
    assert any(row[0] == "age" and row[-1] is not None for row in found.table("profile").rows), "age only describes, and may be tested"
    assert all(row[-1] is None for row in found.table("profile").rows if row[0].startswith("v"))


def test_the_subscribers_segments_go_with_the_true_ones():
    frame = table("subscribers.csv")
    used = run(frame, variables="age, income, kids", segments=4)
    truth = dict(zip((f"#{i}" for i in range(1, 301)), frame["Segment"].tolist(), strict=True))
    ours = labels_of(used)
    agreement = adjusted_rand_score([truth[ref] for ref in ours], list(ours.values()))
    assert agreement > 0.5
    assert any("Segment" in row[0] and row[-1] < 0.001 for row in used.table("profile").rows)


# ---- how many


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_the_true_number_of_segments_is_found(k):
    rng = np.random.default_rng(10 + k)
    centres = 4.5 * np.vstack([np.eye(4), -np.ones((1, 4)) / 2])[:k]
    kinds = np.arange(400) % k
    found = run(numbers(centres[kinds] + rng.normal(size=(400, 4))), draws=30)
    assert found.get("segments").value == k
    ours = labels_of(found)
    assert adjusted_rand_score(kinds, [ours[f"p{i}"] for i in range(400)]) > 0.95


def correlated(rng: np.random.Generator) -> np.ndarray:
    return rng.multivariate_normal([0, 0, 0], [[1, 0.7, 0.4], [0.7, 1, 0.5], [0.4, 0.5, 1]], 300)


@pytest.mark.parametrize("shape", ["normal", "ratings", "skewed", "uniform"])
def test_one_cloud_gives_no_segments_however_stable_the_cut(shape):
    rng = np.random.default_rng(21)
    points = correlated(rng)
    points = {"normal": points, "ratings": np.clip(np.round(4 + 1.4 * points), 1, 7), "skewed": np.exp(points)}.get(shape, points)
    if shape == "uniform":
        from scipy.special import ndtr

        points = np.round(100 * ndtr(correlated(rng)))
    found = run(numbers(points), draws=30)
    if shape == "uniform":  # flat edges look like groups to a normal cloud: what is found must at least be stable
        assert found.get("segments").value == 1 or min(e.value for e in found.keyed("stability")) >= 0.6
        return
    assert found.get("segments").value == 1
    assert not found.keyed("share")
    assert not found.keyed("stability")
    assert "no_structure" in codes(found)
    assert found.headline.zh.startswith("没有分出人群：300人的回答像一团，没有天然的分界（p=")


def test_one_cloud_is_mistaken_for_segments_in_no_more_than_a_few_studies():
    rng = np.random.default_rng(5)
    wrong = 0
    for _ in range(30):
        people = segment_variables.read(numbers(correlated(rng)[:120]))
        _, p = segment_models.KMeans(people, "z").gaps([2, 3], rng)
        wrong += p < 0.05
    assert wrong <= 5  # 99.7 % of binomial(30, 0.05)


def test_independent_answers_have_one_latent_class():
    rng = np.random.default_rng(3)
    rows = [{f"q{j}": str(v) for j, v in enumerate(row)} for row in rng.integers(0, 2, (300, 5))]
    found = run(Frame.of(rows))
    assert codes(found) == ["no_structure"]
    assert "一个类别的BIC最小" in found.meaning.says.zh


def test_too_many_segments_are_refused_by_the_number_of_people_and_named_by_what_holds():
    points, _ = three_kinds(np.random.default_rng(6), 150)
    with pytest.raises(ParamError) as caught:
        run(numbers(points), segments=6)
    assert caught.value.sentence("zh") == "150人不能分成6群：平均每群不足30人。最多可分5群。"
    found = run(numbers(points), segments=5, draws=40)
    said = next(w for w in found.warnings if w.code == "too_many_segments")
    assert said.text.en == "5 segments are too many: at most 3 hold (each found again when people are redrawn, and at least 5%)."
    assert len(found.keyed("stability")) == 5, "the numbers are there for the gate to refuse them"
    assert min(e.value for e in found.keyed("stability")) < 0.6


def test_segments_asked_of_one_cloud_are_given_with_the_warning_that_they_are_cuts():
    found = run(numbers(correlated(np.random.default_rng(2))), segments=2, draws=30)
    assert {"no_structure", "too_many_segments"} <= set(codes(found))
    assert len(found.keyed("share")) == 2


# ---- properties


def test_labels_do_not_switch_between_resamples():
    """Two segments of almost equal size: numbering by size would exchange them in half of the draws; matching by overlap does not."""
    rng = np.random.default_rng(7)
    points = np.where(np.arange(200)[:, None] < 102, 3.0, -3.0) + rng.normal(size=(200, 3))
    people = segment_variables.read(numbers(points))
    model = segment_models.KMeans(people, "z")
    fitted = model.fit(2, rng)
    again = segment_models.resampled(model, fitted, 60, rng)
    assert again.found[np.arange(200), fitted.labels].min() > 0.95
    assert again.shares[:, 0].mean() == pytest.approx(0.51, abs=0.02)
    assert again.stability.min() > 0.97


def test_the_interval_of_a_share_is_wider_where_the_border_moves():
    rng = np.random.default_rng(9)
    sharp, blurred = (np.where(np.arange(200)[:, None] < 120, d, -d) + rng.normal(size=(200, 2)) for d in (4.0, 0.9))
    widths = []
    for points in (sharp, blurred):
        share = run(numbers(points), segments=2, draws=40).get("share", "A")
        widths.append(share.high - share.low)
    assert widths[0] == pytest.approx(2 * 1.96 * np.sqrt(0.6 * 0.4 / 200), rel=0.2)
    assert widths[1] > 1.2 * widths[0]


def test_the_order_of_people_and_columns_changes_nothing_and_everyone_is_placed():
    rng = np.random.default_rng(8)
    points, _ = three_kinds(rng, 150)
    frame = numbers(points)
    shuffled = frame.take(rng.permutation(150))
    found = run(frame, draws=30)
    assert run(Frame({name: shuffled[name] for name in reversed(shuffled.names)}, "people.csv"), draws=30).dumps() == found.dumps()
    rows = found.table("assignment").rows
    assert [row[0] for row in rows] == [f"p{i}" for i in range(150)]
    assert sum(e.value for e in found.keyed("share")) == pytest.approx(1)
    assert all(0 <= row[2] <= 1 for row in rows)


def test_the_target_segment_has_its_share_and_stability_under_names_of_their_own():
    points, _ = three_kinds(np.random.default_rng(8), 150)
    found = run(numbers(points), target="B", draws=30)
    assert found.get("target_share").value == found.get("share", "B").value
    assert found.get("target_stability").value == found.get("stability", "B").value
    assert found.get("target_stability").n == 150
    with pytest.raises(ParamError) as caught:
        run(numbers(points), target="Z", draws=30)
    assert caught.value.code == "target_unknown"


def test_numbers_and_categories_go_together_and_a_missing_answer_does_not_lose_the_person():
    rng = np.random.default_rng(12)
    points, kinds = three_kinds(rng)
    rows = [{"respondent": f"p{i}", "hours": x[0], "notes": x[1], "price": None if i % 10 == 0 else x[2], "plan": ["free", "paid", "team"][k] if i % 7 else None}
            for i, (x, k) in enumerate(zip(points.tolist(), kinds.tolist(), strict=True))]
    found = run(Frame.of(rows), draws=30)
    assert found.get("segments").value == 3
    ours = labels_of(found)
    assert adjusted_rand_score(kinds, [ours[f"p{i}"] for i in range(240)]) > 0.9
    assert "missing" in codes(found)
    assert {row[0] for row in found.table("profile").rows} >= {"hours", "plan=free", "plan=paid", "plan=team"}


def test_k_means_on_known_cells_only_is_plain_k_means_where_all_are_known():
    points, _ = three_kinds(np.random.default_rng(3))
    plain = partitions.kmeans(points, 3, np.random.default_rng(1))
    known = partitions.kmeans(points, 3, np.random.default_rng(1), known=np.ones(points.shape, dtype=bool))
    assert (plain.labels == known.labels).all()
    assert plain.inertia == pytest.approx(known.inertia)


def test_latent_classes_use_the_people_with_missing_answers():
    frame = table("gss82_lca.csv")
    holes = frame.with_columns(PURPOSE=[None if i % 5 == 0 else v for i, v in enumerate(frame["PURPOSE"].tolist())])
    found = run(holes, draws=20, segments=2)
    assert found.get("share", "A").n == 1202
    assert found.get("share", "A").value == pytest.approx(0.808, abs=0.06)


def test_profile_effects_are_those_of_an_analysis_of_variance_and_of_welch():
    from statsmodels.stats.oneway import anova_oneway

    rng = np.random.default_rng(5)
    labels = np.repeat([0, 1, 2], [40, 30, 50])
    values = rng.normal(size=120) * np.array([1.0, 2.0, 0.5])[labels] + np.array([0.0, 0.5, 0.9])[labels]
    row = segment_profile.rows((), (segment_variables.Variable("age", values),), labels, 3, rng)[0]
    groups = [values[labels == g] for g in range(3)]
    between = sum(g.size * (g.mean() - values.mean()) ** 2 for g in groups)
    assert row.effect == pytest.approx(between / ((values - values.mean()) ** 2).sum())
    assert row.p == pytest.approx(anova_oneway(groups, use_var="unequal").pvalue)


def test_what_stands_out_names_a_segment():
    points, _ = three_kinds(np.random.default_rng(8), 150)
    found = run(numbers(points), draws=30)
    called = {row[0]: row[1] for row in found.table("segments").rows}
    assert called["A"].zh.startswith("x0高")
    assert called["B"].en.startswith("high x1")


def test_one_category_that_decides_alone_is_said():
    rng = np.random.default_rng(14)
    rows = [{"x": float(rng.normal()), "y": float(rng.normal()), "sex": "fm"[i % 2], "city": "ab"[i % 2]} for i in range(200)]
    found = run(Frame.of(rows), draws=30)
    assert found.get("segments").value == 1 or {"one_category", "no_structure"} & set(codes(found)) or "sex" in found.meaning.next.en


# ---- bad data


@pytest.mark.parametrize("rows", [[], [{"x": 1.0, "y": 2.0}], [{"x": None, "y": None}] * 50, [{"x": 3.0, "y": "a"}] * 100])
def test_no_variable_that_varies_is_an_error(rows):
    with pytest.raises(DataError) as caught:
        run(Frame.of(rows) if rows else Frame({"x": [], "y": []}))
    assert caught.value.code == "no_variables"


def test_too_few_people_and_too_few_categories_are_refused_with_what_is_needed():
    points, _ = three_kinds(np.random.default_rng(1), 40)
    with pytest.raises(DataError) as caught:
        run(numbers(points))
    assert caught.value.sentence("en") == "40 people and 3 variables cannot make two segments. At least 60 people are needed, or a lower least."
    with pytest.raises(DataError) as caught:
        run(Frame({"a": ["x", "y"] * 60, "b": ["u", "u", "v", "v"] * 30}))
    assert caught.value.code == "too_few"
    assert "three categorical variables" in caught.value.sentence("en")


def test_constant_columns_names_and_sparse_people_are_left_out_and_said():
    points, _ = three_kinds(np.random.default_rng(8), 150)
    frame = numbers(points).with_columns(same=["x"] * 150, name=[f"name {i}" for i in range(150)])
    frame = frame.with_columns(**{f"x{j}": [None if i < 3 else v for i, v in enumerate(frame[f"x{j}"].tolist())] for j in (0, 1)})
    found = run(frame, draws=30)
    assert {"column_constant", "column_names", "sparse"} <= set(codes(found))
    assert found.get("share", "A").n == 147


def test_an_unknown_variable_is_named_and_a_person_with_two_answers_refused():
    points, _ = three_kinds(np.random.default_rng(1), 100)
    with pytest.raises(ParamError) as caught:
        run(numbers(points), variables="x0,x9")
    assert 'no column "x9"' in caught.value.sentence("en")
    twice = numbers(points).with_columns(respondent=["p0", "p0", *[f"p{i}" for i in range(2, 100)]])
    with pytest.raises(DataError) as caught:
        run(twice)
    assert caught.value.code == "answered_twice"


def test_points_that_coincide_give_no_nonsense():
    points = np.repeat([[1.0, 2, 1], [5, 1, 9], [9, 9, 5]], [50, 40, 30], axis=0)
    found = run(numbers(points), draws=20)
    assert all(np.isfinite(e.value) for e in found.estimates)
    assert found.get("segments").value in (1, 3)


def test_long_tails_are_warned_of():
    rng = np.random.default_rng(2)
    points, _ = three_kinds(rng, 150)
    found = run(numbers(np.column_stack([points, np.exp(2 * rng.normal(size=150))])), draws=20)
    assert "skewed" in codes(found)
