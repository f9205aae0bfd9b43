"""The week's applications on paper over HTTP: read, numbered by a plain form, and by nobody else."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from app import create_app
from config.settings import Settings
from data_access import applications
from data_access.case_writer import NewCase, NewEvent, insert_cases
from domain.applications import Kind
from domain.people import Post
from services.people import People
from tests.signing_in import a_user, sign_in

NOW = datetime(2026, 5, 22, 16, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ADDRESS = "/desk/print/bundle?week=2026-W21"


class House:
    """汝州 with one application for an extension."""

    def __init__(self, data: Any, url: str, city: str = "ruzhou") -> None:
        settings = Settings(data=data, database=url, city=city, role="web")
        self.app = create_app(settings, clock=lambda: NOW, real_clock=lambda: NOW)
        serving = self.app.server.gridwall.serving
        self.people: People = serving.people
        store, number = serving.desk_view.store, serving.desk_view.number
        with store.write.begin() as connection:
            new = NewCase({"case_no": "R1", "source": "gridwall", "stage": "dispatched", "reported_at": NOW},
                          [NewEvent("report", NOW, "dispatcher#1")])  # fmt: skip
            (case_id,) = insert_cases(connection, number, [new], NOW)
            said = {"by": "2 work_hours", "reason": "<b>等待配件</b>", "signed": True}
            applications.ask(connection, number, case_id, Kind.EXTENSION, None, said, 1, NOW, 1)

    def signed_in(self, *posts: Post, **given: Any) -> FlaskClient:
        client: FlaskClient = self.app.server.test_client()
        assert sign_in(client, a_user(self.people, *posts, **given)).status_code == 303
        return client


@pytest.fixture
def house(fresh_sqlite: Any, tmp_path: Any) -> Iterator[House]:
    made = House(tmp_path / "var", fresh_sqlite())
    yield made
    made.app.server.gridwall.stop()


def test_the_sheets_are_shown_and_numbered_by_the_form(house: House) -> None:
    client = house.signed_in(Post.DISPATCHER)
    page = client.get(ADDRESS).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)

    assert "（编号后生效）" in page
    assert "&lt;b&gt;等待配件" in page
    assert token is not None
    answer = client.post(ADDRESS, data={"csrf_token": token[1]})
    assert (answer.status_code, answer.headers["Location"]) == (303, ADDRESS)
    again = client.get(ADDRESS).get_data(as_text=True)
    assert "汝申〔2026〕1 号" in again
    assert "编号并归档" not in again


def test_nothing_is_numbered_without_the_forms_token(house: House) -> None:
    client = house.signed_in(Post.DISPATCHER)

    assert client.post(ADDRESS).status_code in (400, 403, 422)
    assert "（编号后生效）" in client.get(ADDRESS).get_data(as_text=True)


def test_a_week_that_is_none_gets_a_sentence(house: House) -> None:
    answer = house.signed_in(Post.DUTY_CHIEF).get("/desk/print/bundle?week=21")

    assert answer.status_code == 422
    assert "2026-W21" in answer.get_data(as_text=True)


def test_leaders_have_no_bundle(house: House) -> None:
    assert house.signed_in(Post.LEADER).get(ADDRESS).status_code == 403
    assert house.app.server.test_client().get(ADDRESS).status_code in (302, 303, 401)
