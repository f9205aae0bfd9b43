"""Everything that can be called on the server, by hand, by everybody: callbacks and routes × posts, acts × posts."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from config.settings import Settings
from data_access.store import Store
from domain.life_cycle import TRANSITIONS, Action, Role, possible_actions
from domain.people import CASE_ROLES, Post
from services.dispatch.commands import NotAllowed
from services.people import People
from services.stores import open_store
from tests.conftest import FreshDatabase
from tests.desks import PEOPLE, World, a_desk
from tests.signing_in import a_user, sign_in, token_of
from tests.test_house import innermost, is_ours
from tests.worlds import write_lists

SIGNED_OUT, DENIED = (302, 303, 400, 401), 403
READ_ONLY = {"GET", "HEAD", "OPTIONS"}


class Hall:
    """The application with one person of every post; `None` is nobody."""

    def __init__(self, url: str, data: Path) -> None:
        self.app = create_app(Settings(data=data, database=url, city="boston", role="web"))
        self.server = self.app.server
        serving = self.server.gridwall.serving
        with serving.live.store.write.begin() as connection:
            write_lists(connection, serving.live.city_number)
        people: People = self.server.gridwall.serving.people
        self.clients: dict[Post | None, FlaskClient] = {None: self.server.test_client()}
        self.clients[None].get("/signin")
        for post in Post:
            client = self.clients[post] = self.server.test_client()
            unit = "u0" if post is Post.UNIT_USER else None
            assert sign_in(client, a_user(people, post, unit=unit)).status_code == 303


@pytest.fixture(scope="module")
def hall(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("walk")
    path = folder / "walk.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    opened = Hall(f"sqlite:///{path}", folder)
    yield opened
    opened.server.gridwall.stop()


def marked(function: Any) -> frozenset[Post] | str:
    """Whose posts a function asks for, or public."""
    access: frozenset[Post] | str = innermost(function).__access__
    return access


def filled(rule: str, arguments: Iterable[str]) -> str:
    """The address with something in each of its gaps."""
    for name in arguments:
        rule = re.sub(rf"<([^<>]*:)?{name}>", "1", rule)
    return rule


def test_every_route_for_people_refuses_everybody_else(hall: Hall) -> None:
    walked = 0
    for rule in hall.server.url_map.iter_rules():
        if not hasattr(innermost(hall.server.view_functions[rule.endpoint]), "__access__"):
            assert not is_ours(rule.rule), f"{rule.rule} says nothing about who may call it"
            continue
        access = marked(hall.server.view_functions[rule.endpoint])
        path = filled(rule.rule, rule.arguments)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for post, client in hall.clients.items():
                if access == "public" or (post is not None and (not access or post in access)):
                    continue
                answer = client.open(path, method=method, json={}, headers=token_of(client))
                expected = SIGNED_OUT if post is None else (DENIED,)
                assert answer.status_code in expected, f"{method} {path} as {post}: {answer.status_code}"
                walked += 1
    assert walked > 100


def callbacks_of(hall: Hall) -> Mapping[str, Mapping[str, Any]]:
    return {key: entry for key, entry in hall.app.callback_map.items() if "callback" in entry}


def payload(key: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser would post for this callback, with every value empty."""

    def part(dependency: Mapping[str, Any]) -> Any:
        name = dependency["id"]
        if isinstance(name, str) and name.startswith("{"):
            return []
        return {"id": name, "property": dependency["property"], "value": None}

    def outputs() -> Any:
        named = [
            {"id": json.loads(name) if name.startswith("{") else name, "property": prop}
            for name, _, prop in (one.rpartition(".") for one in key.strip(".").split("..."))
        ]
        return named if key.startswith("..") else named[0]

    inputs = [part(one) for one in entry["inputs"]]
    return {
        "output": key,
        "outputs": outputs(),
        "inputs": inputs,
        "state": [part(one) for one in entry.get("state", [])],
        "changedPropIds": [],
    }


def test_every_callback_for_people_answers_nobody_else(hall: Hall) -> None:
    """A refused callback gives back a word for the page, and no value of its own outputs."""
    walked = 0
    for key, entry in callbacks_of(hall).items():
        access = marked(entry["callback"])
        for post, client in hall.clients.items():
            if access == "public" or (post is not None and (not access or post in access)):
                continue
            answer = client.post("/_dash-update-component", json=payload(key, entry), headers=token_of(client))
            told = answer.get_json(silent=True) or {}
            assert not told.get("response"), f"{key} as {post}: {answer.status_code} {told}"
            walked += 1
    assert walked >= len(Post)


def test_nothing_is_posted_without_the_pages_token(hall: Hall) -> None:
    walked = 0
    for rule in hall.server.url_map.iter_rules():
        for method in (rule.methods or set()) - READ_ONLY:
            answer = hall.clients[Post.SYS_ADMIN].open(filled(rule.rule, rule.arguments), method=method)
            walked += 1
            if answer.status_code == 200:  # Dash's own address: it answers in its way, with a word and no value
                assert not answer.get_json()["response"], rule.rule
            else:
                assert answer.status_code == 400, f"{method} {rule.rule}: {answer.status_code}"
    assert walked > 10


@pytest.fixture
def world(fresh_database: FreshDatabase) -> Iterator[World]:
    store: Store = open_store(fresh_database())
    yield a_desk(store)
    store.close()


@pytest.mark.parametrize(("name", "posts", "unit"), PEOPLE, ids=lambda value: str(value))
def test_every_act_by_everybody_is_done_only_where_the_table_allows_it(
    world: World, name: str, posts: tuple[Post, ...], unit: str | None
) -> None:
    """All acts that leave posts no choice are refused before anything is looked at, and leave no trace on the case."""
    world.cases(["C1"], Action.DISPATCH, unit="u2")
    roles = {CASE_ROLES[post] for post in posts if post in CASE_ROLES}
    allowed_somewhere = {row.action for row in TRANSITIONS if roles & set(row.roles)}
    for action in Action:
        if action in allowed_somewhere and Post.UNIT_USER not in posts:
            continue
        before = world.version("C1")
        with pytest.raises(NotAllowed):
            world.act(name, "C1", action, text="越权", reason="越权", unit=unit or "u2")
        assert world.version("C1") == before
    assert len(world.events("C1")) == 4


def test_the_table_gives_a_leader_words_only() -> None:
    stages = {stage for row in TRANSITIONS for stage in row.stages}

    assert {action for stage in stages for action in possible_actions(stage, Role.LEADER)} == {
        Action.INSTRUCT,
        Action.NOTE,
    }
