"""Which page an address opens. Asked once per page load; a wall never needs this again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from dash import Dash, Input, Output
from dash.development.base_component import Component
from flask import Flask, Response, request

from callbacks.access import admit_to_page, current_person, public
from callbacks.desk import desk_for
from callbacks.http.answers import unknown
from callbacks.rankings import rankings_for
from config.texts import Texts
from config.walls import Wall
from domain.city import City
from layouts import ids
from layouts.door import Door, door_page, missing_page
from layouts.wall import wall_page

API_DOOR = "/api/v1/snapshot"
API = "/api/"
FOR_PEOPLE = (("rankings", "/rankings"), ("dispatch", "/dispatch"), ("signin", "/signin"))


@dataclass(frozen=True)
class Pages:
    """What there is to open. `served` is the city of addresses that name none."""

    served: City
    cities: Mapping[str, City]
    walls: Mapping[str, Wall]
    texts: Mapping[str, Texts]  # by language
    language: str = "zh"  # of door and notices
    admin: Mapping[str, Callable[[], Component]] = field(default_factory=dict)  # pages of the administration, by name


def wall_key(pages: Pages, city: City, wall: Wall) -> str:
    """What the browser asks events and views for: `main`, or `boston.main` for a city that is not the served one."""
    return wall.key if city.id == pages.served.id else f"{city.id}.{wall.key}"


def page_at(pages: Pages, path: str) -> Component:
    """/ · /wall/<name> · /wall/<city>/<name> · /dispatch · /rankings; anything else is said not to exist."""
    return _known_page(pages, path) or missing_page(pages.served.title, path, pages.texts[pages.language])


def _known_page(pages: Pages, path: str) -> Component | None:
    match [part for part in path.split("/") if part]:
        case []:
            return _door(pages)
        case ["wall", name] if name in pages.walls:
            return _wall(pages, pages.served, pages.walls[name])
        case ["wall", city, name] if city in pages.cities and name in pages.walls:
            return _wall(pages, pages.cities[city], pages.walls[name])
        case ["dispatch" | "unit"] if pages.walls:
            return desk_for(current_person(), pages.served, pages.walls, pages.texts[pages.language])
        case ["rankings"] if pages.walls:
            return rankings_for(current_person(), pages.served, pages.walls, pages.texts[pages.language])
        case ["admin", name] if name in pages.admin:
            return pages.admin[name]()
    return None


@public
def draw_page(pages: Pages, pathname: str | None) -> Component:
    admit_to_page(pathname or "/")
    return page_at(pages, pathname or "/")


def register(app: Dash, pages: Pages) -> None:
    app.callback(Output(ids.PAGE, "children"), Input(ids.LOCATION, "pathname"))(partial(draw_page, pages))
    server: Flask = app.server

    @server.after_request
    def tell_unknown(response: Response) -> Response:
        """Dash answers every address with its page and 200. Programs must see by the status that there is nothing."""
        if request.blueprint or response.mimetype != "text/html" or response.status_code not in (200, 404):
            return response
        if request.path.startswith(API):  # changed in place: the headers that others have set stay
            answer = unknown(f"没有接口 {request.path}", _interfaces(server))
            response.mimetype, response.status_code = "application/json", answer.status_code
            response.set_data(answer.get_data())
        elif _known_page(pages, request.path) is None:
            response.status_code = 404
        return response


def _interfaces(server: Flask) -> list[str]:
    return sorted(rule.rule for rule in server.url_map.iter_rules() if rule.rule.startswith(API))


def _wall(pages: Pages, city: City, wall: Wall) -> Component:
    return wall_page(wall, city, pages.texts[wall.language], wall_key(pages, city, wall))


def _door(pages: Pages) -> Component:
    texts = pages.texts[pages.language]
    walls = [
        Door(
            href=f"/wall/{wall.key}",
            name=f"{texts('door.walls')} {wall.key}",
            line=texts(
                "door.wall_line",
                page=texts(f"page.{wall.pages[0].name}"),
                language=texts(f"door.language_{wall.language}"),
            ),
        )
        for wall in pages.walls.values()
    ]
    people = [Door(href, texts(f"door.{name}"), texts(f"door.{name}_line")) for name, href in FOR_PEOPLE]
    doors = [*walls, *people, Door(f"{API_DOOR}?city={pages.served.id}", texts("door.api"), texts("door.api_line"))]
    return door_page(pages.served.title, doors, texts)
