"""Whoever alters, removes, inserts or swaps events behind the desk's back is found; the case and entry are named."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, delete, insert, select, update

from callbacks.commands.verify import command
from config.settings import Settings
from data_access import desk_tables, tables
from data_access.store import Store
from domain.events import CHAIN_START, chain
from domain.life_cycle import Action
from domain.seals import DayLog, Leaf, leaf_of, unpacked
from services.audit import record
from services.dispatch.holds import Holding
from services.parts import Parts
from services.sealing import Sealer
from services.verifying import Finding, Verifier, Wrong, verifier_of
from tests.desks import AT, World, a_desk

ONE = "派遣员01"
E, C = tables.case_events.c, tables.cases.c


@pytest.fixture
def world(store: Store) -> World:
    """Three cases over three days, with entries in the audit log; the first two days sealed."""
    world = a_desk(store)
    world.cases(["C1", "C2", "C3"])
    world.act(ONE, "C1", Action.URGE, text="第一天")
    for day in ("第二天", "第三天"):
        world.clock.move(days=1)
        for case_no in ("C1", "C2"):
            world.act(ONE, case_no, Action.NOTE, text=day)
        with store.write.begin() as connection:
            record(connection, world.number, world.clock(), "system", "tried", day)
    assert sealer(world).seal() == [date(2026, 5, 19), date(2026, 5, 20)]
    return world


def sealer(world: World) -> Sealer:
    return Sealer(world.store, world.city, world.number, world.clock)


def found(world: World) -> list[Finding]:
    return list(verifier_of(world.store, world.city).findings())


def whose(world: World, case_no: str) -> tuple[Any, Any]:
    return E.city_id == world.number, E.case_id == world.case(case_no)["case_id"]


def change(world: World, *work: Any) -> None:
    with world.store.write.begin() as connection:
        for statement in work:
            connection.execute(statement)


def test_what_the_desk_wrote_is_whole(world: World) -> None:
    verifier = Verifier(world.store, world.city, world.number)

    assert list(verifier.findings()) == []
    assert (verifier.verified.cases, verifier.verified.events, verifier.verified.days) == (3, 12 + 1 + 4, 2)
    assert verifier.verified.sealed_until == date(2026, 5, 20)


@pytest.mark.parametrize(
    "values",
    [{"body": '{"text":"别的"}'}, {"action": "urge"}, {"actor": "dispatcher#2"}, {"at": AT}, {"hash": bytes(32)}],
    ids=lambda values: next(iter(values)),
)
@pytest.mark.parametrize("version", [2, 6])
def test_an_altered_event_is_named(world: World, version: int, values: dict[str, Any]) -> None:
    change(world, update(tables.case_events).where(*whose(world, "C1"), E.version == version).values(**values))

    first = found(world)[0]
    assert (first.wrong, first.case_no, first.version) == (Wrong.ALTERED, "C1", version)
    assert first.what == f"案件 C1 第 {version} 条记录被改动"


def test_another_time_of_writing_is_seen_by_the_seal(world: World) -> None:
    earlier = AT - timedelta(minutes=1)
    change(
        world, update(tables.case_events).where(*whose(world, "C1"), E.version == 5).values(recorded_at=earlier)
    )  # fmt: skip

    (one,) = found(world)
    assert (one.wrong, one.case_no, one.day) == (Wrong.ALTERED, "C1", date(2026, 5, 19))


@pytest.mark.parametrize("version", [1, 3, 6, 7])
def test_a_removed_event_is_named(world: World, version: int) -> None:
    change(world, delete(tables.case_events).where(*whose(world, "C1"), E.version == version))

    (one,) = found(world)
    assert (one.wrong, one.case_no, one.version) == (Wrong.REMOVED, "C1", version)


def test_a_cut_off_end_is_seen_though_the_version_was_lowered(world: World) -> None:
    """By the seal where the day is sealed; before that by a notice that was owed for it."""
    two = delete(tables.case_events).where(*whose(world, "C2"), E.version >= 5)
    change(world, two, update(tables.cases).where(C.case_no == "C2").values(version=4))
    (one,) = found(world)
    assert (one.wrong, one.case_no, one.version, one.day) == (Wrong.REMOVED, "C2", 5, date(2026, 5, 20))

    world.act(ONE, "C3", Action.URGE)
    change(
        world,
        delete(tables.case_events).where(*whose(world, "C3"), E.version == 5),
        update(tables.cases).where(C.case_no == "C3").values(version=4),
    )
    assert [(one.wrong, one.case_no, one.version) for one in found(world)][-1] == (Wrong.REMOVED, "C3", 5)


def test_a_whole_case_that_is_gone_is_seen(world: World) -> None:
    number = world.case("C3")["case_id"]
    mine = delete(tables.assignments).where(tables.assignments.c.case_id == number)
    change(
        world,
        delete(tables.case_events).where(*whose(world, "C3")),
        mine,
        delete(tables.cases).where(C.case_id == number),
    )

    (one,) = found(world)
    assert (one.wrong, one.what) == (
        Wrong.REMOVED,
        f"案件 内部编号 {number} 缺少第 4 条记录（2026-05-19 封印时有 4 条，现有 0 条）",
    )


def a_forged_event(connection: Connection, world: World, case_no: str, version: int, at: datetime) -> None:
    last = connection.scalar(select(E.hash).where(*whose(world, case_no), E.version == version - 1))
    body, actor = '{"text":"伪造"}', "dispatcher#1"
    row = {
        "city_id": world.number, "case_id": world.case(case_no)["case_id"], "version": version, "action": "note",
        "at": at, "recorded_at": at, "actor": actor, "body": body,
        "hash": chain(last or CHAIN_START, version, "note", at, actor, body),
    }  # fmt: skip
    connection.execute(insert(tables.case_events).values(row))


def test_an_event_put_at_the_end_is_named(world: World) -> None:
    with world.store.write.begin() as connection:
        a_forged_event(connection, world, "C3", 5, AT)
    assert [(one.wrong, one.case_no, one.version) for one in found(world)] == [(Wrong.INSERTED, "C3", 5)]
    change(world, update(tables.cases).where(C.case_no == "C3").values(version=5))
    (one,) = found(world)
    assert (one.wrong, one.case_no, one.version, one.day) == (Wrong.INSERTED, "C3", 5, date(2026, 5, 19))


def test_swapped_events_are_named(world: World) -> None:
    rows = {row["version"]: row for row in world.events("C1")}
    swapped = [
        update(tables.case_events)
        .where(*whose(world, "C1"), E.version == here)
        .values({name: rows[there][name] for name in ("action", "at", "actor", "body")})
        for here, there in ((5, 6), (6, 5))
    ]
    change(world, *swapped)

    assert [(one.wrong, one.case_no, one.version) for one in found(world)[:2]] == [
        (Wrong.ALTERED, "C1", 5), (Wrong.ALTERED, "C1", 6)
    ]  # fmt: skip


def test_a_chain_computed_anew_is_seen_by_the_seal(world: World) -> None:
    previous, statements = CHAIN_START, []
    for row in world.events("C1"):
        body = row["body"].replace("第一天", "另一天")
        previous = chain(previous, row["version"], row["action"], row["at"], row["actor"], body)
        mine = (*whose(world, "C1"), E.version == row["version"])
        statements.append(update(tables.case_events).where(*mine).values(body=body, hash=previous))
    change(world, *statements)

    days = {(one.wrong, one.case_no, one.day) for one in found(world)}
    assert days == {(Wrong.ALTERED, "C1", date(2026, 5, 19)), (Wrong.ALTERED, "C1", date(2026, 5, 20))}


def test_seals_and_the_audit_log_are_checked_too(world: World) -> None:
    audit = desk_tables.audit
    change(world, update(audit).where(audit.c.entry_id == 1).values(object="别的"))
    assert {one.wrong for one in found(world)} == {Wrong.AUDIT}
    change(world, delete(audit).where(audit.c.entry_id == 1))
    assert [one.what for one in found(world)] == [
        "2026-05-20 的审计记录封印时有 1 条，现有 0 条", "审计记录：缺少第 1 条"
    ]  # fmt: skip


def test_an_altered_or_missing_seal_is_named(world: World) -> None:
    seals = desk_tables.seals
    change(world, update(seals).where(seals.c.day == date(2026, 5, 19)).values(events=99))
    assert [(one.wrong, one.day) for one in found(world)] == [(Wrong.SEAL, date(2026, 5, 19))]
    change(world, delete(seals).where(seals.c.day == date(2026, 5, 19)))
    assert date(2026, 5, 20) in {one.day for one in found(world) if one.wrong is Wrong.SEAL}


def test_days_are_sealed_once_and_missed_ones_caught_up(world: World) -> None:
    assert sealer(world).seal() == []
    world.clock.move(days=3)
    world.act(ONE, "C3", Action.NOTE, text="很久以后")
    assert sealer(world).seal() == [date(2026, 5, day) for day in (21, 22, 23)]
    assert [row["events"] for row in world.rows("seals")] == [13, 2, 2, 0, 0]
    assert found(world) == []


def test_a_day_is_sealed_an_hour_after_its_end(world: World) -> None:
    world.clock.at = datetime(2026, 5, 21, 16, 59, tzinfo=UTC)  # 00:59 in the city
    assert sealer(world).seal() == []
    world.clock.move(minutes=1)
    assert sealer(world).seal() == [date(2026, 5, 21)]


def test_a_city_without_a_log_has_nothing_to_seal(store: Store) -> None:
    world = a_desk(store)
    assert sealer(world).seal() == []
    assert found(world) == []


@pytest.mark.parametrize("count", [0, 1, 300])
def test_leaves_come_back_as_they_were_packed(count: int) -> None:
    log, leaves = DayLog(), [leaf_of(n * n + 1, [(n + 1, bytes([n % 256]) * 32)]) for n in range(count)]
    for leaf in leaves:
        log.add(leaf)

    assert list(unpacked(log.leaves())) == leaves
    assert log.events == count
    with pytest.raises(ValueError, match="order"):
        log.add(Leaf(-1, 1, 1, b"x" * 8))
    with pytest.raises(ValueError, match="not the leaves"):
        list(unpacked(b"nonsense"))


@pytest.fixture
def run(world: World) -> Callable[..., Any]:
    settings = Settings(database=world.store.url)
    parts = Parts(settings, world.clock, world.clock)
    return lambda *options: CliRunner().invoke(command, ["--city", "demo", *options], obj=parts)


def test_the_command_says_what_it_found(world: World, run: Callable[..., Any]) -> None:
    whole = run()
    assert (whole.exit_code, whole.output.splitlines()[-1]) == (0, "全部完好。")
    assert "案件 3 件，记录 17 条，封印 2 日（至 2026-05-20，末印 " in whole.output
    change(world, delete(tables.case_events).where(*whose(world, "C1"), E.version == 3))
    broken = run()
    assert broken.exit_code == 1
    assert broken.output.splitlines()[0] == "不符：案件 C1 缺少第 3 条记录"
    told = json.loads(run("--format", "json").output)
    assert (told["findings"], told["list"][0]["case_no"], told["list"][0]["version"]) == (1, "C1", 3)


def test_the_command_refuses_a_city_that_was_never_here(world: World) -> None:
    parts = Parts(Settings(database=world.store.url), world.clock, world.clock)
    refused = CliRunner().invoke(command, ["--city", "boston"], obj=parts)
    assert "没有这座城市" in str(refused.exception)


def test_old_answers_and_lapsed_holds_are_let_go(world: World) -> None:
    world.cases(["T1", "T2"])
    for case_no in ("T1", "T2"):
        world.desk.holds.do(world.people["派遣员01"], case_no, Holding.TAKE)
        world.act("派遣员01", case_no, Action.NOTE, text="已联系")
        world.clock.move(days=5)
    world.clock.move(days=2)
    sealer(world).tidy()

    t2 = world.case("T2")["case_id"]
    assert [row["case_id"] for row in world.rows("case_holds")] == [t2]
    assert len(world.rows("idempotency_keys")) == 1
