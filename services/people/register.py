"""The register of people: whose it is, where it is stored, and how a row becomes a person."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data_access import people
from data_access.store import Store
from domain.audit import SYSTEM
from domain.city import City
from domain.people import Person, Post
from domain.refusals import Refusal
from services import audit
from services.parts import Clock


@dataclass(frozen=True)
class Register:
    store: Store
    city: City
    number: int
    clock: Clock

    def record(
        self,
        connection: Connection,
        at: datetime,
        by: Person | str | None,
        action: str,
        object_: str = "",
        refused: bool = False,
        **detail: object,
    ) -> None:
        """One audit entry; `by` nobody is the command line on the server itself."""
        actor = actor_of(by) if isinstance(by, Person) else by or SYSTEM
        audit.record(connection, self.number, at, actor, action, object_, refused, detail)

    def user(self, connection: Connection, user_id: int) -> Any:
        """The row of an account. Raises Refusal when there is none."""
        found = people.user(connection, self.number, user_id)
        if found is None:
            raise Refusal("没有这个账号", f"编号 {user_id}", "请刷新列表后重试。")
        return found

    def invite(self, connection: Connection, user_id: int, until: datetime) -> str:
        """A new one-time link: gives its secret, of which only the digest is kept."""
        secret = secrets.token_urlsafe(24)
        people.add_link(connection, self.number, digest_of(secret), user_id, until)
        return secret


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def new_stamp() -> str:
    """Another stamp ends every session of the account."""
    return secrets.token_hex(16)


def person_of(row: Any, posts: Iterable[str]) -> Person:
    return Person(row.user_id, row.account, row.name, frozenset(map(Post, posts)), row.unit_key)


def actor_of(person: Person) -> str:
    """Who acts, by the first of the posts."""
    return person.actor(next((post for post in Post if post in person.posts), "user"))
