"""What may be chosen instead: periods, objects, schemes, filters, and the working days of the calendar."""

from datetime import date, datetime, timedelta

from config.texts import Texts
from domain.calendar import WorkCalendar
from domain.city import City
from domain.ranking_view import Choices, PeriodChoice, RankingAsk
from layouts.rankings import frame, wording

SEGMENTS = ("today", "week", "month", "quarter", "year")
GROUPS = ("common", "own", "finished")
MONTHS = 25  # of the calendar are sent at least: from two years before to the end of this year
SATURDAY = 5


def choices_view(
    choices: Choices, ask: RankingAsk, now: datetime, city: City, texts: Texts, calendar: WorkCalendar | None = None
) -> dict[str, object]:
    """The `choices` of /api/rankings/view. `now` is the city's; `calendar` its working calendar where it has one."""
    today = city.day_of(now)
    return {
        "segments": _segments(choices, ask, texts),
        "custom": {"label": texts("rankings.period.custom"), "on": not _is_segment(choices, ask)},
        "periods": _periods(choices, ask, texts),
        "objects": [
            {"key": one.value, "label": texts(f"rankings.object.{one.value}"), "on": one is ask.ranked}
            for one in choices.ranked
        ],
        "scores": [{"key": one.key, "label": one.name, "on": one.key == ask.score} for one in choices.scores],
        "filters": [
            {
                "key": name,
                "label": texts(f"rankings.filter.{name}"),
                "chosen": ask.filters.get(name, ""),
                "options": [{"key": one.key, "label": one.name} for one in options],
            }
            for name, options in choices.filters.items()
            if options
        ],
        "picker": {
            "from": ask.span.first.isoformat(),
            "to": min(ask.span.end - timedelta(days=1), max(today, ask.span.first)).isoformat(),
            "as_of": frame.address(ask, city).get("as_of", ""),
            "today": today.isoformat(),
            "settle_days": city.settle_days,
            "months": _months(today, calendar) if calendar else {},
        },
    }


def _segments(choices: Choices, ask: RankingAsk, texts: Texts) -> list[dict[str, object]]:
    common = {choice.word: choice for choice in choices.periods if choice.group == "common"}
    return [
        {
            "key": word,
            "label": texts(f"rankings.period.{word}"),
            "address": dict(common[word].address),
            "on": common[word].span == ask.span,
        }
        for word in SEGMENTS
        if word in common
    ]


def _is_segment(choices: Choices, ask: RankingAsk) -> bool:
    return any(choice.word in SEGMENTS and choice.span == ask.span for choice in choices.periods)


def _periods(choices: Choices, ask: RankingAsk, texts: Texts) -> list[dict[str, object]]:
    groups: list[dict[str, object]] = []
    for group in GROUPS:
        items: list[dict[str, object]] = [
            {"label": _label(choice, texts), "address": dict(choice.address), "on": choice.span == ask.span}
            for choice in choices.periods
            if choice.group == group and not (group == "common" and choice.word in SEGMENTS[:3])
        ]
        if items:
            groups.append({"label": texts(f"rankings.period.group_{group}"), "items": items})
    return groups


def _label(choice: PeriodChoice, texts: Texts) -> str:
    """上周，5月11日 至 17日; a finished period by its own days alone."""
    days = wording.days(choice.span, texts)
    key = f"rankings.period.{choice.word}"
    if choice.group == "finished" or not (choice.span.name or texts.has(key)):
        return days
    name = choice.span.name if choice.group == "own" else texts(key)
    return texts("rankings.period.named", name=name, days=days)


def _months(today: date, calendar: WorkCalendar) -> dict[str, str]:
    """A letter per day of each month: w working, s working instead of another day (班), h holiday (休), r weekend."""
    found: dict[str, str] = {}
    day = date(today.year - MONTHS // 12, 1, 1)
    while day <= date(today.year, 12, 31):
        found[f"{day:%Y-%m}"] = found.get(f"{day:%Y-%m}", "") + _letter(day, calendar)
        day += timedelta(days=1)
    return found


def _letter(day: date, calendar: WorkCalendar) -> str:
    weekend = day.weekday() >= SATURDAY
    if calendar.is_workday(day):
        return "s" if weekend else "w"
    return "h" if day in calendar.days else "r"
