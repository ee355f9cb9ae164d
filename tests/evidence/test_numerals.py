"""Numbers as they are printed in the process document, in both languages."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stageway.evidence import LANGS, Estimate, Kind, Words, amount, interval, number, p_value, rounded_up, shown, with_n

MINUS = "\u2212"


def estimate(value, low, high, unit="", n=None, kind=Kind.OTHER):
    return Estimate("x", value, low, high, unit=unit, n=n, kind=kind)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (0.422, "%", "42.2%", "42.2%"),
        (0.066, "pp", "6.6个百分点", "6.6 points"),
        (-0.066, "pp", f"{MINUS}6.6个百分点", f"{MINUS}6.6 points"),
        (24.7, "CNY", "24.7元", "CNY 24.7"),
        (1234.5, "CNY", "1,234元", "CNY 1,234"),
        (-24.7, "CNY", f"{MINUS}24.7元", f"{MINUS}CNY 24.7"),
        (412.4, "ms", "412毫秒", "412 ms"),
        (18.25, "s", "18.2秒", "18.2 s"),
        (76.42, "", "76.4", "76.4"),
        (1.416, "", "1.42", "1.42"),
        (28_450_000, "people", "2,845万人", "28.45 million people"),
        (1_234_000, "", "123.4万", "1.23 million"),
        (999_999, "people", "999,999人", "999,999 people"),
        (0, "", "0.00", "0.00"),
        (-0.0001, "%", "0.0%", "0.0%"),
    ],
)
def test_a_value_with_its_unit(value, unit, zh, en):
    assert amount(value, unit) == Words(zh, en)


@pytest.mark.parametrize(("value", "zh"), [(0.066, "+6.6个百分点"), (-0.066, f"{MINUS}6.6个百分点"), (0.0, "0.0个百分点")])
def test_a_signed_value_shows_which_way_it_goes(value, zh):
    assert number(value, "pp", "zh", signed=True) == zh


@pytest.mark.parametrize(
    ("made", "zh", "en"),
    [
        (estimate(0.422, 0.364, 0.481, "%", 270, Kind.SHARE), "42.2% [36.4%, 48.1%]", "42.2% [36.4, 48.1]"),
        (estimate(0.066, 0.012, 0.12, "pp"), "6.6个百分点 [1.2, 12.0]", "6.6 points [1.2, 12.0]"),
        (estimate(76.4, 72.6, 80.2, "", 30), "76.4 [72.6, 80.2]", "76.4 [72.6, 80.2]"),
        (estimate(24.7, 21.2, 29.0, "CNY"), "24.7元 [21.2, 29.0]", "CNY 24.7 [21.2, 29.0]"),
        (estimate(-0.5, -1.2, 0.3), f"{MINUS}0.50 [{MINUS}1.20, 0.30]", f"{MINUS}0.50 [{MINUS}1.20, 0.30]"),
        (estimate(1, float("-inf"), float("inf")), f"1.00 [{MINUS}∞, ∞]", f"1.00 [{MINUS}∞, ∞]"),
        (Estimate("x", 1248, kind=Kind.EXACT), "1,248", "1,248"),
        (Estimate("x", 3, kind=Kind.EXACT, unit="people"), "3人", "3 people"),
    ],
)
def test_a_value_with_its_interval(made, zh, en):
    assert shown(made) == Words(zh, en)


def test_a_share_has_two_decimals_only_where_many_observations_make_it_narrow():
    assert interval(estimate(0.9974, 0.9968, 0.9978, "%", 38_214, Kind.SHARE), "zh") == "99.74% [99.68%, 99.78%]"
    assert interval(estimate(0.9974, 0.9968, 0.9978, "%", 9_999, Kind.SHARE), "zh") == "99.7% [99.7%, 99.8%]"
    assert interval(estimate(0.5, 0.49, 0.51, "%", 10_000, Kind.SHARE), "en") == "50.0% [49.0, 51.0]"


def test_an_interval_keeps_to_the_scale_of_its_value():
    assert shown(estimate(1_100_000, 950_000, 1_250_000)) == Words("110.0万 [95.0万, 125.0万]", "1.10 million [0.95 million, 1.25 million]")
    assert shown(estimate(990_000, 950_000, 1_050_000)) == Words("990,000 [950,000, 1,050,000]", "990,000 [950,000, 1,050,000]")


def test_more_decimals_are_printed_where_rounding_would_hide_the_verdict():
    assert interval(estimate(71.3, 67.96, 74.6), "en", 2) == "71.30 [67.96, 74.60]"


@pytest.mark.parametrize(("n", "zh", "en"), [(326, "n=326", "n = 326"), (38_214, "n=38,214", "n = 38,214"), (None, "", "")])
def test_n(n, zh, en):
    assert (with_n(n, "zh"), with_n(n, "en")) == (zh, en)


@pytest.mark.parametrize(("p", "zh", "en"), [(0.42, "p=0.42", "p = 0.42"), (0.01, "p=0.010", "p = 0.010"), (0.0009, "p<0.001", "p < 0.001"), (0, "p<0.001", "p < 0.001")])
def test_p_is_never_zero(p, zh, en):
    assert p_value(p) == Words(zh, en)


@pytest.mark.parametrize(("n", "needed"), [(0, 0), (-3, 0), (7, 7), (7.01, 8), (59, 59), (101, 110), (120, 120), (121, 130), (1201, 1300), (99.2, 100)])
def test_a_needed_n_is_rounded_up_to_two_figures(n, needed):
    assert rounded_up(n) == needed


@given(st.floats(min_value=0.001, max_value=1e9))
def test_a_needed_n_is_never_promised_too_small(n):
    assert rounded_up(n) >= n * (1 - 1e-9)
    assert len(str(rounded_up(n)).rstrip("0")) <= 2 or rounded_up(n) < 100


@given(st.floats(min_value=-1e12, max_value=1e12), st.sampled_from(["", "%", "pp", "ms", "CNY", "people"]))
def test_no_number_prints_a_hyphen_for_a_minus_or_an_exponent(value, unit):
    for lang in LANGS:
        text = number(value, unit, lang)
        assert "-" not in text
        assert not re.search(r"\de[+\d]", text)
        assert not re.fullmatch(rf"{MINUS}[0.,]*\D*", text), "a minus before nothing"
