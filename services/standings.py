"""Who stands where: units by score within their class, streets by 处置率, both for the month to date."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from config.scores import load_score
from data_access import lists, wall_questions
from data_access.lists import Named, Street
from data_access.wall_questions import UnitStock
from domain.city import City
from domain.indicators import Counts, handling_rate, on_time_closure_rate
from domain.periods import previous_to_same_day, this_month
from domain.ranking import ranks
from domain.scoring import ScoredUnit, UnitFigures, score_units
from domain.snapshot import StreetStanding, UnitStanding
from domain.window import Window

Ask = Callable[..., Any]
PREVIOUS_RANKS_LAST = timedelta(minutes=10)  # a finished period changes only by late corrections


class Standings:
    """Standings of one city. The ranks of the previous period are kept for ten minutes within one day."""

    def __init__(self, city: City, city_number: int) -> None:
        self.city, self.number = city, city_number
        self.rule = load_score(city.score) if city.score else None
        self._previous: tuple[object, datetime, dict[str, int]] | None = None

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
        scored = self._scored(month, names)
        previous = self._previous_ranks(ask, as_of, names)
        standings = []
        for number, unit in names.items():
            mine, of_today = month.get(number, Counts()), day.get(number, Counts())
            stock, score = stocks.get(number, UnitStock(0, None, 0)), scored.get(unit.key)
            oldest = stock.oldest_due_at
            standings.append(
                UnitStanding(
                    key=unit.key,
                    name=unit.name,
                    short_name=unit.short_name,
                    unit_class=unit.extra,
                    rank=score.rank if score else None,
                    previous_rank=previous.get(unit.key),
                    score=score.score if score else None,
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
        classes = list(self.city.unit_classes)
        place = {key: position for position, key in enumerate(classes)}
        return tuple(
            sorted(
                standings, key=lambda u: (u.rank is None, place.get(u.unit_class or "", len(place)), u.rank or 0, u.key)
            )
        )

    def _counts(self, ask: Ask, question: str, window: Window, by: str) -> dict[int | None, Counts]:
        answer: dict[int | None, Counts] = ask(
            question, wall_questions.period_counts, window, self.city.options.closure_due_definition, by
        )
        return answer

    def _scored(self, counts: Mapping[int | None, Counts], names: Mapping[int, Named]) -> dict[str, ScoredUnit]:
        if self.rule is None:
            return {}
        figures = [UnitFigures(unit.key, unit.extra, counts.get(n, Counts())) for n, unit in names.items()]
        return {unit.key: unit for unit in score_units(self.rule, figures, self.city.options)}

    def _previous_ranks(self, ask: Ask, as_of: datetime, names: Mapping[int, Named]) -> dict[str, int]:
        """Ranks in the previous month to the same day, with the stocks of that day's end."""
        period = previous_to_same_day(this_month(self.city.zone, as_of), as_of)
        if (
            self._previous
            and self._previous[0] == period
            and timedelta() <= as_of - self._previous[1] < PREVIOUS_RANKS_LAST
        ):
            return self._previous[2]
        counts = self._counts(ask, "上期单位得分", Window(period.start, period.end, as_of), "unit")
        before = {key: unit.rank for key, unit in self._scored(counts, names).items() if unit.rank is not None}
        self._previous = (period, as_of, before)
        return before
