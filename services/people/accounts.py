"""Accounts: adding, resetting, disabling, listing. Each act is in the audit log, with who did it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data_access import people
from domain.events import canonical
from domain.passwords import IDLE_EXIT, LINK_LASTS, runs_out
from domain.people import ADMINISTRATORS, Person, Post, exclusions
from domain.refusals import Refusal
from domain.user_list import Account
from services.people.register import Register, new_stamp
from services.people.sign_in import AN_ACCOUNT, account_typed

LONGEST_NAME = 40
ACCOUNT_WORDS = {
    Post.LEADER: "leader", Post.DISPATCHER: "dispatcher", Post.DUTY_CHIEF: "chief", Post.REGISTRAR: "registrar",
    Post.COLLECTOR: "collector", Post.EVALUATOR: "evaluator", Post.PUBLISHER: "publisher",
    Post.SYS_ADMIN: "sysadmin", Post.SECURITY_ADMIN: "security", Post.AUDIT_ADMIN: "audit",
}  # fmt: skip


@dataclass(frozen=True)
class Invitation:
    """What the new owner needs: shown once, since only a digest of the secret is kept."""

    user_id: int
    account: str
    name: str
    secret: str
    until: datetime

    @property
    def path(self) -> str:
        return f"/choose/{self.secret}"


class Accounts:
    def __init__(self, register: Register) -> None:
        self.register = register

    def add(
        self,
        name: str,
        posts: Iterable[Post],
        unit: str | None = None,
        account: str | None = None,
        by: Person | None = None,
    ) -> Invitation:
        """A new account without a password, and the link to choose one. Raises Refusal.

        Added on the page, by a person, it has no posts before somebody else confirms them.
        """
        register, now, held = self.register, self.register.clock(), tuple(posts)
        self._require_right(by, "新建账号")
        self.require_possible(held, unit)
        shown = _name(name)
        with register.store.write.begin() as connection:
            people.lock_city(connection, register.number)
            unit_id = self._unit(connection, unit)
            chosen = self._account(connection, account, held, unit)
            row = {"account": chosen, "name": shown, "unit_id": unit_id, "created_at": now, "stamp": new_stamp()}
            user_id = people.add_user(connection, register.number, row)
            if by is None:
                people.set_posts(connection, register.number, user_id, held)
            else:
                people.add_change(connection, register.number, wanted_change(user_id, held, by, now))
            secret = register.invite(connection, user_id, now + LINK_LASTS)
            register.record(connection, now, by, "add_user", chosen, posts=sorted(held), unit=unit or "")
        return Invitation(user_id, chosen, shown, secret, now + LINK_LASTS)

    def reset(self, user_id: int, by: Person | None = None) -> Invitation:
        """Takes the password away and gives a link to choose another; ends all sessions. Raises Refusal."""
        register, now = self.register, self.register.clock()
        with register.store.write.begin() as connection:
            row = self._other(connection, user_id, by, "重置口令")
            people.change_user(connection, register.number, user_id, password_at=None, stamp=new_stamp())
            secret = register.invite(connection, user_id, now + LINK_LASTS)
            register.record(connection, now, by, "reset_password", row.account)
        return Invitation(user_id, row.account, row.name, secret, now + LINK_LASTS)

    def disable(self, user_id: int, by: Person | None = None) -> None:
        """From now on nobody signs in with it, and its sessions end. Raises Refusal."""
        register, now = self.register, self.register.clock()
        with register.store.write.begin() as connection:
            row = self._other(connection, user_id, by, "停用账号")
            people.change_user(connection, register.number, user_id, disabled_at=now, stamp=new_stamp())
            register.record(connection, now, by, "disable_user", row.account)

    def enable(self, user_id: int) -> None:
        """In use again: by the command line; on the page two persons do it (post_changes)."""
        register, now = self.register, self.register.clock()
        with register.store.write.begin() as connection:
            row = register.user(connection, user_id)
            people.change_user(connection, register.number, user_id, disabled_at=None)
            register.record(connection, now, None, "enable_user", row.account)

    def unlock(self, user_id: int, by: Person | None = None) -> None:
        register, now = self.register, self.register.clock()
        self._require_right(by, "解锁")
        with register.store.write.begin() as connection:
            row = register.user(connection, user_id)
            people.clear_failures(connection, register.number, row.account)
            register.record(connection, now, by, "unlock_user", row.account)

    def numbered(self, account: str) -> int:
        """The number of an account. Raises Refusal when there is none of this name."""
        with self.register.store.read.connect() as connection:
            row = people.user_of(connection, self.register.number, account_typed(account))
        if row is None:
            raise Refusal("没有这个账号", account, "用 python app.py users list 看全部账号。")
        return int(row.user_id)

    def listed(self) -> tuple[Account, ...]:
        """Every account, in the order in which they were made."""
        register, now = self.register, self.register.clock()
        with register.store.picture() as connection:
            rows = people.all_users(connection, register.number)
            posts = people.all_posts(connection, register.number)
            locks = people.all_locks(connection, register.number, now)
        return tuple(_account(row, posts.get(row.user_id, ()), locks, now) for row in rows)

    def units(self) -> list[tuple[str, str]]:
        with self.register.store.read.connect() as connection:
            return people.unit_keys(connection, self.register.number)

    def require_possible(self, posts: Sequence[Post], unit: str | None) -> None:
        """Raises Refusal when these posts cannot be one person's, or the unit does not go with them."""
        if reasons := exclusions(posts):
            raise Refusal("这些岗位不能由一人兼任", "；".join(reasons), "请分给不同的人。")
        if (Post.UNIT_USER in posts) != (unit is not None):
            then = "单位用户须写明单位（--unit），其他岗位不写。"
            raise Refusal("单位与岗位不配", f"单位 {unit or '未写'}", then)

    def _require_right(self, by: Person | None, act: str) -> None:
        if by is not None and Post.SYS_ADMIN not in by.posts:
            raise Refusal(f"只有系统管理员可以{act}", by.account, "请由他来做。")

    def _unit(self, connection: Connection, key: str | None) -> int | None:
        if key is None:
            return None
        number = people.unit_number(connection, self.register.number, key)
        if number is None:
            known = "、".join(known for known, _ in people.unit_keys(connection, self.register.number)[:40])
            then = f"现有：{known}。" if known else "还没有任何单位：请先导入案件，或启动一次大屏。"
            raise Refusal("没有这个单位", f"单位 {key}", then)
        return number

    def _account(self, connection: Connection, given: str | None, posts: Sequence[Post], unit: str | None) -> str:
        number = self.register.number
        if given is None:
            word = unit or next((ACCOUNT_WORDS[post] for post in posts), "user")
            word = word if AN_ACCOUNT.fullmatch(word) else "unit"
            numbered = (f"{word[:28]}{n:02}" for n in range(1, 10_000))
            return next(one for one in numbered if people.user_of(connection, number, one) is None)
        account = account_typed(given)
        if not AN_ACCOUNT.fullmatch(account):
            raise Refusal("账号写得不对", given, "请用 2 至 32 个小写字母、数字、点、横线，字母开头。")
        if people.user_of(connection, number, account) is not None:
            raise Refusal("账号已有人用", account, "请换一个。")
        return account

    def _other(self, connection: Connection, user_id: int, by: Person | None, act: str) -> Any:
        """The account acted upon. On the page nobody acts on oneself, nor alone on one of the three administrators:
        who resets the confirmer's password could confirm for himself."""
        self._require_right(by, act)
        row = self.register.user(connection, user_id)
        if by is None:
            return row
        if by.user_id == user_id:
            raise Refusal("不能对自己的账号做这一步", act, "请由另一位管理员操作。")
        held = set(people.posts_of(connection, self.register.number, user_id))
        if held & ADMINISTRATORS:
            then = "请在服务器上用 python app.py users 操作，留痕。"
            raise Refusal("三员的账号不能由一位管理员单独改动", f"{act} {row.account}", then)
        return row


def wanted_change(user_id: int, posts: Iterable[Post], by: Person, now: datetime) -> dict[str, object]:
    """The row that asks for these posts."""
    body = {"posts": [post for post in Post if post in set(posts)], "disabled": False}
    return {"user_id": user_id, "wanted": canonical(body), "proposed_by": by.user_id, "proposed_at": now}


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refusal("姓名不能用", text[:60] or "（空）", f"请写 1 至 {LONGEST_NAME} 个字。")
    return name


def _account(row: Any, posts: Iterable[str], locks: dict[str, datetime], now: datetime) -> Account:
    held = set(posts)
    seen: datetime | None = row.seen_at
    return Account(
        user_id=row.user_id,
        account=row.account,
        name=row.name,
        posts=tuple(post for post in Post if post in held),
        unit=row.unit_key,
        unit_name=row.unit_name or "",
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
        password_until=runs_out(row.password_at) if row.password_at else None,
        online=row.disabled_at is None and seen is not None and now - seen < IDLE_EXIT,
        disabled=row.disabled_at is not None,
        locked_until=locks.get(row.account),
    )
