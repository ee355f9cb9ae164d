"""Retention: counted by hand, by polars and by brute force; zones and clock changes; what is not over is not counted."""

from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stageway.arithmetic.intervals import wilson
from stageway.behaviour.questions.retention import retention
from stageway.behaviour.returns import effective
from stageway.evidence import DataError, Frame, ParamError
from tests.behaviour.logs import START, codes, log, random_logs, value
from tests.shared import shared


def run(tables, **params):
    return retention.run(tables, params)


def cells(finding):
    """(cohort, column) → (size, returned, complete)."""
    return {(cohort, column): (size, returned, done) for cohort, column, size, returned, _, done in finding.table("cells").rows}


# ── figures that others computed ──


def by_polars(frame, truncation, zone, last_whole):
    """Exact retention by calendar period in another style: joins and group-bys."""
    every = frame.select("user", pl.col("time").dt.convert_time_zone(zone).dt.date().dt.truncate(truncation).alias("at")).unique()
    first = every.group_by("user").agg(pl.col("at").min().alias("cohort"))
    sizes = first.group_by("cohort").len("size")
    joined = every.join(first, on="user").group_by("cohort", "at").len("returned").filter(pl.col("at") > pl.col("cohort"))
    made = {}
    for cohort, size in sizes.iter_rows():
        at, k = cohort, 0
        while (at := pl.Series([at]).dt.offset_by(truncation)[0]) <= last_whole:
            k += 1
            hits = joined.filter((pl.col("cohort") == cohort) & (pl.col("at") == at))["returned"]
            made[cohort.isoformat(), str(k)] = (size, hits[0] if len(hits) else 0)
    return made


def test_the_cohorts_of_the_grocery_agree_with_polars():
    """BTYDplus groceryElog: 1,525 customers that began in the first quarter of 2006."""
    path = shared("growth_grocery/grocery_purchases.csv")
    read = pl.read_csv(path, schema_overrides={"customer_id": pl.String})
    frame = Frame({"user": read["customer_id"].to_list(), "event": ["purchase"] * len(read), "time": read["date"].to_list()})
    made = run({"events": frame}, period="month", periods=23, until="2007-12-31")
    days = read.select(pl.col("customer_id").alias("user"), pl.col("date").str.to_datetime().dt.replace_time_zone("UTC").alias("time"))
    expected = by_polars(days, "1mo", "UTC", date(2007, 12, 1))
    found = {place: cell[:2] for place, cell in cells(made).items() if cell[2]}
    assert found == expected
    assert sum(size for (_, k), (size, _) in expected.items() if k == "1") == 1525
    assert value(made, "retained", "1") == sum(x for (_, k), (_, x) in expected.items() if k == "1") / 1525


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
def test_the_log_of_the_web_shop_agrees_with_polars_in_any_zone(zone):
    """16,008 rows, 31 of them duplicates; daily cohorts over two changes of the clock."""
    read = pl.read_csv(shared("growth_events_shop/events.csv"), infer_schema=False)
    made = run({"events": Frame({c: read[n].to_list() for c, n in (("user", "user_id"), ("event", "event"), ("time", "ts"), ("event_id", "event_id"))})}, zone=zone)
    assert "31 rows repeat the event id" in next(w.text.en for w in made.warnings if w.code == "duplicates")
    times = read.with_columns(pl.col("ts").str.to_datetime(time_zone="UTC").alias("time"))
    once = times.sort("time", "user_id", "event").unique("event_id", keep="first", maintain_order=True).rename({"user_id": "user"})
    last_whole = once["time"].max().astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    expected = by_polars(once, "1d", zone, last_whole)
    found = {place: cell[:2] for place, cell in cells(made).items() if cell[2]}
    assert found == {place: cell for place, cell in expected.items() if int(place[1]) <= 30}
    for k in (1, 7, 30):
        these = [cell for (_, column), cell in expected.items() if column == str(k)]
        assert value(made, f"d{k}") == sum(x for _, x in these) / sum(n for n, _ in these)


def test_the_players_of_cookie_cats_return_as_published():
    """44.52% after one day and 18.61% after seven (all 90,189 players of the data set)."""
    read = pl.read_csv(shared("growth_ab_cookie_cats/cookie_cats.csv")).sample(2000, seed=1)
    rows = [(str(r["userid"]), "install", 1.0) for r in read.iter_rows(named=True)]
    rows += [(str(r["userid"]), "play", 1.0 + 24 * k) for r in read.iter_rows(named=True) for k in (1, 7) if r[f"retention_{k}"]]
    made = run(log(*rows), until="2026-03-09")
    assert (value(made, "d1"), value(made, "d7")) == (read["retention_1"].mean(), read["retention_7"].mean())
    assert made.get("d1").low < 0.4452 < made.get("d1").high
    assert made.get("d7").low < 0.1861 < made.get("d7").high


# ── the definition, brute force ──


def brute(rows, *, mode, count, least, elapsed, zone, k, until):
    """(returned, n) of column k, straight from the words of the definition."""
    there = ZoneInfo(zone)
    returned = n = 0
    for _, mine in groupby(sorted(rows), key=lambda row: row[0]):
        events = [(START + timedelta(hours=hours), name) for _, name, hours in mine]
        starts = sorted(time for time, name in events if name == "a")
        if mode != "recurring":
            starts = starts[:1]
        counted = set()
        for start in starts:
            day = start.astimezone(there).date()
            if day in counted:
                continue
            counted.add(day)
            if elapsed:
                ends = start + timedelta(days=k + 1) <= until
                which = [(time - start).total_seconds() // 86400 for time, name in events if name in "bc"]
            else:
                ends = day + timedelta(days=k) < until.astimezone(there).date()
                which = [(time.astimezone(there).date() - day).days for time, name in events if name in "bc"]
            if ends:
                n += 1
                returned += sum(at == k if count == "exact" else at >= k for at in which) >= least
    return returned, n


@settings(max_examples=60, deadline=None)
@given(
    random_logs(most=24), st.sampled_from(["first_time", "recurring"]), st.sampled_from(["exact", "rolling"]), st.integers(1, 2), st.booleans(),
    st.sampled_from(["UTC", "America/New_York", "Asia/Shanghai"]),
)
def test_every_column_is_what_the_definition_says(rows, mode, count, least, elapsed, zone):
    assume({"a", "b", "c"} <= {event for _, event, _ in rows})
    # where days are counted from each start, a cell is complete when all of its cohort are: one user a day keeps both the same
    if elapsed:
        rows = [(f"{user}{hours // 24}", event, hours) for user, event, hours in rows]
        assume(all(len({u for u, e, h in rows if e == "a" and h // 24 == day}) <= 1 for day in range(10)))
        zone = "UTC"
    until = datetime(2026, 3, 11, tzinfo=ZoneInfo(zone))
    params = {"start": "a", "returning": "b | c", "mode": mode, "count": count, "least": least, "periods": 8, "zone": zone, "until": "2026-03-10"}
    kept = [row for row in rows if START + timedelta(hours=row[2]) < until]
    assume(any(event == "a" for _, event, _ in kept))
    made = run(log(*rows), days="elapsed" if elapsed else "calendar", **params)
    for k in range(1, 9):
        returned, n = brute(kept, mode=mode, count=count, least=least, elapsed=elapsed, zone=zone, k=k, until=until)
        point = next((row for row in made.table("curve").rows if row[0] == k), None) if made.tables else None
        assert (point is None) == (n == 0)
        if point is not None:
            assert (point[5], point[4]) == (returned, n)


def test_by_hand():
    """Two begin on Monday, one on Tuesday; the log ends on Thursday noon."""
    made = run(log(("a", "open", 1), ("b", "open", 2), ("c", "open", 25), ("a", "open", 26), ("b", "open", 50), ("c", "open", 51), ("x", "open", 84)), periods=3)
    assert cells(made)["2026-03-02", "1"] == (2, 1, True)
    assert cells(made)["2026-03-02", "2"] == (2, 1, True)
    assert cells(made)["2026-03-03", "1"] == (1, 1, True)
    assert cells(made)["2026-03-03", "2"] == (1, 0, False), "Thursday is not over"
    assert (value(made, "retained", "1"), made.get("retained", "1").n) == (2 / 3, 3)
    assert (value(made, "retained", "2"), made.get("retained", "2").n) == (1 / 2, 2)
    assert (made.get("d1").low, made.get("d1").high) == wilson(2, 3)


def test_what_is_not_over_is_shown_and_not_counted():
    tables = log(("a", "open", 1), ("a", "open", 30))
    made = run(tables)
    assert made.estimates == ()
    assert codes(made)[-1] == "not_observed"
    assert made.headline.en == "1 users have entered; no cohort has been observed to the end of the time asked for (on day 1)"
    whole = run(tables, until="2026-03-03")
    assert (value(whole, "d1"), whole.get("d1").n) == (1.0, 1)


def test_events_after_until_are_as_if_they_had_not_come():
    rows = [("a", "open", 1), ("b", "open", 2), ("a", "open", 30), ("b", "open", 60)]
    later = run(log(*rows), until="2026-03-03")
    assert cells(later) == cells(run(log(*rows[:3]), until="2026-03-03"))
    assert codes(later).count("after_end") == 1


# ── modes ──

MODES = log(
    ("a", "open", 1), ("a", "order", 2), ("a", "order", 30), ("a", "open", 49), ("b", "order", 3), ("b", "order", 26), ("b", "open", 50), ("z", "open", 240),
    amount=["0", "5", "50", "0", "80", "80", "0", "0"],
)


def test_first_time_takes_the_first_event_that_fits_and_first_ever_asks_it_of_the_first_of_the_name():
    first = run(MODES, start="order[amount>=50]", mode="first_time")
    assert [row[:2] for row in first.table("cohorts").rows] == [("2026-03-02", 1), ("2026-03-03", 1)]
    ever = run(MODES, start="order[amount>=50]", mode="first_ever")
    assert [row[:2] for row in ever.table("cohorts").rows] == [("2026-03-02", 1)]


def test_a_range_leaves_out_who_began_before_it_unless_the_first_in_the_range_counts():
    assert [row[:2] for row in run(MODES, start="order", first_day="2026-03-03", mode="first_in_range").table("cohorts").rows] == [("2026-03-03", 2)]
    with pytest.raises(DataError) as caught:
        run(MODES, start="order", first_day="2026-03-03")
    assert caught.value.code == "no_starts"


def test_a_user_who_begins_again_stands_in_several_cohorts_and_the_interval_knows():
    rows = [(f"u{i}", "open", 24 * day + 1) for i in range(40) for day in range(0, 21, 1 if i % 2 else 4)]
    made = run(log(*rows), mode="recurring", until="2026-03-22", periods=7)
    d1 = made.get("d1")
    assert (d1.n, str(d1.counts)) == (20 * 20 + 20 * 5 + 20 * 0, "user-periods")
    assert d1.high - d1.low > 1.5 * np.diff(wilson(d1.value * d1.n, d1.n))[0], "wider than if all user-days were independent"


def test_the_effective_n_is_that_of_clusters():
    """All rows of a user alike: as many as users. One row a user: as many as rows."""
    came = np.repeat([True, False, True, False], 5)
    assert effective(came, np.repeat(np.arange(4), 5)) == pytest.approx(4)
    assert effective(came, np.arange(20)) == 20


def test_brackets_ask_for_a_return_anywhere_in_them():
    made = run(log(("a", "open", 1), ("a", "open", 24 * 5), ("b", "open", 1), ("b", "open", 24 * 9), ("z", "open", 24 * 12)), count="brackets", brackets="1-7,8-10")
    assert (value(made, "retained", "1-7"), value(made, "retained", "8-10")) == (0.5, 0.5)
    assert made.get("d1") is None


@pytest.mark.parametrize("brackets", ["7-1", "0-3", "one", "", "1-7,,8"])
def test_brackets_that_are_none_are_refused(brackets):
    with pytest.raises(ParamError) as caught:
        run(MODES, count="brackets", brackets=brackets)
    assert caught.value.sentence("en") == (
        f'parameter "brackets" cannot take this value. At value "{brackets.split(",")[0] if brackets != "1-7,,8" else ""}". '
        "Expected first and last periods such as 1-7,8-30, from 1 up to 1000.")


# ── time ──


def test_a_local_day_of_23_hours_is_one_day():
    """New York moves the clock on 2026-03-08: 00:30 on the 8th to 00:30 on the 9th are 23 hours."""
    rows = [("a", "open", "2026-03-08T00:30:00-05:00"), ("a", "open", "2026-03-09T00:30:00-04:00"), ("z", "open", "2026-03-12T00:00:00-04:00")]
    assert value(run(log(*rows), zone="America/New_York", periods=2), "d1") == 1.0
    elapsed = run(log(*rows), zone="America/New_York", periods=2, days="elapsed")
    assert value(elapsed, "d1") == 0.0, "23 hours are not a day of 24"


def test_a_time_without_offset_is_read_on_the_clock_of_the_zone():
    rows = [("a", "open", "2026-03-02 23:30:00"), ("a", "open", "2026-03-03 00:30:00"), ("z", "open", "2026-03-05 00:00:00")]
    assert value(run(log(*rows), zone="Asia/Shanghai", periods=1), "d1") == 1.0
    utc = [(user, event, time + "+00:00") for user, event, time in rows]
    assert value(run(log(*utc), zone="Asia/Shanghai", periods=1), "d1") == 0.0, "07:30 and 08:30 of one day in Shanghai"


def test_weeks_begin_on_the_day_that_is_asked_for():
    """Sunday the 8th is still the week of Monday the 2nd, but the first day of the next week from Sunday."""
    rows = [("a", "open", 1), ("a", "open", 24 * 6 + 1), ("z", "open", 24 * 22)]
    assert value(run(log(*rows), period="week", periods=1), "retained", "1") == 0.0
    assert value(run(log(*rows), period="week", periods=1, week_start="sunday"), "retained", "1") == 1.0


def test_a_clock_far_ahead_is_said_since_it_makes_everything_look_complete():
    rows = [(f"u{i}", "open", i) for i in range(30)]
    assert "time_stray" in codes(run(log(*rows, ("a", "open", "2031-01-01"))))
    assert "time_stray" not in codes(run(log(*rows)))


# ── bad input ──


def test_a_misspelt_event_is_refused_with_the_nearest():
    with pytest.raises(ParamError) as caught:
        run(MODES, start="ordr")
    assert caught.value.sentence("en") == 'the log holds no event "ordr". Did you mean order?'
    assert caught.value.sentence("zh") == "日志里没有事件“ordr”。您是否要写：order。"


@pytest.mark.parametrize(("params", "code"), [
    ({"zone": "Asia/Shangai"}, "zone_unknown"), ({"first_day": "May"}, "param_wrong"), ({"days": "elapsed", "period": "month"}, "month_elapsed"),
    ({"first_day": "2026-03-05", "last_day": "2026-03-04"}, "range_empty"), ({"start": "open["}, "param_wrong"), ({"start": "open[x]"}, "param_wrong"),
])  # fmt: skip
def test_parameters_that_cannot_be_are_refused(params, code):
    with pytest.raises(ParamError) as caught:
        run(MODES, **params)
    assert caught.value.code == code


def test_a_property_that_is_not_there_is_named():
    with pytest.raises(DataError, match='column "amout" is missing'):
        run(MODES, start="order[amout>1]")


def test_a_time_outside_of_any_calendar_names_its_row():
    with pytest.raises(DataError, match=r"row 2, column \"time\""):
        run(log(("a", "open", 1), ("a", "open", "9999-12-31T23:00:00+00:00")))


def test_rows_that_lack_something_are_left_out_and_counted():
    tables = log(("a", "open", 1), (None, "open", 30), ("a", None, 30), ("a", "open", None), ("a", "open", 30), ("z", "open", 60))
    made = run(tables, periods=1)
    assert (value(made, "d1"), made.get("d1").n) == (1.0, 1)
    assert "3 rows lack user, event or time" in next(w.text.en for w in made.warnings if w.code == "rows_incomplete")


def test_an_event_id_counts_once_and_a_clash_is_said():
    tables = log(("a", "open", 1), ("a", "open", 30), ("a", "open", 31), ("b", "open", 31), ("z", "open", 60), event_id=["1", "2", "3", "3", "5"])
    made = run(tables, periods=1, least=2)
    assert {"duplicates", "duplicates_differ"} <= set(codes(made))
    assert value(made, "d1") == 1.0, "the earliest row of id 3 is that of a (ties by user)"


def test_all_or_none_returning_is_said():
    everyone = [(f"u{i}", name, 24 * day + 1) for i in range(12) for day in range(4) for name in ("open", "beat")]
    assert "everybody_returns" in codes(run(log(*everyone), periods=2))
    assert "nobody_returns" in codes(run(log(*everyone), returning="beat", start="beat", periods=2, first_day="2026-03-05", mode="first_in_range", until="2026-03-20"))


def test_a_first_cohort_of_people_from_before_is_said():
    rows = [(f"old{i}", "open", 1) for i in range(50)] + [(f"new{i}", "open", 24 * (i % 6 + 1)) for i in range(18)]
    assert "old_users" in codes(run(log(*rows)))
    assert "old_users" not in codes(run(log(*rows), first_day="2026-03-03"))


# ── what it says ──


def test_a_curve_that_levels_off_gives_its_level_and_a_falling_one_does_not():
    rng = np.random.default_rng(3)
    flat = [(f"u{i}", "open", 24 * day) for i in range(600) for day in range(31) if day == 0 or rng.random() < (0.3 if i % 3 else 0.0) + 0.5 * 0.5**day]
    made = run(log(*flat), until="2026-04-01")
    assert made.get("plateau").low < 0.2 < made.get("plateau").high
    assert "the curve has levelled off" in made.points[0].en
    falling = [(f"u{i}", "open", 24 * day) for i in range(600) for day in range(31) if day == 0 or rng.random() < 0.95**day]
    fell = run(log(*falling), until="2026-04-01")
    assert (fell.get("plateau"), "the curve still falls" in fell.points[0].en) == (None, True)


def test_the_finding_says_in_both_languages_how_it_was_counted():
    said = run(MODES, start="order", returning="open", zone="Asia/Shanghai", first_day="2026-03-01", least=2).points[-1]
    assert said.zh == ("口径：用户第一次发生“order”的那天记为第0天；第k天发生“open”不少于2次算留存；按Asia/Shanghai的自然日；起点在2026-03-01至最晚之间；"
                       "没有结束的格子不计，其余各批的人数相加再除。")
    assert said.en == ("Counted so: the day of a user's first “order” is day 0; retained is who does “open” at least 2 times on day k; by calendar day in Asia/Shanghai; "
                       "starts from 2026-03-01 to the last day; cells that have not ended are left out, the others are added up before dividing.")


def test_the_curve_is_the_table_that_others_read():
    heads = [head.name for head in run(MODES).table("curve").columns]
    assert heads[:5] == ["day", "retained", "low", "high", "n"]
    weeks = run(log(("a", "open", 1), ("a", "open", 24 * 8), ("z", "open", 24 * 30)), period="week")
    assert [row[0] for row in weeks.table("curve").rows] == [7, 14, 21]


@settings(max_examples=30, deadline=None)
@given(random_logs(most=20), st.sampled_from(["UTC", "Pacific/Apia", "America/Sao_Paulo"]))
def test_the_curve_adds_up_the_cells_and_period_0_is_everyone_who_began(rows, zone):
    made = run(log(*rows), zone=zone, until="2026-03-14", periods=5)
    if not made.tables:
        return
    done = [(column, size, x) for (_, column), (size, x, whole) in cells(made).items() if whole]
    for day, _, low, high, n, returned in made.table("curve").rows:
        assert (n, returned) == tuple(sum(row[i] for row in done if row[0] == str(day)) for i in (1, 2))
        assert 0 <= low <= returned / n <= high <= 1
    sizes = {row[0]: row[1] for row in made.table("cohorts").rows}
    assert sum(sizes.values()) == len({user for user, _, _ in rows})


def test_a_hundred_thousand_events_take_seconds():
    from time import process_time

    rng = np.random.default_rng(0)
    n = 100_000
    columns = {"user": rng.integers(0, 8000, n).astype(str).astype(object), "event": rng.choice(["a", "b"], n).astype(object)}
    times = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=int(s)) for s in rng.integers(0, 90 * 86400, n)]
    began = process_time()
    run({"events": Frame({**columns, "time": times})}, zone="Asia/Shanghai")
    assert process_time() - began < 8
