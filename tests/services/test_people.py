"""People on both databases: the same words for everybody, locks, links that work once, posts changed by two."""

import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from config.cities import load_city
from data_access import audit_log, desk_tables, directory, tables
from data_access.store import Store
from domain.passwords import FAILURES_ALLOWED, LASTS, LINK_LASTS, LOCKED_FOR
from domain.people import Person, Post
from domain.refusals import Refusal
from services import audit
from services.people import People
from services.people.demo_logins import make_demo_logins
from services.people.hashing import fits
from services.people.sign_in import NotSignedIn, PasswordRanOut
from services.stores import register_city
from tests.signing_in import PASSWORD, a_user

HERE = "192.0.2.7"
OTHER = "Qiao_Liang-42"


@dataclass
class Hall:
    people: People
    store: Store
    number: int
    at: list[datetime]

    def move(self, by: timedelta) -> None:
        self.at[0] += by

    def enter(self, account: str, password: str = PASSWORD) -> Person:
        return self.people.sign_in.enter(account, password, HERE).person

    def words(self, account: str, password: str = "wrong") -> tuple[str, str]:
        with pytest.raises(NotSignedIn) as caught:
            self.people.sign_in.enter(account, password, HERE)
        return caught.value.what, caught.value.then

    def log(self) -> list[tuple[str, str, str, bool]]:
        with self.store.read.connect() as connection:
            return [(e.actor, e.action, e.object, e.refused) for e in audit_log.entries(connection, self.number)]

    def person(self, account: str) -> Person:
        return self.enter(account)


@pytest.fixture
def hall(store: Store) -> Iterator[Hall]:
    at = [datetime(2026, 5, 19, 6, 32, tzinfo=UTC)]
    city = load_city("demo")
    number = register_city(store, city)
    with store.write.begin() as connection:
        units = [{"key": key, "name": key, "short_name": key} for key in ("shizheng", "huanwei")]
        directory.ensure_rows(connection, tables.units, number, units)
    hall = Hall(People(store, city, number, lambda: at[0]), store, number, at)
    yield hall
    assert audit.check(store, number) is None  # whatever the test did, the chain is whole


def test_who_was_invited_chooses_a_password_and_signs_in(hall: Hall) -> None:
    assert not hall.people.sign_in.anybody()
    invitation = hall.people.accounts.add("派遣员01", (Post.DISPATCHER,))
    assert hall.people.sign_in.anybody()
    assert hall.words(invitation.account, "")[0] == "账号或口令不正确"

    hall.people.sign_in.choose(invitation.secret, PASSWORD)
    person = hall.enter(" Dispatcher01 ")

    assert (person.account, person.name, *person.posts) == ("dispatcher01", "派遣员01", Post.DISPATCHER)
    assert ("dispatcher#1", "sign_in", "dispatcher01", False) in hall.log()


def test_secrets_are_stored_as_digests_only(hall: Hall) -> None:
    invitation = hall.people.accounts.add("派遣员01", (Post.DISPATCHER,))
    hall.people.sign_in.choose(invitation.secret, PASSWORD)

    with hall.store.read.connect() as connection:
        rows = [
            str(row)
            for table in (desk_tables.users, desk_tables.sign_in_links, desk_tables.audit)
            for row in connection.execute(table.select())
        ]

    assert not [row for row in rows if invitation.secret in row or PASSWORD in row]
    assert any("$argon2id$" in row for row in rows)


def test_a_link_works_once_and_for_three_days(hall: Hall) -> None:
    first = hall.people.accounts.add("派遣员01", (Post.DISPATCHER,))
    second = hall.people.accounts.add("派遣员02", (Post.DISPATCHER,))
    hall.people.sign_in.choose(first.secret, PASSWORD)

    with pytest.raises(Refusal, match="链接已用过或已过期"):
        hall.people.sign_in.choose(first.secret, OTHER)
    hall.move(LINK_LASTS)

    assert hall.people.sign_in.invited(second.secret) is None
    with pytest.raises(Refusal, match="链接已用过或已过期"):
        hall.people.sign_in.choose(second.secret, PASSWORD)
    with pytest.raises(Refusal, match="链接"):
        hall.people.sign_in.choose("made-up", PASSWORD)


def test_a_bad_password_leaves_the_link_good(hall: Hall) -> None:
    invitation = hall.people.accounts.add("派遣员01", (Post.DISPATCHER,))

    with pytest.raises(Refusal, match="至少 8 位"):
        hall.people.sign_in.choose(invitation.secret, "short")

    hall.people.sign_in.choose(invitation.secret, PASSWORD)


def test_a_new_link_ends_the_old_one(hall: Hall) -> None:
    old = hall.people.accounts.add("派遣员01", (Post.DISPATCHER,))
    new = hall.people.accounts.reset(old.user_id)

    assert hall.people.sign_in.invited(old.secret) is None
    assert hall.people.sign_in.invited(new.secret) is not None


def test_one_link_used_by_two_at_once_sets_one_password(hall: Hall) -> None:
    invitation = hall.people.accounts.add("派遣员01", (Post.DISPATCHER,))

    def choose(password: str) -> bool:
        try:
            hall.people.sign_in.choose(invitation.secret, password)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        went = list(pool.map(choose, (PASSWORD, OTHER)))

    assert sorted(went) == [False, True]


@pytest.mark.parametrize("exists", [True, False])
def test_failures_are_counted_down_and_lock_in_the_same_words_for_everybody(hall: Hall, exists: bool) -> None:
    account = a_user(hall.people, Post.DISPATCHER) if exists else "nobody01"

    said = [hall.words(account) for _ in range(FAILURES_ALLOWED)]

    assert said[0] == ("账号或口令不正确", "已连续失败 1 次，再失败 4 次将锁定 15 分钟。")
    assert said[3] == ("账号或口令不正确", "已连续失败 4 次，再失败 1 次将锁定 15 分钟。")
    assert said[4] == ("账号已锁定", "连续失败 5 次。14:47 后再试，或请系统管理员当面解锁。")
    assert hall.words(account, PASSWORD)[0] == "账号已锁定"  # the right password does not open a lock
    hall.move(LOCKED_FOR)
    assert hall.words(account) == said[0]
    if exists:
        assert hall.enter(account)


def test_signing_in_ends_the_row_of_failures(hall: Hall) -> None:
    account = a_user(hall.people, Post.DISPATCHER)
    for _ in range(2):
        for _ in range(FAILURES_ALLOWED - 1):
            hall.words(account)
        hall.enter(account)


def test_failures_of_yesterday_are_not_in_a_row(hall: Hall) -> None:
    account = a_user(hall.people, Post.DISPATCHER)
    for _ in range(FAILURES_ALLOWED - 1):
        hall.words(account)
    hall.move(timedelta(hours=24, seconds=1))

    assert "失败 1 次" in hall.words(account)[1]


def test_failures_at_once_are_all_counted(hall: Hall) -> None:
    account = a_user(hall.people, Post.DISPATCHER)

    with ThreadPoolExecutor(FAILURES_ALLOWED) as pool:
        said = list(pool.map(lambda _: hall.words(account), range(FAILURES_ALLOWED)))

    assert [what for what, _ in said].count("账号已锁定") == 1
    assert hall.words(account, PASSWORD)[0] == "账号已锁定"


def test_an_account_that_does_not_exist_costs_as_much(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    account, asked = a_user(hall.people, Post.DISPATCHER), []

    def counted(stored: str | None, password: str) -> bool:
        asked.append(stored is not None)
        return fits(stored, password)

    monkeypatch.setattr("services.people.sign_in.fits", counted)
    hall.words(account)
    hall.words("nobody01")

    assert asked == [True, False]  # once each, with a hash that nobody's password fits


def test_unlocking_by_an_administrator(hall: Hall) -> None:
    account = a_user(hall.people, Post.DISPATCHER)
    for _ in range(FAILURES_ALLOWED):
        hall.words(account)
    locked = hall.people.accounts.listed()[0]

    hall.people.accounts.unlock(locked.user_id)

    assert locked.locked_until is not None
    assert hall.enter(account)


def test_what_was_typed_is_logged_only_where_it_can_be_an_account(hall: Hall) -> None:
    hall.words("nobody01")
    hall.words("My Password 1!")

    assert [actor for actor, *_ in hall.log()] == ["account:nobody01", "account:?"]


def test_a_password_runs_out_and_leads_to_choosing_another(hall: Hall) -> None:
    account = a_user(hall.people, Post.DISPATCHER)
    hall.move(LASTS)

    with pytest.raises(PasswordRanOut) as out:
        hall.enter(account)
    with pytest.raises(Refusal, match="不能与上一个口令相同"):
        hall.people.sign_in.choose(out.value.secret, PASSWORD)
    hall.people.sign_in.choose(out.value.secret, OTHER)

    assert hall.enter(account, OTHER)


def test_another_password_needs_the_old_one(hall: Hall) -> None:
    person = hall.person(a_user(hall.people, Post.DISPATCHER))

    with pytest.raises(Refusal, match="原口令不正确"):
        hall.people.sign_in.change(person, "wrong", OTHER)
    with pytest.raises(Refusal, match="不能与上一个口令相同"):
        hall.people.sign_in.change(person, PASSWORD, PASSWORD)
    hall.people.sign_in.change(person, PASSWORD, OTHER)

    assert hall.enter(person.account, OTHER)
    assert ("dispatcher#1", "change_password", "dispatcher01", True) in hall.log()


@pytest.mark.parametrize("event", ["leave", "change", "reset", "disable", "posts"])
def test_these_end_every_session(hall: Hall, event: str) -> None:
    account = a_user(hall.people, Post.DISPATCHER)
    one = hall.people.sign_in.enter(account, PASSWORD, HERE)
    assert hall.people.sign_in.known(one.person.user_id, one.stamp) is not None

    if event == "leave":
        hall.people.sign_in.leave(one.person)
    elif event == "change":
        hall.people.sign_in.change(one.person, PASSWORD, OTHER)
    elif event == "reset":
        hall.people.accounts.reset(one.person.user_id)
    elif event == "disable":
        hall.people.accounts.disable(one.person.user_id)
    else:
        system, security = (hall.person(a_user(hall.people, post)) for post in (Post.SYS_ADMIN, Post.SECURITY_ADMIN))
        hall.people.changes.propose(system, one.person.user_id, [Post.DUTY_CHIEF])
        assert hall.people.sign_in.known(one.person.user_id, one.stamp) is not None  # only proposed
        hall.people.changes.decide(security, one.person.user_id, True)

    assert hall.people.sign_in.known(one.person.user_id, one.stamp) is None


def test_a_disabled_account_says_so_only_to_who_knows_its_password(hall: Hall) -> None:
    account = a_user(hall.people, Post.DISPATCHER)
    hall.people.accounts.disable(hall.people.accounts.numbered(account))

    assert hall.words(account)[0] == "账号或口令不正确"
    assert hall.words(account, PASSWORD)[0] == "账号已停用"
    hall.people.accounts.enable(hall.people.accounts.numbered(account))
    assert hall.enter(account)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"posts": (Post.EVALUATOR, Post.PUBLISHER)}, "互斥"),
        ({"posts": (Post.SYS_ADMIN, Post.AUDIT_ADMIN)}, "三人"),
        ({"posts": (Post.SYS_ADMIN, Post.DISPATCHER)}, "三员不得兼任"),
        ({"posts": (Post.UNIT_USER,)}, "单位与岗位不配"),
        ({"posts": (Post.DISPATCHER,), "unit": "shizheng"}, "单位与岗位不配"),
        ({"posts": (Post.UNIT_USER,), "unit": "nowhere"}, "没有这个单位.*shizheng"),
        ({"account": "Ärger"}, "账号写得不对"),
        ({"account": "1abc"}, "账号写得不对"),
        ({"name": "  "}, "姓名不能用"),
        ({"name": "长" * 41}, "姓名不能用"),
        ({"name": "a\x00b"}, "姓名不能用"),
    ],
)
def test_these_accounts_are_refused_and_nothing_is_written(hall: Hall, given: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        hall.people.accounts.add(**{"name": "某人01", "posts": (Post.DISPATCHER,), **given})

    assert hall.people.accounts.listed() == ()
    assert hall.log() == []


def test_accounts_are_numbered_by_post_and_belong_to_one(hall: Hall) -> None:
    made = [hall.people.accounts.add("派遣员", (Post.DISPATCHER,)).account for _ in range(2)]
    made.append(hall.people.accounts.add("市政处终端", (Post.UNIT_USER,), "shizheng").account)

    assert made == ["dispatcher01", "dispatcher02", "shizheng01"]
    with pytest.raises(Refusal, match="已有人用"):
        hall.people.accounts.add("别人", (Post.LEADER,), account="DISPATCHER01")
    assert hall.people.accounts.listed()[2].unit == "shizheng"


def test_the_same_account_asked_for_twice_at_once_is_made_once(hall: Hall) -> None:
    def add(_: int) -> bool:
        try:
            hall.people.accounts.add("某人", (Post.LEADER,), account="boss")
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(add, range(4))).count(True) == 1
    assert len({one.user_id for one in hall.people.accounts.listed()}) == 1


class TestTwoPersons:
    """The system administrator proposes, the security administrator confirms."""

    @pytest.fixture
    def two(self, hall: Hall) -> tuple[Person, Person, int]:
        system = hall.person(a_user(hall.people, Post.SYS_ADMIN))
        security = hall.person(a_user(hall.people, Post.SECURITY_ADMIN))
        return system, security, hall.people.accounts.numbered(a_user(hall.people, Post.DISPATCHER))

    def posts(self, hall: Hall, user_id: int) -> tuple[Post, ...]:
        return next(one.posts for one in hall.people.accounts.listed() if one.user_id == user_id)

    def test_nothing_changes_before_the_second(self, hall: Hall, two: tuple[Person, Person, int]) -> None:
        system, security, user_id = two
        hall.people.changes.propose(system, user_id, [Post.DUTY_CHIEF])

        assert self.posts(hall, user_id) == (Post.DISPATCHER,)
        assert hall.people.changes.waiting()[user_id].posts == (Post.DUTY_CHIEF,)
        hall.people.changes.decide(security, user_id, True)

        assert self.posts(hall, user_id) == (Post.DUTY_CHIEF,)
        assert hall.people.changes.waiting() == {}
        assert hall.log()[-2][:2] == ("sys_admin#1", "propose_posts")
        assert hall.log()[-1][:2] == ("security_admin#2", "confirm_posts")

    def test_sent_back_it_leaves_everything(self, hall: Hall, two: tuple[Person, Person, int]) -> None:
        system, security, user_id = two
        hall.people.changes.propose(system, user_id, [])
        hall.people.changes.decide(security, user_id, False)

        assert self.posts(hall, user_id) == (Post.DISPATCHER,)
        with pytest.raises(Refusal, match="没有待确认"):
            hall.people.changes.decide(security, user_id, True)

    def test_each_does_only_his_part(self, hall: Hall, two: tuple[Person, Person, int]) -> None:
        system, security, user_id = two
        with pytest.raises(Refusal, match="只有系统管理员"):
            hall.people.changes.propose(security, user_id, [Post.DUTY_CHIEF])
        hall.people.changes.propose(system, user_id, [Post.DUTY_CHIEF])

        with pytest.raises(Refusal, match="只有安全管理员"):
            hall.people.changes.decide(system, user_id, True)
        with pytest.raises(Refusal, match="已有一个变更待确认"):
            hall.people.changes.propose(system, user_id, [Post.LEADER])

    def test_nobody_confirms_for_himself(self, hall: Hall, two: tuple[Person, Person, int]) -> None:
        system, security, _ = two
        hall.people.changes.propose(system, security.user_id, [Post.AUDIT_ADMIN])

        with pytest.raises(Refusal, match="本人不能确认"):
            hall.people.changes.decide(security, security.user_id, True)

    @pytest.mark.parametrize("posts", [[Post.EVALUATOR, Post.PUBLISHER], [Post.UNIT_USER], [Post.DISPATCHER]])
    def test_impossible_or_empty_changes_are_refused(
        self, hall: Hall, two: tuple[Person, Person, int], posts: list[Post]
    ) -> None:
        system, _, user_id = two

        with pytest.raises(Refusal):
            hall.people.changes.propose(system, user_id, posts)
        assert hall.people.changes.waiting() == {}

    def test_a_disabled_account_comes_back_by_two(self, hall: Hall, two: tuple[Person, Person, int]) -> None:
        system, security, user_id = two
        hall.people.accounts.disable(user_id, system)
        hall.people.changes.propose(system, user_id, [Post.DISPATCHER])
        assert hall.people.accounts.listed()[2].disabled
        hall.people.changes.decide(security, user_id, True)

        assert not hall.people.accounts.listed()[2].disabled

    def test_one_administrator_alone_cannot_take_over_another(
        self, hall: Hall, two: tuple[Person, Person, int]
    ) -> None:
        system, security, _ = two
        for act in (hall.people.accounts.reset, hall.people.accounts.disable):
            with pytest.raises(Refusal, match="三员的账号不能由一位管理员"):
                act(security.user_id, system)
            with pytest.raises(Refusal, match="自己的账号"):
                act(system.user_id, system)

        assert hall.enter(security.account)


class TestChain:
    """What somebody with the database in hand may do to the log is found and named."""

    @pytest.fixture
    def logged(self, hall: Hall) -> Iterator[Hall]:
        account = a_user(hall.people, Post.DISPATCHER)
        for _ in range(3):
            hall.enter(account)
        assert len(hall.log()) == 5
        yield hall
        with hall.store.write.begin() as connection:  # the fixture below looks at the chain once more
            connection.execute(delete(desk_tables.audit))
            connection.execute(delete(desk_tables.counters))

    def found(self, hall: Hall, statement: Any) -> int | None:
        with hall.store.write.begin() as connection:
            connection.execute(statement)
        broken = audit.check(hall.store, hall.number)
        return broken.number if broken else None

    def test_an_alteration(self, logged: Hall) -> None:
        c = desk_tables.audit.c
        assert self.found(logged, update(desk_tables.audit).where(c.entry_id == 3).values(refused=True)) == 3

    def test_a_removal(self, logged: Hall) -> None:
        assert self.found(logged, delete(desk_tables.audit).where(desk_tables.audit.c.entry_id == 2)) == 2

    def test_a_removed_end(self, logged: Hall) -> None:
        assert self.found(logged, delete(desk_tables.audit).where(desk_tables.audit.c.entry_id == 5)) == 5

    def test_an_insertion(self, logged: Hall) -> None:
        with logged.store.read.connect() as connection:
            row = (
                connection.execute(select(desk_tables.audit).where(desk_tables.audit.c.entry_id == 5)).mappings().one()
            )
        assert self.found(logged, insert(desk_tables.audit).values(dict(row) | {"entry_id": 6})) == 6


def test_entries_written_at_once_make_one_chain(hall: Hall) -> None:
    def write(number: int) -> None:
        with hall.store.write.begin() as connection:
            audit.record(connection, hall.number, hall.at[0], "leader#1", "look", f"{number}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(30)))

    assert len(hall.log()) == 30
    assert audit.check(hall.store, hall.number) is None


def test_demo_logins_are_made_once_and_kept_from_others(hall: Hall, tmp_path: Path) -> None:
    told = make_demo_logins(hall.people, tmp_path, threading.Event())
    file = tmp_path / "demo-logins.txt"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    logins = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if "\t" in line]
    assert told.startswith(file.read_text(encoding="utf-8"))
    assert {post for one in hall.people.accounts.listed() for post in one.posts} == set(Post)
    assert [name for _, _, name in logins if name.startswith("派遣员")] == ["派遣员01", "派遣员02"]
    for account, password, _ in logins:
        assert hall.enter(account, password)
    assert make_demo_logins(hall.people, tmp_path, threading.Event()) == ""


def test_demo_logins_are_all_made_or_none(hall: Hall, tmp_path: Path) -> None:
    stopping = threading.Event()
    stopping.set()

    assert make_demo_logins(hall.people, tmp_path, stopping) == ""
    assert not hall.people.sign_in.anybody()
