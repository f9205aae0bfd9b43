"""Counting cases (or, for units, assignments) by any dimension over any window, and listing those behind a count.

Rows whose columns tell how they stood at as_of are counted by the database; the others, which a later step has
rewritten, as their events tell.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, case, func, null, select

from data_access import tables
from data_access.dimensions import (
    DIMENSIONS,
    KEY_COLUMN,
    belongs_to,
    joined,
    key_column,
    names_of,
    patrol_areas,
    unit_classes,
)
from data_access.figure_parts import WHOLE, parts_of
from data_access.history import Earlier, Progress, Row, as_they_were, no_progress, rewritten, stages
from data_access.predicates import as_sql
from data_access.recurrences import recurring_cases
from domain.conditions import Compare, Condition, Present, Test, holds
from domain.counting import RECURRENCE, TIMES_OF, Counting, exempted, in_score, in_unit_figures
from domain.indicator_options import IndicatorOptions
from domain.indicators import COUNTED, Counts, added
from domain.window import Window

__all__ = ["DIMENSIONS", "Figures", "Selection", "names_of"]
LISTED = (
    "category_id", "unit_id", "grid_id", "street_id", "registered_at", "handled_at", "closed_at", "effective_due_at",
    "marks", "return_count", "extension_count", "exempted_at", "suspended_at",
)  # fmt: skip
OF_ONE_TABLE = ("ended_at", "procedure")  # what only assignments, or only cases, know
STEPS = ("registered_at", "handled_at", "closed_at")
NO_UNIT = Present("unit_id", False)
SEEN = ("reported", "registered")  # what is in neither is no case of the window


@dataclass(frozen=True)
class Selection:
    """Which rows of a city are asked about: numbers of its lists; None = all. `unit_class` is a class key.

    `wanted` names the counts that are needed: all others stay 0, and nothing is spent on them. Whoever has none of the
    wanted ones may then be missing from an answer.
    """

    window: Window
    cohort: bool = False
    options: IndicatorOptions = field(default_factory=IndicatorOptions)
    unit_class: str | None = None
    filters: Mapping[str, int] = field(default_factory=dict)  # dimension -> number
    not_recorded: frozenset[str] = frozenset()  # steps the city's sources never carry
    wanted: frozenset[str] | None = None  # None = every count
    progress: Progress = no_progress  # hears, from 0 to 1, how far a past instant has been replayed
    of_units: bool = False  # assignments, as in unit tables, though of no unit or class in particular

    @property
    def about_units(self) -> bool:
        return self.of_units or self.unit_class is not None or "unit" in self.filters

    def asks(self, *names: str) -> bool:
        """Whether one of these counts is needed."""
        return self.wanted is None or not self.wanted.isdisjoint(names)


class Figures:
    """Counts and lists of one selection, all from one connection, so that they are of one instant."""

    def __init__(self, connection: Connection, city_id: int, chosen: Selection) -> None:
        self.connection, self.city_id, self.chosen = connection, city_id, chosen
        self.table = tables.assignments if chosen.about_units else tables.cases
        self._names = tuple(name for name in COUNTED if chosen.asks(name))
        self._total: Counts | None = None  # known once every case has been counted by something

    def by(self, dimension: str) -> dict[Any, Counts]:
        """Counts per number of the dimension (per class key for `class`, one row None for `city`).

        None stands for rows that belong nowhere: no unit, no grid. Units and classes count assignments, plus under
        None the cases that have no unit.
        """
        if dimension == "city" and self._total is not None:
            return {None: self._total}
        if dimension not in ("unit", "class"):
            found = self._grouped(self.table, dimension)
            self._total = added(found.values())
            return found
        rows = self._grouped(tables.assignments, dimension)
        if not self.chosen.about_units:
            lost = self._grouped(tables.cases, "city", NO_UNIT, names=tuple({*self._names, *SEEN}))[None]
            if lost.registered or lost.reported:
                rows[None] = replace(lost, **{name: 0 for name in SEEN if not self.chosen.asks(name)})
        return rows

    def over(self, window: Window, **changes: Any) -> "Figures":
        """The same question of another window, with other fields of the selection changed as given; what was replayed
        for the same instant is not replayed again."""
        other = Figures(self.connection, self.city_id, replace(self.chosen, window=window, **changes))
        if window.as_of == self.chosen.window.as_of:
            other._earlier = self._earlier
        return other

    def extended(self) -> dict[Any, Counts]:
        """Of the rows with an approved extension, per unit: a part of `by("unit")`."""
        return self._grouped(tables.assignments, "unit", Compare("extension_count", ">", 0))

    def exempted(self) -> dict[Any, Counts]:
        """What accepted appeals take out of the scores, per unit: a part of `by("unit")`. Streets have no appeals."""
        return self._grouped(tables.assignments, "unit", exempted(self.chosen.window.as_of))

    def how_many(self, which: str, *, in_score: bool = False) -> int:
        """The length of the list behind a count, without reading it. Raises KeyError for an unknown count."""
        self._behind(self.table, which)
        counts = self._grouped(self.table, "city", *self._scored(in_score), names=(which,))[None]
        found: int = getattr(counts, which)
        return found

    def behind(self, which: str, *, in_score: bool = False, offset: int = 0, limit: int | None = None) -> list[Row]:
        """The rows a count counts, by case number: without a limit, len() equals the figure. `in_score` leaves out what
        accepted appeals exempt. Raises KeyError for an unknown count.

        A count of times (rework_times) lists a case as often as it counts.
        """
        table, conditions = self.table, (self._behind(self.table, which), *self._scored(in_score))
        end = None if limit is None else offset + limit
        # Every row counts at least once, so that the first `end` rows are enough; but only some rows recur.
        rows = self._stored_behind(table, conditions, None if which == RECURRENCE else end)
        tests = [holds(condition) for condition in conditions]
        rows += (row for row in self._earlier_rows(table) if all(test(row) for test in tests))
        if which == RECURRENCE:
            rows = [row for row in rows if row["case_id"] in self._recurring]
        rows.sort(key=lambda row: str(row["case_no"]))
        weighted = (row for row in rows for _ in range(row[TIMES_OF[which]] if which in TIMES_OF else 1))
        return self._as_of_then(list(islice(weighted, offset, end)))

    def _as_of_then(self, rows: list[Row]) -> list[Row]:
        """What came after as_of had not happened: neither the stage that it led to nor its moment."""
        as_of = self.chosen.window.as_of
        gone_on = {row["case_id"] for row in rows if row["changed_at"] > as_of}
        known = stages(self.connection, self.city_id, gone_on, as_of)
        for row in (row for row in rows if row["case_id"] in gone_on):
            row.update({name: None for name in STEPS if row[name] is not None and row[name] > as_of})
            row["stage"] = known.get(row["case_id"], row["stage"])
        return rows

    def _stored_behind(self, table: Table, conditions: Iterable[Condition], limit: int | None) -> list[Row]:
        cases = tables.cases
        columns = [cases.c.case_no, cases.c.stage, cases.c.road, cases.c.changed_at]
        columns += [table.c[name] for name in (*LISTED, *OF_ONE_TABLE) if name in table.c]
        question = select(*columns, table.c.case_id, table.c.rework_count).where(
            *self._where(table), *(as_sql(condition, table) for condition in conditions)
        )
        by_number = cases.c.case_no if self.connection.dialect.name == "sqlite" else cases.c.case_no.collate("C")
        order: list[ColumnElement[Any]] = [by_number]
        if table is tables.assignments:
            same = and_(cases.c.city_id == table.c.city_id, cases.c.case_id == table.c.case_id)
            question = question.join_from(table, cases, same)
            order.append(table.c.assignment_no)
        return [dict(row) for row in self.connection.execute(question.order_by(*order).limit(limit)).mappings()]

    def spans(self, start: str, end: str, dimension: str) -> dict[Any, list[tuple[Any, Any]]]:
        """(start, end) of every case whose `end` lies in the window, by the dimension; for durations."""
        table = tables.assignments if dimension in ("unit", "class") else self.table
        done = Present(start)
        key = key_column(table, dimension)
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

    def _scored(self, in_score_only: bool) -> list[Condition]:
        """Streets and grids have no appeals."""
        of_units = self.table is tables.assignments
        return [in_score(self.chosen.window.as_of)] if in_score_only and of_units else []

    def _sums(self, table: Table, names: Sequence[str]) -> list[ColumnElement[Any]]:
        counting = self._counting(table)
        weights = {name: table.c[TIMES_OF[name]] if name in TIMES_OF else 1 for name in names}
        return [
            func.coalesce(func.sum(case((as_sql(counting[name], table), weight))), 0)
            for name, weight in weights.items()
        ]

    def _where(self, table: Table) -> list[ColumnElement[bool]]:
        conditions = [table.c.city_id == self.city_id]
        conditions += [belongs_to(table, self.city_id, name, n) for name, n in self.chosen.filters.items()]
        if table is tables.assignments:
            conditions.append(as_sql(in_unit_figures(), table))
        if self.chosen.unit_class is not None:
            conditions.append(table.c.unit_id.in_(self._class_members))
        if self._earlier is not None:
            conditions += as_they_were(table, self.city_id, self.chosen.window.as_of)
        return conditions

    @cached_property
    def _classes(self) -> Mapping[int, str | None]:
        return unit_classes(self.connection, self.city_id)

    @cached_property
    def _patrol_areas(self) -> Mapping[int, int | None]:
        return patrol_areas(self.connection, self.city_id)

    @property
    def _class_members(self) -> list[int]:
        return [number for number, unit_class in self._classes.items() if unit_class == self.chosen.unit_class]

    # Rows that tell how they stood

    def _from(self, table: Table, dimension: str, columns: list[Any]) -> Select[Any]:
        return joined(select(*columns).select_from(table).where(*self._where(table)), table, dimension)

    def _grouped(
        self, table: Table, dimension: str, *more: Condition, names: Sequence[str] | None = None
    ) -> dict[Any, Counts]:
        """`names` of the counts, else those that were chosen."""
        names = self._names if names is None else names
        asked = tuple(name for name in names if name != RECURRENCE)
        known = self._counted(table, dimension, more, asked)
        known = self._with_earlier(known, table, dimension, more, asked)
        if RECURRENCE not in names:
            return known
        recurrences = self._recurrences(table, dimension, more)
        keys = known.keys() | recurrences.keys()
        return {key: replace(known.get(key, Counts()), recurrence_count=recurrences[key]) for key in keys}

    def _counted(
        self, table: Table, dimension: str, more: Iterable[Condition], names: Sequence[str]
    ) -> dict[Any, Counts]:
        counting, key = self._counting(table), key_column(table, dimension)
        conditions = [counting[name] for name in names]
        parts = WHOLE
        if exempted(self.chosen.window.as_of) not in more:  # those have an index of their own
            parts = parts_of(self.connection, self.city_id, table, conditions, self.chosen.window)
        if self.connection.dialect.name == "sqlite" and (parts != WHOLE or more or self.chosen.filters):
            # Else SQLite goes through the table in the order of the key, whatever the rows are narrowed to.
            key = func.coalesce(key, null())
        question = self._from(table, dimension, [*self._sums(table, names), key.label("key")])
        question = question.where(*(as_sql(condition, table) for condition in more))
        if dimension != "city":
            question = question.group_by(key)
        found: dict[Any, list[Counts]] = {None: [Counts()]} if dimension == "city" else {}
        for part in parts:
            for *counted, number in self.connection.execute(question.where(*part)):
                counts = Counts(**dict(zip(names, map(int, counted), strict=True)))
                found.setdefault(number, []).append(counts)
        return {number: one[0] if len(one) == 1 else added(one) for number, one in found.items()}

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
        question = self._from(table, dimension, [table.c.case_id, key_column(table, dimension)])
        rows = self.connection.execute(question.where(*(as_sql(condition, table) for condition in conditions)))
        found = Counter(key for case_id, key in rows if case_id in self._recurring)
        tests = [holds(condition) for condition in conditions]
        for row in self._earlier_rows(table):
            if row["case_id"] in self._recurring and all(test(row) for test in tests):
                found[self._key_of(row, dimension)] += 1
        return found

    # Rows that were rewritten since

    @cached_property
    def _earlier(self) -> Earlier | None:
        return rewritten(self.connection, self.city_id, self.chosen.window.as_of, self.chosen.progress)

    def _earlier_rows(self, table: Table) -> Iterable[Row]:
        """The chosen ones among them."""
        if self._earlier is None:
            return
        of_units = table is tables.assignments
        answers = holds(in_unit_figures())
        members = set(self._class_members) if self.chosen.unit_class is not None else None
        for row in self._earlier.assignments if of_units else self._earlier.cases:
            if any(self._key_of(row, name) != number for name, number in self.chosen.filters.items()):
                continue
            if (of_units and not answers(row)) or (members is not None and row["unit_id"] not in members):
                continue
            yield row

    def _key_of(self, row: Row, dimension: str) -> Any:
        if dimension == "city":
            return None
        if dimension == "class":
            return self._classes[row["unit_id"]]
        if dimension == "patrol":
            return self._patrol_areas.get(row["grid_id"])
        return row[KEY_COLUMN[dimension]]

    def _with_earlier(
        self,
        known: dict[Any, Counts],
        table: Table,
        dimension: str,
        more: Iterable[Condition],
        names: Sequence[str],
    ) -> dict[Any, Counts]:
        if self._earlier is None:
            return known
        counting = self._counting(table)
        tests: dict[str, Test] = {name: holds(counting[name]) for name in names}
        besides = [holds(condition) for condition in more]
        totals: dict[Any, dict[str, int]] = {}
        for row in self._earlier_rows(table):
            if all(test(row) for test in besides):
                mine = totals.setdefault(self._key_of(row, dimension), dict.fromkeys(names, 0))
                for name, test in tests.items():
                    if test(row):
                        mine[name] += row[TIMES_OF[name]] if name in TIMES_OF else 1
        return known | {key: added([known.get(key, Counts()), Counts(**mine)]) for key, mine in totals.items()}
