"""Whatever the seed and whatever the day, the practice product shows what it is there to show."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stageway.folder.load import load
from stageway.folder.survey import survey
from stageway.practice import make, tables, write_texts
from stageway.practice.days import Days
from stageway.process.plain import is_entered
from stageway.process.record import Choice, Result

TUESDAY, MONDAY, SUNDAY, LEAP_DAY, NEW_YEAR = (date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 29), date(2028, 2, 29), date(2027, 1, 1))
MADE = [(1, TUESDAY), (2, SUNDAY), (3, LEAP_DAY)]
MORE = [(4, NEW_YEAR), (5, MONDAY), *((seed, TUESDAY) for seed in range(6, 14)), (14, date(2026, 10, 3)), (15, date(2027, 2, 5))]


@pytest.fixture(scope="module", params=[*MADE, *(pytest.param(each, marks=pytest.mark.soak) for each in MORE)], ids=lambda each: f"seed{each[0]}@{each[1]}")
def product(request, tmp_path_factory):
    seed, today = request.param
    folder = tmp_path_factory.mktemp("practice") / "lumen"
    started = process_time()
    make(folder, seed=seed, today=today)
    dossier, _ = survey(folder, at=today.isoformat())
    return dossier, process_time() - started


@pytest.fixture
def dossier(product):
    return product[0]


def test_it_is_made_and_judged_within_fifteen_seconds(product):
    assert product[1] < 15


def test_every_kind_of_verdict_and_decision_is_there(dossier):
    now = {(v.ask, v.result) for gate in dossier.gates.values() for v in gate.verdicts}
    assert ("must", Result.FAIL) in now
    assert ("must", Result.NOT_EVALUABLE) in now
    assert Result.UNDECIDED in {result for _, result in now}
    assert [(d.stage, d.kind) for d in dossier.decisions] == [
        ("research", "go"), ("positioning", "conditional"), ("design", "recycle"), ("design", "go"),
        ("quality", "hold"), ("quality", "go"), ("operations", "conditional"),
    ]  # fmt: skip
    assert [d.round for d in dossier.decisions if d.stage == "design"] == [1, 2]
    assert all(d.conditions for d in dossier.decisions if d.kind == Choice.CONDITIONAL)
    assert {a.act for a in dossier.product.adaptations} >= {"skip", "add", "change"}


def test_a_decision_follows_the_recommendation_or_says_that_it_departs(dossier):
    for decision in dossier.decisions:
        assert decision.because.zh
        assert (decision.kind == decision.recommended) != decision.because.zh.startswith("与建议不同"), (decision.id, decision.because.zh)


def test_the_design_came_back_because_people_failed_and_passed_when_they_did_not(dossier):
    first, second = (d for d in dossier.decisions if d.stage == "design")
    tasks = [next(v for v in d.verdicts if v.criterion.startswith("min(tasks")) for d in (first, second)]
    assert [v.result for v in tasks] == [Result.FAIL, Result.PASS]
    assert [v.seen.n for v in tasks] == [24, 40]


def test_days_keep_their_order(dossier):
    today, product = dossier.today, dossier.product
    decided = [d.at for d in dossier.decisions]
    assert decided == sorted(decided)
    assert decided[-1] < today
    for plan in product.stages.values():
        for start, end in (plan.planned, plan.actual):
            assert start is None or end is None or start <= end
    for earlier, later in pairwise(product.stages.values()):
        assert earlier.planned[0] <= later.planned[0]
    for handoff in product.handoffs.values():
        days = [event.at for event in handoff.events]
        assert days == sorted(days)
        assert not days or days[-1] <= today
    moments = [entry.at for entry in product.calendar]
    assert moments == sorted(moments)
    assert moments[0][:10] > today.isoformat()


def test_nothing_is_due_on_a_weekend_or_holiday_and_nothing_was_done_in_the_future(dossier):
    due = [(r, day) for plan in dossier.product.stages.values() for r, asked in plan.requirements.items() for day in asked.due]
    due += [(c.id, c.date) for d in dossier.decisions for c in d.conditions]
    due += [(h.id, h.due) for h in dossier.product.handoffs.values()] + [(q.id, q.due) for q in dossier.product.questions]
    assert [each for each in due if each[1].weekday() > 4] == []
    assert [each for each in due if each[1] > dossier.today and not dossier.workdays.open(each[1])] == []
    done = [(r, day) for plan in dossier.product.stages.values() for r, asked in plan.requirements.items() for day in asked.done]
    assert [each for each in done if each[1] > dossier.today or each[1].weekday() > 4] == []


def test_the_rollout_is_judged_when_its_seven_days_are_over(dossier):
    rollout = next(v for v in dossier.gates["launch"].verdicts if v.criterion.startswith("rollout"))
    judged = next(entry.at[:10] for entry in dossier.product.calendar if "放量" in entry.what.zh)
    assert rollout.result == Result.NOT_EVALUABLE
    assert rollout.until.isoformat() <= judged


SEEN = [
    (1, "research", -223),
    (1, "positioning", -188),
    (1, "design", -153),
    (2, "design", -125),
    (2, "quality", -62),
    (3, "quality", -56),
    (3, "operations", -8),
]


@pytest.mark.parametrize(("phase", "stage", "decided"), SEEN)
@pytest.mark.parametrize("today", [TUESDAY, SUNDAY, NEW_YEAR], ids=str)
def test_no_decision_saw_evidence_that_was_collected_later(phase, stage, decided, today, tmp_path):
    days = Days(today)
    write_texts(tmp_path, 1, days, phase, tables(1, days))
    product = load(tmp_path).product
    found = {}
    for entry in product.evidence.values():
        if entry.stage == stage:
            found |= {name: product.datasets[name].collected for name in entry.data.values() if name in product.datasets}
            found |= {entry.name: date.fromisoformat(str(entry.plain["collected"]))} if is_entered(entry) else {}
    assert found
    assert {name: day for name, day in found.items() if day > days.on(decided)} == {}


# ── days ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.dates(date(2024, 1, 1), date(2032, 1, 1)), st.lists(st.integers(-300, 150), min_size=2, max_size=12))
def test_days_told_from_any_today_are_weekdays_in_their_order(today, offsets):
    days = Days(today)
    made = [days.on(offset) for offset in sorted(offsets)]
    assert made == sorted(made)
    assert all(day.weekday() < 5 for day in made)
    assert all((day <= today) == (offset <= 0) for day, offset in zip(made, sorted(offsets), strict=True))
    ahead = [days.working(count) for count in range(1, 5)]
    assert all(earlier < later for earlier, later in pairwise([today, *ahead]))


def test_a_day_ahead_leaves_out_the_national_holiday_and_a_day_behind_stays_a_weekday():
    assert Days(date(2026, 9, 29)).on(3) > date(2026, 10, 5)
    assert Days(date(2026, 11, 29)).on(0) == date(2026, 11, 27)
    assert Days(date(2026, 11, 29)).working(1) == date(2026, 11, 30)


def test_another_run_of_the_same_seed_writes_the_same_bytes(tmp_path):
    from stageway.practice import write_data

    days = Days(TUESDAY)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_data(tmp_path / name, 3, days, tables(3, days))
    one, two = ({p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()} for name in ("one", "two"))
    assert one == two


def test_every_text_is_there_in_both_languages(dossier):
    han = re.compile("[一-鿿]")
    product = dossier.product
    texts = [g.name for g in product.goals] + [p.role for p in product.people] + [c.what for c in product.calendar] + [c.done_when for c in product.calendar]
    texts += [q.what for q in product.questions] + [q.otherwise for q in product.questions] + [d.title for d in product.datasets.values()]
    texts += [d.because for d in dossier.decisions] + [text for d in dossier.decisions for c in d.conditions for text in (c.action, c.otherwise)]
    texts += [a.reason for a in product.adaptations] + list(product.scope_in) + [i.title for i in dossier.items.all if i.kind != "test"]
    assert [t for t in texts if not t.zh.strip() or not t.en.strip() or han.search(t.en)] == []
    sections = {(w.section, w.lang) for w in dossier.words}
    assert {section for section, lang in sections if lang == "zh"} == {section for section, lang in sections if lang == "en"}


def test_an_own_folder_is_never_overwritten(tmp_path):
    from stageway.evidence import DataError

    (tmp_path / "mine").write_text("mine")
    with pytest.raises(DataError, match="not the practice product"):
        make(tmp_path, seed=1, today=TUESDAY)
    assert (tmp_path / "mine").read_text() == "mine"
