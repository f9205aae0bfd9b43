"""The desk's page for whoever is signed in. Who may open it is decided where pages are opened (callbacks.access)."""

from collections.abc import Mapping

from dash.development.base_component import Component

from callbacks.http.sheets import SHEETS
from config.texts import Texts
from config.walls import Wall
from domain.city import City
from domain.people import Person
from layouts.desk.page import Desk, desk_page


def desk_for(person: Person, city: City, walls: Mapping[str, Wall], texts: Texts) -> Component:
    """The desk with the colours and the limits of age of the hall's first wall."""
    wall = next(iter(walls.values()))
    desk = Desk(
        title=city.title,
        zone=city.zone.key,
        map_address=f"/geo/{city.id}",
        wall=wall.key,
        stale_after_s=city.stale_after_s or wall.stale_after_s,
        down_after_s=wall.down_after_s,
        prints=("keys", "exposures", *(("bundle",) if city.paper_applications else ())),
    )
    return desk_page(desk, person, texts, tuple(SHEETS))
