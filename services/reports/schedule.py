"""Reports that are made by themselves: the weekly statistics on Mondays, brief and circular on their day of the month.

What was due while nothing ran is made up for, the oldest first, so that 总第 n 期 follows the calendar.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from data_access.report_facts import first_registered
from domain.city import City
from domain.editions import SCHEDULE
from domain.ranking_view import Span
from domain.refusals import Refusal
from domain.reports import KIND_WORDS, ReportKind
from services.reports.issue import report_span
from services.reports.office import Made, ReportOffice
from services.scheduler import Background

log = logging.getLogger(__name__)

EVERY_S = 600.0
MADE_UP_FOR = 6  # periods of a kind; older gaps are left to people
Due = tuple[Span, datetime]  # the period, and since when its report is due


def due_periods(city: City, kind: ReportKind, now: datetime) -> Iterator[Due]:
    """The periods whose report is due by now, the newest first; none when the city's plan does not have this kind."""
    plan = city.reports
    day = {ReportKind.WEEKLY: 1 if plan.weekly else None, ReportKind.MONTHLY: plan.monthly_day,
           ReportKind.CIRCULAR: plan.circular_day}[kind]  # fmt: skip
    before = now
    while day is not None:
        span = report_span(kind, city, None, before)
        at = datetime.combine(span.end + timedelta(days=day - 1), plan.at, city.zone)
        if at <= now:
            yield span, at
        before = city.midnight(span.first) + timedelta(hours=12)


class Schedule:
    """Of one city. What it has made it does not ask for again."""

    def __init__(self, office: ReportOffice, clock: Callable[[], datetime]) -> None:
        self.office, self.clock = office, clock
        self._done: set[tuple[ReportKind, Span]] = set()

    def missing(self, kind: ReportKind, now: datetime) -> list[Due]:
        """What is due and not made since it is due, the oldest first. Before the first report of a kind that is only
        the last period: a new house does not begin with years of reports."""
        found: list[Due] = []
        begun = bool(self.office.editions(kind))
        with self.office.store.picture() as connection:
            first = first_registered(connection, self.office.number)
        for span, at in due_periods(self.office.city, kind, now):
            ended = self.office.city.midnight(span.end)
            if first is None or ended <= first or self._made(kind, span, at) or len(found) == MADE_UP_FOR:
                break
            found.insert(0, (span, at))
            if not begun:
                break
        return found

    def run(self) -> list[Made]:
        """Makes what is missing. A report that cannot be made is told in the log and tried again the next time."""
        now = self.clock()
        made = []
        for kind in ReportKind:
            for span, at in self.missing(kind, now):
                try:
                    made.append(self.office.make(kind, span, now, SCHEDULE))
                except (Refusal, SQLAlchemyError) as error:
                    log.warning("%s %s 自 %s 应出，没有出来：%s", KIND_WORDS[kind], span.first, at, error)
                    break  # a later one would take its number
                self._done.add((kind, span))
                log.info("%s %s, edition %s", kind.value, span.first, made[-1].edition.edition)
        return made

    def _made(self, kind: ReportKind, span: Span, at: datetime) -> bool:
        """An edition from before the day on which it is due may be unsettled, and does not count."""
        return (kind, span) in self._done or any(one.as_of >= at for one in self.office.of_period(kind, span))


def report_beside(background: Background, office: ReportOffice, clock: Callable[[], datetime]) -> None:
    """Looks every ten minutes while this process leads. A frozen replay issues nothing."""
    if office.frozen:
        return
    schedule = Schedule(office, clock)

    def work() -> None:
        if not background.refresher.leading:
            return
        try:
            schedule.run()
        except SQLAlchemyError:
            log.warning("the reports that are due could not be read; trying again", exc_info=True)

    background.every("reports", EVERY_S, work)
