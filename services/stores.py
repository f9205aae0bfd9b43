"""Opening the database: SQLite is created and migrated on the way, PostgreSQL only by `migrate`."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from data_access import directory, schema
from data_access.engine import open_engine
from data_access.store import Store, opened_file
from domain.city import City
from domain.refusals import Refusal
from services.causes import cause_in_words

__all__ = ["Store", "migrate_store", "open_store", "register_city"]


def open_store(url: str, now: datetime | None = None, *, create: bool = True, busy_s: float = 30.0) -> Store:
    """The store behind `url`, at this release's schema.

    `now` names the copy made before an SQLite file of an older release is migrated. Raises Refusal when the address
    is malformed, the server cannot be reached, or its schema is not the one this release needs.
    """
    try:
        backend = make_url(url).get_backend_name()
        if backend not in ("sqlite", "postgresql"):
            raise NoSuchModuleError(backend)
        url = _with_driver(url)
        store = Store(url, open_engine(url, read_only=True, busy_s=busy_s), open_engine(url, busy_s=busy_s))
    except (ArgumentError, NoSuchModuleError) as error:
        then = "请写成 sqlite:///文件 或 postgresql://用户@主机/库名。"
        raise Refusal("数据库地址不可用", str(error)[:200], then) from error
    try:
        if backend == "sqlite":
            _prepare_file(store, now, create)
        else:
            _require_current(store)
    except (DBAPIError, OSError) as error:
        store.close()
        then = "请核对地址、服务、权限和磁盘空间后重试。"
        raise Refusal("数据库打不开", f"{_shown(url)}：{cause_in_words(error)}", then) from error
    except Refusal:
        store.close()
        raise
    name = make_url(url).database if store.is_sqlite else None
    return replace(store, file=opened_file(name)) if name else store


def migrate_store(url: str, now: datetime) -> str:
    """Brings the database to this release's schema; returns the revision. The owner's command on PostgreSQL."""
    url = _with_driver(url)
    store = Store(url, open_engine(url, read_only=True), open_engine(url))
    try:
        if store.is_sqlite:
            _prepare_file(store, now, create=True)
        else:
            schema.migrate(store.write)
        return schema.revision_of(store.write) or ""
    except (DBAPIError, OSError) as error:
        raise Refusal(
            "数据库迁移未完成", f"{_shown(url)}：{cause_in_words(error)}", "数据未改动，请处理后重试。"
        ) from error
    finally:
        store.close()


def _with_driver(url: str) -> str:
    parts = make_url(url)
    return url.replace("postgresql://", "postgresql+psycopg://", 1) if parts.drivername == "postgresql" else url


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _prepare_file(store: Store, now: datetime | None, create: bool) -> None:
    name = make_url(store.url).database
    path = Path(name) if name and name != ":memory:" else None
    if path is not None:
        if not create and not path.exists():
            raise Refusal("数据库文件不存在", str(path), "请先导入案件（python app.py import …）或核对 --database。")
        path.parent.mkdir(parents=True, exist_ok=True)
    found = schema.revision_of(store.write)
    if found == schema.NEWEST:
        return
    if found is not None and not schema.knows(found):
        where = f"{_shown(store.url)}，结构 {found}"
        raise Refusal("数据库由更新的版本写成", where, "请用那个版本打开它，或换一个数据库；这里没有改动它。")
    if path is not None and found is not None and now is not None:
        schema.copy_before_migration(path, now)
    schema.migrate(store.write)


def _require_current(store: Store) -> None:
    found = schema.revision_of(store.read)
    if found != schema.NEWEST:
        where = f"{_shown(store.url)}，现为 {found or '空库'}，需要 {schema.NEWEST}"
        raise Refusal("数据库结构不是本版本的", where, "请用库的所有者运行 python app.py migrate --database …。")


def register_city(store: Store, city: City) -> int:
    """The city's number in this database, given now if it is new here."""
    try:
        with store.write.begin() as connection:
            return directory.ensure_city(connection, city.id, city.zone.key, city.demo)
    except DBAPIError as error:
        then = "请确认没有别的程序占用数据库、磁盘未满，然后重试。"
        raise Refusal("数据库写不进去", f"{_shown(store.url)}：{cause_in_words(error)}", then) from error
