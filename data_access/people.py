"""Accounts, posts, links and failures in the database. Rows only; what they mean is told in services/people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from data_access import desk_tables, tables

users, posts, links = desk_tables.users, desk_tables.user_posts, desk_tables.sign_in_links
failures, changes, units = desk_tables.sign_in_failures, desk_tables.post_changes, tables.units


def any_user(connection: Connection, city_number: int) -> bool:
    return (
        connection.execute(select(users.c.user_id).where(users.c.city_id == city_number).limit(1)).first() is not None
    )


def user(connection: Connection, city_number: int, user_id: int) -> Row[Any] | None:
    """The row of `users` with the unit's key and short name."""
    return connection.execute(_users(city_number).where(users.c.user_id == user_id)).first()


def user_of(connection: Connection, city_number: int, account: str) -> Row[Any] | None:
    return connection.execute(_users(city_number).where(users.c.account == account)).first()


def all_users(connection: Connection, city_number: int) -> Sequence[Row[Any]]:
    return connection.execute(_users(city_number).order_by(users.c.user_id)).all()


def posts_of(connection: Connection, city_number: int, user_id: int) -> list[str]:
    asked = select(posts.c.post).where(posts.c.city_id == city_number, posts.c.user_id == user_id)
    return list(connection.scalars(asked))


def all_posts(connection: Connection, city_number: int) -> dict[int, list[str]]:
    """Of everybody, by the user's number."""
    found: dict[int, list[str]] = {}
    for user_id, post in connection.execute(
        select(posts.c.user_id, posts.c.post).where(posts.c.city_id == city_number)
    ):
        found.setdefault(user_id, []).append(post)
    return found


def unit_number(connection: Connection, city_number: int, key: str) -> int | None:
    return connection.scalar(select(units.c.unit_id).where(units.c.city_id == city_number, units.c.key == key))


def unit_keys(connection: Connection, city_number: int) -> list[tuple[str, str]]:
    """Key and short name of every unit, in the order of their numbers."""
    asked = select(units.c.key, units.c.short_name).where(units.c.city_id == city_number).order_by(units.c.unit_id)
    return [(key, name) for key, name in connection.execute(asked)]


def add_user(connection: Connection, city_number: int, row: Mapping[str, Any]) -> int:
    """Adds an account and gives its number; one adds at a time, so no number is given twice."""
    number = _next(connection, city_number, users, "user_id")
    connection.execute(insert(users), [{**row, "city_id": city_number, "user_id": number}])
    return number


def change_user(connection: Connection, city_number: int, user_id: int, **values: Any) -> None:
    connection.execute(update(users).where(users.c.city_id == city_number, users.c.user_id == user_id).values(**values))


def set_posts(connection: Connection, city_number: int, user_id: int, held: Iterable[str]) -> None:
    connection.execute(delete(posts).where(posts.c.city_id == city_number, posts.c.user_id == user_id))
    rows = [{"city_id": city_number, "user_id": user_id, "post": post} for post in held]
    if rows:
        connection.execute(insert(posts), rows)


def add_link(connection: Connection, city_number: int, digest: bytes, user_id: int, until: datetime) -> None:
    """A new link; older ones of the same account that were not used lead nowhere from now on."""
    unused = (links.c.city_id == city_number, links.c.user_id == user_id, links.c.used_at.is_(None))
    connection.execute(delete(links).where(*unused))
    row = {"city_id": city_number, "digest": digest, "user_id": user_id, "until": until}
    connection.execute(insert(links), [row])


def link_owner(connection: Connection, city_number: int, digest: bytes, now: datetime) -> int | None:
    """Whose link this is, as long as it is good."""
    return connection.scalar(select(links.c.user_id).where(*_good(city_number, digest, now)))


def use_link(connection: Connection, city_number: int, digest: bytes, now: datetime) -> int | None:
    """Uses a link up and gives its owner; None when it is not good, or somebody was quicker."""
    taken = update(links).where(*_good(city_number, digest, now)).values(used_at=now).returning(links.c.user_id)
    owner: int | None = connection.scalar(taken)
    return owner


def failure_of(connection: Connection, city_number: int, account: str) -> Row[Any] | None:
    """failures, at, locked_until of what was typed as an account."""
    asked: Select[Any] = select(failures.c.failures, failures.c.at, failures.c.locked_until)
    return connection.execute(asked.where(*_failing(city_number, account))).first()


def all_locks(connection: Connection, city_number: int, now: datetime) -> dict[str, datetime]:
    asked = select(failures.c.account, failures.c.locked_until)
    return {
        account: until
        for account, until in connection.execute(
            asked.where(failures.c.city_id == city_number, failures.c.locked_until > now)
        )
    }


def save_failure(
    connection: Connection, city_number: int, account: str, count: int, at: datetime, locked_until: datetime | None
) -> None:
    clear_failures(connection, city_number, account)
    row = {"city_id": city_number, "account": account, "failures": count, "at": at, "locked_until": locked_until}
    connection.execute(insert(failures), [row])


def clear_failures(connection: Connection, city_number: int, account: str) -> None:
    connection.execute(delete(failures).where(*_failing(city_number, account)))


def forget_failures(connection: Connection, city_number: int, before: datetime) -> None:
    connection.execute(delete(failures).where(failures.c.city_id == city_number, failures.c.at < before))


def add_change(connection: Connection, city_number: int, row: Mapping[str, Any]) -> int:
    number = _next(connection, city_number, changes, "change_id")
    connection.execute(insert(changes), [{**row, "city_id": city_number, "change_id": number}])
    return number


def open_changes(connection: Connection, city_number: int) -> Sequence[Row[Any]]:
    """What was proposed and nobody has decided."""
    c = changes.c
    asked = select(changes).where(c.city_id == city_number, c.decided_at.is_(None))
    return connection.execute(asked.order_by(c.change_id)).all()


def open_change(connection: Connection, city_number: int, user_id: int) -> Row[Any] | None:
    c = changes.c
    asked = select(changes).where(c.city_id == city_number, c.user_id == user_id, c.decided_at.is_(None))
    return connection.execute(asked).first()


def decide_change(
    connection: Connection, city_number: int, change_id: int, by: int, at: datetime, confirmed: bool
) -> bool:
    """False when it had been decided before."""
    c = changes.c
    mine = update(changes).where(c.city_id == city_number, c.change_id == change_id, c.decided_at.is_(None))
    return connection.execute(mine.values(decided_by=by, decided_at=at, confirmed=confirmed)).rowcount == 1


def lock_city(connection: Connection, city_number: int) -> None:
    """One writer of accounts at a time; on SQLite there is only one anyway."""
    connection.execute(select(tables.cities.c.city_id).where(tables.cities.c.city_id == city_number).with_for_update())


def _users(city_number: int) -> Select[Any]:
    own_unit = (units.c.city_id == users.c.city_id) & (units.c.unit_id == users.c.unit_id)
    chosen = select(users, units.c.key.label("unit_key"), units.c.short_name.label("unit_name"))
    return chosen.select_from(users.outerjoin(units, own_unit)).where(users.c.city_id == city_number)


def _good(city_number: int, digest: bytes, now: datetime) -> tuple[Any, ...]:
    return links.c.city_id == city_number, links.c.digest == digest, links.c.used_at.is_(None), links.c.until > now


def _failing(city_number: int, account: str) -> tuple[Any, ...]:
    return failures.c.city_id == city_number, failures.c.account == account


def _next(connection: Connection, city_number: int, table: Any, column: str) -> int:
    lock_city(connection, city_number)
    last = connection.scalar(select(func.max(table.c[column])).where(table.c.city_id == city_number))
    return (last or 0) + 1
