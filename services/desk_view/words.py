"""How the desk writes times, durations and people, in the language of its texts and the city's local time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction

from config.texts import Texts
from domain.city import City
from domain.deadlines import Limit
from domain.life_cycle import ROLE_WORDS, Role

MINUTE = timedelta(minutes=1)
LONG_DAYS = 100  # from here on the hours of a duration say nothing


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def span(length: timedelta) -> int:
    """Whole milliseconds."""
    return length // timedelta(milliseconds=1)


class Words:
    """The desk's phrases for one city."""

    def __init__(self, texts: Texts, city: City) -> None:
        self.texts, self.city = texts, city

    def __call__(self, key: str, /, **values: object) -> str:
        return self.texts(f"desk_view.{key}", **values)

    def time(self, moment: datetime, now: datetime, *, seconds: bool = False) -> str:
        """The time of day; with its date when that is not today's, with its year when that is another one."""
        at, today = self.city.local(moment), self.city.local(now)
        clock = at.strftime("%H:%M:%S" if seconds else "%H:%M")
        if at.date() == today.date():
            return clock
        return f"{at:%m-%d} {clock}" if at.year == today.year else f"{at:%Y-%m-%d} {clock}"

    def day(self, moment: datetime) -> str:
        at = self.city.local(moment)
        month = self.texts("clock.months").split()[at.month - 1]
        return self.texts("clock.day", month=month, day=at.day)

    def duration(self, length: timedelta) -> str:
        """6时52分, 38分, 1天6时: two units at most, the smaller one truncated."""
        minutes = max(length, timedelta()) // MINUTE
        hours, rest = divmod(minutes, 60)
        days, hours_left = divmod(hours, 24)
        if days >= LONG_DAYS:
            return self.texts("duration.days", days=days)
        if days:
            return self.texts("duration.days_hours", days=days, hours=hours_left)
        if hours:
            return self.texts("duration.hours_minutes", hours=hours, minutes=f"{rest:02d}")
        return self.texts("duration.minutes", minutes=rest)

    def limit(self, limit: Limit) -> str:
        """6 工作时, 1.5 工作日."""
        value = f"{float(limit.value):.2f}".rstrip("0").rstrip(".")
        return self(f"unit_of_time.{limit.unit}", value=value)

    def percent(self, share: Fraction) -> str:
        """One decimal, truncated (DECISIONS 12)."""
        whole, tenth = divmod(int(share * 1000), 10)
        return f"{whole}.{tenth}"

    def role(self, role: str) -> str:
        return ROLE_WORDS[Role(role)] if role in set(Role) else role

    def person(self, number: int | None, people: Mapping[int, tuple[str, tuple[str, ...]]]) -> str:
        return people[number][0] if number is not None and number in people else ""
