"""What must be provable later, written in the transaction of the act: sign-ins, refusals, rights, what was shown."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from data_access import audit_log
from data_access.store import Store
from domain.audit import Break, first_break

LONGEST_OBJECT = 120


def record(
    connection: Connection,
    city_number: int,
    at: datetime,
    actor: str,
    action: str,
    object: str,
    refused: bool = False,
    detail: Mapping[str, object] | None = None,
) -> int:
    """Adds one entry and gives its number.

    `actor` is Person.actor(post) or domain.audit.SYSTEM; `action` has its word in config/texts (audit.actions). No
    secret and no personal data of reporters belongs here. Call it last in a transaction: the end of the log stays
    locked until the commit.
    """
    return audit_log.append(
        connection, city_number, at, actor, action, object[:LONGEST_OBJECT], refused, dict(detail or {})
    )


def check(store: Store, city_number: int) -> Break | None:
    """Recomputes the whole chain; the first place where it does not hold, or None."""
    with store.picture() as connection:
        count = audit_log.count(connection, city_number)
        return first_break(audit_log.entries(connection, city_number), count)
