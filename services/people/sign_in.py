"""Signing in: the same words and the same time whether an account exists or not, and a lock after five failures."""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from data_access import people
from domain.passwords import (
    FAILURES_ALLOWED,
    FAILURES_KEPT,
    LOCKED_FOR,
    complaints,
    runs_out,
)
from domain.people import Person
from domain.refusals import Refusal
from services.people.hashing import fits, hash_of
from services.people.register import Register, digest_of, new_stamp, person_of

CHANGE_LASTS = timedelta(minutes=10)  # of the link that a password run out leads to
SEEN_EVERY = timedelta(minutes=1)
AN_ACCOUNT = re.compile(r"[a-z][a-z0-9_.-]{1,31}")
LONGEST_TYPED = 32


class NotSignedIn(Refusal):
    """Wrong, locked or disabled; `locked` tells the second apart."""

    def __init__(self, what: str, then: str, locked: bool = False) -> None:
        super().__init__(what, "登录", then)
        self.locked = locked


class PasswordRanOut(Exception):
    """The password was right and is too old: `secret` leads to choosing another."""

    def __init__(self, secret: str) -> None:
        super().__init__("password ran out")
        self.secret = secret


@dataclass(frozen=True)
class SignedIn:
    """A person and the stamp that a session must carry to be theirs."""

    person: Person
    stamp: str
    seen_at: datetime | None


class SignIn:
    def __init__(self, register: Register) -> None:
        self.register = register

    def anybody(self) -> bool:
        """Whether this city has any account yet."""
        with self.register.store.read.connect() as connection:
            return people.any_user(connection, self.register.number)

    def enter(self, account: str, password: str, address: str) -> SignedIn:
        """Who this is. Raises NotSignedIn, or PasswordRanOut. Everything is in the audit log afterwards."""
        register, typed, now = self.register, account_typed(account), self.register.clock()
        with register.store.read.connect() as connection:
            failed = people.failure_of(connection, register.number, typed)
            row = people.user_of(connection, register.number, typed)
            posts = people.posts_of(connection, register.number, row.user_id) if row else []
        if failed and failed.locked_until and failed.locked_until > now:
            self._refuse(now, typed, address, "locked")
            raise self._locked(failed.locked_until)
        usable = row.password_hash if row is not None and row.password_at else None
        if not fits(usable, password) or row is None:
            raise self._wrong(typed, address, now)
        if row.disabled_at is not None:
            self._refuse(now, typed, address, "disabled")
            raise NotSignedIn("账号已停用", "如需启用，请联系系统管理员。")
        person = person_of(row, posts)
        with register.store.write.begin() as connection:
            people.clear_failures(connection, register.number, typed)
            if runs_out(row.password_at) <= now:
                secret = register.invite(connection, row.user_id, now + CHANGE_LASTS)
                register.record(connection, now, person, "sign_in", person.account, True, why="ran_out")
            else:
                secret = None
                people.change_user(connection, register.number, row.user_id, signed_in_at=now, seen_at=now)
                register.record(connection, now, person, "sign_in", person.account, address=address)
        if secret:
            raise PasswordRanOut(secret)
        return SignedIn(person, row.stamp, now)

    def known(self, user_id: int, stamp: str) -> SignedIn | None:
        """Whose session this is, as long as the account is in use and its stamp is the session's."""
        register = self.register
        with register.store.read.connect() as connection:
            row = people.user(connection, register.number, user_id)
            if row is None or row.disabled_at is not None or not hmac.compare_digest(row.stamp, stamp):
                return None
            posts = people.posts_of(connection, register.number, user_id)
        return SignedIn(person_of(row, posts), row.stamp, row.seen_at)

    def seen(self, one: SignedIn) -> None:
        """Notes that this person is at work, once a minute."""
        now = self.register.clock()
        if one.seen_at is not None and now - one.seen_at < SEEN_EVERY:
            return
        with self.register.store.write.begin() as connection:
            people.change_user(connection, self.register.number, one.person.user_id, seen_at=now)

    def leave(self, person: Person, why: str = "sign_out") -> None:
        """Ends every session of the account, so that a copied cookie is worth nothing afterwards."""
        now = self.register.clock()
        with self.register.store.write.begin() as connection:
            people.change_user(connection, self.register.number, person.user_id, stamp=new_stamp(), seen_at=None)
            self.register.record(connection, now, person, why, person.account)

    def invited(self, secret: str) -> Person | None:
        """Whose one-time link this is, as long as it is good."""
        register = self.register
        with register.store.read.connect() as connection:
            owner = people.link_owner(connection, register.number, digest_of(secret), register.clock())
            row = people.user(connection, register.number, owner) if owner is not None else None
            return person_of(row, ()) if row is not None and row.disabled_at is None else None

    def choose(self, secret: str, password: str) -> None:
        """Uses the link up and sets the password. Raises Refusal; then the link is as good as before."""
        register, now = self.register, self.register.clock()
        person = self.invited(secret)
        if person is None:
            raise no_link()
        with register.store.read.connect() as connection:
            last = register.user(connection, person.user_id).password_hash
        hashed = _new_hash(person, password, last)
        with register.store.write.begin() as connection:
            if people.use_link(connection, register.number, digest_of(secret), now) is None:
                raise no_link()
            self._set(connection, person, hashed, now, "choose_password")

    def change(self, person: Person, old: str, new: str) -> None:
        """Another password for somebody who knows the old one; ends all sessions. Raises Refusal."""
        register, now = self.register, self.register.clock()
        with register.store.read.connect() as connection:
            last = register.user(connection, person.user_id).password_hash
        if not fits(last, old):
            with register.store.write.begin() as connection:
                register.record(connection, now, person, "change_password", person.account, True)
            raise Refusal("原口令不正确", "更改口令", "请重新输入原口令；口令未改。")
        hashed = _new_hash(person, new, last)
        with register.store.write.begin() as connection:
            self._set(connection, person, hashed, now, "change_password")

    def _set(self, connection: Connection, person: Person, hashed: str, now: datetime, action: str) -> None:
        new = {"password_hash": hashed, "password_at": now, "stamp": new_stamp()}
        people.change_user(connection, self.register.number, person.user_id, **new)
        people.clear_failures(connection, self.register.number, person.account)
        self.register.record(connection, now, f"user#{person.user_id}", action, person.account)

    def _wrong(self, typed: str, address: str, now: datetime) -> NotSignedIn:
        """Counts a failure, of an account that exists or not, and says how many are left."""
        register = self.register
        with register.store.write.begin() as connection:
            people.lock_city(connection, register.number)  # two failures at once are two
            people.forget_failures(connection, register.number, now - FAILURES_KEPT)
            before = people.failure_of(connection, register.number, typed)
            over = before is not None and before.locked_until is not None  # a lock that has ended: from the beginning
            count = 1 if before is None or over else before.failures + 1
            until = now + LOCKED_FOR if count >= FAILURES_ALLOWED else None
            people.save_failure(connection, register.number, typed, count, now, until)
            why = {"why": "wrong", "failures": count, "address": address}
            register.record(connection, now, _typed_actor(typed), "sign_in", "", True, **why)
        if until:
            return self._locked(until)
        left = FAILURES_ALLOWED - count
        minutes = LOCKED_FOR // timedelta(minutes=1)
        return NotSignedIn("账号或口令不正确", f"已连续失败 {count} 次，再失败 {left} 次将锁定 {minutes} 分钟。")

    def _refuse(self, now: datetime, typed: str, address: str, why: str) -> None:
        with self.register.store.write.begin() as connection:
            self.register.record(connection, now, _typed_actor(typed), "sign_in", "", True, why=why, address=address)

    def _locked(self, until: datetime) -> NotSignedIn:
        free = self.register.city.local(until + timedelta(seconds=59)).strftime("%H:%M")
        then = f"连续失败 {FAILURES_ALLOWED} 次。{free} 后再试，或请系统管理员当面解锁。"
        return NotSignedIn("账号已锁定", then, locked=True)


def account_typed(text: str) -> str:
    """What was typed as an account, as accounts are written."""
    return unicodedata.normalize("NFKC", text).strip().lower()[:LONGEST_TYPED]


def no_link() -> Refusal:
    return Refusal("链接已用过或已过期", "一次性链接", "请系统管理员重置口令，给出新链接。")


def _new_hash(person: Person, password: str, last: str | None) -> str:
    found = list(complaints(password, person.account, person.name))
    if not found and fits(last, password):
        found.append("不能与上一个口令相同")
    if found:
        raise Refusal("口令不合要求：" + "；".join(found), "新口令", "请换一个；口令未改。")
    return hash_of(password)


def _typed_actor(typed: str) -> str:
    """Somebody may type a password where the account belongs: only what can be an account is written down."""
    return f"account:{typed if AN_ACCOUNT.fullmatch(typed) else '?'}"
