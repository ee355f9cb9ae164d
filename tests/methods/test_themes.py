"""Themes: published numbers and known labels first, then what must hold for any texts, then bad data."""

import csv
import time
from collections import Counter

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from stageway.arithmetic import partitions, text_features
from stageway.arithmetic import themes as grouping
from stageway.arithmetic.theme_measures import nominal_alpha
from stageway.evidence import DataError, Finding, Frame
from stageway.methods.research.themes import themes
from tests.shared import shared


def run(frame: Frame, codes: Frame | None = None, coders: Frame | None = None, **params: object) -> Finding:
    return themes.run({"answers": frame, "codes": codes, "coders": coders}, params)


def warned(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


def reviews(name: str, text: str, **columns: str) -> Frame:
    with shared(f"reviews/{name}").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return Frame({"text": [r[text] for r in rows], **{role: [r[column] for r in rows] for role, column in columns.items()}}, name)


def made_up(rng: np.random.Generator, n: int, kinds: dict[str, list[str]], around: list[str], gap: str = "") -> tuple[list[str], list[str]]:
    """Texts of three words of their kind in any order, with a phrase before and after that says nothing of it."""
    names = [str(k) for k in rng.choice(list(kinds), size=n)]
    return [gap.join([rng.choice(around), *rng.choice(kinds[k], 3, replace=False), rng.choice(around)]) for k in names], names


ZH = {"配送": ["骑手不接", "配送太慢", "一直超时", "送错了楼", "等了很久"], "口味": ["菜太咸", "口味很淡", "菜不新鲜", "米饭夹生", "汤都凉了"],
      "闪退": ["软件闪退", "打不开界面", "更新以后崩溃", "登录失败", "闪退好几次"]}
ZH_AROUND = ["说实话", "周末点的", "跟同事一起", "下雨那天", "第三回了", "给孩子买", "公司聚餐"]
EN = {"battery": ["battery", "drains", "overnight", "charger", "standby"], "login": ["login", "password", "refused", "reset", "locked"]}
EN_AROUND = ["honestly", "on my tablet", "since spring", "every day", "at work", "for my kids"]


# ---- published, and known


def test_alpha_is_that_of_krippendorff_2011():
    """Computing Krippendorff's Alpha-Reliability, section C: four observers, twelve units with missing data, nominal: 0.743."""
    ratings = np.array([[1, 2, 3, 3, 2, 1, 4, 1, 2, np.nan, np.nan, np.nan], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, np.nan, 3],
                        [np.nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, np.nan], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, np.nan]])
    counts = np.stack([(ratings == c).sum(axis=0) for c in range(1, 6)], axis=1).astype(float)
    counts = counts[counts.sum(axis=1) > 1]
    assert nominal_alpha(counts, np.ones((1, len(counts))))[0] == pytest.approx(0.743, abs=5e-4)


def test_log_odds_are_the_formula_of_monroe_2008_worked_by_hand():
    """Equations 16, 20 and 22 with a prior of 500 words: `slow` 30 of 100 words inside, 10 of 400 outside."""
    inside, everywhere = Counter(slow=30, other=70), Counter(slow=40, other=460)
    a = 500 * 40 / 500
    delta = np.log((30 + a) / (100 + 500 - 30 - a)) - np.log((10 + a) / (400 + 500 - 10 - a))
    assert grouping.log_odds(inside, everywhere)["slow"] == pytest.approx(delta / np.sqrt(1 / (30 + a) + 1 / (10 + a)))


def test_weights_of_n_grams_are_those_of_scikit_learn():
    from sklearn.feature_extraction.text import TfidfVectorizer

    rng = np.random.default_rng(3)
    texts = [*made_up(rng, 40, ZH, ZH_AROUND)[0], *made_up(rng, 40, EN, EN_AROUND, " ")[0]]
    theirs = TfidfVectorizer(analyzer=text_features.grams, min_df=2, max_df=0.5, sublinear_tf=True, smooth_idf=True).fit_transform(texts)
    ours = text_features.weighted(texts)
    assert ours.shape == theirs.shape
    assert abs(ours - theirs).max() < 1e-12


def test_known_themes_are_found_in_chinese_english_and_both():
    rng = np.random.default_rng(8)
    for kinds, around, gap in ((ZH, ZH_AROUND, ""), (EN, EN_AROUND, " ")):
        texts, names = made_up(rng, 240, kinds, around, gap)
        plain = [text_features.plain(t) for t in texts]
        words = [frozenset(text_features.words(t)) for t in plain]
        chinese = np.array([text_features.is_chinese(t) for t in plain])
        found, _ = grouping.by_likeness(plain, words, chinese, most=8, wanted=0, least=0.6, draws=20, rng=np.random.default_rng(1))
        labels = np.full(len(texts), -1)
        for i, theme in enumerate(found):
            labels[theme.members] = i
        assert adjusted_rand_score(names, labels) > 0.8
    mixed = [*made_up(rng, 150, ZH, ZH_AROUND)[0], *made_up(rng, 100, EN, EN_AROUND, " ")[0]]
    found = run(Frame({"text": mixed, "id": [f"r{i}" for i in range(250)]}), copies="all")
    named = " ".join(row[0].en for row in found.table("themes").rows)
    assert all(any(word in named for word in words) for words in (("闪退",), ("口味", "夹生"), ("骑手", "配送"), EN["battery"], EN["login"]))
    assert "mixed_languages" in warned(found)


def test_twelve_thousand_chinese_reviews_take_less_than_fifteen_seconds_and_stars_tell_the_themes_apart():
    frame = reviews("waimai_zh.csv", "review", stars="label")
    begin = time.process_time()
    found = run(frame)
    assert time.process_time() - begin < 15  # on one core, whoever else works on the machine
    assert found.get("texts").value > 11_900
    assert min(e.value for e in found.keyed("stability")) >= 0.6
    negative = {e.key: e.value for e in found.keyed("negative")}
    assert max(negative.values()) > 0.85  # waiting for an hour
    assert min(negative.values()) < 0.45  # quick delivery
    assert any("小时" in key or "太慢" in key for key, value in negative.items() if value > 0.85)
    assert found.get("negative", max(negative, key=negative.get)).low > 8_000 / 11_987  # worse than all texts together
    quotes = found.table("quotes").rows
    assert len(quotes) >= 3 * len(negative) - 2
    assert all(str(row[3]).startswith("#") for row in quotes)


def test_groups_by_subject_say_little_about_bug_reports_and_requests():
    """External labels (bug report, feature request, rating, experience) are kinds of speaking, not subjects: agreement is low, and is stated here."""
    with shared("reviews/app_reviews_labelled_en.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(text_features.plain(r["review"]), r["label"]) for r in csv.DictReader(file) if r["review"].strip()]
    plain, labels = [r[0] for r in rows], np.array([r[1] for r in rows])
    words = [frozenset(text_features.words(t)) for t in plain]
    found, _ = grouping.by_likeness(plain, words, np.zeros(len(rows), dtype=bool), most=12, wanted=8, least=0.6, draws=10, rng=np.random.default_rng(1))
    groups = np.full(len(rows), -1)
    for i, theme in enumerate(found):
        groups[theme.members] = i
    inside = groups >= 0
    purity = sum(Counter(labels[groups == g]).most_common(1)[0][1] for g in set(groups[inside])) / inside.sum()
    most = Counter(labels[inside]).most_common(1)[0][1] / inside.sum()
    assert 0.02 < adjusted_rand_score(labels[inside], groups[inside]) < 0.3
    assert purity > most + 0.05


def test_stars_of_spotify_and_too_few_reviews_of_a_bank():
    found = run(reviews("spotify_en.csv", "content", stars="score", time="at"))
    assert found.keyed("share"), "advertising between songs is a theme"
    assert found.observed is not None
    assert warned(run(reviews("bank_en.csv", "content", stars="score"))) == ["no_themes"]


# ---- codebook, stars, time, coders


def app_reviews(n: int = 120) -> Frame:
    rows = [{"id": f"r{i}", "text": ("it crashes on start" if i % 3 == 0 else "too expensive for me" if i % 3 == 1 else "crashes, and expensive too") + f" number{i}",
             "stars": 1 if i % 3 == 0 else 4, "time": f"2026-0{1 + (i >= n / 2)}-{1 + i % 28:02d}", "source": "ab"[i % 2]} for i in range(n)]
    return Frame.of(rows, "reviews.csv")


CODES = Frame.of([{"theme": "crash", "words": "crash, 闪退"}, {"theme": "price", "words": "expensive；贵"}])


def test_a_codebook_counts_a_text_in_every_theme_that_it_mentions():
    found = run(app_reviews(), CODES, copies="all")
    assert [(e.key, e.value) for e in found.keyed("share")] == [("crash", pytest.approx(2 / 3)), ("price", pytest.approx(2 / 3))]
    assert not found.keyed("stability")
    assert found.get("ungrouped").value == 0
    assert found.get("negative", "crash").value == pytest.approx(0.5)
    assert found.get("negative", "price").value == 0
    assert found.get("mean_stars", "crash").value == pytest.approx(2.5)
    assert found.get("change", "crash").value == pytest.approx(0)
    assert found.headline.zh == "说得最多的是“crash”，占66.7% [57.8%, 74.5%]（n=120）；差评最集中的是“crash”，其中50.0% [39.3%, 60.7%]是差评"
    assert found.table("sources").rows


def test_han_keywords_match_anywhere_and_latin_ones_from_the_beginning_of_a_word():
    texts = ["老是闪退了", "it crashed", "acrash course", "有点贵"] * 5
    found = run(Frame({"text": texts}), CODES, copies="all")
    assert found.get("share", "crash").value == 0.5
    assert found.get("share", "price").value == 0.25


def test_a_label_of_nought_and_one_counts_nought_as_negative_and_ten_points_up_to_four():
    for stars, wanted in (([0, 1] * 20, 0.5), ([4, 5, 10, 1] * 10, 0.5), ([2, 3, 5, 5] * 10, 0.25)):
        found = run(Frame({"text": ["crashes again"] * 40, "stars": stars}), CODES, copies="all")
        assert found.get("negative", "crash").value == wanted
    assert not run(Frame({"text": ["crashes again"] * 40}), CODES, copies="all").keyed("negative"), "no stars, no mood"


def test_two_coders_agree_by_share_and_alpha():
    given = [("crash", "crash")] * 80 + [("price", "price")] * 90 + [("crash", "price")] * 30
    coders = Frame.of([{"id": f"r{i}", "coder": who, "theme": theme} for i, both in enumerate(given) for who, theme in zip("ab", both, strict=True)])
    found = run(app_reviews(), CODES, coders, copies="all")
    assert found.get("agreement").value == 0.85
    assert (round(found.get("agreement").low, 3), round(found.get("agreement").high, 3)) == (0.794, 0.893)  # Wilson
    assert found.get("alpha").low < found.get("alpha").value < found.get("alpha").high
    assert found.table("confused").rows == (("crash", "price", 30),)
    assert "混淆30次" in found.meaning.change.zh


def test_one_coder_and_two_themes_by_one_coder_are_said():
    one = Frame.of([{"id": "r1", "coder": "a", "theme": "x"}])
    assert "no_codings" in warned(run(app_reviews(), CODES, one))
    with pytest.raises(DataError) as caught:
        run(app_reviews(), CODES, Frame.of([{"id": "r1", "coder": "a", "theme": "x"}, {"id": "r1", "coder": "a", "theme": "y"}], "coders.csv"))
    assert caught.value.sentence("zh") == "同一人给同一条文本归了两个主题：“r1”，a。位置：coders.csv，第2条。请只保留其中一个。"


def test_a_theme_that_grows_is_said_with_its_change():
    texts = ["crashes again"] * 10 + ["fine so far"] * 50 + ["crashes again"] * 40 + ["fine so far"] * 20
    dates = ["2026-01-10"] * 60 + ["2026-02-10"] * 60
    found = run(Frame({"text": texts, "time": dates}), CODES, copies="all")
    change = found.get("change", "crash")
    assert (change.value, change.unit) == (0.5, "pp")
    assert change.low > 0.3
    assert any("50.0个百分点" in p.zh for p in found.points)
    assert [row[0] for row in found.table("periods").rows if row[1].en == "crash"] == ["2026-W02", "2026-W07"]


# ---- what is set aside, and personal data


def test_long_copies_count_once_short_ones_each_and_what_one_user_sends_twice_once():
    long = "the editor crashes whenever I open a long note on my old tablet at home"
    found = run(Frame({"text": [long, long + "!!", "great app", "Great app", "nice try"] * 3, "user": [f"u{i}" for i in range(13)] + ["u4", "u4"]}), CODES)
    assert found.get("texts").value == 15 - 5 - 1  # 6 long ones are 1; u4 sends "nice try" twice
    assert "copied" in warned(found)
    assert run(Frame({"text": [long] * 12}), CODES, copies="all").get("texts").value == 12


def test_copies_are_found_where_a_word_was_changed_and_not_where_half_was():
    base = "after the last update the app freezes for ten seconds whenever I scroll through my shared folders on the train to work"
    near, far = base.replace("train", "tram"), base[:60] + " and otherwise I am rather content with the whole thing, thank you very much"
    assert text_features.copies([base, near, far]).tolist() == [0, 0, 2]


def test_advertisements_are_left_out_and_listed():
    texts = ["crashes on start again"] * 12 + ["刷单兼职加微信vx88669900，日结", "see www.cheap-deals.top and mail me at boss@deals.top"]
    found = run(Frame({"text": texts, "id": [f"r{i}" for i in range(14)]}), CODES)
    row = next(r for r in found.table("left_out").rows if r[0].en == "advertisement")
    assert (row[1], row[2]) == (2, "r12, r13")
    assert run(Frame({"text": texts}), CODES, adverts="keep").get("texts").value == 14


@pytest.mark.parametrize(("text", "masked"), [
    ("打我电话13812345678，谢谢", "打我电话***，谢谢"), ("mail li.wei@example.com.cn now", "mail *** now"), ("微信号：abc_12345 加我", "微信号：*** 加我"),
    ("call +44 20 7946 0958 or (555) 123-4567", "call *** or (***"), ("身份证11010519491231002X", "身份证***"), ("went up from 12.99 to 15 in 2026", "went up from 12.99 to 15 in 2026"),
    ("https://t.co/abc?x=1 why", "*** why"),
])
def test_personal_data_are_masked_and_prices_are_not(text, masked):
    assert text_features.mask(text) == masked


def test_quotes_are_masked_words_of_the_people():
    rng = np.random.default_rng(2)
    texts, _ = made_up(rng, 120, ZH, ZH_AROUND)
    found = run(Frame({"text": [f"{t}，电话1380000{i:04d}" for i, t in enumerate(texts)], "id": [f"r{i}" for i in range(120)]}), copies="all")
    quotes = found.table("quotes").rows
    assert quotes
    assert not any("1380000" in row[1] for row in quotes)
    by_ref = {f"r{i}": t for i, t in enumerate(texts)}
    assert all(row[1].startswith(by_ref[row[3]]) for row in quotes)


# ---- properties


def test_asking_for_too_many_groups_is_said_with_the_number_that_holds():
    rng = np.random.default_rng(4)
    texts, _ = made_up(rng, 120, EN, EN_AROUND, " ")
    found = run(Frame({"text": texts}), themes=12, copies="all")
    assert "unstable" in warned(found)


def test_noise_gives_no_themes_and_no_shares():
    rng = np.random.default_rng(6)
    letters = [chr(c) for c in range(0x4E00, 0x4E00 + 900)]
    found = run(Frame({"text": ["".join(rng.choice(letters, 12)) for _ in range(80)]}))
    assert not found.keyed("share")
    assert found.get("ungrouped") is None
    assert "no_themes" in warned(found)
    assert "没有反复出现的主题" in found.headline.zh


def test_the_same_texts_in_another_order_give_the_same_finding():
    rng = np.random.default_rng(5)
    texts, _ = made_up(rng, 150, ZH, ZH_AROUND)
    frame = Frame({"text": texts, "id": [f"r{i}" for i in range(150)], "stars": [float(1 + i % 5) for i in range(150)]}, "a.csv")
    assert run(frame).dumps() == run(frame.take(rng.permutation(150))).dumps()


def test_the_groups_of_k_means_reach_the_inertia_of_scikit_learn():
    from sklearn.cluster import KMeans

    points = np.random.default_rng(1).normal(size=(300, 5)) + np.repeat(np.eye(5)[:3] * 4, 100, axis=0)
    ours = partitions.kmeans(points, 3, np.random.default_rng(2), starts=10)
    theirs = KMeans(3, n_init=10, random_state=0).fit(points)
    assert ours.inertia == pytest.approx(theirs.inertia_)
    assert adjusted_rand_score(ours.labels, theirs.labels_) == 1


# ---- bad data


@pytest.mark.parametrize("texts", [[], [None, None], ["", "  "]])
def test_no_text_at_all_is_an_error(texts):
    with pytest.raises(DataError) as caught:
        run(Frame({"text": texts}))
    assert caught.value.code == "no_texts"


def test_few_texts_are_listed_and_not_counted():
    found = run(Frame({"text": ["很慢", "闪退", "😀😀"]}), CODES)
    assert not found.keyed("share")
    assert warned(found) == ["small_n"]
    assert len(found.table("texts").rows) == 3
    assert "small_n" in warned(run(Frame({"text": ["crashes again"] * 15}), CODES, copies="all"))


def test_signs_digits_and_one_text_repeated_make_no_theme():
    for texts in (["😀", "12345", "!!!", "……"] * 20, ["很好"] * 60, ["ok"] * 60):
        found = run(Frame({"text": texts}))
        assert not found.keyed("share")
        assert "no_themes" in warned(found)


def test_an_empty_codebook_and_a_theme_without_words_are_refused():
    with pytest.raises(DataError) as caught:
        run(app_reviews(), Frame({"theme": [None], "words": [None]}))
    assert caught.value.code == "no_codes"
    with pytest.raises(DataError) as caught:
        run(app_reviews(), Frame.of([{"theme": "crash", "words": "、"}], "codes.csv"))
    assert "codes.csv" in caught.value.sentence("en")


def test_a_codebook_that_matches_nothing_gives_shares_of_nought_with_an_interval():
    found = run(Frame({"text": ["fine so far"] * 40}), CODES, copies="all")
    share = found.get("share", "crash")
    assert (share.value, share.low) == (0, 0)
    assert share.high == pytest.approx(0.088, abs=1e-3)
    assert not found.keyed("negative")
