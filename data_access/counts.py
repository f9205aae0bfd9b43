"""Counting cases (or, for units, assignments) by any dimension over any window, and listing those behind a count.

Rows that have not changed since as_of are counted by the database; the others as they stood then, from their events.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, case, func, select

from data_access import tables
from data_access.history import Earlier, Row, earlier, unchanged_since
from data_access.predicates import as_sql
from data_access.recurrences import recurring_cases
from domain.conditions import Compare, Condition, Present, Test, holds
from domain.counting import OF_ONE_ROW, RECURRENCE, TIMES_OF, Counting, exempted, in_unit_figures
from domain.indicator_options import IndicatorOptions
from domain.indicators import Counts, added
from domain.window import Window

DIMENSIONS = ("city", "unit", "street", "grid", "class", "category", "channel")
KEY_COLUMN = {
    "unit": "unit_id",
    "street": "street_id",
    "grid": "grid_id",
    "category": "category_id",
    "channel": "channel_id",
}
LISTED = (
    "category_id", "unit_id", "grid_id", "street_id", "registered_at", "handled_at", "closed_at", "effective_due_at",
    "marks",
)  # fmt: skip
NO_UNIT = Present("unit_id", False)


@dataclass(frozen=True)
class Selection:
    """Which rows of a city are asked about: numbers of its lists; None = all. `unit_class` is a class key."""

    window: Window
    cohort: bool = False
    options: IndicatorOptions = field(default_factory=IndicatorOptions)
    unit_class: str | None = None
    filters: Mapping[str, int] = field(default_factory=dict)  # dimension -> number
    not_recorded: frozenset[str] = frozenset()  # steps the city's sources never carry
    of_units: bool = False  # assignments, as in unit tables, though of no unit or class in particular

    @property
    def about_units(self) -> bool:
        return self.of_units or self.unit_class is not None or "unit" in self.filters


class Figures:
    """Counts and lists of one selection, all from one connection, so that they are of one instant."""

    def __init__(self, connection: Connection, city_id: int, chosen: Selection) -> None:
        self.connection, self.city_id, self.chosen = connection, city_id, chosen
        self.table = tables.assignments if chosen.about_units else tables.cases
        self._asked: dict[Table, tuple[list[ColumnElement[Any]], dict[str, Test]]] = {}

    def by(self, dimension: str) -> dict[Any, Counts]:
        """Counts per number of the dimension (per class key for `class`, one row None for `city`).

        None stands for rows that belong nowhere: no unit, no grid. Units and classes count assignments, plus under
        None the cases that have no unit.
        """
        if dimension not in ("unit", "class"):
            return self._grouped(self.table, dimension)
        rows = self._grouped(tables.assignments, dimension)
        if not self.chosen.about_units:
            lost = self._grouped(tables.cases, "city", NO_UNIT)[None]
            if lost.registered or lost.reported:
                rows[None] = lost
        return rows

    def extended(self) -> dict[Any, Counts]:
        """Of the rows with an approved extension, per unit: a part of `by("unit")`."""
        return self._grouped(tables.assignments, "unit", Compare("extension_count", ">", 0))

    def exempted(self) -> dict[Any, Counts]:
        """What accepted appeals take out of the scores, per unit: a part of `by("unit")`. Streets have no appeals."""
        return self._grouped(tables.assignments, "unit", exempted(self.chosen.window.as_of))

    def behind(self, which: str) -> list[Row]:
        """The rows a count counts, by case number: len() equals the figure. Raises KeyError for an unknown count.

        A count of times (rework_times) lists a case as often as it counts.
        """
        table, cases = self.table, tables.cases
        columns = [cases.c.case_no, cases.c.stage, cases.c.road, *(table.c[name] for name in LISTED)]
        question = select(*columns, table.c.case_id, table.c.rework_count).where(
            *self._where(table), as_sql(self._behind(table, which), table)
        )
        if table is tables.assignments:
            same = and_(cases.c.city_id == table.c.city_id, cases.c.case_id == table.c.case_id)
            question = question.join_from(table, cases, same)
        rows = [dict(row) for row in self.connection.execute(question).mappings()]
        rows += filter(holds(self._behind(table, which)), self._earlier_rows(table))
        if which == RECURRENCE:
            rows = [row for row in rows if row["case_id"] in self._recurring]
        weighted = (row for row in rows for _ in range(row[TIMES_OF[which]] if which in TIMES_OF else 1))
        return sorted(weighted, key=lambda row: str(row["case_no"]))

    def spans(self, start: str, end: str, dimension: str) -> dict[Any, list[tuple[Any, Any]]]:
        """(start, end) of every case whose `end` lies in the window, by the dimension; for durations."""
        table = tables.assignments if dimension in ("unit", "class") else self.table
        done = Present(start)
        key = self._key(table, dimension)
        flow = self._flow(table, end)
        question = self._from(table, dimension, [table.c[start], table.c[end], key])
        question = question.where(as_sql(done, table), as_sql(flow, table))
        found: dict[Any, list[tuple[Any, Any]]] = {}
        for begun, ended, number in self.connection.execute(question):
            found.setdefault(number, []).append((begun, ended))
        both = [holds(done), holds(flow)]
        for row in self._earlier_rows(table):
            if all(test(row) for test in both):
                found.setdefault(self._key_of(row, dimension), []).append((row[start], row[end]))
        return found

    # What is asked

    def _flow(self, table: Table, moment: str) -> Condition:
        return self._counting(table).flow(moment)

    def _counting(self, table: Table) -> Counting:
        chosen, of_units = self.chosen, table is tables.assignments
        return Counting(
            chosen.window, chosen.options, cohort=chosen.cohort, of_units=of_units, not_recorded=chosen.not_recorded
        )

    def _behind(self, table: Table, which: str) -> Condition:
        """What every row behind the count answers for itself."""
        return self._flow(table, "registered_at") if which == RECURRENCE else self._counting(table)[which]

    def _every_count(self, table: Table) -> tuple[list[ColumnElement[Any]], dict[str, Test]]:
        """Every count as a sum of the database, and as a test of a row; made once."""
        if table not in self._asked:
            counting = self._counting(table)
            weights = {name: table.c[TIMES_OF[name]] if name in TIMES_OF else 1 for name in OF_ONE_ROW}
            sums: list[ColumnElement[Any]] = [
                func.coalesce(func.sum(case((as_sql(counting[name], table), weight))), 0)
                for name, weight in weights.items()
            ]
            self._asked[table] = sums, {name: holds(counting[name]) for name in OF_ONE_ROW}
        return self._asked[table]

    def _where(self, table: Table) -> list[ColumnElement[bool]]:
        conditions = [table.c.city_id == self.city_id]
        conditions += [table.c[KEY_COLUMN[name]] == number for name, number in self.chosen.filters.items()]
        if table is tables.assignments:
            conditions.append(as_sql(in_unit_figures(), table))
        if self.chosen.unit_class is not None:
            conditions.append(table.c.unit_id.in_(self._class_members))
        if self._earlier is not None:
            conditions.append(unchanged_since(table, self.city_id, self.chosen.window.as_of))
        return conditions

    @cached_property
    def _classes(self) -> Mapping[int, str | None]:
        c = tables.units.c
        rows = self.connection.execute(select(c.unit_id, c.unit_class).where(c.city_id == self.city_id))
        return {number: unit_class for number, unit_class in rows}

    @property
    def _class_members(self) -> list[int]:
        return [number for number, unit_class in self._classes.items() if unit_class == self.chosen.unit_class]

    # Rows that are as they were

    def _from(self, table: Table, dimension: str, columns: list[Any]) -> Select[Any]:
        question = select(*columns).select_from(table).where(*self._where(table))
        if dimension == "class":
            units = tables.units
            same = and_(units.c.city_id == table.c.city_id, units.c.unit_id == table.c.unit_id)
            question = question.join_from(table, units, same)
        return question

    def _key(self, table: Table, dimension: str) -> ColumnElement[Any]:
        if dimension == "city":
            return func.coalesce(None, None)
        return tables.units.c.unit_class if dimension == "class" else table.c[KEY_COLUMN[dimension]]

    def _grouped(self, table: Table, dimension: str, *more: Condition) -> dict[Any, Counts]:
        question = self._from(table, dimension, self._every_count(table)[0]).where(
            *(as_sql(condition, table) for condition in more)
        )
        if dimension == "city":
            known = {None: _counts(self.connection.execute(question).one())}
        else:
            key = self._key(table, dimension)
            rows = self.connection.execute(question.add_columns(key.label("key")).group_by(key))
            known = {row[-1]: _counts(row[:-1]) for row in rows}
        known = self._with_earlier(known, table, dimension, more)
        recurrences = self._recurrences(table, dimension, more)
        return {key: replace(counts, recurrence_count=recurrences[key]) for key, counts in known.items()}

    # What recurs

    @cached_property
    def _recurring(self) -> frozenset[int]:
        chosen = self.chosen
        return recurring_cases(
            self.connection, self.city_id, chosen.window, chosen.options.recurs_within, self._earlier
        )

    def _recurrences(self, table: Table, dimension: str, more: Iterable[Condition]) -> Counter[Any]:
        """How many of the rows registered in the window recur, by the dimension."""
        if not self._recurring:
            return Counter()
        conditions = [self._flow(table, "registered_at"), *more]
        question = self._from(table, dimension, [table.c.case_id, self._key(table, dimension)])
        rows = self.connection.execute(question.where(*(as_sql(condition, table) for condition in conditions)))
        found = Counter(key for case_id, key in rows if case_id in self._recurring)
        tests = [holds(condition) for condition in conditions]
        for row in self._earlier_rows(table):
            if row["case_id"] in self._recurring and all(test(row) for test in tests):
                found[self._key_of(row, dimension)] += 1
        return found

    # Rows that have changed since

    @cached_property
    def _earlier(self) -> Earlier | None:
        return earlier(self.connection, self.city_id, self.chosen.window.as_of)

    def _earlier_rows(self, table: Table) -> Iterable[Row]:
        """The chosen ones among them."""
        if self._earlier is None:
            return
        of_units = table is tables.assignments
        answers = holds(in_unit_figures())
        members = set(self._class_members) if self.chosen.unit_class is not None else None
        for row in self._earlier.assignments if of_units else self._earlier.cases:
            if any(row[KEY_COLUMN[name]] != number for name, number in self.chosen.filters.items()):
                continue
            if (of_units and not answers(row)) or (members is not None and row["unit_id"] not in members):
                continue
            yield row

    def _key_of(self, row: Row, dimension: str) -> Any:
        if dimension == "city":
            return None
        return self._classes[row["unit_id"]] if dimension == "class" else row[KEY_COLUMN[dimension]]

    def _with_earlier(
        self, known: dict[Any, Counts], table: Table, dimension: str, more: Iterable[Condition]
    ) -> dict[Any, Counts]:
        if self._earlier is None:
            return known
        tests = self._every_count(table)[1]
        besides = [holds(condition) for condition in more]
        totals: dict[Any, dict[str, int]] = {}
        for row in self._earlier_rows(table):
            if all(test(row) for test in besides):
                mine = totals.setdefault(self._key_of(row, dimension), dict.fromkeys(OF_ONE_ROW, 0))
                for name, test in tests.items():
                    if test(row):
                        mine[name] += row[TIMES_OF[name]] if name in TIMES_OF else 1
        return known | {key: added([known.get(key, Counts()), Counts(**mine)]) for key, mine in totals.items()}


def _counts(row: Iterable[Any]) -> Counts:
    return Counts(**dict(zip(OF_ONE_ROW, map(int, row), strict=True)))


def names_of(connection: Connection, city_id: int, dimension: str) -> dict[Any, tuple[str, str]]:
    """Number → (key, name) of one of the city's lists."""
    if dimension == "city":
        return {}
    table = {"unit": tables.units, "grid": tables.grids, "category": tables.categories, "channel": tables.channels}.get(
        dimension, tables.areas
    )
    number = table.c.area_id if table is tables.areas else table.c[KEY_COLUMN[dimension]]
    question = select(number, table.c.key, func.coalesce(table.c.name, table.c.key)).where(table.c.city_id == city_id)
    return {row[0]: (row[1], row[2]) for row in connection.execute(question)}
