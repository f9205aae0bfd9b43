"""Which paper a report is printed on."""

from domain.reports import BriefFacts, CircularFacts, WeeklyFacts
from layouts.reports.brief import brief_paper
from layouts.reports.circular import circular_paper
from layouts.reports.weekly import weekly_paper


def paper(facts: WeeklyFacts | BriefFacts | CircularFacts) -> bytes:
    """PDF of these facts."""
    if isinstance(facts, WeeklyFacts):
        return weekly_paper(facts)
    return brief_paper(facts) if isinstance(facts, BriefFacts) else circular_paper(facts)
