"""The queue as each person sees it: the wall's counts, own cases only, one message a unit, what is being done."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from data_access import desk_tables, tables
from data_access.store import Store
from domain.life_cycle import Stage
from domain.people import Person, Post
from domain.queue import Filters, Tab
from services.desk_view import queue as queue_module
from services.snapshots import SnapshotReader
from tests.recount import recount
from tests.services.desk_view.desks import (
    CHIEF,
    CITY,
    DISPATCHER,
    HOUR,
    LEADER,
    MINUTE,
    NOW,
    OTHER,
    UNIT,
    Desk,
    a_desk,
    dispatched,
    told,
    until,
)
from tests.worlds import a_world

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("seed", [51, 53])  # both have overdue cases and such that are due soon
def test_the_counts_are_those_of_the_wall_at_the_same_instant(store: Store, seed: int) -> None:
    world = a_world(store, seed, size=300)
    desk = Desk(store, world.city_number)
    desk.now = NOW - timedelta(days=9)  # inside the world's two weeks

    queue = desk.queue(tab=Tab.ALL)

    with store.picture() as connection:
        wall = SnapshotReader(CITY, world.city_number).read(connection, desk.now)
    running = [row for row in desk.rows(tab=Tab.ALL).values() if row["clock"]["label"] != "挂账中"]
    assert wall.overdue_open > 0
    assert queue["counts"]["overdue"] == wall.overdue_open
    assert sum(row["clock"]["tone"] == "alarm" for row in running) == wall.overdue_open
    assert queue["total"] >= wall.open + wall.suspended
    soon = [case for case in world.cases if coming_due(case, desk.now)]
    assert queue["counts"]["due_soon"] == len(soon)


def coming_due(case: dict[str, Any], now: datetime) -> bool:
    """Told from the row in plain words."""
    known = case["due_soon_at"] is not None and case["due_soon_at"] <= now <= case["effective_due_at"]
    return bool(known and recount([case], now, now, now)["open"])


def test_a_unit_sees_the_cases_it_leads_or_assists_with_and_no_others(store: Store) -> None:
    desk = a_desk(store)
    own = desk.add(dispatched(-5))
    assisted = desk.add(dispatched(-6, unit="u1", assist=["u0"]))
    informed = desk.add(dispatched(-7, unit="u1", informed=["u0"]))
    foreign = desk.add(dispatched(-8, unit="u2"))
    handed_on = desk.add(dispatched(60, told("reassign", 30, **until(-9, unit="u2"))))

    assert set(desk.rows(UNIT)) == {own, assisted}
    assert desk.queue(UNIT)["counts"]["overdue"] == 2
    assert set(desk.rows(DISPATCHER)) == {own, assisted, informed, foreign, handed_on}


def test_a_user_without_a_unit_sees_nothing(store: Store) -> None:
    desk = a_desk(store)
    desk.add(dispatched(-5))

    assert desk.rows(Person(9, "x", "x", frozenset({Post.UNIT_USER}), None), Tab.ALL) == {}


def test_leaders_read_street_and_road_only(store: Store) -> None:
    desk = a_desk(store)
    number = desk.add(dispatched(-5))

    assert desk.rows(LEADER)[number]["place"] == "街道0 学府街"
    assert desk.rows(DISPATCHER)[number]["place"] == "学府街 12 号门前"


def test_forty_late_cases_of_a_unit_are_one_message(store: Store) -> None:
    desk = a_desk(store)
    for n in range(40):
        desk.add(dispatched(-n - 5))

    groups = desk.queue()["groups"]

    assert [(group["late"], group["message"]) for group in groups] == [("超期 40", "40 件超期，最久 44分")]
    assert len(groups[0]["rows"]) == 40


def test_a_long_answer_is_cut_and_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "MOST_ROWS", 5)
    desk = a_desk(store)
    for n in range(4):
        desk.add(dispatched(-5 - n))
        desk.add(dispatched(-50 - n, unit="u1"))

    queue = desk.queue()

    assert [(group["late"], len(group["rows"]), group["more"]) for group in queue["groups"]] == [
        ("超期 4", 4, 0), ("超期 4", 1, 3),
    ]  # fmt: skip
    assert queue["total"] == 8


def test_what_is_being_done_stands_on_the_row(store: Store) -> None:
    desk = a_desk(store)
    received = told("receive", 200, "单位0经办01")
    plain = desk.add(dispatched(-1))
    urged = desk.add(dispatched(-2, received, told("urge", 40), told("urge", 20)))
    supervised = desk.add(dispatched(-3, received))
    asked = desk.add(dispatched(-4, received))
    taken = desk.add(dispatched(-5, received))
    mine = desk.add(dispatched(-6, received))
    handled = desk.add(dispatched(-7, received, told("handle", 10, "单位0经办01")))
    desk.write(desk_tables.supervisions, supervised, supervision_id=1, kind="notice", issued_at=NOW - HOUR, issued_by=3,
               due_at=NOW + HOUR, exposure=True, unit_id=1)  # fmt: skip
    desk.write(desk_tables.applications, asked, application_id=1, kind="extension", state="asked", asked="{}",
               asked_version=4, asked_at=NOW, asked_by=5)  # fmt: skip
    acknowledge(desk, taken)
    hold(desk, mine, DISPATCHER)

    tags = {number: row["tag"]["text"] for number, row in desk.rows().items()}

    assert tags == {
        plain: "待签收", urged: "已催办 2", supervised: "已督办", asked: "延期待审", taken: "派遣员02已认领",
        mine: "我在处理", handled: "待核查",
    }  # fmt: skip
    assert desk.rows(OTHER)[mine]["tag"] == {"text": "派遣员01处理中", "tone": "warn"}
    assert (desk.rows(OTHER)[mine]["hold"], desk.rows(OTHER)[mine]["mine"]) == ("派遣员01", False)
    assert desk.rows()[mine]["mine"] is True


def acknowledge(desk: Desk, case_no: str, minutes: float = 0, **values: Any) -> None:
    row = {"alert": "overdue", "version": 4, "owner_id": 2, "note": "已联系", "by_id": 2, "at": NOW - minutes * MINUTE}
    desk.write(desk_tables.acknowledgements, case_no, **{**row, **values})


def hold(desk: Desk, case_no: str, person: Person, minutes: float = 5) -> None:
    until_then = NOW + minutes * MINUTE
    desk.write(desk_tables.case_holds, case_no, user_id=person.user_id, since=NOW, until=until_then)


def test_a_hold_ends_by_itself(store: Store) -> None:
    desk = a_desk(store)
    number = desk.add(dispatched(-5))
    hold(desk, number, OTHER)

    before, tag = desk.rows()[number], desk.view.queue(DISPATCHER, FILTERS)[0]
    desk.now = NOW + 5 * MINUTE

    assert (before["hold"], desk.rows()[number]["hold"]) == ("派遣员02", "")
    assert desk.view.queue(DISPATCHER, FILTERS)[0] != tag


FILTERS = Filters()


@pytest.mark.parametrize(
    ("promised", "taken_ago", "new", "tag"),
    [
        (None, None, True, "待签收"),
        (None, 1, False, "派遣员02已认领"),
        (30, 60, False, "派遣员02已认领"),
        (-5, 60, True, "派遣员02承诺已过"),
        (-20, 60, False, "派遣员02承诺已过"),
        (None, 245, True, "重新告警"),
        (None, 299, False, "重新告警"),
    ],
)
def test_an_alert_is_new_until_somebody_takes_it_and_comes_back(
    store: Store, promised: float | None, taken_ago: float | None, new: bool, tag: str
) -> None:
    desk = a_desk(store)
    number = desk.add(dispatched(-5))
    quiet(desk, number, 400)
    if taken_ago is not None:
        due = None if promised is None else NOW + promised * MINUTE
        acknowledge(desk, number, taken_ago, promised_at=due)

    row = desk.rows()[number]

    assert (row["new"], row["tag"]["text"]) == (new, tag)


def quiet(desk: Desk, case_no: str, minutes: float) -> None:
    """Nothing has happened to the case for so long."""
    with desk.store.write.begin() as connection:
        here = tables.cases.c.case_id == desk.case_id(case_no)
        connection.execute(update(tables.cases).where(here).values(changed_at=NOW - minutes * MINUTE))


def test_marks_and_alerts_are_named(store: Store) -> None:
    desk = a_desk(store)
    special = desk.add(dispatched(
        900, told("return", 200), told("refuse_return", 190), told("return", 100), told("refuse_return", 90),
        told("receive", 80), told("handle", 70), told("recheck_fail", 60), told("handle", 50), told("recheck_fail", 40),
    ))  # fmt: skip
    urgent = desk.add(dispatched(900, urgent=True, provisional=True))

    rows = desk.rows()

    assert (rows[special]["marks"], rows[special]["alerts"]) == (["特殊案件", "返工 2 次"], ["special_case", "rework"])
    assert (rows[urgent]["marks"], rows[urgent]["alerts"]) == (["紧急未签收", "时限暂定"], ["not_received"])


def test_a_unit_that_asks_for_too_many_extensions_is_named(store: Store) -> None:
    desk = a_desk(store)
    desk.add(dispatched(-5, told("receive", 200), told("apply_extension", 190, reason="配件未到")))
    desk.add(dispatched(-5, unit="u1"))

    shares = {group["key"]: group["share"] for group in desk.queue()["groups"]}

    assert shares == {"u0": "本月延期申请 1 件，占立案 1 件的 100.0%，超过警戒线", "u1": ""}


def test_a_suspended_case_stands_still_and_alerts_nobody(store: Store) -> None:
    desk = a_desk(store)
    number = desk.add(dispatched(-5, told("receive", 200), told("suspend", 60, reason="等待配件")))

    row = desk.rows(tab=Tab.ALL)[number]

    assert row["clock"] == {"due": row["clock"]["due"], "left": 55 * 60_000, "kind": "continuous", "paused": True,
                            "tone": "", "label": "挂账中"}  # fmt: skip
    assert desk.rows() == {}


def test_what_waits_to_be_filed_is_in_the_list_of_all(store: Store) -> None:
    desk = a_desk(store)
    place = dispatched(-5)[0]
    reported = desk.add([place])
    rejected = desk.add([place, told("reject", 200)])

    rows = desk.rows(tab=Tab.ALL)

    assert rows[reported]["tag"]["text"] == "待受理"
    assert desk.queue(tab=Tab.ALL)["groups"][0]["name"] == "未定单位"
    assert rejected not in rows


def test_dispatcher_and_chief_have_different_things_to_sign(store: Store) -> None:
    desk = a_desk(store)
    asked, endorsed = desk.add(dispatched(600)), desk.add(dispatched(600))
    for number, case_no, state in ((1, asked, "asked"), (2, endorsed, "endorsed")):
        desk.write(desk_tables.applications, case_no, application_id=number, kind="extension", state=state, asked="{}",
                   asked_version=3, asked_at=NOW, asked_by=5)  # fmt: skip

    assert set(desk.rows(DISPATCHER, Tab.APPROVE)) == {asked}
    assert set(desk.rows(CHIEF, Tab.APPROVE)) == {endorsed}
    assert desk.queue(CHIEF)["counts"]["approve"] == 1


def test_an_empty_tab_says_that_zero_was_counted(store: Store) -> None:
    desk = a_desk(store)
    desk.add(dispatched(900))

    empty = desk.queue(tab=Tab.APPROVE)["empty"]

    assert empty == {"head": "待审批 0 件", "line": "共核对 1 件在办，数据时间 14:32。"}


def test_a_filter_that_finds_nothing_says_what_to_drop(store: Store) -> None:
    desk = a_desk(store)
    desk.add(dispatched(-5))
    desk.add(dispatched(-5, unit="u1"))

    empty = desk.queue(unit="u0", words="没有的")["empty"]

    assert empty["head"] == "没有符合的案件"
    assert empty["line"] == "条件：没有的，单位0。去掉“没有的”有 1 件。"
    assert empty["button"] == {"label": "去掉“没有的”", "drop": "q"}


def test_one_reading_serves_everybody_until_somebody_writes(store: Store) -> None:
    desk = a_desk(store)
    number = desk.add(dispatched(-5))
    desk.queue()
    asked: list[str] = []
    event.listen(store.read, "before_cursor_execute", lambda _c, _r, statement, *_: asked.append(statement))

    desk.queue(OTHER)
    desk.queue(LEADER, Tab.ALL)
    reads = [statement for statement in asked if "FROM cases" in statement]
    hold(desk, number, OTHER)
    seen = desk.rows()[number]["hold"]

    assert reads == []
    assert seen == "派遣员02"


def test_what_the_desk_has_written_is_seen_at_once_though_the_picture_is_older(store: Store) -> None:
    """The wall's picture is up to a tick old; the actor must see the action."""
    desk = a_desk(store)
    number = desk.add(dispatched(-5))
    desk.view.live.beat = queue_beat()
    assert set(desk.rows()) == {number}
    with store.write.begin() as connection:
        here = tables.cases.c.case_id == desk.case_id(number)
        connection.execute(update(tables.cases).where(here).values(closed_at=NOW, stage=Stage.CLOSED.value))
    hold(desk, number, DISPATCHER)

    assert desk.rows() == {}


def queue_beat() -> Any:
    from services.live import Beat

    return Beat(1, NOW - SECOND, None)


def test_the_browser_is_told_when_work_is_done(store: Store) -> None:
    working = a_desk(store).queue()["working"]

    assert working[0] == [ms(NOW), ms(NOW.replace(hour=18, minute=0, second=0))]
    assert len(working) == 3


def ms(moment: Any) -> int:
    return int(moment.timestamp() * 1000)
