"""Stability: independent implementations, then what must hold for any sessions, then incidents, then bad data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic.clusters import Clustered, difference
from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.quality.stability import stability


def sessions(per_user: list[list[int]], version: str | None = None) -> list[dict]:
    """One list a user: 1 for each session that crashed."""
    extra = {} if version is None else {"version": version}
    return [{"user": f"u{u}", "crashed": x, **extra} for u, marks in enumerate(per_user) for x in marks]


def run(rows: list[dict], incidents: list[dict] | None = None, **params: object) -> Finding:
    tables = {"records": Frame.of(rows, "sessions.csv")}
    return stability.run(tables | ({"incidents": Frame.of(incidents, "incidents.csv")} if incidents is not None else {}), params)


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


def drawn(users: int, rng: np.random.Generator) -> list[list[int]]:
    prone = rng.beta(0.5, 8, users)
    return [(rng.random(int(rng.integers(1, 12))) < p).astype(int).tolist() for p in prone]


# ---- independent implementations


def test_the_variance_of_the_share_is_the_cluster_robust_one_of_statsmodels():
    import statsmodels.api as sm

    rows = sessions(drawn(120, np.random.default_rng(2)))
    y, user = np.array([1 - r["crashed"] for r in rows]), np.array([int(r["user"][1:]) for r in rows])
    fit = sm.OLS(y, np.ones(len(y))).fit(cov_type="cluster", cov_kwds={"groups": user})
    mine = Clustered(np.bincount(user, y).astype(float), np.bincount(user).astype(float))
    assert mine.share == pytest.approx(fit.params[0])
    assert mine.variance == pytest.approx(fit.bse[0] ** 2)


def test_the_interval_is_wilsons_at_the_effective_number_of_sessions():
    from scipy.stats import norm, t
    from statsmodels.stats.proportion import proportion_confint

    per_user = drawn(150, np.random.default_rng(5))
    found = run(sessions(per_user)).get("crash_free")
    y, m = np.array([len(u) - sum(u) for u in per_user]), np.array([len(u) for u in per_user])
    p = y.sum() / m.sum()
    variance = np.sum((y - p * m) ** 2) / m.sum() ** 2 * 150 / 149
    n_eff = p * (1 - p) / variance * (norm.ppf(0.975) / t.ppf(0.975, 149)) ** 2
    assert (found.value, found.low, found.high) == pytest.approx((p, *proportion_confint(p * n_eff, n_eff, method="wilson")))
    assert found.n == m.sum()


def test_users_who_each_come_once_get_the_interval_of_independent_sessions_nearly():
    from statsmodels.stats.proportion import proportion_confint

    found = run(sessions([[int(i < 30)] for i in range(2000)])).get("crash_free")
    assert (found.low, found.high) == pytest.approx(proportion_confint(1970, 2000, method="wilson"), abs=1e-4)


def test_crash_free_users_are_wilsons():
    from statsmodels.stats.proportion import proportion_confint

    found = run(sessions([[1, 1, 0]] * 9 + [[0, 0]] * 91)).get("crash_free_users")
    assert (found.value, found.low, found.high) == pytest.approx((0.91, *proportion_confint(91, 100, method="wilson")))


def test_two_versions_of_different_users_are_compared_as_newcombe_does():
    from statsmodels.stats.proportion import confint_proportions_2indep

    zeros = np.zeros(400)
    new = Clustered(np.r_[np.r_[np.ones(390), np.zeros(10)], zeros], np.r_[np.ones(400), zeros])
    old = Clustered(np.r_[zeros, np.r_[np.ones(370), np.zeros(30)]], np.r_[zeros, np.ones(400)])
    assert difference(new, old)[1:] == pytest.approx(confint_proportions_2indep(390, 400, 370, 400, compare="diff", method="newcomb"), abs=5e-4)


def test_time_between_incidents_has_the_chi_square_interval_of_scipy():
    from scipy.stats import chi2

    listed = [{"detected": f"2026-09-{d:02d}T00:00:00", "restored": f"2026-09-{d:02d}T12:00:00"} for d in (3, 9, 15, 21)]
    found = run(listed, since="2026-09-01", until="2026-09-30")
    up = 30 * 24 - 48
    mtbf, share = found.get("mtbf"), found.get("availability")
    assert (mtbf.value, mtbf.low, mtbf.high) == pytest.approx((up / 4, 2 * up / chi2.ppf(0.975, 10), 2 * up / chi2.ppf(0.025, 8)))
    assert share.value == pytest.approx(up / 720)


def test_recovery_of_closed_incidents_is_the_ordinary_median():
    hours = [1, 2, 3, 4, 5, 7, 9, 30]
    found = run([{"detected": "2026-09-01T00:00:00", "restored": f"2026-09-{1 + h // 24:02d}T{h % 24:02d}:00:00"} for h in hours]).get("median")
    assert (found.value, found.low, found.high) == (4.5, 1, 30)  # ranks 1 and 8 of 8


# ---- what the sessions say


def test_sessions_of_one_user_widen_the_interval_and_the_words_say_so():
    rng = np.random.default_rng(4)
    rows = sessions(drawn(200, rng))
    alone = [{**r, "user": f"v{i}"} for i, r in enumerate(rows)]
    together, apart = run(rows).get("crash_free"), run(alone).get("crash_free")
    assert together.value == apart.value
    assert together.high - together.low > 1.2 * (apart.high - apart.low)
    assert "同一用户的会话相像" in run(rows).meaning.sure.zh


def test_a_worse_version_is_not_rolled_out():
    old, new = [[0] * 10] * 195 + [[1] + [0] * 9] * 5, [[0] * 10] * 150 + [[1] + [0] * 9] * 50
    rows = sessions(old, "9.9") + [{**r, "user": "n" + r["user"]} for r in sessions(new, "10.0")]
    found = run(rows)
    assert found.get("difference").high < 0
    assert found.meaning.next.en.startswith("Stop the rollout of 10.0")
    assert [e.key for e in found.keyed("crash_free")] == ["9.9", "10.0"]
    assert run(rows, only_version=True).get("crash_free").value == pytest.approx(1 - 50 / 2000)
    assert "versions_mixed" in codes(found)
    assert "versions_mixed" not in codes(run(rows, only_version=True))


def test_the_same_users_on_both_versions_make_the_difference_surer():
    per_user = drawn(150, np.random.default_rng(8))
    both = sessions(per_user, "1") + sessions(per_user, "2")
    apart = sessions(per_user, "1") + [{**r, "user": "x" + r["user"]} for r in sessions(per_user, "2")]
    wide, narrow = run(apart).get("difference"), run(both).get("difference")
    assert narrow.high - narrow.low < 0.3 * (wide.high - wide.low)


def test_a_session_in_two_rows_counts_once_as_crashed():
    rows = [{"session": f"s{i}", "user": f"u{i}", "crashed": 0} for i in range(50)]
    found = run([*rows, {"session": "s3", "user": "u3", "crashed": 1}]).get("crash_free")
    assert (found.n, found.value) == (50, 0.98)


def test_daily_counts_go_by_day_and_warn():
    days = [{"day": f"2026-09-{d:02d}", "sessions": 1000, "crashed": 3 + (d % 5), "users": 400, "crashed_users": 2} for d in range(1, 29)]
    found = run(days)
    assert found.get("crash_free").n == 28_000
    assert found.get("crash_free_users").value == pytest.approx(0.995)
    assert "no_users" in codes(found)
    assert [d.isoformat() for d in found.observed] == ["2026-09-01", "2026-09-28"]


def test_days_that_differ_more_than_chance_widen_the_interval():
    calm, wild = ([{"day": f"2026-09-{d:02d}", "sessions": 1000, "crashed": x} for d, x in enumerate(xs, 1)] for xs in ([5] * 20, [1] * 19 + [81]))
    a, b = run(calm).get("crash_free"), run(wild).get("crash_free")
    assert a.value == b.value
    assert b.high - b.low > 3 * (a.high - a.low)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=6), min_size=1, max_size=40))
def test_shares_lie_in_their_intervals(per_user):
    found = run(sessions(per_user))
    e = found.get("crash_free")
    total = sum(map(len, per_user))
    assert e.value == pytest.approx(1 - sum(map(sum, per_user)) / total)
    assert 0 <= e.low <= e.value <= e.high <= 1


# ---- incidents


def test_causes_that_come_back_are_counted_and_overlapping_outages_once():
    listed = [{"detected": "2026-09-02T00:00:00", "restored": "2026-09-02T04:00:00", "cause": "Disk full"},
              {"detected": "2026-09-02T02:00:00", "restored": "2026-09-02T06:00:00", "cause": "disk  full"},
              {"detected": "2026-09-20T02:00:00", "restored": "2026-09-20T03:00:00", "cause": "expired certificate"}]
    found = run(listed, since="2026-09-01", until="2026-09-30")
    assert found.get("repeats").value == 1
    assert found.get("availability").value == pytest.approx(1 - 7 / 720)
    assert "先根治“Disk full”" in found.meaning.next.zh
    assert found.get("data_loss") is None


def test_data_losses_and_takedowns_are_counted_where_the_kind_is_kept():
    listed = [{"detected": "2026-09-02", "restored": "2026-09-02", "kind": k} for k in ("data_loss", "outage", "下架", "数据丢失")]
    found = run(listed)
    assert (found.get("data_loss").value, found.get("takedowns").value) == (2, 1)


def test_an_incident_that_goes_on_is_not_left_out():
    listed = [{"detected": f"2026-09-{d:02d}T00:00:00", "restored": f"2026-09-{d:02d}T0{d}:00:00"} for d in range(1, 6)]
    found = run([*listed, {"detected": "2026-09-06T00:00:00", "restored": None}], since="2026-09-01", until="2026-09-30")
    assert found.get("median").n == 6
    assert "still_open" in codes(found)
    assert run([{"detected": "2026-09-06T00:00:00", "restored": None}]).get("median") is None


def test_without_a_period_there_is_no_availability():
    found = run([{"detected": "2026-09-02T00:00:00", "restored": "2026-09-02T04:00:00"}])
    assert found.get("availability") is None
    assert "no_period" in codes(found)


# ---- bad data


def test_more_crashes_than_sessions_are_refused_with_the_row():
    with pytest.raises(DataError) as caught:
        run([{"day": "2026-09-01", "sessions": 10, "crashed": 1}, {"day": "2026-09-02", "sessions": 10, "crashed": 11}])
    assert "row 2, column \"crashed\", value \"11\". Expected a count from 0 to 10" in caught.value.sentence("en")


def test_no_crash_at_all_is_no_certainty():
    found = run(sessions([[0] * 5] * 100))
    assert "no_crash" in codes(found)
    assert found.get("crash_free").low == pytest.approx(100 / (100 + 1.959964**2), abs=1e-6)  # Wilson of 100 users, not of 500 sessions


def test_one_user_alone_is_worth_one_observation():
    found = run(sessions([[0, 0, 1, 0]]))
    assert "small_n" in codes(found)
    assert found.get("crash_free").low < 0.2


def test_neither_sessions_nor_incidents_is_refused():
    with pytest.raises(DataError) as caught:
        run([{"user": "a"}])
    assert caught.value.sentence("zh") == "既没有“crashed”列（会话）也没有“detected”列（故障）。位置：sessions.csv。用 columns（或 --map）指明哪一列是它。"


def test_an_incident_over_before_it_began_is_refused():
    with pytest.raises(DataError) as caught:
        run([{"detected": "2026-09-02T10:00:00", "restored": "2026-09-02T09:00:00"}])
    assert "no earlier than its start, 2026-09-02 10:00:00" in caught.value.sentence("en")


def test_an_unknown_version_is_refused():
    with pytest.raises(ParamError) as caught:
        run(sessions([[0]] * 40, "2.1"), version="2.2")
    assert caught.value.code == "version_unknown"


def test_an_empty_table_of_incidents_is_said():
    found = stability.run({"records": Frame.of(sessions([[0, 1]] * 40)), "incidents": Frame({"detected": []})})
    assert "no_incidents" in codes(found)
