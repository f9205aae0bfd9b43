"""Acknowledged alerts: one row for a case and an alert, the latest claim."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert

from data_access.desk_tables import acknowledgements


def acknowledge(
    connection: Connection,
    city_id: int,
    case_id: int,
    alert: str,
    version: int,
    owner_id: int,
    note: str,
    promised_at: datetime | None,
    at: datetime,
    by_id: int,
) -> None:
    """Replaces an earlier acknowledgement of the same alert. `version` is the claim's event."""
    c = acknowledgements.c
    connection.execute(
        delete(acknowledgements).where(c.city_id == city_id, c.case_id == case_id, c.alert == alert)
    )  # fmt: skip
    row = {
        "city_id": city_id, "case_id": case_id, "alert": alert, "version": version, "owner_id": owner_id, "note": note,
        "promised_at": promised_at, "at": at, "by_id": by_id,
    }  # fmt: skip
    connection.execute(insert(acknowledgements).values(row))
