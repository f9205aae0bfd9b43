"""Rankings over HTTP, signed in: answers, statuses, who is let in, and what an export leaves in the log."""

import csv
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app import create_app
from config.settings import Settings
from data_access import desk_tables
from domain.people import RANKING_READERS, Person, Post
from services.demo import build_demo
from services.people import People
from services.rankings.answers import Progress
from services.stores import open_store
from tests.services.demo_city import TUESDAY, city, settings
from tests.signing_in import a_user, sign_in

MONTH = "period=month&on=2026-05-01&score=demo&class=first"
LEADER = Person(1, "leader", "领导01", frozenset({Post.LEADER}))
OWN, OTHER = "huanwei", "yuanlin"
PATHS = (
    f"/api/rankings/view?{MONTH}",
    f"/api/rankings/trend?{MONTH}",
    f"/api/rankings/heat?{MONTH}&indicator=open",
    f"/rankings/export/table.xlsx?{MONTH}",
)
BOM = b"\xef\xbb\xbf"


class Hall:
    """The demo city in an application of its own that only serves; its clock stands at TUESDAY."""

    def __init__(self, folder: Path) -> None:
        url = f"sqlite:///{folder / 'demo.sqlite'}"
        store = open_store(url)
        build_demo(store, city(), settings(), TUESDAY)
        store.close()
        chosen = Settings(data=folder, database=url, city="demo", role="web")
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

    def audit(self) -> list[Any]:
        with self.serving.live.store.read.connect() as connection:
            return list(connection.execute(select(desk_tables.audit).order_by(desk_tables.audit.c.entry_id)))


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    made = Hall(tmp_path_factory.mktemp("hall"))
    yield made
    made.app.server.gridwall.stop()


@pytest.mark.parametrize("path", PATHS)
def test_everybody_who_may_read_gets_an_answer_that_no_cache_keeps(hall: Hall, path: str) -> None:
    for post in RANKING_READERS:
        answer = hall.of(post, unit=OWN if post is Post.UNIT_USER else None).get(path)
        assert answer.status_code == 200, (post, answer.get_data(as_text=True))
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", [*PATHS, f"/rankings/export/cases.csv?{MONTH}&key={OWN}&which=closed"])
def test_nobody_else_is_let_in(hall: Hall, path: str) -> None:
    nobody = hall.app.server.test_client().get(path)
    assert nobody.status_code in (302, 401)
    for post in set(Post) - RANKING_READERS:
        assert hall.of(post).get(path).status_code == 403


def test_a_view_brings_its_choices_and_its_rows(hall: Hall) -> None:
    ranked = hall.of(Post.LEADER).get(f"/api/rankings/view?{MONTH}").get_json()
    watched = hall.of(Post.LEADER).get("/api/rankings/view?period=month&score=demo-watch").get_json()
    assert set(ranked) == {"choices", "table"}
    assert len(ranked["table"]["rows"]) == sum(unit.unit_class == "first" for unit in city().units)
    assert set(watched) == {"choices", "watch"}
    assert watched["watch"]["rows"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("period=fortnight", "fortnight"),
        ("as_of=2031-01-01T00:00", "将来"),
        ("by=street&class=first", "区域不分单位类别"),
        ("score=nobody", "没有名为“nobody”的评分"),
        ("category=nobody", "没有“nobody”"),
    ],
)
def test_what_cannot_be_is_refused_in_words(hall: Hall, query: str, words: str) -> None:
    answer = hall.of(Post.LEADER).get(f"/api/rankings/view?{query}")
    error = answer.get_json()["error"]
    assert (answer.status_code, error["kind"]) == (422, "refused")
    assert words in error["what"]
    assert error["then"]


def test_a_slow_past_instant_tells_how_far_it_is(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = hall.serving.rankings.answers
    monkeypatch.setattr(answers, "table", lambda _ask: Progress(0.4))
    answer = hall.of(Post.LEADER).get(f"/api/rankings/view?{MONTH}")
    assert answer.status_code == 202
    assert answer.get_json() == {"progress": 0.4, "words": "正在还原当时的案件，已完成 40%"}


def test_an_exported_table_has_the_rows_of_the_page_and_stands_in_the_log(hall: Hall) -> None:
    client, before = hall.of(Post.EVALUATOR), len(hall.audit())
    rows = client.get(f"/api/rankings/view?{MONTH}").get_json()["table"]["rows"]
    book = client.get(f"/rankings/export/table.xlsx?{MONTH}")
    sheet = CalamineWorkbook.from_filelike(BytesIO(book.data)).get_sheet_by_index(0).to_python()
    cells = {str(cell) for line in sheet for cell in line}

    assert all(unit.name in cells for unit in city().units if unit.unit_class == "first")
    assert name_of(book.headers) == "排名_一类单位_2026年5月_未定稿_截至20260519-1432.xlsx"
    [entry] = hall.audit()[before:]
    assert (entry.action, entry.object) == ("export_ranking", name_of(book.headers))
    assert entry.actor.startswith("evaluator#")
    assert json.loads(entry.detail) == {"entries": len(rows)}


def test_csv_opens_in_excel_and_a_watch_list_is_exported_as_itself(hall: Hall) -> None:
    client = hall.of(Post.LEADER)
    table = client.get(f"/rankings/export/table.csv?{MONTH}")
    watch = client.get("/rankings/export/table.xlsx?period=month&score=demo-watch")
    assert table.data.startswith(BOM)
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert name_of(watch.headers).startswith("关注名单_一类单位_")
    assert watch.status_code == 200


def test_exported_cases_are_all_behind_the_number(hall: Hall) -> None:
    client, before = hall.of(Post.LEADER), len(hall.audit())
    ask = hall.serving.rankings.ask({"period": "month", "on": "2026-05-01", "score": "demo", "class": "first"})
    total = next(row for row in hall.serving.rankings.table(ask).rows if row.unit.key == OWN).facts.closed
    answer = client.get(f"/rankings/export/cases.csv?{MONTH}&key={OWN}&which=closed")

    listed = hall.serving.rankings.cases(ask, OWN, "closed", None, LEADER).lines
    told = [row[0] for row in csv.reader(answer.data.decode("utf-8-sig").splitlines()) if row]
    assert len(listed) == total > 0
    assert [cell for cell in told if cell in {line.case_no for line in listed}] == [line.case_no for line in listed]
    [entry] = hall.audit()[before:]
    assert (entry.action, json.loads(entry.detail)) == ("export_cases", {"entries": total})


def test_a_unit_takes_along_its_own_cases_only(hall: Hall) -> None:
    client, before = hall.of(Post.UNIT_USER, unit=OWN), len(hall.audit())
    refused = (
        f"/rankings/export/cases.xlsx?{MONTH}&key={OTHER}&which=closed",
        "/rankings/export/cases.csv?period=month&by=street&key=chengguan&which=handled",
    )
    for path in refused:
        answer = client.get(path)
        assert answer.status_code == 403, path
        assert "只能查看本单位的案件" in answer.get_data(as_text=True)
    assert len(hall.audit()) == before
    assert client.get(f"/rankings/export/cases.xlsx?{MONTH}&key={OWN}&which=closed").status_code == 200
    assert client.get(f"/rankings/export/table.xlsx?{MONTH}").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["table.docx", "cases.pdf?key=huanwei&which=closed", "cases.csv?which=closed", "cases.csv?key=huanwei&which=x"],
)
def test_exports_that_cannot_be_are_refused(hall: Hall, path: str) -> None:
    before = len(hall.audit())
    assert hall.of(Post.LEADER).get(f"/rankings/export/{path}").status_code == 422
    assert len(hall.audit()) == before


def name_of(headers: Any) -> str:
    """The name in Chinese, as browsers read it (RFC 5987)."""
    return unquote(headers["Content-Disposition"].partition("filename*=UTF-8''")[2])
