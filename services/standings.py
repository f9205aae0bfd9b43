"""Who stands where: units by score within their class, streets by 处置率, both for the month to date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from config.calendars import load_calendar
from config.scores import load_score
from data_access import lists, wall_questions
from data_access.lists import Named, Street
from data_access.wall_questions import UnitStock
from domain.city import City
from domain.indicators import Counts, handling_rate, less, on_time_closure_rate
from domain.periods import previous_to_same_day, this_month
from domain.ranking import ranks
from domain.scoring import UnitFigures, score_units
from domain.snapshot import StreetStanding, UnitStanding
from domain.window import Window

Ask = Callable[..., Any]
PREVIOUS_RANKS_LAST = timedelta(minutes=10)  # a finished period changes only by late corrections


@dataclass(frozen=True)
class Place:
    """None = not ranked (本期无案件), or a city without a score."""

    rank: int | None
    score: Fraction | None


class Standings:
    """Standings of one city. The ranks of the previous period are kept for ten minutes within one day."""

    def __init__(self, city: City, city_number: int) -> None:
        self.city, self.number = city, city_number
        self.rule = load_score(city.score) if city.score else None
        self.calendar = load_calendar(city.calendar) if city.calendar else None
        self._previous: tuple[object, datetime, dict[str, int]] | None = None

    def calendar_missing(self, day: date) -> int | None:
        """The year whose holidays the city's calendar does not know: deadlines in it are provisional."""
        return None if self.calendar is None or self.calendar.covers(day) else day.year

    def month_window(self, as_of: datetime) -> Window:
        month = this_month(self.city.zone, as_of)
        return Window(month.start, month.end, as_of)

    def street_names(self, ask: Ask) -> dict[int, str]:
        return {number: street.short_name for number, street in ask("街道目录", lists.streets).items()}

    def month_by_street(self, ask: Ask, as_of: datetime) -> dict[int | None, Counts]:
        """The month to date by street; None = cases of no street. Every case is in one entry: their sum is the city."""
        return self._counts(ask, "本月结案", self.month_window(as_of), "street")

    def streets(self, ask: Ask, month: Mapping[int | None, Counts], today: Window) -> tuple[StreetStanding, ...]:
        """Streets in the order of their 处置率 of the month; those with nothing due last, unranked."""
        known: Mapping[int, Street] = ask("街道目录", lists.streets)
        registered = ask("街道立案", wall_questions.count_by, "registered", "street_id", today)
        rates = {number: handling_rate(month.get(number, Counts()), self.city.options) for number in known}
        ranked = ranks({number: rate.value for number, rate in rates.items() if rate.value is not None})
        standings = [
            StreetStanding(s.key, s.name, s.short_name, registered.get(n, 0), rates[n], ranked.get(n), s.label)
            for n, s in known.items()
        ]
        return tuple(sorted(standings, key=lambda s: (s.rank is None, s.rank or 0, s.key)))

    def units(self, ask: Ask, as_of: datetime, today: Window, names: Mapping[int, Named]) -> tuple[UnitStanding, ...]:
        """Every unit, ranked ones first by class and rank."""
        month = self._counts(ask, "单位得分", self.month_window(as_of), "unit")
        day = self._counts(ask, "单位今日结案", today, "unit")
        stocks: Mapping[int, UnitStock] = ask("单位在办", wall_questions.stock_by_unit, today)
        places = self._places(self._in_score(ask, self.month_window(as_of), month), names)
        previous = self._previous_ranks(ask, as_of, names)
        standings = []
        for number, unit in names.items():
            mine, of_today = month.get(number, Counts()), day.get(number, Counts())
            stock, place = stocks.get(number, UnitStock(0, None, 0)), places.get(unit.key, Place(None, None))
            oldest = stock.oldest_due_at
            standings.append(
                UnitStanding(
                    key=unit.key,
                    name=unit.name,
                    short_name=unit.short_name,
                    unit_class=unit.extra,
                    rank=place.rank,
                    previous_rank=previous.get(unit.key),
                    score=place.score,
                    on_time=on_time_closure_rate(mine, self.city.options),
                    closed=mine.closed,
                    closure_due=mine.closure_due,
                    overdue_open=stock.overdue_open,
                    longest_overdue_min=None if oldest is None else (as_of - oldest) // timedelta(minutes=1),
                    due_soon=stock.due_soon,
                    closed_today=of_today.closed,
                    closure_due_today=of_today.closure_due,
                )
            )
        return tuple(sorted(standings, key=self._order))

    def _order(self, unit: UnitStanding) -> tuple[object, ...]:
        """Ranked units first, class by class as the city lists them."""
        classes = list(self.city.unit_classes)
        position = classes.index(unit.unit_class) if unit.unit_class in classes else len(classes)
        return unit.rank is None, position, unit.rank or 0, unit.key

    def _counts(self, ask: Ask, question: str, window: Window, by: str) -> dict[int | None, Counts]:
        answer: dict[int | None, Counts] = ask(question, wall_questions.period_counts, window, self.city.options, by)
        return answer

    def _in_score(self, ask: Ask, window: Window, counts: Mapping[int | None, Counts]) -> Mapping[int | None, Counts]:
        """What a score is made of: the units' figures without what accepted appeals take out of it."""
        if self.rule is None:
            return counts
        out: Mapping[int | None, Counts] = ask("申诉免计", wall_questions.exempted_counts, window, self.city.options)
        return {unit: less(of_unit, out[unit]) if unit in out else of_unit for unit, of_unit in counts.items()}

    def _places(self, counts: Mapping[int | None, Counts], names: Mapping[int, Named]) -> dict[str, Place]:
        """By score within the scope of the city's rule; without a rule by 按期结案率 within the class."""
        mine = {unit.key: counts.get(number, Counts()) for number, unit in names.items()}
        classes = {unit.key: unit.extra for unit in names.values()}
        if self.rule is not None:
            figures = [UnitFigures(key, classes[key], of_unit) for key, of_unit in mine.items()]
            return {u.key: Place(u.rank, u.score) for u in score_units(self.rule, figures, self.city.options)}
        rates = {key: on_time_closure_rate(of_unit, self.city.options).value for key, of_unit in mine.items()}
        places: dict[str, Place] = {}
        for group in set(classes.values()):
            rated = {key: rate for key, rate in rates.items() if rate is not None and classes[key] == group}
            places |= {key: Place(rank, None) for key, rank in ranks(rated).items()}
        return places

    def _previous_ranks(self, ask: Ask, as_of: datetime, names: Mapping[int, Named]) -> dict[str, int]:
        """Ranks in the previous month to the same day, with the stocks of that day's end."""
        period = previous_to_same_day(this_month(self.city.zone, as_of), as_of)
        if (
            self._previous
            and self._previous[0] == period
            and timedelta() <= as_of - self._previous[1] < PREVIOUS_RANKS_LAST
        ):
            return self._previous[2]
        window = Window(period.start, period.end, as_of)
        counts = self._in_score(ask, window, self._counts(ask, "上期单位得分", window, "unit"))
        before = {key: place.rank for key, place in self._places(counts, names).items() if place.rank is not None}
        self._previous = (period, as_of, before)
        return before
