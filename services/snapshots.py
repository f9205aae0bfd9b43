"""Reading one Snapshot: the questions of a tick asked on one connection, put together by the rules of the domain."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from data_access import lists, spotlights, wall_questions
from data_access.wall_questions import OpenStock
from domain import addresses
from domain.city import City
from domain.indicators import Rate, added, on_time_closure_rate
from domain.snapshot import SPOTLIGHT, FeedItem, Flow, HourFlow, KeyCount, OverdueAlert, Snapshot, Spotlight
from domain.window import Window
from services.causes import cause_in_words
from services.standings import Standings

NEW_OVERDUE = timedelta(minutes=15)
HOUR = timedelta(hours=1)
FEED_LENGTH = 6
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class QuestionFailed(Exception):
    """A question of the tick failed; says which and why, in words for the hall."""

    def __init__(self, question: str, cause: str) -> None:
        super().__init__(f"{question}读取失败：{cause}")


class SnapshotReader:
    """Reads snapshots of one city. Keeps nothing but what cannot change within a day (the previous period's ranks)."""

    def __init__(self, city: City, city_number: int) -> None:
        self.city, self.number = city, city_number
        self._standings = Standings(city, city_number)

    def read(self, connection: Connection, as_of: datetime) -> Snapshot:
        """The picture at as_of. Raises QuestionFailed naming the question that could not be answered."""
        return _Reading(self.city, self.number, self._standings, connection, as_of).snapshot()


class _Reading:
    """One tick's reading: windows, lists and answers of one instant."""

    def __init__(self, city: City, number: int, standings: Standings, connection: Connection, as_of: datetime) -> None:
        self.city, self.number, self.standings, self.connection, self.as_of = city, number, standings, connection, as_of
        self.day = city.day_of(as_of)
        self.today = self._day_window(self.day, as_of)
        self.units = self._ask("单位目录", lists.units)
        self.categories = self._ask("问题类别目录", lists.categories)
        self.grids = self._ask("网格目录", lists.grids)

    def _ask(self, question: str, ask: Callable[..., Answer], *args: object) -> Answer:
        try:
            return ask(self.connection, self.number, *args)
        except SQLAlchemyError as error:
            raise QuestionFailed(question, cause_in_words(error)) from error

    def _day_window(self, day: date, as_of: datetime) -> Window:
        return Window(self.city.midnight(day), self.city.midnight(day + timedelta(days=1)), as_of)

    def snapshot(self) -> Snapshot:
        window = self.today
        stocks = self._ask("在办案件", wall_questions.open_by_grid, window)
        heat_today = self._ask("网格立案", wall_questions.count_by, "registered", "grid_id", window)
        month = self.standings.month_by_street(self._ask, self.as_of)
        whole_city = added(month.values())
        on_time = on_time_closure_rate(whole_city, self.city.options)
        alerts = self._alerts()
        units = self.standings.units(self._ask, self.as_of, window, self.units)
        return Snapshot(
            city_id=self.city.id,
            as_of=self.as_of,
            day=self.day,
            flows=self._flows(),
            on_time=on_time,
            open=sum(stock.open for stock in stocks),
            overdue_open=sum(stock.overdue_open for stock in stocks),
            suspended=sum(stock.suspended for stock in stocks),
            new_overdue=len(alerts),
            grid_keys=tuple(self.grids.values()),
            grid_heat=self._heat(stocks, heat_today),
            no_position_today=sum(n for grid, n in heat_today.items() if grid not in self.grids),
            streets=self.standings.streets(self._ask, month, window),
            units=units,
            co_dispatched=sum(unit.closed for unit in units) > whole_city.closed,
            calendar_missing=self.standings.calendar_missing(self.day),
            alerts=alerts,
            feed=self._feed(),
            hours=self._hours(),
            channels=self._keyed("上报渠道", "reported", "channel_id", self._ask("渠道目录", lists.channels)),
            categories=self._keyed("高发问题", "registered", "category_id", self.categories),
            cameras=tuple(self._ask("监控点", lists.cameras)),
            failed_checks=failed_checks(on_time, whole_city.closed),
            history_since=self._history_since(),
            quarantined=self._ask("待核行", lists.quarantined),
            map_version=self._ask("地图版本", lists.map_version),
            spotlights=self._spotlights(),
        )

    def _flows(self) -> dict[str, Flow]:
        yesterday = self.city.yesterday_of(self.as_of)
        cut = self.city.same_time_on(yesterday, self.as_of)
        windows = {"today": self.today, "yesterday": self._day_window(yesterday, cut)}
        counts = self._ask("今日流量", wall_questions.flows, windows)
        missing = self.city.not_recorded
        return {
            flow: Flow(None, None) if flow in missing else Flow(counts["today", flow], counts["yesterday", flow])
            for flow in wall_questions.FLOWS
        }

    def _heat(self, stocks: list[OpenStock], today: Mapping[int | None, int]) -> dict[str, tuple[int, ...]]:
        by_grid = {stock.grid_id: stock for stock in stocks}
        none = OpenStock(None, 0, 0, 0)
        return {
            "registered_today": tuple(today.get(grid, 0) for grid in self.grids),
            "open": tuple(by_grid.get(grid, none).open for grid in self.grids),
            "overdue_open": tuple(by_grid.get(grid, none).overdue_open for grid in self.grids),
        }

    def _alerts(self) -> tuple[OverdueAlert, ...]:
        rows = self._ask("新超期案件", wall_questions.newly_overdue, self.today, NEW_OVERDUE)
        streets = self.standings.street_names(self._ask)
        return tuple(
            OverdueAlert(
                case_no=row.case_no,
                category=self._category(row.category_id),
                unit=self._unit(row.unit_id),
                street=streets.get(row.street_id, ""),
                road=row.road or "",
                due_at=row.effective_due_at,
                overdue_min=(self.as_of - row.effective_due_at) // timedelta(minutes=1),
                position=(row.lon, row.lat) if row.lon is not None and row.lat is not None else None,
            )
            for row in rows
        )

    def _spotlights(self) -> tuple[Spotlight, ...]:
        rows = self._ask("大屏展示", spotlights.standing, self.today, SPOTLIGHT)
        streets = self.standings.street_names(self._ask) if rows else {}
        return tuple(
            Spotlight(
                wall=row.wall,
                case_no=row.case_no,
                category=self._category(row.category_id),
                unit=self._unit(row.unit_id),
                street=streets.get(row.street_id, ""),
                road=row.road or "",
                overdue_min=(self.as_of - row.effective_due_at) // timedelta(minutes=1) if row.overdue else None,
                position=(row.lon, row.lat) if row.lon is not None and row.lat is not None else None,
            )
            for row in rows
        )

    def _feed(self) -> tuple[FeedItem, ...]:
        rows = self._ask("案件动态", wall_questions.latest_steps, self.as_of, FEED_LENGTH)
        return tuple(
            FeedItem(
                row.case_no, row.at, row.step, self._category(row.category_id), row.road or "", self._unit(row.unit_id)
            )
            for row in rows
        )

    def _hours(self) -> tuple[HourFlow, ...]:
        """The last 24 full hours; hours are cut on the city's clock, also where its zone is off by half an hour."""
        local = self.city.local(self.as_of)
        end = self.as_of - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        window = Window(end - 24 * HOUR, end, self.as_of)
        registered = self._ask("立案走势", wall_questions.per_hour, "registered", window)
        closed = self._ask("结案走势", wall_questions.per_hour, "closed", window)
        starts = (window.start + n * HOUR for n in range(24))
        return tuple(
            HourFlow(self.city.local(start), registered.get(n, 0), closed.get(n, 0)) for n, start in enumerate(starts)
        )

    def _keyed(self, question: str, which: str, column: str, names: Mapping[int, lists.Named]) -> tuple[KeyCount, ...]:
        counts = self._ask(question, wall_questions.count_by, which, column, self.today)
        unknown = lists.Named("-", "未分类", "未分类")
        named = [(names.get(number or 0, unknown), count) for number, count in counts.items()]
        ordered = sorted(named, key=lambda pair: (-pair[1], pair[0].key))
        return tuple(KeyCount(entry.key, entry.name, count, entry.extra) for entry, count in ordered)

    def _category(self, number: int | None) -> str:
        return self.categories[number].name if number in self.categories else "未分类"

    def _unit(self, number: int | None) -> str:
        return self.units[number].short_name if number in self.units else "未定单位"

    def _history_since(self) -> date | None:
        day = self._ask("历史进度", lists.history_since)
        return date.fromisoformat(day) if day else None


def failed_checks(on_time: Rate, closed: int) -> tuple[str, ...]:
    """Addresses of figures that contradict each other; their panels show an error instead of a number."""
    return (addresses.city_figure("on_time_closure_rate", "month"),) if on_time.numerator > closed else ()
