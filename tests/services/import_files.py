"""Small case files in our own CSV form, and a look at everything a store holds."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from config.mappings import load_mapping
from data_access import tables
from data_access.store import Store
from domain.city import City
from services.imports import ImportReport, import_file

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
CITY = City("here", "例市", "例市大屏", ZoneInfo("Asia/Shanghai"))


def a_row(case_no: str = "A1", **changes: str) -> dict[str, str]:
    """A case reported and registered on 1 May 2026, due a day later, with a unit, a street and a position."""
    return {
        "案件号": case_no,
        "上报时间": "2026-05-01 08:30",
        "立案时间": "2026-05-01 09:00",
        "派遣时间": "2026-05-01 10:00",
        "处置时间": "",
        "结案时间": "",
        "截止时间": "2026-05-02 10:00",
        "状态": "处置中",
        "小类": "暴露垃圾",
        "责任单位": "环卫处",
        "来源": "热线",
        "街道": "东湖街道",
        "网格编码": "",
        "经度": "116.2",
        "纬度": "39.9",
        **changes,
    }


def a_file(folder: Path, *rows: dict[str, str], name: str = "cases.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
    return path


def imported(store: Store, path: Path, mapping: str = "generic", city: City = CITY) -> ImportReport:
    return import_file(store, city, load_mapping(mapping), path, NOW)


def rows_of(store: Store, name: str) -> list[dict[str, Any]]:
    """Every row of a table, in the order of its key."""
    table = tables.metadata.tables[name]
    with store.picture() as connection:
        found = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        return [dict(row) for row in found]


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """The whole content of the store as the driver gives it: equal before and after means that nothing was written."""
    found = {}
    with store.picture() as connection:
        for name, table in sorted(tables.metadata.tables.items()):
            key = ", ".join(column.name for column in table.primary_key.columns)
            rows = connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY {key}").all()
            found[name] = [tuple(row) for row in rows]
    return found
