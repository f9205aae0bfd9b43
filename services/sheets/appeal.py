"""申诉: the facts it is about, and the unit's score of the month with and without the case."""

from collections.abc import Mapping
from typing import Any

from data_access.wall_questions import PERIOD_COUNTS
from domain.application_sheets import AppealSheet
from domain.applications import Kind
from domain.case_steps import Columns
from domain.conditions import holds
from domain.counting import Counting
from domain.indicators import Counts, less
from domain.people import Person
from domain.periods import this_month
from domain.window import Window
from services.dispatch.application_facts import overdue_by, unit_of, worked_at
from services.dispatch.scene import Scene
from services.sheets.applying import application_of, chosen, head_of
from services.sheets.looking import looking
from services.sheets.parts import SheetParts
from services.sheets.suspension import month_counts, score_of


def prepare(parts: SheetParts, person: Person, case_no: str, fields: Mapping[str, Any]) -> AppealSheet:
    """The approval while an appeal waits, else the appeal itself. Raises NotFound for a case that is not the unit's."""
    with looking(parts, person, case_no, fields) as scene:
        application = application_of(scene, Kind.APPEAL)
        unit = unit_of(application, scene) if application else _unit(scene)
        rows = worked_at(scene, unit) if unit else []
        late = [by for row in rows if (by := overdue_by(row, scene.now))]
        month = _month(scene, rows)
        before, after = _scores(scene, unit, rows, month)
        return AppealSheet(
            head=head_of(scene, Kind.APPEAL, application, unit),
            overdue_by=max(late, default=None),
            reworks=sum(row["rework_count"] for row in rows),
            month=scene.city.day_of(month.start),
            score=(before[0], after[0]),
            rank=(before[1], after[1]),
        )


def _unit(scene: Scene) -> str | None:
    """Whose appeal it would be: the person's own unit, or the last that led."""
    if scene.person.of_a_unit_only:
        return scene.person.unit
    leads = [row["unit"] for row in scene.state.assignments if row["role"] == "lead"]
    return chosen(scene, "unit") or scene.unit or (leads[-1] if leads else None)


def _month(scene: Scene, rows: list[Columns]) -> Window:
    """The month in whose figures the case stands: that of its closing, else the one that runs."""
    closed = [row["closed_at"] for row in rows if row["closed_at"]]
    month = this_month(scene.city.zone, max(closed, default=scene.now))
    return Window(month.start, month.end, scene.now)


def _scores(scene: Scene, unit: str | None, rows: list[Columns], month: Window) -> tuple[Any, Any]:
    """Score and rank with the case and without it."""
    number = scene.keys.units.number(unit)
    if number is None:
        return (None, None), (None, None)
    counts = month_counts(scene, month)
    mine = counts.get(number, Counts())
    spared = {**counts, number: less(mine, _of_the_case(scene, rows, month))}
    return score_of(scene, number, counts), score_of(scene, number, spared)


def _of_the_case(scene: Scene, rows: list[Columns], month: Window) -> Counts:
    """What the unit's work on this case adds to its counts of the month."""
    counting = Counting(month, scene.city.options, of_units=True)
    tests = {name: holds(counting[name]) for name in PERIOD_COUNTS}
    return Counts(**{name: sum(test(row) for row in rows) for name, test in tests.items()})
