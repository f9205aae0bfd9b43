"""Beside a case: where it is, which cameras are near, how loaded its unit is, what happened there before."""

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from data_access import desk_case
from data_access.desk_case import Before, Camera, Lists
from domain.marks import OFF_THE_MAP
from domain.window import Window
from services.desk_view.loads import no_load, unit_loads
from services.desk_view.words import milliseconds

if TYPE_CHECKING:
    from services.desk_view.case import CaseQuestion

CAMERAS_WITHIN_M, MOST_CAMERAS = 500, 3
CASES_WITHIN_M = 500
SAME_WITHIN = timedelta(days=30)
MOST_SAME = 8
NATIONAL_CODE = r"[0-9]{15}"  # county, street, community and cell (domain research 1.2)
OF_THE_STREET = slice(9, None)  # what tells the cells of one street apart
Json = dict[str, Any]


class CaseSide:
    """Reads inside the transaction of its case."""

    def __init__(self, connection: Connection, asked: "CaseQuestion", row: Mapping[str, Any], lists: Lists) -> None:
        self.connection, self.asked, self.row, self.lists = connection, asked, row, lists
        self.words = asked.words
        self.only = asked.person.unit if asked.person.of_a_unit_only else None  # a unit sees no case of another

    def where(self) -> str:
        """学府街道 学府-07 网格."""
        street, grid = self.lists.street, self._grid_name()
        return " ".join(part for part in (street["name"] if street else "", grid) if part)

    def _grid_name(self) -> str:
        grid, street = self.lists.grid, self.lists.street
        if grid is None:
            return ""
        name, key = grid["name"], grid["key"]
        if not name and street and re.fullmatch(NATIONAL_CODE, key):
            name = f"{street['short_name']}-{key[OF_THE_STREET]}"
        return self.words("case.grid", grid=name or key)

    @cached_property
    def _place(self) -> tuple[float, float] | None:
        """Longitude and latitude; None where they are not fit for a map (DECISIONS 10)."""
        row = self.row
        if row["lon"] is None or row["lat"] is None or row["marks"] & int(OFF_THE_MAP):
            return None
        return row["lon"], row["lat"]

    def map(self) -> Json | None:
        if self._place is None:
            return None
        asked, (lon, lat) = self.asked, self._place
        window = Window(asked.as_of - SAME_WITHIN, asked.as_of, asked.as_of)
        near = desk_case.cases_near(
            self.connection, asked.city_number, window, self._place, CASES_WITHIN_M, self.row["case_id"], self.only
        )
        grid = self.lists.grid
        return {
            "lon": lon,
            "lat": lat,
            "grid": grid["key"] if grid else None,
            "grid_name": self._grid_name() or self.words("case.no_place"),
            "cases": [one._asdict() for one in near],
        }

    # Cameras

    @cached_property
    def _cameras(self) -> list[Camera]:
        if self._place is None:
            return []
        number = self.asked.city_number
        return desk_case.cameras_near(self.connection, number, self._place, CAMERAS_WITHIN_M, MOST_CAMERAS)

    def cameras(self) -> list[Json]:
        return [
            {
                "letter": "ABC"[n],
                "name": one.name,
                "metres": one.metres,
                "state": one.state,
                "line": self._camera_line(one),
                "lon": one.lon,
                "lat": one.lat,
            }
            for n, one in enumerate(self._cameras)
        ]

    def _camera_line(self, camera: Camera) -> str:
        """Since when it gives no picture, or none in time; nothing while it works."""
        if camera.state == "online":
            return ""
        if camera.checked_at is None:
            return self.words(f"side.{camera.state}_unknown")
        return self.words(f"side.{camera.state}", length=self.words.duration(self.asked.as_of - camera.checked_at))

    def cameras_note(self) -> str:
        return self.words("side.cameras", metres=CAMERAS_WITHIN_M, count=len(self._cameras))

    # The unit

    def load(self) -> Json | None:
        """The same figures as the wall's unit table."""
        unit, asked, words = self.lists.unit, self.asked, self.words
        if unit is None:
            return None
        loads = unit_loads(self.connection, asked.city, asked.city_number, asked.as_of, unit["unit_id"])
        load = loads.get(unit["unit_id"]) or no_load(asked.city)
        share = load.rework.value
        values = {
            "open": (f"{load.open:,}", ""),
            "overdue": (f"{load.overdue:,}", "alarm" if load.overdue else ""),
            "due_soon": (f"{load.due_soon:,}", "warn" if load.due_soon else ""),
            "rework": ("—" if share is None else f"{words.percent(share)}%", ""),
        }
        return {
            "title": words("side.load", unit=unit["short_name"]),
            "note": words("side.load_note"),
            "items": [
                {"label": words(f"side.{name}"), "value": value, "tone": tone} for name, (value, tone) in values.items()
            ],
        }

    # What happened there before

    def same_grid(self) -> Json:
        asked = self.asked
        since = asked.as_of - SAME_WITHIN
        found = desk_case.same_before(self.connection, asked.city_number, self.row, since, asked.as_of, self.only)
        category = self.lists.category
        return {
            "title": self.words("side.same"),
            "note": self.words("side.same_note", count=len(found)),
            "rows": [
                {
                    "day": self.words.day(one.registered_at),
                    "what": category["name"] if category else "",
                    "how": self.words(f"side.{self._how(one)}"),
                    "case_no": one.case_no,
                    "at": milliseconds(one.registered_at),
                }
                for one in found[:MOST_SAME]
            ],
        }

    def _how(self, one: Before) -> str:
        if one.closed_at is None or one.closed_at > self.asked.as_of:
            return "still_open"
        if one.rework_count:
            return "reworked"
        if one.due is None:
            return "no_deadline"
        return "on_time" if (one.handled_at or one.closed_at) <= one.due else "late_closed"
