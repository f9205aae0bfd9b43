"""The last twelve periods of a view, each by the rule in force now."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from data_access.counts import Figures
from data_access.history import Progress, no_progress
from data_access.store import Store
from domain.city import City
from domain.indicators import RATES
from domain.ranking_view import RankingAsk, Span, Trend
from domain.score_rule import Ranked, ScoreRule, WatchList
from domain.scoring import score_units
from services.parts import Clock
from services.rankings import gather, periods
from services.rankings.gather import Entry
from services.rankings.remembered import Remembered
from services.rankings.table import together

PERIODS = 12
Values = Mapping[str, Fraction | None]


class Trends:
    """Trends of one city. Finished periods are remembered for ten minutes; several threads may ask."""

    def __init__(self, store: Store, city: City, number: int, clock: Clock) -> None:
        self.store, self.city, self.number = store, city, number
        self._known: Remembered[Values] = Remembered(clock)

    def of(self, ask: RankingAsk, rule: ScoreRule | WatchList, progress: Progress = no_progress) -> Trend:
        """Scores of everybody per period, or the first watched rate, as the table of each period shows them at the
        ask's as_of."""
        spans = periods.earlier_spans(ask.span, PERIODS)
        with self.store.picture() as connection:
            question = gather.question_of(self.city, ask, rule)
            wanted = gather.of_rates(rule, question.options)
            newest = gather.look(
                connection, self.number, self.city, question, wanted, of_units=ask.ranked is Ranked.UNIT
            )
            entries = gather.listed(connection, self.number, ask.ranked)
            each = []
            for number, span in enumerate(spans):
                progress(number / len(spans))
                each.append(self._values(replace(ask, span=span), rule, newest, entries))
        return Trend(spans, {key: tuple(values.get(key) for values in each) for key in each[-1]})

    def _values(
        self, ask: RankingAsk, rule: ScoreRule | WatchList, newest: Figures, entries: Mapping[int, Entry]
    ) -> Values:
        window = gather.window_of(gather.question_of(self.city, ask, rule))
        if window.unfinished:
            return _counted(newest.over(window), ask, rule, entries)
        return self._known.of(_key(ask), lambda: _counted(newest.over(window), ask, rule, entries))


def _counted(figures: Figures, ask: RankingAsk, rule: ScoreRule | WatchList, entries: Mapping[int, Entry]) -> Values:
    options = figures.chosen.options
    units = gather.units_of(figures, ask.ranked, entries)
    if isinstance(rule, WatchList):
        rate = RATES[rule.lines[0].indicator]
        return {unit.key: rate(together([unit]), options).value for unit in units}
    return {unit.key: unit.score for unit in score_units(rule, units, options)}


def _key(ask: RankingAsk) -> tuple[Span, datetime | None, str, str, tuple[tuple[str, str], ...]]:
    """Everybody is scored whatever class is shown. A period that is over is the same for every live view."""
    return ask.span, ask.as_of if ask.pinned else None, ask.ranked, ask.score, tuple(sorted(ask.filters.items()))
