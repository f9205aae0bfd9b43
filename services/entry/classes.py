"""The classes of problems a city can file, with their filing conditions and whose work they usually are."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Protocol

from sqlalchemy import Connection

from config.cities import load_structure
from data_access.entry import CategoryRow, categories
from domain.city import City
from domain.deadlines import WORKING_UNITS, Limit, LimitUnit
from domain.entry import KINDS, ClassOffer, ConditionOffer
from services.demo.plan import load_work

# A city that has told no filing conditions is offered limits alone, as they are usual (domain research 1.4).
USUAL_LIMITS = tuple(
    Limit(Fraction(value), unit)
    for value, unit in (
        (2, LimitUnit.URGENT_HOURS), (4, LimitUnit.WORK_HOURS), (1, LimitUnit.WORK_DAYS), (2, LimitUnit.WORK_DAYS),
        (3, LimitUnit.WORK_DAYS), (5, LimitUnit.WORK_DAYS), (1, LimitUnit.NATURAL_DAYS), (7, LimitUnit.NATURAL_DAYS),
    )
)  # fmt: skip


def class_offers(connection: Connection, city_id: int, city: City) -> tuple[ClassOffer, ...]:
    """The city's own table of classes, and after it what other systems' cases have brought. Raises ConfigError."""
    own = _own_table(city)
    known = {offer.key for offer in own}
    others = (row for row in categories(connection, city_id) if row.key not in known)
    return (*own, *_without_conditions(others, city))


def _own_table(city: City) -> tuple[ClassOffer, ...]:
    if city.demo:
        return tuple(
            _offer(entry, [(c.text, c.limit) for c in entry.conditions], dict(entry.units))
            for entry in load_work().categories
        )
    structure = load_structure(city)
    if structure is None:
        return ()
    return tuple(
        _offer(entry, [(c.text, c.limit) for c in entry.conditions], structure.units_of(entry))
        for entry in structure.classes.classes
    )


def _without_conditions(rows: Iterable[CategoryRow], city: City) -> tuple[ClassOffer, ...]:
    limits = [("", limit) for limit in USUAL_LIMITS if city.calendar or limit.unit not in WORKING_UNITS]
    return tuple(_offer(row, limits, {}) for row in rows)


class _Coded(Protocol):
    """A class of a plan, of a structure or of the store: they name their codes alike."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def major_code(self) -> str | None: ...
    @property
    def minor_code(self) -> str | None: ...


def _offer(entry: _Coded, conditions: Sequence[tuple[str, Limit]], units: Mapping[str, float]) -> ClassOffer:
    coded = entry.kind in KINDS and entry.major_code and entry.minor_code
    return ClassOffer(
        key=entry.key,
        kind=entry.kind,
        major=f"{entry.kind}/{entry.major_code}" if entry.kind and entry.major_code else None,
        minor=entry.minor_code,
        code=f"{KINDS[entry.kind]} {entry.major_code}{entry.minor_code}" if coded and entry.kind else "",
        name=entry.name,
        conditions=tuple(
            ConditionOffer(text, limit, limit.unit is LimitUnit.URGENT_HOURS) for text, limit in conditions
        ),
        units=units,
    )
