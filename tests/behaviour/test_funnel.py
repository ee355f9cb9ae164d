"""Funnels: counted by hand, by polars and by brute force over all choices of events; windows, orders, equal times, what is still open."""

from datetime import datetime, timedelta
from itertools import combinations, groupby, permutations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from stageway.arithmetic.intervals import newcombe, wilson
from stageway.behaviour import funnel_counts
from stageway.behaviour.questions.funnel import funnel
from stageway.evidence import DataError, Frame, ParamError
from tests.behaviour.logs import START, codes, log, random_logs, value
from tests.shared import shared


def run(tables, steps="a > b > c", **params):
    return funnel.run(tables, {"steps": steps, **params})


def counts(finding):
    return [row[1] for row in finding.table("steps").rows]


# ── figures that others computed ──

SHOP = ["Page", "Product Viewed", "Product Added", "Order Completed"]


def by_polars(frame, steps, window):
    """Users at each step in another style: for every start, the earliest next event by as-of joins."""
    chains = frame.filter(pl.col("event") == steps[0]).select("user", pl.col("time").alias("start"), pl.col("time").alias("at"))
    made = [chains["user"].n_unique()]
    for step in steps[1:]:
        following = frame.filter(pl.col("event") == step).select("user", pl.col("time").alias("next"), "time").sort("time")
        chains = chains.sort("at").join_asof(following, left_on="at", right_on="time", by="user", strategy="forward", check_sortedness=False)
        chains = chains.filter(pl.col("next").is_not_null() & (pl.col("next") - pl.col("start") <= window)).select("user", "start", pl.col("next").alias("at"))
        made.append(chains["user"].n_unique())
    return made


def shop_frame():
    read = pl.read_csv(shared("growth_events_shop/events.csv"), infer_schema=False)
    return read, read.with_columns(pl.col("ts").str.to_datetime(time_zone="UTC").alias("time"))


@pytest.mark.parametrize(("window", "unit", "hours"), [(30, "d", 720), (1, "d", 24), (10, "min", 1 / 6)])
def test_the_log_of_the_web_shop_agrees_with_polars(window, unit, hours):
    read, times = shop_frame()
    frame = Frame({c: read[n].to_list() for c, n in (("user", "user_id"), ("event", "event"), ("time", "ts"), ("event_id", "event_id"))})
    made = run({"events": frame}, " > ".join(SHOP), window=window, window_unit=unit)
    once = times.sort("time", "user_id", "event").unique("event_id", keep="first", maintain_order=True).rename({"user_id": "user"})
    assert counts(made) == by_polars(once, SHOP, timedelta(hours=hours))


def test_the_synthetic_shop_agrees_with_polars():
    """retentioneering's demo log, 31,106 events."""
    read = pl.read_csv(shared("growth_events_shop/demo_ecom_synthetic.csv.gz"), infer_schema=False)
    frame = Frame({c: read[n].to_list() for c, n in (("user", "user_id"), ("event", "event"), ("time", "timestamp"), ("channel", "acquisition_channel"))})
    steps = ["home", "product_view", "add_to_cart", "purchase"]
    made = run({"events": frame}, " > ".join(steps), by="channel")
    times = read.with_columns(pl.col("timestamp").str.to_datetime(time_zone="UTC").alias("time")).rename({"user_id": "user"})
    assert counts(made) == by_polars(times, steps, timedelta(days=7))
    assert sum(row[1] for row in made.table("groups").rows) == counts(made)[0]
    for row in made.table("groups").rows:
        assert row[3] == value(made, "conversion", row[0].en)


# ── the definition, brute force ──


def reachable(events, steps, window, order):
    """The longest chain of events, tried in all ways: `events` of one user as (hours, name)."""
    place = {name: i for i, name in reversed(list(enumerate(steps)))}
    line = sorted(events, key=lambda event: (event[0], place.get(event[1], len(steps)), event[1]))
    best = 0
    for begin, (start, _) in enumerate(line):
        inside = [i for i in range(begin, len(line)) if line[i][0] - start <= window]
        for depth in range(len(steps), best, -1):
            for chosen in combinations(inside, depth):
                if chosen[0] != begin or (order == "strict" and chosen != tuple(range(begin, begin + depth))):
                    continue
                names = [line[i][1] for i in chosen]
                fits = names in [list(p[:depth]) for p in permutations(steps)] if order == "any" else names == list(steps[:depth])
                if fits:
                    best = max(best, depth)
                    break
    return best


@settings(max_examples=80, deadline=None)
@given(random_logs(events="abcx", users=3, most=13, hours=12), st.sampled_from([("a", "b", "c"), ("a", "b", "a"), ("a", "a", "b")]),
       st.sampled_from(["ordered", "strict", "any"]), st.integers(1, 8))  # fmt: skip
def test_every_user_gets_as_far_as_any_choice_of_events_allows(rows, steps, order, window):
    names = {event for _, event, _ in rows}
    if not set(steps) <= names:
        rows = [*rows, *(("seed", name, -1000 - 100 * i) for i, name in enumerate("abc"))]
    depths = []
    for _, mine in groupby(sorted(rows), key=lambda row: row[0]):
        depths.append(reachable([(hours, name) for _, name, hours in mine], steps, window, order))
    expected = [sum(depth > k for depth in depths) for k in range(3)]
    if expected[0] == 0:
        return
    assert counts(run(log(*rows), " > ".join(steps), order=order, window=window, window_unit="h")) == expected


@settings(max_examples=30, deadline=None)
@given(random_logs(events="abcx", users=4, most=16, hours=20), st.randoms())
def test_step_1_is_everyone_who_does_it_and_no_step_has_more_than_the_one_before(rows, order):
    if not {"a", "b", "c"} <= {event for _, event, _ in rows}:
        return
    made = run(log(*rows), window=5, window_unit="h")
    assert counts(made)[0] == len({user for user, event, _ in rows if event == "a"})
    assert counts(made) == sorted(counts(made), reverse=True)
    assert counts(run(log(*rows), order="any", window=5, window_unit="h"))[2] >= counts(made)[2] >= counts(run(log(*rows), order="strict", window=5, window_unit="h"))[2]
    shuffled = list(rows)
    order.shuffle(shuffled)
    assert run(log(*shuffled), window=5, window_unit="h").table("steps") == made.table("steps")


# ── what each option means ──


def test_the_window_is_elapsed_time_from_step_1_and_its_end_counts():
    tables = log(("in", "a", 0), ("in", "b", 24), ("in", "c", 48), ("out", "a", "2026-03-02T00:00:00+00:00"), ("out", "b", "2026-03-03T00:00:00+00:00"),
                 ("out", "c", "2026-03-04T00:00:00.000001+00:00"))
    assert counts(run(tables, window=2)) == [2, 2, 1]
    assert counts(run(tables, window=48, window_unit="h")) == [2, 2, 1]
    assert counts(run(tables, window=48.001, window_unit="h")) == [2, 2, 2]


def test_a_day_of_the_window_is_24_hours_when_the_clocks_change():
    rows = [("u", "a", "2026-03-07T12:00:00-05:00"), ("u", "b", "2026-03-08T13:00:00-04:00"), ("v", "a", "2026-03-07T12:00:00-05:00"), ("v", "b", "2026-03-08T13:00:01-04:00")]
    assert counts(run(log(*rows), "a > b", window=1, zone="America/New_York")) == [2, 1]


def test_every_start_opens_an_attempt_and_the_furthest_counts():
    tables = log(("u", "a", 0), ("u", "b", 1), ("u", "a", 100), ("u", "b", 101), ("u", "c", 102))
    made = run(tables, window=10, window_unit="h", time_unit="h")
    assert counts(made) == [1, 1, 1]
    assert value(made, "time_to_convert") == 2.0, "of the attempt that got through"


def test_among_attempts_that_get_as_far_the_earliest_counts():
    tables = log(("u", "a", 0), ("u", "a", 5), ("u", "b", 6))
    assert value(run(tables, "a > b", time_unit="h"), "time_to_convert") == 6.0


def test_equal_times_count_in_the_order_of_the_funnel():
    tables = log(("u", "c", 1), ("u", "b", 1), ("u", "a", 1), ("u", "x", 1))
    assert counts(run(tables)) == [1, 1, 1]
    assert counts(run(tables, order="strict")) == [1, 1, 1]


def test_one_event_fills_one_step():
    assert counts(run(log(("u", "a", 0), ("v", "a", 0), ("v", "a", 1)), "a > a")) == [2, 1]


def test_strict_lets_nothing_lie_between():
    tables = log(("u", "a", 0), ("u", "x", 1), ("u", "b", 2), ("v", "a", 0), ("v", "b", 2), ("v", "x", 3))
    assert counts(run(tables, "a > b", order="strict")) == [2, 1]
    assert counts(run(tables, "a > b")) == [2, 2]


def test_any_order_counts_steps_done_from_whichever_came_first():
    tables = log(("u", "c", 0), ("u", "a", 1), ("u", "b", 2), ("v", "b", 0), ("v", "b", 1))
    made = run(tables, order="any")
    assert counts(made) == [2, 1, 1]
    assert [row[0].en for row in made.table("steps").rows] == ["any 1 of them", "any 2 of them", "any 3 of them"]
    assert [e.key for e in made.keyed("step_share")] == ["2", "3"]


def test_an_excluded_event_ends_the_attempt_and_keeps_what_was_reached():
    tables = log(("u", "a", 0), ("u", "b", 1), ("u", "x", 2), ("u", "c", 3), ("v", "a", 0), ("v", "x", 1), ("v", "a", 2), ("v", "b", 3), ("v", "c", 4))
    assert counts(run(tables, exclude="x")) == [2, 2, 1]
    assert counts(run(tables)) == [2, 2, 2]


def test_a_property_held_constant_joins_only_events_that_share_it():
    tables = log(("u", "a", 0), ("u", "b", 1), ("v", "a", 0), ("v", "b", 1), ("w", "a", 0), item=["1", "2", "3", "3", None])
    assert counts(run(tables, "a > b", hold="item")) == [2, 1]
    assert counts(run(tables, "a > b")) == [3, 2]


def test_steps_may_be_several_events_with_conditions():
    tables = log(("u", "view", 0), ("u", "order", 1), ("v", "search", 0), ("v", "order", 1), ("w", "view", 0), amount=[None, "99", None, "100", None])
    assert counts(run(tables, "view | search > order[amount>=100]")) == [3, 1]
    assert counts(run(tables, 'view | search > order[amount!=99]')) == [3, 1]
    keyed = run(tables, "view | search > order[amount>=100]").keyed("step_share")
    assert [e.key for e in keyed] == ["order"], "a key has no bracket: criteria write it within brackets"


def test_a_name_with_signs_is_written_in_quotes():
    tables = log(("u", "A > B", 0), ("u", "C|D", 1))
    assert counts(run(tables, '"A > B" > "C|D"')) == [1, 1]


def test_a_step_that_comes_twice_has_two_keys():
    made = run(log(("u", "a", 0), ("u", "b", 1), ("u", "a", 2)), "a > b > a")
    assert [e.key for e in made.keyed("step_share")] == ["b", "a 2"]


def test_the_range_bounds_the_start_and_the_window_reaches_beyond_it():
    tables = log(("u", "a", 20), ("u", "b", 30), ("v", "a", 26), ("v", "b", 31))
    assert counts(run(tables, "a > b", last_day="2026-03-02")) == [1, 1]
    assert counts(run(tables, "a > b", first_day="2026-03-03")) == [1, 1]
    assert counts(run(tables, "a > b", first_day="2026-03-03", zone="Pacific/Auckland")) == [2, 2], "both starts are on the 3rd in Auckland"


def test_windows_that_are_open_are_said_or_left_out():
    tables = log(("done", "a", 0), ("done", "b", 1), ("late", "a", 70), ("late", "x", 72), ("gone", "a", 1))
    made = run(tables, "a > b", window=1)
    assert counts(made) == [3, 1]
    assert next(w.text.en for w in made.warnings if w.code == "windows_open").startswith("1 people have not got through")
    assert "1 of them have not got through" in made.meaning.sure.en
    whole = run(tables, "a > b", window=1, entries="complete")
    assert (counts(whole), "windows_open" in codes(whole)) == ([2, 1], False)


def test_users_are_grouped_by_what_they_had_at_the_start_of_their_best_attempt():
    tables = log(("u", "a", 0), ("u", "b", 1), ("v", "a", 0), ("w", "a", 0), ("w", "a", 100), ("w", "b", 101), where=["web", "web", "app", "web", "app", "web"])
    made = run(tables, "a > b", by="where", window=1)
    assert [(row[0].en, *row[1:3]) for row in made.table("groups").rows] == [("app", 2, 1), ("web", 1, 1)]
    assert made.get("difference").value == 1 / 2 - 1
    assert (made.get("difference").low, made.get("difference").high) == newcombe(1, 2, 1, 1)


def test_a_start_without_the_property_is_a_group_of_its_own():
    made = run(log(("u", "a", 0), ("v", "a", 0), ("v", "b", 1), where=["web", None, "web"]), "a > b", by="where")
    assert [(row[0].en, *row[1:3]) for row in made.table("groups").rows] == [("(blank)", 1, 1), ("web", 1, 0)]


def test_small_groups_are_put_together():
    rows = [(f"{g}{i}", "a", i) for g, n in (("p", 5), ("q", 4), ("r", 2), ("s", 1)) for i in range(n)]
    made = run(log(*rows, ("p0", "b", 50), where=[r[0][0] for r in rows] + ["p"]), "a > b", by="where", top=2)
    assert [row[0].en for row in made.table("groups").rows] == ["p", "q", "others"]
    assert made.get("difference") is None


# ── numbers ──


def test_shares_have_wilsons_interval_and_the_median_that_between_order_statistics():
    rows = [(f"u{i}", "a", 0) for i in range(40)] + [(f"u{i}", "b", i + 1) for i in range(25)]
    made = run(log(*rows), "a > b", time_unit="h")
    assert (made.get("step_share", "b").low, made.get("step_share", "b").high) == wilson(25, 40)
    median = made.get("time_to_convert")
    assert (median.value, median.low, median.high) == (13, 8, 18)
    assert binom.cdf(17, 25, 0.5) - binom.cdf(7, 25, 0.5) >= 0.95, "order statistics 8 and 18 of 25"


def test_a_median_of_few_is_open_to_nothing_and_to_the_window():
    made = run(log(("u", "a", 0), ("u", "b", 3), ("v", "a", 0)), "a > b", time_unit="h", window=2)
    assert [getattr(made.get("time_to_convert"), end) for end in ("low", "value", "high")] == [0, 3, 48]


def test_the_chance_of_being_the_weakest_step_is_that_of_beta_draws():
    p = funnel_counts.weakest([100, 60, 36], 40_000, np.random.default_rng(1))
    assert p[0] == pytest.approx(0.5, abs=0.02), "60 of 100 and 36 of 60 are alike"
    assert funnel_counts.weakest([1000, 800, 400], 2000, np.random.default_rng(1)).tolist() == [0.0, 1.0]
    made = run(log(*[(f"u{i}", "a", 0) for i in range(60)], *[(f"u{i}", "b", 1) for i in range(50)], *[(f"u{i}", "c", 2) for i in range(10)]))
    assert "probability that it is the lowest over 99%" in made.points[0].en


def test_the_headline_names_the_step_that_fewest_pass():
    made = run(log(*[(f"u{i}", "a", 0) for i in range(60)], *[(f"u{i}", "b", 1) for i in range(50)], *[(f"u{i}", "c", 2) for i in range(10)], ("z", "x", 400)))
    assert made.headline.en == "Conversion from “a” to “c” is 16.7% [9.3, 28.0] (n = 60), window 7 days; fewest pass “b” → “c”, 20.0%"
    assert made.headline.zh == "从“a”到“c”的转化率为16.7% [9.3%, 28.0%]（n=60），窗口7天；“b”→“c”这一步通过最少，20.0%"


def test_the_finding_says_in_both_languages_how_it_was_counted():
    said = run(log(("u", "a", 0), ("u", "b", 1), ("u", "x", 2)), "a > b", exclude="x", window=90, window_unit="s", order="ordered").points[-1]
    assert said.zh == ("口径：按顺序完成“a”→“b”，中间可有其他事件；从第1步起1.5分钟以内（含），按实际经过的时间；同一时刻的事件按漏斗的顺序排，一个事件只算一步；"
                       "每次起步都是一次尝试，按人取走得最远的一次，同样远的取最早；中间出现“x”就到此为止。")
    assert said.en == ("Counted so: “a” → “b” in this order, others may lie between; within 1.5 min of step 1, the end included, by elapsed time; events of one moment count in the order "
                       "of the funnel, and one event fills one step; every start is an attempt; a user counts by the one that gets furthest, the earliest among equals; "
                       "“x” in between ends the attempt.")


# ── bad input ──


def test_a_funnel_has_at_least_two_steps():
    with pytest.raises(ParamError) as caught:
        run(log(("u", "a", 0)), "a")
    assert caught.value.sentence("en") == 'a funnel has 2 to 20 steps, this one 1. At value "a". Put > between the steps, as in visit > order.'


def test_a_misspelt_step_is_refused_rather_than_counted_as_nobody():
    with pytest.raises(ParamError, match='the log holds no event "ordr"'):
        run(log(("u", "visit", 0), ("u", "order", 1)), "visit > ordr")


@pytest.mark.parametrize("steps", ["a > ", "a >> b", 'a > "b', "a[x > b", "a > b[]", "a > b[=1]", "a | > b"])
def test_steps_that_cannot_be_read_are_refused(steps):
    with pytest.raises(ParamError) as caught:
        run(log(("u", "a", 0), ("u", "b", 1)), steps)
    assert caught.value.code == "param_wrong"


def test_nobody_who_begins_is_an_error_and_nobody_who_gets_through_a_warning():
    tables = log(("u", "b", 0), ("v", "a", 1), ("v", "x", 2))
    with pytest.raises(DataError) as caught:
        run(tables, "a > b", first_day="2026-04-01")
    assert caught.value.code == "no_starts"
    made = run(tables, "a > b")
    assert (value(made, "conversion"), made.get("time_to_convert"), "no_conversion" in codes(made)) == (0.0, None, True)
    assert made.get("conversion").high > 0.7


def test_a_step_that_nobody_could_reach_has_no_share():
    made = run(log(("u", "a", 0), ("v", "b", 0), ("v", "c", 0)))
    assert [e.key for e in made.keyed("step_share")] == ["b"]
    assert counts(made) == [1, 0, 0]


def test_a_property_that_is_not_there_is_named():
    with pytest.raises(DataError, match='column "platfrm" is missing'):
        run(log(("u", "a", 0), ("u", "b", 1), platform=["x", "y"]), "a > b", by="platfrm")


def test_a_heavy_user_and_a_hundred_thousand_events_take_seconds():
    from time import process_time

    rng = np.random.default_rng(0)
    n = 100_000
    who = np.where(rng.random(n) < 0.2, 0, rng.integers(1, 8000, n))
    times = [START + timedelta(seconds=int(s)) for s in rng.integers(0, 90 * 86400, n)]
    frame = Frame({"user": who.astype(str).astype(object), "event": rng.choice(["a", "b", "c", "d"], n, p=[0.6, 0.25, 0.1, 0.05]).astype(object), "time": times})
    began = process_time()
    run({"events": frame}, "a > b > c > d", window=30)
    assert process_time() - began < 10


def test_times_are_instants_whatever_their_offset():
    made = run(log(("u", "a", "2026-03-02T08:00:00+08:00"), ("u", "b", datetime(2026, 3, 2, 0, 30)), ("v", "a", 5)), "a > b", time_unit="min")
    assert value(made, "time_to_convert") == 30.0
