"""The drawings: what a strip shows without colour, routes that cross no box, texts that stay inside their boxes."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from stageway.document.drawings.canvas import TOKENS, balanced, themed, width_of, wrapped
from stageway.document.drawings.line import line
from stageway.document.drawings.plan import PlanRow, plan
from stageway.document.drawings.shapes import SHAPES, state_svg
from stageway.document.drawings.strip import strip
from stageway.document.drawings.swimlane import Box, Handoff, fitted, paths
from stageway.document.drawings.thread import thread
from stageway.document.outline import Strip
from stageway.document.states import FAMILIES, STATES
from stageway.evidence import LANGS, Lang
from tests.document.drawn import HANDOFFS, boxes, feedback, lanes, months, recycle, stations, strand, swim
from tests.shared import shared

SUS = Strip(65.8, 61.0, 70.6, 68.0, "high", "undecided", 15.0, (0, 100), None, "65.8, 61.0–70.6, ≥ 68")


def drawings(lang: Lang) -> dict[str, str]:
    return {"swim": swim(lang), "line": line(stations(lang)), "thread": thread(*strand(lang)), "plan": months(lang), "strip": strip(SUS)}


@pytest.mark.parametrize("lang", LANGS)
def test_every_drawing_is_well_formed_in_the_house_font_and_the_same_each_time(lang: Lang) -> None:
    again = drawings(lang)
    for name, text in drawings(lang).items():
        root = ElementTree.fromstring(text)
        assert root.get("font-family") == "Noto Sans SC", name
        assert text == again[name]
        assert "nan" not in text.lower().replace("finance", "")


def test_shapes_and_colours_are_those_of_the_look() -> None:
    icons = shared("icons.svg", "look").read_text(encoding="utf-8")
    for name, drawn in SHAPES.items():
        body = re.search(rf'<symbol id="{name}"[^>]*>(.*?)</symbol>', icons)
        assert body, name
        theirs = body[1].replace("currentColor", "INK").replace("var(--paper)", "#ffffff")
        plain = re.sub(r"(\d\.\d*?)0+(?=\D)", r"\1", theirs)
        assert re.sub(r"\.(?=\D)", "", plain) == re.sub(r"\.(?=\D)", "", drawn), name
    tokens = shared("tokens.css", "look").read_text(encoding="utf-8")
    light = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", tokens.split('[data-theme="dark"]')[0]))
    assert all(light[name] == colour for name, colour in TOKENS.items())
    assert all(colour in TOKENS.values() for family in FAMILIES.values() for colour in family)


def fills(state: str, value: float, low: float, high: float, good: str = "high") -> tuple[int, int]:
    """How many full and hollow bars a strip with threshold 68 has."""
    given = dataclasses.replace(SUS, state=state, value=value, low=low, high=high, good=good)
    text = strip(given)
    mark = FAMILIES[STATES[state].family][1]
    return len(re.findall(rf'height="3.4" fill="{mark}"', text)), len(re.findall(rf'height="2.6" fill="#ffffff" stroke="{mark}"', text))


def test_the_four_verdicts_differ_without_colour() -> None:
    assert fills("pass", 76.4, 72.6, 80.2) == (1, 0)
    assert fills("fail", 60.0, 55.0, 65.0) == (0, 1)
    assert fills("undecided", 65.8, 61.0, 70.6) == (1, 1)
    assert fills("not_evaluable", 65.8, 61.0, 70.6) == (0, 0)
    assert "<circle" not in strip(dataclasses.replace(SUS, state="not_evaluable"))


def test_a_quantity_that_should_be_low_is_full_on_the_other_side() -> None:
    assert fills("pass", 60.0, 55.0, 65.0, "low") == (1, 0)
    assert fills("fail", 76.4, 72.6, 80.2, "low") == (0, 1)


def test_the_threshold_stands_in_the_middle_and_a_goals_target_at_48_percent() -> None:
    width = 24 * 72 / 25.4
    gate = re.search(r'<polygon points="([\d.]+),0', strip(SUS))
    assert gate
    assert float(gate[1]) == pytest.approx(width / 2, abs=0.01)
    goal = dataclasses.replace(SUS, value=69, low=66, high=72, threshold=70, base=50, state="goal_undecided")
    target = re.search(r'<polygon points="([\d.]+),0', strip(goal))
    assert target
    assert float(target[1]) == pytest.approx(width * 0.48, abs=0.01)
    assert 'stroke-dasharray="1 1"' in strip(goal)


def test_the_track_ends_where_the_quantity_ends() -> None:
    share = Strip(0.458, 0.279, 0.649, 0.7, "high", "fail", 0.6, (0, 1), None, "")
    track = re.search(r'height="0.7"', strip(share))
    zone = re.search(r'<rect x="([\d.]+)" y="1.1" width="([\d.]+)" height="8.8"', strip(share))
    assert track
    assert zone
    assert float(zone[1]) + float(zone[2]) < 24 * 72 / 25.4 - 5


def test_no_route_of_the_swim_lane_crosses_a_box() -> None:
    routes, placed = paths(lanes("zh"), 6, boxes("zh"), HANDOFFS, recycle("zh"), feedback("zh"))
    for route in routes:
        assert not _crossed(route, placed)


def test_no_route_crosses_a_box_however_full_the_lanes_are() -> None:
    every = tuple(Box(lane.id, column, "x") for lane in lanes("en") for column in range(6))
    ids = [lane.id for lane in lanes("en")]
    handoffs = tuple(Handoff((ids[row], column), (ids[(row * 4 + 3) % 9], (column * 5 + row) % 6)) for row in range(9) for column in range(6))
    handoffs = tuple(each for each in handoffs if each.start != each.end)
    routes, placed = paths(lanes("en"), 6, every, handoffs, recycle("en"), feedback("en"))
    for each, route in zip(handoffs, routes, strict=False):
        assert not _crossed(route, placed), each


def _crossed(route: list[tuple[float, float]], placed: list[tuple[float, float, float, float]]) -> bool:
    for (x1, y1), (x2, y2) in pairwise(route):
        for left, top, right, bottom in placed:
            if max(x1, x2) > left + 0.01 and min(x1, x2) < right - 0.01 and max(y1, y2) > top + 0.01 and min(y1, y2) < bottom - 0.01:
                return True
    return False


def test_a_hand_off_from_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="where no box stands"):
        paths(lanes("en"), 6, boxes("en"), (Handoff(("l0", 0), ("l1", 0)),))


@pytest.mark.parametrize("lang", LANGS)
def test_texts_in_boxes_are_no_wider_than_their_box(lang: Lang) -> None:
    for box in boxes(lang):
        size, lines = fitted(box.text, 17.5)
        assert len(lines) <= 2
        assert all(width_of(text, size) <= 17.5 for text in lines), box.text
        assert "".join(lines).replace(" ", "").rstrip("…") in box.text.replace(" ", "")


def test_a_long_text_in_a_box_is_set_smaller_before_it_is_cut() -> None:
    assert fitted("Flows and information architecture", 17.5) == (2.12, ["Flows and", "information", "architecture"])
    assert fitted("需求清单11条", 17.5) == (2.43, ["需求清单11条"])


def test_lines_break_before_a_phrase_and_never_before_a_closing_mark() -> None:
    assert balanced("定位书、功能清单14项", 2.43, 17.5) == ["定位书、", "功能清单14项"]
    assert all(text[0] not in "，。、；）" for text in wrapped("一二三四，五六七八。九十", 1, 4.5, 9))
    assert wrapped("四次迭代42个工作项", 1, 6.5, 3)[1].startswith("42个") or "42个" in "".join(wrapped("四次迭代42个工作项", 1, 6.5, 3)[:1])


def test_a_plan_without_dates_is_refused_and_a_year_change_is_named() -> None:
    with pytest.raises(ValueError, match="without a single date"):
        plan((PlanRow("x", None),), today=None, lang="en")
    assert ">2027<" in plan((PlanRow("x", (date(2026, 11, 1), date(2027, 2, 1))),), today=None, lang="en")


def test_a_gap_of_the_thread_is_an_open_end_in_words() -> None:
    text = thread(*strand("zh"))
    assert "没有测试" in text
    assert "指给测试部" in text
    assert TOKENS["fail-mark"] not in text


def test_drawings_take_the_tokens_of_a_page_with_two_themes() -> None:
    made = themed(state_svg("undecided"))
    assert "var(--undec-mark)" in made
    assert "#" not in made.replace("http://www.w3.org/2000/svg", "")
