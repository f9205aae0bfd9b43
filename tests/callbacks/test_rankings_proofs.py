"""The proofs over HTTP: why, its cases and what if; nobody's cases but one's own for a unit."""

from collections.abc import Iterator

import pytest

from domain.people import RANKING_READERS, Post
from tests.callbacks.test_rankings import MONTH, OTHER, OWN, Hall

WATCH = "period=month&on=2026-05-01&score=demo-watch&class=first"
PATHS = (f"why?{MONTH}", f"why?{WATCH}", f"cases?{MONTH}&which=closed", f"what-if?{MONTH}&late=0&open=0")


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    made = Hall(tmp_path_factory.mktemp("hall"))
    yield made
    made.app.server.gridwall.stop()


@pytest.mark.parametrize("path", PATHS)
def test_readers_are_answered_and_nobody_else(hall: Hall, path: str) -> None:
    address = f"/api/rankings/{path}&key={OWN}"
    assert hall.app.server.test_client().get(address).status_code == 401
    for post in Post:
        answer = hall.of(post, unit=OWN if post is Post.UNIT_USER else None).get(address)
        assert answer.status_code == (200 if post in RANKING_READERS else 403), post
        if post in RANKING_READERS:
            assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", PATHS)
def test_a_unit_sees_behind_its_own_numbers_only(hall: Hall, path: str) -> None:
    answer = hall.of(Post.UNIT_USER, unit=OWN).get(f"/api/rankings/{path}&key={OTHER}")
    error = answer.get_json()["error"]
    assert (answer.status_code, error["kind"], error["what"]) == (403, "denied", "只能查看本单位的案件")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"why?{MONTH}", 422, "没有说是哪个单位或区域"),
        (f"why?{MONTH}&key=nobody", 404, "没有“nobody”"),
        (f"cases?{MONTH}&key={OWN}&which=nothing", 422, "没有“nothing”这种明细"),
        (f"cases?{MONTH}&key={OWN}&which=closed&page=9999", 422, "没有第 9999 页"),
        (f"cases?{MONTH}&key={OWN}&which=closed&page=-1", 422, "“-1”不是整数"),
        (f"what-if?{MONTH}&key={OWN}&late=many", 422, "“many”不是整数"),
        (f"what-if?{MONTH}&key={OWN}&open=99999", 422, "没有 99999 件到期未结的案件"),
        (f"what-if?{WATCH}&key={OWN}", 422, "关注名单没有得分和名次"),
    ],
)
def test_what_cannot_be_is_refused_in_words(hall: Hall, path: str, status: int, words: str) -> None:
    answer = hall.of(Post.LEADER).get(f"/api/rankings/{path}")
    error = answer.get_json()["error"]
    assert answer.status_code == status
    assert words in error["what"]
    assert error["then"]
