"""Engines: SQLite with WAL and immediate write transactions, PostgreSQL with short time-outs."""

from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url


def open_engine(url: str, *, read_only: bool = False, busy_s: float = 30.0) -> Engine:
    """An engine for one process. On SQLite writes begin IMMEDIATE, so two writers wait instead of failing half-way."""
    if make_url(url).get_backend_name() != "sqlite":
        options = "-c statement_timeout=10000 -c idle_in_transaction_session_timeout=15000"
        # A server that can no longer be reached says nothing: a thread would wait for it a quarter of an hour.
        gone = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10000}
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_recycle=1800,
            pool_timeout=3,
            connect_args={"connect_timeout": 3, "options": options, **gone},
        )
    engine = create_engine(url, connect_args={"timeout": busy_s, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: SqliteConnection, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's begin event below decides
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-8000",
            "journal_size_limit=67108864",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
