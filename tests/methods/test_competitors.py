"""The matrix of features: figures by hand and an independent interval first, then what an open cell must never become, then bad data."""

import numpy as np
import pytest

from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.positioning.competitors import competitors

FEATURES = ("f1", "f2", "f3", "f4")
HAS = {"us": "yes yes no partly", "A": "no yes yes yes", "B": "no no yes no"}


def matrix(has: dict[str, str] = HAS, features: tuple[str, ...] = FEATURES, **columns: object) -> Frame:
    rows = [{"feature": f, "competitor": c, "has": mark, "checked_at": "2026-04-10", "source": "trial", **columns}
            for c, marks in has.items() for f, mark in zip(features, marks.split(), strict=True)]
    return Frame.of(rows, "matrix.csv")


def more(frame: Frame, *rows: dict[str, object]) -> Frame:
    return Frame.of([*frame.records(), *rows], frame.source)


WEIGHTS = Frame.of([{"feature": f, "weight": w} for f, w in zip(FEATURES, (4, 3, 2, 1), strict=True)], "weights.csv")


def run(frame: Frame, params: dict[str, object] | None = None, **tables: Frame) -> Finding:
    return competitors.run({"features": frame, **tables}, params or {})


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


def value(found: Finding, name: str, key: str | None = None) -> float:
    return found.get(name, key).value


# ---- by hand, and independent


def test_coverage_is_the_weighted_share_by_hand():
    found = run(matrix(), weights=WEIGHTS)
    assert value(found, "coverage", "us") == pytest.approx((4 + 3 + 0.5) / 10)
    assert value(found, "coverage", "A") == pytest.approx((3 + 2 + 1) / 10)
    assert value(found, "coverage", "B") == pytest.approx(2 / 10)
    assert value(found, "lead") == pytest.approx(0.15)


def test_what_is_only_ours_and_what_all_have_but_us_are_counted():
    found = run(matrix(), weights=WEIGHTS)
    assert (value(found, "unique"), value(found, "lacking"), value(found, "functions")) == (1, 1, 4)
    standing = {row[0]: row[-1].en for row in found.table("matrix").rows}
    assert standing == {"f1": "only ours", "f2": "some have it", "f3": "all have it but us", "f4": "some have it"}


def test_the_agreement_of_two_checkers_has_wilsons_interval():
    from statsmodels.stats.proportion import proportion_confint

    first = matrix({k: v for k, v in HAS.items() if k != "us"}, checker="lin")
    second = matrix({"A": "no yes yes no", "B": "no no yes no"}, checker="sun")
    found = run(more(first, *second.records()))
    agreement = found.get("agreement")
    assert (agreement.value, agreement.n) == (7 / 8, 8)
    assert (agreement.low, agreement.high) == pytest.approx(proportion_confint(7, 8, method="wilson"))


def test_intervals_of_coverage_follow_from_those_of_the_weights():
    """Linear in one uncertain weight w ~ N(4, 1): coverage of B is 2/(w + 6)."""
    table = Frame.of([{**r, "low": r["weight"], "high": r["weight"]} for r in WEIGHTS.records()], "weights.csv").with_columns(low=[4 - 1.96, 3, 2, 1], high=[4 + 1.96, 3, 2, 1])
    found = run(matrix(), {"draws": 20_000}, weights=table).get("coverage", "B")
    assert (found.low, found.high) == pytest.approx((2 / (10 + 1.96), 2 / (10 - 1.96)), abs=0.003)


def test_without_intervals_of_the_weights_coverage_is_exact():
    assert {e.kind for e in run(matrix(), weights=WEIGHTS).keyed("coverage")} == {"exact"}


def test_p_first_sums_to_one_and_is_certain_where_one_has_everything():
    found = run(matrix({"us": "yes yes yes yes", "A": "no yes yes no", "B": "no no yes no"}), weights=WEIGHTS)
    assert [e.value for e in found.keyed("p_first")] == [1, 0, 0]


def test_p_first_of_two_that_differ_in_two_equal_features_is_a_half():
    found = run(matrix({"us": "yes no", "A": "no yes"}, ("f1", "f2")), {"draws": 20_000})
    assert value(found, "p_first", "us") == pytest.approx(0.5, abs=0.02)


# ---- an open cell is never a no


def test_a_feature_that_one_alternative_was_not_checked_for_is_not_unique():
    found = run(matrix({**HAS, "B": "unknown no yes no"}), weights=WEIGHTS)
    assert value(found, "unique") == 0
    assert "Check whether “B” have “f1”" in found.meaning.change.en


def test_two_checkers_who_differ_leave_the_cell_open():
    found = run(more(matrix(checker="lin"), {"feature": "f1", "competitor": "A", "has": "yes", "checked_at": "2026-04-10", "source": "x", "checker": "sun"}))
    assert value(found, "unique") == 0
    assert value(found, "open") == 1
    assert "disputed" in codes(found)


def test_a_later_check_of_the_same_person_replaces_the_earlier_one():
    found = run(more(matrix(checker="lin"), {"feature": "f1", "competitor": "A", "has": "yes", "checked_at": "2026-05-10", "source": "x", "checker": "lin"}))
    assert value(found, "open") == 0
    assert {row[0]: row[-1].en for row in found.table("matrix").rows}["f1"] == "some have it"


def test_a_listed_competitor_that_nobody_checked_takes_away_every_unique_feature():
    listed = Frame.of([{"id": f"CP-{i}", "title": t, "checked": "2026-04-01"} for i, t in enumerate(("A", "B", "C"))], "items:competitor")
    found = run(matrix(), competitors=listed)
    assert value(found, "unique") == 0
    assert next(w for w in found.warnings if w.code == "unchecked_competitor").text.en.startswith("Listed but never checked: “C”")


def test_coverage_leaves_open_cells_out_and_says_when_most_are_open():
    found = run(matrix({"us": "yes yes no partly", "A": "? ? ? yes"}), weights=WEIGHTS)
    assert value(found, "coverage", "A") == 1
    assert "mostly_open" in codes(found)


# ---- whose features, how old, who says so


def test_our_functions_tell_what_is_ours_where_the_matrix_has_no_row_of_us():
    functions = Frame.of([{"id": "F-1", "title": "f1", "priority": "must"}, {"id": "f2", "title": "Recap", "priority": "should"}, {"id": "F-4", "title": "f4", "priority": "wont"}], "items:function")
    found = run(matrix({k: HAS[k] for k in ("A", "B")}), weights=WEIGHTS, functions=functions)
    assert value(found, "coverage", "us") == pytest.approx(0.7)
    assert value(found, "unique") == 1


def test_without_us_every_feature_is_taken_as_ours_with_a_warning_and_our_coverage_is_left_out():
    found = run(matrix({k: HAS[k] for k in ("A", "B")}))
    assert "ours_assumed" in codes(found)
    assert [e.key for e in found.keyed("coverage")] == ["A", "B"]
    assert (value(found, "unique"), value(found, "functions")) == (1, 4)


def test_checks_grow_stale_by_the_day_that_is_given():
    assert value(run(matrix()), "oldest") == 0
    found = run(matrix(), {"at": "2026-08-01"})
    assert value(found, "oldest") == 113
    assert next(w for w in found.warnings if w.code == "stale").text.en == "Checked more than 90 days ago: “A” and “B”, the oldest 113 days; check again before citing."


def test_the_day_of_the_competitor_stands_in_for_cells_without_one():
    listed = Frame.of([{"id": "CP-1", "title": "A", "checked": "2026-03-01"}, {"id": "CP-2", "title": "B", "checked": "2026-04-01"}], "items:competitor")
    bare = matrix()
    bare = Frame({name: bare[name] for name in ("feature", "competitor", "has", "source")}, bare.source)
    assert value(run(bare, competitors=listed), "oldest") == 31
    assert "undated" in codes(run(bare))


def test_claims_without_a_source_are_marked_and_counted():
    frame = matrix()
    found = run(frame.with_columns(source=[None if c == "A" else "trial" for c in frame["competitor"].tolist()]))
    assert value(found, "unverified") == 4
    assert "unverified" in codes(found)
    assert any(cell.en.endswith("*") for row in found.table("matrix").rows for cell in row[2:5])


@pytest.mark.parametrize("marks", ["有 没有 部分 未知", "1 0 0.5 ?", "✓ ✗ partial n/a"])
def test_cells_are_read_as_people_write_them(marks):
    found = run(matrix({"us": "yes yes yes yes", "A": marks}))
    assert [row[5:8] for row in found.table("coverage").rows if row[0] == "A"] == [(1, 1, 1)]


# ---- bad data


def test_a_cell_that_says_something_else_is_named():
    with pytest.raises(DataError) as caught:
        run(matrix({"us": "yes yes no partly", "A": "no soon yes yes"}))
    assert caught.value.sentence("en") == (
        "a cell does not hold what its column should. At matrix.csv, row 6, column \"has\", value \"soon\". Expected yes, partly, no or unknown (or 1, 0.5, 0). "
        "Correct the value, or say what it stands for under values in the dataset entry.")


def test_weights_of_nought_give_no_coverage():
    found = run(matrix(), weights=WEIGHTS.with_columns(weight=np.zeros(4)))
    assert found.keyed("coverage") == ()
    assert "weights_zero" in codes(found)


def test_features_without_a_weight_are_named_and_left_out():
    found = run(matrix(), weights=WEIGHTS.take(np.arange(3)))
    assert value(found, "coverage", "A") == pytest.approx(5 / 9)
    assert "weight_missing" in codes(found)


def test_a_matrix_of_ours_alone_has_nothing_to_compare():
    found = run(matrix({"us": HAS["us"]}))
    assert [e.name for e in found.estimates] == ["functions"]
    assert "no_competitors" in codes(found)


def test_a_finding_of_priorities_or_kano_can_weigh_the_features():
    kano = Frame.of([{"feature": f, "better": b, "better_low": b - 0.1, "better_high": b + 0.1, "worse": -0.2} for f, b in zip(FEATURES, (0.8, 0.6, 0.4, 0.2), strict=True)], "finding:kano")
    found = run(matrix(), weights=kano).get("coverage", "A")
    assert found.value == pytest.approx(0.6)
    assert found.low < 0.6 < found.high


def test_our_name_that_is_not_there_and_a_day_that_is_none_are_refused():
    with pytest.raises(ParamError, match="the column competitor has no “Us2”"):
        run(matrix(), {"own": "Us2"})
    with pytest.raises(ParamError, match="Expected a date such as 2026-05-08"):
        run(matrix(), {"at": "May"})
