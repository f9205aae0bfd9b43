"""The rankings for whoever is signed in. Who may open them is decided where pages are opened (callbacks.access)."""

from collections.abc import Mapping

from dash.development.base_component import Component

from config.texts import Texts
from config.walls import Wall
from domain.city import City
from domain.people import Person
from layouts.rankings.page import RankingsPage, rankings_page


def rankings_for(person: Person, city: City, walls: Mapping[str, Wall], texts: Texts) -> Component:
    """The rankings with the first wall of the hall as the way to the overview."""
    wall = next(iter(walls.values()))
    page = RankingsPage(
        title=city.title,
        zone=city.zone.key,
        map_address=f"/geo/{city.id}",
        wall=wall.key,
        stale_after_s=city.stale_after_s or wall.stale_after_s,
    )
    return rankings_page(page, person, texts)
