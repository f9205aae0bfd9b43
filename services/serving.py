"""What one web process serves: a city, its walls, the newest picture and the map."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from config.settings import Settings
from config.walls import Wall
from domain.city import City
from services.desk_view import DeskView
from services.dispatch.desk import Desk
from services.live import LivePicture
from services.maps import CityMap
from services.parts import Parts
from services.people import People
from services.rankings.rankings import Rankings
from services.refresh import Refresher


@dataclass(frozen=True)
class Serving:
    """Read-only for requests. `boot` names code and picture: an answer of another boot cannot be compared."""

    parts: Parts
    city: City
    walls: Mapping[str, Wall]
    live: LivePicture
    map: CityMap
    desk: Desk
    desk_view: DeskView
    rankings: Rankings
    people: People
    refresher: Refresher | None  # None in a process that only serves
    boot: str
    build: str

    not_ready = "还没有第一幅画面，请稍候。\n"
    no_picture = "还没有画面：请确认刷新进程（serve --role refresher 或 all）在运行"
    no_refresher = "刷新进程没有响应"

    @property
    def settings(self) -> Settings:
        return self.parts.settings

    @property
    def mode(self) -> str:
        return "replay" if self.parts.frozen_at else "live"

    @property
    def ready(self) -> bool:
        return self.live.beat is not None

    @property
    def failure(self) -> tuple[datetime, str] | None:
        """Since when and why the picture is not getting newer: as stored, or as this process's refresher knows it.

        A refresher that died says nothing: the age of the picture then tells, where pictures must not grow old.
        """
        beat = self.live.beat
        known = (beat.failure if beat else None) or (self.refresher.failure if self.refresher else None)
        if known or beat is None or self.mode != "live" or (self.age_s or 0) <= self.stale_after_s:
            return known
        return beat.as_of, self.no_refresher

    @property
    def age_s(self) -> float | None:
        """Seconds since the instant of the picture; None before the first one."""
        beat = self.live.beat
        return None if beat is None else (self.city_time() - beat.as_of).total_seconds()

    @property
    def stale_after_s(self) -> float:
        """The strictest limit of the walls served; a polled city may set its own (DECISIONS 18)."""
        return self.city.stale_after_s or min((wall.stale_after_s for wall in self.walls.values()), default=15.0)

    def stop(self) -> None:
        """Ends the streams and lets go of the database."""
        self.live.stop()
        self.rankings.close()
        self.live.store.close()

    def city_time(self) -> datetime:
        """The time the browser's clock is set by: the city's now, standing still in a frozen replay."""
        return self.parts.clock()

    def facts(self, wall: str) -> dict[str, object]:
        """What a wall's script must know besides its panels."""
        chosen = self.walls[wall]
        return {
            "boot": self.boot,
            "build": self.build,
            "map": self.live.map_version,
            "mode": self.mode,
            "zone": self.city.zone.key,
            "stale_after_s": self.city.stale_after_s or chosen.stale_after_s,
            "down_after_s": chosen.down_after_s,
        }
