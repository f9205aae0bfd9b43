"""Entry, handover, photos and spotlight over HTTP, signed in: answers, statuses, and who is let in."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from app import create_app
from config.settings import Settings
from data_access import tables
from domain.people import Post
from services.demo import build_demo
from services.people import People
from services.stores import open_store
from tests.services.demo_city import TUESDAY, city, settings
from tests.signing_in import a_user, post, sign_in


class Hall:
    """The demo city in an application of its own that only serves; its clock stands at TUESDAY."""

    def __init__(self, folder: Path) -> None:
        url = f"sqlite:///{folder / 'demo.sqlite'}"
        store = open_store(url)
        build_demo(store, city(), settings(), TUESDAY)
        store.close()
        chosen = Settings(data=folder, database=url, city="demo", role="web")
        self.folder = folder
        self.app = create_app(chosen, clock=lambda: TUESDAY, real_clock=lambda: TUESDAY)
        self.serving = self.app.server.gridwall.serving
        self.people: People = self.serving.people
        self.clients: dict[Post, FlaskClient] = {}

    def of(self, held: Post, **given: Any) -> FlaskClient:
        """Signed in once for the whole module."""
        if held not in self.clients:
            self.clients[held] = client = self.app.server.test_client()
            assert sign_in(client, a_user(self.people, held, **given)).status_code == 303
        return self.clients[held]

    def open_case(self, nth: int = 0) -> Any:
        c, unit = tables.cases.c, tables.units.c
        question = (
            select(c.case_no, c.version, c.case_id, unit.key.label("unit"))
            .where(c.stage.in_(("dispatched", "received")), unit.unit_id == c.unit_id)
            .order_by(c.case_id.desc())
        )
        with self.serving.desk.store.read.connect() as connection:
            return connection.execute(question.offset(nth).limit(1)).one()

    def count(self, table: str) -> int:
        with self.serving.desk.store.read.connect() as connection:
            return len(connection.execute(select(tables.metadata.tables[table])).all())


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    made = Hall(tmp_path_factory.mktemp("hall"))
    yield made
    made.app.server.gridwall.stop()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(out, "PNG")
    return out.getvalue()


FIELDS = {
    "category": "C0103", "condition": "1", "place": "学府街", "description": "井盖挪开一道缝", "unit": "paishui",
}  # fmt: skip


def test_the_sheet_is_computed_and_the_case_is_filed_once(hall: Hall) -> None:
    client = hall.of(Post.DISPATCHER)
    sheet = post(client, "/api/desk/sheet", json={"sheet": "entry", "case_no": "", "fields": FIELDS})
    assert sheet.status_code == 200
    assert sheet.get_json()["post"] == "/api/desk/entry"
    assert [button["name"] for button in sheet.get_json()["buttons"]][:2] == ["report_only", "report_and_dispatch"]
    asked = {"button": "report_and_dispatch", "key": "key-http-0001", "fields": FIELDS}

    first = post(client, "/api/desk/entry", json=asked)
    again = post(client, "/api/desk/entry", json=asked)

    assert (first.status_code, again.status_code) == (200, 200)
    done = first.get_json()["done"]
    assert done["case_no"] == "20260519-D0001"
    assert again.get_json()["done"] == {**done, "repeated": True}
    known = client.get(f"/api/desk/case/{done['case_no']}").get_json()
    assert known["description"] == "井盖挪开一道缝"


def test_bad_entries_are_422_in_chinese_and_write_nothing(hall: Hall) -> None:
    client, before = hall.of(Post.DISPATCHER), hall.count("cases")
    for fields, said in (
        ({**FIELDS, "description": "请回电 13800138000"}, "像是电话"),
        ({**FIELDS, "description": "坏" * 10_000}, "10,000 字"),
        ({}, "还缺"),
    ):
        answer = post(
            client, "/api/desk/entry", json={"button": "report_and_dispatch", "key": "key-http-0002", "fields": fields}
        )
        assert answer.status_code == 422
        assert said in answer.get_json()["error"]["what"]
    assert hall.count("cases") == before


def test_photos_go_up_as_a_form_and_come_back_as_pictures(hall: Hall) -> None:
    client, case = hall.of(Post.DISPATCHER), hall.open_case()
    form = {"case_no": case.case_no, "version": str(case.version), "key": "key-photo-0001", "kind": "attachment"}
    answer = post(client, "/api/desk/photos", {**form, "photos": [(io.BytesIO(picture()), "a.png")]})

    assert answer.status_code == 200
    assert answer.get_json()["done"]["sentence"] == "已附照片 1 张"
    (shown,) = client.get(f"/api/desk/case/{case.case_no}").get_json()["photos"]
    for address in (shown["src"], f"{shown['src']}?small"):
        photo = client.get(address)
        assert (photo.status_code, photo.mimetype, photo.headers["Cache-Control"]) == (200, "image/jpeg", "no-store")
        assert photo.data.startswith(b"\xff\xd8\xff")
    assert hall.of(Post.LEADER).get(shown["src"]).status_code == 403
    assert client.get("/desk/photo/999999").status_code == 404
    assert hall.app.server.test_client().get(shown["src"], headers={"Accept": "application/json"}).status_code in (
        302,
        303,
        401,
    )


def test_a_bad_or_oversize_photo_is_a_sentence_and_changes_nothing(hall: Hall) -> None:
    client, case = hall.of(Post.DISPATCHER), hall.open_case(1)
    form = {"case_no": case.case_no, "version": str(case.version), "key": "key-photo-0002", "kind": "attachment"}
    bad = {
        "不是可用的照片": [(io.BytesIO(b"<script>alert(1)</script>"), "a.jpg")],
        "超过 12 MB": [(io.BytesIO(bytes(12 * 1024 * 1024 + 1)), "b.jpg")],
        "没有选照片": [],
    }
    photos = hall.count("photos")
    bad["提交的内容太大"] = [(io.BytesIO(bytes(80 << 20)), "c.jpg")]  # more than a whole request may bring
    for said, files in bad.items():
        answer = post(client, "/api/desk/photos", {**form, "photos": files})
        answer.request.environ["wsgi.input"].close()  # the test client forgets its own copy of the form
        assert answer.status_code == 422
        assert said in answer.get_json()["error"]["what"]
    assert hall.count("photos") == photos
    assert hall.open_case(1).version == case.version


def test_a_spotlight_is_shown_by_the_desk_only(hall: Hall) -> None:
    case = hall.open_case()
    asked = {"case_no": case.case_no, "wall": "main"}
    done = post(hall.of(Post.DUTY_CHIEF), "/api/desk/spotlight", json=asked)
    assert done.status_code == 200
    assert done.get_json()["done"]["sentence"].endswith("自动结束")
    assert post(hall.of(Post.LEADER), "/api/desk/spotlight", json=asked).status_code == 403
    assert post(hall.of(Post.DUTY_CHIEF), "/api/desk/spotlight", json={**asked, "wall": "x"}).status_code == 404


def test_a_shift_goes_over_by_two_signatures_and_prints(hall: Hall) -> None:
    giver, taker = hall.of(Post.DISPATCHER), hall.of(Post.REGISTRAR)
    sheet = post(giver, "/api/desk/sheet", json={"sheet": "handover", "case_no": "", "fields": {}}).get_json()
    (to,) = [block for block in sheet["right"] if block.get("name") == "to"]
    number = next(one["value"] for one in to["choices"] if "受理员" in one["label"] + one["line"])
    fields = {"to": number, "words": "无"}
    done = post(giver, "/api/desk/handover", json={"button": "submit", "key": "key-hand-0001", "fields": fields})
    assert done.status_code == 200
    told = done.get_json()["done"]
    paper = giver.get(f"/desk/document/{told['document']}")
    assert paper.status_code == 200
    assert "交接班单" in paper.get_data(as_text=True)
    assert giver.get("/api/desk/handover").get_json() == {"handover": None}
    waiting = taker.get("/api/desk/handover").get_json()["handover"]
    assert waiting["number"] == told["number"]
    received = post(taker, f"/api/desk/handover/{waiting['handover']}/receive", json={"key": "key-take-0001"})
    assert received.status_code == 200
    assert taker.get("/api/desk/handover").get_json() == {"handover": None}


def test_an_instruction_is_a_leaders_act_with_its_own_sheet(hall: Hall) -> None:
    client, case = hall.of(Post.LEADER), hall.open_case()
    sheet = post(client, "/api/desk/sheet", json={"sheet": "instruct", "case_no": case.case_no, "fields": {}})
    assert sheet.status_code == 200
    asked = {
        "case_no": case.case_no, "action": "instruct", "key": "key-lead-0001", "version": sheet.get_json()["version"],
        "fields": {"text": "今天办结", "due": "2026-05-19T18:00"},
    }  # fmt: skip
    done = post(client, "/api/desk/act", json=asked)
    assert done.status_code == 200
    assert done.get_json()["done"]["notices"] == 2
    body = {"sheet": "instruct", "case_no": case.case_no, "fields": {}}
    assert post(hall.of(Post.DISPATCHER), "/api/desk/sheet", json=body).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/api/desk/entry",
        "/api/desk/handover",
        "/api/desk/handover/1/receive",
        "/api/desk/photos",
        "/api/desk/spotlight",
    ],
)
def test_who_may_not_post_is_refused_and_so_is_a_post_without_token(hall: Hall, path: str) -> None:
    before = [hall.count(name) for name in ("cases", "case_events", "handovers", "photos", "spotlights")]
    for held in (Post.LEADER, Post.AUDIT_ADMIN, Post.EVALUATOR):
        assert post(hall.of(held), path, json={}).status_code == 403
    assert post(hall.app.server.test_client(), path, json={}).status_code in (400, 401, 403)
    assert hall.of(Post.DISPATCHER).post(path, json={}).status_code >= 400
    assert [hall.count(name) for name in ("cases", "case_events", "handovers", "photos", "spotlights")] == before


@pytest.mark.parametrize("what", ["photo", "document"])
def test_a_number_that_no_database_counts_to_is_of_nothing(hall: Hall, what: str) -> None:
    assert hall.of(Post.DISPATCHER).get(f"/desk/{what}/{10**20}").status_code == 404
