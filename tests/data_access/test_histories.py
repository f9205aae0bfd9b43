"""Random histories: every count, rate, list and duration at any instant equals a recount from the events alone."""

import itertools
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from data_access import figure_parts, tables
from data_access.counts import LISTED, Figures, Selection
from data_access.predicates import Predicates
from data_access.store import Store
from domain.conditions import holds
from domain.counting import NAMES, RECURRENCE, Counting
from domain.durations import durations
from domain.indicator_options import ClosureDue, IndicatorOptions, InTotals
from domain.indicators import COUNTED, Counts, rates
from domain.replay import state
from domain.window import Window
from tests.histories import STREETS, UNITS, a_history, grid_of, store_histories
from tests.recount import Reading, recount, recurring_ids
from tests.retell import Event, Row, retell
from tests.worlds import START

CASES = 24
PER_TEST = [HealthCheck.function_scoped_fixture]  # each example lives in a city of its own
CITIES = itertools.count()
FILTERS: tuple[dict[str, int], ...] = ({"street": 2}, {"unit": 1}, {"unit": 2, "street": 1})
FREED = ("returned", "dispatcher_error")
Retold = list[tuple[Row, list[Row]]]


def moments(random: Random) -> tuple[datetime, datetime, datetime]:
    """A period and an as-of on the grid of times on which things happen, or far after it."""
    grid = [START + timedelta(minutes=15 * n) for n in range(0, 400)]
    start, end = sorted(random.sample(grid, 2))
    return start, end, random.choice([end, START + timedelta(days=40), *random.sample(grid, 3)])


def some_options(random: Random) -> tuple[IndicatorOptions, Reading]:
    """Random readings, in the product's words and in the recount's."""
    kinds: dict[str, Any] = get_type_hints(IndicatorOptions)
    chosen: dict[str, Any] = {
        name: random.choice((5, 15, 30)) if kind is int else random.choice(list(kind)) for name, kind in kinds.items()
    }
    options = IndicatorOptions(**chosen | {"recurrence_days": random.choice((1, 2, 30))})
    apart = {"self_handled": options.self_handled_in_totals, "simple": options.simple_in_totals}
    limits = {
        name: getattr(options, f"{name}_limit_min") for name in ("registration", "dispatch", "verification", "recheck")
    }
    return options, Reading(
        closure_due=options.closure_due_definition.value,
        suspended=options.suspended_in_denominators is InTotals.INCLUDED,
        settled=tuple(name for name, where in apart.items() if where is InTotals.INCLUDED),
        **limits,
    )


def answering(retold: Retold) -> list[Row]:
    """The assignments a unit answers for (DECISIONS 6)."""
    return [row for _, work in retold for row in work if row["role"] != "informed" and row["end_reason"] not in FREED]


def retold_at(histories: Sequence[Sequence[Event]], as_of: datetime) -> Retold:
    """Every case that there was, with where it lies and its own number on its assignments too."""
    told = {n: story for n, events in enumerate(histories) if (story := retell(events, as_of)) is not None}
    for n, (case, work) in told.items():
        for row in (case, *work):
            row |= {"case_id": n, "grid_id": grid_of(n), "category_id": 1}
    return list(told.values())


def assert_same(found: Any, expected: dict[str, int], where: object) -> None:
    wrong = {name: (value, expected[name]) for name, value in asdict(found).items() if value != expected[name]}
    assert not wrong, (where, wrong)


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_every_figure_of_any_instant_equals_the_recount_from_events(store: Store, seed: int) -> None:
    random = Random(seed)
    histories = [a_history(random) for _ in range(CASES)]
    number = store_histories(store, f"city{next(CITIES)}", histories)
    for _ in range(2):
        (start, end, as_of), cohort = moments(random), random.random() < 0.3
        options, reading = some_options(random)
        retold = retold_at(histories, as_of)
        again = recurring_ids([case for case, _ in retold], as_of, options.recurrence_days)
        chosen = Selection(Window(start, end, as_of), cohort, options)
        with store.picture() as connection:
            figures = Figures(connection, number, chosen)
            city, units, classes, streets = (figures.by(by) for by in ("city", "unit", "class", "street"))
            compare(city, units, classes, streets, retold, (start, end, as_of), cohort, reading, again)
            which = [*random.sample(COUNTED, 5), RECURRENCE]
            parts = [chosen, replace(chosen, unit_class="1"), *(replace(chosen, filters=part) for part in FILTERS)]
            for selection in random.sample(parts, 2):
                part = Figures(connection, number, selection)
                of_part = part.by("city")[None]
                assert [len(part.behind(name)) for name in which] == [getattr(of_part, name) for name in which]
            compare_rates(city[None], options)
            compare_durations(figures, retold, (start, end, as_of), cohort)


def compare(
    city: Any, units: Any, classes: Any, streets: Any, retold: Retold,
    period: tuple[datetime, datetime, datetime], cohort: bool, reading: Reading, again: set[int],
) -> None:  # fmt: skip
    def count(rows: Sequence[Row]) -> dict[str, int]:
        return recount(rows, *period, cohort=cohort, reading=reading, recurring=again)

    cases = [case for case, _ in retold]
    assert_same(city[None], count(cases), "city")
    for n, key in enumerate(STREETS, 1):
        mine = [case for case in cases if case["street"] == key]
        if mine or n in streets:
            assert_same(streets.get(n, Counts()), count(mine), key)
    for n, key in enumerate(UNITS, 1):
        own = [row for row in answering(retold) if row["unit"] == key]
        assert_same(units.get(n, Counts()), count(own), key)
    for unit_class in "12":
        own = [row for row in answering(retold) if "12"[UNITS.index(row["unit"]) % 2] == unit_class]
        assert_same(classes.get(unit_class, Counts()), count(own), unit_class)
    lost = count([case for case in cases if case["unit"] is None])
    if lost["reported"] or lost["registered"]:
        assert_same(units[None], lost, "no unit")


STEPS = (("reported_at", "registered_at"), ("registered_at", "dispatched_at"), ("dispatched_at", "handled_at"))


def compare_durations(
    figures: Figures, retold: Retold, period: tuple[datetime, datetime, datetime], cohort: bool
) -> None:
    """Median and 90th percentile of each step, in natural time, by the plain words: how many took no longer."""
    start, end, as_of = period

    def times(rows: Sequence[Row], first: str, second: str) -> list[timedelta]:
        placed = "registered_at" if cohort else second
        seen = [row for row in rows if row[first] and row[second] and row[placed] and row[second] <= as_of]
        return [max(row[second] - row[first], timedelta()) for row in seen if start <= row[placed] < end]

    def smallest(values: list[timedelta], percent: int) -> timedelta | None:
        enough = (v for v in values if 100 * sum(other <= v for other in values) >= percent * len(values))
        return min(enough, default=None)

    for first, second in STEPS:
        by: dict[int | None, list[Row]] = {None: [case for case, _ in retold]}
        by |= {n: [row for row in answering(retold) if row["unit"] == key] for n, key in enumerate(UNITS, 1)}
        spans = figures.spans(first, second, "unit") | figures.spans(first, second, "city")
        for key, rows in by.items():
            values, found = times(rows, first, second), durations(spans.get(key, ()), None)
            expected = (len(values), smallest(values, 50), smallest(values, 90))
            assert (found.count, found.median, found.p90) == expected, (first, second, key)


def compare_rates(counts: Any, options: IndicatorOptions) -> None:
    """Numerators and denominators as the field writes them, by name."""
    c = counts
    handling = c.registered if options.handling_rate_denominator == "registered" else c.handling_due
    on_time = {
        "closure_due": c.closure_due - c.closure_due_without_deadline,
        "registered": c.registered,
        "closed": c.closed - c.closed_without_deadline,
    }
    extension = {
        "handling_due": (c.handling_due_extended, c.handling_due),
        "dispatched": (c.dispatched_extended, c.dispatched),
    }
    rework = {
        ("closure_due", "cases"): c.rework, ("closure_due", "times"): c.rework_times,
        ("handled", "cases"): c.handled_rework, ("handled", "times"): c.handled_rework_times,
    }  # fmt: skip
    expected = {
        "registration_rate": (c.registered, c.reported),
        "valid_report_rate": (c.valid_reports, c.reported),
        "on_time_verification_rate": (c.verified_on_time, c.verification_due),
        "on_time_registration_rate": (c.registered_on_time, c.registration_due),
        "accurate_registration_rate": (c.registered_accurately, c.registered),
        "on_time_dispatch_rate": (c.dispatched_on_time, c.dispatch_due),
        "dispatch_accuracy_rate": (c.dispatched_accurately, c.dispatch_due),
        "handling_rate": (c.handled, handling),
        "on_time_handling_rate": (c.handled_on_time, c.handling_due - c.handling_due_without_deadline),
        "overdue_pending_rate": (c.overdue_pending, c.handling_due),
        "extension_rate": extension[options.extension_rate_denominator.value],
        "extension_share_of_registered": (c.registered_extension_asked, c.registered),
        "suspension_rate": (c.dispatched_suspended, c.dispatched),
        "return_rate": (c.dispatched_returned, c.dispatched),
        "on_time_recheck_rate": (c.rechecked_on_time, c.recheck_due),
        "closure_rate": (c.closed, c.closure_due),
        "on_time_closure_rate": (c.on_time, on_time[options.on_time_denominator.value]),
        "urgent_closure_rate": (c.urgent_closed, c.urgent_closure_due),
        "overdue_open_rate": (c.overdue_unclosed, c.closure_due),
        "rework_rate": (
            rework[options.rework_denominator.value, options.rework_unit.value],
            c.closure_due if options.rework_denominator == "closure_due" else c.handled,
        ),
    }
    assert {name: (rate.numerator, rate.denominator) for name, rate in rates(c, options).items()} == expected
    if options.closure_due_definition is ClosureDue.CLOSED_PLUS_OVERDUE and options == IndicatorOptions():
        assert c.overdue_unclosed + c.closed == c.closure_due


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_state_at_any_instant_is_what_the_events_tell(seed: int) -> None:
    random = Random(seed)
    events = a_history(random)
    instants = {event.at for event in events} | {START + timedelta(minutes=random.randrange(9000)) for _ in range(4)}
    for as_of in sorted(instants):
        there, told = state(events, as_of), retell(events, as_of)
        assert (there is None) == (told is None)
        if there is None or told is None:
            continue
        case, work = told
        assert {name: there.case[name] for name in case} == case
        assert len(there.assignments) == len(work)
        for row, expected in zip(there.assignments, work, strict=True):
            assert {name: value for name, value in row.items() if name in expected} == {
                name: value for name, value in expected.items() if name in row
            }


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_nothing_is_told_of_the_future(seed: int) -> None:
    """The state at an instant does not depend on what happened afterwards."""
    events: list[Event] = [e for e in a_history(Random(seed)) if e.action != "correct"]
    if events[0].action == "imported":
        return
    for n in range(1, len(events)):
        if events[n - 1].at < events[n].at:
            assert state(events, events[n - 1].at) == state(events[:n])


@pytest.mark.parametrize("of_units", [False, True])
def test_a_condition_of_every_name_can_be_asked(of_units: bool) -> None:
    counting = Counting(Window(START, START, START), IndicatorOptions(), of_units=of_units)
    assert all(callable(holds(counting[name])) for name in NAMES)


@pytest.mark.parametrize("of_units", [False, True], ids=["cases", "assignments"])
def test_a_condition_means_the_same_to_the_database_and_to_rows_in_memory(store: Store, of_units: bool) -> None:
    random = Random(11)
    number = store_histories(store, "twins", [a_history(random) for _ in range(150)])
    table = tables.assignments if of_units else tables.cases
    with store.picture() as connection:
        rows = [dict(row) for row in connection.execute(select(table).where(table.c.city_id == number)).mappings()]
        for round_ in range(4):
            (start, end, as_of), (options, _) = moments(random), some_options(random)
            window, cohort = Window(start, end, as_of), bool(round_ % 2)
            in_memory = Counting(window, options, cohort=cohort, of_units=of_units)
            in_the_database = Predicates(table, window, cohort=cohort, options=options)
            for name in NAMES:
                test, key = holds(in_memory[name]), [table.c.case_id, *table.primary_key.columns][-1]
                asked = select(table.c.case_id, key).where(table.c.city_id == number, in_the_database[name])
                expected = sorted((row["case_id"], row[key.name]) for row in rows if test(row))
                assert sorted(map(tuple, connection.execute(asked))) == expected, name


def test_a_city_that_records_no_dispatch_keeps_nobody_waiting_for_one(sqlite_store: Store) -> None:
    random = Random(5)
    number = store_histories(sqlite_store, "silent", [a_history(random) for _ in range(60)])
    usual = Selection(Window(START, START + timedelta(days=9), START + timedelta(days=30)))
    silent = replace(usual, not_recorded=frozenset({"dispatched"}))
    with sqlite_store.picture() as connection:
        due = [Figures(connection, number, chosen).by("city")[None].dispatch_due for chosen in (usual, silent)]
        listed = Figures(connection, number, silent).behind("dispatch_due")

    assert due[1] < due[0]
    assert len(listed) == due[1]


DIMENSIONS = ("city", "unit", "class", "street", "grid", "category", "channel")
TOLD = ("case_no", "stage", *LISTED)


def everything(store: Store, number: int, chosen: Selection) -> dict[str, Any]:
    """Every count by every dimension, every list with what it tells, and what appeals exempt."""
    with store.picture() as connection:
        figures = Figures(connection, number, chosen)
        counted = {by: figures.by(by) for by in DIMENSIONS}
        found: dict[str, Any] = {by: {n: c for n, c in rows.items() if c != Counts()} for by, rows in counted.items()}
        found |= {name: [[row[told] for told in TOLD] for row in figures.behind(name)] for name in COUNTED}
        assert [figures.how_many(name) for name in COUNTED] == [len(found[name]) for name in COUNTED]
        return found


@settings(max_examples=4, deadline=None, suppress_health_check=PER_TEST, phases=[Phase.explicit, Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_a_past_instant_is_told_by_the_columns_as_by_a_replay_of_every_case(store: Store, seed: int) -> None:
    random = Random(seed)
    number = store_histories(store, f"city{next(CITIES)}", [a_history(random) for _ in range(CASES)])
    start, end, as_of = moments(random)
    chosen = Selection(Window(start, end, as_of), random.random() < 0.3, some_options(random)[0])
    asked = [chosen, replace(chosen, of_units=True), replace(chosen, filters={"unit": 1})]
    by_columns = [everything(store, number, selection) for selection in asked]
    c = tables.cases.c
    with store.write.begin() as connection:
        late = select(c.case_id).where(c.city_id == number, c.changed_at > as_of)
        few = late.where(c.rewritten_at > as_of, c.reported_at <= as_of)
        replayed, gone_on = (len(connection.execute(question).all()) for question in (few, late))
        connection.execute(update(tables.cases).where(c.city_id == number).values(rewritten_at=c.changed_at))
    assert replayed <= gone_on

    by_replay = [everything(store, number, selection) for selection in asked]

    assert by_columns == by_replay


@settings(max_examples=4, deadline=None, suppress_health_check=PER_TEST, phases=[Phase.explicit, Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_every_count_is_found_by_its_moments_as_in_the_whole_table(store: Store, seed: int) -> None:
    random = Random(seed)
    number = store_histories(store, f"city{next(CITIES)}", [a_history(random) for _ in range(CASES)])
    start, end, as_of = moments(random)
    chosen = Selection(Window(start, end, as_of), random.random() < 0.3, some_options(random)[0])
    names = random.sample(COUNTED, 20)
    some = [frozenset({name}) for name in names] + [frozenset(random.sample(COUNTED, 5)) for _ in range(5)]
    with store.picture() as connection:
        for selection in (chosen, replace(chosen, of_units=True)):
            for by in random.sample(DIMENSIONS, 2):
                every = Figures(connection, number, selection).by(by)
                for wanted in some:
                    found = Figures(connection, number, replace(selection, wanted=wanted)).by(by)
                    for key, counts in every.items():
                        known = {name: value for name, value in asdict(counts).items() if name in wanted}
                        assert {n: v for n, v in asdict(found.get(key, Counts())).items() if n in wanted} == known
                    assert found.keys() <= every.keys()


def test_a_window_of_many_rows_is_counted_from_the_whole_table(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(17)
    number = store_histories(store, "crowd", [a_history(random) for _ in range(80)])
    wanted = frozenset({"closed", "closure_due", "overdue_open", "handled"})
    month = Window(START, START + timedelta(days=9), START + timedelta(days=7))
    with store.picture() as connection:
        figures = [Figures(connection, number, Selection(month, wanted=wanted))]
        found = figures[0].by("unit")
        monkeypatch.setattr(figure_parts, "MANY", 10)
        whole = Figures(connection, number, Selection(month, wanted=wanted)).by("unit")

    assert {key: counts for key, counts in whole.items() if counts != Counts()} == found
    assert sum(counts.closed for counts in found.values()) > 10
