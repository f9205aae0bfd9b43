"""通报: streets by 处置率, and every department's cases that are past their deadline.

Source: 石景山's monthly ranking of streets and circular of departments' unfinished cases (domain research 2.6).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data_access import lists
from domain.city import City
from domain.indicators import Counts
from domain.ranking_view import Span
from domain.reports import CircularFacts, Distribution, ReportKind, UnfinishedCase, UnfinishedUnit
from domain.score_rule import Rated
from services.reports import sentences
from services.reports.heads import period_words, report_head
from services.reports.picture import Picture
from services.reports.streets import street_lines

NOBODY = Distribution()


def facts(
    connection: Connection,
    city: City,
    number: int,
    span: Span,
    as_of: datetime,
    distribution: Distribution = NOBODY,
) -> CircularFacts:
    """The circular of one period as seen at as_of; what is unfinished is so at the period's end, or at as_of."""
    picture = Picture(connection, city, number, span, as_of)
    rule = picture.rule_of(Rated.STREET)
    table = picture.ranking(rule)
    streets = street_lines(picture, table)
    units = _units(picture)
    overdue, none_overdue = sum(unit.overdue for unit in units), len(picture.units) - len(units)
    at = city.local(picture.stock_at)
    title = f"{period_words(ReportKind.CIRCULAR, span)}{city.street_noun}案件处置和部门未结案件情况通报"
    return CircularFacts(
        head=report_head(ReportKind.CIRCULAR, city, span, as_of, title, [rule]),
        streets=streets,
        street_noun=city.street_noun,
        units=units,
        overdue=overdue,
        none_overdue=none_overdue,
        stock_at=at,
        sentences=(
            *sentences.of_streets(streets, city.street_noun),
            *sentences.of_circular(units, overdue, none_overdue, at),
        ),
        distribution=distribution,
        street_table=table,
    )


def _units(picture: Picture) -> tuple[UnfinishedUnit, ...]:
    """Departments with something overdue, most first; their cases the longest overdue first. A case that several units
    have stands with each of them."""
    stock = picture.stock(of_units=True, wanted=frozenset({"open", "overdue_open"}))
    counts = stock.by("unit")
    cases: dict[int, list[UnfinishedCase]] = {}
    names = _Names(picture)
    for row in stock.behind("overdue_open"):
        if row["unit_id"] in picture.units:
            cases.setdefault(row["unit_id"], []).append(names.case(row))
    found = []
    for number, mine in cases.items():
        unit, longest = picture.units[number], sorted(mine, key=lambda case: (-case.late_s, case.case_no))
        found.append(
            UnfinishedUnit(
                key=unit.key,
                name=unit.name,
                short_name=unit.short_name,
                class_name=picture.class_name(unit.extra) if unit.extra else "",
                open=counts.get(number, Counts()).open,
                overdue=len(mine),
                longest_s=longest[0].late_s,
                cases=tuple(longest),
            )
        )
    return tuple(sorted(found, key=lambda unit: (-unit.overdue, -unit.longest_s, unit.key)))


class _Names:
    """What rows of the database are called."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.categories = lists.categories(picture.connection, picture.number)
        self.streets = lists.streets(picture.connection, picture.number)

    def case(self, row: Mapping[str, Any]) -> UnfinishedCase:
        city, at = self.picture.city, self.picture.stock_at
        category, street = self.categories.get(row["category_id"]), self.streets.get(row["street_id"])
        filed = row["registered_at"]
        return UnfinishedCase(
            case_no=row["case_no"],
            category=category.name if category else "未分类",
            street=street.name if street else "",
            road=row["road"] or "",
            registered_at=None if filed is None else city.local(filed),
            due_at=city.local(row["effective_due_at"]),
            late_s=int((at - row["effective_due_at"]).total_seconds()),
        )
