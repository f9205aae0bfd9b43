"""Papers over HTTP, signed in: who reads which document, that nothing runs in them, and what a changed one answers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app import create_app
from config.settings import Settings
from data_access.desk_tables import documents
from domain.life_cycle import Action
from domain.people import Post
from services.people import People
from services.stores import open_store
from tests.desks import AT, World, a_desk
from tests.signing_in import a_user, post, sign_in

SCRIPT = "<script>alert(1)</script>"
NOTICE: dict[str, Any] = {"cause": "danger", "due": "2026-05-19T16:00", "demands": SCRIPT, "exposure": True}


class Hall:
    """An application over the small city of tests.desks, its clock at AT, with a notice and a transfer slip."""

    def __init__(self, url: str, folder: Path) -> None:
        self.world: World = a_desk(open_store(url))
        self.world.cases(["C1", "C2"])
        self.world.act("值班长01", "C1", Action.SUPERVISE, **NOTICE)
        self.world.act("派遣员01", "C2", Action.REASSIGN, unit="u1", reason="dispatcher_error", note=SCRIPT)
        chosen = Settings(data=folder, database=url, city="demo", role="web")
        self.app = create_app(chosen, clock=lambda: AT, real_clock=lambda: AT)
        self.people: People = self.app.server.gridwall.serving.people

    def of(self, held: Post, unit: str | None = None) -> FlaskClient:
        client: FlaskClient = self.app.server.test_client()
        assert sign_in(client, a_user(self.people, held, unit=unit)).status_code == 303
        return client


@pytest.fixture(scope="module")
def hall(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("papers")
    path = folder / "papers.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    opened = Hall(f"sqlite:///{path}", folder)
    yield opened
    opened.app.server.gridwall.stop()
    opened.world.store.close()


@pytest.mark.parametrize(
    ("held", "unit", "notice", "slip"),
    [
        (Post.DISPATCHER, None, 200, 200),
        (Post.DUTY_CHIEF, None, 200, 200),
        (Post.EVALUATOR, None, 403, 200),  # 绩效考核科 keeps the first copy of a slip
        (Post.UNIT_USER, "u0", 200, 403),
        (Post.UNIT_USER, "u1", 403, 200),
        (Post.LEADER, None, 403, 403),  # a paper says the house number
        (Post.SYS_ADMIN, None, 403, 403),
    ],
)
def test_a_document_is_read_by_whom_its_case_concerns(
    hall: Hall, held: Post, unit: str | None, notice: int, slip: int
) -> None:
    client = hall.of(held, unit)

    assert [client.get(f"/desk/document/{number}").status_code for number in (1, 2)] == [notice, slip]


def test_nobody_signed_out_sees_a_paper(hall: Hall) -> None:
    client = hall.app.server.test_client()

    assert {client.get(path).status_code for path in ("/desk/document/1", "/desk/print/keys")} <= {302, 303, 401}


def test_a_script_in_a_paper_is_letters_and_the_page_is_not_kept(hall: Hall) -> None:
    client = hall.of(Post.DUTY_CHIEF)
    for number in (1, 2):
        answer = client.get(f"/desk/document/{number}")
        assert "<script" not in answer.text
        assert "&lt;script&gt;" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_paper_that_there_is_not_says_so(hall: Hall) -> None:
    answer = hall.of(Post.DISPATCHER).get("/desk/document/999")

    assert answer.status_code == 404
    assert "没有这份公文" in answer.text


def test_the_card_of_keys_and_the_list_for_exposure_are_pages(hall: Hall) -> None:
    client = hall.of(Post.DISPATCHER)

    assert "督办通知单" in client.get("/desk/print/keys").text
    assert "没有逾期的" in client.get("/desk/print/exposures").text


def test_a_sheet_is_computed_for_whoever_may_use_it(hall: Hall) -> None:
    asked = {"sheet": "reassign", "case_no": "C1", "fields": {}}
    dispatcher, unit = hall.of(Post.DISPATCHER), hall.of(Post.UNIT_USER, "u0")

    sheet = post(dispatcher, "/api/desk/sheet", json=asked)
    assert sheet.status_code == 200
    assert json.loads(sheet.text)["action"] == "reassign"
    assert post(unit, "/api/desk/sheet", json=asked).status_code == 403
    assert post(unit, "/api/desk/sheet", json=asked | {"sheet": "return"}).status_code == 200


def test_a_document_changed_behind_our_back_is_not_shown(hall: Hall) -> None:
    body = hall.world.rows("documents", document_id=2)[0]["body"]
    slip, chief = update(documents).where(documents.c.document_id == 2), hall.of(Post.DUTY_CHIEF)
    with hall.world.store.write.begin() as connection:
        connection.execute(slip.values(body=body.replace("单位1", "单位2")))
    answer = chief.get("/desk/document/2")
    with hall.world.store.write.begin() as connection:
        connection.execute(slip.values(body=body))

    assert chief.get("/desk/document/2").status_code == 200
    assert answer.status_code == 422
    assert "与签发时不一致" in answer.text
