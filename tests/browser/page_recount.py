"""What a wall must show, recounted from the raw rows of the file: own SQL, own arithmetic, nothing of the product."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.recount import names_of, recount

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FREED = ("returned", "dispatcher_error")
Row = dict[str, Any]
Named = tuple[Row, frozenset[str]]


class PageRecount:
    """One city of one SQLite file, as seen at `as_of`."""

    def __init__(self, database: Path, city: str, as_of: datetime, zone: ZoneInfo) -> None:
        self.as_of, self.zone = as_of, zone
        self.file = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        self.file.row_factory = sqlite3.Row
        self.city = self.file.execute("select city_id from cities where key = ?", (city,)).fetchone()[0]
        self.midnight = as_of.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        self.month = self.midnight.replace(day=1)
        next_month = (self.month + timedelta(days=32)).replace(day=1)
        tomorrow = self.midnight + timedelta(days=1)
        self.cases = self._rows("cases")
        own = [a for a in self._rows("assignments") if a["role"] != "informed" and a["end_reason"] not in FREED]
        self.today = self._named(self.cases, self.midnight, tomorrow)
        self.month_cases = self._named(self.cases, self.month, next_month)
        self.work_today = self._named(own, self.midnight, tomorrow)
        self.work_month = self._named(own, self.month, next_month)

    def close(self) -> None:
        self.file.close()

    def _rows(self, table: str) -> list[dict[str, Any]]:
        rows = self.file.execute(f"select * from {table} where city_id = ?", (self.city,))
        return [{name: self._value(name, row[name]) for name in row.keys()} for row in rows]  # noqa: SIM118

    @staticmethod
    def _value(name: str, value: Any) -> Any:
        return EPOCH + timedelta(microseconds=value) if name.endswith("_at") and value is not None else value

    def _keys(self, table: str, number: str) -> dict[str, int]:
        rows = self.file.execute(f"select key, {number} from {table} where city_id = ?", (self.city,))
        return {row[0]: row[1] for row in rows}

    def _named(self, rows: Iterable[Row], start: datetime, end: datetime) -> list[Named]:
        """Which counts each row belongs to: worked out once, asked many times."""
        return [(row, frozenset(names_of(row, start, end, self.as_of, cohort=False))) for row in rows]

    def expected(self, address: str) -> int | Fraction | None:
        """The value at an address of a figure; raises KeyError for one this recount does not know."""
        scope, rest = address.split("/", 1)
        ask: Callable[[str], int | Fraction | None] = getattr(self, f"_{scope}")
        return ask(rest)

    def _city(self, rest: str) -> int | Fraction | None:
        _, figure, period = rest.split("/", 2)
        if period == "today/vs_yesterday":
            before = self.midnight - timedelta(days=1)
            same = self.as_of.astimezone(self.zone) - timedelta(days=1)
            base = recount(self.cases, before, self.midnight, same)[figure]
            return Fraction(count(self.today, figure) - base, base) if base else None
        if figure == "on_time_closure_rate":
            return on_time(self.month_cases)
        if figure == "overdue_share":
            opened = count(self.today, "open")
            return Fraction(count(self.today, "overdue_open"), opened) if opened else None
        if figure == "new_overdue":
            recent = self.as_of - timedelta(minutes=15)
            late: list[datetime] = [row["effective_due_at"] for row, names in self.today if "overdue_open" in names]
            return sum(due >= recent for due in late)
        if figure == "no_position":
            return count(self.today, "registered", grid_id=None)
        if figure.startswith("cameras_"):
            return self._cameras(figure.removeprefix("cameras_"))
        return count(self.today, figure)

    def _cameras(self, state: str) -> int:
        states = Counter(r[0] for r in self.file.execute("select state from cameras where city_id = ?", (self.city,)))
        return states["online"] + states["late"] if state == "online" else states[state]

    def _street(self, rest: str) -> int:
        key, figure, _ = rest.rsplit("/", 2)
        assert figure == "registered", rest
        return count(self.today, figure, street_id=self._keys("areas", "area_id")[key])

    def _unit(self, rest: str) -> int | Fraction | None:
        key, figure, period = rest.rsplit("/", 2)
        number = self._keys("units", "unit_id")[key]
        named = self.work_month if period == "month" else self.work_today
        own = [(row, names) for row, names in named if row["unit_id"] == number]
        if figure == "on_time_closure_rate":
            return on_time(own)
        if figure == "longest_overdue_min":
            late: list[datetime] = [row["effective_due_at"] for row, names in own if "overdue_open" in names]
            return (self.as_of - min(late)) // timedelta(minutes=1) if late else None
        if figure == "due_soon":
            opened = [row for row, names in own if "open" in names and row["due_soon_at"]]
            return sum(bool(row["due_soon_at"] <= self.as_of <= row["effective_due_at"]) for row in opened)
        return count(own, figure)

    def _channel(self, rest: str) -> int:
        number = self._keys("channels", "channel_id")[rest.removesuffix("/reported/today")]
        return count(self.today, "reported", channel_id=number)

    def _category(self, rest: str) -> int:
        number = self._keys("categories", "category_id")[rest.removesuffix("/registered/today")]
        return count(self.today, "registered", category_id=number)

    def _hour(self, rest: str) -> int:
        start, flow = rest.rsplit("/", 1)
        begin = datetime.fromisoformat(start)
        return recount(self.cases, begin, begin + timedelta(hours=1), self.as_of)[flow]

    def _case(self, rest: str) -> int:
        case_no = rest.split("/")[0]
        due = next(c["effective_due_at"] for c in self.cases if c["case_no"] == case_no)
        minutes: int = (self.as_of - due) // timedelta(minutes=1)
        return minutes

    def heat(self) -> dict[str, int]:
        """Registered today per grid key, for the classes painted on the map."""
        counts = Counter(row["grid_id"] for row, names in self.today if "registered" in names)
        return {key: counts[number] for key, number in self._keys("grids", "grid_id").items()}


def count(named: Iterable[Named], name: str, **where: int | None) -> int:
    return sum(name in names and all(row[c] == wanted for c, wanted in where.items()) for row, names in named)


def on_time(named: Iterable[Named]) -> Fraction | None:
    rows = list(named)
    due = count(rows, "closure_due") - count(rows, "closure_due_without_deadline")
    return Fraction(count(rows, "on_time"), due) if due else None
