"""Words and small parts that the channels' table, log and drawer share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from config.texts import Texts
from domain.channel_status import Attempt
from domain.city import City
from domain.hours import EVERY_DAY, NO_DAY, WEEKDAYS, DayKind, Days, Hours
from domain.people import POST_WORDS
from layouts.admin.frame import aria
from layouts.formats import row_time


@dataclass(frozen=True)
class Words:
    """The phrases of this page, and times of the city as seen at one instant."""

    texts: Texts
    city: City
    now: datetime

    def __call__(self, key: str, **values: object) -> str:
        return self.texts(f"notice_channels.{key}", **values)

    def time(self, moment: datetime) -> str:
        return row_time(moment, self.city.day_of(self.now), self.city, self.texts)

    def when(self, attempt: Attempt | None) -> str:
        return self.time(attempt.at) if attempt else "—"

    def recipient(self, name: str) -> str:
        """A unit or a post by its words; what has none as it is written."""
        prefix, _, key = name.partition(":")
        known: dict[str, str] = {}
        if prefix == "unit":
            known = {unit.key: unit.short_name for unit in self.city.units}
        elif prefix == "post":
            known = {post.value: words for post, words in POST_WORDS.items()}
        return known.get(key, name)

    def hours(self, hours: Hours) -> str:
        """22:00–07:00，工作日，2026-10-01 除外."""
        parts = [f"{hours.start:%H:%M}–{hours.end:%H:%M}"]
        if hours.days != EVERY_DAY:
            parts.append(self._days(hours.days))
        if hours.except_days != NO_DAY:
            parts.append(self("except", days=self._days(hours.except_days)))
        return self("comma").join(parts)

    def _days(self, days: Days) -> str:
        weekdays = [self(f"weekday.{name}") for name, number in WEEKDAYS.items() if number in days.weekdays]
        kinds = [self(f"kind.{kind.value}") for kind in DayKind if kind in days.kinds]
        dates = [
            f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d}–{last:%Y-%m-%d}" for first, last in days.dates
        ]
        return self("and").join([*weekdays, *kinds, *dates])


def mark(tone: str, words: str) -> Component:
    """A state: its shape says the same as its colour."""
    shapes = {"ok": "●", "warn": "▲", "alarm": "✕", "muted": "○"}
    return html.Span([html.I(shapes[tone], **aria(hidden="true")), words], className=f"ch-state {tone}")


def button(words: str, key: dict[str, str], *, primary: bool = False, disabled: bool = False) -> Component:
    look = "ch-button primary" if primary else "ch-button"
    return html.Button(words, id=key, n_clicks=0, className=look, disabled=disabled, type="button")


def table(heads: Sequence[str], rows: Sequence[Component], caption: str) -> Component:
    top = html.Thead(html.Tr([html.Th(head, scope="col") for head in heads]))
    return html.Table([top, html.Tbody(list(rows))], className="ch-table", **aria(label=caption))
