"""附照片 on both databases: one event however many photos, all or none, seen by those who deal with the case."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from data_access.store import Store
from domain.life_cycle import Action
from domain.refusals import Refusal
from services.attachments import Attachments
from services.dispatch.commands import Conflict, NotAllowed, NotFound
from services.photos import MOST_AT_ONCE, PhotoShelf
from tests.desks import AT, World, a_desk

ONE = "派遣员01"


def picture(red: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), (red, 10, 10)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def world(store: Store) -> World:
    made = a_desk(store)
    made.cases(["C1", "C2"])
    return made


@pytest.fixture
def attachments(world: World, tmp_path: Path) -> Attachments:
    return Attachments(world.desk, PhotoShelf(tmp_path / "photos"))


def test_photos_are_one_event_that_names_each_by_its_hash(world: World, attachments: Attachments) -> None:
    given = [("a.png", picture(10)), ("b.png", picture(250))]
    done = attachments.attach(world.people[ONE], "C1", 4, "key-photo-1", "reported", given)

    assert (done.version, done.sentence, done.notices) == (5, "已附照片 2 张", 0)
    rows = world.rows("photos")
    assert [(row["kind"], row["width"], row["height"], row["by_id"], row["at"]) for row in rows] == [
        ("reported", 600, 400, 1, AT)
    ] * 2
    body = json.loads(world.events("C1")[-1]["body"])
    assert body == {"text": "附照片 2 张", "kind": "reported", "digests": [bytes(row["digest"]).hex() for row in rows]}
    for row in rows:
        data = attachments.open(world.people[ONE], row["photo_id"])
        assert len(data) == row["bytes"]
        assert len(attachments.open(world.people[ONE], row["photo_id"], small=True)) < len(data)


def test_the_same_click_twice_adds_them_once(world: World, attachments: Attachments) -> None:
    given = [("a.png", picture())]
    first = attachments.attach(world.people[ONE], "C1", 4, "key-photo-1", "reported", given)
    again = attachments.attach(world.people[ONE], "C1", 4, "key-photo-1", "reported", given)
    assert (again.repeated, again.version) == (True, first.version)
    assert len(world.rows("photos")) == 1


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("reported", [("a.png", picture()), ("script.html", b"<script>alert(1)</script>")], "不是可用的照片"),
        ("reported", [("big.png", bytes(12 * 1024 * 1024 + 1))], "超过 12 MB"),
        ("reported", [], "没有选照片"),
        ("reported", [("a.png", picture())] * (MOST_AT_ONCE + 1), f"一次最多 {MOST_AT_ONCE} 张"),
        ("selfie", [("a.png", picture())], "没有这种照片"),
    ],
)
def test_a_bad_one_gets_a_sentence_and_none_is_added(
    world: World, attachments: Attachments, kind: str, given: list[tuple[str, bytes]], said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        attachments.attach(world.people[ONE], "C1", 4, "key-photo-1", kind, given)
    assert said in refused.value.what
    assert world.version("C1") == 4
    assert not world.rows("photos")


def test_on_a_case_that_has_moved_on_none_is_added(world: World, attachments: Attachments) -> None:
    world.act(ONE, "C1", Action.URGE)
    with pytest.raises(Conflict):
        attachments.attach(world.people["u0终端"], "C1", 4, "key-photo-1", "handled", [("a.png", picture())])
    assert not world.rows("photos")


def test_a_unit_adds_to_its_own_cases_and_sees_them(world: World, attachments: Attachments) -> None:
    given = [("a.png", picture())]
    attachments.attach(world.people["u0终端"], "C1", 4, "key-photo-1", "handled", given)
    with pytest.raises(NotAllowed):
        attachments.attach(world.people["u1终端"], "C2", 4, "key-photo-2", "handled", given)
    assert attachments.open(world.people["u0终端"], 1)
    with pytest.raises(NotAllowed):
        attachments.open(world.people["u1终端"], 1)


@pytest.mark.parametrize("kind", ["reported", "verified", "rechecked"])
def test_a_unit_cannot_pass_its_photo_off_as_the_check_of_its_work(
    world: World, attachments: Attachments, kind: str
) -> None:
    with pytest.raises(NotAllowed, match="核查照片"):
        attachments.attach(world.people["u0终端"], "C1", 4, "key-photo-1", kind, [("a.png", picture())])
    assert not list(attachments.shelf.folder.glob("*/*"))


@pytest.mark.parametrize("name", ["领导01", "审计员01"])
def test_whoever_does_not_deal_with_cases_sees_no_photo(world: World, attachments: Attachments, name: str) -> None:
    attachments.attach(world.people[ONE], "C1", 4, "key-photo-1", "reported", [("a.png", picture())])
    with pytest.raises(NotAllowed):
        attachments.open(world.people[name], 1)


def test_a_photo_that_is_not_there_is_said_to_be_missing(world: World, attachments: Attachments) -> None:
    with pytest.raises(NotFound):
        attachments.open(world.people[ONE], 1)
