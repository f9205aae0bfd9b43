"""Which reports have a paper form."""

from typing import Any

from domain.reports import WeeklyFacts
from layouts.reports.weekly import weekly_paper


def paper(facts: Any) -> bytes | None:
    """PDF of these facts; None for reports that are cells only."""
    return weekly_paper(facts) if isinstance(facts, WeeklyFacts) else None
