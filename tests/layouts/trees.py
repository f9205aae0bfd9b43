"""Looking into a page as it is sent: plain JSON, component by component."""

import json
from collections.abc import Iterator
from typing import Any

from dash.development.base_component import Component
from plotly.io.json import to_json_plotly


def sent(page: Component) -> Any:
    return json.loads(to_json_plotly(page))


def components(page: Component) -> Iterator[dict[str, Any]]:
    """The properties of every component of the page, outermost first."""
    yield from _inside(sent(page))


def words(page: Component) -> str:
    """Every text of the page, in order."""
    return "\n".join(_texts(sent(page)))


def links(page: Component) -> list[str]:
    return [props["href"] for props in components(page) if "href" in props]


def wall_settings(page: Component) -> dict[str, Any]:
    settings = json.loads(sent(page)["props"]["data-settings"])
    assert isinstance(settings, dict)
    return settings


def _inside(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for child in node:
            yield from _inside(child)
    elif isinstance(node, dict) and "props" in node:
        yield node["props"]
        yield from _inside(node["props"].get("children"))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for child in node:
            yield from _texts(child)
    elif isinstance(node, dict):
        yield from _texts(node["props"].get("children"))
