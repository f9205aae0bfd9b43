"""The quick entry's paper: whatever follows from what has been written so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from config.cities import load_structure
from data_access import entry, lists
from data_access.store import Store
from domain.calendar import WorkingTime
from domain.city import City
from domain.deadlines import Deadline, due_at
from domain.duplicates import NEAR_M, OLDEST, KnownCase, Likeness, Report, degrees_of, duplicates
from domain.entry import (
    CALL_AGE,
    OWNER_FIRST,
    SLIP,
    ClassOffer,
    ConditionOffer,
    Draft,
    EntryPaper,
    Place,
    UnitOffer,
    errors_of,
    position_of,
)
from domain.life_cycle import UNFINISHED
from domain.refusals import Refusal
from services.entry.classes import class_offers
from services.entry.places import PlaceFinder, load_places
from services.parts import Clock

TIME_ONLY = len("14:30")
USUAL_WORK = timedelta(days=30)  # how far back "usually" looks
OPEN = frozenset(stage.value for stage in UNFINISHED)
FIRST_CHANNELS = ("hotline_12319", "hotline_12345", "phone", "hotline")


@dataclass
class Entries:
    """The quick entry of one city. Keeps the city's places as long as its map stays the same."""

    store: Store
    city: City
    city_number: int
    clock: Clock
    working: WorkingTime | None
    _places: PlaceFinder | None = field(default=None, init=False)

    def paper(self, fields: Mapping[str, object]) -> EntryPaper:
        """What the sheet shows for these fields. Raises Refusal only for what no form can send."""
        with self.store.picture() as connection:
            return self.paper_on(connection, fields)

    def paper_on(self, connection: Connection, fields: Mapping[str, object]) -> EntryPaper:
        now = self.clock()
        draft = Draft.of(fields)
        errors = errors_of(draft)
        channels = self._channels(connection)
        draft = replace(draft, channel=draft.channel or _first_channel(channels))
        if draft.channel not in dict(channels):
            errors["channel"] = "没有这个来源，请重新选择"
        called_at = self._called_at(draft, now, errors)
        classes = class_offers(connection, self.city_number, self.city)
        chosen = next((offer for offer in classes if offer.key == draft.category), None)
        condition = _condition(chosen, draft)
        place = self._place(connection, draft, errors)
        nearby = self._nearby(connection, now, place)
        units = tuple((unit.key, unit.short_name) for unit in lists.units(connection, self.city_number).values())
        suggested = self._suggested(connection, now, chosen, place, dict(units))
        draft = replace(draft, unit=draft.unit or (suggested.key if suggested else ""))
        paper = EntryPaper(
            draft=draft,
            city=self.city,
            now=now,
            called_at=called_at,
            channels=channels,
            classes=classes,
            chosen=chosen,
            condition=condition,
            place=place,
            duplicates=_duplicates(now, chosen, place, nearby),
            around=tuple((*one.position, one.overdue) for one in nearby if one.open and one.position),
            units=units,
            suggested=suggested,
            deadline=self._deadline(now, condition, errors),
            verify_first=draft.channel in self.city.verified_channels,
            errors=errors,
            missing=(),
        )
        return replace(paper, missing=_missing(paper))

    def places(self, connection: Connection) -> PlaceFinder:
        version = lists.map_version(connection, self.city_number)
        if self._places is None or self._places.version != version:
            self._places = load_places(connection, self.city_number)
        return self._places

    def _channels(self, connection: Connection) -> tuple[tuple[str, str], ...]:
        """The channels that cases have come through; before the first case those of the city's structure."""
        known = tuple((channel.key, channel.name) for channel in lists.channels(connection, self.city_number).values())
        structure = None if known or self.city.demo else load_structure(self.city)
        told = tuple((channel.key, channel.name) for channel in structure.channels) if structure else ()
        return known or told or (("phone", "电话"),)

    def _called_at(self, draft: Draft, now: datetime, errors: dict[str, str]) -> datetime:
        if not draft.called_at:
            return now
        written = draft.called_at if len(draft.called_at) > TIME_ONLY else f"{self.city.day_of(now)} {draft.called_at}"
        try:
            said = datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=self.city.zone)
        except ValueError:
            errors["called_at"] = "看不懂这个时间，请写成 14:30"
            return now
        if said > now + SLIP:
            errors["called_at"] = "来电时间在将来，请改正"
        elif now - said > CALL_AGE:
            errors["called_at"] = f"来电时间早于 {CALL_AGE.days} 日前，请核对"
        return min(said, now)

    def _place(self, connection: Connection, draft: Draft, errors: dict[str, str]) -> Place:
        finder = self.places(connection)
        position = position_of(draft.spot)
        if position is None:
            return finder.said(draft.place) if "place" not in errors else Place()
        if not finder.inside(position):
            errors["place"] = f"点的位置在{self.city.name}范围之外，请在图内重新点"
            return Place()
        return finder.at(position)

    def _nearby(self, connection: Connection, now: datetime, place: Place) -> tuple[KnownCase, ...]:
        """The cases of the last days in the same grid or within sight."""
        box = None
        if place.position is not None:
            lon, lat = place.position
            wide, high = degrees_of(NEAR_M, lat)
            box = (lon - wide, lat - high, lon + wide, lat + high)
        finder = self.places(connection)
        rows = entry.nearby(connection, self.city_number, now - OLDEST, finder.grid_id(place.grid), box)
        keys = {grid.grid_id: grid.key for grid in finder.grids}
        names = {number: unit.short_name for number, unit in lists.units(connection, self.city_number).items()}
        return tuple(
            KnownCase(
                case_no=row.case_no,
                version=row.version,
                at=row.reported_at,
                category=row.category,
                category_name=row.category_name,
                major=f"{row.kind}/{row.major_code}" if row.kind and row.major_code else None,
                position=None if row.lon is None or row.lat is None else (row.lon, row.lat),
                grid=keys.get(row.grid_id),
                unit=names.get(row.unit_id, ""),
                stage=row.stage,
                overdue=_overdue(row.effective_due_at, row.closed_at or row.handled_at, now),
                open=row.stage in OPEN,
            )
            for row in rows
        )

    def _suggested(
        self, connection: Connection, now: datetime, chosen: ClassOffer | None, place: Place, names: Mapping[str, str]
    ) -> UnitOffer | None:
        """Part: the owner first; event: the territory first (domain research 1.3); else who has done it lately."""
        if chosen is None:
            return None
        done = entry.handlers(connection, self.city_number, chosen.key, place.street, now - USUAL_WORK)
        usual = {key: weight for key, weight in chosen.units.items() if key in names}
        rule = OWNER_FIRST.get(chosen.kind or "", "")
        here = [(count, key) for key, _all, count in done if count and (not usual or key in usual)]
        if here and (chosen.kind != "part" or not usual):
            count, key = max(here)
            return UnitOffer(key, names[key], f"{rule or '属地'}：本街道近 30 日同类 {count} 件由其办理")
        if usual:
            key = max(usual, key=lambda one: (usual[one], one))
            return UnitOffer(key, names[key], f"{rule}：{chosen.name}按职责由其办理")
        if done:
            key, count, _here = done[0]
            return UnitOffer(key, names[key], f"近 30 日同类 {count} 件由其办理")
        return None

    def _deadline(self, now: datetime, condition: ConditionOffer | None, errors: dict[str, str]) -> Deadline | None:
        if condition is None:
            return None
        try:
            return due_at(now, condition.limit, self.working)
        except Refusal as refusal:
            errors["condition"] = refusal.what
            return None


def _first_channel(channels: tuple[tuple[str, str], ...]) -> str:
    keys = [key for key, _name in channels]
    return next((key for key in FIRST_CHANNELS if key in keys), keys[0])


def _condition(chosen: ClassOffer | None, draft: Draft) -> ConditionOffer | None:
    """The condition chosen; the only one where there is but one. None chosen = no limit yet: it is not guessed."""
    if chosen is None:
        return None
    if len(chosen.conditions) == 1:
        return chosen.conditions[0]
    number = int(draft.condition) if draft.condition.isdecimal() and len(draft.condition) < 4 else -1
    return chosen.conditions[number] if 0 <= number < len(chosen.conditions) else None


def _duplicates(
    now: datetime, chosen: ClassOffer | None, place: Place, nearby: tuple[KnownCase, ...]
) -> tuple[Likeness, ...]:
    if chosen is None:
        return ()
    return duplicates(Report(now, chosen.key, chosen.major, place.position, place.grid), nearby)


def _overdue(due: datetime | None, done: datetime | None, now: datetime) -> bool:
    return due is not None and (done or now) > due


def _missing(paper: EntryPaper) -> tuple[str, ...]:
    """What filing and dispatching still needs."""
    draft, place = paper.draft, paper.place
    wanted = (
        ("问题类别", paper.chosen),
        ("位置", draft.place or place.position),
        ("问题描述", draft.description),
        ("立案条件", paper.condition),
        ("派遣单位", draft.unit in dict(paper.units)),
    )
    return tuple(name for name, there in wanted if not there)
