"""What a report is asked of: one city, one period, one instant, and one connection for all of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import Connection

from config.scores import load_rule, load_score
from data_access import lists
from data_access.counts import Figures, Selection
from data_access.lists import Named
from data_access.report_facts import first_registered
from domain.city import City
from domain.documents import day_words
from domain.ranking_view import RankingAsk, RankingTable, Span, WatchTable
from domain.score_rule import Ranked, Rated, ScoreRule, WatchList
from domain.window import Window
from services.figures import Question
from services.rankings.asking import PLAIN
from services.rankings.periods import previous
from services.rankings.table import ranking_table
from services.rankings.watch import watch_table
from services.reports.heads import is_month

QUIET = timedelta(days=3)  # a period may begin with so many days without a case


@dataclass(frozen=True)
class Picture:
    """`as_of` is aware. Stocks of a report stand at the period's end, or at as_of while it is not over."""

    connection: Connection
    city: City
    number: int
    span: Span
    as_of: datetime

    @property
    def stock_at(self) -> datetime:
        return min(self.as_of, self.city.midnight(self.span.end))

    @property
    def question(self) -> Question:
        start, end = self.city.midnight(self.span.first), self.city.midnight(self.span.end)
        return Question(start, end, self.as_of, False, self.city.options)

    def figures(
        self, question: Question | None = None, *, of_units: bool = False, wanted: frozenset[str] | None = None
    ) -> Figures:
        asked = question or self.question
        chosen = Selection(
            Window(asked.start, asked.end, asked.as_of),
            asked.cohort,
            asked.options,
            not_recorded=self.city.not_recorded,
            wanted=wanted,
            of_units=of_units,
        )
        return Figures(self.connection, self.number, chosen)

    def stock(self, *, of_units: bool = False, wanted: frozenset[str] | None = None) -> Figures:
        """Figures as things stood at the period's end."""
        return self.figures(replace(self.question, as_of=self.stock_at), of_units=of_units, wanted=wanted)

    def before(self, cohort: bool = False) -> Question:
        return previous(self.city, replace(self.question, cohort=cohort))

    def last_year(self, cohort: bool = False) -> Question:
        """The same days a year ago; of an unfinished period up to the same day."""
        first, end = _a_year_before(self.span.first), _a_year_before(self.span.end)
        if self.stock_at < self.city.midnight(self.span.end):
            end = min(end, _a_year_before(self.city.day_of(self.as_of) + timedelta(days=1)))
        start, stop = self.city.midnight(first), self.city.midnight(max(end, first + timedelta(days=1)))
        whole = self.as_of >= self.question.end
        younger = self.question.end - stop if whole else self.question.start - start
        as_of = self.as_of - younger if cohort else self.as_of
        return replace(self.question, start=start, end=stop, as_of=as_of, cohort=cohort)

    @cached_property
    def units(self) -> dict[int, Named]:
        """Units by number, in the city's order of classes and then as listed."""
        classes = list(self.city.unit_classes)
        listed = lists.units(self.connection, self.number)

        def place(number: int) -> tuple[int, str]:
            extra = listed[number].extra
            return (classes.index(extra), "") if extra in classes else (len(classes), extra or "")

        return {number: listed[number] for number in sorted(listed, key=lambda number: (*place(number), number))}

    @cached_property
    def data_since(self) -> date | None:
        first = first_registered(self.connection, self.number)
        return None if first is None else self.city.day_of(first)

    def missing(self, question: Question, name: str) -> str:
        """Why there is nothing to compare with in that period; empty when its data are complete."""
        since = self.data_since
        if since is None:
            return "本市还没有立案数据"
        if self.city.day_of(question.start) >= since - QUIET:
            return ""
        return f"本市数据自{day_words(since)}起，{name}没有完整数据"

    def class_name(self, unit_class: str | None) -> str:
        return self.city.unit_classes.get(unit_class or "", unit_class or "其他单位")

    @cached_property
    def rules(self) -> tuple[ScoreRule | WatchList, ...]:
        names = dict.fromkeys(name for name in (self.city.score, *self.city.scores) if name)
        return tuple(load_rule(name) for name in names)

    def rule_of(self, rated: Rated) -> ScoreRule:
        """The first of the city's scores for units, or for streets; the plain rate in a city that has none."""
        own = (rule for rule in self.rules if isinstance(rule, ScoreRule) and rule.rated is rated)
        return next(own, None) or load_score(PLAIN[rated])

    @property
    def watch_list(self) -> WatchList | None:
        return next((rule for rule in self.rules if isinstance(rule, WatchList)), None)

    def ranking(self, rule: ScoreRule) -> RankingTable:
        """The table that the page of rankings shows of this period: all classes, each with ranks of its own."""
        ranked = Ranked.UNIT if rule.rated is Rated.UNIT else Ranked.STREET
        return ranking_table(self.connection, self.city, self.number, self._ask(rule, ranked), rule, self.as_of)

    def watched(self, rules: WatchList) -> WatchTable:
        ask = self._ask(rules, Ranked.UNIT)
        return watch_table(self.connection, self.city, self.number, ask, rules, self.as_of)

    def _ask(self, rule: ScoreRule | WatchList, ranked: Ranked) -> RankingAsk:
        return RankingAsk(self.span, self.as_of, True, ranked, rule.name)

    def names(self) -> tuple[str, str, str]:
        """This period, the one before and the same a year ago, as the heads of columns: 4月, 3月, 上年4月."""
        if not is_month(self.span):
            return "本期", "上期", "上年同期"
        month = self.span.first.month
        to_day = f"（至{self.city.day_of(self.as_of).day}日）" if self.as_of < self.question.end else ""
        return f"{month}月{to_day}", f"{(month - 2) % 12 + 1}月{to_day}", f"上年{month}月{to_day}"


def _a_year_before(day: date) -> date:
    leap_day = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)
